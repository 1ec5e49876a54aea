//! One order cancelled and another one entered, in one step.

use crate::book::{Found, Home};
use crate::command::{CancelOnly, CancelReplaceMode};
use crate::engine::Engine;
use crate::event::{CancelCause, Event, Events, RejectReason};
use crate::order::{AccountId, Order, OrderId};

/// Which order is to be cancelled, and what if not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Exchange {
    pub cancel: OrderId,
    pub only: CancelOnly,
    pub mode: CancelReplaceMode,
}

impl Engine {
    /// Cancels first: the new order finds its slot, its level and its id free.
    #[inline(never)]
    pub(super) fn cancel_replace(
        &mut self,
        exchange: Exchange,
        order: &Order,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        match self.may_be_exchanged(exchange, order.account) {
            Ok(found) => {
                self.take_off(found, CancelCause::Replaced, events);
                let home = self.book.home(order.id);
                if let Err(reason) = self.enter_any(order, home, time, events) {
                    let id = order.id;
                    events.push(Event::Refused { id, reason });
                }
                Ok(())
            }
            Err(reason) => match exchange.mode {
                CancelReplaceMode::StopOnFailure => Err(reason),
                CancelReplaceMode::AllowFailure => {
                    let before = events.len();
                    let id = exchange.cancel;
                    events.push(Event::Refused { id, reason });
                    let done = self.enter_any(order, home, time, events);
                    if done.is_err() {
                        events.truncate(before);
                    }
                    done
                }
            },
        }
    }

    /// The order that an account wants to exchange for another.
    fn may_be_exchanged(
        &self,
        exchange: Exchange,
        account: AccountId,
    ) -> Result<Found, RejectReason> {
        let home = self.book.home(exchange.cancel);
        let found = self.owned(home, exchange.cancel, Some(account))?;
        if exchange.only != CancelOnly::Any && !self.book.keeps_totals() {
            return Err(RejectReason::TotalsNotKept);
        }
        let traded = self.book.traded_lots(found.slot);
        match exchange.only {
            CancelOnly::New if traded > 0 => Err(RejectReason::OrderHasTraded),
            CancelOnly::PartiallyFilled if traded == 0 => Err(RejectReason::OrderHasNotTraded),
            CancelOnly::Any | CancelOnly::New | CancelOnly::PartiallyFilled => Ok(found),
        }
    }
}
