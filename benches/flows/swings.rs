//! Flows under a moving price, after the benchmarks of matching engines in the literature.
//!
//! 1,000,000 new orders, a microsecond apart on average, with ids in shuffled order.
//! The middle price starts at 50,000 ticks and follows a geometric Brownian motion with
//! a step at every order, scaled so that its highest less its lowest point is the stated
//! share of the start. 15 % of the orders are immediate-or-cancel and priced through the
//! middle; the rest is priced short of it by a distance whose density rises to a hump 8
//! ticks away and falls from there by a power law of exponent 2.23, cut at 5,000 ticks.
//! Quantities are uniform from 1 to 100 lots. Of the orders that may rest, 20 % are
//! replaced once on their way (one lot more than entered, and four in five times one
//! tick up or down as well), 95 % are cancelled after an exponential lifetime with a
//! median of 0.431 ms, and 2 % of the cancellations are sent twice, a microsecond apart.
//! Nobody looks at the book: whoever cancels an order that has traded is refused.
//!
//! The warm-up is the first tenth of the commands.

use pricetime::{
    AccountId, Action, Cancel, Command, LimitOrder, OrderId, PostOnly, Price, Quantity, Replace,
    Side, TimeInForce, Timestamp,
};

use crate::flows::{ACCOUNTS, Flow, QUANTITY_MAX, Scale, Venue};
use crate::support::random::{Random, mix};

/// The middle does not move.
pub fn unmoved(scale: Scale) -> Flow {
    generate("static", 0.0, scale)
}

/// The middle moves by 2 %, 1,000 ticks.
pub fn normal(scale: Scale) -> Flow {
    generate("normal", 0.02, scale)
}

/// The middle moves by 25 %, 12,500 ticks.
pub fn swing_25(scale: Scale) -> Flow {
    generate("swing_25", 0.25, scale)
}

/// The middle moves by 40 %, 20,000 ticks.
pub fn swing_40(scale: Scale) -> Flow {
    generate("swing_40", 0.40, scale)
}

/// The middle moves by 60 %, 30,000 ticks.
pub fn flash_crash(scale: Scale) -> Flow {
    generate("flash_crash", 0.60, scale)
}

const NEW_ORDERS: usize = 1_000_000;
const START: f64 = 50_000.0;
const SEED: u64 = 20_260_202;
const GAP_MEAN_NS: f64 = 1_000.0;
const LIFETIME_MEDIAN_NS: f64 = 431_000.0;
const IMMEDIATE: f64 = 0.15;
const REPLACED: f64 = 0.20;
const MOVED: f64 = 0.80;
const CANCELLED: f64 = 0.95;
const CANCELLED_TWICE: f64 = 0.02;
const HUMP: f64 = 8.0;
const EXPONENT: f64 = 2.23;
const DISTANCE_MAX: f64 = 5_000.0;

fn generate(name: &'static str, swing: f64, scale: Scale) -> Flow {
    let orders = scale.of(NEW_ORDERS);
    let mut random = Random::new(SEED);
    let middles = middles(&mut random, orders, swing);
    let ids = shuffled(&mut random, orders);
    let mut list = Vec::with_capacity(3 * orders);
    let mut clock = 0.0;
    for (id, middle) in ids.into_iter().zip(middles) {
        clock += random.exponential(GAP_MEAN_NS);
        Life::draw(&mut random, id, middle, clock as u64).write(&mut random, &mut list);
    }
    // Stable, so that what was written first for an order also comes first.
    list.sort_by_key(|command| command.timestamp);
    let timed = list.split_off(list.len() / 10);
    Flow {
        name,
        venue: Venue {
            price_max: 4 * START as i64,
            orders: 1 << 16,
            levels: 1 << 12,
        },
        warmup: list,
        timed,
    }
}

/// The middle price at every order.
fn middles(random: &mut Random, steps: usize, swing: f64) -> Vec<f64> {
    let mut level = 0.0;
    let path: Vec<f64> = (0..steps)
        .map(|_| {
            level += random.normal();
            level
        })
        .collect();
    let lowest = path.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = path.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // The volatility that makes exp(v * highest) - exp(v * lowest) the swing, by bisection.
    let (mut low, mut high) = (0.0, 1.0 / (highest - lowest));
    for _ in 0..60 {
        let volatility = (low + high) / 2.0;
        if (volatility * highest).exp() - (volatility * lowest).exp() < swing {
            low = volatility;
        } else {
            high = volatility;
        }
    }
    path.into_iter()
        .map(|level| START * (low * level).exp())
        .collect()
}

/// The numbers from 1 to `count`, in random order.
fn shuffled(random: &mut Random, count: usize) -> Vec<u64> {
    let mut ids: Vec<u64> = (1..=count as u64).collect();
    for index in (1..count).rev() {
        ids.swap(index, random.below(index as u64 + 1) as usize);
    }
    ids
}

/// An order and when it comes and goes.
struct Life {
    order: LimitOrder,
    start: u64,
    end: u64,
}

impl Life {
    fn draw(random: &mut Random, id: u64, middle: f64, start: u64) -> Self {
        let side = Side::BOTH[random.below(2) as usize];
        let immediate = random.chance(IMMEDIATE);
        let away = if (side == Side::Buy) == immediate {
            1.0
        } else {
            -1.0
        };
        let price = middle.round() + away * distance(random);
        let lifetime = random.exponential(LIFETIME_MEDIAN_NS / std::f64::consts::LN_2);
        let order = LimitOrder {
            id: OrderId(id),
            account: AccountId((mix(id) % ACCOUNTS) as u32),
            side,
            price: Price::new(price as i64),
            quantity: Quantity::new(random.between(1, QUANTITY_MAX)),
            time_in_force: if immediate {
                TimeInForce::Ioc
            } else {
                TimeInForce::Gtc
            },
            post_only: PostOnly::Off,
        };
        Self {
            order,
            start,
            end: start + 1 + lifetime as u64,
        }
    }

    fn write(self, random: &mut Random, list: &mut Vec<Command>) {
        let order = self.order;
        let owner = Some(order.account);
        let mut push = |time, action| list.push(Command::new(Timestamp::new(time), action));
        push(self.start, Action::Limit(order));
        if order.time_in_force == TimeInForce::Ioc {
            return;
        }
        if random.chance(REPLACED) {
            let step = if random.chance(0.5) { 1 } else { -1 };
            let moved = random
                .chance(MOVED)
                .then(|| Price::new(order.price.ticks() + step));
            let replace = Replace {
                id: order.id,
                owner,
                price: moved,
                quantity: Some(Quantity::new(order.quantity.lots() + 1)),
            };
            let time = random.between(self.start, self.end - 1);
            push(time, Action::Replace(replace));
        }
        if random.chance(CANCELLED) {
            let cancel = Action::Cancel(Cancel {
                id: order.id,
                owner,
            });
            push(self.end, cancel);
            if random.chance(CANCELLED_TWICE) {
                push(self.end + 1_000, cancel);
            }
        }
    }
}

/// Ticks from the middle: density proportional to the distance up to the hump, and to
/// its power from there on.
fn distance(random: &mut Random) -> f64 {
    let tail = EXPONENT - 1.0;
    // Areas under (x / hump) from 0 to the hump, and under (x / hump)^-exponent beyond.
    let near = HUMP / 2.0;
    let far = HUMP / tail;
    loop {
        let distance = if random.chance(near / (near + far)) {
            HUMP * random.unit().sqrt()
        } else {
            HUMP * random.unit().powf(-1.0 / tail)
        };
        if distance <= DISTANCE_MAX {
            return distance.ceil();
        }
    }
}
