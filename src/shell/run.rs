//! The matcher's loop, for a thread of the caller's.

use std::thread;
use std::time::Duration;

use crossbeam_utils::Backoff;

use crate::journal::Mark;
use crate::shell::matcher::{Matcher, Turn};
use crate::units::Timestamp;

/// What the matcher does while nothing comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// It looks again at once. It needs a processor of its own, and answers soonest.
    Spin,
    /// It looks again a few times, and then lets other threads run in between.
    Yield,
    /// As `Yield` for a while; then it sleeps this long in between, and a command may wait as long for it.
    Sleep(Duration),
}

impl Matcher {
    /// Runs turns until [`Intake::stop`](crate::shell::Intake::stop) was called and everything that was submitted before
    /// is executed and published, but for what a producer submitted who has not taken the outcomes of earlier commands.
    ///
    /// `now` tells the time of each turn. `persist` gets the entries of each turn before anything of it is
    /// published, and where the journal then ends; when it returns, they are taken to be durable.
    pub fn run(
        &mut self,
        wait: Wait,
        mut now: impl FnMut() -> Timestamp,
        mut persist: impl FnMut(&[u8], Mark),
    ) {
        let idle = Idle::new(wait);
        loop {
            // Asked before the turn: what was submitted before the stop is there for the turn to take.
            let is_stopping = self.is_stopping();
            match self.turn(now()) {
                Turn::Applied(_) => {
                    persist(self.journal(), self.mark());
                    self.publish();
                    idle.reset();
                }
                Turn::Idle if is_stopping => return,
                Turn::Idle | Turn::Behind => idle.wait(),
            }
        }
    }
}

/// Turns without anything to do.
struct Idle {
    wait: Wait,
    backoff: Backoff,
}

impl Idle {
    fn new(wait: Wait) -> Self {
        Self {
            wait,
            backoff: Backoff::new(),
        }
    }

    fn reset(&self) {
        self.backoff.reset();
    }

    fn wait(&self) {
        match self.wait {
            Wait::Spin => std::hint::spin_loop(),
            Wait::Sleep(time) if self.backoff.is_completed() => thread::sleep(time),
            Wait::Yield | Wait::Sleep(_) => self.backoff.snooze(),
        }
    }
}
