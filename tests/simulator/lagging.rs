//! A replica that is fed in pieces, falls behind, and begins again.

use pricetime::Engine;
use pricetime::journal::{Follower, Reader, Start, digest, restore};

use crate::disk::Disk;
use crate::faulty::Shared;
use crate::names;
use crate::random::Random;
use crate::truth::Truth;

pub struct Lagging {
    follower: Follower,
    /// How many bytes of the journal it was fed.
    fed: usize,
}

impl Lagging {
    pub fn new(truth: &Truth) -> Self {
        let engine = Engine::new(truth.instrument.clone());
        Self {
            follower: Follower::new(engine, Start::Beginning),
            fed: 0,
        }
    }

    /// Goes on a bit, or not, or begins again. All that is on the disk is durable.
    pub fn go_on(&mut self, disk: &Shared, truth: &Truth, random: &mut Random) {
        let bytes = stream(disk);
        if random.once_in(12) {
            *self = Self::begin_again(disk, &bytes, truth, random);
        }
        for _ in 0..random.below(4) {
            let left = bytes.len() - self.fed;
            let most = [left, left.min(7), left.min(600)][random.below(3)];
            self.feed(&bytes, random.between(0, most), truth);
        }
        if self.fed < bytes.len() {
            disk.count("follower: behind");
        }
    }

    /// Takes in all that is left.
    pub fn catch_up(&mut self, disk: &Shared, truth: &Truth) {
        let bytes = stream(disk);
        self.feed(&bytes, bytes.len() - self.fed, truth);
        assert_eq!(self.follower.pending_bytes(), 0, "the last frame is whole");
        assert_eq!(self.follower.mark().sequence, truth.last());
    }

    fn feed(&mut self, bytes: &[u8], count: usize, truth: &Truth) {
        let piece = &bytes[self.fed..][..count];
        let before = self.follower.mark().sequence as usize;
        self.fed += count;
        self.follower.feed(piece).expect("a journal that is whole");
        let reached = self.follower.mark().sequence as usize;
        if reached == before {
            return;
        }
        assert_eq!(
            digest(self.follower.engine()),
            truth.digests[reached],
            "the follower behind entry {reached}"
        );
    }

    fn begin_again(disk: &Shared, bytes: &[u8], truth: &Truth, random: &mut Random) -> Self {
        let snapshots = names::content(&disk.names().expect("a disk")).snapshots;
        if snapshots.is_empty() || random.once_in(2) {
            disk.count("follower: begun again");
            return Self::new(truth);
        }
        let sequence = snapshots[random.below(snapshots.len())];
        let snapshot = disk.read(&names::snapshot(sequence)).expect("a snapshot");
        let Ok((engine, mark)) = restore(&snapshot, &truth.instrument) else {
            // A bit of it has turned over.
            return Self::new(truth);
        };
        let mut reader = Reader::new(bytes, Start::Beginning);
        let mut events = Default::default();
        while reader.mark().sequence < mark.sequence {
            let frame = reader.read(&mut events).expect("a journal that is whole");
            assert!(frame.is_some(), "the snapshot is of a durable entry");
        }
        assert_eq!(reader.mark(), mark);
        disk.count("follower: begun again from a snapshot");
        Self {
            follower: Follower::new(engine, Start::After(mark)),
            fed: reader.offset(),
        }
    }
}

/// All parts, one behind the other.
fn stream(disk: &Shared) -> Vec<u8> {
    let parts = names::content(&disk.names().expect("a disk")).parts;
    let read = |first: &u64| disk.read(&names::part(*first)).expect("a part");
    let parts: Vec<Vec<u8>> = parts.iter().map(read).collect();
    parts.concat()
}
