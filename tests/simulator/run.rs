//! One seed: a flow of commands, and a process that is started again and again until all of it is done.

use std::collections::BTreeSet;

use pricetime::journal::{Held, ReplayError, Segment, Writer, digest, snapshot};
use pricetime::{Engine, Events};

use crate::audit::audit;
use crate::disk::Disk;
use crate::faulty::{Crash, Shared};
use crate::lagging::Lagging;
use crate::names;
use crate::random::Random;
use crate::recover::{Recovered, recover};
use crate::refused::Refused;
use crate::rot::{Hit, Rot};
use crate::store::{Group, Store};
use crate::tally::Tally;
use crate::truth::Truth;

pub struct Simulation {
    random: Random,
    truth: Truth,
    disk: Shared,
    follower: Lagging,
    /// What a client was told last.
    acknowledged: u64,
    /// The last entry that was ever handed to the disk.
    written: u64,
    /// Snapshots of which a bit has turned over.
    rotten: BTreeSet<u64>,
    part_bytes: u64,
    group: usize,
    /// Whether to say what happens.
    told: bool,
}

/// An engine at work.
struct Life {
    engine: Engine,
    writer: Writer,
    store: Store<Shared>,
    held: Held,
    segment: Segment,
}

impl Simulation {
    pub fn new(seed: u64, told: bool) -> Self {
        let mut random = Random::new(seed);
        let truth = Truth::new(&mut random);
        let part_bytes = [1, 600, 2_000, 8_000, 1 << 30][random.below(5)];
        let group = [1, 4, 12, 60][random.below(4)];
        Self {
            disk: Shared::new(Random::new(random.bits())),
            follower: Lagging::new(&truth),
            acknowledged: 0,
            written: 0,
            rotten: BTreeSet::new(),
            part_bytes,
            group,
            told,
            truth,
            random,
        }
    }

    /// Plays it to its end.
    pub fn run(mut self) -> Tally {
        self.disk.count("seed");
        self.tell(|this| format!("{} commands", this.truth.last()));
        for _ in 0..self.random.below(9) {
            if let Some(mut life) = self.start() {
                self.crash_soon();
                self.serve(&mut life);
            }
            self.crash();
        }
        let mut life = self.start_whole();
        self.serve(&mut life);
        assert_eq!(self.acknowledged, self.truth.last());
        self.follower.catch_up(&self.disk, &self.truth);
        self.assert_whole();
        self.disk.tally()
    }

    fn tell(&self, what: impl Fn(&Self) -> String) {
        if self.told {
            println!("{}", what(self));
        }
    }

    fn crash_soon(&mut self) {
        let most = [4, 30, 120][self.random.below(3)];
        let operations = self.random.below(most);
        self.disk.crash_after(operations);
    }

    fn crash(&mut self) {
        let (crash, place) = match self.random.once_in(3) {
            true => (Crash::Killed, "crash: killed"),
            false => (Crash::PowerLost, "crash: power lost"),
        };
        self.disk.count(place);
        self.tell(|_| format!("{crash:?}"));
        let content = names::content(&self.disk.names().expect("a disk"));
        if !content.unfinished.is_empty() {
            self.disk.count("snapshot: unfinished");
        }
        if content.parts.is_empty() {
            self.disk.count("crash: before anything was written");
        }
        self.disk.restart(crash);
    }

    /// Recovers: undisturbed, after a bit has turned over, or until it crashes, when there is none.
    fn start(&mut self) -> Option<Life> {
        match self.random.below(4) {
            0 => Some(self.start_rotten()),
            1 | 2 => {
                let operations = self.random.below(8);
                self.disk.crash_after(operations);
                match recover(self.disk.clone(), &self.truth.instrument, &mut |_| ()) {
                    Ok(recovered) => Some(self.live(recovered)),
                    Err(refused) => {
                        assert!(self.disk.has_crashed(), "{refused}");
                        self.disk.count("crash: in recovery");
                        None
                    }
                }
            }
            _ => Some(self.start_whole()),
        }
    }

    fn start_whole(&mut self) -> Life {
        match recover(self.disk.clone(), &self.truth.instrument, &mut |_| ()) {
            Ok(recovered) => self.live(recovered),
            Err(refused) => panic!("refused without a reason: {refused}"),
        }
    }

    /// Recovers after a bit has turned over, which has to be noticed where it matters.
    fn start_rotten(&mut self) -> Life {
        let Some(rot) = Rot::strike(&self.disk, &mut self.random) else {
            return self.start_whole();
        };
        self.tell(|_| format!("{rot:?}"));
        if rot.hit == Hit::Snapshot {
            let file = std::slice::from_ref(&rot.file);
            self.rotten.extend(names::content(file).snapshots);
        }
        match recover(self.disk.clone(), &self.truth.instrument, &mut |_| ()) {
            Ok(recovered) => {
                let snapshot = recovered.snapshot;
                let life = self.live(recovered);
                self.look_over(&rot, snapshot);
                life
            }
            Err(Refused::Journal { file, error }) => {
                self.disk.count("rot: refused");
                assert_located(&rot, &file, &error);
                rot.heal(&self.disk);
                self.start_whole()
            }
            Err(Refused::Acknowledged { .. }) if rot.hit == Hit::Acknowledged => {
                self.disk
                    .count("rot: refused, since a crash had torn the other slot");
                rot.heal(&self.disk);
                self.start_whole()
            }
            Err(refused) => panic!("refused for another reason: {refused}"),
        }
    }

    /// After a recovery that has not met a bit that turned over: the audit meets it if it is still there, and it
    /// is in what the snapshot stood for.
    fn look_over(&mut self, rot: &Rot, snapshot: u64) {
        let is_whole = self.truth.wrote(&self.disk) == Ok(true);
        let audit = audit(&self.disk, &self.truth.instrument, &mut |_, _| ());
        match audit {
            Ok(audit) if audit.torn.is_none() => {
                assert!(is_whole, "the audit has overlooked {rot:?}");
                if matches!(rot.hit, Hit::Frame { .. } | Hit::Tail) {
                    self.disk.count("rot: cut off with the tail");
                }
            }
            Ok(audit) => panic!("torn behind a recovery: {:?}", audit.torn),
            Err(Refused::Journal { file, error }) => {
                assert!(!is_whole, "{error}");
                self.disk.count("rot: found by the audit alone");
                assert_located(rot, &file, &error);
                let is_before =
                    matches!(rot.hit, Hit::Frame { sequence, .. } if sequence <= snapshot);
                assert!(is_before, "recovery has read over {rot:?}");
                rot.heal(&self.disk);
            }
            Err(refused) => panic!("refused for another reason: {refused}"),
        }
    }

    /// Checks a recovery, and begins to live with it.
    fn live(&mut self, recovered: Recovered<Shared>) -> Life {
        let Recovered {
            engine,
            mark,
            store,
            snapshot,
            passed_over,
            cut,
            ..
        } = recovered;
        self.tell(|_| format!("recovered {mark:?} from {snapshot}, cut {cut}, {passed_over:?}"));
        let sequence = mark.sequence;
        assert!(sequence >= self.acknowledged, "acknowledged and lost");
        assert!(sequence <= self.written, "never written");
        let expected = self.truth.digests[sequence as usize];
        assert_eq!(digest(&engine), expected, "the state behind {sequence}");
        for (sequence, why) in &passed_over {
            let is_rotten = self.rotten.contains(sequence);
            assert!(is_rotten, "snapshot {sequence} is not damaged: {why:?}");
        }
        let counts = [
            (cut > 0, "recovery: torn tail cut"),
            (cut > 0 && store.part().bytes == 0, "recovery: part removed"),
            (
                sequence > self.acknowledged,
                "recovery: more than was acknowledged",
            ),
            (snapshot > 0, "recovery: from a snapshot"),
            (snapshot == 0, "recovery: from the beginning"),
            (
                !passed_over.is_empty() && snapshot > 0,
                "snapshot: passed over for an older one",
            ),
            (
                !passed_over.is_empty() && snapshot == 0,
                "snapshot: passed over for the beginning",
            ),
        ];
        for (_, place) in counts.iter().filter(|(is_so, _)| *is_so) {
            self.disk.count(place);
        }
        self.acknowledged = sequence;
        let events_max = 2 * self.truth.instrument.capacities().events as usize;
        let most = Writer::OPENING_BYTES + Writer::entry_bytes_max(events_max);
        Life {
            engine,
            writer: Writer::resume(mark),
            store,
            held: Held::new(self.group, self.group * events_max),
            segment: Segment::new(most + self.random.below(2_000)),
        }
    }

    /// Goes on with the flow until its end or a crash.
    fn serve(&mut self, life: &mut Life) {
        while self.acknowledged < self.truth.last() {
            let group = self.execute(life);
            let done = life.store.commit(&group);
            life.segment = group.segment;
            if let Err(error) = done {
                return assert!(self.disk.has_crashed(), "{error}");
            }
            self.acknowledge(life, group.last);
            let mark = life.writer.mark();
            if self.random.once_in(4) {
                let mut bytes = Vec::new();
                snapshot(&life.engine, mark, &mut bytes);
                if life.store.keep(mark.sequence, &bytes).is_err() {
                    return assert!(self.disk.has_crashed());
                }
                self.rotten.remove(&mark.sequence);
                self.disk.count("snapshot: kept");
            }
            let Self {
                follower,
                disk,
                truth,
                random,
                ..
            } = self;
            follower.go_on(disk, truth, random);
        }
    }

    /// Executes some commands.
    fn execute(&mut self, life: &mut Life) -> Group {
        let mut segment = std::mem::replace(&mut life.segment, Segment::new(0));
        segment.clear();
        let first = life.writer.mark().sequence + 1;
        let begins = life.store.part().is_full(first, self.part_bytes);
        let opens = begins.then_some(first);
        if begins {
            self.disk.count("journal: part begun");
            let opened = segment.open(&mut life.writer, &self.truth.instrument);
            opened.expect("room for an opening");
        }
        let most = self.truth.last() - (first - 1);
        let most = self.random.between(1, self.group.min(most as usize));
        let events_max = 2 * self.truth.instrument.capacities().events as usize;
        let mut last = first - 1;
        let mut events = Events::default();
        for _ in 0..most {
            if segment.room() < Writer::entry_bytes_max(events_max) {
                self.disk.count("journal: group ended for want of room");
                break;
            }
            last += 1;
            let command = &self.truth.commands[last as usize - 1];
            events.clear();
            life.engine.apply(command, &mut events);
            let appended = segment.append(&mut life.writer, command, events.as_slice());
            appended.expect("room for an entry");
            let held = life.held.hold(last, events.as_slice());
            held.expect("room for the events of a group");
            let released = life.held.release(&mut events);
            assert_eq!(released, None, "released before it is durable");
        }
        self.written = self.written.max(last);
        self.tell(|_| format!("executed {first} to {last}, opens {opens:?}"));
        Group {
            segment,
            opens,
            last,
        }
    }

    /// Tells the client what happened, up to an entry that is durable.
    fn acknowledge(&mut self, life: &mut Life, last: u64) {
        life.held.durable(last);
        let mut events = Events::default();
        while let Some(sequence) = life.held.release(&mut events) {
            assert_eq!(sequence, self.acknowledged + 1, "each once, in order");
            let expected = &self.truth.events[sequence as usize - 1];
            assert_eq!(events.as_slice(), expected, "the events of {sequence}");
            self.acknowledged = sequence;
        }
        assert_eq!(self.acknowledged, last);
    }

    /// At the end: all seals are right, and every byte is what a run without any crash writes.
    fn assert_whole(&self) {
        let audit = audit(&self.disk, &self.truth.instrument, &mut |_, _| ());
        let audit = match audit {
            Ok(audit) => audit,
            Err(refused) => panic!("at the end: {refused}"),
        };
        assert_eq!(audit.torn, None);
        assert_eq!(audit.mark.sequence, self.truth.last());
        assert_eq!(audit.sealed, self.truth.last());
        assert_eq!(Some(&digest(&audit.engine)), self.truth.digests.last());
        assert_eq!(self.truth.wrote(&self.disk), Ok(true));
    }
}

/// The error names the frame that the bit is in.
fn assert_located(rot: &Rot, file: &str, error: &ReplayError) {
    let (Hit::Frame { offset, sequence }, ReplayError::Damaged(damage)) = (rot.hit, error) else {
        panic!("{file}: {error}, for {rot:?}");
    };
    let expected = (rot.file.as_str(), offset as u64, sequence);
    assert_eq!((file, damage.offset, damage.sequence), expected, "{error}");
}
