//! What became of every order, told by the events alone.

use std::collections::{BTreeMap, BTreeSet};

use pricetime::{
    AccountId, Action, CancelCause, Event, MarketAmount, Notional, OrderId, OrderKind, Price,
    Quantity, SelfTrade,
};

/// One order from its acceptance on. An id that is used again starts anew.
#[derive(Clone, Debug)]
pub struct Order {
    pub account: AccountId,
    pub kind: OrderKind,
    /// The whole quantity asked for, fills included.
    pub asked: Quantity,
    pub filled: Quantity,
    pub notional: i128,
    /// What self-trade prevention took off it, whether it then went on or not.
    pub prevented: Quantity,
    /// Of that, what made it smaller without ending it.
    pub decremented: Quantity,
    /// Whether it took when prevention last met it.
    pub took_when_prevented: bool,
    pub fate: Fate,
}

/// Where an order has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Open,
    Filled,
    Cancelled {
        cause: CancelCause,
        quantity: Quantity,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trade {
    pub taker: OrderId,
    pub maker: OrderId,
    pub price: Price,
    pub quantity: Quantity,
    pub taker_remaining: Quantity,
    pub maker_remaining: Quantity,
}

/// Two orders that would have traded with themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prevention {
    pub taker: OrderId,
    pub maker: OrderId,
    pub price: Price,
    pub mode: SelfTrade,
    /// How much would have traded.
    pub quantity: Quantity,
    /// What each of them lost by it.
    pub taker_lost: Quantity,
    pub maker_lost: Quantity,
}

/// A refusal by the engine, or by a unit's conversion on the way to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub step: usize,
    pub id: OrderId,
    pub reason: String,
}

/// One thing that happened, as the sources' own logs put it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    Acknowledged {
        id: OrderId,
    },
    Rested {
        id: OrderId,
        price: Price,
        quantity: Quantity,
    },
    Traded(Trade),
    /// One side's account of a trade.
    Executed {
        id: OrderId,
        price: Price,
        quantity: Quantity,
        filled: Quantity,
        whole: bool,
    },
    Cancelled {
        id: OrderId,
        quantity: Quantity,
        remaining: Quantity,
        filled: Quantity,
    },
    /// `asked` is the quantity of the order that was refused, zero if it was no order.
    Refused {
        id: OrderId,
        asked: Quantity,
    },
}

/// Everything that happened so far.
#[derive(Default)]
pub struct Ledger {
    pub orders: BTreeMap<OrderId, Order>,
    pub trades: Vec<Trade>,
    pub preventions: Vec<Prevention>,
    pub refusals: Vec<Refusal>,
    /// Each triggered order in turn, and the price that triggered it.
    pub triggers: Vec<(OrderId, Price)>,
    /// Each entry with the step that it came from.
    pub log: Vec<(usize, Entry)>,
    /// Each cancel step in turn: the order, and whether it was obeyed.
    pub cancels: Vec<(OrderId, bool)>,
    /// Orders that wait for their list.
    pub held: BTreeSet<OrderId>,
    /// Each order in turn that was held, or had no reference, and then was entered.
    pub released: Vec<OrderId>,
    /// Each order in turn that a token kept out, and the one that was entered in its place.
    pub duplicates: Vec<(OrderId, OrderId)>,
    /// Each order in turn that followed its reference, and its price then.
    pub repriced: Vec<(OrderId, Price)>,
    /// Orders of lists that were refused for another of their orders.
    pub refused_with_list: BTreeSet<OrderId>,
    /// Whether the source calls a taker that prevention ends refused.
    pub prevention_refuses: bool,
    /// Whether it calls an order refused that could do nothing at once and was to do that or nothing.
    pub want_refuses: bool,
}

impl Ledger {
    pub fn refuse(&mut self, step: usize, id: OrderId, reason: String, asked: Quantity) {
        self.log.push((step, Entry::Refused { id, asked }));
        self.refusals.push(Refusal { step, id, reason });
    }

    /// Takes in one event that the action caused.
    pub fn record(&mut self, step: usize, event: &Event, action: &Action) {
        match *event {
            Event::Accepted {
                id,
                account,
                kind,
                quantity,
                ..
            } => self.accept(step, id, (account, kind), quantity),
            Event::Rejected { id, reason, .. } => {
                self.refuse(step, id, format!("{reason:?}"), asked_by(action));
            }
            Event::Traded { .. } => self.trade(step, event),
            Event::Prevented { .. } => self.prevent(event),
            Event::Rested {
                id,
                price,
                quantity,
                ..
            } => self.rest(step, id, price, quantity),
            Event::RestedHidden {
                id,
                price,
                displayed,
                hidden,
                ..
            } => self.rest(step, id, price, more(displayed, hidden)),
            Event::Reduced { id, by, remaining } => self.reduce(step, id, by, remaining),
            Event::Replaced { id, quantity, .. } => {
                let order = self.order(id);
                order.asked = more(more(order.filled, order.decremented), quantity);
            }
            Event::Cancelled {
                id,
                cause,
                quantity,
            } => self.cancel(step, (id, cause), quantity, action),
            Event::Refused { id, reason } => {
                let asked = self.asked(id, action);
                self.refuse(step, id, format!("{reason:?}"), asked);
            }
            Event::Triggered { .. }
            | Event::Held { .. }
            | Event::Released { .. }
            | Event::Duplicate { .. }
            | Event::Repriced { .. } => self.note(event),
            Event::Waits { .. }
            | Event::ListStarted { .. }
            | Event::TriggerMoved { .. }
            | Event::MarkSet { .. }
            | Event::Slid { .. }
            | Event::Priced { .. }
            | Event::Refreshed { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    /// One part of a cancel-replace may be of an order that never was.
    fn asked(&self, id: OrderId, action: &Action) -> Quantity {
        let asked = self.orders.get(&id).map(|order| order.asked);
        asked.unwrap_or_else(|| asked_by(action))
    }

    fn reduce(&mut self, step: usize, id: OrderId, by: Quantity, remaining: Quantity) {
        let order = self.order(id);
        order.asked = less(order.asked, by);
        self.log_cancel(step, id, by, remaining);
    }

    /// What changes no order's quantity, kept in sequence.
    fn note(&mut self, event: &Event) {
        if let Event::Triggered { id, price } = *event {
            self.triggers.push((id, price));
        } else if let Event::Held { id, .. } = *event {
            self.held.insert(id);
        } else if let Event::Released { id } = *event {
            self.held.remove(&id);
            self.released.push(id);
        } else if let Event::Duplicate { id, original } = *event {
            self.duplicates.push((id, original));
        } else if let Event::Repriced { id, price } = *event {
            self.repriced.push((id, price));
        }
    }

    fn accept(
        &mut self,
        step: usize,
        id: OrderId,
        (account, kind): (AccountId, OrderKind),
        asked: Quantity,
    ) {
        let order = Order {
            account,
            kind,
            asked,
            filled: Quantity::ZERO,
            notional: 0,
            prevented: Quantity::ZERO,
            decremented: Quantity::ZERO,
            took_when_prevented: false,
            fate: Fate::Open,
        };
        self.orders.insert(id, order);
        self.held.remove(&id);
        self.log.push((step, Entry::Acknowledged { id }));
    }

    fn rest(&mut self, step: usize, id: OrderId, price: Price, quantity: Quantity) {
        let entry = Entry::Rested {
            id,
            price,
            quantity,
        };
        self.log.push((step, entry));
    }

    fn cancel(
        &mut self,
        step: usize,
        (id, cause): (OrderId, CancelCause),
        quantity: Quantity,
        action: &Action,
    ) {
        let order = self.order(id);
        order.fate = Fate::Cancelled { cause, quantity };
        // A cut to nothing also cuts what was asked for.
        if matches!(action, Action::Reduce(reduce) if reduce.id == id) {
            order.asked = less(order.asked, quantity);
        }
        let order = order.clone();
        self.log_cancel(step, id, quantity, Quantity::ZERO);
        if self.refused_with_list.contains(&id) {
            self.refuse(step, id, "ListRefused".into(), order.asked);
            return;
        }
        // What was refused once it had been triggered has told so itself.
        if cause != CancelCause::Refused && self.calls_refused(id, &order) {
            self.refuse(step, id, format!("{cause:?}"), order.asked);
        }
    }

    /// Whether an order that the engine accepted and cancelled is refused in the source's words.
    pub fn calls_refused(&self, id: OrderId, order: &Order) -> bool {
        let Fate::Cancelled { cause, .. } = order.fate else {
            return false;
        };
        let did_nothing = order.filled == Quantity::ZERO;
        match cause {
            _ if self.refused_with_list.contains(&id) => true,
            CancelCause::SelfTrade => self.prevention_refuses && order.took_when_prevented,
            CancelCause::FillOrKill | CancelCause::MinimumNotMet => {
                self.want_refuses && did_nothing
            }
            CancelCause::NotFilledAtOnce => {
                self.want_refuses && did_nothing && order.kind == OrderKind::Market
            }
            CancelCause::Refused => true,
            CancelCause::Requested
            | CancelCause::Expired
            | CancelCause::DayEnded
            | CancelCause::Mass
            | CancelCause::OutOfRange
            | CancelCause::Amended
            | CancelCause::Replaced
            | CancelCause::List => false,
        }
    }

    /// An order that is expired loses all that it has, one that is decremented what would have traded.
    fn prevent(&mut self, event: &Event) {
        let Event::Prevented {
            taker,
            maker,
            mode,
            price,
            quantity,
            taker_remaining,
            maker_remaining,
            ..
        } = *event
        else {
            return;
        };
        let (taker_lost, maker_lost) = match mode {
            SelfTrade::Allow => (Quantity::ZERO, Quantity::ZERO),
            SelfTrade::ExpireTaker => (taker_remaining, Quantity::ZERO),
            SelfTrade::ExpireMaker => (Quantity::ZERO, maker_remaining),
            SelfTrade::ExpireBoth => (taker_remaining, maker_remaining),
            SelfTrade::Decrement | SelfTrade::Transfer => (quantity, quantity),
        };
        let goes_on = matches!(mode, SelfTrade::Decrement | SelfTrade::Transfer);
        for (id, lost) in [(taker, taker_lost), (maker, maker_lost)] {
            let order = self.order(id);
            order.prevented = more(order.prevented, lost);
            order.took_when_prevented = id == taker;
            if goes_on {
                order.decremented = more(order.decremented, lost);
            }
        }
        self.preventions.push(Prevention {
            taker,
            maker,
            price,
            mode,
            quantity,
            taker_lost,
            maker_lost,
        });
    }

    fn trade(&mut self, step: usize, event: &Event) {
        let Event::Traded {
            taker,
            maker,
            price,
            quantity,
            taker_remaining,
            maker_remaining,
            ..
        } = *event
        else {
            return;
        };
        let trade = Trade {
            taker,
            maker,
            price,
            quantity,
            taker_remaining,
            maker_remaining,
        };
        self.trades.push(trade);
        self.log.push((step, Entry::Traded(trade)));
        self.execute(step, taker, &trade);
        self.execute(step, maker, &trade);
    }

    fn order(&mut self, id: OrderId) -> &mut Order {
        let order = self.orders.get_mut(&id);
        order.expect("events speak of accepted orders only")
    }

    fn execute(&mut self, step: usize, id: OrderId, trade: &Trade) {
        let Trade {
            price, quantity, ..
        } = *trade;
        let order = self.order(id);
        order.filled = more(order.filled, quantity);
        order.notional += Notional::of(price, quantity).tick_lots();
        let filled = order.filled;
        let whole = more(filled, order.decremented) == order.asked;
        if whole {
            order.fate = Fate::Filled;
        }
        self.log.push((
            step,
            Entry::Executed {
                id,
                price,
                quantity,
                filled,
                whole,
            },
        ));
    }

    fn log_cancel(&mut self, step: usize, id: OrderId, quantity: Quantity, remaining: Quantity) {
        let filled = self.order(id).filled;
        self.log.push((
            step,
            Entry::Cancelled {
                id,
                quantity,
                remaining,
                filled,
            },
        ));
    }
}

fn less(quantity: Quantity, by: Quantity) -> Quantity {
    Quantity::new(quantity.lots() - by.lots())
}

fn more(quantity: Quantity, by: Quantity) -> Quantity {
    Quantity::new(quantity.lots() + by.lots())
}

fn asked_by(action: &Action) -> Quantity {
    match action {
        Action::Limit(order) => order.quantity,
        Action::Order(order)
        | Action::Once { order, .. }
        | Action::Leg { order, .. }
        | Action::CancelReplace { order, .. } => order.quantity,
        Action::Market(order) => match order.amount {
            MarketAmount::Quantity(quantity)
            | MarketAmount::Both { quantity, .. }
            | MarketAmount::Whole { quantity, .. } => quantity,
            MarketAmount::Budget(_) => Quantity::ZERO,
        },
        Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::Amend(_)
        | Action::CancelAll(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => Quantity::ZERO,
    }
}
