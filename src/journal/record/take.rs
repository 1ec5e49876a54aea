//! From records to commands and events.

use crate::command::{Action, Cancel, CancelAll, Command, Reduce, Replace};
use crate::event::{CancelCause, Event, OrderKind, Priority, RejectReason, Request, Rest};
use crate::journal::record::amend::amend_of;
use crate::journal::record::put::is_plain_market;
use crate::journal::record::release::event_of_release;
use crate::journal::record::terms::{event_of_terms, order_of, self_trade_of};
use crate::journal::record::trigger::event_of_trigger;
use crate::journal::record::*;
use crate::order::{
    AccountId, LimitOrder, MarketAmount, MarketOrder, OrderId, PostOnly, Side, TimeInForce,
    TradeGroup, TradeId,
};
use crate::units::{Notional, Price, Quantity, Timestamp};

/// The content of a record.
pub struct Fields<'a>(&'a Record);

impl<'a> Fields<'a> {
    /// The record's fields, unless a flag is set that its kind does not have.
    #[inline(always)]
    pub fn of(record: &'a Record) -> Option<Self> {
        let flags = record[0] >> 16 & 0xFFFF;
        (flags & !flags_of(record[0] as u8) == 0).then_some(Self(record))
    }

    #[inline(always)]
    pub fn kind(&self) -> u8 {
        self.0[0] as u8
    }

    #[inline(always)]
    pub fn flags(&self, from: u32, bits: u32) -> u64 {
        self.0[0] >> (16 + from) & ((1 << bits) - 1)
    }

    #[inline(always)]
    pub fn flag(&self, bit: u32) -> bool {
        self.flags(bit, 1) == 1
    }

    #[inline(always)]
    pub fn account(&self) -> AccountId {
        AccountId((self.0[0] >> 32) as u32)
    }

    /// The owner, if the first flag is set; otherwise the account has to be zero.
    #[inline(always)]
    pub fn owner(&self) -> Option<Option<AccountId>> {
        only_if(self.flag(0), self.account(), self.account().0 == 0)
    }

    #[inline(always)]
    pub fn id(&self) -> OrderId {
        OrderId(self.0[ID])
    }

    #[inline(always)]
    pub fn price(&self, word: usize) -> Price {
        Price::new(self.0[word] as i64)
    }

    #[inline(always)]
    pub fn quantity(&self, word: usize) -> Quantity {
        Quantity::new(self.0[word])
    }

    #[inline(always)]
    pub fn side(&self) -> Side {
        Side::BOTH[self.flags(0, 1) as usize & 1]
    }

    /// The word itself, whatever it means.
    #[inline(always)]
    pub fn word(&self, word: usize) -> u64 {
        self.0[word]
    }

    pub fn priority(&self) -> Priority {
        PRIORITIES[self.flags(0, 1) as usize & 1]
    }

    fn rest(&self) -> Rest {
        if self.flag(0) { Rest::More } else { Rest::Done }
    }

    #[inline(always)]
    pub fn time(&self, word: usize) -> Timestamp {
        Timestamp::new(self.0[word])
    }

    /// A price, if a flag is set; otherwise its word has to be zero.
    pub fn price_if(&self, bit: u32, word: usize) -> Option<Option<Price>> {
        only_if(self.flag(bit), self.price(word), self.0[word] == 0)
    }

    /// The quantity, if a flag is set; otherwise its word has to be zero.
    pub fn quantity_if(&self, bit: u32) -> Option<Option<Quantity>> {
        let quantity = self.quantity(QUANTITY);
        only_if(self.flag(bit), quantity, quantity == Quantity::ZERO)
    }

    #[inline(always)]
    pub fn life(&self, from: u32) -> Option<TimeInForce> {
        let life = match self.flags(from, 3) {
            0 => TimeInForce::Gtc,
            1 => TimeInForce::Ioc,
            2 => TimeInForce::Fok,
            3 => TimeInForce::Day,
            GTD => return Some(TimeInForce::Gtd(self.time(OTHER))),
            _ => return None,
        };
        (self.0[OTHER] == 0).then_some(life)
    }

    /// Without an account.
    #[inline(always)]
    pub fn nobody(&self) -> Option<()> {
        (self.0[0] >> 32 == 0).then_some(())
    }
}

/// What is there only if a flag says so; `None` if it is there all the same.
#[inline(always)]
fn only_if<T>(flag: bool, content: T, is_zero: bool) -> Option<Option<T>> {
    match flag {
        true => Some(Some(content)),
        false => is_zero.then_some(None),
    }
}

/// Reads the command that a record stands for, if it does; words without a meaning are not looked at. If there are two records it is
/// the first: [`read_terms`] adds what the second one says.
///
/// Into place: a command that was just put together and is then copied costs more to read than to put together.
#[inline]
pub fn read_command(record: &Record, command: &mut Command) -> bool {
    let Some(fields) = Fields::of(record) else {
        return false;
    };
    command.timestamp = fields.time(TIME);
    match fields.kind() {
        LIMIT => {
            let post_only = POST_ONLY.get(fields.flags(1, 2) as usize);
            let (Some(&post_only), Some(time_in_force)) = (post_only, fields.life(3)) else {
                return false;
            };
            command.action = Action::Limit(LimitOrder {
                id: fields.id(),
                account: fields.account(),
                side: fields.side(),
                post_only,
                price: fields.price(PRICE),
                quantity: fields.quantity(QUANTITY),
                time_in_force,
            });
        }
        CANCEL => {
            let Some(owner) = fields.owner() else {
                return false;
            };
            let id = fields.id();
            command.action = Action::Cancel(Cancel { id, owner });
        }
        _ => match rarer_action(&fields) {
            Some(action) => command.action = action,
            None => return false,
        },
    }
    true
}

fn rarer_action(fields: &Fields<'_>) -> Option<Action> {
    Some(match fields.kind() {
        MARKET => Action::Market(market_order(fields)?),
        MARKET_SELF_TRADE => {
            let order = MarketOrder {
                group: TradeGroup(u32::try_from(fields.word(PRICE)).ok()?),
                self_trade: self_trade_of(fields, MARKET_MODE)?,
                ..market_order(fields)?
            };
            (!is_plain_market(&order)).then_some(Action::Market(order))?
        }
        ORDER => Action::Order(order_of(fields)?),
        REDUCE => Action::Reduce(Reduce {
            id: fields.id(),
            owner: fields.owner()?,
            by: fields.quantity(QUANTITY),
        }),
        REPLACE => Action::Replace(Replace {
            id: fields.id(),
            owner: fields.owner()?,
            price: fields.price_if(1, PRICE)?,
            quantity: fields.quantity_if(2)?,
        }),
        AMEND => Action::Amend(amend_of(fields)?),
        CANCEL_ALL => Action::CancelAll(CancelAll {
            account: fields.owner()?,
            side: match fields.flags(1, 2) {
                0 => None,
                side => Some(*Side::BOTH.get(side as usize - 1)?),
            },
            price_min: fields.price_if(3, PRICE)?,
            price_max: fields.price_if(4, OTHER)?,
        }),
        SET_MARK => {
            fields.nobody()?;
            Action::SetMark(fields.price(PRICE))
        }
        ADVANCE_TIME => {
            fields.nobody()?;
            Action::AdvanceTime
        }
        END_OF_DAY => {
            fields.nobody()?;
            Action::EndOfDay
        }
        _ => return None,
    })
}

fn market_order(fields: &Fields<'_>) -> Option<MarketOrder> {
    let amount = market_amount(fields)?;
    let (id, account) = (fields.id(), fields.account());
    Some(MarketOrder::new(id, account, fields.side(), amount))
}

fn market_amount(fields: &Fields<'_>) -> Option<MarketAmount> {
    let words = fields.0;
    let money = i128::from(words[TRADE] as i64) << 64 | i128::from(words[OTHER]);
    let budget = only_if(fields.flag(2), Notional::new(money), money == 0)?;
    Some(match (fields.quantity_if(1)?, budget, fields.flag(3)) {
        (Some(quantity), None, false) => MarketAmount::Quantity(quantity),
        (None, Some(budget), false) => MarketAmount::Budget(budget),
        (Some(quantity), Some(budget), false) => MarketAmount::Both { quantity, budget },
        (Some(quantity), Some(total), true) => MarketAmount::Whole { quantity, total },
        (None, None, _) | (None, _, true) | (_, None, true) => return None,
    })
}

/// The event that a record stands for, if it does; words without a meaning are not looked at.
#[inline]
pub fn event_of(record: &Record) -> Option<Event> {
    let fields = Fields::of(record)?;
    let (id, account) = (fields.id(), fields.account());
    let (price, quantity) = (fields.price(PRICE), fields.quantity(QUANTITY));
    let event = match fields.kind() {
        ACCEPTED => Event::Accepted {
            id,
            account,
            side: fields.side(),
            kind: KINDS[(fields.flags(1, 2) | fields.flags(6, 1) << 2) as usize & 7]?,
            time_in_force: fields.life(3)?,
            price,
            quantity,
            timestamp: fields.time(TIME),
        },
        RESTED => Event::Rested {
            id,
            account,
            side: fields.side(),
            price,
            quantity,
        },
        RESTED_HIDDEN => event_of_terms(&fields)?,
        LIST_STARTED => event_of_release(&fields)?,
        kind => {
            fields.nobody()?;
            match kind {
                TRADED => Event::Traded {
                    trade: TradeId(record[TRADE]),
                    taker: id,
                    maker: OrderId(record[OTHER]),
                    taker_side: fields.side(),
                    price,
                    quantity,
                    taker_remaining: fields.quantity(LEFT),
                    maker_remaining: fields.quantity(MAKER_LEFT),
                },
                CANCELLED => Event::Cancelled {
                    id,
                    cause: *CAUSES.get(fields.flags(0, 8) as usize)?,
                    quantity,
                },
                _ => rarer_event(&fields)?,
            }
        }
    };
    Some(event)
}

fn rarer_event(fields: &Fields<'_>) -> Option<Event> {
    let (id, price) = (fields.id(), fields.price(PRICE));
    let quantity = fields.quantity(QUANTITY);
    Some(match fields.kind() {
        REJECTED => Event::Rejected {
            id,
            request: *REQUESTS.get(fields.flags(0, 8) as usize)?,
            reason: RejectReason::of_code(fields.flags(8, 8) as u8)?,
        },
        REDUCED => Event::Reduced {
            id,
            by: quantity,
            remaining: fields.quantity(LEFT),
        },
        REPLACED => Event::Replaced {
            id,
            price,
            quantity,
            priority: fields.priority(),
        },
        SLID => Event::Slid {
            id,
            from: fields.price(OTHER),
            to: price,
        },
        MASS_CANCELLED => Event::MassCancelled {
            orders: quantity.lots(),
            rest: fields.rest(),
        },
        TIME_ADVANCED => Event::TimeAdvanced {
            to: fields.time(TIME),
            orders: quantity.lots(),
        },
        DAY_ENDED => Event::DayEnded {
            orders: quantity.lots(),
            rest: fields.rest(),
        },
        WAITS..=MARK_SET => event_of_trigger(fields)?,
        HELD..=TRIGGER_MOVED => event_of_release(fields)?,
        _ => event_of_terms(fields)?,
    })
}

const KINDS: [Option<OrderKind>; 8] = [
    Some(OrderKind::Limit),
    Some(OrderKind::Market),
    Some(OrderKind::Protected),
    Some(OrderKind::MarketToLimit),
    Some(OrderKind::Pegged),
    None,
    None,
    None,
];
const PRIORITIES: [Priority; 2] = [Priority::Kept, Priority::Lost];
pub const POST_ONLY: [PostOnly; 3] = [PostOnly::Off, PostOnly::Reject, PostOnly::Slide];

const REQUESTS: [Request; 14] = [
    Request::Limit,
    Request::Market,
    Request::Cancel,
    Request::Reduce,
    Request::Replace,
    Request::CancelAll,
    Request::AdvanceTime,
    Request::EndOfDay,
    Request::Order,
    Request::SetMark,
    Request::Once,
    Request::Leg,
    Request::CancelReplace,
    Request::Amend,
];

const CAUSES: [CancelCause; 13] = [
    CancelCause::Requested,
    CancelCause::NotFilledAtOnce,
    CancelCause::FillOrKill,
    CancelCause::Expired,
    CancelCause::DayEnded,
    CancelCause::Mass,
    CancelCause::SelfTrade,
    CancelCause::MinimumNotMet,
    CancelCause::Refused,
    CancelCause::List,
    CancelCause::OutOfRange,
    CancelCause::Amended,
    CancelCause::Replaced,
];
