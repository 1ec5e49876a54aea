//! A book that threads share without a matcher's thread.
//!
//! ```text
//!   slot 1: asked    \
//!   slot 2: empty     >  whoever gets the baton executes what all have asked, and answers
//!   slot 3: asked    /
//! ```
//!
//! Each handle has a slot. Who finds the baton free executes its own command and those that others have asked; who does not asks in
//! its slot, and then looks for its answer, and for the baton, until it has one of them. Nobody sleeps on the baton: it is only tried.
//!
//! # Guarantee
//!
//! Asking is wait-free and takes no lock. Being answered is blocking: a thread that is paused while it holds the baton delays the answers
//! of all until it goes on. It delays no asking, and no read of the depth. A thread that keeps executing answers the others
//! after at most 32 commands of its own. A thread that is paused anywhere else, or has
//! died, delays nobody; what it has asked is executed by the others.

use std::fmt;

use crate::command::{Action, Command};
use crate::engine::Engine;
use crate::journal::{Mark, Writer};
use crate::shell::baton::{Baton, Tried};
use crate::shell::builder::ShellError;
use crate::shell::depth::{DepthReader, depth};
use crate::shell::holder::{Holder, Journal, Sink};
use crate::shell::slot::{Executed, Slot};
use crate::shell::sync::{Arc, pause};
use crate::units::Timestamp;

/// How large a shared book is, and whether it keeps a journal. All memory is taken when it is built.
///
/// ```
/// use pricetime::shell::SharedBuilder;
/// use pricetime::*;
/// let capacities = Capacities { events: 256, ..Capacities::default() };
/// let instrument = Instrument::builder().capacities(capacities).build()?;
/// let book = SharedBuilder::default().handles(2).build(Engine::new(instrument))?;
/// let mut one = book.handle()?;
/// let mut other = book.handle()?;
/// std::thread::scope(|scope| {
///     scope.spawn(move || other.execute(Timestamp::new(1), Action::AdvanceTime));
///     let executed = one.execute(Timestamp::new(1), Action::AdvanceTime)?;
///     assert!(executed.report.is_ok() && executed.sequence <= 2);
///     Ok::<(), pricetime::shell::Poisoned>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SharedBuilder {
    handles: usize,
    levels: usize,
    journal: Option<(Writer, Sink)>,
}

/// A book that threads share. It can be cloned and sent to any thread.
#[derive(Clone)]
pub struct SharedBook {
    shared: Arc<Shared>,
    depth: DepthReader,
}

/// One thread's handle on a shared book; it can be sent to another.
///
/// Dropped, it leaves what it has asked to be executed with whatever is executed next, and its place to others once that is done.
pub struct SharedHandle {
    shared: Arc<Shared>,
    slot: usize,
}

struct Shared {
    slots: Box<[Slot]>,
    baton: Baton<Holder>,
}

/// A thread panicked while it executed or persisted: the book may be broken, and nothing is executed any more. Of a command without an
/// answer only the journal tells whether it was executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Poisoned;

/// All places for handles are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoPlace;

/// Why a command was not asked. It is handed back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotAsked {
    /// The answer to the last command was not taken yet.
    Unanswered(Action),
    /// As [`Poisoned`].
    Poisoned(Action),
}

impl Default for SharedBuilder {
    /// 16 handles, a depth of 20 levels, no journal.
    fn default() -> Self {
        Self {
            handles: 16,
            levels: 20,
            journal: None,
        }
    }
}

impl SharedBuilder {
    /// How many handles there may be at a time.
    pub fn handles(mut self, handles: usize) -> Self {
        self.handles = handles;
        self
    }

    /// How many levels of each side the depth has; with 0 none is published, which makes a command cheaper.
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// Keeps a journal. `sink` gets the entries of each batch, on the thread of whoever holds the baton, before anyone
    /// is answered or sees the depth, and where the journal then ends; when it returns, they are taken to be durable. All wait for it.
    pub fn journal(
        mut self,
        writer: Writer,
        sink: impl FnMut(&[u8], Mark) + Send + 'static,
    ) -> Self {
        self.journal = Some((writer, Box::new(sink)));
        self
    }

    /// Builds the book around an engine.
    ///
    /// # Errors
    /// [`ShellError::SizeOutOfRange`]: there are 1 to 2^10 handles, and up to 2^16 levels.
    pub fn build(self, engine: Engine) -> Result<SharedBook, ShellError> {
        if !(1..=1 << 10).contains(&self.handles) || self.levels > 1 << 16 {
            return Err(ShellError::SizeOutOfRange);
        }
        let (writer, reader) = depth(self.levels);
        let journal = self
            .journal
            .map(|(writer, sink)| Journal::new(writer, sink, &engine, self.handles));
        let writer = (self.levels > 0).then_some(writer);
        let holder = Holder::new(engine, self.handles, writer, journal);
        let shared = Shared {
            slots: (0..self.handles).map(|_| Slot::new()).collect(),
            baton: Baton::new(holder),
        };
        Ok(SharedBook {
            shared: Arc::new(shared),
            depth: reader,
        })
    }
}

impl SharedBook {
    /// A handle, if there is a place for it. Wait-free, but for what handles that are gone have asked, which it executes if
    /// there is no other place: O(places).
    ///
    /// # Errors
    /// [`NoPlace`] if there are as many handles as there may be.
    ///
    /// # Panics
    /// As [`execute`](SharedHandle::execute), if it executes.
    pub fn handle(&self) -> Result<SharedHandle, NoPlace> {
        let shared = &self.shared;
        let free = || shared.slots.iter().position(Slot::take_place);
        let slot = free().or_else(|| {
            let _ = shared.serve();
            free()
        });
        Ok(SharedHandle {
            shared: Arc::clone(shared),
            slot: slot.ok_or(NoPlace)?,
        })
    }

    /// Reads the best levels as of the last batch: never torn, and whoever holds the baton. Who has an answer reads the depth behind
    /// its command, or a later one.
    pub fn depth(&self) -> DepthReader {
        self.depth.clone()
    }

    /// Looks at the engine, which nobody uses meanwhile. Blocking: it waits for the baton, and all wait for `look`.
    ///
    /// # Errors
    /// [`Poisoned`].
    pub fn look<T>(&self, look: impl FnOnce(&Engine) -> T) -> Result<T, Poisoned> {
        let mut look = Some(look);
        for rounds in 0.. {
            let tried = self
                .shared
                .baton
                .try_with(|holder| look.take().map(|look| look(holder.engine())));
            match tried {
                Tried::Done(Some(seen)) => return Ok(seen),
                Tried::Done(None) | Tried::Busy => pause(rounds),
                Tried::Poisoned => break,
            }
        }
        Err(Poisoned)
    }

    /// Whether a thread panicked while it executed or persisted. Wait-free.
    pub fn is_poisoned(&self) -> bool {
        self.shared.baton.is_poisoned()
    }
}

impl SharedHandle {
    /// Executes a command, stamped with `now`, or with the latest stamp or the engine's time if that is later, and says what became of it.
    /// An earlier answer that was not taken is dropped.
    ///
    /// Blocking: it returns when this thread or another has executed it.
    ///
    /// # Errors
    /// [`Poisoned`].
    ///
    /// # Panics
    /// If the engine panics, or the sink of the journal, the panic goes on in the thread that held the baton, whoever's command it was.
    #[inline]
    pub fn execute(&mut self, now: Timestamp, action: Action) -> Result<Executed, Poisoned> {
        if !self.own().is_empty() {
            self.answer()?;
        }
        let command = Command::new(now, action);
        let shared = &self.shared;
        let tried = shared
            .baton
            .try_with(|holder| holder.execute(command, &shared.slots));
        match tried {
            Tried::Done(executed) => return Ok(executed),
            Tried::Busy => {}
            Tried::Poisoned => return Err(Poisoned),
        }
        self.ask_and_wait(&command)
    }

    #[inline(never)]
    fn ask_and_wait(&self, command: &Command) -> Result<Executed, Poisoned> {
        self.own().ask(command);
        self.wait()
    }

    /// Asks for a command, for this thread or another to execute: it may be executed from now on, and is when somebody executes. Wait-free.
    ///
    /// # Errors
    /// The action again, if there is an answer to take first, or the book is poisoned.
    pub fn ask(&mut self, now: Timestamp, action: Action) -> Result<(), NotAsked> {
        if self.shared.baton.is_poisoned() {
            return Err(NotAsked::Poisoned(action));
        }
        if !self.own().is_empty() {
            return Err(NotAsked::Unanswered(action));
        }
        self.own().ask(&Command::new(now, action));
        Ok(())
    }

    /// The answer to what was asked; `None` if nothing was. Blocking, as [`execute`](SharedHandle::execute).
    ///
    /// # Errors
    /// [`Poisoned`].
    ///
    /// # Panics
    /// As [`execute`](SharedHandle::execute).
    pub fn answer(&mut self) -> Result<Option<Executed>, Poisoned> {
        match self.own().is_empty() {
            true => Ok(None),
            false => self.wait().map(Some),
        }
    }

    fn own(&self) -> &Slot {
        &self.shared.slots[self.slot]
    }

    /// Waits for the answer, or executes what is asked.
    fn wait(&self) -> Result<Executed, Poisoned> {
        for rounds in 0_u32.. {
            if let Some(executed) = self.own().take_answer() {
                return Ok(executed);
            }
            if rounds % ROUNDS_TO_LOOK == ROUNDS_TO_LOOK - 1 {
                match self.shared.serve() {
                    Tried::Done(_) => continue,
                    Tried::Busy => {}
                    Tried::Poisoned => break,
                }
            }
            pause(rounds);
        }
        // What was executed before is answered.
        self.own().take_answer().ok_or(Poisoned)
    }
}

/// After how many looks for its answer a thread looks for the baton.
const ROUNDS_TO_LOOK: u32 = if cfg!(loom) { 1 } else { 64 };

impl Drop for SharedHandle {
    /// Gives the place back.
    fn drop(&mut self) {
        self.own().give_place();
    }
}

impl Shared {
    /// Executes what is asked, if nobody holds the baton.
    fn serve(&self) -> Tried<()> {
        self.baton.try_with(|holder| holder.serve(&self.slots))
    }
}

impl fmt::Display for Poisoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a thread panicked while it executed; the book may be broken")
    }
}

impl std::error::Error for Poisoned {}

impl fmt::Display for NoPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all places for handles are taken")
    }
}

impl std::error::Error for NoPlace {}

impl fmt::Display for NotAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(_) => f.write_str("the answer to the last command was not taken yet"),
            Self::Poisoned(_) => Poisoned.fmt(f),
        }
    }
}

impl std::error::Error for NotAsked {}
