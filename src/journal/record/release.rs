//! What becomes of orders that are held, released, followed by a peg, or entered before, to records and back.

use crate::event::Event;
use crate::journal::record::put::{head, ticks};
use crate::journal::record::take::Fields;
use crate::journal::record::*;
use crate::order::{ListId, OrderId};

/// Hands on an event of these.
#[inline(never)]
pub fn put_event_of_release(event: &Event, sink: &mut impl Sink) {
    match *event {
        Event::Held { id, list } => sink.put(head(HELD, 0, 0), [(ID, id.0), (OTHER, list.0)]),
        Event::ListStarted { account, list } => {
            sink.put(head(LIST_STARTED, 0, account.0), [(OTHER, list.0)]);
        }
        Event::Released { id } => sink.put(head(RELEASED, 0, 0), [(ID, id.0)]),
        Event::Duplicate { id, original } => {
            sink.put(head(DUPLICATE, 0, 0), [(ID, id.0), (OTHER, original.0)]);
        }
        Event::Repriced { id, price } => {
            sink.put(head(REPRICED, 0, 0), [(ID, id.0), (PRICE, ticks(price))]);
        }
        Event::TriggerMoved { id, price } => {
            let words = [(ID, id.0), (PRICE, ticks(price))];
            sink.put(head(TRIGGER_MOVED, 0, 0), words);
        }
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
        | Event::Waits { .. }
        | Event::Triggered { .. }
        | Event::Refused { .. }
        | Event::MarkSet { .. }
        | Event::DayEnded { .. } => {}
    }
}

/// The event of these that a record stands for.
#[inline(never)]
pub fn event_of_release(fields: &Fields<'_>) -> Option<Event> {
    let (id, price, other) = (fields.id(), fields.price(PRICE), fields.word(OTHER));
    Some(match fields.kind() {
        HELD => Event::Held {
            id,
            list: ListId(other),
        },
        LIST_STARTED => Event::ListStarted {
            account: fields.account(),
            list: ListId(other),
        },
        RELEASED => Event::Released { id },
        DUPLICATE => Event::Duplicate {
            id,
            original: OrderId(other),
        },
        REPRICED => Event::Repriced { id, price },
        TRIGGER_MOVED => Event::TriggerMoved { id, price },
        _ => return None,
    })
}
