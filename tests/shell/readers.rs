//! Events and depth out, step by step.

use pricetime::shell::{Seen, Turn};
use pricetime::{
    AccountId, Action, Display, Order, OrderId, PostOnly, Price, Pricing, Quantity, Refresh,
    SelfTrade, Side, TimeInForce, Trail, Trigger, TriggerKind, TriggerSource, TriggerStart,
};

use crate::rig::{Rig, Truth, sizes, submit, tokens};
use crate::venue::{buy, cancel, lasting, lots, market, of, posting, reduce, replace, sell, until};

#[test]
fn a_matcher_goes_on_when_a_lossless_reader_has_read() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let mut reader = rig.ring.lossless().expect("a free place");
    submit(&mut producer, 0..6);
    assert_eq!(rig.apply(1), Turn::Applied(6));
    assert!(!rig.matcher.publish());
    assert_eq!(tokens(&mut producer).len(), 6, "outcomes do not wait");
    submit(&mut producer, 6..8);
    assert_eq!(rig.apply(2), Turn::Behind);
    let mut read: Vec<_> = std::iter::from_fn(|| reader.read()).collect();
    assert_eq!(read.len(), 4);
    assert_eq!(rig.apply(3), Turn::Behind, "nothing was given back");
    reader.give_back();
    assert_eq!(rig.apply(4), Turn::Applied(2));
    assert!(rig.matcher.publish());
    read.extend(std::iter::from_fn(|| reader.read()));
    assert_eq!(read, rig.messages());
    assert_eq!(tokens(&mut producer), [6, 7]);
    rig.check();
}

#[test]
fn slots_are_kept_until_they_are_given_back() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let mut reader = rig.ring.lossless().expect("a free place");
    submit(&mut producer, 0..8);
    rig.apply(1);
    assert!(!rig.matcher.publish());
    let mut read = vec![reader.read().unwrap(), reader.read().unwrap()];
    reader.give_back();
    read.push(reader.read().unwrap());
    assert!(!rig.matcher.publish(), "room for two of four");
    read.extend(std::iter::from_fn(|| reader.read()));
    assert_eq!(read.len(), 6);
    reader.give_back();
    assert!(rig.matcher.publish());
    read.extend(std::iter::from_fn(|| reader.read()));
    assert_eq!(read, rig.messages());
}

#[test]
fn who_reads_after_another_reads_what_that_one_gave_back() {
    let mut rig = Rig::new(sizes().ring(8));
    let mut producer = rig.producer();
    let mut first = rig.ring.lossless().expect("a free place");
    submit(&mut producer, 0..3);
    rig.turn(1);
    assert!(first.read().is_some(), "read, and not given back");
    let mut after = rig.ring.lossless_after(&mut first).expect("a place");
    assert_eq!((after.position(), after.read()), (0, None));
    first.give_back();
    let mut read = vec![after.read().unwrap()];
    assert_eq!(after.read(), None);
    first.read();
    assert_eq!(after.read(), None, "not given back yet");
    first.give_back();
    read.extend(after.read());
    first.read();
    drop(first);
    assert!(after.is_cut_off());
    assert_eq!(after.read(), None, "nobody made it durable");
    assert_eq!(read, rig.messages()[..2]);
}

#[test]
fn a_place_that_another_takes_lets_nobody_read_further() {
    let mut rig = Rig::new(sizes().ring(8).lossless_readers(2));
    let mut producer = rig.producer();
    let mut first = rig.ring.lossless().expect("a free place");
    let mut after = rig.ring.lossless_after(&mut first).expect("a place");
    assert!(rig.ring.lossless_after(&mut first).is_none(), "all taken");
    assert!(!after.is_cut_off());
    drop(first);
    let mut stranger = rig.ring.lossless().expect("its place");
    submit(&mut producer, 0..8);
    rig.turn(1);
    while stranger.read().is_some() {
        stranger.give_back();
    }
    assert_eq!((after.read(), after.is_cut_off()), (None, true));
    submit(&mut producer, 8..9);
    tokens(&mut producer);
    rig.apply(2);
    assert!(!rig.matcher.publish(), "the writer waits for it");
    drop(after);
    assert!(rig.matcher.publish());
}

#[test]
fn who_reads_after_another_is_of_the_same_ring() {
    let (one, other) = (Rig::new(sizes()), Rig::new(sizes()));
    let mut reader = one.ring.lossless().expect("a free place");
    assert!(other.ring.lossless_after(&mut reader).is_none());
    assert!(one.ring.lossless_after(&mut reader).is_some());
}

#[test]
fn who_reads_after_another_that_stands_still_keeps_its_slots() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let mut first = rig.ring.lossless().expect("a free place");
    let mut after = rig.ring.lossless_after(&mut first).expect("a place");
    submit(&mut producer, 0..6);
    rig.apply(1);
    assert!(!rig.matcher.publish());
    let mut read = Vec::new();
    while first.read().is_some() {}
    first.give_back();
    assert!(!rig.matcher.publish(), "the second has not read them");
    read.extend(std::iter::from_fn(|| after.read()));
    after.give_back();
    assert!(rig.matcher.publish());
    while first.read().is_some() {}
    first.give_back();
    read.extend(std::iter::from_fn(|| after.read()));
    assert_eq!(read, rig.messages());
}

#[test]
fn a_dropped_reader_frees_the_writer_and_its_place() {
    let mut rig = Rig::new(sizes().ring(2).lossless_readers(1));
    let mut producer = rig.producer();
    for round in 0..4 {
        let reader = rig.ring.lossless().expect("a free place");
        assert!(rig.ring.lossless().is_none(), "the only place");
        submit(&mut producer, 0..5);
        assert_eq!(rig.apply(round), Turn::Applied(5));
        assert!(!rig.matcher.publish());
        drop(reader);
        assert!(rig.matcher.publish());
        assert_eq!(tokens(&mut producer).len(), 5);
    }
    rig.check();
}

#[test]
fn a_reader_that_joins_begins_with_what_is_published_next() {
    let mut rig = Rig::new(sizes().ring(8));
    let mut producer = rig.producer();
    submit(&mut producer, 0..3);
    rig.apply(0);
    let (mut early, mut lossy) = (rig.ring.lossless().unwrap(), rig.ring.lossy());
    rig.matcher.publish();
    let mut late = rig.ring.lossless().unwrap();
    assert_eq!((early.position(), late.position()), (0, 3));
    assert_eq!(late.read(), None);
    submit(&mut producer, 3..4);
    rig.turn(0);
    let messages = rig.messages();
    assert_eq!(late.read(), Some(messages[3]));
    for message in messages {
        assert_eq!(early.read(), Some(message));
        assert_eq!(lossy.read(), Seen::Message(message));
    }
    assert_eq!((early.read(), lossy.read()), (None, Seen::Nothing));
}

#[test]
fn a_turn_larger_than_the_ring_waits_for_no_one_when_no_one_reads() {
    let mut rig = Rig::new(sizes().ring(2));
    let mut producer = rig.producer();
    let mut lossy = rig.ring.lossy();
    submit(&mut producer, 0..8);
    assert_eq!(rig.apply(1), Turn::Applied(8));
    assert!(rig.matcher.publish(), "nobody is to be waited for");
    assert_eq!(rig.depth.read().sequence(), 8);
    assert_eq!(lossy.read(), Seen::Missed(6));
    let messages = rig.messages();
    assert_eq!(lossy.read(), Seen::Message(messages[6]));
    assert_eq!(lossy.read(), Seen::Message(messages[7]));
    assert_eq!(lossy.read(), Seen::Nothing);
}

#[test]
fn a_lossy_reader_is_told_what_it_missed() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let mut lossy = rig.ring.lossy();
    let mut copy = lossy.clone();
    for round in 1..=5 {
        submit(&mut producer, 0..3);
        rig.turn(0);
        tokens(&mut producer);
        if round == 2 {
            assert_eq!(lossy.read(), Seen::Missed(2));
            assert_eq!(lossy.read(), Seen::Message(rig.messages()[2]));
        }
    }
    assert_eq!(lossy.read(), Seen::Missed(8));
    assert_eq!(copy.read(), Seen::Missed(11));
    for message in &rig.messages()[11..] {
        assert_eq!(lossy.read(), Seen::Message(*message));
        assert_eq!(copy.read(), Seen::Message(*message));
    }
    assert_eq!((lossy.position(), lossy.read()), (15, Seen::Nothing));
}

/// What is oldest is written over next.
#[test]
fn a_lossy_reader_that_was_lapped_goes_on_a_little_behind_the_oldest() {
    let mut rig = Rig::new(sizes().ring(64));
    let mut producer = rig.producer();
    let mut lossy = rig.ring.lossy();
    for _ in 0..30 {
        submit(&mut producer, 0..3);
        rig.turn(0);
        tokens(&mut producer);
    }
    let published = rig.messages().len() as u64;
    assert_eq!(lossy.read(), Seen::Missed(published - 64 + 2));
    for message in &rig.messages()[published as usize - 62..] {
        assert_eq!(lossy.read(), Seen::Message(*message));
    }
    assert_eq!((lossy.position(), lossy.read()), (published, Seen::Nothing));
}

/// A message that is being written over is missed even before what replaces it is published.
#[test]
fn a_slot_that_is_written_over_is_missed_at_once() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let (mut slow, mut lossy) = (rig.ring.lossless().unwrap(), rig.ring.lossy());
    submit(&mut producer, 0..8);
    rig.apply(0);
    assert!(!rig.matcher.publish());
    slow.read();
    slow.give_back();
    assert!(!rig.matcher.publish());
    assert_eq!(lossy.read(), Seen::Missed(1));
    assert_eq!(lossy.read(), Seen::Message(rig.messages()[1]));
}

#[test]
fn nothing_of_a_turn_is_seen_before_it_is_published() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let (mut lossless, mut lossy) = (rig.ring.lossless().unwrap(), rig.ring.lossy());
    for (round, now) in [2, 3, 4].into_iter().enumerate() {
        submit(&mut producer, 0..now);
        assert_eq!(rig.apply(now), Turn::Applied(now as usize));
        assert_eq!(tokens(&mut producer), []);
        assert_eq!((lossless.read(), lossy.read()), (None, Seen::Nothing));
        assert_eq!(rig.ring.lossy().position(), [0, 2, 5][round]);
        assert!(rig.matcher.publish());
        assert!(tokens(&mut producer).into_iter().eq(0..now));
        while let Some(message) = lossless.read() {
            assert_eq!(lossy.read(), Seen::Message(message));
        }
        assert_eq!(lossy.read(), Seen::Nothing);
        lossless.give_back();
    }
    assert_eq!(lossless.position(), 9);
}

#[test]
fn a_turn_writes_over_the_oldest_messages_before_it_is_published() {
    let mut rig = Rig::new(sizes().ring(4));
    let mut producer = rig.producer();
    let mut lossy = rig.ring.lossy();
    submit(&mut producer, 0..3);
    rig.turn(1);
    submit(&mut producer, 3..6);
    rig.apply(2);
    let messages = rig.messages();
    assert_eq!([lossy.read(), lossy.read()], [Seen::Missed(1); 2]);
    assert_eq!(lossy.read(), Seen::Message(messages[2]));
    assert_eq!(lossy.read(), Seen::Nothing);
    rig.matcher.publish();
    for message in &messages[3..] {
        assert_eq!(lossy.read(), Seen::Message(*message));
    }
}

/// The slots are used again and again, so that each holds words of what was there before.
#[test]
fn events_of_every_kind_come_whole() {
    let mut rig = Rig::new(sizes().ring(8));
    let mut producer = rig.producer();
    let mut reader = rig.ring.lossless().unwrap();
    let mut read = Vec::new();
    for round in 0..16 {
        for action in every_kind(1 << (40 + round), 10 * round) {
            producer.submit(0, action).unwrap();
            rig.turn(10 * round);
            tokens(&mut producer);
            read.extend(std::iter::from_fn(|| reader.read()));
            reader.give_back();
        }
    }
    assert_eq!(read, rig.messages());
    let mut kinds: Vec<_> = read
        .iter()
        .map(|message| message.event.to_record()[0] as u8)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 19, "{kinds:?}");
}

/// Commands with ids from `id` on that bring about an event of each kind.
fn every_kind(id: u64, now: u64) -> [Action; 20] {
    let [iceberg, priced] = with_terms(id + 4);
    [
        Action::AdvanceTime,
        Action::Limit(sell(id, 7, 9)),
        market(id + 9, Side::Buy, lots(4)),
        Action::Limit(posting(PostOnly::Slide, buy(id + 9, 7, 4))),
        Action::Limit(of(3, sell(id + 1, 7, 9))),
        reduce(id + 1, 2),
        replace(id + 1, 8, None),
        replace(id + 1, 6, 5),
        Action::Limit(lasting(TimeInForce::Day, sell(id + 2, 7, 5))),
        Action::Limit(until(now + 1, sell(id + 3, 7, 5))),
        cancel(id),
        cancel(id),
        iceberg,
        market(id + 9, Side::Buy, lots(4)),
        priced,
        Action::EndOfDay,
        Action::CancelAll(Default::default()),
        Action::SetMark(Price::new(4)),
        waiting(id + 6),
        Action::SetMark(Price::new(5)),
    ]
}

/// An order that waits for the mark to be at five, and is then refused if nobody sells.
fn waiting(id: u64) -> Action {
    let trigger = Trigger {
        kind: TriggerKind::Stop,
        source: TriggerSource::Mark,
        price: Price::new(5),
        trail: Trail::None,
        distance: 0,
        start: TriggerStart::AtPrice,
    };
    let (price, quantity) = (Price::new(5), Quantity::new(2));
    Action::Order(Order {
        pricing: Pricing::MarketToLimit,
        trigger: Some(trigger),
        ..Order::limit(OrderId(id), AccountId(1), Side::Buy, price, quantity)
    })
}

/// An iceberg of ten, and an order of the same account that gets its limit from it and does not trade with it.
fn with_terms(id: u64) -> [Action; 2] {
    let order = |id, side, quantity| {
        let (price, quantity) = (Price::new(5), Quantity::new(quantity));
        Order::limit(OrderId(id), AccountId(1), side, price, quantity)
    };
    let display = Display::Peak {
        quantity: Quantity::new(3),
        spread_bps: 0,
        refresh: Refresh::Requeue,
    };
    let iceberg = Order {
        display,
        ..order(id, Side::Sell, 10)
    };
    let priced = Order {
        pricing: Pricing::MarketToLimit,
        self_trade: Some(SelfTrade::Decrement),
        ..order(id + 1, Side::Buy, 2)
    };
    [Action::Order(iceberg), Action::Order(priced)]
}

#[test]
fn depth_is_that_of_the_last_published_turn() {
    let mut rig = Rig::new(sizes().levels(2));
    let mut producer = rig.producer();
    assert_eq!(Truth::seen(&rig.depth.read()), Truth::of(&rig.matcher, 2));
    let orders = [
        buy(1, -3, 5),
        buy(2, -7, 6),
        buy(3, -9, 1),
        buy(4, -3, 2),
        sell(5, -3, 1),
        sell(6, 4, 9),
        sell(7, 2, 9),
        sell(8, 3, 9),
        sell(9, -9, 99),
    ];
    let mut before = Truth::of(&rig.matcher, 2);
    for (now, order) in orders.into_iter().enumerate() {
        producer.submit(0, Action::Limit(order)).unwrap();
        rig.apply(now as u64);
        assert_eq!(Truth::seen(&rig.depth.read()), before);
        rig.matcher.publish();
        before = Truth::of(&rig.matcher, 2);
        assert_eq!(Truth::seen(&rig.depth.read()), before);
        let seen = rig.depth.try_read().as_ref().map(Truth::seen);
        assert_eq!(seen.as_ref(), Some(&before));
        tokens(&mut producer);
    }
    assert_eq!(before.last_price.map(|price| price.ticks()), Some(-9));
    assert_eq!(rig.entries().len(), orders.len());
}
