//! The readers of the ring: one that misses nothing and keeps the whole book, and a tape that
//! prints what it catches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use pricetime::shell::{Follow, LosslessReader, LossyReader, Ring, Seen};
use pricetime::{Engine, Side, View, ViewOrder};

/// How long the follower rests when it has read everything.
const PAUSE: Duration = Duration::from_micros(300);
/// How many events it reads before it lets the writer go on.
const STEP: usize = 1 << 10;
/// How rarely the tape looks: the ring holds less than happens meanwhile.
const TAPE_PAUSE: Duration = Duration::from_millis(50);

/// What the lossless reader ended with.
pub struct Followed {
    /// How many events it saw.
    pub seen: u64,
    /// The book.
    pub view: View,
}

/// Reads everything, and follows the book. Both ends began at the same event, and what the lossless reader has not
/// given back is not written over: so the follower, which is always ahead of that, cannot be lapped.
pub fn follow(ring: &Ring, mut reader: LosslessReader, mut follow: Follow) -> Followed {
    let mut seen = 0;
    loop {
        // Asked before reading: what was published before the writer went is read below.
        let is_closed = ring.is_closed();
        let before = seen;
        while seen - before < STEP as u64 && reader.read().is_some() {
            seen += 1;
        }
        if follow.update().is_err() {
            // It shows in the book.
            break;
        }
        reader.give_back();
        if seen == before {
            if is_closed {
                break;
            }
            thread::sleep(PAUSE);
        }
    }
    Followed {
        seen,
        view: follow.view().clone(),
    }
}

/// What the tape has seen and missed; for the screen while it runs, and exact when it has ended.
#[derive(Default)]
pub struct Tape {
    seen: AtomicU64,
    missed: AtomicU64,
}

impl Tape {
    /// Reads what is there each time it looks, and is told what was written over.
    pub fn run(&self, ring: &Ring, mut reader: LossyReader) {
        loop {
            let is_closed = ring.is_closed();
            loop {
                match reader.read() {
                    Seen::Message(_) => self.seen.fetch_add(1, Ordering::Relaxed),
                    Seen::Missed(missed) => self.missed.fetch_add(missed, Ordering::Relaxed),
                    Seen::Nothing => break,
                };
            }
            if is_closed {
                return;
            }
            thread::sleep(TAPE_PAUSE);
        }
    }

    /// How many events were seen, and how many missed.
    pub fn counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.seen), count(&self.missed))
    }
}

/// Whether a view is the engine's book, order by order, in queue order.
pub fn is_same_book(view: &View, engine: &Engine) -> bool {
    let book = engine.book();
    Side::BOTH.into_iter().all(|side| {
        let levels = book.depth(side);
        let resting = levels.flat_map(|level| book.orders_at(side, level.price));
        view.orders(side).eq(resting.map(|order| ViewOrder {
            id: order.id,
            account: order.account,
            side: order.side,
            price: order.price,
            quantity: order.quantity,
            displayed: order.displayed,
        }))
    })
}
