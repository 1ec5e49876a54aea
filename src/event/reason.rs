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
    /// A quantity or budget of zero, or a budget below zero, was asked for.
    QuantityIsZero = 4,
    /// Less than the instrument's least quantity.
    QuantityTooSmall = 5,
    /// More than the instrument's greatest quantity.
    QuantityTooLarge = 6,
    /// The price is outside the instrument's band.
    PriceOutOfBand = 7,
    /// Price times quantity, or the budget, is below the instrument's least.
    NotionalTooSmall = 8,
    /// Price times quantity, or the budget, is above the instrument's greatest.
    NotionalTooLarge = 9,
    /// The lowest price of a range is above its highest.
    PriceRangeEmpty = 10,
    /// A good-till-date order would already have expired.
    ExpiryNotInFuture = 11,
    /// A post-only order must name its limit and be able to rest.
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
    /// The order would trade, show other peaks, or be kept from trading more often than one command may report; also when it would
    /// then not get what it needs.
    TooManyTrades = 21,
    /// A market order, or one that must not rest, was given a lifetime that says otherwise.
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
    /// Every slot for resting orders with terms of their own is taken.
    SpecialOrdersFull = 30,
    /// The trigger trails by nothing, or by 10,000 basis points or more; or it starts at once and has a price; or it does not
    /// trail and has a distance or starts at once.
    TriggerMalformed = 31,
    /// The trigger's price, or the mark, is outside the instrument's band.
    TriggerPriceOutOfBand = 32,
    /// The order would trigger at once, and the instrument refuses that.
    WouldTriggerAtOnce = 33,
    /// Every slot for orders that wait for a trigger is taken.
    WaitingOrdersFull = 34,
    /// A waiting order that names no limit was to get one.
    OrderHasNoLimit = 35,
    /// A peg follows its reference but must not rest, or counts prices and follows, is measured from the middle or counts fewer than none or more than 100; or
    /// it is post-only and measured from another price than its own side's.
    PegMalformed = 36,
    /// The price that the order is measured from is not there.
    NoReferencePrice = 37,
    /// The price of an order that follows its reference is not its owner's to give.
    OrderFollowsReference = 38,
    /// The price is too far from the instrument's reference.
    PriceOutOfRange = 39,
    /// Less than a market order may have.
    MarketQuantityTooSmall = 40,
    /// More than a market order may have.
    MarketQuantityTooLarge = 41,
    /// Not a multiple of the market lot.
    MarketQuantityNotInLots = 42,
    /// The account has as many live orders as it may have.
    AccountOrdersFull = 43,
    /// The account has as many orders waiting for a trigger as it may have.
    AccountTriggersFull = 44,
    /// The account has as many iceberg orders as it may have.
    AccountIcebergsFull = 45,
    /// The account has as many lists as it may have.
    AccountListsFull = 46,
    /// The order was amended as often as it may be.
    AmendedTooOften = 47,
    /// The instrument lets an order only become smaller.
    AmendNotAllowed = 48,
    /// The order does not wait for a price of its own any more, or never did.
    TriggerAlreadyMet = 49,
    /// The list has more or fewer orders than its kind allows.
    ListMalformed = 50,
    /// The list is opened already with another kind, number of orders or partial fill, or has started.
    ListMismatch = 51,
    /// The list cannot have such an order at this place: another side, quantity, lifetime, price or trigger is asked for.
    ListLegNotAllowed = 52,
    /// The prices of the alternatives do not lie on both sides of the last trade, profit on the one and stop on the other.
    ListPricesOutOfOrder = 53,
    /// Every slot for order lists is taken.
    ListsFull = 54,
    /// An order of a list can only become smaller.
    ListLegCannotGrow = 55,
    /// The instrument has no capacity for client tokens.
    TokensNotKept = 56,
    /// The instrument does not keep how much of an order has traded.
    TotalsNotKept = 57,
    /// The order has traded already.
    OrderHasTraded = 58,
    /// The order has not traded yet.
    OrderHasNotTraded = 59,
}

impl RejectReason {
    /// All of them, by their codes.
    const ALL: [Self; 60] = [
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
    ];

    /// The reason with this code.
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}
