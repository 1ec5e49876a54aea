//! Orders that wait for their reference, and those that move with it.

use crate::pair::{
    Pair, SHORT, all_or_none, buy, hidden, iceberg, market, of, once, peg, sell, short, stop,
};
use crate::{FAR, books, posting};
use pricetime::PegReference::{Market, Primary};
use pricetime::{Capacities, Instrument, Notional, PostOnly};

#[test]
fn a_triggered_peg_without_a_reference_waits_for_it() {
    let mut pair = Pair::new();
    let stops = [
        stop(105, peg(Primary, 0, buy(1, FAR, 5))),
        stop(105, once(Primary, 0, buy(2, FAR, 5))),
    ];
    pair.takes(stops);
    pair.takes([sell(3, 105, 1)]);
    let said = pair.enters(market(buy(4, 105, 1)));
    assert_eq!(
        said[2..],
        [
            "triggered 1 at 105",
            "waits 1",
            "triggered 2 at 105",
            "refused 2 NoReferencePrice",
            "cancelled 2 Refused 5",
        ]
    );
    let said = pair.enters(buy(5, 90, 1));
    assert_eq!(
        said[2..],
        ["released 1", "priced 1 at 90", "rested 1: 5 at 90"]
    );
}

#[test]
fn a_peg_triggered_on_entry_waits_for_its_reference() {
    let mut pair = Pair::new();
    pair.last_trades_at(105);
    let order = stop(105, peg(Primary, 0, buy(1, FAR, 5)));
    let said = ["accepted 1", "triggered 1 at 105", "waits 1"];
    assert_eq!(pair.enters(order), said);
}

#[test]
fn who_found_a_reference_goes_on_oldest_first() {
    let mut pair = Pair::new();
    pair.takes([
        peg(Primary, 1, buy(1, FAR, 5)),
        peg(Primary, 2, buy(2, FAR, 5)),
    ]);
    let said = pair.enters(buy(3, 90, 1));
    assert_eq!(
        said[2..],
        [
            "released 1",
            "priced 1 at 91",
            "rested 1: 5 at 91",
            "released 2",
            "priced 2 at 92",
            "rested 2: 5 at 92",
        ]
    );
}

#[test]
fn a_peg_moves_when_its_reference_has_and_stays_when_it_is_gone() {
    let mut pair = books([buy(1, 90, 5), peg(Primary, 1, buy(2, FAR, 5))]);
    let said = pair.enters(buy(3, 95, 5));
    assert_eq!(said[2..], ["repriced 2 to 96", "rested 2: 5 at 96"]);
    let said = pair.cancels(3);
    assert_eq!(said[1..], ["repriced 2 to 91", "rested 2: 5 at 91"]);
    assert_eq!(pair.cancels(1), ["cancelled 1 Requested 5"]);
    let said = pair.enters(buy(1, 80, 5));
    assert_eq!(said[2..], ["repriced 2 to 81", "rested 2: 5 at 81"]);
}

#[test]
fn pegs_move_in_the_sequence_in_which_they_came_to_rest() {
    let mut pair = books([
        buy(1, 90, 5),
        peg(Primary, 1, buy(2, FAR, 5)),
        peg(Primary, 3, buy(3, FAR, 5)),
    ]);
    // One that keeps its place has not come to rest again.
    pair.replaces(2, None, 4);
    let said = pair.enters(buy(4, 95, 5));
    assert_eq!(said[2], "repriced 2 to 96");
    assert_eq!(said[4], "repriced 3 to 98");
    // One that loses its place has.
    pair.replaces(2, None, 6);
    let said = pair.cancels(4);
    assert_eq!(said[1], "repriced 3 to 93");
    assert_eq!(said[3], "repriced 2 to 91");
}

#[test]
fn a_peg_that_moves_trades_and_shows_its_first_peak_again() {
    let mut pair = books([
        buy(1, 90, 5),
        hidden(of(2, sell(2, 96, 2))),
        iceberg(2, peg(Primary, 1, buy(3, FAR, 7))),
    ]);
    let said = pair.enters(buy(4, 95, 5));
    let moved = [
        "repriced 3 to 96",
        "3 takes 2 of 2 at 96",
        "rested 3: 2+3 at 96",
    ];
    assert_eq!(said[2..], moved);
}

#[test]
fn a_move_that_is_refused_ends_the_order() {
    let most = Instrument::builder().notional_max(Notional::new(500));
    let mut pair = Pair::of(most);
    pair.takes([buy(1, 90, 1), peg(Primary, 0, buy(2, 125, 4))]);
    pair.takes([sell(3, 99, 5)]);
    let posts = posting(PostOnly::Reject, peg(Primary, 1, buy(4, 100, 5)));
    pair.takes([posts]);
    let said = pair.enters(buy(5, 98, 5));
    let ends = ["repriced 2 to 98", "rested 2: 4 at 98"];
    assert_eq!(said[2..4], ends);
    let ends = [
        "repriced 4 to 99",
        "refused 4 PostOnlyWouldTake",
        "cancelled 4 Refused 5",
    ];
    assert_eq!(said[4..], ends);
}

#[test]
fn a_moved_peg_keeps_its_own_places_and_needs_one_for_its_level() {
    let mut pair = Pair::of(short(Capacities {
        levels: 2,
        special_orders: 1,
        ..SHORT
    }));
    pair.takes([
        buy(1, 90, 1),
        buy(2, 90, 1),
        peg(Primary, 1, buy(3, FAR, 5)),
    ]);
    let said = pair.replaces(1, 91, None);
    assert_eq!(
        said[2..],
        [
            "repriced 3 to 92",
            "refused 3 LevelsFull",
            "cancelled 3 Refused 5"
        ]
    );
}

#[test]
fn what_does_not_fit_moves_with_the_next_command() {
    let mut pair = Pair::of(short(SHORT));
    pair.takes([buy(1, 50, 1), buy(2, 40, 1)]);
    for id in 10..24 {
        pair.takes([peg(Primary, 0, of(2, buy(id, FAR, 1)))]);
    }
    // Seven of fourteen move: each is counted as four events and says two.
    let said = pair.cancels(1);
    let moved = |said: &[String]| {
        said.iter()
            .filter(|word| word.starts_with("repriced"))
            .count()
    };
    assert_eq!(moved(&said), 6, "{said:?}");
    let said = pair.cancels(99);
    assert_eq!(said[0], "OrderUnknown");
    assert_eq!(moved(&said), 6, "{said:?}");
    assert_eq!(moved(&pair.cancels(99)), 2);
}

#[test]
fn a_move_with_more_trades_than_a_command_may_tell_is_refused() {
    let moves = |makers: u64| {
        let mut pair = Pair::of(short(SHORT));
        pair.takes([sell(1, 50, 1), sell(2, 61, 1)]);
        pair.takes([peg(Market, -1, of(2, buy(3, 100, makers)))]);
        for id in 10..10 + makers {
            pair.takes([hidden(of(3, sell(id, 60, 1)))]);
        }
        pair.cancels(1)
    };
    let said = moves(11);
    assert_eq!(said[1..3], ["repriced 3 to 60", "3 takes 1 of 10 at 60"]);
    assert_eq!(said.len(), 13);
    let refused = [
        "repriced 3 to 60",
        "refused 3 TooManyTrades",
        "cancelled 3 Refused 12",
    ];
    assert_eq!(moves(12)[1..], refused);
}

#[test]
fn a_peg_with_a_minimum_that_is_not_met_rests_where_it_moves_to() {
    let mut pair = books([
        buy(1, 90, 5),
        hidden(sell(2, 96, 2)),
        all_or_none(peg(Primary, 1, buy(3, FAR, 7))),
    ]);
    let said = pair.enters(buy(4, 95, 5));
    assert_eq!(said[2..], ["repriced 3 to 96", "rested 3: 7 at 96"]);
}

#[test]
fn an_order_whose_reference_is_gone_again_waits_on_without_a_word() {
    let mut pair = Pair::new();
    let stopped = stop(96, market(of(2, sell(3, 80, 1))));
    pair.takes([
        peg(Primary, 0, buy(1, FAR, 5)),
        stopped,
        of(2, sell(4, 96, 1)),
    ]);
    // The bid that is left is a reference, until the stop before the peg in the line has taken it.
    let said = pair.enters(of(3, buy(5, 96, 2)));
    let taken = [
        "rested 5: 1 at 96",
        "triggered 3 at 96",
        "3 takes 1 of 5 at 96",
    ];
    assert_eq!(said[2..], taken);
    let said = pair.enters(buy(6, 90, 5));
    assert_eq!(
        said[2..],
        ["released 1", "priced 1 at 90", "rested 1: 5 at 90"]
    );
}

#[test]
fn the_price_of_a_peg_is_not_its_owners_to_give() {
    let mut pair = books([buy(1, 90, 5), peg(Primary, 1, buy(2, FAR, 5))]);
    assert_eq!(pair.replaces(2, 95, None), ["OrderFollowsReference"]);
    assert_eq!(pair.replaces(2, 95, 0), ["OrderFollowsReference"]);
    let more = pair.replaces(2, None, 6);
    assert_eq!(more, ["replaced 2: 6 at 91 Lost", "rested 2: 6 at 91"]);
    assert_eq!(pair.reduces(2, 1), ["reduced 2 by 1 to 5"]);
    pair.takes([
        peg(Primary, 0, sell(3, 1, 5)),
        once(Primary, 0, buy(4, FAR, 5)),
    ]);
    assert_eq!(pair.replaces(3, 95, None), ["OrderHasNoLimit"]);
    assert_eq!(pair.replaces(4, 80, None)[0], "replaced 4: 5 at 80 Lost");
}
