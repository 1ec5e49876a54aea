//! Special orders that follow a reference price.

use crate::book::image::Image;
use crate::book::special::Specials;
use crate::book::{Book, LevelSlot, OrderSlot, copy_with_room};
use crate::order::{PegReference, Side};
use crate::units::Price;

/// How an order follows a reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Peg {
    pub reference: PegReference,
    /// Ticks added to the reference.
    pub offset: i32,
    /// The worst price it may have.
    pub limit: Price,
    /// The price as it was worked out last. It may rest elsewhere, where it slid to.
    pub target: Price,
}

/// A copy has the room of its original.
impl Clone for Specials {
    fn clone(&self) -> Self {
        Self {
            records: self.records.clone(),
            shadows: self.shadows.clone(),
            pegs: copy_with_room(&self.pegs),
            ..*self
        }
    }
}

/// How many of those that follow were looked at is no part of the state.
impl PartialEq for Specials {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
            && self.shadows == other.shadows
            && self.free_record == other.free_record
            && self.free_shadow == other.free_shadow
            && self.used == other.used
            && self.minimums == other.minimums
            && self.pegs == other.pegs
    }
}

impl Eq for Specials {}

impl Book {
    /// How many resting orders follow a reference.
    #[inline(always)]
    pub(crate) fn pegs(&self) -> usize {
        self.specials.pegs.len()
    }

    /// Whether any order follows a reference, or waits for one to follow.
    pub(crate) fn has_followers(&self) -> bool {
        self.pegs() > 0 || self.next_unpriced(None).is_some()
    }

    /// Those that follow, in the sequence in which they came to rest.
    pub(crate) fn followers(&self) -> impl Iterator<Item = OrderSlot> + '_ {
        let records = self.specials.pegs.iter();
        records.map(|&record| OrderSlot(self.specials.records[record as usize].slot))
    }

    /// The first that was not looked at since the references moved.
    pub(crate) fn next_follower(&self) -> Option<OrderSlot> {
        let record = self.specials.pegs.get(self.specials.pegs_seen)?;
        Some(OrderSlot(self.specials.records[*record as usize].slot))
    }

    /// It was looked at, and is where it should be.
    pub(crate) fn follower_seen(&mut self) {
        self.specials.pegs_seen += 1;
    }

    /// The references have moved.
    pub(crate) fn followers_unseen(&mut self) {
        self.specials.pegs_seen = 0;
    }

    /// The best price of a side at which an order is shown that does not follow. O(levels and orders that follow, before it).
    pub(crate) fn reference(&self, side: Side) -> Option<Price> {
        self.references(side).next()
    }

    /// All such prices, best first.
    pub(crate) fn references(&self, side: Side) -> impl Iterator<Item = Price> + '_ {
        let leads = self.level_slots(side).filter(|&level| self.leads(level));
        leads.map(|level| self.level_price(level))
    }

    /// Whether a level shows an order that does not follow.
    fn leads(&self, level: LevelSlot) -> bool {
        if !self.has_shadow(level) {
            return true;
        }
        let mut shown = std::iter::successors(self.first_shown(level), |&order| self.behind(order));
        shown.any(|order| self.terms(order).is_none_or(|terms| terms.peg.is_none()))
    }

    /// Of each record how many that follow came to rest before its order; zero if that does not follow.
    pub(super) fn follower_places(&self) -> Vec<u32> {
        let mut places = vec![0; self.specials.records.len()];
        for (&record, place) in self.specials.pegs.iter().zip(0..) {
            places[record as usize] = place;
        }
        places
    }

    /// Brings those that follow into the sequence that an image has. They are all there.
    pub(super) fn line_up_followers(&mut self, image: &Image) -> Option<()> {
        let mut line = Vec::with_capacity(self.pegs());
        for special in &image.specials {
            let slot = self.slab.orders_from() + special.order;
            match special.terms.peg {
                Some(_) => line.push((special.follower, self.slab.node(slot).extra)),
                None if special.follower == 0 => {}
                None => return None,
            }
        }
        line.sort_unstable();
        let is_line = line.iter().zip(0..).all(|(&(place, _), at)| place == at);
        let records = line.iter().map(|&(_, record)| record);
        self.specials.pegs.clear();
        self.specials.pegs.extend(records);
        is_line.then_some(())
    }

    /// Asserts that exactly those that follow are among the followers.
    pub(super) fn check_followers(&self, found: usize) {
        assert_eq!(found, self.pegs(), "the count of pegged orders is off");
        for order in self.followers() {
            let terms = self.terms(order);
            assert!(terms.is_some_and(|terms| terms.peg.is_some()));
        }
    }
}
