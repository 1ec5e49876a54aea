//! Who may come to a list, and what happens when the last of its orders has.

use pricetime::{
    AccountId, Action, Event, ListId, ListKind, Order, Pricing, RejectReason, Side, Timestamp,
    TriggerKind, TriggerOnEntry, TriggerStart,
};

use super::{Leg, List};
use crate::model::enter::{accepted, can_rest};
use crate::model::waiting::{Awaits, Door, Waiting};
use crate::model::{Model, Outcome};

/// What an alternative is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Profit,
    Stop,
}

impl Model {
    pub(in crate::model) fn leg(
        &mut self,
        action: &Action,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Outcome {
        let (mut list, order) = self.list_asked(action)?;
        self.check_by_itself(&order, at)?;
        self.check_place_in_list(&list, &order)?;
        self.check_id(order.id)?;
        self.check_account_limits(&order, list.entered.is_empty())?;
        list.entered.push(Leg {
            id: order.id,
            open: order.quantity.lots(),
            has_come: false,
            gone: false,
            is_to_go: false,
            is_to_lose: 0,
            is_to_be_released: false,
        });
        let opens = list.entered.len() == 1;
        list.started = list.entered.len() == usize::from(list.legs);
        let mut starting = Vec::new();
        if list.started {
            starting = self.starting(&list, &order);
            self.check_prices_in_order(&list, &order)?;
            for order in &starting {
                self.check_start(order)?;
            }
        }
        self.check_room_to_wait(&order)?;
        if opens && self.live_lists().len() == self.instrument.capacities().lists as usize {
            return Err(RejectReason::ListsFull);
        }
        events.push(accepted(&order, at));
        self.come_to_wait(Waiting {
            list: Some(list.number),
            ..Waiting::new(&order, Awaits::List)
        });
        self.greatest_id = self.greatest_id.max(Some(order.id));
        let (id, account) = (order.id, list.account);
        events.push(Event::Held { id, list: list.id });
        if list.started {
            let list = list.id;
            events.push(Event::ListStarted { account, list });
        }
        let line = starting.iter().map(|order| (order.id, None));
        self.elected.extend(line);
        self.opened = self.opened.max(list.number);
        self.lists.retain(|other| other.number != list.number);
        self.lists.push(list);
        self.lists.sort_by_key(|list| list.number);
        Ok(())
    }

    /// The list that the order is for, as it is or as it would be opened.
    fn list_asked(&self, action: &Action) -> Result<(List, Order), RejectReason> {
        let Action::Leg {
            list: id,
            kind,
            legs,
            partial_fill,
            order,
        } = *action
        else {
            unreachable!("it is an order of a list");
        };
        if !kind.legs().contains(&legs) {
            return Err(RejectReason::ListMalformed);
        }
        let Some(open) = self.live_list(order.account, id) else {
            let list = List {
                number: self.opened + 1,
                account: order.account,
                id,
                kind,
                legs,
                partial_fill,
                started: false,
                bought: 0,
                entered: Vec::new(),
            };
            return Ok((list, order));
        };
        let is_another = (open.kind, open.legs, open.partial_fill) != (kind, legs, partial_fill);
        // A list of which an order has ended is as good as gone.
        let is_ending = open.entered.iter().any(|leg| !leg.gone && leg.is_to_go);
        if open.started || is_another || is_ending {
            return Err(RejectReason::ListMismatch);
        }
        Ok((open.clone(), order))
    }

    fn live_list(&self, account: AccountId, id: ListId) -> Option<&List> {
        let mut live = self.live_lists();
        live.retain(|list| list.account == account && list.id == id);
        live.first().copied()
    }

    /// Whether the list may have such an order at its next place.
    fn check_place_in_list(&self, list: &List, order: &Order) -> Outcome {
        let place = list.entered.len();
        let is_plain = order.trigger.is_none() && matches!(order.pricing, Pricing::Limit(_));
        let is_allowed = match list.kind {
            ListKind::OneTriggersOther => place > 0 || is_plain,
            ListKind::OnePaysOther if place == 0 => is_plain && order.side == Side::Buy,
            ListKind::OnePaysOther => order.side == Side::Sell,
            ListKind::OneTriggersOneCancelsOther if place == 0 => is_plain,
            ListKind::OneCancelsMany => {
                let first = list.entered.iter().find_map(|leg| self.held_order(leg));
                let same_side = place == 0 || first.is_some_and(|first| first.side == order.side);
                (order.trigger.is_some() || waits_in_the_book(order)) && same_side
            }
            ListKind::OneCancelsOther | ListKind::OneTriggersOneCancelsOther => {
                let place_of_first = usize::from(list.kind.has_working());
                let first = list.entered.get(place_of_first);
                let fits = first.is_none_or(|first| {
                    self.held_order(first)
                        .is_some_and(|first| are_counterparts(&first, order))
                });
                sort(order).is_some() && fits
            }
        };
        if is_allowed {
            Ok(())
        } else {
            Err(RejectReason::ListLegNotAllowed)
        }
    }

    /// An order of a list that has not started, if it has not gone.
    fn held_order(&self, leg: &Leg) -> Option<Order> {
        self.waits(leg.id).map(|waiting| waiting.order)
    }

    /// The orders that start with the list, of which `last` is the last.
    fn starting(&self, list: &List, last: &Order) -> Vec<Order> {
        let (before, _) = list.entered.split_at(list.entered.len() - 1);
        if list.kind.has_working() {
            return self.held_order(&before[0]).into_iter().collect();
        }
        let before = before.iter().filter_map(|leg| self.held_order(leg));
        before.chain([*last]).collect()
    }

    /// Profit on one side of the last trade, stop on the other, as far as that is known.
    fn check_prices_in_order(&self, list: &List, last: &Order) -> Outcome {
        let (first, against_the_last_trade) = match list.kind {
            ListKind::OneCancelsOther => (0, true),
            ListKind::OneTriggersOneCancelsOther => (1, false),
            ListKind::OneCancelsMany | ListKind::OneTriggersOther | ListKind::OnePaysOther => {
                return Ok(());
            }
        };
        let first = self.held_order(&list.entered[first]);
        let first = first.expect("the last order was compared with it");
        let (profit, stop) = match sort(last) {
            Some(Sort::Profit) => (last, &first),
            Some(Sort::Stop) | None => (&first, last),
        };
        let traded = self.last_price.filter(|_| against_the_last_trade);
        let known = [
            known_price(profit),
            traded.map(|p| p.ticks()),
            known_price(stop),
        ];
        let known: Vec<i64> = known.into_iter().flatten().collect();
        let in_order = known.windows(2).all(|pair| match last.side {
            Side::Sell => pair[0] > pair[1],
            Side::Buy => pair[0] < pair[1],
        });
        if in_order {
            Ok(())
        } else {
            Err(RejectReason::ListPricesOutOfOrder)
        }
    }

    /// Whether an order could start, as the book is now.
    fn check_start(&self, order: &Order) -> Outcome {
        if order.trigger.is_none() {
            if self.lacks_reference(order) {
                return Ok(());
            }
            return self.priced(order).map(drop);
        }
        if self.instrument.trigger_on_entry() == TriggerOnEntry::Refused {
            let door = self.clone().door(order)?;
            assert!(matches!(door, Door::Waits(_)), "or it is refused");
        }
        Ok(())
    }
}

/// Whether an order waits for its trade by resting.
fn waits_in_the_book(order: &Order) -> bool {
    let is_priced = match order.pricing {
        Pricing::Limit(_) | Pricing::Pegged { .. } => true,
        Pricing::Market | Pricing::Protected(_) | Pricing::MarketToLimit => false,
    };
    order.trigger.is_none() && is_priced && can_rest(order.time_in_force)
}

fn sort(order: &Order) -> Option<Sort> {
    match order.trigger {
        None => waits_in_the_book(order).then_some(Sort::Profit),
        Some(trigger) => Some(match trigger.kind {
            TriggerKind::TakeProfit => Sort::Profit,
            TriggerKind::Stop => Sort::Stop,
        }),
    }
}

fn are_counterparts(first: &Order, second: &Order) -> bool {
    sort(first) != sort(second) && first.side == second.side && first.quantity == second.quantity
}

/// The price at which an order of a list is to trade, if it names one.
fn known_price(order: &Order) -> Option<i64> {
    match (order.trigger, order.pricing) {
        (Some(trigger), _) => {
            let names_one = trigger.start == TriggerStart::AtPrice;
            names_one.then_some(trigger.price.ticks())
        }
        (None, Pricing::Limit(price)) => Some(price.ticks()),
        (None, _) => None,
    }
}
