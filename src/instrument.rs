//! What is fixed about an instrument: units, limits, policies and capacities.

mod error;

use crate::order::SelfTrade;
use crate::units::{Decimal, Lot, Notional, Price, Quantity, Tick, UnitError, notional};
pub use error::InstrumentError;

/// The farthest a price band may reach from zero, in ticks. It leaves every sum
/// of prices times quantities within 128 bits.
pub const PRICE_LIMIT: i64 = 1 << 62;

/// How much an engine holds. All of it is allocated when the engine is made;
/// running out is a [`RejectReason`](crate::RejectReason), never an allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capacities {
    /// Resting orders: 1 to 2^28.
    pub orders: u32,
    /// Price levels, both sides together: 1 to 2^24.
    pub levels: u32,
    /// Accounts that have resting orders at the same time: 0 to 2^24. With a capacity for
    /// accounts the book links the orders of each, so that a mass cancel of one account
    /// costs no more than its orders. Every order pays a little for it. With 0 nothing is
    /// linked, any number of accounts may trade, and such a cancel looks at the whole book.
    pub accounts: u32,
    /// Resting orders that expire by date or with the day: 0 to `orders`.
    pub timed_orders: u32,
    /// Resting orders that need a record of their own: those with a [`Display`](crate::Display) other than whole, a minimum,
    /// a trade group, or a self-trade mode that is not the instrument's default. 0 to `orders`, and with `levels` at most 2^24.
    pub special_orders: u32,
    /// Orders that wait for a trigger: 0 to `orders`.
    pub waiting_orders: u32,
    /// Events that one command may cause, expiries that fall due before it not
    /// counted, nor that an order was triggered as it was entered: 16 to 2^28. A mass cancel of more orders goes in several commands,
    /// and an order that would trade more often is refused.
    pub events: u32,
}

impl Default for Capacities {
    /// 65,536 orders on 4,096 levels, all of which may be timed, 4,096 of them special; 4,096 may wait for a trigger; accounts are not linked; 65,540 events.
    fn default() -> Self {
        Self {
            orders: 1 << 16,
            levels: 1 << 12,
            accounts: 0,
            timed_orders: 1 << 16,
            special_orders: 1 << 12,
            waiting_orders: 1 << 12,
            events: (1 << 16) + 4,
        }
    }
}

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

    /// The least price times quantity (in absolute value) or budget; zero means no limit.
    pub fn notional_min(&self) -> Notional {
        self.notional_min
    }

    /// The greatest price times quantity (in absolute value) or budget.
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

/// Collects what an [`Instrument`] is to be; [`build`](InstrumentBuilder::build) checks it.
#[derive(Clone, Debug)]
pub struct InstrumentBuilder {
    tick: Tick,
    lot: Lot,
    price_min: Price,
    price_max: Price,
    quantity_min: Quantity,
    quantity_max: Option<Quantity>,
    notional_min: Notional,
    notional_max: Option<Notional>,
    order_ids: OrderIdPolicy,
    self_trade: SelfTrade,
    self_trade_modes: u8,
    peaks_max: u32,
    trigger_on_entry: TriggerOnEntry,
    index_key: u64,
    capacities: Capacities,
}

impl Default for InstrumentBuilder {
    fn default() -> Self {
        let one = "one is greater than zero";
        Self {
            tick: Tick::new(Decimal::ONE).expect(one),
            lot: Lot::new(Decimal::ONE).expect(one),
            price_min: Price::new(-1_000_000_000_000),
            price_max: Price::new(1_000_000_000_000),
            quantity_min: Quantity::new(1),
            quantity_max: None,
            notional_min: Notional::new(0),
            notional_max: None,
            order_ids: OrderIdPolicy::default(),
            self_trade: SelfTrade::default(),
            self_trade_modes: modes(&SelfTrade::ALL),
            peaks_max: 100,
            trigger_on_entry: TriggerOnEntry::default(),
            index_key: 0x9E37_79B9_7F4A_7C15,
            capacities: Capacities::default(),
        }
    }
}

impl InstrumentBuilder {
    /// The step of prices.
    pub fn tick(mut self, tick: Tick) -> Self {
        self.tick = tick;
        self
    }

    /// The step of quantities.
    pub fn lot(mut self, lot: Lot) -> Self {
        self.lot = lot;
        self
    }

    /// The lowest and the highest price an order may have, within ±[`PRICE_LIMIT`].
    ///
    /// A narrow band takes less memory: the price index is sized for the worst
    /// spread of `levels` prices over the band.
    pub fn price_band(mut self, min: Price, max: Price) -> Self {
        (self.price_min, self.price_max) = (min, max);
        self
    }

    /// The least and the greatest quantity of an order. The greatest times the
    /// capacity for orders must be less than 2^64 - 1; unset, it is as great as that allows.
    pub fn quantity_limits(mut self, min: Quantity, max: Quantity) -> Self {
        (self.quantity_min, self.quantity_max) = (min, Some(max));
        self
    }

    /// The least price times quantity, in absolute value, of a limit order, and the least budget.
    pub fn notional_min(mut self, min: Notional) -> Self {
        self.notional_min = min;
        self
    }

    /// The greatest price times quantity, in absolute value, of a limit order, and the greatest budget.
    pub fn notional_max(mut self, max: Notional) -> Self {
        self.notional_max = Some(max);
        self
    }

    /// Which ids a new order may carry.
    pub fn order_ids(mut self, policy: OrderIdPolicy) -> Self {
        self.order_ids = policy;
        self
    }

    /// What happens instead of a self-trade where an order does not say. It must be one that orders may ask for.
    /// Unset, nothing does: they trade.
    pub fn self_trade(mut self, mode: SelfTrade) -> Self {
        self.self_trade = mode;
        self
    }

    /// The self-trade modes that orders may ask for. Unset, all of them.
    pub fn self_trade_modes(mut self, allowed: &[SelfTrade]) -> Self {
        self.self_trade_modes = modes(allowed);
        self
    }

    /// How many peaks the quantity of an iceberg order may make, the last one counted in full: at least 1. Unset, 100.
    /// (Binance calls it ICEBERG_PARTS, and has 10 in its example.)
    pub fn peaks_max(mut self, peaks: u32) -> Self {
        self.peaks_max = peaks;
        self
    }

    /// What becomes of an order whose trigger is met when it is entered. Unset, it triggers at once.
    pub fn trigger_on_entry(mut self, policy: TriggerOnEntry) -> Self {
        self.trigger_on_entry = policy;
        self
    }

    /// The key that the indexes hash ids and accounts with. Where strangers choose ids, make
    /// it a secret: with a known key, ids can be chosen that crowd the index, until orders are
    /// refused as [`OrderIdIndexFull`](crate::RejectReason::OrderIdIndexFull). Apart from that
    /// refusal no result depends on the key; replicas and replays use the same one.
    pub fn index_key(mut self, key: u64) -> Self {
        self.index_key = key;
        self
    }

    /// How much the engine holds.
    pub fn capacities(mut self, capacities: Capacities) -> Self {
        self.capacities = capacities;
        self
    }

    /// Checks everything together.
    ///
    /// # Errors
    /// The first [`InstrumentError`] that applies.
    pub fn build(self) -> Result<Instrument, InstrumentError> {
        self.check_capacities()?;
        let band = self.price_min.ticks()..=self.price_max.ticks();
        if band.is_empty() || *band.start() < -PRICE_LIMIT || *band.end() > PRICE_LIMIT {
            return Err(InstrumentError::PriceBandOutOfRange);
        }
        let quantity_most = (u64::MAX - 1) / u64::from(self.capacities.orders);
        let quantity_max = self.quantity_max.unwrap_or(Quantity::new(quantity_most));
        if self.quantity_min.lots() == 0 || self.quantity_min > quantity_max {
            return Err(InstrumentError::QuantityLimitsEmpty);
        }
        if quantity_max.lots() > quantity_most {
            return Err(InstrumentError::QuantityMaxTooLarge);
        }
        let notional_max_below = self.notional_max.is_some_and(|max| max < self.notional_min);
        if self.notional_min < Notional::new(0) || notional_max_below {
            return Err(InstrumentError::NotionalLimitsEmpty);
        }
        if self.peaks_max == 0 {
            return Err(InstrumentError::NoPeaks);
        }
        if self.self_trade_modes >> self.self_trade as u8 & 1 == 0 {
            return Err(InstrumentError::SelfTradeDefaultNotAllowed);
        }
        Ok(Instrument {
            tick: self.tick,
            lot: self.lot,
            price_min: self.price_min,
            price_max: self.price_max,
            quantity_min: self.quantity_min,
            quantity_max,
            notional_min: self.notional_min,
            notional_max: self.notional_max,
            order_ids: self.order_ids,
            self_trade: self.self_trade,
            self_trade_modes: self.self_trade_modes,
            peaks_max: self.peaks_max,
            trigger_on_entry: self.trigger_on_entry,
            index_key: self.index_key,
            capacities: self.capacities,
        })
    }

    fn check_capacities(&self) -> Result<(), InstrumentError> {
        let Capacities {
            orders,
            levels,
            accounts,
            timed_orders,
            special_orders,
            waiting_orders,
            events,
        } = self.capacities;
        let fits = (1..=1 << 28).contains(&orders)
            && (1..=1 << 24).contains(&levels)
            && (0..=1 << 24).contains(&accounts)
            && timed_orders <= orders
            && special_orders <= orders
            && waiting_orders <= orders
            && levels + special_orders <= 1 << 24
            && (16..=1 << 28).contains(&events);
        if fits {
            Ok(())
        } else {
            Err(InstrumentError::CapacityOutOfRange)
        }
    }
}

/// A set of modes, a bit each.
fn modes(allowed: &[SelfTrade]) -> u8 {
    allowed.iter().fold(0, |set, &mode| set | 1 << mode as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_setting_has_its_own_error() {
        let base = Instrument::builder;
        let capacities = |orders, events| Capacities {
            orders,
            events,
            ..Capacities::default()
        };
        let errors = [
            base().capacities(capacities(0, 16)).build(),
            base().capacities(capacities(1 << 20, 15)).build(),
            base().price_band(Price::new(2), Price::new(1)).build(),
            base()
                .price_band(Price::new(i64::MIN), Price::new(1))
                .build(),
            base()
                .quantity_limits(Quantity::ZERO, Quantity::new(9))
                .build(),
            base()
                .quantity_limits(Quantity::new(1), Quantity::new(u64::MAX))
                .build(),
            base().notional_min(Notional::new(-1)).build(),
            base()
                .notional_min(Notional::new(2))
                .notional_max(Notional::new(1))
                .build(),
            base().peaks_max(0).build(),
            base().self_trade_modes(&[SelfTrade::ExpireBoth]).build(),
        ]
        .map(|built| built.expect_err("a wrong setting"));
        use InstrumentError::*;
        assert_eq!(
            errors,
            [
                CapacityOutOfRange,
                CapacityOutOfRange,
                PriceBandOutOfRange,
                PriceBandOutOfRange,
                QuantityLimitsEmpty,
                QuantityMaxTooLarge,
                NotionalLimitsEmpty,
                NotionalLimitsEmpty,
                NoPeaks,
                SelfTradeDefaultNotAllowed
            ]
        );
    }
}
