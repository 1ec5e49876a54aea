//! An attribute that the engine lacks skips its scenario where it would change
//! what happens, and only there.

use serde_json::{Value, json};

use crate::run::{Outcome, run};
use crate::scenario::Scenario;

/// Resting sells of 5 at 100 and 101, by accounts 1 and 2, and then one more step.
fn after_two_sells(config: Value, step: Value) -> Outcome {
    let scenario = json!({"name": "skips", "config": config, "steps": [
        {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 5, "account": 1},
        {"op": "limit", "id": 2, "side": "sell", "price": 101, "qty": 5, "account": 2},
        step,
    ], "expect": {"rejected": []}});
    run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
}

fn buy(more: Value) -> Value {
    let mut step = json!({"op": "limit", "id": 3, "side": "buy", "price": 101, "account": 2});
    let more = more.as_object().expect("more keys").clone();
    step.as_object_mut().expect("a step").extend(more);
    step
}

#[test]
fn an_attribute_without_effect_does_not_skip() {
    let fills = [
        (json!({"stp": "CANCEL_TAKER"}), json!({"qty": 5})),
        (json!({}), json!({"qty": 5, "stp": "EXPIRE_MAKER"})),
        (json!({}), json!({"qty": 9, "stp": "NONE"})),
        (json!({"stp": null}), json!({"qty": 9})),
        (json!({}), json!({"qty": 10, "aon": true})),
        (json!({}), json!({"qty": 10, "display_qty": 2})),
        (json!({}), json!({"qty": 10, "hidden": true})),
        (json!({}), json!({"qty": 12, "min_qty": 4})),
        (
            json!({"market_orders_rest": true}),
            json!({"op": "market", "qty": 10, "price": null}),
        ),
        (
            json!({"market_orders_rest": true}),
            json!({"op": "market", "qty": 11, "tif": "IOC", "price": null}),
        ),
        (
            json!({"market_aon": "all"}),
            json!({"op": "market", "qty": 10, "price": null}),
        ),
    ];
    for (config, more) in fills {
        let step = buy(more);
        assert_eq!(
            after_two_sells(config, step.clone()),
            Outcome::Passed,
            "{step}"
        );
    }
}

#[test]
fn an_attribute_with_an_effect_skips_under_its_name() {
    let market = |more: Value| {
        let mut step = json!({"op": "market", "id": 3, "side": "buy", "qty": 11});
        let more = more.as_object().expect("more keys").clone();
        step.as_object_mut().expect("a step").extend(more);
        step
    };
    let rests = "resting market orders";
    let whole = "market order that fills whole or not at all";
    let skips = [
        (
            json!({"stp": "CANCEL_TAKER"}),
            buy(json!({"qty": 6})),
            "self-trade prevention",
        ),
        (
            json!({}),
            buy(json!({"qty": 6, "stp": "DECREMENT"})),
            "self-trade prevention",
        ),
        (
            json!({"stp": "CANCEL_TAKER"}),
            json!({"op": "limit", "id": 3, "side": "buy", "price": 100, "qty": 9, "account": 1}),
            "self-trade prevention",
        ),
        (
            json!({}),
            buy(json!({"qty": 11, "aon": true})),
            "all-or-none",
        ),
        (
            json!({}),
            buy(json!({"qty": 11, "display_qty": 2})),
            "iceberg",
        ),
        (json!({}), buy(json!({"qty": 11, "hidden": true})), "hidden"),
        (
            json!({}),
            buy(json!({"qty": 12, "min_qty": 11})),
            "minimum quantity",
        ),
        (
            json!({"market_orders_rest": true}),
            market(json!({})),
            rests,
        ),
        (
            json!({"market_remainder": "rests at last sale price"}),
            market(json!({})),
            rests,
        ),
        (json!({}), market(json!({"tif": "GTC"})), rests),
        (json!({"market_aon": "all"}), market(json!({})), whole),
        (json!({}), market(json!({"tif": "FOK"})), whole),
    ];
    for (config, step, feature) in skips {
        let skipped = Outcome::Skipped(feature.into());
        assert_eq!(after_two_sells(config, step.clone()), skipped, "{step}");
    }
}

#[test]
fn a_refusal_that_is_a_cancellation_here_skips_as_a_convention() {
    let outcome = |step: Value| {
        let scenario = json!({"name": "skips", "steps": [step], "expect": {"rejected": [1]}});
        run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
    };
    let market = json!({"op": "market", "id": 1, "side": "buy", "qty": 1});
    let skipped = Outcome::Skipped("market order refused for want of liquidity".into());
    assert_eq!(outcome(market), skipped);
    let limit = |tif: &str| json!({"op": "limit", "id": 1, "side": "buy", "price": 1, "qty": 1, "tif": tif});
    let skipped = Outcome::Skipped("fill-or-kill refused instead of cancelled".into());
    assert_eq!(outcome(limit("FOK")), skipped);
    assert!(matches!(outcome(limit("IOC")), Outcome::Failed(_)));
}
