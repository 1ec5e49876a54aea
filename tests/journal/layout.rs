//! The layout of journals, read by what its documentation says and by nothing else.
//!
//! It trusts the bytes: what is not as drawn is a panic.

use pricetime::{
    AccountLimits, AmendPolicy, AmendQuantity, Capacities, Command, Decimal, Event, Instrument,
    InstrumentBuilder, Lot, MarketLot, Notional, OrderIdPolicy, Price, PriceRange, Quantity,
    RangeReference, SelfTrade, Tick, TriggerOnEntry,
};

use crate::layout_records::{self, Words};

pub const HEAD: usize = 32;

/// A frame, taken apart.
#[derive(Clone, PartialEq, Debug)]
pub struct Frame {
    pub offset: usize,
    pub bytes: usize,
    pub checksum: u32,
    pub format: u8,
    pub rules: u16,
    pub chain: u32,
    pub sequence: u64,
    pub time: u64,
    pub body: Body,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Body {
    Opening(Box<Instrument>),
    Entry(Command, Vec<Event>),
    Seal(Seal),
}

/// What a seal says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Seal {
    pub number: u64,
    pub bytes: u64,
    pub digest: [u8; 32],
}

/// CRC32C, bit by bit.
pub fn crc32c(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let out = crc & 1;
            crc = (crc >> 1) ^ (out * 0x82F6_3B78);
        }
    }
    !crc
}

pub fn word(bytes: &[u8], number: usize) -> u64 {
    let eight = &bytes[8 * number..8 * number + 8];
    u64::from_le_bytes(eight.try_into().expect("eight bytes"))
}

fn half(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// The checksum that a frame should have.
pub fn checksum(frame: &[u8]) -> u32 {
    crc32c(&frame[8..]) ^ half(frame, 0)
}

/// Puts right the checksum of a frame that was changed.
pub fn sign(frame: &mut [u8]) {
    let checksum = checksum(frame);
    frame[4..8].copy_from_slice(&checksum.to_le_bytes());
}

/// All frames of a journal without damage.
pub fn decode(bytes: &[u8]) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    let (mut chain, mut sequence, mut at) = (0, 0, 0);
    while at < bytes.len() {
        let length = 8 * half(bytes, at) as usize;
        let frame = frame(at, &bytes[at..at + length]);
        assert_eq!(frame.chain, chain, "chain at byte {at}");
        sequence += u64::from(matches!(frame.body, Body::Entry(..)));
        assert_eq!(frame.sequence, sequence, "sequence at byte {at}");
        if !matches!(frame.body, Body::Seal(_)) {
            chain = frame.checksum;
        }
        frames.push(frame);
        at += length;
    }
    frames
}

fn frame(offset: usize, bytes: &[u8]) -> Frame {
    assert_eq!(half(bytes, 4), checksum(bytes), "checksum at byte {offset}");
    assert_eq!(bytes[8], b'P', "magic at byte {offset}");
    let (sequence, time) = (word(bytes, 2), word(bytes, 3));
    let words: Words = (4..bytes.len() / 8).map(|n| word(bytes, n)).collect();
    let body = match bytes[HEAD] {
        64 => Body::Opening(Box::new(opening(&words))),
        65 => Body::Seal(seal(&words)),
        1..=9 | 11 | 17 | 19 => {
            let (command, events) = layout_records::entry(&words, time);
            Body::Entry(command, events)
        }
        kind => panic!("kind {kind} at byte {offset}"),
    };
    Frame {
        offset,
        bytes: bytes.len(),
        checksum: half(bytes, 4),
        format: bytes[9],
        rules: u16::from_le_bytes([bytes[10], bytes[11]]),
        chain: half(bytes, 12),
        sequence,
        time,
        body,
    }
}

fn opening(words: &Words) -> Instrument {
    assert_eq!(words.len(), 31);
    assert_eq!(words[0], 64);
    assert_eq!(words[1].to_le_bytes(), *b"pricetim");
    let step = |low: usize| {
        let high = words[low + 1];
        let mantissa = u128::from(high as u32) << 64 | u128::from(words[low]);
        Decimal::from_i128_with_scale(mantissa as i128, (high >> 32) as u32)
    };
    let money = |low: usize| {
        let wide = u128::from(words[low + 1]) << 64 | u128::from(words[low]);
        Notional::new(wide as i128)
    };
    let halves = |word: usize| (words[word] as u32, (words[word] >> 32) as u32);
    let (orders, levels) = halves(16);
    let (accounts, timed_orders) = halves(17);
    let (events, special_orders) = halves(18);
    let (waiting_orders, lists) = halves(19);
    let (tokens, _) = halves(20);
    let modes = (words[14] >> 16) as u16;
    let modes: Vec<SelfTrade> = (0..6)
        .filter(|mode| modes & 1 << mode != 0)
        .map(|mode| SelfTrade::ALL[mode])
        .collect();
    let mut builder = Instrument::builder()
        .tick(Tick::new(step(2)).expect("a tick"))
        .lot(Lot::new(step(4)).expect("a lot"))
        .price_band(Price::new(words[6] as i64), Price::new(words[7] as i64))
        .quantity_limits(Quantity::new(words[8]), Quantity::new(words[9]))
        .notional_min(money(10))
        .index_key(words[15])
        .capacities(Capacities {
            orders,
            levels,
            accounts,
            timed_orders,
            events,
            special_orders,
            waiting_orders,
            lists,
            tokens,
        })
        .self_trade(SelfTrade::ALL[(words[14] >> 8) as usize & 0xFF])
        .self_trade_modes(&modes)
        .trigger_on_entry(ON_ENTRY[(words[14] >> 2) as usize & 3])
        .amend_policy(POLICIES[(words[14] >> 4) as usize & 3])
        .amend_quantity([AmendQuantity::Open, AmendQuantity::Total][(words[14] >> 6) as usize & 1])
        .keeps_totals(words[14] & 1 << 7 != 0)
        .peaks_max((words[14] >> 32) as u32);
    if words[14] & 1 != 0 {
        builder = builder.notional_max(money(12));
    }
    if words[14] & 2 != 0 {
        builder = builder.order_ids(OrderIdPolicy::Increasing);
    }
    rules(builder, words).build().expect("an instrument")
}

/// What an instrument may have or not: word 20 says what it has.
fn rules(mut builder: InstrumentBuilder, words: &Words) -> InstrumentBuilder {
    let has = |bit: u32| words[20] & 1 << bit != 0;
    let halves = |word: usize| [words[word] as u32, (words[word] >> 32) as u32];
    assert_eq!(words[20] >> 43, 0);
    for (bit, first) in [(32, 21), (34, 23)] {
        let range = PriceRange {
            reference: [RangeReference::LastTrade, RangeReference::Mark][usize::from(has(bit + 1))],
            buy: halves(first),
            sell: halves(first + 1),
        };
        builder = match bit {
            _ if !has(bit) => {
                assert_eq!((range.buy, range.sell), ([0; 2], [0; 2]));
                assert!(!has(bit + 1));
                builder
            }
            32 => builder.price_range(range),
            _ => builder.execution_range(range),
        };
    }
    let [min, max, step] = [25, 26, 27].map(|word| Quantity::new(words[word]));
    if has(36) {
        builder = builder.market_lot(MarketLot { min, max, step });
    }
    let [orders, triggers, icebergs, lists, order_amends, amends] =
        std::array::from_fn(|limit| halves(28 + limit / 2)[limit % 2]);
    let limit = |bit: u32, limit: u32| has(bit).then_some(limit);
    builder.account_limits(AccountLimits {
        orders: limit(37, orders),
        triggers: limit(38, triggers),
        icebergs: limit(39, icebergs),
        lists: limit(40, lists),
        order_amends: limit(41, order_amends),
        amends: limit(42, amends),
    })
}

const POLICIES: [AmendPolicy; 3] = {
    use AmendPolicy::*;
    [LessQuantity, NoMoreDisplayed, OnlyLessQuantity]
};

const ON_ENTRY: [TriggerOnEntry; 3] = {
    use TriggerOnEntry::*;
    [Fires, Refused, Waits]
};

fn seal(words: &Words) -> Seal {
    assert_eq!(words.len(), 7);
    assert_eq!(words[0], 65);
    let mut digest = [0; 32];
    for (eight, word) in digest.chunks_mut(8).zip(&words[3..]) {
        eight.copy_from_slice(&word.to_le_bytes());
    }
    Seal {
        number: words[1],
        bytes: words[2],
        digest,
    }
}

/// The digest that a seal should have: block, digest before, number, bytes.
pub fn seal_digest(
    key: Option<&[u8; 32]>,
    block: &[u8],
    before: &[u8; 32],
    number: u64,
) -> [u8; 32] {
    let mut hashed = block.to_vec();
    hashed.extend_from_slice(before);
    hashed.extend_from_slice(&number.to_le_bytes());
    hashed.extend_from_slice(&(block.len() as u64).to_le_bytes());
    match key {
        Some(key) => *blake3::keyed_hash(key, &hashed).as_bytes(),
        None => *blake3::hash(&hashed).as_bytes(),
    }
}
