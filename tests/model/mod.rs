//! The rules of the book, written plainly: the reference that the engine is compared with.
//!
//! One list holds every resting order, in the order in which they came to rest.
//! Every question is answered by a scan or a stable sort of that whole list, and
//! a taker's trades are all worked out before anything changes.

mod change;
mod check;
mod enter;
mod query;
pub mod script;
mod trade;

use pricetime::{
    Action, CancelCause, Command, Event, Instrument, OrderId, Price, RejectReason, Request,
    RestingOrder, Side, TimeInForce, Timestamp, TradeId,
};

/// What a command comes to: nothing more to say, or why it is refused.
type Outcome = Result<(), RejectReason>;

/// A book and its rules.
#[derive(Clone, Debug)]
pub struct Model {
    instrument: Instrument,
    /// In the order of coming to rest: only that moves an order to the end.
    resting: Vec<RestingOrder>,
    now: Timestamp,
    last_price: Option<Price>,
    last_trade: TradeId,
    greatest_id: Option<OrderId>,
}

impl Model {
    /// An empty book of `instrument`.
    pub fn new(instrument: &Instrument) -> Self {
        Self {
            instrument: instrument.clone(),
            resting: Vec::new(),
            now: Timestamp::default(),
            last_price: None,
            last_trade: TradeId(0),
            greatest_id: None,
        }
    }

    /// Does what `command` asks and says what happened.
    pub fn apply(&mut self, command: &Command) -> Vec<Event> {
        let mut events = Vec::new();
        if let Err(reason) = self.obey(command, &mut events) {
            let (request, id) = asked(&command.action);
            events.push(Event::Rejected {
                id,
                request,
                reason,
            });
        }
        events
    }

    fn obey(&mut self, command: &Command, events: &mut Vec<Event>) -> Outcome {
        let at = command.timestamp;
        if at < self.now {
            return Err(RejectReason::TimeWentBackwards);
        }
        let expired = self.expire(at, events)?;
        match &command.action {
            Action::Limit(order) => self.limit(order, at, events)?,
            Action::Market(order) => self.market(order, at, events)?,
            Action::Cancel(cancel) => self.cancel(cancel, events)?,
            Action::Reduce(reduce) => self.reduce(reduce, events)?,
            Action::Replace(replace) => self.replace(replace, events)?,
            Action::CancelAll(filter) => self.cancel_all(filter, events)?,
            Action::AdvanceTime => events.push(Event::TimeAdvanced {
                to: at,
                orders: expired,
            }),
            Action::EndOfDay => self.end_of_day(events),
        }
        self.now = at;
        Ok(())
    }

    /// Expires what is due at `at`, earliest expiry first, and says how many orders that was.
    fn expire(&mut self, at: Timestamp, events: &mut Vec<Event>) -> Result<u64, RejectReason> {
        let mut due = self.selected(|order| expiry(order).is_some_and(|expiry| expiry <= at));
        if due.is_empty() {
            return Ok(0);
        }
        due.sort_by_key(expiry);
        self.now = at;
        let most = self.instrument.capacities().events as usize;
        for order in due.iter().take(most) {
            self.cancel_order(order.id, CancelCause::Expired, events);
        }
        if due.len() > most {
            return Err(RejectReason::ExpiriesPending);
        }
        Ok(due.len() as u64)
    }

    /// The resting orders that `wanted` selects, in the order in which they came to rest.
    fn selected(&self, wanted: impl Fn(&RestingOrder) -> bool) -> Vec<RestingOrder> {
        let all = self.resting.iter().copied();
        all.filter(wanted).collect()
    }

    /// The orders of a side in the order in which a taker meets them.
    pub fn orders(&self, side: Side) -> Vec<RestingOrder> {
        let mut orders = self.selected(|order| order.side == side);
        // A stable sort: at one price the order of coming to rest stays.
        orders.sort_by(|a, b| match side {
            Side::Buy => b.price.cmp(&a.price),
            Side::Sell => a.price.cmp(&b.price),
        });
        orders
    }

    /// The time of the last accepted command.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The price of the last trade.
    pub fn last_price(&self) -> Option<Price> {
        self.last_price
    }

    /// The number of the last trade; zero before the first.
    pub fn last_trade(&self) -> TradeId {
        self.last_trade
    }
}

fn expiry(order: &RestingOrder) -> Option<Timestamp> {
    match order.time_in_force {
        TimeInForce::Gtd(expiry) => Some(expiry),
        TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok | TimeInForce::Day => None,
    }
}

/// How a rejection names the action: its kind, and the order it speaks of or zero.
fn asked(action: &Action) -> (Request, OrderId) {
    match action {
        Action::Limit(order) => (Request::Limit, order.id),
        Action::Market(order) => (Request::Market, order.id),
        Action::Cancel(cancel) => (Request::Cancel, cancel.id),
        Action::Reduce(reduce) => (Request::Reduce, reduce.id),
        Action::Replace(replace) => (Request::Replace, replace.id),
        Action::CancelAll(_) => (Request::CancelAll, OrderId(0)),
        Action::AdvanceTime => (Request::AdvanceTime, OrderId(0)),
        Action::EndOfDay => (Request::EndOfDay, OrderId(0)),
    }
}
