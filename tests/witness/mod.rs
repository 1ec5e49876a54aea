//! What can be held against an engine from its events alone, without any book.

use std::collections::BTreeMap;

use pricetime::{
    Event, OrderId, OrderKind, Price, Priority, Quantity, Side, TimeInForce, Timestamp, TradeId,
};

/// Follows every lot from the order that asked for it to its trade or cancellation.
#[derive(Default)]
pub struct Ledger {
    open: BTreeMap<OrderId, Account>,
}

/// Where the lots of one order are. Replacements may ask for more in all than 64 bits hold.
#[derive(Default)]
struct Account {
    asked: u128,
    traded: u128,
    cancelled: u128,
}

impl Account {
    fn left(&self) -> Quantity {
        let gone = self.traded + self.cancelled;
        let left = self
            .asked
            .checked_sub(gone)
            .expect("no more goes than was asked for");
        Quantity::new(u64::try_from(left).expect("no more rests than was asked for at once"))
    }
}

impl Ledger {
    /// Books the events of one command, each of which must agree with those before it.
    pub fn apply(&mut self, events: &[Event]) {
        for event in events {
            self.book(event);
        }
        self.open
            .retain(|_, account| account.left() > Quantity::ZERO);
    }

    /// What each order has left, in the order of their ids.
    pub fn left(&self) -> Vec<(OrderId, Quantity)> {
        let open = self.open.iter();
        open.map(|(id, account)| (*id, account.left())).collect()
    }

    fn book(&mut self, event: &Event) {
        match *event {
            Event::Accepted { id, quantity, .. } => {
                let asked = quantity.lots().into();
                let account = Account {
                    asked,
                    ..Account::default()
                };
                let earlier = self.open.insert(id, account);
                assert!(
                    earlier.is_none_or(|order| order.left() == Quantity::ZERO),
                    "{id:?} is live"
                );
            }
            Event::Traded {
                taker,
                maker,
                quantity,
                taker_remaining,
                maker_remaining,
                ..
            } => {
                assert!(quantity > Quantity::ZERO, "a trade of nothing");
                self.trade(maker, quantity, maker_remaining);
                self.trade(taker, quantity, taker_remaining);
            }
            Event::Reduced { id, by, remaining } => {
                self.open(id).cancelled += u128::from(by.lots());
                assert_eq!(self.open(id).left(), remaining);
            }
            Event::Replaced { id, quantity, .. } => {
                let account = self.open(id);
                account.asked = account.traded + account.cancelled + u128::from(quantity.lots());
            }
            Event::Cancelled { id, quantity, .. } => {
                self.open(id).cancelled += u128::from(quantity.lots());
                assert_eq!(
                    self.open(id).left(),
                    Quantity::ZERO,
                    "{id:?} is cancelled whole"
                );
            }
            Event::Rested { id, quantity, .. } => {
                assert_eq!(self.open(id).left(), quantity, "all that is left rests");
            }
            Event::Rejected { .. }
            | Event::Slid { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    fn trade(&mut self, id: OrderId, quantity: Quantity, remaining: Quantity) {
        let account = self.open(id);
        account.traded += u128::from(quantity.lots());
        // An order with a budget alone asks for whatever it gets.
        account.asked = account.asked.max(account.traded);
        assert_eq!(account.left(), remaining, "what {id:?} still wants");
    }

    fn open(&mut self, id: OrderId) -> &mut Account {
        self.open
            .get_mut(&id)
            .expect("the event is about a live order")
    }
}

/// Holds every trade against the orders that rested at the time.
#[derive(Default)]
pub struct Queues {
    /// In the order of coming to rest.
    resting: Vec<Resting>,
    lifetimes: BTreeMap<OrderId, TimeInForce>,
    limits: BTreeMap<OrderId, Price>,
    last_trade: TradeId,
}

struct Resting {
    id: OrderId,
    side: Side,
    price: Price,
}

impl Queues {
    /// Follows the events of one command asked at `at`.
    pub fn apply(&mut self, at: Timestamp, events: &[Event]) {
        for event in events {
            self.follow(at, event);
        }
    }

    fn follow(&mut self, at: Timestamp, event: &Event) {
        match *event {
            Event::Accepted {
                id,
                kind,
                time_in_force,
                price,
                ..
            } => {
                self.lifetimes.insert(id, time_in_force);
                match kind {
                    OrderKind::Limit => self.limits.insert(id, price),
                    OrderKind::Market => self.limits.remove(&id),
                };
            }
            Event::Rested {
                id, side, price, ..
            } => self.rest(Resting { id, side, price }),
            Event::Traded {
                trade,
                taker,
                maker,
                taker_side,
                price,
                maker_remaining,
                ..
            } => {
                self.check_number(trade);
                self.check_maker(at, maker, taker_side.opposite(), price);
                self.check_limit(taker, taker_side, price);
                if maker_remaining == Quantity::ZERO {
                    self.leave(maker);
                }
            }
            Event::Replaced {
                id,
                price,
                priority,
                ..
            } => {
                self.limits.insert(id, price);
                if priority == Priority::Lost {
                    self.leave(id);
                }
            }
            Event::Cancelled { id, .. } => self.leave(id),
            Event::Slid { id, to, .. } => {
                self.limits.insert(id, to);
            }
            Event::Rejected { .. }
            | Event::Reduced { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    fn rest(&mut self, order: Resting) {
        let lifetime = self.lifetimes[&order.id];
        let rests = !matches!(lifetime, TimeInForce::Ioc | TimeInForce::Fok);
        assert!(rests, "{:?} rests", order.id);
        self.resting.push(order);
    }

    fn check_number(&mut self, trade: TradeId) {
        assert_eq!(
            trade.0,
            self.last_trade.0 + 1,
            "trades are numbered without a gap"
        );
        self.last_trade = trade;
    }

    /// The maker is the first of the best level, trades at its price and is not past its time.
    fn check_maker(&self, at: Timestamp, maker: OrderId, side: Side, price: Price) {
        let mut orders: Vec<&Resting> = self.resting.iter().filter(|o| o.side == side).collect();
        orders.sort_by_key(|order| match side {
            Side::Buy => -order.price.ticks(),
            Side::Sell => order.price.ticks(),
        });
        assert_eq!(
            orders[0].price, price,
            "the best price trades first, and at that price"
        );
        assert_eq!(orders[0].id, maker, "the oldest order trades first");
        if let TimeInForce::Gtd(expiry) = self.lifetimes[&maker] {
            assert!(at < expiry, "{maker:?} trades at or after its expiry");
        }
    }

    fn check_limit(&self, taker: OrderId, side: Side, price: Price) {
        let within = self.limits.get(&taker).is_none_or(|limit| match side {
            Side::Buy => price <= *limit,
            Side::Sell => price >= *limit,
        });
        assert!(within, "{taker:?} trades beyond its limit");
    }

    fn leave(&mut self, id: OrderId) {
        self.resting.retain(|order| order.id != id);
    }
}
