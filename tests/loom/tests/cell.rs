#![cfg(loom)]

use loom::thread;
use pricetime::shell::cell::{SLOTS, cell};
use pricetime::shell::sync::Guard;
use pricetime_loom::{fails_without, holds};

/// One state is written while it is read: it is not there, or whole.
fn the_first_state_is_whole() {
    let (mut writer, reader) = cell(2);
    let writing = thread::spawn(move || writer.write(&[7, 7]));
    let mut words = [0; 2];
    match reader.try_read(&mut words) {
        Some(0) => assert_eq!(words, [0, 0]),
        Some(1) => assert_eq!(words, [7, 7]),
        other => panic!("{other:?}"),
    }
    writing.join().unwrap();
}

/// The writer goes all the way round while the reader reads: what it gets is whole.
fn a_reader_that_is_lapped_notices() {
    let (mut writer, reader) = cell(2);
    writer.write(&[1, 1]);
    let writing = thread::spawn(move || {
        for number in 2..=SLOTS as u64 + 1 {
            writer.write(&[number, number]);
        }
    });
    let mut words = [0; 2];
    if let Some(number) = reader.try_read(&mut words) {
        assert_eq!(words, [number, number]);
    }
    writing.join().unwrap();
    assert_eq!(reader.try_read(&mut words), Some(SLOTS as u64 + 1));
}

#[test]
fn cell_models() {
    holds(the_first_state_is_whole);
    holds(a_reader_that_is_lapped_notices);
}

#[test]
fn cell_controls() {
    fails_without(Guard::CellLatest, the_first_state_is_whole);
    fails_without(Guard::CellLatestRead, the_first_state_is_whole);
    fails_without(Guard::CellWriting, a_reader_that_is_lapped_notices);
    fails_without(Guard::CellReading, a_reader_that_is_lapped_notices);
}
