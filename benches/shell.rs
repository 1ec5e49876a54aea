//! The shell by topology, each beside other ways to wire the same.
//!
//! - `1_to_1`, `2_to_1`: commands of 64 bytes from as many threads to one, by lanes, by crossbeam's `ArrayQueue` and
//!   its channel, and by a mutex around a `VecDeque`.
//! - `pipeline_with_journal`: a producer's thread, the matcher with its journal, and a thread that reads every event, on the flow
//!   `typical`; beside the same engine and journal on one thread, and the same wired with channels.
//! - `shared_1`, `shared_2`, `shared_8`: as many threads share one book, and each waits for the report of each command; beside the
//!   same with the engine in a mutex of the standard library, and in one of `parking_lot`.
//!
//! Commands:
//!
//! - `cargo bench --bench shell` measures time per command with criterion.
//! - `cargo bench --bench shell -- --ratio` prints all of it side by side, or only the topologies that are named behind it.
//! - `cargo test --benches` does all of it once, small.

#[allow(dead_code, reason = "the other benchmarks use the rest")]
#[path = "flows/mod.rs"]
mod flows;
#[path = "shell/pipeline.rs"]
mod pipeline;
#[path = "shell/queues.rs"]
mod queues;
#[path = "shell/sharing.rs"]
mod sharing;
#[allow(dead_code, reason = "the other benchmarks use the rest")]
mod support;

use std::time::Duration;

use criterion::{Criterion, Throughput};

use flows::Scale;
use support::arguments::Arguments;

/// A way to wire a topology: its name, and how long so many commands take.
type Way = (&'static str, Box<dyn Fn(u64) -> Duration>);

/// A topology, and the ways to wire it.
type Topology = (&'static str, Vec<Way>);

const ROUNDS: usize = 9;

fn main() {
    let arguments = Arguments::read();
    let testing = arguments.is_test();
    let scale = if testing { Scale::Test } else { Scale::Full };
    let topologies = topologies(scale);
    if arguments.has("--ratio") || testing {
        let count = if testing { 2_000 } else { 2_000_000 };
        let named = arguments.names();
        let is_wanted = |(name, _): &&Topology| named.is_empty() || named.iter().any(|n| n == name);
        print(topologies.iter().filter(is_wanted), count);
    }
    if !arguments.has("--ratio") {
        measure(&topologies);
    }
}

fn topologies(scale: Scale) -> [Topology; 6] {
    [
        ("1_to_1", queues::ways(1)),
        ("2_to_1", queues::ways(2)),
        ("pipeline_with_journal", pipeline::ways(scale)),
        ("shared_1", sharing::ways(scale, 1)),
        ("shared_2", sharing::ways(scale, 2)),
        ("shared_8", sharing::ways(scale, 8)),
    ]
}

/// An iteration of criterion is a command, so it prints the time per command.
fn measure(topologies: &[Topology]) {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    for (name, ways) in topologies {
        let mut group = criterion.benchmark_group(*name);
        group.throughput(Throughput::Elements(1));
        for (way, run) in ways {
            group.bench_function(*way, |bencher| bencher.iter_custom(run));
        }
        group.finish();
    }
    criterion.final_summary();
}

/// Everything of a topology in turns, so that a slow minute of the machine slows all; medians.
fn print<'a>(topologies: impl Iterator<Item = &'a Topology>, commands: u64) {
    println!("Nanoseconds per command, medians of {ROUNDS} rounds of {commands} commands.\n");
    for (name, ways) in topologies {
        let mut times = vec![Vec::new(); ways.len()];
        for _ in 0..ROUNDS {
            for (times, (_, run)) in times.iter_mut().zip(ways) {
                times.push(run(commands).as_nanos() as f64 / commands as f64);
            }
        }
        print!("{name:<24}");
        for ((way, _), mut times) in ways.iter().zip(times) {
            times.sort_by(f64::total_cmp);
            print!("{way:>18}{:>8.1}", times[times.len() / 2]);
        }
        println!();
    }
}
