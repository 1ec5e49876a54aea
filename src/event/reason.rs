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
}

impl RejectReason {
    /// All of them, by their codes.
    const ALL: [Self; 36] = [
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
    ];

    /// The reason with this code.
    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}
