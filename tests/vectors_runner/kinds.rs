//! Steps of each kind: what they do, and that the opposite is caught.

use serde_json::{Value, json};

use crate::run::{Outcome, run};
use crate::scenario::Scenario;

/// A line each: the config, steps behind those of [`outcome`], what is then so, and what is not.
fn hold(lines: &str) {
    for line in lines.trim().lines() {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let &[config, steps, right, wrong] = &parts[..] else {
            panic!("four parts: {line}");
        };
        assert_eq!(outcome(config, steps, right), Outcome::Passed, "{line}");
        let failed = outcome(config, steps, wrong);
        assert!(matches!(failed, Outcome::Failed(_)), "{failed:?}: {line}");
    }
}

/// Sells of 5 at 100 and 101, a buy of 5 at 98, and then more.
fn outcome(config: &str, steps: &str, expect: &str) -> Outcome {
    let read = |text: String| -> Value { serde_json::from_str(&text).expect(&text) };
    let mut all = vec![
        json!({"op": "limit", "id": 1, "side": "sell", "price": 100, "qty": 5, "account": 1}),
        json!({"op": "limit", "id": 2, "side": "sell", "price": 101, "qty": 5, "account": 2}),
        json!({"op": "limit", "id": 3, "side": "buy", "price": 98, "qty": 5, "account": 3}),
    ];
    let steps = read(format!("[{steps}]"));
    all.extend(steps.as_array().expect("steps").iter().cloned());
    let mut config = read(format!("{{{config}}}"));
    let source = config
        .as_object_mut()
        .and_then(|config| config.remove("source"));
    let scenario = json!({"name": "kinds", "source": source, "config": config, "steps": all,
        "expect": read(format!("{{{expect}}}"))});
    run(&Scenario::parse(&scenario.to_string()).expect("a scenario"))
}

#[test]
fn a_budget_for_all_of_it_is_kept_or_nothing_trades() {
    hold(
        r#"
 | {"op": "fok_budget", "id": 9, "side": "buy", "qty": 10, "budget": 1005} | "filled": {"9": {"qty": 10, "notional": 1005}} | "killed": [9]
 | {"op": "fok_budget", "id": 9, "side": "buy", "qty": 10, "budget": 1004} | "killed": [9], "trades": [] | "filled": {"9": 10}
 | {"op": "fok_budget", "id": 9, "side": "sell", "qty": 5, "budget": 490} | "filled": {"9": 5} | "killed": [9]
 | {"op": "fok_budget", "id": 9, "side": "sell", "qty": 5, "budget": 491} | "killed": [{"id": 9, "qty": 5}] | "filled": {"9": 5}
 | {"op": "market", "id": 9, "side": "buy", "qty": 6, "budget": 601, "tif": "FOK"} | "filled": {"9": 6} | "killed": [9]
 | {"op": "market", "id": 9, "side": "buy", "qty": 6, "budget": 600, "tif": "FOK"} | "killed": [9] | "filled": {"9": 5}
"#,
    );
}

#[test]
fn a_peg_is_measured_as_its_words_say() {
    hold(
        r#"
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "PRIMARY_PEG"} | "pegged_price": {"9": 98} | "pegged_price": {"9": 99}
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "midpoint"} | "pegged_price": {"9": 99} | "pegged_price": {"9": 98}
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "market"} | "trades": [{"taker": 9, "price": 100}] | "trades": []
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "market", "offset": -1} | "pegged_price": {"9": 99} | "pegged_price": {"9": 100}
 | {"op": "pegged", "id": 9, "side": "sell", "qty": 1, "peg": "market", "offset": 1} | "pegged_price": {"9": 99} | "pegged_price": {"9": 97}
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "market", "peg_limit": 99} | "pegged_price": {"9": 99} | "n_trades": 1
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary", "price": 97} | "pegged_price": {"9": 97} | "pegged_price": {"9": 98}
"peg_offset": "away from the market" | {"op": "pegged", "id": 9, "side": "sell", "qty": 1, "peg": "primary", "offset": 2} | "pegged_price": {"9": 102} | "pegged_price": {"9": 98}
"peg_offset": "away from the market" | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary", "offset": 2} | "pegged_price": {"9": 96} | "pegged_price": {"9": 100}
"peg_offset": "ticks", "tick": 0.5 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary", "offset": 1} | "pegged_price": {"9": 98.5} | "pegged_price": {"9": 99}
 | {"op": "pegged", "id": 9, "side": "sell", "qty": 1, "peg": "primary", "offset_levels": 1} | "pegged_price": {"9": 101} | "pegged_price": {"9": 100}
"source": "binance" | {"op": "pegged", "id": 9, "side": "sell", "qty": 1, "peg": "primary", "offset": 1} | "pegged_price": {"9": 101} | "rejected": [9]
"source": "binance" | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary", "offset": 1} | "rejected": [{"id": 9, "reason": "NoReferencePrice"}] | "rejected": []
 | {"op": "limit", "id": 9, "side": "buy", "qty": 1, "peg": "primary"} | "pegged_price": {"9": 98} | "rejected": [9]
"trigger": "last trade", "without_price": "waits" | {"op": "stop_limit", "id": 9, "side": "buy", "qty": 1, "stop_price": 100, "peg": "primary"}, {"op": "market", "id": 8, "side": "buy", "qty": 1} | "pegged_price": {"9": 98} | "pending": [9]
"#,
    );
}

#[test]
fn a_peg_follows_or_is_priced_once() {
    hold(
        r#"
"repricing": "follows" | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary"}, {"op": "limit", "id": 8, "side": "buy", "price": 99, "qty": 1} | "pegged_price": {"9": 99}, "repriced": [{"id": 9, "price": 99}] | "pegged_price": {"9": 98}
"repricing": "once" | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary"}, {"op": "limit", "id": 8, "side": "buy", "price": 99, "qty": 1} | "pegged_price": {"9": 98}, "repriced": [] | "pegged_price": {"9": 99}
"source": "Binance docs" | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary"}, {"op": "limit", "id": 8, "side": "buy", "price": 99, "qty": 1} | "pegged_price": {"9": 98} | "pegged_price": {"9": 99}
"source": "Binance docs", "repricing": "live" | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary"}, {"op": "limit", "id": 8, "side": "buy", "price": 99, "qty": 1} | "pegged_price": {"9": 99} | "pegged_price": {"9": 98}
 | {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "market", "tif": "IOC"} | "n_trades": 1 | "rejected": [9]
"repricing": "live" | {"op": "cancel", "id": 3}, {"op": "pegged", "id": 9, "side": "buy", "qty": 1, "peg": "primary"} | "pending": [9], "rejected": [] | "rejected": [9]
"#,
    );
}

#[test]
fn a_market_order_that_rests_waits_for_the_other_side() {
    hold(
        r#"
"market_orders_rest": true, "resting_market": "waits" | {"op": "cancel", "id": 1}, {"op": "cancel", "id": 2}, {"op": "market", "id": 9, "side": "buy", "qty": 3, "tif": "GTC"} | "n_bids": 2, "total_volume": {"bids": 8}, "book": {"bids": [[98, 5, 1]]}, "resting": [{"id": 9, "qty": 3}] | "n_bids": 1
"market_orders_rest": true, "resting_market": "waits" | {"op": "cancel", "id": 1}, {"op": "cancel", "id": 2}, {"op": "market", "id": 9, "side": "buy", "qty": 3, "tif": "GTC"}, {"op": "limit", "id": 8, "side": "sell", "price": 103, "qty": 2} | "filled": {"9": {"qty": 2, "notional": 206}}, "n_asks": 0 | "filled": {"9": 0}
"market_orders_rest": true, "resting_market": "waits" | {"op": "cancel", "id": 1}, {"op": "cancel", "id": 2}, {"op": "cancel", "id": 3}, {"op": "market", "id": 9, "side": "sell", "qty": 3, "tif": "GTC"} | "n_asks": 1, "resting": [9] | "resting": []
"#,
    );
}

#[test]
fn orders_of_a_list_are_told_in_many_shapes() {
    hold(
        r#"
"trigger": "last trade" | {"op": "oco", "id": 8, "side": "sell", "price": 105, "qty": 3, "stop": {"id": 9, "stop_price": 95, "type": "market"}} | "resting": [8], "pending": [{"id": 9, "qty": 3, "price": null}] | "held": [9]
"trigger": "last trade" | {"op": "oco", "side": "sell", "qty": 3, "above": {"id": 8, "type": "LIMIT_MAKER", "price": 105}, "below": {"id": 9, "type": "STOP_LOSS_LIMIT", "stop_price": 95, "price": 94}} | "resting": [8], "pending": [{"id": 9, "price": 94}] | "pending": [8]
"trigger": "last trade" | {"op": "oco", "id": 8, "stop_id": 9, "side": "sell", "price": 105, "qty": 3, "stop_price": 95, "stop_limit_price": 94} | "resting": [{"id": 8, "price": 105}], "pending": [{"id": 9, "price": 94}] | "resting": [9]
"trigger": "last trade" | {"op": "oco", "legs": [{"id": 8, "side": "sell", "price": 105, "qty": 3}, {"id": 9, "side": "sell", "qty": 3, "stop_price": 95}]} | "resting": [8], "pending": [9] | "pending": [8]
"trigger": "last trade" | {"op": "oco", "id": 7, "legs": [{"id": 8, "side": "sell", "price": 105, "qty": 3}, {"id": 9, "side": "sell", "price": 106, "qty": 2}]}, {"op": "cancel", "id": 9} | "gone": [8, 9] | "resting": [8]
 | {"op": "oto", "working": {"id": 8, "side": "buy", "price": 97, "qty": 3}, "pending": {"id": 9, "side": "sell", "price": 110, "qty": 2}} | "resting": [8], "held": [9] | "resting": [9]
 | {"op": "oto", "id": 8, "side": "buy", "price": 100, "qty": 3, "pending": {"id": 9, "price": 110}} | "filled": {"8": 3}, "resting": [{"id": 9, "qty": 3}] | "held": [9]
"trigger": "last trade" | {"op": "otoco", "id": 8, "side": "buy", "price": 100, "qty": 3, "pending": {"above": {"id": 9, "price": 110}, "below": {"id": 10, "stop_price": 90}}} | "resting": [9], "pending": [10] | "held": [9]
"trigger": "last trade" | {"op": "bracket", "id": 8, "side": "buy", "price": 97, "qty": 3, "take_profit": {"id": 9, "price": 110}, "stop_loss": {"id": 10, "stop_price": 90}} | "resting": [8], "held": [9, 10] | "held": [8]
 | {"op": "opo", "id": 8, "side": "buy", "price": 100, "qty": 7, "pending": {"id": 9, "side": "sell", "price": 110, "qty": 7}}, {"op": "cancel", "id": 8} | "filled": {"8": 5}, "resting": [{"id": 9, "qty": 5}] | "resting": [{"id": 9, "qty": 7}]
 | {"op": "list", "kind": "one-triggers-the-other", "list": "L", "legs": [{"id": 8, "side": "buy", "price": 97, "qty": 3}, {"id": 9, "price": 110}]}, {"op": "cancel_list", "list": "L"} | "gone": [8, 9], "list_status": {"L": "ALL_DONE"} | "held": [9]
 | {"op": "oto", "working_type": "LIMIT", "working_id": 8, "working_side": "buy", "working_price": 97, "working_qty": 3, "pending_type": "LIMIT_MAKER", "pending_id": 9, "pending_side": "sell", "pending_price": 110, "pending_qty": 2} | "resting": [{"id": 8, "price": 97, "qty": 3}], "held": [9], "pending": [{"id": 9, "qty": 2, "price": 110}] | "held": [8]
"list_prices": "compared", "trigger_on_entry": "waits" | {"op": "set_last_price", "price": 99}, {"op": "oco", "id": 8, "side": "sell", "price": 98.5, "qty": 3, "stop": {"id": 9, "stop_price": 95}}, {"op": "oco", "id": 10, "side": "sell", "price": 105, "qty": 3, "stop": {"id": 11, "stop_price": 95}} | "rejected": [8, {"id": 9, "reason": "ListPricesOutOfOrder"}], "resting": [10], "pending": [11], "trades": [], "n_asks": 3 | "resting": [8]
"trigger": "last trade", "list_prices": "not compared" | {"op": "market", "id": 7, "side": "buy", "qty": 1}, {"op": "oco", "id": 8, "side": "sell", "price": 99, "qty": 3, "stop": {"id": 9, "stop_price": 95}} | "resting": [8], "pending": [9], "rejected": [] | "rejected": [8]
"trigger": "last trade", "list_prices": "compared" | {"op": "market", "id": 7, "side": "buy", "qty": 1}, {"op": "oco", "id": 8, "side": "sell", "price": 99, "qty": 3, "stop": {"id": 9, "stop_price": 95}} | "rejected": [8, {"id": 9, "reason": "ListPricesOutOfOrder"}], "list_status": {"8": "REJECT"}, "status": {"8": "REJECTED", "9": "REJECTED"} | "resting": [8]
"#,
    );
}

#[test]
fn a_partial_fill_does_what_the_source_says() {
    hold(
        r#"
"trigger": "last trade", "partial_fill": "any fill cancels the other" | {"op": "oco", "id": 8, "side": "sell", "price": 99, "qty": 3, "stop": {"id": 9, "stop_price": 95}}, {"op": "limit", "id": 7, "side": "buy", "price": 99, "qty": 1} | "cancelled": [9], "resting": [{"id": 8, "qty": 2}] | "pending": [9]
"trigger": "last trade", "partial_fill": "reduces" | {"op": "oco", "id": 8, "side": "sell", "price": 99, "qty": 3, "stop": {"id": 9, "stop_price": 95}}, {"op": "limit", "id": 7, "side": "buy", "price": 99, "qty": 1} | "pending": [{"id": 9, "qty": 2}] | "pending": [{"id": 9, "qty": 3}]
"trigger": "last trade", "oco_partial_fill": "nothing until it is filled" | {"op": "oco", "id": 8, "side": "sell", "price": 99, "qty": 3, "stop": {"id": 9, "stop_price": 95}}, {"op": "limit", "id": 7, "side": "buy", "price": 99, "qty": 1} | "pending": [{"id": 9, "qty": 3}] | "cancelled": [9]
"trigger": "last trade" | {"op": "oco", "id": 8, "side": "sell", "price": 99, "qty": 3, "partial_fill": "waits", "stop": {"id": 9, "stop_price": 95}}, {"op": "limit", "id": 7, "side": "buy", "price": 99, "qty": 3} | "cancelled": [9], "filled": {"8": 3} | "pending": [9]
"#,
    );
}

#[test]
fn a_cancel_replace_stops_or_goes_on_where_one_part_fails() {
    hold(
        r#"
 | {"op": "cancel_replace", "id": 3, "new_id": 9, "new_price": 97} | "gone": [3], "resting": [{"id": 9, "price": 97, "qty": 5}], "status": {"3": "CANCELED"} | "resting": [3]
 | {"op": "cancel_replace", "cancel_id": 77, "mode": "STOP_ON_FAILURE", "order": {"id": 9, "side": "buy", "price": 97, "qty": 1}} | "rejected": [{"id": 9, "reason": "OrderUnknown"}], "gone": [9] | "resting": [9]
 | {"op": "cancel_replace", "cancel_id": 77, "mode": "ALLOW_FAILURE", "order": {"id": 9, "side": "buy", "price": 97, "qty": 1}} | "rejected": [77], "resting": [9] | "gone": [9]
 | {"op": "cancel_replace", "id": 3, "cancel_restrictions": "ONLY_NEW", "new_id": 9, "new_qty": 2} | "resting": [{"id": 9, "qty": 2}] | "rejected": [9]
 | {"op": "cancel_replace", "id": 3, "cancel_restrictions": "ONLY_PARTIALLY_FILLED", "new_id": 9, "new_qty": 2} | "rejected": [{"id": 9, "reason": "OrderHasNotTraded"}], "resting": [3] | "gone": [3]
"unfilled": "cancelled" | {"op": "cancel_replace", "id": 9, "cancel_id": 3, "side": "sell", "type": "market", "qty": 1, "account": 3} | "gone": [3], "status": {"9": "EXPIRED"} | "rejected": [9]
 | {"op": "cancel_replace", "id": 3, "mode": "STOP_ON_FAILURE", "order": {"id": 9, "side": "buy", "price": 97, "qty": 0}} | "gone": [3], "rejected": [{"id": 9, "reason": "QuantityIsZero"}] | "resting": [3]
"#,
    );
}

#[test]
fn an_amendment_keeps_the_place_where_the_source_says_so() {
    hold(
        r#"
"iceberg": "requeue" | {"op": "limit", "id": 9, "side": "buy", "price": 98, "qty": 5}, {"op": "amend", "id": 3, "new_display_qty": 2} | "queue": [[9, 98, 5], [3, 98, 5, 2]] | "front_bids": 3
"iceberg": "requeue", "amend_policy": "less displayed keeps the place" | {"op": "limit", "id": 8, "side": "buy", "price": 99, "qty": 9, "display_qty": 4}, {"op": "limit", "id": 9, "side": "buy", "price": 99, "qty": 5}, {"op": "amend", "id": 8, "new_display_qty": 2} | "queue": [[8, 99, 9, 2], [9, 99, 5], [3, 98, 5]] | "front_bids": 9
"iceberg": "requeue", "source": "tsx.com" | {"op": "limit", "id": 8, "side": "buy", "price": 99, "qty": 9, "display_qty": 4}, {"op": "limit", "id": 9, "side": "buy", "price": 99, "qty": 5}, {"op": "amend", "id": 8, "new_qty": 12} | "queue": [[8, 99, 12, 4], [9, 99, 5], [3, 98, 5]] | "front_bids": 9
"source": "binance" | {"op": "amend_keep_priority", "id": 3, "new_qty": 6} | "rejected": [{"id": 3, "reason": "AmendNotAllowed"}] | "resting": [{"id": 3, "qty": 6}]
"source": "binance" | {"op": "amend_keep_priority", "id": 3, "new_qty": 4}, {"op": "cancel_replace", "id": 3, "new_price": 97} | "resting": [{"id": 3, "price": 97, "qty": 4}], "rejected": [] | "rejected": [3]
"amend_policy": "reductions only" | {"op": "amend", "id": 3, "new_price": 97} | "rejected": [3], "resting": [{"id": 3, "price": 98}] | "resting": [{"id": 3, "price": 97}]
"amend_qty": "total including filled" | {"op": "market", "id": 9, "side": "sell", "qty": 2}, {"op": "amend", "id": 3, "new_qty": 4} | "resting": [{"id": 3, "qty": 2}] | "resting": [{"id": 3, "qty": 4}]
"amend_qty": "remaining" | {"op": "market", "id": 9, "side": "sell", "qty": 2}, {"op": "amend", "id": 3, "new_qty": 2} | "resting": [{"id": 3, "qty": 2}] | "gone": [3]
 | {"op": "market", "id": 9, "side": "sell", "qty": 2}, {"op": "mitigate", "id": 3, "new_qty": 2} | "cancelled": [3], "gone": [3] | "resting": [3]
 | {"op": "market", "id": 9, "side": "sell", "qty": 2}, {"op": "amend_keep_priority", "id": 3, "new_qty": 2} | "rejected": [3], "resting": [{"id": 3, "qty": 3}] | "gone": [3]
"trigger": "last trade" | {"op": "stop_limit", "id": 9, "side": "buy", "stop_price": 105, "price": 106, "qty": 1}, {"op": "amend", "id": 9, "new_stop_price": 104} | "pending": [{"id": 9, "stop_price": 104}] | "pending": [{"id": 9, "stop_price": 105}]
"max_num_order_amends": 1 | {"op": "amend", "id": 3, "new_qty": 4}, {"op": "amend", "id": 3, "new_qty": 3} | "rejected": [{"id": 3, "reason": "AmendedTooOften"}], "resting": [{"id": 3, "qty": 4}] | "resting": [{"id": 3, "qty": 3}]
"#,
    );
}

#[test]
fn filters_admit_what_they_say() {
    hold(
        r#"
"market_qty_min": 2, "market_qty_max": 6, "market_qty_step": 2 | {"op": "market", "id": 7, "side": "buy", "qty": 1}, {"op": "market", "id": 8, "side": "buy", "qty": 7}, {"op": "market", "id": 9, "side": "buy", "qty": 3}, {"op": "market", "id": 10, "side": "buy", "qty": 4} | "rejected": [{"id": 7, "reason": "MarketQuantityTooSmall"}, {"id": 8, "reason": "MarketQuantityTooLarge"}, {"id": 9, "reason": "MarketQuantityNotInLots"}], "filled": {"10": 4} | "filled": {"7": 1}
"percent_price": {"multiplier_up": 1.05, "multiplier_down": 0.95}, "reference_price": 100 | {"op": "limit", "id": 8, "side": "buy", "price": 95, "qty": 1}, {"op": "limit", "id": 9, "side": "buy", "price": 94, "qty": 1} | "resting": [8], "rejected": [{"id": 9, "reason": "PriceOutOfRange"}] | "resting": [9]
"percent_price_by_side": {"bidMultiplierUp": 1.05, "bidMultiplierDown": 0.5, "askMultiplierUp": 2, "askMultiplierDown": 0.9}, "reference_price": 100 | {"op": "limit", "id": 8, "side": "buy", "price": 51, "qty": 1}, {"op": "limit", "id": 9, "side": "sell", "price": 201, "qty": 1} | "resting": [8], "rejected": [{"id": 9, "reason": "PriceOutOfRange"}] | "resting": [9]
"execution_range": {"above_bps": 50, "below_bps": 50}, "reference_price": 100 | {"op": "limit", "id": 9, "side": "buy", "price": 105, "qty": 8} | "filled": {"9": 5}, "cancelled": [{"id": 9, "qty": 3, "reason": "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"}], "status": {"9": "EXPIRED"} | "filled": {"9": 8}
"price_range": {"bidLimitMultUp": 1.01}, "reference_price": 100 | {"op": "limit", "id": 9, "side": "buy", "price": 105, "qty": 8} | "filled": {"9": 8} | "filled": {"9": 5}
"max_num_orders": 1 | {"op": "limit", "id": 9, "side": "buy", "price": 97, "qty": 1, "account": 3} | "rejected": [{"id": 9, "reason": "Filter failure: MAX_NUM_ORDERS"}] | "resting": [9]
"max_num_algo_orders": 1, "trigger": "last trade", "without_price": "waits" | {"op": "stop_market", "id": 8, "side": "buy", "stop_price": 110, "qty": 1, "account": 9}, {"op": "stop_market", "id": 9, "side": "buy", "stop_price": 110, "qty": 1, "account": 9} | "pending": [8], "rejected": [{"id": 9, "reason": "AccountTriggersFull"}] | "pending": [9]
"max_num_iceberg_orders": 1, "iceberg": "requeue" | {"op": "limit", "id": 8, "side": "buy", "price": 90, "qty": 4, "display_qty": 1, "account": 9}, {"op": "limit", "id": 9, "side": "buy", "price": 90, "qty": 4, "display_qty": 1, "account": 9} | "resting": [8], "rejected": [{"id": 9, "reason": "AccountIcebergsFull"}] | "resting": [9]
"max_num_order_lists": 1 | {"op": "oto", "id": 7, "side": "buy", "price": 90, "qty": 1, "account": 9, "pending": {"id": 8, "price": 110}}, {"op": "oto", "id": 9, "side": "buy", "price": 90, "qty": 1, "account": 9, "pending": {"id": 10, "price": 110}} | "resting": [7], "rejected": [{"id": 9, "reason": "AccountListsFull"}] | "resting": [9]
"#,
    );
}
