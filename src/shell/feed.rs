//! The events of a turn on their way to the ring: written as each command is applied, seen when the turn is published.
//!
//! ```text
//!   apply -> | events of one command | -> slots of the ring, not yet published
//!                       `-> held back, with all that come later, once the ring has no room
//! ```
//!
//! What was just made is in the nearest cache, and the processor has just learnt what kinds of events come in which order: written at
//! once, an event costs less than half of what it costs when the whole turn is gone through a second time.

use crate::event::{Event, Events};
use crate::shell::ring::Publisher;

/// Takes in the events of commands and hands them to the ring.
pub(super) struct Feed {
    publisher: Publisher,
    /// What is held back, and behind it the events of the command that is being applied.
    events: Events,
    /// How many events the buffer holds before it would grow.
    events_max: usize,
    /// How many of the events are in the ring.
    written: usize,
    /// The entries that have events held back.
    held: Vec<Held>,
    /// How many of those are in the ring.
    done: usize,
    is_pending: bool,
}

/// Events of one entry.
struct Held {
    sequence: u64,
    /// Where they end.
    end: usize,
}

impl Feed {
    /// Into a ring, from a matcher that applies up to `batch` commands a turn, each with no more than `events_most` events.
    pub fn new(publisher: Publisher, batch: usize, events_most: usize) -> Self {
        let events_max = 2 * events_most + 4 * batch;
        Self {
            publisher,
            events: Events::with_capacity(events_max),
            events_max,
            written: 0,
            held: Vec::with_capacity(batch),
            done: 0,
            is_pending: false,
        }
    }

    /// Whether a command with so many events finds room in the buffer.
    pub fn has_room(&self, events: usize) -> bool {
        self.events.len() + events <= self.events_max
    }

    /// The buffer to apply the next command into.
    #[inline(always)]
    pub fn events(&mut self) -> &mut Events {
        &mut self.events
    }

    /// The events behind those that are held back: of the command that was applied last.
    #[inline(always)]
    pub fn latest(&self) -> &[Event] {
        &self.events.as_slice()[self.held_end()..]
    }

    /// Takes in the latest events, of the entry with this number. Nobody sees them before `publish`. It never waits.
    #[inline(always)]
    pub fn take(&mut self, sequence: u64) {
        self.is_pending |= !self.latest().is_empty();
        if self.held.is_empty() {
            for event in self.events.as_slice() {
                if !self.publisher.write_event(sequence, event) {
                    break;
                }
                self.written += 1;
            }
            if self.written == self.events.len() {
                return self.forget();
            }
        }
        let end = self.events.len();
        self.held.push(Held { sequence, end });
    }

    /// Makes the events seen, as far as the ring has room; whether that was all. It never waits.
    pub fn publish(&mut self) -> bool {
        for held in &self.held[self.done..] {
            while self.written < held.end {
                let event = &self.events.as_slice()[self.written];
                if self.publisher.write_event(held.sequence, event) {
                    self.written += 1;
                    continue;
                }
                // It may have been in its own way only: what is not published is not written over.
                self.publisher.publish();
                if self.publisher.room() == 0 {
                    return false;
                }
            }
            self.done += 1;
        }
        self.publisher.publish();
        self.forget();
        self.is_pending = false;
        true
    }

    /// Whether there are events that were not published.
    pub fn is_pending(&self) -> bool {
        self.is_pending
    }

    /// How many events were published, ever.
    pub fn position(&self) -> u64 {
        self.publisher.position()
    }

    /// Forgets what a command left that was not executed to its end, and tells the readers that nothing comes behind the others.
    pub fn poison(&mut self) {
        self.events.truncate(self.held_end());
        self.publisher.poison();
    }

    /// Where the events that are held back end. Those of the command that is being applied are behind them.
    #[inline(always)]
    fn held_end(&self) -> usize {
        self.held.last().map_or(0, |held| held.end)
    }

    #[inline(always)]
    fn forget(&mut self) {
        self.events.clear();
        self.held.clear();
        (self.written, self.done) = (0, 0);
    }
}
