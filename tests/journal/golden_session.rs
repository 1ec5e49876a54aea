//! A trading day written by hand: every command, every event, and all reasons but one.

use Side::{Buy, Sell};
use pricetime::{
    AccountId, Action, Cancel, CancelAll, Capacities, Command, Decimal, Instrument, LimitOrder,
    Lot, MarketAmount, MarketOrder, Notional, OrderId, OrderIdPolicy, PostOnly, Price, Quantity,
    Reduce, Replace, Side, Tick, TimeInForce, Timestamp,
};

pub fn instrument() -> Instrument {
    Instrument::builder()
        .tick(Tick::new(Decimal::new(1, 2)).expect("a tick"))
        .lot(Lot::new(Decimal::new(1, 4)).expect("a lot"))
        .price_band(Price::new(-500), Price::new(10_000))
        .quantity_limits(Quantity::new(2), Quantity::new(1_000))
        .notional_min(Notional::new(10))
        .notional_max(Notional::new(5_000_000))
        .order_ids(OrderIdPolicy::Increasing)
        .index_key(0x0123_4567_89AB_CDEF)
        .capacities(Capacities {
            orders: 40,
            levels: 6,
            accounts: 3,
            timed_orders: 20,
            special_orders: 20,
            events: 16,
        })
        .build()
        .expect("an instrument")
}

#[derive(Default)]
struct Day {
    now: u64,
    last_id: u64,
    commands: Vec<Command>,
}

impl Day {
    fn ask(&mut self, action: Action) {
        self.now += 10;
        let time = Timestamp::new(self.now);
        self.commands.push(Command::new(time, action));
    }

    /// A limit order of account 1 under the next id.
    fn order(&mut self, side: Side, price: i64, quantity: u64) -> LimitOrder {
        self.last_id += 1;
        LimitOrder {
            id: OrderId(self.last_id),
            account: AccountId(1),
            side,
            post_only: PostOnly::Off,
            price: Price::new(price),
            quantity: Quantity::new(quantity),
            time_in_force: TimeInForce::Gtc,
        }
    }

    fn limit(&mut self, side: Side, price: i64, quantity: u64) -> OrderId {
        let order = self.order(side, price, quantity);
        self.ask(Action::Limit(order));
        order.id
    }

    fn timed(&mut self, side: Side, price: i64, time_in_force: TimeInForce) {
        let order = self.order(side, price, 4);
        self.ask(Action::Limit(LimitOrder {
            time_in_force,
            ..order
        }));
    }

    fn post(&mut self, side: Side, price: i64, post_only: PostOnly, life: TimeInForce) {
        let order = self.order(side, price, 5);
        self.ask(Action::Limit(LimitOrder {
            post_only,
            time_in_force: life,
            ..order
        }));
    }

    fn market(&mut self, side: Side, amount: MarketAmount) {
        self.last_id += 1;
        self.ask(Action::Market(MarketOrder {
            id: OrderId(self.last_id),
            account: AccountId(2),
            side,
            amount,
        }));
    }

    fn replace(&mut self, id: OrderId, price: Option<i64>, quantity: Option<u64>) {
        self.ask(Action::Replace(Replace {
            id,
            owner: Some(AccountId(1)),
            price: price.map(Price::new),
            quantity: quantity.map(Quantity::new),
        }));
    }
}

/// All commands of the day.
pub fn session() -> Vec<Command> {
    let mut day = Day {
        now: 1_700_000_000_000_000_000,
        ..Day::default()
    };
    trade(&mut day);
    change(&mut day);
    refuse(&mut day);
    fill_up(&mut day);
    expire(&mut day);
    end(&mut day);
    day.commands
}

fn trade(day: &mut Day) {
    day.limit(Sell, 1_010, 30);
    day.limit(Sell, 1_020, 40);
    day.limit(Buy, 990, 25);
    day.limit(Buy, 1_020, 50);
    day.timed(Buy, 1_020, TimeInForce::Ioc);
    day.timed(Buy, 1_005, TimeInForce::Ioc);
    day.timed(Buy, 1_005, TimeInForce::Fok);
    day.timed(Sell, 990, TimeInForce::Fok);
    day.post(Buy, 1_025, PostOnly::Slide, TimeInForce::Gtc);
    day.post(Sell, 1_030, PostOnly::Reject, TimeInForce::Gtc);
    let quantity = Quantity::new(3);
    let budget = Notional::new(7_000);
    day.market(Sell, MarketAmount::Quantity(quantity));
    day.market(Buy, MarketAmount::Budget(budget));
    day.market(Buy, MarketAmount::Both { quantity, budget });
    day.market(Sell, MarketAmount::Quantity(Quantity::new(900)));
}

fn change(day: &mut Day) {
    let order = day.limit(Buy, -20, 30);
    let by = Quantity::new(5);
    let owner = Some(AccountId(1));
    let reduce = |id, owner, by| Action::Reduce(Reduce { id, owner, by });
    day.ask(reduce(order, owner, by));
    day.replace(order, None, Some(20));
    day.replace(order, Some(-30), None);
    day.replace(order, Some(-25), Some(22));
    day.replace(order, None, None);
    day.ask(reduce(order, None, Quantity::new(1_000)));
    let order = day.limit(Buy, 900, 30);
    day.ask(Action::Cancel(Cancel { id: order, owner }));
    let order = day.limit(Sell, 2_000, 30);
    let owner = Some(AccountId(9));
    day.ask(Action::Cancel(Cancel { id: order, owner }));
    day.ask(Action::Cancel(Cancel {
        id: order,
        owner: None,
    }));
    day.ask(Action::Cancel(Cancel {
        id: order,
        owner: None,
    }));
}

/// One command for each reason that needs no full book.
fn refuse(day: &mut Day) {
    day.limit(Buy, 1_000, 0);
    day.limit(Buy, 1_000, 1);
    day.limit(Buy, 1_000, 1_001);
    day.limit(Buy, 10_001, 10);
    day.limit(Buy, 2, 4);
    day.limit(Buy, 9_000, 1_000);
    day.timed(Buy, 900, TimeInForce::Gtd(Timestamp::new(5)));
    day.post(Buy, 900, PostOnly::Reject, TimeInForce::Ioc);
    day.limit(Sell, 1_500, 10);
    day.post(Buy, 1_500, PostOnly::Reject, TimeInForce::Gtc);
    let again = day.order(Buy, 900, 10);
    let (live, older) = (OrderId(again.id.0 - 2), OrderId(1));
    for id in [live, older] {
        day.ask(Action::Limit(LimitOrder { id, ..again }));
    }
    day.ask(Action::CancelAll(CancelAll {
        price_min: Some(Price::new(5)),
        price_max: Some(Price::new(4)),
        ..CancelAll::default()
    }));
    let backwards = Timestamp::new(1);
    day.commands
        .push(Command::new(backwards, Action::AdvanceTime));
}

/// Every capacity is reached.
fn fill_up(day: &mut Day) {
    day.ask(Action::CancelAll(CancelAll {
        side: Some(Buy),
        ..CancelAll::default()
    }));
    day.ask(Action::CancelAll(CancelAll::default()));
    for account in 1..=4 {
        let order = day.order(Sell, 3_000, 3);
        let account = AccountId(account);
        day.ask(Action::Limit(LimitOrder { account, ..order }));
    }
    for price in 1..=6 {
        day.limit(Sell, 3_000 + price, 3);
    }
    for _ in 0..14 {
        day.limit(Sell, 3_000, 3);
    }
    let many = day.order(Buy, 3_000, 900);
    day.ask(Action::Limit(LimitOrder {
        quantity: Quantity::new(300),
        ..many
    }));
    for _ in 0..18 {
        day.limit(Sell, 3_001, 3);
    }
    let many = day.order(Buy, 3_001, 60);
    day.ask(Action::Limit(many));
    let expiry = TimeInForce::Gtd(Timestamp::new(day.now + 2_000));
    for _ in 0..20 {
        day.timed(Sell, 3_002, expiry);
    }
}

/// More orders are due than one command may report.
fn expire(day: &mut Day) {
    day.ask(Action::CancelAll(CancelAll {
        account: Some(AccountId(1)),
        side: Some(Sell),
        price_min: Some(Price::new(3_000)),
        price_max: Some(Price::new(3_001)),
    }));
    for _ in 0..2 {
        day.ask(Action::CancelAll(CancelAll {
            price_max: Some(Price::new(3_001)),
            ..CancelAll::default()
        }));
    }
    let expiry = TimeInForce::Gtd(Timestamp::new(day.now + 2_000));
    for _ in 0..20 {
        day.timed(Sell, 3_002, expiry);
    }
    day.timed(Sell, 3_002, TimeInForce::Day);
    day.now += 5_000;
    day.ask(Action::AdvanceTime);
    day.now -= 10;
    day.ask(Action::AdvanceTime);
}

fn end(day: &mut Day) {
    day.limit(Buy, 700, 6);
    for _ in 0..18 {
        day.timed(Sell, 4_000, TimeInForce::Day);
    }
    day.ask(Action::EndOfDay);
    day.ask(Action::EndOfDay);
    day.ask(Action::AdvanceTime);
}
