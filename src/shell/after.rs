//! How far a reader has given back, for another that may read no further: market data only once it is durable.
//!
//! The first stores its position with `Release` after all it did with the messages before; the other loads it with `Acquire`, and so
//! sees what the first saw and what it did. The position keeps a mark when the first is gone, so that the
//! other never goes on without it.

use crossbeam_utils::CachePadded;

use crate::shell::sync::{Arc, AtomicU64, Guard, Ordering};

/// Added to the position when the first is gone.
const GONE: u64 = 1 << 63;

/// Shared by both; each uses its own half of the methods.
#[derive(Clone)]
pub(super) struct Given(Arc<CachePadded<AtomicU64>>);

impl Given {
    pub fn new(position: u64) -> Self {
        Self(Arc::new(CachePadded::new(AtomicU64::new(position))))
    }

    /// Lets the other read up to here. By the first.
    #[inline]
    pub fn give(&self, position: u64) {
        // With the load in `position`: all that was done with the messages before it.
        self.0.store(position, Guard::AfterGive.release());
    }

    /// Lets the other read no further, ever. By the first, which goes.
    pub fn end(&self) {
        let position = self.0.load(Ordering::Relaxed);
        self.0.store(position | GONE, Guard::AfterGive.release());
    }

    /// Up to where the first has given back.
    #[inline]
    pub fn position(&self) -> u64 {
        // With the stores in `give` and `end`: all that was done with the messages before it.
        self.0.load(Guard::AfterGiven.acquire()) & !GONE
    }

    /// Whether the first is gone, so that the position is the last.
    pub fn is_ended(&self) -> bool {
        self.0.load(Ordering::Relaxed) & GONE != 0
    }
}
