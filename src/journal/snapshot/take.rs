//! Reading a snapshot.

use crate::book::{
    Expiry, Image, ImageLevel, ImageOrder, ImageSpecial, ImageWaiting, Peg, Places, Stage, Terms,
};
use crate::command::{Action, Command};
use crate::engine::{Counters, RULES};
use crate::instrument::Instrument;
use crate::journal::FORMAT;
use crate::journal::frame::WORD;
use crate::journal::record::POST_ONLY;
use crate::journal::snapshot::lists::{read_lists, read_tokens};
use crate::journal::snapshot::{
    DIGEST, HEAD_WORDS, NAME, SPECIAL_WORDS, SnapshotError, WAITING_WORDS,
};
use crate::order::{Display, OrderId, PegReference, Refresh, SelfTrade, TradeGroup};
use crate::units::{Price, Quantity, Timestamp};

/// The words of a snapshot whose digest is right.
pub struct Words<'a> {
    all: &'a [[u8; WORD]],
    rest: &'a [[u8; WORD]],
}

impl<'a> Words<'a> {
    pub fn of(bytes: &'a [u8]) -> Result<Self, SnapshotError> {
        let (words, _) = bytes.as_chunks::<WORD>();
        let word = |number: usize| words.get(number).map(|word| u64::from_le_bytes(*word));
        if word(0) != Some(NAME) {
            return Err(SnapshotError::NotASnapshot);
        }
        let second = word(1).ok_or(SnapshotError::Length)?;
        let (format, rules) = (second as u8, (second >> 16) as u16);
        if format != FORMAT {
            return Err(SnapshotError::FormatUnknown { format });
        }
        let split = bytes.split_last_chunk::<DIGEST>();
        let (content, digest) = split.ok_or(SnapshotError::Length)?;
        if word(2) != Some(bytes.len() as u64) || !bytes.len().is_multiple_of(WORD) {
            return Err(SnapshotError::Length);
        }
        if blake3::hash(content) != *digest {
            return Err(SnapshotError::Digest);
        }
        if rules > RULES {
            return Err(SnapshotError::RulesUnknown { rules });
        }
        let all = content.as_chunks::<WORD>().0;
        match all.split_at_checked(HEAD_WORDS) {
            Some((_, rest)) if second & 0xFF00 == 0 => Ok(Self { all, rest }),
            Some(_) | None => Err(SnapshotError::Malformed),
        }
    }

    /// A word of the head.
    pub fn skipped(&self, number: usize) -> u64 {
        u64::from_le_bytes(self.all[number])
    }

    pub fn take(&mut self) -> Option<u64> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(u64::from_le_bytes(*first))
    }

    pub fn take_words<const COUNT: usize>(&mut self) -> Option<[u64; COUNT]> {
        let (words, rest) = self.rest.split_first_chunk::<COUNT>()?;
        self.rest = rest;
        Some(words.map(u64::from_le_bytes))
    }

    pub fn take_pair(&mut self) -> Option<(u32, u32)> {
        let word = self.take()?;
        Some((word as u32, (word >> 32) as u32))
    }

    /// As many items of this many words each, if there are as many words.
    pub fn take_items(&mut self, count: usize, words: usize) -> Option<Self> {
        let all = words.checked_mul(count)?;
        let (items, rest) = self.rest.split_at_checked(all)?;
        self.rest = rest;
        Some(Self {
            all: items,
            rest: items,
        })
    }

    /// As many numbers of 32 bits; what fills the last word is zero.
    fn take_numbers(&mut self, count: usize) -> Option<Vec<u32>> {
        let items = self.take_items(count.div_ceil(2), 1)?;
        let halves = items.all.as_flattened().as_chunks::<4>().0;
        let (numbers, filling) = halves.split_at_checked(count)?;
        let is_zero = filling.iter().all(|half| *half == [0; 4]);
        is_zero.then(|| {
            numbers
                .iter()
                .map(|half| u32::from_le_bytes(*half))
                .collect()
        })
    }
}

/// The state, if it is one.
pub fn read_state(words: &mut Words<'_>, instrument: &Instrument) -> Option<(Counters, Image)> {
    let mut counters = read_counters(words)?;
    let (bids, asks) = words.take_pair()?;
    let (orders, timed) = words.take_pair()?;
    let (accounts, specials) = words.take_pair()?;
    let (waiting, lists) = words.take_pair()?;
    let (tokens, 0) = words.take_pair()? else {
        return None;
    };
    let mut image = Image {
        levels: [read_levels(words, bids)?, read_levels(words, asks)?],
        orders: read_orders(words, orders)?,
        specials: read_specials(words, specials)?,
        waiting: read_waiting(words, waiting)?,
        lists: read_lists(words, lists)?,
        ..Image::default()
    };
    counters.tokens = read_tokens(words, tokens)?;
    if instrument.keeps_totals() {
        image.totals = read_totals(words, image.orders.len() + image.waiting.len())?;
    }
    image.timed = read_timed(words, timed)?;
    let mut items = words.take_items(accounts as usize, 1)?;
    while let Some(account) = items.take_pair() {
        image.accounts.push(account);
    }
    let is_sorted = image.accounts.is_sorted_by(|one, next| one.0 < next.0);
    let linked: u64 = image
        .accounts
        .iter()
        .map(|account| u64::from(account.1))
        .sum();
    if !is_sorted {
        return None;
    }
    image.account_orders = words.take_numbers(usize::try_from(linked).ok()?)?;
    let (id_homes, account_homes) = words.take_pair()?;
    let orders = orders as usize + waiting as usize;
    let mut places = words.take_numbers(orders + accounts as usize)?;
    image.account_places = Places {
        homes: account_homes,
        places: places.split_off(orders),
    };
    image.ids = Places {
        homes: id_homes,
        places,
    };
    words.rest.is_empty().then_some((counters, image))
}

fn read_counters(words: &mut Words<'_>) -> Option<Counters> {
    let [now, last_trade, price, id, flags] = words.take_words()?;
    let [mark, trades, ask, bid, mark_seen] = words.take_words()?;
    let only_if = |bit: u64, word: u64| match flags >> bit & 1 {
        1 => Some(Some(word)),
        _ => (word == 0).then_some(None),
    };
    let price_if = |bit, word| Some(only_if(bit, word)?.map(|price| Price::new(price as i64)));
    let counters = Counters {
        now,
        last_trade,
        last_price: price_if(0, price)?,
        greatest_id: only_if(1, id)?.map(OrderId),
        mark: price_if(2, mark)?,
        observed: [
            price_if(3, trades)?,
            price_if(4, ask)?,
            price_if(5, bid)?,
            price_if(6, mark_seen)?,
        ],
        tokens: Vec::new(),
    };
    (flags < 1 << 7).then_some(counters)
}

fn read_levels(words: &mut Words<'_>, count: u32) -> Option<Vec<ImageLevel>> {
    let mut items = words.take_items(count as usize, 2)?;
    let mut levels = Vec::with_capacity(count as usize);
    while let Some(price) = items.take() {
        let (shown, hidden) = items.take_pair()?;
        levels.push(ImageLevel {
            price: Price::new(price as i64),
            shown,
            hidden,
        });
    }
    Some(levels)
}

fn read_specials(words: &mut Words<'_>, count: u32) -> Option<Vec<ImageSpecial>> {
    let mut items = words.take_items(count as usize, SPECIAL_WORDS)?;
    let mut specials = Vec::with_capacity(count as usize);
    while let Some([number, reserve, minimum, peak, rest, limit, target, follows]) =
        items.take_words()
    {
        let (refreshes, flags) = (rest as u32, (rest >> 32) as u32);
        let (spread_bps, refresh) = (flags as u16, flags >> 20 & 15);
        let display = match (flags >> 16 & 15, peak, spread_bps, refresh) {
            (0, 0, 0, 0) => Display::Whole,
            (1, 0, 0, 0) => Display::Hidden,
            (2, ..) => Display::Peak {
                quantity: Quantity::new(peak),
                spread_bps,
                refresh: *Refresh::ALL.get(refresh as usize)?,
            },
            _ => return None,
        };
        let peg = Peg {
            reference: match follows >> 32 & 3 {
                0 | 1 => PegReference::Primary,
                2 => PegReference::Market,
                _ => PegReference::Midpoint,
            },
            offset: follows as u32 as i32,
            limit: Price::new(limit as i64),
            target: Price::new(target as i64),
        };
        let has_peg = follows >> 32 & 3 != 0;
        let is_plain = (limit, target, follows & !(1 << 34)) == (0, 0, 0);
        if follows >> 35 & 31 != 0 || !(has_peg || is_plain) {
            return None;
        }
        specials.push(ImageSpecial {
            order: number as u32,
            reserve,
            follower: (follows >> 40) as u32,
            terms: Terms {
                group: TradeGroup((number >> 32) as u32),
                self_trade: *SelfTrade::ALL.get((flags >> 24) as usize)?,
                minimum,
                display,
                refreshes,
                in_list: follows >> 34 & 1 == 1,
                peg: has_peg.then_some(peg),
            },
        });
    }
    Some(specials)
}

fn read_orders(words: &mut Words<'_>, count: u32) -> Option<Vec<ImageOrder>> {
    let mut items = words.take_items(count as usize, 3)?;
    let mut orders = Vec::with_capacity(count as usize);
    while let Some([id, lots, both]) = items.take_words() {
        orders.push(ImageOrder {
            id,
            lots,
            account: both as u32,
            post_only: *POST_ONLY.get((both >> 32) as usize)?,
        });
    }
    Some(orders)
}

fn read_waiting(words: &mut Words<'_>, count: u32) -> Option<Vec<ImageWaiting>> {
    let mut items = words.take_items(count as usize, WAITING_WORDS)?;
    let mut waiting = Vec::with_capacity(count as usize);
    while let Some(records) = items.take_words::<16>() {
        let command = Command::from_records(records.as_chunks::<8>().0)?;
        let Action::Order(order) = command.action else {
            return None;
        };
        let (stage, line) = items.take_pair()?;
        let price = items.take()?;
        let stage = match (stage, price) {
            (0, 0) => Stage::Set,
            (1, 0) => Stage::Trails(None),
            (2, price) => Stage::Trails(Some(Price::new(price as i64))),
            (3, price) => Stage::Elected(Price::new(price as i64)),
            (4, 0) => Stage::Held,
            (5, 0) => Stage::Released,
            (6, 0) => Stage::Unpriced,
            (7, 0) => Stage::Referenced,
            _ => return None,
        };
        if command.timestamp != Timestamp::new(0) {
            return None;
        }
        waiting.push(ImageWaiting { order, stage, line });
    }
    Some(waiting)
}

fn read_totals(words: &mut Words<'_>, count: usize) -> Option<Vec<(u64, u32)>> {
    let mut items = words.take_items(count, 2)?;
    let mut totals = Vec::with_capacity(count);
    while let Some(lots) = items.take() {
        let (amended, 0) = items.take_pair()? else {
            return None;
        };
        totals.push((lots, amended));
    }
    Some(totals)
}

fn read_timed(words: &mut Words<'_>, count: u32) -> Option<Vec<(u32, Expiry)>> {
    let mut items = words.take_items(count as usize, 2)?;
    let mut timed = Vec::with_capacity(count as usize);
    while let Some((order, kind)) = items.take_pair() {
        let expiry = match (kind, items.take()?) {
            (0, time) => Expiry::At(time),
            (1, 0) => Expiry::DayEnd,
            _ => return None,
        };
        timed.push((order, expiry));
    }
    Some(timed)
}
