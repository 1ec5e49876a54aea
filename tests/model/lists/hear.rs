//! What the events of a command mean to the other orders of a list.

use pricetime::{CancelCause, Event, ListKind, OrderId, PartialFill, Quantity};

use super::List;
use crate::model::Model;

type Notes = Vec<&'static str>;

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
                    self.with_list_of(maker, |list, place, notes| {
                        list.traded(place, quantity, maker_remaining, notes);
                    });
                    self.with_list_of(taker, |list, place, notes| {
                        list.traded(place, quantity, taker_remaining, notes);
                    });
                }
                Event::Prevented {
                    taker,
                    maker,
                    taker_remaining,
                    maker_remaining,
                    ..
                } => {
                    self.with_list_of(maker, |list, place, _| {
                        list.entered[place].open = maker_remaining.lots();
                    });
                    self.with_list_of(taker, |list, place, _| {
                        list.entered[place].open = taker_remaining.lots();
                    });
                }
                Event::Held { id, .. } => {
                    let legs = self.lists.iter_mut().flat_map(|list| &mut list.entered);
                    let mut coming = legs.filter(|leg| leg.id == id && !leg.has_come);
                    coming.next().expect("an order of a list").has_come = true;
                }
                Event::Triggered { id, .. } => self.with_list_of(id, List::triggered),
                Event::Cancelled { id, cause, .. } => {
                    self.with_list_of(id, |list, place, notes| list.cancelled(place, cause, notes));
                }
                Event::Reduced { id, remaining, .. } => {
                    self.with_list_of(id, |list, place, notes| {
                        list.changed(place, remaining, notes)
                    });
                }
                Event::Replaced { id, quantity, .. } => {
                    self.with_list_of(id, |list, place, notes| {
                        list.changed(place, quantity, notes)
                    });
                }
                _ => {}
            }
        }
        self.forget_dead_lists();
    }

    /// Does this to the list of an order, if it is of one, and notes whether anything is due then.
    fn with_list_of(&mut self, id: OrderId, note: impl FnOnce(&mut List, usize, &mut Notes)) {
        let mut lists = self.lists.iter_mut();
        let found = lists.find_map(|list| list.place_of(id).map(|place| (list, place)));
        if let Some((list, place)) = found {
            note(list, place, &mut self.notes);
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

    fn traded(&mut self, place: usize, quantity: Quantity, remaining: Quantity, notes: &mut Notes) {
        let leg = &mut self.entered[place];
        leg.open = remaining.lots();
        leg.gone = leg.open == 0;
        let is_whole = leg.gone;
        if self.is_working(place) {
            self.bought += quantity.lots();
            if is_whole {
                self.release_the_others();
                notes.push("working order traded whole");
            }
        } else if self.is_alternative(place) {
            match self.partial_fill {
                _ if is_whole => {
                    self.end_the_others(place);
                    notes.push("whole trade ends the others");
                }
                PartialFill::Cancels => {
                    self.end_the_others(place);
                    notes.push("partial trade ends the others");
                }
                PartialFill::Reduces => {
                    self.lessen_the_others(place, quantity.lots());
                    notes.push("partial trade lessens the others");
                }
                PartialFill::Waits => notes.push("partial trade leaves the others"),
            }
        }
    }

    fn triggered(&mut self, place: usize, notes: &mut Notes) {
        if self.is_alternative(place) && self.partial_fill == PartialFill::Cancels {
            self.end_the_others(place);
            notes.push("trigger ends the others");
        }
    }

    fn cancelled(&mut self, place: usize, cause: CancelCause, notes: &mut Notes) {
        self.entered[place].gone = true;
        if self.entered.iter().all(|leg| leg.gone) {
            return;
        }
        let has_bought = self.kind == ListKind::OnePaysOther && self.bought > 0;
        if self.is_working(place) && has_bought {
            self.release_the_others();
            notes.push("working order bought in part");
        } else {
            self.end_the_others(place);
            notes.push(ended_with(cause));
        }
    }

    /// An order was given another quantity.
    fn changed(&mut self, place: usize, now: Quantity, notes: &mut Notes) {
        let before = self.entered[place].open;
        self.entered[place].open = now.lots();
        let share_a_quantity = match self.kind {
            ListKind::OneCancelsOther | ListKind::OneTriggersOneCancelsOther => true,
            ListKind::OneCancelsMany | ListKind::OneTriggersOther | ListKind::OnePaysOther => false,
        };
        if share_a_quantity && self.is_alternative(place) && now.lots() < before {
            self.lessen_the_others(place, before - now.lots());
            notes.push("alternative made smaller");
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

/// How the end of an order that took its list with it is named.
fn ended_with(cause: CancelCause) -> &'static str {
    match cause {
        CancelCause::Requested => "list ends with an order cancelled",
        CancelCause::Expired => "list ends with an order expired",
        CancelCause::DayEnded => "list ends with the day of an order",
        CancelCause::Mass => "list ends with a mass cancel",
        CancelCause::SelfTrade => "list ends with an order prevented",
        CancelCause::NotFilledAtOnce
        | CancelCause::FillOrKill
        | CancelCause::MinimumNotMet
        | CancelCause::OutOfRange => "list ends with an order that finds nobody",
        CancelCause::Refused => "list ends with an order refused",
        CancelCause::Amended | CancelCause::Replaced | CancelCause::List => {
            "list ends with an order replaced"
        }
    }
}
