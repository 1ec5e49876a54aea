//! The books filled by a flow's warm-up, run over what is timed, and compared.

use pricetime::{Command, Engine, Event, Events, Side};

use crate::flows::{ACCOUNTS, Flow};
use crate::support::baseline::{Baseline, Counters};
use crate::support::textbook::Textbook;
use crate::support::tuned::Tuned;

/// How many commands are announced to the engine at a time where it prefetches.
pub const GROUP: usize = 64;

/// A flow with the books at the end of its warm-up. Clones of them are run and timed.
pub struct Warm {
    /// Where the commands are.
    pub flow: Flow,
    /// The engine.
    pub engine: Engine,
    /// The engine with a capacity for accounts, so that it links the orders of each.
    pub linking: Engine,
    /// The textbook's book, to compare with.
    pub textbook: Textbook,
    /// The tuned book, to compare with.
    pub tuned: Tuned,
}

impl Warm {
    /// Fills the books, runs them over the whole flow, and panics if they differ.
    pub fn new(flow: Flow) -> Self {
        let (orders, levels) = (flow.venue.orders as usize, flow.venue.levels as usize);
        let (textbook, textbook_end) = fill(Textbook::new(orders), &flow);
        let (tuned, tuned_end) = fill(Tuned::new(orders, levels, ()), &flow);
        let engine = |accounts| {
            let mut engine = Engine::new(flow.venue.instrument(accounts));
            let mut counters = Counters::default();
            count(&mut engine, &flow.warmup, &mut counters);
            assert_same(flow.name, &engine, &textbook, counters);
            assert_same(flow.name, &engine, &tuned, counters);
            let warm = engine.clone();
            count(&mut engine, &flow.timed, &mut counters);
            assert_same(flow.name, &engine, &textbook_end, counters);
            assert_same(flow.name, &engine, &tuned_end, counters);
            warm
        };
        let (engine, linking) = (engine(0), engine(ACCOUNTS as u32));
        Self {
            flow,
            engine,
            linking,
            textbook,
            tuned,
        }
    }

    /// A buffer for the engine's events.
    pub fn events(&self) -> Events {
        Events::for_instrument(self.engine.instrument())
    }
}

/// Every command, one after the other.
pub fn apply_each(engine: &mut Engine, events: &mut Events, commands: &[Command]) -> usize {
    let mut written = 0;
    for command in commands {
        events.clear();
        engine.apply(command, events);
        written += events.len();
    }
    written
}

/// Every command, announced in groups.
pub fn apply_prefetched(engine: &mut Engine, events: &mut Events, commands: &[Command]) -> usize {
    let mut written = 0;
    for group in commands.chunks(GROUP) {
        engine.prefetch(group);
        written += apply_each(engine, events, group);
    }
    written
}

/// Every command, in a book to compare with.
pub fn apply_baseline(book: &mut impl Baseline, commands: &[Command]) {
    for command in commands {
        book.apply(command);
    }
}

/// The book after a flow's warm-up, and after the whole of it.
fn fill<B: Baseline>(mut book: B, flow: &Flow) -> (B, B) {
    apply_baseline(&mut book, &flow.warmup);
    let mut end = book.clone();
    apply_baseline(&mut end, &flow.timed);
    (book, end)
}

/// Applies commands and counts in their events what the other books count themselves.
fn count(engine: &mut Engine, commands: &[Command], counters: &mut Counters) {
    let mut events = Events::for_instrument(engine.instrument());
    for command in commands {
        events.clear();
        engine.apply(command, &mut events);
        for event in events.iter() {
            if let Event::Traded { quantity, .. } = event {
                counters.trades += 1;
                counters.volume += quantity.lots();
            } else if let Event::Rejected { .. } = event {
                counters.rejected += 1;
            }
        }
    }
}

/// The same trades, and the same levels with the same orders and quantities.
fn assert_same(flow: &str, engine: &Engine, book: &impl Baseline, counters: Counters) {
    assert_eq!(
        counters,
        book.counters(),
        "{flow}: trades, volume, refusals"
    );
    assert_eq!(engine.last_trade().0, counters.trades, "{flow}: trade ids");
    assert_eq!(engine.book().len(), book.len(), "{flow}: live orders");
    for side in Side::BOTH {
        let best = engine.book().best(side).map(|level| level.price.ticks());
        assert_eq!(best, book.best(side), "{flow}: best {side:?}");
        let depth = engine.book().depth(side);
        let depth = depth.map(|level| (level.price, level.quantity.lots(), level.orders));
        assert!(depth.eq(book.depth(side)), "{flow}: depth {side:?}");
    }
}
