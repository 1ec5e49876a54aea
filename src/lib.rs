#![doc = include_str!("../README.md")]
//!
//! # The modules, in the order in which data meets them
//!
//! - [`units`]: prices, quantities and money as integers, and the exact way to decimals and back
//! - [`order`]: what an order is
//! - [`instrument`]: what is fixed about an instrument
//! - [`command`]: everything that may be asked
//! - [`event`]: everything that may have happened
//! - [`view`]: depth and orders rebuilt from events alone
//! - [`book`]: the resting orders
//! - [`engine`]: the rules
//! - [`journal`]: what happened, as bytes, and the way back
//! - [`shell`]: many threads in, one matcher, many readers out
//!
//! # The words
//!
//! A *command* is asked, an *event* happened. The *taker* is the order that comes in, the
//! *maker* the one that rests. A *level* is all orders at a price, the *ladder* all levels,
//! a *slot* an order's place in memory, the *queue* the time order within a level. A
//! *sweep* is a taker walking the ladder.
#![forbid(unsafe_code)]

pub mod units;

pub mod order;

pub mod instrument;

pub mod command;

pub mod event;

pub mod view;

pub mod book;

pub mod engine;

pub mod journal;

pub mod shell;

pub use book::{Book, Cost, Imbalance, QueuePosition, RestingOrder, WaitingOrder, WaitsFor};
pub use command::{
    Action, Amend, Cancel, CancelAll, CancelOnly, CancelReplaceMode, Command, Reduce, Replace,
};
pub use engine::{Engine, Report, ReportFill};
pub use event::{CancelCause, Event, Events, OrderKind, Priority, RejectReason, Request, Rest};
pub use instrument::{
    AccountLimits, AmendPolicy, AmendQuantity, Capacities, Instrument, InstrumentBuilder,
    InstrumentError, MarketLot, OrderIdPolicy, PRICE_LIMIT, PriceRange, RangeReference,
    TriggerOnEntry,
};
pub use order::{
    AccountId, ClientToken, Display, LimitOrder, ListId, ListKind, MarketAmount, MarketOrder,
    Order, OrderId, PartialFill, PegReference, PegUnit, PostOnly, Pricing, Refresh, Repricing,
    SelfTrade, Side, TimeInForce, TradeGroup, TradeId, Trail, Trigger, TriggerKind, TriggerSource,
    TriggerStart,
};
pub use units::{Decimal, Lot, Notional, Price, Quantity, Tick, Timestamp, UnitError, notional};
pub use view::{Level, View, ViewOrder};

/// Why it is built as it is, and what lost, with figures.
#[doc = include_str!("architecture.md")]
pub mod architecture {}
