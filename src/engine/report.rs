//! The convenient form, for programs that embed one book in a loop.

use smallvec::SmallVec;

use crate::book::RestingOrder;
use crate::command::{Action, Command};
use crate::engine::Engine;
use crate::event::{CancelCause, Event, Events, RejectReason, Rest};
use crate::order::{OrderId, SelfTrade, TradeId};
use crate::units::{Price, Quantity};

/// What became of one command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// The trades that its order took, in order; not those of orders that it moved to [try again](crate::Order#minimum).
    /// Up to four need no allocation.
    pub fills: SmallVec<[ReportFill; 4]>,
    /// The sum of the fills.
    pub filled: Quantity,
    /// The order of the command, as it rests afterwards, if it does. One that waits for a trigger does not rest.
    pub resting: Option<RestingOrder>,
    /// How many lots of its order were cancelled, or taken off where self-trades are prevented; after a command on many
    /// orders, how many it cancelled.
    pub cancelled: Quantity,
    /// How many orders were cancelled whole or for the rest of them; more than one only after a command on many.
    pub orders_cancelled: u64,
    /// Whether the command has to be sent again to finish, for it selects more orders than
    /// the capacity for events lets it report.
    pub more: bool,
}

/// One trade of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ReportFill {
    /// The trade's number.
    pub trade: TradeId,
    /// The order that rested: the command's own, if an order with a [minimum](crate::Order::minimum) tried again and took it.
    pub maker: OrderId,
    /// Its price.
    pub price: Price,
    /// How much traded.
    pub quantity: Quantity,
}

impl Engine {
    /// Does what a command asks and reports what became of it, without a buffer of events.
    ///
    /// The first call makes a buffer inside the engine; after that only a report of more
    /// than four fills allocates.
    ///
    /// Orders that the command's timestamp expired are in the report only when the
    /// command is an [`Action::AdvanceTime`]. Who needs every event uses [`Engine::apply`].
    ///
    /// ```
    /// use pricetime::*;
    /// let mut engine = Engine::new(Instrument::builder().build()?);
    /// let mut order = LimitOrder {
    ///     id: OrderId(1),
    ///     account: AccountId(1),
    ///     side: Side::Sell,
    ///     price: Price::new(101),
    ///     quantity: Quantity::new(5),
    ///     time_in_force: TimeInForce::Gtc,
    ///     post_only: PostOnly::Off,
    /// };
    /// let at = Timestamp::new(0);
    /// let report = engine.submit(&Command::new(at, Action::Limit(order))).unwrap();
    /// assert_eq!(report.resting.map(|order| order.quantity), Some(Quantity::new(5)));
    ///
    /// (order.id, order.side, order.quantity) = (OrderId(2), Side::Buy, Quantity::new(3));
    /// let report = engine.submit(&Command::new(at, Action::Limit(order))).unwrap();
    /// assert_eq!((report.fills.len(), report.filled), (1, Quantity::new(3)));
    /// # Ok::<(), InstrumentError>(())
    /// ```
    ///
    /// # Errors
    /// The reason, if the command was refused.
    pub fn submit(&mut self, command: &Command) -> Result<Report, RejectReason> {
        let mut events = match self.scratch.take() {
            Some(events) => events,
            None => Events::for_instrument(&self.instrument),
        };
        events.clear();
        self.apply(command, &mut events);
        let report = self.report(&command.action, &events);
        self.scratch = Some(events);
        report
    }

    /// The report on the command that was applied last, from all of its events.
    #[inline(always)]
    pub(crate) fn report(&self, action: &Action, events: &Events) -> Result<Report, RejectReason> {
        let mut report = Report::default();
        report.add(action, events)?;
        report.resting = match action {
            Action::Limit(order) => self.book.order(order.id),
            Action::Order(order)
            | Action::Once { order, .. }
            | Action::Leg { order, .. }
            | Action::CancelReplace { order, .. } => self.book.order(order.id),
            Action::Amend(amend) => self.book.order(amend.id),
            Action::Reduce(reduce) => self.book.order(reduce.id),
            Action::Replace(replace) => self.book.order(replace.id),
            Action::Market(_)
            | Action::Cancel(_)
            | Action::CancelAll(_)
            | Action::SetMark(_)
            | Action::AdvanceTime
            | Action::EndOfDay => None,
        };
        Ok(report)
    }
}

impl Report {
    /// Adds what the events of one command tell.
    fn add(&mut self, action: &Action, events: &Events) -> Result<(), RejectReason> {
        for event in events {
            match *event {
                Event::Rejected { reason, .. } => return Err(reason),
                Event::Traded {
                    trade,
                    taker,
                    maker,
                    price,
                    quantity,
                    ..
                } if action.is_about(taker) || action.is_about(maker) => self.fill(ReportFill {
                    trade,
                    maker,
                    price,
                    quantity,
                }),
                Event::Cancelled {
                    id,
                    cause,
                    quantity,
                } if is_of(action, id, cause) => {
                    self.cancelled = self.cancelled.plus(quantity);
                    self.orders_cancelled += 1;
                }
                Event::Prevented {
                    taker,
                    maker,
                    mode,
                    quantity,
                    ..
                } if is_taken_off(action, mode, [taker, maker]) => {
                    self.cancelled = self.cancelled.plus(quantity);
                }
                Event::MassCancelled { rest, .. } | Event::DayEnded { rest, .. } => {
                    self.more = rest == Rest::More;
                }
                Event::Accepted { .. }
                | Event::Waits { .. }
                | Event::Held { .. }
                | Event::ListStarted { .. }
                | Event::Released { .. }
                | Event::Duplicate { .. }
                | Event::Repriced { .. }
                | Event::TriggerMoved { .. }
                | Event::Triggered { .. }
                | Event::Refused { .. }
                | Event::MarkSet { .. }
                | Event::Traded { .. }
                | Event::Prevented { .. }
                | Event::Priced { .. }
                | Event::Rested { .. }
                | Event::RestedHidden { .. }
                | Event::Refreshed { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::Slid { .. }
                | Event::Cancelled { .. }
                | Event::TimeAdvanced { .. } => {}
            }
        }
        Ok(())
    }

    fn fill(&mut self, fill: ReportFill) {
        self.filled = self.filled.plus(fill.quantity);
        self.fills.push(fill);
    }
}

/// Whether a cancellation is what the action did: not an expiry that its time brought about, nor what became of another
/// order that the action's order, or one that tried again, would have traded with.
pub(crate) fn is_of(action: &Action, id: OrderId, cause: CancelCause) -> bool {
    match action {
        Action::CancelAll(_) => cause == CancelCause::Mass,
        Action::EndOfDay => cause == CancelCause::DayEnded,
        Action::AdvanceTime => cause == CancelCause::Expired,
        Action::CancelReplace { cancel, .. } if id == *cancel => cause == CancelCause::Replaced,
        Action::Limit(_)
        | Action::Market(_)
        | Action::Order(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::Amend(_)
        | Action::SetMark(_) => action.is_about(id) && cause != CancelCause::Expired,
    }
}

/// Whether a prevented trade between two orders made the action's order smaller.
pub(crate) fn is_taken_off(action: &Action, mode: SelfTrade, orders: [OrderId; 2]) -> bool {
    let is_smaller = matches!(mode, SelfTrade::Decrement | SelfTrade::Transfer);
    is_smaller && orders.into_iter().any(|id| action.is_about(id))
}
