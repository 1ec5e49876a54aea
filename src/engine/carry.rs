//! Carrying out a plan.

use crate::book::{OrderSlot, Stands};
use crate::engine::Engine;
use crate::engine::plan::{Plan, Step};
use crate::engine::prevention::{is_decrement, who_ends};
use crate::engine::sweep::Taker;
use crate::event::{CancelCause, Event, Events, Priority};
use crate::order::{SelfTrade, TradeId};
use crate::units::Quantity;

impl Engine {
    /// Does what was planned for a taker.
    pub(super) fn carry_out(&mut self, plan: &Plan, taker: &mut Taker, events: &mut Events) {
        for step in &plan.steps {
            match *step {
                Step::Sweep(level, lots) => {
                    let price = self.book.level_price(level);
                    self.sweep_level(level, price, lots, taker, events);
                    taker.took(price, lots);
                    self.last_price = Some(price);
                }
                Step::Trade(order, lots) => self.trade(order, lots, taker, events),
                Step::Prevent(order, lots, mode) => self.prevent(order, lots, mode, taker, events),
                Step::Leave(level) => {
                    let mut next = self.book.first_hidden(level);
                    while let Some(order) = next {
                        next = self.book.behind(order);
                        if self.book.waits_to_show(order) {
                            let (displayed, hidden) = self.book.show_again(order);
                            self.refreshed(order, displayed, hidden, Priority::Lost, events);
                        }
                    }
                }
            }
        }
    }

    fn trade(&mut self, order: OrderSlot, lots: u64, taker: &mut Taker, events: &mut Events) {
        let price = self.book.level_price(self.book.order_level(order));
        let maker = self.book.order_id(order);
        let open = self.book.open_lots(order);
        taker.took(price, lots);
        self.last_trade += 1;
        self.last_price = Some(price);
        events.push(Event::Traded {
            trade: TradeId(self.last_trade),
            taker: taker.id,
            maker,
            taker_side: taker.side,
            price,
            quantity: Quantity::new(lots),
            taker_remaining: taker.remaining(0),
            maker_remaining: Quantity::new(open - lots),
        });
        if lots == open {
            self.book.remove(self.book.entry(order));
            return;
        }
        match self.book.trade_part(order, lots) {
            Stands::Still | Stands::Hidden => {}
            Stands::AtTail(peak) => {
                let hidden = self.book.reserve(order);
                self.refreshed(order, peak, hidden, Priority::Lost, events);
            }
            Stands::InPlace(peak) => {
                let hidden = self.book.reserve(order);
                self.refreshed(order, peak, hidden, Priority::Kept, events);
            }
        }
    }

    fn refreshed(
        &self,
        order: OrderSlot,
        displayed: u64,
        hidden: u64,
        priority: Priority,
        events: &mut Events,
    ) {
        events.push(Event::Refreshed {
            id: self.book.order_id(order),
            displayed: Quantity::new(displayed),
            hidden: Quantity::new(hidden),
            priority,
        });
    }

    fn prevent(
        &mut self,
        order: OrderSlot,
        lots: u64,
        mode: SelfTrade,
        taker: &mut Taker,
        events: &mut Events,
    ) {
        let price = self.book.level_price(self.book.order_level(order));
        let open = self.book.open_lots(order);
        let is_taken_off = is_decrement(mode);
        let remaining = if is_taken_off { open - lots } else { open };
        if is_taken_off {
            taker.lost(price, lots);
        }
        events.push(Event::Prevented {
            taker: taker.id,
            maker: self.book.order_id(order),
            taker_side: taker.side,
            mode,
            price,
            quantity: Quantity::new(lots),
            taker_remaining: taker.remaining(0),
            maker_remaining: Quantity::new(remaining),
        });
        let (ends_taker, ends_maker) = who_ends(mode, taker, open - lots);
        if ends_maker {
            let (id, _) = self.book.remove(self.book.entry(order));
            events.push(Event::Cancelled {
                id,
                cause: CancelCause::SelfTrade,
                quantity: Quantity::new(remaining),
            });
        } else if is_taken_off {
            self.book.reduce(order, lots);
        }
        if ends_taker {
            events.push(Event::Cancelled {
                id: taker.id,
                cause: CancelCause::SelfTrade,
                quantity: taker.remaining(0),
            });
        }
    }
}
