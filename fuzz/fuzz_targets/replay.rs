//! Commands, their journal, a crash at some byte, a recovery that goes on: compared with the run that never crashed.

#![no_main]

#[allow(dead_code, reason = "the other targets need the rest")]
mod journals;
#[path = "../../tests/model/mod.rs"]
#[allow(dead_code, reason = "only the scripts are needed")]
mod model;

use journals::{Journal, Taken};
use libfuzzer_sys::fuzz_target;
use pricetime::journal::{
    Follower, Mark, Sealer, Start, Writer, digest, replay, restore, snapshot, verify,
};
use pricetime::{Command, Engine, Events, Instrument};

/// What followed the bytes that a crash left.
enum Rest {
    Nothing,
    Zeros,
    /// The bytes that would have been there, one of them wrong.
    Wrong,
}

fuzz_target!(|bytes: &[u8]| {
    let mut input = Taken(bytes);
    let crash = u32::from_le_bytes(input.bytes());
    let rest = match input.byte() % 3 {
        0 => Rest::Nothing,
        1 => Rest::Zeros,
        _ => Rest::Wrong,
    };
    let (snapshot_at, plan) = (input.byte(), input.byte());
    let (instrument, commands) = input.script();
    let whole = run(&instrument, &commands, plan);
    check_crash(
        &whole,
        &commands,
        crash as usize % (whole.journal.bytes.len() + 1),
        &rest,
    );
    check_snapshot(
        &whole,
        &commands,
        usize::from(snapshot_at) % (commands.len() + 1),
    );
});

/// A run that never crashed.
struct Run {
    journal: Journal,
    /// Where the journal ended behind each entry, and in which byte.
    ends: Vec<(Mark, usize)>,
    engine: Engine,
}

fn run(instrument: &Instrument, commands: &[Command], plan: u8) -> Run {
    let mut journal = Journal::new(instrument.clone(), plan);
    let mut engine = Engine::new(instrument.clone());
    journal.open();
    let mut ends = vec![(journal.writer.mark(), journal.bytes.len())];
    go_on(&mut journal, &mut engine, commands, |journal| {
        ends.push((journal.writer.mark(), journal.bytes.len()));
    });
    Run {
        journal,
        ends,
        engine,
    }
}

/// An engine that no journal was near.
fn plain(instrument: &Instrument, commands: &[Command]) -> Engine {
    let mut engine = Engine::new(instrument.clone());
    let mut events = Events::default();
    for command in commands {
        events.clear();
        engine.apply(command, &mut events);
    }
    engine
}

fn go_on(
    journal: &mut Journal,
    engine: &mut Engine,
    commands: &[Command],
    mut after: impl FnMut(&Journal),
) {
    let mut events = Events::default();
    for command in commands {
        events.clear();
        engine.apply(command, &mut events);
        journal.append(command, &events);
        journal.close();
        after(journal);
    }
}

fn check_crash(whole: &Run, commands: &[Command], crash: usize, rest: &Rest) {
    let bytes = &whole.journal.bytes;
    let mut left = bytes[..crash].to_vec();
    match rest {
        Rest::Nothing => {}
        Rest::Zeros => left.resize(bytes.len(), 0),
        Rest::Wrong => {
            left.extend_from_slice(&bytes[crash..]);
            if let Some(byte) = left.get_mut(crash) {
                *byte ^= 0x40;
            }
        }
    }
    // What was acknowledged is what the crash left whole.
    let acknowledged = frames(bytes, crash);
    let reader = pricetime::journal::Reader::new(&left, Start::Beginning);
    let reader = reader.acknowledged(acknowledged.sequence);
    let instrument = &whole.journal.instrument;
    let mut engine = Engine::new(instrument.clone());
    let replayed = pricetime::journal::replay_from(&mut engine, reader, u64::MAX);
    let replayed = replayed.expect("the engine's own journal");
    // Zeros may be what the rest of a frame was.
    assert!(replayed.mark.sequence >= acknowledged.sequence);
    let end = replayed.bytes as usize;
    assert_eq!(left[..end], bytes[..end]);
    let (done, to_come) = commands.split_at(replayed.entries as usize);
    assert!(engine == plain(instrument, done));

    let mut follower = Follower::new(Engine::new(instrument.clone()), Start::Beginning);
    for piece in left[..end].chunks(1 + crash % 97) {
        follower.feed(piece).expect("the engine's own journal");
    }
    let (mut engine, mark) = follower.into_engine().expect("nothing was damaged");
    assert_eq!(mark, replayed.mark);
    finish(whole, &mut engine, mark, end, to_come);
}

/// Goes on where the recovery came to, and compares.
fn finish(whole: &Run, engine: &mut Engine, mark: Mark, end: usize, commands: &[Command]) {
    let first = &whole.journal;
    let sealed = verify(&first.bytes[..end], Start::Beginning, Some(Sealer::new()));
    let sealed = sealed.expect("the engine's own journal");
    let block = last_seal_end(&first.bytes[..end]);
    let mut journal = Journal {
        instrument: first.instrument.clone(),
        bytes: first.bytes[..end].to_vec(),
        writer: Writer::resume(mark),
        sealer: Sealer::new().resume(sealed.seal),
        block,
        seal_every: first.seal_every,
        open_every: first.open_every,
    };
    // The end of the first run shows what was still to come before the next entry.
    let (_, behind) = whole.ends[mark.sequence as usize];
    while journal.bytes.len() < behind {
        match first.bytes[journal.bytes.len() + 32] {
            64 => journal.open(),
            _ => journal.seal(),
        }
    }
    go_on(&mut journal, engine, commands, |_| {});
    assert!(*engine == whole.engine);
    assert_eq!(digest(engine), digest(&whole.engine));
    assert_eq!(journal.bytes, first.bytes);
    engine.book().check();
}

fn length_at(bytes: &[u8], at: usize) -> usize {
    let first = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    u32::from_le_bytes(first) as usize * 8
}

/// Where the last seal of a whole journal ends.
fn last_seal_end(bytes: &[u8]) -> usize {
    let (mut at, mut end) = (0, 0);
    while at < bytes.len() {
        let is_seal = bytes[at + 32] == 65;
        at += length_at(bytes, at);
        end = if is_seal { at } else { end };
    }
    end
}

/// The last entry that is whole up to a byte.
fn frames(bytes: &[u8], crash: usize) -> Mark {
    let mut mark = Mark::default();
    let mut at = 0;
    while at < crash && at + length_at(bytes, at) <= crash {
        let word = |from: usize| bytes[from..from + 8].try_into().expect("eight bytes");
        mark.sequence = u64::from_le_bytes(word(at + 16));
        at += length_at(bytes, at);
    }
    mark
}

/// A snapshot anywhere on the way and the journal behind it give the same engine.
fn check_snapshot(whole: &Run, commands: &[Command], at: usize) {
    let (mark, end) = whole.ends[at];
    let engine = plain(&whole.journal.instrument, &commands[..at]);
    let mut bytes = Vec::new();
    snapshot(&engine, mark, &mut bytes);
    let (mut restored, restored_mark) = restore(&bytes, engine.instrument()).expect("its own");
    assert_eq!(restored_mark, mark);
    restored.book().check();
    assert_eq!(digest(&restored), digest(&engine));
    let rest = &whole.journal.bytes[end..];
    let replayed = replay(&mut restored, rest, Start::After(mark), u64::MAX);
    assert_eq!(replayed.map(|replayed| replayed.torn), Ok(None));
    let mut ends = [Vec::new(), Vec::new()];
    snapshot(&restored, mark, &mut ends[0]);
    snapshot(&whole.engine, mark, &mut ends[1]);
    assert_eq!(ends[0], ends[1]);
}
