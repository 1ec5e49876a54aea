//! The engine and the model side by side: both must say the same, in few words.

#![allow(dead_code, reason = "each file of rules needs other words")]

use pricetime::{
    AccountId, Action, Cancel, Capacities, Command, Display, Engine, Event, Events, Instrument,
    InstrumentBuilder, ListId, ListKind, Order, OrderId, PartialFill, PegReference, PegUnit, Price,
    Pricing, Quantity, Reduce, Refresh, Replace, Repricing, Side, TimeInForce, Timestamp, Trail,
    Trigger, TriggerKind, TriggerSource, TriggerStart,
};

use crate::model::Model;

/// An engine, the model of the same instrument, and the time of their next command.
pub struct Pair {
    engine: Engine,
    model: Model,
    pub clock: u64,
}

impl Pair {
    pub fn new() -> Self {
        Self::of(Instrument::builder())
    }

    pub fn of(instrument: InstrumentBuilder) -> Self {
        let instrument = instrument.build().expect("a right instrument");
        Self {
            model: Model::new(&instrument),
            engine: Engine::new(instrument),
            clock: 0,
        }
    }

    /// What both say that happened.
    pub fn does(&mut self, action: Action) -> Vec<String> {
        let command = Command::new(Timestamp::new(self.clock), action);
        let mut events = Events::for_instrument(self.engine.instrument());
        self.engine.apply(&command, &mut events);
        self.engine.book().check();
        assert_eq!(events.as_slice(), self.model.apply(&command), "{command:?}");
        events.iter().map(told).collect()
    }

    pub fn enters(&mut self, order: Order) -> Vec<String> {
        self.does(Action::Order(order))
    }

    /// Enters orders that are all accepted.
    pub fn takes<const N: usize>(&mut self, orders: [Order; N]) {
        for order in orders {
            let said = self.enters(order);
            assert_eq!(said[0], format!("accepted {}", order.id.0), "{said:?}");
        }
    }

    /// Makes a last price, and leaves nothing in the book.
    pub fn last_trades_at(&mut self, price: i64) {
        self.takes([sell(9_001, price, 1), buy(9_002, price, 1)]);
    }

    pub fn cancels(&mut self, id: u64) -> Vec<String> {
        let id = OrderId(id);
        self.does(Action::Cancel(Cancel { id, owner: None }))
    }

    pub fn reduces(&mut self, id: u64, by: u64) -> Vec<String> {
        self.does(Action::Reduce(Reduce {
            id: OrderId(id),
            owner: None,
            by: Quantity::new(by),
        }))
    }

    pub fn replaces(
        &mut self,
        id: u64,
        price: impl Into<Option<i64>>,
        quantity: impl Into<Option<u64>>,
    ) -> Vec<String> {
        self.does(Action::Replace(Replace {
            id: OrderId(id),
            owner: None,
            price: price.into().map(Price::new),
            quantity: quantity.into().map(Quantity::new),
        }))
    }

    /// Enters a whole list and gives the answer to its last order.
    pub fn starts(&mut self, list: List, orders: &[Order]) -> Vec<String> {
        let mut said = Vec::new();
        for order in orders {
            said = self.does(list.leg(*order));
            assert_eq!(said[0], format!("accepted {}", order.id.0), "{said:?}");
        }
        said
    }
}

/// The name and kind of a list.
#[derive(Clone, Copy)]
pub struct List {
    pub list: u64,
    pub kind: ListKind,
    pub legs: u8,
    pub partial_fill: PartialFill,
}

impl List {
    pub fn of(kind: ListKind) -> Self {
        Self {
            list: 1,
            kind,
            legs: *kind.legs().start(),
            partial_fill: PartialFill::Cancels,
        }
    }

    pub fn with(self, partial_fill: PartialFill) -> Self {
        Self {
            partial_fill,
            ..self
        }
    }

    pub fn leg(self, order: Order) -> Action {
        Action::Leg {
            list: ListId(self.list),
            kind: self.kind,
            legs: self.legs,
            partial_fill: self.partial_fill,
            order,
        }
    }
}

fn order(id: u64, side: Side, price: i64, quantity: u64) -> Order {
    let (price, quantity) = (Price::new(price), Quantity::new(quantity));
    Order::limit(OrderId(id), AccountId(1), side, price, quantity)
}

pub fn buy(id: u64, price: i64, quantity: u64) -> Order {
    order(id, Side::Buy, price, quantity)
}

pub fn sell(id: u64, price: i64, quantity: u64) -> Order {
    order(id, Side::Sell, price, quantity)
}

pub fn market(order: Order) -> Order {
    Order {
        pricing: Pricing::Market,
        time_in_force: TimeInForce::Ioc,
        ..order
    }
}

pub fn of(account: u32, order: Order) -> Order {
    Order {
        account: AccountId(account),
        ..order
    }
}

pub fn until(time: u64, order: Order) -> Order {
    Order {
        time_in_force: TimeInForce::Gtd(Timestamp::new(time)),
        ..order
    }
}

pub fn lasting(time_in_force: TimeInForce, order: Order) -> Order {
    Order {
        time_in_force,
        ..order
    }
}

pub fn hidden(order: Order) -> Order {
    Order {
        display: Display::Hidden,
        ..order
    }
}

pub fn iceberg(peak: u64, order: Order) -> Order {
    let display = Display::Peak {
        quantity: Quantity::new(peak),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    };
    Order { display, ..order }
}

pub fn all_or_none(order: Order) -> Order {
    Order {
        minimum: order.quantity,
        ..order
    }
}

/// An order that follows its reference, so many ticks from it; its limit is its worst price.
pub fn peg(reference: PegReference, offset: i32, order: Order) -> Order {
    pegged(reference, Repricing::Live, PegUnit::Ticks, offset, order)
}

/// The same that looks once.
pub fn once(reference: PegReference, offset: i32, order: Order) -> Order {
    pegged(reference, Repricing::Once, PegUnit::Ticks, offset, order)
}

pub fn pegged(
    reference: PegReference,
    repricing: Repricing,
    unit: PegUnit,
    offset: i32,
    order: Order,
) -> Order {
    let Pricing::Limit(limit) = order.pricing else {
        panic!("it has a limit");
    };
    let pricing = Pricing::Pegged {
        reference,
        repricing,
        unit,
        offset,
        limit,
    };
    Order { pricing, ..order }
}

/// An order that waits for the last trade's price.
pub fn stop(price: i64, order: Order) -> Order {
    on(TriggerKind::Stop, price, order)
}

pub fn take_profit(price: i64, order: Order) -> Order {
    on(TriggerKind::TakeProfit, price, order)
}

fn on(kind: TriggerKind, price: i64, order: Order) -> Order {
    let trigger = Trigger {
        kind,
        source: TriggerSource::LastTrade,
        price: Price::new(price),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    Order {
        trigger: Some(trigger),
        ..order
    }
}

/// An instrument with little room and few events.
pub fn short(capacities: Capacities) -> InstrumentBuilder {
    Instrument::builder().capacities(capacities)
}

pub const SHORT: Capacities = Capacities {
    orders: 64,
    levels: 16,
    accounts: 4,
    timed_orders: 64,
    special_orders: 64,
    waiting_orders: 64,
    lists: 4,
    tokens: 4,
    events: 16,
};

/// An event in few words.
fn told(event: &Event) -> String {
    match event {
        Event::Accepted { id, .. } => format!("accepted {}", id.0),
        Event::Rejected { reason, .. } => format!("{reason:?}"),
        Event::Waits { id } => format!("waits {}", id.0),
        Event::Held { id, .. } => format!("held {}", id.0),
        Event::ListStarted { list, .. } => format!("started {}", list.0),
        Event::Released { id } => format!("released {}", id.0),
        Event::Refused { id, reason } => format!("refused {} {reason:?}", id.0),
        Event::Repriced { id, price } => at(id, "repriced", "to", price),
        Event::Triggered { id, price } => at(id, "triggered", "at", price),
        Event::Priced { id, price } => at(id, "priced", "at", price),
        Event::Slid { id, to, .. } => at(id, "slid", "to", to),
        _ => told_of_lots(event),
    }
}

fn at(id: &OrderId, what: &str, link: &str, price: &Price) -> String {
    format!("{what} {} {link} {}", id.0, price.ticks())
}

fn told_of_lots(event: &Event) -> String {
    match *event {
        Event::Traded {
            taker: OrderId(taker),
            maker: OrderId(maker),
            price,
            quantity,
            ..
        } => format!(
            "{taker} takes {} of {maker} at {}",
            quantity.lots(),
            price.ticks()
        ),
        Event::Rested {
            id,
            price,
            quantity,
            ..
        } => format!("rested {}: {} at {}", id.0, quantity.lots(), price.ticks()),
        Event::RestedHidden {
            id,
            price,
            displayed,
            hidden,
            ..
        } => {
            let parts = format!("{}+{}", displayed.lots(), hidden.lots());
            format!("rested {}: {parts} at {}", id.0, price.ticks())
        }
        Event::Reduced { id, by, remaining } => {
            format!("reduced {} by {} to {}", id.0, by.lots(), remaining.lots())
        }
        Event::Cancelled {
            id,
            cause,
            quantity,
        } => format!("cancelled {} {cause:?} {}", id.0, quantity.lots()),
        Event::Replaced {
            id,
            price,
            quantity,
            priority,
        } => {
            let terms = format!("{} at {}", quantity.lots(), price.ticks());
            format!("replaced {}: {terms} {priority:?}", id.0)
        }
        _ => format!("{event:?}"),
    }
}
