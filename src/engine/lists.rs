//! Orders that depend on each other: who may be in a list, and how it starts. What follows from there is in `dues`.

use crate::book::{Home, Life, OrderList, Stage};
use crate::engine::Engine;
use crate::engine::admit::can_rest;
use crate::engine::enter::accepted_any;
use crate::event::{Event, Events, RejectReason};
use crate::order::{
    ListId, ListKind, Order, OrderId, PartialFill, Pricing, Side, TriggerKind, TriggerStart,
};
use crate::units::{Price, Quantity};

/// A list as an order of it names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Named {
    pub list: ListId,
    pub kind: ListKind,
    pub legs: u8,
    pub partial_fill: PartialFill,
}

impl Engine {
    /// Enters an order of a list.
    #[inline(never)]
    pub(super) fn enter_leg(
        &mut self,
        named: &Named,
        order: &Order,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        if !named.kind.legs().contains(&named.legs) {
            return Err(RejectReason::ListMalformed);
        }
        let number = self.book.find_list(order.account, named.list);
        let list = match number {
            Some(number) => *self.book.list(number),
            None => named.list_of(order),
        };
        // One of which an order has ended is as good as gone.
        let is_ending = list.legs.iter().any(|leg| leg.cancel);
        if list.has_started() || is_ending || named.list_of(order).terms() != list.terms() {
            return Err(RejectReason::ListMismatch);
        }
        self.check_order(order, time)?;
        self.check_leg(&list, order)?;
        let seat = self.new_id(home, order.id)?;
        self.check_account_leg(order, number.is_none())?;
        let is_last = list.entered + 1 == list.legs_count;
        if is_last {
            self.check_prices(&list, order)?;
            self.check_start(&list, order)?;
        }
        self.room_to_wait(order, seat)?;
        if number.is_none() && !self.book.has_room_for_list() {
            return Err(RejectReason::ListsFull);
        }
        self.note_id(order.id);
        let number = number.unwrap_or_else(|| self.book.open_list(&list));
        self.book.park(order, seat, Stage::Held);
        self.book.add_leg(number, order.id, order.quantity);
        events.push(accepted_any(order, time));
        events.push(Event::Held {
            id: order.id,
            list: named.list,
        });
        if is_last {
            events.push(Event::ListStarted {
                account: order.account,
                list: named.list,
            });
            for leg in list.first_to_run() {
                self.release(number, leg);
            }
        }
        Ok(())
    }

    /// Whether an order may have this place in its list.
    fn check_leg(&self, list: &OrderList, order: &Order) -> Result<(), RejectReason> {
        let leg = usize::from(list.entered);
        let is_working = leg == 0 && list.kind.has_working();
        let first = list.first_alternative().filter(|&first| first < leg);
        let is_first_side =
            first.is_none_or(|first| self.leg_order(list, first).side == order.side);
        let fits = match list.kind {
            _ if is_working => {
                let is_limit = matches!(order.pricing, Pricing::Limit(_));
                let buys = list.kind != ListKind::OnePaysOther || order.side == Side::Buy;
                is_limit && order.trigger.is_none() && buys
            }
            ListKind::OneTriggersOther => true,
            ListKind::OnePaysOther => order.side == Side::Sell,
            ListKind::OneCancelsMany => {
                (rests_at_limit(order) || order.trigger.is_some()) && is_first_side
            }
            ListKind::OneCancelsOther | ListKind::OneTriggersOneCancelsOther => {
                let is_pair = first.is_none_or(|first| {
                    let other = self.leg_order(list, first);
                    takes_profit(&other) != takes_profit(order) && other.quantity == order.quantity
                });
                (takes_profit(order) || stops(order)) && is_pair && is_first_side
            }
        };
        if fits {
            Ok(())
        } else {
            Err(RejectReason::ListLegNotAllowed)
        }
    }

    /// An order of a list that is held.
    fn leg_order(&self, list: &OrderList, leg: usize) -> Order {
        let found = self.book.find(list.legs[leg].id);
        let found = found.expect("an order of a list that has not started is held");
        self.book.parked(found.slot)
    }

    /// Whether the prices of a pair lie as they must, its last order being this one.
    fn check_prices(&self, list: &OrderList, last: &Order) -> Result<(), RejectReason> {
        let first = match list.kind {
            ListKind::OneCancelsOther => 0,
            ListKind::OneTriggersOneCancelsOther => 1,
            ListKind::OneCancelsMany | ListKind::OneTriggersOther | ListKind::OnePaysOther => {
                return Ok(());
            }
        };
        let other = self.leg_order(list, first);
        let (profit, stop) = match takes_profit(last) {
            true => (last, &other),
            false => (&other, last),
        };
        let traded = match list.kind {
            ListKind::OneCancelsOther => self.last_price,
            ListKind::OneCancelsMany
            | ListKind::OneTriggersOther
            | ListKind::OneTriggersOneCancelsOther
            | ListKind::OnePaysOther => None,
        };
        let (profit, stop) = (price_compared(profit), price_compared(stop));
        let is_beyond = |one: Option<Price>, other: Option<Price>| match (one, other) {
            (Some(one), Some(other)) if last.side == Side::Sell => one > other,
            (Some(one), Some(other)) => one < other,
            (None, _) | (_, None) => true,
        };
        if is_beyond(profit, stop) && is_beyond(profit, traded) && is_beyond(traded, stop) {
            return Ok(());
        }
        Err(RejectReason::ListPricesOutOfOrder)
    }

    /// Looks whether the orders that a list starts with could be entered now, its last order being this one.
    fn check_start(&self, list: &OrderList, last: &Order) -> Result<(), RejectReason> {
        for leg in list.first_to_run() {
            let order = match leg < usize::from(list.entered) {
                true => self.leg_order(list, leg),
                false => *last,
            };
            if let Some(trigger) = &order.trigger {
                self.first_stage(&order, trigger)?;
                continue;
            }
            if self.lacks_reference(&order) {
                continue;
            }
            self.place_of(&order)?;
        }
        Ok(())
    }

    /// Puts an order of a list into the line.
    pub(super) fn release(&mut self, number: u32, leg: usize) {
        let leg = &mut self.book.list_mut(number).legs[leg];
        (leg.life, leg.release) = (Life::Free, false);
        let id = leg.id;
        let found = self.book.find(id);
        let found = found.expect("a held order waits");
        self.book.set_stage(found.slot, Stage::Released);
    }

    /// Whether an order may have so much open: one of a list can only become smaller.
    pub(super) fn may_have_open(
        &self,
        id: OrderId,
        open: Quantity,
        now: Quantity,
    ) -> Result<(), RejectReason> {
        match open > now && self.book.leg_of(id).is_some() {
            true => Err(RejectReason::ListLegCannotGrow),
            false => Ok(()),
        }
    }
}

impl Named {
    /// The list, without orders, that an order would open.
    fn list_of(&self, order: &Order) -> OrderList {
        OrderList::new(
            order.account,
            self.list,
            self.kind,
            self.legs,
            self.partial_fill,
        )
    }
}

impl OrderList {
    /// What every order of it has to say of it.
    fn terms(&self) -> (ListKind, u8, PartialFill) {
        (self.kind, self.legs_count, self.partial_fill)
    }

    /// The orders that run as soon as it starts.
    fn first_to_run(&self) -> std::ops::Range<usize> {
        match self.kind.has_working() {
            true => 0..1,
            false => 0..usize::from(self.legs_count),
        }
    }
}

/// A limit that may rest, and waits for nothing.
fn rests_at_limit(order: &Order) -> bool {
    let is_limit = matches!(order.pricing, Pricing::Limit(_) | Pricing::Pegged { .. });
    is_limit && order.trigger.is_none() && can_rest(order.time_in_force)
}

fn takes_profit(order: &Order) -> bool {
    match &order.trigger {
        None => rests_at_limit(order),
        Some(trigger) => trigger.kind == TriggerKind::TakeProfit,
    }
}

fn stops(order: &Order) -> bool {
    let trigger = order.trigger.as_ref();
    trigger.is_some_and(|trigger| trigger.kind == TriggerKind::Stop)
}

/// The price by which an order is compared with the others of its pair, if it has one.
fn price_compared(order: &Order) -> Option<Price> {
    match (&order.trigger, order.pricing) {
        (Some(trigger), _) => (trigger.start == TriggerStart::AtPrice).then_some(trigger.price),
        (None, Pricing::Limit(price)) => Some(price),
        (
            None,
            Pricing::Market
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. },
        ) => None,
    }
}
