//! Steps that enter an order.

use pricetime::{
    Action, CancelCause, Decimal, Event, LimitOrder, MarketAmount, MarketOrder, Notional, Order,
    OrderId, Pricing, Quantity, TimeInForce, UnitError,
};

use serde_json::Value;

use crate::conventions::{self, Protection};
use crate::ledger::Fate;
use crate::run::{Halt, Run, Step};
use crate::scenario::decimal;
use crate::terms::{self, Unmade};
use crate::{pegs, trigger_words, triggers};

/// Enters the order of a step, whatever it is, unless it names a budget.
pub fn order(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let made = made(run, step);
    enter_made(run, step, made)
}

/// The order of a step.
pub fn made(run: &mut Run, step: &Step) -> Result<Order, Unmade> {
    run.number(step, "qty")?;
    if let Some((kind, form)) = trigger_words::form(step.object) {
        return triggers::order_with_trigger(run, step, kind, form);
    }
    match step.op {
        "limit" if !step.has("peg") => {
            run.number(step, "price")?;
            limit_order(run, step)
        }
        "limit" | "pegged" => pegs::order(run, step),
        "market" => {
            let quantity = run.quantity(step, "qty")??.unwrap_or_default();
            let whole = fills_whole(run, step);
            market_order(run, step, quantity, whole)
        }
        "market_to_limit" | "market_protected" => order_priced_by_the_book(run, step),
        other => Err(Halt::Skip(format!("op {other}")).into()),
    }
}

fn limit_order(run: &mut Run, step: &Step) -> Result<Order, Unmade> {
    let price = run.price(step, "price")??.unwrap_or_default();
    let quantity = run.quantity(step, "qty")??.unwrap_or_default();
    Ok(Order {
        pricing: Pricing::Limit(price),
        ..terms::order(run, step, quantity, TimeInForce::Gtc)?
    })
}

/// An order that takes its limit from the book. What is left of it rests unless the source says otherwise.
fn order_priced_by_the_book(run: &mut Run, step: &Step) -> Result<Order, Unmade> {
    let quantity = run.quantity(step, "qty")??.unwrap_or_default();
    let unsaid = match run.convention("market_remainder") {
        "cancelled" => TimeInForce::Ioc,
        _ => TimeInForce::Gtc,
    };
    let pricing = match (step.op, protection(run, step)?) {
        ("market_to_limit", None) => Pricing::MarketToLimit,
        (_, Some(protection)) => protection,
        (_, None) => return Err(Halt::skip("protection that says not how far").into()),
    };
    Ok(Order {
        pricing,
        ..terms::order(run, step, quantity, unsaid)?
    })
}

/// How far the order may trade, as the step says it, or else the `config` of all that are protected.
fn protection(run: &Run, step: &Step) -> Result<Option<Pricing>, Unmade> {
    let keys = step.object.keys().filter(|key| step.has(key));
    let said = keys.filter_map(|key| Some((key, conventions::protection(key)?)));
    if let Some((key, kind)) = said.into_iter().next() {
        return protected(run, kind, run.number(step, key)?).map(Some);
    }
    let of_all = run.config.iter().filter(|_| step.op == "market_protected");
    let of_all = of_all.filter_map(|(key, value)| {
        let kind = conventions::protection(key)?;
        Some((kind, decimal(value)?))
    });
    let of_all = of_all.into_iter().next();
    of_all
        .map(|(kind, number)| protected(run, kind, number))
        .transpose()
}

fn protected(run: &Run, kind: Protection, number: Decimal) -> Result<Pricing, Unmade> {
    let price = run.instrument.price(number)?;
    Ok(match kind {
        Protection::Limit => Pricing::Limit(price),
        Protection::Distance => {
            let negative = |_| run.malformed("protection must not be negative");
            Pricing::Protected(u64::try_from(price.ticks()).map_err(negative)?)
        }
    })
}

pub fn market(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let whole = fills_whole(run, step);
    let (quantity, budget) = match amount(run, step)? {
        Ok(amount) => amount,
        Err(error) => {
            let id = run.id(step)?;
            run.refuse(id, error);
            return Ok(());
        }
    };
    if budget.is_some() {
        return by_budget(run, step, (quantity, budget), whole);
    }
    let made = market_order(run, step, quantity.unwrap_or_default(), whole);
    enter_made(run, step, made)?;
    let id = run.id(step)?;
    market_remainder(run, step, id)
}

/// Whether a market order trades whole and at once or not at all.
pub fn fills_whole(run: &Run, step: &Step) -> bool {
    step.op == "fok_budget"
        || step.text("tif") == Some("FOK")
        || step.flag("aon")
        || conventions::market_fills_whole(run.config.get("market_aon")) == Some(true)
}

fn market_order(
    run: &mut Run,
    step: &Step,
    quantity: Quantity,
    whole: bool,
) -> Result<Order, Unmade> {
    let order = terms::order(run, step, quantity, TimeInForce::Ioc)?;
    let waits = run.convention("resting_market") == "waits";
    if waits && !whole && market_order_rests(run, step) {
        run.watch.market_orders_that_wait.insert(order.id);
        return Ok(Order {
            pricing: pegs::to_the_other_side(run, order.side),
            time_in_force: terms::lifetime(run, step, TimeInForce::Gtc)?,
            ..order
        });
    }
    Ok(Order {
        pricing: protection(run, step)?.unwrap_or(Pricing::Market),
        time_in_force: match whole {
            true => TimeInForce::Fok,
            false => TimeInForce::Ioc,
        },
        minimum: match step.flag("aon") {
            true => Quantity::ZERO,
            false => order.minimum,
        },
        ..order
    })
}

type Amount = (Option<Quantity>, Option<Notional>);

/// Orders with a budget have no terms but those of self-trades: what needs others skips.
fn by_budget(run: &mut Run, step: &Step, amount: Amount, whole: bool) -> Result<(), Halt> {
    if let (true, None) = (whole, amount.0) {
        return Err(Halt::skip("fill-or-kill with a budget alone"));
    }
    if step.has("token") {
        return Err(Halt::skip("token of an order by budget"));
    }
    if let Some(key) = ["min_qty", "slippage"]
        .into_iter()
        .find(|key| step.has(key))
    {
        return Err(Halt::Skip(format!("{key} of an order by budget")));
    }
    let id = run.id(step)?;
    let account = terms::account(run, step);
    let amount = match amount {
        (Some(quantity), Some(total)) if whole => MarketAmount::Whole { quantity, total },
        (Some(quantity), Some(budget)) => MarketAmount::Both { quantity, budget },
        (Some(quantity), None) => MarketAmount::Quantity(quantity),
        (None, budget) => MarketAmount::Budget(budget.unwrap_or_default()),
    };
    let order = MarketOrder {
        group: terms::group(run, step)?,
        self_trade: terms::self_trade(step)?,
        ..MarketOrder::new(id, account, run.side(step)?, amount)
    };
    run.apply(Action::Market(order));
    match amount {
        MarketAmount::Budget(_) | MarketAmount::Whole { .. } => Ok(()),
        MarketAmount::Quantity(_) | MarketAmount::Both { .. } => market_remainder(run, step, id),
    }
}

fn amount(run: &Run, step: &Step) -> Result<Result<Amount, UnitError>, Halt> {
    let keys = ["budget", "notional"];
    let budget = match keys.into_iter().find(|key| step.has(key)) {
        Some(key) => Some(run.instrument.notional(run.number(step, key)?)),
        None => None,
    };
    let quantity = match run.quantity(step, "qty")? {
        Ok(quantity) => quantity,
        Err(error) => return Ok(Err(error)),
    };
    if quantity.is_none() && budget.is_none() {
        return Err(run.malformed("a market order needs `qty` or `budget`"));
    }
    Ok(budget.transpose().map(|budget| (quantity, budget)))
}

/// What is left of a market order is cancelled here; some sources let it rest.
fn market_remainder(run: &Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let refused = !matches!(run.last_events().first(), Some(Event::Accepted { .. }));
    let ends = |fate: Fate| matches!(fate, Fate::Cancelled { cause, .. } if cause != CancelCause::SelfTrade);
    if refused || !ends(run.ledger.orders[&id].fate) {
        return Ok(());
    }
    match market_order_rests(run, step) {
        true => Err(Halt::skip("resting market orders")),
        false => Ok(()),
    }
}

/// Whether what is left of a market order would rest.
pub fn market_order_rests(run: &Run, step: &Step) -> bool {
    match step.text("tif") {
        Some("IOC" | "FOK") => false,
        Some(_) => true,
        None if run.config.contains_key("market_aon") => false,
        None => {
            run.config.get("market_orders_rest") == Some(&Value::Bool(true))
                || !["", "cancelled"].contains(&run.convention("market_remainder"))
                || !run.convention("rules").is_empty()
        }
    }
}

pub fn enter_made(run: &mut Run, step: &Step, made: Result<Order, Unmade>) -> Result<(), Halt> {
    match made {
        Ok(order) => match step.object.get("token").filter(|token| !token.is_null()) {
            Some(name) => {
                let token = run.names.token(name);
                // A token is an account's own. Where none is named, who uses it again is the same.
                let account = match step.has("account") {
                    true => order.account,
                    false => run.names.account(&format!("who says {name}").into()),
                };
                let order = Order { account, ..order };
                enter_by(run, &order, Action::Once { token, order });
            }
            None => enter(run, &order),
        },
        Err(Unmade::Refused(error)) => {
            let id = run.id(step)?;
            run.refuse(id, error);
        }
        Err(Unmade::Halt(halt)) => return Err(halt),
    }
    Ok(())
}

/// Enters an order, a plain one as such unless all are to be entered with their terms.
pub fn enter(run: &mut Run, order: &Order) {
    let plain = plain(order).filter(|_| !run.spells_out_terms);
    enter_by(run, order, plain.unwrap_or(Action::Order(*order)));
}

/// Does what enters an order, and notes its terms.
pub fn enter_by(run: &mut Run, order: &Order, action: Action) {
    run.apply(action);
    let accepted = |event: &Event| matches!(event, Event::Accepted { id, .. } if *id == order.id);
    if run.last_events().iter().any(accepted) {
        run.terms.insert(order.id, *order);
    }
}

fn plain(order: &Order) -> Option<Action> {
    let (id, account, side, quantity) = (order.id, order.account, order.side, order.quantity);
    let (without_terms, action) = match order.pricing {
        Pricing::Limit(price) => (
            Order {
                time_in_force: order.time_in_force,
                post_only: order.post_only,
                ..Order::limit(id, account, side, price, quantity)
            },
            Action::Limit(LimitOrder {
                id,
                account,
                side,
                post_only: order.post_only,
                price,
                quantity,
                time_in_force: order.time_in_force,
            }),
        ),
        Pricing::Market => (
            Order::market(id, account, side, quantity),
            Action::Market(MarketOrder::new(
                id,
                account,
                side,
                MarketAmount::Quantity(quantity),
            )),
        ),
        Pricing::Protected(_) | Pricing::MarketToLimit | Pricing::Pegged { .. } => return None,
    };
    (without_terms == *order).then_some(action)
}
