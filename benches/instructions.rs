//! How many instructions the engine takes for a command, flow by flow, counted by valgrind's callgrind: exact, so that a
//! change of one in a hundred shows on any machine.
//!
//! `benches/instructions.txt` has what each flow may take. More than three in a hundred above that fails.
//!
//! - `cargo bench --bench instructions` counts, compares and prints.
//! - `cargo bench --bench instructions -- --update` counts and writes the file anew.
//! - `cargo test --benches` runs the flows once, small, and counts nothing.

#[allow(dead_code, reason = "the other benchmarks use the rest")]
#[path = "flows/mod.rs"]
mod flows;
#[allow(dead_code, reason = "the other benchmarks use the rest")]
mod support;

use std::env;
use std::fs;
use std::hint::black_box;
use std::process::{Command as Process, ExitCode};

use pricetime::{Command, Engine, Events};

use flows::{ALL, Flow, Scale};
use support::arguments::Arguments;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");

/// A flow may take so many instructions per thousand of what it took.
const TOLERANCE: u64 = 1_030;

/// Names the flow that this process is to run while it is counted.
const FLOW: &str = "PRICETIME_COUNTED_FLOW";

fn main() -> ExitCode {
    if let Ok(name) = env::var(FLOW) {
        run(&flow(&name, Scale::Counted));
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::read();
    if arguments.is_test() {
        for (name, _) in ALL {
            run(&flow(name, Scale::Test));
        }
        return ExitCode::SUCCESS;
    }
    let counts = ALL.map(|(name, _)| (name, count(name)));
    if arguments.has("--update") {
        let lines =
            counts.map(|(name, tenths)| format!("{name} {}.{}\n", tenths / 10, tenths % 10));
        fs::write(FILE, lines.concat()).expect("the file can be written");
    }
    compare(&counts)
}

fn flow(name: &str, scale: Scale) -> Flow {
    let (_, generate) = ALL
        .into_iter()
        .find(|(known, _)| *known == name)
        .expect("the name of a flow");
    generate(scale)
}

fn run(flow: &Flow) {
    let mut engine = Engine::new(flow.venue.instrument(0));
    let mut events = Events::for_instrument(engine.instrument());
    for command in &flow.warmup {
        events.clear();
        engine.apply(command, &mut events);
    }
    counted_part(&mut engine, &mut events, &flow.timed);
}

/// What is counted: callgrind is told this name.
#[inline(never)]
fn counted_part(engine: &mut Engine, events: &mut Events, commands: &[Command]) {
    for command in commands {
        events.clear();
        engine.apply(command, events);
        black_box(events.as_slice());
    }
}

/// Tenths of instructions per command.
fn count(name: &str) -> u64 {
    let commands = flow(name, Scale::Counted).timed.len() as u64;
    let itself = env::current_exe().expect("a program knows where it is");
    let output = Process::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*counted_part*")
        .arg(itself)
        .env(FLOW, name)
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text
        .lines()
        .find_map(|line| line.split("Collected :").nth(1))
        .and_then(|number| number.trim().parse::<u64>().ok());
    let collected = collected.unwrap_or_else(|| panic!("valgrind did not count:\n{text}"));
    collected * 10 / commands
}

/// Prints what was counted beside what was written down, and fails if a flow takes too many.
fn compare(counts: &[(&str, u64)]) -> ExitCode {
    let file = fs::read_to_string(FILE).expect("the file is there");
    let mut is_within = true;
    println!(
        "{:<14}{:>14}{:>10}{:>10}",
        "flow", "instructions", "budget", "change"
    );
    for (name, tenths) in counts {
        let budget = file
            .lines()
            .filter_map(|line| line.split_once(' '))
            .find(|(flow, _)| flow == name)
            .and_then(|(_, number)| number.replace('.', "").parse::<u64>().ok())
            .unwrap_or_else(|| panic!("no budget for {name}"));
        let change = (*tenths as f64 / budget as f64 - 1.0) * 100.0;
        let (whole, tenth) = (tenths / 10, tenths % 10);
        println!(
            "{name:<14}{whole:>12}.{tenth}{:>8}.{}{change:>+9.1} %",
            budget / 10,
            budget % 10
        );
        is_within &= tenths * 1_000 <= budget * TOLERANCE;
    }
    if is_within {
        return ExitCode::SUCCESS;
    }
    println!("A flow takes more than its budget allows.");
    ExitCode::FAILURE
}
