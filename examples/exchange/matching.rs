//! The matcher's thread: each turn is durable before anybody hears of it.

use std::panic::resume_unwind;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pricetime::journal::Mark;
use pricetime::shell::{Matcher, Wait};
use pricetime::{Engine, Timestamp};

use crate::store::Store;

/// How long it sleeps when it has waited for a while.
const PAUSE: Duration = Duration::from_micros(100);

/// What is left when everybody has gone home.
pub struct Matched {
    pub engine: Engine,
    /// Where the matcher's journal ends.
    pub mark: Mark,
    /// Where it ended when it was last synced.
    pub synced: Mark,
    pub store: Store,
}

/// Matches until it is asked to stop. If the disk fails the thread unwinds with the error: `run` must not go
/// on, since it would publish what is not durable.
pub fn run(mut matcher: Matcher, mut store: Store) -> Matched {
    let mut synced = Mark::default();
    let persist = |bytes: &[u8], mark| {
        if let Err(error) = store.append(bytes) {
            resume_unwind(Box::new(error));
        }
        synced = mark;
    };
    matcher.run(Wait::Sleep(PAUSE), now, persist);
    let (engine, writer) = matcher.into_parts();
    Matched {
        engine,
        mark: writer.mark(),
        synced,
        store,
    }
}

/// A clock that is set back is no matter: the matcher never stamps earlier than before.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp::new(since.map_or(0, |since| since.as_nanos() as u64))
}
