//! What sources mean by the words they do not explain: their names for policies
//! that the engine has, and the readings of what a scenario leaves open.

use pricetime::{Refresh, SelfTrade};
use serde_json::Value;

use crate::scenario::{Object, Scenario, decimal};
use crate::trigger_words::{self, ENTRIES, SOURCES, WITHOUT_PRICE};
use crate::{list_words, pegs};

/// A self-trade mode by any of its names.
pub fn self_trade(name: &Value) -> Option<SelfTrade> {
    let Some(name) = name.as_str() else {
        return name.is_null().then_some(SelfTrade::Allow);
    };
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let letters: String = letters.collect::<String>().to_ascii_uppercase();
    let (_, mode) = SELF_TRADE_NAMES
        .iter()
        .find(|(names, _)| names.contains(&letters.as_str()))?;
    Some(*mode)
}

/// Letters only: sources differ in what they put between the words.
const SELF_TRADE_NAMES: &[(&[&str], SelfTrade)] = &[
    (&["NONE", "OFF", "ALLOW", "ALLOWED"], SelfTrade::Allow),
    (
        &[
            "EXPIRETAKER",
            "CANCELTAKER",
            "REJECTTAKER",
            "CANCELNEWEST",
            "CANCELNEW",
            "CANCELINCOMING",
            "CANCELAGGRESSOR",
            "CANCELAGGRESSING",
            "CANCELACTIVE",
            "REJECT",
            "REJECTINCOMING",
            "CN",
        ],
        SelfTrade::ExpireTaker,
    ),
    (
        &[
            "EXPIREMAKER",
            "CANCELMAKER",
            "CANCELOLDEST",
            "CANCELOLD",
            "CANCELRESTING",
            "CANCELPASSIVE",
            "CO",
        ],
        SelfTrade::ExpireMaker,
    ),
    (&["EXPIREBOTH", "CANCELBOTH", "CB"], SelfTrade::ExpireBoth),
    (
        &[
            "DECREMENT",
            "DECREMENTBOTH",
            "DECREMENTANDCANCEL",
            "DECREMENTCANCEL",
            "DECREASEANDCANCEL",
            "CANCELANDDECREMENT",
            "DC",
        ],
        SelfTrade::Decrement,
    ),
    (&["TRANSFER"], SelfTrade::Transfer),
];

/// Whether the source calls a taker that prevention ends refused.
pub fn refuses(name: &Value) -> bool {
    let name = name.as_str().unwrap_or_default();
    name.to_ascii_lowercase().starts_with("reject")
}

/// Where the next peak of an iceberg order goes, by the source's description.
pub fn refresh(text: &str) -> Option<Refresh> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let last = [
        "hidden last",
        "hidden after",
        "before hidden",
        "then hidden",
        "displayed first",
    ];
    let stays = [
        "retain",
        "keep",
        "kept",
        "not lose",
        "without losing",
        "in place",
        "to the front",
    ];
    let tail = [
        "requeue", "rejoin", "back", "tail", "end of", "lose", "lost", "new time",
    ];
    if says(&last) || says(&["before the hidden", "after all displayed"]) {
        Some(Refresh::HiddenLast)
    } else if says(&stays) {
        Some(Refresh::Retain)
    } else {
        says(&tail).then_some(Refresh::Requeue)
    }
}

/// Whether market orders trade whole and at once or not at all; `None` if that cannot be told.
pub fn market_fills_whole(value: Option<&Value>) -> Option<bool> {
    match value {
        None | Some(Value::Null) => Some(false),
        Some(Value::Bool(whole)) => Some(*whole),
        Some(value) => {
            let text = value.as_str()?;
            (text.starts_with("all") || text.starts_with("whole")).then_some(true)
        }
    }
}

/// How a source says how far a market order may trade.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protection {
    /// So far beyond the best opposite price.
    Distance,
    /// To this price.
    Limit,
}

/// What a key says of protection, if it speaks of it.
pub fn protection(key: &str) -> Option<Protection> {
    let speaks = ["protect", "points"].iter().any(|word| key.contains(word));
    match key {
        "price" => Some(Protection::Limit),
        "slippage" | "offset" => Some(Protection::Distance),
        key if speaks && (key.contains("price") || key.contains("limit")) => {
            Some(Protection::Limit)
        }
        _ => speaks.then_some(Protection::Distance),
    }
}

/// One way to read a scenario: settings for conventions that it leaves open.
pub type Reading = Vec<(&'static str, &'static str)>;

/// Every way to read the scenario, the usual one first. Only conventions that its orders
/// touch and its `config` is silent on are open.
pub fn readings(scenario: &Scenario) -> Vec<Reading> {
    let any = |test: fn(&Object) -> bool| scenario.plain_steps().any(test);
    let enters_stops = trigger_words::enters_any(scenario);
    let is_inside = enters_stops && !trigger_words::has_prints(scenario);
    let says_entry = trigger_words::on_entry(&scenario.config).is_some();
    let says_partial_fill = list_words::of_config(&scenario.config).is_some();
    let enters_lists = list_words::enters_any(scenario) && !says_partial_fill;
    let rests = scenario.config.get("market_orders_rest") == Some(&Value::Bool(true))
        || scenario.config.contains_key("rules");
    let is_binance = scenario.source.to_ascii_lowercase().contains("binance");
    let enters_pegs =
        any(pegs::is_pegged) && !is_binance && pegs::of_config(&scenario.config).is_none();
    let is_unlike_binance = list_words::enters_any(scenario) && !is_binance;
    let open: [(&str, &[&str], bool); 11] = [
        ("iceberg", ICEBERGS, any(shows_a_part)),
        ("levels", LEVELS, any(hides)),
        ("needless_display", NEEDLESS_DISPLAYS, any(hides_needlessly)),
        ("unfilled", UNFILLED, any(is_now_or_never)),
        ("trigger", SOURCES, is_inside),
        ("trigger_on_entry", ENTRIES, enters_stops && !says_entry),
        ("without_price", WITHOUT_PRICE, enters_stops),
        ("partial_fill", list_words::PARTIAL_FILLS, enters_lists),
        ("list_prices", list_words::PRICES, is_unlike_binance),
        ("repricing", pegs::REPRICINGS, enters_pegs),
        ("resting_market", RESTING_MARKETS, rests && any(is_market)),
    ];
    let mut readings: Vec<Reading> = vec![Vec::new()];
    for (key, words, is_touched) in open {
        let says_nothing = scenario.config.get(key).is_none_or(Value::is_null);
        if !is_touched || !says_nothing {
            continue;
        }
        let longer = words.iter().flat_map(|&word| {
            let with = |reading: &Reading| [&reading[..], &[(key, word)]].concat();
            readings.iter().map(with).collect::<Vec<_>>()
        });
        readings = longer.collect();
    }
    readings
}

/// Where the next peak goes.
const ICEBERGS: &[&str] = &["requeue", "retain", "hidden last"];

/// What a level of an expected book is the sum of.
pub const LEVELS: &[&str] = &["displayed", "open"];

/// What becomes of an order that is to show a part only, and has no more than that or cannot rest.
pub const NEEDLESS_DISPLAYS: &[&str] = &["rejected", "ignored"];

/// What an order that was to trade whole or at once is called when it traded nothing.
pub const UNFILLED: &[&str] = &["cancelled", "rejected"];

/// What becomes of a market order that the source lets rest: it skips the scenario, or it follows the best opposite price and waits while there is
/// none. That is the same only where nobody of its own side is better placed than it.
pub const RESTING_MARKETS: &[&str] = &["unknown", "waits"];

fn is_market(step: &Object) -> bool {
    step.get("op").and_then(Value::as_str) == Some("market")
}

fn is_now_or_never(step: &Object) -> bool {
    let word = |key: &str| step.get(key).and_then(Value::as_str);
    word("op") == Some("market") || matches!(word("tif"), Some("IOC" | "FOK"))
}

fn shows_a_part(step: &Object) -> bool {
    step.get("display_qty").and_then(decimal).is_some()
}

fn hides(step: &Object) -> bool {
    shows_a_part(step) || step.get("hidden") == Some(&Value::Bool(true))
}

fn hides_needlessly(step: &Object) -> bool {
    let tif = step.get("tif").and_then(Value::as_str);
    let number = |key: &str| step.get(key).and_then(decimal);
    let is_covered = number("display_qty").is_some_and(|shown| Some(shown) > number("qty"));
    hides(step) && (is_covered || matches!(tif, Some("IOC" | "FOK")))
}
