//! Plain limit and market orders.

use pricetime::{
    AccountId, Action, MarketAmount, MarketOrder, Order, OrderId, PostOnly, Price, Quantity,
    Reduce, Replace, Side, TimeInForce,
};

use crate::scene::{Scene, lasting, units};

pub fn price_time_priority(scene: &mut Scene) {
    scene.source("CME Globex, FIFO: price, then time (cme.com, matching algorithms)");
    scene.says("The better price trades first; at one price the older order. Each trade is at the maker's price.");
    scene.rests([
        scene.sell(1, "5", "101"),
        scene.sell(2, "5", "100"),
        scene.sell(3, "5", "100"),
    ]);
    scene.book(&["ask 101: #1 5", "ask 100: #2 5, #3 5"]);
    scene.enters(
        scene.buy(4, "12", "101"),
        &[
            "traded 5 at 100: #4 with #2",
            "traded 5 at 100: #4 with #3",
            "traded 2 at 101: #4 with #1",
        ],
    );
    scene.book(&["ask 101: #1 3"]);
}

pub fn partial_fill_keeps_its_place(scene: &mut Scene) {
    scene.source(
        "a bug that engines shipped: a partly filled maker went to the tail (OrderBook-rs 88)",
    );
    scene.rests([scene.buy(1, "5", "100"), scene.buy(2, "5", "100")]);
    scene.enters(scene.sell(3, "2", "100"), &["traded 2 at 100: #3 with #1"]);
    scene.book(&["bid 100: #1 3, #2 5"]);
    scene.enters(
        scene.sell(4, "4", "100"),
        &["traded 3 at 100: #4 with #1", "traded 1 at 100: #4 with #2"],
    );
    scene.book(&["bid 100: #2 4"]);
}

pub fn post_only(scene: &mut Scene) {
    scene.source("Binance LIMIT_MAKER is refused if it would take; to slide instead is a choice of this book");
    scene.rests([scene.sell(1, "2", "101")]);
    scene.book(&["ask 101: #1 2"]);
    let posting = |post_only| Order {
        post_only,
        ..scene.buy(2, "5", "103")
    };
    let (reject, slide) = (posting(PostOnly::Reject), posting(PostOnly::Slide));
    scene.enters(reject, &["refused: PostOnlyWouldTake"]);
    scene.enters(slide, &["slid #2 from 103 to 100", "rests #2 at 100: 5"]);
    scene.book(&["ask 101: #1 2", "bid 100: #2 5"]);
}

pub fn fill_or_kill(scene: &mut Scene) {
    scene.source("a bug that engines shipped: fill-or-kill looked at one maker at a time (loom 1)");
    scene.says("All of it trades at once, from as many makers as it takes, or nothing does.");
    scene.rests([
        scene.sell(1, "2", "100"),
        scene.sell(2, "2", "100"),
        scene.sell(3, "2", "101"),
    ]);
    scene.book(&["ask 101: #3 2", "ask 100: #1 2, #2 2"]);
    scene.enters(
        lasting(TimeInForce::Fok, scene.buy(4, "7", "101")),
        &["cancelled #4, 7 open: FillOrKill"],
    );
    scene.enters(
        lasting(TimeInForce::Fok, scene.buy(5, "6", "101")),
        &[
            "traded 2 at 100: #5 with #1",
            "traded 2 at 100: #5 with #2",
            "traded 2 at 101: #5 with #3",
        ],
    );
    scene.book(&["empty"]);
}

pub fn budget(scene: &mut Scene) {
    scene.source("orderbook-rs: a budget buys whole lots, rounded down at each price");
    scene.venue(units("0.01", "0.1"));
    scene.rests([scene.sell(1, "1", "10.00"), scene.sell(2, "5", "12.50")]);
    scene.book(&["ask 12.50: #2 5", "ask 10.00: #1 1"]);
    let money = scene
        .engine()
        .instrument()
        .notional("30".parse().expect("a number"));
    let market = MarketOrder::new(
        OrderId(3),
        AccountId(3),
        Side::Buy,
        MarketAmount::Budget(money.expect("money in whole units")),
    );
    scene.does(
        Action::Market(market),
        &[
            "traded 1 at 10.00: #3 with #1",
            "traded 1.6 at 12.50: #3 with #2",
        ],
    );
    scene.says("1 × 10.00 + 1.6 × 12.50 = 30: the last tenth of a lot that the money pays for.");
    scene.book(&["ask 12.50: #2 3.4"]);
}

pub fn whole_budget(scene: &mut Scene) {
    scene.source(
        "exchange-core, FOK_BUDGET: all of it at once for no more than so much money, or nothing",
    );
    scene.venue(units("0.01", "1"));
    scene.rests([
        scene.sell(1, "3", "10.00"),
        scene.sell(2, "3", "12.00"),
        scene.buy(3, "2", "9.00"),
        scene.buy(4, "2", "8.00"),
    ]);
    scene.book(&[
        "ask 12.00: #2 3",
        "ask 10.00: #1 3",
        "bid 9.00: #3 2",
        "bid 8.00: #4 2",
    ]);
    let whole = |scene: &Scene, side, id, lots, money: &str| {
        let total = money.parse().expect("a number");
        let total = scene.engine().instrument().notional(total);
        let total = total.expect("money in whole units");
        Action::Market(MarketOrder::new(
            OrderId(id),
            AccountId(id as u32),
            side,
            MarketAmount::Whole {
                quantity: Quantity::new(lots),
                total,
            },
        ))
    };
    scene.says("Five cost 3 × 10.00 + 2 × 12.00 = 54.");
    scene.does(
        whole(scene, Side::Buy, 5, 5, "53.99"),
        &["cancelled #5, 5 open: FillOrKill"],
    );
    scene.does(
        whole(scene, Side::Buy, 6, 5, "54"),
        &[
            "traded 3 at 10.00: #6 with #1",
            "traded 2 at 12.00: #6 with #2",
        ],
    );
    scene.says("Four bring 2 × 9.00 + 2 × 8.00 = 34.");
    scene.does(
        whole(scene, Side::Sell, 7, 4, "34.01"),
        &["cancelled #7, 4 open: FillOrKill"],
    );
    scene.does(
        whole(scene, Side::Sell, 8, 4, "34"),
        &[
            "traded 2 at 9.00: #8 with #3",
            "traded 2 at 8.00: #8 with #4",
        ],
    );
    scene.book(&["ask 12.00: #2 1"]);
}

pub fn keep_priority(scene: &mut Scene) {
    scene.source("Binance, order amend keep priority: A 1.00, YOU 5.50, B 4.00 at 87,000");
    scene.says(
        "A smaller quantity keeps the place; anything else is a new order in the old one's name.",
    );
    scene.venue(units("1", "0.01"));
    let [a, you, b] =
        [(1, "1.00"), (2, "5.50"), (3, "4.00")].map(|(id, lots)| scene.buy(id, lots, "87000"));
    scene.rests([a, you, b]);
    scene.book(&["bid 87000: #1 1, #2 5.5, #3 4"]);
    let to = |quantity: Quantity| {
        Action::Replace(Replace {
            id: OrderId(2),
            owner: Some(AccountId(2)),
            price: Some(Price::new(87_000)),
            quantity: Some(quantity),
        })
    };
    let (less, more) = (scene.lots("5.00"), scene.lots("5.20"));
    scene.does(to(less), &["replaced #2, priority kept"]);
    scene.book(&["bid 87000: #1 1, #2 5, #3 4"]);
    scene.does(
        to(more),
        &["replaced #2, priority lost", "rests #2 at 87000: 5.2"],
    );
    scene.book(&["bid 87000: #1 1, #3 4, #2 5.2"]);
}

pub fn reduction_in_flight(scene: &mut Scene) {
    scene.source("CME notice 0131 of 2001: of 10 lots 9 are filled while the client amends to 5; without mitigation 14 could fill");
    scene.says("To want 5 fewer is safe whatever has traded meanwhile.");
    scene.rests([scene.buy(1, "10", "100")]);
    scene.enters(scene.sell(2, "9", "100"), &["traded 9 at 100: #2 with #1"]);
    let reduce = Reduce {
        id: OrderId(1),
        owner: None,
        by: Quantity::new(5),
    };
    scene.does(Action::Reduce(reduce), &["cancelled #1, 1 open: Requested"]);
    scene.book(&["empty"]);
}
