//! The rules of the book, written plainly: the reference that the engine is compared with.
//!
//! One list holds every resting order, and one every order that waits for a trigger, in the order in which they came
//! to it. Every question is answered by a scan or a sort of a whole list. What an order would do is
//! found out by letting it do so on a copy of the whole book.

mod amend;
mod cancel_replace;
mod change;
mod check;
mod enter;
mod filters;
mod held;
mod history;
mod line;
mod lists;
mod pegs;
mod query;
mod retry;
pub mod script;
mod tokens;
mod waiting;
mod walk;
mod watch;
mod whole;

use pricetime::{
    Action, CancelCause, Command, Event, Instrument, OrderId, Price, RejectReason, Request, Side,
    TimeInForce, Timestamp, TradeId,
};

use held::Held;
use history::History;
use lists::List;
use tokens::Remembered;
use waiting::{Feed, Live, Waiting};
pub use watch::TrailStep;

/// What a command comes to: nothing more to say, or why it is refused.
type Outcome = Result<(), RejectReason>;

/// A book and its rules.
#[derive(Clone, Debug)]
pub struct Model {
    instrument: Instrument,
    /// In no order: each has its age and its turn.
    resting: Vec<Held>,
    /// In the order of coming to wait.
    waiting: Vec<Waiting>,
    /// Those of them whose time has come, and which price met their trigger if that was it, in the order in which they are run.
    pub elected: Vec<(OrderId, Option<Price>)>,
    /// The lists that live, in the order in which they were opened.
    lists: Vec<List>,
    /// The numbers of those lists whose orders are due for something, in the order in which they came to it.
    due: Vec<u64>,
    /// How many lists were opened.
    opened: u64,
    /// Whether something was due when the last command had no room for it.
    has_waited: bool,
    /// The one that came to wait with this command: it has seen the prices that are there.
    fresh: Option<(OrderId, [Option<Price>; Feed::COUNT])>,
    /// The price of each [`Feed`] when it was last looked at.
    seen: [Option<Price>; Feed::COUNT],
    mark: Option<Price>,
    /// How many times an order came to be live, or to its place in a queue.
    turns: u64,
    now: Timestamp,
    last_price: Option<Price>,
    last_trade: TradeId,
    greatest_id: Option<OrderId>,
    history: History,
    /// Oldest first.
    tokens: Vec<Remembered>,
    /// How many events of the command the lists have heard of before it did anything.
    heard: usize,
    /// Turns that the last command took and its events do not show.
    pub notes: Vec<&'static str>,
    /// What trailing orders went through in the last command.
    pub trails: Vec<(OrderId, TrailStep)>,
}

impl Model {
    /// An empty book of `instrument`.
    pub fn new(instrument: &Instrument) -> Self {
        Self {
            instrument: instrument.clone(),
            resting: Vec::new(),
            waiting: Vec::new(),
            elected: Vec::new(),
            lists: Vec::new(),
            due: Vec::new(),
            opened: 0,
            has_waited: false,
            fresh: None,
            seen: [None; Feed::COUNT],
            mark: None,
            turns: 0,
            now: Timestamp::default(),
            last_price: None,
            last_trade: TradeId(0),
            greatest_id: None,
            history: History::default(),
            tokens: Vec::new(),
            heard: 0,
            notes: Vec::new(),
            trails: Vec::new(),
        }
    }

    /// Does what `command` asks and says what happened.
    pub fn apply(&mut self, command: &Command) -> Vec<Event> {
        self.notes.clear();
        self.trails.clear();
        self.fresh = None;
        self.heard = 0;
        let mut events = Vec::new();
        let outcome = self.obey(command, &mut events);
        if let Err(reason) = outcome {
            let (request, id) = asked(&command.action);
            events.push(Event::Rejected {
                id,
                request,
                reason,
            });
        }
        self.hear(&events[self.heard..]);
        // While orders are due that have not expired, nobody may trade.
        let is_due = |order: &Live| expiry(order).is_some_and(|expiry| expiry <= self.now);
        if !self.live().iter().any(is_due) {
            self.watch(&mut events);
        }
        self.history.hear(&events);
        events
    }

    fn obey(&mut self, command: &Command, events: &mut Vec<Event>) -> Outcome {
        let at = command.timestamp;
        if at < self.now {
            return Err(RejectReason::TimeWentBackwards);
        }
        let expired = self.expire(at, events);
        // The command finds lists as they are then.
        self.hear(events);
        self.heard = events.len();
        let expired = expired?;
        if let Action::Once { token, order } = &command.action
            && let Some(duplicate) = self.duplicate(*token, order)?
        {
            events.push(duplicate);
            return Ok(());
        }
        match &command.action {
            Action::Limit(order) => self.limit(order, at, events)?,
            Action::Market(order) => self.market(order, at, events)?,
            Action::Order(order) => self.enter(order, at, events)?,
            Action::Cancel(cancel) => self.cancel(cancel, events)?,
            Action::Reduce(reduce) => self.reduce(reduce, events)?,
            Action::Replace(replace) => self.replace(replace, events)?,
            Action::Amend(amend) => self.amend(amend, events)?,
            Action::Once { token, order } => {
                self.enter(order, at, events)?;
                self.remember(*token, order);
            }
            Action::CancelReplace {
                cancel,
                only,
                mode,
                order,
            } => self.cancel_replace((*cancel, *only), *mode, order, at, events)?,
            Action::Leg { .. } => self.leg(&command.action, at, events)?,
            Action::CancelAll(filter) => self.cancel_all(filter, events)?,
            Action::SetMark(price) => self.set_mark(*price, events)?,
            Action::AdvanceTime => events.push(Event::TimeAdvanced {
                to: at,
                orders: expired,
            }),
            Action::EndOfDay => self.end_of_day(events),
        }
        self.now = at;
        Ok(())
    }

    fn set_mark(&mut self, price: Price, events: &mut Vec<Event>) -> Outcome {
        self.check_trigger_price(price)?;
        self.mark = Some(price);
        events.push(Event::MarkSet { price });
        Ok(())
    }

    /// Expires what is due at `at`, earliest expiry first, and says how many orders that was.
    fn expire(&mut self, at: Timestamp, events: &mut Vec<Event>) -> Result<u64, RejectReason> {
        let mut due = self.live();
        due.retain(|order| expiry(order).is_some_and(|expiry| expiry <= at));
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

    /// The resting orders that `wanted` selects, in no order.
    fn selected(&self, wanted: impl Fn(&Held) -> bool) -> Vec<Held> {
        let all = self.resting.iter().copied();
        all.filter(wanted).collect()
    }

    /// The orders at a price: those that show something, then the others, each by their turns.
    fn queue(&self, side: Side, price: Price) -> Vec<Held> {
        let mut orders = self.selected(|order| order.side == side && order.price == price);
        orders.sort_by_key(|order| (order.shown == 0, order.turn));
        orders
    }

    /// The prices of a side that have any order, best first.
    fn prices(&self, side: Side) -> Vec<Price> {
        let orders = self.selected(|order| order.side == side);
        let mut prices: Vec<Price> = orders.iter().map(|order| order.price).collect();
        prices.sort();
        prices.dedup();
        if side == Side::Buy {
            prices.reverse();
        }
        prices
    }

    /// The orders of a side in the order in which a taker meets them.
    fn orders_of(&self, side: Side) -> Vec<Held> {
        let prices = self.prices(side).into_iter();
        prices.flat_map(|price| self.queue(side, price)).collect()
    }

    fn next_turn(&mut self) -> u64 {
        self.turns += 1;
        self.turns
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

fn expiry(order: &Live) -> Option<Timestamp> {
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
        Action::Order(order) => (Request::Order, order.id),
        Action::Once { order, .. } => (Request::Once, order.id),
        Action::Leg { order, .. } => (Request::Leg, order.id),
        Action::CancelReplace { order, .. } => (Request::CancelReplace, order.id),
        Action::Amend(amend) => (Request::Amend, amend.id),
        Action::Cancel(cancel) => (Request::Cancel, cancel.id),
        Action::Reduce(reduce) => (Request::Reduce, reduce.id),
        Action::Replace(replace) => (Request::Replace, replace.id),
        Action::CancelAll(_) => (Request::CancelAll, OrderId(0)),
        Action::SetMark(_) => (Request::SetMark, OrderId(0)),
        Action::AdvanceTime => (Request::AdvanceTime, OrderId(0)),
        Action::EndOfDay => (Request::EndOfDay, OrderId(0)),
    }
}
