//! Orders whose price the book gives, and how they follow it.
//!
//! References are the best prices of orders that are shown and do not follow themselves, so that a move of one order that follows never moves
//! another: after a command every order is looked at once for each time that the references have moved, and only trades can move
//! them again.

use crate::book::{Found, Incoming, OrderSlot, Peg, Stage};
use crate::engine::Engine;
use crate::engine::line::{EVENTS_BESIDES, Run};
use crate::event::{CancelCause, Event, Events, RejectReason};
use crate::order::{Order, PegReference, PegUnit, PostOnly, Pricing, Repricing, Side, TimeInForce};
use crate::units::Price;

/// The most prices that an offset may count.
const LEVELS_MAX: i32 = 100;

/// Whether an order was moved.
pub(super) enum Moved {
    /// Every order that follows is where it should be.
    Nobody,
    One,
    /// One has to be, and it does not fit the events of the command.
    NoRoom,
}

impl Engine {
    /// Whether a peg makes sense.
    pub(super) fn check_peg(&self, order: &Order) -> Result<(), RejectReason> {
        let Pricing::Pegged {
            reference,
            repricing,
            unit,
            offset,
            ..
        } = order.pricing
        else {
            return Ok(());
        };
        let rests = match order.time_in_force {
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => true,
            TimeInForce::Ioc | TimeInForce::Fok => false,
        };
        let follows = repricing == Repricing::Live;
        let counts = match unit {
            PegUnit::Ticks => true,
            PegUnit::Levels => {
                !follows
                    && reference != PegReference::Midpoint
                    && (0..=LEVELS_MAX).contains(&offset)
            }
        };
        let posts = order.post_only == PostOnly::Off || reference == PegReference::Primary;
        if (follows && !rests) || !counts || !posts {
            return Err(RejectReason::PegMalformed);
        }
        Ok(())
    }

    /// The price that the book gives a pegged order now; `None` without a reference.
    pub(super) fn pegged_price(&self, side: Side, pricing: Pricing) -> Option<Price> {
        let Pricing::Pegged {
            reference,
            unit,
            offset,
            limit,
            ..
        } = pricing
        else {
            return None;
        };
        let from = match reference {
            PegReference::Primary | PegReference::Midpoint => side,
            PegReference::Market => side.opposite(),
        };
        let price = match (unit, reference) {
            (PegUnit::Levels, _) => {
                let mut prices = self.book.references(from);
                prices.nth(usize::try_from(offset).ok()?)?.ticks()
            }
            (PegUnit::Ticks, PegReference::Midpoint) => {
                let [bid, ask] = self.references_now();
                let sum = i128::from(bid?.ticks()) + i128::from(ask?.ticks());
                let middle = match side {
                    Side::Buy => sum.div_euclid(2),
                    Side::Sell => -(-sum).div_euclid(2),
                };
                (middle as i64).saturating_add(i64::from(offset))
            }
            (PegUnit::Ticks, PegReference::Primary | PegReference::Market) => {
                let best = self.references_now()[from as usize]?.ticks();
                best.saturating_add(i64::from(offset))
            }
        };
        let price = match side {
            Side::Buy => Price::new(price).min(limit),
            Side::Sell => Price::new(price).max(limit),
        };
        let (low, high) = (self.instrument.price_min(), self.instrument.price_max());
        Some(price.clamp(low, high))
    }

    /// Whether an order follows a reference, and there is none.
    pub(super) fn lacks_reference(&self, order: &Order) -> bool {
        follows(order.pricing) && self.pegged_price(order.side, order.pricing).is_none()
    }

    /// The references. What happens after a command looks once for each thing that may have moved them, for it costs a step for each order that
    /// follows and stands before them.
    fn references_now(&self) -> [Option<Price>; 2] {
        match self.looked {
            Some(references) => references,
            None => Side::BOTH.map(|side| self.book.reference(side)),
        }
    }

    /// Sees whether the references have moved since the event before `told`: then who waits for one that is there comes to the line, and those
    /// that follow have to be looked at again.
    pub(super) fn observe_references(&mut self, told: &[Event]) {
        if !self.book.has_followers() {
            (self.looked, self.references) = (None, [None; 2]);
            return;
        }
        // One that follows, and moves without trading, is no reference before or after.
        let may_move = |event: &Event| {
            !matches!(
                event,
                Event::Repriced { .. }
                    | Event::Slid { .. }
                    | Event::Rested { .. }
                    | Event::RestedHidden { .. }
            )
        };
        if self.looked.is_some() && !told.iter().any(may_move) {
            return;
        }
        self.looked = None;
        let references = self.references_now();
        self.looked = Some(references);
        if references == self.references {
            return;
        }
        self.references = references;
        self.book.followers_unseen();
        let mut after = None;
        while let Some(order) = self.book.next_unpriced(after) {
            after = Some(order);
            if !self.lacks_reference(&self.book.parked(order)) {
                self.book.set_stage(order, Stage::Referenced);
            }
        }
    }

    /// Moves the first order that is not where its reference says.
    pub(super) fn move_one(&mut self, start: usize, events: &mut Events) -> Moved {
        let Some((order, price)) = self.find_move() else {
            return Moved::Nobody;
        };
        let found = self.book.entry(order);
        let mut entry = self.book.as_incoming(found);
        entry.price = price;
        if let Some(peg) = entry.terms.as_mut().and_then(|terms| terms.peg.as_mut()) {
            peg.target = price;
        }
        let mut run = self.foresee_move(found, entry);
        let needed = self.events_of(&mut run, EVENTS_BESIDES);
        if !self.fits(needed, start, events) {
            return Moved::NoRoom;
        }
        self.book.lift(found.slot);
        let id = entry.id;
        events.push(Event::Repriced { id, price });
        match run {
            Ok(mut run) => self.work(&mut run.entry, run.placed, run.course, events),
            Err(reason) => {
                events.push(Event::Refused { id, reason });
                events.push(Event::Cancelled {
                    id,
                    cause: CancelCause::Refused,
                    quantity: entry.quantity,
                });
                self.book.vacate(found);
            }
        }
        Moved::One
    }

    fn find_move(&mut self) -> Option<(OrderSlot, Price)> {
        loop {
            let order = self.book.next_follower()?;
            let side = self.book.level_side(self.book.order_level(order));
            let peg = self.book.terms(order).and_then(|terms| terms.peg);
            let peg = peg.expect("who follows has a peg");
            match self.pegged_price(side, peg.pricing()) {
                Some(price) if price != peg.target => return Some((order, price)),
                Some(_) | None => self.book.follower_seen(),
            }
        }
    }

    /// What an order will do that leaves its place for another price.
    fn foresee_move(&mut self, found: Found, entry: Incoming) -> Result<Run, RejectReason> {
        self.check_price(entry.side, entry.price, entry.quantity)?;
        let placed = self.place(&entry)?;
        let level = self.book.order_level(found.slot);
        let frees_level = self.book.all_level_orders(level) == 1;
        self.room_to_move(found, &entry, placed, frees_level)?;
        let party = self.party_again(&entry);
        let course = self.course_foreseen(&entry, &party, placed, frees_level)?;
        Ok(Run {
            entry,
            placed,
            course,
        })
    }
}

/// Whether an order's price moves with its reference.
pub(super) fn follows(pricing: Pricing) -> bool {
    match pricing {
        Pricing::Pegged { repricing, .. } => repricing == Repricing::Live,
        Pricing::Limit(_) | Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => {
            false
        }
    }
}

/// How an order of this pricing follows from this price on, if it does.
pub(super) fn peg_of(pricing: Pricing, target: Price) -> Option<Peg> {
    match pricing {
        Pricing::Pegged {
            reference,
            repricing: Repricing::Live,
            offset,
            limit,
            ..
        } => Some(Peg {
            reference,
            offset,
            limit,
            target,
        }),
        Pricing::Pegged { .. }
        | Pricing::Limit(_)
        | Pricing::Market
        | Pricing::Protected(_)
        | Pricing::MarketToLimit => None,
    }
}

impl Peg {
    /// The pricing that it was entered with.
    pub(super) fn pricing(&self) -> Pricing {
        Pricing::Pegged {
            reference: self.reference,
            repricing: Repricing::Live,
            unit: PegUnit::Ticks,
            offset: self.offset,
            limit: self.limit,
        }
    }
}
