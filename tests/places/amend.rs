//! The places of amendments, of orders in the place of others, and of orders sent again.

use std::collections::BTreeSet;

use pricetime::{
    AccountId, Action, CancelOnly, CancelReplaceMode, ClientToken, Display, Event, OrderId,
    Priority, Quantity, RejectReason, RestingOrder,
};

use super::Step;

impl Step<'_> {
    /// Whether an order kept its place, by the policy.
    pub(super) fn policy_names(&self) -> Vec<String> {
        let policy = self.instrument.amend_policy();
        let mut names = Vec::new();
        for event in self.events {
            if let Event::Replaced { id, priority, .. } = event
                && self.before.order(*id).is_some()
            {
                let so = match priority {
                    Priority::Kept => "kept",
                    Priority::Lost => "lost",
                };
                names.push(format!("place {so} by {policy:?}"));
            }
        }
        names
    }

    pub(super) fn amend_places(&self) -> Vec<&'static str> {
        let id = self.command.action.id();
        let (Some(old), None) = (self.before.order(id), self.reason()) else {
            return self.waiting_amended();
        };
        let kept = self.events.iter().any(|event| match event {
            Event::Replaced { priority, .. } => *priority == Priority::Kept,
            _ => false,
        });
        let mut places = Vec::new();
        if let Some(new) = self.after.order(id).filter(|_| kept) {
            places.extend(kept_places(&old, &new));
        }
        if let Action::Amend(amend) = self.command.action
            && !kept
            && let Some(display) = amend.display.filter(|display| *display != old.display)
        {
            places.push(match (old.display, display) {
                (Display::Whole, _) => "order begins to hide and loses its place",
                (_, Display::Whole) => "order shows all and loses its place",
                _ => "other display loses its place",
            });
        }
        places
    }

    fn waiting_amended(&self) -> Vec<&'static str> {
        let Action::Amend(amend) = self.command.action else {
            return Vec::new();
        };
        let old = self.before.waiting_order(amend.id);
        let new = self.after.waiting_order(amend.id);
        let mut places = Vec::new();
        if let (Some(old), Some(new)) = (old, new)
            && old.order.display != new.order.display
        {
            places.push("display of a waiting order changed");
        }
        places
    }

    pub(super) fn replaced_places(&self) -> Vec<&'static str> {
        let Action::CancelReplace {
            cancel,
            only,
            mode,
            order,
        } = self.command.action
        else {
            return Vec::new();
        };
        let refused = |wanted: OrderId| {
            self.has(|event| matches!(event, Event::Refused { id, .. } if *id == wanted))
        };
        let is_cancelled = self.has(|event| {
            let by = pricetime::CancelCause::Replaced;
            matches!(event, Event::Cancelled { cause, .. } if *cause == by)
        });
        let is_entered = self.has(|event| matches!(event, Event::Accepted { .. }));
        let mut places = vec![match (is_cancelled, is_entered, mode) {
            (true, true, _) => "cancelled and replaced",
            (true, false, CancelReplaceMode::StopOnFailure) => "only cancelled: StopOnFailure",
            (true, false, CancelReplaceMode::AllowFailure) => "only cancelled: AllowFailure",
            (false, true, _) if refused(cancel) => "only entered",
            (false, true, _) => "entered in the place of nothing",
            (false, false, CancelReplaceMode::StopOnFailure) => "nothing replaced: StopOnFailure",
            (false, false, CancelReplaceMode::AllowFailure) => "nothing replaced: AllowFailure",
        }];
        if is_cancelled && is_entered {
            places.push(match only {
                CancelOnly::Any => "replaced any",
                CancelOnly::New => "replaced one that has not traded",
                CancelOnly::PartiallyFilled => "replaced one that has traded",
            });
            if order.id == cancel {
                places.push("replaced under its own id");
            }
            if self.trades() > 0 {
                places.push("replaced by one that trades");
            }
        }
        places
    }

    pub(super) fn token_places(
        &self,
        used: &mut BTreeSet<(AccountId, ClientToken)>,
    ) -> Vec<&'static str> {
        let Action::Once { token, order } = self.command.action else {
            return Vec::new();
        };
        let is_new = !used.contains(&(order.account, token));
        if !self.has(|event| matches!(event, Event::Accepted { id, .. } if *id == order.id)) {
            return if is_new {
                vec!["token of a refused order"]
            } else {
                Vec::new()
            };
        }
        used.insert((order.account, token));
        if is_new {
            vec!["token remembered"]
        } else {
            vec!["token accepted again"]
        }
    }
}

/// What an order that stays where it is became.
fn kept_places(old: &RestingOrder, new: &RestingOrder) -> Vec<&'static str> {
    let mut places = Vec::new();
    if new.quantity > old.quantity {
        places.push(match new.display {
            Display::Whole => "shown order grown in place",
            Display::Hidden => "hidden order grown in place",
            Display::Peak { .. } => "hidden part grown in place",
        });
    }
    if new.display != old.display {
        places.push(match new.display {
            Display::Whole => "display changed in place to all",
            Display::Hidden => "display changed in place to nothing",
            Display::Peak { .. } => "display changed in place to another peak",
        });
    }
    if new.displayed < old.displayed && new.displayed > Quantity::ZERO {
        places.push("less shown in place");
    }
    places
}

use RejectReason::*;

/// Why an amendment may be refused, but for its time.
pub const REASONS: &[RejectReason] = &[
    OrderUnknown,
    OrderNotOwned,
    AmendedTooOften,
    AccountAmendsFull,
    OrderHasNoLimit,
    QuantityIsZero,
    QuantityTooSmall,
    QuantityTooLarge,
    HiddenCannotRest,
    PeakOutOfRange,
    TooManyPeaks,
    MinimumWithPeak,
    PriceOutOfBand,
    PriceOutOfRange,
    NotionalTooSmall,
    NotionalTooLarge,
    MinimumTooLarge,
    TriggerAlreadyMet,
    TriggerPriceOutOfBand,
    WouldTriggerAtOnce,
    AmendNotAllowed,
    PostOnlyWouldTake,
    LevelsFull,
    SpecialOrdersFull,
];

/// Why nothing is cancelled, and then why the new order is refused too.
pub const REPLACED_REASONS: &[RejectReason] = &[
    OrderUnknown,
    OrderNotOwned,
    TotalsNotKept,
    OrderHasTraded,
    OrderHasNotTraded,
    OrderIdAlreadyLive,
    PriceOutOfBand,
    PostOnlyWouldTake,
];

/// What must be reached of all this.
pub const NAMED: &[&str] = &[
    "TriggerMoved",
    "moved trigger met already, waits",
    "moved trigger met already, trail starts",
    "moved trigger met already, fires",
    "display of a waiting order changed",
    "waiting order amended to nothing",
    "waiting order replaced by another",
    "place kept by LessQuantity",
    "place lost by LessQuantity",
    "place kept by NoMoreDisplayed",
    "place lost by NoMoreDisplayed",
    "place kept by OnlyLessQuantity",
    "hidden order grown in place",
    "hidden part grown in place",
    "display changed in place to all",
    "display changed in place to another peak",
    "less shown in place",
    "order begins to hide and loses its place",
    "order shows all and loses its place",
    "other display loses its place",
    "cancelled and replaced",
    "only cancelled: StopOnFailure",
    "only cancelled: AllowFailure",
    "only entered",
    "nothing replaced: StopOnFailure",
    "nothing replaced: AllowFailure",
    "replaced any",
    "replaced one that has not traded",
    "replaced one that has traded",
    "replaced under its own id",
    "replaced by one that trades",
    "Duplicate",
    "token remembered",
    "token forgotten",
    "token accepted again",
    "token of a refused order",
];
