//! Orders with terms in few words, and events as lines.

use pricetime::{
    AccountId, Action, Amend, CancelOnly, CancelReplaceMode, ClientToken, Display, Event, Notional,
    Order, OrderId, Price, PriceRange, Quantity, RangeReference, Refresh, Side, TimeInForce, Trail,
    Trigger, TriggerKind, TriggerSource, TriggerStart,
};

/// A good-till-cancelled bid of account 1.
pub fn bid(id: u64, price: i64, quantity: u64) -> Order {
    Order::limit(
        OrderId(id),
        AccountId(1),
        Side::Buy,
        Price::new(price),
        Quantity::new(quantity),
    )
}

/// A good-till-cancelled ask of account 1.
pub fn ask(id: u64, price: i64, quantity: u64) -> Order {
    Order {
        side: Side::Sell,
        ..bid(id, price, quantity)
    }
}

/// How far prices may be from a reference, above and below.
pub fn range(reference: RangeReference, buy: [u32; 2], sell: [u32; 2]) -> PriceRange {
    PriceRange {
        reference,
        buy,
        sell,
    }
}

pub fn entered(order: Order) -> Action {
    Action::Order(order)
}

pub fn lasting(time_in_force: TimeInForce, order: Order) -> Order {
    Order {
        time_in_force,
        ..order
    }
}

/// Shows a peak at a time; the next one goes to the tail.
pub fn peak(quantity: u64) -> Display {
    Display::Peak {
        quantity: Quantity::new(quantity),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    }
}

pub fn showing(display: Display, order: Order) -> Order {
    Order { display, ..order }
}

pub fn whose(account: u32, order: Order) -> Order {
    let account = AccountId(account);
    Order { account, ..order }
}

/// Waits until the mark is at a price: at it or above for a bid, at it or below for an ask.
pub fn stop(mark: i64, order: Order) -> Order {
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::Mark,
        price: Price::new(mark),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    Order {
        trigger: Some(trigger),
        ..order
    }
}

/// The same, and from then on it trails by so many ticks.
pub fn trailing(mark: i64, ticks: u32, order: Order) -> Order {
    let order = stop(mark, order);
    let trail = |trigger| Trigger {
        trail: Trail::Ticks,
        distance: ticks,
        ..trigger
    };
    Order {
        trigger: order.trigger.map(trail),
        ..order
    }
}

pub fn mark(price: i64) -> Action {
    Action::SetMark(Price::new(price))
}

/// New terms, none so far.
pub fn amend(id: u64) -> Amend {
    Amend {
        id: OrderId(id),
        owner: None,
        price: None,
        quantity: None,
        display: None,
        trigger_price: None,
    }
}

pub fn to_quantity(quantity: u64, amend: Amend) -> Amend {
    let quantity = Some(Quantity::new(quantity));
    Amend { quantity, ..amend }
}

pub fn to_price(price: i64, amend: Amend) -> Amend {
    let price = Some(Price::new(price));
    Amend { price, ..amend }
}

pub fn to_show(display: Display, amend: Amend) -> Amend {
    let display = Some(display);
    Amend { display, ..amend }
}

pub fn to_trigger_at(price: i64, amend: Amend) -> Amend {
    let trigger_price = Some(Price::new(price));
    Amend {
        trigger_price,
        ..amend
    }
}

pub fn instead_of(cancel: u64, only: CancelOnly, mode: CancelReplaceMode, order: Order) -> Action {
    let cancel = OrderId(cancel);
    Action::CancelReplace {
        cancel,
        only,
        mode,
        order,
    }
}

pub fn once(token: u64, order: Order) -> Action {
    let token = ClientToken(token);
    Action::Once { token, order }
}

/// All of a quantity within a total.
pub fn whole(quantity: u64, total: i128) -> pricetime::MarketAmount {
    pricetime::MarketAmount::Whole {
        quantity: Quantity::new(quantity),
        total: Notional::new(total),
    }
}

/// Each event as its name and what tells it from others: ids, price x quantity, shown + hidden.
pub fn lines(events: &[Event]) -> Vec<String> {
    events.iter().map(line).collect()
}

fn line(event: &Event) -> String {
    match *event {
        Event::Accepted { id, .. } => format!("Accepted {}", id.0),
        Event::Rejected { id, reason, .. } => format!("Rejected {} {reason:?}", id.0),
        Event::Refused { id, reason } => format!("Refused {} {reason:?}", id.0),
        Event::Duplicate { id, original } => format!("Duplicate {} of {}", id.0, original.0),
        Event::TriggerMoved { id, price } => format!("TriggerMoved {} {}", id.0, price.ticks()),
        Event::Triggered { id, price } => format!("Triggered {} {}", id.0, price.ticks()),
        Event::Waits { id } => format!("Waits {}", id.0),
        Event::Traded {
            taker,
            maker,
            price,
            quantity,
            ..
        } => {
            let (price, lots) = (price.ticks(), quantity.lots());
            format!("Traded {} with {} {price}x{lots}", taker.0, maker.0)
        }
        Event::Rested { .. } | Event::RestedHidden { .. } | Event::Refreshed { .. } => shown(event),
        Event::Replaced {
            id,
            price,
            quantity,
            priority,
        } => {
            let (price, lots) = (price.ticks(), quantity.lots());
            format!("Replaced {} {price}x{lots} {priority:?}", id.0)
        }
        Event::Cancelled {
            id,
            cause,
            quantity,
        } => format!("Cancelled {} {cause:?} {}", id.0, quantity.lots()),
        _ => format!("{event:?}"),
    }
}

/// What an order shows, and what it does not.
fn shown(event: &Event) -> String {
    match *event {
        Event::Rested {
            id,
            price,
            quantity,
            ..
        } => format!("Rested {} {}x{}", id.0, price.ticks(), quantity.lots()),
        Event::RestedHidden {
            id,
            price,
            displayed,
            hidden,
            ..
        } => {
            let (shown, hidden) = (displayed.lots(), hidden.lots());
            format!("RestedHidden {} {}x{shown}+{hidden}", id.0, price.ticks())
        }
        Event::Refreshed {
            id,
            displayed,
            hidden,
            priority,
        } => {
            let (shown, hidden) = (displayed.lots(), hidden.lots());
            format!("Refreshed {} {shown}+{hidden} {priority:?}", id.0)
        }
        _ => format!("{event:?}"),
    }
}
