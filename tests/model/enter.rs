//! New orders: who gets in, and what becomes of what does not trade.

use pricetime::{
    CancelCause, Event, LimitOrder, MarketAmount, MarketOrder, Order, OrderKind, Price, Pricing,
    Quantity, RejectReason, TimeInForce, Timestamp,
};

use super::held::Held;
use super::pegs::Peg;
use super::waiting::{Awaits, Door, Waiting};
use super::walk::{Taker, Walk};
use super::{Model, Outcome};

/// An order that may go in, unless its trades are too many or leave no room for it.
pub struct Foreseen {
    /// With its final price.
    pub order: Held,
    /// Says that the price is another one than was asked for.
    priced: Vec<Event>,
    /// How it trades, if it gets what it needs.
    pub walk: Option<Walk>,
}

impl Foreseen {
    /// How many events its trades append.
    pub fn events(&self) -> usize {
        self.walk.as_ref().map_or(0, |walk| walk.says())
    }
}

impl Model {
    pub(super) fn limit(
        &mut self,
        asked: &LimitOrder,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let plain = Order::limit(
            asked.id,
            asked.account,
            asked.side,
            asked.price,
            asked.quantity,
        );
        let order = Order {
            time_in_force: asked.time_in_force,
            post_only: asked.post_only,
            ..plain
        };
        self.enter(&order, at, events)
    }

    pub(super) fn enter(
        &mut self,
        asked: &Order,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        self.check_by_itself(asked, at)?;
        self.check_id(asked.id)?;
        self.check_account(asked)?;
        match self.door(asked)? {
            Door::Waits(waiting) => {
                self.check_room_to_wait(asked)?;
                events.push(accepted(asked, at));
                self.wait(waiting, events);
            }
            Door::Open(trigger) if self.lacks_reference(asked) => {
                self.check_room_to_wait(asked)?;
                events.push(accepted(asked, at));
                let id = asked.id;
                events.extend(trigger.map(|price| Event::Triggered { id, price }));
                self.wait(Waiting::new(asked, Awaits::Reference), events);
            }
            Door::Open(trigger) => {
                let foreseen = self.foresee(asked, None)?;
                self.check_walk(&foreseen.order, foreseen.walk.as_ref())?;
                events.push(accepted(asked, at));
                let id = asked.id;
                events.extend(trigger.map(|price| Event::Triggered { id, price }));
                self.carry_out(foreseen, events);
            }
        }
        self.greatest_id = self.greatest_id.max(Some(asked.id));
        Ok(())
    }

    /// The checks that look at nothing but the order.
    pub(super) fn check_by_itself(&self, asked: &Order, at: Timestamp) -> Outcome {
        self.check_quantity(asked.quantity)?;
        if asked.pricing == Pricing::Market {
            self.check_market_lot(asked.quantity)?;
        }
        let limit = match asked.pricing {
            Pricing::Limit(price) | Pricing::Pegged { limit: price, .. } => Some(price),
            Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => None,
        };
        if let Some(price) = limit {
            self.check_price(asked.side, price, asked.quantity)?;
        }
        self.check_terms(asked, at)
    }

    /// The checks of an order that trades or rests now, but for those that take its trades; and its trades.
    pub(super) fn foresee(
        &self,
        asked: &Order,
        list: Option<u64>,
    ) -> Result<Foreseen, RejectReason> {
        let (order, priced) = self.priced(asked)?;
        let order = Held { list, ..order };
        let limit = (asked.pricing != Pricing::Market).then_some(order.price);
        if can_rest(order.time_in_force) {
            self.check_room(&order)?;
        }
        let needs = match order.time_in_force {
            TimeInForce::Fok => order.open,
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Day | TimeInForce::Gtd(_) => {
                order.needs()
            }
        };
        let walk = self.attempt(&Taker::of(&order, limit, needs));
        Ok(Foreseen {
            order,
            priced,
            walk,
        })
    }

    /// The order with its limit, if it has one, and what is to be said of that.
    pub(super) fn priced(&self, asked: &Order) -> Result<(Held, Vec<Event>), RejectReason> {
        let mut order = self.held(asked);
        let id = asked.id;
        let mut said = Vec::new();
        match asked.pricing {
            Pricing::Limit(price) => order.price = price,
            Pricing::Market => return Ok((order, said)),
            Pricing::Protected(_) | Pricing::MarketToLimit => {
                order.price = self.price_from_the_book(asked)?;
                let price = order.price;
                said.push(Event::Priced { id, price });
                return Ok((order, said));
            }
            Pricing::Pegged { .. } => {
                let peg = Peg::of(asked.pricing).expect("it is pegged");
                let price = self.peg_price(asked.side, &peg);
                let price = price.ok_or(RejectReason::NoReferencePrice)?;
                self.check_price(asked.side, price, asked.quantity)?;
                (order.price, order.worked_out) = (price, price);
                order.peg = peg.follows().then_some(peg);
                said.push(Event::Priced { id, price });
            }
        }
        let slid;
        (order.price, slid) = self.post_only_price(&order)?;
        said.extend(slid);
        Ok((order, said))
    }

    /// Lets an order do what was foreseen.
    pub(super) fn carry_out(&mut self, foreseen: Foreseen, events: &mut Vec<Event>) {
        events.extend(foreseen.priced);
        let note = second_look(foreseen.walk.as_ref());
        self.settle(foreseen.order, foreseen.walk, events);
        self.notes.extend(note);
    }

    /// An order that has not found its price.
    fn held(&self, asked: &Order) -> Held {
        Held {
            id: asked.id,
            account: asked.account,
            group: asked.group,
            side: asked.side,
            price: Price::new(0),
            open: asked.quantity.lots(),
            shown: 0,
            minimum: asked.minimum.lots(),
            time_in_force: asked.time_in_force,
            post_only: asked.post_only,
            display: asked.display,
            mode: asked.self_trade.unwrap_or(self.instrument.self_trade()),
            peg: None,
            worked_out: Price::new(0),
            list: None,
            refreshes: 0,
            turn: 0,
            rested: 0,
            arrived: 0,
        }
    }

    pub(super) fn market(
        &mut self,
        asked: &MarketOrder,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let MarketOrder {
            id, account, side, ..
        } = *asked;
        let (quantity, budget) = match asked.amount {
            MarketAmount::Quantity(quantity) => {
                return self.enter(&counted(asked, quantity), at, events);
            }
            MarketAmount::Budget(budget) => (None, budget.tick_lots()),
            MarketAmount::Both { quantity, budget } => (Some(quantity), budget.tick_lots()),
            MarketAmount::Whole { quantity, total } => {
                return self.whole(asked, quantity, total.tick_lots(), at, events);
            }
        };
        if let Some(quantity) = quantity {
            self.check_quantity(quantity)?;
            self.check_market_lot(quantity)?;
        }
        if budget <= 0 {
            return Err(RejectReason::QuantityIsZero);
        }
        self.check_notional(budget)?;
        self.check_mode(asked.self_trade)?;
        self.check_id(id)?;
        let walk = self.walk_of_budget(asked, quantity, budget);
        self.check_events(Some(&walk))?;
        events.push(Event::Accepted {
            id,
            account,
            side,
            kind: OrderKind::Market,
            time_in_force: TimeInForce::Ioc,
            price: Price::new(0),
            quantity: quantity.unwrap_or(Quantity::ZERO),
            timestamp: at,
        });
        events.extend_from_slice(&walk.events);
        *self = walk.book;
        let (left, budget_left) = (walk.taker.quantity, walk.taker.budget);
        let is_spent = left.is_none() && budget_left == Some(0);
        let is_out = self.is_kept_off(&walk.near, side, None);
        if !walk.ended && left != Some(0) && !is_spent {
            events.push(Event::Cancelled {
                id,
                cause: unfilled_cause(is_out),
                quantity: walk.taker.left(),
            });
        }
        self.greatest_id = self.greatest_id.max(Some(id));
        Ok(())
    }

    fn walk_of_budget(
        &self,
        asked: &MarketOrder,
        quantity: Option<Quantity>,
        budget: i128,
    ) -> Walk {
        let walk = self.attempt(&Taker {
            id: asked.id,
            side: asked.side,
            account: asked.account,
            group: asked.group,
            mode: asked.self_trade.unwrap_or(self.instrument.self_trade()),
            limit: None,
            quantity: quantity.map(Quantity::lots),
            budget: Some(budget),
            needs: 0,
        });
        walk.expect("it needs nothing")
    }

    /// Lets an order do its walk, if it has one, and then rests or cancels what is left.
    pub(super) fn settle(&mut self, order: Held, walk: Option<Walk>, events: &mut Vec<Event>) {
        let unmet = if order.time_in_force == TimeInForce::Fok {
            CancelCause::FillOrKill
        } else {
            CancelCause::MinimumNotMet
        };
        let is_out = self.ends_out_of_range(&order, walk.as_ref());
        let (left, mut cause) = match walk {
            None => (order.open, unmet),
            Some(walk) => {
                events.extend_from_slice(&walk.events);
                *self = walk.book;
                if walk.ended {
                    return;
                }
                (walk.taker.left().lots(), unfilled_cause(is_out))
            }
        };
        if left == 0 {
            return;
        }
        let can_rest = can_rest(order.time_in_force);
        if can_rest && !is_out {
            let open = left;
            self.rest(Held { open, ..order }, events);
            return;
        }
        if can_rest {
            cause = CancelCause::OutOfRange;
        }
        events.push(Event::Cancelled {
            id: order.id,
            cause,
            quantity: Quantity::new(left),
        });
    }

    fn rest(&mut self, mut order: Held, events: &mut Vec<Event>) {
        order.shown = order.first_shown();
        order.turn = self.next_turn();
        order.rested = order.turn;
        if order.arrived == 0 {
            order.arrived = order.turn;
        }
        self.resting.push(order);
        let Held {
            id,
            account,
            side,
            price,
            ..
        } = order;
        events.push(if order.hidden() == 0 {
            Event::Rested {
                id,
                account,
                side,
                price,
                quantity: Quantity::new(order.open),
            }
        } else {
            Event::RestedHidden {
                id,
                account,
                side,
                price,
                displayed: Quantity::new(order.shown),
                hidden: Quantity::new(order.hidden()),
            }
        });
    }
}

/// A market order for a quantity alone.
fn counted(asked: &MarketOrder, quantity: Quantity) -> Order {
    Order {
        group: asked.group,
        self_trade: asked.self_trade,
        ..Order::market(asked.id, asked.account, asked.side, quantity)
    }
}

/// Why what is left of an order that got what it needed is cancelled.
fn unfilled_cause(is_out_of_range: bool) -> CancelCause {
    if is_out_of_range {
        CancelCause::OutOfRange
    } else {
        CancelCause::NotFilledAtOnce
    }
}

/// The event that a new order passed every check.
pub fn accepted(asked: &Order, at: Timestamp) -> Event {
    let (kind, price) = match asked.pricing {
        Pricing::Limit(price) => (OrderKind::Limit, price),
        Pricing::Market => (OrderKind::Market, Price::new(0)),
        Pricing::Protected(_) => (OrderKind::Protected, Price::new(0)),
        Pricing::MarketToLimit => (OrderKind::MarketToLimit, Price::new(0)),
        Pricing::Pegged { .. } => (OrderKind::Pegged, Price::new(0)),
    };
    Event::Accepted {
        id: asked.id,
        account: asked.account,
        side: asked.side,
        kind,
        time_in_force: asked.time_in_force,
        price,
        quantity: asked.quantity,
        timestamp: at,
    }
}

/// What to note of an order that looked a second time for what it needs.
pub fn second_look(walk: Option<&Walk>) -> Option<&'static str> {
    match walk {
        None => Some("second look failed"),
        Some(walk) if walk.is_second() => Some("second look helped"),
        Some(_) => None,
    }
}

pub fn can_rest(time_in_force: TimeInForce) -> bool {
    match time_in_force {
        TimeInForce::Gtc | TimeInForce::Day | TimeInForce::Gtd(_) => true,
        TimeInForce::Ioc | TimeInForce::Fok => false,
    }
}
