//! What a journal costs beside applying without one, flow by flow, in one run.
//!
//! - `apply`: every command, events written, no journal.
//! - `append`: the same, and each entry encoded, checksummed and appended to a segment.
//! - `sealed`: the same, and each full segment sealed with BLAKE3 on the same thread.
//! - `replay`: the journal read, every command executed and every event compared.
//!
//! Commands:
//!
//! - `cargo bench --bench journal` measures time per command with criterion.
//! - `cargo bench --bench journal -- --ratio [flow]...` prints all of it side by side, with bytes a command, then
//!   speeds of verifying and sealing, then snapshots.
//! - `cargo test --benches` does all of it once, on small flows.

#[allow(dead_code, reason = "the other benchmarks use the rest")]
#[path = "flows/mod.rs"]
mod flows;
#[path = "journal/ratio.rs"]
mod ratio;
#[path = "journal/run.rs"]
mod run;
#[allow(dead_code, reason = "the other benchmarks use the rest")]
mod support;

use std::cell::OnceCell;
use std::time::Duration;

use criterion::{Criterion, Throughput};

use flows::Scale;
use run::Warm;
use support::arguments::Arguments;

fn main() {
    let arguments = Arguments::read();
    let testing = arguments.is_test();
    let scale = if testing { Scale::Test } else { Scale::Full };
    if arguments.has("--ratio") || testing {
        ratio::print(&arguments.names(), scale);
    }
    if !arguments.has("--ratio") {
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
        for (name, run) in run::ALL {
            group.bench_function(name, |bencher| {
                bencher.iter_custom(|commands| passes(warm(), commands, run));
            });
        }
        group.finish();
    }
    criterion.final_summary();
}

/// Runs the flow as often as makes at least `count` commands, and scales the time down to as many.
fn passes(warm: &Warm, count: u64, run: run::Run) -> Duration {
    let commands = warm.flow.timed.len() as u64;
    let passes = count.div_ceil(commands);
    let time: Duration = (0..passes).map(|_| run(warm)).sum();
    time.mul_f64(count as f64 / (passes * commands) as f64)
}
