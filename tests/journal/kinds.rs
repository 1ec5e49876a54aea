//! Every kind of command and event, and every value of their enumerations, there and back.
//!
//! A kind that is added does not compile here until it has its place in the row of kinds.

use pricetime::journal::{Record, Start, Writer};
use pricetime::{
    AccountId, Action, Cancel, CancelAll, CancelCause, Command, Event, Instrument, LimitOrder,
    MarketAmount, MarketOrder, Notional, OrderId, OrderKind, PostOnly, Price, Priority, Quantity,
    Reduce, RejectReason, Replace, Request, Rest, Side, TimeInForce, Timestamp, TradeId,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::layout_records::{CAUSES, REASONS, REQUESTS};
use crate::written::{Plan, Written};
use crate::{layout, read};

/// What the fields of commands and events are drawn from, over and over.
pub struct Draw<'a>(std::iter::Cycle<std::slice::Iter<'a, u64>>);

impl<'a> Draw<'a> {
    pub fn from(words: &'a [u64]) -> Self {
        Self(words.iter().cycle())
    }

    fn word(&mut self) -> u64 {
        *self.0.next().expect("words without end")
    }

    fn of<T: Copy, const COUNT: usize>(&mut self, all: [T; COUNT]) -> T {
        all[(self.word() % COUNT as u64) as usize]
    }

    fn id(&mut self) -> OrderId {
        OrderId(self.word())
    }

    fn account(&mut self) -> AccountId {
        AccountId(self.word() as u32)
    }

    fn side(&mut self) -> Side {
        self.of(Side::BOTH)
    }

    fn price(&mut self) -> Price {
        Price::new(self.word() as i64)
    }

    fn quantity(&mut self) -> Quantity {
        Quantity::new(self.word())
    }

    fn time(&mut self) -> Timestamp {
        Timestamp::new(self.word())
    }

    fn rest(&mut self) -> Rest {
        self.of([Rest::Done, Rest::More])
    }

    fn life(&mut self) -> TimeInForce {
        let expiry = self.time();
        let lives = row(next_life).map(|life| match life {
            TimeInForce::Gtd(_) => TimeInForce::Gtd(expiry),
            life => life,
        });
        let lives: Vec<TimeInForce> = lives.collect();
        lives[self.word() as usize % lives.len()]
    }

    fn maybe<T>(&mut self, content: T) -> Option<T> {
        self.of([false, true]).then_some(content)
    }
}

/// All values that follow on each other.
pub fn row<T: Copy>(next: impl Fn(Option<T>) -> Option<T>) -> impl Iterator<Item = T> {
    std::iter::successors(next(None), move |value| next(Some(*value)))
}

pub fn next_life(life: Option<TimeInForce>) -> Option<TimeInForce> {
    Some(match life {
        None => TimeInForce::Gtc,
        Some(TimeInForce::Gtc) => TimeInForce::Ioc,
        Some(TimeInForce::Ioc) => TimeInForce::Fok,
        Some(TimeInForce::Fok) => TimeInForce::Day,
        Some(TimeInForce::Day) => TimeInForce::Gtd(Timestamp::new(9)),
        Some(TimeInForce::Gtd(_)) => return None,
    })
}

pub fn next_amount(amount: Option<MarketAmount>, draw: &mut Draw<'_>) -> Option<MarketAmount> {
    let quantity = draw.quantity();
    let wide = u128::from(draw.word()) << 64 | u128::from(draw.word());
    let budget = Notional::new(wide as i128);
    Some(match amount {
        None => MarketAmount::Quantity(quantity),
        Some(MarketAmount::Quantity(_)) => MarketAmount::Budget(budget),
        Some(MarketAmount::Budget(_)) => MarketAmount::Both { quantity, budget },
        Some(MarketAmount::Both { .. }) => return None,
    })
}

fn amount(draw: &mut Draw<'_>) -> MarketAmount {
    let mut amount = next_amount(None, draw);
    for _ in 0..draw.word() % 3 {
        amount = next_amount(amount, draw);
    }
    amount.expect("one of three")
}

/// The kind of action after this one, with fields as drawn.
pub fn next_action(action: Option<&Action>, draw: &mut Draw<'_>) -> Option<Action> {
    let (id, price, quantity) = (draw.id(), draw.price(), draw.quantity());
    let account = draw.account();
    let (side, owner) = (draw.side(), draw.maybe(account));
    Some(match action {
        None => Action::Limit(LimitOrder {
            id,
            account,
            side,
            post_only: draw.of([PostOnly::Off, PostOnly::Reject, PostOnly::Slide]),
            price,
            quantity,
            time_in_force: draw.life(),
        }),
        Some(Action::Limit(_)) => Action::Market(MarketOrder {
            id,
            account,
            side,
            amount: amount(draw),
        }),
        Some(Action::Market(_)) => Action::Cancel(Cancel { id, owner }),
        Some(Action::Cancel(_)) => Action::Reduce(Reduce {
            id,
            owner,
            by: quantity,
        }),
        Some(Action::Reduce(_)) => Action::Replace(Replace {
            id,
            owner,
            price: draw.maybe(price),
            quantity: draw.maybe(quantity),
        }),
        Some(Action::Replace(_)) => Action::CancelAll(CancelAll {
            account: owner,
            side: draw.maybe(side),
            price_min: draw.maybe(price),
            price_max: Some(draw.price()).filter(|_| price.ticks() % 2 == 0),
        }),
        Some(Action::CancelAll(_)) => Action::AdvanceTime,
        Some(Action::AdvanceTime) => Action::EndOfDay,
        Some(Action::EndOfDay) => return None,
    })
}

/// The kind of event after this one, with fields as drawn.
pub fn next_event(event: Option<&Event>, draw: &mut Draw<'_>) -> Option<Event> {
    let (id, price, quantity) = (draw.id(), draw.price(), draw.quantity());
    Some(match event {
        None => Event::Accepted {
            id,
            account: draw.account(),
            side: draw.side(),
            kind: draw.of([OrderKind::Limit, OrderKind::Market]),
            time_in_force: draw.life(),
            price,
            quantity,
            timestamp: draw.time(),
        },
        Some(Event::Accepted { .. }) => Event::Rejected {
            id,
            request: draw.of(REQUESTS),
            reason: draw.of(REASONS),
        },
        Some(Event::Rejected { .. }) => Event::Traded {
            trade: TradeId(draw.word()),
            taker: id,
            maker: draw.id(),
            taker_side: draw.side(),
            price,
            quantity,
            taker_remaining: draw.quantity(),
            maker_remaining: draw.quantity(),
        },
        Some(Event::Traded { .. }) => Event::Rested {
            id,
            account: draw.account(),
            side: draw.side(),
            price,
            quantity,
        },
        Some(event) => return next_rarer_event(event, draw),
    })
}

fn next_rarer_event(event: &Event, draw: &mut Draw<'_>) -> Option<Event> {
    let (id, price, quantity) = (draw.id(), draw.price(), draw.quantity());
    Some(match event {
        Event::Accepted { .. } | Event::Rejected { .. } | Event::Traded { .. } => return None,
        Event::Rested { .. } => Event::Reduced {
            id,
            by: quantity,
            remaining: draw.quantity(),
        },
        Event::Reduced { .. } => Event::Replaced {
            id,
            price,
            quantity,
            priority: draw.of([Priority::Kept, Priority::Lost]),
        },
        Event::Replaced { .. } => Event::Slid {
            id,
            from: price,
            to: draw.price(),
        },
        Event::Slid { .. } => Event::Cancelled {
            id,
            cause: draw.of(CAUSES),
            quantity,
        },
        Event::Cancelled { .. } => Event::MassCancelled {
            orders: draw.word(),
            rest: draw.rest(),
        },
        Event::MassCancelled { .. } => Event::TimeAdvanced {
            to: draw.time(),
            orders: draw.word(),
        },
        Event::TimeAdvanced { .. } => Event::DayEnded {
            orders: draw.word(),
            rest: draw.rest(),
        },
        Event::DayEnded { .. } => return None,
    })
}

/// One action of each kind.
pub fn actions(draw: &mut Draw<'_>) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    while let Some(action) = next_action(actions.last(), draw) {
        actions.push(action);
    }
    actions
}

/// One event of each kind.
pub fn events(draw: &mut Draw<'_>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    while let Some(event) = next_event(events.last(), draw) {
        events.push(event);
    }
    events
}

pub fn next_request(request: Option<Request>) -> Option<Request> {
    Some(match request {
        None => Request::Limit,
        Some(Request::Limit) => Request::Market,
        Some(Request::Market) => Request::Cancel,
        Some(Request::Cancel) => Request::Reduce,
        Some(Request::Reduce) => Request::Replace,
        Some(Request::Replace) => Request::CancelAll,
        Some(Request::CancelAll) => Request::AdvanceTime,
        Some(Request::AdvanceTime) => Request::EndOfDay,
        Some(Request::EndOfDay) => return None,
    })
}

pub fn next_cause(cause: Option<CancelCause>) -> Option<CancelCause> {
    Some(match cause {
        None => CancelCause::Requested,
        Some(CancelCause::Requested) => CancelCause::NotFilledAtOnce,
        Some(CancelCause::NotFilledAtOnce) => CancelCause::FillOrKill,
        Some(CancelCause::FillOrKill) => CancelCause::Expired,
        Some(CancelCause::Expired) => CancelCause::DayEnded,
        Some(CancelCause::DayEnded) => CancelCause::Mass,
        Some(CancelCause::Mass) => return None,
    })
}

pub fn next_reason(reason: Option<RejectReason>) -> Option<RejectReason> {
    use RejectReason::*;
    Some(match reason {
        None => TimeWentBackwards,
        Some(TimeWentBackwards) => ExpiriesPending,
        Some(ExpiriesPending) => OrderUnknown,
        Some(OrderUnknown) => OrderNotOwned,
        Some(OrderNotOwned) => QuantityIsZero,
        Some(QuantityIsZero) => QuantityTooSmall,
        Some(QuantityTooSmall) => QuantityTooLarge,
        Some(QuantityTooLarge) => PriceOutOfBand,
        Some(PriceOutOfBand) => NotionalTooSmall,
        Some(NotionalTooSmall) => NotionalTooLarge,
        Some(NotionalTooLarge) => PriceRangeEmpty,
        Some(PriceRangeEmpty) => ExpiryNotInFuture,
        Some(ExpiryNotInFuture) => PostOnlyCannotRest,
        Some(PostOnlyCannotRest) => OrderIdAlreadyLive,
        Some(OrderIdAlreadyLive) => OrderIdNotIncreasing,
        Some(OrderIdNotIncreasing) => PostOnlyWouldTake,
        Some(PostOnlyWouldTake) => OrdersFull,
        Some(OrdersFull) => LevelsFull,
        Some(LevelsFull) => AccountsFull,
        Some(AccountsFull) => TimedOrdersFull,
        Some(TimedOrdersFull) => OrderIdIndexFull,
        Some(OrderIdIndexFull) => TooManyTrades,
        Some(TooManyTrades) => return None,
    })
}

/// The tables that this test reads with are complete and in order, so drawing from them draws all.
#[test]
fn every_value_has_the_number_of_its_place() {
    assert!(row(next_request).eq(REQUESTS));
    assert!(row(next_cause).eq(CAUSES));
    assert!(row(next_reason).eq(REASONS));
    for (number, request) in row(next_request).enumerate() {
        for (place, reason) in row(next_reason).enumerate() {
            let id = OrderId(3);
            let event = Event::Rejected {
                id,
                request,
                reason,
            };
            let head = 34 | (number as u64) << 16 | (place as u64) << 24;
            assert_eq!(event.to_record(), [head, 3, 0, 0, 0, 0, 0, 0]);
            assert_eq!(Event::from_record(&event.to_record()), Some(event));
        }
    }
    for (number, cause) in row(next_cause).enumerate() {
        let (id, quantity) = (OrderId(3), Quantity::new(5));
        let event = Event::Cancelled {
            id,
            cause,
            quantity,
        };
        let head = 40 | (number as u64) << 16;
        assert_eq!(event.to_record(), [head, 3, 0, 5, 0, 0, 0, 0]);
        assert_eq!(Event::from_record(&event.to_record()), Some(event));
    }
}

/// Words at the ends of every range, and any.
fn word() -> impl Strategy<Value = u64> {
    let bits = (0..64_u32, 0..3_u64).prop_map(|(bit, more)| (1 << bit) - 1 + more);
    prop_oneof![0..4_u64, bits, any::<u64>(), Just(u64::MAX)]
}

fn draws() -> impl Strategy<Value = Vec<u64>> {
    vec(word(), 3..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_comes_back_from_its_record(words in draws()) {
        let mut draw = Draw::from(&words);
        for (kind, action) in (1..).zip(actions(&mut draw)) {
            let command = Command::new(draw.time(), action);
            let record = command.to_record();
            prop_assert_eq!(record[0] as u8, kind);
            prop_assert_eq!(Command::from_record(&record), Some(command));
            prop_assert_eq!(Event::from_record(&record), None);
        }
        for (kind, event) in (33..).zip(events(&mut draw)) {
            let record = event.to_record();
            prop_assert_eq!(record[0] as u8, kind);
            prop_assert_eq!(Event::from_record(&record), Some(event));
            prop_assert_eq!(Command::from_record(&record), None);
        }
    }

    #[test]
    fn every_kind_comes_back_from_a_journal(
        words in draws(),
        order in Just((0..22_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut draw = Draw::from(&words);
        let mut all = events(&mut draw);
        all.extend(events(&mut draw));
        let shuffled: Vec<Event> = order.iter().map(|&place| all[place]).collect();
        let commands = actions(&mut draw).into_iter().map(|action| Command::new(draw.time(), action));
        let entries: Vec<_> = commands.map(|command| (command, shuffled.clone())).collect();
        let instrument = Instrument::builder().build().unwrap();
        let written = Written::from_entries(instrument, entries, Vec::new(), Plan::default());
        prop_assert_eq!(&read(&written.bytes).entries, &written.entries);
        let frames = layout::decode(&written.bytes);
        for (frame, (command, events)) in frames[1..].iter().zip(&written.entries) {
            prop_assert_eq!(&frame.body, &layout::Body::Entry(*command, events.clone()));
            prop_assert!(frame.bytes <= Writer::entry_bytes_max(events.len()));
        }
        prop_assert_eq!(Start::After(written.mark_after(9)), Start::After(written.frames[8].mark));
    }

    #[test]
    fn one_record_stands_for_each_command_and_event(
        kind in 0..48_u64,
        flags in word(),
        words in proptest::array::uniform7(word()),
        zeros in any::<u8>(),
    ) {
        let mut record: Record = [0; 8];
        record[0] = kind | flags << 16;
        for (place, word) in words.into_iter().enumerate() {
            record[place + 1] = if zeros >> place & 1 == 1 { 0 } else { word };
        }
        is_the_only_one(&record);
    }

    #[test]
    fn no_other_record_stands_for_a_command_or_event(
        words in draws(),
        place in 0..8_usize,
        bit in 0..64_u32,
        value in word(),
    ) {
        let mut draw = Draw::from(&words);
        let commands = actions(&mut draw).into_iter().map(|action| Command::new(draw.time(), action));
        let mut records: Vec<Record> = commands.map(|command| command.to_record()).collect();
        records.extend(events(&mut draw).iter().map(Event::to_record));
        for original in records {
            let mut record = original;
            record[place] ^= 1 << bit;
            is_the_only_one(&record);
            record[place] = value;
            is_the_only_one(&record);
        }
    }
}

/// Asserts that what a record stands for is written as this very record.
fn is_the_only_one(record: &Record) {
    if let Some(command) = Command::from_record(record) {
        assert_eq!(command.to_record(), *record, "{command:?}");
    }
    if let Some(event) = Event::from_record(record) {
        assert_eq!(event.to_record(), *record, "{event:?}");
    }
}
