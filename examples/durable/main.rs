//! A matching engine that keeps its journal in a folder and survives being killed at any moment.
//!
//! `cargo run --release --example durable -- --help` says how.

use std::io::{BufWriter, stderr, stdout};
use std::process::ExitCode;

mod acknowledged;
mod app;
mod audit;
mod disk;
mod flow;
mod folder;
mod names;
mod progress;
mod recover;
mod refused;
mod serve;
mod store;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let mut out = BufWriter::new(stdout());
    ExitCode::from(app::run(&arguments, &mut out, &mut stderr()))
}
