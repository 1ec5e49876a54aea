//! Flows whose book keeps its size: orders come as fast as they go.
//!
//! The middle price does not move. Passive orders of 1 to 100 lots are placed at a
//! distance from it; takers trade with what is best. Every choice is independent,
//! except that orders come a little faster when the book is below its target and a
//! little slower when above. The warm-up enters the target number of orders and then
//! as many commands again of the flow's own kind, so that memory is as disordered as
//! it will be.

use std::ops::RangeInclusive;

use pricetime::{Side, TimeInForce};

use crate::flows::shadow::Shadow;
use crate::flows::{Flow, QUANTITY_MAX, Scale, Venue};
use crate::support::baseline::Baseline;

/// 20,000 orders on about 180 levels, density falling linearly with the distance. Of 102
/// commands 50 add, 42 cancel, 5 amend (half of them by a tick, half to a new quantity)
/// and 5 take up to 160 lots, so as much as 1.6 orders hold. 18 % of the new orders are
/// placed 1 to 3 ticks from the middle, a little more than is taken there, so that
/// queues stand at the touch.
pub fn typical(scale: Scale) -> Flow {
    Steady {
        name: "typical",
        joining: 0.18,
        placement: Placement::Triangular(90),
        ..Steady::COMMON
    }
    .generate(scale)
}

/// 1,000,000 orders on about 23,000 levels, otherwise as [`typical`]: no cache holds it.
pub fn deep(scale: Scale) -> Flow {
    Steady {
        name: "deep",
        live: 1_000_000,
        joining: 0.18,
        placement: Placement::Triangular(11_700),
        venue: venue(1 << 20, 1 << 15),
        ..Steady::COMMON
    }
    .generate(scale)
}

/// 20,000 orders on about 90 levels. Of 1,000 commands 5 are market orders that take 10 to 100 orders
/// whole, over several levels; 635 add and 360 cancel.
pub fn sweep(scale: Scale) -> Flow {
    Steady {
        name: "sweep",
        placement: Placement::Triangular(50),
        mix: Mix {
            add: 635.0,
            cancel: 360.0,
            amend: 0.0,
            take: 5.0,
        },
        taking: Taking::Orders(10..=100),
        ..Steady::COMMON
    }
    .generate(scale)
}

/// 20,000 orders with distances from 1 to 4 million ticks, density falling as the
/// distance grows (a power law of exponent 1), so that most levels hold one order and
/// many are far from any other. Otherwise as [`typical`].
pub fn sparse(scale: Scale) -> Flow {
    Steady {
        name: "sparse",
        placement: Placement::PowerLaw(4_000_000),
        venue: venue(1 << 15, 1 << 15),
        ..Steady::COMMON
    }
    .generate(scale)
}

/// 20,000 orders on 10 levels, so 2,000 in a queue, and most cancellations from the
/// middle of one. Otherwise as [`typical`].
pub fn touch(scale: Scale) -> Flow {
    Steady {
        name: "touch",
        placement: Placement::Uniform(5),
        ..Steady::COMMON
    }
    .generate(scale)
}

/// The parameters of a flow.
struct Steady {
    name: &'static str,
    /// Resting orders.
    live: usize,
    /// How far from the middle orders rest.
    placement: Placement,
    /// The share of new orders that are placed 1 to 3 ticks from the middle instead.
    joining: f64,
    mix: Mix,
    taking: Taking,
    venue: Venue,
}

/// How often a command is of a kind, relative to the others.
struct Mix {
    add: f64,
    cancel: f64,
    amend: f64,
    take: f64,
}

/// How much a taker takes.
enum Taking {
    /// So many lots; half of the takers are market orders, half immediate-or-cancel
    /// limit orders 20 ticks through the best price.
    Lots(RangeInclusive<u64>),
    /// So many whole orders, as a market order.
    Orders(RangeInclusive<u64>),
}

/// The distribution of distances from the middle, from 1 to a greatest number of ticks.
enum Placement {
    /// All alike.
    Uniform(u64),
    /// Density falling linearly to zero at the greatest distance.
    Triangular(u64),
    /// Density falling with one over the distance.
    PowerLaw(u64),
}

const MIDDLE: i64 = 5_000_000;
const SEED: u64 = 20_260_101;
const TIMED: usize = 1_000_000;

impl Steady {
    const COMMON: Self = Self {
        name: "",
        live: 20_000,
        placement: Placement::Uniform(1),
        joining: 0.0,
        mix: Mix {
            add: 50.0,
            cancel: 42.0,
            amend: 5.0,
            take: 5.0,
        },
        taking: Taking::Lots(1..=160),
        venue: venue(1 << 15, 1 << 12),
    };

    fn generate(self, scale: Scale) -> Flow {
        let live = scale.of(self.live);
        let timed = scale.of(TIMED);
        let mut shadow = Shadow::new(SEED, 2 * live, live);
        for _ in 0..live {
            self.add(&mut shadow);
        }
        for _ in 0..live {
            self.step(&mut shadow, live);
        }
        let warmup = shadow.take_commands();
        for _ in 0..timed {
            self.step(&mut shadow, live);
        }
        Flow {
            name: self.name,
            venue: self.venue,
            warmup,
            timed: shadow.take_commands(),
        }
    }

    fn step(&self, shadow: &mut Shadow, target: usize) {
        let mix = &self.mix;
        let total = mix.add + mix.cancel + mix.amend + mix.take;
        // For each per cent of orders that is missing, one command in a hundred more adds one.
        let missing = 1.0 - shadow.book().len() as f64 / target as f64;
        let add = mix.add + total * missing.clamp(-0.1, 0.1);
        let draw = shadow.random.unit() * total;
        if draw <= add {
            self.add(shadow);
        } else if draw <= mix.add + mix.cancel {
            shadow.cancel();
        } else if draw <= mix.add + mix.cancel + mix.amend {
            self.amend(shadow);
        } else {
            self.take(shadow);
        }
    }

    fn add(&self, shadow: &mut Shadow) {
        let side = side(shadow);
        let joins = shadow.random.chance(self.joining);
        let distance = if joins {
            shadow.random.between(1, 3) as i64
        } else {
            self.placement.distance(shadow)
        };
        let quantity = shadow.random.between(1, QUANTITY_MAX);
        shadow.limit(side, price(side, distance), quantity, TimeInForce::Gtc);
    }

    fn amend(&self, shadow: &mut Shadow) {
        let Some((_, id, order)) = shadow.draw() else {
            return;
        };
        if shadow.random.chance(0.5) {
            let quantity = shadow.random.between(1, QUANTITY_MAX);
            shadow.replace(id, order.account, None, quantity);
        } else {
            let step = if shadow.random.chance(0.5) { 1 } else { -1 };
            let distance = (order.price - MIDDLE).abs() + step;
            let distance = distance.clamp(1, self.placement.greatest() as i64);
            let price = price(order.side, distance);
            shadow.replace(id, order.account, Some(price), order.quantity);
        }
    }

    fn take(&self, shadow: &mut Shadow) {
        let side = side(shadow);
        let Some(best) = shadow.book().best(side.opposite()) else {
            return;
        };
        match &self.taking {
            Taking::Lots(lots) => {
                let quantity = shadow.random.between(*lots.start(), *lots.end());
                if shadow.random.chance(0.5) {
                    shadow.market(side, quantity);
                } else {
                    let limit = match side {
                        Side::Buy => best + 20,
                        Side::Sell => best - 20,
                    };
                    shadow.limit(side, limit, quantity, TimeInForce::Ioc);
                }
            }
            Taking::Orders(orders) => {
                let orders = shadow.random.between(*orders.start(), *orders.end());
                let quantity = shadow.book().first_quantity(side.opposite(), orders);
                shadow.market(side, quantity);
            }
        }
    }
}

impl Placement {
    fn greatest(&self) -> u64 {
        match self {
            Self::Uniform(ticks) | Self::Triangular(ticks) | Self::PowerLaw(ticks) => *ticks,
        }
    }

    fn distance(&self, shadow: &mut Shadow) -> i64 {
        let random = &mut shadow.random;
        let distance = match self {
            Self::Uniform(ticks) => random.between(1, *ticks),
            Self::Triangular(ticks) => random.between(1, *ticks).min(random.between(1, *ticks)),
            Self::PowerLaw(ticks) => (*ticks as f64).powf(1.0 - random.unit()) as u64,
        };
        distance as i64
    }
}

/// Prices up to twice the middle.
const fn venue(orders: u32, levels: u32) -> Venue {
    Venue {
        price_max: 2 * MIDDLE,
        orders,
        levels,
    }
}

fn side(shadow: &mut Shadow) -> Side {
    Side::BOTH[shadow.random.below(2) as usize]
}

fn price(side: Side, distance: i64) -> i64 {
    match side {
        Side::Buy => MIDDLE - distance,
        Side::Sell => MIDDLE + distance,
    }
}
