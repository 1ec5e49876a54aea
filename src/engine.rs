//! The rules. [`Engine::apply`] is the only door.
//!
//! ```text
//!   command -> time: expire what is due -> admit completely -> change -> events
//! ```
//!
//! Admission looks and never touches; past its last check nothing can fail.
//!
//! | file | rules |
//! | --- | --- |
//! | `admit` | quantities, prices, money, ids, capacities: who gets in |
//! | `filters` | market lots, and how much one account may have |
//! | `range` | how far from a reference a limit may be, and a trade |
//! | `enter`, `market` | new orders, post-only, lifetimes, totals for the whole of an order |
//! | `course` | what an admitted order will do, and whether that goes |
//! | `sweep` | a taker walking the other side |
//! | `plan`, `carry` | a taker that has to look ahead: minima, hidden quantity, self-trades |
//! | `watch` | triggers, and what else a command brings about that it did not ask for |
//! | `line` | orders that were triggered or released |
//! | `pegs` | orders that follow a reference price |
//! | `lists`, `dues` | orders that depend on each other: who may, and what follows |
//! | `prevention` | trades with oneself |
//! | `retry` | orders with a minimum that cross |
//! | `tokens` | requests that are sent again |
//! | `change` | cancel, reduce, replace |
//! | `amend` | new terms for a live order, and which let it keep its place |
//! | `cancel_replace` | one order cancelled, another entered |
//! | `mass` | cancel-all, expiry, the end of the day |
//! | `report`, `prefetch` | the convenient form, and loading ahead |

mod admit;
mod amend;
mod cancel_replace;
mod carry;
mod change;
mod course;
mod dues;
mod enter;
mod filters;
mod line;
mod lists;
mod market;
mod mass;
mod pegs;
mod plan;
mod prefetch;
mod prevention;
mod range;
mod report;
mod retry;
mod sweep;
mod tokens;
mod watch;

use crate::book::{Book, Home, Image};
use crate::command::{Action, Command};
use crate::event::{CancelCause, Event, Events, RejectReason};
use crate::instrument::{Instrument, OrderIdPolicy};
use crate::order::{OrderId, TradeId};
use crate::units::{Price, Timestamp};
use admit::Limits;
use cancel_replace::Exchange;
use lists::Named;
use plan::Plan;
pub use report::{Report, ReportFill};
pub(crate) use report::{is_of, is_refused, is_taken_off};
pub(crate) use tokens::Remembered;
use tokens::{Entered, Tokens};

/// The version of the rules. It grows with every change of what any command answers, and
/// journals and snapshots carry it.
pub const RULES: u16 = 1;

/// One instrument's matching engine: a deterministic state machine.
///
/// The same commands give the same events on every machine and build. It reads
/// no clock, draws no random number and starts no thread.
///
/// ```
/// use pricetime::*;
/// let mut engine = Engine::new(Instrument::builder().build()?);
/// let mut events = Events::for_instrument(engine.instrument());
/// let cancel = Cancel { id: OrderId(1), owner: None };
/// engine.apply(&Command::new(Timestamp::new(0), Action::Cancel(cancel)), &mut events);
/// assert_eq!(
///     events.as_slice(),
///     [Event::Rejected {
///         id: OrderId(1),
///         request: Request::Cancel,
///         reason: RejectReason::OrderUnknown,
///     }]
/// );
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Engine {
    instrument: Instrument,
    limits: Limits,
    book: Book,
    /// The time of the last accepted command, in nanoseconds.
    now: u64,
    /// The number of the last trade; zero before the first.
    last_trade: u64,
    last_price: Option<Price>,
    /// The greatest id accepted, where ids must increase.
    greatest_id: Option<OrderId>,
    /// The price that was given from outside.
    mark: Option<Price>,
    /// Of each feed the price that triggers were compared with last.
    observed: [Option<Price>; 4],
    /// The requests that are remembered.
    tokens: Tokens,
    /// The references as orders followed them last; no part of the state.
    references: [Option<Price>; 2],
    /// The references as they are, while what follows on a command is under way.
    looked: Option<[Option<Price>; 2]>,
    /// What the taker under way will do; no part of the state.
    plan: Plan,
    /// Where `submit` collects events, once it was called; no part of the state.
    scratch: Option<Events>,
}

/// Equal engines answer every later command alike. Engines that would do so need not be
/// equal: where orders are kept depends on what was there before.
impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        self.instrument == other.instrument
            && self.book == other.book
            && self.now == other.now
            && self.last_trade == other.last_trade
            && self.last_price == other.last_price
            && self.greatest_id == other.greatest_id
            && self.mark == other.mark
            && self.observed == other.observed
            && self.tokens == other.tokens
    }
}

impl Eq for Engine {}

/// What an engine knows besides its book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Counters {
    pub now: u64,
    pub last_trade: u64,
    pub last_price: Option<Price>,
    pub greatest_id: Option<OrderId>,
    pub mark: Option<Price>,
    pub observed: [Option<Price>; 4],
    /// The requests that are remembered, oldest first.
    pub tokens: Vec<Remembered>,
}

impl Engine {
    /// What a snapshot has of it, besides the instrument.
    pub(crate) fn image(&self) -> (Counters, Image) {
        let counters = Counters {
            now: self.now,
            last_trade: self.last_trade,
            last_price: self.last_price,
            greatest_id: self.greatest_id,
            mark: self.mark,
            observed: self.observed,
            tokens: self.tokens.iter().copied().collect(),
        };
        (counters, self.book.image())
    }

    /// The engine that an image shows; `None` if there is none such.
    pub(crate) fn from_image(
        instrument: &Instrument,
        counters: &Counters,
        image: &Image,
    ) -> Option<Self> {
        let ids_increase = instrument.order_ids() == OrderIdPolicy::Increasing;
        let greatest = counters.greatest_id;
        let has_greater = image
            .orders
            .iter()
            .map(|order| order.id)
            .chain(image.waiting.iter().map(|waiting| waiting.order.id.0))
            .any(|id| greatest.is_none_or(|most| id > most.0));
        if (ids_increase && has_greater) || (!ids_increase && greatest.is_some()) {
            return None;
        }
        // A number that grows by one a trade never comes near the end of its type.
        let has_traded = counters.last_trade > 0;
        if has_traded != counters.last_price.is_some() || counters.last_trade > u64::MAX / 2 {
            return None;
        }
        let engine = Self {
            limits: Limits::of(instrument),
            book: Book::from_image(instrument, image)?,
            instrument: instrument.clone(),
            now: counters.now,
            last_trade: counters.last_trade,
            last_price: counters.last_price,
            greatest_id: counters.greatest_id,
            mark: counters.mark,
            observed: counters.observed,
            tokens: Self::new_tokens(instrument).with(&counters.tokens)?,
            references: [None; 2],
            looked: None,
            plan: Self::new_plan(instrument),
            scratch: None,
        };
        let mut waiting = image.waiting.iter();
        let could_wait = waiting.all(|waiting| engine.could_wait(&waiting.order));
        could_wait.then_some(engine)
    }

    /// What one command may do is bounded by its events.
    fn new_plan(instrument: &Instrument) -> Plan {
        let capacities = instrument.capacities();
        let events_max = Limits::of(instrument).trades_max;
        Plan::new(
            events_max,
            capacities.special_orders as usize,
            capacities.lists as usize,
        )
    }

    fn new_tokens(instrument: &Instrument) -> Tokens {
        Tokens::new(instrument.capacities().tokens, instrument.index_key())
    }

    /// An engine with an empty book. All memory is taken here and touched, so that
    /// no later command waits for it.
    pub fn new(instrument: Instrument) -> Self {
        Self {
            limits: Limits::of(&instrument),
            book: Book::new(&instrument),
            tokens: Self::new_tokens(&instrument),
            references: [None; 2],
            looked: None,
            plan: Self::new_plan(&instrument),
            instrument,
            now: 0,
            last_trade: 0,
            last_price: None,
            greatest_id: None,
            mark: None,
            observed: [None; 4],
            scratch: None,
        }
    }

    /// Does what a command asks, or refuses it, and appends what happened to `events`.
    ///
    /// A refused command appends one [`Event::Rejected`] and changes nothing; orders
    /// that its timestamp expired are gone all the same, with events of their own. Behind the events of any command come those of
    /// orders with a [minimum](crate::Order::minimum) that try again.
    // Left to itself, the compiler takes some callers' copies out of line, which costs a tenth.
    #[inline(always)]
    pub fn apply(&mut self, command: &Command, events: &mut Events) {
        if self.book.is_watched() {
            return self.apply_and_watch(command, events);
        }
        self.apply_alone::<false>(command, events);
    }

    /// The same where more may happen afterwards than the command asks for.
    #[cold]
    fn apply_and_watch(&mut self, command: &Command, events: &mut Events) {
        let start = events.len();
        self.apply_alone::<true>(command, events);
        let is_expiry = |event: &&Event| {
            matches!(
                event,
                Event::Cancelled {
                    cause: CancelCause::Expired,
                    ..
                }
            )
        };
        let appended = events.as_slice()[start..].iter();
        let expired = appended.take_while(is_expiry).count();
        self.watch_unless_due(start + expired, events);
    }

    /// Lets happen what a command's own events, from `start` on, bring about.
    fn watch_unless_due(&mut self, start: usize, events: &mut Events) {
        // While orders are due that have not expired, nobody may trade.
        match self.book.due(self.now) {
            Some(_) => self.tell_lists(&events.as_slice()[start..]),
            None => {
                self.watch(start, events);
                self.looked = None;
            }
        }
    }

    /// Does what a command asks. What that brings about is looked after here unless `WATCHED`, when the caller does it.
    #[inline(always)]
    fn apply_alone<const WATCHED: bool>(&mut self, command: &Command, events: &mut Events) {
        let time = command.timestamp.nanoseconds();
        let mut expired = 0;
        if time < self.now || time >= self.book.next_expiry() {
            match self.pass_time(time, events) {
                Ok(orders) => expired = orders,
                Err(reason) => return events.push(Event::rejected(&command.action, reason)),
            }
        }
        let id = match &command.action {
            Action::Limit(order) => order.id,
            Action::Market(order) => order.id,
            Action::Order(order)
            | Action::Once { order, .. }
            | Action::Leg { order, .. }
            | Action::CancelReplace { order, .. } => order.id,
            Action::Cancel(cancel) => cancel.id,
            Action::Reduce(reduce) => reduce.id,
            Action::Replace(replace) => replace.id,
            Action::Amend(amend) => amend.id,
            Action::CancelAll(_) | Action::SetMark(_) | Action::AdvanceTime | Action::EndOfDay => {
                return self.act_on_many(command, expired, events);
            }
        };
        // Before it is known what is asked: the processor guesses that wrong half of the time,
        // and what it has begun by then is done while it recovers.
        let home = self.book.home(id);
        let done = match &command.action {
            Action::Limit(order) => return self.enter_limit(order, home, time, events),
            Action::Cancel(cancel) => return self.cancel(cancel, home, time, events),
            Action::Market(order) => self.enter_market(order, home, time, events),
            Action::Order(_)
            | Action::Once { .. }
            | Action::Leg { .. }
            | Action::CancelReplace { .. } => {
                let start = events.len();
                self.enter_other(command, home, events);
                if !WATCHED && self.book.is_watched() {
                    self.watch_unless_due(start, events);
                }
                return;
            }
            Action::Reduce(reduce) => self.reduce(reduce, home, events),
            Action::Replace(replace) => self.replace(replace, home, events),
            Action::Amend(amend) => self.amend(amend, home, events),
            Action::CancelAll(_) | Action::SetMark(_) | Action::AdvanceTime | Action::EndOfDay => {
                return;
            }
        };
        self.end(done, command, events);
    }

    /// The resting orders.
    #[inline]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// What is fixed.
    pub fn instrument(&self) -> &Instrument {
        &self.instrument
    }

    /// The time of the last accepted command, or of the last expiry.
    pub fn now(&self) -> Timestamp {
        Timestamp::new(self.now)
    }

    /// The price of the last trade.
    pub fn last_price(&self) -> Option<Price> {
        self.last_price
    }

    /// The price that [`Action::SetMark`] gave last.
    pub fn mark(&self) -> Option<Price> {
        self.mark
    }

    /// The number of the last trade; zero before the first.
    pub fn last_trade(&self) -> TradeId {
        TradeId(self.last_trade)
    }

    /// Bytes of heap taken for the book and to look ahead, all of it when the engine was made. The buffer of
    /// [`submit`](Engine::submit) is not in it.
    pub fn memory_bytes(&self) -> usize {
        self.book.memory_bytes() + self.plan.memory_bytes() + self.tokens.memory_bytes()
    }

    /// Refuses to go back in time, or expires what is due and says how many orders that were.
    #[cold]
    fn pass_time(&mut self, time: u64, events: &mut Events) -> Result<u64, RejectReason> {
        if time < self.now {
            return Err(RejectReason::TimeWentBackwards);
        }
        let start = events.len();
        let expired = self.expire(time, events);
        // The command itself finds lists as they are then.
        self.tell_lists(&events.as_slice()[start..]);
        expired
    }

    /// Enters an order that is not plain.
    #[inline(never)]
    fn enter_other(&mut self, command: &Command, home: Home, events: &mut Events) {
        let time = command.timestamp.nanoseconds();
        let done = match &command.action {
            Action::Order(order) => self.enter_any(order, home, time, events),
            Action::Once { token, order } => {
                match self.enter_once(*token, order, home, time, events) {
                    Ok(Entered::Before) => return,
                    Ok(Entered::Now) => Ok(()),
                    Err(reason) => Err(reason),
                }
            }
            Action::Leg {
                list,
                kind,
                legs,
                partial_fill,
                order,
            } => {
                let named = Named {
                    list: *list,
                    kind: *kind,
                    legs: *legs,
                    partial_fill: *partial_fill,
                };
                self.enter_leg(&named, order, home, time, events)
            }
            &Action::CancelReplace {
                cancel,
                only,
                mode,
                ref order,
            } => {
                let exchange = Exchange { cancel, only, mode };
                self.cancel_replace(exchange, order, home, time, events)
            }
            Action::Limit(_)
            | Action::Market(_)
            | Action::Cancel(_)
            | Action::Reduce(_)
            | Action::Replace(_)
            | Action::Amend(_)
            | Action::CancelAll(_)
            | Action::SetMark(_)
            | Action::AdvanceTime
            | Action::EndOfDay => return,
        };
        self.end(done, command, events);
    }

    /// Carries out what speaks of no order in particular.
    #[inline(never)]
    fn act_on_many(&mut self, command: &Command, expired: u64, events: &mut Events) {
        let done = match &command.action {
            Action::CancelAll(filter) => self.cancel_all(filter, events),
            Action::SetMark(price) => self.set_mark(*price, events),
            Action::AdvanceTime => {
                events.push(Event::TimeAdvanced {
                    to: command.timestamp,
                    orders: expired,
                });
                Ok(())
            }
            Action::EndOfDay => {
                self.end_day(events);
                Ok(())
            }
            Action::Limit(_)
            | Action::Market(_)
            | Action::Order(_)
            | Action::Once { .. }
            | Action::Leg { .. }
            | Action::CancelReplace { .. }
            | Action::Amend(_)
            | Action::Cancel(_)
            | Action::Reduce(_)
            | Action::Replace(_) => return,
        };
        self.end(done, command, events);
    }

    /// Notes that a command was carried out, or why not.
    fn end(&mut self, done: Result<(), RejectReason>, command: &Command, events: &mut Events) {
        match done {
            Ok(()) => self.now = command.timestamp.nanoseconds(),
            Err(reason) => events.push(Event::rejected(&command.action, reason)),
        }
    }
}

#[cfg(test)]
impl Engine {
    /// Breaks an invariant: whatever takes this order off the book panics.
    pub(crate) fn break_entry_of(&mut self, id: OrderId) {
        self.book.lose_entry_of(id);
    }
}
