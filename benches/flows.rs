//! The engine against two other books, flow by flow. Every flow is first run on all
//! three, which must end with the same trades, orders and levels.
//!
//! - `textbook` is what a good engineer writes from a textbook: the levels are the values
//!   of a `BTreeMap` per side, the orders lie in a slab with a free list and are linked to
//!   first-in-first-out queues, hashbrown's map finds them by id. A cancellation looks its
//!   level up by price, the best level is the first or the last of the map.
//! - `tuned` is made of the same parts by someone who cares for speed: levels lie in a slab
//!   to which orders point, so a cancellation looks no level up; the best level of a side
//!   is kept; an order is 32 bytes, aligned, so that it lies on one cache line.
//!
//! Neither writes events, which the engine does, nor checks what it checks: they count
//! trades, volume and refusals. `pricetime` is the engine given one command after the
//! other, `pricetime_prefetch` (or `prefetch`) the engine with commands announced in
//! groups, `linking` the engine with a capacity for accounts.
//!
//! - `cargo bench --bench flows` measures time per command with criterion.
//! - `cargo bench --bench flows -- --ratio [flow]...` prints nanoseconds per command of
//!   all side by side, then latencies, then memory.
//! - `cargo bench --bench flows -- --stats` prints what the flows are made of.
//! - `cargo test --benches` does all of it once, on small flows.

#[allow(dead_code, reason = "the other benchmarks use the rest")]
#[path = "flows/mod.rs"]
mod flows;
#[path = "flows/latency.rs"]
mod latency;
#[path = "flows/ratio.rs"]
mod ratio;
#[path = "flows/run.rs"]
mod run;
#[path = "flows/stats.rs"]
mod stats;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod support;

use std::cell::OnceCell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use pricetime::{Command, Engine, Events};

use flows::Scale;
use run::Warm;
use support::arguments::Arguments;
use support::baseline::Baseline;

fn main() {
    let arguments = Arguments::read();
    let testing = arguments.is_test();
    let scale = if testing { Scale::Test } else { Scale::Full };
    if arguments.has("--stats") || testing {
        stats::print(scale);
    }
    if arguments.has("--ratio") || testing {
        ratio::print(&arguments.names(), scale);
    }
    if !arguments.has("--stats") && !arguments.has("--ratio") {
        measure(scale);
    }
}

/// An iteration of criterion is a command, so it prints the time per command.
fn measure(scale: Scale) {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    for (name, generate) in flows::ALL {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        // Made when the command line's filter lets the first of them run.
        let cell = OnceCell::new();
        let warm = || cell.get_or_init(|| Warm::new(generate(scale)));
        group.bench_function("pricetime", |bencher| {
            bencher.iter_custom(|commands| engine(warm(), commands, run::apply_each));
        });
        group.bench_function("pricetime_prefetch", |bencher| {
            bencher.iter_custom(|commands| engine(warm(), commands, run::apply_prefetched));
        });
        group.bench_function("textbook", |bencher| {
            bencher.iter_custom(|commands| baseline(&warm().textbook, warm(), commands));
        });
        group.bench_function("tuned", |bencher| {
            bencher.iter_custom(|commands| baseline(&warm().tuned, warm(), commands));
        });
        group.finish();
    }
    criterion.final_summary();
}

type Apply = fn(&mut Engine, &mut Events, &[Command]) -> usize;

/// The time that this many commands take.
fn engine(warm: &Warm, commands: u64, apply: Apply) -> Duration {
    let mut events = warm.events();
    passes(&warm.flow.timed, commands, |commands| {
        let mut engine = warm.engine.clone();
        let begin = Instant::now();
        black_box(apply(&mut engine, &mut events, commands));
        begin.elapsed()
    })
}

fn baseline(book: &impl Baseline, warm: &Warm, commands: u64) -> Duration {
    passes(&warm.flow.timed, commands, |commands| {
        let mut book = book.clone();
        let begin = Instant::now();
        run::apply_baseline(&mut book, commands);
        black_box(book.counters());
        begin.elapsed()
    })
}

/// Runs the flow from its start as often as makes `count` commands, the last time in part.
/// Each pass starts on a fresh copy of the book, made outside of what is timed.
fn passes(flow: &[Command], count: u64, mut pass: impl FnMut(&[Command]) -> Duration) -> Duration {
    let (whole, rest) = (count / flow.len() as u64, count % flow.len() as u64);
    let whole: Duration = (0..whole).map(|_| pass(flow)).sum();
    whole + pass(&flow[..rest as usize])
}
