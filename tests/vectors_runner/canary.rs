//! The runner must be able to fail: a wrong expectation of every kind is caught,
//! and a word that it does not know is never passed over.

use serde_json::{Value, json};

use crate::canary_lists;
use crate::features::EXPECTATIONS;
use crate::report::Report;
use crate::run::{Outcome, run};
use crate::scenario::Scenario;

fn outcome(scenario: Value) -> Outcome {
    run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
}

/// One trade, one refusal, one order of each ending, and a book of two sides.
fn steps() -> Value {
    json!([
        {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 10},
        {"op": "limit", "id": 2, "side": "sell", "price": 100.5, "qty": 5},
        {"op": "limit", "id": 3, "side": "buy", "price": 100, "qty": 4},
        {"op": "cancel", "id": 99},
        {"op": "limit", "id": 4, "side": "buy", "price": 99, "qty": 3, "tif": "IOC"},
        {"op": "limit", "id": 5, "side": "buy", "price": 101, "qty": 100, "tif": "FOK"},
        {"op": "limit", "id": 6, "side": "buy", "price": 98, "qty": 2},
        {"op": "limit", "id": 7, "side": "buy", "price": 98, "qty": 3},
        {"op": "cancel", "id": 6},
        {"op": "limit", "id": 7, "side": "sell", "price": 103, "qty": 8},
        {"op": "reduce", "id": 2, "by": 0},
    ])
}

/// A line each: an expectation, what is so after the steps, and what is not.
const CLAIMS: &str = r#"
trades | [{"taker": 3, "maker": 1, "price": 100, "qty": 4}] | []
trades | [{"taker": 3}] | [{"taker": 1}]
trades | [{"maker": 1}] | [{"maker": 3}]
trades | [{"price": 100}] | [{"price": 100.5}]
trades | [{"qty": 4}] | [{"qty": 5}]
trades | [{"maker_remaining": 6}] | [{"maker_remaining": 0}]
trades | [{"taker_remaining": 0}] | [{"taker_remaining": 1}]
trades | [{"maker_done": false}] | [{"maker_done": true}]
trades | [{"taker_done": true}] | [{"taker_done": false}]
n_trades | 1 | 2
trades_so_far | 1 | 0
trades_in_id_order | true | false
total_traded | 4 | 5
fills | [[100, 3], [100, 1]] | [[100, 3]]
filled_qty | 4 | 3
notional | 400 | 400.5
filled | {"1": {"qty": 4, "notional": 400}} | {"1": {"qty": 5}}
filled | {"3": 4} | {"1": {"notional": 402}}
allocations | {"1": 4, "2": 0} | {"1": 4, "2": 1}
book | {"bids": [[98, 3, 1]]} | {"bids": [[98, 3, 2]]}
book | {"asks": [[100, 6], [100.5, 5]]} | {"asks": [[100, 6]]}
top_levels | {"asks": [[100, 6]]} | {"asks": [[100, 5]]}
top_levels | {"bids": []} | {"bids": [[98, 3], [97, 1]]}
n_bids | 1 | 2
n_asks | 2 | 1
n_orders | {"bids": 1, "asks": 2} | {"bids": 1, "asks": 3}
total_volume | {"asks": 11} | {"asks": 12}
best_bid | [98, 3] | null
best_ask | [100, 6, 1] | [100, 6, 2]
bid_level_qty | {"98": 3} | {"98": 5}
ask_level_qty | {"100.5": 5, "101": 0} | {"101": 1}
front_bids | 7 | 6
front_asks | 1 | null
queue | [[1, 100, 6], [2, 100.5, 5]] | [[1, 100, 6]]
last_price | 100 | 0
resting | [{"id": 1, "price": 100, "qty": 6}, 7] | [6]
resting | [{"id": 2, "leaves_qty": 5}] | [{"id": 2, "leaves_qty": 4}]
resting | [{"id": 7, "visible": 3, "hidden": 0}] | []
gone | [3, 4, 5, 6] | [7]
cancelled | [4, 5, {"id": 6, "qty": 2}] | [{"id": 6, "qty": 1}]
cancelled | [6] | [7]
expired | [{"id": 4, "qty": 3}] | [6]
killed | [5] | []
removed_qty | [{"id": 6, "qty": 2}] | [{"id": 6, "qty": 3}]
removed_qty | [{"id": 6, "order_completed": true}] | [{"id": 6, "order_completed": false}]
removed_qty | [{"id": 7, "qty": 8}] | [{"id": 7, "qty": 3}]
rejected | [99, 2] | [99, 99]
rejected | [{"id": 99, "step": 4}] | [{"id": 99, "step": 5}]
rejected | [{"id": 99, "reason": "OrderUnknown"}] | []
rejected | [{"id": 99, "reason": "Unknown order sent."}] | [{"id": 99, "reason": "Duplicate order sent."}]
cancelled | [{"id": 6, "cause": "Requested"}] | [{"id": 6, "cause": "Expired"}]
rejected_steps | [4, 10, 11] | [9]
cancel_results | [{"id": 6, "ok": true}] | [{"id": 99, "ok": true}]
cancel_results | [{"id": 1, "ok": true}] | [{"id": 1, "ok": false}]
error | {"id": 2, "code": "MATCHING_REDUCE_FAILED_WRONG_SIZE"} | {"id": 2, "code": "MATCHING_UNKNOWN_ORDER_ID"}
error | {"id": 2} | {"id": 3}
orders | [{"id": 1, "state": "accepted"}] | [{"id": 1, "state": "complete"}]
orders | [{"id": 99, "state": "rejected"}] | [{"id": 99, "traded": false}]
orders | [{"id": 1, "traded": true}] | [{"id": 2, "traded": true}]
orders | [{"id": 3, "complete": true}] | [{"id": 1, "complete": true}]
orders | [{"id": 1, "order_qty": 10}] | [{"id": 1, "order_qty": 6}]
orders | [{"id": 1, "open_qty": 6}] | [{"id": 1, "open_qty": 10}]
orders | [{"id": 1, "match_qty": 4}] | [{"id": 1, "match_qty": 0}]
status | {"3": "FILLED", "4": "EXPIRED", "6": "CANCELED"} | {"1": "NEW"}
status | {"1": "PARTIALLY_FILLED", "7": "NEW", "99": "REJECTED"} | {"3": "NEW"}
events | [["rest", 1, 100, 10], ["rest", 2, 100.5, 5], ["trade", 3, 1, 100, 4], ["cancel", 4, 3, 0], ["cancel", 5, 100, 0], ["rest", 6, 98, 2], ["rest", 7, 98, 3], ["cancel", 6, 2, 0]] | []
executions | [{"after": 3, "type": "PartiallyFilled", "id": 1, "cum_qty": 4}] | [{"after": 3, "type": "Filled", "id": 1}]
executions | [{"after": 3, "id": 3, "last_qty": 4}] | [{"after": 3, "id": 3, "last_qty": 3}]
executions | [{"after": 3, "id": 3, "last_price": 100}] | [{"after": 3, "id": 3, "last_price": 101}]
executions | [{"after": 4, "type": "Rejected", "id": 99}] | [{"after": 3, "type": "Rejected", "id": 99}]
"#;

/// Self-trades of every mode, an iceberg order, a hidden one, and one with a minimum.
fn special_steps() -> Value {
    json!([
        {"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 5, "account": 1},
        {"op": "limit", "id": 2, "side": "buy", "price": 100, "qty": 3, "account": 1, "stp": "EXPIRE_TAKER"},
        {"op": "limit", "id": 3, "side": "buy", "price": 100, "qty": 2, "account": 1, "stp": "DECREMENT"},
        {"op": "limit", "id": 4, "side": "buy", "price": 100, "qty": 1, "account": 1, "stp": "TRANSFER"},
        {"op": "limit", "id": 5, "side": "buy", "price": 99.5, "qty": 10, "account": 2, "display_qty": 4},
        {"op": "limit", "id": 6, "side": "buy", "price": 99.5, "qty": 6, "account": 2, "hidden": true},
        {"op": "limit", "id": 7, "side": "buy", "price": 99, "qty": 7, "account": 3, "min_qty": 2},
        {"op": "limit", "id": 8, "side": "sell", "price": 99.5, "qty": 1, "account": 4},
        {"op": "limit", "id": 9, "side": "buy", "price": 100, "qty": 9, "account": 1, "stp": "EXPIRE_BOTH"},
        {"op": "limit", "id": 10, "side": "sell", "price": 103, "qty": 8, "min_qty": 3, "tif": "IOC"},
        {"op": "note"},
    ])
}

/// Of the special steps: an expectation, what is so, and what is not.
const SPECIAL_CLAIMS: &str = r#"
prevented | [{"taker": 2, "maker": 1}, {"taker": 3}, {"taker": 4}, {"taker": 9}] | [{"taker": 2}, {"taker": 3}, {"taker": 4}]
prevented | [{"maker": 1, "price": 100}, {"qty": 2}, {"mode": "DECREMENT"}, {"mode": "cb"}] | [{}, {}, {"mode": "TRANSFER"}, {}]
prevented | [{"taker_prevented_qty": 3, "maker_prevented_qty": 0}, {}, {}, {}] | [{"taker_prevented_qty": 0}, {}, {}, {}]
prevented | [{}, {"taker_prevented_qty": 2}, {"maker_prevented_qty": 1}, {}] | [{}, {"maker_prevented_qty": 3}, {}, {}]
prevented | [{}, {}, {}, {"qty": 2, "taker_prevented_qty": 9, "maker_prevented_qty": 2}] | [{}, {}, {}, {"maker": 9}]
prevented | [{}, {}, {}, {}] | [{}, {"qty": 1}, {}, {}]
prevented | [{}, {}, {}, {}] | [{"price": 99}, {}, {}, {}]
prevented | [1, 2, 9] | [5]
prevented_qty | {"1": 5, "2": 3, "3": 2, "4": 1, "5": 0, "9": 9} | {"1": 3}
transfer | {"base_from_seller_to_buyer": 0, "quote_from_buyer_to_seller": 0} | {"base_from_seller_to_buyer": 1}
effective_mode | [{"taker": "TRANSFER", "maker": "NONE", "effective": "DECREMENT"}] | [{"taker": "TRANSFER", "maker": "*", "effective": "DECREMENT"}]
effective_mode | [{"taker": "cn", "maker": "*", "effective": "EXPIRE_TAKER"}] | [{"taker": "cn", "maker": "co", "effective": "EXPIRE_MAKER"}]
effective_mode | [{"taker": "NONE", "maker": "cb", "effective": "NONE"}] | [{"taker": "NONE", "maker": "cb", "effective": "cb"}]
visible_volume | {"bids": 10, "asks": 0} | {"bids": 22}
hidden_volume | {"bids": 12} | {"bids": 6}
total_volume | {"bids": 22} | {"bids": 10}
n_bids | 3 | 2
n_orders | {"bids": 3} | {"bids": 2}
book | {"bids": [[99.5, 3, 1], [99, 7, 1]]} | {"bids": [[99.5, 9], [99, 7]]}
best_bid | [99.5, 3, 1] | [99.5, 15, 2]
front_bids | 5 | 6
bid_level_qty | {"99.5": 3} | {"99.5": 15}
queue | [[5, 99.5, 9, 3], [6, 99.5, 6, 0], [7, 99, 7, 7]] | [[5, 99.5, 9, 4], [6, 99.5, 6, 0], [7, 99, 7, 7]]
queue | [[5, 99.5, 9], [6, 99.5, 6, 0], [7, 99, 7]] | [[5, 99.5, 9], [7, 99, 7]]
resting | [{"id": 5, "qty": 9, "visible": 3, "hidden": 6}] | [{"id": 5, "visible": 4}]
resting | [{"id": 5, "open_qty": 9, "display_qty": [3, 4]}] | [{"id": 5, "visible": [4, 9]}]
resting | [{"id": 6, "visible": 0, "hidden": 6}] | [{"id": 6, "hidden": 0}]
resting | [{"id": 7, "min_qty": 2}] | [{"id": 7, "min_qty": 0}]
status | {"1": "EXPIRED_IN_MATCH", "3": "EXPIRED_IN_MATCH", "10": "EXPIRED"} | {"9": "EXPIRED"}
status | {"7": "NEW", "5": "PARTIALLY_FILLED"} | {"10": "EXPIRED_IN_MATCH"}
cancelled | [{"id": 1, "qty": 2}, {"id": 2, "qty": 3}, {"id": 3, "qty": 0}, {"id": 9, "qty": 9}] | [{"id": 1, "qty": 5}]
expired | [{"id": 10, "qty": 8}, 2] | [7]
killed | [{"id": 10, "qty": 8}] | [2]
orders | [{"id": 1, "state": "cancelled", "order_qty": 5, "open_qty": 0}, {"id": 5, "open_qty": 9}] | [{"id": 5, "open_qty": 3}]
"#;

/// Stops, a take-profit and a trailing order, and prices from outside that trigger some of them; one does by its trade.
fn stop_steps() -> Value {
    json!([
        {"op": "trade_print", "price": 100},
        {"op": "stop_limit", "id": 1, "side": "sell", "stop_price": 95, "price": 94.5, "qty": 5},
        {"op": "stop_market", "id": 2, "side": "buy", "stop_price": 105, "qty": 3},
        {"op": "trailing_stop_limit", "id": 3, "side": "sell", "trailing_delta_bips": 1000, "price": 80, "qty": 4},
        {"op": "take_profit_limit", "id": 4, "side": "sell", "stop_price": 120, "price": 119, "qty": 6},
        {"op": "limit", "id": 5, "side": "buy", "price": 94.5, "qty": 2},
        {"op": "trade_print", "price": 110},
        {"op": "trade_print", "price": 99},
        {"op": "stop_limit", "id": 6, "side": "buy", "stop_price": 130, "price": 131.25, "qty": 9},
        {"op": "reduce", "id": 6, "by": 2},
        {"op": "note"},
    ])
}

/// Of the steps of stops: an expectation, what is so, and what is not.
const STOP_CLAIMS: &str = r#"
triggered | [2, 3, 1] | [4]
triggered | [{"id": 2, "price": 110}, {"id": 3, "trigger_print": 99}] | [{"id": 2, "price": 105}]
triggered | true | false
triggered | {"1": true, "4": false} | {"4": true}
triggered | [1] | []
pending | [4, {"id": 6, "qty": 7, "price": 131.25, "stop_price": 130, "extreme_price": null}] | [{"id": 6, "qty": 9}]
pending | [{"id": 4, "price": 119}] | [{"id": 4, "stop_price": 119}]
pending | [4] | [1]
pending | true | false
pending | [6] | []
n_stop_orders | {"bids": 1, "asks": 1} | {"bids": 2}
n_stop_orders | 2 | 1
stop_volume | {"bids": 7, "asks": 6} | {"asks": 7}
stop_volume | 13 | 12
trigger_print | 94.5 | 99
trigger_print | {"3": 99, "4": null} | {"3": 110}
works_at_limit | 94.5 | 80
works_at_limit | {"3": 80} | {"4": 119}
extreme_price | 110 | 99
extreme_price | {"3": 110, "4": null} | {"3": null}
gone | [2, 5] | [4]
resting | [{"id": 1, "price": 94.5, "qty": 5}, {"id": 3, "qty": 2}] | [4]
last_price | 94.5 | 99
orders | [{"id": 4, "state": "pending"}] | [{"id": 1, "state": "pending"}]
orders | [{"id": 4, "state": "accepted", "open_qty": 6}] | [{"id": 4, "open_qty": 0}]
status | {"4": "NEW", "3": "PARTIALLY_FILLED", "2": "EXPIRED"} | {"2": "NEW"}
"#;

#[test]
fn a_wrong_expectation_of_every_kind_fails() {
    let mut told = vec!["no_more_levels"]; // has a test of its own below
    told.extend(told_of(&steps(), CLAIMS));
    told.extend(told_of(&special_steps(), SPECIAL_CLAIMS));
    told.extend(told_of(&stop_steps(), STOP_CLAIMS));
    told.extend(told_of(&canary_lists::steps(), canary_lists::CLAIMS));
    for key in EXPECTATIONS {
        assert!(told.contains(key), "{key} has no canary");
    }
}

/// Tries both halves of each claim; the keys that they are of.
fn told_of(steps: &Value, claims: &'static str) -> Vec<&'static str> {
    let mut told = Vec::new();
    for claim in claims.trim().lines() {
        let parts: Vec<&str> = claim.split(" | ").collect();
        let &[key, right, wrong] = &parts[..] else {
            panic!("three parts: {claim}");
        };
        told.push(key);
        // Nothing is left open that another reading could make right.
        let config = json!({"iceberg": "requeue", "levels": "displayed", "unfilled": "cancelled",
            "trigger_on_entry": "fires", "without_price": "waits", "trigger": "last trade",
            "partial_fill": "cancels", "list_prices": "compared", "repricing": "live"});
        let told_that = |claim: &str| {
            let expected: Value = serde_json::from_str(claim).expect(claim);
            let expect = json!({key: expected});
            outcome(json!({"name": "canary", "config": config, "steps": steps, "expect": expect}))
        };
        assert_eq!(told_that(right), Outcome::Passed, "{claim}");
        let failed = told_that(wrong);
        let Outcome::Failed(differences) = failed else {
            panic!("{claim} came out as {failed:?}");
        };
        assert!(
            differences[0].starts_with(&format!("after step 11: {key}: ")),
            "{differences:?}"
        );
    }
    told
}

#[test]
fn what_changes_accounts_is_told_in_sum() {
    let transfer = |expected: Value| {
        let order = |id: u64, side: &str, qty: f64, account: u64| {
            json!({"op": "limit", "id": id, "side": side, "price": 0.2, "qty": qty, "tif": "GTC",
                "account": account, "trade_group": 1, "stp": "TRANSFER"})
        };
        let steps = [order(1, "buy", 0.6, 1), order(2, "sell", 0.2, 2)];
        outcome(json!({"name": "canary", "steps": steps, "expect": {"transfer": expected}}))
    };
    let right = json!({"base_from_seller_to_buyer": 0.2, "quote_from_buyer_to_seller": 0.04});
    assert_eq!(transfer(right), Outcome::Passed);
    for wrong in [
        json!({"base_from_seller_to_buyer": 0.6}),
        json!({"quote_from_buyer_to_seller": 0.4}),
    ] {
        assert!(matches!(transfer(wrong), Outcome::Failed(_)));
    }
    let unknown = Outcome::Skipped("expect transfer.fees".into());
    assert_eq!(transfer(json!({"fees": 0})), unknown);
}

#[test]
fn levels_beyond_the_last_expected_one_fail() {
    let scenario = |asks: Value| {
        json!({"name": "canary", "steps": steps(),
            "expect": {"top_levels": {"asks": asks}, "no_more_levels": ["asks"]}})
    };
    assert_eq!(
        outcome(scenario(json!([[100, 6], [100.5, 5]]))),
        Outcome::Passed
    );
    assert!(matches!(
        outcome(scenario(json!([[100, 6]]))),
        Outcome::Failed(_)
    ));
}

#[test]
fn a_wrong_check_between_the_steps_fails_at_its_step() {
    let scenario = json!({"name": "canary", "steps": steps(), "checks": [
        {"after": 0, "n_asks": 1},
        {"after": 2, "n_asks": 2},
        {"after": 3, "expect": {"n_trades": 2}},
    ]});
    let Outcome::Failed(differences) = outcome(scenario) else {
        panic!("a wrong check passed");
    };
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(
        differences[0].starts_with("after step 0: n_asks"),
        "{differences:?}"
    );
    assert!(
        differences[1].starts_with("after step 3: n_trades"),
        "{differences:?}"
    );
}

#[test]
fn a_word_that_the_runner_does_not_know_names_the_skip() {
    let limit = json!({"op": "limit", "id": 1, "side": "buy", "price": 1, "qty": 1});
    let with = |key: &str, value: Value| {
        let mut step = limit.clone();
        step[key] = value;
        json!([step])
    };
    let scenario = |key: &str, value: Value| {
        let mut scenario = json!({"name": "canary", "steps": [limit]});
        scenario[key] = value;
        outcome(scenario)
    };
    let skipped = |feature: &str| Outcome::Skipped(feature.into());
    assert_eq!(scenario("oracle", json!(1)), skipped("key oracle"));
    assert_eq!(
        scenario("steps", json!([{"op": "teleport"}])),
        skipped("op teleport")
    );
    assert_eq!(
        scenario("steps", with("colour", json!("red"))),
        skipped("key limit.colour")
    );
    assert_eq!(
        scenario("steps", with("tif", json!("GTX"))),
        skipped("tif \"GTX\"")
    );
    assert_eq!(
        scenario("steps", with("peg", json!("moon"))),
        skipped("peg Some(\"moon\")")
    );
    assert_eq!(
        scenario("config", json!({"fees": 2})),
        skipped("config fees=2")
    );
    assert_eq!(
        scenario("expect", json!({"mood": "good"})),
        skipped("expect mood")
    );
    assert_eq!(
        scenario("expect", json!({"orders": [{"id": 1, "mood": 1}]})),
        skipped("expect orders.mood")
    );
    assert_eq!(
        scenario(
            "expect",
            json!({"rejected": [{"id": 1, "reason": "bad mood"}]})
        ),
        skipped("reason \"bad mood\"")
    );
    assert_eq!(
        scenario("expect", json!({"pending": [], "gone": []})),
        Outcome::Passed
    );
}

#[test]
fn what_was_wrong_before_a_feature_was_missed_still_fails() {
    let scenario = json!({"name": "canary", "steps": [
        {"op": "limit", "id": 1, "side": "buy", "price": 1, "qty": 1},
        {"op": "market", "id": 2, "side": "buy", "qty": 9, "tif": "GTC"},
    ], "checks": [{"after": 1, "n_bids": 5}]});
    assert!(matches!(outcome(scenario), Outcome::Failed(_)));
}

#[test]
fn a_line_that_cannot_be_read_fails_under_its_file_and_line() {
    let mut report = Report::default();
    let lines = [
        "{",
        r#"{"name": "late", "steps": [], "checks": [{"after": 1}]}"#,
        "",
        r#"{"name": "sideless", "steps": [{"op": "limit", "id": 1, "price": 1, "qty": 1}]}"#,
        r#"{"name": "fine", "steps": []}"#,
    ];
    report.file("own.jsonl", &lines.join("\n"));
    assert_eq!(report.failures.len(), 3, "{:?}", report.failures);
    assert!(report.failures[0].starts_with("own.jsonl:1 ?\n    not JSON"));
    assert_eq!(
        report.failures[1],
        "own.jsonl:2 ?\n    a check after step 1 of 0"
    );
    let sideless = "own.jsonl:4 sideless\n    step 1: `side` must be buy or sell";
    assert_eq!(report.failures[2], sideless);
    assert_eq!(report.files["own.jsonl"], (4, 0));
}
