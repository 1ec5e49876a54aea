//! A scenario under way: one engine a symbol, and what they said so far.

use std::collections::BTreeMap;

use pricetime::{
    AccountId, Action, Command, Engine, Event, Events, Instrument, Order, OrderId, Price, Pricing,
    Quantity, Side, Timestamp, UnitError, View,
};
use serde_json::Value;

use crate::conventions::{Reading, readings};
use crate::ledger::Ledger;
use crate::lists::Lists;
use crate::scenario::{Names, Object, Scenario, decimal};
use crate::triggers::Watch;
use crate::{
    changes, conventions, entry, expect, expect_book, filters, instrument, list_words, lists,
    trigger_words, triggers,
};

/// What became of a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    Passed,
    /// The engine lacks what the scenario is about.
    Skipped(String),
    /// Every difference found.
    Failed(Vec<String>),
}

/// Why a scenario cannot go on.
#[derive(Debug)]
pub enum Halt {
    Skip(String),
    Malformed(String),
}

impl Halt {
    pub fn skip(feature: &str) -> Self {
        Self::Skip(feature.into())
    }
}

/// One scenario under way.
pub struct Run {
    pub config: Object,
    pub instrument: Instrument,
    pub engines: BTreeMap<String, Engine>,
    pub ledger: Ledger,
    pub names: Names,
    /// Of each accepted order, the terms it was entered with.
    pub terms: BTreeMap<OrderId, Order>,
    /// Whether plain orders are entered as orders with terms, too.
    pub spells_out_terms: bool,
    pub watch: Watch,
    pub lists: Lists,
    pub enters_lists: bool,
    /// Whether the scenario is of a source whose pegs take their price once.
    pub is_binance: bool,
    /// The mark that a scenario starts with.
    first_mark: Option<Price>,
    /// What the events alone make of each symbol's book.
    views: BTreeMap<String, View>,
    /// The number of the step under way, from 1.
    pub step: usize,
    symbol: String,
    now: Timestamp,
    events: Events,
}

/// Runs a scenario to its end, or to the first thing that the engine lacks.
pub fn run(scenario: &Scenario) -> Outcome {
    run_as(scenario, false).0
}

/// Runs a scenario in its usual reading, and if that fails in the others that it leaves
/// open, until it passes; with the reading in which it did. Plain orders are entered as
/// such, or by the door of those with terms.
pub fn run_as(scenario: &Scenario, spells_out_terms: bool) -> (Outcome, Reading) {
    if let Some(feature) = crate::features::missing(scenario) {
        return (Outcome::Skipped(feature), Reading::new());
    }
    let (mut usual, mut without_price) = (None, None);
    for reading in readings(scenario) {
        let outcome = run_reading(scenario, &reading, spells_out_terms);
        if outcome == Outcome::Passed {
            return (outcome, reading);
        }
        if outcome == Outcome::Skipped(WITHOUT_PRICE.into()) {
            without_price.get_or_insert((outcome.clone(), reading.clone()));
        }
        usual.get_or_insert((outcome, reading));
    }
    let usual = usual.expect("there is one reading at least");
    // Otherwise a difference would be told that this convention explains.
    without_price
        .map(|(outcome, _)| (outcome, usual.1.clone()))
        .unwrap_or(usual)
}

fn run_reading(scenario: &Scenario, reading: &Reading, spells_out_terms: bool) -> Outcome {
    let mut differences = Vec::new();
    match steps(scenario, reading, spells_out_terms, &mut differences) {
        Err(Halt::Malformed(reason)) => differences.push(reason),
        // What was wrong before the engine lacked something stays wrong.
        Err(Halt::Skip(feature)) if differences.is_empty() => return Outcome::Skipped(feature),
        Err(Halt::Skip(_)) | Ok(()) => {}
    }
    if differences.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed(differences)
    }
}

fn steps(
    scenario: &Scenario,
    reading: &Reading,
    spells_out_terms: bool,
    differences: &mut Vec<String>,
) -> Result<(), Halt> {
    let mut run = Run::new(scenario, reading)?;
    run.spells_out_terms = spells_out_terms;
    for after in 0..=scenario.steps.len() {
        if after > 0 {
            run.step = after;
            run.take(&scenario.steps[after - 1])?;
            run.engine().book().check();
            differences.extend(run.what_the_view_has_wrong());
        }
        for expectation in &scenario.expectations {
            if expectation.after == after {
                expect::check(&mut run, &expectation.facts, differences)?;
            }
        }
    }
    match run.watch.fired_without_price {
        // All came out as expected, but an order had to be entered without its trigger.
        true => Err(Halt::skip(WITHOUT_PRICE)),
        false => Ok(()),
    }
}

/// A convention that no policy expresses.
const WITHOUT_PRICE: &str = "stop that fires while there is no price";

impl Run {
    fn new(scenario: &Scenario, reading: &Reading) -> Result<Self, Halt> {
        let mut config = scenario.config.clone();
        config.extend(reading.iter().map(|&(key, word)| (key.into(), word.into())));
        let instrument = instrument::of(scenario, &config).map_err(Halt::Malformed)?;
        let stp = scenario.config.get("stp").unwrap_or(&Value::Null);
        let want_refuses = config.get("unfilled") == Some(&"rejected".into());
        Ok(Self {
            config,
            events: Events::for_instrument(&instrument),
            engines: BTreeMap::new(),
            ledger: Ledger {
                prevention_refuses: conventions::refuses(stp),
                want_refuses,
                ..Ledger::default()
            },
            names: Names::default(),
            terms: BTreeMap::new(),
            spells_out_terms: false,
            watch: Watch::of(scenario),
            lists: Lists::default(),
            enters_lists: list_words::enters_any(scenario),
            is_binance: scenario.source.to_ascii_lowercase().contains("binance"),
            first_mark: filters::first_mark(scenario, &instrument),
            instrument,
            views: BTreeMap::new(),
            step: 0,
            symbol: String::new(),
            now: Timestamp::default(),
        })
    }

    /// Does one step; a `repeat` does its template once for each id.
    fn take(&mut self, object: &Object) -> Result<(), Halt> {
        let op = object.get("op").and_then(Value::as_str).unwrap_or_default();
        if op != "repeat" {
            return self.take_one(&Step { op, object });
        }
        let bounds = object.get("ids").and_then(Value::as_array);
        let bounds: Vec<u64> = bounds
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .collect();
        let (&[first, last], Some(Value::Object(template))) = (&bounds[..], object.get("template"))
        else {
            return Err(self.malformed("repeat needs `ids` [first, last] and a `template`"));
        };
        let mut object = template.clone();
        for id in first..=last {
            object.insert("id".into(), id.into());
            let op = template.get("op").and_then(Value::as_str);
            self.take_one(&Step {
                op: op.unwrap_or_default(),
                object: &object,
            })?;
        }
        Ok(())
    }

    fn take_one(&mut self, step: &Step) -> Result<(), Halt> {
        if let Some(time) = step.object.get("time") {
            let time = time
                .as_u64()
                .ok_or_else(|| self.malformed("`time` must be whole"))?;
            self.now = Timestamp::new(time);
        }
        self.symbol = step.text("symbol").unwrap_or_default().into();
        if trigger_words::form(step.object).is_some() {
            entry::order(self, step)?;
            return self.end_step();
        }
        match step.op {
            op if trigger_words::is_print(op) => triggers::print(self, step)?,
            "limit" | "pegged" | "market_to_limit" | "market_protected" => {
                entry::order(self, step)?;
            }
            "market" | "market_by_notional" | "fok_budget" => entry::market(self, step)?,
            _ if list_words::is_list(step.object) => lists::enter(self, step)?,
            "cancel_list" => lists::cancel(self, step)?,
            "advance_time" => self.apply(Action::AdvanceTime),
            "end_of_day" => self.apply(Action::EndOfDay),
            "note" => {}
            _ => changes::change(self, step)?,
        }
        self.end_step()
    }

    fn end_step(&mut self) -> Result<(), Halt> {
        triggers::follow_trades(self);
        triggers::check_rests(self)
    }

    pub fn engine(&mut self) -> &mut Engine {
        let engine = self.engines.entry(self.symbol.clone());
        engine.or_insert_with(|| {
            let mut engine = Engine::new(self.instrument.clone());
            if let Some(mark) = self.first_mark {
                let command = Command::new(Timestamp::default(), Action::SetMark(mark));
                engine.apply(&command, &mut Events::for_instrument(&self.instrument));
            }
            engine
        })
    }

    /// What a live order of the step's symbol wants now.
    pub fn live(&mut self, id: OrderId) -> Option<Live> {
        let book = self.engine().book();
        if let Some(waiting) = book.waiting_order(id) {
            let price = match waiting.order.pricing {
                Pricing::Limit(price) => Some(price),
                Pricing::Market
                | Pricing::Protected(_)
                | Pricing::MarketToLimit
                | Pricing::Pegged { .. } => None,
            };
            return Some(Live {
                price,
                quantity: waiting.order.quantity,
                waits: true,
            });
        }
        book.order(id).map(|order| Live {
            price: Some(order.price),
            quantity: order.quantity,
            waits: false,
        })
    }

    pub fn apply(&mut self, action: Action) {
        let command = Command::new(self.now, action);
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        self.engine().apply(&command, &mut events);
        let view = self.views.entry(self.symbol.clone()).or_default();
        for event in &events {
            self.ledger.record(self.step, event, &action);
            view.apply(event);
        }
        self.events = events;
        triggers::note_extremes(self);
    }

    /// A command that no expectation is about.
    pub fn apply_unseen(&mut self, action: Action) {
        let mut events = Events::for_instrument(&self.instrument);
        let command = Command::new(self.now, action);
        self.engine().apply(&command, &mut events);
        let view = self.views.entry(self.symbol.clone()).or_default();
        for event in &events {
            view.apply(event);
        }
    }

    /// The events must tell all that the book has.
    fn what_the_view_has_wrong(&mut self) -> expect::Difference {
        let view = self.views.entry(self.symbol.clone()).or_default();
        let book = self.engines.get(&self.symbol)?.book();
        for side in Side::BOTH {
            let told = view.orders(side);
            let told = told.map(|o| (o.id, o.price, o.quantity, o.displayed));
            let kept = expect_book::orders(book, &self.ledger, side);
            let kept = kept
                .iter()
                .map(|o| (o.id, o.price, o.quantity, o.displayed));
            let wrong = expect::compare(&kept.collect::<Vec<_>>(), &told.collect());
            if let Some(wrong) = wrong {
                return Some(format!("after step {}: view: {wrong}", self.step));
            }
        }
        None
    }

    /// What the last command caused.
    pub fn last_events(&self) -> &[Event] {
        self.events.as_slice()
    }

    /// Notes a refusal by the conversion of a unit: the command could not be made.
    pub fn refuse(&mut self, id: OrderId, error: UnitError) {
        let reason = format!("{error:?}");
        self.ledger.refuse(self.step, id, reason, Quantity::ZERO);
    }

    pub fn malformed(&self, reason: &str) -> Halt {
        Halt::Malformed(format!("step {}: {reason}", self.step))
    }

    /// A convention's text, empty when the scenario does not state it.
    pub fn convention(&self, key: &str) -> &str {
        self.config
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub fn id(&mut self, step: &Step) -> Result<OrderId, Halt> {
        let id = step.object.get("id").and_then(|id| self.names.order(id));
        id.ok_or_else(|| self.malformed("`id` must be a number or a name"))
    }

    pub fn owner(&mut self, step: &Step) -> Option<AccountId> {
        let account = step
            .object
            .get("account")
            .filter(|account| !account.is_null());
        account.map(|account| self.names.account(account))
    }

    pub fn side(&self, step: &Step) -> Result<Side, Halt> {
        match step.text("side") {
            Some("buy") => Ok(Side::Buy),
            Some("sell") => Ok(Side::Sell),
            _ => Err(self.malformed("`side` must be buy or sell")),
        }
    }

    /// A number that the step must have.
    pub fn number(&self, step: &Step, key: &str) -> Result<pricetime::Decimal, Halt> {
        let number = step.object.get(key).and_then(decimal);
        number.ok_or_else(|| self.malformed(&format!("`{key}` must be a number")))
    }

    /// A price that the step may have; the inner error is the edge's refusal.
    pub fn price(&self, step: &Step, key: &str) -> Result<Result<Option<Price>, UnitError>, Halt> {
        if !step.has(key) {
            return Ok(Ok(None));
        }
        let number = self.number(step, key)?;
        Ok(self.instrument.price(number).map(Some))
    }

    /// A quantity that the step may have, as [`price`](Self::price).
    pub fn quantity(
        &self,
        step: &Step,
        key: &str,
    ) -> Result<Result<Option<Quantity>, UnitError>, Halt> {
        if !step.has(key) {
            return Ok(Ok(None));
        }
        let number = self.number(step, key)?;
        Ok(self.instrument.quantity(number).map(Some))
    }
}

/// An order that rests or waits for its trigger.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// Its limit, if it has one yet.
    pub price: Option<Price>,
    pub quantity: Quantity,
    pub waits: bool,
}

/// A step as its makers wrote it.
pub struct Step<'a> {
    pub op: &'a str,
    pub object: &'a Object,
}

impl Step<'_> {
    pub fn has(&self, key: &str) -> bool {
        self.object.get(key).is_some_and(|value| !value.is_null())
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.object.get(key).and_then(Value::as_str)
    }

    pub fn flag(&self, key: &str) -> bool {
        self.object.get(key) == Some(&Value::Bool(true))
    }
}
