//! Steps that enter an order, and the attributes that change nothing as long as
//! the order fills at once.

use pricetime::{
    AccountId, Action, CancelCause, Event, LimitOrder, MarketAmount, MarketOrder, OrderId,
    PostOnly, Quantity, TimeInForce, Timestamp, UnitError,
};
use serde_json::Value;

use crate::ledger::Fate;
use crate::run::{Halt, Run, Step};

pub fn limit(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let id = run.id(step)?;
    let account = run.owner(step).unwrap_or_default();
    let side = run.side(step)?;
    run.number(step, "price")?;
    run.number(step, "qty")?;
    let (price, quantity) = match (run.price(step, "price")?, run.quantity(step, "qty")?) {
        (Ok(price), Ok(quantity)) => (price.unwrap_or_default(), quantity.unwrap_or_default()),
        (Err(error), _) | (_, Err(error)) => {
            run.refuse(id, error);
            return Ok(());
        }
    };
    let mut time_in_force = lifetime(run, step)?;
    // Everything at once or nothing is what a minimum of everything comes to.
    let whole = step.has("min_qty") && step.object.get("min_qty") == step.object.get("qty");
    if time_in_force == TimeInForce::Ioc && whole {
        time_in_force = TimeInForce::Fok;
    }
    run.apply(Action::Limit(LimitOrder {
        id,
        account,
        side,
        price,
        quantity,
        time_in_force,
        post_only: post_only(run, step)?,
    }));
    look_out(run, step, id)
}

fn lifetime(run: &Run, step: &Step) -> Result<TimeInForce, Halt> {
    Ok(match step.text("tif") {
        None | Some("GTC") => TimeInForce::Gtc,
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

pub fn market(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let id = run.id(step)?;
    let account = run.owner(step).unwrap_or_default();
    let side = run.side(step)?;
    let amount = match amount(run, step)? {
        Ok(amount) => amount,
        Err(error) => {
            run.refuse(id, error);
            return Ok(());
        }
    };
    run.apply(Action::Market(MarketOrder {
        id,
        account,
        side,
        amount,
    }));
    look_out(run, step, id)?;
    if matches!(amount, MarketAmount::Budget(_)) || is_whole(run, id) {
        return Ok(());
    }
    market_remainder(run, step, id)
}

fn amount(run: &Run, step: &Step) -> Result<Result<MarketAmount, UnitError>, Halt> {
    let keys = ["budget", "notional"];
    let budget = match keys.into_iter().find(|key| step.has(key)) {
        Some(key) => {
            let number = run.number(step, key)?;
            Some(run.instrument.notional(number))
        }
        None => None,
    };
    let quantity = match run.quantity(step, "qty")? {
        Ok(quantity) => quantity,
        Err(error) => return Ok(Err(error)),
    };
    Ok(match (quantity, budget) {
        (Some(quantity), None) => Ok(MarketAmount::Quantity(quantity)),
        (None, Some(budget)) => budget.map(MarketAmount::Budget),
        (Some(quantity), Some(budget)) => {
            budget.map(|budget| MarketAmount::Both { quantity, budget })
        }
        (None, None) => return Err(run.malformed("a market order needs `qty` or `budget`")),
    })
}

/// What is left of a market order is cancelled here; some sources let it rest,
/// or refuse the whole.
fn market_remainder(run: &Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let refused = !matches!(run.last_events().first(), Some(Event::Accepted { .. }));
    if refused || run.ledger.orders[&id].fate == Fate::Open {
        return Ok(());
    }
    if run.config.contains_key("market_aon") || step.text("tif") == Some("FOK") {
        return Err(Halt::skip("market order that fills whole or not at all"));
    }
    let rests = match step.text("tif") {
        Some("IOC") => false,
        Some(_) => true,
        None => {
            run.config.get("market_orders_rest") == Some(&Value::Bool(true))
                || !["", "cancelled"].contains(&run.convention("market_remainder"))
                || !run.convention("rules").is_empty()
        }
    };
    if rests {
        return Err(Halt::skip("resting market orders"));
    }
    Ok(())
}

/// Skips the scenario as soon as an attribute that the engine lacks would have
/// changed what happened.
fn look_out(run: &Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    self_trade(run, step)?;
    if step.flag("aon") && !is_whole(run, id) {
        return Err(Halt::skip("all-or-none"));
    }
    let rested = |event: &Event| matches!(event, Event::Rested { .. });
    if run.last_events().iter().any(rested) {
        if step.has("display_qty") {
            return Err(Halt::skip("iceberg"));
        }
        if step.flag("hidden") {
            return Err(Halt::skip("hidden"));
        }
    }
    if step.has("min_qty") && !is_whole(run, id) {
        let fill_or_kill = |event: &Event| {
            let killed = CancelCause::FillOrKill;
            matches!(event, Event::Cancelled { cause, .. } if *cause == killed)
        };
        let least = run
            .quantity(step, "min_qty")?
            .ok()
            .flatten()
            .unwrap_or_default();
        let filled = run
            .ledger
            .orders
            .get(&id)
            .map_or(Quantity::ZERO, |order| order.filled);
        if filled < least && !run.last_events().iter().any(fill_or_kill) {
            return Err(Halt::skip("minimum quantity"));
        }
    }
    Ok(())
}

/// Self-trade prevention matters from the first trade of an account with itself.
pub fn self_trade(run: &Run, step: &Step) -> Result<(), Halt> {
    let traded_with_itself = run.last_events().iter().any(|event| match event {
        Event::Traded { taker, maker, .. } => {
            let account = run.ledger.orders[taker].account;
            account != AccountId::default() && account == run.ledger.orders[maker].account
        }
        _ => false,
    });
    let mode = step.object.get("stp").or(run.config.get("stp"));
    let prevents = !matches!(mode, None | Some(Value::Null)) && mode != Some(&"NONE".into());
    if traded_with_itself && prevents {
        return Err(Halt::skip("self-trade prevention"));
    }
    Ok(())
}

fn is_whole(run: &Run, id: OrderId) -> bool {
    let order = run.ledger.orders.get(&id);
    order.is_some_and(|order| order.fate == Fate::Filled)
}
