//! Orders that wait: for a trigger, for a reference price, for their list. They stand in no queue of the book.
//!
//! ```text
//!   fixed, or not started:  a heap for each feed and direction, the trigger that is met first on top
//!   trailing:               a list by age
//!   without a reference:    a list by age
//!   held:                   nowhere
//!   to be run:              a line, first in first out
//! ```
//!
//! A waiting order has a slot and an entry in the index like any other; its node names its record.

mod amend;
mod image;
mod stage;

use std::collections::VecDeque;

use crate::book::heaps::Heaps;
use crate::book::slab::{NONE, Node};
use crate::book::{Book, Found, OrderSlot, Seat, WAITING, copy_with_room};
use crate::order::{Order, OrderId, Side, Trail, Trigger};
use crate::units::{Price, Quantity};
pub use stage::WaitsFor;
pub(crate) use stage::{Direction, Feed, Stage};

/// An order that waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WaitingOrder {
    /// The order as it is now: with what is open of it, and amended.
    pub order: Order,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// The best price that a trailing order has seen since it started. `None` before, and once it is triggered, while it waits to be run.
    pub best: Option<Price>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Record {
    order: Order,
    slot: u32,
    arrival: u64,
    stage: Stage,
    /// Its entry in the heaps, while it is there.
    entry: u32,
    /// The next older and the next younger one.
    older: u32,
    younger: u32,
}

impl Record {
    /// What it waits for in the heaps, or trails by.
    fn trigger(&self) -> &Trigger {
        let trigger = self.order.trigger.as_ref();
        trigger.expect("only an order with a trigger waits for one")
    }
}

/// All orders that wait.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Waiting {
    records: Vec<Option<Record>>,
    free: Vec<u32>,
    heaps: Heaps<8>,
    /// By age.
    trailing: Vec<u32>,
    /// Those that trailed before the price that is observed.
    scratch: Vec<u32>,
    /// Those without a reference, by age.
    unpriced: Vec<u32>,
    line: VecDeque<u32>,
    oldest: u32,
    youngest: u32,
    arrivals: u64,
}

/// A copy has the room of its original.
impl Clone for Waiting {
    fn clone(&self) -> Self {
        let mut line = VecDeque::with_capacity(self.records.len());
        line.extend(&self.line);
        Self {
            records: self.records.clone(),
            free: copy_with_room(&self.free),
            heaps: self.heaps.clone(),
            trailing: copy_with_room(&self.trailing),
            scratch: Vec::with_capacity(self.scratch.capacity()),
            unpriced: copy_with_room(&self.unpriced),
            line,
            ..*self
        }
    }
}

impl Waiting {
    pub(super) fn new(room: u32) -> Self {
        Self {
            records: vec![None; room as usize],
            free: (0..room).rev().collect(),
            heaps: Heaps::new(room),
            trailing: Vec::with_capacity(room as usize),
            scratch: Vec::with_capacity(room as usize),
            unpriced: Vec::with_capacity(room as usize),
            line: VecDeque::with_capacity(room as usize),
            oldest: NONE,
            youngest: NONE,
            arrivals: 0,
        }
    }

    /// How many orders wait.
    #[inline(always)]
    pub(super) fn count(&self) -> usize {
        self.records.len() - self.free.len()
    }

    /// Bytes of heap in use.
    pub(super) fn memory_bytes(&self) -> usize {
        let numbers = self.free.capacity()
            + self.trailing.capacity()
            + self.scratch.capacity()
            + self.unpriced.capacity()
            + self.line.capacity();
        self.records.capacity() * size_of::<Option<Record>>()
            + self.heaps.memory_bytes()
            + numbers * size_of::<u32>()
    }

    fn record(&self, number: u32) -> &Record {
        let record = self.records[number as usize].as_ref();
        record.expect("a waiting order has a record")
    }

    fn record_mut(&mut self, number: u32) -> &mut Record {
        let record = self.records[number as usize].as_mut();
        record.expect("a waiting order has a record")
    }

    fn add(&mut self, order: &Order, slot: u32, stage: Stage) -> u32 {
        let number = self.free.pop().expect("admission saw room");
        self.records[number as usize] = Some(Record {
            order: *order,
            slot,
            arrival: self.arrivals,
            stage,
            entry: NONE,
            older: self.youngest,
            younger: NONE,
        });
        match self.youngest {
            NONE => self.oldest = number,
            older => self.record_mut(older).younger = number,
        }
        self.youngest = number;
        self.arrivals += 1;
        self.enlist(number);
        number
    }

    /// Puts an order where its stage says.
    fn enlist(&mut self, number: u32) {
        let record = *self.record(number);
        match record.stage {
            Stage::Set => {
                let trigger = record.trigger();
                let feed = Feed::of(trigger.source, record.order.side);
                let direction = Direction::of(trigger.kind, record.order.side);
                let key = direction.key(trigger.price);
                let entry = self
                    .heaps
                    .add(heap(feed, direction), key, record.arrival, number);
                self.record_mut(number).entry = entry;
            }
            Stage::Trails(_) => {
                let at = self.place_by_age(&self.trailing, record.arrival);
                self.trailing.insert(at, number);
            }
            Stage::Unpriced => {
                let at = self.place_by_age(&self.unpriced, record.arrival);
                self.unpriced.insert(at, number);
            }
            Stage::Held => {}
            Stage::Elected(_) | Stage::Released | Stage::Referenced => self.line.push_back(number),
        }
    }

    fn place_by_age(&self, list: &[u32], arrival: u64) -> usize {
        list.partition_point(|&other| self.record(other).arrival < arrival)
    }

    /// Takes an order from where its stage says.
    fn delist(&mut self, number: u32) {
        let record = *self.record(number);
        match record.stage {
            Stage::Set => {
                self.heaps.remove(record.entry);
                self.record_mut(number).entry = NONE;
            }
            Stage::Trails(_) => self.trailing.retain(|&other| other != number),
            Stage::Unpriced => self.unpriced.retain(|&other| other != number),
            Stage::Held => {}
            Stage::Elected(_) | Stage::Released | Stage::Referenced => match self.line.front() {
                Some(&first) if first == number => drop(self.line.pop_front()),
                Some(_) | None => self.line.retain(|&other| other != number),
            },
        }
    }

    fn remove(&mut self, number: u32) {
        self.delist(number);
        let Record { older, younger, .. } = *self.record(number);
        match older {
            NONE => self.oldest = younger,
            older => self.record_mut(older).younger = younger,
        }
        match younger {
            NONE => self.youngest = older,
            younger => self.record_mut(younger).older = older,
        }
        self.records[number as usize] = None;
        self.free.push(number);
    }

    fn set_stage(&mut self, number: u32, stage: Stage) {
        self.delist(number);
        self.record_mut(number).stage = stage;
        self.enlist(number);
    }

    /// Those of a feed that a price meets in a direction, in turn.
    fn meet(&mut self, feed: Feed, direction: Direction, price: Price) {
        let key = direction.key(price);
        while let Some((first, number)) = self.heaps.first(heap(feed, direction)) {
            if first > key {
                return;
            }
            let stage = match self.record(number).trigger().trail {
                Trail::None => Stage::Elected(price),
                // Told by this very price from those that trailed before: it is not compared with it.
                Trail::Ticks | Trail::BasisPoints => Stage::Trails(Some(price)),
            };
            self.set_stage(number, stage);
        }
    }

    /// Moves the best price of those that trail behind a feed, and elects those that the price has come back to.
    fn trail(&mut self, feed: Feed, price: Price, before: &[u32]) {
        for &number in before {
            let record = self.record_mut(number);
            let trigger = *record.trigger();
            if Feed::of(trigger.source, record.order.side) != feed {
                continue;
            }
            let Stage::Trails(best) = record.stage else {
                continue;
            };
            let is_better = best.is_none_or(|best| match record.order.side {
                Side::Sell => price > best,
                Side::Buy => price < best,
            });
            if is_better {
                record.stage = Stage::Trails(Some(price));
            } else if best.is_some_and(|best| has_come_back(&trigger, best, price)) {
                self.set_stage(number, Stage::Elected(price));
            }
        }
    }
}

fn heap(feed: Feed, direction: Direction) -> usize {
    feed as usize * 2 + direction as usize
}

/// Whether a price is as far from the best one as an order trails, or farther.
fn has_come_back(trigger: &Trigger, best: Price, price: Price) -> bool {
    let apart = u128::from(best.ticks().abs_diff(price.ticks()));
    let distance = u128::from(trigger.distance);
    match trigger.trail {
        Trail::None => false,
        Trail::Ticks => apart >= distance,
        Trail::BasisPoints => apart * 10_000 >= distance * u128::from(best.ticks().unsigned_abs()),
    }
}

impl Book {
    /// How many orders wait, whatever for. O(1).
    pub fn waiting(&self) -> usize {
        self.waiting.count()
    }

    /// An order that waits, by its id. O(1).
    pub fn waiting_order(&self, id: OrderId) -> Option<WaitingOrder> {
        let found = self.find(id).filter(|found| self.is_waiting(found.slot))?;
        let record = self.waiting.record(self.slab.node(found.slot.0).extra);
        Some(WaitingOrder {
            order: record.order,
            waits_for: WaitsFor::of(record.stage),
            best: match record.stage {
                Stage::Trails(best) => best,
                Stage::Set
                | Stage::Elected(_)
                | Stage::Held
                | Stage::Released
                | Stage::Unpriced
                | Stage::Referenced => None,
            },
        })
    }

    /// Whether something may happen after a command that the command did not ask for.
    #[inline(always)]
    pub(crate) fn is_watched(&self) -> bool {
        self.is_watched
    }

    /// Whether anything waits, follows, has a minimum or is in a list.
    pub(super) fn has_watched(&self) -> bool {
        let orders = self.waiting.count() + self.pegs() + self.lists.count();
        self.has_minimums() || orders > 0
    }

    /// Sees again whether there is something to watch: it came or went.
    pub(super) fn see_watched(&mut self) {
        self.is_watched = self.has_watched();
    }

    #[inline]
    pub(crate) fn is_waiting(&self, order: OrderSlot) -> bool {
        self.slab.node(order.0).attributes() & WAITING != 0
    }

    pub(crate) fn has_room_for_waiting(&self) -> bool {
        !self.waiting.free.is_empty()
    }

    /// Lets a new order wait. The caller saw that everything fits.
    pub(crate) fn park(&mut self, order: &Order, seat: Seat, stage: Stage) {
        let Seat::New(home, place) = seat else {
            unreachable!("only a new order comes to wait");
        };
        let owner = self.owner(order.account);
        let slot = self.slab.take_order();
        let place = place.expect("admission saw room in the index");
        self.index.put(home, place, slot);
        self.begin_total(slot, order.quantity.lots());
        if self.owners.is_some() {
            self.join_account(slot, order.account, owner);
        }
        let number = self.waiting.add(order, slot, stage);
        let timed = self.attach(slot, order.time_in_force, order.post_only);
        let mut node = Node::order(order.id.0, order.quantity.lots(), number, timed | WAITING);
        // In no queue.
        (node.prev, node.next) = (slot, slot);
        *self.slab.node_mut(slot) = node;
        self.see_watched();
    }

    /// A waiting order as it is now.
    pub(crate) fn parked(&self, order: OrderSlot) -> Order {
        self.waiting.record(self.slab.node(order.0).extra).order
    }

    /// Gives a waiting order other terms. Its trigger and lifetime stay.
    pub(crate) fn set_parked(&mut self, slot: OrderSlot, order: &Order) {
        let node = self.slab.node_mut(slot.0);
        node.quantity = order.quantity.lots();
        let number = node.extra;
        self.set_total(slot, order.quantity.lots());
        self.waiting.record_mut(number).order = *order;
    }

    /// The first order in the line, and what brought it there.
    pub(crate) fn first_in_line(&self) -> Option<(Found, Order, Stage)> {
        let record = self.waiting.record(*self.waiting.line.front()?);
        let found = self.find(record.order.id);
        let found = found.expect("a waiting order is indexed");
        Some((found, record.order, record.stage))
    }

    /// How far a waiting order has come.
    pub(crate) fn stage(&self, order: OrderSlot) -> Stage {
        self.waiting.record(self.slab.node(order.0).extra).stage
    }

    /// A waiting order goes on to another stage. It keeps its age.
    pub(crate) fn set_stage(&mut self, order: OrderSlot, stage: Stage) {
        let number = self.slab.node(order.0).extra;
        self.waiting.set_stage(number, stage);
    }

    /// The oldest order without a reference that comes behind `after`.
    pub(crate) fn next_unpriced(&self, after: Option<OrderSlot>) -> Option<OrderSlot> {
        let arrival = |order: OrderSlot| {
            let number = self.slab.node(order.0).extra;
            self.waiting.record(number).arrival
        };
        let unpriced = &self.waiting.unpriced;
        let at = after.map_or(0, |after| {
            let arrival = arrival(after);
            unpriced.partition_point(|&other| self.waiting.record(other).arrival <= arrival)
        });
        self.slot_of_waiting(*unpriced.get(at)?)
    }

    /// Compares the triggers of a feed with its next price, and elects those that are met. `before` is its price before.
    pub(crate) fn observe(&mut self, feed: Feed, price: Price, before: Option<Price>) {
        let mut trailing = std::mem::take(&mut self.waiting.scratch);
        trailing.extend_from_slice(&self.waiting.trailing);
        let is_up = before.is_none_or(|before| price >= before);
        let directions = match is_up {
            true => [Direction::Rising, Direction::Falling],
            false => [Direction::Falling, Direction::Rising],
        };
        for direction in directions {
            self.waiting.meet(feed, direction, price);
        }
        self.waiting.trail(feed, price, &trailing);
        // It is no part of the state.
        trailing.clear();
        self.waiting.scratch = trailing;
    }

    /// The order that has waited longest.
    pub(crate) fn oldest_waiting(&self) -> Option<OrderSlot> {
        self.slot_of_waiting(self.waiting.oldest)
    }

    /// The one that came to wait next.
    pub(crate) fn younger_waiting(&self, order: OrderSlot) -> Option<OrderSlot> {
        let number = self.slab.node(order.0).extra;
        self.slot_of_waiting(self.waiting.record(number).younger)
    }

    /// Every waiting order, oldest first.
    pub(super) fn waiting_by_age(&self) -> impl Iterator<Item = OrderSlot> + '_ {
        let younger = |&order: &OrderSlot| self.younger_waiting(order);
        std::iter::successors(self.oldest_waiting(), younger)
    }

    fn slot_of_waiting(&self, number: u32) -> Option<OrderSlot> {
        (number != NONE).then(|| OrderSlot(self.waiting.record(number).slot))
    }

    /// Takes a waiting order from those that wait: it keeps its slot.
    pub(super) fn unpark(&mut self, node: &Node) {
        self.waiting.remove(node.extra);
        self.see_watched();
    }

    /// The account of a waiting order.
    #[cold]
    pub(super) fn parked_account(&self, number: u32) -> u32 {
        self.waiting.record(number).order.account.0
    }

    /// Takes lots off a waiting order that keeps at least one.
    pub(super) fn reduce_parked(&mut self, order: OrderSlot, lots: u64) {
        let mut parked = self.parked(order);
        parked.quantity = Quantity::new(parked.quantity.lots() - lots);
        self.set_parked(order, &parked);
    }

    /// Asserts what waiting orders are to their records, heaps and lines; how many there are.
    pub(super) fn check_waiting(&self) -> u32 {
        let waiting = &self.waiting;
        waiting.heaps.check();
        let mut stages = [0; 4];
        let mut count = 0;
        for order in self.waiting_by_age() {
            let node = self.slab.node(order.0);
            let record = waiting.record(node.extra);
            assert_eq!(record.slot, order.0, "a record of another order");
            assert_eq!(record.order.id.0, node.key, "a record of another id");
            assert_eq!(record.order.quantity.lots(), node.quantity);
            assert!(node.quantity > 0, "a waiting order with nothing open");
            let found = self.find(record.order.id).map(|found| found.slot);
            assert_eq!(found, Some(order), "a waiting order not found by its id");
            match record.stage {
                Stage::Set => stages[0] += 1,
                Stage::Trails(_) => stages[1] += 1,
                Stage::Elected(_) | Stage::Released | Stage::Referenced => stages[2] += 1,
                Stage::Unpriced => stages[3] += 1,
                Stage::Held => {}
            }
            count += 1;
        }
        let lists = [
            waiting.heaps.count(),
            waiting.trailing.len(),
            waiting.line.len(),
            waiting.unpriced.len(),
        ];
        assert_eq!(stages, lists, "an order is not where its stage says");
        assert_eq!(count as usize, waiting.count(), "a record was lost");
        count
    }
}
