//! Every kind of command and event, and every value of their enumerations, with fields drawn from words.
//!
//! A kind that is added does not compile here until it has its place in the row of kinds.

use pricetime::{
    AccountId, Action, Amend, Cancel, CancelAll, CancelOnly, ClientToken, Display, Event,
    LimitOrder, ListId, ListKind, MarketAmount, MarketOrder, Notional, Order, OrderId, PartialFill,
    Price, Pricing, Priority, Quantity, Reduce, Refresh, Replace, Rest, SelfTrade, Side,
    TimeInForce, Timestamp, TradeGroup, TradeId, Trigger,
};

use crate::draw_rows::{
    ORDER_KINDS, PEG_REFERENCES, PEG_UNITS, POST_ONLY, REPRICINGS, TRAILS, TRIGGER_KINDS,
    TRIGGER_SOURCES, TRIGGER_STARTS, next_life, row,
};
use crate::layout_codes::{CANCEL_REPLACE_MODES, CAUSES, REASONS, REQUESTS};

/// What the fields of commands and events are drawn from, over and over.
pub struct Draw<'a>(std::iter::Cycle<std::slice::Iter<'a, u64>>);

impl<'a> Draw<'a> {
    pub fn from(words: &'a [u64]) -> Self {
        Self(words.iter().cycle())
    }

    pub fn word(&mut self) -> u64 {
        *self.0.next().expect("words without end")
    }

    fn of<T: Copy, const COUNT: usize>(&mut self, all: [T; COUNT]) -> T {
        all[(self.word() % COUNT as u64) as usize]
    }

    fn id(&mut self) -> OrderId {
        OrderId(self.word())
    }

    fn account(&mut self) -> AccountId {
        AccountId(self.word() as u32)
    }

    fn side(&mut self) -> Side {
        self.of(Side::BOTH)
    }

    fn price(&mut self) -> Price {
        Price::new(self.word() as i64)
    }

    fn quantity(&mut self) -> Quantity {
        Quantity::new(self.word())
    }

    pub fn time(&mut self) -> Timestamp {
        Timestamp::new(self.word())
    }

    fn rest(&mut self) -> Rest {
        self.of([Rest::Done, Rest::More])
    }

    fn life(&mut self) -> TimeInForce {
        let expiry = self.time();
        let lives = row(next_life).map(|life| match life {
            TimeInForce::Gtd(_) => TimeInForce::Gtd(expiry),
            life => life,
        });
        let lives: Vec<TimeInForce> = lives.collect();
        lives[self.word() as usize % lives.len()]
    }

    fn pricing(&mut self) -> Pricing {
        let mut pricing = next_pricing(None, self);
        for _ in 0..self.word() % 5 {
            pricing = next_pricing(pricing, self);
        }
        pricing.expect("one of five")
    }

    fn display(&mut self) -> Display {
        let peak = Display::Peak {
            quantity: self.quantity(),
            spread_bps: self.word() as u16,
            refresh: self.of([Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast]),
        };
        self.of([Display::Whole, Display::Hidden, peak])
    }

    fn order(&mut self) -> Order {
        let (mode, trigger) = (self.of(SelfTrade::ALL), self.trigger());
        Order {
            id: self.id(),
            account: self.account(),
            group: TradeGroup(self.word() as u32),
            side: self.side(),
            pricing: self.pricing(),
            quantity: self.quantity(),
            minimum: self.quantity(),
            time_in_force: self.life(),
            post_only: self.of(POST_ONLY),
            display: self.display(),
            self_trade: self.maybe(mode),
            trigger: self.maybe(trigger),
        }
    }

    fn amend(&mut self) -> Amend {
        let (owner, price, quantity) = (self.account(), self.price(), self.quantity());
        let (display, trigger_price) = (self.display(), self.price());
        Amend {
            id: self.id(),
            owner: self.maybe(owner),
            price: self.maybe(price),
            quantity: self.maybe(quantity),
            display: self.maybe(display),
            trigger_price: self.maybe(trigger_price),
        }
    }

    fn trigger(&mut self) -> Trigger {
        let distance = self.word() as u32;
        Trigger {
            kind: self.of(TRIGGER_KINDS),
            source: self.of(TRIGGER_SOURCES),
            price: self.price(),
            trail: self.of(TRAILS),
            distance,
            start: self.of(TRIGGER_STARTS),
        }
    }

    fn maybe<T>(&mut self, content: T) -> Option<T> {
        self.of([false, true]).then_some(content)
    }
}

pub fn next_pricing(pricing: Option<Pricing>, draw: &mut Draw<'_>) -> Option<Pricing> {
    Some(match pricing {
        None => Pricing::Limit(draw.price()),
        Some(Pricing::Limit(_)) => Pricing::Market,
        Some(Pricing::Market) => Pricing::Protected(draw.word()),
        Some(Pricing::Protected(_)) => Pricing::MarketToLimit,
        Some(Pricing::MarketToLimit) => Pricing::Pegged {
            reference: draw.of(PEG_REFERENCES),
            repricing: draw.of(REPRICINGS),
            unit: draw.of(PEG_UNITS),
            offset: draw.word() as i32,
            limit: draw.price(),
        },
        Some(Pricing::Pegged { .. }) => return None,
    })
}

pub fn next_amount(amount: Option<MarketAmount>, draw: &mut Draw<'_>) -> Option<MarketAmount> {
    let quantity = draw.quantity();
    let wide = u128::from(draw.word()) << 64 | u128::from(draw.word());
    let budget = Notional::new(wide as i128);
    Some(match amount {
        None => MarketAmount::Quantity(quantity),
        Some(MarketAmount::Quantity(_)) => MarketAmount::Budget(budget),
        Some(MarketAmount::Budget(_)) => MarketAmount::Both { quantity, budget },
        Some(MarketAmount::Both { .. }) => MarketAmount::Whole {
            quantity,
            total: budget,
        },
        Some(MarketAmount::Whole { .. }) => return None,
    })
}

fn amount(draw: &mut Draw<'_>) -> MarketAmount {
    let mut amount = next_amount(None, draw);
    for _ in 0..draw.word() % 4 {
        amount = next_amount(amount, draw);
    }
    amount.expect("one of four")
}

/// The kind of action after this one, with fields as drawn.
pub fn next_action(action: Option<&Action>, draw: &mut Draw<'_>) -> Option<Action> {
    let (id, price, quantity) = (draw.id(), draw.price(), draw.quantity());
    let account = draw.account();
    let (side, owner) = (draw.side(), draw.maybe(account));
    Some(match action {
        None => Action::Limit(LimitOrder {
            id,
            account,
            side,
            post_only: draw.of(POST_ONLY),
            price,
            quantity,
            time_in_force: draw.life(),
        }),
        Some(Action::Limit(_)) => Action::Market(MarketOrder::new(id, account, side, amount(draw))),
        Some(Action::Market(_)) => Action::Cancel(Cancel { id, owner }),
        Some(Action::Cancel(_)) => Action::Reduce(Reduce {
            id,
            owner,
            by: quantity,
        }),
        Some(Action::Reduce(_)) => Action::Replace(Replace {
            id,
            owner,
            price: draw.maybe(price),
            quantity: draw.maybe(quantity),
        }),
        Some(Action::Replace(_)) => Action::CancelAll(CancelAll {
            account: owner,
            side: draw.maybe(side),
            price_min: draw.maybe(price),
            price_max: Some(draw.price()).filter(|_| price.ticks() % 2 == 0),
        }),
        Some(Action::CancelAll(_)) => Action::AdvanceTime,
        Some(Action::AdvanceTime) => Action::EndOfDay,
        Some(Action::EndOfDay) => Action::Order(draw.order()),
        Some(Action::Order(_)) => Action::SetMark(price),
        Some(action) => return next_entry(action, draw),
    })
}

fn next_entry(action: &Action, draw: &mut Draw<'_>) -> Option<Action> {
    Some(match action {
        Action::SetMark(_) => Action::Once {
            token: ClientToken(draw.word()),
            order: draw.order(),
        },
        Action::Once { .. } => Action::Leg {
            list: ListId(draw.word()),
            kind: draw.of(ListKind::ALL),
            legs: draw.word() as u8,
            partial_fill: draw.of(PartialFill::ALL),
            order: draw.order(),
        },
        Action::Leg { .. } => Action::CancelReplace {
            cancel: draw.id(),
            only: draw.of(CancelOnly::ALL),
            mode: draw.of(CANCEL_REPLACE_MODES),
            order: draw.order(),
        },
        Action::CancelReplace { .. } => Action::Amend(draw.amend()),
        Action::Amend(_)
        | Action::Limit(_)
        | Action::Market(_)
        | Action::Order(_)
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::CancelAll(_)
        | Action::AdvanceTime
        | Action::EndOfDay => return None,
    })
}

/// The kind of event after this one, with fields as drawn.
pub fn next_event(event: Option<&Event>, draw: &mut Draw<'_>) -> Option<Event> {
    let (id, price, quantity) = (draw.id(), draw.price(), draw.quantity());
    Some(match event {
        None => Event::Accepted {
            id,
            account: draw.account(),
            side: draw.side(),
            kind: draw.of(ORDER_KINDS),
            time_in_force: draw.life(),
            price,
            quantity,
            timestamp: draw.time(),
        },
        Some(Event::Accepted { .. }) => Event::Rejected {
            id,
            request: draw.of(REQUESTS),
            reason: draw.of(REASONS),
        },
        Some(Event::Rejected { .. }) => Event::Traded {
            trade: TradeId(draw.word()),
            taker: id,
            maker: draw.id(),
            taker_side: draw.side(),
            price,
            quantity,
            taker_remaining: draw.quantity(),
            maker_remaining: draw.quantity(),
        },
        Some(Event::Traded { .. }) => Event::Rested {
            id,
            account: draw.account(),
            side: draw.side(),
            price,
            quantity,
        },
        Some(event) => return next_rarer_event(event, draw),
    })
}

fn next_rarer_event(event: &Event, draw: &mut Draw<'_>) -> Option<Event> {
    let (id, price, quantity) = (draw.id(), draw.price(), draw.quantity());
    Some(match event {
        Event::Accepted { .. } | Event::Rejected { .. } | Event::Traded { .. } => return None,
        Event::Rested { .. } => Event::Reduced {
            id,
            by: quantity,
            remaining: draw.quantity(),
        },
        Event::Reduced { .. } => Event::Replaced {
            id,
            price,
            quantity,
            priority: draw.of([Priority::Kept, Priority::Lost]),
        },
        Event::Replaced { .. } => Event::Slid {
            id,
            from: price,
            to: draw.price(),
        },
        Event::Slid { .. } => Event::Cancelled {
            id,
            cause: draw.of(CAUSES),
            quantity,
        },
        Event::Cancelled { .. } => Event::MassCancelled {
            orders: draw.word(),
            rest: draw.rest(),
        },
        Event::MassCancelled { .. } => Event::TimeAdvanced {
            to: draw.time(),
            orders: draw.word(),
        },
        Event::TimeAdvanced { .. } => Event::DayEnded {
            orders: draw.word(),
            rest: draw.rest(),
        },
        Event::DayEnded { .. }
        | Event::Prevented { .. }
        | Event::Priced { .. }
        | Event::RestedHidden { .. }
        | Event::Refreshed { .. }
        | Event::Waits { .. }
        | Event::Triggered { .. }
        | Event::Refused { .. } => {
            return next_event_of_terms(event, (id, price, quantity), draw);
        }
        Event::MarkSet { .. }
        | Event::Held { .. }
        | Event::ListStarted { .. }
        | Event::Released { .. }
        | Event::Duplicate { .. }
        | Event::Repriced { .. }
        | Event::TriggerMoved { .. } => return next_event_of_release(event, (id, price), draw),
    })
}

fn next_event_of_terms(
    event: &Event,
    (id, price, quantity): (OrderId, Price, Quantity),
    draw: &mut Draw<'_>,
) -> Option<Event> {
    Some(match event {
        Event::DayEnded { .. } => Event::Prevented {
            taker: id,
            maker: draw.id(),
            taker_side: draw.side(),
            mode: draw.of(SelfTrade::ALL),
            price,
            quantity,
            taker_remaining: draw.quantity(),
            maker_remaining: draw.quantity(),
        },
        Event::Prevented { .. } => Event::Priced { id, price },
        Event::Priced { .. } => Event::RestedHidden {
            id,
            account: draw.account(),
            side: draw.side(),
            price,
            displayed: quantity,
            hidden: draw.quantity(),
        },
        Event::RestedHidden { .. } => Event::Refreshed {
            id,
            displayed: quantity,
            hidden: draw.quantity(),
            priority: draw.of([Priority::Kept, Priority::Lost]),
        },
        Event::Refreshed { .. } => Event::Waits { id },
        Event::Waits { .. } => Event::Triggered { id, price },
        Event::Triggered { .. } => Event::Refused {
            id,
            reason: draw.of(REASONS),
        },
        Event::Refused { .. } => Event::MarkSet { price },
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Traded { .. }
        | Event::Rested { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::Slid { .. }
        | Event::Cancelled { .. }
        | Event::MassCancelled { .. }
        | Event::TimeAdvanced { .. }
        | Event::MarkSet { .. }
        | Event::Held { .. }
        | Event::ListStarted { .. }
        | Event::Released { .. }
        | Event::Duplicate { .. }
        | Event::Repriced { .. }
        | Event::TriggerMoved { .. } => return None,
    })
}

fn next_event_of_release(
    event: &Event,
    (id, price): (OrderId, Price),
    draw: &mut Draw<'_>,
) -> Option<Event> {
    let list = ListId(draw.word());
    Some(match event {
        Event::MarkSet { .. } => Event::Held { id, list },
        Event::Held { .. } => Event::ListStarted {
            account: draw.account(),
            list,
        },
        Event::ListStarted { .. } => Event::Released { id },
        Event::Released { .. } => Event::Duplicate {
            id,
            original: draw.id(),
        },
        Event::Duplicate { .. } => Event::Repriced { id, price },
        Event::Repriced { .. } => Event::TriggerMoved { id, price },
        Event::TriggerMoved { .. }
        | Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Traded { .. }
        | Event::Prevented { .. }
        | Event::Rested { .. }
        | Event::RestedHidden { .. }
        | Event::Refreshed { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::Slid { .. }
        | Event::Priced { .. }
        | Event::Cancelled { .. }
        | Event::MassCancelled { .. }
        | Event::TimeAdvanced { .. }
        | Event::DayEnded { .. }
        | Event::Waits { .. }
        | Event::Triggered { .. }
        | Event::Refused { .. } => return None,
    })
}

/// One action of each kind.
pub fn actions(draw: &mut Draw<'_>) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    while let Some(action) = next_action(actions.last(), draw) {
        actions.push(action);
    }
    actions
}

/// Market orders that name a trade group, a mode against self-trades, or both.
pub fn market_orders(draw: &mut Draw<'_>) -> [MarketOrder; 3] {
    let (account, side, mode) = (draw.account(), draw.side(), draw.of(SelfTrade::ALL));
    let plain = MarketOrder::new(draw.id(), account, side, amount(draw));
    let group = TradeGroup((draw.word() as u32).max(1));
    let self_trade = Some(mode);
    [
        MarketOrder { group, ..plain },
        MarketOrder {
            self_trade,
            ..plain
        },
        MarketOrder {
            group,
            self_trade,
            ..plain
        },
    ]
}

/// One event of each kind.
pub fn events(draw: &mut Draw<'_>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    while let Some(event) = next_event(events.last(), draw) {
        events.push(event);
    }
    events
}
