//! A term of an order reaches the engine, so that what a source says of it holds with the term and
//! not without; and what no policy expresses skips its scenario where it would change what happens, and only there.

use serde_json::{Value, json};

use crate::run::{Outcome, run};
use crate::scenario::Scenario;

/// Resting sells of 5 at 100 and 101, by accounts 1 and 2, and then one more step.
fn after_two_sells(config: &Value, step: &Value, expect: Value) -> Outcome {
    let scenario = json!({"name": "skips", "config": config, "steps": [
        {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 5, "account": 1},
        {"op": "limit", "id": 2, "side": "sell", "price": 101, "qty": 5, "account": 2},
        step,
    ], "expect": expect});
    run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
}

fn buy(more: &str) -> Value {
    step(
        json!({"op": "limit", "id": 3, "side": "buy", "price": 101, "account": 2}),
        more,
    )
}

fn market(more: &str) -> Value {
    step(
        json!({"op": "market", "id": 3, "side": "buy", "account": 2}),
        more,
    )
}

fn step(mut step: Value, more: &str) -> Value {
    let more: Value = serde_json::from_str(&format!("{{{more}}}")).expect(more);
    let more = more.as_object().expect("more keys").clone();
    step.as_object_mut().expect("a step").extend(more);
    step
}

/// A line each: the config, the keys of a limit order to buy that the term is left out of, the term, and what then is so.
const TERMS: &str = r#"
{"unfilled": "cancelled"} | "qty": 6 | "stp": "EXPIRE_TAKER" | {"filled": {"3": 5}, "prevented_qty": {"3": 1}}
{"unfilled": "cancelled"} | "qty": 6 | "stp": "cancel maker" | {"filled": {"3": 5}, "prevented_qty": {"2": 5}}
{} | "qty": 6 | "stp": "cb" | {"prevented_qty": {"2": 5, "3": 1}, "resting": []}
{} | "qty": 6 | "stp": "DECREMENT_AND_CANCEL" | {"resting": [{"id": 2, "qty": 4}], "prevented_qty": {"3": 1}}
{"trade_group": 5} | "qty": 6 | "stp": "EXPIRE_TAKER" | {"filled": {"3": 0}, "prevented_qty": {"3": 6}}
{"stp": "CANCEL_TAKER"} | "qty": 6 | "stp": "NONE" | {"filled": {"3": 6}}
{"stp": "reject taker"} | "qty": 6, "account": 7 | "account": 1 | {"filled": {"3": 0}, "rejected": [3], "status": {"3": "REJECTED"}}
{} | "qty": 11 | "aon": true | {"filled": {"3": 0}, "resting": [{"id": 3, "min_qty": 11}]}
{} | "qty": 11, "tif": "IOC" | "aon": true | {"filled": {"3": 0}, "killed": [3]}
{} | "qty": 12 | "min_qty": 11 | {"filled": {"3": 0}, "resting": [{"id": 3, "min_qty": 11}]}
{} | "qty": 12, "tif": "IOC" | "min_qty": 12 | {"filled": {"3": 0}, "expired": [{"id": 3, "qty": 12}]}
{} | "qty": 14 | "display_qty": 3 | {"best_bid": [101, 3, 1], "resting": [{"id": 3, "qty": 4, "visible": 3}]}
{} | "qty": 14 | "display_qty": 0 | {"visible_volume": {"bids": 0}, "resting": [{"id": 3, "visible": 0}]}
{"levels": "displayed"} | "qty": 14 | "hidden": true | {"best_bid": null, "n_bids": 1}
{"iceberg_parts": 3} | "qty": 14 | "display_qty": 4 | {"rejected": [{"id": 3, "reason": "TooManyPeaks"}]}
{"needless_display": "rejected"} | "qty": 4 | "display_qty": 5 | {"rejected": [{"id": 3, "reason": "PeakOutOfRange"}]}
{"needless_display": "rejected"} | "qty": 4, "tif": "IOC" | "hidden": true | {"rejected": [{"id": 3, "reason": "HiddenCannotRest"}]}
"#;

#[test]
fn a_term_reaches_the_engine() {
    holds_with_the_term_alone(TERMS, buy);
}

/// As [`TERMS`], of an order to buy at market.
const MARKET_TERMS: &str = r#"
{"unfilled": "cancelled"} | "qty": 11 | "aon": true | {"filled": {"3": 0}, "killed": [{"id": 3, "qty": 11}]}
{"unfilled": "cancelled"} | "qty": 11 | "tif": "FOK" | {"filled": {"3": 0}, "killed": [3]}
{"unfilled": "cancelled"} | "qty": 10 | "slippage": 0 | {"filled": {"3": 5}, "expired": [{"id": 3, "qty": 5}]}
{"unfilled": "cancelled"} | "qty": 12 | "min_qty": 12 | {"filled": {"3": 0}}
{"unfilled": "cancelled"} | "qty": 6 | "stp": "EXPIRE_TAKER" | {"filled": {"3": 5}, "status": {"3": "EXPIRED_IN_MATCH"}}
{"unfilled": "cancelled"} | "qty": 6, "budget": 9000 | "stp": "EXPIRE_TAKER" | {"filled": {"3": 5}, "status": {"3": "EXPIRED_IN_MATCH"}}
{"unfilled": "cancelled"} | "budget": 9000 | "stp": "EXPIRE_TAKER" | {"filled": {"3": 5}, "status": {"3": "EXPIRED_IN_MATCH"}}
{"unfilled": "cancelled", "trade_group": 5} | "qty": 4, "budget": 9000 | "stp": "EXPIRE_TAKER" | {"filled": {"3": 0}}
{"unfilled": "cancelled"} | "qty": 10, "budget": 9000, "tif": "FOK" | "stp": "EXPIRE_TAKER" | {"filled": {"3": 0}, "killed": [3]}
{"unfilled": "cancelled", "stp_budget": "unchanged where there is a size too"} | "qty": 6, "budget": 9000 | "stp": "DECREMENT" | {"filled": {"3": 5}, "prevented_qty": {"3": 1}}
"#;

#[test]
fn a_term_of_a_market_order_reaches_the_engine() {
    holds_with_the_term_alone(MARKET_TERMS, market);
}

fn holds_with_the_term_alone(terms: &str, step: fn(&str) -> Value) {
    for line in terms.trim().lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let &[config, order, term, expect] = &parts[..] else {
            panic!("four parts: {line}");
        };
        let config: Value = serde_json::from_str(config).expect(line);
        let outcome = |order: &str| {
            let expect = serde_json::from_str(expect).expect(line);
            after_two_sells(&config, &step(order), expect)
        };
        let with = format!("{order}, {term}");
        assert_eq!(outcome(&with), Outcome::Passed, "{line}");
        assert!(matches!(outcome(order), Outcome::Failed(_)), "{line}");
    }
}

#[test]
fn market_orders_fill_whole_or_not_at_all_where_the_source_says_so() {
    let killed = json!({"filled": {"3": 0}, "killed": [3]});
    let outcome = |config: Value| after_two_sells(&config, &market(r#""qty": 11"#), killed.clone());
    assert_eq!(
        outcome(json!({"market_aon": "all-or-nothing immediate"})),
        Outcome::Passed
    );
    assert!(matches!(
        outcome(json!({"market_aon": null})),
        Outcome::Failed(_)
    ));
}

/// A line each: the config, the kind of order to buy, its keys, and the name of the skip.
const SKIPS: &str = r#"
{"market_orders_rest": true, "resting_market": "unknown"} | market | "qty": 11 | resting market orders
{"market_remainder": "rests at last sale price"} | market | "qty": 11 | resting market orders
{} | market | "qty": 11, "tif": "GTC" | resting market orders
{} | market | "qty": 11, "aon": true, "tif": "GTC" | resting market orders
{} | market | "budget": 500, "tif": "FOK" | fill-or-kill with a budget alone
{} | market | "qty": 5, "budget": 500, "min_qty": 5 | min_qty of an order by budget
{} | market | "qty": 5, "budget": 500, "slippage": 5 | slippage of an order by budget
{} | limit | "qty": 5, "aon": "yes" | aon "yes"
{} | limit | "qty": 5, "hidden": 3 | hidden 3
{"offset": 5} | limit | "qty": 5 | config offset=5
{"protection_points": "some"} | limit | "qty": 5 | config protection_points="some"
{"same_account": "yes"} | limit | "qty": 5 | config same_account="yes"
{} | limit | "qty": 6, "stp": "OTHER" | self-trade mode "OTHER"
{"stp": "OTHER"} | limit | "qty": 6 | self-trade mode "OTHER"
{"stp_budget": "spent"} | limit | "qty": 6 | config stp_budget="spent"
{"stp_decided_by": "maker"} | limit | "qty": 6 | config stp_decided_by="maker"
{"market_aon": "sometimes"} | market | "qty": 6 | config market_aon="sometimes"
{"iceberg": "hidden pro rata"} | limit | "qty": 6 | config iceberg="hidden pro rata"
{} | limit | "qty": 14, "display_qty": 3, "hidden": true | hidden order that shows a part
{} | limit | "qty": 14, "display_qty": 7, "display_range": 3 | peak range that is not in basis points
"#;

#[test]
fn what_no_policy_expresses_skips_under_its_name() {
    for line in SKIPS.trim().lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let &[config, kind, order, feature] = &parts[..] else {
            panic!("four parts: {line}");
        };
        let config = serde_json::from_str(config).expect(line);
        let step = if kind == "market" { market } else { buy };
        let outcome = after_two_sells(&config, &step(order), json!({"rejected": []}));
        assert_eq!(outcome, Outcome::Skipped(feature.into()), "{line}");
    }
}

#[test]
fn what_no_policy_expresses_does_not_skip_where_it_changes_nothing() {
    let runs = [
        (json!({"market_orders_rest": true}), market(r#""qty": 10"#)),
        (
            json!({"market_orders_rest": true}),
            market(r#""qty": 11, "tif": "IOC""#),
        ),
        (json!({"market_aon": "all"}), market(r#""qty": 10"#)),
        (
            json!({}),
            market(r#""qty": 5, "budget": 9000, "stp": "DECREMENT""#),
        ),
        (
            json!({}),
            buy(r#""qty": 10, "stp": null, "trade_group": -1"#),
        ),
        (
            json!({"stp_decided_by": "taker order mode"}),
            buy(r#""qty": 10"#),
        ),
    ];
    for (config, step) in runs {
        let outcome = after_two_sells(&config, &step, json!({"rejected": []}));
        assert_eq!(outcome, Outcome::Passed, "{config} {step}");
    }
}

#[test]
fn limits_of_the_config_are_the_instruments() {
    let outcome = |config: Value, reason: &str| {
        let order =
            json!({"op": "limit", "id": 1, "side": "buy", "price": 10, "qty": 5, "stp": "cn"});
        let expect = json!({"rejected": [{"id": 1, "reason": reason}]});
        let scenario =
            json!({"name": "skips", "config": config, "steps": [order], "expect": expect});
        run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
    };
    for (config, reason) in [
        (json!({"qty_min": 6}), "QuantityTooSmall"),
        (json!({"qty_max": 4}), "QuantityTooLarge"),
        (json!({"notional_min": 51}), "NotionalTooSmall"),
        (json!({"notional_max": 49}), "NotionalTooLarge"),
        (json!({"stp_modes": ["NONE", "co"]}), "SelfTradeNotAllowed"),
    ] {
        assert_eq!(outcome(config, reason), Outcome::Passed, "{reason}");
        let unlimited = outcome(json!({}), reason);
        assert!(matches!(unlimited, Outcome::Failed(_)), "{reason}");
    }
    for odd in [
        json!({"qty_max": "some"}),
        json!({"stp_modes": ["OTHER"]}),
        json!({"iceberg_parts": -1}),
    ] {
        assert!(matches!(outcome(odd, ""), Outcome::Failed(_)));
    }
}

#[test]
fn protection_needs_a_distance_of_the_step_or_of_all() {
    let outcome = |config: Value, more: &str| {
        let protected = json!({"op": "market_protected", "id": 3, "side": "buy", "qty": 8});
        let expect = json!({"filled": {"3": 5}, "resting": [{"id": 3, "price": 100.5, "qty": 3}]});
        after_two_sells(&config, &step(protected, more), expect)
    };
    let unsaid = Outcome::Skipped("protection that says not how far".into());
    assert_eq!(outcome(json!({}), ""), unsaid);
    for (config, more) in [
        (json!({}), r#""protection": 0.5"#),
        (json!({}), r#""points": 0.5"#),
        (json!({}), r#""offset": 0.5"#),
        (json!({}), r#""protection_price": 100.5"#),
        (json!({}), r#""price": 100.5"#),
        (json!({"protection_points": 0.5}), ""),
        (
            json!({"protection_points": 9}),
            r#""protection_points": 0.5"#,
        ),
    ] {
        assert_eq!(outcome(config, more), Outcome::Passed, "{more}");
    }
    let negative = outcome(json!({}), r#""protection": -1"#);
    assert!(matches!(negative, Outcome::Failed(_)));
    let wide = outcome(json!({"protection": 1}), "");
    assert!(matches!(wide, Outcome::Failed(_)));
}

#[test]
fn an_order_that_is_entered_again_keeps_its_terms() {
    let outcome = |terms: &str, quantity: u64, expect: Value| {
        let replaced = json!({"op": "cancel_replace", "id": 3, "new_id": 4, "new_qty": quantity});
        let entered = json!({"op": "limit", "id": 3, "side": "buy", "price": 99, "account": 1});
        let scenario = json!({"name": "skips", "config": {"levels": "displayed", "iceberg": "requeue"}, "steps": [
            step(entered, terms),
            replaced,
        ], "expect": expect});
        run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
    };
    let shows = json!({"resting": [{"id": 4, "qty": 3, "visible": 3, "hidden": 0}], "gone": [3]});
    assert_eq!(
        outcome(r#""qty": 9, "display_qty": 4"#, 3, shows),
        Outcome::Passed
    );
    let peak = json!({"resting": [{"id": 4, "qty": 8, "visible": 4}]});
    assert_eq!(
        outcome(r#""qty": 9, "display_qty": 4"#, 8, peak),
        Outcome::Passed
    );
    let unseen = json!({"resting": [{"id": 4, "qty": 8, "visible": 0}]});
    assert_eq!(
        outcome(r#""qty": 9, "hidden": true"#, 8, unseen),
        Outcome::Passed
    );
    let whole = json!({"resting": [{"id": 4, "qty": 8, "min_qty": 8}]});
    assert_eq!(
        outcome(r#""qty": 9, "aon": true"#, 8, whole),
        Outcome::Passed
    );
    let more = json!({"resting": [{"id": 4, "qty": 12, "min_qty": 12}]});
    assert_eq!(
        outcome(r#""qty": 9, "aon": true"#, 12, more),
        Outcome::Passed
    );
    let least = json!({"resting": [{"id": 4, "qty": 8, "min_qty": 4}]});
    assert_eq!(
        outcome(r#""qty": 9, "min_qty": 4"#, 8, least),
        Outcome::Passed
    );
    let all = json!({"resting": [{"id": 4, "qty": 3, "min_qty": 3}]});
    assert_eq!(
        outcome(r#""qty": 9, "min_qty": 4"#, 3, all),
        Outcome::Passed
    );
}

#[test]
fn orders_without_an_account_are_strangers_to_each_other() {
    let outcome = |config: Value| {
        let scenario = json!({"name": "skips", "config": config, "steps": [
            {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 5},
            {"op": "limit", "id": 2, "side": "buy", "price": 100, "qty": 5},
        ], "expect": {"n_trades": 1}});
        run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
    };
    assert_eq!(outcome(json!({"stp": "CANCEL_TAKER"})), Outcome::Passed);
    let one = json!({"stp": "CANCEL_TAKER", "same_account": true});
    assert!(matches!(outcome(one), Outcome::Failed(_)));
}
