//! The places of orders that are not plain.

use std::collections::BTreeSet;

use pricetime::{
    Action, CancelCause, Display, Event, MarketAmount, MarketOrder, Notional, OrderId, OrderKind,
    Price, Pricing, Priority, Quantity, Refresh, RejectReason, RestingOrder, SelfTrade, Side,
    TimeInForce,
};

use super::Step;

impl Step<'_> {
    pub(super) fn terms_places(&self) -> Vec<&'static str> {
        let places = [
            self.retry_places(),
            self.peak_places(),
            self.passing_places(),
            self.priced_places(),
            self.minimum_places(),
            self.change_places(),
            self.self_trade_places(),
        ];
        places.concat()
    }

    /// What kind of taker met itself, and how that was prevented.
    pub(super) fn prevention_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for event in self.events {
            if let Event::Prevented { taker, mode, .. } = event {
                let kind = if self.was_run(*taker) {
                    "triggered"
                } else if self.retried().contains(taker) {
                    "retried"
                } else {
                    self.kind()
                };
                names.push(format!("{kind} meets itself: {mode:?}"));
            }
        }
        names.extend(
            self.killed_by()
                .map(|mode| format!("killed fok meets itself: {mode:?}")),
        );
        names
    }

    fn kind(&self) -> &'static str {
        match self.command.action {
            Action::Limit(order) if order.time_in_force == TimeInForce::Fok => "fok",
            Action::Limit(_) => "limit",
            Action::Market(order) => match order.amount {
                MarketAmount::Quantity(_) => "market",
                MarketAmount::Whole { .. } => "fok",
                MarketAmount::Budget(_) | MarketAmount::Both { .. } => "budget",
            },
            Action::Order(order)
            | Action::Once { order, .. }
            | Action::Leg { order, .. }
            | Action::CancelReplace { order, .. } => match order.pricing {
                _ if order.time_in_force == TimeInForce::Fok => "fok",
                _ if order.minimum > Quantity::ZERO => "minimum",
                Pricing::Market => "market",
                Pricing::Limit(_)
                | Pricing::Protected(_)
                | Pricing::MarketToLimit
                | Pricing::Pegged { .. } => "limit",
            },
            Action::Replace(_) | Action::Amend(_) => "replaced",
            Action::Cancel(_)
            | Action::Reduce(_)
            | Action::CancelAll(_)
            | Action::SetMark(_)
            | Action::AdvanceTime
            | Action::EndOfDay => "nobody",
        }
    }

    /// The mode of a fill-or-kill order that was killed though enough of the other side is plain,
    /// for some of that is its own.
    fn killed_by(&self) -> Option<SelfTrade> {
        let Action::Order(order) = self.command.action else {
            return None;
        };
        let Pricing::Limit(limit) = order.pricing else {
            return None;
        };
        let killed = |event: &Event| {
            let fok = CancelCause::FillOrKill;
            matches!(event, Event::Cancelled { cause, .. } if *cause == fok)
        };
        let others = self.before.orders(order.side.opposite());
        let plain = others.iter().filter(|other| {
            other.minimum == Quantity::ZERO && within(order.side, limit, other.price)
        });
        let lots: u64 = plain.map(|other| other.quantity.lots()).sum();
        let mode = order.self_trade.unwrap_or(self.instrument.self_trade());
        (self.has(killed) && lots >= order.quantity.lots()).then_some(mode)
    }

    /// The resting orders that traded as takers, once each time that one began.
    fn retried(&self) -> Vec<OrderId> {
        let own = self.command.action.id();
        let rests = |event: &Event| match event {
            Event::Rested { id, .. } | Event::RestedHidden { id, .. } => *id == own,
            _ => false,
        };
        let rested = self.events.iter().position(rests);
        let mut retried: Vec<OrderId> = Vec::new();
        for (index, event) in self.events.iter().enumerate() {
            if let Event::Traded { taker, .. } = event
                && !self.was_run(*taker)
            {
                let is_late = rested.is_some_and(|rested| index > rested);
                if (*taker != own || is_late) && retried.last() != Some(taker) {
                    retried.push(*taker);
                }
            }
        }
        retried
    }

    fn retry_places(&self) -> Vec<&'static str> {
        let retried = self.retried();
        let different: BTreeSet<&OrderId> = retried.iter().collect();
        let mut places = Vec::new();
        if different.len() > 1 {
            places.push("retries of two orders");
        }
        let of_one = |note: &&&str| note.starts_with("retry") && **note != "retry does not fit";
        let retries = self.after.notes.iter().filter(of_one).count();
        if retries > different.len() {
            places.push("two retries of one order");
        }
        if retries > 0 && self.reason().is_some() {
            places.push("retry after a refusal");
        }
        let expired = CancelCause::Expired;
        let frees =
            |event: &Event| matches!(event, Event::Cancelled { cause, .. } if *cause == expired);
        if retries > 0 && self.has(frees) {
            places.push("retry after an expiry");
        }
        for id in different {
            places.extend(self.before.order(*id).map(|order| match order.side {
                Side::Buy => "retry of a bid",
                Side::Sell => "retry of an ask",
            }));
            if self
                .maker(*id)
                .is_some_and(|order| order.display == Display::Hidden)
            {
                places.push("retry of a hidden order");
            }
            places.push(if self.after.order(*id).is_some() {
                "retry fills in part"
            } else {
                "retry fills whole"
            });
        }
        places
    }

    /// An order as it was before the command, or as the command entered it.
    fn maker(&self, id: OrderId) -> Option<RestingOrder> {
        self.before.order(id).or_else(|| self.after.order(id))
    }

    fn peak_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        let mut refreshed = Vec::new();
        let mut traded = Vec::new();
        for event in self.events {
            match *event {
                Event::Refreshed {
                    id,
                    displayed,
                    hidden,
                    ..
                } => {
                    let Some(Display::Peak {
                        quantity, refresh, ..
                    }) = self.maker(id).map(|order| order.display)
                    else {
                        continue;
                    };
                    places.push(match refresh {
                        Refresh::Requeue => "peak refreshed by Requeue",
                        Refresh::Retain => "peak refreshed by Retain",
                        Refresh::HiddenLast => "peak refreshed by HiddenLast",
                    });
                    if refreshed.contains(&id) && refresh == Refresh::Requeue {
                        places.push("several peaks of one order in a sweep: Requeue");
                    }
                    if refreshed.contains(&id) && refresh == Refresh::Retain {
                        places.push("several peaks of one order in a sweep: Retain");
                    }
                    if hidden > Quantity::ZERO && displayed != quantity {
                        places.push("peak of a random quantity");
                    }
                    refreshed.push(id);
                }
                Event::Traded { maker, .. } => {
                    if let Some(order) = self.maker(maker)
                        && traded.contains(&maker)
                        && is_hidden_last(&order)
                    {
                        places.push("hidden part of a HiddenLast order traded");
                    }
                    traded.push(maker);
                }
                Event::Prevented { maker, mode, .. } => {
                    if !refreshed.is_empty() {
                        places.push("peak and prevention in one sweep");
                    }
                    let is_iceberg = self.maker(maker).is_some_and(|order| {
                        order.displayed < order.quantity && order.display != Display::Hidden
                    });
                    if is_iceberg && matches!(mode, SelfTrade::Decrement | SelfTrade::Transfer) {
                        places.push("iceberg decremented");
                    }
                }
                _ => {}
            }
        }
        places
    }

    fn passing_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        for event in self.events {
            let Event::Traded {
                maker, taker_side, ..
            } = *event
            else {
                continue;
            };
            let side = taker_side.opposite();
            let Some(order) = self.before.order(maker) else {
                continue;
            };
            if order.display == Display::Hidden {
                places.push("hidden order traded");
                if self.before.level(side, order.price).is_none() {
                    places.push("order traded at a price that shows nothing");
                }
            }
            if order.minimum > Quantity::ZERO {
                places.push("order with a minimum traded");
            }
            let queue = self.before.orders(side);
            let ahead = queue.iter().take_while(|other| other.id != maker);
            for other in ahead.filter(|other| self.after.order(other.id) == Some(**other)) {
                if other.minimum > Quantity::ZERO {
                    places.push("order with a minimum passed by");
                } else if order.minimum >= order.quantity {
                    places.push("all-or-none order traded before an older one");
                }
            }
        }
        let best = Side::BOTH.map(|side| self.after.orders(side).first().map(|order| order.price));
        if let [Some(bid), Some(ask)] = best
            && bid >= ask
        {
            places.push("crossed at rest");
            let shown = Side::BOTH.map(|side| self.after.best(side).map(|level| level.price));
            if shown != best {
                places.push("crossed at rest by what is hidden");
            }
        }
        places
    }

    fn priced_places(&self) -> Vec<&'static str> {
        let Action::Order(order) = self.command.action else {
            return Vec::new();
        };
        let mut places = Vec::new();
        let kind = self.events.iter().find_map(|event| match event {
            Event::Accepted { kind, .. } => Some(*kind),
            _ => None,
        });
        let left = self.rests() || self.has(|event| matches!(event, Event::Cancelled { .. }));
        match kind {
            Some(OrderKind::MarketToLimit) if self.rests() => {
                places.push("market order to a limit rests");
            }
            Some(OrderKind::Protected) if self.rests() => places.push("protected order rests"),
            Some(OrderKind::Protected) if !left => places.push("protected order filled"),
            _ => {}
        }
        let best = self.before.orders(order.side.opposite());
        for event in self.events {
            if let Event::Priced { price, .. } = event
                && let (Pricing::Protected(ticks), Some(best)) = (order.pricing, best.first())
                && price.ticks().abs_diff(best.price.ticks()) < ticks
            {
                places.push("protection cut at the band");
            }
        }
        places
    }

    fn minimum_places(&self) -> Vec<&'static str> {
        let Action::Order(order) = self.command.action else {
            return Vec::new();
        };
        let limit = match order.pricing {
            Pricing::Limit(price) => Some(price),
            Pricing::Market
            | Pricing::Protected(_)
            | Pricing::MarketToLimit
            | Pricing::Pegged { .. } => None,
        };
        let crosses = limit.is_some_and(|limit| self.crosses(order.side, limit));
        let mut places = match self.reason() {
            Some(RejectReason::OrdersFull) if crosses => vec!["full of orders, crossing"],
            Some(RejectReason::LevelsFull) if crosses => vec!["full of levels, crossing"],
            Some(_) => return Vec::new(),
            None => Vec::new(),
        };
        if order.minimum == Quantity::ZERO || self.reason().is_some() {
            return places;
        }
        let not_met = CancelCause::MinimumNotMet;
        let cancelled =
            |event: &Event| matches!(event, Event::Cancelled { cause, .. } if *cause == not_met);
        places.push(match (self.trades() > 0, self.rests()) {
            _ if !crosses => return places,
            _ if self.has(cancelled) => "minimum not met, cancelled",
            (true, true) => "minimum met in part",
            (true, false) => "minimum met",
            (false, true) => "minimum not met, rests",
            (false, false) => return places,
        });
        places
    }

    fn change_places(&self) -> Vec<&'static str> {
        let id = self.command.action.id();
        let Some(old) = self.before.order(id) else {
            return Vec::new();
        };
        let new = self.after.order(id);
        let is_iceberg = matches!(old.display, Display::Peak { .. });
        let mut places = Vec::new();
        for event in self.events {
            match *event {
                Event::Replaced {
                    priority, quantity, ..
                } => {
                    let mut say = |lost, kept| {
                        places.push(match priority {
                            Priority::Lost => lost,
                            Priority::Kept => kept,
                        });
                    };
                    if is_iceberg {
                        say("replaced iceberg", "replaced iceberg kept");
                    }
                    if old.display == Display::Hidden {
                        say("replaced hidden order", "replaced hidden order kept");
                    }
                    if old.minimum >= old.quantity && quantity != old.quantity {
                        say(
                            "replaced all-or-none order",
                            "replaced all-or-none order kept",
                        );
                    } else if old.minimum > Quantity::ZERO {
                        say("replaced minimum", "replaced minimum kept");
                    }
                    let price = new.map_or(old.price, |order| order.price);
                    let crosses = self.crosses(old.side, price);
                    let rests = self.rests() && self.trades() == 0;
                    if rests && crosses && old.minimum > Quantity::ZERO {
                        places.push("replaced for a minimum that is not met");
                    }
                }
                Event::Reduced { remaining, .. } if is_iceberg => {
                    places.push(if remaining < old.displayed {
                        "reduced below its peak"
                    } else {
                        "reduced by what is hidden"
                    });
                }
                _ => {}
            }
        }
        places
    }

    fn self_trade_places(&self) -> Vec<&'static str> {
        let mut places = Vec::new();
        let by_self = |event: &&Event| {
            let by = CancelCause::SelfTrade;
            matches!(event, Event::Cancelled { cause, .. } if *cause == by)
        };
        for event in self.events.iter().filter(by_self) {
            if let Event::Cancelled { id, quantity, .. } = *event {
                let is_taker = id == self.command.action.id();
                if is_taker && quantity == Quantity::ZERO && self.kind() == "budget" {
                    places.push("budget ended by prevention");
                }
                places.push(match (is_taker, quantity == Quantity::ZERO) {
                    (true, true) => "ended by a decrement",
                    (true, false) if self.trades() > 0 => "traded and ended by prevention",
                    (false, true) => "maker ended by a decrement",
                    (true | false, false) => continue,
                });
            }
        }
        let (account, named) = match self.command.action {
            Action::Order(order) => (order.account, order.self_trade),
            Action::Market(order) => {
                places.extend(self.places_of_market_order(&order));
                (order.account, order.self_trade)
            }
            _ => return places,
        };
        for event in self.events {
            let (Event::Traded { maker, .. } | Event::Prevented { maker, .. }) = *event else {
                continue;
            };
            let of_account = self.before.order(maker).map(|maker| maker.account);
            match event {
                Event::Traded { .. } if of_account == Some(account) => {
                    places.push("allowed self-trade");
                }
                Event::Prevented { .. } if of_account != Some(account) => {
                    places.push("group meets itself");
                }
                _ => {}
            }
            let asked = named.unwrap_or(self.instrument.self_trade());
            if let Event::Prevented { mode, .. } = event
                && *mode != asked
            {
                places.push("transfer asked for by one only");
            }
        }
        places
    }
}

impl Step<'_> {
    /// What a market order that names a group or a mode does against self-trades.
    fn places_of_market_order(&self, order: &MarketOrder) -> Vec<&'static str> {
        let mut places = Vec::new();
        for event in self.events {
            let Event::Prevented {
                maker,
                mode,
                price,
                quantity,
                ..
            } = *event
            else {
                continue;
            };
            if order.self_trade == Some(mode) && mode != self.instrument.self_trade() {
                places.push(match order.amount {
                    MarketAmount::Quantity(_) => "market order prevented in its own mode",
                    MarketAmount::Budget(_) => "budget prevented in its own mode",
                    MarketAmount::Both { .. } => "both prevented in its own mode",
                    MarketAmount::Whole { .. } => "whole prevented in its own mode",
                });
            }
            let resting = self.before.order(maker).map(|maker| maker.account);
            if resting != Some(order.account) {
                places.push("market order meets its group");
            }
            if let MarketAmount::Both { budget, .. } = order.amount
                && Notional::of(price, quantity) > budget
            {
                places.push("decremented by more than it has money for");
            }
        }
        places
    }
}

fn is_hidden_last(order: &RestingOrder) -> bool {
    match order.display {
        Display::Peak { refresh, .. } => refresh == Refresh::HiddenLast,
        Display::Whole | Display::Hidden => false,
    }
}

fn within(side: Side, limit: Price, price: Price) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}
