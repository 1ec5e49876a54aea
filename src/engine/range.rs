//! How far from a reference prices may be: limits, and the prices that a taker trades at.
//!
//! An execution range is worked out when an order begins to take, and cuts its limit, so that nothing which looks ahead or trades
//! has to know of it. Levels only get worse while a taker walks: if the best one is out of range it trades nothing, and otherwise it is the
//! far end of the range that ends the walk.

use crate::book::{Incoming, LevelSlot};
use crate::engine::Engine;
use crate::engine::admit::{any_price, can_rest, reaches};
use crate::engine::sweep::Taker;
use crate::instrument::{PriceRange, RangeReference};
use crate::order::Side;
use crate::units::Price;

/// The prices that a range allows, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Within {
    low: Price,
    high: Price,
}

impl Within {
    fn has(&self, price: Price) -> bool {
        self.low <= price && price <= self.high
    }

    /// The end where a taker's walk stops.
    fn far_end(&self, taker: Side) -> Price {
        match taker {
            Side::Buy => self.high,
            Side::Sell => self.low,
        }
    }
}

impl Engine {
    /// Whether a limit of a side is as near to the reference as the instrument asks.
    pub(super) fn is_near(&self, side: Side, price: Price) -> bool {
        let within = self.within(self.instrument.price_range(), side);
        within.is_none_or(|within| within.has(price))
    }

    /// The prices at which an order of a side that begins to take now may trade; `None` is any.
    #[inline]
    pub(super) fn execution_range(&self, side: Side) -> Option<Within> {
        if !self.limits.has_execution_range() {
            return None;
        }
        self.within(self.instrument.execution_range(), side)
    }

    fn within(&self, range: Option<PriceRange>, side: Side) -> Option<Within> {
        let range = range?;
        let reference = match range.reference {
            RangeReference::LastTrade => self.last_price,
            RangeReference::Mark => self.mark,
        };
        let ticks = i128::from(reference?.ticks());
        let [above, below] = match side {
            Side::Buy => range.buy,
            Side::Sell => range.sell,
        };
        // Rounded down, which is exact: prices are whole ticks.
        let distance = |bps: u32| ticks.abs() * i128::from(bps) / 10_000;
        let price = |ticks: i128| {
            let cut = ticks.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
            Price::new(cut as i64)
        };
        Some(Within {
            low: price(ticks - distance(below)),
            high: price(ticks + distance(above)),
        })
    }

    /// An order that begins to take now.
    #[inline]
    pub(super) fn taker_of(&self, order: &Incoming) -> Taker {
        self.in_range(Taker::of(order))
    }

    /// A taker with its limit cut to the prices that it may trade at now.
    #[inline]
    pub(super) fn in_range(&self, taker: Taker) -> Taker {
        match self.execution_range(taker.side) {
            Some(within) => self.cut(taker, within),
            None => taker,
        }
    }

    #[cold]
    fn cut(&self, taker: Taker, within: Within) -> Taker {
        let best = self.book.best_slot(taker.side.opposite());
        let is_in_range = best.is_none_or(|best| within.has(self.book.level_price(best)));
        let limit = match taker.side {
            side if !is_in_range => any_price(side.opposite()),
            side @ Side::Buy => taker.limit.min(within.far_end(side)),
            side @ Side::Sell => taker.limit.max(within.far_end(side)),
        };
        Taker { limit, ..taker }
    }

    /// Whether the best level of the other side would trade with what is left of a taker, if it were in range.
    pub(super) fn is_out_of_range(
        &self,
        within: Within,
        side: Side,
        limit: Price,
        best: Option<LevelSlot>,
    ) -> bool {
        let Some(best) = best else {
            return false;
        };
        let price = self.book.level_price(best);
        reaches(side, limit, price) && !within.has(price)
    }

    /// Whether what is left of an order is cancelled because only prices out of range are left. `best` is the best level
    /// of the other side by then.
    ///
    /// The best level may be in range and have only orders that pass this one by. Then it may rest across them, but an order without a
    /// minimum must not come to rest across others behind the range: none of both would ever try again.
    #[cold]
    pub(super) fn is_cut_off(
        &self,
        within: Within,
        order: &Incoming,
        best: Option<LevelSlot>,
    ) -> bool {
        let is_out = |level| self.is_out_of_range(within, order.side, order.price, level);
        let has_minimum = order.terms.is_some_and(|terms| terms.minimum > 0);
        let must_not_cross = can_rest(order.time_in_force) && !has_minimum;
        is_out(best) || must_not_cross && is_out(self.first_beyond(within, order.side))
    }

    /// The best level of the other side that is farther than a range reaches.
    fn first_beyond(&self, range: Within, taker: Side) -> Option<LevelSlot> {
        let (low, high) = (self.instrument.price_min(), self.instrument.price_max());
        let from = match taker {
            Side::Buy => range.high.ticks().saturating_add(1).max(low.ticks()),
            Side::Sell => range.low.ticks().saturating_sub(1).min(high.ticks()),
        };
        let from = Price::new(from);
        let is_in_band = self.book.in_band(from);
        is_in_band.then(|| self.book.level_from(taker.opposite(), from))?
    }
}
