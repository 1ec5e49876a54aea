//! What an instrument lets in besides: market lots, and how much one account may have.

use crate::book::OrderSlot;
use crate::engine::Engine;
use crate::engine::admit::can_rest;
use crate::event::RejectReason;
use crate::order::{AccountId, Display, Order, Pricing};
use crate::units::Quantity;

impl Engine {
    /// Whether a market order may have this quantity.
    pub(super) fn check_market_lot(&self, quantity: Quantity) -> Result<(), RejectReason> {
        let Some(lot) = self.instrument.market_lot() else {
            return Ok(());
        };
        if quantity < lot.min {
            return Err(RejectReason::MarketQuantityTooSmall);
        }
        if quantity > lot.max {
            return Err(RejectReason::MarketQuantityTooLarge);
        }
        if !quantity.lots().is_multiple_of(lot.step.lots()) {
            return Err(RejectReason::MarketQuantityNotInLots);
        }
        Ok(())
    }

    /// The quantity of a new order.
    pub(super) fn check_quantity(&self, order: &Order) -> Result<(), RejectReason> {
        self.limits.quantity(order.quantity)?;
        match order.pricing {
            Pricing::Market => self.check_market_lot(order.quantity),
            Pricing::Limit(_)
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => Ok(()),
        }
    }

    /// Whether an account may have another order, if this is one that may live on.
    pub(super) fn check_account(&self, order: &Order) -> Result<(), RejectReason> {
        if self.limits.limits_accounts()
            && (can_rest(order.time_in_force) || order.trigger.is_some())
        {
            return self.check_account_orders(order);
        }
        Ok(())
    }

    /// Whether an account may have another order of a list, and another list.
    pub(super) fn check_account_leg(&self, order: &Order, opens: bool) -> Result<(), RejectReason> {
        if !self.limits.limits_accounts() {
            return Ok(());
        }
        self.check_account_orders(order)?;
        match self.instrument.account_limits().lists {
            Some(most) if opens && self.book.lists_of(order.account) >= most as usize => {
                Err(RejectReason::AccountListsFull)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether an account may have another live order. Walks its orders.
    #[cold]
    pub(super) fn check_account_orders(&self, order: &Order) -> Result<(), RejectReason> {
        let limits = self.instrument.account_limits();
        if self.has_as_many(order.account, limits.orders, |_| true) {
            return Err(RejectReason::AccountOrdersFull);
        }
        let has_trigger =
            |slot| self.book.is_waiting(slot) && self.book.parked(slot).trigger.is_some();
        if order.trigger.is_some() && self.has_as_many(order.account, limits.triggers, has_trigger)
        {
            return Err(RejectReason::AccountTriggersFull);
        }
        let is_iceberg = |slot| matches!(self.book.display(slot), Display::Peak { .. });
        if matches!(order.display, Display::Peak { .. })
            && self.has_as_many(order.account, limits.icebergs, is_iceberg)
        {
            return Err(RejectReason::AccountIcebergsFull);
        }
        Ok(())
    }

    /// Whether an order, and its account, may amend once more.
    pub(super) fn check_amends(&self, order: OrderSlot) -> Result<(), RejectReason> {
        let limits = self.instrument.account_limits();
        let is_full =
            |most: Option<u32>, times: u64| most.is_some_and(|most| times >= u64::from(most));
        if is_full(
            limits.order_amends,
            u64::from(self.book.times_amended(order)),
        ) {
            return Err(RejectReason::AmendedTooOften);
        }
        if limits.amends.is_none() {
            return Ok(());
        }
        let orders = self.orders_of_account(self.book.order_account(order));
        let times = orders.map(|order| u64::from(self.book.times_amended(order)));
        match is_full(limits.amends, times.sum()) {
            true => Err(RejectReason::AccountAmendsFull),
            false => Ok(()),
        }
    }

    fn orders_of_account(&self, account: AccountId) -> impl Iterator<Item = OrderSlot> + '_ {
        let newer = |&order: &OrderSlot| self.book.newer_of_account(order);
        std::iter::successors(self.book.first_of_account(account), newer)
    }

    /// Whether an account has as many orders of a sort as it may have.
    fn has_as_many(
        &self,
        account: AccountId,
        limit: Option<u32>,
        is_counted: impl Fn(OrderSlot) -> bool,
    ) -> bool {
        let Some(limit) = limit else {
            return false;
        };
        let counted = self
            .orders_of_account(account)
            .filter(|&order| is_counted(order));
        counted.take(limit as usize).count() == limit as usize
    }
}
