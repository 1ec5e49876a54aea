//! Orders with terms of their own: what they hide, and the least they trade at a time.
//!
//! ```text
//!   a level:  shown queue   <-> order <-> special <-> order <-> back to the level
//!             its shadow:   hidden queue  <-> special <-> special <-> back to the queue's own node
//! ```
//!
//! A special order has a record, which its node names in place of the account. A level with a special order
//! has a shadow, so that whoever comes to it sees that it is not like others; a plain level costs nothing. A level is
//! kept while its shadow has orders, even if it shows none.

mod amend;
mod image;
mod pegs;
mod terms;

use crate::book::slab::{NONE, Node};
use crate::book::{Book, LevelSlot, OrderSlot, SPECIAL, Spot, WAITING};
use crate::order::{Display, Refresh, SelfTrade, Side};
pub(crate) use pegs::Peg;
pub(crate) use terms::Terms;

/// What a special order's node has no room for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Record {
    account: u32,
    slot: u32,
    /// Lots that stand in no queue: what an iceberg order hides while it shows a peak. In a free record: the next free one.
    reserve: u64,
    terms: Terms,
}

/// What a level with special orders has besides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Shadow {
    level: u32,
    /// Its special orders, shown or not. Zero in a free shadow, whose `level` is the next free one.
    specials: u32,
}

/// The records and shadows of all special orders.
#[derive(Debug)]
pub(super) struct Specials {
    records: Vec<Record>,
    shadows: Vec<Shadow>,
    free_record: u32,
    free_shadow: u32,
    used: [u32; 2],
    /// How many of them have a minimum.
    minimums: u32,
    /// Those that follow a reference, in the sequence in which they came to rest.
    pegs: Vec<u32>,
    /// So many of them from the first are where they should be; no part of the state.
    pegs_seen: usize,
    /// The slot of the first hidden queue: that of a shadow is as far behind it as the shadow in its list.
    queues_from: u32,
}

impl Specials {
    pub(super) fn new(count: u32, queues_from: u32) -> Self {
        let next = |place: u32| if place + 1 < count { place + 1 } else { NONE };
        let record = |place| Record {
            account: 0,
            slot: NONE,
            reserve: u64::from(next(place)),
            terms: Terms::plain(SelfTrade::Allow),
        };
        let shadow = |place| Shadow {
            level: next(place),
            specials: 0,
        };
        let first = if count > 0 { 0 } else { NONE };
        Self {
            records: (0..count).map(record).collect(),
            shadows: (0..count).map(shadow).collect(),
            free_record: first,
            free_shadow: first,
            used: [0; 2],
            minimums: 0,
            pegs: Vec::with_capacity(count as usize),
            pegs_seen: 0,
            queues_from,
        }
    }

    /// Bytes of heap in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.records.capacity() * size_of::<Record>()
            + self.shadows.capacity() * size_of::<Shadow>()
            + self.pegs.capacity() * size_of::<u32>()
    }

    /// Whether no other special order fits.
    pub(super) fn is_full(&self) -> bool {
        self.free_record == NONE
    }

    fn take_record(&mut self, side: usize, record: Record) -> u32 {
        let place = self.free_record;
        self.free_record = self.records[place as usize].reserve as u32;
        self.records[place as usize] = record;
        self.used[side] += 1;
        self.minimums += u32::from(record.terms.minimum > 0);
        if record.terms.peg.is_some() {
            self.pegs.push(place);
        }
        place
    }

    fn free_record(&mut self, side: usize, place: u32) {
        let record = &mut self.records[place as usize];
        self.minimums -= u32::from(record.terms.minimum > 0);
        if record.terms.peg.is_some() {
            let at = self.pegs.iter().position(|&other| other == place);
            let at = at.expect("who follows is among them");
            self.pegs.remove(at);
            self.pegs_seen -= usize::from(at < self.pegs_seen);
        }
        let record = &mut self.records[place as usize];
        record.reserve = u64::from(self.free_record);
        self.free_record = place;
        self.used[side] -= 1;
    }
}

/// Where a special order stands after it traded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stands {
    /// Where it stood.
    Still,
    /// It shows its next peak at the tail of its level.
    AtTail(u64),
    /// It shows its next peak where it stood.
    InPlace(u64),
    /// At the tail of the hidden queue with all that is left, until the taker is done.
    Hidden,
}

impl Book {
    /// How many special orders a side has.
    #[inline]
    pub(crate) fn side_specials(&self, side: Side) -> u32 {
        self.specials.used[side as usize]
    }

    /// Whether any order has a minimum, so that the book may be crossed.
    #[inline(always)]
    pub(crate) fn has_minimums(&self) -> bool {
        self.specials.minimums > 0
    }

    /// Whether there is room for another special order.
    pub(crate) fn has_room_for_special(&self) -> bool {
        !self.specials.is_full()
    }

    /// Whether a level has special orders.
    #[inline]
    pub(crate) fn has_shadow(&self, level: LevelSlot) -> bool {
        self.slab.node(level.0).extra > 1
    }

    /// Whether an order has a record.
    #[inline]
    pub(crate) fn is_special(&self, order: OrderSlot) -> bool {
        self.slab.node(order.0).attributes() & SPECIAL != 0
    }

    /// Whether an order rests and has no record.
    #[inline]
    pub(crate) fn is_plain(&self, order: OrderSlot) -> bool {
        self.slab.node(order.0).attributes() & (SPECIAL | WAITING) == 0
    }

    /// The terms of an order, if they are not those of a plain one.
    pub(crate) fn terms(&self, order: OrderSlot) -> Option<Terms> {
        let record = self.is_special(order).then(|| self.record(order));
        record.map(|record| record.terms)
    }

    /// How much of an order is open, shown or not.
    #[inline]
    pub(crate) fn open_lots(&self, order: OrderSlot) -> u64 {
        let node = self.slab.node(order.0);
        if node.attributes() & SPECIAL == 0 {
            return node.quantity;
        }
        node.quantity + self.record(order).reserve
    }

    /// How much of an order is shown.
    pub(crate) fn shown_lots(&self, order: OrderSlot) -> u64 {
        let node = self.slab.node(order.0);
        let is_hidden = self.is_hidden_queue(node.level());
        if is_hidden { 0 } else { node.quantity }
    }

    /// How many orders a level has, shown or not.
    #[inline(always)]
    pub(crate) fn all_level_orders(&self, level: LevelSlot) -> u32 {
        let hidden = self
            .queue_of(level)
            .map(|queue| self.slab.node(queue).place);
        self.level_orders(level) + hidden.unwrap_or(0)
    }

    /// The first order that is shown at a level.
    pub(crate) fn first_shown(&self, level: LevelSlot) -> Option<OrderSlot> {
        let next = self.slab.node(level.0).next;
        (next != level.0).then_some(OrderSlot(next))
    }

    /// The first order of a level's hidden queue.
    pub(crate) fn first_hidden(&self, level: LevelSlot) -> Option<OrderSlot> {
        let queue = self.queue_of(level)?;
        let next = self.slab.node(queue).next;
        (next != queue).then_some(OrderSlot(next))
    }

    /// The orders of a level: those that are shown, then those that are not.
    pub(crate) fn orders_of(&self, level: LevelSlot) -> impl Iterator<Item = OrderSlot> + '_ {
        let behind = |order: &OrderSlot| self.behind(*order);
        let shown = std::iter::successors(self.first_shown(level), behind);
        let hidden = std::iter::successors(self.first_hidden(level), behind);
        shown.chain(hidden)
    }

    /// Puts a special order at the tail of its queue. The caller saw that everything fits.
    pub(super) fn settle_special(&mut self, slot: u32, mut node: Node, terms: &Terms, at: Spot) {
        let level = self.level_for(at.side, at.price, at.key);
        let queue = self.shadow_for(level);
        let open = node.quantity;
        let shown = terms.first_peak(open);
        let (queue, in_queue) = match shown {
            0 => (queue, open),
            shown => (level, shown),
        };
        let record = Record {
            account: node.extra,
            slot,
            reserve: open - in_queue,
            terms: *terms,
        };
        node.extra = self.specials.take_record(at.side as usize, record);
        node.place |= SPECIAL;
        node.quantity = in_queue;
        self.slab.push_back(queue, slot, node);
        self.side_orders[at.side as usize] += 1;
        let shadow = self.shadow_of(level).expect("it was just seen to");
        self.specials.shadows[shadow].specials += 1;
        self.see_watched();
    }

    /// Takes what a special order has besides its node, which is in no queue any more: how much it hid.
    pub(super) fn leave_special(&mut self, node: &Node, side: usize) -> u64 {
        let level = self.level_of_queue(node.level());
        let record = node.extra;
        let reserve = self.specials.records[record as usize].reserve;
        self.specials.free_record(side, record);
        self.see_watched();
        self.forget_special(level);
        if self.slab.node(level).place == 0 {
            self.drop_level(LevelSlot(level));
        }
        reserve
    }

    /// Counts one special order fewer at a level.
    fn forget_special(&mut self, level: u32) {
        let shadow = self.shadow_of(level).expect("a special order's level");
        self.specials.shadows[shadow].specials -= 1;
        if self.specials.shadows[shadow].specials == 0 {
            self.drop_shadow(level, shadow);
        }
    }

    /// Takes `lots`, fewer than are open, off an order, what is hidden first. It keeps its place.
    pub(crate) fn reduce(&mut self, order: OrderSlot, lots: u64) {
        self.cut_total(order, lots);
        self.lose(order, lots);
    }

    /// The same of what has traded: the order's total stays.
    pub(crate) fn lose(&mut self, order: OrderSlot, lots: u64) {
        if self.is_waiting(order) {
            return self.reduce_parked(order, lots);
        }
        if !self.is_special(order) {
            return self.slab.reduce(order.0, lots);
        }
        let record = self.record_mut(order);
        let from_reserve = lots.min(record.reserve);
        record.reserve -= from_reserve;
        if lots > from_reserve {
            self.slab.reduce(order.0, lots - from_reserve);
        }
    }

    /// Lets a resting order trade `lots`, no more than it has in its queue, and fewer than are open.
    pub(crate) fn trade_part(&mut self, order: OrderSlot, lots: u64) -> Stands {
        let node = *self.slab.node(order.0);
        if lots < node.quantity {
            self.slab.reduce(order.0, lots);
            return Stands::Still;
        }
        let id = node.key;
        let level = self.level_of_queue(node.level());
        let record = self.record_mut(order);
        let hidden = record.reserve;
        let Display::Peak { refresh, .. } = record.terms.display else {
            unreachable!("only an iceberg order has a reserve");
        };
        if refresh == Refresh::HiddenLast {
            record.reserve = 0;
            let queue = self.queue_of(LevelSlot(level));
            self.requeue(order, queue.expect("its level has a shadow"), hidden);
            return Stands::Hidden;
        }
        let peak = record.terms.next_peak(id, hidden);
        record.reserve = hidden - peak;
        if refresh == Refresh::Retain {
            self.slab.set_quantity(order.0, peak);
            return Stands::InPlace(peak);
        }
        self.requeue(order, level, peak);
        Stands::AtTail(peak)
    }

    /// Shows the next peak of an order that stands in the hidden queue until the taker is done, at the tail of its
    /// level: how much is shown, and how much is not.
    pub(crate) fn show_again(&mut self, order: OrderSlot) -> (u64, u64) {
        let node = *self.slab.node(order.0);
        let level = self.level_of_queue(node.level());
        let record = self.record_mut(order);
        let peak = record.terms.next_peak(node.key, node.quantity);
        record.reserve = node.quantity - peak;
        self.requeue(order, level, peak);
        (peak, node.quantity - peak)
    }

    /// Whether an order waits in the hidden queue to show its next peak.
    pub(crate) fn waits_to_show(&self, order: OrderSlot) -> bool {
        let terms = self.terms(order);
        terms.is_some_and(|terms| matches!(terms.display, Display::Peak { .. }))
    }

    /// What is hidden of an order while it shows something.
    pub(crate) fn reserve(&self, order: OrderSlot) -> u64 {
        match self.is_special(order) {
            true => self.record(order).reserve,
            false => 0,
        }
    }

    /// Moves an order to the tail of a queue of its level, with so many lots.
    fn requeue(&mut self, order: OrderSlot, queue: u32, lots: u64) {
        let mut node = *self.slab.node(order.0);
        self.slab.unlink(&node);
        node.place = node.attributes();
        node.quantity = lots;
        self.slab.push_back(queue, order.0, node);
    }

    /// Whether a slot is a hidden queue's, not a level's.
    #[inline]
    fn is_hidden_queue(&self, slot: u32) -> bool {
        slot >= self.specials.queues_from
    }

    /// The level that a queue belongs to.
    pub(crate) fn level_of_queue(&self, queue: u32) -> u32 {
        match queue.checked_sub(self.specials.queues_from) {
            Some(shadow) => self.specials.shadows[shadow as usize].level,
            None => queue,
        }
    }

    fn shadow_of(&self, level: u32) -> Option<usize> {
        (self.slab.node(level).extra >> 1)
            .checked_sub(1)
            .map(|shadow| shadow as usize)
    }

    fn queue_of(&self, level: LevelSlot) -> Option<u32> {
        let shadow = self.shadow_of(level.0)?;
        Some(self.specials.queues_from + shadow as u32)
    }

    /// The hidden queue of a level, made if it has none. There are as many shadows as records.
    fn shadow_for(&mut self, level: u32) -> u32 {
        self.open_shadow(level)
            .expect("no more shadows than special orders")
    }

    /// The hidden queue of a level, made if it has none and if there is room.
    pub(super) fn open_shadow(&mut self, level: u32) -> Option<u32> {
        if let Some(queue) = self.queue_of(LevelSlot(level)) {
            return Some(queue);
        }
        let shadow = self.specials.free_shadow;
        if shadow == NONE {
            return None;
        }
        let entry = &mut self.specials.shadows[shadow as usize];
        self.specials.free_shadow = entry.level;
        entry.level = level;
        let queue = self.specials.queues_from + shadow;
        let head = self.slab.node_mut(level);
        head.extra |= (shadow + 1) << 1;
        let (key, extra) = (head.key, head.extra);
        *self.slab.node_mut(queue) = Node {
            key,
            quantity: 0,
            prev: queue,
            next: queue,
            place: 0,
            extra,
        };
        Some(queue)
    }

    fn drop_shadow(&mut self, level: u32, shadow: usize) {
        self.specials.shadows[shadow].level = self.specials.free_shadow;
        self.specials.free_shadow = shadow as u32;
        self.slab.node_mut(level).extra &= 1;
    }

    fn record(&self, order: OrderSlot) -> &Record {
        &self.specials.records[self.slab.node(order.0).extra as usize]
    }

    fn record_mut(&mut self, order: OrderSlot) -> &mut Record {
        &mut self.specials.records[self.slab.node(order.0).extra as usize]
    }

    /// The account of a special order.
    #[cold]
    pub(super) fn special_account(&self, record: u32) -> u32 {
        self.specials.records[record as usize].account
    }
}
