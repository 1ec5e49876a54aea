//! What is done to orders that rest: cancel, reduce, replace, and the commands on many at once.

use pricetime::{
    AccountId, Cancel, CancelAll, CancelCause, Event, OrderId, Priority, Quantity, Reduce,
    RejectReason, Replace, Rest, Side, TimeInForce,
};

use super::enter::second_look;
use super::held::Held;
use super::walk::Taker;
use super::{Model, Outcome};

impl Model {
    pub(super) fn cancel(&mut self, asked: &Cancel, events: &mut Vec<Event>) -> Outcome {
        let order = self.owned(asked.id, asked.owner)?;
        self.cancel_order(order.id, CancelCause::Requested, events);
        Ok(())
    }

    pub(super) fn reduce(&mut self, asked: &Reduce, events: &mut Vec<Event>) -> Outcome {
        let mut order = self.owned(asked.id, asked.owner)?;
        if asked.by == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        if asked.by.lots() >= order.open {
            self.cancel_order(order.id, CancelCause::Requested, events);
            return Ok(());
        }
        order.lose(asked.by.lots());
        self.put_back(order);
        events.push(Event::Reduced {
            id: order.id,
            by: asked.by,
            remaining: Quantity::new(order.open),
        });
        Ok(())
    }

    pub(super) fn replace(&mut self, asked: &Replace, events: &mut Vec<Event>) -> Outcome {
        let old = self.owned(asked.id, asked.owner)?;
        let price = asked.price.unwrap_or(old.price);
        let open = asked.quantity.map_or(old.open, Quantity::lots);
        let quantity = Quantity::new(open);
        self.check_quantity(quantity)?;
        self.check_price(price, quantity)?;
        if open != old.open {
            self.check_peaks(old.display, quantity)?;
        }
        // All-or-none of what it was is all-or-none of what it is to be.
        let minimum = if old.is_all_or_none() && open != old.open {
            open
        } else {
            old.minimum
        };
        let replaced = |priority| Event::Replaced {
            id: old.id,
            price,
            quantity,
            priority,
        };
        if price == old.price && open < old.open {
            let mut order = Held { minimum, ..old };
            order.lose(old.open - open);
            self.put_back(order);
            events.push(replaced(Priority::Kept));
            return Ok(());
        }
        let mut without = self.clone();
        without.resting.retain(|order| order.id != old.id);
        let mut order = Held {
            price,
            open,
            minimum,
            ..old
        };
        let slid;
        (order.price, slid) = without.post_only_price(&order)?;
        without.check_room(&order)?;
        let walk = without.attempt(&Taker::of(&order, Some(order.price), order.needs()));
        without.check_walk(&order, walk.as_ref())?;
        events.push(replaced(Priority::Lost));
        events.extend(slid);
        let note = second_look(walk.as_ref());
        without.settle(order, walk, events);
        without.notes.extend(note);
        *self = without;
        Ok(())
    }

    pub(super) fn cancel_all(&mut self, filter: &CancelAll, events: &mut Vec<Event>) -> Outcome {
        if let (Some(min), Some(max)) = (filter.price_min, filter.price_max)
            && min > max
        {
            return Err(RejectReason::PriceRangeEmpty);
        }
        let accounts_are_linked = self.instrument.capacities().accounts > 0;
        let mut wanted = if filter.account.is_some() && accounts_are_linked {
            self.selected(|_| true)
        } else {
            Side::BOTH.map(|side| self.orders_of(side)).concat()
        };
        wanted.retain(|order| is_selected(order, filter));
        let (orders, rest) = self.cancel_most(&wanted, CancelCause::Mass, events);
        events.push(Event::MassCancelled { orders, rest });
        Ok(())
    }

    pub(super) fn end_of_day(&mut self, events: &mut Vec<Event>) {
        let day = self.selected(|order| order.time_in_force == TimeInForce::Day);
        let (orders, rest) = self.cancel_most(&day, CancelCause::DayEnded, events);
        events.push(Event::DayEnded { orders, rest });
    }

    /// Cancels as many of `wanted` as leave one event to say how many that was.
    fn cancel_most(
        &mut self,
        wanted: &[Held],
        cause: CancelCause,
        events: &mut Vec<Event>,
    ) -> (u64, Rest) {
        let most = self.instrument.capacities().events as usize - 1;
        for order in wanted.iter().take(most) {
            self.cancel_order(order.id, cause, events);
        }
        if wanted.len() > most {
            (most as u64, Rest::More)
        } else {
            (wanted.len() as u64, Rest::Done)
        }
    }

    pub(super) fn cancel_order(
        &mut self,
        id: OrderId,
        cause: CancelCause,
        events: &mut Vec<Event>,
    ) {
        let quantity = Quantity::new(self.resting[self.index(id)].open);
        self.resting.retain(|order| order.id != id);
        events.push(Event::Cancelled {
            id,
            cause,
            quantity,
        });
    }

    /// The resting order `id`, if `owner` may touch it.
    fn owned(&self, id: OrderId, owner: Option<AccountId>) -> Result<Held, RejectReason> {
        let order = self.resting.iter().find(|order| order.id == id);
        let order = order.ok_or(RejectReason::OrderUnknown)?;
        if owner.is_some_and(|owner| owner != order.account) {
            return Err(RejectReason::OrderNotOwned);
        }
        Ok(*order)
    }

    /// Changes a resting order where it is; with nothing open it is gone.
    pub(super) fn put_back(&mut self, order: Held) {
        let index = self.index(order.id);
        if order.open == 0 {
            self.resting.remove(index);
        } else {
            self.resting[index] = order;
        }
    }

    fn index(&self, id: OrderId) -> usize {
        let found = self.resting.iter().position(|order| order.id == id);
        found.expect("the order rests")
    }
}

fn is_selected(order: &Held, filter: &CancelAll) -> bool {
    filter
        .account
        .is_none_or(|account| account == order.account)
        && filter.side.is_none_or(|side| side == order.side)
        && filter.price_min.is_none_or(|min| order.price >= min)
        && filter.price_max.is_none_or(|max| order.price <= max)
}
