//! Another price for the trigger of a waiting order.

use crate::book::{Book, OrderSlot, Stage};
use crate::order::{Order, TriggerStart};

impl Book {
    /// Whether a waiting order's trigger has a price that is yet to be met.
    pub(crate) fn has_open_trigger(&self, order: OrderSlot) -> bool {
        let record = self.waiting.record(self.slab.node(order.0).extra);
        let trigger = record.order.trigger;
        match record.stage {
            Stage::Set | Stage::Held => {
                trigger.is_some_and(|trigger| trigger.start == TriggerStart::AtPrice)
            }
            Stage::Trails(_)
            | Stage::Elected(_)
            | Stage::Released
            | Stage::Unpriced
            | Stage::Referenced => false,
        }
    }

    /// Takes a waiting order from where prices are compared with it, until `set_trigger` puts it back.
    pub(crate) fn hide_trigger(&mut self, order: OrderSlot) {
        let number = self.slab.node(order.0).extra;
        self.waiting.delist(number);
    }

    /// Gives a hidden order its new terms, and puts it where its stage says.
    pub(crate) fn set_trigger(&mut self, slot: OrderSlot, order: &Order, stage: Stage) {
        let number = self.slab.node(slot.0).extra;
        let record = self.waiting.record_mut(number);
        (record.order, record.stage) = (*order, stage);
        self.waiting.enlist(number);
    }
}
