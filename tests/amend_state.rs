//! What an order brings with it through amendments: what has traded of it, its turn among those that follow, its peaks.

mod venue;

use pricetime::journal::{Mark, restore, snapshot};
use pricetime::{
    AccountId, Action, Amend, AmendQuantity, CancelCause, CancelOnly, CancelReplaceMode, Display,
    Event, Instrument, InstrumentBuilder, Order, OrderId, PegReference, PegUnit, Price, PriceRange,
    Pricing, Quantity, RangeReference, Refresh, RejectReason, Repricing, SelfTrade, Side,
    TradeGroup, Trail, Trigger, TriggerKind, TriggerOnEntry, TriggerSource, TriggerStart,
};
use venue::{Venue, buy, cancelled, of, reduce, replace, sell, trades, until};

fn order(id: u64, side: Side, price: i64, quantity: u64) -> Order {
    Order::limit(
        OrderId(id),
        AccountId(1),
        side,
        Price::new(price),
        Quantity::new(quantity),
    )
}

const NOTHING: Amend = Amend {
    id: OrderId(0),
    owner: None,
    price: None,
    quantity: None,
    display: None,
    trigger_price: None,
};

fn exchange(cancel: u64, only: CancelOnly) -> Action {
    Action::CancelReplace {
        cancel: OrderId(cancel),
        only,
        mode: CancelReplaceMode::StopOnFailure,
        order: order(99, Side::Buy, 1, 1),
    }
}

fn keeping_totals() -> InstrumentBuilder {
    Instrument::builder().keeps_totals(true)
}

#[test]
fn nothing_but_trades_counts_as_traded() {
    let mut venue = Venue::of(keeping_totals().self_trade(SelfTrade::Decrement));
    venue.rests([buy(1, 100, 3)]);
    // Three of ten are prevented as it is entered, two as it rests, two are taken off, and it is made larger.
    venue.enters(sell(2, 100, 10));
    venue.enters(buy(3, 100, 2));
    venue.does(reduce(2, 2));
    venue.does(replace(2, None, 20));
    venue.does(replace(2, None, 6));
    assert_eq!(venue.asks(), [(2, 100, 6)]);
    let partly = exchange(2, CancelOnly::PartiallyFilled);
    assert_eq!(venue.refuses(partly), RejectReason::OrderHasNotTraded);
    venue.enters(of(2, buy(4, 100, 1)));
    let new = exchange(2, CancelOnly::New);
    assert_eq!(venue.refuses(new), RejectReason::OrderHasTraded);
    let events = venue.does(partly);
    assert_eq!(cancelled(&events), [(2, CancelCause::Replaced, 5)]);
}

#[test]
fn an_order_that_tries_again_has_traded_what_it_took_and_was_not_kept_from() {
    let totals = keeping_totals().amend_quantity(AmendQuantity::Total);
    let mut venue = Venue::of(totals.self_trade(SelfTrade::Decrement));
    let five_or_more = Order {
        minimum: Quantity::new(5),
        ..order(1, Side::Buy, 100, 10)
    };
    venue.does(Action::Order(five_or_more));
    venue.rests([of(2, sell(2, 100, 4)), sell(3, 100, 2)]);
    let events = venue.enters(of(2, sell(4, 100, 1)));
    assert_eq!(trades(&events), [(2, 100, 4), (4, 100, 1)]);
    assert_eq!(venue.bids(), [(1, 100, 3)]);
    venue.does(replace(1, None, 6));
    assert_eq!(venue.bids(), [(1, 100, 1)]);
}

#[test]
fn a_new_quantity_in_total_counts_what_has_traded() {
    let mut venue = Venue::of(keeping_totals().amend_quantity(AmendQuantity::Total));
    venue.rests([sell(1, 100, 10)]);
    venue.enters(buy(2, 100, 4));
    venue.does(reduce(1, 2));
    venue.does(replace(1, None, 6));
    assert_eq!(venue.asks(), [(1, 100, 2)]);
    let events = venue.does(replace(1, None, 4));
    assert_eq!(cancelled(&events), [(1, CancelCause::Amended, 2)]);
}

#[test]
fn an_order_that_follows_keeps_its_turn_where_it_keeps_its_place() {
    let mut venue = Venue::resting([buy(1, 100, 1)]);
    let follows = |id| Order {
        pricing: Pricing::Pegged {
            reference: PegReference::Primary,
            repricing: Repricing::Live,
            unit: PegUnit::Ticks,
            offset: -5,
            limit: Price::new(1_000),
        },
        ..order(id, Side::Buy, 0, 5)
    };
    venue.does(Action::Order(follows(2)));
    venue.does(Action::Order(follows(3)));
    venue.does(replace(2, None, 4));
    let moved: Vec<u64> = venue
        .enters(buy(4, 101, 1))
        .iter()
        .filter_map(|event| match event {
            Event::Repriced { id, .. } => Some(id.0),
            _ => None,
        })
        .collect();
    assert_eq!(moved, [2, 3]);
}

#[test]
fn an_order_that_showed_all_draws_its_peaks_anew() {
    let peak = Display::Peak {
        quantity: Quantity::new(100),
        spread_bps: 5_000,
        refresh: Refresh::Retain,
    };
    let shown = |venue: &Venue| {
        venue
            .engine
            .book()
            .best(Side::Sell)
            .unwrap()
            .quantity
            .lots()
    };
    // Of a group, it is no plain order while it shows all.
    for group in [TradeGroup(0), TradeGroup(1)] {
        let mut venue = Venue::new();
        venue.does(Action::Order(Order {
            display: peak,
            group,
            ..order(7, Side::Sell, 100, 2_000)
        }));
        let mut drawn = Vec::new();
        for id in 10..12 {
            venue.enters(of(2, buy(id, 100, shown(&venue))));
            drawn.push(shown(&venue));
        }
        assert_ne!(drawn[0], drawn[1]);
        for display in [Display::Whole, peak] {
            venue.does(Action::Amend(Amend {
                id: OrderId(7),
                display: Some(display),
                ..NOTHING
            }));
        }
        venue.enters(of(2, buy(20, 100, 100)));
        assert_eq!(shown(&venue), drawn[0]);
    }
}

#[test]
fn a_hidden_order_that_had_peaks_is_restored() {
    let mut venue = Venue::new();
    let peak = Display::Peak {
        quantity: Quantity::new(10),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    };
    venue.does(Action::Order(Order {
        display: peak,
        ..order(1, Side::Sell, 100, 50)
    }));
    venue.enters(of(2, buy(2, 100, 10)));
    venue.does(Action::Amend(Amend {
        id: OrderId(1),
        display: Some(Display::Hidden),
        ..NOTHING
    }));
    let mut bytes = Vec::new();
    snapshot(&venue.engine, Mark::default(), &mut bytes);
    let (engine, _) = restore(&bytes, venue.engine.instrument()).expect("it could rest so");
    assert_eq!(
        engine.book().order(OrderId(1)),
        venue.engine.book().order(OrderId(1))
    );
}

#[test]
fn no_order_rests_across_others_that_are_out_of_its_range() {
    let range = PriceRange {
        reference: RangeReference::Mark,
        buy: [300, 300],
        sell: [300, 300],
    };
    let mut venue = Venue::of(Instrument::builder().execution_range(range));
    venue.does(Action::SetMark(Price::new(100)));
    let all = Order {
        minimum: Quantity::new(10),
        ..order(1, Side::Sell, 101, 10)
    };
    venue.does(Action::Order(all));
    venue.rests([sell(2, 105, 5)]);
    // The best ask is in range, and passes it by; the next one would trade with it.
    let events = venue.enters(of(2, buy(3, 110, 3)));
    assert_eq!(cancelled(&events), [(3, CancelCause::OutOfRange, 3)]);
    // Within the range it may wait for the best ask to be less.
    venue.enters(of(2, buy(4, 102, 3)));
    assert_eq!(venue.bids(), [(4, 102, 3)]);
}

#[test]
fn a_moved_trigger_that_is_met_waits_for_the_next_price() {
    let policy = Instrument::builder().trigger_on_entry(TriggerOnEntry::Waits);
    let mut venue = Venue::of(policy);
    venue.rests([until(5, sell(1, 100, 1)), sell(2, 105, 1)]);
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::BestOpposite,
        price: Price::new(120),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    venue.does(Action::Order(Order {
        trigger: Some(trigger),
        ..order(3, Side::Buy, 90, 1)
    }));
    // The expiry moves the best ask to a price that meets the new trigger.
    venue.clock = 5;
    let events = venue.does(Action::Amend(Amend {
        id: OrderId(3),
        trigger_price: Some(Price::new(104)),
        ..NOTHING
    }));
    assert_eq!(cancelled(&events), [(1, CancelCause::Expired, 1)]);
    let is_moved = matches!(
        events[1..],
        [Event::Replaced { .. }, Event::TriggerMoved { .. }]
    );
    assert!(is_moved, "{events:?}");
    venue.does(replace(2, 106, None));
    assert_eq!(venue.bids(), [(3, 90, 1)]);
}
