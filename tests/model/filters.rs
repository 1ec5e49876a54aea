//! What an instrument lets nobody do: prices too far from a reference, quantities off the market lot, too much of one account.

use pricetime::{
    AccountId, Display, Order, Price, PriceRange, Quantity, RangeReference, RejectReason, Side,
};

use super::enter::can_rest;
use super::held::Held;
use super::walk::{Walk, reaches};
use super::{Model, Outcome};

/// The prices that are near enough to a reference, as it was at one time.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    /// Without one every price is near.
    reference: Option<Price>,
    above_bps: u32,
    below_bps: u32,
}

impl Near {
    pub fn has(&self, price: Price) -> bool {
        let Some(reference) = self.reference else {
            return true;
        };
        let [price, reference] = [price, reference].map(|price| i128::from(price.ticks()));
        let bps = if price > reference {
            self.above_bps
        } else {
            self.below_bps
        };
        10_000 * (price - reference).abs() <= i128::from(bps) * reference.abs()
    }
}

impl Model {
    fn near(&self, range: Option<PriceRange>, side: Side) -> Near {
        let Some(range) = range else {
            return Near {
                reference: None,
                above_bps: 0,
                below_bps: 0,
            };
        };
        let [above_bps, below_bps] = match side {
            Side::Buy => range.buy,
            Side::Sell => range.sell,
        };
        Near {
            reference: match range.reference {
                RangeReference::LastTrade => self.last_price,
                RangeReference::Mark => self.mark,
            },
            above_bps,
            below_bps,
        }
    }

    /// Where a taker that begins now may trade.
    pub(super) fn near_to_trade(&self, side: Side) -> Near {
        self.near(self.instrument.execution_range(), side)
    }

    pub(super) fn check_price_range(&self, side: Side, price: Price) -> Outcome {
        if !self.near(self.instrument.price_range(), side).has(price) {
            return Err(RejectReason::PriceOutOfRange);
        }
        Ok(())
    }

    /// Whether what is left of an order, that of a market order too, could go on but for the execution range.
    /// Without a walk it has not got what it needs.
    pub(super) fn ends_out_of_range(&self, order: &Held, walk: Option<&Walk>) -> bool {
        let (book, near, limit) = match walk {
            None => (self, self.near_to_trade(order.side), Some(order.price)),
            Some(walk) => (&walk.book, walk.near, walk.taker.limit),
        };
        if book.is_kept_off(&near, order.side, limit) {
            return true;
        }
        // Behind orders that pass it by, it must not come to rest across others: none of both would ever try again.
        let reached = |price: &Price| limit.is_none_or(|limit| reaches(order.side, limit, *price));
        let prices = book.prices(order.side.opposite());
        let is_across = prices
            .iter()
            .filter(|price| reached(price))
            .any(|price| !near.has(*price));
        can_rest(order.time_in_force) && order.minimum == 0 && is_across
    }

    /// Whether the best price of the other side is within the limit and yet too far.
    pub(super) fn is_kept_off(&self, near: &Near, side: Side, limit: Option<Price>) -> bool {
        let best = self.prices(side.opposite()).first().copied();
        best.is_some_and(|best| {
            let is_within = limit.is_none_or(|limit| reaches(side, limit, best));
            is_within && !near.has(best)
        })
    }

    pub(super) fn check_market_lot(&self, quantity: Quantity) -> Outcome {
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

    /// The limits of an account are for orders that may stay.
    pub(super) fn check_account(&self, order: &Order) -> Outcome {
        if can_rest(order.time_in_force) || order.trigger.is_some() {
            return self.check_account_limits(order, false);
        }
        Ok(())
    }

    /// Whether the account may have one more such order. `opens_list`: and one more list.
    pub(super) fn check_account_limits(&self, order: &Order, opens_list: bool) -> Outcome {
        let limits = self.instrument.account_limits();
        let is_full = |count: usize, most: Option<u32>| most.is_some_and(|m| count >= m as usize);
        let account = order.account;
        let live = self.live();
        let orders = live.iter().filter(|order| order.account == account).count();
        if is_full(orders, limits.orders) {
            return Err(RejectReason::AccountOrdersFull);
        }
        let waiting = self.waiting.iter().map(|waiting| &waiting.order);
        let waiting: Vec<&Order> = waiting.filter(|order| order.account == account).collect();
        let triggers = waiting.iter().filter(|order| order.trigger.is_some());
        if order.trigger.is_some() && is_full(triggers.count(), limits.triggers) {
            return Err(RejectReason::AccountTriggersFull);
        }
        let resting = self.selected(|order| order.account == account);
        let displays = resting.iter().map(|order| order.display);
        let displays = displays.chain(waiting.iter().map(|order| order.display));
        let icebergs = displays.filter(is_iceberg).count();
        if is_iceberg(&order.display) && is_full(icebergs, limits.icebergs) {
            return Err(RejectReason::AccountIcebergsFull);
        }
        if opens_list && is_full(self.lists_of(account), limits.lists) {
            return Err(RejectReason::AccountListsFull);
        }
        Ok(())
    }

    /// How many lists of the account live.
    fn lists_of(&self, account: AccountId) -> usize {
        let mut live = self.live_lists();
        live.retain(|list| list.account == account);
        live.len()
    }
}

fn is_iceberg(display: &Display) -> bool {
    matches!(display, Display::Peak { .. })
}
