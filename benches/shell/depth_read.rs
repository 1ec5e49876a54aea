//! Reading the best 20 levels of both sides while the matcher has as much to do as it can.
//!
//! One thread submits, matches and publishes; the other reads the depth, again and again. Rounds in which it reads
//! are compared with rounds without it, and with rounds in which it reads a depth that nobody writes: what two
//! processors take from each other anyway shows there too.

use std::array;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use pricetime::journal::Writer;
use pricetime::shell::{Shell, ShellBuilder, Turn};
use pricetime::{Action, Command, Engine, Side, Timestamp};

use crate::support::histogram::Histogram;
use crate::venue::Warm;

const ROUNDS: usize = 15;
const LEVELS: usize = 20;
/// How many commands a turn has.
const STEP: usize = 64;
/// The entry, how many levels each side has, and three words for each of them.
const WORDS: usize = 3 + 2 * LEVELS * 3;
type Words = [u64; WORDS];

/// Writes the depth behind an entry, where the matcher does not do it.
type Write = Box<dyn FnMut(&Engine, u64)>;
/// Reads it all, and says of which entry it is.
type Read = Box<dyn FnMut() -> u64 + Send>;
/// Both ends of a way to hold the depth.
type Ends = fn(&Shell) -> (Write, Read);

const WAYS: [(&str, Ends); 3] = [("shell", cell), ("mutex", mutex), ("RwLock", rwlock)];

/// What the other thread does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Absent,
    /// It reads a depth that nobody writes.
    Elsewhere,
    Here,
}

const READERS: [Reader; 3] = [Reader::Absent, Reader::Elsewhere, Reader::Here];

/// What was measured of one way.
struct Readings {
    /// Nanoseconds a command, in every round, for each of `READERS`.
    writer: [Vec<f64>; 3],
    all: Histogram,
    /// Of reads that found another depth than the one before.
    new: Histogram,
}

/// Measures all ways in turns.
pub fn print(warm: &Warm, commands: usize) {
    let commands = &warm.flow.timed[..commands.min(warm.flow.timed.len())];
    let mut readings = WAYS.map(|_| Readings {
        writer: array::from_fn(|_| Vec::new()),
        all: Histogram::new(),
        new: Histogram::new(),
    });
    for _ in 0..ROUNDS {
        for ((_, ends), readings) in WAYS.into_iter().zip(&mut readings) {
            for reader in READERS {
                let time = run(warm, commands, ends, reader, readings);
                let each = time.as_nanos() as f64 / commands.len() as f64;
                readings.writer[reader as usize].push(each);
            }
        }
    }
    println!(
        "depth_read: nanoseconds to read {LEVELS} levels of both sides, the clock's {} included; `new` are the reads that found a",
        clock()
    );
    println!(
        "new depth. Slowdown of the matcher with its producer in percent, medians of {ROUNDS} rounds of {} commands in turns;",
        commands.len()
    );
    println!("`elsewhere`: by a reader of a depth that nobody writes.\n");
    println!(
        "{:<8}{:>8}{:>8}{:>8}{:>12}{:>10}{:>10}{:>10}{:>12}{:>11}",
        "", "p50", "p99", "p99.9", "max", "new p50", "new p99", "ns", "slowdown %", "elsewhere"
    );
    for ((way, _), readings) in WAYS.iter().zip(&readings) {
        println!(
            "{way:<8}{:>8}{:>8}{:>8}{:>12}{:>10}{:>10}{:>10.1}{:>12.1}{:>11.1}",
            readings.all.quantile(0.5),
            readings.all.quantile(0.99),
            readings.all.quantile(0.999),
            readings.all.max(),
            readings.new.quantile(0.5),
            readings.new.quantile(0.99),
            median(readings.writer[Reader::Absent as usize].iter().copied()),
            readings.slowdown(Reader::Here),
            readings.slowdown(Reader::Elsewhere),
        );
    }
    println!();
}

impl Readings {
    /// The median of all rounds, each compared with the round without a reader beside it.
    fn slowdown(&self, reader: Reader) -> f64 {
        let without = &self.writer[Reader::Absent as usize];
        let with = &self.writer[reader as usize];
        let rounds = with.iter().zip(without);
        median(rounds.map(|(with, without)| 100.0 * (with / without - 1.0)))
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// What reading the clock twice takes, which is in every reading.
fn clock() -> u64 {
    let mut times = Histogram::new();
    for _ in 0..10_000 {
        let begin = Instant::now();
        times.record(begin.elapsed().as_nanos() as u64);
    }
    times.quantile(0.5)
}

/// How long the matcher takes for all commands.
fn run(
    warm: &Warm,
    commands: &[Command],
    ends: Ends,
    reader: Reader,
    readings: &mut Readings,
) -> Duration {
    let mut shell = shell(warm);
    let other = still(warm);
    let (mut write, read) = ends(&shell);
    let mut read = match reader {
        Reader::Elsewhere => ends(&other).1,
        Reader::Absent | Reader::Here => read,
    };
    let (is_done, start) = (AtomicBool::new(false), Barrier::new(2));
    thread::scope(|scope| {
        let (is_done, start) = (&is_done, &start);
        if reader != Reader::Absent {
            scope.spawn(move || {
                let (all, new) = (&mut readings.all, &mut readings.new);
                let mut last = 0;
                start.wait();
                while !is_done.load(Ordering::Relaxed) {
                    let begin = Instant::now();
                    let sequence = read();
                    let nanoseconds = begin.elapsed().as_nanos() as u64;
                    if reader == Reader::Here {
                        all.record(nanoseconds);
                    }
                    if sequence != last && reader == Reader::Here {
                        new.record(nanoseconds);
                    }
                    last = sequence;
                }
            });
            start.wait();
        }
        let time = match_all(&mut shell, commands, &mut write);
        is_done.store(true, Ordering::Relaxed);
        time
    })
}

/// Submits, matches and publishes all commands on this thread.
fn match_all(shell: &mut Shell, commands: &[Command], write: &mut Write) -> Duration {
    let mut producer = shell.intake.producer().expect("the only producer");
    let matcher = &mut shell.matcher;
    let begin = Instant::now();
    for commands in commands.chunks(STEP) {
        for command in commands {
            let written = producer.write(0, command.action);
            written.expect("room in the lane");
        }
        producer.publish();
        let turn = matcher.turn(Timestamp::new(0));
        assert_eq!(turn, Turn::Applied(commands.len()));
        black_box(matcher.journal());
        matcher.publish();
        write(matcher.engine(), matcher.mark().sequence);
        while let Some(outcome) = producer.outcome() {
            black_box(outcome);
        }
    }
    begin.elapsed()
}

fn shell(warm: &Warm) -> Shell {
    let builder = ShellBuilder::default().producers(1).levels(LEVELS);
    let shell = builder.build(warm.engine.clone(), Writer::new());
    shell.expect("sizes within range")
}

/// A shell whose depth was written once.
fn still(warm: &Warm) -> Shell {
    let mut shell = shell(warm);
    let mut producer = shell.intake.producer().expect("the only producer");
    let submitted = producer.submit(0, Action::AdvanceTime);
    submitted.expect("room in the lane");
    shell.matcher.turn(Timestamp::new(0));
    assert!(shell.matcher.publish());
    shell
}

/// The shell's own, which the matcher writes.
fn cell(shell: &Shell) -> (Write, Read) {
    let mut depth = shell.depth.clone();
    let read = move || black_box(depth.read()).sequence();
    (Box::new(|_, _| ()), Box::new(read))
}

fn mutex(_: &Shell) -> (Write, Read) {
    let cell = Arc::new(Mutex::new([0; WORDS]));
    let own = Arc::clone(&cell);
    let mut words = [0; WORDS];
    let write = move |engine: &Engine, sequence| {
        fill(&mut words, engine, sequence);
        *own.lock().unwrap() = words;
    };
    let read = move || {
        let words = *cell.lock().unwrap();
        black_box(&words)[0]
    };
    (Box::new(write), Box::new(read))
}

fn rwlock(_: &Shell) -> (Write, Read) {
    let cell = Arc::new(RwLock::new([0; WORDS]));
    let own = Arc::clone(&cell);
    let mut words = [0; WORDS];
    let write = move |engine: &Engine, sequence| {
        fill(&mut words, engine, sequence);
        *own.write().unwrap() = words;
    };
    let read = move || {
        let words = *cell.read().unwrap();
        black_box(&words)[0]
    };
    (Box::new(write), Box::new(read))
}

fn fill(words: &mut Words, engine: &Engine, sequence: u64) {
    words[0] = sequence;
    for side in Side::BOTH {
        let from = 3 + side as usize * LEVELS * 3;
        let levels = engine.book().depth(side).take(LEVELS);
        let mut count = 0;
        for (words, level) in words[from..].chunks_exact_mut(3).zip(levels) {
            let ticks = level.price.ticks() as u64;
            words.copy_from_slice(&[ticks, level.quantity.lots(), u64::from(level.orders)]);
            count += 1;
        }
        words[1 + side as usize] = count;
    }
}
