//! Steps that enter an order list, each of its orders in turn.

use std::collections::BTreeMap;

use pricetime::{
    Action, Cancel, Event, ListId, ListKind, Order, OrderId, PartialFill, TriggerKind,
};
use serde_json::Value;

use crate::run::{Halt, Run, Step};
use crate::terms::Unmade;
use crate::{entry, list_words};

/// The lists of a run.
#[derive(Default)]
pub struct Lists {
    /// The orders of each list by the list's name, in the order of entry.
    pub orders: BTreeMap<String, Vec<OrderId>>,
    ids: BTreeMap<String, ListId>,
}

/// Enters all orders of a list. If one is refused the whole list is, as sources have it that enter lists in one piece.
pub fn enter(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let legs = list_words::legs(step.object);
    let kind = list_words::kind(step.object);
    let kind = kind.ok_or_else(|| Halt::Skip(format!("list {}", step.object["op"])))?;
    if legs.len() < 2 {
        return Err(run.malformed("a list needs two orders or more"));
    }
    let mut made = Vec::new();
    for object in &legs {
        let op = object.get("op").and_then(Value::as_str).unwrap_or_default();
        let leg = Step { op, object };
        let id = run.id(&leg)?;
        match entry::made(run, &leg) {
            Ok(order) => made.push(order),
            Err(Unmade::Halt(halt)) => return Err(halt),
            Err(Unmade::Refused(error)) => {
                run.refuse(id, error);
                return Ok(());
            }
        }
    }
    // All are of one account, also where the source names none.
    let account = made[0].account;
    for order in &mut made {
        order.account = account;
    }
    let name = list_words::list_name(step.object).to_string();
    let next = ListId(1 + run.lists.ids.len() as u64);
    let list = *run.lists.ids.entry(name.clone()).or_insert(next);
    let ids = made.iter().map(|order| order.id).collect();
    run.lists.orders.insert(name, ids);
    let partial_fill = partial_fill(run, step)?;
    let kind = sort(run, kind, &made);
    apply(run, list, kind, partial_fill, &made);
    Ok(())
}

fn apply(run: &mut Run, list: ListId, kind: ListKind, partial_fill: PartialFill, orders: &[Order]) {
    for (index, order) in orders.iter().enumerate() {
        let legs = u8::try_from(orders.len()).unwrap_or(u8::MAX);
        let action = Action::Leg {
            list,
            kind,
            legs,
            partial_fill,
            order: *order,
        };
        entry::enter_by(run, order, action);
        let accepted = |event: &Event| matches!(event, Event::Accepted { .. });
        if !run.last_events().iter().any(accepted) {
            refuse_all(run, &orders[..index]);
            return;
        }
    }
}

/// The orders that were entered already are cancelled, and count as refused.
fn refuse_all(run: &mut Run, entered: &[Order]) {
    for order in entered {
        run.ledger.refused_with_list.insert(order.id);
    }
    if let Some(first) = entered.first() {
        let (id, owner) = (first.id, None);
        run.apply(Action::Cancel(Cancel { id, owner }));
    }
}

/// Alternatives that a pair of profit and stop cannot be are a list of any number: two limits, or two quantities.
fn sort(run: &Run, kind: ListKind, orders: &[Order]) -> ListKind {
    let ListKind::OneCancelsOther = kind else {
        return kind;
    };
    let stops = |order: &Order| {
        let trigger = order.trigger.map(|trigger| trigger.kind);
        trigger == Some(TriggerKind::Stop)
    };
    let is_pair = orders.len() == 2
        && orders.iter().filter(|order| stops(order)).count() == 1
        && orders[0].quantity == orders[1].quantity;
    let unordered = run.convention("list_prices").contains("not");
    match is_pair && !unordered {
        true => kind,
        false => ListKind::OneCancelsMany,
    }
}

fn partial_fill(run: &Run, step: &Step) -> Result<PartialFill, Halt> {
    let said = step.text("partial_fill");
    let said = said.or_else(|| list_words::of_config(&run.config));
    let Some(said) = said else {
        return Ok(PartialFill::default());
    };
    let known = list_words::partial_fill(said);
    known.ok_or_else(|| Halt::Skip(format!("partial fill {said:?}")))
}

/// Cancels a list by its name: any of its orders takes the others with it.
pub fn cancel(run: &mut Run, step: &Step) -> Result<(), Halt> {
    let name = list_words::list_name(step.object).to_string();
    let orders = run.lists.orders.get(&name).cloned().unwrap_or_default();
    let mut ids = orders.iter().copied();
    let live = ids.find(|&id| run.live(id).is_some());
    let owner = run.owner(step);
    let id = live.or(orders.first().copied()).unwrap_or_default();
    run.apply(Action::Cancel(Cancel { id, owner }));
    Ok(())
}

/// What a list is called: refused if one of its orders was, and otherwise by whether any of them lives.
pub fn status(run: &Run, name: &str) -> Option<&'static str> {
    let quoted = Value::from(name).to_string();
    let lists = &run.lists.orders;
    let orders = lists.get(name).or_else(|| lists.get(&quoted))?;
    let is_live = |id: &OrderId| run.resting(*id).is_some() || run.waiting(*id).is_some();
    let never = |id: &OrderId| {
        !run.ledger.orders.contains_key(id) || run.ledger.refused_with_list.contains(id)
    };
    Some(if orders.iter().any(never) {
        "REJECT"
    } else if orders.iter().any(is_live) {
        "EXECUTING"
    } else {
        "ALL_DONE"
    })
}
