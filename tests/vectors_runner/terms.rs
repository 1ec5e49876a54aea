//! The terms of an order beyond side, price and quantity, as a step puts them and the
//! scenario's conventions complete them.

use pricetime::{
    AccountId, Display, Order, OrderId, PostOnly, Quantity, SelfTrade, TimeInForce, Timestamp,
    TradeGroup, UnitError,
};
use serde_json::Value;

use crate::conventions;
use crate::run::{Halt, Run, Step};

/// Why a step's order did not come to the engine.
pub enum Unmade {
    /// The conversion of a unit refused it.
    Refused(UnitError),
    Halt(Halt),
}

impl From<UnitError> for Unmade {
    fn from(error: UnitError) -> Self {
        Self::Refused(error)
    }
}

impl From<Halt> for Unmade {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

/// The order of a step as a limit order at zero; `rests` is what it does without a `tif`.
pub fn order(
    run: &mut Run,
    step: &Step,
    quantity: Quantity,
    rests: TimeInForce,
) -> Result<Order, Unmade> {
    let id = run.id(step)?;
    let account = account(run, step);
    let plain = Order::limit(id, account, run.side(step)?, Default::default(), quantity);
    let mut time_in_force = lifetime(run, step, rests)?;
    let mut minimum = run.quantity(step, "min_qty")??.unwrap_or_default();
    if step.flag("aon") {
        (time_in_force, minimum) = match time_in_force {
            TimeInForce::Ioc | TimeInForce::Fok => (TimeInForce::Fok, Quantity::ZERO),
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => (time_in_force, quantity),
        };
    }
    Ok(Order {
        group: group(run, step)?,
        minimum,
        time_in_force,
        post_only: post_only(run, step)?,
        display: display(run, step, quantity, time_in_force)?,
        self_trade: self_trade(step)?,
        ..plain
    })
}

/// An order without an account is nobody else's, unless all are of one account.
pub fn account(run: &mut Run, step: &Step) -> AccountId {
    if let Some(account) = run.owner(step) {
        return account;
    }
    match run.config.get("same_account") {
        Some(Value::Bool(true)) => run.names.account(&Value::Null),
        _ => run.names.stranger(),
    }
}

pub fn lifetime(run: &Run, step: &Step, unsaid: TimeInForce) -> Result<TimeInForce, Halt> {
    Ok(match step.text("tif") {
        None => unsaid,
        Some("GTC") => TimeInForce::Gtc,
        Some("IOC") => TimeInForce::Ioc,
        Some("FOK") => TimeInForce::Fok,
        Some("DAY") => TimeInForce::Day,
        // GTD and GTT. Without an expiry the date does not come within the scenario.
        Some(_) => TimeInForce::Gtd(match step.object.get("expiry") {
            None | Some(Value::Null) => Timestamp::new(u64::MAX),
            Some(expiry) => {
                let expiry = expiry.as_u64();
                Timestamp::new(expiry.ok_or_else(|| run.malformed("`expiry` must be whole"))?)
            }
        }),
    })
}

fn post_only(run: &Run, step: &Step) -> Result<PostOnly, Halt> {
    let convention = match run.convention("post_only") {
        "slide" => PostOnly::Slide,
        _ => PostOnly::Reject,
    };
    match step.object.get("post_only") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(PostOnly::Off),
        Some(Value::Bool(true)) => Ok(convention),
        Some(Value::String(text)) if text == "reject" => Ok(PostOnly::Reject),
        Some(Value::String(text)) if text == "slide" => Ok(PostOnly::Slide),
        Some(other) => Err(Halt::Skip(format!("post_only {other}"))),
    }
}

/// The group of the step or of all orders. A source that writes -1 means none.
pub fn group(run: &mut Run, step: &Step) -> Result<TradeGroup, Halt> {
    let group = step.object.get("trade_group");
    let group = group.or(run.config.get("trade_group")).cloned();
    match group {
        None | Some(Value::Null | Value::Bool(false)) => Ok(TradeGroup(0)),
        Some(number) if number.as_i64().is_some_and(|number| number < 1) => Ok(TradeGroup(0)),
        Some(name @ (Value::Number(_) | Value::String(_))) => Ok(run.names.group(&name)),
        Some(other) => Err(Halt::Skip(format!("trade_group {other}"))),
    }
}

/// The step's own mode; the scenario's is the instrument's default.
pub fn self_trade(step: &Step) -> Result<Option<SelfTrade>, Halt> {
    let Some(name) = step.object.get("stp").filter(|name| !name.is_null()) else {
        return Ok(None);
    };
    let mode = conventions::self_trade(name);
    let unknown = || Halt::Skip(format!("self-trade mode {name}"));
    mode.map(Some).ok_or_else(unknown)
}

fn display(
    run: &Run,
    step: &Step,
    quantity: Quantity,
    time_in_force: TimeInForce,
) -> Result<Display, Unmade> {
    let shown = run.quantity(step, "display_qty")??;
    let hides = step.flag("hidden") || shown.is_some();
    let cannot_rest = matches!(time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
    let is_needless = cannot_rest || shown.is_some_and(|shown| shown > quantity);
    if !hides || (is_needless && run.convention("needless_display") == "ignored") {
        return Ok(Display::Whole);
    }
    let shown = shown.unwrap_or_default();
    if shown == Quantity::ZERO {
        return Ok(Display::Hidden);
    }
    if step.flag("hidden") {
        return Err(Halt::skip("hidden order that shows a part").into());
    }
    let refresh = conventions::refresh(run.convention("iceberg"));
    Ok(Display::Peak {
        quantity: shown,
        spread_bps: spread(run, step, shown)?,
        refresh: refresh.ok_or_else(|| Halt::skip("iceberg that says not how it refreshes"))?,
    })
}

/// The range that peaks are drawn from, either way, as a part of the peak.
fn spread(run: &Run, step: &Step, shown: Quantity) -> Result<u16, Unmade> {
    let range = run.quantity(step, "display_range")??.unwrap_or_default();
    let share = u128::from(range.lots()) * 10_000;
    let shown = u128::from(shown.lots());
    let spread = u16::try_from(share / shown).ok();
    let spread = spread.filter(|_| share % shown == 0);
    let odd = || Halt::skip("peak range that is not in basis points").into();
    spread.ok_or_else(odd)
}

/// The terms of an order that is entered again with another id, price or quantity.
pub fn again(order: &Order, id: OrderId, quantity: Quantity) -> Order {
    let minimum = match order.minimum >= order.quantity {
        true => quantity,
        false => order.minimum.min(quantity),
    };
    let display = match order.display {
        Display::Peak {
            quantity: peak,
            spread_bps,
            refresh,
        } => Display::Peak {
            quantity: peak.min(quantity),
            spread_bps,
            refresh,
        },
        whole_or_hidden @ (Display::Whole | Display::Hidden) => whole_or_hidden,
    };
    Order {
        id,
        quantity,
        minimum,
        display,
        ..*order
    }
}
