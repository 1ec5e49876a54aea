//! Executing a journal again, and comparing what happens with what happened.

use std::fmt;

use crate::command::Command;
use crate::engine::Engine;
use crate::event::{Event, Events};
use crate::instrument::Instrument;
use crate::journal::chain::Link;
use crate::journal::frame::{FrameWriter, HEAD_WORDS, Raw, Records, WORD};
use crate::journal::reader::{NOTHING, Reader, entry_of};
use crate::journal::record::quick;
use crate::journal::writer::Writer;
use crate::journal::{Damage, DamageKind, Mark, Start, Torn};

/// How far a replay came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Replayed {
    /// How many commands were executed; each gave the events that the journal has.
    pub entries: u64,
    /// Where the last of them ends.
    pub mark: Mark,
    /// Bytes read, all of them whole frames.
    pub bytes: u64,
    /// What is torn at the end, if the end was reached.
    pub torn: Option<Torn>,
}

/// Why a replay stopped before its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReplayError {
    /// The journal is damaged.
    Damaged(Damage),
    /// The journal is of an instrument that the engine does not have.
    OtherInstrument(Box<Instrument>),
    /// The engine did something else than the journal says. It has executed this command.
    Diverged(Box<Divergence>),
}

/// The first command whose events are not those of the journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Divergence {
    /// The entry.
    pub sequence: u64,
    /// Where it begins, in bytes from the start.
    pub offset: u64,
    /// The version of the rules that produced the journal; [`RULES`](crate::engine::RULES) are the engine's.
    pub rules: u16,
    /// What was asked.
    pub command: Command,
    /// How many events agree before the first that does not.
    pub agreed: usize,
    /// The first event that differs, as the journal has it; `None` if it has no more.
    pub journalled: Option<Event>,
    /// The first event that differs, as the engine did it; `None` if it did no more.
    pub produced: Option<Event>,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(damage) => damage.fmt(f),
            Self::OtherInstrument(_) => f.write_str("the journal is of another instrument"),
            Self::Diverged(at) => write!(
                f,
                "entry {} at byte {} (rules {}): after {} events that agree the journal has {:?}, the engine {:?}",
                at.sequence, at.offset, at.rules, at.agreed, at.journalled, at.produced
            ),
        }
    }
}

impl std::error::Error for ReplayError {}

impl From<Damage> for ReplayError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// Executes the entries of a journal, up to and with number `until`, and compares each event.
///
/// The engine must stand where `start` says: new for [`Start::Beginning`], restored from a snapshot
/// with that mark for [`Start::After`]. Entries up to `until` are all that is read: an earlier state is a
/// replay that ends early.
///
/// # Errors
/// The first [`ReplayError`]. The engine stands behind the last entry that agreed, or, if it diverged,
/// behind the one that did not; so it may if that entry is [`Malformed`](DamageKind::Malformed).
pub fn replay(
    engine: &mut Engine,
    bytes: &[u8],
    start: Start,
    until: u64,
) -> Result<Replayed, ReplayError> {
    replay_from(engine, Reader::new(bytes, start), until)
}

/// As [`replay`], of what a reader has left.
///
/// # Errors
/// As [`replay`].
pub fn replay_from(
    engine: &mut Engine,
    mut reader: Reader<'_>,
    until: u64,
) -> Result<Replayed, ReplayError> {
    let mut executor = Executor::new();
    let mut entries = 0;
    while reader.mark().sequence < until {
        let offset = reader.offset();
        executor.look_ahead(engine, reader.rest());
        let Some((frame, link)) = reader.next()? else {
            break;
        };
        match link {
            Link::Entry => executor.execute(engine, &frame, offset as u64)?,
            Link::Opening => is_of(reader.instrument(), engine)?,
            Link::Seal => {}
        }
        entries += u64::from(link == Link::Entry);
    }
    Ok(Replayed {
        entries,
        mark: reader.mark(),
        bytes: reader.offset() as u64,
        torn: reader.torn(),
    })
}

/// Whether an engine is of the instrument of a journal.
pub fn is_of(instrument: Option<&Instrument>, engine: &Engine) -> Result<(), ReplayError> {
    match instrument {
        Some(other) if other != engine.instrument() => {
            Err(ReplayError::OtherInstrument(Box::new(other.clone())))
        }
        Some(_) | None => Ok(()),
    }
}

/// Executes entries one by one.
#[derive(Clone, Debug)]
pub struct Executor {
    events: Events,
    /// The entry as this engine would have written it.
    own: Vec<u8>,
    /// Commands that come next, and how many frames they are good for yet.
    next: Vec<Command>,
    looked_at: usize,
}

/// How many frames are looked at ahead.
const AHEAD: usize = 32;

impl Executor {
    pub fn new() -> Self {
        Self {
            events: Events::default(),
            own: Vec::new(),
            next: Vec::with_capacity(AHEAD),
            looked_at: 0,
        }
    }

    /// Announces to an engine with a large book the commands of the next frames, every so many frames. They are read
    /// without any check: an announcement changes nothing.
    #[inline]
    pub fn look_ahead(&mut self, engine: &Engine, rest: &[u8]) {
        match self.looked_at.checked_sub(1) {
            Some(left) => self.looked_at = left,
            None => self.announce(engine, rest),
        }
    }

    #[cold]
    fn announce(&mut self, engine: &Engine, rest: &[u8]) {
        self.looked_at = AHEAD - 1;
        self.next.clear();
        let mut words = rest.as_chunks::<WORD>().0;
        while self.next.len() < AHEAD && words.len() > HEAD_WORDS && engine.book().is_large() {
            let length = u64::from_le_bytes(words[0]) as u32 as usize;
            let payload = &words[HEAD_WORDS..];
            let mut command = NOTHING;
            quick::read(payload, 0, &mut command);
            self.next.push(command);
            words = words.get(length.max(HEAD_WORDS)..).unwrap_or_default();
        }
        engine.prefetch(&self.next);
    }

    /// Executes an entry, and compares.
    #[inline]
    pub fn execute(
        &mut self,
        engine: &mut Engine,
        frame: &Raw<'_>,
        offset: u64,
    ) -> Result<(), ReplayError> {
        // Whether the records are the only ones that stand for the command shows in the comparison.
        let mut command = NOTHING;
        if !quick::read(frame.words(), frame.time(), &mut command) {
            let is_command = Records::of(frame).take_command(&mut command);
            // The time stands in the head alone; that it does would not show in the comparison.
            if !is_command || command.timestamp.nanoseconds() != frame.time() {
                return Err(malformed(frame, offset));
            }
        }
        self.events.clear();
        engine.apply(&command, &mut self.events);
        if self.agrees(frame, &command) {
            return Ok(());
        }
        Err(self.difference(frame, &command, offset))
    }

    /// Whether the entry that this engine would write has the same bytes.
    #[inline]
    fn agrees(&mut self, frame: &Raw<'_>, command: &Command) -> bool {
        let (theirs, events) = (frame.words(), self.events.as_slice());
        if let Some(own) = quick::rest(command, events) {
            return is_same(theirs, &own);
        }
        if let Some(own) = quick::cancellation(command, events) {
            return is_same(theirs, &own);
        }
        self.agrees_in_any_form(frame, command)
    }

    #[inline(never)]
    fn agrees_in_any_form(&mut self, frame: &Raw<'_>, command: &Command) -> bool {
        let room = Writer::entry_bytes_max(self.events.len());
        if self.own.len() < room {
            self.own.resize(room, 0);
        }
        let mut own = FrameWriter::payload_only(self.own.as_chunks_mut::<WORD>().0, frame.time());
        own.entry(command, self.events.as_slice());
        // Word by word: what was just written is read back fastest in the pieces it was written in.
        let (own, theirs) = (own.payload(), frame.words());
        own.len() == theirs.len() && own.iter().zip(theirs).all(|(own, theirs)| own == theirs)
    }

    #[cold]
    fn difference(&self, frame: &Raw<'_>, command: &Command, offset: u64) -> ReplayError {
        let mut journalled = Events::default();
        if entry_of(frame, |event| journalled.push(event)).is_none() {
            return malformed(frame, offset);
        }
        let pairs = journalled.iter().zip(&self.events);
        let agreed = pairs.take_while(|(theirs, own)| theirs == own).count();
        ReplayError::Diverged(Box::new(Divergence {
            sequence: frame.sequence(),
            offset,
            rules: frame.rules(),
            command: *command,
            agreed,
            journalled: journalled.as_slice().get(agreed).copied(),
            produced: self.events.as_slice().get(agreed).copied(),
        }))
    }
}

#[inline(always)]
fn is_same<const WORDS: usize>(theirs: &[[u8; WORD]], own: &[u64; WORDS]) -> bool {
    let theirs: Option<&[[u8; WORD]; WORDS]> = theirs.try_into().ok();
    theirs.is_some_and(|theirs| {
        let pairs = theirs.iter().zip(own);
        pairs.fold(true, |same, (theirs, own)| {
            same & (u64::from_le_bytes(*theirs) == *own)
        })
    })
}

#[cold]
fn malformed(frame: &Raw<'_>, offset: u64) -> ReplayError {
    ReplayError::Damaged(Damage {
        offset,
        sequence: frame.sequence(),
        kind: DamageKind::Malformed,
    })
}
