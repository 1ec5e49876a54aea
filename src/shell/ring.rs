//! A ring that one thread writes and many read, each at its own pace.
//!
//! ```text
//!   slots:   |6|7|8|9|.|.|2|3|4|5|      published: 10
//!                     ^ the next to be written over: 2
//!   gates:   4, -, -                    a lossless reader has read up to 4
//! ```
//!
//! A lossless reader has a gate, which holds the writer back when the ring is full of what it
//! has not read. A lossy reader holds nobody back; what was written over before it came is counted and
//! told. Two protocols:
//!
//! - `published`, stored with `Release` after the words of the slots before it, loaded with `Acquire` by
//!   readers. A gate is stored with `Release` after its reads, and loaded with `Acquire` by the writer.
//! - each slot's stamp, for those that read without a gate: the position of its message plus one, which is changed
//!   before a word is. Who finds it unchanged after reading the words has read one message whole. A fence
//!   on each side orders stamp and words.

use crossbeam_utils::CachePadded;

use crate::event::Event;
use crate::shell::after::Given;
use crate::shell::line::{Line, Rest, Slot, WRITING};
use crate::shell::sync::{Arc, AtomicU64, Guard, Ordering};

/// An event and the number of the journal's entry that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// The number of the entry.
    pub sequence: u64,
    /// What happened.
    pub event: Event,
}

struct Shared {
    /// The slots, each in two parts.
    lines: Box<[Line]>,
    rests: Box<[Rest]>,
    published: CachePadded<AtomicU64>,
    gates: Box<[CachePadded<AtomicU64>]>,
    /// `GONE` once the writer is gone, and `POISONED` once what it writes of is broken.
    ended: CachePadded<AtomicU64>,
}

const GONE: u64 = 1;
const POISONED: u64 = 2;

/// The value of a gate that no reader has.
const OPEN: u64 = u64::MAX;

/// The end that writes.
pub struct Publisher {
    shared: Arc<Shared>,
    written: u64,
    /// How many of them were published.
    published: u64,
    /// The writer may write up to here without looking at the gates.
    limit: u64,
}

/// Makes readers. It can be cloned and sent to any thread.
#[derive(Clone)]
pub struct Ring {
    shared: Arc<Shared>,
}

/// Reads every message; the writer waits for it when the ring is full.
pub struct LosslessReader {
    shared: Arc<Shared>,
    gate: usize,
    read: u64,
    /// How far it may read, as far as it has looked.
    published: u64,
    /// The reader that it reads after, if it does.
    after: Option<Given>,
    /// For the readers that read after this one, if there are.
    given: Option<Given>,
}

/// Reads what is there, and is told how much it missed. A message is there until a turn writes over it, be that turn published or not.
#[derive(Clone)]
pub struct LossyReader {
    shared: Arc<Shared>,
    read: u64,
}

/// A lossy reader that was lapped goes on this part of the ring behind what is oldest.
const HEAD_START: u64 = 32;

/// What a lossy reader finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// The next message.
    Message(Message),
    /// So many messages were written over before they were read, or were about to be. The next call goes on behind them.
    Missed(u64),
    /// Nothing new.
    Nothing,
}

/// A ring for as many messages, a power of two, with so many places for lossless readers.
pub fn ring(capacity: usize, lossless_max: usize) -> (Publisher, Ring) {
    assert!(capacity.is_power_of_two(), "the builder rounded it up");
    let gate = |_| CachePadded::new(AtomicU64::new(OPEN));
    let shared = Arc::new(Shared {
        lines: (0..capacity).map(|_| Line::default()).collect(),
        rests: (0..capacity).map(|_| Rest::default()).collect(),
        published: CachePadded::new(AtomicU64::new(0)),
        gates: (0..lossless_max).map(gate).collect(),
        ended: CachePadded::new(AtomicU64::new(0)),
    });
    let publisher = Publisher {
        shared: Arc::clone(&shared),
        written: 0,
        published: 0,
        limit: capacity as u64,
    };
    (publisher, Ring { shared })
}

impl Shared {
    #[inline(always)]
    fn slot(&self, position: u64) -> Slot<'_> {
        let index = position as usize & (self.lines.len() - 1);
        Slot {
            line: &self.lines[index],
            rest: &self.rests[index],
        }
    }

    fn capacity(&self) -> u64 {
        self.lines.len() as u64
    }

    fn published(&self) -> u64 {
        // With the writer's store in `publish`: the words of what it counts.
        self.published.load(Guard::RingPublished.acquire())
    }
}

impl Publisher {
    /// How many messages find room before lossless readers have read more. Wait-free; O(gates) when
    /// the room that was known of is used up.
    #[inline]
    pub fn room(&mut self) -> u64 {
        if self.written == self.limit {
            self.look_at_gates();
        }
        self.limit - self.written
    }

    #[cold]
    fn look_at_gates(&mut self) {
        // With the fence in `lossless`: either its gate is seen here, or it sees what is published by now.
        Guard::RingLook.fence(Ordering::SeqCst);
        // With each reader's store of its gate: its reads are done.
        let gates = self
            .shared
            .gates
            .iter()
            .map(|gate| gate.load(Guard::RingGates.acquire()));
        // A reader that comes now begins no earlier than what is published.
        let slowest = gates.min().unwrap_or(OPEN).min(self.published);
        self.limit = self.limit.max(slowest + self.shared.capacity());
    }

    /// Writes a message, which nobody sees until `publish`; `false` if there is no room. Wait-free.
    #[inline]
    pub fn write(&mut self, message: &Message) -> bool {
        self.write_event(message.sequence, &message.event)
    }

    /// As [`write`](Publisher::write), of the parts of a message.
    #[inline(always)]
    pub(super) fn write_event(&mut self, sequence: u64, event: &Event) -> bool {
        if self.room() == 0 {
            return false;
        }
        let slot = self.shared.slot(self.written);
        slot.line.witness.write();
        slot.line.stamp.store(WRITING, Ordering::Relaxed);
        // With the fence in `lossy`: who reads one of the words below sees the stamp above, or a later one.
        Guard::RingWriting.fence(Ordering::Release);
        slot.write(sequence, event);
        self.written += 1;
        slot.line.stamp.store(self.written, Ordering::Relaxed);
        true
    }

    /// How many messages were published.
    pub fn position(&self) -> u64 {
        self.published
    }

    /// Makes everything that was written seen, at once. Wait-free.
    #[inline]
    pub fn publish(&mut self) {
        self.published = self.written;
        // With the readers' loads of `published`: the words of what it counts.
        let published = &self.shared.published;
        published.store(self.written, Guard::RingPublish.release());
    }
}

impl Publisher {
    /// Tells the readers that the engine panicked.
    pub(super) fn poison(&self) {
        self.end(POISONED);
    }

    fn end(&self, how: u64) {
        let ended = &self.shared.ended;
        // With the loads in `is_closed` and `is_poisoned`: what was published before. Nobody else stores it.
        ended.store(ended.load(Ordering::Relaxed) | how, Ordering::Release);
    }
}

impl Drop for Publisher {
    /// Tells the readers that nothing more comes.
    fn drop(&mut self) {
        self.end(GONE);
    }
}

impl Ring {
    /// Whether the writer is gone. What it published before may still be there to be read. Wait-free.
    pub fn is_closed(&self) -> bool {
        // With the store when the writer goes: what it published before.
        self.shared.ended.load(Ordering::Acquire) & GONE != 0
    }

    /// Whether the matcher's engine panicked. What it had executed before is still published, unless the matcher is dropped before
    /// that; nothing comes behind it. Wait-free.
    pub fn is_poisoned(&self) -> bool {
        // With the store when the engine panics: what was published before.
        self.shared.ended.load(Ordering::Acquire) & POISONED != 0
    }

    /// A reader of everything that is published from now on, which the writer waits for; `None` if all
    /// places for such readers are taken. Wait-free: O(places). A thread that is stopped inside of this call holds the
    /// writer up as a reader would that does not read.
    pub fn lossless(&self) -> Option<LosslessReader> {
        let gate = self.take_gate()?;
        // With the fence in `look_at_gates`: either the writer sees the gate, or this sees what it has published.
        Guard::RingJoin.fence(Ordering::SeqCst);
        let published = self.shared.published();
        Some(self.reader(gate, published, None))
    }

    /// A reader of everything that `other` gives back from now on, and of nothing that it has not given back: what `other` does with a
    /// message before it gives it back, such as persisting it, is done and seen when this one reads it. `None` if all places
    /// for lossless readers are taken, or `other` is of another ring. O(places), and it allocates a word.
    ///
    /// When `other` is dropped, or its thread dies, this one reads what it had given back, and nothing after that, ever: what nobody made durable
    /// is told to nobody. Then [`is_cut_off`](LosslessReader::is_cut_off) says so. The writer goes on waiting for this reader until it is dropped too.
    pub fn lossless_after(&self, other: &mut LosslessReader) -> Option<LosslessReader> {
        if !Arc::ptr_eq(&self.shared, &other.shared) {
            return None;
        }
        let gate = self.take_gate()?;
        // Only `other` moves its own gate, and it stays until after this call: what the writer may not write over yet is kept for both.
        let begin = self.shared.gates[other.gate].load(Ordering::Relaxed);
        let given = other.given.get_or_insert_with(|| Given::new(begin));
        Some(self.reader(gate, begin, Some(given.clone())))
    }

    /// Takes a place for a lossless reader, held back at the very start until it is known where to begin.
    fn take_gate(&self) -> Option<usize> {
        self.shared.gates.iter().position(|gate| {
            let taken = gate.compare_exchange(OPEN, 0, Ordering::Relaxed, Ordering::Relaxed);
            taken.is_ok()
        })
    }

    fn reader(&self, gate: usize, begin: u64, after: Option<Given>) -> LosslessReader {
        self.shared.gates[gate].store(begin, Ordering::Release);
        LosslessReader {
            shared: Arc::clone(&self.shared),
            gate,
            read: begin,
            published: begin,
            after,
            given: None,
        }
    }

    /// A lossy reader that begins at a position that a [checkpoint](crate::shell::Checkpoint) names.
    pub(super) fn lossy_from(&self, position: u64) -> LossyReader {
        LossyReader {
            shared: Arc::clone(&self.shared),
            read: position,
        }
    }

    /// A reader of what is published from now on, as far as it keeps up. Wait-free.
    pub fn lossy(&self) -> LossyReader {
        LossyReader {
            shared: Arc::clone(&self.shared),
            read: self.shared.published(),
        }
    }
}

impl LosslessReader {
    /// The next message, if one is published. Its slot is not given back before `give_back`. Wait-free.
    #[inline]
    pub fn read(&mut self) -> Option<Message> {
        if self.read == self.published {
            self.published = match &self.after {
                // With the writer's store in `publish`: the words of what it counts.
                None => self.shared.published(),
                Some(other) => other.position(),
            };
            if self.read == self.published {
                return None;
            }
        }
        let slot = self.shared.slot(self.read);
        slot.line.witness.read();
        let message = message(slot);
        self.read += 1;
        Some(message.expect("the gate kept the message whole"))
    }

    /// Lets the writer write over all that was read. Wait-free.
    #[inline]
    pub fn give_back(&self) {
        // With the writer's loads in `look_at_gates`: the reads before it.
        let gate = &self.shared.gates[self.gate];
        gate.store(self.read, Guard::RingGiveBack.release());
        if let Some(given) = &self.given {
            given.give(self.read);
        }
    }

    /// Whether it reads after another reader that is gone, so that it will not read further than that one had given back. Wait-free.
    pub fn is_cut_off(&self) -> bool {
        self.after.as_ref().is_some_and(Given::is_ended)
    }

    /// How many messages were published before the next one to be read.
    pub fn position(&self) -> u64 {
        self.read
    }
}

impl Drop for LosslessReader {
    /// The writer waits for it no longer, and those that read after it read no further.
    fn drop(&mut self) {
        if let Some(given) = &self.given {
            given.end();
        }
        self.shared.gates[self.gate].store(OPEN, Ordering::Release);
    }
}

impl LossyReader {
    /// The next message, or how many are lost. Wait-free.
    #[inline]
    pub fn read(&mut self) -> Seen {
        // With the writer's store in `publish`: the words of what it counts.
        let published = self.shared.published();
        if self.read == published {
            return Seen::Nothing;
        }
        if self.read < published.saturating_sub(self.shared.capacity()) {
            return self.skip(published);
        }
        let slot = self.shared.slot(self.read);
        let message = message(slot);
        // With the writer's fence: if a word was of a later message, the stamp is not this one's any more.
        Guard::RingReading.fence(Ordering::Acquire);
        let after = slot.line.stamp.load(Ordering::Relaxed);
        match message {
            Some(message) if after == self.read + 1 => {
                self.read += 1;
                Seen::Message(message)
            }
            Some(_) | None => self.skip(published),
        }
    }

    /// How many messages are published.
    pub(super) fn published(&self) -> u64 {
        self.shared.published()
    }

    /// Goes on at a position that was published.
    pub(super) fn move_to(&mut self, position: u64) {
        self.read = position;
    }

    /// Goes on behind what was lost, and a little farther: what is oldest is written over next, and a reader that goes on there is
    /// lapped again at once.
    fn skip(&mut self, published: u64) -> Seen {
        let capacity = self.shared.capacity();
        let head_start = published.saturating_sub(capacity) + capacity / HEAD_START;
        let position = head_start.min(published).max(self.read + 1);
        let missed = position - self.read;
        self.read = position;
        Seen::Missed(missed)
    }

    /// How many messages were published before the next one to be read.
    pub fn position(&self) -> u64 {
        self.read
    }
}

/// The message of a slot's words, if they are of one.
#[inline(always)]
fn message(slot: Slot<'_>) -> Option<Message> {
    let (sequence, event) = slot.read()?;
    Some(Message { sequence, event })
}
