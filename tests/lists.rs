//! Orders that depend on each other, one rule each: the engine and the model say the same.

#[path = "lists/coming.rs"]
mod coming;
#[allow(dead_code, reason = "other tests ask the model more")]
mod model;
mod pair;
#[path = "lists/running.rs"]
mod running;
#[path = "lists/settling.rs"]
mod settling;

use pair::{List, of, sell, stop};
use pricetime::ListKind::{
    OneCancelsMany, OneCancelsOther, OnePaysOther, OneTriggersOneCancelsOther, OneTriggersOther,
};
use pricetime::{AccountId, Action, CancelAll, Order, PostOnly};

fn oco() -> List {
    List::of(OneCancelsOther)
}

fn oto() -> List {
    List::of(OneTriggersOther)
}

fn otoco() -> List {
    List::of(OneTriggersOneCancelsOther)
}

fn opo() -> List {
    List::of(OnePaysOther)
}

fn many(legs: u8) -> List {
    List {
        legs,
        ..List::of(OneCancelsMany)
    }
}

/// Takes profit at 110, and stops at 90 with a limit of 85.
fn counterparts(quantity: u64) -> [Order; 2] {
    [sell(1, 110, quantity), stop(90, sell(2, 85, quantity))]
}

/// Two limits that a single buy reaches.
fn neighbours(quantity: u64) -> [Order; 2] {
    [sell(1, 100, quantity), sell(2, 101, quantity)]
}

fn mass(account: u32) -> Action {
    Action::CancelAll(CancelAll {
        account: Some(AccountId(account)),
        ..CancelAll::default()
    })
}

fn posting(order: Order) -> Order {
    Order {
        post_only: PostOnly::Reject,
        ..order
    }
}

fn taker(order: Order) -> Order {
    of(2, order)
}
