//! What a producer is told of each of its commands.

use crate::command::Action;
use crate::engine::{is_of, is_taken_off};
use crate::event::{Event, Priority, RejectReason, Rest};
use crate::journal::Record;
use crate::order::OrderId;
use crate::units::{Notional, Quantity};

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
    /// How much of its order rests now; of one that waits for a trigger nothing does. After a change of an order that waits, how
    /// much of it waits, if it does.
    pub resting: Quantity,
    /// How much of its order was cancelled, or taken off where self-trades are prevented; of several orders, how much it
    /// cancelled of all together.
    pub cancelled: Quantity,
    /// Whether it has to be sent again to finish.
    pub more: bool,
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
            Ok(done) => (
                u64::from(done.more) << 8 | u64::from(done.fills) << 32,
                done,
            ),
            Err(reason) => (1 | (reason as u64) << 16, Done::default()),
        };
        let money = done.notional.tick_lots();
        [
            head,
            self.token,
            self.sequence,
            done.filled.lots(),
            done.resting.lots(),
            done.cancelled.lots(),
            money as u64,
            (money >> 64) as u64,
        ]
    }

    pub(super) fn from_record(record: &Record) -> Self {
        let money = i128::from(record[7] as i64) << 64 | i128::from(record[6]);
        let result = match record[0] & 1 {
            0 => Ok(Done {
                fills: (record[0] >> 32) as u32,
                filled: Quantity::new(record[3]),
                notional: Notional::new(money),
                resting: Quantity::new(record[4]),
                cancelled: Quantity::new(record[5]),
                more: record[0] >> 8 & 1 == 1,
            }),
            _ => Err(RejectReason::of_code((record[0] >> 16) as u8)
                .expect("the matcher wrote the code of a reason")),
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
            } if action.is_about(id) => self.resting = Quantity::ZERO,
            Event::Rested { id, quantity, .. }
            | Event::Replaced { id, quantity, .. }
            | Event::Reduced {
                id,
                remaining: quantity,
                ..
            } if action.is_about(id) => self.resting = quantity,
            Event::RestedHidden {
                id,
                displayed,
                hidden,
                ..
            } if action.is_about(id) => self.resting = displayed.plus(hidden),
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
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Waits { .. }
            | Event::Triggered { .. }
            | Event::Refused { .. }
            | Event::Held { .. }
            | Event::ListStarted { .. }
            | Event::Released { .. }
            | Event::Duplicate { .. }
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
