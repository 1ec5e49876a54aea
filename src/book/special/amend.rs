//! Other terms for a resting order that keeps its place.

use crate::book::{Book, OrderSlot, SPECIAL, Terms};
use crate::order::Display;

impl Book {
    /// Gives a resting order another open quantity and other terms where it stands, and shows so much of it: nothing exactly if it showed nothing
    /// before. A plain order stays plain; a special one without terms becomes plain.
    pub(crate) fn restate(
        &mut self,
        order: OrderSlot,
        open: u64,
        shown: u64,
        terms: Option<&Terms>,
    ) {
        let in_queue = if shown == 0 { open } else { shown };
        self.slab.set_quantity(order.0, in_queue);
        if !self.is_special(order) {
            debug_assert!(
                terms.is_none() && in_queue == open,
                "a plain order shows all"
            );
            return;
        }
        let Some(terms) = terms else {
            debug_assert_eq!(in_queue, open, "a plain order shows all");
            return self.make_plain(order);
        };
        debug_assert_eq!(shown == 0, terms.display == Display::Hidden);
        // In its place, so that one that follows keeps its turn.
        let record = self.record_mut(order);
        let had_minimum = record.terms.minimum > 0;
        (record.terms, record.reserve) = (*terms, open - in_queue);
        self.specials.minimums -= u32::from(had_minimum);
        self.specials.minimums += u32::from(terms.minimum > 0);
    }

    /// Takes the record from an order that shows all and stands in its level's queue.
    fn make_plain(&mut self, order: OrderSlot) {
        let level = self.order_level(order);
        let node = self.slab.node_mut(order.0);
        let place = node.extra;
        node.place &= !SPECIAL;
        let account = self.specials.records[place as usize].account;
        self.slab.node_mut(order.0).extra = account;
        let side = self.level_side(level);
        self.specials.free_record(side as usize, place);
        self.forget_special(level.0);
        self.see_watched();
    }
}
