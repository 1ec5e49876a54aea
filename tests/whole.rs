//! The rules of market orders for all of a quantity within a total, or nothing.

mod venue;

use pricetime::{
    Action, Instrument, MarketLot, Notional, Order, Quantity, RejectReason, SelfTrade, Side,
};
use venue::words::{ask, bid, lines, whole, whose};
use venue::{Venue, market, small};

/// Ten at 100 and ten at 102 are asked, ten at 90 and ten at 88 are bid.
fn venue() -> Venue {
    let mut venue = Venue::new();
    venue.holds([
        ask(1, 100, 10),
        ask(2, 102, 10),
        bid(3, 90, 10),
        bid(4, 88, 10),
    ]);
    venue
}

fn says(side: Side, quantity: u64, total: i128) -> Vec<String> {
    venue().says(market(9, side, whole(quantity, total)))
}

#[test]
fn a_buy_pays_no_more_than_its_total() {
    let all = [
        "Accepted 9",
        "Traded 9 with 1 100x10",
        "Traded 9 with 2 102x5",
    ];
    assert_eq!(says(Side::Buy, 15, 1_510), all);
    let none = ["Accepted 9", "Cancelled 9 FillOrKill 15"];
    assert_eq!(says(Side::Buy, 15, 1_509), none);
}

#[test]
fn a_sell_receives_no_less_than_its_total() {
    let all = [
        "Accepted 9",
        "Traded 9 with 3 90x10",
        "Traded 9 with 4 88x5",
    ];
    assert_eq!(says(Side::Sell, 15, 1_340), all);
    assert_eq!(says(Side::Sell, 15, 0), all, "or whatever there is");
    let none = ["Accepted 9", "Cancelled 9 FillOrKill 15"];
    assert_eq!(says(Side::Sell, 15, 1_341), none);
}

#[test]
fn all_of_it_trades_or_nothing() {
    let none = ["Accepted 9", "Cancelled 9 FillOrKill 21"];
    assert_eq!(says(Side::Buy, 21, 1_000_000), none);
    assert_eq!(says(Side::Sell, 21, 0), none);
    let mut venue = venue();
    venue.does(market(9, Side::Buy, whole(21, 1_000_000)));
    venue.does(market(9, Side::Buy, whole(15, 1)));
    assert_eq!(venue.asks(), [(1, 100, 10), (2, 102, 10)]);
}

#[test]
fn a_total_says_something() {
    let refuses = |side, total| venue().refuses(market(9, side, whole(5, total)));
    assert_eq!(refuses(Side::Buy, 0), RejectReason::QuantityIsZero);
    assert_eq!(refuses(Side::Buy, -1), RejectReason::QuantityIsZero);
    assert_eq!(refuses(Side::Sell, -1), RejectReason::QuantityIsZero);
}

#[test]
fn quantity_and_total_are_within_the_limits() {
    let lot = MarketLot {
        min: Quantity::new(4),
        max: Quantity::new(8),
        step: Quantity::new(4),
    };
    let instrument = Instrument::builder()
        .quantity_limits(Quantity::new(2), Quantity::new(10))
        .notional_min(Notional::new(50))
        .notional_max(Notional::new(900))
        .market_lot(lot);
    let mut venue = Venue::of(instrument);
    let mut refuses =
        |side, quantity, total| venue.refuses(market(9, side, whole(quantity, total)));
    // What is refused first stands first: a total of -1 is refused after the quantity.
    use RejectReason::*;
    for (quantity, reason) in [
        (0, QuantityIsZero),
        (1, QuantityTooSmall),
        (11, QuantityTooLarge),
        (3, MarketQuantityTooSmall),
        (9, MarketQuantityTooLarge),
        (6, MarketQuantityNotInLots),
        (4, QuantityIsZero),
    ] {
        assert_eq!(refuses(Side::Buy, quantity, -1), reason, "{quantity}");
    }
    assert_eq!(refuses(Side::Buy, 4, 49), NotionalTooSmall);
    assert_eq!(refuses(Side::Buy, 4, 901), NotionalTooLarge);
    assert_eq!(refuses(Side::Sell, 4, 901), NotionalTooLarge);
    let said = venue.says(market(9, Side::Sell, whole(4, 0)));
    assert_eq!(said, ["Accepted 9", "Cancelled 9 FillOrKill 4"]);
}

#[test]
fn it_is_accepted_as_a_market_order_that_fills_or_is_killed() {
    let events = venue().does(market(9, Side::Buy, whole(5, 1)));
    let pricetime::Event::Accepted {
        kind,
        time_in_force,
        price,
        quantity,
        ..
    } = events[0]
    else {
        panic!("{:?}", lines(&events));
    };
    assert_eq!(kind, pricetime::OrderKind::Market);
    assert_eq!(time_in_force, pricetime::TimeInForce::Fok);
    assert_eq!((price.ticks(), quantity.lots()), (0, 5));
}

#[test]
fn a_walk_that_says_too_much_is_refused_before_the_money_is_looked_at() {
    let mut venue = Venue::of(small());
    for id in 1..=14 {
        venue.holds([ask(id, 100, 1)]);
    }
    for total in [1, 1_000_000] {
        let reason = venue.refuses(market(50, Side::Buy, whole(14, total)));
        assert_eq!(reason, RejectReason::TooManyTrades);
    }
    let said = venue.says(market(50, Side::Buy, whole(13, 1_300)));
    assert_eq!(said.len(), 14);
}

/// Fill-or-kill looks a second time for what it needs.
#[test]
fn orders_that_trade_whole_or_not_are_set_aside() {
    let mut venue = Venue::new();
    let all = Order {
        minimum: Quantity::new(8),
        ..ask(2, 101, 8)
    };
    venue.holds([ask(1, 100, 5), all]);
    let said = venue.says(market(9, Side::Buy, whole(10, 1_008)));
    let expected = [
        "Accepted 9",
        "Traded 9 with 1 100x2",
        "Traded 9 with 2 101x8",
    ];
    assert_eq!(said, expected);
}

#[test]
fn what_is_prevented_costs_nothing_and_counts_for_nothing() {
    let instrument = Instrument::builder().self_trade(SelfTrade::ExpireMaker);
    let own_is_first = || {
        let mut venue = Venue::of(instrument.clone());
        // Market orders are of account 2.
        venue.holds([whose(2, ask(1, 90, 5)), ask(2, 100, 10)]);
        venue
    };
    let said = own_is_first().says(market(9, Side::Buy, whole(10, 1_000)));
    assert_eq!(said[0], "Accepted 9");
    assert_eq!(
        said[2..],
        ["Cancelled 1 SelfTrade 5", "Traded 9 with 2 100x10"]
    );
    let mut venue = own_is_first();
    let said = venue.says(market(9, Side::Buy, whole(10, 999)));
    assert_eq!(said, ["Accepted 9", "Cancelled 9 FillOrKill 10"]);
    assert_eq!(venue.asks().len(), 2, "nor is anything prevented");
}

#[test]
fn money_below_zero_is_counted() {
    let mut venue = Venue::new();
    venue.holds([ask(1, -5, 10), ask(2, 5, 10), bid(3, -7, 10)]);
    let said = venue.says(market(9, Side::Buy, whole(20, 1)));
    assert_eq!(said.len(), 3, "it comes to nothing");
    let said = venue.says(market(9, Side::Sell, whole(1, 0)));
    assert_eq!(said[1], "Cancelled 9 FillOrKill 1");
}

#[test]
fn a_live_id_is_refused() {
    let reason = venue().refuses(market(1, Side::Buy, whole(1, 1_000)));
    assert_eq!(reason, RejectReason::OrderIdAlreadyLive);
    let unknown = Action::Cancel(pricetime::Cancel {
        id: pricetime::OrderId(9),
        owner: None,
    });
    let mut venue = venue();
    venue.does(market(9, Side::Buy, whole(1, 1_000)));
    assert_eq!(venue.refuses(unknown), RejectReason::OrderUnknown);
}
