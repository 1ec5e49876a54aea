//! The book that a good textbook describes: a `BTreeMap` of levels per side, orders in a
//! slab with doubly linked first-in-first-out queues, ids in hashbrown's map with its
//! default hasher.
//!
//! Written straight from that description: an order knows its side and price, and its
//! level is looked up in the map; the best level is the map's first or last. Nothing is
//! searched twice that needs not be, slab and ids are allocated beforehand, and free
//! slots are reused last in first out. Like [`Tuned`](super::tuned::Tuned) it does less
//! than the engine: no events (it counts trades and volume), no limits of the
//! instrument, no post-only, no expiry, no mass cancellation.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use hashbrown::HashMap;
use pricetime::{
    AccountId, Action, Cancel, Command, LimitOrder, MarketAmount, MarketOrder, OrderId, Price,
    Replace, Side, TimeInForce,
};

use super::baseline::{Baseline, Counters, with_capacity_of};

/// No slot.
const NONE: u32 = u32::MAX;

/// A resting order, linked to its neighbours in the queue.
#[derive(Clone, Copy)]
struct Order {
    id: u64,
    account: u32,
    side: Side,
    price: i64,
    quantity: u64,
    previous: u32,
    next: u32,
}

/// A queue of orders at one price.
#[derive(Clone)]
struct Level {
    head: u32,
    tail: u32,
    orders: u32,
    quantity: u64,
}

impl Level {
    const EMPTY: Self = Self {
        head: NONE,
        tail: NONE,
        orders: 0,
        quantity: 0,
    };
}

/// The levels of both sides by price, in ticks.
#[derive(Clone, Default)]
struct Levels {
    bids: BTreeMap<i64, Level>,
    asks: BTreeMap<i64, Level>,
}

impl Levels {
    fn of(&mut self, side: Side) -> &mut BTreeMap<i64, Level> {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }
}

/// The textbook book.
#[derive(Clone)]
pub struct Textbook {
    levels: Levels,
    orders: Orders,
    counters: Counters,
}

impl Textbook {
    /// An empty book with room for `orders` orders before slab and ids grow.
    pub fn new(orders: usize) -> Self {
        Self {
            levels: Levels::default(),
            orders: Orders {
                slab: Vec::with_capacity(orders),
                free: Vec::with_capacity(orders),
                ids: HashMap::with_capacity(orders),
            },
            counters: Counters::default(),
        }
    }

    fn limit(&mut self, order: &LimitOrder) {
        if self.orders.ids.contains_key(&order.id.0) {
            self.counters.rejected += 1;
            return;
        }
        let price = order.price.ticks();
        let left = self.trade(order.side, Some(price), order.quantity.lots());
        let rests = match order.time_in_force {
            TimeInForce::Gtc => true,
            TimeInForce::Ioc => false,
            TimeInForce::Fok | TimeInForce::Day | TimeInForce::Gtd(_) => {
                unreachable!("no flow has these")
            }
        };
        if left > 0 && rests {
            self.rest(order.id.0, order.account.0, order.side, price, left);
        }
    }

    fn market(&mut self, order: &MarketOrder) {
        if self.orders.ids.contains_key(&order.id.0) {
            self.counters.rejected += 1;
            return;
        }
        let MarketAmount::Quantity(quantity) = order.amount else {
            unreachable!("no flow has budgets")
        };
        self.trade(order.side, None, quantity.lots());
    }

    fn cancel(&mut self, cancel: &Cancel) {
        match self.orders.owned(cancel.id, cancel.owner) {
            Some(slot) => self.remove(slot),
            None => self.counters.rejected += 1,
        }
    }

    fn replace(&mut self, replace: &Replace) {
        let Some(slot) = self.orders.owned(replace.id, replace.owner) else {
            self.counters.rejected += 1;
            return;
        };
        let order = self.orders.slab[slot as usize];
        let price = replace.price.map_or(order.price, |price| price.ticks());
        let quantity = replace.quantity.map_or(order.quantity, |new| new.lots());
        if price == order.price && quantity < order.quantity {
            let level = self.levels.of(order.side).get_mut(&price);
            level.expect("an order has a level").quantity -= order.quantity - quantity;
            self.orders.slab[slot as usize].quantity = quantity;
            return;
        }
        self.remove(slot);
        let left = self.trade(order.side, Some(price), quantity);
        if left > 0 {
            self.rest(order.id, order.account, order.side, price, left);
        }
    }

    /// Trades up to `quantity`, at no price worse than the limit; returns what is left.
    fn trade(&mut self, taker: Side, limit: Option<i64>, quantity: u64) -> u64 {
        let mut left = quantity;
        while left > 0 {
            let best = match taker {
                Side::Buy => self.levels.asks.first_entry(),
                Side::Sell => self.levels.bids.last_entry(),
            };
            let Some(mut best) = best else { break };
            let crosses = limit.is_none_or(|limit| match taker {
                Side::Buy => *best.key() <= limit,
                Side::Sell => *best.key() >= limit,
            });
            if !crosses {
                break;
            }
            let level = best.get_mut();
            while left > 0 && level.orders > 0 {
                let filled = self.orders.fill_first(level, left);
                left -= filled;
                self.counters.trades += 1;
                self.counters.volume += filled;
            }
            if level.orders == 0 {
                best.remove();
            }
        }
        left
    }

    fn rest(&mut self, id: u64, account: u32, side: Side, price: i64, quantity: u64) {
        let level = self.levels.of(side).entry(price).or_insert(Level::EMPTY);
        let order = Order {
            id,
            account,
            side,
            price,
            quantity,
            previous: level.tail,
            next: NONE,
        };
        self.orders.append(level, order);
    }

    fn remove(&mut self, slot: u32) {
        let Order { side, price, .. } = self.orders.slab[slot as usize];
        let Entry::Occupied(mut level) = self.levels.of(side).entry(price) else {
            unreachable!("an order has a level")
        };
        self.orders.unlink(level.get_mut(), slot);
        if level.get().orders == 0 {
            level.remove();
        }
    }
}

/// All resting orders, by slot and by id.
struct Orders {
    slab: Vec<Order>,
    free: Vec<u32>,
    ids: HashMap<u64, u32>,
}

impl Orders {
    /// The slot of an order, if the owner, when one is given, is its own.
    fn owned(&self, id: OrderId, owner: Option<AccountId>) -> Option<u32> {
        let slot = *self.ids.get(&id.0)?;
        let account = self.slab[slot as usize].account;
        owner.is_none_or(|owner| owner.0 == account).then_some(slot)
    }

    /// Puts an order at the end of a level's queue.
    fn append(&mut self, level: &mut Level, order: Order) {
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slab[slot as usize] = order;
                slot
            }
            None => {
                self.slab.push(order);
                self.slab.len() as u32 - 1
            }
        };
        match level.tail {
            NONE => level.head = slot,
            tail => self.slab[tail as usize].next = slot,
        }
        level.tail = slot;
        level.orders += 1;
        level.quantity += order.quantity;
        self.ids.insert(order.id, slot);
    }

    /// Fills the first order of a level, in part or whole; returns how much.
    fn fill_first(&mut self, level: &mut Level, wanted: u64) -> u64 {
        let maker = &mut self.slab[level.head as usize];
        if wanted < maker.quantity {
            maker.quantity -= wanted;
            level.quantity -= wanted;
            return wanted;
        }
        let quantity = maker.quantity;
        self.unlink(level, level.head);
        quantity
    }

    /// Takes an order out of its level's queue, wherever it stands, and out of the book.
    fn unlink(&mut self, level: &mut Level, slot: u32) {
        let order = self.slab[slot as usize];
        match order.previous {
            NONE => level.head = order.next,
            previous => self.slab[previous as usize].next = order.next,
        }
        match order.next {
            NONE => level.tail = order.previous,
            next => self.slab[next as usize].previous = order.previous,
        }
        level.orders -= 1;
        level.quantity -= order.quantity;
        self.ids.remove(&order.id);
        self.free.push(slot);
    }
}

impl Clone for Orders {
    fn clone(&self) -> Self {
        Self {
            slab: with_capacity_of(&self.slab),
            free: with_capacity_of(&self.free),
            ids: self.ids.clone(),
        }
    }
}

impl Baseline for Textbook {
    fn apply(&mut self, command: &Command) {
        match &command.action {
            Action::Limit(order) => self.limit(order),
            Action::Market(order) => self.market(order),
            Action::Cancel(cancel) => self.cancel(cancel),
            Action::Replace(replace) => self.replace(replace),
            Action::Order(_)
            | Action::Once { .. }
            | Action::Leg { .. }
            | Action::CancelReplace { .. }
            | Action::Reduce(_)
            | Action::Amend(_)
            | Action::CancelAll(_)
            | Action::SetMark(_)
            | Action::AdvanceTime
            | Action::EndOfDay => {
                unreachable!("no flow has these")
            }
        }
    }

    fn counters(&self) -> Counters {
        self.counters
    }

    fn len(&self) -> usize {
        self.orders.ids.len()
    }

    fn best(&self, side: Side) -> Option<i64> {
        let best = match side {
            Side::Buy => self.levels.bids.last_key_value(),
            Side::Sell => self.levels.asks.first_key_value(),
        };
        best.map(|(&price, _)| price)
    }

    fn depth(&self, side: Side) -> impl Iterator<Item = (Price, u64, u32)> {
        // One of the two chained is empty: they have different types.
        let bids = (side == Side::Buy).then(|| self.levels.bids.iter().rev());
        let asks = (side == Side::Sell).then(|| self.levels.asks.iter());
        let levels = bids.into_iter().flatten().chain(asks.into_iter().flatten());
        levels.map(|(&price, level)| (Price::new(price), level.quantity, level.orders))
    }
}
