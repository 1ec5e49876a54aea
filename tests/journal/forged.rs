//! Journals changed by a person, with checksums put right again.

use pricetime::journal::{
    Damage, DamageKind, Follower, ReplayError, SealError, Sealer, Start, replay, verify,
};
use pricetime::{Engine, Event, Side};

use crate::layout::{self, Body, HEAD};
use crate::model::script::{Script, even_records};
use crate::read;
use crate::written::{KEY, Plan, What, Written};

const ENTRIES: usize = 20;

fn journal(key: Option<[u8; 32]>) -> Written {
    let plan = Plan {
        seal_every: 5,
        open_every: 0,
        key,
    };
    Written::of(&Script::decode(0, &even_records(23, ENTRIES)), plan)
}

fn frames(written: &Written) -> Vec<Vec<u8>> {
    let all = 0..written.frames.len();
    all.map(|frame| written.frame_bytes(frame).to_vec())
        .collect()
}

/// The number of the frame of an entry.
fn frame_of(written: &Written, entry: u64) -> usize {
    let all = &mut written.frames.iter();
    all.position(|frame| frame.what == What::Entry(entry))
        .expect("an entry")
}

fn is_seal(frame: &[u8]) -> bool {
    frame[HEAD] == 65
}

/// What a forger can do to checksums.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Care {
    /// The checksum of what was changed.
    Own,
    /// All numbers, all chains and all checksums.
    Chain,
    /// That, and every seal as if without a key.
    Seals,
}

/// Puts a forged journal together with as much care as said.
fn forge(mut frames: Vec<Vec<u8>>, care: Care) -> Vec<u8> {
    let (mut sequence, mut chain, mut block) = (0_u64, [0; 4], Vec::new());
    let (mut number, mut digest) = (0, [0; 32]);
    for frame in &mut frames {
        if care != Care::Own {
            sequence += u64::from(frame[HEAD] < 64);
            frame[12..16].copy_from_slice(&chain);
            frame[16..24].copy_from_slice(&sequence.to_le_bytes());
        }
        if is_seal(frame) && care == Care::Seals {
            number += 1;
            digest = layout::seal_digest(None, &block, &digest, number);
            frame[HEAD + 8..HEAD + 16].copy_from_slice(&number.to_le_bytes());
            frame[HEAD + 16..HEAD + 24].copy_from_slice(&(block.len() as u64).to_le_bytes());
            frame[HEAD + 24..].copy_from_slice(&digest);
        }
        layout::sign(frame);
        if is_seal(frame) {
            block.clear();
        } else {
            chain.copy_from_slice(&frame[4..8]);
            block.extend_from_slice(frame);
        }
    }
    frames.concat()
}

/// Changes the quantity, or else some flag, of an entry so that it stays well formed.
fn change(frame: &mut [u8]) {
    let present = frame[HEAD + 1];
    // The side of a limit order, or the account; both leave every other word what it was.
    match frame[HEAD] {
        1 | 2 | 19 => frame[HEAD + 2] ^= Side::Sell as u8,
        _ => assert!(present & 2 != 0, "an entry about an order"),
    }
    // The id becomes one that no other word is.
    if (3..=5).contains(&frame[HEAD]) {
        frame[HEAD + 12] ^= 1;
    }
}

fn sealer(key: Option<[u8; 32]>) -> Sealer {
    key.map_or_else(Sealer::new, Sealer::keyed)
}

fn fault(bytes: &[u8], key: Option<[u8; 32]>) -> Damage {
    verify(bytes, Start::Beginning, Some(sealer(key))).expect_err("a forgery")
}

/// Entries about an order, each before another entry.
fn changeable(written: &Written) -> Vec<u64> {
    let last = written.entries.len() as u64;
    let about_an_order = |entry: &u64| {
        let frame = &written.frame_bytes(frame_of(written, *entry));
        matches!(frame[HEAD], 1..=5 | 19) && frame[HEAD + 1] & 2 != 0
    };
    let entries = (1..last).filter(about_an_order).collect::<Vec<_>>();
    assert!(entries.len() > 10);
    entries
}

#[test]
fn an_untouched_forgery_is_no_forgery() {
    let written = journal(None);
    for care in [Care::Own, Care::Chain, Care::Seals] {
        assert_eq!(forge(frames(&written), care), written.bytes);
    }
}

#[test]
fn an_entry_changed_with_its_checksum_breaks_the_chain_behind_it() {
    let written = journal(None);
    for entry in changeable(&written) {
        let mut frames = frames(&written);
        let at = frame_of(&written, entry);
        change(&mut frames[at]);
        let forged = forge(frames, Care::Own);
        let damage = verify(&forged, Start::Beginning, None).expect_err("a forgery");
        let next = &written.frames[at + 1];
        assert_eq!(damage.offset, next.bytes.start as u64);
        assert_eq!(damage.sequence, entry + 1);
        assert_eq!(damage.kind, DamageKind::ChainBroken);
    }
}

#[test]
fn an_entry_changed_with_all_later_checksums_breaks_the_seal_of_its_block() {
    for key in [None, Some(KEY)] {
        let written = journal(key);
        for entry in changeable(&written) {
            let mut frames = frames(&written);
            change(&mut frames[frame_of(&written, entry)]);
            let forged = forge(frames, Care::Chain);
            verify(&forged, Start::Beginning, None).expect("all checksums are right");
            let damage = fault(&forged, key);
            let first = (entry - 1) / 5 * 5 + 1;
            assert_eq!(damage.sequence, first);
            let last = first + 4;
            assert_eq!(damage.kind, DamageKind::SealBroken { last });
            let block = match first {
                1 => 0,
                _ => written.frames[frame_of(&written, first)].bytes.start,
            };
            assert_eq!(damage.offset, block as u64);
        }
    }
}

#[test]
fn keyed_seals_cannot_be_made_again_without_the_key() {
    let written = journal(Some(KEY));
    let mut frames = frames(&written);
    change(&mut frames[frame_of(&written, 7)]);
    let forged = forge(frames, Care::Seals);
    assert_eq!(fault(&forged, Some(KEY)).sequence, 1);
    // Without a key only a seal that was kept elsewhere tells.
    let verified = verify(&forged, Start::Beginning, Some(Sealer::new())).unwrap();
    assert_eq!(verified.sealed, ENTRIES as u64);
    assert_ne!(verified.seal, written.frames.last().unwrap().seal);
}

#[test]
fn seals_without_a_key_and_with_one_are_not_each_other() {
    let mut other = KEY;
    other[31] ^= 1;
    for (made, checked) in [
        (None, Some(KEY)),
        (Some(KEY), None),
        (Some(KEY), Some(other)),
    ] {
        let damage = fault(&journal(made).bytes, checked);
        assert_eq!(damage.kind, DamageKind::SealBroken { last: 5 });
        assert_eq!((damage.offset, damage.sequence), (0, 1));
    }
}

#[test]
fn an_entry_that_is_lost_doubled_moved_or_put_in_is_named() {
    let written = journal(None);
    let (original, at) = (frames(&written), frame_of(&written, 7));
    let offset = written.frames[at].bytes.start as u64;
    let length = original[at].len() as u64;
    let broken = |found| DamageKind::SequenceBroken { found };
    type Edit = fn(&mut Vec<Vec<u8>>, usize);
    let edits: [(Edit, u64, u64, u64); 4] = [
        (|frames, at| drop(frames.remove(at)), offset, 7, 8),
        (
            |frames, at| frames.insert(at, frames[at].clone()),
            offset + length,
            8,
            7,
        ),
        (|frames, at| frames.swap(at, at + 1), offset, 7, 8),
        (
            |frames, at| frames.insert(at, frames[at + 2].clone()),
            offset,
            7,
            9,
        ),
    ];
    for (number, (edit, offset, sequence, found)) in edits.into_iter().enumerate() {
        let mut frames = original.clone();
        edit(&mut frames, at);
        let damage = verify(&frames.concat(), Start::Beginning, None).expect_err("a forgery");
        let kind = broken(found);
        let expected = Damage {
            offset,
            sequence,
            kind,
        };
        assert_eq!(damage, expected, "edit {number}");
        // With all numbers and checksums put right, the seal tells.
        let damage = fault(&forge(frames, Care::Chain), None);
        assert!(matches!(damage.kind, DamageKind::SealBroken { .. }));
        assert_eq!(damage.sequence, 6);
    }
}

/// Seals and openings have their place as well.
#[test]
fn a_seal_or_an_opening_at_another_place_is_named() {
    let plan = Plan {
        seal_every: 4,
        open_every: 6,
        key: None,
    };
    let written = Written::of(&Script::decode(0, &even_records(21, ENTRIES)), plan);
    for at in 1..written.frames.len() {
        let place = &written.frames[at];
        if matches!(place.what, What::Entry(_)) {
            continue;
        }
        let found = place.mark.sequence;
        let mut lost = frames(&written);
        lost.remove(at - 1);
        let before = &written.frames[at - 1];
        let expected = Damage {
            offset: before.bytes.start as u64,
            sequence: found,
            kind: DamageKind::SequenceBroken { found },
        };
        // Without seals that are checked, a seal may go.
        let expected = (before.what != What::Seal).then_some(expected);
        let verified = verify(&lost.concat(), Start::Beginning, None);
        assert_eq!(verified.err(), expected);

        let mut numbered = frames(&written);
        numbered[at][16..24].copy_from_slice(&(found + 1).to_le_bytes());
        layout::sign(&mut numbered[at]);
        let damage = fault(&numbered.concat(), None);
        let broken = DamageKind::SequenceBroken { found: found + 1 };
        assert_eq!(damage.kind, broken);
        assert_eq!(damage.offset, place.bytes.start as u64);
    }
}

#[test]
fn an_exchanged_block_and_a_touched_seal_are_found() {
    for key in [None, Some(KEY)] {
        let written = journal(key);
        let seals: Vec<usize> = (0..written.frames.len())
            .filter(|&frame| written.frames[frame].what == What::Seal)
            .collect();
        let broken = |frames: Vec<Vec<u8>>, first, last| {
            let damage = fault(&forge(frames, Care::Chain), key);
            assert_eq!(damage.kind, DamageKind::SealBroken { last });
            assert_eq!(damage.sequence, first);
        };
        // Another number, byte count or digest.
        for byte in [HEAD + 8, HEAD + 16, HEAD + 24, HEAD + 55] {
            let mut frames = frames(&written);
            frames[seals[1]][byte] ^= 1;
            broken(frames, 6, 10);
        }
        // Removed: the next one does not fit the longer block.
        let mut removed = frames(&written);
        removed.remove(seals[1]);
        broken(removed, 6, 15);
        // Moved by one entry.
        let mut moved = frames(&written);
        moved.swap(seals[1], seals[1] + 1);
        broken(moved, 6, 11);
        // Two seals exchanged.
        let mut exchanged = frames(&written);
        exchanged.swap(seals[1], seals[2]);
        broken(exchanged, 6, 10);
        // Twice the same.
        let mut doubled = frames(&written);
        doubled.insert(seals[1], doubled[seals[1]].clone());
        broken(doubled, 10, 10);
        // Of another journal with as many bytes.
        let mut other = frames(&written);
        let script = Script::decode(0, &even_records(22, ENTRIES));
        let plan = written.plan;
        let stranger = Written::of(&script, plan);
        other[seals[0]] = stranger.frame_bytes(seals[0]).to_vec();
        broken(other, 1, 5);
    }
}

#[test]
fn without_its_last_seals_a_journal_vouches_for_less() {
    let written = journal(Some(KEY));
    let last = written.frames.last().unwrap();
    assert_eq!(last.what, What::Seal);
    let bytes = &written.bytes[..last.bytes.start];
    let verified = verify(bytes, Start::Beginning, Some(Sealer::keyed(KEY))).unwrap();
    assert_eq!((verified.entries, verified.sealed), (20, 15));
}

#[test]
fn verifying_goes_on_behind_a_seal_that_was_kept() {
    let written = journal(Some(KEY));
    let seal = frame_of(&written, 10) + 1;
    let place = &written.frames[seal];
    assert_eq!(place.what, What::Seal);
    let rest = &written.bytes[place.bytes.end..];
    let start = Start::After(place.mark);
    let resumed = Sealer::keyed(KEY).resume(place.seal);
    let verified = verify(rest, start, Some(resumed)).unwrap();
    assert_eq!((verified.entries, verified.sealed), (10, 20));
    assert_eq!(verified.seal, written.frames.last().unwrap().seal);
    let from_nothing = verify(rest, start, Some(Sealer::keyed(KEY)));
    let kind = from_nothing.expect_err("not the seal before").kind;
    assert_eq!(kind, DamageKind::SealBroken { last: 15 });
}

/// Whoever forges everything that can be computed still has to do what the engine does.
#[test]
fn a_replay_notices_what_the_engine_would_not_have_done() {
    let written = journal(None);
    let at_rest = (1..written.frames.len()).find(|&at| {
        let Body::Entry(_, events) = &layout::decode(&written.bytes)[at].body else {
            return false;
        };
        matches!(events[..], [Event::Accepted { .. }, Event::Rested { .. }])
    });
    let at = at_rest.expect("an order that rested");
    let end = written.frame_bytes(at).len();
    type Edit = fn(&mut Vec<u8>, usize);
    let edits: [(Edit, usize); 3] = [
        // The side of the last event, that event left out, and that event again.
        (|frame, end| frame[end - 8 + 2] ^= 1, 1),
        (|frame, end| frame.truncate(end - 8), 1),
        (|frame, end| frame.extend_from_within(end - 8..), 2),
    ];
    for (edit, agreed) in edits {
        let mut frames = frames(&written);
        edit(&mut frames[at], end);
        frames[at][0] = (frames[at].len() / 8) as u8;
        let forged = forge(frames, Care::Seals);
        let verified = verify(&forged, Start::Beginning, Some(Sealer::new())).unwrap();
        assert_eq!(verified.entries, ENTRIES as u64);
        diverges(&written, at, &forged, agreed);
    }
}

fn diverges(written: &Written, at: usize, forged: &[u8], agreed: usize) {
    let mut engine = Engine::new(written.instrument.clone());
    let replayed = replay(&mut engine, forged, Start::Beginning, u64::MAX);
    let error = replayed.expect_err("a forgery");
    let mut follower = Follower::new(Engine::new(written.instrument.clone()), Start::Beginning);
    assert_eq!(follower.feed(forged), Err(error.clone()));
    assert_eq!(follower.feed(&[]), Err(error.clone()));
    let ReplayError::Diverged(at_entry) = error else {
        panic!("{error}");
    };
    assert_eq!(at_entry.offset, written.frames[at].bytes.start as u64);
    let What::Entry(number) = written.frames[at].what else {
        unreachable!("an entry was looked for");
    };
    assert_eq!(at_entry.sequence, number);
    let (command, events) = &written.entries[number as usize - 1];
    assert_eq!(at_entry.command, *command);
    assert_eq!(at_entry.agreed, agreed);
    assert_eq!(at_entry.produced, events.get(agreed).copied());
    assert_ne!(at_entry.journalled, at_entry.produced);
    assert!(engine == written.engines[number as usize]);
}

#[test]
fn only_whole_frames_without_a_seal_can_be_sealed() {
    let written = journal(None);
    let mut space = [0; 256];
    let mut sealer = Sealer::new();
    let opening = written.frame_bytes(0);
    let seal = frame_of(&written, 5) + 1;
    let with_seal = &written.bytes[..written.frames[seal].bytes.end];
    let at = written.frames[seal].bytes.start;
    let cases = [
        (&[][..], SealError::BlockEmpty),
        (&opening[..40], SealError::NotFrames { offset: 0 }),
        (&opening[1..], SealError::NotFrames { offset: 0 }),
        (with_seal, SealError::NotFrames { offset: at }),
    ];
    for (block, error) in cases {
        assert_eq!(sealer.close(block, &mut space), Err(error));
    }
    let small = &mut space[..Sealer::SEAL_BYTES - 1];
    assert_eq!(sealer.close(opening, small), Err(SealError::NoRoom));
    assert_eq!(sealer.seal(), Sealer::new().seal(), "nothing was sealed");
    sealer.close(opening, &mut space).unwrap();
    assert_eq!(sealer.seal().blocks, 1);
}

#[test]
fn a_journal_begins_with_an_opening() {
    let written = journal(None);
    for (frame, place) in written.frames.iter().enumerate().skip(1) {
        for end in [place.bytes.end, written.bytes.len()] {
            for start in [Start::Beginning, Start::Anywhere] {
                let bytes = &written.bytes[place.bytes.start..end];
                let damage = verify(bytes, start, None).expect_err("no opening");
                let is = (damage.offset, damage.kind);
                assert_eq!(is, (0, DamageKind::NoOpening), "frame {frame}");
            }
        }
    }
}

#[test]
fn another_format_and_another_instrument_are_named() {
    let written = journal(None);
    for format in [0, 2, 255] {
        for at in [0, 3] {
            let mut frames = frames(&written);
            frames[at][9] = format;
            layout::sign(&mut frames[at]);
            let end = read(&frames.concat()).end;
            let damage = end.expect_err("another format");
            assert_eq!(damage.kind, DamageKind::FormatUnknown { format });
            assert_eq!(damage.offset, written.frames[at].bytes.start as u64);
        }
    }
    for at in [0, 3] {
        let mut frames = frames(&written);
        frames[at][8] = b'Q';
        layout::sign(&mut frames[at]);
        let damage = read(&frames.concat()).end.expect_err("no frame");
        assert_eq!(damage.kind, DamageKind::Checksum);
        assert_eq!(damage.offset, written.frames[at].bytes.start as u64);
    }
    let mut frames = frames(&written);
    let mut second = frames[0].clone();
    // The lowest price of the band.
    second[HEAD + 48] ^= 1;
    frames.insert(1, second);
    let damage = fault(&forge(frames, Care::Chain), None);
    assert_eq!(damage.kind, DamageKind::InstrumentChanged);
    assert_eq!(damage.offset, written.frames[0].bytes.end as u64);
}
