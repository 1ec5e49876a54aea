//! The rules of orders that are entered once, however often they are sent.

mod venue;

use pricetime::journal::{Mark, Segment, Start, Writer, replay, restore, snapshot};
use pricetime::{
    Capacities, Command, Engine, Event, Events, Instrument, InstrumentBuilder, OrderId, PostOnly,
    RejectReason, Timestamp,
};
use venue::words::{ask, bid, mark, once, stop, whose};
use venue::{Venue, cancel, until};

fn remembering(tokens: u32) -> InstrumentBuilder {
    Instrument::builder().capacities(Capacities {
        tokens,
        ..Capacities::default()
    })
}

#[test]
fn without_a_capacity_no_token_is_taken() {
    let mut venue = Venue::of(remembering(0));
    let reason = venue.refuses(once(7, bid(1, 100, 5)));
    assert_eq!(reason, RejectReason::TokensNotKept);
}

#[test]
fn an_order_sent_again_is_entered_once() {
    let mut venue = Venue::of(remembering(3));
    let first = once(7, bid(1, 100, 5));
    assert_eq!(venue.says(first), ["Accepted 1", "Rested 1 100x5"]);
    assert_eq!(venue.says(first), ["Duplicate 1 of 1"]);
    let other = once(7, ask(2, 90, 5));
    assert_eq!(venue.says(other), ["Duplicate 2 of 1"]);
    assert_eq!(venue.bids(), [(1, 100, 5)]);
}

#[test]
fn a_token_outlives_its_order() {
    let mut venue = Venue::of(remembering(3));
    venue.does(once(7, bid(1, 100, 5)));
    venue.does(cancel(1));
    assert_eq!(venue.says(once(7, bid(1, 100, 5))), ["Duplicate 1 of 1"]);
    assert!(venue.bids().is_empty());
}

#[test]
fn a_duplicate_is_told_before_the_order_is_looked_at() {
    let mut venue = Venue::of(remembering(3));
    venue.does(once(7, bid(1, 100, 5)));
    let wrong = once(7, bid(2, i64::MAX, 0));
    assert_eq!(venue.says(wrong), ["Duplicate 2 of 1"]);
}

#[test]
fn accounts_have_their_own_tokens() {
    let mut venue = Venue::of(remembering(3));
    venue.does(once(7, bid(1, 100, 5)));
    let other = once(7, whose(2, bid(2, 100, 5)));
    assert_eq!(venue.says(other)[0], "Accepted 2");
    let again = once(7, whose(2, bid(3, 100, 5)));
    assert_eq!(venue.says(again), ["Duplicate 3 of 2"]);
}

#[test]
fn a_refused_order_is_not_remembered() {
    let mut venue = Venue::of(remembering(3));
    venue.holds([ask(9, 100, 1)]);
    let refused = pricetime::Order {
        post_only: PostOnly::Reject,
        ..bid(1, 100, 5)
    };
    let reason = venue.refuses(once(7, refused));
    assert_eq!(reason, RejectReason::PostOnlyWouldTake);
    assert_eq!(venue.says(once(7, bid(1, 99, 5)))[0], "Accepted 1");
}

#[test]
fn the_oldest_token_of_all_accounts_is_forgotten_first() {
    let mut venue = Venue::of(remembering(2));
    venue.does(once(1, bid(1, 100, 5)));
    venue.does(once(2, whose(2, bid(2, 100, 5))));
    assert_eq!(
        venue.says(once(1, bid(8, 100, 5))),
        ["Duplicate 8 of 1"],
        "which makes it no younger"
    );
    venue.does(once(3, whose(2, bid(3, 100, 5))));
    assert_eq!(venue.says(once(1, bid(4, 100, 5)))[0], "Accepted 4");
    let third = once(3, whose(2, bid(5, 100, 5)));
    assert_eq!(venue.says(third), ["Duplicate 5 of 3"]);
    let second = once(2, whose(2, bid(5, 100, 5)));
    assert_eq!(venue.says(second)[0], "Accepted 5");
}

#[test]
fn a_duplicate_moves_no_time_but_what_is_due_expires() {
    let mut venue = Venue::of(remembering(2));
    venue.does(once(1, bid(1, 100, 5)));
    venue.clock = 5;
    venue.does(once(1, bid(2, 100, 5)));
    assert_eq!(venue.engine.now(), Timestamp::new(0));
    venue.rests([until(9, venue::buy(3, 99, 5))]);
    venue.clock = 9;
    let said = venue.says(once(1, bid(2, 100, 5)));
    assert_eq!(said, ["Cancelled 3 Expired 5", "Duplicate 2 of 1"]);
    venue.clock = 8;
    let reason = venue.refuses(once(1, bid(2, 100, 5)));
    assert_eq!(reason, RejectReason::TimeWentBackwards);
}

#[test]
fn an_order_that_waits_is_remembered_too() {
    let mut venue = Venue::of(remembering(2));
    let waits = once(1, stop(50, bid(1, 100, 5)));
    assert_eq!(venue.says(waits), ["Accepted 1", "Waits 1"]);
    assert_eq!(venue.says(waits), ["Duplicate 1 of 1"]);
    assert_eq!(venue.says(mark(50)).len(), 3);
}

#[test]
fn other_commands_use_no_tokens() {
    let mut venue = Venue::of(remembering(1));
    venue.does(once(0, bid(1, 100, 5)));
    venue.holds([bid(2, 100, 5), bid(3, 100, 5)]);
    assert_eq!(venue.says(once(0, bid(4, 100, 5))), ["Duplicate 4 of 1"]);
}

/// What an engine says to a request that was entered as order 1 before, now sent as order 3.
fn says_again(mut engine: Engine) -> Vec<Event> {
    let mut events = Events::default();
    let again = Command::new(Timestamp::new(9), once(7, bid(3, 100, 5)));
    engine.apply(&again, &mut events);
    events.as_slice().to_vec()
}

const AGAIN: [Event; 1] = [Event::Duplicate {
    id: OrderId(3),
    original: OrderId(1),
}];

#[test]
fn a_restored_engine_remembers_and_forgets_the_same_tokens() {
    let mut venue = Venue::of(remembering(2));
    venue.does(once(6, bid(9, 99, 5)));
    venue.does(once(7, bid(1, 100, 5)));
    venue.does(once(8, bid(2, 100, 5)));
    let mut bytes = Vec::new();
    snapshot(&venue.engine, Mark::default(), &mut bytes);
    let (restored, _) = restore(&bytes, venue.engine.instrument()).expect("its snapshot");
    assert_eq!(says_again(restored.clone()), AGAIN);
    // The first of three was forgotten. With the next one that of order 1 is, here as there.
    let mut events = Events::default();
    let mut restored = restored;
    for engine in [&mut venue.engine, &mut restored] {
        let next = Command::new(Timestamp::new(9), once(6, bid(4, 98, 5)));
        engine.apply(&next, &mut events);
        assert_ne!(says_again(engine.clone()), AGAIN);
    }
}

#[test]
fn an_engine_that_replayed_a_journal_remembers_its_tokens() {
    let instrument = remembering(2).build().expect("a right instrument");
    let mut engine = Engine::new(instrument.clone());
    let (mut segment, mut writer) = (Segment::new(1 << 16), Writer::new());
    segment.open(&mut writer, &instrument).expect("room");
    for action in [once(7, bid(1, 100, 5)), once(7, bid(2, 100, 5))] {
        let command = Command::new(Timestamp::new(1), action);
        let mut events = Events::default();
        engine.apply(&command, &mut events);
        let appended = segment.append(&mut writer, &command, events.as_slice());
        appended.expect("room");
    }
    let mut again = Engine::new(instrument);
    let replayed = replay(&mut again, segment.bytes(), Start::Beginning, u64::MAX);
    assert_eq!(replayed.expect("the same events").entries, 2);
    assert_eq!(says_again(again), AGAIN);
}
