//! The orders of each account in the order in which they came to rest.
//!
//! An account with resting orders has a sentinel; its orders are a circle of
//! links through it. Sentinels and orders share one index space, sentinels
//! first. An account that has no order left gives its sentinel back.

use crate::book::index::{Index, NONE};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Link {
    /// Towards the oldest order. From the sentinel: the newest.
    prev: u32,
    /// Towards the newest order. From the sentinel: the oldest. In a free sentinel: the next free one.
    next: u32,
    /// An order's sentinel, or a sentinel's account.
    owner: u32,
}

/// The orders of each account. Orders are named by their position among all order slots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owners {
    links: Vec<Link>,
    index: Index,
    accounts: u32,
    free: u32,
}

impl Owners {
    /// Room for `orders` orders of `accounts` accounts.
    pub fn new(accounts: u32, orders: u32, key: u64) -> Self {
        let chained = |link: u32| Link {
            next: if link + 1 < accounts { link + 1 } else { NONE },
            ..Link::default()
        };
        Self {
            links: (0..accounts + orders).map(chained).collect(),
            index: Index::new(accounts as usize, key),
            accounts,
            free: 0,
        }
    }

    /// Whether an order of this account can be added.
    #[inline]
    pub fn has_room(&self, account: u32) -> bool {
        let roomy = || self.index.has_room(self.index.tag(u64::from(account)));
        self.sentinel(account) != NONE || (self.free != NONE && roomy())
    }

    /// Adds an order as the newest of its account; there is room.
    #[inline]
    pub fn join(&mut self, order: u32, account: u32) {
        let mut sentinel = self.sentinel(account);
        if sentinel == NONE {
            sentinel = self.open(account);
        }
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

    /// The account of an order.
    #[inline]
    pub fn account(&self, order: u32) -> u32 {
        let sentinel = self.links[(self.accounts + order) as usize].owner;
        self.links[sentinel as usize].owner
    }

    /// The orders of an account, oldest first.
    pub fn orders(&self, account: u32) -> impl Iterator<Item = u32> {
        let sentinel = self.sentinel(account);
        let mut link = sentinel;
        std::iter::from_fn(move || {
            if link == NONE {
                return None;
            }
            link = self.links[link as usize].next;
            (link != sentinel).then(|| link - self.accounts)
        })
    }

    /// The order after this one of the same account.
    pub fn newer(&self, order: u32) -> Option<u32> {
        self.links[(self.accounts + order) as usize]
            .next
            .checked_sub(self.accounts)
    }

    /// Loads the links of an order, so that they are in the cache; leads to its neighbours.
    #[inline]
    pub fn touch(&self, order: u32) -> (u32, u32) {
        let link = &self.links[(self.accounts + order) as usize];
        (link.prev, link.next)
    }

    /// Loads one link, so that it is in the cache.
    #[inline]
    pub fn touch_link(&self, link: u32) -> u32 {
        self.links[link as usize].next
    }

    /// Bytes of heap in use.
    pub fn memory_bytes(&self) -> usize {
        self.links.capacity() * size_of::<Link>() + self.index.memory_bytes()
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
    fn sentinel(&self, account: u32) -> u32 {
        let tag = self.index.tag(u64::from(account));
        self.index
            .find(tag, |link| self.links[link as usize].owner == account)
    }

    #[cold]
    fn open(&mut self, account: u32) -> u32 {
        let sentinel = self.free;
        assert!(sentinel != NONE, "the caller saw room");
        self.free = self.links[sentinel as usize].next;
        self.links[sentinel as usize] = Link {
            prev: sentinel,
            next: sentinel,
            owner: account,
        };
        self.index
            .insert(self.index.tag(u64::from(account)), sentinel);
        sentinel
    }

    #[cold]
    fn close(&mut self, sentinel: u32) {
        let account = self.links[sentinel as usize].owner;
        self.index
            .remove(self.index.tag(u64::from(account)), sentinel);
        self.links[sentinel as usize].next = self.free;
        self.free = sentinel;
    }
}
