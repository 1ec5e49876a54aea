//! A book that threads share: every command answered once, by whoever's hand, and nobody held up who need not be.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;

use pricetime::journal::{Start, Writer, digest, replay};
use pricetime::shell::{
    Executed, NoPlace, NotAsked, Poisoned, SharedBook, SharedBuilder, SharedHandle, ShellError,
};
use pricetime::{Action, Command, Engine, Side, Timestamp};

use crate::crowd::actions;
use crate::rig::{roomy, wait};
use crate::venue::{buy, cancel, sell, small};

const THREADS: usize = 8;

fn engine() -> Engine {
    Engine::new(small().build().unwrap())
}

fn book(handles: usize) -> SharedBook {
    let sizes = SharedBuilder::default().handles(handles).levels(3);
    sizes.build(engine()).unwrap()
}

fn execute(handle: &mut SharedHandle) -> Executed {
    handle
        .execute(Timestamp::new(1), Action::AdvanceTime)
        .unwrap()
}

#[test]
fn each_command_of_eight_threads_is_answered_once() {
    let engine = Engine::new(roomy().build().unwrap());
    let journal = Arc::new(Mutex::new(Vec::new()));
    let durable = Arc::new(AtomicU64::new(0));
    let (bytes, end) = (Arc::clone(&journal), Arc::clone(&durable));
    let sizes = SharedBuilder::default().handles(THREADS).levels(3);
    let sizes = sizes.journal(Writer::new(), move |entries, mark| {
        bytes.lock().unwrap().extend_from_slice(entries);
        end.store(mark.sequence, Ordering::Release);
    });
    let book = sizes.build(engine.clone()).unwrap();
    let work = |number: usize| {
        let (mut handle, mut depth) = (book.handle().unwrap(), book.depth());
        let mut answers = Vec::new();
        for action in actions(number) {
            let executed = handle.execute(Timestamp::new(0), action).unwrap();
            assert!(durable.load(Ordering::Acquire) >= executed.sequence);
            assert!(depth.read().sequence() >= executed.sequence);
            answers.push((executed, action));
        }
        answers
    };
    let mut answers = thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..THREADS).map(|n| scope.spawn(move || work(n))).collect();
        let each = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        each.collect::<Vec<_>>()
    });
    answers.sort_by_key(|(executed, _)| executed.sequence);
    let mut alone = engine.clone();
    for (number, (executed, action)) in answers.iter().enumerate() {
        assert_eq!(executed.sequence, number as u64 + 1);
        let report = alone.submit(&Command::new(Timestamp::new(0), *action));
        assert_eq!(executed.report, report, "{number}: {action:?}");
    }
    let journal = journal.lock().unwrap();
    let mut again = engine;
    let replayed = replay(&mut again, &journal, Start::Beginning, u64::MAX).unwrap();
    assert_eq!(replayed.entries, answers.len() as u64);
    let live = book.look(|engine| (digest(engine), engine == &alone));
    assert_eq!(live, Ok((digest(&again), true)));
}

#[test]
fn fills_are_reported_to_whoever_asked() {
    let book = book(2);
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    for id in 0..6 {
        let order = Action::Limit(sell(id, 100, 1));
        one.execute(Timestamp::new(1), order).unwrap();
    }
    let taker = Action::Limit(buy(9, 100, 7));
    other.ask(Timestamp::new(1), taker).unwrap();
    execute(&mut one);
    one.ask(Timestamp::new(1), Action::AdvanceTime).unwrap();
    let report = other.answer().unwrap().unwrap().report.unwrap();
    assert_eq!((report.fills.len(), report.filled.lots()), (6, 6));
    assert_eq!(report.resting.unwrap().quantity.lots(), 1);
    assert_eq!(other.answer(), Ok(None));
}

#[test]
fn a_command_that_comes_late_has_the_latest_stamp() {
    let book = book(1);
    let mut one = book.handle().unwrap();
    for now in [5, 3, 9, 4] {
        let executed = one.execute(Timestamp::new(now), Action::AdvanceTime);
        assert!(executed.unwrap().report.is_ok(), "{now}");
    }
    let refused = one.execute(Timestamp::new(20), cancel(99));
    assert!(refused.unwrap().report.is_err());
    let late = one.execute(Timestamp::new(1), Action::AdvanceTime);
    assert!(late.unwrap().report.is_ok());
    let time = book.look(|engine| engine.now());
    assert_eq!(time, Ok(Timestamp::new(20)));
}

#[test]
fn a_thread_that_never_takes_its_answer_stalls_nobody() {
    let book = book(2);
    let (mut one, mut paused) = (book.handle().unwrap(), book.handle().unwrap());
    paused.ask(Timestamp::new(1), Action::EndOfDay).unwrap();
    let again = paused.ask(Timestamp::new(1), Action::EndOfDay);
    assert_eq!(again, Err(NotAsked::Unanswered(Action::EndOfDay)));
    for _ in 0..1_000 {
        execute(&mut one);
    }
    std::mem::forget(paused);
    assert_eq!(execute(&mut one).sequence, 1_002);
    assert!(book.handle().is_err(), "its place is lost, and no more");
}

#[test]
fn a_thread_that_dies_between_calls_leaves_its_place() {
    let book = book(2);
    let mut one = book.handle().unwrap();
    for round in 0..50 {
        let other = book.handle();
        let died = thread::scope(|scope| {
            let dying = scope.spawn(move || {
                let mut handle = other.unwrap();
                execute(&mut handle);
                if round % 2 == 0 {
                    let order = Action::Limit(buy(round, 1, 1));
                    handle.ask(Timestamp::new(1), order).unwrap();
                }
                std::panic::resume_unwind(Box::new(()));
            });
            dying.join()
        });
        assert!(died.is_err());
        execute(&mut one);
    }
    drop(book.handle().unwrap());
    let orders = book.look(|engine| engine.book().len());
    assert_eq!(orders, Ok(25), "what was asked is executed");
}

#[test]
fn there_are_no_more_handles_than_places() {
    let book = book(2);
    let held = [book.handle().unwrap(), book.handle().unwrap()];
    assert!(matches!(book.handle(), Err(NoPlace)));
    drop(held);
    assert!(book.handle().is_ok());
}

#[test]
fn sizes_that_make_no_sense_are_refused() {
    for (handles, levels) in [(0, 1), (1 << 11, 1), (1, 1 << 17)] {
        let sizes = SharedBuilder::default().handles(handles).levels(levels);
        let refused = sizes.build(engine()).map(|_| ());
        assert_eq!(refused, Err(ShellError::SizeOutOfRange));
    }
}

#[test]
fn a_holder_that_is_paused_delays_neither_asking_nor_reading() {
    let (pause, paused) = channel::<()>();
    let is_inside = Arc::new(AtomicBool::new(false));
    let inside = Arc::clone(&is_inside);
    let sizes = SharedBuilder::default().handles(2);
    let sizes = sizes.journal(Writer::new(), move |_, mark| {
        if mark.sequence == 2 {
            inside.store(true, Ordering::Release);
            paused.recv().unwrap();
        }
    });
    let book = sizes.build(engine()).unwrap();
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    let mut depth = book.depth();
    one.execute(Timestamp::new(1), Action::Limit(buy(1, 7, 1)))
        .unwrap();
    thread::scope(|scope| {
        let holding = scope.spawn(move || execute(&mut one).sequence);
        while !is_inside.load(Ordering::Acquire) {
            wait();
        }
        for _ in 0..1_000 {
            let read = depth.read();
            assert_eq!((read.sequence(), read.levels(Side::Buy).count()), (1, 1));
        }
        let asked = other.ask(Timestamp::new(1), Action::EndOfDay);
        assert_eq!(asked, Ok(()));
        pause.send(()).unwrap();
        let answer = other.answer().unwrap().unwrap();
        assert_eq!((holding.join().unwrap(), answer.sequence), (2, 3));
    });
}

#[test]
fn a_sink_that_panics_poisons_the_book_and_answers_nobody() {
    let sizes = SharedBuilder::default().handles(2);
    let mut calls = 0;
    let sizes = sizes.journal(Writer::new(), move |_, mark| {
        calls += 1;
        assert!(mark.sequence < 2 && calls < 2, "no more room on the disk");
    });
    let book = sizes.build(engine()).unwrap();
    let (mut one, mut other) = (book.handle().unwrap(), book.handle().unwrap());
    execute(&mut one);
    other.ask(Timestamp::new(1), Action::EndOfDay).unwrap();
    one.ask(Timestamp::new(1), Action::EndOfDay).unwrap();
    let died = catch_unwind(AssertUnwindSafe(|| one.answer()));
    assert!(died.is_err() && book.is_poisoned());
    assert_eq!(other.answer(), Err(Poisoned));
    assert_eq!(book.look(|_| ()), Err(Poisoned));
    assert_eq!(one.answer(), Err(Poisoned));
    let refused = one.ask(Timestamp::new(1), Action::EndOfDay);
    assert_eq!(refused, Err(NotAsked::Poisoned(Action::EndOfDay)));
    let refused = one.execute(Timestamp::new(1), Action::EndOfDay);
    assert_eq!(refused, Err(Poisoned));
    assert_eq!(book.depth().read().sequence(), 1, "it was not published");
}
