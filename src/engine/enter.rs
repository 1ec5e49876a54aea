//! New orders.

use crate::book::{Home, Incoming, Seat, Stage, Terms};
use crate::engine::Engine;
use crate::engine::admit::Placement;
use crate::engine::course::Course;
use crate::engine::pegs::peg_of;
use crate::engine::plan::Party;
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, OrderKind, RejectReason, Request};
use crate::order::{LimitOrder, Order, PostOnly, Pricing, SelfTrade, TimeInForce};
use crate::units::{Price, Quantity, Timestamp};

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
        if !self.takes_plain(&taker) {
            return false;
        }
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

    /// Whether a taker of a plain order needs no plan: where self-trades are allowed, and either no order of the other side is special, or
    /// the best level has none and has all that is wanted.
    #[inline(always)]
    fn takes_plain(&self, taker: &Taker) -> bool {
        let makers = taker.side.opposite();
        if self.book.side_specials(makers) > 0 {
            let best = self.book.best_slot(makers);
            let is_near = best.is_some_and(|best| {
                !self.book.has_shadow(best) && taker.lots <= self.book.level_lots(best)
            });
            if !is_near {
                return false;
            }
        }
        self.instrument.self_trade() == SelfTrade::Allow
    }

    #[inline(never)]
    fn enter_any_limit(
        &mut self,
        order: &LimitOrder,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        let any = Order {
            post_only: order.post_only,
            time_in_force: order.time_in_force,
            ..Order::limit(
                order.id,
                order.account,
                order.side,
                order.price,
                order.quantity,
            )
        };
        self.enter_any(&any, home, time, events)
    }

    /// Enters an order with whatever terms.
    #[inline(never)]
    pub(super) fn enter_any(
        &mut self,
        order: &Order,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<(), RejectReason> {
        self.check_order(order, time)?;
        let seat = self.new_id(home, order.id)?;
        self.check_account(order)?;
        let mut met = None;
        if let Some(trigger) = order.trigger {
            match self.first_stage(order, &trigger)? {
                Stage::Elected(price) => met = Some(price),
                stage => {
                    self.room_to_wait(order, seat)?;
                    self.note_id(order.id);
                    self.park(order, seat, stage);
                    events.push(accepted_any(order, time));
                    events.push(Event::Waits { id: order.id });
                    return Ok(());
                }
            }
        }
        if self.lacks_reference(order) {
            self.room_to_wait(order, seat)?;
            self.note_id(order.id);
            self.book.park(order, seat, Stage::Unpriced);
            let id = order.id;
            events.push(accepted_any(order, time));
            events.extend(met.map(|price| Event::Triggered { id, price }));
            events.push(Event::Waits { id });
            return Ok(());
        }
        let mut entry = self.incoming(order, seat, self.limit_of(order)?, false);
        let placed = self.place(&entry)?;
        self.room_for(&entry, placed)?;
        let party = self.party_of(order);
        let course = self.course(&entry, &party, placed, false)?;
        self.note_id(order.id);
        events.push(accepted_any(order, time));
        if let Some(price) = met {
            let id = order.id;
            events.push(Event::Triggered { id, price });
        }
        self.note_priced(order, entry.price, events);
        self.work(&mut entry, placed, course, events);
        Ok(())
    }

    /// What has to be so of an order by itself, whatever the book is.
    pub(super) fn check_order(&self, order: &Order, time: u64) -> Result<(), RejectReason> {
        self.check_quantity(order)?;
        match order.pricing {
            Pricing::Limit(price) | Pricing::Pegged { limit: price, .. } => {
                self.check_price(order.side, price, order.quantity)?;
            }
            Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => {}
        }
        lifetime_fits(order, time)?;
        self.check_terms(order)?;
        match &order.trigger {
            Some(trigger) => self.check_trigger(trigger),
            None => Ok(()),
        }
    }

    /// Says which limit an order got that named none.
    pub(super) fn note_priced(&self, order: &Order, price: Price, events: &mut Events) {
        match order.pricing {
            Pricing::Limit(_) | Pricing::Market => {}
            Pricing::Protected(_) | Pricing::MarketToLimit | Pricing::Pegged { .. } => {
                events.push(Event::Priced {
                    id: order.id,
                    price,
                });
            }
        }
    }

    /// An order on its way to rest at a price.
    pub(super) fn incoming(
        &self,
        order: &Order,
        seat: Seat,
        price: Price,
        in_list: bool,
    ) -> Incoming {
        let default = self.instrument.self_trade();
        let terms = Terms {
            group: order.group,
            self_trade: order.self_trade.unwrap_or(default),
            minimum: order.minimum.lots(),
            display: order.display,
            refreshes: 0,
            in_list,
            peg: peg_of(order.pricing, price),
        };
        Incoming {
            id: order.id,
            seat,
            account: order.account,
            owner: self.book.owner(order.account),
            side: order.side,
            price,
            quantity: order.quantity,
            total: order.quantity.lots(),
            time_in_force: order.time_in_force,
            post_only: order.post_only,
            terms: terms.is_special(default).then_some(terms),
        }
    }

    pub(super) fn party_of(&self, order: &Order) -> Party {
        let default = self.instrument.self_trade();
        let needs = match order.time_in_force {
            TimeInForce::Fok => order.quantity,
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Day | TimeInForce::Gtd(_) => {
                order.minimum
            }
        };
        Party {
            account: order.account,
            group: order.group,
            self_trade: order.self_trade.unwrap_or(default),
            needs: needs.lots(),
        }
    }

    /// Lets an admitted order trade and puts what is left where it belongs.
    pub(super) fn work(
        &mut self,
        entry: &mut Incoming,
        placed: Placement,
        course: Course,
        events: &mut Events,
    ) {
        if placed.price != entry.price {
            events.push(Event::Slid {
                id: entry.id,
                from: entry.price,
                to: placed.price,
            });
            entry.price = placed.price;
        }
        let within = match placed.crosses {
            true => self.execution_range(entry.side),
            false => None,
        };
        if course != Course::Stays {
            let mut taker = self.taker_of(entry);
            let is_ended = self.take(&mut taker, course, events);
            if taker.lots == 0 || is_ended {
                self.give_up(entry.seat);
                return;
            }
            let taken = entry.quantity.lots() - taker.lots;
            entry.total -= taken - self.traded(course, taken);
            entry.quantity = Quantity::new(taker.lots);
        }
        let needed = entry.terms.is_some_and(|terms| terms.minimum > 0);
        let is_cut_off = within.is_some_and(|within| {
            let best = self.book.best_slot(entry.side.opposite());
            self.is_cut_off(within, entry, best)
        });
        let cause = match entry.time_in_force {
            TimeInForce::Fok => CancelCause::FillOrKill,
            TimeInForce::Ioc if needed && course == Course::Stays => CancelCause::MinimumNotMet,
            TimeInForce::Ioc if !is_cut_off => CancelCause::NotFilledAtOnce,
            TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) if !is_cut_off => {
                self.book.rest(entry);
                events.push(self.rested(entry));
                return;
            }
            TimeInForce::Ioc | TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => {
                CancelCause::OutOfRange
            }
        };
        events.push(Event::Cancelled {
            id: entry.id,
            cause,
            quantity: entry.quantity,
        });
        self.give_up(entry.seat);
    }

    /// Gives back the slot of an order that was in the book or waited, and is gone.
    fn give_up(&mut self, seat: Seat) {
        if let Seat::Lifted(found) = seat {
            self.book.vacate(found);
        }
    }

    /// Lets a taker trade; whether prevention ended it.
    pub(super) fn take(&mut self, taker: &mut Taker, course: Course, events: &mut Events) -> bool {
        match course {
            Course::Stays => false,
            Course::Sweeps => {
                self.sweep(taker, events);
                false
            }
            Course::Planned => {
                let plan = std::mem::take(&mut self.plan);
                self.carry_out(&plan, taker, events);
                let is_ended = plan.is_ended;
                self.plan = plan;
                is_ended
            }
        }
    }

    /// How many of the lots that an order took did trade; the others were prevented.
    fn traded(&self, course: Course, taken: u64) -> u64 {
        match course {
            Course::Stays | Course::Sweeps => taken,
            Course::Planned => self.plan.traded,
        }
    }

    /// How an order that just came to rest did so.
    fn rested(&self, entry: &Incoming) -> Event {
        let open = entry.quantity.lots();
        let shown = entry.terms.map_or(open, |terms| terms.first_peak(open));
        if shown == open {
            return Event::Rested {
                id: entry.id,
                account: entry.account,
                side: entry.side,
                price: entry.price,
                quantity: entry.quantity,
            };
        }
        Event::RestedHidden {
            id: entry.id,
            account: entry.account,
            side: entry.side,
            price: entry.price,
            displayed: Quantity::new(shown),
            hidden: Quantity::new(open - shown),
        }
    }
}

/// A date must lie ahead, and a market order cannot rest.
#[inline]
pub(super) fn lifetime_fits(order: &Order, time: u64) -> Result<(), RejectReason> {
    match order.time_in_force {
        TimeInForce::Gtd(expiry) if expiry.nanoseconds() <= time => {
            Err(RejectReason::ExpiryNotInFuture)
        }
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => match order.pricing {
            Pricing::Market => Err(RejectReason::MarketCannotRest),
            Pricing::Limit(_)
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => Ok(()),
        },
        TimeInForce::Ioc | TimeInForce::Fok => Ok(()),
    }
}

/// How an order says that it passed every check.
pub(super) fn accepted_any(order: &Order, time: u64) -> Event {
    let asked = match order.pricing {
        Pricing::Limit(price) => price,
        Pricing::Market
        | Pricing::Protected(_)
        | Pricing::MarketToLimit
        | Pricing::Pegged { .. } => Price::new(0),
    };
    Event::Accepted {
        id: order.id,
        account: order.account,
        side: order.side,
        kind: kind_of(order.pricing),
        time_in_force: order.time_in_force,
        price: asked,
        quantity: order.quantity,
        timestamp: Timestamp::new(time),
    }
}

fn kind_of(pricing: Pricing) -> OrderKind {
    match pricing {
        Pricing::Limit(_) => OrderKind::Limit,
        Pricing::Market => OrderKind::Market,
        Pricing::Protected(_) => OrderKind::Protected,
        Pricing::MarketToLimit => OrderKind::MarketToLimit,
        Pricing::Pegged { .. } => OrderKind::Pegged,
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
