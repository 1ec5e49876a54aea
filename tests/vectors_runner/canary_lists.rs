//! The steps and claims of the canary that are about lists, pegs and tokens.

use serde_json::{Value, json};

/// Pegs of which one follows, a list of alternatives, one whose working order trades, one that waits, and a token used twice.
pub fn steps() -> Value {
    json!([
        {"op": "limit", "id": 1, "side": "buy", "price": 100, "qty": 5},
        {"op": "limit", "id": 2, "side": "sell", "price": 104, "qty": 5},
        {"op": "pegged", "id": 3, "side": "buy", "peg": "mid", "offset": -1, "qty": 2},
        {"op": "limit", "id": 4, "side": "sell", "price": 103, "qty": 1},
        {"op": "oco", "id": 5, "side": "sell", "price": 110, "qty": 3, "stop": {"id": 6, "stop_price": 70, "type": "market"}},
        {"op": "oto", "id": 7, "side": "buy", "price": 99, "qty": 2, "pending": {"id": 8, "price": 120}},
        {"op": "limit", "id": 9, "side": "sell", "price": 99, "qty": 9},
        {"op": "limit", "id": 10, "side": "buy", "price": 90, "qty": 1, "token": "t"},
        {"op": "limit", "id": 11, "side": "buy", "price": 91, "qty": 1, "token": "t"},
        {"op": "oto", "id": 12, "side": "buy", "price": 80, "qty": 1, "pending": {"id": 13, "price": 121}},
        {"op": "pegged", "id": 14, "side": "sell", "peg": "market", "offset": 5, "qty": 1},
    ])
}

/// An expectation, what is so, and what is not.
pub const CLAIMS: &str = r#"
held | [13] | [8]
held | [13] | []
released | [5, 6, 7, 12, 8] | [13]
released | [8] | []
duplicates | [{"id": 11, "original": 10}] | []
duplicates | [{"id": 11, "original": 10}] | [{"id": 11, "original": 9}]
repriced | [{"id": 3, "price": 100}] | [{"id": 3, "price": 101}]
repriced | [3] | []
repriced | [3] | [14]
pegged_price | {"14": 95, "3": null} | {"14": 90}
pegged_price | {"14": 95} | {"3": 100}
list_status | {"5": "EXECUTING", "7": "EXECUTING"} | {"5": "ALL_DONE"}
list_status | {"12": "EXECUTING"} | {"12": "REJECT"}
status | {"13": "PENDING_NEW", "8": "NEW", "7": "FILLED"} | {"13": "NEW"}
status | {"5": "NEW"} | {"8": "PENDING_NEW"}
orders | [{"id": 13, "state": "held"}] | [{"id": 8, "state": "held"}]
pending | [6, {"id": 13, "qty": 1, "price": 121}] | [8]
resting | [{"id": 8, "price": 120, "qty": 2}, 5, 14] | [11]
"#;
