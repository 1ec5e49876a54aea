//! What ties an order to its account and to its expiry.

use crate::book::owners::Owner;
use crate::book::timed::Expiry;
use crate::book::{Book, OrderSlot, POST_ONLY_SHIFT, TIMED};
use crate::order::{AccountId, PostOnly, TimeInForce};

impl Book {
    /// Takes an order from its account's and from those that expire.
    #[inline(always)]
    pub(super) fn disown(&mut self, slot: u32, attributes: u32) {
        if self.owners.is_some() {
            self.leave_account(slot);
        }
        if attributes & TIMED != 0 {
            self.timed.remove(self.position(slot));
        }
    }

    #[inline(never)]
    pub(super) fn join_account(&mut self, slot: u32, account: AccountId, owner: Option<Owner>) {
        let position = self.position(slot);
        if let Some(owners) = &mut self.owners {
            let owner = owner.expect("admission saw room for the account");
            owners.join(position, account.0, owner);
        }
    }

    #[inline(never)]
    pub(super) fn leave_account(&mut self, slot: u32) {
        let position = self.position(slot);
        if let Some(owners) = &mut self.owners {
            owners.leave(position);
        }
    }

    pub(crate) fn owner_of(&self, order: OrderSlot) -> Option<Owner> {
        let owners = self.owners.as_ref()?;
        Some(owners.owner_of(self.position(order.0)))
    }

    #[cold]
    pub(super) fn attach(
        &mut self,
        slot: u32,
        time_in_force: TimeInForce,
        post_only: PostOnly,
    ) -> u32 {
        let expiry = match time_in_force {
            TimeInForce::Gtd(time) => Some(Expiry::At(time.nanoseconds())),
            TimeInForce::Day => Some(Expiry::DayEnd),
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => None,
        };
        if let Some(expiry) = expiry {
            self.timed.add(self.position(slot), expiry);
        }
        let timed = if expiry.is_some() { TIMED } else { 0 };
        timed | (post_only as u32) << POST_ONLY_SHIFT
    }
}
