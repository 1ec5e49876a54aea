//! Candidates taking turns on the same work.

use std::hint::black_box;
use std::time::Instant;

/// One candidate: each call does the work once, on a fresh copy of the structure.
pub struct Candidate<'a> {
    run: Box<dyn Fn() -> (f64, u64) + 'a>,
}

impl<'a> Candidate<'a> {
    /// A candidate that works on copies of `warm`. `work` returns a digest of all answers;
    /// only it is timed.
    pub fn new<S: Clone + 'a>(warm: S, work: impl Fn(&mut S) -> u64 + 'a) -> Self {
        let run = Box::new(move || {
            let mut state = warm.clone();
            let begin = Instant::now();
            let digest = black_box(work(&mut state));
            (begin.elapsed().as_nanos() as f64, digest)
        });
        Self { run }
    }
}

/// The median nanoseconds per operation of each candidate. Panics when
/// they give different answers.
pub fn compare(candidates: &[Candidate], operations: usize, rounds: usize) -> Vec<f64> {
    let mut times = vec![Vec::new(); candidates.len()];
    let mut digests = Vec::new();
    for _ in 0..rounds {
        for (candidate, times) in candidates.iter().zip(&mut times) {
            let (time, digest) = (candidate.run)();
            times.push(time / operations as f64);
            digests.push(digest);
        }
    }
    assert!(
        digests.iter().all(|&digest| digest == digests[0]),
        "different answers"
    );
    times.into_iter().map(median).collect()
}

/// Prints a row of a table: the flow, the number of operations, a cell for each candidate.
pub fn print_row(flow: &str, operations: usize, cells: &[f64]) {
    print!("{flow:<10}{operations:>10}");
    for cell in cells {
        print!("{cell:>14.1}");
    }
    println!();
}

/// Prints the head of a table.
pub fn print_head<'a>(title: &str, names: impl Iterator<Item = &'a str>) {
    println!("\n{title}\n");
    print!("{:<10}{:>10}", "flow", "operations");
    for name in names {
        print!("{name:>14}");
    }
    println!();
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
