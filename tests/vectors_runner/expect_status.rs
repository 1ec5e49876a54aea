//! Expectations on orders in the words of order-entry protocols.

use pricetime::{CancelCause, OrderId, Quantity};
use serde_json::Value;

use crate::expect::Difference;
use crate::ledger::Fate;
use crate::run::{Halt, Run};

/// `{id: status}`.
pub fn status(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for (name, expected) in run.map(expected)? {
        let id = run.order_id(&name.as_str().into())?;
        let found = statuses(run, id);
        let stated = expected.as_str().ok_or_else(|| run.unreadable(expected))?;
        if !KNOWN.contains(&stated) {
            return Err(Halt::Skip(format!("expect status {stated}")));
        }
        if !found.contains(&stated) {
            let difference = format!("{id:?}: expected {stated}, found {}", found[0]);
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

const KNOWN: &[&str] = &[
    "NEW",
    "PENDING_NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
    "REJECTED",
];

/// What an order may be called as it is.
fn statuses(run: &Run, id: OrderId) -> &'static [&'static str] {
    let Some(order) = run.ledger.orders.get(&id) else {
        return &["REJECTED"];
    };
    if run.ledger.calls_refused(id, order) {
        return &["REJECTED"];
    }
    let is_held = run.ledger.held.contains(&id);
    match (order.fate, order.filled) {
        (Fate::Filled, _) => &["FILLED"],
        (Fate::Open, Quantity::ZERO) if is_held => &["PENDING_NEW"],
        (Fate::Open, Quantity::ZERO) => &["NEW"],
        (Fate::Open, _) => &["PARTIALLY_FILLED"],
        (Fate::Cancelled { cause, .. }, _) => of_cause(cause),
    }
}

fn of_cause(cause: CancelCause) -> &'static [&'static str] {
    match cause {
        CancelCause::Requested
        | CancelCause::Mass
        | CancelCause::Amended
        | CancelCause::Replaced => &["CANCELED"],
        CancelCause::SelfTrade => &["EXPIRED_IN_MATCH"],
        // It expires if the other order traded, and is cancelled with it.
        CancelCause::List => &["EXPIRED", "CANCELED"],
        // Said above where the source calls it refused.
        CancelCause::Refused
        | CancelCause::OutOfRange
        | CancelCause::NotFilledAtOnce
        | CancelCause::FillOrKill
        | CancelCause::MinimumNotMet
        | CancelCause::Expired
        | CancelCause::DayEnded => &["EXPIRED"],
    }
}
