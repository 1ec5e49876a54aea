//! What sources say of triggers reaches the engine: the words of a step and of the `config` decide what happens, and what no policy
//! expresses skips its scenario under its name.

use serde_json::{Value, json};

use crate::run::{Outcome, run, run_as};
use crate::scenario::Scenario;

fn outcome(config: &Value, steps: &Value, expect: &Value) -> Outcome {
    let scenario = json!({"name": "stops", "config": config, "steps": steps, "expect": expect});
    run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(&format!("{{{text}}}")).expect(text)
}

/// After a trade at 100 the book is 99 to 101; then an order to sell 5, and prices.
fn sells(config: &str, order: &str, prints: &[f64], expect: &str) -> Outcome {
    let mut steps = vec![
        json!({"op": "trade_print", "price": 100}),
        json!({"op": "limit", "id": 1, "side": "buy", "price": 99, "qty": 9}),
    ];
    let mut order = parsed(order);
    for (key, value) in [("id", json!(2)), ("side", "sell".into()), ("qty", 5.into())] {
        order[key] = value;
    }
    steps.push(order);
    let prints = prints
        .iter()
        .map(|price| json!({"op": "trade_print", "price": price}));
    steps.extend(prints);
    outcome(&parsed(config), &steps.into(), &parsed(expect))
}

const STATED: &str = r#""trigger_on_entry": "fires", "without_price": "waits""#;

/// A line each: the order, what would trigger it, and the price just short of that.
const FORMS: &str = r#"
"op": "stop_market", "stop_price": 95 | 95 | 95.5
"op": "stop", "stop_price": 95 | 94 | 95.5
"op": "stop_loss", "trigger_price": 95 | 95 | 96
"op": "stop_limit", "stop_price": 95, "price": 90 | 95 | 95.5
"op": "stop_loss_limit", "stop_price": 95, "price": 90 | 95 | 96
"op": "limit", "stop_price": 95, "price": 90 | 95 | 95.5
"op": "market", "stop_price": 95 | 95 | 95.5
"op": "take_profit", "stop_price": 105 | 105 | 104.5
"op": "take_profit_market", "take_profit_price": 105 | 106 | 104.5
"op": "take_profit_limit", "stop_price": 105, "price": 90 | 105 | 104.5
"op": "trailing_stop_market", "trailing_delta_bips": 500 | 95 | 95.5
"op": "trailing_stop_market", "trailing_percent": 5 | 95 | 95.5
"op": "trailing_stop", "trailing_delta": 500 | 95 | 95.5
"op": "trailing_stop_limit", "trail_amount": 5, "price": 90 | 95 | 95.5
"op": "trailing_stop_limit", "trailing_distance": 5, "price": 90 | 95 | 95.5
"op": "trailing_stop_limit", "trailing_offset": 4.5, "price": 90 | 95.5 | 96
"op": "trailing_stop_market", "trailing_distance": 5, "stop_price": 95 | 95 | 95.5
"op": "trailing_stop_market", "trailing_distance": -500, "trailing_step": 0, "stop_price": 90 | 95 | 95.5
"op": "stop_limit", "trailing_distance": 5, "price": 90 | 95 | 95.5
"#;

#[test]
fn every_form_of_trigger_is_met_at_its_price_and_not_before() {
    for line in FORMS.trim().lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let &[order, met, short] = &parts[..] else {
            panic!("three parts: {line}");
        };
        let print = |text: &str| [text.parse().expect(line)];
        let fires = |text, expect| sells(STATED, order, &print(text), expect);
        let sold = r#""triggered": [2], "filled": {"2": 5}"#;
        assert_eq!(fires(met, sold), Outcome::Passed, "{line}");
        let waits = r#""triggered": false, "pending": [{"id": 2, "qty": 5}], "filled": {"2": 0}"#;
        assert_eq!(fires(short, waits), Outcome::Passed, "{line}");
    }
}

#[test]
fn a_trailing_order_begins_at_its_activation_price() {
    let order = r#""op": "trailing_take_profit_limit", "activation_price": 110, "trailing_delta_bips": 1000, "price": 90"#;
    let binance = order.replace("activation_price", "stop_price");
    for order in [order, &binance] {
        let begins = r#""triggered": [{"id": 2, "price": 99}], "extreme_price": 110"#;
        assert_eq!(
            sells(STATED, order, &[110.0, 99.0], begins),
            Outcome::Passed
        );
        let not_yet = r#""pending": [{"id": 2, "activation_price": 110}], "extreme_price": null"#;
        assert_eq!(
            sells(STATED, order, &[109.0, 90.0], not_yet),
            Outcome::Passed
        );
    }
}

#[test]
fn a_threshold_need_not_be_on_the_tick() {
    let order = r#""op": "trailing_stop_limit", "trailing_delta_bips": 333, "price": 90"#;
    let tick = format!(r#"{STATED}, "tick": 1"#);
    let waits = r#""pending": [{"id": 2, "stop_price": 96.67}], "triggered": []"#;
    assert_eq!(sells(&tick, order, &[97.0], waits), Outcome::Passed);
    let fires = r#""trigger_print": 96, "works_at_limit": 90"#;
    assert_eq!(sells(&tick, order, &[97.0, 96.0], fires), Outcome::Passed);
    let beside = Outcome::Skipped("price from outside that is not on the tick".into());
    assert_eq!(sells(&tick, order, &[96.5], fires), beside);
}

#[test]
fn what_is_met_on_entry_does_as_the_config_says() {
    let order = r#""op": "stop_limit", "stop_price": 100, "price": 99"#;
    let says = |config: &str, expect: &str| {
        let config = format!(r#"{config}, "without_price": "waits""#);
        sells(&config, order, &[], expect) == Outcome::Passed
    };
    let [fires, waits, refused] = [
        r#""triggered": [2], "filled": {"2": 5}"#,
        r#""pending": [2]"#,
        r#""rejected": [{"id": 2, "reason": "WouldTriggerAtOnce"}]"#,
    ];
    for (config, expect) in [
        (r#""trigger_on_entry": "fires""#, fires),
        (r#""stop_already_through": "fires immediately""#, fires),
        (
            r#""stop_through_at_entry": "waits for the next trade""#,
            waits,
        ),
        (r#""immediate_trigger": false"#, waits),
        (r#""trigger_on_entry": "refused""#, refused),
        (r#""stop_already_through": "rejected""#, refused),
    ] {
        for other in [fires, waits, refused] {
            assert_eq!(says(config, other), other == expect, "{config} {other}");
        }
    }
    let unknown = sells(r#""trigger_on_entry": "sleeps""#, order, &[], fires);
    let feature = r#"config trigger_on_entry="sleeps""#;
    assert_eq!(unknown, Outcome::Skipped(feature.into()));
}

/// The bid falls to 95, and nothing trades there; then 1 trades at 94.
fn quoted(config: &str, expect: &str) -> Outcome {
    let steps = json!([
        {"op": "limit", "id": 1, "side": "buy", "price": 100, "qty": 1},
        {"op": "limit", "id": 2, "side": "buy", "price": 95, "qty": 1},
        {"op": "limit", "id": 3, "side": "buy", "price": 94, "qty": 9},
        {"op": "stop_limit", "id": 4, "side": "sell", "stop_price": 95, "price": 97, "qty": 2},
        {"op": "cancel", "id": 1},
        {"op": "cancel", "id": 2},
    ]);
    outcome(&parsed(config), &steps, &parsed(expect))
}

#[test]
fn the_price_that_triggers_is_the_one_that_the_config_names() {
    let (fires, waits) = (r#""triggered": [4]"#, r#""pending": [4]"#);
    for (words, expect) in [
        ("last trade", waits),
        ("price of the last print", waits),
        ("best opposite", fires),
        ("best bid for a sell", fires),
        ("mark", waits),
    ] {
        let config = format!(r#"{STATED}, "trigger": "{words}""#);
        for other in [fires, waits] {
            let passes = quoted(&config, other) == Outcome::Passed;
            assert_eq!(passes, other == expect, "{words} {other}");
        }
    }
    let both = format!(r#"{STATED}, "trigger": "last trade or best bid""#);
    let feature = r#"config trigger="last trade or best bid""#;
    assert_eq!(quoted(&both, fires), Outcome::Skipped(feature.into()));
}

#[test]
fn the_trades_of_the_book_count_beside_those_from_outside() {
    let steps = json!([
        {"op": "set_last_price", "price": 100},
        {"op": "stop_limit", "id": 1, "side": "sell", "stop_price": 95, "price": 95, "qty": 2},
        {"op": "limit", "id": 2, "side": "buy", "price": 94, "qty": 3},
        {"op": "limit", "id": 3, "side": "sell", "price": 94, "qty": 1},
    ]);
    let expect = parsed(r#""triggered": [{"id": 1, "price": 94}], "last_price": 94"#);
    assert_eq!(outcome(&parsed(STATED), &steps, &expect), Outcome::Passed);
}

#[test]
fn a_waiting_order_is_changed_where_it_waits() {
    let change = |change: &str, expect: &str| {
        let steps = json!([
            {"op": "trade_print", "price": 100},
            {"op": "stop_limit", "id": 1, "side": "sell", "stop_price": 95, "price": 94, "qty": 5},
            parsed(change),
        ]);
        let outcome = outcome(&parsed(STATED), &steps, &parsed(expect));
        assert_eq!(outcome, Outcome::Passed, "{change}");
    };
    let waits = |rest: &str| format!(r#""triggered": [], "pending": [{{"id": 1, {rest}}}]"#);
    change(r#""op": "reduce", "id": 1, "by": 2"#, &waits(r#""qty": 3"#));
    change(
        r#""op": "amend", "id": 1, "qty_delta": 2"#,
        &waits(r#""qty": 7"#),
    );
    change(
        r#""op": "move", "id": 1, "new_price": 93"#,
        &waits(r#""price": 93"#),
    );
    change(
        r#""op": "modify", "id": 1, "new_qty": 4"#,
        &waits(r#""qty": 4, "price": 94, "stop_price": 95"#),
    );
    change(
        r#""op": "replace", "id": 1, "new_stop_price": 96"#,
        &waits(r#""qty": 5, "price": 94, "stop_price": 96"#),
    );
    change(
        r#""op": "cancel_replace", "id": 1, "new_id": 7, "new_qty": 4"#,
        r#""gone": [1], "pending": [{"id": 7, "qty": 4, "stop_price": 95}]"#,
    );
    change(
        r#""op": "cancel", "id": 1"#,
        r#""cancelled": [{"id": 1, "qty": 5}], "gone": [1], "n_stop_orders": 0"#,
    );
}

#[test]
fn an_order_that_was_triggered_is_entered_again_without_its_trigger() {
    let steps = json!([
        {"op": "trade_print", "price": 95},
        {"op": "stop_limit", "id": 1, "side": "sell", "stop_price": 95, "price": 94, "qty": 5},
        {"op": "trade_print", "price": 100},
        {"op": "cancel_replace", "id": 1, "new_id": 2, "new_price": 96},
    ]);
    let expect = parsed(r#""resting": [{"id": 2, "price": 96, "qty": 5}], "pending": []"#);
    assert_eq!(outcome(&parsed(STATED), &steps, &expect), Outcome::Passed);
}

#[test]
fn a_triggered_market_order_fills_whole_or_not_at_all_where_the_source_says_so() {
    let order = |quantity: u64| {
        let whole = parsed(&format!(
            r#"{STATED}, "market_aon": "all-or-nothing immediate""#
        ));
        let steps = json!([
            {"op": "limit", "id": 1, "side": "buy", "price": 95, "qty": 5},
            {"op": "stop_market", "id": 2, "side": "sell", "stop_price": 95, "qty": quantity},
            {"op": "trade_print", "price": 95},
        ]);
        let fills = |filled: u64| {
            let expect = json!({"triggered": [2], "filled": {"2": filled}});
            outcome(&whole, &steps, &expect) == Outcome::Passed
        };
        (fills(0), fills(5))
    };
    assert_eq!(order(5), (false, true));
    assert_eq!(order(6), (true, false));
}

#[test]
fn protection_of_a_stop_is_measured_from_its_trigger() {
    let order = r#""op": "stop_market", "stop_price": 95, "protection_points": 2"#;
    let rests = r#""works_at_limit": 93, "filled": {"2": 5}"#;
    assert_eq!(sells(STATED, order, &[95.0], rests), Outcome::Passed);
}

/// A line each: an order, and the name of the skip.
const SKIPS: &str = r#"
"op": "trailing_stop_market", "trailing_distance": 5, "trailing_step": 3 | trailing step
"op": "trailing_stop_market", "trailing_distance": 5, "stop_price": 97 | trailing order with a first stop
"op": "trailing_stop_market", "trailing_delta_bips": 12.5 | trail that is not in whole basis points
"op": "stop_market", "stop_price": 95, "colour": "red" | key stop_market.colour
"op": "stop_market", "stop_price": 95, "peg": "mid" | peg of stop_market
"#;

#[test]
fn what_no_policy_of_triggers_expresses_skips_under_its_name() {
    for line in SKIPS.trim().lines() {
        let (order, feature) = line.split_once(" | ").expect(line);
        let outcome = sells(STATED, order, &[], r#""pending": [2]"#);
        assert_eq!(outcome, Outcome::Skipped(feature.into()), "{line}");
    }
}

#[test]
fn a_triggered_market_order_skips_where_the_source_lets_the_rest_of_it_rest() {
    let steps = |quantity: u64| {
        json!([
            {"op": "limit", "id": 1, "side": "buy", "price": 95, "qty": 5},
            {"op": "stop_market", "id": 2, "side": "sell", "stop_price": 95, "qty": quantity},
            {"op": "trade_print", "price": 95},
        ])
    };
    let expect = json!({"filled": {"2": 5}});
    let rests = parsed(&format!(r#"{STATED}, "market_orders_rest": true"#));
    assert_eq!(outcome(&rests, &steps(5), &expect), Outcome::Passed);
    let skipped = Outcome::Skipped("resting market orders".into());
    assert_eq!(outcome(&rests, &steps(6), &expect), skipped);
    assert_eq!(
        outcome(&parsed(STATED), &steps(6), &expect),
        Outcome::Passed
    );
}

#[test]
fn a_stop_without_a_price_to_wait_for_skips_if_firing_explains_the_source() {
    let steps = json!([
        {"op": "stop_limit", "id": 1, "side": "sell", "stop_price": 10, "price": 30, "qty": 5},
    ]);
    let skipped = Outcome::Skipped("stop that fires while there is no price".into());
    let fires = json!({"triggered": [1], "resting": [{"id": 1, "price": 30}]});
    assert_eq!(outcome(&json!({}), &steps, &fires), skipped);
    let waits = json!({"without_price": "waits"});
    assert!(matches!(
        outcome(&waits, &steps, &fires),
        Outcome::Failed(_)
    ));
    // What neither explains fails.
    let wrong = json!({"resting": [{"id": 1, "price": 31}]});
    assert!(matches!(
        outcome(&json!({}), &steps, &wrong),
        Outcome::Failed(_)
    ));
    assert_eq!(
        outcome(&json!({}), &steps, &json!({"pending": [1]})),
        Outcome::Passed
    );
}

#[test]
fn a_silent_scenario_is_read_with_either_price() {
    let steps = json!([
        {"op": "limit", "id": 1, "side": "buy", "price": 30, "qty": 5},
        {"op": "stop_market", "id": 2, "side": "sell", "stop_price": 40, "qty": 5},
    ]);
    let read = |expect: Value| {
        let scenario = json!({"name": "stops", "steps": steps, "expect": expect});
        let scenario = Scenario::parse(&scenario.to_string()).expect("a scenario");
        let (outcome, reading) = run_as(&scenario, false);
        let words = reading.iter().map(|(_, word)| *word);
        (outcome, words.collect::<Vec<_>>())
    };
    let usual = vec!["last trade", "fires", "waits"];
    assert_eq!(read(json!({"pending": [2]})), (Outcome::Passed, usual));
    let quotes = vec!["best opposite", "fires", "waits"];
    assert_eq!(read(json!({"filled": {"2": 5}})), (Outcome::Passed, quotes));
}
