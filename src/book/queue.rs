//! The orders of a level in time order: a circle of links through the level's node.

use crate::book::slab::{Node, Slab};

/// What a level is after an order left it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Left {
    /// The side of the level.
    pub side: usize,
    /// Whether that was its last order.
    pub empty: bool,
}

impl Left {
    #[inline(always)]
    fn of(level: &Node) -> Self {
        Self {
            side: level.extra as usize & 1,
            empty: level.place == 0,
        }
    }
}

// Each takes the slice of all nodes once: across writes to nodes, the compiler cannot know that
// it stays where it is.
impl Slab {
    /// Puts an order behind all others of a level.
    #[inline(always)]
    pub fn push_back(&mut self, level: u32, slot: u32, mut order: Node) {
        let nodes = self.nodes_mut();
        let head = &mut nodes[level as usize];
        let newest = head.prev;
        head.prev = slot;
        head.quantity += order.quantity;
        head.place += 1;
        nodes[newest as usize].next = slot;
        order.place |= level;
        order.prev = newest;
        order.next = level;
        nodes[slot as usize] = order;
    }

    /// Takes an order out of its level, wherever it stands.
    #[inline(always)]
    pub fn unlink(&mut self, order: &Node) -> Left {
        let nodes = self.nodes_mut();
        nodes[order.prev as usize].next = order.next;
        nodes[order.next as usize].prev = order.prev;
        let head = &mut nodes[order.level() as usize];
        head.quantity -= order.quantity;
        head.place -= 1;
        Left::of(head)
    }

    /// Takes the first order out of its level.
    #[inline(always)]
    pub fn unlink_first(&mut self, level: u32, order: &Node) -> Left {
        let nodes = self.nodes_mut();
        nodes[order.next as usize].prev = level;
        let head = &mut nodes[level as usize];
        head.next = order.next;
        head.quantity -= order.quantity;
        head.place -= 1;
        Left::of(head)
    }

    /// Sets what an order has in its queue, where it stands.
    pub fn set_quantity(&mut self, slot: u32, lots: u64) {
        let order = self.node_mut(slot);
        let before = std::mem::replace(&mut order.quantity, lots);
        let level = order.level();
        let head = self.node_mut(level);
        head.quantity = head.quantity - before + lots;
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
