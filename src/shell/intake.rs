//! Many producers in: each has a lane of its own to the matcher, and one back.
//!
//! ```text
//!   producer 1 ==commands==> |         |
//!              <==outcomes== | matcher |     in turns: so many from each lane, round and round
//!   producer 2 ==commands==> |         |
//!              <==outcomes== |         |
//! ```
//!
//! No producer ever waits for another, and none makes the matcher wait: a full lane hands the
//! command back, and a producer that does not take its outcomes is not served until it does.
//!
//! A command is one message, or two if it has two records, as an [`Order`](crate::Order) has: written only if both have room, and
//! published by one store, so that who sees the first sees the second.
//!
//! A port's state goes round: free, open (a producer has it), closed (its producer is gone), and free again when
//! the matcher has emptied its lanes. Who changes it hands the ends of its lanes on: the stores are `Release`, the loads
//! `Acquire`.

use crossbeam_utils::CachePadded;

use crate::command::{Action, Command};
use crate::journal::{ID, Record, has_terms};
use crate::order::OrderId;
use crate::shell::bell::Bell;
use crate::shell::lane::{Lane, Receiver, Sender};
use crate::shell::outcome::Outcome;
use crate::shell::sync::{Arc, AtomicU64, Guard, Ordering};
use crate::units::Timestamp;

const FREE: u64 = 0;
const OPEN: u64 = 1;
const CLOSED: u64 = 2;

const RUNNING: u64 = 0;
const STOPPING: u64 = 1;
const GONE: u64 = 2;
const POISONED: u64 = 3;

/// The word of a command's first record that no command uses: it carries the producer's token.
const TOKEN: usize = 7;

struct Port {
    state: CachePadded<AtomicU64>,
    commands: Arc<Lane>,
    outcomes: Arc<Lane>,
}

struct Ports {
    ports: Box<[Port]>,
    /// `RUNNING`, `STOPPING`, `GONE` or `POISONED`.
    matcher: CachePadded<AtomicU64>,
    /// Wakes the matcher, if it was built to park.
    bell: Option<Bell>,
}

/// Makes producers. It can be cloned and sent to any thread.
#[derive(Clone)]
pub struct Intake {
    ports: Arc<Ports>,
}

/// Hands commands to the matcher. One thread's own; it can be sent to another.
///
/// Dropped, or with its thread dead, it leaves what it has published to be executed, and its place to others.
pub struct Producer {
    ports: Arc<Ports>,
    port: usize,
    commands: Sender,
    outcomes: Receiver,
}

/// Why a command was not taken. It is handed back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotTaken {
    /// The producer's lane is full: the matcher is behind, or the producer has outcomes to take.
    Full(Action),
    /// The matcher is gone, or was asked to stop.
    Stopped(Action),
    /// The engine panicked, and executes nothing any more.
    Poisoned(Action),
}

/// What a producer can know of the matcher. What it had executed before is answered in any case, unless it was dropped before that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MatcherState {
    /// It takes commands.
    Running,
    /// It was asked to stop, and executes what was submitted before.
    Stopping,
    /// It was dropped.
    Gone,
    /// Its engine panicked: an invariant is broken, and it executes nothing any more.
    Poisoned,
}

/// A command that the matcher took from a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Taken {
    pub port: u32,
    /// Of a command of two records, where the second one is among those.
    terms: u32,
    pub record: Record,
}

/// The matcher's side of all ports.
pub(super) struct Drain {
    ports: Arc<Ports>,
    inlets: Box<[Inlet]>,
    /// Where the next turn begins.
    next: usize,
}

struct Inlet {
    commands: Receiver,
    outcomes: Sender,
    /// Commands that were taken and not answered yet: room for their outcomes is kept.
    owed: usize,
}

impl Taken {
    /// The order that it speaks of, if it does of one.
    #[inline(always)]
    pub fn id(&self) -> OrderId {
        OrderId(self.record[ID])
    }

    /// What its producer knows it by.
    pub fn token(&self) -> u64 {
        self.record[TOKEN]
    }

    /// Its second record among those of all that were taken, if it has one.
    pub fn terms<'a>(&self, terms: &'a [Record]) -> Option<&'a Record> {
        has_terms(self.record[0]).then(|| &terms[self.terms as usize])
    }
}

/// An intake for as many producers at a time, and the matcher's side of it.
pub(super) fn intake(
    producers: usize,
    commands: usize,
    outcomes: usize,
    bell: Option<Bell>,
) -> (Intake, Drain) {
    let port = |_| Port {
        state: CachePadded::new(AtomicU64::new(FREE)),
        commands: Lane::new(commands),
        outcomes: Lane::new(outcomes),
    };
    let ports = Arc::new(Ports {
        ports: (0..producers).map(port).collect(),
        matcher: CachePadded::new(AtomicU64::new(RUNNING)),
        bell,
    });
    let inlet = |port: &Port| Inlet {
        commands: Receiver::at(&port.commands),
        outcomes: Sender::at(&port.outcomes),
        owed: 0,
    };
    let drain = Drain {
        inlets: ports.ports.iter().map(inlet).collect(),
        ports: Arc::clone(&ports),
        next: 0,
    };
    (Intake { ports }, drain)
}

impl Intake {
    /// A producer, if a place is free. A place that was given back is free once a turn of the matcher has seen it.
    /// Wait-free: O(places). A matcher that is parked is woken for that if no place is free, which takes a lock.
    pub fn producer(&self) -> Option<Producer> {
        let port = self.ports.ports.iter().position(|port| {
            // With the matcher's store in `reclaim`: the lanes are empty and left as they were.
            let order = Guard::PortTake.acquire();
            let taken = port
                .state
                .compare_exchange(FREE, OPEN, order, Ordering::Relaxed);
            taken.is_ok()
        });
        let Some(port) = port else {
            self.ports.ring();
            return None;
        };
        Some(Producer {
            commands: Sender::at(&self.ports.ports[port].commands),
            outcomes: Receiver::at(&self.ports.ports[port].outcomes),
            ports: Arc::clone(&self.ports),
            port,
        })
    }
}

impl Intake {
    /// Asks the matcher to stop when it has done everything that was submitted before. Nothing is taken from now on. What
    /// has no outcome when the matcher is gone was not executed. Wait-free, but that it wakes a matcher that is parked.
    pub fn stop(&self) {
        let matcher = &self.ports.matcher;
        // It may be gone already, which stays so.
        let _ = matcher.compare_exchange(RUNNING, STOPPING, Ordering::AcqRel, Ordering::Relaxed);
        self.ports.ring();
    }
}

impl Producer {
    /// Hands a command to the matcher, which stamps it with its time. `token` comes back with the outcome.
    /// Wait-free.
    ///
    /// # Errors
    /// The action again, if the lane is full, the matcher is gone, or its engine panicked.
    #[inline]
    pub fn submit(&mut self, token: u64, action: Action) -> Result<(), NotTaken> {
        self.write(token, action)?;
        self.publish();
        Ok(())
    }

    /// As [`submit`](Producer::submit), not seen by the matcher before [`publish`](Producer::publish). Wait-free.
    ///
    /// # Errors
    /// As [`submit`](Producer::submit).
    #[inline]
    pub fn write(&mut self, token: u64, action: Action) -> Result<(), NotTaken> {
        match self.state() {
            MatcherState::Running => {}
            MatcherState::Stopping | MatcherState::Gone => return Err(NotTaken::Stopped(action)),
            MatcherState::Poisoned => return Err(NotTaken::Poisoned(action)),
        }
        let mut records = Command::new(Timestamp::new(0), action).to_records();
        records.first_mut()[TOKEN] = token;
        let messages = records.as_slice();
        let count = messages.len() as u64;
        if self.commands.room_for(count) < count {
            return Err(NotTaken::Full(action));
        }
        for message in messages {
            let written = self.commands.write(message);
            written.expect("room for all of them was seen");
        }
        Ok(())
    }

    /// Hands over everything that was written, at once. Wait-free; but in a shell that was built for
    /// [parking](crate::shell::ShellBuilder::parking), waking a matcher that is parked takes a lock inside the standard library, which the
    /// matcher holds only for a moment while it lies down.
    #[inline]
    pub fn publish(&self) {
        self.commands.publish();
        self.ports.ring();
    }

    /// The next outcome of a command of this producer, in the order in which they were submitted. Wait-free, as
    /// [`publish`](Producer::publish) is.
    #[inline]
    pub fn outcome(&mut self) -> Option<Outcome> {
        let record = self.outcomes.read()?;
        self.outcomes.give_back();
        if self.ports.bell.is_some() && self.commands.untaken() > 0 {
            // The matcher may have left them for want of room for their outcomes.
            self.ports.ring();
        }
        Some(Outcome::from_record(&record))
    }

    /// Whether the matcher takes nothing any more: it is gone, or was asked to stop. Outcomes of what was submitted
    /// before may be there, or still come. Wait-free.
    pub fn is_stopped(&self) -> bool {
        self.state() != MatcherState::Running
    }

    /// What the matcher is doing. Wait-free.
    #[inline]
    pub fn state(&self) -> MatcherState {
        // With the stores in `Drain::drop` and `poison`: what was sent before.
        match self.ports.matcher.load(Ordering::Acquire) {
            RUNNING => MatcherState::Running,
            STOPPING => MatcherState::Stopping,
            GONE => MatcherState::Gone,
            _ => MatcherState::Poisoned,
        }
    }
}

impl Drop for Producer {
    /// Gives the place back.
    fn drop(&mut self) {
        // With the matcher's load in `take`: everything published, and the outcomes read so far.
        let state = &self.ports.ports[self.port].state;
        state.store(CLOSED, Guard::PortClose.release());
    }
}

impl Drain {
    /// Takes up to `most` commands, as far as there is room for their outcomes: an equal share from each lane in
    /// turn, and what is left over from whoever has more. Second records go to `terms`. O(places + commands).
    pub fn take(&mut self, most: usize, taken: &mut Vec<Taken>, terms: &mut Vec<Record>) {
        let share = (most / self.inlets.len()).max(1);
        for share in [share, most] {
            for _ in 0..self.inlets.len() {
                let room = share.min(most - taken.len());
                if room == 0 {
                    // The next turn begins with whose turn it would be now.
                    return;
                }
                let port = self.next;
                self.next = (port + 1) % self.inlets.len();
                self.take_from(port, room, taken, terms);
            }
        }
    }

    /// Takes up to `most` commands from one lane.
    fn take_from(
        &mut self,
        port: usize,
        most: usize,
        taken: &mut Vec<Taken>,
        terms: &mut Vec<Record>,
    ) {
        let inlet = &mut self.inlets[port];
        if inlet.commands.waiting() == 0 {
            return self.reclaim_if_closed(port);
        }
        // Of a producer that is gone more may be owed than there is room for.
        let wanted = inlet.owed + most;
        let room = inlet.outcomes.room_for(wanted as u64) as usize;
        let mut room = room.saturating_sub(inlet.owed);
        if room < most && self.ports.ports[port].is_closed() {
            // Nobody is left to take the outcomes.
            room = most;
        }
        let before = taken.len();
        let mut wanted = most.min(room);
        while wanted > 0 && inlet.commands.waiting() > 0 {
            let from = taken.len();
            let mut expects_terms = false;
            for record in inlet.commands.read_many(wanted as u64) {
                if expects_terms {
                    terms.push(record);
                    expects_terms = false;
                    continue;
                }
                taken.push(Taken {
                    port: port as u32,
                    terms: terms.len() as u32,
                    record,
                });
                expects_terms = has_terms(record[0]);
            }
            if expects_terms {
                let second = inlet.commands.read();
                terms.push(second.expect("it was published with the first"));
            }
            wanted -= taken.len() - from;
        }
        inlet.commands.give_back();
        inlet.owed += taken.len() - before;
    }

    /// Makes a port free whose producer is gone and whose lanes are done with.
    fn reclaim_if_closed(&mut self, port: usize) {
        let (inlet, port) = (&mut self.inlets[port], &self.ports.ports[port]);
        // Looked at again once it is closed, for the last commands may have been published before that.
        if !port.is_closed() || inlet.commands.waiting() > 0 || inlet.owed > 0 {
            return;
        }
        let mut outcomes = Receiver::at(&port.outcomes);
        outcomes.skip();
        // With the load in `producer`: the lanes are empty.
        port.state.store(FREE, Guard::PortFree.release());
    }

    /// Writes the outcome of a command that was taken; its producer does not see it before `publish`. That
    /// of a producer that is gone may find no room, and nobody misses it.
    pub fn answer(&mut self, port: u32, outcome: &Outcome) {
        let inlet = &mut self.inlets[port as usize];
        inlet.owed -= 1;
        let _ = inlet.outcomes.write(&outcome.to_record());
    }

    /// Whether somebody asked the matcher to stop.
    pub fn is_stopping(&self) -> bool {
        // With the exchange in `stop`: what was submitted before it.
        self.ports.matcher.load(Ordering::Acquire) != RUNNING
    }

    /// Tells all producers that nothing is executed any more.
    pub fn poison(&self) {
        // With the load in `state`: what was sent before.
        self.ports.matcher.store(POISONED, Ordering::Release);
    }

    /// What wakes the matcher, if it was built to park.
    pub fn bell(&self) -> Option<&Bell> {
        self.ports.bell.as_ref()
    }

    /// Makes all outcomes seen that were written.
    pub fn publish(&self) {
        self.inlets
            .iter()
            .for_each(|inlet| inlet.outcomes.publish());
    }
}

impl Drop for Drain {
    /// Tells all producers that nobody takes their commands any more.
    fn drop(&mut self) {
        let matcher = &self.ports.matcher;
        if matcher.load(Ordering::Relaxed) != POISONED {
            // With the load in `state`: what was sent before.
            matcher.store(GONE, Ordering::Release);
        }
    }
}

impl Ports {
    /// Wakes the matcher if it is parked.
    #[inline]
    fn ring(&self) {
        if let Some(bell) = &self.bell {
            bell.ring();
        }
    }
}

impl Port {
    fn is_closed(&self) -> bool {
        // With the store in `Producer::drop`: what was published before it.
        self.state.load(Guard::PortClosed.acquire()) == CLOSED
    }
}
