//! A matcher that parks while nothing comes, and who wakes it.

use std::thread;
use std::time::Duration;

use pricetime::shell::{Intake, Shell, ShellBuilder, Wait};
use pricetime::{Action, Engine, Timestamp};

use crate::rig::{sizes, wait};
use crate::venue::small;

const ROUNDS: u64 = 10_000;

fn shell(sizes: ShellBuilder) -> Shell {
    let engine = Engine::new(small().build().unwrap());
    sizes
        .build(engine, pricetime::journal::Writer::new())
        .unwrap()
}

/// Runs a parking matcher beside some work, and stops it; how many commands it executed. Its thread is left behind if it never ends.
fn beside(shell: Shell, work: impl FnOnce(Intake)) -> u64 {
    let (mut matcher, intake) = (shell.matcher, shell.intake);
    let running = thread::spawn(move || {
        matcher.run(Wait::Park, || Timestamp::new(0), |_, _| ());
        matcher.mark().sequence
    });
    work(intake.clone());
    // Long enough for it to be parked.
    thread::sleep(Duration::from_millis(20));
    assert!(!running.is_finished());
    intake.stop();
    while !running.is_finished() {
        wait();
    }
    running.join().unwrap()
}

#[test]
fn a_parked_matcher_answers() {
    let executed = beside(shell(sizes().parking()), |intake| {
        let mut producer = intake.producer().unwrap();
        for token in 0..10 {
            thread::sleep(Duration::from_millis(5));
            producer.submit(token, Action::AdvanceTime).unwrap();
            let outcome = loop {
                match producer.outcome() {
                    Some(outcome) => break outcome,
                    None => wait(),
                }
            };
            assert_eq!(outcome.token, token);
        }
    });
    assert_eq!(executed, 10);
}

#[test]
fn nothing_is_lost_however_often_it_parks() {
    let executed = beside(shell(sizes().parking()), |intake| {
        let mut producer = intake.producer().unwrap();
        for token in 0..ROUNDS {
            producer.submit(token, Action::AdvanceTime).unwrap();
            // At all distances from the moment when it parks.
            for _ in 0..token % 97 {
                std::hint::spin_loop();
            }
            while producer.outcome().map(|outcome| outcome.token) != Some(token) {
                wait();
            }
            if token.is_multiple_of(16) {
                thread::sleep(Duration::from_micros(token % 301));
            }
        }
    });
    assert_eq!(executed, ROUNDS);
}

#[test]
fn a_parked_matcher_frees_the_places_of_those_who_left() {
    let executed = beside(shell(sizes().parking().producers(1)), |intake| {
        for token in 0..20 {
            let mut producer = loop {
                match intake.producer() {
                    Some(producer) => break producer,
                    None => wait(),
                }
            };
            producer.submit(token, Action::AdvanceTime).unwrap();
            drop(producer);
            thread::sleep(Duration::from_millis(2));
        }
    });
    assert_eq!(executed, 20);
}

#[test]
fn a_parked_matcher_takes_what_it_left_for_want_of_room() {
    let executed = beside(shell(sizes().parking().lane(4)), |intake| {
        let mut producer = intake.producer().unwrap();
        let (mut submitted, mut answered) = (0, 0);
        while answered < 100 {
            while producer.submit(submitted, Action::AdvanceTime).is_ok() {
                submitted += 1;
            }
            thread::sleep(Duration::from_millis(1));
            while let Some(outcome) = producer.outcome() {
                assert_eq!(outcome.token, answered);
                answered += 1;
            }
        }
        while answered < submitted {
            if producer.outcome().is_some() {
                answered += 1;
            }
            wait();
        }
    });
    assert!(executed >= 100);
}

#[test]
fn without_parking_it_yields() {
    let executed = beside(shell(sizes()), |intake| {
        let mut producer = intake.producer().unwrap();
        producer.submit(0, Action::AdvanceTime).unwrap();
        thread::sleep(Duration::from_millis(5));
        assert!(producer.outcome().is_some());
    });
    assert_eq!(executed, 1);
}
