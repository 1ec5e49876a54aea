//! Who may come to a list, and what starts it.

use crate::pair::{
    List, Pair, SHORT, buy, lasting, market, of, once, peg, sell, short, stop, take_profit, until,
};
use crate::{counterparts, many, oco, opo, oto, otoco, posting, taker};
use pricetime::ListKind::{
    OneCancelsMany, OneCancelsOther, OnePaysOther, OneTriggersOneCancelsOther, OneTriggersOther,
};
use pricetime::PartialFill::Waits;
use pricetime::{Capacities, Instrument, Order, PegReference, TimeInForce, TriggerOnEntry};

#[test]
fn each_kind_has_as_many_orders_as_it_says() {
    let mut pair = Pair::new();
    for (kind, wrong) in [
        (OneCancelsOther, 3),
        (OneCancelsMany, 1),
        (OneCancelsMany, 9),
        (OneTriggersOther, 3),
        (OneTriggersOneCancelsOther, 2),
        (OnePaysOther, 0),
    ] {
        let list = List {
            legs: wrong,
            ..List::of(kind)
        };
        assert_eq!(pair.does(list.leg(sell(1, 110, 0))), ["ListMalformed"]);
    }
}

#[test]
fn orders_are_held_until_the_last_one_has_come() {
    let mut pair = Pair::new();
    let list = oco();
    let [profit, stop] = counterparts(5);
    assert_eq!(pair.does(list.leg(profit)), ["accepted 1", "held 1"]);
    let said = [
        "accepted 2",
        "held 2",
        "started 1",
        "released 1",
        "rested 1: 5 at 110",
        "released 2",
        "waits 2",
    ];
    assert_eq!(pair.does(list.leg(stop)), said);
}

#[test]
fn a_list_that_lives_is_one_of_its_account_and_takes_no_other_words() {
    let mut pair = Pair::new();
    pair.does(oco().leg(sell(1, 110, 5)));
    let second = stop(90, sell(2, 85, 5));
    assert_eq!(pair.does(oto().leg(second)), ["ListMismatch"]);
    assert_eq!(pair.does(oco().with(Waits).leg(second)), ["ListMismatch"]);
    let of_another = oco().leg(of(2, sell(3, 110, 5)));
    assert_eq!(pair.does(of_another), ["accepted 3", "held 3"]);
    pair.does(oco().leg(second));
    assert_eq!(pair.does(oco().leg(sell(4, 110, 0))), ["ListMismatch"]);
    pair.cancels(1);
    assert_eq!(pair.does(oco().leg(sell(4, 110, 5)))[1], "held 4");
}

#[test]
fn the_terms_of_an_order_are_checked_before_its_place_and_that_before_its_id() {
    let mut pair = Pair::new();
    pair.takes([buy(7, 50, 1)]);
    let wrong = market(sell(7, 110, 5));
    assert_eq!(
        pair.does(oco().leg(until(0, sell(7, 110, 5)))),
        ["ExpiryNotInFuture"]
    );
    assert_eq!(pair.does(oco().leg(wrong)), ["ListLegNotAllowed"]);
    assert_eq!(
        pair.does(oco().leg(sell(7, 110, 5))),
        ["OrderIdAlreadyLive"]
    );
}

#[test]
fn the_working_order_is_a_limit_without_a_trigger() {
    for list in [oto(), otoco(), opo()] {
        let mut pair = Pair::new();
        for wrong in [
            market(buy(1, 100, 5)),
            stop(90, buy(1, 100, 5)),
            peg(PegReference::Primary, 0, buy(1, 100, 5)),
        ] {
            assert_eq!(pair.does(list.leg(wrong)), ["ListLegNotAllowed"]);
        }
        let at_once = lasting(TimeInForce::Fok, buy(1, 100, 5));
        assert_eq!(pair.does(list.leg(at_once))[1], "held 1");
    }
}

#[test]
fn a_list_that_pays_buys_and_then_sells() {
    let mut pair = Pair::new();
    assert_eq!(pair.does(opo().leg(sell(1, 100, 5))), ["ListLegNotAllowed"]);
    pair.does(opo().leg(buy(1, 100, 5)));
    assert_eq!(pair.does(opo().leg(buy(2, 100, 5))), ["ListLegNotAllowed"]);
    assert_eq!(pair.does(opo().leg(market(sell(2, 100, 9))))[1], "held 2");
}

#[test]
fn alternatives_are_of_one_side_and_rest_or_have_a_trigger() {
    let mut pair = Pair::new();
    let list = many(3);
    let ioc = lasting(TimeInForce::Ioc, sell(1, 100, 5));
    assert_eq!(pair.does(list.leg(ioc)), ["ListLegNotAllowed"]);
    pair.does(list.leg(sell(1, 100, 5)));
    assert_eq!(pair.does(list.leg(buy(2, 90, 5))), ["ListLegNotAllowed"]);
    let other_quantity = stop(90, market(sell(2, 90, 3)));
    assert_eq!(pair.does(list.leg(other_quantity))[1], "held 2");
}

#[test]
fn counterparts_are_of_both_sorts_of_one_side_and_of_one_quantity() {
    for second in [
        sell(2, 120, 5),
        take_profit(120, sell(2, 120, 5)),
        stop(90, buy(2, 85, 5)),
        stop(90, sell(2, 85, 6)),
    ] {
        let mut pair = Pair::new();
        pair.does(oco().leg(sell(1, 110, 5)));
        assert_eq!(pair.does(oco().leg(second)), ["ListLegNotAllowed"]);
    }
    let mut pair = Pair::new();
    pair.does(oco().leg(sell(1, 110, 5)));
    pair.reduces(1, 2);
    let said = pair.does(oco().leg(stop(90, sell(2, 85, 3))));
    assert_eq!(said[2], "started 1");
}

#[test]
fn profit_lies_above_the_last_trade_and_stop_below_for_a_sell() {
    let reason = |orders: [Order; 2]| {
        let mut pair = Pair::new();
        pair.last_trades_at(100);
        pair.does(oco().leg(orders[0]));
        pair.does(oco().leg(orders[1])).swap_remove(0)
    };
    let wrong = "ListPricesOutOfOrder";
    assert_eq!(reason([sell(1, 100, 5), stop(90, sell(2, 85, 5))]), wrong);
    assert_eq!(reason([sell(1, 110, 5), stop(100, sell(2, 85, 5))]), wrong);
    assert_eq!(
        reason([stop(99, sell(1, 85, 5)), sell(2, 101, 5)]),
        "accepted 2"
    );
    assert_eq!(reason([buy(1, 100, 5), stop(110, buy(2, 115, 5))]), wrong);
    assert_eq!(
        reason([buy(1, 99, 5), stop(101, buy(2, 115, 5))]),
        "accepted 2"
    );
    let trigger = take_profit(100, market(sell(1, 1, 5)));
    assert_eq!(reason([trigger, stop(90, sell(2, 85, 5))]), wrong);
}

#[test]
fn held_alternatives_are_compared_with_each_other_alone() {
    let mut pair = Pair::new();
    pair.last_trades_at(100);
    pair.does(otoco().leg(buy(1, 80, 5)));
    pair.does(otoco().leg(sell(2, 90, 5)));
    let level = stop(90, sell(3, 70, 5));
    assert_eq!(pair.does(otoco().leg(level)), ["ListPricesOutOfOrder"]);
    let below = stop(89, sell(3, 70, 5));
    assert_eq!(pair.does(otoco().leg(below))[2], "started 1");
}

#[test]
fn what_starts_is_looked_at_before_the_list_starts() {
    let refused = Instrument::builder().trigger_on_entry(TriggerOnEntry::Refused);
    let mut pair = Pair::of(refused);
    pair.last_trades_at(100);
    pair.does(many(2).leg(stop(100, sell(1, 85, 5))));
    assert_eq!(
        pair.does(many(2).leg(sell(2, 110, 5))),
        ["WouldTriggerAtOnce"]
    );
    pair.takes([taker(sell(7, 100, 1))]);
    pair.does(oto().leg(posting(buy(3, 100, 5))));
    assert_eq!(pair.does(oto().leg(sell(4, 1, 1))), ["ListMismatch"]);
    let second = List { list: 2, ..oto() };
    pair.does(second.leg(posting(buy(5, 100, 5))));
    assert_eq!(pair.does(second.leg(sell(6, 1, 1))), ["PostOnlyWouldTake"]);
    // The list is still open.
    pair.cancels(7);
    assert_eq!(pair.does(second.leg(sell(6, 1, 1)))[2], "started 2");
}

#[test]
fn a_peg_that_looks_once_needs_its_reference_when_its_list_starts() {
    let mut pair = Pair::new();
    let looks = once(PegReference::Market, 0, sell(1, 1, 5));
    let follows = peg(PegReference::Market, 0, sell(1, 1, 5));
    let stops = stop(90, sell(2, 85, 5));
    pair.does(oco().leg(looks));
    assert_eq!(pair.does(oco().leg(stops)), ["NoReferencePrice"]);
    pair.cancels(1);
    pair.does(oco().leg(follows));
    let said = pair.does(oco().leg(stops));
    assert_eq!(
        said[3..],
        ["released 1", "waits 1", "released 2", "waits 2"]
    );
}

#[test]
fn a_leg_needs_room_to_wait_and_the_first_one_for_its_list() {
    let mut pair = Pair::of(short(Capacities {
        waiting_orders: 2,
        lists: 1,
        ..SHORT
    }));
    pair.does(oco().leg(sell(1, 110, 5)));
    let second = List { list: 2, ..oco() };
    assert_eq!(pair.does(second.leg(sell(2, 110, 5))), ["ListsFull"]);
    pair.takes([stop(500, buy(3, 500, 1))]);
    assert_eq!(
        pair.does(second.leg(sell(2, 110, 5))),
        ["WaitingOrdersFull"]
    );
}
