//! What orders wait for: how often each trigger is drawn.

use pricetime::{Order, Price, Trail, Trigger, TriggerKind, TriggerSource, TriggerStart};

use super::{cycle, weighted};

/// The bytes that an order's trigger is drawn from.
pub const TRIGGER: usize = 4;

/// How often an order waits, and for what. The plainest stands first.
pub struct Triggers {
    pub waits: &'static [(Wait, u8)],
    pub trails: &'static [((Trail, u32), u8)],
}

#[derive(Clone, Copy)]
pub enum Wait {
    Not,
    Fixed(TriggerSource),
    /// For a price at which it begins to trail.
    Start(TriggerSource),
    /// For nothing but what it trails.
    Trail(TriggerSource),
    /// For what nobody may ask.
    Malformed,
}

impl Triggers {
    /// The same order, waiting for something near these prices, or not.
    pub fn of(&self, order: &Order, prices: &[i64], bytes: [u8; TRIGGER]) -> Order {
        let [wait, price, trail, kind] = bytes;
        let price = Price::new(cycle(prices, price));
        let kind = if kind % 3 == 2 {
            TriggerKind::TakeProfit
        } else {
            TriggerKind::Stop
        };
        let drawn = weighted(self.trails, trail);
        let (zero, none) = (Price::new(0), (Trail::None, 0));
        let (source, price, (trail, distance), start) = match weighted(self.waits, wait) {
            Wait::Not => return *order,
            Wait::Fixed(source) => (source, price, none, TriggerStart::AtPrice),
            Wait::Start(source) => (source, price, drawn, TriggerStart::AtPrice),
            Wait::Trail(source) => (source, zero, drawn, TriggerStart::AtOnce),
            Wait::Malformed => {
                let source = TriggerSource::LastTrade;
                let (trail, start) = cycle(&MALFORMED, trail);
                (source, price, trail, start)
            }
        };
        Order {
            trigger: Some(Trigger {
                kind,
                source,
                price,
                trail,
                distance,
                start,
            }),
            ..*order
        }
    }
}

const MALFORMED: [((Trail, u32), TriggerStart); 7] = [
    ((Trail::Ticks, 0), TriggerStart::AtPrice),
    ((Trail::BasisPoints, 0), TriggerStart::AtPrice),
    ((Trail::BasisPoints, 10_000), TriggerStart::AtPrice),
    ((Trail::BasisPoints, u32::MAX), TriggerStart::AtOnce),
    ((Trail::None, 0), TriggerStart::AtOnce),
    ((Trail::None, 7), TriggerStart::AtPrice),
    // Unless the price that is drawn with it is zero.
    ((Trail::Ticks, 1), TriggerStart::AtOnce),
];

const ANY_TRAIL: &[((Trail, u32), u8)] = &[
    ((Trail::Ticks, 1), 4),
    ((Trail::Ticks, 2), 4),
    ((Trail::Ticks, 3), 2),
    ((Trail::Ticks, u32::MAX), 1),
    ((Trail::BasisPoints, 1), 1),
    ((Trail::BasisPoints, 2_000), 3),
    ((Trail::BasisPoints, 3_333), 2),
    ((Trail::BasisPoints, 5_000), 2),
    ((Trail::BasisPoints, 9_999), 1),
];

/// Now and then some of everything.
pub const FEW: Triggers = Triggers {
    waits: &[
        (Wait::Not, 40),
        (Wait::Fixed(TriggerSource::LastTrade), 2),
        (Wait::Fixed(TriggerSource::BestOpposite), 2),
        (Wait::Fixed(TriggerSource::Mark), 1),
        (Wait::Start(TriggerSource::LastTrade), 1),
        (Wait::Trail(TriggerSource::BestOpposite), 1),
        (Wait::Malformed, 1),
    ],
    trails: ANY_TRAIL,
};

/// Most orders wait for a price.
pub const STOPS: Triggers = Triggers {
    waits: &[
        (Wait::Not, 10),
        (Wait::Fixed(TriggerSource::LastTrade), 16),
        (Wait::Fixed(TriggerSource::BestOpposite), 8),
        (Wait::Fixed(TriggerSource::Mark), 8),
        (Wait::Start(TriggerSource::LastTrade), 4),
        (Wait::Start(TriggerSource::BestOpposite), 2),
        (Wait::Start(TriggerSource::Mark), 2),
        (Wait::Trail(TriggerSource::LastTrade), 3),
        (Wait::Trail(TriggerSource::BestOpposite), 2),
        (Wait::Trail(TriggerSource::Mark), 2),
        (Wait::Malformed, 1),
    ],
    trails: ANY_TRAIL,
};

/// Orders that follow the trades of others.
pub const CASCADES: Triggers = Triggers {
    waits: &[
        (Wait::Not, 4),
        (Wait::Fixed(TriggerSource::LastTrade), 20),
        (Wait::Fixed(TriggerSource::BestOpposite), 6),
        (Wait::Fixed(TriggerSource::Mark), 3),
        (Wait::Start(TriggerSource::LastTrade), 8),
        (Wait::Trail(TriggerSource::LastTrade), 6),
        (Wait::Trail(TriggerSource::BestOpposite), 2),
    ],
    trails: &[
        ((Trail::Ticks, 1), 6),
        ((Trail::Ticks, 2), 3),
        ((Trail::BasisPoints, 1_000), 2),
        ((Trail::BasisPoints, 2_500), 2),
    ],
};

/// Some orders wait for a price that they may be given anew.
pub const AMENDED: Triggers = Triggers {
    waits: &[
        (Wait::Not, 24),
        (Wait::Fixed(TriggerSource::LastTrade), 4),
        (Wait::Fixed(TriggerSource::BestOpposite), 2),
        (Wait::Fixed(TriggerSource::Mark), 2),
        (Wait::Start(TriggerSource::LastTrade), 4),
        (Wait::Trail(TriggerSource::LastTrade), 1),
    ],
    trails: ANY_TRAIL,
};
