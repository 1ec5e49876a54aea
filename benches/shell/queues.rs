//! Commands from some threads to one, by different queues.

use std::collections::VecDeque;
use std::hint::spin_loop;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use crossbeam_queue::ArrayQueue;
use pricetime::journal::Record;
use pricetime::shell::lane::{Receiver, Sender, lane};

use crate::Way;

const CAPACITY: usize = 1 << 10;
/// How many messages a sender publishes at once where its queue can.
const BATCH: u64 = 16;

/// All ways from so many senders to one receiver.
pub fn ways(senders: u64) -> Vec<Way> {
    vec![
        ("lanes", Box::new(move |count| lanes(senders, count, 1))),
        (
            "lanes, batches",
            Box::new(move |count| lanes(senders, count, BATCH)),
        ),
        (
            "ArrayQueue",
            Box::new(move |count| array_queue(senders, count)),
        ),
        ("channel", Box::new(move |count| channel(senders, count))),
        ("mutex", Box::new(move |count| mutex(senders, count))),
    ]
}

fn message(number: u64) -> Record {
    [number; 8]
}

fn lanes(senders: u64, count: u64, batch: u64) -> Duration {
    let lanes = (0..senders).map(|_| lane(CAPACITY));
    let (ends, mut receivers): (Vec<Sender>, Vec<Receiver>) = lanes.unzip();
    let each = count / senders;
    let begin = Instant::now();
    thread::scope(|scope| {
        for mut sender in ends {
            scope.spawn(move || {
                for number in 0..each {
                    while sender.write(&message(number)).is_err() {
                        sender.publish();
                        wait();
                    }
                    if number % batch == batch - 1 {
                        sender.publish();
                    }
                }
                sender.publish();
            });
        }
        let mut got = 0;
        while got < each * senders {
            let before = got;
            for receiver in &mut receivers {
                while let Some(words) = receiver.read() {
                    std::hint::black_box(words);
                    got += 1;
                }
                receiver.give_back();
            }
            if got == before {
                wait();
            }
        }
    });
    begin.elapsed()
}

fn array_queue(senders: u64, count: u64) -> Duration {
    let queue = ArrayQueue::new(CAPACITY);
    shared(
        senders,
        count,
        |words| queue.push(words).is_ok(),
        || queue.pop(),
    )
}

fn channel(senders: u64, count: u64) -> Duration {
    let (sender, receiver) = bounded(CAPACITY);
    shared(
        senders,
        count,
        |words| sender.try_send(words).is_ok(),
        || receiver.try_recv().ok(),
    )
}

fn mutex(senders: u64, count: u64) -> Duration {
    let queue = Arc::new(Mutex::new(VecDeque::with_capacity(CAPACITY)));
    shared(
        senders,
        count,
        |words| {
            let mut queue = queue.lock().unwrap();
            let has_room = queue.len() < CAPACITY;
            if has_room {
                queue.push_back(words);
            }
            has_room
        },
        || queue.lock().unwrap().pop_front(),
    )
}

/// Any queue that all senders share.
fn shared(
    senders: u64,
    count: u64,
    push: impl Fn(Record) -> bool + Sync,
    pop: impl Fn() -> Option<Record>,
) -> Duration {
    let each = count / senders;
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..senders {
            scope.spawn(|| {
                for number in 0..each {
                    while !push(message(number)) {
                        wait();
                    }
                }
            });
        }
        let mut got = 0;
        while got < each * senders {
            match pop() {
                Some(words) => {
                    std::hint::black_box(words);
                    got += 1;
                }
                None => wait(),
            }
        }
    });
    begin.elapsed()
}

/// As long as the other side has a processor of its own this is short; if not, it lets it run.
fn wait() {
    for _ in 0..32 {
        spin_loop();
    }
    thread::yield_now();
}
