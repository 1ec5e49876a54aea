//! What an outcome has to be, from the book that a command leaves behind.

use pricetime::shell::Done;
use pricetime::{
    Action, CancelCause, Engine, Event, MarketAmount, Notional, OrderId, Quantity, RejectReason,
    Rest, SelfTrade,
};

/// The result of an outcome.
pub type Expected = Result<Done, RejectReason>;

/// The result of an action that had these events and left this engine.
pub fn expected(action: &Action, events: &[Event], after: &Engine) -> Expected {
    let refusal = events.iter().find_map(|event| match event {
        Event::Rejected { reason, .. } => Some(*reason),
        _ => None,
    });
    if let Some(reason) = refusal {
        return Err(reason);
    }
    let duplicate = events.iter().find_map(|event| match event {
        Event::Duplicate { original, .. } => Some(*original),
        _ => None,
    });
    if duplicate.is_some() {
        return Ok(Done {
            duplicate,
            ..Done::default()
        });
    }
    let own = own(action).filter(|id| is_entered(action, *id, events));
    let taken = own_trades(own, events);
    let money = taken
        .iter()
        .map(|trade| i128::from(trade.0) * i128::from(trade.1));
    let book = after.book();
    let resting = own.and_then(|id| book.order(id));
    let resting = resting.map_or(0, |order| order.quantity.lots());
    let waiting = own.and_then(|id| book.waiting_order(id));
    let waiting = waiting.map_or(0, |waiting| waiting.order.quantity.lots());
    // What becomes of an order that waits cannot be told from what becomes of one that rests.
    let changed = matches!(
        action,
        Action::Reduce(_) | Action::Replace(_) | Action::Amend(_)
    );
    let told = if changed { waiting } else { 0 };
    Ok(Done {
        fills: taken.len() as u32,
        filled: Quantity::new(taken.iter().map(|trade| trade.1).sum()),
        notional: Notional::new(money.sum()),
        resting: Quantity::new(resting + told),
        cancelled: Quantity::new(cancelled(action, events, resting + waiting)),
        more: events.iter().any(is_unfinished),
        duplicate: None,
        refused: events.iter().rev().find_map(|event| match event {
            Event::Refused { id, reason } if is_of_own(action, *id) => Some(*reason),
            _ => None,
        }),
    })
}

/// The order that an action speaks of.
fn own(action: &Action) -> Option<OrderId> {
    match action {
        Action::CancelAll(_) | Action::SetMark(_) | Action::AdvanceTime | Action::EndOfDay => None,
        Action::Limit(_)
        | Action::Market(_)
        | Action::Order(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::Amend(_) => Some(action.id()),
    }
}

/// Whether the order of an action came to be its own: that of a cancel-replace may be refused, and have the id of another.
fn is_entered(action: &Action, order: OrderId, events: &[Event]) -> bool {
    let accepted = |event: &Event| matches!(event, Event::Accepted { id, .. } if *id == order);
    !matches!(action, Action::CancelReplace { .. }) || events.iter().any(accepted)
}

/// Whether an order is the action's, or the one that it is to cancel for it.
fn is_of_own(action: &Action, id: OrderId) -> bool {
    let is_exchanged = matches!(action, Action::CancelReplace { cancel, .. } if *cancel == id);
    is_exchanged || own(action) == Some(id)
}

/// The trades of some takers and makers as price and quantity.
fn trades(events: &[Event], select: impl Fn(OrderId, OrderId) -> bool) -> Vec<(i64, u64)> {
    let trades = events.iter().filter_map(|event| match *event {
        Event::Traded {
            taker,
            maker,
            price,
            quantity,
            ..
        } if select(taker, maker) => Some((price.ticks(), quantity.lots())),
        _ => None,
    });
    trades.collect()
}

fn is_unfinished(event: &Event) -> bool {
    matches!(
        event,
        Event::MassCancelled {
            rest: Rest::More,
            ..
        } | Event::DayEnded {
            rest: Rest::More,
            ..
        }
    )
}

/// The trades of an order, whether it took or another took it when that tried again.
fn own_trades(own: Option<OrderId>, events: &[Event]) -> Vec<(i64, u64)> {
    trades(events, |taker, maker| {
        [taker, maker].into_iter().any(|id| Some(id) == own)
    })
}

/// What was asked less what became of it and what is open, or what was cancelled for its cause.
fn cancelled(action: &Action, events: &[Event], open: u64) -> u64 {
    let own = own(action);
    let traded = own_trades(own, events);
    let traded: u64 = traded.iter().map(|trade| trade.1).sum();
    match action {
        Action::Limit(order) => order.quantity.lots() - traded - open,
        Action::Order(order) => order.quantity.lots() - traded - open,
        Action::Market(order) => match order.amount {
            MarketAmount::Quantity(quantity) | MarketAmount::Both { quantity, .. } => {
                quantity.lots() - traded
            }
            MarketAmount::Whole { quantity, .. } => quantity.lots() - traded,
            MarketAmount::Budget(_) => taken_off(action.id(), events),
        },
        Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Amend(_) => {
            let ended = events.iter().map(|event| match *event {
                Event::Cancelled {
                    id,
                    cause,
                    quantity,
                } if is_of_own(action, id) && cause != CancelCause::Expired => quantity.lots(),
                _ => 0,
            });
            ended.sum::<u64>() + taken_off(action.id(), events)
        }
        Action::Cancel(_) => of_cause(CancelCause::Requested, own, events),
        Action::Reduce(_) | Action::Replace(_) => {
            let changed = events.iter().find_map(|event| match event {
                Event::Replaced { quantity, .. } => Some(quantity.lots()),
                Event::Reduced { remaining, .. } => Some(remaining.lots()),
                _ => None,
            });
            match changed {
                Some(quantity) => quantity - traded - open,
                None => of_cause(CancelCause::Requested, own, events),
            }
        }
        Action::SetMark(_) => 0,
        Action::CancelAll(_) => of_cause(CancelCause::Mass, None, events),
        Action::EndOfDay => of_cause(CancelCause::DayEnded, None, events),
        Action::AdvanceTime => of_cause(CancelCause::Expired, None, events),
    }
}

/// What was cancelled for a cause, of one order or of all.
fn of_cause(cause: CancelCause, id: Option<OrderId>, events: &[Event]) -> u64 {
    let cancelled = events.iter().map(|event| match event {
        Event::Cancelled {
            id: of,
            cause: why,
            quantity,
        } if *why == cause && id.is_none_or(|id| id == *of) => quantity.lots(),
        _ => 0,
    });
    cancelled.sum()
}

/// What prevented trades took off an order.
fn taken_off(id: OrderId, events: &[Event]) -> u64 {
    let quantities = events.iter().map(|event| match event {
        Event::Prevented {
            taker,
            mode: SelfTrade::Decrement | SelfTrade::Transfer,
            quantity,
            ..
        } if *taker == id => quantity.lots(),
        _ => 0,
    });
    quantities.sum()
}
