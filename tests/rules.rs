//! The rules of trading, one short test each, after the bugs that other engines shipped.

mod venue;

use pricetime::{
    Action, CancelCause, Event, OrderId, PostOnly, Price, Quantity, RejectReason, Side,
    TimeInForce, Timestamp, TradeId,
};
use venue::{
    Venue, buy, cancel, cancelled, lasting, lots, market, of, posting, reduce, replace, sell,
    small, trades, until,
};

#[test]
fn older_order_fills_first() {
    let mut venue = Venue::resting([sell(1, 100, 5), sell(2, 100, 5)]);
    assert_eq!(trades(&venue.enters(buy(3, 100, 5))), [(1, 100, 5)]);
    assert_eq!(venue.asks(), [(2, 100, 5)]);
}

#[test]
fn better_price_fills_before_older_order() {
    let mut venue = Venue::resting([sell(1, 101, 5), sell(2, 100, 5)]);
    let events = venue.enters(buy(3, 101, 7));
    assert_eq!(trades(&events), [(2, 100, 5), (1, 101, 2)]);
}

#[test]
fn each_trade_prints_at_its_makers_price() {
    let mut venue = Venue::resting([sell(1, 100, 1), sell(2, 105, 1), sell(3, 110, 1)]);
    let events = venue.enters(lasting(TimeInForce::Fok, buy(4, 200, 3)));
    assert_eq!(trades(&events), [(1, 100, 1), (2, 105, 1), (3, 110, 1)]);
}

#[test]
fn partial_fill_keeps_the_makers_place() {
    let mut venue = Venue::resting([buy(1, 100, 5), buy(2, 100, 5)]);
    venue.enters(sell(3, 100, 2));
    assert_eq!(venue.bids(), [(1, 100, 3), (2, 100, 5)]);
    assert_eq!(
        trades(&venue.enters(sell(4, 100, 4))),
        [(1, 100, 3), (2, 100, 1)]
    );
}

#[test]
fn marketable_limit_stops_at_its_limit_and_rests_there() {
    let mut venue = Venue::resting([sell(1, 100, 1), sell(2, 101, 1), sell(3, 102, 1)]);
    let events = venue.enters(buy(4, 101, 5));
    assert_eq!(trades(&events), [(1, 100, 1), (2, 101, 1)]);
    assert_eq!(venue.bids(), [(4, 101, 3)]);
    assert_eq!(venue.asks(), [(3, 102, 1)]);
}

#[test]
fn emptied_level_disappears() {
    let mut venue = Venue::resting([sell(1, 100, 1), sell(2, 101, 1), sell(3, 102, 1)]);
    venue.enters(buy(4, 100, 1));
    venue.does(cancel(3));
    assert_eq!(venue.levels(Side::Sell), [(101, 1)]);
    assert_eq!(venue.engine.book().level(Side::Sell, Price::new(100)), None);
    assert_eq!(venue.engine.book().level(Side::Sell, Price::new(102)), None);
}

#[test]
fn level_quantity_follows_every_change() {
    let mut venue = Venue::resting([buy(1, 100, 5), buy(2, 100, 5), buy(3, 100, 5)]);
    venue.enters(sell(4, 100, 2));
    venue.does(reduce(2, 1));
    venue.does(replace(3, None, 2));
    assert_eq!(venue.levels(Side::Buy), [(100, 9)]);
    venue.does(cancel(1));
    assert_eq!(venue.levels(Side::Buy), [(100, 6)]);
}

#[test]
fn best_price_stays_when_another_level_changes() {
    let mut venue = Venue::resting([buy(1, 100, 5), buy(2, 99, 5), buy(3, 98, 5)]);
    venue.does(cancel(2));
    assert_eq!(
        venue
            .engine
            .book()
            .best(Side::Buy)
            .map(|level| level.price.ticks()),
        Some(100)
    );
    venue.does(cancel(1));
    assert_eq!(
        venue
            .engine
            .book()
            .best(Side::Buy)
            .map(|level| level.price.ticks()),
        Some(98)
    );
}

#[test]
fn ioc_rest_never_rests() {
    let mut venue = Venue::resting([sell(1, 100, 2)]);
    let events = venue.enters(lasting(TimeInForce::Ioc, buy(2, 100, 5)));
    assert_eq!(trades(&events), [(1, 100, 2)]);
    assert_eq!(cancelled(&events), [(2, CancelCause::NotFilledAtOnce, 3)]);
    assert!(venue.engine.book().is_empty());
}

#[test]
fn market_rest_never_rests() {
    let mut venue = Venue::resting([sell(1, 100, 2)]);
    let events = venue.does(market(2, Side::Buy, lots(5)));
    assert_eq!(trades(&events), [(1, 100, 2)]);
    assert_eq!(cancelled(&events), [(2, CancelCause::NotFilledAtOnce, 3)]);
    assert!(venue.engine.book().is_empty());
}

#[test]
fn market_order_on_an_empty_book_is_accepted_and_cancelled_whole() {
    let mut venue = Venue::new();
    let events = venue.does(market(1, Side::Sell, lots(5)));
    assert!(matches!(events[0], Event::Accepted { .. }));
    assert_eq!(cancelled(&events), [(1, CancelCause::NotFilledAtOnce, 5)]);
}

#[test]
fn fill_or_kill_counts_every_maker_it_reaches() {
    let makers = [
        sell(1, 100, 2),
        sell(2, 100, 2),
        sell(3, 101, 2),
        sell(4, 102, 9),
    ];
    let fok = |price, quantity| lasting(TimeInForce::Fok, buy(5, price, quantity));
    let filled = Venue::resting(makers).enters(fok(101, 6));
    assert_eq!(trades(&filled), [(1, 100, 2), (2, 100, 2), (3, 101, 2)]);
    assert_eq!(cancelled(&filled), []);
    let killed = Venue::resting(makers).enters(fok(101, 7));
    assert_eq!(cancelled(&killed), [(5, CancelCause::FillOrKill, 7)]);
    assert_eq!(trades(&killed), []);
}

#[test]
fn killed_fill_or_kill_moves_neither_book_nor_last_price_nor_trade_number() {
    let mut venue = Venue::resting([sell(1, 100, 2), sell(2, 101, 2)]);
    venue.enters(buy(3, 100, 1));
    let asks = venue.asks();
    venue.enters(lasting(TimeInForce::Fok, buy(4, 101, 4)));
    assert_eq!(venue.asks(), asks);
    assert_eq!(venue.engine.last_price(), Some(Price::new(100)));
    assert_eq!(venue.engine.last_trade(), TradeId(1));
    assert_eq!(venue.engine.book().order(OrderId(4)), None);
}

#[test]
fn filled_order_leaves_the_index_and_its_id_may_be_used_again() {
    let mut venue = Venue::resting([sell(1, 100, 2)]);
    venue.enters(buy(2, 100, 2));
    for id in [1, 2] {
        assert_eq!(venue.engine.book().order(OrderId(id)), None);
        assert_eq!(venue.refuses(cancel(id)), RejectReason::OrderUnknown);
        venue.rests([buy(id, 90, 1)]);
    }
}

#[test]
fn cancelled_expired_and_killed_orders_leave_the_index() {
    let mut venue = Venue::resting([buy(1, 100, 2), until(5, buy(2, 100, 2))]);
    venue.enters(lasting(TimeInForce::Fok, sell(3, 100, 9)));
    venue.does(cancel(1));
    venue.clock = 5;
    venue.does(Action::AdvanceTime);
    venue.rests([buy(1, 90, 1), buy(2, 90, 1), buy(3, 90, 1)]);
}

#[test]
fn live_id_is_refused_also_after_a_partial_fill() {
    let mut venue = Venue::resting([sell(1, 100, 5)]);
    venue.enters(buy(2, 100, 2));
    assert_eq!(
        venue.refuses(Action::Limit(buy(1, 90, 1))),
        RejectReason::OrderIdAlreadyLive
    );
    assert_eq!(
        venue.refuses(market(1, Side::Buy, lots(1))),
        RejectReason::OrderIdAlreadyLive
    );
}

#[test]
fn post_only_order_never_takes() {
    let makers = [sell(1, 101, 2)];
    let post = |mode, price| posting(mode, buy(2, price, 5));
    let mut venue = Venue::resting(makers);
    let reason = venue.refuses(Action::Limit(post(PostOnly::Reject, 101)));
    assert_eq!(reason, RejectReason::PostOnlyWouldTake);
    let events = venue.enters(post(PostOnly::Slide, 150));
    assert!(matches!(events[1], Event::Slid { from, to, .. }
        if (from.ticks(), to.ticks()) == (150, 100)));
    assert_eq!(venue.bids(), [(2, 100, 5)]);
    let mut venue = Venue::resting(makers);
    venue.rests([post(PostOnly::Reject, 100)]);
}

#[test]
fn slide_that_would_leave_the_band_is_refused() {
    let band = small().price_band(Price::new(-1), Price::new(1));
    let mut venue = Venue::of(band);
    venue.rests([sell(1, -1, 2)]);
    let reason = venue.refuses(Action::Limit(posting(PostOnly::Slide, buy(2, 0, 5))));
    assert_eq!(reason, RejectReason::PriceOutOfBand);
}

#[test]
fn good_till_date_order_is_gone_at_its_very_nanosecond() {
    let second = 1_000_000_000;
    let mut venue = Venue::resting([until(second, sell(1, 100, 5))]);
    venue.clock = second - 1;
    assert_eq!(trades(&venue.enters(buy(2, 100, 1))), [(1, 100, 1)]);
    venue.clock = second;
    let events = venue.enters(buy(3, 100, 1));
    assert_eq!(cancelled(&events), [(1, CancelCause::Expired, 4)]);
    assert_eq!(trades(&events), []);
    let reason = venue.refuses(Action::Limit(until(second, buy(4, 99, 1))));
    assert_eq!(reason, RejectReason::ExpiryNotInFuture);
}

#[test]
fn due_orders_expire_even_before_a_refused_command() {
    let mut venue = Venue::resting([until(9, sell(1, 100, 5)), until(5, sell(2, 100, 5))]);
    venue.clock = 10;
    let events = venue.does(cancel(77));
    let expired = [(2, CancelCause::Expired, 5), (1, CancelCause::Expired, 5)];
    assert_eq!(cancelled(&events), expired);
    assert!(matches!(events[2], Event::Rejected { .. }));
    assert_eq!(venue.engine.now(), Timestamp::new(10));
}

#[test]
fn refused_command_does_not_move_the_time() {
    let mut venue = Venue::new();
    venue.clock = 10;
    assert_eq!(venue.refuses(cancel(1)), RejectReason::OrderUnknown);
    venue.clock = 9;
    venue.rests([buy(1, 100, 1)]);
    venue.clock = 8;
    assert_eq!(venue.refuses(cancel(1)), RejectReason::TimeWentBackwards);
}

#[test]
fn order_with_more_trades_than_can_be_reported_is_refused_whole() {
    let mut venue = Venue::of(small());
    for id in 1..=14 {
        venue.rests([sell(id, 100, 1)]);
    }
    assert_eq!(
        venue.refuses(Action::Limit(buy(99, 100, 14))),
        RejectReason::TooManyTrades
    );
    assert_eq!(
        venue.refuses(market(99, Side::Buy, lots(14))),
        RejectReason::TooManyTrades
    );
    assert_eq!(trades(&venue.enters(buy(99, 100, 13))).len(), 13);
}

#[test]
fn own_orders_trade_with_each_other() {
    let mut venue = Venue::resting([of(7, sell(1, 100, 5))]);
    assert_eq!(trades(&venue.enters(of(7, buy(2, 100, 5)))), [(1, 100, 5)]);
}

#[test]
fn first_failed_check_is_the_reason() {
    let mut venue = Venue::of(small().quantity_limits(Quantity::new(2), Quantity::new(9)));
    venue.rests([buy(1, 100, 5)]);
    let far = 2_000_000_000_000;
    let expired = until(0, posting(PostOnly::Reject, buy(1, 100, 5)));
    let reason = |venue: &mut Venue, order| venue.refuses(Action::Limit(order));
    assert_eq!(
        reason(&mut venue, buy(1, far, 0)),
        RejectReason::QuantityIsZero
    );
    assert_eq!(
        reason(&mut venue, buy(1, far, 1)),
        RejectReason::QuantityTooSmall
    );
    assert_eq!(
        reason(&mut venue, buy(1, far, 10)),
        RejectReason::QuantityTooLarge
    );
    assert_eq!(
        reason(&mut venue, buy(1, far, 5)),
        RejectReason::PriceOutOfBand
    );
    assert_eq!(reason(&mut venue, expired), RejectReason::ExpiryNotInFuture);
    assert_eq!(
        reason(&mut venue, buy(1, 100, 5)),
        RejectReason::OrderIdAlreadyLive
    );
}
