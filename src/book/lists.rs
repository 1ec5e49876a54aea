//! Orders that depend on each other: what is known of each list, and what is due.
//!
//! ```text
//!   (account, list id) -> list         order id -> list and leg
//!   due: the lists with something to be done, in the sequence in which it first became due
//! ```
//!
//! The rules are in `engine/lists.rs`; here is what they are told from. A list lives until all its orders are gone.

mod image;

use std::collections::VecDeque;

use crate::book::names::Names;
use crate::book::{Book, copy_with_room};
use crate::order::{AccountId, ListId, ListKind, OrderId, PartialFill};
use crate::units::Quantity;
pub(crate) use image::ImageList;

/// The most orders that a list can have.
pub(crate) const LEGS: usize = 8;

/// Where an order of a list is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(u8)]
pub(crate) enum Life {
    /// It has not come yet.
    #[default]
    Awaited = 0,
    /// It is held until the list starts, or until the working order has traded.
    Held = 1,
    /// It may run, or has run: it rests, waits for its trigger, or stands in the line.
    Free = 2,
    Gone = 3,
}

/// An order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Leg {
    pub id: OrderId,
    pub life: Life,
    pub open: u64,
    /// Lots that it traded.
    pub traded: u64,
    /// What is due: that it is cancelled, that it loses so many lots, that it is released.
    pub cancel: bool,
    pub loss: u64,
    pub release: bool,
}

/// Orders that depend on each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OrderList {
    pub account: AccountId,
    pub id: ListId,
    pub kind: ListKind,
    pub legs_count: u8,
    pub partial_fill: PartialFill,
    /// How many of its orders have come.
    pub entered: u8,
    /// Whether it stands among those with something due.
    pub in_line: bool,
    pub legs: [Leg; LEGS],
}

impl OrderList {
    /// A list that has no order yet.
    pub(crate) fn new(
        account: AccountId,
        id: ListId,
        kind: ListKind,
        legs_count: u8,
        partial_fill: PartialFill,
    ) -> Self {
        Self {
            account,
            id,
            kind,
            legs_count,
            partial_fill,
            entered: 0,
            in_line: false,
            legs: [Leg::default(); LEGS],
        }
    }

    /// Whether all its orders have come.
    pub(crate) fn has_started(&self) -> bool {
        self.entered == self.legs_count
    }

    /// Its first alternative; those behind it are alternatives too.
    pub(crate) fn first_alternative(&self) -> Option<usize> {
        match self.kind {
            ListKind::OneCancelsOther | ListKind::OneCancelsMany => Some(0),
            ListKind::OneTriggersOneCancelsOther => Some(1),
            ListKind::OneTriggersOther | ListKind::OnePaysOther => None,
        }
    }

    pub(crate) fn is_alternative(&self, leg: usize) -> bool {
        self.first_alternative().is_some_and(|first| leg >= first)
    }

    /// The numbers of its orders that are live.
    pub(crate) fn live(&self) -> impl Iterator<Item = usize> + use<> {
        let legs = self.legs;
        (0..LEGS).filter(move |&leg| matches!(legs[leg].life, Life::Held | Life::Free))
    }

    /// Whether an order is due to lose lots that may stand in the book.
    pub(crate) fn loses(&self) -> bool {
        self.legs.iter().any(|leg| leg.loss > 0 && !leg.release)
    }

    /// Whether anything is due.
    pub(crate) fn is_due(&self) -> bool {
        self.legs.iter().any(Leg::is_due)
    }
}

impl Leg {
    pub(crate) fn is_due(&self) -> bool {
        self.cancel | (self.loss > 0) | self.release
    }

    /// Nothing is due for an order that is gone.
    pub(crate) fn leave(&mut self) {
        (self.life, self.open) = (Life::Gone, 0);
        (self.cancel, self.loss, self.release) = (false, 0, false);
    }
}

/// All lists.
#[derive(Debug)]
pub(super) struct Lists {
    lists: Vec<Option<OrderList>>,
    free: Vec<u32>,
    by_name: Names,
    by_order: Names,
    due: VecDeque<u32>,
    /// Whether any of these may be due to lose; no part of the state.
    may_lose: bool,
}

/// A copy has the room of its original.
impl Clone for Lists {
    fn clone(&self) -> Self {
        let mut due = VecDeque::with_capacity(self.lists.len());
        due.extend(&self.due);
        Self {
            lists: self.lists.clone(),
            free: copy_with_room(&self.free),
            by_name: self.by_name.clone(),
            by_order: self.by_order.clone(),
            due,
            may_lose: self.may_lose,
        }
    }
}

/// The indexes follow from the lists.
impl PartialEq for Lists {
    fn eq(&self, other: &Self) -> bool {
        self.lists == other.lists && self.free == other.free && self.due == other.due
    }
}

impl Eq for Lists {}

impl Lists {
    pub(super) fn new(room: u32, key: u64) -> Self {
        Self {
            lists: vec![None; room as usize],
            free: (0..room).rev().collect(),
            by_name: Names::new(room, key),
            by_order: Names::new(room * LEGS as u32, key),
            due: VecDeque::with_capacity(room as usize),
            may_lose: true,
        }
    }

    /// How many lists live.
    #[inline(always)]
    pub(super) fn count(&self) -> usize {
        self.lists.len() - self.free.len()
    }

    /// Bytes of heap in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.lists.capacity() * size_of::<Option<OrderList>>()
            + (self.free.capacity() + self.due.capacity()) * size_of::<u32>()
            + self.by_name.memory_bytes()
            + self.by_order.memory_bytes()
    }
}

impl Book {
    /// How many order lists live. O(1).
    pub fn lists(&self) -> usize {
        self.lists.count()
    }

    pub(crate) fn has_room_for_list(&self) -> bool {
        !self.lists.free.is_empty()
    }

    /// The number of an account's list.
    pub(crate) fn find_list(&self, account: AccountId, id: ListId) -> Option<u32> {
        self.lists.by_name.find((account.0, id.0))
    }

    pub(crate) fn list(&self, number: u32) -> &OrderList {
        let list = self.lists.lists[number as usize].as_ref();
        list.expect("a number of a live list")
    }

    pub(crate) fn list_mut(&mut self, number: u32) -> &mut OrderList {
        let list = self.lists.lists[number as usize].as_mut();
        list.expect("a number of a live list")
    }

    /// The lists of an account.
    pub(crate) fn lists_of(&self, account: AccountId) -> usize {
        let live = self.lists.lists.iter().flatten();
        live.filter(|list| list.account == account).count()
    }

    /// The list of a live order, and which of its orders that is.
    #[inline]
    pub(crate) fn leg_of(&self, id: OrderId) -> Option<(u32, usize)> {
        if self.lists.count() == 0 {
            return None;
        }
        let number = self.lists.by_order.find((0, id.0))?;
        Some((number / LEGS as u32, number as usize % LEGS))
    }

    /// Opens a list. The caller saw that there is room.
    pub(crate) fn open_list(&mut self, list: &OrderList) -> u32 {
        let number = self.lists.free.pop().expect("admission saw room");
        self.lists.lists[number as usize] = Some(*list);
        self.lists.by_name.put((list.account.0, list.id.0), number);
        self.see_watched();
        number
    }

    /// Adds the next order of a list, held.
    pub(crate) fn add_leg(&mut self, number: u32, id: OrderId, open: Quantity) {
        let list = self.list_mut(number);
        let leg = usize::from(list.entered);
        list.legs[leg] = Leg {
            id,
            life: Life::Held,
            open: open.lots(),
            ..Leg::default()
        };
        list.entered += 1;
        self.index_leg(number, leg, id);
    }

    pub(super) fn index_leg(&mut self, number: u32, leg: usize, id: OrderId) {
        let at = number * LEGS as u32 + leg as u32;
        self.lists.by_order.put((0, id.0), at);
    }

    /// An order of a list is gone; with its last one the list is.
    pub(crate) fn leg_gone(&mut self, number: u32, leg: usize) {
        let list = self.list_mut(number);
        let id = list.legs[leg].id;
        list.legs[leg].leave();
        let is_over = list.live().next().is_none();
        let was_in_line = list.in_line;
        let name = (list.account.0, list.id.0);
        self.lists.by_order.remove((0, id.0));
        if is_over {
            self.lists.by_name.remove(name);
            self.lists.lists[number as usize] = None;
            self.lists.free.push(number);
            if was_in_line {
                self.lists.due.retain(|&due| due != number);
            }
            self.see_watched();
        }
    }

    /// Puts a list that has something due behind the others, unless it stands there.
    pub(crate) fn note_due(&mut self, number: u32) {
        let list = self.list_mut(number);
        if !list.is_due() {
            return;
        }
        let loses = list.loses();
        if !std::mem::replace(&mut list.in_line, true) {
            self.lists.due.push_back(number);
        }
        self.lists.may_lose |= loses;
    }

    /// The first list with something due: before others those with orders that are due to lose.
    pub(crate) fn first_due(&mut self) -> Option<u32> {
        if self.lists.may_lose {
            let mut due = self.lists.due.iter().copied();
            let loses = due.find(|&number| self.list(number).loses());
            if loses.is_some() {
                return loses;
            }
            self.lists.may_lose = false;
        }
        self.lists.due.front().copied()
    }

    /// Whether anything is due for any list.
    pub(crate) fn has_due(&self) -> bool {
        !self.lists.due.is_empty()
    }

    /// Nothing is due any more for a list.
    pub(crate) fn due_done(&mut self, number: u32) {
        self.list_mut(number).in_line = false;
        match self.lists.due.front() {
            Some(&first) if first == number => drop(self.lists.due.pop_front()),
            Some(_) | None => self.lists.due.retain(|&due| due != number),
        }
    }

    /// Whether anything is due for an order.
    pub(crate) fn is_leg_due(&self, id: OrderId) -> bool {
        self.leg_of(id)
            .is_some_and(|(number, leg)| self.list(number).legs[leg].is_due())
    }

    /// Asserts what lists are to their indexes and orders.
    pub(super) fn check_lists(&self) {
        let mut orders = 0;
        for (number, list) in self.lists.lists.iter().enumerate() {
            let Some(list) = list else { continue };
            let found = self.find_list(list.account, list.id);
            assert_eq!(found, Some(number as u32), "a list not found by its name");
            assert!(list.live().next().is_some(), "a list without orders");
            for leg in list.live() {
                let id = list.legs[leg].id;
                assert_eq!(self.leg_of(id), Some((number as u32, leg)));
                let open = self.find(id).map(|found| self.open_lots(found.slot));
                assert_eq!(open, Some(list.legs[leg].open), "a leg that is not so open");
                orders += 1;
            }
            let stands = self.lists.due.contains(&(number as u32));
            assert_eq!(stands, list.in_line, "a list that is not where it says");
            assert!(
                stands || !list.is_due(),
                "a list that is due and not in line"
            );
        }
        assert!(orders <= self.lists.count() * LEGS);
    }
}
