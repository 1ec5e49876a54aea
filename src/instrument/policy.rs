//! What an instrument lets its venue choose.

#[cfg(doc)]
use crate::instrument::{Capacities, InstrumentBuilder};
use crate::units::Quantity;

/// Which ids a new order may carry.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OrderIdPolicy {
    /// Any id that no live order has. The id of an order that is gone may be used again.
    #[default]
    UniqueWhileLive,
    /// Only ids greater than every id accepted before, so that no id ever names two orders.
    Increasing,
}

/// What becomes of an order whose trigger is met when it is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum TriggerOnEntry {
    /// It triggers at once.
    #[default]
    Fires = 0,
    /// It is refused. (Binance: "Stop price would trigger immediately.")
    Refused = 1,
    /// It waits for the next price.
    Waits = 2,
}

/// Which amendments let an order keep its place in the queue. Any other loses it, or is refused where that is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum AmendPolicy {
    /// Less quantity at the same price with the same display. (CME: an increase of quantity and a change of price lose priority.)
    #[default]
    LessQuantity = 0,
    /// At the same price, whatever does not make what is shown more, and shows some if some was shown: less that is shown, and more or less that is
    /// not. A new display that shows less than all loses the place of an order that showed all. (Toronto Stock Exchange order types guide.)
    NoMoreDisplayed = 1,
    /// Less quantity at the same price with the same display; nothing else may be asked, but of an order that waits. (Binance: order amend keep priority.)
    OnlyLessQuantity = 2,
}

/// What the new quantity of a [`Replace`](crate::Replace) or an [`Amend`](crate::Amend) counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum AmendQuantity {
    /// What is to be open.
    #[default]
    Open = 0,
    /// What is to have traded in the end, with what has traded already: what traded while the request was on its way is never traded twice. If no
    /// less has traded already, the order is cancelled, with [`CancelCause::Amended`](crate::CancelCause::Amended). (CME: in-flight fill mitigation.)
    /// The instrument has to [keep totals](InstrumentBuilder::keeps_totals).
    Total = 1,
}

/// The price that a [`PriceRange`] is measured from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum RangeReference {
    /// That of the last trade.
    LastTrade = 0,
    /// The mark, given by [`Action::SetMark`](crate::Action::SetMark).
    Mark = 1,
}

/// How far prices may be from a reference, by side: hundredths of a percent of the reference's absolute value, compared exactly; the farthest prices are
/// allowed. While there is no reference nothing is out of range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceRange {
    /// What it is measured from.
    pub reference: RangeReference,
    /// How far above and below it a buy may be: 0 to 10,000,000 each.
    pub buy: [u32; 2],
    /// The same for a sell.
    pub sell: [u32; 2],
}

/// Which quantities a market order may have, besides those that every order may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MarketLot {
    /// The least.
    pub min: Quantity,
    /// The greatest.
    pub max: Quantity,
    /// A multiple of this, at least one lot.
    pub step: Quantity,
}

/// How much one account may have at a time; `None` is any number. Counting costs a new order as many steps as its account has
/// orders, and one that opens a list as many as there are lists. They need a [capacity for accounts](Capacities::accounts).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AccountLimits {
    /// Live orders, waiting or not.
    pub orders: Option<u32>,
    /// Orders that have a trigger and wait.
    pub triggers: Option<u32>,
    /// Live iceberg orders, waiting or not.
    pub icebergs: Option<u32>,
    /// Live lists.
    pub lists: Option<u32>,
    /// Replacements and amendments of one order, as long as it lives. (Binance: `MAX_NUM_ORDER_AMENDS`.) The instrument has to
    /// [keep totals](InstrumentBuilder::keeps_totals).
    pub amends: Option<u32>,
}
