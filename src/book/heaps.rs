//! Heaps by (key, arrival) whose entries can be taken out wherever they stand.

use crate::book::slab::NONE;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    key: u64,
    arrival: u64,
    /// Whose it is. In a free entry: the next free one.
    owner: u32,
    /// Where the entry stands in its heap.
    position: u32,
    heap: u8,
}

/// As long as it can get, and how much of that is in use.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Heap {
    entries: Vec<u32>,
    len: usize,
}

impl Heap {
    fn used(&self) -> &[u32] {
        &self.entries[..self.len]
    }
}

/// A few heaps that share their room. Entries are named by the number that adding them gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heaps<const COUNT: usize> {
    entries: Vec<Entry>,
    heaps: [Heap; COUNT],
    free: u32,
}

impl<const COUNT: usize> Heaps<COUNT> {
    /// Room for so many entries in all.
    pub fn new(room: u32) -> Self {
        let chained = |entry: u32| Entry {
            key: 0,
            arrival: 0,
            owner: if entry + 1 < room { entry + 1 } else { NONE },
            position: 0,
            heap: 0,
        };
        Self {
            entries: (0..room).map(chained).collect(),
            heaps: std::array::from_fn(|_| Heap {
                entries: vec![NONE; room as usize],
                len: 0,
            }),
            free: if room > 0 { 0 } else { NONE },
        }
    }

    /// Whether another entry fits.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.free != NONE
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.heaps.iter().map(|heap| heap.len).sum()
    }

    /// Adds an entry; there is room. The number of the entry.
    pub fn add(&mut self, heap: usize, key: u64, arrival: u64, owner: u32) -> u32 {
        let entry = self.free;
        self.free = self.entries[entry as usize].owner;
        let entries = &mut self.heaps[heap];
        let position = entries.len;
        entries.entries[position] = entry;
        entries.len += 1;
        self.entries[entry as usize] = Entry {
            key,
            arrival,
            owner,
            position: position as u32,
            heap: heap as u8,
        };
        self.rise(heap, position);
        entry
    }

    /// Removes an entry.
    pub fn remove(&mut self, entry: u32) {
        let Entry { heap, position, .. } = self.entries[entry as usize];
        let (heap, position) = (usize::from(heap), position as usize);
        let entries = &mut self.heaps[heap];
        entries.len -= 1;
        let moved = entries.entries[entries.len];
        if moved != entry {
            entries.entries[position] = moved;
            self.entries[moved as usize].position = position as u32;
            self.rise(heap, position);
            self.sink(heap, self.entries[moved as usize].position as usize);
        }
        self.entries[entry as usize].owner = self.free;
        self.free = entry;
    }

    /// The least of a heap: its key and whose it is.
    pub fn first(&self, heap: usize) -> Option<(u64, u32)> {
        let &entry = self.heaps[heap].used().first()?;
        let entry = &self.entries[entry as usize];
        Some((entry.key, entry.owner))
    }

    /// In which heap an entry is, and its key.
    pub fn place(&self, entry: u32) -> (usize, u64) {
        let entry = &self.entries[entry as usize];
        (usize::from(entry.heap), entry.key)
    }

    /// Whose the entries are, the earliest arrival first.
    pub fn by_arrival(&self) -> Vec<u32> {
        let used = self.heaps.iter().flat_map(Heap::used);
        let mut entries: Vec<&Entry> = used.map(|&entry| &self.entries[entry as usize]).collect();
        entries.sort_unstable_by_key(|entry| entry.arrival);
        entries.iter().map(|entry| entry.owner).collect()
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        let places = self.heaps.iter().map(|heap| heap.entries.capacity());
        self.entries.capacity() * size_of::<Entry>() + places.sum::<usize>() * size_of::<u32>()
    }

    /// Asserts that all heaps are in order and that no entry was lost.
    pub fn check(&self) {
        for (number, heap) in self.heaps.iter().enumerate() {
            for (position, &entry) in heap.used().iter().enumerate() {
                let at = self.entries[entry as usize];
                assert_eq!(at.position as usize, position, "an entry elsewhere");
                assert_eq!(usize::from(at.heap), number, "an entry of another heap");
                let above = heap.used()[position.saturating_sub(1) / 2];
                let is_order = position == 0 || self.key(above) < self.key(entry);
                assert!(is_order, "a heap out of order");
            }
        }
        let mut free = 0;
        let mut entry = self.free;
        while entry != NONE {
            free += 1;
            entry = self.entries[entry as usize].owner;
        }
        assert_eq!(free + self.count(), self.entries.len(), "an entry was lost");
    }

    fn key(&self, entry: u32) -> (u64, u64) {
        let entry = &self.entries[entry as usize];
        (entry.key, entry.arrival)
    }

    fn rise(&mut self, heap: usize, mut position: usize) {
        while position > 0 {
            let parent = (position - 1) / 2;
            if !self.swap_if_less(heap, position, parent) {
                break;
            }
            position = parent;
        }
    }

    fn sink(&mut self, heap: usize, mut position: usize) {
        loop {
            let used = self.heaps[heap].used();
            let children = 2 * position + 1..(2 * position + 3).min(used.len());
            let Some(least) = children.min_by_key(|&child| self.key(used[child])) else {
                break;
            };
            if !self.swap_if_less(heap, least, position) {
                break;
            }
            position = least;
        }
    }

    fn swap_if_less(&mut self, heap: usize, child: usize, parent: usize) -> bool {
        let used = self.heaps[heap].used();
        let (below, above) = (used[child], used[parent]);
        if self.key(below) >= self.key(above) {
            return false;
        }
        self.heaps[heap].entries.swap(child, parent);
        self.entries[below as usize].position = parent as u32;
        self.entries[above as usize].position = child as u32;
        true
    }
}
