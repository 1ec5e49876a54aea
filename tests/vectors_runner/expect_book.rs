//! Expectations on the book: its levels, its queues and its last price.

use std::collections::BTreeSet;

use pricetime::{Book, Decimal, RestingOrder, Side};
use serde_json::Value;

use crate::expect::{Difference, compare};
use crate::ledger::Ledger;
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

/// Orders or quantity of a whole side, shown or not; or what of it is.
pub fn totals(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    match key {
        "n_bids" => total(run, key, Side::Buy, expected),
        "n_asks" => total(run, key, Side::Sell, expected),
        _ => {
            for (name, expected) in run.map(expected)? {
                if let Some(difference) = total(run, key, side(name)?, expected)? {
                    return Ok(Some(format!("{name}: {difference}")));
                }
            }
            Ok(None)
        }
    }
}

fn total(run: &mut Run, key: &str, side: Side, expected: &Value) -> Result<Difference, Halt> {
    let orders = queue_of(run, side)?;
    let quantities = orders.iter().map(|order| match key {
        "total_volume" => run.quantity_of(order.quantity),
        "visible_volume" => run.quantity_of(order.displayed),
        "hidden_volume" => run.quantity_of(order.quantity) - run.quantity_of(order.displayed),
        _ => Decimal::ONE,
    });
    let shown: Decimal = quantities.sum();
    let unseen = run.market_orders_that_wait(side).map(|quantity| match key {
        "total_volume" => quantity,
        "visible_volume" | "hidden_volume" => Decimal::ZERO,
        _ => Decimal::ONE,
    });
    let found = shown + unseen.sum::<Decimal>();
    Ok(compare(&run.decimal(expected)?, &found))
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
    let best = depth(run, side)?.first().map(|level| level.0);
    let orders = queue_of(run, side)?;
    let at_best = |order: &&RestingOrder| Some(run.price_of(order.price)) == best;
    let front = orders.iter().find(at_best);
    Ok(compare(&stated, &front.map(|order| order.id)))
}

/// `[[id, price, qty, visible?]..]`: every order of the side of the first, in priority: of a
/// level those that show something, then the others.
pub fn queue(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut stated = Vec::new();
    for order in run.list(expected)? {
        let parts = run.list(order)?;
        let [id, numbers @ ..] = &parts[..] else {
            return Err(run.unreadable(order));
        };
        if !(2..=3).contains(&numbers.len()) {
            return Err(run.unreadable(order));
        }
        let id = run.order_id(id)?;
        let numbers: Result<Vec<_>, _> = numbers.iter().map(|part| run.decimal(part)).collect();
        stated.push((id, numbers?));
    }
    let book = run.book()?;
    let Some((first, _)) = stated.first() else {
        return Ok(compare(&0, &book.len()));
    };
    let Some(side) = book.order(*first).map(|order| order.side) else {
        return Ok(Some(format!("{first:?} does not rest")));
    };
    let orders = queue_of(run, side)?;
    let told = |index: usize| stated.get(index).map_or(0, |(_, numbers)| numbers.len());
    let found = orders.iter().enumerate().map(|(index, order)| {
        let quantities = [order.quantity, order.displayed].map(|part| run.quantity_of(part));
        let mut numbers = vec![run.price_of(order.price), quantities[0], quantities[1]];
        numbers.truncate(told(index));
        (order.id, numbers)
    });
    Ok(compare(&stated, &found.collect()))
}

fn queue_of(run: &mut Run, side: Side) -> Result<Vec<RestingOrder>, Halt> {
    run.book()?;
    let engine = run.engines.values().next().expect("the book's engine");
    Ok(orders(engine.book(), &run.ledger, side))
}

/// The orders of a side, best level first, also of levels that show nothing.
pub fn orders(book: &Book, ledger: &Ledger, side: Side) -> Vec<RestingOrder> {
    let resting = ledger.orders.keys().filter_map(|&id| book.order(id));
    let prices = resting.filter(|order| order.side == side);
    let prices: BTreeSet<_> = prices.map(|order| order.price).collect();
    let mut best_first: Vec<_> = prices.into_iter().collect();
    if side == Side::Buy {
        best_first.reverse();
    }
    let levels = best_first.into_iter();
    levels
        .flat_map(|price| book.orders_at(side, price))
        .collect()
}

/// The price of the last trade; null or zero before the first.
pub fn last_price(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    run.book()?;
    let engine = run.engines.values().next().expect("the book's engine");
    let last = run.watch.last_print.or(engine.last_price());
    let found = last.map(|price| run.price_of(price));
    if found.is_none() && expected.is_null() {
        return Ok(None);
    }
    Ok(compare(&run.decimal(expected)?, &found.unwrap_or_default()))
}

pub fn side(name: &str) -> Result<Side, Halt> {
    match name {
        "bids" | "bid" | "buy" => Ok(Side::Buy),
        "asks" | "ask" | "sell" => Ok(Side::Sell),
        other => Err(Halt::Skip(format!("expect side {other}"))),
    }
}

/// The levels as the scenario counts them: what they show, or all that is open.
fn depth(run: &mut Run, side: Side) -> Result<Vec<Level>, Halt> {
    if run.convention("levels") == "open" {
        return open_depth(run, side);
    }
    let levels: Vec<_> = run.book()?.depth(side).collect();
    let shown = levels.iter().map(|level| {
        let quantity = run.quantity_of(level.quantity);
        (run.price_of(level.price), quantity, u64::from(level.orders))
    });
    Ok(shown.collect())
}

fn open_depth(run: &mut Run, side: Side) -> Result<Vec<Level>, Halt> {
    let mut levels: Vec<Level> = Vec::new();
    for order in queue_of(run, side)? {
        let (price, quantity) = (run.price_of(order.price), run.quantity_of(order.quantity));
        match levels.last_mut() {
            Some(level) if level.0 == price => {
                level.1 += quantity;
                level.2 += 1;
            }
            _ => levels.push((price, quantity, 1)),
        }
    }
    Ok(levels)
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
