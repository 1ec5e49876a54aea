//! Names for the places of the rules that one command can reach.

mod amend;
mod expected;
mod filters;
mod lists;
mod terms;
mod triggers;

use std::collections::BTreeSet;

use pricetime::{
    AccountId, Action, CancelCause, ClientToken, Command, Event, Instrument, MarketAmount, OrderId,
    PostOnly, Price, Priority, RejectReason, Rest, Side, TimeInForce,
};

use crate::model::Model;
pub use expected::expected;

/// One command, what it did and the book on both sides of it.
pub struct Step<'a> {
    pub instrument: &'a Instrument,
    pub command: &'a Command,
    pub before: &'a Model,
    pub events: &'a [Event],
    pub after: &'a Model,
}

/// What the commands of a script have used so far.
#[derive(Default)]
pub struct Used {
    ids: BTreeSet<OrderId>,
    tokens: BTreeSet<(AccountId, ClientToken)>,
}

impl Step<'_> {
    /// The names of all places that the command reached.
    pub fn places(&self, used: &mut Used) -> Vec<String> {
        let places = [
            self.order_places(),
            self.replace_places(),
            self.market_places(),
            self.other_places(&mut used.ids),
            self.terms_places(),
            self.trigger_places(),
            self.peg_places(),
            self.leg_places(),
            self.amend_places(),
            self.replaced_places(),
            self.range_places(),
            self.whole_places(),
            self.token_places(&mut used.tokens),
            self.after.notes.clone(),
        ];
        let named = places.concat().into_iter().map(String::from);
        let named = named.chain(self.event_names());
        let named = named.chain(self.prevention_names());
        let named = named.chain(self.trigger_names());
        let named = named.chain(self.policy_names());
        named.chain(self.list_names()).collect()
    }

    /// A name for each event, with the enumerations that it carries.
    fn event_names(&self) -> Vec<String> {
        let name = |event: &Event| match event {
            Event::Accepted { kind, .. } => format!("Accepted {kind:?}"),
            Event::Rejected {
                request, reason, ..
            } => format!("Rejected {request:?} {reason:?}"),
            Event::Traded { taker_side, .. } => format!("Traded {taker_side:?}"),
            Event::Rested { side, .. } => format!("Rested {side:?}"),
            Event::Reduced { .. } => "Reduced".to_owned(),
            Event::Replaced { priority, .. } => format!("Replaced {priority:?}"),
            Event::Slid { .. } => "Slid".to_owned(),
            Event::Priced { .. } => "Priced".to_owned(),
            Event::Prevented { mode, .. } => format!("Prevented {mode:?}"),
            Event::RestedHidden { side, .. } => format!("RestedHidden {side:?}"),
            Event::Refreshed { priority, .. } => format!("Refreshed {priority:?}"),
            Event::Cancelled { cause, .. } => format!("Cancelled {cause:?}"),
            Event::MassCancelled { rest, .. } => format!("MassCancelled {rest:?}"),
            Event::Waits { .. } => "Waits".to_owned(),
            Event::Triggered { .. } => "Triggered".to_owned(),
            Event::Held { .. } => "Held".to_owned(),
            Event::ListStarted { .. } => "ListStarted".to_owned(),
            Event::Released { .. } => "Released".to_owned(),
            Event::Duplicate { .. } => "Duplicate".to_owned(),
            Event::Repriced { .. } => "Repriced".to_owned(),
            Event::TriggerMoved { .. } => "TriggerMoved".to_owned(),
            Event::Refused { reason, .. } => format!("Refused {reason:?}"),
            Event::MarkSet { .. } => "MarkSet".to_owned(),
            Event::TimeAdvanced { .. } => "TimeAdvanced".to_owned(),
            Event::DayEnded { rest, .. } => format!("DayEnded {rest:?}"),
        };
        self.events.iter().map(name).collect()
    }

    fn order_places(&self) -> Vec<&'static str> {
        let Action::Limit(order) = self.command.action else {
            return Vec::new();
        };
        let mut places = Vec::new();
        let crosses = self.crosses(order.side, order.price);
        let unfilled = self.has(|event| matches!(event, Event::Cancelled { .. }));
        let accepted = self.has(|event| matches!(event, Event::Accepted { .. }));
        match order.time_in_force {
            TimeInForce::Fok if accepted && unfilled && crosses => places.push("fok killed short"),
            TimeInForce::Fok if accepted && !unfilled => places.push("fok filled"),
            TimeInForce::Ioc if self.trades() > 0 && unfilled => places.push("ioc filled in part"),
            TimeInForce::Ioc if accepted && !unfilled => places.push("ioc filled"),
            _ if self.trades() > 0 && self.rests() => places.push("limit trades and rests"),
            _ if self.trades() > 0 => places.push("limit filled"),
            _ => {}
        }
        places.extend(self.slide_places(order.post_only, order.price));
        match self.reason() {
            Some(RejectReason::AccountsFull) if crosses => places.push("account full, crossing"),
            Some(RejectReason::TimedOrdersFull) if crosses => places.push("timed full, crossing"),
            Some(RejectReason::LevelsFull) if order.post_only == PostOnly::Slide && crosses => {
                places.push("slide to no level");
            }
            _ => {}
        }
        places
    }

    /// A slide, or why there was none.
    fn slide_places(&self, post_only: PostOnly, asked: Price) -> Vec<&'static str> {
        if post_only != PostOnly::Slide {
            return Vec::new();
        }
        let band = self.instrument.price_min()..=self.instrument.price_max();
        let slid = self.has(|event| matches!(event, Event::Slid { .. }));
        let asked_notional = i128::from(asked.ticks()).abs();
        let reason = self.reason();
        let mut places = Vec::new();
        if slid && matches!(self.command.action, Action::Limit(_)) {
            places.push("slide of a new order");
        }
        if slid && matches!(self.command.action, Action::Replace(_)) {
            places.push("slide of a replaced order");
        }
        if reason == Some(RejectReason::PriceOutOfBand) && band.contains(&asked) {
            places.push("slide out of band");
        }
        if let Action::Limit(order) = self.command.action {
            let notional = asked_notional * i128::from(order.quantity.lots());
            let max = self.instrument.notional_max();
            if reason == Some(RejectReason::NotionalTooSmall)
                && notional >= self.instrument.notional_min().tick_lots()
            {
                places.push("slide to too small a notional");
            }
            if reason == Some(RejectReason::NotionalTooLarge)
                && max.is_some_and(|max| notional <= max.tick_lots())
            {
                places.push("slide to too large a notional");
            }
        }
        places
    }

    fn replace_places(&self) -> Vec<&'static str> {
        let Action::Replace(replace) = self.command.action else {
            return Vec::new();
        };
        let Some(old) = self.before.order(replace.id) else {
            return Vec::new();
        };
        let mut places = self.slide_places(old.post_only, replace.price.unwrap_or(old.price));
        let replaced = self.events.iter().find_map(|event| match event {
            Event::Replaced { priority, .. } => Some(*priority),
            _ => None,
        });
        if replaced != Some(Priority::Lost) {
            return places;
        }
        let same_price = replace.price.is_none_or(|price| price == old.price);
        let same_quantity = replace.quantity.is_none_or(|lots| lots == old.quantity);
        match (self.trades() > 0, self.rests()) {
            (true, true) => places.push("replace trades and rests"),
            (true, false) => places.push("replace filled"),
            (false, _) if same_price && same_quantity => places.push("replace by the same"),
            (false, _) if same_price => places.push("replace by more"),
            (false, _) => places.push("replace to another price"),
        }
        places
    }

    fn market_places(&self) -> Vec<&'static str> {
        let Action::Market(market) = self.command.action else {
            return Vec::new();
        };
        if self.reason().is_some() {
            return Vec::new();
        }
        let mut places = Vec::new();
        let unfilled = self.has(|event| matches!(event, Event::Cancelled { .. }));
        let stopped = unfilled && !self.after.orders(market.side.opposite()).is_empty();
        let spent = matches!(market.amount, MarketAmount::Budget(_));
        match market.amount {
            MarketAmount::Quantity(_) if unfilled => places.push("market filled in part"),
            MarketAmount::Quantity(_) => places.push("market filled"),
            MarketAmount::Budget(_) if stopped => places.push("budget stops"),
            MarketAmount::Budget(_) => places.push("budget takes the whole side"),
            MarketAmount::Both { .. } if stopped => places.push("both stopped by the budget"),
            MarketAmount::Both { .. } if unfilled => places.push("both take the whole side"),
            MarketAmount::Both { .. } => places.push("both filled"),
            MarketAmount::Whole { .. } => {}
        }
        if spent && self.has(|e| matches!(e, Event::Traded { price, .. } if price.ticks() < 0)) {
            places.push("budget raised by a negative price");
        }
        if spent && stopped && self.trades() == 0 {
            places.push("budget below the price of one lot");
        }
        places
    }

    fn other_places(&self, used_ids: &mut BTreeSet<OrderId>) -> Vec<&'static str> {
        let mut places = Vec::new();
        let expired = self.has(|event| {
            let due = CancelCause::Expired;
            matches!(event, Event::Cancelled { cause, .. } if *cause == due)
        });
        if expired && self.reason().is_some() {
            places.push("expiry before a refusal");
        }
        if expired && self.trades() > 0 {
            places.push("expiry before a trade");
        }
        let prices: BTreeSet<Price> = self.traded_prices().collect();
        if prices.len() > 1 {
            places.push("several levels traded");
        }
        if self.trades() > prices.len() {
            places.push("several makers of a level traded");
        }
        if let Action::Reduce(reduce) = self.command.action
            && self.reason().is_none()
            && self.after.order(reduce.id).is_none()
        {
            places.push("reduced to nothing");
        }
        if let Action::CancelAll(filter) = self.command.action
            && self.events.len() > 2
        {
            let more = self.has(|event| match event {
                Event::MassCancelled { rest, .. } => *rest == Rest::More,
                _ => false,
            });
            places.push(match (filter.account, more) {
                (Some(_), false) => "mass cancel of an account",
                (Some(_), true) => "mass cancel of a part of an account",
                (None, false) => "mass cancel of the book",
                (None, true) => "mass cancel of a part of the book",
            });
        }
        for event in self.events {
            if let Event::Accepted { id, .. } = event
                && !used_ids.insert(*id)
            {
                places.push("id used again");
            }
        }
        places
    }

    fn has(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(wanted)
    }

    fn traded_prices(&self) -> impl Iterator<Item = Price> {
        self.events.iter().filter_map(|event| match event {
            Event::Traded { price, .. } => Some(*price),
            _ => None,
        })
    }

    fn trades(&self) -> usize {
        self.traded_prices().count()
    }

    fn rests(&self) -> bool {
        self.has(|event| matches!(event, Event::Rested { .. } | Event::RestedHidden { .. }))
    }

    fn reason(&self) -> Option<RejectReason> {
        self.events.iter().find_map(|event| match event {
            Event::Rejected { reason, .. } => Some(*reason),
            _ => None,
        })
    }

    fn crosses(&self, side: Side, price: Price) -> bool {
        let others = self.before.orders(side.opposite());
        others.first().is_some_and(|best| match side {
            Side::Buy => best.price <= price,
            Side::Sell => best.price >= price,
        })
    }
}
