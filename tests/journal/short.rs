//! The commonest entries, and those that differ from them by one thing: written, read, verified and replayed
//! as any other.

use pricetime::journal::{DamageKind, Start, verify};
use pricetime::{
    AccountId, Action, Cancel, CancelCause, Command, Event, Instrument, LimitOrder, OrderId,
    OrderKind, PostOnly, Price, Quantity, Side, TimeInForce, Timestamp,
};

use crate::draw_rows::{next_cause, next_life, row};
use crate::hostile::check;
use crate::layout::{self, Body, HEAD};
use crate::read;
use crate::written::{Plan, SMALL, Written};

type Entry = (Command, Vec<Event>);

const TIME: Timestamp = Timestamp::new(7);

fn order() -> LimitOrder {
    LimitOrder {
        id: OrderId(3),
        account: AccountId(4),
        side: Side::Sell,
        post_only: PostOnly::Off,
        price: Price::new(5),
        quantity: Quantity::new(6),
        time_in_force: TimeInForce::Gtc,
    }
}

/// An order that was accepted as one and rests as another.
fn entry(asked: LimitOrder, accepted: LimitOrder, rested: LimitOrder) -> Entry {
    let accepted = Event::Accepted {
        id: accepted.id,
        account: accepted.account,
        side: accepted.side,
        kind: OrderKind::Limit,
        time_in_force: accepted.time_in_force,
        price: accepted.price,
        quantity: accepted.quantity,
        timestamp: TIME,
    };
    let rested = Event::Rested {
        id: rested.id,
        account: rested.account,
        side: rested.side,
        price: rested.price,
        quantity: rested.quantity,
    };
    let command = Command::new(TIME, Action::Limit(asked));
    (command, vec![accepted, rested])
}

/// The order, and others that differ from it in one field, by zero and otherwise.
fn orders() -> Vec<LimitOrder> {
    let mut orders = vec![order()];
    for word in [0, 9] {
        orders.push(LimitOrder {
            id: OrderId(word),
            ..order()
        });
        orders.push(LimitOrder {
            account: AccountId(word as u32),
            ..order()
        });
        orders.push(LimitOrder {
            price: Price::new(word as i64),
            ..order()
        });
        orders.push(LimitOrder {
            quantity: Quantity::new(word),
            ..order()
        });
    }
    orders.push(LimitOrder {
        side: Side::Buy,
        ..order()
    });
    for post_only in [PostOnly::Reject, PostOnly::Slide] {
        orders.push(LimitOrder {
            post_only,
            ..order()
        });
    }
    orders.extend(row(next_life).map(|time_in_force| LimitOrder {
        time_in_force,
        ..order()
    }));
    orders
}

fn resting() -> Vec<Entry> {
    let mut entries = Vec::new();
    for other in orders() {
        let one = order();
        for [asked, accepted, rested] in [
            [other, other, other],
            [other, one, one],
            [one, other, one],
            [one, one, other],
        ] {
            let (command, events) = entry(asked, accepted, rested);
            entries.push((command, events[..1].to_vec()));
            entries.push((command, [&events[..], &events[1..]].concat()));
            entries.push((command, events.iter().rev().copied().collect()));
            entries.push((command, events));
        }
    }
    let (command, mut events) = entry(order(), order(), order());
    if let Event::Accepted {
        kind, timestamp, ..
    } = &mut events[0]
    {
        (*kind, *timestamp) = (OrderKind::Market, Timestamp::new(8));
    }
    entries.push((command, events.clone()));
    if let Event::Accepted { kind, .. } = &mut events[0] {
        *kind = OrderKind::Limit;
    }
    entries.push((command, events));
    entries
}

fn cancellations() -> Vec<Entry> {
    let mut entries = Vec::new();
    for owner in [None, Some(AccountId(0)), Some(AccountId(4))] {
        for asked in [0, 3] {
            for (id, lots) in [(0, 0), (0, 6), (3, 0), (3, 6), (9, 6)] {
                for cause in row(next_cause) {
                    let id_asked = OrderId(asked);
                    let cancel = Cancel {
                        id: id_asked,
                        owner,
                    };
                    let command = Command::new(TIME, Action::Cancel(cancel));
                    let event = cancelled(id, cause, lots);
                    entries.push((command, vec![event]));
                    entries.push((command, vec![event, event]));
                }
            }
        }
    }
    entries
}

fn cancelled(id: u64, cause: CancelCause, lots: u64) -> Event {
    Event::Cancelled {
        id: OrderId(id),
        cause,
        quantity: Quantity::new(lots),
    }
}

fn written(entries: Vec<Entry>) -> Written {
    let instrument = Instrument::builder().capacities(SMALL).build().unwrap();
    Written::from_entries(instrument, entries, Vec::new(), Plan::default())
}

#[test]
fn what_differs_from_a_common_entry_is_read_as_it_was_written() {
    let written = written([resting(), cancellations()].concat());
    assert_eq!(read(&written.bytes).entries, written.entries);
    let frames = layout::decode(&written.bytes);
    for (frame, (command, events)) in frames[1..].iter().zip(&written.entries) {
        assert_eq!(frame.body, Body::Entry(*command, events.clone()));
    }
    verify(&written.bytes, Start::Beginning, None).expect("no damage");
}

/// Every bit of the payload, and every word as zero and as its neighbour, with the right checksum.
#[test]
fn a_common_entry_that_was_changed_is_judged_alike_by_all() {
    let rests = entry(order(), order(), order());
    let cancel = |owner| {
        let id = OrderId(3);
        let command = Command::new(TIME, Action::Cancel(Cancel { id, owner }));
        (command, vec![cancelled(3, CancelCause::Requested, 6)])
    };
    let mut malformed = 0;
    for last in [
        rests.clone(),
        cancel(None),
        cancel(Some(AccountId(0))),
        cancel(Some(AccountId(4))),
    ] {
        let written = written(vec![rests.clone(), last]);
        let start = written.frames[2].bytes.start;
        let end = written.bytes.len();
        let mut judge = |change: &dyn Fn(&mut [u8])| {
            let mut bytes = written.bytes.clone();
            change(&mut bytes[start + HEAD..]);
            layout::sign(&mut bytes[start..]);
            check(&bytes, &written.instrument);
            let damage = read(&bytes).end.err();
            malformed += u32::from(damage.is_some_and(|it| it.kind == DamageKind::Malformed));
        };
        for bit in 0..8 * (end - start - HEAD) {
            judge(&|payload| payload[bit / 8] ^= 1 << (bit % 8));
        }
        for word in (0..end - start - HEAD).step_by(8) {
            judge(&|payload| payload[word..word + 8].fill(0));
            judge(&|payload| payload.copy_within(..word, 8));
            judge(&|payload| payload[word..word + 4].fill(0));
            judge(&|payload| payload[word + 4..word + 8].fill(0));
        }
    }
    assert!(malformed > 300, "only {malformed} were malformed");
}
