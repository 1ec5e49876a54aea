//! The frame around everything that a journal holds, and its checksum.

use crate::command::{Action, Command};
use crate::event::Event;
use crate::journal::Mark;
use crate::journal::record::{
    Record, Sink, TIME, put_command, put_event, read_command, read_terms, used,
};

/// Words of a frame's head.
pub const HEAD_WORDS: usize = 4;
/// Bytes of a word.
pub const WORD: usize = 8;
/// Bytes of a frame's head.
pub const HEAD: usize = HEAD_WORDS * WORD;
/// Words that the longest entry of three records takes, and every shorter one.
pub const KNOWN_WORDS: usize = HEAD_WORDS + 3 * 8;
/// The first byte of every frame's second word.
pub const MAGIC: u8 = b'P';

/// What the head of a frame is to say, apart from its length and checksum.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    pub format: u8,
    pub rules: u16,
    /// The checksum of the frame before, seals not counted; zero at the start of a journal.
    pub chain: u32,
    pub sequence: u64,
    pub time: u64,
}

impl Head {
    /// The words of a head behind the first.
    #[inline(always)]
    fn words(&self) -> [[u8; WORD]; HEAD_WORDS - 1] {
        let second = u64::from(MAGIC)
            | u64::from(self.format) << 8
            | u64::from(self.rules) << 16
            | u64::from(self.chain) << 32;
        [second, self.sequence, self.time].map(u64::to_le_bytes)
    }
}

/// A frame whose checksum is right: its bytes, at least a head, a whole number of words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Raw<'a>(&'a [u8]);

/// Why there is no frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoFrame {
    /// The bytes end before the frame does.
    Incomplete,
    /// The length is none that a frame can have.
    Length,
    /// The bytes are not those that were written.
    Checksum,
}

impl<'a> Raw<'a> {
    /// The frame at the start of `bytes`.
    #[inline]
    pub fn at(bytes: &'a [u8]) -> Result<Self, NoFrame> {
        if bytes.len() < HEAD {
            return Err(NoFrame::Incomplete);
        }
        let first = word(bytes, 0);
        let length = first as u32 as usize;
        if length < HEAD_WORDS {
            return Err(NoFrame::Length);
        }
        let frame = length.checked_mul(WORD).and_then(|end| bytes.get(..end));
        let frame = frame.ok_or(NoFrame::Incomplete)?;
        let is_right = checksum_of(frame) == (first >> 32) as u32;
        if !is_right || frame[WORD] != MAGIC {
            return Err(NoFrame::Checksum);
        }
        Ok(Self(frame))
    }

    /// Head and payload.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The frame's checksum.
    #[inline]
    pub fn checksum(&self) -> u32 {
        (word(self.0, 0) >> 32) as u32
    }

    /// The version of its layout.
    #[inline]
    pub fn format(&self) -> u8 {
        self.0[WORD + 1]
    }

    /// The version of the rules.
    #[inline]
    pub fn rules(&self) -> u16 {
        (word(self.0, 1) >> 16) as u16
    }

    /// The place that it follows on, for an opening or a seal; for an entry the number is its own.
    #[inline]
    pub fn follows(&self) -> Mark {
        Mark {
            sequence: word(self.0, 2),
            chain: (word(self.0, 1) >> 32) as u32,
        }
    }

    /// The number in its head.
    #[inline]
    pub fn sequence(&self) -> u64 {
        word(self.0, 2)
    }

    /// The time in its head.
    #[inline]
    pub fn time(&self) -> u64 {
        word(self.0, 3)
    }

    /// What the frame holds.
    #[inline]
    pub fn payload(&self) -> &'a [u8] {
        &self.0[HEAD..]
    }

    /// What the frame holds, in words.
    #[inline]
    pub fn words(&self) -> &'a [[u8; WORD]] {
        self.payload().as_chunks().0
    }

    /// The kind of its first record; zero without one.
    #[inline]
    pub fn kind(&self) -> u8 {
        self.payload().first().copied().unwrap_or(0)
    }
}

/// The checksum of a frame: CRC32C of all that follows the first word, and the length in words.
#[inline]
fn checksum_of(frame: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(&frame[WORD..]) ^ (frame.len() / WORD) as u32
}

/// A little-endian word of some bytes, by its number; they are long enough.
#[inline]
pub fn word(bytes: &[u8], number: usize) -> u64 {
    let mut eight = [0; WORD];
    eight.copy_from_slice(&bytes[number * WORD..][..WORD]);
    u64::from_le_bytes(eight)
}

/// Writes one frame into words that are long enough.
pub struct FrameWriter<'a> {
    words: &'a mut [[u8; WORD]],
    at: usize,
    /// What the words of the next record are compared with.
    last: Record,
}

impl<'a> FrameWriter<'a> {
    /// Starts a frame.
    #[inline(always)]
    pub fn new(words: &'a mut [[u8; WORD]], head: &Head) -> Self {
        words[1..HEAD_WORDS].copy_from_slice(&head.words());
        Self::payload_only(words, head.time)
    }

    /// Starts a payload behind a head that is not written.
    #[inline(always)]
    pub fn payload_only(words: &'a mut [[u8; WORD]], time: u64) -> Self {
        let mut last = [0; 8];
        last[TIME] = time;
        Self {
            words,
            at: HEAD_WORDS,
            last,
        }
    }

    /// Writes an entry's payload, record by record.
    pub fn entry(&mut self, command: &Command, events: &[Event]) {
        put_command(command, self);
        for event in events {
            put_event(event, self);
        }
    }

    /// Adds a word of a payload that is not made of records.
    #[inline]
    pub fn word(&mut self, word: u64) {
        self.words[self.at] = word.to_le_bytes();
        self.at += 1;
    }

    /// What was written behind the head.
    #[inline]
    pub fn payload(&self) -> &[[u8; WORD]] {
        &self.words[HEAD_WORDS..self.at]
    }

    /// Ends the frame: its length in bytes and its checksum.
    #[inline(always)]
    pub fn end(self) -> (usize, u32) {
        let frame = &mut self.words[..self.at];
        (self.at * WORD, close(frame))
    }
}

/// Writes a frame whose payload is known as a whole: its length in bytes and its checksum.
#[inline(always)]
pub fn write_known<const PAYLOAD: usize>(
    room: &mut [[u8; WORD]; KNOWN_WORDS],
    head: &Head,
    payload: [u64; PAYLOAD],
) -> (usize, u32) {
    const { assert!(HEAD_WORDS + PAYLOAD <= KNOWN_WORDS) };
    let length = HEAD_WORDS + PAYLOAD;
    room[1..HEAD_WORDS].copy_from_slice(&head.words());
    for (room, word) in room[HEAD_WORDS..length].iter_mut().zip(payload) {
        *room = word.to_le_bytes();
    }
    (length * WORD, close(&mut room[..length]))
}

/// Writes the first word of a frame whose others are written; its checksum.
#[inline(always)]
fn close(frame: &mut [[u8; WORD]]) -> u32 {
    let checksum = checksum_of(frame.as_flattened());
    let first = frame.len() as u64 | u64::from(checksum) << 32;
    frame[0] = first.to_le_bytes();
    checksum
}

/// The packed form: only the words that differ from those of the record before.
impl Sink for FrameWriter<'_> {
    /// Without a branch: every word is written, and written over by the next if it does not differ.
    #[inline(always)]
    fn put<const WORDS: usize>(&mut self, head: u64, words: [(usize, u64); WORDS]) {
        let room = self.words[self.at..].first_chunk_mut::<8>();
        let room = room.expect("room for a record was seen");
        let mut count = 1;
        let mut present = 0;
        for (word, value) in words {
            let differs = value != self.last[word];
            room[count & 7] = value.to_le_bytes();
            count += usize::from(differs);
            present |= u64::from(differs) << word;
            self.last[word] = value;
        }
        room[0] = (head | present << 8).to_le_bytes();
        self.at += count;
    }
}

/// Reads the records of a frame's payload one after the other.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    words: &'a [[u8; WORD]],
    last: Record,
}

impl<'a> Records<'a> {
    /// The records of a frame.
    #[inline]
    pub fn of(frame: &Raw<'a>) -> Self {
        let mut last = [0; 8];
        last[TIME] = frame.time();
        Self {
            words: frame.words(),
            last,
        }
    }

    /// Whether none are left.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The next record; `None` if there is none, or none that is well formed. Words that have no
    /// meaning in it may have any value, and so may the byte that says which are present.
    #[inline(always)]
    pub fn take(&mut self) -> Option<&Record> {
        let (head, mut rest) = self.words.split_first()?;
        let head = u64::from_le_bytes(*head);
        let mut present = (head >> 8) as u8;
        let used = used(head as u8);
        if present & !used != 0 {
            return None;
        }
        while present != 0 {
            let word = present.trailing_zeros() as usize & 7;
            present &= present - 1;
            let (value, after) = rest.split_first()?;
            let value = u64::from_le_bytes(*value);
            if value == self.last[word] {
                return None;
            }
            self.last[word] = value;
            rest = after;
        }
        self.words = rest;
        self.last[0] = head;
        Some(&self.last)
    }

    /// Reads the command that the next records stand for, if they do.
    #[inline]
    pub fn take_command(&mut self, command: &mut Command) -> bool {
        let record = self.take();
        if !record.is_some_and(|record| read_command(record, command)) {
            return false;
        }
        if !matches!(command.action, Action::Order(_) | Action::Amend(_)) {
            return true;
        }
        let terms = self.take();
        terms.is_some_and(|terms| read_terms(terms, command))
    }
}
