//! Collecting what an instrument is to be.

use crate::instrument::{
    AccountLimits, AmendPolicy, AmendQuantity, Capacities, Instrument, InstrumentError, MarketLot,
    OrderIdPolicy, PRICE_LIMIT, PriceRange, TriggerOnEntry,
};
use crate::order::SelfTrade;
use crate::units::{Decimal, Lot, Notional, Price, Quantity, Tick};

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
            amend_policy: AmendPolicy::default(),
            amend_quantity: AmendQuantity::default(),
            price_range: None,
            execution_range: None,
            market_lot: None,
            account_limits: AccountLimits::default(),
            keeps_totals: false,
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

    /// The least price times quantity, in absolute value, of an order with a limit, and the least budget or total.
    pub fn notional_min(mut self, min: Notional) -> Self {
        self.notional_min = min;
        self
    }

    /// The greatest price times quantity, in absolute value, of an order with a limit, and the greatest budget or total.
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
    ///
    /// ```
    /// use pricetime::*;
    /// let mut engine = Engine::new(Instrument::builder().self_trade(SelfTrade::ExpireTaker).build()?);
    /// let order = |id, side| Order::limit(OrderId(id), AccountId(7), side, Price::new(100), Quantity::new(5));
    /// let mode = Some(SelfTrade::ExpireMaker);
    /// for order in [order(1, Side::Sell), Order { self_trade: mode, ..order(2, Side::Buy) }] {
    ///     engine.submit(&Command::new(Timestamp::new(0), Action::Order(order))).unwrap();
    /// }
    /// // The taker's mode decides, and it goes on.
    /// assert_eq!(engine.book().order(OrderId(1)), None);
    /// assert_eq!(engine.book().order(OrderId(2)).unwrap().quantity, Quantity::new(5));
    /// # Ok::<(), InstrumentError>(())
    /// ```
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

    /// Which amendments let an order keep its place. Unset, [`AmendPolicy::LessQuantity`].
    pub fn amend_policy(mut self, policy: AmendPolicy) -> Self {
        self.amend_policy = policy;
        self
    }

    /// What a new quantity counts. Unset, [`AmendQuantity::Open`].
    pub fn amend_quantity(mut self, quantity: AmendQuantity) -> Self {
        self.amend_quantity = quantity;
        self
    }

    /// How far a limit may be from a reference: one that is asked for, and one that the book gives. Farther ones are refused as
    /// [`PriceOutOfRange`](crate::RejectReason::PriceOutOfRange). Unset, any distance within the band. (Binance: PERCENT_PRICE_BY_SIDE.)
    pub fn price_range(mut self, range: PriceRange) -> Self {
        self.price_range = Some(range);
        self
    }

    /// How far from a reference an order may trade. It is worked out when an order begins to take, and stays for as long as it takes; what of
    /// it would then trade only out of range is cancelled, as [`CancelCause::OutOfRange`](crate::CancelCause::OutOfRange). Unset, any
    /// distance. (Binance: PRICE_RANGE.)
    ///
    /// ```
    /// use pricetime::*;
    /// let range = PriceRange { reference: RangeReference::Mark, buy: [100, 100], sell: [100, 100] };
    /// let mut engine = Engine::new(Instrument::builder().execution_range(range).build()?);
    /// let ask = |id, ticks| Order::limit(OrderId(id), AccountId(7), Side::Sell, Price::new(ticks), Quantity::new(5));
    /// let buy = Order::market(OrderId(3), AccountId(8), Side::Buy, Quantity::new(8));
    /// let mark = Action::SetMark(Price::new(1_000));
    /// let [.., report] = [mark, Action::Order(ask(1, 1_010)), Action::Order(ask(2, 1_011)), Action::Order(buy)]
    ///     .map(|action| engine.submit(&Command::new(Timestamp::new(0), action)).unwrap());
    /// assert_eq!((report.filled, report.cancelled), (Quantity::new(5), Quantity::new(3)));
    /// # Ok::<(), InstrumentError>(())
    /// ```
    pub fn execution_range(mut self, range: PriceRange) -> Self {
        self.execution_range = Some(range);
        self
    }

    /// Which quantities a market order may have. Unset, those of every order. (Binance: MARKET_LOT_SIZE.)
    pub fn market_lot(mut self, lot: MarketLot) -> Self {
        self.market_lot = Some(lot);
        self
    }

    /// How much one account may have at a time, and how often one order may be amended. Unset, any number.
    pub fn account_limits(mut self, limits: AccountLimits) -> Self {
        self.account_limits = limits;
        self
    }

    /// Keeps how much of each live order has traded, and how often it was amended, which some rules ask for: 12 bytes an order. Every order
    /// pays a little for it. Unset, it is not kept.
    pub fn keeps_totals(mut self, keeps: bool) -> Self {
        self.keeps_totals = keeps;
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
        let quantity_max = self.check_limits()?;
        self.check_rules()?;
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
            amend_policy: self.amend_policy,
            amend_quantity: self.amend_quantity,
            price_range: self.price_range,
            execution_range: self.execution_range,
            market_lot: self.market_lot,
            account_limits: self.account_limits,
            keeps_totals: self.keeps_totals,
            index_key: self.index_key,
            capacities: self.capacities,
        })
    }

    /// Prices, quantities, money, peaks and modes; the greatest quantity.
    fn check_limits(&self) -> Result<Quantity, InstrumentError> {
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
        Ok(quantity_max)
    }

    /// Ranges, market lots and what rules need of others.
    fn check_rules(&self) -> Result<(), InstrumentError> {
        let ranges = [self.price_range, self.execution_range];
        let is_wide = |range: PriceRange| {
            let mut distances = range.buy.into_iter().chain(range.sell);
            distances.any(|distance| distance > 10_000_000)
        };
        if ranges.into_iter().flatten().any(is_wide) {
            return Err(InstrumentError::PriceRangeTooWide);
        }
        let is_empty = |lot: MarketLot| lot.step == Quantity::ZERO || lot.min > lot.max;
        if self.market_lot.is_some_and(is_empty) {
            return Err(InstrumentError::MarketLotEmpty);
        }
        let AccountLimits {
            order_amends,
            amends,
            ..
        } = self.account_limits;
        let others = AccountLimits {
            order_amends: None,
            ..self.account_limits
        };
        if others != AccountLimits::default() && self.capacities.accounts == 0 {
            return Err(InstrumentError::AccountsNotLinked);
        }
        let counts = order_amends.is_some() || amends.is_some();
        let needs_totals = counts || self.amend_quantity == AmendQuantity::Total;
        if needs_totals && !self.keeps_totals {
            return Err(InstrumentError::TotalsNotKept);
        }
        Ok(())
    }

    fn check_capacities(&self) -> Result<(), InstrumentError> {
        let Capacities {
            orders,
            levels,
            accounts,
            timed_orders,
            special_orders,
            waiting_orders,
            lists,
            tokens,
            events,
        } = self.capacities;
        let fits = (1..=1 << 28).contains(&orders)
            && (1..=1 << 24).contains(&levels)
            && (0..=1 << 24).contains(&accounts)
            && timed_orders <= orders
            && special_orders <= orders
            && waiting_orders <= orders
            && lists <= 1 << 20
            && tokens <= 1 << 24
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
    use crate::instrument::RangeReference;

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
                SelfTradeDefaultNotAllowed,
            ]
        );
    }

    #[test]
    fn each_rule_that_cannot_be_has_its_own_error() {
        let base = Instrument::builder;
        let range = |bps| PriceRange {
            reference: RangeReference::Mark,
            buy: [0; 2],
            sell: [0, bps],
        };
        let errors = [
            base().price_range(range(10_000_001)).build(),
            base()
                .market_lot(MarketLot {
                    min: Quantity::new(2),
                    max: Quantity::new(1),
                    step: Quantity::new(1),
                })
                .build(),
            base()
                .account_limits(AccountLimits {
                    orders: Some(1),
                    ..AccountLimits::default()
                })
                .build(),
            base().amend_quantity(AmendQuantity::Total).build(),
        ]
        .map(|built| built.expect_err("a wrong setting"));
        use InstrumentError::*;
        assert_eq!(
            errors,
            [
                PriceRangeTooWide,
                MarketLotEmpty,
                AccountsNotLinked,
                TotalsNotKept,
            ]
        );
    }
}
