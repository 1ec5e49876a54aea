//! The two commonest entries, written in one go: a plain order that comes to rest whole, and a
//! cancellation.
//!
//! What is written is what the general way writes, word for word. It is here for speed alone; the
//! architecture page has the figures.

use crate::command::{Action, Cancel, Command};
use crate::event::{Event, OrderKind};
use crate::journal::frame::WORD;
use crate::journal::record::*;
use crate::order::{AccountId, LimitOrder, OrderId, PostOnly, Side, TimeInForce};
use crate::units::{Price, Quantity, Timestamp};

/// Words of the payload of an order that rests.
pub const REST_WORDS: usize = 6;
/// Words of the payload of a cancellation.
pub const CANCEL_WORDS: usize = 4;

/// The payload of a plain order that was accepted and rests whole, if that is what happened.
#[inline(always)]
pub fn rest(command: &Command, events: &[Event]) -> Option<[u64; REST_WORDS]> {
    let Action::Limit(order) = &command.action else {
        return None;
    };
    let [accepted, rested] = events else {
        return None;
    };
    if !(is_plain(order) & accepts(accepted, order, command.timestamp) & rests(rested, order)) {
        return None;
    }
    let side = order.side as u64;
    let words = const { bits(&[ID, PRICE, QUANTITY]) };
    Some([
        head(LIMIT, side, order.account.0) | u64::from(words) << 8,
        order.id.0,
        order.price.ticks() as u64,
        order.quantity.lots(),
        head(ACCEPTED, side, order.account.0),
        head(RESTED, side, order.account.0),
    ])
}

/// Good till cancelled, free to take, and without a word that is zero.
#[inline(always)]
fn is_plain(order: &LimitOrder) -> bool {
    (order.time_in_force == TimeInForce::Gtc)
        & (order.post_only == PostOnly::Off)
        & (order.id.0 != 0)
        & (order.price.ticks() != 0)
        & (order.quantity.lots() != 0)
}

#[inline(always)]
fn accepts(event: &Event, order: &LimitOrder, time: Timestamp) -> bool {
    let Event::Accepted {
        id,
        account,
        side,
        kind,
        time_in_force,
        price,
        quantity,
        timestamp,
    } = *event
    else {
        return false;
    };
    (id == order.id)
        & (account == order.account)
        & (side as u8 == order.side as u8)
        & (kind as u8 == OrderKind::Limit as u8)
        & (time_in_force == TimeInForce::Gtc)
        & (price == order.price)
        & (quantity == order.quantity)
        & (timestamp == time)
}

#[inline(always)]
fn rests(event: &Event, order: &LimitOrder) -> bool {
    let Event::Rested {
        id,
        account,
        side,
        price,
        quantity,
    } = *event
    else {
        return false;
    };
    (id == order.id)
        & (account == order.account)
        & (side as u8 == order.side as u8)
        & (price == order.price)
        & (quantity == order.quantity)
}

/// The payload of a cancellation that cancelled its order, if that is what happened.
#[inline(always)]
pub fn cancellation(command: &Command, events: &[Event]) -> Option<[u64; CANCEL_WORDS]> {
    let Action::Cancel(Cancel { id, owner }) = command.action else {
        return None;
    };
    let [
        Event::Cancelled {
            id: cancelled,
            cause,
            quantity,
        },
    ] = *events
    else {
        return None;
    };
    if !((cancelled == id) & (id.0 != 0) & (quantity.lots() != 0)) {
        return None;
    }
    let (flag, account) = owned(owner);
    let words = const { bits(&[QUANTITY]) };
    Some([
        head(CANCEL, flag, account) | u64::from(const { bits(&[ID]) }) << 8,
        id.0,
        head(CANCELLED, cause as u64, 0) | u64::from(words) << 8,
        quantity.lots(),
    ])
}

/// Reads the command of a payload, if it is one of the two kinds.
#[inline(always)]
pub fn read(payload: &[[u8; WORD]], time: u64, command: &mut Command) -> bool {
    const REST: u64 = LIMIT as u64 | (bits(&[ID, PRICE, QUANTITY]) as u64) << 8;
    const CANCELLATION: u64 = CANCEL as u64 | (bits(&[ID]) as u64) << 8;
    let Some(&[head, id, price, quantity]) = payload.first_chunk() else {
        return false;
    };
    let [head, id, price, quantity] = [head, id, price, quantity].map(u64::from_le_bytes);
    let account = AccountId((head >> 32) as u32);
    command.timestamp = Timestamp::new(time);
    command.action = match head as u32 & !(1 << 16) {
        // The only flag that may be set is the side.
        rest if u64::from(rest) == REST => Action::Limit(LimitOrder {
            id: OrderId(id),
            account,
            side: Side::BOTH[(head >> 16) as usize & 1],
            post_only: PostOnly::Off,
            price: Price::new(price as i64),
            quantity: Quantity::new(quantity),
            time_in_force: TimeInForce::Gtc,
        }),
        // The only flag that may be set is that there is an owner.
        cancel if u64::from(cancel) == CANCELLATION => Action::Cancel(Cancel {
            id: OrderId(id),
            owner: (head >> 16 & 1 == 1).then_some(account),
        }),
        _ => return false,
    };
    true
}

/// Whether a payload is well formed, if it is one of the two kinds; `false` for any other.
#[inline(always)]
pub fn is_well_formed(payload: &[[u8; WORD]]) -> bool {
    let word = |number: usize| u64::from_le_bytes(payload[number]);
    match payload.len() {
        REST_WORDS => {
            let (first, account) = (word(0), (word(0) >> 32) as u32);
            let side = first >> 16 & 1;
            let plain =
                head(LIMIT, side, account) | const { (bits(&[ID, PRICE, QUANTITY]) as u64) << 8 };
            (first == plain)
                & (word(1) != 0)
                & (word(2) != 0)
                & (word(3) != 0)
                & (word(4) == head(ACCEPTED, side, account))
                & (word(5) == head(RESTED, side, account))
        }
        CANCEL_WORDS => {
            let (first, account) = (word(0), (word(0) >> 32) as u32);
            let flag = first >> 16 & 1;
            let plain = head(CANCEL, flag, account) | const { (bits(&[ID]) as u64) << 8 };
            // Of the causes, the first stands for what was asked for.
            let cancelled = head(CANCELLED, 0, 0) | const { (bits(&[QUANTITY]) as u64) << 8 };
            (first == plain)
                & (flag == 1 || account == 0)
                & (word(1) != 0)
                & (word(2) == cancelled)
                & (word(3) != 0)
        }
        _ => false,
    }
}
