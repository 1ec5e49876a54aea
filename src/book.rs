//! STUB for type checking; being written.
#![allow(missing_docs)]
use crate::*;
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level { pub price: Price, pub quantity: Quantity, pub orders: u32 }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RestingOrder { pub id: OrderId, pub account: AccountId, pub side: Side, pub price: Price, pub quantity: Quantity, pub time_in_force: TimeInForce, pub post_only: PostOnly }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueuePosition { pub orders_ahead: u32, pub quantity_ahead: Quantity }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost { pub quantity: Quantity, pub notional: Notional, pub worst: Option<Price> }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Imbalance { pub bids: Quantity, pub asks: Quantity }
#[derive(Clone, PartialEq, Debug)]
pub struct Book {}
impl Book {
    pub fn best(&self, _: Side) -> Option<Level> { unimplemented!() }
    pub fn spread(&self) -> Option<u64> { unimplemented!() }
    pub fn depth(&self, _: Side) -> impl Iterator<Item = Level> + '_ { std::iter::empty() }
    pub fn level(&self, _: Side, _: Price) -> Option<Level> { unimplemented!() }
    pub fn orders_at(&self, _: Side, _: Price) -> impl Iterator<Item = RestingOrder> + '_ { std::iter::empty() }
    pub fn order(&self, _: OrderId) -> Option<RestingOrder> { unimplemented!() }
    pub fn queue_position(&self, _: OrderId) -> Option<QueuePosition> { unimplemented!() }
    pub fn cost(&self, _: Side, _: Quantity) -> Cost { unimplemented!() }
    pub fn imbalance(&self, _: usize) -> Imbalance { unimplemented!() }
    pub fn len(&self) -> usize { unimplemented!() }
    pub fn is_empty(&self) -> bool { unimplemented!() }
    pub fn check(&self) { unimplemented!() }
}
