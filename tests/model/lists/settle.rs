//! What is due is done: orders of lists are cancelled, made smaller or released.

use pricetime::{CancelCause, Event, OrderId, Quantity};

use super::Leg;
use crate::model::Model;

impl Model {
    /// Does what is due, and says whether all of it fits: there may be `end` events, no more.
    pub(in crate::model) fn settle_lists(&mut self, end: usize, events: &mut Vec<Event>) -> bool {
        if !self.due.is_empty() && self.has_waited {
            self.notes.push("lists settled by a later command");
        }
        self.has_waited = false;
        while let Some(number) = self.next_due() {
            if !self.settle_list(number, end, events) {
                self.notes.push("lists to be settled by a later command");
                self.has_waited = true;
                return false;
            }
            self.due.retain(|due| *due != number);
            self.forget_dead_lists();
        }
        true
    }

    /// Those of which an order is due to lose come first.
    fn next_due(&self) -> Option<u64> {
        let loses = |number: &&u64| {
            let list = self.list(**number);
            list.is_some_and(|list| {
                list.entered
                    .iter()
                    .any(|leg| !leg.gone && leg.is_to_lose > 0)
            })
        };
        self.due.iter().find(loses).or(self.due.first()).copied()
    }

    fn settle_list(&mut self, number: u64, end: usize, events: &mut Vec<Event>) -> bool {
        let steps = [Self::settle_end, Self::settle_loss, Self::settle_release];
        for step in steps {
            let legs = self.list(number).expect("it lives").entered.len();
            for place in 0..legs {
                if !step(self, number, place, end, events) {
                    return false;
                }
            }
        }
        true
    }

    fn settle_end(
        &mut self,
        number: u64,
        place: usize,
        end: usize,
        events: &mut Vec<Event>,
    ) -> bool {
        let leg = self.leg_at(number, place);
        if leg.gone || !leg.is_to_go {
            return true;
        }
        self.end_leg(number, place, end, events)
    }

    fn settle_loss(
        &mut self,
        number: u64,
        place: usize,
        end: usize,
        events: &mut Vec<Event>,
    ) -> bool {
        let leg = self.leg_at(number, place);
        if leg.gone || leg.is_to_lose == 0 {
            return true;
        }
        if leg.is_to_lose >= leg.open {
            self.notes.push("an order of a list loses all");
            return self.end_leg(number, place, end, events);
        }
        self.lessen_leg(number, place, leg.is_to_lose, end, events)
    }

    fn settle_release(
        &mut self,
        number: u64,
        place: usize,
        end: usize,
        events: &mut Vec<Event>,
    ) -> bool {
        let leg = self.leg_at(number, place);
        if leg.gone || !leg.is_to_be_released {
            return true;
        }
        let list = self.list(number).expect("it lives");
        let bought = match list.kind {
            pricetime::ListKind::OnePaysOther => list.bought,
            _ => u64::MAX,
        };
        if leg.open > bought {
            if !self.lessen_leg(number, place, leg.open - bought, end, events) {
                return false;
            }
            self.notes.push("cut to what was bought");
        }
        self.leg_mut(number, place).is_to_be_released = false;
        self.elected.push((leg.id, None));
        true
    }

    fn end_leg(&mut self, number: u64, place: usize, end: usize, events: &mut Vec<Event>) -> bool {
        if events.len() >= end {
            return false;
        }
        let leg = self.leg_mut(number, place);
        leg.gone = true;
        let id = leg.id;
        self.cancel_order(id, CancelCause::List, events);
        true
    }

    fn lessen_leg(
        &mut self,
        number: u64,
        place: usize,
        by: u64,
        end: usize,
        events: &mut Vec<Event>,
    ) -> bool {
        if events.len() >= end {
            return false;
        }
        let leg = self.leg_mut(number, place);
        leg.open -= by;
        leg.is_to_lose = 0;
        let (id, left) = (leg.id, leg.open);
        assert_eq!(self.take_off(id, by), left, "its events tell what is open");
        events.push(Event::Reduced {
            id,
            by: Quantity::new(by),
            remaining: Quantity::new(left),
        });
        true
    }

    /// Makes an order smaller where it is, and says what is left.
    fn take_off(&mut self, id: OrderId, by: u64) -> u64 {
        if let Some(waiting) = self.waits_mut(id) {
            let left = waiting.order.quantity.lots() - by;
            waiting.order.quantity = Quantity::new(left);
            return left;
        }
        let found = self.selected(|order| order.id == id);
        let mut order = *found.first().expect("the order is live");
        order.lose(by);
        self.put_back(order);
        order.open
    }

    fn leg_at(&self, number: u64, place: usize) -> Leg {
        self.list(number).expect("it lives").entered[place]
    }

    fn leg_mut(&mut self, number: u64, place: usize) -> &mut Leg {
        let mut lists = self.lists.iter_mut();
        let list = lists.find(|list| list.number == number);
        &mut list.expect("it lives").entered[place]
    }
}
