//! The best levels of both sides as of the last turn, for any number of threads to read.

use crate::engine::Engine;
use crate::order::Side;
use crate::shell::cell::{CellReader, CellWriter, cell};
use crate::units::{Price, Quantity, Timestamp};
use crate::view::Level;

/// Words before the levels: the entry, the time, how many levels each side has, the last price and whether there is one.
const HEAD: usize = 4;
const LEVEL: usize = 3;
const HAS_LAST: u64 = 1 << 63;

/// Writes the depth.
pub(super) struct DepthWriter {
    cell: CellWriter,
    levels: usize,
    words: Vec<u64>,
}

/// Reads the depth as of the last published turn: never torn, and whatever the matcher is doing.
/// It can be cloned and sent to any thread.
#[derive(Clone)]
pub struct DepthReader {
    cell: CellReader,
    levels: usize,
    words: Vec<u64>,
}

/// The best levels of both sides behind one entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Depth<'a> {
    words: &'a [u64],
    levels: usize,
}

/// A depth of so many levels a side, before anything happened.
pub(super) fn depth(levels: usize) -> (DepthWriter, DepthReader) {
    let words = vec![0; HEAD + 2 * levels * LEVEL];
    let (writer, reader) = cell(words.len());
    let writer = DepthWriter {
        cell: writer,
        levels,
        words: words.clone(),
    };
    let reader = DepthReader {
        cell: reader,
        levels,
        words,
    };
    (writer, reader)
}

impl DepthWriter {
    /// Publishes the depth of a book behind an entry. O(levels).
    pub fn write(&mut self, engine: &Engine, sequence: u64) {
        let mut counts = [0; 2];
        for side in Side::BOTH {
            let from = HEAD + side as usize * self.levels * LEVEL;
            let words = self.words[from..].as_chunks_mut::<LEVEL>().0;
            let levels = engine.book().depth(side).take(self.levels);
            for (words, level) in words.iter_mut().zip(levels) {
                let ticks = level.price.ticks() as u64;
                *words = [ticks, level.quantity.lots(), u64::from(level.orders)];
                counts[side as usize] += 1;
            }
        }
        let last = engine.last_price();
        let has_last = if last.is_some() { HAS_LAST } else { 0 };
        self.words[0] = sequence;
        self.words[1] = engine.now().nanoseconds();
        self.words[2] = counts[0] | counts[1] << 32 | has_last;
        self.words[3] = last.map_or(0, |price| price.ticks() as u64);
        self.cell.write(&self.words);
    }
}

impl DepthReader {
    /// The latest depth. Lock-free: it tries again only when the matcher has published eight times meanwhile.
    pub fn read(&mut self) -> Depth<'_> {
        self.cell.read(&mut self.words);
        Depth {
            words: &self.words,
            levels: self.levels,
        }
    }

    /// As [`read`](DepthReader::read), tried once; `None` if the matcher has published eight times meanwhile.
    /// Wait-free.
    pub fn try_read(&mut self) -> Option<Depth<'_>> {
        self.cell.try_read(&mut self.words)?;
        Some(Depth {
            words: &self.words,
            levels: self.levels,
        })
    }
}

impl<'a> Depth<'a> {
    /// The entry behind which this is so; zero before the first turn.
    pub fn sequence(&self) -> u64 {
        self.words[0]
    }

    /// The engine's time.
    pub fn time(&self) -> Timestamp {
        Timestamp::new(self.words[1])
    }

    /// The price of the last trade.
    pub fn last_price(&self) -> Option<Price> {
        (self.words[2] & HAS_LAST != 0).then(|| Price::new(self.words[3] as i64))
    }

    /// The best levels of a side, best first.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = Level> + 'a {
        let count = self.words[2] >> (32 * side as u32) & 0x7FFF_FFFF;
        let from = HEAD + side as usize * self.levels * LEVEL;
        let words = self.words[from..].as_chunks::<LEVEL>().0;
        words.iter().take(count as usize).map(|words| Level {
            price: Price::new(words[0] as i64),
            quantity: Quantity::new(words[1]),
            orders: words[2] as u32,
        })
    }
}
