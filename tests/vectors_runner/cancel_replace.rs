//! Steps that cancel an order and enter another one in one command.

use pricetime::{Action, CancelOnly, CancelReplaceMode, Order, OrderId, Pricing};
use serde_json::Value;

use crate::run::{Halt, Run, Step};
use crate::scenario::Object;
use crate::terms::Unmade;
use crate::{amend_words, changes, entry, list_words, terms};

/// What may go wrong, and what may be cancelled.
#[derive(Clone, Copy, Default)]
pub struct Rules {
    only: CancelOnly,
    mode: CancelReplaceMode,
}

/// Cancels an order and enters another one.
pub fn enter(run: &mut Run, cancel: OrderId, order: &Order, rules: Rules) {
    let Rules { only, mode } = rules;
    let action = Action::CancelReplace {
        cancel,
        only,
        mode,
        order: *order,
    };
    entry::enter_by(run, order, action);
}

/// A step that says which order may be cancelled, what happens if one part fails, or what the new order is.
pub fn change(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let said = |keys: [&str; 2]| keys.into_iter().find_map(|key| step.object.get(key));
    let unknown = |value: &Value| Halt::Skip(format!("cancel-replace {value}"));
    let mode = said(["mode", "cancel_replace_mode"]).map(|value| {
        let mode = amend_words::mode(value);
        mode.ok_or_else(|| unknown(value))
    });
    let only = said(["only", "cancel_restrictions"]).map(|value| {
        let only = amend_words::only(value);
        only.ok_or_else(|| unknown(value))
    });
    let rules = Rules {
        mode: mode.transpose()?.unwrap_or_default(),
        only: only.transpose()?.unwrap_or_default(),
    };
    let cancelled = step.object.get("cancel_id").or(step.object.get("id"));
    let cancelled = cancelled.and_then(|id| run.names.order(id));
    let cancelled = cancelled.ok_or_else(|| run.malformed("`cancel_id` must name an order"))?;
    let made = match order(step.object) {
        Some(object) => {
            let op = object.get("op").and_then(Value::as_str).unwrap_or_default();
            entry::made(
                run,
                &Step {
                    op,
                    object: &object,
                },
            )
        }
        None => like_before(run, step, cancelled),
    };
    match made {
        Ok(order) => {
            // Where the source names no accounts, both orders are of one.
            let before = run.ledger.orders.get(&cancelled).map(|order| order.account);
            let account = before.filter(|_| !step.has("account"));
            let account = account.unwrap_or(order.account);
            enter(run, cancelled, &Order { account, ..order }, rules);
            Ok(())
        }
        Err(Unmade::Refused(error)) => {
            run.refuse(cancelled, error);
            Ok(())
        }
        Err(Unmade::Halt(halt)) => Err(halt),
    }
}

/// The terms of the order before, with what the step changes.
fn like_before(run: &mut Run, step: &Step, id: OrderId) -> Result<Order, Unmade> {
    let Some(terms) = run.terms.get(&id).copied() else {
        return Err(Halt::skip("cancel-replace of no order, without a new one").into());
    };
    let new_id = changes::new_id(run, step, id)?;
    let price = run.price(step, "new_price")??;
    let left = match (run.live(id), run.quantity(step, "new_qty")??) {
        (_, Some(quantity)) => quantity,
        (Some(order), None) => order.quantity,
        (None, None) => terms.quantity,
    };
    Ok(Order {
        pricing: price.map_or(terms.pricing, Pricing::Limit),
        ..terms::again(&terms, new_id, left)
    })
}

/// The new order as a step of its own: one that is nested, or one whose keys are the step's.
pub fn order(step: &Object) -> Option<Object> {
    let is_one = |op: &str| op.starts_with("cancel_replace");
    let op = step.get("op").and_then(Value::as_str)?;
    if !is_one(op) {
        return None;
    }
    let mut order = match step.get("order") {
        Some(Value::Object(order)) => order.clone(),
        _ if step.contains_key("side") => {
            let mut order = step.clone();
            for key in amend_words::IN_ONE.iter().chain(&["op"]) {
                order.remove(*key);
            }
            if let Some(id) = order.remove("new_id") {
                order.insert("id".into(), id);
            }
            order
        }
        _ => return None,
    };
    for shared in ["account", "symbol", "side"] {
        if let (None, Some(value)) = (order.get(shared), step.get(shared)) {
            order.insert(shared.into(), value.clone());
        }
    }
    let named = order.remove("type").or(order.remove("op"));
    let named = named.as_ref().and_then(Value::as_str);
    let op = list_words::operation("", named, &order);
    order.insert("op".into(), op.into());
    Some(order)
}
