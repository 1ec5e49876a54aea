//! A recorded session: the book at its start, the commands, and what the venue
//! recorded of the outcome.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use pricetime::{
    AccountId, Action, Cancel, Capacities, Command, Decimal, Instrument, LimitOrder, Lot,
    MarketAmount, MarketOrder, Notional, OrderId, PRICE_LIMIT, PostOnly, Price, Quantity, Side,
    Tick, TimeInForce, Timestamp,
};

use crate::csv::{self, BadInput, Fields};
use crate::progress::Progress;

/// Everything that was read. `None` where there was no file.
pub struct Session {
    pub instrument: Instrument,
    /// The file that the starting book came from.
    pub begin_file: PathBuf,
    /// Each order with its line there.
    pub begin: Vec<(u64, Booked)>,
    pub commands: Vec<Command>,
    pub matches: Option<Vec<Match>>,
    pub opens: Option<Vec<Open>>,
    pub end: Option<Vec<Booked>>,
}

/// An order on the book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Booked {
    pub side: Side,
    pub price: Price,
    pub quantity: Quantity,
    pub id: OrderId,
}

/// One trade.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Match {
    pub taker: OrderId,
    pub maker: OrderId,
    pub price: Price,
    pub quantity: Quantity,
    pub maker_side: Side,
}

/// One order, or what was left of it, coming to rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    pub id: OrderId,
    pub side: Side,
    pub price: Price,
    pub remaining: Quantity,
}

/// As the columns of the file have it, so that a difference can be looked up there.
impl fmt::Display for Booked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (price, quantity) = (self.price.ticks(), self.quantity.lots());
        write!(f, "{},{price},{quantity},{}", word(self.side), self.id.0)
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (price, quantity) = (self.price.ticks(), self.quantity.lots());
        let (taker, maker) = (self.taker.0, self.maker.0);
        write!(
            f,
            "{taker},{maker},{price},{quantity},{}",
            word(self.maker_side)
        )
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (price, remaining) = (self.price.ticks(), self.remaining.lots());
        write!(f, "{},{},{price},{remaining}", self.id.0, word(self.side))
    }
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

/// Cents.
pub fn tick() -> Tick {
    Tick::new(Decimal::new(1, 2)).expect("a cent is above zero")
}

/// 1e-8 of a coin.
pub fn lot() -> Lot {
    Lot::new(Decimal::new(1, 8)).expect("1e-8 is above zero")
}

/// Reads a folder, or a commands file and what lies beside it.
pub fn load(path: &Path, progress: &mut Progress) -> Result<Session, BadInput> {
    let (folder, commands_file) = if path.is_dir() {
        let file = find(path, "commands").ok_or_else(|| BadInput {
            file: path.into(),
            line: 0,
            reason: "no commands.csv or commands.csv.gz in this folder".into(),
        });
        (path, file?)
    } else {
        (path.parent().unwrap_or(Path::new("")), path.to_path_buf())
    };
    let begin_file = find(folder, "begin_book");
    let begin = match &begin_file {
        Some(file) => book(file, progress)?,
        None => Vec::new(),
    };
    let commands = commands(&commands_file, progress)?;
    let end = find(folder, "end_book").map(|file| book(&file, progress));
    let matches = find(folder, "expected_matches").map(|file| matches(&file, progress));
    let opens = find(folder, "expected_opens").map(|file| opens(&file, progress));
    let instrument = instrument(&begin, &commands).map_err(|reason| BadInput {
        file: commands_file,
        line: 0,
        reason,
    })?;
    Ok(Session {
        instrument,
        begin_file: begin_file.unwrap_or_default(),
        begin,
        commands,
        matches: matches.transpose()?,
        opens: opens.transpose()?,
        end: end
            .transpose()?
            .map(|orders| orders.into_iter().map(|(_, order)| order).collect()),
    })
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let names = [format!("{name}.csv"), format!("{name}.csv.gz")];
    names
        .iter()
        .map(|name| folder.join(name))
        .find(|file| file.exists())
}

/// An instrument with exactly the room that the session needs.
fn instrument(begin: &[(u64, Booked)], commands: &[Command]) -> Result<Instrument, String> {
    let mut prices: BTreeSet<Price> = begin.iter().map(|(_, order)| order.price).collect();
    let mut orders = begin.len();
    for command in commands {
        if let Action::Limit(order) = command.action {
            prices.insert(order.price);
            orders += 1;
        }
    }
    let room = |count: usize| u32::try_from(count.max(16)).unwrap_or(u32::MAX);
    let least = prices.first().copied().unwrap_or_default();
    let most = prices.last().copied().unwrap_or_default();
    let built = Instrument::builder()
        .tick(tick())
        .lot(lot())
        .price_band(least, most)
        .capacities(Capacities {
            orders: room(orders),
            levels: room(prices.len()),
            accounts: 0,
            timed_orders: 0,
            special_orders: 0,
            waiting_orders: 0,
            lists: 0,
            tokens: 0,
            events: room(orders + 3),
        })
        .build();
    built.map_err(|error| format!("the session does not fit an engine: {error}"))
}

/// A book in the order of its queues: bids, then asks, each from the best price.
fn book(path: &Path, progress: &mut Progress) -> Result<Vec<(u64, Booked)>, BadInput> {
    let columns = ["side", "price_cents", "qty_1e8", "order_id", "queue_pos"];
    let mut queues: HashMap<(Side, Price), u64> = HashMap::new();
    let mut orders = csv::read(path, &columns, progress, |fields| {
        let order = Booked {
            side: side(fields, "side")?,
            price: price(fields)?,
            quantity: quantity(fields, "qty_1e8")?,
            id: OrderId(fields.number("order_id")?),
        };
        let position: u64 = fields.number("queue_pos")?;
        let last = queues.entry((order.side, order.price)).or_default();
        if position != *last + 1 {
            return Err(format!("queue_pos {position} after {last} at this price"));
        }
        *last = position;
        Ok((fields.line, order))
    })?;
    // Stable: the queues stay as the file has them.
    orders.sort_by_key(|(_, order)| match order.side {
        Side::Buy => (order.side, -order.price.ticks()),
        Side::Sell => (order.side, order.price.ticks()),
    });
    Ok(orders)
}

fn commands(path: &Path, progress: &mut Progress) -> Result<Vec<Command>, BadInput> {
    let columns = [
        "seq",
        "op",
        "order_id",
        "side",
        "type",
        "price_cents",
        "qty_1e8",
        "funds_usd",
        "tif",
    ];
    let mut last = 0;
    csv::read(path, &columns, progress, |fields| {
        let seq: u64 = fields.number("seq")?;
        if seq < last {
            return Err(format!("seq {seq} after {last}"));
        }
        last = seq;
        let action = match fields.text("op") {
            "cancel" => cancel(fields)?,
            "rest" => rest(fields)?,
            "new" => match fields.text("type") {
                "limit" => limit(fields)?,
                "market" => market(fields)?,
                other => return Err(format!("type is neither limit nor market: {other:?}")),
            },
            other => return Err(format!("op is neither new, rest nor cancel: {other:?}")),
        };
        Ok(Command::new(Timestamp::new(seq), action))
    })
}

fn cancel(fields: &Fields) -> Result<Action, String> {
    for column in ["type", "price_cents", "qty_1e8", "funds_usd", "tif"] {
        fields.none(column, "a cancel")?;
    }
    side(fields, "side")?;
    Ok(Action::Cancel(Cancel {
        id: OrderId(fields.number("order_id")?),
        owner: None,
    }))
}

fn rest(fields: &Fields) -> Result<Action, String> {
    if (fields.text("type"), fields.text("tif")) != ("limit", "GTC") {
        return Err("an order that came to rest is a limit order, GTC".into());
    }
    limit(fields)
}

fn limit(fields: &Fields) -> Result<Action, String> {
    fields.none("funds_usd", "a limit order")?;
    let time_in_force = match fields.text("tif") {
        "GTC" => TimeInForce::Gtc,
        "IOC_OR_FILLED" => TimeInForce::Ioc,
        other => return Err(format!("tif is neither GTC nor IOC_OR_FILLED: {other:?}")),
    };
    Ok(Action::Limit(LimitOrder {
        id: OrderId(fields.number("order_id")?),
        account: AccountId::default(),
        side: side(fields, "side")?,
        price: price(fields)?,
        quantity: quantity(fields, "qty_1e8")?,
        time_in_force,
        post_only: PostOnly::Off,
    }))
}

fn market(fields: &Fields) -> Result<Action, String> {
    fields.none("price_cents", "a market order")?;
    if !["", "IOC"].contains(&fields.text("tif")) {
        return Err(format!("tif of a market order: {:?}", fields.text("tif")));
    }
    let has = |column| !fields.text(column).is_empty();
    let amount = match (has("qty_1e8"), has("funds_usd")) {
        (true, false) => MarketAmount::Quantity(quantity(fields, "qty_1e8")?),
        (false, true) => MarketAmount::Budget(funds(fields)?),
        (true, true) => MarketAmount::Both {
            quantity: quantity(fields, "qty_1e8")?,
            budget: funds(fields)?,
        },
        (false, false) => return Err("a market order needs qty_1e8, funds_usd or both".into()),
    };
    Ok(Action::Market(MarketOrder::new(
        OrderId(fields.number("order_id")?),
        AccountId::default(),
        side(fields, "side")?,
        amount,
    )))
}

fn matches(path: &Path, progress: &mut Progress) -> Result<Vec<Match>, BadInput> {
    let columns = [
        "seq",
        "taker_id",
        "maker_id",
        "price_cents",
        "qty_1e8",
        "maker_side",
    ];
    csv::read(path, &columns, progress, |fields| {
        fields.number::<u64>("seq")?;
        Ok(Match {
            taker: OrderId(fields.number("taker_id")?),
            maker: OrderId(fields.number("maker_id")?),
            price: price(fields)?,
            quantity: quantity(fields, "qty_1e8")?,
            maker_side: side(fields, "maker_side")?,
        })
    })
}

fn opens(path: &Path, progress: &mut Progress) -> Result<Vec<Open>, BadInput> {
    let columns = ["seq", "order_id", "side", "price_cents", "remaining_1e8"];
    csv::read(path, &columns, progress, |fields| {
        fields.number::<u64>("seq")?;
        Ok(Open {
            id: OrderId(fields.number("order_id")?),
            side: side(fields, "side")?,
            price: price(fields)?,
            remaining: quantity(fields, "remaining_1e8")?,
        })
    })
}

fn side(fields: &Fields, column: &str) -> Result<Side, String> {
    match fields.text(column) {
        "buy" => Ok(Side::Buy),
        "sell" => Ok(Side::Sell),
        other => Err(format!("{column} is neither buy nor sell: {other:?}")),
    }
}

fn price(fields: &Fields) -> Result<Price, String> {
    let ticks: i64 = fields.number("price_cents")?;
    if ticks.unsigned_abs() > PRICE_LIMIT.unsigned_abs() {
        return Err(format!("price_cents is out of range: {ticks}"));
    }
    Ok(Price::new(ticks))
}

fn quantity(fields: &Fields, column: &str) -> Result<Quantity, String> {
    match fields.number(column)? {
        0 => Err(format!("{column} is zero")),
        lots => Ok(Quantity::new(lots)),
    }
}

fn funds(fields: &Fields) -> Result<Notional, String> {
    let text = fields.text("funds_usd");
    let funds = Decimal::from_str_exact(text);
    let funds = funds.map_err(|_| format!("funds_usd is not a decimal in range: {text:?}"))?;
    if funds <= Decimal::ZERO {
        return Err(format!("funds_usd is not above zero: {text:?}"));
    }
    let funds = pricetime::notional(funds, tick(), lot());
    funds.map_err(|error| format!("funds_usd {text:?}: {error}"))
}
