//! A flow with its warmed engine and its journal, and the ways it is run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use pricetime::journal::{Mark, Sealer, Segment, Start, Writer, replay};
use pricetime::{Command, Engine, Events};

use crate::flows::Flow;

/// Bytes of the segment that is filled, sealed and used again.
pub const SEGMENT: usize = 256 << 10;

/// How many commands are applied before their entries are appended.
pub const GROUP: usize = 32;

/// A flow, the engine at the end of its warm-up, and the journal of what is timed.
pub struct Warm {
    /// Where the commands are.
    pub flow: Flow,
    /// The engine.
    pub engine: Engine,
    /// Where the journal stands at the end of the warm-up.
    pub mark: Mark,
    /// What is timed, journalled.
    pub journal: Vec<u8>,
    /// The same with a seal behind each segment.
    pub sealed: Vec<u8>,
}

/// A way to run the timed commands: how long they took.
pub type Run = fn(&Warm) -> Duration;

/// All ways, by name.
pub const ALL: [(&str, Run); 5] = [
    ("apply", apply),
    ("append", append),
    ("grouped", grouped),
    ("sealed", sealed),
    ("replay", replayed),
];

impl Warm {
    /// Warms the engine up and writes the journals.
    pub fn new(flow: Flow) -> Self {
        let mut engine = Engine::new(flow.venue.instrument(0));
        let mut events = Events::for_instrument(engine.instrument());
        for command in &flow.warmup {
            events.clear();
            engine.apply(command, &mut events);
        }
        let mark = Mark {
            sequence: flow.warmup.len() as u64,
            chain: 0,
        };
        let mut warm = Self {
            flow,
            engine,
            mark,
            journal: Vec::new(),
            sealed: Vec::new(),
        };
        let mut live = warm.engine.clone();
        let (mut plain, mut sealed) = (Vec::new(), Vec::new());
        let mut sealer = Sealer::new();
        journal(&mut live, mark, &warm.flow.timed, 1, |block| {
            plain.extend_from_slice(block);
            sealed.extend_from_slice(block);
            let mut seal = [0; Sealer::SEAL_BYTES];
            sealer.close(block, &mut seal).expect("a block to seal");
            sealed.extend_from_slice(&seal);
        });
        (warm.journal, warm.sealed) = (plain, sealed);
        warm
    }
}

/// Every command, without a journal.
pub fn apply(warm: &Warm) -> Duration {
    let mut engine = warm.engine.clone();
    let mut events = Events::for_instrument(engine.instrument());
    time(|| {
        for command in &warm.flow.timed {
            events.clear();
            engine.apply(command, &mut events);
            black_box(events.as_slice());
        }
    })
}

/// Every command, appended to a segment that is used again.
pub fn append(warm: &Warm) -> Duration {
    append_by(warm, 1)
}

/// The same, a group of commands announced and applied, then a group of entries appended.
pub fn grouped(warm: &Warm) -> Duration {
    append_by(warm, GROUP)
}

fn append_by(warm: &Warm, group: usize) -> Duration {
    let mut engine = warm.engine.clone();
    let commands = &warm.flow.timed;
    time(|| {
        journal(&mut engine, warm.mark, commands, group, |block| {
            black_box(block);
        })
    })
}

/// Every command, appended to a segment that is sealed and used again.
pub fn sealed(warm: &Warm) -> Duration {
    let mut engine = warm.engine.clone();
    let commands = &warm.flow.timed;
    let mut sealer = Sealer::new();
    let mut seal = [0; Sealer::SEAL_BYTES];
    time(|| {
        journal(&mut engine, warm.mark, commands, 1, |block| {
            let bytes = sealer.close(black_box(block), &mut seal);
            black_box(bytes.expect("a block to seal"));
        })
    })
}

/// The journal, executed again and compared.
pub fn replayed(warm: &Warm) -> Duration {
    let mut engine = warm.engine.clone();
    time(|| {
        let start = Start::After(warm.mark);
        let replayed = replay(&mut engine, &warm.journal, start, u64::MAX);
        let entries = replayed.expect("an undamaged journal").entries;
        assert_eq!(entries, warm.flow.timed.len() as u64);
    })
}

/// Applies and appends, and hands on each full segment.
///
/// One after the other suits a small book. On a large one the processor waits for memory and
/// looks ahead into the next commands meanwhile, but not past the encoding of an entry: there a group
/// of commands is announced and applied, and then their entries are appended.
fn journal(
    engine: &mut Engine,
    mark: Mark,
    commands: &[Command],
    group: usize,
    mut full: impl FnMut(&[u8]),
) {
    let mut events = Events::for_instrument(engine.instrument());
    let mut ends = Vec::with_capacity(group);
    let mut writer = Writer::resume(mark);
    let mut segment = Segment::new(SEGMENT);
    for group in commands.chunks(group) {
        events.clear();
        ends.clear();
        if group.len() > 1 {
            engine.prefetch(group);
        }
        for command in group {
            engine.apply(command, &mut events);
            ends.push(events.len());
        }
        let mut start = 0;
        for (command, &end) in group.iter().zip(&ends) {
            let events = &events.as_slice()[start..end];
            start = end;
            if segment.append(&mut writer, command, events).is_err() {
                full(segment.bytes());
                segment.clear();
                let appended = segment.append(&mut writer, command, events);
                appended.expect("an entry fits an empty segment");
            }
        }
    }
    full(segment.bytes());
}

/// How long `work` takes.
pub fn time(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}
