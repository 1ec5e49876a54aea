//! One order cancelled and another entered, in one step.

use pricetime::{Action, CancelOnly, CancelReplaceMode, Instrument, Order, OrderId, PostOnly};

use crate::scene::{Scene, of};

const BINANCE: &str = "Binance, cancel-replace";

/// For account 7.
fn cancel_replace(cancel: u64, mode: CancelReplaceMode, order: Order) -> Action {
    Action::CancelReplace {
        cancel: OrderId(cancel),
        only: CancelOnly::Any,
        mode,
        order: of(7, order),
    }
}

fn if_only(only: CancelOnly, cancel: u64, order: Order) -> Action {
    Action::CancelReplace {
        cancel: OrderId(cancel),
        only,
        mode: CancelReplaceMode::StopOnFailure,
        order: of(7, order),
    }
}

pub fn one_step(scene: &mut Scene) {
    scene.source(BINANCE);
    scene.says("Nobody trades between the two. The new order may have the old one's name.");
    scene.rests([of(7, scene.buy(1, "5", "100"))]);
    scene.book(&["bid 100: #1 5"]);
    let (second, again) = (scene.buy(2, "6", "101"), scene.buy(2, "6", "102"));
    scene.does(
        cancel_replace(1, CancelReplaceMode::StopOnFailure, second),
        &["cancelled #1, 5 open: Replaced", "rests #2 at 101: 6"],
    );
    scene.does(
        cancel_replace(2, CancelReplaceMode::StopOnFailure, again),
        &["cancelled #2, 6 open: Replaced", "rests #2 at 102: 6"],
    );
    scene.book(&["bid 102: #2 6"]);
}

pub fn failures(scene: &mut Scene) {
    scene.source("Binance, cancel-replace: STOP_ON_FAILURE and ALLOW_FAILURE");
    scene.rests([
        of(7, scene.buy(1, "5", "100")),
        scene.buy(2, "5", "99"),
        scene.sell(3, "5", "105"),
    ]);
    scene.book(&["ask 105: #3 5", "bid 100: #1 5", "bid 99: #2 5"]);
    let (stop, allow) = (
        CancelReplaceMode::StopOnFailure,
        CancelReplaceMode::AllowFailure,
    );
    let order = scene.buy(4, "5", "101");
    let takes = Order {
        post_only: PostOnly::Reject,
        ..scene.buy(5, "5", "110")
    };
    scene.says("Nothing to cancel: then there is no new order either, or there is.");
    scene.does(cancel_replace(9, stop, order), &["refused: OrderUnknown"]);
    scene.does(cancel_replace(2, stop, order), &["refused: OrderNotOwned"]);
    scene.does(
        cancel_replace(9, allow, order),
        &["refused #9: OrderUnknown", "rests #4 at 101: 5"],
    );
    scene.says("The new order is refused: the old one is gone all the same.");
    scene.does(
        cancel_replace(1, stop, takes),
        &[
            "cancelled #1, 5 open: Replaced",
            "refused #5: PostOnlyWouldTake",
        ],
    );
    scene.says("Both fail.");
    scene.does(
        cancel_replace(1, allow, takes),
        &["refused: PostOnlyWouldTake"],
    );
    scene.book(&["ask 105: #3 5", "bid 101: #4 5", "bid 99: #2 5"]);
}

pub fn only_new(scene: &mut Scene) {
    scene.source("Binance, cancelRestrictions: ONLY_NEW and ONLY_PARTIALLY_FILLED");
    scene.venue(Instrument::builder().keeps_totals(true));
    scene.rests([
        of(7, scene.buy(1, "5", "100")),
        of(7, scene.buy(2, "5", "99")),
    ]);
    scene.enters(scene.sell(3, "2", "100"), &["traded 2 at 100: #3 with #1"]);
    scene.book(&["bid 100: #1 3", "bid 99: #2 5"]);
    let order = scene.buy(4, "5", "98");
    scene.does(
        if_only(CancelOnly::New, 1, order),
        &["refused: OrderHasTraded"],
    );
    scene.does(
        if_only(CancelOnly::PartiallyFilled, 2, order),
        &["refused: OrderHasNotTraded"],
    );
    scene.does(
        if_only(CancelOnly::PartiallyFilled, 1, order),
        &["cancelled #1, 3 open: Replaced", "rests #4 at 98: 5"],
    );
    scene.book(&["bid 99: #2 5", "bid 98: #4 5"]);
}
