//! From a producer's thread through the matcher and its journal to a reader of every event.

use std::hint::{black_box, spin_loop};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use pricetime::journal::{Segment, Writer};
use pricetime::shell::{ShellBuilder, Turn};
use pricetime::{Command, Engine, Event, Events, Timestamp};

use crate::Way;
use crate::flows::steady::typical;
use crate::flows::{Flow, Scale};

/// How many commands a producer hands over at once.
const STEP: usize = 64;

struct Warm {
    flow: Flow,
    engine: Engine,
}

/// All ways.
pub fn ways(scale: Scale) -> Vec<Way> {
    let flow = typical(scale);
    let mut engine = Engine::new(flow.venue.instrument(0));
    let mut events = Events::for_instrument(engine.instrument());
    for command in &flow.warmup {
        events.clear();
        engine.apply(command, &mut events);
    }
    let warm = Rc::new(Warm { flow, engine });
    let way = |run: fn(&Warm, &[Command]) -> Duration| -> Box<dyn Fn(u64) -> Duration> {
        let warm = Rc::clone(&warm);
        Box::new(move |count| passes(&warm, count, run))
    };
    vec![
        ("one thread", way(one_thread)),
        ("shell", way(shell)),
        ("channels", way(channels)),
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
    let mut engine = warm.engine.clone();
    let mut events = Events::for_instrument(engine.instrument());
    let (mut segment, mut writer) = (Segment::new(1 << 18), Writer::new());
    let begin = Instant::now();
    for command in commands {
        events.clear();
        engine.apply(command, &mut events);
        if segment
            .append(&mut writer, command, events.as_slice())
            .is_err()
        {
            black_box(segment.bytes());
            segment.clear();
            let appended = segment.append(&mut writer, command, events.as_slice());
            appended.expect("an entry fits an empty segment");
        }
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

/// The same with a channel each for commands, outcomes and events.
fn channels(warm: &Warm, commands: &[Command]) -> Duration {
    let mut engine = warm.engine.clone();
    let mut events = Events::for_instrument(engine.instrument());
    let (mut segment, mut writer) = (Segment::new(1 << 18), Writer::new());
    let (command_in, command_out) = bounded::<(u64, Command)>(1 << 10);
    let (outcome_in, outcome_out) = bounded::<(u64, u64)>(1 << 10);
    let (event_in, event_out) = bounded::<(u64, Event)>(1 << 16);
    let last = commands.len() as u64;
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || produce_and_read(commands, &command_in, &outcome_out, &event_out));
        let mut sequence = 0;
        while sequence < last {
            let Ok((token, command)) = command_out.try_recv() else {
                wait();
                continue;
            };
            sequence += 1;
            events.clear();
            engine.apply(&command, &mut events);
            if segment
                .append(&mut writer, &command, events.as_slice())
                .is_err()
            {
                black_box(segment.bytes());
                segment.clear();
                let appended = segment.append(&mut writer, &command, events.as_slice());
                appended.expect("an entry fits an empty segment");
            }
            while outcome_in.try_send((token, sequence)).is_err() {
                wait();
            }
            for event in &events {
                while event_in.try_send((sequence, *event)).is_err() {
                    wait();
                }
            }
        }
    });
    begin.elapsed()
}

/// The other thread of `channels`.
fn produce_and_read(
    commands: &[Command],
    command_in: &Sender<(u64, Command)>,
    outcome_out: &Receiver<(u64, u64)>,
    event_out: &Receiver<(u64, Event)>,
) {
    let (mut next, mut seen) = (0, 0);
    while seen < commands.len() as u64 {
        let before = (next, seen);
        for command in commands.iter().skip(next).take(STEP) {
            if command_in.try_send((next as u64, *command)).is_err() {
                break;
            }
            next += 1;
        }
        while let Ok(outcome) = outcome_out.try_recv() {
            black_box(outcome);
        }
        while let Ok((sequence, event)) = event_out.try_recv() {
            black_box(event);
            seen = sequence;
        }
        if before == (next, seen) {
            wait();
        }
    }
}

/// As long as the other side has a processor of its own this is short; if not, it lets it run.
fn wait() {
    for _ in 0..32 {
        spin_loop();
    }
    thread::yield_now();
}
