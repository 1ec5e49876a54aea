//! Orders whose limit comes from the book.

use pricetime::{Order, Pricing, TimeInForce};

use crate::scene::{Scene, lasting};

pub fn protected(scene: &mut Scene) {
    scene.source("CME Globex, market with protection: best offer 90025 + 600 points = limit 90625");
    scene.says("The fill stops at the protection limit, and the rest becomes a limit order there.");
    scene.rests([
        scene.sell(1, "2", "90025"),
        scene.sell(2, "3", "90300"),
        scene.sell(3, "3", "90550"),
        scene.sell(4, "5", "90675"),
    ]);
    scene.book(&[
        "ask 90675: #4 5",
        "ask 90550: #3 3",
        "ask 90300: #2 3",
        "ask 90025: #1 2",
    ]);
    let order = Order {
        pricing: Pricing::Protected(600),
        ..scene.buy(5, "10", "0")
    };
    scene.enters(
        order,
        &[
            "priced #5 at 90625",
            "traded 2 at 90025: #5 with #1",
            "traded 3 at 90300: #5 with #2",
            "traded 3 at 90550: #5 with #3",
            "rests #5 at 90625: 2",
        ],
    );
    scene.book(&["ask 90675: #4 5", "bid 90625: #5 2"]);
}

pub fn market_to_limit(scene: &mut Scene) {
    scene.source(
        "Eurex and Euronext call it market to limit: the best opposite price on entry is the limit",
    );
    let order = |id| Order {
        pricing: Pricing::MarketToLimit,
        ..scene.buy(id, "7", "0")
    };
    let (first, second) = (order(1), order(4));
    scene.enters(first, &["refused: NoOppositePrice"]);
    scene.rests([scene.sell(2, "5", "100"), scene.sell(3, "5", "101")]);
    scene.book(&["ask 101: #3 5", "ask 100: #2 5"]);
    scene.enters(
        second,
        &[
            "priced #4 at 100",
            "traded 5 at 100: #4 with #2",
            "rests #4 at 100: 2",
        ],
    );
    scene.book(&["ask 101: #3 5", "bid 100: #4 2"]);
    let again = Order {
        pricing: Pricing::MarketToLimit,
        ..lasting(TimeInForce::Ioc, scene.buy(5, "7", "0"))
    };
    scene.enters(
        again,
        &[
            "priced #5 at 101",
            "traded 5 at 101: #5 with #3",
            "cancelled #5, 2 open: NotFilledAtOnce",
        ],
    );
    scene.book(&["bid 100: #4 2"]);
}
