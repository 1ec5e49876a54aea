//! Snapshots: the same state gives the same bytes, the bytes give the same engine, and
//! hostile bytes give neither a panic nor a broken book.

#[allow(dead_code, reason = "other tests use the rest of the model")]
mod model;

use model::script::{RECORD, SETTINGS, Script, even_records};
use pricetime::journal::{Mark, SEQUENCE_MAX, SnapshotError, digest, restore, snapshot};
use pricetime::{
    AccountId, Action, Cancel, Capacities, Command, Engine, Event, Events, Instrument, LimitOrder,
    OrderId, PostOnly, Price, Quantity, RejectReason, Side, TimeInForce, Timestamp,
};
use proptest::prelude::*;

const MARK: Mark = Mark {
    sequence: 77,
    chain: 0xABCD_EF01,
};

fn bytes_of(engine: &Engine) -> Vec<u8> {
    let mut bytes = Vec::new();
    snapshot(engine, MARK, &mut bytes);
    bytes
}

fn run(engine: &mut Engine, commands: &[Command]) -> Vec<Event> {
    let mut events = Events::default();
    commands
        .iter()
        .for_each(|command| engine.apply(command, &mut events));
    events.iter().copied().collect()
}

/// Puts the digest right again after the content was changed.
fn redigest(bytes: &mut [u8]) {
    if let Some((content, digest)) = bytes.split_last_chunk_mut::<32>() {
        *digest = *blake3::hash(content).as_bytes();
    }
}

fn restored(bytes: &[u8], instrument: &Instrument) -> Engine {
    let (engine, mark) = restore(bytes, instrument).expect("a snapshot of this instrument");
    assert_eq!(mark, MARK);
    engine.book().check();
    assert_eq!(
        bytes_of(&engine),
        bytes,
        "a restored engine gives other bytes"
    );
    engine
}

fn check_at(script: &Script, at: usize) {
    let instrument = script.instrument.clone().build().expect("a right setting");
    let mut live = Engine::new(instrument.clone());
    let (before, after) = script.commands.split_at(at.min(script.commands.len()));
    run(&mut live, before);
    let bytes = bytes_of(&live);
    let mut copy = restored(&bytes, &instrument);
    assert_eq!(digest(&copy), digest(&live));
    assert_eq!(run(&mut copy, after), run(&mut live, after));
    assert_eq!(bytes_of(&copy), bytes_of(&live));
    assert_eq!(copy.now(), live.now());
    assert_eq!(copy.last_price(), live.last_price());
    assert_eq!(copy.last_trade(), live.last_trade());
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn a_restored_engine_answers_every_later_command_alike(
        setting in 0..SETTINGS,
        records in prop::collection::vec(any::<[u8; RECORD]>(), 1..200),
        at in 0_usize..200,
    ) {
        check_at(&Script::decode(setting, &records), at);
    }

    #[test]
    fn bytes_that_were_changed_on_purpose_give_an_error_or_a_sound_engine(
        setting in 0..SETTINGS,
        records in prop::collection::vec(any::<[u8; RECORD]>(), 1..120),
        changes in prop::collection::vec((any::<usize>(), any::<u8>(), any::<bool>()), 1..4),
    ) {
        let script = Script::decode(setting, &records);
        let instrument = script.instrument.clone().build().expect("a right setting");
        let mut engine = Engine::new(instrument.clone());
        let (before, after) = script.commands.split_at(script.commands.len() / 2);
        run(&mut engine, before);
        let mut bytes = bytes_of(&engine);
        // Behind the instrument, where a change is not refused at once.
        let content = 33 * 8..bytes.len() - 32;
        for (place, value, is_small) in changes {
            let byte = &mut bytes[content.start + place % content.len()];
            *byte = if is_small { byte.wrapping_add(1) } else { value };
        }
        redigest(&mut bytes);
        if let Ok((mut engine, _)) = restore(&bytes, &instrument) {
            engine.book().check();
            prop_assert_eq!(bytes_of(&engine), bytes);
            // And it can go on.
            for command in after {
                run(&mut engine, std::slice::from_ref(command));
                engine.book().check();
            }
        }
    }
}

#[test]
fn long_runs_are_restored_at_any_point() {
    for setting in 0..SETTINGS {
        let script = Script::decode(setting, &even_records(u64::from(setting), 3_000));
        for at in [1, 500, 1_700, 3_000] {
            check_at(&script, at);
        }
    }
}

#[test]
fn each_fault_has_its_own_error() {
    let instrument = Instrument::builder().build().unwrap();
    let whole = bytes_of(&Engine::new(instrument.clone()));
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        restore(&bytes, &instrument).map(|_| ()).unwrap_err()
    };
    let put = |at: usize, value: u8| {
        move |bytes: &mut Vec<u8>| {
            bytes[at] = value;
            redigest(bytes);
        }
    };
    assert_eq!(changed(&|bytes| bytes.clear()), SnapshotError::NotASnapshot);
    assert_eq!(changed(&put(0, b'S')), SnapshotError::NotASnapshot);
    assert_eq!(
        changed(&put(8, 2)),
        SnapshotError::FormatUnknown { format: 2 }
    );
    assert_eq!(changed(&put(9, 1)), SnapshotError::Malformed);
    assert_eq!(
        changed(&put(11, 1)),
        SnapshotError::RulesUnknown { rules: 257 }
    );
    assert_eq!(changed(&put(16, 1)), SnapshotError::Length);
    assert_eq!(changed(&|bytes| bytes.push(0)), SnapshotError::Length);
    assert_eq!(changed(&put(40, 9)), SnapshotError::OtherInstrument);
    assert_eq!(changed(&put(33 * 8 + 8, 1)), SnapshotError::Malformed);
    assert_eq!(changed(&|bytes| bytes[24] ^= 1), SnapshotError::Digest);
}

#[test]
fn no_flipped_bit_and_no_cut_is_restored() {
    let script = Script::decode(3, &even_records(9, 40));
    let instrument = script.instrument.clone().build().unwrap();
    let mut engine = Engine::new(instrument.clone());
    run(&mut engine, &script.commands);
    let whole = bytes_of(&engine);
    for bit in 0..8 * whole.len() {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(restore(&bytes, &instrument).is_err(), "bit {bit}");
    }
    for cut in 0..whole.len() {
        assert!(restore(&whole[..cut], &instrument).is_err(), "cut at {cut}");
    }
}

/// Ids that crowd one home of the index: which of them are refused depends on where the others
/// are kept, which a snapshot therefore has to have.
#[test]
fn a_crowded_index_refuses_the_same_ids_after_a_restore() {
    let capacities = Capacities {
        orders: 100_000,
        ..Capacities::default()
    };
    let builder = Instrument::builder().capacities(capacities).index_key(0);
    let instrument = builder.build().unwrap();
    // As many ids as share the home of id 1 while there are 65,536 homes or fewer.
    let mut crowd = (0_u64..).filter(|&id| crowd_bits(id) == crowd_bits(1));
    let order = |id: u64| LimitOrder {
        id: OrderId(id),
        account: AccountId(1),
        side: Side::Buy,
        post_only: PostOnly::Off,
        price: Price::new(5),
        quantity: Quantity::new(1),
        time_in_force: TimeInForce::Gtc,
    };
    let enter = |id| Command::new(Timestamp::new(0), Action::Limit(order(id)));
    let cancel = |id| {
        let cancel = Cancel {
            id: OrderId(id),
            owner: None,
        };
        Command::new(Timestamp::new(0), Action::Cancel(cancel))
    };
    let ids: Vec<u64> = crowd.by_ref().take(260).collect();
    let mut live = Engine::new(instrument.clone());
    for &id in &ids {
        run(&mut live, &[enter(id)]);
    }
    for &id in ids.iter().step_by(3) {
        run(&mut live, &[cancel(id)]);
    }
    let mut copy = restored(&bytes_of(&live), &instrument);
    let more: Vec<Command> = crowd.take(200).map(enter).collect();
    let events = run(&mut live, &more);
    let refused = |event: &&Event| matches!(event, Event::Rejected { reason, .. } if *reason == RejectReason::OrderIdIndexFull);
    let count = events.iter().filter(refused).count();
    assert!(
        count > 0 && count < more.len(),
        "{count} of {} refused",
        more.len()
    );
    assert_eq!(run(&mut copy, &more), events);
}

/// The low bits of the index's hash with a key of zero.
fn crowd_bits(id: u64) -> u64 {
    let product = u128::from(id) * 0x243F_6A88_85A3_08D3;
    (((product >> 64) as u64 ^ product as u64) >> 32) & 0xFFFF
}

#[test]
fn a_number_that_no_journal_reaches_is_refused() {
    let instrument = Instrument::builder().build().unwrap();
    let engine = Engine::new(instrument.clone());
    let mark = Mark {
        sequence: SEQUENCE_MAX + 1,
        chain: 0,
    };
    let mut bytes = Vec::new();
    snapshot(&engine, mark, &mut bytes);
    let restored = restore(&bytes, &instrument).map(|_| ());
    assert_eq!(restored, Err(SnapshotError::Malformed));
}
