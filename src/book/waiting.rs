//! Orders that wait for a trigger. They stand in no queue of the book.
//!
//! ```text
//!   fixed, or not started:  a heap for each feed and direction, the trigger that is met first on top
//!   trailing:               a list by age
//!   elected:                a line, first in first out
//! ```
//!
//! A waiting order has a slot and an entry in the index like any other; its node names its record.

mod amend;
mod image;

use crate::book::heaps::Heaps;
use crate::book::slab::{NONE, Node};
use crate::book::{Book, Found, OrderSlot, Seat, WAITING};
use crate::order::{Order, OrderId, Side, Trail, Trigger, TriggerKind, TriggerSource};
use crate::units::{Price, Quantity};

/// A stream of prices that triggers are compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Feed {
    Trades = 0,
    /// The best ask, for buys.
    Ask = 1,
    /// The best bid, for sells.
    Bid = 2,
    Mark = 3,
}

impl Feed {
    /// What an order's trigger is compared with.
    pub(crate) fn of(source: TriggerSource, side: Side) -> Self {
        match (source, side) {
            (TriggerSource::LastTrade, _) => Self::Trades,
            (TriggerSource::BestOpposite, Side::Buy) => Self::Ask,
            (TriggerSource::BestOpposite, Side::Sell) => Self::Bid,
            (TriggerSource::Mark, _) => Self::Mark,
        }
    }
}

/// Which way a price has to go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Direction {
    /// To the trigger's price or above.
    Rising = 0,
    /// To the trigger's price or below.
    Falling = 1,
}

impl Direction {
    pub(crate) fn of(kind: TriggerKind, side: Side) -> Self {
        match (kind, side) {
            (TriggerKind::Stop, Side::Buy) | (TriggerKind::TakeProfit, Side::Sell) => Self::Rising,
            (TriggerKind::Stop, Side::Sell) | (TriggerKind::TakeProfit, Side::Buy) => Self::Falling,
        }
    }

    /// Whether a price meets a trigger.
    pub(crate) fn meets(self, trigger: Price, price: Price) -> bool {
        match self {
            Self::Rising => price >= trigger,
            Self::Falling => price <= trigger,
        }
    }

    /// The trigger that is met first has the least key.
    fn key(self, trigger: Price) -> u64 {
        let above = trigger.ticks() as u64 ^ 1 << 63;
        match self {
            Self::Rising => above,
            Self::Falling => !above,
        }
    }
}

/// Where a waiting order stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Its trigger's price was not met yet.
    Set,
    /// It trails; the best price so far, if there was any.
    Trails(Option<Price>),
    /// This price triggered it.
    Elected(Price),
}

/// An order that waits for its trigger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WaitingOrder {
    /// The order, with what is open of it now.
    pub order: Order,
    /// The best price that a trailing order has seen since it started; `None` once it is triggered, while it waits to be run.
    pub best: Option<Price>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Record {
    order: Order,
    trigger: Trigger,
    slot: u32,
    arrival: u64,
    stage: Stage,
    /// Its entry in the heaps, while it is there.
    entry: u32,
    /// The next older and the next younger one.
    older: u32,
    younger: u32,
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
    elected: Vec<u32>,
    oldest: u32,
    youngest: u32,
    arrivals: u64,
}

/// A copy has the room of its original.
impl Clone for Waiting {
    fn clone(&self) -> Self {
        let copied = |numbers: &Vec<u32>| {
            let mut copy = Vec::with_capacity(self.records.len());
            copy.extend_from_slice(numbers);
            copy
        };
        Self {
            records: self.records.clone(),
            free: copied(&self.free),
            heaps: self.heaps.clone(),
            trailing: copied(&self.trailing),
            scratch: copied(&Vec::new()),
            elected: copied(&self.elected),
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
            elected: Vec::with_capacity(room as usize),
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
            + self.elected.capacity();
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

    fn add(&mut self, order: &Order, trigger: Trigger, slot: u32, stage: Stage) -> u32 {
        let number = self.free.pop().expect("admission saw room");
        self.records[number as usize] = Some(Record {
            order: *order,
            trigger,
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
                let feed = Feed::of(record.trigger.source, record.order.side);
                let direction = Direction::of(record.trigger.kind, record.order.side);
                let key = direction.key(record.trigger.price);
                let entry = self
                    .heaps
                    .add(heap(feed, direction), key, record.arrival, number);
                self.record_mut(number).entry = entry;
            }
            Stage::Trails(_) => {
                let at = self
                    .trailing
                    .partition_point(|&other| self.record(other).arrival < record.arrival);
                self.trailing.insert(at, number);
            }
            Stage::Elected(_) => self.elected.push(number),
        }
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
            Stage::Elected(_) => self.elected.retain(|&other| other != number),
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
            let stage = match self.record(number).trigger.trail {
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
            if Feed::of(record.trigger.source, record.order.side) != feed {
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
            } else if best.is_some_and(|best| has_come_back(&record.trigger, best, price)) {
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
    /// How many orders wait for a trigger. O(1).
    pub fn waiting(&self) -> usize {
        self.waiting.count()
    }

    /// An order that waits for its trigger, by its id. O(1).
    pub fn waiting_order(&self, id: OrderId) -> Option<WaitingOrder> {
        let found = self.find(id).filter(|found| self.is_waiting(found.slot))?;
        let record = self.waiting.record(self.slab.node(found.slot.0).extra);
        Some(WaitingOrder {
            order: record.order,
            best: match record.stage {
                Stage::Trails(best) => best,
                Stage::Set | Stage::Elected(_) => None,
            },
        })
    }

    /// Whether something may happen after a command that the command did not ask for.
    #[inline(always)]
    pub(crate) fn is_watched(&self) -> bool {
        self.has_minimums() | (self.waiting.count() > 0)
    }

    #[inline]
    pub(crate) fn is_waiting(&self, order: OrderSlot) -> bool {
        self.slab.node(order.0).attributes() & WAITING != 0
    }

    pub(crate) fn has_room_for_waiting(&self) -> bool {
        !self.waiting.free.is_empty()
    }

    /// Lets a new order wait. The caller saw that everything fits.
    pub(crate) fn park(&mut self, order: &Order, trigger: Trigger, seat: Seat, stage: Stage) {
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
        let number = self.waiting.add(order, trigger, slot, stage);
        let timed = self.attach(slot, order.time_in_force, order.post_only);
        let mut node = Node::order(order.id.0, order.quantity.lots(), number, timed | WAITING);
        // In no queue.
        (node.prev, node.next) = (slot, slot);
        *self.slab.node_mut(slot) = node;
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

    /// The first order in the line of the elected, and the price that triggered it.
    pub(crate) fn first_elected(&self) -> Option<(Found, Order, Price)> {
        let &number = self.waiting.elected.first()?;
        let record = self.waiting.record(number);
        let Stage::Elected(price) = record.stage else {
            unreachable!("it stands in the line");
        };
        let found = self.find(record.order.id);
        Some((
            found.expect("a waiting order is indexed"),
            record.order,
            price,
        ))
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
        let mut stages = [0; 3];
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
                Stage::Elected(_) => stages[2] += 1,
            }
            count += 1;
        }
        let lists = [
            waiting.heaps.count(),
            waiting.trailing.len(),
            waiting.elected.len(),
        ];
        assert_eq!(stages, lists, "an order is not where its stage says");
        assert_eq!(count as usize, waiting.count(), "a record was lost");
        count
    }
}
