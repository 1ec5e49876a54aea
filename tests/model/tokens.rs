//! Orders that are entered once, however often they are sent.

use pricetime::{AccountId, ClientToken, Event, Order, OrderId, RejectReason};

use super::Model;

/// Whose token it is, and which order was entered with it.
pub type Remembered = (AccountId, ClientToken, OrderId);

impl Model {
    /// What is said to an order whose token was used before.
    pub(super) fn duplicate(
        &self,
        token: ClientToken,
        order: &Order,
    ) -> Result<Option<Event>, RejectReason> {
        if self.instrument.capacities().tokens == 0 {
            return Err(RejectReason::TokensNotKept);
        }
        let mut all = self.tokens.iter();
        let used = all.find(|(account, used, _)| (*account, *used) == (order.account, token));
        Ok(used.map(|(_, _, original)| Event::Duplicate {
            id: order.id,
            original: *original,
        }))
    }

    /// Remembers the token of an order that was accepted; the oldest makes room.
    pub(super) fn remember(&mut self, token: ClientToken, order: &Order) {
        self.tokens.push((order.account, token, order.id));
        if self.tokens.len() > self.instrument.capacities().tokens as usize {
            self.tokens.remove(0);
            self.notes.push("token forgotten");
        }
    }
}
