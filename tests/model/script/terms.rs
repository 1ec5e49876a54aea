//! The terms of orders that are not plain: how often each is drawn.

use pricetime::{
    Display, MarketOrder, Order, PostOnly, Pricing, Quantity, Refresh, SelfTrade, TimeInForce,
    TradeGroup,
};

use super::pegs::{self, Pegs};
use super::trigger::{self, Triggers};
use super::{cycle, weighted};

/// The bytes that an order's terms are drawn from.
pub const TERMS: usize = 6;

/// How often an order has which terms. The plainest stands first.
pub struct Terms {
    pricings: &'static [(Priced, u8)],
    displays: &'static [(Shown, u8)],
    minimums: &'static [(Least, u8)],
    groups: &'static [(u32, u8)],
    modes: &'static [(Option<SelfTrade>, u8)],
    pub triggers: Triggers,
    pub pegs: Pegs,
}

#[derive(Clone, Copy)]
enum Priced {
    Limit,
    Market,
    Protected,
    ToLimit,
}

#[derive(Clone, Copy)]
enum Shown {
    Whole,
    Hidden,
    Peak(Refresh),
}

/// A minimum by what the quantity is.
#[derive(Clone, Copy)]
enum Least {
    None,
    Lots(u64),
    Half,
    All,
    /// One lot more than there is.
    More,
}

impl Terms {
    /// A market order that names a trade group and a self-trade mode about as often.
    pub fn of_market(&self, plain: &MarketOrder, bytes: [u8; TERMS]) -> MarketOrder {
        let [.., group, mode] = bytes;
        MarketOrder {
            group: TradeGroup(weighted(self.groups, group)),
            self_trade: weighted(self.modes, mode),
            ..*plain
        }
    }

    /// A limit order with its terms drawn from `bytes`.
    pub fn of(&self, plain: &Order, bytes: [u8; TERMS]) -> Order {
        let [pricing, display, peak, minimum, group, mode] = bytes;
        let mut order = Order {
            group: TradeGroup(weighted(self.groups, group)),
            self_trade: weighted(self.modes, mode),
            display: self.display(plain, display, peak),
            ..*plain
        };
        let lots = order.quantity.lots();
        // Only now and then do an iceberg or a market order ask for what they may not have.
        let is_iceberg = matches!(order.display, Display::Peak { .. });
        if !is_iceberg || group % 16 == 1 {
            order.minimum = Quantity::new(match weighted(self.minimums, minimum) {
                Least::None => 0,
                Least::Lots(least) => least.min(lots),
                Least::Half => lots / 2,
                Least::All => lots,
                Least::More => lots.saturating_add(1),
            });
        }
        let drawn = weighted(self.pricings, pricing);
        if matches!(drawn, Priced::Limit) {
            return order;
        }
        order.pricing = match drawn {
            Priced::Limit => order.pricing,
            Priced::Market => Pricing::Market,
            Priced::Protected => Pricing::Protected(cycle(&DISTANCES, peak)),
            Priced::ToLimit => Pricing::MarketToLimit,
        };
        if mode % 8 != 1 {
            order.post_only = PostOnly::Off;
        }
        if order.pricing == Pricing::Market && group % 8 != 2 {
            order.display = Display::Whole;
            order.time_in_force = match order.time_in_force {
                TimeInForce::Fok => TimeInForce::Fok,
                TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Day | TimeInForce::Gtd(_) => {
                    TimeInForce::Ioc
                }
            };
        }
        order
    }

    pub fn display(&self, plain: &Order, display: u8, peak: u8) -> Display {
        let lots = plain.quantity.lots();
        let drawn = weighted(self.displays, display);
        let can_rest = !matches!(plain.time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
        if !can_rest && !peak.is_multiple_of(4) {
            return Display::Whole;
        }
        match drawn {
            Shown::Whole => Display::Whole,
            Shown::Hidden => Display::Hidden,
            Shown::Peak(refresh) => Display::Peak {
                quantity: Quantity::new(match peak % 16 {
                    0..4 => 1,
                    4..8 => 2,
                    8..11 => 3.min(lots),
                    11 | 12 => lots / 2,
                    13 => lots,
                    14 => lots / 3,
                    _ => weighted(&[(0, 1), (lots.saturating_add(1), 1)], peak / 16),
                }),
                spread_bps: cycle(&SPREADS, peak / 16),
                refresh,
            },
        }
    }
}

const DISTANCES: [u64; 8] = [0, 1, 2, 1, 0, 2, 40, u64::MAX];
const SPREADS: [u16; 16] = [
    0,
    0,
    0,
    0,
    0,
    0,
    5_000,
    5_000,
    3_334,
    6_667,
    9_999,
    9_999,
    9_999,
    1,
    10_000,
    u16::MAX,
];

const ANY_PRICE: &[(Priced, u8)] = &[
    (Priced::Limit, 20),
    (Priced::Market, 3),
    (Priced::Protected, 4),
    (Priced::ToLimit, 3),
];
const ANY_DISPLAY: &[(Shown, u8)] = &[
    (Shown::Whole, 6),
    (Shown::Hidden, 2),
    (Shown::Peak(Refresh::Requeue), 2),
    (Shown::Peak(Refresh::Retain), 2),
    (Shown::Peak(Refresh::HiddenLast), 2),
];
const ANY_MINIMUM: &[(Least, u8)] = &[
    (Least::None, 10),
    (Least::Lots(1), 1),
    (Least::Lots(3), 3),
    (Least::Half, 2),
    (Least::All, 4),
    (Least::More, 1),
];
const ANY_GROUP: &[(u32, u8)] = &[(0, 4), (1, 1), (u32::MAX, 1)];
const ANY_MODE: &[(Option<SelfTrade>, u8)] = &[
    (None, 8),
    (Some(SelfTrade::Allow), 1),
    (Some(SelfTrade::ExpireTaker), 2),
    (Some(SelfTrade::ExpireMaker), 2),
    (Some(SelfTrade::ExpireBoth), 2),
    (Some(SelfTrade::Decrement), 2),
    (Some(SelfTrade::Transfer), 3),
];

/// Some of everything.
pub const ANY: Terms = Terms {
    pricings: ANY_PRICE,
    displays: ANY_DISPLAY,
    minimums: ANY_MINIMUM,
    groups: ANY_GROUP,
    modes: ANY_MODE,
    triggers: trigger::FEW,
    pegs: pegs::FEW,
};

/// Mostly orders that do not show all.
pub const ICEBERGS: Terms = Terms {
    displays: &[
        (Shown::Whole, 2),
        (Shown::Hidden, 2),
        (Shown::Peak(Refresh::Requeue), 4),
        (Shown::Peak(Refresh::Retain), 4),
        (Shown::Peak(Refresh::HiddenLast), 5),
    ],
    minimums: &[(Least::None, 15), (Least::Lots(3), 2), (Least::All, 2)],
    groups: &[(0, 15), (1, 1)],
    modes: &[
        (None, 20),
        (Some(SelfTrade::Decrement), 2),
        (Some(SelfTrade::ExpireMaker), 1),
    ],
    ..ANY
};

/// Mostly orders with a minimum.
pub const MINIMUMS: Terms = Terms {
    pricings: &[
        (Priced::Limit, 24),
        (Priced::Market, 3),
        (Priced::Protected, 2),
        (Priced::ToLimit, 2),
    ],
    displays: &[
        (Shown::Whole, 12),
        (Shown::Hidden, 3),
        (Shown::Peak(Refresh::Requeue), 1),
        (Shown::Peak(Refresh::HiddenLast), 1),
    ],
    minimums: &[
        (Least::None, 2),
        (Least::Lots(2), 1),
        (Least::Lots(4), 3),
        (Least::Half, 4),
        (Least::All, 8),
    ],
    groups: &[(0, 15), (1, 1)],
    modes: &[
        (None, 24),
        (Some(SelfTrade::ExpireMaker), 1),
        (Some(SelfTrade::ExpireTaker), 1),
        (Some(SelfTrade::Decrement), 1),
    ],
    triggers: trigger::FEW,
    pegs: pegs::FEW,
};

/// Orders with a minimum among icebergs, and all modes.
pub const CROSSED: Terms = Terms {
    pricings: &[(Priced::Limit, 30), (Priced::ToLimit, 1)],
    displays: &[
        (Shown::Whole, 14),
        (Shown::Hidden, 2),
        (Shown::Peak(Refresh::Requeue), 3),
        (Shown::Peak(Refresh::Retain), 4),
        (Shown::Peak(Refresh::HiddenLast), 1),
    ],
    minimums: &[
        (Least::None, 2),
        (Least::Lots(2), 6),
        (Least::Lots(3), 4),
        (Least::Half, 3),
        (Least::All, 4),
    ],
    groups: &[(0, 6), (1, 1)],
    modes: &[
        (None, 16),
        (Some(SelfTrade::Allow), 1),
        (Some(SelfTrade::ExpireMaker), 4),
        (Some(SelfTrade::ExpireBoth), 2),
        (Some(SelfTrade::Decrement), 4),
        (Some(SelfTrade::Transfer), 2),
    ],
    triggers: trigger::FEW,
    pegs: pegs::FEW,
};

/// Mostly orders that must not trade with themselves.
pub const SELF_TRADES: Terms = Terms {
    groups: &[(0, 3), (1, 2), (2, 1)],
    minimums: &[
        (Least::None, 10),
        (Least::Lots(2), 3),
        (Least::Half, 2),
        (Least::All, 2),
    ],
    ..ANY
};

/// Mostly orders that wait, at any price as often as with a limit.
pub const STOPS: Terms = Terms {
    pricings: &[
        (Priced::Limit, 16),
        (Priced::Market, 10),
        (Priced::Protected, 4),
        (Priced::ToLimit, 3),
    ],
    displays: &[
        (Shown::Whole, 14),
        (Shown::Hidden, 2),
        (Shown::Peak(Refresh::Requeue), 2),
        (Shown::Peak(Refresh::Retain), 1),
        (Shown::Peak(Refresh::HiddenLast), 1),
    ],
    minimums: &[
        (Least::None, 14),
        (Least::Lots(2), 2),
        (Least::Half, 2),
        (Least::All, 3),
    ],
    groups: &[(0, 12), (1, 1)],
    modes: &[
        (None, 20),
        (Some(SelfTrade::ExpireTaker), 1),
        (Some(SelfTrade::ExpireMaker), 1),
        (Some(SelfTrade::Decrement), 1),
    ],
    triggers: trigger::STOPS,
    pegs: pegs::FEW,
};

/// Orders that wait for each other.
pub const CASCADES: Terms = Terms {
    minimums: &[(Least::None, 16), (Least::Lots(2), 1), (Least::All, 1)],
    triggers: trigger::CASCADES,
    ..STOPS
};

/// Mostly orders that take their price from the book, and some of everything among them.
pub const PEGS: Terms = Terms {
    pricings: &[(Priced::Limit, 30), (Priced::Market, 1)],
    displays: &[
        (Shown::Whole, 12),
        (Shown::Hidden, 2),
        (Shown::Peak(Refresh::Requeue), 2),
        (Shown::Peak(Refresh::Retain), 1),
        (Shown::Peak(Refresh::HiddenLast), 1),
    ],
    minimums: &[(Least::None, 16), (Least::Lots(2), 2), (Least::All, 1)],
    groups: &[(0, 12), (1, 1)],
    modes: &[
        (None, 20),
        (Some(SelfTrade::ExpireTaker), 1),
        (Some(SelfTrade::ExpireMaker), 1),
    ],
    pegs: pegs::MANY,
    ..ANY
};

/// Orders that are mostly plain.
pub const LISTS: Terms = Terms {
    pricings: &[
        (Priced::Limit, 16),
        (Priced::Market, 3),
        (Priced::ToLimit, 1),
    ],
    modes: &[
        (None, 20),
        (Some(SelfTrade::ExpireTaker), 1),
        (Some(SelfTrade::ExpireMaker), 2),
        (Some(SelfTrade::Decrement), 2),
    ],
    minimums: &[
        (Least::None, 8),
        (Least::Lots(2), 1),
        (Least::Half, 1),
        (Least::All, 2),
    ],
    ..PEGS_FEW
};

const PEGS_FEW: Terms = Terms {
    pegs: pegs::FEW,
    ..PEGS
};

/// Orders that may get other terms, and some that wait.
pub const AMENDED: Terms = Terms {
    pricings: &[(Priced::Limit, 26), (Priced::ToLimit, 1)],
    displays: &[
        (Shown::Whole, 7),
        (Shown::Hidden, 3),
        (Shown::Peak(Refresh::Requeue), 2),
        (Shown::Peak(Refresh::Retain), 2),
        (Shown::Peak(Refresh::HiddenLast), 2),
    ],
    minimums: &[
        (Least::None, 20),
        (Least::Lots(2), 2),
        (Least::Half, 1),
        (Least::All, 4),
    ],
    groups: &[(0, 15), (1, 1)],
    modes: &[(None, 24), (Some(SelfTrade::ExpireTaker), 1)],
    pegs: pegs::FEW,
    triggers: trigger::AMENDED,
};
