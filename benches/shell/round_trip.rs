//! One command from its submission until its answer is seen, the next only then.

use std::time::Instant;

use crate::client::{Client, WAYS};
use crate::pipe::Spin;
use crate::support::histogram::Histogram;
use crate::venue::Warm;

const ROUNDS: usize = 9;
/// The first commands of a round are left out: the copy of the book is not in the caches yet.
const LEFT_OUT: usize = 1_000;

/// Measures all ways in turns, and prints the times of single commands.
pub fn print(warm: &Warm, commands: usize) {
    println!(
        "round_trip: nanoseconds from submission to answer, {ROUNDS} rounds of {commands} commands in turns; the clock costs 25.\n"
    );
    let mut all = WAYS.map(|_| Histogram::new());
    for _ in 0..ROUNDS {
        for ((_, serve), times) in WAYS.iter().zip(&mut all) {
            serve(warm, &mut |client| ask(warm, client, commands, times));
        }
    }
    println!(
        "{:<16}{:>10}{:>10}{:>10}{:>12}",
        "", "p50", "p99", "p99.9", "max"
    );
    for ((way, _), times) in WAYS.iter().zip(&all) {
        println!(
            "{way:<16}{:>10}{:>10}{:>10}{:>12}",
            times.quantile(0.5),
            times.quantile(0.99),
            times.quantile(0.999),
            times.max()
        );
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
