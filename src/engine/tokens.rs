//! What clients called their requests: the last ones that were accepted, of all accounts together.

use crate::book::{Home, Names, copy_with_room};
use crate::engine::Engine;
use crate::event::{Event, Events, RejectReason};
use crate::order::{AccountId, ClientToken, Order, OrderId};

/// A request that was accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Remembered {
    pub account: AccountId,
    pub token: ClientToken,
    pub order: OrderId,
}

/// The last requests that were accepted, as many as there is room for.
#[derive(Debug)]
pub(super) struct Tokens {
    /// A ring once it is full.
    remembered: Vec<Remembered>,
    room: usize,
    /// Where the oldest is once it is full.
    oldest: usize,
    names: Names,
}

/// A copy has the room of its original.
impl Clone for Tokens {
    fn clone(&self) -> Self {
        Self {
            remembered: copy_with_room(&self.remembered),
            names: self.names.clone(),
            ..*self
        }
    }
}

/// The same requests in the same sequence.
impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        self.room == other.room && self.iter().eq(other.iter())
    }
}

impl Tokens {
    pub(super) fn new(room: u32, key: u64) -> Self {
        Self {
            remembered: Vec::with_capacity(room as usize),
            room: room as usize,
            oldest: 0,
            names: Names::new(room, key),
        }
    }

    /// With these requests, oldest first; `None` if that cannot be.
    pub(super) fn with(mut self, requests: &[Remembered]) -> Option<Self> {
        let is_new = |tokens: &Self, request: &Remembered| {
            tokens.find(request.account, request.token).is_none()
        };
        for request in requests {
            if self.remembered.len() == self.room || !is_new(&self, request) {
                return None;
            }
            self.remember(*request);
        }
        Some(self)
    }

    /// Bytes of heap in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.remembered.capacity() * size_of::<Remembered>() + self.names.memory_bytes()
    }

    /// All that are remembered, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Remembered> {
        let (new, old) = self.remembered.split_at(self.oldest);
        old.iter().chain(new)
    }

    fn find(&self, account: AccountId, token: ClientToken) -> Option<OrderId> {
        let place = self.names.find((account.0, token.0))?;
        Some(self.remembered[place as usize].order)
    }

    /// Remembers a request that is not remembered yet, in place of the oldest if there is no more room.
    pub(super) fn remember(&mut self, request: Remembered) {
        let name = (request.account.0, request.token.0);
        if self.remembered.len() < self.room {
            self.names.put(name, self.remembered.len() as u32);
            return self.remembered.push(request);
        }
        let place = self.oldest;
        let forgotten = std::mem::replace(&mut self.remembered[place], request);
        self.names.remove((forgotten.account.0, forgotten.token.0));
        self.names.put(name, place as u32);
        self.oldest = (place + 1) % self.room;
    }
}

impl Engine {
    /// Enters an order, unless one was entered with this token; whether it was.
    pub(super) fn enter_once(
        &mut self,
        token: ClientToken,
        order: &Order,
        home: Home,
        time: u64,
        events: &mut Events,
    ) -> Result<Entered, RejectReason> {
        if self.tokens.room == 0 {
            return Err(RejectReason::TokensNotKept);
        }
        if let Some(original) = self.tokens.find(order.account, token) {
            let id = order.id;
            events.push(Event::Duplicate { id, original });
            return Ok(Entered::Before);
        }
        self.enter_any(order, home, time, events)?;
        self.tokens.remember(Remembered {
            account: order.account,
            token,
            order: order.id,
        });
        Ok(Entered::Now)
    }
}

/// When an order with a token was entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Entered {
    Now,
    Before,
}
