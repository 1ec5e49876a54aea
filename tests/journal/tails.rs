//! What may stand behind the end of a journal: nothing of it is read, and none of it is damage.

use pricetime::journal::{DamageKind, Reader, Start, Torn, verify};

use crate::model::script::{Script, even_records};
use crate::written::{Plan, What, Written};
use crate::{read, read_from};

fn journal(seed: u64, entries: usize, plan: Plan) -> Written {
    Written::of(&Script::decode(0, &even_records(seed, entries)), plan)
}

/// Asserts that all of `written` up to byte `end` is read, and the rest is a torn tail.
fn check_tail(written: &Written, bytes: &[u8], end: usize) {
    let whole = written.frames.partition_point(|it| it.bytes.end <= end);
    let sequence = written.mark_after(whole).sequence;
    let found = read(bytes);
    assert_eq!(found.offset, end);
    assert_eq!(found.entries, written.entries[..sequence as usize]);
    let torn = found.end.expect("a tail, not damage").expect("a tail");
    assert_eq!((torn.offset, torn.sequence), (end as u64, sequence + 1));
    let verified = verify(bytes, Start::Beginning, None).unwrap();
    assert_eq!((verified.entries, verified.torn), (sequence, Some(torn)));
    for acknowledged in [sequence, sequence + 1] {
        let reader = Reader::new(bytes, Start::Beginning).acknowledged(acknowledged);
        let found = read_from(reader);
        assert_eq!(found.offset, end);
        assert_eq!(found.end.is_ok(), acknowledged == sequence);
    }
}

#[test]
fn memory_that_was_never_written_is_a_tail() {
    let written = journal(1, 20, Plan::default());
    for filler in [0, 0x55, 0xFF, b'P'] {
        for length in [1, 4, 8, 31, 32, 33, 40, 4096] {
            let mut bytes = written.bytes.clone();
            bytes.resize(bytes.len() + length, filler);
            check_tail(&written, &bytes, written.bytes.len());
        }
    }
}

/// With as much as an opening has, the first one was whole, or this never was a journal.
#[test]
fn only_a_part_of_an_opening_is_a_torn_opening() {
    let written = journal(1, 0, Plan::default());
    let length = written.bytes.len();
    for cut in 1..length {
        let torn = read(&written.bytes[..cut]).end.expect("a tail");
        assert_eq!(torn.map(|torn| torn.offset), Some(0));
    }
    for filler in [0, 0x55, 0xFF, b'P'] {
        let damage = read(&vec![filler; length]).end.expect_err("no journal");
        assert_eq!((damage.offset, damage.sequence), (0, 1));
    }
}

/// A segment that is used again still holds the frames of before behind those of now.
#[test]
fn frames_of_an_older_use_of_the_memory_are_a_tail() {
    let plans = [
        Plan::default(),
        Plan {
            seal_every: 6,
            ..Plan::default()
        },
        Plan {
            seal_every: 6,
            open_every: 12,
            key: None,
        },
        Plan {
            seal_every: 0,
            open_every: 6,
            key: None,
        },
    ];
    for (seed, plan) in plans.into_iter().enumerate() {
        let written = journal(seed as u64, 48, plan);
        check_reuse(&written);
    }
}

/// A file of fixed size was filled with the frames before `second`, and is now written over with the
/// frames from `second` on; at every byte that could be the last one written so far.
fn check_reuse(written: &Written) {
    for second in (6..written.frames.len()).step_by(5) {
        let boundary = written.frames[second].bytes.start;
        let (older, newer) = written.bytes.split_at(boundary);
        let start = Start::After(written.mark_after(second));
        for cut in 0..older.len().min(newer.len()) {
            let mut bytes = older.to_vec();
            bytes[..cut].copy_from_slice(&newer[..cut]);
            // What was there may happen to be what would have been written.
            let same = bytes
                .iter()
                .zip(newer)
                .take_while(|(own, newer)| own == newer);
            let cut = same.count();
            let is_whole = |it: &crate::written::Place| it.bytes.end <= boundary + cut;
            let whole = written.frames.partition_point(is_whole);
            let found = read_from(Reader::new(&bytes, start));
            let end = written.frames[whole - 1].bytes.end - boundary;
            assert_eq!(found.offset, end, "cut at {cut}");
            let torn = found.end.unwrap_or_else(|damage| {
                panic!("from frame {second}, cut at {cut}: {damage}");
            });
            assert_eq!(torn.is_none(), end == bytes.len());
            let sequence = written.mark_after(whole).sequence + 1;
            let expected = torn.map(|torn| Torn {
                offset: end as u64,
                sequence,
                kind: torn.kind,
            });
            assert_eq!(torn, expected);
        }
    }
}

#[test]
fn a_newer_journal_over_an_older_one_of_the_same_numbers_needs_the_acknowledged_number() {
    let (older, newer) = (
        journal(1, 30, Plan::default()),
        journal(2, 10, Plan::default()),
    );
    let mut bytes = older.bytes.clone();
    let end = newer.bytes.len();
    bytes[..end].copy_from_slice(&newer.bytes);
    let damage = read(&bytes).end.expect_err("later numbers are there");
    assert_eq!((damage.offset, damage.sequence), (end as u64, 11));
    let found = read_from(Reader::new(&bytes, Start::Beginning).acknowledged(10));
    assert_eq!(found.entries, newer.entries);
    assert_eq!(found.end.unwrap().unwrap().offset, end as u64);
}

/// Writes that were never acknowledged may survive in any order.
#[test]
fn a_hole_among_unacknowledged_entries_is_a_tail() {
    let written = journal(3, 20, Plan::default());
    let hole = written.frames[10].bytes.clone();
    assert_eq!(written.frames[10].what, What::Entry(10));
    let mut bytes = written.bytes.clone();
    bytes[hole.clone()].fill(0);
    for acknowledged in 0..=20 {
        let reader = Reader::new(&bytes, Start::Beginning).acknowledged(acknowledged);
        let found = read_from(reader);
        assert_eq!(found.offset, hole.start);
        match found.end {
            Ok(torn) => {
                assert!(acknowledged < 10);
                assert_eq!(torn.unwrap().kind, DamageKind::Length);
            }
            Err(damage) => {
                assert!(acknowledged >= 10);
                let is = (damage.offset as usize, damage.sequence, damage.kind);
                assert_eq!(is, (hole.start, 10, DamageKind::Length));
            }
        }
    }
    assert!(read(&bytes).end.is_err(), "nobody said what was persisted");
}
