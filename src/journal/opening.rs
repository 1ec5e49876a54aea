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
//!            order whose trigger is met on entry (2 bits); from bit 8 on the default
//!            self-trade mode (8 bits), the modes that orders may ask for (a bit each, 16 bits), peaks at most (32 bits)
//!        15  key of the indexes
//!        16  capacities: orders 32 bits, levels 32 bits
//!        17  capacities: accounts 32 bits, timed orders 32 bits
//!        18  capacities: events 32 bits, special orders 32 bits
//!        19  capacities: waiting orders 32 bits
//! ```

use smallvec::SmallVec;

use crate::instrument::{Capacities, Instrument, OrderIdPolicy, TriggerOnEntry};
use crate::order::SelfTrade;
use crate::units::{Lot, Notional, Price, Quantity, Tick};

/// The kind of an opening's payload.
pub const OPENING: u8 = 64;
/// Words of an opening's payload.
pub const OPENING_WORDS: usize = 2 + INSTRUMENT_WORDS;
/// Words of an instrument.
pub const INSTRUMENT_WORDS: usize = 18;
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
    [
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
            | (instrument.self_trade() as u64) << 8
            | modes << 16
            | u64::from(instrument.peaks_max()) << 32,
        instrument.index_key(),
        u64::from(capacities.orders) | u64::from(capacities.levels) << 32,
        u64::from(capacities.accounts) | u64::from(capacities.timed_orders) << 32,
        u64::from(capacities.events) | u64::from(capacities.special_orders) << 32,
        u64::from(capacities.waiting_orders),
    ]
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
            lists: 0,
            tokens: 0,
            events: words[16] as u32,
        })
        .self_trade(*SelfTrade::ALL.get((words[12] >> 8) as u8 as usize)?)
        .self_trade_modes(&modes)
        .trigger_on_entry(*TRIGGERS_ON_ENTRY.get((words[12] >> 2) as usize & 3)?)
        .peaks_max((words[12] >> 32) as u32);
    if words[12] & 1 == 1 {
        builder = builder.notional_max(Notional::new(wide(10)));
    }
    if words[12] & 2 == 2 {
        builder = builder.order_ids(OrderIdPolicy::Increasing);
    }
    let instrument = builder.build().ok()?;
    (instrument_words(&instrument) == *words).then_some(instrument)
}

const TRIGGERS_ON_ENTRY: [TriggerOnEntry; 3] = [
    TriggerOnEntry::Fires,
    TriggerOnEntry::Refused,
    TriggerOnEntry::Waits,
];
