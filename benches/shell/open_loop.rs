//! How long commands take that come when they come, whether the one before was answered or not.
//!
//! Each has a time at which it is due, by gaps that are exponentially distributed. Its latency counts from
//! that time, not from when there was room for it: what piles up while the matcher is held up counts for all that wait.
//!
//! The machine takes the processor away for milliseconds now and then, and everything that is due meanwhile is late. So the
//! quantiles are of each round; the median of the rounds is told, and the least, of the round that was disturbed least.

use std::hint::spin_loop;
use std::time::{Duration, Instant};

use pricetime::Command;

use crate::client::{Client, Serve, WAYS};
use crate::placement::Placement;
use crate::support::histogram::Histogram;
use crate::support::random::Random;
use crate::venue::Warm;

/// Parts of what a way can do at most, in percent.
const LOADS: [u64; 3] = [10, 50, 80];
const ROUNDS: usize = 25;
/// How long a round of one way under one load takes at most, in nanoseconds.
const SPAN: f64 = 5e7;
/// Commands asked one by one before the first is due: the copy of the book is not in the caches yet.
const AHEAD: usize = 1_000;
/// How many commands are handed over, and answers taken, before the clock is read again.
const STEP: u64 = 64;
const SEED: u64 = 7;

/// What one way did, each figure of each round.
#[derive(Default)]
struct Rounds {
    /// Commands a nanosecond at most.
    most: Vec<f64>,
    loads: [Latencies; LOADS.len()],
}

/// What one way did under one load.
#[derive(Default)]
struct Latencies {
    p50: Vec<f64>,
    p99: Vec<f64>,
    p99_9: Vec<f64>,
    max: u64,
}

/// Measures all ways in turns, and prints the latencies under each load.
pub fn print(warm: &Warm, commands: usize) {
    let commands = &warm.flow.timed[..commands.min(warm.flow.timed.len())];
    println!(
        "open_loop: nanoseconds from when a command is due to its answer, medians of {ROUNDS} rounds in turns of up to 0.05 s,"
    );
    println!(
        "max of all; behind it the least of all rounds. Load in percent of the most that the way did in the same"
    );
    println!(
        "round, in millions a second; of {} commands.\n",
        commands.len()
    );
    let mut all = Placement::ALL.map(|_| WAYS.map(|_| Rounds::default()));
    for round in 0..ROUNDS as u64 {
        for (way, (_, serve)) in WAYS.into_iter().enumerate() {
            let mut most = 0.0;
            let mut times = LOADS.map(|_| Histogram::new());
            let placement = Placement::of(|| {
                most = saturation(warm, commands, serve);
                for (load, times) in LOADS.into_iter().zip(&mut times) {
                    let gap = 100.0 / (most * load as f64);
                    under_load(warm, commands, serve, gap, SEED + round, times);
                }
            });
            if let Some(placement) = placement {
                all[placement as usize][way].add(most, &times);
            }
        }
    }
    println!(
        "{:<16}{:<6}{:>7}{:>8}{:>6}{:>10}{:>10}{:>10}{:>12}{:>10}{:>10}{:>10}",
        "", "", "rounds", "most", "load", "p50", "p99", "p99.9", "max", "p50", "p99", "p99.9"
    );
    for (placement, name) in Placement::ALL {
        let measured = WAYS.iter().zip(&mut all[placement as usize]);
        for ((way, _), rounds) in measured.filter(|(_, rounds)| !rounds.most.is_empty()) {
            rounds.print(way, name);
        }
    }
    println!();
}

impl Rounds {
    fn add(&mut self, most: f64, times: &[Histogram; LOADS.len()]) {
        self.most.push(most);
        for (latencies, times) in self.loads.iter_mut().zip(times) {
            latencies.p50.push(times.quantile(0.5) as f64);
            latencies.p99.push(times.quantile(0.99) as f64);
            latencies.p99_9.push(times.quantile(0.999) as f64);
            latencies.max = latencies.max.max(times.max());
        }
    }

    fn print(&mut self, way: &str, placement: &str) {
        let (rounds, most) = (self.most.len(), 1e3 * median(&mut self.most));
        for (load, latencies) in LOADS.iter().zip(&mut self.loads) {
            println!(
                "{way:<16}{placement:<6}{rounds:>7}{most:>8.2}{load:>6}{:>10}{:>10}{:>10}{:>12}{:>10}{:>10}{:>10}",
                median(&mut latencies.p50),
                median(&mut latencies.p99),
                median(&mut latencies.p99_9),
                latencies.max,
                latencies.p50[0],
                latencies.p99[0],
                latencies.p99_9[0]
            );
        }
    }
}

/// Sorts them, so that the first is the least.
fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Commands a nanosecond when all are due at once.
fn saturation(warm: &Warm, commands: &[Command], serve: Serve) -> f64 {
    let due = vec![0; commands.len() - AHEAD.min(commands.len() / 2)];
    let time = run(warm, commands, serve, &due, &mut Histogram::new());
    due.len() as f64 / time.as_nanos() as f64
}

/// Commands that are due with this mean gap.
fn under_load(
    warm: &Warm,
    commands: &[Command],
    serve: Serve,
    gap: f64,
    seed: u64,
    times: &mut Histogram,
) {
    let ahead = AHEAD.min(commands.len() / 2);
    let count = (commands.len() - ahead).min((SPAN / gap) as usize);
    let due = schedule(count, gap, seed);
    run(warm, &commands[..ahead + count], serve, &due, times);
}

/// When each command is due, in nanoseconds from the start; the mean gap is given.
fn schedule(commands: usize, gap: f64, seed: u64) -> Vec<u64> {
    let mut random = Random::new(seed);
    let mut time = 0.0;
    let next = |_| {
        time += random.exponential(gap);
        time as u64
    };
    (0..commands).map(next).collect()
}

fn run(
    warm: &Warm,
    commands: &[Command],
    serve: Serve,
    due: &[u64],
    times: &mut Histogram,
) -> Duration {
    let (ahead, commands) = commands.split_at(commands.len() - due.len());
    let mut elapsed = Duration::ZERO;
    serve(warm, &mut |client| {
        ask_ahead(client, ahead);
        elapsed = ask(client, commands, due, times);
    });
    elapsed
}

fn ask_ahead(client: &mut dyn Client, commands: &[Command]) {
    for command in commands {
        assert!(client.submit(0, command), "nothing is under way");
        client.publish();
        while client.answer().is_none() {
            spin_loop();
        }
    }
}

fn ask(
    client: &mut dyn Client,
    commands: &[Command],
    due: &[u64],
    times: &mut Histogram,
) -> Duration {
    let start = Instant::now();
    let (mut next, mut answered) = (0, 0);
    while answered < commands.len() as u64 {
        let (sent, seen) = (next, answered);
        let now = start.elapsed().as_nanos() as u64;
        while next < commands.len() && due[next] <= now && (next - sent) < STEP as usize {
            if !client.submit(next as u64, &commands[next]) {
                break;
            }
            next += 1;
        }
        client.publish();
        while answered - seen < STEP && client.answer().is_some() {
            answered += 1;
        }
        if answered > seen {
            let now = start.elapsed().as_nanos() as u64;
            for due in &due[seen as usize..answered as usize] {
                times.record(now - due);
            }
        } else if next == sent {
            spin_loop();
        }
    }
    start.elapsed()
}
