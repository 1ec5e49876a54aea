//! What the events have told of the orders: how much of each has traded, and how often it was amended.

use std::collections::BTreeMap;

use pricetime::{Event, OrderId};

#[derive(Clone, Debug, Default)]
pub struct History {
    orders: BTreeMap<OrderId, Past>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Past {
    traded: u64,
    amends: u32,
}

impl History {
    /// Goes on with the events of one command.
    pub fn hear(&mut self, events: &[Event]) {
        for event in events {
            match *event {
                Event::Accepted { id, .. } => drop(self.orders.insert(id, Past::default())),
                Event::Replaced { id, .. } => self.of(id).amends += 1,
                Event::Traded {
                    taker,
                    maker,
                    quantity,
                    ..
                } => {
                    for id in [taker, maker] {
                        let past = self.of(id);
                        past.traded = past.traded.saturating_add(quantity.lots());
                    }
                }
                // Whoever is gone is not asked about.
                Event::Cancelled { id, .. } => drop(self.orders.remove(&id)),
                _ => {}
            }
        }
    }

    pub fn traded(&self, id: OrderId) -> u64 {
        self.orders.get(&id).map_or(0, |past| past.traded)
    }

    pub fn amends(&self, id: OrderId) -> u32 {
        self.orders.get(&id).map_or(0, |past| past.amends)
    }

    fn of(&mut self, id: OrderId) -> &mut Past {
        self.orders.entry(id).or_default()
    }
}
