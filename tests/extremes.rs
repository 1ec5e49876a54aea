//! The ends of every range, and orders for money instead of lots.

mod venue;

use pricetime::{
    Action, CancelCause, Capacities, Cost, Instrument, InstrumentBuilder, MarketAmount, Notional,
    OrderId, OrderIdPolicy, PRICE_LIMIT, PostOnly, Price, Quantity, RejectReason, Side, Timestamp,
};
use venue::{
    Venue, both, budget, buy, cancel, cancelled, lots, market, posting, replace, sell, trades,
    until,
};

/// The widest band, and room for so many orders of the greatest quantity.
fn widest(orders: u32) -> InstrumentBuilder {
    Instrument::builder()
        .price_band(Price::new(-PRICE_LIMIT), Price::new(PRICE_LIMIT))
        .capacities(Capacities {
            orders,
            levels: 4,
            accounts: 4,
            timed_orders: orders,
            special_orders: orders,
            waiting_orders: orders,
            lists: 4,
            tokens: 4,
            events: 16,
        })
}

#[test]
fn prices_at_the_ends_of_the_band_trade() {
    for price in [-PRICE_LIMIT, PRICE_LIMIT] {
        let mut venue = Venue::of(widest(2));
        venue.rests([sell(1, price, 3)]);
        assert_eq!(trades(&venue.enters(buy(2, price, 3))), [(1, price, 3)]);
    }
}

#[test]
fn prices_one_tick_beyond_the_band_are_refused() {
    let mut venue = Venue::of(widest(2));
    for price in [-PRICE_LIMIT - 1, PRICE_LIMIT + 1, i64::MIN, i64::MAX] {
        let reason = venue.refuses(Action::Limit(buy(1, price, 1)));
        assert_eq!(reason, RejectReason::PriceOutOfBand);
    }
}

#[test]
fn widest_spread_is_counted_whole() {
    let mut venue = Venue::of(widest(2));
    venue.rests([buy(1, -PRICE_LIMIT, 1), sell(2, PRICE_LIMIT, 1)]);
    assert_eq!(venue.engine.book().spread(), Some(1 << 63));
}

#[test]
fn greatest_quantity_rests_and_trades_whole() {
    let most = u64::MAX / 2;
    let mut venue = Venue::of(widest(2));
    venue.rests([sell(1, PRICE_LIMIT, most), sell(2, PRICE_LIMIT, most)]);
    assert_eq!(venue.levels(Side::Sell), [(PRICE_LIMIT, most * 2)]);
    let whole = Cost {
        quantity: Quantity::new(most * 2),
        notional: Notional::new(i128::from(PRICE_LIMIT) * i128::from(most) * 2),
        worst: Some(Price::new(PRICE_LIMIT)),
    };
    assert_eq!(
        venue.engine.book().cost(Side::Buy, Quantity::new(u64::MAX)),
        whole
    );
    let reason = venue.refuses(market(3, Side::Buy, lots(most + 1)));
    assert_eq!(reason, RejectReason::QuantityTooLarge);
    let events = venue.does(market(3, Side::Buy, lots(most)));
    assert_eq!(trades(&events), [(1, PRICE_LIMIT, most)]);
}

#[test]
fn every_lot_there_is_may_be_one_order() {
    let all = u64::MAX - 1;
    let mut venue = Venue::of(widest(1));
    venue.rests([sell(1, 5, 3)]);
    let events = venue.does(market(2, Side::Buy, lots(all)));
    assert_eq!(
        cancelled(&events),
        [(2, CancelCause::NotFilledAtOnce, all - 3)]
    );
    venue.rests([sell(1, 5, 3)]);
    venue.enters(buy(2, 5, all));
    assert_eq!(venue.bids(), [(2, 5, all - 3)]);
    venue.does(replace(2, None, all));
    assert_eq!(venue.bids(), [(2, 5, all)]);
    assert_eq!(trades(&venue.enters(sell(3, 5, all))), [(2, 5, all)]);
    assert!(venue.engine.book().is_empty());
}

#[test]
fn notional_limits_hold_to_the_last_unit_and_on_both_sides_of_zero() {
    let limited = widest(4)
        .notional_min(Notional::new(6))
        .notional_max(Notional::new(12));
    let mut venue = Venue::of(limited);
    for price in [-3, 3] {
        let reason = venue.refuses(Action::Limit(buy(1, price, 1)));
        assert_eq!(reason, RejectReason::NotionalTooSmall);
        let reason = venue.refuses(Action::Limit(buy(1, price, 5)));
        assert_eq!(reason, RejectReason::NotionalTooLarge);
        for quantity in [2, 4] {
            venue.rests([buy(1, price, quantity)]);
            venue.does(cancel(1));
        }
    }
    let reason = venue.refuses(market(1, Side::Buy, budget(5)));
    assert_eq!(reason, RejectReason::NotionalTooSmall);
    let reason = venue.refuses(market(1, Side::Buy, budget(13)));
    assert_eq!(reason, RejectReason::NotionalTooLarge);
}

#[test]
fn greatest_product_meets_the_greatest_limit() {
    let product = i128::from(PRICE_LIMIT) * i128::from(u64::MAX - 1);
    for (max, fits) in [(product, true), (product - 1, false)] {
        let mut venue = Venue::of(widest(1).notional_max(Notional::new(max)));
        if fits {
            venue.rests([buy(1, -PRICE_LIMIT, u64::MAX - 1)]);
        } else {
            let reason = venue.refuses(Action::Limit(buy(1, -PRICE_LIMIT, u64::MAX - 1)));
            assert_eq!(reason, RejectReason::NotionalTooLarge);
        }
    }
}

#[test]
fn slide_rechecks_the_notional() {
    let mut venue = Venue::of(widest(4).notional_min(Notional::new(8)));
    venue.rests([sell(1, 2, 4)]);
    let order = posting(PostOnly::Slide, buy(2, 2, 4));
    assert_eq!(
        venue.refuses(Action::Limit(order)),
        RejectReason::NotionalTooSmall
    );
}

#[test]
fn first_and_last_ids_and_times_are_like_any_other() {
    let mut venue = Venue::of(widest(4).order_ids(OrderIdPolicy::Increasing));
    venue.rests([buy(0, 1, 1)]);
    venue.clock = u64::MAX - 1;
    venue.rests([until(u64::MAX, buy(u64::MAX, 1, 1))]);
    let reason = venue.refuses(Action::Limit(buy(7, 1, 1)));
    assert_eq!(reason, RejectReason::OrderIdNotIncreasing);
    venue.clock = u64::MAX;
    let events = venue.does(Action::AdvanceTime);
    assert_eq!(cancelled(&events), [(u64::MAX, CancelCause::Expired, 1)]);
    assert_eq!(venue.engine.now(), Timestamp::new(u64::MAX));
    assert!(venue.engine.book().order(OrderId(0)).is_some());
}

/// A market order on a book of these asks (or bids): its trades as price and
/// quantity, and the quantity it is cancelled with, if it is.
fn amount(
    side: Side,
    makers: &[(i64, u64)],
    amount: MarketAmount,
) -> (Vec<(i64, u64)>, Option<u64>) {
    let mut venue = Venue::new();
    for (id, &(price, quantity)) in (1..).zip(makers) {
        venue.rests([match side {
            Side::Buy => sell(id, price, quantity),
            Side::Sell => buy(id, price, quantity),
        }]);
    }
    let events = venue.does(market(99, side, amount));
    let trades = trades(&events)
        .iter()
        .map(|&(_, price, lots)| (price, lots))
        .collect();
    (trades, cancelled(&events).first().map(|(.., lots)| *lots))
}

#[test]
fn budget_is_rounded_down_to_lots_at_each_price() {
    let asks = [(10, 3), (20, 5)];
    let buys = |money| amount(Side::Buy, &asks, budget(money)).0;
    assert_eq!(buys(9), []);
    assert_eq!(buys(29), [(10, 2)]);
    assert_eq!(buys(49), [(10, 3)]);
    assert_eq!(buys(50), [(10, 3), (20, 1)]);
    assert_eq!(buys(130), [(10, 3), (20, 5)]);
    assert_eq!(buys(1_000), [(10, 3), (20, 5)]);
}

#[test]
fn seller_stops_when_the_next_lot_would_bring_more_than_the_budget() {
    let bids = [(20, 2), (10, 5)];
    let sells = |money| amount(Side::Sell, &bids, budget(money)).0;
    // A cheaper bid behind is not reached over the head of the best one.
    assert_eq!(sells(19), []);
    assert_eq!(sells(35), [(20, 1)]);
    assert_eq!(sells(59), [(20, 2), (10, 1)]);
}

#[test]
fn prices_of_zero_and_below_do_not_bound_and_raise_the_budget() {
    let asks = [(-10, 2), (0, 7), (15, 9)];
    // 5 + 2 * 10 = 25 is left for the last level: one lot of 15.
    let trades = amount(Side::Buy, &asks, budget(5)).0;
    assert_eq!(trades, [(-10, 2), (0, 7), (15, 1)]);
}

#[test]
fn greatest_budget_is_not_exceeded_by_what_negative_prices_add() {
    let most = u64::MAX / 2;
    let mut venue = Venue::of(widest(2));
    venue.rests([sell(1, -PRICE_LIMIT, most), sell(2, PRICE_LIMIT, most)]);
    let events = venue.does(market(3, Side::Buy, budget(i128::MAX)));
    assert_eq!(
        trades(&events),
        [(1, -PRICE_LIMIT, most), (2, PRICE_LIMIT, most)]
    );
}

#[test]
fn order_for_money_alone_ends_with_a_cancellation_of_nothing_unless_it_is_all_spent() {
    assert_eq!(amount(Side::Buy, &[(10, 3)], budget(30)).1, None);
    assert_eq!(amount(Side::Buy, &[(10, 3)], budget(31)).1, Some(0));
    assert_eq!(amount(Side::Buy, &[(10, 3)], budget(7)).1, Some(0));
}

#[test]
fn order_for_lots_and_money_stops_at_whichever_comes_first() {
    let asks = [(10, 3), (20, 5)];
    let buys = |quantity, money| amount(Side::Buy, &asks, both(quantity, money));
    assert_eq!(buys(2, 1_000), (vec![(10, 2)], None));
    assert_eq!(buys(4, 49), (vec![(10, 3)], Some(1)));
    assert_eq!(buys(4, 50), (vec![(10, 3), (20, 1)], None));
    assert_eq!(buys(99, 1_000), (vec![(10, 3), (20, 5)], Some(91)));
}

#[test]
fn budget_must_be_above_zero() {
    let mut venue = Venue::new();
    for money in [0, -1, i128::MIN] {
        let reason = venue.refuses(market(1, Side::Buy, budget(money)));
        assert_eq!(reason, RejectReason::QuantityIsZero);
    }
    let reason = venue.refuses(market(1, Side::Buy, both(u64::MAX, 0)));
    assert_eq!(reason, RejectReason::QuantityTooLarge);
}
