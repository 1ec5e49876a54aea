//! What an order waits for, and what comes of it, to records and back.

use crate::event::{Event, RejectReason};
use crate::journal::record::put::{head, ticks};
use crate::journal::record::take::Fields;
use crate::journal::record::*;
use crate::order::{Trail, Trigger, TriggerKind, TriggerSource, TriggerStart};

/// Where the fields of a trigger begin among the flags, behind those of Terms.
const KIND: u32 = 7;
const SOURCE: u32 = 8;
const TRAIL: u32 = 10;
const START: u32 = 12;
/// Where it is said that there is a trigger, in records that may have one or not.
pub const HAS_TRIGGER: u32 = 13;

/// Where the distance of a trail begins in its word.
const DISTANCE: u32 = 32;

const KINDS: [TriggerKind; 2] = [TriggerKind::Stop, TriggerKind::TakeProfit];
const STARTS: [TriggerStart; 2] = [TriggerStart::AtPrice, TriggerStart::AtOnce];
const TRAILS: [Trail; 3] = [Trail::None, Trail::Ticks, Trail::BasisPoints];
const SOURCES: [TriggerSource; 3] = [
    TriggerSource::LastTrade,
    TriggerSource::BestOpposite,
    TriggerSource::Mark,
];

/// What a trigger adds to the flags of its order's second record, the word of its price, and what its trail adds to the word of the spread.
pub fn trigger_words(trigger: &Trigger) -> (u64, u64, u64) {
    let flags = (trigger.kind as u64) << KIND
        | (trigger.source as u64) << SOURCE
        | (trigger.trail as u64) << TRAIL
        | (trigger.start as u64) << START;
    let distance = u64::from(trigger.distance) << DISTANCE;
    (flags, ticks(trigger.price), distance)
}

/// What the second record of an order that waits says of its trigger.
pub fn trigger_of(fields: &Fields<'_>) -> Option<Trigger> {
    Some(Trigger {
        kind: KINDS[fields.flags(KIND, 1) as usize & 1],
        source: *SOURCES.get(fields.flags(SOURCE, 2) as usize)?,
        price: fields.price(PRICE),
        trail: *TRAILS.get(fields.flags(TRAIL, 2) as usize)?,
        distance: (fields.word(OTHER) >> DISTANCE) as u32,
        start: STARTS[fields.flags(START, 1) as usize & 1],
    })
}

/// The trigger that a second record has if it says so; otherwise all that it would say has to be zero.
pub fn trigger_if(fields: &Fields<'_>) -> Option<Option<Trigger>> {
    if fields.flag(HAS_TRIGGER) {
        return trigger_of(fields).map(Some);
    }
    let says_nothing = fields.flags(KIND, HAS_TRIGGER - KIND) == 0
        && fields.word(PRICE) == 0
        && fields.word(OTHER) >> DISTANCE == 0;
    says_nothing.then_some(None)
}

/// Hands on an event that only triggers, and the mark that some of them watch, bring about.
pub fn put_event_of_trigger(event: &Event, sink: &mut impl Sink) {
    match *event {
        Event::Waits { id } => sink.put(head(WAITS, 0, 0), [(ID, id.0)]),
        Event::Triggered { id, price } => {
            sink.put(head(TRIGGERED, 0, 0), [(ID, id.0), (PRICE, ticks(price))]);
        }
        Event::Refused { id, reason } => {
            sink.put(head(REFUSED, reason as u64, 0), [(ID, id.0)]);
        }
        Event::MarkSet { price } => sink.put(head(MARK_SET, 0, 0), [(PRICE, ticks(price))]),
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Traded { .. }
        | Event::Prevented { .. }
        | Event::Priced { .. }
        | Event::Rested { .. }
        | Event::RestedHidden { .. }
        | Event::Refreshed { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::Slid { .. }
        | Event::Cancelled { .. }
        | Event::MassCancelled { .. }
        | Event::TimeAdvanced { .. }
        | Event::Held { .. }
        | Event::ListStarted { .. }
        | Event::Released { .. }
        | Event::Duplicate { .. }
        | Event::Repriced { .. }
        | Event::TriggerMoved { .. }
        | Event::DayEnded { .. } => {}
    }
}

/// The event of these that a record stands for.
pub fn event_of_trigger(fields: &Fields<'_>) -> Option<Event> {
    let (id, price) = (fields.id(), fields.price(PRICE));
    Some(match fields.kind() {
        WAITS => Event::Waits { id },
        TRIGGERED => Event::Triggered { id, price },
        REFUSED => Event::Refused {
            id,
            reason: RejectReason::of_code(fields.flags(0, 8) as u8)?,
        },
        MARK_SET => Event::MarkSet { price },
        _ => return None,
    })
}
