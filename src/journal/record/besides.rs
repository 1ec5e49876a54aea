//! What an order is entered with besides its terms, in its second record: a peg's offset, a token, a list, an order to cancel.

use crate::command::{Action, CancelOnly, CancelReplaceMode};
use crate::journal::record::peg::{add_offset, offset_of};
use crate::journal::record::take::Fields;
use crate::journal::record::terms::put_order;
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
pub fn put_entry(action: &Action, order: &Order, time: (usize, u64), sink: &mut impl Sink) {
    put_order(order, besides(action, order), time, sink);
}

/// What the second record of an order says besides its terms, if anything.
fn besides(action: &Action, order: &Order) -> Option<Besides> {
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
            return offset.map(|_| Besides {
                kind: PEG_TERMS,
                name: None,
                word,
            });
        }
    };
    Some(Besides {
        kind,
        name: Some(name),
        word: word | more,
    })
}

/// The action that enters an order whose terms were read, by its second record.
pub fn entry_of(fields: &Fields<'_>, mut order: Order) -> Option<Action> {
    let kind = fields.kind();
    let (word, name) = match kind {
        TERMS | TRIGGER_TERMS => (0, 0),
        PEG_TERMS => (fields.word(QUANTITY), 0),
        _ => (fields.word(QUANTITY), fields.word(ID)),
    };
    let is_pegged = add_offset(&mut order.pricing, word as u32 as i32)?;
    let byte = |from: u32| (word >> from) as u8 as usize;
    let has_only = |bits: u32| word >> bits == 0;
    Some(match kind {
        TERMS | TRIGGER_TERMS if !is_pegged => Action::Order(order),
        PEG_TERMS if is_pegged && has_only(32) => Action::Order(order),
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
