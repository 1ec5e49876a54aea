//! Commands and a setting with every value of every field that is an enumeration.

use pricetime::{
    AccountLimits, Action, Amend, AmendPolicy, AmendQuantity, CancelOnly, Capacities, ClientToken,
    Command, Display, Instrument, ListId, ListKind, MarketAmount, MarketLot, Order, OrderId,
    PartialFill, PostOnly, Price, PriceRange, Pricing, Quantity, RangeReference, Refresh,
    SelfTrade, Side, Timestamp, Trail, Trigger, TriggerKind, TriggerOnEntry, TriggerSource,
    TriggerStart,
};

use crate::draw::{Draw, actions, next_amount};
use crate::draw_rows::{
    PEG_REFERENCES, PEG_UNITS, REPRICINGS, TRAILS, TRIGGER_KINDS, TRIGGER_SOURCES, TRIGGER_STARTS,
    next_life, row,
};
use crate::layout_codes::CANCEL_REPLACE_MODES;
use crate::written::SMALL;

/// An instrument that has everything that it may have or not, each of another size.
pub fn instrument_with_everything() -> Instrument {
    let range = |reference, first: u32| PriceRange {
        reference,
        buy: [first, first + 1],
        sell: [first + 2, first + 3],
    };
    Instrument::builder()
        .self_trade(SelfTrade::Decrement)
        .self_trade_modes(&SelfTrade::ALL[4..])
        .peaks_max(u32::MAX)
        .trigger_on_entry(TriggerOnEntry::Waits)
        .amend_policy(AmendPolicy::OnlyLessQuantity)
        .amend_quantity(AmendQuantity::Total)
        .keeps_totals(true)
        .price_range(range(RangeReference::Mark, 1_001))
        .execution_range(range(RangeReference::LastTrade, 2_001))
        .market_lot(MarketLot {
            min: Quantity::new(31),
            max: Quantity::new(32),
            step: Quantity::new(33),
        })
        .account_limits(AccountLimits {
            orders: Some(41),
            triggers: Some(42),
            icebergs: Some(43),
            lists: Some(44),
            order_amends: Some(45),
            amends: Some(46),
        })
        .capacities(Capacities {
            accounts: 51,
            lists: 52,
            tokens: 53,
            ..Capacities::default()
        })
        .build()
        .expect("an instrument")
}

/// Instruments with one thing each that an instrument may have or not.
pub fn instruments_with_one_setting() -> Vec<Instrument> {
    let base = || Instrument::builder().capacities(SMALL).keeps_totals(true);
    let range = |reference| PriceRange {
        reference,
        buy: [1, 2],
        sell: [3, 4],
    };
    let (min, max, step) = (Quantity::new(5), Quantity::new(6), Quantity::new(7));
    let none = AccountLimits::default();
    let limits = [
        AccountLimits {
            orders: Some(8),
            ..none
        },
        AccountLimits {
            triggers: Some(9),
            ..none
        },
        AccountLimits {
            icebergs: Some(10),
            ..none
        },
        AccountLimits {
            lists: Some(11),
            ..none
        },
        AccountLimits {
            order_amends: Some(12),
            ..none
        },
        AccountLimits {
            amends: Some(0),
            ..none
        },
    ];
    let limits = limits.map(|limits| base().account_limits(limits));
    let references = [RangeReference::LastTrade, RangeReference::Mark];
    let prices = references.map(|reference| base().price_range(range(reference)));
    let executions = references.map(|reference| base().execution_range(range(reference)));
    let others = [
        base(),
        base().keeps_totals(false),
        base().market_lot(MarketLot { min, max, step }),
        base().amend_quantity(AmendQuantity::Total),
        base().amend_policy(AmendPolicy::NoMoreDisplayed),
        base().amend_policy(AmendPolicy::OnlyLessQuantity),
        base().capacities(Capacities { lists: 13, ..SMALL }),
        base().capacities(Capacities {
            tokens: 14,
            ..SMALL
        }),
    ];
    let all = limits
        .into_iter()
        .chain(prices)
        .chain(executions)
        .chain(others);
    all.map(|builder| builder.build().expect("an instrument"))
        .collect()
}

/// Orders with every value of every term.
fn row_of_orders(order: Order) -> impl Iterator<Item = Order> {
    let price = Price::new(-7);
    let pricing = [
        Pricing::Limit(price),
        Pricing::Market,
        Pricing::Protected(7),
        Pricing::MarketToLimit,
    ];
    let pricing = pricing.into_iter().chain(row_of_pegs());
    let display = row_of_displays();
    let modes = [None].into_iter().chain(SelfTrade::ALL.map(Some));
    let with_pricing = pricing.map(move |pricing| Order { pricing, ..order });
    let with_display = display.map(move |display| Order { display, ..order });
    let with_mode = modes.map(move |self_trade| Order {
        self_trade,
        ..order
    });
    let plain = Order::limit(order.id, order.account, Side::Sell, price, order.quantity);
    let all_or_none = Order {
        minimum: order.quantity,
        ..plain
    };
    let with_terms = with_pricing.chain(with_display).chain(with_mode);
    let with_trigger = row_of_triggers().map(move |trigger| Order {
        trigger: Some(trigger),
        ..plain
    });
    with_terms.chain([plain, all_or_none]).chain(with_trigger)
}

/// Pegs with every value of every field.
fn row_of_pegs() -> impl Iterator<Item = Pricing> {
    PEG_REFERENCES.into_iter().flat_map(|reference| {
        REPRICINGS.into_iter().flat_map(move |repricing| {
            PEG_UNITS.map(|unit| Pricing::Pegged {
                reference,
                repricing,
                unit,
                offset: -3,
                limit: Price::new(-9),
            })
        })
    })
}

/// The same order entered in every way, and amendments of every display.
fn row_of_entries(order: Order) -> impl Iterator<Item = Action> {
    let list = ListId(0x0102_0304_0506_0708);
    let once = Action::Once {
        token: ClientToken(u64::MAX),
        order,
    };
    let legs = ListKind::ALL.into_iter().flat_map(move |kind| {
        PartialFill::ALL.map(|partial_fill| Action::Leg {
            list,
            kind,
            legs: 200 + kind as u8,
            partial_fill,
            order,
        })
    });
    let replaced = CancelOnly::ALL.into_iter().flat_map(move |only| {
        CANCEL_REPLACE_MODES.map(|mode| Action::CancelReplace {
            cancel: OrderId(5),
            only,
            mode,
            order,
        })
    });
    let displays = row_of_displays().map(Some).chain([None]);
    let amendments = displays.map(move |display| {
        Action::Amend(Amend {
            id: order.id,
            owner: Some(order.account),
            price: Some(Price::new(-7)),
            quantity: None,
            display,
            trigger_price: Some(Price::new(-8)),
        })
    });
    [once]
        .into_iter()
        .chain(legs)
        .chain(replaced)
        .chain(amendments)
}

/// Displays with every value of every field.
fn row_of_displays() -> impl Iterator<Item = Display> {
    let peak = |refresh| Display::Peak {
        quantity: Quantity::new(3),
        spread_bps: 9_999,
        refresh,
    };
    let displays = [Display::Whole, Display::Hidden].into_iter();
    displays.chain(Refresh::ALL.map(peak))
}

/// Triggers with every value of every field.
fn row_of_triggers() -> impl Iterator<Item = Trigger> {
    let plain = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::LastTrade,
        price: Price::new(-7),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    let with_kind = TRIGGER_KINDS.map(|kind| Trigger { kind, ..plain });
    let with_source = TRIGGER_SOURCES.map(|source| Trigger { source, ..plain });
    let with_trail = TRAILS.map(|trail| Trigger {
        trail,
        distance: if trail == Trail::None { 0 } else { 9_999 },
        ..plain
    });
    let with_start = TRIGGER_STARTS.map(|start| Trigger { start, ..plain });
    let values = with_kind.into_iter().chain(with_source);
    values.chain(with_trail).chain(with_start)
}

/// Commands of every kind twice, limit orders of every life and attribute, every market amount, orders of all terms.
pub fn commands(draw: &mut Draw<'_>) -> Vec<Command> {
    let mut all = actions(draw);
    all.extend(actions(draw));
    let (Action::Limit(limit), Action::Market(market)) = (all[0], all[1]) else {
        panic!("{all:?}");
    };
    for life in row(next_life) {
        for post_only in [PostOnly::Off, PostOnly::Reject, PostOnly::Slide] {
            let mut limit = limit;
            limit.post_only = post_only;
            limit.time_in_force = life;
            all.push(Action::Limit(limit));
        }
    }
    let mut amount: Option<MarketAmount> = None;
    while let Some(next) = next_amount(amount, draw) {
        let mut market = market;
        market.side = market.side.opposite();
        market.amount = next;
        all.push(Action::Market(market));
        amount = Some(next);
    }
    let order = all.iter().find_map(|action| match action {
        Action::Order(order) => Some(*order),
        _ => None,
    });
    let order = order.expect("one of each kind");
    all.extend(row_of_orders(order).map(Action::Order));
    all.extend(row_of_entries(order));
    let times = (0..).map(|step| Timestamp::new(1_000 + step * step));
    let stamped = times.zip(all);
    stamped
        .map(|(time, action)| Command::new(time, action))
        .collect()
}
