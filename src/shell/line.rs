//! A place of the ring: an event as atomic words, and a stamp that says which message it is of.
//!
//! ```text
//!   line:  | stamp | sequence | word 0 of the record | 1 | 2 | 3 | 4 | 6 |
//!   rest:  | 5 | 7 |
//! ```
//!
//! The words of a record that only events of two orders have, trades and prevented ones, stand apart, four slots of them in a line. So
//! any other event is one line to write and one to read. Words that have no meaning in an event are not written, and what a slot then
//! holds of an earlier event is not looked at.

use crate::event::Event;
use crate::journal::{Record, Sink, event_of, put_event, reaches_beyond};
use crate::shell::sync::{AtomicU64, Ordering, Witness};

/// The first line of a message.
#[repr(align(64))]
pub(super) struct Line {
    /// The position of the message plus one; [`WRITING`] while it is written.
    pub stamp: AtomicU64,
    sequence: AtomicU64,
    words: [AtomicU64; 6],
    /// Of those that read with a gate.
    pub witness: Witness,
}

/// The words that only events of two orders have.
#[derive(Default)]
pub(super) struct Rest([AtomicU64; 2]);

/// A stamp that is no message's.
pub(super) const WRITING: u64 = 0;

/// Both parts of a place.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub line: &'a Line,
    pub rest: &'a Rest,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            stamp: AtomicU64::new(WRITING),
            sequence: AtomicU64::new(0),
            words: std::array::from_fn(|_| AtomicU64::new(0)),
            witness: Witness::default(),
        }
    }
}

impl Sink for Slot<'_> {
    #[inline(always)]
    fn put<const WORDS: usize>(&mut self, head: u64, words: [(usize, u64); WORDS]) {
        self.line.words[0].store(head, Ordering::Relaxed);
        for (word, value) in words {
            self.word(word).store(value, Ordering::Relaxed);
        }
    }
}

impl<'a> Slot<'a> {
    #[inline(always)]
    fn word(self, word: usize) -> &'a AtomicU64 {
        match word {
            5 => &self.rest.0[0],
            6 => &self.line.words[5],
            7 => &self.rest.0[1],
            _ => &self.line.words[word],
        }
    }

    /// Writes the words. What orders them is the caller's.
    #[inline(always)]
    pub fn write(mut self, sequence: u64, event: &Event) {
        self.line.sequence.store(sequence, Ordering::Relaxed);
        put_event(event, &mut self);
    }

    /// The number of the entry and the event, if the words are of one event. What orders them is the caller's.
    #[inline(always)]
    pub fn read(self) -> Option<(u64, Event)> {
        let sequence = self.line.sequence.load(Ordering::Relaxed);
        let [head, id, price, quantity, other, left] =
            std::array::from_fn(|word| self.line.words[word].load(Ordering::Relaxed));
        let mut record: Record = [head, id, price, quantity, other, 0, left, 0];
        if reaches_beyond(head) {
            record[5] = self.rest.0[0].load(Ordering::Relaxed);
            record[7] = self.rest.0[1].load(Ordering::Relaxed);
        }
        Some((sequence, event_of(&record)?))
    }
}
