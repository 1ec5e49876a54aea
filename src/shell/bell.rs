//! How a matcher sleeps while nothing comes, and how producers wake it.
//!
//! ```text
//!   matcher:   asleep = 1; fence; looks again; nothing there: parks
//!   producer:  publishes; fence; asleep == 1: unparks
//! ```
//!
//! Both fences are `SeqCst`: of two threads that each store and then look, at least one sees the other's store. Either the matcher finds what
//! was published, or the producer finds the matcher asleep. An unparking before the parking makes that return at once.
//!
//! Parking is crossbeam's, which takes a lock of the standard library in both; where loom checks, its own notification stands in for it.

use crossbeam_utils::CachePadded;

use crate::shell::sync::{AtomicU64, Guard, Ordering, Parker, Unparker};

const AWAKE: u64 = 0;
const ASLEEP: u64 = 1;

/// The side of all that may have something for the matcher.
pub(super) struct Bell {
    asleep: CachePadded<AtomicU64>,
    unparker: Unparker,
}

impl Bell {
    /// A bell, and what the matcher parks by.
    pub fn new() -> (Self, Parker) {
        let parker = Parker::new();
        let bell = Self {
            asleep: CachePadded::new(AtomicU64::new(AWAKE)),
            unparker: parker.unparker().clone(),
        };
        (bell, parker)
    }

    /// Says that the matcher is about to park. It looks again before it does. By the matcher.
    pub fn lie_down(&self) {
        self.asleep.store(ASLEEP, Ordering::Relaxed);
        // With the fence in `ring`: either what was stored before that is seen from now on, or this store is seen there.
        Guard::BellSleep.fence(Ordering::SeqCst);
    }

    /// Says that it is awake again. By the matcher.
    pub fn rise(&self) {
        self.asleep.store(AWAKE, Ordering::Relaxed);
    }

    /// Wakes the matcher if it sleeps, or is about to: there may be something for it.
    #[inline]
    pub fn ring(&self) {
        // With the fence in `lie_down`: either the matcher sees what was stored before, or its store is seen here.
        Guard::BellRing.fence(Ordering::SeqCst);
        if self.asleep.load(Ordering::Relaxed) == ASLEEP {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        // One of those who ring is enough.
        if self.asleep.swap(AWAKE, Ordering::Relaxed) == ASLEEP {
            self.unparker.unpark();
        }
    }
}
