//! The orders of a level in the order of time.
//!
//! Every candidate keeps an order's place in `places`, as the map of ids would.

#[path = "blocks.rs"]
mod blocks;
#[path = "linked.rs"]
pub mod linked;

use crate::compare::{Candidate, compare, print_head, print_row};
use crate::flows::Flow;
use crate::support::tuned::QueueOperation;
use crate::trace::record;
use blocks::Blocks;
use linked::Linked;

/// Prints the tables.
pub fn print(flows: &[Flow], rounds: usize) {
    let names = ["linked 32 B", "linked 64 B", "blocks of 15"];
    print_head(
        "Queues: the orders of a level, ns per operation",
        names.into_iter(),
    );
    let mut memory = Vec::new();
    for flow in flows {
        let [warmup, timed] = record(flow).map(|trace| trace.queue);
        let (orders, levels) = (flow.venue.orders, flow.venue.levels);
        let places = || vec![0; orders as usize];
        let mut small = (Linked::<0>::new(orders, levels), places());
        let mut large = (Linked::<4>::new(orders, levels), places());
        let mut blocks = (Blocks::new(levels), places());
        replay(&mut small.0, &mut small.1, &warmup);
        replay(&mut large.0, &mut large.1, &warmup);
        replay(&mut blocks.0, &mut blocks.1, &warmup);
        let mut aged = blocks.clone();
        replay(&mut aged.0, &mut aged.1, &timed);
        memory.push([small.0.bytes(), large.0.bytes(), aged.0.bytes()]);
        let candidates = [
            Candidate::new(small, |(queue, places)| replay(queue, places, &timed)),
            Candidate::new(large, |(queue, places)| replay(queue, places, &timed)),
            Candidate::new(blocks, |(queue, places)| replay(queue, places, &timed)),
        ];
        let cells = compare(&candidates, timed.len(), rounds);
        print_row(flow.name, timed.len(), &cells);
    }
    print_head(
        "Queues: bytes per live order at the end, levels left out",
        names.into_iter(),
    );
    for (flow, bytes) in flows.iter().zip(memory) {
        print_row(flow.name, 0, &bytes);
    }
}

fn replay<Q: Queues>(queues: &mut Q, places: &mut [u32], operations: &[QueueOperation]) -> u64 {
    let mut digest = 0_u64;
    for &operation in operations {
        match operation {
            QueueOperation::Push {
                level,
                slot,
                quantity,
            } => places[slot as usize] = queues.push(level, u64::from(slot), quantity),
            QueueOperation::Remove { slot } => {
                digest = digest.wrapping_add(queues.remove(places[slot as usize]))
            }
            QueueOperation::Pop { level } => digest = digest.wrapping_add(queues.pop(level)),
            QueueOperation::Fill { level, quantity } => {
                digest = digest.wrapping_add(queues.fill(level, quantity))
            }
        }
    }
    digest
}

/// What queues can do. An order has an id and a quantity, and a place as long as it is there.
pub trait Queues {
    /// A new last order; returns its place.
    fn push(&mut self, level: u32, id: u64, quantity: u64) -> u32;
    /// Takes out the order in this place; returns its quantity and id, mixed.
    fn remove(&mut self, place: u32) -> u64;
    /// Takes out the first order; returns its quantity and id, mixed.
    fn pop(&mut self, level: u32) -> u64;
    /// Makes the first order so much smaller; returns its id.
    fn fill(&mut self, level: u32, quantity: u64) -> u64;
    /// Bytes in use per live order.
    fn bytes(&self) -> f64;
}
