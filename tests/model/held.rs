//! An order as the model holds it: its terms, what is open of it, and what of that is shown.

use super::pegs::Peg;
use pricetime::{
    AccountId, Display, OrderId, PostOnly, Price, Quantity, RestingOrder, SelfTrade, Side,
    TimeInForce, TradeGroup,
};

/// An order that rests, or is about to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    pub id: OrderId,
    pub account: AccountId,
    pub group: TradeGroup,
    pub side: Side,
    pub price: Price,
    /// All that is left of it, shown or not.
    pub open: u64,
    /// What it shows. An order that shows nothing stands in the hidden queue of its price.
    pub shown: u64,
    pub minimum: u64,
    pub time_in_force: TimeInForce,
    pub post_only: PostOnly,
    pub display: Display,
    /// What it does instead of a self-trade, the instrument's default filled in.
    pub mode: SelfTrade,
    /// The price that it follows.
    pub peg: Option<Peg>,
    /// What its limit was when it was last worked out, before it slid.
    pub worked_out: Price,
    /// The number of its list.
    pub list: Option<u64>,
    /// How many peaks it was given after its first.
    pub refreshes: u64,
    /// When it came to where it stands: the queues go by it.
    pub turn: u64,
    /// When it last came to rest.
    pub rested: u64,
    /// Its age: when it came to wait or else to rest. Zero before.
    pub arrived: u64,
}

impl Held {
    pub fn hidden(&self) -> u64 {
        self.open - self.shown
    }

    /// The least that another order must want of it.
    pub fn needs(&self) -> u64 {
        self.minimum.min(self.open)
    }

    pub fn is_all_or_none(&self) -> bool {
        self.minimum > 0 && self.minimum >= self.open
    }

    /// Whether it needs a record of its own on an instrument with this default.
    pub fn is_special(&self, default: SelfTrade) -> bool {
        self.display != Display::Whole
            || self.minimum > 0
            || self.group != TradeGroup(0)
            || self.mode != default
            || self.peg.is_some()
            || self.list.is_some()
    }

    /// What its first peak is, or all or nothing.
    pub fn first_shown(&self) -> u64 {
        match self.display {
            Display::Whole => self.open,
            Display::Hidden => 0,
            Display::Peak { quantity, .. } => quantity.lots().min(self.open),
        }
    }

    /// Takes `lots` off it, what is hidden first.
    pub fn lose(&mut self, lots: u64) {
        let of_hidden = lots.min(self.hidden());
        self.open -= lots;
        self.shown -= lots - of_hidden;
    }

    /// Shows the next peak of an order that shows nothing.
    pub fn show_next_peak(&mut self) {
        self.refreshes += 1;
        let peak = self.drawn_peak().min(u128::from(self.hidden()));
        self.shown = u64::try_from(peak).expect("at most what is hidden");
    }

    /// A peak of this size or up to its spread more or less, by the order's id and how many it had.
    fn drawn_peak(&self) -> u128 {
        let (quantity, spread_bps) = match self.display {
            Display::Peak {
                quantity,
                spread_bps,
                ..
            } => (u128::from(quantity.lots()), u128::from(spread_bps)),
            Display::Whole | Display::Hidden => unreachable!("it shows no peaks"),
        };
        let most_off = quantity * spread_bps / 10_000;
        let mixed = splitmix64(self.id.0 ^ self.refreshes.wrapping_mul(GOLDEN));
        let drawn = (u128::from(mixed) * (2 * most_off + 1)) >> 64;
        quantity - most_off + drawn
    }

    pub fn as_resting(&self) -> RestingOrder {
        RestingOrder {
            id: self.id,
            account: self.account,
            side: self.side,
            price: self.price,
            quantity: Quantity::new(self.open),
            displayed: Quantity::new(self.shown),
            minimum: Quantity::new(self.minimum),
            display: self.display,
            time_in_force: self.time_in_force,
            post_only: self.post_only,
        }
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn splitmix64(number: u64) -> u64 {
    let number = number.wrapping_add(GOLDEN);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
