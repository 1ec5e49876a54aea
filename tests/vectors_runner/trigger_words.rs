//! What sources mean by their words on triggers: the orders that have one, which price triggers them, how they trail,
//! and what becomes of one whose trigger is met on entry.

use pricetime::{TriggerKind, TriggerOnEntry, TriggerSource};
use serde_json::Value;

use crate::scenario::{Object, Scenario};

/// How a triggered order is priced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Limit,
    Market,
}

/// The orders with a trigger, by the names of their steps.
pub const FORMS: &[(&str, TriggerKind, Form)] = &[
    ("stop_market", TriggerKind::Stop, Form::Market),
    ("stop_limit", TriggerKind::Stop, Form::Limit),
    ("take_profit_market", TriggerKind::TakeProfit, Form::Market),
    ("take_profit_limit", TriggerKind::TakeProfit, Form::Limit),
    ("trailing_stop_market", TriggerKind::Stop, Form::Market),
    ("trailing_stop_limit", TriggerKind::Stop, Form::Limit),
    (
        "trailing_take_profit_market",
        TriggerKind::TakeProfit,
        Form::Market,
    ),
    (
        "trailing_take_profit_limit",
        TriggerKind::TakeProfit,
        Form::Limit,
    ),
    // The same in fewer words.
    ("stop", TriggerKind::Stop, Form::Market),
    ("stop_loss", TriggerKind::Stop, Form::Market),
    ("stop_loss_limit", TriggerKind::Stop, Form::Limit),
    ("trailing_stop", TriggerKind::Stop, Form::Market),
    (
        "trailing_take_profit",
        TriggerKind::TakeProfit,
        Form::Market,
    ),
    ("take_profit", TriggerKind::TakeProfit, Form::Market),
    // Any other order may have a `stop_price`.
    ("limit", TriggerKind::Stop, Form::Limit),
    ("market", TriggerKind::Stop, Form::Market),
];

/// What a step's trigger is, if it enters an order that has one.
pub fn form(step: &Object) -> Option<(TriggerKind, Form)> {
    let op = step.get("op").and_then(Value::as_str)?;
    if matches!(op, "limit" | "market") && price_key(step).is_none() {
        return None;
    }
    let form = FORMS.iter().find(|(name, _, _)| *name == op)?;
    Some((form.1, form.2))
}

/// The key of the price that triggers the order.
pub fn price_key(step: &Object) -> Option<&'static str> {
    let keys = ["stop_price", "trigger_price", "take_profit_price"];
    let names = |key: &&str| step.get(*key).is_some_and(|value| !value.is_null());
    keys.into_iter().find(names)
}

/// Steps that tell a price from outside of the book.
pub fn is_print(op: &str) -> bool {
    matches!(op, "trade_print" | "set_last_price" | "set_mark")
}

/// Whether such a price stands for a trade: then trades of the book are prices of the same kind.
pub fn prints_trades(scenario: &Scenario) -> bool {
    any(scenario, |op| {
        matches!(op, "trade_print" | "set_last_price")
    })
}

pub fn has_prints(scenario: &Scenario) -> bool {
    any(scenario, is_print)
}

fn any(scenario: &Scenario, test: fn(&str) -> bool) -> bool {
    let ops = scenario.plain_steps().filter_map(|step| step.get("op"));
    ops.filter_map(Value::as_str).any(test)
}

/// Which price triggers orders, in the source's words.
pub fn source(text: &str) -> Option<TriggerSource> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let said = [
        (TriggerSource::LastTrade, says(&["last", "trade", "print"])),
        (
            TriggerSource::BestOpposite,
            says(&["best", "opposite", "quote", "bid", "ask", "touch"]),
        ),
        (
            TriggerSource::Mark,
            says(&["mark p", "index"]) || text == "mark",
        ),
    ];
    let mut said = said.into_iter().filter(|(_, is_said)| *is_said);
    // Two of them at once is none of ours.
    match (said.next(), said.next()) {
        (Some((source, _)), None) => Some(source),
        _ => None,
    }
}

/// What a trailing distance counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TrailUnit {
    BasisPoints,
    Percent,
    Price,
}

/// The unit that a key or a description names.
pub fn trail_unit(text: &str) -> Option<TrailUnit> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["basis", "bip", "bps"]) {
        Some(TrailUnit::BasisPoints)
    } else if says(&["percent", "pct", "%"]) {
        Some(TrailUnit::Percent)
    } else {
        let words = [
            "absolute", "distance", "amount", "offset", "price", "tick", "points",
        ];
        says(&words).then_some(TrailUnit::Price)
    }
}

/// What becomes of an order whose trigger is met on entry: what any key of the `config` says that speaks of it.
pub fn on_entry(config: &Object) -> Option<&Value> {
    let speaks = |(key, _): &(&String, &Value)| speaks_of_entry(key);
    let (_, value) = config.iter().find(speaks)?;
    (!value.is_null()).then_some(value)
}

/// Whether a key of the `config` says what becomes of such an order.
pub fn speaks_of_entry(key: &str) -> bool {
    let words = ["entry", "through", "already", "immediate", "admission"];
    let is_of_triggers = key.contains("stop") || key.contains("trigger");
    is_of_triggers && words.iter().any(|word| key.contains(word))
}

/// The policy that a description names.
pub fn entry_policy(value: &Value) -> Option<TriggerOnEntry> {
    if let Some(fires) = value.as_bool() {
        return Some(match fires {
            true => TriggerOnEntry::Fires,
            false => TriggerOnEntry::Waits,
        });
    }
    let text = value.as_str()?.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["refuse", "reject"]) {
        Some(TriggerOnEntry::Refused)
    } else if says(&["wait", "next", "pending", "parks", "rests"]) {
        Some(TriggerOnEntry::Waits)
    } else {
        let words = [
            "fire",
            "trigger",
            "activate",
            "at once",
            "immediate",
            "elect",
        ];
        says(&words).then_some(TriggerOnEntry::Fires)
    }
}

/// Whether a key says how an order trails.
pub fn is_trail(key: &str) -> bool {
    key.starts_with("trail")
}

/// Whether a key's number is a price, or a distance in prices.
pub fn is_price_of_trigger(key: &str) -> bool {
    let names_a_price = matches!(
        key,
        "stop_price"
            | "new_stop_price"
            | "trigger_price"
            | "take_profit_price"
            | "activation_price"
            | "trigger_print"
            | "works_at_limit"
            | "extreme_price"
    );
    names_a_price || (is_trail(key) && trail_unit(key).is_none_or(|unit| unit == TrailUnit::Price))
}

/// Which price triggers orders, where the scenario does not say.
pub const SOURCES: &[&str] = &["last trade", "best opposite"];

/// What becomes of an order whose trigger is met on entry, where it does not say.
pub const ENTRIES: &[&str] = &["fires", "waits", "refused"];

/// What becomes of an order with a trigger while there is no price to compare it with.
pub const WITHOUT_PRICE: &[&str] = &["waits", "fires"];

/// Whether the scenario enters an order with a trigger.
pub fn enters_any(scenario: &Scenario) -> bool {
    scenario.plain_steps().any(|step| form(step).is_some())
}
