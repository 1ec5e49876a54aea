//! Orders that depend on each other: who may come to a list, and what the end or the trade of one is to the others.

mod admit;
mod hear;
mod settle;

use pricetime::{AccountId, ListId, ListKind, OrderId, PartialFill};

use super::Model;
use super::held::Held;

/// A list of which an order lives.
#[derive(Clone, Debug)]
pub struct List {
    /// Names it for good: its account may use the other name again.
    pub number: u64,
    pub account: AccountId,
    pub id: ListId,
    pub kind: ListKind,
    pub legs: u8,
    pub partial_fill: PartialFill,
    pub started: bool,
    /// How many lots the working order has traded.
    bought: u64,
    /// In the order in which they were entered.
    pub entered: Vec<Leg>,
}

/// An order of a list as the events tell of it, and what it is due for.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    pub id: OrderId,
    open: u64,
    /// Whether the event that says so was heard: those before it are about another order of this id.
    has_come: bool,
    gone: bool,
    is_to_go: bool,
    is_to_lose: u64,
    is_to_be_released: bool,
}

impl List {
    /// Whether the order entered at this place, from 0, is one of those that exclude each other.
    pub fn is_alternative(&self, place: usize) -> bool {
        match self.kind {
            ListKind::OneCancelsOther | ListKind::OneCancelsMany => true,
            ListKind::OneTriggersOther | ListKind::OnePaysOther => false,
            ListKind::OneTriggersOneCancelsOther => place > 0,
        }
    }

    /// Whether the order entered at this place, from 0, is the one that the others are held for.
    pub fn is_working(&self, place: usize) -> bool {
        self.kind.has_working() && place == 0
    }

    /// The place of an order that is not gone, as far as the events were heard.
    fn place_of(&self, id: OrderId) -> Option<usize> {
        let mut legs = self.entered.iter();
        legs.position(|leg| leg.id == id && leg.has_come && !leg.gone)
    }
}

impl Model {
    fn list(&self, number: u64) -> Option<&List> {
        self.lists.iter().find(|list| list.number == number)
    }

    /// The numbers of the lists that live: some order of theirs does.
    pub(super) fn live_lists(&self) -> Vec<&List> {
        let mut live = self.lists.iter().collect::<Vec<_>>();
        live.retain(|list| {
            let number = Some(list.number);
            self.resting.iter().any(|order| order.list == number)
                || self.waiting.iter().any(|waiting| waiting.list == number)
        });
        live
    }

    /// The number of the list that a live order belongs to.
    pub fn list_of(&self, id: OrderId) -> Option<u64> {
        let resting = self.selected(|order| order.id == id);
        let waiting = self.waits(id).and_then(|waiting| waiting.list);
        resting.first().and_then(|order| order.list).or(waiting)
    }

    /// Whether a resting order is to be cancelled or to lose something: nobody may trade with it.
    pub(super) fn is_due(&self, order: &Held) -> bool {
        let list = order.list.and_then(|number| self.list(number));
        let leg = list.and_then(|list| list.place_of(order.id).map(|place| list.entered[place]));
        leg.is_some_and(|leg| leg.is_to_go || leg.is_to_lose > 0)
    }

    /// Whether a list keeps this order from trading, now that the last command is done.
    pub fn is_due_by_its_list(&self, id: OrderId) -> bool {
        let found = self.selected(|order| order.id == id);
        found.first().is_some_and(|order| self.is_due(order))
    }

    /// The list of an order that is one of its alternatives.
    pub(super) fn alternatives_of(&self, order: &Held) -> Option<u64> {
        let list = self.list(order.list?)?;
        let place = list.place_of(order.id)?;
        list.is_alternative(place).then_some(list.number)
    }

    /// How many others lose lots if this order trades in part.
    pub(super) fn losses_of(&self, id: OrderId) -> usize {
        // It may be on its way, and then neither rests nor waits.
        let lists = self.lists.iter();
        let mut found = lists.filter_map(|list| Some((list, list.place_of(id)?)));
        let Some((list, place)) = found.next() else {
            return 0;
        };
        if !list.is_alternative(place) || list.partial_fill != PartialFill::Reduces {
            return 0;
        }
        let places = (0..list.entered.len()).filter(|other| list.is_alternative(*other));
        let live = places.filter(|other| !list.entered[*other].gone && *other != place);
        live.count()
    }

    /// The list whose other alternatives a taker leaves alone once it has traded with this one.
    pub(super) fn chosen_by(&self, maker: &Held, left: u64) -> Option<u64> {
        let number = self.alternatives_of(maker)?;
        let ends_others = match self.list(number)?.partial_fill {
            PartialFill::Cancels | PartialFill::Reduces => true,
            PartialFill::Waits => left == 0,
        };
        ends_others.then_some(number)
    }
}
