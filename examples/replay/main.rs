//! Replays a recorded session of a venue and compares what happens with what did.
//!
//! `cargo run --release --example replay -- --help` says how.

use std::io::{stderr, stdout};
use std::process::ExitCode;

mod app;
mod compare;
mod csv;
mod drive;
mod latency;
mod picture;
mod progress;
mod session;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    ExitCode::from(app::run(&arguments, &mut stdout(), &mut stderr()))
}
