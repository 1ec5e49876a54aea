//! The orders of each account in the order in which they came to rest.
//!
//! A book keeps these links only if it was given a capacity for accounts.
//!
//! An account with resting orders has a sentinel; its orders are a circle of
//! links through it. Sentinels and orders share one index space, sentinels
//! first. An account that has no order left gives its sentinel back.

use prefetch_index::prefetch_index;

use crate::book::index::{Index, Place};
use crate::book::slab::NONE;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Link {
    /// Towards the oldest order. From the sentinel: the newest. In a free sentinel: `NONE`.
    prev: u32,
    /// Towards the newest order. From the sentinel: the oldest. In a free sentinel: the next free one.
    next: u32,
    /// An order's sentinel, or a sentinel's account.
    owner: u32,
}

/// An account's sentinel, or the place in the index where it will be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    /// It has orders.
    Known(u32),
    /// It has none yet.
    New(Place),
}

/// The orders of each account. Orders are named by their position among all order slots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owners {
    links: Vec<Link>,
    index: Index,
    /// The sentinel that was last opened for an account with these low bits: a short cut past the index.
    recent: Vec<u32>,
    accounts: u32,
    free: u32,
}

impl Owners {
    /// Room for `orders` orders of `accounts` accounts.
    pub fn new(accounts: u32, orders: u32, key: u64) -> Self {
        let chained = |link: u32| Link {
            prev: NONE,
            next: if link + 1 < accounts { link + 1 } else { NONE },
            owner: 0,
        };
        Self {
            links: (0..accounts + orders).map(chained).collect(),
            index: Index::new(accounts, key),
            recent: (0..(2 * accounts).next_power_of_two()).map(|_| 0).collect(),
            accounts,
            free: 0,
        }
    }

    /// An account that can have another order.
    #[inline]
    pub fn owner(&self, account: u32) -> Option<Owner> {
        let recent = self.recent[self.low_bits(account)];
        let link = &self.links[recent as usize];
        if link.owner == account && link.prev != NONE {
            return Some(Owner::Known(recent));
        }
        self.owner_in_index(account)
    }

    #[cold]
    fn owner_in_index(&self, account: u32) -> Option<Owner> {
        match self.sentinel(account) {
            NONE if self.free == NONE => None,
            NONE => {
                let home = self.index.home(u64::from(account));
                self.index.vacancy(home).map(Owner::New)
            }
            sentinel => Some(Owner::Known(sentinel)),
        }
    }

    /// Adds an order as the newest of its account. Since `owner` was asked for, orders
    /// may have left, the last one of the account too.
    #[inline]
    pub fn join(&mut self, order: u32, account: u32, owner: Owner) {
        let sentinel = match owner {
            Owner::Known(sentinel) if self.links[sentinel as usize].prev != NONE => sentinel,
            Owner::Known(_) => self.reopen(account),
            Owner::New(place) => self.open(account, place),
        };
        let link = self.accounts + order;
        let newest = self.links[sentinel as usize].prev;
        self.links[link as usize] = Link {
            prev: newest,
            next: sentinel,
            owner: sentinel,
        };
        self.links[newest as usize].next = link;
        self.links[sentinel as usize].prev = link;
    }

    /// Takes an order out of its account's.
    #[inline]
    pub fn leave(&mut self, order: u32) {
        let Link { prev, next, owner } = self.links[(self.accounts + order) as usize];
        self.links[prev as usize].next = next;
        self.links[next as usize].prev = prev;
        if prev == next && prev == owner {
            self.close(owner);
        }
    }

    /// Where the orders of the account of an order are kept.
    #[inline]
    pub fn owner_of(&self, order: u32) -> Owner {
        Owner::Known(self.links[(self.accounts + order) as usize].owner)
    }

    /// The oldest order of an account.
    pub fn first(&self, account: u32) -> Option<u32> {
        let sentinel = self.sentinel(account);
        if sentinel == NONE {
            return None;
        }
        Some(self.links[sentinel as usize].next - self.accounts)
    }

    /// The order after this one of the same account.
    pub fn newer(&self, order: u32) -> Option<u32> {
        self.links[(self.accounts + order) as usize]
            .next
            .checked_sub(self.accounts)
    }

    /// Every account that has orders, and the number of its place in the index.
    pub fn accounts(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let entries = self.index.entries();
        entries.map(|(place, sentinel)| (self.links[sentinel as usize].owner, place))
    }

    /// How many homes the index has in use.
    pub fn homes(&self) -> u32 {
        self.index.homes()
    }

    /// Brings the index to a number of homes while there are no accounts.
    pub fn set_homes(&mut self, homes: u32) -> Option<()> {
        self.index.set_homes(homes)
    }

    /// Opens an account in a place of the index; `None` if it is open, or cannot be there.
    pub fn open_at(&mut self, account: u32, place: u32) -> Option<Owner> {
        if self.free == NONE || self.sentinel(account) != NONE {
            return None;
        }
        let sentinel = self.free;
        let home = self.index.home(u64::from(account));
        self.index.put_at(home, place, sentinel)?;
        self.open_sentinel(account);
        Some(Owner::Known(sentinel))
    }

    /// Starts to load the links of orders, and then those of their neighbours.
    pub fn prefetch(&self, orders: impl Iterator<Item = u32> + Clone) {
        let links = self.links.as_slice();
        let link = |order: u32| (self.accounts + order) as usize;
        for order in orders.clone() {
            prefetch_index(links, link(order));
        }
        for order in orders {
            let Link { prev, next, .. } = links[link(order)];
            prefetch_index(links, prev as usize);
            prefetch_index(links, next as usize);
        }
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.links.capacity() * size_of::<Link>()
            + self.recent.capacity() * size_of::<u32>()
            + self.index.memory_bytes()
    }

    /// Asserts that every circle closes and no sentinel was lost; counts the orders.
    pub fn check(&self) -> u32 {
        let mut free = vec![false; self.accounts as usize];
        let mut sentinel = self.free;
        while sentinel != NONE {
            free[sentinel as usize] = true;
            sentinel = self.links[sentinel as usize].next;
        }
        let mut orders = 0;
        let mut open = 0;
        for sentinel in (0..self.accounts).filter(|&sentinel| !free[sentinel as usize]) {
            let mut link = self.links[sentinel as usize].next;
            assert!(link != sentinel, "an account without orders");
            while link != sentinel {
                let Link { prev, next, owner } = self.links[link as usize];
                assert_eq!(owner, sentinel, "an order of another account");
                assert_eq!(self.links[prev as usize].next, link, "a broken circle");
                orders += 1;
                link = next;
            }
            open += 1;
        }
        assert_eq!(open, self.index.count(), "the index kept a dead account");
        orders
    }

    #[inline]
    fn low_bits(&self, account: u32) -> usize {
        account as usize & (self.recent.len() - 1)
    }

    #[inline]
    fn sentinel(&self, account: u32) -> u32 {
        self.entry(account).map_or(NONE, |(_, sentinel)| sentinel)
    }

    #[inline]
    fn entry(&self, account: u32) -> Option<(Place, u32)> {
        let home = self.index.home(u64::from(account));
        self.index
            .find(home, |link| self.links[link as usize].owner == account)
    }

    #[cold]
    fn open(&mut self, account: u32, place: Place) -> u32 {
        let sentinel = self.open_sentinel(account);
        let home = self.index.home(u64::from(account));
        self.index.put(home, place, sentinel);
        sentinel
    }

    /// Takes a sentinel for an account that the index leads to it.
    fn open_sentinel(&mut self, account: u32) -> u32 {
        let sentinel = self.free;
        assert!(sentinel != NONE, "the caller saw room");
        self.free = self.links[sentinel as usize].next;
        self.links[sentinel as usize] = Link {
            prev: sentinel,
            next: sentinel,
            owner: account,
        };
        let low_bits = self.low_bits(account);
        self.recent[low_bits] = sentinel;
        sentinel
    }

    #[cold]
    fn reopen(&mut self, account: u32) -> u32 {
        match self.owner(account).expect("what closed left room") {
            Owner::Known(sentinel) => sentinel,
            Owner::New(place) => self.open(account, place),
        }
    }

    #[cold]
    fn close(&mut self, sentinel: u32) {
        let account = self.links[sentinel as usize].owner;
        let (place, _) = self.entry(account).expect("an open account is indexed");
        let home = self.index.home(u64::from(account));
        self.index.take(home, place);
        self.links[sentinel as usize].prev = NONE;
        self.links[sentinel as usize].next = self.free;
        self.free = sentinel;
    }
}
