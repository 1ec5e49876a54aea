//! Orders that show less than all of them.

use pricetime::{Action, Display, Order, OrderId, Quantity, Reduce, Refresh};

use crate::scene::{Scene, units};

pub fn hidden_last(scene: &mut Scene) {
    scene.source("Toronto Stock Exchange, order types guide, p. 33");
    scene.says("All that is shown at the price trades first; what the iceberg hides follows in one trade of 600.");
    scene.venue(units("0.01", "100"));
    scene.rests([scene.buy(1, "100", "10.00"), scene.buy(3, "500", "9.90")]);
    scene.rests([scene.iceberg(scene.buy(4, "10000", "9.90"), "100", 0, Refresh::HiddenLast)]);
    scene.rests([scene.buy(5, "200", "9.90")]);
    scene.book(&[
        "bid 10.00: #1 100",
        "bid 9.90: #3 500, #4 100+9900, #5 200 (800 shown, 9900 hidden)",
    ]);
    scene.enters(
        scene.sell(6, "1500", "9.90"),
        &[
            "traded 100 at 10.00: #6 with #1",
            "traded 500 at 9.90: #6 with #3",
            "traded 100 at 9.90: #6 with #4",
            "traded 200 at 9.90: #6 with #5",
            "traded 600 at 9.90: #6 with #4",
            "#4 shows 100 at the tail, 9200 hidden",
        ],
    );
    scene.book(&["bid 9.90: #4 100+9200 (100 shown, 9200 hidden)"]);
}

pub fn requeue(scene: &mut Scene) {
    scene.source("Coinbase, FIX: the next peak is \"added to the end of the queue\"");
    scene.rests([scene.iceberg(scene.sell(1, "25", "100"), "10", 0, Refresh::Requeue)]);
    scene.rests([scene.sell(2, "10", "100")]);
    scene.book(&["ask 100: #1 10+15, #2 10 (20 shown, 15 hidden)"]);
    scene.enters(
        scene.buy(3, "12", "100"),
        &[
            "traded 10 at 100: #3 with #1",
            "#1 shows 10 at the tail, 5 hidden",
            "traded 2 at 100: #3 with #2",
        ],
    );
    scene.book(&["ask 100: #2 8, #1 10+5 (18 shown, 5 hidden)"]);
}

pub fn retain(scene: &mut Scene) {
    scene.source("some CME and Eurex products, as a thread of FLOX (306) has it: the next peak keeps the place");
    scene.rests([scene.iceberg(scene.sell(1, "25", "100"), "10", 0, Refresh::Retain)]);
    scene.rests([scene.sell(2, "10", "100")]);
    scene.book(&["ask 100: #1 10+15, #2 10 (20 shown, 15 hidden)"]);
    scene.enters(
        scene.buy(3, "12", "100"),
        &[
            "traded 10 at 100: #3 with #1",
            "#1 shows 10 in its place, 5 hidden",
            "traded 2 at 100: #3 with #1",
        ],
    );
    scene.book(&["ask 100: #1 8+5, #2 10 (18 shown, 5 hidden)"]);
}

pub fn random_peaks(scene: &mut Scene) {
    scene.source(
        "Toronto Stock Exchange: MaxFloor 1000 and DisplayRange 200 draw peaks of 800 to 1200",
    );
    scene.says(
        "They are drawn from the order's id and how many it had, so that a replay draws the same.",
    );
    scene.rests([scene.iceberg(
        scene.sell(1, "9000", "100"),
        "1000",
        2_000,
        Refresh::Requeue,
    )]);
    scene.book(&["ask 100: #1 1000+8000 (1000 shown, 8000 hidden)"]);
    scene.enters(
        scene.buy(2, "4500", "100"),
        &[
            "traded 1000 at 100: #2 with #1",
            "#1 shows 1165 at the tail, 6835 hidden",
            "traded 1165 at 100: #2 with #1",
            "#1 shows 1189 at the tail, 5646 hidden",
            "traded 1189 at 100: #2 with #1",
            "#1 shows 970 at the tail, 4676 hidden",
            "traded 970 at 100: #2 with #1",
            "#1 shows 978 at the tail, 3698 hidden",
            "traded 176 at 100: #2 with #1",
        ],
    );
    scene.book(&["ask 100: #1 802+3698 (802 shown, 3698 hidden)"]);
}

pub fn peaks_max(scene: &mut Scene) {
    scene.source("Binance, ICEBERG_PARTS: ceil(quantity / peak) is at most 10");
    scene.venue(units("1", "1").peaks_max(10));
    let iceberg = |id, lots| scene.iceberg(scene.sell(id, lots, "100"), "10", 0, Refresh::Requeue);
    let (ten, eleven) = (iceberg(1, "100"), iceberg(2, "101"));
    scene.enters(ten, &["rests #1 at 100: 10 shown, 90 hidden"]);
    scene.enters(eleven, &["refused: TooManyPeaks"]);
    scene.book(&["ask 100: #1 10+90 (10 shown, 90 hidden)"]);
}

pub fn reduce(scene: &mut Scene) {
    scene.source("Toronto Stock Exchange, p. 26: a change of the undisclosed part keeps the place");
    scene.rests([scene.iceberg(scene.sell(1, "25", "100"), "10", 0, Refresh::Requeue)]);
    scene.rests([scene.sell(2, "10", "100")]);
    let by = |lots| {
        Action::Reduce(Reduce {
            id: OrderId(1),
            owner: None,
            by: Quantity::new(lots),
        })
    };
    scene.book(&["ask 100: #1 10+15, #2 10 (20 shown, 15 hidden)"]);
    scene.does(by(12), &["reduced #1 by 12, 13 left"]);
    scene.book(&["ask 100: #1 10+3, #2 10 (20 shown, 3 hidden)"]);
    scene.does(by(5), &["reduced #1 by 5, 8 left"]);
    scene.book(&["ask 100: #1 8, #2 10"]);
}

pub fn hidden(scene: &mut Scene) {
    scene.source("Coinbase and the Toronto Stock Exchange: at one price, what is shown trades before what is not");
    let unseen = |order| Order {
        display: Display::Hidden,
        ..order
    };
    let (first, second) = (
        unseen(scene.sell(1, "5", "100")),
        unseen(scene.sell(2, "5", "100")),
    );
    let better = unseen(scene.sell(4, "1", "99"));
    scene.rests([first, second, scene.sell(3, "5", "100"), better]);
    scene.says("Older at the price, but unseen: behind the bar. A better price still goes first.");
    scene.book(&[
        "ask 100: #3 5| #1 5, #2 5 (5 shown, 10 hidden)",
        "ask 99: | #4 1 (0 shown, 1 hidden)",
    ]);
    let best = scene.engine().book().best(pricetime::Side::Sell);
    let shown = best.map(|level| (level.price.ticks(), level.quantity.lots()));
    scene.holds(
        "all that the market sees is 5 at 100",
        shown == Some((100, 5)),
    );
    scene.enters(
        scene.buy(5, "8", "100"),
        &[
            "traded 1 at 99: #5 with #4",
            "traded 5 at 100: #5 with #3",
            "traded 2 at 100: #5 with #1",
        ],
    );
    scene.book(&["ask 100: | #1 3, #2 5 (0 shown, 8 hidden)"]);
}
