//! Appending to a journal, in place, without allocating.

use std::fmt;

use crate::command::Command;
use crate::engine::RULES;
use crate::event::Event;
use crate::instrument::Instrument;
use crate::journal::frame::{FrameWriter, HEAD, Head, KNOWN_WORDS, WORD, write_known};
use crate::journal::opening::{NAME, OPENING, OPENING_WORDS, instrument_words};
use crate::journal::record::{Record, quick};
use crate::journal::{FORMAT, Mark};

/// Appends frames to a journal, into memory of the caller's.
///
/// It remembers only where the journal ends: a [`Mark`]. Each call writes one frame at the
/// start of the space it is given and says how many bytes it took.
///
/// ```
/// use pricetime::journal::{Segment, Writer};
/// use pricetime::*;
/// let instrument = Instrument::builder().build()?;
/// let mut engine = Engine::new(instrument.clone());
/// let mut events = Events::for_instrument(&instrument);
/// let mut segment = Segment::new(1 << 20);
/// let mut writer = Writer::new();
/// segment.open(&mut writer, &instrument)?;
///
/// let command = Command::new(Timestamp::new(1), Action::AdvanceTime);
/// events.clear();
/// engine.apply(&command, &mut events);
/// segment.append(&mut writer, &command, events.as_slice())?;
/// assert_eq!(writer.mark().sequence, 1);
/// // Persist `segment.bytes()`, then `segment.clear()`.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Writer {
    mark: Mark,
}

/// The frame may not fit: give more space, or a new segment. Nothing was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoRoom {
    /// As many bytes are always enough.
    pub bytes: usize,
}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the frame needs up to {} bytes", self.bytes)
    }
}

impl std::error::Error for NoRoom {}

impl Writer {
    /// A writer of a new journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// A writer that goes on where a journal ends. Entries are numbered up to [`SEQUENCE_MAX`](crate::journal::SEQUENCE_MAX).
    pub fn resume(mark: Mark) -> Self {
        Self { mark }
    }

    /// Where the journal ends.
    #[inline]
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Bytes that are enough for an entry with this many events. A command is two records at most.
    #[inline]
    pub const fn entry_bytes_max(events: usize) -> usize {
        HEAD + (2 + events) * size_of::<Record>()
    }

    /// Bytes of an opening.
    pub const OPENING_BYTES: usize = HEAD + OPENING_WORDS * WORD;

    /// Writes the opening: the instrument. A journal begins with one. Where it is kept in parts, every
    /// part should, so that it can be read without those before.
    ///
    /// # Errors
    /// [`NoRoom`] if the space is less than [`Writer::OPENING_BYTES`].
    pub fn open(&mut self, instrument: &Instrument, space: &mut [u8]) -> Result<usize, NoRoom> {
        let words = space.as_chunks_mut::<WORD>().0;
        if words.len() * WORD < Self::OPENING_BYTES {
            return Err(NoRoom {
                bytes: Self::OPENING_BYTES,
            });
        }
        let mut frame = FrameWriter::new(words, &self.head(self.mark.sequence, 0));
        frame.word(u64::from(OPENING));
        frame.word(NAME);
        for word in instrument_words(instrument) {
            frame.word(word);
        }
        let (bytes, checksum) = frame.end();
        self.mark.chain = checksum;
        Ok(bytes)
    }

    /// Writes an entry: a command and all that it brought about. Returns how many bytes it took, a
    /// multiple of eight. O(events).
    ///
    /// # Errors
    /// [`NoRoom`] if the space is less than [`Writer::entry_bytes_max`], even if the entry,
    /// which is mostly a good deal shorter, would fit.
    #[inline]
    pub fn append(
        &mut self,
        command: &Command,
        events: &[Event],
        space: &mut [u8],
    ) -> Result<usize, NoRoom> {
        let words = space.as_chunks_mut::<WORD>().0;
        if let Some(room) = words.first_chunk_mut() {
            if let Some(payload) = quick::rest(command, events) {
                return Ok(self.append_known(command, payload, room));
            }
            if let Some(payload) = quick::cancellation(command, events) {
                return Ok(self.append_known(command, payload, room));
            }
        }
        self.append_any(command, events, words)
    }

    /// Writes an entry whose payload is known as a whole.
    #[inline(always)]
    fn append_known<const PAYLOAD: usize>(
        &mut self,
        command: &Command,
        payload: [u64; PAYLOAD],
        room: &mut [[u8; WORD]; KNOWN_WORDS],
    ) -> usize {
        let sequence = self.mark.sequence.wrapping_add(1);
        let head = self.head(sequence, command.timestamp.nanoseconds());
        let (bytes, chain) = write_known(room, &head, payload);
        self.mark = Mark { sequence, chain };
        bytes
    }

    /// Writes any entry, record by record.
    #[inline(never)]
    fn append_any(
        &mut self,
        command: &Command,
        events: &[Event],
        words: &mut [[u8; WORD]],
    ) -> Result<usize, NoRoom> {
        let most = Self::entry_bytes_max(events.len());
        if words.len() * WORD < most {
            return Err(NoRoom { bytes: most });
        }
        let sequence = self.mark.sequence.wrapping_add(1);
        let head = self.head(sequence, command.timestamp.nanoseconds());
        let mut frame = FrameWriter::new(words, &head);
        frame.entry(command, events);
        let (bytes, chain) = frame.end();
        self.mark = Mark { sequence, chain };
        Ok(bytes)
    }

    #[inline]
    fn head(&self, sequence: u64, time: u64) -> Head {
        Head {
            format: FORMAT,
            rules: RULES,
            chain: self.mark.chain,
            sequence,
            time,
        }
    }
}

/// A fixed piece of memory that frames are appended to: taken once, filled, persisted, cleared
/// and filled again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Segment {
    bytes: Box<[u8]>,
    used: usize,
}

impl Segment {
    /// A segment of so many bytes. Its memory is taken here and touched.
    pub fn new(bytes: usize) -> Self {
        Self {
            // Ones, since zeros would be mapped only when they are first written.
            bytes: vec![u8::MAX; bytes].into_boxed_slice(),
            used: 0,
        }
    }

    /// What was appended since it was last cleared: whole frames.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.used]
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Bytes that are left.
    pub fn room(&self) -> usize {
        self.bytes.len() - self.used
    }

    /// Makes all of it room again.
    pub fn clear(&mut self) {
        self.used = 0;
    }

    /// Appends an opening.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub fn open(&mut self, writer: &mut Writer, instrument: &Instrument) -> Result<(), NoRoom> {
        self.used += writer.open(instrument, &mut self.bytes[self.used..])?;
        Ok(())
    }

    /// Appends an entry.
    ///
    /// # Errors
    /// As [`Writer::append`].
    #[inline]
    pub fn append(
        &mut self,
        writer: &mut Writer,
        command: &Command,
        events: &[Event],
    ) -> Result<(), NoRoom> {
        self.used += writer.append(command, events, &mut self.bytes[self.used..])?;
        Ok(())
    }
}
