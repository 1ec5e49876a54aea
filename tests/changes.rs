//! The rules of what is done to resting orders, one short test each.

mod venue;

use pricetime::{
    AccountId, Action, Cancel, CancelAll, CancelCause, Event, OrderId, PostOnly, Price, Priority,
    RejectReason, Rest, TimeInForce,
};
use venue::{
    Venue, buy, cancel, cancelled, lasting, of, posting, reduce, replace, sell, small, trades,
    until,
};

#[test]
fn order_that_was_traded_with_can_still_be_cancelled() {
    let mut venue = Venue::resting([sell(1, 100, 5), sell(2, 100, 5)]);
    venue.enters(buy(3, 100, 7));
    let events = venue.does(cancel(2));
    assert_eq!(cancelled(&events), [(2, CancelCause::Requested, 3)]);
}

#[test]
fn place_of_a_filled_order_is_free_for_another_and_mixes_nothing_up() {
    let mut venue = Venue::resting([sell(1, 100, 5), sell(2, 101, 5)]);
    venue.enters(buy(3, 100, 5));
    venue.rests([sell(4, 101, 7)]);
    assert_eq!(venue.refuses(cancel(1)), RejectReason::OrderUnknown);
    assert_eq!(venue.asks(), [(2, 101, 5), (4, 101, 7)]);
}

#[test]
fn only_the_owner_or_the_venue_touches_an_order() {
    let mut venue = Venue::resting([of(7, buy(1, 100, 5))]);
    let by = |owner| {
        Action::Cancel(Cancel {
            id: OrderId(1),
            owner: Some(AccountId(owner)),
        })
    };
    assert_eq!(venue.refuses(by(8)), RejectReason::OrderNotOwned);
    assert_eq!(
        cancelled(&venue.does(by(7))),
        [(1, CancelCause::Requested, 5)]
    );
}

#[test]
fn smaller_quantity_keeps_the_place_and_anything_else_loses_it() {
    // The worked example of Binance: A 1.00, you 5.50, B 4.00, all at 87,000.
    let queue = || {
        Venue::resting([
            buy(1, 87_000, 100),
            buy(2, 87_000, 550),
            buy(3, 87_000, 400),
        ])
    };
    let (a, b) = ((1, 87_000, 100), (3, 87_000, 400));
    let after = |action| {
        let mut venue = queue();
        venue.does(action);
        venue.bids()
    };
    assert_eq!(after(replace(2, None, 500)), [a, (2, 87_000, 500), b]);
    assert_eq!(after(replace(2, 87_000, 500)), [a, (2, 87_000, 500), b]);
    assert_eq!(after(reduce(2, 50)), [a, (2, 87_000, 500), b]);
    assert_eq!(after(replace(2, None, 600)), [a, b, (2, 87_000, 600)]);
    assert_eq!(after(replace(2, None, None)), [a, b, (2, 87_000, 550)]);
    assert_eq!(after(replace(2, 86_999, 500)), [a, b, (2, 86_999, 500)]);
}

#[test]
fn crossing_replace_trades_and_never_rests_crossed() {
    let mut venue = Venue::resting([sell(1, 101, 2), sell(2, 102, 2), buy(3, 100, 5)]);
    let events = venue.does(replace(3, 101, None));
    assert_eq!(trades(&events), [(1, 101, 2)]);
    assert_eq!(venue.bids(), [(3, 101, 3)]);
    assert_eq!(venue.asks(), [(2, 102, 2)]);
    let events = venue.does(replace(3, 105, 2));
    assert_eq!(trades(&events), [(2, 102, 2)]);
    assert!(venue.engine.book().is_empty());
}

#[test]
fn refused_replace_leaves_the_order_and_its_place() {
    let mut venue = Venue::resting([
        posting(PostOnly::Reject, buy(1, 100, 5)),
        buy(2, 100, 5),
        sell(3, 101, 1),
    ]);
    assert_eq!(
        venue.refuses(replace(1, 101, None)),
        RejectReason::PostOnlyWouldTake
    );
    assert_eq!(
        venue.refuses(replace(1, None, 0)),
        RejectReason::QuantityIsZero
    );
    assert_eq!(venue.bids(), [(1, 100, 5), (2, 100, 5)]);
}

#[test]
fn replaced_order_says_whether_it_kept_its_place() {
    let mut venue = Venue::resting([buy(1, 100, 5)]);
    let priority = |events: Vec<Event>| match events[0] {
        Event::Replaced { priority, .. } => priority,
        _ => panic!("not replaced: {events:?}"),
    };
    assert_eq!(priority(venue.does(replace(1, None, 4))), Priority::Kept);
    assert_eq!(priority(venue.does(replace(1, None, 4))), Priority::Lost);
}

#[test]
fn reduction_that_crosses_a_fill_never_leaves_more_than_was_wanted() {
    // The hazard of CME's notice 0131/2001: 9 of 10 fill while the owner takes 5 off.
    let mut venue = Venue::resting([buy(1, 100, 10)]);
    venue.enters(sell(2, 100, 9));
    let events = venue.does(reduce(1, 5));
    assert_eq!(cancelled(&events), [(1, CancelCause::Requested, 1)]);
    assert!(venue.engine.book().is_empty());
}

#[test]
fn day_ends_for_day_orders_alone_in_the_order_in_which_they_came_to_rest() {
    let day = |order| lasting(TimeInForce::Day, order);
    let mut venue = Venue::resting([
        day(sell(4, 100, 1)),
        buy(2, 90, 1),
        until(5, buy(3, 90, 1)),
        day(buy(1, 91, 1)),
    ]);
    venue.does(replace(4, 100, 2));
    let events = venue.does(Action::EndOfDay);
    let ended = [(1, CancelCause::DayEnded, 1), (4, CancelCause::DayEnded, 2)];
    assert_eq!(cancelled(&events), ended);
    assert_eq!(venue.bids(), [(2, 90, 1), (3, 90, 1)]);
}

#[test]
fn mass_cancel_has_one_fixed_order() {
    let book = [
        buy(5, 90, 1),
        sell(4, 100, 1),
        buy(3, 91, 1),
        of(2, sell(2, 99, 1)),
        buy(1, 90, 1),
    ];
    let ids = |filter| {
        let mut venue = Venue::of(small());
        venue.rests(book);
        let events = venue.does(Action::CancelAll(filter));
        cancelled(&events)
            .iter()
            .map(|(id, ..)| *id)
            .collect::<Vec<u64>>()
    };
    let all = CancelAll::default();
    assert_eq!(ids(all), [3, 5, 1, 2, 4]);
    let account = Some(AccountId(1));
    assert_eq!(ids(CancelAll { account, ..all }), [5, 4, 3, 1]);
    let (price_min, price_max) = (Some(Price::new(91)), Some(Price::new(99)));
    let range = CancelAll {
        price_min,
        price_max,
        ..all
    };
    assert_eq!(ids(range), [3, 2]);
}

#[test]
fn mass_cancel_of_many_goes_in_bounded_pieces() {
    let all = CancelAll::default();
    let account = Some(AccountId(1));
    let end = |events: Vec<Event>| match events.last() {
        Some(Event::MassCancelled { orders, rest }) => (*orders, *rest),
        _ => panic!("not mass cancelled: {events:?}"),
    };
    for filter in [all, CancelAll { account, ..all }] {
        let mut venue = Venue::of(small());
        for id in 1..=20 {
            venue.rests([buy(id, 100, 1)]);
        }
        let mut cancel = || end(venue.does(Action::CancelAll(filter)));
        assert_eq!(cancel(), (15, Rest::More));
        assert_eq!(cancel(), (5, Rest::Done));
        assert_eq!(cancel(), (0, Rest::Done));
    }
}
