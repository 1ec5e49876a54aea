//! A shell whose journal is kept, and what the journal says afterwards.

use std::sync::OnceLock;
use std::thread::yield_now;
use std::time::{Duration, Instant};

use pricetime::journal::{Frame, Reader, Start, Writer, digest, replay};
use pricetime::shell::{
    Depth, DepthReader, Intake, Matcher, Message, Outcome, Producer, Ring, Shell, ShellBuilder,
    Turn,
};
use pricetime::{
    Action, Command, Engine, Event, Events, Instrument, InstrumentBuilder, Level, Price, Side,
    Timestamp,
};

use crate::venue::small;

/// A shell, and all that its matcher journalled.
pub struct Rig {
    pub matcher: Matcher,
    pub intake: Intake,
    pub ring: Ring,
    pub depth: DepthReader,
    pub journal: Vec<u8>,
}

/// One entry of a journal.
pub struct Entry {
    pub command: Command,
    pub events: Vec<Event>,
}

/// Lets others run. A test in which some thread waits for ever fails, instead of waiting with it.
pub fn wait() {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let waited = FIRST.get_or_init(Instant::now).elapsed();
    assert!(waited < Duration::from_secs(60), "it never ends");
    yield_now();
}

/// A few of everything.
pub fn sizes() -> ShellBuilder {
    ShellBuilder::default()
        .producers(4)
        .lane(8)
        .ring(1 << 10)
        .lossless_readers(2)
        .levels(4)
        .batch(8)
}

impl Rig {
    pub fn new(sizes: ShellBuilder) -> Self {
        Self::of(small(), sizes)
    }

    pub fn of(instrument: InstrumentBuilder, sizes: ShellBuilder) -> Self {
        let instrument = instrument.build().expect("a right instrument");
        let mut journal = vec![0; Writer::OPENING_BYTES];
        let mut writer = Writer::new();
        let opened = writer.open(&instrument, &mut journal);
        assert_eq!(opened, Ok(journal.len()));
        let shell = sizes.build(Engine::new(instrument), writer);
        let Shell {
            matcher,
            intake,
            ring,
            depth,
        } = shell.expect("right sizes");
        Self {
            matcher,
            intake,
            ring,
            depth,
            journal,
        }
    }

    pub fn producer(&self) -> Producer {
        self.intake.producer().expect("a free place")
    }

    /// A turn whose journal is kept; not published.
    pub fn apply(&mut self, now: u64) -> Turn {
        let turn = self.matcher.turn(Timestamp::new(now));
        self.journal.extend_from_slice(self.matcher.journal());
        turn
    }

    /// A turn, kept and published whole; how many commands it applied.
    pub fn turn(&mut self, now: u64) -> usize {
        let turn = self.apply(now);
        assert!(self.matcher.publish(), "{turn:?}");
        match turn {
            Turn::Applied(commands) => commands,
            Turn::Idle => 0,
            Turn::Behind | Turn::Poisoned => panic!("all was published, and nothing broke"),
        }
    }

    /// Turns until there is nothing to do; how many commands they applied.
    pub fn run(&mut self) -> usize {
        let mut applied = 0;
        loop {
            wait();
            match self.turn(0) {
                0 => return applied,
                commands => applied += commands,
            }
        }
    }

    pub fn entries(&self) -> Vec<Entry> {
        entries(&self.journal)
    }

    /// Checks that a replay of the journal gives the same engine, and that it is whole.
    pub fn check(&self) {
        let live = self.matcher.engine();
        live.book().check();
        let mut fresh = Engine::new(live.instrument().clone());
        let replayed = replay(&mut fresh, &self.journal, Start::Beginning, u64::MAX);
        let replayed = replayed.expect("the journal agrees");
        assert_eq!(replayed.torn, None);
        assert_eq!(replayed.mark, self.matcher.mark());
        assert_eq!(digest(&fresh), digest(live));
    }

    /// All messages that the journal's events make.
    pub fn messages(&self) -> Vec<Message> {
        messages(&self.entries())
    }
}

/// Entry number `n` is at `n - 1`.
pub fn entries(journal: &[u8]) -> Vec<Entry> {
    let mut events = Events::default();
    let mut reader = Reader::new(journal, Start::Beginning);
    let mut entries = Vec::new();
    while let Some(frame) = reader.read(&mut events).expect("no damage") {
        if let Frame::Entry(entry) = frame {
            entries.push(Entry {
                command: entry.command,
                events: events.as_slice().to_vec(),
            });
        }
    }
    assert_eq!(reader.torn(), None);
    entries
}

pub fn messages(entries: &[Entry]) -> Vec<Message> {
    let of_entry = |(index, entry): (usize, &Entry)| {
        let sequence = index as u64 + 1;
        let events = entry.events.clone().into_iter();
        events.map(move |event| Message { sequence, event })
    };
    entries.iter().enumerate().flat_map(of_entry).collect()
}

/// What a depth reader should see behind an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Truth {
    pub sequence: u64,
    pub time: u64,
    pub last_price: Option<Price>,
    pub sides: [Vec<Level>; 2],
}

impl Truth {
    pub fn of(matcher: &Matcher, levels: usize) -> Self {
        let engine = matcher.engine();
        let side = |side| engine.book().depth(side).take(levels).collect();
        Self {
            sequence: matcher.mark().sequence,
            time: engine.now().nanoseconds(),
            last_price: engine.last_price(),
            sides: Side::BOTH.map(side),
        }
    }

    pub fn seen(depth: &Depth<'_>) -> Self {
        Self {
            sequence: depth.sequence(),
            time: depth.time().nanoseconds(),
            last_price: depth.last_price(),
            sides: Side::BOTH.map(|side| depth.levels(side).collect()),
        }
    }
}

/// All outcomes that wait.
pub fn outcomes(producer: &mut Producer) -> Vec<Outcome> {
    std::iter::from_fn(|| producer.outcome()).collect()
}

/// The tokens of all outcomes that wait.
pub fn tokens(producer: &mut Producer) -> Vec<u64> {
    let outcomes = outcomes(producer);
    outcomes.iter().map(|outcome| outcome.token).collect()
}

/// Submits so many commands with these tokens, each of which must be taken.
pub fn submit(producer: &mut Producer, tokens: std::ops::Range<u64>) {
    for token in tokens {
        let submitted = producer.submit(token, Action::AdvanceTime);
        assert_eq!(submitted, Ok(()), "{token}");
    }
}

/// An instrument with room for what scripts ask.
pub fn roomy() -> InstrumentBuilder {
    Instrument::builder().capacities(pricetime::Capacities {
        orders: 2_000,
        levels: 200,
        accounts: 16,
        timed_orders: 500,
        special_orders: 500,
        waiting_orders: 500,
        lists: 4,
        tokens: 4,
        events: 32,
    })
}
