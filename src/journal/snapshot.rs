//! The whole state of an engine as bytes, and back.
//!
//! ```text
//!   word  0  the bytes "snapshot"
//!         1  format 8 bits, zero 8, version of the rules 16, chain of the mark 32
//!         2  bytes of the snapshot, digest included
//!         3  sequence of the mark: the last entry that is in the state
//!   4 .. 32  the instrument, as in an opening
//!        33  time
//!        34  number of the last trade
//!        35  price of the last trade; zero without one
//!        36  greatest order id, where ids must increase; zero without one
//!        37  bit 0: there is a last price; bit 1: there is a greatest id; bit 2: there is a mark; bits 3 to 6: there is an
//!            observed price
//!        38  mark; zero without one
//!  39 .. 42  prices that triggers were compared with last: of trades, the best ask, the best bid, the mark; zero without one
//!        43  how many levels: bids 32 bits, asks 32
//!        44  how many orders rest 32 bits, how many orders expire 32
//!        45  how many accounts are linked 32 bits, how many orders are special 32
//!        46  how many orders wait 32 bits, how many lists there are 32
//!        47  how many client tokens are remembered 32 bits, zero 32
//!   then     each level, bids first, best first: price; how many orders are shown 32 bits, how many are not 32
//!   then     each order, level by level, those that are shown and then the others, in queue order: id; what stands in its
//!            queue; account 32 bits, post-only 32
//!   then     each special order, by its number among the orders: the number 32 bits, trade group 32; what is hidden while it shows
//!            something; minimum; peak; how often it was refreshed 32 bits, spread 16, display (0 whole, 1 hidden, 2 peak) 4,
//!            refresh 4, self-trade mode 8; limit and price of its peg, or zeros; offset of its peg 32 bits, reference of its peg 2 (0
//!            none), whether it is one of a list 1, zero 5, how many that follow a reference came to rest before it 24
//!   then     each waiting order, oldest first, numbered after the others: its two records, as in an entry at time zero; stage (0 not
//!            met, 1 trails, 2 trails and has a best price, 3 elected, 4 held, 5 released, 6 without reference, 7 with one again) 32 bits, its place in the line 32; that best price, or
//!            the price that elected it, or zero
//!   then     each list, by account and name: account 32 bits, kind 8, partial fill 8, how many orders it has 8, how many have
//!            come 8; name; its place among those with something due; and of each order that has come: id; what is open; what it
//!            traded; how much it is due to lose; its life (1 held, 2 free, 3 gone) 8 bits, whether it is due to be cancelled 1, released 1
//!   then     each remembered token, oldest first: account; token; order id
//!   then     where totals are kept, of each order, then of each waiting one: what it is in total; how often it was amended 32 bits, zero 32
//!   then     each order that expires, in order of arrival: its number among the orders 32 bits, 0 for a
//!            date and 1 for the day 32; the date, or zero
//!   then     each linked account, by number: account 32 bits, how many orders 32
//!   then     their orders by number, oldest first: 32 bits each, zeros up to a whole word
//!   then     homes of the index of ids 32 bits, of that of accounts 32
//!   then     the place of each order, then of each linked account, in its index: 32 bits each,
//!            zeros up to a whole word
//!   last     BLAKE3 of all before, 32 bytes
//! ```
//!
//! What stands before the homes of the indexes depends on nothing but what rests and what was
//! counted: the state digest is over that, from word 4.

mod lists;
mod take;

use std::fmt;

use crate::book::{Expiry, Image, ImageSpecial, ImageWaiting, Stage};
use crate::command::{Action, Command};
use crate::engine::{Counters, Engine, RULES};
use crate::instrument::Instrument;
use crate::journal::frame::WORD;
use crate::journal::opening::{INSTRUMENT_WORDS, instrument_words};
use crate::journal::{FORMAT, Mark, SEQUENCE_MAX};
use crate::order::Display;
use crate::units::Timestamp;
use lists::{LEG_WORDS, LIST_WORDS, TOKEN_WORDS, put_list, put_token};
use take::{Words, read_state};

const NAME: u64 = u64::from_le_bytes(*b"snapshot");
const DIGEST: usize = 32;
/// Words before the instrument.
const HEAD_WORDS: usize = 4;
/// Words between the instrument and the levels.
const STATE_WORDS: usize = 15;
/// Words of a waiting order.
const WAITING_WORDS: usize = 18;
/// Words of a special order.
const SPECIAL_WORDS: usize = 8;

/// Why bytes are not restored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SnapshotError {
    /// They do not begin as a snapshot does.
    NotASnapshot,
    /// The snapshot is of a version of the layout that this one does not read.
    FormatUnknown {
        /// That version.
        format: u8,
    },
    /// The snapshot was taken under rules that are newer than these.
    RulesUnknown {
        /// Their version.
        rules: u16,
    },
    /// There are more or fewer bytes than the snapshot has.
    Length,
    /// The digest is another.
    Digest,
    /// The snapshot is of another instrument.
    OtherInstrument,
    /// The digest is right, and there is no such state.
    Malformed,
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASnapshot => f.write_str("this is no snapshot"),
            Self::FormatUnknown { format } => write!(f, "format {format} is unknown"),
            Self::RulesUnknown { rules } => write!(f, "rules {rules} are unknown"),
            Self::Length => f.write_str("the snapshot has another length"),
            Self::Digest => f.write_str("the digest is wrong"),
            Self::OtherInstrument => f.write_str("the snapshot is of another instrument"),
            Self::Malformed => f.write_str("the snapshot shows no possible state"),
        }
    }
}

impl std::error::Error for SnapshotError {}

/// Appends a snapshot of an engine to `bytes`: all of its state, behind the entry that `mark` names.
///
/// Equal states give equal bytes. O(orders), and it allocates. To stop the writer for no longer than a copy
/// of the engine's memory takes, clone the engine and do this elsewhere with the clone; to not stop it
/// at all, let a [`Follower`](crate::journal::Follower) run behind and do it there.
pub fn snapshot(engine: &Engine, mark: Mark, bytes: &mut Vec<u8>) {
    let (counters, image) = engine.image();
    let start = bytes.len();
    let length = snapshot_bytes(&counters, &image);
    bytes.reserve(length);
    let second = u64::from(FORMAT) | u64::from(RULES) << 16 | u64::from(mark.chain) << 32;
    for word in [NAME, second, length as u64, mark.sequence] {
        put(bytes, word);
    }
    put_state(engine.instrument(), &counters, &image, bytes);
    put_pair(bytes, image.ids.homes, image.account_places.homes);
    let places = image.ids.places.iter().chain(&image.account_places.places);
    put_numbers(bytes, places);
    let digest = blake3::hash(&bytes[start..]);
    bytes.extend_from_slice(digest.as_bytes());
    debug_assert_eq!(bytes.len() - start, length, "the length was foreseen");
}

/// A digest of an engine's state, to compare replicas with: equal states have equal digests, whatever was
/// before. BLAKE3 over the state as a snapshot has it. O(orders), and it allocates.
pub fn digest(engine: &Engine) -> [u8; 32] {
    let (counters, image) = engine.image();
    let mut bytes = Vec::with_capacity(snapshot_bytes(&counters, &image));
    put_state(engine.instrument(), &counters, &image, &mut bytes);
    *blake3::hash(&bytes).as_bytes()
}

/// The engine of a snapshot, which answers every later command as the one would that it was taken of, and the
/// place in the journal to go on from.
///
/// The engine's memory is that of `instrument`, whatever the bytes claim.
///
/// # Errors
/// A [`SnapshotError`], and nothing else: everything is checked.
pub fn restore(bytes: &[u8], instrument: &Instrument) -> Result<(Engine, Mark), SnapshotError> {
    let mut words = Words::of(bytes)?;
    let second = words.skipped(1);
    let mark = Mark {
        sequence: words.skipped(3),
        chain: (second >> 32) as u32,
    };
    if mark.sequence > SEQUENCE_MAX {
        return Err(SnapshotError::Malformed);
    }
    if words.take_words::<INSTRUMENT_WORDS>() != Some(instrument_words(instrument)) {
        return Err(SnapshotError::OtherInstrument);
    }
    let (counters, image) = read_state(&mut words, instrument).ok_or(SnapshotError::Malformed)?;
    let engine = Engine::from_image(instrument, &counters, &image);
    Ok((engine.ok_or(SnapshotError::Malformed)?, mark))
}

fn snapshot_bytes(counters: &Counters, image: &Image) -> usize {
    let entered = image.lists.iter().map(|image| image.list.entered);
    let legs: usize = entered.map(usize::from).sum();
    let levels: usize = image.levels.iter().map(Vec::len).sum();
    let places = image.ids.places.len() + image.account_places.places.len();
    let words = HEAD_WORDS
        + INSTRUMENT_WORDS
        + STATE_WORDS
        + 2 * levels
        + 3 * image.orders.len()
        + SPECIAL_WORDS * image.specials.len()
        + WAITING_WORDS * image.waiting.len()
        + LIST_WORDS * image.lists.len()
        + LEG_WORDS * legs
        + TOKEN_WORDS * counters.tokens.len()
        + 2 * image.totals.len()
        + 2 * image.timed.len()
        + image.accounts.len()
        + image.account_orders.len().div_ceil(2)
        + 1
        + places.div_ceil(2);
    words * WORD + DIGEST
}

fn put(bytes: &mut Vec<u8>, word: u64) {
    bytes.extend_from_slice(&word.to_le_bytes());
}

fn put_pair(bytes: &mut Vec<u8>, low: u32, high: u32) {
    put(bytes, u64::from(low) | u64::from(high) << 32);
}

/// Numbers of 32 bits, and zeros up to a whole word.
fn put_numbers<'a>(bytes: &mut Vec<u8>, numbers: impl Iterator<Item = &'a u32>) {
    for number in numbers {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(WORD), 0);
}

fn put_state(instrument: &Instrument, counters: &Counters, image: &Image, bytes: &mut Vec<u8>) {
    for word in instrument_words(instrument) {
        put(bytes, word);
    }
    put_counters(counters, bytes);
    let [bids, asks] = &image.levels;
    put_pair(bytes, bids.len() as u32, asks.len() as u32);
    put_pair(bytes, image.orders.len() as u32, image.timed.len() as u32);
    put_pair(
        bytes,
        image.accounts.len() as u32,
        image.specials.len() as u32,
    );
    put_pair(bytes, image.waiting.len() as u32, image.lists.len() as u32);
    put_pair(bytes, counters.tokens.len() as u32, 0);
    for level in bids.iter().chain(asks) {
        put(bytes, level.price.ticks() as u64);
        put_pair(bytes, level.shown, level.hidden);
    }
    for order in &image.orders {
        put(bytes, order.id);
        put(bytes, order.lots);
        put_pair(bytes, order.account, order.post_only as u32);
    }
    for special in &image.specials {
        put_special(bytes, special);
    }
    for waiting in &image.waiting {
        put_waiting(bytes, waiting);
    }
    for list in &image.lists {
        put_list(bytes, list);
    }
    for request in &counters.tokens {
        put_token(bytes, request);
    }
    for &(lots, amended) in &image.totals {
        put(bytes, lots);
        put_pair(bytes, amended, 0);
    }
    for &(order, expiry) in &image.timed {
        let (kind, time) = match expiry {
            Expiry::At(time) => (0, time),
            Expiry::DayEnd => (1, 0),
        };
        put_pair(bytes, order, kind);
        put(bytes, time);
    }
    for &(account, orders) in &image.accounts {
        put_pair(bytes, account, orders);
    }
    put_numbers(bytes, image.account_orders.iter());
}

/// What is counted, from the time to the prices that triggers were compared with.
fn put_counters(counters: &Counters, bytes: &mut Vec<u8>) {
    let price = counters.last_price;
    let greatest = counters.greatest_id;
    put(bytes, counters.now);
    put(bytes, counters.last_trade);
    put(bytes, price.map_or(0, |price| price.ticks() as u64));
    put(bytes, greatest.map_or(0, |id| id.0));
    let watched = [counters.mark].into_iter().chain(counters.observed);
    let flags = [price.is_some(), greatest.is_some()].into_iter();
    let flags = flags.chain(watched.clone().map(|price| price.is_some()));
    put(
        bytes,
        flags
            .zip(0..)
            .fold(0, |all, (flag, bit)| all | u64::from(flag) << bit),
    );
    for price in watched {
        put(bytes, price.map_or(0, |price| price.ticks() as u64));
    }
}

fn put_special(bytes: &mut Vec<u8>, special: &ImageSpecial) {
    let terms = &special.terms;
    let (display, peak, spread_bps, refresh) = match terms.display {
        Display::Whole => (0, 0, 0, 0),
        Display::Hidden => (1, 0, 0, 0),
        Display::Peak {
            quantity,
            spread_bps,
            refresh,
        } => (2, quantity.lots(), u32::from(spread_bps), refresh as u32),
    };
    let flags = spread_bps | display << 16 | refresh << 20 | (terms.self_trade as u32) << 24;
    put_pair(bytes, special.order, terms.group.0);
    put(bytes, special.reserve);
    put(bytes, terms.minimum);
    put(bytes, peak);
    put_pair(bytes, terms.refreshes, flags);
    let peg = terms.peg;
    put(bytes, peg.map_or(0, |peg| peg.limit.ticks() as u64));
    put(bytes, peg.map_or(0, |peg| peg.target.ticks() as u64));
    let reference = peg.map_or(0, |peg| peg.reference as u32 + 1);
    let flags = reference | u32::from(terms.in_list) << 2 | special.follower << 8;
    put_pair(bytes, peg.map_or(0, |peg| peg.offset as u32), flags);
}

fn put_waiting(bytes: &mut Vec<u8>, waiting: &ImageWaiting) {
    let command = Command::new(Timestamp::new(0), Action::Order(waiting.order));
    for word in command.to_records().as_slice().as_flattened() {
        put(bytes, *word);
    }
    let (stage, price) = match waiting.stage {
        Stage::Set => (0, None),
        Stage::Trails(None) => (1, None),
        Stage::Trails(best) => (2, best),
        Stage::Elected(price) => (3, Some(price)),
        Stage::Held => (4, None),
        Stage::Released => (5, None),
        Stage::Unpriced => (6, None),
        Stage::Referenced => (7, None),
    };
    put_pair(bytes, stage, waiting.line);
    put(bytes, price.map_or(0, |price| price.ticks() as u64));
}
