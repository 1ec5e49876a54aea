//! What each trader wants: its command number `n` is the same in every run, whatever the threads do.

use pricetime::{
    AccountId, Action, Cancel, Capacities, Display, Instrument, InstrumentError, LimitOrder,
    MarketAmount, MarketOrder, Order, OrderId, PostOnly, Price, Quantity, Refresh, Side,
    TimeInForce,
};

/// Two makers and a taker.
pub const TRADERS: usize = 3;

/// The price of the first news, in ticks.
const OPENING: i64 = 10_000;
/// How far from that the news may go.
const RANGE: i64 = 200;
/// How many of a trader's commands see the same news.
const NEWS_EVERY: u64 = 400;
/// How many quotes of a maker are newer when one is cancelled.
const QUOTES: u64 = 120;
/// How far from the news a quote may be.
const WIDTH: u64 = 24;
/// How far beyond the news the taker goes: less than the quotes, so that the book is never empty for long.
const REACH: u8 = 6;

/// The instrument that they trade.
pub fn instrument() -> Result<Instrument, InstrumentError> {
    Instrument::builder()
        .price_band(Price::new(1), Price::new(2 * OPENING))
        .capacities(Capacities {
            orders: 4_096,
            levels: 1_024,
            accounts: 0,
            timed_orders: 0,
            special_orders: 1_024,
            waiting_orders: 0,
            lists: 0,
            tokens: 0,
            events: 1_024,
        })
        .build()
}

/// What an order is for.
enum Life {
    /// To rest until it is taken or cancelled.
    Quote,
    /// To trade now or never.
    AtOnce,
}

/// The commands of one trader.
pub struct Flow {
    trader: u64,
    seed: u64,
    number: u64,
    /// What everybody takes the price to be: the same walk for all traders.
    news: i64,
}

impl Flow {
    /// The flow of a trader from its first command.
    pub fn new(trader: usize, seed: u64) -> Self {
        Self {
            trader: trader as u64,
            seed,
            number: 0,
            news: OPENING,
        }
    }

    /// The next command.
    pub fn next(&mut self) -> Action {
        let number = self.number;
        self.number += 1;
        if number.is_multiple_of(NEWS_EVERY) {
            let step = mixed(self.seed ^ mixed(number)) % 7;
            let news = self.news + step as i64 - 3;
            self.news = news.clamp(OPENING - RANGE, OPENING + RANGE);
        }
        let bits = mixed(self.seed ^ mixed((number << 8) | (self.trader + 1)));
        match self.trader {
            0 | 1 => self.quote(number, bits),
            _ => self.take(number, bits),
        }
    }

    /// A maker enters a quote and cancels an old one, in turns. One quote of sixteen is an iceberg.
    fn quote(&self, number: u64, bits: u64) -> Action {
        let quote = number / 2;
        if number % 2 == 1 && quote >= QUOTES {
            return Action::Cancel(Cancel {
                id: self.id(2 * (quote - QUOTES)),
                owner: Some(self.account()),
            });
        }
        let [side, distance, nearer, quantity, kind, ..] = bits.to_le_bytes();
        let side = Side::BOTH[usize::from(side % 2)];
        // The lesser of two, so that there is more near the news.
        let away = 1 + (u64::from(distance) % WIDTH).min(u64::from(nearer) % WIDTH) as i64;
        let price = match side {
            Side::Buy => self.news - away,
            Side::Sell => self.news + away,
        };
        if kind.is_multiple_of(16) {
            return self.iceberg(number, side, price, quantity);
        }
        self.limit(number, side, price, quantity, Life::Quote)
    }

    /// The taker sends limits that reach a little beyond the news, and now and then a market order.
    fn take(&self, number: u64, bits: u64) -> Action {
        let [kind, side, quantity, reach, ..] = bits.to_le_bytes();
        let side = Side::BOTH[usize::from(side % 2)];
        if kind.is_multiple_of(32) {
            return Action::Market(MarketOrder::new(
                self.id(number),
                self.account(),
                side,
                MarketAmount::Quantity(Quantity::new(1 + u64::from(quantity % 12))),
            ));
        }
        let reach = i64::from(reach % REACH);
        let price = match side {
            Side::Buy => self.news + reach,
            Side::Sell => self.news - reach,
        };
        self.limit(number, side, price, quantity, Life::AtOnce)
    }

    fn limit(&self, number: u64, side: Side, price: i64, quantity: u8, life: Life) -> Action {
        let (post_only, time_in_force) = match life {
            Life::Quote => (PostOnly::Slide, TimeInForce::Gtc),
            Life::AtOnce => (PostOnly::Off, TimeInForce::Ioc),
        };
        Action::Limit(LimitOrder {
            id: self.id(number),
            account: self.account(),
            side,
            post_only,
            price: Price::new(price),
            quantity: Quantity::new(1 + u64::from(quantity % 20)),
            time_in_force,
        })
    }

    /// A quote that shows a fifth of itself at a time.
    fn iceberg(&self, number: u64, side: Side, price: i64, quantity: u8) -> Action {
        let (id, price) = (self.id(number), Price::new(price));
        let shown = 1 + u64::from(quantity % 20);
        let display = Display::Peak {
            quantity: Quantity::new(shown),
            spread_bps: 0,
            refresh: Refresh::Requeue,
        };
        Action::Order(Order {
            post_only: PostOnly::Slide,
            display,
            ..Order::limit(id, self.account(), side, price, Quantity::new(5 * shown))
        })
    }

    /// The order that command `number` enters.
    fn id(&self, number: u64) -> OrderId {
        OrderId(((self.trader + 1) << 40) | number)
    }

    fn account(&self) -> AccountId {
        AccountId(self.trader as u32 + 1)
    }
}

/// Bits that look random, always the same for the same number (splitmix64).
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
