//! Steps that enter an order list, and what sources mean by their words on them: the orders of a list as steps of their own,
//! in the order in which they are entered.

use pricetime::{ListKind, PartialFill};
use serde_json::Value;

use crate::scenario::{Object, Scenario};

/// The lists, by the names of their steps. `None`: the step says which it is.
pub const LISTS: &[(&str, Option<ListKind>)] = &[
    ("oco", Some(ListKind::OneCancelsOther)),
    ("ocm", Some(ListKind::OneCancelsMany)),
    ("oto", Some(ListKind::OneTriggersOther)),
    ("otoco", Some(ListKind::OneTriggersOneCancelsOther)),
    ("bracket", Some(ListKind::OneTriggersOneCancelsOther)),
    ("opo", Some(ListKind::OnePaysOther)),
    ("list", None),
    ("order_list", None),
];

/// Where a step has its orders, in the order of entry; its own keys come behind the first ones.
const WORKING: &[&str] = &["working", "entry", "parent", "primary", "first"];
const OTHERS: &[&str] = &[
    "legs",
    "orders",
    "limit",
    "profit",
    "take_profit",
    "above",
    "pending_above",
    "stop",
    "stop_loss",
    "below",
    "pending_below",
    "pending",
    "child",
    "children",
    "secondary",
    "second",
    "other",
    "oco",
];

/// What the step says of the list, not of an order.
pub const OF_THE_LIST: &[&str] = &[
    "op",
    "list",
    "list_id",
    "kind",
    "partial_fill",
    "symbol",
    "time",
    "notes",
    "raw_event",
    "id",
    "account",
];

pub fn is_list(step: &Object) -> bool {
    let op = step.get("op").and_then(Value::as_str).unwrap_or_default();
    LISTS.iter().any(|(name, _)| *name == op)
}

/// What of a step that enters a list is not known. Its orders are looked at as steps.
pub fn missing(step: &Object) -> Option<String> {
    if kind(step).is_none() {
        return Some(format!("list {}", step.get("kind").unwrap_or(&Value::Null)));
    }
    let step = &unflattened(step);
    let has_own = !own(step).is_empty();
    let known = |key: &str| {
        let nests = WORKING.contains(&key) || OTHERS.contains(&key);
        let shared = ["side", "qty", "stp", "trade_group"].contains(&key);
        has_own || nests || shared || OF_THE_LIST.contains(&key)
    };
    let strange = step.keys().find(|key| !known(key));
    strange.map(|key| format!("key {}.{key}", step["op"].as_str().unwrap_or_default()))
}

/// How the orders of a step's list depend on each other.
pub fn kind(step: &Object) -> Option<ListKind> {
    let word = |key: &str| step.get(key).and_then(Value::as_str);
    let op = word("op")?;
    let (_, kind) = LISTS.iter().find(|(name, _)| *name == op)?;
    kind.or_else(|| kind_named(word("kind")?))
}

fn kind_named(text: &str) -> Option<ListKind> {
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    let named = LISTS.iter().find(|(name, _)| *name == letters);
    let spelled = [
        ("onecancelsother", ListKind::OneCancelsOther),
        ("onecancelstheother", ListKind::OneCancelsOther),
        ("onecancelsmany", ListKind::OneCancelsMany),
        ("onecancelsall", ListKind::OneCancelsMany),
        ("onetriggersother", ListKind::OneTriggersOther),
        ("onetriggerstheother", ListKind::OneTriggersOther),
        (
            "onetriggersonecancelsother",
            ListKind::OneTriggersOneCancelsOther,
        ),
        (
            "onetriggersaonecancelstheother",
            ListKind::OneTriggersOneCancelsOther,
        ),
        ("onepaysother", ListKind::OnePaysOther),
        ("onepaystheother", ListKind::OnePaysOther),
    ];
    let spelled = spelled.into_iter().find(|(name, _)| *name == letters);
    named
        .and_then(|(_, kind)| *kind)
        .or(spelled.map(|(_, kind)| kind))
}

/// What a partial trade of one order does to the others, in the source's words.
pub fn partial_fill(text: &str) -> Option<PartialFill> {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&[
        "wait",
        "nothing",
        "full",
        "whole",
        "complete",
        "no effect",
        "only when",
    ]) {
        Some(PartialFill::Waits)
    } else if says(&["reduce", "updates", "shrink", "smaller", "proportion"]) {
        Some(PartialFill::Reduces)
    } else {
        says(&["cancel", "any fill", "first fill"]).then_some(PartialFill::Cancels)
    }
}

/// Whether a key of the `config` says it.
pub fn speaks_of_partial_fill(key: &str) -> bool {
    key.contains("partial") && !key.contains("min")
}

/// What the `config` says of it.
pub fn of_config(config: &Object) -> Option<&str> {
    let (_, value) = config
        .iter()
        .find(|(key, value)| speaks_of_partial_fill(key) && value.is_string())?;
    value.as_str()
}

/// What a partial trade does, where the scenario does not say.
pub const PARTIAL_FILLS: &[&str] = &["cancels", "waits", "reduces"];

/// Whether the prices of a pair have to lie on both sides of the last trade, where the scenario does not say.
pub const PRICES: &[&str] = &["compared", "not compared"];

/// Whether a key of the `config` speaks of lists, and a value that it may have.
pub fn convention(key: &str, text: &str) -> Option<bool> {
    match key {
        "list_prices" => Some(PRICES.contains(&text)),
        key if speaks_of_partial_fill(key) => Some(partial_fill(text).is_some()),
        _ => None,
    }
}

/// Whether the scenario enters a list.
pub fn enters_any(scenario: &Scenario) -> bool {
    scenario.plain_steps().any(is_list)
}

/// The orders of a list as steps, in the order in which they are entered; none if the step enters no list.
pub fn legs(step: &Object) -> Vec<Object> {
    if !is_list(step) {
        return Vec::new();
    }
    let step = &unflattened(step);
    let nested = |keys: &[&str]| {
        let mut found = Vec::new();
        for key in keys {
            match step.get(*key) {
                Some(Value::Object(leg)) => found.push((key.to_string(), leg.clone())),
                Some(Value::Array(list)) => {
                    let legs = list.iter().filter_map(Value::as_object);
                    found.extend(legs.map(|leg| (key.to_string(), leg.clone())));
                }
                _ => {}
            }
        }
        // `pending: {above, below}`: the orders are one step deeper.
        found
            .into_iter()
            .flat_map(|(key, leg)| deeper(key, leg))
            .collect::<Vec<_>>()
    };
    let mut orders = nested(WORKING);
    orders.extend(own(step));
    orders.extend(nested(OTHERS));
    let has_working = kind(step).is_some_and(ListKind::has_working);
    let working = orders
        .first()
        .map(|(_, leg)| leg.clone())
        .unwrap_or_default();
    let indexed = orders.into_iter().enumerate();
    indexed
        .map(|(index, (key, leg))| {
            let held = has_working && index > 0;
            completed(step, &working, held, &key, leg, index)
        })
        .collect()
}

/// `working_price` and the like are keys of `working`.
fn unflattened(step: &Object) -> Object {
    let prefixes = [
        "pending_above",
        "pending_below",
        "working",
        "pending",
        "above",
        "below",
    ];
    let mut whole = Object::new();
    for (key, value) in step {
        let part = prefixes.into_iter().find_map(|prefix| {
            let rest = key.strip_prefix(prefix)?.strip_prefix('_')?;
            let is_part = !prefixes.contains(&key.as_str());
            is_part.then_some((prefix, rest))
        });
        let Some((prefix, rest)) = part else {
            whole.insert(key.clone(), value.clone());
            continue;
        };
        let order = whole.entry(prefix).or_insert(Value::Object(Object::new()));
        if let Value::Object(order) = order {
            order.insert(rest.into(), value.clone());
        }
    }
    whole
}

fn deeper(key: String, leg: Object) -> Vec<(String, Object)> {
    let inner = OTHERS.iter().filter_map(|key| {
        let inner = leg.get(*key)?.as_object()?;
        Some((key.to_string(), inner.clone()))
    });
    let inner: Vec<_> = inner.collect();
    match inner.is_empty() {
        true => vec![(key, leg)],
        false => inner,
    }
}

/// The order that a step has in keys of its own: one with a price, a peg or a quantity of its own, unless all of its orders are named.
fn own(step: &Object) -> Vec<(String, Object)> {
    let named = |key: &&&str| {
        step.get(**key)
            .is_some_and(|value| value.is_object() || value.is_array())
    };
    let has = |key: &str| step.get(key).is_some_and(|value| !value.is_null());
    let all_named = WORKING.iter().any(|key| named(&key))
        || ["legs", "orders", "above", "below", "limit", "profit"]
            .iter()
            .any(|key| named(&key));
    let both_named = named(&&"take_profit")
        && (named(&&"stop") || named(&&"stop_loss"))
        && !kind(step).is_some_and(ListKind::has_working);
    if all_named || both_named || !(has("price") || has("peg") || has("stop_price") || has("type"))
    {
        return Vec::new();
    }
    let is_own = |key: &str| {
        !OTHERS.contains(&key) && !["list", "list_id", "kind", "partial_fill", "op"].contains(&key)
    };
    let mut order: Object = step
        .iter()
        .filter(|(key, _)| is_own(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // A pair in one set of keys: a limit, and a stop beside it.
    if !(has("stop_price")
        && has("price")
        && OTHERS.iter().all(|key| !named(&key))
        && kind(step) == Some(ListKind::OneCancelsOther))
    {
        return vec![(String::new(), order)];
    }
    let mut stop = order.clone();
    for key in ["stop_price", "stop_limit_price", "stop_id"] {
        order.remove(key);
    }
    stop.remove("price");
    if let Some(limit) = stop.remove("stop_limit_price") {
        stop.insert("price".into(), limit);
    }
    stop.remove("id");
    if let Some(id) = stop.remove("stop_id") {
        stop.insert("id".into(), id);
    }
    vec![(String::new(), order), ("stop".into(), stop)]
}

/// An order of a list with what it does not say itself.
fn completed(
    step: &Object,
    working: &Object,
    held: bool,
    key: &str,
    leg: Object,
    index: usize,
) -> Object {
    let mut whole = leg;
    for shared in ["account", "symbol", "stp", "trade_group"] {
        if let (None, Some(value)) = (whole.get(shared), step.get(shared)) {
            whole.insert(shared.into(), value.clone());
        }
    }
    let qty = step.get("qty").or(working.get("qty"));
    if let (None, Some(qty)) = (whole.get("qty"), qty) {
        whole.insert("qty".into(), qty.clone());
    }
    let side = step
        .get("side")
        .or(working.get("side"))
        .cloned()
        .unwrap_or_default();
    let side = match (held, side.as_str()) {
        (true, Some("buy")) => "sell".into(),
        (true, Some("sell")) => "buy".into(),
        _ => side,
    };
    if !whole.contains_key("side") {
        whole.insert("side".into(), side);
    }
    if !whole.contains_key("id") {
        let name = list_name(step).to_string();
        whole.insert("id".into(), format!("{name} {index}").into());
    }
    let named = whole.remove("type").or(whole.remove("op"));
    let named = named.as_ref().and_then(Value::as_str);
    whole.insert("op".into(), operation(key, named, &whole).into());
    if named.is_some_and(|named| named.eq_ignore_ascii_case("LIMIT_MAKER")) {
        whole.insert("post_only".into(), true.into());
    }
    whole
}

/// What a list is called: by its step, or as its first order.
pub fn list_name(step: &Object) -> Value {
    let named = ["list", "list_id", "id"].into_iter().find_map(|key| {
        let name = step.get(key)?;
        (name.is_number() || name.is_string()).then(|| name.clone())
    });
    let first = || {
        WORKING
            .iter()
            .chain(OTHERS)
            .find_map(|key| match step.get(*key)? {
                Value::Array(list) => list.first()?.get("id").cloned(),
                leg => leg.get("id").cloned(),
            })
    };
    named.or_else(first).unwrap_or_default()
}

/// The operation that enters an order, by its type, or else by its keys.
pub fn operation(key: &str, named: Option<&str>, leg: &Object) -> String {
    let has = |key: &str| leg.get(key).is_some_and(|value| !value.is_null());
    let triggers = has("stop_price")
        || has("trigger_price")
        || has("take_profit_price")
        || leg.keys().any(|key| key.starts_with("trail"));
    let stops = key.contains("stop");
    let profits = key.contains("profit");
    let limit = match has("price") {
        true => "limit",
        false => "market",
    };
    let Some(named) = named else {
        return match (triggers, profits) {
            _ if has("peg") => "pegged".into(),
            (true, true) => format!("take_profit_{limit}"),
            (true, false) => format!("stop_{limit}"),
            (false, _) => limit.into(),
        };
    };
    let named = named.to_ascii_lowercase().replace([' ', '-'], "_");
    match named.as_str() {
        "limit_maker" => "limit".into(),
        "limit" | "market" if triggers && profits => format!("take_profit_{named}"),
        "limit" | "market" if triggers || stops => format!("stop_{named}"),
        _ => named,
    }
}
