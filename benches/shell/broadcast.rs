//! One thread tells four readers of events, none of whom it waits for: who is late misses some.

use std::collections::VecDeque;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use crossbeam_queue::ArrayQueue;
use pricetime::shell::ring::ring;
use pricetime::shell::{LossyReader, Message, Ring, Seen};
use pricetime::{Event, OrderId, Price, Quantity, Side, TradeId};

use crate::Way;
use crate::pipe::wait;

const READERS: usize = 4;
const CAPACITY: usize = 1 << 10;
/// How many messages are published at once where that is possible.
const BATCH: u64 = 16;
/// How many messages a reader takes at once.
const STEP: usize = 64;
const ROUNDS: usize = 9;

/// What a run came to.
struct Told {
    /// Until the writer had written all.
    time: Duration,
    /// Messages that were seen, by all readers together.
    seen: u64,
}

/// Takes up to a step of messages; how many there were.
type Read = Box<dyn FnMut() -> u64 + Send>;

/// A way to tell so many messages.
type Tell = fn(u64) -> Told;

const WAYS: [(&str, Tell); 6] = [
    ("ring", |count| by_ring(count, 1)),
    ("ring, batches", |count| by_ring(count, BATCH)),
    ("ArrayQueues", by_queues),
    ("channels", by_channels),
    ("mutex", by_mutex),
    ("RwLock", by_rwlock),
];

/// All ways, for the time alone.
pub fn ways() -> Vec<Way> {
    let way = |(name, run): (&'static str, Tell)| -> Way {
        (name, Box::new(move |count| run(count).time))
    };
    WAYS.into_iter().map(way).collect()
}

/// Measures all ways in turns.
pub fn print(count: u64) {
    println!(
        "1_to_4_lossy: nanoseconds an event for the writer, which tells {READERS} readers on what is left of the machine;"
    );
    println!(
        "what share of all each of them saw; nanoseconds an event seen. Medians of {ROUNDS} rounds of {count} events.\n"
    );
    println!("{:<16}{:>8}{:>8}{:>12}", "", "ns", "seen %", "ns a seen");
    let mut runs = WAYS.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, run), runs) in WAYS.iter().zip(&mut runs) {
            runs.push(run(count));
        }
    }
    let median = |runs: &[Told], figure: &dyn Fn(&Told) -> f64| {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    for ((way, _), runs) in WAYS.iter().zip(&runs) {
        let time = |told: &Told| told.time.as_nanos() as f64;
        println!(
            "{way:<16}{:>8.1}{:>8.1}{:>12.1}",
            median(runs, &|told| time(told) / count as f64),
            median(runs, &|told| {
                100.0 * told.seen as f64 / (count as f64 * READERS as f64)
            }),
            median(runs, &|told| time(told) / told.seen.max(1) as f64),
        );
    }
    println!();
}

fn message(number: u64) -> Message {
    Message {
        sequence: number,
        event: Event::Traded {
            trade: TradeId(number),
            taker: OrderId(number),
            maker: OrderId(number),
            taker_side: Side::Buy,
            price: Price::new(100),
            quantity: Quantity::new(number),
            maker_remaining: Quantity::ZERO,
            taker_remaining: Quantity::ZERO,
        },
    }
}

/// Lets the readers run while so many messages are written.
fn broadcast(count: u64, readers: Vec<Read>, mut write: impl FnMut(u64)) -> Told {
    let is_done = AtomicBool::new(false);
    let start = Barrier::new(READERS + 1);
    thread::scope(|scope| {
        let reading = readers.into_iter().map(|mut read| {
            let (is_done, start) = (&is_done, &start);
            scope.spawn(move || {
                start.wait();
                let mut seen = 0;
                loop {
                    let was_done = is_done.load(Ordering::Acquire);
                    match read() {
                        0 if was_done => return seen,
                        0 => wait(),
                        step => seen += step,
                    }
                }
            })
        });
        let reading: Vec<_> = reading.collect();
        start.wait();
        let begin = Instant::now();
        (0..count).for_each(&mut write);
        let time = begin.elapsed();
        is_done.store(true, Ordering::Release);
        let seen = reading.into_iter().map(|reader| reader.join().unwrap());
        Told {
            time,
            seen: seen.sum(),
        }
    })
}

/// As many readers, each of its own number.
fn readers(reader: impl FnMut(usize) -> Read) -> Vec<Read> {
    (0..READERS).map(reader).collect()
}

/// Takes up to a step of what `next` gives.
fn step<T>(mut next: impl FnMut() -> Option<T>) -> u64 {
    let messages = std::iter::from_fn(&mut next).take(STEP);
    messages.map(black_box).count() as u64
}

fn by_ring(count: u64, batch: u64) -> Told {
    let (mut publisher, ring): (_, Ring) = ring(CAPACITY, 1);
    let all = readers(|_| {
        let mut reader = ring.lossy();
        Box::new(move || step(|| message_of(&mut reader)))
    });
    broadcast(count, all, |number| {
        assert!(publisher.write(&message(number)), "no reader holds it");
        if number % batch == batch - 1 || number == count - 1 {
            publisher.publish();
        }
    })
}

fn message_of(reader: &mut LossyReader) -> Option<Message> {
    loop {
        match reader.read() {
            Seen::Message(message) => return Some(message),
            Seen::Missed(_) => {}
            Seen::Nothing => return None,
        }
    }
}

/// A queue for each reader; the oldest goes when one is full.
fn by_queues(count: u64) -> Told {
    let queues = [(); READERS].map(|()| Arc::new(ArrayQueue::new(CAPACITY)));
    let all = readers(|reader| {
        let queue = Arc::clone(&queues[reader]);
        Box::new(move || step(|| queue.pop()))
    });
    broadcast(count, all, |number| {
        for queue in &queues {
            let _ = queue.force_push(message(number));
        }
    })
}

/// A channel for each reader; the newest goes when one is full.
fn by_channels(count: u64) -> Told {
    let channels = [(); READERS].map(|()| bounded(CAPACITY));
    let all = readers(|reader| {
        let receiver = channels[reader].1.clone();
        Box::new(move || step(|| receiver.try_recv().ok()))
    });
    broadcast(count, all, |number| {
        for (sender, _) in &channels {
            let _ = sender.try_send(message(number));
        }
    })
}

/// The latest messages, for readers who each know how far they are.
struct Latest {
    messages: VecDeque<Message>,
    /// How many were written.
    written: u64,
}

impl Latest {
    fn new() -> Self {
        Self {
            messages: VecDeque::with_capacity(CAPACITY),
            written: 0,
        }
    }

    fn write(&mut self, message: Message) {
        if self.messages.len() == CAPACITY {
            self.messages.pop_front();
        }
        self.messages.push_back(message);
        self.written += 1;
    }

    /// Copies a step of what follows on a position, which moves.
    fn read(&self, position: &mut u64, into: &mut Vec<Message>) -> u64 {
        let oldest = self.written - self.messages.len() as u64;
        let from = (*position).max(oldest);
        let new = self.messages.iter().skip((from - oldest) as usize);
        into.clear();
        into.extend(new.take(STEP));
        *position = from + into.len() as u64;
        into.len() as u64
    }
}

fn by_mutex(count: u64) -> Told {
    let latest = Arc::new(Mutex::new(Latest::new()));
    let all = readers(|_| {
        let latest = Arc::clone(&latest);
        let (mut position, mut into) = (0, Vec::with_capacity(STEP));
        Box::new(move || {
            let seen = latest.lock().unwrap().read(&mut position, &mut into);
            black_box(&into);
            seen
        })
    });
    broadcast(count, all, |number| {
        latest.lock().unwrap().write(message(number));
    })
}

fn by_rwlock(count: u64) -> Told {
    let latest = Arc::new(RwLock::new(Latest::new()));
    let all = readers(|_| {
        let latest = Arc::clone(&latest);
        let (mut position, mut into) = (0, Vec::with_capacity(STEP));
        Box::new(move || {
            let seen = latest.read().unwrap().read(&mut position, &mut into);
            black_box(&into);
            seen
        })
    });
    broadcast(count, all, |number| {
        latest.write().unwrap().write(message(number));
    })
}
