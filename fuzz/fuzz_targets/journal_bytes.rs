//! Bytes read as a journal: arbitrary ones, and valid journals that were changed.
//!
//! The first byte chooses: arbitrary bytes; a journal with changes; a journal with changes whose numbers and checksums
//! were put right again, as somebody would who knows them; or a journal of whatever commands and events arbitrary records stand for.

#![no_main]

mod journals;
#[path = "../../tests/model/mod.rs"]
#[allow(dead_code, reason = "only the scripts are needed")]
mod model;

use journals::{Journal, Taken, written};
use libfuzzer_sys::fuzz_target;
use pricetime::journal::{
    Damage, Follower, Frame, Reader, Record, ReplayError, Sealer, Start, Torn, Writer, replay,
    verify,
};
use pricetime::{Command, Engine, Event, Events, Instrument};

fuzz_target!(|bytes: &[u8]| {
    let mut input = Taken(bytes);
    let choice = input.byte();
    let instrument = || {
        let builder = Instrument::builder().capacities(journals::SMALL);
        builder.build().expect("a right setting")
    };
    match choice % 4 {
        0 => return check(input.0, &instrument()),
        3 => return check_records(&mut input, instrument()),
        _ => {}
    }
    let changes: Vec<[u8; 4]> = (0..input.byte() % 8).map(|_| input.bytes()).collect();
    let (instrument, mut bytes) = written(&mut input);
    for change in changes {
        apply(change, &mut bytes);
    }
    if choice % 4 == 2 {
        put_right(&mut bytes);
    }
    check(&bytes, &instrument);
});

/// Asserts that exactly one record, or one pair, stands for a command or an event, and that a journal of them is read as what it is.
fn check_records(input: &mut Taken<'_>, instrument: Instrument) {
    let mut journal = Journal::new(instrument.clone(), 0);
    journal.open();
    while !input.0.is_empty() {
        let pair = [record(input), record(input)];
        let event = Event::from_record(&pair[1]);
        if let Some(event) = event {
            assert_eq!(event.to_record(), pair[1]);
        }
        for records in [&pair[..1], &pair] {
            let Some(command) = Command::from_records(records) else {
                continue;
            };
            assert_eq!(command.to_records().as_slice(), records);
            journal.append_all(&command, event.as_slice());
        }
    }
    check(&journal.bytes, &instrument);
}

/// A record of which any words are zero.
fn record(input: &mut Taken<'_>) -> Record {
    let present = input.byte();
    std::array::from_fn(|word| match present >> word & 1 {
        1 => u64::from_le_bytes(input.bytes()),
        _ if word == 0 => u64::from(input.byte()),
        _ => 0,
    })
}

fn apply([low, high, how, value]: [u8; 4], bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return bytes.push(value);
    }
    let at = usize::from(u16::from_le_bytes([low, high])) % bytes.len();
    let words = usize::from(value) * 8;
    match how % 8 {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..bytes.len().min(at + words))),
        2 => bytes.extend_from_within(at..),
        3 => {
            let piece = bytes[at..bytes.len().min(at + words)].to_vec();
            bytes.splice(at..at, piece);
        }
        4 => bytes[at / 8 * 8] = value,
        5 => bytes[at] ^= 1 << (value % 8),
        6 => {
            let word = at / 8 * 8;
            let end = bytes.len().min(word + 8);
            bytes[word..end].fill(value);
        }
        _ => bytes[at] = value,
    }
}

/// Gives each frame that its length finds the number, the chain and the checksum that it should have.
fn put_right(bytes: &mut [u8]) {
    let (mut at, mut sequence, mut chain) = (0, 0_u64, [0; 4]);
    while bytes.len() - at >= 40 {
        let first = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        let length = u32::from_le_bytes(first) as usize * 8;
        if length < 40 || length > bytes.len() - at {
            return;
        }
        let frame = &mut bytes[at..at + length];
        sequence += u64::from((1..64).contains(&frame[32]));
        frame[12..16].copy_from_slice(&chain);
        frame[16..24].copy_from_slice(&sequence.to_le_bytes());
        let checksum = journals::crc32c(&frame[8..]) ^ u32::from_le_bytes(first);
        frame[4..8].copy_from_slice(&checksum.to_le_bytes());
        if frame[32] != 65 {
            chain.copy_from_slice(&frame[4..8]);
        }
        at += length;
    }
}

/// Asserts that every way of reading these bytes says the same.
fn check(bytes: &[u8], instrument: &Instrument) {
    let (entries, end) = read(bytes, Start::Beginning);
    match (&end, verify(bytes, Start::Beginning, None)) {
        (Ok(torn), Ok(verified)) => {
            assert_eq!((verified.entries, verified.torn), (entries, *torn));
        }
        (Err(damage), Err(verified)) => assert_eq!(*damage, verified),
        (read, verified) => panic!("{read:?} {verified:?}"),
    }
    let _ = verify(bytes, Start::Beginning, Some(Sealer::new()));
    read(bytes, Start::Anywhere).1.map_or_else(
        |damage| assert!(damage.offset <= bytes.len() as u64),
        |torn| assert!(torn.is_none_or(|torn| torn.offset <= bytes.len() as u64)),
    );
    check_replay(bytes, instrument, entries, &end);
}

/// How many entries there are, and how they end. Each gives these very bytes when it is written.
fn read(bytes: &[u8], start: Start) -> (u64, Result<Option<Torn>, Damage>) {
    let mut reader = Reader::new(bytes, start);
    let mut events = Events::default();
    let mut space = Vec::new();
    let mut before = (0, reader.mark());
    let mut entries = 0;
    loop {
        match reader.read(&mut events) {
            Ok(Some(Frame::Entry(entry))) => {
                entries += 1;
                let mut writer = Writer::resume(before.1);
                space.resize(Writer::entry_bytes_max(events.len()), 0);
                let written = writer.append(&entry.command, events.as_slice(), &mut space);
                let written = written.expect("room");
                let original = &bytes[before.0..reader.offset()];
                assert_eq!(written, original.len());
                // All but the version of the rules, and the checksum that it is in.
                assert_eq!(space[8..10], original[8..10]);
                assert_eq!(space[12..written], original[12..]);
            }
            Ok(Some(Frame::Opening(_) | Frame::Seal(_))) => {}
            Ok(None) => return (entries, Ok(reader.torn())),
            Err(damage) => return (entries, Err(damage)),
        }
        assert!(reader.offset() > before.0, "reading goes on");
        before = (reader.offset(), reader.mark());
    }
}

fn check_replay(
    bytes: &[u8],
    instrument: &Instrument,
    entries: u64,
    end: &Result<Option<Torn>, Damage>,
) {
    let mut engine = Engine::new(instrument.clone());
    let replayed = replay(&mut engine, bytes, Start::Beginning, u64::MAX);
    let mut follower = Follower::new(Engine::new(instrument.clone()), Start::Beginning);
    let size = 1 + bytes.len() % 61;
    let fed = bytes
        .chunks(size)
        .try_for_each(|piece| follower.feed(piece));
    engine.book().check();
    match replayed {
        Ok(replayed) => {
            assert_eq!(replayed.entries, entries);
            assert_eq!(*end, Ok(replayed.torn));
            assert_eq!(follower.mark(), replayed.mark);
            assert!(*follower.engine() == engine);
            assert!(fed.is_ok() || replayed.torn.is_some());
        }
        Err(ReplayError::Damaged(damage)) => {
            assert_eq!(*end, Err(damage));
            assert!(matches!(fed, Ok(()) | Err(ReplayError::Damaged(_))));
        }
        Err(error) => assert_eq!(fed, Err(error)),
    }
}
