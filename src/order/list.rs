//! Orders that depend on each other.

#[cfg(doc)]
use crate::order::TriggerKind;

/// How the orders of a list depend on each other.
///
/// An order of a list is entered by [`Action::Leg`](crate::Action::Leg). Orders are held until the last one has come; then the list starts.
/// A list has a *working* order, or a group of *alternatives*, or both: then the alternatives are held until the working order has traded
/// whole. It lives, and its name is taken, until all its orders are gone.
///
/// When any order of a list ends otherwise than by trading whole (it is cancelled, expires, is refused when it is run, or is ended by the
/// prevention of self-trades), all others are cancelled; [`OnePaysOther`](ListKind::OnePaysOther) has an exception. When an alternative
/// trades whole, the other alternatives are cancelled. [`PartialFill`] says what a partial trade does. When one of the two alternatives of
/// [`OneCancelsOther`](ListKind::OneCancelsOther) or [`OneTriggersOneCancelsOther`](ListKind::OneTriggersOneCancelsOther) is made smaller on
/// request, the other loses as much.
///
/// What is due for the others is worked out as soon as an event has happened, for expiries before the command that brings them about. It is
/// done behind the command's own events, as far as it fits them; the next command goes on. Takers pass by an order for which something is
/// due, and in one walk the alternatives of one that they trade with, if that trade cancels them or makes them smaller: an order of a list
/// never trades after another one of it did that cancels it.
///
/// ```
/// use pricetime::*;
/// let mut engine = Engine::new(Instrument::builder().build()?);
/// let mut events = Events::for_instrument(engine.instrument());
/// let order = |id, side| Order::limit(OrderId(id), AccountId(id as u32), side, Price::new(110), Quantity::new(5));
/// let (kind, source, price) = (TriggerKind::Stop, TriggerSource::LastTrade, Price::new(90));
/// let (trail, distance, start) = (Trail::None, 0, TriggerStart::AtPrice);
/// let trigger = Trigger { kind, source, price, trail, distance, start };
/// let profit = order(1, Side::Sell);
/// let stop = Order { trigger: Some(trigger), ..Order::market(OrderId(2), AccountId(1), Side::Sell, Quantity::new(5)) };
/// let (list, kind, partial_fill) = (ListId(1), ListKind::OneCancelsOther, PartialFill::Cancels);
/// let leg = |order| Action::Leg { list, kind, legs: 2, partial_fill, order };
/// for action in [leg(profit), leg(stop), Action::Order(order(3, Side::Buy))] {
///     engine.apply(&Command::new(Timestamp::new(0), action), &mut events);
/// }
/// let gone = Event::Cancelled { id: OrderId(2), cause: CancelCause::List, quantity: Quantity::new(5) };
/// assert_eq!(events.iter().last(), Some(&gone));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum ListKind {
    /// Two alternatives of one side and quantity: one takes profit (a limit or a peg that can rest, or [`TriggerKind::TakeProfit`]), the other
    /// stops a loss ([`TriggerKind::Stop`]). When the list starts, for a sell the profit's price has to lie above the stop's, for a buy below
    /// it, and the last trade's between them if there was one. The price of an order with a trigger is its trigger's; a peg, and an order
    /// that trails at once, are not compared. (Binance: OCO. FIX: ContingencyType 1.)
    OneCancelsOther = 0,
    /// Two to eight alternatives of one side, each a limit or a peg that can rest, or an order with a trigger.
    OneCancelsMany = 1,
    /// A working order, a limit without a trigger, and one of any sort that is held until the first has traded whole. (Binance: OTO. FIX:
    /// ContingencyType 2.)
    OneTriggersOther = 2,
    /// A working order, a limit without a trigger, and two alternatives as of [`OneCancelsOther`](ListKind::OneCancelsOther), whose prices are
    /// only compared with each other. (Binance: OTOCO.)
    OneTriggersOneCancelsOther = 3,
    /// A working order that buys, a limit without a trigger, and one that sells what was bought: it is released when the working order has
    /// ended, whole or not, if anything was bought, and first reduced to that if it is more. If nothing was, it is cancelled. (Binance: OPO.)
    OnePaysOther = 4,
}

/// What a partial trade of one alternative of a list does to the others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum PartialFill {
    /// They are cancelled; and so they are as soon as one alternative is triggered. (Binance: one order's activation cancels the other.)
    #[default]
    Cancels = 0,
    /// They are made smaller by as much; one that would have nothing left is cancelled. (FIX: ContingencyType 3, one updates the other,
    /// absolute.)
    Reduces = 1,
    /// Nothing. They are cancelled once it has traded whole.
    Waits = 2,
}

impl ListKind {
    /// All of them, by their codes.
    pub const ALL: [Self; 5] = [
        Self::OneCancelsOther,
        Self::OneCancelsMany,
        Self::OneTriggersOther,
        Self::OneTriggersOneCancelsOther,
        Self::OnePaysOther,
    ];

    /// Whether its first order is a working one: the others are held until it has done its part.
    pub const fn has_working(self) -> bool {
        match self {
            Self::OneCancelsOther | Self::OneCancelsMany => false,
            Self::OneTriggersOther | Self::OneTriggersOneCancelsOther | Self::OnePaysOther => true,
        }
    }

    /// How many orders it may have, [`legs`](crate::Action::Leg::legs).
    pub const fn legs(self) -> std::ops::RangeInclusive<u8> {
        match self {
            Self::OneCancelsOther | Self::OneTriggersOther | Self::OnePaysOther => 2..=2,
            Self::OneCancelsMany => 2..=8,
            Self::OneTriggersOneCancelsOther => 3..=3,
        }
    }
}

impl PartialFill {
    /// All of them, by their codes.
    pub const ALL: [Self; 3] = [Self::Cancels, Self::Reduces, Self::Waits];
}
