//! Depth and orders rebuilt from events alone: what any reader can hold.
//!
//! A view knows nothing of the engine's structures. It is made of sorted maps,
//! which allocate: it is for readers, who may take their time.

use std::collections::{BTreeMap, HashMap};

use crate::event::{Event, Priority};
use crate::order::{AccountId, OrderId, Side};
use crate::units::{Price, Quantity};

/// All orders of one side at one price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// The price.
    pub price: Price,
    /// The open quantity of all its orders.
    pub quantity: Quantity,
    /// How many orders it has, at least one.
    pub orders: u32,
}

/// An order as its events show it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ViewOrder {
    /// Its id.
    pub id: OrderId,
    /// Its owner.
    pub account: AccountId,
    /// Its side.
    pub side: Side,
    /// The price it rests at.
    pub price: Price,
    /// How much of it is open.
    pub quantity: Quantity,
}

/// A book as its events show it.
///
/// ```
/// use pricetime::*;
/// let mut engine = Engine::new(Instrument::builder().build()?);
/// let mut events = Events::for_instrument(engine.instrument());
/// let bid = LimitOrder {
///     id: OrderId(1),
///     account: AccountId(7),
///     side: Side::Buy,
///     price: Price::new(100),
///     quantity: Quantity::new(5),
///     time_in_force: TimeInForce::Gtc,
///     post_only: PostOnly::Off,
/// };
/// engine.apply(&Command::new(Timestamp::new(0), Action::Limit(bid)), &mut events);
///
/// let mut view = View::new();
/// for event in &events {
///     view.apply(event);
/// }
/// assert_eq!(view.depth(Side::Buy).next(), engine.book().best(Side::Buy));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// Levels by price, bids then asks.
    sides: [BTreeMap<Price, ViewLevel>; 2],
    /// Where each order is: side, price, arrival.
    places: HashMap<OrderId, (Side, Price, u64)>,
    /// How many orders have come to rest.
    arrivals: u64,
    last_price: Option<Price>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct ViewLevel {
    quantity: u128,
    /// By arrival.
    orders: BTreeMap<u64, ViewOrder>,
}

impl View {
    /// A view of an empty book.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next event. Every event must come, in order: a view cannot tell that one
    /// is missing, and is wrong from then on. No events make it panic.
    pub fn apply(&mut self, event: &Event) {
        match *event {
            Event::Rested {
                id,
                account,
                side,
                price,
                quantity,
            } => self.add(ViewOrder {
                id,
                account,
                side,
                price,
                quantity,
            }),
            Event::Traded {
                maker,
                price,
                maker_remaining,
                ..
            } => {
                self.last_price = Some(price);
                self.set_quantity(maker, maker_remaining);
            }
            Event::Reduced { id, remaining, .. } => self.set_quantity(id, remaining),
            Event::Replaced {
                id,
                quantity,
                priority: Priority::Kept,
                ..
            } => self.set_quantity(id, quantity),
            Event::Replaced {
                id,
                priority: Priority::Lost,
                ..
            }
            | Event::Cancelled { id, .. } => self.set_quantity(id, Quantity::ZERO),
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Slid { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    /// The levels of a side, best first.
    pub fn depth(&self, side: Side) -> impl Iterator<Item = Level> + '_ {
        self.levels(side).map(|(&price, level)| Level {
            price,
            quantity: Quantity::new(u64::try_from(level.quantity).unwrap_or(u64::MAX)),
            orders: level.orders.len() as u32,
        })
    }

    /// The orders of a side, best level first, first in queue first.
    pub fn orders(&self, side: Side) -> impl Iterator<Item = ViewOrder> + '_ {
        self.levels(side)
            .flat_map(|(_, level)| level.orders.values().copied())
    }

    /// One order by its id.
    pub fn order(&self, id: OrderId) -> Option<ViewOrder> {
        let (side, price, arrival) = self.places.get(&id)?;
        self.sides[*side as usize]
            .get(price)?
            .orders
            .get(arrival)
            .copied()
    }

    /// The price of the last trade.
    pub fn last_price(&self) -> Option<Price> {
        self.last_price
    }

    fn levels(&self, side: Side) -> impl Iterator<Item = (&Price, &ViewLevel)> {
        let levels = &self.sides[side as usize];
        let (bids, asks) = match side {
            Side::Buy => (Some(levels.iter().rev()), None),
            Side::Sell => (None, Some(levels.iter())),
        };
        bids.into_iter().flatten().chain(asks.into_iter().flatten())
    }

    fn add(&mut self, order: ViewOrder) {
        // No engine says this of an order that rests, but events may come from anywhere.
        self.set_quantity(order.id, Quantity::ZERO);
        if order.quantity == Quantity::ZERO {
            return;
        }
        let level = self.sides[order.side as usize]
            .entry(order.price)
            .or_default();
        level.quantity += u128::from(order.quantity.lots());
        level.orders.insert(self.arrivals, order);
        let place = (order.side, order.price, self.arrivals);
        self.places.insert(order.id, place);
        self.arrivals += 1;
    }

    /// Sets what is open of an order; nothing takes it off. Orders that never rested are not here.
    fn set_quantity(&mut self, id: OrderId, quantity: Quantity) {
        let Some(&(side, price, arrival)) = self.places.get(&id) else {
            return;
        };
        let levels = &mut self.sides[side as usize];
        let level = levels.get_mut(&price).expect("an order has a level");
        let order = level
            .orders
            .get_mut(&arrival)
            .expect("a level has its orders");
        level.quantity -= u128::from(order.quantity.lots());
        level.quantity += u128::from(quantity.lots());
        order.quantity = quantity;
        if quantity == Quantity::ZERO {
            level.orders.remove(&arrival);
            self.places.remove(&id);
            if level.orders.is_empty() {
                levels.remove(&price);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_that_no_engine_writes_leave_a_view_that_still_adds_up() {
        let rested = |price, quantity| Event::Rested {
            id: OrderId(1),
            account: AccountId(1),
            side: Side::Buy,
            price: Price::new(price),
            quantity: Quantity::new(quantity),
        };
        let other = Event::Rested {
            id: OrderId(2),
            account: AccountId(1),
            side: Side::Buy,
            price: Price::new(5),
            quantity: Quantity::new(u64::MAX),
        };
        let mut view = View::new();
        for event in [
            rested(5, u64::MAX),
            other,
            rested(4, 0),
            rested(5, u64::MAX),
        ] {
            view.apply(&event);
        }
        let level = view.depth(Side::Buy).next().unwrap();
        assert_eq!((level.quantity, level.orders), (Quantity::new(u64::MAX), 2));
        view.apply(&rested(7, 3));
        let depth: Vec<_> = view
            .depth(Side::Buy)
            .map(|level| level.price.ticks())
            .collect();
        assert_eq!(depth, [7, 5]);
        assert_eq!(view.orders(Side::Buy).count(), 2);
    }
}
