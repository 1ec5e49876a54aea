//! One array of 32-byte nodes that holds every level and every order.
//!
//! Levels and orders share one index space, levels first, so that the queue of a
//! level is a circle through the level's own node and no link is ever empty:
//!
//! ```text
//!   node, 32 bytes:  | key 8 | quantity 8 | prev 4 | next 4 | place 4 | extra 4 |
//!   an order:          id      open         older    newer    its level account
//!   a special order:   id      in queue     older    newer    its level record
//!   a waiting order:   id      open         itself   itself   -         record
//!   a level:           price   sum          newest   oldest   orders    shadow 31 bits, side 1
//!   a hidden queue:    price   sum          newest   oldest   orders    shadow 31 bits, side 1
//!
//!   an order's place:  | timed 1 bit | post-only 2 bits | special 1 | waiting 1 | unused 3 | level 24 |
//! ```
//!
//! Hidden queues stand between levels and orders; `special` has what they are for. A level's shadow is counted from one; zero is none.
//!
//! Freed slots are used again last in, first out, while they are still in the cache.

use prefetch_index::prefetch_index;

/// No slot.
pub const NONE: u32 = u32::MAX;

/// A level or an order. Aligned, so that no node lies on two cache lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(align(32))]
pub struct Node {
    /// An order's id, or the ticks of a level's price.
    pub key: u64,
    /// Open lots of an order, or of all orders of a level.
    pub quantity: u64,
    /// Towards the head of the queue. From the level: the newest order.
    pub prev: u32,
    /// Towards the tail of the queue. From the level: the oldest order. In a free node: the next free one.
    pub next: u32,
    /// An order's level and attributes, or how many orders a level has.
    pub place: u32,
    /// An order's account or record, or a level's side and shadow.
    pub extra: u32,
}

impl Node {
    /// An order that is in no queue yet.
    #[inline]
    pub fn order(id: u64, lots: u64, account: u32, attributes: u32) -> Self {
        Self {
            key: id,
            quantity: lots,
            prev: NONE,
            next: NONE,
            place: attributes,
            extra: account,
        }
    }

    /// The level of an order.
    #[inline]
    pub fn level(&self) -> u32 {
        self.place & LEVEL_MASK
    }

    /// The attributes of an order, zero for a plain one.
    #[inline]
    pub fn attributes(&self) -> u32 {
        self.place & !LEVEL_MASK
    }
}

/// The bits of an order's place that name its level: there are at most 2^24 levels.
const LEVEL_MASK: u32 = (1 << 24) - 1;

/// The nodes and the free ones among them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slab {
    nodes: Vec<Node>,
    /// The slot of the first order.
    orders_from: u32,
    free_order: u32,
    free_level: u32,
    orders_used: u32,
    levels_used: u32,
}

impl Slab {
    /// Room for `levels` levels, `queues` hidden queues and `orders` orders.
    pub fn new(levels: u32, queues: u32, orders: u32) -> Self {
        let orders_from = levels + queues;
        let chained = |slot: u32| Node {
            next: if slot + 1 == levels || slot + 1 == orders_from + orders {
                NONE
            } else {
                slot + 1
            },
            ..Node::default()
        };
        Self {
            nodes: (0..orders_from + orders).map(chained).collect(),
            orders_from,
            free_order: orders_from,
            free_level: 0,
            orders_used: 0,
            levels_used: 0,
        }
    }

    /// The node in a slot.
    #[inline]
    pub fn node(&self, slot: u32) -> &Node {
        &self.nodes[slot as usize]
    }

    /// The node in what may be a slot.
    #[inline]
    pub fn node_if_any(&self, slot: u32) -> Option<&Node> {
        self.nodes.get(slot as usize)
    }

    /// Starts to load the node in what may be a slot.
    #[inline]
    pub fn prefetch(&self, slot: u32) {
        let slot = slot as usize;
        // Nowhere near what is in memory, an address would cost a walk through the page tables.
        let slot = if slot < self.nodes.len() { slot } else { 0 };
        prefetch_index(self.nodes.as_slice(), slot);
    }

    /// The node in a slot, to change.
    #[inline]
    pub fn node_mut(&mut self, slot: u32) -> &mut Node {
        &mut self.nodes[slot as usize]
    }

    /// All nodes, to change.
    #[inline]
    pub fn nodes_mut(&mut self) -> &mut [Node] {
        &mut self.nodes
    }

    /// The slot of the first order: an order's position among orders is its slot less this.
    #[inline]
    pub fn orders_from(&self) -> u32 {
        self.orders_from
    }

    /// How many orders there are.
    #[inline]
    pub fn orders_used(&self) -> u32 {
        self.orders_used
    }

    /// How many orders fit.
    pub fn orders_max(&self) -> u32 {
        self.nodes.len() as u32 - self.orders_from
    }

    /// How many levels there are.
    #[inline]
    pub fn levels_used(&self) -> u32 {
        self.levels_used
    }

    /// Whether another order fits.
    #[inline]
    pub fn has_free_order(&self) -> bool {
        self.free_order != NONE
    }

    /// Whether another level fits.
    #[inline]
    pub fn has_free_level(&self) -> bool {
        self.free_level != NONE
    }

    /// The slot that the next order will take, or `NONE`.
    #[inline]
    pub fn next_order(&self) -> u32 {
        self.free_order
    }

    /// A slot for an order; there is one.
    #[inline]
    pub fn take_order(&mut self) -> u32 {
        let slot = self.free_order;
        self.free_order = self.nodes[slot as usize].next;
        self.orders_used += 1;
        slot
    }

    /// Gives an order's slot back. It is in no queue any more.
    #[inline]
    pub fn free_order(&mut self, slot: u32) {
        self.nodes[slot as usize].next = self.free_order;
        self.free_order = slot;
        self.orders_used -= 1;
    }

    /// A level without orders; there is a slot for it.
    pub fn take_level(&mut self, ticks: i64, side: u32) -> u32 {
        let slot = self.free_level;
        let node = &mut self.nodes[slot as usize];
        self.free_level = node.next;
        *node = Node {
            key: ticks as u64,
            quantity: 0,
            prev: slot,
            next: slot,
            place: 0,
            extra: side,
        };
        self.levels_used += 1;
        slot
    }

    /// Gives a level's slot back. It has no orders.
    pub fn free_level(&mut self, slot: u32) {
        let node = &mut self.nodes[slot as usize];
        debug_assert!(node.place == 0 && node.quantity == 0, "a level with orders");
        node.next = self.free_level;
        self.free_level = slot;
        self.levels_used -= 1;
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
    }
}
