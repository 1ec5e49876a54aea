//! Reading a journal from bytes that nobody vouches for.

use crate::command::{Action, Command};
use crate::event::{Event, Events};
use crate::instrument::Instrument;
use crate::journal::chain::{Chain, Link};
use crate::journal::frame::{HEAD, MAGIC, NoFrame, Raw, Records, WORD, word};
use crate::journal::opening::OPENING;
use crate::journal::record::event_of;
use crate::journal::seal::{Seal, SealFrame};
use crate::journal::writer::Writer;
use crate::journal::{Damage, DamageKind, FORMAT, Mark, Start, Torn};
use crate::units::Timestamp;

/// Walks the frames of a journal.
///
/// Whatever the bytes are, it answers: with the next frame, with the end, or with the first damage.
/// It allocates nothing; the buffer for events grows by what an undamaged frame really holds.
///
/// ```
/// # use pricetime::journal::{Segment, Writer};
/// use pricetime::journal::{Frame, Reader, Start};
/// # use pricetime::*;
/// # let instrument = Instrument::builder().build()?;
/// # let mut segment = Segment::new(4096);
/// # let mut writer = Writer::new();
/// # segment.open(&mut writer, &instrument)?;
/// # let command = Command::new(Timestamp::new(1), Action::AdvanceTime);
/// # segment.append(&mut writer, &command, &[])?;
/// # let bytes = segment.bytes();
/// let mut events = Events::default();
/// let mut reader = Reader::new(bytes, Start::Beginning);
/// while let Some(frame) = reader.read(&mut events)? {
///     if let Frame::Entry(entry) = frame {
///         println!("{}: {:?} {:?}", entry.sequence, entry.command, events.as_slice());
///     }
/// }
/// assert_eq!(reader.mark().sequence, 1);
/// assert_eq!(reader.torn(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    chain: Chain,
    acknowledged: Option<u64>,
    torn: Option<Torn>,
}

/// What a frame holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Frame {
    /// The instrument.
    Opening(Instrument),
    /// A command; its events are in the buffer.
    Entry(Entry),
    /// A seal over the block before it. Reading checks where it stands; [`verify`](crate::journal::verify) checks its digest.
    Seal(Seal),
}

/// A command of a journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its number: 1, 2, 3 and so on, without a gap.
    pub sequence: u64,
    /// The version of the rules that answered it.
    pub rules: u16,
    /// What was asked, and when.
    pub command: Command,
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    pub fn new(bytes: &'a [u8], start: Start) -> Self {
        Self {
            bytes,
            at: 0,
            chain: Chain::new(start),
            acknowledged: None,
            torn: None,
        }
    }

    /// Tells the reader that all entries up to `sequence` were known to be persisted. Then whatever is
    /// wrong behind them is a torn tail, for writes that were never known to be persisted
    /// may survive in any order, and whatever is wrong or missing up to them is damage.
    pub fn acknowledged(mut self, sequence: u64) -> Self {
        self.acknowledged = Some(sequence);
        self
    }

    /// The next frame, and the events of an entry in `events`, which is cleared first. `None` at the
    /// end of the bytes or at a torn tail.
    ///
    /// # Errors
    /// The first [`Damage`]; the same again if asked again.
    pub fn read(&mut self, events: &mut Events) -> Result<Option<Frame>, Damage> {
        events.clear();
        let before = (self.at, self.chain.mark);
        let Some((frame, link)) = self.next()? else {
            return Ok(None);
        };
        match link {
            Link::Opening => return Ok(self.chain.instrument().cloned().map(Frame::Opening)),
            Link::Seal => return Ok(SealFrame::of(&frame).map(|frame| Frame::Seal(frame.seal))),
            Link::Entry => {}
        }
        if let Some(entry) = entry_of(&frame, |event| events.push(event)) {
            return Ok(Some(Frame::Entry(entry)));
        }
        events.clear();
        (self.at, self.chain.mark) = before;
        Err(self.damage(DamageKind::Malformed))
    }

    /// The bytes that were not read yet.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// All bytes, those that were read too.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where reading stands: behind this entry.
    pub fn mark(&self) -> Mark {
        self.chain.mark
    }

    /// The instrument, once an opening was read.
    pub fn instrument(&self) -> Option<&Instrument> {
        self.chain.instrument()
    }

    /// Bytes read, all of them whole frames.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// What is torn at the end, once reading has come there.
    pub fn torn(&self) -> Option<Torn> {
        self.torn
    }

    /// The next frame as it stands. Its payload was not looked into, if it is an entry.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<(Raw<'a>, Link)>, Damage> {
        let rest = &self.bytes[self.at..];
        if rest.is_empty() || self.torn.is_some() {
            return self.end();
        }
        let frame = match Raw::at(rest) {
            Ok(frame) => frame,
            Err(fault) => return self.fault(fault.into()),
        };
        match self.chain.follow(&frame) {
            Ok(link) => {
                self.at += frame.bytes().len();
                Ok(Some((frame, link)))
            }
            Err(kind) => self.fault(kind),
        }
    }

    /// Damage at the place where reading stands.
    pub(super) fn damage(&self, kind: DamageKind) -> Damage {
        Damage {
            offset: self.at as u64,
            sequence: self.chain.mark.sequence.wrapping_add(1),
            kind,
        }
    }

    #[cold]
    fn end<T>(&self) -> Result<Option<T>, Damage> {
        match self.acknowledged {
            Some(sequence) if self.chain.mark.sequence < sequence => {
                Err(self.damage(DamageKind::AcknowledgedMissing))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Tells a torn tail from damage.
    #[cold]
    fn fault<T>(&mut self, kind: DamageKind) -> Result<Option<T>, Damage> {
        let damage = self.damage(kind);
        if matches!(kind, DamageKind::FormatUnknown { .. }) {
            return Err(damage);
        }
        let is_tail = match self.acknowledged {
            Some(sequence) => self.chain.mark.sequence >= sequence,
            // With as many bytes as an opening has, the first one was whole.
            None if !self.chain.has_begun() => {
                kind == DamageKind::Incomplete && self.bytes.len() < Writer::OPENING_BYTES
            }
            None => !self.has_more(),
        };
        if !is_tail {
            return Err(damage);
        }
        self.torn = Some(Torn {
            offset: damage.offset,
            sequence: damage.sequence,
            kind,
        });
        Ok(None)
    }

    /// Whether a whole frame that belongs behind this place is found in what is left. Frames with
    /// numbers that were had already are no sign, but for the opening that would be next: a segment
    /// that is used again still holds those of before, and the last of them may be a seal over the last entry.
    ///
    /// It is looked for at every byte, for bytes that were lost or put in move the frames behind them.
    /// Bytes made to look like many frames could make this long: past a bound on the bytes looked at,
    /// there is more.
    fn has_more(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let mut budget = 8 * rest.len();
        for at in 0..rest.len() {
            let bytes = &rest[at..];
            if bytes.len() <= HEAD || word(bytes, 1) as u16 != u16::from_le_bytes([MAGIC, FORMAT]) {
                continue;
            }
            let length = (word(bytes, 0) as u32 as usize).saturating_mul(WORD);
            let place = Mark {
                sequence: word(bytes, 2),
                chain: (word(bytes, 1) >> 32) as u32,
            };
            let after = place.sequence.checked_sub(self.chain.mark.sequence);
            let is_later = match after {
                Some(0) => bytes[HEAD] == OPENING && place == self.chain.mark,
                Some(entries) => entries <= rest.len() as u64,
                None => false,
            };
            if length > bytes.len() || !is_later {
                continue;
            }
            match budget.checked_sub(length) {
                Some(left) => budget = left,
                None => return true,
            }
            if Raw::at(bytes).is_ok() {
                return true;
            }
        }
        false
    }
}

impl From<NoFrame> for DamageKind {
    fn from(fault: NoFrame) -> Self {
        match fault {
            NoFrame::Incomplete => Self::Incomplete,
            NoFrame::Length => Self::Length,
            NoFrame::Checksum => Self::Checksum,
        }
    }
}

/// What is read over.
pub(super) const NOTHING: Command = Command::new(Timestamp::new(0), Action::AdvanceTime);

/// What an entry's frame says, each event handed on; `None` if it is not well formed, when
/// some events may have been handed on.
#[inline]
pub(super) fn entry_of(frame: &Raw<'_>, mut event: impl FnMut(Event)) -> Option<Entry> {
    let mut records = Records::of(frame);
    let mut command = NOTHING;
    if !records.take_command(&mut command) {
        return None;
    }
    while !records.is_empty() {
        event(event_of(records.take()?)?);
    }
    // The time stands in the head alone.
    (command.timestamp.nanoseconds() == frame.time()).then_some(Entry {
        sequence: frame.sequence(),
        rules: frame.rules(),
        command,
    })
}
