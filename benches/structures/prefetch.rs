//! Early loads for groups of commands: how large should a group be?
//!
//! First on the bare structures (buckets and 32-byte nodes, orders that come and go by
//! id), in three stages: bucket, node, neighbours. Then the engine itself.

use prefetch_index::prefetch_index;
use pricetime::{Engine, Events};

use crate::compare::{Candidate, compare, print_head, print_row};
use crate::flows::Flow;
use crate::index::{Index, Place};
use crate::queues::Queues;
use crate::queues::linked::Linked;
use crate::trace::{OrderStep, record};

const GROUPS: [(&str, usize); 6] = [
    ("none", 0),
    ("8", 8),
    ("16", 16),
    ("32", 32),
    ("64", 64),
    ("128", 128),
];
const GROUP_MAX: usize = 128;

/// Prints both tables.
pub fn print(flows: &[Flow], rounds: usize) {
    let names = || GROUPS.into_iter().map(|(name, _)| name);
    print_head(
        "Early loads in groups, index and queues, ns per operation",
        names(),
    );
    for flow in flows {
        let [warmup, timed] = record(flow).map(|trace| trace.orders);
        let mut store = Store {
            index: Index::new(flow.venue.orders, 7),
            queues: Linked::new(flow.venue.orders, flow.venue.levels),
        };
        store.replay(&warmup, 0);
        let candidates = GROUPS.map(|(_, group)| {
            let (store, timed) = (store.clone(), &timed);
            Candidate::new(store, move |store| store.replay(timed, group))
        });
        let cells = compare(&candidates, timed.len(), rounds);
        print_row(flow.name, timed.len(), &cells);
    }
    print_head("Engine::prefetch in groups, ns per command", names());
    for flow in flows {
        let mut engine = Engine::new(flow.venue.instrument(0));
        let mut events = Events::for_instrument(engine.instrument());
        for command in &flow.warmup {
            events.clear();
            engine.apply(command, &mut events);
        }
        let candidates = GROUPS.map(|(_, group)| {
            Candidate::new(engine.clone(), move |engine| run(engine, flow, group))
        });
        let cells = compare(&candidates, flow.timed.len(), rounds);
        print_row(flow.name, flow.timed.len(), &cells);
    }
}

fn run(engine: &mut Engine, flow: &Flow, group: usize) -> u64 {
    let mut events = Events::for_instrument(engine.instrument());
    let mut written = 0;
    for commands in flow.timed.chunks(group.max(1)) {
        if group > 0 {
            engine.prefetch(commands);
        }
        for command in commands {
            events.clear();
            engine.apply(command, &mut events);
            written += events.len() as u64;
        }
    }
    written
}

#[derive(Clone)]
struct Store {
    index: Index,
    queues: Linked<0>,
}

impl Store {
    fn replay(&mut self, steps: &[OrderStep], group: usize) -> u64 {
        let mut digest = 0_u64;
        for steps in steps.chunks(group.max(1)) {
            if group > 0 {
                self.load_early(steps);
            }
            for step in steps {
                digest = digest.wrapping_add(self.step(step));
            }
        }
        digest
    }

    fn step(&mut self, step: &OrderStep) -> u64 {
        match *step {
            OrderStep::Enter {
                id,
                level,
                quantity,
            } => {
                let known = self.find(id).is_some();
                let slot = self.queues.push(level, id, quantity);
                let home = self.index.home(id);
                let place = self.index.vacancy(home).expect("the index has room");
                self.index.put(home, place, slot);
                u64::from(known)
            }
            OrderStep::Leave { id } => {
                let (place, slot) = self.find(id).expect("the order is there");
                self.index.take(self.index.home(id), place);
                self.queues.remove(slot)
            }
        }
    }

    fn find(&self, id: u64) -> Option<(Place, u32)> {
        let nodes = &self.queues.nodes;
        self.index
            .find(self.index.home(id), |slot| nodes[slot as usize].id == id)
    }

    /// Prefetches what the steps will need, a stage at a time: every bucket, then the
    /// nodes of those that leave and the tails of the queues that others join, then
    /// neighbours.
    fn load_early(&self, steps: &[OrderStep]) {
        let nodes = self.queues.nodes.as_slice();
        let mut tags = [self.index.tag(0); GROUP_MAX];
        let (mut slots, mut levels) = ([0; GROUP_MAX], [0; GROUP_MAX]);
        let (mut leave, mut enter) = (0, 0);
        for step in steps {
            let (id, level, enters) = match *step {
                OrderStep::Enter { id, level, .. } => (id, level, true),
                OrderStep::Leave { id } => (id, 0, false),
            };
            let tag = self.index.tag(id);
            self.index.prefetch(tag);
            (tags[leave], levels[enter]) = (tag, level);
            enter += usize::from(enters);
            leave += usize::from(!enters);
        }
        for (slot, &tag) in slots.iter_mut().zip(&tags[..leave]) {
            *slot = self.index.candidate(tag);
            prefetch_index(nodes, *slot as usize);
        }
        let (slots, levels) = (&slots[..leave], &levels[..enter]);
        for &level in levels {
            prefetch_index(nodes, nodes[level as usize].previous as usize);
        }
        for &slot in slots {
            let node = &nodes[slot as usize];
            prefetch_index(nodes, node.previous as usize);
            prefetch_index(nodes, node.next as usize);
            prefetch_index(nodes, node.level as usize);
        }
    }
}
