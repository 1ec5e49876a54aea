#![doc = include_str!("../README.md")]

pub mod units;
pub mod instrument;
pub mod order;
pub mod command;
pub mod event;
pub mod view;
pub mod book;
pub mod engine;

pub use book::{Book, Cost, Imbalance, Level, QueuePosition, RestingOrder};
pub use command::{Action, Cancel, CancelAll, Command, Reduce, Replace};
pub use engine::Engine;
pub use event::{
    CancelCause, Event, Events, OrderKind, Priority, RejectReason, Request, Rest,
};
pub use instrument::{Capacities, Instrument, InstrumentBuilder, InstrumentError, OrderIdPolicy, PRICE_LIMIT};
pub use order::{
    AccountId, LimitOrder, MarketAmount, MarketOrder, OrderId, PostOnly, Side, TimeInForce, TradeId,
};
pub use units::{Decimal, Lot, Notional, Price, Quantity, Tick, Timestamp, UnitError, notional};
pub use view::{View, ViewOrder};
