//! The line of orders whose time has come: they were triggered, released, or found the price that they follow.
//!
//! An order is run as a new one would be: what it will do is foreseen, and it is refused for what a new one would be refused for.

use crate::book::{Found, Incoming, Seat, Stage};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::course::Course;
use crate::engine::plan::Party;
use crate::event::{CancelCause, Event, Events, RejectReason};
use crate::order::Order;
use crate::units::Price;

/// Events of an order that is run besides those of its trades: triggered, released or repriced, priced or slid, and how it ends.
pub(super) const EVENTS_BESIDES: u64 = 4;
/// Events of one that is refused.
const EVENTS_REFUSED: u64 = 3;

/// What becomes of an order in the line.
enum Next {
    /// It waits for its reference, as before.
    WaitsOn,
    /// It waits for something else.
    Waits(Stage),
    Runs(Result<Run, RejectReason>),
}

/// What an order that is run will do.
pub(super) struct Run {
    pub entry: Incoming,
    pub placed: Placement,
    pub course: Course,
}

impl Engine {
    /// Runs the first order in the line; `false` if it has to wait for the next command.
    pub(super) fn run_first(
        &mut self,
        found: Found,
        order: &Order,
        stage: Stage,
        start: usize,
        events: &mut Events,
    ) -> bool {
        let id = order.id;
        let (opening, besides) = match stage {
            Stage::Elected(price) => (Event::Triggered { id, price }, EVENTS_BESIDES),
            Stage::Released => (Event::Released { id }, EVENTS_BESIDES + 1),
            Stage::Referenced => (Event::Released { id }, EVENTS_BESIDES),
            Stage::Set | Stage::Trails(_) | Stage::Held | Stage::Unpriced => {
                unreachable!("it stands in the line")
            }
        };
        let (next, met) = self.next_of(found, order, stage);
        let triggered = met.map(|price| Event::Triggered { id, price });
        let mut run = match next {
            Next::WaitsOn => {
                self.book.set_stage(found.slot, Stage::Unpriced);
                return true;
            }
            Next::Waits(waits) => {
                if !self.fits(besides, start, events) {
                    return false;
                }
                events.push(opening);
                events.extend(triggered);
                events.push(Event::Waits { id });
                self.book.set_stage(found.slot, waits);
                self.observed_all();
                return true;
            }
            Next::Runs(run) => run,
        };
        let needed = self.events_of(&mut run, besides);
        // One that is released, triggered at once and refused says that it was triggered besides.
        let needed = needed + u64::from(run.is_err() && met.is_some());
        if !self.fits(needed, start, events) {
            return false;
        }
        self.book.lift(found.slot);
        events.push(opening);
        events.extend(triggered);
        self.run_now(found, order, run, events);
        true
    }

    /// What an order in the line does next, and which price triggers it now.
    fn next_of(&mut self, found: Found, order: &Order, stage: Stage) -> (Next, Option<Price>) {
        let lacks_reference = self.lacks_reference(order);
        if stage == Stage::Referenced && lacks_reference {
            return (Next::WaitsOn, None);
        }
        let mut met = None;
        if let (Stage::Released, Some(trigger)) = (stage, &order.trigger) {
            match self.first_stage(order, trigger) {
                Ok(Stage::Elected(price)) => met = Some(price),
                Ok(waits) => return (Next::Waits(waits), None),
                Err(reason) => return (Next::Runs(Err(reason)), None),
            }
        }
        let next = match lacks_reference {
            true => Next::Waits(Stage::Unpriced),
            false => Next::Runs(self.foresee_run(found, order)),
        };
        (next, met)
    }

    /// Lets an order that was lifted do what was foreseen.
    fn run_now(
        &mut self,
        found: Found,
        order: &Order,
        run: Result<Run, RejectReason>,
        events: &mut Events,
    ) {
        match run {
            Ok(mut run) => {
                self.note_priced(order, run.entry.price, events);
                self.work(&mut run.entry, run.placed, run.course, events);
            }
            Err(reason) => {
                let id = order.id;
                events.push(Event::Refused { id, reason });
                events.push(Event::Cancelled {
                    id,
                    cause: CancelCause::Refused,
                    quantity: order.quantity,
                });
                self.book.vacate(found);
            }
        }
    }

    /// How many events an order that is run may append. One that would take all of a command's is refused: every command has an event of its
    /// own, so it would wait for ever.
    pub(super) fn events_of(&self, run: &mut Result<Run, RejectReason>, besides: u64) -> u64 {
        let needed = match run {
            Ok(run) if run.course == Course::Planned => besides + self.plan.events,
            Ok(_) => besides,
            Err(_) => return EVENTS_REFUSED,
        };
        if needed < self.limits.events_max {
            return needed;
        }
        *run = Err(RejectReason::TooManyTrades);
        EVENTS_REFUSED
    }

    /// Whether so many more events fit the command whose own events begin at `start`.
    pub(super) fn fits(&self, needed: u64, start: usize, events: &Events) -> bool {
        (events.len() - start) as u64 + needed <= self.limits.events_max
    }

    /// What an order that waited will do, or why it may not.
    fn foresee_run(&mut self, found: Found, order: &Order) -> Result<Run, RejectReason> {
        let limit = self.limit_of(order)?;
        let in_list = self.book.leg_of(order.id).is_some();
        let mut entry = self.incoming(order, Seat::Lifted(found), limit, in_list);
        entry.owner = self.book.owner_of(found.slot);
        let placed = self.place(&entry)?;
        self.room_for(&entry, placed)?;
        let mut party = self.party_of(order);
        party.needs = party.needs.min(order.quantity.lots());
        let course = self.course_foreseen(&entry, &party, placed, false)?;
        Ok(Run {
            entry,
            placed,
            course,
        })
    }

    /// As `course`, with a plan whatever the book is.
    pub(super) fn course_foreseen(
        &mut self,
        entry: &Incoming,
        party: &Party,
        placed: Placement,
        frees_level: bool,
    ) -> Result<Course, RejectReason> {
        if !placed.crosses {
            return Ok(Course::Stays);
        }
        self.planned(&self.taker_of(entry), party, entry, frees_level)
    }
}
