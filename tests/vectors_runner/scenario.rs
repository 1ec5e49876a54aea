//! Scenarios as data: one JSON object a line, and what its parts are read as.

use std::collections::BTreeMap;

use pricetime::{AccountId, ClientToken, Decimal, Lot, OrderId, Tick, TradeGroup};
use serde_json::{Map, Value};

use crate::{cancel_replace, conventions, list_words, trigger_words};

pub type Object = Map<String, Value>;

/// One scenario: conventions, what is done, and what is then expected.
pub struct Scenario {
    pub name: String,
    /// Where its numbers are from.
    pub source: String,
    pub config: Object,
    pub steps: Vec<Object>,
    pub expectations: Vec<Expectation>,
    /// The orders that steps contain, those of lists and of cancel-replaces, each as a step.
    pub legs: Vec<Object>,
    /// Keys beside those of the dialect.
    pub strange: Vec<String>,
}

/// What holds after the first `after` steps.
pub struct Expectation {
    pub after: usize,
    pub facts: Object,
}

impl Scenario {
    /// Reads one line; the error says what is wrong with it.
    pub fn parse(line: &str) -> Result<Self, String> {
        let value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
        let Value::Object(whole) = value else {
            return Err("a line must hold an object".into());
        };
        let name = whole.get("name").and_then(Value::as_str);
        let steps = objects(&whole, "steps")?;
        let mut expectations = Vec::new();
        for mut check in objects(&whole, "checks")? {
            let after = check.remove("after").and_then(|after| after.as_u64());
            let after = after.ok_or("a check needs `after`")? as usize;
            if after > steps.len() {
                return Err(format!("a check after step {after} of {}", steps.len()));
            }
            if let Some(Value::Object(nested)) = check.remove("expect") {
                check.extend(nested);
            }
            expectations.push(Expectation {
                after,
                facts: check,
            });
        }
        expectations.push(Expectation {
            after: steps.len(),
            facts: object(&whole, "expect")?,
        });
        let known = [
            "name", "source", "area", "config", "steps", "checks", "expect", "notes",
        ];
        let is_strange =
            |key: &&String| !known.contains(&key.as_str()) && !key.starts_with("source_");
        let source = whole.get("source").and_then(Value::as_str);
        Ok(Self {
            source: source.unwrap_or_default().into(),
            legs: steps.iter().flat_map(nested).collect(),
            name: name.ok_or("a scenario needs a `name`")?.into(),
            config: object(&whole, "config")?,
            steps,
            expectations,
            strange: whole.keys().filter(is_strange).cloned().collect(),
        })
    }

    /// The steps, a `repeat` as its template, and the orders of lists besides.
    pub fn plain_steps(&self) -> impl Iterator<Item = &Object> {
        let steps = self.steps.iter().map(|step| match step.get("template") {
            Some(Value::Object(template)) => template,
            _ => step,
        });
        steps.chain(&self.legs)
    }
}

fn nested(step: &Object) -> Vec<Object> {
    let mut orders = list_words::legs(step);
    orders.extend(cancel_replace::order(step));
    orders
}

fn object(whole: &Object, key: &str) -> Result<Object, String> {
    match whole.get(key) {
        None | Some(Value::Null) => Ok(Object::new()),
        Some(Value::Object(object)) => Ok(object.clone()),
        Some(_) => Err(format!("`{key}` must be an object")),
    }
}

fn objects(whole: &Object, key: &str) -> Result<Vec<Object>, String> {
    let wrong = || format!("`{key}` must be a list of objects");
    match whole.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => list
            .iter()
            .map(|item| item.as_object().cloned().ok_or_else(wrong))
            .collect(),
        Some(_) => Err(wrong()),
    }
}

/// A number, or the text of one.
pub fn decimal(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let parsed: Result<Decimal, _> = text.parse();
    parsed.or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// Numbers for the names that sources give to orders and accounts.
#[derive(Default)]
pub struct Names {
    orders: BTreeMap<String, u64>,
    accounts: BTreeMap<String, u32>,
    groups: BTreeMap<String, u32>,
    tokens: BTreeMap<String, u64>,
    strangers: u32,
}

impl Names {
    /// A number stays itself, also as text; other text gets a number of its own.
    pub fn order(&mut self, value: &Value) -> Option<OrderId> {
        if let Some(id) = value.as_u64() {
            return Some(OrderId(id));
        }
        let text = value.as_str()?;
        if let Ok(id) = text.parse() {
            return Some(OrderId(id));
        }
        let next = (1 << 60) + self.orders.len() as u64;
        Some(OrderId(*self.orders.entry(text.into()).or_insert(next)))
    }

    pub fn account(&mut self, value: &Value) -> AccountId {
        let next = 1 + self.accounts.len() as u32;
        AccountId(*self.accounts.entry(value.to_string()).or_insert(next))
    }

    /// An account that no other order has.
    pub fn stranger(&mut self) -> AccountId {
        self.strangers += 1;
        AccountId(u32::MAX - self.strangers)
    }

    pub fn token(&mut self, value: &Value) -> ClientToken {
        let next = 1 + self.tokens.len() as u64;
        ClientToken(*self.tokens.entry(value.to_string()).or_insert(next))
    }

    pub fn group(&mut self, value: &Value) -> TradeGroup {
        let next = 1 + self.groups.len() as u32;
        TradeGroup(*self.groups.entry(value.to_string()).or_insert(next))
    }
}

/// The tick and lot of a scenario: those of its config, or else the largest
/// powers of ten, at most one, that all its prices and quantities are multiples of.
pub fn units(scenario: &Scenario) -> Result<(Tick, Lot), String> {
    let mut places = Places::default();
    for step in &scenario.steps {
        places.visit(&Value::Object(step.clone()));
    }
    for expectation in &scenario.expectations {
        places.visit(&Value::Object(expectation.facts.clone()));
    }
    places.visit(&Value::Object(scenario.config.clone()));
    let step_of = |key: &str, places: u32| match scenario.config.get(key) {
        None | Some(Value::Null) => Ok(Decimal::new(1, places)),
        Some(value) => decimal(value).ok_or(format!("config `{key}` must be a number")),
    };
    let tick = Tick::new(step_of("tick", places.price)?).map_err(|error| error.to_string())?;
    let lot = Lot::new(step_of("lot", places.quantity)?).map_err(|error| error.to_string())?;
    Ok((tick, lot))
}

/// The most decimal places seen so far.
#[derive(Default)]
struct Places {
    price: u32,
    quantity: u32,
}

impl Places {
    fn visit(&mut self, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|item| self.visit(item)),
            Value::Object(object) => {
                for (key, value) in object {
                    let by_order = ["filled", "allocations", "prevented_qty"];
                    if let (Value::Object(quantities), true) =
                        (value, by_order.contains(&key.as_str()))
                    {
                        quantities
                            .values()
                            .for_each(|value| self.note("qty", value));
                    }
                    if let (Value::Object(prices), true) = (
                        value,
                        trigger_words::is_price_of_trigger(key) || key == "pegged_price",
                    ) {
                        prices.values().for_each(|value| self.note(key, value));
                    }
                    self.note(key, value);
                    self.visit(value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn note(&mut self, key: &str, value: &Value) {
        let Some(number) = decimal(value) else { return };
        let scale = number.normalize().scale();
        match key {
            "price" | "new_price" | "last_price" | "price_min" | "price_max" | "peg_limit"
            | "pegged_price" | "stop_limit_price" => {
                self.price = self.price.max(scale);
            }
            key if trigger_words::is_price_of_trigger(key) => {
                self.price = self.price.max(scale);
            }
            key if conventions::protection(key).is_some() => {
                self.price = self.price.max(scale);
            }
            "qty"
            | "new_qty"
            | "new_display_qty"
            | "market_qty_min"
            | "market_qty_max"
            | "market_qty_step"
            | "by"
            | "qty_delta"
            | "remaining_qty"
            | "leaves_qty"
            | "cum_qty"
            | "last_qty"
            | "filled_qty"
            | "min_qty"
            | "display_qty"
            | "display_range"
            | "qty_min"
            | "qty_max"
            | "visible"
            | "hidden"
            | "maker_prevented_qty"
            | "taker_prevented_qty"
            | "base_from_seller_to_buyer" => {
                self.quantity = self.quantity.max(scale);
            }
            _ => {}
        }
    }
}
