#![cfg(loom)]

use loom::thread;
use pricetime::journal::Writer;
use pricetime::shell::sync::Guard;
use pricetime::shell::{Intake, Shell, ShellBuilder};
use pricetime::{
    AccountId, Action, Capacities, Display, Engine, Instrument, Order, OrderId, Price, Quantity,
    Side, Timestamp,
};
use pricetime_loom::{fails_without, holds};

fn shell() -> Shell {
    let capacities = Capacities {
        orders: 1,
        levels: 1,
        accounts: 0,
        timed_orders: 0,
        special_orders: 1,
        waiting_orders: 1,
        lists: 4,
        tokens: 4,
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

/// An order of two messages is sent while the matcher looks: it is seen with its terms, or not at all.
fn an_order_is_seen_whole() {
    let shell = shell();
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let mut producer = intake.producer().unwrap();
    let hidden = Order {
        display: Display::Hidden,
        ..Order::limit(
            OrderId(1),
            AccountId(1),
            Side::Buy,
            Price::new(1),
            Quantity::new(1),
        )
    };
    let sending = thread::spawn(move || {
        producer.submit(7, Action::Order(hidden)).unwrap();
        producer
    });
    matcher.turn(Timestamp::new(0));
    matcher.publish();
    let mut producer = sending.join().unwrap();
    matcher.turn(Timestamp::new(1));
    matcher.publish();
    assert_eq!(matcher.mark().sequence, 1);
    let resting = matcher.engine().book().order(OrderId(1)).unwrap();
    assert_eq!(resting.display, Display::Hidden);
    assert_eq!(producer.outcome().unwrap().token, 7);
}

#[test]
fn port_models() {
    holds(a_place_is_handed_on);
    holds(a_place_is_used_again);
    holds(an_order_is_seen_whole);
}

#[test]
fn control_lanepublish() {
    fails_without(Guard::LanePublish, an_order_is_seen_whole);
}

#[test]
fn control_lanepublished() {
    fails_without(Guard::LanePublished, an_order_is_seen_whole);
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
