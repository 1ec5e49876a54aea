//! Random commands: what was written is what is read, replayed and followed.

use pricetime::journal::{Follower, Frame, Reader, Start, replay, verify};
use pricetime::{Command, Engine, Event, Events};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::layout::{self, Body};
use crate::model::script::{RECORD, SETTINGS, Script};
use crate::read;
use crate::written::{KEY, Plan, What, Written};

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 96,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_was_written_is_read(written in journals(60)) {
        let found = read(&written.bytes);
        prop_assert_eq!(&found.entries, &written.entries);
        prop_assert_eq!(found.frames, written.frames.len());
        prop_assert_eq!(found.offset, written.bytes.len());
        prop_assert_eq!(found.end, Ok(None));
    }

    #[test]
    fn the_layout_is_as_documented(written in journals(60)) {
        let frames = layout::decode(&written.bytes);
        prop_assert_eq!(frames.len(), written.frames.len());
        let mut reader = Reader::new(&written.bytes, Start::Beginning);
        let mut events = Events::default();
        for (frame, place) in frames.iter().zip(&written.frames) {
            prop_assert_eq!(frame.offset..frame.offset + frame.bytes, place.bytes.clone());
            prop_assert_eq!(frame.format, 1);
            let read = reader.read(&mut events).unwrap().unwrap();
            agree(frame, &read, events.as_slice());
            if frame.checksum != place.mark.chain {
                prop_assert!(matches!(frame.body, Body::Seal(_)));
            }
        }
        check_digests(&written, &frames);
    }

    #[test]
    fn a_journal_verifies(written in journals(60)) {
        let sealer = written.plan.sealer();
        let verified = verify(&written.bytes, Start::Beginning, Some(sealer)).unwrap();
        let last_seal = written.frames.iter().rfind(|frame| frame.what == What::Seal);
        prop_assert_eq!(verified.entries, written.entries.len() as u64);
        prop_assert_eq!(verified.mark, written.mark_after(written.frames.len()));
        prop_assert_eq!(verified.sealed, last_seal.map_or(0, |seal| seal.mark.sequence));
        prop_assert_eq!(verified.seal, written.frames.last().unwrap().seal);
        prop_assert_eq!(verified.torn, None);
        let unsealed = verify(&written.bytes, Start::Beginning, None).unwrap();
        prop_assert_eq!(unsealed.entries, verified.entries);
        prop_assert_eq!(unsealed.sealed, 0);
    }

    #[test]
    fn a_replay_until_any_entry_is_the_engine_then(
        written in journals(40),
        until in any::<prop::sample::Index>(),
    ) {
        let until = until.index(written.engines.len());
        let mut engine = Engine::new(written.instrument.clone());
        let replayed = replay(&mut engine, &written.bytes, Start::Beginning, until as u64).unwrap();
        prop_assert_eq!(replayed.entries, until as u64);
        prop_assert_eq!(replayed.mark.sequence, until as u64);
        prop_assert!(engine == written.engines[until]);
        // And on from there, of the part that is left.
        let rest = &written.bytes[replayed.bytes as usize..];
        let rest = replay(&mut engine, rest, Start::After(replayed.mark), u64::MAX).unwrap();
        prop_assert_eq!(rest.entries as usize, written.entries.len() - until);
        prop_assert!(engine == *written.engines.last().unwrap());
    }

    #[test]
    fn a_follower_equals_the_first_engine_however_it_is_fed(
        written in journals(40),
        sizes in vec(prop_oneof![1..9_usize, 1..200_usize, 1..5_000_usize], 1..12),
    ) {
        let mut follower = Follower::new(Engine::new(written.instrument.clone()), Start::Beginning);
        let (mut at, mut sizes) = (0, sizes.iter().cycle());
        while at < written.bytes.len() {
            let end = written.bytes.len().min(at + sizes.next().unwrap());
            follower.feed(&written.bytes[at..end]).unwrap();
            at = end;
            let whole = written.frames.partition_point(|frame| frame.bytes.end <= at);
            prop_assert_eq!(follower.mark(), written.mark_after(whole));
            let behind = whole.checked_sub(1).map_or(0, |last| written.frames[last].bytes.end);
            prop_assert_eq!(follower.pending_bytes(), at - behind);
            let sequence = follower.mark().sequence as usize;
            prop_assert!(*follower.engine() == written.engines[sequence]);
        }
        let (engine, mark) = follower.into_engine().expect("nothing was damaged");
        prop_assert!(engine == *written.engines.last().unwrap());
        prop_assert_eq!(mark, written.mark_after(written.frames.len()));
    }

    #[test]
    fn every_part_stands_alone(written in journals(40)) {
        let openings = written.frames.iter().enumerate();
        for (number, frame) in openings.filter(|(_, frame)| frame.what == What::Opening) {
            let before = written.mark_after(number);
            let part = &written.bytes[frame.bytes.start..];
            for start in [Start::Anywhere, Start::After(before)] {
                let mut engine = written.engines[before.sequence as usize].clone();
                let replayed = replay(&mut engine, part, start, u64::MAX).unwrap();
                prop_assert_eq!(replayed.mark, written.mark_after(written.frames.len()));
                prop_assert!(engine == *written.engines.last().unwrap());
            }
        }
    }
}

/// Journals of random scripts, with seals and parts or without.
fn journals(commands: usize) -> impl Strategy<Value = Written> {
    let records = vec(any::<[u8; RECORD]>(), 0..=commands);
    let settings = 0..SETTINGS - 1;
    (settings, records, plans()).prop_map(|(setting, records, plan)| {
        let script = Script::decode(setting, &records);
        Written::of(&script, plan)
    })
}

fn plans() -> impl Strategy<Value = Plan> {
    let every = || prop_oneof![Just(0), 1..9_usize];
    let key = prop_oneof![Just(None), Just(Some(KEY))];
    (every(), every(), key).prop_map(|(seal_every, open_every, key)| Plan {
        seal_every,
        open_every,
        key,
    })
}

/// Asserts that both ways of reading a frame say the same.
fn agree(frame: &layout::Frame, read: &Frame, events: &[Event]) {
    match (&frame.body, read) {
        (Body::Opening(instrument), Frame::Opening(read)) => assert_eq!(**instrument, *read),
        (Body::Entry(command, expected), Frame::Entry(entry)) => {
            let read: (u64, u16, Command) = (entry.sequence, entry.rules, entry.command);
            assert_eq!(read, (frame.sequence, frame.rules, *command));
            assert_eq!(events, expected.as_slice());
        }
        (Body::Seal(seal), Frame::Seal(read)) => {
            assert_eq!((seal.number, seal.digest), (read.blocks, read.digest));
        }
        (body, read) => panic!("{body:?} was read as {read:?}"),
    }
}

fn check_digests(written: &Written, frames: &[layout::Frame]) {
    let (mut block, mut number, mut digest) = (0, 0, [0; 32]);
    for frame in frames {
        let Body::Seal(seal) = frame.body else {
            continue;
        };
        number += 1;
        let sealed = &written.bytes[block..frame.offset];
        digest = layout::seal_digest(written.plan.key.as_ref(), sealed, &digest, number);
        let bytes = sealed.len() as u64;
        assert_eq!(
            seal,
            layout::Seal {
                number,
                bytes,
                digest
            }
        );
        block = frame.offset + frame.bytes;
    }
}

impl std::fmt::Debug for Written {
    /// The commands and what stands between the entries: the bytes say no more.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:?} {:?}", self.instrument, self.plan)?;
        let mut commands = self.entries.iter();
        commands.try_for_each(|(command, _)| writeln!(f, "{command:?}"))
    }
}
