//! Orders with a minimum that the book is crossed by: they try again after every command.

use pricetime::{Event, PostOnly, Side};

use super::Model;
use super::held::Held;
use super::walk::{Taker, Walk, reaches};

impl Model {
    /// Lets the first crossing order trade that can, if what it has to say fits.
    pub(super) fn retry(&mut self, left: usize, events: &mut Vec<Event>) -> bool {
        let Some((order, walk)) = self.first_to_trade() else {
            return false;
        };
        if walk.says() > left {
            self.notes.push("retry does not fit");
            return false;
        }
        events.extend_from_slice(&walk.events);
        let (ended, second) = (walk.ended, walk.is_second());
        *self = walk.book;
        self.notes.push(match (ended, second) {
            (true, _) => "retry prevented",
            (false, false) => "retry",
            (false, true) => "retry at the second look",
        });
        if ended {
            self.resting.retain(|other| other.id != order.id);
        } else {
            let open = walk.taker.left().lots();
            self.put_back(Held {
                open,
                shown: order.shown.min(open),
                ..order
            });
        }
        true
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
                if let Some(walk) = walk.filter(|walk| walk.says() <= most) {
                    return Some((order, walk));
                }
            }
        }
        None
    }
}
