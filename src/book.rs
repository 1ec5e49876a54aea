//! One instrument's resting orders: storage without policy.
//!
//! ```text
//!   index:  id ------------------------------.
//!   ladder: side, price -> level (a node)    |
//!   slab:     level <-> order <-> order <-> order <-> back to the level
//!   owners:   account <-> its orders, oldest first
//!   timed:    the few orders that expire
//!   special:  the few orders with terms of their own
//!   waiting:  the few orders that wait: for a trigger, a reference or their list
//!   lists:    the few orders that depend on each other
//!   totals:   how much of each order there is in all, if that is kept
//! ```
//!
//! The engine changes it; everybody may read it. All memory is taken when the
//! book is made. Reads cost what their comments say and allocate nothing.

mod check;
mod heaps;
mod image;
mod index;
mod ladder;
mod lists;
mod look;
mod names;
mod owners;
mod queue;
mod read;
mod slab;
mod special;
mod ties;
mod timed;
mod totals;
mod waiting;
mod warm;

use crate::instrument::Instrument;
use crate::order::{AccountId, LimitOrder, OrderId, PostOnly, Side, TimeInForce};
use crate::units::{Price, Quantity};
pub(crate) use image::{Image, ImageLevel, ImageOrder, ImageSpecial, ImageWaiting, Places};
pub(crate) use index::Home;
use index::{Index, Place};
use ladder::Ladder;
use lists::Lists;
pub(crate) use lists::{ImageList, LEGS, Leg, Life, OrderList};
pub(crate) use names::Names;
use owners::{Owner, Owners};
pub use read::{Cost, Imbalance, QueuePosition, RestingOrder};
use slab::{NONE, Node, Slab};
use special::Specials;
pub(crate) use special::{Peg, Stands, Terms};
pub(crate) use timed::Expiry;
use timed::Timed;
use totals::Totals;
use waiting::Waiting;
pub(crate) use waiting::{Direction, Feed, Stage};
pub use waiting::{WaitingOrder, WaitsFor};
pub(crate) use warm::{GROUP, IDS, Needs};

/// One instrument's resting orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    slab: Slab,
    ladder: Ladder,
    index: Index,
    /// Only with a capacity for accounts.
    owners: Option<Owners>,
    timed: Timed,
    specials: Specials,
    waiting: Waiting,
    lists: Lists,
    /// Whether something may happen after a command that it did not ask for. Kept, for every command asks.
    is_watched: bool,
    /// Only where the instrument keeps totals.
    totals: Option<Totals>,
    price_min: i64,
    /// How many ticks the price band is wide.
    width: u64,
    /// How many orders each side has.
    side_orders: [u32; 2],
}

/// Where a level is kept. Valid until the level is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LevelSlot(u32);

impl LevelSlot {
    /// No level.
    pub(crate) const NOWHERE: Self = Self(NONE);
}

/// Where an order is kept. Valid until the order is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OrderSlot(u32);

/// A resting order and its entry in the index. Valid until the order is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub slot: OrderSlot,
    home: Home,
    place: Place,
}

/// A free place in the index for a new order. Valid until the next order rests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Vacancy {
    home: Home,
    place: Place,
    /// Where its account's orders are linked, if they are.
    owner: Option<Owner>,
}

/// Where an order that is on its way will be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seat {
    /// It is new: it will take a slot, and this place in the index if there is one.
    New(Home, Option<Place>),
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
    /// What is open, and what has traded already if that is kept.
    pub total: u64,
    pub time_in_force: TimeInForce,
    pub post_only: PostOnly,
    /// What it asks for beyond a plain order, if a record is to be kept of it.
    pub terms: Option<Terms>,
}

/// A price of a side, and its key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Spot {
    side: Side,
    price: Price,
    key: u64,
}

/// What the head of a level gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fill {
    pub maker: OrderId,
    pub lots: u64,
    pub maker_remaining: u64,
    /// Whether its level is gone with it.
    pub level_gone: bool,
}

/// The attributes of an order, in the bits of its node's place that do not name its level.
const TIMED: u32 = 1 << 31;
const POST_ONLY_SHIFT: u32 = 29;
const SPECIAL: u32 = 1 << 28;
const WAITING: u32 = 1 << 27;

/// A copy that has the room of its original, which a copied vector has not.
pub(crate) fn copy_with_room<T: Copy>(list: &Vec<T>) -> Vec<T> {
    let mut copy = Vec::with_capacity(list.capacity());
    copy.extend_from_slice(list);
    copy
}

impl Book {
    pub(crate) fn new(instrument: &Instrument) -> Self {
        let capacities = instrument.capacities();
        let (orders, accounts) = (capacities.orders, capacities.accounts);
        let (min, max) = (instrument.price_min(), instrument.price_max());
        let width = max.ticks().abs_diff(min.ticks());
        let key = instrument.index_key();
        Self {
            slab: Slab::new(capacities.levels, capacities.special_orders, orders),
            ladder: Ladder::new(width, capacities.levels),
            index: Index::new(orders, key),
            owners: (accounts > 0).then(|| Owners::new(accounts, orders, key)),
            timed: Timed::new(capacities.timed_orders, orders),
            specials: Specials::new(capacities.special_orders, capacities.levels),
            waiting: Waiting::new(capacities.waiting_orders),
            lists: Lists::new(capacities.lists, key),
            is_watched: false,
            totals: instrument.keeps_totals().then(|| Totals::new(orders)),
            price_min: min.ticks(),
            width,
            side_orders: [0; 2],
        }
    }

    /// Looks where an id is kept, whether or not it is. Valid until an order comes to rest or leaves.
    #[inline(always)]
    pub(crate) fn home(&self, id: OrderId) -> Home {
        self.index.home(id.0)
    }

    /// The resting order with this id.
    #[inline]
    pub(crate) fn find(&self, id: OrderId) -> Option<Found> {
        self.find_at(self.home(id), id)
    }

    /// A seat for a new order with this id; `None` if an order with it rests already.
    pub(crate) fn seat(&self, home: Home, id: OrderId) -> Option<Seat> {
        match self.find_at(home, id) {
            Some(_) => None,
            None => Some(Seat::New(home, self.index.vacancy(home))),
        }
    }

    /// The resting order with this id, whose home this is.
    #[inline(always)]
    pub(crate) fn find_at(&self, home: Home, id: OrderId) -> Option<Found> {
        let is_it = |slot| self.slab.node(slot).key == id.0;
        let (place, slot) = self.index.find(home, is_it)?;
        Some(Found {
            slot: OrderSlot(slot),
            home,
            place,
        })
    }

    /// The entry in the index of an order in a known slot.
    #[inline(always)]
    pub(crate) fn entry(&self, slot: OrderSlot) -> Found {
        let home = self.index.home(self.slab.node(slot.0).key);
        let entry = self.index.find(home, |there| there == slot.0);
        let (place, _) = entry.expect("a resting order is indexed");
        Found { slot, home, place }
    }

    /// Whether a new order that is plain would find room, whatever its price.
    #[inline]
    pub(crate) fn has_room(&self) -> bool {
        self.slab.has_free_order() & self.slab.has_free_level()
    }

    /// Where a new order can be put, if its account has room. No order with its id rests.
    #[inline(always)]
    pub(crate) fn vacancy(&self, home: Home, account: AccountId) -> Option<Vacancy> {
        Some(Vacancy {
            home,
            place: self.index.vacancy(home)?,
            owner: match &self.owners {
                Some(owners) => Some(owners.owner(account.0)?),
                None => None,
            },
        })
    }

    /// Puts a plain new order at the tail of its level. `has_room` and `vacancy` saw that it fits.
    #[inline(always)]
    pub(crate) fn rest_plain(&mut self, vacancy: Vacancy, key: u64, order: &LimitOrder) {
        debug_assert!(self.totals.is_none(), "the short way keeps no totals");
        let slot = self.slab.take_order();
        self.index.put(vacancy.home, vacancy.place, slot);
        if self.owners.is_some() {
            self.join_account(slot, order.account, vacancy.owner);
        }
        let node = Node::order(order.id.0, order.quantity.lots(), order.account.0, 0);
        let spot = Spot {
            side: order.side,
            price: order.price,
            key,
        };
        self.settle(slot, node, spot);
    }

    /// Puts an order at the tail of its level. The caller saw that everything fits.
    pub(crate) fn rest(&mut self, order: &Incoming) {
        let slot = match order.seat {
            Seat::Lifted(found) => {
                self.set_total(found.slot, order.total);
                found.slot.0
            }
            Seat::New(home, place) => {
                let slot = self.slab.take_order();
                let place = place.expect("admission saw room in the index");
                self.index.put(home, place, slot);
                self.begin_total(slot, order.total);
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
        let lots = order.quantity.lots();
        let node = Node::order(order.id.0, lots, order.account.0, attributes);
        let spot = Spot {
            side: order.side,
            price: order.price,
            key: self.key(order.side, order.price),
        };
        match &order.terms {
            None => self.settle(slot, node, spot),
            Some(terms) => self.settle_special(slot, node, terms, spot),
        }
    }

    /// Puts a node in its slot and at the tail of its level.
    #[inline(always)]
    fn settle(&mut self, slot: u32, node: Node, at: Spot) {
        let level = self.level_for(at.side, at.price, at.key);
        self.slab.push_back(level, slot, node);
        self.side_orders[at.side as usize] += 1;
    }

    /// Takes an order off the book: which it was and how much of it was open.
    #[inline(always)]
    pub(crate) fn remove(&mut self, order: Found) -> (OrderId, Quantity) {
        let was = self.lift(order.slot);
        self.vacate(order);
        was
    }

    /// A resting order as it will be on its way once it is lifted.
    pub(crate) fn as_incoming(&self, found: Found) -> Incoming {
        let slot = found.slot;
        let level = self.order_level(slot);
        let open = self.open_lots(slot);
        Incoming {
            id: self.order_id(slot),
            seat: Seat::Lifted(found),
            account: self.order_account(slot),
            owner: self.owner_of(slot),
            side: self.level_side(level),
            price: self.level_price(level),
            quantity: Quantity::new(open),
            total: self.total_of(slot, open),
            time_in_force: self.order_time_in_force(slot),
            post_only: self.order_post_only(slot),
            terms: self.terms(slot),
        }
    }

    /// Takes an order out of its level. It keeps its slot and can be found by its id
    /// until it rests again or is vacated.
    #[inline(always)]
    pub(crate) fn lift(&mut self, order: OrderSlot) -> (OrderId, Quantity) {
        let node = *self.slab.node(order.0);
        if node.attributes() & WAITING != 0 {
            return self.lift_parked(order, &node);
        }
        let left = self.slab.unlink(&node);
        self.side_orders[left.side] -= 1;
        let mut open = node.quantity;
        if node.attributes() & SPECIAL != 0 {
            open += self.leave_special(&node, left.side);
        } else if left.empty {
            self.drop_level(LevelSlot(node.level()));
        }
        self.disown(order.0, node.attributes());
        (OrderId(node.key), Quantity::new(open))
    }

    /// Takes an order from those that wait.
    #[cold]
    fn lift_parked(&mut self, order: OrderSlot, node: &Node) -> (OrderId, Quantity) {
        self.unpark(node);
        self.disown(order.0, node.attributes());
        (OrderId(node.key), Quantity::new(node.quantity))
    }

    /// Gives up the slot and the entry of an order that is in no level any more.
    #[inline(always)]
    pub(crate) fn vacate(&mut self, order: Found) {
        self.index.take(order.home, order.place);
        self.slab.free_order(order.slot.0);
    }

    /// Lets the first order of a level without special ones trade up to `lots`, which is not zero. A filled
    /// order leaves, and with the last one the level.
    #[inline(always)]
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
                level_gone: false,
            };
        }
        let left = self.slab.unlink_first(level.0, &node);
        self.side_orders[left.side] -= 1;
        if left.empty {
            self.drop_level(level);
        }
        self.disown(slot, node.attributes());
        self.vacate(self.entry(OrderSlot(slot)));
        Fill {
            maker,
            lots: node.quantity,
            maker_remaining: 0,
            level_gone: left.empty,
        }
    }

    /// A price as its side sees it: the better, the greater. At most `width` for a price of the band.
    #[inline(always)]
    pub(crate) fn key(&self, side: Side, price: Price) -> u64 {
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
    fn level_for(&mut self, side: Side, price: Price, key: u64) -> u32 {
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

    /// Drops a level that shows no order, unless others are hidden in its shadow.
    #[inline(never)]
    fn drop_level(&mut self, level: LevelSlot) {
        if self.has_shadow(level) {
            return;
        }
        let side = self.level_side(level);
        let key = self.key(side, self.level_price(level));
        self.ladder.remove(side as usize, key);
        self.slab.free_level(level.0);
    }
}

#[cfg(test)]
impl Book {
    /// Breaks an invariant: an order rests that is not indexed.
    pub(crate) fn lose_entry_of(&mut self, id: OrderId) {
        let found = self.find(id).expect("it rests");
        self.index.take(found.home, found.place);
    }
}
