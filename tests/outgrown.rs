//! One command at its longest: its events fit the buffer that is made for any, and its sums their types.

mod venue;

use pricetime::{
    Action, CancelOnly, CancelReplaceMode, Capacities, Command, Events, Instrument, Order, Pricing,
    Quantity, TimeInForce, Timestamp,
};
use venue::words::{ask, bid, instead_of, lasting, mark, stop, whose};
use venue::{Venue, small};

/// Thirteen trades are the most of a command with sixteen events.
fn longest() -> (Venue, Order) {
    let mut venue = Venue::of(small());
    for id in 100..113 {
        venue.holds([whose(2, ask(id, 100, 1))]);
    }
    for id in 200..216 {
        venue.holds([lasting(TimeInForce::Gtd(Timestamp::new(5)), bid(id, 51, 5))]);
    }
    venue.holds([bid(1, 50, 5)]);
    venue.does(mark(10));
    let order = Order {
        pricing: Pricing::Protected(5),
        ..stop(9, bid(2, 0, 14))
    };
    (venue, order)
}

/// How many events a command has behind as many expiries as there may be.
fn events_of(mut venue: Venue, action: Action) -> usize {
    let mut events = Events::for_instrument(venue.engine.instrument());
    let command = Command::new(Timestamp::new(5), action);
    venue.engine.apply(&command, &mut events);
    events.len()
}

#[test]
fn an_order_triggered_on_entry_does_not_outgrow_the_buffer() {
    let (venue, order) = longest();
    let room = 2 * venue.engine.instrument().capacities().events as usize + 2;
    assert!(events_of(venue, Action::Order(order)) <= room);
}

#[test]
fn an_exchange_does_not_outgrow_the_buffer() {
    let (venue, order) = longest();
    let room = 2 * venue.engine.instrument().capacities().events as usize + 2;
    let action = instead_of(1, CancelOnly::Any, CancelReplaceMode::StopOnFailure, order);
    assert!(events_of(venue, action) <= room);
}

/// The greatest quantity times the orders fits, but the new order is one more.
#[test]
fn what_an_exchange_cancels_of_both_orders_is_reported() {
    let builder = Instrument::builder().capacities(Capacities {
        orders: 1,
        levels: 1,
        accounts: 0,
        timed_orders: 0,
        special_orders: 0,
        waiting_orders: 0,
        lists: 0,
        tokens: 0,
        events: 16,
    });
    let mut venue = Venue::of(builder);
    let most = u64::MAX - 1;
    venue.does(Action::Order(bid(1, 50, most)));
    let order = lasting(TimeInForce::Ioc, bid(2, 50, most));
    let action = instead_of(1, CancelOnly::Any, CancelReplaceMode::StopOnFailure, order);
    let command = Command::new(Timestamp::new(0), action);
    let report = venue.engine.submit(&command).expect("it is carried out");
    assert!(report.cancelled >= Quantity::new(most));
}
