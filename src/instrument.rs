//! What is fixed about an instrument: units, limits, policies and capacities.

mod builder;
mod error;
mod policy;

use crate::order::SelfTrade;
use crate::units::{Decimal, Lot, Notional, Price, Quantity, Tick, UnitError, notional};
pub use builder::InstrumentBuilder;
pub use error::InstrumentError;
pub use policy::{
    AccountLimits, AmendPolicy, AmendQuantity, MarketLot, OrderIdPolicy, PriceRange,
    RangeReference, TriggerOnEntry,
};

/// The farthest a price band may reach from zero, in ticks. It leaves every sum
/// of prices times quantities within 128 bits.
pub const PRICE_LIMIT: i64 = 1 << 62;

/// How much an engine holds. All of it is allocated when the engine is made;
/// running out is a [`RejectReason`](crate::RejectReason), never an allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capacities {
    /// Live orders, resting and waiting together: 1 to 2^28.
    pub orders: u32,
    /// Price levels, both sides together: 1 to 2^24.
    pub levels: u32,
    /// Accounts that have live orders at the same time: 0 to 2^24. With a capacity for
    /// accounts the book links the orders of each, so that a mass cancel of one account
    /// costs no more than its orders, and they can be counted. Every order pays a little for it. With 0 nothing is
    /// linked, any number of accounts may trade, and such a cancel looks at the whole book.
    pub accounts: u32,
    /// Live orders that expire by date or with the day: 0 to `orders`.
    pub timed_orders: u32,
    /// Resting orders that need a record of their own: those with a [`Display`](crate::Display) other than whole, a minimum,
    /// a trade group, a self-trade mode that is not the instrument's default, a live peg or a place in a list. 0 to `orders`, and with `levels` at most 2^24.
    pub special_orders: u32,
    /// Orders that wait for a trigger, for a reference or for their list: 0 to `orders`.
    pub waiting_orders: u32,
    /// Order lists, started or not: 0 to 2^20; each takes about 0.9 KB.
    pub lists: u32,
    /// Client tokens that are remembered, of all accounts together: 0 to 2^24. A new one then takes the place of the oldest.
    pub tokens: u32,
    /// Events that one command may cause: 16 to 2^28. Not counted are expiries that fall due before it, as many again at most; that
    /// the old order of a [`CancelReplace`](crate::Action::CancelReplace) was cancelled, or could not be; and that an order was triggered as it
    /// was entered. A mass cancel of more orders goes in several commands, an order that would trade more often is refused, and what
    /// follows by itself and does not fit is left to the next command.
    pub events: u32,
}

impl Capacities {
    /// The most events of one command: what it expires, its own, that an order was triggered as it was entered, and that another was
    /// cancelled for it.
    pub(crate) fn events_most(&self) -> usize {
        2 * self.events as usize + 2
    }
}

impl Default for Capacities {
    /// 65,536 orders on 4,096 levels, all of which may be timed, 4,096 of them special; 4,096 may wait; 1,024 lists, 4,096 tokens;
    /// accounts are not linked; 65,540 events.
    fn default() -> Self {
        Self {
            orders: 1 << 16,
            levels: 1 << 12,
            accounts: 0,
            timed_orders: 1 << 16,
            special_orders: 1 << 12,
            waiting_orders: 1 << 12,
            lists: 1 << 10,
            tokens: 1 << 12,
            events: (1 << 16) + 4,
        }
    }
}

/// What is fixed about an instrument.
///
/// ```
/// use pricetime::{Decimal, Instrument, Lot, Price, Tick};
/// let instrument = Instrument::builder()
///     .tick(Tick::new(Decimal::new(1, 2))?)
///     .lot(Lot::new(Decimal::new(1, 8))?)
///     .price_band(Price::new(1), Price::new(10_000_000))
///     .build()?;
/// assert_eq!(instrument.price(Decimal::new(619084, 2))?, Price::new(619084));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instrument {
    tick: Tick,
    lot: Lot,
    price_min: Price,
    price_max: Price,
    quantity_min: Quantity,
    quantity_max: Quantity,
    notional_min: Notional,
    notional_max: Option<Notional>,
    order_ids: OrderIdPolicy,
    self_trade: SelfTrade,
    self_trade_modes: u8,
    peaks_max: u32,
    trigger_on_entry: TriggerOnEntry,
    amend_policy: AmendPolicy,
    amend_quantity: AmendQuantity,
    price_range: Option<PriceRange>,
    execution_range: Option<PriceRange>,
    market_lot: Option<MarketLot>,
    account_limits: AccountLimits,
    keeps_totals: bool,
    index_key: u64,
    capacities: Capacities,
}

impl Instrument {
    /// Starts from a tick and lot of 1, prices within ±10^12 ticks, any quantity, no
    /// notional limits and the default capacities.
    pub fn builder() -> InstrumentBuilder {
        InstrumentBuilder::default()
    }

    /// The step of prices.
    pub fn tick(&self) -> Tick {
        self.tick
    }

    /// The step of quantities.
    pub fn lot(&self) -> Lot {
        self.lot
    }

    /// The lowest price an order may have.
    pub fn price_min(&self) -> Price {
        self.price_min
    }

    /// The highest price an order may have.
    pub fn price_max(&self) -> Price {
        self.price_max
    }

    /// The least quantity of an order, at least one lot.
    pub fn quantity_min(&self) -> Quantity {
        self.quantity_min
    }

    /// The greatest quantity of an order.
    pub fn quantity_max(&self) -> Quantity {
        self.quantity_max
    }

    /// The least price times quantity (in absolute value), budget or total; zero means no limit.
    pub fn notional_min(&self) -> Notional {
        self.notional_min
    }

    /// The greatest price times quantity (in absolute value), budget or total; `None` means no limit.
    pub fn notional_max(&self) -> Option<Notional> {
        self.notional_max
    }

    /// Which ids a new order may carry.
    pub fn order_ids(&self) -> OrderIdPolicy {
        self.order_ids
    }

    /// What happens instead of a self-trade where an order does not say.
    pub fn self_trade(&self) -> SelfTrade {
        self.self_trade
    }

    /// Whether an order may ask for this self-trade mode.
    pub fn allows_self_trade(&self, mode: SelfTrade) -> bool {
        self.self_trade_modes >> mode as u8 & 1 == 1
    }

    /// How many peaks the quantity of an iceberg order may make.
    pub fn peaks_max(&self) -> u32 {
        self.peaks_max
    }

    /// What becomes of an order whose trigger is met when it is entered.
    pub fn trigger_on_entry(&self) -> TriggerOnEntry {
        self.trigger_on_entry
    }

    /// Which amendments let an order keep its place.
    pub fn amend_policy(&self) -> AmendPolicy {
        self.amend_policy
    }

    /// What the new quantity of a replacement or an amendment counts.
    pub fn amend_quantity(&self) -> AmendQuantity {
        self.amend_quantity
    }

    /// How far a limit may be from a reference; `None` is any distance.
    pub fn price_range(&self) -> Option<PriceRange> {
        self.price_range
    }

    /// How far from a reference an order may trade; `None` is any distance.
    pub fn execution_range(&self) -> Option<PriceRange> {
        self.execution_range
    }

    /// Which quantities a market order may have; `None` is those of every order.
    pub fn market_lot(&self) -> Option<MarketLot> {
        self.market_lot
    }

    /// How much one account may have at a time, and how often one order may be amended.
    pub fn account_limits(&self) -> AccountLimits {
        self.account_limits
    }

    /// Whether it is kept how much of each live order has traded, and how often it was amended.
    pub fn keeps_totals(&self) -> bool {
        self.keeps_totals
    }

    /// The key that the order index hashes with.
    pub fn index_key(&self) -> u64 {
        self.index_key
    }

    /// How much the engine holds.
    pub fn capacities(&self) -> Capacities {
        self.capacities
    }

    /// A decimal price in ticks, exactly.
    ///
    /// # Errors
    /// As [`Tick::price`].
    pub fn price(&self, value: Decimal) -> Result<Price, UnitError> {
        self.tick.price(value)
    }

    /// A decimal quantity in lots, exactly.
    ///
    /// # Errors
    /// As [`Lot::quantity`].
    pub fn quantity(&self, value: Decimal) -> Result<Quantity, UnitError> {
        self.lot.quantity(value)
    }

    /// Decimal money in units of one tick times one lot, exactly.
    ///
    /// # Errors
    /// As [`notional`].
    pub fn notional(&self, value: Decimal) -> Result<Notional, UnitError> {
        notional(value, self.tick, self.lot)
    }
}
