//! Everything that may be asked of the engine.
//!
//! Actions on one order are laid out as written, id first, so that the id of any
//! of them is read without asking first which it is.

use crate::order::{
    AccountId, ClientToken, Display, LimitOrder, ListId, ListKind, MarketOrder, Order, OrderId,
    PartialFill, Side,
};
use crate::units::{Price, Quantity, Timestamp};

/// One thing asked, with the caller's time of asking.
///
/// Times never run backwards from one accepted command to the next. A time that
/// reaches the expiry of live orders expires them before the action is
/// looked at, whatever the action is and whether or not it is then refused, so
/// that no order trades at or after its expiry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(align(64))]
pub struct Command {
    /// When it was asked.
    pub timestamp: Timestamp,
    /// What was asked.
    pub action: Action,
}

impl Command {
    /// A command to do `action`, asked at `timestamp`.
    #[inline]
    pub const fn new(timestamp: Timestamp, action: Action) -> Self {
        Self { timestamp, action }
    }
}

/// What may be asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// Enter a limit order.
    Limit(LimitOrder),
    /// Enter a market order. Here one that must buy all for no more than it says:
    ///
    /// ```
    /// use pricetime::*;
    /// let mut engine = Engine::new(Instrument::builder().build()?);
    /// let ask = Order::limit(OrderId(1), AccountId(1), Side::Sell, Price::new(100), Quantity::new(5));
    /// let amount = MarketAmount::Whole { quantity: Quantity::new(5), total: Notional::new(499) };
    /// let buy = MarketOrder::new(OrderId(2), AccountId(2), Side::Buy, amount);
    /// let [_, report] = [Action::Order(ask), Action::Market(buy)]
    ///     .map(|action| engine.submit(&Command::new(Timestamp::new(0), action)).unwrap());
    /// assert_eq!((report.filled, report.cancelled), (Quantity::ZERO, Quantity::new(5)));
    /// # Ok::<(), InstrumentError>(())
    /// ```
    Market(MarketOrder),
    /// Enter an order with any other terms.
    Order(Order),
    /// Enter an order, unless one of its account was entered with this token before: then the answer is
    /// [`Event::Duplicate`](crate::Event::Duplicate) and nothing else changes, nor does the engine's time, but what the command's time
    /// expires. Only orders that were accepted are remembered, as many as the instrument has a
    /// [capacity for tokens](crate::Capacities::tokens); the oldest are forgotten first.
    ///
    /// ```
    /// use pricetime::*;
    /// let mut engine = Engine::new(Instrument::builder().build()?);
    /// let send = |id| {
    ///     let order = Order::limit(OrderId(id), AccountId(7), Side::Buy, Price::new(100), Quantity::new(5));
    ///     Command::new(Timestamp::new(0), Action::Once { token: ClientToken(42), order })
    /// };
    /// engine.submit(&send(1)).unwrap();
    /// assert_eq!(engine.submit(&send(2)).unwrap().duplicate, Some(OrderId(1)));
    /// assert_eq!(engine.book().len(), 1);
    /// # Ok::<(), InstrumentError>(())
    /// ```
    Once {
        /// What the account calls this request.
        token: ClientToken,
        /// The order.
        order: Order,
    },
    /// Enter an order of a list: [`ListKind`] says how, with an example. The first one that names the list opens it, and the last one
    /// starts it. Lists are named by account.
    Leg {
        /// What the account calls the list.
        list: ListId,
        /// How its orders depend on each other. The same in each of them, as the next two.
        kind: ListKind,
        /// How many orders it has, within [`ListKind::legs`].
        legs: u8,
        /// What a partial trade of an alternative does.
        partial_fill: PartialFill,
        /// The order. The working order is the first one that is entered.
        order: Order,
    },
    /// Cancel an order and enter another one of the same account, in one step. An order that is cancelled so has
    /// [`CancelCause::Replaced`](crate::CancelCause::Replaced). The new one finds its slots free, and counts as any new order.
    ///
    /// ```
    /// use pricetime::*;
    /// let mut engine = Engine::new(Instrument::builder().build()?);
    /// let bid = |id, ticks| Order::limit(OrderId(id), AccountId(7), Side::Buy, Price::new(ticks), Quantity::new(5));
    /// let (only, mode) = (CancelOnly::Any, CancelReplaceMode::StopOnFailure);
    /// let exchange = Action::CancelReplace { cancel: OrderId(1), only, mode, order: bid(2, 101) };
    /// for action in [Action::Order(bid(1, 100)), exchange] {
    ///     engine.submit(&Command::new(Timestamp::new(0), action)).unwrap();
    /// }
    /// assert_eq!(engine.book().order(OrderId(1)), None);
    /// assert_eq!(engine.book().best(Side::Buy).unwrap().price, Price::new(101));
    /// # Ok::<(), InstrumentError>(())
    /// ```
    CancelReplace {
        /// The order to be cancelled. It must belong to the account of the new one.
        cancel: OrderId,
        /// Which state it must be in.
        only: CancelOnly,
        /// What happens if one of both fails.
        mode: CancelReplaceMode,
        /// The new order. It may have the id of the one that is cancelled, unless ids must increase.
        order: Order,
    },
    /// Take an order off the book, or a waiting one from those that wait.
    Cancel(Cancel),
    /// Make a live order smaller; it keeps its place in the queue.
    Reduce(Reduce),
    /// Give a live order a new price, a new quantity, or both.
    Replace(Replace),
    /// Give a live order a new price, quantity, display or trigger price.
    Amend(Amend),
    /// Cancel every live order that the filter selects.
    CancelAll(CancelAll),
    /// Give the mark: the price that orders with [`TriggerSource::Mark`](crate::TriggerSource::Mark) watch, and ranges with
    /// [`RangeReference::Mark`](crate::RangeReference::Mark) are measured from. Within the instrument's band.
    SetMark(Price),
    /// Move the engine's time, expiring what is due.
    AdvanceTime,
    /// Cancel every [`Day`](crate::TimeInForce::Day) order, resting or waiting.
    EndOfDay,
}

impl Action {
    /// The order that the action speaks of; zero where it speaks of none.
    #[inline]
    pub fn id(&self) -> OrderId {
        match self {
            Self::Limit(order) => order.id,
            Self::Market(order) => order.id,
            Self::Order(order)
            | Self::Once { order, .. }
            | Self::Leg { order, .. }
            | Self::CancelReplace { order, .. } => order.id,
            Self::Cancel(cancel) => cancel.id,
            Self::Reduce(reduce) => reduce.id,
            Self::Replace(replace) => replace.id,
            Self::Amend(amend) => amend.id,
            Self::CancelAll(_) | Self::SetMark(_) | Self::AdvanceTime | Self::EndOfDay => {
                OrderId(0)
            }
        }
    }

    /// Whether the action speaks of this order.
    #[inline]
    pub(crate) fn is_about(&self, id: OrderId) -> bool {
        let is_on_none = matches!(
            self,
            Self::CancelAll(_) | Self::SetMark(_) | Self::AdvanceTime | Self::EndOfDay
        );
        id == self.id() && !is_on_none
    }
}

/// Takes an order off the book, or a waiting one from those that wait.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct Cancel {
    /// A live order.
    pub id: OrderId,
    /// Who asks. `None` is the venue itself; an account may touch only its own orders.
    pub owner: Option<AccountId>,
}

/// Makes a live order smaller. It keeps its place in the queue. What is hidden of it goes first.
///
/// Reducing by as much as is left, or by more, cancels the order: a reduction
/// that crosses a fill in flight never leaves more than was wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct Reduce {
    /// A live order.
    pub id: OrderId,
    /// Who asks, as in [`Cancel::owner`].
    pub owner: Option<AccountId>,
    /// How much to take off, at least one lot.
    pub by: Quantity,
}

/// Gives a live order a new price, a new quantity, or both, in one step.
///
/// A resting order keeps its place in the queue exactly when its price stays and its quantity falls, unless the instrument has another
/// [`AmendPolicy`](crate::AmendPolicy). Otherwise it goes to the tail of its level, the old level too, after trading as a new order of that
/// price would. What results has to be within the instrument's limits as a new order would, also when only the price changes and fills have
/// left little. A replacement that is refused leaves the order as it was. Lifetime, post-only and terms stay; the minimum of an all-or-none
/// order, one whose minimum is no less than what is open, becomes the new quantity. Where it keeps its place, what is hidden goes first;
/// where not, it shows its first peak again.
///
/// A waiting order waits on with its new terms. An order of a list can only become smaller, and an order that follows a reference cannot be
/// given a price.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct Replace {
    /// A live order.
    pub id: OrderId,
    /// Who asks, as in [`Cancel::owner`].
    pub owner: Option<AccountId>,
    /// The new price; `None` keeps the old one.
    pub price: Option<Price>,
    /// The new quantity, open (what is to remain, fills not counted) or in total as the instrument [counts](crate::AmendQuantity); `None`
    /// keeps the old one.
    pub quantity: Option<Quantity>,
}

/// Gives an order new terms in one step: as [`Replace`], and besides what it shows and what triggers it.
///
/// Where it keeps its place is for the instrument to say: [`AmendPolicy`](crate::AmendPolicy). A new display shows its first peak.
///
/// ```
/// use pricetime::*;
/// let mut engine = Engine::new(Instrument::builder().build()?);
/// let bid = Order::limit(OrderId(1), AccountId(7), Side::Buy, Price::new(100), Quantity::new(5));
/// let amend = Amend {
///     id: OrderId(1),
///     owner: Some(AccountId(7)),
///     price: None,
///     quantity: Some(Quantity::new(8)),
///     display: Some(Display::Hidden),
///     trigger_price: None,
/// };
/// for action in [Action::Order(bid), Action::Amend(amend)] {
///     engine.submit(&Command::new(Timestamp::new(0), action)).unwrap();
/// }
/// let order = engine.book().order(OrderId(1)).unwrap();
/// assert_eq!((order.quantity, order.displayed), (Quantity::new(8), Quantity::ZERO));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct Amend {
    /// A live order.
    pub id: OrderId,
    /// Who asks, as in [`Cancel::owner`].
    pub owner: Option<AccountId>,
    /// The new price, of an order that names its limit; `None` keeps the old one.
    pub price: Option<Price>,
    /// The new quantity, open or in total as the instrument [counts](crate::AmendQuantity); `None` keeps the old one.
    pub quantity: Option<Quantity>,
    /// What is shown from now on; `None` keeps it. An order without a minimum may get any, one with a minimum no peaks.
    pub display: Option<Display>,
    /// The new price of its trigger, while it waits or is held for that, within the instrument's band; `None` keeps the old one. An order
    /// that already trails has none any more. If the present price meets it, [`TriggerOnEntry`](crate::TriggerOnEntry) says what happens.
    pub trigger_price: Option<Price>,
}

/// Which orders a [`CancelReplace`](Action::CancelReplace) may cancel. Anything but `Any` needs an instrument that
/// [keeps totals](crate::InstrumentBuilder::keeps_totals). (Binance: `cancelRestrictions`.)
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum CancelOnly {
    /// Any live order.
    #[default]
    Any = 0,
    /// Only one that has not traded. (Binance: `ONLY_NEW`.)
    New = 1,
    /// Only one that has traded in part. (Binance: `ONLY_PARTIALLY_FILLED`.)
    PartiallyFilled = 2,
}

/// What happens if one part of a [`CancelReplace`](Action::CancelReplace) fails.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum CancelReplaceMode {
    /// The old order stays cancelled when the new one is refused: [`Event::Refused`](crate::Event::Refused) then names the new one. Only if
    /// there is nothing to cancel, or it may not be, nothing is entered, and the command is refused. (Binance: `STOP_ON_FAILURE`.)
    #[default]
    StopOnFailure = 0,
    /// Each is tried by itself. If only the cancel fails, [`Event::Refused`](crate::Event::Refused) names the old order, which stays; if only
    /// the new order does, it names that one, as above. If both fail the command is refused, for what the new order is refused.
    /// (Binance: `ALLOW_FAILURE`.)
    AllowFailure = 1,
}

impl CancelOnly {
    /// All of them, by their codes.
    pub const ALL: [Self; 3] = [Self::Any, Self::New, Self::PartiallyFilled];
}

/// Cancels every live order that all of its filters select.
///
/// The order of the cancellations is fixed: bids before asks, best price first, those that are shown before those that are not, first in
/// queue first, and then those that wait, oldest first; or, with an account on an instrument that has a
/// [capacity for accounts](crate::Capacities::accounts), in the order in which its orders came to rest or to wait. At most
/// [`events`](crate::Capacities::events) less one orders go in one command; [`Event::MassCancelled`](crate::Event::MassCancelled) says
/// whether any are left, and the same command again takes the next ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct CancelAll {
    /// Only orders of this account.
    pub account: Option<AccountId>,
    /// Only orders of this side.
    pub side: Option<Side>,
    /// Only orders at this price or higher: none that waits.
    pub price_min: Option<Price>,
    /// Only orders at this price or lower: none that waits.
    pub price_max: Option<Price>,
}

// Two cache lines of 64 bytes.
const _: () = assert!(size_of::<Command>() == 128);
