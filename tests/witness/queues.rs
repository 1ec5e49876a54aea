//! Holds every trade against the orders that rested at the time.
//!
//! What an order's least quantity is no event says: that comes from the commands. Whom such an order, or one of a list, lets
//! pass is left to the model. All others trade in order of price, what is shown before what is not, and time.

use std::collections::{BTreeMap, BTreeSet};

use pricetime::{
    Action, Command, Event, Order, OrderId, OrderKind, Price, Priority, Quantity, SelfTrade, Side,
    TimeInForce, Timestamp, TradeId,
};

/// The queues of a book as its events tell of them.
#[derive(Default)]
pub struct Queues {
    /// In no order: each has its turn.
    resting: Vec<Resting>,
    lifetimes: BTreeMap<OrderId, TimeInForce>,
    limits: BTreeMap<OrderId, Price>,
    /// The least that orders trade at a time, of those that do not trade with everybody.
    minimums: BTreeMap<OrderId, u64>,
    /// Orders of lists: whom they let pass is for their lists to say.
    of_lists: BTreeSet<OrderId>,
    /// How much waits of orders that wait.
    waiting: BTreeMap<OrderId, u64>,
    /// How much the order asked for, or was left with, that was accepted or ceased to wait last.
    entered: u64,
    /// The order that got new terms in its place with the event before.
    amended: Option<OrderId>,
    turns: u64,
    last_trade: TradeId,
}

struct Resting {
    id: OrderId,
    side: Side,
    price: Price,
    shown: u64,
    hidden: u64,
    /// When it came to where it stands among those that show something.
    shown_turn: u64,
    /// When it came to where it stands among those that show nothing.
    hidden_turn: u64,
}

impl Resting {
    /// The smaller, the earlier it trades.
    fn rank(&self) -> (i64, bool, u64) {
        let price = match self.side {
            Side::Buy => -self.price.ticks(),
            Side::Sell => self.price.ticks(),
        };
        if self.shown > 0 {
            (price, false, self.shown_turn)
        } else {
            (price, true, self.hidden_turn)
        }
    }

    /// What it has more is hidden until it says otherwise.
    fn become_so_much(&mut self, quantity: Quantity) {
        let more = quantity.lots().saturating_sub(self.shown + self.hidden);
        self.hidden += more;
        self.lose_hidden_first(quantity);
    }

    fn lose_hidden_first(&mut self, remaining: Quantity) {
        let lots = self.shown + self.hidden - remaining.lots();
        let of_hidden = lots.min(self.hidden);
        self.hidden -= of_hidden;
        self.shown -= lots - of_hidden;
    }
}

impl Queues {
    /// Follows the events of one command.
    pub fn apply(&mut self, command: &Command, events: &[Event]) {
        for event in events {
            if let Event::Accepted { id, .. } = event {
                self.note(*id, command);
            }
            self.follow(command.timestamp, event);
        }
    }

    fn note(&mut self, id: OrderId, command: &Command) {
        self.minimums.remove(&id);
        self.of_lists.remove(&id);
        if let Some(order) = entered(&command.action)
            && order.minimum > Quantity::ZERO
        {
            self.minimums.insert(id, order.minimum.lots());
        }
    }

    fn follow(&mut self, at: Timestamp, event: &Event) {
        let amended = self.amended.take();
        match *event {
            Event::Accepted { .. } => self.accept(event),
            Event::Rested {
                id,
                side,
                price,
                quantity,
                ..
            } => self.rest(id, side, price, [quantity, Quantity::ZERO]),
            Event::RestedHidden {
                id,
                side,
                price,
                displayed,
                hidden,
                ..
            } => self.rest(id, side, price, [displayed, hidden]),
            Event::Traded { .. } => self.trade(at, event),
            Event::Prevented { .. } => self.prevent(at, event),
            Event::Refreshed {
                id,
                displayed,
                hidden,
                priority,
            } => self.refresh(id, [displayed, hidden], priority, amended),
            Event::Reduced { id, remaining, .. } => self.lessen(id, remaining),
            Event::Replaced { .. } => self.replace(event),
            Event::Cancelled { id, .. } => {
                self.waiting.remove(&id);
                self.leaves(id);
            }
            Event::Slid { id, to: price, .. } | Event::Priced { id, price } => {
                self.limits.insert(id, price);
            }
            Event::Waits { id } => drop(self.waiting.insert(id, self.entered)),
            Event::Held { id, .. } => {
                self.waiting.insert(id, self.entered);
                self.of_lists.insert(id);
            }
            Event::Triggered { id, .. } | Event::Released { id } => {
                self.entered = self.waiting.remove(&id).unwrap_or(self.entered);
            }
            Event::Repriced { id, price } => {
                self.leave(id);
                self.limits.insert(id, price);
            }
            Event::Rejected { .. }
            | Event::Duplicate { .. }
            | Event::ListStarted { .. }
            | Event::TriggerMoved { .. }
            | Event::Refused { .. }
            | Event::MarkSet { .. }
            | Event::MassCancelled { .. }
            | Event::TimeAdvanced { .. }
            | Event::DayEnded { .. } => {}
        }
    }

    fn accept(&mut self, event: &Event) {
        if let Event::Accepted {
            id,
            kind,
            time_in_force,
            price,
            quantity,
            ..
        } = *event
        {
            self.entered = quantity.lots();
            self.lifetimes.insert(id, time_in_force);
            self.limits.remove(&id);
            if kind == OrderKind::Limit {
                self.limits.insert(id, price);
            }
        }
    }

    fn replace(&mut self, event: &Event) {
        if let Event::Replaced {
            id,
            price,
            quantity,
            priority,
        } = *event
        {
            self.replace_minimum(id, quantity.lots());
            // A waiting order that names no limit gets none.
            self.limits.entry(id).and_modify(|limit| *limit = price);
            match priority {
                Priority::Kept => self.change_in_place(id, quantity),
                Priority::Lost => self.leave(id),
            }
        }
    }

    /// All-or-none of what an order was becomes all-or-none of what it is to be.
    fn replace_minimum(&mut self, id: OrderId, quantity: u64) {
        let waits = self.waiting.get(&id).copied();
        let open = waits.unwrap_or_else(|| {
            let order = self.order(id);
            order.shown + order.hidden
        });
        if let Some(minimum) = self.minimums.get_mut(&id)
            && *minimum >= open
            && quantity != open
        {
            *minimum = quantity;
        }
    }

    fn rest(&mut self, id: OrderId, side: Side, price: Price, parts: [Quantity; 2]) {
        let [shown, hidden] = parts.map(Quantity::lots);
        let lifetime = self.lifetimes[&id];
        let rests = !matches!(lifetime, TimeInForce::Ioc | TimeInForce::Fok);
        assert!(rests, "{id:?} rests");
        self.turns += 1;
        self.resting.push(Resting {
            id,
            side,
            price,
            shown,
            hidden,
            shown_turn: self.turns,
            hidden_turn: self.turns,
        });
    }

    fn trade(&mut self, at: Timestamp, event: &Event) {
        let Event::Traded {
            trade,
            taker,
            maker,
            taker_side,
            price,
            quantity,
            taker_remaining,
            maker_remaining,
        } = *event
        else {
            return;
        };
        assert_eq!(
            trade.0,
            self.last_trade.0 + 1,
            "trades are numbered without a gap"
        );
        self.last_trade = trade;
        self.check_maker(at, maker, taker_side.opposite(), price);
        self.check_limit(taker, taker_side, price);
        self.turns += 1;
        let (turn, least) = (self.turns, self.least(maker));
        let order = self.order(maker);
        let open = order.shown + order.hidden;
        assert!(
            quantity.lots() >= least.min(open),
            "{maker:?} trades too little"
        );
        if order.shown > 0 {
            order.shown -= quantity.lots();
            if order.shown == 0 {
                order.hidden_turn = turn;
            }
        } else {
            order.hidden -= quantity.lots();
        }
        assert_eq!(order.shown + order.hidden, maker_remaining.lots());
        if maker_remaining == Quantity::ZERO {
            self.leave(maker);
        }
        self.lessen_resting_taker(taker, taker_remaining);
    }

    fn prevent(&mut self, at: Timestamp, event: &Event) {
        let Event::Prevented {
            taker,
            maker,
            taker_side,
            mode,
            price,
            taker_remaining,
            maker_remaining,
            ..
        } = *event
        else {
            return;
        };
        self.check_maker(at, maker, taker_side.opposite(), price);
        self.check_limit(taker, taker_side, price);
        if matches!(mode, SelfTrade::Decrement | SelfTrade::Transfer) {
            self.order(maker).lose_hidden_first(maker_remaining);
            // Its cancellation comes next; until then it may be what shows nothing.
            self.lessen_resting_taker(taker, taker_remaining);
        }
    }

    fn lessen(&mut self, id: OrderId, remaining: Quantity) {
        match self.waiting.get_mut(&id) {
            Some(waits) => *waits = remaining.lots(),
            None => self.order(id).lose_hidden_first(remaining),
        }
    }

    fn change_in_place(&mut self, id: OrderId, quantity: Quantity) {
        match self.waiting.get_mut(&id) {
            Some(waits) => *waits = quantity.lots(),
            None => {
                self.order(id).become_so_much(quantity);
                self.amended = Some(id);
            }
        }
    }

    /// Who keeps its place shows no more than before, and something if it did.
    fn show_in_place(&mut self, id: OrderId, parts: [Quantity; 2], priority: Priority) {
        let [shown, hidden] = parts.map(Quantity::lots);
        let order = self.order(id);
        assert_eq!(priority, Priority::Kept);
        assert!(shown <= order.shown, "{id:?} shows more in its place");
        assert_eq!(shown == 0, order.shown == 0, "{id:?}");
        assert_eq!(shown + hidden, order.shown + order.hidden, "{id:?}");
        [order.shown, order.hidden] = [shown, hidden];
    }

    /// An order that tries again rests all the time.
    fn lessen_resting_taker(&mut self, taker: OrderId, remaining: Quantity) {
        if let Some(order) = self.resting.iter_mut().find(|order| order.id == taker) {
            order.lose_hidden_first(remaining);
            if remaining == Quantity::ZERO {
                self.leave(taker);
            }
        }
    }

    fn refresh(
        &mut self,
        id: OrderId,
        parts: [Quantity; 2],
        priority: Priority,
        amended: Option<OrderId>,
    ) {
        if amended == Some(id) {
            self.show_in_place(id, parts, priority);
            return;
        }
        self.turns += 1;
        let turn = self.turns;
        let order = self.order(id);
        assert_eq!(order.shown, 0, "{id:?} still shows something");
        [order.shown, order.hidden] = parts.map(Quantity::lots);
        if priority == Priority::Lost {
            order.shown_turn = turn;
        }
    }

    /// The maker is the first of the best level, but for those that choose whom they trade with,
    /// trades at its price and is not past its time.
    fn check_maker(&self, at: Timestamp, maker: OrderId, side: Side, price: Price) {
        let order = self.resting.iter().find(|order| order.id == maker);
        let order = order.expect("the maker rests");
        assert_eq!((order.side, order.price), (side, price), "{maker:?}");
        let others = self.resting.iter().filter(|other| other.side == side);
        let free = others.filter(|other| self.is_free(other.id));
        let first = free.min_by_key(|other| other.rank());
        if self.is_free(maker) {
            let first = first.expect("at least the maker");
            assert_eq!(first.price, price, "the best price trades first");
            assert_eq!(first.id, maker, "the oldest order trades first");
        }
        if let TimeInForce::Gtd(expiry) = self.lifetimes[&maker] {
            assert!(at < expiry, "{maker:?} trades at or after its expiry");
        }
    }

    /// Whether it trades with everybody.
    fn is_free(&self, id: OrderId) -> bool {
        self.least(id) == 0 && !self.of_lists.contains(&id)
    }

    /// The least that an order trades at a time; zero for any.
    fn least(&self, id: OrderId) -> u64 {
        self.minimums.get(&id).copied().unwrap_or(0)
    }

    fn check_limit(&self, taker: OrderId, side: Side, price: Price) {
        let within = self.limits.get(&taker).is_none_or(|limit| match side {
            Side::Buy => price <= *limit,
            Side::Sell => price >= *limit,
        });
        assert!(within, "{taker:?} trades beyond its limit");
    }

    fn order(&mut self, id: OrderId) -> &mut Resting {
        let found = self.resting.iter_mut().find(|order| order.id == id);
        found.expect("the order rests")
    }

    fn leave(&mut self, id: OrderId) {
        assert!(self.leaves(id), "{id:?} does not rest");
    }

    fn leaves(&mut self, id: OrderId) -> bool {
        let before = self.resting.len();
        self.resting.retain(|order| order.id != id);
        self.resting.len() < before
    }
}

/// The order that an action enters, if it has terms.
fn entered(action: &Action) -> Option<&Order> {
    match action {
        Action::Order(order)
        | Action::Once { order, .. }
        | Action::Leg { order, .. }
        | Action::CancelReplace { order, .. } => Some(order),
        Action::Limit(_)
        | Action::Market(_)
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::Amend(_)
        | Action::CancelAll(_)
        | Action::SetMark(_)
        | Action::AdvanceTime
        | Action::EndOfDay => None,
    }
}
