//! One bit of a journal flipped: it is noticed, and the frame is named.

use pricetime::Engine;
use pricetime::journal::{Reader, Start, replay, verify};

use crate::model::script::{Script, even_records};
use crate::written::{KEY, Plan, Written};
use crate::{read, read_from};

fn flipped(written: &Written, bit: usize) -> Vec<u8> {
    let mut bytes = written.bytes.clone();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// Asserts that the flip is noticed where it is.
fn check_flip(written: &Written, bit: usize) {
    let bytes = flipped(written, bit);
    let frame = written.frame_at(bit / 8);
    let place = &written.frames[frame];
    let named = (place.bytes.start as u64, written.next_entry(frame));
    let is_last = frame + 1 == written.frames.len();
    let sealer = written.plan.sealer();
    match verify(&bytes, Start::Beginning, Some(sealer)) {
        Err(damage) => {
            assert_eq!((damage.offset, damage.sequence), named, "bit {bit}");
            assert!(!is_last || frame == 0, "bit {bit}: {damage}");
        }
        Ok(verified) => {
            let torn = verified.torn.expect("something is wrong");
            assert_eq!((torn.offset, torn.sequence), named, "bit {bit}");
            assert!(is_last, "bit {bit} of byte {} is torn", bit / 8);
        }
    }
    // Reading gives the entries before and no other.
    let found = read(&bytes);
    let entries = written.mark_after(frame).sequence as usize;
    assert_eq!(found.entries, written.entries[..entries], "bit {bit}");
    assert_eq!(found.offset, place.bytes.start);
}

fn plans() -> [Plan; 4] {
    let sealed = Plan {
        seal_every: 3,
        open_every: 8,
        key: None,
    };
    let keyed = Plan {
        seal_every: 12,
        open_every: 5,
        key: Some(KEY),
    };
    let closed = Plan {
        seal_every: 6,
        open_every: 6,
        key: None,
    };
    [Plan::default(), sealed, keyed, closed]
}

#[test]
fn every_flipped_bit_of_a_small_journal_is_found_and_named() {
    for (seed, plan) in plans().into_iter().enumerate() {
        let script = Script::decode(seed as u8, &even_records(seed as u64, 12));
        let written = Written::of(&script, plan);
        for bit in 0..8 * written.bytes.len() {
            check_flip(&written, bit);
        }
    }
}

#[test]
fn flipped_bits_of_a_large_journal_are_found_and_named() {
    let script = Script::decode(8, &even_records(5, 900));
    let plan = Plan {
        seal_every: 100,
        open_every: 250,
        key: None,
    };
    let written = Written::of(&script, plan);
    assert!(written.bytes.len() > 60_000, "{}", written.bytes.len());
    let bits = 8 * written.bytes.len();
    // An odd step meets every bit of a byte and every byte of a word.
    for bit in (0..bits).step_by((bits / 200) | 1) {
        check_flip(&written, bit);
    }
}

#[test]
fn a_flip_behind_the_acknowledged_entry_is_a_tail_and_before_it_damage() {
    let [_, plan, ..] = plans();
    let written = Written::of(&Script::decode(0, &even_records(3, 12)), plan);
    for bit in (0..8 * written.bytes.len()).step_by(7) {
        let bytes = flipped(&written, bit);
        let frame = written.frame_at(bit / 8);
        let sequence = written.mark_after(frame).sequence;
        for acknowledged in [sequence, sequence + 1] {
            let reader = Reader::new(&bytes, Start::Beginning).acknowledged(acknowledged);
            let found = read_from(reader);
            assert_eq!(found.offset, written.frames[frame].bytes.start);
            assert_eq!(found.end.is_ok(), acknowledged == sequence, "bit {bit}");
        }
    }
}

#[test]
fn a_replay_of_a_flipped_journal_stops_before_the_flip() {
    let [_, plan, ..] = plans();
    let written = Written::of(&Script::decode(4, &even_records(8, 12)), plan);
    for bit in (0..8 * written.bytes.len()).step_by(11) {
        let frame = written.frame_at(bit / 8);
        let mut engine = Engine::new(written.instrument.clone());
        let replayed = replay(
            &mut engine,
            &flipped(&written, bit),
            Start::Beginning,
            u64::MAX,
        );
        let sequence = written.mark_after(frame).sequence as usize;
        assert!(engine == written.engines[sequence], "bit {bit}");
        let is_torn = replayed.is_ok_and(|replayed| replayed.torn.is_some());
        assert_eq!(is_torn, frame + 1 == written.frames.len(), "bit {bit}");
    }
}

/// Bytes are lost or put in where a copy was cut and joined.
#[test]
fn bytes_lost_or_put_in_are_damage_at_their_frame() {
    let [_, plan, ..] = plans();
    let written = Written::of(&Script::decode(0, &even_records(2, 30)), plan);
    let last = written.frames.last().unwrap().bytes.start;
    for at in (1..last - 9).step_by(13) {
        for count in 1..=9 {
            let mut lost = written.bytes.clone();
            lost.drain(at..at + count);
            let mut put_in = written.bytes.clone();
            put_in.splice(at..at, vec![0xA5; count]);
            for bytes in [lost, put_in] {
                let damage = verify(&bytes, Start::Beginning, None).expect_err("damage");
                // What was lost may be what follows it.
                let same = bytes.iter().zip(&written.bytes);
                let at = same.take_while(|(own, first)| own == first).count();
                let frame = written.frame_at(at);
                let named = (damage.offset as usize, damage.sequence);
                let expected = (written.frames[frame].bytes.start, written.next_entry(frame));
                assert_eq!(named, expected, "{count} bytes at {at}: {damage}");
            }
        }
    }
}
