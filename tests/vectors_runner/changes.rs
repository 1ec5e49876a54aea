//! Steps that change or cancel what rests. A source's way of naming the new
//! quantity (a difference, a total, what remains) is worked out here; where the
//! engine would keep a priority that the source takes away, the order is
//! cancelled and entered again.

use pricetime::{
    Action, Cancel, CancelAll, Decimal, Event, Order, OrderId, Price, Pricing, Quantity, Reduce,
    Replace, Trigger, UnitError,
};

use crate::run::{Halt, Live, Run, Step};
use crate::{entry, terms};

pub fn change(run: &mut Run, step: &Step) -> Result<(), Halt> {
    if step.op == "cancel_all" {
        return cancel_all(run, step);
    }
    let id = run.id(step)?;
    match step.op {
        "cancel" => cancel(run, step, id),
        "reduce" => {
            let by = run.number(step, "by")?;
            reduce(run, step, id, by);
            Ok(())
        }
        "amend" => amend(run, step, id),
        "amend_keep_priority" => amend_keep_priority(run, step, id),
        "move" => {
            let price = run.price(step, "new_price")?;
            replace(run, step, id, price, Ok(None));
            Ok(())
        }
        _ => replacement(run, step, id),
    }
}

fn cancel_all(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let side = match step.has("side") {
        true => Some(run.side(step)?),
        false => None,
    };
    let bounds = (run.price(step, "price_min")?, run.price(step, "price_max")?);
    match bounds {
        (Ok(price_min), Ok(price_max)) => {
            let account = run.owner(step);
            run.apply(Action::CancelAll(CancelAll {
                account,
                side,
                price_min,
                price_max,
            }));
        }
        (Err(error), _) | (_, Err(error)) => run.refuse(OrderId::default(), error),
    }
    Ok(())
}

fn cancel(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let refusals = run.ledger.refusals.len();
    let owner = run.owner(step);
    match (step.has("remaining_qty"), run.live(id)) {
        (true, Some(order)) => {
            let by = open(run, &order)? - run.number(step, "remaining_qty")?;
            reduce(run, step, id, by);
        }
        _ => run.apply(Action::Cancel(Cancel { id, owner })),
    }
    let obeyed = run.ledger.refusals.len() == refusals;
    run.ledger.cancels.push((id, obeyed));
    Ok(())
}

fn reduce(run: &mut Run, step: &Step, id: OrderId, by: Decimal) {
    let owner = run.owner(step);
    match run.instrument.quantity(by) {
        Ok(by) => run.apply(Action::Reduce(Reduce { id, owner, by })),
        Err(error) => run.refuse(id, error),
    }
}

/// A difference; a fall that leaves nothing cancels, one at the same price keeps the place.
fn amend(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let price = run.price(step, "new_price")?;
    let delta = match step.has("qty_delta") {
        true => run.number(step, "qty_delta")?,
        false => Decimal::ZERO,
    };
    let Some(order) = run.live(id) else {
        replace(run, step, id, price, Ok(None));
        return Ok(());
    };
    let wanted = open(run, &order)? + delta;
    if wanted <= Decimal::ZERO || (delta < Decimal::ZERO && price == Ok(None)) {
        reduce(run, step, id, -delta);
        return Ok(());
    }
    let quantity = run.instrument.quantity(wanted).map(Some);
    replace(run, step, id, price, quantity);
    Ok(())
}

/// Only down, and never to nothing: what cannot keep its place is refused.
fn amend_keep_priority(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let mut wanted = run.number(step, "new_qty")?;
    let Some(order) = run.live(id) else {
        replace(run, step, id, Ok(None), Ok(None));
        return Ok(());
    };
    if run.convention("amend_qty") != "remaining" {
        wanted -= filled(run, id)?;
    }
    let open = open(run, &order)?;
    if wanted < open {
        let quantity = run.instrument.quantity(wanted).map(Some);
        replace(run, step, id, Ok(None), quantity);
    } else {
        reduce(run, step, id, open - wanted);
    }
    Ok(())
}

/// New terms at the cost of the place in the queue, with a new id or without.
fn replacement(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let price = run.price(step, "new_price")?;
    let Some(order) = run.live(id) else {
        replace(run, step, id, price, Ok(None));
        return Ok(());
    };
    let mut wanted = match step.has("new_qty") {
        true => run.number(step, "new_qty")?,
        false => open(run, &order)?,
    };
    let total = run.convention("amend_qty") == "total including filled";
    if step.has("new_qty") && (step.op == "mitigate" || total) {
        wanted -= filled(run, id)?;
    }
    if step.op == "mitigate" && wanted <= Decimal::ZERO {
        let owner = run.owner(step);
        run.apply(Action::Cancel(Cancel { id, owner }));
        return Ok(());
    }
    let (price, quantity) = match (price, run.instrument.quantity(wanted)) {
        (Ok(price), Ok(quantity)) => (price.or(order.price), quantity),
        (Err(error), _) | (_, Err(error)) => {
            run.refuse(id, error);
            return Ok(());
        }
    };
    let new_id = match step.object.get("new_id") {
        None => id,
        Some(name) => {
            let new_id = run.names.order(name);
            new_id.ok_or_else(|| run.malformed("`new_id` must be a number or a name"))?
        }
    };
    let terms = match again(run, step, id, &order)? {
        Ok(terms) => terms,
        Err(error) => {
            run.refuse(id, error);
            return Ok(());
        }
    };
    let keeps_place = !order.waits && price == order.price && quantity < order.quantity;
    if new_id == id && !keeps_place && !step.has("new_stop_price") {
        replace(run, step, id, Ok(price), Ok(Some(quantity)));
    } else {
        enter_again(run, step, &terms, new_id, (price, quantity));
    }
    Ok(())
}

/// The terms of an order that is to be entered again: without its trigger if that has come.
fn again(
    run: &mut Run,
    step: &Step,
    id: OrderId,
    order: &Live,
) -> Result<Result<Order, UnitError>, Halt> {
    let terms = run.terms[&id];
    let moved = run.price(step, "new_stop_price")?;
    Ok(moved.map(|moved| {
        let trigger = terms.trigger.filter(|_| order.waits);
        let trigger = trigger.map(|trigger| Trigger {
            price: moved.unwrap_or(trigger.price),
            ..trigger
        });
        Order { trigger, ..terms }
    }))
}

fn enter_again(
    run: &mut Run,
    step: &Step,
    terms: &Order,
    new_id: OrderId,
    (price, quantity): (Option<Price>, Quantity),
) {
    let owner = run.owner(step);
    let id = terms.id;
    run.apply(Action::Cancel(Cancel { id, owner }));
    if matches!(run.last_events().first(), Some(Event::Rejected { .. })) {
        return;
    }
    entry::enter(
        run,
        &Order {
            pricing: price.map_or(terms.pricing, Pricing::Limit),
            ..terms::again(terms, new_id, quantity)
        },
    );
}

fn replace(
    run: &mut Run,
    step: &Step,
    id: OrderId,
    price: Result<Option<Price>, UnitError>,
    quantity: Result<Option<Quantity>, UnitError>,
) {
    let owner = run.owner(step);
    match (price, quantity) {
        (Ok(price), Ok(quantity)) => run.apply(Action::Replace(Replace {
            id,
            owner,
            price,
            quantity,
        })),
        (Err(error), _) | (_, Err(error)) => run.refuse(id, error),
    }
}

fn open(run: &Run, order: &Live) -> Result<Decimal, Halt> {
    let lot = run.instrument.lot();
    let open = lot.decimal(order.quantity);
    open.map_err(|error| run.malformed(&error.to_string()))
}

fn filled(run: &Run, id: OrderId) -> Result<Decimal, Halt> {
    let lot = run.instrument.lot();
    let filled = lot.decimal(run.ledger.orders[&id].filled);
    filled.map_err(|error| run.malformed(&error.to_string()))
}
