//! The book as a picture of depth.

use std::fmt::Write;

use pricetime::{Engine, Instrument, Level, Price, Quantity, Side};

/// The width of the longest bar.
const BAR_MAX: u128 = 40;

/// One line of the picture.
struct Row {
    price: String,
    quantity: String,
    orders: u32,
    cumulative: String,
    lots: u64,
}

/// The best `levels` of both sides, asks above bids, the best prices in the middle.
pub fn depth(engine: &Engine, levels: usize) -> String {
    let book = engine.book();
    let rows = |side| rows(engine.instrument(), book.depth(side).take(levels));
    let (bids, mut asks) = (rows(Side::Buy), rows(Side::Sell));
    asks.reverse();
    let both = || asks.iter().chain(&bids);
    let longest = both().map(|row| row.lots).max().unwrap_or(1);
    let width = |heading: &str, text: fn(&Row) -> &String| {
        let widest = both().map(|row| text(row).len()).max();
        widest.unwrap_or(0).max(heading.len())
    };
    let price = width("price", |row| &row.price);
    let quantity = width("quantity", |row| &row.quantity);
    let cumulative = width("cumulative", |row| &row.cumulative);
    let mut picture = format!(
        "     {:>price$}  {:>quantity$}  orders  {:>cumulative$}\n",
        "price", "quantity", "cumulative"
    );
    for (side, rows) in [("ask", &asks), ("bid", &bids)] {
        if side == "bid" {
            let _ = writeln!(picture, "     {}", spread(engine));
        }
        for row in rows {
            let bar =
                "█".repeat((u128::from(row.lots) * BAR_MAX).div_ceil(longest.into()) as usize);
            let _ = writeln!(
                picture,
                "{side}  {:>price$}  {:>quantity$}  {:>6}  {:>cumulative$}  {bar}",
                row.price, row.quantity, row.orders, row.cumulative
            );
        }
    }
    let _ = writeln!(
        picture,
        "\n{} orders on the book",
        grouped(book.len() as u64)
    );
    picture
}

fn rows(instrument: &Instrument, levels: impl Iterator<Item = Level>) -> Vec<Row> {
    let mut sum = 0_u64;
    let rows = levels.map(|level| {
        sum = sum.saturating_add(level.quantity.lots());
        Row {
            price: price(instrument, level.price),
            quantity: quantity(instrument, level.quantity),
            orders: level.orders,
            cumulative: quantity(instrument, Quantity::new(sum)),
            lots: level.quantity.lots(),
        }
    });
    rows.collect()
}

fn spread(engine: &Engine) -> String {
    let spread = engine.book().spread();
    let spread = spread
        .and_then(|ticks| i64::try_from(ticks).ok())
        .map(Price::new);
    match spread {
        Some(spread) => format!("spread {}", price(engine.instrument(), spread)),
        None => "no spread: a side is empty".into(),
    }
}

/// With as many decimals as the tick has; a number too long for a decimal in ticks.
fn price(instrument: &Instrument, price: Price) -> String {
    let places = instrument.tick().step().scale() as usize;
    match instrument.tick().decimal(price) {
        Ok(value) => format!("{value:.places$}"),
        Err(_) => format!("{} ticks", price.ticks()),
    }
}

fn quantity(instrument: &Instrument, quantity: Quantity) -> String {
    let places = instrument.lot().step().scale() as usize;
    match instrument.lot().decimal(quantity) {
        Ok(value) => format!("{value:.places$}"),
        Err(_) => format!("{} lots", quantity.lots()),
    }
}

/// A count with its thousands apart.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
