//! Orders with terms of their own: two messages in, and outcomes that know their own trades from those of others.

use std::sync::{Arc, Mutex};

use pricetime::journal::Writer;
use pricetime::shell::{NotTaken, SharedBuilder};
use pricetime::{
    AccountId, Action, Display, Engine, Order, OrderId, PostOnly, Price, Pricing, Quantity,
    Refresh, SelfTrade, Side, TimeInForce, Timestamp, TradeGroup, Trail, Trigger, TriggerKind,
    TriggerSource, TriggerStart,
};

use crate::lanes::done;
use crate::rig::{Rig, entries, sizes, submit, tokens};
use crate::venue::{buy, cancel, reduce, replace, sell, small};

/// A plain order of account 1.
fn order(id: u64, side: Side, quantity: u64) -> Order {
    let (id, price) = (OrderId(id), Price::new(100));
    Order::limit(id, AccountId(1), side, price, Quantity::new(quantity))
}

/// Orders in which every field differs from that of a plain one.
fn orders() -> [Order; 4] {
    let peak = Display::Peak {
        quantity: Quantity::new(3),
        spread_bps: 9_999,
        refresh: Refresh::HiddenLast,
    };
    let iceberg = Order {
        group: TradeGroup(u32::MAX),
        time_in_force: TimeInForce::Gtd(Timestamp::new(1 << 40)),
        post_only: PostOnly::Slide,
        display: peak,
        self_trade: Some(SelfTrade::Transfer),
        ..order(1, Side::Buy, 10)
    };
    let all_or_none = Order {
        minimum: Quantity::new(7),
        display: Display::Hidden,
        ..order(2, Side::Buy, 7)
    };
    let protected = Order {
        pricing: Pricing::Protected(u64::MAX),
        time_in_force: TimeInForce::Fok,
        account: AccountId(u32::MAX),
        ..order(3, Side::Sell, 5)
    };
    let trigger = Trigger {
        kind: TriggerKind::TakeProfit,
        source: TriggerSource::Mark,
        price: Price::new(-1),
        trail: Trail::BasisPoints,
        distance: u32::MAX,
        start: TriggerStart::AtOnce,
    };
    let trailing = Order {
        trigger: Some(trigger),
        display: peak,
        ..order(4, Side::Sell, 5)
    };
    [iceberg, all_or_none, protected, trailing]
}

#[test]
fn an_order_arrives_with_all_of_its_terms() {
    for batch in 1..5 {
        let mut rig = Rig::new(sizes().batch(batch));
        let mut producer = rig.producer();
        let mut asked = Vec::new();
        for order in orders() {
            asked.extend([Action::Order(order), cancel(9), Action::Order(order)]);
            for action in &asked[asked.len() - 3..] {
                assert_eq!(producer.submit(u64::MAX, *action), Ok(()));
            }
            rig.run();
            assert_eq!(tokens(&mut producer), [u64::MAX; 3]);
        }
        let executed = rig.entries();
        let executed = executed.iter().map(|entry| entry.command.action);
        assert!(executed.eq(asked), "in batches of {batch}");
        rig.check();
    }
}

#[test]
fn orders_of_several_producers_keep_their_own_terms() {
    let mut rig = Rig::new(sizes());
    let mut producers = orders().map(|order| (rig.producer(), order));
    for (producer, order) in &mut producers {
        for token in 0..4 {
            assert_eq!(producer.submit(token, Action::Order(*order)), Ok(()));
        }
    }
    assert_eq!(rig.run(), 16);
    let entries = rig.entries();
    for (producer, order) in &mut producers {
        assert_eq!(tokens(producer), [0, 1, 2, 3]);
        let actions = entries.iter().map(|entry| entry.command.action);
        let own = actions.filter(|action| *action == Action::Order(*order));
        assert_eq!(own.count(), 4);
    }
}

#[test]
fn an_order_is_taken_only_with_room_for_both_of_its_messages() {
    let mut rig = Rig::new(sizes().lane(4));
    let mut producer = rig.producer();
    let action = Action::Order(order(1, Side::Buy, 5));
    submit(&mut producer, 0..3);
    assert_eq!(producer.submit(3, action), Err(NotTaken::Full(action)));
    submit(&mut producer, 3..4);
    assert_eq!(producer.submit(4, action), Err(NotTaken::Full(action)));
    assert_eq!(rig.run(), 4, "nothing of the order was left in the lane");
    assert_eq!(tokens(&mut producer), [0, 1, 2, 3]);
    for token in 4..6 {
        assert_eq!(producer.submit(token, action), Ok(()));
    }
    assert_eq!(producer.submit(6, action), Err(NotTaken::Full(action)));
    let plain = Action::AdvanceTime;
    assert_eq!(producer.submit(6, plain), Err(NotTaken::Full(plain)));
    assert_eq!(rig.run(), 2);
    assert_eq!(tokens(&mut producer), [4, 5]);
    rig.check();
}

#[test]
fn the_smallest_lane_takes_an_order() {
    let mut rig = Rig::new(sizes().lane(1));
    let mut producer = rig.producer();
    for token in 0..5 {
        let action = Action::Order(order(token, Side::Buy, 5));
        assert_eq!(producer.submit(token, action), Ok(()));
        assert_eq!(rig.run(), 1);
        assert_eq!(tokens(&mut producer), [token]);
    }
}

#[test]
fn an_unpublished_order_is_seen_in_no_part() {
    let mut rig = Rig::new(sizes().producers(1));
    let mut producer = rig.producer();
    let action = Action::Order(order(1, Side::Buy, 5));
    submit(&mut producer, 0..1);
    assert_eq!(producer.write(1, action), Ok(()));
    assert_eq!(rig.run(), 1);
    assert_eq!(producer.write(2, action), Ok(()));
    drop(producer);
    assert_eq!(rig.run(), 0);
    let mut next = rig.producer();
    submit(&mut next, 5..6);
    assert_eq!(rig.run(), 1);
    assert_eq!(tokens(&mut next), [5]);
    assert!(rig.matcher.engine().book().is_empty());
}

#[test]
fn a_prevented_trade_is_no_fill_and_what_it_takes_off_is_cancelled() {
    let bid = Action::Limit(buy(1, 100, 5));
    let ask = |quantity, mode| {
        let self_trade = Some(mode);
        Action::Order(Order {
            self_trade,
            ..order(2, Side::Sell, quantity)
        })
    };
    let outcome = |quantity, mode| done(&[bid, ask(quantity, mode)]).expect("accepted");
    assert_eq!(outcome(8, SelfTrade::Allow), (1, 5, 3, 0));
    assert_eq!(outcome(8, SelfTrade::ExpireTaker), (0, 0, 0, 8));
    assert_eq!(outcome(8, SelfTrade::ExpireMaker), (0, 0, 8, 0));
    assert_eq!(outcome(8, SelfTrade::ExpireBoth), (0, 0, 0, 8));
    for mode in [SelfTrade::Decrement, SelfTrade::Transfer] {
        assert_eq!(outcome(8, mode), (0, 0, 3, 5));
        assert_eq!(outcome(5, mode), (0, 0, 0, 5));
        assert_eq!(outcome(3, mode), (0, 0, 0, 3));
    }
}

#[test]
fn what_rests_unseen_rests() {
    let peak = Display::Peak {
        quantity: Quantity::new(3),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    };
    for display in [Display::Whole, Display::Hidden, peak] {
        let order = Order {
            display,
            ..order(2, Side::Sell, 10)
        };
        let ask = Action::Order(order);
        let bid = Action::Limit(buy(3, 100, 4));
        assert_eq!(done(&[ask]), Ok((0, 0, 10, 0)));
        assert_eq!(done(&[bid, ask]), Ok((1, 4, 6, 0)));
        assert_eq!(done(&[ask, reduce(2, 4)]), Ok((0, 0, 6, 0)));
        assert_eq!(done(&[ask, replace(2, 101, 12)]), Ok((0, 0, 12, 0)));
        assert_eq!(done(&[ask, cancel(2)]), Ok((0, 0, 0, 10)));
    }
}

/// A bid for ten that waits for a price of 50 or more.
fn stop(id: u64, source: TriggerSource) -> Action {
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source,
        price: Price::new(50),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    Action::Order(Order {
        trigger: Some(trigger),
        ..order(id, Side::Buy, 10)
    })
}

#[test]
fn what_waits_for_a_trigger_does_not_rest() {
    let stop = stop(1, TriggerSource::Mark);
    let mark = |price| Action::SetMark(Price::new(price));
    assert_eq!(done(&[stop]), Ok((0, 0, 0, 0)));
    assert_eq!(done(&[stop, cancel(1)]), Ok((0, 0, 0, 10)));
    assert_eq!(done(&[stop, reduce(1, 10)]), Ok((0, 0, 0, 10)));
    assert_eq!(done(&[stop, mark(50), reduce(1, 4)]), Ok((0, 0, 6, 0)));
    let ask = Action::Limit(sell(2, 100, 6));
    assert_eq!(done(&[mark(50), ask, stop]), Ok((1, 6, 4, 0)));
    // After a change it is told how much is left of it, waiting or not.
    assert_eq!(done(&[stop, reduce(1, 4)]), Ok((0, 0, 6, 0)));
    assert_eq!(done(&[stop, replace(1, 101, 12)]), Ok((0, 0, 12, 0)));
}

#[test]
fn of_what_a_triggered_order_does_only_what_it_takes_is_the_commands() {
    let ask = |id, quantity| Action::Limit(sell(id, 100, quantity));
    // No order's id is the one that a command on none seems to speak of.
    let stop_0 = stop(0, TriggerSource::Mark);
    let mark = Action::SetMark(Price::new(50));
    assert_eq!(done(&[stop_0, ask(2, 6), mark]), Ok((0, 0, 0, 0)));
    assert_eq!(done(&[stop_0, mark]), Ok((0, 0, 0, 0)));
    let stop = stop(1, TriggerSource::LastTrade);
    let taker = Action::Limit(buy(3, 100, 4));
    assert_eq!(done(&[stop, ask(2, 9), taker]), Ok((1, 4, 0, 0)));
    // What is triggered meets what the command left.
    let bid = Action::Limit(buy(3, 100, 4));
    assert_eq!(done(&[stop, bid, ask(2, 9)]), Ok((2, 9, 0, 0)));
    assert_eq!(done(&[stop, bid, ask(2, 20)]), Ok((2, 14, 6, 0)));
}

#[test]
fn what_a_triggered_order_is_refused_for_is_not_done_by_the_command_that_triggered_it() {
    let mark = Action::SetMark(Price::new(50));
    let ask = Action::Limit(sell(2, 100, 6));
    for id in [0, 1] {
        let Action::Order(stop) = stop(id, TriggerSource::Mark) else {
            continue;
        };
        let post_only = PostOnly::Reject;
        let stop = Action::Order(Order { post_only, ..stop });
        assert_eq!(done(&[stop, ask, mark]), Ok((0, 0, 0, 0)));
    }
}

/// A bid for ten at a time that waits behind nothing.
fn waiting() -> Action {
    Action::Order(Order {
        minimum: Quantity::new(10),
        ..order(1, Side::Buy, 10)
    })
}

#[test]
fn what_another_order_takes_when_it_tries_again_is_a_fill_of_the_command() {
    let ask = |id, quantity| Action::Limit(sell(id, 100, quantity));
    let bid = waiting();
    assert_eq!(done(&[bid, ask(2, 4)]), Ok((0, 0, 4, 0)));
    // Both asks are met, the one that was asked for now too.
    assert_eq!(done(&[bid, ask(2, 4), ask(3, 6)]), Ok((1, 6, 0, 0)));
    assert_eq!(done(&[bid, ask(2, 4), ask(3, 8)]), Ok((1, 6, 2, 0)));
    // Moved there, or made larger.
    let far = Action::Limit(sell(3, 105, 6));
    let moved = replace(3, 100, None);
    assert_eq!(done(&[bid, ask(2, 4), far, moved]), Ok((1, 6, 0, 0)));
    let grown = replace(2, None, 11);
    assert_eq!(done(&[bid, ask(2, 4), grown]), Ok((1, 10, 1, 0)));
}

#[test]
fn what_the_commands_order_takes_when_it_tries_again_is_its_fill() {
    let ask = Action::Limit(sell(2, 100, 6));
    let bid = waiting();
    assert_eq!(done(&[bid, ask, reduce(1, 3)]), Ok((0, 0, 7, 0)));
    assert_eq!(done(&[bid, ask, reduce(1, 4)]), Ok((1, 6, 0, 0)));
    assert_eq!(done(&[bid, ask, reduce(1, 5)]), Ok((1, 5, 0, 0)));
}

#[test]
fn a_shared_book_executes_orders_with_all_of_their_terms() {
    let journal = Arc::new(Mutex::new(Vec::new()));
    let bytes = Arc::clone(&journal);
    let sizes = SharedBuilder::default().handles(2);
    let sizes = sizes.journal(Writer::new(), move |entries, _| {
        bytes.lock().unwrap().extend_from_slice(entries);
    });
    let engine = Engine::new(small().build().unwrap());
    let book = sizes.build(engine).unwrap();
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    let now = Timestamp::new(0);
    let mut asked = Vec::new();
    for order in orders() {
        // By its own hand, by another's, and a shorter command in the same slot.
        one.execute(now, Action::Order(order)).unwrap();
        other.ask(now, Action::Order(order)).unwrap();
        assert!(other.answer().unwrap().is_some());
        other.ask(now, cancel(9)).unwrap();
        assert!(other.answer().unwrap().is_some());
        asked.extend([Action::Order(order), Action::Order(order), cancel(9)]);
    }
    let executed = entries(&journal.lock().unwrap());
    let executed = executed.iter().map(|entry| entry.command.action);
    assert!(executed.eq(asked));
}
