//! What can be held against an engine from its events alone, without any book.

mod queues;

use std::collections::{BTreeMap, BTreeSet};

use pricetime::{CancelCause, Event, OrderId, Priority, Quantity, SelfTrade};
pub use queues::Queues;

/// Follows every lot from the order that asked for it to its trade or cancellation.
#[derive(Default)]
pub struct Ledger {
    open: BTreeMap<OrderId, Account>,
    waiting: BTreeSet<OrderId>,
}

/// Where the lots of one order are. Replacements may ask for more in all than 64 bits hold.
#[derive(Default)]
struct Account {
    asked: u128,
    traded: u128,
    cancelled: u128,
}

impl Account {
    fn left(&self) -> Quantity {
        let gone = self.traded + self.cancelled;
        let left = self
            .asked
            .checked_sub(gone)
            .expect("no more goes than was asked for");
        Quantity::new(u64::try_from(left).expect("no more rests than was asked for at once"))
    }
}

impl Ledger {
    /// Books the events of one command, each of which must agree with those before it.
    pub fn apply(&mut self, events: &[Event]) {
        for event in events {
            self.book(event);
        }
        self.open
            .retain(|_, account| account.left() > Quantity::ZERO);
    }

    /// What each order has left, in the order of their ids.
    pub fn left(&self) -> Vec<(OrderId, Quantity)> {
        let open = self.open.iter();
        open.map(|(id, account)| (*id, account.left())).collect()
    }

    fn book(&mut self, event: &Event) {
        match *event {
            Event::Accepted { id, quantity, .. } => self.accept(id, quantity),
            Event::Traded {
                taker,
                maker,
                quantity,
                taker_remaining,
                maker_remaining,
                ..
            } => {
                assert!(quantity > Quantity::ZERO, "a trade of nothing");
                self.trade(maker, quantity, maker_remaining);
                self.trade(taker, quantity, taker_remaining);
            }
            Event::Reduced { id, by, remaining } => self.reduce(id, by, remaining),
            Event::Replaced { id, quantity, .. } => {
                let account = self.open(id);
                account.asked = account.traded + account.cancelled + u128::from(quantity.lots());
            }
            Event::Cancelled {
                id,
                cause,
                quantity,
            } => self.cancel(id, cause, quantity),
            Event::Rested { id, quantity, .. } => {
                self.check_free(id);
                assert_eq!(self.open(id).left(), quantity, "all that is left rests");
            }
            Event::RestedHidden { .. } | Event::Refreshed { .. } => self.show(event),
            Event::Prevented { .. } => self.prevent(event),
            Event::Waits { .. }
            | Event::Held { .. }
            | Event::Triggered { .. }
            | Event::Released { .. } => self.stage(event),
            Event::Repriced { id, .. } => self.check_free(id),
            // Of one part of a cancel-replace it names an order that may never have been.
            Event::Refused { .. }
            | Event::Rejected { .. }
            | Event::Duplicate { .. }
            | Event::ListStarted { .. }
            | Event::TriggerMoved { .. }
            | Event::MarkSet { .. }
            | Event::Slid { .. }
            | Event::Priced { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    /// What an order waits for, and that it waits no more.
    fn stage(&mut self, event: &Event) {
        match *event {
            Event::Waits { id } | Event::Held { id, .. } => {
                self.open(id);
                assert!(self.waiting.insert(id), "{id:?} waits already");
            }
            // One that was met on entry never waited.
            Event::Triggered { id, .. } | Event::Released { id } => {
                self.waiting.remove(&id);
            }
            _ => {}
        }
    }

    /// What an order shows is something, and what it does not as well.
    fn show(&mut self, event: &Event) {
        match *event {
            Event::RestedHidden {
                id,
                displayed,
                hidden,
                ..
            } => {
                self.check_free(id);
                assert!(hidden > Quantity::ZERO, "{id:?} hides nothing");
                self.check_parts(id, displayed, hidden);
            }
            Event::Refreshed {
                id,
                displayed,
                hidden,
                priority,
            } => {
                // An order that shows nothing may be given more where it is.
                let shows = displayed > Quantity::ZERO || priority == Priority::Kept;
                assert!(shows, "{id:?} shows nothing");
                self.check_parts(id, displayed, hidden);
            }
            _ => {}
        }
    }

    fn accept(&mut self, id: OrderId, quantity: Quantity) {
        let account = Account {
            asked: quantity.lots().into(),
            ..Account::default()
        };
        let earlier = self.open.insert(id, account);
        assert!(
            earlier.is_none_or(|order| order.left() == Quantity::ZERO),
            "{id:?} is live"
        );
    }

    fn reduce(&mut self, id: OrderId, by: Quantity, remaining: Quantity) {
        self.open(id).cancelled += u128::from(by.lots());
        assert_eq!(self.open(id).left(), remaining);
    }

    fn cancel(&mut self, id: OrderId, cause: CancelCause, quantity: Quantity) {
        if cause == CancelCause::Refused {
            self.check_free(id);
        }
        self.waiting.remove(&id);
        let account = self.open(id);
        account.cancelled += u128::from(quantity.lots());
        assert_eq!(account.left(), Quantity::ZERO, "{id:?} is cancelled whole");
    }

    /// What is shown and what is not are together what is left.
    fn check_parts(&mut self, id: OrderId, displayed: Quantity, hidden: Quantity) {
        let left = self.open(id).left().lots();
        assert_eq!(left, displayed.lots() + hidden.lots(), "{id:?}");
    }

    fn trade(&mut self, id: OrderId, quantity: Quantity, remaining: Quantity) {
        self.check_free(id);
        let account = self.open(id);
        account.traded += u128::from(quantity.lots());
        // An order with a budget alone asks for whatever it gets.
        account.asked = account.asked.max(account.traded + account.cancelled);
        assert_eq!(account.left(), remaining, "what {id:?} still wants");
    }

    fn prevent(&mut self, event: &Event) {
        let Event::Prevented {
            taker,
            maker,
            mode,
            quantity,
            taker_remaining,
            maker_remaining,
            ..
        } = *event
        else {
            return;
        };
        assert!(quantity > Quantity::ZERO, "nothing was prevented");
        let both_lose = match mode {
            SelfTrade::Allow => panic!("then they trade"),
            SelfTrade::ExpireTaker | SelfTrade::ExpireMaker | SelfTrade::ExpireBoth => false,
            SelfTrade::Decrement | SelfTrade::Transfer => true,
        };
        for (id, remaining) in [(maker, maker_remaining), (taker, taker_remaining)] {
            let account = self.open(id);
            if both_lose {
                account.cancelled += u128::from(quantity.lots());
                // An order with a budget alone asks for whatever it gets.
                account.asked = account.asked.max(account.traded + account.cancelled);
            }
            assert_eq!(account.left(), remaining, "what {id:?} still wants");
        }
    }

    /// While an order waits for its trigger it does nothing.
    fn check_free(&self, id: OrderId) {
        assert!(!self.waiting.contains(&id), "{id:?} still waits");
    }

    fn open(&mut self, id: OrderId) -> &mut Account {
        self.open
            .get_mut(&id)
            .expect("the event is about a live order")
    }
}
