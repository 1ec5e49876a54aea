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

/// Which amendments let a resting order keep its place in the queue. Any other loses it, or is refused where that is said. So it is of
/// replacements.
///
/// ```
/// use pricetime::*;
/// let policy = AmendPolicy::NoMoreDisplayed;
/// let mut engine = Engine::new(Instrument::builder().amend_policy(policy).build()?);
/// let mut events = Events::for_instrument(engine.instrument());
/// let bid = Order::limit(OrderId(1), AccountId(7), Side::Buy, Price::new(100), Quantity::new(5));
/// let hidden = Order { display: Display::Hidden, ..bid };
/// let (price, quantity) = (None, Some(Quantity::new(9)));
/// let more = Replace { id: OrderId(1), owner: None, price, quantity };
/// for action in [Action::Order(hidden), Action::Replace(more)] {
///     engine.apply(&Command::new(Timestamp::new(0), action), &mut events);
/// }
/// let is_kept = |event: &Event| matches!(event, Event::Replaced { priority: Priority::Kept, .. });
/// assert!(events.iter().any(is_kept));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum AmendPolicy {
    /// Less quantity at the same price with the same display. (CME: an increase of quantity and a change of price lose priority.)
    #[default]
    LessQuantity = 0,
    /// At the same price, whatever does not make what is shown more, and shows some exactly if some was shown: less that is shown, and more or
    /// less that is not. A new display that shows less than all loses the place of an order that showed all. (Toronto Stock Exchange order
    /// types guide.)
    NoMoreDisplayed = 1,
    /// Less quantity at the same price with the same display; anything else is refused as
    /// [`AmendNotAllowed`](crate::RejectReason::AmendNotAllowed), but of an order that waits. (Binance: order amend keep priority.)
    OnlyLessQuantity = 2,
}

/// What the new quantity of a [`Replace`](crate::Replace) or an [`Amend`](crate::Amend) counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub enum AmendQuantity {
    /// What is to be open.
    #[default]
    Open = 0,
    /// What is to have traded in the end, with what has traded already: what traded while the request was on its way is never traded twice. If
    /// no less has traded already, the order is cancelled, with [`CancelCause::Amended`](crate::CancelCause::Amended). (CME: in-flight fill
    /// mitigation.) The instrument has to [keep totals](InstrumentBuilder::keeps_totals).
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

/// How far prices may be from a reference, by side: hundredths of a percent of the reference's absolute value, compared exactly; the
/// farthest prices are allowed. While there is no reference nothing is out of range.
///
/// ```
/// use pricetime::*;
/// let range = PriceRange { reference: RangeReference::Mark, buy: [500, 10_000], sell: [10_000, 500] };
/// let mut engine = Engine::new(Instrument::builder().price_range(range).build()?);
/// let bid = |id, ticks| Order::limit(OrderId(id), AccountId(7), Side::Buy, Price::new(ticks), Quantity::new(5));
/// let [_, near, far] = [Action::SetMark(Price::new(1_000)), Action::Order(bid(1, 1_050)), Action::Order(bid(2, 1_051))]
///     .map(|action| engine.submit(&Command::new(Timestamp::new(0), action)));
/// assert!(near.is_ok());
/// assert_eq!(far, Err(RejectReason::PriceOutOfRange));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceRange {
    /// What it is measured from.
    pub reference: RangeReference,
    /// How far above it (first) and below it (second) a buy may be: 0 to 10,000,000 each.
    pub buy: [u32; 2],
    /// The same for a sell: above, below.
    pub sell: [u32; 2],
}

/// Which quantities a market order may have, of those that every order may have. Budgets are not concerned.
///
/// ```
/// use pricetime::*;
/// let lot = MarketLot { min: Quantity::new(10), max: Quantity::new(1_000), step: Quantity::new(10) };
/// let mut engine = Engine::new(Instrument::builder().market_lot(lot).build()?);
/// let order = Order::market(OrderId(1), AccountId(7), Side::Buy, Quantity::new(15));
/// let refused = engine.submit(&Command::new(Timestamp::new(0), Action::Order(order)));
/// assert_eq!(refused, Err(RejectReason::MarketQuantityNotInLots));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MarketLot {
    /// The least, in lots.
    pub min: Quantity,
    /// The greatest, in lots: no less than `min`.
    pub max: Quantity,
    /// Every one is a multiple of this, at least one lot.
    pub step: Quantity,
}

/// How much one account may have at a time, and how often one order may be amended; `None` is any number.
///
/// Counting costs a new order as many steps as its account has orders, and one that opens a list as many as there is room for lists. All but
/// `order_amends` need a [capacity for accounts](Capacities::accounts). An order that can neither rest nor wait is not counted.
///
/// ```
/// use pricetime::*;
/// let limits = AccountLimits { orders: Some(1), ..AccountLimits::default() };
/// let capacities = Capacities { accounts: 100, ..Capacities::default() };
/// let instrument = Instrument::builder().account_limits(limits).capacities(capacities).build()?;
/// let mut engine = Engine::new(instrument);
/// let bid = |id| Order::limit(OrderId(id), AccountId(7), Side::Buy, Price::new(100), Quantity::new(5));
/// let [first, second] = [1, 2].map(|id| engine.submit(&Command::new(Timestamp::new(0), Action::Order(bid(id)))));
/// assert!(first.is_ok());
/// assert_eq!(second, Err(RejectReason::AccountOrdersFull));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AccountLimits {
    /// Live orders, waiting or not.
    pub orders: Option<u32>,
    /// Orders that have a trigger and wait, whatever for.
    pub triggers: Option<u32>,
    /// Live iceberg orders, waiting or not.
    pub icebergs: Option<u32>,
    /// Live lists, started or not.
    pub lists: Option<u32>,
    /// Of each order, not of the account: how many replacements and amendments are accepted as long as it lives; reductions are not counted.
    /// (Binance: `MAX_NUM_ORDER_AMENDS`.) The instrument has to [keep totals](InstrumentBuilder::keeps_totals).
    pub order_amends: Option<u32>,
    /// The same of all its live orders together. What is gone does not count any more. An amendment then costs a step for each live order of the account.
    pub amends: Option<u32>,
}
