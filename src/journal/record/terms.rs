//! Orders with terms of their own, and what happens to them, to records and back.

use crate::command::{Action, Command};
use crate::event::Event;
use crate::journal::record::put::{life, ticks};
use crate::journal::record::take::Fields;
use crate::journal::record::trigger::{trigger_flags, trigger_of, trigger_words};
use crate::journal::record::*;
use crate::order::{Display, Order, OrderId, Pricing, Refresh, SelfTrade, TradeGroup};
use crate::units::{Price, Quantity};

/// Where the fields of Order and Terms begin among the flags.
const POST: u32 = 1;
const LIFE: u32 = 3;
const PRICING: u32 = 6;
const REFRESH: u32 = 2;
const SELF_TRADE: u32 = 4;

/// The displays by their codes.
const WHOLE: u64 = 0;
const HIDDEN: u64 = 1;
const PEAK: u64 = 2;

const REFRESHES: [Refresh; 3] = [Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast];

/// Hands an order on as its two records.
pub fn put_order(order: &Order, time: (usize, u64), sink: &mut impl Sink) {
    let (life, expiry) = life(order.time_in_force);
    let (pricing, price) = match order.pricing {
        Pricing::Limit(price) => (0, ticks(price)),
        Pricing::Market => (1, 0),
        Pricing::Protected(distance) => (2, distance),
        Pricing::MarketToLimit | Pricing::Pegged { .. } => (3, 0),
    };
    let post_only = (order.post_only as u64) << POST;
    let flags = order.side as u64 | post_only | life << LIFE | pricing << PRICING;
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
    let (display, peak, spread) = match order.display {
        Display::Whole => (WHOLE, 0, 0),
        Display::Hidden => (HIDDEN, 0, 0),
        Display::Peak {
            quantity,
            spread_bps,
            refresh,
        } => (
            PEAK | (refresh as u64) << REFRESH,
            quantity.lots(),
            u64::from(spread_bps),
        ),
    };
    let self_trade = order.self_trade.map_or(0, |mode| mode as u64 + 1);
    let flags = display | self_trade << SELF_TRADE;
    let minimum = (MAKER_LEFT, order.minimum.lots());
    let Some(trigger) = &order.trigger else {
        let words = [(OTHER, spread), (TRADE, peak), minimum];
        return sink.put(head(TERMS, flags, order.group.0), words);
    };
    let (price, trail) = trigger_words(trigger);
    sink.put(
        head(TRIGGER_TERMS, flags | trigger_flags(trigger), order.group.0),
        [
            (PRICE, price),
            (OTHER, spread | trail),
            (TRADE, peak),
            minimum,
        ],
    );
}

/// What the first of an order's two records says of it.
pub fn order_of(fields: &Fields<'_>) -> Option<Order> {
    let price = fields.word(PRICE);
    let pricing = match fields.flags(PRICING, 2) {
        0 => Pricing::Limit(Price::new(price as i64)),
        2 => Pricing::Protected(price),
        _ if price != 0 => return None,
        1 => Pricing::Market,
        _ => Pricing::MarketToLimit,
    };
    Some(Order {
        id: fields.id(),
        account: fields.account(),
        group: TradeGroup(0),
        side: fields.side(),
        pricing,
        quantity: fields.quantity(QUANTITY),
        minimum: Quantity::ZERO,
        time_in_force: fields.life(LIFE)?,
        post_only: *POST_ONLY.get(fields.flags(POST, 2) as usize)?,
        display: Display::Whole,
        self_trade: None,
        trigger: None,
    })
}

/// Reads an order's second record into the command that its first one was read into, if it is one; words without a
/// meaning are not looked at.
pub fn read_terms(record: &Record, command: &mut Command) -> bool {
    let (Some(fields), Action::Order(order)) = (Fields::of(record), &mut command.action) else {
        return false;
    };
    let (trigger, spread) = match fields.kind() {
        TERMS => (None, fields.word(OTHER)),
        TRIGGER_TERMS => match trigger_of(&fields) {
            Some(trigger) => (Some(trigger), u64::from(fields.word(OTHER) as u32)),
            None => return false,
        },
        _ => return false,
    };
    let (Some(display), Some(self_trade)) = (display_of(&fields, spread), self_trade_of(&fields))
    else {
        return false;
    };
    order.group = TradeGroup(fields.account().0);
    order.minimum = fields.quantity(MAKER_LEFT);
    order.display = display;
    order.self_trade = self_trade;
    order.trigger = trigger;
    true
}

fn display_of(fields: &Fields<'_>, spread: u64) -> Option<Display> {
    let peak = fields.quantity(TRADE);
    let refresh = *REFRESHES.get(fields.flags(REFRESH, 2) as usize)?;
    let is_plain = peak == Quantity::ZERO && spread == 0 && refresh == Refresh::Requeue;
    match fields.flags(0, 2) {
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

fn self_trade_of(fields: &Fields<'_>) -> Option<Option<SelfTrade>> {
    match (fields.flags(SELF_TRADE, 3) as usize).checked_sub(1) {
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
