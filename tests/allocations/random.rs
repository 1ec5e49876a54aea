//! Commands drawn at random, without allocating.

use pricetime::*;

/// A generator of its own, for one that allocates would be counted.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % bound
    }

    pub fn limit(&mut self, id: u64, now: u64) -> Action {
        let time_in_force = match self.below(8) {
            0 => TimeInForce::Ioc,
            1 => TimeInForce::Fok,
            2 => TimeInForce::Day,
            3 => TimeInForce::Gtd(Timestamp::new(now + 1 + self.below(900))),
            _ => TimeInForce::Gtc,
        };
        let post_only = match self.below(6) {
            0 => PostOnly::Reject,
            1 => PostOnly::Slide,
            _ => PostOnly::Off,
        };
        Action::Limit(LimitOrder {
            id: OrderId(id),
            account: AccountId(self.below(9) as u32),
            side: Side::BOTH[self.below(2) as usize],
            post_only,
            price: Price::new(self.below(400) as i64 - 200),
            quantity: Quantity::new(self.below(60)),
            time_in_force,
        })
    }

    fn market(&mut self, id: u64) -> Action {
        let quantity = Quantity::new(1 + self.below(80));
        let budget = Notional::new(i128::from(1 + self.below(9_000)));
        Action::Market(MarketOrder::new(
            OrderId(id),
            AccountId(self.below(9) as u32),
            Side::BOTH[self.below(2) as usize],
            match self.below(3) {
                0 => MarketAmount::Quantity(quantity),
                1 => MarketAmount::Budget(budget),
                _ => MarketAmount::Both { quantity, budget },
            },
        ))
    }

    fn mass(&mut self) -> Action {
        match self.below(4) {
            0 => Action::EndOfDay,
            1 => Action::AdvanceTime,
            2 => Action::CancelAll(CancelAll {
                account: Some(AccountId(self.below(9) as u32)),
                ..CancelAll::default()
            }),
            _ => Action::CancelAll(CancelAll {
                side: Some(Side::Buy),
                price_min: Some(Price::new(self.below(400) as i64 - 200)),
                ..CancelAll::default()
            }),
        }
    }

    /// An order with any terms.
    fn order(&mut self, id: u64, now: u64) -> Order {
        let Action::Limit(plain) = self.limit(id, now) else {
            unreachable!("it is a limit order");
        };
        let (account, side, quantity) = (plain.account, plain.side, plain.quantity);
        let lots = quantity.lots();
        let limit = Order {
            time_in_force: plain.time_in_force,
            ..Order::limit(plain.id, account, side, plain.price, quantity)
        };
        match self.below(5) {
            0 => Order {
                display: match self.below(4) {
                    0 => Display::Hidden,
                    drawn => Display::Peak {
                        quantity: Quantity::new(1 + lots / 3),
                        spread_bps: 2_000,
                        refresh: Refresh::ALL[drawn as usize - 1],
                    },
                },
                ..limit
            },
            1 => Order {
                minimum: Quantity::new(self.below(lots + 1)),
                ..limit
            },
            2 => Order {
                self_trade: Some(SelfTrade::ALL[self.below(6) as usize]),
                ..limit
            },
            3 => Order {
                trigger: Some(self.trigger()),
                ..limit
            },
            _ => Order {
                pricing: self.peg(plain.price),
                ..limit
            },
        }
    }

    fn peg(&mut self, limit: Price) -> Pricing {
        let references = [
            PegReference::Primary,
            PegReference::Market,
            PegReference::Midpoint,
        ];
        Pricing::Pegged {
            reference: references[self.below(3) as usize],
            repricing: match self.below(4) {
                0 => Repricing::Once,
                _ => Repricing::Live,
            },
            unit: PegUnit::Ticks,
            offset: self.below(7) as i32 - 3,
            limit,
        }
    }

    fn trigger(&mut self) -> Trigger {
        let sources = [
            TriggerSource::LastTrade,
            TriggerSource::BestOpposite,
            TriggerSource::Mark,
        ];
        let trails = self.below(3) == 0;
        Trigger {
            kind: match self.below(2) {
                0 => TriggerKind::Stop,
                _ => TriggerKind::TakeProfit,
            },
            source: sources[self.below(3) as usize],
            price: Price::new(self.below(300) as i64 - 150),
            trail: if trails { Trail::Ticks } else { Trail::None },
            distance: if trails { 1 + self.below(9) as u32 } else { 0 },
            start: TriggerStart::AtPrice,
        }
    }

    /// Whatever else may be asked.
    fn other(&mut self, id: u64, now: u64) -> Action {
        let order = self.order(id, now);
        match self.below(9) {
            0..4 => Action::Order(order),
            4 => Action::Once {
                token: ClientToken(self.below(6)),
                order,
            },
            5 => Action::Leg {
                list: ListId(self.below(3)),
                kind: ListKind::OneCancelsMany,
                legs: 2,
                partial_fill: PartialFill::ALL[self.below(3) as usize],
                order: Order {
                    account: AccountId(self.below(3) as u32),
                    side: Side::Sell,
                    ..order
                },
            },
            6 => Action::CancelReplace {
                cancel: OrderId(self.below(3_000)),
                only: CancelOnly::ALL[self.below(3) as usize],
                mode: CancelReplaceMode::AllowFailure,
                order,
            },
            7 => Action::SetMark(Price::new(self.below(300) as i64 - 150)),
            _ => Action::Amend(Amend {
                id: OrderId(id),
                owner: None,
                price: None,
                quantity: Some(Quantity::new(self.below(60))),
                display: (self.below(2) == 0).then_some(order.display),
                trigger_price: None,
            }),
        }
    }

    /// Ids come back, so that all kinds of refusals occur.
    pub fn command(&mut self, now: u64) -> Command {
        let id = self.below(3_000);
        let owner = (self.below(9) == 0).then(|| AccountId(self.below(9) as u32));
        let action = match self.below(100) {
            0..34 => self.limit(id, now),
            34..50 => self.other(id, now),
            50..55 => self.market(id),
            55..80 => Action::Cancel(Cancel {
                id: OrderId(id),
                owner,
            }),
            80..88 => Action::Reduce(Reduce {
                id: OrderId(id),
                owner,
                by: Quantity::new(self.below(20)),
            }),
            88..99 => Action::Replace(Replace {
                id: OrderId(id),
                owner,
                price: (self.below(2) == 0).then(|| Price::new(self.below(400) as i64 - 200)),
                quantity: (self.below(2) == 0).then(|| Quantity::new(self.below(60))),
            }),
            _ => self.mass(),
        };
        Command::new(Timestamp::new(now - self.below(2) * self.below(2)), action)
    }
}
