//! Commands from some threads to one, by different queues.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_queue::ArrayQueue;
use pricetime::journal::Record;
use pricetime::shell::lane::{Receiver, Sender, lane};

use crate::Way;
use crate::pipe::{Channel, Locked, Pipe, wait};

const CAPACITY: usize = 1 << 10;
/// How many messages a sender publishes at once where its queue can.
const BATCH: u64 = 16;

/// All ways from so many senders to one receiver.
pub fn ways(senders: u64) -> Vec<Way> {
    let pipes = |run: fn(u64, u64) -> Duration| -> Box<dyn Fn(u64) -> Duration> {
        Box::new(move |count| run(senders, count))
    };
    vec![
        ("lanes", Box::new(move |count| lanes(senders, count, 1))),
        (
            "lanes, batches",
            Box::new(move |count| lanes(senders, count, BATCH)),
        ),
        ("ArrayQueue", pipes(shared::<ArrayQueue<Record>>)),
        ("channel", pipes(shared::<Channel<Record>>)),
        ("mutex", pipes(shared::<Locked<Record>>)),
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
                    black_box(words);
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

/// A queue that all senders share.
fn shared<P: Pipe<Record>>(senders: u64, count: u64) -> Duration {
    let queue = P::new(CAPACITY);
    let each = count / senders;
    let begin = Instant::now();
    thread::scope(|scope| {
        for _ in 0..senders {
            scope.spawn(|| {
                for number in 0..each {
                    while !queue.push(message(number)) {
                        wait();
                    }
                }
            });
        }
        let mut got = 0;
        while got < each * senders {
            match queue.pop() {
                Some(words) => {
                    black_box(words);
                    got += 1;
                }
                None => wait(),
            }
        }
    });
    begin.elapsed()
}
