//! Commands in and outcomes back, step by step.

use pricetime::shell::{NotTaken, Turn};
use pricetime::{Action, OrderId, Quantity, RejectReason, Side, Timestamp};

use crate::rig::{Rig, outcomes, sizes, submit, tokens};
use crate::venue::{buy, cancel, lots, market, reduce, replace, sell};

#[test]
fn a_full_lane_hands_the_command_back() {
    let mut rig = Rig::new(sizes().lane(3));
    let mut producer = rig.producer();
    submit(&mut producer, 0..4);
    let action = Action::Limit(buy(9, 100, 5));
    assert_eq!(producer.submit(4, action), Err(NotTaken::Full(action)));
    assert_eq!(producer.write(4, action), Err(NotTaken::Full(action)));
    assert_eq!(rig.run(), 4);
    assert_eq!(tokens(&mut producer), [0, 1, 2, 3]);
    assert_eq!(producer.submit(4, action), Ok(()));
    assert_eq!(rig.run(), 1);
    rig.check();
}

#[test]
fn written_commands_are_taken_when_they_are_published() {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    for token in 0..3 {
        producer.write(token, Action::AdvanceTime).unwrap();
    }
    assert_eq!(rig.apply(1), Turn::Idle);
    producer.publish();
    assert_eq!(rig.apply(2), Turn::Applied(3));
    assert_eq!(producer.outcome(), None, "nothing is told before publish");
    assert!(rig.matcher.publish());
    assert_eq!(tokens(&mut producer), [0, 1, 2]);
}

#[test]
fn who_does_not_take_outcomes_is_not_served_and_loses_nothing() {
    let mut rig = Rig::new(sizes().lane(4));
    let (mut lazy, mut busy) = (rig.producer(), rig.producer());
    submit(&mut lazy, 0..4);
    assert_eq!(rig.run(), 4);
    submit(&mut lazy, 4..8);
    for round in 0..5 {
        submit(&mut busy, round..round + 1);
        assert_eq!(rig.run(), 1, "only the other is served");
        assert_eq!(tokens(&mut busy), [round]);
    }
    assert_eq!(lazy.outcome().map(|outcome| outcome.token), Some(0));
    assert_eq!(rig.run(), 1, "as many as it took");
    assert_eq!(tokens(&mut lazy), [1, 2, 3, 4]);
    assert_eq!(rig.run(), 3);
    assert_eq!(tokens(&mut lazy), [5, 6, 7]);
    rig.check();
}

#[test]
fn commands_of_a_dropped_producer_are_executed_and_its_place_is_free() {
    let mut rig = Rig::new(sizes().producers(1));
    for round in 0..20 {
        let mut producer = rig.producer();
        assert!(rig.intake.producer().is_none(), "the only place");
        submit(&mut producer, round..round + 5);
        drop(producer);
        assert!(rig.intake.producer().is_none(), "not done with");
        assert_eq!(rig.run(), 5);
        let mut next = rig.producer();
        assert_eq!(next.outcome(), None, "an outcome of somebody else");
        submit(&mut next, 77..78);
        assert_eq!(rig.run(), 1);
        assert_eq!(tokens(&mut next), [77]);
        drop(next);
        assert_eq!(rig.run(), 0);
    }
    rig.check();
}

#[test]
fn who_left_with_outcomes_untaken_has_the_rest_executed() {
    for batch in [1, 2, 3, 64] {
        let mut rig = Rig::new(sizes().producers(2).lane(4).batch(batch));
        let mut producer = rig.producer();
        submit(&mut producer, 0..4);
        assert_eq!(rig.run(), 4);
        submit(&mut producer, 4..8);
        assert_eq!(rig.run(), 0, "no room for outcomes");
        drop(producer);
        assert_eq!(rig.run(), 4, "nobody is left to take them");
        let mut both = [rig.producer(), rig.producer()];
        for producer in &mut both {
            assert_eq!(producer.outcome(), None);
            submit(producer, 8..12);
        }
        assert_eq!(rig.run(), 8);
        for producer in &mut both {
            assert_eq!(tokens(producer), [8, 9, 10, 11]);
        }
        rig.check();
    }
}

#[test]
fn unpublished_commands_of_a_dropped_producer_are_not_executed() {
    let mut rig = Rig::new(sizes().producers(1));
    let mut producer = rig.producer();
    submit(&mut producer, 0..2);
    for id in 0..3 {
        producer.write(id, Action::Limit(buy(id, 100, 5))).unwrap();
    }
    drop(producer);
    assert_eq!(rig.run(), 2);
    let mut next = rig.producer();
    submit(&mut next, 5..6);
    assert_eq!(rig.run(), 1);
    assert_eq!(tokens(&mut next), [5]);
    assert!(rig.matcher.engine().book().is_empty());
    assert_eq!(rig.entries().len(), 3);
}

#[test]
fn a_stopped_matcher_hands_commands_back_and_leaves_outcomes() {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    submit(&mut producer, 0..3);
    assert_eq!(rig.run(), 3);
    assert!(!producer.is_stopped());
    let Rig {
        matcher, intake, ..
    } = rig;
    drop(matcher);
    assert!(producer.is_stopped());
    let action = cancel(4);
    assert_eq!(producer.submit(3, action), Err(NotTaken::Stopped(action)));
    assert_eq!(tokens(&mut producer), [0, 1, 2]);
    let mut late = intake.producer().expect("a free place");
    assert_eq!(late.submit(3, action), Err(NotTaken::Stopped(action)));
}

#[test]
fn the_parts_go_on_where_the_matcher_ended() {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    submit(&mut producer, 0..3);
    rig.run();
    let mark = rig.matcher.mark();
    let (engine, writer) = rig.matcher.into_parts();
    assert!(producer.is_stopped());
    assert_eq!(writer.mark(), mark);
    let shell = sizes().build(engine, writer).unwrap();
    let (mut matcher, mut producer) = (shell.matcher, shell.intake.producer().unwrap());
    submit(&mut producer, 0..1);
    matcher.turn(Timestamp::new(0));
    matcher.publish();
    assert_eq!(outcomes(&mut producer)[0].sequence, mark.sequence + 1);
}

/// Fills, filled, resting and cancelled lots of the last of some actions.
pub fn done(actions: &[Action]) -> Result<(u32, u64, u64, u64), RejectReason> {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    for (token, action) in actions.iter().enumerate() {
        producer.submit(token as u64, *action).unwrap();
    }
    rig.run();
    let last = outcomes(&mut producer).pop().expect("an outcome");
    assert_eq!(last.sequence, actions.len() as u64);
    let lots = |quantity: Quantity| quantity.lots();
    last.result.map(|done| {
        let (filled, resting) = (lots(done.filled), lots(done.resting));
        (done.fills, filled, resting, lots(done.cancelled))
    })
}

#[test]
fn an_outcome_says_what_became_of_its_command() {
    let bid = Action::Limit(buy(1, 100, 5));
    let ask = |id, lots| Action::Limit(sell(id, 100, lots));
    assert_eq!(done(&[bid]), Ok((0, 0, 5, 0)));
    assert_eq!(done(&[bid, ask(2, 3)]), Ok((1, 3, 0, 0)));
    assert_eq!(done(&[bid, ask(2, 8)]), Ok((1, 5, 3, 0)));
    let sold = market(2, Side::Sell, lots(9));
    assert_eq!(done(&[bid, sold]), Ok((1, 5, 0, 4)));
    assert_eq!(done(&[bid, reduce(1, 2)]), Ok((0, 0, 3, 0)));
    assert_eq!(done(&[bid, reduce(1, 9)]), Ok((0, 0, 0, 5)));
    assert_eq!(done(&[bid, cancel(1)]), Ok((0, 0, 0, 5)));
    assert_eq!(done(&[bid, replace(1, 99, 4)]), Ok((0, 0, 4, 0)));
    assert_eq!(done(&[bid, replace(1, None, 2)]), Ok((0, 0, 2, 0)));
    let all = Action::CancelAll(Default::default());
    let other = Action::Limit(buy(3, 90, 7));
    assert_eq!(done(&[bid, other, all]), Ok((0, 0, 0, 12)));
    let live = RejectReason::OrderIdAlreadyLive;
    assert_eq!(done(&[bid, bid]), Err(live));
}

#[test]
fn a_replaced_order_that_trades_whole_rests_no_more() {
    let bid = Action::Limit(buy(1, 100, 5));
    let ask = Action::Limit(sell(2, 105, 5));
    assert_eq!(done(&[bid, ask, replace(2, 100, 5)]), Ok((1, 5, 0, 0)));
    assert_eq!(done(&[bid, ask, replace(2, 100, 7)]), Ok((1, 5, 2, 0)));
}

#[test]
fn tokens_and_ids_of_any_value_come_back() {
    let mut rig = Rig::new(sizes());
    let mut producer = rig.producer();
    for token in [0, 1, u64::MAX] {
        let mut order = buy(u64::MAX, 100, u64::MAX);
        order.id = OrderId(u64::MAX - token);
        let action = Action::Limit(order);
        producer.submit(token, action).unwrap();
        producer.submit(token, cancel(token)).unwrap();
    }
    assert_eq!(rig.run(), 6);
    let max = u64::MAX;
    assert_eq!(tokens(&mut producer), [0, 0, 1, 1, max, max]);
    rig.check();
}
