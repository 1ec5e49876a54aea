//! What a producer is told of each of its commands.

use crate::command::Action;
use crate::engine::{is_of, is_refused, is_taken_off};
use crate::event::{Event, Priority, RejectReason, Rest};
use crate::journal::Record;
use crate::order::OrderId;
use crate::units::{Notional, Quantity};

/// Where the fields of the first word begin, behind the bit that says it was refused.
const MORE: u32 = 8;
const DUPLICATE: u32 = 9;
const REFUSED: u32 = 10;
const REASON: u32 = 16;
const FILLS: u32 = 32;

/// What became of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The token that it was submitted with.
    pub token: u64,
    /// The number of its entry in the journal.
    pub sequence: u64,
    /// What it did, or why it was refused.
    pub result: Result<Done, RejectReason>,
}

/// What a command did. Each fill is an event of its own, in the ring and in the journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// How often its order took.
    pub fills: u32,
    /// How much its order took in all.
    pub filled: Quantity,
    /// What that came to, in units of one tick times one lot.
    pub notional: Notional,
    /// How much of its order rests now; of one that waits, whatever for, nothing does. After a change of an order that waits, how
    /// much of it waits, if it does.
    pub resting: Quantity,
    /// How much of its order was cancelled, or taken off where self-trades are prevented; of several orders, how much it
    /// cancelled of all together, and with a [`CancelReplace`](Action::CancelReplace) of both.
    pub cancelled: Quantity,
    /// Whether it has to be sent again to finish.
    pub more: bool,
    /// The order that was entered when this [token](Action::Once) was used before. Then the command did nothing.
    pub duplicate: Option<OrderId>,
    /// Why a part of the command was refused, as [`Report::refused`](crate::Report::refused) says.
    pub refused: Option<RejectReason>,
}

impl Outcome {
    /// The outcome that the events of one command tell.
    pub(super) fn of(token: u64, sequence: u64, action: &Action, events: &[Event]) -> Self {
        let mut done = Done::default();
        let mut result = Ok(());
        for event in events {
            if let Event::Rejected { reason, .. } = event {
                result = Err(*reason);
            } else {
                done.add(action, event);
            }
        }
        Self {
            token,
            sequence,
            result: result.map(|()| done),
        }
    }

    pub(super) fn to_record(self) -> Record {
        let (head, done) = match self.result {
            Ok(done) => {
                let flags = u64::from(done.more) << MORE
                    | u64::from(done.duplicate.is_some()) << DUPLICATE
                    | u64::from(done.refused.is_some()) << REFUSED;
                let reason = done.refused.map_or(0, |reason| reason as u64) << REASON;
                (flags | reason | u64::from(done.fills) << FILLS, done)
            }
            Err(reason) => (1 | (reason as u64) << REASON, Done::default()),
        };
        let filled = done.filled.lots();
        let money = done.notional.tick_lots();
        [
            head,
            self.token,
            self.sequence,
            // Where there is an original nothing was filled.
            done.duplicate.map_or(filled, |original| original.0),
            done.resting.lots(),
            done.cancelled.lots(),
            money as u64,
            (money >> 64) as u64,
        ]
    }

    pub(super) fn from_record(record: &Record) -> Self {
        let money = i128::from(record[7] as i64) << 64 | i128::from(record[6]);
        let flag = |bit: u32| record[0] >> bit & 1 == 1;
        let reason = || {
            let reason = RejectReason::of_code((record[0] >> REASON) as u8);
            reason.expect("the matcher wrote the code of a reason")
        };
        let is_duplicate = flag(DUPLICATE);
        let result = match record[0] & 1 {
            0 => Ok(Done {
                fills: (record[0] >> FILLS) as u32,
                filled: Quantity::new(if is_duplicate { 0 } else { record[3] }),
                notional: Notional::new(money),
                resting: Quantity::new(record[4]),
                cancelled: Quantity::new(record[5]),
                more: flag(MORE),
                duplicate: is_duplicate.then_some(OrderId(record[3])),
                refused: flag(REFUSED).then(reason),
            }),
            _ => Err(reason()),
        };
        Self {
            token: record[1],
            sequence: record[2],
            result,
        }
    }
}

impl Done {
    fn add(&mut self, action: &Action, event: &Event) {
        match *event {
            Event::Traded { .. } | Event::Prevented { .. } => self.meet(action, event),
            // What it lifts off the book rests again only if an event says so.
            Event::Replaced {
                id,
                priority: Priority::Lost,
                ..
            }
            | Event::Repriced { id, .. }
                if action.is_about(id) =>
            {
                self.resting = Quantity::ZERO;
            }
            Event::Rested { id, .. } | Event::RestedHidden { id, .. } if action.is_about(id) => {
                self.rest(event);
            }
            Event::Replaced { id, quantity, .. } if action.is_about(id) => self.resting = quantity,
            Event::Reduced { id, remaining, .. } if action.is_about(id) => {
                self.shrink(action, remaining);
            }
            Event::Cancelled {
                id,
                cause,
                quantity,
            } if is_of(action, id, cause) => {
                self.cancelled = self.cancelled.plus(quantity);
                self.resting = Quantity::ZERO;
            }
            Event::MassCancelled { rest, .. } | Event::DayEnded { rest, .. } => {
                self.more = rest == Rest::More;
            }
            Event::Duplicate { original, .. } => self.duplicate = Some(original),
            Event::Refused { id, reason } if is_refused(action, id) => self.refused = Some(reason),
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Waits { .. }
            | Event::Triggered { .. }
            | Event::Refused { .. }
            | Event::Held { .. }
            | Event::ListStarted { .. }
            | Event::Released { .. }
            | Event::Repriced { .. }
            | Event::TriggerMoved { .. }
            | Event::MarkSet { .. }
            | Event::Priced { .. }
            | Event::Rested { .. }
            | Event::RestedHidden { .. }
            | Event::Refreshed { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::Cancelled { .. }
            | Event::Slid { .. }
            | Event::TimeAdvanced { .. } => {}
        }
    }

    /// Takes in that its order came to rest.
    fn rest(&mut self, event: &Event) {
        if let Event::Rested { quantity, .. } = *event {
            self.resting = quantity;
        }
        if let Event::RestedHidden {
            displayed, hidden, ..
        } = *event
        {
            self.resting = displayed.plus(hidden);
        }
    }

    /// Takes in that its order became smaller: by the command itself, or because another order of its list traded. The latter
    /// may be while it waits, when nothing of it rests.
    fn shrink(&mut self, action: &Action, remaining: Quantity) {
        if matches!(action, Action::Reduce(_)) || self.resting != Quantity::ZERO {
            self.resting = remaining;
        }
    }

    /// Counts what two orders traded, or were kept from trading.
    fn meet(&mut self, action: &Action, event: &Event) {
        if let Event::Traded {
            taker,
            maker,
            price,
            quantity,
            taker_remaining,
            maker_remaining,
            ..
        } = *event
        {
            // Its own order may be the maker, if an order with a minimum tried again and took it.
            if action.is_about(taker) || action.is_about(maker) {
                self.fills += 1;
                self.filled = self.filled.plus(quantity);
                let money = Notional::of(price, quantity).tick_lots();
                self.notional = Notional::new(self.notional.tick_lots() + money);
            }
            self.leave(action, taker, taker_remaining);
            self.leave(action, maker, maker_remaining);
        }
        if let Event::Prevented {
            taker,
            maker,
            mode,
            quantity,
            taker_remaining,
            maker_remaining,
            ..
        } = *event
        {
            if is_taken_off(action, mode, [taker, maker]) {
                self.cancelled = self.cancelled.plus(quantity);
            }
            self.leave(action, taker, taker_remaining);
            self.leave(action, maker, maker_remaining);
        }
    }

    /// What is left of an order that rests: it may take when it tries again, or be met by one that does.
    fn leave(&mut self, action: &Action, id: OrderId, remaining: Quantity) {
        if action.is_about(id) && self.resting != Quantity::ZERO {
            self.resting = remaining;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{CancelOnly, CancelReplaceMode, Reduce};
    use crate::event::CancelCause;
    use crate::order::{AccountId, ClientToken, ListId, ListKind, Order, PartialFill, Side};
    use crate::units::Price;

    fn order() -> Order {
        let (price, quantity) = (Price::new(100), Quantity::new(4));
        Order::limit(OrderId(7), AccountId(1), Side::Buy, price, quantity)
    }

    /// What a producer is told, through its lane.
    fn done(action: Action, events: &[Event]) -> Done {
        let outcome = Outcome::of(5, 6, &action, events);
        assert_eq!(Outcome::from_record(&outcome.to_record()), outcome);
        assert_eq!((outcome.token, outcome.sequence), (5, 6));
        outcome.result.expect("not refused")
    }

    #[test]
    fn who_sent_a_token_again_is_told_the_original() {
        let (token, order) = (ClientToken(9), order());
        let id = order.id;
        for original in [OrderId(0), OrderId(3)] {
            let told = done(
                Action::Once { token, order },
                &[Event::Duplicate { id, original }],
            );
            let only = Done {
                duplicate: Some(original),
                ..Done::default()
            };
            assert_eq!(told, only);
        }
    }

    #[test]
    fn whose_new_order_was_refused_is_told_why() {
        let replace = Action::CancelReplace {
            cancel: OrderId(3),
            only: CancelOnly::Any,
            mode: CancelReplaceMode::StopOnFailure,
            order: order(),
        };
        let cancelled = Event::Cancelled {
            id: OrderId(3),
            cause: CancelCause::Replaced,
            quantity: Quantity::new(5),
        };
        for reason in [RejectReason::TimeWentBackwards, RejectReason::OrdersFull] {
            for id in [OrderId(3), OrderId(7)] {
                let told = done(replace, &[cancelled, Event::Refused { id, reason }]);
                let expected = Done {
                    cancelled: Quantity::new(5),
                    refused: Some(reason),
                    ..Done::default()
                };
                assert_eq!(told, expected);
            }
            let id = OrderId(4);
            let told = done(replace, &[Event::Refused { id, reason }]);
            assert_eq!(told.refused, None, "of another order");
        }
    }

    #[test]
    fn an_order_of_a_list_that_waits_rests_no_more_for_becoming_smaller() {
        let leg = Action::Leg {
            list: ListId(1),
            kind: ListKind::OneCancelsOther,
            legs: 2,
            partial_fill: PartialFill::Reduces,
            order: order(),
        };
        let (id, by, remaining) = (OrderId(7), Quantity::new(1), Quantity::new(3));
        let smaller = Event::Reduced { id, by, remaining };
        assert_eq!(done(leg, &[smaller]).resting, Quantity::ZERO);
        let owner = None;
        let reduce = Action::Reduce(Reduce { id, owner, by });
        assert_eq!(done(reduce, &[smaller]).resting, remaining);
        let rested = Event::Rested {
            id,
            account: AccountId(1),
            side: Side::Buy,
            price: Price::new(100),
            quantity: Quantity::new(4),
        };
        assert_eq!(done(leg, &[rested, smaller]).resting, remaining);
        let price = Price::new(99);
        let followed = [rested, Event::Repriced { id, price }];
        assert_eq!(done(leg, &followed).resting, Quantity::ZERO);
    }
}
