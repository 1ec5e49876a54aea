//! Who gets in: the checks that look and never touch.

use crate::book::{Found, Home, Incoming, Seat};
use crate::engine::Engine;
use crate::engine::plan::Plan;
use crate::engine::sweep::Taker;
use crate::event::RejectReason;
use crate::instrument::{AccountLimits, AmendPolicy, Instrument, OrderIdPolicy};
use crate::order::{
    AccountId, Display, Order, OrderId, PostOnly, Pricing, SelfTrade, Side, TimeInForce,
};
use crate::units::{Notional, Price, Quantity};

/// The instrument's limits in the form in which every order is checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Limits {
    quantity_min: Quantity,
    quantity_max: Quantity,
    /// The least and the greatest money, where the instrument has such limits.
    notional: Option<(i128, i128)>,
    ids_increase: bool,
    /// Whether a price needs more than to be in the band.
    checks_prices: bool,
    has_execution_range: bool,
    /// Whether an account may have so many live orders and no more.
    limits_accounts: bool,
    only_simple: bool,
    replaces_simply: bool,
    /// Trades one command may cause: it has up to three other events.
    pub trades_max: u64,
    /// Orders one command may cancel: it has one other event.
    pub cancels_max: u64,
    /// Events of one command. As many orders may expire before it.
    pub events_max: u64,
}

/// Where an order that was admitted goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Placement {
    /// Its price, slid if it had to.
    pub price: Price,
    /// Whether it takes.
    pub crosses: bool,
}

impl Limits {
    pub(super) fn of(instrument: &Instrument) -> Self {
        let least = instrument.notional_min().tick_lots();
        let greatest = instrument.notional_max().map(Notional::tick_lots);
        let limited = least > 0 || greatest.is_some();
        let ids_increase = instrument.order_ids() == OrderIdPolicy::Increasing;
        let checks_prices = limited || instrument.price_range().is_some();
        let has_execution_range = instrument.execution_range().is_some();
        let AccountLimits {
            orders,
            triggers,
            icebergs,
            lists,
            order_amends: _,
            amends: _,
        } = instrument.account_limits();
        let limits_accounts = [orders, triggers, icebergs, lists]
            .iter()
            .any(Option::is_some);
        let only_simple = !ids_increase
            && !checks_prices
            && !has_execution_range
            && !limits_accounts
            && !instrument.keeps_totals();
        let has_amend_rules = instrument.amend_policy() != AmendPolicy::LessQuantity;
        let events = u64::from(instrument.capacities().events);
        Self {
            quantity_min: instrument.quantity_min(),
            quantity_max: instrument.quantity_max(),
            notional: limited.then_some((least, greatest.unwrap_or(i128::MAX))),
            ids_increase,
            checks_prices,
            has_execution_range,
            limits_accounts,
            only_simple,
            replaces_simply: only_simple && !has_amend_rules,
            trades_max: events - 3,
            cancels_max: events - 1,
            events_max: events,
        }
    }

    /// Whether the instrument has no limit on money or distance, no rule for ids, no limits for accounts, and keeps no totals.
    #[inline]
    pub(super) fn only_simple(&self) -> bool {
        self.only_simple
    }

    /// Whether, besides, a replacement that is less keeps its place and any other does not.
    #[inline]
    pub(super) fn replaces_simply(&self) -> bool {
        self.replaces_simply
    }

    #[inline]
    pub(super) fn has_execution_range(&self) -> bool {
        self.has_execution_range
    }

    #[inline]
    pub(super) fn limits_accounts(&self) -> bool {
        self.limits_accounts
    }

    #[inline]
    pub(super) fn allows(&self, quantity: Quantity) -> bool {
        (quantity >= self.quantity_min) & (quantity <= self.quantity_max)
    }

    pub(super) fn quantity(&self, quantity: Quantity) -> Result<(), RejectReason> {
        if self.allows(quantity) {
            return Ok(());
        }
        Err(if quantity == Quantity::ZERO {
            RejectReason::QuantityIsZero
        } else if quantity < self.quantity_min {
            RejectReason::QuantityTooSmall
        } else {
            RejectReason::QuantityTooLarge
        })
    }

    pub(super) fn money(&self, money: i128) -> Result<(), RejectReason> {
        match self.notional {
            Some((least, _)) if money < least => Err(RejectReason::NotionalTooSmall),
            Some((_, greatest)) if money > greatest => Err(RejectReason::NotionalTooLarge),
            Some(_) | None => Ok(()),
        }
    }
}

impl Engine {
    /// A price in the band, not too far from the reference, that makes an order of neither too little nor too much money.
    pub(super) fn check_price(
        &self,
        side: Side,
        price: Price,
        quantity: Quantity,
    ) -> Result<(), RejectReason> {
        if !self.book.in_band(price) {
            return Err(RejectReason::PriceOutOfBand);
        }
        if self.limits.checks_prices {
            return self.check_more_of_price(side, price, quantity);
        }
        Ok(())
    }

    /// The rest of it, where the instrument asks for more than a price in the band.
    #[cold]
    fn check_more_of_price(
        &self,
        side: Side,
        price: Price,
        quantity: Quantity,
    ) -> Result<(), RejectReason> {
        if !self.is_near(side, price) {
            return Err(RejectReason::PriceOutOfRange);
        }
        let notional = Notional::of(price, quantity);
        self.limits.money(notional.tick_lots().abs())
    }

    /// A seat for a new order, if it may have its id.
    pub(super) fn new_id(&self, home: Home, id: OrderId) -> Result<Seat, RejectReason> {
        let seat = self
            .book
            .seat(home, id)
            .ok_or(RejectReason::OrderIdAlreadyLive)?;
        if self.limits.ids_increase && self.greatest_id.is_some_and(|greatest| id <= greatest) {
            return Err(RejectReason::OrderIdNotIncreasing);
        }
        Ok(seat)
    }

    /// Remembers an id that was accepted.
    pub(super) fn note_id(&mut self, id: OrderId) {
        if self.limits.ids_increase {
            self.greatest_id = Some(id);
        }
    }

    /// A resting order that `owner` may change; nobody in particular may change all.
    #[inline(always)]
    pub(super) fn owned(
        &self,
        home: Home,
        id: OrderId,
        owner: Option<AccountId>,
    ) -> Result<Found, RejectReason> {
        let order = self
            .book
            .find_at(home, id)
            .ok_or(RejectReason::OrderUnknown)?;
        if owner.is_some_and(|owner| owner != self.book.order_account(order.slot)) {
            return Err(RejectReason::OrderNotOwned);
        }
        Ok(order)
    }

    /// The terms that a resting order may have, apart from its price.
    pub(super) fn check_terms(&self, order: &Order) -> Result<(), RejectReason> {
        self.check_peg(order)?;
        let rests = can_rest(order.time_in_force);
        let names_limit = matches!(order.pricing, Pricing::Limit(_) | Pricing::Pegged { .. });
        if order.post_only != PostOnly::Off && !(names_limit && rests) {
            return Err(RejectReason::PostOnlyCannotRest);
        }
        self.check_shows(order)?;
        if order.minimum > order.quantity {
            return Err(RejectReason::MinimumTooLarge);
        }
        self.check_self_trade(order.self_trade)
    }

    /// A mode that orders may name.
    pub(super) fn check_self_trade(&self, mode: Option<SelfTrade>) -> Result<(), RejectReason> {
        match mode {
            Some(mode) if !self.instrument.allows_self_trade(mode) => {
                Err(RejectReason::SelfTradeNotAllowed)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What an order may show.
    pub(super) fn check_shows(&self, order: &Order) -> Result<(), RejectReason> {
        if order.display != Display::Whole && !can_rest(order.time_in_force) {
            return Err(RejectReason::HiddenCannotRest);
        }
        self.check_display(order.display, order.quantity, order.minimum)
    }

    /// What a resting order of a quantity, with a minimum, may show.
    pub(super) fn check_display(
        &self,
        display: Display,
        quantity: Quantity,
        minimum: Quantity,
    ) -> Result<(), RejectReason> {
        if let Display::Peak {
            quantity: peak,
            spread_bps,
            ..
        } = display
        {
            if peak == Quantity::ZERO || peak > quantity || spread_bps >= 10_000 {
                return Err(RejectReason::PeakOutOfRange);
            }
            self.check_peaks(display, quantity)?;
            if minimum > Quantity::ZERO {
                return Err(RejectReason::MinimumWithPeak);
            }
        }
        Ok(())
    }

    /// Whether a quantity makes no more peaks than the instrument allows.
    pub(super) fn check_peaks(
        &self,
        display: Display,
        quantity: Quantity,
    ) -> Result<(), RejectReason> {
        if let Display::Peak { quantity: peak, .. } = display {
            let peaks = quantity.lots().div_ceil(peak.lots());
            if peaks > u64::from(self.instrument.peaks_max()) {
                return Err(RejectReason::TooManyPeaks);
            }
        }
        Ok(())
    }

    /// The limit of an order: its own, or what the best opposite price makes of it. A market order has none.
    pub(super) fn limit_of(&self, order: &Order) -> Result<Price, RejectReason> {
        let distance = match order.pricing {
            Pricing::Limit(price) => return Ok(price),
            Pricing::Market => return Ok(any_price(order.side)),
            Pricing::Protected(distance) => distance,
            Pricing::MarketToLimit => 0,
            Pricing::Pegged { .. } => {
                let price = self.pegged_price(order.side, order.pricing);
                let price = price.ok_or(RejectReason::NoReferencePrice)?;
                self.check_price(order.side, price, order.quantity)?;
                return Ok(price);
            }
        };
        let best = self.book.best_slot(order.side.opposite());
        let best = self
            .book
            .level_price(best.ok_or(RejectReason::NoOppositePrice)?);
        let (low, high) = (self.instrument.price_min(), self.instrument.price_max());
        let limit = match order.side {
            Side::Buy => best.ticks().saturating_add_unsigned(distance),
            Side::Sell => best.ticks().saturating_sub_unsigned(distance),
        };
        let limit = Price::new(limit).clamp(low, high);
        self.check_price(order.side, limit, order.quantity)?;
        Ok(limit)
    }

    /// Whether an order could have its place in the book as it is now.
    pub(super) fn place_of(&self, order: &Order) -> Result<Placement, RejectReason> {
        let limit = self.limit_of(order)?;
        let nowhere = Seat::New(self.book.home(order.id), None);
        self.place(&self.incoming(order, nowhere, limit, false))
    }

    /// Whether an order takes, and where a post-only order goes instead.
    #[inline(always)]
    pub(super) fn place(&self, order: &Incoming) -> Result<Placement, RejectReason> {
        let rests = Placement {
            price: order.price,
            crosses: false,
        };
        let crosses = match self.book.best_slot(order.side.opposite()) {
            Some(best) => reaches(order.side, order.price, self.book.level_price(best)),
            None => false,
        };
        if !crosses {
            return Ok(rests);
        }
        match order.post_only {
            PostOnly::Off => Ok(Placement {
                crosses: true,
                ..rests
            }),
            PostOnly::Reject => Err(RejectReason::PostOnlyWouldTake),
            PostOnly::Slide => self.slide(order),
        }
    }

    /// Where a post-only order goes that would take.
    #[cold]
    fn slide(&self, order: &Incoming) -> Result<Placement, RejectReason> {
        let best = self.book.best_slot(order.side.opposite());
        let best = self.book.level_price(best.expect("it crosses something"));
        let price = one_tick_short(order.side, best);
        self.check_price(order.side, price, order.quantity)?;
        Ok(Placement {
            price,
            crosses: false,
        })
    }

    /// Whether what is left of a new order would find room to rest.
    ///
    /// Among plain orders one that takes first rests only after emptying at least one level, so the
    /// slots for its order and its level are there by then; `room_after` looks where that is not so.
    pub(super) fn room_for(&self, order: &Incoming, placed: Placement) -> Result<(), RejectReason> {
        if !can_rest(order.time_in_force) {
            return Ok(());
        }
        // One that waited has its slots already, but for a level and a record.
        let is_new = matches!(order.seat, Seat::New(..));
        let timed = order.time_in_force != TimeInForce::Gtc;
        if !placed.crosses {
            if is_new && !self.book.has_free_order() {
                return Err(RejectReason::OrdersFull);
            }
            let new_level = || self.book.level_slot(order.side, placed.price).is_none();
            if !self.book.has_free_level() && new_level() {
                return Err(RejectReason::LevelsFull);
            }
        }
        if order.owner.is_none() && self.book.links_accounts() {
            return Err(RejectReason::AccountsFull);
        }
        if is_new && timed && !self.book.has_room_for_timed() {
            return Err(RejectReason::TimedOrdersFull);
        }
        if order.terms.is_some() && !self.book.has_room_for_special() {
            return Err(RejectReason::SpecialOrdersFull);
        }
        if matches!(order.seat, Seat::New(_, None)) {
            return Err(RejectReason::OrderIdIndexFull);
        }
        Ok(())
    }

    /// Whether what a plan leaves of an order finds a slot and a level. `frees_level` says that its own old level goes.
    pub(super) fn room_after(
        &self,
        plan: &Plan,
        order: &Incoming,
        frees_level: bool,
    ) -> Result<(), RejectReason> {
        let rests = can_rest(order.time_in_force) && plan.left > 0 && !plan.is_ended;
        if !rests {
            return Ok(());
        }
        if let Some(within) = self.execution_range(order.side)
            && self.is_cut_off(within, order, plan.best_left)
        {
            return Ok(());
        }
        let is_new = matches!(order.seat, Seat::New(..));
        if is_new && plan.orders_gone == 0 && !self.book.has_free_order() {
            return Err(RejectReason::OrdersFull);
        }
        let has_level = frees_level
            || plan.levels_gone > 0
            || self.book.has_free_level()
            || self.book.level_slot(order.side, order.price).is_some();
        if has_level {
            Ok(())
        } else {
            Err(RejectReason::LevelsFull)
        }
    }

    /// Refuses a taker that would trade with more orders than one command may report, on a side of plain orders.
    ///
    /// Every trade takes at least a lot from an order of its own, which settles nearly all cases at once.
    pub(super) fn few_trades(&self, taker: &Taker) -> Result<(), RejectReason> {
        let orders = u64::from(self.book.side_orders(taker.side.opposite()));
        let most = self.limits.trades_max;
        if taker.lots.min(orders) > most && self.trades(taker, most) > most {
            return Err(RejectReason::TooManyTrades);
        }
        Ok(())
    }
}

/// Whether what does not trade at once may rest.
#[inline]
pub(super) fn can_rest(time_in_force: TimeInForce) -> bool {
    match time_in_force {
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => true,
        TimeInForce::Ioc | TimeInForce::Fok => false,
    }
}

/// The price that every other price is at least as good as.
pub(super) fn any_price(side: Side) -> Price {
    match side {
        Side::Buy => Price::new(i64::MAX),
        Side::Sell => Price::new(i64::MIN),
    }
}

/// Whether an order with this limit trades at a price of the other side.
#[inline]
pub(super) fn reaches(side: Side, limit: Price, price: Price) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}

fn one_tick_short(side: Side, best_opposite: Price) -> Price {
    match side {
        Side::Buy => Price::new(best_opposite.ticks() - 1),
        Side::Sell => Price::new(best_opposite.ticks() + 1),
    }
}
