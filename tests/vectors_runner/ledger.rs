//! What became of every order, told by the events alone.

use std::collections::BTreeMap;

use pricetime::{
    AccountId, Action, CancelCause, Event, MarketAmount, Notional, OrderId, OrderKind, Price,
    Quantity,
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
    pub refusals: Vec<Refusal>,
    /// Each entry with the step that it came from.
    pub log: Vec<(usize, Entry)>,
    /// Each cancel step in turn: the order, and whether it was obeyed.
    pub cancels: Vec<(OrderId, bool)>,
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
                self.refuse(step, id, format!("{reason:?}"), asked(action));
            }
            Event::Traded { .. } => self.trade(step, event),
            Event::Rested {
                id,
                price,
                quantity,
                ..
            } => {
                self.log.push((
                    step,
                    Entry::Rested {
                        id,
                        price,
                        quantity,
                    },
                ));
            }
            Event::Reduced { id, by, remaining } => {
                let order = self.order(id);
                order.asked = less(order.asked, by);
                self.log_cancel(step, id, by, remaining);
            }
            Event::Replaced { id, quantity, .. } => {
                let order = self.order(id);
                order.asked = Quantity::new(order.filled.lots() + quantity.lots());
            }
            Event::Cancelled {
                id,
                cause,
                quantity,
            } => {
                let order = self.order(id);
                order.fate = Fate::Cancelled { cause, quantity };
                // A cut to nothing also cuts what was asked for.
                if matches!(action, Action::Reduce(_)) {
                    order.asked = less(order.asked, quantity);
                }
                self.log_cancel(step, id, quantity, Quantity::ZERO);
            }
            Event::Slid { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
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
            fate: Fate::Open,
        };
        self.orders.insert(id, order);
        self.log.push((step, Entry::Acknowledged { id }));
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
        order.filled = Quantity::new(order.filled.lots() + quantity.lots());
        order.notional += Notional::of(price, quantity).tick_lots();
        let (filled, whole) = (order.filled, order.filled == order.asked);
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

fn asked(action: &Action) -> Quantity {
    match action {
        Action::Limit(order) => order.quantity,
        Action::Market(order) => match order.amount {
            MarketAmount::Quantity(quantity) | MarketAmount::Both { quantity, .. } => quantity,
            MarketAmount::Budget(_) => Quantity::ZERO,
        },
        Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::CancelAll(_)
        | Action::AdvanceTime
        | Action::EndOfDay => Quantity::ZERO,
    }
}
