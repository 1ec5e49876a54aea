//! Doubly linked nodes; a level is a node too, and its queue a circle through it.

use super::Queues;

/// A level or an order: 32 bytes, and so many words more. Aligned, so that none lies
/// across more cache lines than it must.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub struct Node<const COLD: usize> {
    /// An order's id.
    pub id: u64,
    /// Open lots of an order, or of a whole level.
    pub quantity: u64,
    /// Towards the head; from a level, the newest order.
    pub previous: u32,
    /// Towards the tail; from a level, the oldest order; the next free node in a free one.
    pub next: u32,
    /// An order's level; how many orders a level has.
    pub level: u32,
    #[allow(dead_code, reason = "it takes its space")]
    extra: u32,
    #[allow(dead_code, reason = "it takes its space")]
    cold: [u64; COLD],
}

/// All queues.
#[derive(Clone)]
pub struct Linked<const COLD: usize> {
    /// Levels first, then orders.
    pub nodes: Vec<Node<COLD>>,
    free: u32,
}

impl<const COLD: usize> Linked<COLD> {
    /// Empty queues of `levels` levels, with room for `orders` orders.
    pub fn new(orders: u32, levels: u32) -> Self {
        let node = |slot: u32| Node {
            id: 0,
            quantity: 0,
            previous: slot,
            next: if slot < levels { slot } else { slot + 1 },
            level: 0,
            extra: 0,
            cold: [0; COLD],
        };
        Self {
            nodes: (0..levels + orders).map(node).collect(),
            free: levels,
        }
    }

    fn node(&mut self, slot: u32) -> &mut Node<COLD> {
        &mut self.nodes[slot as usize]
    }

    fn unlink(&mut self, slot: u32) -> u64 {
        let order = *self.node(slot);
        self.node(order.previous).next = order.next;
        self.node(order.next).previous = order.previous;
        let head = self.node(order.level);
        head.quantity -= order.quantity;
        head.level -= 1;
        self.node(slot).next = self.free;
        self.free = slot;
        order.quantity ^ order.id
    }
}

impl<const COLD: usize> Queues for Linked<COLD> {
    fn push(&mut self, level: u32, id: u64, quantity: u64) -> u32 {
        let slot = self.free;
        let head = self.node(level);
        let newest = head.previous;
        head.previous = slot;
        head.quantity += quantity;
        head.level += 1;
        self.free = self.node(slot).next;
        *self.node(slot) = Node {
            id,
            quantity,
            previous: newest,
            next: level,
            level,
            extra: 0,
            cold: [id; COLD],
        };
        self.node(newest).next = slot;
        slot
    }

    fn remove(&mut self, place: u32) -> u64 {
        self.unlink(place)
    }

    fn pop(&mut self, level: u32) -> u64 {
        let first = self.node(level).next;
        self.unlink(first)
    }

    fn fill(&mut self, level: u32, quantity: u64) -> u64 {
        let head = self.node(level);
        head.quantity -= quantity;
        let first = head.next;
        let order = self.node(first);
        order.quantity -= quantity;
        order.id
    }

    fn bytes(&self) -> f64 {
        size_of::<Node<COLD>>() as f64
    }
}
