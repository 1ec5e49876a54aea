//! A lane: one thread puts messages in, one takes them out, and neither ever waits.
//!
//! ```text
//!   slots:   [ | | |x|x|x|x| | ]        x: published and not yet taken
//!                  ^taken  ^published
//! ```
//!
//! Positions only grow; a slot is `position % capacity`. Two stores carry everything:
//!
//! - `published`, stored with `Release` by the sender after the words of the slots before it, loaded with
//!   `Acquire` by the receiver: what it counts can be read.
//! - `taken`, stored with `Release` by the receiver after it has read the slots before it, loaded with `Acquire` by
//!   the sender: what it counts can be written over.
//!
//! Both ends keep a copy of the other's position and look at the real one only when the copy says full, or
//! empty, so that in the steady state the two lines do not travel with every message.

use crossbeam_utils::CachePadded;

use crate::journal::Record;
use crate::shell::sync::{Arc, AtomicU64, Guard, Ordering, Witness};

/// One message: eight words, one cache line.
#[repr(align(64))]
struct Slot([AtomicU64; 8], Witness);

/// The memory that both ends share.
pub struct Lane {
    slots: Box<[Slot]>,
    /// How many messages the sender has published.
    published: CachePadded<AtomicU64>,
    /// How many of them the receiver has taken.
    taken: CachePadded<AtomicU64>,
}

/// The end that puts messages in.
pub struct Sender {
    lane: Arc<Lane>,
    /// How many messages were written, published or not.
    written: u64,
    /// No more than `taken`.
    taken: u64,
}

/// The end that takes messages out.
pub struct Receiver {
    lane: Arc<Lane>,
    /// How many messages were read; `taken` follows.
    read: u64,
    /// No more than `published`.
    published: u64,
}

/// There is no room in the lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LaneFull;

/// A lane for as many messages, a power of two.
pub fn lane(capacity: usize) -> (Sender, Receiver) {
    let lane = Lane::new(capacity);
    (Sender::at(&lane), Receiver::at(&lane))
}

impl Lane {
    /// A lane for as many messages, a power of two.
    pub fn new(capacity: usize) -> Arc<Self> {
        assert!(capacity.is_power_of_two(), "the builder rounded it up");
        let words = || std::array::from_fn(|_| AtomicU64::new(0));
        let slot = |_| Slot(words(), Witness::default());
        Arc::new(Self {
            slots: (0..capacity).map(slot).collect(),
            published: CachePadded::new(AtomicU64::new(0)),
            taken: CachePadded::new(AtomicU64::new(0)),
        })
    }

    fn slot(&self, position: u64) -> &Slot {
        &self.slots[position as usize & (self.slots.len() - 1)]
    }

    fn capacity(&self) -> u64 {
        self.slots.len() as u64
    }
}

impl Sender {
    /// The sending end, which nobody else has, where it was left.
    pub fn at(lane: &Arc<Lane>) -> Self {
        Self {
            written: lane.published.load(Guard::LanePublished.acquire()),
            taken: lane.taken.load(Guard::LaneTaken.acquire()),
            lane: Arc::clone(lane),
        }
    }

    /// Writes a message behind those that are there; nobody sees it until `publish`. Wait-free.
    #[inline]
    pub fn write(&mut self, message: &Record) -> Result<(), LaneFull> {
        if self.room() == 0 {
            return Err(LaneFull);
        }
        let slot = self.lane.slot(self.written);
        slot.1.write();
        for (word, value) in slot.0.iter().zip(message) {
            // Published by the store of `published`.
            word.store(*value, Ordering::Relaxed);
        }
        self.written += 1;
        Ok(())
    }

    /// Makes everything that was written seen, at once. Wait-free.
    #[inline]
    pub fn publish(&self) {
        // With the receiver's load in `waiting`: the words before it.
        self.lane
            .published
            .store(self.written, Guard::LanePublish.release());
    }

    /// How many messages that were published the receiver has not taken. It looks at the receiver's position if its copy says that
    /// there are some. Wait-free.
    #[inline]
    pub fn untaken(&mut self) -> u64 {
        if self.written > self.taken {
            // With the receiver's store in `give_back`: its reads are done.
            self.taken = self.lane.taken.load(Guard::LaneTaken.acquire());
        }
        self.written - self.taken
    }

    /// How many messages find room. It looks at the receiver's position only when its copy says none. Wait-free.
    #[inline]
    pub fn room(&mut self) -> u64 {
        self.room_for(1)
    }

    /// As `room`, but it looks already when its copy says that fewer than so many find room.
    #[inline]
    pub fn room_for(&mut self, messages: u64) -> u64 {
        let capacity = self.lane.capacity();
        if capacity - (self.written - self.taken) < messages {
            // With the receiver's store in `give_back`: its reads are done.
            self.taken = self.lane.taken.load(Guard::LaneTaken.acquire());
        }
        capacity - (self.written - self.taken)
    }
}

impl Receiver {
    /// The receiving end, which nobody else has, where it was left.
    pub fn at(lane: &Arc<Lane>) -> Self {
        Self {
            read: lane.taken.load(Guard::LaneTaken.acquire()),
            published: lane.published.load(Guard::LanePublished.acquire()),
            lane: Arc::clone(lane),
        }
    }

    /// How many messages wait. It looks at the sender's position only when its copy says none. Wait-free.
    #[inline]
    pub fn waiting(&mut self) -> u64 {
        if self.published == self.read {
            // With the sender's store in `publish`: the words of what it counts.
            self.published = self.lane.published.load(Guard::LanePublished.acquire());
        }
        self.published - self.read
    }

    /// Reads the next message, if one waits. Its slot is not given back before `give_back`. Wait-free.
    #[inline]
    pub fn read(&mut self) -> Option<Record> {
        self.read_many(1).next()
    }

    /// Reads up to `most` messages of those that wait; it looks for newer ones only when none is left of which it knew. What is
    /// not taken from the iterator is passed over. Their slots are not given back before `give_back`. Wait-free.
    #[inline(always)]
    pub fn read_many(&mut self, most: u64) -> impl Iterator<Item = Record> {
        let from = self.read;
        let count = self.waiting().min(most);
        self.read += count;
        (0..count as usize).map(move |index| {
            let slot = self.lane.slot(from + index as u64);
            slot.1.read();
            std::array::from_fn(|word| slot.0[word].load(Ordering::Relaxed))
        })
    }

    /// Passes over all messages that wait, and gives their slots back. Wait-free.
    pub fn skip(&mut self) {
        self.read += self.waiting();
        self.give_back();
    }

    /// Gives the slots of all messages that were read back. Wait-free.
    #[inline]
    pub fn give_back(&self) {
        // With the sender's load in `room`: the reads before it.
        self.lane
            .taken
            .store(self.read, Guard::LaneGiveBack.release());
    }
}
