//! Expectations on self-trades that were prevented.

use pricetime::{
    AccountId, Action, Command, Engine, Event, Events, Instrument, Order, OrderId, Price, Quantity,
    SelfTrade, Side, Timestamp,
};
use serde_json::Value;

use crate::conventions;
use crate::expect::{Difference, compare};
use crate::ledger::Prevention;
use crate::run::{Halt, Run};
use crate::scenario::Object;

/// All that was prevented, in order, each with the keys that the source states; or the
/// orders that lost something by it.
pub fn prevented(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let list = run.list(expected)?;
    if !list.is_empty() && list.iter().all(|entry| !entry.is_object()) {
        return orders(run, list);
    }
    let found = run.ledger.preventions.clone();
    for (index, (stated, found)) in list.iter().zip(&found).enumerate() {
        for (key, stated) in run.map(stated)? {
            if let Some(difference) = fact(run, (key, stated), found)? {
                return Ok(Some(format!("number {}: {key}: {difference}", index + 1)));
            }
        }
    }
    let shown = |found: &Prevention| format!("{}x{}", found.taker.0, found.maker.0);
    let shown: Vec<String> = found.iter().map(shown).collect();
    let wrong = list.len() != found.len();
    Ok(wrong.then(|| format!("expected {}, found (taker x maker) {shown:?}", list.len())))
}

fn orders(run: &mut Run, list: &[Value]) -> Result<Difference, Halt> {
    for entry in list {
        let id = run.order_id(entry)?;
        let order = run.ledger.orders.get(&id);
        if order.is_none_or(|order| order.prevented == Quantity::ZERO) {
            return Ok(Some(format!("{id:?} lost nothing")));
        }
    }
    Ok(None)
}

fn fact(
    run: &mut Run,
    (key, stated): (&str, &Value),
    found: &Prevention,
) -> Result<Difference, Halt> {
    let quantity = match key {
        "taker" => return Ok(compare(&run.order_id(stated)?, &found.taker)),
        "maker" => return Ok(compare(&run.order_id(stated)?, &found.maker)),
        "price" => return Ok(compare(&run.decimal(stated)?, &run.price_of(found.price))),
        "mode" => return Ok(compare(&mode(stated)?, &found.mode)),
        "qty" | "prevented_qty" => found.quantity,
        "taker_prevented_qty" => found.taker_lost,
        "maker_prevented_qty" => found.maker_lost,
        other => return Err(Halt::Skip(format!("expect prevented.{other}"))),
    };
    Ok(compare(&run.decimal(stated)?, &run.quantity_of(quantity)))
}

/// `{id: qty}`: what prevention took off each order.
pub fn quantities(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for (name, stated) in run.map(expected)? {
        let id = run.order_id(&name.as_str().into())?;
        let order = run.ledger.orders.get(&id);
        let found = order.map_or(Quantity::ZERO, |order| order.prevented);
        if let Some(difference) = compare(&run.decimal(stated)?, &run.quantity_of(found)) {
            return Ok(Some(format!("{id:?}: {difference}")));
        }
    }
    Ok(None)
}

/// What is to change accounts outside the market, in sum.
pub fn transfer(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    let transfers = run.ledger.preventions.iter();
    let transfers = transfers.filter(|found| found.mode == SelfTrade::Transfer);
    let moved = |found: &Prevention| {
        let quantity = run.quantity_of(found.quantity);
        (quantity, quantity * run.price_of(found.price))
    };
    let moved: Vec<_> = transfers.map(moved).collect();
    for (key, stated) in run.map(expected)? {
        let found = match key.as_str() {
            "base_from_seller_to_buyer" => moved.iter().map(|moved| moved.0).sum(),
            "quote_from_buyer_to_seller" => moved.iter().map(|moved| moved.1).sum(),
            other => return Err(Halt::Skip(format!("expect transfer.{other}"))),
        };
        if let Some(difference) = compare(&run.decimal(stated)?, &found) {
            return Ok(Some(format!("{key}: {difference}")));
        }
    }
    Ok(None)
}

/// `[{taker, maker, effective}..]`: what two orders of one account do that ask for these modes; `*` is every mode.
pub fn effective_modes(run: &mut Run, expected: &Value) -> Result<Difference, Halt> {
    for entry in run.list(expected)? {
        let row: &Object = run.map(entry)?;
        let of = |key: &str| match row.get(key) {
            Some(Value::String(any)) if any == "*" => Ok(SelfTrade::ALL.to_vec()),
            Some(name) => Ok(vec![mode(name)?]),
            None => Err(run.unreadable(entry)),
        };
        let (takers, makers, effective) = (of("taker")?, of("maker")?, of("effective")?);
        for (taker, maker) in takers
            .iter()
            .flat_map(|t| makers.iter().map(move |m| (*t, *m)))
        {
            if let Some(difference) = compare(&effective, &vec![effective_mode(taker, maker)]) {
                return Ok(Some(format!("{taker:?} on {maker:?}: {difference}")));
            }
        }
    }
    Ok(None)
}

/// Lets two orders of one account meet.
fn effective_mode(taker: SelfTrade, maker: SelfTrade) -> SelfTrade {
    let instrument = Instrument::builder().build().expect("a plain instrument");
    let mut events = Events::default();
    let mut engine = Engine::new(instrument);
    for (id, side, mode) in [(1, Side::Buy, maker), (2, Side::Sell, taker)] {
        let (price, quantity) = (Price::new(1), Quantity::new(1));
        let order = Order {
            self_trade: Some(mode),
            ..Order::limit(OrderId(id), AccountId(1), side, price, quantity)
        };
        let command = Command::new(Timestamp::default(), Action::Order(order));
        engine.apply(&command, &mut events);
    }
    let prevented = events.iter().find_map(|event| match event {
        Event::Prevented { mode, .. } => Some(*mode),
        _ => None,
    });
    prevented.unwrap_or(SelfTrade::Allow)
}

fn mode(name: &Value) -> Result<SelfTrade, Halt> {
    let unknown = || Halt::Skip(format!("self-trade mode {name}"));
    conventions::self_trade(name).ok_or_else(unknown)
}
