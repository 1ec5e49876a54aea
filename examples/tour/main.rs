//! Shows what the book can do, one stop for each feature, with worked numbers from venues.
//!
//! `cargo run --release --example tour`. What a stop shows it also checks: if anything comes out another way
//! than the stop says, the program names the stop and ends with exit code 1.
//!
//! A stop is one function that is given a [`Scene`](scene::Scene), and one line in [`stops`](stops::STOPS).

use std::io::{stderr, stdout};
use std::process::ExitCode;

mod amend;
mod asked;
mod cancel_replace;
mod filters;
mod guide;
mod happened;
mod icebergs;
mod lists;
mod minimums;
mod pegs;
mod plain;
mod prevention;
mod pricing;
mod scene;
mod stops;
mod tokens;
mod triggers;
mod words;

fn main() -> ExitCode {
    ExitCode::from(guide::walk(stops::STOPS, &mut stdout(), &mut stderr()))
}
