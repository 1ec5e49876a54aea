//! Orders with a minimum that cross try again.
//!
//! Such an order may rest across the other side, because what it needs was not there. After every command those that
//! cross are tried as takers, bids before asks, in order of price and time.

use crate::book::{Incoming, OrderSlot};
use crate::engine::Engine;
use crate::engine::admit::reaches;
use crate::engine::plan::Look;
use crate::event::Events;
use crate::order::{PostOnly, Side};

impl Engine {
    /// Lets one order try again; `false` if none can trade, or if it does not fit behind the events from `start` on.
    pub(super) fn retry_one(&mut self, start: usize, events: &mut Events) -> bool {
        if !self.book.has_minimums() {
            return false;
        }
        let Some((order, entry)) = self.find_retry() else {
            return false;
        };
        let most = self.limits.events_max;
        let used = (events.len() - start) as u64;
        let fits = self.plan.events <= most.saturating_sub(used);
        if fits {
            self.carry_out_retry(order, &entry, events);
        }
        fits
    }

    /// The first order that would trade; its plan is in place.
    fn find_retry(&mut self) -> Option<(OrderSlot, Incoming)> {
        let mut plan = std::mem::take(&mut self.plan);
        // Every command has an event of its own; what takes more than the others would never fit.
        let usual = std::mem::replace(&mut plan.events_max, self.limits.cancels_max);
        let found = Side::BOTH.into_iter().find_map(|side| {
            let best = self.book.best_slot(side.opposite())?;
            let best = self.book.level_price(best);
            let levels = self.book.level_slots(side);
            let crossing =
                levels.take_while(|&level| reaches(side, self.book.level_price(level), best));
            let mut orders = crossing
                .filter(|&level| self.book.has_shadow(level))
                .flat_map(|level| self.book.orders_of(level));
            orders.find_map(|order| {
                let terms = self.book.terms(order)?;
                let is_due = terms.in_list && self.book.is_leg_due(self.book.order_id(order));
                let tries = terms.minimum > 0 && !is_due;
                if !tries || self.book.order_post_only(order) != PostOnly::Off {
                    return None;
                }
                let entry = self.book.as_incoming(self.book.entry(order));
                let party = self.party_again(&entry);
                let look = self.plan_for(&self.taker_of(&entry), &party, &mut plan);
                // One that would never fit is passed by.
                (look == Look::Enough).then_some((order, entry))
            })
        });
        plan.events_max = usual;
        self.plan = plan;
        found
    }

    fn carry_out_retry(&mut self, order: OrderSlot, entry: &Incoming, events: &mut Events) {
        let plan = std::mem::take(&mut self.plan);
        let mut taker = self.taker_of(entry);
        self.carry_out(&plan, &mut taker, events);
        if taker.lots == 0 || plan.is_ended {
            self.book.remove(self.book.entry(order));
        } else {
            let taken = entry.quantity.lots() - taker.lots;
            self.book.lose(order, taken);
            self.book.cut_total(order, taken - plan.traded);
        }
        self.plan = plan;
    }
}
