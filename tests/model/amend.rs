//! New terms for a live order: which there may be, and whether it keeps its place.

use pricetime::{
    Amend, AmendPolicy, AmendQuantity, CancelCause, Display, Event, OrderId, Price, Pricing,
    Priority, Quantity, RejectReason, Replace, Trigger, TriggerOnEntry, TriggerStart,
};

use super::enter::{can_rest, second_look};
use super::held::Held;
use super::waiting::{Awaits, Live, Waiting};
use super::walk::Taker;
use super::{Model, Outcome};

impl Model {
    pub(super) fn replace(&mut self, asked: &Replace, events: &mut Vec<Event>) -> Outcome {
        let amend = Amend {
            id: asked.id,
            owner: asked.owner,
            price: asked.price,
            quantity: asked.quantity,
            display: None,
            trigger_price: None,
        };
        self.amend(&amend, events)
    }

    pub(super) fn amend(&mut self, asked: &Amend, events: &mut Vec<Event>) -> Outcome {
        let live = self.owned(asked.id, asked.owner)?;
        let limits = self.instrument.account_limits();
        let most = limits.order_amends;
        if most.is_some_and(|most| self.history.amends(asked.id) >= most) {
            return Err(RejectReason::AmendedTooOften);
        }
        let all = self
            .live()
            .into_iter()
            .filter(|other| other.account == live.account);
        let together: u32 = all.map(|other| self.history.amends(other.id)).sum();
        if limits.amends.is_some_and(|most| together >= most) {
            return Err(RejectReason::AccountAmendsFull);
        }
        if asked.price.is_some() {
            self.check_limit_is_its_own(asked.id)?;
        }
        let Some(open) = self.open_after(&live, asked.quantity) else {
            self.cancel_order(asked.id, CancelCause::Amended, events);
            return Ok(());
        };
        if open > live.open && self.must_not_grow(asked.id) {
            return Err(RejectReason::ListLegCannotGrow);
        }
        self.check_quantity(Quantity::new(open))?;
        match self.waits(asked.id) {
            Some(waiting) => self.amend_waiting(*waiting, asked, open, events),
            None => self.amend_resting(self.resting[self.index(asked.id)], asked, open, events),
        }
    }

    /// A price may be given only to an order that names its limit.
    fn check_limit_is_its_own(&self, id: OrderId) -> Outcome {
        match self.waits(id) {
            None if self.follows(id) => Err(RejectReason::OrderFollowsReference),
            Some(waiting) if !matches!(waiting.order.pricing, Pricing::Limit(_)) => {
                Err(RejectReason::OrderHasNoLimit)
            }
            None | Some(_) => Ok(()),
        }
    }

    /// Whether a resting order has its price from a reference that moves.
    fn follows(&self, id: OrderId) -> bool {
        let mut resting = self.resting.iter();
        resting.any(|order| order.id == id && order.peg.is_some())
    }

    /// Whether the order is one of a list.
    fn must_not_grow(&self, id: OrderId) -> bool {
        self.list_of(id).is_some()
    }

    /// Whether the order is held for its list.
    fn is_held(&self, id: OrderId) -> bool {
        let waits = self.waits(id);
        waits.is_some_and(|waiting| waiting.awaits == Awaits::List)
    }

    /// How much is to be open; `None` if no less has traded than is wanted in total.
    fn open_after(&self, live: &Live, asked: Option<Quantity>) -> Option<u64> {
        let Some(asked) = asked else {
            return Some(live.open);
        };
        match self.instrument.amend_quantity() {
            AmendQuantity::Open => Some(asked.lots()),
            AmendQuantity::Total => {
                let traded = self.history.traded(live.id);
                asked.lots().checked_sub(traded).filter(|open| *open > 0)
            }
        }
    }

    /// Whether an order of this quantity and minimum may be shown so.
    fn check_display(&self, display: Display, whole: Quantity, minimum: u64) -> Outcome {
        let Display::Peak {
            quantity,
            spread_bps,
            ..
        } = display
        else {
            return Ok(());
        };
        if quantity == Quantity::ZERO || quantity > whole || spread_bps > 9_999 {
            return Err(RejectReason::PeakOutOfRange);
        }
        self.check_peaks(display, whole)?;
        if minimum > 0 {
            return Err(RejectReason::MinimumWithPeak);
        }
        Ok(())
    }

    fn amend_resting(
        &mut self,
        old: Held,
        asked: &Amend,
        open: u64,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let quantity = Quantity::new(open);
        if let Some(display) = asked.display {
            self.check_display(display, quantity, old.minimum)?;
        }
        let price = asked.price.unwrap_or(old.price);
        self.check_price(old.side, price, quantity)?;
        if asked.display.is_none() && open != old.open {
            self.check_peaks(old.display, quantity)?;
        }
        if asked.trigger_price.is_some() {
            return Err(RejectReason::TriggerAlreadyMet);
        }
        // All-or-none of what it was is all-or-none of what it is to be.
        let minimum = if old.is_all_or_none() && open != old.open {
            open
        } else {
            old.minimum
        };
        let mut new = Held {
            price,
            open,
            minimum,
            display: asked.display.unwrap_or(old.display),
            ..old
        };
        new.shown = shown_in_place(&old, &new);
        let policy = self.instrument.amend_policy();
        if keeps_place(policy, &old, &new) {
            self.change_in_place(&old, new, events);
            return Ok(());
        }
        if policy == AmendPolicy::OnlyLessQuantity {
            return Err(RejectReason::AmendNotAllowed);
        }
        self.leave_and_come_back(new, events)
    }

    fn change_in_place(&mut self, old: &Held, new: Held, events: &mut Vec<Event>) {
        self.put_back(new);
        events.push(replaced(&new, Priority::Kept));
        if new.open > old.open || new.display != old.display {
            events.push(Event::Refreshed {
                id: new.id,
                displayed: Quantity::new(new.shown),
                hidden: Quantity::new(new.hidden()),
                priority: Priority::Kept,
            });
        }
    }

    /// Takes an order off the book and enters it again with its new terms.
    fn leave_and_come_back(&mut self, new: Held, events: &mut Vec<Event>) -> Outcome {
        let mut without = self.clone();
        without.resting.retain(|order| order.id != new.id);
        let mut order = Held { arrived: 0, ..new };
        let slid;
        (order.price, slid) = without.post_only_price(&order)?;
        without.check_room(&order)?;
        let walk = without.attempt(&Taker::of(&order, Some(order.price), order.needs()));
        without.check_walk(&order, walk.as_ref())?;
        events.push(replaced(&new, Priority::Lost));
        events.extend(slid);
        let note = second_look(walk.as_ref());
        without.settle(order, walk, events);
        without.notes.extend(note);
        *self = without;
        Ok(())
    }

    fn amend_waiting(
        &mut self,
        mut waiting: Waiting,
        asked: &Amend,
        open: u64,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let order = &mut waiting.order;
        let was_all_or_none = order.minimum > Quantity::ZERO && order.minimum >= order.quantity;
        order.quantity = Quantity::new(open);
        if let Some(display) = asked.display {
            if display != Display::Whole && !can_rest(order.time_in_force) {
                return Err(RejectReason::HiddenCannotRest);
            }
            self.check_display(display, order.quantity, order.minimum.lots())?;
            order.display = display;
        }
        let mut limit = Price::new(0);
        if let Pricing::Limit(old) = order.pricing {
            limit = asked.price.unwrap_or(old);
            self.check_price(order.side, limit, order.quantity)?;
            order.pricing = Pricing::Limit(limit);
        }
        self.check_peaks(order.display, order.quantity)?;
        if let Display::Peak { quantity, .. } = order.display
            && quantity > order.quantity
        {
            return Err(RejectReason::PeakOutOfRange);
        }
        if was_all_or_none {
            order.minimum = order.quantity;
        }
        if order.minimum > order.quantity {
            return Err(RejectReason::MinimumTooLarge);
        }
        let (id, quantity) = (order.id, order.quantity);
        let mut met_by = None;
        if let Some(price) = asked.trigger_price {
            met_by = self.move_trigger(&mut waiting, price)?;
        }
        *self.waits_mut(id).expect("it waits") = waiting;
        self.elected.extend(met_by.map(|price| (id, Some(price))));
        events.push(Event::Replaced {
            id,
            price: limit,
            quantity,
            priority: Priority::Kept,
        });
        let moved = asked.trigger_price;
        events.extend(moved.map(|price| Event::TriggerMoved { id, price }));
        Ok(())
    }

    /// Gives a waiting order another price to wait for, and says which price elects it at once.
    fn move_trigger(
        &mut self,
        waiting: &mut Waiting,
        price: Price,
    ) -> Result<Option<Price>, RejectReason> {
        let id = waiting.order.id;
        let starts_at_price = |trigger: Trigger| trigger.start == TriggerStart::AtPrice;
        let is_fixed = waiting.order.trigger.is_some_and(starts_at_price);
        let awaits_reference = waiting.awaits == Awaits::Reference;
        if !is_fixed || waiting.started || awaits_reference || self.is_elected(id) {
            return Err(RejectReason::TriggerAlreadyMet);
        }
        self.check_trigger_price(price)?;
        waiting.order.trigger = Some(Trigger {
            price,
            ..waiting.trigger()
        });
        let now = self.price_now(waiting.feed());
        let met_by = now.filter(|now| waiting.is_met_by(*now) && !self.is_held(id));
        let policy = self.instrument.trigger_on_entry();
        if met_by.is_some() && policy == TriggerOnEntry::Refused {
            return Err(RejectReason::WouldTriggerAtOnce);
        }
        // It has seen the prices that are there, as a new order has.
        self.sees_what_is_there(id);
        if met_by.is_none() {
            return Ok(None);
        }
        if policy == TriggerOnEntry::Waits {
            self.notes.push("moved trigger met already, waits");
            return Ok(None);
        }
        if waiting.trails() {
            (waiting.started, waiting.best) = (true, met_by);
            self.notes.push("moved trigger met already, trail starts");
            return Ok(None);
        }
        self.notes.push("moved trigger met already, fires");
        Ok(met_by)
    }
}

/// What an order shows where it stands, if its terms become these there.
fn shown_in_place(old: &Held, new: &Held) -> u64 {
    if new.display != old.display {
        return new.first_shown();
    }
    if new.open <= old.open {
        return old.shown.min(new.open);
    }
    match new.display {
        Display::Whole => new.open,
        Display::Hidden => 0,
        Display::Peak { .. } => old.shown,
    }
}

fn keeps_place(policy: AmendPolicy, old: &Held, new: &Held) -> bool {
    if new.price != old.price {
        return false;
    }
    match policy {
        AmendPolicy::LessQuantity | AmendPolicy::OnlyLessQuantity => {
            new.open < old.open && new.display == old.display
        }
        AmendPolicy::NoMoreDisplayed => {
            let begins_to_hide = old.display == Display::Whole && new.display != Display::Whole;
            new.shown <= old.shown && (new.shown == 0) == (old.shown == 0) && !begins_to_hide
        }
    }
}

fn replaced(new: &Held, priority: Priority) -> Event {
    Event::Replaced {
        id: new.id,
        price: new.price,
        quantity: Quantity::new(new.open),
        priority,
    }
}
