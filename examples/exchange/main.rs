//! An exchange in one process: traders, the matcher, a durable journal, market data, and the book on the screen.
//!
//! `cargo run --release --example exchange -- --help` says how.

use std::io::{IsTerminal, stderr, stdout};
use std::process::ExitCode;

mod app;
mod audit;
mod balance;
mod flow;
mod market_data;
mod matching;
mod screen;
mod session;
mod store;
mod trader;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let is_live = stdout().is_terminal();
    ExitCode::from(app::run(&arguments, is_live, &mut stdout(), &mut stderr()))
}
