//! Expectations: each key is told by the function of its kind, which answers
//! with the difference found, if any.

use pricetime::{
    Book, Decimal, Engine, OrderId, Price, Quantity, RestingOrder, Side, WaitingOrder,
};
use serde_json::Value;

use crate::run::{Halt, Run};
use crate::scenario::{Object, decimal};
use crate::{
    expect_book, expect_lists, expect_orders, expect_prevented, expect_status, expect_trades,
    expect_waiting,
};

/// `None` when what was expected is so.
pub type Difference = Option<String>;

/// Checks every fact against the run as it stands.
pub fn check(run: &mut Run, facts: &Object, differences: &mut Vec<String>) -> Result<(), Halt> {
    for (key, expected) in facts {
        if let Some(difference) = fact(run, key, expected, facts)? {
            differences.push(format!("after step {}: {key}: {difference}", run.step));
        }
    }
    Ok(())
}

fn fact(run: &mut Run, key: &str, expected: &Value, facts: &Object) -> Result<Difference, Halt> {
    match key {
        "trades" => expect_trades::trades(run, expected),
        "n_trades" | "trades_so_far" => expect_trades::count(run, expected),
        "trades_in_id_order" => expect_trades::in_id_order(run, expected),
        "total_traded" | "filled_qty" => expect_trades::total(run, expected),
        "fills" => expect_trades::fills(run, expected),
        "notional" => expect_trades::notional(run, expected),
        "events" => expect_trades::events(run, expected),
        "executions" => expect_trades::executions(run, expected),
        "book" => expect_book::levels(run, expected, true),
        "top_levels" => expect_book::levels(run, expected, false),
        "no_more_levels" => expect_book::no_more_levels(run, expected, facts),
        "n_bids" | "n_asks" | "n_orders" | "total_volume" | "visible_volume" | "hidden_volume" => {
            expect_book::totals(run, key, expected)
        }
        "best_bid" | "best_ask" => expect_book::best(run, key, expected),
        "bid_level_qty" | "ask_level_qty" => expect_book::level_quantities(run, key, expected),
        "front_bids" | "front_asks" => expect_book::front(run, key, expected),
        "queue" => expect_book::queue(run, expected),
        "last_price" => expect_book::last_price(run, expected),
        "resting" => expect_orders::resting(run, expected),
        "gone" => expect_orders::gone(run, expected),
        "cancelled" | "expired" | "killed" => expect_orders::ended(run, key, expected),
        "removed_qty" => expect_orders::removed(run, expected),
        "rejected" => expect_orders::rejected(run, expected),
        "rejected_steps" => expect_orders::rejected_steps(run, expected),
        "cancel_results" => expect_orders::cancel_results(run, expected),
        "error" => expect_orders::error(run, expected),
        "orders" => expect_orders::orders(run, expected),
        "filled" | "allocations" => expect_orders::filled(run, expected),
        "status" => expect_status::status(run, expected),
        "prevented" => expect_prevented::prevented(run, expected),
        "prevented_qty" => expect_prevented::quantities(run, expected),
        "transfer" => expect_prevented::transfer(run, expected),
        "effective_mode" => expect_prevented::effective_modes(run, expected),
        "triggered" => expect_waiting::triggered(run, expected),
        "pending" => expect_waiting::pending(run, expected),
        "n_stop_orders" | "stop_volume" => expect_waiting::totals(run, key, expected),
        "trigger_print" => expect_waiting::trigger_print(run, expected),
        "works_at_limit" => expect_waiting::works_at_limit(run, expected),
        "extreme_price" => expect_waiting::extreme_price(run, expected),
        "held" => expect_lists::held(run, expected),
        "released" => expect_lists::released(run, expected),
        "duplicates" => expect_lists::duplicates(run, expected),
        "repriced" => expect_lists::repriced(run, expected),
        "pegged_price" => expect_lists::pegged_price(run, expected),
        "list_status" => expect_lists::list_status(run, expected),
        other => Err(Halt::Skip(format!("expect {other}"))),
    }
}

/// A difference between two things that can be shown, or none.
pub fn compare<T: PartialEq + std::fmt::Debug>(expected: &T, found: &T) -> Difference {
    (expected != found).then(|| format!("expected {expected:?}, found {found:?}"))
}

/// The first of several differences.
pub fn first<I: IntoIterator<Item = Result<Difference, Halt>>>(all: I) -> Result<Difference, Halt> {
    for difference in all {
        if let Some(difference) = difference? {
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

impl Run {
    pub fn unreadable(&self, expected: &Value) -> Halt {
        self.malformed(&format!("cannot read the expectation {expected}"))
    }

    pub fn list<'v>(&self, expected: &'v Value) -> Result<&'v Vec<Value>, Halt> {
        let list = expected.as_array();
        list.ok_or_else(|| self.unreadable(expected))
    }

    pub fn map<'v>(&self, expected: &'v Value) -> Result<&'v Object, Halt> {
        let map = expected.as_object();
        map.ok_or_else(|| self.unreadable(expected))
    }

    pub fn decimal(&self, expected: &Value) -> Result<Decimal, Halt> {
        decimal(expected).ok_or_else(|| self.unreadable(expected))
    }

    pub fn order_id(&mut self, expected: &Value) -> Result<OrderId, Halt> {
        let id = self.names.order(expected);
        id.ok_or_else(|| self.unreadable(expected))
    }

    pub fn price_of(&self, price: Price) -> Decimal {
        let price = self.instrument.tick().decimal(price);
        price.expect("prices of scenarios are short")
    }

    pub fn quantity_of(&self, quantity: Quantity) -> Decimal {
        let quantity = self.instrument.lot().decimal(quantity);
        quantity.expect("quantities of scenarios are short")
    }

    pub fn notional_of(&self, tick_lots: i128) -> Decimal {
        let unit = self.instrument.tick().step() * self.instrument.lot().step();
        let count = Decimal::try_from_i128_with_scale(tick_lots, 0);
        count.expect("scenarios trade little money") * unit
    }

    /// The book that an expectation which names no symbol speaks of.
    pub fn book(&mut self) -> Result<&Book, Halt> {
        if self.engines.len() > 1 {
            return Err(Halt::skip("one book expected of several symbols"));
        }
        if self.engines.is_empty() {
            let engine = Engine::new(self.instrument.clone());
            self.engines.insert(String::new(), engine);
        }
        let engine = self.engines.values().next();
        Ok(engine.expect("just made").book())
    }

    /// An order that waits for its trigger.
    pub fn waiting(&self, id: OrderId) -> Option<WaitingOrder> {
        let mut books = self.engines.values().map(|engine| engine.book());
        books.find_map(|book| book.waiting_order(id))
    }

    /// The quantities of market orders of a side that rest in the source's words, and wait here.
    pub fn market_orders_that_wait(&self, side: Side) -> impl Iterator<Item = Decimal> {
        let ids = self.watch.market_orders_that_wait.iter();
        let waiting = ids.filter_map(|id| self.waiting(*id));
        let of_side = waiting.filter(move |waiting| waiting.order.side == side);
        of_side.map(|waiting| self.quantity_of(waiting.order.quantity))
    }

    pub fn resting(&self, id: OrderId) -> Option<RestingOrder> {
        let mut books = self.engines.values().map(|engine| engine.book());
        books.find_map(|book| book.order(id))
    }
}
