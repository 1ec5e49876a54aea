//! Whom an order trades with: a walk through a copy of the book, one order met after the other.

use pricetime::{
    AccountId, CancelCause, Display, Event, OrderId, Price, Priority, Quantity, Refresh, SelfTrade,
    Side, TradeGroup, TradeId,
};

use super::Model;
use super::filters::Near;
use super::held::Held;

/// An order as it comes in; `None` is no bound.
#[derive(Clone, Debug)]
pub struct Taker {
    pub id: OrderId,
    pub side: Side,
    pub account: AccountId,
    pub group: TradeGroup,
    pub mode: SelfTrade,
    pub limit: Option<Price>,
    /// How much it still wants.
    pub quantity: Option<u64>,
    /// What it may still pay or receive.
    pub budget: Option<i128>,
    /// The least that it trades, or it trades nothing.
    pub needs: u64,
}

/// The book after a taker's walk, and what the walk had to say.
pub struct Walk {
    pub book: Model,
    pub taker: Taker,
    pub events: Vec<Event>,
    pub traded: u64,
    /// Whether prevention ended the taker, which has its event.
    pub ended: bool,
    /// Which alternative of which list it traded with, so that the others are left alone.
    chosen: Vec<(u64, OrderId)>,
    /// Where it may trade: that does not change while it trades.
    pub near: Near,
    /// Events that lists will say because of it.
    losses: usize,
    /// Only on the second way.
    aside: Option<Aside>,
    stopped: bool,
}

/// What a taker has set aside for all-or-none orders, and how much it has for the others.
struct Aside {
    orders: Vec<OrderId>,
    spare: u64,
}

impl Model {
    /// What the taker would do, if it gets what it needs, or if that says too much. Nothing changes.
    pub(super) fn attempt(&self, taker: &Taker) -> Option<Walk> {
        self.attempt_in(taker, self.instrument.capacities().events as usize - 3)
    }

    /// The same where so many events may be said.
    pub(super) fn attempt_in(&self, taker: &Taker, most: usize) -> Option<Walk> {
        let settles = |walk: &Walk| walk.traded >= taker.needs || walk.says() > most;
        let first = self.walk(taker, None);
        if settles(&first) {
            return Some(first);
        }
        let second = self.walk(taker, Some(self.set_aside(taker)));
        settles(&second).then_some(second)
    }

    /// Whether a walk has more events than one command may append. Three are kept for what comes before and after.
    pub(super) fn says_too_much(&self, walk: &Walk) -> bool {
        walk.says() > self.instrument.capacities().events as usize - 3
    }

    fn walk(&self, taker: &Taker, aside: Option<Aside>) -> Walk {
        let makers = self.prices(taker.side.opposite());
        let crosses = makers.first().is_some_and(|best| taker.reaches(*best));
        let mut walk = Walk {
            book: self.clone(),
            taker: taker.clone(),
            events: Vec::new(),
            traded: 0,
            ended: false,
            chosen: Vec::new(),
            losses: if crosses { self.losses_of(taker.id) } else { 0 },
            near: self.near_to_trade(taker.side),
            aside,
            stopped: false,
        };
        let makers = taker.side.opposite();
        for price in self.prices(makers) {
            walk.stopped |= !walk.near.has(price);
            if taker.reaches(price) && !walk.stopped {
                walk.level(price);
                walk.book.show_hidden_last(makers, price, &mut walk.events);
            }
        }
        walk
    }

    /// All-or-none orders that fit into what the taker wants, one after the other.
    fn set_aside(&self, taker: &Taker) -> Aside {
        let mut aside = Aside {
            orders: Vec::new(),
            spare: taker.quantity.expect("who needs a minimum has a quantity"),
        };
        let near = self.near_to_trade(taker.side);
        for order in self.orders_of(taker.side.opposite()) {
            if !near.has(order.price) {
                break;
            }
            let fits = order.is_all_or_none() && order.open <= aside.spare;
            let is_taken = self.alternatives_of(&order).is_some_and(|list| {
                let others = self.selected(|other| aside.orders.contains(&other.id));
                others.iter().any(|other| other.list == Some(list))
            });
            let is_free = !self.is_due(&order) && !is_taken;
            if taker.reaches(order.price) && fits && is_free && taker.prevents(&order).is_none() {
                aside.spare -= order.open;
                aside.orders.push(order.id);
            }
        }
        aside
    }

    /// The taker is done with a price: orders that were waiting for that show their next peak.
    fn show_hidden_last(&mut self, side: Side, price: Price, events: &mut Vec<Event>) {
        for order in self.queue(side, price) {
            if order.shown == 0 && order.display != Display::Hidden {
                self.refresh(order, Priority::Lost, events);
            }
        }
    }

    fn refresh(&mut self, mut order: Held, priority: Priority, events: &mut Vec<Event>) {
        order.show_next_peak();
        if priority == Priority::Lost {
            order.turn = self.next_turn();
        }
        self.put_back(order);
        events.push(Event::Refreshed {
            id: order.id,
            displayed: Quantity::new(order.shown),
            hidden: Quantity::new(order.hidden()),
            priority,
        });
    }
}

impl Walk {
    /// Whether the taker set something aside before it went.
    pub fn is_second(&self) -> bool {
        self.aside.is_some()
    }

    /// Meets the orders at a price until the taker is done with it.
    fn level(&mut self, price: Price) {
        let mut passed_by = Vec::new();
        loop {
            let queue = self.book.queue(self.taker.side.opposite(), price);
            // Who can pay for no more of what is here does not look for it at a worse price.
            self.stopped |= !queue.is_empty() && self.taker.wants_at(price) == 0;
            let next = queue.iter().find(|order| !passed_by.contains(&order.id));
            let Some(maker) = next.filter(|_| !self.stopped) else {
                return;
            };
            let wants = self.wants_of(maker);
            if wants == 0 || wants < maker.needs() {
                passed_by.push(maker.id);
                continue;
            }
            if let Some(note) = self.leaves_alone(maker) {
                self.book.notes.push(note);
                passed_by.push(maker.id);
                continue;
            }
            match self.taker.prevents(maker) {
                Some(mode) => {
                    let lots = self.not_traded(mode, wants).min(maker.open);
                    self.prevent(*maker, mode, lots);
                }
                None => self.trade(*maker, wants),
            }
        }
    }

    /// How many events there are because of it.
    pub fn says(&self) -> usize {
        self.events.len() + self.losses
    }

    /// Why the list of an order keeps it from trading, if it does.
    fn leaves_alone(&self, maker: &Held) -> Option<&'static str> {
        let others = |(list, id): &(u64, OrderId)| maker.list == Some(*list) && maker.id != *id;
        if self.book.is_due(maker) {
            return Some("order due to go passed by");
        }
        let is_chosen = self.chosen.iter().any(others);
        is_chosen.then_some("alternative passed by")
    }

    fn wants_of(&self, maker: &Held) -> u64 {
        match &self.aside {
            None => self.taker.wants_at(maker.price),
            Some(aside) if aside.orders.contains(&maker.id) => maker.open,
            Some(_) if maker.is_all_or_none() => 0,
            Some(aside) => aside.spare,
        }
    }

    /// What both lose is free of charge where the taker counts lots, so then its money does not bound it.
    fn not_traded(&self, mode: SelfTrade, wants: u64) -> u64 {
        match (mode, &self.taker) {
            (
                SelfTrade::Decrement | SelfTrade::Transfer,
                Taker {
                    quantity: Some(quantity),
                    budget: Some(_),
                    ..
                },
            ) => *quantity,
            _ => wants,
        }
    }

    fn trade(&mut self, maker: Held, wants: u64) {
        let mut after = maker;
        let lots;
        if maker.shown > 0 {
            lots = wants.min(maker.shown);
            after.shown -= lots;
        } else {
            lots = wants.min(maker.open);
        }
        after.open -= lots;
        self.spend(&maker, lots);
        self.traded += lots;
        if let Some(list) = self.book.chosen_by(&maker, after.open) {
            if after.open > 0 && !self.chosen.contains(&(list, maker.id)) {
                self.losses += self.book.losses_of(maker.id);
            }
            self.chosen.push((list, maker.id));
        }
        self.book.last_trade = TradeId(self.book.last_trade.0 + 1);
        self.book.last_price = Some(maker.price);
        self.events.push(Event::Traded {
            trade: self.book.last_trade,
            taker: self.taker.id,
            maker: maker.id,
            taker_side: self.taker.side,
            price: maker.price,
            quantity: Quantity::new(lots),
            taker_remaining: self.taker.left(),
            maker_remaining: Quantity::new(after.open),
        });
        if maker.shown > 0 && after.shown == 0 && after.open > 0 {
            self.use_up(after);
        } else {
            self.book.put_back(after);
        }
    }

    /// What an order showed is gone, and there is more of it.
    fn use_up(&mut self, mut order: Held) {
        let refresh = match order.display {
            Display::Peak { refresh, .. } => refresh,
            Display::Whole | Display::Hidden => unreachable!("it shows all of it or nothing"),
        };
        match refresh {
            Refresh::Requeue => self.book.refresh(order, Priority::Lost, &mut self.events),
            Refresh::Retain => self.book.refresh(order, Priority::Kept, &mut self.events),
            Refresh::HiddenLast => {
                order.turn = self.book.next_turn();
                self.book.put_back(order);
            }
        }
    }

    /// What happens instead of a self-trade of `lots` with `maker`.
    fn prevent(&mut self, maker: Held, mode: SelfTrade, lots: u64) {
        let mut after = maker;
        let both_lose = matches!(mode, SelfTrade::Decrement | SelfTrade::Transfer);
        if both_lose {
            after.lose(lots);
            let budget = self.taker.budget;
            self.spend(&maker, lots);
            if self.taker.quantity.is_some() {
                self.taker.budget = budget;
            }
        }
        self.events.push(Event::Prevented {
            taker: self.taker.id,
            maker: maker.id,
            taker_side: self.taker.side,
            mode,
            price: maker.price,
            quantity: Quantity::new(lots),
            taker_remaining: self.taker.left(),
            maker_remaining: Quantity::new(after.open),
        });
        self.book.put_back(after);
        match mode {
            SelfTrade::Allow => unreachable!("then they trade"),
            SelfTrade::ExpireTaker => self.end(),
            SelfTrade::ExpireMaker => self.cancel_maker(&after),
            SelfTrade::ExpireBoth => {
                self.cancel_maker(&after);
                self.end();
            }
            SelfTrade::Decrement | SelfTrade::Transfer => {
                if after.open == 0 {
                    self.cancel_maker(&after);
                }
                if self.taker.has_nothing_left() {
                    self.end();
                }
            }
        }
    }

    fn cancel_maker(&mut self, maker: &Held) {
        self.events.push(Event::Cancelled {
            id: maker.id,
            cause: CancelCause::SelfTrade,
            quantity: Quantity::new(maker.open),
        });
        self.book.resting.retain(|order| order.id != maker.id);
    }

    fn end(&mut self) {
        (self.ended, self.stopped) = (true, true);
        self.events.push(Event::Cancelled {
            id: self.taker.id,
            cause: CancelCause::SelfTrade,
            quantity: self.taker.left(),
        });
    }

    /// Takes what is traded, or as good as traded, off what the taker wants.
    fn spend(&mut self, maker: &Held, lots: u64) {
        let money = i128::from(maker.price.ticks()) * i128::from(lots);
        // A budget at the top of its type buys the whole book, so it may as well stay there.
        let less = |budget: i128| budget.saturating_sub(money);
        self.taker.quantity = self.taker.quantity.map(|quantity| quantity - lots);
        self.taker.budget = self.taker.budget.map(less);
        if let Some(aside) = &mut self.aside
            && !aside.orders.contains(&maker.id)
        {
            aside.spare -= lots;
        }
    }
}

impl Taker {
    /// A taker of an order's terms that needs this much.
    pub fn of(order: &Held, limit: Option<Price>, needs: u64) -> Self {
        Self {
            id: order.id,
            side: order.side,
            account: order.account,
            group: order.group,
            mode: order.mode,
            limit,
            quantity: Some(order.open),
            budget: None,
            needs,
        }
    }

    /// What its events say is left of it.
    pub fn left(&self) -> Quantity {
        Quantity::new(self.quantity.unwrap_or(0))
    }

    fn has_nothing_left(&self) -> bool {
        self.quantity
            .map_or(self.budget == Some(0), |left| left == 0)
    }

    fn reaches(&self, price: Price) -> bool {
        self.limit
            .is_none_or(|limit| reaches(self.side, limit, price))
    }

    /// How many lots it wants at a price.
    fn wants_at(&self, price: Price) -> u64 {
        let quantity = self.quantity.unwrap_or(u64::MAX);
        match self.budget {
            Some(budget) if price.ticks() > 0 => {
                let lots = budget / i128::from(price.ticks());
                u64::try_from(lots).unwrap_or(u64::MAX).min(quantity)
            }
            Some(_) | None => quantity,
        }
    }

    /// What it does instead of a trade with `maker`; `None` if they may trade.
    fn prevents(&self, maker: &Held) -> Option<SelfTrade> {
        let grouped = self.group != TradeGroup(0) && self.group == maker.group;
        if self.account != maker.account && !grouped {
            return None;
        }
        match self.mode {
            SelfTrade::Allow => None,
            SelfTrade::Transfer if maker.mode != SelfTrade::Transfer => Some(SelfTrade::Decrement),
            mode => Some(mode),
        }
    }
}

/// Whether an order of `side` that is limited so trades at a price of the other side.
pub fn reaches(side: Side, limit: Price, price: Price) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}
