//! A trading day written by hand. What it has no command for is in the second one.

use Side::{Buy, Sell};
use pricetime::{
    AccountId, Action, Cancel, CancelAll, Capacities, Command, Decimal, Display, Instrument,
    LimitOrder, Lot, MarketAmount, MarketOrder, Notional, Order, OrderId, OrderIdPolicy, PostOnly,
    Price, Pricing, Quantity, Reduce, Refresh, Replace, SelfTrade, Side, Tick, TimeInForce,
    Timestamp, TradeGroup, Trail, Trigger, TriggerKind, TriggerOnEntry, TriggerSource,
    TriggerStart,
};

use crate::golden_second;

pub fn instrument() -> Instrument {
    Instrument::builder()
        .tick(Tick::new(Decimal::new(1, 2)).expect("a tick"))
        .lot(Lot::new(Decimal::new(1, 4)).expect("a lot"))
        .price_band(Price::new(-500), Price::new(10_000))
        .quantity_limits(Quantity::new(2), Quantity::new(1_000))
        .notional_min(Notional::new(10))
        .notional_max(Notional::new(5_000_000))
        .order_ids(OrderIdPolicy::Increasing)
        .self_trade_modes(&SelfTrade::ALL[..5])
        .peaks_max(10)
        .trigger_on_entry(TriggerOnEntry::Refused)
        .index_key(0x0123_4567_89AB_CDEF)
        .capacities(Capacities {
            orders: 40,
            levels: 6,
            accounts: 3,
            timed_orders: 20,
            special_orders: 5,
            waiting_orders: 3,
            lists: 4,
            tokens: 0,
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
        self.ask(Action::Market(MarketOrder::new(
            OrderId(self.last_id),
            AccountId(2),
            side,
            amount,
        )));
    }

    /// A plain order of account 1 under the next id, with other terms.
    fn special(&mut self, side: Side, price: i64, quantity: u64, terms: impl Fn(&mut Order)) {
        self.last_id += 1;
        let (id, account) = (OrderId(self.last_id), AccountId(1));
        let (price, quantity) = (Price::new(price), Quantity::new(quantity));
        let mut order = Order::limit(id, account, side, price, quantity);
        terms(&mut order);
        self.ask(Action::Order(order));
    }

    fn clear(&mut self) {
        self.ask(Action::CancelAll(CancelAll::default()));
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
    show_peaks(&mut day);
    wait_for_minimums(&mut day);
    price_from_the_book(&mut day);
    prevent(&mut day);
    wait_for_prices(&mut day);
    trail(&mut day);
    refuse_triggers(&mut day);
    refuse_terms(&mut day);
    refuse(&mut day);
    fill_up(&mut day);
    expire(&mut day);
    end(&mut day);
    golden_second::unkept()
        .into_iter()
        .for_each(|action| day.ask(action));
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

fn peak(quantity: u64, spread_bps: u16, refresh: Refresh) -> Display {
    Display::Peak {
        quantity: Quantity::new(quantity),
        spread_bps,
        refresh,
    }
}

fn show_peaks(day: &mut Day) {
    day.clear();
    let all = [Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast];
    for refresh in all {
        day.special(Sell, 1_010, 50, |order| {
            order.display = peak(10, 2_500, refresh);
            order.group = TradeGroup(4);
        });
    }
    day.special(Sell, 1_010, 15, |order| {
        order.display = Display::Hidden;
        order.time_in_force = TimeInForce::Day;
    });
    for _ in 0..5 {
        day.market(Buy, MarketAmount::Quantity(Quantity::new(33)));
    }
    day.special(Sell, 1_015, 60, |order| {
        order.display = peak(20, 0, Refresh::Requeue)
    });
    day.market(Buy, MarketAmount::Budget(Notional::new(33_000)));
    let last = OrderId(day.last_id - 1);
    let (owner, by) = (Some(AccountId(1)), Quantity::new(12));
    let id = last;
    day.ask(Action::Reduce(Reduce { id, owner, by }));
    day.replace(last, None, Some(9));
    day.replace(last, Some(1_016), Some(45));
    day.clear();
}

fn wait_for_minimums(day: &mut Day) {
    day.special(Buy, 1_000, 20, |order| order.minimum = order.quantity);
    day.special(Buy, 1_001, 30, |order| order.minimum = Quantity::new(6));
    for quantity in [5, 13, 9, 25] {
        day.limit(Sell, 1_000, quantity);
    }
    day.special(Buy, 999, 10, |order| {
        order.minimum = Quantity::new(4);
        order.time_in_force = TimeInForce::Ioc;
    });
    day.clear();
}

fn price_from_the_book(day: &mut Day) {
    let protected = |order: &mut Order| order.pricing = Pricing::Protected(5);
    day.special(Buy, 0, 15, protected);
    day.limit(Sell, 1_020, 10);
    day.special(Buy, 0, 15, protected);
    day.special(Sell, 0, 8, |order| order.pricing = Pricing::MarketToLimit);
    day.special(Buy, 0, 8, |order| {
        order.pricing = Pricing::Market;
        order.time_in_force = TimeInForce::Ioc;
    });
    day.clear();
}

fn prevent(day: &mut Day) {
    for mode in SelfTrade::ALL {
        day.limit(Sell, 1_030, 7);
        day.special(Buy, 1_030, 9, |order| order.self_trade = Some(mode));
        day.clear();
    }
    day.special(Sell, 1_030, 7, |order| order.group = TradeGroup(8));
    day.special(Buy, 1_030, 7, |order| {
        (order.account, order.group) = (AccountId(2), TradeGroup(8));
        order.self_trade = Some(SelfTrade::Decrement);
    });
    day.clear();
}

/// Waits for one source to come to a price.
fn waits(kind: TriggerKind, source: TriggerSource, price: i64) -> Option<Trigger> {
    Some(Trigger {
        kind,
        source,
        price: Price::new(price),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    })
}

/// Waits for the mark to come back from its best price.
fn trails((trail, distance): (Trail, u32), start: TriggerStart, price: i64) -> Option<Trigger> {
    let trigger = waits(TriggerKind::Stop, TriggerSource::Mark, price);
    trigger.map(|trigger| Trigger {
        trail,
        distance,
        start,
        ..trigger
    })
}

fn market_order(order: &mut Order) {
    order.pricing = Pricing::Market;
    order.time_in_force = TimeInForce::Ioc;
}

/// The last trade, the best ask and the mark come to what orders wait for; one of them is then refused.
fn wait_for_prices(day: &mut Day) {
    use TriggerKind::{Stop, TakeProfit};
    use TriggerSource::{BestOpposite, LastTrade, Mark};
    day.limit(Sell, 1_050, 20);
    day.special(Buy, 1_070, 12, |order| {
        order.trigger = waits(Stop, LastTrade, 1_050);
    });
    let stop = OrderId(day.last_id);
    day.special(Buy, 0, 4, |order| {
        market_order(order);
        order.trigger = waits(TakeProfit, BestOpposite, 1_045);
    });
    let no_limit = OrderId(day.last_id);
    day.special(Buy, 1_052, 6, |order| {
        order.post_only = PostOnly::Reject;
        order.trigger = waits(Stop, Mark, 1_000);
    });
    day.special(Buy, 1_052, 6, |order| {
        order.trigger = waits(Stop, Mark, 1_000)
    });
    day.replace(no_limit, Some(1_060), None);
    day.replace(stop, Some(1_080), Some(9));
    let (owner, by) = (Some(AccountId(1)), Quantity::new(2));
    day.ask(Action::Reduce(Reduce {
        id: stop,
        owner,
        by,
    }));
    for mark in [999, 1_000] {
        day.ask(Action::SetMark(Price::new(mark)));
    }
    day.limit(Buy, 1_050, 5);
    day.limit(Sell, 1_040, 3);
    day.clear();
}

/// Orders that trail the mark, from the start and from a price on.
fn trail(day: &mut Day) {
    day.limit(Buy, 980, 30);
    day.special(Sell, 0, 5, |order| {
        market_order(order);
        order.trigger = trails((Trail::Ticks, 10), TriggerStart::AtOnce, 0);
    });
    day.special(Sell, 970, 6, |order| {
        order.display = peak(3, 100, Refresh::Retain);
        order.trigger = trails((Trail::BasisPoints, 100), TriggerStart::AtPrice, 995);
    });
    for mark in [1_004, 1_010, 1_001, 1_000, 995, 990, 986, 985] {
        day.ask(Action::SetMark(Price::new(mark)));
    }
    day.special(Sell, 970, 6, |order| {
        order.trigger = trails((Trail::Ticks, 1), TriggerStart::AtPrice, 900);
        order.time_in_force = TimeInForce::Day;
    });
    day.ask(Action::EndOfDay);
    day.clear();
}

/// One command for each reason that only triggers give. Another stands where orders come to wait.
fn refuse_triggers(day: &mut Day) {
    let wrong = [
        trails((Trail::Ticks, 0), TriggerStart::AtPrice, 900),
        trails((Trail::BasisPoints, 10_000), TriggerStart::AtOnce, 0),
        trails((Trail::None, 0), TriggerStart::AtOnce, 0),
        trails((Trail::Ticks, 5), TriggerStart::AtOnce, 900),
        trails((Trail::Ticks, 5), TriggerStart::AtPrice, 10_001),
        waits(TriggerKind::Stop, TriggerSource::Mark, 1_200),
    ];
    for trigger in wrong {
        day.special(Sell, 1_100, 30, |order| order.trigger = trigger);
    }
    day.ask(Action::SetMark(Price::new(-501)));
    day.clear();
}

/// One order for each reason that only terms give.
fn refuse_terms(day: &mut Day) {
    let wrong: [fn(&mut Order); 7] = [
        |order| order.pricing = Pricing::Market,
        |order| {
            order.display = Display::Hidden;
            order.time_in_force = TimeInForce::Ioc;
        },
        |order| order.display = peak(31, 0, Refresh::Requeue),
        |order| order.display = peak(1, 10_000, Refresh::Requeue),
        |order| order.display = peak(2, 0, Refresh::Requeue),
        |order| order.minimum = Quantity::new(31),
        |order| {
            order.display = peak(10, 0, Refresh::Requeue);
            order.minimum = Quantity::new(5);
        },
    ];
    for terms in wrong {
        day.special(Sell, 1_100, 30, terms);
    }
    for _ in 0..6 {
        day.special(Sell, 1_100, 30, |order| order.display = Display::Hidden);
    }
    day.clear();
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
