//! Loading ahead what a group of commands will touch.
//!
//! On a book larger than the cache a command waits for one cache line after
//! another: bucket, node, neighbours, links. Asked for a whole group before any
//! of it is needed, the lines of different commands arrive side by side. No
//! result depends on it.

use crate::book::Book;
use crate::book::index::Tag;
use crate::book::slab::Node;
use crate::order::{LimitOrder, OrderId};

/// How many commands are looked ahead together.
pub(crate) const GROUP: usize = 64;

/// How many ids are looked ahead together.
pub(crate) const IDS: usize = 16;

/// Bytes of book that are in use, roughly, above which loading ahead pays: less than that stays in
/// the second-level cache by itself.
const LARGE: usize = 3 << 19;

/// Bytes that a level takes: its node, and a line of a page that leads to it.
const LEVEL_BYTES: usize = 96;

/// What to load ahead for a group of commands.
pub(crate) struct Needs<'a> {
    /// The ids of the orders that commands want to change.
    pub ids: [OrderId; GROUP],
    /// How many there are.
    pub ids_count: usize,
    /// The new orders.
    pub entries: [Option<&'a LimitOrder>; GROUP],
    /// How many there are.
    pub entries_count: usize,
}

impl Book {
    /// Whether it is so large that loading ahead pays.
    #[inline]
    pub(crate) fn is_large(&self) -> bool {
        let orders = self.slab.orders_used() as usize * size_of::<Node>();
        let levels = self.slab.levels_used() as usize * LEVEL_BYTES;
        orders + levels + self.index.bytes_used() > LARGE
    }

    /// Loads the buckets and then the nodes of ids that commands will look for next, up to [`IDS`] of them. It costs so little that it
    /// pays where other data has passed through the cache since the last commands.
    #[inline]
    pub(crate) fn warm_ids(&self, ids: impl Iterator<Item = OrderId>) {
        let mut tags = [Tag::default(); IDS];
        let mut count = 0;
        for (tag, id) in tags.iter_mut().zip(ids) {
            *tag = self.index.tag(id.0);
            self.index.prefetch(*tag);
            count += 1;
        }
        for &tag in &tags[..count] {
            self.slab.prefetch(self.index.candidate(tag));
        }
    }

    /// Loads what the commands of a group need, a stage at a time for all of them.
    ///
    /// No stage branches on what a command is: the processor would guess wrong half of
    /// the time. An id that does not rest leads to slot 0, which is always there.
    pub(crate) fn warm(&self, needs: &Needs) {
        let mut tags = [Tag::default(); GROUP];
        let mut slots = [0; GROUP];
        let mut levels = [0; GROUP];
        let mut leaves = [(0, 0); GROUP];
        let entries = || needs.entries[..needs.entries_count].iter().flatten();
        let ids = &needs.ids[..needs.ids_count];
        for (tag, id) in tags.iter_mut().zip(ids) {
            *tag = self.index.tag(id.0);
            self.index.prefetch(*tag);
        }
        for (leaf, order) in leaves.iter_mut().zip(entries()) {
            self.index.prefetch(self.index.tag(order.id.0));
            let key = self.key(order.side, order.price);
            *leaf = (self.ladder.prefetch_leaf(order.side as usize, key), key);
        }
        for (slot, tag) in slots.iter_mut().zip(&tags[..ids.len()]) {
            *slot = self.index.candidate(*tag);
            self.slab.prefetch(*slot);
        }
        for (level, leaf) in levels.iter_mut().zip(&leaves[..needs.entries_count]) {
            *level = self.ladder.in_leaf(leaf.0, leaf.1);
            self.slab.prefetch(*level);
        }
        if let Some(owners) = &self.owners {
            let orders_from = self.slab.orders_from();
            let slots = slots[..ids.len()].iter();
            owners.prefetch(slots.map(|slot| slot.saturating_sub(orders_from)));
        }
        for &slot in &slots[..ids.len()] {
            let node = self.slab.node(slot);
            self.slab.prefetch(node.prev);
            self.slab.prefetch(node.next);
            self.slab.prefetch(node.level());
        }
        for &level in &levels[..needs.entries_count] {
            if let Some(level) = self.slab.node_if_any(level) {
                self.slab.prefetch(level.prev);
            }
        }
    }
}
