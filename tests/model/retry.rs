//! Orders with a minimum that the book is crossed by: they try again after every command.

use pricetime::{CancelCause, Event, PostOnly, Side};

use super::Model;
use super::held::Held;
use super::walk::{Taker, Walk, reaches};

impl Model {
    /// Lets crossing orders trade, one after the other, as long as their events fit.
    pub(super) fn retry(&mut self, events: &mut Vec<Event>) {
        let most = self.instrument.capacities().events as usize;
        let expired = events.iter().filter(|event| is_expiry(event)).count();
        while let Some((order, walk)) = self.first_to_trade() {
            if events.len() - expired + walk.events.len() > most {
                self.notes.push("retry does not fit");
                return;
            }
            events.extend_from_slice(&walk.events);
            let (ended, second) = (walk.ended, walk.is_second());
            *self = walk.book;
            self.notes.push(match (ended, second) {
                (true, _) => "retry prevented",
                (false, false) => "retry",
                (false, true) => "retry at the second look",
            });
            if walk.ended {
                self.resting.retain(|other| other.id != order.id);
            } else {
                self.put_back(Held {
                    open: walk.taker.left().lots(),
                    shown: order.shown.min(walk.taker.left().lots()),
                    ..order
                });
            }
        }
    }

    /// The first resting order with a minimum that would trade as a taker, and how.
    fn first_to_trade(&self) -> Option<(Held, Walk)> {
        for side in Side::BOTH {
            let best = *self.prices(side.opposite()).first()?;
            for order in self.orders_of(side) {
                let may_take = order.minimum > 0 && order.post_only == PostOnly::Off;
                if !may_take || !reaches(side, order.price, best) {
                    continue;
                }
                let taker = Taker::of(&order, Some(order.price), order.needs());
                // Every command has an event of its own: one that needs all would never fit, and is passed by.
                let most = self.instrument.capacities().events as usize - 1;
                let walk = self.attempt_in(&taker, most);
                if let Some(walk) = walk.filter(|walk| walk.events.len() <= most) {
                    return Some((order, walk));
                }
            }
        }
        None
    }
}

fn is_expiry(event: &Event) -> bool {
    matches!(event, Event::Cancelled { cause, .. } if *cause == CancelCause::Expired)
}
