//! Steps that change or cancel what rests. A source's way of naming the new
//! quantity (a difference, a total, what remains) is worked out here; where the
//! engine would keep a priority that the source takes away, the order is
//! cancelled and entered again.

use pricetime::{
    Action, Amend, AmendPolicy, AmendQuantity, Cancel, CancelAll, Decimal, Display, Order, OrderId,
    Price, Pricing, Quantity, Reduce, Replace, Trigger, UnitError,
};

use crate::run::{Halt, Live, Run, Step};
use crate::{amend_words, cancel_replace, conventions, terms};

pub fn change(run: &mut Run, step: &Step) -> Result<(), Halt> {
    if step.op == "cancel_all" {
        return cancel_all(run, step);
    }
    if step.op.starts_with("cancel_replace") && amend_words::is_in_one(step.object) {
        return cancel_replace::change(run, step);
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

/// A difference; a fall that leaves nothing cancels, one at the same price keeps the place. Or new terms of any other kind.
fn amend(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let delta = match step.has("qty_delta") {
        true => run.number(step, "qty_delta")?,
        false => Decimal::ZERO,
    };
    let Some(order) = run.live(id) else {
        let price = run.price(step, "new_price")?;
        replace(run, step, id, price, Ok(None));
        return Ok(());
    };
    if AMENDED.iter().any(|key| step.has(key)) {
        return amend_terms(run, step, id, &order);
    }
    let price = run.price(step, "new_price")?;
    let wanted = open(run, &order)? + delta;
    if wanted <= Decimal::ZERO || (delta < Decimal::ZERO && price == Ok(None)) {
        reduce(run, step, id, -delta);
        return Ok(());
    }
    let wanted = match step.has("qty_delta") {
        true => Some(counted(run, id, Wanted::Open(wanted))?),
        false => None,
    };
    let quantity = wanted.map(|wanted| run.instrument.quantity(wanted));
    replace(run, step, id, price, quantity.transpose());
    Ok(())
}

/// What a replacement cannot say.
const AMENDED: &[&str] = &[
    "new_qty",
    "new_display_qty",
    "display_qty",
    "new_stop_price",
];

/// New terms in one command, which keeps the place where the instrument says so.
fn amend_terms(run: &mut Run, step: &Step, id: OrderId, order: &Live) -> Result<(), Halt> {
    let wanted = match wanted(run, step)? {
        Some(wanted) => Some(counted(run, id, wanted)?),
        None if step.has("qty_delta") => {
            let open = open(run, order)? + run.number(step, "qty_delta")?;
            Some(counted(run, id, Wanted::Open(open))?)
        }
        None => None,
    };
    let quantity = wanted.map(|wanted| run.instrument.quantity(wanted));
    let (price, trigger_price) = (
        run.price(step, "new_price")?,
        run.price(step, "new_stop_price")?,
    );
    let owner = run.owner(step);
    let made = amendment(quantity.transpose(), price, trigger_price);
    let made = made.and_then(|(quantity, price, trigger_price)| {
        let open = quantity.unwrap_or(order.quantity);
        let display = new_display(run, step, open)?;
        Ok((quantity, price, trigger_price, display))
    });
    match made {
        Ok((quantity, price, trigger_price, Ok(display))) => run.apply(Action::Amend(Amend {
            id,
            owner,
            price,
            quantity,
            display,
            trigger_price,
        })),
        Ok((_, _, _, Err(halt))) => return Err(halt),
        Err(error) => run.refuse(id, error),
    }
    Ok(())
}

type Amendment = (Option<Quantity>, Option<Price>, Option<Price>);

fn amendment(
    quantity: Result<Option<Quantity>, UnitError>,
    price: Result<Option<Price>, UnitError>,
    trigger_price: Result<Option<Price>, UnitError>,
) -> Result<Amendment, UnitError> {
    Ok((quantity?, price?, trigger_price?))
}

/// What an order is to show from now on; as much as there is, or more, is all of it.
fn new_display(
    run: &Run,
    step: &Step,
    open: Quantity,
) -> Result<Result<Option<Display>, Halt>, UnitError> {
    let key = match step.has("display_qty") {
        true => "display_qty",
        false => "new_display_qty",
    };
    let shown = match run.quantity(step, key) {
        Ok(shown) => shown?,
        Err(halt) => return Ok(Err(halt)),
    };
    let Some(shown) = shown else {
        return Ok(Ok(None));
    };
    let refresh = conventions::refresh(run.convention("iceberg"));
    Ok(Ok(Some(match shown {
        Quantity::ZERO => Display::Hidden,
        shown if shown >= open => Display::Whole,
        shown => Display::Peak {
            quantity: shown,
            spread_bps: 0,
            refresh: refresh.unwrap_or_default(),
        },
    })))
}

/// Only down, and never to nothing: what cannot keep its place is refused.
fn amend_keep_priority(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let Some(order) = run.live(id) else {
        run.number(step, "new_qty")?;
        replace(run, step, id, Ok(None), Ok(None));
        return Ok(());
    };
    let number = run.number(step, "new_qty")?;
    let total = amend_words::counts_total(step.op, run.convention("amend_qty"));
    let left = match total {
        true => number - filled(run, id)?,
        false => number,
    };
    let only_less = run.instrument.amend_policy() == AmendPolicy::OnlyLessQuantity;
    let open = open(run, &order)?;
    if left <= Decimal::ZERO {
        // An engine that counts in total would cancel it.
        run.ledger
            .refuse(run.step, id, "AmendedToNothing".into(), Quantity::ZERO);
    } else if left < open || only_less {
        let number = counted(run, id, Wanted::Open(left))?;
        let quantity = run.instrument.quantity(number).map(Some);
        replace(run, step, id, Ok(None), quantity);
    } else {
        reduce(run, step, id, open - left);
    }
    Ok(())
}

/// New terms at the cost of the place in the queue, with a new id or without.
fn replacement(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    if step.has("new_display_qty") || (step.op == "modify" && step.has("new_stop_price")) {
        return amend(run, step, id);
    }
    let price = run.price(step, "new_price")?;
    let Some(order) = run.live(id) else {
        replace(run, step, id, price, Ok(None));
        return Ok(());
    };
    let wanted = wanted(run, step)?;
    let left = match wanted {
        None => open(run, &order)?,
        Some(Wanted::Open(open)) => open,
        Some(Wanted::Total(total)) => total - filled(run, id)?,
    };
    let counts_total = run.instrument.amend_quantity() == AmendQuantity::Total;
    if left <= Decimal::ZERO && (step.op == "mitigate" || counts_total) {
        return mitigate_to_nothing(run, step, id);
    }
    let (price, quantity) = match (price, run.instrument.quantity(left)) {
        (Ok(price), Ok(quantity)) => (price, quantity),
        (Err(error), _) | (_, Err(error)) => {
            run.refuse(id, error);
            return Ok(());
        }
    };
    let new_id = new_id(run, step, id)?;
    let terms = match again(run, step, id, &order)? {
        Ok(terms) => terms,
        Err(error) => {
            run.refuse(id, error);
            return Ok(());
        }
    };
    let same_price = price.is_none() || price == order.price;
    // What the engine would keep in place, or refuse, is entered anew.
    let keeps_place = !order.waits && same_price && quantity < order.quantity;
    let only_less = run.instrument.amend_policy() == AmendPolicy::OnlyLessQuantity;
    let enters_anew = keeps_place || only_less || step.has("new_stop_price");
    if new_id == id && !enters_anew {
        let number = counted(run, id, Wanted::Open(left))?;
        let quantity = run.instrument.quantity(number).map(Some);
        replace(
            run,
            step,
            id,
            Ok(price.or(limit_of(&terms, &order))),
            quantity,
        );
    } else {
        let price = price.or(limit_of(&terms, &order));
        let entered = Order {
            pricing: price.map_or(terms.pricing, Pricing::Limit),
            ..terms::again(&terms, new_id, quantity)
        };
        cancel_replace::enter(run, id, &entered, Default::default());
    }
    Ok(())
}

/// The limit that an order keeps; one that the book gives is none of its own.
fn limit_of(terms: &Order, order: &Live) -> Option<Price> {
    match terms.pricing {
        Pricing::Pegged { .. } => None,
        Pricing::Limit(_) | Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => {
            order.price
        }
    }
}

/// All that was wanted has traded already.
fn mitigate_to_nothing(run: &mut Run, step: &Step, id: OrderId) -> Result<(), Halt> {
    let total = run.number(step, "new_qty")?;
    match (
        run.instrument.amend_quantity(),
        run.instrument.quantity(total),
    ) {
        (AmendQuantity::Total, Ok(total)) => {
            replace(run, step, id, Ok(None), Ok(Some(total)));
        }
        (AmendQuantity::Total, Err(error)) => run.refuse(id, error),
        (AmendQuantity::Open, _) => {
            let owner = run.owner(step);
            run.apply(Action::Cancel(Cancel { id, owner }));
        }
    }
    Ok(())
}

pub fn new_id(run: &mut Run, step: &Step, id: OrderId) -> Result<OrderId, Halt> {
    match step.object.get("new_id").filter(|name| !name.is_null()) {
        None => Ok(id),
        Some(name) => {
            let new_id = run.names.order(name);
            new_id.ok_or_else(|| run.malformed("`new_id` must be a number or a name"))
        }
    }
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

/// A new quantity as the source counts it.
enum Wanted {
    Open(Decimal),
    Total(Decimal),
}

fn wanted(run: &Run, step: &Step) -> Result<Option<Wanted>, Halt> {
    if !step.has("new_qty") {
        return Ok(None);
    }
    let number = run.number(step, "new_qty")?;
    let total = amend_words::counts_total(step.op, run.convention("amend_qty"));
    Ok(Some(match total {
        true => Wanted::Total(number),
        false => Wanted::Open(number),
    }))
}

/// The same as the instrument counts it.
fn counted(run: &Run, id: OrderId, wanted: Wanted) -> Result<Decimal, Halt> {
    Ok(match (wanted, run.instrument.amend_quantity()) {
        (Wanted::Open(open), AmendQuantity::Open) => open,
        (Wanted::Open(open), AmendQuantity::Total) => open + filled(run, id)?,
        (Wanted::Total(total), AmendQuantity::Total) => total,
        (Wanted::Total(total), AmendQuantity::Open) => total - filled(run, id)?,
    })
}

fn open(run: &Run, order: &Live) -> Result<Decimal, Halt> {
    let lot = run.instrument.lot();
    let open = lot.decimal(order.quantity);
    open.map_err(|error| run.malformed(&error.to_string()))
}

pub fn filled(run: &Run, id: OrderId) -> Result<Decimal, Halt> {
    let lot = run.instrument.lot();
    let filled = lot.decimal(run.ledger.orders[&id].filled);
    filled.map_err(|error| run.malformed(&error.to_string()))
}
