//! Whom a taker leaves alone, and what is due when.

use crate::pair::{
    List, Pair, SHORT, all_or_none, buy, hidden, iceberg, lasting, of, sell, short, stop, until,
};
use crate::{counterparts, many, neighbours, oco, oto, otoco, taker};
use pricetime::PartialFill::{Cancels, Reduces, Waits};
use pricetime::{
    AccountId, Action, CancelAll, Capacities, Instrument, Quantity, Side, TimeInForce, Trigger,
    TriggerSource,
};

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
    pair.takes([taker(sell(9, 100, 6))]);
    let orders = [all_or_none(sell(1, 101, 4)), all_or_none(sell(2, 102, 4))];
    pair.starts(many(2).with(Waits), &orders);
    let kill = lasting(TimeInForce::Fok, of(3, buy(7, 102, 11)));
    assert_eq!(pair.enters(kill)[1..], ["cancelled 7 FillOrKill 11"]);
    let fill = lasting(TimeInForce::Fok, of(3, buy(8, 102, 8)));
    let said = pair.enters(fill);
    let second_way = [
        "8 takes 4 of 9 at 100",
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
fn a_command_passes_by_what_an_expiry_before_it_ends() {
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
        "rested 7: 5 at 100",
        "cancelled 1 List 5",
        "cancelled 2 List 5",
    ];
    assert_eq!(said, ends);
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

#[test]
fn an_order_that_is_due_to_go_may_trade_whole_before_and_releases_nobody_who_goes() {
    let mut pair = Pair::new();
    pair.takes([taker(sell(7, 105, 5))]);
    let orders = [
        buy(1, 100, 5),
        sell(2, 110, 5),
        until(9, stop(90, sell(3, 85, 5))),
    ];
    pair.starts(otoco(), &orders);
    pair.clock = 9;
    let said = pair.replaces(1, 105, None);
    let ends = [
        "cancelled 3 Expired 5",
        "replaced 1: 5 at 105 Lost",
        "1 takes 5 of 7 at 105",
        "cancelled 2 List 5",
    ];
    assert_eq!(said, ends);
}

#[test]
fn a_new_order_sees_the_price_that_settling_leaves() {
    let mut pair = Pair::new();
    pair.takes([taker(buy(7, 80, 1))]);
    pair.starts(many(2), &[buy(1, 95, 1), until(9, buy(2, 70, 1))]);
    pair.clock = 9;
    let mut waits = stop(90, sell(8, 100, 1));
    waits.trigger = waits.trigger.map(|trigger| Trigger {
        source: TriggerSource::BestOpposite,
        ..trigger
    });
    let said = pair.enters(waits);
    let triggered = [
        "cancelled 2 Expired 1",
        "accepted 8",
        "waits 8",
        "cancelled 1 List 1",
        "triggered 8 at 80",
        "rested 8: 1 at 100",
    ];
    assert_eq!(said, triggered);
}
