//! The book on the screen: drawn in place on a terminal, else a line now and then.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use pricetime::shell::Depth;
use pricetime::{Level, Side};

/// How often the picture is drawn.
pub const REDRAW: Duration = Duration::from_millis(100);
/// How often a line is told where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(1);
/// Levels of each side in the picture.
pub const LEVELS: usize = 10;
/// The width of the longest bar.
const BAR_MAX: u64 = 30;

/// To the top left corner.
const HOME: &str = "\x1b[H";
const CLEAR: &str = "\x1b[2J";
/// The rest of the line, and of the screen.
const CLEAR_LINE: &str = "\x1b[K";
const CLEAR_REST: &str = "\x1b[J";
const GREEN: &str = "\x1b[32m";
const RED: &str = "\x1b[31m";
const PLAIN: &str = "\x1b[0m";

/// Where the session is shown.
pub struct Screen<'a> {
    is_live: bool,
    out: &'a mut dyn Write,
    start: Instant,
    /// When a line was last told, and which entry was the last then.
    told: Instant,
    sequence: u64,
    pictures: u64,
}

impl<'a> Screen<'a> {
    pub fn new(is_live: bool, out: &'a mut dyn Write) -> Self {
        let start = Instant::now();
        Self {
            is_live,
            out,
            start,
            told: start,
            sequence: 0,
            pictures: 0,
        }
    }

    /// Text as it is.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Shows the depth as it is now, and what the tape has seen and missed.
    pub fn show(&mut self, depth: &Depth<'_>, tape: (u64, u64)) -> io::Result<()> {
        let since = self.told.elapsed();
        if !self.is_live && since < LINE_EVERY {
            return Ok(());
        }
        let rate = (depth.sequence() - self.sequence) as f64 / since.as_secs_f64();
        (self.told, self.sequence) = (Instant::now(), depth.sequence());
        let text = if self.is_live {
            let clear = if self.pictures == 0 { CLEAR } else { "" };
            let picture = self.picture(depth, tape, rate);
            let picture = picture.replace('\n', &format!("{CLEAR_LINE}\n"));
            format!("{clear}{HOME}{picture}{CLEAR_REST}")
        } else {
            line(depth, tape, rate)
        };
        self.pictures += 1;
        self.say(&text)
    }

    fn picture(&self, depth: &Depth<'_>, tape: (u64, u64), rate: f64) -> String {
        let mut text = format!(
            "{:6.1} s   {} commands, {} a second   tape: {} seen, {} missed\n\n",
            self.start.elapsed().as_secs_f64(),
            grouped(depth.sequence()),
            grouped(rate as u64),
            grouped(tape.0),
            grouped(tape.1),
        );
        let rows = |side| depth.levels(side).take(LEVELS).collect::<Vec<_>>();
        let (bids, asks) = (rows(Side::Buy), rows(Side::Sell));
        let longest = bids.iter().chain(&asks).map(|row| row.quantity.lots());
        let longest = longest.max().unwrap_or(1);
        // As many lines with few levels as with many, so that the best stay where they are.
        text += &"\n".repeat(LEVELS - asks.len());
        for level in asks.iter().rev() {
            text += &row("ask", RED, level, longest);
        }
        let last = depth.last_price().map(|price| price.ticks().to_string());
        let last = last.unwrap_or_else(|| "none".to_string());
        let _ = writeln!(text, "      last trade at {last}");
        for level in &bids {
            text += &row("bid", GREEN, level, longest);
        }
        text += &"\n".repeat(LEVELS - bids.len());
        text
    }
}

fn row(side: &str, colour: &str, level: &Level, longest: u64) -> String {
    let lots = level.quantity.lots();
    let width = (u128::from(lots) * u128::from(BAR_MAX)).div_ceil(u128::from(longest));
    let bar = "█".repeat(width as usize);
    let (price, orders) = (level.price.ticks(), level.orders);
    format!("{side} {price:>8} {lots:>8} {orders:>5}  {colour}{bar}{PLAIN}\n")
}

fn line(depth: &Depth<'_>, tape: (u64, u64), rate: f64) -> String {
    let best = |side| match depth.levels(side).next() {
        Some(level) => format!("{} x {}", level.price.ticks(), level.quantity.lots()),
        None => "none".to_string(),
    };
    format!(
        "{} commands, {} a second; bid {}, ask {}; tape: {} seen, {} missed\n",
        grouped(depth.sequence()),
        grouped(rate as u64),
        best(Side::Buy),
        best(Side::Sell),
        grouped(tape.0),
        grouped(tape.1),
    )
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
