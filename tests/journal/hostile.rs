//! Bytes that nobody vouches for.

use pricetime::journal::{
    DamageKind, Follower, Frame, Reader, ReplayError, Sealer, Start, Writer, replay, verify,
};
use pricetime::{Engine, Events, Instrument, Notional};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::golden_rows::{instrument_with_everything, instruments_with_one_setting};
use crate::layout::{self, Body, HEAD};
use crate::model::script::{RECORD, SETTINGS, Script};
use crate::written::{Plan, SMALL, Written};
use crate::{Found, read, read_from};

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 256,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_bytes_are_too_bad_to_be_read(bytes in vec(any::<u8>(), 0..600)) {
        check(&bytes, &Instrument::builder().capacities(SMALL).build().unwrap());
    }

    #[test]
    fn no_change_of_a_journal_is_too_bad_to_be_read(
        setting in 0..SETTINGS - 1,
        records in vec(any::<[u8; RECORD]>(), 1..12),
        changes in vec((any::<Index>(), any::<u8>(), 0..8_u8), 1..5),
    ) {
        let plan = Plan { seal_every: 4, open_every: 6, key: None };
        let written = Written::of(&Script::decode(setting, &records), plan);
        let mut bytes = written.bytes.clone();
        for (at, byte, how) in &changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes.truncate(at.max(1)),
                1 => drop(bytes.drain(at..(at + 8 * usize::from(*byte)).min(bytes.len()))),
                2 => bytes.extend_from_within(at..),
                3..6 => bytes[at / 8 * 8] = *byte,
                _ => bytes[at] = *byte,
            }
            if bytes.is_empty() {
                bytes.push(*byte);
            }
        }
        check(&bytes, &written.instrument);
    }

    /// As somebody would who knows the checksums.
    #[test]
    fn no_change_with_the_right_checksums_is_read_as_what_it_is_not(
        setting in 0..SETTINGS - 1,
        records in vec(any::<[u8; RECORD]>(), 1..12),
        changes in vec((any::<Index>(), any::<Index>(), any::<u8>(), any::<bool>()), 1..4),
    ) {
        let plan = Plan { seal_every: 4, open_every: 6, key: None };
        let written = Written::of(&Script::decode(setting, &records), plan);
        let all = 0..written.frames.len();
        let mut frames: Vec<Vec<u8>> = all.map(|frame| written.frame_bytes(frame).to_vec()).collect();
        for (frame, at, byte, is_bit) in &changes {
            let frame = &mut frames[frame.index(written.frames.len())];
            let at = HEAD - 8 + at.index(frame.len() - HEAD + 8);
            frame[at] ^= if *is_bit { 1 << (byte % 8) } else { *byte };
        }
        let mut chain = [0; 4];
        for frame in &mut frames {
            frame[12..16].copy_from_slice(&chain);
            layout::sign(frame);
            if frame[HEAD] != 65 {
                chain.copy_from_slice(&frame[4..8]);
            }
        }
        check(&frames.concat(), &written.instrument);
    }
}

/// Asserts that all ways of reading these bytes say the same, and nothing that was not written.
pub fn check(bytes: &[u8], instrument: &Instrument) {
    let found = read(bytes);
    written_again(&found, bytes);
    let verified = verify(bytes, Start::Beginning, None);
    match (&found.end, &verified) {
        (Ok(torn), Ok(verified)) => {
            assert_eq!(verified.entries as usize, found.entries.len());
            assert_eq!(verified.torn, *torn);
        }
        (Err(damage), Err(verified)) => assert_eq!(damage, verified),
        (read, verified) => panic!("{read:?} {verified:?}"),
    }
    let _ = verify(bytes, Start::Beginning, Some(Sealer::new()));
    let anywhere = read_from(Reader::new(bytes, Start::Anywhere));
    assert!(anywhere.offset <= bytes.len());
    let acknowledged = found.entries.len() as u64;
    let reader = Reader::new(bytes, Start::Beginning).acknowledged(acknowledged);
    assert_eq!(read_from(reader).entries, found.entries);
    check_replay(&found, bytes, instrument);
}

/// What was read as an entry gives these very bytes when it is written.
fn written_again(found: &Found, bytes: &[u8]) {
    let mut reader = Reader::new(bytes, Start::Beginning);
    let mut events = pricetime::Events::default();
    let mut before = (0, reader.mark());
    while let Ok(Some(frame)) = reader.read(&mut events) {
        if let pricetime::journal::Frame::Entry(entry) = frame {
            let mut writer = Writer::resume(before.1);
            let mut space = vec![0; Writer::entry_bytes_max(events.len())];
            let written = writer
                .append(&entry.command, events.as_slice(), &mut space)
                .unwrap();
            let original = &bytes[before.0..reader.offset()];
            // All but the version of the rules, and the checksum that it is in.
            assert_eq!(written, original.len());
            assert_eq!(space[8..10], original[8..10]);
            assert_eq!(space[12..written], original[12..]);
            assert_eq!(
                entry.rules,
                u16::from_le_bytes([original[10], original[11]])
            );
        }
        before = (reader.offset(), reader.mark());
    }
    assert_eq!(reader.offset(), found.offset);
}

/// A replay executes no entry that cannot be read, and a follower does as the replay.
fn check_replay(found: &Found, bytes: &[u8], instrument: &Instrument) {
    let mut engine = Engine::new(instrument.clone());
    let replayed = replay(&mut engine, bytes, Start::Beginning, u64::MAX);
    let mut follower = Follower::new(Engine::new(instrument.clone()), Start::Beginning);
    let fed: Result<(), ReplayError> = bytes.chunks(13).try_for_each(|piece| follower.feed(piece));
    match replayed {
        Ok(replayed) => {
            assert_eq!(replayed.entries as usize, found.entries.len());
            assert_eq!(found.end, Ok(replayed.torn));
            assert_eq!(follower.mark(), replayed.mark);
            assert!(*follower.engine() == engine);
            // A tail that will never be whole may show to the one who waits for it as damage.
            assert!(fed.is_ok() || replayed.torn.is_some());
        }
        Err(ReplayError::Damaged(damage)) => {
            assert_eq!(found.end, Err(damage));
            let fed_damage = matches!(fed, Ok(()) | Err(ReplayError::Damaged(_)));
            assert!(fed_damage, "{fed:?}");
        }
        Err(error) => assert_eq!(fed, Err(error)),
    }
}

/// A length up to the sky is not believed.
#[test]
fn a_length_without_end_is_damage_to_a_follower_and_a_tail_to_a_reader() {
    let instrument = Instrument::builder().capacities(SMALL).build().unwrap();
    for length in [0, 1, 3, 1 << 20, u32::MAX] {
        let plan = Plan::default();
        let written = Written::new(instrument.clone(), &[], plan);
        let mut bytes = written.bytes.clone();
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&[0x50; 60]);
        let found = read(&bytes);
        assert!(found.end.unwrap().is_some());
        let mut follower = Follower::new(Engine::new(instrument.clone()), Start::Beginning);
        assert!(follower.feed(&bytes).is_err(), "{length}");
        assert_eq!(follower.pending_bytes(), 0);
    }
}

/// Bytes made to look like frames within frames within frames.
#[test]
fn the_search_for_more_frames_ends_soon() {
    let instrument = Instrument::builder().capacities(SMALL).build().unwrap();
    let mut bytes = Written::new(instrument, &[], Plan::default()).bytes;
    let words = 1 << 18;
    let end = bytes.len() + 8 * words;
    for word in 0..words {
        let length = match word % 3 {
            0 => (end - bytes.len()) as u64 / 8,
            1 => u64::from_le_bytes([b'P', 1, 0, 0, 0, 0, 0, 0]),
            _ => 1 + word as u64 / 3,
        };
        bytes.extend_from_slice(&length.to_le_bytes());
    }
    let begun = std::time::Instant::now();
    let _ = read(&bytes);
    assert!(begun.elapsed().as_secs() < 20);
}

/// A frame's time stands in its head alone: a command with another one is not what was written.
#[test]
fn a_command_with_a_time_of_its_own_is_malformed() {
    let instrument = Instrument::builder().capacities(SMALL).build().unwrap();
    let bytes = Written::new(instrument.clone(), &[], Plan::default()).bytes;
    // The time of the head is 5. The command has word 6 with a time of 9, and its event repeats it.
    let own_time = vec![7 | 1 << 14, 9, 42];
    let (plain, damage) = (vec![7, 42], DamageKind::Malformed);
    for (payload, expected) in [(plain, None), (own_time, Some(damage))] {
        let mut frame = vec![0; HEAD];
        frame[8..12].copy_from_slice(&[b'P', 1, 1, 0]);
        frame[12..16].copy_from_slice(&bytes[4..8]);
        (frame[16], frame[24]) = (1, 5);
        for word in payload {
            frame.extend_from_slice(&u64::to_le_bytes(word));
        }
        frame[0] = frame.len() as u8 / 8;
        layout::sign(&mut frame);
        let journal = [&bytes[..], &frame].concat();
        let found = read(&journal).end;
        assert_eq!(found.map_err(|damage| damage.kind).err(), expected);
        let mut engine = Engine::new(instrument.clone());
        let replayed = replay(&mut engine, &journal, Start::Beginning, u64::MAX);
        assert_eq!(
            replayed.map(drop),
            found.map(drop).map_err(ReplayError::from)
        );
    }
}

#[test]
fn every_setting_comes_back_from_its_opening() {
    let all = instruments_with_one_setting();
    for (number, instrument) in all.iter().enumerate() {
        let written = Written::new(instrument.clone(), &[], Plan::default());
        let frames = layout::decode(&written.bytes);
        let said = Body::Opening(Box::new(instrument.clone()));
        assert_eq!(frames[0].body, said);
        let mut reader = Reader::new(&written.bytes, Start::Beginning);
        let read = reader.read(&mut Events::default()).unwrap();
        assert_eq!(read, Some(Frame::Opening(instrument.clone())));
        let others = all.iter().skip(number + 1);
        assert!(others.into_iter().all(|other| other != instrument));
    }
}

/// Exactly one opening stands for an instrument.
#[test]
fn an_opening_that_is_read_is_written_with_these_bytes() {
    let plain = Instrument::builder().capacities(SMALL);
    let limited = plain.clone().notional_max(Notional::new(1 << 70));
    let (mut read_well, mut malformed) = (0, 0);
    let instruments = [plain, limited].map(|builder| builder.build().unwrap());
    for instrument in instruments
        .into_iter()
        .chain([instrument_with_everything()])
    {
        let written = Written::new(instrument, &[], Plan::default());
        for bit in 8 * HEAD..8 * written.bytes.len() {
            let mut bytes = written.bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            layout::sign(&mut bytes);
            let mut reader = Reader::new(&bytes, Start::Beginning);
            let Ok(Some(Frame::Opening(instrument))) = reader.read(&mut Events::default()) else {
                malformed += 1;
                continue;
            };
            let mut own = [0; Writer::OPENING_BYTES];
            let length = Writer::new().open(&instrument, &mut own).unwrap();
            assert_eq!(own[..length], bytes, "bit {bit}");
            read_well += 1;
        }
    }
    assert!(
        read_well > 200 && malformed > 200,
        "{read_well} {malformed}"
    );
}
