//! Depth and orders rebuilt from events alone: what any reader can hold.
//!
//! A view knows nothing of the engine's structures. It is made of sorted maps,
//! which allocate: it is for readers, who may take their time.

use std::collections::{BTreeMap, HashMap};

use crate::event::{Event, Priority};
use crate::order::{AccountId, OrderId, Side};
use crate::units::{Price, Quantity};

/// What the orders of one side show at one price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// The price.
    pub price: Price,
    /// How much they show.
    pub quantity: Quantity,
    /// How many orders show something, at least one.
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
    /// How much of it is open, shown or not.
    pub quantity: Quantity,
    /// How much of it is shown.
    pub displayed: Quantity,
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
    places: HashMap<OrderId, Place>,
    /// How many times an order has come to the tail of a queue.
    arrivals: u64,
    last_price: Option<Price>,
}

/// Where an order is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    side: Side,
    price: Price,
    /// When it came to the tail of the shown queue.
    shown: u64,
    /// When it came to the tail of the hidden queue, if it is there.
    hidden: Option<u64>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct ViewLevel {
    /// What is shown.
    quantity: u128,
    /// By arrival: those that show something, and those that do not.
    shown: BTreeMap<u64, ViewOrder>,
    hidden: BTreeMap<u64, ViewOrder>,
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
            Event::Rested { .. } | Event::RestedHidden { .. } => self.rest(event),
            Event::Traded {
                maker,
                taker,
                price,
                quantity,
                maker_remaining,
                taker_remaining,
                ..
            } => {
                self.last_price = Some(price);
                self.trade(maker, quantity, maker_remaining);
                self.leave_open(taker, taker_remaining);
            }
            Event::Prevented {
                maker,
                taker,
                maker_remaining,
                taker_remaining,
                ..
            } => {
                self.leave_open(maker, maker_remaining);
                self.leave_open(taker, taker_remaining);
            }
            Event::Refreshed { .. } => self.refresh(event),
            Event::Reduced { id, remaining, .. } => self.leave_open(id, remaining),
            Event::Replaced {
                id,
                quantity,
                priority: Priority::Kept,
                ..
            } => self.leave_open(id, quantity),
            Event::Replaced {
                id,
                priority: Priority::Lost,
                ..
            }
            | Event::Repriced { id, .. }
            | Event::Cancelled { id, .. } => self.leave_open(id, Quantity::ZERO),
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Slid { .. }
            | Event::Priced { .. }
            | Event::Waits { .. }
            | Event::Held { .. }
            | Event::ListStarted { .. }
            | Event::Released { .. }
            | Event::Duplicate { .. }
            | Event::TriggerMoved { .. }
            | Event::Triggered { .. }
            | Event::Refused { .. }
            | Event::MarkSet { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    fn rest(&mut self, event: &Event) {
        if let Event::Rested {
            id,
            account,
            side,
            price,
            quantity,
        } = *event
        {
            self.add(ViewOrder {
                id,
                account,
                side,
                price,
                quantity,
                displayed: quantity,
            });
        }
        if let Event::RestedHidden {
            id,
            account,
            side,
            price,
            displayed,
            hidden,
        } = *event
        {
            self.add(ViewOrder {
                id,
                account,
                side,
                price,
                quantity: Quantity::new(displayed.lots().saturating_add(hidden.lots())),
                displayed,
            });
        }
    }

    /// The levels of a side that show anything, best first.
    pub fn depth(&self, side: Side) -> impl Iterator<Item = Level> + '_ {
        let shows = self
            .levels(side)
            .filter(|(_, level)| !level.shown.is_empty());
        shows.map(|(&price, level)| Level {
            price,
            quantity: Quantity::new(u64::try_from(level.quantity).unwrap_or(u64::MAX)),
            orders: level.shown.len() as u32,
        })
    }

    /// The orders of a side, best level first; of a level those that show something, then the others, each first in queue first.
    pub fn orders(&self, side: Side) -> impl Iterator<Item = ViewOrder> + '_ {
        self.levels(side)
            .flat_map(|(_, level)| level.shown.values().chain(level.hidden.values()).copied())
    }

    /// One order by its id.
    pub fn order(&self, id: OrderId) -> Option<ViewOrder> {
        let place = self.places.get(&id)?;
        let level = self.sides[place.side as usize].get(&place.price)?;
        match place.hidden {
            Some(arrival) => level.hidden.get(&arrival).copied(),
            None => level.shown.get(&place.shown).copied(),
        }
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
        self.remove(order.id);
        if order.quantity == Quantity::ZERO {
            return;
        }
        let arrival = self.arrive();
        let place = Place {
            side: order.side,
            price: order.price,
            shown: arrival,
            hidden: (order.displayed == Quantity::ZERO).then_some(arrival),
        };
        self.insert(order, place);
    }

    /// The number of the next arrival.
    fn arrive(&mut self) -> u64 {
        self.arrivals += 1;
        self.arrivals
    }

    fn insert(&mut self, order: ViewOrder, place: Place) {
        let level = self.sides[place.side as usize]
            .entry(place.price)
            .or_default();
        level.quantity += u128::from(order.displayed.lots());
        match place.hidden {
            Some(arrival) => level.hidden.insert(arrival, order),
            None => level.shown.insert(place.shown, order),
        };
        self.places.insert(order.id, place);
    }

    /// Takes an order out. Orders that never rested are not here.
    fn remove(&mut self, id: OrderId) -> Option<(ViewOrder, Place)> {
        let place = self.places.remove(&id)?;
        let levels = &mut self.sides[place.side as usize];
        let level = levels.get_mut(&place.price).expect("an order has a level");
        let order = match place.hidden {
            Some(arrival) => level.hidden.remove(&arrival),
            None => level.shown.remove(&place.shown),
        };
        let order = order.expect("a level has its orders");
        level.quantity -= u128::from(order.displayed.lots());
        if level.shown.is_empty() && level.hidden.is_empty() {
            levels.remove(&place.price);
        }
        Some((order, place))
    }

    /// Sets what is open of an order, which it loses where it is hidden first. With nothing open it is gone.
    fn leave_open(&mut self, id: OrderId, quantity: Quantity) {
        let Some((order, place)) = self.remove(id) else {
            return;
        };
        if quantity == Quantity::ZERO {
            return;
        }
        let displayed = match order.displayed == order.quantity {
            true => quantity,
            false => order.displayed.min(quantity),
        };
        let order = ViewOrder {
            quantity,
            displayed,
            ..order
        };
        self.insert(order, place);
    }

    /// Takes what traded off an order, first where it is shown. One that shows nothing any more stands behind those that do not.
    fn trade(&mut self, id: OrderId, traded: Quantity, remaining: Quantity) {
        let Some((order, mut place)) = self.remove(id) else {
            return;
        };
        if remaining == Quantity::ZERO {
            return;
        }
        let displayed = order.displayed.lots().saturating_sub(traded.lots());
        let displayed = Quantity::new(displayed).min(remaining);
        if displayed == Quantity::ZERO && place.hidden.is_none() {
            place.hidden = Some(self.arrive());
        }
        let order = ViewOrder {
            quantity: remaining,
            displayed,
            ..order
        };
        self.insert(order, place);
    }

    fn refresh(&mut self, event: &Event) {
        let Event::Refreshed {
            id,
            displayed,
            hidden,
            priority,
        } = *event
        else {
            return;
        };
        let Some((order, mut place)) = self.remove(id) else {
            return;
        };
        let quantity = Quantity::new(displayed.lots().saturating_add(hidden.lots()));
        if quantity == Quantity::ZERO {
            return;
        }
        if displayed > Quantity::ZERO {
            place.hidden = None;
            if priority == Priority::Lost {
                place.shown = self.arrive();
            }
        }
        let order = ViewOrder {
            quantity,
            displayed,
            ..order
        };
        self.insert(order, place);
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
