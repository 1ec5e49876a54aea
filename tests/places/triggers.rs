//! The places of orders that wait for a trigger.

use std::collections::BTreeSet;

use pricetime::{
    Action, CancelCause, Event, Order, OrderId, Price, Pricing, Side, TimeInForce, Trail,
    TriggerKind,
};

use super::Step;
use crate::model::TrailStep;

impl Step<'_> {
    pub(super) fn trigger_places(&self) -> Vec<&'static str> {
        let places = [
            self.cascade_places(),
            self.trail_places(),
            self.waiting_places(),
            self.line_places(),
        ];
        places.concat()
    }

    /// A name for what each triggered order had waited for, and for what it then did.
    pub(super) fn trigger_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (order, price) in self.triggered() {
            let Some(trigger) = order.trigger else {
                continue;
            };
            let (kind, source) = (trigger.kind, trigger.source);
            names.push(match trigger.trail {
                Trail::None => format!("{kind:?} triggered by {source:?}"),
                Trail::Ticks => format!("trail of ticks behind {source:?}"),
                Trail::BasisPoints => format!("trail of basis points behind {source:?}"),
            });
            if trigger.trail != Trail::None {
                names.push(format!("trail started {:?}", trigger.start));
            }
            let pricing = match order.pricing {
                Pricing::Limit(_) => "limit",
                Pricing::Market => "market",
                Pricing::Protected(_) => "protected",
                Pricing::MarketToLimit => "market to limit",
                Pricing::Pegged { .. } => "pegged",
            };
            names.push(format!("triggered {pricing} order"));
            if order.time_in_force == TimeInForce::Fok {
                names.push("triggered fill-or-kill order".to_owned());
            }
            if trigger.trail == Trail::None && price != trigger.price {
                let beyond = if trigger.kind == TriggerKind::Stop {
                    "stop met beyond its price"
                } else {
                    "take-profit met beyond its price"
                };
                names.push(beyond.to_owned());
            }
        }
        names
    }

    /// The orders that were triggered, as they were before, and by which price.
    fn triggered(&self) -> Vec<(Order, Price)> {
        let one = |event: &Event| match *event {
            Event::Triggered { id, price } => self.waited(id).map(|order| (order, price)),
            _ => None,
        };
        self.events.iter().filter_map(one).collect()
    }

    /// An order that waited before the command, or that the command entered.
    fn waited(&self, id: OrderId) -> Option<Order> {
        let before = self.before.waiting_order(id).map(|waiting| waiting.order);
        before.or(match self.command.action {
            Action::Order(order)
            | Action::Once { order, .. }
            | Action::Leg { order, .. }
            | Action::CancelReplace { order, .. }
                if order.id == id =>
            {
                Some(order)
            }
            _ => None,
        })
    }

    /// Whether the command, or what followed it, triggered, released or moved this order.
    pub(super) fn was_run(&self, order: OrderId) -> bool {
        self.has(|event| match event {
            Event::Triggered { id, .. } | Event::Released { id } | Event::Repriced { id, .. } => {
                *id == order
            }
            _ => false,
        })
    }

    fn cascade_places(&self) -> Vec<&'static str> {
        let triggered = self.triggered();
        let mut places = Vec::new();
        if triggered.len() >= 3 {
            places.push("three triggered by one command");
        }
        if self.passes() >= 3 {
            places.push("a cascade of three passes");
        }
        let sides: BTreeSet<Side> = triggered.iter().map(|(order, _)| order.side).collect();
        if sides.len() > 1 {
            places.push("both sides triggered by one command");
        }
        if !triggered.is_empty() && self.reason().is_some() {
            places.push("triggered after a refusal");
        }
        if !triggered.is_empty() && matches!(self.command.action, Action::SetMark(_)) {
            places.push("triggered by a mark");
        }
        let expired = self.has(|event| is_cancelled(event, CancelCause::Expired));
        if expired && !triggered.is_empty() {
            places.push("triggered after an expiry");
        }
        places
    }

    /// How many times a triggered order traded before another one was triggered, and one.
    fn passes(&self) -> usize {
        let mut passes = 0;
        let mut has_traded = true;
        let mut has_begun = false;
        for event in self.events {
            match event {
                Event::Triggered { .. } => {
                    passes += usize::from(has_traded);
                    (has_begun, has_traded) = (true, false);
                }
                Event::Traded { .. } if has_begun => has_traded = true,
                _ => {}
            }
        }
        passes
    }

    fn trail_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        let ids: BTreeSet<OrderId> = self.after.trails.iter().map(|(id, _)| *id).collect();
        for id in ids {
            let of_id = self.after.trails.iter().filter(|(other, _)| *other == id);
            let steps: BTreeSet<TrailStep> = of_id.map(|(_, step)| *step).collect();
            let has = |step| steps.contains(&step);
            match [TrailStep::Started, TrailStep::Improved, TrailStep::Met].map(has) {
                [true, true, true] => {
                    places.push("trail started, improved and met in one command");
                }
                [true, false, true] => places.push("trail started and met in one command"),
                [false, true, true] => places.push("trail improved and met in one command"),
                [true, true, false] => places.push("trail started and improved in one command"),
                [true, false, false] => places.push("trail started"),
                [false, true, false] => places.push("trail improved"),
                [false, false, true] => places.push("trail met"),
                [false, false, false] => {}
            }
        }
        places
    }

    /// What became of orders that wait and were not triggered.
    fn waiting_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        for event in self.events {
            let id = match *event {
                Event::Cancelled { id, .. }
                | Event::Reduced { id, .. }
                | Event::Replaced { id, .. } => id,
                _ => continue,
            };
            let Some(waiting) = self.before.waiting_order(id) else {
                continue;
            };
            if self.was_run(id) {
                continue;
            }
            let is_priced = matches!(waiting.order.pricing, Pricing::Limit(_));
            match event {
                Event::Reduced { .. } => places.push("waiting order reduced"),
                Event::Replaced { .. } if is_priced => places.push("waiting order replaced"),
                Event::Replaced { .. } => places.push("waiting order without a limit replaced"),
                Event::Cancelled { cause, .. } => places.extend(waiting_cancelled(*cause)),
                _ => {}
            }
        }
        places
    }

    /// Orders that were elected by an earlier command than the one that runs them, or ends them.
    fn line_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        for (id, _) in &self.before.elected {
            if self.was_run(*id) {
                places.push("elected before, triggered now");
            } else if self.after.waiting_order(*id).is_none() {
                places.push("elected before, cancelled now");
            }
        }
        if !self.after.elected.is_empty() && self.trades() > 0 {
            places.push("elected, and to wait for the next command");
        }
        places
    }
}

fn waiting_cancelled(cause: CancelCause) -> Option<&'static str> {
    match cause {
        CancelCause::Requested => Some("waiting order cancelled"),
        CancelCause::Expired => Some("waiting order expired"),
        CancelCause::DayEnded => Some("waiting order ended with the day"),
        CancelCause::Mass => Some("waiting order cancelled with others"),
        CancelCause::List => Some("waiting order cancelled with its list"),
        CancelCause::Amended => Some("waiting order amended to nothing"),
        CancelCause::Replaced => Some("waiting order replaced by another"),
        CancelCause::OutOfRange
        | CancelCause::NotFilledAtOnce
        | CancelCause::FillOrKill
        | CancelCause::SelfTrade
        | CancelCause::MinimumNotMet
        | CancelCause::Refused => None,
    }
}

fn is_cancelled(event: &Event, wanted: CancelCause) -> bool {
    matches!(event, Event::Cancelled { cause, .. } if *cause == wanted)
}
