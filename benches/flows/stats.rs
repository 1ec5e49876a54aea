//! What the flows are made of, counted with the tuned book alone, to be held
//! against what their documentation says.

use std::collections::HashMap;

use pricetime::{Action, Command, LimitOrder, Side, TimeInForce};

use crate::flows::{ALL, EVENTS, Flow, Scale};
use crate::support::baseline::Baseline;
use crate::support::tuned::{LadderOperation, Observer, Tuned};

/// Prints a table of the books, and one of the orders' lives.
pub fn print(scale: Scale) {
    let flows: Vec<Flow> = ALL.iter().map(|(_, generate)| generate(scale)).collect();
    println!(
        "What is timed. trades and new levels: per command; makers: per command that trades.\n"
    );
    println!(
        "{:<12}{:>8} {:>8} {:>16} {:>13} {:>6}{:>6}{:>6}{:>6}{:>6}{:>8} {:>7}{:>7}{:>6} {:>7}",
        "flow",
        "warm-up",
        "timed",
        "live orders",
        "levels",
        "gtc %",
        "ioc %",
        "mkt %",
        "cxl %",
        "rep %",
        "refused",
        "trades",
        "makers",
        "most",
        "levels"
    );
    for flow in &flows {
        print_book(flow);
    }
    println!(
        "\nLives of orders in the whole of the last five. Shares: of limit orders that may rest, of all limit orders (ioc),"
    );
    println!("of replacements (moved), of cancellations (twice).\n");
    println!(
        "{:<12}{:>7}{:>11}{:>8}{:>12}{:>8}{:>13}{:>9}{:>7}{:>10}",
        "flow",
        "ioc %",
        "replaced %",
        "moved %",
        "cancelled %",
        "twice %",
        "lifetime us",
        "swing %",
        "hump",
        "exponent"
    );
    for flow in &flows[5..] {
        print_lives(flow);
    }
}

/// Counts levels that come to be.
#[derive(Clone, Default)]
struct Created(u64);

impl Observer for Created {
    fn ladder(&mut self, _side: Side, operation: LadderOperation) {
        self.0 += u64::from(matches!(operation, LadderOperation::Insert { .. }));
    }
}

/// The least and the greatest of some numbers.
struct Range(usize, usize);

impl Range {
    fn new(first: usize) -> Self {
        Self(first, first)
    }

    fn add(&mut self, value: usize) {
        (self.0, self.1) = (self.0.min(value), self.1.max(value));
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{}-{}", self.0, self.1))
    }
}

fn print_book(flow: &Flow) {
    let mut book = Tuned::new(0, 0, Created::default());
    for command in &flow.warmup {
        book.apply(command);
    }
    let (start, created) = (book.counters(), book.observer().0);
    let (mut live, mut levels) = (Range::new(book.len()), Range::new(book.levels()));
    let (mut kinds, mut traded, mut most) = ([0_u64; 5], 0_u64, 0_u64);
    for command in &flow.timed {
        let trades = book.counters().trades;
        book.apply(command);
        live.add(book.len());
        levels.add(book.levels());
        kinds[kind(command)] += 1;
        let makers = book.counters().trades - trades;
        traded += u64::from(makers > 0);
        most = most.max(makers);
    }
    let commands = flow.timed.len() as f64;
    let trades = (book.counters().trades - start.trades) as f64;
    let refused = (book.counters().rejected - start.rejected) as f64;
    assert!(live.1 < flow.venue.orders as usize && levels.1 < flow.venue.levels as usize);
    assert!(most + 3 <= u64::from(EVENTS));
    print!(
        "{:<12}{:>8} {:>8} ",
        flow.name,
        flow.warmup.len(),
        flow.timed.len()
    );
    print!("{live:>16} {levels:>13} ");
    for count in kinds {
        print!("{:>6.1}", 100.0 * count as f64 / commands);
    }
    let created = (book.observer().0 - created) as f64 / commands;
    println!(
        "{:>6.1} % {:>7.3}{:>7.2}{most:>6} {created:>7.4}",
        100.0 * refused / commands,
        trades / commands,
        trades / traded as f64,
    );
}

/// The column of a command in the table.
fn kind(command: &Command) -> usize {
    match &command.action {
        Action::Limit(order) if order.time_in_force == TimeInForce::Gtc => 0,
        Action::Limit(_) => 1,
        Action::Market(_) => 2,
        Action::Cancel(_) | Action::CancelAll(_) => 3,
        Action::Replace(_) | Action::Reduce(_) => 4,
        Action::Order(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Amend(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => {
            unreachable!("no flow has these")
        }
    }
}

/// What became of an order that may rest, by the commands that name it.
struct Life {
    start: u64,
    replaced: bool,
    moved: bool,
    cancels: u32,
    end: u64,
}

fn print_lives(flow: &Flow) {
    let mut lives = HashMap::new();
    let mut limits: Vec<LimitOrder> = Vec::new();
    for command in flow.warmup.iter().chain(&flow.timed) {
        let time = command.timestamp.nanoseconds();
        match &command.action {
            Action::Limit(order) => {
                limits.push(*order);
                if order.time_in_force == TimeInForce::Gtc {
                    let life = Life {
                        start: time,
                        replaced: false,
                        moved: false,
                        cancels: 0,
                        end: time,
                    };
                    lives.insert(order.id, life);
                }
            }
            Action::Replace(replace) => {
                let life = lives.get_mut(&replace.id).expect("it was entered");
                (life.replaced, life.moved) = (true, replace.price.is_some());
            }
            Action::Cancel(cancel) => {
                let life = lives.get_mut(&cancel.id).expect("it was entered");
                life.end = if life.cancels == 0 { time } else { life.end };
                life.cancels += 1;
            }
            Action::Market(_) => {}
            _ => unreachable!("no flow has others"),
        }
    }
    let share = |count: usize, all: usize| 100.0 * count as f64 / all as f64;
    let of = |test: fn(&Life) -> bool| lives.values().filter(|life| test(life)).count();
    let (replaced, cancelled) = (of(|life| life.replaced), of(|life| life.cancels > 0));
    let ended = lives.values().filter(|life| life.cancels > 0);
    let mut lifetimes: Vec<u64> = ended.map(|life| life.end - life.start).collect();
    let median = lifetimes.len() / 2;
    let median = *lifetimes.select_nth_unstable(median).1;
    let (hump, exponent) = match flow.name {
        "static" => placement(&limits),
        _ => (String::from("-"), String::from("-")),
    };
    println!(
        "{:<12}{:>7.1}{:>11.1}{:>8.1}{:>12.1}{:>8.1}{:>13.1}{:>9.2}{hump:>7}{exponent:>10}",
        flow.name,
        share(limits.len() - lives.len(), limits.len()),
        share(replaced, lives.len()),
        share(of(|life| life.moved), replaced),
        share(cancelled, lives.len()),
        share(of(|life| life.cancels > 1), cancelled),
        median as f64 / 1_000.0,
        100.0 * swing(&limits),
    );
}

/// The most frequent distance of an order's price from the median, and the exponent of
/// the density beyond it, from the shares of orders farther than 16 and 256 ticks.
/// They mean something only where the middle does not move.
fn placement(limits: &[LimitOrder]) -> (String, String) {
    let mut prices: Vec<i64> = limits.iter().map(|order| order.price.ticks()).collect();
    let middle = prices.len() / 2;
    let middle = *prices.select_nth_unstable(middle).1;
    let mut counts = HashMap::new();
    for price in &prices {
        *counts.entry(price.abs_diff(middle)).or_insert(0_u32) += 1;
    }
    let hump = counts.iter().max_by_key(|(_, count)| **count);
    let beyond = |ticks| {
        let far = prices.iter().filter(|price| price.abs_diff(middle) > ticks);
        far.count() as f64
    };
    let exponent = 1.0 + (beyond(16) / beyond(256)).ln() / 16_f64.ln();
    let hump = hump.map_or(0, |(distance, _)| *distance);
    (hump.to_string(), format!("{exponent:.2}"))
}

/// The range of the median price of 1,000 successive orders, over its first value.
fn swing(limits: &[LimitOrder]) -> f64 {
    let medians: Vec<i64> = limits
        .chunks_exact(1_000)
        .map(|orders| {
            let mut prices: Vec<i64> = orders.iter().map(|order| order.price.ticks()).collect();
            *prices.select_nth_unstable(500).1
        })
        .collect();
    let lowest = medians.iter().min().expect("at least 1,000 orders");
    let highest = medians.iter().max().expect("at least 1,000 orders");
    (highest - lowest) as f64 / medians[0] as f64
}
