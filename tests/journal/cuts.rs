//! A journal cut at every byte: what is whole is there, and writing goes on as if nothing had been.

use pricetime::Engine;
use pricetime::journal::{DamageKind, Reader, Start, Torn, Writer, replay, verify};

use crate::model::script::{SETTINGS, Script, even_records};
use crate::written::{Growing, KEY, Plan, What, Written};
use crate::{read, read_from};

fn journals() -> Vec<Written> {
    let plans = [
        Plan::default(),
        Plan {
            seal_every: 4,
            open_every: 7,
            key: None,
        },
        Plan {
            seal_every: 5,
            open_every: 5,
            key: Some(KEY),
        },
    ];
    let settings = (0..SETTINGS - 1).zip(plans.iter().cycle());
    let script = |setting| Script::decode(setting, &even_records(u64::from(setting), 24));
    settings
        .map(|(setting, plan)| Written::of(&script(setting), *plan))
        .collect()
}

#[test]
fn cut_at_every_byte_it_reads_as_its_longest_whole_prefix() {
    for written in journals() {
        for cut in 0..=written.bytes.len() {
            check_cut(&written, cut);
        }
    }
}

fn check_cut(written: &Written, cut: usize) {
    let bytes = &written.bytes[..cut];
    let whole = written.frames.partition_point(|it| it.bytes.end <= cut);
    let offset = whole
        .checked_sub(1)
        .map_or(0, |last| written.frames[last].bytes.end);
    let mark = written.mark_after(whole);
    let entries = mark.sequence as usize;
    let torn = (offset < cut).then_some(Torn {
        offset: offset as u64,
        sequence: mark.sequence + 1,
        kind: DamageKind::Incomplete,
    });

    let found = read(bytes);
    assert_eq!(found.entries, written.entries[..entries], "cut at {cut}");
    assert_eq!((found.frames, found.offset), (whole, offset));
    assert_eq!(found.end, Ok(torn), "cut at {cut}");

    let verified = verify(bytes, Start::Beginning, Some(written.plan.sealer())).unwrap();
    assert_eq!(verified.entries, mark.sequence);
    assert_eq!((verified.mark, verified.torn), (mark, torn));

    let mut engine = Engine::new(written.instrument.clone());
    let replayed = replay(&mut engine, bytes, Start::Beginning, u64::MAX).unwrap();
    assert_eq!(replayed.entries, mark.sequence);
    assert_eq!((replayed.mark, replayed.torn), (mark, torn));
    assert_eq!(replayed.bytes, offset as u64);
    assert!(engine == written.engines[entries], "cut at {cut}");
}

#[test]
fn behind_every_cut_the_journal_goes_on_with_the_same_bytes() {
    for written in journals() {
        for whole in 0..=written.frames.len() {
            let end = whole
                .checked_sub(1)
                .map_or(0, |last| written.frames[last].bytes.end);
            let mut seals = written.frames[..whole].iter();
            let last_seal = seals.rfind(|frame| frame.what == What::Seal);
            let mut growing = Growing {
                instrument: &written.instrument,
                bytes: written.bytes[..end].to_vec(),
                writer: Writer::resume(written.mark_after(whole)),
                sealer: written
                    .plan
                    .sealer()
                    .resume(last_seal.map_or(Default::default(), |frame| frame.seal)),
                block: last_seal.map_or(0, |frame| frame.bytes.end),
            };
            for frame in &written.frames[whole..] {
                growing.add(frame.what, &written.entries);
            }
            assert_eq!(growing.bytes, written.bytes, "behind frame {whole}");
        }
    }
}

#[test]
fn a_cut_behind_the_acknowledged_entry_is_a_tail_and_before_it_damage() {
    let written = &journals()[1];
    for cut in 0..=written.bytes.len() {
        let whole = written.frames.partition_point(|it| it.bytes.end <= cut);
        let sequence = written.mark_after(whole).sequence;
        let offset = read(&written.bytes[..cut]).offset;
        for acknowledged in [0, 1, sequence, sequence + 1, u64::MAX] {
            let reader = Reader::new(&written.bytes[..cut], Start::Beginning);
            let found = read_from(reader.acknowledged(acknowledged));
            assert_eq!(found.offset, offset);
            match found.end {
                Ok(torn) => {
                    assert!(acknowledged <= sequence, "cut at {cut}");
                    assert_eq!(torn.is_some(), offset < cut);
                }
                Err(damage) => {
                    assert!(acknowledged > sequence, "cut at {cut}");
                    let is = (damage.offset as usize, damage.sequence);
                    assert_eq!(is, (offset, sequence + 1));
                    let at_boundary = damage.kind == DamageKind::AcknowledgedMissing;
                    assert_eq!(at_boundary, offset == cut);
                }
            }
        }
    }
}
