//! Blocks of 15 orders in the order of time, chained per level.
//!
//! ```text
//!   block, 256 bytes:  | header 16 | order 16 | order 16 | ... 15 orders |
//!   order:             | id 8 | open lots 8 |
//!   header:            | which are live | how many were ever put | level | previous, next block |
//! ```
//!
//! A removal clears a bit and touches no neighbour; a sweep reads memory in order. Orders
//! do not move, as the map of ids knows where they are, so a block stays as long as one of
//! its orders does.

use super::Queues;

const NONE: u32 = u32::MAX;
const WIDTH: u32 = 15;

#[derive(Clone, Copy, Default)]
struct Order {
    id: u64,
    quantity: u64,
}

#[derive(Clone)]
#[repr(align(64))]
struct Block {
    live: u16,
    put: u16,
    level: u32,
    previous: u32,
    /// In a free block: the next free one.
    next: u32,
    orders: [Order; WIDTH as usize],
}

#[derive(Clone)]
struct Level {
    quantity: u64,
    orders: u32,
    first: u32,
    last: u32,
}

/// All queues.
#[derive(Clone)]
pub struct Blocks {
    levels: Vec<Level>,
    blocks: Vec<Block>,
    free: u32,
    used: u32,
}

impl Blocks {
    /// Empty queues of `levels` levels.
    pub fn new(levels: u32) -> Self {
        let level = Level {
            quantity: 0,
            orders: 0,
            first: NONE,
            last: NONE,
        };
        Self {
            levels: vec![level; levels as usize],
            blocks: Vec::new(),
            free: NONE,
            used: 0,
        }
    }

    /// The block that the next order of a level goes to.
    fn open_block(&mut self, level: u32) -> u32 {
        let last = self.levels[level as usize].last;
        if last != NONE && u32::from(self.blocks[last as usize].put) < WIDTH {
            return last;
        }
        let index = self.take_block(level, last);
        let entry = &mut self.levels[level as usize];
        entry.last = index;
        if last == NONE {
            entry.first = index;
        } else {
            self.blocks[last as usize].next = index;
        }
        index
    }

    fn take_block(&mut self, level: u32, previous: u32) -> u32 {
        self.used += 1;
        if self.free == NONE {
            self.blocks.push(Block {
                live: 0,
                put: 0,
                level,
                previous,
                next: NONE,
                orders: [Order::default(); WIDTH as usize],
            });
            return self.blocks.len() as u32 - 1;
        }
        let index = self.free;
        let block = &mut self.blocks[index as usize];
        self.free = block.next;
        (block.put, block.level) = (0, level);
        (block.previous, block.next) = (previous, NONE);
        index
    }

    fn take_out(&mut self, index: u32, position: u32) -> u64 {
        let block = &mut self.blocks[index as usize];
        let order = block.orders[position as usize];
        block.live &= !(1 << position);
        let level = &mut self.levels[block.level as usize];
        level.quantity -= order.quantity;
        level.orders -= 1;
        if block.live == 0 {
            self.free_block(index);
        }
        order.quantity ^ order.id
    }

    fn free_block(&mut self, index: u32) {
        let block = &mut self.blocks[index as usize];
        let (level, previous, next) = (block.level, block.previous, block.next);
        block.next = self.free;
        self.free = index;
        self.used -= 1;
        let level = &mut self.levels[level as usize];
        if previous == NONE {
            level.first = next;
        } else {
            self.blocks[previous as usize].next = next;
        }
        if next == NONE {
            level.last = previous;
        } else {
            self.blocks[next as usize].previous = previous;
        }
    }
}

impl Queues for Blocks {
    fn push(&mut self, level: u32, id: u64, quantity: u64) -> u32 {
        let index = self.open_block(level);
        let block = &mut self.blocks[index as usize];
        let position = u32::from(block.put);
        block.orders[position as usize] = Order { id, quantity };
        block.live |= 1 << position;
        block.put += 1;
        let level = &mut self.levels[level as usize];
        level.quantity += quantity;
        level.orders += 1;
        index << 4 | position
    }

    fn remove(&mut self, place: u32) -> u64 {
        self.take_out(place >> 4, place & 15)
    }

    fn pop(&mut self, level: u32) -> u64 {
        let first = self.levels[level as usize].first;
        let position = self.blocks[first as usize].live.trailing_zeros();
        self.take_out(first, position)
    }

    fn fill(&mut self, level: u32, quantity: u64) -> u64 {
        let level = &mut self.levels[level as usize];
        level.quantity -= quantity;
        let block = &mut self.blocks[level.first as usize];
        let order = &mut block.orders[block.live.trailing_zeros() as usize];
        order.quantity -= quantity;
        order.id
    }

    fn bytes(&self) -> f64 {
        let live: u32 = self.levels.iter().map(|level| level.orders).sum();
        f64::from(self.used) * size_of::<Block>() as f64 / f64::from(live)
    }
}
