//! What orders wait for, and how far they have come.

use crate::order::{Side, TriggerKind, TriggerSource};
use crate::units::Price;

/// A stream of prices that triggers are compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Feed {
    Trades = 0,
    /// The best ask, for buys.
    Ask = 1,
    /// The best bid, for sells.
    Bid = 2,
    Mark = 3,
}

impl Feed {
    /// What an order's trigger is compared with.
    pub(crate) fn of(source: TriggerSource, side: Side) -> Self {
        match (source, side) {
            (TriggerSource::LastTrade, _) => Self::Trades,
            (TriggerSource::BestOpposite, Side::Buy) => Self::Ask,
            (TriggerSource::BestOpposite, Side::Sell) => Self::Bid,
            (TriggerSource::Mark, _) => Self::Mark,
        }
    }
}

/// Which way a price has to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Direction {
    /// To the trigger's price or above.
    Rising = 0,
    /// To the trigger's price or below.
    Falling = 1,
}

impl Direction {
    pub(crate) fn of(kind: TriggerKind, side: Side) -> Self {
        match (kind, side) {
            (TriggerKind::Stop, Side::Buy) | (TriggerKind::TakeProfit, Side::Sell) => Self::Rising,
            (TriggerKind::Stop, Side::Sell) | (TriggerKind::TakeProfit, Side::Buy) => Self::Falling,
        }
    }

    /// Whether a price meets a trigger.
    pub(crate) fn meets(self, trigger: Price, price: Price) -> bool {
        match self {
            Self::Rising => price >= trigger,
            Self::Falling => price <= trigger,
        }
    }

    /// The trigger that is met first has the least key.
    pub(super) fn key(self, trigger: Price) -> u64 {
        let above = trigger.ticks() as u64 ^ 1 << 63;
        match self {
            Self::Rising => above,
            Self::Falling => !above,
        }
    }
}

/// Where a waiting order stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Its trigger's price was not met yet.
    Set,
    /// It trails; the best price so far, if there was any.
    Trails(Option<Price>),
    /// In the line to be run: this price triggered it.
    Elected(Price),
    /// One of a list that is not to be run yet.
    Held,
    /// In the line to be run: what it was held for has come.
    Released,
    /// It follows a reference, and there is none.
    Unpriced,
    /// In the line to be run: the reference is there.
    Referenced,
}

impl Stage {
    /// Whether it stands in the line.
    pub(crate) fn is_in_line(self) -> bool {
        match self {
            Self::Elected(_) | Self::Released | Self::Referenced => true,
            Self::Set | Self::Trails(_) | Self::Held | Self::Unpriced => false,
        }
    }
}

/// What an order waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitsFor {
    /// Its trigger: that the price is met, or comes back.
    Trigger,
    /// The price that it follows, while there is none.
    Reference,
    /// The other orders of its list, or that the working one has done its part.
    List,
    /// Its turn: what it waited for has come, and a command that had no more room for its events left it to the next one.
    Turn,
}

impl WaitsFor {
    pub(super) fn of(stage: Stage) -> Self {
        match stage {
            Stage::Set | Stage::Trails(_) => Self::Trigger,
            Stage::Unpriced => Self::Reference,
            Stage::Held => Self::List,
            Stage::Elected(_) | Stage::Released | Stage::Referenced => Self::Turn,
        }
    }
}
