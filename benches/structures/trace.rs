//! What a flow asks of the parts of a book, recorded by running the tuned book.

use pricetime::{Command, Side};

use crate::flows::Flow;
use crate::support::baseline::Baseline;
use crate::support::tuned::{IdOperation, LadderOperation, Observer, QueueOperation, Tuned};

/// Something asked of the ladder of a side.
#[derive(Clone, Copy)]
pub struct LadderStep {
    /// 0 for bids, 1 for asks.
    pub side: usize,
    /// What.
    pub asked: LadderAsked,
}

/// What a ladder is asked. The key of a better price is greater; no key is below zero.
#[derive(Clone, Copy)]
pub enum LadderAsked {
    /// The best level.
    Best,
    /// The level with this key, if there.
    Find(u64),
    /// A new level.
    Insert(u64, u32),
    /// A level that ran empty.
    Remove(u64),
}

/// An order that comes or goes, by id.
#[derive(Clone, Copy)]
pub enum OrderStep {
    /// It comes to rest.
    Enter { id: u64, level: u32, quantity: u64 },
    /// It leaves, from anywhere in its queue.
    Leave { id: u64 },
}

/// Everything recorded between two points of a flow.
#[derive(Clone, Default)]
pub struct Trace {
    /// The greatest price of the instrument; no ladder key is greater.
    price_max: i64,
    /// What the ladders were asked.
    pub ladder: Vec<LadderStep>,
    /// What the map of ids was asked.
    pub ids: Vec<IdOperation>,
    /// What the queues were asked.
    pub queue: Vec<QueueOperation>,
    /// Orders that came and went.
    pub orders: Vec<OrderStep>,
}

/// The traces of a flow's warm-up and of what is timed.
pub fn record(flow: &Flow) -> [Trace; 2] {
    let (orders, levels) = (flow.venue.orders as usize, flow.venue.levels as usize);
    let price_max = flow.venue.price_max;
    let empty = Trace {
        price_max,
        ..Trace::default()
    };
    let mut book = Tuned::new(orders, levels, empty);
    let run = |book: &mut Tuned<Trace>, commands: &[Command]| {
        for command in commands {
            book.apply(command);
        }
    };
    run(&mut book, &flow.warmup);
    let empty = Trace {
        price_max,
        ..Trace::default()
    };
    let warmup = book.replace_observer(empty);
    run(&mut book, &flow.timed);
    [warmup, book.into_observer()]
}

impl Observer for Trace {
    fn ladder(&mut self, side: Side, operation: LadderOperation) {
        // The tuned book's keys are minus the price of bids and the price of asks.
        let up = |key: i64| match side {
            Side::Buy => (-key) as u64,
            Side::Sell => (self.price_max - key) as u64,
        };
        let asked = match operation {
            LadderOperation::Best => LadderAsked::Best,
            LadderOperation::Find(key) => LadderAsked::Find(up(key)),
            LadderOperation::Insert { key, level } => LadderAsked::Insert(up(key), level),
            LadderOperation::Remove(key) => LadderAsked::Remove(up(key)),
        };
        let side = side as usize;
        self.ladder.push(LadderStep { side, asked });
    }

    fn ids(&mut self, operation: IdOperation) {
        if let IdOperation::Remove { id, .. } = operation {
            self.orders.push(OrderStep::Leave { id });
        }
        self.ids.push(operation);
    }

    fn queue(&mut self, operation: QueueOperation) {
        if let QueueOperation::Push {
            level, quantity, ..
        } = operation
            && let Some(IdOperation::Insert { id, .. }) = self.ids.last()
        {
            let id = *id;
            self.orders.push(OrderStep::Enter {
                id,
                level,
                quantity,
            });
        }
        self.queue.push(operation);
    }
}
