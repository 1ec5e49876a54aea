//! Lists of orders that depend on each other: all orders of one are made together.

use pricetime::{
    Action, ListId, ListKind, Order, OrderId, PartialFill, PostOnly, Price, Pricing, Quantity,
    Side, TimeInForce, Trail, Trigger, TriggerKind, TriggerSource, TriggerStart,
};

use super::{Drawn, More, Writer, cycle, weighted};

impl Writer<'_> {
    /// The orders of a list in the sequence in which they are to come.
    pub fn list(&mut self, drawn: &Drawn) -> Vec<Action> {
        let mut more = drawn.more;
        let kind = weighted(KINDS, more.byte());
        let partial_fill = cycle(&PartialFill::ALL, more.byte());
        let side = match kind {
            ListKind::OnePaysOther => Side::Buy,
            ListKind::OneCancelsOther
            | ListKind::OneCancelsMany
            | ListKind::OneTriggersOther
            | ListKind::OneTriggersOneCancelsOther => drawn.side,
        };
        let first = Order::limit(OrderId(0), drawn.account, side, drawn.price, drawn.quantity);
        let mut orders = self.orders_of_list(kind, &first, &mut more);
        let legs = u8::try_from(orders.len()).expect("a few");
        let list = ListId(u64::from(more.byte() % 3));
        for order in &mut orders {
            let byte = more.byte();
            order.id = self.new_id(byte);
            self.entered.push(order.id.0);
        }
        let mut actions: Vec<Action> = orders
            .iter()
            .map(|order| Action::Leg {
                list,
                kind,
                legs,
                partial_fill,
                order: *order,
            })
            .collect();
        if more.one_in(6) {
            let spoiled = usize::from(more.byte()) % actions.len();
            spoil(&mut actions[spoiled], &mut more);
        }
        actions
    }

    fn orders_of_list(&self, kind: ListKind, first: &Order, more: &mut More) -> Vec<Order> {
        let other_side = Order {
            side: first.side.opposite(),
            ..*first
        };
        match kind {
            ListKind::OneCancelsOther => self.counterparts(first, more),
            ListKind::OneCancelsMany => {
                let legs = cycle(&[2, 3, 3, 2, 4, 3, 2, 8], more.byte());
                let each = (0..legs).map(|_| self.alternative(first, more));
                each.collect()
            }
            ListKind::OneTriggersOther => {
                let held = if more.one_in(3) { first } else { &other_side };
                let held = self.held_for_working(held, more);
                vec![self.working(first, more), held]
            }
            ListKind::OneTriggersOneCancelsOther => {
                let mut orders = vec![self.working(first, more)];
                orders.extend(self.counterparts(&other_side, more));
                orders
            }
            ListKind::OnePaysOther => {
                let held = self.held_for_working(&other_side, more);
                vec![self.working(first, more), held]
            }
        }
    }

    /// One that takes profit and one that stops a loss, in either sequence.
    fn counterparts(&self, plain: &Order, more: &mut More) -> Vec<Order> {
        let mut orders = vec![self.profit(plain, more), self.stop(plain, more)];
        if more.one_in(2) {
            orders.reverse();
        }
        orders
    }

    fn alternative(&self, plain: &Order, more: &mut More) -> Order {
        let quantity = if more.one_in(2) {
            plain.quantity
        } else {
            self.quantity(true, more.byte())
        };
        let plain = Order { quantity, ..*plain };
        if more.one_in(4) {
            self.stop(&plain, more)
        } else {
            self.profit(&plain, more)
        }
    }

    /// An order that sells above the middle, or buys below it.
    fn profit(&self, plain: &Order, more: &mut More) -> Order {
        let order = self.with_terms(plain, more);
        let price = self.off_the_middle(plain.side.opposite(), more);
        let limit = Pricing::Limit(price);
        match more.byte() % 16 {
            0..10 => Order {
                pricing: limit,
                ..order
            },
            10..12 => {
                let order = Order {
                    pricing: limit,
                    ..order
                };
                let prices = &self.setting.prices;
                super::pegs::MANY.of(&order, prices, more.byte(), more)
            }
            _ => self.on_trigger(&order, TriggerKind::TakeProfit, price, more),
        }
    }

    /// An order that sells when the price has fallen below the middle, or buys when it has risen above it.
    fn stop(&self, plain: &Order, more: &mut More) -> Order {
        let order = self.with_terms(plain, more);
        let price = self.off_the_middle(plain.side, more);
        self.on_trigger(&order, TriggerKind::Stop, price, more)
    }

    fn on_trigger(&self, order: &Order, kind: TriggerKind, price: Price, more: &mut More) -> Order {
        let trails = kind == TriggerKind::Stop && more.one_in(4);
        let at_once = trails && more.one_in(2);
        let trigger = Trigger {
            kind,
            source: weighted(SOURCES, more.byte()),
            price: if at_once { Price::new(0) } else { price },
            trail: if trails { Trail::Ticks } else { Trail::None },
            distance: if trails {
                cycle(&[1, 2, 3], more.byte())
            } else {
                0
            },
            start: if at_once {
                TriggerStart::AtOnce
            } else {
                TriggerStart::AtPrice
            },
        };
        let order = Order {
            trigger: Some(trigger),
            ..*order
        };
        if more.one_in(2) {
            let byte = more.byte();
            let pricing = Pricing::Limit(self.price(order.side, byte.is_multiple_of(2), byte / 2));
            return Order { pricing, ..order };
        }
        let market = Order::market(order.id, order.account, order.side, order.quantity);
        Order {
            trigger: order.trigger,
            ..market
        }
    }

    /// The order that all others are held for.
    fn working(&self, plain: &Order, more: &mut More) -> Order {
        let order = self.with_terms(plain, more);
        let byte = more.byte();
        let passive = more.one_in(2);
        Order {
            pricing: Pricing::Limit(self.price(plain.side, passive, byte)),
            time_in_force: self.lifetime(more.byte(), more.byte()),
            ..order
        }
    }

    fn held_for_working(&self, plain: &Order, more: &mut More) -> Order {
        let lots = self.quantity(true, more.byte());
        let quantity = if more.one_in(2) { plain.quantity } else { lots };
        let plain = Order { quantity, ..*plain };
        match more.byte() % 8 {
            0..3 => self.profit(&plain, more),
            3 => self.stop(&plain, more),
            _ => {
                let terms = self.setting.terms;
                let plain = Order {
                    time_in_force: self.lifetime(more.byte(), more.byte()),
                    ..plain
                };
                let order = terms.of(&plain, std::array::from_fn(|_| more.byte()));
                let prices = &self.setting.prices;
                let bytes = std::array::from_fn(|_| more.byte());
                terms.triggers.of(&order, prices, bytes)
            }
        }
    }

    /// Some of the terms that the setting's orders have, but for their price.
    fn with_terms(&self, plain: &Order, more: &mut More) -> Order {
        let bytes = std::array::from_fn(|_| more.byte());
        let can_rest = |life| !matches!(life, TimeInForce::Ioc | TimeInForce::Fok);
        let life = Some(self.lifetime(more.byte(), more.byte()));
        let time_in_force = life.filter(|life| can_rest(*life) && more.one_in(2));
        let plain = Order {
            time_in_force: time_in_force.unwrap_or(TimeInForce::Gtc),
            post_only: weighted(POST_ONLY, more.byte()),
            ..*plain
        };
        if more.one_in(2) {
            return plain;
        }
        Order {
            pricing: plain.pricing,
            time_in_force: plain.time_in_force,
            post_only: plain.post_only,
            ..self.setting.terms.of(&plain, bytes)
        }
    }

    /// A price of the side on which passive orders of `side` stand, near the middle.
    fn off_the_middle(&self, side: Side, more: &mut More) -> Price {
        let distance = cycle(&[1, 1, 2, 2, 3, 0, 1, -1], more.byte());
        let middle = self.setting.middle;
        Price::new(match side {
            Side::Buy => middle.saturating_add(distance),
            Side::Sell => middle.saturating_sub(distance),
        })
    }
}

/// Makes an order of a list one that may not be there, mostly.
fn spoil(action: &mut Action, more: &mut More) {
    let Action::Leg {
        kind,
        legs,
        partial_fill,
        order,
        ..
    } = action
    else {
        return;
    };
    match more.byte() % 8 {
        0 => order.side = order.side.opposite(),
        1 => order.quantity = Quantity::new(order.quantity.lots().saturating_add(1)),
        2 => *kind = cycle(&ListKind::ALL, more.byte()),
        3 => *legs = cycle(&[0, 1, 9, u8::MAX, 4, 2], more.byte()),
        4 => *partial_fill = cycle(&PartialFill::ALL, more.byte()),
        5 => order.trigger = None,
        6 => order.time_in_force = TimeInForce::Ioc,
        _ => {
            let kind = cycle(&[TriggerKind::Stop, TriggerKind::TakeProfit], more.byte());
            order.trigger = order.trigger.map(|trigger| Trigger { kind, ..trigger });
        }
    }
}

const KINDS: &[(ListKind, u8)] = &[
    (ListKind::OneCancelsOther, 4),
    (ListKind::OneCancelsMany, 4),
    (ListKind::OneTriggersOther, 3),
    (ListKind::OneTriggersOneCancelsOther, 4),
    (ListKind::OnePaysOther, 3),
];
const SOURCES: &[(TriggerSource, u8)] = &[
    (TriggerSource::LastTrade, 4),
    (TriggerSource::BestOpposite, 2),
    (TriggerSource::Mark, 1),
];
const POST_ONLY: &[(PostOnly, u8)] = &[
    (PostOnly::Off, 12),
    (PostOnly::Reject, 1),
    (PostOnly::Slide, 2),
];
