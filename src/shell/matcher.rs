//! The one thread that runs the engine: in turns it takes commands, applies and journals them, and publishes.
//!
//! ```text
//!   turn:     take from the lanes, and for each command
//!             stamp -> apply -> entry into the segment -> outcome into a lane, events into the ring: nobody sees them yet
//!             ... here the caller persists the segment ...
//!   publish:  outcomes and events are seen, and the depth
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::book::IDS;
use crate::command::{Action, Command};
use crate::engine::Engine;
use crate::journal::{Mark, Record, Segment, Writer, read_command, read_terms};
use crate::shell::bell::Bell;
use crate::shell::depth::DepthWriter;
use crate::shell::feed::Feed;
use crate::shell::follow::Checkpoint;
use crate::shell::intake::{Drain, Taken};
use crate::shell::outcome::Outcome;
use crate::shell::ring::Publisher;
use crate::shell::sync::Parker;
use crate::units::Timestamp;

/// Runs an engine for producers and readers on other threads. It is driven by one thread, of the caller's.
pub struct Matcher {
    engine: Engine,
    writer: Writer,
    segment: Segment,
    /// Whether the next entry comes behind an opening.
    opens_part: bool,
    drain: Drain,
    feed: Feed,
    depth: DepthWriter,
    /// Commands a turn takes at most.
    batch: usize,
    /// An entry is never longer.
    entry_bytes_max: usize,
    /// A command never appends more events.
    events_most: usize,
    taken: Vec<Taken>,
    /// The second records of those that have one.
    terms: Vec<Record>,
    /// Of all that were taken, if they were announced to the engine; otherwise none.
    commands: Vec<Command>,
    /// The command that is being applied.
    command: Command,
    /// How many of the commands were applied.
    applied: usize,
    /// The latest time that commands were stamped with.
    stamp: Timestamp,
    /// Whether outcomes were written and not published.
    has_outcomes: bool,
    /// What it sleeps by, if it was built to.
    parker: Option<Parker>,
    /// Whether the engine panicked.
    is_poisoned: bool,
}

/// What a turn did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// It applied so many commands; [`Matcher::journal`] has their entries.
    Applied(usize),
    /// There was nothing to do.
    Idle,
    /// Lossless readers have not made room for what the last turn did: publish again first.
    Behind,
    /// The engine panicked in an earlier turn. Nothing is executed any more. [`Matcher::journal`] has the entries of what that turn
    /// had executed before, and [`Matcher::publish`] publishes it.
    Poisoned,
}

pub(super) struct Parts {
    pub engine: Engine,
    pub writer: Writer,
    pub segment: Segment,
    pub drain: Drain,
    pub publisher: Publisher,
    pub depth: DepthWriter,
    pub batch: usize,
    pub parker: Option<Parker>,
}

impl Matcher {
    pub(super) fn new(parts: Parts) -> Self {
        let events_most = parts.engine.instrument().capacities().events_most();
        Self {
            engine: parts.engine,
            opens_part: parts.writer.mark() == Mark::default(),
            writer: parts.writer,
            segment: parts.segment,
            drain: parts.drain,
            feed: Feed::new(parts.publisher, parts.batch, events_most),
            depth: parts.depth,
            batch: parts.batch,
            entry_bytes_max: Writer::entry_bytes_max(events_most),
            events_most,
            taken: Vec::with_capacity(parts.batch),
            terms: Vec::with_capacity(parts.batch),
            commands: Vec::with_capacity(parts.batch),
            command: Command::new(Timestamp::new(0), Action::AdvanceTime),
            applied: 0,
            stamp: Timestamp::new(0),
            has_outcomes: false,
            parker: parts.parker,
            is_poisoned: false,
        }
    }

    /// Takes a batch of commands, stamps them with `now`, or with the latest stamp or the engine's time if that is later,
    /// applies them and journals them. What the last turn did is published first if it was not yet; its journal is gone,
    /// and if the call says [`Turn::Behind`] there is none.
    ///
    /// It never waits. O(batch + places for producers), besides what the commands themselves take.
    ///
    /// # Panics
    /// If the engine does, since an invariant of its is broken. What the turn had executed before can be persisted and published as always; producers
    /// and readers are told, and nothing is executed any more.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        if self.is_poisoned {
            return Turn::Poisoned;
        }
        // Before all else: nobody is to persist an entry twice.
        self.segment.clear();
        if !self.publish() {
            return Turn::Behind;
        }
        if self.applied == self.taken.len() {
            self.take(now);
        }
        let first = self.applied;
        if self.opens_part && self.applied < self.taken.len() {
            let opened = self
                .segment
                .open(&mut self.writer, self.engine.instrument());
            opened.expect("an opening fits an empty segment");
            self.opens_part = false;
        }
        let applied = catch_unwind(AssertUnwindSafe(|| {
            while self.applied < self.taken.len() && self.has_room() {
                self.apply_next();
            }
        }));
        if let Err(panic) = applied {
            self.poison();
            resume_unwind(panic);
        }
        match self.applied - first {
            0 => Turn::Idle,
            applied => Turn::Applied(applied),
        }
    }

    /// The entries of the last turn, to be persisted before it is published, if what is
    /// published is to survive a crash.
    pub fn journal(&self) -> &[u8] {
        self.segment.bytes()
    }

    /// Where the journal ends.
    pub fn mark(&self) -> Mark {
        self.writer.mark()
    }

    /// Begins a part of the journal, as of a new file: the next turn that applies anything writes an opening first. A new
    /// journal begins with one by itself.
    pub fn open_part(&mut self) {
        self.opens_part = true;
    }

    /// The engine. If it panicked, its book may be broken, and reading it may panic.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Makes what the last turn did seen: outcomes, events, depth. `false` if lossless readers have
    /// not made room for all events: the rest goes with the next call. It never waits.
    pub fn publish(&mut self) -> bool {
        if self.has_outcomes {
            self.drain.publish();
            self.has_outcomes = false;
        }
        if self.feed.is_pending() {
            if !self.feed.publish() {
                return false;
            }
            if !self.is_poisoned {
                self.depth.write(&self.engine, self.writer.mark().sequence);
            }
        }
        true
    }

    /// The book as it is, for a reader on another thread to [follow](crate::shell::Follow) from; `None` while something of the
    /// last turn is not published, or the engine panicked. O(orders), and it allocates.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let is_published = !self.feed.is_pending() && !self.has_outcomes;
        let position = self.feed.position();
        let sequence = self.writer.mark().sequence;
        let is_whole = is_published && !self.is_poisoned;
        is_whole.then(|| Checkpoint::of(self.engine.book(), sequence, position))
    }

    /// The engine, and the journal's writer, to go on with. Persist and publish the last turn before: its entries and what
    /// it did are dropped here. Commands that were taken and not applied are lost to their
    /// producers, who are told that the matcher is gone.
    pub fn into_parts(self) -> (Engine, Writer) {
        (self.engine, self.writer)
    }

    /// Whether somebody asked it to stop.
    pub(super) fn is_stopping(&self) -> bool {
        self.drain.is_stopping()
    }

    /// What it is woken by and what it sleeps by, if it was built to.
    pub(super) fn bed(&self) -> Option<(&Bell, &Parker)> {
        self.drain.bell().zip(self.parker.as_ref())
    }

    fn take(&mut self, now: Timestamp) {
        self.taken.clear();
        self.terms.clear();
        self.applied = 0;
        self.drain
            .take(self.batch, &mut self.taken, &mut self.terms);
        // Refused commands leave the engine's time as it was, and are stamped none the less.
        let time = now.max(self.engine.now()).max(self.stamp);
        self.stamp = time;
        self.commands.clear();
        if self.engine.book().is_large() {
            self.announce();
        }
    }

    /// Tells the engine of all commands before any of them is applied. They are read once more when they are.
    #[inline(never)]
    fn announce(&mut self) {
        for taken in &self.taken {
            read_stamped(taken, &self.terms, self.stamp, &mut self.command);
            self.commands.push(self.command);
        }
        self.engine.prefetch(&self.commands);
    }

    /// Whether the next command fits, whatever it does.
    fn has_room(&self) -> bool {
        self.segment.room() >= self.entry_bytes_max && self.feed.has_room(self.events_most)
    }

    /// Everything that is to be done for one command, up to what publishing makes seen.
    fn apply_next(&mut self) {
        if self.applied.is_multiple_of(IDS) && self.commands.is_empty() {
            let next = self.taken[self.applied..].iter();
            self.engine.book().warm_ids(next.map(Taken::id));
        }
        let taken = &self.taken[self.applied];
        let command = &mut self.command;
        read_stamped(taken, &self.terms, self.stamp, command);
        self.engine.apply(command, self.feed.events());
        let events = self.feed.latest();
        let appended = self.segment.append(&mut self.writer, command, events);
        appended.expect("room for the longest entry was seen");
        let sequence = self.writer.mark().sequence;
        let outcome = Outcome::of(taken.token(), sequence, &command.action, events);
        self.drain.answer(taken.port, &outcome);
        self.has_outcomes = true;
        self.feed.take(sequence);
        self.applied += 1;
    }

    /// The engine panicked: forgets what the last command did in part, and tells everybody.
    #[cold]
    fn poison(&mut self) {
        self.is_poisoned = true;
        self.feed.poison();
        self.drain.poison();
    }
}

/// The command that a producer wrote, with its time.
#[inline(always)]
fn read_stamped(taken: &Taken, terms: &[Record], time: Timestamp, command: &mut Command) {
    let is_command = read_command(&taken.record, command);
    let terms = taken.terms(terms);
    let is_whole = terms.is_none_or(|terms| read_terms(terms, command));
    assert!(is_command && is_whole, "a producer writes commands");
    command.timestamp = time;
}
