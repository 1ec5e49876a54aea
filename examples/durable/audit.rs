//! The whole journal from its beginning, without any snapshot: every frame, every seal, every command again.

use pricetime::journal::{
    Damage, Entry, Frame, Mark, Reader, Seal, Sealer, Start, Torn, replay, verify,
};
use pricetime::{Engine, Event, Events, Instrument};

use crate::disk::Disk;
use crate::names;
use crate::refused::Refused;

/// What a journal was found to be.
pub struct Audit {
    /// The engine behind its last entry.
    pub engine: Engine,
    /// The last entry.
    pub mark: Mark,
    /// Up to this entry seals vouch for everything.
    pub sealed: u64,
    /// What the chain of seals came to.
    pub seal: Seal,
    /// How many parts there are.
    pub parts: usize,
    /// What is torn at the end, and in which part.
    pub torn: Option<(String, Torn)>,
}

/// Checks all parts of a journal, executes them again, and shows each entry with its events.
pub fn audit<D: Disk>(
    disk: &D,
    instrument: &Instrument,
    each: &mut dyn FnMut(&Entry, &[Event]),
) -> Result<Audit, Refused> {
    let parts = names::content(&disk.names()?).parts;
    let mut audit = Audit {
        engine: Engine::new(instrument.clone()),
        mark: Mark::default(),
        sealed: 0,
        seal: Seal::default(),
        parts: parts.len(),
        torn: None,
    };
    let mut start = Start::Beginning;
    for first in parts {
        let file = names::part(first);
        if let Some((before, torn)) = audit.torn {
            return Err(Refused::torn(before, torn));
        }
        let bytes = disk.read(&file)?;
        let sealer = Sealer::new().resume(audit.seal);
        let verified = match verify(&bytes, start, Some(sealer)) {
            Ok(verified) => verified,
            Err(damage) => return Err(Refused::damaged(file, damage)),
        };
        let replayed = replay(&mut audit.engine, &bytes, start, u64::MAX);
        if let Err(error) = replayed {
            return Err(Refused::Journal { file, error });
        }
        show(&bytes, start, each).map_err(|damage| Refused::damaged(file.clone(), damage))?;
        audit.mark = verified.mark;
        audit.sealed = audit.sealed.max(verified.sealed);
        audit.seal = verified.seal;
        audit.torn = verified.torn.map(|torn| (file, torn));
        start = Start::After(audit.mark);
    }
    Ok(audit)
}

fn show(bytes: &[u8], start: Start, each: &mut dyn FnMut(&Entry, &[Event])) -> Result<(), Damage> {
    let mut reader = Reader::new(bytes, start);
    let mut events = Events::default();
    while let Some(frame) = reader.read(&mut events)? {
        if let Frame::Entry(entry) = frame {
            each(&entry, events.as_slice());
        }
    }
    Ok(())
}
