//! What sources mean by their words on amendments: what keeps an order's place, and what a new quantity counts.

use pricetime::{AmendPolicy, AmendQuantity, CancelOnly, CancelReplaceMode};
use serde_json::Value;

use crate::scenario::{Object, Scenario};

/// Steps that give an order a new quantity by name, not by a difference.
const BY_QUANTITY: &[&str] = &[
    "amend",
    "amend_keep_priority",
    "modify",
    "mitigate",
    "replace",
    "cancel_replace",
    "cancel_replace_same_id",
];

/// Steps that could ask for more than less quantity.
const CHANGES: &[&str] = &[
    "amend",
    "move",
    "modify",
    "mitigate",
    "replace",
    "cancel_replace_same_id",
];

/// Where the `config` says what keeps the place.
const POLICIES: &[&str] = &["amend_undisclosed", "amend_priority", "amend_policy"];

/// Which amendments keep the place: what the `config` says, or the source's known rule.
pub fn policy(scenario: &Scenario) -> AmendPolicy {
    let mut said = POLICIES.iter().filter_map(|key| {
        let text = scenario.config.get(*key)?.as_str()?;
        policy_named(key, text)
    });
    if let Some(said) = said.next() {
        return said;
    }
    let source = scenario.source.to_ascii_lowercase();
    let any = |ops: &[&str]| {
        let steps = scenario
            .plain_steps()
            .filter_map(|step| step.get("op")?.as_str());
        steps.into_iter().any(|op| ops.contains(&op))
    };
    if source.contains("tsx.com") {
        AmendPolicy::NoMoreDisplayed
    } else if source.contains("binance") && any(&["amend_keep_priority"]) && !any(CHANGES) {
        AmendPolicy::OnlyLessQuantity
    } else {
        AmendPolicy::LessQuantity
    }
}

/// Whether a key of the `config` speaks of what keeps the place, and a value that it may have.
pub fn convention(key: &str, text: &str) -> Option<bool> {
    POLICIES
        .contains(&key)
        .then(|| policy_named(key, text).is_some())
}

pub fn policy_named(key: &str, text: &str) -> Option<AmendPolicy> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["displayed", "undisclosed"]) || (key == "amend_undisclosed" && says(&["keep"])) {
        Some(AmendPolicy::NoMoreDisplayed)
    } else if says(&["only", "refuse", "reject"]) {
        Some(AmendPolicy::OnlyLessQuantity)
    } else {
        says(&["less", "smaller", "decrease", "reduc", "lose"]).then_some(AmendPolicy::LessQuantity)
    }
}

/// What a new quantity counts: in total, if every step that names one means it so.
pub fn quantity(scenario: &Scenario) -> AmendQuantity {
    let amend_qty = scenario.config.get("amend_qty").and_then(Value::as_str);
    let steps = scenario.plain_steps().filter_map(|step| {
        let op = step.get("op")?.as_str()?;
        let names = step.contains_key("new_qty") && BY_QUANTITY.contains(&op);
        names.then(|| counts_total(op, amend_qty.unwrap_or_default()))
    });
    let mut steps = steps.peekable();
    let is_named = steps.peek().is_some();
    match is_named && steps.all(|total| total) {
        true => AmendQuantity::Total,
        false => AmendQuantity::Open,
    }
}

/// Whether a step's new quantity counts what has traded.
pub fn counts_total(op: &str, amend_qty: &str) -> bool {
    match op {
        "mitigate" => true,
        "amend_keep_priority" => amend_qty != "remaining",
        _ => amend_qty == "total including filled",
    }
}

/// What happens if one part of a cancel-replace fails.
pub fn mode(value: &Value) -> Option<CancelReplaceMode> {
    match letters(value).as_str() {
        "stoponfailure" | "stop" => Some(CancelReplaceMode::StopOnFailure),
        "allowfailure" | "allow" => Some(CancelReplaceMode::AllowFailure),
        _ => None,
    }
}

/// Which orders it may cancel.
pub fn only(value: &Value) -> Option<CancelOnly> {
    match letters(value).as_str() {
        "any" | "none" | "" => Some(CancelOnly::Any),
        "onlynew" | "new" => Some(CancelOnly::New),
        "onlypartiallyfilled" | "partiallyfilled" => Some(CancelOnly::PartiallyFilled),
        _ => None,
    }
}

fn letters(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    letters.collect::<String>().to_ascii_lowercase()
}

/// The keys of a step that make it a cancel-replace in one command.
pub const IN_ONE: &[&str] = &[
    "mode",
    "cancel_replace_mode",
    "only",
    "cancel_restrictions",
    "order",
    "cancel_id",
];

pub fn is_in_one(step: &Object) -> bool {
    IN_ONE
        .iter()
        .any(|key| step.get(*key).is_some_and(|value| !value.is_null()))
}
