//! Settings where many orders follow a price, or depend on each other.

use pricetime::{Capacities, Instrument, Notional, Price, Quantity, TriggerOnEntry};

use super::{Ids, Kind, Lifetime, ROOMY, Setting, positive, thrice};
use crate::model::script::terms;

pub fn pegs() -> Setting {
    Setting {
        actions: PEG_ACTIONS,
        lifetimes: LIFETIMES,
        terms: &terms::PEGS,
        ids: Ids::Of((0..60).collect()),
        memory: 30,
        passive_of_32: 27,
        ..positive(ROOMY)
    }
}

/// Prices around zero, where the middle is rounded both ways, and limits for money that a move may break.
pub fn pegs_around_zero() -> Setting {
    let usual = super::plain();
    Setting {
        instrument: usual.instrument.notional_max(Notional::new(40)),
        prices: usual.prices,
        middle: usual.middle,
        ..pegs()
    }
}

/// Every capacity is short.
pub fn few_pegs() -> Setting {
    let usual = pegs();
    Setting {
        instrument: usual.instrument.capacities(Capacities {
            orders: 20,
            levels: 5,
            accounts: 3,
            timed_orders: 6,
            special_orders: 6,
            waiting_orders: 4,
            lists: 2,
            tokens: 4,
            events: 16,
        }),
        quantities: vec![1, 1, 2, 3],
        taker_quantities: vec![1, 3, 6, 12, 15],
        ids: Ids::Of((0..30).collect()),
        ..usual
    }
}

pub fn lists() -> Setting {
    Setting {
        actions: LIST_ACTIONS,
        lifetimes: LIFETIMES,
        terms: &terms::LISTS,
        ids: Ids::Of((0..80).collect()),
        memory: 20,
        passive_of_32: 25,
        ..positive(ROOMY)
    }
}

/// Orders whose trigger is met already are refused, also as they start with their list.
pub fn lists_refused() -> Setting {
    let usual = lists();
    Setting {
        instrument: usual
            .instrument
            .trigger_on_entry(TriggerOnEntry::Refused)
            .notional_max(Notional::new(90)),
        ..usual
    }
}

/// Every capacity is short.
pub fn few_lists() -> Setting {
    let usual = lists();
    Setting {
        instrument: usual.instrument.capacities(Capacities {
            orders: 24,
            levels: 7,
            accounts: 3,
            timed_orders: 6,
            special_orders: 5,
            waiting_orders: 9,
            lists: 3,
            tokens: 4,
            events: 20,
        }),
        ids: Ids::Of((0..40).collect()),
        ..usual
    }
}

/// Many small orders and long lists, takers that meet most of them, and few events to tell of it.
pub fn long_lists() -> Setting {
    let usual = lists();
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(1), Price::new(9))
            .quantity_limits(Quantity::new(1), Quantity::new(100))
            .capacities(Capacities {
                events: 16,
                ..ROOMY
            }),
        prices: thrice(1..=9).collect(),
        middle: 5,
        quantities: vec![1, 1, 1, 2],
        taker_quantities: vec![1, 3, 7, 10, 13],
        ids: Ids::Of((0..160).collect()),
        accounts: vec![0, 1, 2, 3],
        actions: LONG_LIST_ACTIONS,
        ..usual
    }
}

const PEG_ACTIONS: &[(Kind, u8)] = &[
    (Kind::Limit, 90),
    (Kind::Order, 80),
    (Kind::Market, 14),
    (Kind::SetMark, 6),
    (Kind::Cancel, 20),
    (Kind::Reduce, 10),
    (Kind::Replace, 26),
    (Kind::List, 6),
    (Kind::CancelAll, 2),
    (Kind::AdvanceTime, 1),
    (Kind::EndOfDay, 1),
];
const LIST_ACTIONS: &[(Kind, u8)] = &[
    (Kind::Limit, 80),
    (Kind::Order, 26),
    (Kind::Market, 22),
    (Kind::List, 44),
    (Kind::Leg, 20),
    (Kind::SetMark, 10),
    (Kind::Cancel, 12),
    (Kind::Reduce, 16),
    (Kind::Replace, 20),
    (Kind::CancelAll, 2),
    (Kind::AdvanceTime, 2),
    (Kind::EndOfDay, 2),
];
const LONG_LIST_ACTIONS: &[(Kind, u8)] = &[
    (Kind::Limit, 70),
    (Kind::Order, 10),
    (Kind::Market, 40),
    (Kind::List, 70),
    (Kind::Cancel, 10),
    (Kind::Reduce, 16),
    (Kind::Replace, 16),
    (Kind::CancelAll, 6),
    (Kind::EndOfDay, 4),
];
const LIFETIMES: &[(Lifetime, u8)] = &[
    (Lifetime::Gtc, 20),
    (Lifetime::Ioc, 3),
    (Lifetime::Fok, 2),
    (Lifetime::Day, 3),
    (Lifetime::Gtd, 4),
];
