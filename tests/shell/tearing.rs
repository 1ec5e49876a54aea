//! A state so long that a reader is often overtaken in the middle of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pricetime::shell::cell::{CellReader, cell};

const WORDS: usize = 1 << 14;

/// Reads until told to stop; how many reads were overtaken. All words of a state are its number.
fn read(reader: &CellReader, stop: &AtomicBool) -> u64 {
    let mut words = vec![0; WORDS];
    let (mut last, mut overtaken) = (0, 0);
    while !stop.load(Ordering::Relaxed) {
        let Some(number) = reader.try_read(&mut words) else {
            overtaken += 1;
            continue;
        };
        assert!(number >= last, "back in time");
        assert!(words.iter().all(|word| *word == number), "torn");
        last = number;
    }
    overtaken
}

#[test]
fn no_state_is_torn_though_readers_are_overtaken() {
    let (mut writer, reader) = cell(WORDS);
    let stop = AtomicBool::new(false);
    let overtaken = thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| read(&reader, &stop)))
            .collect();
        let (start, mut words) = (Instant::now(), vec![0; WORDS]);
        for number in 1.. {
            words.fill(number);
            writer.write(&words);
            let is_seen = readers.iter().any(|reader| reader.is_finished());
            if is_seen || start.elapsed() > Duration::from_secs(1) {
                break;
            }
        }
        stop.store(true, Ordering::Relaxed);
        let readers = readers.into_iter().map(|reader| reader.join().unwrap());
        readers.sum::<u64>()
    });
    assert!(overtaken > 0, "nobody was overtaken");
}
