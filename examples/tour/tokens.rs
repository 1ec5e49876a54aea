//! Requests that are sent again.

use pricetime::{Action, Capacities, ClientToken, Instrument, Order, PostOnly};

use crate::scene::{Scene, of};

pub fn duplicate(scene: &mut Scene) {
    scene.source("Binance newClientOrderId and FIX ClOrdID: the same request is not done twice");
    scene.venue(Instrument::builder().capacities(Capacities {
        tokens: 2,
        ..Capacities::default()
    }));
    let once = |token, order| Action::Once {
        token: ClientToken(token),
        order: of(7, order),
    };
    let (first, again) = (scene.buy(1, "5", "100"), scene.buy(2, "5", "100"));
    scene.does(once(70, first), &["rests #1 at 100: 5"]);
    scene.says("The answer was lost, so the client asks again.");
    scene.does(
        once(70, again),
        &["#2 changes nothing: it came before as #1"],
    );
    scene.book(&["bid 100: #1 5"]);
    scene.says("Another account may use the same token. What was refused is not remembered.");
    let other = Action::Once {
        token: ClientToken(70),
        order: scene.sell(3, "5", "110"),
    };
    scene.does(other, &["rests #3 at 110: 5"]);
    let taker = Order {
        post_only: PostOnly::Reject,
        ..scene.buy(4, "5", "110")
    };
    let maker = scene.buy(4, "5", "99");
    scene.does(once(71, taker), &["refused: PostOnlyWouldTake"]);
    scene.does(once(71, maker), &["rests #4 at 99: 5"]);
    scene.says("Here two are remembered. The first is forgotten by now.");
    scene.does(once(70, again), &["rests #2 at 100: 5"]);
    scene.book(&["ask 110: #3 5", "bid 100: #1 5, #2 5", "bid 99: #4 5"]);
}
