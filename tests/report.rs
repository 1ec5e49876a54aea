//! The convenient form says what the events say.

#[allow(dead_code, reason = "the model's scripts are used here, not the model")]
mod model;

use model::script::{SETTINGS, Script, even_records};
use pricetime::{
    AccountId, Action, CancelCause, Command, Engine, Event, Events, Instrument, Order, OrderId,
    Price, Quantity, Reduce, RejectReason, Report, ReportFill, Rest, SelfTrade, Side, Timestamp,
    Trail, Trigger, TriggerKind, TriggerSource, TriggerStart,
};

/// A report put together from events by another method: one question at a time.
fn expected(command: &Command, events: &Events, after: &Engine) -> Result<Report, RejectReason> {
    let refusal = events.iter().find_map(|event| match event {
        Event::Rejected { reason, .. } => Some(*reason),
        _ => None,
    });
    if let Some(reason) = refusal {
        return Err(reason);
    }
    let duplicate = duplicate(events);
    if duplicate.is_some() {
        return Ok(Report {
            duplicate,
            ..Report::default()
        });
    }
    let action = &command.action;
    let has_order = speaks_of_one(action) && is_entered(action, events);
    let own = |id: OrderId| has_order && id == action.id();
    let fills = events.iter().filter_map(|event| fill(event, own));
    let cancelled = events.iter().filter_map(|event| match *event {
        Event::Cancelled {
            id,
            cause,
            quantity,
        } => match on_many(action) {
            Some(many) => (cause == many).then_some(quantity.lots()),
            None => {
                let is_due = cause == CancelCause::Expired;
                let is_its = own(id) && !is_due || cause == CancelCause::Replaced;
                is_its.then_some(quantity.lots())
            }
        },
        _ => None,
    });
    let taken_off = events.iter().map(|event| match *event {
        Event::Prevented {
            taker,
            maker,
            mode: SelfTrade::Decrement | SelfTrade::Transfer,
            quantity,
            ..
        } if own(taker) || own(maker) => quantity.lots(),
        _ => 0,
    });
    Ok(Report {
        filled: Quantity::new(fills.clone().map(|fill| fill.quantity.lots()).sum()),
        fills: fills.collect(),
        resting: after
            .book()
            .order(command.action.id())
            .filter(|_| may_rest(action) && has_order),
        cancelled: Quantity::new(cancelled.clone().sum::<u64>() + taken_off.sum::<u64>()),
        orders_cancelled: cancelled.count() as u64,
        more: events.iter().any(has_more),
        duplicate,
        refused: refused(action, events),
    })
}

fn duplicate(events: &Events) -> Option<OrderId> {
    events.iter().find_map(|event| match event {
        Event::Duplicate { original, .. } => Some(*original),
        _ => None,
    })
}

/// What came last, if there was more than one.
fn refused(action: &Action, events: &Events) -> Option<RejectReason> {
    events.iter().rev().find_map(|event| match event {
        Event::Refused { id, reason } if is_of(action, *id) => Some(*reason),
        _ => None,
    })
}

fn fill(event: &Event, own: impl Fn(OrderId) -> bool) -> Option<ReportFill> {
    match *event {
        Event::Traded {
            trade,
            taker,
            maker,
            price,
            quantity,
            ..
        } if own(taker) || own(maker) => Some(ReportFill {
            trade,
            maker,
            price,
            quantity,
        }),
        _ => None,
    }
}

/// Whether there is an order that the action speaks of: not if the new one of two was refused.
fn is_entered(action: &Action, events: &Events) -> bool {
    let is_new = |event: &Event| matches!(event, Event::Accepted { .. });
    !matches!(action, Action::CancelReplace { .. }) || events.iter().any(is_new)
}

/// Whether the action is about this order, be it the one that was to be cancelled.
fn is_of(action: &Action, id: OrderId) -> bool {
    let cancels = match action {
        Action::CancelReplace { cancel, .. } => *cancel == id,
        _ => false,
    };
    speaks_of_one(action) && (cancels || id == action.id())
}

/// Whether the action leaves an order that it speaks of, or may.
fn may_rest(action: &Action) -> bool {
    matches!(
        action,
        Action::Limit(_)
            | Action::Order(_)
            | Action::Once { .. }
            | Action::Leg { .. }
            | Action::CancelReplace { .. }
            | Action::Reduce(_)
            | Action::Replace(_)
            | Action::Amend(_)
    )
}

fn has_more(event: &Event) -> bool {
    match event {
        Event::MassCancelled { rest, .. } | Event::DayEnded { rest, .. } => *rest == Rest::More,
        _ => false,
    }
}

fn speaks_of_one(action: &Action) -> bool {
    on_many(action).is_none() && !matches!(action, Action::SetMark(_))
}

/// Why a command on many orders cancels them.
fn on_many(action: &Action) -> Option<CancelCause> {
    match action {
        Action::CancelAll(_) => Some(CancelCause::Mass),
        Action::EndOfDay => Some(CancelCause::DayEnded),
        Action::AdvanceTime => Some(CancelCause::Expired),
        Action::Limit(_)
        | Action::Market(_)
        | Action::Order(_)
        | Action::Once { .. }
        | Action::Leg { .. }
        | Action::CancelReplace { .. }
        | Action::Amend(_)
        | Action::Cancel(_)
        | Action::Reduce(_)
        | Action::Replace(_)
        | Action::SetMark(_) => None,
    }
}

#[test]
fn a_report_says_what_the_events_say() {
    let mut seen = [0_u64; 6];
    for seed in 0..900 {
        let setting = (seed % u64::from(SETTINGS)) as u8;
        let script = Script::decode(setting, &even_records(seed, 120));
        let mut applying = Engine::new(script.instrument.clone().build().unwrap());
        let mut submitting = applying.clone();
        for command in &script.commands {
            let mut events = Events::default();
            applying.apply(command, &mut events);
            let report = submitting.submit(command);
            assert_eq!(report, expected(command, &events, &applying), "{command:?}");
            assert!(submitting == applying);
            let Ok(report) = report else {
                seen[0] += 1;
                continue;
            };
            seen[1] += u64::from(report.fills.len() > 1);
            seen[2] += u64::from(report.resting.is_some());
            seen[3] += u64::from(report.orders_cancelled > 1);
            seen[4] += u64::from(report.more);
            seen[5] += u64::from(command.action.id() == OrderId(0));
        }
    }
    assert!(seen.iter().all(|&count| count > 5), "{seen:?}");
}

/// A bid of account 1 for all of ten or nothing, then asks of account 2.
fn tries_again() -> (Engine, impl FnMut(u64, u64) -> Action) {
    let mut engine = Engine::new(Instrument::builder().build().unwrap());
    let (price, ten) = (Price::new(100), Quantity::new(10));
    let bid = Order {
        minimum: ten,
        ..Order::limit(OrderId(1), AccountId(1), Side::Buy, price, ten)
    };
    let report = engine.submit(&at(Action::Order(bid))).unwrap();
    assert_eq!(report.resting.map(|order| order.minimum), Some(ten));
    let ask = move |id, quantity| {
        let quantity = Quantity::new(quantity);
        Action::Order(Order::limit(
            OrderId(id),
            AccountId(2),
            Side::Sell,
            price,
            quantity,
        ))
    };
    (engine, ask)
}

fn at(action: Action) -> Command {
    Command::new(Timestamp::new(0), action)
}

#[test]
fn what_another_order_takes_when_it_tries_again_is_in_the_report() {
    let (mut engine, mut ask) = tries_again();
    engine.submit(&at(ask(2, 4))).unwrap();
    let report = engine.submit(&at(ask(3, 8))).unwrap();
    assert_eq!((report.fills.len(), report.filled), (1, Quantity::new(6)));
    assert_eq!(report.fills[0].maker, OrderId(3));
    let left = report.resting.map(|order| order.quantity);
    assert_eq!(
        left,
        Some(Quantity::new(2)),
        "the other order took six of it"
    );
    assert!(engine.book().order(OrderId(1)).is_none());
}

#[test]
fn a_report_has_what_its_order_takes_when_it_tries_again() {
    let (mut engine, mut ask) = tries_again();
    engine.submit(&at(ask(2, 4))).unwrap();
    let smaller = Action::Reduce(Reduce {
        id: OrderId(1),
        owner: None,
        by: Quantity::new(6),
    });
    let report = engine.submit(&at(smaller)).unwrap();
    assert_eq!(report.fills[0].maker, OrderId(2));
    assert_eq!((report.filled, report.resting), (Quantity::new(4), None));
}

#[test]
fn a_report_counts_what_prevention_takes_off_its_order_as_cancelled() {
    for (mode, cancelled, orders, left) in [
        (SelfTrade::ExpireTaker, 9, 1, None),
        (SelfTrade::ExpireMaker, 0, 0, Some(9)),
        (SelfTrade::Decrement, 5, 0, Some(4)),
    ] {
        let mut engine = Engine::new(Instrument::builder().build().unwrap());
        let order = |id, side, quantity| Order {
            self_trade: Some(mode),
            ..Order::limit(
                OrderId(id),
                AccountId(1),
                side,
                Price::new(100),
                Quantity::new(quantity),
            )
        };
        engine
            .submit(&at(Action::Order(order(1, Side::Sell, 5))))
            .unwrap();
        let report = engine
            .submit(&at(Action::Order(order(2, Side::Buy, 9))))
            .unwrap();
        let resting = report.resting.map(|order| order.quantity.lots());
        let counted = (report.cancelled.lots(), report.orders_cancelled);
        assert_eq!((counted, resting), ((cancelled, orders), left), "{mode:?}");
        assert_eq!(report.fills.len(), 0);
    }
}

/// Ten lots bid under this id once the mark is at 50 or above.
fn waiting(id: u64) -> Action {
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::Mark,
        price: Price::new(50),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    let (id, price, ten) = (OrderId(id), Price::new(100), Quantity::new(10));
    Action::Order(Order {
        trigger: Some(trigger),
        ..Order::limit(id, AccountId(1), Side::Buy, price, ten)
    })
}

#[test]
fn an_order_that_waits_for_a_trigger_is_not_reported_as_resting() {
    let mut engine = Engine::new(Instrument::builder().build().unwrap());
    assert_eq!(engine.submit(&at(waiting(1))), Ok(Report::default()));
    let reduce = Action::Reduce(Reduce {
        id: OrderId(1),
        owner: None,
        by: Quantity::new(4),
    });
    assert_eq!(engine.submit(&at(reduce)), Ok(Report::default()));
    let report = engine.submit(&at(reduce)).unwrap();
    let left = engine.book().waiting_order(OrderId(1));
    assert_eq!(left.unwrap().order.quantity, Quantity::new(2));
    assert_eq!(report.resting, None);
    let report = engine.submit(&at(reduce)).unwrap();
    assert_eq!(report.cancelled, Quantity::new(2));
    assert_eq!(report.orders_cancelled, 1);
}

/// Zero is the id of an order like any other, and that of a command on none.
#[test]
fn what_a_triggered_order_takes_is_not_in_the_report() {
    for id in [0, 1] {
        let mut engine = Engine::new(Instrument::builder().build().unwrap());
        engine.submit(&at(waiting(id))).unwrap();
        let ask = Order::limit(
            OrderId(2),
            AccountId(2),
            Side::Sell,
            Price::new(100),
            Quantity::new(6),
        );
        engine.submit(&at(Action::Order(ask))).unwrap();
        let mark = at(Action::SetMark(Price::new(50)));
        assert_eq!(engine.submit(&mark), Ok(Report::default()));
        let left = engine.book().order(OrderId(id));
        assert_eq!(left.map(|order| order.quantity), Some(Quantity::new(4)));
    }
}
