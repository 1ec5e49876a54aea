//! The levels of both sides by price: a radix-64 trie of bitmaps.
//!
//! A key is a price seen from its side, so that the best level of either side
//! is the one with the greatest key. Every page covers one base-64 digit of the
//! key: 64 words that lead to pages or, in a leaf, to levels, and a bit for each in use.
//!
//! ```text
//!   key 0b..  | digit 2 | digit 1 | digit 0 |
//!   root page ----^         ^         ^
//!      page ----------------'         |
//!         leaf (64 neighbouring ticks)'--> level
//! ```
//!
//! A level that came alone to 64 ticks without a leaf gets none: the slot above leads to
//! the level itself and names its last digit. Where prices are far apart that is most of them.
//!
//! Each side keeps its best key and the pages that lead to it. A search starts
//! at the lowest page that its key shares with the best one, so levels near the
//! touch cost one or two steps, however wide the band. Nothing takes more steps
//! than the band has digits, and pages are reserved for the worst spread. A small
//! table of leaves used lately leads to most levels without any step.

use prefetch_index::prefetch_index;

/// No level, or no page.
pub const NONE: u32 = u32::MAX;

/// How many leaves are remembered: a power of two.
const RECENT: usize = 4096;

/// Marks a slot that leads to a level which has no leaf, with bits 24 to 29 for the last digit of
/// its key and the bits below for the level. `NONE` has this bit too, and bit 30.
const ALONE: u32 = 1 << 31;
const LAST_DIGIT_SHIFT: u32 = 24;
const LEVEL_MASK: u32 = (1 << LAST_DIGIT_SHIFT) - 1;

/// 64-bit keys have at most this many base-64 digits.
const DIGITS_MAX: usize = 11;

/// What each of 64 digits leads to: a level in a leaf, otherwise a page; `NONE` for nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
#[repr(align(64))]
struct Page([u32; 64]);

/// The best level of a side and the way to it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Finger {
    /// `NONE` when the side is empty; then only the root in `path` means anything.
    best: u32,
    key: u64,
    /// The page at each digit of `key`: the leaf at 0, `NONE` without one, the root at `digits - 1`.
    path: [u32; DIGITS_MAX],
}

/// A leaf used lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Recent {
    /// The digits above the leaf and the side; `u64::MAX` for none.
    leaf: u64,
    page: u32,
}

impl Recent {
    const NONE: Self = Self {
        leaf: u64::MAX,
        page: 0,
    };
}

/// The levels of both sides by price.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ladder {
    pages: Vec<Page>,
    /// Which slots of each page lead anywhere. Kept apart, so that a search, which does not
    /// need them, reads one cache line a page. That of a free page names the next free one.
    bits: Vec<u64>,
    free: u32,
    /// How many digits a key has: 1 to 11.
    digits: usize,
    fingers: [Finger; 2],
    recent: Vec<Recent>,
}

impl Ladder {
    /// A ladder for keys from 0 to `key_max` and `levels` levels, wherever they lie.
    pub fn new(key_max: u64, levels: u32) -> Self {
        let digits = highest_digit(key_max) + 1;
        let pages = pages_needed(key_max, digits, levels);
        let count = pages as u32;
        let next_free = |index: u32| match index {
            0 | 1 => 0,
            index if index + 1 < count => u64::from(index + 1),
            _ => u64::from(NONE),
        };
        let finger = |root| Finger {
            best: NONE,
            key: 0,
            path: [root; DIGITS_MAX],
        };
        Self {
            pages: vec![Page([NONE; 64]); pages],
            bits: (0..count).map(next_free).collect(),
            free: if count > 2 { 2 } else { NONE },
            digits,
            fingers: [finger(0), finger(1)],
            recent: vec![Recent::NONE; RECENT],
        }
    }

    /// The best level of a side, or `NONE`.
    #[inline]
    pub fn best(&self, side: usize) -> u32 {
        self.fingers[side].best
    }

    /// The key of the best level of a side, if it has any.
    #[inline]
    pub fn best_key(&self, side: usize) -> Option<u64> {
        let finger = &self.fingers[side];
        (finger.best != NONE).then_some(finger.key)
    }

    /// As `find`, and remembers the leaf.
    #[inline(always)]
    pub fn find_soon_again(&mut self, side: usize, key: u64) -> u32 {
        match self.recent_leaf(side, key) {
            NONE => self.find_and_remember(side, key),
            page => self.pages[page as usize].0[digit(key, 0)],
        }
    }

    /// The leaf of a key if it was used lately, or `NONE`.
    #[inline(always)]
    fn recent_leaf(&self, side: usize, key: u64) -> u32 {
        let leaf = leaf(side, key);
        let recent = self.recent[leaf as usize % RECENT];
        if recent.leaf == leaf {
            recent.page
        } else {
            NONE
        }
    }

    /// Starts to load the part of a leaf that a key is in, and says which page the leaf is:
    /// the first page where it is not known without a search.
    #[inline]
    pub fn prefetch_leaf(&self, side: usize, key: u64) -> u32 {
        let page = self.recent_leaf(side, key);
        let page = if page == NONE { 0 } else { page };
        prefetch_index(self.pages[page as usize].0.as_slice(), digit(key, 0));
        page
    }

    /// What a leaf has under a key.
    #[inline]
    pub fn in_leaf(&self, page: u32, key: u64) -> u32 {
        self.pages[page as usize].0[digit(key, 0)]
    }

    fn remember(&mut self, side: usize, key: u64, page: u32) {
        let leaf = leaf(side, key);
        self.recent[leaf as usize % RECENT] = Recent { leaf, page };
    }

    #[inline(never)]
    fn find_and_remember(&mut self, side: usize, key: u64) -> u32 {
        let level = self.find(side, key);
        if level != NONE {
            let page = self.path_to(side, key)[0];
            if page != NONE {
                self.remember(side, key, page);
            }
        }
        level
    }

    /// The level with this key, or `NONE`.
    #[inline]
    pub fn find(&self, side: usize, key: u64) -> u32 {
        let finger = &self.fingers[side];
        if finger.best == NONE {
            return NONE;
        }
        let at = highest_digit(finger.key ^ key);
        let mut slot = finger.path[at];
        if slot == NONE {
            return if key == finger.key { finger.best } else { NONE };
        }
        for at in (0..=at).rev() {
            slot = self.pages[slot as usize].0[digit(key, at)];
            if slot >= ALONE {
                return alone(slot, key);
            }
        }
        slot
    }

    /// Adds a level under a key that has none.
    #[inline]
    pub fn insert(&mut self, side: usize, key: u64, level: u32) {
        let page = self.recent_leaf(side, key);
        let finger = &mut self.fingers[side];
        // A new best in another leaf needs a new way there; anything else needs the leaf alone.
        let same_way = key < finger.key || key ^ finger.key < 64;
        if page == NONE || finger.best == NONE || !same_way {
            return self.insert_from_above(side, key, level);
        }
        if key > finger.key {
            finger.key = key;
            finger.best = level;
        }
        self.set(page, digit(key, 0), level);
    }

    #[inline(never)]
    fn insert_from_above(&mut self, side: usize, key: u64, level: u32) {
        let finger = &self.fingers[side];
        let empty = finger.best == NONE;
        let better = empty || key > finger.key;
        let in_best_leaf = !empty && key ^ finger.key < 64;
        let top = if empty {
            self.digits - 1
        } else {
            // Beside a best level without a leaf, the way begins at the page above.
            highest_digit(finger.key ^ key).max(usize::from(finger.path[0] == NONE))
        };
        let mut page = finger.path[top];
        for at in (2..=top).rev() {
            page = self.child_or_new(page, digit(key, at));
            if better {
                self.fingers[side].path[at - 1] = page;
            }
        }
        if top > 0 {
            page = self.leaf_or_alone(page, key, level);
        }
        if better || in_best_leaf {
            self.fingers[side].path[0] = page;
        }
        if page != NONE {
            self.set(page, digit(key, 0), level);
            self.remember(side, key, page);
        }
        if better {
            self.fingers[side].best = level;
            self.fingers[side].key = key;
        }
    }

    /// The leaf of a key below `page`, made if a level is there that has none; `NONE` if the
    /// new level is alone and was put into the page itself.
    fn leaf_or_alone(&mut self, page: u32, key: u64, level: u32) -> u32 {
        let at = digit(key, 1);
        let there = self.pages[page as usize].0[at];
        if there < ALONE {
            return there;
        }
        if there == NONE {
            let slot = ALONE | (digit(key, 0) as u32) << LAST_DIGIT_SHIFT | level;
            self.set(page, at, slot);
            return NONE;
        }
        let leaf = self.take_page();
        self.pages[page as usize].0[at] = leaf;
        self.set(leaf, last_digit(there), there & LEVEL_MASK);
        leaf
    }

    /// Removes the level with this key, which is there.
    #[inline]
    pub fn remove(&mut self, side: usize, key: u64) {
        let is_best = self.fingers[side].key == key;
        let page = if is_best {
            self.fingers[side].path[0]
        } else {
            self.recent_leaf(side, key)
        };
        if page == NONE || self.bits[page as usize] == 1 << digit(key, 0) {
            return self.remove_from_above(side, key);
        }
        let left = self.unset(page, digit(key, 0));
        if is_best {
            let digit = highest_bit(left);
            self.fingers[side].key = key & !63 | digit as u64;
            self.fingers[side].best = self.pages[page as usize].0[digit];
        }
    }

    #[inline(never)]
    fn remove_from_above(&mut self, side: usize, key: u64) {
        let is_best = self.fingers[side].key == key;
        let path = self.path_to(side, key);
        let mut at = usize::from(path[0] == NONE);
        loop {
            let left = self.unset(path[at], digit(key, at));
            if left != 0 || at + 1 == self.digits {
                break;
            }
            self.bits[path[at] as usize] = u64::from(self.free);
            self.free = path[at];
            if at == 0 {
                self.forget_leaf(leaf(side, key));
            }
            at += 1;
        }
        if is_best {
            self.find_best_below(side, path, key, at);
        }
    }

    /// The best level whose key is at most this one, or `NONE`.
    pub fn at_or_below(&self, side: usize, key: u64) -> u32 {
        let finger = &self.fingers[side];
        if finger.best == NONE || key >= finger.key {
            return finger.best;
        }
        let mut path = finger.path;
        let mut at = highest_digit(finger.key ^ key).max(usize::from(path[0] == NONE));
        loop {
            match self.pages[path[at] as usize].0[digit(key, at)] {
                NONE => break,
                level if at == 0 => return level,
                slot if slot >= ALONE && last_digit(slot) <= digit(key, 0) => {
                    return slot & LEVEL_MASK;
                }
                slot if slot >= ALONE => break,
                page => path[at - 1] = page,
            }
            at -= 1;
        }
        for (at, &page) in path.iter().enumerate().take(self.digits).skip(at) {
            let lower = self.bits[page as usize] & ((1 << digit(key, at)) - 1);
            if lower != 0 {
                return self.greatest(self.pages[page as usize].0[highest_bit(lower)], at);
            }
        }
        NONE
    }

    /// The page at each digit on the way to a key that has a level, with `NONE` for no leaf.
    fn path_to(&self, side: usize, key: u64) -> [u32; DIGITS_MAX] {
        let finger = &self.fingers[side];
        let mut path = finger.path;
        for at in (1..=highest_digit(finger.key ^ key)).rev() {
            path[at - 1] = self.pages[path[at] as usize].0[digit(key, at)];
        }
        if path[0] >= ALONE {
            path[0] = NONE;
        }
        path
    }

    fn forget_leaf(&mut self, leaf: u64) {
        let recent = &mut self.recent[leaf as usize % RECENT];
        if recent.leaf == leaf {
            *recent = Recent::NONE;
        }
    }

    fn child_or_new(&mut self, parent: u32, digit: usize) -> u32 {
        let child = self.pages[parent as usize].0[digit];
        if child != NONE {
            return child;
        }
        let child = self.take_page();
        self.set(parent, digit, child);
        child
    }

    fn take_page(&mut self) -> u32 {
        let page = self.free;
        assert!(
            page != NONE,
            "pages are reserved for every spread of levels"
        );
        self.free = std::mem::replace(&mut self.bits[page as usize], 0) as u32;
        page
    }

    fn set(&mut self, page: u32, digit: usize, to: u32) {
        debug_assert!(
            self.bits[page as usize] >> digit & 1 == 0,
            "the slot is taken"
        );
        self.bits[page as usize] |= 1 << digit;
        self.pages[page as usize].0[digit] = to;
    }

    /// Empties a slot and returns which ones of its page are left.
    fn unset(&mut self, page: u32, digit: usize) -> u64 {
        debug_assert!(
            self.bits[page as usize] >> digit & 1 == 1,
            "the slot is empty"
        );
        self.pages[page as usize].0[digit] = NONE;
        let bits = &mut self.bits[page as usize];
        *bits &= !(1 << digit);
        *bits
    }

    /// Makes the greatest key at or below the page `path[at]` the best one. All that
    /// `path` holds below `at` is gone; `key` gives the digits above.
    fn find_best_below(&mut self, side: usize, mut path: [u32; DIGITS_MAX], key: u64, at: usize) {
        if self.bits[path[at] as usize] == 0 {
            self.fingers[side].best = NONE;
            return;
        }
        let mut key = key;
        let mut best = NONE;
        for at in (0..=at).rev() {
            let page = path[at] as usize;
            let digit = highest_bit(self.bits[page]);
            key = key & !(63 << (6 * at)) | (digit as u64) << (6 * at);
            best = self.pages[page].0[digit];
            if best >= ALONE {
                key = key & !63 | last_digit(best) as u64;
                best &= LEVEL_MASK;
                path[0] = NONE;
                break;
            }
            if at > 0 {
                path[at - 1] = best;
            }
        }
        self.fingers[side] = Finger { best, key, path };
    }

    /// The greatest level below `child`, which is a level when its parent is a leaf.
    fn greatest(&self, child: u32, parent_at: usize) -> u32 {
        let mut slot = child;
        for _ in 0..parent_at {
            if slot >= ALONE {
                return slot & LEVEL_MASK;
            }
            let highest = highest_bit(self.bits[slot as usize]);
            slot = self.pages[slot as usize].0[highest];
        }
        slot
    }
}

/// The level in a slot that leads to no page, if it is the one with this key; else `NONE`.
#[inline]
fn alone(slot: u32, key: u64) -> u32 {
    // The other digits led here. Seven bits are compared, for `NONE` has them all.
    if slot >> LAST_DIGIT_SHIFT & 127 == digit(key, 0) as u32 {
        slot & LEVEL_MASK
    } else {
        NONE
    }
}

#[inline]
fn last_digit(slot: u32) -> usize {
    (slot >> LAST_DIGIT_SHIFT & 63) as usize
}

/// How many pages `levels` keys can need at most, the roots of both sides included.
fn pages_needed(key_max: u64, digits: usize, levels: u32) -> usize {
    let below_root = (1..digits).map(|at| {
        let pages_there = (key_max >> (6 * at)).saturating_add(1);
        u64::from(levels).min(pages_there.saturating_mul(2)) as usize
    });
    2 + below_root.sum::<usize>()
}

/// The position of the highest base-64 digit that is not zero; 0 for zero.
#[inline]
fn highest_digit(key: u64) -> usize {
    highest_bit(key | 1) / 6
}

/// What tells a leaf from all others of both sides.
#[inline]
fn leaf(side: usize, key: u64) -> u64 {
    key >> 6 << 1 | side as u64
}

#[inline]
fn digit(key: u64, at: usize) -> usize {
    (key >> (6 * at) & 63) as usize
}

#[inline]
fn highest_bit(bits: u64) -> usize {
    63 - bits.leading_zeros() as usize
}

// Paths are said, because the benchmark of structures includes this file from elsewhere.
#[path = "ladder/pages.rs"]
mod pages;
#[cfg(test)]
#[path = "ladder/tests.rs"]
mod tests;
