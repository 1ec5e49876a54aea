//! Market orders without other terms, by quantity, by budget or both.

use crate::book::Home;
use crate::engine::Engine;
use crate::engine::admit::any_price;
use crate::engine::enter::Course;
use crate::engine::plan::{Look, Party};
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, OrderKind, RejectReason};
use crate::order::{MarketAmount, MarketOrder, TimeInForce, TradeGroup};
use crate::units::{Notional, Price, Quantity, Timestamp};

impl Engine {
    #[inline(never)]
    pub(super) fn enter_market(
        &mut self,
        order: &MarketOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let (quantity, budget) = match order.amount {
            MarketAmount::Quantity(quantity) => (Some(quantity), None),
            MarketAmount::Budget(budget) => (None, Some(budget)),
            MarketAmount::Both { quantity, budget } => (Some(quantity), Some(budget)),
            MarketAmount::Whole { .. } => return Err(RejectReason::ListMalformed),
        };
        if let Some(quantity) = quantity {
            self.limits.quantity(quantity)?;
        }
        if let Some(budget) = budget {
            if budget <= Notional::new(0) {
                return Err(RejectReason::QuantityIsZero);
            }
            self.limits.money(budget.tick_lots())?;
        }
        self.new_id(home, order.id)?;
        let mut taker = Taker {
            id: order.id,
            side: order.side,
            limit: any_price(order.side),
            lots: quantity.map_or(Taker::UNCOUNTED, Quantity::lots),
            budget: budget.map(Notional::tick_lots),
        };
        let party = Party {
            account: order.account,
            group: TradeGroup(0),
            self_trade: self.instrument.self_trade(),
            needs: 0,
        };
        let course = self.market_course(&taker, &party)?;
        self.note_id(order.id);
        events.push(Event::Accepted {
            id: order.id,
            account: order.account,
            side: order.side,
            kind: OrderKind::Market,
            time_in_force: TimeInForce::Ioc,
            price: Price::new(0),
            quantity: quantity.unwrap_or(Quantity::ZERO),
            timestamp: Timestamp::new(time),
        });
        let is_ended = self.take(&mut taker, course, events);
        let spent = quantity.is_none() && taker.budget == Some(0);
        if taker.lots > 0 && !spent && !is_ended {
            events.push(Event::Cancelled {
                id: order.id,
                cause: CancelCause::NotFilledAtOnce,
                quantity: taker.remaining(0),
            });
        }
        Ok(())
    }

    fn market_course(&mut self, taker: &Taker, party: &Party) -> Result<Course, RejectReason> {
        if !self.needs_plan(taker.side, party) {
            self.few_trades(taker)?;
            return Ok(Course::Sweeps);
        }
        let mut plan = std::mem::take(&mut self.plan);
        let look = self.plan_for(taker, party, &mut plan);
        self.plan = plan;
        match look {
            Look::TooLong => Err(RejectReason::TooManyTrades),
            Look::Enough | Look::TooLittle => Ok(Course::Planned),
        }
    }
}
