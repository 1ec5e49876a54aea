//! The atomics that the shell is built of: the standard ones, or loom's, which try out every order in which
//! threads can meet.
//!
//! Each ordering that a protocol rests on has a name. Where loom checks, one of them at a time
//! can be weakened, and then its model has to fail.

#[cfg(loom)]
pub use loom::sync::Arc;
#[cfg(loom)]
pub use loom::sync::atomic::AtomicU64;
#[cfg(not(loom))]
pub use std::sync::Arc;
#[cfg(not(loom))]
pub use std::sync::atomic::AtomicU64;
pub use std::sync::atomic::Ordering;

/// One half of a pair that publishes something from one thread to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Guard {
    /// The sender's store of how much it has published.
    LanePublish = 1,
    /// The receiver's load of the same.
    LanePublished,
    /// The receiver's store of how much it has taken.
    LaneGiveBack,
    /// The sender's load of the same.
    LaneTaken,
    /// A new producer's claim of a free port.
    PortTake,
    /// A producer's store that it is gone.
    PortClose,
    /// The matcher's load of the same.
    PortClosed,
    /// The matcher's store that a port is free.
    PortFree,
    /// The writer's store of how much it has published.
    RingPublish,
    /// A reader's load of the same.
    RingPublished,
    /// A lossless reader's store of how far it has read.
    RingGiveBack,
    /// The writer's load of the same.
    RingGates,
    /// The writer's fence before it looks at the gates.
    RingLook,
    /// A new lossless reader's fence between its gate and where it begins.
    RingJoin,
    /// The writer's fence between the stamp that says so and the words it writes over.
    RingWriting,
    /// A lossy reader's fence between the words and the stamp after them.
    RingReading,
    /// As in the ring.
    CellWriting,
    /// As in the ring.
    CellReading,
    /// The writer's store of which state is the latest.
    CellLatest,
    /// A reader's load of the same.
    CellLatestRead,
    /// The claim of the baton.
    BatonTake,
    /// The holder's store that it is free.
    BatonGive,
    /// A handle's store that it has asked.
    SlotAsk,
    /// The holder's load of the same.
    SlotAsked,
    /// The holder's store that it has answered.
    SlotAnswer,
    /// The handle's load of the same.
    SlotAnswered,
    /// A new handle's claim of a place.
    PlaceTake,
    /// A handle's store that it is gone.
    PlaceGive,
    /// A reader's store of how far those that read after it may.
    AfterGive,
    /// The load of the same by one of those.
    AfterGiven,
    /// The matcher's fence between saying that it sleeps and looking again.
    BellSleep,
    /// A producer's fence between what it publishes and looking whether the matcher sleeps.
    BellRing,
}

impl Guard {
    /// A store that publishes what was done before it.
    #[inline(always)]
    pub fn release(self) -> Ordering {
        self.or_weak(Ordering::Release)
    }

    /// A load that sees what was published.
    #[inline(always)]
    pub fn acquire(self) -> Ordering {
        self.or_weak(Ordering::Acquire)
    }

    /// A fence of this strength.
    #[inline(always)]
    pub fn fence(self, ordering: Ordering) {
        if self.or_weak(ordering) != Ordering::Relaxed {
            fence(ordering);
        }
    }

    #[cfg(not(loom))]
    #[inline(always)]
    fn or_weak(self, ordering: Ordering) -> Ordering {
        ordering
    }

    #[cfg(loom)]
    fn or_weak(self, ordering: Ordering) -> Ordering {
        match WEAKENED.load(Ordering::Relaxed) == self as u8 {
            true => Ordering::Relaxed,
            false => ordering,
        }
    }

    /// Weakens this one in all models that run from now on, or none.
    #[cfg(loom)]
    pub fn weaken(guard: Option<Self>) {
        let number = guard.map_or(0, |guard| guard as u8);
        WEAKENED.store(number, Ordering::Relaxed);
    }
}

#[cfg(loom)]
static WEAKENED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

#[cfg(loom)]
use loom::sync::atomic::fence;
#[cfg(not(loom))]
use std::sync::atomic::fence;

#[cfg(not(loom))]
pub use crossbeam_utils::sync::{Parker, Unparker};

/// In the place of crossbeam's: one wake-up is kept for who parks next.
#[cfg(loom)]
pub struct Parker(Unparker);

/// Wakes who parks.
#[cfg(loom)]
#[derive(Clone)]
pub struct Unparker(Arc<loom::sync::Notify>);

#[cfg(loom)]
#[allow(missing_docs, reason = "as crossbeam's")]
impl Parker {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Unparker(Arc::new(loom::sync::Notify::new())))
    }

    pub fn unparker(&self) -> &Unparker {
        &self.0
    }

    pub fn park(&self) {
        self.0.0.wait();
    }
}

#[cfg(loom)]
#[allow(missing_docs, reason = "as crossbeam's")]
impl Unparker {
    pub fn unpark(&self) {
        self.0.notify();
    }
}

/// Passes a moment of a thread that waits: it looks again at once for a while, and then lets others run in between, one of whom
/// may be the one it waits for.
#[inline]
pub fn pause(rounds: u32) {
    #[cfg(loom)]
    {
        let _ = rounds;
        loom::thread::yield_now();
    }
    #[cfg(not(loom))]
    match rounds < SPINS {
        true => std::hint::spin_loop(),
        false => std::thread::yield_now(),
    }
}

/// For how many rounds it pays to look again: about a microsecond, a few ways from processor to processor.
#[cfg(not(loom))]
const SPINS: u32 = 64;

/// After how many rounds a thread that may park does: a parking costs as much as a hundred.
pub const ROUNDS_AWAKE: u32 = if cfg!(loom) { 0 } else { 256 };

/// Stands beside words that one thread at a time may write and none may read meanwhile. To the processor it is nothing. Loom
/// checks by it that every write and every read of them is ordered with the others: it runs threads in any order, but never
/// shows a read a later write, so the words alone would not tell.
#[derive(Debug, Default)]
pub struct Witness(#[cfg(loom)] loom::cell::UnsafeCell<()>);

impl Witness {
    /// The words are written.
    #[inline(always)]
    pub fn write(&self) {
        #[cfg(loom)]
        self.0.with_mut(|_| ());
    }

    /// The words are read.
    #[inline(always)]
    pub fn read(&self) {
        #[cfg(loom)]
        self.0.with(|_| ());
    }
}
