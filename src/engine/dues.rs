//! What happens to an order of a list means to the others, and doing what is due.
//!
//! ```text
//!   a command's events, in sequence -> what each means to the list of its order -> what is due for others
//!   settling: list by list, cancel, reduce, release; what does not fit the command's events goes on with the next one
//! ```
//!
//! Nothing looks at the lists while orders trade, but a taker that plans: it passes by the alternatives that its own trades, or what
//! is due already, will cancel. A list has at most eight orders, so that each event makes at most seven others due.
//!
//! Cancels may come late: who is due to go trades with nobody. Losses may not, for what they leave goes on: they are counted among the events of
//! the taker that causes them, and settled before cancels.

use crate::book::{LEGS, Leg, Life, OrderList};
use crate::engine::Engine;
use crate::engine::plan::Plan;
use crate::event::{CancelCause, Event, Events};
use crate::order::{ListKind, OrderId, PartialFill};
use crate::units::Quantity;

/// What happened to an order of a list.
enum Happening {
    Traded {
        lots: u64,
        left: u64,
    },
    Triggered,
    /// It is so open now, and by what the command asked for, or not.
    Changed {
        left: u64,
        asked: bool,
    },
    Ended,
}

/// What is to be done with an order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Due {
    Cancel(usize),
    Loss(usize),
    Release(usize),
}

impl Happening {
    fn changed(left: Quantity, asked: bool) -> Self {
        let left = left.lots();
        Self::Changed { left, asked }
    }
}

impl Engine {
    /// Tells the lists what has happened.
    pub(super) fn tell_lists(&mut self, events: &[Event]) {
        if self.book.lists() == 0 {
            return;
        }
        for event in events {
            self.tell_list(event);
        }
    }

    fn tell_list(&mut self, event: &Event) {
        match *event {
            Event::Traded {
                taker,
                maker,
                quantity,
                taker_remaining,
                maker_remaining,
                ..
            } => {
                let traded = |left: Quantity| Happening::Traded {
                    lots: quantity.lots(),
                    left: left.lots(),
                };
                self.happened(maker, &traded(maker_remaining));
                self.happened(taker, &traded(taker_remaining));
            }
            Event::Prevented {
                taker,
                maker,
                taker_remaining,
                maker_remaining,
                ..
            } => {
                self.happened(maker, &Happening::changed(maker_remaining, false));
                self.happened(taker, &Happening::changed(taker_remaining, false));
            }
            Event::Reduced { id, remaining, .. } => {
                self.happened(id, &Happening::changed(remaining, true));
            }
            Event::Replaced { id, quantity, .. } => {
                self.happened(id, &Happening::changed(quantity, true));
            }
            Event::Triggered { id, .. } => self.happened(id, &Happening::Triggered),
            Event::Cancelled { id, .. } => self.happened(id, &Happening::Ended),
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Waits { .. }
            | Event::Held { .. }
            | Event::ListStarted { .. }
            | Event::Released { .. }
            | Event::Duplicate { .. }
            | Event::Repriced { .. }
            | Event::TriggerMoved { .. }
            | Event::Refused { .. }
            | Event::MarkSet { .. }
            | Event::Priced { .. }
            | Event::RestedHidden { .. }
            | Event::Refreshed { .. }
            | Event::Rested { .. }
            | Event::Slid { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    /// What something that happened to an order means to the others of its list.
    fn happened(&mut self, id: OrderId, happening: &Happening) {
        let Some((number, leg)) = self.book.leg_of(id) else {
            return;
        };
        let list = self.book.list_mut(number);
        let is_gone = match *happening {
            Happening::Traded { lots, left } => {
                list.leg_traded(leg, lots, left);
                left == 0
            }
            Happening::Triggered => {
                if list.is_alternative(leg) && list.partial_fill == PartialFill::Cancels {
                    list.cancel_other_alternatives(leg);
                }
                false
            }
            Happening::Changed { left, asked } => {
                list.leg_changed(leg, left, asked);
                false
            }
            Happening::Ended => {
                list.leg_ended(leg);
                true
            }
        };
        self.book.note_due(number);
        if is_gone {
            self.book.leg_gone(number, leg);
        }
    }

    /// Whether a taker passes by an order of a list: because of what is due for it, or because the taker trades with another.
    pub(super) fn is_passed_by(&self, id: u64, plan: &Plan) -> bool {
        let Some((number, leg)) = self.book.leg_of(OrderId(id)) else {
            return false;
        };
        let list = self.book.list(number);
        let (walk, other) = plan.lists[number as usize];
        let is_other = walk == plan.walk && usize::from(other) != leg && list.is_alternative(leg);
        list.legs[leg].is_due() || is_other
    }

    /// Notes that a taker trades with an order of a list, so that it passes by the others if that cancels or reduces them.
    pub(super) fn pass_by_others(&self, id: u64, is_whole: bool, plan: &mut Plan) {
        let Some((number, leg)) = self.book.leg_of(OrderId(id)) else {
            return;
        };
        let list = self.book.list(number);
        let does = match list.partial_fill {
            PartialFill::Cancels | PartialFill::Reduces => true,
            PartialFill::Waits => is_whole,
        };
        if !does || !list.is_alternative(leg) {
            return;
        }
        let chosen = (plan.walk, leg as u8);
        if !is_whole && plan.lists[number as usize] != chosen {
            plan.events += list.losses_of(leg);
        }
        plan.lists[number as usize] = chosen;
    }

    /// How many others an order will make smaller if it trades in part.
    pub(super) fn losses_of(&self, id: OrderId) -> u64 {
        let leg = self.book.leg_of(id);
        leg.map_or(0, |(number, leg)| self.book.list(number).losses_of(leg))
    }

    /// Does what is due, told of all events from `told` on; `false` if not all of it fits the command.
    pub(super) fn settle(&mut self, start: usize, told: &mut usize, events: &mut Events) -> bool {
        self.tell_lists(&events.as_slice()[*told..]);
        let mut is_done = true;
        while let Some(number) = self.book.first_due() {
            let due = self.book.list(number).next_due();
            let has_event = matches!(due, Some(Due::Cancel(_) | Due::Loss(_)));
            if has_event && !self.fits(1, start, events) {
                is_done = false;
                break;
            }
            match due {
                Some(Due::Cancel(leg)) => self.cancel_leg(number, leg, events),
                Some(Due::Loss(leg)) => self.reduce_leg(number, leg, events),
                Some(Due::Release(leg)) => self.release(number, leg),
                None => self.book.due_done(number),
            }
        }
        // What settling appends means nothing more.
        *told = events.len();
        is_done
    }

    fn cancel_leg(&mut self, number: u32, leg: usize, events: &mut Events) {
        let id = self.book.list(number).legs[leg].id;
        let found = self.book.find(id).expect("a live order is indexed");
        self.take_off(found, CancelCause::List, events);
        self.book.leg_gone(number, leg);
    }

    fn reduce_leg(&mut self, number: u32, leg: usize, events: &mut Events) {
        let leg = &mut self.book.list_mut(number).legs[leg];
        let by = std::mem::take(&mut leg.loss);
        leg.open -= by;
        let (id, left) = (leg.id, leg.open);
        let found = self.book.find(id).expect("a live order is indexed");
        self.book.reduce(found.slot, by);
        events.push(Event::Reduced {
            id,
            by: Quantity::new(by),
            remaining: Quantity::new(left),
        });
    }
}

impl OrderList {
    /// What is to be done next: cancels, then losses, then releases, each in the sequence of its orders.
    fn next_due(&self) -> Option<Due> {
        let first = |is_due: fn(&Leg) -> bool| self.live().find(|&leg| is_due(&self.legs[leg]));
        if let Some(leg) = first(|leg| leg.cancel) {
            return Some(Due::Cancel(leg));
        }
        if let Some(leg) = first(|leg| leg.loss > 0) {
            let is_all = self.legs[leg].loss >= self.legs[leg].open;
            return Some(if is_all {
                Due::Cancel(leg)
            } else {
                Due::Loss(leg)
            });
        }
        first(|leg| leg.release).map(Due::Release)
    }

    fn leg_traded(&mut self, leg: usize, lots: u64, left: u64) {
        let traded = &mut self.legs[leg];
        traded.traded = traded.traded.saturating_add(lots);
        traded.open = left;
        match (self.is_alternative(leg), left == 0) {
            (true, true) => self.cancel_other_alternatives(leg),
            (true, false) => match self.partial_fill {
                PartialFill::Cancels => self.cancel_other_alternatives(leg),
                PartialFill::Reduces => self.take_off_other_alternatives(leg, lots),
                PartialFill::Waits => {}
            },
            (false, true) if leg == 0 => self.release_held(),
            (false, _) => {}
        }
    }

    fn leg_changed(&mut self, leg: usize, left: u64, asked: bool) {
        let less = self.legs[leg].open.saturating_sub(left);
        self.legs[leg].open = left;
        let is_pair = match self.kind {
            ListKind::OneCancelsOther | ListKind::OneTriggersOneCancelsOther => true,
            ListKind::OneCancelsMany | ListKind::OneTriggersOther | ListKind::OnePaysOther => false,
        };
        if asked && is_pair && self.is_alternative(leg) {
            self.take_off_other_alternatives(leg, less);
        }
    }

    fn leg_ended(&mut self, leg: usize) {
        let has_bought = self.kind == ListKind::OnePaysOther && self.legs[leg].traded > 0;
        if leg == 0 && has_bought {
            return self.release_held();
        }
        for other in self.live().filter(|&other| other != leg) {
            self.legs[other].cancel = true;
        }
    }

    fn cancel_other_alternatives(&mut self, leg: usize) {
        for other in self.other_alternatives(leg) {
            self.legs[other].cancel = true;
        }
    }

    fn take_off_other_alternatives(&mut self, leg: usize, lots: u64) {
        for other in self.other_alternatives(leg) {
            self.legs[other].loss = self.legs[other].loss.saturating_add(lots);
        }
    }

    fn other_alternatives(&self, leg: usize) -> impl Iterator<Item = usize> + use<> {
        let first = self.first_alternative().unwrap_or(LEGS);
        self.live()
            .filter(move |&other| other >= first && other != leg)
    }

    /// How many others an order will make smaller if it trades in part.
    fn losses_of(&self, leg: usize) -> u64 {
        let reduces = self.partial_fill == PartialFill::Reduces && self.is_alternative(leg);
        match reduces {
            true => self.other_alternatives(leg).count() as u64,
            false => 0,
        }
    }

    /// The working order has done its part. Who pays with what was bought has no more than that.
    fn release_held(&mut self) {
        let bought = self.legs[0].traded;
        let pays = self.kind == ListKind::OnePaysOther;
        for other in self.live().filter(|&other| other > 0) {
            let leg = &mut self.legs[other];
            if leg.life != Life::Held {
                continue;
            }
            leg.release = true;
            if pays {
                leg.loss = leg.open.saturating_sub(bought);
            }
        }
    }
}
