//! Steps that enter an order with a trigger, and those that tell a price from outside.
//!
//! A price from outside is the mark. Where it stands for a trade, each trade of the book sets the mark as well, so that the orders of such a
//! scenario, which wait for the mark, see both.

use std::collections::{BTreeMap, BTreeSet};

use pricetime::{
    Action, CancelCause, Decimal, Display, Order, OrderId, Price, Pricing, Side, TimeInForce,
    Trail, Trigger, TriggerKind, TriggerSource, TriggerStart,
};

use crate::conventions::{self, Protection};
use crate::entry;
use crate::ledger::Fate;
use crate::pegs;
use crate::run::{Halt, Run, Step};
use crate::scenario::Scenario;
use crate::terms::{self, Unmade};
use crate::trigger_words::{self, Form, TrailUnit};

/// What a run keeps for the triggers of its scenario.
#[derive(Default)]
pub struct Watch {
    /// Whether prices come from outside, and whether they stand for trades.
    pub has_prints: bool,
    pub prints_trades: bool,
    /// The last such price, or that of a later trade.
    pub last_print: Option<Price>,
    /// How many trades of the book have set the mark.
    trades_followed: usize,
    /// The best price that each trailing order saw, also once it was triggered.
    pub extremes: BTreeMap<OrderId, Price>,
    /// The trailing order that was entered last.
    pub last_trailing: Option<OrderId>,
    /// Market orders that the source lets rest when they are triggered.
    market_orders_that_rest: BTreeSet<OrderId>,
    /// Market orders that wait for the other side, as if they rested.
    pub market_orders_that_wait: BTreeSet<OrderId>,
    /// Whether an order was entered without its trigger.
    pub fired_without_price: bool,
}

impl Watch {
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            has_prints: trigger_words::has_prints(scenario),
            prints_trades: trigger_words::prints_trades(scenario),
            ..Self::default()
        }
    }
}

/// The order of a step that has a trigger.
pub fn order_with_trigger(
    run: &mut Run,
    step: &Step,
    kind: TriggerKind,
    form: Form,
) -> Result<Order, Unmade> {
    let order = order(run, step, form)?;
    let trigger = trigger(run, step, order.side, kind)?;
    let order = Order {
        trigger: Some(trigger),
        ..order
    };
    if step.op.starts_with("trailing") {
        run.watch.last_trailing = Some(order.id);
    }
    if order.pricing == Pricing::Market && entry::market_order_rests(run, step) {
        run.watch.market_orders_that_rest.insert(order.id);
    }
    Ok(without_price(run, &order))
}

/// The order that is entered once the trigger is met.
fn order(run: &mut Run, step: &Step, form: Form) -> Result<Order, Unmade> {
    let quantity = run.quantity(step, "qty")??.unwrap_or_default();
    let protected = protection(run, step)?;
    let (pricing, unsaid) = match (form, protected) {
        (Form::Limit, _) if pegs::is_pegged(step.object) => {
            let lifetime = terms::lifetime(run, step, TimeInForce::Gtc)?;
            (pegs::pricing(run, step, lifetime)?, TimeInForce::Gtc)
        }
        (Form::Limit, _) => {
            run.number(step, "price")?;
            let price = run.price(step, "price")??.unwrap_or_default();
            (Pricing::Limit(price), TimeInForce::Gtc)
        }
        (Form::Market, Some(pricing)) => (pricing, TimeInForce::Gtc),
        (Form::Market, None) => (Pricing::Market, TimeInForce::Ioc),
    };
    let order = terms::order(run, step, quantity, unsaid)?;
    let time_in_force = match pricing {
        Pricing::Market if entry::fills_whole(run, step) => TimeInForce::Fok,
        Pricing::Market => TimeInForce::Ioc,
        Pricing::Limit(_)
        | Pricing::Protected(_)
        | Pricing::MarketToLimit
        | Pricing::Pegged { .. } => order.time_in_force,
    };
    let minimum = match time_in_force {
        TimeInForce::Fok if step.flag("aon") => Default::default(),
        _ => order.minimum,
    };
    Ok(Order {
        pricing,
        time_in_force,
        minimum,
        ..order
    })
}

/// A stop with protection has its limit so far beyond its trigger, or at the price that is stated.
fn protection(run: &Run, step: &Step) -> Result<Option<Pricing>, Unmade> {
    let keys = step.object.keys().filter(|key| step.has(key));
    let said = keys.filter_map(|key| Some((key, conventions::protection(key)?)));
    let Some((key, kind)) = said.into_iter().find(|(key, _)| *key != "price") else {
        return Ok(None);
    };
    let price = run.instrument.price(run.number(step, key)?)?;
    let Protection::Distance = kind else {
        return Ok(Some(Pricing::Limit(price)));
    };
    let Some(at) = trigger_words::price_key(step.object) else {
        return Err(Halt::skip("protection of a trailing order").into());
    };
    let at = run.price(step, at)??.unwrap_or_default();
    let limit = match run.side(step)? {
        Side::Buy => at.ticks().saturating_add(price.ticks()),
        Side::Sell => at.ticks().saturating_sub(price.ticks()),
    };
    Ok(Some(Pricing::Limit(Price::new(limit))))
}

fn trigger(run: &mut Run, step: &Step, side: Side, kind: TriggerKind) -> Result<Trigger, Unmade> {
    let source = source(run)?;
    let (trail, distance) = trail(run, step)?;
    let price = match trigger_words::price_key(step.object) {
        Some(key) => run.price(step, key)??,
        None => None,
    };
    let begins = run.price(step, "activation_price")??;
    let (price, start) = match (trail, begins) {
        (Trail::None, _) if step.op.starts_with("trailing") => {
            return Err(run.malformed("a trailing order needs a distance").into());
        }
        (Trail::None, None) => {
            let needs = || run.malformed("an order with a trigger needs `stop_price`");
            (price.ok_or_else(needs)?, TriggerStart::AtPrice)
        }
        (Trail::None, Some(_)) => {
            return Err(run
                .malformed("`activation_price` of an order that does not trail")
                .into());
        }
        (_, Some(begins)) => {
            if price.is_some() {
                return Err(Halt::skip("trailing order with a first stop").into());
            }
            (begins, TriggerStart::AtPrice)
        }
        (Trail::BasisPoints, None) if price.is_some() && !has_first_stop(step) => {
            (price.unwrap_or_default(), TriggerStart::AtPrice)
        }
        (trail, None) => {
            let trail = (trail, distance);
            let needless = price.is_none_or(|first| is_passed(run, first, trail, source, side));
            if !needless {
                return Err(Halt::skip("trailing order with a first stop").into());
            }
            (Price::new(0), TriggerStart::AtOnce)
        }
    };
    Ok(Trigger {
        kind,
        source,
        price,
        trail,
        distance,
        start,
    })
}

/// The price that the scenario's triggers are compared with.
fn source(run: &Run) -> Result<TriggerSource, Halt> {
    let said = run.convention("trigger");
    let unknown = || Halt::Skip(format!("config trigger={said:?}"));
    let source = match said {
        "" if run.watch.has_prints => TriggerSource::Mark,
        said => trigger_words::source(said).ok_or_else(unknown)?,
    };
    Ok(match source {
        TriggerSource::LastTrade if run.watch.has_prints => TriggerSource::Mark,
        source => source,
    })
}

/// How far the order trails, if it does.
fn trail(run: &Run, step: &Step) -> Result<(Trail, u32), Unmade> {
    let keys = step.object.keys();
    let keys = keys.filter(|key| trigger_words::is_trail(key) && step.has(key));
    let mut trail = (Trail::None, 0);
    for key in keys {
        let number = run.number(step, key)?;
        if key.contains("step") {
            if number > Decimal::ONE.min(run.instrument.tick().step()) {
                return Err(Halt::skip("trailing step").into());
            }
            continue;
        }
        let unit = trigger_words::trail_unit(key);
        let unit = unit.or(trigger_words::trail_unit(run.convention("trail")));
        // Binance: a delta is in basis points.
        let unsaid = match key.contains("delta") {
            true => TrailUnit::BasisPoints,
            false => TrailUnit::Price,
        };
        trail = match unit.unwrap_or(unsaid) {
            TrailUnit::BasisPoints => basis_points(number)?,
            TrailUnit::Percent => basis_points(number * Decimal::ONE_HUNDRED)?,
            // CppTrader: a distance below zero counts hundredths of a percent.
            TrailUnit::Price if number < Decimal::ZERO => basis_points(-number)?,
            TrailUnit::Price => {
                let ticks = run.instrument.price(number)?.ticks();
                let far = |_| Halt::skip("trail of more ticks than 32 bits count");
                (Trail::Ticks, u32::try_from(ticks).map_err(far)?)
            }
        };
    }
    Ok(trail)
}

fn basis_points(number: Decimal) -> Result<(Trail, u32), Halt> {
    let whole = number.is_integer().then(|| u32::try_from(number).ok());
    let points = whole.flatten();
    let odd = || Halt::skip("trail that is not in whole basis points");
    let points = points.ok_or_else(odd)?;
    Ok((Trail::BasisPoints, points))
}

/// Whether `stop_price` is where a trailing order stands at first, not what starts it.
fn has_first_stop(step: &Step) -> bool {
    let keys = step.object.keys();
    let mut keys = keys.filter(|key| trigger_words::is_trail(key) && step.has(key));
    !keys.any(|key| {
        let unit = trigger_words::trail_unit(key);
        !key.contains("step") && unit.is_none_or(|unit| unit != TrailUnit::Price)
    })
}

/// Whether the first stop of a trailing order is no nearer than what it trails by: then it changes nothing.
fn is_passed(
    run: &mut Run,
    first: Price,
    (trail, distance): (Trail, u32),
    source: TriggerSource,
    side: Side,
) -> bool {
    let Some(now) = price_now(run, source, side) else {
        return false;
    };
    let distance = i128::from(distance);
    let trails = match trail {
        Trail::None => 0,
        Trail::Ticks => distance * 10_000,
        Trail::BasisPoints => distance * i128::from(now.ticks()).abs(),
    };
    let apart = match side {
        Side::Sell => i128::from(now.ticks()) - i128::from(first.ticks()),
        Side::Buy => i128::from(first.ticks()) - i128::from(now.ticks()),
    };
    apart * 10_000 >= trails
}

fn price_now(run: &mut Run, source: TriggerSource, side: Side) -> Option<Price> {
    let engine = run.engine();
    match source {
        TriggerSource::LastTrade => engine.last_price(),
        TriggerSource::BestOpposite => engine.book().best(side.opposite()).map(|best| best.price),
        TriggerSource::Mark => engine.mark(),
    }
}

/// Some sources trigger what has no price to wait for. No policy does: then the order is entered without its trigger, to
/// see whether that is all that is missing.
fn without_price(run: &mut Run, order: &Order) -> Order {
    let fires = run.convention("without_price") == "fires";
    let fixed = order.trigger.filter(|trigger| trigger.trail == Trail::None);
    let Some(trigger) = fixed.filter(|_| fires) else {
        return *order;
    };
    if price_now(run, trigger.source, order.side).is_some() {
        return *order;
    }
    run.ledger.triggers.push((order.id, trigger.price));
    run.watch.fired_without_price = true;
    Order {
        trigger: None,
        ..*order
    }
}

/// A price from outside.
pub fn print(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let number = run.number(step, "price")?;
    let Ok(price) = run.instrument.price(number) else {
        return Err(Halt::skip("price from outside that is not on the tick"));
    };
    if step.op != "set_mark" {
        run.watch.last_print = Some(price);
    }
    run.apply(Action::SetMark(price));
    if step.op != "set_mark" && run.enters_lists {
        trade_between_strangers(run, price);
    }
    Ok(())
}

/// The prices of a list are compared with the last trade of its own book: a trade elsewhere is then done there, too, unless it would
/// meet somebody. Nothing of it is told.
fn trade_between_strangers(run: &mut Run, price: Price) {
    let quantity = run.instrument.quantity_min();
    let [sell, buy] = [
        (OrderId(u64::MAX - 1), Side::Sell),
        (OrderId(u64::MAX - 2), Side::Buy),
    ]
    .map(|(id, side)| Order::limit(id, run.names.stranger(), side, price, quantity));
    let ids = run.ledger.orders.keys();
    let mut resting = ids.filter_map(|id| run.resting(*id));
    if resting.any(|order| match order.side {
        Side::Buy => order.price >= price,
        Side::Sell => order.price <= price,
    }) {
        return;
    }
    let display = Display::Hidden;
    let time_in_force = TimeInForce::Ioc;
    run.apply_unseen(Action::Order(Order { display, ..sell }));
    run.apply_unseen(Action::Order(Order {
        time_in_force,
        ..buy
    }));
}

/// After a step: where prices from outside stand for trades, the trades of the book set the mark, too.
pub fn follow_trades(run: &mut Run) {
    while let Some(trade) = run.ledger.trades.get(run.watch.trades_followed) {
        let price = trade.price;
        run.watch.trades_followed += 1;
        if run.watch.prints_trades {
            run.watch.last_print = Some(price);
            run.apply(Action::SetMark(price));
        }
    }
}

/// After a command: the best prices that trailing orders saw.
pub fn note_extremes(run: &mut Run) {
    let mut books = run.engines.values().map(|engine| engine.book());
    if books.all(|book| book.waiting() == 0) {
        return;
    }
    let ids: Vec<OrderId> = run.ledger.orders.keys().copied().collect();
    for id in ids {
        if let Some(best) = run.waiting(id).and_then(|waiting| waiting.best) {
            run.watch.extremes.insert(id, best);
        }
    }
}

/// Whether a triggered market order was cut off where the source lets the rest of it rest.
pub fn check_rests(run: &Run) -> Result<(), Halt> {
    let lost = |id: &OrderId| {
        let order = run.ledger.orders.get(id);
        let fate = order.map(|order| order.fate);
        matches!(
            fate,
            Some(Fate::Cancelled {
                cause: CancelCause::NotFilledAtOnce
                    | CancelCause::FillOrKill
                    | CancelCause::MinimumNotMet,
                ..
            })
        )
    };
    match run.watch.market_orders_that_rest.iter().any(lost) {
        true => Err(Halt::skip("resting market orders")),
        false => Ok(()),
    }
}
