//! Minimum quantity and all-or-none.

use pricetime::{Action, Cancel, Order, OrderId, Quantity, TimeInForce};

use crate::scene::{Scene, lasting};

/// The same order, all or none of it.
fn whole(order: Order) -> Order {
    Order {
        minimum: order.quantity,
        ..order
    }
}

fn at_least(lots: u64, order: Order) -> Order {
    Order {
        minimum: Quantity::new(lots),
        ..order
    }
}

pub fn minimum(scene: &mut Scene) {
    scene.source("a choice of this book: an order trades its minimum or all that is left of it, whichever is less, or is passed by");
    scene.rests([
        at_least(4, scene.sell(1, "10", "100")),
        scene.sell(2, "9", "100"),
    ]);
    scene.book(&["ask 100: #1 10, #2 9"]);
    scene.says("3 are too few for #1; 7 are enough; then 3 are all that is left of it.");
    scene.enters(scene.buy(3, "3", "100"), &["traded 3 at 100: #3 with #2"]);
    scene.enters(scene.buy(4, "7", "100"), &["traded 7 at 100: #4 with #1"]);
    scene.enters(scene.buy(5, "3", "100"), &["traded 3 at 100: #5 with #1"]);
    scene.book(&["ask 100: #2 6"]);
}

pub fn at_once(scene: &mut Scene) {
    scene.source("MinQty of FIX orders with immediate or cancel, on most venues");
    scene.rests([scene.sell(1, "3", "100"), scene.sell(2, "3", "101")]);
    scene.book(&["ask 101: #2 3", "ask 100: #1 3"]);
    let ioc = |id, least| {
        lasting(
            TimeInForce::Ioc,
            at_least(least, scene.buy(id, "10", "101")),
        )
    };
    let (seven, six) = (ioc(3, 7), ioc(4, 6));
    scene.enters(seven, &["cancelled #3, 10 open: MinimumNotMet"]);
    scene.enters(
        six,
        &[
            "traded 3 at 100: #4 with #1",
            "traded 3 at 101: #4 with #2",
            "cancelled #4, 4 open: NotFilledAtOnce",
        ],
    );
    scene.book(&["empty"]);
}

pub fn passed_by(scene: &mut Scene) {
    scene.source("liquibook: an all-or-none order holds up nobody");
    scene.rests([whole(scene.sell(1, "10", "100")), scene.sell(2, "5", "101")]);
    scene.book(&["ask 101: #2 5", "ask 100: #1 10"]);
    scene.says("4 are too few for #1: it is passed by, and the book is crossed by it.");
    scene.enters(scene.buy(3, "4", "100"), &["rests #3 at 100: 4"]);
    scene.book(&["ask 101: #2 5", "ask 100: #1 10", "bid 100: #3 4"]);
    scene.enters(scene.buy(4, "2", "101"), &["traded 2 at 101: #4 with #2"]);
    scene.book(&["ask 101: #2 3", "ask 100: #1 10", "bid 100: #3 4"]);
}

pub fn own_price(scene: &mut Scene) {
    scene.source("a bug that engines shipped: all-or-none printed everybody at the worst price (CppTrader 28)");
    scene.rests([
        scene.sell(1, "4", "100"),
        scene.sell(2, "4", "101"),
        scene.sell(3, "4", "102"),
    ]);
    scene.enters(
        whole(scene.buy(4, "10", "102")),
        &[
            "traded 4 at 100: #4 with #1",
            "traded 4 at 101: #4 with #2",
            "traded 2 at 102: #4 with #3",
        ],
    );
    scene.book(&["ask 102: #3 2"]);
}

pub fn look_ahead(scene: &mut Scene) {
    scene.source("a choice of this book: who needs all sets aside the all-or-none orders that fit, and fills up with the others");
    scene.rests([scene.sell(1, "5", "100"), whole(scene.sell(2, "8", "100"))]);
    scene.book(&["ask 100: #1 5, #2 8"]);
    scene.says("In order of time: 5 of #1, and then 3 are too few for #2. So 8 are set aside for #2, and #1 gives the other 2 of 10.");
    scene.enters(
        lasting(TimeInForce::Fok, scene.buy(3, "10", "100")),
        &["traded 2 at 100: #3 with #1", "traded 8 at 100: #3 with #2"],
    );
    scene.book(&["ask 100: #1 3"]);
}

pub fn retry(scene: &mut Scene) {
    scene.source("liquibook: resting all-or-none orders are matched again when the book changes");
    scene.rests([whole(scene.sell(1, "10", "100"))]);
    scene.enters(scene.buy(2, "4", "101"), &["rests #2 at 101: 4"]);
    scene.book(&["ask 100: #1 10", "bid 101: #2 4"]);
    scene.says("7 are too few for #1 as well, but with the 4 it can be filled: it tries again, as the taker, at the bids' prices.");
    scene.enters(
        scene.buy(3, "7", "100"),
        &[
            "rests #3 at 100: 7",
            "traded 4 at 101: #1 with #2",
            "traded 6 at 100: #1 with #3",
        ],
    );
    scene.book(&["bid 100: #3 1"]);
    let cancel = Cancel {
        id: OrderId(3),
        owner: None,
    };
    scene.does(Action::Cancel(cancel), &["cancelled #3, 1 open: Requested"]);
    scene.book(&["empty"]);
}

pub fn chain(scene: &mut Scene) {
    scene.source("CppTrader, test_matching_engine.cpp, all-or-none");
    scene.rests([whole(scene.buy(1, "30", "20")), scene.buy(2, "10", "20")]);
    scene.rests([whole(scene.buy(3, "30", "30")), scene.buy(4, "10", "30")]);
    scene.enters(whole(scene.sell(5, "100", "20")), &["rests #5 at 20: 100"]);
    scene.book(&[
        "ask 20: #5 100",
        "bid 30: #3 30, #4 10",
        "bid 20: #1 30, #2 10",
    ]);
    scene.says("80 were too few for the 100 of #5. Together with 20 more, nobody has to wait.");
    scene.enters(
        whole(scene.buy(6, "20", "20")),
        &[
            "rests #6 at 20: 20",
            "traded 30 at 30: #5 with #3",
            "traded 10 at 30: #5 with #4",
            "traded 30 at 20: #5 with #1",
            "traded 10 at 20: #5 with #2",
            "traded 20 at 20: #5 with #6",
        ],
    );
    scene.book(&["empty"]);
}
