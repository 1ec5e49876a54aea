//! What an instrument refuses, or lets an account have, and how far from a reference an order may trade.

use pricetime::{
    AccountId, AccountLimits, Action, CancelOnly, CancelReplaceMode, Capacities, Instrument,
    ListId, ListKind, MarketAmount, MarketLot, MarketOrder, Notional, Order, OrderId, PartialFill,
    PriceRange, Quantity, RangeReference, Refresh, Side, Trail, Trigger, TriggerKind,
    TriggerSource, TriggerStart,
};

use crate::scene::{Scene, of, units};

fn at_market(side: Side, id: u64, lots: u64) -> Order {
    Order::market(OrderId(id), AccountId(id as u32), side, Quantity::new(lots))
}

/// The last trade at 10.00.
fn last_trade(scene: &mut Scene) {
    scene.rests([scene.sell(1, "1", "10.00")]);
    scene.enters(
        scene.buy(2, "1", "10.00"),
        &["traded 1 at 10.00: #2 with #1"],
    );
}

pub fn price_range(scene: &mut Scene) {
    scene.source("Binance, PERCENT_PRICE_BY_SIDE: bids from 0.2 to 1.2 times the reference, asks from 0.8 to 5 times");
    scene.venue(units("0.01", "1").price_range(PriceRange {
        reference: RangeReference::LastTrade,
        buy: [2_000, 8_000],
        sell: [40_000, 2_000],
    }));
    scene.says("Before the first trade every price is in range.");
    scene.rests([scene.buy(9, "1", "1.00")]);
    last_trade(scene);
    scene.book(&["bid 1.00: #9 1"]);
    for (id, in_range, too_far) in [(3, "12.00", "12.01"), (4, "2.00", "1.99")] {
        scene.enters(scene.buy(id, "1", too_far), &["refused: PriceOutOfRange"]);
        let rests = format!("rests #{id} at {in_range}: 1");
        scene.enters(scene.buy(id, "1", in_range), &[&rests]);
    }
    scene.enters(scene.sell(5, "1", "50.01"), &["refused: PriceOutOfRange"]);
    scene.enters(scene.sell(5, "1", "50.00"), &["rests #5 at 50.00: 1"]);
    scene.enters(scene.sell(6, "1", "7.99"), &["refused: PriceOutOfRange"]);
    scene.enters(
        scene.sell(6, "1", "8.00"),
        &["traded 1 at 12.00: #6 with #3"],
    );
    scene.says("From now on it is measured from 12.00.");
    scene.enters(scene.buy(7, "1", "14.41"), &["refused: PriceOutOfRange"]);
    scene.enters(scene.buy(7, "1", "14.40"), &["rests #7 at 14.40: 1"]);
    scene.book(&[
        "ask 50.00: #5 1",
        "bid 14.40: #7 1",
        "bid 2.00: #4 1",
        "bid 1.00: #9 1",
    ]);
}

/// Half of the reference to twice as much, for both sides.
fn half_to_double(reference: RangeReference) -> PriceRange {
    PriceRange {
        reference,
        buy: [10_000, 5_000],
        sell: [10_000, 5_000],
    }
}

pub fn execution_range(scene: &mut Scene) {
    scene.source(
        "Binance, PRICE_RANGE: reference 10.00, multipliers 2 and 0.5, so trades from 5 to 20",
    );
    let range = half_to_double(RangeReference::Mark);
    scene.venue(units("0.01", "1").execution_range(range));
    let mark = scene.price("10.00");
    scene.does(Action::SetMark(mark), &["the mark is 10.00"]);
    scene.rests([
        scene.sell(1, "1", "20.00"),
        scene.sell(2, "1", "20.01"),
        scene.buy(3, "1", "5.00"),
        scene.buy(4, "1", "4.99"),
    ]);
    scene.book(&[
        "ask 20.01: #2 1",
        "ask 20.00: #1 1",
        "bid 5.00: #3 1",
        "bid 4.99: #4 1",
    ]);
    scene.enters(
        at_market(Side::Buy, 5, 2),
        &[
            "traded 1 at 20.00: #5 with #1",
            "cancelled #5, 1 open: OutOfRange",
        ],
    );
    scene.enters(
        at_market(Side::Sell, 6, 2),
        &[
            "traded 1 at 5.00: #6 with #3",
            "cancelled #6, 1 open: OutOfRange",
        ],
    );
    scene.says("A limit order that could only trade out of range does not rest either.");
    scene.enters(
        scene.buy(7, "2", "25.00"),
        &["cancelled #7, 2 open: OutOfRange"],
    );
    scene.enters(scene.buy(7, "2", "20.00"), &["rests #7 at 20.00: 2"]);
    scene.book(&["ask 20.01: #2 1", "bid 20.00: #7 2", "bid 4.99: #4 1"]);
}

pub fn fixed_while_taking(scene: &mut Scene) {
    scene.source(
        "Binance, PRICE_RANGE: the limits are set when an order begins to take, and stay for it",
    );
    let range = half_to_double(RangeReference::LastTrade);
    scene.venue(units("0.01", "1").execution_range(range));
    last_trade(scene);
    scene.rests([
        scene.sell(3, "1", "12.00"),
        scene.sell(4, "1", "20.00"),
        scene.sell(5, "1", "30.00"),
    ]);
    scene.book(&["ask 30.00: #5 1", "ask 20.00: #4 1", "ask 12.00: #3 1"]);
    scene.enters(
        at_market(Side::Buy, 6, 3),
        &[
            "traded 1 at 12.00: #6 with #3",
            "traded 1 at 20.00: #6 with #4",
            "cancelled #6, 1 open: OutOfRange",
        ],
    );
    scene.says("The next order is measured from the last trade, 20.00, and may pay up to 40.");
    scene.enters(
        at_market(Side::Buy, 7, 1),
        &["traded 1 at 30.00: #7 with #5"],
    );
    scene.book(&["empty"]);
}

pub fn market_lot(scene: &mut Scene) {
    scene.source("Binance, MARKET_LOT_SIZE: minQty, maxQty and stepSize, here 2, 10 and 2");
    scene.venue(Instrument::builder().market_lot(MarketLot {
        min: Quantity::new(2),
        max: Quantity::new(10),
        step: Quantity::new(2),
    }));
    scene.rests([scene.sell(1, "20", "100")]);
    scene.book(&["ask 100: #1 20"]);
    let buy = |lots| at_market(Side::Buy, 2, lots);
    scene.enters(buy(1), &["refused: MarketQuantityTooSmall"]);
    scene.enters(buy(12), &["refused: MarketQuantityTooLarge"]);
    scene.enters(buy(3), &["refused: MarketQuantityNotInLots"]);
    scene.enters(buy(4), &["traded 4 at 100: #2 with #1"]);
    scene.says("A limit order or a budget is not concerned.");
    scene.enters(scene.buy(3, "3", "100"), &["traded 3 at 100: #3 with #1"]);
    let budget = MarketOrder::new(
        OrderId(4),
        AccountId(4),
        Side::Buy,
        MarketAmount::Budget(Notional::new(500)),
    );
    scene.does(Action::Market(budget), &["traded 5 at 100: #4 with #1"]);
    scene.book(&["ask 100: #1 8"]);
}

/// Five orders of which one waits for a trigger and one is an iceberg, and one list.
fn limited() -> AccountLimits {
    AccountLimits {
        orders: Some(5),
        triggers: Some(1),
        icebergs: Some(1),
        lists: Some(1),
        order_amends: None,
        amends: None,
    }
}

/// Of account 7, to sell five when there is a trade at 90.
fn stop(scene: &Scene, id: u64) -> Order {
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::LastTrade,
        price: scene.price("90"),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    Order {
        trigger: Some(trigger),
        ..of(7, scene.sell(id, "5", "85"))
    }
}

fn opens(list: u64, order: Order) -> Action {
    Action::Leg {
        list: ListId(list),
        kind: ListKind::OneCancelsOther,
        legs: 2,
        partial_fill: PartialFill::Cancels,
        order: of(7, order),
    }
}

pub fn account_limits(scene: &mut Scene) {
    scene.source("Binance, MAX_NUM_ORDERS, MAX_NUM_ALGO_ORDERS, MAX_NUM_ICEBERG_ORDERS, MAX_NUM_ORDER_LISTS; here 5, 1, 1, 1");
    let capacities = Capacities {
        accounts: 8,
        ..Capacities::default()
    };
    let venue = Instrument::builder().capacities(capacities);
    scene.venue(venue.account_limits(limited()));
    let iceberg = |scene: &Scene, id| {
        let order = of(7, scene.sell(id, "20", "110"));
        scene.iceberg(order, "5", 0, Refresh::Requeue)
    };
    scene.rests([iceberg(scene, 1)]);
    scene.book(&["ask 110: #1 5+15 (5 shown, 15 hidden)"]);
    scene.enters(iceberg(scene, 2), &["refused: AccountIcebergsFull"]);
    scene.enters(stop(scene, 2), &["waits #2"]);
    scene.enters(stop(scene, 3), &["refused: AccountTriggersFull"]);
    let (first, second) = (scene.sell(3, "5", "115"), scene.sell(4, "5", "115"));
    scene.does(opens(1, first), &["held #3 in list 1"]);
    scene.does(opens(2, second), &["refused: AccountListsFull"]);
    scene.rests([
        of(7, scene.buy(4, "5", "100")),
        of(7, scene.buy(5, "5", "99")),
        scene.buy(6, "5", "101"),
    ]);
    scene.book(&[
        "ask 110: #1 5+15 (5 shown, 15 hidden)",
        "bid 101: #6 5",
        "bid 100: #4 5",
        "bid 99: #5 5",
    ]);
    let one_more = of(7, scene.buy(8, "5", "98"));
    scene.enters(one_more, &["refused: AccountOrdersFull"]);
    scene.says("It counts who can rest or waits. In another one's place there is room.");
    scene.enters(
        of(7, at_market(Side::Sell, 8, 5)),
        &["traded 5 at 101: #8 with #6"],
    );
    let instead = Action::CancelReplace {
        cancel: OrderId(5),
        only: CancelOnly::Any,
        mode: CancelReplaceMode::StopOnFailure,
        order: one_more,
    };
    scene.does(
        instead,
        &["cancelled #5, 5 open: Replaced", "rests #8 at 98: 5"],
    );
    scene.book(&[
        "ask 110: #1 5+15 (5 shown, 15 hidden)",
        "bid 100: #4 5",
        "bid 98: #8 5",
    ]);
}
