//! Whether a frame follows on the one before it: the rules that every way of reading shares.

use crate::instrument::Instrument;
use crate::journal::frame::{Raw, WORD, word};
use crate::journal::opening::{INSTRUMENT_WORDS, NAME, OPENING, OPENING_WORDS, instrument_of};
use crate::journal::record::is_command;
use crate::journal::seal::{SEAL, SealFrame};
use crate::journal::{DamageKind, FORMAT, Mark, SEQUENCE_MAX, Start};

/// Where reading stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    pub mark: Mark,
    start: Start,
    begun: bool,
    instrument: Option<Instrument>,
}

/// What a frame holds, by its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    Opening,
    Entry,
    Seal,
}

impl Chain {
    pub fn new(start: Start) -> Self {
        let mark = match start {
            Start::After(mark) => mark,
            Start::Beginning | Start::Anywhere => Mark::default(),
        };
        Self {
            mark,
            start,
            begun: matches!(start, Start::After(_)),
            instrument: None,
        }
    }

    /// Whether a frame was read, or a mark was given to read on from.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// The instrument, once an opening was read.
    pub fn instrument(&self) -> Option<&Instrument> {
        self.instrument.as_ref()
    }

    /// Takes in the next frame, if it is the one that may come next.
    #[inline]
    pub fn follow(&mut self, frame: &Raw<'_>) -> Result<Link, DamageKind> {
        if frame.format() != FORMAT || !is_command(frame.kind()) || !self.begun {
            return self.follow_other(frame);
        }
        let Mark { sequence, chain } = frame.follows();
        if sequence != self.mark.sequence.wrapping_add(1) {
            return Err(DamageKind::SequenceBroken { found: sequence });
        }
        if chain != self.mark.chain {
            return Err(DamageKind::ChainBroken);
        }
        let chain = frame.checksum();
        self.mark = Mark { sequence, chain };
        Ok(Link::Entry)
    }

    /// An opening or a seal: they stand between entries.
    #[cold]
    fn follow_other(&mut self, frame: &Raw<'_>) -> Result<Link, DamageKind> {
        let format = frame.format();
        if format != FORMAT {
            return Err(DamageKind::FormatUnknown { format });
        }
        match frame.kind() {
            OPENING => self.follow_opening(frame),
            _ if !self.begun => Err(DamageKind::NoOpening),
            SEAL => self.follow_seal(frame),
            _ => Err(DamageKind::Malformed),
        }
    }

    fn follow_opening(&mut self, frame: &Raw<'_>) -> Result<Link, DamageKind> {
        let instrument = instrument_in(frame).ok_or(DamageKind::Malformed)?;
        if frame.sequence() > SEQUENCE_MAX {
            return Err(DamageKind::Malformed);
        }
        if self.begun || self.start == Start::Beginning {
            self.is_here(frame.follows())?;
        }
        if self
            .instrument
            .as_ref()
            .is_some_and(|known| *known != instrument)
        {
            return Err(DamageKind::InstrumentChanged);
        }
        self.begun = true;
        self.instrument = Some(instrument);
        self.mark = Mark {
            sequence: frame.sequence(),
            chain: frame.checksum(),
        };
        Ok(Link::Opening)
    }

    fn follow_seal(&mut self, frame: &Raw<'_>) -> Result<Link, DamageKind> {
        self.is_here(frame.follows())?;
        match SealFrame::of(frame) {
            Some(_) => Ok(Link::Seal),
            None => Err(DamageKind::Malformed),
        }
    }

    fn is_here(&self, mark: Mark) -> Result<(), DamageKind> {
        if mark.sequence != self.mark.sequence {
            let found = mark.sequence;
            Err(DamageKind::SequenceBroken { found })
        } else if mark.chain != self.mark.chain {
            Err(DamageKind::ChainBroken)
        } else {
            Ok(())
        }
    }
}

fn instrument_in(frame: &Raw<'_>) -> Option<Instrument> {
    let payload = frame.payload();
    let whole = payload.len() == OPENING_WORDS * WORD && frame.time() == 0;
    if !whole || word(payload, 0) != u64::from(OPENING) || word(payload, 1) != NAME {
        return None;
    }
    let words: [u64; INSTRUMENT_WORDS] = std::array::from_fn(|number| word(payload, number + 2));
    instrument_of(&words)
}
