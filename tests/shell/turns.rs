//! What one turn takes, from whom, and when it says it was.

use pricetime::journal::{Writer, digest};
use pricetime::shell::{ShellBuilder, ShellError, Turn};
use pricetime::{
    AccountId, Action, Capacities, Command, Display, Engine, Events, Instrument, Order, OrderId,
    Price, Quantity, Side, Timestamp,
};

use crate::rig::{Rig, sizes, submit, tokens};
use crate::venue::{buy, cancel, lots, market, sell};

#[test]
fn a_turn_takes_no_more_than_a_batch() {
    let mut rig = Rig::new(sizes().batch(5));
    let mut producers = [rig.producer(), rig.producer()];
    producers.iter_mut().for_each(|one| submit(one, 0..8));
    assert_eq!([0; 4].map(|now| rig.turn(now)), [5, 5, 5, 1]);
    for producer in &mut producers {
        assert_eq!(tokens(producer), [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}

#[test]
fn a_flood_does_not_keep_others_waiting() {
    let mut rig = Rig::new(sizes().lane(64).batch(8));
    let mut flood = rig.producer();
    let mut others = [rig.producer(), rig.producer(), rig.producer()];
    submit(&mut flood, 0..64);
    others.iter_mut().for_each(|one| submit(one, 0..2));
    rig.turn(0);
    for other in &mut others {
        assert_eq!(tokens(other), [0, 1]);
    }
    assert_eq!(tokens(&mut flood), [0, 1]);
}

#[test]
fn all_are_served_in_turn_when_a_batch_is_smaller_than_the_crowd() {
    for batch in 1..=9 {
        let mut rig = Rig::new(sizes().producers(8).batch(batch).lane(64));
        let mut producers: Vec<_> = (0..8).map(|_| rig.producer()).collect();
        producers.iter_mut().for_each(|one| submit(one, 0..64));
        let mut served = [0; 8];
        for _ in 0..8_usize.div_ceil(batch) * 4 {
            rig.turn(0);
            for (producer, served) in producers.iter_mut().zip(&mut served) {
                *served += tokens(producer).len();
            }
        }
        let (least, most) = (served.iter().min().unwrap(), served.iter().max().unwrap());
        assert!(*least >= 4 && most - least <= 2, "{batch}: {served:?}");
    }
}

#[test]
fn a_place_is_freed_while_others_flood() {
    let mut rig = Rig::new(sizes().producers(3).batch(1).lane(8));
    let mut flood = [rig.producer(), rig.producer()];
    drop(rig.producer());
    flood.iter_mut().for_each(|one| submit(one, 0..8));
    assert_eq!([0; 3].map(|now| rig.turn(now)), [1; 3]);
    assert!(rig.intake.producer().is_some());
}

#[test]
fn stamps_never_go_back() {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    let mut latest = 0;
    let times = [5, 3, 10, 4, 0, 11, 11, u64::MAX, 7];
    for (index, now) in times.into_iter().enumerate() {
        // Refused, accepted, refused, and so on: a refused command leaves the engine's time.
        let action = match index % 2 {
            0 => cancel(99),
            _ => Action::AdvanceTime,
        };
        producer.submit(0, action).unwrap();
        rig.turn(now);
        latest = latest.max(now);
        let entries = rig.entries();
        let stamp = entries.last().unwrap().command.timestamp;
        assert_eq!(stamp, Timestamp::new(latest));
        tokens(&mut producer);
    }
    rig.check();
}

#[test]
fn a_batch_has_one_stamp_and_the_engine_its_time() {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    submit(&mut producer, 0..5);
    rig.turn(42);
    let entries = rig.entries();
    let mut stamps = entries.iter().map(|entry| entry.command.timestamp);
    assert!(stamps.all(|stamp| stamp == Timestamp::new(42)));
    assert_eq!(rig.matcher.engine().now(), Timestamp::new(42));
}

#[test]
fn what_does_not_fit_into_a_turn_goes_with_the_next() {
    let mut rig = Rig::new(sizes().lane(64).batch(64).producers(1));
    let mut producer = rig.producer();
    let mut applied = Vec::new();
    // Thirteen trades for each of the markets: far more events than a batch of common ones has.
    for round in 0..24 {
        for id in 0..13 {
            let id = 1_000 * round + id;
            let action = Action::Limit(sell(id, 100 + id as i64 % 13, 1));
            producer.submit(id, action).unwrap();
        }
        let taker = market(1_000 * round + 500, Side::Buy, lots(13));
        producer.submit(0, taker).unwrap();
        if round % 4 == 3 {
            let before = applied.len();
            while let turn @ 1.. = rig.turn(round) {
                applied.push(turn);
            }
            assert_eq!(applied[before..].iter().sum::<usize>(), 14 * 4);
            assert_eq!(tokens(&mut producer).len(), 14 * 4);
        }
    }
    rig.check();
}

#[test]
fn a_batch_of_many_events_makes_several_turns() {
    // The segment is full first.
    several_turns(1 << 10, usize::MAX);
    // What holds the events that the ring has no room for is: those of two long commands, and four for each of the batch.
    several_turns(4, 2 * 32 + 4 * 16);
}

fn several_turns(ring: usize, events_max: usize) {
    let capacities = Capacities {
        orders: 400,
        levels: 16,
        accounts: 4,
        timed_orders: 16,
        special_orders: 16,
        waiting_orders: 16,
        lists: 4,
        tokens: 4,
        events: 16,
    };
    let instrument = Instrument::builder().capacities(capacities);
    let sizes = sizes().lane(32).batch(16).producers(1);
    let mut rig = Rig::of(instrument, sizes.ring(ring));
    let mut producer = rig.producer();
    for id in 0..400 {
        // Quantities that differ make longer entries.
        let action = Action::Limit(buy(id, id as i64 % 16, 1 + id % 7));
        producer.submit(id, action).unwrap();
        rig.run();
        tokens(&mut producer);
    }
    for token in 0..16 {
        let action = Action::CancelAll(Default::default());
        producer.submit(token, action).unwrap();
    }
    let first = rig.turn(5);
    submit(&mut producer, 16..17);
    let mut turns = vec![first];
    while let turn @ 1.. = rig.turn(9) {
        turns.push(turn);
    }
    assert!(first < 16 && turns.len() > 1, "{turns:?}");
    assert!(tokens(&mut producer).into_iter().eq(0..17));
    let entries = rig.entries();
    let at_once = entries[400..][..first].iter();
    let events: usize = at_once.map(|entry| entry.events.len()).sum();
    assert!(events <= events_max, "{events} events");
    let stamps = entries[400..]
        .iter()
        .map(|entry| entry.command.timestamp.nanoseconds());
    assert!(
        stamps.eq([5; 16].into_iter().chain([9])),
        "the stamps of the batch stay"
    );
    rig.check();
}

#[test]
fn nobody_is_given_an_entry_twice_to_persist() {
    let mut rig = Rig::new(sizes().ring(2));
    let mut producer = rig.producer();
    let _stuck = rig.ring.lossless().unwrap();
    submit(&mut producer, 0..6);
    assert_eq!(rig.apply(1), Turn::Applied(6));
    assert!(!rig.matcher.publish());
    for now in 2..5 {
        assert_eq!(rig.apply(now), Turn::Behind);
        assert_eq!(rig.matcher.journal(), []);
    }
    rig.check();
}

fn build(sizes: ShellBuilder) -> Result<(), ShellError> {
    let instrument = crate::venue::small().build().unwrap();
    let engine = pricetime::Engine::new(instrument);
    sizes.build(engine, Default::default()).map(|_| ())
}

#[test]
fn sizes_have_bounds() {
    assert_eq!(
        build(sizes().producers(1).lane(1).ring(1).levels(1).batch(1)),
        Ok(())
    );
    let zero = [
        sizes().producers(0),
        sizes().lane(0),
        sizes().ring(0),
        sizes().lossless_readers(0),
        sizes().levels(0),
        sizes().batch(0),
        sizes().ring((1 << 24) + 1),
    ];
    for sizes in zero {
        assert_eq!(build(sizes), Err(ShellError::SizeOutOfRange), "{sizes:?}");
    }
}

#[test]
fn sizes_that_no_machine_has_memory_for_are_refused() {
    let most = 1 << 24;
    let large = [
        sizes().producers(most).lane(most),
        sizes().producers(1 << 16).lane(1 << 12),
    ];
    for sizes in large {
        let refused = build(sizes);
        let is_too_large =
            matches!(refused, Err(ShellError::TooLarge { bytes }) if bytes > 1 << 34);
        assert!(is_too_large, "{sizes:?}: {refused:?}");
    }
}

#[test]
fn the_smallest_of_everything_works() {
    let sizes = sizes().producers(1).lane(1).ring(1).levels(1).batch(1);
    let mut rig = Rig::new(sizes.lossless_readers(1));
    let mut producer = rig.producer();
    let mut lossy = rig.ring.lossy();
    for token in 0..9 {
        let action = Action::Limit(buy(token, 100, 1));
        producer.submit(token, action).unwrap();
        assert_eq!(rig.turn(token), 1);
        assert_eq!(tokens(&mut producer), [token]);
        assert_eq!(rig.depth.read().sequence(), token + 1);
        let missed = pricetime::shell::Seen::Missed(1);
        assert_eq!(lossy.read(), missed, "accepted");
        assert!(matches!(lossy.read(), pricetime::shell::Seen::Message(_)));
    }
    rig.check();
}

/// On such a book all commands of a turn are announced before any of them is applied.
#[test]
fn a_large_book_does_what_was_asked() {
    let capacities = Capacities {
        orders: 1 << 16,
        levels: 64,
        accounts: 4,
        timed_orders: 16,
        special_orders: 128,
        waiting_orders: 16,
        lists: 4,
        tokens: 4,
        events: 16,
    };
    let instrument = Instrument::builder().capacities(capacities);
    let mut alone = Engine::new(instrument.build().unwrap());
    let mut events = Events::default();
    let mut apply = |engine: &mut Engine, action| {
        events.clear();
        engine.apply(&Command::new(Timestamp::new(0), action), &mut events);
    };
    for id in 0..60_000 {
        apply(&mut alone, Action::Limit(buy(id, id as i64 % 64, 1)));
    }
    let mut shell = sizes().build(alone.clone(), Writer::new()).unwrap();
    let mut producer = shell.intake.producer().unwrap();
    for id in (0..60_000).step_by(997) {
        let (price, quantity) = (Price::new(id as i64 % 64), Quantity::new(2));
        let hidden = Order {
            display: Display::Hidden,
            ..Order::limit(OrderId(id), AccountId(1), Side::Buy, price, quantity)
        };
        for action in [cancel(id), Action::Order(hidden), cancel(id + 1)] {
            producer.submit(id, action).unwrap();
            apply(&mut alone, action);
        }
        let turn = shell.matcher.turn(Timestamp::new(0));
        assert_eq!(turn, Turn::Applied(3));
        assert!(shell.matcher.publish());
        assert_eq!(tokens(&mut producer), [id; 3]);
    }
    assert_eq!(digest(shell.matcher.engine()), digest(&alone));
}
