//! The settings that scripts play in: each makes some corner of the rules common.

mod amend;
mod filters;
mod lists;
mod self_trades;
mod waiting;

use pricetime::{
    Capacities, Instrument, InstrumentBuilder, Notional, OrderIdPolicy, PRICE_LIMIT, Price,
    Quantity, SelfTrade,
};

use super::terms::{self, Terms};

/// An instrument, and the domains that commands are drawn from.
pub struct Setting {
    pub instrument: InstrumentBuilder,
    /// The time of the first commands.
    pub start: u64,
    pub ids: Ids,
    /// How many limit orders back a change of an order may reach.
    pub memory: usize,
    pub accounts: Vec<u32>,
    pub prices: Vec<i64>,
    /// Where passive bids end and passive asks begin.
    pub middle: i64,
    pub passive_of_32: u8,
    pub quantities: Vec<u64>,
    /// Of orders that are not passive.
    pub taker_quantities: Vec<u64>,
    pub budgets: Vec<i128>,
    pub actions: &'static [(Kind, u8)],
    pub lifetimes: &'static [(Lifetime, u8)],
    pub terms: &'static Terms,
    /// Expiries are multiples of this.
    pub expiry_round: u64,
}

pub enum Ids {
    Of(Vec<u64>),
    Growing,
}

#[derive(Clone, Copy)]
pub enum Kind {
    Limit,
    Order,
    Once,
    CancelReplace,
    Market,
    Cancel,
    Reduce,
    Replace,
    Amend,
    CancelAll,
    /// All orders of a list, one command each.
    List,
    /// One order of a list that goes on.
    Leg,
    SetMark,
    AdvanceTime,
    EndOfDay,
}

#[derive(Clone, Copy)]
pub enum Lifetime {
    Gtc,
    Ioc,
    Fok,
    Day,
    Gtd,
}

/// All settings.
pub const ALL: [fn() -> Setting; 42] = [
    plain,
    few_orders,
    few_levels,
    few_accounts,
    unlinked_accounts,
    one_of_each,
    limits,
    growing_ids,
    crowd,
    extremes,
    icebergs,
    minimums,
    few_places,
    crossed,
    self_trades::expire_taker,
    self_trades::expire_maker,
    self_trades::expire_both,
    self_trades::decrement,
    self_trades::transfer,
    waiting::stops,
    waiting::stops_wait,
    waiting::stops_refused,
    waiting::few_waiting,
    waiting::cascades,
    waiting::trails,
    lists::pegs,
    lists::pegs_around_zero,
    lists::few_pegs,
    lists::lists,
    lists::lists_refused,
    lists::few_lists,
    lists::long_lists,
    amend::less_quantity,
    amend::no_more_displayed,
    amend::no_more_displayed_in_total,
    amend::only_less_quantity,
    amend::replaced,
    amend::replaced_and_waiting,
    filters::by_last_trade,
    filters::by_mark,
    filters::few_of_each_account,
    far_apart,
];

/// A dozen prices around zero and one beyond each end of the band.
fn plain() -> Setting {
    let quantities: Vec<u64> = thrice(1..=12).chain([20, 0, 21]).collect();
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(-6), Price::new(6))
            .quantity_limits(Quantity::new(1), Quantity::new(20))
            .capacities(ROOMY),
        start: 0,
        ids: Ids::Of((0..16).collect()),
        memory: 16,
        accounts: vec![0, 1, 2, 3],
        prices: thrice(-6..=6).chain([-7, 7]).collect(),
        middle: 0,
        passive_of_32: 22,
        taker_quantities: quantities.clone(),
        quantities,
        budgets: vec![1, 2, 4, 6, 9, 15, 24, 40, 80, 0, -1],
        actions: USUAL,
        lifetimes: &[
            (Lifetime::Gtc, 16),
            (Lifetime::Ioc, 2),
            (Lifetime::Fok, 3),
            (Lifetime::Day, 3),
            (Lifetime::Gtd, 4),
        ],
        terms: &terms::ANY,
        expiry_round: 1,
    }
}

fn few_orders() -> Setting {
    let capacities = Capacities { orders: 5, ..ROOMY };
    positive(capacities)
}

fn few_levels() -> Setting {
    let capacities = Capacities { levels: 3, ..ROOMY };
    positive(capacities)
}

/// Prices above zero only, so that budgets bound.
fn positive(capacities: Capacities) -> Setting {
    let most = capacities.orders;
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(1), Price::new(12))
            .quantity_limits(Quantity::new(1), Quantity::new(20))
            .capacities(Capacities {
                timed_orders: capacities.timed_orders.min(most),
                special_orders: capacities.special_orders.min(most),
                waiting_orders: capacities.waiting_orders.min(most),
                ..capacities
            }),
        prices: thrice(1..=12).chain([0, 13]).collect(),
        middle: 6,
        ..plain()
    }
}

fn few_accounts() -> Setting {
    Setting {
        instrument: plain().instrument.capacities(Capacities {
            accounts: 2,
            timed_orders: 2,
            ..ROOMY
        }),
        accounts: vec![0, 7, 8, u32::MAX],
        ..plain()
    }
}

fn unlinked_accounts() -> Setting {
    Setting {
        instrument: plain().instrument.capacities(Capacities {
            accounts: 0,
            ..ROOMY
        }),
        accounts: vec![0, 7, 8, u32::MAX],
        ..plain()
    }
}

/// Room for one order, which must not be timed and may have every lot there is.
fn one_of_each() -> Setting {
    let quantities = vec![1, 2, 3, u64::MAX, u64::MAX - 1];
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(-6), Price::new(6))
            .capacities(Capacities {
                orders: 1,
                levels: 1,
                accounts: 1,
                timed_orders: 0,
                special_orders: 1,
                waiting_orders: 1,
                lists: 8,
                tokens: 4,
                events: 16,
            }),
        ids: Ids::Of(vec![0, 1, 2]),
        taker_quantities: quantities.clone(),
        quantities,
        ..plain()
    }
}

fn limits() -> Setting {
    let quantities: Vec<u64> = thrice(3..=10).chain([1, 2, 0, 11]).collect();
    Setting {
        instrument: plain()
            .instrument
            .quantity_limits(Quantity::new(3), Quantity::new(10))
            .notional_min(Notional::new(6))
            .notional_max(Notional::new(30)),
        taker_quantities: quantities.clone(),
        quantities,
        budgets: vec![6, 9, 12, 15, 18, 24, 30, 5, 31, 0, -7],
        ..plain()
    }
}

fn growing_ids() -> Setting {
    Setting {
        instrument: plain().instrument.order_ids(OrderIdPolicy::Increasing),
        ids: Ids::Growing,
        ..plain()
    }
}

/// More orders than one command may report, most of them passive and expiring together.
fn crowd() -> Setting {
    let expiry_round = 64;
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(-3), Price::new(3))
            .capacities(Capacities {
                orders: 60,
                timed_orders: 50,
                special_orders: 40,
                waiting_orders: 20,
                events: 16,
                ..ROOMY
            }),
        ids: Ids::Of((1..=200).collect()),
        accounts: vec![0, 0, 0, 1],
        prices: vec![-2, -1, 1, 2],
        passive_of_32: 29,
        quantities: vec![1, 1, 1, 2],
        taker_quantities: vec![1, 15, 20, 30, 50, 70],
        budgets: vec![1, 30, 60, 90],
        actions: &[
            (Kind::Limit, 110),
            (Kind::Order, 14),
            (Kind::Leg, 6),
            (Kind::Market, 2),
            (Kind::Cancel, 3),
            (Kind::Reduce, 4),
            (Kind::Replace, 40),
            (Kind::CancelAll, 4),
            (Kind::SetMark, 4),
            (Kind::AdvanceTime, 1),
            (Kind::EndOfDay, 1),
        ],
        lifetimes: &[
            (Lifetime::Gtc, 6),
            (Lifetime::Ioc, 1),
            (Lifetime::Fok, 1),
            (Lifetime::Day, 8),
            (Lifetime::Gtd, 12),
        ],
        expiry_round,
        ..plain()
    }
}

/// The ends of every range: band, quantity, money, ids and time.
fn extremes() -> Setting {
    let most = u64::MAX / 6;
    let quantities = vec![most, most - 1, 1, most / 2, 0, u64::MAX];
    Setting {
        instrument: Instrument::builder()
            .price_band(Price::new(-PRICE_LIMIT), Price::new(PRICE_LIMIT))
            .capacities(Capacities {
                orders: 6,
                timed_orders: 6,
                special_orders: 6,
                waiting_orders: 6,
                ..ROOMY
            }),
        start: u64::MAX - 100,
        ids: Ids::Of(vec![0, 1, 2, 3, 4, 1 << 63, u64::MAX - 1, u64::MAX]),
        accounts: vec![0, 1, u32::MAX - 1, u32::MAX],
        prices: [0, 1, PRICE_LIMIT - 1, PRICE_LIMIT]
            .into_iter()
            .flat_map(|price| [price, -price])
            .chain([PRICE_LIMIT + 1, i64::MIN + 1, i64::MAX])
            .collect(),
        taker_quantities: quantities.clone(),
        quantities,
        budgets: vec![i128::MAX, 1 << 125, (1 << 62) + 1, 1, i128::MIN],
        ..plain()
    }
}

/// Few prices, few peaks, and few slots for orders that are not plain.
fn icebergs() -> Setting {
    let usual = close_together(Capacities {
        special_orders: 7,
        ..ROOMY
    });
    Setting {
        instrument: usual.instrument.peaks_max(6),
        terms: &terms::ICEBERGS,
        ..usual
    }
}

/// Few prices, and orders that cross without trading.
fn minimums() -> Setting {
    Setting {
        terms: &terms::MINIMUMS,
        ..close_together(ROOMY)
    }
}

/// The same where every capacity is short: what is left of a taker may find no place, and
/// not everything that could trade may be reported.
fn few_places() -> Setting {
    Setting {
        terms: &terms::MINIMUMS,
        ..close_together(Capacities {
            orders: 9,
            levels: 3,
            special_orders: 8,
            timed_orders: 5,
            events: 16,
            ..ROOMY
        })
    }
}

/// Orders that cross and are kept from trading by their minimum or by themselves, until a change sets them free.
fn crossed() -> Setting {
    let usual = close_together(Capacities {
        events: 16,
        ..ROOMY
    });
    Setting {
        instrument: usual.instrument.self_trade(SelfTrade::ExpireTaker),
        ids: Ids::Of((0..40).collect()),
        memory: 12,
        accounts: vec![0, 1, 2],
        prices: vec![3, 3, 3, 3, 2, 4],
        quantities: vec![1, 2, 3, 5, 8, 9],
        taker_quantities: vec![3, 5, 7, 9, 12, 16, 20],
        passive_of_32: 8,
        actions: &[
            (Kind::Limit, 30),
            (Kind::Order, 110),
            (Kind::Cancel, 60),
            (Kind::Reduce, 20),
            (Kind::Replace, 34),
            (Kind::EndOfDay, 6),
            (Kind::CancelAll, 3),
        ],
        lifetimes: &[(Lifetime::Gtc, 16), (Lifetime::Day, 4), (Lifetime::Gtd, 16)],
        terms: &terms::CROSSED,
        ..usual
    }
}

/// Five prices, mostly for orders that are not plain.
fn close_together(capacities: Capacities) -> Setting {
    let usual = positive(capacities);
    Setting {
        instrument: usual.instrument.price_band(Price::new(1), Price::new(5)),
        prices: thrice(1..=5).chain([6]).collect(),
        middle: 3,
        passive_of_32: 20,
        actions: &[
            (Kind::Limit, 50),
            (Kind::Order, 100),
            (Kind::Market, 12),
            (Kind::Cancel, 12),
            (Kind::Reduce, 20),
            (Kind::Replace, 44),
            (Kind::CancelAll, 2),
            (Kind::SetMark, 6),
            (Kind::AdvanceTime, 2),
            (Kind::EndOfDay, 1),
        ],
        ..usual
    }
}

/// Prices at every distance from each other, and room for many orders.
fn far_apart() -> Setting {
    let powers = (0..40).map(|power| 1_i64 << power);
    let around = powers.flat_map(|power| [power - 1, power, power + 1]);
    Setting {
        instrument: Instrument::builder().capacities(Capacities {
            orders: 4096,
            levels: 256,
            accounts: 8,
            timed_orders: 1024,
            special_orders: 512,
            waiting_orders: 256,
            lists: 8,
            tokens: 4,
            events: 512,
        }),
        ids: Ids::Growing,
        memory: usize::MAX,
        accounts: (0..9).collect(),
        prices: around.flat_map(|price| [price, -price]).collect(),
        passive_of_32: 30,
        budgets: (0..40).map(|power| 1_i128 << power).collect(),
        actions: &[
            (Kind::Limit, 176),
            (Kind::Order, 24),
            (Kind::Market, 2),
            (Kind::Cancel, 12),
            (Kind::Reduce, 14),
            (Kind::Replace, 20),
            (Kind::SetMark, 4),
            (Kind::AdvanceTime, 1),
        ],
        ..plain()
    }
}

const ROOMY: Capacities = Capacities {
    orders: 64,
    levels: 20,
    accounts: 4,
    timed_orders: 64,
    special_orders: 64,
    waiting_orders: 64,
    lists: 8,
    tokens: 4,
    events: 67,
};

const USUAL: &[(Kind, u8)] = &[
    (Kind::Limit, 102),
    (Kind::Order, 40),
    (Kind::Market, 10),
    (Kind::Cancel, 15),
    (Kind::Reduce, 24),
    (Kind::Replace, 36),
    (Kind::List, 5),
    (Kind::Amend, 8),
    (Kind::Once, 4),
    (Kind::CancelReplace, 4),
    (Kind::CancelAll, 3),
    (Kind::SetMark, 5),
    (Kind::AdvanceTime, 3),
    (Kind::EndOfDay, 2),
];

/// Makes these values three times as frequent as those chained to them.
fn thrice<T: Clone>(values: impl Iterator<Item = T> + Clone) -> impl Iterator<Item = T> {
    std::iter::repeat_n(values, 3).flatten()
}
