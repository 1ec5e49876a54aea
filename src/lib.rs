#![doc = include_str!("../README.md")]

pub mod book;
pub mod command;
pub mod engine;
pub mod event;
pub mod instrument;
pub mod order;
pub mod units;
pub mod view;

pub use book::{Book, Cost, Imbalance, QueuePosition, RestingOrder};
pub use command::{Action, Cancel, CancelAll, Command, Reduce, Replace};
pub use engine::{Engine, Report, ReportFill};
pub use event::{CancelCause, Event, Events, OrderKind, Priority, RejectReason, Request, Rest};
pub use instrument::{
    Capacities, Instrument, InstrumentBuilder, InstrumentError, OrderIdPolicy, PRICE_LIMIT,
};
pub use order::{
    AccountId, LimitOrder, MarketAmount, MarketOrder, OrderId, PostOnly, Side, TimeInForce, TradeId,
};
pub use units::{Decimal, Lot, Notional, Price, Quantity, Tick, Timestamp, UnitError, notional};
pub use view::{Level, View, ViewOrder};
