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
use crate::order::{AccountId, LimitOrder, OrderId, PostOnly, Side, TimeInForce};
use crate::units::{Price, Quantity, Timestamp};
use index::{Index, Place, Tag};
use ladder::Ladder;
use owners::{Owner, Owners};
pub use read::{Cost, Imbalance, QueuePosition, RestingOrder};
use slab::{NONE, Node, Slab};
use timed::{Expiry, Timed};
pub(crate) use warm::{GROUP, Needs};

/// One instrument's resting orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    slab: Slab,
    ladder: Ladder,
    index: Index,
    /// Only with a capacity for accounts.
    owners: Option<Owners>,
    timed: Timed,
    price_min: i64,
    /// How many ticks the price band is wide.
    width: u64,
    /// How many orders each side has.
    side_orders: [u32; 2],
}

/// Where a level is kept. Valid until the level is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LevelSlot(u32);

/// Where an order is kept. Valid until the order is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OrderSlot(u32);

/// A resting order and its entry in the index. Valid until the order is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub slot: OrderSlot,
    tag: Tag,
    place: Place,
}

/// A free place in the index for a new order. Valid until the next order rests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Vacancy {
    tag: Tag,
    place: Place,
}

/// Where an order that is on its way will be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seat {
    /// It is new: it will take a slot, and this place in the index if there is one.
    New(Tag, Option<Place>),
    /// It was lifted: it still has its slot and its entry in the index.
    Lifted(Found),
}

/// An order on its way to rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Incoming {
    pub id: OrderId,
    pub seat: Seat,
    pub account: AccountId,
    /// Where its account's orders are linked, if they are.
    pub owner: Option<Owner>,
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

/// The attributes of an order, in the bits of its node's place that do not name its level.
const TIMED: u32 = 1 << 31;
const POST_ONLY_SHIFT: u32 = 29;

impl Book {
    pub(crate) fn new(instrument: &Instrument) -> Self {
        let capacities = instrument.capacities();
        let (orders, accounts) = (capacities.orders, capacities.accounts);
        let (min, max) = (instrument.price_min(), instrument.price_max());
        let width = max.ticks().abs_diff(min.ticks());
        let key = instrument.index_key();
        Self {
            slab: Slab::new(capacities.levels, orders),
            ladder: Ladder::new(width, capacities.levels),
            index: Index::new(orders, key),
            owners: (accounts > 0).then(|| Owners::new(accounts, orders, key)),
            timed: Timed::new(capacities.timed_orders),
            price_min: min.ticks(),
            width,
            side_orders: [0; 2],
        }
    }

    /// The resting order with this id.
    #[inline(always)]
    pub(crate) fn find(&self, id: OrderId) -> Option<Found> {
        self.find_hashed(id, self.index.tag(id.0))
    }

    /// A seat for a new order with this id; `None` if an order with it rests already.
    pub(crate) fn seat(&self, id: OrderId) -> Option<Seat> {
        let tag = self.index.tag(id.0);
        match self.find_hashed(id, tag) {
            Some(_) => None,
            None => Some(Seat::New(tag, self.index.vacancy(tag))),
        }
    }

    #[inline(always)]
    fn find_hashed(&self, id: OrderId, tag: Tag) -> Option<Found> {
        let (place, slot) = self
            .index
            .find(tag, |slot| self.slab.node(slot).key == id.0)?;
        Some(Found {
            slot: OrderSlot(slot),
            tag,
            place,
        })
    }

    /// The entry in the index of an order in a known slot.
    #[inline]
    pub(crate) fn entry(&self, slot: OrderSlot) -> Found {
        let tag = self.index.tag(self.slab.node(slot.0).key);
        let entry = self.index.find(tag, |there| there == slot.0);
        let (place, _) = entry.expect("a resting order is indexed");
        Found { slot, tag, place }
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
        if !self.in_band(price) {
            return None;
        }
        let level = self.ladder.find(side as usize, self.key(side, price));
        (level != NONE).then_some(LevelSlot(level))
    }

    /// Whether an order of this side at this price of the band would take.
    #[inline]
    pub(crate) fn crosses(&self, side: Side, price: Price) -> bool {
        let key = self.key(side, price);
        match self.ladder.best_key(side.opposite() as usize) {
            // The two keys count from opposite ends of the band.
            Some(best) => key >= self.width - best,
            None => false,
        }
    }

    /// Whether a price is within the instrument's band.
    #[inline]
    pub(crate) fn in_band(&self, price: Price) -> bool {
        self.key(Side::Buy, price) <= self.width
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
        self.slab.node(level.0).place
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
        LevelSlot(self.slab.node(order.0).level())
    }

    #[inline]
    pub(crate) fn order_account(&self, order: OrderSlot) -> AccountId {
        AccountId(self.slab.node(order.0).extra)
    }

    #[inline]
    pub(crate) fn level_side(&self, level: LevelSlot) -> Side {
        Side::BOTH[self.slab.node(level.0).extra as usize & 1]
    }

    pub(crate) fn order_post_only(&self, order: OrderSlot) -> PostOnly {
        match self.slab.node(order.0).attributes() >> POST_ONLY_SHIFT & 3 {
            0 => PostOnly::Off,
            1 => PostOnly::Reject,
            _ => PostOnly::Slide,
        }
    }

    pub(crate) fn order_time_in_force(&self, order: OrderSlot) -> TimeInForce {
        if self.slab.node(order.0).attributes() & TIMED == 0 {
            return TimeInForce::Gtc;
        }
        match self.timed.expiry(order.0) {
            Expiry::DayEnd => TimeInForce::Day,
            Expiry::At(time) => TimeInForce::Gtd(Timestamp::new(time)),
        }
    }

    /// The order behind this one in its level.
    pub(crate) fn behind(&self, order: OrderSlot) -> Option<OrderSlot> {
        let node = self.slab.node(order.0);
        (node.next != node.level()).then_some(OrderSlot(node.next))
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

    /// Whether the orders of each account are linked.
    #[inline]
    pub(crate) fn links_accounts(&self) -> bool {
        self.owners.is_some()
    }

    /// Where the orders of an account are linked, if there is room for another.
    pub(crate) fn owner(&self, account: AccountId) -> Option<Owner> {
        self.owners.as_ref()?.owner(account.0)
    }

    #[inline]
    pub(crate) fn has_room_for_timed(&self) -> bool {
        self.timed.has_room()
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

    /// The oldest order of an account whose orders are linked.
    pub(crate) fn first_of_account(&self, account: AccountId) -> Option<OrderSlot> {
        let order = self.owners.as_ref()?.first(account.0)?;
        Some(OrderSlot(order + self.slab.orders_from()))
    }

    /// The next younger order of the same account.
    pub(crate) fn newer_of_account(&self, order: OrderSlot) -> Option<OrderSlot> {
        let newer = self.owners.as_ref()?.newer(self.position(order.0))?;
        Some(OrderSlot(newer + self.slab.orders_from()))
    }

    /// Whether a new order that is plain and does not take would find room, whatever its price and account.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.slab.has_free_order() & self.slab.has_free_level() & self.owners.is_none()
    }

    /// Where a new order with this id can be put, if no order with it rests.
    #[inline(always)]
    pub(crate) fn vacancy(&self, id: OrderId) -> Option<Vacancy> {
        let tag = self.index.tag(id.0);
        match self.find_hashed(id, tag) {
            Some(_) => None,
            None => Some(Vacancy {
                tag,
                place: self.index.vacancy(tag)?,
            }),
        }
    }

    /// Puts a plain new order at the tail of its level. `has_room` and `vacancy` saw that it fits.
    #[inline(always)]
    pub(crate) fn rest_plain(&mut self, vacancy: Vacancy, order: &LimitOrder) {
        let slot = self.slab.take_order();
        self.index.put(vacancy.tag, vacancy.place, slot);
        let level = self.level_for(order.side, order.price);
        let node = Node {
            key: order.id.0,
            quantity: order.quantity.lots(),
            prev: NONE,
            next: NONE,
            place: 0,
            extra: order.account.0,
        };
        self.slab.push_back(level, slot, node);
        self.side_orders[order.side as usize] += 1;
    }

    /// Puts an order at the tail of its level. The caller saw that everything fits.
    pub(crate) fn rest(&mut self, order: &Incoming) {
        let slot = match order.seat {
            Seat::Lifted(found) => found.slot.0,
            Seat::New(tag, place) => {
                let slot = self.slab.take_order();
                let place = place.expect("admission saw room in the index");
                self.index.put(tag, place, slot);
                slot
            }
        };
        if self.owners.is_some() {
            self.join_account(slot, order.account, order.owner);
        }
        let mut attributes = 0;
        if order.time_in_force != TimeInForce::Gtc || order.post_only != PostOnly::Off {
            attributes = self.attach(slot, order.time_in_force, order.post_only);
        }
        let level = self.level_for(order.side, order.price);
        let node = Node {
            key: order.id.0,
            quantity: order.quantity.lots(),
            prev: NONE,
            next: NONE,
            place: attributes,
            extra: order.account.0,
        };
        self.slab.push_back(level, slot, node);
        self.side_orders[order.side as usize] += 1;
    }

    /// Takes an order off the book.
    #[inline(always)]
    pub(crate) fn remove(&mut self, order: Found) {
        self.lift(order.slot);
        self.vacate(order);
    }

    /// A resting order as it will be on its way once it is lifted.
    pub(crate) fn as_incoming(&self, found: Found) -> Incoming {
        let order = self.order_of(found.slot);
        Incoming {
            id: order.id,
            seat: Seat::Lifted(found),
            account: order.account,
            owner: self.owner_of(found.slot),
            side: order.side,
            price: order.price,
            quantity: order.quantity,
            time_in_force: order.time_in_force,
            post_only: order.post_only,
        }
    }

    /// Takes an order out of its level. It keeps its slot and can be found by its id
    /// until it rests again or is vacated.
    #[inline(always)]
    pub(crate) fn lift(&mut self, order: OrderSlot) {
        let node = *self.slab.node(order.0);
        let level = LevelSlot(node.level());
        self.slab.unlink(&node);
        self.side_orders[self.slab.node(level.0).extra as usize & 1] -= 1;
        self.end_level(level);
        self.disown(order.0, node.attributes());
    }

    /// Gives up the slot and the entry of an order that is in no level any more.
    #[inline]
    pub(crate) fn vacate(&mut self, order: Found) {
        self.index.take(order.tag, order.place);
        self.slab.free_order(order.slot.0);
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
        head.place -= 1;
        let side = head.extra as usize & 1;
        self.slab.node_mut(node.next).prev = level.0;
        self.side_orders[side] -= 1;
        self.disown(slot, node.attributes());
        self.vacate(self.entry(OrderSlot(slot)));
        Fill {
            maker,
            lots: node.quantity,
            maker_remaining: 0,
        }
    }

    /// Removes a level if it has no orders left, and says whether it had none.
    #[inline]
    pub(crate) fn end_level(&mut self, level: LevelSlot) -> bool {
        let empty = self.slab.node(level.0).place == 0;
        if empty {
            self.drop_level(level);
        }
        empty
    }

    /// A price as its side sees it: the better, the greater.
    #[inline]
    fn key(&self, side: Side, price: Price) -> u64 {
        let above = price.ticks().wrapping_sub(self.price_min) as u64;
        match side {
            Side::Buy => above,
            Side::Sell => self.width.wrapping_sub(above),
        }
    }

    /// An order's position among all order slots.
    #[inline]
    fn position(&self, slot: u32) -> u32 {
        slot - self.slab.orders_from()
    }

    #[inline(always)]
    fn level_for(&mut self, side: Side, price: Price) -> u32 {
        let key = self.key(side, price);
        match self.ladder.find_soon_again(side as usize, key) {
            NONE => self.new_level(side, price, key),
            level => level,
        }
    }

    #[inline(never)]
    fn new_level(&mut self, side: Side, price: Price, key: u64) -> u32 {
        let level = self.slab.take_level(price.ticks(), side as u32);
        self.ladder.insert(side as usize, key, level);
        level
    }

    #[inline(never)]
    fn drop_level(&mut self, level: LevelSlot) {
        let side = self.level_side(level);
        let key = self.key(side, self.level_price(level));
        self.ladder.remove(side as usize, key);
        self.slab.free_level(level.0);
    }

    /// Takes an order from its account's and from those that expire.
    #[inline(always)]
    fn disown(&mut self, slot: u32, attributes: u32) {
        if self.owners.is_some() {
            self.leave_account(slot);
        }
        if attributes & TIMED != 0 {
            self.timed.remove(slot);
        }
    }

    #[inline(never)]
    fn join_account(&mut self, slot: u32, account: AccountId, owner: Option<Owner>) {
        let position = self.position(slot);
        if let Some(owners) = &mut self.owners {
            let owner = owner.expect("admission saw room for the account");
            owners.join(position, account.0, owner);
        }
    }

    #[inline(never)]
    fn leave_account(&mut self, slot: u32) {
        let position = self.position(slot);
        if let Some(owners) = &mut self.owners {
            owners.leave(position);
        }
    }

    fn owner_of(&self, order: OrderSlot) -> Option<Owner> {
        let owners = self.owners.as_ref()?;
        Some(owners.owner_of(self.position(order.0)))
    }

    #[cold]
    fn attach(&mut self, slot: u32, time_in_force: TimeInForce, post_only: PostOnly) -> u32 {
        let expiry = match time_in_force {
            TimeInForce::Gtd(time) => Some(Expiry::At(time.nanoseconds())),
            TimeInForce::Day => Some(Expiry::DayEnd),
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => None,
        };
        if let Some(expiry) = expiry {
            self.timed.add(slot, expiry);
        }
        let timed = if expiry.is_some() { TIMED } else { 0 };
        timed | (post_only as u32) << POST_ONLY_SHIFT
    }
}
