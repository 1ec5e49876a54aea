//! The places of filters, and of orders for all of a quantity within a budget.

use pricetime::{Action, CancelCause, Event, MarketAmount, Side, TimeInForce};

use super::Step;

impl Step<'_> {
    pub(super) fn range_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        let by = CancelCause::OutOfRange;
        for event in self.events {
            let Event::Cancelled { id, cause, .. } = event else {
                continue;
            };
            if *cause != by {
                continue;
            }
            let has_traded =
                self.has(|event| matches!(event, Event::Traded { taker, .. } if taker == id));
            places.push(if has_traded {
                "out of range after a trade"
            } else {
                "out of range without a trade"
            });
            if self.was_run(*id) {
                places.push("triggered order out of range");
                continue;
            }
            places.extend(match self.command.action {
                Action::Limit(order) if order.time_in_force == TimeInForce::Ioc => {
                    Some("immediate order out of range")
                }
                Action::Limit(_) => Some("order that could rest out of range"),
                Action::Order(order) if order.minimum.lots() > 0 => {
                    Some("order with a minimum out of range")
                }
                Action::Market(order) => match order.amount {
                    MarketAmount::Quantity(_) => Some("market order out of range"),
                    MarketAmount::Budget(_) | MarketAmount::Both { .. } => {
                        Some("budget out of range")
                    }
                    MarketAmount::Whole { .. } => None,
                },
                Action::Replace(_) | Action::Amend(_) => Some("changed order out of range"),
                _ => None,
            });
        }
        places
    }

    pub(super) fn whole_places(&self) -> Vec<&'static str> {
        let Action::Market(order) = self.command.action else {
            return Vec::new();
        };
        let MarketAmount::Whole { quantity, total } = order.amount else {
            return Vec::new();
        };
        if self.reason().is_some() {
            return Vec::new();
        }
        let makers = self.before.orders(order.side.opposite());
        let there: u64 = makers.iter().map(|maker| maker.quantity.lots()).sum();
        let mut places = Vec::new();
        places.push(match (order.side, self.trades() > 0) {
            (Side::Buy, true) => "whole budget met by a buy",
            (Side::Sell, true) => "whole budget met by a sell",
            (_, false) if there < quantity.lots() => "whole budget for more than is there",
            (Side::Buy, false) => "whole budget missed by a buy",
            (Side::Sell, false) => "whole budget missed by a sell",
        });
        if self.trades() > 0 && total.tick_lots() == 0 {
            places.push("whole sold for anything");
        }
        places
    }
}

/// What must be reached of all this.
pub const NAMED: &[&str] = &[
    "out of range after a trade",
    "out of range without a trade",
    "triggered order out of range",
    "immediate order out of range",
    "order that could rest out of range",
    "order with a minimum out of range",
    "market order out of range",
    "budget out of range",
    "changed order out of range",
    "whole budget met by a buy",
    "whole budget met by a sell",
    "whole budget missed by a buy",
    "whole budget missed by a sell",
    "whole budget for more than is there",
    "whole sold for anything",
];
