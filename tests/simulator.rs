//! The journal of `examples/durable` on a disk that loses what was not synced, a process that crashes at any
//! moment, bits that turn over, and a follower that falls behind: all from one seed.
//!
//! `PRICETIME_SEEDS` sets how many seeds are tried; `PRICETIME_SEED` plays a single one
//! again and says what happens in it.

#[path = "../examples/durable/acknowledged.rs"]
mod acknowledged;
#[allow(dead_code, reason = "the example tells more than is compared here")]
#[path = "../examples/durable/audit.rs"]
mod audit;
#[path = "../examples/durable/disk.rs"]
mod disk;
#[path = "simulator/faulty.rs"]
mod faulty;
#[path = "simulator/lagging.rs"]
mod lagging;
#[allow(dead_code, reason = "the model's scripts are used here, not the model")]
mod model;
#[path = "../examples/durable/names.rs"]
mod names;
#[path = "simulator/random.rs"]
mod random;
#[allow(dead_code, reason = "only a person reads how far recovery is")]
#[path = "../examples/durable/recover.rs"]
mod recover;
#[allow(dead_code, reason = "only the example compares with its flow")]
#[path = "../examples/durable/refused.rs"]
mod refused;
#[path = "simulator/rot.rs"]
mod rot;
#[path = "simulator/run.rs"]
mod run;
#[path = "../examples/durable/store.rs"]
mod store;
#[path = "simulator/tally.rs"]
mod tally;
#[path = "simulator/truth.rs"]
mod truth;

use std::env;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use run::Simulation;
use tally::{PLACES, Tally};

const SEEDS: u64 = 3_000;

/// Says which seed it was if it goes wrong.
struct Named<'a> {
    seed: u64,
    failed: &'a AtomicBool,
}

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.failed.store(true, Ordering::Relaxed);
            let seed = self.seed;
            eprintln!("again: PRICETIME_SEED={seed} cargo test --test simulator -- --nocapture");
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    let value = env::var(variable).ok()?;
    Some(value.parse().expect("a number"))
}

/// Plays seeds until there are no more, or one has failed.
fn play(next: &AtomicU64, last: u64, failed: &AtomicBool) -> Tally {
    let mut tally = Tally::default();
    while !failed.load(Ordering::Relaxed) {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed > last {
            break;
        }
        let named = Named { seed, failed };
        tally.add(&Simulation::new(seed, false).run());
        drop(named);
    }
    tally
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_happens_twice() {
    let failed = AtomicBool::new(false);
    if let Some(seed) = number("PRICETIME_SEED") {
        let _named = Named {
            seed,
            failed: &failed,
        };
        Simulation::new(seed, true).run();
        return;
    }
    let last = number("PRICETIME_SEEDS").unwrap_or(SEEDS);
    let (next, start) = (AtomicU64::new(1), Instant::now());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let playing: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| play(&next, last, &failed)))
            .collect();
        for thread in playing {
            match thread.join() {
                Ok(part) => tally.add(&part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    for place in PLACES {
        println!("{:8} {place}", tally.of(place));
    }
    let rate = last as f64 / start.elapsed().as_secs_f64();
    println!("seeds 1 to {last}: {rate:.0} a second");
    assert_eq!(tally.missing(), Vec::<&str>::new(), "never reached");
}
