//! Self-trade prevention: which orders are one's own, and who ends.

use crate::book::{OrderSlot, Terms};
use crate::engine::Engine;
use crate::engine::plan::Party;
use crate::engine::sweep::Taker;
use crate::order::{SelfTrade, TradeGroup};

impl Engine {
    /// What happens between a taker and a resting order instead of a trade.
    pub(super) fn mode_between(&self, party: &Party, maker: OrderSlot, terms: &Terms) -> SelfTrade {
        if party.self_trade == SelfTrade::Allow {
            return SelfTrade::Allow;
        }
        let same_group = party.group != TradeGroup(0) && party.group == terms.group;
        if !same_group && party.account != self.book.order_account(maker) {
            return SelfTrade::Allow;
        }
        let both_transfer = terms.self_trade == SelfTrade::Transfer;
        match party.self_trade {
            SelfTrade::Transfer if !both_transfer => SelfTrade::Decrement,
            mode => mode,
        }
    }
}

/// Whether a mode takes what would have traded off both orders.
pub(super) fn is_decrement(mode: SelfTrade) -> bool {
    match mode {
        SelfTrade::Allow
        | SelfTrade::ExpireTaker
        | SelfTrade::ExpireMaker
        | SelfTrade::ExpireBoth => false,
        SelfTrade::Decrement | SelfTrade::Transfer => true,
    }
}

/// Whether prevention ends the taker, and whether the maker; `left` is what a decrement leaves of it.
pub(super) fn who_ends(mode: SelfTrade, taker: &Taker, left: u64) -> (bool, bool) {
    match mode {
        SelfTrade::Allow => (false, false),
        SelfTrade::ExpireTaker => (true, false),
        SelfTrade::ExpireMaker => (false, true),
        SelfTrade::ExpireBoth => (true, true),
        SelfTrade::Decrement | SelfTrade::Transfer => (taker.has_nothing_left(), left == 0),
    }
}
