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
    /// The order of the command, as it rests afterwards, if it does. One that waits, whatever for, does not rest.
    pub resting: Option<RestingOrder>,
    /// How many lots of its order were cancelled, or taken off where self-trades are prevented; after a command on many
    /// orders, how many it cancelled. The order that a [`CancelReplace`](Action::CancelReplace) cancels is counted too.
    pub cancelled: Quantity,
    /// How many orders were cancelled whole or for the rest of them; more than one only after a command on many.
    pub orders_cancelled: u64,
    /// Whether the command has to be sent again to finish, for it selects more orders than
    /// the capacity for events lets it report.
    pub more: bool,
    /// The order that was entered when this [token](Action::Once) was used before. Then the command did nothing, and nothing else is said.
    pub duplicate: Option<OrderId>,
    /// Why a part of the command was refused: the half of a [`CancelReplace`](Action::CancelReplace) that failed, or its order once it was
    /// triggered, released or repriced. For a cancel that fails there are reasons that no new order is refused for.
    pub refused: Option<RejectReason>,
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
            Action::Order(order) | Action::Leg { order, .. } => self.book.order(order.id),
            // An order that was not entered may have the id of one that is live.
            Action::Once { order, .. } | Action::CancelReplace { order, .. }
                if accepts(events, order.id) =>
            {
                self.book.order(order.id)
            }
            Action::Once { .. } | Action::CancelReplace { .. } => None,
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
                Event::Traded { taker, maker, .. }
                    if action.is_about(taker) || action.is_about(maker) =>
                {
                    self.fill(event);
                }
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
                Event::Duplicate { original, .. } => self.duplicate = Some(original),
                Event::Refused { id, reason } if is_refused(action, id) => {
                    self.refused = Some(reason);
                }
                Event::Accepted { .. }
                | Event::Waits { .. }
                | Event::Held { .. }
                | Event::ListStarted { .. }
                | Event::Released { .. }
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

    fn fill(&mut self, event: &Event) {
        if let Event::Traded {
            trade,
            maker,
            price,
            quantity,
            ..
        } = *event
        {
            self.filled = self.filled.plus(quantity);
            self.fills.push(ReportFill {
                trade,
                maker,
                price,
                quantity,
            });
        }
    }
}

/// Whether an order with this id was entered.
fn accepts(events: &Events, entered: OrderId) -> bool {
    let is_entered = |event: &Event| matches!(event, Event::Accepted { id, .. } if *id == entered);
    events.iter().any(is_entered)
}

/// Whether an order that is refused is one of the action's: its own, or one that it was to cancel.
pub(crate) fn is_refused(action: &Action, id: OrderId) -> bool {
    let is_cancelled = matches!(action, Action::CancelReplace { cancel, .. } if *cancel == id);
    is_cancelled || action.is_about(id)
}

/// Whether a cancellation is what the action did: not an expiry that its time brought about, nor what became of another
/// order that the action's order, or one that tried again, would have traded with.
pub(crate) fn is_of(action: &Action, id: OrderId, cause: CancelCause) -> bool {
    match action {
        Action::CancelAll(_) => cause == CancelCause::Mass,
        Action::EndOfDay => cause == CancelCause::DayEnded,
        Action::AdvanceTime => cause == CancelCause::Expired,
        Action::CancelReplace { cancel, .. } if id == *cancel && cause == CancelCause::Replaced => {
            true
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{CancelOnly, CancelReplaceMode};
    use crate::instrument::Instrument;
    use crate::order::{AccountId, ClientToken, Order, Side};
    use crate::units::Timestamp;

    /// An engine in which order 1 rests.
    fn engine() -> Engine {
        let mut engine = Engine::new(Instrument::builder().build().expect("a right setting"));
        let command = Command::new(Timestamp::new(0), Action::Order(order(1)));
        let report = engine.submit(&command).expect("it rests");
        assert_eq!(report.resting.map(|order| order.id), Some(OrderId(1)));
        engine
    }

    fn order(id: u64) -> Order {
        let (price, quantity) = (Price::new(100), Quantity::new(4));
        Order::limit(OrderId(id), AccountId(1), Side::Buy, price, quantity)
    }

    fn told(events: &[Event]) -> Events {
        let mut all = Events::default();
        events.iter().for_each(|event| all.push(*event));
        all
    }

    #[test]
    fn a_duplicate_names_the_original_and_nothing_else() {
        for id in [1, 2] {
            let once = Action::Once {
                token: ClientToken(9),
                order: order(id),
            };
            let events = told(&[Event::Duplicate {
                id: OrderId(id),
                original: OrderId(1),
            }]);
            let only = Report {
                duplicate: Some(OrderId(1)),
                ..Report::default()
            };
            assert_eq!(engine().report(&once, &events), Ok(only));
        }
    }

    #[test]
    fn the_half_of_a_cancel_replace_that_failed_is_told() {
        let replace = |cancel, entered| Action::CancelReplace {
            cancel: OrderId(cancel),
            only: CancelOnly::Any,
            mode: CancelReplaceMode::AllowFailure,
            order: order(entered),
        };
        let (id, reason) = (OrderId(1), RejectReason::OrderIdAlreadyLive);
        let cancelled = Event::Cancelled {
            id: OrderId(2),
            cause: CancelCause::Replaced,
            quantity: Quantity::new(3),
        };
        // The new order has the id of one that lives and is not its own.
        let events = told(&[cancelled, Event::Refused { id, reason }]);
        let expected = Report {
            cancelled: Quantity::new(3),
            orders_cancelled: 1,
            refused: Some(reason),
            ..Report::default()
        };
        assert_eq!(engine().report(&replace(2, 1), &events), Ok(expected));
        // The order that was to be cancelled is unknown.
        let (id, reason) = (OrderId(2), RejectReason::OrderUnknown);
        let events = told(&[Event::Refused { id, reason }]);
        let report = engine()
            .report(&replace(2, 1), &events)
            .expect("not refused");
        assert_eq!(
            (report.refused, report.cancelled),
            (Some(reason), Quantity::ZERO)
        );
    }

    #[test]
    fn an_order_that_takes_the_id_of_the_one_it_replaces_counts_both_cancellations() {
        let replace = Action::CancelReplace {
            cancel: OrderId(5),
            only: CancelOnly::Any,
            mode: CancelReplaceMode::StopOnFailure,
            order: order(5),
        };
        let causes = [CancelCause::Replaced, CancelCause::NotFilledAtOnce];
        let cancelled = causes.map(|cause| Event::Cancelled {
            id: OrderId(5),
            cause,
            quantity: Quantity::new(4),
        });
        let report = engine()
            .report(&replace, &told(&cancelled))
            .expect("not refused");
        assert_eq!(
            (report.orders_cancelled, report.cancelled),
            (2, Quantity::new(8))
        );
    }
}
