//! A trader's thread: it submits as its plan says, and takes every outcome.

use std::thread;
use std::time::{Duration, Instant};

use pricetime::shell::{NotTaken, Producer};

use crate::flow::Flow;

/// How long a trader rests between two looks at the clock.
const PAUSE: Duration = Duration::from_micros(300);

/// How much each trader does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// It submits nothing after this time.
    pub time: Duration,
    /// Commands a second.
    pub rate: u64,
    /// Commands at most.
    pub commands: u64,
    /// Which flow.
    pub seed: u64,
}

/// What a trader did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Traded {
    pub submitted: u64,
    /// Outcomes, each of the command whose turn it was.
    pub answered: u64,
    /// Of these, refusals.
    pub refused: u64,
}

/// Trades until the plan is done and everything is answered, or the matcher is gone.
pub fn run(mut producer: Producer, mut flow: Flow, plan: &Plan) -> Traded {
    let start = Instant::now();
    let mut done = Traded::default();
    let mut handed_back = None;
    while done.submitted < plan.commands && start.elapsed() < plan.time {
        let due = plan.due(start.elapsed());
        while done.submitted < due {
            let action = handed_back.take().unwrap_or_else(|| flow.next());
            match producer.write(done.submitted, action) {
                Ok(()) => done.submitted += 1,
                Err(NotTaken::Full(action)) => {
                    handed_back = Some(action);
                    break;
                }
                Err(NotTaken::Stopped(_) | NotTaken::Poisoned(_)) => return done,
            }
        }
        producer.publish();
        done.take(&mut producer);
        thread::sleep(PAUSE);
    }
    done.take(&mut producer);
    while done.answered < done.submitted && !producer.is_stopped() {
        thread::sleep(PAUSE);
        done.take(&mut producer);
    }
    done
}

impl Plan {
    /// How many commands are to be submitted by now. Who is late makes up for it.
    fn due(&self, elapsed: Duration) -> u64 {
        let due = u128::from(self.rate) * elapsed.as_nanos() / 1_000_000_000;
        u64::try_from(due).map_or(self.commands, |due| due.min(self.commands))
    }
}

impl Traded {
    /// Takes all outcomes that are there. One out of turn counts as none, and the sums will tell.
    fn take(&mut self, producer: &mut Producer) {
        while let Some(outcome) = producer.outcome() {
            self.answered += u64::from(outcome.token == self.answered);
            self.refused += u64::from(outcome.result.is_err());
        }
    }
}
