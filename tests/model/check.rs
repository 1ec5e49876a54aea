//! What a command must satisfy before it may change anything.

use std::collections::BTreeSet;

use pricetime::{
    AccountId, Display, Event, Order, OrderId, OrderIdPolicy, PostOnly, Price, Pricing, Quantity,
    RejectReason, SelfTrade, Side, TimeInForce, Timestamp,
};

use super::enter::can_rest;
use super::held::Held;
use super::walk::{Walk, reaches};
use super::{Model, Outcome};

impl Model {
    pub(super) fn check_quantity(&self, quantity: Quantity) -> Outcome {
        if quantity == Quantity::ZERO {
            return Err(RejectReason::QuantityIsZero);
        }
        if quantity < self.instrument.quantity_min() {
            return Err(RejectReason::QuantityTooSmall);
        }
        if quantity > self.instrument.quantity_max() {
            return Err(RejectReason::QuantityTooLarge);
        }
        Ok(())
    }

    pub(super) fn check_price(&self, side: Side, price: Price, quantity: Quantity) -> Outcome {
        if price < self.instrument.price_min() || price > self.instrument.price_max() {
            return Err(RejectReason::PriceOutOfBand);
        }
        self.check_price_range(side, price)?;
        self.check_notional(i128::from(price.ticks()) * i128::from(quantity.lots()))
    }

    pub(super) fn check_notional(&self, tick_lots: i128) -> Outcome {
        if tick_lots.abs() < self.instrument.notional_min().tick_lots() {
            return Err(RejectReason::NotionalTooSmall);
        }
        let max = self.instrument.notional_max();
        if max.is_some_and(|max| tick_lots.abs() > max.tick_lots()) {
            return Err(RejectReason::NotionalTooLarge);
        }
        Ok(())
    }

    /// Lifetime, post-only, display, minimum, self-trade mode and trigger: what needs no look at the book.
    pub(super) fn check_terms(&self, asked: &Order, at: Timestamp) -> Outcome {
        let rests = can_rest(asked.time_in_force);
        if let TimeInForce::Gtd(expiry) = asked.time_in_force
            && expiry <= at
        {
            return Err(RejectReason::ExpiryNotInFuture);
        }
        if asked.pricing == Pricing::Market && rests {
            return Err(RejectReason::MarketCannotRest);
        }
        self.check_peg(asked)?;
        let names_its_limit = matches!(asked.pricing, Pricing::Limit(_) | Pricing::Pegged { .. });
        if asked.post_only != PostOnly::Off && !(rests && names_its_limit) {
            return Err(RejectReason::PostOnlyCannotRest);
        }
        if asked.display != Display::Whole && !rests {
            return Err(RejectReason::HiddenCannotRest);
        }
        if let Display::Peak {
            quantity,
            spread_bps,
            ..
        } = asked.display
        {
            if quantity == Quantity::ZERO || quantity > asked.quantity || spread_bps > 9_999 {
                return Err(RejectReason::PeakOutOfRange);
            }
            self.check_peaks(asked.display, asked.quantity)?;
            if asked.minimum > Quantity::ZERO {
                return Err(RejectReason::MinimumWithPeak);
            }
        }
        if asked.minimum > asked.quantity {
            return Err(RejectReason::MinimumTooLarge);
        }
        self.check_mode(asked.self_trade)?;
        asked
            .trigger
            .map_or(Ok(()), |trigger| self.check_trigger(&trigger))
    }

    /// Orders name only the modes that the instrument lets them name.
    pub(super) fn check_mode(&self, named: Option<SelfTrade>) -> Outcome {
        let is_allowed = named.is_none_or(|mode| self.instrument.allows_self_trade(mode));
        if !is_allowed {
            return Err(RejectReason::SelfTradeNotAllowed);
        }
        Ok(())
    }

    /// The quantity makes no more peaks than the instrument allows, the last counted in full.
    pub(super) fn check_peaks(&self, display: Display, whole: Quantity) -> Outcome {
        match display {
            Display::Peak { quantity, .. }
                if whole.lots().div_ceil(quantity.lots())
                    > u64::from(self.instrument.peaks_max()) =>
            {
                Err(RejectReason::TooManyPeaks)
            }
            Display::Whole | Display::Hidden | Display::Peak { .. } => Ok(()),
        }
    }

    pub(super) fn check_id(&self, id: OrderId) -> Outcome {
        if self.live().iter().any(|order| order.id == id) {
            return Err(RejectReason::OrderIdAlreadyLive);
        }
        match self.instrument.order_ids() {
            OrderIdPolicy::Increasing if Some(id) <= self.greatest_id => {
                Err(RejectReason::OrderIdNotIncreasing)
            }
            OrderIdPolicy::Increasing | OrderIdPolicy::UniqueWhileLive => Ok(()),
        }
    }

    /// The limit of an order that takes it from the best order of the other side.
    pub(super) fn price_from_the_book(&self, asked: &Order) -> Result<Price, RejectReason> {
        let best = *self
            .prices(asked.side.opposite())
            .first()
            .ok_or(RejectReason::NoOppositePrice)?;
        let distance = match asked.pricing {
            Pricing::Protected(ticks) => i128::from(ticks),
            Pricing::Limit(_)
            | Pricing::Market
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => 0,
        };
        let ticks = match asked.side {
            Side::Buy => i128::from(best.ticks()) + distance,
            Side::Sell => i128::from(best.ticks()) - distance,
        };
        let band = [self.instrument.price_min(), self.instrument.price_max()];
        let [low, high] = band.map(|end| i128::from(end.ticks()));
        let cut = i64::try_from(ticks.clamp(low, high)).expect("within the band");
        self.check_price(asked.side, Price::new(cut), asked.quantity)?;
        Ok(Price::new(cut))
    }

    /// Whether the book could hold `order`. For one that crosses, its own place and that of its
    /// level are looked for when it is known what its trades leave.
    pub(super) fn check_room(&self, order: &Held) -> Outcome {
        if !self.crosses(order) {
            self.check_place(order)?;
        }
        self.check_links(order.account, order.time_in_force)?;
        let most = self.instrument.capacities();
        let default = self.instrument.self_trade();
        let is_special = |order: &Held| order.is_special(default);
        if is_special(order) && self.selected(is_special).len() == most.special_orders as usize {
            return Err(RejectReason::SpecialOrdersFull);
        }
        Ok(())
    }

    /// Whether there is room for one more order of this account and lifetime, resting or waiting.
    pub(super) fn check_links(&self, account: AccountId, time_in_force: TimeInForce) -> Outcome {
        let most = self.instrument.capacities();
        let live = self.live();
        let accounts = live.iter().map(|order| order.account);
        // A capacity of zero is none at all: accounts are not counted.
        if most.accounts > 0 && is_one_too_many(accounts, account, most.accounts) {
            return Err(RejectReason::AccountsFull);
        }
        let timed = live.iter().filter(|order| is_timed(order.time_in_force));
        if is_timed(time_in_force) && timed.count() == most.timed_orders as usize {
            return Err(RejectReason::TimedOrdersFull);
        }
        Ok(())
    }

    /// Whether an order and its level find a place.
    fn check_place(&self, order: &Held) -> Outcome {
        let most = self.instrument.capacities();
        if self.live().len() == most.orders as usize {
            return Err(RejectReason::OrdersFull);
        }
        let level = |order: &Held| (order.side, order.price);
        let levels = self.resting.iter().map(level);
        if is_one_too_many(levels, level(order), most.levels) {
            return Err(RejectReason::LevelsFull);
        }
        Ok(())
    }

    /// The price the order goes in at: its own, or where post-only moves it to and the news of it.
    pub(super) fn post_only_price(
        &self,
        order: &Held,
    ) -> Result<(Price, Option<Event>), RejectReason> {
        if !self.crosses(order) {
            return Ok((order.price, None));
        }
        match order.post_only {
            PostOnly::Off => Ok((order.price, None)),
            PostOnly::Reject => Err(RejectReason::PostOnlyWouldTake),
            PostOnly::Slide => {
                let best = self.prices(order.side.opposite())[0].ticks();
                let to = Price::new(match order.side {
                    Side::Buy => best - 1,
                    Side::Sell => best + 1,
                });
                self.check_price(order.side, to, Quantity::new(order.open))?;
                let slid = Event::Slid {
                    id: order.id,
                    from: order.price,
                    to,
                };
                Ok((to, Some(slid)))
            }
        }
    }

    /// What can be checked only when it is known how the order trades: it must not say too
    /// much, and what is left of it must find a place if it may rest.
    pub(super) fn check_walk(&self, order: &Held, walk: Option<&Walk>) -> Outcome {
        self.check_events(walk)?;
        let (book, left) = match walk {
            None => (self, order.open),
            Some(walk) if walk.ended => return Ok(()),
            Some(walk) => (&walk.book, walk.taker.left().lots()),
        };
        let may_rest = can_rest(order.time_in_force) && !self.ends_out_of_range(order, walk);
        if left > 0 && may_rest {
            book.check_place(order)?;
        }
        Ok(())
    }

    pub(super) fn check_events(&self, walk: Option<&Walk>) -> Outcome {
        if walk.is_some_and(|walk| self.says_too_much(walk)) {
            return Err(RejectReason::TooManyTrades);
        }
        Ok(())
    }

    /// Whether an order of the other side is at the order's price or better, whatever its terms.
    pub(super) fn crosses(&self, order: &Held) -> bool {
        let best = self.prices(order.side.opposite()).first().copied();
        best.is_some_and(|best| reaches(order.side, order.price, best))
    }
}

/// Whether there are `most` different keys already, and `new` is another one.
fn is_one_too_many<K: Ord>(keys: impl Iterator<Item = K>, new: K, most: u32) -> bool {
    let keys: BTreeSet<K> = keys.collect();
    !keys.contains(&new) && keys.len() as u32 == most
}

fn is_timed(time_in_force: TimeInForce) -> bool {
    match time_in_force {
        TimeInForce::Day | TimeInForce::Gtd(_) => true,
        TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => false,
    }
}
