//! Self-trade prevention: what happens instead of a trade with oneself.

use pricetime::{
    AccountId, Action, MarketAmount, MarketOrder, Order, OrderId, SelfTrade, Side, TimeInForce,
    TradeGroup,
};

use crate::scene::{Scene, lasting, of, units};

const STP_FAQ: &str = "Binance, self trade prevention FAQ";

/// Account 7's order with this mode.
fn own(mode: SelfTrade, order: Order) -> Order {
    Order {
        self_trade: Some(mode),
        ..of(7, order)
    }
}

/// Prices and quantities in tenths, and account 7's bids 1.2 at 1.2, 1.3 at 1.1 and 8.1 at 1.
fn three_bids(scene: &mut Scene) {
    scene.venue(units("0.1", "0.1"));
    let bids = [(1, "1.2", "1.2"), (2, "1.3", "1.1"), (3, "8.1", "1.0")];
    let bids =
        bids.map(|(id, lots, price)| own(SelfTrade::ExpireMaker, scene.buy(id, lots, price)));
    scene.rests(bids);
    scene.book(&["bid 1.2: #1 1.2", "bid 1.1: #2 1.3", "bid 1.0: #3 8.1"]);
}

pub fn expire_maker(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.says("All that the makers have open is cancelled, not only what would have traded; the taker rests.");
    three_bids(scene);
    scene.enters(
        own(SelfTrade::ExpireMaker, scene.sell(4, "3", "1.0")),
        &[
            "prevented 1.2: #4 with #1, ExpireMaker",
            "cancelled #1, 1.2 open: SelfTrade",
            "prevented 1.3: #4 with #2, ExpireMaker",
            "cancelled #2, 1.3 open: SelfTrade",
            "prevented 3: #4 with #3, ExpireMaker",
            "cancelled #3, 8.1 open: SelfTrade",
            "rests #4 at 1.0: 3",
        ],
    );
    scene.book(&["ask 1.0: #4 3"]);
}

pub fn expire_taker(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.says("What is left of the taker is cancelled at the first own order. The makers stay as they are.");
    three_bids(scene);
    scene.enters(
        own(SelfTrade::ExpireTaker, scene.sell(4, "3", "1.0")),
        &[
            "prevented 1.2: #4 with #1, ExpireTaker",
            "cancelled #4, 3 open: SelfTrade",
        ],
    );
    scene.book(&["bid 1.2: #1 1.2", "bid 1.1: #2 1.3", "bid 1.0: #3 8.1"]);
}

pub fn expire_both(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.rests([own(SelfTrade::ExpireBoth, scene.buy(1, "1", "1"))]);
    scene.book(&["bid 1: #1 1"]);
    scene.enters(
        own(SelfTrade::ExpireBoth, scene.sell(2, "3", "1")),
        &[
            "prevented 1: #2 with #1, ExpireBoth",
            "cancelled #1, 1 open: SelfTrade",
            "cancelled #2, 3 open: SelfTrade",
        ],
    );
    scene.book(&["empty"]);
}

pub fn taker_decides(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.rests([own(SelfTrade::ExpireMaker, scene.buy(1, "1", "1"))]);
    scene.enters(
        own(SelfTrade::ExpireTaker, scene.sell(2, "1", "1")),
        &[
            "prevented 1: #2 with #1, ExpireTaker",
            "cancelled #2, 1 open: SelfTrade",
        ],
    );
    scene.book(&["bid 1: #1 1"]);
}

pub fn market(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.says("The only maker is the taker's own: it expires, and the taker finds nobody.");
    scene.rests([own(SelfTrade::ExpireMaker, scene.buy(1, "1", "1"))]);
    let taker = scene.sell(2, "3", "1");
    let market = Order::market(taker.id, taker.account, Side::Sell, taker.quantity);
    scene.enters(
        own(SelfTrade::ExpireMaker, market),
        &[
            "prevented 1: #2 with #1, ExpireMaker",
            "cancelled #1, 1 open: SelfTrade",
            "cancelled #2, 3 open: NotFilledAtOnce",
        ],
    );
    scene.book(&["empty"]);
}

pub fn decrement(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.rests([own(SelfTrade::Decrement, scene.buy(1, "6", "2"))]);
    scene.book(&["bid 2: #1 6"]);
    scene.enters(
        own(SelfTrade::Decrement, scene.sell(2, "2", "2")),
        &[
            "prevented 2: #2 with #1, Decrement",
            "cancelled #2, 0 open: SelfTrade",
        ],
    );
    scene.book(&["bid 2: #1 4"]);
    scene.holds("nothing traded", scene.engine().last_price().is_none());
}

pub fn decrement_by_budget(scene: &mut Scene) {
    scene.source("Coinbase, self-trade prevention: with funds and size the size is decremented and the funds are unchanged; of funds alone, the funds");
    let money = |scene: &Scene, money: &str| {
        let money = money.parse().expect("a number");
        let money = scene.engine().instrument().notional(money);
        money.expect("money in whole units")
    };
    let market = |id, amount| {
        Action::Market(MarketOrder {
            self_trade: Some(SelfTrade::Decrement),
            ..MarketOrder::new(OrderId(id), AccountId(7), Side::Buy, amount)
        })
    };
    scene.rests([of(7, scene.sell(1, "1", "100")), scene.sell(2, "5", "100")]);
    scene.book(&["ask 100: #1 1, #2 5"]);
    let (quantity, budget) = (scene.lots("3"), money(scene, "200"));
    scene.says("One of three is prevented, and 200 still buy the other two.");
    scene.does(
        market(3, MarketAmount::Both { quantity, budget }),
        &[
            "prevented 1: #3 with #1, Decrement",
            "cancelled #1, 0 open: SelfTrade",
            "traded 2 at 100: #3 with #2",
        ],
    );
    scene.rests([of(7, scene.sell(4, "1", "99"))]);
    scene.says("Without a quantity it is the money that prevention takes: of 200 so much is left as buys one.");
    scene.does(
        market(5, MarketAmount::Budget(budget)),
        &[
            "prevented 1: #5 with #4, Decrement",
            "cancelled #4, 0 open: SelfTrade",
            "traded 1 at 100: #5 with #2",
            "cancelled #5, 0 open: NotFilledAtOnce",
        ],
    );
    scene.book(&["ask 100: #2 2"]);
}

pub fn transfer(scene: &mut Scene) {
    scene.source(STP_FAQ);
    scene.says("Two accounts of one group: 0.2 are to change accounts outside the market, for 0.2 × 0.2 = 0.04 of money.");
    scene.venue(units("0.1", "0.1"));
    let group = TradeGroup(1);
    let mode = Some(SelfTrade::Transfer);
    let transfers = |account, order| Order {
        group,
        self_trade: mode,
        ..of(account, order)
    };
    scene.rests([transfers(7, scene.buy(1, "0.6", "0.2"))]);
    scene.book(&["bid 0.2: #1 0.6"]);
    scene.enters(
        transfers(8, scene.sell(2, "0.2", "0.2")),
        &[
            "prevented 0.2: #2 with #1, Transfer",
            "cancelled #2, 0 open: SelfTrade",
        ],
    );
    scene.book(&["bid 0.2: #1 0.4"]);
    scene.says("0.4 × 0.2 = 0.08 of the maker's money stays locked. If not both ask for it, both only become smaller.");
    let maker = Order {
        self_trade: Some(SelfTrade::ExpireMaker),
        ..transfers(7, scene.buy(3, "0.6", "0.3"))
    };
    scene.rests([maker]);
    scene.enters(
        transfers(8, scene.sell(4, "0.2", "0.3")),
        &[
            "prevented 0.2: #4 with #3, Decrement",
            "cancelled #4, 0 open: SelfTrade",
        ],
    );
    scene.book(&["bid 0.3: #3 0.4", "bid 0.2: #1 0.4"]);
}

pub fn fill_or_kill(scene: &mut Scene) {
    scene.source("melin exchange-core: under prevention a fill-or-kill order counts only what it would trade");
    scene.rests([
        scene.sell(1, "4", "100"),
        of(7, scene.sell(2, "4", "100")),
        scene.sell(3, "4", "101"),
    ]);
    scene.book(&["ask 101: #3 4", "ask 100: #1 4, #2 4"]);
    let fok = |id, lots, mode| lasting(TimeInForce::Fok, own(mode, scene.buy(id, lots, "101")));
    let taker = fok(4, "8", SelfTrade::ExpireTaker);
    let decrement = fok(5, "12", SelfTrade::Decrement);
    let maker = fok(6, "8", SelfTrade::ExpireMaker);
    scene.says(
        "It would end at its own order, with 4 of 8: it is killed, and nothing is prevented.",
    );
    scene.enters(taker, &["cancelled #4, 8 open: FillOrKill"]);
    scene.says("12 are there, but 4 of them would not trade.");
    scene.enters(decrement, &["cancelled #5, 12 open: FillOrKill"]);
    scene.says("It goes on behind its own order and finds 8.");
    scene.enters(
        maker,
        &[
            "traded 4 at 100: #6 with #1",
            "prevented 4: #6 with #2, ExpireMaker",
            "cancelled #2, 4 open: SelfTrade",
            "traded 4 at 101: #6 with #3",
        ],
    );
    scene.book(&["empty"]);
}
