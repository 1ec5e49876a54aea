//! The rules of which amendments keep the place in the queue, one short test each.

mod venue;

use pricetime::{
    Action, Amend, AmendPolicy, CancelOnly, CancelReplaceMode, Capacities, Display, Instrument,
    InstrumentBuilder, Order, Price, Quantity, Refresh, RejectReason, Side,
};
use venue::words::{
    amend, ask, bid, instead_of, peak, showing, to_price, to_quantity, to_show, whose,
};
use venue::{Venue, lots, market, replace};

fn policy(policy: AmendPolicy) -> InstrumentBuilder {
    Instrument::builder().amend_policy(policy)
}

/// An order with one behind it: what is said when it is amended, and whether it is still the first.
fn place(of: AmendPolicy, order: Order, asked: Amend) -> (Vec<String>, bool) {
    let mut venue = Venue::of(policy(of));
    venue.holds([order, showing(order.display, bid(2, 100, 10))]);
    let said = venue.says(Action::Amend(asked));
    let at = venue
        .engine
        .book()
        .orders_at(Side::Buy, Price::new(100))
        .next();
    (said, at.is_some_and(|first| first.id == order.id))
}

#[test]
fn less_quantity_alone_keeps_the_place() {
    let of = AmendPolicy::LessQuantity;
    let order = bid(1, 100, 10);
    let less = place(of, order, to_quantity(9, amend(1)));
    assert_eq!(less, (vec!["Replaced 1 100x9 Kept".into()], true));
    for asked in [
        amend(1),
        to_quantity(10, amend(1)),
        to_quantity(11, amend(1)),
        to_price(99, to_quantity(9, amend(1))),
        to_show(peak(5), to_quantity(9, amend(1))),
    ] {
        let (said, is_first) = place(of, order, asked);
        assert!(said[0].ends_with("Lost"), "{said:?}");
        assert!(!is_first, "{asked:?}");
    }
    let iceberg = showing(peak(5), order);
    let same = to_show(peak(5), to_quantity(9, amend(1)));
    assert_eq!(place(of, iceberg, same).0, ["Replaced 1 100x9 Kept"]);
    let grown = place(of, iceberg, to_quantity(11, amend(1)));
    assert_eq!(
        grown.0,
        ["Replaced 1 100x11 Lost", "RestedHidden 1 100x5+6"]
    );
    let to_less = to_show(peak(4), to_quantity(9, amend(1)));
    assert_eq!(place(of, iceberg, to_less).0[0], "Replaced 1 100x9 Lost");
}

/// The list of the Toronto Stock Exchange.
#[test]
fn what_does_not_make_more_be_shown_keeps_the_place() {
    let of = AmendPolicy::NoMoreDisplayed;
    let plain = bid(1, 100, 10);
    let iceberg = showing(peak(5), plain);
    let hidden = showing(Display::Hidden, plain);
    let kept: [(Order, Amend, &[&str]); 11] = [
        (plain, amend(1), &["Replaced 1 100x10 Kept"]),
        (plain, to_quantity(9, amend(1)), &["Replaced 1 100x9 Kept"]),
        (iceberg, amend(1), &["Replaced 1 100x10 Kept"]),
        (
            iceberg,
            to_quantity(7, amend(1)),
            &["Replaced 1 100x7 Kept"],
        ),
        (
            iceberg,
            to_quantity(3, amend(1)),
            &["Replaced 1 100x3 Kept"],
        ),
        (
            iceberg,
            to_quantity(20, amend(1)),
            &["Replaced 1 100x20 Kept", "Refreshed 1 5+15 Kept"],
        ),
        (
            iceberg,
            to_show(peak(4), amend(1)),
            &["Replaced 1 100x10 Kept", "Refreshed 1 4+6 Kept"],
        ),
        (
            iceberg,
            to_show(peak(4), to_quantity(12, amend(1))),
            &["Replaced 1 100x12 Kept", "Refreshed 1 4+8 Kept"],
        ),
        (
            iceberg,
            to_show(Display::Whole, to_quantity(4, amend(1))),
            &["Replaced 1 100x4 Kept", "Refreshed 1 4+0 Kept"],
        ),
        (hidden, to_quantity(8, amend(1)), &["Replaced 1 100x8 Kept"]),
        (
            hidden,
            to_quantity(12, amend(1)),
            &["Replaced 1 100x12 Kept", "Refreshed 1 0+12 Kept"],
        ),
    ];
    for (order, asked, expected) in kept {
        let (said, is_first) = place(of, order, asked);
        assert_eq!(said, expected, "{asked:?}");
        assert!(is_first, "{asked:?}");
    }
}

#[test]
fn what_makes_more_be_shown_or_begins_to_hide_loses_the_place() {
    let of = AmendPolicy::NoMoreDisplayed;
    let plain = bid(1, 100, 10);
    let iceberg = showing(peak(5), plain);
    let hidden = showing(Display::Hidden, plain);
    let lost = [
        (plain, to_quantity(11, amend(1))),
        (plain, to_price(99, amend(1))),
        (plain, to_show(peak(5), amend(1))),
        (plain, to_show(peak(10), amend(1))),
        (plain, to_show(Display::Hidden, amend(1))),
        (iceberg, to_price(99, to_quantity(9, amend(1)))),
        (iceberg, to_show(peak(6), amend(1))),
        (iceberg, to_show(Display::Hidden, amend(1))),
        (iceberg, to_show(Display::Whole, amend(1))),
        (hidden, to_show(peak(1), amend(1))),
        (hidden, to_show(Display::Whole, amend(1))),
    ];
    for (order, asked) in lost {
        let (said, _) = place(of, order, asked);
        assert!(said[0].ends_with("Lost"), "{asked:?}: {said:?}");
    }
}

/// What is shown now counts, not what the peak is.
#[test]
fn an_iceberg_that_shows_less_than_its_peak_shows_no_more_in_its_place() {
    let mut venue = Venue::of(policy(AmendPolicy::NoMoreDisplayed));
    venue.holds([showing(peak(5), bid(1, 100, 10)), bid(2, 100, 1)]);
    venue.does(market(3, Side::Sell, lots(2)));
    let more = Action::Amend(to_quantity(9, amend(1)));
    assert_eq!(
        venue.says(more),
        ["Replaced 1 100x9 Kept", "Refreshed 1 3+6 Kept"]
    );
    let peak_of_four = Action::Amend(to_show(peak(4), amend(1)));
    assert_eq!(
        venue.says(peak_of_four),
        ["Replaced 1 100x9 Lost", "RestedHidden 1 100x4+5"]
    );
}

/// The worked example of Binance: A 1.00, you 5.50, B 4.00, all at 87,000.
#[test]
fn where_orders_only_become_smaller_anything_else_is_refused() {
    let of = AmendPolicy::OnlyLessQuantity;
    let queue = || {
        let mut venue = Venue::of(policy(of));
        venue.holds([
            whose(1, bid(1, 87_000, 100)),
            whose(2, bid(2, 87_000, 550)),
            whose(3, bid(3, 87_000, 400)),
        ]);
        venue
    };
    let (a, b) = ((1, 87_000, 100), (3, 87_000, 400));
    let mut venue = queue();
    let less = Action::Amend(to_quantity(500, amend(2)));
    assert_eq!(venue.says(less), ["Replaced 2 87000x500 Kept"]);
    assert_eq!(venue.bids(), [a, (2, 87_000, 500), b]);
    for asked in [
        amend(2),
        to_quantity(500, amend(2)),
        to_quantity(501, amend(2)),
        to_price(86_999, to_quantity(400, amend(2))),
        to_show(peak(100), to_quantity(400, amend(2))),
    ] {
        let reason = venue.refuses(Action::Amend(asked));
        assert_eq!(reason, RejectReason::AmendNotAllowed);
    }
    let reason = venue.refuses(replace(2, None, 600));
    assert_eq!(reason, RejectReason::AmendNotAllowed);
    let beyond = Action::Amend(to_price(i64::MAX, amend(2)));
    assert_eq!(venue.refuses(beyond), RejectReason::PriceOutOfBand);
    let mut venue = queue();
    let again = whose(2, bid(4, 87_000, 500));
    let mode = CancelReplaceMode::StopOnFailure;
    venue.does(instead_of(2, CancelOnly::Any, mode, again));
    assert_eq!(venue.bids(), [a, b, (4, 87_000, 500)]);
}

#[test]
fn who_loses_the_place_trades_and_rests_as_a_new_order() {
    let mut venue = Venue::new();
    venue.holds([bid(1, 99, 10), ask(2, 100, 4)]);
    let asked = to_show(peak(2), to_price(100, amend(1)));
    assert_eq!(
        venue.says(Action::Amend(asked)),
        [
            "Replaced 1 100x10 Lost",
            "Traded 1 with 2 100x4",
            "RestedHidden 1 100x2+4"
        ]
    );
}

#[test]
fn becoming_special_needs_room_and_ceasing_to_be_makes_some() {
    let one = Capacities {
        special_orders: 1,
        ..Capacities::default()
    };
    let of = policy(AmendPolicy::NoMoreDisplayed).capacities(one);
    let mut venue = Venue::of(of);
    venue.holds([showing(peak(5), bid(1, 100, 10)), bid(2, 100, 10)]);
    let hides = Action::Amend(to_show(Display::Hidden, amend(2)));
    assert_eq!(venue.refuses(hides), RejectReason::SpecialOrdersFull);
    let other = Action::Amend(to_show(Display::Hidden, amend(1)));
    assert_eq!(venue.says(other)[0], "Replaced 1 100x10 Lost");
    let shows_all = to_show(Display::Whole, amend(1));
    assert_eq!(venue.says(Action::Amend(shows_all))[1], "Rested 1 100x10");
    assert_eq!(venue.says(hides)[1], "RestedHidden 2 100x0+10");
}

#[test]
fn an_iceberg_that_becomes_plain_in_its_place_frees_its_room() {
    let one = Capacities {
        special_orders: 1,
        ..Capacities::default()
    };
    let of = policy(AmendPolicy::NoMoreDisplayed).capacities(one);
    let mut venue = Venue::of(of);
    venue.holds([showing(peak(5), bid(1, 100, 10)), bid(2, 100, 1)]);
    let plain = to_show(Display::Whole, to_quantity(5, amend(1)));
    assert_eq!(
        venue.says(Action::Amend(plain)),
        ["Replaced 1 100x5 Kept", "Refreshed 1 5+0 Kept"]
    );
    venue.holds([showing(peak(5), bid(3, 100, 10))]);
    let said = venue.says(market(4, Side::Sell, lots(5)));
    assert_eq!(said[1..], ["Traded 4 with 1 100x5"]);
}

/// Peaks are drawn by the order's id and how many it had.
#[test]
fn the_peaks_an_order_had_stay_counted() {
    let drawn = Display::Peak {
        quantity: Quantity::new(100),
        spread_bps: 5_000,
        refresh: Refresh::Retain,
    };
    let second = |amended: &[Amend]| {
        let mut venue = Venue::of(policy(AmendPolicy::NoMoreDisplayed));
        venue.holds([showing(drawn, bid(1, 100, 5_000))]);
        let first = venue.says(market(2, Side::Sell, lots(100)));
        for asked in amended {
            venue.does(Action::Amend(*asked));
        }
        let order = venue.engine.book().order(pricetime::OrderId(1));
        let shown = order.expect("it rests").displayed.lots();
        venue.does(market(3, Side::Sell, lots(shown)));
        let order = venue.engine.book().order(pricetime::OrderId(1));
        (first, order.expect("it rests").displayed)
    };
    let plain = second(&[]);
    let grown = to_quantity(9_000, amend(1));
    assert_eq!(second(&[grown]), plain);
    let away = [to_price(99, amend(1)), to_price(100, amend(1))];
    assert_eq!(second(&away), plain, "also when it lost its place");
}

#[test]
fn replace_is_an_amendment_without_display_and_trigger() {
    let of = policy(AmendPolicy::NoMoreDisplayed);
    let mut venue = Venue::of(of);
    venue.holds([showing(peak(5), bid(1, 100, 10))]);
    assert_eq!(
        venue.says(replace(1, None, 12)),
        ["Replaced 1 100x12 Kept", "Refreshed 1 5+7 Kept"]
    );
}
