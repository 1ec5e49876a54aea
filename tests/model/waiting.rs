//! Orders that wait for a trigger: what they wait for, and who may come to wait.

use pricetime::{
    AccountId, Event, Order, OrderId, Price, RejectReason, Side, TimeInForce, Trail, Trigger,
    TriggerKind, TriggerOnEntry, TriggerSource, TriggerStart,
};

use super::{Model, Outcome};

/// An order that waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// Its terms, the quantity as it is now.
    pub order: Order,
    pub awaits: Awaits,
    /// The number of its list.
    pub list: Option<u64>,
    /// Its age among all orders, waiting or not.
    pub arrived: u64,
    /// Whether it trails already.
    pub started: bool,
    /// The best price since it started.
    pub best: Option<Price>,
}

/// What an order waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Awaits {
    /// That its list has all its orders, or that the working order has traded.
    List,
    Trigger,
    /// That the price which it is to follow is there.
    Reference,
}

/// A stream of prices that orders wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Feed {
    Trades,
    BestAsk,
    BestBid,
    Mark,
}

impl Feed {
    pub const ALL: [Self; 4] = [Self::Trades, Self::BestAsk, Self::BestBid, Self::Mark];
    pub const COUNT: usize = Self::ALL.len();

    /// What an order of `side` watches.
    pub fn of(side: Side, source: TriggerSource) -> Self {
        match (source, side) {
            (TriggerSource::LastTrade, _) => Self::Trades,
            (TriggerSource::BestOpposite, Side::Buy) => Self::BestAsk,
            (TriggerSource::BestOpposite, Side::Sell) => Self::BestBid,
            (TriggerSource::Mark, _) => Self::Mark,
        }
    }
}

/// What becomes of a new order at first.
pub enum Door {
    /// It goes on, and this price triggered it, if one had to.
    Open(Option<Price>),
    Waits(Waiting),
}

impl Waiting {
    /// An order that has just come to wait.
    pub fn new(order: &Order, awaits: Awaits) -> Self {
        Self {
            order: *order,
            awaits,
            list: None,
            arrived: 0,
            started: false,
            best: None,
        }
    }

    /// What has to come for an order that waits for a price.
    pub fn trigger(&self) -> Trigger {
        self.order.trigger.expect("it waits for a price")
    }

    pub fn feed(&self) -> Feed {
        Feed::of(self.order.side, self.trigger().source)
    }

    pub fn trails(&self) -> bool {
        self.trigger().trail != Trail::None
    }

    /// Whether prices meet its own by rising to it.
    pub fn is_rising(&self) -> bool {
        (self.order.side == Side::Buy) == (self.trigger().kind == TriggerKind::Stop)
    }

    /// Whether `price` is its trigger's or beyond.
    pub fn is_met_by(&self, price: Price) -> bool {
        if self.is_rising() {
            price >= self.trigger().price
        } else {
            price <= self.trigger().price
        }
    }

    /// Whether `price` is the best that it has seen.
    pub fn is_improved_by(&self, price: Price) -> bool {
        self.best.is_none_or(|best| match self.order.side {
            Side::Buy => price < best,
            Side::Sell => price > best,
        })
    }

    /// Whether `price` is as far behind the best one as it trails.
    pub fn is_far_behind(&self, price: Price) -> bool {
        let Some(best) = self.best else { return false };
        let best = i128::from(best.ticks());
        let behind = (best - i128::from(price.ticks())).abs();
        let distance = i128::from(self.trigger().distance);
        match self.trigger().trail {
            Trail::None => false,
            Trail::Ticks => behind >= distance,
            Trail::BasisPoints => 10_000 * behind >= distance * best.abs(),
        }
    }
}

/// A live order, resting or waiting, as far as that is the same for both.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    pub id: OrderId,
    pub account: AccountId,
    pub time_in_force: TimeInForce,
    pub open: u64,
    pub arrived: u64,
}

impl Model {
    pub(super) fn check_trigger(&self, trigger: &Trigger) -> Outcome {
        let distance = trigger.distance;
        let trails_wrong = match trigger.trail {
            Trail::None => distance != 0 || trigger.start == TriggerStart::AtOnce,
            Trail::Ticks => distance == 0,
            Trail::BasisPoints => distance == 0 || distance >= 10_000,
        };
        let at_once = trigger.start == TriggerStart::AtOnce;
        if trails_wrong || (at_once && trigger.price != Price::new(0)) {
            return Err(RejectReason::TriggerMalformed);
        }
        if at_once {
            return Ok(());
        }
        self.check_trigger_price(trigger.price)
    }

    pub(super) fn check_trigger_price(&self, price: Price) -> Outcome {
        if price < self.instrument.price_min() || price > self.instrument.price_max() {
            return Err(RejectReason::TriggerPriceOutOfBand);
        }
        Ok(())
    }

    /// The price that a stream shows now.
    pub(super) fn price_now(&self, feed: Feed) -> Option<Price> {
        let shown = |side| self.best(side).map(|level| level.price);
        match feed {
            Feed::Trades => self.last_price,
            Feed::BestAsk => shown(Side::Sell),
            Feed::BestBid => shown(Side::Buy),
            Feed::Mark => self.mark,
        }
    }

    /// Whether an order that passed its checks waits, by the price there is.
    pub(super) fn door(&mut self, asked: &Order) -> Result<Door, RejectReason> {
        let Some(trigger) = asked.trigger else {
            return Ok(Door::Open(None));
        };
        let waiting = Waiting::new(asked, Awaits::Trigger);
        let price = self.price_now(waiting.feed());
        let started = |best| {
            Ok(Door::Waits(Waiting {
                started: true,
                best,
                ..waiting
            }))
        };
        if trigger.start == TriggerStart::AtOnce {
            return started(price);
        }
        if !price.is_some_and(|price| waiting.is_met_by(price)) {
            return Ok(Door::Waits(waiting));
        }
        match self.instrument.trigger_on_entry() {
            TriggerOnEntry::Refused => Err(RejectReason::WouldTriggerAtOnce),
            TriggerOnEntry::Waits => {
                self.notes.push("met on entry, waits");
                Ok(Door::Waits(waiting))
            }
            TriggerOnEntry::Fires if waiting.trails() => {
                self.notes.push("trail starts on entry");
                started(price)
            }
            TriggerOnEntry::Fires => {
                self.notes.push("met on entry, fires");
                Ok(Door::Open(price))
            }
        }
    }

    pub(super) fn check_room_to_wait(&self, order: &Order) -> Outcome {
        let most = self.instrument.capacities();
        if self.live().len() == most.orders as usize {
            return Err(RejectReason::OrdersFull);
        }
        self.check_links(order.account, order.time_in_force)?;
        if self.waiting.len() == most.waiting_orders as usize {
            return Err(RejectReason::WaitingOrdersFull);
        }
        Ok(())
    }

    pub(super) fn wait(&mut self, waiting: Waiting, events: &mut Vec<Event>) {
        self.come_to_wait(waiting);
        events.push(Event::Waits {
            id: waiting.order.id,
        });
    }

    pub(super) fn come_to_wait(&mut self, waiting: Waiting) {
        let arrived = self.next_turn();
        self.waiting.push(Waiting { arrived, ..waiting });
        self.sees_what_is_there(waiting.order.id);
        // Whoever waited before has seen it.
        self.seen[Feed::Trades as usize] = self.price_now(Feed::Trades);
    }

    /// Whoever comes to wait is shown no price again that was there then.
    pub(super) fn sees_what_is_there(&mut self, id: OrderId) {
        let seen = Feed::ALL.map(|feed| self.price_now(feed));
        self.fresh = Some((id, seen));
    }

    pub(super) fn has_seen(&self, id: OrderId, feed: Feed, price: Price) -> bool {
        self.fresh.is_some_and(|(fresh, seen)| {
            let was_there = feed == Feed::Trades || seen[feed as usize] == Some(price);
            fresh == id && was_there
        })
    }

    /// All live orders, oldest first. A triggered order is as old as it was.
    pub(super) fn live(&self) -> Vec<Live> {
        let resting = self.resting.iter().map(|order| Live {
            id: order.id,
            account: order.account,
            time_in_force: order.time_in_force,
            open: order.open,
            arrived: order.arrived,
        });
        let mut live: Vec<Live> = resting.collect();
        live.extend(self.waiting.iter().map(|waiting| Live {
            id: waiting.order.id,
            account: waiting.order.account,
            time_in_force: waiting.order.time_in_force,
            open: waiting.order.quantity.lots(),
            arrived: waiting.arrived,
        }));
        live.sort_by_key(|order| order.arrived);
        live
    }

    pub(super) fn waits(&self, id: OrderId) -> Option<&Waiting> {
        let mut all = self.waiting.iter();
        all.find(|waiting| waiting.order.id == id)
    }

    pub(super) fn waits_mut(&mut self, id: OrderId) -> Option<&mut Waiting> {
        let mut all = self.waiting.iter_mut();
        all.find(|waiting| waiting.order.id == id)
    }

    /// Takes an order out of those that wait, elected or not.
    pub(super) fn wait_no_more(&mut self, id: OrderId) {
        self.waiting.retain(|waiting| waiting.order.id != id);
        self.elected.retain(|(elected, _)| *elected != id);
    }
}
