//! From an id to a slot: a hash table of cache lines that never grows.
//!
//! ```text
//!   bucket, 64 bytes:  | tag x 7 | overflow | slot x 7 | used |
//! ```
//!
//! An entry is a 32-bit tag of the id's keyed hash and a slot; the full id is
//! compared where the slot points, which has to be read anyway. The high bits
//! of the tag name the home bucket. When that is full, the entry goes to one of
//! the next buckets and the home's overflow count says so; a home that has
//! overflowed nothing answers in one cache line. Removal clears a bit of `used`:
//! there are no tombstones and nothing shifts.

/// Words of each half of a bucket: seven entries and one word about all of them.
const WIDTH: usize = 8;
/// The bits of `used` that stand for entries: entry n has bit n + 1.
const ENTRIES: u32 = 0xFE;
/// How many buckets, the home included, an entry may lie in.
const PROBES_MAX: usize = 32;
/// An odd number without structure (the first hexadecimal digits of pi's fraction).
const MULTIPLIER: u64 = 0x243F_6A88_85A3_08D3;

/// The part of an id's hash that the index keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag(u32);

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
    /// Seven tags, stale where the entry is free; then how many entries of this home lie in other buckets.
    tags: [u32; WIDTH],
    /// Seven slots; then which entries are used.
    slots: [u32; WIDTH],
}

impl Bucket {
    const EMPTY: Self = Self {
        tags: [0; WIDTH],
        slots: [0; WIDTH],
    };

    /// A bit for each used entry with this tag. Comparing all eight words, and nowhere with
    /// a bit 0, it compiles to two vector comparisons and no branch.
    #[inline(always)]
    fn with_tag(&self, tag: Tag) -> u32 {
        let mut bits = 0;
        for (entry, &there) in self.tags.iter().enumerate() {
            bits |= u32::from(there == tag.0) << (entry + 1);
        }
        bits & self.used()
    }

    #[inline]
    fn used(&self) -> u32 {
        self.slots[WIDTH - 1]
    }

    #[inline]
    fn free(&self) -> u32 {
        !self.used() & ENTRIES
    }

    #[inline]
    fn overflow(&self) -> u32 {
        self.tags[WIDTH - 1]
    }
}

/// From an id to a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    buckets: Vec<Bucket>,
    key: u64,
}

impl Index {
    /// An index for `entries` entries, which will fill a bucket's seven to `load` on average.
    pub fn new(entries: usize, load: usize, key: u64) -> Self {
        Self {
            buckets: vec![Bucket::EMPTY; entries / load + 2],
            key,
        }
    }

    /// The tag of an id.
    #[inline]
    pub fn tag(&self, id: u64) -> Tag {
        let product = u128::from(id ^ self.key) * u128::from(MULTIPLIER);
        let folded = (product >> 64) as u64 ^ product as u64;
        Tag((folded >> 32) as u32)
    }

    /// The entry with this tag whose slot `is_it` confirms: its place and its slot.
    #[inline(always)]
    pub fn find(&self, tag: Tag, is_it: impl Fn(u32) -> bool) -> Option<(Place, u32)> {
        let home = self.home(tag);
        let bucket = &self.buckets[home];
        let mut hits = bucket.with_tag(tag);
        while hits != 0 {
            let place = Place::of(home, hits);
            let slot = bucket.slots[place.entry()];
            if is_it(slot) {
                return Some((place, slot));
            }
            hits &= hits - 1;
        }
        if bucket.overflow() == 0 {
            return None;
        }
        self.find_displaced(home, tag, is_it)
    }

    /// The slot of the first entry in the home bucket with this tag, whosever it is; zero without one.
    #[inline]
    pub fn candidate(&self, tag: Tag) -> u32 {
        let home = self.home(tag);
        let bucket = &self.buckets[home];
        match bucket.with_tag(tag) {
            0 => 0,
            hits => bucket.slots[Place::of(home, hits).entry()],
        }
    }

    /// Where an entry with this tag can be put.
    #[inline]
    pub fn vacancy(&self, tag: Tag) -> Option<Place> {
        let home = self.home(tag);
        match self.buckets[home].free() {
            0 => self.vacancy_beyond(home),
            free => Some(Place::of(home, free)),
        }
    }

    /// Puts an entry in a vacant place.
    #[inline]
    pub fn put(&mut self, tag: Tag, place: Place, slot: u32) {
        let home = self.home(tag);
        let bucket = &mut self.buckets[place.bucket()];
        debug_assert!(bucket.used() & place.bit() == 0, "the place is taken");
        bucket.tags[place.entry()] = tag.0;
        bucket.slots[place.entry()] = slot;
        bucket.slots[WIDTH - 1] |= place.bit();
        if home != place.bucket() {
            self.buckets[home].tags[WIDTH - 1] += 1;
        }
    }

    /// Takes the entry out of its place.
    #[inline]
    pub fn take(&mut self, tag: Tag, place: Place) {
        let home = self.home(tag);
        let bucket = &mut self.buckets[place.bucket()];
        debug_assert!(
            bucket.with_tag(tag) & place.bit() != 0,
            "the entry is another"
        );
        bucket.slots[WIDTH - 1] &= !place.bit();
        if home != place.bucket() {
            self.buckets[home].tags[WIDTH - 1] -= 1;
        }
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

    #[inline]
    fn home(&self, tag: Tag) -> usize {
        ((u64::from(tag.0) * self.buckets.len() as u64) >> 32) as usize
    }

    /// The buckets after `home` that its displaced entries may lie in.
    fn beyond(&self, home: usize) -> impl Iterator<Item = usize> {
        let count = self.buckets.len();
        (1..PROBES_MAX.min(count)).map(move |step| (home + step) % count)
    }

    #[cold]
    fn vacancy_beyond(&self, home: usize) -> Option<Place> {
        self.beyond(home)
            .find_map(|bucket| match self.buckets[bucket].free() {
                0 => None,
                free => Some(Place::of(bucket, free)),
            })
    }

    #[cold]
    fn find_displaced(
        &self,
        home: usize,
        tag: Tag,
        is_it: impl Fn(u32) -> bool,
    ) -> Option<(Place, u32)> {
        let mut left = self.buckets[home].overflow();
        for at in self.beyond(home) {
            let bucket = &self.buckets[at];
            for entry in 0..WIDTH - 1 {
                let place = Place((at * WIDTH + entry) as u32);
                let there = Tag(bucket.tags[entry]);
                if bucket.used() & place.bit() == 0 || self.home(there) != home {
                    continue;
                }
                if there == tag && is_it(bucket.slots[entry]) {
                    return Some((place, bucket.slots[entry]));
                }
                left -= 1;
                if left == 0 {
                    return None;
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_index_agrees_with_a_map_at_every_load() {
        for capacity in [1usize, 7, 50, 1_000] {
            let mut index = Index::new(capacity, 4, 7);
            let mut ids = vec![0u64; capacity];
            let mut map = HashMap::new();
            let mut free: Vec<u32> = (0..capacity as u32).collect();
            let mut random = 1u64;
            for _ in 0..40_000 {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let id = (random >> 33) % (2 * capacity as u64);
                let tag = index.tag(id);
                let found = index.find(tag, |slot| ids[slot as usize] == id);
                assert_eq!(found.map(|(_, slot)| slot), map.get(&id).copied());
                if let Some((place, _)) = found {
                    index.take(tag, place);
                    free.push(map.remove(&id).unwrap());
                } else if let Some(slot) = free.pop() {
                    ids[slot as usize] = id;
                    index.put(tag, index.vacancy(tag).unwrap(), slot);
                    map.insert(id, slot);
                }
                assert_eq!(index.count(), map.len());
            }
        }
    }

    #[test]
    fn ids_that_crowd_one_bucket_are_kept_apart_and_bounded() {
        let mut index = Index::new(100_000, 4, 0);
        let home = index.home(index.tag(1));
        let crowd: Vec<u64> = (0..)
            .filter(|&id| index.home(index.tag(id)) == home)
            .take(300)
            .collect();
        let fit = (WIDTH - 1) * PROBES_MAX;
        for (slot, &id) in crowd.iter().enumerate() {
            let vacancy = index.vacancy(index.tag(id));
            assert_eq!(vacancy.is_some(), slot < fit);
            if let Some(place) = vacancy {
                index.put(index.tag(id), place, slot as u32);
            }
        }
        let find = |index: &Index, id| index.find(index.tag(id), |slot| crowd[slot as usize] == id);
        assert_eq!(find(&index, crowd[fit]), None);
        for (slot, &id) in crowd.iter().enumerate().take(fit) {
            let (place, found) = find(&index, id).unwrap();
            assert_eq!(found, slot as u32);
            index.take(index.tag(id), place);
        }
        assert_eq!(index.count(), 0);
        assert_eq!(index.buckets[home].overflow(), 0);
    }

    #[test]
    fn another_key_puts_ids_elsewhere() {
        let (one, other) = (Index::new(10_000, 4, 1), Index::new(10_000, 4, 2));
        let moved = (0..1_000).filter(|&id| one.home(one.tag(id)) != other.home(other.tag(id)));
        assert!(moved.count() > 900);
    }
}
