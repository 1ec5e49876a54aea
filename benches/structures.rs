//! The structures that the book could be made of, on what the flows ask of them.
//!
//! `cargo bench --bench structures` prints nanoseconds per operation, medians of rounds in
//! which the candidates take turns. What a flow asks of a ladder, a map of ids or a queue
//! is recorded beforehand, so nothing else is timed. All candidates of a table must give
//! the same answers. `cargo test --benches` does it once, on small flows.

#[path = "structures/compare.rs"]
mod compare;
#[allow(dead_code, reason = "only the generators are used here")]
#[path = "flows/mod.rs"]
mod flows;
#[path = "structures/ids.rs"]
mod ids;
#[allow(dead_code, unused_imports, reason = "the engine's own, used in part")]
#[path = "../src/book/index.rs"]
mod index;
#[allow(dead_code, unused_imports, reason = "the engine's own, used in part")]
#[path = "../src/book/ladder.rs"]
mod ladder;
#[path = "structures/ladders.rs"]
mod ladders;
#[path = "structures/prefetch.rs"]
mod prefetch;
#[path = "structures/queues.rs"]
mod queues;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod support;
#[path = "structures/trace.rs"]
mod trace;

use flows::Scale;
use support::arguments::Arguments;

fn main() {
    let arguments = Arguments::read();
    let testing = arguments.is_test();
    let scale = if testing { Scale::Test } else { Scale::Full };
    let rounds = if testing { 1 } else { 9 };
    let flows: Vec<_> = flows::ALL[..5]
        .iter()
        .map(|(_, make)| make(scale))
        .collect();
    ladders::print(&flows, rounds);
    ids::print(&flows, rounds);
    queues::print(&flows, rounds);
    prefetch::print(&flows[..2], rounds);
}
