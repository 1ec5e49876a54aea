//! Where one thread asks and another answers, in turns.
//!
//! ```text
//!   EMPTY --handle--> ASKED --holder--> ANSWERED --handle--> EMPTY
//! ```
//!
//! The state says whose the rest is: the handle's while it is empty or answered, the holder's of the baton while it is asked. Each hands it
//! to the other by a `Release` store of the state, which the other loads with `Acquire`. State and command are one line.
//!
//! The place says whether a handle has the slot. A handle that goes leaves the state as it is.

use std::sync::Mutex;

use crossbeam_utils::CachePadded;

use crate::command::{Action, Command};
use crate::engine::Report;
use crate::event::RejectReason;
use crate::journal::{Record, has_terms, read_command, read_terms};
use crate::shell::sync::{AtomicU64, Guard, Ordering, Witness};
use crate::units::Timestamp;

const EMPTY: u64 = 0;
const ASKED: u64 = 1;
const ANSWERED: u64 = 2;

const FREE: u64 = 0;
const TAKEN: u64 = 1;

/// The word of a command's record that no command uses: it carries the state.
const STATE: usize = 7;

/// What became of a command that was executed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Executed {
    /// The number of its entry in the journal; if none is kept, as it would be.
    pub sequence: u64,
    /// What [`Engine::submit`](crate::engine::Engine::submit) would have said.
    pub report: Result<Report, RejectReason>,
}

pub(super) struct Slot {
    /// The words of the command's first record, and the state.
    ask: CachePadded<[AtomicU64; 8]>,
    /// Those of its second record, if it has one.
    terms: CachePadded<[AtomicU64; 8]>,
    /// Never contended, since the state says whose it is.
    answer: CachePadded<Mutex<Option<Executed>>>,
    place: CachePadded<AtomicU64>,
    /// Of everything that the state hands over.
    witness: Witness,
}

impl Slot {
    pub fn new() -> Self {
        Self {
            ask: CachePadded::new(std::array::from_fn(|_| AtomicU64::new(0))),
            terms: CachePadded::new(std::array::from_fn(|_| AtomicU64::new(0))),
            answer: CachePadded::new(Mutex::new(None)),
            place: CachePadded::new(AtomicU64::new(FREE)),
            witness: Witness::default(),
        }
    }

    /// Takes the place for a new handle, if there is none and nothing that one before asked is still to be executed.
    pub fn take_place(&self) -> bool {
        // With the store in `give_place`: what the handle before saw and did.
        let order = Guard::PlaceTake.acquire();
        let taken = self
            .place
            .compare_exchange(FREE, TAKEN, order, Ordering::Relaxed);
        if taken.is_err() {
            return false;
        }
        if self.is_asked() {
            self.give_place();
            return false;
        }
        self.take_answer();
        true
    }

    /// Gives the place back.
    pub fn give_place(&self) {
        // With the exchange in `take_place`: what this handle saw and did.
        self.place.store(FREE, Guard::PlaceGive.release());
    }

    /// Whether its command is still to be executed, as the handle sees it.
    #[inline]
    pub fn is_asked(&self) -> bool {
        // With the holder's store in `release_answer`: the answer.
        self.ask[STATE].load(Guard::SlotAnswered.acquire()) == ASKED
    }

    /// Whether nothing is asked and no answer waits. By the handle.
    #[inline]
    pub fn is_empty(&self) -> bool {
        // Only the handle makes it empty, and only the handle ends that.
        self.ask[STATE].load(Ordering::Relaxed) == EMPTY
    }

    /// Asks for a command. By the handle, while it is empty.
    #[inline]
    pub fn ask(&self, command: &Command) {
        self.witness.write();
        let records = command.to_records();
        let (first, terms) = match records.as_slice() {
            [first] => (first, None),
            [first, terms] => (first, Some(terms)),
            _ => unreachable!("a command is one record or two"),
        };
        for (word, value) in self.ask[..STATE].iter().zip(first) {
            word.store(*value, Ordering::Relaxed);
        }
        for (word, value) in self.terms.iter().zip(terms.into_iter().flatten()) {
            word.store(*value, Ordering::Relaxed);
        }
        // With the holder's load in `asked`: the words of the command.
        self.ask[STATE].store(ASKED, Guard::SlotAsk.release());
    }

    /// The answer, if it is there. By the handle, which may ask again.
    #[inline]
    pub fn take_answer(&self) -> Option<Executed> {
        // With the holder's store in `release_answer`: the answer.
        if self.ask[STATE].load(Guard::SlotAnswered.acquire()) != ANSWERED {
            return None;
        }
        self.witness.write();
        let answer = self.answer.try_lock();
        let answer = answer.expect("the handle's while answered").take();
        self.ask[STATE].store(EMPTY, Ordering::Relaxed);
        answer
    }

    /// What is asked and not answered. By the holder.
    #[inline]
    pub fn asked(&self) -> Option<Command> {
        // With the handle's store in `ask`: the words of the command.
        if self.ask[STATE].load(Guard::SlotAsked.acquire()) != ASKED {
            return None;
        }
        self.witness.write();
        let words = |record: &[AtomicU64; 8]| -> Record {
            std::array::from_fn(|word| record[word].load(Ordering::Relaxed))
        };
        let mut first = words(&self.ask);
        first[STATE] = 0;
        let mut command = Command::new(Timestamp::new(0), Action::AdvanceTime);
        let is_command = read_command(&first, &mut command);
        let is_whole = !has_terms(first[0]) || read_terms(&words(&self.terms), &mut command);
        assert!(is_command && is_whole, "a handle writes commands");
        Some(command)
    }

    /// Writes the answer, which the handle does not see before `release_answer`. By the holder, while it is asked.
    #[inline]
    pub fn write_answer(&self, executed: Executed) {
        let answer = self.answer.try_lock();
        *answer.expect("the holder's while asked") = Some(executed);
    }

    /// Lets the handle see the answer. By the holder.
    #[inline]
    pub fn release_answer(&self) {
        self.witness.write();
        // With the handle's load in `take_answer`: the answer.
        self.ask[STATE].store(ANSWERED, Guard::SlotAnswer.release());
    }
}
