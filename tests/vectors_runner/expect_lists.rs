//! Expectations on orders that wait for others, follow others, or were entered twice.

use pricetime::OrderId;
use serde_json::Value;

use crate::expect::{Difference, compare};
use crate::expect_orders::named;
use crate::run::{Halt, Run};
use crate::{lists, pegs};

/// Each named order is held until its list starts or its working order has traded; an empty list says that none is.
pub fn held(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let waits = |id: &&OrderId| run.waiting(**id).is_some();
    let held: Vec<OrderId> = run.ledger.held.iter().filter(waits).copied().collect();
    all_among(run, expected, &held)
}

/// Each named order was held, or had no reference, and then was entered; an empty list says that none was.
pub fn released(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let released = run.ledger.released.clone();
    all_among(run, expected, &released)
}

fn all_among(run: &mut Run, expected: &Value, found: &[OrderId]) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    if list.is_empty() {
        return Ok(compare(&&[][..], &found));
    }
    for entry in list {
        let id = run.order_id(entry)?;
        if !found.contains(&id) {
            return Ok(Some(format!("{id:?} is not among {found:?}")));
        }
    }
    Ok(None)
}

/// `[{id, original}..]`, all in order.
pub fn duplicates(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut stated = Vec::new();
    for entry in run.list(expected)? {
        let (id, facts) = named(run, entry)?;
        let original = facts.get("original").unwrap_or(&Value::Null);
        stated.push((id, run.order_id(original)?));
    }
    Ok(compare(&stated, &run.ledger.duplicates))
}

/// Orders that followed their reference, in order: `id`, or `{id, price}`.
pub fn repriced(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    let found = run.ledger.repriced.clone();
    if list.len() != found.len() {
        return Ok(Some(format!("expected {}, found {found:?}", list.len())));
    }
    for (entry, (of, price)) in list.iter().zip(found) {
        let (id, facts) = named(run, entry)?;
        if let Some(difference) = compare(&id, &of) {
            return Ok(Some(difference));
        }
        for (key, expected) in &facts {
            if key != "price" {
                return Err(Halt::Skip(format!("expect repriced.{key}")));
            }
            let difference = compare(&run.decimal(expected)?, &run.price_of(price));
            if let Some(difference) = difference {
                return Ok(Some(format!("{id:?} price: {difference}")));
            }
        }
    }
    Ok(None)
}

/// `{id: price}` of orders that rest where the book put them; null of one that does not rest.
pub fn pegged_price(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for (name, expected) in run.map(expected)? {
        let id = run.order_id(&name.as_str().into())?;
        let found = pegs::price_of(run, id).map(|price| run.price_of(price));
        let stated = match expected.is_null() {
            true => None,
            false => Some(run.decimal(expected)?),
        };
        if let Some(difference) = compare(&stated, &found) {
            return Ok(Some(format!("{id:?}: {difference}")));
        }
    }
    Ok(None)
}

/// `{list: status}`: whether any of its orders lives.
pub fn list_status(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for (name, expected) in run.map(expected)? {
        let stated = expected.as_str().ok_or_else(|| run.unreadable(expected))?;
        if !["EXECUTING", "ALL_DONE", "REJECT"].contains(&stated) {
            return Err(Halt::Skip(format!("expect list status {stated}")));
        }
        let found = lists::status(run, name);
        if let Some(difference) = compare(&Some(stated), &found) {
            return Ok(Some(format!("{name}: {difference}")));
        }
    }
    Ok(None)
}
