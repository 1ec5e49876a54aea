//! Market orders for all of a quantity within a budget, or nothing.

use pricetime::{
    CancelCause, Event, MarketOrder, OrderKind, Price, Quantity, RejectReason, Side, TimeInForce,
    Timestamp,
};

use super::walk::{Taker, Walk};
use super::{Model, Outcome};

impl Model {
    /// `total` is the most that a buy pays, and the least that a sell receives.
    pub(super) fn whole(
        &mut self,
        asked: &MarketOrder,
        quantity: Quantity,
        total: i128,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        self.check_quantity(quantity)?;
        self.check_market_lot(quantity)?;
        if total < 0 || (total == 0 && asked.side == Side::Buy) {
            return Err(RejectReason::QuantityIsZero);
        }
        if total > 0 {
            self.check_notional(total)?;
        }
        self.check_mode(asked.self_trade)?;
        self.check_id(asked.id)?;
        let walk = self.attempt(&Taker {
            id: asked.id,
            side: asked.side,
            account: asked.account,
            group: asked.group,
            mode: asked.self_trade.unwrap_or(self.instrument.self_trade()),
            limit: None,
            quantity: Some(quantity.lots()),
            budget: None,
            needs: quantity.lots(),
        });
        self.check_events(walk.as_ref())?;
        events.push(Event::Accepted {
            id: asked.id,
            account: asked.account,
            side: asked.side,
            kind: OrderKind::Market,
            time_in_force: TimeInForce::Fok,
            price: Price::new(0),
            quantity,
            timestamp: at,
        });
        let is_within = |walk: &Walk| match asked.side {
            Side::Buy => money(&walk.events) <= total,
            Side::Sell => money(&walk.events) >= total,
        };
        match walk.filter(is_within) {
            Some(walk) => {
                events.extend_from_slice(&walk.events);
                *self = walk.book;
            }
            None => events.push(Event::Cancelled {
                id: asked.id,
                cause: CancelCause::FillOrKill,
                quantity,
            }),
        }
        self.greatest_id = self.greatest_id.max(Some(asked.id));
        Ok(())
    }
}

/// What all trades come to.
fn money(events: &[Event]) -> i128 {
    let of_one = |event: &Event| match event {
        Event::Traded {
            price, quantity, ..
        } => i128::from(price.ticks()) * i128::from(quantity.lots()),
        _ => 0,
    };
    events.iter().map(of_one).sum()
}
