//! What a command must satisfy before it may change anything.

use pricetime::{
    OrderId, OrderIdPolicy, PostOnly, Price, Quantity, RejectReason, RestingOrder, Side,
    TimeInForce,
};

use super::trade::Taker;
use super::{Model, Outcome};

impl Model {
    pub(super) fn check_quantity(&self, quantity: Quantity) -> Outcome {
        if quantity == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        if quantity < self.instrument.quantity_min() {
            return Err(RejectReason::QuantityTooSmall);
        }
        if quantity > self.instrument.quantity_max() {
            return Err(RejectReason::QuantityTooLarge);
        }
        Ok(())
    }

    pub(super) fn check_price(&self, price: Price, quantity: Quantity) -> Outcome {
        if price < self.instrument.price_min() || price > self.instrument.price_max() {
            return Err(RejectReason::PriceOutOfBand);
        }
        self.check_notional(i128::from(price.ticks()) * i128::from(quantity.lots()))
    }

    pub(super) fn check_notional(&self, tick_lots: i128) -> Outcome {
        if tick_lots.abs() < self.instrument.notional_min().tick_lots() {
            return Err(RejectReason::NotionalTooSmall);
        }
        let max = self.instrument.notional_max();
        if max.is_some_and(|max| tick_lots.abs() > max.tick_lots()) {
            return Err(RejectReason::NotionalTooLarge);
        }
        Ok(())
    }

    pub(super) fn check_id(&self, id: OrderId) -> Outcome {
        if self.resting.iter().any(|order| order.id == id) {
            return Err(RejectReason::OrderIdAlreadyLive);
        }
        match self.instrument.order_ids() {
            OrderIdPolicy::Increasing if Some(id) <= self.greatest_id => {
                Err(RejectReason::OrderIdNotIncreasing)
            }
            OrderIdPolicy::Increasing | OrderIdPolicy::UniqueWhileLive => Ok(()),
        }
    }

    /// Whether the book could hold `order`. One that crosses leaves the place of a maker
    /// and of its level before it rests, but not that of the maker's account.
    pub(super) fn check_room(&self, order: &RestingOrder) -> Outcome {
        let most = self.instrument.capacities();
        let is_timed = |order: &RestingOrder| is_timed(order.time_in_force);
        if !self.crosses(order) {
            if self.resting.len() == most.orders as usize {
                return Err(RejectReason::OrdersFull);
            }
            let level = |order: &RestingOrder| (order.side, order.price);
            if self.is_one_too_many(order, level, most.levels) {
                return Err(RejectReason::LevelsFull);
            }
        }
        // A capacity of zero is none at all: accounts are not counted.
        if most.accounts > 0 && self.is_one_too_many(order, |order| order.account, most.accounts) {
            return Err(RejectReason::AccountsFull);
        }
        if is_timed(order) && self.selected(is_timed).len() == most.timed_orders as usize {
            return Err(RejectReason::TimedOrdersFull);
        }
        Ok(())
    }

    /// Whether `most` different keys rest already, and `order` has another one.
    fn is_one_too_many<K: Ord>(
        &self,
        order: &RestingOrder,
        key: impl Fn(&RestingOrder) -> K,
        most: u32,
    ) -> bool {
        let mut keys: Vec<K> = self.resting.iter().map(&key).collect();
        keys.sort();
        keys.dedup();
        !keys.contains(&key(order)) && keys.len() as u32 == most
    }

    /// The price the order goes in at: its own, or where post-only moves it to.
    pub(super) fn post_only_price(&self, order: &RestingOrder) -> Result<Price, RejectReason> {
        if !self.crosses(order) {
            return Ok(order.price);
        }
        match order.post_only {
            PostOnly::Off => Ok(order.price),
            PostOnly::Reject => Err(RejectReason::PostOnlyWouldTake),
            PostOnly::Slide => {
                let best = self.orders(order.side.opposite())[0].price.ticks();
                let price = Price::new(match order.side {
                    Side::Buy => best - 1,
                    Side::Sell => best + 1,
                });
                self.check_price(price, order.quantity)?;
                Ok(price)
            }
        }
    }

    pub(super) fn check_trades(&self, taker: &Taker) -> Outcome {
        // Three events are kept for what comes before and after the trades.
        let most = self.instrument.capacities().events as usize - 3;
        if self.fills(taker).len() > most {
            return Err(RejectReason::TooManyTrades);
        }
        Ok(())
    }

    pub(super) fn check_trades_of(&self, order: &RestingOrder) -> Outcome {
        self.check_trades(&Taker::of(order))
    }
}

fn is_timed(time_in_force: TimeInForce) -> bool {
    match time_in_force {
        TimeInForce::Day | TimeInForce::Gtd(_) => true,
        TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => false,
    }
}
