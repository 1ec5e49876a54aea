//! How many pages there are and how many of them are used.

use super::{ALONE, Ladder, NONE, Page, Recent};

impl Ladder {
    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.pages.capacity() * size_of::<Page>()
            + self.bits.capacity() * size_of::<u64>()
            + self.recent.capacity() * size_of::<Recent>()
    }

    /// How many pages are not free, the two roots included.
    pub fn pages_used(&self) -> usize {
        let mut free = 0;
        let mut page = self.free;
        while page != NONE {
            free += 1;
            page = self.bits[page as usize] as u32;
        }
        self.pages.len() - free
    }

    /// How many pages lead to levels, counted by walking down from the roots.
    pub fn pages_reachable(&self) -> usize {
        let count =
            |side: usize| self.reachable(self.fingers[side].path[self.digits - 1], self.digits - 1);
        count(0) + count(1)
    }

    fn reachable(&self, page: u32, at: usize) -> usize {
        if at == 0 {
            return 1;
        }
        let children = self.pages[page as usize].0.iter();
        let used = children.filter(|&&child| child < ALONE);
        1 + used
            .map(|&child| self.reachable(child, at - 1))
            .sum::<usize>()
    }
}
