//! The longest command at the end of a turn: the journal's segment has the room that was seen for it.

#[path = "shell/rig.rs"]
#[allow(dead_code, reason = "other tests do more with it")]
mod rig;
mod venue;

use pricetime::shell::Turn;
use pricetime::{
    Action, CancelOnly, CancelReplaceMode, Capacities, Instrument, Order, Pricing, TimeInForce,
    Timestamp,
};
use rig::{Rig, sizes};
use venue::words::{ask, bid, instead_of, mark, stop, whose};

/// Commands that are refused behind as many expiries as there may be, before the longest one in the same turn.
const REFUSED: u64 = 10;

#[test]
fn the_longest_command_does_not_stop_the_matcher() {
    let instrument = Instrument::builder().capacities(Capacities {
        orders: 256,
        levels: 8,
        accounts: 4,
        timed_orders: 256,
        special_orders: 8,
        waiting_orders: 8,
        lists: 0,
        tokens: 0,
        events: 16,
    });
    let mut rig = Rig::of(instrument, sizes().lane(64).batch(11));
    let mut producer = rig.producer();
    let asks = (100..113).map(|id| whose(2, ask(id, 100, 1)));
    let expiring = (2_000..2_016 + 16 * REFUSED).map(|id| Order {
        time_in_force: TimeInForce::Gtd(Timestamp::new(5)),
        ..bid(id, 51, 5)
    });
    let orders = asks.chain(expiring).chain([bid(1, 50, 5)]);
    for action in orders.map(Action::Order).chain([mark(10)]) {
        producer.submit(0, action).expect("room");
        rig.run();
        producer.outcome().expect("it was applied");
    }
    for number in 0..REFUSED {
        let refused = match number < 2 {
            true => Action::Order(bid(9_999, 1, 1)),
            false => venue::cancel(9_999),
        };
        producer.submit(0, refused).expect("room");
    }
    let longest = Order {
        pricing: Pricing::Protected(5),
        ..stop(9, bid(2, 0, 14))
    };
    let mode = CancelReplaceMode::StopOnFailure;
    let exchange = instead_of(1, CancelOnly::Any, mode, longest);
    producer.submit(0, exchange).expect("room");
    let applied = Turn::Applied(REFUSED as usize + 1);
    assert_eq!(rig.apply(5), applied);
}
