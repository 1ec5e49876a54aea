//! What an order is: identities, side, lifetime and attributes.

mod list;

use crate::units::{Notional, Price, Quantity, Timestamp};
pub use list::{ListKind, PartialFill};

/// The name the caller gives an order. No two live orders of an instrument share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct OrderId(pub u64);

/// The owner of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AccountId(pub u32);

/// Accounts that count as one where self-trades are prevented. Zero is no group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TradeGroup(pub u32);

/// The name that an account gives one of its order lists. No two live lists of an account share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ListId(pub u64);

/// What an account calls one of its requests, so that it may be sent again without harm: see [`Action::Once`](crate::Action::Once).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ClientToken(pub u64);

/// The number of a trade of this instrument: 1, 2, 3 and so on, without a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct TradeId(pub u64);

/// Which way an order trades.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Side {
    /// A bid.
    Buy = 0,
    /// An ask.
    Sell = 1,
}

impl Side {
    /// Both sides, bids first.
    pub const BOTH: [Self; 2] = [Self::Buy, Self::Sell];

    /// The side an order of this side trades with.
    #[inline]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

/// How long an order lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TimeInForce {
    /// Good till cancelled: what does not trade at once rests.
    Gtc,
    /// Immediate or cancel: what does not trade at once is cancelled.
    Ioc,
    /// Fill or kill: all of it trades at once, or nothing does.
    Fok,
    /// Lives until the next [`EndOfDay`](crate::Action::EndOfDay).
    Day,
    /// Good till date: lives while the engine's time is before this one. At this very nanosecond the order is gone.
    Gtd(Timestamp),
}

/// What an order that must not take liquidity does when it would.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum PostOnly {
    /// The order may take.
    #[default]
    Off,
    /// The order is refused.
    Reject,
    /// The order's price slides to one tick short of the best opposite price.
    Slide,
}

/// A limit order to be entered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct LimitOrder {
    /// A name that no live order has.
    pub id: OrderId,
    /// Who owns it.
    pub account: AccountId,
    /// Which way it trades.
    pub side: Side,
    /// Whether it may take. Anything but [`PostOnly::Off`] needs an order that can rest.
    pub post_only: PostOnly,
    /// The worst price it may trade at, within the instrument's band.
    pub price: Price,
    /// How much, within the instrument's limits.
    pub quantity: Quantity,
    /// How long it lives.
    pub time_in_force: TimeInForce,
}

/// How much a market order trades.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MarketAmount {
    /// This many lots.
    Quantity(Quantity),
    /// As many whole lots as this much money pays for (buy) or as it takes to receive no more than it (sell): at each price the
    /// quantity is rounded down.
    Budget(Notional),
    /// Whichever is reached first. What is [prevented](SelfTrade::Decrement) counts for the quantity and not for the budget.
    Both {
        /// At most this many lots.
        quantity: Quantity,
        /// At most this much money, rounded down to whole lots at each price.
        budget: Notional,
    },
    /// All of these lots at once, or nothing: a buy pays no more than `total` for them, a sell receives no less.
    /// An example is at [`Action::Market`](crate::Action::Market).
    Whole {
        /// This many lots, within the limits of a market order.
        quantity: Quantity,
        /// The most (buy) or the least (sell) for all of them together, in ticks times lots: at least one for a buy, zero or more for a sell.
        total: Notional,
    },
}

/// A market order to be entered. It trades at any price; what does not trade is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct MarketOrder {
    /// A name that no live order has.
    pub id: OrderId,
    /// Who owns it.
    pub account: AccountId,
    /// Whom else it must not trade with, where self-trades are prevented.
    pub group: TradeGroup,
    /// Which way it trades.
    pub side: Side,
    /// What happens instead of a trade with itself; `None` is the instrument's default.
    pub self_trade: Option<SelfTrade>,
    /// How much it trades.
    pub amount: MarketAmount,
}

impl MarketOrder {
    /// A plain market order, of no group and with the instrument's default against self-trades.
    pub const fn new(id: OrderId, account: AccountId, side: Side, amount: MarketAmount) -> Self {
        Self {
            id,
            account,
            group: TradeGroup(0),
            side,
            self_trade: None,
            amount,
        }
    }
}

/// An order with any terms beyond those of a plain limit or market order.
///
/// ```
/// use pricetime::*;
/// let order = Order::limit(OrderId(1), AccountId(7), Side::Sell, Price::new(100), Quantity::new(95));
/// let display = Display::Peak { quantity: Quantity::new(10), spread_bps: 0, refresh: Refresh::Requeue };
/// let iceberg = Order { display, ..order };
/// let mut engine = Engine::new(Instrument::builder().build()?);
/// let mut events = Events::for_instrument(engine.instrument());
/// engine.apply(&Command::new(Timestamp::new(0), Action::Order(iceberg)), &mut events);
/// assert_eq!(engine.book().best(Side::Sell).unwrap().quantity, Quantity::new(10));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Order {
    /// A name that no live order has.
    pub id: OrderId,
    /// Who owns it.
    pub account: AccountId,
    /// Whom else it must not trade with, where self-trades are prevented.
    pub group: TradeGroup,
    /// Which way it trades.
    pub side: Side,
    /// At what price.
    pub pricing: Pricing,
    /// How much, within the instrument's limits.
    pub quantity: Quantity,
    /// The least it trades at a time; zero for any. See [`Order::minimum`](Order#minimum).
    ///
    /// # Minimum
    /// On entry the order trades at least this much at once, from as many orders as it takes, or nothing. If it may rest it then rests, and no
    /// taker trades with it that does not want as much of it, or all that is left of it if that is less. All of it as minimum is all-or-none.
    ///
    /// Takers pass by an order whose minimum they do not meet, so it holds up nobody, and the book may be crossed by it. Whenever the
    /// book is crossed after a command, orders with a minimum that cross try again as takers: bids before asks, best price first, first
    /// in queue first, until none can trade, or until it does not fit the events of the command; then the next one goes on. A post-only
    /// order does not try again, nor one that would never fit a command; and nobody does while orders are due that a command had no room
    /// to expire.
    ///
    /// Whoever needs a minimum or all takes what it finds in order of price and time, leaving out orders whose own minimum is more than it
    /// still wants. If that is not enough it looks a second time: it first sets aside every all-or-none order that fits into what it wants,
    /// in order of price and time, and fills up with the others.
    pub minimum: Quantity,
    /// How long it lives. [`Ioc`](TimeInForce::Ioc) and [`Fok`](TimeInForce::Fok) count from when it is triggered or released.
    pub time_in_force: TimeInForce,
    /// Whether it may take. Anything but [`PostOnly::Off`] needs an order that can rest, with a [`Pricing::Limit`] or a peg to its own side's price.
    pub post_only: PostOnly,
    /// How much of it is shown while it rests.
    pub display: Display,
    /// What happens instead of a trade with itself; `None` is the instrument's default.
    pub self_trade: Option<SelfTrade>,
    /// What it waits for before it trades or rests; `None` is nothing.
    pub trigger: Option<Trigger>,
}

impl Order {
    /// A plain limit order, good till cancelled.
    pub const fn limit(
        id: OrderId,
        account: AccountId,
        side: Side,
        price: Price,
        quantity: Quantity,
    ) -> Self {
        Self {
            id,
            account,
            group: TradeGroup(0),
            side,
            pricing: Pricing::Limit(price),
            quantity,
            minimum: Quantity::ZERO,
            time_in_force: TimeInForce::Gtc,
            post_only: PostOnly::Off,
            display: Display::Whole,
            self_trade: None,
            trigger: None,
        }
    }

    /// A plain market order: immediate or cancel.
    pub const fn market(id: OrderId, account: AccountId, side: Side, quantity: Quantity) -> Self {
        Self {
            pricing: Pricing::Market,
            time_in_force: TimeInForce::Ioc,
            ..Self::limit(id, account, side, Price::new(0), quantity)
        }
    }
}

/// What an order waits for. Until then it is in no queue; it can be cancelled, made smaller and [amended](crate::Amend), it expires,
/// and it counts for its account.
///
/// ```
/// use pricetime::*;
/// let mut engine = Engine::new(Instrument::builder().build()?);
/// let mut events = Events::for_instrument(engine.instrument());
/// let (kind, source, price) = (TriggerKind::Stop, TriggerSource::Mark, Price::new(95));
/// let (trail, distance, start) = (Trail::None, 0, TriggerStart::AtPrice);
/// let trigger = Trigger { kind, source, price, trail, distance, start };
/// let stop = Order { trigger: Some(trigger), ..Order::market(OrderId(1), AccountId(7), Side::Sell, Quantity::new(5)) };
/// for action in [Action::Order(stop), Action::SetMark(Price::new(94))] {
///     engine.apply(&Command::new(Timestamp::new(0), action), &mut events);
/// }
/// assert!(events.as_slice().contains(&Event::Triggered { id: OrderId(1), price: Price::new(94) }));
/// # Ok::<(), InstrumentError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Trigger {
    /// Which way the price has to go.
    pub kind: TriggerKind,
    /// Which price.
    pub source: TriggerSource,
    /// The price that has to be met, within the instrument's band; meeting it exactly is enough. Of a trailing order: what starts it,
    /// unless it starts [at once](TriggerStart::AtOnce), when this is zero.
    pub price: Price,
    /// Whether it trails behind the best price, and in which unit.
    pub trail: Trail,
    /// How far it trails, in the unit of `trail`; zero if it does not trail.
    pub distance: u32,
    /// When a trailing order begins to trail. [`TriggerStart::AtPrice`] for others.
    pub start: TriggerStart,
}

/// Which way the price has to go to trigger an order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum TriggerKind {
    /// Against the order: a buy at the trigger's price or above, a sell at it or below.
    Stop = 0,
    /// For the order: a buy at the trigger's price or below, a sell at it or above.
    TakeProfit = 1,
}

/// Which price triggers an order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum TriggerSource {
    /// That of each trade of this book.
    LastTrade = 0,
    /// The best price that is shown on the side it would trade with: the best ask for a buy, the best bid for a sell. While there is none
    /// it triggers nothing.
    BestOpposite = 1,
    /// The one given by [`Action::SetMark`](crate::Action::SetMark).
    Mark = 2,
}

/// In what a trailing order counts its [distance](Trigger::distance) from the best price since it started: the highest for a sell, the lowest
/// for a buy. It triggers when the price has come back so far, or farther. (Binance, trailing stop FAQ.)
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum Trail {
    /// It does not trail. The distance is zero.
    #[default]
    None = 0,
    /// The distance is so many ticks, at least one.
    Ticks = 1,
    /// The distance is so many hundredths of a percent of the best price, 1 to 9,999, compared exactly: the price that triggers need not be
    /// on a tick. Prices at or below zero trail by their absolute value.
    BasisPoints = 2,
}

/// When a trailing order begins to trail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum TriggerStart {
    /// When the trigger's price is met, as [`TriggerKind`] says; the price that meets it is the first best price.
    #[default]
    AtPrice = 0,
    /// On entry. If the source has a price then, it is the first best price.
    AtOnce = 1,
}

/// The price of an order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Pricing {
    /// This price or a better one, within the instrument's band.
    Limit(Price),
    /// Any price. Such an order cannot rest: its lifetime is [`Ioc`](TimeInForce::Ioc) or [`Fok`](TimeInForce::Fok).
    Market,
    /// Market with protection: no worse than so many ticks beyond the best opposite price when it is entered or triggered, within the
    /// instrument's band. What does not trade is cancelled or rests at that limit, by its lifetime. Without an opposite price it is
    /// refused. (CME Globex, market with protection: the rest becomes a limit order at the protection limit.)
    Protected(u64),
    /// Market to limit: the best opposite price when it is entered or triggered is its limit. What does not trade is cancelled or rests
    /// at that price, by its lifetime. Without an opposite price it is refused.
    MarketToLimit,
    /// A limit that the book gives: a reference price and so much to it, but never beyond `limit`.
    ///
    /// References are the best prices of orders that are shown and do not follow a reference themselves, so that orders which follow
    /// never follow each other. An order with a minimum counts like any other, all-or-none too. The price is cut to the instrument's band.
    ///
    /// ```
    /// use pricetime::*;
    /// let mut engine = Engine::new(Instrument::builder().build()?);
    /// let bid = |id, ticks| Order::limit(OrderId(id), AccountId(7), Side::Buy, Price::new(ticks), Quantity::new(5));
    /// let (reference, repricing, unit) = (PegReference::Primary, Repricing::Live, PegUnit::Ticks);
    /// let pricing = Pricing::Pegged { reference, repricing, unit, offset: -1, limit: Price::new(110) };
    /// for order in [bid(1, 100), Order { pricing, ..bid(2, 0) }, bid(3, 105)] {
    ///     engine.submit(&Command::new(Timestamp::new(0), Action::Order(order))).unwrap();
    /// }
    /// assert_eq!(engine.book().order(OrderId(2)).unwrap().price, Price::new(104));
    /// # Ok::<(), InstrumentError>(())
    /// ```
    Pegged {
        /// Which price it is measured from.
        reference: PegReference,
        /// When the price is worked out.
        repricing: Repricing,
        /// What `offset` counts.
        unit: PegUnit,
        /// What is added to the reference, in ticks; below zero it is taken off, of a buy and of a sell alike. (FIX: PegOffsetValue.) Of
        /// [levels](PegUnit::Levels): so many prices farther from the market, 0 to 100.
        offset: i32,
        /// The worst price it may have: a buy is never above it, a sell never below. Checked like any limit, as is each price worked out.
        limit: Price,
    },
}

/// Which price a pegged order is measured from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum PegReference {
    /// The best price of its own side. (FIX: primary peg.)
    Primary = 0,
    /// The best price of the other side. (FIX: market peg.)
    Market = 1,
    /// The middle of both, rounded away from the other side where it is between two ticks.
    Midpoint = 2,
}

/// When the price of a pegged order is worked out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Repricing {
    /// Whenever its reference has moved: the order then leaves its place and comes back as a new order of that price. After a command, the
    /// orders whose price has changed move in the sequence in which they came to rest last. While there is no reference an order that does
    /// not rest yet waits, and one that rests stays where it is. It must be able to rest. One that is refused at its new price is cancelled.
    Live = 0,
    /// Once, when it is entered, triggered or released; from then on it is a limit order. Without a reference it is refused.
    /// (Binance, pegged orders.)
    Once = 1,
}

/// What the offset of a pegged order counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum PegUnit {
    /// Ticks.
    Ticks = 0,
    /// Prices at which orders are shown that may be references, beginning behind the best one and going away from the market. Only with
    /// [`Repricing::Once`], and not from the [middle](PegReference::Midpoint). If there are fewer, it is refused. (Binance: `PRICE_LEVEL`.)
    Levels = 1,
}

/// How much of a resting order is shown.
///
/// What is shown at a price trades before what is not. Of orders that show nothing, the older trades first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Display {
    /// All of it.
    #[default]
    Whole,
    /// Nothing.
    Hidden,
    /// An iceberg or reserve order: one peak at a time. When the peak has traded the next one is shown.
    ///
    /// On entry the order trades like any other; what rests shows its first peak. It cannot have a minimum.
    Peak {
        /// How much is shown at a time: at least one lot, at most the order's quantity, and such that
        /// the quantity makes no more than [`peaks_max`](crate::Instrument::peaks_max) of them.
        quantity: Quantity,
        /// How much a refreshed peak may differ from `quantity`, in basis points of it: 0 to 9,999. The peaks are drawn from
        /// the order's id and how many it had, so that a replay draws the same.
        spread_bps: u16,
        /// Where the next peak goes.
        refresh: Refresh,
    },
}

/// Where the next peak of an iceberg order goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum Refresh {
    /// To the tail of its level, at once. (Coinbase: "added to the end of the queue".)
    #[default]
    Requeue = 0,
    /// Nowhere: it keeps its place.
    Retain = 1,
    /// What is hidden trades after all that is shown at its price, in one trade, and only when
    /// the taker is done is the next peak shown, at the tail. (Toronto Stock Exchange.)
    HiddenLast = 2,
}

/// What happens instead of a trade between two orders of one account or [`TradeGroup`].
///
/// The taker's mode decides. Only orders that the taker would have traded with are touched.
/// An example is at [`InstrumentBuilder::self_trade`](crate::InstrumentBuilder::self_trade).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum SelfTrade {
    /// Nothing: they trade.
    #[default]
    Allow = 0,
    /// What is left of the taker is cancelled.
    ExpireTaker = 1,
    /// All that is open of the maker is cancelled, and the taker goes on.
    ExpireMaker = 2,
    /// Both are cancelled.
    ExpireBoth = 3,
    /// Both are made smaller by what would have traded; who has nothing left is gone. Of a market order with a quantity and a
    /// [budget](MarketAmount::Both) only the quantity counts for that: as long as the budget pays for one lot, both lose as much as the smaller
    /// has open, and the budget stays as it is; a budget alone is spent. (Coinbase: with funds and size the size is decremented and the funds are
    /// unchanged, with funds only these are decremented.)
    Decrement = 4,
    /// If both orders ask for it, as `Decrement`, and the event says that the quantity is to change accounts outside
    /// the market. If the maker does not, `Decrement`. (Binance, STP FAQ.)
    Transfer = 5,
}

impl Refresh {
    /// All of them, by their codes.
    pub const ALL: [Self; 3] = [Self::Requeue, Self::Retain, Self::HiddenLast];
}

impl SelfTrade {
    /// All of them, by their codes.
    pub const ALL: [Self; 6] = [
        Self::Allow,
        Self::ExpireTaker,
        Self::ExpireMaker,
        Self::ExpireBoth,
        Self::Decrement,
        Self::Transfer,
    ];
}

// A command has room for 8 bytes besides an order.
const _: () = assert!(size_of::<Order>() <= 104);
const _: () = assert!(size_of::<MarketOrder>() <= 112);
