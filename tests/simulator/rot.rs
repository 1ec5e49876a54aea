//! One bit that turns over on the disk, and what it hits.

use crate::disk::Disk;
use crate::faulty::Shared;
use crate::names;
use crate::random::Random;

#[derive(Clone, Debug)]
pub struct Rot {
    pub file: String,
    pub offset: usize,
    pub mask: u8,
    pub hit: Hit,
}

/// What the bit belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hit {
    /// A frame of a part, which begins at this offset; the entry is the one that should be there.
    Frame { offset: usize, sequence: u64 },
    /// What a crash has torn.
    Tail,
    /// A snapshot.
    Snapshot,
    /// Up to where everything was acknowledged.
    Acknowledged,
}

impl Rot {
    /// Turns a bit over somewhere.
    pub fn strike(disk: &Shared, random: &mut Random) -> Option<Self> {
        let mut files = disk.names().expect("a disk");
        files.retain(|name| disk.size(name).is_ok_and(|bytes| bytes > 0));
        if files.is_empty() {
            return None;
        }
        let file = files.swap_remove(random.below(files.len()));
        let bytes = disk.read(&file).expect("a file");
        let rot = Self {
            offset: place(&file, &bytes, random),
            mask: 1 << random.below(8),
            hit: Hit::Tail,
            file,
        };
        let hit = rot.hit(&bytes, disk)?;
        disk.flip(&rot.file, rot.offset, rot.mask);
        Some(Self { hit, ..rot })
    }

    /// Turns it back.
    pub fn heal(&self, disk: &Shared) {
        disk.flip(&self.file, self.offset, self.mask);
    }

    fn hit(&self, bytes: &[u8], disk: &Shared) -> Option<Hit> {
        if self.file == names::ACKNOWLEDGED {
            disk.count("rot: in what was acknowledged");
            return Some(Hit::Acknowledged);
        }
        let content = names::content(std::slice::from_ref(&self.file));
        if !content.snapshots.is_empty() {
            disk.count("rot: in a snapshot");
            return Some(Hit::Snapshot);
        }
        if content.parts.is_empty() {
            return None;
        }
        let Some(offset) = frames(bytes).take_while(|at| *at <= self.offset).last() else {
            disk.count("rot: in a torn tail");
            return Some(Hit::Tail);
        };
        if offset + length(bytes, offset) <= self.offset {
            disk.count("rot: in a torn tail");
            return Some(Hit::Tail);
        }
        let [place, sequence] = match bytes[offset + 32] {
            64 => ["rot: in an opening", "next"],
            65 => ["rot: in a seal", "next"],
            _ => ["rot: in an entry", "own"],
        };
        disk.count(place);
        let number = u64::from_le_bytes(bytes[offset + 16..][..8].try_into().expect("eight bytes"));
        let sequence = number + u64::from(sequence == "next");
        Some(Hit::Frame { offset, sequence })
    }
}

/// Some byte; of a part now and then one of the last, or of the opening.
fn place(file: &str, bytes: &[u8], random: &mut Random) -> usize {
    if file == names::ACKNOWLEDGED {
        // The slots; what is between them means nothing.
        return [0, 4096][random.below(2)] + random.below(16);
    }
    match random.below(6) {
        0 => bytes.len() - 1 - random.below(bytes.len().min(120)),
        1 => random.below(bytes.len().min(200)),
        _ => random.below(bytes.len()),
    }
}

/// Where the frames begin that are whole by their lengths, up to the first that is not.
fn frames(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let whole = |at: usize| {
        let is_frame = bytes.len() - at > 32 && bytes[at + 8] == b'P' && length(bytes, at) > 32;
        (is_frame && at + length(bytes, at) <= bytes.len()).then_some(at)
    };
    std::iter::successors(whole(0), move |at| whole(at + length(bytes, *at)))
}

fn length(bytes: &[u8], at: usize) -> usize {
    let words = u32::from_le_bytes(bytes[at..][..4].try_into().expect("four bytes"));
    (words as usize).saturating_mul(8)
}
