//! From ids to slots. Every candidate then reads or writes the order's 32-byte node, as a
//! command does: the buckets have to, to compare the id, and the others must not profit
//! from leaving it out.

use hashbrown::HashMap;

use crate::compare::{Candidate, compare, print_head, print_row};
use crate::flows::Flow;
use crate::index::Index;
use crate::support::tuned::IdOperation;
use crate::trace::record;

/// Prints the table.
pub fn print(flows: &[Flow], rounds: usize) {
    let names = ["buckets of 7", "hashbrown", "linear 16 B"];
    print_head(
        "Ids: from an id to a slot, ns per operation",
        names.into_iter(),
    );
    for flow in flows {
        let [warmup, timed] = record(flow).map(|trace| trace.ids);
        let orders = flow.venue.orders as usize;
        let candidates = [
            candidate(Index::new(flow.venue.orders, KEY), orders, &warmup, &timed),
            candidate(HashMap::with_capacity(orders), orders, &warmup, &timed),
            candidate(Linear::new(orders), orders, &warmup, &timed),
        ];
        let cells = compare(&candidates, timed.len(), rounds);
        print_row(flow.name, timed.len(), &cells);
    }
}

/// No slot.
const NONE: u32 = u32::MAX;
const KEY: u64 = 0x0123_4567_89AB_CDEF;

/// An order, as far as it matters here.
#[derive(Clone, Copy, Default)]
struct Node {
    id: u64,
    rest: [u64; 3],
}

fn candidate<'a, M: Ids + Clone + 'a>(
    ids: M,
    orders: usize,
    warmup: &[IdOperation],
    timed: &'a [IdOperation],
) -> Candidate<'a> {
    let mut state = (ids, vec![Node::default(); orders]);
    replay(&mut state.0, &mut state.1, warmup);
    Candidate::new(state, |(ids, nodes)| replay(ids, nodes, timed))
}

fn replay<M: Ids>(ids: &mut M, nodes: &mut [Node], operations: &[IdOperation]) -> u64 {
    let mut digest = 0_u64;
    for &operation in operations {
        match operation {
            IdOperation::Check(id) => {
                digest = digest.wrapping_add(u64::from(ids.find(id, nodes) != NONE));
            }
            IdOperation::Find(id) => {
                let slot = ids.find(id, nodes);
                if slot != NONE {
                    let node = &nodes[slot as usize];
                    digest = digest.wrapping_add(node.id ^ node.rest[0]);
                }
            }
            IdOperation::Insert { id, slot } => {
                let rest = [u64::from(slot); 3];
                nodes[slot as usize] = Node { id, rest };
                ids.insert(id, slot);
            }
            IdOperation::Remove { id, slot } => {
                nodes[slot as usize].rest[0] = 0;
                ids.remove(id, slot);
            }
        }
    }
    digest
}

/// What a map of ids can do. No slot is `NONE`.
trait Ids {
    fn find(&self, id: u64, nodes: &[Node]) -> u32;
    fn insert(&mut self, id: u64, slot: u32);
    fn remove(&mut self, id: u64, slot: u32);
}

/// The engine's own.
impl Ids for Index {
    fn find(&self, id: u64, nodes: &[Node]) -> u32 {
        let found = Index::find(self, self.home(id), |slot| nodes[slot as usize].id == id);
        found.map_or(NONE, |(_, slot)| slot)
    }

    fn insert(&mut self, id: u64, slot: u32) {
        let home = self.home(id);
        let place = self.vacancy(home).expect("the index has room");
        self.put(home, place, slot);
    }

    fn remove(&mut self, id: u64, slot: u32) {
        let home = Index::home(self, id);
        let found = Index::find(self, home, |there| there == slot);
        let (place, _) = found.expect("the id is there");
        self.take(home, place);
    }
}

impl Ids for HashMap<u64, u32> {
    fn find(&self, id: u64, _nodes: &[Node]) -> u32 {
        self.get(&id).copied().unwrap_or(NONE)
    }

    fn insert(&mut self, id: u64, slot: u32) {
        self.insert(id, slot);
    }

    fn remove(&mut self, id: u64, _slot: u32) {
        self.remove(&id);
    }
}

/// Linear probing over {id, slot} at a load of at most one half; a removal shifts back
/// what follows.
#[derive(Clone)]
struct Linear {
    entries: Vec<Entry>,
    shift: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    id: u64,
    /// `NONE` in a free entry.
    slot: u32,
}

impl Linear {
    fn new(orders: usize) -> Self {
        let count = (2 * orders).next_power_of_two();
        Self {
            entries: vec![Entry { id: 0, slot: NONE }; count],
            shift: 64 - count.ilog2(),
        }
    }

    fn home(&self, id: u64) -> usize {
        ((id ^ KEY).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    fn after(&self, index: usize) -> usize {
        (index + 1) & (self.entries.len() - 1)
    }

    /// Where the id is, or the free entry that ends the search.
    fn search(&self, id: u64) -> usize {
        let mut index = self.home(id);
        while self.entries[index].slot != NONE && self.entries[index].id != id {
            index = self.after(index);
        }
        index
    }
}

impl Ids for Linear {
    fn find(&self, id: u64, _nodes: &[Node]) -> u32 {
        self.entries[self.search(id)].slot
    }

    fn insert(&mut self, id: u64, slot: u32) {
        let index = self.search(id);
        self.entries[index] = Entry { id, slot };
    }

    fn remove(&mut self, id: u64, _slot: u32) {
        let mask = self.entries.len() - 1;
        let mut hole = self.search(id);
        let mut index = self.after(hole);
        while self.entries[index].slot != NONE {
            let home = self.home(self.entries[index].id);
            // It may move into the hole unless its home lies behind the hole.
            if index.wrapping_sub(home) & mask >= index.wrapping_sub(hole) & mask {
                self.entries[hole] = self.entries[index];
                hole = index;
            }
            index = self.after(index);
        }
        self.entries[hole].slot = NONE;
    }
}
