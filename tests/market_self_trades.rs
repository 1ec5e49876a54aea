//! The rules of prevention for market orders: by quantity, by budget, by both, and whole for a total.

mod venue;

use pricetime::{
    AccountId, Action, Instrument, MarketAmount, MarketOrder, Notional, Order, OrderId, Quantity,
    RejectReason, SelfTrade, Side, TradeGroup,
};
use venue::words::{ask, whole, whose};
use venue::{Venue, budget, lots};

fn both(quantity: u64, money: i128) -> MarketAmount {
    MarketAmount::Both {
        quantity: Quantity::new(quantity),
        budget: Notional::new(money),
    }
}

/// Account 1 buys at market in a mode.
fn own(mode: SelfTrade, amount: MarketAmount) -> Action {
    Action::Market(MarketOrder {
        self_trade: Some(mode),
        ..MarketOrder::new(OrderId(9), AccountId(1), Side::Buy, amount)
    })
}

/// Account 1 asks for five at 100, account 2 for ten.
fn venue() -> Venue {
    let mut venue = Venue::new();
    venue.holds([ask(1, 100, 5), whose(2, ask(2, 100, 10))]);
    venue
}

/// What an order that is accepted does.
fn says(mode: SelfTrade, amount: MarketAmount) -> Vec<String> {
    let said = venue().says(own(mode, amount));
    assert_eq!(said[0], "Accepted 9");
    said[1..].to_vec()
}

/// What it trades, and what is left of the asks.
fn leaves(mode: SelfTrade, amount: MarketAmount) -> Vec<(u64, i64, u64)> {
    let mut venue = venue();
    venue.does(own(mode, amount));
    venue.asks()
}

#[test]
fn market_order_of_any_amount_names_its_mode() {
    for amount in [lots(7), budget(700), both(7, 700), whole(7, 700)] {
        let plain = MarketOrder::new(OrderId(9), AccountId(1), Side::Buy, amount);
        let mut allowed = venue();
        allowed.does(Action::Market(plain));
        assert_eq!(allowed.asks(), [(2, 100, 8)], "{amount:?}");
        let taken = leaves(SelfTrade::ExpireMaker, amount);
        assert_eq!(taken, [(2, 100, 3)], "{amount:?}");
        let kept = leaves(SelfTrade::ExpireTaker, amount);
        assert_eq!(kept, [(1, 100, 5), (2, 100, 10)], "{amount:?}");
    }
}

#[test]
fn market_order_meets_its_group() {
    for amount in [lots(7), budget(700), both(7, 700), whole(7, 700)] {
        let mut venue = Venue::new();
        let of_group = Order {
            group: TradeGroup(4),
            ..ask(1, 100, 5)
        };
        venue.holds([of_group, whose(2, ask(2, 100, 10))]);
        venue.does(Action::Market(MarketOrder {
            group: TradeGroup(4),
            self_trade: Some(SelfTrade::ExpireMaker),
            ..MarketOrder::new(OrderId(9), AccountId(3), Side::Buy, amount)
        }));
        assert_eq!(venue.asks(), [(2, 100, 3)], "{amount:?}");
    }
}

#[test]
fn decrement_leaves_the_budget_where_there_is_a_quantity_too() {
    let mut venue = venue();
    let said = venue.says(own(SelfTrade::Decrement, both(7, 200)));
    let trades: Vec<_> = said
        .iter()
        .filter(|line| line.starts_with("Traded"))
        .collect();
    assert_eq!(trades, ["Traded 9 with 2 100x2"]);
    assert_eq!(venue.asks(), [(2, 100, 8)]);
    assert!(!said.iter().any(|line| line.starts_with("Cancelled 9")));
}

#[test]
fn decrement_spends_a_budget_alone() {
    assert_eq!(
        leaves(SelfTrade::Decrement, budget(700)),
        [(2, 100, 8)],
        "five are prevented for 500, and two trade"
    );
    assert_eq!(
        leaves(SelfTrade::Decrement, budget(299)),
        [(1, 100, 3), (2, 100, 10)]
    );
}

#[test]
fn budget_does_not_bound_what_both_lose() {
    let said = says(SelfTrade::Decrement, both(4, 100));
    assert_eq!(said.last().unwrap(), "Cancelled 9 SelfTrade 0");
    let left = leaves(SelfTrade::Decrement, both(4, 100));
    assert_eq!(left, [(1, 100, 1), (2, 100, 10)]);
    let left = leaves(SelfTrade::Decrement, both(4, 99));
    assert_eq!(
        left,
        [(1, 100, 5), (2, 100, 10)],
        "it would not have traded"
    );
}

#[test]
fn whole_order_counts_only_what_would_trade() {
    let killed = ["Cancelled 9 FillOrKill 11"];
    assert_eq!(says(SelfTrade::ExpireMaker, whole(11, 9_000)), killed);
    let left = leaves(SelfTrade::ExpireMaker, whole(10, 1_000));
    assert_eq!(left, []);
}

#[test]
fn mode_must_be_allowed_behind_the_amount_and_before_the_id() {
    let instrument = Instrument::builder()
        .self_trade(SelfTrade::ExpireMaker)
        .self_trade_modes(&[SelfTrade::ExpireMaker])
        .notional_max(Notional::new(1_000));
    let mut venue = Venue::of(instrument);
    venue.holds([ask(9, 100, 5)]);
    let mode = SelfTrade::Decrement;
    for amount in [lots(7), budget(700), both(7, 700), whole(7, 700)] {
        let refused = venue.refuses(own(mode, amount));
        assert_eq!(refused, RejectReason::SelfTradeNotAllowed, "{amount:?}");
        let refused = venue.refuses(own(SelfTrade::ExpireMaker, amount));
        assert_eq!(refused, RejectReason::OrderIdAlreadyLive, "{amount:?}");
    }
    for amount in [budget(2_000), both(7, 2_000), whole(7, 2_000)] {
        let refused = venue.refuses(own(mode, amount));
        assert_eq!(refused, RejectReason::NotionalTooLarge, "{amount:?}");
    }
    for amount in [lots(0), both(0, 700), whole(0, 700)] {
        let refused = venue.refuses(own(mode, amount));
        assert_eq!(refused, RejectReason::QuantityIsZero, "{amount:?}");
    }
}
