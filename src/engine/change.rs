//! Changes to a resting order: cancel, reduce, replace.

use crate::book::{OrderSlot, Resting};
use crate::command::{Cancel, Reduce, Replace};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, Priority, RejectReason};
use crate::units::Quantity;

impl Engine {
    #[inline]
    pub(super) fn cancel(
        &mut self,
        cancel: &Cancel,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let order = self.owned(cancel.id, cancel.owner)?;
        self.take_off(order, CancelCause::Requested, events);
        Ok(())
    }

    pub(super) fn reduce(
        &mut self,
        reduce: &Reduce,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let order = self.owned(reduce.id, reduce.owner)?;
        if reduce.by == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        let open = self.book.order_lots(order);
        if reduce.by.lots() >= open {
            self.take_off(order, CancelCause::Requested, events);
            return Ok(());
        }
        self.book.reduce(order, reduce.by.lots());
        events.push(Event::Reduced {
            id: reduce.id,
            by: reduce.by,
            remaining: Quantity::new(open - reduce.by.lots()),
        });
        Ok(())
    }

    pub(super) fn replace(
        &mut self,
        replace: &Replace,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let slot = self.owned(replace.id, replace.owner)?;
        let old = self.book.order_of(slot);
        let price = replace.price.unwrap_or(old.price);
        let quantity = replace.quantity.unwrap_or(old.quantity);
        self.limits.quantity(quantity)?;
        self.limits.price(price, quantity)?;
        if price == old.price && quantity < old.quantity {
            self.book
                .reduce(slot, old.quantity.lots() - quantity.lots());
            events.push(Event::Replaced {
                id: old.id,
                price,
                quantity,
                priority: Priority::Kept,
            });
            return Ok(());
        }
        let mut entry = Resting {
            id: self.book.hash(old.id),
            account: old.account,
            side: old.side,
            price,
            quantity,
            time_in_force: old.time_in_force,
            post_only: old.post_only,
        };
        let placed = self.place(&entry)?;
        self.room_to_move(slot, &entry, placed)?;
        if placed.crosses {
            self.few_trades(&Taker::of(&entry))?;
        }
        self.book.remove(slot);
        events.push(Event::Replaced {
            id: old.id,
            price,
            quantity,
            priority: Priority::Lost,
        });
        self.work(&mut entry, placed, events);
        Ok(())
    }

    /// Cancels a resting order.
    #[inline]
    pub(super) fn take_off(&mut self, order: OrderSlot, cause: CancelCause, events: &mut Events) {
        events.push(Event::Cancelled {
            id: self.book.order_id(order),
            cause,
            quantity: Quantity::new(self.book.order_lots(order)),
        });
        self.book.remove(order);
    }

    /// Whether a replaced order finds a level to rest at. It may have its own old one
    /// if it was alone there, and one that it empties if it takes first.
    fn room_to_move(
        &self,
        slot: OrderSlot,
        entry: &Resting,
        placed: Placement,
    ) -> Result<(), RejectReason> {
        let frees_a_level =
            placed.crosses || self.book.level_orders(self.book.order_level(slot)) == 1;
        if frees_a_level
            || self.book.has_free_level()
            || self.book.level_slot(entry.side, placed.price).is_some()
        {
            return Ok(());
        }
        Err(RejectReason::LevelsFull)
    }
}
