//! Orders whose limit the book gives, one rule each: the engine and the model say the same.

#[allow(dead_code, reason = "other tests ask the model more")]
mod model;
#[path = "pegs/moving.rs"]
mod moving;
mod pair;

use pair::{Pair, SHORT, buy, hidden, iceberg, lasting, once, peg, pegged, sell, short, until};
use pricetime::PegReference::{Market, Midpoint, Primary};
use pricetime::{
    Capacities, Instrument, Notional, Order, PegReference, PegUnit, PostOnly, Price, Repricing,
    TimeInForce,
};

const FAR: i64 = 1_000;

fn levels(reference: PegReference, count: i32, order: Order) -> Order {
    pegged(reference, Repricing::Once, PegUnit::Levels, count, order)
}

fn posting(post_only: PostOnly, order: Order) -> Order {
    Order { post_only, ..order }
}

fn books<const N: usize>(orders: [Order; N]) -> Pair {
    let mut pair = Pair::new();
    pair.takes(orders);
    pair
}

#[test]
fn a_peg_that_follows_must_be_able_to_rest() {
    for lifetime in [TimeInForce::Ioc, TimeInForce::Fok] {
        let order = |order| lasting(lifetime, order);
        let mut pair = books([buy(1, 99, 5)]);
        let follower = order(peg(Primary, 0, buy(2, FAR, 5)));
        assert_eq!(pair.enters(follower), ["PegMalformed"]);
        let looks_once = order(once(Primary, 0, buy(2, FAR, 5)));
        assert_eq!(
            pair.enters(looks_once)[..2],
            ["accepted 2", "priced 2 at 99"]
        );
    }
}

#[test]
fn levels_are_counted_once_from_a_side_and_up_to_a_hundred() {
    let mut pair = books([buy(1, 99, 5), sell(2, 101, 5)]);
    let follows = pegged(Primary, Repricing::Live, PegUnit::Levels, 1, buy(3, FAR, 5));
    for wrong in [
        follows,
        levels(Midpoint, 0, buy(3, FAR, 5)),
        levels(Primary, -1, buy(3, FAR, 5)),
        levels(Primary, 101, buy(3, FAR, 5)),
    ] {
        assert_eq!(pair.enters(wrong), ["PegMalformed"]);
    }
    let farthest = levels(Primary, 100, buy(3, FAR, 5));
    assert_eq!(pair.enters(farthest), ["NoReferencePrice"]);
}

#[test]
fn only_a_peg_to_its_own_side_may_be_post_only() {
    let mut pair = books([buy(1, 99, 5), sell(2, 101, 5)]);
    for reference in [Market, Midpoint] {
        let order = posting(PostOnly::Slide, peg(reference, 0, buy(3, FAR, 5)));
        assert_eq!(pair.enters(order), ["PegMalformed"]);
    }
    let own = posting(PostOnly::Reject, peg(Primary, 0, buy(3, FAR, 5)));
    assert_eq!(pair.enters(own)[2], "rested 3: 5 at 99");
}

#[test]
fn a_malformed_peg_is_refused_behind_its_lifetime_and_before_its_post_only() {
    let mut pair = Pair::new();
    let wrong = posting(PostOnly::Slide, peg(Market, 0, buy(1, FAR, 5)));
    assert_eq!(pair.enters(until(0, wrong)), ["ExpiryNotInFuture"]);
    assert_eq!(
        pair.enters(lasting(TimeInForce::Ioc, wrong)),
        ["PegMalformed"]
    );
}

#[test]
fn the_limit_of_a_peg_is_checked_as_a_price() {
    let band = Instrument::builder().price_band(Price::new(1), Price::new(200));
    let mut pair = Pair::of(band.notional_max(Notional::new(500)));
    assert_eq!(
        pair.enters(peg(Primary, 0, buy(1, 201, 1))),
        ["PriceOutOfBand"]
    );
    assert_eq!(
        pair.enters(peg(Primary, 0, buy(1, 126, 4))),
        ["NotionalTooLarge"]
    );
    assert_eq!(pair.enters(peg(Primary, 0, buy(1, 125, 4)))[1], "waits 1");
}

#[test]
fn a_peg_is_measured_from_its_own_side_the_other_one_or_the_middle() {
    let priced = |reference, order| {
        let mut pair = books([buy(1, 90, 5), sell(2, 101, 5)]);
        pair.enters(peg(reference, 0, order))[1].clone()
    };
    assert_eq!(priced(Primary, buy(3, FAR, 5)), "priced 3 at 90");
    assert_eq!(priced(Primary, sell(3, 1, 5)), "priced 3 at 101");
    assert_eq!(priced(Market, buy(3, FAR, 5)), "priced 3 at 101");
    assert_eq!(priced(Market, sell(3, 1, 5)), "priced 3 at 90");
    assert_eq!(priced(Midpoint, buy(3, FAR, 5)), "priced 3 at 95");
    assert_eq!(priced(Midpoint, sell(3, 1, 5)), "priced 3 at 96");
}

#[test]
fn the_middle_is_rounded_away_from_the_other_side_below_zero_too() {
    let priced = |order| {
        let mut pair = books([buy(1, -8, 5), sell(2, -5, 5)]);
        pair.enters(peg(Midpoint, 0, order))[1].clone()
    };
    assert_eq!(priced(buy(3, FAR, 5)), "priced 3 at -7");
    assert_eq!(priced(sell(3, -FAR, 5)), "priced 3 at -6");
}

#[test]
fn the_offset_raises_the_price_of_a_buy_and_of_a_sell() {
    let mut pair = books([buy(1, 90, 5), sell(2, 101, 5)]);
    let bid = peg(Primary, 2, buy(3, FAR, 5));
    assert_eq!(pair.enters(bid)[1], "priced 3 at 92");
    let ask = peg(Primary, 2, sell(4, 1, 5));
    assert_eq!(pair.enters(ask)[1], "priced 4 at 103");
}

#[test]
fn what_is_hidden_or_follows_is_no_reference() {
    let mut pair = books([buy(1, 90, 5), hidden(buy(2, 95, 5))]);
    assert_eq!(
        pair.enters(peg(Primary, 1, buy(3, FAR, 5)))[1],
        "priced 3 at 91"
    );
    assert_eq!(
        pair.enters(peg(Primary, 1, buy(4, FAR, 5)))[1],
        "priced 4 at 91"
    );
    assert_eq!(
        pair.enters(once(Primary, 0, buy(5, FAR, 5)))[1],
        "priced 5 at 90"
    );
}

#[test]
fn levels_are_prices_at_which_an_order_is_shown_that_does_not_follow() {
    let mut pair = books([
        buy(1, 99, 1),
        hidden(buy(2, 98, 1)),
        peg(Primary, -2, buy(3, FAR, 1)),
        buy(4, 96, 1),
        iceberg(1, buy(5, 95, 3)),
    ]);
    let mut price = |reference, count| {
        let order = lasting(TimeInForce::Ioc, levels(reference, count, buy(6, FAR, 1)));
        pair.enters(order).get(1).cloned()
    };
    assert_eq!(price(Primary, 0), Some("priced 6 at 99".to_owned()));
    assert_eq!(price(Primary, 1), Some("priced 6 at 96".to_owned()));
    assert_eq!(price(Primary, 2), Some("priced 6 at 95".to_owned()));
    assert_eq!(price(Primary, 3), None);
    assert_eq!(price(Market, 0), None);
}

#[test]
fn a_buy_is_never_above_its_limit_and_a_sell_never_below() {
    let mut pair = books([buy(1, 90, 5), sell(2, 101, 5)]);
    assert_eq!(
        pair.enters(peg(Primary, 8, buy(3, 93, 5)))[1],
        "priced 3 at 93"
    );
    assert_eq!(
        pair.enters(peg(Primary, -9, sell(4, 97, 5)))[1],
        "priced 4 at 97"
    );
}

#[test]
fn a_peg_is_cut_to_the_band() {
    let band = Instrument::builder().price_band(Price::new(1), Price::new(200));
    let mut pair = Pair::of(band);
    pair.takes([buy(1, 90, 5), sell(2, 101, 5)]);
    let down = peg(Primary, i32::MIN, buy(3, 200, 5));
    assert_eq!(pair.enters(down)[1], "priced 3 at 1");
    let up = peg(Primary, i32::MAX, sell(4, 1, 5));
    assert_eq!(pair.enters(up)[1], "priced 4 at 200");
}

#[test]
fn without_a_reference_one_is_refused_and_the_other_waits() {
    let mut pair = Pair::new();
    assert_eq!(
        pair.enters(once(Primary, 0, buy(1, FAR, 5))),
        ["NoReferencePrice"]
    );
    let follows = peg(Primary, 0, buy(1, FAR, 5));
    assert_eq!(pair.enters(follows), ["accepted 1", "waits 1"]);
    let both_needed = peg(Midpoint, 0, buy(2, FAR, 5));
    assert_eq!(pair.enters(both_needed), ["accepted 2", "waits 2"]);
}

#[test]
fn a_peg_needs_room_to_wait_for_its_reference() {
    let mut pair = Pair::of(short(Capacities {
        waiting_orders: 1,
        ..SHORT
    }));
    pair.takes([peg(Primary, 0, buy(1, FAR, 5))]);
    assert_eq!(
        pair.enters(peg(Primary, 0, buy(2, FAR, 5))),
        ["WaitingOrdersFull"]
    );
    pair.takes([sell(3, 101, 5), peg(Primary, 0, sell(4, 1, 5))]);
}

#[test]
fn the_price_that_comes_of_it_is_checked_with_the_quantity() {
    let least = Instrument::builder().notional_min(Notional::new(500));
    let mut pair = Pair::of(least);
    pair.takes([buy(1, 90, 6)]);
    assert_eq!(
        pair.enters(peg(Primary, 0, buy(2, 100, 5))),
        ["NotionalTooSmall"]
    );
}

#[test]
fn a_peg_says_its_price_and_where_it_slides_to_before_it_trades_or_rests() {
    let mut pair = books([buy(1, 99, 5), sell(2, 101, 5)]);
    let takes = peg(Market, 0, buy(3, FAR, 8));
    let said = ["accepted 3", "priced 3 at 101", "3 takes 5 of 2 at 101"];
    assert_eq!(pair.enters(takes)[..3], said);
    let mut pair = books([buy(1, 99, 5), sell(2, 101, 5)]);
    let slides = posting(PostOnly::Slide, peg(Primary, 4, buy(3, FAR, 8)));
    let said = [
        "accepted 3",
        "priced 3 at 103",
        "slid 3 to 100",
        "rested 3: 8 at 100",
    ];
    assert_eq!(pair.enters(slides), said);
}

#[test]
fn a_live_peg_at_rest_is_special_and_one_that_looked_once_is_not() {
    let mut pair = Pair::of(short(Capacities {
        special_orders: 1,
        ..SHORT
    }));
    pair.takes([buy(1, 99, 5), peg(Primary, 0, buy(2, FAR, 5))]);
    assert_eq!(
        pair.enters(peg(Primary, 0, buy(3, FAR, 5))),
        ["SpecialOrdersFull"]
    );
    pair.takes([once(Primary, 0, buy(3, FAR, 5))]);
}

#[test]
fn a_peg_that_slid_moves_only_when_its_own_price_changes() {
    let mut pair = books([buy(1, 99, 5), sell(2, 101, 5)]);
    pair.takes([posting(PostOnly::Slide, peg(Primary, 4, buy(3, FAR, 8)))]);
    assert_eq!(pair.cancels(2), ["cancelled 2 Requested 5"]);
    let said = pair.enters(buy(4, 100, 1));
    assert_eq!(said[2..], ["repriced 3 to 104", "rested 3: 8 at 104"]);
}
