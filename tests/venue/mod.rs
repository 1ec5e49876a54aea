//! A terse way to write a rule: an engine, its clock, and short words for commands and answers.

#![allow(dead_code, reason = "each file of rules needs other words")]

pub mod words;

use pricetime::{
    AccountId, Action, Cancel, CancelCause, Capacities, Command, Engine, Event, Events, Instrument,
    InstrumentBuilder, LimitOrder, MarketAmount, MarketOrder, Notional, Order, OrderId, PostOnly,
    Price, Quantity, Reduce, RejectReason, Replace, Side, TimeInForce, Timestamp,
};

/// An engine and the time of its next command.
pub struct Venue {
    pub engine: Engine,
    pub clock: u64,
}

impl Venue {
    /// An empty book of a roomy instrument.
    pub fn new() -> Self {
        Self::of(Instrument::builder())
    }

    pub fn of(instrument: InstrumentBuilder) -> Self {
        Self {
            engine: Engine::new(instrument.build().expect("a right instrument")),
            clock: 0,
        }
    }

    /// A roomy instrument on which these orders rest.
    pub fn resting<const N: usize>(orders: [LimitOrder; N]) -> Self {
        let mut venue = Self::new();
        venue.rests(orders);
        venue
    }

    /// Enters orders that must all rest whole.
    pub fn rests<const N: usize>(&mut self, orders: [LimitOrder; N]) {
        for order in orders {
            let events = self.enters(order);
            let rest = matches!(events[..], [Event::Accepted { .. }, Event::Rested { .. }]);
            assert!(rest, "{order:?} does not rest: {events:?}");
        }
    }

    pub fn does(&mut self, action: Action) -> Vec<Event> {
        let mut events = Events::default();
        let command = Command::new(Timestamp::new(self.clock), action);
        self.engine.apply(&command, &mut events);
        self.engine.book().check();
        events.as_slice().to_vec()
    }

    /// What comes of an action, a line an event.
    pub fn says(&mut self, action: Action) -> Vec<String> {
        words::lines(&self.does(action))
    }

    /// Enters orders that must all come to rest or to wait.
    pub fn holds<const N: usize>(&mut self, orders: [Order; N]) {
        for order in orders {
            let said = self.says(Action::Order(order));
            let last = said.last().expect("an answer");
            let held = ["Waits", "Rested", "RestedHidden"]
                .iter()
                .any(|word| last.starts_with(word));
            assert!(held, "{order:?} is not held: {said:?}");
        }
    }

    pub fn enters(&mut self, order: LimitOrder) -> Vec<Event> {
        self.does(Action::Limit(order))
    }

    /// Why an action is refused, which must be all that happens.
    pub fn refuses(&mut self, action: Action) -> RejectReason {
        let before = self.engine.clone();
        let events = self.does(action);
        assert!(self.engine == before, "a refused command leaves no trace");
        match events[..] {
            [Event::Rejected { reason, .. }] => reason,
            _ => panic!("not just refused: {events:?}"),
        }
    }

    /// The orders of a side as id, price and quantity: best level first, first in queue first.
    pub fn queue(&self, side: Side) -> Vec<(u64, i64, u64)> {
        let book = self.engine.book();
        let levels = book.depth(side);
        let orders = levels.flat_map(|level| book.orders_at(side, level.price));
        orders
            .map(|o| (o.id.0, o.price.ticks(), o.quantity.lots()))
            .collect()
    }

    pub fn bids(&self) -> Vec<(u64, i64, u64)> {
        self.queue(Side::Buy)
    }

    pub fn asks(&self) -> Vec<(u64, i64, u64)> {
        self.queue(Side::Sell)
    }

    /// The price and quantity of each level of a side.
    pub fn levels(&self, side: Side) -> Vec<(i64, u64)> {
        let depth = self.engine.book().depth(side);
        depth
            .map(|level| (level.price.ticks(), level.quantity.lots()))
            .collect()
    }
}

/// A good-till-cancelled bid.
pub fn buy(id: u64, price: i64, quantity: u64) -> LimitOrder {
    LimitOrder {
        id: OrderId(id),
        account: AccountId(1),
        side: Side::Buy,
        price: Price::new(price),
        quantity: Quantity::new(quantity),
        time_in_force: TimeInForce::Gtc,
        post_only: PostOnly::Off,
    }
}

/// A good-till-cancelled ask.
pub fn sell(id: u64, price: i64, quantity: u64) -> LimitOrder {
    LimitOrder {
        side: Side::Sell,
        ..buy(id, price, quantity)
    }
}

pub fn lasting(time_in_force: TimeInForce, order: LimitOrder) -> LimitOrder {
    LimitOrder {
        time_in_force,
        ..order
    }
}

pub fn until(nanoseconds: u64, order: LimitOrder) -> LimitOrder {
    lasting(TimeInForce::Gtd(Timestamp::new(nanoseconds)), order)
}

pub fn posting(post_only: PostOnly, order: LimitOrder) -> LimitOrder {
    LimitOrder { post_only, ..order }
}

pub fn of(account: u32, order: LimitOrder) -> LimitOrder {
    LimitOrder {
        account: AccountId(account),
        ..order
    }
}

pub fn market(id: u64, side: Side, amount: MarketAmount) -> Action {
    Action::Market(MarketOrder::new(OrderId(id), AccountId(2), side, amount))
}

pub fn lots(quantity: u64) -> MarketAmount {
    MarketAmount::Quantity(Quantity::new(quantity))
}

pub fn budget(tick_lots: i128) -> MarketAmount {
    MarketAmount::Budget(Notional::new(tick_lots))
}

pub fn both(quantity: u64, tick_lots: i128) -> MarketAmount {
    MarketAmount::Both {
        quantity: Quantity::new(quantity),
        budget: Notional::new(tick_lots),
    }
}

pub fn cancel(id: u64) -> Action {
    Action::Cancel(Cancel {
        id: OrderId(id),
        owner: None,
    })
}

pub fn reduce(id: u64, by: u64) -> Action {
    Action::Reduce(Reduce {
        id: OrderId(id),
        owner: None,
        by: Quantity::new(by),
    })
}

/// New terms for an order; `None` keeps the old one.
pub fn replace(id: u64, price: impl Into<Option<i64>>, quantity: impl Into<Option<u64>>) -> Action {
    Action::Replace(Replace {
        id: OrderId(id),
        owner: None,
        price: price.into().map(Price::new),
        quantity: quantity.into().map(Quantity::new),
    })
}

/// The trades as maker, price and quantity.
pub fn trades(events: &[Event]) -> Vec<(u64, i64, u64)> {
    let trade = |event: &Event| match event {
        Event::Traded {
            maker,
            price,
            quantity,
            ..
        } => Some((maker.0, price.ticks(), quantity.lots())),
        _ => None,
    };
    events.iter().filter_map(trade).collect()
}

/// The cancellations as id, cause and quantity.
pub fn cancelled(events: &[Event]) -> Vec<(u64, CancelCause, u64)> {
    let cancel = |event: &Event| match event {
        Event::Cancelled {
            id,
            cause,
            quantity,
        } => Some((id.0, *cause, quantity.lots())),
        _ => None,
    };
    events.iter().filter_map(cancel).collect()
}

/// An instrument that holds a few orders and reports the fewest events.
pub fn small() -> InstrumentBuilder {
    Instrument::builder().capacities(Capacities {
        orders: 64,
        levels: 16,
        accounts: 4,
        timed_orders: 64,
        special_orders: 64,
        waiting_orders: 64,
        lists: 4,
        tokens: 4,
        events: 16,
    })
}
