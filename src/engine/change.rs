//! Changes to a resting order: cancel, reduce, replace.

use crate::book::{Found, Home, Incoming, Terms};
use crate::command::{Cancel, Reduce, Replace};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::plan::Party;
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
        let open = self.book.open_lots(order.slot);
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
        if self.book.is_waiting(found.slot) {
            return self.replace_waiting(found, replace.price, replace.quantity, events);
        }
        let mut entry = self.book.as_incoming(found);
        let (old_price, old_quantity) = (entry.price, entry.quantity);
        entry.price = replace.price.unwrap_or(old_price);
        entry.quantity = replace.quantity.unwrap_or(old_quantity);
        self.limits.quantity(entry.quantity)?;
        self.check_price(entry.price, entry.quantity)?;
        if let Some(terms) = &mut entry.terms {
            self.check_peaks(terms.display, entry.quantity)?;
            if terms.minimum >= old_quantity.lots() && entry.quantity != old_quantity {
                // All or none it was, and is.
                terms.minimum = entry.quantity.lots();
            }
        }
        if entry.price == old_price && entry.quantity < old_quantity {
            let less = old_quantity.lots() - entry.quantity.lots();
            self.book.reduce(found.slot, less);
            if let Some(terms) = &entry.terms {
                self.book.set_minimum(found.slot, terms.minimum);
            }
            events.push(replaced(&entry, Priority::Kept));
            return Ok(());
        }
        let placed = self.place(&entry)?;
        let frees_level = self
            .book
            .all_level_orders(self.book.order_level(found.slot))
            == 1;
        self.room_to_move(&entry, placed, frees_level)?;
        let party = self.party_again(&entry);
        let course = self.course(&entry, &party, placed, frees_level)?;
        self.book.lift(found.slot);
        events.push(replaced(&entry, Priority::Lost));
        self.work(&mut entry, placed, course, events);
        Ok(())
    }

    /// Whose order takes once more.
    pub(super) fn party_again(&self, entry: &Incoming) -> Party {
        let default = self.instrument.self_trade();
        let terms = entry.terms.unwrap_or(Terms::plain(default));
        Party {
            account: entry.account,
            group: terms.group,
            self_trade: terms.self_trade,
            needs: terms.minimum.min(entry.quantity.lots()),
        }
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
    pub(super) fn room_to_move(
        &self,
        entry: &Incoming,
        placed: Placement,
        frees_level: bool,
    ) -> Result<(), RejectReason> {
        if placed.crosses
            || frees_level
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
