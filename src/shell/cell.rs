//! The latest state of something that one thread writes and any number read: never torn, and
//! never in the way of each other.
//!
//! ```text
//!   slots:   [ 5 | 6 | 7 | 8 | 1? | 2 | 3 | 4 ]      latest: 8; a ninth is being written where the first was
//! ```
//!
//! The writer goes round the slots, so that a reader has the time of seven writes to read the latest, and a
//! writer that is stopped in the middle of one leaves the latest as it is. Each slot has a stamp, the number of its state, which is
//! changed before a word is: who finds it unchanged after reading the words has read one state whole.

use crossbeam_utils::CachePadded;

use crate::shell::sync::{Arc, AtomicU64, Guard, Ordering};

/// How many states are kept.
pub const SLOTS: usize = if cfg!(loom) { 2 } else { 8 };
const WRITING: u64 = 0;

struct Slot {
    /// The number of the state; `WRITING` while it is written.
    stamp: AtomicU64,
    words: Box<[AtomicU64]>,
}

struct Shared {
    slots: [CachePadded<Slot>; SLOTS],
    /// The number of the latest state; zero before the first.
    latest: CachePadded<AtomicU64>,
}

/// The end that writes.
pub struct CellWriter {
    shared: Arc<Shared>,
    number: u64,
}

/// Reads the latest state. It can be cloned and sent to any thread.
#[derive(Clone)]
pub struct CellReader {
    shared: Arc<Shared>,
}

/// A cell for states of so many words.
pub fn cell(words: usize) -> (CellWriter, CellReader) {
    let slot = |_| {
        CachePadded::new(Slot {
            stamp: AtomicU64::new(WRITING),
            words: (0..words).map(|_| AtomicU64::new(0)).collect(),
        })
    };
    let shared = Arc::new(Shared {
        slots: std::array::from_fn(slot),
        latest: CachePadded::new(AtomicU64::new(0)),
    });
    let reader = CellReader {
        shared: Arc::clone(&shared),
    };
    (CellWriter { shared, number: 0 }, reader)
}

impl CellWriter {
    /// Makes a state the latest. Words beyond those given are what they were in an earlier state, for
    /// `words` to have a length of its own. Wait-free.
    #[inline]
    pub fn write(&mut self, words: &[u64]) {
        self.number += 1;
        let slot = &self.shared.slots[self.number as usize % SLOTS];
        slot.stamp.store(WRITING, Ordering::Relaxed);
        // With the fence in `try_read`: who reads one of the words below sees the stamp above, or a later one.
        Guard::CellWriting.fence(Ordering::Release);
        for (word, value) in slot.words.iter().zip(words) {
            word.store(*value, Ordering::Relaxed);
        }
        slot.stamp.store(self.number, Ordering::Relaxed);
        // With the load in `try_read`: the words and the stamp of the slot that it names.
        let latest = &self.shared.latest;
        latest.store(self.number, Guard::CellLatest.release());
    }
}

impl CellReader {
    /// Copies the latest state and says its number; zero, and nothing copied, before the first. Lock-free: it
    /// is tried again only when the writer has meanwhile gone round all slots.
    #[inline]
    pub fn read(&self, words: &mut [u64]) -> u64 {
        loop {
            if let Some(number) = self.try_read(words) {
                return number;
            }
        }
    }

    /// As `read`, tried once; `None` if the writer went round all slots meanwhile. Wait-free.
    #[inline]
    pub fn try_read(&self, words: &mut [u64]) -> Option<u64> {
        // With the writer's store: the words and the stamp of the slot that it names, or later ones.
        let number = self.shared.latest.load(Guard::CellLatestRead.acquire());
        if number == 0 {
            return Some(0);
        }
        let slot = &self.shared.slots[number as usize % SLOTS];
        for (word, value) in slot.words.iter().zip(words.iter_mut()) {
            *value = word.load(Ordering::Relaxed);
        }
        // With the writer's fence: if a word was of a later state, the stamp is not this one's any more.
        Guard::CellReading.fence(Ordering::Acquire);
        let after = slot.stamp.load(Ordering::Relaxed);
        (after == number).then_some(number)
    }
}
