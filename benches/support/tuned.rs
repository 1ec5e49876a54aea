//! A tuned book, to compare with: what the textbook's becomes in the hands of someone who
//! cares for speed, still of the same parts: levels in a `BTreeMap` per side, orders in a
//! slab with doubly linked first-in-first-out queues, ids in hashbrown's map with its
//! default hasher.
//!
//! Beyond [`Textbook`](super::textbook::Textbook) it has aligned 32-byte orders, levels in
//! a slab of their own to which orders point, so that a cancellation needs no search for
//! its level, and the best level of a side kept. Like the textbook's it does less than the
//! engine: no events (it counts trades and volume), no limits of the instrument, no
//! post-only, no expiry, no mass cancellation.
//!
//! It can be observed, so it also records traces and follows flows that are generated.

mod read;

pub use read::Resting;

use std::collections::BTreeMap;

use hashbrown::HashMap;
use pricetime::{
    AccountId, Cancel, LimitOrder, MarketAmount, MarketOrder, OrderId, Replace, Side, TimeInForce,
};

use super::baseline::Counters;

/// What happens inside the book, for those who record traces. The book to be timed
/// has `()` here, which compiles to nothing.
pub trait Observer {
    /// The ladder of a side was asked or changed.
    fn ladder(&mut self, _side: Side, _operation: LadderOperation) {}
    /// The map of ids was asked or changed.
    fn ids(&mut self, _operation: IdOperation) {}
    /// A queue changed.
    fn queue(&mut self, _operation: QueueOperation) {}
}

impl Observer for () {}

/// What a ladder is asked. The key of a better price is lower.
#[derive(Clone, Copy)]
pub enum LadderOperation {
    /// The best level.
    Best,
    /// The level with this key, if there.
    Find(i64),
    /// A new level.
    Insert { key: i64, level: u32 },
    /// A level that ran empty.
    Remove(i64),
}

/// What the map of ids is asked.
#[derive(Clone, Copy)]
pub enum IdOperation {
    /// Whether the id is there, which it mostly is not: the check of a new order.
    Check(u64),
    /// The slot of an id.
    Find(u64),
    /// A new id.
    Insert { id: u64, slot: u32 },
    /// An id whose order is gone.
    Remove { id: u64, slot: u32 },
}

/// What a queue is asked. Slots and levels name orders and levels while they live.
#[derive(Clone, Copy)]
pub enum QueueOperation {
    /// A new last order.
    Push {
        level: u32,
        slot: u32,
        quantity: u64,
    },
    /// An order leaves from anywhere.
    Remove { slot: u32 },
    /// The first order is filled and leaves.
    Pop { level: u32 },
    /// The first order is filled in part.
    Fill { level: u32, quantity: u64 },
}

/// Aligned, so that none lies across two cache lines.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Order {
    id: u64,
    quantity: u64,
    account: u32,
    level: u32,
    previous: u32,
    next: u32,
}

#[derive(Clone, Copy)]
struct Level {
    price: i64,
    quantity: u64,
    orders: u32,
    first: u32,
    last: u32,
    side: Side,
}

/// No slot.
const NONE: u32 = u32::MAX;

/// The tuned book.
pub struct Tuned<O = ()> {
    ladders: [BTreeMap<i64, u32>; 2],
    best: [u32; 2],
    levels: Vec<Level>,
    free_levels: Vec<u32>,
    orders: Vec<Order>,
    free_orders: Vec<u32>,
    ids: HashMap<u64, u32>,
    counters: Counters,
    observer: O,
}

impl<O: Observer> Tuned<O> {
    /// An empty book with room for `orders` orders on `levels` levels before it allocates.
    pub fn new(orders: usize, levels: usize, observer: O) -> Self {
        Self {
            ladders: [BTreeMap::new(), BTreeMap::new()],
            best: [NONE; 2],
            levels: Vec::with_capacity(levels),
            free_levels: Vec::with_capacity(levels),
            orders: Vec::with_capacity(orders),
            free_orders: Vec::with_capacity(orders),
            ids: HashMap::with_capacity(orders),
            counters: Counters::default(),
            observer,
        }
    }

    fn limit(&mut self, order: &LimitOrder) {
        self.observer.ids(IdOperation::Check(order.id.0));
        if self.ids.contains_key(&order.id.0) {
            self.counters.rejected += 1;
            return;
        }
        let price = order.price.ticks();
        let limit = key(order.side.opposite(), price);
        let left = self.sweep(order.side, limit, order.quantity.lots());
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
        self.observer.ids(IdOperation::Check(order.id.0));
        if self.ids.contains_key(&order.id.0) {
            self.counters.rejected += 1;
            return;
        }
        let MarketAmount::Quantity(quantity) = order.amount else {
            unreachable!("no flow has budgets")
        };
        self.sweep(order.side, i64::MAX, quantity.lots());
    }

    fn cancel(&mut self, cancel: &Cancel) {
        match self.owned(cancel.id, cancel.owner) {
            Some(slot) => self.remove(slot),
            None => self.counters.rejected += 1,
        }
    }

    fn replace(&mut self, replace: &Replace) {
        let Some(slot) = self.owned(replace.id, replace.owner) else {
            self.counters.rejected += 1;
            return;
        };
        let order = self.orders[slot as usize];
        let level = &mut self.levels[order.level as usize];
        let side = level.side;
        let price = replace.price.map_or(level.price, |price| price.ticks());
        let quantity = replace.quantity.map_or(order.quantity, |new| new.lots());
        if price == level.price && quantity < order.quantity {
            level.quantity -= order.quantity - quantity;
            self.orders[slot as usize].quantity = quantity;
            return;
        }
        self.remove(slot);
        let left = self.sweep(side, key(side.opposite(), price), quantity);
        if left > 0 {
            self.rest(order.id, order.account, side, price, left);
        }
    }

    fn owned(&mut self, id: OrderId, owner: Option<AccountId>) -> Option<u32> {
        self.observer.ids(IdOperation::Find(id.0));
        let slot = *self.ids.get(&id.0)?;
        let account = self.orders[slot as usize].account;
        owner.is_none_or(|owner| owner.0 == account).then_some(slot)
    }

    /// Trades up to `quantity` with levels whose key is at most `limit`; returns what is left.
    fn sweep(&mut self, taker: Side, limit: i64, quantity: u64) -> u64 {
        let side = taker.opposite();
        let mut left = quantity;
        while left > 0 {
            self.observer.ladder(side, LadderOperation::Best);
            let best = self.best[side as usize];
            if best == NONE || key(side, self.levels[best as usize].price) > limit {
                break;
            }
            left -= self.fill_first(best, left);
        }
        left
    }

    fn fill_first(&mut self, level: u32, wanted: u64) -> u64 {
        let entry = &mut self.levels[level as usize];
        let slot = entry.first;
        let maker = &mut self.orders[slot as usize];
        let quantity = maker.quantity.min(wanted);
        self.counters.trades += 1;
        self.counters.volume += quantity;
        if quantity < maker.quantity {
            maker.quantity -= quantity;
            entry.quantity -= quantity;
            self.observer
                .queue(QueueOperation::Fill { level, quantity });
        } else {
            self.observer.queue(QueueOperation::Pop { level });
            self.unlink(slot);
        }
        quantity
    }

    fn rest(&mut self, id: u64, account: u32, side: Side, price: i64, quantity: u64) {
        let level = self.level(side, price);
        let entry = &mut self.levels[level as usize];
        let order = Order {
            id,
            quantity,
            account,
            level,
            previous: entry.last,
            next: NONE,
        };
        let slot = take_slot(&mut self.orders, &mut self.free_orders, order);
        if entry.last == NONE {
            entry.first = slot;
        } else {
            self.orders[entry.last as usize].next = slot;
        }
        entry.last = slot;
        entry.quantity += quantity;
        entry.orders += 1;
        self.ids.insert(id, slot);
        self.observer.ids(IdOperation::Insert { id, slot });
        let push = QueueOperation::Push {
            level,
            slot,
            quantity,
        };
        self.observer.queue(push);
    }

    fn level(&mut self, side: Side, price: i64) -> u32 {
        let key = key(side, price);
        self.observer.ladder(side, LadderOperation::Find(key));
        let (levels, free) = (&mut self.levels, &mut self.free_levels);
        let mut created = false;
        let level = *self.ladders[side as usize].entry(key).or_insert_with(|| {
            created = true;
            let level = Level {
                price,
                quantity: 0,
                orders: 0,
                first: NONE,
                last: NONE,
                side,
            };
            take_slot(levels, free, level)
        });
        if created {
            self.observer
                .ladder(side, LadderOperation::Insert { key, level });
            let best = &mut self.best[side as usize];
            if *best == NONE || key < self::key(side, levels[*best as usize].price) {
                *best = level;
            }
        }
        level
    }

    fn remove(&mut self, slot: u32) {
        self.observer.queue(QueueOperation::Remove { slot });
        self.unlink(slot);
    }

    fn unlink(&mut self, slot: u32) {
        let order = self.orders[slot as usize];
        let level = &mut self.levels[order.level as usize];
        if order.previous == NONE {
            level.first = order.next;
        } else {
            self.orders[order.previous as usize].next = order.next;
        }
        if order.next == NONE {
            level.last = order.previous;
        } else {
            self.orders[order.next as usize].previous = order.previous;
        }
        level.quantity -= order.quantity;
        level.orders -= 1;
        if level.orders == 0 {
            self.remove_level(order.level);
        }
        self.ids.remove(&order.id);
        self.observer
            .ids(IdOperation::Remove { id: order.id, slot });
        self.free_orders.push(slot);
    }

    fn remove_level(&mut self, level: u32) {
        let Level { side, price, .. } = self.levels[level as usize];
        let key = key(side, price);
        self.observer.ladder(side, LadderOperation::Remove(key));
        let ladder = &mut self.ladders[side as usize];
        ladder.remove(&key);
        if self.best[side as usize] == level {
            self.best[side as usize] = ladder.first_key_value().map_or(NONE, |(_, &best)| best);
        }
        self.free_levels.push(level);
    }
}

/// Orders prices so that the better one of a side is the lower key.
fn key(side: Side, price: i64) -> i64 {
    match side {
        Side::Buy => -price,
        Side::Sell => price,
    }
}

fn take_slot<T>(slab: &mut Vec<T>, free: &mut Vec<u32>, value: T) -> u32 {
    if let Some(slot) = free.pop() {
        slab[slot as usize] = value;
        return slot;
    }
    slab.push(value);
    slab.len() as u32 - 1
}
