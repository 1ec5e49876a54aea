//! Orders, events and the book in a line each.

use pricetime::{
    Action, Display, Event, Instrument, Lot, MarketAmount, Notional, Order, OrderId, PostOnly,
    Price, Pricing, Priority, Quantity, Refresh, Side, Tick, TimeInForce, TradeGroup, Trail,
    Trigger, TriggerKind, TriggerStart, View, ViewOrder,
};

/// The units to speak in.
pub struct Words {
    tick: Tick,
    lot: Lot,
}

impl Words {
    pub fn of(instrument: &Instrument) -> Self {
        Self {
            tick: instrument.tick(),
            lot: instrument.lot(),
        }
    }

    fn price(&self, price: Price) -> String {
        let value = self.tick.decimal(price);
        value.map_or("?".to_string(), |mut value| {
            value.rescale(self.tick.step().scale());
            value.to_string()
        })
    }

    fn lots(&self, quantity: Quantity) -> String {
        let value = self.lot.decimal(quantity).map(|value| value.normalize());
        value.map_or("?".to_string(), |value| value.to_string())
    }

    fn money(&self, money: Notional) -> String {
        let ticks = i64::try_from(money.tick_lots()).unwrap_or(i64::MAX);
        let value = self.tick.decimal(Price::new(ticks));
        value.map_or("?".to_string(), |value| {
            (value * self.lot.step()).normalize().to_string()
        })
    }

    /// What is asked.
    pub fn action(&self, action: &Action) -> String {
        match action {
            Action::Order(order) => self.order(order),
            Action::Market(order) => {
                let wanted = match order.amount {
                    MarketAmount::Quantity(quantity) => self.lots(quantity),
                    MarketAmount::Budget(budget) => format!("for {} of money", self.money(budget)),
                    MarketAmount::Both { quantity, budget } => {
                        format!("{} for {}", self.lots(quantity), self.money(budget))
                    }
                };
                let OrderId(id) = order.id;
                format!("#{id} {} {wanted} at market", side(order.side))
            }
            Action::SetMark(price) => format!("the mark is to be {}", self.price(*price)),
            Action::Cancel(cancel) => format!("cancel #{}", cancel.id.0),
            Action::Reduce(reduce) => {
                format!("reduce #{} by {}", reduce.id.0, self.lots(reduce.by))
            }
            Action::Replace(replace) => {
                let price = replace
                    .price
                    .map(|price| format!(" at {}", self.price(price)));
                let quantity = replace.quantity.map(|open| format!(" {}", self.lots(open)));
                let (quantity, price) = (quantity.unwrap_or_default(), price.unwrap_or_default());
                format!("replace #{}:{quantity}{price}", replace.id.0)
            }
            Action::Limit(_) | Action::CancelAll(_) | Action::AdvanceTime | Action::EndOfDay => {
                format!("{action:?}")
            }
        }
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
        line += &self.display(order.display);
        if order.minimum == order.quantity {
            line += ", all or none";
        } else if order.minimum > Quantity::ZERO {
            line += &format!(", minimum {}", self.lots(order.minimum));
        }
        if order.group != TradeGroup(0) {
            line += &format!(", group {}", order.group.0);
        }
        if let Some(mode) = order.self_trade {
            line += &format!(", self-trade {mode:?}");
        }
        if let Some(trigger) = order.trigger {
            line += &self.trigger(&trigger);
        }
        line
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
            Display::Whole => String::new(),
            Display::Hidden => ", hidden".to_string(),
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
                format!(", peak {}{spread}, {next}", self.lots(quantity))
            }
        }
    }

    /// What happened.
    pub fn event(&self, event: &Event) -> String {
        match *event {
            Event::Accepted { .. } => "accepted".to_string(),
            Event::Rejected { reason, .. } => format!("refused: {reason:?}"),
            Event::Traded {
                taker,
                maker,
                price,
                quantity,
                ..
            } => {
                let (quantity, price) = (self.lots(quantity), self.price(price));
                format!(
                    "traded {quantity} at {price}: #{} with #{}",
                    taker.0, maker.0
                )
            }
            Event::Prevented {
                taker,
                maker,
                mode,
                quantity,
                ..
            } => {
                let (quantity, taker, maker) = (self.lots(quantity), taker.0, maker.0);
                format!("prevented {quantity}: #{taker} with #{maker}, {mode:?}")
            }
            Event::Rested { .. } | Event::RestedHidden { .. } | Event::Refreshed { .. } => {
                self.stands(event)
            }
            Event::Priced { .. }
            | Event::Slid { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::Cancelled { .. } => self.changed(event),
            Event::Waits { id } => format!("waits #{}", id.0),
            Event::Triggered { id, price } => {
                format!("triggered #{} by {}", id.0, self.price(price))
            }
            Event::Refused { id, reason } => format!("refused #{}: {reason:?}", id.0),
            Event::MarkSet { price } => format!("the mark is {}", self.price(price)),
            Event::MassCancelled { .. } | Event::TimeAdvanced { .. } | Event::DayEnded { .. } => {
                format!("{event:?}")
            }
        }
    }

    /// Where an order stands, and what it shows.
    fn stands(&self, event: &Event) -> String {
        if let Event::Rested {
            id,
            price,
            quantity,
            ..
        } = *event
        {
            let (price, quantity) = (self.price(price), self.lots(quantity));
            return format!("rests #{} at {price}: {quantity}", id.0);
        }
        if let Event::RestedHidden {
            id,
            price,
            displayed,
            hidden,
            ..
        } = *event
        {
            let (shown, hidden) = (self.lots(displayed), self.lots(hidden));
            let price = self.price(price);
            return format!("rests #{} at {price}: {shown} shown, {hidden} hidden", id.0);
        }
        if let Event::Refreshed {
            id,
            displayed,
            hidden,
            priority,
        } = *event
        {
            let place = match priority {
                Priority::Kept => "in its place",
                Priority::Lost => "at the tail",
            };
            let (shown, hidden) = (self.lots(displayed), self.lots(hidden));
            return format!("#{} shows {shown} {place}, {hidden} hidden", id.0);
        }
        format!("{event:?}")
    }

    /// What became of an order otherwise.
    fn changed(&self, event: &Event) -> String {
        if let Event::Priced { id, price } = *event {
            return format!("priced #{} at {}", id.0, self.price(price));
        }
        if let Event::Slid { id, from, to } = *event {
            let (from, to) = (self.price(from), self.price(to));
            return format!("slid #{} from {from} to {to}", id.0);
        }
        if let Event::Reduced { id, by, remaining } = *event {
            let (by, remaining) = (self.lots(by), self.lots(remaining));
            return format!("reduced #{} by {by}, {remaining} left", id.0);
        }
        if let Event::Replaced { id, priority, .. } = *event {
            let place = match priority {
                Priority::Kept => "kept",
                Priority::Lost => "lost",
            };
            return format!("replaced #{}, priority {place}", id.0);
        }
        if let Event::Cancelled {
            id,
            cause,
            quantity,
        } = *event
        {
            let open = self.lots(quantity);
            return format!("cancelled #{}, {open} open: {cause:?}", id.0);
        }
        format!("{event:?}")
    }

    /// The orders by level, asks above bids: what each shows and, after a plus, what it does not. Orders that show nothing
    /// stand behind the bar.
    pub fn book(&self, view: &View) -> Vec<String> {
        let mut lines = self.levels(view, Side::Sell);
        lines.reverse();
        lines.extend(self.levels(view, Side::Buy));
        if lines.is_empty() {
            lines.push("empty".to_string());
        }
        lines
    }

    /// The levels of a side, best first.
    fn levels(&self, view: &View, side: Side) -> Vec<String> {
        let orders: Vec<ViewOrder> = view.orders(side).collect();
        let levels = orders.chunk_by(|one, next| one.price == next.price);
        let name = match side {
            Side::Buy => "bid",
            Side::Sell => "ask",
        };
        let line = |level: &[ViewOrder]| {
            let queue = |is_shown| {
                let orders = level
                    .iter()
                    .filter(|order| (order.displayed > Quantity::ZERO) == is_shown);
                let orders: Vec<String> = orders.map(|order| self.resting(order)).collect();
                orders.join(", ")
            };
            let (shown, unseen) = (queue(true), queue(false));
            let mut line = format!("{name} {}: {shown}", self.price(level[0].price));
            if !unseen.is_empty() {
                line += &format!("| {unseen}");
            }
            let all: u64 = level.iter().map(|order| order.quantity.lots()).sum();
            let shown: u64 = level.iter().map(|order| order.displayed.lots()).sum();
            if all > shown {
                let [shown, hidden] =
                    [shown, all - shown].map(|lots| self.lots(Quantity::new(lots)));
                line += &format!(" ({shown} shown, {hidden} hidden)");
            }
            line
        };
        levels.map(line).collect()
    }

    fn resting(&self, order: &ViewOrder) -> String {
        let shown = order.displayed;
        let hidden = Quantity::new(order.quantity.lots() - shown.lots());
        match (shown, hidden) {
            (_, Quantity::ZERO) => format!("#{} {}", order.id.0, self.lots(shown)),
            (Quantity::ZERO, _) => format!("#{} {}", order.id.0, self.lots(hidden)),
            _ => format!("#{} {}+{}", order.id.0, self.lots(shown), self.lots(hidden)),
        }
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}
