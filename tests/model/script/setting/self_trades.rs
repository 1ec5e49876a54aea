//! Settings where accounts meet themselves.

use pricetime::SelfTrade;

use super::{ROOMY, Setting, close_together};
use crate::model::script::terms;

pub fn expire_taker() -> Setting {
    self_trades(SelfTrade::ExpireTaker, &SelfTrade::ALL)
}

pub fn expire_maker() -> Setting {
    let allowed = [SelfTrade::ExpireMaker, SelfTrade::Decrement];
    self_trades(SelfTrade::ExpireMaker, &allowed)
}

pub fn expire_both() -> Setting {
    self_trades(SelfTrade::ExpireBoth, &[SelfTrade::ExpireBoth])
}

pub fn decrement() -> Setting {
    self_trades(SelfTrade::Decrement, &SelfTrade::ALL)
}

pub fn transfer() -> Setting {
    self_trades(SelfTrade::Transfer, &SelfTrade::ALL)
}

/// Few accounts, some of them in groups, that meet themselves.
fn self_trades(default: SelfTrade, allowed: &[SelfTrade]) -> Setting {
    let usual = close_together(ROOMY);
    Setting {
        instrument: usual
            .instrument
            .self_trade(default)
            .self_trade_modes(allowed),
        accounts: vec![0, 1, 2],
        terms: &terms::SELF_TRADES,
        ..usual
    }
}
