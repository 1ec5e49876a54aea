//! Every value of the enumerations of commands and events.
//!
//! A value that is added does not compile here until it has its place in its row.

use pricetime::{
    CancelCause, OrderKind, PegReference, PegUnit, PostOnly, RejectReason, Repricing, Request,
    TimeInForce, Timestamp, Trail, TriggerKind, TriggerSource, TriggerStart,
};

/// All values that follow on each other.
pub fn row<T: Copy>(next: impl Fn(Option<T>) -> Option<T>) -> impl Iterator<Item = T> {
    std::iter::successors(next(None), move |value| next(Some(*value)))
}

pub fn next_life(life: Option<TimeInForce>) -> Option<TimeInForce> {
    Some(match life {
        None => TimeInForce::Gtc,
        Some(TimeInForce::Gtc) => TimeInForce::Ioc,
        Some(TimeInForce::Ioc) => TimeInForce::Fok,
        Some(TimeInForce::Fok) => TimeInForce::Day,
        Some(TimeInForce::Day) => TimeInForce::Gtd(Timestamp::new(9)),
        Some(TimeInForce::Gtd(_)) => return None,
    })
}

pub fn next_request(request: Option<Request>) -> Option<Request> {
    Some(match request {
        None => Request::Limit,
        Some(Request::Limit) => Request::Market,
        Some(Request::Market) => Request::Cancel,
        Some(Request::Cancel) => Request::Reduce,
        Some(Request::Reduce) => Request::Replace,
        Some(Request::Replace) => Request::CancelAll,
        Some(Request::CancelAll) => Request::AdvanceTime,
        Some(Request::AdvanceTime) => Request::EndOfDay,
        Some(Request::EndOfDay) => Request::Order,
        Some(Request::Order) => Request::SetMark,
        Some(Request::SetMark) => Request::Once,
        Some(Request::Once) => Request::Leg,
        Some(Request::Leg) => Request::CancelReplace,
        Some(Request::CancelReplace) => Request::Amend,
        Some(Request::Amend) => return None,
    })
}

pub fn next_cause(cause: Option<CancelCause>) -> Option<CancelCause> {
    Some(match cause {
        None => CancelCause::Requested,
        Some(CancelCause::Requested) => CancelCause::NotFilledAtOnce,
        Some(CancelCause::NotFilledAtOnce) => CancelCause::FillOrKill,
        Some(CancelCause::FillOrKill) => CancelCause::Expired,
        Some(CancelCause::Expired) => CancelCause::DayEnded,
        Some(CancelCause::DayEnded) => CancelCause::Mass,
        Some(CancelCause::Mass) => CancelCause::SelfTrade,
        Some(CancelCause::SelfTrade) => CancelCause::MinimumNotMet,
        Some(CancelCause::MinimumNotMet) => CancelCause::Refused,
        Some(CancelCause::Refused) => CancelCause::List,
        Some(CancelCause::List) => CancelCause::OutOfRange,
        Some(CancelCause::OutOfRange) => CancelCause::Amended,
        Some(CancelCause::Amended) => CancelCause::Replaced,
        Some(CancelCause::Replaced) => return None,
    })
}

// Two to a line, so that all are seen at once.
#[rustfmt::skip]
pub fn next_reason(reason: Option<RejectReason>) -> Option<RejectReason> {
    use RejectReason::*;
    Some(match reason {
        None => TimeWentBackwards, Some(TimeWentBackwards) => ExpiriesPending,
        Some(ExpiriesPending) => OrderUnknown, Some(OrderUnknown) => OrderNotOwned,
        Some(OrderNotOwned) => QuantityIsZero, Some(QuantityIsZero) => QuantityTooSmall,
        Some(QuantityTooSmall) => QuantityTooLarge, Some(QuantityTooLarge) => PriceOutOfBand,
        Some(PriceOutOfBand) => NotionalTooSmall, Some(NotionalTooSmall) => NotionalTooLarge,
        Some(NotionalTooLarge) => PriceRangeEmpty, Some(PriceRangeEmpty) => ExpiryNotInFuture,
        Some(ExpiryNotInFuture) => PostOnlyCannotRest, Some(PostOnlyCannotRest) => OrderIdAlreadyLive,
        Some(OrderIdAlreadyLive) => OrderIdNotIncreasing, Some(OrderIdNotIncreasing) => PostOnlyWouldTake,
        Some(PostOnlyWouldTake) => OrdersFull, Some(OrdersFull) => LevelsFull,
        Some(LevelsFull) => AccountsFull, Some(AccountsFull) => TimedOrdersFull,
        Some(TimedOrdersFull) => OrderIdIndexFull, Some(OrderIdIndexFull) => TooManyTrades,
        Some(TooManyTrades) => MarketCannotRest, Some(MarketCannotRest) => HiddenCannotRest,
        Some(HiddenCannotRest) => PeakOutOfRange, Some(PeakOutOfRange) => TooManyPeaks,
        Some(TooManyPeaks) => MinimumTooLarge, Some(MinimumTooLarge) => MinimumWithPeak,
        Some(MinimumWithPeak) => SelfTradeNotAllowed, Some(SelfTradeNotAllowed) => NoOppositePrice,
        Some(NoOppositePrice) => SpecialOrdersFull, Some(SpecialOrdersFull) => TriggerMalformed,
        Some(TriggerMalformed) => TriggerPriceOutOfBand, Some(TriggerPriceOutOfBand) => WouldTriggerAtOnce,
        Some(WouldTriggerAtOnce) => WaitingOrdersFull, Some(WaitingOrdersFull) => OrderHasNoLimit,
        Some(OrderHasNoLimit) => PegMalformed, Some(PegMalformed) => NoReferencePrice,
        Some(NoReferencePrice) => OrderFollowsReference, Some(OrderFollowsReference) => PriceOutOfRange,
        Some(PriceOutOfRange) => MarketQuantityTooSmall, Some(MarketQuantityTooSmall) => MarketQuantityTooLarge,
        Some(MarketQuantityTooLarge) => MarketQuantityNotInLots, Some(MarketQuantityNotInLots) => AccountOrdersFull,
        Some(AccountOrdersFull) => AccountTriggersFull, Some(AccountTriggersFull) => AccountIcebergsFull,
        Some(AccountIcebergsFull) => AccountListsFull, Some(AccountListsFull) => AmendedTooOften,
        Some(AmendedTooOften) => AmendNotAllowed, Some(AmendNotAllowed) => TriggerAlreadyMet,
        Some(TriggerAlreadyMet) => ListMalformed, Some(ListMalformed) => ListMismatch,
        Some(ListMismatch) => ListLegNotAllowed, Some(ListLegNotAllowed) => ListPricesOutOfOrder,
        Some(ListPricesOutOfOrder) => ListsFull, Some(ListsFull) => ListLegCannotGrow,
        Some(ListLegCannotGrow) => TokensNotKept, Some(TokensNotKept) => TotalsNotKept,
        Some(TotalsNotKept) => OrderHasTraded, Some(OrderHasTraded) => OrderHasNotTraded,
        Some(OrderHasNotTraded) => AccountAmendsFull,
        Some(AccountAmendsFull) => return None,
    })
}

pub const POST_ONLY: [PostOnly; 3] = [PostOnly::Off, PostOnly::Reject, PostOnly::Slide];
pub const ORDER_KINDS: [OrderKind; 5] = [
    OrderKind::Limit,
    OrderKind::Market,
    OrderKind::Protected,
    OrderKind::MarketToLimit,
    OrderKind::Pegged,
];
pub const TRIGGER_KINDS: [TriggerKind; 2] = [TriggerKind::Stop, TriggerKind::TakeProfit];
pub const TRIGGER_STARTS: [TriggerStart; 2] = [TriggerStart::AtPrice, TriggerStart::AtOnce];
pub const TRIGGER_SOURCES: [TriggerSource; 3] = [
    TriggerSource::LastTrade,
    TriggerSource::BestOpposite,
    TriggerSource::Mark,
];
pub const TRAILS: [Trail; 3] = [Trail::None, Trail::Ticks, Trail::BasisPoints];

pub const PEG_REFERENCES: [PegReference; 3] = [
    PegReference::Primary,
    PegReference::Market,
    PegReference::Midpoint,
];
pub const REPRICINGS: [Repricing; 2] = [Repricing::Live, Repricing::Once];
pub const PEG_UNITS: [PegUnit; 2] = [PegUnit::Ticks, PegUnit::Levels];
