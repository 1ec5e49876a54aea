//! Threads that share one book, each of which submits a command and waits for its report.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use pricetime::shell::SharedBuilder;
use pricetime::{Command, Engine};

use crate::Way;
use crate::venue::Warm;

/// Executes one command of a thread's own.
type Execute = Box<dyn FnMut(&Command) + Send>;

/// Gives each thread its way to execute on a fresh copy of the engine.
type Handles = fn(Engine, usize) -> Vec<Execute>;

/// All ways for so many threads.
pub fn ways(warm: &Rc<Warm>, threads: usize) -> Vec<Way> {
    let way = |handles: Handles| -> Box<dyn Fn(u64) -> Duration> {
        let warm = Rc::clone(warm);
        Box::new(move |count| passes(&warm, count, threads, handles))
    };
    vec![
        ("shared", way(shared)),
        ("shared, depth", way(shared_with_depth)),
        ("mutex", way(mutex)),
        ("parking_lot", way(parking_lot)),
    ]
}

fn shared(engine: Engine, threads: usize) -> Vec<Execute> {
    shared_of(engine, threads, 0)
}

fn shared_with_depth(engine: Engine, threads: usize) -> Vec<Execute> {
    shared_of(engine, threads, 5)
}

fn shared_of(engine: Engine, threads: usize, levels: usize) -> Vec<Execute> {
    let builder = SharedBuilder::default().handles(threads).levels(levels);
    let book = builder.build(engine).expect("sizes within range");
    let execute = |_| -> Execute {
        let mut handle = book.handle().expect("a free place");
        Box::new(move |command| {
            let executed = handle.execute(command.timestamp, command.action);
            black_box(&executed.expect("no panic").report);
        })
    };
    (0..threads).map(execute).collect()
}

fn mutex(engine: Engine, threads: usize) -> Vec<Execute> {
    let engine = Arc::new(Mutex::new(engine));
    let execute = |_| -> Execute {
        let engine = Arc::clone(&engine);
        Box::new(move |command| {
            let mut engine = engine.lock().expect("no panic");
            let now = command.timestamp.max(engine.now());
            let report = engine.submit(&Command::new(now, command.action));
            drop(engine);
            black_box(&report);
        })
    };
    (0..threads).map(execute).collect()
}

fn parking_lot(engine: Engine, threads: usize) -> Vec<Execute> {
    let engine = Arc::new(parking_lot::Mutex::new(engine));
    let execute = |_| -> Execute {
        let engine = Arc::clone(&engine);
        Box::new(move |command| {
            let mut engine = engine.lock();
            let now = command.timestamp.max(engine.now());
            let report = engine.submit(&Command::new(now, command.action));
            drop(engine);
            black_box(&report);
        })
    };
    (0..threads).map(execute).collect()
}

/// Runs the flow from its start as often as makes `count` commands, the last time in part.
fn passes(warm: &Warm, count: u64, threads: usize, handles: Handles) -> Duration {
    let commands = &warm.flow.timed;
    let (whole, rest) = (
        count as usize / commands.len(),
        count as usize % commands.len(),
    );
    let parts = (0..whole).map(|_| commands.len()).chain([rest]);
    parts
        .map(|part| pass(&commands[..part], handles(warm.engine.clone(), threads)))
        .sum()
}

/// Each thread takes one command of as many as there are threads.
fn pass(commands: &[Command], handles: Vec<Execute>) -> Duration {
    let threads = handles.len();
    let start = std::sync::Barrier::new(threads + 1);
    thread::scope(|scope| {
        for (number, mut execute) in handles.into_iter().enumerate() {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for command in commands.iter().skip(number).step_by(threads) {
                    execute(command);
                }
            });
        }
        start.wait();
        Instant::now()
    })
    .elapsed()
}
