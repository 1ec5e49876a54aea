//! Journals made from the fuzzer's bytes.

use pricetime::journal::{Sealer, Writer};
use pricetime::{Capacities, Command, Engine, Event, Events, Instrument};

use crate::model::script::{RECORD, Script};

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

/// Bytes that are taken one after the other; zeros behind the last.
pub struct Taken<'a>(pub &'a [u8]);

impl Taken<'_> {
    pub fn byte(&mut self) -> u8 {
        let [byte] = self.bytes();
        byte
    }

    pub fn bytes<const COUNT: usize>(&mut self) -> [u8; COUNT] {
        std::array::from_fn(|_| match self.0.split_first() {
            Some((&byte, rest)) => {
                self.0 = rest;
                byte
            }
            None => 0,
        })
    }

    /// All that is left, as a script.
    pub fn script(&mut self) -> (Instrument, Vec<Command>) {
        let setting = self.byte();
        let (records, _) = self.0.as_chunks::<RECORD>();
        let script = Script::decode(setting, records);
        let instrument = script.instrument.build().expect("a right setting");
        (instrument, script.commands)
    }
}

/// A journal that is written.
pub struct Journal {
    pub instrument: Instrument,
    pub bytes: Vec<u8>,
    pub writer: Writer,
    pub sealer: Sealer,
    /// Where the block begins that is sealed next.
    pub block: usize,
    /// After how many entries a seal comes, and a part begins; never if zero.
    pub seal_every: u64,
    pub open_every: u64,
}

impl Journal {
    pub fn new(instrument: Instrument, plan: u8) -> Self {
        Self {
            instrument,
            bytes: Vec::new(),
            writer: Writer::new(),
            sealer: Sealer::new(),
            block: 0,
            seal_every: u64::from(plan % 8),
            open_every: u64::from(plan / 8 % 8),
        }
    }

    pub fn open(&mut self) {
        let mut space = [0; Writer::OPENING_BYTES];
        let opened = self.writer.open(&self.instrument, &mut space);
        self.bytes
            .extend_from_slice(&space[..opened.expect("room")]);
    }

    pub fn append(&mut self, command: &Command, events: &Events) {
        self.append_all(command, events.as_slice());
    }

    pub fn append_all(&mut self, command: &Command, events: &[Event]) {
        let mut space = vec![0; Writer::entry_bytes_max(events.len())];
        let appended = self.writer.append(command, events, &mut space);
        self.bytes
            .extend_from_slice(&space[..appended.expect("room")]);
    }

    /// What follows the last entry.
    pub fn close(&mut self) {
        let sequence = self.writer.mark().sequence;
        if self.seal_every > 0 && sequence.is_multiple_of(self.seal_every) {
            self.seal();
        }
        if self.open_every > 0 && sequence.is_multiple_of(self.open_every) {
            self.open();
        }
    }

    pub fn seal(&mut self) {
        let mut space = [0; Sealer::SEAL_BYTES];
        let sealed = self.sealer.close(&self.bytes[self.block..], &mut space);
        self.bytes
            .extend_from_slice(&space[..sealed.expect("a block")]);
        self.block = self.bytes.len();
    }
}

/// The journal of a script.
pub fn written(input: &mut Taken<'_>) -> (Instrument, Vec<u8>) {
    let plan = input.byte();
    let (instrument, commands) = input.script();
    let mut journal = Journal::new(instrument.clone(), plan);
    let mut engine = Engine::new(instrument.clone());
    let mut events = Events::default();
    journal.open();
    for command in &commands {
        events.clear();
        engine.apply(command, &mut events);
        journal.append(command, &events);
        journal.close();
    }
    (instrument, journal.bytes)
}

/// CRC32C, bit by bit.
pub fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ ((crc & 1) * 0x82F6_3B78)
        })
    })
}
