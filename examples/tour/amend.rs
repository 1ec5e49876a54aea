//! Amendments: what keeps an order's place, what is counted, and what else may be changed.

use pricetime::{
    AccountLimits, Action, Amend, AmendPolicy, AmendQuantity, Capacities, Display, Instrument,
    Order, OrderId, Reduce, Refresh, Trail, Trigger, TriggerKind, TriggerSource, TriggerStart,
};

use crate::scene::Scene;

/// Changes nothing yet.
fn amend(id: u64) -> Amend {
    Amend {
        id: OrderId(id),
        owner: None,
        price: None,
        quantity: None,
        display: None,
        trigger_price: None,
    }
}

fn quantity(scene: &Scene, id: u64, lots: &str) -> Action {
    let quantity = Some(scene.lots(lots));
    Action::Amend(Amend {
        quantity,
        ..amend(id)
    })
}

fn price(scene: &Scene, id: u64, price: &str) -> Action {
    let price = Some(scene.price(price));
    Action::Amend(Amend { price, ..amend(id) })
}

fn peak(scene: &Scene, id: u64, lots: &str) -> Action {
    let display = Display::Peak {
        quantity: scene.lots(lots),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    };
    Action::Amend(Amend {
        display: Some(display),
        ..amend(id)
    })
}

fn trigger(scene: &Scene, id: u64, price: &str) -> Action {
    let trigger_price = Some(scene.price(price));
    Action::Amend(Amend {
        trigger_price,
        ..amend(id)
    })
}

pub fn policies(scene: &mut Scene) {
    scene.source("CME: more quantity or another price loses the place; Binance, order amend keep priority: less, and nothing else");
    let mut show = |policy, more: &[&str], other_price: &[&str], book: &[&str]| {
        scene.venue(Instrument::builder().amend_policy(policy));
        scene.says(&format!("Where the policy is {policy:?}:"));
        let [a, you, b] =
            [(1, "1"), (2, "5"), (3, "4")].map(|(id, lots)| scene.buy(id, lots, "100"));
        scene.rests([a, you, b]);
        scene.book(&["bid 100: #1 1, #2 5, #3 4"]);
        scene.does(quantity(scene, 2, "4"), &["replaced #2, priority kept"]);
        scene.does(quantity(scene, 2, "6"), more);
        scene.does(price(scene, 1, "99"), other_price);
        scene.book(book);
    };
    show(
        AmendPolicy::LessQuantity,
        &["replaced #2, priority lost", "rests #2 at 100: 6"],
        &["replaced #1, priority lost", "rests #1 at 99: 1"],
        &["bid 100: #3 4, #2 6", "bid 99: #1 1"],
    );
    show(
        AmendPolicy::OnlyLessQuantity,
        &["refused: AmendNotAllowed"],
        &["refused: AmendNotAllowed"],
        &["bid 100: #1 1, #2 4, #3 4"],
    );
}

pub fn hidden_part(scene: &mut Scene) {
    scene.source("Toronto Stock Exchange, order types guide: the place is kept for less that is shown, and for more or less that is not");
    let policy = AmendPolicy::NoMoreDisplayed;
    scene.venue(Instrument::builder().amend_policy(policy));
    let order = scene.buy(1, "20", "100");
    scene.rests([
        scene.iceberg(order, "5", 0, Refresh::Requeue),
        scene.buy(2, "5", "100"),
    ]);
    scene.book(&["bid 100: #1 5+15, #2 5 (10 shown, 15 hidden)"]);
    scene.does(
        quantity(scene, 1, "30"),
        &[
            "replaced #1, priority kept",
            "#1 shows 5 in its place, 25 hidden",
        ],
    );
    scene.does(
        peak(scene, 1, "3"),
        &[
            "replaced #1, priority kept",
            "#1 shows 3 in its place, 27 hidden",
        ],
    );
    scene.book(&["bid 100: #1 3+27, #2 5 (8 shown, 27 hidden)"]);
    scene.says("To show more loses it; so does to become an iceberg.");
    scene.does(
        peak(scene, 1, "8"),
        &[
            "replaced #1, priority lost",
            "rests #1 at 100: 8 shown, 22 hidden",
        ],
    );
    scene.does(
        peak(scene, 2, "2"),
        &[
            "replaced #2, priority lost",
            "rests #2 at 100: 2 shown, 3 hidden",
        ],
    );
    scene.book(&["bid 100: #1 8+22, #2 2+3 (10 shown, 25 hidden)"]);
}

pub fn in_flight(scene: &mut Scene) {
    scene.source("CME notice 0131 of 2001: of 10 lots 9 are filled while the client amends to 5; without mitigation 14 could fill");
    let mut show = |counts, expected: &[&str], book: &[&str]| {
        let venue = Instrument::builder().amend_quantity(counts);
        scene.venue(venue.keeps_totals(true));
        scene.says(&format!("Where the new quantity is {counts:?}:"));
        scene.rests([scene.buy(1, "10", "100")]);
        scene.book(&["bid 100: #1 10"]);
        scene.enters(scene.sell(2, "9", "100"), &["traded 9 at 100: #2 with #1"]);
        scene.does(quantity(scene, 1, "5"), expected);
        scene.book(book);
    };
    show(
        AmendQuantity::Open,
        &["replaced #1, priority lost", "rests #1 at 100: 5"],
        &["bid 100: #1 5"],
    );
    show(
        AmendQuantity::Total,
        &["cancelled #1, 1 open: Amended"],
        &["empty"],
    );
    scene.says("If only 3 are filled by then, 2 are left of 5.");
    scene.rests([scene.buy(3, "10", "100")]);
    scene.enters(scene.sell(4, "3", "100"), &["traded 3 at 100: #4 with #3"]);
    scene.does(quantity(scene, 3, "5"), &["replaced #3, priority kept"]);
    scene.book(&["bid 100: #3 2"]);
}

pub fn how_often(scene: &mut Scene) {
    scene.source("Binance, MAX_NUM_ORDER_AMENDS");
    let limits = AccountLimits {
        order_amends: Some(2),
        ..AccountLimits::default()
    };
    let capacities = Capacities {
        accounts: 8,
        ..Capacities::default()
    };
    let venue = Instrument::builder().account_limits(limits);
    scene.venue(venue.capacities(capacities).keeps_totals(true));
    scene.rests([scene.buy(1, "10", "100")]);
    scene.book(&["bid 100: #1 10"]);
    scene.does(quantity(scene, 1, "9"), &["replaced #1, priority kept"]);
    scene.does(quantity(scene, 1, "8"), &["replaced #1, priority kept"]);
    scene.does(quantity(scene, 1, "7"), &["refused: AmendedTooOften"]);
    scene.says("To reduce is no amendment.");
    let by = Reduce {
        id: OrderId(1),
        owner: None,
        by: scene.lots("1"),
    };
    scene.does(Action::Reduce(by), &["reduced #1 by 1, 7 left"]);
    scene.book(&["bid 100: #1 7"]);
}

/// To sell two once there is a trade at this price or lower.
fn stop(scene: &Scene, id: u64, price: &str) -> Order {
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
        ..scene.sell(id, "2", "80")
    }
}

pub fn trigger_price(scene: &mut Scene) {
    scene.source("FIX, order cancel/replace with another StopPx; if the last trade meets it already, the order fires");
    scene.rests([
        scene.buy(1, "5", "100"),
        scene.buy(2, "5", "95"),
        scene.buy(3, "5", "90"),
    ]);
    scene.enters(stop(scene, 4, "90"), &["waits #4"]);
    scene.book(&["bid 100: #1 5", "bid 95: #2 5", "bid 90: #3 5"]);
    scene.does(
        trigger(scene, 4, "95"),
        &["replaced #4, priority kept", "the trigger of #4 is now 95"],
    );
    scene.enters(
        scene.sell(5, "10", "95"),
        &[
            "traded 5 at 100: #5 with #1",
            "traded 5 at 95: #5 with #2",
            "triggered #4 by 95",
            "traded 2 at 90: #4 with #3",
        ],
    );
    scene.enters(stop(scene, 6, "85"), &["waits #6"]);
    scene.does(
        trigger(scene, 6, "90"),
        &[
            "replaced #6, priority kept",
            "the trigger of #6 is now 90",
            "triggered #6 by 90",
            "traded 2 at 90: #6 with #3",
        ],
    );
    scene.does(trigger(scene, 3, "95"), &["refused: TriggerAlreadyMet"]);
    scene.book(&["bid 90: #3 1"]);
}
