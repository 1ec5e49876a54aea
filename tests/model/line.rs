//! The line of orders whose time has come: they were triggered, released, or found the price that they follow.

use pricetime::{CancelCause, Event, OrderId, Price, RejectReason};

use super::Model;
use super::enter::Foreseen;
use super::waiting::{Awaits, Door, Feed, Waiting};

/// What becomes of an order that is run.
enum Next {
    /// It waits on, for something else.
    Waits(Waiting),
    Goes(Box<Foreseen>),
}

impl Model {
    /// Runs the first order of the line, if what it has to say fits.
    pub(super) fn run(
        &mut self,
        id: OrderId,
        price: Option<Price>,
        left: usize,
        events: &mut Vec<Event>,
    ) -> bool {
        let waiting = *self.waits(id).expect("who is in the line waits");
        if waiting.awaits == Awaits::Reference && self.lacks_reference(&waiting.order) {
            self.elected.retain(|(elected, _)| *elected != id);
            self.notes.push("reference found and gone again");
            return true;
        }
        let (besides, mut said) = match (waiting.awaits, price) {
            (Awaits::Trigger, Some(price)) => (4, vec![Event::Triggered { id, price }]),
            (Awaits::Reference, None) => (4, vec![Event::Released { id }]),
            (Awaits::List, None) => (5, vec![Event::Released { id }]),
            (_, _) => unreachable!("only triggers are met by a price"),
        };
        let mut without = self.clone();
        without.wait_no_more(id);
        let next = without.next(&waiting, besides, &mut said);
        let needs = match &next {
            Ok(Next::Waits(_)) => besides,
            Ok(Next::Goes(foreseen)) => besides + foreseen.events(),
            // Why not, and its end.
            Err(_) => said.len() + 2,
        };
        if needs > left {
            self.notes.push("elected order does not fit");
            return false;
        }
        *self = without;
        events.append(&mut said);
        match next {
            Ok(Next::Waits(waiting)) => self.wait_on(waiting, events),
            Ok(Next::Goes(mut foreseen)) => {
                // It comes to rest now, behind all that rest and wait already.
                foreseen.order.arrived = 0;
                self.carry_out(*foreseen, events);
            }
            Err(reason) => {
                events.push(Event::Refused { id, reason });
                events.push(Event::Cancelled {
                    id,
                    cause: CancelCause::Refused,
                    quantity: waiting.order.quantity,
                });
            }
        }
        true
    }

    fn next(
        &mut self,
        waiting: &Waiting,
        besides: usize,
        said: &mut Vec<Event>,
    ) -> Result<Next, RejectReason> {
        let id = waiting.order.id;
        if waiting.awaits == Awaits::Reference {
            self.notes.push("peg released when its reference came");
        }
        if waiting.awaits == Awaits::List {
            match self.door(&waiting.order)? {
                Door::Waits(now) => {
                    return Ok(Next::Waits(Waiting {
                        list: waiting.list,
                        arrived: waiting.arrived,
                        ..now
                    }));
                }
                Door::Open(price) => {
                    let at_once = price.map(|price| Event::Triggered { id, price });
                    if at_once.is_some() {
                        self.notes.push("released and triggered at once");
                    }
                    said.extend(at_once);
                }
            }
        }
        if self.lacks_reference(&waiting.order) {
            self.notes
                .push("triggered or released, waits for a reference");
            return Ok(Next::Waits(Waiting {
                awaits: Awaits::Reference,
                best: None,
                ..*waiting
            }));
        }
        let foreseen = self.foresee(&waiting.order, waiting.list)?;
        // A command has an event of its own: what needs all of them would never be run.
        if besides + foreseen.events() >= self.instrument.capacities().events as usize {
            return Err(RejectReason::TooManyTrades);
        }
        self.check_walk(&foreseen.order, foreseen.walk.as_ref())?;
        Ok(Next::Goes(Box::new(foreseen)))
    }

    /// An order that waited goes on to do so, at the same age.
    fn wait_on(&mut self, waiting: Waiting, events: &mut Vec<Event>) {
        let id = waiting.order.id;
        self.waiting.push(waiting);
        self.waiting.sort_by_key(|waiting| waiting.arrived);
        self.sees_what_is_there(id);
        self.seen[Feed::Trades as usize] = self.price_now(Feed::Trades);
        events.push(Event::Waits { id });
    }
}
