//! The rules of market lots, price ranges, execution ranges and limits of accounts, one short test each.

mod venue;

use pricetime::{
    AccountLimits, Action, Capacities, Display, Instrument, InstrumentBuilder, MarketLot, Order,
    OrderId, PostOnly, Price, Pricing, Quantity, RangeReference, RejectReason, Side, TimeInForce,
};
use venue::words::{
    ask, bid, entered, instead_of, lasting, lines, mark, peak, range, showing, stop, trailing,
    whole, whose,
};
use venue::{Venue, both, budget, cancel, lots, market, replace};

fn in_lots() -> InstrumentBuilder {
    Instrument::builder()
        .quantity_limits(Quantity::new(2), Quantity::new(100))
        .market_lot(MarketLot {
            min: Quantity::new(5),
            max: Quantity::new(20),
            step: Quantity::new(5),
        })
}

#[test]
fn market_orders_come_in_market_lots() {
    use RejectReason::*;
    for (quantity, reason) in [
        (1, QuantityTooSmall),
        (101, QuantityTooLarge),
        (4, MarketQuantityTooSmall),
        (21, MarketQuantityTooLarge),
        (6, MarketQuantityNotInLots),
    ] {
        let mut venue = Venue::of(in_lots());
        venue.holds([bid(1, 100, 10)]);
        let order = Order::market(
            OrderId(1),
            bid(1, 1, 1).account,
            Side::Buy,
            Quantity::new(quantity),
        );
        // The id is live, and the total nothing: that is looked at later.
        for action in [
            market(1, Side::Buy, lots(quantity)),
            market(1, Side::Buy, both(quantity, 0)),
            market(1, Side::Buy, whole(quantity, 0)),
            entered(order),
            entered(Order {
                time_in_force: TimeInForce::Gtc,
                ..order
            }),
        ] {
            assert_eq!(venue.refuses(action), reason, "{action:?}");
        }
    }
}

#[test]
fn market_lots_bind_no_other_orders() {
    let mut venue = Venue::of(in_lots());
    venue.holds([bid(1, 100, 6), ask(2, 101, 50)]);
    let to_limit = Order {
        pricing: Pricing::MarketToLimit,
        ..bid(3, 0, 6)
    };
    assert_eq!(venue.says(entered(to_limit))[0], "Accepted 3");
    let said = venue.says(market(4, Side::Buy, budget(101 * 3)));
    assert_eq!(said, ["Accepted 4", "Traded 4 with 2 101x3"]);
    for quantity in [5, 10, 20] {
        let said = venue.says(market(5, Side::Buy, lots(quantity)));
        assert_eq!(said.len(), 2, "{quantity}");
    }
}

#[test]
fn a_market_order_that_waits_comes_in_market_lots() {
    let mut venue = Venue::of(in_lots());
    let waits = |quantity| Order {
        trigger: stop(50, bid(1, 0, 1)).trigger,
        ..Order::market(
            OrderId(1),
            bid(1, 0, 1).account,
            Side::Buy,
            Quantity::new(quantity),
        )
    };
    assert_eq!(
        venue.refuses(entered(waits(6))),
        RejectReason::MarketQuantityNotInLots
    );
    venue.holds([waits(10)]);
}

/// Buys from 80 to 150 and sells from 90 to 110, by a mark of 100.
fn ranged() -> Venue {
    let range = range(RangeReference::Mark, [5_000, 2_000], [1_000, 1_000]);
    let mut venue = Venue::of(Instrument::builder().price_range(range));
    venue.does(mark(100));
    venue
}

#[test]
fn a_price_is_within_the_range_of_its_side() {
    for price in [80, 81, 99, 100, 101, 150] {
        assert_eq!(ranged().says(entered(bid(1, price, 1)))[0], "Accepted 1");
    }
    for price in [90, 110] {
        assert_eq!(ranged().says(entered(ask(1, price, 1)))[0], "Accepted 1");
    }
    for order in [bid(1, 79, 1), bid(1, 151, 1), ask(1, 89, 1), ask(1, 111, 1)] {
        let reason = ranged().refuses(entered(order));
        assert_eq!(reason, RejectReason::PriceOutOfRange, "{order:?}");
    }
    let plain = venue::buy(1, 151, 1);
    assert_eq!(
        ranged().refuses(Action::Limit(plain)),
        RejectReason::PriceOutOfRange
    );
}

#[test]
fn distances_are_compared_exactly() {
    let range = range(RangeReference::Mark, [3_333, 3_334], [0, 0]);
    let by = |reference| {
        let mut venue = Venue::of(Instrument::builder().price_range(range));
        venue.does(mark(reference));
        venue
    };
    let is_in = |mut venue: Venue, price| venue.says(entered(bid(1, price, 1)))[0] == "Accepted 1";
    // A third of three is a little more than 3,333 basis points, and less than 3,334.
    assert!(!is_in(by(3), 4) && is_in(by(3), 2));
    assert!(
        !is_in(by(-3), -2) && is_in(by(-3), -4),
        "by the absolute value"
    );
    assert!(is_in(by(0), 0) && !is_in(by(0), 1) && !is_in(by(0), -1));
    assert!(is_in(by(10_000), 13_333) && !is_in(by(10_000), 13_334));
}

#[test]
fn without_a_reference_every_price_is_within_the_range() {
    for reference in [RangeReference::Mark, RangeReference::LastTrade] {
        let none = range(reference, [0, 0], [0, 0]);
        let instrument = Instrument::builder()
            .price_range(none)
            .execution_range(none);
        let mut venue = Venue::of(instrument);
        venue.holds([bid(1, 1, 10), ask(2, 1_000_000, 10)]);
        let said = venue.says(market(3, Side::Buy, lots(1)));
        assert_eq!(said[1], "Traded 3 with 2 1000000x1");
    }
}

#[test]
fn the_last_trade_is_a_reference() {
    let range = range(RangeReference::LastTrade, [1_000, 1_000], [1_000, 1_000]);
    let mut venue = Venue::of(Instrument::builder().price_range(range));
    venue.does(mark(5_000));
    venue.holds([ask(1, 100, 1)]);
    venue.does(entered(bid(2, 100, 1)));
    let reason = venue.refuses(entered(bid(3, 111, 1)));
    assert_eq!(reason, RejectReason::PriceOutOfRange);
    venue.holds([bid(3, 110, 1)]);
}

#[test]
fn the_range_is_looked_at_behind_the_band_and_before_the_money() {
    let instrument = Instrument::builder()
        .price_band(Price::new(1), Price::new(1_000))
        .notional_min(pricetime::Notional::new(1_000_000))
        .price_range(range(RangeReference::Mark, [100, 100], [100, 100]));
    let mut venue = Venue::of(instrument);
    venue.does(mark(100));
    let mut refuses = |price| venue.refuses(entered(bid(1, price, 1)));
    assert_eq!(refuses(1_001), RejectReason::PriceOutOfBand);
    assert_eq!(refuses(102), RejectReason::PriceOutOfRange);
    assert_eq!(refuses(101), RejectReason::NotionalTooSmall);
}

#[test]
fn every_price_that_an_order_gets_is_within_the_range() {
    let with = |order| {
        let mut venue = ranged();
        venue.does(mark(200));
        venue.holds([ask(1, 190, 10)]);
        venue.does(mark(100));
        venue.refuses(entered(order))
    };
    let from_the_book = Order {
        pricing: Pricing::MarketToLimit,
        ..bid(2, 0, 5)
    };
    assert_eq!(with(from_the_book), RejectReason::PriceOutOfRange);
    let protected = Order {
        pricing: Pricing::Protected(3),
        ..from_the_book
    };
    assert_eq!(with(protected), RejectReason::PriceOutOfRange);
    let mut venue = ranged();
    venue.does(mark(88));
    venue.holds([ask(1, 80, 10)]);
    venue.does(mark(100));
    let slides = Order {
        post_only: PostOnly::Slide,
        ..bid(2, 80, 5)
    };
    assert_eq!(
        venue.refuses(entered(slides)),
        RejectReason::PriceOutOfRange
    );
    venue.does(cancel(1));
    venue.holds([bid(3, 80, 5)]);
    let reason = venue.refuses(replace(3, 79, None));
    assert_eq!(reason, RejectReason::PriceOutOfRange);
}

#[test]
fn a_triggered_order_gets_a_price_within_the_range_or_none() {
    let mut venue = ranged();
    venue.does(mark(200));
    venue.holds([ask(1, 190, 10)]);
    venue.does(mark(101));
    let order = Order {
        pricing: Pricing::MarketToLimit,
        ..stop(110, bid(2, 0, 5))
    };
    venue.holds([order, stop(110, bid(3, 150, 5))]);
    assert_eq!(
        venue.says(mark(110))[1..],
        [
            "Triggered 2 110",
            "Refused 2 PriceOutOfRange",
            "Cancelled 2 Refused 5",
            "Triggered 3 110",
            "Rested 3 150x5"
        ]
    );
}

fn limited(limits: AccountLimits) -> Venue {
    let capacities = Capacities {
        accounts: 8,
        ..Capacities::default()
    };
    let instrument = Instrument::builder().capacities(capacities);
    Venue::of(instrument.account_limits(limits))
}

fn two_orders() -> Venue {
    let mut venue = limited(AccountLimits {
        orders: Some(2),
        ..AccountLimits::default()
    });
    venue.holds([bid(1, 100, 5), stop(50, bid(2, 100, 5))]);
    venue
}

#[test]
fn an_account_has_so_many_orders_resting_or_waiting() {
    let mut venue = two_orders();
    let full = RejectReason::AccountOrdersFull;
    assert_eq!(venue.refuses(entered(bid(3, 100, 5))), full);
    assert_eq!(venue.refuses(entered(stop(50, bid(3, 100, 5)))), full);
    assert_eq!(venue.refuses(Action::Limit(venue::buy(3, 100, 5))), full);
    assert_eq!(
        venue.refuses(entered(bid(1, 100, 5))),
        RejectReason::OrderIdAlreadyLive,
        "the id is looked at before"
    );
    venue.holds([whose(2, bid(3, 100, 5))]);
    venue.does(cancel(2));
    venue.holds([bid(4, 100, 5)]);
}

#[test]
fn orders_that_cannot_stay_are_not_counted_and_not_refused() {
    let mut venue = two_orders();
    let at_once = lasting(TimeInForce::Ioc, ask(3, 100, 1));
    assert_eq!(venue.says(entered(at_once))[1], "Traded 3 with 1 100x1");
    let sells = Order::market(
        OrderId(4),
        ask(4, 1, 1).account,
        Side::Sell,
        Quantity::new(1),
    );
    assert_eq!(venue.says(entered(sells))[1], "Traded 4 with 1 100x1");
    let said = venue.says(market(5, Side::Sell, lots(1)));
    assert_eq!(said[1], "Traded 5 with 1 100x1");
    let waits = Order {
        trigger: stop(50, ask(6, 1, 1)).trigger,
        ..sells
    };
    let waits = Order {
        id: OrderId(6),
        ..waits
    };
    assert_eq!(
        venue.refuses(entered(waits)),
        RejectReason::AccountOrdersFull,
        "it would stay until it is triggered"
    );
}

#[test]
fn an_account_has_so_many_orders_with_a_trigger() {
    let mut venue = limited(AccountLimits {
        triggers: Some(1),
        ..AccountLimits::default()
    });
    venue.holds([stop(50, bid(1, 100, 5)), bid(2, 100, 5)]);
    let full = RejectReason::AccountTriggersFull;
    assert_eq!(venue.refuses(entered(stop(60, bid(3, 100, 5)))), full);
    assert_eq!(
        venue.refuses(entered(trailing(60, 1, bid(3, 100, 5)))),
        full
    );
    venue.holds([bid(3, 100, 5), whose(2, stop(60, bid(4, 100, 5)))]);
    venue.does(mark(50));
    venue.holds([stop(60, bid(5, 100, 5))]);
}

#[test]
fn an_account_has_so_many_icebergs_resting_or_waiting() {
    let mut venue = limited(AccountLimits {
        icebergs: Some(2),
        ..AccountLimits::default()
    });
    let iceberg = |id| showing(peak(2), bid(id, 100, 5));
    venue.holds([iceberg(1), stop(50, iceberg(2))]);
    let full = RejectReason::AccountIcebergsFull;
    assert_eq!(venue.refuses(entered(iceberg(3))), full);
    venue.holds([
        showing(Display::Hidden, bid(3, 100, 5)),
        bid(4, 100, 5),
        whose(2, iceberg(5)),
    ]);
    venue.does(cancel(2));
    venue.holds([iceberg(6)]);
}

#[test]
fn limits_of_an_account_are_looked_at_one_after_the_other() {
    let all = AccountLimits {
        orders: Some(1),
        triggers: Some(0),
        icebergs: Some(0),
        ..AccountLimits::default()
    };
    let iceberg = |order| showing(peak(2), order);
    let mut venue = limited(all);
    let reason = venue.refuses(entered(stop(50, iceberg(bid(1, 100, 5)))));
    assert_eq!(reason, RejectReason::AccountTriggersFull);
    let reason = venue.refuses(entered(iceberg(bid(1, 100, 5))));
    assert_eq!(reason, RejectReason::AccountIcebergsFull);
    venue.holds([bid(1, 100, 5)]);
    let reason = venue.refuses(entered(stop(50, iceberg(bid(2, 100, 5)))));
    assert_eq!(reason, RejectReason::AccountOrdersFull);
    let waits_no_room = Order {
        post_only: PostOnly::Reject,
        ..ask(2, 100, 5)
    };
    let reason = venue.refuses(entered(waits_no_room));
    assert_eq!(
        reason,
        RejectReason::AccountOrdersFull,
        "before the book is looked at"
    );
}

#[test]
fn an_order_in_the_place_of_another_is_no_more_than_before() {
    let mut venue = two_orders();
    let any = pricetime::CancelOnly::Any;
    let mode = pricetime::CancelReplaceMode::StopOnFailure;
    let said = venue.says(instead_of(1, any, mode, bid(3, 101, 5)));
    assert_eq!(said[1..], ["Accepted 3", "Rested 3 101x5"]);
    assert_eq!(lines(&venue.does(cancel(3))), ["Cancelled 3 Requested 5"]);
}
