//! Orders with terms where more than one rule meets.

use pricetime::journal::{Mark, SnapshotError, restore, snapshot};
use pricetime::{
    AccountId, Action, Capacities, Command, Display, Engine, Event, Events, Instrument, Order,
    OrderId, PostOnly, Price, Quantity, Reduce, Refresh, RejectReason, SelfTrade, Side,
    TimeInForce, Timestamp,
};

struct Venue {
    engine: Engine,
    now: u64,
}

impl Venue {
    fn new(events: u32) -> Self {
        let capacities = Capacities {
            events,
            ..Capacities::default()
        };
        let instrument = Instrument::builder().capacities(capacities).build();
        Self {
            engine: Engine::new(instrument.expect("an instrument")),
            now: 0,
        }
    }

    fn act(&mut self, action: Action) -> Vec<Event> {
        let mut events = Events::for_instrument(self.engine.instrument());
        let command = Command::new(Timestamp::new(self.now), action);
        self.engine.apply(&command, &mut events);
        self.engine.book().check();
        events.as_slice().to_vec()
    }

    fn enter(&mut self, order: Order) -> Vec<Event> {
        self.act(Action::Order(order))
    }

    fn rests(&self, id: u64) -> bool {
        self.engine.book().order(OrderId(id)).is_some()
    }

    fn snapshot(&self) -> Vec<u8> {
        let (mut bytes, mark) = (Vec::new(), Mark::default());
        snapshot(&self.engine, mark, &mut bytes);
        bytes
    }

    /// What comes of a snapshot in which the first word `from` is `to`, and whose digest is right.
    fn restored_with(&self, from: u64, to: u64) -> Result<(Engine, Mark), SnapshotError> {
        let mut bytes = self.snapshot();
        let (words, _) = bytes.as_chunks_mut::<8>();
        // The state is behind the instrument.
        let mut words = words[22..].iter_mut();
        let word = words.find(|word| **word == from.to_le_bytes());
        *word.expect("the word is there") = to.to_le_bytes();
        let end = bytes.len() - 32;
        let digest = *blake3::hash(&bytes[..end]).as_bytes();
        bytes[end..].copy_from_slice(&digest);
        restore(&bytes, self.engine.instrument())
    }
}

fn order(id: u64, side: Side, quantity: u64, price: i64) -> Order {
    let account = AccountId(id as u32);
    Order::limit(
        OrderId(id),
        account,
        side,
        Price::new(price),
        Quantity::new(quantity),
    )
}

fn buy(id: u64, quantity: u64, price: i64) -> Order {
    order(id, Side::Buy, quantity, price)
}

fn sell(id: u64, quantity: u64, price: i64) -> Order {
    order(id, Side::Sell, quantity, price)
}

fn all_or_none(order: Order) -> Order {
    Order {
        minimum: order.quantity,
        ..order
    }
}

fn iceberg(order: Order, peak: u64) -> Order {
    let display = Display::Peak {
        quantity: Quantity::new(peak),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    };
    Order { display, ..order }
}

fn is_trade(event: &Event) -> bool {
    matches!(event, Event::Traded { .. })
}

#[test]
fn no_order_that_is_due_trades_when_another_tries_again() {
    let mut venue = Venue::new(16);
    let until = |time, order: Order| Order {
        time_in_force: TimeInForce::Gtd(Timestamp::new(time)),
        ..order
    };
    let own = |order: Order| Order {
        account: AccountId(7),
        self_trade: Some(SelfTrade::ExpireTaker),
        ..order
    };
    venue.enter(until(5, own(sell(1, 5, 100))));
    for id in 2..17 {
        venue.enter(until(5, sell(id, 1, 900)));
    }
    venue.enter(until(9, sell(50, 10, 101)));
    venue.enter(own(all_or_none(buy(60, 10, 101))));
    venue.now = 10;
    let events = venue.act(Action::AdvanceTime);
    assert!(matches!(
        events.last(),
        Some(Event::Rejected {
            reason: RejectReason::ExpiriesPending,
            ..
        })
    ));
    assert!(!events.iter().any(is_trade));
    venue.act(Action::AdvanceTime);
    assert!(!venue.rests(50) && venue.rests(60));
}

#[test]
fn a_post_only_order_does_not_take_when_it_could_try_again() {
    let mut venue = Venue::new(64);
    venue.enter(Order {
        post_only: PostOnly::Reject,
        minimum: Quantity::new(3),
        ..buy(1, 5, 100)
    });
    venue.enter(all_or_none(sell(2, 6, 100)));
    let reduce = Reduce {
        id: OrderId(2),
        owner: None,
        by: Quantity::new(2),
    };
    let events = venue.act(Action::Reduce(reduce));
    let takers: Vec<OrderId> = events
        .iter()
        .filter_map(|event| match event {
            Event::Traded { taker, .. } => Some(*taker),
            _ => None,
        })
        .collect();
    assert_eq!(takers, [OrderId(2)]);
}

#[test]
fn an_order_that_can_never_fit_a_command_holds_up_no_other() {
    let mut venue = Venue::new(16);
    venue.enter(all_or_none(buy(1, 20, 100)));
    venue.enter(all_or_none(buy(2, 5, 99)));
    for id in 10..30 {
        venue.enter(sell(id, 1, 100));
    }
    for id in 40..45 {
        venue.enter(sell(id, 1, 99));
    }
    assert!(venue.rests(1) && !venue.rests(2));
}

/// Random scripts hardly ever come here: the least capacity for events is sixteen.
#[test]
fn what_does_not_fit_behind_a_command_is_done_behind_the_next() {
    let mut venue = Venue::new(16);
    venue.enter(all_or_none(buy(1, 15, 100)));
    for id in 10..24 {
        assert_eq!(venue.enter(sell(id, 1, 100)).len(), 2);
    }
    // Two events of its own and fifteen trades are one too many.
    assert_eq!(venue.enter(sell(24, 1, 100)).len(), 2);
    assert!(venue.rests(1));
    assert_eq!(venue.act(Action::AdvanceTime).len(), 16);
    assert!(venue.engine.book().is_empty());
}

#[test]
fn a_report_has_what_another_took_of_the_order_when_it_tried_again() {
    let mut venue = Venue::new(64);
    venue.enter(all_or_none(sell(1, 10, 100)));
    venue.enter(buy(2, 4, 100));
    let command = Command::new(Timestamp::new(0), Action::Order(buy(3, 6, 100)));
    let report = venue.engine.submit(&command).expect("it is accepted");
    assert_eq!(report.filled, Quantity::new(6));
    assert_eq!(report.fills[0].maker, OrderId(3));
    assert_eq!(report.resting, None);
}

#[test]
fn looking_ahead_ends_where_the_events_of_a_command_do() {
    let mut venue = Venue::new(16);
    venue.enter(iceberg(sell(1, 100, 100), 1));
    let events = venue.enter(buy(2, 100, 100));
    assert!(matches!(
        events[..],
        [Event::Rejected {
            reason: RejectReason::TooManyTrades,
            ..
        }]
    ));
    assert_eq!(venue.enter(buy(3, 6, 100)).len(), 13);
}

#[test]
fn a_snapshot_with_more_peaks_than_are_allowed_is_refused() {
    let mut venue = Venue::new(64);
    venue.enter(iceberg(sell(1, 1_000, 100), 10));
    assert!(venue.restored_with(990, 991).is_err());
    assert!(venue.restored_with(990, 989).is_ok());
    assert_eq!(
        venue.restored_with(990, 1 << 40).err(),
        Some(SnapshotError::Malformed)
    );
}

#[test]
fn a_snapshot_whose_trades_are_at_the_end_of_their_numbers_is_refused() {
    let mut venue = Venue::new(64);
    venue.enter(sell(1, 5, 100));
    venue.enter(buy(2, 1, 100));
    assert_eq!(
        venue.restored_with(1, u64::MAX).err(),
        Some(SnapshotError::Malformed)
    );
}
