//! Orders of lists whose losses come late, since a command had no room for their events: nothing lies across them afterwards.

mod venue;

use pricetime::journal::{Mark, restore, snapshot};
use pricetime::{Action, Capacities, Instrument, ListId, ListKind, Order, PartialFill, Side};
use venue::Venue;
use venue::words::{ask, bid, whose};

fn leg(list: u64, order: Order) -> Action {
    Action::Leg {
        list: ListId(list),
        kind: ListKind::OneCancelsMany,
        legs: 8,
        partial_fill: PartialFill::Reduces,
        order,
    }
}

/// Six lists of eight asks. One bid takes the first of five whole and of the sixth a part, so that more is due than three commands
/// have room for.
fn much_is_due() -> Venue {
    let mut venue = Venue::of(Instrument::builder().capacities(Capacities {
        orders: 64,
        levels: 32,
        accounts: 4,
        timed_orders: 0,
        special_orders: 64,
        waiting_orders: 64,
        lists: 6,
        tokens: 0,
        events: 16,
    }));
    for list in 1..=5 {
        for place in 0..8 {
            let price = if place == 0 { 90 + list as i64 } else { 400 };
            venue.does(leg(list, ask(10 * list + place, price, 1)));
        }
    }
    for (id, price) in (60..).zip([100, 301, 302, 303, 304, 305, 306, 103]) {
        venue.does(leg(6, ask(id, price, 10)));
    }
    venue.does(Action::AdvanceTime);
    venue.does(Action::Order(whose(2, bid(1, 100, 9))));
    venue
}

fn is_crossed(venue: &Venue) -> bool {
    let [bid, ask] = [Side::Buy, Side::Sell].map(|side| venue.engine.book().best(side));
    bid.zip(ask)
        .is_some_and(|(bid, ask)| bid.price >= ask.price)
}

/// The order that is passed by, for it is due to lose lots, is the best: the one that traded has moved behind it.
#[test]
fn a_bid_that_passed_by_an_order_for_its_loss_does_not_lie_across_what_it_keeps() {
    let mut venue = much_is_due();
    venue.does(venue::replace(60, 105, None));
    venue.does(Action::Order(whose(2, bid(2, 103, 3))));
    venue.does(Action::AdvanceTime);
    venue.does(Action::AdvanceTime);
    assert!(!is_crossed(&venue));
}

#[test]
fn an_engine_is_restored_after_late_losses() {
    let mut venue = much_is_due();
    venue.does(venue::replace(60, 105, None));
    venue.does(Action::Order(whose(2, bid(2, 103, 3))));
    let advance = pricetime::Command::new(pricetime::Timestamp::new(0), Action::AdvanceTime);
    let mut events = pricetime::Events::default();
    venue.engine.apply(&advance, &mut events);
    venue.engine.apply(&advance, &mut events);
    let mut bytes = Vec::new();
    snapshot(&venue.engine, Mark::default(), &mut bytes);
    assert!(restore(&bytes, venue.engine.instrument()).is_ok());
}
