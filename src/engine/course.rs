//! What an admitted order will do, and whether that goes: the last checks.

use crate::book::Incoming;
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::plan::{Look, Party, Plan};
use crate::engine::sweep::Taker;
use crate::event::RejectReason;
use crate::order::{SelfTrade, Side};

/// What an admitted order does before what is left of it comes to rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Course {
    /// Nothing: it does not cross, or cannot have what it needs.
    Stays,
    /// It trades as it walks.
    Sweeps,
    /// It does what was planned.
    Planned,
}

impl Engine {
    /// What an admitted order will do, or why it may not. `frees_level` says that its own old level goes with it.
    #[inline]
    pub(super) fn course(
        &mut self,
        entry: &Incoming,
        party: &Party,
        placed: Placement,
        frees_level: bool,
    ) -> Result<Course, RejectReason> {
        match placed.crosses {
            true => self.course_across(entry, party, frees_level),
            false => Ok(Course::Stays),
        }
    }

    /// The same of one that crosses.
    fn course_across(
        &mut self,
        entry: &Incoming,
        party: &Party,
        frees_level: bool,
    ) -> Result<Course, RejectReason> {
        let taker = self.taker_of(entry);
        let in_list = entry.terms.is_some_and(|terms| terms.in_list);
        if !in_list && !self.needs_plan(taker.side, party) {
            self.few_trades(&taker)?;
            if party.needs > 0 && !self.is_there(party.needs, &taker) {
                return self.stays(&taker, entry, frees_level);
            }
            return Ok(Course::Sweeps);
        }
        self.planned(&taker, party, entry, frees_level)
    }

    /// Plans what an order does.
    pub(super) fn planned(
        &mut self,
        taker: &Taker,
        party: &Party,
        entry: &Incoming,
        frees_level: bool,
    ) -> Result<Course, RejectReason> {
        let mut plan = std::mem::take(&mut self.plan);
        let course = match self.plan_for(taker, party, &mut plan) {
            Look::TooLong => Err(RejectReason::TooManyTrades),
            Look::TooLittle => self.stays(taker, entry, frees_level),
            Look::Enough => {
                let room = self.room_after(&plan, entry, frees_level);
                room.map(|()| Course::Planned)
            }
        };
        self.plan = plan;
        course
    }

    /// An order that crosses and does not trade, if what is to rest of it finds room.
    fn stays(
        &self,
        taker: &Taker,
        entry: &Incoming,
        frees_level: bool,
    ) -> Result<Course, RejectReason> {
        let best = self.book.best_slot(taker.side.opposite());
        let room = self.room_after(&Plan::nothing(taker, best), entry, frees_level);
        room.map(|()| Course::Stays)
    }

    /// Whether a taker has to look ahead.
    pub(super) fn needs_plan(&self, side: Side, party: &Party) -> bool {
        self.book.side_specials(side.opposite()) > 0 || party.self_trade != SelfTrade::Allow
    }
}
