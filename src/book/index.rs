//! From an id to a slot: a hash table of cache lines that never grows.
//!
//! ```text
//!   bucket, 64 bytes:  | tag x 7 | overflow | slot x 7 | unused |
//! ```
//!
//! An entry is a 32-bit tag of the id's keyed hash and a slot; the full id is
//! compared where the slot points, which has to be read anyway. The high bits
//! of the tag name the home bucket. When that is full, the entry goes to one of
//! the next buckets and the home's overflow count says so; a home that has
//! overflowed nothing answers in one cache line. Removal stores a zero: there
//! are no tombstones and nothing shifts.

/// No slot.
pub const NONE: u32 = u32::MAX;

/// Entries a bucket holds.
const WIDTH: usize = 7;
/// Entries there are buckets for, at full capacity: a load of 4 in 7.
const PLANNED: usize = 4;
/// How many buckets, the home included, an entry may be looked for in.
const PROBES_MAX: usize = 32;
/// An odd number without structure (the first hexadecimal digits of pi's fraction).
const MULTIPLIER: u64 = 0x243F_6A88_85A3_08D3;

/// The part of an id's hash that the index keeps: never zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag(u32);

#[derive(Clone, PartialEq, Eq, Debug)]
#[repr(align(64))]
struct Bucket {
    /// Seven tags, zero where the entry is free, and in the last word how many
    /// entries of this home lie in other buckets.
    tags: [u32; WIDTH + 1],
    slots: [u32; WIDTH + 1],
}

impl Bucket {
    const EMPTY: Self = Self {
        tags: [0; WIDTH + 1],
        slots: [0; WIDTH + 1],
    };

    /// A bit for each entry with this tag. Comparing the eighth word too lets it be one vector operation.
    #[inline]
    fn with_tag(&self, tag: u32) -> u32 {
        let mut bits = 0;
        for (entry, &there) in self.tags.iter().enumerate() {
            bits |= u32::from(there == tag) << entry;
        }
        bits & 0x7F
    }

    #[inline]
    fn overflow(&self) -> u32 {
        self.tags[WIDTH]
    }
}

/// From an id to a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    buckets: Vec<Bucket>,
    key: u64,
}

impl Index {
    /// An index for `entries` entries.
    pub fn new(entries: usize, key: u64) -> Self {
        Self {
            buckets: vec![Bucket::EMPTY; entries / PLANNED + 2],
            key,
        }
    }

    /// The tag of an id.
    #[inline]
    pub fn tag(&self, id: u64) -> Tag {
        let product = u128::from(id ^ self.key) * u128::from(MULTIPLIER);
        let folded = (product >> 64) as u64 ^ product as u64;
        Tag((folded >> 32) as u32 | 1)
    }

    /// The slot of the entry with this tag that `is_it` confirms, or `NONE`.
    #[inline]
    pub fn find(&self, tag: Tag, is_it: impl Fn(u32) -> bool) -> u32 {
        let home = self.home(tag.0);
        let bucket = &self.buckets[home];
        let mut hits = bucket.with_tag(tag.0);
        while hits != 0 {
            let slot = bucket.slots[hits.trailing_zeros() as usize & WIDTH];
            if is_it(slot) {
                return slot;
            }
            hits &= hits - 1;
        }
        if bucket.overflow() == 0 {
            return NONE;
        }
        match self.find_displaced(home, tag, is_it) {
            Some((bucket, entry)) => self.buckets[bucket].slots[entry],
            None => NONE,
        }
    }

    /// The slot of the first entry in the home bucket with this tag, whosever it is, or `NONE`.
    #[inline]
    pub fn candidate(&self, tag: Tag) -> u32 {
        let bucket = &self.buckets[self.home(tag.0)];
        match bucket.with_tag(tag.0) {
            0 => NONE,
            hits => bucket.slots[hits.trailing_zeros() as usize & WIDTH],
        }
    }

    /// Whether an entry with this tag could be added.
    #[inline]
    pub fn has_room(&self, tag: Tag) -> bool {
        let home = self.home(tag.0);
        self.buckets[home].with_tag(0) != 0 || self.free_near(home).is_some()
    }

    /// Adds an entry; there is room.
    #[inline]
    pub fn insert(&mut self, tag: Tag, slot: u32) {
        let home = self.home(tag.0);
        let bucket = &mut self.buckets[home];
        let free = bucket.with_tag(0);
        if free == 0 {
            return self.insert_displaced(home, tag, slot);
        }
        let entry = free.trailing_zeros() as usize & WIDTH;
        bucket.tags[entry] = tag.0;
        bucket.slots[entry] = slot;
    }

    /// Removes the entry with this tag and slot, which is there.
    #[inline]
    pub fn remove(&mut self, tag: Tag, slot: u32) {
        let home = self.home(tag.0);
        let bucket = &mut self.buckets[home];
        let mut hits = bucket.with_tag(tag.0);
        while hits != 0 {
            let entry = hits.trailing_zeros() as usize & WIDTH;
            if bucket.slots[entry] == slot {
                bucket.tags[entry] = 0;
                return;
            }
            hits &= hits - 1;
        }
        self.remove_displaced(home, tag, slot);
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.buckets.capacity() * size_of::<Bucket>()
    }

    /// How many entries there are, by counting them.
    pub fn count(&self) -> usize {
        let free = |bucket: &Bucket| bucket.with_tag(0).count_ones() as usize;
        self.buckets.iter().map(|bucket| WIDTH - free(bucket)).sum()
    }

    #[inline]
    fn home(&self, tag: u32) -> usize {
        (u64::from(tag) * self.buckets.len() as u64 >> 32) as usize
    }

    /// The buckets after `home` that its displaced entries may lie in.
    fn beyond(&self, home: usize) -> impl Iterator<Item = usize> {
        let count = self.buckets.len();
        (1..PROBES_MAX.min(count)).map(move |step| (home + step) % count)
    }

    #[cold]
    fn free_near(&self, home: usize) -> Option<usize> {
        self.beyond(home)
            .find(|&bucket| self.buckets[bucket].with_tag(0) != 0)
    }

    #[cold]
    fn find_displaced(
        &self,
        home: usize,
        tag: Tag,
        is_it: impl Fn(u32) -> bool,
    ) -> Option<(usize, usize)> {
        let mut left = self.buckets[home].overflow();
        for bucket in self.beyond(home) {
            for entry in 0..WIDTH {
                let there = self.buckets[bucket].tags[entry];
                if there == 0 || self.home(there) != home {
                    continue;
                }
                if there == tag.0 && is_it(self.buckets[bucket].slots[entry]) {
                    return Some((bucket, entry));
                }
                left -= 1;
                if left == 0 {
                    return None;
                }
            }
        }
        None
    }

    #[cold]
    fn insert_displaced(&mut self, home: usize, tag: Tag, slot: u32) {
        let bucket = self.free_near(home).expect("the caller saw room");
        let entry = self.buckets[bucket].with_tag(0).trailing_zeros() as usize;
        self.buckets[bucket].tags[entry] = tag.0;
        self.buckets[bucket].slots[entry] = slot;
        self.buckets[home].tags[WIDTH] += 1;
    }

    #[cold]
    fn remove_displaced(&mut self, home: usize, tag: Tag, slot: u32) {
        let (bucket, entry) = self
            .find_displaced(home, tag, |there| there == slot)
            .expect("the entry is there");
        self.buckets[bucket].tags[entry] = 0;
        self.buckets[home].tags[WIDTH] -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_index_agrees_with_a_map_at_every_load() {
        for capacity in [1usize, 7, 50, 1_000] {
            let mut index = Index::new(capacity, 7);
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
                assert_eq!(found, map.get(&id).copied().unwrap_or(NONE));
                if found != NONE {
                    index.remove(tag, found);
                    free.push(map.remove(&id).unwrap());
                } else if let Some(slot) = free.pop() {
                    assert!(index.has_room(tag));
                    ids[slot as usize] = id;
                    index.insert(tag, slot);
                    map.insert(id, slot);
                }
                assert_eq!(index.count(), map.len());
            }
        }
    }

    #[test]
    fn ids_that_crowd_one_bucket_are_kept_apart_and_bounded() {
        let mut index = Index::new(100_000, 0);
        let home = index.home(index.tag(1).0);
        let crowd: Vec<u64> = (0..)
            .filter(|&id| index.home(index.tag(id).0) == home)
            .take(300)
            .collect();
        let fit = WIDTH * PROBES_MAX;
        for (slot, &id) in crowd.iter().enumerate() {
            assert_eq!(index.has_room(index.tag(id)), slot < fit);
            if slot < fit {
                index.insert(index.tag(id), slot as u32);
            }
        }
        for (slot, &id) in crowd.iter().enumerate().take(fit) {
            let found = index.find(index.tag(id), |there| crowd[there as usize] == id);
            assert_eq!(found, slot as u32);
        }
        assert_eq!(
            index.find(index.tag(crowd[fit]), |there| crowd[there as usize]
                == crowd[fit]),
            NONE
        );
        for (slot, &id) in crowd.iter().enumerate().take(fit) {
            index.remove(index.tag(id), slot as u32);
        }
        assert_eq!(index.count(), 0);
        assert_eq!(index.buckets[home].overflow(), 0);
    }

    #[test]
    fn another_key_puts_ids_elsewhere() {
        let (one, other) = (Index::new(10_000, 1), Index::new(10_000, 2));
        let moved = (0..1_000).filter(|&id| one.home(one.tag(id).0) != other.home(other.tag(id).0));
        assert!(moved.count() > 900);
    }
}
