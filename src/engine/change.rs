//! Changes to a resting order: cancel, reduce, replace.

use crate::book::{Found, Home, Incoming, OrderSlot};
use crate::command::{Cancel, Reduce, Replace};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, Priority, RejectReason, Request};
use crate::units::Quantity;

impl Engine {
    #[inline(always)]
    pub(super) fn cancel(&mut self, cancel: &Cancel, home: Home, time: u64, events: &mut Events) {
        match self.owned(home, cancel.id, cancel.owner) {
            Ok(order) => {
                self.take_off(order, CancelCause::Requested, events);
                self.now = time;
            }
            Err(reason) => events.push(Event::Rejected {
                id: cancel.id,
                request: Request::Cancel,
                reason,
            }),
        }
    }

    #[inline(never)]
    pub(super) fn reduce(
        &mut self,
        reduce: &Reduce,
        home: Home,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let order = self.owned(home, reduce.id, reduce.owner)?;
        if reduce.by == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        let open = self.book.order_lots(order.slot);
        if reduce.by.lots() >= open {
            self.take_off(order, CancelCause::Requested, events);
            return Ok(());
        }
        self.book.reduce(order.slot, reduce.by.lots());
        events.push(Event::Reduced {
            id: reduce.id,
            by: reduce.by,
            remaining: Quantity::new(open - reduce.by.lots()),
        });
        Ok(())
    }

    #[inline(never)]
    pub(super) fn replace(
        &mut self,
        replace: &Replace,
        home: Home,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let found = self.owned(home, replace.id, replace.owner)?;
        let mut entry = self.book.as_incoming(found);
        let (old_price, old_quantity) = (entry.price, entry.quantity);
        entry.price = replace.price.unwrap_or(old_price);
        entry.quantity = replace.quantity.unwrap_or(old_quantity);
        self.limits.quantity(entry.quantity)?;
        self.check_price(entry.price, entry.quantity)?;
        if entry.price == old_price && entry.quantity < old_quantity {
            let less = old_quantity.lots() - entry.quantity.lots();
            self.book.reduce(found.slot, less);
            events.push(replaced(&entry, Priority::Kept));
            return Ok(());
        }
        let placed = self.place(&entry)?;
        self.room_to_move(found.slot, &entry, placed)?;
        if placed.crosses {
            self.few_trades(&Taker::of(&entry))?;
        }
        self.book.lift(found.slot);
        events.push(replaced(&entry, Priority::Lost));
        self.work(&mut entry, placed, events);
        Ok(())
    }

    /// Cancels a resting order.
    #[inline(always)]
    pub(super) fn take_off(&mut self, order: Found, cause: CancelCause, events: &mut Events) {
        let (id, quantity) = self.book.remove(order);
        events.push(Event::Cancelled {
            id,
            cause,
            quantity,
        });
    }

    /// Whether a replaced order finds a level to rest at. It may have its own old one
    /// if it was alone there, and one that it empties if it takes first.
    fn room_to_move(
        &self,
        slot: OrderSlot,
        entry: &Incoming,
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

fn replaced(entry: &Incoming, priority: Priority) -> Event {
    Event::Replaced {
        id: entry.id,
        price: entry.price,
        quantity: entry.quantity,
        priority,
    }
}
