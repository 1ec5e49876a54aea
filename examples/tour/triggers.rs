//! Orders that wait for a trigger: stops, take-profits and trailing orders.

use pricetime::{
    Action, Instrument, Order, Price, Side, Trail, Trigger, TriggerKind, TriggerOnEntry,
    TriggerSource, TriggerStart,
};

use crate::scene::{Scene, units};

/// The same order, once the last trade has met a price.
fn once(kind: TriggerKind, price: Price, order: Order) -> Order {
    let trigger = Trigger {
        kind,
        source: TriggerSource::LastTrade,
        price,
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    Order {
        trigger: Some(trigger),
        ..order
    }
}

fn stop(scene: &Scene, price: &str, order: Order) -> Order {
    once(TriggerKind::Stop, scene.price(price), order)
}

fn at_market(order: Order) -> Order {
    let market = Order::market(order.id, order.account, order.side, order.quantity);
    Order {
        trigger: order.trigger,
        ..market
    }
}

pub fn stop_order(scene: &mut Scene) {
    scene.source("geseq/orderbook, TestStopProcess_Market: what was taken triggers, and the stop takes what is left");
    scene.rests([
        scene.buy(1, "2", "80"),
        scene.buy(2, "2", "90"),
        scene.sell(3, "2", "100"),
    ]);
    scene.enters(
        at_market(stop(scene, "90", scene.sell(4, "1", "0"))),
        &["waits #4"],
    );
    scene.book(&["ask 100: #3 2", "bid 90: #2 2", "bid 80: #1 2"]);
    scene.says("Nobody sees that it waits. A trade at 100 is not enough; one at 90 is.");
    scene.enters(scene.buy(5, "1", "100"), &["traded 1 at 100: #5 with #3"]);
    scene.enters(
        scene.sell(6, "2", "90"),
        &[
            "traded 2 at 90: #6 with #2",
            "triggered #4 by 90",
            "traded 1 at 80: #4 with #1",
        ],
    );
    scene.book(&["ask 100: #3 1", "bid 80: #1 1"]);
}

pub fn take_profit(scene: &mut Scene) {
    scene.source("Binance, TAKE_PROFIT_LIMIT: as a stop, but the price has to go the other way");
    scene.rests([scene.sell(1, "1", "105"), scene.buy(2, "5", "99")]);
    scene.enters(
        once(
            TriggerKind::TakeProfit,
            scene.price("105"),
            scene.sell(3, "4", "104"),
        ),
        &["waits #3"],
    );
    scene.enters(scene.sell(5, "1", "99"), &["traded 1 at 99: #5 with #2"]);
    scene.enters(
        scene.buy(4, "1", "105"),
        &[
            "traded 1 at 105: #4 with #1",
            "triggered #3 by 105",
            "rests #3 at 104: 4",
        ],
    );
    scene.book(&["ask 104: #3 4", "bid 99: #2 4"]);
}

pub fn met_on_entry(scene: &mut Scene) {
    scene.source("venues differ: an order that is through already fires, is refused (Binance) or waits for the next price");
    let mut enters = |policy, expected: &[&str], book: &[&str]| {
        scene.venue(Instrument::builder().trigger_on_entry(policy));
        scene.says(&format!("Where the policy is {policy:?}:"));
        scene.rests([scene.buy(1, "5", "100")]);
        scene.enters(scene.sell(2, "1", "100"), &["traded 1 at 100: #2 with #1"]);
        let order = stop(scene, "100", scene.sell(3, "2", "100"));
        scene.enters(order, expected);
        scene.book(book);
    };
    enters(
        TriggerOnEntry::Fires,
        &["triggered #3 by 100", "traded 2 at 100: #3 with #1"],
        &["bid 100: #1 2"],
    );
    enters(
        TriggerOnEntry::Refused,
        &["refused: WouldTriggerAtOnce"],
        &["bid 100: #1 4"],
    );
    enters(TriggerOnEntry::Waits, &["waits #3"], &["bid 100: #1 4"]);
}

pub fn cascade(scene: &mut Scene) {
    scene.source("a bug that engines shipped: a cascade was looked for only once (melin 2)");
    scene.rests([
        scene.buy(1, "1", "100"),
        scene.buy(2, "1", "99"),
        scene.buy(3, "1", "98"),
        scene.buy(4, "1", "97"),
    ]);
    for (id, price) in [(5, "98"), (6, "99"), (7, "100")] {
        let order = at_market(stop(scene, price, scene.sell(id, "1", "0")));
        scene.enters(order, &[&format!("waits #{id}")]);
    }
    scene.says("Each trades at the price that the next one waits for.");
    scene.enters(
        scene.sell(8, "1", "100"),
        &[
            "traded 1 at 100: #8 with #1",
            "triggered #7 by 100",
            "traded 1 at 99: #7 with #2",
            "triggered #6 by 99",
            "traded 1 at 98: #6 with #3",
            "triggered #5 by 98",
            "traded 1 at 97: #5 with #4",
        ],
    );
    scene.book(&["empty"]);
}

pub fn who_is_first(scene: &mut Scene) {
    scene.source("orderbook-rs: of stops that one price meets, buys go from the lowest up, equal ones by age");
    scene.rests([scene.sell(1, "1", "100"), scene.sell(2, "9", "102")]);
    for (id, price) in [(3, "102"), (4, "101"), (5, "102"), (6, "101")] {
        let order = at_market(stop(scene, price, scene.buy(id, "1", "0")));
        scene.enters(order, &[&format!("waits #{id}")]);
    }
    scene.enters(
        scene.buy(7, "2", "102"),
        &[
            "traded 1 at 100: #7 with #1",
            "traded 1 at 102: #7 with #2",
            "triggered #4 by 102",
            "traded 1 at 102: #4 with #2",
            "triggered #6 by 102",
            "traded 1 at 102: #6 with #2",
            "triggered #3 by 102",
            "traded 1 at 102: #3 with #2",
            "triggered #5 by 102",
            "traded 1 at 102: #5 with #2",
        ],
    );
    scene.book(&["ask 102: #2 4"]);
}

/// A trailing order of Binance's guide. Its prices are those of the whole market, so it follows the mark.
struct Trailing {
    name: char,
    kind: TriggerKind,
    side: Side,
    bps: u32,
    begins: Option<&'static str>,
    limit: &'static str,
    /// Prices that do not trigger it, and its best price after each.
    path: &'static [(&'static str, Option<&'static str>)],
    triggers: &'static str,
}

impl Trailing {
    fn order(&self, scene: &Scene) -> Order {
        let plain = match self.side {
            Side::Buy => scene.buy(1, "1", self.limit),
            Side::Sell => scene.sell(1, "1", self.limit),
        };
        let (price, start) = match self.begins {
            Some(price) => (scene.price(price), TriggerStart::AtPrice),
            None => (Price::new(0), TriggerStart::AtOnce),
        };
        let trigger = Trigger {
            kind: self.kind,
            source: TriggerSource::Mark,
            price,
            trail: Trail::BasisPoints,
            distance: self.bps,
            start,
        };
        Order {
            trigger: Some(trigger),
            ..plain
        }
    }

    fn show(&self, scene: &mut Scene) {
        let name = self.name;
        scene.source(&format!("Binance, trailing stop FAQ, scenario {name}"));
        scene.venue(units("0.5", "1"));
        mark(scene, "40000.0", &[]);
        scene.enters(self.order(scene), &["waits #1"]);
        for (price, best) in self.path {
            mark(scene, price, &[]);
            let id = pricetime::OrderId(1);
            let waiting = scene.engine().book().waiting_order(id);
            let seen = waiting.and_then(|waiting| waiting.best);
            let claim = match best {
                Some(best) => format!("the best price since it began to trail is {best}"),
                None => "it has not begun to trail".to_string(),
            };
            scene.holds(&claim, seen == best.map(|best| scene.price(best)));
        }
        let triggered = format!("triggered #1 by {}", self.triggers);
        let rests = format!("rests #1 at {}: 1", self.limit);
        mark(scene, self.triggers, &[&triggered, &rests]);
        let side = match self.side {
            Side::Buy => "bid",
            Side::Sell => "ask",
        };
        scene.book(&[&format!("{side} {}: #1 1", self.limit)]);
    }
}

/// Another price of the mark, and what follows from it.
fn mark(scene: &mut Scene, price: &str, expected: &[&str]) {
    let set = format!("the mark is {price}");
    let lines = [&[set.as_str()], expected].concat();
    scene.does(Action::SetMark(scene.price(price)), &lines);
}

pub fn trailing_a(scene: &mut Scene) {
    Trailing {
        name: 'A',
        kind: TriggerKind::Stop,
        side: Side::Buy,
        bps: 500,
        begins: Some("44000.0"),
        limit: "45000.0",
        path: &[
            ("37000.0", None),
            ("44000.0", Some("44000.0")),
            ("46000.0", Some("44000.0")),
            ("42000.0", Some("42000.0")),
            ("44099.5", Some("42000.0")),
        ],
        triggers: "44100.0",
    }
    .show(scene);
}

pub fn trailing_b(scene: &mut Scene) {
    Trailing {
        name: 'B',
        kind: TriggerKind::Stop,
        side: Side::Sell,
        bps: 1000,
        begins: Some("39000.0"),
        limit: "38000.0",
        path: &[
            ("41500.0", None),
            ("39000.0", Some("39000.0")),
            ("37000.0", Some("39000.0")),
            ("41000.0", Some("41000.0")),
            ("36900.5", Some("41000.0")),
        ],
        triggers: "36900.0",
    }
    .show(scene);
}

pub fn trailing_c(scene: &mut Scene) {
    Trailing {
        name: 'C',
        kind: TriggerKind::TakeProfit,
        side: Side::Buy,
        bps: 850,
        begins: Some("38000.0"),
        limit: "38500.0",
        path: &[
            ("42000.0", None),
            ("38000.0", Some("38000.0")),
            ("37000.0", Some("37000.0")),
            ("39000.0", Some("37000.0")),
            ("40144.5", Some("37000.0")),
        ],
        triggers: "40145.0",
    }
    .show(scene);
}

pub fn trailing_d(scene: &mut Scene) {
    Trailing {
        name: 'D',
        kind: TriggerKind::TakeProfit,
        side: Side::Sell,
        bps: 750,
        begins: Some("42000.0"),
        limit: "41000.0",
        path: &[
            ("41500.0", None),
            ("42000.0", Some("42000.0")),
            ("45000.0", Some("45000.0")),
            ("44000.0", Some("45000.0")),
            ("46500.0", Some("46500.0")),
            ("43013.0", Some("46500.0")),
        ],
        triggers: "43012.5",
    }
    .show(scene);
}

pub fn trailing_e(scene: &mut Scene) {
    Trailing {
        name: 'E',
        kind: TriggerKind::Stop,
        side: Side::Sell,
        bps: 700,
        begins: None,
        limit: "39000.0",
        path: &[
            ("39999.5", Some("40000.0")),
            ("42000.0", Some("42000.0")),
            ("39500.0", Some("42000.0")),
            ("45500.0", Some("45500.0")),
            ("42315.5", Some("45500.0")),
        ],
        triggers: "42315.0",
    }
    .show(scene);
}
