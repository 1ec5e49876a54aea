//! What anybody may ask of a book.

use crate::book::owners::Owners;
use crate::book::totals::Totals;
use crate::book::{Book, LevelSlot, OrderSlot};
use crate::order::{AccountId, Display, OrderId, PostOnly, Side, TimeInForce};
use crate::units::{Notional, Price, Quantity};
use crate::view::Level;

/// An order that rests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RestingOrder {
    /// Its id.
    pub id: OrderId,
    /// Its owner.
    pub account: AccountId,
    /// Its side.
    pub side: Side,
    /// The price it rests at.
    pub price: Price,
    /// How much of it is open, shown or not.
    pub quantity: Quantity,
    /// How much of it is shown.
    pub displayed: Quantity,
    /// [`TimeInForce::Gtc`], [`Day`](TimeInForce::Day) or [`Gtd`](TimeInForce::Gtd).
    pub time_in_force: TimeInForce,
    /// What it does if a replacement would make it take.
    pub post_only: PostOnly,
    /// The least it trades at a time; zero for any.
    pub minimum: Quantity,
    /// How much of it is shown, as asked.
    pub display: Display,
}

/// Where an order stands in the queue of its level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueuePosition {
    /// How many orders are before it.
    pub orders_ahead: u32,
    /// How many lots are before it.
    pub quantity_ahead: Quantity,
}

/// What taking from the book would cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    /// How much the book can give, at most what was asked for.
    pub quantity: Quantity,
    /// What that costs. Divided by the quantity, the average price.
    pub notional: Notional,
    /// The worst price on the way; `None` when there is nothing to take.
    pub worst: Option<Price>,
}

impl Cost {
    /// The average price, rounded towards the better price for the other side
    /// by less than one tick: down for a sell, up for a buy. `None` without quantity.
    pub fn average(&self, taker: Side) -> Option<Price> {
        let lots = i128::from(self.quantity.lots());
        let total = self.notional.tick_lots();
        let down = total.checked_div_euclid(lots)?;
        let up = i128::from(total.rem_euclid(lots) != 0);
        let ticks = match taker {
            Side::Buy => down + up,
            Side::Sell => down,
        };
        i64::try_from(ticks).ok().map(Price::new)
    }
}

/// What is shown near the touch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Imbalance {
    /// Lots on the best bid levels.
    pub bids: Quantity,
    /// Lots on the best ask levels.
    pub asks: Quantity,
}

impl Book {
    /// The best level of a side that shows anything. O(1), but for better levels that show nothing.
    #[inline]
    pub fn best(&self, side: Side) -> Option<Level> {
        let level = self.best_slot(side).map(|level| self.level_of(level))?;
        if level.orders > 0 {
            return Some(level);
        }
        self.depth(side).next()
    }

    /// How many ticks the best ask is above the best bid, of what is shown; zero if they are crossed, which only
    /// orders with a [minimum](crate::Order::minimum) can be. O(1), as [`best`](Book::best).
    pub fn spread(&self) -> Option<u64> {
        let (bid, ask) = (self.best(Side::Buy)?, self.best(Side::Sell)?);
        let is_crossed = bid.price >= ask.price;
        let apart = ask.price.ticks().abs_diff(bid.price.ticks());
        Some(if is_crossed { 0 } else { apart })
    }

    /// The levels of a side that show anything, best first. O(1) a level on average, those that show nothing too.
    pub fn depth(&self, side: Side) -> impl Iterator<Item = Level> + '_ {
        let levels = self.level_slots(side).map(|level| self.level_of(level));
        levels.filter(|level| level.orders > 0)
    }

    /// The level of a side at a price, if it shows anything. O(1).
    pub fn level(&self, side: Side, price: Price) -> Option<Level> {
        let level = self.level_of(self.level_slot(side, price)?);
        (level.orders > 0).then_some(level)
    }

    /// The orders at a price: those that are shown, then those that are not, each in the order of its queue. O(1) an order.
    pub fn orders_at(&self, side: Side, price: Price) -> impl Iterator<Item = RestingOrder> + '_ {
        let level = self.level_slot(side, price).into_iter();
        let orders = level.flat_map(|level| self.orders_of(level));
        orders.map(|order| self.order_of(order))
    }

    /// One resting order by its id. O(1).
    pub fn order(&self, id: OrderId) -> Option<RestingOrder> {
        self.resting(id).map(|order| self.order_of(order))
    }

    fn resting(&self, id: OrderId) -> Option<OrderSlot> {
        let order = self.find(id)?.slot;
        (!self.is_waiting(order)).then_some(order)
    }

    /// Where an order stands in the queue of its level; of an order that shows nothing, behind all that is shown there. What others
    /// hide is not counted, but for what stands before it in the hidden queue. O(orders before it in its queue).
    pub fn queue_position(&self, id: OrderId) -> Option<QueuePosition> {
        let order = self.resting(id)?;
        let queue = self.slab.node(order.0).level();
        let mut position = QueuePosition {
            orders_ahead: 0,
            quantity_ahead: Quantity::ZERO,
        };
        let level = self.order_level(order);
        if queue != level.0 {
            position.orders_ahead = self.level_orders(level);
            position.quantity_ahead = Quantity::new(self.level_lots(level));
        }
        let mut slot = self.slab.node(order.0).prev;
        while slot != queue {
            let ahead = self.slab.node(slot);
            position.orders_ahead += 1;
            position.quantity_ahead =
                Quantity::new(position.quantity_ahead.lots() + ahead.quantity);
            slot = ahead.prev;
        }
        Some(position)
    }

    /// What a taker of this side would pay or receive for a quantity, of what is shown. O(levels it takes from).
    pub fn cost(&self, taker: Side, quantity: Quantity) -> Cost {
        let mut left = quantity.lots();
        let mut total = 0;
        let mut worst = None;
        for level in self.level_slots(taker.opposite()) {
            if left == 0 {
                break;
            }
            let price = self.level_price(level);
            let lots = left.min(self.level_lots(level));
            if lots == 0 {
                continue;
            }
            left -= lots;
            total += Notional::of(price, Quantity::new(lots)).tick_lots();
            worst = Some(price);
        }
        Cost {
            quantity: Quantity::new(quantity.lots() - left),
            notional: Notional::new(total),
            worst,
        }
    }

    /// What the best `levels` levels of each side show. O(levels).
    pub fn imbalance(&self, levels: usize) -> Imbalance {
        let lots = |side| {
            let near = self.depth(side).take(levels);
            Quantity::new(near.map(|level| level.quantity.lots()).sum())
        };
        Imbalance {
            bids: lots(Side::Buy),
            asks: lots(Side::Sell),
        }
    }

    /// How many orders rest. O(1).
    pub fn len(&self) -> usize {
        self.slab.orders_used() as usize - self.waiting()
    }

    /// Whether none do. O(1).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many price levels there are, both sides together, those that show nothing too. O(1).
    pub fn levels(&self) -> usize {
        self.slab.levels_used() as usize
    }

    /// Bytes of heap taken, all of it when the book was made. O(1).
    pub fn memory_bytes(&self) -> usize {
        self.slab.memory_bytes()
            + self.ladder.memory_bytes()
            + self.index.memory_bytes()
            + self.owners.as_ref().map_or(0, Owners::memory_bytes)
            + self.timed.memory_bytes()
            + self.specials.memory_bytes()
            + self.waiting.memory_bytes()
            + self.lists.memory_bytes()
            + self.totals.as_ref().map_or(0, Totals::memory_bytes)
    }

    /// The levels of a side, best first.
    pub(crate) fn level_slots(&self, side: Side) -> impl Iterator<Item = LevelSlot> + '_ {
        std::iter::successors(self.best_slot(side), |&level| self.next_slot(level))
    }

    fn level_of(&self, level: LevelSlot) -> Level {
        Level {
            price: self.level_price(level),
            quantity: Quantity::new(self.level_lots(level)),
            orders: self.level_orders(level),
        }
    }

    pub(crate) fn order_of(&self, order: OrderSlot) -> RestingOrder {
        let level = self.order_level(order);
        let terms = self.terms(order);
        RestingOrder {
            id: self.order_id(order),
            account: self.order_account(order),
            side: self.level_side(level),
            price: self.level_price(level),
            quantity: Quantity::new(self.open_lots(order)),
            displayed: Quantity::new(self.shown_lots(order)),
            time_in_force: self.order_time_in_force(order),
            post_only: self.order_post_only(order),
            minimum: Quantity::new(terms.map_or(0, |terms| terms.minimum)),
            display: terms.map_or(Display::Whole, |terms| terms.display),
        }
    }
}
