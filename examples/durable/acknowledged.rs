//! Up to which entry everything was acknowledged: what tells a torn tail from damage.
//!
//! Two slots in turn, so that one is whole whatever happens to the other:
//!
//! ```text
//!   byte 0, 4096   sequence   8   little-endian
//!        8, 4104   the same   8   every bit turned over
//! ```

use std::io;

use crate::disk::Disk;
use crate::names::{ACKNOWLEDGED, unfinished};

const SLOTS: [usize; 2] = [0, 4096];
const SLOT: usize = 16;

/// The file of what was acknowledged.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    sequence: u64,
    /// The slot that is written next.
    next: usize,
}

impl Acknowledged {
    /// A new file: nothing was acknowledged.
    pub fn create<D: Disk>(disk: &mut D) -> io::Result<Self> {
        let name = unfinished(ACKNOWLEDGED);
        disk.create(&name)?;
        for slot in SLOTS {
            disk.write(&name, slot as u64, &slot_of(0))?;
        }
        disk.sync(&name)?;
        disk.rename(&name, ACKNOWLEDGED)?;
        disk.sync_names()?;
        Ok(Self {
            sequence: 0,
            next: 0,
        })
    }

    /// The file as it is; `None` if neither slot is whole.
    pub fn read<D: Disk>(disk: &D) -> io::Result<Option<Self>> {
        let bytes = disk.read(ACKNOWLEDGED)?;
        let slots = SLOTS.map(|slot| sequence_at(&bytes, slot));
        // What is broken, or else older, is written over.
        let next = usize::from(slots[0] > slots[1]);
        let newest = slots.into_iter().flatten().max();
        Ok(newest.map(|sequence| Self { sequence, next }))
    }

    /// The last entry that was acknowledged, or was about to be.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Notes, durably, that all entries up to this one may be acknowledged.
    pub fn advance<D: Disk>(&mut self, sequence: u64, disk: &mut D) -> io::Result<()> {
        disk.write(ACKNOWLEDGED, SLOTS[self.next] as u64, &slot_of(sequence))?;
        disk.sync(ACKNOWLEDGED)?;
        self.next = 1 - self.next;
        self.sequence = sequence;
        Ok(())
    }
}

fn slot_of(sequence: u64) -> [u8; SLOT] {
    let both = u128::from(sequence) | u128::from(!sequence) << 64;
    both.to_le_bytes()
}

fn sequence_at(bytes: &[u8], at: usize) -> Option<u64> {
    let slot = bytes.get(at..)?.first_chunk::<SLOT>()?;
    let both = u128::from_le_bytes(*slot);
    let sequence = both as u64;
    (sequence == !((both >> 64) as u64)).then_some(sequence)
}
