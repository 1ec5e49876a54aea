//! Market orders without terms but those of self-trades: by quantity, by budget, by both, or whole for a total.

use crate::book::Home;
use crate::engine::Engine;
use crate::engine::admit::any_price;
use crate::engine::course::Course;
use crate::engine::plan::{Look, Party, Plan, Step};
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, OrderKind, RejectReason};
use crate::order::{MarketAmount, MarketOrder, Side, TimeInForce};
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
            MarketAmount::Whole { quantity, total } => {
                return self.enter_whole(order, quantity, total, home, time, events);
            }
        };
        if let Some(quantity) = quantity {
            self.limits.quantity(quantity)?;
            self.check_market_lot(quantity)?;
        }
        if let Some(budget) = budget {
            if budget <= Notional::new(0) {
                return Err(RejectReason::QuantityIsZero);
            }
            self.limits.money(budget.tick_lots())?;
        }
        self.check_self_trade(order.self_trade)?;
        self.new_id(home, order.id)?;
        let within = self.execution_range(order.side);
        let mut taker = self.in_range(Taker {
            id: order.id,
            side: order.side,
            limit: any_price(order.side),
            lots: quantity.map_or(Taker::UNCOUNTED, Quantity::lots),
            budget: budget.map(Notional::tick_lots),
        });
        let party = self.market_party(order, 0);
        let course = self.market_course(&taker, &party)?;
        self.note_id(order.id);
        let asked = quantity.unwrap_or(Quantity::ZERO);
        events.push(accepted(order, TimeInForce::Ioc, asked, time));
        let is_ended = self.take(&mut taker, course, events);
        let spent = quantity.is_none() && taker.budget == Some(0);
        if taker.lots > 0 && !spent && !is_ended {
            let best = self.book.best_slot(order.side.opposite());
            let any = any_price(order.side);
            let is_cut_off =
                within.is_some_and(|within| self.is_out_of_range(within, order.side, any, best));
            let cause = match is_cut_off {
                true => CancelCause::OutOfRange,
                false => CancelCause::NotFilledAtOnce,
            };
            events.push(Event::Cancelled {
                id: order.id,
                cause,
                quantity: taker.remaining(0),
            });
        }
        Ok(())
    }

    /// Enters an order for all of its lots at once, or none, for no worse a total.
    #[cold]
    fn enter_whole(
        &mut self,
        order: &MarketOrder,
        quantity: Quantity,
        total: Notional,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        self.limits.quantity(quantity)?;
        self.check_market_lot(quantity)?;
        let least = match order.side {
            Side::Buy => 1,
            Side::Sell => 0,
        };
        if total < Notional::new(least) {
            return Err(RejectReason::QuantityIsZero);
        }
        if total > Notional::new(0) {
            self.limits.money(total.tick_lots())?;
        }
        self.check_self_trade(order.self_trade)?;
        self.new_id(home, order.id)?;
        let (id, side) = (order.id, order.side);
        let mut taker = self.in_range(Taker::limited(id, side, any_price(side), quantity));
        let party = self.market_party(order, quantity.lots());
        let mut plan = std::mem::take(&mut self.plan);
        let look = self.plan_for(&taker, &party, &mut plan);
        let money = self.money_of(&plan);
        self.plan = plan;
        let is_good = match look {
            Look::TooLong => return Err(RejectReason::TooManyTrades),
            Look::TooLittle => false,
            Look::Enough => match side {
                Side::Buy => money <= total.tick_lots(),
                Side::Sell => money >= total.tick_lots(),
            },
        };
        self.note_id(id);
        events.push(accepted(order, TimeInForce::Fok, quantity, time));
        if is_good {
            self.take(&mut taker, Course::Planned, events);
        } else {
            let cause = CancelCause::FillOrKill;
            events.push(Event::Cancelled {
                id,
                cause,
                quantity,
            });
        }
        Ok(())
    }

    /// What the lots that are to trade cost in all.
    fn money_of(&self, plan: &Plan) -> i128 {
        let money = |step: &Step| {
            let (level, lots) = match *step {
                Step::Sweep(level, lots) => (level, lots),
                Step::Trade(order, lots) => (self.book.order_level(order), lots),
                Step::Prevent(..) | Step::Leave(_) => return 0,
            };
            let price = self.book.level_price(level);
            Notional::of(price, Quantity::new(lots)).tick_lots()
        };
        plan.steps.iter().map(money).sum()
    }

    fn market_party(&self, order: &MarketOrder, needs: u64) -> Party {
        Party {
            account: order.account,
            group: order.group,
            self_trade: order.self_trade.unwrap_or(self.instrument.self_trade()),
            needs,
        }
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

fn accepted(
    order: &MarketOrder,
    time_in_force: TimeInForce,
    quantity: Quantity,
    time: u64,
) -> Event {
    Event::Accepted {
        id: order.id,
        account: order.account,
        side: order.side,
        kind: OrderKind::Market,
        time_in_force,
        price: Price::new(0),
        quantity,
        timestamp: Timestamp::new(time),
    }
}
