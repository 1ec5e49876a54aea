//! Commands and events as plain records of eight 64-bit words, and back.
//!
//! ```text
//!   word 0:  | kind 8 bits | present 8 | flags 16 | account 32 |
//!
//!   kind              flags, from bit 0               1 id    2 price    3 quantity  4          5           6                7
//!   ----------------- ------------------------------- ------- ---------- ----------- ---------- ----------- ---------------- ---------------
//!    1 Limit          side 1, post-only 2, life 3     id      price      quantity    expiry                 time
//!    2 Market         side 1, counted 1, budgeted 1,  id                 quantity    budget low budget high time
//!                     whole 1
//!    3 Cancel         owned 1                         id                                                    time
//!    4 Reduce         owned 1                         id                 by                                 time
//!    5 Replace        owned 1, priced 1, counted 1    id      price      quantity                           time
//!    6 CancelAll      owned 1, side 2, min 1, max 1           lowest                 highest                time
//!    7 AdvanceTime                                                                                          time
//!    8 EndOfDay                                                                                             time
//!    9 Order          side 1, post-only 2, life 3,    id      price or   quantity    expiry                 time
//!                     pricing 3, reference 2,                 distance
//!                     repricing 1, unit 1
//!   10 Terms          display 2, refresh 2,                                          spread     peak                         minimum
//!                     self-trade 3
//!   11 SetMark                                                price                                         time
//!   12 TriggerTerms   as Terms; kind 1, source 2,             trigger                spread 32  peak                         minimum
//!                     trail 2, start 1                        price                  trail 32
//!   13 PegTerms       as TriggerTerms; triggered 1            trigger    offset 32   spread 32  peak                         minimum
//!                                                             price      zero 32     trail 32
//!   14 Once           as PegTerms                     token   trigger    offset 32   spread 32  peak                         minimum
//!                                                             price      zero 32     trail 32
//!   15 Leg            as PegTerms                     list    trigger    offset 32   spread 32  peak                         minimum
//!                                                             price      kind 8      trail 32
//!                                                                        legs 8
//!                                                                        partial 8
//!   16 CancelReplace  as PegTerms                     cancel  trigger    offset 32   spread 32  peak                         minimum
//!                                                             price      only 8      trail 32
//!                                                                        mode 8
//!   17 Amend          owned 1, priced 1, counted 1    id      price      quantity                           time
//!   18 AmendTerms     display 2, refresh 2,                   trigger                spread     peak
//!                     triggered 1                             price
//!   19 MarketSelfTrade                                id      group      quantity    budget low budget high time
//!                     as Market; self-trade 3
//!   33 Accepted       side 1, order kind low 2,       id      price      quantity    expiry                 time
//!                     life 3, order kind high 1
//!   34 Rejected       request 8, reason 8             id
//!   35 Traded         side of the taker 1             taker   price      quantity    maker      trade       left of taker    left of maker
//!   36 Rested         side 1                          id      price      quantity
//!   37 Reduced                                        id                 by                                 left
//!   38 Replaced       priority lost 1                 id      price      quantity
//!   39 Slid                                           id      price to              price from
//!   40 Cancelled      cause 8                         id                 quantity
//!   41 MassCancelled  more 1                                             orders
//!   42 TimeAdvanced                                                      orders                             time
//!   43 DayEnded       more 1                                             orders
//!   44 Prevented      side of the taker 1, mode 3     taker   price      quantity    maker                  left of taker    left of maker
//!   45 Priced                                         id      price
//!   46 RestedHidden   side 1                          id      price      displayed                          hidden
//!   47 Refreshed      priority lost 1                 id                 displayed                          hidden
//!   48 Waits                                          id
//!   49 Triggered                                      id      price
//!   50 Refused        reason 8                        id
//!   51 MarkSet                                                price
//!   52 Held                                           id                             list
//!   53 ListStarted                                                                   list
//!   54 Released                                       id
//!   55 Duplicate                                      id                             original
//!   56 Repriced                                       id      price
//!   57 TriggerMoved                                   id      price
//! ```
//!
//! An order with terms of its own is two records, an Order and its Terms, always both and in this order. Of an order with a
//! trigger the second is TriggerTerms; Terms have no words for one. The account of either is the trade group. Pricing is
//! limit, market, protected, market-to-limit or pegged; word 2 has the limit, the distance, or zero. Display is whole, hidden or peak; without
//! a peak its refresh, spread (basis points) and size are zero. Self-trade is zero for the instrument's default, and otherwise one
//! more than the number of the mode. The upper half of word 4 says how many ticks or basis points it trails; without a trail it is
//! zero, unless the command is refused for it.
//!
//! The second record says how an order is entered. Of an order that is pegged, and entered by itself, it is PegTerms. Once, Leg and
//! CancelReplace are second records too, behind an Order of any pricing. These four have words for a trigger, which are zero unless
//! it is triggered, and for the offset of a peg (two's complement), which is zero without one, as are the flags reference, repricing
//! and unit. The name that they have in word 1 is the token, the list, or the order to be cancelled.
//!
//! A market order that names a trade group or a self-trade mode is a MarketSelfTrade, and any other a Market.
//!
//! An Amend and its AmendTerms, too, are always both. The display there is zero if it stays, and otherwise one more than its number.
//!
//! Which words have a meaning depends on the kind alone: a word that has one but says nothing in this record, as the expiry of an
//! order without one, is zero. Prices and budgets are two's complement.
//!
//! Words and flags without a meaning are zero; enumerations count from zero in the order in which
//! they are declared, a side of a mass cancel from one. A market amount is whole only if it is counted and budgeted. The account is the owner's; where `owned` is not set it is zero. All of this
//! is checked: exactly one record stands for each event, and exactly one, or one pair, for each command.

mod amend;
mod besides;
mod peg;
mod put;
pub(super) mod quick;
mod release;
mod take;
mod terms;
mod trigger;

use crate::command::{Action, Command};
use crate::event::Event;
use crate::units::Timestamp;
pub(super) use put::put_command;
pub(crate) use put::put_event;
use put::{head, owned};
pub(super) use take::POST_ONLY;
pub(crate) use take::{event_of, read_command};
pub(crate) use terms::read_terms;

/// A command or an event as eight words; each is stored little-endian.
pub type Record = [u64; 8];

const LIMIT: u8 = 1;
const MARKET: u8 = 2;
const CANCEL: u8 = 3;
const REDUCE: u8 = 4;
const REPLACE: u8 = 5;
const CANCEL_ALL: u8 = 6;
const ADVANCE_TIME: u8 = 7;
const END_OF_DAY: u8 = 8;
const ORDER: u8 = 9;
const TERMS: u8 = 10;
const SET_MARK: u8 = 11;
const TRIGGER_TERMS: u8 = 12;
const PEG_TERMS: u8 = 13;
const ONCE: u8 = 14;
const LEG: u8 = 15;
const CANCEL_REPLACE: u8 = 16;
const AMEND: u8 = 17;
const AMEND_TERMS: u8 = 18;
const MARKET_SELF_TRADE: u8 = 19;
const ACCEPTED: u8 = 33;
const REJECTED: u8 = 34;
const TRADED: u8 = 35;
const RESTED: u8 = 36;
const REDUCED: u8 = 37;
const REPLACED: u8 = 38;
const SLID: u8 = 39;
const CANCELLED: u8 = 40;
const MASS_CANCELLED: u8 = 41;
const TIME_ADVANCED: u8 = 42;
const DAY_ENDED: u8 = 43;
const PREVENTED: u8 = 44;
const PRICED: u8 = 45;
const RESTED_HIDDEN: u8 = 46;
const REFRESHED: u8 = 47;
const WAITS: u8 = 48;
const TRIGGERED: u8 = 49;
const REFUSED: u8 = 50;
const MARK_SET: u8 = 51;
const HELD: u8 = 52;
const LIST_STARTED: u8 = 53;
const RELEASED: u8 = 54;
const DUPLICATE: u8 = 55;
const REPRICED: u8 = 56;
const TRIGGER_MOVED: u8 = 57;

/// The word of a record where each kind of content stands.
pub(crate) const ID: usize = 1;
const PRICE: usize = 2;
const QUANTITY: usize = 3;
const OTHER: usize = 4;
const TRADE: usize = 5;
pub(super) const TIME: usize = 6;
const LEFT: usize = 6;
const MAKER_LEFT: usize = 7;

const GTD: u64 = 4;

/// Where the self-trade mode of a market order begins among the flags.
const MARKET_MODE: u32 = 4;

/// Which words of a record of this kind have a meaning, a bit each; none for an unknown kind.
#[inline(always)]
pub(super) fn used(kind: u8) -> u8 {
    USED[kind as usize]
}

const fn words_of(kind: u8) -> u8 {
    match kind {
        LIMIT | ACCEPTED | ORDER => const { bits(&[ID, PRICE, QUANTITY, OTHER, TIME]) },
        MARKET => const { bits(&[ID, QUANTITY, OTHER, TRADE, TIME]) },
        MARKET_SELF_TRADE => const { bits(&[ID, PRICE, QUANTITY, OTHER, TRADE, TIME]) },
        CANCEL => const { bits(&[ID, TIME]) },
        REDUCE => const { bits(&[ID, QUANTITY, TIME]) },
        REPLACE | AMEND => const { bits(&[ID, PRICE, QUANTITY, TIME]) },
        CANCEL_ALL => const { bits(&[PRICE, OTHER, TIME]) },
        ADVANCE_TIME | END_OF_DAY => const { bits(&[TIME]) },
        TERMS => const { bits(&[OTHER, TRADE, MAKER_LEFT]) },
        TRIGGER_TERMS => const { bits(&[PRICE, OTHER, TRADE, MAKER_LEFT]) },
        PEG_TERMS => const { bits(&[PRICE, QUANTITY, OTHER, TRADE, MAKER_LEFT]) },
        ONCE | LEG | CANCEL_REPLACE => {
            const { bits(&[ID, PRICE, QUANTITY, OTHER, TRADE, MAKER_LEFT]) }
        }
        AMEND_TERMS => const { bits(&[PRICE, OTHER, TRADE]) },
        SET_MARK => const { bits(&[PRICE, TIME]) },
        REJECTED | WAITS | REFUSED | RELEASED => const { bits(&[ID]) },
        TRADED => const { bits(&[ID, PRICE, QUANTITY, OTHER, TRADE, LEFT, MAKER_LEFT]) },
        RESTED | REPLACED => const { bits(&[ID, PRICE, QUANTITY]) },
        REDUCED | REFRESHED => const { bits(&[ID, QUANTITY, LEFT]) },
        SLID => const { bits(&[ID, PRICE, OTHER]) },
        CANCELLED => const { bits(&[ID, QUANTITY]) },
        MASS_CANCELLED | DAY_ENDED => const { bits(&[QUANTITY]) },
        TIME_ADVANCED => const { bits(&[QUANTITY, TIME]) },
        PREVENTED => const { bits(&[ID, PRICE, QUANTITY, OTHER, LEFT, MAKER_LEFT]) },
        PRICED | TRIGGERED | REPRICED | TRIGGER_MOVED => const { bits(&[ID, PRICE]) },
        MARK_SET => const { bits(&[PRICE]) },
        HELD | DUPLICATE => const { bits(&[ID, OTHER]) },
        LIST_STARTED => const { bits(&[OTHER]) },
        RESTED_HIDDEN => const { bits(&[ID, PRICE, QUANTITY, LEFT]) },
        _ => 0,
    }
}

const fn bits(words: &[usize]) -> u8 {
    let mut bits = 0;
    let mut next = 0;
    while next < words.len() {
        bits |= 1 << words[next];
        next += 1;
    }
    bits
}

/// Which bits of word 0 may be set in a record of this kind, the account's left out.
#[inline(always)]
fn flags_of(kind: u8) -> u64 {
    u64::from(FLAGS[kind as usize])
}

const fn flag_bits(kind: u8) -> u16 {
    match kind {
        LIMIT => 0x3F,
        CANCEL_ALL | AMEND_TERMS => 0x1F,
        REPLACE | AMEND => 7,
        TERMS | ACCEPTED | MARKET_SELF_TRADE => 0x7F,
        ORDER | TRIGGER_TERMS => 0x1FFF,
        PEG_TERMS | ONCE | LEG | CANCEL_REPLACE => 0x3FFF,
        MARKET | PREVENTED => 0xF,
        CANCEL | REDUCE | TRADED | RESTED | REPLACED | MASS_CANCELLED | DAY_ENDED => 1,
        RESTED_HIDDEN | REFRESHED => 1,
        REJECTED => 0xFFFF,
        CANCELLED | REFUSED => 0xFF,
        _ => 0,
    }
}

/// By kind, so that no record is asked which of many it is.
static USED: [u8; 256] = {
    let mut all = [0; 256];
    let mut kind = 0;
    while kind < 256 {
        all[kind] = words_of(kind as u8);
        kind += 1;
    }
    all
};

static FLAGS: [u16; 256] = {
    let mut all = [0; 256];
    let mut kind = 0;
    while kind < 256 {
        all[kind] = flag_bits(kind as u8);
        kind += 1;
    }
    all
};

/// Whether the words that have no meaning in a record are zero.
fn has_only_used(record: &Record) -> bool {
    let used = used(record[0] as u8);
    (1..8).all(|word| used >> word & 1 == 1 || record[word] == 0) && record[0] & 0xFF00 == 0
}

/// Whether a record of this kind is a command's, and not the second one.
pub(super) fn is_command(kind: u8) -> bool {
    (LIMIT..=ORDER).contains(&kind) || matches!(kind, SET_MARK | AMEND | MARKET_SELF_TRADE)
}

/// Whether a record with this word 0 is the first of two.
#[inline]
pub(crate) fn has_terms(head: u64) -> bool {
    matches!(head as u8, ORDER | AMEND)
}

/// Whether words 5 and 7 may have a meaning in a record with this word 0: among events, where two orders meet.
#[inline]
pub(crate) fn reaches_beyond(head: u64) -> bool {
    used(head as u8) & const { bits(&[TRADE, MAKER_LEFT]) } != 0
}

/// Takes in records, told which words have a meaning.
pub(crate) trait Sink {
    fn put<const WORDS: usize>(&mut self, head: u64, words: [(usize, u64); WORDS]);
}

/// The plain form: words without a meaning are zero.
struct Plain(Record);

impl Sink for Plain {
    #[inline(always)]
    fn put<const WORDS: usize>(&mut self, head: u64, words: [(usize, u64); WORDS]) {
        self.0[0] = head;
        for (word, value) in words {
            self.0[word] = value;
        }
    }
}

/// A command as records: two for one that enters an [`Order`](crate::Order) and for an [`Amend`](crate::Amend), and one for any other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CommandRecords {
    records: [Record; 2],
    count: usize,
}

impl CommandRecords {
    /// The records, in their order.
    #[inline]
    pub fn as_slice(&self) -> &[Record] {
        &self.records[..self.count]
    }

    /// The first record, to be added to.
    #[inline]
    pub(crate) fn first_mut(&mut self) -> &mut Record {
        &mut self.records[0]
    }
}

impl Sink for CommandRecords {
    #[inline(always)]
    fn put<const WORDS: usize>(&mut self, head: u64, words: [(usize, u64); WORDS]) {
        let mut plain = Plain([0; 8]);
        plain.put(head, words);
        self.records[self.count] = plain.0;
        self.count += 1;
    }
}

impl Command {
    /// The command as records.
    #[inline]
    pub fn to_records(&self) -> CommandRecords {
        let mut records = CommandRecords {
            records: [[0; 8]; 2],
            count: 0,
        };
        put_command(self, &mut records);
        records
    }

    /// The command that records stand for; `None` if they stand for none, or for more than one.
    pub fn from_records(records: &[Record]) -> Option<Self> {
        let mut command = Self::new(Timestamp::new(0), Action::AdvanceTime);
        let (first, others) = records.split_first()?;
        let is_command = records.iter().all(has_only_used) && read_command(first, &mut command);
        let is_whole = match others {
            [] => !has_terms(first[0]),
            [terms] => read_terms(terms, &mut command),
            _ => false,
        };
        (is_command && is_whole).then_some(command)
    }
}

impl Event {
    /// The event as a record.
    #[inline]
    pub fn to_record(&self) -> Record {
        let mut plain = Plain([0; 8]);
        put_event(self, &mut plain);
        plain.0
    }

    /// The event that a record stands for; `None` if it stands for none.
    #[inline]
    pub fn from_record(record: &Record) -> Option<Self> {
        has_only_used(record).then(|| event_of(record)).flatten()
    }
}
