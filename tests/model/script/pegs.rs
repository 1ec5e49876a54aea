//! Orders whose limit the book gives: how often each is drawn.

use pricetime::{Order, PegReference, PegUnit, PostOnly, Price, Pricing, Repricing, TimeInForce};

use super::{More, cycle, weighted};

/// How often an order is pegged, and to what. The plainest stands first.
pub struct Pegs {
    pub kinds: &'static [(Option<Repricing>, u8)],
}

impl Pegs {
    /// The same order with its limit as the worst that it may be pegged to, or as it is.
    pub fn of(&self, order: &Order, prices: &[i64], which: u8, more: &mut More) -> Order {
        let Some(repricing) = weighted(self.kinds, which) else {
            return *order;
        };
        if order.pricing == Pricing::Market {
            return *order;
        }
        let follows = repricing == Repricing::Live;
        let reference = weighted(REFERENCES, more.byte());
        let counts_levels = if follows {
            more.one_in(40)
        } else {
            reference != PegReference::Midpoint && more.one_in(2) || more.one_in(20)
        };
        let unit = if counts_levels {
            PegUnit::Levels
        } else {
            PegUnit::Ticks
        };
        let offset = match unit {
            PegUnit::Ticks => cycle(&OFFSETS, more.byte()),
            PegUnit::Levels => cycle(&LEVELS, more.byte()),
        };
        let pricing = Pricing::Pegged {
            reference,
            repricing,
            unit,
            offset,
            limit: limit(order, prices, more),
        };
        let may_rest = !matches!(order.time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
        let may_post = reference == PegReference::Primary || more.one_in(16);
        Order {
            pricing,
            time_in_force: if follows && !may_rest && !more.one_in(6) {
                TimeInForce::Gtc
            } else {
                order.time_in_force
            },
            post_only: if may_post {
                order.post_only
            } else {
                PostOnly::Off
            },
            ..*order
        }
    }
}

/// Mostly far away, now and then where it cuts.
fn limit(order: &Order, prices: &[i64], more: &mut More) -> Price {
    let drawn = match order.pricing {
        Pricing::Limit(price) => price.ticks(),
        Pricing::Market
        | Pricing::Protected(_)
        | Pricing::MarketToLimit
        | Pricing::Pegged { .. } => cycle(prices, more.byte()),
    };
    let far = match order.side {
        pricetime::Side::Buy => prices.iter().copied().max(),
        pricetime::Side::Sell => prices.iter().copied().min(),
    };
    let far = far.unwrap_or(drawn);
    let inside = match far.cmp(&drawn) {
        std::cmp::Ordering::Less => far + 1,
        std::cmp::Ordering::Equal => far,
        std::cmp::Ordering::Greater => far - 1,
    };
    Price::new(if more.one_in(3) { drawn } else { inside })
}

const REFERENCES: &[(PegReference, u8)] = &[
    (PegReference::Primary, 4),
    (PegReference::Market, 3),
    (PegReference::Midpoint, 3),
];
const OFFSETS: [i32; 16] = [
    0,
    0,
    0,
    1,
    1,
    -1,
    -1,
    2,
    -2,
    3,
    -3,
    0,
    1,
    -1,
    i32::MAX,
    i32::MIN,
];
const LEVELS: [i32; 8] = [0, 1, 2, 1, 0, 4, -1, 101];

/// Now and then.
pub const FEW: Pegs = Pegs {
    kinds: &[
        (None, 40),
        (Some(Repricing::Live), 2),
        (Some(Repricing::Once), 1),
    ],
};

/// Half of the orders follow, and some ask once.
pub const MANY: Pegs = Pegs {
    kinds: &[
        (None, 3),
        (Some(Repricing::Live), 5),
        (Some(Repricing::Once), 2),
    ],
};
