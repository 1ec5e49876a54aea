//! What many threads use one at a time, without waiting for it: who does not get it does something else.
//!
//! ```text
//!   FREE --claim--> HELD --give back--> FREE
//!                        --panic------> POISONED
//! ```
//!
//! A mutex decides who holds it, and is only ever tried: its lock acquires what its unlock has released, so that each holder sees all that
//! those before did. The flag beside it keeps those who wait from the mutex while it is held. Where loom checks, an exchange of the flag stands in for the
//! lock and a store for the unlock: loom's own mutex never fails to be locked.

use std::sync::{Mutex, TryLockError};

use crossbeam_utils::CachePadded;

use crate::shell::sync::{AtomicU64, Guard, Ordering, Witness};

const FREE: u64 = 0;
const HELD: u64 = 1;
const POISONED: u64 = 2;

pub(super) struct Baton<T> {
    inside: CachePadded<Inside<T>>,
}

/// The flag and the mutex are in one line, which is where the holder is.
struct Inside<T> {
    flag: AtomicU64,
    mutex: Mutex<T>,
    witness: Witness,
}

/// What came of an attempt to use it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tried<R> {
    Done(R),
    /// Another thread holds it.
    Busy,
    /// A thread panicked while it held it.
    Poisoned,
}

impl<T> Baton<T> {
    pub fn new(inside: T) -> Self {
        let inside = Inside {
            flag: AtomicU64::new(FREE),
            mutex: Mutex::new(inside),
            witness: Witness::default(),
        };
        Self {
            inside: CachePadded::new(inside),
        }
    }

    /// Does some work if nobody holds it. If the work panics, nobody ever holds it again.
    #[inline(always)]
    pub fn try_with<R>(&self, work: impl FnOnce(&mut T) -> R) -> Tried<R> {
        let inside = &*self.inside;
        match inside.flag.load(Ordering::Relaxed) {
            FREE => {}
            HELD => return Tried::Busy,
            _ => return Tried::Poisoned,
        }
        #[cfg(loom)]
        {
            // With the store below: all that the holders before did.
            let order = Guard::BatonTake.acquire();
            let claimed = inside
                .flag
                .compare_exchange(FREE, HELD, order, Ordering::Relaxed);
            if claimed.is_err() {
                return Tried::Busy;
            }
        }
        let mut held = match inside.mutex.try_lock() {
            Ok(held) => held,
            Err(TryLockError::WouldBlock) => return Tried::Busy,
            Err(TryLockError::Poisoned(_)) => return Tried::Poisoned,
        };
        #[cfg(not(loom))]
        inside.flag.store(HELD, Ordering::Relaxed);
        let poison = PoisonOnPanic(&inside.flag);
        inside.witness.write();
        let done = work(&mut held);
        inside.witness.write();
        std::mem::forget(poison);
        // With the exchange above, where loom checks: all that was done in between. Else it only says that it is worth a try.
        inside.flag.store(FREE, Guard::BatonGive.release());
        drop(held);
        Tried::Done(done)
    }

    /// Whether a thread panicked while it held it.
    pub fn is_poisoned(&self) -> bool {
        // With the store on a panic: what the holder did before.
        self.inside.flag.load(Ordering::Acquire) == POISONED
    }
}

/// Dropped on the way out of a panic only.
struct PoisonOnPanic<'a>(&'a AtomicU64);

impl Drop for PoisonOnPanic<'_> {
    fn drop(&mut self) {
        // With the load in `is_poisoned`: what the holder did before it panicked.
        self.0.store(POISONED, Ordering::Release);
    }
}
