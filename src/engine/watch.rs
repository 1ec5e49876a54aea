//! What happens after a command that the command did not ask for.
//!
//! ```text
//!   again and again the first of these that there is something for, one thing at a time:
//!     lists: cancel, reduce and release what depends on what has happened
//!     look at the new prices: who is triggered by them, or has a reference again, comes to the line
//!     pegs: move one order whose reference has moved
//!     the line: run the first order in it
//!     minima: let one order with a minimum try again
//! ```
//!
//! Until nothing more happens, or until it does not fit the events that a command may append; then the next command goes on.
//! It costs nothing while no order waits, follows, has a minimum or is in a list. The work of a command is bounded by its events; each price observed costs
//! the orders that trail.

use crate::book::{Direction, Feed, Seat, Stage};
use crate::engine::Engine;
use crate::engine::enter::lifetime_fits;
use crate::engine::pegs::Moved;
use crate::event::{Event, Events, RejectReason};
use crate::instrument::TriggerOnEntry;
use crate::order::{Display, Order, Pricing, Side, TimeInForce, Trail, Trigger, TriggerStart};
use crate::units::Price;

impl Engine {
    /// Goes on until nothing more happens. The command's own events begin at `start`.
    #[cold]
    pub(super) fn watch(&mut self, start: usize, events: &mut Events) {
        let (mut told, mut seen) = (start, start);
        let mut looked = start;
        while self.settle(start, &mut told, events) {
            self.observe(&mut seen, events);
            self.observe_references(&events.as_slice()[looked..]);
            looked = events.len();
            match self.move_one(start, events) {
                Moved::Nobody => {}
                Moved::One => continue,
                Moved::NoRoom => return,
            }
            let goes_on = match self.book.first_in_line() {
                Some((found, order, stage)) => self.run_first(found, &order, stage, start, events),
                None => self.retry_one(start, events),
            };
            if !goes_on {
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
            Pricing::Limit(price) | Pricing::Pegged { limit: price, .. } => {
                self.book.in_band(price)
            }
            Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => true,
        };
        let trigger = order.trigger.as_ref();
        is_priced
            && asked.quantity <= self.instrument.quantity_max()
            && lifetime_fits(order, 0).is_ok()
            && self.check_terms(&asked).is_ok()
            && trigger.is_none_or(|trigger| self.check_trigger(trigger).is_ok())
    }

    /// Lets a new order wait for its trigger. What the prices are now counts as observed.
    pub(super) fn park(&mut self, order: &Order, seat: Seat, stage: Stage) {
        // An expiry before this command may have moved them: who waits already sees that first.
        self.observe_present();
        self.book.park(order, seat, stage);
        self.observed_all();
    }

    /// What the prices are now counts as observed.
    pub(super) fn observed_all(&mut self) {
        for feed in [Feed::Trades, Feed::Ask, Feed::Bid, Feed::Mark] {
            self.observed[feed as usize] = self.price_of(feed);
        }
    }
}
