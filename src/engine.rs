//! STUB for type checking; being written.
#![allow(missing_docs)]
use crate::*;
#[derive(Clone, PartialEq, Debug)]
pub struct Engine {}
impl Engine {
    pub fn new(_: Instrument) -> Self { unimplemented!() }
    pub fn apply(&mut self, _: &Command, _: &mut Events) { unimplemented!() }
    pub fn prefetch(&self, _: &[Command]) { unimplemented!() }
    pub fn book(&self) -> &Book { unimplemented!() }
    pub fn now(&self) -> Timestamp { unimplemented!() }
    pub fn last_price(&self) -> Option<Price> { unimplemented!() }
    pub fn last_trade(&self) -> TradeId { unimplemented!() }
    pub fn instrument(&self) -> &Instrument { unimplemented!() }
    pub fn memory_bytes(&self) -> usize { unimplemented!() }
}
