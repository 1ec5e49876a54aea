//! A line on long work now and then.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::recover::Step;

/// Tells how far recovery is. Short work says nothing.
pub struct Progress<'a> {
    out: &'a mut dyn Write,
    every: Duration,
    start: Instant,
    told: Instant,
}

impl<'a> Progress<'a> {
    pub fn new(out: &'a mut dyn Write, every: Duration) -> Self {
        let start = Instant::now();
        Self {
            out,
            every,
            start,
            told: start,
        }
    }

    pub fn at(&mut self, step: Step) {
        if self.told.elapsed() < self.every {
            return;
        }
        self.told = Instant::now();
        let percent = 100 * step.bytes / step.of.max(1);
        let rate = step.entries as f64 / self.start.elapsed().as_secs_f64();
        let _ = writeln!(
            self.out,
            "recovering: {} of {} bytes ({percent}%), {} entries, {rate:.0} a second",
            step.bytes, step.of, step.entries,
        );
    }
}
