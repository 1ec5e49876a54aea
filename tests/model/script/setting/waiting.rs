//! Settings where many orders wait for a trigger.

use pricetime::{Capacities, Instrument, Notional, Price, Quantity, TriggerOnEntry};

use super::{Kind, Lifetime, ROOMY, Setting, positive, thrice};
use crate::model::script::terms;

pub fn stops() -> Setting {
    let usual = positive(ROOMY);
    Setting {
        actions: ACTIONS,
        lifetimes: LIFETIMES,
        terms: &terms::STOPS,
        ids: super::Ids::Of((0..60).collect()),
        memory: 30,
        passive_of_32: 26,
        ..usual
    }
}

/// Prices around zero, and orders whose trigger is met already wait all the same.
pub fn stops_wait() -> Setting {
    let usual = super::plain();
    Setting {
        instrument: usual.instrument.trigger_on_entry(TriggerOnEntry::Waits),
        prices: usual.prices,
        middle: usual.middle,
        ..stops()
    }
}

/// Such orders are refused, and money has limits that a price from the book may break.
pub fn stops_refused() -> Setting {
    let usual = stops();
    Setting {
        instrument: usual
            .instrument
            .trigger_on_entry(TriggerOnEntry::Refused)
            .notional_min(Notional::new(4))
            .notional_max(Notional::new(60)),
        ..usual
    }
}

/// Every capacity is short.
pub fn few_waiting() -> Setting {
    let usual = stops();
    Setting {
        instrument: usual.instrument.peaks_max(4).capacities(Capacities {
            orders: 16,
            levels: 5,
            accounts: 3,
            timed_orders: 6,
            special_orders: 3,
            waiting_orders: 7,
            lists: 8,
            tokens: 4,
            events: 24,
        }),
        ids: super::Ids::Of((0..30).collect()),
        ..usual
    }
}

/// Many small orders, takers that trade with most of them, and few events to tell of it.
pub fn cascades() -> Setting {
    let usual = stops();
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(1), Price::new(12))
            .quantity_limits(Quantity::new(1), Quantity::new(100))
            .capacities(Capacities {
                events: 16,
                ..ROOMY
            }),
        ids: super::Ids::Of((0..120).collect()),
        accounts: vec![0, 1, 2, 3],
        quantities: vec![1, 1, 1, 2],
        taker_quantities: vec![1, 1, 2, 3, 6, 11, 15, 30],
        memory: 7,
        passive_of_32: 25,
        actions: CASCADE_ACTIONS,
        lifetimes: CASCADE_LIFETIMES,
        terms: &terms::CASCADES,
        ..usual
    }
}

/// The same with more to tell, and more prices to trail.
pub fn trails() -> Setting {
    let usual = cascades();
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(1), Price::new(30))
            .quantity_limits(Quantity::new(1), Quantity::new(100))
            .capacities(ROOMY),
        prices: thrice(1..=30).chain([0, 31]).collect(),
        middle: 15,
        ..usual
    }
}

const ACTIONS: &[(Kind, u8)] = &[
    (Kind::Limit, 75),
    (Kind::Order, 80),
    (Kind::Market, 22),
    (Kind::SetMark, 20),
    (Kind::Cancel, 10),
    (Kind::Reduce, 14),
    (Kind::Replace, 24),
    (Kind::CancelAll, 2),
    (Kind::AdvanceTime, 2),
    (Kind::EndOfDay, 1),
];
const CASCADE_ACTIONS: &[(Kind, u8)] = &[
    (Kind::Limit, 84),
    (Kind::Order, 76),
    (Kind::Market, 20),
    (Kind::SetMark, 10),
    (Kind::Cancel, 36),
    (Kind::Reduce, 10),
    (Kind::Replace, 14),
    (Kind::CancelAll, 1),
    (Kind::EndOfDay, 3),
];
const LIFETIMES: &[(Lifetime, u8)] = &[
    (Lifetime::Gtc, 18),
    (Lifetime::Ioc, 4),
    (Lifetime::Fok, 2),
    (Lifetime::Day, 3),
    (Lifetime::Gtd, 4),
];
const CASCADE_LIFETIMES: &[(Lifetime, u8)] = &[
    (Lifetime::Gtc, 20),
    (Lifetime::Ioc, 4),
    (Lifetime::Fok, 1),
    (Lifetime::Day, 1),
    (Lifetime::Gtd, 2),
];
