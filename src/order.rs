//! What an order is: identities, side, lifetime and attributes.

use crate::units::{Notional, Price, Quantity, Timestamp};

/// The name the caller gives an order. No two live orders of an instrument share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct OrderId(pub u64);

/// The owner of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AccountId(pub u32);

/// The number of a trade of this instrument: 1, 2, 3 and so on, without a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TradeId(pub u64);

/// Which way an order trades.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Side {
    /// A bid.
    Buy = 0,
    /// An ask.
    Sell = 1,
}

impl Side {
    /// Both sides, bids first.
    pub const BOTH: [Self; 2] = [Self::Buy, Self::Sell];

    /// The side an order of this side trades with.
    #[inline]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

/// How long a limit order lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TimeInForce {
    /// Good till cancelled: what does not trade at once rests.
    Gtc,
    /// Immediate or cancel: what does not trade at once is cancelled.
    Ioc,
    /// Fill or kill: all of it trades at once, or nothing does.
    Fok,
    /// Rests until the next [`EndOfDay`](crate::Action::EndOfDay).
    Day,
    /// Good till date: rests while the engine's time is before this one. At this very
    /// nanosecond the order is gone.
    Gtd(Timestamp),
}

/// What an order that must not take liquidity does when it would.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum PostOnly {
    /// The order may take.
    #[default]
    Off,
    /// The order is refused.
    Reject,
    /// The order's price slides to one tick short of the best opposite price.
    Slide,
}

/// A limit order to be entered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct LimitOrder {
    /// A name that no live order has.
    pub id: OrderId,
    /// Who owns it.
    pub account: AccountId,
    /// Which way it trades.
    pub side: Side,
    /// Whether it may take. Anything but [`PostOnly::Off`] needs an order that can rest.
    pub post_only: PostOnly,
    /// The worst price it may trade at, within the instrument's band.
    pub price: Price,
    /// How much, within the instrument's limits.
    pub quantity: Quantity,
    /// How long it lives.
    pub time_in_force: TimeInForce,
}

/// How much a market order trades.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MarketAmount {
    /// This many lots.
    Quantity(Quantity),
    /// As many whole lots as this much money pays for (buy) or as it takes to
    /// receive no more than it (sell): at each price the quantity is rounded down.
    Budget(Notional),
    /// Whichever is reached first.
    Both {
        /// At most this many lots.
        quantity: Quantity,
        /// At most this much money, rounded down to whole lots at each price.
        budget: Notional,
    },
}

/// A market order to be entered. It trades at any price; what does not trade is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct MarketOrder {
    /// A name that no live order has.
    pub id: OrderId,
    /// Who owns it.
    pub account: AccountId,
    /// Which way it trades.
    pub side: Side,
    /// How much it trades.
    pub amount: MarketAmount,
}
