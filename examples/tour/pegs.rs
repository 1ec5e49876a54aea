//! Orders that follow a reference price, and orders that are priced by one once.

use pricetime::{
    Action, Cancel, Display, Order, OrderId, PegReference, PegUnit, PostOnly, Pricing, Quantity,
    Refresh, Replace, Repricing, WaitsFor,
};

use crate::scene::Scene;

/// The same order, pegged, with its limit as the worst price it may have.
fn pegged(
    reference: PegReference,
    repricing: Repricing,
    (offset, unit): (i32, PegUnit),
    order: Order,
) -> Order {
    let Pricing::Limit(limit) = order.pricing else {
        return order;
    };
    let pricing = Pricing::Pegged {
        reference,
        repricing,
        unit,
        offset,
        limit,
    };
    Order { pricing, ..order }
}

/// Follows a reference, so many ticks above it.
fn follows(reference: PegReference, offset: i32, order: Order) -> Order {
    pegged(reference, Repricing::Live, (offset, PegUnit::Ticks), order)
}

/// Is priced once, so many prices behind the reference.
fn levels_behind(reference: PegReference, levels: i32, order: Order) -> Order {
    pegged(reference, Repricing::Once, (levels, PegUnit::Levels), order)
}

fn cancel(id: u64) -> Action {
    Action::Cancel(Cancel {
        id: OrderId(id),
        owner: None,
    })
}

pub fn primary(scene: &mut Scene) {
    scene.source("Nasdaq, primary peg: it tracks the best price of its own side");
    scene
        .says("It goes up with a better bid, and back when that leaves: it never leans on itself.");
    scene.rests([scene.buy(1, "5", "100"), scene.sell(2, "5", "110")]);
    scene.book(&["ask 110: #2 5", "bid 100: #1 5"]);
    scene.enters(
        follows(PegReference::Primary, 0, scene.buy(3, "4", "105")),
        &["priced #3 at 100", "rests #3 at 100: 4"],
    );
    scene.enters(
        scene.buy(4, "5", "102"),
        &[
            "rests #4 at 102: 5",
            "repriced #3 to 102",
            "rests #3 at 102: 4",
        ],
    );
    scene.book(&["ask 110: #2 5", "bid 102: #4 5, #3 4", "bid 100: #1 5"]);
    scene.does(
        cancel(4),
        &[
            "cancelled #4, 5 open: Requested",
            "repriced #3 to 100",
            "rests #3 at 100: 4",
        ],
    );
    scene.book(&["ask 110: #2 5", "bid 100: #1 5, #3 4"]);
}

pub fn capped(scene: &mut Scene) {
    scene.source(
        "Nasdaq rule 4703(d): a pegged order may have a limit, and is priced there when the reference is beyond",
    );
    scene.rests([scene.buy(1, "5", "100"), scene.sell(2, "5", "110")]);
    scene.book(&["ask 110: #2 5", "bid 100: #1 5"]);
    scene.enters(
        follows(PegReference::Primary, 0, scene.buy(3, "4", "101")),
        &["priced #3 at 100", "rests #3 at 100: 4"],
    );
    scene.book(&["ask 110: #2 5", "bid 100: #1 5, #3 4"]);
    scene.enters(
        scene.buy(4, "5", "102"),
        &[
            "rests #4 at 102: 5",
            "repriced #3 to 101",
            "rests #3 at 101: 4",
        ],
    );
    scene.says("The best bid goes on without it, and it keeps its place.");
    scene.enters(scene.buy(5, "5", "104"), &["rests #5 at 104: 5"]);
    scene.book(&[
        "ask 110: #2 5",
        "bid 104: #5 5",
        "bid 102: #4 5",
        "bid 101: #3 4",
        "bid 100: #1 5",
    ]);
}

pub fn market(scene: &mut Scene) {
    scene.source("Nasdaq, market peg: it tracks the best price of the other side, from a distance");
    scene.rests([
        scene.buy(1, "5", "100"),
        scene.sell(2, "5", "110"),
        scene.sell(3, "5", "112"),
    ]);
    scene.book(&["ask 112: #3 5", "ask 110: #2 5", "bid 100: #1 5"]);
    scene.enters(
        follows(PegReference::Market, -2, scene.buy(4, "4", "120")),
        &["priced #4 at 108", "rests #4 at 108: 4"],
    );
    scene.does(
        cancel(2),
        &[
            "cancelled #2, 5 open: Requested",
            "repriced #4 to 110",
            "rests #4 at 110: 4",
        ],
    );
    scene.says(
        "The bid at 110 follows, so nobody is measured from it: the best bid to follow is 100.",
    );
    scene.enters(
        follows(PegReference::Market, 11, scene.sell(5, "3", "100")),
        &["priced #5 at 111", "rests #5 at 111: 3"],
    );
    scene.book(&[
        "ask 112: #3 5",
        "ask 111: #5 3",
        "bid 110: #4 4",
        "bid 100: #1 5",
    ]);
}

pub fn midpoint(scene: &mut Scene) {
    scene.source("Nasdaq, midpoint peg; where the middle is between two ticks, each side rounds away from the other");
    scene.rests([scene.buy(1, "5", "100"), scene.sell(2, "5", "103")]);
    scene.book(&["ask 103: #2 5", "bid 100: #1 5"]);
    let middle = |order| follows(PegReference::Midpoint, 0, order);
    scene.enters(
        middle(scene.buy(3, "6", "110")),
        &["priced #3 at 101", "rests #3 at 101: 6"],
    );
    scene.enters(
        middle(scene.sell(4, "4", "90")),
        &["priced #4 at 102", "rests #4 at 102: 4"],
    );
    scene.book(&[
        "ask 103: #2 5",
        "ask 102: #4 4",
        "bid 101: #3 6",
        "bid 100: #1 5",
    ]);
    scene.says("Between 100 and 102 the middle is a tick. The one that has to move is the taker.");
    scene.enters(
        scene.sell(5, "1", "102"),
        &[
            "rests #5 at 102: 1",
            "repriced #4 to 101",
            "traded 4 at 101: #4 with #3",
        ],
    );
    scene.book(&[
        "ask 103: #2 5",
        "ask 102: #5 1",
        "bid 101: #3 2",
        "bid 100: #1 5",
    ]);
}

pub fn in_sequence(scene: &mut Scene) {
    scene.source("Nasdaq gives a peg a new time whenever it moves; that the one with the oldest time moves first is a choice of this book");
    let best = |order| follows(PegReference::Primary, 0, order);
    scene.rests([scene.buy(1, "5", "100"), scene.sell(2, "5", "110")]);
    scene.book(&["ask 110: #2 5", "bid 100: #1 5"]);
    for id in [3, 4] {
        scene.enters(
            best(scene.buy(id, "4", "105")),
            &[
                &format!("priced #{id} at 100"),
                &format!("rests #{id} at 100: 4"),
            ],
        );
    }
    scene.book(&["ask 110: #2 5", "bid 100: #1 5, #3 4, #4 4"]);
    scene.enters(
        scene.buy(5, "5", "101"),
        &[
            "rests #5 at 101: 5",
            "repriced #3 to 101",
            "rests #3 at 101: 4",
            "repriced #4 to 101",
            "rests #4 at 101: 4",
        ],
    );
    scene.says("Who wants more goes to the tail, and from then on moves last.");
    let more = Replace {
        id: OrderId(3),
        owner: None,
        price: None,
        quantity: Some(Quantity::new(6)),
    };
    scene.does(
        Action::Replace(more),
        &["replaced #3, priority lost", "rests #3 at 101: 6"],
    );
    scene.enters(
        scene.buy(6, "5", "102"),
        &[
            "rests #6 at 102: 5",
            "repriced #4 to 102",
            "rests #4 at 102: 4",
            "repriced #3 to 102",
            "rests #3 at 102: 6",
        ],
    );
    scene.book(&[
        "ask 110: #2 5",
        "bid 102: #6 5, #4 4, #3 6",
        "bid 101: #5 5",
        "bid 100: #1 5",
    ]);
}

pub fn without_reference(scene: &mut Scene) {
    scene.source("venues differ: without a best price Nasdaq cancels a Market Maker Peg; here a peg waits or stays");
    scene.rests([scene.sell(1, "5", "110")]);
    scene.book(&["ask 110: #1 5"]);
    scene.enters(
        follows(PegReference::Primary, 0, scene.buy(2, "4", "105")),
        &["waits #2"],
    );
    scene.waits_for(2, WaitsFor::Reference);
    scene.says("What nobody sees, nobody follows.");
    let hidden = Order {
        display: Display::Hidden,
        ..scene.buy(3, "5", "101")
    };
    scene.enters(hidden, &["rests #3 at 101: 0 shown, 5 hidden"]);
    scene.enters(
        scene.buy(4, "5", "100"),
        &[
            "rests #4 at 100: 5",
            "released #2",
            "priced #2 at 100",
            "rests #2 at 100: 4",
        ],
    );
    scene.does(cancel(4), &["cancelled #4, 5 open: Requested"]);
    scene.says("The reference is gone, and the peg rests where it was until there is another.");
    scene.book(&[
        "ask 110: #1 5",
        "bid 101: | #3 5 (0 shown, 5 hidden)",
        "bid 100: #2 4",
    ]);
    scene.enters(
        scene.buy(5, "5", "98"),
        &[
            "rests #5 at 98: 5",
            "repriced #2 to 98",
            "rests #2 at 98: 4",
        ],
    );
    scene.book(&[
        "ask 110: #1 5",
        "bid 101: | #3 5 (0 shown, 5 hidden)",
        "bid 98: #5 5, #2 4",
    ]);
}

pub fn once_by_ticks(scene: &mut Scene) {
    scene.source("Binance, pegged orders: the price is worked out when the order enters the book, and not again");
    let order = |scene: &Scene| {
        let buy = scene.buy(1, "4", "105");
        let ticks = (1, PegUnit::Ticks);
        pegged(PegReference::Primary, Repricing::Once, ticks, buy)
    };
    scene.enters(order(scene), &["refused: NoReferencePrice"]);
    scene.rests([scene.buy(2, "5", "100")]);
    scene.book(&["bid 100: #2 5"]);
    scene.enters(order(scene), &["priced #1 at 101", "rests #1 at 101: 4"]);
    scene.says("From then on it is a limit order, and one that others follow.");
    scene.enters(scene.buy(3, "5", "103"), &["rests #3 at 103: 5"]);
    scene.book(&["bid 103: #3 5", "bid 101: #1 4", "bid 100: #2 5"]);
}

pub fn once_by_levels(scene: &mut Scene) {
    scene.source(
        "Binance, pegOffsetType PRICE_LEVEL: so many prices of the book behind the best, 1 to 100",
    );
    scene.rests([
        scene.buy(1, "5", "100"),
        scene.buy(2, "5", "98"),
        scene.buy(3, "5", "95"),
        scene.sell(4, "5", "110"),
        scene.sell(5, "5", "113"),
    ]);
    scene.book(&[
        "ask 113: #5 5",
        "ask 110: #4 5",
        "bid 100: #1 5",
        "bid 98: #2 5",
        "bid 95: #3 5",
    ]);
    let primary = |levels, order| levels_behind(PegReference::Primary, levels, order);
    let three = primary(3, scene.buy(6, "4", "120"));
    scene.enters(three, &["refused: NoReferencePrice"]);
    scene.enters(
        primary(2, scene.buy(6, "4", "120")),
        &["priced #6 at 95", "rests #6 at 95: 4"],
    );
    scene.says("One price behind the best ask, it buys at both. A LIMIT_MAKER may only peg to its own side.");
    let maker = Order {
        post_only: PostOnly::Reject,
        ..levels_behind(PegReference::Market, 1, scene.buy(7, "8", "120"))
    };
    scene.enters(maker, &["refused: PegMalformed"]);
    scene.enters(
        levels_behind(PegReference::Market, 1, scene.buy(7, "8", "120")),
        &[
            "priced #7 at 113",
            "traded 5 at 110: #7 with #4",
            "traded 3 at 113: #7 with #5",
        ],
    );
    scene.book(&[
        "ask 113: #5 2",
        "bid 100: #1 5",
        "bid 98: #2 5",
        "bid 95: #3 5, #6 4",
    ]);
}

pub fn trades_when_it_moves(scene: &mut Scene) {
    scene.source("matchcore: one pegged order that can take at a time, again and again");
    scene.rests([
        scene.buy(1, "5", "100"),
        scene.sell(2, "5", "104"),
        scene.sell(3, "5", "107"),
    ]);
    scene.book(&["ask 107: #3 5", "ask 104: #2 5", "bid 100: #1 5"]);
    scene.enters(
        follows(PegReference::Primary, 3, scene.buy(4, "8", "120")),
        &["priced #4 at 103", "rests #4 at 103: 8"],
    );
    scene.book(&[
        "ask 107: #3 5",
        "ask 104: #2 5",
        "bid 103: #4 8",
        "bid 100: #1 5",
    ]);
    scene.enters(
        scene.buy(5, "5", "102"),
        &[
            "rests #5 at 102: 5",
            "repriced #4 to 105",
            "traded 5 at 104: #4 with #2",
            "rests #4 at 105: 3",
        ],
    );
    scene.book(&[
        "ask 107: #3 5",
        "bid 105: #4 3",
        "bid 102: #5 5",
        "bid 100: #1 5",
    ]);
}

pub fn must_not_take(scene: &mut Scene) {
    scene.source("orderbook-rs keeps a pegged bid a tick below the best ask; here it is for the order to say");
    let mut show = |post_only, expected: &[&str], book: &[&str]| {
        scene.venue(pricetime::Instrument::builder());
        scene.rests([scene.buy(1, "5", "100"), scene.sell(2, "5", "104")]);
        scene.book(&["ask 104: #2 5", "bid 100: #1 5"]);
        let peg = Order {
            post_only,
            ..follows(PegReference::Primary, 3, scene.buy(3, "8", "120"))
        };
        scene.enters(peg, &["priced #3 at 103", "rests #3 at 103: 8"]);
        scene.enters(scene.buy(4, "5", "102"), expected);
        scene.book(book);
    };
    show(
        PostOnly::Slide,
        &[
            "rests #4 at 102: 5",
            "repriced #3 to 105",
            "slid #3 from 105 to 103",
            "rests #3 at 103: 8",
        ],
        &[
            "ask 104: #2 5",
            "bid 103: #3 8",
            "bid 102: #4 5",
            "bid 100: #1 5",
        ],
    );
    show(
        PostOnly::Reject,
        &[
            "rests #4 at 102: 5",
            "repriced #3 to 105",
            "refused #3: PostOnlyWouldTake",
            "cancelled #3, 8 open: Refused",
        ],
        &["ask 104: #2 5", "bid 102: #4 5", "bid 100: #1 5"],
    );
}

pub fn iceberg(scene: &mut Scene) {
    scene.source("a bug that engines shipped: a pegged iceberg was not repriced (vega 8961, 8962)");
    scene.rests([scene.buy(1, "5", "100"), scene.buy(2, "5", "99")]);
    scene.book(&["bid 100: #1 5", "bid 99: #2 5"]);
    let order = scene.iceberg(scene.buy(3, "20", "105"), "5", 0, Refresh::Requeue);
    scene.enters(
        follows(PegReference::Primary, 0, order),
        &["priced #3 at 100", "rests #3 at 100: 5 shown, 15 hidden"],
    );
    scene.book(&[
        "bid 100: #1 5, #3 5+15 (10 shown, 15 hidden)",
        "bid 99: #2 5",
    ]);
    scene.says(
        "Who sells takes its reference away. It comes back at 99 with a peak as on the first day.",
    );
    scene.enters(
        scene.sell(4, "8", "100"),
        &[
            "traded 5 at 100: #4 with #1",
            "traded 3 at 100: #4 with #3",
            "repriced #3 to 99",
            "rests #3 at 99: 5 shown, 12 hidden",
        ],
    );
    scene.book(&["bid 99: #2 5, #3 5+12 (10 shown, 12 hidden)"]);
}
