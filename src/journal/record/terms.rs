//! Orders with terms of their own, and what happens to them, to records and back.

use crate::command::{Action, Command};
use crate::event::Event;
use crate::journal::record::amend::add_amendment;
use crate::journal::record::besides::{Besides, enter};
use crate::journal::record::peg::{pricing_of, pricing_words};
use crate::journal::record::put::{life, ticks};
use crate::journal::record::take::Fields;
use crate::journal::record::trigger::{HAS_TRIGGER, trigger_if, trigger_of, trigger_words};
use crate::journal::record::*;
use crate::order::{Display, Order, OrderId, Refresh, SelfTrade, TradeGroup};
use crate::units::Quantity;

/// Where the fields of Order and Terms begin among the flags.
const POST: u32 = 1;
const LIFE: u32 = 3;
pub const REFRESH: u32 = 2;
const SELF_TRADE: u32 = 4;

/// The displays by their codes.
const WHOLE: u64 = 0;
const HIDDEN: u64 = 1;
const PEAK: u64 = 2;

const REFRESHES: [Refresh; 3] = [Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast];

/// Hands on the first record of an order.
#[inline(always)]
pub fn put_order(order: &Order, time: (usize, u64), sink: &mut impl Sink) {
    let (life, expiry) = life(order.time_in_force);
    let (pricing, price) = pricing_words(order.pricing);
    let post_only = (order.post_only as u64) << POST;
    let flags = order.side as u64 | post_only | life << LIFE | pricing;
    sink.put(
        head(ORDER, flags, order.account.0),
        [
            (ID, order.id.0),
            (PRICE, price),
            (QUANTITY, order.quantity.lots()),
            (OTHER, expiry),
            time,
        ],
    );
}

/// Hands on the second record of an order that is neither pegged nor entered with anything besides.
#[inline(always)]
pub fn put_terms(order: &Order, sink: &mut impl Sink) {
    let Terms {
        flags,
        spread,
        others: [peak, minimum],
    } = terms_of(order);
    let group = order.group.0;
    let Some(trigger) = &order.trigger else {
        return sink.put(head(TERMS, flags, group), [(OTHER, spread), peak, minimum]);
    };
    let (waits, price, trail) = trigger_words(trigger);
    sink.put(
        head(TRIGGER_TERMS, flags | waits, group),
        [(PRICE, price), (OTHER, spread | trail), peak, minimum],
    );
}

/// Hands on the second record of any other order.
pub fn put_terms_besides(order: &Order, besides: &Besides, sink: &mut impl Sink) {
    let Terms {
        flags,
        spread,
        others: [peak, minimum],
    } = terms_of(order);
    let (waits, price, trail) = order.trigger.as_ref().map_or((0, 0, 0), trigger_words);
    let triggered = u64::from(order.trigger.is_some()) << HAS_TRIGGER;
    let head = head(besides.kind, flags | waits | triggered, order.group.0);
    let (price, spread) = ((PRICE, price), (OTHER, spread | trail));
    let word = (QUANTITY, besides.word);
    match besides.name {
        Some(name) => sink.put(head, [(ID, name), price, word, spread, peak, minimum]),
        None => sink.put(head, [price, word, spread, peak, minimum]),
    }
}

/// What every second record of an order has.
struct Terms {
    flags: u64,
    spread: u64,
    /// Peak and minimum, with their places.
    others: [(usize, u64); 2],
}

#[inline(always)]
fn terms_of(order: &Order) -> Terms {
    let (display, refresh, spread, peak) = display_words(order.display);
    let self_trade = self_trade_code(order.self_trade);
    Terms {
        flags: display | refresh << REFRESH | self_trade << SELF_TRADE,
        spread,
        others: [(TRADE, peak), (MAKER_LEFT, order.minimum.lots())],
    }
}

/// Zero for the instrument's default.
#[inline(always)]
pub fn self_trade_code(mode: Option<SelfTrade>) -> u64 {
    mode.map_or(0, |mode| mode as u64 + 1)
}

/// Code, refresh, spread and size of a display.
#[inline(always)]
pub fn display_words(display: Display) -> (u64, u64, u64, u64) {
    match display {
        Display::Whole => (WHOLE, 0, 0, 0),
        Display::Hidden => (HIDDEN, 0, 0, 0),
        Display::Peak {
            quantity,
            spread_bps,
            refresh,
        } => (PEAK, refresh as u64, u64::from(spread_bps), quantity.lots()),
    }
}

/// What the first of an order's two records says of it.
pub fn order_of(fields: &Fields<'_>) -> Option<Order> {
    Some(Order {
        id: fields.id(),
        account: fields.account(),
        group: TradeGroup(0),
        side: fields.side(),
        pricing: pricing_of(fields)?,
        quantity: fields.quantity(QUANTITY),
        minimum: Quantity::ZERO,
        time_in_force: fields.life(LIFE)?,
        post_only: *POST_ONLY.get(fields.flags(POST, 2) as usize)?,
        display: Display::Whole,
        self_trade: None,
        trigger: None,
    })
}

/// Reads the second record into the command that the first one was read into, if it is one; words without a
/// meaning are not looked at.
pub fn read_terms(record: &Record, command: &mut Command) -> bool {
    let Some(fields) = Fields::of(record) else {
        return false;
    };
    match &mut command.action {
        Action::Order(order) => {
            add_terms(&fields, order).is_some_and(|()| enter(&fields, &mut command.action))
        }
        Action::Amend(amend) => add_amendment(&fields, amend).is_some(),
        Action::Limit(_)
        | Action::Market(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::CancelAll(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => false,
    }
}

/// Adds what a second record says of the order itself.
fn add_terms(fields: &Fields<'_>, order: &mut Order) -> Option<()> {
    let trigger = match fields.kind() {
        TERMS => None,
        TRIGGER_TERMS => Some(trigger_of(fields)?),
        PEG_TERMS | ONCE | LEG | CANCEL_REPLACE => trigger_if(fields)?,
        _ => return None,
    };
    let spread = match trigger {
        Some(_) => u64::from(fields.word(OTHER) as u32),
        None => fields.word(OTHER),
    };
    order.group = TradeGroup(fields.account().0);
    order.minimum = fields.quantity(MAKER_LEFT);
    order.display = display_of(fields, fields.flags(0, 2), spread)?;
    order.self_trade = self_trade_of(fields, SELF_TRADE)?;
    order.trigger = trigger;
    Some(())
}

/// The display of this code, with what a second record says of its peaks.
pub fn display_of(fields: &Fields<'_>, code: u64, spread: u64) -> Option<Display> {
    let peak = fields.quantity(TRADE);
    let refresh = *REFRESHES.get(fields.flags(REFRESH, 2) as usize)?;
    let is_plain = peak == Quantity::ZERO && spread == 0 && refresh == Refresh::Requeue;
    match code {
        WHOLE => is_plain.then_some(Display::Whole),
        HIDDEN => is_plain.then_some(Display::Hidden),
        PEAK => Some(Display::Peak {
            quantity: peak,
            spread_bps: u16::try_from(spread).ok()?,
            refresh,
        }),
        _ => None,
    }
}

pub fn self_trade_of(fields: &Fields<'_>, from: u32) -> Option<Option<SelfTrade>> {
    match (fields.flags(from, 3) as usize).checked_sub(1) {
        None => Some(None),
        Some(mode) => SelfTrade::ALL.get(mode).map(|mode| Some(*mode)),
    }
}

/// Hands on a trade that was prevented.
pub fn put_prevented(event: &Event, sink: &mut impl Sink) {
    let Event::Prevented {
        taker,
        maker,
        taker_side,
        mode,
        price,
        quantity,
        taker_remaining,
        maker_remaining,
    } = *event
    else {
        return;
    };
    sink.put(
        head(PREVENTED, taker_side as u64 | (mode as u64) << 1, 0),
        [
            (ID, taker.0),
            (PRICE, ticks(price)),
            (QUANTITY, quantity.lots()),
            (OTHER, maker.0),
            (LEFT, taker_remaining.lots()),
            (MAKER_LEFT, maker_remaining.lots()),
        ],
    );
}

/// Hands on another event that only orders with terms of their own bring about.
pub fn put_event_of_terms(event: &Event, sink: &mut impl Sink) {
    match *event {
        Event::Priced { id, price } => {
            sink.put(head(PRICED, 0, 0), [(ID, id.0), (PRICE, ticks(price))]);
        }
        Event::RestedHidden {
            id,
            account,
            side,
            price,
            displayed,
            hidden,
        } => sink.put(
            head(RESTED_HIDDEN, side as u64, account.0),
            [
                (ID, id.0),
                (PRICE, ticks(price)),
                (QUANTITY, displayed.lots()),
                (LEFT, hidden.lots()),
            ],
        ),
        Event::Refreshed {
            id,
            displayed,
            hidden,
            priority,
        } => sink.put(
            head(REFRESHED, priority as u64, 0),
            [
                (ID, id.0),
                (QUANTITY, displayed.lots()),
                (LEFT, hidden.lots()),
            ],
        ),
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Traded { .. }
        | Event::Prevented { .. }
        | Event::Rested { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::Slid { .. }
        | Event::Cancelled { .. }
        | Event::MassCancelled { .. }
        | Event::TimeAdvanced { .. }
        | Event::DayEnded { .. }
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

/// The event of these that a record stands for.
pub fn event_of_terms(fields: &Fields<'_>) -> Option<Event> {
    let (id, price) = (fields.id(), fields.price(PRICE));
    let (quantity, hidden) = (fields.quantity(QUANTITY), fields.quantity(LEFT));
    Some(match fields.kind() {
        PREVENTED => Event::Prevented {
            taker: id,
            maker: OrderId(fields.word(OTHER)),
            taker_side: fields.side(),
            mode: *SelfTrade::ALL.get(fields.flags(1, 3) as usize)?,
            price,
            quantity,
            taker_remaining: fields.quantity(LEFT),
            maker_remaining: fields.quantity(MAKER_LEFT),
        },
        PRICED => Event::Priced { id, price },
        RESTED_HIDDEN => Event::RestedHidden {
            id,
            account: fields.account(),
            side: fields.side(),
            price,
            displayed: quantity,
            hidden,
        },
        REFRESHED => Event::Refreshed {
            id,
            displayed: quantity,
            hidden,
            priority: fields.priority(),
        },
        _ => return None,
    })
}
