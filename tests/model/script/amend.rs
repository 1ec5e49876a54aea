//! Orders that change others, and orders that may come twice.

use pricetime::{
    AccountId, Action, Amend, CancelOnly, CancelReplaceMode, ClientToken, MarketAmount, Notional,
    Order, OrderId, Price,
};

use super::{Drawn, Writer, cycle, weighted};

impl Writer<'_> {
    pub(super) fn amend(&self, drawn: &Drawn) -> Action {
        let [_, display, peak, ..] = drawn.terms;
        let Drawn { flags, extra, .. } = *drawn;
        let trigger_price = Price::new(cycle(&self.setting.prices, extra));
        let like = Order::limit(
            OrderId(0),
            AccountId(0),
            drawn.side,
            drawn.price,
            drawn.quantity,
        );
        let drawn_display = self.setting.terms.display(&like, display, peak);
        Action::Amend(Amend {
            id: self.old_id(drawn.id),
            owner: drawn.owner,
            price: (flags % 4 == 1).then_some(drawn.price),
            quantity: (flags / 4 % 8 < 5).then_some(drawn.quantity),
            display: (flags / 32 % 2 == 1).then_some(drawn_display),
            trigger_price: (extra % 4 == 3).then_some(trigger_price),
        })
    }

    /// Of so few tokens that many come again.
    pub(super) fn once(&mut self, drawn: &Drawn) -> Action {
        let token = ClientToken(u64::from(drawn.trigger[3] / 3 % 5));
        let order = self.order(drawn);
        Action::Once { token, order }
    }

    pub(super) fn cancel_replace(&mut self, drawn: &Drawn) -> Action {
        let [_, cancel, how, same] = drawn.trigger;
        let cancel = self.old_id(cancel);
        let owner = self.owners.get(&cancel.0).copied();
        let mut order = self.order(drawn);
        if how % 8 != 7 {
            order.account = owner.unwrap_or(order.account);
        }
        if same / 3 % 3 == 0 {
            order.id = cancel;
        }
        self.owners.insert(order.id.0, order.account);
        Action::CancelReplace {
            cancel,
            only: weighted(ONLY, how / 8),
            mode: if same / 9 % 2 == 0 {
                CancelReplaceMode::StopOnFailure
            } else {
                CancelReplaceMode::AllowFailure
            },
            order,
        }
    }

    /// A total near what so much costs at some price.
    pub(super) fn whole(&self, drawn: &Drawn) -> MarketAmount {
        let lots = i128::from(drawn.quantity.lots());
        let money = i128::from(drawn.price.ticks()) * lots;
        MarketAmount::Whole {
            quantity: drawn.quantity,
            total: Notional::new(match drawn.extra % 16 {
                0 => -1,
                1 => 0,
                _ => money,
            }),
        }
    }
}

const ONLY: &[(CancelOnly, u8)] = &[
    (CancelOnly::Any, 3),
    (CancelOnly::New, 2),
    (CancelOnly::PartiallyFilled, 2),
];
