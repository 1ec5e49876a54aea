//! Expectations on what traded, and on the sources' own logs of it.

use pricetime::Decimal;
use serde_json::Value;

use crate::expect::{Difference, compare, first};
use crate::ledger::{Entry, Trade};
use crate::run::{Halt, Run};
use crate::scenario::Object;

/// All trades in order; of each, the keys that the source states.
pub fn trades(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    let found = run.ledger.trades.clone();
    let differences = list
        .iter()
        .zip(&found)
        .enumerate()
        .map(|(index, (expected, found))| {
            let expected = run.map(expected)?;
            let difference = first(expected.iter().map(|fact| trade_fact(run, fact, found)))?;
            Ok(difference.map(|difference| format!("number {}: {difference}", index + 1)))
        });
    let differences: Vec<_> = differences.collect();
    let difference = first(differences)?;
    Ok(difference.or_else(|| {
        let shown = |trade: &Trade| format!("{}x{}", trade.taker.0, trade.maker.0);
        let shown: Vec<String> = found.iter().map(shown).collect();
        let wrong = list.len() != found.len();
        wrong.then(|| {
            format!(
                "expected {}, found {} (taker x maker {shown:?})",
                list.len(),
                found.len()
            )
        })
    }))
}

fn trade_fact(
    run: &mut Run,
    (key, expected): (&String, &Value),
    found: &Trade,
) -> Result<Difference, Halt> {
    let difference = match key.as_str() {
        "taker" => compare(&run.order_id(expected)?, &found.taker),
        "maker" => compare(&run.order_id(expected)?, &found.maker),
        "price" => compare(&run.decimal(expected)?, &run.price_of(found.price)),
        "qty" => compare(&run.decimal(expected)?, &run.quantity_of(found.quantity)),
        "maker_remaining" => compare(
            &run.decimal(expected)?,
            &run.quantity_of(found.maker_remaining),
        ),
        "taker_remaining" => compare(
            &run.decimal(expected)?,
            &run.quantity_of(found.taker_remaining),
        ),
        "maker_done" => compare(
            &expected.as_bool(),
            &Some(found.maker_remaining.lots() == 0),
        ),
        "taker_done" => compare(
            &expected.as_bool(),
            &Some(found.taker_remaining.lots() == 0),
        ),
        other => return Err(Halt::Skip(format!("expect trades.{other}"))),
    };
    Ok(difference.map(|difference| format!("{key}: {difference}")))
}

pub fn count(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    Ok(compare(
        &expected.as_u64(),
        &Some(run.ledger.trades.len() as u64),
    ))
}

/// Whether the makers traded in the order of their ids.
pub fn in_id_order(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let ordered = run.ledger.trades.is_sorted_by_key(|trade| trade.maker);
    Ok(compare(&expected.as_bool(), &Some(ordered)))
}

pub fn total(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let trades = run.ledger.trades.iter();
    let total: Decimal = trades.map(|trade| run.quantity_of(trade.quantity)).sum();
    Ok(compare(&run.decimal(expected)?, &total))
}

pub fn notional(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let trades = run.ledger.trades.iter();
    let product = |trade: &Trade| run.price_of(trade.price) * run.quantity_of(trade.quantity);
    let total: Decimal = trades.map(product).sum();
    Ok(compare(&run.decimal(expected)?, &total))
}

/// Price and quantity of the trades, those at one price one after the other as one.
pub fn fills(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut stated = Vec::new();
    for fill in run.list(expected)? {
        let pair = run.list(fill)?;
        let [price, quantity] = &pair[..] else {
            return Err(run.unreadable(fill));
        };
        stated.push((run.decimal(price)?, run.decimal(quantity)?));
    }
    let trades = run.ledger.trades.iter();
    let found = trades.map(|trade| (run.price_of(trade.price), run.quantity_of(trade.quantity)));
    Ok(compare(&merged(stated.into_iter()), &merged(found)))
}

fn merged(fills: impl Iterator<Item = (Decimal, Decimal)>) -> Vec<(Decimal, Decimal)> {
    let mut merged: Vec<(Decimal, Decimal)> = Vec::new();
    for (price, quantity) in fills {
        match merged.last_mut() {
            Some(last) if last.0 == price => last.1 += quantity,
            _ => merged.push((price, quantity)),
        }
    }
    merged
}

/// The whole log of what rested, traded and was cancelled. Refusals are not part of it.
pub fn events(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let mut stated = Vec::new();
    for event in run.list(expected)? {
        let parts = run.list(event)?;
        let word = parts.first().and_then(Value::as_str).unwrap_or_default();
        if !["rest", "trade", "cancel"].contains(&word) {
            return Err(Halt::Skip(format!("expect events.{word}")));
        }
        let numbers: Result<Vec<Decimal>, Halt> =
            parts[1..].iter().map(|part| run.decimal(part)).collect();
        stated.push((word, numbers?));
    }
    let entries = run.ledger.log.iter();
    let found: Vec<_> = entries.filter_map(|(_, entry)| event(run, entry)).collect();
    Ok(compare(&stated, &found))
}

fn event(run: &Run, entry: &Entry) -> Option<(&'static str, Vec<Decimal>)> {
    Some(match *entry {
        Entry::Rested {
            id,
            price,
            quantity,
        } => (
            "rest",
            vec![id.0.into(), run.price_of(price), run.quantity_of(quantity)],
        ),
        Entry::Traded(Trade {
            taker,
            maker,
            price,
            quantity,
            ..
        }) => {
            let terms = [run.price_of(price), run.quantity_of(quantity)];
            (
                "trade",
                vec![taker.0.into(), maker.0.into(), terms[0], terms[1]],
            )
        }
        Entry::Cancelled {
            id,
            quantity,
            remaining,
            ..
        } => {
            let numbers = [run.quantity_of(quantity), run.quantity_of(remaining)];
            ("cancel", vec![id.0.into(), numbers[0], numbers[1]])
        }
        Entry::Acknowledged { .. } | Entry::Executed { .. } | Entry::Refused { .. } => {
            return None;
        }
    })
}

/// Execution reports, each stated one to be found once among those since the
/// last step that the list names. In which order two reports of one trade go out
/// is the source's own affair.
pub fn executions(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let known = [
        "NewOrderAck",
        "New",
        "Filled",
        "PartiallyFilled",
        "Cancelled",
        "Canceled",
        "Rejected",
    ];
    let mut used = vec![false; run.ledger.log.len()];
    let (mut since, mut last) = (0, 0);
    for report in run.list(expected)? {
        let report = run.map(report)?;
        let word = report.get("type").and_then(Value::as_str);
        if let Some(word) = word.filter(|word| !known.contains(word)) {
            return Err(Halt::Skip(format!("expect executions {word}")));
        }
        let after = report.get("after").and_then(Value::as_u64);
        let after = after.ok_or_else(|| run.unreadable(expected))? as usize;
        if after != last {
            (since, last) = (last, after);
        }
        let mut found = false;
        for (index, used) in used.iter_mut().enumerate() {
            let (step, entry) = run.ledger.log[index];
            if !*used && step > since && step <= after && reports(run, report, &entry)? {
                *used = true;
                found = true;
                break;
            }
        }
        if !found {
            return Ok(Some(format!("no report {}", Value::Object(report.clone()))));
        }
    }
    Ok(None)
}

fn reports(run: &mut Run, report: &Object, entry: &Entry) -> Result<bool, Halt> {
    let (words, id, filled, last): (&[&str], _, _, _) = match *entry {
        Entry::Acknowledged { id } => (&["NewOrderAck", "New"], id, Decimal::ZERO, None),
        Entry::Executed {
            id,
            price,
            quantity,
            filled,
            whole,
        } => {
            let word: &[&str] = if whole {
                &["Filled"]
            } else {
                &["PartiallyFilled"]
            };
            let last = (run.price_of(price), run.quantity_of(quantity));
            (word, id, run.quantity_of(filled), Some(last))
        }
        Entry::Cancelled { id, filled, .. } => (
            &["Cancelled", "Canceled"],
            id,
            run.quantity_of(filled),
            None,
        ),
        Entry::Refused { id, .. } => (&["Rejected"], id, Decimal::ZERO, None),
        Entry::Rested { .. } | Entry::Traded(_) => return Ok(false),
    };
    for (key, expected) in report {
        let same = match key.as_str() {
            "after" => true,
            "type" => words.contains(&expected.as_str().unwrap_or_default()),
            "id" => run.order_id(expected)? == id,
            "cum_qty" => run.decimal(expected)? == filled,
            "last_price" => Some(run.decimal(expected)?) == last.map(|last| last.0),
            "last_qty" => Some(run.decimal(expected)?) == last.map(|last| last.1),
            other => return Err(Halt::Skip(format!("expect executions.{other}"))),
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}
