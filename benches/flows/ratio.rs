//! One table of all flows: nanoseconds per command of all books in the same run.
//!
//! Every round runs the flow once on a copy of each warmed book, one kind after the
//! other, so that a slow minute of the machine slows all of them. Medians are shown.

use std::hint::black_box;
use std::time::Instant;

use pricetime::Command;

use crate::flows::Scale;
use crate::latency;
use crate::run::{self, GROUP, Warm};
use crate::support::baseline::Baseline;

const ROUNDS: usize = 9;

/// Measures and prints the flows of these names, or all when there are none.
pub fn print(names: &[String], scale: Scale) {
    println!(
        "Nanoseconds per command, medians of {ROUNDS} rounds. prefetch: commands announced in"
    );
    println!(
        "groups of {GROUP}. linking: with account capacity. x: times as long as pricetime takes;"
    );
    println!("best: as the better of pricetime and prefetch takes.\n");
    println!(
        "{:<12}{:>9}{:>11}{:>10}{:>9}{:>10}{:>8}{:>12}{:>15}{:>9}",
        "flow",
        "commands",
        "pricetime",
        "prefetch",
        "linking",
        "textbook",
        "tuned",
        "textbook x",
        "textbook best",
        "tuned x"
    );
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let (mut latencies, mut memory) = (Vec::new(), Vec::new());
    for (_, generate) in crate::flows::ALL.iter().filter(|(name, _)| wanted(name)) {
        let warm = Warm::new(generate(scale));
        print_throughput(&warm);
        latencies.extend(latency::rows(&warm));
        memory.push(memory_row(&warm));
    }
    println!("\n{}", latency::HEAD);
    println!("{}", latencies.join("\n"));
    println!("\nHeap that the engine reserves, all of it when it is made.\n");
    println!("{}", memory.join("\n"));
}

fn print_throughput(warm: &Warm) {
    let commands = &warm.flow.timed;
    let mut events = warm.events();
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        let mut engine = warm.engine.clone();
        let each = time(|| {
            black_box(run::apply_each(&mut engine, &mut events, commands));
        });
        let mut engine = warm.engine.clone();
        let prefetched = time(|| {
            black_box(run::apply_prefetched(&mut engine, &mut events, commands));
        });
        let mut engine = warm.linking.clone();
        let linking = time(|| {
            black_box(run::apply_each(&mut engine, &mut events, commands));
        });
        let textbook = time_baseline(&warm.textbook, commands);
        let tuned = time_baseline(&warm.tuned, commands);
        let round = [each, prefetched, linking, textbook, tuned];
        for (times, time) in times.iter_mut().zip(round) {
            times.push(time / commands.len() as f64);
        }
    }
    let [each, prefetched, linking, textbook, tuned] = times.map(median);
    print!("{:<12}{:>9}", warm.flow.name, commands.len());
    print!("{each:>11.1}{prefetched:>10.1}{linking:>9.1}{textbook:>10.1}{tuned:>8.1}");
    println!(
        "{:>12.2}{:>15.2}{:>9.2}",
        textbook / each,
        textbook / each.min(prefetched),
        tuned / each,
    );
}

fn memory_row(warm: &Warm) -> String {
    let bytes = warm.engine.memory_bytes();
    let live = warm.engine.book().len();
    let venue = &warm.flow.venue;
    format!(
        "{:<12}{:>7.1} MB for{:>8} orders and{:>6} levels;{:>8} live:{:>7.0} bytes each",
        warm.flow.name,
        bytes as f64 / 1e6,
        venue.orders,
        venue.levels,
        live,
        bytes as f64 / live as f64,
    )
}

/// Nanoseconds that the commands take on a copy of the book.
fn time_baseline(book: &impl Baseline, commands: &[Command]) -> f64 {
    let mut book = book.clone();
    let nanoseconds = time(|| run::apply_baseline(&mut book, commands));
    black_box(book.counters());
    nanoseconds
}

/// Nanoseconds that `work` takes.
fn time(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_nanos() as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
