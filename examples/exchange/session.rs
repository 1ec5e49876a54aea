//! All threads of the exchange, from the first command to the last reader's end.
//!
//! ```text
//!   maker, maker, taker ==> matcher -> file, synced -> outcomes
//!                                   '-> ring ==> lossless: follows the whole book
//!                                   |        ==> lossy: the tape
//!                                   '-> depth ==> screen (this thread)
//! ```

use std::any::Any;
use std::io;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use pricetime::journal::{Mark, Writer, digest};
use pricetime::shell::{DepthReader, Follow, LosslessReader, LossyReader, Shell, ShellBuilder};
use pricetime::{Engine, Instrument};

use crate::flow::{Flow, TRADERS};
use crate::market_data::{Followed, Tape, follow, is_same_book};
use crate::matching::{self, Matched};
use crate::screen::{LEVELS, REDRAW, Screen};
use crate::store::Store;
use crate::trader::{self, Plan, Traded};

/// Events that the ring holds.
const RING: usize = 1 << 14;
/// Commands that a trader may have under way.
const LANE: usize = 1 << 10;
/// Commands of a turn: as many share a sync.
const BATCH: usize = 1 << 10;

/// What a session came to.
pub struct Session {
    pub traders: Vec<Traded>,
    /// Where the matcher's journal ends, and where it ended when it was last synced.
    pub mark: Mark,
    pub synced: Mark,
    pub store: Store,
    pub followed: Followed,
    /// Events that the lossy reader has seen, and missed.
    pub tape: (u64, u64),
    /// Whether the book that was followed is the engine's.
    pub is_same_book: bool,
    /// The engine's state.
    pub digest: [u8; 32],
    /// From the first command to the last outcome.
    pub elapsed: Duration,
}

/// The readers, all at the first event.
struct Readers {
    lossless: LosslessReader,
    follow: Follow,
    lossy: LossyReader,
}

/// Trades as planned, on threads, and shows it.
pub fn trade(
    plan: &Plan,
    instrument: &Instrument,
    store: Store,
    screen: &mut Screen<'_>,
) -> io::Result<Session> {
    let sizes = ShellBuilder::default()
        .producers(TRADERS)
        .lane(LANE)
        .ring(RING)
        .lossless_readers(1)
        .levels(LEVELS)
        .batch(BATCH);
    let shell = sizes.build(Engine::new(instrument.clone()), Writer::new());
    let shell = shell.map_err(io::Error::other)?;
    let none = || io::Error::other("no place is free");
    let readers = Readers {
        lossless: shell.ring.lossless().ok_or_else(none)?,
        follow: Follow::new(&shell.ring, shell.matcher.checkpoint().ok_or_else(none)?),
        lossy: shell.ring.lossy(),
    };
    let mut producers = Vec::new();
    for _ in 0..TRADERS {
        producers.push(shell.intake.producer().ok_or_else(none)?);
    }
    let Shell {
        matcher,
        intake,
        ring,
        mut depth,
    } = shell;
    let tape = Tape::default();
    let start = Instant::now();
    thread::scope(|scope| {
        let matching = scope.spawn(move || matching::run(matcher, store));
        let following = scope.spawn(|| follow(&ring, readers.lossless, readers.follow));
        let taping = scope.spawn(|| tape.run(&ring, readers.lossy));
        let trading = |(trader, producer)| {
            let flow = Flow::new(trader, plan.seed);
            scope.spawn(move || trader::run(producer, flow, plan))
        };
        let trading: Vec<_> = producers.into_iter().enumerate().map(trading).collect();
        let shown = watch(&trading, &mut depth, &tape, screen);
        let traders = trading.into_iter().map(joined).collect::<io::Result<_>>();
        let elapsed = start.elapsed();
        // Everybody has all outcomes. The readers end when the matcher is gone.
        intake.stop();
        let matched = joined(matching);
        let (followed, _) = (joined(following)?, joined(taping)?);
        shown?;
        Ok(session(
            traders?,
            matched?,
            followed,
            tape.counts(),
            elapsed,
        ))
    })
}

/// Shows the book until all traders are done.
fn watch(
    trading: &[ScopedJoinHandle<'_, Traded>],
    depth: &mut DepthReader,
    tape: &Tape,
    screen: &mut Screen<'_>,
) -> io::Result<()> {
    while !trading.iter().all(ScopedJoinHandle::is_finished) {
        screen.show(&depth.read(), tape.counts())?;
        thread::sleep(REDRAW);
    }
    screen.show(&depth.read(), tape.counts())
}

fn session(
    traders: Vec<Traded>,
    matched: Matched,
    followed: Followed,
    tape: (u64, u64),
    elapsed: Duration,
) -> Session {
    Session {
        traders,
        mark: matched.mark,
        synced: matched.synced,
        is_same_book: is_same_book(&followed.view, &matched.engine),
        digest: digest(&matched.engine),
        store: matched.store,
        followed,
        tape,
        elapsed,
    }
}

/// What a thread came to; the error that it unwound with.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> io::Result<T> {
    thread.join().map_err(|why: Box<dyn Any + Send>| {
        let error = why.downcast::<io::Error>();
        error.map_or_else(|_| io::Error::other("a thread ended"), |error| *error)
    })
}
