//! What happens after a command: prices are observed, orders triggered, and those with a minimum try again.

use pricetime::{CancelCause, Event, OrderId, Price};

use super::Model;
use super::waiting::{Awaits, Feed, Waiting};

/// What a trailing order went through in one command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TrailStep {
    Started,
    Improved,
    Met,
}

impl Model {
    /// Takes turns until nothing more happens, or until something does not fit into what the command may say.
    pub(super) fn watch(&mut self, events: &mut Vec<Event>) {
        let most = self.instrument.capacities().events as usize;
        let expired = events.iter().filter(|event| is_expiry(event)).count();
        // The command's own events were heard.
        let (mut heard, mut observed) = (events.len(), 0);
        let (mut ran, mut retried) = (false, false);
        loop {
            self.hear(&events[heard..]);
            if !self.settle_lists(most + expired, events) {
                return;
            }
            heard = events.len();
            self.observe(&events[observed..]);
            observed = events.len();
            self.elect_who_found_a_reference();
            let left = (most + expired).saturating_sub(events.len());
            if let Some((order, price)) = self.first_to_move() {
                if !self.move_peg(&order, price, left, events) {
                    return;
                }
            } else if let Some((id, price)) = self.elected.first().copied() {
                if !self.run(id, price, left, events) {
                    return;
                }
                if retried {
                    self.notes.push("tried again, then triggered");
                }
                ran = true;
            } else {
                if !self.retry(left, events) {
                    return;
                }
                if ran {
                    self.notes.push("triggered, then tried again");
                }
                retried = true;
            }
        }
    }

    /// Shows every price that is new to those who wait for it.
    fn observe(&mut self, events: &[Event]) {
        if self.waiting.is_empty() {
            return;
        }
        for event in events {
            if let Event::Traded { price, .. } = event {
                self.see(Feed::Trades, *price);
            }
        }
        for feed in [Feed::BestAsk, Feed::BestBid, Feed::Mark] {
            match self.price_now(feed) {
                price if price == self.seen[feed as usize] => {}
                Some(price) => self.see(feed, price),
                None => self.seen[feed as usize] = None,
            }
        }
        self.fresh = None;
    }

    fn see(&mut self, feed: Feed, price: Price) {
        let before = self.seen[feed as usize].replace(price);
        let rises = before.is_none_or(|before| price >= before);
        let mut watching = self.waiting.clone();
        watching.retain(|waiting| {
            let id = waiting.order.id;
            let watches = waiting.awaits == Awaits::Trigger && waiting.feed() == feed;
            watches && !self.is_elected(id) && !self.has_seen(id, feed, price)
        });
        let (trailing, fixed): (Vec<Waiting>, Vec<Waiting>) =
            watching.into_iter().partition(|waiting| waiting.started);
        let mut met: Vec<Waiting> = fixed.into_iter().filter(|w| w.is_met_by(price)).collect();
        met.sort_by_key(|waiting| {
            let ticks = waiting.trigger().price.ticks();
            let far = if waiting.is_rising() { ticks } else { -ticks };
            (waiting.is_rising() != rises, far, waiting.arrived)
        });
        self.note_order(&met, rises);
        for waiting in met {
            if waiting.trails() {
                self.trail_to(&waiting, price, TrailStep::Started);
            } else {
                self.elected.push((waiting.order.id, Some(price)));
            }
        }
        // The list is in order of age.
        for waiting in trailing {
            if waiting.is_improved_by(price) {
                self.trail_to(&waiting, price, TrailStep::Improved);
            } else if waiting.is_far_behind(price) {
                self.trails.push((waiting.order.id, TrailStep::Met));
                self.elected.push((waiting.order.id, Some(price)));
            }
        }
    }

    fn trail_to(&mut self, waiting: &Waiting, price: Price, step: TrailStep) {
        let id = waiting.order.id;
        let now = self.waits_mut(id).expect("it waits");
        (now.started, now.best) = (true, Some(price));
        self.trails.push((id, step));
    }

    pub(super) fn is_elected(&self, id: OrderId) -> bool {
        self.elected.iter().any(|(elected, _)| *elected == id)
    }

    /// Notes what is rare about who is elected, and in which order.
    fn note_order(&mut self, met: &[Waiting], rises: bool) {
        let elected: Vec<&Waiting> = met.iter().filter(|waiting| !waiting.trails()).collect();
        for pair in elected.windows(2) {
            let [first, second] = pair else { continue };
            if first.is_rising() != second.is_rising() {
                self.notes.push(if rises {
                    "rising triggers before falling ones"
                } else {
                    "falling triggers before rising ones"
                });
            } else if first.trigger().price == second.trigger().price {
                self.notes.push("equal triggers by age");
            } else {
                self.notes.push("nearer trigger first");
            }
        }
    }
}

fn is_expiry(event: &Event) -> bool {
    matches!(event, Event::Cancelled { cause, .. } if *cause == CancelCause::Expired)
}
