//! A line on long work now and then.

use std::io::Write;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(2);

/// Tells how far long work is. Short work says nothing.
pub struct Progress<'a> {
    out: &'a mut dyn Write,
    told: Instant,
}

impl<'a> Progress<'a> {
    pub fn new(out: &'a mut dyn Write) -> Self {
        let told = Instant::now();
        Self { out, told }
    }

    /// Notes that `done` of `work` are done since `start`; `total` where it is known.
    pub fn at(&mut self, work: &str, start: Instant, done: u64, total: Option<u64>) {
        // The clock is looked at rarely, so that the work is not slowed.
        if done & 0xFFFF != 0 || self.told.elapsed() < EVERY {
            return;
        }
        self.told = Instant::now();
        let rate = done as f64 / start.elapsed().as_secs_f64() / 1e6;
        let of = total.map_or(String::new(), |total| format!(" of {total}"));
        let _ = writeln!(self.out, "{work}: {done}{of}, {rate:.2} million/s");
    }
}
