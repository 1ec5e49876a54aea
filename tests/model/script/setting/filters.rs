//! Settings where prices, quantities and accounts are kept within bounds.

use pricetime::{AccountLimits, MarketLot, PriceRange, Quantity, RangeReference, TriggerOnEntry};

use super::{Kind, ROOMY, Setting, plain, positive, waiting};

/// Prices, and trades, not far from the last trade.
pub fn by_last_trade() -> Setting {
    let usual = positive(ROOMY);
    Setting {
        instrument: usual
            .instrument
            .price_range(PriceRange {
                reference: RangeReference::LastTrade,
                buy: [20_000, 7_000],
                sell: [25_000, 6_000],
            })
            .execution_range(PriceRange {
                reference: RangeReference::LastTrade,
                buy: [3_334, 5_000],
                sell: [10_000, 2_500],
            })
            .market_lot(LOT),
        actions: ACTIONS,
        ..usual
    }
}

/// Prices around zero, not far from the mark, and trades nearer to it.
pub fn by_mark() -> Setting {
    let usual = plain();
    Setting {
        instrument: usual
            .instrument
            .price_range(PriceRange {
                reference: RangeReference::Mark,
                buy: [60_000, 30_000],
                sell: [30_000, 60_000],
            })
            .execution_range(PriceRange {
                reference: RangeReference::Mark,
                buy: [10_000, 20_000],
                sell: [15_000, 10_000],
            })
            .market_lot(LOT),
        actions: ACTIONS,
        ..usual
    }
}

/// Orders that wait, icebergs and others: a few of each to an account.
pub fn few_of_each_account() -> Setting {
    let usual = waiting::stops();
    Setting {
        instrument: usual
            .instrument
            .trigger_on_entry(TriggerOnEntry::Fires)
            .execution_range(PriceRange {
                reference: RangeReference::LastTrade,
                buy: [10_000, 10_000],
                sell: [10_000, 10_000],
            })
            .account_limits(AccountLimits {
                orders: Some(5),
                triggers: Some(2),
                icebergs: Some(1),
                lists: Some(1),
                order_amends: None,
                amends: None,
            }),
        accounts: vec![0, 1, 2, 3],
        ..usual
    }
}

const LOT: MarketLot = MarketLot {
    min: Quantity::new(2),
    max: Quantity::new(11),
    step: Quantity::new(2),
};

const ACTIONS: &[(Kind, u8)] = &[
    (Kind::Limit, 80),
    (Kind::Order, 60),
    (Kind::Once, 6),
    (Kind::CancelReplace, 6),
    (Kind::Market, 40),
    (Kind::Cancel, 8),
    (Kind::Reduce, 6),
    (Kind::Replace, 20),
    (Kind::Amend, 12),
    (Kind::CancelAll, 2),
    (Kind::SetMark, 14),
    (Kind::EndOfDay, 1),
];
