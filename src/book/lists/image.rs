//! Lists as plain data, and back.

use crate::book::image::Image;
use crate::book::lists::{Leg, Life, OrderList};
use crate::book::{Book, OrderSlot, Stage};
use crate::order::Side;

/// A list as plain data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ImageList {
    pub list: OrderList,
    /// How many lists stand before it among those with something due, if it stands there.
    pub due: u32,
}

impl Book {
    /// The lists by their names, which depend on nothing that is gone.
    pub(in crate::book) fn image_lists(&self) -> Vec<ImageList> {
        let mut places = vec![0; self.lists.lists.len()];
        let due = self.lists.due.iter();
        let due = due.filter(|&&number| self.list(number).is_due());
        for (&number, place) in due.zip(0..) {
            places[number as usize] = place;
        }
        let numbered = self.lists.lists.iter().enumerate();
        let mut lists: Vec<ImageList> = numbered
            .filter_map(|(number, list)| {
                list.map(|list| ImageList {
                    list: OrderList {
                        in_line: false,
                        ..list
                    },
                    due: places[number],
                })
            })
            .collect();
        lists.sort_unstable_by_key(|image| (image.list.account, image.list.id));
        lists
    }

    /// Adds the lists of an image, whose orders are there and can be found.
    pub(in crate::book) fn add_lists(&mut self, image: &Image) -> Option<()> {
        let name = |image: &ImageList| (image.list.account, image.list.id);
        if !image.lists.is_sorted_by(|one, next| name(one) < name(next)) {
            return None;
        }
        let mut due = Vec::new();
        for &ImageList { list, due: before } in &image.lists {
            debug_assert!(!list.in_line, "where it stands is told apart");
            if !self.has_room_for_list() || !list.could_live() {
                return None;
            }
            let number = self.open_list(&list);
            for leg in list.live() {
                self.could_be_leg(&list, &list.legs[leg])?;
                self.index_leg(number, leg, list.legs[leg].id);
            }
            match list.is_due() {
                true => {
                    self.list_mut(number).in_line = true;
                    due.push((before, number));
                }
                false if before == 0 => {}
                false => return None,
            }
        }
        due.sort_unstable();
        if !due.iter().zip(0..).all(|(&(before, _), at)| before == at) {
            return None;
        }
        self.lists.due.extend(due.iter().map(|&(_, number)| number));
        self.legs_are_listed().then_some(())
    }

    /// Whether a live order of a list is there as it says.
    fn could_be_leg(&self, list: &OrderList, leg: &Leg) -> Option<()> {
        let slot = self.find(leg.id)?.slot;
        let is_held = self.is_waiting(slot) && self.stage(slot) == Stage::Held;
        let is_in_list = match self.is_waiting(slot) {
            true => true,
            false => self.terms(slot).is_some_and(|terms| terms.in_list),
        };
        let is_so = self.leg_of(leg.id).is_none()
            && self.order_account(slot) == list.account
            && self.open_lots(slot) == leg.open
            && is_held == (leg.life == Life::Held)
            && is_in_list;
        is_so.then_some(())
    }

    /// The orders that rest and say that they are of a list.
    fn resting_legs(&self) -> impl Iterator<Item = OrderSlot> + '_ {
        let sides = Side::BOTH.into_iter();
        let levels = sides.flat_map(|side| self.level_slots(side));
        let levels = levels.filter(|&level| self.has_shadow(level));
        let orders = levels.flat_map(|level| self.orders_of(level));
        orders.filter(|&order| self.terms(order).is_some_and(|terms| terms.in_list))
    }

    /// Whether every order that says it is one of a list is.
    fn legs_are_listed(&self) -> bool {
        let resting = self.resting_legs();
        let waiting = self
            .waiting_by_age()
            .filter(|&order| matches!(self.stage(order), Stage::Held | Stage::Released));
        let mut all = resting.chain(waiting);
        all.all(|order| self.leg_of(self.order_id(order)).is_some())
    }
}

/// Whether an order of a list that starts with all of its orders is not held any more, or not for long.
fn is_on_its_way(leg: &Leg) -> bool {
    leg.life == Life::Free || leg.cancel
}

/// Whether an order may be so before its list starts.
fn could_be_held(leg: &Leg, is_ending: bool) -> bool {
    match leg.life {
        Life::Held => !leg.release && leg.loss == 0 && leg.cancel == is_ending,
        Life::Gone => is_ending,
        Life::Awaited | Life::Free => false,
    }
}

impl OrderList {
    /// Whether an order of it has ended before it started.
    fn is_ending(&self) -> bool {
        self.legs.iter().any(|leg| leg.life == Life::Gone)
    }

    /// Whether such a list could be.
    fn could_live(&self) -> bool {
        let entered = usize::from(self.entered);
        let (come, awaited) = self.legs.split_at_checked(entered).unwrap_or((&[], &[]));
        let is_quiet = |leg: &Leg| !leg.is_due() && leg.open == 0;
        let fits = |leg: &Leg| match leg.life {
            Life::Awaited => false,
            Life::Gone => is_quiet(leg),
            Life::Held => leg.open > 0,
            Life::Free => leg.open > 0 && !leg.release,
        };
        self.kind.legs().contains(&self.legs_count)
            && (1..=usize::from(self.legs_count)).contains(&entered)
            && come.iter().all(fits)
            && awaited.iter().all(|leg| *leg == Leg::default())
            && self.live().next().is_some()
            && match self.has_started() {
                true => {
                    self.kind.has_working() || self.live().all(|leg| is_on_its_way(&self.legs[leg]))
                }
                false => come.iter().all(|leg| could_be_held(leg, self.is_ending())),
            }
    }
}
