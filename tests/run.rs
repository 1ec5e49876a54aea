//! The matcher's loop on a thread of its own.

use std::thread;
use std::time::Duration;

use pricetime::journal::{Start, Writer, digest, replay, verify};
use pricetime::shell::{NotTaken, ShellBuilder, Wait};
use pricetime::{
    AccountId, Action, Capacities, Engine, Instrument, LimitOrder, OrderId, PostOnly, Price,
    Quantity, Side, TimeInForce, Timestamp,
};

const COMMANDS: u64 = 3_000;

fn order(producer: u64, number: u64) -> Action {
    Action::Limit(LimitOrder {
        id: OrderId(producer << 32 | number),
        account: AccountId(producer as u32),
        side: if number.is_multiple_of(2) {
            Side::Buy
        } else {
            Side::Sell
        },
        post_only: PostOnly::Off,
        price: Price::new(100 + (number % 7) as i64),
        quantity: Quantity::new(1 + number % 5),
        time_in_force: TimeInForce::Gtc,
    })
}

fn instrument() -> Instrument {
    let capacities = Capacities {
        events: 1 << 10,
        ..Capacities::default()
    };
    let builder = Instrument::builder().capacities(capacities);
    builder.build().expect("capacities within range")
}

/// Submits, takes every outcome, and counts them.
fn produce(mut producer: pricetime::shell::Producer, number: u64) -> u64 {
    let mut answered = 0;
    for token in 0..COMMANDS {
        while let Err(NotTaken::Full(_)) = producer.submit(token, order(number, token)) {
            answered += take_outcomes(&mut producer, answered);
            thread::yield_now();
        }
    }
    while answered < COMMANDS {
        answered += take_outcomes(&mut producer, answered);
        thread::yield_now();
    }
    answered
}

fn take_outcomes(producer: &mut pricetime::shell::Producer, from: u64) -> u64 {
    let mut taken = 0;
    while let Some(outcome) = producer.outcome() {
        assert_eq!(outcome.token, from + taken);
        taken += 1;
    }
    taken
}

#[test]
fn a_matcher_runs_until_it_is_stopped_and_leaves_a_journal_that_replays() {
    for wait in [
        Wait::Spin,
        Wait::Yield,
        Wait::Sleep(Duration::from_micros(50)),
    ] {
        let engine = Engine::new(instrument());
        let mut journal = Vec::new();
        let shell = ShellBuilder::default()
            .lane(64)
            .build(engine, Writer::new());
        let shell = shell.expect("sizes within range");
        let (mut matcher, intake) = (shell.matcher, shell.intake);
        let running = thread::spawn(move || {
            let mut clock = 0;
            let now = || {
                clock += 1;
                Timestamp::new(clock)
            };
            matcher.run(wait, now, |bytes, _| journal.extend_from_slice(bytes));
            (matcher, journal)
        });
        let producers = (1..=3).map(|number| {
            let producer = intake.producer().expect("a free place");
            thread::spawn(move || produce(producer, number))
        });
        let producers: Vec<_> = producers.collect();
        let answered: u64 = producers.into_iter().map(|one| one.join().unwrap()).sum();
        intake.stop();
        let (matcher, journal) = running.join().unwrap();
        assert_eq!(answered, 3 * COMMANDS);
        assert_eq!(matcher.mark().sequence, answered);
        let mut again = Engine::new(instrument());
        let replayed = replay(&mut again, &journal, Start::Beginning, u64::MAX).unwrap();
        assert_eq!(
            (replayed.entries, replayed.mark),
            (answered, matcher.mark())
        );
        assert_eq!(digest(&again), digest(matcher.engine()));
    }
}

#[test]
fn what_was_submitted_before_the_stop_is_done_and_nothing_after() {
    let shell = ShellBuilder::default().build(Engine::new(instrument()), Writer::new());
    let shell = shell.expect("sizes within range");
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let mut producer = intake.producer().expect("a free place");
    producer.submit(1, Action::EndOfDay).expect("room");
    intake.stop();
    let late = producer.submit(2, Action::EndOfDay);
    assert_eq!(late, Err(NotTaken::Stopped(Action::EndOfDay)));
    matcher.run(Wait::Yield, || Timestamp::new(0), |_, _| ());
    assert_eq!(matcher.mark().sequence, 1);
    assert_eq!(producer.outcome().map(|outcome| outcome.token), Some(1));
    assert_eq!(producer.outcome(), None);
}

#[test]
fn a_part_of_the_journal_begins_with_an_opening_and_is_read_alone() {
    let shell = ShellBuilder::default().build(Engine::new(instrument()), Writer::new());
    let shell = shell.expect("sizes within range");
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let mut producer = intake.producer().expect("a free place");
    let mut turn = |number| {
        producer.submit(number, order(1, number)).expect("room");
        matcher.turn(Timestamp::new(number));
        let bytes = matcher.journal().to_vec();
        assert!(matcher.publish());
        matcher.open_part();
        bytes
    };
    let parts = [turn(1), turn(2), turn(3)];
    for (part, sequence) in parts.iter().zip(1..) {
        let verified = verify(part, Start::Anywhere, None).expect("a whole part");
        assert_eq!((verified.entries, verified.mark.sequence), (1, sequence));
    }
    let whole = verify(&parts.concat(), Start::Beginning, None).expect("a whole journal");
    assert_eq!((whole.entries, whole.mark), (3, matcher.mark()));
}

#[test]
fn readers_learn_that_the_matcher_is_gone() {
    let shell = ShellBuilder::default().build(Engine::new(instrument()), Writer::new());
    let shell = shell.expect("sizes within range");
    assert!(!shell.ring.is_closed());
    drop(shell.matcher);
    assert!(shell.ring.is_closed());
}
