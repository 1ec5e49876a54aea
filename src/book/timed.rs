//! The orders that expire: by date, in a heap by (time, arrival), or with the day, by arrival.
//!
//! Only orders that expire have a record here; a plain order never comes near.

use crate::book::slab::NONE;

/// When an order leaves by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expiry {
    /// When this many nanoseconds have come.
    At(u64),
    /// With the end of the day.
    DayEnd,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Record {
    /// Nanoseconds, or zero for orders of the day.
    time: u64,
    /// How many timed orders came to rest before.
    arrival: u64,
    /// The order. In a free record: the next free record.
    slot: u32,
    /// Where the record stands in its heap.
    position: u32,
    queue: Queue,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Queue {
    Dated = 0,
    Day = 1,
}

/// As long as it can get, and how much of that is in use.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Heap {
    slots: Vec<u32>,
    len: usize,
}

impl Heap {
    fn used(&self) -> &[u32] {
        &self.slots[..self.len]
    }
}

/// The orders that expire, named by their position among all orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timed {
    records: Vec<Record>,
    /// Records in heap order, the earliest first: dated ones, then those of the day.
    heaps: [Heap; 2],
    /// From an order to its record.
    record_of: Vec<u32>,
    free: u32,
    arrivals: u64,
    /// The earliest date, or the end of time: asked before every command.
    next_date: u64,
}

impl Timed {
    /// Room for `orders` orders out of `positions`.
    pub fn new(orders: u32, positions: u32) -> Self {
        let chained = |record: u32| Record {
            time: 0,
            arrival: 0,
            slot: if record + 1 < orders {
                record + 1
            } else {
                NONE
            },
            position: 0,
            queue: Queue::Dated,
        };
        let heap = || Heap {
            slots: vec![NONE; orders as usize],
            len: 0,
        };
        let positions = if orders > 0 { positions } else { 0 };
        Self {
            records: (0..orders).map(chained).collect(),
            heaps: [heap(), heap()],
            record_of: vec![NONE; positions as usize],
            free: if orders > 0 { 0 } else { NONE },
            arrivals: 0,
            next_date: u64::MAX,
        }
    }

    /// Whether another order can be added.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.free != NONE
    }

    /// The earliest date, or the end of time.
    #[inline]
    pub fn next_date(&self) -> u64 {
        self.next_date
    }

    /// The first order that is due by `time`: the earliest date first, then the earliest arrival.
    pub fn due(&self, time: u64) -> Option<u32> {
        let &record = self.heaps[Queue::Dated as usize].used().first()?;
        let record = &self.records[record as usize];
        (record.time <= time).then_some(record.slot)
    }

    /// The order of the day that came first.
    pub fn first_of_day(&self) -> Option<u32> {
        let &record = self.heaps[Queue::Day as usize].used().first()?;
        Some(self.records[record as usize].slot)
    }

    /// How many orders expire by date or with the day.
    pub fn count(&self) -> usize {
        self.heaps[0].len + self.heaps[1].len
    }

    /// Adds an order, as the latest arrival; there is room.
    #[cold]
    pub fn add(&mut self, slot: u32, expiry: Expiry) {
        let (queue, time) = match expiry {
            Expiry::At(time) => (Queue::Dated, time),
            Expiry::DayEnd => (Queue::Day, 0),
        };
        let record = self.free;
        self.free = self.records[record as usize].slot;
        let heap = &mut self.heaps[queue as usize];
        let position = heap.len;
        heap.slots[position] = record;
        heap.len += 1;
        self.records[record as usize] = Record {
            time,
            arrival: self.arrivals,
            slot,
            position: position as u32,
            queue,
        };
        self.arrivals += 1;
        self.rise(queue, position);
        self.record_of[slot as usize] = record;
        self.next_date = self.earliest();
    }

    /// Removes an order.
    #[cold]
    pub fn remove(&mut self, slot: u32) {
        let record = std::mem::replace(&mut self.record_of[slot as usize], NONE);
        let Record {
            queue, position, ..
        } = self.records[record as usize];
        let heap = &mut self.heaps[queue as usize];
        heap.len -= 1;
        let moved = heap.slots[heap.len];
        if moved != record {
            heap.slots[position as usize] = moved;
            self.records[moved as usize].position = position;
            self.rise(queue, position as usize);
            self.sink(queue, self.records[moved as usize].position as usize);
        }
        self.records[record as usize].slot = self.free;
        self.free = record;
        self.next_date = self.earliest();
    }

    fn earliest(&self) -> u64 {
        let first = self.heaps[Queue::Dated as usize].used().first();
        first.map_or(u64::MAX, |&record| self.records[record as usize].time)
    }

    /// When an order expires.
    pub fn expiry(&self, slot: u32) -> Expiry {
        let record = &self.records[self.record_of[slot as usize] as usize];
        match record.queue {
            Queue::Dated => Expiry::At(record.time),
            Queue::Day => Expiry::DayEnd,
        }
    }

    /// Every order that expires, the earliest arrival first.
    pub fn by_arrival(&self) -> Vec<(u32, Expiry)> {
        let mut records: Vec<&Record> = Vec::with_capacity(self.count());
        for heap in &self.heaps {
            records.extend(
                heap.used()
                    .iter()
                    .map(|&record| &self.records[record as usize]),
            );
        }
        records.sort_unstable_by_key(|record| record.arrival);
        let orders = records.iter().map(|record| record.slot);
        orders.map(|order| (order, self.expiry(order))).collect()
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        let words = self.heaps.iter().map(|heap| heap.slots.capacity());
        let words = words.sum::<usize>() + self.record_of.capacity();
        self.records.capacity() * size_of::<Record>() + words * size_of::<u32>()
    }

    /// Asserts that both heaps are in order, know their orders, and that no record was lost.
    pub fn check(&self) {
        for queue in [Queue::Dated, Queue::Day] {
            let heap = self.heaps[queue as usize].used();
            for (position, &record) in heap.iter().enumerate() {
                let slot = self.records[record as usize].slot;
                assert_eq!(self.record_of[slot as usize], record);
                assert_eq!(self.records[record as usize].position as usize, position);
                assert_eq!(self.records[record as usize].queue, queue);
                assert!(position == 0 || self.key(heap[(position - 1) / 2]) < self.key(record));
            }
        }
        let mut free = 0;
        let mut record = self.free;
        while record != NONE {
            free += 1;
            record = self.records[record as usize].slot;
        }
        assert_eq!(free + self.count(), self.records.len(), "a record was lost");
        assert_eq!(
            self.next_date,
            self.earliest(),
            "the earliest date is another"
        );
        let timed = self.record_of.iter().filter(|&&record| record != NONE);
        assert_eq!(timed.count(), self.count(), "a record of a dead order");
    }

    fn key(&self, record: u32) -> (u64, u64) {
        let record = &self.records[record as usize];
        (record.time, record.arrival)
    }

    fn rise(&mut self, queue: Queue, mut position: usize) {
        while position > 0 {
            let parent = (position - 1) / 2;
            if !self.swap_if_earlier(queue, position, parent) {
                break;
            }
            position = parent;
        }
    }

    fn sink(&mut self, queue: Queue, mut position: usize) {
        loop {
            let heap = self.heaps[queue as usize].used();
            let children = 2 * position + 1..(2 * position + 3).min(heap.len());
            let Some(earliest) = children.min_by_key(|&child| self.key(heap[child])) else {
                break;
            };
            if !self.swap_if_earlier(queue, earliest, position) {
                break;
            }
            position = earliest;
        }
    }

    fn swap_if_earlier(&mut self, queue: Queue, child: usize, parent: usize) -> bool {
        let heap = self.heaps[queue as usize].used();
        let (below, above) = (heap[child], heap[parent]);
        if self.key(below) >= self.key(above) {
            return false;
        }
        self.heaps[queue as usize].slots.swap(child, parent);
        self.records[below as usize].position = parent as u32;
        self.records[above as usize].position = child as u32;
        true
    }
}
