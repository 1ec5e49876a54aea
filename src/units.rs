//! Prices, quantities and money as integers, and the exact way to and from decimals.
//!
//! Inside the crate a price is a whole number of ticks and a quantity a whole
//! number of lots. `rust_decimal` appears in this file and nowhere else: a
//! [`Tick`] or a [`Lot`] converts exactly, or refuses with a [`UnitError`].

use std::fmt;

pub use rust_decimal::Decimal;

/// A price in ticks. Zero and negative prices are legal; spreads and oil have traded there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Price(i64);

impl Price {
    /// A price of `ticks` ticks.
    #[inline]
    pub const fn new(ticks: i64) -> Self {
        Self(ticks)
    }

    /// The number of ticks.
    #[inline]
    pub const fn ticks(self) -> i64 {
        self.0
    }
}

/// A quantity in lots.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Quantity(u64);

impl Quantity {
    /// No lots at all.
    pub const ZERO: Self = Self(0);

    /// A quantity of `lots` lots.
    #[inline]
    pub const fn new(lots: u64) -> Self {
        Self(lots)
    }

    /// The number of lots.
    #[inline]
    pub const fn lots(self) -> u64 {
        self.0
    }

    /// Both together. What rests on a book, or trades in one command, cannot overflow it.
    #[inline]
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Money in the smallest unit there is: one tick times one lot.
///
/// Kept as two words, so that commands that carry it stay eight-byte aligned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Notional {
    high: i64,
    low: u64,
}

impl Notional {
    /// Money of `tick_lots` units of one tick times one lot.
    #[inline]
    pub const fn new(tick_lots: i128) -> Self {
        Self {
            high: (tick_lots >> 64) as i64,
            low: tick_lots as u64,
        }
    }

    /// The product of a price and a quantity. It cannot overflow.
    #[inline]
    pub const fn of(price: Price, quantity: Quantity) -> Self {
        Self::new(price.0 as i128 * quantity.0 as i128)
    }

    /// The number of units of one tick times one lot.
    #[inline]
    pub const fn tick_lots(self) -> i128 {
        (self.high as i128) << 64 | self.low as i128
    }
}

impl PartialOrd for Notional {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Notional {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.tick_lots().cmp(&other.tick_lots())
    }
}

impl fmt::Debug for Notional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notional({})", self.tick_lots())
    }
}

/// A time in nanoseconds since an epoch of the caller's choice. The crate never reads a clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The time `nanoseconds` after the caller's epoch.
    #[inline]
    pub const fn new(nanoseconds: u64) -> Self {
        Self(nanoseconds)
    }

    /// Nanoseconds since the caller's epoch.
    #[inline]
    pub const fn nanoseconds(self) -> u64 {
        self.0
    }
}

/// Why a decimal is not a number of ticks or lots, or the reverse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitError {
    /// A tick or a lot must be greater than zero.
    UnitNotPositive,
    /// The price is not a multiple of the tick.
    PriceNotOnTick,
    /// The quantity is not a multiple of the lot.
    QuantityNotOnLot,
    /// The money is not a multiple of one tick times one lot.
    NotionalNotExact,
    /// A quantity cannot be negative.
    QuantityIsNegative,
    /// The result is beyond the range of its integer or decimal type.
    Overflow,
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnitNotPositive => "a tick or lot must be greater than zero",
            Self::PriceNotOnTick => "the price is not a multiple of the tick",
            Self::QuantityNotOnLot => "the quantity is not a multiple of the lot",
            Self::NotionalNotExact => "the money is not a multiple of one tick times one lot",
            Self::QuantityIsNegative => "a quantity cannot be negative",
            Self::Overflow => "the value is out of range",
        })
    }
}

impl std::error::Error for UnitError {}

/// The smallest step of a price, as a decimal in the quote currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tick(Decimal);

impl Tick {
    /// A tick of `step`.
    ///
    /// # Errors
    /// [`UnitError::UnitNotPositive`] unless `step` is greater than zero.
    pub fn new(step: Decimal) -> Result<Self, UnitError> {
        positive(step).map(Self)
    }

    /// The step as a decimal, without trailing zeros.
    pub fn step(self) -> Decimal {
        self.0
    }

    /// The price as ticks, exactly.
    ///
    /// ```
    /// use pricetime::{Decimal, Price, Tick, UnitError};
    /// let tick = Tick::new(Decimal::new(5, 2))?; // 0.05
    /// assert_eq!(tick.price(Decimal::new(1025, 2)), Ok(Price::new(205)));
    /// assert_eq!(tick.price(Decimal::new(1026, 2)), Err(UnitError::PriceNotOnTick));
    /// # Ok::<(), UnitError>(())
    /// ```
    ///
    /// # Errors
    /// [`UnitError::PriceNotOnTick`] or [`UnitError::Overflow`].
    pub fn price(self, value: Decimal) -> Result<Price, UnitError> {
        let ticks = Exact::of(value).count_of(Exact::of(self.0), UnitError::PriceNotOnTick)?;
        i64::try_from(ticks)
            .map(Price)
            .map_err(|_| UnitError::Overflow)
    }

    /// The price as a decimal, exactly.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] when the product has more digits than a decimal holds.
    pub fn decimal(self, price: Price) -> Result<Decimal, UnitError> {
        exact_product(i128::from(price.0), self.0)
    }
}

/// The smallest step of a quantity, as a decimal in the traded asset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lot(Decimal);

impl Lot {
    /// A lot of `step`.
    ///
    /// # Errors
    /// [`UnitError::UnitNotPositive`] unless `step` is greater than zero.
    pub fn new(step: Decimal) -> Result<Self, UnitError> {
        positive(step).map(Self)
    }

    /// The step as a decimal, without trailing zeros.
    pub fn step(self) -> Decimal {
        self.0
    }

    /// The quantity as lots, exactly.
    ///
    /// # Errors
    /// [`UnitError::QuantityNotOnLot`], [`UnitError::QuantityIsNegative`] or [`UnitError::Overflow`].
    pub fn quantity(self, value: Decimal) -> Result<Quantity, UnitError> {
        let lots = Exact::of(value).count_of(Exact::of(self.0), UnitError::QuantityNotOnLot)?;
        if lots < 0 {
            return Err(UnitError::QuantityIsNegative);
        }
        u64::try_from(lots)
            .map(Quantity)
            .map_err(|_| UnitError::Overflow)
    }

    /// The quantity as a decimal, exactly.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] when the product has more digits than a decimal holds.
    pub fn decimal(self, quantity: Quantity) -> Result<Decimal, UnitError> {
        exact_product(i128::from(quantity.0), self.0)
    }
}

/// Money as units of one tick times one lot, exactly.
///
/// # Errors
/// [`UnitError::NotionalNotExact`] or [`UnitError::Overflow`].
pub fn notional(value: Decimal, tick: Tick, lot: Lot) -> Result<Notional, UnitError> {
    let (tick, lot) = (Exact::of(tick.0), Exact::of(lot.0));
    let mantissa = tick.mantissa.checked_mul(lot.mantissa);
    let unit = Exact {
        mantissa: mantissa.ok_or(UnitError::Overflow)?,
        scale: tick.scale + lot.scale,
    };
    let count = Exact::of(value).count_of(unit, UnitError::NotionalNotExact)?;
    Ok(Notional::new(count))
}

impl Tick {
    /// The step as what a decimal is made of: `mantissa / 10^scale`.
    pub(crate) fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// The tick that has these parts, if one has.
    pub(crate) fn from_parts(mantissa: i128, scale: u32) -> Option<Self> {
        step_of(mantissa, scale).map(Self)
    }
}

impl Lot {
    /// The step as what a decimal is made of: `mantissa / 10^scale`.
    pub(crate) fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// The lot that has these parts, if one has.
    pub(crate) fn from_parts(mantissa: i128, scale: u32) -> Option<Self> {
        step_of(mantissa, scale).map(Self)
    }
}

fn step_of(mantissa: i128, scale: u32) -> Option<Decimal> {
    let step = Decimal::try_from_i128_with_scale(mantissa, scale).ok()?;
    let step = positive(step).ok()?;
    // One step has one form: the one without trailing zeros.
    (step.mantissa() == mantissa && step.scale() == scale).then_some(step)
}

fn positive(step: Decimal) -> Result<Decimal, UnitError> {
    if step <= Decimal::ZERO {
        return Err(UnitError::UnitNotPositive);
    }
    Ok(step.normalize())
}

/// A decimal as what it is made of: `mantissa / 10^scale`.
#[derive(Clone, Copy)]
struct Exact {
    mantissa: i128,
    scale: u32,
}

impl Exact {
    fn of(value: Decimal) -> Self {
        Self {
            mantissa: value.mantissa(),
            scale: value.scale(),
        }
    }

    /// How many of a positive `unit` this is, when that is a whole number.
    fn count_of(self, unit: Self, inexact: UnitError) -> Result<i128, UnitError> {
        let divisor = greatest_divisor(self.mantissa, unit.mantissa);
        let (mut count, mut unit_left) = (self.mantissa / divisor, unit.mantissa / divisor);
        // What is left of the unit must go into the power of ten that the scales differ by.
        for _ in self.scale..unit.scale {
            let divisor = greatest_divisor(10, unit_left);
            unit_left /= divisor;
            count = count.checked_mul(10 / divisor).ok_or(UnitError::Overflow)?;
        }
        for _ in unit.scale..self.scale {
            unit_left = unit_left.checked_mul(10).ok_or(inexact)?;
            let divisor = greatest_divisor(count, unit_left);
            (count, unit_left) = (count / divisor, unit_left / divisor);
        }
        if unit_left == 1 || count == 0 {
            Ok(count)
        } else {
            Err(inexact)
        }
    }
}

/// The greatest divisor that a number and a positive one share.
fn greatest_divisor(number: i128, positive: i128) -> i128 {
    let (mut larger, mut smaller) = (positive.unsigned_abs(), number.unsigned_abs());
    while smaller != 0 {
        (larger, smaller) = (smaller, larger % smaller);
    }
    larger as i128
}

fn exact_product(count: i128, unit: Decimal) -> Result<Decimal, UnitError> {
    let Exact {
        mut mantissa,
        mut scale,
    } = Exact::of(unit);
    let mut count = count;
    // Decimals that the product does not need make room for digits that it does.
    while scale > 0 {
        let from_count = greatest_divisor(count, 10);
        if mantissa % (10 / from_count) != 0 {
            break;
        }
        count /= from_count;
        mantissa /= 10 / from_count;
        scale -= 1;
    }
    let product = count.checked_mul(mantissa).ok_or(UnitError::Overflow)?;
    Decimal::try_from_i128_with_scale(product, scale).map_err(|_| UnitError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_price_off_the_tick_is_refused_and_one_on_it_is_exact() {
        let tick = Tick::new(decimal("0.0100")).unwrap();
        assert_eq!(tick.price(decimal("6190.84")), Ok(Price(619_084)));
        assert_eq!(tick.price(decimal("-37.63")), Ok(Price(-3_763)));
        assert_eq!(
            tick.price(decimal("6190.845")),
            Err(UnitError::PriceNotOnTick)
        );
        assert_eq!(tick.decimal(Price(-3_763)), Ok(decimal("-37.63")));
        assert_eq!(
            Tick::new(decimal("500")).unwrap().price(decimal("1500")),
            Ok(Price(3))
        );
    }

    #[test]
    fn each_conversion_error_says_what_was_off() {
        let tick = Tick::new(decimal("0.0000000001")).unwrap();
        let lot = Lot::new(decimal("0.5")).unwrap();
        assert_eq!(tick.price(decimal("1000000000")), Err(UnitError::Overflow));
        assert_eq!(
            lot.quantity(decimal("-1")),
            Err(UnitError::QuantityIsNegative)
        );
        assert_eq!(
            lot.quantity(decimal("0.75")),
            Err(UnitError::QuantityNotOnLot)
        );
        assert_eq!(lot.quantity(Decimal::MAX), Err(UnitError::Overflow));
        assert_eq!(Tick::new(decimal("0")), Err(UnitError::UnitNotPositive));
        assert_eq!(Lot::new(decimal("-0.1")), Err(UnitError::UnitNotPositive));
        let wide = Lot::new(decimal("1000000000000000000000000000")).unwrap();
        assert_eq!(wide.decimal(Quantity(u64::MAX)), Err(UnitError::Overflow));
    }

    #[test]
    fn units_with_as_many_digits_as_a_decimal_has_convert_there_and_back() {
        let tick = Tick::new(decimal("5.0000000000000000000000000001")).unwrap();
        let many = decimal("50000000000.000000000000000001");
        assert_eq!(tick.price(many), Ok(Price(10_000_000_000)));
        assert_eq!(tick.decimal(Price(10_000_000_000)), Ok(many));
        let third = Tick::new(decimal("0.0000000000000000000000000003")).unwrap();
        assert_eq!(third.price(Decimal::MAX), Err(UnitError::Overflow));
        assert_eq!(
            third.price(decimal("0.0000000000000000000000000004")),
            Err(UnitError::PriceNotOnTick)
        );
        assert_eq!(third.price(decimal("0.000")), Ok(Price(0)));
        assert_eq!(
            third.price(decimal("-0.00000000000000000000000009")),
            Ok(Price(-300))
        );
    }

    #[test]
    fn money_converts_exactly_or_not_at_all() {
        let tick = Tick::new(decimal("0.01")).unwrap();
        let lot = Lot::new(decimal("0.00000001")).unwrap();
        assert_eq!(
            notional(decimal("29.7160800000000000"), tick, lot),
            Ok(Notional::new(297_160_800_000))
        );
        assert_eq!(
            notional(decimal("0.00000000001"), tick, lot),
            Err(UnitError::NotionalNotExact)
        );
        let (fine, finer) = (decimal("0.00000000000005"), decimal("0.000000000000002"));
        let (tick, lot) = (Tick::new(fine).unwrap(), Lot::new(finer).unwrap());
        let unit = decimal("0.0000000000000000000000000001");
        assert_eq!(notional(unit, tick, lot), Ok(Notional::new(1)));
        let smallest = (Tick::new(unit).unwrap(), Lot::new(unit).unwrap());
        assert_eq!(
            notional(decimal("1"), smallest.0, smallest.1),
            Err(UnitError::Overflow)
        );
        let long = decimal("1.0000000000000000000000000001");
        let long = (Tick::new(long).unwrap(), Lot::new(long).unwrap());
        assert_eq!(
            notional(decimal("1"), long.0, long.1),
            Err(UnitError::Overflow)
        );
    }

    #[test]
    fn a_notional_keeps_every_bit_of_the_widest_products() {
        for price in [i64::MIN, -1, 0, 1, i64::MAX] {
            for quantity in [0, 1, u64::MAX] {
                let product = i128::from(price) * i128::from(quantity);
                let notional = Notional::of(Price(price), Quantity(quantity));
                assert_eq!(notional.tick_lots(), product);
            }
        }
        assert!(Notional::new(-1) < Notional::new(0));
    }
}
