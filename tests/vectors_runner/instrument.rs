//! The instrument that a scenario's `config` and numbers ask for.

use pricetime::{
    Capacities, Decimal, Instrument, Lot, OrderIdPolicy, Quantity, SelfTrade, Tick, notional,
};
use serde_json::Value;

use crate::conventions;
use crate::scenario::{Object, Scenario, decimal, units};
use crate::{amend_words, filters, trigger_words};

/// The error says what of the scenario cannot be read.
/// The `config` is the scenario's, with what a reading adds to it.
pub fn of(scenario: &Scenario, config: &Object) -> Result<Instrument, String> {
    let (tick, lot) = units(scenario)?;
    let increasing = scenario.config.get("order_ids") == Some(&"increasing".into());
    let stp = scenario.config.get("stp").unwrap_or(&Value::Null);
    let mut builder = Instrument::builder()
        .tick(tick)
        .lot(lot)
        .order_ids(match increasing {
            true => OrderIdPolicy::Increasing,
            false => OrderIdPolicy::UniqueWhileLive,
        })
        .capacities(capacities(scenario))
        .trigger_on_entry(
            trigger_words::on_entry(config)
                .and_then(trigger_words::entry_policy)
                .unwrap_or_default(),
        )
        .self_trade(conventions::self_trade(stp).unwrap_or_default())
        .self_trade_modes(&self_trade_modes(scenario)?)
        .amend_policy(amend_words::policy(scenario))
        .amend_quantity(amend_words::quantity(scenario))
        .peaks_max(peaks_max(scenario)?);
    builder = filters::apply(builder, scenario, lot)?;
    let (least, most) = (
        quantity(scenario, lot, "qty_min")?,
        quantity(scenario, lot, "qty_max")?,
    );
    if least.is_some() || most.is_some() {
        let roomy = Quantity::new(1 << 32);
        builder = builder.quantity_limits(least.unwrap_or(Quantity::new(1)), most.unwrap_or(roomy));
    }
    if let Some(least) = number(scenario, "notional_min")? {
        builder = builder.notional_min(money(least, tick, lot)?);
    }
    if let Some(most) = number(scenario, "notional_max")? {
        builder = builder.notional_max(money(most, tick, lot)?);
    }
    builder.build().map_err(|error| error.to_string())
}

/// Room for every order the scenario could enter.
fn capacities(scenario: &Scenario) -> Capacities {
    let repeats = scenario
        .steps
        .iter()
        .filter_map(|step| step.get("ids")?.get(1)?.as_u64());
    let orders = 16 + scenario.steps.len() as u64 + repeats.sum::<u64>();
    let orders = u32::try_from(orders).unwrap_or(u32::MAX);
    Capacities {
        orders,
        levels: orders,
        accounts: orders,
        timed_orders: orders,
        special_orders: orders,
        waiting_orders: orders,
        lists: orders,
        tokens: orders,
        // A small peak makes many trades of one order.
        events: orders.saturating_add(1 << 14),
    }
}

/// The most peaks that an order may make; as many as it likes where the source does not say.
fn peaks_max(scenario: &Scenario) -> Result<u32, String> {
    let Some(peaks) = scenario.config.get("iceberg_parts") else {
        return Ok(u32::MAX);
    };
    let peaks = peaks.as_u64().and_then(|peaks| u32::try_from(peaks).ok());
    peaks.ok_or("config `iceberg_parts` must be whole".into())
}

/// The self-trade modes that orders may ask for.
fn self_trade_modes(scenario: &Scenario) -> Result<Vec<SelfTrade>, String> {
    let Some(names) = scenario.config.get("stp_modes") else {
        return Ok(SelfTrade::ALL.to_vec());
    };
    let modes = names.as_array().map(|names| {
        let modes = names.iter().map(conventions::self_trade);
        modes.collect::<Option<Vec<_>>>()
    });
    let malformed = "config `stp_modes` must list self-trade modes";
    modes.flatten().ok_or(malformed.into())
}

fn number(scenario: &Scenario, key: &str) -> Result<Option<Decimal>, String> {
    match scenario.config.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match decimal(value) {
            Some(number) => Ok(Some(number)),
            None => Err(format!("config `{key}` must be a number")),
        },
    }
}

fn quantity(scenario: &Scenario, lot: Lot, key: &str) -> Result<Option<Quantity>, String> {
    let quantity = number(scenario, key)?.map(|number| lot.quantity(number));
    quantity.transpose().map_err(|error| error.to_string())
}

fn money(value: Decimal, tick: Tick, lot: Lot) -> Result<pricetime::Notional, String> {
    notional(value, tick, lot).map_err(|error| error.to_string())
}
