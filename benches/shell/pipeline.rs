//! From a producer's thread through the matcher and its journal to a reader of every event.

use std::hint::black_box;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_queue::ArrayQueue;
use pricetime::journal::Writer;
use pricetime::shell::{ShellBuilder, Turn};
use pricetime::{Command, Event, Timestamp};

use crate::Way;
use crate::pipe::{Channel, Locked, Pipe, wait};
use crate::venue::Warm;

/// How many commands a producer hands over at once.
const STEP: usize = 64;

/// What goes through the three queues: a command with its token, an outcome, an event with its entry.
type Asked = (u64, Command);
type Answer = (u64, u64);
type Happened = (u64, Event);

/// All ways.
pub fn ways(warm: &Rc<Warm>) -> Vec<Way> {
    let way = |run: fn(&Warm, &[Command]) -> Duration| -> Box<dyn Fn(u64) -> Duration> {
        let warm = Rc::clone(warm);
        Box::new(move |count| passes(&warm, count, run))
    };
    vec![
        ("one thread", way(one_thread)),
        ("shell", way(shell)),
        (
            "ArrayQueue",
            way(piped::<ArrayQueue<Asked>, ArrayQueue<Answer>, ArrayQueue<Happened>>),
        ),
        (
            "channels",
            way(piped::<Channel<Asked>, Channel<Answer>, Channel<Happened>>),
        ),
        (
            "mutex",
            way(piped::<Locked<Asked>, Locked<Answer>, Locked<Happened>>),
        ),
    ]
}

/// Runs the flow from its start as often as makes `count` commands, the last time in part.
fn passes(warm: &Warm, count: u64, run: fn(&Warm, &[Command]) -> Duration) -> Duration {
    let commands = &warm.flow.timed;
    let (whole, rest) = (
        count / commands.len() as u64,
        count as usize % commands.len(),
    );
    let whole: Duration = (0..whole).map(|_| run(warm, commands)).sum();
    whole + run(warm, &commands[..rest])
}

/// Engine and journal, without any thread but this.
fn one_thread(warm: &Warm, commands: &[Command]) -> Duration {
    let mut venue = warm.venue();
    let begin = Instant::now();
    for command in commands {
        black_box(venue.apply(command));
    }
    begin.elapsed()
}

fn shell(warm: &Warm, commands: &[Command]) -> Duration {
    let builder = ShellBuilder::default().producers(1).batch(256);
    let shell = builder.build(warm.engine.clone(), Writer::new());
    let shell = shell.expect("sizes within range");
    let mut matcher = shell.matcher;
    let mut producer = shell.intake.producer().expect("the only producer");
    let mut reader = shell.ring.lossless().expect("the only reader");
    let last = commands.len() as u64;
    if last == 0 {
        return Duration::ZERO;
    }
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || {
            let (mut next, mut seen) = (0, 0);
            while seen < last {
                let before = (next, seen);
                for command in commands.iter().skip(next).take(STEP) {
                    if producer.write(next as u64, command.action).is_err() {
                        break;
                    }
                    next += 1;
                }
                producer.publish();
                while let Some(outcome) = producer.outcome() {
                    black_box(outcome);
                }
                while let Some(message) = reader.read() {
                    seen = black_box(message).sequence;
                }
                reader.give_back();
                if before == (next, seen) {
                    wait();
                }
            }
        });
        let mut applied = 0;
        while applied < last {
            match matcher.turn(Timestamp::new(0)) {
                Turn::Applied(commands) => {
                    applied += commands as u64;
                    black_box(matcher.journal());
                    matcher.publish();
                }
                Turn::Idle | Turn::Behind | Turn::Poisoned => wait(),
            }
        }
        while !matcher.publish() {
            wait();
        }
    });
    begin.elapsed()
}

/// The same with a queue each for commands, outcomes and events.
fn piped<C: Pipe<Asked>, O: Pipe<Answer>, E: Pipe<Happened>>(
    warm: &Warm,
    commands: &[Command],
) -> Duration {
    let mut venue = warm.venue();
    let (asked, answers, happened) = (C::new(1 << 10), O::new(1 << 10), E::new(1 << 16));
    let last = commands.len() as u64;
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| produce_and_read(commands, &asked, &answers, &happened));
        let mut done = 0;
        while done < last {
            let Some((token, command)) = asked.pop() else {
                wait();
                continue;
            };
            let (sequence, events) = venue.apply(&command);
            done = sequence;
            while !answers.push((token, sequence)) {
                wait();
            }
            for event in events {
                while !happened.push((sequence, *event)) {
                    wait();
                }
            }
        }
    });
    begin.elapsed()
}

/// The other thread of `piped`.
fn produce_and_read(
    commands: &[Command],
    asked: &impl Pipe<Asked>,
    answers: &impl Pipe<Answer>,
    happened: &impl Pipe<Happened>,
) {
    let (mut next, mut seen) = (0, 0);
    while seen < commands.len() as u64 {
        let before = (next, seen);
        for command in commands.iter().skip(next).take(STEP) {
            if !asked.push((next as u64, *command)) {
                break;
            }
            next += 1;
        }
        while let Some(answer) = answers.pop() {
            black_box(answer);
        }
        while let Some((sequence, event)) = happened.pop() {
            black_box(event);
            seen = sequence;
        }
        if before == (next, seen) {
            wait();
        }
    }
}
