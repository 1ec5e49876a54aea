//! The invariants of the storage, checked by walking all of it.

use crate::book::Book;
use crate::book::slab::NONE;
use crate::order::{OrderId, Side, TimeInForce};
use crate::units::Price;

impl Book {
    /// Asserts every invariant of the storage. O(everything): for tests and fuzzers.
    ///
    /// # Panics
    /// When the book is broken, which no command can bring about.
    pub fn check(&self) {
        let sides = Side::BOTH.map(|side| self.check_side(side));
        self.check_totals();
        let orders = sides[0].0 + sides[1].0 + self.check_waiting();
        assert_eq!(orders, self.slab.orders_used(), "an order slot was lost");
        assert_eq!(
            orders as usize,
            self.index.count(),
            "the index kept a dead id"
        );
        let levels = sides[0].1 + sides[1].1;
        assert_eq!(levels, self.slab.levels_used(), "a level slot was lost");
        assert_eq!(
            self.ladder.pages_used(),
            self.ladder.pages_reachable(),
            "a page was lost"
        );
        if let (Some(bid), Some(ask)) = (self.best_slot(Side::Buy), self.best_slot(Side::Sell)) {
            assert!(
                self.has_minimums()
                    || self.has_due()
                    || self.level_price(bid) < self.level_price(ask),
                "the book is crossed"
            );
        }
        self.timed.check();
        self.check_specials();
        self.check_lists();
        assert_eq!(self.is_watched(), self.has_watched(), "what is watched");
        self.check_owners(orders);
        self.slab.check_free();
    }

    /// Checks each level of a side and each of its orders; returns how many there are of both.
    fn check_side(&self, side: Side) -> (u32, u32) {
        let mut orders = 0;
        let mut levels = 0;
        let mut before: Option<Price> = None;
        for level in self.level_slots(side) {
            let price = self.level_price(level);
            assert_eq!(self.level_side(level), side, "a level on the wrong side");
            assert_eq!(
                self.level_slot(side, price),
                Some(level),
                "a level not found"
            );
            let worse = before.is_none_or(|before| self.key(side, before) > self.key(side, price));
            assert!(worse, "levels out of order");
            before = Some(price);
            for (queue, _) in self.queues(level) {
                orders += self.check_queue(queue);
            }
            assert!(self.all_level_orders(level) > 0, "a level without orders");
            levels += 1;
        }
        assert_eq!(orders, self.side_orders(side), "the side's count is off");
        (orders, levels)
    }

    fn check_queue(&self, head: u32) -> u32 {
        let mut orders = 0;
        let mut lots = 0;
        let mut before = head;
        let mut slot = self.slab.node(head).next;
        while slot != head {
            let node = self.slab.node(slot);
            assert_eq!(node.prev, before, "a link back that leads elsewhere");
            assert_eq!(node.level(), head, "an order of another level");
            assert!(node.quantity > 0, "an order with nothing open");
            let found = self.find(OrderId(node.key));
            assert_eq!(
                found.map(|order| order.slot.0),
                Some(slot),
                "an order not found by its id"
            );
            orders += 1;
            lots += node.quantity;
            before = slot;
            slot = node.next;
        }
        let head = self.slab.node(head);
        assert_eq!(head.prev, before, "the newest order is another");
        assert_eq!(orders, head.place, "the level's count is off");
        assert_eq!(lots, head.quantity, "the level's sum is off");
        orders
    }

    fn check_totals(&self) {
        let levels = Side::BOTH.iter().flat_map(|&side| self.level_slots(side));
        for order in levels.flat_map(|level| self.orders_of(level)) {
            self.check_total(order);
        }
        for order in self.waiting_by_age() {
            self.check_total(order);
        }
    }

    fn check_owners(&self, orders: u32) {
        if let Some(owners) = &self.owners {
            assert_eq!(owners.check(), orders, "an order without an owner");
        }
        let mut timed = 0;
        for level in Side::BOTH.iter().flat_map(|&side| self.level_slots(side)) {
            let is_timed = |&order: &_| self.order_time_in_force(order) != TimeInForce::Gtc;
            timed += self.orders_of(level).filter(is_timed).count();
        }
        let is_timed = |&order: &_| self.order_time_in_force(order) != TimeInForce::Gtc;
        timed += self.waiting_by_age().filter(is_timed).count();
        assert_eq!(timed, self.timed.count(), "a record without an order");
    }
}

impl crate::book::slab::Slab {
    fn check_free(&self) {
        let mut free = 0;
        let mut slot = self.next_order();
        while slot != NONE {
            free += 1;
            slot = self.node(slot).next;
        }
        assert_eq!(
            free + self.orders_used(),
            self.orders_max(),
            "a free slot was lost"
        );
    }
}
