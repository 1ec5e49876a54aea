//! Scripts: sequences of commands made from bytes, for random tests and for fuzzing.
//!
//! Every command is made from a record of fixed length, so that taking one record
//! out of a script leaves the others what they were. Zero bytes make the plainest
//! command. The domains are small, so that commands meet the same orders again and again.

mod amend;
mod lists;
mod pegs;
mod setting;
mod terms;
mod trigger;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use pricetime::{
    AccountId, Action, Cancel, CancelAll, Command, InstrumentBuilder, LimitOrder, MarketAmount,
    MarketOrder, Notional, Order, OrderId, PostOnly, Price, Quantity, Reduce, Replace, Side,
    TimeInForce, Timestamp,
};
use setting::{Ids, Kind, Lifetime, Setting};
use terms::TERMS;
use trigger::TRIGGER;

/// The bytes that one command is made from.
pub const RECORD: usize = 20;

/// How many different settings there are.
pub const SETTINGS: u8 = setting::ALL.len() as u8;

/// The setting whose book can grow large.
pub const FAR_APART: u8 = SETTINGS - 1;

/// An instrument and what is asked of its book.
#[derive(Clone)]
pub struct Script {
    pub instrument: InstrumentBuilder,
    pub commands: Vec<Command>,
}

impl Script {
    /// The commands that `records` make in setting number `setting`, counted round.
    pub fn decode(setting: u8, records: &[[u8; RECORD]]) -> Self {
        let setting = setting::ALL[usize::from(setting % SETTINGS)]();
        let mut writer = Writer {
            clock: setting.start,
            entered: Vec::new(),
            to_come: VecDeque::new(),
            owners: BTreeMap::new(),
            setting: &setting,
        };
        let commands = records
            .iter()
            .flat_map(|record| writer.commands(record))
            .collect();
        Self {
            instrument: setting.instrument,
            commands,
        }
    }
}

/// Evenly spread bytes for `count` commands, the same for the same seed (splitmix64).
pub fn even_records(seed: u64, count: usize) -> Vec<[u8; RECORD]> {
    let mut more = More { state: seed };
    let records = (0..count).map(|_| std::array::from_fn(|_| more.byte()));
    records.collect()
}

impl fmt::Debug for Script {
    /// One command a line, whatever the format asked for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.instrument)?;
        let mut commands = self.commands.iter();
        commands.try_for_each(|command| writeln!(f, "{command:?}"))
    }
}

struct Writer<'a> {
    setting: &'a Setting,
    clock: u64,
    /// The ids of the limit orders so far.
    entered: Vec<u64>,
    /// What is still to come of a list that is entered order by order.
    to_come: VecDeque<Action>,
    /// Whose order was the last of each id.
    owners: BTreeMap<u64, AccountId>,
}

/// What a record says, as far as it is the same for all commands.
struct Drawn {
    side: Side,
    price: Price,
    quantity: Quantity,
    account: AccountId,
    owner: Option<AccountId>,
    id: u8,
    life: u8,
    flags: u8,
    extra: u8,
    terms: [u8; TERMS],
    trigger: [u8; TRIGGER],
    /// Zero if all bytes are.
    which: u8,
    more: More,
}

/// As many bytes as are wanted, all from one record (splitmix64).
#[derive(Clone, Copy)]
pub struct More {
    state: u64,
}

impl More {
    fn of(record: &[u8]) -> Self {
        let state = record.iter().fold(1, |state: u64, byte| {
            (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self { state }
    }

    pub fn byte(&mut self) -> u8 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed >> 56) as u8
    }

    pub fn one_in(&mut self, times: u8) -> bool {
        self.byte().is_multiple_of(times)
    }
}

impl Writer<'_> {
    /// One command, or the orders of a whole list.
    fn commands(&mut self, record: &[u8; RECORD]) -> Vec<Command> {
        let [time, kind, rest @ ..] = *record;
        let timestamp = self.time(time);
        let kind = weighted(self.setting.actions, kind);
        let drawn = self.draw(kind, rest);
        let (id, owner) = (self.old_id(drawn.id), drawn.owner);
        let action = match kind {
            Kind::Limit => self.limit(&drawn),
            Kind::Order => Action::Order(self.order(&drawn)),
            Kind::Once => self.once(&drawn),
            Kind::CancelReplace => self.cancel_replace(&drawn),
            Kind::Market => self.market(&drawn),
            Kind::Cancel => Action::Cancel(Cancel { id, owner }),
            Kind::Reduce => Action::Reduce(Reduce {
                id,
                owner,
                by: drawn.quantity,
            }),
            Kind::Replace => Action::Replace(Replace {
                id,
                owner,
                price: (drawn.flags % 4 != 3).then_some(drawn.price),
                quantity: (drawn.flags / 4 % 4 != 3).then_some(drawn.quantity),
            }),
            Kind::Amend => self.amend(&drawn),
            Kind::CancelAll => self.cancel_all(&drawn),
            Kind::SetMark => Action::SetMark(drawn.price),
            Kind::AdvanceTime => Action::AdvanceTime,
            Kind::EndOfDay => Action::EndOfDay,
            Kind::List => {
                let orders = self.list(&drawn).into_iter();
                return orders.map(|order| Command::new(timestamp, order)).collect();
            }
            Kind::Leg => self.leg(&drawn),
        };
        vec![Command::new(timestamp, action)]
    }

    /// The next order of a list of which some have come, or the first of a new one.
    fn leg(&mut self, drawn: &Drawn) -> Action {
        if self.to_come.is_empty() {
            self.to_come = self.list(drawn).into();
        }
        self.to_come.pop_front().expect("a list has orders")
    }

    fn draw(&self, kind: Kind, bytes: [u8; RECORD - 2]) -> Drawn {
        let [id, who, way, price, quantity, life, flags, extra, rest @ ..] = bytes;
        let [a, b, c, d, e, f, trigger @ ..] = rest;
        let side = Side::BOTH[usize::from(way % 2)];
        let passive_of_32 = match kind {
            // An order that is to stay passive is more often left alone.
            Kind::Replace | Kind::Amend => self.setting.passive_of_32 / 2,
            _ => self.setting.passive_of_32,
        };
        let passive = way / 2 % 32 < passive_of_32;
        let account = AccountId(cycle(&self.setting.accounts, who / 4));
        Drawn {
            side,
            price: self.price(side, passive, price),
            quantity: self.quantity(passive, quantity),
            account,
            // Most come from the venue, or few would find an order that is theirs.
            owner: (who % 4 == 3).then_some(account),
            id,
            life,
            flags,
            extra,
            terms: [a, b, c, d, e, f],
            trigger,
            which: bytes.iter().fold(0, |all, byte| all ^ byte),
            more: More::of(&bytes),
        }
    }

    fn limit(&mut self, drawn: &Drawn) -> Action {
        let id = self.enter(drawn);
        Action::Limit(LimitOrder {
            id,
            account: drawn.account,
            side: drawn.side,
            price: drawn.price,
            quantity: drawn.quantity,
            time_in_force: self.lifetime(drawn.life, drawn.extra),
            post_only: weighted(POST_ONLY, drawn.flags),
        })
    }

    fn order(&mut self, drawn: &Drawn) -> Order {
        let id = self.enter(drawn);
        let plain = Order {
            time_in_force: self.lifetime(drawn.life, drawn.extra),
            post_only: weighted(POST_ONLY, drawn.flags),
            ..Order::limit(id, drawn.account, drawn.side, drawn.price, drawn.quantity)
        };
        let terms = self.setting.terms;
        let order = terms.of(&plain, drawn.terms);
        let prices = &self.setting.prices;
        let mut more = drawn.more;
        let order = terms.pegs.of(&order, prices, drawn.which, &mut more);
        terms.triggers.of(&order, prices, drawn.trigger)
    }

    fn market(&self, drawn: &Drawn) -> Action {
        let quantity = drawn.quantity;
        let budget = Notional::new(cycle(&self.setting.budgets, drawn.extra));
        let amount = match drawn.flags % 3 {
            _ if drawn.life % 8 == 7 => self.whole(drawn),
            0 => MarketAmount::Quantity(quantity),
            1 => MarketAmount::Budget(budget),
            _ => MarketAmount::Both { quantity, budget },
        };
        let id = self.new_id(drawn.id);
        let plain = MarketOrder::new(id, drawn.account, drawn.side, amount);
        Action::Market(self.setting.terms.of_market(&plain, drawn.terms))
    }

    fn cancel_all(&self, drawn: &Drawn) -> Action {
        let Drawn { flags, extra, .. } = *drawn;
        let highest = Price::new(cycle(&self.setting.prices, extra));
        Action::CancelAll(CancelAll {
            account: (flags % 2 == 1).then_some(drawn.account),
            side: (flags / 2 % 2 == 1).then_some(drawn.side),
            price_min: (flags / 4 % 4 == 3).then_some(drawn.price),
            price_max: (flags / 16 % 4 == 3).then_some(highest),
        })
    }

    fn time(&mut self, byte: u8) -> Timestamp {
        let step = weighted(STEPS, byte);
        let timestamp = self.clock.saturating_add_signed(step);
        self.clock = self.clock.max(timestamp);
        Timestamp::new(timestamp)
    }

    /// A price of the domain. Passive orders keep to their side of the middle, so that books fill.
    fn price(&self, side: Side, passive: bool, byte: u8) -> Price {
        let price = cycle(&self.setting.prices, byte);
        let middle = self.setting.middle;
        let mirrored = match side {
            Side::Buy => price > middle,
            Side::Sell => price < middle,
        };
        Price::new(if passive && mirrored {
            2 * middle - price
        } else {
            price
        })
    }

    fn quantity(&self, passive: bool, byte: u8) -> Quantity {
        Quantity::new(if passive {
            cycle(&self.setting.quantities, byte)
        } else {
            cycle(&self.setting.taker_quantities, byte)
        })
    }

    /// The id of one more order.
    fn enter(&mut self, drawn: &Drawn) -> OrderId {
        let id = self.new_id(drawn.id);
        self.entered.push(id.0);
        self.owners.insert(id.0, drawn.account);
        id
    }

    fn new_id(&self, byte: u8) -> OrderId {
        OrderId(match &self.setting.ids {
            Ids::Of(ids) => cycle(ids, byte),
            Ids::Growing => self.newest() + weighted(ID_STEPS, byte),
        })
    }

    /// The id of one of the late limit orders, or else of any order or none.
    fn old_id(&self, byte: u8) -> OrderId {
        let late = self.entered.len().min(self.setting.memory);
        let back = usize::from(byte / 8) * late / 32;
        OrderId(
            match (&self.setting.ids, self.entered.iter().nth_back(back)) {
                (_, Some(id)) if byte % 8 < 7 => *id,
                (Ids::Of(ids), _) => cycle(ids, byte),
                (Ids::Growing, _) => self.newest().saturating_sub(u64::from(byte)),
            },
        )
    }

    fn newest(&self) -> u64 {
        self.entered.iter().max().copied().unwrap_or(0)
    }

    fn lifetime(&self, life: u8, extra: u8) -> TimeInForce {
        match weighted(self.setting.lifetimes, life) {
            Lifetime::Gtc => TimeInForce::Gtc,
            Lifetime::Ioc => TimeInForce::Ioc,
            Lifetime::Fok => TimeInForce::Fok,
            Lifetime::Day => TimeInForce::Day,
            Lifetime::Gtd => {
                let round = self.setting.expiry_round;
                let expiry = self.clock.saturating_add(weighted(EXPIRY_STEPS, extra));
                let expiry = expiry.checked_next_multiple_of(round).unwrap_or(u64::MAX);
                TimeInForce::Gtd(Timestamp::new(expiry))
            }
        }
    }
}

fn cycle<T: Copy>(table: &[T], byte: u8) -> T {
    table[usize::from(byte) % table.len()]
}

fn weighted<T: Copy>(table: &[(T, u8)], byte: u8) -> T {
    let total: u32 = table.iter().map(|&(_, weight)| u32::from(weight)).sum();
    let mut at = u32::from(byte) % total;
    for &(value, weight) in table {
        match at.checked_sub(u32::from(weight)) {
            None => return value,
            Some(left) => at = left,
        }
    }
    unreachable!("the remainder is below the total")
}

const STEPS: &[(i64, u8)] = &[
    (0, 60),
    (1, 40),
    (2, 10),
    (7, 4),
    (40, 1),
    (-1, 3),
    (-30, 1),
];
const ID_STEPS: &[(u64, u8)] = &[(1, 12), (4, 2), (0, 1)];
const EXPIRY_STEPS: &[(u64, u8)] = &[(1, 4), (2, 4), (5, 4), (9, 2), (30, 2), (0, 1)];
const POST_ONLY: &[(PostOnly, u8)] = &[
    (PostOnly::Off, 8),
    (PostOnly::Reject, 1),
    (PostOnly::Slide, 3),
];
