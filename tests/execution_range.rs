//! The rules of how far from a reference orders trade, one short test each.

mod venue;

use pricetime::{
    Action, Capacities, Instrument, Order, Quantity, RangeReference, RejectReason, Side,
    TimeInForce,
};
use venue::words::{ask, bid, entered, lasting, mark, range, stop, to_price, whole};
use venue::{Venue, both, budget, lots, market, replace};

/// The worked example of Binance: a reference of 10.00, twice and half of it, so trades from 5.00 to 20.00.
fn example() -> Venue {
    let range = range(RangeReference::Mark, [10_000, 5_000], [10_000, 5_000]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.does(mark(1_000));
    venue.holds([
        ask(1, 1_500, 10),
        ask(2, 2_000, 10),
        ask(3, 2_001, 10),
        bid(4, 600, 10),
        bid(5, 500, 10),
        bid(6, 499, 10),
    ]);
    venue
}

#[test]
fn an_order_trades_within_the_range_and_what_is_left_is_cancelled() {
    let bought = ["Traded 9 with 1 1500x10", "Traded 9 with 2 2000x10"];
    let left = "Cancelled 9 OutOfRange 5";
    let limit = bid(9, 3_000, 25);
    for action in [
        entered(limit),
        entered(lasting(TimeInForce::Ioc, limit)),
        entered(lasting(TimeInForce::Day, limit)),
        market(9, Side::Buy, lots(25)),
    ] {
        let said = example().says(action);
        assert_eq!(said[1..], [bought[0], bought[1], left], "{action:?}");
    }
    let sold = ["Traded 9 with 4 600x10", "Traded 9 with 5 500x10"];
    let said = example().says(market(9, Side::Sell, lots(25)));
    assert_eq!(said[1..], [sold[0], sold[1], left]);
    let said = example().says(market(9, Side::Buy, budget(100_000)));
    assert_eq!(said[3], "Cancelled 9 OutOfRange 0");
    let said = example().says(market(9, Side::Buy, both(25, 100_000)));
    assert_eq!(said[3], left);
}

#[test]
fn an_order_that_may_go_no_farther_rests_or_ends_as_ever() {
    let said = example().says(entered(bid(9, 2_000, 25)));
    assert_eq!(said[3], "Rested 9 2000x5");
    let said = example().says(entered(lasting(TimeInForce::Ioc, bid(9, 2_000, 25))));
    assert_eq!(said[3], "Cancelled 9 NotFilledAtOnce 5");
    let said = example().says(entered(bid(9, 3_000, 20)));
    assert_eq!(said.len(), 3, "it wants no more");
    // A budget of fifteen buys one lot at 1,500 and nothing for what is left of it.
    let said = example().says(market(9, Side::Buy, budget(1_600)));
    assert_eq!(said[2], "Cancelled 9 NotFilledAtOnce 0");
}

#[test]
fn the_range_is_the_takers() {
    let range = range(RangeReference::Mark, [0, 0], [9_000, 9_000]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.does(mark(100));
    venue.holds([ask(1, 101, 5)]);
    let said = venue.says(entered(bid(2, 101, 5)));
    assert_eq!(said, ["Accepted 2", "Cancelled 2 OutOfRange 5"]);
    venue.holds([bid(3, 100, 5)]);
    let said = venue.says(entered(ask(4, 100, 5)));
    assert_eq!(said[1], "Traded 4 with 3 100x5");
    venue.holds([bid(5, 60, 5)]);
    let said = venue.says(entered(ask(6, 60, 5)));
    assert_eq!(said[1], "Traded 6 with 5 60x5");
}

#[test]
fn the_reference_stays_the_same_while_an_order_trades() {
    let range = range(RangeReference::LastTrade, [1_000, 1_000], [1_000, 1_000]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.holds([ask(1, 100, 1)]);
    venue.does(market(2, Side::Buy, lots(1)));
    venue.holds([ask(3, 109, 1), ask(4, 111, 1)]);
    let said = venue.says(market(5, Side::Buy, lots(2)));
    assert_eq!(
        said[1..],
        ["Traded 5 with 3 109x1", "Cancelled 5 OutOfRange 1"]
    );
    let said = venue.says(market(6, Side::Buy, lots(1)));
    assert_eq!(said[1], "Traded 6 with 4 111x1", "by 109 it is near enough");
}

#[test]
fn a_level_out_of_range_ends_the_walk_though_the_next_is_in_range() {
    let range = range(RangeReference::Mark, [1_000, 1_000], [0, 0]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.does(mark(100));
    venue.holds([ask(1, 80, 5), ask(2, 100, 5)]);
    let said = venue.says(market(3, Side::Buy, lots(5)));
    assert_eq!(said, ["Accepted 3", "Cancelled 3 OutOfRange 5"]);
}

#[test]
fn an_order_that_needs_more_than_is_in_range_trades_nothing() {
    let limit = bid(9, 3_000, 25);
    let killed = ["Accepted 9", "Cancelled 9 FillOrKill 25"];
    let all = entered(lasting(TimeInForce::Fok, limit));
    assert_eq!(example().says(all), killed);
    assert_eq!(
        example().says(market(9, Side::Buy, whole(25, 1_000_000))),
        killed
    );
    let needs = |minimum, order| Order {
        minimum: Quantity::new(minimum),
        ..order
    };
    let at_once = entered(lasting(TimeInForce::Ioc, needs(21, limit)));
    assert_eq!(example().says(at_once)[1], "Cancelled 9 MinimumNotMet 25");
    let said = example().says(entered(needs(21, limit)));
    assert_eq!(
        said,
        ["Accepted 9", "Rested 9 3000x25"],
        "the best price is in range"
    );
    let mut far = example();
    far.does(mark(400));
    let said = far.says(entered(needs(21, limit)));
    assert_eq!(said, ["Accepted 9", "Cancelled 9 OutOfRange 25"]);
    let at_once = entered(lasting(TimeInForce::Ioc, needs(21, limit)));
    assert_eq!(far.says(at_once)[1], "Cancelled 9 MinimumNotMet 25");
    let said = example().says(entered(needs(20, limit)));
    assert_eq!(said[3], "Cancelled 9 OutOfRange 5");
}

#[test]
fn nothing_is_set_aside_for_an_order_out_of_range() {
    let all = |order: Order| Order {
        minimum: order.quantity,
        ..order
    };
    let range = range(RangeReference::Mark, [1_000, 1_000], [1_000, 1_000]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.does(mark(100));
    venue.holds([ask(1, 100, 5), all(ask(2, 101, 8)), all(ask(3, 120, 2))]);
    let said = venue.says(market(9, Side::Buy, whole(10, 1_000_000)));
    assert_eq!(
        said[1..],
        ["Traded 9 with 1 100x2", "Traded 9 with 2 101x8"]
    );
}

/// The best price is in range, but whoever is there wants more, and it may go no farther.
#[test]
fn an_order_does_not_rest_across_others_that_are_out_of_range() {
    let range = range(RangeReference::Mark, [1_000, 1_000], [1_000, 1_000]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.does(mark(100));
    let picky = Order {
        minimum: Quantity::new(50),
        ..ask(1, 100, 50)
    };
    venue.holds([picky, ask(2, 120, 5)]);
    let said = venue.says(entered(bid(3, 120, 5)));
    assert_eq!(said, ["Accepted 3", "Cancelled 3 OutOfRange 5"]);
    let tries_again = Order {
        minimum: Quantity::new(5),
        ..bid(4, 120, 5)
    };
    assert_eq!(venue.says(entered(tries_again))[1], "Rested 4 120x5");
    let said = venue.says(entered(bid(5, 119, 5)));
    assert_eq!(said[1], "Rested 5 119x5", "across one that chooses");
}

#[test]
fn trades_out_of_range_are_not_too_many() {
    let range = range(RangeReference::Mark, [1_000, 1_000], [1_000, 1_000]);
    let capacities = Capacities {
        events: 16,
        ..Capacities::default()
    };
    let instrument = Instrument::builder().capacities(capacities);
    let mut venue = Venue::of(instrument.execution_range(range));
    venue.does(mark(100));
    for id in 1..=30 {
        let price = if id <= 13 { 100 } else { 120 };
        venue.holds([ask(id, price, 1)]);
    }
    let said = venue.says(market(50, Side::Buy, lots(30)));
    assert_eq!(said[14], "Cancelled 50 OutOfRange 17");
}

#[test]
fn an_order_that_cannot_rest_for_the_range_needs_no_room() {
    let range = range(RangeReference::Mark, [1_000, 1_000], [1_000, 1_000]);
    let capacities = Capacities {
        orders: 1,
        levels: 1,
        timed_orders: 0,
        special_orders: 1,
        waiting_orders: 0,
        ..Capacities::default()
    };
    let instrument = Instrument::builder().capacities(capacities);
    let mut venue = Venue::of(instrument.execution_range(range));
    venue.does(mark(100));
    venue.holds([ask(1, 120, 1)]);
    let said = venue.says(entered(bid(2, 120, 2)));
    assert_eq!(said, ["Accepted 2", "Cancelled 2 OutOfRange 2"]);
    let timed = lasting(TimeInForce::Day, bid(2, 120, 2));
    assert_eq!(
        venue.refuses(entered(timed)),
        RejectReason::TimedOrdersFull,
        "what is looked at before its trades is looked at as ever"
    );
}

#[test]
fn changed_and_triggered_orders_keep_to_the_range() {
    let mut venue = example();
    venue.holds([bid(9, 700, 5), stop(1_001, bid(10, 2_500, 25))]);
    let crosses = Action::Amend(to_price(1_500, venue::words::amend(9)));
    venue.does(mark(400));
    let said = venue.says(crosses);
    assert_eq!(said, ["Replaced 9 1500x5 Lost", "Cancelled 9 OutOfRange 5"]);
    let said = venue.says(mark(1_001));
    assert_eq!(
        said[1..],
        [
            "Triggered 10 1001",
            "Traded 10 with 1 1500x10",
            "Traded 10 with 2 2000x10",
            "Traded 10 with 3 2001x5"
        ],
        "by 1,001 a buy ends at 2,002"
    );
}

#[test]
fn an_order_that_tries_again_keeps_to_the_range_and_stays() {
    let range = range(RangeReference::Mark, [1_000, 1_000], [1_000, 1_000]);
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    let all = |order: Order| Order {
        minimum: order.quantity,
        ..order
    };
    venue.holds([all(bid(1, 100, 10)), ask(2, 100, 4)]);
    venue.does(mark(1_000));
    let said = venue.says(entered(ask(3, 100, 6)));
    assert_eq!(said, ["Accepted 3", "Cancelled 3 OutOfRange 6"]);
    venue.does(replace(2, None, 10));
    assert_eq!(venue.bids(), [(1, 100, 10)]);
}

#[test]
fn who_is_ended_by_prevention_is_not_out_of_range() {
    let mut venue = example();
    let own = Order {
        self_trade: Some(pricetime::SelfTrade::ExpireTaker),
        ..bid(9, 3_000, 5)
    };
    assert_eq!(venue.says(entered(own))[2], "Cancelled 9 SelfTrade 5");
}
