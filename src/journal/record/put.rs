//! From commands and events to records.

use crate::command::{Action, Command};
use crate::event::{Event, OrderKind};
use crate::journal::record::amend::put_amend;
use crate::journal::record::besides::put_entry;
use crate::journal::record::release::put_event_of_release;
use crate::journal::record::terms::{put_event_of_terms, put_prevented, self_trade_code};
use crate::journal::record::trigger::put_event_of_trigger;
use crate::journal::record::*;
use crate::order::{AccountId, MarketAmount, MarketOrder, TimeInForce, TradeGroup};
use crate::units::{Notional, Price, Quantity};

#[inline(always)]
pub fn head(kind: u8, flags: u64, account: u32) -> u64 {
    u64::from(kind) | flags << 16 | u64::from(account) << 32
}

#[inline(always)]
pub fn life(time_in_force: TimeInForce) -> (u64, u64) {
    match time_in_force {
        TimeInForce::Gtc => (0, 0),
        TimeInForce::Ioc => (1, 0),
        TimeInForce::Fok => (2, 0),
        TimeInForce::Day => (3, 0),
        TimeInForce::Gtd(time) => (GTD, time.nanoseconds()),
    }
}

#[inline(always)]
pub fn ticks(price: Price) -> u64 {
    price.ticks() as u64
}

#[inline(always)]
pub fn owned(owner: Option<AccountId>) -> (u64, u32) {
    match owner {
        Some(account) => (1, account.0),
        None => (0, 0),
    }
}

#[inline(always)]
pub fn put_command(command: &Command, sink: &mut impl Sink) {
    let time = (TIME, command.timestamp.nanoseconds());
    match &command.action {
        Action::Limit(order) => {
            let (life, expiry) = life(order.time_in_force);
            let flags = order.side as u64 | (order.post_only as u64) << 1 | life << 3;
            sink.put(
                head(LIMIT, flags, order.account.0),
                [
                    (ID, order.id.0),
                    (PRICE, ticks(order.price)),
                    (QUANTITY, order.quantity.lots()),
                    (OTHER, expiry),
                    time,
                ],
            );
        }
        Action::Cancel(cancel) => {
            let (flag, account) = owned(cancel.owner);
            sink.put(head(CANCEL, flag, account), [(ID, cancel.id.0), time]);
        }
        Action::Market(_)
        | Action::Order(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::Amend(_)
        | Action::CancelAll(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => put_rarer_command(command, sink),
    }
}

fn put_rarer_command(command: &Command, sink: &mut impl Sink) {
    let time = (TIME, command.timestamp.nanoseconds());
    match &command.action {
        Action::Limit(_) | Action::Cancel(_) => {}
        Action::Market(order) => put_market(order, time, sink),
        Action::Order(order)
        | Action::Once { order, .. }
        | Action::Leg { order, .. }
        | Action::CancelReplace { order, .. } => put_entry(&command.action, order, time, sink),
        Action::Amend(amend) => put_amend(amend, time, sink),
        Action::Reduce(reduce) => {
            let (flag, account) = owned(reduce.owner);
            let words = [(ID, reduce.id.0), (QUANTITY, reduce.by.lots()), time];
            sink.put(head(REDUCE, flag, account), words);
        }
        Action::Replace(replace) => {
            let (flag, account) = owned(replace.owner);
            let priced = u64::from(replace.price.is_some()) << 1;
            let counted = u64::from(replace.quantity.is_some()) << 2;
            sink.put(
                head(REPLACE, flag | priced | counted, account),
                [
                    (ID, replace.id.0),
                    (PRICE, replace.price.map_or(0, ticks)),
                    (QUANTITY, replace.quantity.map_or(0, Quantity::lots)),
                    time,
                ],
            );
        }
        Action::CancelAll(filter) => {
            let (flag, account) = owned(filter.account);
            let side = filter.side.map_or(0, |side| side as u64 + 1) << 1;
            let min = u64::from(filter.price_min.is_some()) << 3;
            let max = u64::from(filter.price_max.is_some()) << 4;
            sink.put(
                head(CANCEL_ALL, flag | side | min | max, account),
                [
                    (PRICE, filter.price_min.map_or(0, ticks)),
                    (OTHER, filter.price_max.map_or(0, ticks)),
                    time,
                ],
            );
        }
        Action::SetMark(price) => sink.put(head(SET_MARK, 0, 0), [(PRICE, ticks(*price)), time]),
        Action::AdvanceTime => sink.put(head(ADVANCE_TIME, 0, 0), [time]),
        Action::EndOfDay => sink.put(head(END_OF_DAY, 0, 0), [time]),
    }
}

/// Whether a market order says nothing of self-trades, so that it needs no words for them.
pub fn is_plain_market(order: &MarketOrder) -> bool {
    order.group == TradeGroup(0) && order.self_trade.is_none()
}

fn put_market(order: &MarketOrder, time: (usize, u64), sink: &mut impl Sink) {
    let (quantity, budget, whole) = match order.amount {
        MarketAmount::Quantity(quantity) => (Some(quantity), None, 0),
        MarketAmount::Budget(budget) => (None, Some(budget), 0),
        MarketAmount::Both { quantity, budget } => (Some(quantity), Some(budget), 0),
        MarketAmount::Whole { quantity, total } => (Some(quantity), Some(total), 1 << 3),
    };
    let counted = u64::from(quantity.is_some()) << 1;
    let budgeted = u64::from(budget.is_some()) << 2;
    let money = budget.map_or(0, Notional::tick_lots);
    let flags = order.side as u64 | counted | budgeted | whole;
    let account = order.account.0;
    let id = (ID, order.id.0);
    let lots = (QUANTITY, quantity.map_or(0, Quantity::lots));
    let (low, high) = ((OTHER, money as u64), (TRADE, (money >> 64) as u64));
    if is_plain_market(order) {
        return sink.put(head(MARKET, flags, account), [id, lots, low, high, time]);
    }
    let flags = flags | self_trade_code(order.self_trade) << MARKET_MODE;
    let group = (PRICE, u64::from(order.group.0));
    sink.put(
        head(MARKET_SELF_TRADE, flags, account),
        [id, group, lots, low, high, time],
    );
}

/// Hands an event on as a record.
#[inline(always)]
pub fn put_event(event: &Event, sink: &mut impl Sink) {
    match event {
        Event::Accepted { .. } => put_accepted(event, sink),
        Event::Traded { .. } => put_traded(event, sink),
        Event::Rested {
            id,
            account,
            side,
            price,
            quantity,
        } => sink.put(
            head(RESTED, *side as u64, account.0),
            [
                (ID, id.0),
                (PRICE, ticks(*price)),
                (QUANTITY, quantity.lots()),
            ],
        ),
        Event::Cancelled {
            id,
            cause,
            quantity,
        } => sink.put(
            head(CANCELLED, *cause as u64, 0),
            [(ID, id.0), (QUANTITY, quantity.lots())],
        ),
        Event::Waits { .. }
        | Event::Triggered { .. }
        | Event::Refused { .. }
        | Event::MarkSet { .. } => put_event_of_trigger(event, sink),
        Event::Held { .. }
        | Event::ListStarted { .. }
        | Event::Released { .. }
        | Event::Duplicate { .. }
        | Event::Repriced { .. }
        | Event::TriggerMoved { .. } => put_event_of_release(event, sink),
        Event::Rejected { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::Slid { .. }
        | Event::MassCancelled { .. }
        | Event::TimeAdvanced { .. }
        | Event::DayEnded { .. } => put_rarer_event(event, sink),
        Event::Prevented { .. } => put_prevented(event, sink),
        Event::Priced { .. } | Event::RestedHidden { .. } | Event::Refreshed { .. } => {
            put_event_of_terms(event, sink);
        }
    }
}

#[inline(always)]
fn put_accepted(event: &Event, sink: &mut impl Sink) {
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
        return;
    };
    let (life, expiry) = life(time_in_force);
    let flags = side as u64 | order_kind(kind) | life << 3;
    sink.put(
        head(ACCEPTED, flags, account.0),
        [
            (ID, id.0),
            (PRICE, ticks(price)),
            (QUANTITY, quantity.lots()),
            (OTHER, expiry),
            (TIME, timestamp.nanoseconds()),
        ],
    );
}

/// The flags of an order's kind, its highest bit apart.
#[inline(always)]
fn order_kind(kind: OrderKind) -> u64 {
    let code = kind as u64;
    (code & 3) << 1 | (code >> 2) << 6
}

#[inline(always)]
fn put_traded(event: &Event, sink: &mut impl Sink) {
    let Event::Traded {
        trade,
        taker,
        maker,
        taker_side,
        price,
        quantity,
        taker_remaining,
        maker_remaining,
    } = *event
    else {
        return;
    };
    sink.put(
        head(TRADED, taker_side as u64, 0),
        [
            (ID, taker.0),
            (PRICE, ticks(price)),
            (QUANTITY, quantity.lots()),
            (OTHER, maker.0),
            (TRADE, trade.0),
            (LEFT, taker_remaining.lots()),
            (MAKER_LEFT, maker_remaining.lots()),
        ],
    );
}

fn put_rarer_event(event: &Event, sink: &mut impl Sink) {
    match *event {
        Event::Rejected {
            id,
            request,
            reason,
        } => {
            let flags = request as u64 | (reason as u64) << 8;
            sink.put(head(REJECTED, flags, 0), [(ID, id.0)]);
        }
        Event::Reduced { id, by, remaining } => {
            let left = (LEFT, remaining.lots());
            sink.put(
                head(REDUCED, 0, 0),
                [(ID, id.0), (QUANTITY, by.lots()), left],
            );
        }
        Event::Replaced { .. } => put_replaced(event, sink),
        Event::Slid { id, from, to } => {
            let words = [(ID, id.0), (PRICE, ticks(to)), (OTHER, ticks(from))];
            sink.put(head(SLID, 0, 0), words);
        }
        Event::MassCancelled { orders, rest } => {
            sink.put(head(MASS_CANCELLED, rest as u64, 0), [(QUANTITY, orders)]);
        }
        Event::TimeAdvanced { to, orders } => {
            let time = (TIME, to.nanoseconds());
            sink.put(head(TIME_ADVANCED, 0, 0), [(QUANTITY, orders), time]);
        }
        Event::DayEnded { orders, rest } => {
            sink.put(head(DAY_ENDED, rest as u64, 0), [(QUANTITY, orders)]);
        }
        Event::Accepted { .. }
        | Event::Traded { .. }
        | Event::Rested { .. }
        | Event::Cancelled { .. }
        | Event::Prevented { .. }
        | Event::Priced { .. }
        | Event::RestedHidden { .. }
        | Event::Refreshed { .. }
        | Event::Waits { .. }
        | Event::Triggered { .. }
        | Event::Refused { .. }
        | Event::Held { .. }
        | Event::ListStarted { .. }
        | Event::Released { .. }
        | Event::Duplicate { .. }
        | Event::Repriced { .. }
        | Event::TriggerMoved { .. }
        | Event::MarkSet { .. } => {}
    }
}

fn put_replaced(event: &Event, sink: &mut impl Sink) {
    let Event::Replaced {
        id,
        price,
        quantity,
        priority,
    } = *event
    else {
        return;
    };
    sink.put(
        head(REPLACED, priority as u64, 0),
        [
            (ID, id.0),
            (PRICE, ticks(price)),
            (QUANTITY, quantity.lots()),
        ],
    );
}
