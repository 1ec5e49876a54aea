//! What becomes of the orders of a list when one of them trades or ends.

use crate::pair::{List, Pair, SHORT, buy, lasting, market, of, sell, short, stop, until};
use crate::{counterparts, many, mass, neighbours, oco, opo, oto, otoco, taker};
use pricetime::PartialFill::{Cancels, Reduces, Waits};
use pricetime::{Action, Capacities, Instrument, Order, SelfTrade, TimeInForce, TriggerOnEntry};

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
    let orders = [
        sell(1, 100, 5),
        sell(2, 101, 2),
        sell(3, 102, 3),
        sell(4, 103, 4),
    ];
    pair.starts(many(4).with(Reduces), &orders);
    let said = pair.enters(taker(buy(7, 100, 3)));
    let ends = [
        "cancelled 2 List 2",
        "cancelled 3 List 3",
        "reduced 4 by 3 to 1",
    ];
    assert_eq!(said[2..], ends);
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
