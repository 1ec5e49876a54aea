//! What the events of a command mean to the other orders of a list.

use pricetime::{Event, ListKind, OrderId, PartialFill, Quantity};

use super::List;
use crate::model::Model;

impl Model {
    /// Looks at events in sequence. What the lists themselves had done is not among them.
    pub(in crate::model) fn hear(&mut self, events: &[Event]) {
        for event in events {
            match *event {
                Event::Traded {
                    taker,
                    maker,
                    quantity,
                    taker_remaining,
                    maker_remaining,
                    ..
                } => {
                    self.with_list_of(maker, |list, place| {
                        list.traded(place, quantity, maker_remaining);
                    });
                    self.with_list_of(taker, |list, place| {
                        list.traded(place, quantity, taker_remaining);
                    });
                }
                Event::Prevented {
                    taker,
                    maker,
                    taker_remaining,
                    maker_remaining,
                    ..
                } => {
                    self.with_list_of(maker, |list, place| {
                        list.entered[place].open = maker_remaining.lots();
                    });
                    self.with_list_of(taker, |list, place| {
                        list.entered[place].open = taker_remaining.lots();
                    });
                }
                Event::Triggered { id, .. } => self.with_list_of(id, List::triggered),
                Event::Cancelled { id, .. } => self.with_list_of(id, List::cancelled),
                Event::Reduced { id, remaining, .. } => {
                    self.with_list_of(id, |list, place| list.changed(place, remaining));
                }
                Event::Replaced { id, quantity, .. } => {
                    self.with_list_of(id, |list, place| list.changed(place, quantity));
                }
                _ => {}
            }
        }
        self.forget_dead_lists();
    }

    /// Does this to the list of an order, if it is of one, and notes whether anything is due then.
    fn with_list_of(&mut self, id: OrderId, note: impl FnOnce(&mut List, usize)) {
        let mut lists = self.lists.iter_mut();
        let found = lists.find_map(|list| list.place_of(id).map(|place| (list, place)));
        if let Some((list, place)) = found {
            note(list, place);
            let number = list.number;
            if list.is_anything_due() && !self.due.contains(&number) {
                self.due.push(number);
            }
        }
    }

    pub(super) fn forget_dead_lists(&mut self) {
        self.lists
            .retain(|list| list.entered.iter().any(|leg| !leg.gone));
        let lists = &self.lists;
        self.due
            .retain(|number| lists.iter().any(|list| list.number == *number));
    }
}

impl List {
    fn is_anything_due(&self) -> bool {
        self.entered.iter().any(|leg| {
            let due = leg.is_to_go || leg.is_to_lose > 0 || leg.is_to_be_released;
            due && !leg.gone
        })
    }

    fn traded(&mut self, place: usize, quantity: Quantity, remaining: Quantity) {
        let leg = &mut self.entered[place];
        leg.open = remaining.lots();
        leg.gone = leg.open == 0;
        let is_whole = leg.gone;
        if self.is_working(place) {
            self.bought += quantity.lots();
            if is_whole {
                self.release_the_others();
            }
        } else if self.is_alternative(place) {
            match self.partial_fill {
                _ if is_whole => self.end_the_others(place),
                PartialFill::Cancels => self.end_the_others(place),
                PartialFill::Reduces => self.lessen_the_others(place, quantity.lots()),
                PartialFill::Waits => {}
            }
        }
    }

    fn triggered(&mut self, place: usize) {
        if self.is_alternative(place) && self.partial_fill == PartialFill::Cancels {
            self.end_the_others(place);
        }
    }

    fn cancelled(&mut self, place: usize) {
        self.entered[place].gone = true;
        let has_bought = self.kind == ListKind::OnePaysOther && self.bought > 0;
        if self.is_working(place) && has_bought {
            self.release_the_others();
        } else {
            self.end_the_others(place);
        }
    }

    /// An order was given another quantity.
    fn changed(&mut self, place: usize, now: Quantity) {
        let before = self.entered[place].open;
        self.entered[place].open = now.lots();
        let share_a_quantity = match self.kind {
            ListKind::OneCancelsOther | ListKind::OneTriggersOneCancelsOther => true,
            ListKind::OneCancelsMany | ListKind::OneTriggersOther | ListKind::OnePaysOther => false,
        };
        if share_a_quantity && self.is_alternative(place) && now.lots() < before {
            self.lessen_the_others(place, before - now.lots());
        }
    }

    /// All other orders are due to be cancelled. Where alternatives are about no other is left that is not one.
    fn end_the_others(&mut self, place: usize) {
        for (other, leg) in self.entered.iter_mut().enumerate() {
            leg.is_to_go |= other != place && !leg.gone;
        }
    }

    fn lessen_the_others(&mut self, place: usize, lots: u64) {
        for other in 0..self.entered.len() {
            if other != place && self.is_alternative(other) && !self.entered[other].gone {
                self.entered[other].is_to_lose += lots;
            }
        }
    }

    fn release_the_others(&mut self) {
        for leg in self.entered.iter_mut().skip(1) {
            leg.is_to_be_released = !leg.gone;
        }
    }
}
