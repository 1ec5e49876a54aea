//! What may be asked of a book, each answer from a scan of the whole list.

use pricetime::{
    Cost, Imbalance, Level, Notional, OrderId, Price, Quantity, QueuePosition, RestingOrder, Side,
    WaitingOrder, WaitsFor,
};

use super::Model;
use super::held::Held;
use super::waiting::Awaits;

impl Model {
    /// The orders of a side in the order in which a taker meets them.
    pub fn orders(&self, side: Side) -> Vec<RestingOrder> {
        seen(&self.orders_of(side))
    }

    /// The resting order of this id.
    pub fn order(&self, id: OrderId) -> Option<RestingOrder> {
        let found = self.selected(|order| order.id == id);
        found.first().map(Held::as_resting)
    }

    /// The waiting order of this id.
    pub fn waiting_order(&self, id: OrderId) -> Option<WaitingOrder> {
        self.waits(id).map(|waiting| WaitingOrder {
            order: waiting.order,
            waits_for: match waiting.awaits {
                _ if self.is_elected(id) => WaitsFor::Turn,
                Awaits::List => WaitsFor::List,
                Awaits::Trigger => WaitsFor::Trigger,
                Awaits::Reference => WaitsFor::Reference,
            },
            best: waiting
                .best
                .filter(|_| waiting.awaits == Awaits::Trigger && !self.is_elected(id)),
        })
    }

    /// How many orders wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The orders at a price: those that show something, first in queue first, then the others.
    pub fn orders_at(&self, side: Side, price: Price) -> Vec<RestingOrder> {
        seen(&self.queue(side, price))
    }

    /// All that is shown at a price as one.
    pub fn level(&self, side: Side, price: Price) -> Option<Level> {
        let mut orders = self.orders_at(side, price);
        orders.retain(|order| order.displayed > Quantity::ZERO);
        (!orders.is_empty()).then(|| Level {
            price,
            quantity: displayed(&orders),
            orders: orders.len() as u32,
        })
    }

    /// The levels of a side that show something, best first.
    pub fn depth(&self, side: Side) -> Vec<Level> {
        let prices = self.prices(side).into_iter();
        prices.filter_map(|price| self.level(side, price)).collect()
    }

    /// The best level of a side.
    pub fn best(&self, side: Side) -> Option<Level> {
        self.depth(side).first().copied()
    }

    /// How many ticks the best ask is above the best bid.
    pub fn spread(&self) -> Option<u64> {
        let bid = self.best(Side::Buy)?.price.ticks();
        let ask = self.best(Side::Sell)?.price.ticks();
        let ticks = i128::from(ask) - i128::from(bid);
        Some(u64::try_from(ticks).unwrap_or(0))
    }

    /// What stands before an order in the queue of its level, the shown queue before the hidden one.
    pub fn queue_position(&self, id: OrderId) -> Option<QueuePosition> {
        let order = self.order(id)?;
        let queue = self.orders_at(order.side, order.price);
        let ahead: Vec<RestingOrder> = queue.into_iter().take_while(|o| o.id != id).collect();
        Some(QueuePosition {
            orders_ahead: ahead.len() as u32,
            quantity_ahead: Quantity::new(ahead.iter().map(in_queue).sum()),
        })
    }

    /// What a taker of this side would pay or receive for as much of `quantity` as is shown.
    pub fn cost(&self, taker_side: Side, quantity: Quantity) -> Cost {
        let mut left = quantity.lots();
        let mut notional = 0;
        let mut worst = None;
        for maker in self.orders(taker_side.opposite()) {
            let lots = left.min(maker.displayed.lots());
            if lots > 0 {
                left -= lots;
                notional += i128::from(maker.price.ticks()) * i128::from(lots);
                worst = Some(maker.price);
            }
        }
        Cost {
            quantity: Quantity::new(quantity.lots() - left),
            notional: Notional::new(notional),
            worst,
        }
    }

    /// How much is shown on the best `levels` of each side.
    pub fn imbalance(&self, levels: usize) -> Imbalance {
        let [bids, asks] = Side::BOTH.map(|side| {
            let depth = self.depth(side);
            let best = depth.iter().take(levels);
            Quantity::new(best.map(|level| level.quantity.lots()).sum())
        });
        Imbalance { bids, asks }
    }
}

fn seen(orders: &[Held]) -> Vec<RestingOrder> {
    orders.iter().map(Held::as_resting).collect()
}

/// What stands of an order in its queue: what it shows, or all of it if it shows nothing.
fn in_queue(order: &RestingOrder) -> u64 {
    if order.displayed > Quantity::ZERO {
        order.displayed.lots()
    } else {
        order.quantity.lots()
    }
}

fn displayed(orders: &[RestingOrder]) -> Quantity {
    Quantity::new(orders.iter().map(|order| order.displayed.lots()).sum())
}
