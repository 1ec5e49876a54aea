//! Orders whose limit the book gives: what it is now, and what becomes of those that follow it.

use pricetime::{
    CancelCause, Event, Order, PegReference, PegUnit, Price, Pricing, Quantity, RejectReason,
    Repricing, Side,
};

use super::enter::can_rest;
use super::held::Held;
use super::walk::{Taker, Walk};
use super::{Model, Outcome};

/// How a limit is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peg {
    pub reference: PegReference,
    pub repricing: Repricing,
    pub unit: PegUnit,
    pub offset: i32,
    pub limit: Price,
}

impl Peg {
    pub fn of(pricing: Pricing) -> Option<Self> {
        match pricing {
            Pricing::Pegged {
                reference,
                repricing,
                unit,
                offset,
                limit,
            } => Some(Self {
                reference,
                repricing,
                unit,
                offset,
                limit,
            }),
            Pricing::Limit(_)
            | Pricing::Market
            | Pricing::Protected(_)
            | Pricing::MarketToLimit => None,
        }
    }

    pub fn follows(&self) -> bool {
        self.repricing == Repricing::Live
    }
}

/// An order that is to move, with its new price as worked out and as it goes in.
struct Moved {
    order: Held,
    slid: Option<Event>,
    walk: Option<Walk>,
    /// The book that it left.
    without: Model,
}

impl Model {
    /// What a peg must be by itself.
    pub(super) fn check_peg(&self, asked: &Order) -> Outcome {
        let Some(peg) = Peg::of(asked.pricing) else {
            return Ok(());
        };
        let follows_and_goes = peg.follows() && !can_rest(asked.time_in_force);
        let counts_wrong = peg.unit == PegUnit::Levels
            && (peg.follows()
                || peg.reference == PegReference::Midpoint
                || !(0..=100).contains(&peg.offset));
        let posts_elsewhere =
            asked.post_only != pricetime::PostOnly::Off && peg.reference != PegReference::Primary;
        if follows_and_goes || counts_wrong || posts_elsewhere {
            return Err(RejectReason::PegMalformed);
        }
        Ok(())
    }

    /// The prices of a side at which an order is shown that follows no other, best first.
    fn references(&self, side: Side) -> Vec<Price> {
        let mut prices = self.prices(side);
        prices.retain(|price| {
            let queue = self.queue(side, *price);
            queue
                .iter()
                .any(|order| order.shown > 0 && order.peg.is_none())
        });
        prices
    }

    /// What the limit of an order of `side` is now; `None` without a reference.
    pub(super) fn peg_price(&self, side: Side, peg: &Peg) -> Option<Price> {
        let price = match peg.reference {
            PegReference::Primary => self.measured(side, peg)?,
            PegReference::Market => self.measured(side.opposite(), peg)?,
            PegReference::Midpoint => {
                let [bid, ask] = Side::BOTH.map(|side| self.references(side).first().copied());
                let sum = i128::from(bid?.ticks()) + i128::from(ask?.ticks());
                let middle = match side {
                    Side::Buy => sum.div_euclid(2),
                    Side::Sell => -(-sum).div_euclid(2),
                };
                let middle = i64::try_from(middle).expect("between two prices");
                middle.saturating_add(i64::from(peg.offset))
            }
        };
        let price = match side {
            Side::Buy => price.min(peg.limit.ticks()),
            Side::Sell => price.max(peg.limit.ticks()),
        };
        let band = [self.instrument.price_min(), self.instrument.price_max()];
        let [low, high] = band.map(Price::ticks);
        Some(Price::new(price.clamp(low, high)))
    }

    /// So many ticks or prices from the best reference of a side.
    fn measured(&self, side: Side, peg: &Peg) -> Option<i64> {
        let prices = self.references(side);
        match peg.unit {
            PegUnit::Ticks => {
                let best = prices.first()?.ticks();
                Some(best.saturating_add(i64::from(peg.offset)))
            }
            PegUnit::Levels => {
                let back = usize::try_from(peg.offset).expect("not below zero");
                Some(prices.get(back)?.ticks())
            }
        }
    }

    /// Whether an order follows a price that is not there.
    pub(super) fn lacks_reference(&self, order: &Order) -> bool {
        Peg::of(order.pricing)
            .is_some_and(|peg| peg.follows() && self.peg_price(order.side, &peg).is_none())
    }

    /// The first order that follows a price which has moved, by when they came to rest, and where it is to go.
    pub(super) fn first_to_move(&self) -> Option<(Held, Price)> {
        let mut pegs = self.selected(|order| order.peg.is_some());
        pegs.sort_by_key(|order| order.rested);
        pegs.into_iter().find_map(|order| {
            let price = self.peg_price(order.side, &order.peg?)?;
            (price != order.worked_out).then_some((order, price))
        })
    }

    /// Moves an order to its new price, if what it has to say fits.
    pub(super) fn move_peg(
        &mut self,
        old: &Held,
        price: Price,
        left: usize,
        events: &mut Vec<Event>,
    ) -> bool {
        let outcome = self.foresee_move(old, price);
        let notes = self.notes_of_move(old, price);
        let trades = |moved: &Moved| moved.walk.as_ref().map_or(0, |walk| walk.says());
        if outcome.as_ref().map_or(3, |moved| 4 + trades(moved)) > left {
            self.notes.push("peg does not fit");
            return false;
        }
        let id = old.id;
        events.push(Event::Repriced { id, price });
        match outcome {
            Ok(moved) => {
                *self = moved.without;
                events.extend(moved.slid);
                self.settle(moved.order, moved.walk, events);
            }
            Err(reason) => {
                self.resting.retain(|order| order.id != id);
                events.push(Event::Refused { id, reason });
                events.push(Event::Cancelled {
                    id,
                    cause: CancelCause::Refused,
                    quantity: Quantity::new(old.open),
                });
            }
        }
        self.notes.extend(notes);
        true
    }

    fn notes_of_move(&self, old: &Held, price: Price) -> Vec<&'static str> {
        let peg = old.peg.expect("it follows");
        let rises = price > old.worked_out;
        let moves = MOVES[peg.reference as usize];
        let mut notes = vec![moves[usize::from(rises)]];
        let limit = match old.side {
            Side::Buy => self.instrument.price_max(),
            Side::Sell => self.instrument.price_min(),
        };
        if self.peg_price(old.side, &Peg { limit, ..peg }) != Some(price) {
            notes.push("peg cut by its limit");
        }
        notes
    }

    fn foresee_move(&self, old: &Held, price: Price) -> Result<Moved, RejectReason> {
        self.check_price(old.side, price, Quantity::new(old.open))?;
        let mut without = self.clone();
        without.resting.retain(|order| order.id != old.id);
        let mut order = Held {
            price,
            worked_out: price,
            arrived: 0,
            ..*old
        };
        let slid;
        (order.price, slid) = without.post_only_price(&order)?;
        without.check_room(&order)?;
        let walk = without.attempt(&Taker::of(&order, Some(order.price), order.needs()));
        let said = walk.as_ref().map_or(0, |walk| walk.says());
        if 4 + said >= self.instrument.capacities().events as usize {
            return Err(RejectReason::TooManyTrades);
        }
        without.check_walk(&order, walk.as_ref())?;
        Ok(Moved {
            order,
            slid,
            walk,
            without,
        })
    }

    /// Orders that wait for a price to follow and find it join the line, oldest first.
    pub(super) fn elect_who_found_a_reference(&mut self) {
        let mut found = self.waiting.clone();
        found.retain(|waiting| {
            waiting.awaits == super::waiting::Awaits::Reference
                && !self.is_elected(waiting.order.id)
                && !self.lacks_reference(&waiting.order)
        });
        found.sort_by_key(|waiting| waiting.arrived);
        let ids = found.iter().map(|waiting| (waiting.order.id, None));
        self.elected.extend(ids);
    }
}

/// By the reference, and whether it rises.
const MOVES: [[&str; 2]; 3] = [
    ["primary peg moved down", "primary peg moved up"],
    ["market peg moved down", "market peg moved up"],
    ["midpoint peg moved down", "midpoint peg moved up"],
];
