//! Order lists and remembered requests in a snapshot.

use crate::book::{ImageList, LEGS, Leg, Life, OrderList};
use crate::engine::Remembered;
use crate::journal::snapshot::take::Words;
use crate::journal::snapshot::{put, put_pair};
use crate::order::{AccountId, ClientToken, ListId, ListKind, OrderId, PartialFill};

/// Words of a list, and of each of its orders.
pub const LIST_WORDS: usize = 3;
pub const LEG_WORDS: usize = 5;
/// Words of a remembered request.
pub const TOKEN_WORDS: usize = 3;

const LIVES: [Life; 4] = [Life::Awaited, Life::Held, Life::Free, Life::Gone];

pub fn put_list(bytes: &mut Vec<u8>, image: &ImageList) {
    let list = &image.list;
    let kind = list.kind as u32 | (list.partial_fill as u32) << 8;
    let counts = u32::from(list.legs_count) << 16 | u32::from(list.entered) << 24;
    put_pair(bytes, list.account.0, kind | counts);
    put(bytes, list.id.0);
    put(bytes, u64::from(image.due));
    for leg in &list.legs[..usize::from(list.entered)] {
        let flags = leg.life as u64 | u64::from(leg.cancel) << 8 | u64::from(leg.release) << 9;
        for word in [leg.id.0, leg.open, leg.traded, leg.loss, flags] {
            put(bytes, word);
        }
    }
}

pub fn read_lists(words: &mut Words<'_>, count: u32) -> Option<Vec<ImageList>> {
    let mut lists = Vec::new();
    for _ in 0..count {
        let (account, kinds) = words.take_pair()?;
        let [id, due] = words.take_words()?;
        let [kind, partial_fill, legs_count, entered] = kinds.to_le_bytes();
        let mut list = OrderList::new(
            AccountId(account),
            ListId(id),
            *ListKind::ALL.get(usize::from(kind))?,
            legs_count,
            *PartialFill::ALL.get(usize::from(partial_fill))?,
        );
        if usize::from(entered) > LEGS {
            return None;
        }
        list.entered = entered;
        for leg in &mut list.legs[..usize::from(entered)] {
            let [id, open, traded, loss, flags] = words.take_words()?;
            *leg = Leg {
                id: OrderId(id),
                life: *LIVES.get(usize::try_from(flags & 0xFF).ok()?)?,
                open,
                traded,
                cancel: flags >> 8 & 1 == 1,
                loss,
                release: flags >> 9 & 1 == 1,
            };
            if flags >> 10 != 0 {
                return None;
            }
        }
        let due = u32::try_from(due).ok()?;
        lists.push(ImageList { list, due });
    }
    Some(lists)
}

pub fn put_token(bytes: &mut Vec<u8>, request: &Remembered) {
    put_pair(bytes, request.account.0, 0);
    put(bytes, request.token.0);
    put(bytes, request.order.0);
}

pub fn read_tokens(words: &mut Words<'_>, count: u32) -> Option<Vec<Remembered>> {
    let mut items = words.take_items(count as usize, TOKEN_WORDS)?;
    let mut tokens = Vec::with_capacity(count as usize);
    while let Some([account, token, order]) = items.take_words() {
        tokens.push(Remembered {
            account: AccountId(u32::try_from(account).ok()?),
            token: ClientToken(token),
            order: OrderId(order),
        });
    }
    Some(tokens)
}
