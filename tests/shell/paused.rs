//! Threads that stop for good in the middle of something, and all others that complete their work.

use pricetime::Action;
use pricetime::shell::{Seen, Turn};

use crate::rig::{Rig, sizes, submit, tokens};
use crate::venue::buy;

const ROUNDS: u64 = 200;

/// Everybody else does everything, many times round.
fn others_complete_their_work(rig: &mut Rig) {
    let (mut one, mut other) = (rig.producer(), rig.producer());
    let mut lossy = rig.ring.lossy();
    let mut seen = 0;
    for round in 0..ROUNDS {
        submit(&mut one, 0..3);
        let order = Action::Limit(buy(round, 1, 1));
        other.submit(9, order).unwrap();
        assert!(rig.run() >= 4);
        assert_eq!(tokens(&mut one), [0, 1, 2]);
        tokens(&mut other);
        assert_eq!(rig.depth.read().sequence(), rig.matcher.mark().sequence);
        while let Seen::Message(_) = lossy.read() {
            seen += 1;
        }
        assert_eq!(lossy.position(), rig.messages_published());
    }
    assert!(seen >= 4 * ROUNDS);
    rig.check();
}

impl Rig {
    /// As a new reader sees it.
    fn messages_published(&self) -> u64 {
        self.ring.lossy().position()
    }
}

#[test]
fn a_producer_between_write_and_publish_holds_up_nobody() {
    let mut rig = Rig::new(sizes());
    let mut paused = rig.producer();
    submit(&mut paused, 0..2);
    paused.write(2, Action::AdvanceTime).unwrap();
    others_complete_their_work(&mut rig);
    paused.publish();
    assert_eq!(rig.run(), 1);
    assert_eq!(tokens(&mut paused), [0, 1, 2], "it goes on where it was");
}

#[test]
fn a_producer_with_a_full_lane_of_outcomes_holds_up_nobody() {
    let mut rig = Rig::new(sizes());
    let mut paused = rig.producer();
    submit(&mut paused, 0..8);
    rig.run();
    submit(&mut paused, 8..16);
    others_complete_their_work(&mut rig);
    assert!(tokens(&mut paused).into_iter().eq(0..8));
    assert_eq!(rig.run(), 8);
    assert!(tokens(&mut paused).into_iter().eq(8..16));
}

#[test]
fn a_producer_that_was_forgotten_holds_up_nobody() {
    let mut rig = Rig::new(sizes());
    let mut paused = rig.producer();
    submit(&mut paused, 0..8);
    std::mem::forget(paused);
    others_complete_their_work(&mut rig);
}

#[test]
fn lossy_and_depth_readers_that_never_move_hold_up_nobody() {
    let mut rig = Rig::new(sizes().ring(16));
    let (mut lossy, mut depth) = (rig.ring.lossy(), rig.depth.clone());
    assert_eq!(depth.read().sequence(), 0);
    others_complete_their_work(&mut rig);
    let published = rig.messages_published();
    assert_eq!(lossy.read(), Seen::Missed(published - 16));
    assert_eq!(depth.read().sequence(), rig.matcher.mark().sequence);
}

/// It holds up the events, which is what it is for, and no call waits for it.
#[test]
fn a_lossless_reader_between_read_and_give_back_makes_no_call_wait() {
    let mut rig = Rig::new(sizes().ring(16));
    let mut producer = rig.producer();
    let (mut paused, mut other) = (rig.ring.lossless().unwrap(), rig.ring.lossless().unwrap());
    let (mut lossy, mut read) = (rig.ring.lossy(), Vec::new());
    let mut behind = 0;
    for round in 0..ROUNDS {
        let _ = producer.submit(round, Action::AdvanceTime);
        behind += u64::from(rig.apply(round) == Turn::Behind);
        rig.matcher.publish();
        paused.read();
        read.extend(other.read());
        other.give_back();
        while lossy.read() != Seen::Nothing {}
        let _ = rig.depth.read().sequence();
        tokens(&mut producer);
    }
    assert_eq!(read.len(), 16, "the other has all there is");
    assert!(behind > ROUNDS / 2);
    paused.give_back();
    rig.run();
    read.extend(std::iter::from_fn(|| other.read()));
    assert_eq!(read, rig.messages());
    rig.check();
}
