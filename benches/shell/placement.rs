//! How far apart the two processors are: on a virtual machine it changes by itself, and times between threads with it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use crossbeam_utils::CachePadded;

use crate::pipe::Spin;

const ROUNDS: usize = 2_001;

/// How far apart they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Placement {
    Near,
    Far,
}

impl Placement {
    pub const ALL: [(Self, &str); 2] = [(Self::Near, "near"), (Self::Far, "far")];
    /// Nanoseconds of a round trip. Some 120 were seen, or 80, as if they shared a core, and some 550; nothing between.
    const LIMIT: u64 = 300;

    fn now() -> Self {
        if round_trip() < Self::LIMIT {
            Self::Near
        } else {
            Self::Far
        }
    }

    /// Measures something, and says where; `None` if that changed meanwhile.
    pub fn of(measure: impl FnOnce()) -> Option<Self> {
        let before = Self::now();
        measure();
        (Self::now() == before).then_some(before)
    }
}

/// The median time, in nanoseconds, from setting a flag until another thread's answer to it is seen.
pub fn round_trip() -> u64 {
    let (there, back) = (
        CachePadded::new(AtomicU64::new(0)),
        CachePadded::new(AtomicU64::new(0)),
    );
    let until = |flag: &AtomicU64, round: u64| {
        let mut spin = Spin::default();
        while flag.load(Ordering::Acquire) != round {
            spin.wait();
        }
    };
    let mut times = Vec::with_capacity(ROUNDS);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=ROUNDS as u64 {
                until(&there, round);
                back.store(round, Ordering::Release);
            }
        });
        for round in 1..=ROUNDS as u64 {
            let begin = Instant::now();
            there.store(round, Ordering::Release);
            until(&back, round);
            times.push(begin.elapsed().as_nanos() as u64);
        }
    });
    times.sort_unstable();
    times[ROUNDS / 2]
}
