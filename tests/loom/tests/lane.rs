#![cfg(loom)]

use loom::thread;
use pricetime::shell::lane::lane;
use pricetime::shell::sync::Guard;
use pricetime_loom::{fails_without, holds};

/// A message all of whose words say which it is.
fn message(number: u64) -> [u64; 8] {
    [number; 8]
}

/// Three messages through a lane of two: each is read whole, once and in order.
fn messages_arrive_whole_and_in_order() {
    let (mut sender, mut receiver) = lane(2);
    let sending = thread::spawn(move || {
        let mut sent = 0;
        for number in 1..=3 {
            if sender.write(&message(number)).is_ok() {
                sent = number;
                sender.publish();
            } else {
                break;
            }
        }
        (sender, sent)
    });
    let mut got = 0;
    for _ in 0..2 {
        if let Some(words) = receiver.read() {
            got += 1;
            assert_eq!(words, message(got));
            receiver.give_back();
        }
    }
    let (_sender, sent) = sending.join().unwrap();
    while let Some(words) = receiver.read() {
        got += 1;
        assert_eq!(words, message(got));
    }
    assert_eq!(got, sent);
}

/// What is written and not published is not seen; a batch is seen at once.
fn a_batch_is_seen_at_once() {
    let (mut sender, mut receiver) = lane(2);
    let sending = thread::spawn(move || {
        sender.write(&message(1)).unwrap();
        sender.write(&message(2)).unwrap();
        sender.publish();
    });
    let seen = receiver.waiting();
    assert!(seen == 0 || seen == 2, "{seen} of a batch of two");
    sending.join().unwrap();
    assert_eq!(receiver.waiting(), 2);
}

#[test]
fn lane_models() {
    holds(messages_arrive_whole_and_in_order);
    holds(a_batch_is_seen_at_once);
}

#[test]
fn lane_controls() {
    for guard in [
        Guard::LanePublish,
        Guard::LanePublished,
        Guard::LaneGiveBack,
        Guard::LaneTaken,
    ] {
        fails_without(guard, messages_arrive_whole_and_in_order);
    }
}
