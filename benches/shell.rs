//! The shell by topology, each beside other ways to wire the same.
//!
//! - `1_to_1`, `2_to_1`: commands of 64 bytes from as many threads to one, by lanes, by crossbeam's `ArrayQueue` and
//!   its channel, and by a mutex around a `VecDeque`.
//! - `pipeline_with_journal`: a producer's thread, the matcher with its journal, and a thread that reads every event, on the flow
//!   `typical`; beside the same engine and journal on one thread, and the same wired with those queues.
//! - `shared_1`, `shared_2`, `shared_8`: as many threads share one book, and each waits for the report of each command; beside the
//!   same with the engine in a mutex of the standard library, and in one of `parking_lot`.
//! - `1_to_4_lossy`: one thread tells four readers of events and waits for none; beside a queue a reader, and one list behind a lock.
//! - `round_trip`: one command from its submission to its answer.
//! - `open_loop`: the latency of commands that come by a schedule, under several loads.
//! - `depth_read`: reading 20 levels while the matcher is busy, and what that costs the matcher.
//!
//! Commands:
//!
//! - `cargo bench --bench shell` measures time per command with criterion, for those topologies where that is a figure.
//! - `cargo bench --bench shell -- --ratio [topology]...` prints all of it side by side, or the topologies named.
//! - `cargo test --benches` does all of it once, small.

#[path = "shell/broadcast.rs"]
mod broadcast;
#[path = "shell/client.rs"]
mod client;
#[path = "shell/depth_read.rs"]
mod depth_read;
#[allow(dead_code, reason = "the other benchmarks use the rest")]
#[path = "flows/mod.rs"]
mod flows;
#[path = "shell/open_loop.rs"]
mod open_loop;
#[path = "shell/pipe.rs"]
mod pipe;
#[path = "shell/pipeline.rs"]
mod pipeline;
#[path = "shell/placement.rs"]
mod placement;
#[path = "shell/queues.rs"]
mod queues;
#[path = "shell/round_trip.rs"]
mod round_trip;
#[path = "shell/sharing.rs"]
mod sharing;
#[allow(dead_code, reason = "the other benchmarks use the rest")]
mod support;
#[path = "shell/venue.rs"]
mod venue;

use std::rc::Rc;
use std::time::Duration;

use criterion::{Criterion, Throughput};

use flows::Scale;
use support::arguments::Arguments;
use venue::Warm;

/// A way to wire a topology: its name, and how long so many commands take.
type Way = (&'static str, Box<dyn Fn(u64) -> Duration>);

/// A topology, and the ways to wire it.
type Topology = (&'static str, Vec<Way>);

/// A topology that prints a table of its own, from this flow and so many commands.
type Table = (&'static str, fn(&Warm, usize), usize);

const ROUNDS: usize = 9;

/// Those that print more than a time per command.
const TABLES: [Table; 4] = [
    (
        "1_to_4_lossy",
        |_, count| broadcast::print(count as u64),
        1_000_000,
    ),
    ("round_trip", round_trip::print, 100_000),
    ("open_loop", open_loop::print, 500_000),
    ("depth_read", depth_read::print, 1_000_000),
];

fn main() {
    let arguments = Arguments::read();
    let testing = arguments.is_test();
    let scale = if testing { Scale::Test } else { Scale::Full };
    let warm = Rc::new(Warm::new(scale));
    let topologies = topologies(&warm);
    if arguments.has("--ratio") || testing {
        print(&arguments.names(), &topologies, &warm, testing);
    }
    if !arguments.has("--ratio") {
        measure(topologies);
    }
}

/// Those that are compared by the time per command.
fn topologies(warm: &Rc<Warm>) -> Vec<Topology> {
    vec![
        ("1_to_1", queues::ways(1)),
        ("2_to_1", queues::ways(2)),
        ("pipeline_with_journal", pipeline::ways(warm)),
        ("shared_1", sharing::ways(warm, 1)),
        ("shared_2", sharing::ways(warm, 2)),
        ("shared_8", sharing::ways(warm, 8)),
    ]
}

/// An iteration of criterion is a command, so it prints the time per command.
fn measure(mut topologies: Vec<Topology>) {
    topologies.push(("1_to_4_lossy", broadcast::ways()));
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    for (name, ways) in topologies {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        for (way, run) in ways {
            group.bench_function(way, |bencher| bencher.iter_custom(&run));
        }
        group.finish();
    }
    criterion.final_summary();
}

/// All topologies of these names, or all when there are none.
fn print(names: &[String], topologies: &[Topology], warm: &Warm, testing: bool) {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let topologies = topologies.iter().filter(|(name, _)| wanted(name));
    let topologies: Vec<_> = topologies.collect();
    if !topologies.is_empty() {
        let count = if testing { 2_000 } else { 2_000_000 };
        placed(|| print_times(&topologies, count));
    }
    for (_, table, count) in TABLES.iter().filter(|(name, _, _)| wanted(name)) {
        placed(|| table(warm, if testing { 2_000 } else { *count }));
    }
}

/// Measures, and tells how far apart the processors were before and after.
fn placed(measure: impl FnOnce()) {
    let before = placement::round_trip();
    measure();
    let after = placement::round_trip();
    println!(
        "Two threads answered each other by flags in {before} ns before, and in {after} ns after.\n\n"
    );
}

/// Everything of a topology in turns, so that a slow minute of the machine slows all; medians.
fn print_times(topologies: &[&Topology], commands: u64) {
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
    println!();
}
