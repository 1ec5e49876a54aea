//! Orders that depend on each other.

use pricetime::{
    Action, Cancel, Instrument, ListId, ListKind, Order, OrderId, PartialFill, Quantity, Reduce,
    Replace, Trail, Trigger, TriggerKind, TriggerSource, TriggerStart, WaitsFor,
};

use crate::scene::{Scene, of};

const BINANCE: &str = "Binance, order lists";

/// An order of list 1 of account 7.
fn leg(kind: ListKind, legs: u8, partial_fill: PartialFill, order: Order) -> Action {
    Action::Leg {
        list: ListId(1),
        kind,
        legs,
        partial_fill,
        order: of(7, order),
    }
}

fn oco(order: Order) -> Action {
    leg(ListKind::OneCancelsOther, 2, PartialFill::Cancels, order)
}

/// The same order, once a trade is at this price or worse for it.
fn stop(scene: &Scene, price: &str, order: Order) -> Order {
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::LastTrade,
        price: scene.price(price),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    Order {
        trigger: Some(trigger),
        ..order
    }
}

fn cancel(id: u64) -> Action {
    Action::Cancel(Cancel {
        id: OrderId(id),
        owner: None,
    })
}

fn replace(id: u64, lots: u64) -> Action {
    Action::Replace(Replace {
        id: OrderId(id),
        owner: None,
        price: None,
        quantity: Some(Quantity::new(lots)),
    })
}

/// The last trade at 100, and orders around it.
fn around_100(scene: &mut Scene) {
    scene.rests([scene.sell(1, "1", "100")]);
    scene.enters(scene.buy(2, "1", "100"), &["traded 1 at 100: #2 with #1"]);
    scene.rests([
        scene.buy(3, "5", "99"),
        scene.buy(4, "9", "89"),
        scene.sell(5, "5", "101"),
    ]);
    scene.book(&["ask 101: #5 5", "bid 99: #3 5", "bid 89: #4 9"]);
}

/// Sells at 110, or, once there is a trade at 90, at 85.
fn profit_or_stop(scene: &mut Scene) {
    let profit = scene.sell(11, "4", "110");
    let stop = stop(scene, "90", scene.sell(12, "4", "85"));
    scene.does(oco(profit), &["held #11 in list 1"]);
    scene.does(
        oco(stop),
        &[
            "held #12 in list 1",
            "list 1 starts",
            "released #11",
            "rests #11 at 110: 4",
            "released #12",
            "waits #12",
        ],
    );
}

pub fn profit_trades(scene: &mut Scene) {
    scene.source(BINANCE);
    scene.says("One takes the profit at 110, the other stops the loss at 90. Whichever is first ends the other.");
    around_100(scene);
    profit_or_stop(scene);
    scene.enters(
        scene.buy(13, "9", "110"),
        &[
            "traded 5 at 101: #13 with #5",
            "traded 4 at 110: #13 with #11",
            "cancelled #12, 4 open: List",
        ],
    );
    scene.book(&["bid 99: #3 5", "bid 89: #4 9"]);
}

pub fn stop_triggers(scene: &mut Scene) {
    scene.source(BINANCE);
    around_100(scene);
    profit_or_stop(scene);
    scene.enters(
        scene.sell(13, "6", "89"),
        &[
            "traded 5 at 99: #13 with #3",
            "traded 1 at 89: #13 with #4",
            "triggered #12 by 89",
            "traded 4 at 89: #12 with #4",
            "cancelled #11, 4 open: List",
        ],
    );
    scene.book(&["ask 101: #5 5", "bid 89: #4 4"]);
}

pub fn wrong_prices(scene: &mut Scene) {
    scene.source(
        "Binance, OCO: to sell, limit above last trade above stop; to buy, the other way round",
    );
    around_100(scene);
    let sell = |lots| scene.sell(12, lots, "85");
    let [at_last, another, right] = [("100", "4"), ("90", "3"), ("90", "4")]
        .map(|(price, lots)| oco(stop(scene, price, sell(lots))));
    let (profit, second_profit) = (scene.sell(11, "4", "110"), scene.sell(12, "4", "111"));
    scene.does(oco(profit), &["held #11 in list 1"]);
    scene.does(at_last, &["refused: ListPricesOutOfOrder"]);
    scene.says("Nor may the second take profit as well, nor have another quantity. The first is held meanwhile.");
    scene.does(oco(second_profit), &["refused: ListLegNotAllowed"]);
    scene.does(another, &["refused: ListLegNotAllowed"]);
    scene.does(
        right,
        &[
            "held #12 in list 1",
            "list 1 starts",
            "released #11",
            "rests #11 at 110: 4",
            "released #12",
            "waits #12",
        ],
    );
    scene.book(&[
        "ask 110: #11 4",
        "ask 101: #5 5",
        "bid 99: #3 5",
        "bid 89: #4 9",
    ]);
}

pub fn triggers_other(scene: &mut Scene) {
    scene.source(
        "Binance, OTO: the pending order is placed when the working order has filled, all of it",
    );
    let oto = |order| leg(ListKind::OneTriggersOther, 2, PartialFill::Cancels, order);
    let (working, pending) = (scene.buy(1, "4", "98"), scene.sell(2, "4", "110"));
    scene.does(oto(working), &["held #1 in list 1"]);
    scene.does(
        oto(pending),
        &[
            "held #2 in list 1",
            "list 1 starts",
            "released #1",
            "rests #1 at 98: 4",
        ],
    );
    scene.book(&["bid 98: #1 4"]);
    scene.waits_for(2, WaitsFor::List);
    scene.enters(scene.sell(3, "1", "98"), &["traded 1 at 98: #3 with #1"]);
    scene.enters(
        scene.sell(4, "3", "98"),
        &[
            "traded 3 at 98: #4 with #1",
            "released #2",
            "rests #2 at 110: 4",
        ],
    );
    scene.book(&["ask 110: #2 4"]);
}

pub fn triggers_alternatives(scene: &mut Scene) {
    scene.source("Binance, OTOCO: bought, and then a profit and a stop that end each other");
    let kind = ListKind::OneTriggersOneCancelsOther;
    let otoco = |order| leg(kind, 3, PartialFill::Cancels, order);
    let (working, profit) = (scene.buy(1, "4", "100"), scene.sell(2, "4", "110"));
    let stop = stop(scene, "90", scene.sell(3, "4", "85"));
    scene.does(otoco(working), &["held #1 in list 1"]);
    scene.does(otoco(profit), &["held #2 in list 1"]);
    scene.does(
        otoco(stop),
        &[
            "held #3 in list 1",
            "list 1 starts",
            "released #1",
            "rests #1 at 100: 4",
        ],
    );
    scene.book(&["bid 100: #1 4"]);
    scene.enters(
        scene.sell(4, "4", "100"),
        &[
            "traded 4 at 100: #4 with #1",
            "released #2",
            "rests #2 at 110: 4",
            "released #3",
            "waits #3",
        ],
    );
    scene.waits_for(3, WaitsFor::Trigger);
    scene.book(&["ask 110: #2 4"]);
    scene.enters(
        scene.buy(5, "4", "110"),
        &["traded 4 at 110: #5 with #2", "cancelled #3, 4 open: List"],
    );
    scene.book(&["empty"]);
}

pub fn cancels_many(scene: &mut Scene) {
    scene.source("FIX, ContingencyType 1, one cancels the other, of any number; here 2 to 8");
    scene.says(
        "A buyer who reaches all three trades with the first, and passes by what that cancels.",
    );
    let ocm = |order| leg(ListKind::OneCancelsMany, 3, PartialFill::Cancels, order);
    let [first, second, third] =
        [(11, "101"), (12, "102"), (13, "103")].map(|(id, price)| ocm(scene.sell(id, "4", price)));
    scene.does(first, &["held #11 in list 1"]);
    scene.does(second, &["held #12 in list 1"]);
    scene.does(
        third,
        &[
            "held #13 in list 1",
            "list 1 starts",
            "released #11",
            "rests #11 at 101: 4",
            "released #12",
            "rests #12 at 102: 4",
            "released #13",
            "rests #13 at 103: 4",
        ],
    );
    scene.rests([scene.sell(1, "3", "103")]);
    scene.book(&["ask 103: #13 4, #1 3", "ask 102: #12 4", "ask 101: #11 4"]);
    scene.enters(
        scene.buy(2, "12", "103"),
        &[
            "traded 4 at 101: #2 with #11",
            "traded 3 at 103: #2 with #1",
            "rests #2 at 103: 5",
            "cancelled #12, 4 open: List",
            "cancelled #13, 4 open: List",
        ],
    );
    scene.book(&["bid 103: #2 5"]);
}

pub fn pays_other(scene: &mut Scene) {
    scene.source("Binance, OPO: what was bought is what is sold");
    let opo = |order| leg(ListKind::OnePaysOther, 2, PartialFill::Cancels, order);
    let starts = |scene: &mut Scene| {
        let (working, pending) = (scene.buy(1, "10", "100"), scene.sell(2, "10", "110"));
        scene.does(opo(working), &["held #1 in list 1"]);
        scene.does(
            opo(pending),
            &[
                "held #2 in list 1",
                "list 1 starts",
                "released #1",
                "rests #1 at 100: 10",
            ],
        );
    };
    starts(scene);
    scene.says("Nothing was bought, so there is nothing to sell.");
    scene.does(
        cancel(1),
        &[
            "cancelled #1, 10 open: Requested",
            "cancelled #2, 10 open: List",
        ],
    );
    starts(scene);
    scene.book(&["bid 100: #1 10"]);
    scene.enters(scene.sell(3, "6", "100"), &["traded 6 at 100: #3 with #1"]);
    scene.says("Six were bought when the working order ends.");
    scene.does(
        cancel(1),
        &[
            "cancelled #1, 4 open: Requested",
            "reduced #2 by 4, 6 left",
            "released #2",
            "rests #2 at 110: 6",
        ],
    );
    scene.book(&["ask 110: #2 6"]);
}

/// Ten to sell at 110, or at 85 once there is a trade at 90, on an empty book.
fn ten(scene: &mut Scene, partial_fill: PartialFill) {
    scene.venue(Instrument::builder());
    let oco = |order| leg(ListKind::OneCancelsOther, 2, partial_fill, order);
    let profit = scene.sell(11, "10", "110");
    let stop = stop(scene, "90", scene.sell(12, "10", "85"));
    scene.does(oco(profit), &["held #11 in list 1"]);
    scene.does(
        oco(stop),
        &[
            "held #12 in list 1",
            "list 1 starts",
            "released #11",
            "rests #11 at 110: 10",
            "released #12",
            "waits #12",
        ],
    );
}

pub fn partial_fills(scene: &mut Scene) {
    scene.source("Binance: any activation ends the other; FIX ContingencyType 3: it is made smaller by as much; or it stays");
    let mut show = |partial_fill, expected: &[&str]| {
        scene.says(&format!("Where a partial fill is {partial_fill:?}:"));
        ten(scene, partial_fill);
        let lines = [&["traded 4 at 110: #13 with #11"], expected].concat();
        scene.enters(scene.buy(13, "4", "110"), &lines);
        scene.book(&["ask 110: #11 6"]);
    };
    show(PartialFill::Cancels, &["cancelled #12, 10 open: List"]);
    show(PartialFill::Reduces, &["reduced #12 by 4, 6 left"]);
    show(PartialFill::Waits, &[]);
    scene.says("Only when all of it has traded is the stop cancelled.");
    scene.enters(
        scene.buy(14, "6", "110"),
        &[
            "traded 6 at 110: #14 with #11",
            "cancelled #12, 10 open: List",
        ],
    );
}

pub fn cancelling_one(scene: &mut Scene) {
    scene.source("Binance, order lists: cancelling one order of a list cancels the list");
    ten(scene, PartialFill::Cancels);
    scene.book(&["ask 110: #11 10"]);
    scene.does(
        cancel(12),
        &[
            "cancelled #12, 10 open: Requested",
            "cancelled #11, 10 open: List",
        ],
    );
    scene.book(&["empty"]);
}

pub fn reducing_one(scene: &mut Scene) {
    scene
        .source("Binance, order amend keep priority: the orders of an OCO become smaller together");
    ten(scene, PartialFill::Cancels);
    scene.book(&["ask 110: #11 10"]);
    let by = Reduce {
        id: OrderId(11),
        owner: None,
        by: Quantity::new(3),
    };
    scene.does(
        Action::Reduce(by),
        &["reduced #11 by 3, 7 left", "reduced #12 by 3, 7 left"],
    );
    scene.does(
        replace(12, 5),
        &["replaced #12, priority kept", "reduced #11 by 2, 5 left"],
    );
    scene.does(replace(11, 6), &["refused: ListLegCannotGrow"]);
    scene.book(&["ask 110: #11 5"]);
}
