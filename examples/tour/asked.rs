//! What is asked, in a line.

use pricetime::{
    Action, Amend, CancelOnly, CancelReplaceMode, Display, ListKind, MarketAmount, MarketOrder,
    Order, PartialFill, PegReference, PegUnit, PostOnly, Price, Pricing, Quantity, Refresh,
    Replace, Repricing, SelfTrade, Side, TimeInForce, TradeGroup, Trail, Trigger, TriggerKind,
    TriggerStart,
};

use crate::words::Words;

impl Words {
    /// What is asked.
    pub fn action(&self, action: &Action) -> String {
        match action {
            Action::Order(order) => self.order(order),
            Action::Once { token, order } => format!("{}; token {}", self.order(order), token.0),
            Action::Leg {
                list,
                kind,
                legs,
                partial_fill,
                order,
            } => {
                let (list, order) = (list.0, self.order(order));
                let sort = self.list(*kind, *partial_fill);
                format!("list {list}, {legs} orders, {sort}: {order}")
            }
            Action::CancelReplace {
                cancel,
                only,
                mode,
                order,
            } => {
                let only = match only {
                    CancelOnly::Any => "",
                    CancelOnly::New => " if it has not traded",
                    CancelOnly::PartiallyFilled => " if it has traded in part",
                };
                let mode = match mode {
                    CancelReplaceMode::StopOnFailure => "then",
                    CancelReplaceMode::AllowFailure => "and in any case",
                };
                format!("cancel #{}{only}, {mode} {}", cancel.0, self.order(order))
            }
            Action::Market(order) => self.market(order),
            Action::SetMark(price) => format!("the mark is to be {}", self.price(*price)),
            Action::Cancel(cancel) => format!("cancel #{}", cancel.id.0),
            Action::Reduce(reduce) => {
                format!("reduce #{} by {}", reduce.id.0, self.lots(reduce.by))
            }
            Action::Replace(replace) => self.replace(replace),
            Action::Amend(amend) => self.amend(amend),
            Action::Limit(_) | Action::CancelAll(_) | Action::AdvanceTime | Action::EndOfDay => {
                format!("{action:?}")
            }
        }
    }

    fn market(&self, order: &MarketOrder) -> String {
        let wanted = match order.amount {
            MarketAmount::Quantity(quantity) => self.lots(quantity),
            MarketAmount::Budget(budget) => format!("for {} of money", self.money(budget)),
            MarketAmount::Both { quantity, budget } => {
                format!("{} for {}", self.lots(quantity), self.money(budget))
            }
            MarketAmount::Whole { quantity, total } => {
                let bound = match order.side {
                    Side::Buy => "no more",
                    Side::Sell => "no less",
                };
                let (quantity, total) = (self.lots(quantity), self.money(total));
                format!("all of {quantity} for {bound} than {total}")
            }
        };
        let (id, side) = (order.id.0, side(order.side));
        let terms = own_terms(order.group, order.self_trade);
        format!("#{id} {side} {wanted} at market{terms}")
    }

    fn replace(&self, replace: &Replace) -> String {
        let price = replace
            .price
            .map(|price| format!(" at {}", self.price(price)));
        let quantity = replace.quantity.map(|open| format!(" {}", self.lots(open)));
        let (quantity, price) = (quantity.unwrap_or_default(), price.unwrap_or_default());
        format!("replace #{}:{quantity}{price}", replace.id.0)
    }

    fn amend(&self, amend: &Amend) -> String {
        let quantity = amend.quantity.map(|quantity| self.lots(quantity));
        let price = amend.price.map(|price| format!("at {}", self.price(price)));
        let display = amend.display.map(|display| self.display(display));
        let trigger = amend
            .trigger_price
            .map(|price| format!("trigger at {}", self.price(price)));
        let changes = [quantity, price, display, trigger];
        let changes: Vec<String> = changes.into_iter().flatten().collect();
        format!("amend #{}: {}", amend.id.0, changes.join(", "))
    }

    fn list(&self, kind: ListKind, partial_fill: PartialFill) -> String {
        let kind = match kind {
            ListKind::OneCancelsOther => "one cancels the other",
            ListKind::OneCancelsMany => "one cancels all others",
            ListKind::OneTriggersOther => "one triggers the other",
            ListKind::OneTriggersOneCancelsOther => "one triggers two alternatives",
            ListKind::OnePaysOther => "one pays the other",
        };
        let partly = match partial_fill {
            PartialFill::Cancels => "",
            PartialFill::Reduces => ", a partial fill reduces",
            PartialFill::Waits => ", a partial fill waits",
        };
        format!("{kind}{partly}")
    }

    fn order(&self, order: &Order) -> String {
        let (id, account, side) = (order.id.0, order.account.0, side(order.side));
        let mut line = format!(
            "#{id} of account {account}: {side} {}",
            self.lots(order.quantity)
        );
        line += &match order.pricing {
            Pricing::Limit(price) => format!(" at {}", self.price(price)),
            Pricing::Market => " at market".to_string(),
            Pricing::Protected(ticks) => {
                let ticks = Price::new(i64::try_from(ticks).unwrap_or(i64::MAX));
                format!(" at market, protected by {}", self.price(ticks))
            }
            Pricing::MarketToLimit => " market to limit".to_string(),
            Pricing::Pegged { .. } => self.peg(order),
        };
        line += match order.time_in_force {
            TimeInForce::Gtc => "",
            TimeInForce::Ioc => ", immediate or cancel",
            TimeInForce::Fok => ", fill or kill",
            TimeInForce::Day => ", day",
            TimeInForce::Gtd(_) => ", good till date",
        };
        line += match order.post_only {
            PostOnly::Off => "",
            PostOnly::Reject => ", post-only or refuse",
            PostOnly::Slide => ", post-only, may slide",
        };
        if order.display != Display::Whole {
            line += &format!(", {}", self.display(order.display));
        }
        if order.minimum == order.quantity {
            line += ", all or none";
        } else if order.minimum > Quantity::ZERO {
            line += &format!(", minimum {}", self.lots(order.minimum));
        }
        line += &own_terms(order.group, order.self_trade);
        if let Some(trigger) = order.trigger {
            line += &self.trigger(&trigger);
        }
        line
    }

    fn peg(&self, order: &Order) -> String {
        let Pricing::Pegged {
            reference,
            repricing,
            unit,
            offset,
            limit,
        } = order.pricing
        else {
            return String::new();
        };
        let best = |of| match of {
            Side::Buy => "best bid",
            Side::Sell => "best ask",
        };
        let reference = match reference {
            PegReference::Primary => best(order.side),
            PegReference::Market => best(order.side.opposite()),
            PegReference::Midpoint => "middle",
        };
        let ticks = |ticks| self.price(Price::new(ticks));
        let added = match (unit, i64::from(offset)) {
            (PegUnit::Ticks, 0) => String::new(),
            (PegUnit::Ticks, more @ 1..) => format!(" + {}", ticks(more)),
            (PegUnit::Ticks, less) => format!(" - {}", ticks(-less)),
            (PegUnit::Levels, 1) => " and 1 price away".to_string(),
            (PegUnit::Levels, levels) => format!(" and {levels} prices away"),
        };
        let bound = match order.side {
            Side::Buy => "at most",
            Side::Sell => "at least",
        };
        let when = match repricing {
            Repricing::Live => "pegged to",
            Repricing::Once => "priced once at",
        };
        format!(
            " {when} the {reference}{added}, {bound} {}",
            self.price(limit)
        )
    }

    fn trigger(&self, trigger: &Trigger) -> String {
        let kind = match trigger.kind {
            TriggerKind::Stop => "stop",
            TriggerKind::TakeProfit => "take-profit",
        };
        let at = match trigger.start {
            TriggerStart::AtPrice => format!(" at {}", self.price(trigger.price)),
            TriggerStart::AtOnce => String::new(),
        };
        let behind = match trigger.trail {
            Trail::None => String::new(),
            Trail::Ticks => {
                let ticks = Price::new(i64::from(trigger.distance));
                format!(", trailing by {}", self.price(ticks))
            }
            Trail::BasisPoints => {
                format!(", trailing by {} %", f64::from(trigger.distance) / 100.0)
            }
        };
        format!(", {kind}{at}{behind}")
    }

    fn display(&self, display: Display) -> String {
        match display {
            Display::Whole => "all shown".to_string(),
            Display::Hidden => "hidden".to_string(),
            Display::Peak {
                quantity,
                spread_bps,
                refresh,
            } => {
                let next = match refresh {
                    Refresh::Requeue => "next at the tail",
                    Refresh::Retain => "next in its place",
                    Refresh::HiddenLast => "hidden last",
                };
                let spread = match spread_bps {
                    0 => String::new(),
                    _ => format!(" give or take {} %", f64::from(spread_bps) / 100.0),
                };
                format!("peak {}{spread}, {next}", self.lots(quantity))
            }
        }
    }
}

/// What an order says of self-trades.
fn own_terms(group: TradeGroup, mode: Option<SelfTrade>) -> String {
    let mut terms = String::new();
    if group != TradeGroup(0) {
        terms += &format!(", group {}", group.0);
    }
    if let Some(mode) = mode {
        terms += &format!(", self-trade {mode:?}");
    }
    terms
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}
