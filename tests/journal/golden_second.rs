//! A second day, of an instrument with filters: tokens, lists, pegs, amendments and orders that replace others.

use Side::{Buy, Sell};
use pricetime::{
    AccountId, AccountLimits, Action, Amend, AmendPolicy, AmendQuantity, Cancel, CancelAll,
    CancelOnly, CancelReplaceMode, Capacities, ClientToken, Command, Display, Instrument, ListId,
    ListKind, MarketAmount, MarketLot, MarketOrder, Notional, Order, OrderId, PartialFill,
    PegReference, PegUnit, Price, PriceRange, Pricing, Quantity, RangeReference, Reduce, Refresh,
    Replace, Repricing, Side, TimeInForce, Timestamp, Trail, Trigger, TriggerKind, TriggerSource,
    TriggerStart,
};

pub fn instrument() -> Instrument {
    let range = |reference, buy, sell| PriceRange {
        reference,
        buy,
        sell,
    };
    Instrument::builder()
        .price_band(Price::new(1), Price::new(10_000))
        .quantity_limits(Quantity::new(1), Quantity::new(1_000))
        .amend_policy(AmendPolicy::OnlyLessQuantity)
        .amend_quantity(AmendQuantity::Total)
        .keeps_totals(true)
        .price_range(range(RangeReference::Mark, [9_000; 2], [5_000, 9_000]))
        .execution_range(range(RangeReference::LastTrade, [1_000, 9_000], [9_000; 2]))
        .market_lot(MarketLot {
            min: Quantity::new(2),
            max: Quantity::new(50),
            step: Quantity::new(2),
        })
        .account_limits(AccountLimits {
            orders: Some(8),
            triggers: Some(2),
            icebergs: Some(1),
            lists: Some(2),
            order_amends: Some(2),
            amends: Some(2),
        })
        .capacities(Capacities {
            orders: 64,
            levels: 16,
            accounts: 16,
            timed_orders: 16,
            special_orders: 16,
            waiting_orders: 16,
            lists: 3,
            tokens: 2,
            events: 24,
        })
        .build()
        .expect("an instrument")
}

#[derive(Default)]
struct Day {
    now: u64,
    last_id: u64,
    commands: Vec<Command>,
}

impl Day {
    fn ask(&mut self, action: Action) {
        self.now += 10;
        let time = Timestamp::new(self.now);
        self.commands.push(Command::new(time, action));
    }

    /// A limit order under the next id.
    fn order(&mut self, account: u32, side: Side, price: i64, quantity: u64) -> Order {
        self.last_id += 1;
        let (id, account) = (OrderId(self.last_id), AccountId(account));
        Order::limit(
            id,
            account,
            side,
            Price::new(price),
            Quantity::new(quantity),
        )
    }

    fn limit(&mut self, account: u32, side: Side, price: i64, quantity: u64) -> OrderId {
        let order = self.order(account, side, price, quantity);
        self.ask(Action::Order(order));
        order.id
    }

    fn special(&mut self, account: u32, side: Side, terms: impl Fn(&mut Order)) -> OrderId {
        let mut order = self.order(account, side, 1_000, 10);
        terms(&mut order);
        self.ask(Action::Order(order));
        order.id
    }

    fn once(&mut self, token: u64) {
        let token = ClientToken(token);
        let order = self.order(1, Buy, 900, 3);
        self.ask(Action::Once { token, order });
    }

    fn market(&mut self, side: Side, amount: MarketAmount) {
        self.last_id += 1;
        self.ask(Action::Market(MarketOrder::new(
            OrderId(self.last_id),
            AccountId(9),
            side,
            amount,
        )));
    }

    fn amend(&mut self, id: OrderId, terms: impl Fn(&mut Amend)) {
        let mut amend = Amend {
            id,
            owner: None,
            price: None,
            quantity: None,
            display: None,
            trigger_price: None,
        };
        terms(&mut amend);
        self.ask(Action::Amend(amend));
    }

    fn cancel_replace(&mut self, cancel: OrderId, only: CancelOnly, mode: CancelReplaceMode) {
        let order = self.order(2, Buy, 905, 4);
        self.ask(Action::CancelReplace {
            cancel,
            only,
            mode,
            order,
        });
    }

    fn clear(&mut self) {
        self.ask(Action::CancelAll(CancelAll::default()));
    }
}

/// All commands of the day.
pub fn session() -> Vec<Command> {
    let mut day = Day {
        now: 1_800_000_000_000_000_000,
        ..Day::default()
    };
    filter(&mut day);
    send_again(&mut day);
    amend(&mut day);
    replace_others(&mut day);
    follow(&mut day);
    start_lists(&mut day);
    refuse_legs(&mut day);
    limit_accounts(&mut day);
    day.commands
}

/// Prices and quantities that are refused, and an order that stops where its range does.
fn filter(day: &mut Day) {
    day.ask(Action::SetMark(Price::new(1_000)));
    day.limit(1, Sell, 1_501, 5);
    day.limit(1, Sell, 1_000, 4);
    for lots in [1, 52, 5, 4] {
        day.market(Buy, MarketAmount::Quantity(Quantity::new(lots)));
    }
    for price in [1_050, 1_200] {
        day.limit(1, Sell, price, 6);
    }
    let (quantity, total) = (Quantity::new(4), Notional::new(4_100));
    day.market(Buy, MarketAmount::Whole { quantity, total });
    let total = Notional::new(4_200);
    day.market(Buy, MarketAmount::Whole { quantity, total });
    day.limit(9, Buy, 1_300, 5);
    day.clear();
}

/// Tokens that were used, and one that was forgotten since.
fn send_again(day: &mut Day) {
    for token in [1, 1, 2, 3, 1] {
        day.once(token);
    }
    day.clear();
}

fn waits_at(price: i64, kind: TriggerKind) -> Option<Trigger> {
    Some(Trigger {
        kind,
        source: TriggerSource::LastTrade,
        price: Price::new(price),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    })
}

fn peak(quantity: u64) -> Display {
    Display::Peak {
        quantity: Quantity::new(quantity),
        spread_bps: 7,
        refresh: Refresh::Retain,
    }
}

/// One order is amended as often as it may be, one to what has traded, and one that waits to another trigger.
fn amend(day: &mut Day) {
    let often = day.limit(3, Sell, 1_010, 20);
    let lots = |lots| Some(Quantity::new(lots));
    day.amend(often, |amend| amend.quantity = lots(19));
    day.amend(often, |amend| amend.display = Some(peak(4)));
    day.amend(often, |amend| amend.trigger_price = Some(Price::new(990)));
    day.amend(often, |amend| amend.quantity = lots(18));
    day.amend(often, |amend| amend.quantity = lots(17));
    let other = day.limit(3, Sell, 1_012, 20);
    day.amend(other, |amend| amend.quantity = lots(19));
    let traded = day.limit(4, Sell, 1_005, 20);
    day.limit(5, Buy, 1_005, 6);
    day.amend(traded, |amend| amend.quantity = lots(6));
    let waits = day.special(4, Buy, |order| {
        order.trigger = waits_at(1_040, TriggerKind::Stop);
    });
    day.amend(waits, |amend| {
        amend.owner = Some(AccountId(4));
        amend.price = Some(Price::new(1_030));
        amend.display = Some(peak(5));
        amend.trigger_price = Some(Price::new(1_035));
    });
    day.clear();
}

/// Orders that are cancelled for others, or are not.
fn replace_others(day: &mut Day) {
    use CancelOnly::{Any, New, PartiallyFilled};
    use CancelReplaceMode::{AllowFailure, StopOnFailure};
    let first = day.limit(2, Buy, 900, 6);
    day.cancel_replace(first, PartiallyFilled, StopOnFailure);
    day.cancel_replace(first, New, StopOnFailure);
    let second = OrderId(day.last_id);
    day.limit(5, Sell, 905, 1);
    day.cancel_replace(second, New, StopOnFailure);
    day.cancel_replace(second, PartiallyFilled, AllowFailure);
    day.cancel_replace(second, Any, AllowFailure);
    let last = OrderId(day.last_id);
    let order = day.order(2, Buy, 0, 4);
    day.ask(Action::CancelReplace {
        cancel: last,
        only: Any,
        mode: StopOnFailure,
        order,
    });
    day.clear();
}

fn pegged(reference: PegReference, repricing: Repricing, offset: i32, limit: i64) -> Pricing {
    Pricing::Pegged {
        reference,
        repricing,
        unit: PegUnit::Ticks,
        offset,
        limit: Price::new(limit),
    }
}

/// Pegs that wait for a reference, rest, follow and are refused.
fn follow(day: &mut Day) {
    use PegReference::{Market, Midpoint, Primary};
    let live = day.special(6, Buy, |order| {
        order.pricing = pegged(Primary, Repricing::Live, -2, 980);
    });
    day.special(6, Buy, |order| {
        order.pricing = pegged(Market, Repricing::Once, -5, 980);
    });
    day.special(6, Buy, |order| {
        order.pricing = pegged(Market, Repricing::Live, -5, 980);
        order.time_in_force = TimeInForce::Ioc;
    });
    let reference = day.limit(7, Buy, 950, 5);
    day.ask(Action::Replace(Replace {
        id: live,
        owner: None,
        price: Some(Price::new(940)),
        quantity: None,
    }));
    day.limit(7, Buy, 955, 5);
    day.ask(Action::Cancel(Cancel {
        id: reference,
        owner: None,
    }));
    day.limit(7, Sell, 1_000, 5);
    day.special(6, Sell, |order| {
        order.pricing = pegged(Midpoint, Repricing::Once, 1, 960);
    });
    day.special(6, Buy, |order| {
        order.pricing = Pricing::Pegged {
            reference: Primary,
            repricing: Repricing::Once,
            unit: PegUnit::Levels,
            offset: 0,
            limit: Price::new(970),
        };
    });
    day.clear();
}

impl Day {
    /// Enters an order of a list of account 8, or of the account that the terms say.
    fn leg(
        &mut self,
        (list, kind, legs): (u64, ListKind, u8),
        side: Side,
        terms: impl Fn(&mut Order),
    ) -> OrderId {
        let mut order = self.order(8, side, 1_000, 10);
        terms(&mut order);
        self.ask(Action::Leg {
            list: ListId(list),
            kind,
            legs,
            partial_fill: PartialFill::Reduces,
            order,
        });
        order.id
    }
}

fn priced(price: i64) -> impl Fn(&mut Order) {
    move |order| order.pricing = Pricing::Limit(Price::new(price))
}

fn stops(price: i64) -> impl Fn(&mut Order) {
    move |order| order.trigger = waits_at(price, TriggerKind::Stop)
}

/// Lists of every kind, until one of their orders trades.
fn start_lists(day: &mut Day) {
    use ListKind::{
        OneCancelsMany, OneCancelsOther, OnePaysOther, OneTriggersOneCancelsOther, OneTriggersOther,
    };
    // From here on 1,020 and more is in range.
    day.limit(9, Sell, 960, 2);
    day.limit(9, Buy, 960, 2);
    let cancels = (1, OneCancelsOther, 2);
    day.leg(cancels, Sell, priced(1_020));
    let profit = OrderId(day.last_id);
    let stop = day.leg(cancels, Sell, stops(880));
    day.ask(Action::Replace(Replace {
        id: profit,
        owner: None,
        price: None,
        quantity: Some(Quantity::new(11)),
    }));
    day.ask(Action::Reduce(Reduce {
        id: stop,
        owner: None,
        by: Quantity::new(2),
    }));
    day.limit(9, Buy, 1_020, 3);
    day.limit(9, Buy, 1_020, 5);
    let many = (2, OneCancelsMany, 3);
    for price in [1_021, 1_022, 1_023] {
        day.leg(many, Sell, priced(price));
    }
    day.limit(9, Buy, 1_021, 10);
    let triggers = (3, OneTriggersOther, 2);
    day.leg(triggers, Buy, priced(960));
    day.leg(triggers, Sell, priced(1_030));
    day.limit(9, Sell, 960, 10);
    day.clear();
    let bracket = (4, OneTriggersOneCancelsOther, 3);
    day.leg(bracket, Buy, priced(960));
    day.leg(bracket, Sell, priced(1_030));
    day.leg(bracket, Sell, stops(900));
    day.limit(9, Sell, 960, 10);
    day.clear();
    let pays = (5, OnePaysOther, 2);
    let working = day.leg(pays, Buy, priced(960));
    day.leg(pays, Sell, priced(1_030));
    day.limit(9, Sell, 960, 4);
    day.ask(Action::Cancel(Cancel {
        id: working,
        owner: None,
    }));
    day.clear();
}

/// One leg for each reason that only lists give.
fn refuse_legs(day: &mut Day) {
    let cancels = (1, ListKind::OneCancelsOther, 2);
    day.leg((1, ListKind::OneCancelsMany, 9), Sell, priced(1_020));
    day.leg(cancels, Sell, priced(1_020));
    day.leg((1, ListKind::OneCancelsMany, 2), Sell, stops(880));
    day.leg(cancels, Buy, stops(880));
    day.leg(cancels, Sell, stops(1_025));
    for (account, list) in [(10, 1), (11, 1), (12, 1)] {
        day.leg((list, ListKind::OneCancelsMany, 2), Sell, |order| {
            priced(1_020)(order);
            order.account = AccountId(account);
        });
    }
    day.clear();
}

/// One account has all that it may have.
fn limit_accounts(day: &mut Day) {
    for list in 1..=3 {
        day.leg((list, ListKind::OneCancelsMany, 2), Sell, priced(1_040));
    }
    for _ in 0..2 {
        day.special(13, Sell, |order| order.display = peak(5));
    }
    for _ in 0..3 {
        day.special(13, Sell, stops(870));
    }
    for _ in 0..6 {
        day.limit(13, Sell, 1_000, 5);
    }
    day.clear();
}

/// What an instrument refuses that keeps neither tokens nor totals.
pub fn unkept() -> [Action; 3] {
    let (price, quantity) = (Price::new(1_000), Quantity::new(5));
    let order = Order::limit(OrderId(u64::MAX), AccountId(1), Buy, price, quantity);
    let once = Action::Once {
        token: ClientToken(0),
        order,
    };
    let replace = Action::CancelReplace {
        cancel: order.id,
        only: CancelOnly::New,
        mode: CancelReplaceMode::StopOnFailure,
        order,
    };
    [once, Action::Order(order), replace]
}
