//! A taker walking the other side: best level first, first in queue first, at the maker's price.

use crate::book::{Incoming, LevelSlot, OrderSlot};
use crate::engine::Engine;
use crate::engine::admit::reaches;
use crate::event::{Event, Events};
use crate::order::{OrderId, Side, TradeId};
use crate::units::{Notional, Price, Quantity};

/// An order that takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Taker {
    pub id: OrderId,
    pub side: Side,
    /// The worst price it accepts.
    pub limit: Price,
    /// What it still wants; without a quantity, more than there can be.
    pub lots: u64,
    /// What it may still pay or receive.
    pub budget: Option<i128>,
}

impl Taker {
    /// A taker without a quantity of its own wants this many lots.
    pub(super) const UNCOUNTED: u64 = u64::MAX;

    /// An order that takes up to its limit.
    #[inline]
    pub(super) fn limited(id: OrderId, side: Side, limit: Price, quantity: Quantity) -> Self {
        Self {
            id,
            side,
            limit,
            lots: quantity.lots(),
            budget: None,
        }
    }

    #[inline]
    pub(super) fn of(order: &Incoming) -> Self {
        Self::limited(order.id, order.side, order.price, order.quantity)
    }

    /// Whether it wants nothing at any price any more.
    pub(super) fn has_nothing_left(&self) -> bool {
        self.lots == 0 || (self.lots == Self::UNCOUNTED && self.budget == Some(0))
    }

    /// How many lots it takes at a price, if there are as many.
    #[inline]
    pub(super) fn wants_at(&self, price: Price) -> u64 {
        if !reaches(self.side, self.limit, price) {
            return 0;
        }
        match self.budget {
            None => self.lots,
            Some(budget) => self.lots.min(affordable(budget, price)),
        }
    }

    /// Books what it took at a price.
    #[inline]
    pub(super) fn took(&mut self, price: Price, lots: u64) {
        if self.lots != Self::UNCOUNTED {
            self.lots -= lots;
        }
        if let Some(budget) = &mut self.budget {
            // A negative price adds to the budget. All the book's money is within 126 bits, so a
            // budget that would overflow is more than can be spent either way.
            let spent = Notional::of(price, Quantity::new(lots)).tick_lots();
            *budget = budget.saturating_sub(spent);
        }
    }

    /// How many lots prevention may take off it, of an own order of which it wants so many: a budget bounds them only without a quantity.
    pub(super) fn loses(&self, wants: u64) -> u64 {
        match self.budget {
            Some(_) if self.lots != Self::UNCOUNTED => self.lots,
            Some(_) | None => wants,
        }
    }

    /// Books what prevention took off it at a price: lots, and money only without a quantity.
    pub(super) fn lost(&mut self, price: Price, lots: u64) {
        if self.lots == Self::UNCOUNTED {
            self.took(price, lots);
        } else {
            self.lots -= lots;
        }
    }

    /// What is left of a quantity; zero without one.
    #[inline]
    pub(super) fn remaining(&self, taken: u64) -> Quantity {
        match self.lots {
            Self::UNCOUNTED => Quantity::ZERO,
            lots => Quantity::new(lots - taken),
        }
    }
}

impl Engine {
    /// Trades until the taker has enough or nothing acceptable is left. Admission has checked it.
    #[inline(always)]
    pub(super) fn sweep(&mut self, taker: &mut Taker, events: &mut Events) {
        while let Some(level) = self.book.best_slot(taker.side.opposite()) {
            let price = self.book.level_price(level);
            let wanted = taker.wants_at(price);
            if wanted == 0 {
                break;
            }
            let (taken, emptied) = self.sweep_level(level, price, wanted, taker, events);
            taker.took(price, taken);
            self.last_price = Some(price);
            if !emptied {
                break;
            }
        }
    }

    /// Trades with a level until the taker has enough of it or it is gone: how many lots, and
    /// whether it is. Each thing is asked once a trade, for none of it can be guessed well.
    #[inline(always)]
    pub(super) fn sweep_level(
        &mut self,
        level: LevelSlot,
        price: Price,
        wanted: u64,
        taker: &Taker,
        events: &mut Events,
    ) -> (u64, bool) {
        let mut taken = 0;
        loop {
            let fill = self.book.take_front(level, wanted - taken);
            taken += fill.lots;
            self.last_trade += 1;
            events.push(Event::Traded {
                trade: TradeId(self.last_trade),
                taker: taker.id,
                maker: fill.maker,
                taker_side: taker.side,
                price,
                quantity: Quantity::new(fill.lots),
                taker_remaining: taker.remaining(taken),
                maker_remaining: Quantity::new(fill.maker_remaining),
            });
            if fill.maker_remaining > 0 {
                return (taken, false);
            }
            if fill.level_gone {
                return (taken, true);
            }
            if taken == wanted {
                return (taken, false);
            }
        }
    }

    /// Whether so many lots are there within a taker's limit, on a side of plain orders. O(levels it would take from).
    pub(super) fn is_there(&self, lots: u64, taker: &Taker) -> bool {
        let mut left = lots;
        for level in self.book.level_slots(taker.side.opposite()) {
            if !reaches(taker.side, taker.limit, self.book.level_price(level)) {
                break;
            }
            left = left.saturating_sub(self.book.level_lots(level));
            if left == 0 {
                return true;
            }
        }
        false
    }

    /// How many trades a taker would make on a side of plain orders, counted no further than just past `most`.
    #[cold]
    pub(super) fn trades(&self, taker: &Taker, most: u64) -> u64 {
        let mut taker = *taker;
        let mut trades = 0;
        for level in self.book.level_slots(taker.side.opposite()) {
            let price = self.book.level_price(level);
            let wanted = taker.wants_at(price);
            let lots = self.book.level_lots(level);
            if wanted < lots {
                return trades + self.trades_in(level, wanted, most).0;
            }
            trades += u64::from(self.book.level_orders(level));
            if trades > most {
                return trades;
            }
            taker.took(price, lots);
        }
        trades
    }

    /// How many orders from the head of a level of plain ones `wanted` lots reach, counted no further than just past `most`, and
    /// whether they take all of the last.
    pub(super) fn trades_in(&self, level: LevelSlot, wanted: u64, most: u64) -> (u64, bool) {
        let mut left = wanted;
        let mut trades = 0;
        let mut order: OrderSlot = self.book.head(level);
        while left > 0 && trades <= most {
            trades += 1;
            let lots = self.book.order_lots(order);
            if lots > left {
                return (trades, false);
            }
            left -= lots;
            match self.book.behind(order) {
                Some(behind) => order = behind,
                None => break,
            }
        }
        (trades, true)
    }
}

/// How many whole lots a budget covers at a price. At zero or below, money is no bound.
fn affordable(budget: i128, price: Price) -> u64 {
    let ticks = i128::from(price.ticks());
    if ticks <= 0 {
        return u64::MAX;
    }
    u64::try_from(budget / ticks).unwrap_or(u64::MAX)
}
