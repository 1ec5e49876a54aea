//! Orders that depend on each other.

#[cfg(doc)]
use crate::order::TriggerKind;

/// How the orders of a list depend on each other.
///
/// An order of a list is entered by [`Action::Leg`](crate::Action::Leg). Orders are held until the last one has come; then the list starts. A list has a *working* order,
/// or a group of *alternatives*, or both: then the alternatives are held until the working order has traded whole.
///
/// When any order of a list ends otherwise than by trading whole (it is cancelled, expires, is refused when it is run, or is ended by the
/// prevention of self-trades), all others are cancelled. When an alternative trades whole, the other alternatives are. [`PartialFill`] says what a
/// partial trade does. A taker that trades with an alternative passes by those that this cancels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum ListKind {
    /// Two alternatives of one side and quantity: one takes profit (a limit that rests, or [`TriggerKind::TakeProfit`]), the other stops a loss
    /// ([`TriggerKind::Stop`]). When the list starts, the last trade's price has to lie between their prices, as far as there was one: for a sell profit above and
    /// stop below, for a buy the other way round. The price of an order that waits is its trigger's; one that trails at once is not
    /// compared. (Binance: OCO.)
    OneCancelsOther = 0,
    /// Two to eight alternatives of one side, each a limit that can rest or an order with a trigger.
    OneCancelsMany = 1,
    /// A working order and one that is held until it has traded whole. (Binance: OTO.)
    OneTriggersOther = 2,
    /// A working order and two alternatives as of [`OneCancelsOther`](ListKind::OneCancelsOther), whose prices are only compared with each other. (Binance: OTOCO.)
    OneTriggersOneCancelsOther = 3,
    /// A working order that buys, and one that sells what was bought: it is entered when the working order has ended, whole or not, if
    /// anything was bought, with that quantity if that is less than its own. If nothing was, it is cancelled. (Binance: OPO.)
    OnePaysOther = 4,
}

/// What a partial trade of one alternative of a list does to the others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum PartialFill {
    /// They are cancelled; that an order is triggered does the same. (Binance: one order's activation cancels the other.)
    #[default]
    Cancels = 0,
    /// They are made smaller by as much. (FIX: ContingencyType 6, one updates the other, absolute.)
    Reduces = 1,
    /// Nothing. They are cancelled when it has traded whole.
    Waits = 2,
}

impl ListKind {
    /// All of them, by their codes.
    pub const ALL: [Self; 5] = [
        Self::OneCancelsOther,
        Self::OneCancelsMany,
        Self::OneTriggersOther,
        Self::OneTriggersOneCancelsOther,
        Self::OnePaysOther,
    ];

    /// Whether its first order works while the others are held.
    pub const fn has_working(self) -> bool {
        match self {
            Self::OneCancelsOther | Self::OneCancelsMany => false,
            Self::OneTriggersOther | Self::OneTriggersOneCancelsOther | Self::OnePaysOther => true,
        }
    }

    /// How many orders it may have.
    pub const fn legs(self) -> std::ops::RangeInclusive<u8> {
        match self {
            Self::OneCancelsOther | Self::OneTriggersOther | Self::OnePaysOther => 2..=2,
            Self::OneCancelsMany => 2..=8,
            Self::OneTriggersOneCancelsOther => 3..=3,
        }
    }
}

impl PartialFill {
    /// All of them, by their codes.
    pub const ALL: [Self; 3] = [Self::Cancels, Self::Reduces, Self::Waits];
}
