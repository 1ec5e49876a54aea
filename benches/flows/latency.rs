//! How long single commands take.
//!
//! The flow is run several times, each time on a copy of the same book, with a reading
//! of the clock before and after each command. Nothing is subtracted for the clock,
//! which costs some 25 ns itself. The quantiles are of all readings. As a command is
//! the same work in every run, the least of its readings is the one that interruptions
//! of the machine spoilt least: the worst command is the one whose least is greatest.
//! The first commands of a run are left out, as the copy is not in the caches yet.

use std::time::Instant;

use pricetime::{Action, Command, Event};

use crate::run::Warm;
use crate::support::baseline::Baseline;
use crate::support::histogram::Histogram;

const RUNS: usize = 5;
const LEFT_OUT: usize = 1_000;

/// The head of the table.
pub const HEAD: &str = "\
Nanoseconds per single command. worst: the command whose least of five times is greatest.

flow        book          p50    p99   p99.9       max   worst  is";

/// The rows of a flow.
pub fn rows(warm: &Warm) -> [String; 3] {
    let commands = &warm.flow.timed;
    let mut events = warm.events();
    let engine = Readings::take(
        commands,
        || warm.engine.clone(),
        |engine, command| {
            events.clear();
            engine.apply(command, &mut events);
        },
    );
    [
        engine.row(warm, "pricetime"),
        baseline(commands, &warm.textbook).row(warm, "textbook"),
        baseline(commands, &warm.tuned).row(warm, "tuned"),
    ]
}

fn baseline<B: Baseline>(commands: &[Command], book: &B) -> Readings {
    Readings::take(commands, || book.clone(), B::apply)
}

struct Readings {
    all: Histogram,
    /// The least reading of each command; zero for those left out.
    least: Vec<u64>,
}

impl Readings {
    fn take<S>(
        commands: &[Command],
        start: impl Fn() -> S,
        mut step: impl FnMut(&mut S, &Command),
    ) -> Self {
        let mut all = Histogram::new();
        let (first, rest) = commands.split_at(LEFT_OUT.min(commands.len() / 2));
        let mut least = vec![0; first.len()];
        least.resize(commands.len(), u64::MAX);
        for _ in 0..RUNS {
            let mut state = start();
            for command in first {
                step(&mut state, command);
            }
            for (command, least) in rest.iter().zip(&mut least[first.len()..]) {
                let begin = Instant::now();
                step(&mut state, command);
                let nanoseconds = begin.elapsed().as_nanos() as u64;
                all.record(nanoseconds);
                *least = nanoseconds.min(*least);
            }
        }
        Self { all, least }
    }

    fn row(&self, warm: &Warm, book: &str) -> String {
        let worst = (0..self.least.len()).max_by_key(|&index| self.least[index]);
        let worst = worst.expect("a flow has commands");
        format!(
            "{:<12}{book:<11}{:>6}{:>7}{:>8}{:>10}{:>8}  {}",
            warm.flow.name,
            self.all.quantile(0.5),
            self.all.quantile(0.99),
            self.all.quantile(0.999),
            self.all.max(),
            self.least[worst],
            describe(warm, worst),
        )
    }
}

/// What the command at `index` does.
fn describe(warm: &Warm, index: usize) -> String {
    let (mut engine, mut events) = (warm.engine.clone(), warm.events());
    for command in &warm.flow.timed[..=index] {
        events.clear();
        engine.apply(command, &mut events);
    }
    let kind = match &warm.flow.timed[index].action {
        Action::Limit(_) => "a limit order",
        Action::Market(_) => "a market order",
        Action::Order(_) | Action::Once { .. } => "an order with terms",
        Action::Leg { .. } => "an order of a list",
        Action::CancelReplace { .. } => "a cancellation and an order",
        Action::Cancel(_) | Action::CancelAll(_) => "a cancellation",
        Action::Replace(_) | Action::Reduce(_) | Action::Amend(_) => "a replacement",
        Action::SetMark(_) => "a mark",
        Action::AdvanceTime | Action::EndOfDay => "the time",
    };
    let trades = events
        .iter()
        .filter(|event| matches!(event, Event::Traded { .. }));
    format!("{kind} with {} trades, number {index}", trades.count())
}
