//! The flows: what a venue's day may look like, as commands.
//!
//! A flow is generated from a seed, so it is the same in every run. Its warm-up fills
//! the book; what is timed comes after. Ids are chosen by the caller and without
//! sequence, 1,000 accounts trade, and times increase.

pub mod shadow;
pub mod steady;
pub mod swings;

use pricetime::{Capacities, Command, Instrument, Price, Quantity};

/// How much of a flow to make.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As documented.
    Full,
    /// Some ten thousand commands, to be counted under a program that makes all of it slow.
    Counted,
    /// A few thousand commands: enough to see that everything still works.
    Test,
}

impl Scale {
    /// A number of orders or commands at this scale.
    pub fn of(self, full: usize) -> usize {
        match self {
            Self::Full => full,
            Self::Counted => (full / 25).max(4_000),
            Self::Test => (full / 250).clamp(1_000, 4_000),
        }
    }
}

/// A book to be filled and the commands to be timed on it.
pub struct Flow {
    /// What it is called in tables.
    pub name: &'static str,
    /// What it is traded on.
    pub venue: Venue,
    /// Fills the book.
    pub warmup: Vec<Command>,
    /// What is timed.
    pub timed: Vec<Command>,
}

/// How many accounts trade. Their numbers start at 0.
pub const ACCOUNTS: u64 = 1_000;

/// Capacity for the events of one command.
pub const EVENTS: u32 = 1 << 12;

/// The greatest quantity of a resting order; the least is 1.
pub const QUANTITY_MAX: u64 = 100;

/// Makes a flow.
pub type Generate = fn(Scale) -> Flow;

/// Names and generators of all flows.
pub const ALL: [(&str, Generate); 10] = [
    ("typical", steady::typical),
    ("deep", steady::deep),
    ("sweep", steady::sweep),
    ("sparse", steady::sparse),
    ("touch", steady::touch),
    ("static", swings::unmoved),
    ("normal", swings::normal),
    ("swing_25", swings::swing_25),
    ("swing_40", swings::swing_40),
    ("flash_crash", swings::flash_crash),
];

/// What a flow is traded on.
pub struct Venue {
    /// The highest price. The lowest is one tick.
    pub price_max: i64,
    /// Capacity for resting orders.
    pub orders: u32,
    /// Capacity for levels.
    pub levels: u32,
}

impl Venue {
    /// The instrument, whose book links the orders of so many accounts; of none with 0.
    /// One command may trade with up to 4,093 orders.
    pub fn instrument(&self, accounts: u32) -> Instrument {
        Instrument::builder()
            .price_band(Price::new(1), Price::new(self.price_max))
            .quantity_limits(Quantity::new(1), Quantity::new(1_000_000))
            .capacities(Capacities {
                special_orders: 0,
                waiting_orders: 0,
                orders: self.orders,
                levels: self.levels,
                accounts,
                timed_orders: 0,
                lists: 0,
                tokens: 0,
                events: EVENTS,
            })
            .build()
            .expect("capacities and band are within range")
    }
}
