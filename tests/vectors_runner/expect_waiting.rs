//! Expectations on orders that wait for a trigger, and on what triggered them.

use pricetime::{Decimal, OrderId, Price, Pricing, Side, Trail, WaitingOrder};
use serde_json::Value;

use crate::expect::{Difference, compare};
use crate::expect_orders::named;
use crate::ledger::Entry;
use crate::run::{Halt, Run};

/// Each named order was triggered; `true` or `false` says whether any was, `{id: true}` whether this one was, an empty list that none was.
pub fn triggered(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let found: Vec<_> = run.ledger.triggers.clone();
    if let Some(any) = expected.as_bool() {
        return Ok(compare(&any, &!found.is_empty()));
    }
    if let Value::Object(stated) = expected {
        for (name, expected) in stated {
            let id = run.order_id(&name.as_str().into())?;
            let was = found.iter().any(|(of, _)| *of == id);
            if let Some(difference) = compare(&expected.as_bool(), &Some(was)) {
                return Ok(Some(format!("{id:?}: {difference}")));
            }
        }
        return Ok(None);
    }
    let list = run.list(expected)?;
    if list.is_empty() {
        return Ok(compare(&Vec::new(), &found));
    }
    for entry in list {
        let (id, facts) = named(run, entry)?;
        let Some(&(_, price)) = found.iter().rfind(|(of, _)| *of == id) else {
            return Ok(Some(format!("{id:?} was not")));
        };
        for (key, expected) in &facts {
            let expected = run.decimal(expected)?;
            let found = match key.as_str() {
                "price" | "trigger_print" => run.price_of(price),
                "qty" => {
                    let order = run.ledger.orders.get(&id);
                    run.quantity_of(order.map(|order| order.asked).unwrap_or_default())
                }
                other => return Err(Halt::Skip(format!("expect triggered.{other}"))),
            };
            if let Some(difference) = compare(&expected, &found) {
                return Ok(Some(format!("{id:?} {key}: {difference}")));
            }
        }
    }
    Ok(None)
}

/// Each named order waits, on the terms stated; an empty list or `false` says that none does.
pub fn pending(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let waiting: Vec<OrderId> = waiting(run).iter().map(|w| w.order.id).collect();
    if let Some(any) = expected.as_bool() {
        return Ok(compare(&any, &!waiting.is_empty()));
    }
    let list = run.list(expected)?;
    if list.is_empty() {
        return Ok(compare(&Vec::new(), &waiting));
    }
    for entry in list {
        let (id, facts) = named(run, entry)?;
        let Some(waiting) = run.waiting(id) else {
            return Ok(Some(format!("{id:?} does not wait")));
        };
        for (key, expected) in &facts {
            let Some(found) = fact(run, key, &waiting) else {
                return Err(Halt::Skip(format!("expect pending.{key}")));
            };
            let expected = match expected.is_null() {
                true => None,
                false => Some(run.decimal(expected)?),
            };
            if let Some(difference) = compare(&expected, &found) {
                return Ok(Some(format!("{id:?} {key}: {difference}")));
            }
        }
    }
    Ok(None)
}

/// What a waiting order has under a key, `None` for a key that is not known.
fn fact(run: &Run, key: &str, waiting: &WaitingOrder) -> Option<Option<Decimal>> {
    let order = &waiting.order;
    Some(match key {
        "qty" | "leaves_qty" | "open_qty" => Some(run.quantity_of(order.quantity)),
        "price" => match order.pricing {
            Pricing::Limit(price) => Some(run.price_of(price)),
            Pricing::Market
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => None,
        },
        "stop_price" | "trigger_price" => stop_price(run, waiting),
        "activation_price" => order.trigger.map(|trigger| run.price_of(trigger.price)),
        "extreme_price" => waiting.best.map(|best| run.price_of(best)),
        _ => return None,
    })
}

/// The price that would trigger an order as things are, on the tick or not.
fn stop_price(run: &Run, waiting: &WaitingOrder) -> Option<Decimal> {
    let trigger = waiting.order.trigger?;
    let behind = |best: Price| match trigger.trail {
        Trail::None => Decimal::ZERO,
        Trail::Ticks => run.price_of(Price::new(i64::from(trigger.distance))),
        Trail::BasisPoints => {
            run.price_of(best).abs() * Decimal::from(trigger.distance) / Decimal::from(10_000)
        }
    };
    match (trigger.trail, waiting.best, waiting.order.side) {
        (Trail::None, _, _) => Some(run.price_of(trigger.price)),
        (_, None, _) => None,
        (_, Some(best), Side::Sell) => Some(run.price_of(best) - behind(best)),
        (_, Some(best), Side::Buy) => Some(run.price_of(best) + behind(best)),
    }
}

/// How many orders wait, or for how much: of a side, or of both.
pub fn totals(run: &mut Run, key: &str, expected: &Value) -> Result<Difference, Halt> {
    let waiting = waiting(run);
    let total = |side: Option<Side>| {
        let of_side = waiting.iter().map(|waiting| waiting.order);
        let of_side = of_side.filter(|order| side.is_none_or(|side| order.side == side));
        let counts = of_side.map(|order| match key {
            "stop_volume" => run.quantity_of(order.quantity),
            _ => Decimal::ONE,
        });
        counts.sum::<Decimal>()
    };
    let Value::Object(sides) = expected else {
        return Ok(compare(&run.decimal(expected)?, &total(None)));
    };
    for (name, expected) in sides {
        let side = crate::expect_book::side(name)?;
        if let Some(difference) = compare(&run.decimal(expected)?, &total(Some(side))) {
            return Ok(Some(format!("{name}: {difference}")));
        }
    }
    Ok(None)
}

/// Every waiting order, by id.
fn waiting(run: &Run) -> Vec<WaitingOrder> {
    let ids = run.ledger.orders.keys();
    ids.filter_map(|&id| run.waiting(id)).collect()
}

/// The price that triggered the last order that was, or each: `{id: price}`.
pub fn trigger_print(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    each_or_last(run, expected, |run, id| {
        let mut triggers = run.ledger.triggers.iter();
        let found = triggers.rfind(|(of, _)| id.is_none_or(|id| *of == id));
        found.map(|(_, price)| run.price_of(*price))
    })
}

/// The limit of the last triggered order, or of each: `{id: price}`. One that still waits does not work.
pub fn works_at_limit(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    each_or_last(run, expected, |run, id| {
        let last = run.ledger.triggers.last().map(|(id, _)| *id);
        let id = id.or(last)?;
        let was_triggered = run.ledger.triggers.iter().any(|(of, _)| *of == id);
        let rested = run
            .ledger
            .log
            .iter()
            .rev()
            .find_map(|(_, entry)| match entry {
                Entry::Rested { id: of, price, .. } if *of == id => Some(*price),
                _ => None,
            });
        let asked = run.terms.get(&id).and_then(|order| match order.pricing {
            Pricing::Limit(price) => Some(price),
            Pricing::Market
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => None,
        });
        let limit = rested.or(asked).filter(|_| was_triggered)?;
        Some(run.price_of(limit))
    })
}

/// The best price that the trailing order entered last has seen, or each: `{id: price}`. Null before it has seen one.
pub fn extreme_price(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    each_or_last(run, expected, |run, id| {
        let id = id.or(run.watch.last_trailing)?;
        run.watch.extremes.get(&id).map(|best| run.price_of(*best))
    })
}

fn each_or_last(
    run: &mut Run,
    expected: &Value,
    found: fn(&Run, Option<OrderId>) -> Option<Decimal>,
) -> Result<Difference, Halt> {
    let Value::Object(stated) = expected else {
        return number(run, expected, found(run, None));
    };
    for (name, expected) in stated {
        let id = run.order_id(&name.as_str().into())?;
        let found = found(run, Some(id));
        if let Some(difference) = number(run, expected, found)? {
            return Ok(Some(format!("{id:?}: {difference}")));
        }
    }
    Ok(None)
}

fn number(run: &Run, expected: &Value, found: Option<Decimal>) -> Result<Difference, Halt> {
    let expected = match expected.is_null() {
        true => None,
        false => Some(run.decimal(expected)?),
    };
    Ok(compare(&expected, &found))
}
