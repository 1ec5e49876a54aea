//! One instrument's resting orders: storage without policy.
//!
//! ```text
//!   index:  id ------------------------------.
//!   ladder: side, price -> level (a node)    |
//!   slab:     level <-> order <-> order <-> order <-> back to the level
//!   owners:   account <-> its orders, oldest first
//!   timed:    the few orders that expire
//! ```
//!
//! The engine changes it; everybody may read it. All memory is taken when the
//! book is made. Reads cost what their comments say and allocate nothing.

mod check;
mod index;
mod ladder;
mod owners;
mod queue;
mod read;
mod slab;
mod timed;
mod warm;

use crate::instrument::Instrument;
use crate::order::{AccountId, OrderId, PostOnly, Side, TimeInForce};
use crate::units::{Price, Quantity, Timestamp};
use index::{Index, Tag};
use ladder::Ladder;
use owners::Owners;
pub use read::{Cost, Imbalance, QueuePosition, RestingOrder};
use slab::{NONE, Slab};
use timed::{Expiry, Timed};
pub(crate) use warm::{GROUP, Need};

/// One instrument's resting orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    slab: Slab,
    ladder: Ladder,
    index: Index,
    owners: Owners,
    timed: Timed,
    price_min: i64,
    price_max: i64,
    /// How many orders each side has.
    side_orders: [u32; 2],
}

/// Where a level is kept. Valid until the level is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LevelSlot(u32);

/// Where an order is kept. Valid until the order is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OrderSlot(u32);

/// An id with its hash, so that one command hashes once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HashedId {
    id: OrderId,
    tag: Tag,
}

impl HashedId {
    #[inline]
    pub(crate) fn id(self) -> OrderId {
        self.id
    }
}

/// What comes to rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Resting {
    pub id: HashedId,
    pub account: AccountId,
    pub side: Side,
    pub price: Price,
    pub quantity: Quantity,
    pub time_in_force: TimeInForce,
    pub post_only: PostOnly,
}

/// What the head of a level gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fill {
    pub maker: OrderId,
    pub lots: u64,
    pub maker_remaining: u64,
}

/// The low bits of a node's `extra` hold one more than the order's record among the timed
/// orders, or zero; the two bits above hold its post-only attribute.
const RECORD_BITS: u32 = 30;
const RECORD_MASK: u32 = (1 << RECORD_BITS) - 1;

impl Book {
    pub(crate) fn new(instrument: &Instrument) -> Self {
        let capacities = instrument.capacities();
        let (min, max) = (instrument.price_min(), instrument.price_max());
        let width = max.ticks().abs_diff(min.ticks());
        let key = instrument.index_key();
        Self {
            slab: Slab::new(capacities.levels, capacities.orders),
            ladder: Ladder::new(width, capacities.levels),
            index: Index::new(capacities.orders as usize, key),
            owners: Owners::new(capacities.accounts, capacities.orders, key),
            timed: Timed::new(capacities.timed_orders),
            price_min: min.ticks(),
            price_max: max.ticks(),
            side_orders: [0; 2],
        }
    }

    /// Hashes an id.
    #[inline]
    pub(crate) fn hash(&self, id: OrderId) -> HashedId {
        HashedId {
            id,
            tag: self.index.tag(id.0),
        }
    }

    /// The resting order with this id.
    #[inline]
    pub(crate) fn find(&self, hashed: HashedId) -> Option<OrderSlot> {
        let slot = self
            .index
            .find(hashed.tag, |slot| self.slab.node(slot).key == hashed.id.0);
        (slot != NONE).then_some(OrderSlot(slot))
    }

    /// The best level of a side.
    #[inline]
    pub(crate) fn best_slot(&self, side: Side) -> Option<LevelSlot> {
        let level = self.ladder.best(side as usize);
        (level != NONE).then_some(LevelSlot(level))
    }

    /// The next worse level of the same side.
    pub(crate) fn next_slot(&self, level: LevelSlot) -> Option<LevelSlot> {
        let side = self.level_side(level);
        let below = self.key(side, self.level_price(level)).checked_sub(1)?;
        self.at_or_below(side, below)
    }

    /// The best level of a side that is no better than a price of the band.
    pub(crate) fn level_from(&self, side: Side, price: Price) -> Option<LevelSlot> {
        self.at_or_below(side, self.key(side, price))
    }

    fn at_or_below(&self, side: Side, key: u64) -> Option<LevelSlot> {
        let level = self.ladder.at_or_below(side as usize, key);
        (level != NONE).then_some(LevelSlot(level))
    }

    /// The level of a side at a price.
    pub(crate) fn level_slot(&self, side: Side, price: Price) -> Option<LevelSlot> {
        if !(self.price_min..=self.price_max).contains(&price.ticks()) {
            return None;
        }
        let level = self.ladder.find(side as usize, self.key(side, price));
        (level != NONE).then_some(LevelSlot(level))
    }

    #[inline]
    pub(crate) fn level_price(&self, level: LevelSlot) -> Price {
        Price::new(self.slab.node(level.0).key as i64)
    }

    #[inline]
    pub(crate) fn level_lots(&self, level: LevelSlot) -> u64 {
        self.slab.node(level.0).quantity
    }

    #[inline]
    pub(crate) fn level_orders(&self, level: LevelSlot) -> u32 {
        self.slab.node(level.0).level
    }

    #[inline]
    pub(crate) fn order_lots(&self, order: OrderSlot) -> u64 {
        self.slab.node(order.0).quantity
    }

    #[inline]
    pub(crate) fn order_id(&self, order: OrderSlot) -> OrderId {
        OrderId(self.slab.node(order.0).key)
    }

    #[inline]
    pub(crate) fn order_level(&self, order: OrderSlot) -> LevelSlot {
        LevelSlot(self.slab.node(order.0).level)
    }

    #[inline]
    pub(crate) fn order_account(&self, order: OrderSlot) -> AccountId {
        AccountId(self.owners.account(self.position(order.0)))
    }

    #[inline]
    pub(crate) fn level_side(&self, level: LevelSlot) -> Side {
        Side::BOTH[self.slab.node(level.0).extra as usize & 1]
    }

    pub(crate) fn order_post_only(&self, order: OrderSlot) -> PostOnly {
        match self.slab.node(order.0).extra >> RECORD_BITS {
            0 => PostOnly::Off,
            1 => PostOnly::Reject,
            _ => PostOnly::Slide,
        }
    }

    pub(crate) fn order_time_in_force(&self, order: OrderSlot) -> TimeInForce {
        match self.record(order.0).map(|record| self.timed.expiry(record)) {
            None => TimeInForce::Gtc,
            Some(Expiry::DayEnd) => TimeInForce::Day,
            Some(Expiry::At(time)) => TimeInForce::Gtd(Timestamp::new(time)),
        }
    }

    /// The order behind this one in its level.
    pub(crate) fn behind(&self, order: OrderSlot) -> Option<OrderSlot> {
        let node = self.slab.node(order.0);
        (node.next != node.level).then_some(OrderSlot(node.next))
    }

    /// The first order in the queue of a level.
    pub(crate) fn head(&self, level: LevelSlot) -> OrderSlot {
        OrderSlot(self.slab.node(level.0).next)
    }

    /// How many orders a side has.
    #[inline]
    pub(crate) fn side_orders(&self, side: Side) -> u32 {
        self.side_orders[side as usize]
    }

    #[inline]
    pub(crate) fn has_free_order(&self) -> bool {
        self.slab.has_free_order()
    }

    #[inline]
    pub(crate) fn has_free_level(&self) -> bool {
        self.slab.has_free_level()
    }

    #[inline]
    pub(crate) fn has_room_for_account(&self, account: AccountId) -> bool {
        self.owners.has_room(account.0)
    }

    #[inline]
    pub(crate) fn has_room_for_timed(&self) -> bool {
        self.timed.has_room()
    }

    #[inline]
    pub(crate) fn has_room_for_id(&self, hashed: HashedId) -> bool {
        self.index.has_room(hashed.tag)
    }

    /// The earliest expiry by date, in nanoseconds, or the end of time.
    #[inline]
    pub(crate) fn next_expiry(&self) -> u64 {
        self.timed.next_date()
    }

    /// The order that is first due by `time`.
    pub(crate) fn due(&self, time: u64) -> Option<OrderSlot> {
        self.timed.due(time).map(OrderSlot)
    }

    /// The oldest order of the day.
    pub(crate) fn first_of_day(&self) -> Option<OrderSlot> {
        self.timed.first_of_day().map(OrderSlot)
    }

    /// The oldest order of an account.
    pub(crate) fn first_of_account(&self, account: AccountId) -> Option<OrderSlot> {
        let order = self.owners.orders(account.0).next()?;
        Some(OrderSlot(order + self.slab.orders_from()))
    }

    /// The next younger order of the same account.
    pub(crate) fn newer_of_account(&self, order: OrderSlot) -> Option<OrderSlot> {
        let newer = self.owners.newer(self.position(order.0))?;
        Some(OrderSlot(newer + self.slab.orders_from()))
    }

    /// Puts an order at the tail of its level. The caller saw that everything fits.
    #[inline]
    pub(crate) fn rest(&mut self, order: &Resting) {
        let slot = self.slab.take_order();
        let node = self.slab.node_mut(slot);
        node.key = order.id.id.0;
        node.quantity = order.quantity.lots();
        node.extra = 0;
        self.index.insert(order.id.tag, slot);
        let position = self.position(slot);
        self.owners.join(position, order.account.0);
        if order.time_in_force != TimeInForce::Gtc || order.post_only != PostOnly::Off {
            self.attach(slot, order);
        }
        let level = self.level_for(order.side, order.price);
        self.slab.push_back(level, slot);
        self.side_orders[order.side as usize] += 1;
    }

    /// Takes an order off the book.
    #[inline]
    pub(crate) fn remove(&mut self, order: OrderSlot) {
        let node = *self.slab.node(order.0);
        let level = LevelSlot(node.level);
        self.slab.unlink(order.0);
        self.side_orders[self.level_side(level) as usize] -= 1;
        self.end_level(level);
        self.forget(order.0, self.hash(OrderId(node.key)));
    }

    /// Takes `lots` off an order that keeps at least one, and its place.
    #[inline]
    pub(crate) fn reduce(&mut self, order: OrderSlot, lots: u64) {
        self.slab.reduce(order.0, lots);
    }

    /// Lets the first order of a level trade up to `lots`, which is not zero. A filled
    /// order leaves; a level that is left without orders stays for `end_level`.
    #[inline]
    pub(crate) fn take_front(&mut self, level: LevelSlot, lots: u64) -> Fill {
        let slot = self.slab.node(level.0).next;
        let node = *self.slab.node(slot);
        let maker = OrderId(node.key);
        if lots < node.quantity {
            self.slab.reduce(slot, lots);
            return Fill {
                maker,
                lots,
                maker_remaining: node.quantity - lots,
            };
        }
        let head = self.slab.node_mut(level.0);
        head.next = node.next;
        head.quantity -= node.quantity;
        head.level -= 1;
        let side = head.extra as usize & 1;
        self.slab.node_mut(node.next).prev = level.0;
        self.side_orders[side] -= 1;
        self.forget(slot, self.hash(maker));
        Fill {
            maker,
            lots: node.quantity,
            maker_remaining: 0,
        }
    }

    /// Removes a level if it has no orders left, and says whether it had none.
    #[inline]
    pub(crate) fn end_level(&mut self, level: LevelSlot) -> bool {
        let empty = self.slab.node(level.0).level == 0;
        if empty {
            self.drop_level(level);
        }
        empty
    }

    /// A price as its side sees it: the better, the greater.
    #[inline]
    fn key(&self, side: Side, price: Price) -> u64 {
        match side {
            Side::Buy => price.ticks().wrapping_sub(self.price_min) as u64,
            Side::Sell => self.price_max.wrapping_sub(price.ticks()) as u64,
        }
    }

    /// An order's position among all order slots.
    #[inline]
    fn position(&self, slot: u32) -> u32 {
        slot - self.slab.orders_from()
    }

    fn record(&self, slot: u32) -> Option<u32> {
        (self.slab.node(slot).extra & RECORD_MASK).checked_sub(1)
    }

    #[inline]
    fn level_for(&mut self, side: Side, price: Price) -> u32 {
        let key = self.key(side, price);
        let level = self.ladder.find(side as usize, key);
        if level != NONE {
            return level;
        }
        let level = self.slab.take_level(price.ticks(), side as u32);
        self.ladder.insert(side as usize, key, level);
        level
    }

    fn drop_level(&mut self, level: LevelSlot) {
        let side = self.level_side(level);
        let key = self.key(side, self.level_price(level));
        self.ladder.remove(side as usize, key);
        self.slab.free_level(level.0);
    }

    /// Drops an order that is in no queue any more from everything else.
    #[inline]
    fn forget(&mut self, slot: u32, hashed: HashedId) {
        self.index.remove(hashed.tag, slot);
        self.owners.leave(self.position(slot));
        if self.slab.node(slot).extra != 0 {
            self.detach(slot);
        }
        self.slab.free_order(slot);
    }

    #[cold]
    fn attach(&mut self, slot: u32, order: &Resting) {
        let record = match order.time_in_force {
            TimeInForce::Gtd(time) => self.timed.add(slot, Expiry::At(time.nanoseconds())) + 1,
            TimeInForce::Day => self.timed.add(slot, Expiry::DayEnd) + 1,
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => 0,
        };
        self.slab.node_mut(slot).extra = (order.post_only as u32) << RECORD_BITS | record;
    }

    #[cold]
    fn detach(&mut self, slot: u32) {
        if let Some(record) = self.record(slot) {
            self.timed.remove(record);
        }
    }
}
