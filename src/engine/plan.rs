//! What a taker will do, worked out before anything changes.
//!
//! A plain taker among plain makers needs no plan: `sweep` trades as it walks. Where makers hide something or have a
//! minimum, where self-trades are prevented, or where the taker needs a minimum, the walk is made first without touching
//! the book, step by step, and then carried out. So admission sees exactly what would happen.

use std::collections::VecDeque;

use crate::book::{LevelSlot, OrderSlot, Terms};
use crate::engine::Engine;
use crate::engine::admit::reaches;
use crate::engine::prevention::{is_decrement, who_ends};
use crate::engine::sweep::Taker;
use crate::order::{AccountId, Display, Refresh, SelfTrade, TradeGroup};
use crate::units::Price;

/// Whose order takes, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Party {
    pub account: AccountId,
    pub group: TradeGroup,
    pub self_trade: SelfTrade,
    /// The least it has to trade.
    pub needs: u64,
}

/// One thing that a taker will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Trade so many lots with a level of plain orders.
    Sweep(LevelSlot, u64),
    /// Trade so many lots with an order.
    Trade(OrderSlot, u64),
    /// Not trade so many lots with an own order.
    Prevent(OrderSlot, u64, SelfTrade),
    /// Leave a level where orders wait to show their next peak.
    Leave(LevelSlot),
}

/// The steps of a taker, and what they come to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
    /// A walk ends when its events are more than this.
    pub events_max: u64,
    /// Lots that trade.
    pub traded: u64,
    /// Events that the steps append, and the end of the taker if prevention ends it.
    pub events: u64,
    /// Whether prevention ends the taker.
    pub is_ended: bool,
    /// What the taker wants afterwards.
    pub left: u64,
    /// Orders, and whole levels, that will be gone.
    pub orders_gone: u32,
    pub levels_gone: u32,
    /// Of each list, by its number: the walk that traded with one of its alternatives so that the others are passed by, and which one.
    pub lists: Vec<(u64, u8)>,
    /// The number of the walk.
    pub walk: u64,
    /// The best level that will be left.
    pub best_left: Option<LevelSlot>,
    /// Orders that show another peak at the tail of the level that is walked, and those that wait to.
    requeued: VecDeque<Standing>,
    waiting: VecDeque<Standing>,
}

/// A copy has the room of its original.
impl Clone for Plan {
    fn clone(&self) -> Self {
        Self::new(self.events_max, self.waiting.capacity(), self.lists.len())
    }
}

/// Whether a plan gives a taker what it needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    Enough,
    TooLittle,
    /// It would append more events than one command may.
    TooLong,
}

/// An order as the walk will find it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Standing {
    order: OrderSlot,
    id: u64,
    in_queue: u64,
    reserve: u64,
    terms: Terms,
}

/// An order after the walk met it.
struct Met {
    standing: Standing,
    /// How it shows its next peak, if it is to.
    refresh: Option<Refresh>,
}

/// A walk under way.
struct Walk<'a> {
    taker: Taker,
    party: &'a Party,
    /// Lots set aside in all, if all-or-none orders were set aside.
    set_aside: Option<u64>,
    /// Of these, what was met so far, and the lots that may be set aside at most.
    met: u64,
    most: u64,
}

/// What becomes of an order that the walk meets.
enum Meeting {
    PassedBy,
    Trades(u64),
    Prevented(u64, SelfTrade),
}

impl Walk<'_> {
    /// What the taker wants at a price of orders that were not set aside.
    fn wants(&self, price: Price) -> u64 {
        let aside = self.set_aside.map_or(0, |all| all - self.met);
        self.taker.wants_at(price).saturating_sub(aside)
    }

    fn meet(&self, engine: &Engine, standing: &Standing, price: Price, plan: &Plan) -> Meeting {
        if standing.terms.in_list && engine.is_passed_by(standing.id, plan) {
            return Meeting::PassedBy;
        }
        let open = standing.in_queue + standing.reserve;
        let mode = engine.mode_between(self.party, standing.order, &standing.terms);
        let is_whole = standing.terms.minimum >= open;
        let mut wants = self.wants(price);
        if self.set_aside.is_some() && is_whole {
            let fits = mode == SelfTrade::Allow && self.met + open <= self.most;
            wants = if fits { open } else { 0 };
        }
        if wants == 0 || wants < standing.terms.minimum.min(open) {
            return Meeting::PassedBy;
        }
        match mode {
            SelfTrade::Allow => Meeting::Trades(wants.min(standing.in_queue)),
            mode => {
                let lots = match is_decrement(mode) {
                    true => self.taker.loses(wants),
                    false => wants,
                };
                Meeting::Prevented(lots.min(open), mode)
            }
        }
    }
}

impl Engine {
    /// Plans what a taker does: the natural way, or, if that is less than it needs, with all-or-none orders set
    /// aside.
    pub(super) fn plan_for(&self, taker: &Taker, party: &Party, plan: &mut Plan) -> Look {
        self.walk(taker, party, None, plan);
        let look = plan.look(party);
        if look != Look::TooLittle || !self.book.has_minimums() {
            return look;
        }
        let set_aside = self.lots_set_aside(taker, party, plan);
        self.walk(taker, party, Some(set_aside), plan);
        plan.look(party)
    }

    fn walk(&self, taker: &Taker, party: &Party, set_aside: Option<u64>, plan: &mut Plan) {
        plan.clear();
        // What lists take off others has room with the trades that cause it: nobody rests across what it leaves.
        plan.events = self.losses_of(taker.id);
        let mut walk = Walk {
            taker: *taker,
            party,
            set_aside,
            met: 0,
            most: taker.lots,
        };
        let mut next = self.book.best_slot(taker.side.opposite());
        while let Some(level) = next {
            let price = self.book.level_price(level);
            if walk.taker.wants_at(price) == 0 || plan.is_over() {
                break;
            }
            let gone = plan.orders_gone;
            if self.book.has_shadow(level) || party.self_trade != SelfTrade::Allow {
                self.walk_level(level, price, &mut walk, plan);
            } else {
                self.walk_plain_level(level, price, &mut walk, plan);
            }
            let is_gone = plan.orders_gone - gone == self.book.all_level_orders(level);
            plan.levels_gone += u32::from(is_gone);
            if !is_gone {
                plan.best_left = plan.best_left.or(Some(level));
            }
            if !is_gone && walk.taker.wants_at(price) == 0 {
                break;
            }
            next = self.book.next_slot(level);
        }
        plan.best_left = plan.best_left.or(next);
        plan.left = walk.taker.lots;
    }

    fn walk_plain_level(
        &self,
        level: LevelSlot,
        price: Price,
        walk: &mut Walk<'_>,
        plan: &mut Plan,
    ) {
        let lots = self.book.level_lots(level);
        let takes = walk.wants(price).min(lots);
        if takes == 0 {
            return;
        }
        plan.steps.push(Step::Sweep(level, takes));
        walk.taker.took(price, takes);
        plan.traded += takes;
        if takes == lots {
            plan.events += u64::from(self.book.level_orders(level));
            plan.orders_gone += self.book.level_orders(level);
            return;
        }
        let most = plan.events_max.saturating_sub(plan.events);
        let (trades, is_last_whole) = self.trades_in(level, takes, most);
        plan.events += trades;
        plan.orders_gone += trades as u32 - u32::from(!is_last_whole);
    }

    /// Walks the two queues of a level.
    fn walk_level(&self, level: LevelSlot, price: Price, walk: &mut Walk<'_>, plan: &mut Plan) {
        let mut requeued = std::mem::take(&mut plan.requeued);
        let mut waiting = std::mem::take(&mut plan.waiting);
        requeued.clear();
        waiting.clear();
        let mut next = self.book.first_shown(level);
        while walk.taker.wants_at(price) > 0 && !plan.is_over() {
            let standing = match next {
                Some(order) => {
                    next = self.book.behind(order);
                    self.standing(order)
                }
                // Behind those that stand there, those that show another peak meanwhile.
                None => match requeued.pop_front() {
                    Some(standing) => standing,
                    None => break,
                },
            };
            let met = self.walk_order(standing, price, walk, plan);
            match met.refresh {
                Some(Refresh::Requeue) => requeued.push_back(met.standing),
                Some(Refresh::HiddenLast) => waiting.push_back(met.standing),
                Some(Refresh::Retain) | None => {}
            }
        }
        let left = self.walk_hidden(level, &mut waiting, price, walk, plan);
        if left > 0 {
            plan.events += left;
            plan.steps.push(Step::Leave(level));
        }
        (plan.requeued, plan.waiting) = (requeued, waiting);
    }

    /// Walks the hidden queue of a level, and behind it those that wait to show their next peak: how many of them are left.
    fn walk_hidden(
        &self,
        level: LevelSlot,
        waiting: &mut VecDeque<Standing>,
        price: Price,
        walk: &mut Walk<'_>,
        plan: &mut Plan,
    ) -> u64 {
        let mut next = self.book.first_hidden(level);
        let mut left = 0;
        while walk.taker.wants_at(price) > 0 && !plan.is_over() {
            if let Some(order) = next {
                next = self.book.behind(order);
                self.walk_order(self.standing(order), price, walk, plan);
                continue;
            }
            let Some(standing) = waiting.pop_front() else {
                break;
            };
            let met = self.walk_order(standing, price, walk, plan);
            left += u64::from(met.standing.in_queue > 0);
        }
        left + waiting.len() as u64
    }

    /// Meets an order, and again as long as it shows another peak at its place.
    fn walk_order(
        &self,
        mut standing: Standing,
        price: Price,
        walk: &mut Walk<'_>,
        plan: &mut Plan,
    ) -> Met {
        let mut refresh = None;
        while walk.taker.wants_at(price) > 0 {
            match walk.meet(self, &standing, price, plan) {
                Meeting::PassedBy => {}
                Meeting::Prevented(lots, mode) => {
                    plan_prevention(&mut standing, lots, mode, price, walk, plan);
                }
                Meeting::Trades(lots) => {
                    refresh = plan_trade(&mut standing, lots, price, walk, plan);
                    if standing.terms.in_list {
                        let is_whole = standing.in_queue + standing.reserve == 0;
                        self.pass_by_others(standing.id, is_whole, plan);
                    }
                }
            }
            if refresh != Some(Refresh::Retain) || plan.is_over() {
                break;
            }
            refresh = None;
        }
        Met { standing, refresh }
    }

    fn standing(&self, order: OrderSlot) -> Standing {
        let terms = self.book.terms(order);
        Standing {
            order,
            id: self.book.order_id(order).0,
            in_queue: self.book.order_lots(order),
            reserve: self.book.reserve(order),
            terms: terms.unwrap_or(Terms::plain(self.instrument.self_trade())),
        }
    }

    /// How many lots of all-or-none orders are set aside for a taker that needs them.
    fn lots_set_aside(&self, taker: &Taker, party: &Party, plan: &mut Plan) -> u64 {
        let mut lots = 0;
        plan.walk += 1;
        for level in self.book.level_slots(taker.side.opposite()) {
            if !reaches(taker.side, taker.limit, self.book.level_price(level)) {
                break;
            }
            if !self.book.has_shadow(level) {
                continue;
            }
            for order in self.book.orders_of(level) {
                let Some(terms) = self.book.terms(order) else {
                    continue;
                };
                let open = self.book.open_lots(order);
                let is_own = self.mode_between(party, order, &terms) != SelfTrade::Allow;
                let id = self.book.order_id(order).0;
                let is_passed_by = terms.in_list && self.is_passed_by(id, plan);
                if terms.minimum >= open && !is_own && !is_passed_by && lots + open <= taker.lots {
                    lots += open;
                    if terms.in_list {
                        self.pass_by_others(id, true, plan);
                    }
                }
            }
        }
        lots
    }
}

impl Plan {
    /// Room for the steps of so many events, on a side of so many special orders. Its memory is touched here.
    pub(super) fn new(events_max: u64, specials: usize, lists: usize) -> Self {
        // Orders that try again have two events more, and before the last step there may be one whose events go beyond.
        let mut steps = vec![Step::Leave(LevelSlot::NOWHERE); events_max as usize + 4];
        steps.clear();
        Self {
            steps,
            events_max,
            lists: vec![(0, 0); lists],
            requeued: VecDeque::with_capacity(specials),
            waiting: VecDeque::with_capacity(specials),
            ..Self::default()
        }
    }

    /// Bytes of heap in use.
    pub(super) fn memory_bytes(&self) -> usize {
        let standing = self.requeued.capacity() + self.waiting.capacity();
        self.steps.capacity() * size_of::<Step>()
            + standing * size_of::<Standing>()
            + self.lists.capacity() * size_of::<(u64, u8)>()
    }

    /// Whether the walk need not go on: prevention ended the taker, or its events are too many already.
    fn is_over(&self) -> bool {
        self.is_ended || self.events > self.events_max
    }

    fn look(&self, party: &Party) -> Look {
        if self.events > self.events_max {
            Look::TooLong
        } else if self.traded >= party.needs {
            Look::Enough
        } else {
            Look::TooLittle
        }
    }

    /// Nothing is done.
    pub(super) fn nothing(taker: &Taker, best: Option<LevelSlot>) -> Self {
        Self {
            best_left: best,
            left: taker.lots,
            ..Self::default()
        }
    }

    fn clear(&mut self) {
        self.steps.clear();
        self.walk += 1;
        (self.traded, self.events, self.is_ended) = (0, 0, false);
        (self.orders_gone, self.levels_gone) = (0, 0);
        self.best_left = None;
    }
}

impl Standing {
    /// Shows the next peak, or waits to.
    fn refresh(&mut self, plan: &mut Plan) -> Refresh {
        let Display::Peak { refresh, .. } = self.terms.display else {
            unreachable!("only an iceberg order has a reserve");
        };
        if refresh == Refresh::HiddenLast {
            self.in_queue = std::mem::take(&mut self.reserve);
            return refresh;
        }
        self.in_queue = self.terms.next_peak(self.id, self.reserve);
        self.reserve -= self.in_queue;
        plan.events += 1;
        refresh
    }
}

fn plan_trade(
    standing: &mut Standing,
    lots: u64,
    price: Price,
    walk: &mut Walk<'_>,
    plan: &mut Plan,
) -> Option<Refresh> {
    if walk.set_aside.is_some() && standing.terms.minimum >= standing.in_queue {
        walk.met += lots;
    }
    plan.steps.push(Step::Trade(standing.order, lots));
    walk.taker.took(price, lots);
    plan.traded += lots;
    plan.events += 1;
    standing.in_queue -= lots;
    if standing.in_queue > 0 {
        return None;
    }
    if standing.reserve == 0 {
        plan.orders_gone += 1;
        return None;
    }
    Some(standing.refresh(plan))
}

fn plan_prevention(
    standing: &mut Standing,
    lots: u64,
    mode: SelfTrade,
    price: Price,
    walk: &mut Walk<'_>,
    plan: &mut Plan,
) {
    plan.steps.push(Step::Prevent(standing.order, lots, mode));
    plan.events += 1;
    let open = standing.in_queue + standing.reserve;
    if is_decrement(mode) {
        walk.taker.lost(price, lots);
        let from_reserve = lots.min(standing.reserve);
        standing.reserve -= from_reserve;
        standing.in_queue -= lots - from_reserve;
    }
    let (ends_taker, ends_maker) = who_ends(mode, &walk.taker, open - lots);
    if ends_maker {
        (standing.in_queue, standing.reserve) = (0, 0);
        plan.orders_gone += 1;
        plan.events += 1;
    }
    plan.events += u64::from(ends_taker);
    plan.is_ended = ends_taker;
}
