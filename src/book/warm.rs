//! Loading ahead what a group of commands will touch.
//!
//! On a book larger than the cache a command waits for one cache line after
//! another: bucket, node, neighbours, links. Read for a whole group before any
//! of it is needed, the lines of different commands arrive side by side. These
//! are plain early loads: they change nothing, and no result depends on them.

use std::hint::black_box;

use crate::book::Book;
use crate::book::index::Tag;
use crate::book::slab::NONE;
use crate::order::{LimitOrder, OrderId};

/// How many commands are looked ahead together.
pub(crate) const GROUP: usize = 64;

/// What to load ahead for a group of commands.
pub(crate) struct Needs<'a> {
    /// The id that each command speaks of.
    pub ids: [OrderId; GROUP],
    /// How many there are.
    pub count: usize,
    /// The new orders among them.
    pub entries: [Option<&'a LimitOrder>; GROUP],
    /// How many there are.
    pub entries_count: usize,
}

impl Book {
    /// Loads what the commands of a group need, a stage at a time for all of them.
    ///
    /// No stage branches on what a command is: the processor would guess wrong half of
    /// the time. An id that does not rest leads to slot 0, which is always there.
    pub(crate) fn warm(&self, needs: &Needs) {
        let mut tags = [Tag::default(); GROUP];
        let mut slots = [0; GROUP];
        let mut sum = 0;
        for (tag, id) in tags.iter_mut().zip(&needs.ids[..needs.count]) {
            *tag = self.index.tag(id.0);
            sum ^= self.index.touch(*tag);
        }
        for (slot, tag) in slots.iter_mut().zip(&tags[..needs.count]) {
            *slot = self.index.candidate(*tag);
            sum ^= self.slab.node(*slot).next;
        }
        let slots = &slots[..needs.count];
        for order in needs.entries[..needs.entries_count].iter().flatten() {
            sum ^= self.warm_level(order);
        }
        if let Some(owners) = &self.owners {
            let orders_from = self.slab.orders_from();
            let orders = slots.iter().map(|slot| slot.saturating_sub(orders_from));
            sum ^= owners.touch(orders);
        }
        for &slot in slots {
            let node = self.slab.node(slot);
            sum ^= self.touch(node.prev) ^ self.touch(node.next) ^ self.touch(node.level());
        }
        black_box(sum);
    }

    /// Loads a level and the order that a new one will follow.
    fn warm_level(&self, order: &LimitOrder) -> u32 {
        match self.level_slot(order.side, order.price) {
            Some(level) => self.touch(self.slab.node(level.0).prev),
            None => NONE,
        }
    }

    #[inline]
    fn touch(&self, slot: u32) -> u32 {
        self.slab.node_if_any(slot).map_or(NONE, |node| node.place)
    }
}
