//! Events that wait until what caused them is durable.

use std::collections::VecDeque;
use std::fmt;

use crate::event::{Event, Events};

/// Holds the events of each entry back until the caller says that the entry is durable, so that
/// nobody is told of a trade that a crash could undo.
///
/// It takes its memory up front. When it is full the matcher has to wait for the disk, and
/// is told so.
///
/// ```
/// use pricetime::journal::Held;
/// use pricetime::*;
/// let mut held = Held::new(1024, 4096);
/// let event = Event::TimeAdvanced { to: Timestamp::new(1), orders: 0 };
/// held.hold(1, &[event])?;
/// let mut events = Events::default();
/// assert_eq!(held.release(&mut events), None);
/// held.durable(1);
/// assert_eq!(held.release(&mut events), Some(1));
/// assert_eq!(events.as_slice(), [event]);
/// # Ok::<(), pricetime::journal::HeldFull>(())
/// ```
#[derive(Clone, Debug)]
pub struct Held {
    entries: VecDeque<(u64, usize)>,
    events: VecDeque<Event>,
    entries_max: usize,
    events_max: usize,
    durable: u64,
}

/// There is no room for another entry's events: make what waits durable first. Nothing was taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeldFull;

impl fmt::Display for HeldFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many events wait for their entries to become durable")
    }
}

impl std::error::Error for HeldFull {}

impl Held {
    /// Room for so many entries with so many events in all.
    pub fn new(entries_max: usize, events_max: usize) -> Self {
        Self {
            entries: VecDeque::with_capacity(entries_max),
            events: VecDeque::with_capacity(events_max),
            entries_max,
            events_max,
            durable: 0,
        }
    }

    /// Takes in what an entry brought about. Entries come in the order of their numbers.
    ///
    /// # Errors
    /// [`HeldFull`] if there is no room.
    pub fn hold(&mut self, sequence: u64, events: &[Event]) -> Result<(), HeldFull> {
        let fits = self.entries.len() < self.entries_max
            && events.len() <= self.events_max - self.events.len();
        if !fits {
            return Err(HeldFull);
        }
        self.entries.push_back((sequence, events.len()));
        self.events.extend(events);
        Ok(())
    }

    /// Tells it that all entries up to this one are durable. An earlier number changes nothing.
    pub fn durable(&mut self, sequence: u64) {
        self.durable = self.durable.max(sequence);
    }

    /// Gives out the events of the next durable entry, in `events`, which is cleared first, and the
    /// entry's number. `None` while the next entry is not durable, or there is none.
    pub fn release(&mut self, events: &mut Events) -> Option<u64> {
        events.clear();
        let &(sequence, count) = self.entries.front()?;
        if sequence > self.durable {
            return None;
        }
        self.entries.pop_front();
        for event in self.events.drain(..count) {
            events.push(event);
        }
        Some(sequence)
    }

    /// How many entries wait.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
