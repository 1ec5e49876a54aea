//! Journals to test with: written from a script, with all that is known about them.

use std::ops::Range;

use pricetime::journal::{Mark, Seal, Sealer, Writer};
use pricetime::{Capacities, Command, Engine, Event, Events, Instrument};

use crate::model::script::Script;

pub const KEY: [u8; 32] = [7; 32];

/// What stands between the entries, and how often.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// After how many entries a seal comes; never if zero.
    pub seal_every: usize,
    /// After how many entries a part begins; never if zero.
    pub open_every: usize,
    pub key: Option<[u8; 32]>,
}

/// What a frame holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Opening,
    /// The number of the entry.
    Entry(u64),
    Seal,
}

/// A frame of a journal.
#[derive(Clone, Debug)]
pub struct Place {
    pub what: What,
    pub bytes: Range<usize>,
    /// Where the journal ends behind it.
    pub mark: Mark,
    /// The last seal up to here.
    pub seal: Seal,
}

/// A journal and what it should say.
pub struct Written {
    pub instrument: Instrument,
    pub plan: Plan,
    pub bytes: Vec<u8>,
    pub frames: Vec<Place>,
    pub entries: Vec<(Command, Vec<Event>)>,
    /// The engine behind each entry, the new one first.
    pub engines: Vec<Engine>,
}

impl Plan {
    pub fn sealer(&self) -> Sealer {
        self.key.map_or_else(Sealer::new, Sealer::keyed)
    }

    /// The frames of a journal of so many entries.
    fn frames(&self, entries: usize) -> Vec<What> {
        let due = |every: usize, number: usize| number.is_multiple_of(every);
        let mut frames = vec![What::Opening];
        for number in 1..=entries {
            frames.push(What::Entry(number as u64));
            if due(self.seal_every, number) {
                frames.push(What::Seal);
            }
            if due(self.open_every, number) {
                frames.push(What::Opening);
            }
        }
        frames
    }
}

/// A journal that grows.
pub struct Growing<'a> {
    pub instrument: &'a Instrument,
    pub bytes: Vec<u8>,
    pub writer: Writer,
    pub sealer: Sealer,
    /// Where the block begins that is sealed next.
    pub block: usize,
}

impl Growing<'_> {
    pub fn add(&mut self, what: What, entries: &[(Command, Vec<Event>)]) {
        let start = self.bytes.len();
        let mut space = vec![0xAA; 1 << 14];
        let bytes = match what {
            What::Opening => self.writer.open(self.instrument, &mut space),
            What::Entry(number) => {
                let (command, events) = &entries[number as usize - 1];
                space.resize(Writer::entry_bytes_max(events.len()), 0xAA);
                self.writer.append(command, events, &mut space)
            }
            What::Seal => {
                let sealed = self.sealer.close(&self.bytes[self.block..], &mut space);
                self.block = start + Sealer::SEAL_BYTES;
                Ok(sealed.expect("a block of frames"))
            }
        };
        let bytes = bytes.expect("room");
        self.bytes.extend_from_slice(&space[..bytes]);
    }
}

impl Written {
    pub fn of(script: &Script, plan: Plan) -> Self {
        let instrument = script.instrument.clone().build().expect("a right setting");
        Self::new(instrument, &script.commands, plan)
    }

    pub fn new(instrument: Instrument, commands: &[Command], plan: Plan) -> Self {
        let mut engine = Engine::new(instrument.clone());
        let mut events = Events::for_instrument(&instrument);
        let mut engines = vec![engine.clone()];
        let mut entries = Vec::new();
        for command in commands {
            events.clear();
            engine.apply(command, &mut events);
            entries.push((*command, events.as_slice().to_vec()));
            engines.push(engine.clone());
        }
        Self::from_entries(instrument, entries, engines, plan)
    }

    /// Without engines, of entries that no engine need have made.
    pub fn from_entries(
        instrument: Instrument,
        entries: Vec<(Command, Vec<Event>)>,
        engines: Vec<Engine>,
        plan: Plan,
    ) -> Self {
        let mut growing = Growing {
            instrument: &instrument,
            bytes: Vec::new(),
            writer: Writer::new(),
            sealer: plan.sealer(),
            block: 0,
        };
        let mut frames = Vec::new();
        for what in plan.frames(entries.len()) {
            let start = growing.bytes.len();
            growing.add(what, &entries);
            frames.push(Place {
                what,
                bytes: start..growing.bytes.len(),
                mark: growing.writer.mark(),
                seal: growing.sealer.seal(),
            });
        }
        let bytes = growing.bytes;
        Self {
            instrument,
            plan,
            bytes,
            frames,
            entries,
            engines,
        }
    }

    /// The frame that has this byte.
    pub fn frame_at(&self, byte: usize) -> usize {
        let at = |frame: &Place| frame.bytes.contains(&byte);
        self.frames.iter().position(at).expect("a byte of it")
    }

    /// Where the journal stands behind so many frames.
    pub fn mark_after(&self, frames: usize) -> Mark {
        frames
            .checked_sub(1)
            .map_or(Mark::default(), |last| self.frames[last].mark)
    }

    /// The number that the next entry has behind so many frames.
    pub fn next_entry(&self, frames: usize) -> u64 {
        self.mark_after(frames).sequence + 1
    }

    pub fn frame_bytes(&self, frame: usize) -> &[u8] {
        &self.bytes[self.frames[frame].bytes.clone()]
    }
}

/// Small capacities, so that engines are quickly made and copied.
pub const SMALL: Capacities = Capacities {
    orders: 64,
    levels: 32,
    accounts: 4,
    timed_orders: 32,
    special_orders: 32,
    waiting_orders: 32,
    lists: 4,
    tokens: 4,
    events: 64,
};
