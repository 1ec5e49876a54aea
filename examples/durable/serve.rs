//! The matcher and the disk, side by side: while one group becomes durable, the next one is executed.
//!
//! ```text
//!   matcher: command -> engine -> segment, held --group--> disk: commit
//!            acknowledge <- held <-------------group-------------'
//! ```

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use pricetime::journal::{Held, Sealer, Segment, Writer, snapshot};
use pricetime::{Engine, Event, Events};

use crate::disk::Disk;
use crate::flow::Flow;
use crate::recover::Recovered;
use crate::store::{Group, Part, Store};

/// Segments in turn: one is filled while the other becomes durable.
const SEGMENTS: usize = 2;
/// Bytes of a segment: several times what one entry can take.
const SEGMENT_BYTES: usize = 1 << 19;

/// What to do, and in which pieces.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub flow: Flow,
    /// The number of the last command.
    pub commands: u64,
    /// Commands in a group, at most.
    pub group: usize,
    /// A part that has so many bytes is the last group's.
    pub part_bytes: u64,
    /// Entries from one snapshot to the next, at least.
    pub snapshot_every: u64,
}

/// What the disk is to do, in this order.
enum Work {
    Commit(Group),
    Keep(u64, Vec<u8>),
}

/// Executes what is left of the plan. Each entry is acknowledged on `out` once it is durable. Gives the
/// engine, and the number of the last entry.
pub fn serve<D: Disk + Send>(
    recovered: Recovered<D>,
    plan: &Plan,
    out: &mut dyn Write,
) -> io::Result<(Engine, u64)> {
    let (to_disk, work) = sync_channel(1);
    let (done, durable) = channel();
    let mut store = recovered.store;
    let mut matcher = Matcher {
        writer: Writer::resume(recovered.mark),
        engine: recovered.engine,
        part: store.part().clone(),
        snapshot_at: recovered.mark.sequence + plan.snapshot_every,
        plan,
        held: Held::new(SEGMENTS * plan.group, SEGMENTS * SEGMENT_BYTES / 8),
        spare: (0..SEGMENTS).map(|_| Segment::new(SEGMENT_BYTES)).collect(),
        events: Events::default(),
        out,
    };
    thread::scope(|scope| {
        let disk = scope.spawn(move || persist(&mut store, work, &done));
        let matched = matcher.run(to_disk, &durable);
        let persisted = disk.join();
        persisted.map_err(|_| io::Error::other("the disk's thread ended"))??;
        matched
    })?;
    Ok((matcher.engine, matcher.writer.mark().sequence))
}

fn persist<D: Disk>(
    store: &mut Store<D>,
    work: Receiver<Work>,
    done: &Sender<Group>,
) -> io::Result<()> {
    for work in work {
        match work {
            Work::Commit(group) => {
                store.commit(&group)?;
                // If nobody listens any more there is nobody to acknowledge it.
                let _ = done.send(group);
            }
            Work::Keep(sequence, snapshot) => store.keep(sequence, &snapshot)?,
        }
    }
    Ok(())
}

struct Matcher<'a> {
    engine: Engine,
    writer: Writer,
    plan: &'a Plan,
    /// The part as it will be when the disk has done all its work.
    part: Part,
    snapshot_at: u64,
    held: Held,
    spare: Vec<Segment>,
    events: Events,
    out: &'a mut dyn Write,
}

impl Matcher<'_> {
    fn run(&mut self, to_disk: SyncSender<Work>, durable: &Receiver<Group>) -> io::Result<()> {
        let ended = |_| io::Error::other("the disk's thread ended");
        while self.writer.mark().sequence < self.plan.commands {
            let segment = match self.spare.pop() {
                Some(segment) => segment,
                None => self.acknowledge(durable.recv().map_err(io::Error::other)?)?,
            };
            let group = self.group(segment)?;
            to_disk.send(Work::Commit(group)).map_err(ended)?;
            let mark = self.writer.mark();
            if mark.sequence >= self.snapshot_at {
                self.snapshot_at = mark.sequence + self.plan.snapshot_every;
                let mut bytes = Vec::new();
                snapshot(&self.engine, mark, &mut bytes);
                to_disk
                    .send(Work::Keep(mark.sequence, bytes))
                    .map_err(ended)?;
            }
            while let Ok(group) = durable.try_recv() {
                let segment = self.acknowledge(group)?;
                self.spare.push(segment);
            }
        }
        drop(to_disk);
        while let Ok(group) = durable.recv() {
            self.acknowledge(group)?;
        }
        Ok(())
    }

    /// Executes the next commands, as many as belong in a group.
    fn group(&mut self, mut segment: Segment) -> io::Result<Group> {
        segment.clear();
        let first = self.writer.mark().sequence + 1;
        let is_full = self.part.is_full(first, self.plan.part_bytes);
        let opens = is_full.then_some(first);
        if is_full {
            self.part = Part { first, bytes: 0 };
            let opened = segment.open(&mut self.writer, self.engine.instrument());
            opened.map_err(io::Error::other)?;
        }
        let events_max = 2 * self.engine.instrument().capacities().events as usize;
        let mut last = first - 1;
        while last < self.plan.commands
            && last - (first - 1) < self.plan.group as u64
            && segment.room() >= Writer::entry_bytes_max(events_max)
        {
            last += 1;
            let command = self.plan.flow.command(last);
            self.events.clear();
            self.engine.apply(&command, &mut self.events);
            let events = self.events.as_slice();
            let appended = segment.append(&mut self.writer, &command, events);
            appended.map_err(io::Error::other)?;
            self.held.hold(last, events).map_err(io::Error::other)?;
        }
        self.part.bytes += (segment.bytes().len() + Sealer::SEAL_BYTES) as u64;
        Ok(Group {
            segment,
            opens,
            last,
        })
    }

    /// Tells of everything up to a group that is durable; its segment, to be filled again.
    fn acknowledge(&mut self, group: Group) -> io::Result<Segment> {
        self.held.durable(group.last);
        while let Some(sequence) = self.held.release(&mut self.events) {
            let is_trade = |event: &&Event| matches!(event, Event::Traded { .. });
            let trades = self.events.iter().filter(is_trade).count();
            writeln!(self.out, "ack {sequence} trades {trades}")?;
        }
        self.out.flush()?;
        Ok(group.segment)
    }
}
