//! What is done to orders that rest: cancel, reduce, replace, and the commands on many at once.

use pricetime::{
    AccountId, Cancel, CancelAll, CancelCause, Event, OrderId, Priority, Quantity, Reduce,
    RejectReason, Replace, Rest, RestingOrder, Side, TimeInForce,
};

use super::{Model, Outcome};

impl Model {
    pub(super) fn cancel(&mut self, asked: &Cancel, events: &mut Vec<Event>) -> Outcome {
        let order = self.owned(asked.id, asked.owner)?;
        self.cancel_order(order.id, CancelCause::Requested, events);
        Ok(())
    }

    pub(super) fn reduce(&mut self, asked: &Reduce, events: &mut Vec<Event>) -> Outcome {
        let order = self.owned(asked.id, asked.owner)?;
        if asked.by == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        if asked.by >= order.quantity {
            self.cancel_order(order.id, CancelCause::Requested, events);
            return Ok(());
        }
        let remaining = Quantity::new(order.quantity.lots() - asked.by.lots());
        self.set_quantity(order.id, remaining);
        events.push(Event::Reduced {
            id: order.id,
            by: asked.by,
            remaining,
        });
        Ok(())
    }

    pub(super) fn replace(&mut self, asked: &Replace, events: &mut Vec<Event>) -> Outcome {
        let old = self.owned(asked.id, asked.owner)?;
        let order = RestingOrder {
            price: asked.price.unwrap_or(old.price),
            quantity: asked.quantity.unwrap_or(old.quantity),
            ..old
        };
        self.check_quantity(order.quantity)?;
        self.check_price(order.price, order.quantity)?;
        let replaced = |priority| Event::Replaced {
            id: order.id,
            price: order.price,
            quantity: order.quantity,
            priority,
        };
        if order.price == old.price && order.quantity < old.quantity {
            self.set_quantity(order.id, order.quantity);
            events.push(replaced(Priority::Kept));
            return Ok(());
        }
        let mut without = self.clone();
        without.remove(order.id);
        let entering = without.readmit(&order)?;
        events.push(replaced(Priority::Lost));
        without.trade_and_rest(entering, order.price, events);
        *self = without;
        Ok(())
    }

    /// The checks of an order that has left the book to come back on new terms. The places
    /// of its account and, if it is timed, in that table are the ones it has just left.
    fn readmit(&self, order: &RestingOrder) -> Result<RestingOrder, RejectReason> {
        let entering = RestingOrder {
            price: self.post_only_price(order)?,
            ..*order
        };
        self.check_room(&entering)?;
        self.check_trades_of(&entering)?;
        Ok(entering)
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
            Side::BOTH.map(|side| self.orders(side)).concat()
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
        wanted: &[RestingOrder],
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
        let quantity = self.remove(id).quantity;
        events.push(Event::Cancelled {
            id,
            cause,
            quantity,
        });
    }

    /// The resting order `id`, if `owner` may touch it.
    fn owned(&self, id: OrderId, owner: Option<AccountId>) -> Result<RestingOrder, RejectReason> {
        let order = self.order(id).ok_or(RejectReason::OrderUnknown)?;
        if owner.is_some_and(|owner| owner != order.account) {
            return Err(RejectReason::OrderNotOwned);
        }
        Ok(order)
    }

    /// Changes the open quantity of a resting order where it is; at zero it is gone.
    pub(super) fn set_quantity(&mut self, id: OrderId, quantity: Quantity) {
        let index = self.index(id);
        self.resting[index].quantity = quantity;
        if quantity == Quantity::ZERO {
            self.remove(id);
        }
    }

    fn remove(&mut self, id: OrderId) -> RestingOrder {
        self.resting.remove(self.index(id))
    }

    fn index(&self, id: OrderId) -> usize {
        let found = self.resting.iter().position(|order| order.id == id);
        found.expect("the order rests")
    }
}

fn is_selected(order: &RestingOrder, filter: &CancelAll) -> bool {
    filter
        .account
        .is_none_or(|account| account == order.account)
        && filter.side.is_none_or(|side| side == order.side)
        && filter.price_min.is_none_or(|min| order.price >= min)
        && filter.price_max.is_none_or(|max| order.price <= max)
}
