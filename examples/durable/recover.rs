//! From what a crash left on a disk to an engine that goes on.
//!
//! ```text
//!   newest snapshot that is whole and of this journal -> the entries behind it, part by part -> cut what is
//!   torn -> seal what is not sealed -> sync -> note all of it as acknowledged -> go on
//! ```

use std::io;

use pricetime::journal::{
    Damage, DamageKind, Frame, Mark, Reader, ReplayError, Seal, Sealer, SnapshotError, Start, Torn,
    replay_from, restore,
};
use pricetime::{Engine, Events, Instrument};

use crate::acknowledged::Acknowledged;
use crate::disk::Disk;
use crate::names::{self, Content};
use crate::refused::Refused;
use crate::store::{Part, Store};

/// How many entries are executed between two calls of the progress.
const STEP: u64 = 1 << 14;

/// An engine, and the store to go on with.
pub struct Recovered<D> {
    pub engine: Engine,
    /// Behind the last entry, all of which are durable.
    pub mark: Mark,
    pub store: Store<D>,
    /// The snapshot that it began with; zero without one.
    pub snapshot: u64,
    /// Snapshots that were newer and of no use, and why.
    pub passed_over: Vec<(u64, PassedOver)>,
    /// How many entries were executed.
    pub replayed: u64,
    /// How many bytes were cut off the last part.
    pub cut: u64,
}

/// Why a snapshot was not begun with.
#[derive(Debug)]
pub enum PassedOver {
    /// It is not whole.
    Snapshot(SnapshotError),
    /// The journal has nothing, or something else, at its place.
    NotOfThisJournal,
}

/// How far recovery is.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Bytes executed.
    pub bytes: u64,
    /// Bytes to execute in all.
    pub of: u64,
    /// Entries executed.
    pub entries: u64,
}

/// Recovers the journal on a disk, or begins one.
pub fn recover<D: Disk>(
    mut disk: D,
    instrument: &Instrument,
    progress: &mut dyn FnMut(Step),
) -> Result<Recovered<D>, Refused> {
    let content = names::content(&disk.names()?);
    for name in &content.unfinished {
        disk.remove(name)?;
    }
    // What is there, the process before may have made without living to sync it.
    disk.sync_names()?;
    let mut acknowledged = acknowledged(&mut disk, &content)?;
    let (base, passed_over) = base(&disk, &content, instrument, acknowledged.sequence())?;
    let snapshot = base.mark.sequence;
    let mut tail = Tail::new(&disk, &content.parts, base, acknowledged.sequence())?;
    let end = tail.replay(progress)?;
    let (engine, mark, replayed) = (tail.engine, tail.mark, tail.step.entries);
    let (parts, cut) = mend(&mut disk, &content.parts, end)?;
    let (part, sealer) = seal(&mut disk, parts)?;
    acknowledged.advance(mark.sequence, &mut disk)?;
    Ok(Recovered {
        engine,
        mark,
        store: Store::new(disk, part, sealer, acknowledged),
        snapshot,
        passed_over,
        replayed,
        cut,
    })
}

/// What was acknowledged. Where there is no part yet, nothing was.
fn acknowledged<D: Disk>(disk: &mut D, content: &Content) -> Result<Acknowledged, Refused> {
    if content.acknowledged {
        let file = names::ACKNOWLEDGED.to_string();
        return Acknowledged::read(disk)?.ok_or(Refused::Acknowledged { file });
    }
    if content.parts.is_empty() {
        return Ok(Acknowledged::create(disk)?);
    }
    let file = names::ACKNOWLEDGED.to_string();
    Err(Refused::Acknowledged { file })
}

/// Where replay begins.
struct Base {
    engine: Engine,
    mark: Mark,
    start: Start,
    /// The number of the part among the parts, and the offset in it.
    part: usize,
    at: usize,
}

/// The newest snapshot that is of use, or the beginning.
fn base<D: Disk>(
    disk: &D,
    content: &Content,
    instrument: &Instrument,
    acknowledged: u64,
) -> Result<(Base, Vec<(u64, PassedOver)>), Refused> {
    let mut passed_over = Vec::new();
    for &sequence in content.snapshots.iter().rev() {
        let bytes = disk.read(&names::snapshot(sequence))?;
        let (engine, mark) = match restore(&bytes, instrument) {
            Ok(restored) => restored,
            Err(error) => {
                passed_over.push((sequence, PassedOver::Snapshot(error)));
                continue;
            }
        };
        if let Some((part, at)) = place(disk, &content.parts, mark, acknowledged)? {
            let start = Start::After(mark);
            let base = Base {
                engine,
                mark,
                start,
                part,
                at,
            };
            return Ok((base, passed_over));
        }
        passed_over.push((sequence, PassedOver::NotOfThisJournal));
    }
    let base = Base {
        engine: Engine::new(instrument.clone()),
        mark: Mark::default(),
        start: Start::Beginning,
        part: 0,
        at: 0,
    };
    Ok((base, passed_over))
}

/// The part, and the offset in it, right behind the entry of a mark; `None` if there is no such place.
fn place<D: Disk>(
    disk: &D,
    parts: &[u64],
    mark: Mark,
    acknowledged: u64,
) -> Result<Option<(usize, usize)>, Refused> {
    let later = parts.partition_point(|first| *first <= mark.sequence);
    let Some(part) = later.checked_sub(1) else {
        return Ok(None);
    };
    let file = names::part(parts[part]);
    let bytes = disk.read(&file)?;
    let start = if parts[part] == 1 {
        Start::Beginning
    } else {
        Start::Anywhere
    };
    let mut reader = Reader::new(&bytes, start).acknowledged(bound(parts, part, acknowledged));
    let mut events = Events::default();
    while reader.mark().sequence < mark.sequence {
        match reader.read(&mut events) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(mut damage) => {
                // A reader that could not read the opening does not know where it is.
                damage.sequence = damage.sequence.max(parts[part]);
                return Err(Refused::damaged(file, damage));
            }
        }
    }
    Ok((reader.mark() == mark).then_some((part, reader.offset())))
}

/// The last entry that a part has to have: whatever is wrong behind it is torn.
fn bound(parts: &[u64], part: usize, acknowledged: u64) -> u64 {
    let next = parts.get(part + 1);
    next.map_or(acknowledged, |first| first - 1)
}

/// The entries that are not in the snapshot.
struct Tail<'a, D> {
    disk: &'a D,
    parts: &'a [u64],
    part: usize,
    at: usize,
    engine: Engine,
    mark: Mark,
    start: Start,
    acknowledged: u64,
    step: Step,
}

impl<'a, D: Disk> Tail<'a, D> {
    fn new(disk: &'a D, parts: &'a [u64], base: Base, acknowledged: u64) -> Result<Self, Refused> {
        let mut of = 0;
        for first in parts.iter().skip(base.part) {
            of += disk.size(&names::part(*first))?;
        }
        Ok(Self {
            disk,
            parts,
            part: base.part,
            at: base.at,
            engine: base.engine,
            mark: base.mark,
            start: base.start,
            acknowledged,
            step: Step {
                bytes: 0,
                of: of - base.at as u64,
                entries: 0,
            },
        })
    }

    /// Executes part by part; where the last part is whole up to.
    fn replay(&mut self, progress: &mut dyn FnMut(Step)) -> Result<u64, Refused> {
        if self.parts.is_empty() && self.acknowledged > 0 {
            let damage = Damage {
                offset: 0,
                sequence: 1,
                kind: DamageKind::AcknowledgedMissing,
            };
            return Err(Refused::damaged(names::part(1), damage));
        }
        while self.part < self.parts.len() {
            let file = names::part(self.parts[self.part]);
            let bytes = self.disk.read(&file)?;
            let torn = match self.replay_part(&bytes, progress) {
                Ok(torn) => torn,
                Err(error) => return Err(Refused::Journal { file, error }),
            };
            self.part += 1;
            if self.part == self.parts.len() {
                break;
            }
            // A part was whole, and synced, before the next was begun.
            if let Some(torn) = torn {
                return Err(Refused::torn(file, torn));
            }
            self.at = 0;
        }
        Ok(self.at as u64)
    }

    fn replay_part(
        &mut self,
        bytes: &[u8],
        progress: &mut dyn FnMut(Step),
    ) -> Result<Option<Torn>, ReplayError> {
        let bound = bound(self.parts, self.part, self.acknowledged);
        loop {
            let reader = Reader::new(&bytes[self.at..], self.start).acknowledged(bound);
            let until = self.mark.sequence + STEP;
            let replayed = replay_from(&mut self.engine, reader, until)
                .map_err(|error| behind(error, self.at as u64))?;
            self.at += replayed.bytes as usize;
            self.mark = replayed.mark;
            if replayed.bytes > 0 {
                self.start = Start::After(self.mark);
            }
            self.step.bytes += replayed.bytes;
            self.step.entries += replayed.entries;
            progress(self.step);
            if self.mark.sequence < until {
                let offset = self.at as u64;
                return Ok(replayed.torn.map(|torn| Torn { offset, ..torn }));
            }
        }
    }
}

/// An error whose offset counts from so many bytes before.
fn behind(mut error: ReplayError, bytes: u64) -> ReplayError {
    match &mut error {
        ReplayError::Damaged(damage) => damage.offset += bytes,
        ReplayError::Diverged(divergence) => divergence.offset += bytes,
        ReplayError::OtherInstrument(_) => {}
    }
    error
}

/// Cuts off what is torn, or removes a part of which nothing is whole, and makes durable what is left.
/// Gives the parts that are left and how many bytes went.
fn mend<'a, D: Disk>(
    disk: &mut D,
    parts: &'a [u64],
    end: u64,
) -> Result<(&'a [u64], u64), Refused> {
    let Some((last, before)) = parts.split_last() else {
        return Ok((parts, 0));
    };
    let name = names::part(*last);
    let cut = disk.size(&name)? - end;
    if end == 0 {
        disk.remove(&name)?;
        disk.sync_names()?;
        return Ok((before, cut));
    }
    if cut > 0 {
        disk.cut(&name, end)?;
    }
    // So may what it wrote be in the machine's memory only.
    disk.sync(&name)?;
    Ok((parts, cut))
}

/// Seals what was not sealed yet. Gives the part to go on with, and what seals its next group.
fn seal<D: Disk>(disk: &mut D, parts: &[u64]) -> Result<(Part, Sealer), Refused> {
    let Some((&first, before)) = parts.split_last() else {
        return Ok((Part::default(), Sealer::new()));
    };
    let name = names::part(first);
    let bytes = disk.read(&name)?;
    let (seal, sealed) = match last_seal(&bytes, &name)? {
        Some(found) => found,
        None => (seal_before(disk, before)?, 0),
    };
    let mut sealer = Sealer::new().resume(seal);
    let mut length = bytes.len() as u64;
    if sealed < bytes.len() {
        let mut space = [0; Sealer::SEAL_BYTES];
        let written = sealer.close(&bytes[sealed..], &mut space);
        written.map_err(io::Error::other)?;
        disk.write(&name, length, &space)?;
        disk.sync(&name)?;
        length += space.len() as u64;
    }
    let part = Part {
        first,
        bytes: length,
    };
    Ok((part, sealer))
}

/// The last seal of some parts; that of no block if they have none.
fn seal_before<D: Disk>(disk: &D, parts: &[u64]) -> Result<Seal, Refused> {
    for first in parts.iter().rev() {
        let name = names::part(*first);
        if let Some((seal, _)) = last_seal(&disk.read(&name)?, &name)? {
            return Ok(seal);
        }
    }
    Ok(Seal::default())
}

/// The last seal of a part, and where it ends.
fn last_seal(bytes: &[u8], file: &str) -> Result<Option<(Seal, usize)>, Refused> {
    let mut reader = Reader::new(bytes, Start::Anywhere);
    let mut events = Events::default();
    let mut last = None;
    loop {
        match reader.read(&mut events) {
            Ok(Some(Frame::Seal(seal))) => last = Some((seal, reader.offset())),
            Ok(Some(Frame::Opening(_) | Frame::Entry(_))) => {}
            Ok(None) => return Ok(last),
            Err(damage) => return Err(Refused::damaged(file.to_string(), damage)),
        }
    }
}
