//! Every kind of command and event, and every value of their enumerations, with fields drawn from words.
//!
//! A kind that is added does not compile here until it has its place in the row of kinds.

use pricetime::{
    AccountId, Action, Cancel, CancelAll, CancelCause, Display, Event, LimitOrder, MarketAmount,
    MarketOrder, Notional, Order, OrderId, OrderKind, PostOnly, Price, Pricing, Priority, Quantity,
    Reduce, Refresh, RejectReason, Replace, Request, Rest, SelfTrade, Side, TimeInForce, Timestamp,
    TradeGroup, TradeId, Trail, Trigger, TriggerKind, TriggerSource, TriggerStart,
};

use crate::layout_records::{CAUSES, REASONS, REQUESTS};

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
        let limit = Pricing::Limit(self.price());
        let protected = Pricing::Protected(self.word());
        self.of([limit, Pricing::Market, protected, Pricing::MarketToLimit])
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

/// All values that follow on each other.
pub fn row<T: Copy>(next: impl Fn(Option<T>) -> Option<T>) -> impl Iterator<Item = T> {
    std::iter::successors(next(None), move |value| next(Some(*value)))
}

pub fn next_life(life: Option<TimeInForce>) -> Option<TimeInForce> {
    Some(match life {
        None => TimeInForce::Gtc,
        Some(TimeInForce::Gtc) => TimeInForce::Ioc,
        Some(TimeInForce::Ioc) => TimeInForce::Fok,
        Some(TimeInForce::Fok) => TimeInForce::Day,
        Some(TimeInForce::Day) => TimeInForce::Gtd(Timestamp::new(9)),
        Some(TimeInForce::Gtd(_)) => return None,
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
        Some(MarketAmount::Both { .. }) => return None,
    })
}

fn amount(draw: &mut Draw<'_>) -> MarketAmount {
    let mut amount = next_amount(None, draw);
    for _ in 0..draw.word() % 3 {
        amount = next_amount(amount, draw);
    }
    amount.expect("one of three")
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
        Some(Action::Limit(_)) => Action::Market(MarketOrder {
            id,
            account,
            side,
            amount: amount(draw),
        }),
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
        Some(Action::SetMark(_)) => return None,
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
        | Event::Refused { .. }
        | Event::MarkSet { .. } => {
            return next_event_of_terms(event, (id, price, quantity), draw);
        }
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
        | Event::MarkSet { .. } => return None,
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

/// One event of each kind.
pub fn events(draw: &mut Draw<'_>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    while let Some(event) = next_event(events.last(), draw) {
        events.push(event);
    }
    events
}

pub fn next_request(request: Option<Request>) -> Option<Request> {
    Some(match request {
        None => Request::Limit,
        Some(Request::Limit) => Request::Market,
        Some(Request::Market) => Request::Cancel,
        Some(Request::Cancel) => Request::Reduce,
        Some(Request::Reduce) => Request::Replace,
        Some(Request::Replace) => Request::CancelAll,
        Some(Request::CancelAll) => Request::AdvanceTime,
        Some(Request::AdvanceTime) => Request::EndOfDay,
        Some(Request::EndOfDay) => Request::Order,
        Some(Request::Order) => Request::SetMark,
        Some(Request::SetMark) => return None,
    })
}

pub fn next_cause(cause: Option<CancelCause>) -> Option<CancelCause> {
    Some(match cause {
        None => CancelCause::Requested,
        Some(CancelCause::Requested) => CancelCause::NotFilledAtOnce,
        Some(CancelCause::NotFilledAtOnce) => CancelCause::FillOrKill,
        Some(CancelCause::FillOrKill) => CancelCause::Expired,
        Some(CancelCause::Expired) => CancelCause::DayEnded,
        Some(CancelCause::DayEnded) => CancelCause::Mass,
        Some(CancelCause::Mass) => CancelCause::SelfTrade,
        Some(CancelCause::SelfTrade) => CancelCause::MinimumNotMet,
        Some(CancelCause::MinimumNotMet) => CancelCause::Refused,
        Some(CancelCause::Refused) => return None,
    })
}

pub fn next_reason(reason: Option<RejectReason>) -> Option<RejectReason> {
    use RejectReason::*;
    Some(match reason {
        None => TimeWentBackwards,
        Some(TimeWentBackwards) => ExpiriesPending,
        Some(ExpiriesPending) => OrderUnknown,
        Some(OrderUnknown) => OrderNotOwned,
        Some(OrderNotOwned) => QuantityIsZero,
        Some(QuantityIsZero) => QuantityTooSmall,
        Some(QuantityTooSmall) => QuantityTooLarge,
        Some(QuantityTooLarge) => PriceOutOfBand,
        Some(PriceOutOfBand) => NotionalTooSmall,
        Some(NotionalTooSmall) => NotionalTooLarge,
        Some(NotionalTooLarge) => PriceRangeEmpty,
        Some(PriceRangeEmpty) => ExpiryNotInFuture,
        Some(ExpiryNotInFuture) => PostOnlyCannotRest,
        Some(PostOnlyCannotRest) => OrderIdAlreadyLive,
        Some(OrderIdAlreadyLive) => OrderIdNotIncreasing,
        Some(OrderIdNotIncreasing) => PostOnlyWouldTake,
        Some(PostOnlyWouldTake) => OrdersFull,
        Some(OrdersFull) => LevelsFull,
        Some(LevelsFull) => AccountsFull,
        Some(AccountsFull) => TimedOrdersFull,
        Some(TimedOrdersFull) => OrderIdIndexFull,
        Some(OrderIdIndexFull) => TooManyTrades,
        Some(TooManyTrades) => MarketCannotRest,
        Some(MarketCannotRest) => HiddenCannotRest,
        Some(HiddenCannotRest) => PeakOutOfRange,
        Some(PeakOutOfRange) => TooManyPeaks,
        Some(TooManyPeaks) => MinimumTooLarge,
        Some(MinimumTooLarge) => MinimumWithPeak,
        Some(MinimumWithPeak) => SelfTradeNotAllowed,
        Some(SelfTradeNotAllowed) => NoOppositePrice,
        Some(NoOppositePrice) => SpecialOrdersFull,
        Some(SpecialOrdersFull) => TriggerMalformed,
        Some(TriggerMalformed) => TriggerPriceOutOfBand,
        Some(TriggerPriceOutOfBand) => WouldTriggerAtOnce,
        Some(WouldTriggerAtOnce) => WaitingOrdersFull,
        Some(WaitingOrdersFull) => OrderHasNoLimit,
        Some(OrderHasNoLimit) => return None,
    })
}

const POST_ONLY: [PostOnly; 3] = [PostOnly::Off, PostOnly::Reject, PostOnly::Slide];
pub const ORDER_KINDS: [OrderKind; 4] = [
    OrderKind::Limit,
    OrderKind::Market,
    OrderKind::Protected,
    OrderKind::MarketToLimit,
];
pub const TRIGGER_KINDS: [TriggerKind; 2] = [TriggerKind::Stop, TriggerKind::TakeProfit];
pub const TRIGGER_STARTS: [TriggerStart; 2] = [TriggerStart::AtPrice, TriggerStart::AtOnce];
pub const TRIGGER_SOURCES: [TriggerSource; 3] = [
    TriggerSource::LastTrade,
    TriggerSource::BestOpposite,
    TriggerSource::Mark,
];
pub const TRAILS: [Trail; 3] = [Trail::None, Trail::Ticks, Trail::BasisPoints];
