//! Expectations on single orders: what became of them, and what was refused.

use pricetime::{CancelCause, Decimal, OrderId, Quantity, Side};
use serde_json::Value;

use crate::expect::{Difference, compare, first};
use crate::ledger::{Entry, Fate};
use crate::reasons;
use crate::run::{Halt, Run};
use crate::scenario::Object;

/// An order as a list names it: `id`, or `{id, ..}` with more to check.
pub fn named(run: &mut Run, entry: &Value) -> Result<(OrderId, Object), Halt> {
    let Value::Object(object) = entry else {
        return Ok((run.order_id(entry)?, Object::new()));
    };
    let mut rest = object.clone();
    let id = rest.remove("id").ok_or_else(|| run.unreadable(entry))?;
    Ok((run.order_id(&id)?, rest))
}

/// Each named order rests, on the terms stated; an empty list says that nothing rests.
pub fn resting(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    if list.is_empty() {
        let found: usize = run.engines.values().map(|engine| engine.book().len()).sum();
        let unseen = Side::BOTH.map(|side| run.market_orders_that_wait(side).count());
        return Ok(compare(&0, &(found + unseen.iter().sum::<usize>())));
    }
    for entry in list {
        let (id, facts) = named(run, entry)?;
        if run.watch.market_orders_that_wait.contains(&id)
            && let Some(waiting) = run.waiting(id)
        {
            let keys = facts.keys().filter(|key| *key != "qty");
            if let Some(key) = keys.into_iter().next() {
                return Err(Halt::Skip(format!(
                    "expect {key} of a resting market order"
                )));
            }
            let found = run.quantity_of(waiting.order.quantity);
            let stated = facts.get("qty").map(|qty| run.decimal(qty)).transpose()?;
            if let Some(difference) = compare(&stated.unwrap_or(found), &found) {
                return Ok(Some(format!("{id:?} qty: {difference}")));
            }
            continue;
        }
        let Some(order) = run.resting(id) else {
            return Ok(Some(format!("{id:?} does not rest")));
        };
        for (key, expected) in &facts {
            let (open, shown) = (order.quantity, order.displayed);
            let found = match key.as_str() {
                "price" => run.price_of(order.price),
                "qty" | "leaves_qty" | "open_qty" | "total" => run.quantity_of(open),
                "visible" | "displayed" | "display_qty" => run.quantity_of(shown),
                "hidden" => run.quantity_of(open) - run.quantity_of(shown),
                "min_qty" => run.quantity_of(order.minimum),
                other => return Err(Halt::Skip(format!("expect resting.{other}"))),
            };
            if let Some(difference) = number_or_range(run, expected, found)? {
                return Ok(Some(format!("{id:?} {key}: {difference}")));
            }
        }
    }
    Ok(None)
}

/// `[least, most]` is how sources state what is drawn at random.
fn number_or_range(run: &Run, expected: &Value, found: Decimal) -> Result<Difference, Halt> {
    let Value::Array(bounds) = expected else {
        return Ok(compare(&run.decimal(expected)?, &found));
    };
    let [least, most] = &bounds[..] else {
        return Err(run.unreadable(expected));
    };
    let range = run.decimal(least)?..=run.decimal(most)?;
    let outside = !range.contains(&found);
    Ok(outside.then(|| format!("expected one of {range:?}, found {found}")))
}

pub fn gone(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for entry in run.list(expected)? {
        let id = run.order_id(entry)?;
        if run.resting(id).is_some() {
            return Ok(Some(format!("{id:?} still rests")));
        }
        if run.waiting(id).is_some() {
            return Ok(Some(format!("{id:?} still waits")));
        }
    }
    Ok(None)
}

/// Each named order was cancelled, whole or in part, by one of the causes that
/// the word covers; an empty list says that none was.
pub fn ended(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    let covers = |cause: CancelCause| match cause {
        CancelCause::FillOrKill | CancelCause::NotFilledAtOnce | CancelCause::MinimumNotMet => true,
        // Some call it expired, but it is not what they say of orders when they say that none was.
        CancelCause::SelfTrade => key == "cancelled" || (key == "expired" && !list.is_empty()),
        CancelCause::Expired | CancelCause::DayEnded => key != "killed",
        // Some call it expired that another order of its list traded, but not when they say that none was.
        CancelCause::List => key == "cancelled" || (key == "expired" && !list.is_empty()),
        // Refused on its own account, once it had been triggered.
        CancelCause::Refused => key != "expired",
        CancelCause::OutOfRange => key != "killed",
        CancelCause::Requested
        | CancelCause::Mass
        | CancelCause::Amended
        | CancelCause::Replaced => key == "cancelled",
    };
    if list.is_empty() {
        let fates = run.ledger.orders.iter().map(|(id, order)| (id, order.fate));
        let found: Vec<_> = fates
            .filter(|(_, fate)| matches!(fate, Fate::Cancelled { cause, .. } if covers(*cause)))
            .map(|(id, _)| *id)
            .collect();
        return Ok(compare(&Vec::new(), &found));
    }
    for entry in list {
        let (id, facts) = named(run, entry)?;
        let fate = run.ledger.orders.get(&id).map(|order| order.fate);
        let whole = matches!(fate, Some(Fate::Cancelled { cause, .. }) if covers(cause));
        let parts = cancelled_parts(run, id);
        if !whole && (key != "cancelled" || parts.is_empty()) {
            return Ok(Some(format!("{id:?} was not: {fate:?}")));
        }
        for (key, expected) in &facts {
            if ["cause", "reason"].contains(&key.as_str()) {
                let Some(Fate::Cancelled { cause, .. }) = fate else {
                    return Ok(Some(format!("{id:?} {key}: {fate:?}")));
                };
                let found = format!("{cause:?}");
                if !reasons_of(expected)?.contains(&found.as_str()) {
                    return Ok(Some(format!("{id:?}: expected {expected}, found {found}")));
                }
                continue;
            }
            if key != "qty" {
                return Err(Halt::Skip(format!("expect cancelled.{key}")));
            }
            let last = parts.last().map(|(quantity, _)| run.quantity_of(*quantity));
            if let Some(difference) = compare(&Some(run.decimal(expected)?), &last) {
                return Ok(Some(format!("{id:?} qty: {difference}")));
            }
        }
    }
    Ok(None)
}

/// What was taken off an order, and whether the order then was gone.
fn cancelled_parts(run: &Run, id: OrderId) -> Vec<(Quantity, bool)> {
    let entries = run.ledger.log.iter().filter_map(|(_, entry)| match *entry {
        Entry::Cancelled {
            id: of,
            quantity,
            remaining,
            ..
        } if of == id => Some((quantity, remaining == Quantity::ZERO)),
        _ => None,
    });
    entries.collect()
}

/// `[{id, qty, order_completed?}..]`: what was taken off, each to be found. A refused
/// order was taken off whole.
pub fn removed(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for entry in run.list(expected)? {
        let (id, facts) = named(run, entry)?;
        let refused = run.ledger.log.iter().filter_map(|(_, entry)| match *entry {
            Entry::Refused { id: of, asked } if of == id && asked > Quantity::ZERO => {
                Some((asked, true))
            }
            _ => None,
        });
        let mut parts: Vec<_> = refused.collect();
        parts.extend(cancelled_parts(run, id));
        let mut found = false;
        for (quantity, gone) in &parts {
            let mut same = true;
            for (key, expected) in &facts {
                same &= match key.as_str() {
                    "qty" => run.decimal(expected)? == run.quantity_of(*quantity),
                    "order_completed" => expected.as_bool() == Some(*gone),
                    other => return Err(Halt::Skip(format!("expect removed_qty.{other}"))),
                };
            }
            found |= same;
        }
        if !found {
            return Ok(Some(format!("no {entry} among {parts:?}")));
        }
    }
    Ok(None)
}

/// Each entry is one refusal: `id`, or `{id, step?, reason?}`. An empty list says
/// that nothing was refused.
pub fn rejected(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut left = run.ledger.refusals.clone();
    let list = run.list(expected)?;
    if list.is_empty() {
        return Ok(compare(&Vec::new(), &left));
    }
    for entry in list {
        let (id, facts) = named(run, entry)?;
        if let Some(key) = facts
            .keys()
            .find(|key| !["step", "reason"].contains(&key.as_str()))
        {
            return Err(Halt::Skip(format!("expect rejected.{key}")));
        }
        let step = facts.get("step");
        let reasons = match facts.get("reason") {
            None => None,
            Some(word) => Some(reasons_of(word)?),
        };
        let found = left.iter().position(|refusal| {
            refusal.id == id
                && step.is_none_or(|step| step.as_u64() == Some(refusal.step as u64))
                && reasons
                    .as_ref()
                    .is_none_or(|reasons| reasons.contains(&refusal.reason.as_str()))
        });
        let Some(found) = found else {
            return Ok(Some(format!("no {entry} among {left:?}")));
        };
        left.swap_remove(found);
    }
    Ok(None)
}

/// Our names of the reason that a word stands for.
fn reasons_of(word: &Value) -> Result<Vec<&str>, Halt> {
    let names = word.as_str().and_then(reasons::named);
    names.ok_or_else(|| Halt::Skip(format!("reason {word}")))
}

pub fn rejected_steps(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    let found: Vec<u64> = run
        .ledger
        .refusals
        .iter()
        .map(|refusal| refusal.step as u64)
        .collect();
    if list.is_empty() {
        return Ok(compare(&Vec::new(), &found));
    }
    for step in list {
        let step = step.as_u64().ok_or_else(|| run.unreadable(expected))?;
        if !found.contains(&step) {
            return Ok(Some(format!("step {step} is not among {found:?}")));
        }
    }
    Ok(None)
}

/// `[{id, ok}..]` in the order of the cancels; of an id that no step cancels, `ok`
/// says that nothing asked of it was refused.
pub fn cancel_results(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut left = run.ledger.cancels.clone();
    for entry in run.list(expected)? {
        let (id, facts) = named(run, entry)?;
        let obeyed = match left.iter().position(|(of, _)| *of == id) {
            Some(index) => left.remove(index).1,
            None => run.ledger.refusals.iter().all(|refusal| refusal.id != id),
        };
        for (key, expected) in &facts {
            if key != "ok" {
                return Err(Halt::Skip(format!("expect cancel_results.{key}")));
            }
            if let Some(difference) = compare(&expected.as_bool(), &Some(obeyed)) {
                return Ok(Some(format!("{id:?}: {difference}")));
            }
        }
    }
    Ok(None)
}

/// The refusal of the step just done: `{id, code}`.
pub fn error(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let (id, facts) = named(run, expected)?;
    let last = run.ledger.refusals.last();
    let Some(last) = last.filter(|refusal| refusal.step == run.step) else {
        return Ok(Some("nothing was refused".into()));
    };
    let difference = compare(&id, &last.id);
    for (key, code) in &facts {
        if key != "code" {
            return Err(Halt::Skip(format!("expect error.{key}")));
        }
        if !reasons_of(code)?.contains(&last.reason.as_str()) {
            return Ok(Some(format!("expected {code}, found {}", last.reason)));
        }
    }
    Ok(difference)
}

const STATES: &[&str] = &[
    "accepted",
    "pending",
    "held",
    "complete",
    "cancelled",
    "rejected",
];

/// `[{id, state?, traded?, complete?, order_qty?, open_qty?, match_qty?}..]`.
pub fn orders(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for entry in run.list(expected)? {
        let (id, facts) = named(run, entry)?;
        let state = facts.get("state").and_then(Value::as_str);
        if let Some(state) = state.filter(|state| !STATES.contains(state)) {
            return Err(Halt::Skip(format!("expect state {state}")));
        }
        let Some(order) = run.ledger.orders.get(&id).cloned() else {
            let refused = facts.len() == 1 && facts.get("state") == Some(&"rejected".into());
            if refused && run.ledger.refusals.iter().any(|refusal| refusal.id == id) {
                continue;
            }
            return Ok(Some(format!("{id:?} was never accepted")));
        };
        let resting = run.resting(id).map(|order| order.quantity);
        let waiting = run.waiting(id).map(|waiting| waiting.order.quantity);
        let open = resting.or(waiting).unwrap_or_default();
        let state = match order.fate {
            Fate::Open => "accepted",
            Fate::Filled => "complete",
            Fate::Cancelled { .. } if run.ledger.calls_refused(id, &order) => "rejected",
            Fate::Cancelled { .. } => "cancelled",
        };
        let differences = facts.iter().map(|(key, expected)| {
            let quantity = match key.as_str() {
                "state" if expected == "pending" => {
                    return Ok(compare(&true, &run.waiting(id).is_some()));
                }
                "state" if expected == "held" => {
                    return Ok(compare(&true, &run.ledger.held.contains(&id)));
                }
                "state" => return Ok(compare(&expected.as_str(), &Some(state))),
                "traded" => {
                    let traded = order.filled > Quantity::ZERO;
                    return Ok(compare(&expected.as_bool(), &Some(traded)));
                }
                "complete" => {
                    let complete = order.fate == Fate::Filled;
                    return Ok(compare(&expected.as_bool(), &Some(complete)));
                }
                "order_qty" => order.asked,
                "open_qty" => open,
                "match_qty" => order.filled,
                other => return Err(Halt::Skip(format!("expect orders.{other}"))),
            };
            Ok(compare(&run.decimal(expected)?, &run.quantity_of(quantity)))
        });
        if let Some(difference) = first(differences.collect::<Vec<_>>())? {
            return Ok(Some(format!("{entry}: {difference}")));
        }
    }
    Ok(None)
}

/// `{id: {qty, notional}}`, or `{id: qty}`.
pub fn filled(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for (name, expected) in run.map(expected)? {
        let id = run.order_id(&name.as_str().into())?;
        let order = run.ledger.orders.get(&id);
        let (quantity, notional) = order.map_or((Quantity::ZERO, 0), |o| (o.filled, o.notional));
        let mut stated = Object::new();
        match expected {
            Value::Object(object) => stated = object.clone(),
            number => {
                stated.insert("qty".into(), number.clone());
            }
        }
        for (key, expected) in &stated {
            let found = match key.as_str() {
                "qty" => run.quantity_of(quantity),
                "notional" => run.notional_of(notional),
                other => return Err(Halt::Skip(format!("expect filled.{other}"))),
            };
            if let Some(difference) = compare(&run.decimal(expected)?, &found) {
                return Ok(Some(format!("{id:?} {key}: {difference}")));
            }
        }
    }
    Ok(None)
}
