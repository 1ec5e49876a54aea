//! The places that must be reached.

use pricetime::{
    CancelCause, ListKind, RejectReason, Request, Rest, SelfTrade, Side, TriggerKind,
    TriggerSource, TriggerStart,
};

use super::{amend, filters, lists};

/// Every place that the random tests must reach.
pub fn expected() -> Vec<String> {
    let named = [NAMED, amend::NAMED, filters::NAMED, lists::NAMED].concat();
    let mut places: Vec<String> = named.into_iter().map(String::from).collect();
    for request in REQUESTS {
        places.push(format!(
            "Rejected {request:?} {:?}",
            RejectReason::TimeWentBackwards
        ));
    }
    for (request, reasons) in REASONS {
        for reason in *reasons {
            places.push(format!("Rejected {request:?} {reason:?}"));
        }
    }
    for side in Side::BOTH {
        for event in ["Traded", "Rested", "RestedHidden"] {
            places.push(format!("{event} {side:?}"));
        }
    }
    for cause in CAUSES {
        places.push(format!("Cancelled {cause:?}"));
    }
    for (kind, modes) in PREVENTED {
        for mode in *modes {
            places.push(format!("{kind} meets itself: {mode:?}"));
        }
    }
    for source in SOURCES {
        for kind in [TriggerKind::Stop, TriggerKind::TakeProfit] {
            places.push(format!("{kind:?} triggered by {source:?}"));
        }
        places.push(format!("trail of ticks behind {source:?}"));
        places.push(format!("trail of basis points behind {source:?}"));
    }
    for start in [TriggerStart::AtPrice, TriggerStart::AtOnce] {
        places.push(format!("trail started {start:?}"));
    }
    for kind in ListKind::ALL {
        places.push(format!("{kind:?} started"));
    }
    for reason in REFUSED {
        places.push(format!("Refused {reason:?}"));
    }
    for rest in [Rest::Done, Rest::More] {
        places.extend([
            format!("MassCancelled {rest:?}"),
            format!("DayEnded {rest:?}"),
        ]);
    }
    places
}

const SOURCES: [TriggerSource; 3] = [
    TriggerSource::LastTrade,
    TriggerSource::BestOpposite,
    TriggerSource::Mark,
];

const REQUESTS: [Request; 14] = [
    Request::Limit,
    Request::Market,
    Request::Cancel,
    Request::Reduce,
    Request::Replace,
    Request::CancelAll,
    Request::AdvanceTime,
    Request::EndOfDay,
    Request::Order,
    Request::SetMark,
    Request::Leg,
    Request::Once,
    Request::CancelReplace,
    Request::Amend,
];

const CAUSES: [CancelCause; 13] = [
    CancelCause::Requested,
    CancelCause::NotFilledAtOnce,
    CancelCause::FillOrKill,
    CancelCause::Expired,
    CancelCause::DayEnded,
    CancelCause::Mass,
    CancelCause::SelfTrade,
    CancelCause::MinimumNotMet,
    CancelCause::Refused,
    CancelCause::List,
    CancelCause::OutOfRange,
    CancelCause::Amended,
    CancelCause::Replaced,
];

use RejectReason::*;

/// Why each action may be refused, but for its time. `OrderIdIndexFull` takes
/// millions of chosen ids and is not reached here.
const REASONS: &[(Request, &[RejectReason])] = &[
    (
        Request::Limit,
        &[
            ExpiriesPending,
            QuantityIsZero,
            QuantityTooSmall,
            QuantityTooLarge,
            PriceOutOfBand,
            NotionalTooSmall,
            NotionalTooLarge,
            ExpiryNotInFuture,
            PostOnlyCannotRest,
            OrderIdAlreadyLive,
            OrderIdNotIncreasing,
            PostOnlyWouldTake,
            OrdersFull,
            LevelsFull,
            AccountsFull,
            TimedOrdersFull,
            TooManyTrades,
            PriceOutOfRange,
            AccountOrdersFull,
        ],
    ),
    (
        Request::Order,
        &[
            ExpiriesPending,
            QuantityIsZero,
            QuantityTooSmall,
            QuantityTooLarge,
            PriceOutOfBand,
            NotionalTooSmall,
            NotionalTooLarge,
            ExpiryNotInFuture,
            MarketCannotRest,
            PostOnlyCannotRest,
            HiddenCannotRest,
            PeakOutOfRange,
            TooManyPeaks,
            MinimumWithPeak,
            MinimumTooLarge,
            SelfTradeNotAllowed,
            OrderIdAlreadyLive,
            OrderIdNotIncreasing,
            NoOppositePrice,
            PostOnlyWouldTake,
            OrdersFull,
            LevelsFull,
            AccountsFull,
            TimedOrdersFull,
            SpecialOrdersFull,
            TooManyTrades,
            TriggerMalformed,
            TriggerPriceOutOfBand,
            WouldTriggerAtOnce,
            WaitingOrdersFull,
            PegMalformed,
            NoReferencePrice,
            PriceOutOfRange,
            MarketQuantityTooSmall,
            MarketQuantityTooLarge,
            MarketQuantityNotInLots,
            AccountOrdersFull,
            AccountTriggersFull,
            AccountIcebergsFull,
        ],
    ),
    (
        Request::Market,
        &[
            QuantityIsZero,
            QuantityTooSmall,
            QuantityTooLarge,
            NotionalTooSmall,
            NotionalTooLarge,
            SelfTradeNotAllowed,
            OrderIdAlreadyLive,
            OrderIdNotIncreasing,
            TooManyTrades,
            MarketQuantityTooSmall,
            MarketQuantityTooLarge,
            MarketQuantityNotInLots,
        ],
    ),
    (Request::Cancel, &[OrderUnknown, OrderNotOwned]),
    (
        Request::Reduce,
        &[OrderUnknown, OrderNotOwned, QuantityIsZero],
    ),
    (
        Request::Replace,
        &[
            OrderUnknown,
            OrderNotOwned,
            QuantityIsZero,
            QuantityTooSmall,
            QuantityTooLarge,
            PriceOutOfBand,
            NotionalTooSmall,
            NotionalTooLarge,
            PostOnlyWouldTake,
            LevelsFull,
            TooManyTrades,
            TooManyPeaks,
            PeakOutOfRange,
            MinimumTooLarge,
            OrderHasNoLimit,
            OrderFollowsReference,
            ListLegCannotGrow,
            PriceOutOfRange,
            AmendedTooOften,
            AccountAmendsFull,
            AmendNotAllowed,
        ],
    ),
    (
        Request::Leg,
        &[
            ExpiriesPending,
            ListMalformed,
            ListMismatch,
            QuantityIsZero,
            QuantityTooLarge,
            PriceOutOfBand,
            NotionalTooLarge,
            ExpiryNotInFuture,
            PegMalformed,
            PostOnlyCannotRest,
            TriggerPriceOutOfBand,
            ListLegNotAllowed,
            OrderIdAlreadyLive,
            OrderIdNotIncreasing,
            ListPricesOutOfOrder,
            WouldTriggerAtOnce,
            NoReferencePrice,
            PostOnlyWouldTake,
            OrdersFull,
            AccountsFull,
            TimedOrdersFull,
            WaitingOrdersFull,
            ListsFull,
        ],
    ),
    (Request::Amend, amend::REASONS),
    (
        Request::Once,
        &[TokensNotKept, PriceOutOfBand, PostOnlyWouldTake],
    ),
    (Request::CancelReplace, amend::REPLACED_REASONS),
    (Request::CancelAll, &[PriceRangeEmpty]),
    (Request::SetMark, &[TriggerPriceOutOfBand]),
];

/// Why an order that was triggered may be refused: it has its order slot, account and timed slot already. And why one part of a cancel-replace fails.
const REFUSED: &[RejectReason] = &[
    NoOppositePrice,
    NotionalTooSmall,
    NotionalTooLarge,
    PriceOutOfBand,
    PostOnlyWouldTake,
    LevelsFull,
    SpecialOrdersFull,
    TooManyTrades,
    NoReferencePrice,
    WouldTriggerAtOnce,
    PriceOutOfRange,
    OrderUnknown,
    OrderNotOwned,
    OrderHasTraded,
    OrderHasNotTraded,
    OrderIdNotIncreasing,
];

use SelfTrade::*;

/// What each kind of taker may do instead of a self-trade. A fill-or-kill order goes on only
/// where it can still be filled.
const PREVENTED: &[(&str, &[SelfTrade])] = &[
    ("limit", EVERY_MODE),
    ("market", EVERY_MODE),
    ("budget", EVERY_MODE),
    ("minimum", EVERY_MODE),
    ("replaced", EVERY_MODE),
    ("triggered", EVERY_MODE),
    ("retried", &[ExpireTaker, ExpireMaker, Decrement]),
    ("fok", &[ExpireMaker]),
    (
        "killed fok",
        &[ExpireTaker, ExpireBoth, Decrement, Transfer],
    ),
];

const EVERY_MODE: &[SelfTrade] = &[ExpireTaker, ExpireMaker, ExpireBoth, Decrement, Transfer];

const NAMED: &[&str] = &[
    "Waits",
    "Triggered",
    "MarkSet",
    "met on entry, fires",
    "met on entry, waits",
    "trail starts on entry",
    "rising triggers before falling ones",
    "falling triggers before rising ones",
    "equal triggers by age",
    "nearer trigger first",
    "elected order does not fit",
    "elected before, triggered now",
    "elected before, cancelled now",
    "elected, and to wait for the next command",
    "triggered, then tried again",
    "tried again, then triggered",
    "three triggered by one command",
    "a cascade of three passes",
    "both sides triggered by one command",
    "triggered after a refusal",
    "triggered after an expiry",
    "triggered by a mark",
    "triggered limit order",
    "triggered market order",
    "triggered protected order",
    "triggered market to limit order",
    "triggered fill-or-kill order",
    "stop met beyond its price",
    "take-profit met beyond its price",
    "trail started",
    "trail improved",
    "trail met",
    "trail started and improved in one command",
    "trail started and met in one command",
    "trail improved and met in one command",
    "trail started, improved and met in one command",
    "waiting order cancelled",
    "waiting order reduced",
    "waiting order replaced",
    "waiting order without a limit replaced",
    "waiting order expired",
    "waiting order ended with the day",
    "waiting order cancelled with others",
    "Accepted Protected",
    "Accepted MarketToLimit",
    "Priced",
    "Refreshed Kept",
    "Refreshed Lost",
    "second look failed",
    "second look helped",
    "retry",
    "retry at the second look",
    "retry prevented",
    "retry after a refusal",
    "retry after an expiry",
    "retry of a bid",
    "retry of an ask",
    "retry of a hidden order",
    "retry fills whole",
    "retry fills in part",
    "retries of two orders",
    "two retries of one order",
    "peak refreshed by Requeue",
    "peak refreshed by Retain",
    "peak refreshed by HiddenLast",
    "several peaks of one order in a sweep: Requeue",
    "several peaks of one order in a sweep: Retain",
    "hidden part of a HiddenLast order traded",
    "peak of a random quantity",
    "peak and prevention in one sweep",
    "iceberg decremented",
    "hidden order traded",
    "order traded at a price that shows nothing",
    "order with a minimum passed by",
    "order with a minimum traded",
    "all-or-none order traded before an older one",
    "crossed at rest",
    "crossed at rest by what is hidden",
    "market order to a limit rests",
    "protected order rests",
    "protected order filled",
    "protection cut at the band",
    "minimum met",
    "minimum met in part",
    "minimum not met, rests",
    "minimum not met, cancelled",
    "full of orders, crossing",
    "full of levels, crossing",
    "replaced iceberg",
    "replaced iceberg kept",
    "replaced hidden order",
    "replaced hidden order kept",
    "replaced minimum",
    "replaced minimum kept",
    "replaced all-or-none order",
    "replaced all-or-none order kept",
    "replaced for a minimum that is not met",
    "reduced below its peak",
    "reduced by what is hidden",
    "allowed self-trade",
    "group meets itself",
    "market order meets its group",
    "market order prevented in its own mode",
    "budget prevented in its own mode",
    "both prevented in its own mode",
    "whole prevented in its own mode",
    "decremented by more than it has money for",
    "transfer asked for by one only",
    "traded and ended by prevention",
    "ended by a decrement",
    "budget ended by prevention",
    "maker ended by a decrement",
    "Accepted Limit",
    "Accepted Market",
    "Reduced",
    "Replaced Kept",
    "Replaced Lost",
    "Slid",
    "TimeAdvanced",
    "account full, crossing",
    "both filled",
    "both stopped by the budget",
    "both take the whole side",
    "budget below the price of one lot",
    "budget raised by a negative price",
    "budget stops",
    "budget takes the whole side",
    "expiry before a refusal",
    "expiry before a trade",
    "fok filled",
    "fok killed short",
    "id used again",
    "ioc filled",
    "ioc filled in part",
    "limit filled",
    "limit trades and rests",
    "market filled",
    "market filled in part",
    "mass cancel of a part of an account",
    "mass cancel of a part of the book",
    "mass cancel of an account",
    "mass cancel of the book",
    "reduced to nothing",
    "replace by more",
    "replace by the same",
    "replace filled",
    "replace to another price",
    "replace trades and rests",
    "several levels traded",
    "several makers of a level traded",
    "slide of a new order",
    "slide of a replaced order",
    "slide out of band",
    "slide to no level",
    "slide to too large a notional",
    "slide to too small a notional",
    "timed full, crossing",
];
