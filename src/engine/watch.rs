//! What happens after a command that the command did not ask for: triggers are met, and orders with a minimum try again.
//!
//! ```text
//!   observe the prices that are new -> elect the orders whose triggers they meet -> run the first elected one -> observe ...
//!   when nothing is elected: one order with a minimum tries again -> observe ...
//! ```
//!
//! Until nothing more happens, or until it does not fit the events that a command may append; then the next command goes on.
//! It costs nothing while no order waits and none has a minimum. The work of a command is bounded by its events; each price observed costs
//! the orders that trail.

use crate::book::{Direction, Feed, Found, Incoming, Seat, Stage};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::course::Course;
use crate::engine::enter::lifetime_fits;
use crate::engine::plan::Party;
use crate::event::{CancelCause, Event, Events, RejectReason};
use crate::instrument::TriggerOnEntry;
use crate::order::{Display, Order, Pricing, Side, TimeInForce, Trail, Trigger, TriggerStart};
use crate::units::Price;

/// Events of a triggered order besides those of its trades: triggered, priced or slid, and how it ends.
const EVENTS_BESIDES: u64 = 4;
/// Events of a triggered order that is refused.
const EVENTS_REFUSED: u64 = 3;

/// What a triggered order will do.
struct Run {
    entry: Incoming,
    placed: Placement,
    course: Course,
}

impl Engine {
    /// Goes on until nothing more happens. The command's own events begin at `start`.
    #[cold]
    pub(super) fn watch(&mut self, start: usize, events: &mut Events) {
        let mut seen = start;
        loop {
            self.observe(&mut seen, events);
            if let Some((found, order, price)) = self.book.first_elected() {
                if !self.run_elected(found, &order, price, start, events) {
                    return;
                }
            } else if !self.retry_one(start, events) {
                return;
            }
        }
    }

    /// Compares triggers with the trades that were not seen yet, with the best prices and with the mark.
    fn observe(&mut self, seen: &mut usize, events: &Events) {
        if self.book.waiting() == 0 {
            *seen = events.len();
            return;
        }
        for event in &events.as_slice()[*seen..] {
            if let Event::Traded { price, .. } = event {
                self.observe_price(Feed::Trades, *price);
            }
        }
        *seen = events.len();
        self.observe_present();
    }

    /// Compares triggers with the best prices and with the mark, where they are others than before.
    pub(super) fn observe_present(&mut self) {
        for feed in [Feed::Ask, Feed::Bid, Feed::Mark] {
            let price = self.price_of(feed);
            if price != self.observed[feed as usize] {
                match price {
                    Some(price) => self.observe_price(feed, price),
                    None => self.observed[feed as usize] = None,
                }
            }
        }
    }

    fn observe_price(&mut self, feed: Feed, price: Price) {
        let before = self.observed[feed as usize].replace(price);
        self.book.observe(feed, price, before);
    }

    /// The present price of a feed.
    fn price_of(&self, feed: Feed) -> Option<Price> {
        match feed {
            Feed::Trades => self.last_price,
            Feed::Ask => self.book.best(Side::Sell).map(|level| level.price),
            Feed::Bid => self.book.best(Side::Buy).map(|level| level.price),
            Feed::Mark => self.mark,
        }
    }

    /// Gives the mark another price.
    pub(super) fn set_mark(
        &mut self,
        price: Price,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        if !self.book.in_band(price) {
            return Err(RejectReason::TriggerPriceOutOfBand);
        }
        self.mark = Some(price);
        events.push(Event::MarkSet { price });
        Ok(())
    }

    /// Whether a trigger makes sense.
    pub(super) fn check_trigger(&self, trigger: &Trigger) -> Result<(), RejectReason> {
        let trails = match (trigger.trail, trigger.distance) {
            (Trail::None, 0) => false,
            (Trail::Ticks, 1..) | (Trail::BasisPoints, 1..10_000) => true,
            (Trail::None | Trail::Ticks | Trail::BasisPoints, _) => {
                return Err(RejectReason::TriggerMalformed);
            }
        };
        match trigger.start {
            TriggerStart::AtOnce if !trails || trigger.price != Price::new(0) => {
                Err(RejectReason::TriggerMalformed)
            }
            TriggerStart::AtPrice if !self.book.in_band(trigger.price) => {
                Err(RejectReason::TriggerPriceOutOfBand)
            }
            TriggerStart::AtOnce | TriggerStart::AtPrice => Ok(()),
        }
    }

    /// Where a new order with a trigger begins: elected, if its trigger is met and fires on entry.
    pub(super) fn first_stage(
        &self,
        order: &Order,
        trigger: &Trigger,
    ) -> Result<Stage, RejectReason> {
        let price = self.price_of(Feed::of(trigger.source, order.side));
        if trigger.start == TriggerStart::AtOnce {
            return Ok(Stage::Trails(price));
        }
        let direction = Direction::of(trigger.kind, order.side);
        let Some(price) = price.filter(|&price| direction.meets(trigger.price, price)) else {
            return Ok(Stage::Set);
        };
        match (self.instrument.trigger_on_entry(), trigger.trail) {
            (TriggerOnEntry::Refused, _) => Err(RejectReason::WouldTriggerAtOnce),
            (TriggerOnEntry::Waits, _) => Ok(Stage::Set),
            (TriggerOnEntry::Fires, Trail::None) => Ok(Stage::Elected(price)),
            (TriggerOnEntry::Fires, Trail::Ticks | Trail::BasisPoints) => {
                Ok(Stage::Trails(Some(price)))
            }
        }
    }

    /// Whether there is room for an order to wait.
    pub(super) fn room_to_wait(&self, order: &Order, seat: Seat) -> Result<(), RejectReason> {
        if !self.book.has_free_order() {
            return Err(RejectReason::OrdersFull);
        }
        if self.book.links_accounts() && self.book.owner(order.account).is_none() {
            return Err(RejectReason::AccountsFull);
        }
        let is_timed = matches!(order.time_in_force, TimeInForce::Day | TimeInForce::Gtd(_));
        if is_timed && !self.book.has_room_for_timed() {
            return Err(RejectReason::TimedOrdersFull);
        }
        if !self.book.has_room_for_waiting() {
            return Err(RejectReason::WaitingOrdersFull);
        }
        if matches!(seat, Seat::New(_, None)) {
            return Err(RejectReason::OrderIdIndexFull);
        }
        Ok(())
    }

    /// Whether an order could be one that waits: it was admitted once, and only its quantity may have fallen since.
    pub(super) fn could_wait(&self, order: &Order) -> bool {
        let mut asked = *order;
        asked.quantity = order.quantity.max(order.minimum);
        if let Display::Peak { quantity: peak, .. } = order.display {
            asked.quantity = asked.quantity.max(peak);
        }
        let is_priced = match order.pricing {
            Pricing::Limit(price) => self.book.in_band(price),
            Pricing::Market
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => true,
        };
        let trigger = order.trigger.as_ref();
        is_priced
            && asked.quantity <= self.instrument.quantity_max()
            && lifetime_fits(order, 0).is_ok()
            && self.check_terms(&asked).is_ok()
            && trigger.is_some_and(|trigger| self.check_trigger(trigger).is_ok())
    }

    /// Lets a new order wait. What the prices are now counts as observed.
    pub(super) fn park(&mut self, order: &Order, trigger: Trigger, seat: Seat, stage: Stage) {
        // An expiry before this command may have moved them: who waits already sees that first.
        self.observe_present();
        self.book.park(order, trigger, seat, stage);
        for feed in [Feed::Trades, Feed::Ask, Feed::Bid, Feed::Mark] {
            self.observed[feed as usize] = self.price_of(feed);
        }
    }

    /// Runs the first elected order; `false` if it has to wait for the next command.
    fn run_elected(
        &mut self,
        found: Found,
        order: &Order,
        price: Price,
        start: usize,
        events: &mut Events,
    ) -> bool {
        let most = self.limits.events_max;
        let mut run = self.foresee_run(found, order);
        let mut needed = match &run {
            Ok(run) if run.course == Course::Planned => EVENTS_BESIDES + self.plan.events,
            Ok(_) => EVENTS_BESIDES,
            Err(_) => EVENTS_REFUSED,
        };
        // Every command has an event of its own, so what takes all of them would wait for ever.
        if needed >= most {
            run = Err(RejectReason::TooManyTrades);
            needed = EVENTS_REFUSED;
        }
        if (events.len() - start) as u64 + needed > most {
            return false;
        }
        self.book.lift(found.slot);
        events.push(Event::Triggered {
            id: order.id,
            price,
        });
        match run {
            Ok(Run {
                mut entry,
                placed,
                course,
            }) => {
                self.note_priced(order, entry.price, events);
                self.work(&mut entry, placed, course, events);
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
        true
    }

    /// What a triggered order will do, or why it may not.
    fn foresee_run(&mut self, found: Found, order: &Order) -> Result<Run, RejectReason> {
        let limit = self.limit_of(order)?;
        let mut entry = self.incoming(order, Seat::Lifted(found), limit);
        entry.owner = self.book.owner_of(found.slot);
        let placed = self.place(&entry)?;
        self.room_for(&entry, placed)?;
        let mut party = self.party_of(order);
        party.needs = party.needs.min(order.quantity.lots());
        let course = self.course_foreseen(&entry, &party, placed)?;
        Ok(Run {
            entry,
            placed,
            course,
        })
    }

    /// As `course`, with a plan whatever the book is.
    fn course_foreseen(
        &mut self,
        entry: &Incoming,
        party: &Party,
        placed: Placement,
    ) -> Result<Course, RejectReason> {
        if !placed.crosses {
            return Ok(Course::Stays);
        }
        self.planned(&self.taker_of(entry), party, entry, false)
    }
}
