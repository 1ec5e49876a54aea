//! A book as plain data, in an order that depends on nothing but what rests, and back.
//!
//! Everything that a later command could make visible is in it: besides the orders in their queues, the order in
//! which timed orders and an account's orders came to rest, and where the indexes keep
//! what they keep, for that decides which ids still find room among very many that were chosen to crowd.

use crate::book::lists::ImageList;
use crate::book::owners::Owners;
use crate::book::slab::{NONE, Node};
use crate::book::timed::Expiry;
use crate::book::{Book, LevelSlot, OrderSlot, POST_ONLY_SHIFT, Stage, TIMED, Terms};
use crate::instrument::Instrument;
use crate::order::{Order, PostOnly, Side};
use crate::units::Price;

/// A book as plain data. Orders are named by their place in `orders`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Image {
    /// Of each side the levels, best first.
    pub levels: [Vec<ImageLevel>; 2],
    /// The orders of the bids, then of the asks, level by level, of each those that are shown and then the others, in
    /// queue order.
    pub orders: Vec<ImageOrder>,
    /// What special orders have besides, by their number.
    pub specials: Vec<ImageSpecial>,
    /// The orders that wait, oldest first. Their numbers follow on those of the others.
    pub waiting: Vec<ImageWaiting>,
    /// The lists, by account and name.
    pub lists: Vec<ImageList>,
    /// Where totals are kept, of each order what it is in total, and how often it was amended.
    pub totals: Vec<(u64, u32)>,
    /// The orders that expire, in the order in which they came to rest.
    pub timed: Vec<(u32, Expiry)>,
    /// With account links, the accounts by number: the account, how many orders.
    pub accounts: Vec<(u32, u32)>,
    /// Their orders, account by account, oldest first.
    pub account_orders: Vec<u32>,
    /// Where ids are kept.
    pub ids: Places,
    /// Where accounts are kept.
    pub account_places: Places,
}

/// Where an index keeps its entries.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Places {
    /// How many homes are in use.
    pub homes: u32,
    /// The place of each entry: of the order, or account, with the same number.
    pub places: Vec<u32>,
}

/// A level as plain data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct ImageLevel {
    pub price: Price,
    /// How many orders are shown, and how many are not.
    pub shown: u32,
    pub hidden: u32,
}

/// What a special order has besides, as plain data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ImageSpecial {
    /// Its number among the orders.
    pub order: u32,
    /// What is hidden of it while it shows something.
    pub reserve: u64,
    /// How many that follow came to rest before it, if it follows a reference.
    pub follower: u32,
    pub terms: Terms,
}

/// A waiting order as plain data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ImageWaiting {
    pub order: Order,
    pub stage: Stage,
    /// How many stand before it in the line, if it stands there.
    pub line: u32,
}

/// A resting order as plain data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct ImageOrder {
    pub id: u64,
    /// What stands in its queue.
    pub lots: u64,
    pub account: u32,
    pub post_only: PostOnly,
}

/// How many queues are walked side by side, since the next order of one is mostly a wait for memory.
const QUEUES: usize = 16;

impl Book {
    /// The book as plain data. O(orders).
    pub(crate) fn image(&self) -> Image {
        let mut image = Image {
            orders: vec![ImageOrder::default(); self.len()],
            ..Image::default()
        };
        let mut numbers = vec![u32::MAX; self.slab.orders_max() as usize];
        let mut next = 0;
        for side in Side::BOTH {
            let levels: Vec<LevelSlot> = self.level_slots(side).collect();
            let queues: Vec<(u32, u32)> = levels
                .iter()
                .flat_map(|&level| self.queues(level))
                .collect();
            for group in queues.chunks(QUEUES) {
                self.walk(group, &mut next, &mut image.orders, &mut numbers);
            }
            let counted = |&level| ImageLevel {
                price: self.level_price(level),
                shown: self.level_orders(level),
                hidden: self.all_level_orders(level) - self.level_orders(level),
            };
            image.levels[side as usize] = levels.iter().map(counted).collect();
        }
        image.specials = self.image_specials(&numbers);
        image.waiting = self.image_waiting(&mut numbers);
        image.lists = self.image_lists();
        let orders = self.len() + self.waiting();
        image.totals = self.image_totals(&numbers, orders);
        let timed = self.timed.by_arrival();
        image.timed = timed
            .into_iter()
            .map(|(order, expiry)| (numbers[order as usize], expiry))
            .collect();
        image.ids.homes = self.index.homes();
        image.ids.places = vec![0; orders];
        for (place, slot) in self.index.entries() {
            let number = numbers[self.position(slot) as usize];
            image.ids.places[number as usize] = place;
        }
        if let Some(owners) = &self.owners {
            owners.add_to(&mut image, &numbers);
        }
        image
    }

    /// Copies some queues, each named by its head and how many orders it has, numbering their orders from `next`.
    fn walk(
        &self,
        heads: &[(u32, u32)],
        next: &mut usize,
        orders: &mut [ImageOrder],
        numbers: &mut [u32],
    ) {
        // Of each queue the slot of the next order, and its number.
        let mut queues = [(0, 0); QUEUES];
        for (queue, &(head, count)) in queues.iter_mut().zip(heads) {
            *queue = (self.slab.node(head).next, *next);
            *next += count as usize;
        }
        let mut is_left = true;
        while is_left {
            is_left = false;
            for ((slot, number), &(head, _)) in queues.iter_mut().zip(heads) {
                if *slot == head {
                    continue;
                }
                let node = self.slab.node(*slot);
                orders[*number] = ImageOrder {
                    id: node.key,
                    lots: node.quantity,
                    account: self.order_account(OrderSlot(*slot)).0,
                    post_only: self.order_post_only(OrderSlot(*slot)),
                };
                numbers[self.position(*slot) as usize] = *number as u32;
                (*slot, *number) = (node.next, *number + 1);
                is_left = true;
            }
        }
    }

    /// The book that an image shows; `None` if there is no such book of this instrument.
    pub(crate) fn from_image(instrument: &Instrument, image: &Image) -> Option<Self> {
        let mut book = Self::new(instrument);
        let orders = image.orders.len() + image.waiting.len();
        let expected = (orders, image.accounts.len());
        if (image.ids.places.len(), image.account_places.places.len()) != expected {
            return None;
        }
        let mut orders = image.orders.iter();
        for side in Side::BOTH {
            for level in &image.levels[side as usize] {
                book.add_level(instrument, side, level, &mut orders)?;
            }
        }
        if orders.next().is_some() {
            return None;
        }
        book.add_specials(instrument, image)?;
        for waiting in &image.waiting {
            book.add_waiting(waiting)?;
        }
        book.add_line(image)?;
        book.add_ids(image)?;
        book.add_lists(image)?;
        book.add_totals(image)?;
        if book.is_crossed() {
            return None;
        }
        for &(order, expiry) in &image.timed {
            book.add_timed(order, expiry)?;
        }
        if !book.waiting_expire_as_asked() {
            return None;
        }
        match (&mut book.owners, image.accounts.is_empty()) {
            (Some(owners), _) => owners.read_from(image)?,
            (None, true) if image.account_places == Places::default() => {}
            (None, _) => return None,
        }
        Some(book)
    }

    /// Adds a level worse than all that its side has, and its orders.
    fn add_level<'a>(
        &mut self,
        instrument: &Instrument,
        side: Side,
        level: &ImageLevel,
        orders: &mut impl Iterator<Item = &'a ImageOrder>,
    ) -> Option<()> {
        let count = level.shown.checked_add(level.hidden)?;
        if !self.in_band(level.price) || count == 0 || !self.has_free_level() {
            return None;
        }
        let key = self.key(side, level.price);
        if self.ladder.at_or_below(side as usize, key) != NONE {
            return None;
        }
        let slot = self.new_level(side, level.price, key);
        self.add_queue(instrument, slot, level.shown, orders)?;
        if level.hidden > 0 {
            let queue = self.open_shadow(slot)?;
            self.add_queue(instrument, queue, level.hidden, orders)?;
        }
        self.side_orders[side as usize] += count;
        Some(())
    }

    fn add_queue<'a>(
        &mut self,
        instrument: &Instrument,
        queue: u32,
        count: u32,
        orders: &mut impl Iterator<Item = &'a ImageOrder>,
    ) -> Option<()> {
        for order in orders.by_ref().take(count as usize) {
            let fits = order.lots > 0 && order.lots <= instrument.quantity_max().lots();
            if !fits || !self.has_free_order() {
                return None;
            }
            let slot = self.slab.take_order();
            let attributes = (order.post_only as u32) << POST_ONLY_SHIFT;
            let node = Node::order(order.id, order.lots, order.account, attributes);
            self.slab.push_back(queue, slot, node);
        }
        (self.slab.node(queue).place == count).then_some(())
    }

    /// Whether orders cross that would have traded with each other: those without a minimum for which nothing is due.
    fn is_crossed(&self) -> bool {
        let best = |side: Side| {
            let mut levels = self.level_slots(side);
            let is_bound = |order: OrderSlot, terms: Terms| {
                let is_due = terms.in_list && self.is_leg_due(self.order_id(order));
                terms.minimum > 0 || is_due
            };
            let is_free = |order| {
                let terms = self.terms(order);
                terms.is_none_or(|terms| !is_bound(order, terms))
            };
            let level = levels.find(|&level| self.orders_of(level).any(is_free));
            level.map(|level| self.level_price(level))
        };
        match (best(Side::Buy), best(Side::Sell)) {
            (Some(bid), Some(ask)) => bid >= ask,
            (Some(_) | None, Some(_) | None) => false,
        }
    }

    /// Puts every id where the index had it.
    fn add_ids(&mut self, image: &Image) -> Option<()> {
        self.index.set_homes(image.ids.homes)?;
        let from = self.slab.orders_from();
        for (number, &place) in image.ids.places.iter().enumerate() {
            let slot = from + number as u32;
            let (slab, id) = (&self.slab, self.slab.node(slot).key);
            let home = self.index.home(id);
            let other = self.index.find(home, |other| slab.node(other).key == id);
            if other.is_some() {
                return None;
            }
            self.index.put_at(home, place, slot)?;
        }
        Some(())
    }

    fn add_timed(&mut self, order: u32, expiry: Expiry) -> Option<()> {
        let slot = self.slab.orders_from().checked_add(order)?;
        let is_there = order < self.slab.orders_used();
        if !is_there || !self.has_room_for_timed() || self.slab.node(slot).attributes() & TIMED != 0
        {
            return None;
        }
        self.slab.node_mut(slot).place |= TIMED;
        self.timed.add(order, expiry);
        Some(())
    }
}

impl Owners {
    /// Adds the accounts, by number, to an image whose orders have these numbers.
    fn add_to(&self, image: &mut Image, numbers: &[u32]) {
        let mut accounts: Vec<(u32, u32)> = self.accounts().collect();
        accounts.sort_unstable();
        for &(account, _) in &accounts {
            let before = image.account_orders.len();
            let mut order = self.first(account);
            while let Some(position) = order {
                image.account_orders.push(numbers[position as usize]);
                order = self.newer(position);
            }
            let count = image.account_orders.len() - before;
            image.accounts.push((account, count as u32));
        }
        image.account_places = Places {
            homes: self.homes(),
            places: accounts.iter().map(|&(_, place)| place).collect(),
        };
    }

    /// Links the orders of an image, whose slots have the same numbers.
    fn read_from(&mut self, image: &Image) -> Option<()> {
        self.set_homes(image.account_places.homes)?;
        let account_of = |order: u32| {
            let order = order as usize;
            let waits = |order: usize| image.waiting.get(order - image.orders.len());
            match image.orders.get(order) {
                Some(order) => Some(order.account),
                None => waits(order).map(|waiting| waiting.order.account.0),
            }
        };
        let mut linked = vec![false; image.orders.len() + image.waiting.len()];
        let mut rest = image.account_orders.as_slice();
        let places = image.account_places.places.iter();
        for (&(account, count), &place) in image.accounts.iter().zip(places) {
            let (orders, after) = rest.split_at_checked(count as usize)?;
            if orders.is_empty() {
                return None;
            }
            let owner = self.open_at(account, place)?;
            for &order in orders {
                let is_own = account_of(order)? == account;
                if !is_own || std::mem::replace(&mut linked[order as usize], true) {
                    return None;
                }
                self.join(order, account, owner);
            }
            rest = after;
        }
        let all_linked = linked.iter().all(|&linked| linked);
        (rest.is_empty() && all_linked).then_some(())
    }
}
