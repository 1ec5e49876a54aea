#![cfg(loom)]

use loom::thread;
use pricetime::journal::Writer;
use pricetime::shell::sync::Guard;
use pricetime::shell::{Shell, ShellBuilder, Wait};
use pricetime::{Action, Capacities, Engine, Instrument, Price, Timestamp};
use pricetime_loom::{fails_without, holds};

fn shell() -> Shell {
    let capacities = Capacities {
        orders: 1,
        levels: 1,
        accounts: 0,
        timed_orders: 0,
        special_orders: 0,
        waiting_orders: 0,
        lists: 0,
        tokens: 0,
        events: 16,
    };
    let builder = Instrument::builder().capacities(capacities);
    let instrument = builder.price_band(Price::new(0), Price::new(1)).build();
    let sizes = ShellBuilder::default().producers(1).lane(1).batch(1);
    let sizes = sizes.ring(2).lossless_readers(1).levels(1).parking();
    let engine = Engine::new(instrument.unwrap());
    sizes.build(engine, Writer::new()).unwrap()
}

/// A command comes while the matcher lies down: it is executed. The command itself ends the run, so that a matcher that sleeps through
/// it sleeps for ever, which loom notices.
fn a_command_wakes_the_matcher() {
    let shell = shell();
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let mut producer = intake.producer().unwrap();
    let submitting = thread::spawn(move || {
        producer.submit(1, Action::AdvanceTime).unwrap();
        producer
    });
    matcher.run(Wait::Park, || Timestamp::new(1), |_, _| intake.stop());
    submitting.join().unwrap();
    assert_eq!(matcher.mark().sequence, 1);
}

/// A command was left for want of room for its outcome: it is executed when the producer has taken the one before.
fn an_outcome_that_is_taken_wakes_the_matcher() {
    let shell = shell();
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let mut producer = intake.producer().unwrap();
    producer.submit(1, Action::AdvanceTime).unwrap();
    matcher.turn(Timestamp::new(1));
    matcher.publish();
    producer.submit(2, Action::AdvanceTime).unwrap();
    let taking = thread::spawn(move || {
        assert_eq!(producer.outcome().unwrap().token, 1);
        producer
    });
    matcher.run(Wait::Park, || Timestamp::new(1), |_, _| intake.stop());
    taking.join().unwrap();
    assert_eq!(matcher.mark().sequence, 2);
}

/// A stop comes while the matcher lies down.
fn a_stop_wakes_the_matcher() {
    let shell = shell();
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let stopping = thread::spawn(move || intake.stop());
    matcher.run(Wait::Park, || Timestamp::new(1), |_, _| ());
    stopping.join().unwrap();
}

#[test]
fn park_models() {
    holds(a_command_wakes_the_matcher);
    holds(an_outcome_that_is_taken_wakes_the_matcher);
    holds(a_stop_wakes_the_matcher);
}

#[test]
fn park_controls() {
    for guard in [Guard::BellSleep, Guard::BellRing] {
        fails_without(guard, a_command_wakes_the_matcher);
        fails_without(guard, an_outcome_that_is_taken_wakes_the_matcher);
        fails_without(guard, a_stop_wakes_the_matcher);
    }
}
