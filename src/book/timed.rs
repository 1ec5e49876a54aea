//! The orders that expire: by date, in a heap by (time, arrival), or with the day, by arrival.
//!
//! Only orders that expire have an entry here; a plain order never comes near.

use crate::book::heaps::Heaps;
use crate::book::slab::NONE;

/// When an order leaves by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expiry {
    /// When this many nanoseconds have come.
    At(u64),
    /// With the end of the day.
    DayEnd,
}

const DATED: usize = 0;
const DAY: usize = 1;

/// The orders that expire, named by their position among all orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timed {
    /// Dated ones by nanoseconds, and those of the day, whose key is zero.
    heaps: Heaps<2>,
    /// From an order to its entry.
    entry_of: Vec<u32>,
    arrivals: u64,
    /// The earliest date, or the end of time: asked before every command.
    next_date: u64,
}

impl Timed {
    /// Room for `orders` orders out of `positions`.
    pub fn new(orders: u32, positions: u32) -> Self {
        let positions = if orders > 0 { positions } else { 0 };
        Self {
            heaps: Heaps::new(orders),
            entry_of: vec![NONE; positions as usize],
            arrivals: 0,
            next_date: u64::MAX,
        }
    }

    /// Whether another order can be added.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.heaps.has_room()
    }

    /// The earliest date, or the end of time.
    #[inline]
    pub fn next_date(&self) -> u64 {
        self.next_date
    }

    /// The first order that is due by `time`: the earliest date first, then the earliest arrival.
    pub fn due(&self, time: u64) -> Option<u32> {
        let (date, order) = self.heaps.first(DATED)?;
        (date <= time).then_some(order)
    }

    /// The order of the day that came first.
    pub fn first_of_day(&self) -> Option<u32> {
        self.heaps.first(DAY).map(|(_, order)| order)
    }

    /// How many orders expire by date or with the day.
    pub fn count(&self) -> usize {
        self.heaps.count()
    }

    /// Adds an order, as the latest arrival; there is room.
    #[cold]
    pub fn add(&mut self, order: u32, expiry: Expiry) {
        let (heap, time) = match expiry {
            Expiry::At(time) => (DATED, time),
            Expiry::DayEnd => (DAY, 0),
        };
        self.entry_of[order as usize] = self.heaps.add(heap, time, self.arrivals, order);
        self.arrivals += 1;
        self.next_date = self.earliest();
    }

    /// Removes an order.
    #[cold]
    pub fn remove(&mut self, order: u32) {
        let entry = std::mem::replace(&mut self.entry_of[order as usize], NONE);
        self.heaps.remove(entry);
        self.next_date = self.earliest();
    }

    fn earliest(&self) -> u64 {
        self.heaps.first(DATED).map_or(u64::MAX, |(date, _)| date)
    }

    /// When an order expires.
    pub fn expiry(&self, order: u32) -> Expiry {
        match self.heaps.place(self.entry_of[order as usize]) {
            (DAY, _) => Expiry::DayEnd,
            (_, time) => Expiry::At(time),
        }
    }

    /// Every order that expires, the earliest arrival first.
    pub fn by_arrival(&self) -> Vec<(u32, Expiry)> {
        let orders = self.heaps.by_arrival().into_iter();
        orders.map(|order| (order, self.expiry(order))).collect()
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.heaps.memory_bytes() + self.entry_of.capacity() * size_of::<u32>()
    }

    /// Asserts that both heaps are in order and that every order knows its entry.
    pub fn check(&self) {
        self.heaps.check();
        assert_eq!(
            self.next_date,
            self.earliest(),
            "the earliest date is another"
        );
        let timed = self.entry_of.iter().filter(|&&entry| entry != NONE);
        assert_eq!(timed.count(), self.count(), "an entry of a dead order");
    }
}
