//! Special orders as plain data, and back; and their invariants.

use crate::book::image::{Image, ImageSpecial};
use crate::book::slab::NONE;
use crate::book::special::Record;
use crate::book::{Book, LevelSlot, OrderSlot, SPECIAL};
use crate::instrument::Instrument;
use crate::order::{Display, Side};

impl Book {
    /// The queues of a level: the head of each, and how many orders it has.
    pub(in crate::book) fn queues(&self, level: LevelSlot) -> impl Iterator<Item = (u32, u32)> {
        let hidden = self
            .queue_of(level)
            .map(|queue| (queue, self.slab.node(queue).place));
        let shown = (level.0, self.level_orders(level));
        std::iter::once(shown).chain(hidden)
    }

    /// What special orders have besides, by their numbers.
    pub(in crate::book) fn image_specials(&self, numbers: &[u32]) -> Vec<ImageSpecial> {
        let mut specials = Vec::new();
        let followers = self.follower_places();
        for side in Side::BOTH {
            if self.side_specials(side) == 0 {
                continue;
            }
            for level in self
                .level_slots(side)
                .filter(|&level| self.has_shadow(level))
            {
                let orders = self
                    .orders_of(level)
                    .filter(|&order| self.is_special(order));
                specials.extend(orders.map(|order| ImageSpecial {
                    order: numbers[self.position(order.0) as usize],
                    reserve: self.record(order).reserve,
                    follower: followers[self.slab.node(order.0).extra as usize],
                    terms: self.record(order).terms,
                }));
            }
        }
        specials.sort_unstable_by_key(|special| special.order);
        specials
    }

    /// Gives the special orders of an image their records. Orders have the numbers of their slots.
    pub(in crate::book) fn add_specials(
        &mut self,
        instrument: &Instrument,
        image: &Image,
    ) -> Option<()> {
        let numbered = |special: &ImageSpecial| special.order;
        if !image
            .specials
            .is_sorted_by(|one, next| numbered(one) < numbered(next))
        {
            return None;
        }
        for special in &image.specials {
            let slot = self.slab.orders_from().checked_add(special.order)?;
            if special.order as usize >= image.orders.len() || self.specials.is_full() {
                return None;
            }
            let node = *self.slab.node(slot);
            let is_hidden = self.is_hidden_queue(node.level());
            let is_priced = special
                .terms
                .peg
                .is_none_or(|peg| self.in_band(peg.limit) && self.in_band(peg.target));
            if !is_priced || !could_rest(special, node.quantity, is_hidden, instrument) {
                return None;
            }
            let level = self.level_of_queue(node.level());
            self.open_shadow(level)?;
            let shadow = self.shadow_of(level)?;
            self.specials.shadows[shadow].specials += 1;
            let side = self.level_side(LevelSlot(level));
            let record = Record {
                account: node.extra,
                slot,
                reserve: special.reserve,
                terms: special.terms,
            };
            let record = self.specials.take_record(side as usize, record);
            self.see_watched();
            let node = self.slab.node_mut(slot);
            node.extra = record;
            node.place |= SPECIAL;
        }
        self.line_up_followers(image)?;
        // What stands in a hidden queue is special.
        let all_special = |&slot: &OrderSlot| self.is_special(slot);
        let mut levels = Side::BOTH
            .into_iter()
            .flat_map(|side| self.level_slots(side));
        let is_whole = levels.all(|level| {
            let hidden =
                std::iter::successors(self.first_hidden(level), |&order| self.behind(order));
            hidden.into_iter().all(|order| all_special(&order))
        });
        is_whole.then_some(())
    }

    /// Asserts what special orders, their records and shadows are to each other.
    pub(in crate::book) fn check_specials(&self) {
        let mut used = [0, 0];
        let (mut minimums, mut shadows, mut pegs) = (0, 0, 0);
        for side in Side::BOTH {
            for level in self.level_slots(side) {
                let specials = self
                    .orders_of(level)
                    .filter(|&order| self.is_special(order));
                let specials: Vec<OrderSlot> = specials.collect();
                let shadow = self.shadow_of(level.0);
                assert_eq!(
                    shadow.is_some(),
                    !specials.is_empty(),
                    "a shadow of nothing"
                );
                if let Some(shadow) = shadow {
                    let shadow = self.specials.shadows[shadow];
                    assert_eq!(shadow.level, level.0, "a shadow of another level");
                    assert_eq!(
                        shadow.specials,
                        specials.len() as u32,
                        "a shadow's count is off"
                    );
                    shadows += 1;
                }
                used[side as usize] += specials.len() as u32;
                for order in specials {
                    let record = self.record(order);
                    let shown = self.shown_lots(order);
                    let terms = record.terms;
                    minimums += u32::from(terms.minimum > 0);
                    pegs += usize::from(terms.peg.is_some());
                    assert_eq!(record.slot, order.0, "a record of another order");
                    assert!(record.reserve == 0 || shown > 0, "a reserve behind nothing");
                    let shows_nothing = terms.display == Display::Hidden;
                    assert_eq!(shown == 0, shows_nothing, "an order in the wrong queue");
                    assert!(
                        record.reserve == 0 || matches!(terms.display, Display::Peak { .. }),
                        "a reserve of an order that shows all"
                    );
                }
            }
        }
        assert_eq!(
            used, self.specials.used,
            "the count of special orders is off"
        );
        assert_eq!(
            minimums, self.specials.minimums,
            "the count of minima is off"
        );
        self.check_followers(pegs);
        let mut free = 0;
        let mut record = self.specials.free_record;
        while record != NONE {
            free += 1;
            record = self.specials.records[record as usize].reserve as u32;
        }
        let records = self.specials.records.len() as u32;
        assert_eq!(free + used[0] + used[1], records, "a record was lost");
        let mut shadow = self.specials.free_shadow;
        while shadow != NONE {
            shadows += 1;
            shadow = self.specials.shadows[shadow as usize].level;
        }
        assert_eq!(shadows, records, "a shadow was lost");
    }
}

/// Whether an order with these terms could rest so.
fn could_rest(special: &ImageSpecial, lots: u64, is_hidden: bool, instrument: &Instrument) -> bool {
    let terms = &special.terms;
    let open = lots.checked_add(special.reserve);
    let fits = open.is_some_and(|open| open <= instrument.quantity_max().lots());
    let shows = match terms.display {
        Display::Whole => !is_hidden && special.reserve == 0,
        Display::Hidden => is_hidden && special.reserve == 0,
        Display::Peak {
            quantity,
            spread_bps,
            ..
        } => {
            let peak = quantity.lots();
            let peaks = open.map_or(u64::MAX, |open| open.div_ceil(peak.max(1)));
            !is_hidden
                && peak > 0
                && peak <= instrument.quantity_max().lots()
                && peaks <= u64::from(instrument.peaks_max())
                && spread_bps < 10_000
                && terms.minimum == 0
        }
    };
    // One that is hidden now may have had peaks before it was amended.
    let hides = terms.display != Display::Whole;
    fits && shows
        && (hides || terms.refreshes == 0)
        && terms.minimum <= instrument.quantity_max().lots()
        && terms.is_special(instrument.self_trade())
        && instrument.allows_self_trade(terms.self_trade)
}
