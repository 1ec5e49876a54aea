//! Bounded queues that threads share, to wire a topology with: crossbeam's two, and a mutex around a `VecDeque`.

use std::collections::VecDeque;
use std::hint::spin_loop;
use std::sync::Mutex;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use crossbeam_queue::ArrayQueue;

/// A queue that holds a bounded number of messages. Neither call waits but for a lock.
pub trait Pipe<T>: Sync {
    /// An empty queue for so many.
    fn new(capacity: usize) -> Self;
    /// Puts a message in; `false` if it is full.
    fn push(&self, message: T) -> bool;
    /// Takes the oldest out.
    fn pop(&self) -> Option<T>;
}

/// Both ends of a channel.
pub struct Channel<T>(Sender<T>, Receiver<T>);

/// A queue behind a mutex.
pub struct Locked<T> {
    queue: Mutex<VecDeque<T>>,
    capacity: usize,
}

impl<T: Send> Pipe<T> for ArrayQueue<T> {
    fn new(capacity: usize) -> Self {
        ArrayQueue::new(capacity)
    }

    fn push(&self, message: T) -> bool {
        ArrayQueue::push(self, message).is_ok()
    }

    fn pop(&self) -> Option<T> {
        ArrayQueue::pop(self)
    }
}

impl<T: Send> Pipe<T> for Channel<T> {
    fn new(capacity: usize) -> Self {
        let (sender, receiver) = bounded(capacity);
        Self(sender, receiver)
    }

    fn push(&self, message: T) -> bool {
        self.0.try_send(message).is_ok()
    }

    fn pop(&self) -> Option<T> {
        self.1.try_recv().ok()
    }
}

impl<T: Send> Pipe<T> for Locked<T> {
    fn new(capacity: usize) -> Self {
        let queue = Mutex::new(VecDeque::with_capacity(capacity));
        Self { queue, capacity }
    }

    fn push(&self, message: T) -> bool {
        let mut queue = self.queue.lock().unwrap();
        let has_room = queue.len() < self.capacity;
        if has_room {
            queue.push_back(message);
        }
        has_room
    }

    fn pop(&self) -> Option<T> {
        self.queue.lock().unwrap().pop_front()
    }
}

/// As long as the other side has a processor of its own this is short; if not, it lets it run.
pub fn wait() {
    for _ in 0..32 {
        spin_loop();
    }
    thread::yield_now();
}

/// Waits for an answer that is due at once: it looks again soon, and lets others run when that was long in vain.
#[derive(Default)]
pub struct Spin(u32);

impl Spin {
    const MOST: u32 = 1 << 10;

    pub fn wait(&mut self) {
        spin_loop();
        self.0 += 1;
        if self.0.is_multiple_of(Self::MOST) {
            thread::yield_now();
        }
    }
}
