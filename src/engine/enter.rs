//! New orders: limit and market.

use crate::book::{Home, Incoming, Seat};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, OrderKind, RejectReason, Request};
use crate::order::{LimitOrder, MarketAmount, MarketOrder, PostOnly, Side, TimeInForce};
use crate::units::{Notional, Price, Quantity, Timestamp};

impl Engine {
    #[inline(always)]
    pub(super) fn enter_limit(
        &mut self,
        order: &LimitOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) {
        if self.enter_simply(order, home, time, events) {
            self.now = time;
            return;
        }
        match self.enter_any_limit(order, home, time, events) {
            Ok(()) => self.now = time,
            Err(reason) => events.push(Event::Rejected {
                id: order.id,
                request: Request::Limit,
                reason,
            }),
        }
    }

    /// The short way for what most orders are: free to take, and either good till cancelled
    /// or immediate, in a book with room. Any other order, and any that is to be refused, is
    /// left to the long way, which would do the same with this one.
    #[inline(always)]
    fn enter_simply(
        &mut self,
        order: &LimitOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> bool {
        let rests = order.time_in_force == TimeInForce::Gtc;
        let key = self.book.key(order.side, order.price);
        let simple = (rests | (order.time_in_force == TimeInForce::Ioc))
            & (order.post_only == PostOnly::Off)
            & self.limits.only_simple()
            & self.limits.allows(order.quantity)
            & self.book.has_key(key)
            & self.book.has_room();
        if !simple {
            return false;
        }
        if self.book.find_at(home, order.id).is_some() {
            return false;
        }
        if !rests || self.book.key_crosses(order.side, key) {
            return self.take_simply(order, home, time, events);
        }
        let Some(vacancy) = self.book.vacancy(home, order.account) else {
            return false;
        };
        self.book.rest_plain(vacancy, key, order);
        events.push(accepted(order, time));
        events.push(rested(order));
        true
    }

    #[inline(never)]
    fn take_simply(
        &mut self,
        order: &LimitOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> bool {
        let Some(vacancy) = self.book.vacancy(home, order.account) else {
            return false;
        };
        let mut taker = Taker::limited(order.id, order.side, order.price, order.quantity);
        if self.few_trades(&taker).is_err() {
            return false;
        }
        events.push(accepted(order, time));
        self.sweep(&mut taker, events);
        if taker.lots == 0 {
            return true;
        }
        let quantity = Quantity::new(taker.lots);
        if order.time_in_force == TimeInForce::Gtc {
            let left = LimitOrder { quantity, ..*order };
            let key = self.book.key(left.side, left.price);
            self.book.rest_plain(vacancy, key, &left);
            events.push(rested(&left));
        } else {
            events.push(Event::Cancelled {
                id: order.id,
                cause: CancelCause::NotFilledAtOnce,
                quantity,
            });
        }
        true
    }

    #[inline(never)]
    fn enter_any_limit(
        &mut self,
        order: &LimitOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        self.limits.quantity(order.quantity)?;
        self.check_price(order.price, order.quantity)?;
        lifetime_fits(order, time)?;
        let mut entry = Incoming {
            id: order.id,
            seat: self.new_id(home, order.id)?,
            account: order.account,
            owner: self.book.owner(order.account),
            side: order.side,
            price: order.price,
            quantity: order.quantity,
            time_in_force: order.time_in_force,
            post_only: order.post_only,
        };
        let placed = self.place(&entry)?;
        self.room_for(&entry, placed)?;
        let mut fills_whole = true;
        if placed.crosses {
            let taker = Taker::of(&entry);
            fills_whole = order.time_in_force != TimeInForce::Fok || self.fillable(&taker);
            if fills_whole {
                self.few_trades(&taker)?;
            }
        }
        self.note_id(order.id);
        events.push(accepted(order, time));
        if !fills_whole {
            events.push(Event::Cancelled {
                id: order.id,
                cause: CancelCause::FillOrKill,
                quantity: order.quantity,
            });
            return Ok(());
        }
        self.work(&mut entry, placed, events);
        Ok(())
    }

    /// Lets an admitted order trade and puts what is left where it belongs.
    pub(super) fn work(&mut self, entry: &mut Incoming, placed: Placement, events: &mut Events) {
        if placed.price != entry.price {
            events.push(Event::Slid {
                id: entry.id,
                from: entry.price,
                to: placed.price,
            });
            entry.price = placed.price;
        }
        if placed.crosses {
            let mut taker = Taker::of(entry);
            self.sweep(&mut taker, events);
            if taker.lots == 0 {
                if let Seat::Lifted(found) = entry.seat {
                    self.book.vacate(found);
                }
                return;
            }
            entry.quantity = Quantity::new(taker.lots);
        }
        let cause = match entry.time_in_force {
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => {
                self.book.rest(entry);
                events.push(Event::Rested {
                    id: entry.id,
                    account: entry.account,
                    side: entry.side,
                    price: entry.price,
                    quantity: entry.quantity,
                });
                return;
            }
            TimeInForce::Ioc => CancelCause::NotFilledAtOnce,
            TimeInForce::Fok => CancelCause::FillOrKill,
        };
        events.push(Event::Cancelled {
            id: entry.id,
            cause,
            quantity: entry.quantity,
        });
    }

    #[inline(never)]
    pub(super) fn enter_market(
        &mut self,
        order: &MarketOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let (quantity, budget) = match order.amount {
            MarketAmount::Quantity(quantity) => (Some(quantity), None),
            MarketAmount::Budget(budget) => (None, Some(budget)),
            MarketAmount::Both { quantity, budget } => (Some(quantity), Some(budget)),
        };
        if let Some(quantity) = quantity {
            self.limits.quantity(quantity)?;
        }
        if let Some(budget) = budget {
            if budget <= Notional::new(0) {
                return Err(RejectReason::QuantityIsZero);
            }
            self.limits.money(budget.tick_lots())?;
        }
        self.new_id(home, order.id)?;
        let mut taker = Taker {
            id: order.id,
            side: order.side,
            limit: any_price(order.side),
            lots: quantity.map_or(Taker::UNCOUNTED, Quantity::lots),
            budget: budget.map(Notional::tick_lots),
        };
        self.few_trades(&taker)?;
        self.note_id(order.id);
        events.push(Event::Accepted {
            id: order.id,
            account: order.account,
            side: order.side,
            kind: OrderKind::Market,
            time_in_force: TimeInForce::Ioc,
            price: Price::new(0),
            quantity: quantity.unwrap_or(Quantity::ZERO),
            timestamp: Timestamp::new(time),
        });
        self.sweep(&mut taker, events);
        let spent = quantity.is_none() && taker.budget == Some(0);
        if taker.lots > 0 && !spent {
            events.push(Event::Cancelled {
                id: order.id,
                cause: CancelCause::NotFilledAtOnce,
                quantity: quantity.map_or(Quantity::ZERO, |_| Quantity::new(taker.lots)),
            });
        }
        Ok(())
    }
}

/// A date must lie ahead, and an order that must not take must be able to rest.
#[inline]
fn lifetime_fits(order: &LimitOrder, time: u64) -> Result<(), RejectReason> {
    match order.time_in_force {
        TimeInForce::Gtc | TimeInForce::Day => Ok(()),
        TimeInForce::Gtd(expiry) if expiry.nanoseconds() <= time => {
            Err(RejectReason::ExpiryNotInFuture)
        }
        TimeInForce::Gtd(_) => Ok(()),
        TimeInForce::Ioc | TimeInForce::Fok => match order.post_only {
            PostOnly::Off => Ok(()),
            PostOnly::Reject | PostOnly::Slide => Err(RejectReason::PostOnlyCannotRest),
        },
    }
}

#[inline]
fn accepted(order: &LimitOrder, time: u64) -> Event {
    Event::Accepted {
        id: order.id,
        account: order.account,
        side: order.side,
        kind: OrderKind::Limit,
        time_in_force: order.time_in_force,
        price: order.price,
        quantity: order.quantity,
        timestamp: Timestamp::new(time),
    }
}

#[inline]
fn rested(order: &LimitOrder) -> Event {
    Event::Rested {
        id: order.id,
        account: order.account,
        side: order.side,
        price: order.price,
        quantity: order.quantity,
    }
}

/// The price that every other price is at least as good as.
fn any_price(side: Side) -> Price {
    match side {
        Side::Buy => Price::new(i64::MAX),
        Side::Sell => Price::new(i64::MIN),
    }
}
