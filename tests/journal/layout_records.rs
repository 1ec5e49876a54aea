//! The records of an entry, read by what their documentation says and by nothing else.

use pricetime::{
    AccountId, Action, Cancel, CancelAll, Command, Event, LimitOrder, ListId, MarketAmount,
    MarketOrder, Notional, OrderId, PostOnly, Price, Priority, Quantity, Reduce, Replace, Rest,
    Side, TimeInForce, Timestamp, TradeGroup, TradeId,
};

use crate::layout_codes::{CAUSES, KINDS, MODES, REASONS, REQUESTS};
use crate::layout_orders;

pub type Words = Vec<u64>;

/// Which words of a record have a meaning: the columns of the table that are not empty.
fn columns(kind: u8) -> &'static [usize] {
    match kind {
        1 | 9 | 33 => &[1, 2, 3, 4, 6],
        2 => &[1, 3, 4, 5, 6],
        19 => &[1, 2, 3, 4, 5, 6],
        3 => &[1, 6],
        4 => &[1, 3, 6],
        5 | 17 => &[1, 2, 3, 6],
        6 => &[2, 4, 6],
        7 | 8 => &[6],
        10 => &[4, 5, 7],
        11 => &[2, 6],
        12 => &[2, 4, 5, 7],
        13 => &[2, 3, 4, 5, 7],
        14..=16 => &[1, 2, 3, 4, 5, 7],
        18 => &[2, 4, 5],
        34 | 48 | 50 | 54 => &[1],
        35 => &[1, 2, 3, 4, 5, 6, 7],
        36 | 38 => &[1, 2, 3],
        37 => &[1, 3, 6],
        39 => &[1, 2, 4],
        40 => &[1, 3],
        41 | 43 => &[3],
        42 => &[3, 6],
        44 => &[1, 2, 3, 4, 6, 7],
        45 | 49 | 56 | 57 => &[1, 2],
        46 => &[1, 2, 3, 6],
        47 => &[1, 3, 6],
        51 => &[2],
        52 | 55 => &[1, 4],
        53 => &[4],
        _ => panic!("kind {kind}"),
    }
}

/// A record unpacked: `words[0]` without the byte that says which words are present.
pub struct Record {
    pub words: [u64; 8],
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
        9 | 17 => {
            let action = layout_orders::action(first, &rest[0]);
            let asked = Timestamp::new(first.words[6]);
            (Command::new(asked, action), &rest[1..])
        }
        _ => (first.command(), rest),
    };
    assert_eq!(command.timestamp.nanoseconds(), time);
    (command, rest.iter().map(Record::event).collect())
}

impl Record {
    pub fn kind(&self) -> u8 {
        self.words[0] as u8
    }

    pub fn flags(&self, from: u32, bits: u32) -> usize {
        (self.words[0] >> (16 + from)) as usize & ((1 << bits) - 1)
    }

    pub fn account(&self) -> AccountId {
        AccountId((self.words[0] >> 32) as u32)
    }

    pub fn owner(&self) -> Option<AccountId> {
        (self.flags(0, 1) == 1).then(|| self.account())
    }

    pub fn id(&self) -> OrderId {
        OrderId(self.words[1])
    }

    pub fn price(&self, word: usize) -> Price {
        Price::new(self.words[word] as i64)
    }

    pub fn quantity(&self, word: usize) -> Quantity {
        Quantity::new(self.words[word])
    }

    pub fn side(&self) -> Side {
        [Side::Buy, Side::Sell][self.flags(0, 1)]
    }

    pub fn life(&self, from: u32) -> TimeInForce {
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
                group: TradeGroup(0),
                side: self.side(),
                self_trade: None,
                amount: self.amount(),
            }),
            19 => Action::Market(MarketOrder {
                id: self.id(),
                account: self.account(),
                group: TradeGroup(u32::try_from(self.words[2]).expect("a group")),
                side: self.side(),
                self_trade: self.flags(4, 3).checked_sub(1).map(|mode| MODES[mode]),
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

    fn amount(&self) -> MarketAmount {
        let quantity = self.quantity(3);
        let wide = u128::from(self.words[5]) << 64 | u128::from(self.words[4]);
        let budget = Notional::new(wide as i128);
        match [1, 2, 3].map(|flag| self.flags(flag, 1)) {
            [1, 0, 0] => MarketAmount::Quantity(quantity),
            [0, 1, 0] => MarketAmount::Budget(budget),
            [1, 1, 0] => MarketAmount::Both { quantity, budget },
            [1, 1, 1] => MarketAmount::Whole {
                quantity,
                total: budget,
            },
            _ => panic!("a market order without an amount"),
        }
    }

    fn event(&self) -> Event {
        match self.kind() {
            33..=36 => self.event_of_an_entry(),
            44..=47 => self.event_of_terms(),
            48..=51 => self.event_of_a_trigger(),
            52..=57 => self.event_of_a_release(),
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
                kind: KINDS[self.flags(1, 2) + 4 * self.flags(6, 1)],
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
    fn event_of_a_release(&self) -> Event {
        let (id, price, other) = (self.id(), self.price(2), self.words[4]);
        let list = ListId(other);
        match self.kind() {
            52 => Event::Held { id, list },
            53 => Event::ListStarted {
                account: self.account(),
                list,
            },
            54 => Event::Released { id },
            55 => Event::Duplicate {
                id,
                original: OrderId(other),
            },
            56 => Event::Repriced { id, price },
            _ => Event::TriggerMoved { id, price },
        }
    }
}
