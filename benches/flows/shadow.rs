//! A tuned book that follows a flow while it is generated, so that the generator
//! knows which orders are live and where the touch is.

use pricetime::{
    AccountId, Action, Cancel, Command, LimitOrder, MarketAmount, MarketOrder, OrderId, PostOnly,
    Price, Quantity, Replace, Side, TimeInForce, Timestamp,
};

use crate::flows::ACCOUNTS;
use crate::support::baseline::Baseline;
use crate::support::random::{Random, mix};
use crate::support::tuned::{Resting, Tuned};

/// Writes commands and carries them out on a shadow of the book.
pub struct Shadow {
    /// Where every choice comes from.
    pub random: Random,
    book: Tuned,
    commands: Vec<Command>,
    /// Ids that rested; those that are gone since are dropped when drawn.
    live: Vec<OrderId>,
    counter: u64,
    clock: u64,
}

impl Shadow {
    /// An empty book, with room for `commands` commands and `orders` orders.
    pub fn new(seed: u64, commands: usize, orders: usize) -> Self {
        Self {
            random: Random::new(seed),
            book: Tuned::new(orders, 0, ()),
            commands: Vec::with_capacity(commands),
            live: Vec::with_capacity(orders),
            counter: seed << 32,
            clock: 0,
        }
    }

    /// The book as it is now.
    pub fn book(&self) -> &Tuned {
        &self.book
    }

    /// Takes the commands written so far.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// Enters a limit order.
    pub fn limit(&mut self, side: Side, price: i64, quantity: u64, time_in_force: TimeInForce) {
        let id = self.next_id();
        let account = self.next_account();
        self.write(Action::Limit(LimitOrder {
            id,
            account,
            side,
            price: Price::new(price),
            quantity: Quantity::new(quantity),
            time_in_force,
            post_only: PostOnly::Off,
        }));
        if time_in_force == TimeInForce::Gtc {
            self.live.push(id);
        }
    }

    /// Enters a market order.
    pub fn market(&mut self, side: Side, quantity: u64) {
        let id = self.next_id();
        let account = self.next_account();
        self.write(Action::Market(MarketOrder::new(
            id,
            account,
            side,
            MarketAmount::Quantity(Quantity::new(quantity)),
        )));
    }

    /// Cancels an order drawn from all live ones. Does nothing when there are none.
    pub fn cancel(&mut self) {
        if let Some((index, id, order)) = self.draw() {
            self.live.swap_remove(index);
            let owner = Some(order.account);
            self.write(Action::Cancel(Cancel { id, owner }));
        }
    }

    /// Gives a live order new terms.
    pub fn replace(&mut self, id: OrderId, owner: AccountId, price: Option<i64>, quantity: u64) {
        self.write(Action::Replace(Replace {
            id,
            owner: Some(owner),
            price: price.map(Price::new),
            quantity: Some(Quantity::new(quantity)),
        }));
    }

    /// Draws one of the live orders, each as likely as any other.
    pub fn draw(&mut self) -> Option<(usize, OrderId, Resting)> {
        while !self.live.is_empty() {
            let index = self.random.below(self.live.len() as u64) as usize;
            let id = self.live[index];
            if let Some(order) = self.book.order(id) {
                return Some((index, id, order));
            }
            self.live.swap_remove(index);
        }
        None
    }

    fn next_id(&mut self) -> OrderId {
        self.counter += 1;
        OrderId(mix(self.counter))
    }

    fn next_account(&mut self) -> AccountId {
        AccountId(self.random.below(ACCOUNTS) as u32)
    }

    fn write(&mut self, action: Action) {
        self.clock += self.random.between(1, 200);
        let command = Command::new(Timestamp::new(self.clock), action);
        self.book.apply(&command);
        self.commands.push(command);
    }
}
