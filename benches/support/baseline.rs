//! What the books to compare with have in common: they carry out commands, count instead
//! of writing events, and can be compared with the engine.

use pricetime::{Command, Price, Side};

/// A book to compare with.
pub trait Baseline: Clone {
    /// Carries out one command.
    fn apply(&mut self, command: &Command);
    /// Trades, volume and refusals so far.
    fn counters(&self) -> Counters;
    /// The number of resting orders.
    fn len(&self) -> usize;
    /// The best price of a side in ticks.
    fn best(&self, side: Side) -> Option<i64>;
    /// Price, quantity and number of orders of every level of a side, best first.
    fn depth(&self, side: Side) -> impl Iterator<Item = (Price, u64, u32)>;
}

/// What a book counts instead of writing events.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Trades.
    pub trades: u64,
    /// Lots traded.
    pub volume: u64,
    /// Commands refused.
    pub rejected: u64,
}

/// A copy that, unlike a derived clone, keeps the capacity, so that it grows no earlier.
pub fn with_capacity_of<T: Copy>(list: &Vec<T>) -> Vec<T> {
    let mut copy = Vec::with_capacity(list.capacity());
    copy.extend_from_slice(list);
    copy
}
