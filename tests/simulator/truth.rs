//! The run that never crashes.

use pricetime::journal::{Damage, Frame, Reader, Sealer, Start, Writer, digest};
use pricetime::{Command, Engine, Event, Events, Instrument};

use crate::disk::Disk;
use crate::model::script::{FAR_APART, RECORD, SETTINGS, Script};
use crate::names;
use crate::random::Random;

pub struct Truth {
    pub instrument: Instrument,
    pub commands: Vec<Command>,
    /// What each command brought about.
    pub events: Vec<Vec<Event>>,
    /// The state behind each command; first that of the empty book.
    pub digests: Vec<[u8; 32]>,
}

impl Truth {
    pub fn new(random: &mut Random) -> Self {
        let mut setting = random.below(usize::from(SETTINGS)) as u8;
        if setting == FAR_APART && !random.once_in(8) {
            // A large book takes a long time to make a digest of.
            setting = 0;
        }
        let count = random.between(10, 90);
        let mut byte = || random.bits() as u8;
        let records: Vec<[u8; RECORD]> = (0..count)
            .map(|_| std::array::from_fn(|_| byte()))
            .collect();
        let script = Script::decode(setting, &records);
        let instrument = script.instrument.build().expect("a setting's instrument");
        let mut truth = Self {
            events: Vec::new(),
            digests: Vec::new(),
            commands: script.commands,
            instrument,
        };
        let mut engine = Engine::new(truth.instrument.clone());
        truth.digests.push(digest(&engine));
        let mut events = Events::default();
        for command in &truth.commands {
            events.clear();
            engine.apply(command, &mut events);
            truth.events.push(events.as_slice().to_vec());
            truth.digests.push(digest(&engine));
        }
        truth
    }

    pub fn last(&self) -> u64 {
        self.commands.len() as u64
    }

    /// Whether the parts on a disk are, byte for byte, what this run writes if it is asked for
    /// openings and seals at the same places.
    pub fn wrote<D: Disk>(&self, disk: &D) -> Result<bool, Damage> {
        let names = disk.names().expect("a disk");
        let mut journal = Rewritten {
            truth: self,
            writer: Writer::new(),
            sealer: Sealer::new(),
            block: 0,
            start: Start::Beginning,
        };
        for first in names::content(&names).parts {
            let bytes = disk.read(&names::part(first)).expect("a part");
            if journal.part(&bytes)? != bytes {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

struct Rewritten<'a> {
    truth: &'a Truth,
    writer: Writer,
    sealer: Sealer,
    /// Where in the part the block begins that is not sealed.
    block: usize,
    start: Start,
}

impl Rewritten<'_> {
    /// A part as it should be, with frames of the same kinds.
    fn part(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Damage> {
        let mut own = Vec::new();
        let mut reader = Reader::new(bytes, self.start);
        let mut events = Events::default();
        self.block = 0;
        while let Some(frame) = reader.read(&mut events)? {
            self.frame(&frame, &mut own);
        }
        self.start = Start::After(reader.mark());
        Ok(own)
    }

    fn frame(&mut self, frame: &Frame, own: &mut Vec<u8>) {
        let start = own.len();
        let written = match frame {
            Frame::Opening(_) => {
                own.resize(start + Writer::OPENING_BYTES, 0);
                let written = self.writer.open(&self.truth.instrument, &mut own[start..]);
                written.expect("room for an opening")
            }
            Frame::Entry(entry) => {
                let number = entry.sequence as usize - 1;
                let events = &self.truth.events[number];
                own.resize(start + Writer::entry_bytes_max(events.len()), 0);
                let command = &self.truth.commands[number];
                let written = self.writer.append(command, events, &mut own[start..]);
                written.expect("room for an entry")
            }
            Frame::Seal(_) => {
                own.resize(start + Sealer::SEAL_BYTES, 0);
                let (before, space) = own.split_at_mut(start);
                let written = self.sealer.close(&before[self.block..], space);
                self.block = start + Sealer::SEAL_BYTES;
                written.expect("room for a seal")
            }
        };
        own.truncate(start + written);
    }
}
