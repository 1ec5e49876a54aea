//! What an order is entered with besides its terms, in its second record: a peg's offset, a token, a list, an order to cancel.

use crate::command::{Action, CancelOnly, CancelReplaceMode};
use crate::journal::record::peg::{add_offset, offset_of};
use crate::journal::record::take::Fields;
use crate::journal::record::terms::{put_order, put_terms, put_terms_besides};
use crate::journal::record::*;
use crate::order::{ClientToken, ListId, ListKind, Order, OrderId, PartialFill};

/// Where fields begin in the word of the offset, behind it.
const LIST_KIND: u32 = 32;
const LEGS: u32 = 40;
const PARTIAL_FILL: u32 = 48;
const ONLY: u32 = 32;
const MODE: u32 = 40;

const MODES: [CancelReplaceMode; 2] = [
    CancelReplaceMode::StopOnFailure,
    CancelReplaceMode::AllowFailure,
];

/// What a second record says besides the terms.
#[derive(Clone, Copy)]
pub struct Besides {
    pub kind: u8,
    /// The token, the list or the order to be cancelled; none of an order that is only pegged.
    pub name: Option<u64>,
    /// The offset and what is behind it.
    pub word: u64,
}

/// Hands an action that enters an order on as its two records.
#[inline]
pub fn put_entry(action: &Action, order: &Order, time: (usize, u64), sink: &mut impl Sink) {
    put_order(order, time, sink);
    let is_plain = matches!(action, Action::Order(_)) && offset_of(&order.pricing).is_none();
    match is_plain {
        true => put_terms(order, sink),
        false => put_besides(action, order, sink),
    }
}

/// Hands on the second record of an order that is pegged or entered with something besides.
#[inline(never)]
fn put_besides(action: &Action, order: &Order, sink: &mut impl Sink) {
    put_terms_besides(order, &besides(action, order), sink);
}

/// What the second record of an order says besides its terms.
fn besides(action: &Action, order: &Order) -> Besides {
    let offset = offset_of(&order.pricing);
    let word = u64::from(offset.unwrap_or(0) as u32);
    let (kind, name, more) = match *action {
        Action::Once { token, .. } => (ONCE, token.0, 0),
        Action::Leg {
            list,
            kind,
            legs,
            partial_fill,
            ..
        } => {
            let legs = u64::from(legs) << LEGS;
            let partial_fill = (partial_fill as u64) << PARTIAL_FILL;
            (
                LEG,
                list.0,
                (kind as u64) << LIST_KIND | legs | partial_fill,
            )
        }
        Action::CancelReplace {
            cancel, only, mode, ..
        } => {
            let more = (only as u64) << ONLY | (mode as u64) << MODE;
            (CANCEL_REPLACE, cancel.0, more)
        }
        Action::Order(_)
        | Action::Limit(_)
        | Action::Market(_)
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::Amend(_)
        | Action::CancelAll(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => {
            return Besides {
                kind: PEG_TERMS,
                name: None,
                word,
            };
        }
    };
    Besides {
        kind,
        name: Some(name),
        word: word | more,
    }
}

/// Makes of an order, with its terms, what its second record says; whether it says that of such an order.
pub fn enter(fields: &Fields<'_>, action: &mut Action) -> bool {
    let kind = fields.kind();
    let Action::Order(order) = action else {
        return false;
    };
    if matches!(kind, TERMS | TRIGGER_TERMS) {
        return offset_of(&order.pricing).is_none();
    }
    let word = fields.word(QUANTITY);
    let Some(is_pegged) = add_offset(&mut order.pricing, word as u32 as i32) else {
        return false;
    };
    if kind == PEG_TERMS {
        return is_pegged && word >> 32 == 0;
    }
    let entry = entry_of(fields, word, *order);
    entry.map(|entry| *action = entry).is_some()
}

/// The action of an order that is entered with something besides.
fn entry_of(fields: &Fields<'_>, word: u64, order: Order) -> Option<Action> {
    let name = fields.word(ID);
    let byte = |from: u32| (word >> from) as u8 as usize;
    let has_only = |bits: u32| word >> bits == 0;
    Some(match fields.kind() {
        ONCE if has_only(32) => Action::Once {
            token: ClientToken(name),
            order,
        },
        LEG if has_only(56) => Action::Leg {
            list: ListId(name),
            kind: *ListKind::ALL.get(byte(LIST_KIND))?,
            legs: byte(LEGS) as u8,
            partial_fill: *PartialFill::ALL.get(byte(PARTIAL_FILL))?,
            order,
        },
        CANCEL_REPLACE if has_only(48) => Action::CancelReplace {
            cancel: OrderId(name),
            only: *CancelOnly::ALL.get(byte(ONLY))?,
            mode: *MODES.get(byte(MODE))?,
            order,
        },
        _ => return None,
    })
}
