#![cfg(loom)]

use loom::thread;
use pricetime::shell::sync::Guard;
use pricetime::shell::{SharedBook, SharedBuilder, SharedHandle};
use pricetime::{
    AccountId, Action, Capacities, Display, Engine, Instrument, Order, OrderId, Price, Quantity,
    Side, Timestamp,
};
use pricetime_loom::{fails_without, holds};

fn book(handles: usize) -> SharedBook {
    let capacities = Capacities {
        orders: 1,
        levels: 1,
        accounts: 0,
        timed_orders: 0,
        special_orders: 1,
        waiting_orders: 0,
        lists: 0,
        tokens: 0,
        events: 16,
    };
    let builder = Instrument::builder().capacities(capacities);
    let instrument = builder.price_band(Price::new(0), Price::new(1)).build();
    let sizes = SharedBuilder::default().handles(handles).levels(0);
    sizes.build(Engine::new(instrument.unwrap())).unwrap()
}

/// Executes a command that is accepted; its number.
fn execute(handle: &mut SharedHandle) -> u64 {
    let executed = handle.execute(Timestamp::new(1), Action::AdvanceTime);
    let executed = executed.unwrap();
    assert!(executed.report.is_ok());
    executed.sequence
}

/// Two threads execute a command each, by whoever's hand: no two have the same number, and none is executed twice.
fn each_command_is_executed_once() {
    let book = book(2);
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    let executing = thread::spawn(move || execute(&mut other));
    let first = execute(&mut one);
    let second = executing.join().unwrap();
    assert_eq!(first + second, 3);
}

/// One thread asks and then waits; the other executes, and with its command what it finds asked.
fn what_is_asked_is_answered_by_another() {
    let book = book(2);
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    let executing = thread::spawn(move || execute(&mut other));
    one.ask(Timestamp::new(1), Action::EndOfDay).unwrap();
    let first = one.answer().unwrap().unwrap().sequence;
    let second = executing.join().unwrap();
    assert_eq!(first + second, 3);
}

/// One thread asks for an order of two records; the other executes it whole.
fn an_order_is_asked_whole() {
    let book = book(2);
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    let executing = thread::spawn(move || execute(&mut other));
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
    one.ask(Timestamp::new(1), Action::Order(hidden)).unwrap();
    let report = one.answer().unwrap().unwrap().report.unwrap();
    assert_eq!(report.resting.unwrap().display, Display::Hidden);
    executing.join().unwrap();
}

/// One thread asks, and leaves what it asked behind; another executes it, and gets the place when it is free.
fn a_place_is_used_again() {
    let book = book(1);
    let mut one = book.handle().unwrap();
    let other = book.clone();
    let coming = thread::spawn(move || {
        let mut handle = other.handle().ok()?;
        handle.ask(Timestamp::new(2), Action::AdvanceTime).unwrap();
        Some(handle.answer().unwrap().unwrap().sequence)
    });
    one.ask(Timestamp::new(1), Action::EndOfDay).unwrap();
    drop(one);
    let second = coming.join().unwrap();
    assert!(second.is_none_or(|sequence| sequence == 2));
    let mut last = book.handle().unwrap();
    assert_eq!(execute(&mut last), 2 + u64::from(second.is_some()));
}

#[test]
fn shared_models() {
    holds(each_command_is_executed_once);
    holds(what_is_asked_is_answered_by_another);
    holds(an_order_is_asked_whole);
    holds(a_place_is_used_again);
}

#[test]
fn baton_controls() {
    for guard in [Guard::BatonTake, Guard::BatonGive] {
        fails_without(guard, each_command_is_executed_once);
    }
}

#[test]
fn slot_controls() {
    use Guard::*;
    for guard in [SlotAsk, SlotAsked, SlotAnswer, SlotAnswered] {
        fails_without(guard, what_is_asked_is_answered_by_another);
        fails_without(guard, an_order_is_asked_whole);
    }
}

#[test]
fn place_controls() {
    for guard in [Guard::PlaceTake, Guard::PlaceGive] {
        fails_without(guard, a_place_is_used_again);
    }
}
