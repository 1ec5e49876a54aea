//! What the tuned book shares with the other, what else can be read from it, and its copy.

use pricetime::{AccountId, Action, Command, OrderId, Price, Side};

use super::{NONE, Observer, Tuned};
use crate::support::baseline::{Baseline, Counters, with_capacity_of};

/// A resting order.
#[derive(Clone, Copy)]
pub struct Resting {
    /// Its owner.
    pub account: AccountId,
    /// Its side.
    pub side: Side,
    /// Its price in ticks.
    pub price: i64,
    /// Its open quantity in lots.
    pub quantity: u64,
}

impl<O: Observer + Clone> Baseline for Tuned<O> {
    fn apply(&mut self, command: &Command) {
        match &command.action {
            Action::Limit(order) => self.limit(order),
            Action::Market(order) => self.market(order),
            Action::Cancel(cancel) => self.cancel(cancel),
            Action::Replace(replace) => self.replace(replace),
            Action::Order(_)
            | Action::Once { .. }
            | Action::Leg { .. }
            | Action::CancelReplace { .. }
            | Action::Reduce(_)
            | Action::Amend(_)
            | Action::CancelAll(_)
            | Action::SetMark(_)
            | Action::AdvanceTime
            | Action::EndOfDay => {
                unreachable!("no flow has these")
            }
        }
    }

    fn counters(&self) -> Counters {
        self.counters
    }

    fn len(&self) -> usize {
        self.ids.len()
    }

    fn best(&self, side: Side) -> Option<i64> {
        let best = self.best[side as usize];
        (best != NONE).then(|| self.levels[best as usize].price)
    }

    fn depth(&self, side: Side) -> impl Iterator<Item = (Price, u64, u32)> {
        self.ladders[side as usize].values().map(|&level| {
            let level = &self.levels[level as usize];
            (Price::new(level.price), level.quantity, level.orders)
        })
    }
}

impl<O: Observer> Tuned<O> {
    /// The number of levels of both sides.
    pub fn levels(&self) -> usize {
        self.ladders.iter().map(|ladder| ladder.len()).sum()
    }

    /// Who looks on.
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// Puts another in the place of who looks on.
    pub fn replace_observer(&mut self, observer: O) -> O {
        std::mem::replace(&mut self.observer, observer)
    }

    /// Ends the book, keeps who looked on.
    pub fn into_observer(self) -> O {
        self.observer
    }

    /// The resting order with this id.
    pub fn order(&self, id: OrderId) -> Option<Resting> {
        let order = &self.orders[*self.ids.get(&id.0)? as usize];
        let level = &self.levels[order.level as usize];
        Some(Resting {
            account: AccountId(order.account),
            side: level.side,
            price: level.price,
            quantity: order.quantity,
        })
    }

    /// The open quantity of the `orders` orders of a side that trade first.
    pub fn first_quantity(&self, side: Side, orders: u64) -> u64 {
        let levels = self.ladders[side as usize].values();
        let firsts = levels.map(|&level| self.levels[level as usize].first);
        let queues = firsts.flat_map(|first| {
            std::iter::successors(Some(first), |&slot| {
                let next = self.orders[slot as usize].next;
                (next != NONE).then_some(next)
            })
        });
        queues
            .take(orders as usize)
            .map(|slot| self.orders[slot as usize].quantity)
            .sum()
    }
}

/// Unlike a derived clone it keeps the capacities, so that the copy grows no earlier.
impl<O: Clone> Clone for Tuned<O> {
    fn clone(&self) -> Self {
        Self {
            ladders: self.ladders.clone(),
            best: self.best,
            levels: with_capacity_of(&self.levels),
            free_levels: with_capacity_of(&self.free_levels),
            orders: with_capacity_of(&self.orders),
            free_orders: with_capacity_of(&self.free_orders),
            ids: self.ids.clone(),
            counters: self.counters,
            observer: self.observer.clone(),
        }
    }
}
