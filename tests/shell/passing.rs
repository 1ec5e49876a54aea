//! Threads that come and go, and threads that die.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use pricetime::Action;
use pricetime::shell::{Intake, Producer};

use crate::rig::{Rig, sizes, wait};

const THREADS: u64 = 8;

/// Turns until told that nobody submits any more, and then until nothing is left; how many commands were applied.
fn run(rig: &mut Rig, done: &AtomicBool) -> usize {
    let mut applied = 0;
    loop {
        let was_done = done.load(Ordering::Acquire);
        match rig.run() {
            0 if was_done => return applied,
            0 => wait(),
            commands => applied += commands,
        }
    }
}

/// Submits while there is room; how many were taken.
fn submit_some(producer: &mut Producer, tokens: std::ops::Range<u64>) -> u64 {
    let count = tokens.end - tokens.start;
    let mut tokens = tokens.clone();
    let refused = tokens.position(|token| producer.submit(token, Action::AdvanceTime).is_err());
    refused.map_or(count, |refused| refused as u64)
}

/// Takes a place again and again; how many commands were published.
fn come_and_go(intake: &Intake, thread: u64) -> u64 {
    let (mut submitted, mut visits) = (0, 0);
    while visits < 150 {
        let Some(mut producer) = intake.producer() else {
            wait();
            continue;
        };
        visits += 1;
        let own = thread << 32 | visits << 8;
        let count = submit_some(&mut producer, own..own + visits % 12);
        submitted += count;
        let waits = visits % 3 == 0;
        let mut answered = 0;
        while answered < count {
            match producer.outcome() {
                Some(outcome) => {
                    assert_eq!(outcome.token, own + answered, "somebody else's");
                    answered += 1;
                }
                None if waits => wait(),
                None => break,
            }
        }
        let _ = producer.write(own + 200, Action::EndOfDay);
    }
    submitted
}

#[test]
fn places_pass_from_thread_to_thread() {
    let mut rig = Rig::new(sizes().producers(3));
    let done = AtomicBool::new(false);
    let intake = rig.intake.clone();
    let (applied, submitted) = thread::scope(|scope| {
        let (intake, done) = (&intake, &done);
        let submitted = scope.spawn(move || {
            let submitted = thread::scope(|scope| {
                let come = |thread| scope.spawn(move || come_and_go(intake, thread));
                let threads: Vec<_> = (0..THREADS).map(come).collect();
                threads.into_iter().map(|t| t.join().unwrap()).sum::<u64>()
            });
            done.store(true, Ordering::Release);
            submitted
        });
        (run(&mut rig, done), submitted.join().unwrap())
    });
    assert_eq!(applied as u64, submitted);
    let entries = rig.entries();
    let is_published = |action| action == Action::AdvanceTime;
    assert!(
        entries
            .iter()
            .all(|entry| is_published(entry.command.action))
    );
    assert_eq!(entries.len() as u64, submitted);
    assert!((0..3).all(|_| {
        rig.turn(0);
        rig.intake.producer().is_some()
    }));
    rig.check();
}

/// Submits until it has had `count` outcomes, and then dies, or leaves in peace.
fn submit_until(mut producer: Producer, count: u64, dies: bool, published: &AtomicU64) {
    let (mut answered, mut token) = (0, 0);
    while answered < count {
        if producer.submit(token, Action::AdvanceTime).is_ok() {
            published.fetch_add(1, Ordering::Relaxed);
            token += 1;
        }
        while let Some(outcome) = producer.outcome() {
            assert_eq!(outcome.token, answered);
            answered += 1;
        }
        wait();
    }
    let _ = producer.write(token, Action::EndOfDay);
    if dies {
        // As a panic does, without the noise.
        resume_unwind(Box::new("died"));
    }
}

#[test]
fn a_thread_that_dies_in_the_middle_stalls_nobody() {
    let mut rig = Rig::new(sizes().producers(THREADS as usize));
    let (done, published) = (AtomicBool::new(false), AtomicU64::new(0));
    let producers: Vec<_> = (0..THREADS).map(|_| rig.producer()).collect();
    let applied = thread::scope(|scope| {
        let (done, published) = (&done, &published);
        let spawn = |(index, producer)| {
            let dies = index % 2 == 0;
            let count = if dies { 20 } else { 500 };
            scope.spawn(move || submit_until(producer, count, dies, published))
        };
        let threads: Vec<_> = producers.into_iter().enumerate().map(spawn).collect();
        scope.spawn(move || {
            let deaths = threads.into_iter().map(|thread| thread.join().is_err());
            let deaths = deaths.filter(|died| *died).count();
            done.store(true, Ordering::Release);
            assert_eq!(deaths as u64, THREADS / 2);
        });
        run(&mut rig, done)
    });
    assert_eq!(applied as u64, published.load(Ordering::Relaxed));
    let places = (0..THREADS).map(|_| rig.intake.producer());
    let places: Vec<_> = places.collect();
    assert!(
        places.iter().all(Option::is_some),
        "all places are free again"
    );
    rig.check();
}
