//! The journal read back: every frame, and every command again.

use std::fmt::Display;

use pricetime::journal::{Frame, Mark, Reader, Start, digest, replay, verify};
use pricetime::{Engine, Event, Events, Instrument};

/// What the file was found to be.
pub struct Found {
    pub bytes: u64,
    pub entries: u64,
    pub events: u64,
    pub trades: u64,
    /// Where it ends.
    pub mark: Mark,
    /// Whether its last frame is whole.
    pub is_whole: bool,
    /// The state of an engine that executed it.
    pub digest: [u8; 32],
}

/// Verifies a journal, executes it again, and counts what is in it.
pub fn audit(bytes: &[u8], instrument: &Instrument) -> Result<Found, String> {
    let verified = verify(bytes, Start::Beginning, None).map_err(told)?;
    let mut engine = Engine::new(instrument.clone());
    replay(&mut engine, bytes, Start::Beginning, u64::MAX).map_err(told)?;
    let (mut entries, mut happened, mut trades) = (0, 0, 0);
    let mut events = Events::default();
    let mut reader = Reader::new(bytes, Start::Beginning);
    while let Some(frame) = reader.read(&mut events).map_err(told)? {
        if let Frame::Entry(_) = frame {
            let is_trade = |event: &&Event| matches!(event, Event::Traded { .. });
            trades += events.iter().filter(is_trade).count() as u64;
            happened += events.len() as u64;
            entries += 1;
        }
    }
    Ok(Found {
        bytes: bytes.len() as u64,
        entries,
        events: happened,
        trades,
        mark: verified.mark,
        is_whole: verified.torn.is_none(),
        digest: digest(&engine),
    })
}

fn told(error: impl Display) -> String {
    format!("the journal: {error}")
}
