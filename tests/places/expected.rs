//! The places that must be reached.

use pricetime::{CancelCause, RejectReason, Request, Rest, Side};

/// Every place that the random tests must reach.
pub fn expected() -> Vec<String> {
    let mut places: Vec<String> = NAMED.iter().copied().map(String::from).collect();
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
        places.extend([format!("Traded {side:?}"), format!("Rested {side:?}")]);
    }
    for cause in CAUSES {
        places.push(format!("Cancelled {cause:?}"));
    }
    for rest in [Rest::Done, Rest::More] {
        places.extend([
            format!("MassCancelled {rest:?}"),
            format!("DayEnded {rest:?}"),
        ]);
    }
    places
}

const REQUESTS: [Request; 8] = [
    Request::Limit,
    Request::Market,
    Request::Cancel,
    Request::Reduce,
    Request::Replace,
    Request::CancelAll,
    Request::AdvanceTime,
    Request::EndOfDay,
];

const CAUSES: [CancelCause; 6] = [
    CancelCause::Requested,
    CancelCause::NotFilledAtOnce,
    CancelCause::FillOrKill,
    CancelCause::Expired,
    CancelCause::DayEnded,
    CancelCause::Mass,
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
            OrderIdAlreadyLive,
            OrderIdNotIncreasing,
            TooManyTrades,
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
        ],
    ),
    (Request::CancelAll, &[PriceRangeEmpty]),
];

const NAMED: &[&str] = &[
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
