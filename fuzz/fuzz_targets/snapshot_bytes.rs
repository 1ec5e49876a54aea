//! Bytes restored as a snapshot: arbitrary ones, and valid snapshots that were changed.
//!
//! The first byte chooses: arbitrary bytes; a snapshot with changes; or a snapshot with changes whose digest was put right again.

#![no_main]

#[allow(dead_code, reason = "the other targets need the rest")]
mod journals;
#[path = "../../tests/model/mod.rs"]
#[allow(dead_code, reason = "only the scripts are needed")]
mod model;

use journals::Taken;
use libfuzzer_sys::fuzz_target;
use pricetime::engine::RULES;
use pricetime::journal::{Mark, digest, restore, snapshot};
use pricetime::{Engine, Events, Instrument};

const DIGEST: usize = 32;

fuzz_target!(|bytes: &[u8]| {
    let mut input = Taken(bytes);
    let choice = input.byte();
    if choice % 3 == 0 {
        let small = Instrument::builder().capacities(journals::SMALL);
        check(input.0, &small.build().expect("a right setting"));
        return;
    }
    let changes: Vec<[u8; 4]> = (0..input.byte() % 8).map(|_| input.bytes()).collect();
    let (instrument, commands) = input.script();
    let mut engine = Engine::new(instrument.clone());
    let mut events = Events::default();
    let (before, after) = commands.split_at(commands.len() / 2);
    for command in before {
        engine.apply(command, &mut events);
    }
    let mark = Mark {
        sequence: before.len() as u64,
        chain: 7,
    };
    let mut bytes = Vec::new();
    snapshot(&engine, mark, &mut bytes);
    let is_changed = !changes.is_empty();
    for change in changes {
        apply(change, &mut bytes);
    }
    if choice % 3 == 2 {
        put_right(&mut bytes);
    }
    let restored = check(&bytes, &instrument);
    if !is_changed {
        let restored = restored.expect("its own snapshot");
        assert_eq!(digest(&restored), digest(&engine));
        return;
    }
    // Whatever was restored can go on.
    if let Some(mut restored) = restored {
        for command in after {
            restored.apply(command, &mut events);
            restored.book().check();
        }
    }
});

fn apply([low, high, how, value]: [u8; 4], bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return bytes.push(value);
    }
    let at = usize::from(u16::from_le_bytes([low, high])) % bytes.len();
    match how % 8 {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at / 8 * 8..bytes.len().min(at / 8 * 8 + 8))),
        2 => {
            let word = at / 8 * 8;
            let piece = bytes[word..bytes.len().min(word + 8)].to_vec();
            bytes.splice(word..word, piece);
        }
        3 => bytes[at] = bytes[at].wrapping_add(1),
        4 => bytes[at] = bytes[at].wrapping_sub(1),
        5 => bytes[at] ^= 1 << (value % 8),
        6 => bytes[at / 8 * 8] = value,
        _ => bytes[at] = value,
    }
}

/// Puts the length and the digest right.
fn put_right(bytes: &mut Vec<u8>) {
    let Some(content) = bytes.len().checked_sub(DIGEST) else {
        return;
    };
    if content >= 24 {
        let length = bytes.len() as u64;
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
    }
    bytes.truncate(content);
    let digest = blake3::hash(bytes);
    bytes.extend_from_slice(digest.as_bytes());
}

/// What is restored is a sound engine whose own snapshot these bytes are.
fn check(bytes: &[u8], instrument: &Instrument) -> Option<Engine> {
    let (engine, mark) = restore(bytes, instrument).ok()?;
    engine.book().check();
    let mut own = Vec::new();
    snapshot(&engine, mark, &mut own);
    let rules = u16::from_le_bytes([bytes[10], bytes[11]]);
    assert!(own == bytes || rules != RULES, "another snapshot");
    Some(engine)
}
