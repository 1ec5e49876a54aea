//! What a scenario leaves open is read in each way that sources differ in, one way for all of it.

use pricetime::{Refresh, SelfTrade};
use serde_json::{Value, json};

use crate::conventions;
use crate::report::Report;
use crate::run::Outcome;
use crate::scenario::Scenario;

/// A taker of 8 on an iceberg order of 9 that shows 3, with an order of 3 behind it.
fn taken(config: Value, expect: Value) -> Value {
    json!({"name": "readings", "config": config, "steps": [
        {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 9, "display_qty": 3},
        {"op": "limit", "id": 2, "side": "sell", "price": 100, "qty": 3},
        {"op": "limit", "id": 3, "side": "buy", "price": 100, "qty": 8},
    ], "expect": expect})
}

/// Who trades, peak by peak.
fn makers(makers: &[u64]) -> Value {
    let makers: Vec<_> = makers.iter().map(|maker| json!({"maker": maker})).collect();
    json!({"trades": makers})
}

/// What came of a scenario, and in which reading if it was not the usual one.
fn report(scenario: &Value) -> (bool, Vec<String>) {
    let mut report = Report::default();
    report.file("readings.jsonl", &scenario.to_string());
    (
        report.failures.is_empty(),
        report.read_as.into_keys().collect(),
    )
}

#[test]
fn a_silent_scenario_passes_in_any_one_reading_and_the_report_says_in_which() {
    let silent = |expect: Value| report(&taken(json!({}), expect));
    assert_eq!(silent(makers(&[1, 2, 1])), (true, vec![]));
    assert_eq!(silent(makers(&[2, 1, 1])), (false, vec![]));
    let retains = (true, vec!["iceberg retain".into()]);
    assert_eq!(silent(makers(&[1, 1, 1])), retains);
    let levels = (true, vec!["levels open".into()]);
    assert_eq!(
        silent(json!({"trades": [{}, {}, {}], "best_ask": [100, 4, 1]})),
        levels
    );
    assert_eq!(silent(json!({"best_ask": [100, 1, 1]})), (true, vec![]));
}

#[test]
fn what_a_scenario_states_is_not_read_otherwise() {
    let stated = |word: &str, expect: Value| report(&taken(json!({"iceberg": word}), expect)).0;
    let last = json!({"trades": [{"maker": 1, "qty": 3}, {"maker": 2}, {"maker": 1, "qty": 2}], "n_trades": 3});
    assert!(stated("requeue", last.clone()));
    assert!(stated("hidden last", last.clone()));
    assert!(!stated("retain", last));
    let open = json!({"best_ask": [100, 4, 1]});
    let levels = |word: &str| report(&taken(json!({"levels": word}), open.clone())).0;
    assert!(levels("open"));
    assert!(!levels("displayed"));
}

#[test]
fn the_front_is_of_the_best_level_as_levels_are_read() {
    let front = |word: &str, id: u64| {
        let scenario = json!({"name": "readings", "config": {"levels": word}, "steps": [
            {"op": "limit", "id": 1, "side": "buy", "price": 100, "qty": 9, "hidden": true},
            {"op": "limit", "id": 2, "side": "buy", "price": 99, "qty": 3},
        ], "expect": {"front_bids": id}});
        report(&scenario).0
    };
    assert_eq!((front("open", 1), front("open", 2)), (true, false));
    assert_eq!(
        (front("displayed", 1), front("displayed", 2)),
        (false, true)
    );
}

#[test]
fn two_readings_of_one_scenario_do_not_both_hold() {
    let both = json!({"best_ask": [100, 1, 1], "ask_level_qty": {"100": 4}});
    assert!(!report(&taken(json!({}), both)).0);
}

#[test]
fn an_order_that_did_nothing_at_once_may_be_called_refused() {
    let outcome = |config: Value, step: Value, expect: Value| {
        let scenario =
            json!({"name": "readings", "config": config, "steps": [step], "expect": expect});
        report(&scenario)
    };
    let market = || json!({"op": "market", "id": 1, "side": "buy", "qty": 1});
    let limit = |tif: &str| json!({"op": "limit", "id": 1, "side": "buy", "price": 1, "qty": 1, "tif": tif});
    let refused = || json!({"rejected": [1], "status": {"1": "REJECTED"}});
    let read = (true, vec!["unfilled rejected".into()]);
    assert_eq!(outcome(json!({}), market(), refused()), read);
    assert_eq!(outcome(json!({}), limit("FOK"), refused()), read);
    assert!(!outcome(json!({}), limit("IOC"), refused()).0);
    assert!(!outcome(json!({"unfilled": "cancelled"}), market(), refused()).0);
    assert!(outcome(json!({"unfilled": "rejected"}), market(), refused()).0);
    let acknowledged = json!({"executions": [{"after": 1, "type": "Rejected", "id": 1}], "orders": [{"id": 1, "state": "rejected"}]});
    assert!(outcome(json!({}), market(), acknowledged).0);
}

#[test]
fn a_needless_display_may_be_ignored() {
    let scenario = |config: Value, tif: &str| {
        json!({"name": "readings", "config": config, "steps": [
            {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 2},
            {"op": "limit", "id": 2, "side": "buy", "price": 100, "qty": 2, "display_qty": 1, "tif": tif},
        ], "expect": {"n_trades": 1}})
    };
    assert_eq!(report(&scenario(json!({}), "GTC")), (true, vec![]));
    let ignored = (true, vec!["needless_display ignored".into()]);
    assert_eq!(report(&scenario(json!({}), "IOC")), ignored);
    assert!(!report(&scenario(json!({"needless_display": "rejected"}), "IOC")).0);
}

#[test]
fn self_trade_modes_have_many_names() {
    let modes = [
        ("NONE", SelfTrade::Allow),
        ("CANCEL_TAKER", SelfTrade::ExpireTaker),
        ("CancelNewest", SelfTrade::ExpireTaker),
        ("cn", SelfTrade::ExpireTaker),
        ("reject taker", SelfTrade::ExpireTaker),
        ("EXPIRE_MAKER", SelfTrade::ExpireMaker),
        ("cancel-oldest", SelfTrade::ExpireMaker),
        ("CANCEL_RESTING", SelfTrade::ExpireMaker),
        ("Cancel Both", SelfTrade::ExpireBoth),
        ("decrement and cancel", SelfTrade::Decrement),
        ("dc", SelfTrade::Decrement),
        ("TRANSFER", SelfTrade::Transfer),
    ];
    for (name, mode) in modes {
        assert_eq!(conventions::self_trade(&name.into()), Some(mode), "{name}");
    }
    assert_eq!(
        conventions::self_trade(&Value::Null),
        Some(SelfTrade::Allow)
    );
    for unknown in [json!("CANCEL"), json!(true), json!("")] {
        assert_eq!(conventions::self_trade(&unknown), None, "{unknown}");
    }
}

#[test]
fn a_refresh_is_told_in_many_words() {
    let words = [
        (
            "all displayed at a price before hidden; hidden traded in one fill",
            Some(Refresh::HiddenLast),
        ),
        ("hidden last", Some(Refresh::HiddenLast)),
        ("displayed, then hidden", Some(Refresh::HiddenLast)),
        ("rejoins with a new timestamp", Some(Refresh::Requeue)),
        (
            "refreshed peak goes to the back of the queue",
            Some(Refresh::Requeue),
        ),
        ("reload loses priority", Some(Refresh::Requeue)),
        ("reloads without losing priority", Some(Refresh::Retain)),
        ("retains priority", Some(Refresh::Retain)),
        ("hidden pro rata across icebergs", None),
        ("", None),
    ];
    for (text, refresh) in words {
        assert_eq!(conventions::refresh(text), refresh, "{text}");
    }
}

#[test]
fn a_scenario_that_touches_no_convention_has_one_reading() {
    let plain = json!({"name": "readings", "steps": [
        {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 9},
    ]});
    let readings = |scenario: &Value| {
        conventions::readings(&Scenario::parse(&scenario.to_string()).expect("a scenario")).len()
    };
    assert_eq!(readings(&plain), 1);
    assert_eq!(readings(&taken(json!({}), json!({}))), 6);
    assert_eq!(
        readings(&taken(
            json!({"iceberg": "retain", "levels": "open"}),
            json!({})
        )),
        1
    );
    assert_eq!(
        crate::run::run(&Scenario::parse(&plain.to_string()).expect("a scenario")),
        Outcome::Passed
    );
}
