//! What an outcome has to be, from the book that a command leaves behind.

use pricetime::shell::Done;
use pricetime::{
    Action, CancelCause, Engine, Event, MarketAmount, Notional, OrderId, Quantity, RejectReason,
    Rest,
};

/// The result of an outcome.
pub type Expected = Result<Done, RejectReason>;

/// The result of an action that had these events and left this engine.
pub fn expected(action: &Action, events: &[Event], after: &Engine) -> Expected {
    if let Some(Event::Rejected { reason, .. }) = events.last() {
        return Err(*reason);
    }
    let trades = events.iter().filter_map(|event| match event {
        Event::Traded {
            price, quantity, ..
        } => Some((price.ticks(), quantity.lots())),
        _ => None,
    });
    let trades: Vec<_> = trades.collect();
    let filled = trades.iter().map(|trade| trade.1).sum();
    let money = trades
        .iter()
        .map(|trade| i128::from(trade.0) * i128::from(trade.1));
    let resting = match action {
        Action::CancelAll(_) | Action::AdvanceTime | Action::EndOfDay => None,
        Action::Limit(_)
        | Action::Market(_)
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_) => after.book().order(action.id()),
    };
    let resting = resting.map_or(0, |order| order.quantity.lots());
    Ok(Done {
        fills: trades.len() as u32,
        filled: Quantity::new(filled),
        notional: Notional::new(money.sum()),
        resting: Quantity::new(resting),
        cancelled: Quantity::new(cancelled(action, events, filled, resting)),
        more: events.iter().any(is_unfinished),
    })
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

/// What was asked less what became of it, or what was cancelled for its cause.
fn cancelled(action: &Action, events: &[Event], filled: u64, resting: u64) -> u64 {
    let of_cause = |cause, id: Option<OrderId>| {
        let cancelled = events.iter().map(|event| match event {
            Event::Cancelled {
                id: of,
                cause: why,
                quantity,
            } if *why == cause && id.is_none_or(|id| id == *of) => quantity.lots(),
            _ => 0,
        });
        cancelled.sum()
    };
    match action {
        Action::Limit(order) => order.quantity.lots() - filled - resting,
        Action::Market(order) => match order.amount {
            MarketAmount::Quantity(quantity) | MarketAmount::Both { quantity, .. } => {
                quantity.lots() - filled
            }
            MarketAmount::Budget(_) => 0,
        },
        Action::Cancel(_) | Action::Reduce(_) => {
            of_cause(CancelCause::Requested, Some(action.id()))
        }
        Action::Replace(_) => {
            let lost = events.iter().rev().find_map(|event| match event {
                Event::Replaced { quantity, .. } => Some(quantity.lots()),
                _ => None,
            });
            lost.map_or(0, |quantity| quantity - filled - resting)
        }
        Action::CancelAll(_) => of_cause(CancelCause::Mass, None),
        Action::EndOfDay => of_cause(CancelCause::DayEnded, None),
        Action::AdvanceTime => of_cause(CancelCause::Expired, None),
    }
}
