//! What special orders ask for, and how much of them is shown.

use crate::book::special::Peg;
use crate::order::{Display, SelfTrade, TradeGroup};

/// What an order asks for beyond a plain one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Terms {
    pub group: TradeGroup,
    /// What happens when it is the taker.
    pub self_trade: SelfTrade,
    pub minimum: u64,
    pub display: Display,
    /// How often it showed another peak.
    pub refreshes: u32,
    /// Whether it is one of a list.
    pub in_list: bool,
    /// How it follows a reference, if it does.
    pub peg: Option<Peg>,
}

impl Terms {
    /// Those of a plain order.
    pub(crate) const fn plain(self_trade: SelfTrade) -> Self {
        Self {
            group: TradeGroup(0),
            self_trade,
            minimum: 0,
            display: Display::Whole,
            refreshes: 0,
            in_list: false,
            peg: None,
        }
    }

    /// Whether a resting order with these terms needs a record.
    #[inline]
    pub(crate) fn is_special(&self, default: SelfTrade) -> bool {
        (self.display != Display::Whole)
            | (self.minimum > 0)
            | (self.group != TradeGroup(0))
            | self.in_list
            | self.peg.is_some()
            | (self.self_trade as u8 != default as u8)
    }

    /// How much is shown of what comes to rest.
    pub(crate) fn first_peak(&self, lots: u64) -> u64 {
        match self.display {
            Display::Whole => lots,
            Display::Hidden => 0,
            Display::Peak { quantity, .. } => quantity.lots().min(lots),
        }
    }

    /// Draws how much is shown of what is hidden, once more.
    pub(crate) fn next_peak(&mut self, id: u64, hidden: u64) -> u64 {
        self.refreshes = self.refreshes.wrapping_add(1);
        let Display::Peak {
            quantity,
            spread_bps,
            ..
        } = self.display
        else {
            return hidden;
        };
        let peak = quantity.lots();
        let reach = (u128::from(peak) * u128::from(spread_bps) / 10_000) as u64;
        let drawn = u128::from(mixed(id, self.refreshes)) * (2 * u128::from(reach) + 1);
        (peak - reach)
            .saturating_add((drawn >> 64) as u64)
            .min(hidden)
    }
}

/// A number that looks random and depends on the two alone: the last steps of SplitMix64.
fn mixed(id: u64, refreshes: u32) -> u64 {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut mixed = (id ^ u64::from(refreshes).wrapping_mul(STEP)).wrapping_add(STEP);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
