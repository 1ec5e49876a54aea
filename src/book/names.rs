//! Names that accounts give, each with a number behind it: open addressing, linear probing, backward shift.
//!
//! Twice as many homes as names, so that a probe is short; all memory is taken at the start. With a known key names can be chosen that
//! lie in one run, which then costs as many steps: see [`InstrumentBuilder::index_key`](crate::InstrumentBuilder::index_key).

/// An account's name for something. What needs no account has zero.
pub(crate) type Name = (u32, u64);

/// Numbers by name.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    homes: Vec<Option<(Name, u32)>>,
    key: u64,
}

impl Names {
    /// Room for so many names.
    pub(crate) fn new(room: u32, key: u64) -> Self {
        let homes = (2 * room as usize).next_power_of_two();
        Self {
            homes: vec![None; homes],
            key,
        }
    }

    /// Bytes of heap in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.homes.capacity() * size_of::<Option<(Name, u32)>>()
    }

    /// The number behind a name.
    pub(crate) fn find(&self, name: Name) -> Option<u32> {
        self.place(name).ok().map(|(_, number)| number)
    }

    /// Puts a number behind a name that has none. The caller saw that there is room.
    pub(crate) fn put(&mut self, name: Name, number: u32) {
        if let Err(free) = self.place(name) {
            self.homes[free] = Some((name, number));
        }
    }

    /// Forgets a name.
    pub(crate) fn remove(&mut self, name: Name) {
        let Ok((mut hole, _)) = self.place(name) else {
            return;
        };
        self.homes[hole] = None;
        let mut at = hole;
        loop {
            at = self.behind(at);
            let Some((other, _)) = self.homes[at] else {
                return;
            };
            // It moves up if the hole is on its way from its home.
            let home = self.home(other);
            let way = at.wrapping_sub(home) & self.mask();
            let gap = at.wrapping_sub(hole) & self.mask();
            if way >= gap {
                self.homes[hole] = self.homes[at].take();
                hole = at;
            }
        }
    }

    /// Where a name is, with its number, or the free place where it would be put.
    fn place(&self, name: Name) -> Result<(usize, u32), usize> {
        let mut at = self.home(name);
        while let Some((other, number)) = self.homes[at] {
            if other == name {
                return Ok((at, number));
            }
            at = self.behind(at);
        }
        Err(at)
    }

    fn mask(&self) -> usize {
        self.homes.len() - 1
    }

    fn behind(&self, at: usize) -> usize {
        (at + 1) & self.mask()
    }

    fn home(&self, (account, name): Name) -> usize {
        let mixed = (name ^ self.key).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(account);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        (mixed >> 32) as usize & self.mask()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn names_come_and_go_as_in_a_sorted_map() {
        let mut names = Names::new(8, 7);
        let mut sorted = BTreeMap::new();
        let mut drawn: u64 = 1;
        for step in 0..20_000 {
            drawn = drawn
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let name = ((drawn >> 60) as u32 % 3, drawn >> 33 & 7);
            if drawn >> 40 & 1 == 0 && sorted.len() < 8 && !sorted.contains_key(&name) {
                names.put(name, step);
                sorted.insert(name, step);
            } else if drawn >> 41 & 1 == 0 {
                names.remove(name);
                sorted.remove(&name);
            }
            assert_eq!(names.find(name), sorted.get(&name).copied());
        }
        for account in 0..3 {
            for name in 0..8 {
                let name = (account, name);
                assert_eq!(names.find(name), sorted.get(&name).copied());
            }
        }
    }
}
