//! The places of orders that depend on each other, and of those that follow a price.

use std::collections::BTreeSet;

use pricetime::{Action, Event, OrderId};

use super::Step;

impl Step<'_> {
    /// A name for each list that started, and for what became of its orders.
    pub(super) fn list_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Action::Leg { kind, order, .. } = self.command.action {
            if self.has(|event| matches!(event, Event::ListStarted { .. })) {
                names.push(format!("{kind:?} started"));
            }
            let pegged = matches!(order.pricing, pricetime::Pricing::Pegged { .. });
            if pegged && self.has(|event| matches!(event, Event::Held { .. })) {
                names.push("pegged order held".to_owned());
            }
        }
        names
    }

    pub(super) fn peg_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        let mut moved = BTreeSet::new();
        for (index, event) in self.events.iter().enumerate() {
            let Event::Repriced { id, .. } = *event else {
                continue;
            };
            if !moved.insert(id) {
                places.push("peg moved twice by one command");
            }
            places.extend(what_follows(id, &self.events[index + 1..]));
            let display = self.before.order(id).map(|order| order.display);
            if matches!(display, Some(pricetime::Display::Peak { .. })) {
                places.push("iceberg peg moved");
            }
            if self.before.list_of(id).is_some() {
                places.push("peg of a list moved");
            }
        }
        if moved.len() > 1 {
            places.push("two pegs moved by one command");
        }
        places
    }

    /// What was done to orders of lists by the commands on one order.
    pub(super) fn leg_places(&self) -> Vec<&'static str> {
        let id = self.command.action.id();
        let (Some(_), None) = (self.before.list_of(id), self.reason()) else {
            return Vec::new();
        };
        let is_resting = self.before.order(id).is_some();
        match (&self.command.action, is_resting) {
            (Action::Cancel(_), true) => vec!["resting order of a list cancelled"],
            (Action::Cancel(_), false) => vec!["waiting order of a list cancelled"],
            (Action::Reduce(_), true) => vec!["resting order of a list reduced"],
            (Action::Reduce(_), false) => vec!["waiting order of a list reduced"],
            (Action::Replace(_), true) => vec!["resting order of a list replaced"],
            (Action::Replace(_), false) => vec!["waiting order of a list replaced"],
            _ => Vec::new(),
        }
    }
}

/// What became of an order that moved, by the events behind the one that says so.
fn what_follows(id: OrderId, events: &[Event]) -> Option<&'static str> {
    events.iter().find_map(|event| match *event {
        Event::Refused { id: other, .. } if other == id => Some("peg refused when moved"),
        Event::Slid { id: other, .. } if other == id => Some("peg slides when it moves"),
        Event::Traded { taker, .. } if taker == id => Some("peg trades when it moves"),
        Event::Prevented { taker, .. } if taker == id => Some("peg prevented when it moves"),
        Event::Rested { id: other, .. } if other == id => Some("peg rests where it moves to"),
        Event::RestedHidden { id: other, .. } if other == id => {
            Some("peg rests hidden where it moves to")
        }
        _ => None,
    })
}

/// Those that must be reached.
pub const NAMED: &[&str] = &[
    "Accepted Pegged",
    "Repriced",
    "primary peg moved down",
    "primary peg moved up",
    "market peg moved down",
    "market peg moved up",
    "midpoint peg moved down",
    "midpoint peg moved up",
    "peg cut by its limit",
    "peg does not fit",
    "peg moved twice by one command",
    "peg of a list moved",
    "peg prevented when it moves",
    "peg refused when moved",
    "peg released when its reference came",
    "peg rests hidden where it moves to",
    "peg rests where it moves to",
    "peg slides when it moves",
    "peg trades when it moves",
    "two pegs moved by one command",
    "iceberg peg moved",
    "reference found and gone again",
    "triggered or released, waits for a reference",
    "triggered pegged order",
    "Held",
    "ListStarted",
    "Released",
    "pegged order held",
    "waiting order cancelled with its list",
    "alternative made smaller",
    "alternative passed by",
    "an order of a list loses all",
    "cut to what was bought",
    "lists settled by a later command",
    "lists to be settled by a later command",
    "list ends with a mass cancel",
    "list ends with an order cancelled",
    "list ends with an order expired",
    "list ends with an order prevented",
    "list ends with an order refused",
    "list ends with an order that finds nobody",
    "list ends with the day of an order",
    "order due to go passed by",
    "partial trade ends the others",
    "partial trade leaves the others",
    "partial trade lessens the others",
    "released and triggered at once",
    "resting order of a list cancelled",
    "resting order of a list reduced",
    "resting order of a list replaced",
    "trigger ends the others",
    "waiting order of a list cancelled",
    "waiting order of a list reduced",
    "waiting order of a list replaced",
    "whole trade ends the others",
    "working order bought in part",
    "working order traded whole",
];
