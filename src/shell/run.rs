//! The matcher's loop, for a thread of the caller's.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Duration;

use crossbeam_utils::Backoff;

use crate::journal::Mark;
use crate::shell::matcher::{Matcher, Turn};
use crate::shell::sync::{ROUNDS_AWAKE, pause};
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
    /// As `Yield` for a while; then it parks until a producer publishes, or is in want of a place, or somebody stops it. A wake-up takes
    /// tens of microseconds. While it waits for lossless readers, who wake nobody, it looks every 100 microseconds. In a shell that was
    /// not built for [parking](crate::shell::ShellBuilder::parking) it is `Yield`.
    Park,
}

impl Matcher {
    /// Runs turns until [`Intake::stop`](crate::shell::Intake::stop) was called and everything that was submitted before
    /// is executed and published, but for what a producer submitted who has not taken the outcomes of earlier commands.
    ///
    /// `now` tells the time of each turn. `persist` gets the entries of each turn before anything of it is
    /// published, and where the journal then ends; when it returns, they are taken to be durable.
    ///
    /// A matcher whose engine panicked in an earlier turn does nothing.
    ///
    /// # Panics
    /// If the engine does. What was executed before is persisted and published first, and lossless readers are waited for.
    pub fn run(
        &mut self,
        wait: Wait,
        mut now: impl FnMut() -> Timestamp,
        mut persist: impl FnMut(&[u8], Mark),
    ) {
        let mut idle = Idle::new(wait);
        loop {
            // Asked before the turn: what was submitted before the stop is there for the turn to take.
            let is_stopping = self.is_stopping();
            let time = now();
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn(time))).unwrap_or_else(|panic| {
                self.publish_last(&mut persist, &mut idle);
                resume_unwind(panic)
            });
            match turn {
                Turn::Applied(_) => {
                    persist(self.journal(), self.mark());
                    self.publish();
                    idle.end(self);
                }
                Turn::Idle if is_stopping => return idle.end(self),
                Turn::Poisoned => return,
                Turn::Idle => idle.wait(self),
                Turn::Behind => idle.wait_for_readers(),
            }
        }
    }
}

impl Matcher {
    /// Persists and publishes what was executed before the engine panicked.
    #[cold]
    fn publish_last(&mut self, persist: &mut impl FnMut(&[u8], Mark), idle: &mut Idle) {
        if !self.journal().is_empty() {
            persist(self.journal(), self.mark());
        }
        while !self.publish() {
            idle.wait_for_readers();
        }
    }
}

/// Turns without anything to do.
struct Idle {
    wait: Wait,
    backoff: Backoff,
    /// How many there were, as far as `Park` counts.
    rounds: u32,
    /// Whether the producers were told that the matcher sleeps: it looks once more, and then does.
    lies_down: bool,
}

impl Idle {
    fn new(wait: Wait) -> Self {
        Self {
            wait,
            backoff: Backoff::new(),
            rounds: 0,
            lies_down: false,
        }
    }

    /// There is something to do, or nothing ever again.
    fn end(&mut self, matcher: &Matcher) {
        self.backoff.reset();
        self.rounds = 0;
        if let (true, Some((bell, _))) = (self.lies_down, matcher.bed()) {
            bell.rise();
        }
        self.lies_down = false;
    }

    fn wait(&mut self, matcher: &Matcher) {
        match self.wait {
            Wait::Spin => std::hint::spin_loop(),
            Wait::Sleep(time) if self.backoff.is_completed() => thread::sleep(time),
            Wait::Yield | Wait::Sleep(_) => self.backoff.snooze(),
            Wait::Park => self.park(matcher),
        }
    }

    fn park(&mut self, matcher: &Matcher) {
        let Some((bell, parker)) = matcher.bed() else {
            return self.backoff.snooze();
        };
        if self.rounds < ROUNDS_AWAKE {
            pause(self.rounds);
            self.rounds += 1;
        } else if !self.lies_down {
            bell.lie_down();
            self.lies_down = true;
        } else {
            parker.park();
            bell.rise();
            self.lies_down = false;
        }
    }

    /// Those that are behind wake nobody.
    fn wait_for_readers(&mut self) {
        match self.wait {
            Wait::Spin => std::hint::spin_loop(),
            Wait::Sleep(time) if self.backoff.is_completed() => thread::sleep(time),
            Wait::Park if self.backoff.is_completed() => thread::sleep(READERS_BEHIND),
            Wait::Yield | Wait::Sleep(_) | Wait::Park => self.backoff.snooze(),
        }
    }
}

/// How long a matcher that may park sleeps while readers are behind.
const READERS_BEHIND: Duration = Duration::from_micros(100);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Action;
    use crate::engine::Engine;
    use crate::event::Event;
    use crate::instrument::Instrument;
    use crate::journal::{Start, Writer, verify};
    use crate::order::{AccountId, LimitOrder, OrderId, PostOnly, Side, TimeInForce};
    use crate::shell::{
        Executed, MatcherState, NotTaken, Poisoned, SharedBuilder, Shell, ShellBuilder,
    };
    use crate::units::{Price, Quantity};

    fn order(id: u64, side: Side) -> Action {
        Action::Limit(LimitOrder {
            id: OrderId(id),
            account: AccountId(1),
            side,
            price: Price::new(100),
            quantity: Quantity::new(1),
            time_in_force: TimeInForce::Gtc,
            post_only: PostOnly::Off,
        })
    }

    /// An engine that panics as soon as somebody buys.
    fn broken() -> Engine {
        let mut engine = Engine::new(Instrument::builder().build().unwrap());
        let command = crate::command::Command::new(Timestamp::new(0), order(1, Side::Sell));
        engine.submit(&command).unwrap();
        engine.break_entry_of(OrderId(1));
        engine
    }

    fn shell() -> Shell {
        let sizes = ShellBuilder::default().ring(16).lane(16).batch(16);
        sizes.build(broken(), Writer::new()).unwrap()
    }

    #[test]
    fn what_was_executed_before_a_panic_is_persisted_and_published() {
        let mut shell = shell();
        let mut producer = shell.intake.producer().unwrap();
        let mut reader = shell.ring.lossless().unwrap();
        producer.submit(1, Action::AdvanceTime).unwrap();
        producer.submit(2, Action::AdvanceTime).unwrap();
        producer.submit(3, order(2, Side::Buy)).unwrap();
        producer.submit(4, Action::AdvanceTime).unwrap();
        let mut journal = Vec::new();
        let died = catch_unwind(AssertUnwindSafe(|| {
            let now = || Timestamp::new(1);
            let persist = |bytes: &[u8], _| journal.extend_from_slice(bytes);
            shell.matcher.run(Wait::Yield, now, persist);
        }));
        assert!(died.is_err(), "the panic goes on");
        let verified = verify(&journal, Start::Beginning, None).unwrap();
        assert_eq!(verified.mark, shell.matcher.mark());
        assert_eq!(verified.mark.sequence, 2);
        let outcomes = std::iter::from_fn(|| producer.outcome());
        assert!(outcomes.map(|outcome| outcome.token).eq([1, 2]));
        let messages = std::iter::from_fn(|| reader.read());
        assert!(messages.eq((1..=2).map(|sequence| crate::shell::Message {
            sequence,
            event: Event::TimeAdvanced {
                to: Timestamp::new(1),
                orders: 0
            },
        })));
        assert_eq!(shell.depth.read().sequence(), 0, "no broken book is shown");
    }

    #[test]
    fn what_the_ring_held_back_before_a_panic_is_published() {
        let sizes = ShellBuilder::default().ring(2).lane(16).batch(16);
        let mut shell = sizes.build(broken(), Writer::new()).unwrap();
        let mut producer = shell.intake.producer().unwrap();
        let mut reader = shell.ring.lossless().unwrap();
        for token in 1..=5 {
            producer.submit(token, Action::AdvanceTime).unwrap();
        }
        producer.submit(6, order(2, Side::Buy)).unwrap();
        let now = Timestamp::new(1);
        let died = catch_unwind(AssertUnwindSafe(|| shell.matcher.turn(now)));
        assert!(died.is_err());
        assert_eq!((reader.read(), producer.outcome()), (None, None));
        let mut sequences = Vec::new();
        while !shell.matcher.publish() {
            sequences.extend(std::iter::from_fn(|| reader.read()).map(|read| read.sequence));
            reader.give_back();
        }
        sequences.extend(std::iter::from_fn(|| reader.read()).map(|read| read.sequence));
        assert_eq!(sequences, [1, 2, 3, 4, 5]);
        let outcomes = std::iter::from_fn(|| producer.outcome());
        assert!(outcomes.map(|outcome| outcome.token).eq(1..=5));
    }

    #[test]
    fn everybody_can_tell_a_panic_from_a_matcher_that_is_gone() {
        let mut shell = shell();
        let mut producer = shell.intake.producer().unwrap();
        producer.submit(1, order(2, Side::Buy)).unwrap();
        assert_eq!(producer.state(), MatcherState::Running);
        let now = Timestamp::new(1);
        let died = catch_unwind(AssertUnwindSafe(|| shell.matcher.turn(now)));
        assert!(died.is_err());
        assert_eq!(shell.matcher.turn(now), Turn::Poisoned);
        assert!(shell.matcher.publish() && shell.matcher.checkpoint().is_none());
        let action = Action::AdvanceTime;
        let refused = producer.submit(2, action);
        assert_eq!(refused, Err(NotTaken::Poisoned(action)));
        assert!(shell.ring.is_poisoned() && !shell.ring.is_closed());
        shell.matcher.run(Wait::Spin, || now, |_, _| ());
        drop(shell.matcher);
        assert!(shell.ring.is_poisoned() && shell.ring.is_closed());
        assert_eq!(producer.state(), MatcherState::Poisoned);
        assert_eq!(producer.outcome(), None);
    }

    #[test]
    fn a_matcher_that_is_dropped_is_not_taken_for_poisoned() {
        let shell = shell();
        let producer = shell.intake.producer().unwrap();
        shell.intake.stop();
        assert_eq!(producer.state(), MatcherState::Stopping);
        drop(shell.matcher);
        assert_eq!(producer.state(), MatcherState::Gone);
        assert!(shell.ring.is_closed() && !shell.ring.is_poisoned());
    }

    #[test]
    fn who_was_executed_before_a_panic_of_a_shared_book_is_answered() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let sizes = SharedBuilder::default().levels(1);
        let sizes = sizes.journal(Writer::new(), move |bytes, mark| {
            sender.send((bytes.to_vec(), mark)).unwrap();
        });
        let book = sizes.build(broken()).unwrap();
        let mut handles = [(); 4].map(|()| book.handle().unwrap());
        let now = Timestamp::new(1);
        handles[0].ask(now, Action::AdvanceTime).unwrap();
        handles[1].ask(now, order(2, Side::Buy)).unwrap();
        handles[2].ask(now, Action::AdvanceTime).unwrap();
        handles[3].ask(now, Action::AdvanceTime).unwrap();
        let died = catch_unwind(AssertUnwindSafe(|| handles[3].answer()));
        assert!(died.is_err() && book.is_poisoned());
        let answer = handles[0].answer().unwrap();
        assert!(matches!(answer, Some(Executed { sequence: 1, .. })));
        assert_eq!(handles[1].answer(), Err(Poisoned));
        assert_eq!(handles[2].answer(), Err(Poisoned));
        let (bytes, mark) = receiver.recv().unwrap();
        assert_eq!(
            verify(&bytes, Start::Beginning, None).map(|verified| verified.mark),
            Ok(mark)
        );
        assert_eq!(mark.sequence, 1);
    }
}
