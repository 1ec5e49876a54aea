//! What came out against what was recorded, one by one.

use std::fmt::Display;

use pricetime::{Engine, Side};

use crate::drive::Replay;
use crate::session::{Booked, Session};

/// How many differences are shown.
const SHOWN_MAX: usize = 5;

/// Two lists of which each pair should be equal.
#[derive(Debug)]
pub struct Comparison {
    pub name: &'static str,
    /// What equality means here.
    pub measure: &'static str,
    pub expected: usize,
    pub found: usize,
    pub equal: usize,
    /// The first differences, by their numbers from 1.
    pub first: Vec<String>,
}

impl Comparison {
    pub fn is_equal(&self) -> bool {
        self.equal == self.expected && self.equal == self.found
    }

    fn of<T: PartialEq + Display>(
        name: &'static str,
        measure: &'static str,
        expected: &[T],
        found: &[T],
    ) -> Self {
        let longer = expected.len().max(found.len());
        let differ = |index: &usize| expected.get(*index) != found.get(*index);
        let different = (0..longer).filter(differ);
        let shown = |item: Option<&T>| item.map_or("nothing".into(), T::to_string);
        let first = different.clone().take(SHOWN_MAX).map(|index| {
            let (expected, found) = (shown(expected.get(index)), shown(found.get(index)));
            format!("number {}: expected {expected}, found {found}", index + 1)
        });
        Self {
            name,
            measure,
            expected: expected.len(),
            found: found.len(),
            equal: longer - different.clone().count(),
            first: first.collect(),
        }
    }
}

/// Everything that the session has a record of.
pub fn compare(session: &Session, replay: &Replay) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    if let Some(matches) = &session.matches {
        let measure = "reproduced: taker, maker, price, quantity, side";
        let comparison = Comparison::of("matches", measure, matches, &replay.matches);
        comparisons.push(comparison);
    }
    if let Some(opens) = &session.opens {
        let measure = "reproduced: order, side, price, remaining quantity";
        let comparison = Comparison::of("opens", measure, opens, &replay.opens);
        comparisons.push(comparison);
    }
    if let Some(end) = &session.end {
        let measure = "orders in the place they should have, in queue order";
        let comparison = Comparison::of("ending book", measure, end, &booked(&replay.engine));
        comparisons.push(comparison);
    }
    comparisons
}

/// The whole book: bids, then asks, each from the best price, first in queue first.
fn booked(engine: &Engine) -> Vec<Booked> {
    let book = engine.book();
    let queue = |side: Side| {
        let levels = book.depth(side);
        levels.flat_map(move |level| book.orders_at(side, level.price))
    };
    let orders = queue(Side::Buy).chain(queue(Side::Sell));
    let booked = orders.map(|order| Booked {
        side: order.side,
        price: order.price,
        quantity: order.quantity,
        id: order.id,
    });
    booked.collect()
}
