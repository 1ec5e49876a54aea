//! The records of an entry, read by what their documentation says and by nothing else.

use pricetime::{
    AccountId, Action, Cancel, CancelAll, CancelCause, Command, Display, Event, LimitOrder,
    MarketAmount, MarketOrder, Notional, Order, OrderId, OrderKind, PostOnly, Price, Pricing,
    Priority, Quantity, Reduce, Refresh, RejectReason, Replace, Request, Rest, SelfTrade, Side,
    TimeInForce, Timestamp, TradeGroup, TradeId, Trail, Trigger, TriggerKind, TriggerSource,
    TriggerStart,
};

pub type Words = Vec<u64>;

/// Which words of a record have a meaning: the columns of the table that are not empty.
fn columns(kind: u8) -> &'static [usize] {
    match kind {
        1 | 9 | 33 => &[1, 2, 3, 4, 6],
        2 => &[1, 3, 4, 5, 6],
        3 => &[1, 6],
        4 => &[1, 3, 6],
        5 => &[1, 2, 3, 6],
        6 => &[2, 4, 6],
        7 | 8 => &[6],
        10 => &[4, 5, 7],
        11 => &[2, 6],
        12 => &[2, 4, 5, 7],
        34 | 48 | 50 => &[1],
        35 => &[1, 2, 3, 4, 5, 6, 7],
        36 | 38 => &[1, 2, 3],
        37 => &[1, 3, 6],
        39 => &[1, 2, 4],
        40 => &[1, 3],
        41 | 43 => &[3],
        42 => &[3, 6],
        44 => &[1, 2, 3, 4, 6, 7],
        45 | 49 => &[1, 2],
        46 => &[1, 2, 3, 6],
        47 => &[1, 3, 6],
        51 => &[2],
        _ => panic!("kind {kind}"),
    }
}

/// A record unpacked: `words[0]` without the byte that says which words are present.
struct Record {
    words: [u64; 8],
}

/// Unpacks the records of an entry whose frame has this time.
fn unpack(words: &Words, time: u64) -> Vec<Record> {
    let mut last = [0, 0, 0, 0, 0, 0, time, 0];
    let mut rest = words.iter();
    let mut records = Vec::new();
    while let Some(&first) = rest.next() {
        let present = (first >> 8) as u8;
        let columns = columns(first as u8);
        let mut record = [0; 8];
        record[0] = first & !0xFF00;
        for word in 1..8 {
            if present >> word & 1 == 1 {
                last[word] = *rest.next().expect("a word");
            }
            if columns.contains(&word) {
                record[word] = last[word];
            }
        }
        records.push(Record { words: record });
    }
    records
}

/// The command and the events of an entry.
pub fn entry(words: &Words, time: u64) -> (Command, Vec<Event>) {
    let records = unpack(words, time);
    let (first, rest) = records.split_first().expect("a command");
    let (command, rest) = match first.kind() {
        9 => (first.order(&rest[0]), &rest[1..]),
        _ => (first.command(), rest),
    };
    assert_eq!(command.timestamp.nanoseconds(), time);
    (command, rest.iter().map(Record::event).collect())
}

impl Record {
    fn kind(&self) -> u8 {
        self.words[0] as u8
    }

    fn flags(&self, from: u32, bits: u32) -> usize {
        (self.words[0] >> (16 + from)) as usize & ((1 << bits) - 1)
    }

    fn account(&self) -> AccountId {
        AccountId((self.words[0] >> 32) as u32)
    }

    fn owner(&self) -> Option<AccountId> {
        (self.flags(0, 1) == 1).then(|| self.account())
    }

    fn id(&self) -> OrderId {
        OrderId(self.words[1])
    }

    fn price(&self, word: usize) -> Price {
        Price::new(self.words[word] as i64)
    }

    fn quantity(&self, word: usize) -> Quantity {
        Quantity::new(self.words[word])
    }

    fn side(&self) -> Side {
        [Side::Buy, Side::Sell][self.flags(0, 1)]
    }

    fn life(&self, from: u32) -> TimeInForce {
        let expiry = Timestamp::new(self.words[4]);
        match self.flags(from, 3) {
            0 => TimeInForce::Gtc,
            1 => TimeInForce::Ioc,
            2 => TimeInForce::Fok,
            3 => TimeInForce::Day,
            4 => TimeInForce::Gtd(expiry),
            life => panic!("life {life}"),
        }
    }

    fn rest(&self) -> Rest {
        [Rest::Done, Rest::More][self.flags(0, 1)]
    }

    fn command(&self) -> Command {
        let action = match self.kind() {
            1 => Action::Limit(LimitOrder {
                id: self.id(),
                account: self.account(),
                side: self.side(),
                post_only: [PostOnly::Off, PostOnly::Reject, PostOnly::Slide][self.flags(1, 2)],
                price: self.price(2),
                quantity: self.quantity(3),
                time_in_force: self.life(3),
            }),
            2 => Action::Market(MarketOrder {
                id: self.id(),
                account: self.account(),
                side: self.side(),
                amount: self.amount(),
            }),
            3 => Action::Cancel(Cancel {
                id: self.id(),
                owner: self.owner(),
            }),
            4 => Action::Reduce(Reduce {
                id: self.id(),
                owner: self.owner(),
                by: self.quantity(3),
            }),
            5 => Action::Replace(Replace {
                id: self.id(),
                owner: self.owner(),
                price: (self.flags(1, 1) == 1).then(|| self.price(2)),
                quantity: (self.flags(2, 1) == 1).then(|| self.quantity(3)),
            }),
            6 => Action::CancelAll(CancelAll {
                account: self.owner(),
                side: [None, Some(Side::Buy), Some(Side::Sell)][self.flags(1, 2)],
                price_min: (self.flags(3, 1) == 1).then(|| self.price(2)),
                price_max: (self.flags(4, 1) == 1).then(|| self.price(4)),
            }),
            7 => Action::AdvanceTime,
            8 => Action::EndOfDay,
            11 => Action::SetMark(self.price(2)),
            kind => panic!("kind {kind} is no command"),
        };
        Command::new(Timestamp::new(self.words[6]), action)
    }

    /// The order of this record and of its terms.
    fn order(&self, terms: &Self) -> Command {
        let (trigger, spread) = match terms.kind() {
            10 => (None, terms.words[4]),
            12 => (Some(terms.trigger()), terms.words[4] & 0xFFFF_FFFF),
            kind => panic!("kind {kind} is no terms"),
        };
        assert_eq!(terms.flags(if trigger.is_some() { 13 } else { 7 }, 3), 0);
        let peak = Display::Peak {
            quantity: terms.quantity(5),
            spread_bps: spread.try_into().expect("basis points"),
            refresh: [Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast][terms.flags(2, 2)],
        };
        let protected = Pricing::Protected(self.words[2]);
        let limit = Pricing::Limit(self.price(2));
        let order = Order {
            id: self.id(),
            account: self.account(),
            group: TradeGroup(terms.account().0),
            side: self.side(),
            pricing: [limit, Pricing::Market, protected, Pricing::MarketToLimit][self.flags(6, 2)],
            quantity: self.quantity(3),
            minimum: terms.quantity(7),
            time_in_force: self.life(3),
            post_only: [PostOnly::Off, PostOnly::Reject, PostOnly::Slide][self.flags(1, 2)],
            display: [Display::Whole, Display::Hidden, peak][terms.flags(0, 2)],
            self_trade: terms.flags(4, 3).checked_sub(1).map(|mode| MODES[mode]),
            trigger,
        };
        Command::new(Timestamp::new(self.words[6]), Action::Order(order))
    }

    fn trigger(&self) -> Trigger {
        Trigger {
            kind: [TriggerKind::Stop, TriggerKind::TakeProfit][self.flags(7, 1)],
            source: SOURCES[self.flags(8, 2)],
            price: self.price(2),
            trail: [Trail::None, Trail::Ticks, Trail::BasisPoints][self.flags(10, 2)],
            distance: (self.words[4] >> 32) as u32,
            start: [TriggerStart::AtPrice, TriggerStart::AtOnce][self.flags(12, 1)],
        }
    }

    fn amount(&self) -> MarketAmount {
        let quantity = self.quantity(3);
        let wide = u128::from(self.words[5]) << 64 | u128::from(self.words[4]);
        let budget = Notional::new(wide as i128);
        match (self.flags(1, 1), self.flags(2, 1)) {
            (1, 0) => MarketAmount::Quantity(quantity),
            (0, 1) => MarketAmount::Budget(budget),
            (1, 1) => MarketAmount::Both { quantity, budget },
            _ => panic!("a market order without an amount"),
        }
    }

    fn event(&self) -> Event {
        match self.kind() {
            33..=36 => self.event_of_an_entry(),
            44..=47 => self.event_of_terms(),
            48..=51 => self.event_of_a_trigger(),
            37 => Event::Reduced {
                id: self.id(),
                by: self.quantity(3),
                remaining: self.quantity(6),
            },
            38 => Event::Replaced {
                id: self.id(),
                price: self.price(2),
                quantity: self.quantity(3),
                priority: [Priority::Kept, Priority::Lost][self.flags(0, 1)],
            },
            39 => Event::Slid {
                id: self.id(),
                from: self.price(4),
                to: self.price(2),
            },
            40 => Event::Cancelled {
                id: self.id(),
                cause: CAUSES[self.flags(0, 8)],
                quantity: self.quantity(3),
            },
            41 => Event::MassCancelled {
                orders: self.words[3],
                rest: self.rest(),
            },
            42 => Event::TimeAdvanced {
                to: Timestamp::new(self.words[6]),
                orders: self.words[3],
            },
            43 => Event::DayEnded {
                orders: self.words[3],
                rest: self.rest(),
            },
            kind => panic!("kind {kind} is no event"),
        }
    }

    fn event_of_an_entry(&self) -> Event {
        match self.kind() {
            33 => Event::Accepted {
                id: self.id(),
                account: self.account(),
                side: self.side(),
                kind: KINDS[self.flags(1, 2)],
                time_in_force: self.life(3),
                price: self.price(2),
                quantity: self.quantity(3),
                timestamp: Timestamp::new(self.words[6]),
            },
            34 => Event::Rejected {
                id: self.id(),
                request: REQUESTS[self.flags(0, 8)],
                reason: REASONS[self.flags(8, 8)],
            },
            35 => Event::Traded {
                trade: TradeId(self.words[5]),
                taker: self.id(),
                maker: OrderId(self.words[4]),
                taker_side: self.side(),
                price: self.price(2),
                quantity: self.quantity(3),
                taker_remaining: self.quantity(6),
                maker_remaining: self.quantity(7),
            },
            _ => Event::Rested {
                id: self.id(),
                account: self.account(),
                side: self.side(),
                price: self.price(2),
                quantity: self.quantity(3),
            },
        }
    }

    fn event_of_terms(&self) -> Event {
        match self.kind() {
            44 => Event::Prevented {
                taker: self.id(),
                maker: OrderId(self.words[4]),
                taker_side: self.side(),
                mode: MODES[self.flags(1, 3)],
                price: self.price(2),
                quantity: self.quantity(3),
                taker_remaining: self.quantity(6),
                maker_remaining: self.quantity(7),
            },
            45 => Event::Priced {
                id: self.id(),
                price: self.price(2),
            },
            46 => Event::RestedHidden {
                id: self.id(),
                account: self.account(),
                side: self.side(),
                price: self.price(2),
                displayed: self.quantity(3),
                hidden: self.quantity(6),
            },
            _ => Event::Refreshed {
                id: self.id(),
                displayed: self.quantity(3),
                hidden: self.quantity(6),
                priority: [Priority::Kept, Priority::Lost][self.flags(0, 1)],
            },
        }
    }

    fn event_of_a_trigger(&self) -> Event {
        match self.kind() {
            48 => Event::Waits { id: self.id() },
            49 => Event::Triggered {
                id: self.id(),
                price: self.price(2),
            },
            50 => Event::Refused {
                id: self.id(),
                reason: REASONS[self.flags(0, 8)],
            },
            _ => Event::MarkSet {
                price: self.price(2),
            },
        }
    }
}

const SOURCES: [TriggerSource; 3] = {
    use TriggerSource::*;
    [LastTrade, BestOpposite, Mark]
};

const KINDS: [OrderKind; 4] = {
    use OrderKind::*;
    [Limit, Market, Protected, MarketToLimit]
};

const MODES: [SelfTrade; 6] = {
    use SelfTrade::*;
    [
        Allow,
        ExpireTaker,
        ExpireMaker,
        ExpireBoth,
        Decrement,
        Transfer,
    ]
};

pub const REQUESTS: [Request; 10] = {
    use Request::*;
    [
        Limit,
        Market,
        Cancel,
        Reduce,
        Replace,
        CancelAll,
        AdvanceTime,
        EndOfDay,
        Order,
        SetMark,
    ]
};

pub const CAUSES: [CancelCause; 9] = {
    use CancelCause::*;
    [
        Requested,
        NotFilledAtOnce,
        FillOrKill,
        Expired,
        DayEnded,
        Mass,
        SelfTrade,
        MinimumNotMet,
        Refused,
    ]
};

pub const REASONS: [RejectReason; 36] = {
    use RejectReason::*;
    [
        TimeWentBackwards,
        ExpiriesPending,
        OrderUnknown,
        OrderNotOwned,
        QuantityIsZero,
        QuantityTooSmall,
        QuantityTooLarge,
        PriceOutOfBand,
        NotionalTooSmall,
        NotionalTooLarge,
        PriceRangeEmpty,
        ExpiryNotInFuture,
        PostOnlyCannotRest,
        OrderIdAlreadyLive,
        OrderIdNotIncreasing,
        PostOnlyWouldTake,
        OrdersFull,
        LevelsFull,
        AccountsFull,
        TimedOrdersFull,
        OrderIdIndexFull,
        TooManyTrades,
        MarketCannotRest,
        HiddenCannotRest,
        PeakOutOfRange,
        TooManyPeaks,
        MinimumTooLarge,
        MinimumWithPeak,
        SelfTradeNotAllowed,
        NoOppositePrice,
        SpecialOrdersFull,
        TriggerMalformed,
        TriggerPriceOutOfBand,
        WouldTriggerAtOnce,
        WaitingOrdersFull,
        OrderHasNoLimit,
    ]
};
