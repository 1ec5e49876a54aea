//! Waiting orders as plain data, and back.

use crate::book::image::{Image, ImageWaiting};
use crate::book::slab::Node;
use crate::book::{Book, OrderSlot, POST_ONLY_SHIFT, Stage, WAITING};
use crate::order::{Pricing, Repricing, TimeInForce, Trail};
use crate::units::Quantity;

impl Book {
    /// The waiting orders, oldest first; `numbers` gets theirs.
    pub(in crate::book) fn image_waiting(&self, numbers: &mut [u32]) -> Vec<ImageWaiting> {
        let mut waiting = Vec::with_capacity(self.waiting());
        let mut places = vec![0; self.waiting.records.len()];
        for (&record, place) in self.waiting.line.iter().zip(0..) {
            places[record as usize] = place;
        }
        for order in self.waiting_by_age() {
            let number = self.len() + waiting.len();
            numbers[self.position(order.0) as usize] = number as u32;
            let record_number = self.slab.node(order.0).extra;
            let record = self.waiting.record(record_number);
            waiting.push(ImageWaiting {
                order: record.order,
                stage: record.stage,
                line: places[record_number as usize],
            });
        }
        waiting
    }

    /// Adds the next waiting order, whose terms the engine has looked at.
    pub(in crate::book) fn add_waiting(&mut self, waiting: &ImageWaiting) -> Option<()> {
        let order = &waiting.order;
        let is_possible = match (waiting.stage, &order.trigger) {
            (Stage::Trails(_), Some(trigger)) => trigger.trail != Trail::None,
            (Stage::Set | Stage::Elected(_), Some(_)) => true,
            (Stage::Set | Stage::Elected(_) | Stage::Trails(_), None) => false,
            (Stage::Unpriced | Stage::Referenced, _) => {
                matches!(
                    order.pricing,
                    Pricing::Pegged {
                        repricing: Repricing::Live,
                        ..
                    }
                )
            }
            (Stage::Held | Stage::Released, _) => true,
        };
        let has_room = self.has_free_order() && self.has_room_for_waiting();
        if !is_possible || !has_room || order.quantity == Quantity::ZERO {
            return None;
        }
        let slot = self.slab.take_order();
        let number = self.waiting.add(order, slot, waiting.stage);
        let attributes = WAITING | (order.post_only as u32) << POST_ONLY_SHIFT;
        let mut node = Node::order(order.id.0, order.quantity.lots(), number, attributes);
        (node.prev, node.next) = (slot, slot);
        *self.slab.node_mut(slot) = node;
        self.see_watched();
        Some(())
    }

    /// Puts the elected orders in their line.
    pub(in crate::book) fn add_line(&mut self, image: &Image) -> Option<()> {
        let from = self.slab.orders_from() + image.orders.len() as u32;
        let mut line: Vec<(u32, u32)> = Vec::new();
        for (number, waiting) in image.waiting.iter().enumerate() {
            match waiting.stage.is_in_line() {
                true => line.push((waiting.line, self.slab.node(from + number as u32).extra)),
                false if waiting.line == 0 => {}
                false => return None,
            }
        }
        line.sort_unstable();
        let is_line = line.iter().zip(0..).all(|(&(place, _), at)| place == at);
        self.waiting.line.clear();
        self.waiting
            .line
            .extend(line.iter().map(|&(_, number)| number));
        is_line.then_some(())
    }

    /// Whether each waiting order expires as its terms say.
    pub(in crate::book) fn waiting_expire_as_asked(&self) -> bool {
        let mut orders = self.waiting_by_age();
        orders.all(|order: OrderSlot| {
            let asked = match self.parked(order).time_in_force {
                TimeInForce::Ioc | TimeInForce::Fok => TimeInForce::Gtc,
                life => life,
            };
            self.order_time_in_force(order) == asked
        })
    }
}
