//! What the holder of a shared book's baton does: it executes what all have asked, and answers.
//!
//! ```text
//!   gather what is asked -> apply, entry, report, one by one -> the sink -> depth -> answers
//! ```

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::command::Command;
use crate::engine::Engine;
use crate::event::Events;
use crate::journal::{Mark, Segment, Writer};
use crate::shell::depth::DepthWriter;
use crate::shell::slot::{Executed, Slot};
use crate::units::Timestamp;

/// Takes the entries of a batch, and where the journal then ends.
pub(super) type Sink = Box<dyn FnMut(&[u8], Mark) + Send>;

/// What the baton is for.
pub(super) struct Holder {
    engine: Engine,
    events: Events,
    /// `None` if no levels are published.
    depth: Option<DepthWriter>,
    journal: Option<Journal>,
    /// The number of the last command.
    sequence: u64,
    /// The latest time that a command was stamped with.
    stamp: Timestamp,
    /// How many batches there were since one looked at what others ask.
    alone: u32,
    /// Whose commands the batch has, the holder's own not counted.
    asked: Vec<usize>,
    commands: Vec<Command>,
    /// How many of these were executed.
    executed: usize,
}

/// A thread that keeps getting the baton looks at what others ask in one of so many batches: each look moves their lines to its
/// processor and back, and costs as much as several commands.
const BATCHES_ALONE: u32 = if cfg!(loom) { 0 } else { 31 };

/// A journal whose entries go to a sink.
pub(super) struct Journal {
    writer: Writer,
    segment: Segment,
    /// Whether the next entry comes behind an opening.
    opens_part: bool,
    /// An entry is never longer.
    entry_bytes_max: usize,
    /// Whether the sink has not come back.
    is_persisting: bool,
    sink: Sink,
}

impl Holder {
    pub fn new(
        engine: Engine,
        handles: usize,
        depth: Option<DepthWriter>,
        journal: Option<Journal>,
    ) -> Self {
        let sequence = journal
            .as_ref()
            .map_or(0, |journal| journal.writer.mark().sequence);
        Self {
            events: Events::for_instrument(engine.instrument()),
            engine,
            depth,
            journal,
            sequence,
            stamp: Timestamp::new(0),
            alone: 0,
            asked: Vec::with_capacity(handles),
            commands: Vec::with_capacity(handles),
            executed: 0,
        }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Executes a command of the holder's own first, and with it, now and then, all that is asked by now.
    #[inline(always)]
    pub fn execute(&mut self, own: Command, slots: &[Slot]) -> Executed {
        let mut batch = Batch::new(self, slots);
        let executed = batch.holder.apply(own);
        batch.holder.alone += 1;
        if batch.holder.alone > BATCHES_ALONE {
            batch.serve();
        }
        batch.end();
        executed
    }

    /// Executes all that is asked by now.
    pub fn serve(&mut self, slots: &[Slot]) {
        let mut batch = Batch::new(self, slots);
        batch.serve();
        batch.end();
    }

    #[inline(always)]
    fn apply(&mut self, mut command: Command) -> Executed {
        // Refused commands leave the engine's time as it was, and are stamped none the less.
        self.stamp = command.timestamp.max(self.engine.now()).max(self.stamp);
        command.timestamp = self.stamp;
        if let Some(journal) = &mut self.journal {
            journal.make_room(&self.engine);
        }
        self.events.clear();
        self.engine.apply(&command, &mut self.events);
        self.sequence += 1;
        if let Some(journal) = &mut self.journal {
            journal.append(&command, &self.events);
        }
        Executed {
            sequence: self.sequence,
            report: self.engine.report(&command.action, &self.events),
        }
    }

    #[inline(never)]
    fn apply_asked(&mut self, number: usize, slots: &[Slot]) {
        let executed = self.apply(self.commands[number]);
        slots[self.asked[number]].write_answer(executed);
        self.executed += 1;
    }

    /// Lets all see that the commands of this batch that were executed are answered.
    #[inline]
    fn release_answers(&self, slots: &[Slot]) {
        for index in &self.asked[..self.executed] {
            slots[*index].release_answer();
        }
    }
}

/// What is executed before anyone is answered. If the engine panics, what was executed before is persisted and answered all the same.
struct Batch<'a> {
    holder: &'a mut Holder,
    slots: &'a [Slot],
    /// The number of the last command before.
    sequence: u64,
}

impl<'a> Batch<'a> {
    #[inline]
    fn new(holder: &'a mut Holder, slots: &'a [Slot]) -> Self {
        holder.asked.clear();
        holder.executed = 0;
        Self {
            sequence: holder.sequence,
            holder,
            slots,
        }
    }

    #[inline(never)]
    fn serve(&mut self) {
        let (holder, slots) = (&mut *self.holder, self.slots);
        holder.alone = 0;
        holder.commands.clear();
        for (index, slot) in slots.iter().enumerate() {
            if let Some(command) = slot.asked() {
                holder.asked.push(index);
                holder.commands.push(command);
            }
        }
        holder.engine.prefetch(&holder.commands);
        for number in 0..holder.commands.len() {
            holder.apply_asked(number, slots);
        }
    }

    #[inline]
    fn end(self) {
        if let Some(journal) = &mut self.holder.journal {
            journal.persist();
        }
        let has_executed = self.holder.sequence > self.sequence;
        if let (Some(depth), true) = (&mut self.holder.depth, has_executed) {
            depth.write(&self.holder.engine, self.holder.sequence);
        }
        self.holder.release_answers(self.slots);
        std::mem::forget(self);
    }
}

impl Drop for Batch<'_> {
    /// On the way out of a panic only.
    fn drop(&mut self) {
        if let Some(journal) = &mut self.holder.journal {
            let persisted = catch_unwind(AssertUnwindSafe(|| journal.persist()));
            if journal.is_persisting || persisted.is_err() {
                // The sink itself panicked: what is durable is not known, and nobody is answered.
                return;
            }
        }
        self.holder.release_answers(self.slots);
    }
}

impl Journal {
    /// A journal that goes on with a writer, with room for the longest entry and so many more of two events.
    pub fn new(writer: Writer, sink: Sink, engine: &Engine, entries: usize) -> Self {
        let events_most = engine.instrument().capacities().events_most();
        let entry_bytes_max = Writer::entry_bytes_max(events_most);
        let bytes = Writer::OPENING_BYTES + entry_bytes_max + entries * Writer::entry_bytes_max(2);
        Self {
            opens_part: writer.mark() == Mark::default(),
            writer,
            segment: Segment::new(bytes),
            entry_bytes_max,
            is_persisting: false,
            sink,
        }
    }

    /// Makes room for the next entry, whatever it is.
    #[inline]
    fn make_room(&mut self, engine: &Engine) {
        if self.opens_part {
            let opened = self.segment.open(&mut self.writer, engine.instrument());
            opened.expect("an opening fits an empty segment");
            self.opens_part = false;
        }
        if self.segment.room() < self.entry_bytes_max {
            self.persist();
        }
    }

    #[inline]
    fn append(&mut self, command: &Command, events: &Events) {
        let appended = self
            .segment
            .append(&mut self.writer, command, events.as_slice());
        appended.expect("room for the longest entry was made");
    }

    /// Hands over what is not handed over yet, once: if the sink panics, it is not called again.
    #[inline]
    fn persist(&mut self) {
        if self.segment.is_empty() || self.is_persisting {
            return;
        }
        self.is_persisting = true;
        (self.sink)(self.segment.bytes(), self.writer.mark());
        self.is_persisting = false;
        self.segment.clear();
    }
}
