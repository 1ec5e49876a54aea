//! What each live order is in total, and how often it was amended.
//!
//! A book keeps this only if its instrument asks for it. What has traded of an order is its total less what is open, so
//! that a trade has nothing to write here: who changes what is open in any other way says so.

use crate::book::image::Image;
use crate::book::{Book, OrderSlot};

/// An entry for each order slot; that of a free slot means nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Totals {
    /// Lots: what was accepted, and what was added and taken off otherwise than by trading.
    lots: Vec<u64>,
    /// How often its owner amended it.
    amended: Vec<u32>,
}

impl Totals {
    /// Room for `orders` orders.
    pub(super) fn new(orders: u32) -> Self {
        Self {
            lots: (0..orders).map(|_| 0).collect(),
            amended: (0..orders).map(|_| 0).collect(),
        }
    }

    /// Bytes of heap in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.lots.capacity() * size_of::<u64>() + self.amended.capacity() * size_of::<u32>()
    }
}

impl Book {
    /// Whether it is kept what orders are in total.
    #[inline]
    pub(crate) fn keeps_totals(&self) -> bool {
        self.totals.is_some()
    }

    /// How many lots an order is in total, of which so many are open; where that is not kept, those.
    #[inline]
    pub(super) fn total_of(&self, order: OrderSlot, open: u64) -> u64 {
        match &self.totals {
            Some(totals) => totals.lots[self.position(order.0) as usize],
            None => open,
        }
    }

    /// How many lots of an order have traded; zero where that is not kept.
    pub(crate) fn traded_lots(&self, order: OrderSlot) -> u64 {
        let open = self.open_lots(order);
        self.total_of(order, open) - open
    }

    /// How often an order was amended; zero where that is not kept.
    pub(crate) fn times_amended(&self, order: OrderSlot) -> u32 {
        let position = self.position(order.0) as usize;
        let totals = self.totals.as_ref();
        totals.map_or(0, |totals| totals.amended[position])
    }

    /// Begins the entry of a new order.
    #[inline]
    pub(super) fn begin_total(&mut self, slot: u32, lots: u64) {
        let position = self.position(slot) as usize;
        if let Some(totals) = &mut self.totals {
            (totals.lots[position], totals.amended[position]) = (lots, 0);
        }
    }

    /// Sets what an order is in total.
    #[inline]
    pub(crate) fn set_total(&mut self, order: OrderSlot, lots: u64) {
        let position = self.position(order.0) as usize;
        if let Some(totals) = &mut self.totals {
            totals.lots[position] = lots;
        }
    }

    /// Takes off an order's total what it will not trade.
    #[inline]
    pub(crate) fn cut_total(&mut self, order: OrderSlot, lots: u64) {
        let position = self.position(order.0) as usize;
        if let Some(totals) = &mut self.totals {
            totals.lots[position] -= lots;
        }
    }

    /// Counts an amendment.
    #[inline]
    pub(crate) fn note_amended(&mut self, order: OrderSlot) {
        let position = self.position(order.0) as usize;
        if let Some(totals) = &mut self.totals {
            let amended = &mut totals.amended[position];
            *amended = amended.saturating_add(1);
        }
    }

    /// The entries of all orders, which have these numbers.
    pub(super) fn image_totals(&self, numbers: &[u32], orders: usize) -> Vec<(u64, u32)> {
        let Some(totals) = &self.totals else {
            return Vec::new();
        };
        let mut image = vec![(0, 0); orders];
        let entries = totals.lots.iter().zip(&totals.amended);
        for (&number, (&lots, &amended)) in numbers.iter().zip(entries) {
            if let Some(entry) = image.get_mut(number as usize) {
                *entry = (lots, amended);
            }
        }
        image
    }

    /// Sets the entries of all orders of an image, whose slots have their numbers.
    pub(super) fn add_totals(&mut self, image: &Image) -> Option<()> {
        for (&(lots, amended), number) in image.totals.iter().zip(0..) {
            let slot = self.slab.orders_from() + number;
            let open = self.open_lots(OrderSlot(slot));
            let traded = lots.checked_sub(open)?;
            let is_possible = traded == 0 || !self.is_waiting(OrderSlot(slot));
            let position = self.position(slot) as usize;
            let totals = self.totals.as_mut().filter(|_| is_possible)?;
            (totals.lots[position], totals.amended[position]) = (lots, amended);
        }
        Some(())
    }

    /// Asserts that no order has more open than it is in total.
    pub(super) fn check_total(&self, order: OrderSlot) {
        let open = self.open_lots(order);
        let total = self.total_of(order, open);
        assert!(total >= open, "more is open than there is");
        assert!(
            total == open || !self.is_waiting(order),
            "a waiting order that traded"
        );
    }
}
