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
use crate::support::histogram::Histogram;
use crate::support::random::Random;
use crate::venue::Warm;

/// Parts of what a way can do at most, in percent.
const LOADS: [u64; 3] = [10, 50, 80];
const ROUNDS: usize = 25;
/// Rounds from which it is known what a way does at most.
const MOST_ROUNDS: usize = 7;
/// How long a round of one way under one load takes at most, in nanoseconds.
const SPAN: f64 = 5e7;
/// Commands asked one by one before the first is due: the copy of the book is not in the caches yet.
const AHEAD: usize = 1_000;
/// How many commands are handed over, and answers taken, before the clock is read again.
const STEP: u64 = 64;
const SEED: u64 = 7;

/// What one way did under one load.
#[derive(Default)]
struct Latencies {
    /// Of each round.
    p50: Vec<u64>,
    p99: Vec<u64>,
    p99_9: Vec<u64>,
    /// Of all rounds.
    max: u64,
}

/// Measures all ways in turns, and prints the latencies under each load.
pub fn print(warm: &Warm, commands: usize) {
    let commands = &warm.flow.timed[..commands.min(warm.flow.timed.len())];
    println!(
        "open_loop: nanoseconds from when a command is due to its answer, medians of {ROUNDS} rounds of up to {} commands",
        commands.len()
    );
    println!(
        "and 0.05 s in turns, max of all; behind it the least of all rounds. Load in percent of the most that the"
    );
    println!("way does, which is in millions a second.\n");
    let most = saturation(warm, commands);
    let mut all = WAYS.map(|_| LOADS.map(|_| Latencies::default()));
    for round in 0..ROUNDS as u64 {
        for (level, load) in LOADS.into_iter().enumerate() {
            for (way, (_, serve)) in WAYS.into_iter().enumerate() {
                let gap = 100.0 / (most[way] * load as f64);
                let ahead = AHEAD.min(commands.len() / 2);
                let count = (commands.len() - ahead).min((SPAN / gap) as usize);
                let due = schedule(count, gap, SEED + round);
                let mut times = Histogram::new();
                run(warm, &commands[..ahead + count], serve, &due, &mut times);
                all[way][level].add(&times);
            }
        }
    }
    println!(
        "{:<16}{:>8}{:>6}{:>10}{:>10}{:>10}{:>12}{:>10}{:>10}{:>10}",
        "", "most", "load", "p50", "p99", "p99.9", "max", "p50", "p99", "p99.9"
    );
    for (way, levels) in all.iter_mut().enumerate() {
        for (load, latencies) in LOADS.iter().zip(levels) {
            println!(
                "{:<16}{:>8.2}{load:>6}{:>10}{:>10}{:>10}{:>12}{:>10}{:>10}{:>10}",
                WAYS[way].0,
                most[way] * 1e3,
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
    println!();
}

impl Latencies {
    fn add(&mut self, round: &Histogram) {
        self.p50.push(round.quantile(0.5));
        self.p99.push(round.quantile(0.99));
        self.p99_9.push(round.quantile(0.999));
        self.max = self.max.max(round.max());
    }
}

/// Sorts them, so that the first is the least.
fn median(figures: &mut [u64]) -> u64 {
    figures.sort_unstable();
    figures[figures.len() / 2]
}

/// Commands a nanosecond that each way does when all are due at once: the median of some runs, in turns.
fn saturation(warm: &Warm, commands: &[Command]) -> [f64; WAYS.len()] {
    let due = vec![0; commands.len() - AHEAD.min(commands.len() / 2)];
    let mut times = WAYS.map(|_| Vec::new());
    for _ in 0..MOST_ROUNDS {
        for ((_, serve), times) in WAYS.into_iter().zip(&mut times) {
            let time = run(warm, commands, serve, &due, &mut Histogram::new());
            times.push(time.as_nanos() as u64);
        }
    }
    times.map(|mut times| due.len() as f64 / median(&mut times) as f64)
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
