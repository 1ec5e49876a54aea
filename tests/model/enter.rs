//! New orders: who gets in, and what becomes of what does not trade.

use pricetime::{
    CancelCause, Event, LimitOrder, MarketOrder, Notional, OrderId, OrderKind, PostOnly, Price,
    Quantity, RejectReason, RestingOrder, TimeInForce, Timestamp,
};

use super::trade::Taker;
use super::{Model, Outcome};

impl Model {
    pub(super) fn limit(
        &mut self,
        asked: &LimitOrder,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let order = self.admit(asked, at)?;
        let taker = Taker::of(&order);
        let killed = asked.time_in_force == TimeInForce::Fok
            && self.fill_quantity(&taker) < order.quantity.lots();
        if !killed {
            self.check_trades(&taker)?;
        }
        self.greatest_id = self.greatest_id.max(Some(order.id));
        events.push(Event::Accepted {
            id: order.id,
            account: order.account,
            side: order.side,
            kind: OrderKind::Limit,
            time_in_force: order.time_in_force,
            price: asked.price,
            quantity: order.quantity,
            timestamp: at,
        });
        if killed {
            events.push(Event::Cancelled {
                id: order.id,
                cause: CancelCause::FillOrKill,
                quantity: order.quantity,
            });
        } else {
            self.trade_and_rest(order, asked.price, events);
        }
        Ok(())
    }

    /// Every check of a limit order but the one on its trades; the order with its final price.
    fn admit(&self, asked: &LimitOrder, at: Timestamp) -> Result<RestingOrder, RejectReason> {
        self.check_quantity(asked.quantity)?;
        self.check_price(asked.price, asked.quantity)?;
        if let TimeInForce::Gtd(expiry) = asked.time_in_force
            && expiry <= at
        {
            return Err(RejectReason::ExpiryNotInFuture);
        }
        if !can_rest(asked.time_in_force) && asked.post_only != PostOnly::Off {
            return Err(RejectReason::PostOnlyCannotRest);
        }
        self.check_id(asked.id)?;
        let mut order = RestingOrder {
            id: asked.id,
            account: asked.account,
            side: asked.side,
            price: asked.price,
            quantity: asked.quantity,
            time_in_force: asked.time_in_force,
            post_only: asked.post_only,
        };
        order.price = self.post_only_price(&order)?;
        if can_rest(order.time_in_force) {
            self.check_room(&order)?;
        }
        Ok(order)
    }

    pub(super) fn market(
        &mut self,
        asked: &MarketOrder,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let taker = Taker::of_market(asked);
        if let Some(quantity) = taker.quantity {
            self.check_quantity(quantity)?;
        }
        if let Some(budget) = taker.budget {
            if budget.tick_lots() <= 0 {
                return Err(RejectReason::QuantityIsZero);
            }
            self.check_notional(budget.tick_lots())?;
        }
        self.check_id(asked.id)?;
        self.check_trades(&taker)?;
        self.greatest_id = self.greatest_id.max(Some(asked.id));
        events.push(Event::Accepted {
            id: asked.id,
            account: asked.account,
            side: asked.side,
            kind: OrderKind::Market,
            time_in_force: TimeInForce::Ioc,
            price: Price::new(0),
            quantity: taker.quantity.unwrap_or(Quantity::ZERO),
            timestamp: at,
        });
        let unfilled = self.trade(&taker, events);
        let spent = unfilled.is_none() && taker.budget == Some(paid_by(asked.id, events));
        if unfilled != Some(Quantity::ZERO) && !spent {
            events.push(Event::Cancelled {
                id: asked.id,
                cause: CancelCause::NotFilledAtOnce,
                quantity: unfilled.unwrap_or(Quantity::ZERO),
            });
        }
        Ok(())
    }

    /// Trades what can be traded at `order`'s price, which post-only may have moved
    /// from the one `asked`, and then rests or cancels what is left.
    pub(super) fn trade_and_rest(
        &mut self,
        mut order: RestingOrder,
        asked: Price,
        events: &mut Vec<Event>,
    ) {
        if order.price != asked {
            events.push(Event::Slid {
                id: order.id,
                from: asked,
                to: order.price,
            });
        }
        let left = self.trade(&Taker::of(&order), events);
        order.quantity = left.expect("a limit order has a quantity");
        if order.quantity == Quantity::ZERO {
            return;
        }
        if !can_rest(order.time_in_force) {
            events.push(Event::Cancelled {
                id: order.id,
                cause: CancelCause::NotFilledAtOnce,
                quantity: order.quantity,
            });
            return;
        }
        events.push(Event::Rested {
            id: order.id,
            account: order.account,
            side: order.side,
            price: order.price,
            quantity: order.quantity,
        });
        self.resting.push(order);
    }
}

fn can_rest(time_in_force: TimeInForce) -> bool {
    match time_in_force {
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => true,
        TimeInForce::Ioc | TimeInForce::Fok => false,
    }
}

/// What a taker's trades come to.
fn paid_by(id: OrderId, events: &[Event]) -> Notional {
    let paid = events.iter().map(|event| match event {
        Event::Traded {
            taker,
            price,
            quantity,
            ..
        } if *taker == id => Notional::of(*price, *quantity).tick_lots(),
        _ => 0,
    });
    Notional::new(paid.sum())
}
