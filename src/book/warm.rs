//! Loading ahead what a group of commands will touch.
//!
//! On a book larger than the cache a command waits for one cache line after
//! another: bucket, node, neighbours, links. Read for a whole group before any
//! of it is needed, the lines of different commands arrive side by side. These
//! are plain early loads: they change nothing, and no result depends on them.

use std::hint::black_box;

use crate::book::Book;
use crate::order::{OrderId, Side};
use crate::units::Price;

/// How many commands are looked ahead together.
pub(crate) const GROUP: usize = 64;

/// What to load ahead for one command.
#[derive(Clone, Copy)]
pub(crate) enum Need {
    /// A new order at a price.
    Entry(OrderId, Side, Price),
    /// A resting order.
    Order(OrderId),
}

impl Book {
    /// Loads what the commands of a group need, a stage at a time for all of them.
    pub(crate) fn warm(&self, needs: &[Need]) {
        let mut slots = [0; GROUP];
        let mut count = 0;
        let mut sum = 0;
        for need in needs.iter().take(GROUP) {
            match *need {
                Need::Order(id) => {
                    slots[count] = self.index.candidate(self.index.tag(id.0));
                    count += usize::from(slots[count] != 0);
                }
                Need::Entry(id, side, price) => {
                    sum ^= self.index.candidate(self.index.tag(id.0));
                    sum ^= self.warm_entry(side, price);
                }
            }
        }
        let slots = &slots[..count];
        sum ^= self.warm_nodes(slots);
        sum ^= self.warm_neighbours(slots);
        black_box(sum);
    }

    fn warm_entry(&self, side: Side, price: Price) -> u32 {
        match self.level_slot(side, price) {
            Some(level) => self.slab.node(level.0).prev,
            None => 0,
        }
    }

    fn warm_nodes(&self, slots: &[u32]) -> u32 {
        let mut sum = 0;
        for &slot in slots {
            sum ^= self.slab.node(slot).next;
            if let Some(owners) = &self.owners {
                sum ^= owners.touch(self.position(slot)).0;
            }
        }
        sum
    }

    fn warm_neighbours(&self, slots: &[u32]) -> u32 {
        let mut sum = 0;
        for &slot in slots {
            let node = self.slab.node(slot);
            sum ^= self.slab.node(node.prev).next
                ^ self.slab.node(node.next).prev
                ^ self.slab.node(node.level()).place;
            if let Some(owners) = &self.owners {
                let (older, newer) = owners.touch(self.position(slot));
                sum ^= owners.touch_link(older) ^ owners.touch_link(newer);
            }
        }
        sum
    }
}
