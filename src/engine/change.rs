//! Changes to a live order: cancel, reduce, replace.

use crate::book::{Found, Home, Incoming, Terms};
use crate::command::{Amend, Cancel, Reduce, Replace};
use crate::engine::Engine;
use crate::engine::amend::replaced;
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
        if self.book.is_plain(found.slot) && self.limits.replaces_simply() {
            return self.replace_simply(found, replace, events);
        }
        let amend = Amend {
            id: replace.id,
            owner: replace.owner,
            price: replace.price,
            quantity: replace.quantity,
            display: None,
            trigger_price: None,
        };
        self.amend(&amend, home, events)
    }

    /// The short way for a plain order of an instrument without rules of its own for this. Any other, and `amend` would do the
    /// same with this one, goes the long way.
    fn replace_simply(
        &mut self,
        found: Found,
        replace: &Replace,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let mut entry = self.book.as_incoming(found);
        let (price, quantity) = (entry.price, entry.quantity);
        entry.price = replace.price.unwrap_or(price);
        entry.quantity = replace.quantity.unwrap_or(quantity);
        self.limits.quantity(entry.quantity)?;
        self.check_price(entry.side, entry.price, entry.quantity)?;
        entry.total = entry.quantity.lots();
        if entry.price != price || entry.quantity >= quantity {
            return self.move_order(found, &mut entry, events);
        }
        let less = quantity.lots() - entry.quantity.lots();
        self.book.reduce(found.slot, less);
        events.push(replaced(&entry, Priority::Kept));
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
}
