//! The rules of orders that are entered in the place of others, one short test each.

mod venue;

use pricetime::{
    AccountLimits, Action, CancelOnly, CancelReplaceMode, Capacities, Instrument, Order,
    OrderIdPolicy, PostOnly, RejectReason, Side,
};
use venue::words::{ask, bid, instead_of, mark, stop, whose};
use venue::{Venue, lots, market};

const STOP: CancelReplaceMode = CancelReplaceMode::StopOnFailure;
const ALLOW: CancelReplaceMode = CancelReplaceMode::AllowFailure;
const BOTH: [CancelReplaceMode; 2] = [STOP, ALLOW];

fn venue() -> Venue {
    let mut venue = Venue::of(Instrument::builder().keeps_totals(true));
    venue.holds([bid(1, 100, 10), bid(2, 100, 10), ask(3, 105, 10)]);
    venue
}

fn any(cancel: u64, mode: CancelReplaceMode, order: Order) -> Action {
    instead_of(cancel, CancelOnly::Any, mode, order)
}

/// A bid that would take and must not.
fn would_take(id: u64) -> Order {
    let post_only = PostOnly::Reject;
    Order {
        post_only,
        ..bid(id, 105, 5)
    }
}

#[test]
fn one_order_is_cancelled_and_the_other_entered() {
    for mode in BOTH {
        let said = venue().says(any(1, mode, bid(4, 101, 5)));
        let expected = ["Cancelled 1 Replaced 10", "Accepted 4", "Rested 4 101x5"];
        assert_eq!(said, expected);
    }
}

#[test]
fn a_new_order_may_have_the_id_of_the_old_one() {
    let mut of_same_id = venue();
    let said = of_same_id.says(any(1, STOP, bid(1, 100, 5)));
    let expected = ["Cancelled 1 Replaced 10", "Accepted 1", "Rested 1 100x5"];
    assert_eq!(said, expected);
    assert_eq!(of_same_id.bids(), [(2, 100, 10), (1, 100, 5)]);
    let mut growing = Venue::of(Instrument::builder().order_ids(OrderIdPolicy::Increasing));
    growing.holds([bid(1, 100, 10)]);
    let said = growing.says(any(1, STOP, bid(1, 100, 5)));
    let expected = ["Cancelled 1 Replaced 10", "Refused 1 OrderIdNotIncreasing"];
    assert_eq!(said, expected);
}

#[test]
fn if_only_the_new_order_is_refused_the_old_one_is_cancelled() {
    for mode in BOTH {
        let mut venue = venue();
        let said = venue.says(any(1, mode, would_take(4)));
        let expected = ["Cancelled 1 Replaced 10", "Refused 4 PostOnlyWouldTake"];
        assert_eq!(said, expected);
        assert_eq!(venue.bids(), [(2, 100, 10)]);
    }
}

#[test]
fn if_only_the_cancel_fails_the_mode_says_whether_the_new_order_is_entered() {
    let new = bid(4, 101, 5);
    assert_eq!(
        venue().refuses(any(9, STOP, new)),
        RejectReason::OrderUnknown
    );
    let said = venue().says(any(9, ALLOW, new));
    let expected = ["Refused 9 OrderUnknown", "Accepted 4", "Rested 4 101x5"];
    assert_eq!(said, expected);
}

#[test]
fn if_both_fail_the_command_is_refused_for_what_was_looked_at_last() {
    let new = would_take(4);
    assert_eq!(venue().says(any(9, STOP, new)), ["Rejected 4 OrderUnknown"]);
    assert_eq!(
        venue().says(any(9, ALLOW, new)),
        ["Rejected 4 PostOnlyWouldTake"]
    );
    assert_eq!(
        venue().refuses(any(9, ALLOW, new)),
        RejectReason::PostOnlyWouldTake
    );
}

#[test]
fn an_order_is_replaced_by_its_own_account_alone() {
    let other = whose(7, bid(4, 101, 5));
    assert_eq!(
        venue().refuses(any(1, STOP, other)),
        RejectReason::OrderNotOwned
    );
    let mut venue = venue();
    let said = venue.says(any(1, ALLOW, other));
    let expected = ["Refused 1 OrderNotOwned", "Accepted 4", "Rested 4 101x5"];
    assert_eq!(said, expected);
    assert_eq!(venue.bids().len(), 3);
    let own_id = whose(7, bid(1, 101, 5));
    let reason = venue.refuses(any(1, ALLOW, own_id));
    assert_eq!(reason, RejectReason::OrderIdAlreadyLive);
}

#[test]
fn what_an_order_must_be_is_asked_only_where_totals_are_kept() {
    for only in [CancelOnly::New, CancelOnly::PartiallyFilled] {
        let mut venue = Venue::new();
        venue.holds([bid(1, 100, 10)]);
        let reason = venue.refuses(instead_of(1, only, STOP, bid(4, 101, 5)));
        assert_eq!(reason, RejectReason::TotalsNotKept);
        let reason = venue.refuses(instead_of(9, only, STOP, bid(4, 101, 5)));
        assert_eq!(reason, RejectReason::OrderUnknown);
        let said = venue.says(instead_of(1, only, ALLOW, bid(4, 101, 5)));
        assert_eq!(said[0], "Refused 1 TotalsNotKept");
    }
}

#[test]
fn an_order_is_replaced_only_if_it_has_traded_or_has_not() {
    let new = bid(4, 101, 5);
    let by = |id, only| {
        let mut venue = venue();
        venue.does(market(8, Side::Sell, lots(3)));
        venue.says(instead_of(id, only, STOP, new))
    };
    let rejected = |reason: &str| vec![format!("Rejected 4 {reason}")];
    assert_eq!(by(1, CancelOnly::New), rejected("OrderHasTraded"));
    assert_eq!(by(2, CancelOnly::New)[0], "Cancelled 2 Replaced 10");
    assert_eq!(
        by(2, CancelOnly::PartiallyFilled),
        rejected("OrderHasNotTraded")
    );
    assert_eq!(
        by(1, CancelOnly::PartiallyFilled)[0],
        "Cancelled 1 Replaced 7"
    );
    assert_eq!(by(1, CancelOnly::Any)[0], "Cancelled 1 Replaced 7");
}

#[test]
fn an_order_of_an_id_that_has_traded_before_has_not_traded() {
    let mut venue = venue();
    let again = |id| instead_of(id, CancelOnly::New, STOP, bid(id, 90, 5));
    venue.does(market(8, Side::Sell, lots(3)));
    venue.does(any(1, STOP, bid(1, 100, 10)));
    assert_eq!(venue.says(again(1))[0], "Cancelled 1 Replaced 10");
    venue.does(market(8, Side::Sell, lots(10)));
    assert!(venue.engine.book().order(bid(2, 1, 1).id).is_none());
    venue.holds([bid(2, 100, 7)]);
    assert_eq!(venue.says(again(2))[0], "Cancelled 2 Replaced 7");
}

#[test]
fn a_waiting_order_is_replaced_and_may_replace() {
    let mut venue = venue();
    venue.does(mark(40));
    let waits = stop(50, bid(4, 105, 5));
    let said = venue.says(any(1, STOP, waits));
    assert_eq!(said, ["Cancelled 1 Replaced 10", "Accepted 4", "Waits 4"]);
    let said = venue.says(any(4, STOP, stop(30, bid(5, 105, 4))));
    let expected = [
        "Cancelled 4 Replaced 5",
        "Accepted 5",
        "Triggered 5 40",
        "Traded 5 with 3 105x4",
    ];
    assert_eq!(said, expected);
    assert_eq!(venue.says(mark(50)).len(), 1);
}

#[test]
fn the_new_order_has_the_room_of_the_old_one() {
    let capacities = Capacities {
        orders: 1,
        levels: 1,
        accounts: 1,
        special_orders: 0,
        timed_orders: 0,
        waiting_orders: 0,
        ..Capacities::default()
    };
    let limits = AccountLimits {
        orders: Some(1),
        ..AccountLimits::default()
    };
    let instrument = Instrument::builder().capacities(capacities);
    let mut venue = Venue::of(instrument.account_limits(limits));
    venue.holds([bid(1, 100, 10)]);
    assert_eq!(
        venue.refuses(Action::Order(bid(2, 99, 10))),
        RejectReason::AccountOrdersFull
    );
    let said = venue.says(any(1, STOP, ask(2, 99, 10)));
    assert_eq!(said[1..], ["Accepted 2", "Rested 2 99x10"]);
    let reason = venue.refuses(any(1, ALLOW, bid(3, 98, 1)));
    assert_eq!(reason, RejectReason::AccountOrdersFull, "it is not gone");
}

#[test]
fn the_new_order_does_not_trade_with_the_old_one() {
    let mut venue = venue();
    let said = venue.says(any(3, STOP, bid(4, 105, 10)));
    let expected = ["Cancelled 3 Replaced 10", "Accepted 4", "Rested 4 105x10"];
    assert_eq!(said, expected);
}
