//! New terms for a live order. A replacement asks for a price and a quantity and nothing else.
//!
//! ```text
//!   who asks, and how often -> what is to be open -> display -> price -> trigger
//!   resting:  it keeps its place as the instrument says, or comes back as a new order would
//!   waiting:  it waits on, perhaps for another price
//! ```

use crate::book::{Found, Home, Incoming, OrderSlot, Stage, Terms};
use crate::command::Amend;
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::event::{CancelCause, Event, Events, Priority, RejectReason};
use crate::instrument::{AmendPolicy, AmendQuantity};
use crate::order::{Display, Order, Pricing};
use crate::units::{Price, Quantity};

/// A resting order as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Before {
    price: Price,
    open: u64,
    display: Display,
}

impl Engine {
    #[inline(never)]
    pub(super) fn amend(
        &mut self,
        amend: &Amend,
        home: Home,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let found = self.owned(home, amend.id, amend.owner)?;
        self.check_amends(found.slot)?;
        if self.book.is_waiting(found.slot) {
            return self.amend_waiting(found, amend, events);
        }
        let terms = self.book.terms(found.slot);
        if amend.price.is_some() && terms.is_some_and(|terms| terms.peg.is_some()) {
            return Err(RejectReason::OrderFollowsReference);
        }
        let Some(open) = self.open_after(found.slot, amend.quantity) else {
            self.take_off(found, CancelCause::Amended, events);
            return Ok(());
        };
        let mut entry = self.book.as_incoming(found);
        self.may_have_open(entry.id, open, entry.quantity)?;
        let before = Before {
            price: entry.price,
            open: entry.quantity.lots(),
            display: entry.terms.map_or(Display::Whole, |terms| terms.display),
        };
        self.give_terms(amend, open, &mut entry)?;
        match self.shown_in_place(found.slot, &entry, &before) {
            Some(shown) => {
                self.amend_in_place(found.slot, &entry, shown, &before, events);
                Ok(())
            }
            None if self.instrument.amend_policy() == AmendPolicy::OnlyLessQuantity => {
                Err(RejectReason::AmendNotAllowed)
            }
            None => self.move_order(found, &mut entry, events),
        }
    }

    /// Gives a resting order on its way its new terms, and checks them.
    fn give_terms(
        &self,
        amend: &Amend,
        open: Quantity,
        entry: &mut Incoming,
    ) -> Result<(), RejectReason> {
        self.limits.quantity(open)?;
        entry.price = amend.price.unwrap_or(entry.price);
        let was_open = std::mem::replace(&mut entry.quantity, open);
        entry.total = (entry.total - was_open.lots()).saturating_add(open.lots());
        if let Some(terms) = &mut entry.terms
            && terms.minimum >= was_open.lots()
            && open != was_open
        {
            // All or none it was, and is.
            terms.minimum = open.lots();
        }
        if let Some(display) = amend.display {
            self.show_as(entry, display)?;
        }
        self.check_price(entry.side, entry.price, open)?;
        if let Some(terms) = &entry.terms {
            self.check_peaks(terms.display, open)?;
        }
        match amend.trigger_price {
            Some(_) => Err(RejectReason::TriggerAlreadyMet),
            None => Ok(()),
        }
    }

    /// What is to be open of an order; `None` if no less has traded than was asked for in total.
    fn open_after(&self, order: OrderSlot, asked: Option<Quantity>) -> Option<Quantity> {
        let Some(asked) = asked else {
            return Some(Quantity::new(self.book.open_lots(order)));
        };
        match self.instrument.amend_quantity() {
            AmendQuantity::Open => Some(asked),
            AmendQuantity::Total => {
                let open = asked.lots().checked_sub(self.book.traded_lots(order))?;
                (open > 0).then_some(Quantity::new(open))
            }
        }
    }

    /// Gives an order on its way another display. One that shows all forgets how many peaks it had.
    #[cold]
    fn show_as(&self, entry: &mut Incoming, display: Display) -> Result<(), RejectReason> {
        let default = self.instrument.self_trade();
        let mut terms = entry.terms.unwrap_or(Terms::plain(default));
        self.check_display(display, entry.quantity, Quantity::new(terms.minimum))?;
        terms.display = display;
        if display == Display::Whole {
            terms.refreshes = 0;
        }
        entry.terms = terms.is_special(default).then_some(terms);
        Ok(())
    }

    /// How much an amended order shows where it stands; `None` if it loses its place.
    fn shown_in_place(&self, order: OrderSlot, entry: &Incoming, before: &Before) -> Option<u64> {
        let open = entry.quantity.lots();
        let display = entry.terms.map_or(Display::Whole, |terms| terms.display);
        let is_same = display == before.display;
        if entry.price != before.price {
            return None;
        }
        let was_shown = self.book.shown_lots(order);
        match self.instrument.amend_policy() {
            AmendPolicy::LessQuantity | AmendPolicy::OnlyLessQuantity => {
                (is_same && open < before.open).then_some(was_shown.min(open))
            }
            AmendPolicy::NoMoreDisplayed => {
                let shown = match display {
                    _ if !is_same => entry.terms.map_or(open, |terms| terms.first_peak(open)),
                    _ if open <= before.open => was_shown.min(open),
                    Display::Whole => open,
                    Display::Hidden => 0,
                    Display::Peak { .. } => was_shown,
                };
                let begins_to_hide = before.display == Display::Whole && !is_same;
                let is_kept = shown <= was_shown && (shown == 0) == (was_shown == 0);
                (is_kept && !begins_to_hide).then_some(shown)
            }
        }
    }

    fn amend_in_place(
        &mut self,
        order: OrderSlot,
        entry: &Incoming,
        shown: u64,
        before: &Before,
        events: &mut Events,
    ) {
        let open = entry.quantity.lots();
        self.book.note_amended(order);
        self.book.set_total(order, entry.total);
        self.book.restate(order, open, shown, entry.terms.as_ref());
        events.push(replaced(entry, Priority::Kept));
        let display = entry.terms.map_or(Display::Whole, |terms| terms.display);
        if open > before.open || display != before.display {
            events.push(Event::Refreshed {
                id: entry.id,
                displayed: Quantity::new(shown),
                hidden: Quantity::new(open - shown),
                priority: Priority::Kept,
            });
        }
    }

    /// Takes an order from its place, and enters it again as it is to be.
    pub(super) fn move_order(
        &mut self,
        found: Found,
        entry: &mut Incoming,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let placed = self.place(entry)?;
        let level = self.book.order_level(found.slot);
        let frees_level = self.book.all_level_orders(level) == 1;
        self.room_to_move(found, entry, placed, frees_level)?;
        let party = self.party_again(entry);
        let course = self.course(entry, &party, placed, frees_level)?;
        self.book.note_amended(found.slot);
        self.book.lift(found.slot);
        events.push(replaced(entry, Priority::Lost));
        self.work(entry, placed, course, events);
        Ok(())
    }

    /// Whether an amended order finds a level to rest at, and a record if it needs one. It may have its own old level
    /// if it was alone there, and one that it empties if it takes first.
    #[inline]
    pub(super) fn room_to_move(
        &self,
        found: Found,
        entry: &Incoming,
        placed: Placement,
        frees_level: bool,
    ) -> Result<(), RejectReason> {
        let has_level = placed.crosses
            || frees_level
            || self.book.has_free_level()
            || self.book.level_slot(entry.side, placed.price).is_some();
        if !has_level {
            return Err(RejectReason::LevelsFull);
        }
        let needs_record = entry.terms.is_some() && !self.book.is_special(found.slot);
        if needs_record && !self.book.has_room_for_special() {
            return Err(RejectReason::SpecialOrdersFull);
        }
        Ok(())
    }

    /// Gives a waiting order other terms. Where it stands does not count.
    fn amend_waiting(
        &mut self,
        found: Found,
        amend: &Amend,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let old = self.book.parked(found.slot);
        let mut order = old;
        if let Some(price) = amend.price {
            let Pricing::Limit(_) = old.pricing else {
                return Err(RejectReason::OrderHasNoLimit);
            };
            order.pricing = Pricing::Limit(price);
        }
        let Some(open) = self.open_after(found.slot, amend.quantity) else {
            self.take_off(found, CancelCause::Amended, events);
            return Ok(());
        };
        self.may_have_open(old.id, open, old.quantity)?;
        self.limits.quantity(open)?;
        order.quantity = open;
        if old.minimum > Quantity::ZERO && old.minimum >= old.quantity {
            order.minimum = open;
        }
        if let Some(display) = amend.display {
            order.display = display;
            self.check_shows(&order)?;
        }
        let mut limit = Price::new(0);
        if let Pricing::Limit(price) = order.pricing {
            self.check_price(order.side, price, open)?;
            limit = price;
        }
        self.check_terms(&order)?;
        let stage = match amend.trigger_price {
            Some(price) => Some(self.move_trigger(found.slot, &mut order, price)?),
            None => None,
        };
        let id = order.id;
        self.book.note_amended(found.slot);
        events.push(Event::Replaced {
            id,
            price: limit,
            quantity: open,
            priority: Priority::Kept,
        });
        if let (Some(stage), Some(price)) = (stage, amend.trigger_price) {
            // An expiry before this command may have moved prices: all others see that first, and this order does not.
            self.book.hide_trigger(found.slot);
            self.observe_present();
            self.book.set_trigger(found.slot, &order, stage);
            events.push(Event::TriggerMoved { id, price });
        }
        self.book.set_parked(found.slot, &order);
        Ok(())
    }

    /// Gives a trigger that is yet to be met another price: where its order stands then.
    fn move_trigger(
        &self,
        slot: OrderSlot,
        order: &mut Order,
        price: Price,
    ) -> Result<Stage, RejectReason> {
        let trigger = order.trigger.as_mut();
        let trigger = trigger.filter(|_| self.book.has_open_trigger(slot));
        let trigger = trigger.ok_or(RejectReason::TriggerAlreadyMet)?;
        if !self.book.in_band(price) {
            return Err(RejectReason::TriggerPriceOutOfBand);
        }
        trigger.price = price;
        let moved = *trigger;
        match self.book.stage(slot) {
            // Whatever the price is now.
            Stage::Held => Ok(Stage::Held),
            Stage::Set
            | Stage::Trails(_)
            | Stage::Elected(_)
            | Stage::Released
            | Stage::Unpriced
            | Stage::Referenced => self.first_stage(order, &moved),
        }
    }
}

pub(super) fn replaced(entry: &Incoming, priority: Priority) -> Event {
    Event::Replaced {
        id: entry.id,
        price: entry.price,
        quantity: entry.quantity,
        priority,
    }
}
