//! Commands on many orders: cancel-all, expiry, the end of the day. Each is
//! bounded by the capacity for events and says when there is more to do.

use crate::book::{LevelSlot, OrderSlot};
use crate::command::CancelAll;
use crate::engine::Engine;
use crate::event::{CancelCause, Event, Events, RejectReason, Rest};
use crate::order::{AccountId, Side};
use crate::units::Price;

impl Engine {
    #[inline(never)]
    pub(super) fn cancel_all(
        &mut self,
        filter: &CancelAll,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        if let (Some(min), Some(max)) = (filter.price_min, filter.price_max)
            && min > max
        {
            return Err(RejectReason::PriceRangeEmpty);
        }
        let mut orders = 0;
        let rest = match filter.account {
            Some(account) if self.book.links_accounts() => {
                self.cancel_account(account, filter, &mut orders, events)
            }
            Some(_) | None => match self.cancel_prices(filter, &mut orders, events) {
                Rest::More => Rest::More,
                Rest::Done => self.cancel_waiting(filter, &mut orders, events),
            },
        };
        events.push(Event::MassCancelled { orders, rest });
        Ok(())
    }

    /// Expires what is due by `time`, and says how many orders that were.
    #[cold]
    pub(super) fn expire(&mut self, time: u64, events: &mut Events) -> Result<u64, RejectReason> {
        let mut orders = 0;
        while let Some(order) = self.book.due(time) {
            self.now = time;
            if orders == self.limits.events_max {
                return Err(RejectReason::ExpiriesPending);
            }
            self.take_off(self.book.entry(order), CancelCause::Expired, events);
            orders += 1;
        }
        Ok(orders)
    }

    pub(super) fn end_day(&mut self, events: &mut Events) {
        let mut orders = 0;
        let mut rest = Rest::Done;
        while let Some(order) = self.book.first_of_day() {
            if orders == self.limits.cancels_max {
                rest = Rest::More;
                break;
            }
            self.take_off(self.book.entry(order), CancelCause::DayEnded, events);
            orders += 1;
        }
        events.push(Event::DayEnded { orders, rest });
    }

    /// Walks the account's orders in the order in which they came to rest.
    fn cancel_account(
        &mut self,
        account: AccountId,
        filter: &CancelAll,
        orders: &mut u64,
        events: &mut Events,
    ) -> Rest {
        let mut next = self.book.first_of_account(account);
        while let Some(order) = next {
            next = self.book.newer_of_account(order);
            if !self.selected(filter, order) {
                continue;
            }
            if *orders == self.limits.cancels_max {
                return Rest::More;
            }
            self.take_off(self.book.entry(order), CancelCause::Mass, events);
            *orders += 1;
        }
        Rest::Done
    }

    /// Walks the selected prices of the selected sides, from the best to the worst.
    fn cancel_prices(&mut self, filter: &CancelAll, orders: &mut u64, events: &mut Events) -> Rest {
        let (min, max) = self.range(filter);
        for side in Side::BOTH {
            let (mut from, until) = match side {
                Side::Buy => (max, min),
                Side::Sell => (min, max),
            };
            let wanted = filter.side.is_none_or(|only| only == side);
            while wanted && !is_worse(side, from, until) {
                let Some(level) = self.book.level_from(side, from) else {
                    break;
                };
                from = one_worse(side, self.book.level_price(level));
                if is_worse(side, self.book.level_price(level), until) {
                    break;
                }
                if self.cancel_level(level, filter, orders, events) == Rest::More {
                    return Rest::More;
                }
            }
        }
        Rest::Done
    }

    /// Walks the queue of a level; the level is gone afterwards if nothing in it was left out.
    fn cancel_level(
        &mut self,
        level: LevelSlot,
        filter: &CancelAll,
        orders: &mut u64,
        events: &mut Events,
    ) -> Rest {
        // Where the hidden ones begin, as long as the level is there.
        let mut hidden = self.book.first_hidden(level);
        let mut next = self.book.first_shown(level).or_else(|| hidden.take());
        while let Some(order) = next {
            next = self.book.behind(order).or_else(|| hidden.take());
            let account = self.book.order_account(order);
            if filter.account.is_some_and(|only| only != account) {
                continue;
            }
            if *orders == self.limits.cancels_max {
                return Rest::More;
            }
            self.take_off(self.book.entry(order), CancelCause::Mass, events);
            *orders += 1;
        }
        Rest::Done
    }

    /// Walks the orders that wait, oldest first.
    fn cancel_waiting(
        &mut self,
        filter: &CancelAll,
        orders: &mut u64,
        events: &mut Events,
    ) -> Rest {
        let mut next = self.book.oldest_waiting();
        while let Some(order) = next {
            next = self.book.younger_waiting(order);
            let account = self.book.order_account(order);
            if filter.account.is_some_and(|only| only != account) || !self.selected(filter, order) {
                continue;
            }
            if *orders == self.limits.cancels_max {
                return Rest::More;
            }
            self.take_off(self.book.entry(order), CancelCause::Mass, events);
            *orders += 1;
        }
        Rest::Done
    }

    fn selected(&self, filter: &CancelAll, order: OrderSlot) -> bool {
        if self.book.is_waiting(order) {
            let side = self.book.parked(order).side;
            let is_any_price = filter.price_min.is_none() && filter.price_max.is_none();
            return is_any_price && filter.side.is_none_or(|only| only == side);
        }
        let level = self.book.order_level(order);
        let price = self.book.level_price(level);
        filter
            .side
            .is_none_or(|side| side == self.book.level_side(level))
            && filter.price_min.is_none_or(|min| price >= min)
            && filter.price_max.is_none_or(|max| price <= max)
    }

    /// The selected prices within the band.
    fn range(&self, filter: &CancelAll) -> (Price, Price) {
        let (low, high) = (self.instrument.price_min(), self.instrument.price_max());
        let min = filter.price_min.unwrap_or(low).max(low);
        let max = filter.price_max.unwrap_or(high).min(high);
        (min, max)
    }
}

fn is_worse(side: Side, price: Price, than: Price) -> bool {
    match side {
        Side::Buy => price < than,
        Side::Sell => price > than,
    }
}

/// The next worse price.
fn one_worse(side: Side, price: Price) -> Price {
    match side {
        Side::Buy => Price::new(price.ticks() - 1),
        Side::Sell => Price::new(price.ticks() + 1),
    }
}
