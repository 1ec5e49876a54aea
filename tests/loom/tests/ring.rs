#![cfg(loom)]

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU64, Ordering};
use loom::thread;
use pricetime::shell::ring::{LossyReader, Message, Seen, ring};
use pricetime::shell::sync::Guard;
use pricetime::{Event, OrderId, Price, Quantity, Rest, Side, TradeId};
use pricetime_loom::{fails_without, holds};

/// A message whose words say which it is.
fn message(number: u64) -> Message {
    Message {
        sequence: number,
        event: Event::DayEnded {
            orders: number,
            rest: Rest::Done,
        },
    }
}

/// A trade, which has words in both parts of its slot; all of them say which it is.
fn trade(number: u64) -> Message {
    let quantity = Quantity::new(number);
    Message {
        sequence: number,
        event: Event::Traded {
            trade: TradeId(number),
            taker: OrderId(number),
            maker: OrderId(number),
            taker_side: Side::Buy,
            price: Price::new(number as i64),
            quantity,
            taker_remaining: quantity,
            maker_remaining: quantity,
        },
    }
}

/// Three messages through a ring of two, a lossless reader behind: it sees each, whole and in order.
fn a_lossless_reader_sees_everything() {
    let (mut publisher, ring) = ring(2, 1);
    let mut reader = ring.lossless().unwrap();
    let publishing = thread::spawn(move || {
        let mut written = 0;
        for number in 1..=3 {
            if publisher.write(&message(number)) {
                written = number;
                publisher.publish();
            } else {
                break;
            }
        }
        written
    });
    let mut seen = 0;
    for _ in 0..2 {
        if let Some(read) = reader.read() {
            seen += 1;
            assert_eq!(read, message(seen));
            reader.give_back();
        }
    }
    let written = publishing.join().unwrap();
    while let Some(read) = reader.read() {
        seen += 1;
        assert_eq!(read, message(seen));
    }
    assert_eq!(seen, written);
}

/// A reader that joins while the ring is written sees all from where it joined.
fn a_reader_that_joins_late_misses_nothing() {
    let (mut publisher, ring) = ring(2, 1);
    let publishing = thread::spawn(move || {
        let mut written = 0;
        for number in 1..=4 {
            if publisher.write(&message(number)) {
                written = number;
                publisher.publish();
            } else {
                break;
            }
        }
        (publisher, written)
    });
    let mut reader = ring.lossless().unwrap();
    let mut seen = reader.position();
    while let Some(read) = reader.read() {
        seen += 1;
        assert_eq!(read, message(seen));
    }
    let (_publisher, written) = publishing.join().unwrap();
    while let Some(read) = reader.read() {
        seen += 1;
        assert_eq!(read, message(seen));
    }
    assert_eq!(seen, written);
}

/// A lossy reader is lapped: what it sees and what it misses add up, and what it sees is whole.
fn a_lossy_reader_accounts_for_everything() {
    lapped(message);
}

/// The same of trades: the stamp in one part of a slot speaks for the other too.
fn a_lossy_reader_sees_trades_whole() {
    lapped(trade);
}

fn lapped(message: fn(u64) -> Message) {
    let (mut publisher, ring) = ring(1, 0);
    let mut reader = ring.lossy();
    let publishing = thread::spawn(move || {
        for number in 1..=2 {
            assert!(publisher.write(&message(number)));
            publisher.publish();
        }
    });
    let mut position = 0;
    for _ in 0..2 {
        position += step(&mut reader, message(position + 1));
    }
    publishing.join().unwrap();
    while position < 2 {
        position += step(&mut reader, message(position + 1));
    }
    assert_eq!(reader.read(), Seen::Nothing);
}

/// A reader that reads after another: whatever it reads, the other had made durable before it gave it back.
fn what_is_read_after_another_is_durable() {
    let (mut publisher, ring) = ring(2, 2);
    let mut first = ring.lossless().unwrap();
    let mut second = ring.lossless_after(&mut first).unwrap();
    // No ordering of its own, so that only the reader's counts.
    let durable = Arc::new(AtomicU64::new(0));
    let persisted = Arc::clone(&durable);
    for number in 1..=2 {
        assert!(publisher.write(&message(number)));
    }
    publisher.publish();
    let persisting = thread::spawn(move || {
        while let Some(read) = first.read() {
            persisted.store(read.sequence, Ordering::Relaxed);
            first.give_back();
        }
    });
    let mut seen = 0;
    for _ in 0..3 {
        while let Some(read) = second.read() {
            seen += 1;
            assert_eq!(read, message(seen));
            assert!(durable.load(Ordering::Relaxed) >= seen, "told too early");
        }
    }
    persisting.join().unwrap();
    while let Some(read) = second.read() {
        seen += 1;
        assert_eq!(read, message(seen));
    }
    assert!(second.is_cut_off());
    assert_eq!(seen, 2);
}

fn step(reader: &mut LossyReader, next: Message) -> u64 {
    match reader.read() {
        Seen::Nothing => 0,
        Seen::Missed(missed) => missed,
        Seen::Message(read) => {
            assert_eq!(read, next);
            1
        }
    }
}

#[test]
fn ring_models() {
    holds(a_lossless_reader_sees_everything);
    holds(a_reader_that_joins_late_misses_nothing);
    holds(a_lossy_reader_accounts_for_everything);
    holds(what_is_read_after_another_is_durable);
    holds(a_lossy_reader_sees_trades_whole);
}

#[test]
fn ring_controls() {
    use Guard::*;
    for guard in [RingPublish, RingPublished, RingGiveBack, RingGates] {
        fails_without(guard, a_lossless_reader_sees_everything);
    }
    for guard in [RingLook, RingJoin] {
        fails_without(guard, a_reader_that_joins_late_misses_nothing);
    }
    for guard in [RingWriting, RingReading] {
        fails_without(guard, a_lossy_reader_accounts_for_everything);
        fails_without(guard, a_lossy_reader_sees_trades_whole);
    }
    for guard in [AfterGive, AfterGiven] {
        fails_without(guard, what_is_read_after_another_is_durable);
    }
}
