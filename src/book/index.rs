//! From an id to a slot: a hash table of cache lines that never rehashes.
//!
//! ```text
//!   bucket, 64 bytes:  | tag x 7 | overflow | slot x 7 | used |
//! ```
//!
//! An entry is a 32-bit tag of the id's keyed hash and a slot; the full id is
//! compared where the slot points, which has to be read anyway. The low bits
//! of the tag name the home bucket. When that is full, the entry goes to one of
//! the next buckets and the home notes how far it went; a home that has
//! overflowed nothing answers in one cache line. Removal clears a bit of `used`:
//! there are no tombstones and nothing shifts.
//!
//! All buckets are there from the start, but only as many are in use as the
//! entries need, so that a small book stays in the cache. When entries crowd, their
//! number is doubled step by step: with every new entry two more buckets come
//! into use and each takes its share from one other (linear hashing, but hurried,
//! for those that wait hold twice as much). Tags alone tell what moves.

use prefetch_index::prefetch_index;
use wide::i32x8;

/// Words of each half of a bucket: seven entries and one word about all of them.
const WIDTH: usize = 8;
/// The bits of `used` that stand for entries: entry n has bit n + 1.
const ENTRIES: u32 = 0xFE;
/// How many buckets, the home included, an entry may be put in, where it does not belong to a crowd.
const PROBES_MAX: usize = 255;
/// The same for new entries of a home that has displaced many: ids chosen to crowd one home
/// are refused before they fill too much around it.
const CROWD_PROBES_MAX: usize = 32;
/// How many displaced entries are many.
const CROWD: u32 = 32;
/// Halves of an entry to a home, on average, before the homes are doubled: 4.5 of 7.
const LOAD_HALVES: u32 = 9;
/// Entries to a home, on average, when the index is full: 2.5 to 5, for homes come in powers of two.
const LOAD_MAX: u32 = 5;
/// What one displaced entry adds to the overflow word of its home.
const REACH: u32 = 256;
/// An odd number without structure (the first hexadecimal digits of pi's fraction).
const MULTIPLIER: u64 = 0x243F_6A88_85A3_08D3;

/// The part of an id's hash that the index keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tag(u32);

/// The bucket where the entry of an id belongs, and which entries there have its tag: valid
/// until something is put or taken. Two words, so that it is passed in registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Home {
    /// The tag in the low half, the bucket in the high half.
    at: u64,
    /// A bit for each entry, as in the bucket's `used`.
    hits: u32,
}

impl Home {
    #[inline(always)]
    fn tag(self) -> Tag {
        Tag(self.at as u32)
    }

    #[inline(always)]
    fn bucket(self) -> usize {
        (self.at >> 32) as usize
    }
}

/// Where an entry is, or could be: valid until it is put or taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(u32);

impl Place {
    #[inline]
    fn of(bucket: usize, bits: u32) -> Self {
        Self((bucket * WIDTH) as u32 + bits.trailing_zeros() - 1)
    }

    #[inline]
    fn bucket(self) -> usize {
        self.0 as usize / WIDTH
    }

    #[inline]
    fn entry(self) -> usize {
        self.0 as usize % WIDTH
    }

    #[inline]
    fn bit(self) -> u32 {
        2 << self.entry()
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
#[repr(align(64))]
struct Bucket {
    /// Seven tags, stale where the entry is free; then how many entries of this home lie in
    /// other buckets, times 256, plus how many buckets away the farthest was put since there were none.
    tags: [u32; WIDTH],
    /// Seven slots; then which entries are used.
    slots: [u32; WIDTH],
}

impl Bucket {
    const EMPTY: Self = Self {
        tags: [0; WIDTH],
        slots: [0; WIDTH],
    };

    /// A bit for each used entry with this tag. All eight words are compared at once, without
    /// a branch: whether a loop compiles to that depends on what is around it.
    #[inline(always)]
    fn with_tag(&self, tag: Tag) -> u32 {
        let tags = i32x8::new(self.tags.map(|tag| tag as i32));
        let same = tags.simd_eq(i32x8::splat(tag.0 as i32)).to_bitmask();
        (same << 1) & self.used()
    }

    /// Which of some entries `is_it` confirms.
    fn find(&self, at: usize, hits: u32, is_it: impl Fn(u32) -> bool) -> Option<(Place, u32)> {
        let mut hits = hits;
        while hits != 0 {
            let place = Place::of(at, hits);
            let slot = self.slots[place.entry()];
            if is_it(slot) {
                return Some((place, slot));
            }
            hits &= hits - 1;
        }
        None
    }

    /// How many used entries have a tag that `is_it` confirms.
    fn count(&self, is_it: impl Fn(u32) -> bool) -> u32 {
        let tags = self.tags.iter().take(WIDTH - 1).enumerate();
        tags.map(|(entry, &tag)| u32::from(is_it(tag)) & self.used() >> (entry + 1))
            .sum()
    }

    #[inline]
    fn used(&self) -> u32 {
        self.slots[WIDTH - 1]
    }

    #[inline]
    fn free(&self) -> u32 {
        !self.used() & ENTRIES
    }

    /// How many buckets away an entry of this home may lie.
    #[inline]
    fn reach(&self) -> usize {
        (self.tags[WIDTH - 1] % REACH) as usize
    }

    fn add_displaced(&mut self, distance: usize) {
        let count = self.tags[WIDTH - 1] / REACH + 1;
        self.tags[WIDTH - 1] = count * REACH + self.reach().max(distance) as u32;
    }

    fn remove_displaced(&mut self) {
        self.tags[WIDTH - 1] -= REACH;
        if self.tags[WIDTH - 1] < REACH {
            self.tags[WIDTH - 1] = 0;
        }
    }
}

/// From an id to a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    /// As many as the capacity needs, and some more for what is displaced from the last.
    buckets: Vec<Bucket>,
    /// How many are homes.
    homes: u32,
    /// The least number 2^n - 1 that is at least `homes - 1`.
    mask: u32,
    /// How many homes there may be: a power of two.
    homes_max: u32,
    /// More entries than this, and there will be more homes.
    grow_above: u32,
    entries: u32,
    key: u64,
}

impl Index {
    /// An index for `entries` entries.
    pub fn new(entries: u32, key: u64) -> Self {
        let homes_max = (entries / LOAD_MAX + 1).next_power_of_two();
        let mut index = Self {
            buckets: vec![Bucket::EMPTY; homes_max as usize + PROBES_MAX],
            homes: 1,
            mask: 0,
            homes_max,
            grow_above: 0,
            entries: 0,
            key,
        };
        index.plan_growth();
        index
    }

    /// The tag of an id.
    #[inline]
    pub fn tag(&self, id: u64) -> Tag {
        let product = u128::from(id ^ self.key) * u128::from(MULTIPLIER);
        let folded = (product >> 64) as u64 ^ product as u64;
        Tag((folded >> 32) as u32)
    }

    /// Looks where the entry of an id belongs. Nothing here depends on whether there is one.
    #[inline(always)]
    pub fn home(&self, id: u64) -> Home {
        let tag = self.tag(id);
        let bucket = self.home_bucket(tag);
        Home {
            at: (bucket as u64) << 32 | u64::from(tag.0),
            hits: self.buckets[bucket].with_tag(tag),
        }
    }

    /// The entry of this home whose slot `is_it` confirms: its place and its slot.
    #[inline(always)]
    pub fn find(&self, home: Home, is_it: impl Fn(u32) -> bool) -> Option<(Place, u32)> {
        let at = home.bucket();
        let bucket = &self.buckets[at];
        if home.hits != 0 {
            let place = Place::of(at, home.hits);
            let slot = bucket.slots[place.entry()];
            if is_it(slot) {
                return Some((place, slot));
            }
        }
        if home.hits == 0 && bucket.reach() == 0 {
            return None;
        }
        self.find_further(home, is_it)
    }

    /// Starts to load the home bucket of a tag.
    #[inline]
    pub fn prefetch(&self, tag: Tag) {
        prefetch_index(self.buckets.as_slice(), self.home_bucket(tag));
    }

    /// Bytes of the buckets that are in use.
    #[inline]
    pub fn bytes_used(&self) -> usize {
        self.homes as usize * size_of::<Bucket>()
    }

    /// The slot of one entry in the home bucket with this tag, whosever it is; zero without one.
    #[inline]
    pub fn candidate(&self, tag: Tag) -> u32 {
        let bucket = &self.buckets[self.home_bucket(tag)];
        let hits = bucket.with_tag(tag);
        // Without a hit this is the last word, which the mask makes zero.
        let entry = (hits | 1 << WIDTH).trailing_zeros() as usize - 1;
        bucket.slots[entry % WIDTH] & 0_u32.wrapping_sub(u32::from(hits != 0))
    }

    /// Where an entry of this home can be put.
    #[inline(always)]
    pub fn vacancy(&self, home: Home) -> Option<Place> {
        let at = home.bucket();
        match self.buckets[at].free() {
            0 => self.vacancy_beyond(at),
            free => Some(Place::of(at, free)),
        }
    }

    /// Puts an entry in a vacant place. All homes and other places may change by this.
    #[inline(always)]
    pub fn put(&mut self, home: Home, place: Place, slot: u32) {
        self.fill(home.bucket(), place, home.tag(), slot);
        self.entries += 1;
        if self.entries > self.grow_above {
            self.grow();
        }
    }

    /// Takes the entry out of its place.
    #[inline(always)]
    pub fn take(&mut self, home: Home, place: Place) {
        self.clear(home.bucket(), place);
        self.entries -= 1;
    }

    /// How many homes are in use.
    pub fn homes(&self) -> u32 {
        self.homes
    }

    /// Every entry: the number of its place, and its slot.
    pub fn entries(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let numbered = self.buckets.iter().enumerate();
        numbered.flat_map(|(number, bucket)| {
            let used = (0..WIDTH - 1).filter(|entry| bucket.used() >> (entry + 1) & 1 == 1);
            used.map(move |entry| ((number * WIDTH + entry) as u32, bucket.slots[entry]))
        })
    }

    /// Brings an index without entries to a number of homes; `None` if it cannot have as many.
    pub fn set_homes(&mut self, homes: u32) -> Option<()> {
        if self.entries != 0 || homes == 0 || homes > self.homes_max {
            return None;
        }
        self.homes = homes;
        self.mask = homes.next_power_of_two() - 1;
        self.plan_growth();
        Some(())
    }

    /// Puts an entry in a place by its number, as it was when `entries` told it; `None` if it cannot be there.
    pub fn put_at(&mut self, home: Home, place: u32, slot: u32) -> Option<()> {
        let (bucket, place) = (home.bucket(), Place(place));
        let near = bucket..bucket + PROBES_MAX;
        let is_free = near.contains(&place.bucket())
            && self.buckets[place.bucket()].free() & place.bit() != 0;
        if !is_free {
            return None;
        }
        self.fill(bucket, place, home.tag(), slot);
        self.entries += 1;
        Some(())
    }

    #[inline(always)]
    fn fill(&mut self, home: usize, place: Place, tag: Tag, slot: u32) {
        let bucket = &mut self.buckets[place.bucket()];
        debug_assert!(bucket.used() & place.bit() == 0, "the place is taken");
        bucket.tags[place.entry()] = tag.0;
        bucket.slots[place.entry()] = slot;
        bucket.slots[WIDTH - 1] |= place.bit();
        if home != place.bucket() {
            self.buckets[home].add_displaced(place.bucket() - home);
        }
    }

    #[inline(always)]
    fn clear(&mut self, home: usize, place: Place) {
        let bucket = &mut self.buckets[place.bucket()];
        debug_assert!(bucket.used() & place.bit() != 0, "the place is free");
        bucket.slots[WIDTH - 1] &= !place.bit();
        if home != place.bucket() {
            self.buckets[home].remove_displaced();
        }
    }

    #[inline(never)]
    fn grow(&mut self) {
        self.add_home();
        if self.homes <= self.mask {
            self.add_home();
        }
        self.plan_growth();
    }

    /// Once begun, a doubling goes on with every entry until it is done.
    fn plan_growth(&mut self) {
        self.grow_above = if self.homes <= self.mask {
            0
        } else if self.homes < self.homes_max {
            self.homes * LOAD_HALVES / 2
        } else {
            u32::MAX
        };
    }

    /// Brings one more bucket into use as a home, unless what it should take does not fit near it.
    fn add_home(&mut self) {
        let new = self.homes as usize;
        let mask = self.mask | self.homes;
        let old = new & (mask >> 1) as usize;
        let moves = |tag: u32| (tag & mask) as usize == new;
        let near = old..=old + self.buckets[old].reach();
        let moving: u32 = near.clone().map(|at| self.buckets[at].count(moves)).sum();
        let mut room = 0;
        let is_room = (new..new + PROBES_MAX).any(|at| {
            room += self.buckets[at].free().count_ones();
            room >= moving
        });
        if !is_room {
            return;
        }
        // From the far end, so that nothing is met again where it moved to.
        for at in near.rev() {
            for entry in 0..WIDTH - 1 {
                let Bucket { tags, slots } = &self.buckets[at];
                let (tag, slot) = (tags[entry], slots[entry]);
                let place = Place((at * WIDTH + entry) as u32);
                if self.buckets[at].used() & place.bit() == 0 || !moves(tag) {
                    continue;
                }
                self.clear(old, place);
                let stays = (at >= new).then_some(place);
                let place = stays.or_else(|| self.vacancy_within(new, PROBES_MAX));
                self.fill(new, place.expect("room was counted"), Tag(tag), slot);
            }
        }
        self.homes += 1;
        self.mask = mask;
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>()
    }

    /// How many entries there are, by counting them.
    pub fn count(&self) -> usize {
        let used = self.buckets.iter().map(Bucket::used);
        used.map(|bits| bits.count_ones() as usize).sum()
    }

    /// The bucket where an entry belongs.
    #[inline]
    fn home_bucket(&self, tag: Tag) -> usize {
        let home = tag.0 & self.mask;
        let lower = tag.0 & (self.mask >> 1);
        (if home < self.homes { home } else { lower }) as usize
    }

    #[inline(never)]
    fn vacancy_beyond(&self, home: usize) -> Option<Place> {
        let crowd = self.buckets[home].tags[WIDTH - 1] / REACH >= CROWD;
        let probes = if crowd { CROWD_PROBES_MAX } else { PROBES_MAX };
        self.vacancy_within(home, probes)
    }

    fn vacancy_within(&self, home: usize, probes: usize) -> Option<Place> {
        (home..home + probes).find_map(|at| match self.buckets[at].free() {
            0 => None,
            free => Some(Place::of(at, free)),
        })
    }

    #[inline(never)]
    fn find_further(&self, home: Home, is_it: impl Fn(u32) -> bool) -> Option<(Place, u32)> {
        let at = home.bucket();
        let found = self.buckets[at].find(at, home.hits, &is_it);
        let displaced = || {
            (at + 1..=at + self.buckets[at].reach()).find_map(|at| {
                let bucket = &self.buckets[at];
                bucket.find(at, bucket.with_tag(home.tag()), &is_it)
            })
        };
        found.or_else(displaced)
    }
}

#[cfg(test)]
#[path = "index/tests.rs"]
mod tests;
