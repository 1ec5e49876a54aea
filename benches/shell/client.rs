//! One who submits commands and takes answers, wired to an engine with its journal on another thread in different ways.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossbeam_queue::ArrayQueue;
use pricetime::journal::Writer;
use pricetime::shell::{Producer, ShellBuilder, Wait};
use pricetime::{Command, Timestamp};

use crate::pipe::{Channel, Locked, Pipe, Spin};
use crate::venue::Warm;

/// How many commands may be under way.
const CAPACITY: usize = 1 << 10;

/// One who submits commands. Answers come in the order of the commands.
pub trait Client {
    /// Hands a command over, at the latest with `publish`; `false` if there is no room.
    fn submit(&mut self, token: u64, command: &Command) -> bool;
    fn publish(&mut self);
    /// The token of the next command that was answered.
    fn answer(&mut self) -> Option<u64>;
}

/// Lets a client work while an engine at the start of the flow serves it on another thread.
pub type Serve = fn(&Warm, &mut dyn FnMut(&mut dyn Client));

/// All ways. Beside what the others do, the shell writes all events into its ring, and the depth into its cell: 20 levels of
/// each side, or one.
pub const WAYS: [(&str, Serve); 5] = [
    ("shell", |warm, work| shell(warm, 20, work)),
    ("shell, 1 level", |warm, work| shell(warm, 1, work)),
    (
        "ArrayQueue",
        piped::<ArrayQueue<(u64, Command)>, ArrayQueue<(u64, u64)>>,
    ),
    (
        "channels",
        piped::<Channel<(u64, Command)>, Channel<(u64, u64)>>,
    ),
    ("mutex", piped::<Locked<(u64, Command)>, Locked<(u64, u64)>>),
];

fn shell(warm: &Warm, levels: usize, work: &mut dyn FnMut(&mut dyn Client)) {
    let builder = ShellBuilder::default().producers(1).lane(CAPACITY);
    let shell = builder
        .levels(levels)
        .build(warm.engine.clone(), Writer::new());
    let shell = shell.expect("sizes within range");
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let mut producer = intake.producer().expect("the only producer");
    thread::scope(|scope| {
        let now = || Timestamp::new(0);
        scope.spawn(move || matcher.run(Wait::Spin, now, |bytes, _| _ = black_box(bytes)));
        work(&mut producer);
        intake.stop();
    });
}

impl Client for Producer {
    fn submit(&mut self, token: u64, command: &Command) -> bool {
        self.write(token, command.action).is_ok()
    }

    fn publish(&mut self) {
        Producer::publish(self);
    }

    fn answer(&mut self) -> Option<u64> {
        self.outcome().map(|outcome| outcome.token)
    }
}

/// A queue there and one back.
struct Piped<'a, C, O> {
    asked: &'a C,
    answers: &'a O,
}

impl<C: Pipe<(u64, Command)>, O: Pipe<(u64, u64)>> Client for Piped<'_, C, O> {
    fn submit(&mut self, token: u64, command: &Command) -> bool {
        self.asked.push((token, *command))
    }

    fn publish(&mut self) {}

    fn answer(&mut self) -> Option<u64> {
        self.answers.pop().map(|(token, _)| token)
    }
}

fn piped<C: Pipe<(u64, Command)>, O: Pipe<(u64, u64)>>(
    warm: &Warm,
    work: &mut dyn FnMut(&mut dyn Client),
) {
    let mut venue = warm.venue();
    let (asked, answers) = (C::new(CAPACITY), O::new(CAPACITY));
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut spin = Spin::default();
            loop {
                match asked.pop() {
                    Some((token, command)) => {
                        let (sequence, _) = venue.apply(&command);
                        while !answers.push((token, sequence)) {
                            spin.wait();
                        }
                    }
                    None if is_done.load(Ordering::Relaxed) => return,
                    None => spin.wait(),
                }
            }
        });
        work(&mut Piped {
            asked: &asked,
            answers: &answers,
        });
        is_done.store(true, Ordering::Relaxed);
    });
}
