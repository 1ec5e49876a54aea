//! The enumerations of the layout, in the order of their numbers.

use pricetime::{
    CancelCause, CancelOnly, CancelReplaceMode, ListKind, OrderKind, PartialFill, PegReference,
    RejectReason, Request, SelfTrade, TriggerSource,
};

pub const REFERENCES: [PegReference; 3] = {
    use PegReference::*;
    [Primary, Market, Midpoint]
};

pub const LIST_KINDS: [ListKind; 5] = {
    use ListKind::*;
    [
        OneCancelsOther,
        OneCancelsMany,
        OneTriggersOther,
        OneTriggersOneCancelsOther,
        OnePaysOther,
    ]
};

pub const PARTIAL_FILLS: [PartialFill; 3] = {
    use PartialFill::*;
    [Cancels, Reduces, Waits]
};

pub const CANCEL_ONLY: [CancelOnly; 3] = {
    use CancelOnly::*;
    [Any, New, PartiallyFilled]
};

pub const CANCEL_REPLACE_MODES: [CancelReplaceMode; 2] = {
    use CancelReplaceMode::*;
    [StopOnFailure, AllowFailure]
};

pub const SOURCES: [TriggerSource; 3] = {
    use TriggerSource::*;
    [LastTrade, BestOpposite, Mark]
};

pub const KINDS: [OrderKind; 5] = {
    use OrderKind::*;
    [Limit, Market, Protected, MarketToLimit, Pegged]
};

pub const MODES: [SelfTrade; 6] = {
    use SelfTrade::*;
    [
        Allow,
        ExpireTaker,
        ExpireMaker,
        ExpireBoth,
        Decrement,
        Transfer,
    ]
};

pub const REQUESTS: [Request; 14] = {
    use Request::*;
    [
        Limit,
        Market,
        Cancel,
        Reduce,
        Replace,
        CancelAll,
        AdvanceTime,
        EndOfDay,
        Order,
        SetMark,
        Once,
        Leg,
        CancelReplace,
        Amend,
    ]
};

pub const CAUSES: [CancelCause; 13] = {
    use CancelCause::*;
    [
        Requested,
        NotFilledAtOnce,
        FillOrKill,
        Expired,
        DayEnded,
        Mass,
        SelfTrade,
        MinimumNotMet,
        Refused,
        List,
        OutOfRange,
        Amended,
        Replaced,
    ]
};

pub const REASONS: [RejectReason; 61] = {
    use RejectReason::*;
    [
        TimeWentBackwards,
        ExpiriesPending,
        OrderUnknown,
        OrderNotOwned,
        QuantityIsZero,
        QuantityTooSmall,
        QuantityTooLarge,
        PriceOutOfBand,
        NotionalTooSmall,
        NotionalTooLarge,
        PriceRangeEmpty,
        ExpiryNotInFuture,
        PostOnlyCannotRest,
        OrderIdAlreadyLive,
        OrderIdNotIncreasing,
        PostOnlyWouldTake,
        OrdersFull,
        LevelsFull,
        AccountsFull,
        TimedOrdersFull,
        OrderIdIndexFull,
        TooManyTrades,
        MarketCannotRest,
        HiddenCannotRest,
        PeakOutOfRange,
        TooManyPeaks,
        MinimumTooLarge,
        MinimumWithPeak,
        SelfTradeNotAllowed,
        NoOppositePrice,
        SpecialOrdersFull,
        TriggerMalformed,
        TriggerPriceOutOfBand,
        WouldTriggerAtOnce,
        WaitingOrdersFull,
        OrderHasNoLimit,
        PegMalformed,
        NoReferencePrice,
        OrderFollowsReference,
        PriceOutOfRange,
        MarketQuantityTooSmall,
        MarketQuantityTooLarge,
        MarketQuantityNotInLots,
        AccountOrdersFull,
        AccountTriggersFull,
        AccountIcebergsFull,
        AccountListsFull,
        AmendedTooOften,
        AmendNotAllowed,
        TriggerAlreadyMet,
        ListMalformed,
        ListMismatch,
        ListLegNotAllowed,
        ListPricesOutOfOrder,
        ListsFull,
        ListLegCannotGrow,
        TokensNotKept,
        TotalsNotKept,
        OrderHasTraded,
        OrderHasNotTraded,
        AccountAmendsFull,
    ]
};
