//! What a journal begins with: the instrument, so that it stands alone.
//!
//! ```text
//!   word  0  kind 64
//!         1  the bytes "pricetim"
//!      2, 3  tick: mantissa (96 bits), then decimal places (32 bits)
//!      4, 5  lot: the same
//!      6, 7  lowest and highest price
//!      8, 9  least and greatest quantity
//!    10, 11  least notional, low word first
//!    12, 13  greatest notional
//!        14  bit 0: there is a greatest notional; bit 1: order ids must increase; from bit 2 on what becomes of an
//!            order whose trigger is met on entry (2 bits), which amendments keep their place (2 bits), what their quantity
//!            counts (1 bit); bit 7: totals are kept; from bit 8 on the default
//!            self-trade mode (8 bits), the modes that orders may ask for (a bit each, 16 bits), peaks at most (32 bits)
//!        15  key of the indexes
//!        16  capacities: orders 32 bits, levels 32 bits
//!        17  capacities: accounts 32 bits, timed orders 32 bits
//!        18  capacities: events 32 bits, special orders 32 bits
//!        19  capacities: waiting orders 32 bits, lists 32 bits
//!        20  capacities: tokens 32 bits; bit 32: there is a price range, bit 33: from the mark; bit 34: there is an execution
//!            range, bit 35: from the mark; bit 36: there is a market lot; from bit 37 on whether an account's live orders,
//!            triggers, icebergs and lists, an order's amendments and an account's are limited (a bit each)
//!    21, 22  price range: above and below of a buy, then of a sell (32 bits each)
//!    23, 24  execution range: the same
//!  25 .. 27  market lot: least, greatest, step
//!        28  limits of an account: live orders 32 bits, triggers 32 bits
//!        29  icebergs 32 bits, lists 32 bits
//!        30  amendments of an order 32 bits, of an account 32 bits
//! ```
//!
//! What there is not is zero.

use smallvec::SmallVec;

use crate::instrument::{
    AccountLimits, AmendPolicy, AmendQuantity, Capacities, Instrument, InstrumentBuilder,
    MarketLot, OrderIdPolicy, PriceRange, RangeReference, TriggerOnEntry,
};
use crate::order::SelfTrade;
use crate::units::{Lot, Notional, Price, Quantity, Tick};

/// The kind of an opening's payload.
pub const OPENING: u8 = 64;
/// Words of an opening's payload.
pub const OPENING_WORDS: usize = 2 + INSTRUMENT_WORDS;
/// Words of an instrument.
pub const INSTRUMENT_WORDS: usize = 29;
/// Words of what an instrument may have or not, with that which says so.
const RULE_WORDS: usize = 11;
/// The second word of an opening's payload.
pub const NAME: u64 = u64::from_le_bytes(*b"pricetim");

/// An instrument as words.
pub fn instrument_words(instrument: &Instrument) -> [u64; INSTRUMENT_WORDS] {
    let least = instrument.notional_min().tick_lots();
    let greatest = instrument.notional_max();
    let limit = greatest.map_or(0, Notional::tick_lots);
    let increasing = instrument.order_ids() == OrderIdPolicy::Increasing;
    let modes = allowed(instrument).fold(0, |modes, mode| modes | 1 << mode as u64);
    let capacities = instrument.capacities();
    let [tick, lot] = [instrument.tick().parts(), instrument.lot().parts()];
    let scaled = |(mantissa, scale): (i128, u32)| (mantissa >> 64) as u64 | u64::from(scale) << 32;
    let [rules, rule_words @ ..] = rule_words(instrument);
    let words = [
        tick.0 as u64,
        scaled(tick),
        lot.0 as u64,
        scaled(lot),
        instrument.price_min().ticks() as u64,
        instrument.price_max().ticks() as u64,
        instrument.quantity_min().lots(),
        instrument.quantity_max().lots(),
        least as u64,
        (least >> 64) as u64,
        limit as u64,
        (limit >> 64) as u64,
        u64::from(greatest.is_some())
            | u64::from(increasing) << 1
            | (instrument.trigger_on_entry() as u64) << 2
            | (instrument.amend_policy() as u64) << 4
            | (instrument.amend_quantity() as u64) << 6
            | u64::from(instrument.keeps_totals()) << 7
            | (instrument.self_trade() as u64) << 8
            | modes << 16
            | u64::from(instrument.peaks_max()) << 32,
        instrument.index_key(),
        u64::from(capacities.orders) | u64::from(capacities.levels) << 32,
        u64::from(capacities.accounts) | u64::from(capacities.timed_orders) << 32,
        u64::from(capacities.events) | u64::from(capacities.special_orders) << 32,
        u64::from(capacities.waiting_orders) | u64::from(capacities.lists) << 32,
        u64::from(capacities.tokens) | rules,
    ];
    let mut all = words.into_iter().chain(rule_words);
    std::array::from_fn(|_| all.next().expect("as many words as there are"))
}

/// What may be there or not: from bit 32 on which of it is, and then its words.
fn rule_words(instrument: &Instrument) -> [u64; RULE_WORDS] {
    let ranges = [instrument.price_range(), instrument.execution_range()];
    let limits = limits_of(&instrument.account_limits());
    let lot = instrument.market_lot();
    let flags = ranges.iter().flat_map(|range| {
        let from_mark = |range: &PriceRange| range.reference == RangeReference::Mark;
        [range.is_some(), range.as_ref().is_some_and(from_mark)]
    });
    let flags = flags.chain([lot.is_some()]);
    let flags = flags.chain(limits.iter().map(Option::is_some));
    let flags = (32..).zip(flags);
    let flags = flags.fold(0, |all, (bit, is_set)| all | u64::from(is_set) << bit);
    let pair = |[low, high]: [u32; 2]| u64::from(low) | u64::from(high) << 32;
    let [price, execution] =
        ranges.map(|range| range.map_or([0; 2], |range| [pair(range.buy), pair(range.sell)]));
    let lot = lot.map_or([0; 3], |lot| {
        [lot.min, lot.max, lot.step].map(Quantity::lots)
    });
    let [orders, triggers, icebergs, lists, order_amends, amends] =
        limits.map(Option::unwrap_or_default);
    [
        flags,
        price[0],
        price[1],
        execution[0],
        execution[1],
        lot[0],
        lot[1],
        lot[2],
        pair([orders, triggers]),
        pair([icebergs, lists]),
        pair([order_amends, amends]),
    ]
}

/// The limits in the order of their words.
fn limits_of(limits: &AccountLimits) -> [Option<u32>; 6] {
    let AccountLimits {
        orders,
        triggers,
        icebergs,
        lists,
        order_amends,
        amends,
    } = *limits;
    [orders, triggers, icebergs, lists, order_amends, amends]
}

/// The self-trade modes that orders of an instrument may ask for.
fn allowed(instrument: &Instrument) -> impl Iterator<Item = SelfTrade> {
    let all = SelfTrade::ALL.into_iter();
    all.filter(|mode| instrument.allows_self_trade(*mode))
}

/// The instrument that the words stand for; `None` if they stand for none.
pub fn instrument_of(words: &[u64; INSTRUMENT_WORDS]) -> Option<Instrument> {
    let wide = |low: usize| i128::from(words[low + 1] as i64) << 64 | i128::from(words[low]);
    let parts = |low: usize| {
        let high = words[low + 1];
        let mantissa = i128::from(high as u32) << 64 | i128::from(words[low]);
        (mantissa, (high >> 32) as u32)
    };
    let ((tick, tick_scale), (lot, lot_scale)) = (parts(0), parts(2));
    let is_allowed = |mode: &SelfTrade| words[12] >> (16 + *mode as u64) & 1 == 1;
    let modes: SmallVec<[SelfTrade; 6]> = SelfTrade::ALL.into_iter().filter(is_allowed).collect();
    let mut builder = Instrument::builder()
        .tick(Tick::from_parts(tick, tick_scale)?)
        .lot(Lot::from_parts(lot, lot_scale)?)
        .price_band(Price::new(words[4] as i64), Price::new(words[5] as i64))
        .quantity_limits(Quantity::new(words[6]), Quantity::new(words[7]))
        .notional_min(Notional::new(wide(8)))
        .index_key(words[13])
        .capacities(Capacities {
            orders: words[14] as u32,
            levels: (words[14] >> 32) as u32,
            accounts: words[15] as u32,
            timed_orders: (words[15] >> 32) as u32,
            special_orders: (words[16] >> 32) as u32,
            waiting_orders: words[17] as u32,
            lists: (words[17] >> 32) as u32,
            tokens: words[18] as u32,
            events: words[16] as u32,
        })
        .self_trade(*SelfTrade::ALL.get((words[12] >> 8) as u8 as usize)?)
        .self_trade_modes(&modes)
        .trigger_on_entry(*TRIGGERS_ON_ENTRY.get((words[12] >> 2) as usize & 3)?)
        .amend_policy(*AMEND_POLICIES.get((words[12] >> 4) as usize & 3)?)
        .amend_quantity(AMEND_QUANTITIES[(words[12] >> 6) as usize & 1])
        .keeps_totals(words[12] >> 7 & 1 == 1)
        .peaks_max((words[12] >> 32) as u32);
    if words[12] & 1 == 1 {
        builder = builder.notional_max(Notional::new(wide(10)));
    }
    if words[12] & 2 == 2 {
        builder = builder.order_ids(OrderIdPolicy::Increasing);
    }
    let instrument = with_rules(builder, words).build().ok()?;
    (instrument_words(&instrument) == *words).then_some(instrument)
}

/// Adds what may be there or not. That the words of what is not are zero is seen when they are written again.
fn with_rules(
    mut builder: InstrumentBuilder,
    words: &[u64; INSTRUMENT_WORDS],
) -> InstrumentBuilder {
    let is_set = |bit: u32| words[18] >> bit & 1 == 1;
    let pair = |word: usize| [words[word] as u32, (words[word] >> 32) as u32];
    let range = |bit: u32, word: usize| PriceRange {
        reference: REFERENCES[usize::from(is_set(bit + 1))],
        buy: pair(word),
        sell: pair(word + 1),
    };
    if is_set(32) {
        builder = builder.price_range(range(32, 19));
    }
    if is_set(34) {
        builder = builder.execution_range(range(34, 21));
    }
    if is_set(36) {
        builder = builder.market_lot(MarketLot {
            min: Quantity::new(words[23]),
            max: Quantity::new(words[24]),
            step: Quantity::new(words[25]),
        });
    }
    let ([orders, triggers], [icebergs, lists], [order_amends, amends]) =
        (pair(26), pair(27), pair(28));
    let limit = |bit: u32, limit: u32| is_set(bit).then_some(limit);
    builder.account_limits(AccountLimits {
        orders: limit(37, orders),
        triggers: limit(38, triggers),
        icebergs: limit(39, icebergs),
        lists: limit(40, lists),
        order_amends: limit(41, order_amends),
        amends: limit(42, amends),
    })
}

const TRIGGERS_ON_ENTRY: [TriggerOnEntry; 3] = [
    TriggerOnEntry::Fires,
    TriggerOnEntry::Refused,
    TriggerOnEntry::Waits,
];

const AMEND_POLICIES: [AmendPolicy; 3] = [
    AmendPolicy::LessQuantity,
    AmendPolicy::NoMoreDisplayed,
    AmendPolicy::OnlyLessQuantity,
];

const AMEND_QUANTITIES: [AmendQuantity; 2] = [AmendQuantity::Open, AmendQuantity::Total];

const REFERENCES: [RangeReference; 2] = [RangeReference::LastTrade, RangeReference::Mark];
