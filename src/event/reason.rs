//! Why a command was refused.

/// Why a command was refused: the closed list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum RejectReason {
    /// The command's time is before that of an accepted one.
    TimeWentBackwards = 0,
    /// More orders are due to expire than one command may report: send the command again.
    ExpiriesPending = 1,
    /// No live order has this id.
    OrderUnknown = 2,
    /// The order belongs to another account.
    OrderNotOwned = 3,
    /// A quantity or budget of zero, a budget or total below zero, or a total of zero for a buy was asked for.
    QuantityIsZero = 4,
    /// Less than the instrument's least quantity.
    QuantityTooSmall = 5,
    /// More than the instrument's greatest quantity.
    QuantityTooLarge = 6,
    /// The price is outside the instrument's band.
    PriceOutOfBand = 7,
    /// Price times quantity, the budget, or a total other than zero, is below the instrument's least.
    NotionalTooSmall = 8,
    /// Price times quantity, the budget, or the total, is above the instrument's greatest.
    NotionalTooLarge = 9,
    /// The lowest price of a range is above its highest.
    PriceRangeEmpty = 10,
    /// A good-till-date order would already have expired.
    ExpiryNotInFuture = 11,
    /// A post-only order must be able to rest, and name its limit or be pegged.
    PostOnlyCannotRest = 12,
    /// A live order has this id.
    OrderIdAlreadyLive = 13,
    /// The instrument takes only ids greater than all before, and this one is not.
    OrderIdNotIncreasing = 14,
    /// The order would take, and asked to be refused then.
    PostOnlyWouldTake = 15,
    /// Every order slot is taken.
    OrdersFull = 16,
    /// Every price level is taken.
    LevelsFull = 17,
    /// Every account slot is taken.
    AccountsFull = 18,
    /// Every slot for orders that expire by date or day is taken.
    TimedOrdersFull = 19,
    /// The index has no room near where it would keep the id. It takes hundreds of ids
    /// chosen against a known [key](crate::InstrumentBuilder::index_key) to get here.
    OrderIdIndexFull = 20,
    /// The order would trade, show other peaks, or be kept from trading more often than one command may
    /// [report](crate::Capacities::events); also if it would not get what it needs by that.
    TooManyTrades = 21,
    /// A market order was given a lifetime in which it could rest.
    MarketCannotRest = 22,
    /// An order that shows less than all of it must be able to rest.
    HiddenCannotRest = 23,
    /// The peak is zero or more than the quantity, or its spread is 10,000 basis points or more.
    PeakOutOfRange = 24,
    /// The quantity makes more peaks than the instrument allows.
    TooManyPeaks = 25,
    /// The minimum is more than the quantity.
    MinimumTooLarge = 26,
    /// An iceberg order cannot have a minimum.
    MinimumWithPeak = 27,
    /// The instrument does not allow this self-trade mode.
    SelfTradeNotAllowed = 28,
    /// The order's price comes from the other side, and nobody is there.
    NoOppositePrice = 29,
    /// Every slot for [special orders](crate::Capacities::special_orders) is taken.
    SpecialOrdersFull = 30,
    /// The trigger trails by nothing, or by 10,000 basis points or more; or it starts at once and has a price; or it does not
    /// trail and has a distance or starts at once.
    TriggerMalformed = 31,
    /// The trigger's price, or the mark, is outside the instrument's band.
    TriggerPriceOutOfBand = 32,
    /// The order would trigger at once, and the instrument refuses that.
    WouldTriggerAtOnce = 33,
    /// Every slot for orders that wait, for whatever, is taken.
    WaitingOrdersFull = 34,
    /// A waiting order that names no limit, or is pegged, was to get one.
    OrderHasNoLimit = 35,
    /// A peg follows its reference and must not rest; or it counts levels and follows, is measured from the middle, or has an offset that is
    /// not 0 to 100; or it is post-only and measured from another price than its own side's.
    PegMalformed = 36,
    /// The price that a pegged order is measured from is not there, or not so many levels.
    NoReferencePrice = 37,
    /// A resting order that follows its reference was to get a price.
    OrderFollowsReference = 38,
    /// The price is farther from the reference than the instrument's [price range](crate::InstrumentBuilder::price_range) allows.
    PriceOutOfRange = 39,
    /// Less than the [market lot](crate::MarketLot) allows a market order.
    MarketQuantityTooSmall = 40,
    /// More than the market lot allows a market order.
    MarketQuantityTooLarge = 41,
    /// Not a multiple of the market lot's step.
    MarketQuantityNotInLots = 42,
    /// The account has as many live orders as it [may have](crate::AccountLimits).
    AccountOrdersFull = 43,
    /// The account has as many waiting orders with a trigger as it may have, whatever they wait for.
    AccountTriggersFull = 44,
    /// The account has as many iceberg orders as it may have.
    AccountIcebergsFull = 45,
    /// The account has as many lists as it may have.
    AccountListsFull = 46,
    /// This order was amended as often as [one may be](crate::AccountLimits::order_amends).
    AmendedTooOften = 47,
    /// The instrument lets a resting order only become smaller, at its price and with its display.
    AmendNotAllowed = 48,
    /// The order has no trigger with a price that is yet to be met: it was triggered, trails already, or never had one.
    TriggerAlreadyMet = 49,
    /// The list has more or fewer orders than its kind allows.
    ListMalformed = 50,
    /// The list is opened already with another kind, number of orders or partial fill; or it has started and one of its orders still lives; or
    /// one of its orders is due to be cancelled, for another has ended.
    ListMismatch = 51,
    /// The list cannot have such an order at this place: another side, quantity, lifetime, price or trigger is asked for.
    ListLegNotAllowed = 52,
    /// The prices of a pair of alternatives do not lie as their [kind](crate::ListKind) says: profit and stop in the wrong order, or not on
    /// both sides of the last trade.
    ListPricesOutOfOrder = 53,
    /// Every slot for order lists is taken.
    ListsFull = 54,
    /// An order of a list can only become smaller by a replacement or an amendment.
    ListLegCannotGrow = 55,
    /// The instrument has no capacity for client tokens.
    TokensNotKept = 56,
    /// The instrument does not [keep](crate::InstrumentBuilder::keeps_totals) how much of an order has traded.
    TotalsNotKept = 57,
    /// The order that was to be cancelled has traded already.
    OrderHasTraded = 58,
    /// The order that was to be cancelled has not traded yet.
    OrderHasNotTraded = 59,
    /// The live orders of the account were amended as often together as [they may be](crate::AccountLimits::amends).
    AccountAmendsFull = 60,
}

impl RejectReason {
    /// All of them, by their codes.
    const ALL: [Self; 61] = [
        Self::TimeWentBackwards,
        Self::ExpiriesPending,
        Self::OrderUnknown,
        Self::OrderNotOwned,
        Self::QuantityIsZero,
        Self::QuantityTooSmall,
        Self::QuantityTooLarge,
        Self::PriceOutOfBand,
        Self::NotionalTooSmall,
        Self::NotionalTooLarge,
        Self::PriceRangeEmpty,
        Self::ExpiryNotInFuture,
        Self::PostOnlyCannotRest,
        Self::OrderIdAlreadyLive,
        Self::OrderIdNotIncreasing,
        Self::PostOnlyWouldTake,
        Self::OrdersFull,
        Self::LevelsFull,
        Self::AccountsFull,
        Self::TimedOrdersFull,
        Self::OrderIdIndexFull,
        Self::TooManyTrades,
        Self::MarketCannotRest,
        Self::HiddenCannotRest,
        Self::PeakOutOfRange,
        Self::TooManyPeaks,
        Self::MinimumTooLarge,
        Self::MinimumWithPeak,
        Self::SelfTradeNotAllowed,
        Self::NoOppositePrice,
        Self::SpecialOrdersFull,
        Self::TriggerMalformed,
        Self::TriggerPriceOutOfBand,
        Self::WouldTriggerAtOnce,
        Self::WaitingOrdersFull,
        Self::OrderHasNoLimit,
        Self::PegMalformed,
        Self::NoReferencePrice,
        Self::OrderFollowsReference,
        Self::PriceOutOfRange,
        Self::MarketQuantityTooSmall,
        Self::MarketQuantityTooLarge,
        Self::MarketQuantityNotInLots,
        Self::AccountOrdersFull,
        Self::AccountTriggersFull,
        Self::AccountIcebergsFull,
        Self::AccountListsFull,
        Self::AmendedTooOften,
        Self::AmendNotAllowed,
        Self::TriggerAlreadyMet,
        Self::ListMalformed,
        Self::ListMismatch,
        Self::ListLegNotAllowed,
        Self::ListPricesOutOfOrder,
        Self::ListsFull,
        Self::ListLegCannotGrow,
        Self::TokensNotKept,
        Self::TotalsNotKept,
        Self::OrderHasTraded,
        Self::OrderHasNotTraded,
        Self::AccountAmendsFull,
    ];

    /// The reason with this code.
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}
