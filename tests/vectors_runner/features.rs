//! The words of the dialect: which of them this engine can express, and the
//! name of what is missing for the others. A word that is not here is missing
//! under its own name, so that nothing is ever ignored.

use serde_json::Value;

use crate::scenario::{Object, Scenario};
use crate::trigger_words::Form;
use crate::{amend_words, cancel_replace, conventions, filters, list_words, pegs, trigger_words};

/// The first thing that the scenario needs and the engine does not have.
pub fn missing(scenario: &Scenario) -> Option<String> {
    let strange = scenario.strange.first().map(|key| format!("key {key}"));
    strange
        .or_else(|| scenario.steps.iter().find_map(missing_operation))
        .or_else(|| scenario.plain_steps().find_map(missing_operation))
        .or_else(|| missing_quotes(scenario))
        .or_else(|| scenario.config.iter().find_map(missing_convention))
        .or_else(|| scenario.plain_steps().find_map(missing_attribute))
        .or_else(|| {
            let facts = scenario.expectations.iter().flat_map(|e| e.facts.iter());
            facts.into_iter().find_map(missing_expectation)
        })
}

/// The operations that run, each with the keys it takes beside those of [`EVERYWHERE`].
const OPERATIONS: &[(&str, &[&str])] = &[
    (
        "limit",
        &[
            "side",
            "price",
            "qty",
            "tif",
            "expiry",
            "post_only",
            "stp",
            "trade_group",
            "aon",
            "min_qty",
            "display_qty",
            "display_range",
            "hidden",
        ],
    ),
    (
        "market",
        &[
            "side",
            "qty",
            "budget",
            "tif",
            "stp",
            "trade_group",
            "aon",
            "min_qty",
            "slippage",
        ],
    ),
    (
        "market_by_notional",
        &[
            "side",
            "qty",
            "budget",
            "notional",
            "tif",
            "stp",
            "trade_group",
        ],
    ),
    ("set_mark", &["price"]),
    ("set_last_price", &["price"]),
    ("trade_print", &["side", "price", "qty"]),
    ("market_to_limit", PRICED_BY_THE_BOOK),
    ("market_protected", PRICED_BY_THE_BOOK),
    (
        "fok_budget",
        &["side", "qty", "budget", "tif", "stp", "trade_group"],
    ),
    ("pegged", PEGGED),
    ("cancel_list", &["list", "list_id"]),
    ("cancel", &["remaining_qty"]),
    ("cancel_all", &["side", "price_min", "price_max"]),
    ("reduce", &["by"]),
    (
        "amend",
        &[
            "qty_delta",
            "new_price",
            "new_qty",
            "new_display_qty",
            "display_qty",
            "new_stop_price",
        ],
    ),
    ("amend_keep_priority", &["new_qty"]),
    ("move", &["new_price"]),
    ("modify", REPLACEMENT),
    ("mitigate", REPLACEMENT),
    ("replace", REPLACEMENT),
    ("cancel_replace", REPLACEMENT),
    ("cancel_replace_same_id", &["new_price", "new_qty"]),
    ("advance_time", &[]),
    ("end_of_day", &[]),
    ("repeat", &["ids", "template"]),
    ("note", &["text"]),
];

const PRICED_BY_THE_BOOK: &[&str] = &[
    "side",
    "qty",
    "tif",
    "expiry",
    "stp",
    "trade_group",
    "aon",
    "min_qty",
    "display_qty",
    "display_range",
    "hidden",
];

/// What trails has keys of its own.
const TRIGGERED: &[&str] = &[
    "side",
    "price",
    "qty",
    "tif",
    "expiry",
    "post_only",
    "stp",
    "trade_group",
    "aon",
    "min_qty",
    "display_qty",
    "display_range",
    "hidden",
    "stop_price",
    "trigger_price",
    "take_profit_price",
    "activation_price",
];

const REPLACEMENT: &[&str] = &[
    "new_id",
    "new_price",
    "new_qty",
    "new_stop_price",
    "new_display_qty",
];

/// A limit order with a peg is one, too.
const PEGGED: &[&str] = &[
    "side",
    "price",
    "qty",
    "tif",
    "expiry",
    "post_only",
    "stp",
    "trade_group",
    "aon",
    "min_qty",
    "display_qty",
    "display_range",
    "hidden",
];

/// `raw_event` is how a source spelled the step; it carries no meaning of its own.
const EVERYWHERE: &[&str] = &[
    "op",
    "id",
    "account",
    "symbol",
    "time",
    "notes",
    "raw_event",
    "token",
];

fn missing_operation(step: &Object) -> Option<String> {
    let Some(op) = step.get("op").and_then(Value::as_str) else {
        return Some("step without op".into());
    };
    let is_known = OPERATIONS.iter().any(|(known, _)| *known == op);
    if is_known || trigger_words::form(step).is_some() || list_words::is_list(step) {
        return None;
    }
    Some(match op {
        "uncross" | "indicative" | "strike_match" => "auction".into(),
        "opoco" | "bracket_opo" => "list that pays and cancels".into(),
        "enable_matching" | "match_now" => "matching switched off".into(),
        "resting_source" | "aggressor" => "implied liquidity".into(),
        other => format!("op {other}"),
    })
}

fn missing_attribute(step: &Object) -> Option<String> {
    let op = step.get("op").and_then(Value::as_str)?;
    if list_words::is_list(step) {
        return list_words::missing(step);
    }
    let has_trigger = trigger_words::form(step).is_some();
    let has_limit = trigger_words::form(step).is_some_and(|(_, form)| form == Form::Limit);
    let may_peg = has_limit || matches!(op, "limit" | "pegged");
    let names_order = cancel_replace::order(step).is_some();
    let keys = match OPERATIONS.iter().find(|(known, _)| *known == op) {
        _ if has_trigger => TRIGGERED,
        Some((_, keys)) => keys,
        None => return None,
    };
    let may_protect = op == "market_protected" || has_trigger;
    let protects = |key: &str| may_protect && conventions::protection(key).is_some();
    for (key, value) in step {
        // `"hidden": false` and `"stp": null` say that the attribute is not there.
        let absent = matches!(value, Value::Null | Value::Bool(false));
        let known = keys.contains(&key.as_str()) || EVERYWHERE.contains(&key.as_str());
        let trails = has_trigger && trigger_words::is_trail(key);
        let pegs = may_peg && pegs::KEYS.contains(&key.as_str());
        let is_in_one =
            op.starts_with("cancel_replace") && amend_words::IN_ONE.contains(&key.as_str());
        // The keys of an order in a step are looked at as a step's.
        if absent || known || trails || pegs || is_in_one || names_order || protects(key) {
            continue;
        }
        return Some(match key.as_str() {
            "peg" | "offset" | "peg_limit" => format!("peg of {op}"),
            "top" | "lmm_pct" => "pro-rata".into(),
            "sor" => "smart order routing".into(),
            other => format!("key {op}.{other}"),
        });
    }
    let odd_flag = ["aon", "hidden"].into_iter().find(|key| {
        let value = step.get(*key).unwrap_or(&Value::Null);
        !matches!(value, Value::Null | Value::Bool(_))
    });
    let odd_flag = odd_flag.map(|key| format!("{key} {}", step[key]));
    odd_flag.or_else(|| missing_lifetime(step))
}

fn missing_lifetime(step: &Object) -> Option<String> {
    let known = ["GTC", "IOC", "FOK", "DAY", "GTD", "GTT"];
    match step.get("tif") {
        None | Some(Value::Null) => None,
        Some(Value::String(tif)) if known.contains(&tif.as_str()) => None,
        Some(other) => Some(format!("tif {other}")),
    }
}

/// Pegs are measured from the book, so that quotes from outside have to be there.
fn missing_quotes(scenario: &Scenario) -> Option<String> {
    let quotes = scenario
        .config
        .get("nbbo")
        .filter(|quotes| !quotes.is_null())?;
    let are_there = pegs::quotes_of_the_book(scenario, quotes);
    (!are_there).then(|| "quotes from outside".into())
}

/// What the words of single kinds of orders have to say of a convention.
fn of_kinds(key: &str, value: &Value) -> Option<bool> {
    let text = value.as_str().unwrap_or_default();
    filters::convention(key, value)
        .or_else(|| pegs::convention(key, value))
        .or_else(|| list_words::convention(key, text))
        .or_else(|| amend_words::convention(key, text))
}

/// Conventions that hold here, and those that only matter to orders which the
/// run itself looks out for (a market order that would rest, a self-trade).
fn missing_convention((key, value): (&String, &Value)) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let told = of_kinds(key, value);
    let holds = match key.as_str() {
        _ if told.is_some() => told == Some(true),
        "nbbo" => true,
        "matching" => text == "price-time",
        "phase" => text == "continuous",
        "auto_matching" => *value == Value::Bool(true),
        "book_order" => text == "best first",
        "replace" => text == "loses priority",
        "duplicate_live_id" => ["not exercised", "rejected"].contains(&text),
        "cancel_semantics" => text == "cancel(id,q) leaves q remaining; 0 removes",
        "amend_semantics" => text == "qty_delta relative; see checks",
        "amend_qty" => ["total including filled", "remaining"].contains(&text),
        "post_only" => ["reject", "slide"].contains(&text),
        "order_ids" => ["unique while live", "increasing"].contains(&text),
        "rules" => text.starts_with("Xetra: resting market orders"),
        "price_scale" | "multi_book" | "tick" | "lot" => true,
        "market_orders_rest" | "market_remainder" | "reference_price" => true,
        "market_aon" => conventions::market_fills_whole(Some(value)).is_some(),
        "stp" => conventions::self_trade(value).is_some(),
        // The taker's mode decides, also where it is the mode of the whole book.
        "stp_decided_by" => ["taker", "book", "engine"]
            .iter()
            .any(|by| text.starts_with(by)),
        // What prevention takes off a market order with a quantity and a budget.
        "stp_budget" => text == "unchanged where there is a size too",
        "same_account" => value.is_boolean(),
        "stp_modes" | "trade_group" | "iceberg_parts" => true,
        "qty_min" | "qty_max" | "notional_min" | "notional_max" => true,
        // Of a single order's words for it, only these are a convention too.
        "price" | "offset" => false,
        key if conventions::protection(key).is_some() => value.is_number(),
        "iceberg" => conventions::refresh(text).is_some(),
        "levels" => conventions::LEVELS.contains(&text),
        "needless_display" => conventions::NEEDLESS_DISPLAYS.contains(&text),
        "unfilled" => conventions::UNFILLED.contains(&text),
        "resting_market" => conventions::RESTING_MARKETS.contains(&text),
        "trigger" => trigger_words::source(text).is_some(),
        "trail" => trigger_words::trail_unit(text).is_some(),
        // The runner sees the prices that are stated, and none between them.
        "path" => ["print", "point", "stated"]
            .iter()
            .any(|word| text.contains(word)),
        "without_price" => trigger_words::WITHOUT_PRICE.contains(&text),
        key if trigger_words::speaks_of_entry(key) => trigger_words::entry_policy(value).is_some(),
        _ => false,
    };
    if holds || value.is_null() {
        return None;
    }
    Some(match (key.as_str(), text) {
        ("matching", text) if text != "price-time" => "pro-rata".into(),
        ("phase", "call-auction") => "auction".into(),
        ("auto_matching", _) => "matching switched off".into(),
        ("stp", _) => format!("self-trade mode {value}"),
        (key, _) => format!("config {key}={value}"),
    })
}

/// The expectations that are checked.
pub const EXPECTATIONS: &[&str] = &[
    "trades",
    "n_trades",
    "trades_so_far",
    "trades_in_id_order",
    "total_traded",
    "fills",
    "filled_qty",
    "notional",
    "filled",
    "allocations",
    "book",
    "top_levels",
    "no_more_levels",
    "n_bids",
    "n_asks",
    "n_orders",
    "total_volume",
    "visible_volume",
    "hidden_volume",
    "best_bid",
    "best_ask",
    "bid_level_qty",
    "ask_level_qty",
    "front_bids",
    "front_asks",
    "queue",
    "last_price",
    "triggered",
    "pending",
    "n_stop_orders",
    "stop_volume",
    "trigger_print",
    "works_at_limit",
    "extreme_price",
    "resting",
    "gone",
    "cancelled",
    "expired",
    "killed",
    "removed_qty",
    "rejected",
    "rejected_steps",
    "cancel_results",
    "error",
    "orders",
    "status",
    "events",
    "executions",
    "prevented",
    "prevented_qty",
    "transfer",
    "effective_mode",
    "held",
    "released",
    "duplicates",
    "repriced",
    "pegged_price",
    "list_status",
];

fn missing_expectation((key, _): (&String, &Value)) -> Option<String> {
    if EXPECTATIONS.contains(&key.as_str()) {
        return None;
    }
    Some(match key.as_str() {
        "auction" | "candidates" => "auction".into(),
        "first_pass" | "second_pass" | "top_pass" | "prorata_pass" | "remainder" => {
            "pro-rata".into()
        }
        other => format!("expect {other}"),
    })
}
