//! The levels of a side by price.

use std::collections::BTreeMap;

use crate::compare::{Candidate, compare, print_head, print_row};
use crate::flows::Flow;
use crate::ladder::{Ladder, NONE};
use crate::trace::{LadderAsked, LadderStep, record};

/// Prints the table.
pub fn print(flows: &[Flow], rounds: usize) {
    let names = ["trie", "BTreeMap", "sorted Vec", "dense window"];
    print_head(
        "Ladder: levels by price, ns per operation",
        names.into_iter(),
    );
    for flow in flows {
        let [warmup, timed] = record(flow).map(|trace| trace.ladder);
        let price_max = flow.venue.price_max as u64;
        let levels = flow.venue.levels;
        let candidates = [
            candidate(Ladder::new(price_max, levels), &warmup, &timed),
            candidate(Sorted::default(), &warmup, &timed),
            candidate(Listed::default(), &warmup, &timed),
            candidate(Dense::new(price_max), &warmup, &timed),
        ];
        let cells = compare(&candidates, timed.len(), rounds);
        print_row(flow.name, timed.len(), &cells);
    }
}

fn candidate<'a, L: Levels + Clone + 'a>(
    mut levels: L,
    warmup: &[LadderStep],
    timed: &'a [LadderStep],
) -> Candidate<'a> {
    replay(&mut levels, warmup);
    Candidate::new(levels, |levels| replay(levels, timed))
}

fn replay<L: Levels>(levels: &mut L, steps: &[LadderStep]) -> u64 {
    let mut digest = 0_u64;
    for &LadderStep { side, asked } in steps {
        match asked {
            LadderAsked::Best => digest = digest.wrapping_add(u64::from(levels.best(side))),
            LadderAsked::Find(key) => {
                digest = digest.wrapping_add(u64::from(levels.find(side, key)))
            }
            LadderAsked::Insert(key, level) => levels.insert(side, key, level),
            LadderAsked::Remove(key) => levels.remove(side, key),
        }
    }
    digest
}

/// What a ladder can do. The greatest key is the best. No level is `NONE`.
trait Levels {
    fn best(&self, side: usize) -> u32;
    fn find(&self, side: usize, key: u64) -> u32;
    fn insert(&mut self, side: usize, key: u64, level: u32);
    fn remove(&mut self, side: usize, key: u64);
}

/// The engine's own.
impl Levels for Ladder {
    fn best(&self, side: usize) -> u32 {
        self.best(side)
    }

    fn find(&self, side: usize, key: u64) -> u32 {
        self.find(side, key)
    }

    fn insert(&mut self, side: usize, key: u64, level: u32) {
        self.insert(side, key, level);
    }

    fn remove(&mut self, side: usize, key: u64) {
        self.remove(side, key);
    }
}

/// A `BTreeMap` and its last entry.
#[derive(Clone, Default)]
struct Sorted {
    maps: [BTreeMap<u64, u32>; 2],
    last: [Option<(u64, u32)>; 2],
}

impl Levels for Sorted {
    fn best(&self, side: usize) -> u32 {
        self.last[side].map_or(NONE, |(_, level)| level)
    }

    fn find(&self, side: usize, key: u64) -> u32 {
        self.maps[side].get(&key).copied().unwrap_or(NONE)
    }

    fn insert(&mut self, side: usize, key: u64, level: u32) {
        self.maps[side].insert(key, level);
        if self.last[side].is_none_or(|(last, _)| key > last) {
            self.last[side] = Some((key, level));
        }
    }

    fn remove(&mut self, side: usize, key: u64) {
        self.maps[side].remove(&key);
        if self.last[side].is_some_and(|(last, _)| key == last) {
            let last = self.maps[side].last_key_value();
            self.last[side] = last.map(|(&key, &level)| (key, level));
        }
    }
}

/// A sorted list, best last, with binary search.
#[derive(Clone, Default)]
struct Listed([Vec<(u64, u32)>; 2]);

impl Listed {
    fn search(&self, side: usize, key: u64) -> Result<usize, usize> {
        self.0[side].binary_search_by_key(&key, |&(key, _)| key)
    }
}

impl Levels for Listed {
    fn best(&self, side: usize) -> u32 {
        self.0[side].last().map_or(NONE, |&(_, level)| level)
    }

    fn find(&self, side: usize, key: u64) -> u32 {
        self.search(side, key)
            .map_or(NONE, |index| self.0[side][index].1)
    }

    fn insert(&mut self, side: usize, key: u64, level: u32) {
        let index = self.search(side, key).expect_err("the key is new");
        self.0[side].insert(index, (key, level));
    }

    fn remove(&mut self, side: usize, key: u64) {
        let index = self.search(side, key).expect("the key is there");
        self.0[side].remove(index);
    }
}

/// A level for every price of the band, and bitmaps of bitmaps of which are there.
#[derive(Clone)]
struct Dense([Window; 2]);

#[derive(Clone)]
struct Window {
    levels: Vec<u32>,
    /// A bit per level at 0; above, a bit per word below. The last is one word.
    bitmaps: Vec<Vec<u64>>,
    best: u32,
    best_key: u64,
}

impl Dense {
    fn new(key_max: u64) -> Self {
        let mut bitmaps = Vec::new();
        let mut width = key_max as usize + 1;
        while width > 1 {
            width = width.div_ceil(64);
            bitmaps.push(vec![0; width]);
        }
        let window = Window {
            levels: vec![NONE; key_max as usize + 1],
            bitmaps,
            best: NONE,
            best_key: 0,
        };
        Self([window.clone(), window])
    }
}

impl Levels for Dense {
    fn best(&self, side: usize) -> u32 {
        self.0[side].best
    }

    fn find(&self, side: usize, key: u64) -> u32 {
        self.0[side].levels[key as usize]
    }

    fn insert(&mut self, side: usize, key: u64, level: u32) {
        let window = &mut self.0[side];
        window.levels[key as usize] = level;
        let mut at = key;
        for bitmap in &mut window.bitmaps {
            let word = &mut bitmap[(at / 64) as usize];
            let was_empty = *word == 0;
            *word |= 1 << (at % 64);
            if !was_empty {
                break;
            }
            at /= 64;
        }
        if window.best == NONE || key > window.best_key {
            (window.best, window.best_key) = (level, key);
        }
    }

    fn remove(&mut self, side: usize, key: u64) {
        let window = &mut self.0[side];
        window.levels[key as usize] = NONE;
        let mut at = key;
        for bitmap in &mut window.bitmaps {
            let word = &mut bitmap[(at / 64) as usize];
            *word &= !(1 << (at % 64));
            if *word != 0 {
                break;
            }
            at /= 64;
        }
        if key == window.best_key {
            window.find_best();
        }
    }
}

impl Window {
    /// Walks down from the top by the highest bits. The best never needs to be near the last.
    fn find_best(&mut self) {
        let mut at = 0_u64;
        for bitmap in self.bitmaps.iter().rev() {
            let word = bitmap[at as usize];
            if word == 0 {
                self.best = NONE;
                return;
            }
            at = at * 64 + u64::from(word.ilog2());
        }
        (self.best, self.best_key) = (self.levels[at as usize], at);
    }
}
