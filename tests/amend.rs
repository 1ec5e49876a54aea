//! The rules of amendments, one short test each.

mod venue;

use pricetime::{
    AccountId, AccountLimits, Action, Amend, AmendPolicy, AmendQuantity, Capacities, Display,
    Instrument, InstrumentBuilder, Notional, Order, PriceRange, Quantity, RangeReference, Refresh,
    RejectReason, SelfTrade, Side, TimeInForce, TriggerOnEntry,
};
use venue::words::{
    amend, ask, bid, mark, peak, showing, stop, to_price, to_quantity, to_show, to_trigger_at,
    trailing, whose,
};
use venue::{Venue, cancel, lots, market, reduce, replace};

fn policy(policy: AmendPolicy) -> InstrumentBuilder {
    Instrument::builder().amend_policy(policy)
}

fn in_total() -> InstrumentBuilder {
    Instrument::builder()
        .keeps_totals(true)
        .amend_quantity(AmendQuantity::Total)
}

/// What an amendment says of one order on an instrument.
fn says_of(instrument: InstrumentBuilder, order: Order, asked: Amend) -> Vec<String> {
    let mut venue = Venue::of(instrument);
    venue.holds([order]);
    venue.says(Action::Amend(asked))
}

fn refuses_of(instrument: InstrumentBuilder, order: Order, asked: Amend) -> RejectReason {
    let mut venue = Venue::of(instrument);
    venue.holds([order]);
    venue.refuses(Action::Amend(asked))
}

#[test]
fn only_a_live_order_is_amended_and_only_by_its_owner() {
    let mut venue = Venue::new();
    venue.holds([bid(1, 100, 5)]);
    let by = |owner, asked: Amend| {
        let owner = Some(AccountId(owner));
        Action::Amend(Amend { owner, ..asked })
    };
    let less = to_quantity(4, amend(1));
    assert_eq!(
        venue.refuses(by(2, to_quantity(4, amend(9)))),
        RejectReason::OrderUnknown
    );
    assert_eq!(venue.refuses(by(2, less)), RejectReason::OrderNotOwned);
    assert_eq!(venue.says(by(1, less)), ["Replaced 1 100x4 Kept"]);
}

#[test]
fn an_order_is_amended_as_often_as_allowed() {
    let mut venue = Venue::of(in_total().account_limits(AccountLimits {
        order_amends: Some(2),
        ..AccountLimits::default()
    }));
    venue.holds([bid(1, 100, 9), bid(2, 100, 9)]);
    venue.does(replace(1, None, 8));
    venue.does(reduce(1, 1));
    let refused = to_price(i64::MAX, amend(1));
    assert_eq!(
        venue.refuses(Action::Amend(refused)),
        RejectReason::PriceOutOfBand
    );
    venue.does(Action::Amend(to_price(99, amend(1))));
    let once_more = Action::Amend(to_price(i64::MAX, amend(1)));
    assert_eq!(venue.refuses(once_more), RejectReason::AmendedTooOften);
    assert_eq!(
        venue.refuses(replace(1, 98, None)),
        RejectReason::AmendedTooOften
    );
    assert_eq!(
        venue.says(replace(2, 98, None))[0],
        "Replaced 2 98x9 Lost",
        "another order has its own count"
    );
    venue.does(cancel(1));
    venue.holds([bid(1, 100, 9)]);
    assert_eq!(venue.says(replace(1, None, 8)), ["Replaced 1 100x8 Kept"]);
}

#[test]
fn amendments_of_a_waiting_order_count_when_it_is_triggered() {
    let mut venue = Venue::of(in_total().account_limits(AccountLimits {
        order_amends: Some(1),
        ..AccountLimits::default()
    }));
    venue.holds([stop(50, bid(1, 100, 9))]);
    venue.does(replace(1, None, 8));
    venue.does(mark(50));
    assert_eq!(
        venue.refuses(replace(1, None, 7)),
        RejectReason::AmendedTooOften
    );
}

#[test]
fn a_waiting_order_that_names_no_limit_gets_none() {
    let order = Order {
        trigger: stop(50, bid(1, 0, 5)).trigger,
        ..Order::market(bid(1, 0, 5).id, AccountId(1), Side::Buy, Quantity::new(5))
    };
    let reason = refuses_of(Instrument::builder(), order, to_price(100, amend(1)));
    assert_eq!(reason, RejectReason::OrderHasNoLimit);
    assert_eq!(
        says_of(Instrument::builder(), order, to_quantity(4, amend(1))),
        ["Replaced 1 0x4 Kept"]
    );
}

/// The hazard of CME: ten lots, nine of which trade while five are asked for.
#[test]
fn what_traded_meanwhile_is_not_traded_twice_where_totals_are_counted() {
    let nine_of_ten = |instrument| {
        let mut venue = Venue::of(instrument);
        venue.holds([bid(1, 100, 10)]);
        venue.does(market(2, Side::Sell, lots(9)));
        venue
    };
    let five = Action::Amend(to_quantity(5, amend(1)));
    let mut venue = nine_of_ten(in_total());
    assert_eq!(venue.says(five), ["Cancelled 1 Amended 1"]);
    let mut venue = nine_of_ten(Instrument::builder());
    assert_eq!(venue.says(five)[0], "Replaced 1 100x5 Lost");
    assert_eq!(
        venue.does(market(3, Side::Sell, lots(5))).len(),
        2,
        "fourteen have traded"
    );
}

/// CppTrader's rule: what is left is the new total less what has traded.
#[test]
fn a_total_counts_what_has_traded() {
    let venue = || {
        let mut venue = Venue::of(in_total());
        venue.holds([bid(1, 100, 10)]);
        venue.does(market(2, Side::Sell, lots(4)));
        venue
    };
    assert_eq!(
        venue().says(replace(1, None, 12))[0],
        "Replaced 1 100x8 Lost"
    );
    assert_eq!(venue().says(replace(1, None, 7)), ["Replaced 1 100x3 Kept"]);
    assert_eq!(venue().says(replace(1, None, 4)), ["Cancelled 1 Amended 6"]);
    assert_eq!(
        venue().says(replace(1, 101, None))[0],
        "Replaced 1 101x6 Lost",
        "no quantity keeps what is open"
    );
}

#[test]
fn a_total_counts_nothing_that_was_taken_off_or_put_on() {
    let mut venue = Venue::of(in_total());
    venue.holds([Order {
        self_trade: Some(SelfTrade::Decrement),
        ..bid(1, 100, 10)
    }]);
    venue.does(Action::Market(pricetime::MarketOrder::new(
        pricetime::OrderId(2),
        AccountId(9),
        Side::Sell,
        lots(2),
    )));
    venue.does(reduce(1, 3));
    let own = Order {
        self_trade: Some(SelfTrade::Decrement),
        time_in_force: TimeInForce::Ioc,
        ..ask(3, 100, 1)
    };
    venue.does(Action::Order(own));
    assert_eq!(venue.bids(), [(1, 100, 4)]);
    venue.does(replace(1, None, 20));
    assert_eq!(venue.bids(), [(1, 100, 18)], "two have traded");
    assert_eq!(venue.says(replace(1, None, 3)), ["Replaced 1 100x1 Kept"]);
    assert_eq!(venue.says(replace(1, None, 2)), ["Cancelled 1 Amended 1"]);
}

#[test]
fn an_order_amended_to_nothing_is_cancelled_whatever_else_is_asked() {
    let mut venue = Venue::of(in_total());
    venue.holds([bid(1, 100, 10), stop(50, bid(2, 100, 10))]);
    let beyond = to_price(i64::MAX, to_quantity(0, amend(1)));
    assert_eq!(
        venue.says(Action::Amend(beyond)),
        ["Cancelled 1 Amended 10"]
    );
    let wrong = to_trigger_at(i64::MAX, to_quantity(0, amend(2)));
    assert_eq!(venue.says(Action::Amend(wrong)), ["Cancelled 2 Amended 10"]);
}

#[test]
fn what_is_to_be_open_is_within_the_limits() {
    let instrument = || {
        in_total()
            .quantity_limits(Quantity::new(3), Quantity::new(20))
            .notional_max(Notional::new(1_500))
    };
    let refuses = |asked| {
        let mut venue = Venue::of(instrument());
        venue.holds([bid(1, 100, 10)]);
        venue.does(market(2, Side::Sell, lots(4)));
        venue.refuses(Action::Amend(asked))
    };
    assert_eq!(
        refuses(to_quantity(6, amend(1))),
        RejectReason::QuantityTooSmall
    );
    assert_eq!(
        refuses(to_quantity(25, amend(1))),
        RejectReason::QuantityTooLarge
    );
    assert_eq!(
        refuses(to_price(251, amend(1))),
        RejectReason::NotionalTooLarge
    );
    assert_eq!(
        refuses_of(
            Instrument::builder(),
            bid(1, 100, 10),
            to_quantity(0, amend(1))
        ),
        RejectReason::QuantityIsZero
    );
}

#[test]
fn a_new_display_is_within_the_limits_of_a_new_order() {
    let instrument = || Instrument::builder().peaks_max(4);
    let with_minimum = Order {
        minimum: Quantity::new(2),
        ..bid(1, 100, 10)
    };
    let spread = Display::Peak {
        quantity: Quantity::new(5),
        spread_bps: 10_000,
        refresh: Refresh::Retain,
    };
    // The second price is out of the band: that is looked at later.
    for waits in [false, true] {
        let refuses = |order, asked| {
            let order = if waits { stop(50, order) } else { order };
            refuses_of(instrument(), order, to_price(i64::MAX, asked))
        };
        let order = bid(1, 100, 10);
        let to = |display| to_show(display, amend(1));
        assert_eq!(refuses(order, to(peak(0))), RejectReason::PeakOutOfRange);
        assert_eq!(refuses(order, to(peak(11))), RejectReason::PeakOutOfRange);
        assert_eq!(refuses(order, to(spread)), RejectReason::PeakOutOfRange);
        let smaller = to_quantity(5, to(peak(6)));
        assert_eq!(refuses(order, smaller), RejectReason::PeakOutOfRange);
        assert_eq!(refuses(order, to(peak(2))), RejectReason::TooManyPeaks);
        assert_eq!(
            refuses(with_minimum, to(peak(5))),
            RejectReason::MinimumWithPeak
        );
        assert_eq!(refuses(order, to(peak(3))), RejectReason::PriceOutOfBand);
    }
}

#[test]
fn a_quantity_that_makes_too_many_peaks_is_refused() {
    let instrument = || Instrument::builder().peaks_max(4);
    let iceberg = showing(peak(3), bid(1, 100, 10));
    for order in [iceberg, stop(50, iceberg)] {
        let reason = refuses_of(instrument(), order, to_quantity(13, amend(1)));
        assert_eq!(reason, RejectReason::TooManyPeaks);
    }
    let waiting = stop(50, iceberg);
    assert_eq!(
        refuses_of(instrument(), waiting, to_quantity(2, amend(1))),
        RejectReason::PeakOutOfRange,
        "a waiting order is to be a right order"
    );
    assert_eq!(
        says_of(instrument(), iceberg, to_quantity(2, amend(1))),
        ["Replaced 1 100x2 Kept"],
        "one that rests may have less left than a peak"
    );
}

#[test]
fn a_waiting_order_that_will_not_rest_hides_nothing() {
    let at_once = Order {
        time_in_force: TimeInForce::Ioc,
        ..stop(50, bid(1, 100, 10))
    };
    let hidden = to_show(Display::Hidden, amend(1));
    assert_eq!(
        refuses_of(Instrument::builder(), at_once, hidden),
        RejectReason::HiddenCannotRest
    );
    let resting = Order {
        time_in_force: TimeInForce::Gtc,
        ..at_once
    };
    let mut venue = Venue::new();
    venue.holds([resting]);
    assert_eq!(
        venue.says(Action::Amend(hidden)),
        ["Replaced 1 100x10 Kept"]
    );
    let said = venue.says(mark(50));
    assert_eq!(said[1..], ["Triggered 1 50", "RestedHidden 1 100x0+10"]);
}

#[test]
fn a_minimum_of_all_stays_a_minimum_of_all() {
    let all = Order {
        minimum: Quantity::new(10),
        ..bid(1, 100, 10)
    };
    for order in [all, stop(50, all)] {
        let mut venue = Venue::new();
        venue.holds([order]);
        venue.does(Action::Amend(to_quantity(20, amend(1))));
        venue.does(mark(50));
        let rests = venue.engine.book().order(order.id).expect("it rests");
        assert_eq!(rests.minimum, Quantity::new(20));
    }
    let some = stop(
        50,
        Order {
            minimum: Quantity::new(4),
            ..all
        },
    );
    assert_eq!(
        refuses_of(Instrument::builder(), some, to_quantity(3, amend(1))),
        RejectReason::MinimumTooLarge
    );
}

#[test]
fn a_trigger_price_is_for_an_order_that_waits_for_it() {
    let moves = to_trigger_at(60, amend(1));
    let refuses = |order| refuses_of(Instrument::builder(), order, moves);
    assert_eq!(refuses(bid(1, 100, 5)), RejectReason::TriggerAlreadyMet);
    let at_once = trailing(0, 5, bid(1, 100, 5));
    let at_once = Order {
        trigger: at_once.trigger.map(|trigger| pricetime::Trigger {
            start: pricetime::TriggerStart::AtOnce,
            ..trigger
        }),
        ..at_once
    };
    assert_eq!(refuses(at_once), RejectReason::TriggerAlreadyMet);
    let mut venue = Venue::new();
    venue.holds([trailing(50, 5, bid(1, 100, 5))]);
    assert_eq!(
        venue.says(Action::Amend(moves)),
        ["Replaced 1 100x5 Kept", "TriggerMoved 1 60"]
    );
    venue.does(mark(60));
    assert_eq!(
        venue.refuses(Action::Amend(moves)),
        RejectReason::TriggerAlreadyMet,
        "it trails"
    );
    let beyond = to_trigger_at(i64::MAX, amend(1));
    assert_eq!(
        refuses_of(Instrument::builder(), stop(50, bid(1, 100, 5)), beyond),
        RejectReason::TriggerPriceOutOfBand
    );
}

#[test]
fn a_moved_trigger_is_met_by_later_prices() {
    let mut venue = Venue::new();
    venue.holds([stop(50, bid(1, 100, 5))]);
    venue.does(Action::Amend(to_trigger_at(60, amend(1))));
    assert_eq!(venue.says(mark(59)).len(), 1);
    assert_eq!(
        venue.says(mark(60))[1..],
        ["Triggered 1 60", "Rested 1 100x5"]
    );
}

#[test]
fn a_trigger_moved_to_the_price_that_is_there_does_as_a_new_order() {
    let moved = |policy, order| {
        let mut venue = Venue::of(Instrument::builder().trigger_on_entry(policy));
        venue.does(mark(40));
        venue.holds([order]);
        let said = venue.says(Action::Amend(to_trigger_at(30, amend(1))));
        (venue, said)
    };
    let fixed = stop(50, bid(1, 100, 5));
    let (_, said) = moved(TriggerOnEntry::Refused, fixed);
    assert_eq!(said, ["Rejected 1 WouldTriggerAtOnce"]);
    let kept = ["Replaced 1 100x5 Kept", "TriggerMoved 1 30"];
    let (_, said) = moved(TriggerOnEntry::Fires, fixed);
    assert_eq!(said[..2], kept);
    assert_eq!(said[2..], ["Triggered 1 40", "Rested 1 100x5"]);
    let (mut venue, said) = moved(TriggerOnEntry::Waits, fixed);
    assert_eq!(said, kept);
    assert_eq!(venue.says(mark(41))[1], "Triggered 1 41");
    let (mut venue, said) = moved(TriggerOnEntry::Fires, trailing(50, 5, bid(1, 100, 5)));
    assert_eq!(said, kept);
    assert_eq!(venue.says(mark(44)).len(), 1);
    assert_eq!(venue.says(mark(45))[1], "Triggered 1 45", "it trails 40");
}

#[test]
fn a_waiting_order_always_keeps_its_place() {
    for of in [AmendPolicy::LessQuantity, AmendPolicy::OnlyLessQuantity] {
        let mut venue = Venue::of(policy(of));
        venue.holds([stop(50, bid(1, 100, 5)), stop(50, bid(2, 100, 5))]);
        let more = to_price(101, to_quantity(9, amend(1)));
        assert_eq!(venue.says(Action::Amend(more)), ["Replaced 1 101x9 Kept"]);
        let said = venue.says(mark(50));
        assert_eq!(said[1], "Triggered 1 50", "the older one goes first");
    }
}

#[test]
fn an_amended_order_has_a_price_within_the_range() {
    let range = PriceRange {
        reference: RangeReference::Mark,
        buy: [1_000, 1_000],
        sell: [0, 0],
    };
    let mut venue = Venue::of(Instrument::builder().price_range(range));
    venue.holds([bid(1, 100, 10)]);
    venue.does(mark(100));
    let at = |price| Action::Amend(to_price(price, amend(1)));
    assert_eq!(venue.refuses(at(111)), RejectReason::PriceOutOfRange);
    assert_eq!(venue.says(at(110))[0], "Replaced 1 110x10 Lost");
    venue.does(mark(200));
    let less = Action::Amend(to_quantity(9, amend(1)));
    assert_eq!(
        venue.refuses(less),
        RejectReason::PriceOutOfRange,
        "its own price is too far by now"
    );
}

#[test]
fn an_account_amends_its_live_orders_so_often_together() {
    let limits = AccountLimits {
        amends: Some(2),
        ..AccountLimits::default()
    };
    let accounts = Capacities {
        accounts: 4,
        ..Capacities::default()
    };
    let instrument = in_total().account_limits(limits).capacities(accounts);
    let mut venue = Venue::of(instrument);
    venue.holds([bid(1, 100, 9), bid(2, 99, 9), whose(2, bid(3, 98, 9))]);
    venue.does(replace(1, None, 8));
    venue.does(replace(2, None, 8));
    let reason = venue.refuses(replace(1, None, 7));
    assert_eq!(reason, RejectReason::AccountAmendsFull);
    assert_eq!(
        venue.says(replace(3, None, 8)),
        ["Replaced 3 98x8 Kept"],
        "another account"
    );
    venue.does(cancel(2));
    assert_eq!(venue.says(replace(1, None, 7)), ["Replaced 1 100x7 Kept"]);
}
