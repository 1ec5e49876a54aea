#![cfg(loom)]

use loom::thread;
use pricetime::journal::Writer;
use pricetime::shell::sync::Guard;
use pricetime::shell::{Intake, Shell, ShellBuilder};
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
        events: 16,
    };
    let builder = Instrument::builder().capacities(capacities);
    let instrument = builder.price_band(Price::new(0), Price::new(1)).build();
    let sizes = ShellBuilder::default();
    let sizes = sizes.producers(1).lane(2).ring(2).lossless_readers(1);
    let engine = Engine::new(instrument.unwrap());
    sizes
        .levels(1)
        .batch(2)
        .build(engine, Writer::new())
        .unwrap()
}

/// Takes the only place if it is free, submits, takes what outcomes there are, and leaves.
fn come_and_go(intake: &Intake, token: u64) -> u64 {
    let Some(mut producer) = intake.producer() else {
        return 0;
    };
    producer.submit(token, Action::AdvanceTime).unwrap();
    if let Some(outcome) = producer.outcome() {
        assert_eq!(outcome.token, token, "an outcome of somebody else");
    }
    1
}

/// Two threads use one place one after the other while the matcher runs: what each submits is
/// executed, once, and neither sees an outcome of the other.
fn a_place_is_used_again() {
    let shell = shell();
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let other = intake.clone();
    let first = thread::spawn(move || come_and_go(&other, 1));
    let second = thread::spawn(move || come_and_go(&intake, 2));
    for now in 0..2 {
        matcher.turn(Timestamp::new(now));
        matcher.publish();
    }
    let submitted = first.join().unwrap() + second.join().unwrap();
    for now in 2..5 {
        matcher.turn(Timestamp::new(now));
        matcher.publish();
    }
    assert_eq!(matcher.mark().sequence, submitted);
}

/// One thread comes, goes, and has its place freed; another takes it meanwhile, or finds it taken.
fn a_place_is_handed_on() {
    let shell = shell();
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let other = intake.clone();
    let second = thread::spawn(move || come_and_go(&other, 2));
    let first = come_and_go(&intake, 1);
    for now in 0..5 {
        matcher.turn(Timestamp::new(now));
        matcher.publish();
    }
    let submitted = first + second.join().unwrap();
    for now in 5..8 {
        matcher.turn(Timestamp::new(now));
        matcher.publish();
    }
    assert_eq!(matcher.mark().sequence, submitted);
}

#[test]
fn port_models() {
    holds(a_place_is_handed_on);
    holds(a_place_is_used_again);
}

#[test]
fn control_portclose() {
    fails_without(Guard::PortClose, a_place_is_used_again);
}

#[test]
fn control_portclosed() {
    fails_without(Guard::PortClosed, a_place_is_used_again);
}

#[test]
fn control_portfree() {
    fails_without(Guard::PortFree, a_place_is_handed_on);
}

#[test]
fn control_porttake() {
    fails_without(Guard::PortTake, a_place_is_handed_on);
}
