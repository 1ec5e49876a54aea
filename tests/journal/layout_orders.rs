//! The two records of an order or an amendment, read by what their documentation says and by nothing else.

use pricetime::{
    Action, Amend, ClientToken, Display, ListId, Order, OrderId, PegUnit, PostOnly, Price, Pricing,
    Quantity, Refresh, Repricing, TradeGroup, Trail, Trigger, TriggerKind, TriggerStart,
};

use crate::layout_codes::{
    CANCEL_ONLY, CANCEL_REPLACE_MODES, LIST_KINDS, MODES, PARTIAL_FILLS, REFERENCES, SOURCES,
};
use crate::layout_records::Record;

/// The action of two records.
pub fn action(first: &Record, second: &Record) -> Action {
    if first.kind() == 17 {
        return Action::Amend(amend(first, second));
    }
    let order = order(first, second);
    let behind = |place: u32| (second.words[3] >> place) as usize & 0xFF;
    match second.kind() {
        10 | 12 | 13 => Action::Order(order),
        14 => Action::Once {
            token: ClientToken(second.words[1]),
            order,
        },
        15 => Action::Leg {
            list: ListId(second.words[1]),
            kind: LIST_KINDS[behind(32)],
            legs: behind(40) as u8,
            partial_fill: PARTIAL_FILLS[behind(48)],
            order,
        },
        16 => Action::CancelReplace {
            cancel: OrderId(second.words[1]),
            only: CANCEL_ONLY[behind(32)],
            mode: CANCEL_REPLACE_MODES[behind(40)],
            order,
        },
        kind => panic!("kind {kind} is no second record"),
    }
}

fn order(first: &Record, second: &Record) -> Order {
    let is_triggered = match second.kind() {
        10 => false,
        12 => true,
        _ => second.flags(13, 1) == 1,
    };
    let trigger = is_triggered.then(|| trigger(second));
    let spread = match trigger {
        Some(_) => second.words[4] & 0xFFFF_FFFF,
        None => second.words[4],
    };
    let free = match second.kind() {
        10 => 7,
        12 => 13,
        _ => 14,
    };
    assert_eq!(second.flags(free, 16 - free), 0);
    let pricing = pricing(first, second);
    let is_pegged = matches!(pricing, Pricing::Pegged { .. });
    assert!(is_pegged || second.kind() != 13);
    Order {
        id: first.id(),
        account: first.account(),
        group: TradeGroup(second.account().0),
        side: first.side(),
        pricing,
        quantity: first.quantity(3),
        minimum: second.quantity(7),
        time_in_force: first.life(3),
        post_only: [PostOnly::Off, PostOnly::Reject, PostOnly::Slide][first.flags(1, 2)],
        display: display(second, second.flags(0, 2), spread),
        self_trade: second.flags(4, 3).checked_sub(1).map(|mode| MODES[mode]),
        trigger,
    }
}

fn pricing(first: &Record, second: &Record) -> Pricing {
    let pegged = Pricing::Pegged {
        reference: REFERENCES[first.flags(9, 2)],
        repricing: [Repricing::Live, Repricing::Once][first.flags(11, 1)],
        unit: [PegUnit::Ticks, PegUnit::Levels][first.flags(12, 1)],
        offset: second.words[3] as i32,
        limit: first.price(2),
    };
    let limit = Pricing::Limit(first.price(2));
    let protected = Pricing::Protected(first.words[2]);
    let all = [limit, Pricing::Market, protected, Pricing::MarketToLimit];
    match first.flags(6, 3) {
        4 => pegged,
        other => {
            assert_eq!((first.flags(9, 4), second.words[3] as u32), (0, 0));
            all[other]
        }
    }
}

fn display(second: &Record, code: usize, spread: u64) -> Display {
    let peak = Display::Peak {
        quantity: second.quantity(5),
        spread_bps: spread.try_into().expect("basis points"),
        refresh: [Refresh::Requeue, Refresh::Retain, Refresh::HiddenLast][second.flags(2, 2)],
    };
    [Display::Whole, Display::Hidden, peak][code]
}

fn trigger(second: &Record) -> Trigger {
    Trigger {
        kind: [TriggerKind::Stop, TriggerKind::TakeProfit][second.flags(7, 1)],
        source: SOURCES[second.flags(8, 2)],
        price: second.price(2),
        trail: [Trail::None, Trail::Ticks, Trail::BasisPoints][second.flags(10, 2)],
        distance: (second.words[4] >> 32) as u32,
        start: [TriggerStart::AtPrice, TriggerStart::AtOnce][second.flags(12, 1)],
    }
}

fn amend(first: &Record, second: &Record) -> Amend {
    assert_eq!((second.kind(), second.account().0), (18, 0));
    assert_eq!(second.flags(5, 11), 0);
    let code = second.flags(0, 2).checked_sub(1);
    Amend {
        id: first.id(),
        owner: first.owner(),
        price: (first.flags(1, 1) == 1).then(|| first.price(2)),
        quantity: (first.flags(2, 1) == 1).then(|| Quantity::new(first.words[3])),
        display: code.map(|code| display(second, code, second.words[4])),
        trigger_price: (second.flags(4, 1) == 1).then(|| Price::new(second.words[2] as i64)),
    }
}
