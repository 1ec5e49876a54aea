//! Expectations on the book: its levels, its queues and its last price.

use pricetime::{Decimal, Side};
use serde_json::Value;

use crate::expect::{Difference, compare};
use crate::run::{Halt, Run};
use crate::scenario::Object;

/// Price, quantity and number of orders of a level.
type Level = (Decimal, Decimal, u64);

/// `{bids, asks: [[price, qty, orders?]..]}`, best first: a whole side, or its top.
pub fn levels(run: &mut Run, expected: &Value, complete: bool) -> Result<Difference, Halt> {
    for (key, list) in run.map(expected)? {
        let side = side(key)?;
        let found = depth(run, side)?;
        let mut stated = Vec::new();
        for (index, level) in run.list(list)?.iter().enumerate() {
            let orders = found.get(index).map_or(0, |level| level.2);
            stated.push(read_level(run, level, orders)?);
        }
        let top = if complete {
            &found[..]
        } else {
            &found[..stated.len().min(found.len())]
        };
        if let Some(difference) = compare(&&stated[..], &top) {
            return Ok(Some(format!("{key}: {difference}")));
        }
    }
    Ok(None)
}

/// Nothing beyond what `top_levels` lists.
pub fn no_more_levels(run: &mut Run, expected: &Value, facts: &Object) -> Result<Difference, Halt> {
    for name in run.list(expected)? {
        let name = name.as_str().ok_or_else(|| run.unreadable(expected))?;
        let listed = facts.get("top_levels").and_then(|levels| levels.get(name));
        let listed = listed.and_then(Value::as_array).map_or(0, Vec::len);
        let found = depth(run, side(name)?)?.len();
        if let Some(difference) = compare(&listed, &found) {
            return Ok(Some(format!("{name}: {difference}")));
        }
    }
    Ok(None)
}

/// Orders or quantity of a whole side.
pub fn totals(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    let count =
        |levels: Vec<Level>| -> Decimal { levels.iter().map(|level| Decimal::from(level.2)).sum() };
    match key {
        "n_bids" => Ok(compare(
            &run.decimal(expected)?,
            &count(depth(run, Side::Buy)?),
        )),
        "n_asks" => Ok(compare(
            &run.decimal(expected)?,
            &count(depth(run, Side::Sell)?),
        )),
        _ => {
            for (name, expected) in run.map(expected)? {
                let levels = depth(run, side(name)?)?;
                let found = match key {
                    "n_orders" => count(levels),
                    _ => levels.iter().map(|level| level.1).sum(),
                };
                if let Some(difference) = compare(&run.decimal(expected)?, &found) {
                    return Ok(Some(format!("{name}: {difference}")));
                }
            }
            Ok(None)
        }
    }
}

/// The best level, or null for an empty side.
pub fn best(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    let side = if key == "best_bid" {
        Side::Buy
    } else {
        Side::Sell
    };
    let found = depth(run, side)?.first().copied();
    if expected.is_null() {
        return Ok(compare(&None, &found));
    }
    let orders = found.map_or(0, |level| level.2);
    let stated = read_level(run, expected, orders)?;
    Ok(compare(&Some(stated), &found))
}

/// `{price: qty}` of single levels; zero says that there is no such level.
pub fn level_quantities(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    let side = if key == "bid_level_qty" {
        Side::Buy
    } else {
        Side::Sell
    };
    let levels = depth(run, side)?;
    for (price, expected) in run.map(expected)? {
        let at = run.decimal(&price.as_str().into())?;
        let level = levels.iter().find(|level| level.0 == at);
        let found = level.map_or(Decimal::ZERO, |level| level.1);
        if let Some(difference) = compare(&run.decimal(expected)?, &found) {
            return Ok(Some(format!("at {price}: {difference}")));
        }
    }
    Ok(None)
}

/// The order that is first in its side's best level; null for an empty side.
pub fn front(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    let side = if key == "front_bids" {
        Side::Buy
    } else {
        Side::Sell
    };
    let stated = match expected {
        Value::Null => None,
        id => Some(run.order_id(id)?),
    };
    let book = run.book()?;
    let best = book.best(side);
    let front = best.and_then(|best| book.orders_at(side, best.price).next());
    Ok(compare(&stated, &front.map(|order| order.id)))
}

/// `[[id, price, qty]..]`: every order of the side of the first, in priority.
pub fn queue(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut stated = Vec::new();
    for order in run.list(expected)? {
        let parts = run.list(order)?;
        let [id, price, quantity] = &parts[..] else {
            return Err(run.unreadable(order));
        };
        stated.push((
            run.order_id(id)?,
            run.decimal(price)?,
            run.decimal(quantity)?,
        ));
    }
    let book = run.book()?;
    let Some(&(first, ..)) = stated.first() else {
        return Ok(compare(&0, &book.len()));
    };
    let Some(side) = book.order(first).map(|order| order.side) else {
        return Ok(Some(format!("{first:?} does not rest")));
    };
    let levels = book.depth(side);
    let orders = levels.flat_map(|level| book.orders_at(side, level.price));
    let orders: Vec<_> = orders.collect();
    let found = orders.iter().map(|order| {
        let terms = (run.price_of(order.price), run.quantity_of(order.quantity));
        (order.id, terms.0, terms.1)
    });
    Ok(compare(&stated, &found.collect()))
}

/// The price of the last trade; null or zero before the first.
pub fn last_price(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    run.book()?;
    let engine = run.engines.values().next().expect("the book's engine");
    let found = engine.last_price().map(|price| run.price_of(price));
    if found.is_none() && expected.is_null() {
        return Ok(None);
    }
    Ok(compare(&run.decimal(expected)?, &found.unwrap_or_default()))
}

fn side(name: &str) -> Result<Side, Halt> {
    match name {
        "bids" | "bid" | "buy" => Ok(Side::Buy),
        "asks" | "ask" | "sell" => Ok(Side::Sell),
        other => Err(Halt::Skip(format!("expect side {other}"))),
    }
}

fn depth(run: &mut Run, side: Side) -> Result<Vec<Level>, Halt> {
    let levels: Vec<_> = run.book()?.depth(side).collect();
    let shown = levels.iter().map(|level| {
        let quantity = run.quantity_of(level.quantity);
        (run.price_of(level.price), quantity, u64::from(level.orders))
    });
    Ok(shown.collect())
}

/// A level as stated; where the source leaves out the number of orders, `orders` stands for it.
fn read_level(run: &Run, level: &Value, orders: u64) -> Result<Level, Halt> {
    let parts = run.list(level)?;
    let (price, quantity, orders) = match &parts[..] {
        [price, quantity] => (price, quantity, Some(orders)),
        [price, quantity, orders] => (price, quantity, orders.as_u64()),
        _ => return Err(run.unreadable(level)),
    };
    let orders = orders.ok_or_else(|| run.unreadable(level))?;
    Ok((run.decimal(price)?, run.decimal(quantity)?, orders))
}
