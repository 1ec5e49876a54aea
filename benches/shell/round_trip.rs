//! One command from its submission until its answer is seen, the next only then.

use std::time::Instant;

use crate::client::{Client, WAYS};
use crate::pipe::Spin;
use crate::placement::Placement;
use crate::support::histogram::Histogram;
use crate::venue::Warm;

const ROUNDS: usize = 15;
/// The first commands of a round are left out: the copy of the book is not in the caches yet.
const LEFT_OUT: usize = 1_000;

/// Measures all ways in turns, and prints the times of single commands.
pub fn print(warm: &Warm, commands: usize) {
    println!(
        "round_trip: nanoseconds from submission to answer, {ROUNDS} rounds of {commands} commands in turns; the clock costs 25.\n"
    );
    let mut all = Placement::ALL.map(|_| WAYS.map(|_| Histogram::new()));
    for _ in 0..ROUNDS {
        for (way, (_, serve)) in WAYS.iter().enumerate() {
            let mut times = Histogram::new();
            let placement = Placement::of(|| {
                serve(warm, &mut |client| ask(warm, client, commands, &mut times));
            });
            if let Some(placement) = placement {
                all[placement as usize][way].add(&times);
            }
        }
    }
    println!(
        "{:<16}{:<6}{:>10}{:>10}{:>10}{:>12}",
        "", "", "p50", "p99", "p99.9", "max"
    );
    for (placement, name) in Placement::ALL {
        let measured = WAYS.iter().zip(&all[placement as usize]);
        for ((way, _), times) in measured.filter(|(_, times)| !times.is_empty()) {
            println!(
                "{way:<16}{name:<6}{:>10}{:>10}{:>10}{:>12}",
                times.quantile(0.5),
                times.quantile(0.99),
                times.quantile(0.999),
                times.max()
            );
        }
    }
    println!();
}

fn ask(warm: &Warm, client: &mut dyn Client, count: usize, times: &mut Histogram) {
    let commands = warm.flow.timed.iter().take(count);
    let left_out = LEFT_OUT.min(count / 2);
    let mut spin = Spin::default();
    for (number, command) in commands.enumerate() {
        let begin = Instant::now();
        assert!(
            client.submit(number as u64, command),
            "nothing is under way"
        );
        client.publish();
        let token = loop {
            match client.answer() {
                Some(token) => break token,
                None => spin.wait(),
            }
        };
        let nanoseconds = begin.elapsed().as_nanos() as u64;
        assert_eq!(token, number as u64);
        if number >= left_out {
            times.record(nanoseconds);
        }
    }
}
