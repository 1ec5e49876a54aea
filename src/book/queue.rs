//! The orders of a level in time order: a circle of links through the level's node.

use crate::book::slab::{Node, Slab};

impl Slab {
    /// Puts an order behind all others of a level.
    #[inline(always)]
    pub fn push_back(&mut self, level: u32, slot: u32, mut order: Node) {
        let head = self.node_mut(level);
        let newest = head.prev;
        head.prev = slot;
        head.quantity += order.quantity;
        head.place += 1;
        self.node_mut(newest).next = slot;
        order.place |= level;
        order.prev = newest;
        order.next = level;
        *self.node_mut(slot) = order;
    }

    /// Takes an order out of its level, wherever it stands.
    #[inline(always)]
    pub fn unlink(&mut self, order: &Node) {
        self.node_mut(order.prev).next = order.next;
        self.node_mut(order.next).prev = order.prev;
        let head = self.node_mut(order.level());
        head.quantity -= order.quantity;
        head.place -= 1;
    }

    /// Takes `lots` off an order that keeps at least one, and its place.
    #[inline]
    pub fn reduce(&mut self, slot: u32, lots: u64) {
        let order = self.node_mut(slot);
        debug_assert!(lots < order.quantity, "an emptied order must leave");
        order.quantity -= lots;
        let level = order.level();
        self.node_mut(level).quantity -= lots;
    }
}
