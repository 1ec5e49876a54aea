//! The side that persists: groups of entries into parts, each group sealed, synced, then acknowledged.
//!
//! ```text
//!   group -> seal -> write -> sync the part -> note up to where -> sync the note -> acknowledge
//! ```
//!
//! A group is written only once the one before it is durable, and a part is begun only once the one before it is. So what
//! a crash tears is in the last group of the last part, and it was not acknowledged.

use std::io;

use pricetime::journal::{Sealer, Segment};

use crate::acknowledged::Acknowledged;
use crate::disk::Disk;
use crate::names;

/// How many snapshots are kept: if the newest turns out to be damaged there is another.
const SNAPSHOTS: usize = 2;

/// Entries that become durable together.
pub struct Group {
    /// Their frames; first the opening, if they begin a part.
    pub segment: Segment,
    /// The first entry of the part that they begin.
    pub opens: Option<u64>,
    /// The last entry.
    pub last: u64,
}

/// Where a journal goes on, on a disk.
pub struct Store<D> {
    pub disk: D,
    part: Part,
    sealer: Sealer,
    acknowledged: Acknowledged,
    /// A group with its seal.
    bytes: Vec<u8>,
}

/// The part that is being written.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its first entry; zero without any part.
    pub first: u64,
    /// How long it is.
    pub bytes: u64,
}

impl Part {
    /// Whether the entry `next` begins another part, if one grows to `bytes_max`. A part that has an opening alone
    /// goes on, however long it is.
    pub fn is_full(&self, next: u64, bytes_max: u64) -> bool {
        self.bytes == 0 || (self.bytes >= bytes_max && self.first < next)
    }
}

impl<D: Disk> Store<D> {
    pub fn new(disk: D, part: Part, sealer: Sealer, acknowledged: Acknowledged) -> Self {
        Self {
            disk,
            part,
            sealer,
            acknowledged,
            bytes: Vec::new(),
        }
    }

    /// The part that is being written.
    pub fn part(&self) -> &Part {
        &self.part
    }

    /// Makes a group durable. After that it may be acknowledged.
    pub fn commit(&mut self, group: &Group) -> io::Result<()> {
        if let Some(first) = group.opens {
            self.part = Part { first, bytes: 0 };
            self.disk.create(&names::part(first))?;
        }
        self.bytes.clear();
        self.bytes.extend_from_slice(group.segment.bytes());
        let seal = self.bytes.len();
        self.bytes.resize(seal + Sealer::SEAL_BYTES, 0);
        let (block, space) = self.bytes.split_at_mut(seal);
        self.sealer.close(block, space).map_err(io::Error::other)?;
        let name = names::part(self.part.first);
        self.disk.write(&name, self.part.bytes, &self.bytes)?;
        self.disk.sync(&name)?;
        if group.opens.is_some() {
            self.disk.sync_names()?;
        }
        self.part.bytes += self.bytes.len() as u64;
        self.acknowledged.advance(group.last, &mut self.disk)
    }

    /// Keeps a snapshot behind an entry that is durable, and the one before it.
    pub fn keep(&mut self, sequence: u64, snapshot: &[u8]) -> io::Result<()> {
        let name = names::snapshot(sequence);
        let unfinished = names::unfinished(&name);
        self.disk.create(&unfinished)?;
        self.disk.write(&unfinished, 0, snapshot)?;
        self.disk.sync(&unfinished)?;
        self.disk.rename(&unfinished, &name)?;
        self.disk.sync_names()?;
        let content = names::content(&self.disk.names()?);
        for old in content.snapshots.iter().rev().skip(SNAPSHOTS) {
            self.disk.remove(&names::snapshot(*old))?;
        }
        Ok(())
    }
}
