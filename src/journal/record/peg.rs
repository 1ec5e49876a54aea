//! How an order is priced, to its first record and back. What a peg adds stands in the second one.

use crate::journal::record::put::ticks;
use crate::journal::record::take::Fields;
use crate::journal::record::*;
use crate::order::{PegReference, PegUnit, Pricing, Repricing};
use crate::units::Price;

/// Where the fields begin among the flags.
const PRICING: u32 = 6;
const REFERENCE: u32 = 9;
const REPRICING: u32 = 11;
const UNIT: u32 = 12;

const LIMITED: u64 = 0;
const UNPRICED: u64 = 1;
const PROTECTED: u64 = 2;
const MARKET_TO_LIMIT: u64 = 3;
const PEGGED: u64 = 4;

const REFERENCES: [PegReference; 3] = [
    PegReference::Primary,
    PegReference::Market,
    PegReference::Midpoint,
];
const REPRICINGS: [Repricing; 2] = [Repricing::Live, Repricing::Once];
const UNITS: [PegUnit; 2] = [PegUnit::Ticks, PegUnit::Levels];

/// What the pricing adds to the flags of the first record, and the word of its price.
#[inline(always)]
pub fn pricing_words(pricing: Pricing) -> (u64, u64) {
    let (flags, word) = match pricing {
        Pricing::Limit(price) => (LIMITED << PRICING, ticks(price)),
        Pricing::Market => (UNPRICED << PRICING, 0),
        Pricing::Protected(distance) => (PROTECTED << PRICING, distance),
        Pricing::MarketToLimit => (MARKET_TO_LIMIT << PRICING, 0),
        Pricing::Pegged {
            reference,
            repricing,
            unit,
            offset: _,
            limit,
        } => {
            let peg = (reference as u64) << REFERENCE
                | (repricing as u64) << REPRICING
                | (unit as u64) << UNIT;
            (PEGGED << PRICING | peg, ticks(limit))
        }
    };
    (flags, word)
}

/// The pricing that the first record tells of, with no offset yet.
pub fn pricing_of(fields: &Fields<'_>) -> Option<Pricing> {
    let word = fields.word(PRICE);
    let pricing = fields.flags(PRICING, 3);
    if pricing == PEGGED {
        return Some(Pricing::Pegged {
            reference: *REFERENCES.get(fields.flags(REFERENCE, 2) as usize)?,
            repricing: REPRICINGS[fields.flags(REPRICING, 1) as usize & 1],
            unit: UNITS[fields.flags(UNIT, 1) as usize & 1],
            offset: 0,
            limit: Price::new(word as i64),
        });
    }
    if fields.flags(REFERENCE, 4) != 0 {
        return None;
    }
    match pricing {
        LIMITED => Some(Pricing::Limit(Price::new(word as i64))),
        PROTECTED => Some(Pricing::Protected(word)),
        UNPRICED => (word == 0).then_some(Pricing::Market),
        MARKET_TO_LIMIT => (word == 0).then_some(Pricing::MarketToLimit),
        _ => None,
    }
}

/// How much a pegged order adds to its reference; `None` for any other.
pub fn offset_of(pricing: &Pricing) -> Option<i32> {
    match pricing {
        Pricing::Pegged { offset, .. } => Some(*offset),
        Pricing::Limit(_) | Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => {
            None
        }
    }
}

/// Gives a pegged order the offset that its second record has. Of any other it has to be zero; whether there was one at all is told.
pub fn add_offset(pricing: &mut Pricing, added: i32) -> Option<bool> {
    match pricing {
        Pricing::Pegged { offset, .. } => {
            *offset = added;
            Some(true)
        }
        Pricing::Limit(_) | Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => {
            (added == 0).then_some(false)
        }
    }
}
