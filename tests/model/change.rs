//! What is done to orders that rest: cancel, reduce, and the commands on many at once.

use pricetime::{
    AccountId, Cancel, CancelAll, CancelCause, Event, OrderId, Quantity, Reduce, RejectReason,
    Rest, Side, TimeInForce,
};

use super::held::Held;
use super::waiting::Live;
use super::{Model, Outcome};

impl Model {
    pub(super) fn cancel(&mut self, asked: &Cancel, events: &mut Vec<Event>) -> Outcome {
        self.owned(asked.id, asked.owner)?;
        self.cancel_order(asked.id, CancelCause::Requested, events);
        Ok(())
    }

    pub(super) fn reduce(&mut self, asked: &Reduce, events: &mut Vec<Event>) -> Outcome {
        let id = asked.id;
        let open = self.owned(id, asked.owner)?.open;
        if asked.by == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        if asked.by.lots() >= open {
            self.cancel_order(id, CancelCause::Requested, events);
            return Ok(());
        }
        let remaining = Quantity::new(open - asked.by.lots());
        if let Some(waiting) = self.waits_mut(id) {
            waiting.order.quantity = remaining;
        } else {
            let mut order = self.resting[self.index(id)];
            order.lose(asked.by.lots());
            self.put_back(order);
        }
        events.push(Event::Reduced {
            id,
            by: asked.by,
            remaining,
        });
        Ok(())
    }

    pub(super) fn cancel_all(&mut self, filter: &CancelAll, events: &mut Vec<Event>) -> Outcome {
        if let (Some(min), Some(max)) = (filter.price_min, filter.price_max)
            && min > max
        {
            return Err(RejectReason::PriceRangeEmpty);
        }
        let accounts_are_linked = self.instrument.capacities().accounts > 0;
        let queues = Side::BOTH.map(|side| self.orders_of(side)).concat();
        let resting = queues.iter().filter(|order| is_selected(order, filter));
        let mut wanted: Vec<OrderId> = resting.map(|order| order.id).collect();
        wanted.extend(self.waiting_selected(filter));
        if filter.account.is_some() && accounts_are_linked {
            let by_age = self.live().into_iter().map(|order| order.id);
            wanted = by_age.filter(|id| wanted.contains(id)).collect();
        }
        let (orders, rest) = self.cancel_most(&wanted, CancelCause::Mass, events);
        events.push(Event::MassCancelled { orders, rest });
        Ok(())
    }

    /// The waiting orders that a mass cancel takes, oldest first: none, if it asks for prices.
    fn waiting_selected(&self, filter: &CancelAll) -> Vec<OrderId> {
        if filter.price_min.is_some() || filter.price_max.is_some() {
            return Vec::new();
        }
        let orders = self.waiting.iter().map(|waiting| waiting.order);
        let of_account = orders.filter(|order| filter.account.is_none_or(|a| a == order.account));
        let of_side = of_account.filter(|order| filter.side.is_none_or(|s| s == order.side));
        of_side.map(|order| order.id).collect()
    }

    pub(super) fn end_of_day(&mut self, events: &mut Vec<Event>) {
        let mut day = self.live();
        day.retain(|order| order.time_in_force == TimeInForce::Day);
        let day: Vec<OrderId> = day.iter().map(|order| order.id).collect();
        let (orders, rest) = self.cancel_most(&day, CancelCause::DayEnded, events);
        events.push(Event::DayEnded { orders, rest });
    }

    /// Cancels as many of `wanted` as leave one event to say how many that was.
    fn cancel_most(
        &mut self,
        wanted: &[OrderId],
        cause: CancelCause,
        events: &mut Vec<Event>,
    ) -> (u64, Rest) {
        let most = self.instrument.capacities().events as usize - 1;
        for id in wanted.iter().take(most) {
            self.cancel_order(*id, cause, events);
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
        let live = self.live();
        let order = live.iter().find(|order| order.id == id);
        let quantity = Quantity::new(order.expect("the order is live").open);
        self.resting.retain(|order| order.id != id);
        self.wait_no_more(id);
        events.push(Event::Cancelled {
            id,
            cause,
            quantity,
        });
    }

    /// The live order `id`, if `owner` may touch it.
    pub(super) fn owned(
        &self,
        id: OrderId,
        owner: Option<AccountId>,
    ) -> Result<Live, RejectReason> {
        let live = self.live();
        let order = live.iter().find(|order| order.id == id);
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

    pub(super) fn index(&self, id: OrderId) -> usize {
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
