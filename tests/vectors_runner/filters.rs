//! What a scenario's `config` says of the quantities, prices and numbers of orders that its venue admits.

use pricetime::{
    AccountLimits, Decimal, Instrument, InstrumentBuilder, Lot, MarketLot, Price, PriceRange,
    Quantity, RangeReference,
};
use serde_json::Value;

use crate::scenario::{Object, Scenario, decimal};
use crate::trigger_words;

/// Ranges of prices by their names: how far a limit may be from the reference.
const LIMIT_RANGES: &[&str] = &["percent_price", "percent_price_by_side", "limit_range"];

/// The same, how far from it an order may trade.
const EXECUTION_RANGES: &[&str] = &["price_range", "execution_range", "price_range_rule"];

/// Limits per account by their names.
const LIMITS: &[(&str, LimitOf)] = &[
    ("max_num_orders", |limits| &mut limits.orders),
    ("max_num_algo_orders", |limits| &mut limits.triggers),
    ("max_num_iceberg_orders", |limits| &mut limits.icebergs),
    ("max_num_order_lists", |limits| &mut limits.lists),
    ("max_num_order_amends", |limits| &mut limits.order_amends),
];

type LimitOf = fn(&mut AccountLimits) -> &mut Option<u32>;

const MARKET_LOTS: &[&str] = &["market_qty_min", "market_qty_max", "market_qty_step"];

/// Whether a key of the `config` speaks of these, and a value that it may have.
pub fn convention(key: &str, value: &Value) -> Option<bool> {
    let is_range = LIMIT_RANGES.contains(&key) || EXECUTION_RANGES.contains(&key);
    if is_range {
        return Some(range(value, RangeReference::Mark).is_some());
    }
    if LIMITS.iter().any(|(name, _)| *name == key) {
        return Some(count(value).is_some());
    }
    match key {
        "range_reference" => Some(reference(value.as_str().unwrap_or_default()).is_some()),
        key if MARKET_LOTS.contains(&key) => Some(decimal(value).is_some()),
        _ => None,
    }
}

pub fn apply(
    mut builder: InstrumentBuilder,
    scenario: &Scenario,
    lot: Lot,
) -> Result<InstrumentBuilder, String> {
    let from = range_reference(scenario);
    if let Some(range) = range_named(&scenario.config, LIMIT_RANGES, from) {
        builder = builder.price_range(range);
    }
    if let Some(range) = range_named(&scenario.config, EXECUTION_RANGES, from) {
        builder = builder.execution_range(range);
    }
    if let Some(lot) = market_lot(&scenario.config, lot)? {
        builder = builder.market_lot(lot);
    }
    let mut limits = AccountLimits::default();
    for (name, limit) in LIMITS {
        *limit(&mut limits) = scenario.config.get(*name).and_then(count);
    }
    Ok(builder.account_limits(limits).keeps_totals(true))
}

/// The mark that ranges are measured from at first: `reference_price`.
pub fn first_mark(scenario: &Scenario, instrument: &Instrument) -> Option<Price> {
    let ranges = [instrument.price_range(), instrument.execution_range()];
    let from_mark = |range: &PriceRange| range.reference == RangeReference::Mark;
    ranges.iter().flatten().find(|range| from_mark(range))?;
    let reference = scenario.config.get("reference_price").and_then(decimal)?;
    instrument.price(reference).ok()
}

fn count(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

fn reference(text: &str) -> Option<RangeReference> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["mark", "index", "average", "outside", "reference"]) {
        Some(RangeReference::Mark)
    } else {
        says(&["last", "trade"]).then_some(RangeReference::LastTrade)
    }
}

/// What the scenario says, or the mark if prices come from outside, or else the last trade.
fn range_reference(scenario: &Scenario) -> RangeReference {
    let said = scenario
        .config
        .get("range_reference")
        .and_then(Value::as_str);
    let has_mark =
        scenario.config.contains_key("reference_price") || trigger_words::has_prints(scenario);
    said.and_then(reference).unwrap_or(match has_mark {
        true => RangeReference::Mark,
        false => RangeReference::LastTrade,
    })
}

fn range_named(config: &Object, names: &[&str], from: RangeReference) -> Option<PriceRange> {
    let value = names.iter().find_map(|name| config.get(*name))?;
    range(value, from)
}

/// `{up, down}`, of both sides or with bid, buy, ask or sell in front: multipliers of the reference; or above and below it, in basis points where
/// the key says so. A side or direction that is not named has no end.
fn range(value: &Value, reference: RangeReference) -> Option<PriceRange> {
    let mut range = PriceRange {
        reference,
        buy: [NO_END; 2],
        sell: [NO_END; 2],
    };
    for (key, value) in value.as_object()? {
        let key = key.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| key.contains(word));
        let direction = match (says(&["up", "above"]), says(&["down", "below"])) {
            (true, false) => 0,
            (false, true) => 1,
            _ => return None,
        };
        let number = decimal(value)?;
        let distance = match (says(&["bps", "basis"]), direction) {
            (true, _) => number,
            (false, 0) => (number - Decimal::ONE) * Decimal::from(10_000),
            (false, _) => (Decimal::ONE - number) * Decimal::from(10_000),
        };
        let whole = distance.is_integer().then(|| u32::try_from(distance).ok());
        let distance = whole.flatten()?;
        let (bids, asks) = (says(&["bid", "buy"]), says(&["ask", "sell"]));
        if bids || !asks {
            range.buy[direction] = distance;
        }
        if asks || !bids {
            range.sell[direction] = distance;
        }
    }
    Some(range)
}

/// The farthest that a range reaches.
const NO_END: u32 = 10_000_000;

fn market_lot(config: &Object, lot: Lot) -> Result<Option<MarketLot>, String> {
    let mut said = [None; 3];
    for (index, key) in MARKET_LOTS.iter().enumerate() {
        let number = config.get(*key).and_then(decimal);
        let quantity = number.map(|number| lot.quantity(number)).transpose();
        said[index] = quantity.map_err(|error| format!("config `{key}`: {error}"))?;
    }
    let [min, max, step] = said;
    Ok(said.iter().any(Option::is_some).then(|| MarketLot {
        min: min.unwrap_or(Quantity::new(1)),
        max: max.unwrap_or(Quantity::new(u64::MAX)),
        step: step.unwrap_or(Quantity::new(1)),
    }))
}
