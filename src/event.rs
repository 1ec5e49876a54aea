//! Everything that may have happened, and the buffer that it is written to.

mod reason;

use crate::command::Action;
#[cfg(doc)]
use crate::instrument::Capacities;
use crate::instrument::Instrument;
use crate::order::{AccountId, ListId, OrderId, SelfTrade, Side, TimeInForce, TradeId};
use crate::units::{Price, Quantity, Timestamp};
pub use reason::RejectReason;

/// One thing that happened, in the past tense.
///
/// A command answers with [`Rejected`](Event::Rejected), and has then changed nothing, or with what it did. Before either may stand the
/// expiries that its time brought about, and behind either what followed by itself: lists that cancel, reduce and release, triggers, pegs
/// that move, and orders with a [minimum](crate::Order::minimum) that try again.
/// [`View`](crate::View) rebuilds the whole book from these.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    /// A new order passed every check.
    Accepted {
        /// The order.
        id: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// How it is priced.
        kind: OrderKind,
        /// Its lifetime; a [`MarketOrder`](crate::MarketOrder)'s is [`TimeInForce::Ioc`], or [`TimeInForce::Fok`] with a total for the whole.
        time_in_force: TimeInForce,
        /// The limit as asked; zero if the book gives the price, also for a pegged order, and for a market order.
        price: Price,
        /// The quantity as asked; zero for a market order with a budget alone.
        quantity: Quantity,
        /// The command's time.
        timestamp: Timestamp,
    },
    /// A command was refused and changed nothing by itself.
    Rejected {
        /// The order it spoke of; zero where it spoke of none.
        id: OrderId,
        /// What was asked.
        request: Request,
        /// Why not.
        reason: RejectReason,
    },
    /// Two orders traded, at the maker's price.
    Traded {
        /// The trade's number.
        trade: TradeId,
        /// The order that came in, moved or tried again.
        taker: OrderId,
        /// The order that rested.
        maker: OrderId,
        /// The side of the taker.
        taker_side: Side,
        /// The price of the maker.
        price: Price,
        /// How much changed hands, at least one lot.
        quantity: Quantity,
        /// What the taker still wants; zero for a market order with a budget alone.
        taker_remaining: Quantity,
        /// What is left of the maker, shown or not; at zero it is off the book.
        maker_remaining: Quantity,
    },
    /// Two orders did not trade, for they would have traded with themselves. What is left of an order
    /// that does not go on is [`Cancelled`](Event::Cancelled) next, the maker's before the taker's.
    Prevented {
        /// The order that came in, moved or tried again.
        taker: OrderId,
        /// The order that rests.
        maker: OrderId,
        /// The side of the taker.
        taker_side: Side,
        /// What was done instead: never [`SelfTrade::Allow`].
        mode: SelfTrade,
        /// The price of the maker.
        price: Price,
        /// How much would have traded. With [`SelfTrade::Decrement`] and [`SelfTrade::Transfer`] it is off both, of the
        /// maker what is hidden first; where the taker has a quantity and a budget, the budget does not bound it.
        quantity: Quantity,
        /// What the taker still wants, or wanted if it ends; zero for a market order with a budget alone.
        taker_remaining: Quantity,
        /// What is left of the maker, shown or not, before it is cancelled if it is.
        maker_remaining: Quantity,
    },
    /// An order waits for its trigger, or for the reference that it follows: a new one, or one just triggered or released.
    Waits {
        /// The order.
        id: OrderId,
    },
    /// A new order of a list is held: until the list has all its orders, or until its working order has done its part.
    Held {
        /// The order.
        id: OrderId,
        /// Its list.
        list: ListId,
    },
    /// The last order of a list has come. What was held of it and is not to wait on follows as [`Released`](Event::Released).
    ListStarted {
        /// Whose list.
        account: AccountId,
        /// The list.
        list: ListId,
    },
    /// An order that was held, or had no reference, is entered now. What follows says what becomes of it: as of a new order.
    Released {
        /// The order.
        id: OrderId,
    },
    /// A [token](crate::Action::Once) was used before. Nothing has changed.
    Duplicate {
        /// The order that was to be entered now.
        id: OrderId,
        /// The order that was entered then.
        original: OrderId,
    },
    /// The reference of a pegged order has moved. It has left the book, and what follows says what becomes of it.
    Repriced {
        /// The order.
        id: OrderId,
        /// Its price from now on, unless it slides.
        price: Price,
    },
    /// The trigger of a waiting order has another price.
    TriggerMoved {
        /// The order.
        id: OrderId,
        /// The price.
        price: Price,
    },
    /// The trigger of an order was met. What follows says what becomes of it: as of a new order.
    Triggered {
        /// The order.
        id: OrderId,
        /// The price that triggered it.
        price: Price,
    },
    /// An order was triggered, released or repriced, and is then refused as a new order would be: it is [`Cancelled`](Event::Cancelled) next.
    ///
    /// Or one part of a [`CancelReplace`](crate::Action::CancelReplace) failed, and no `Cancelled` follows for it. First of the command's
    /// events it names the old order, which stays as it was, and the new one is entered next. Behind the `Cancelled` of the old order it
    /// names the new one, which is not entered.
    Refused {
        /// The order.
        id: OrderId,
        /// Why.
        reason: RejectReason,
    },
    /// The mark was given.
    MarkSet {
        /// The price.
        price: Price,
    },
    /// An order got its limit from the book: one that named none, or a pegged one, whatever limit it named.
    Priced {
        /// The order.
        id: OrderId,
        /// Its limit from now on, unless it slides.
        price: Price,
    },
    /// An order, or what was left of it, came to rest, part or all of it unseen. What is shown is at the tail of its level;
    /// an order that shows nothing is behind all others of that price that show nothing.
    RestedHidden {
        /// The order.
        id: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// The price it rests at.
        price: Price,
        /// How much is shown.
        displayed: Quantity,
        /// How much is not, at least one lot.
        hidden: Quantity,
    },
    /// The next peak of an iceberg order is shown, or an amended order that kept its place shows something else.
    Refreshed {
        /// The order.
        id: OrderId,
        /// How much is shown from now on.
        displayed: Quantity,
        /// How much is not.
        hidden: Quantity,
        /// Whether it kept its place or went to the tail of its level.
        priority: Priority,
    },
    /// An order, or what was left of it, came to rest at the tail of its level, all of it shown.
    Rested {
        /// The order.
        id: OrderId,
        /// Its owner.
        account: AccountId,
        /// Its side.
        side: Side,
        /// The price it rests at.
        price: Price,
        /// How much rests.
        quantity: Quantity,
    },
    /// A live order became smaller; one that rests kept its place. What is hidden goes first.
    Reduced {
        /// The order.
        id: OrderId,
        /// How much was taken off.
        by: Quantity,
        /// How much is left, shown or not, at least one lot.
        remaining: Quantity,
    },
    /// A live order was given new terms.
    Replaced {
        /// The order.
        id: OrderId,
        /// Its price from now on; zero for one that waits and names no limit.
        price: Price,
        /// Its open quantity from now on, shown or not; where it stayed and is less than before, what is hidden went first.
        quantity: Quantity,
        /// Whether it stayed where it was. If not, it has left the book, and what follows says what became of it. Always
        /// [`Priority::Kept`] for one that waits or is held, of which it says nothing.
        priority: Priority,
    },
    /// A post-only order's price was moved so that it does not take.
    Slid {
        /// The order.
        id: OrderId,
        /// The price as asked, or as the book gave it.
        from: Price,
        /// One tick short of the best opposite price.
        to: Price,
    },
    /// An order, or what was left of it, was cancelled.
    Cancelled {
        /// The order.
        id: OrderId,
        /// Why.
        cause: CancelCause,
        /// How much was cancelled; zero for a market order with a budget alone, which ends so unless its budget is spent to the last unit,
        /// and for an order of which the prevention of self-trades left nothing.
        quantity: Quantity,
    },
    /// A [`CancelAll`](crate::CancelAll) ended.
    MassCancelled {
        /// How many orders it cancelled.
        orders: u64,
        /// Whether more are left that it selects.
        rest: Rest,
    },
    /// An [`AdvanceTime`](crate::Action::AdvanceTime) ended.
    TimeAdvanced {
        /// The engine's time from now on.
        to: Timestamp,
        /// How many orders this command expired. Those that an earlier one with the same
        /// time expired before it was refused as [`RejectReason::ExpiriesPending`] are not in it.
        orders: u64,
    },
    /// An [`EndOfDay`](crate::Action::EndOfDay) ended.
    DayEnded {
        /// How many orders it cancelled.
        orders: u64,
        /// Whether more are left.
        rest: Rest,
    },
}

impl Event {
    pub(crate) fn rejected(action: &Action, reason: RejectReason) -> Self {
        let request = match action {
            Action::Limit(_) => Request::Limit,
            Action::Market(_) => Request::Market,
            Action::Order(_) => Request::Order,
            Action::Once { .. } => Request::Once,
            Action::Leg { .. } => Request::Leg,
            Action::CancelReplace { .. } => Request::CancelReplace,
            Action::Amend(_) => Request::Amend,
            Action::Cancel(_) => Request::Cancel,
            Action::Reduce(_) => Request::Reduce,
            Action::Replace(_) => Request::Replace,
            Action::CancelAll(_) => Request::CancelAll,
            Action::SetMark(_) => Request::SetMark,
            Action::AdvanceTime => Request::AdvanceTime,
            Action::EndOfDay => Request::EndOfDay,
        };
        Self::Rejected {
            id: action.id(),
            request,
            reason,
        }
    }
}

/// What kind of order was accepted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum OrderKind {
    /// A limit order.
    Limit = 0,
    /// A market order.
    Market = 1,
    /// A market order with protection.
    Protected = 2,
    /// A market-to-limit order.
    MarketToLimit = 3,
    /// A pegged order.
    Pegged = 4,
}

/// Whether an order that was replaced or refreshed stayed where it was in its queue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Priority {
    /// It kept its place.
    Kept = 0,
    /// It left the book and came back as a new order would.
    Lost = 1,
}

/// Whether a command on many orders is done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Rest {
    /// All selected orders are gone.
    Done = 0,
    /// The event capacity was reached first: send the command again.
    More = 1,
}

/// Why an order was cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum CancelCause {
    /// Its owner or the venue asked for it, or took off all that was left.
    Requested = 0,
    /// It could not trade at once and must not rest: an immediate-or-cancel or market order.
    NotFilledAtOnce = 1,
    /// A fill-or-kill order could not fill whole, or not for the total that it named.
    FillOrKill = 2,
    /// Its good-till-date time came.
    Expired = 3,
    /// The day ended.
    DayEnded = 4,
    /// A mass cancel selected it.
    Mass = 5,
    /// It would have traded with itself.
    SelfTrade = 6,
    /// It could not trade its minimum at once and must not rest.
    MinimumNotMet = 7,
    /// It was triggered, released or repriced, and then [`Refused`](Event::Refused).
    Refused = 8,
    /// Another order of its list traded, was triggered or ended, or took all that was left of it.
    List = 9,
    /// The best price left to it is within its limit and outside the [execution range](Instrument::execution_range). Or it can rest, has no
    /// minimum, and would rest across others that stand within its limit behind that range. A fill-or-kill order, or an immediate
    /// one whose minimum is not met, has its own cause.
    OutOfRange = 10,
    /// It was amended to a total no greater than what has traded already.
    Amended = 11,
    /// A [`CancelReplace`](Action::CancelReplace) cancelled it. The new order may have been [`Refused`](Event::Refused).
    Replaced = 12,
}

/// Which action a rejection answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Request {
    /// [`Action::Limit`].
    Limit = 0,
    /// [`Action::Market`].
    Market = 1,
    /// [`Action::Cancel`].
    Cancel = 2,
    /// [`Action::Reduce`].
    Reduce = 3,
    /// [`Action::Replace`].
    Replace = 4,
    /// [`Action::CancelAll`].
    CancelAll = 5,
    /// [`Action::AdvanceTime`].
    AdvanceTime = 6,
    /// [`Action::EndOfDay`].
    EndOfDay = 7,
    /// [`Action::Order`].
    Order = 8,
    /// [`Action::SetMark`].
    SetMark = 9,
    /// [`Action::Once`].
    Once = 10,
    /// [`Action::Leg`].
    Leg = 11,
    /// [`Action::CancelReplace`].
    CancelReplace = 12,
    /// [`Action::Amend`].
    Amend = 13,
}

/// Where the engine writes what happened.
///
/// Commands append; the caller clears. In one command an engine appends at most as many expiries as [`Capacities::events`] says, and then
/// at most so many other events and two more. A buffer made with [`Events::for_instrument`] and cleared between commands has room for
/// all of these, and never allocates.
#[derive(PartialEq, Eq, Debug, Default)]
pub struct Events {
    list: Vec<Event>,
}

/// A copy has the capacity of its original.
impl Clone for Events {
    fn clone(&self) -> Self {
        let mut copy = Self::with_capacity(self.list.capacity());
        copy.list.extend_from_slice(&self.list);
        copy
    }
}

impl Events {
    /// A buffer that no single command of this instrument outgrows.
    pub fn for_instrument(instrument: &Instrument) -> Self {
        Self::with_capacity(instrument.capacities().events_most())
    }

    /// A buffer that holds `events` events before it allocates. Its memory is touched here,
    /// so that no command waits for it.
    pub fn with_capacity(events: usize) -> Self {
        let nothing = Event::TimeAdvanced {
            to: Timestamp::new(0),
            orders: 0,
        };
        let mut list = vec![nothing; events];
        list.clear();
        Self { list }
    }

    /// Forgets all events and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// Forgets all but the oldest of so many.
    pub(crate) fn truncate(&mut self, events: usize) {
        self.list.truncate(events);
    }

    /// The events, oldest first.
    #[inline]
    pub fn as_slice(&self) -> &[Event] {
        &self.list
    }

    /// How many events there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The events, oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Event> {
        self.list.iter()
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, event: Event) {
        self.list.push(event);
    }

    /// Appends what there is.
    pub(crate) fn extend(&mut self, events: impl IntoIterator<Item = Event>) {
        self.list.extend(events);
    }
}

impl<'a> IntoIterator for &'a Events {
    type Item = &'a Event;
    type IntoIter = std::slice::Iter<'a, Event>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
