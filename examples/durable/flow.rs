//! The clients: command number `n` is always the same, so that a restart knows what comes next and an audit
//! what has to be there.

use pricetime::{
    AccountId, Action, Cancel, Capacities, Command, Instrument, InstrumentError, LimitOrder,
    MarketAmount, MarketOrder, OrderId, OrderIdPolicy, PostOnly, Price, Quantity, Replace, Side,
    TimeInForce, Timestamp,
};

/// Nanoseconds from one command to the next.
const STEP: u64 = 1_000;

/// The instrument that they trade.
pub fn instrument() -> Result<Instrument, InstrumentError> {
    Instrument::builder()
        .price_band(Price::new(1), Price::new(2_000))
        .order_ids(OrderIdPolicy::Increasing)
        .capacities(Capacities {
            orders: 4_096,
            levels: 256,
            accounts: 64,
            timed_orders: 4_096,
            special_orders: 0,
            waiting_orders: 0,
            lists: 0,
            tokens: 0,
            events: 1_024,
        })
        .build()
}

/// The commands that a seed makes.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    pub seed: u64,
}

impl Flow {
    /// Command number `number`, from 1. Its time is its own alone; an order that it enters has its number as the id.
    pub fn command(&self, number: u64) -> Command {
        let timestamp = Timestamp::new(number * STEP);
        Command::new(timestamp, self.action(number))
    }

    fn action(&self, number: u64) -> Action {
        let bits = mixed(self.seed.wrapping_add(mixed(number)));
        let [kind, side, price, quantity, account, back, life, _] = bits.to_le_bytes();
        let id = OrderId(number);
        let side = Side::BOTH[usize::from(side % 2)];
        let account = AccountId(u32::from(account % 64));
        let price = Price::new(990 + i64::from(price % 21));
        let quantity = Quantity::new(1 + u64::from(quantity % 10));
        let old = OrderId(number.saturating_sub(1 + u64::from(back)));
        if number.is_multiple_of(5_000) {
            return Action::EndOfDay;
        }
        match kind % 16 {
            0..=2 => Action::Cancel(Cancel {
                id: old,
                owner: None,
            }),
            3 => Action::Market(MarketOrder::new(
                id,
                account,
                side,
                MarketAmount::Quantity(quantity),
            )),
            4 => Action::Replace(Replace {
                id: old,
                owner: None,
                price: Some(price),
                quantity: Some(quantity),
            }),
            _ => Action::Limit(LimitOrder {
                id,
                account,
                side,
                price,
                quantity,
                post_only: PostOnly::Off,
                time_in_force: match life % 4 {
                    0 => TimeInForce::Ioc,
                    1 => TimeInForce::Day,
                    2 => TimeInForce::Gtd(Timestamp::new((number + 500) * STEP)),
                    _ => TimeInForce::Gtc,
                },
            }),
        }
    }
}

/// Bits that look random, always the same for the same number (splitmix64).
pub fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
