//! Every kind of command and event, and every value of their enumerations, there and back.

use std::collections::BTreeSet;

use pricetime::journal::{Record, Start, Writer};
use pricetime::{
    AccountId, Action, Command, Event, Instrument, MarketAmount, MarketOrder, Notional, Order,
    OrderId, Pricing, Quantity, SelfTrade, Side, Timestamp, TradeGroup,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::draw::{Draw, actions, events, market_orders};
use crate::draw_rows::{next_cause, next_reason, next_request, row};
use crate::layout_codes::{CAUSES, REASONS, REQUESTS};
use crate::written::{Plan, Written};
use crate::{layout, read};

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

/// The words of a market order with everything, as they are drawn; without a group and a mode it is another kind.
#[test]
fn market_order_has_its_group_and_mode_in_their_places() {
    let amount = MarketAmount::Both {
        quantity: Quantity::new(5),
        budget: Notional::new(-2),
    };
    let plain = MarketOrder::new(OrderId(3), AccountId(7), Side::Sell, amount);
    let own = MarketOrder {
        group: TradeGroup(9),
        self_trade: Some(SelfTrade::Decrement),
        ..plain
    };
    let records = |order| Command::new(Timestamp::new(8), Action::Market(order)).to_records();
    let minus_one = u64::MAX;
    let words = [3, 0, 5, minus_one - 1, minus_one, 8, 0];
    let head = 2 | 0b111 << 16 | 7 << 32;
    assert_eq!(records(plain).as_slice(), [record(head, words)]);
    let head = 19 | 0b101_0111 << 16 | 7 << 32;
    let words = [3, 9, 5, minus_one - 1, minus_one, 8, 0];
    assert_eq!(records(own).as_slice(), [record(head, words)]);
    // A group is of 32 bits, and a plain order has one record only.
    let none = |record: Record| assert_eq!(Command::from_records(&[record]), None);
    none(record(head, [3, 1 << 32, 5, 0, 0, 8, 0]));
    none(record(19 | 0b111 << 16 | 7 << 32, [3, 0, 5, 0, 0, 8, 0]));
}

fn record(head: u64, [a, b, c, d, e, f, g]: [u64; 7]) -> Record {
    [head, a, b, c, d, e, f, g]
}

/// The kinds of the first records of commands in the order in which they are drawn.
const COMMANDS: [u8; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 9, 9, 9, 17];
/// The places of those that have two.
const PAIRS: [usize; 5] = [8, 10, 11, 12, 13];

/// The kind of the second record.
fn second_of(action: &Action) -> Option<u8> {
    match action {
        Action::Order(Order {
            pricing: Pricing::Pegged { .. },
            ..
        }) => Some(13),
        Action::Order(Order { trigger: None, .. }) => Some(10),
        Action::Order(_) => Some(12),
        Action::Once { .. } => Some(14),
        Action::Leg { .. } => Some(15),
        Action::CancelReplace { .. } => Some(16),
        Action::Amend(_) => Some(18),
        Action::Limit(_)
        | Action::Market(_)
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::CancelAll(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => None,
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

/// The records of a command and an event of each kind.
fn all_records(draw: &mut Draw<'_>) -> Vec<Vec<Record>> {
    let mut all = actions(draw);
    all.extend(market_orders(draw).map(Action::Market));
    let commands = all.into_iter();
    let commands = commands.map(|action| Command::new(draw.time(), action));
    let mut all: Vec<Vec<Record>> = commands
        .map(|command| command.to_records().as_slice().to_vec())
        .collect();
    all.extend(events(draw).iter().map(|event| vec![event.to_record()]));
    all
}

#[test]
fn no_bit_of_a_record_may_be_another() {
    let mut seconds = BTreeSet::new();
    for seed in 1..60_u64 {
        let mixed = |word: u64| (word * seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 7;
        let words: Vec<u64> = (1..40).map(mixed).collect();
        for mut records in all_records(&mut Draw::from(&words)) {
            if let [first, second] = records[..] {
                // Its kind, the unit of the trail, and whether the order is pegged.
                let is_pegged = first[0] as u8 == 9 && first[0] >> 22 & 7 == 4;
                seconds.insert((second[0] as u8, second[0] >> 26 & 3, is_pegged));
            }
            for bit in 0..512 * records.len() {
                let (which, place) = (bit / 512, bit / 64 % 8);
                records[which][place] ^= 1 << (bit % 64);
                are_the_only_ones(&records);
                records[which][place] ^= 1 << (bit % 64);
            }
        }
    }
    let trails = |kind| (0..3).map(move |trail| (kind, trail, false));
    let others = [13, 14, 15, 16].map(|kind| (kind, 0, true));
    let all = [(10, 0, false), (18, 0, false)].into_iter().chain(others);
    let all = all.chain([12, 14, 15, 16].into_iter().flat_map(trails));
    let missing: Vec<_> = all.filter(|second| !seconds.contains(second)).collect();
    assert_eq!(missing, []);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_comes_back_from_its_record(words in draws()) {
        let mut draw = Draw::from(&words);
        for (kind, action) in COMMANDS.into_iter().zip(actions(&mut draw)) {
            let expected: Vec<u8> = [kind].into_iter().chain(second_of(&action)).collect();
            let command = Command::new(draw.time(), action);
            let records = command.to_records();
            let records = records.as_slice();
            let kinds: Vec<u8> = records.iter().map(|record| record[0] as u8).collect();
            prop_assert_eq!(kinds, expected);
            prop_assert_eq!(Command::from_records(records), Some(command));
            prop_assert!(records.iter().all(|record| Event::from_record(record).is_none()));
        }
        for (kind, event) in (33..).zip(events(&mut draw)) {
            let record = event.to_record();
            prop_assert_eq!(record[0] as u8, kind);
            prop_assert_eq!(Event::from_record(&record), Some(event));
            prop_assert_eq!(Command::from_records(&[record]), None);
        }
    }

    #[test]
    fn market_orders_come_back_with_their_group_and_mode(words in draws()) {
        let mut draw = Draw::from(&words);
        let time = draw.time();
        let actions = market_orders(&mut draw).map(Action::Market);
        for action in actions {
            let command = Command::new(time, action);
            let records = command.to_records();
            prop_assert_eq!(records.as_slice().len(), 1);
            prop_assert_eq!(records.as_slice()[0][0] as u8, 19);
            prop_assert_eq!(Command::from_records(records.as_slice()), Some(command));
        }
        let entries: Vec<_> = actions.map(|action| (Command::new(time, action), Vec::new())).into();
        let instrument = Instrument::builder().build().unwrap();
        let written = Written::from_entries(instrument, entries, Vec::new(), Plan::default());
        prop_assert_eq!(&read(&written.bytes).entries, &written.entries);
        let frames = layout::decode(&written.bytes);
        for (frame, (command, events)) in frames[1..].iter().zip(&written.entries) {
            prop_assert_eq!(&frame.body, &layout::Body::Entry(*command, events.clone()));
        }
    }

    #[test]
    fn no_command_is_read_from_a_part_of_its_records_or_from_more(words in draws()) {
        let mut draw = Draw::from(&words);
        let commands = actions(&mut draw).into_iter().map(|action| Command::new(draw.time(), action));
        let all: Vec<_> = commands.map(|command| command.to_records()).collect();
        prop_assert_eq!(Command::from_records(&[]), None);
        for (one, records) in all.iter().enumerate() {
            let first = records.as_slice()[0];
            prop_assert_eq!(Command::from_records(&[first]).is_some(), !PAIRS.contains(&one));
            for other in &all {
                let pair = [first, other.as_slice()[0]];
                prop_assert_eq!(Command::from_records(&pair), None);
                let Some(second) = other.as_slice().get(1) else {
                    continue;
                };
                prop_assert_eq!(Command::from_records(&[*second]), None);
                let more = [records.as_slice(), &[*second]].concat();
                prop_assert_eq!(Command::from_records(&more), None);
                // Of two orders, what the second record says may go with the other's first.
                let mixed = [first, *second];
                let are_of_one = first[0] as u8 == other.as_slice()[0][0] as u8;
                prop_assert!(are_of_one || Command::from_records(&mixed).is_none());
                are_the_only_ones(&mixed);
            }
        }
    }

    #[test]
    fn every_kind_comes_back_from_a_journal(
        words in draws(),
        order in Just((0..50_usize).collect::<Vec<_>>()).prop_shuffle(),
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
        prop_assert_eq!(Start::After(written.mark_after(15)), Start::After(written.frames[14].mark));
    }

    #[test]
    fn one_record_stands_for_each_command_and_event(
        kinds in (prop_oneof![Just(9_u64), Just(17), Just(19), 0..60_u64], prop_oneof![10..19_u64, 0..60_u64]),
        flags in (word(), word()),
        words in proptest::array::uniform14(word()),
        zeros in any::<u16>(),
    ) {
        let mut records: [Record; 2] = [[0; 8]; 2];
        records[0][0] = kinds.0 | flags.0 << 16;
        records[1][0] = kinds.1 | flags.1 << 16;
        for (place, word) in words.into_iter().enumerate() {
            let is_zero = zeros >> place & 1 == 1;
            records[place / 7][place % 7 + 1] = if is_zero { 0 } else { word };
        }
        for record in &records {
            are_the_only_ones(&[*record]);
        }
        are_the_only_ones(&records);
    }

    #[test]
    fn no_other_record_stands_for_a_command_or_event(
        words in draws(),
        place in 0..8_usize,
        bit in 0..64_u32,
        value in word(),
    ) {
        let all = all_records(&mut Draw::from(&words));
        for original in all {
            for which in 0..original.len() {
                let mut records = original.clone();
                records[which][place] ^= 1 << bit;
                are_the_only_ones(&records);
                records[which][place] = value;
                are_the_only_ones(&records);
            }
        }
    }
}

/// Asserts that what records stand for is written as these very records.
fn are_the_only_ones(records: &[Record]) {
    if let Some(command) = Command::from_records(records) {
        assert_eq!(command.to_records().as_slice(), records, "{command:?}");
    }
    if let [record] = records
        && let Some(event) = Event::from_record(record)
    {
        assert_eq!(event.to_record(), *record, "{event:?}");
    }
}
