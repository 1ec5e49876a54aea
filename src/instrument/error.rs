//! What is wrong with an instrument.

use std::fmt;

#[cfg(doc)]
use crate::instrument::{Capacities, PRICE_LIMIT, PriceRange};

/// Why an instrument cannot be built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InstrumentError {
    /// A capacity is outside the range that [`Capacities`] states.
    CapacityOutOfRange,
    /// The price band is empty or reaches beyond ±[`PRICE_LIMIT`].
    PriceBandOutOfRange,
    /// The least quantity is zero or above the greatest.
    QuantityLimitsEmpty,
    /// The greatest quantity times the capacity for orders is 2^64 - 1 or more.
    QuantityMaxTooLarge,
    /// The least notional is below zero or above the greatest.
    NotionalLimitsEmpty,
    /// Iceberg orders may have no peak at all.
    NoPeaks,
    /// The default self-trade mode is not one that orders may ask for.
    SelfTradeDefaultNotAllowed,
    /// A price range reaches farther than [`PriceRange`] states.
    PriceRangeTooWide,
    /// The market lot's step is zero, or its least quantity is above the greatest.
    MarketLotEmpty,
    /// Limits per account, all but that on amendments, need a capacity for accounts.
    AccountsNotLinked,
    /// A rule needs to know how much of an order has traded or how often it was amended, and that is not kept.
    TotalsNotKept,
}

impl fmt::Display for InstrumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CapacityOutOfRange => "a capacity is out of range",
            Self::PriceBandOutOfRange => "the price band is empty or too wide",
            Self::QuantityLimitsEmpty => "the least quantity is zero or above the greatest",
            Self::QuantityMaxTooLarge => "the greatest quantity times the orders overflows",
            Self::NotionalLimitsEmpty => "the least notional is below zero or above the greatest",
            Self::NoPeaks => "an iceberg order has at least one peak",
            Self::SelfTradeDefaultNotAllowed => "the default self-trade mode is not allowed",
            Self::PriceRangeTooWide => "a price range is too wide",
            Self::MarketLotEmpty => "the market lot is zero or its limits are empty",
            Self::AccountsNotLinked => "limits per account need a capacity for accounts",
            Self::TotalsNotKept => "totals are needed and not kept",
        })
    }
}

impl std::error::Error for InstrumentError {}
