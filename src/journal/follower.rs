//! A second engine, fed by the bytes of a journal as they come.

use crate::engine::Engine;
use crate::journal::chain::{Chain, Link};
use crate::journal::frame::{HEAD_WORDS, NoFrame, Raw, WORD};
use crate::journal::replay::{Executor, ReplayError, is_of};
use crate::journal::writer::Writer;
use crate::journal::{Damage, DamageKind, Mark, Start};

/// An engine that follows a journal.
///
/// It takes bytes in pieces of any size, as they come from a file or a network. At every entry it has
/// executed it equals the engine that wrote the journal, for it compares each event. It
/// keeps at most one frame that is not whole yet.
///
/// It is the way to a snapshot without any pause: let a follower run behind and take it there.
#[derive(Clone, Debug)]
pub struct Follower {
    engine: Engine,
    executor: Executor,
    chain: Chain,
    /// The start of a frame that is not whole yet.
    pending: Vec<u8>,
    frame_bytes_max: usize,
    offset: u64,
    failed: Option<ReplayError>,
}

impl Follower {
    /// Follows with an engine that stands where `start` says: new for [`Start::Beginning`], restored
    /// from a snapshot with that mark for [`Start::After`].
    pub fn new(engine: Engine, start: Start) -> Self {
        let events_max = engine.instrument().capacities().events_most();
        Self {
            engine,
            executor: Executor::new(),
            chain: Chain::new(start),
            pending: Vec::new(),
            frame_bytes_max: Writer::entry_bytes_max(events_max).max(Writer::OPENING_BYTES),
            offset: 0,
            failed: None,
        }
    }

    /// Takes in the next bytes and executes every entry that is whole by now.
    ///
    /// # Errors
    /// The first [`ReplayError`], then and ever after. A follower that has met one is of no more use.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), ReplayError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let fed = self.feed_pending(bytes).and_then(|rest| {
            let done = self.execute(rest)?;
            self.pending.extend_from_slice(&rest[done..]);
            Ok(())
        });
        fed.inspect_err(|error| self.failed = Some(error.clone()))
    }

    /// The engine, behind the last entry that was whole.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Which entry that is.
    pub fn mark(&self) -> Mark {
        self.chain.mark
    }

    /// Bytes that wait for the rest of their frame.
    pub fn pending_bytes(&self) -> usize {
        self.pending.len()
    }

    /// The engine, to go on with as the one that leads, and where the journal then goes on. Bytes of a frame that
    /// never became whole are dropped.
    ///
    /// # Errors
    /// The error that [`feed`](Follower::feed) met, if it met one: the engine may then have executed a command that
    /// its journal does not have, and is not to lead.
    pub fn into_engine(self) -> Result<(Engine, Mark), ReplayError> {
        match self.failed {
            None => Ok((self.engine, self.chain.mark)),
            Some(error) => Err(error),
        }
    }

    /// Completes the frame that is not whole yet; what is left of the bytes.
    fn feed_pending<'b>(&mut self, mut bytes: &'b [u8]) -> Result<&'b [u8], ReplayError> {
        while !self.pending.is_empty() && !bytes.is_empty() {
            let missing = self.missing()?;
            let (taken, rest) = bytes.split_at(missing.min(bytes.len()));
            self.pending.extend_from_slice(taken);
            bytes = rest;
            let pending = std::mem::take(&mut self.pending);
            let done = self.execute(&pending);
            self.pending = pending;
            self.pending.drain(..done?);
        }
        Ok(bytes)
    }

    /// How many bytes the pending frame still needs, or its first word.
    fn missing(&self) -> Result<usize, ReplayError> {
        let Some(first) = self.pending.first_chunk::<WORD>() else {
            return Ok(WORD - self.pending.len());
        };
        let length = self.frame_bytes(first)?;
        Ok(length - self.pending.len())
    }

    /// How long the frame with this first word is.
    fn frame_bytes(&self, first: &[u8; WORD]) -> Result<usize, ReplayError> {
        let words = u64::from_le_bytes(*first) as u32 as usize;
        match words.checked_mul(WORD) {
            Some(bytes) if words >= HEAD_WORDS && bytes <= self.frame_bytes_max => Ok(bytes),
            Some(_) | None => Err(self.damage(DamageKind::Length)),
        }
    }

    /// Executes the whole frames; how many bytes they are.
    fn execute(&mut self, bytes: &[u8]) -> Result<usize, ReplayError> {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            if let Some(first) = rest.first_chunk::<WORD>() {
                self.frame_bytes(first)?;
            }
            self.executor.look_ahead(&self.engine, rest);
            let frame = match Raw::at(rest) {
                Ok(frame) => frame,
                Err(NoFrame::Incomplete) => return Ok(at),
                Err(fault) => return Err(self.damage(fault.into())),
            };
            let before = self.chain.mark;
            let link = self
                .chain
                .follow(&frame)
                .map_err(|kind| self.damage(kind))?;
            let done = match link {
                Link::Entry => self.executor.execute(&mut self.engine, &frame, self.offset),
                Link::Opening => is_of(self.chain.instrument(), &self.engine),
                Link::Seal => Ok(()),
            };
            if done.is_err() {
                self.chain.mark = before;
            }
            done?;
            at += frame.bytes().len();
            self.offset += frame.bytes().len() as u64;
        }
    }

    fn damage(&self, kind: DamageKind) -> ReplayError {
        ReplayError::Damaged(Damage {
            offset: self.offset,
            sequence: self.chain.mark.sequence.wrapping_add(1),
            kind,
        })
    }
}
