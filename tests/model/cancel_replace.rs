//! One order in the place of another.

use pricetime::{
    AccountId, CancelCause, CancelOnly, CancelReplaceMode, Event, Order, OrderId, RejectReason,
    Timestamp,
};

use super::{Model, Outcome};

impl Model {
    pub(super) fn cancel_replace(
        &mut self,
        (cancel, only): (OrderId, CancelOnly),
        mode: CancelReplaceMode,
        order: &Order,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let fails = self.check_cancel(cancel, order.account, only).err();
        let Some(reason) = fails else {
            self.cancel_order(cancel, CancelCause::Replaced, events);
            if let Err(reason) = self.enter(order, at, events) {
                let id = order.id;
                events.push(Event::Refused { id, reason });
            }
            return Ok(());
        };
        match mode {
            CancelReplaceMode::StopOnFailure => Err(reason),
            CancelReplaceMode::AllowFailure => {
                let mut of_order = Vec::new();
                self.enter(order, at, &mut of_order)?;
                events.push(Event::Refused { id: cancel, reason });
                events.extend(of_order);
                Ok(())
            }
        }
    }

    fn check_cancel(&self, id: OrderId, account: AccountId, only: CancelOnly) -> Outcome {
        self.owned(id, Some(account))?;
        if only != CancelOnly::Any && !self.instrument.keeps_totals() {
            return Err(RejectReason::TotalsNotKept);
        }
        let has_traded = self.history.traded(id) > 0;
        match only {
            CancelOnly::New if has_traded => Err(RejectReason::OrderHasTraded),
            CancelOnly::PartiallyFilled if !has_traded => Err(RejectReason::OrderHasNotTraded),
            CancelOnly::Any | CancelOnly::New | CancelOnly::PartiallyFilled => Ok(()),
        }
    }
}
