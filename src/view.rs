//! STUB for type checking; being written.
#![allow(missing_docs)]
use crate::*;
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ViewOrder { pub id: OrderId, pub account: AccountId, pub side: Side, pub price: Price, pub quantity: Quantity }
#[derive(Clone, PartialEq, Debug, Default)]
pub struct View {}
impl View {
    pub fn new() -> Self { unimplemented!() }
    pub fn apply(&mut self, _: &Event) { unimplemented!() }
    pub fn depth(&self, _: Side) -> impl Iterator<Item = Level> + '_ { std::iter::empty() }
    pub fn orders(&self, _: Side) -> impl Iterator<Item = ViewOrder> + '_ { std::iter::empty() }
    pub fn last_price(&self) -> Option<Price> { unimplemented!() }
}
