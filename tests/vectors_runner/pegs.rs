//! Orders whose limit the book gives: which price they follow, how far from it they are, and whether they follow it
//! or take it once.

use pricetime::{Decimal, PegReference, PegUnit, Price, Pricing, Repricing, Side, TimeInForce};
use serde_json::Value;

use crate::run::{Halt, Run, Step};
use crate::scenario::{Object, Scenario};
use crate::terms::{self, Unmade};

/// The keys of a pegged order beside those of a limit order.
pub const KEYS: &[&str] = &[
    "peg",
    "offset",
    "offset_unit",
    "offset_levels",
    "peg_limit",
    "repricing",
];

/// Whether a step enters an order whose limit the book gives.
pub fn is_pegged(step: &Object) -> bool {
    let names = step.get("peg").is_some_and(|value| !value.is_null());
    names || step.get("op").and_then(Value::as_str) == Some("pegged")
}

/// The price that an order follows, in the source's words.
pub fn reference(text: &str) -> Option<PegReference> {
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    let word = letters.strip_suffix("peg").unwrap_or(&letters);
    match word {
        "primary" | "best" | "same" | "sameside" | "own" | "ownside" | "passive" => {
            Some(PegReference::Primary)
        }
        "market" | "opposite" | "otherside" | "aggressive" => Some(PegReference::Market),
        "mid" | "middle" | "midpoint" | "midprice" => Some(PegReference::Midpoint),
        _ => None,
    }
}

/// When the price is worked out, in the source's words.
pub fn repricing(text: &str) -> Option<Repricing> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["once", "entry", "not re", "never", "fixed", "static"]) {
        Some(Repricing::Once)
    } else {
        let words = ["live", "follow", "track", "continu", "repric", "re-peg"];
        says(&words).then_some(Repricing::Live)
    }
}

/// When pegs are priced, where the scenario does not say.
pub const REPRICINGS: &[&str] = &["live", "once"];

/// What an offset is, in the source's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offset {
    /// Added to the reference.
    Added,
    /// So far away from the other side, whatever its sign.
    Away,
    /// So many prices away from the other side.
    Levels,
    /// So many ticks, added.
    Ticks,
}

pub fn offset(text: &str) -> Option<Offset> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["level"]) {
        Some(Offset::Levels)
    } else if says(&["tick"]) {
        Some(Offset::Ticks)
    } else if says(&["away", "passive", "less aggressive", "deeper"]) {
        Some(Offset::Away)
    } else {
        says(&["added", "signed", "price", "absolute"]).then_some(Offset::Added)
    }
}

/// The pricing of a pegged order; `time_in_force` is its lifetime.
pub fn pricing(run: &Run, step: &Step, time_in_force: TimeInForce) -> Result<Pricing, Unmade> {
    let side = run.side(step)?;
    let named = step.object.get("peg").and_then(Value::as_str);
    let known = named.and_then(reference);
    let unknown = || Halt::Skip(format!("peg {named:?}"));
    let reference = known.ok_or_else(unknown)?;
    if reference == PegReference::Market && step.flag("hidden") && run.config.contains_key("nbbo") {
        // Such an order must not trade with what is shown at the quote, and rests at the middle of a spread of one tick.
        return Err(Halt::skip("hidden order that must improve on the quote").into());
    }
    let (unit, offset) = distance(run, step, side)?;
    let limit = run.price(step, "peg_limit")??;
    let limit = limit.or(run.price(step, "price")??);
    Ok(Pricing::Pegged {
        reference,
        repricing: when(run, step, time_in_force, unit),
        unit,
        offset,
        limit: limit.unwrap_or(widest(run, side)),
    })
}

/// The pricing of a market order that waits for the other side, and takes it whatever it costs.
pub fn to_the_other_side(run: &Run, side: Side) -> Pricing {
    Pricing::Pegged {
        reference: PegReference::Market,
        repricing: Repricing::Live,
        unit: PegUnit::Ticks,
        offset: 0,
        limit: widest(run, side),
    }
}

fn widest(run: &Run, side: Side) -> Price {
    match side {
        Side::Buy => run.instrument.price_max(),
        Side::Sell => run.instrument.price_min(),
    }
}

/// The step's word, or else the scenario's, as far as the order can rest and counts no levels. Where neither says it, Binance's orders
/// are priced once, and all others follow.
fn when(run: &Run, step: &Step, time_in_force: TimeInForce, unit: PegUnit) -> Repricing {
    if let Some(said) = step.text("repricing").and_then(repricing) {
        return said;
    }
    let cannot_rest = matches!(time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
    if cannot_rest || unit == PegUnit::Levels {
        return Repricing::Once;
    }
    let said = of_config(&run.config).and_then(repricing);
    said.unwrap_or(match run.is_binance {
        true => Repricing::Once,
        false => Repricing::Live,
    })
}

/// What the `config` says of when pegs are priced.
pub fn of_config(config: &Object) -> Option<&str> {
    let keys = ["repricing", "peg", "pegs", "peg_repricing"];
    keys.into_iter()
        .find_map(|key| config.get(key).and_then(Value::as_str))
}

/// What the offset counts, and how many of it.
fn distance(run: &Run, step: &Step, side: Side) -> Result<(PegUnit, i32), Unmade> {
    let keys = ["offset_levels", "offset"];
    let Some(key) = keys.into_iter().find(|key| step.has(key)) else {
        return Ok((PegUnit::Ticks, 0));
    };
    let number = run.number(step, key)?;
    let said = step.text("offset_unit").and_then(offset);
    let said = said.or_else(|| offset(run.convention("peg_offset")));
    let kind = match key {
        "offset_levels" => Offset::Levels,
        _ if run.is_binance => said.unwrap_or(Offset::Levels),
        _ => said.unwrap_or(Offset::Added),
    };
    let whole = |number: Decimal| {
        let count = number
            .is_integer()
            .then(|| i32::try_from(number).ok())
            .flatten();
        count.ok_or_else(|| Halt::skip("offset that 32 bits do not count"))
    };
    let ticks = |number: Decimal| -> Result<i32, Unmade> {
        let ticks = run.instrument.price(number)?.ticks();
        let far = |_| Halt::skip("offset that 32 bits do not count");
        Ok(i32::try_from(ticks).map_err(far)?)
    };
    Ok(match kind {
        Offset::Levels => (PegUnit::Levels, whole(number)?),
        Offset::Ticks => (PegUnit::Ticks, whole(number)?),
        Offset::Added => (PegUnit::Ticks, ticks(number)?),
        Offset::Away => {
            let far = ticks(number.abs())?;
            (PegUnit::Ticks, if side == Side::Buy { -far } else { far })
        }
    })
}

/// Quotes from outside are those of the book if it has them as limits of its own.
pub fn quotes_of_the_book(scenario: &Scenario, quotes: &Value) -> bool {
    let [bid, ask] = match quotes.as_array().map(Vec::as_slice) {
        Some([bid, ask]) => [bid, ask],
        _ => return false,
    };
    let rests = |side: &str, price: &Value| {
        scenario.plain_steps().any(|step| {
            let word = |key: &str| step.get(key).and_then(Value::as_str);
            word("op") == Some("limit")
                && word("side") == Some(side)
                && step.get("price") == Some(price)
                && step.get("hidden") != Some(&Value::Bool(true))
        })
    };
    rests("buy", bid) && rests("sell", ask)
}

/// Whether a key of the `config` speaks of pegs, and a value that it may have.
pub fn convention(key: &str, value: &Value) -> Option<bool> {
    let text = value.as_str().unwrap_or_default();
    match key {
        "repricing" | "peg" | "pegs" | "peg_repricing" => Some(repricing(text).is_some()),
        "peg_offset" => Some(offset(text).is_some()),
        _ => None,
    }
}

/// The order of a `pegged` step.
pub fn order(run: &mut Run, step: &Step) -> Result<pricetime::Order, Unmade> {
    let quantity = run.quantity(step, "qty")??.unwrap_or_default();
    let order = terms::order(run, step, quantity, TimeInForce::Gtc)?;
    Ok(pricetime::Order {
        pricing: pricing(run, step, order.time_in_force)?,
        ..order
    })
}

/// What the expectation `pegged_price` is about: the price at which an order rests that the book priced.
pub fn price_of(run: &Run, id: pricetime::OrderId) -> Option<Price> {
    run.resting(id).map(|order| order.price)
}
