//! Orders that depend on each other, one rule each: the engine and the model say the same.

#[allow(dead_code, reason = "other tests ask the model more")]
mod model;
mod pair;

use pair::{
    List, Pair, SHORT, all_or_none, buy, hidden, iceberg, lasting, market, of, once, peg, sell,
    short, stop, take_profit, until,
};
use pricetime::ListKind::{
    OneCancelsMany, OneCancelsOther, OnePaysOther, OneTriggersOneCancelsOther, OneTriggersOther,
};
use pricetime::PartialFill::{Cancels, Reduces, Waits};
use pricetime::{
    AccountId, Action, CancelAll, Capacities, Instrument, Order, PegReference, PostOnly, Quantity,
    SelfTrade, Side, TimeInForce, TriggerOnEntry,
};

fn oco() -> List {
    List::of(OneCancelsOther)
}

fn oto() -> List {
    List::of(OneTriggersOther)
}

fn otoco() -> List {
    List::of(OneTriggersOneCancelsOther)
}

fn opo() -> List {
    List::of(OnePaysOther)
}

fn many(legs: u8) -> List {
    List {
        legs,
        ..List::of(OneCancelsMany)
    }
}

/// Takes profit at 110, and stops at 90 with a limit of 85.
fn counterparts(quantity: u64) -> [Order; 2] {
    [sell(1, 110, quantity), stop(90, sell(2, 85, quantity))]
}

/// Two limits that a single buy reaches.
fn neighbours(quantity: u64) -> [Order; 2] {
    [sell(1, 100, quantity), sell(2, 101, quantity)]
}

fn mass(account: u32) -> Action {
    Action::CancelAll(CancelAll {
        account: Some(AccountId(account)),
        ..CancelAll::default()
    })
}

fn posting(order: Order) -> Order {
    Order {
        post_only: PostOnly::Reject,
        ..order
    }
}

fn taker(order: Order) -> Order {
    of(2, order)
}

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

#[test]
fn a_resting_order_of_a_list_is_special() {
    let mut pair = Pair::of(short(Capacities {
        special_orders: 1,
        ..SHORT
    }));
    let said = pair.starts(many(2), &neighbours(5));
    let refused = [
        "refused 2 SpecialOrdersFull",
        "cancelled 2 Refused 5",
        "cancelled 1 List 5",
    ];
    assert_eq!(said[6..], refused);
}

#[test]
fn a_held_order_sees_no_prices_and_changes_as_a_waiting_one() {
    let mut pair = Pair::new();
    pair.does(oco().leg(stop(90, sell(1, 85, 5))));
    pair.last_trades_at(80);
    assert_eq!(pair.replaces(1, 70, 4), ["replaced 1: 4 at 70 Kept"]);
    assert_eq!(pair.reduces(1, 1), ["reduced 1 by 1 to 3"]);
    assert_eq!(pair.does(mass(1))[0], "cancelled 1 Mass 3");
    pair.does(oco().leg(until(9, sell(2, 110, 5))));
    pair.clock = 9;
    assert_eq!(pair.does(Action::AdvanceTime)[0], "cancelled 2 Expired 5");
}

#[test]
fn a_released_order_may_be_triggered_at_once() {
    let mut pair = Pair::new();
    pair.last_trades_at(85);
    pair.takes([taker(buy(7, 85, 9))]);
    let orders = [buy(1, 90, 5), stop(90, market(sell(2, 1, 5)))];
    let said = pair.starts(oto(), &orders);
    assert_eq!(said[3..], ["released 1", "rested 1: 5 at 90"]);
    let said = pair.enters(taker(sell(8, 88, 5)));
    let sold = [
        "8 takes 5 of 1 at 90",
        "released 2",
        "triggered 2 at 90",
        "2 takes 5 of 7 at 85",
    ];
    assert_eq!(said[1..], sold);
}

#[test]
fn a_released_order_that_would_trigger_at_once_may_be_refused() {
    let refused = Instrument::builder().trigger_on_entry(TriggerOnEntry::Refused);
    let mut pair = Pair::of(refused);
    pair.starts(oto(), &[buy(1, 90, 5), stop(90, market(sell(2, 1, 5)))]);
    let said = pair.enters(taker(sell(8, 88, 5)));
    let ends = [
        "released 2",
        "refused 2 WouldTriggerAtOnce",
        "cancelled 2 Refused 5",
    ];
    assert_eq!(said[2..], ends);
}

#[test]
fn the_others_go_when_an_alternative_trades_in_part() {
    let mut pair = Pair::new();
    pair.starts(oco(), &counterparts(5));
    let said = pair.enters(taker(buy(7, 110, 2)));
    assert_eq!(said[1..], ["7 takes 2 of 1 at 110", "cancelled 2 List 5"]);
}

#[test]
fn the_others_lose_as_much_when_an_alternative_trades_in_part() {
    let mut pair = Pair::new();
    pair.starts(oco().with(Reduces), &counterparts(5));
    let said = pair.enters(taker(buy(7, 110, 2)));
    assert_eq!(said[1..], ["7 takes 2 of 1 at 110", "reduced 2 by 2 to 3"]);
    let said = pair.enters(taker(buy(8, 110, 3)));
    assert_eq!(said[1..], ["8 takes 3 of 1 at 110", "cancelled 2 List 3"]);
}

#[test]
fn an_alternative_that_would_lose_all_is_cancelled() {
    let mut pair = Pair::new();
    let orders = [sell(1, 100, 5), sell(2, 101, 2)];
    pair.starts(many(2).with(Reduces), &orders);
    let said = pair.enters(taker(buy(7, 100, 3)));
    assert_eq!(said[1..], ["7 takes 3 of 1 at 100", "cancelled 2 List 2"]);
}

#[test]
fn the_others_stay_until_an_alternative_has_traded_whole() {
    let mut pair = Pair::new();
    pair.starts(oco().with(Waits), &counterparts(5));
    assert_eq!(pair.enters(taker(buy(7, 110, 2))).len(), 2);
    let said = pair.enters(taker(buy(8, 110, 3)));
    assert_eq!(said[1..], ["8 takes 3 of 1 at 110", "cancelled 2 List 5"]);
}

#[test]
fn a_trigger_ends_the_others_as_a_partial_trade_does() {
    for (partial_fill, ends) in [(Cancels, true), (Reduces, false), (Waits, false)] {
        let mut pair = Pair::new();
        pair.starts(oco().with(partial_fill), &counterparts(5));
        pair.takes([taker(buy(7, 90, 1))]);
        let said = pair.enters(of(3, sell(8, 90, 1)));
        let triggered = ["triggered 2 at 90", "rested 2: 5 at 85"];
        assert_eq!(said[2..4], triggered);
        assert_eq!(said[4..] == ["cancelled 1 List 5"], ends);
    }
}

#[test]
fn what_is_held_goes_on_when_the_working_order_has_traded_whole() {
    let mut pair = Pair::new();
    let orders = [buy(1, 100, 5), sell(2, 110, 5), stop(90, sell(3, 85, 5))];
    let said = pair.starts(otoco(), &orders);
    assert_eq!(said[3..], ["released 1", "rested 1: 5 at 100"]);
    assert_eq!(pair.enters(taker(sell(7, 100, 3))).len(), 2);
    let said = pair.enters(taker(sell(8, 100, 2)));
    let goes_on = ["released 2", "rested 2: 5 at 110", "released 3", "waits 3"];
    assert_eq!(said[2..], goes_on);
    assert_eq!(pair.cancels(2)[1..], ["cancelled 3 List 5"]);
}

#[test]
fn all_others_go_when_an_order_of_a_list_ends() {
    let orders = [buy(1, 100, 5), sell(2, 110, 5), stop(90, sell(3, 85, 5))];
    let ends = |end: fn(&mut Pair) -> Vec<String>| {
        let mut pair = Pair::new();
        pair.starts(otoco(), &orders);
        end(&mut pair)
    };
    let said = ends(|pair| pair.cancels(3));
    assert_eq!(said[1..], ["cancelled 1 List 5", "cancelled 2 List 5"]);
    let said = ends(|pair| pair.reduces(1, 9));
    assert_eq!(said[1..], ["cancelled 2 List 5", "cancelled 3 List 5"]);
    let mut pair = Pair::new();
    pair.does(otoco().leg(orders[0]));
    pair.does(otoco().leg(orders[1]));
    assert_eq!(pair.cancels(2)[1..], ["cancelled 1 List 5"]);
}

#[test]
fn expiry_also_before_a_refused_command_ends_the_others() {
    let mut pair = Pair::new();
    let [profit, stop] = counterparts(5);
    pair.starts(oco(), &[until(9, profit), stop]);
    pair.clock = 9;
    let said = [
        "cancelled 1 Expired 5",
        "OrderUnknown",
        "cancelled 2 List 5",
    ];
    assert_eq!(pair.cancels(77), said);
}

#[test]
fn an_order_that_is_prevented_takes_its_list_with_it() {
    let mut pair = Pair::new();
    pair.starts(many(2), &neighbours(5));
    let own = Order {
        self_trade: Some(SelfTrade::ExpireMaker),
        ..buy(7, 100, 2)
    };
    let said = pair.enters(own);
    assert_eq!(said[2], "cancelled 1 SelfTrade 5");
    assert_eq!(said.last().map(String::as_str), Some("cancelled 2 List 5"));
}

#[test]
fn what_prevention_takes_off_an_alternative_is_its_own() {
    let mut pair = Pair::new();
    pair.starts(oco().with(Reduces), &counterparts(5));
    let own = Order {
        self_trade: Some(SelfTrade::Decrement),
        ..buy(7, 110, 2)
    };
    let said = pair.enters(own);
    assert_eq!(
        said.last().map(String::as_str),
        Some("cancelled 7 SelfTrade 0")
    );
    // What it loses next is counted from what is open now.
    assert_eq!(pair.reduces(1, 1)[1..], ["reduced 2 by 1 to 4"]);
}

#[test]
fn counterparts_become_smaller_together() {
    let mut pair = Pair::new();
    pair.starts(oco(), &counterparts(5));
    let said = ["reduced 1 by 2 to 3", "reduced 2 by 2 to 3"];
    assert_eq!(pair.reduces(1, 2), said);
    let said = pair.replaces(1, 111, 2);
    let moved = [
        "replaced 1: 2 at 111 Lost",
        "rested 1: 2 at 111",
        "reduced 2 by 1 to 2",
    ];
    assert_eq!(said, moved);
    assert_eq!(pair.replaces(2, None, 1)[1..], ["reduced 1 by 1 to 1"]);
}

#[test]
fn other_orders_of_lists_become_smaller_alone() {
    let mut pair = Pair::new();
    pair.starts(many(2), &neighbours(5));
    assert_eq!(pair.reduces(1, 2).len(), 1);
    let second = List { list: 2, ..oto() };
    pair.starts(second, &[buy(3, 90, 5), sell(4, 120, 5)]);
    assert_eq!(pair.reduces(3, 2).len(), 1);
    assert_eq!(pair.reduces(4, 2).len(), 1);
}

#[test]
fn what_was_bought_is_sold_when_the_working_order_has_ended() {
    let orders = [buy(1, 100, 5), sell(2, 110, 5)];
    let mut pair = Pair::new();
    pair.starts(opo(), &orders);
    pair.enters(taker(sell(7, 100, 3)));
    let said = pair.cancels(1);
    let sells = ["reduced 2 by 2 to 3", "released 2", "rested 2: 3 at 110"];
    assert_eq!(said[1..], sells);
    let mut pair = Pair::new();
    pair.starts(opo(), &orders);
    assert_eq!(pair.cancels(1)[1..], ["cancelled 2 List 5"]);
    let mut pair = Pair::new();
    pair.takes([taker(sell(7, 100, 3))]);
    let said = pair.starts(opo(), &[lasting(TimeInForce::Ioc, orders[0]), orders[1]]);
    assert_eq!(said[4], "1 takes 3 of 7 at 100");
    assert_eq!(said[6..], sells);
}

#[test]
fn what_is_to_sell_less_than_was_bought_is_not_cut() {
    let mut pair = Pair::new();
    pair.starts(opo(), &[buy(1, 100, 5), sell(2, 110, 3)]);
    let said = pair.enters(taker(sell(7, 100, 5)));
    assert_eq!(said[2..], ["released 2", "rested 2: 3 at 110"]);
}

#[test]
fn an_order_that_was_released_is_alone_when_the_working_one_has_traded() {
    let mut pair = Pair::new();
    pair.starts(oto(), &[buy(1, 100, 5), sell(2, 110, 5)]);
    pair.enters(taker(sell(7, 100, 5)));
    assert_eq!(pair.enters(taker(buy(8, 110, 2))).len(), 2);
    assert_eq!(pair.replaces(2, None, 9), ["ListLegCannotGrow"]);
    assert_eq!(pair.cancels(2), ["cancelled 2 Requested 3"]);
}

#[test]
fn a_taker_passes_by_what_its_trade_ends() {
    for (partial_fill, second) in [(Cancels, false), (Reduces, false), (Waits, true)] {
        let mut pair = Pair::new();
        let orders = [iceberg(2, sell(1, 100, 4)), sell(2, 100, 4)];
        pair.starts(many(2).with(partial_fill), &orders);
        // Between the peaks of the first stands the second.
        let said = pair.enters(taker(buy(7, 100, 3)));
        let reached = said.iter().any(|word| word.contains("of 2 at"));
        assert_eq!(reached, second, "{partial_fill:?}");
    }
    let mut pair = Pair::new();
    pair.starts(many(2).with(Waits), &neighbours(4));
    let said = pair.enters(taker(buy(7, 101, 6)));
    let rests = [
        "7 takes 4 of 1 at 100",
        "rested 7: 2 at 101",
        "cancelled 2 List 4",
    ];
    assert_eq!(said[1..], rests);
}

#[test]
fn an_alternative_that_is_passed_by_does_not_fill_or_kill() {
    let mut pair = Pair::new();
    pair.starts(many(2), &neighbours(4));
    let kill = lasting(TimeInForce::Fok, taker(buy(7, 101, 6)));
    assert_eq!(pair.enters(kill)[1..], ["cancelled 7 FillOrKill 6"]);
    let fill = lasting(TimeInForce::Fok, taker(buy(8, 101, 4)));
    let said = pair.enters(fill);
    assert_eq!(said[1..], ["8 takes 4 of 1 at 100", "cancelled 2 List 4"]);
}

#[test]
fn of_one_list_a_single_alternative_is_set_aside() {
    let mut pair = Pair::new();
    pair.takes([taker(sell(9, 100, 3))]);
    let orders = [all_or_none(sell(1, 101, 4)), all_or_none(sell(2, 102, 4))];
    pair.starts(many(2).with(Waits), &orders);
    let kill = lasting(TimeInForce::Fok, of(3, buy(7, 102, 8)));
    assert_eq!(pair.enters(kill)[1..], ["cancelled 7 FillOrKill 8"]);
    let fill = lasting(TimeInForce::Fok, of(3, buy(8, 102, 6)));
    let said = pair.enters(fill);
    let second_way = [
        "8 takes 2 of 9 at 100",
        "8 takes 4 of 1 at 101",
        "cancelled 2 List 4",
    ];
    assert_eq!(said[1..], second_way);
}

#[test]
fn lists_settle_in_the_sequence_in_which_they_came_to_it() {
    let mut pair = Pair::new();
    let second = List { list: 2, ..many(2) };
    pair.starts(second, &[sell(3, 105, 1), sell(4, 120, 1)]);
    pair.starts(
        many(3),
        &[sell(1, 110, 1), sell(2, 104, 1), hidden(sell(5, 130, 1))],
    );
    let said = pair.enters(taker(buy(7, 105, 2)));
    let ends = [
        "cancelled 1 List 1",
        "cancelled 5 List 1",
        "cancelled 4 List 1",
    ];
    assert_eq!(said[3..], ends);
}

#[test]
fn what_has_no_room_is_settled_by_the_next_command_and_not_traded_with_before() {
    let mut pair = Pair::of(short(SHORT));
    for id in 10..22 {
        pair.takes([of(3, sell(id, 99, 1))]);
    }
    pair.starts(
        many(4),
        &[
            sell(1, 100, 1),
            sell(2, 101, 1),
            sell(3, 102, 1),
            sell(4, 103, 1),
        ],
    );
    // One accepted, thirteen trades, and room for two of three.
    let said = pair.enters(taker(buy(7, 103, 13)));
    assert_eq!(said.len(), 16);
    assert_eq!(said[14..], ["cancelled 2 List 1", "cancelled 3 List 1"]);
    let said = pair.enters(taker(buy(8, 103, 1)));
    assert_eq!(
        said,
        ["accepted 8", "rested 8: 1 at 103", "cancelled 4 List 1"]
    );
}

#[test]
fn an_order_of_a_list_never_grows() {
    let mut pair = Pair::new();
    pair.starts(oco(), &counterparts(5));
    assert_eq!(pair.replaces(1, None, 6), ["ListLegCannotGrow"]);
    assert_eq!(pair.replaces(2, None, u64::MAX), ["ListLegCannotGrow"]);
    let moves = pair.replaces(1, 111, 5);
    assert_eq!(moves, ["replaced 1: 5 at 111 Lost", "rested 1: 5 at 111"]);
    let least = Instrument::builder().quantity_limits(Quantity::new(3), Quantity::new(9));
    let mut pair = Pair::of(least);
    pair.starts(oco(), &counterparts(5));
    assert_eq!(pair.replaces(1, None, 2), ["QuantityTooSmall"]);
    assert_eq!(pair.replaces(1, None, 10), ["ListLegCannotGrow"]);
}

#[test]
fn a_mass_cancel_that_leaves_no_room_ends_the_list_with_the_next_command() {
    let ended = || {
        let mut pair = Pair::of(short(SHORT));
        pair.does(otoco().leg(buy(50, 90, 1)));
        pair.does(otoco().leg(sell(51, 110, 1)));
        for id in 10..24 {
            pair.takes([buy(id, 95, 1)]);
        }
        let buys = CancelAll {
            account: Some(AccountId(1)),
            side: Some(Side::Buy),
            ..CancelAll::default()
        };
        assert_eq!(pair.does(Action::CancelAll(buys)).len(), 16);
        pair
    };
    let said = ended().cancels(77);
    assert_eq!(said, ["OrderUnknown", "cancelled 51 List 1"]);
    // Nobody comes to a list that ends.
    let last = otoco().leg(stop(90, sell(52, 85, 1)));
    let said = ended().does(last);
    assert_eq!(said, ["ListMismatch", "cancelled 51 List 1"]);
}

#[test]
fn an_expired_order_and_a_trade_of_the_same_command_end_a_list_once() {
    let mut pair = Pair::new();
    let orders = [
        buy(1, 100, 5),
        sell(2, 110, 5),
        until(9, stop(90, sell(3, 85, 5))),
    ];
    pair.starts(otoco(), &orders);
    pair.clock = 9;
    let said = pair.enters(taker(sell(7, 100, 5)));
    let ends = [
        "cancelled 3 Expired 5",
        "accepted 7",
        "7 takes 5 of 1 at 100",
        "cancelled 2 List 5",
    ];
    assert_eq!(said, ends);
    pair.does(Action::AdvanceTime);
}

#[test]
fn the_expiry_of_an_order_is_not_that_of_a_new_one_with_its_id() {
    let mut pair = Pair::new();
    pair.takes([until(9, buy(1, 50, 1))]);
    pair.does(oco().leg(stop(90, sell(2, 85, 5))));
    pair.clock = 9;
    let said = pair.does(oco().leg(sell(1, 110, 5)));
    let starts = ["cancelled 1 Expired 1", "accepted 1", "held 1", "started 1"];
    assert_eq!(said[..4], starts);
    assert_eq!(said.len(), 8, "{said:?}");
}

#[test]
fn a_list_is_gone_with_its_last_order() {
    let mut pair = Pair::of(short(Capacities { lists: 1, ..SHORT }));
    pair.does(oco().leg(until(9, sell(1, 110, 5))));
    pair.clock = 9;
    let said = pair.does(oto().leg(buy(2, 90, 5)));
    assert_eq!(said, ["cancelled 1 Expired 5", "accepted 2", "held 2"]);
}
