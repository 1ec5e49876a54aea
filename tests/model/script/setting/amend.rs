//! Settings where many orders are amended, replaced and sent again.

use pricetime::{
    AccountLimits, AmendPolicy, AmendQuantity, Capacities, Notional, Quantity, TriggerOnEntry,
};

use super::{Ids, Kind, ROOMY, Setting, close_together, positive, waiting};
use crate::model::script::terms;

/// Quantities count what has traded, and nobody amends for ever.
pub fn less_quantity() -> Setting {
    let usual = amended(AmendPolicy::LessQuantity);
    Setting {
        instrument: usual
            .instrument
            .quantity_limits(Quantity::new(2), Quantity::new(14))
            .amend_quantity(AmendQuantity::Total)
            .account_limits(AccountLimits {
                order_amends: Some(3),
                amends: Some(5),
                ..AccountLimits::default()
            }),
        ..usual
    }
}

/// Few slots for orders that are not plain, which an order may become.
pub fn no_more_displayed() -> Setting {
    let usual = amended(AmendPolicy::NoMoreDisplayed);
    Setting {
        instrument: usual
            .instrument
            .peaks_max(6)
            .notional_min(Notional::new(3))
            .notional_max(Notional::new(70))
            .capacities(Capacities {
                special_orders: 5,
                levels: 4,
                events: 16,
                ..ROOMY
            }),
        ..usual
    }
}

pub fn no_more_displayed_in_total() -> Setting {
    let usual = amended(AmendPolicy::NoMoreDisplayed);
    Setting {
        instrument: usual
            .instrument
            .keeps_totals(true)
            .amend_quantity(AmendQuantity::Total),
        ..usual
    }
}

/// Orders that wait may be given anything, those that rest may only become smaller.
pub fn only_less_quantity() -> Setting {
    let usual = waiting::stops();
    Setting {
        instrument: usual
            .instrument
            .peaks_max(6)
            .trigger_on_entry(TriggerOnEntry::Refused)
            .amend_policy(AmendPolicy::OnlyLessQuantity),
        ids: Ids::Of((0..30).collect()),
        actions: AMENDS,
        ..usual
    }
}

/// Orders in the place of others, and orders sent again.
pub fn replaced() -> Setting {
    let usual = positive(Capacities { tokens: 3, ..ROOMY });
    Setting {
        instrument: usual.instrument.keeps_totals(true),
        actions: REPLACES,
        memory: 8,
        passive_of_32: 27,
        ..usual
    }
}

/// The same among orders that wait, where neither totals nor tokens are kept.
pub fn replaced_and_waiting() -> Setting {
    let usual = waiting::stops();
    Setting {
        instrument: usual
            .instrument
            .trigger_on_entry(TriggerOnEntry::Waits)
            .capacities(Capacities {
                tokens: 0,
                events: 16,
                ..ROOMY
            }),
        actions: REPLACES,
        ..usual
    }
}

/// Few prices, and orders that are mostly not plain.
fn amended(policy: AmendPolicy) -> Setting {
    let usual = close_together(ROOMY);
    Setting {
        instrument: usual.instrument.keeps_totals(true).amend_policy(policy),
        actions: AMENDS,
        terms: &terms::AMENDED,
        passive_of_32: 26,
        ..usual
    }
}

const AMENDS: &[(Kind, u8)] = &[
    (Kind::Limit, 50),
    (Kind::Order, 70),
    (Kind::Once, 4),
    (Kind::CancelReplace, 6),
    (Kind::Market, 14),
    (Kind::Cancel, 4),
    (Kind::Reduce, 8),
    (Kind::Replace, 20),
    (Kind::Amend, 70),
    (Kind::CancelAll, 1),
    (Kind::SetMark, 4),
    (Kind::AdvanceTime, 2),
    (Kind::EndOfDay, 1),
];
const REPLACES: &[(Kind, u8)] = &[
    (Kind::Limit, 50),
    (Kind::Order, 30),
    (Kind::Once, 50),
    (Kind::CancelReplace, 70),
    (Kind::Market, 18),
    (Kind::Cancel, 4),
    (Kind::Reduce, 4),
    (Kind::Replace, 6),
    (Kind::Amend, 10),
    (Kind::SetMark, 6),
    (Kind::AdvanceTime, 2),
    (Kind::EndOfDay, 1),
];
