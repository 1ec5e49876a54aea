//! Whom an order trades with: best price first, first in queue first, at the maker's price.

use pricetime::{
    Event, MarketAmount, MarketOrder, Notional, OrderId, Price, Quantity, RestingOrder, Side,
    TradeId,
};

use super::Model;

/// An order as it comes in; `None` is no bound.
pub struct Taker {
    id: OrderId,
    side: Side,
    limit: Option<Price>,
    pub quantity: Option<Quantity>,
    pub budget: Option<Notional>,
}

/// One trade to be.
pub struct Fill {
    maker: RestingOrder,
    quantity: u64,
}

impl Model {
    /// Does the taker's trades and says what is left of its quantity, if it has one.
    pub(super) fn trade(&mut self, taker: &Taker, events: &mut Vec<Event>) -> Option<Quantity> {
        let mut left = taker.quantity;
        for fill in self.fills(taker) {
            let less = |from: Quantity| Quantity::new(from.lots() - fill.quantity);
            left = left.map(less);
            let maker_remaining = less(fill.maker.quantity);
            self.last_trade = TradeId(self.last_trade.0 + 1);
            self.last_price = Some(fill.maker.price);
            events.push(Event::Traded {
                trade: self.last_trade,
                taker: taker.id,
                maker: fill.maker.id,
                taker_side: taker.side,
                price: fill.maker.price,
                quantity: Quantity::new(fill.quantity),
                taker_remaining: left.unwrap_or(Quantity::ZERO),
                maker_remaining,
            });
            self.set_quantity(fill.maker.id, maker_remaining);
        }
        left
    }

    /// The trades that the taker would do, in order. Nothing changes.
    pub(super) fn fills(&self, taker: &Taker) -> Vec<Fill> {
        let mut fills = Vec::new();
        let mut quantity_left = taker.quantity.map(|quantity| i128::from(quantity.lots()));
        let mut budget_left = taker.budget.map(Notional::tick_lots);
        for maker in self.orders(taker.side.opposite()) {
            let price = i128::from(maker.price.ticks());
            let mut quantity = i128::from(maker.quantity.lots());
            if let Some(left) = quantity_left {
                quantity = quantity.min(left);
            }
            if let Some(left) = budget_left
                && price > 0
            {
                quantity = quantity.min(left / price);
            }
            if quantity == 0 || !taker.reaches(maker.price) {
                break;
            }
            quantity_left = quantity_left.map(|left| left - quantity);
            // A budget at the top of its type buys the whole book, so it may as well stay there.
            budget_left = budget_left.map(|left| left.saturating_sub(price * quantity));
            let quantity = u64::try_from(quantity).expect("at most the maker's quantity");
            fills.push(Fill { maker, quantity });
            if quantity < maker.quantity.lots() {
                // The taker has its fill of this price, and nobody is passed over for a worse one.
                break;
            }
        }
        fills
    }

    pub(super) fn fill_quantity(&self, taker: &Taker) -> u64 {
        self.fills(taker).iter().map(|fill| fill.quantity).sum()
    }

    pub(super) fn crosses(&self, order: &RestingOrder) -> bool {
        !self.fills(&Taker::of(order)).is_empty()
    }
}

impl Taker {
    pub fn of(order: &RestingOrder) -> Self {
        Self {
            id: order.id,
            side: order.side,
            limit: Some(order.price),
            quantity: Some(order.quantity),
            budget: None,
        }
    }

    pub fn of_market(order: &MarketOrder) -> Self {
        let (quantity, budget) = match order.amount {
            MarketAmount::Quantity(quantity) => (Some(quantity), None),
            MarketAmount::Budget(budget) => (None, Some(budget)),
            MarketAmount::Both { quantity, budget } => (Some(quantity), Some(budget)),
        };
        Self {
            id: order.id,
            side: order.side,
            limit: None,
            quantity,
            budget,
        }
    }

    fn reaches(&self, price: Price) -> bool {
        match (self.limit, self.side) {
            (None, _) => true,
            (Some(limit), Side::Buy) => price <= limit,
            (Some(limit), Side::Sell) => price >= limit,
        }
    }
}
