//! Journals: written, cut, flipped, forged, fed in pieces, and read by a second reader that knows
//! only what the documentation says of the layout.

#[path = "journal/cuts.rs"]
mod cuts;
#[path = "journal/draw.rs"]
mod draw;
#[path = "journal/draw_rows.rs"]
mod draw_rows;
#[path = "journal/flips.rs"]
mod flips;
#[path = "journal/forged.rs"]
mod forged;
#[path = "journal/golden.rs"]
mod golden;
#[path = "journal/golden_rows.rs"]
mod golden_rows;
#[path = "journal/golden_second.rs"]
mod golden_second;
#[path = "journal/golden_session.rs"]
mod golden_session;
#[path = "journal/hostile.rs"]
mod hostile;
#[path = "journal/kinds.rs"]
mod kinds;
#[path = "journal/layout.rs"]
mod layout;
#[path = "journal/layout_codes.rs"]
mod layout_codes;
#[path = "journal/layout_orders.rs"]
mod layout_orders;
#[path = "journal/layout_records.rs"]
mod layout_records;
#[allow(dead_code, reason = "only the scripts are needed here")]
mod model;
#[path = "journal/random.rs"]
mod random;
#[path = "journal/short.rs"]
mod short;
#[path = "journal/tails.rs"]
mod tails;
#[path = "journal/written.rs"]
mod written;

use pricetime::journal::{Damage, Frame, Reader, Start, Torn};
use pricetime::{Command, Event, Events};

type Entries = Vec<(Command, Vec<Event>)>;

/// What a reader finds.
#[derive(Debug, PartialEq)]
struct Found {
    /// Whole frames.
    frames: usize,
    entries: Entries,
    offset: usize,
    end: Result<Option<Torn>, Damage>,
}

fn read(bytes: &[u8]) -> Found {
    read_from(Reader::new(bytes, Start::Beginning))
}

fn read_from(mut reader: Reader<'_>) -> Found {
    let mut events = Events::default();
    let (mut frames, mut entries) = (0, Entries::new());
    let end = loop {
        match reader.read(&mut events) {
            Ok(Some(Frame::Entry(entry))) => {
                entries.push((entry.command, events.as_slice().to_vec()));
            }
            Ok(Some(Frame::Opening(_) | Frame::Seal(_))) => {}
            Ok(None) => break Ok(reader.torn()),
            Err(damage) => {
                assert_eq!(reader.read(&mut events), Err(damage), "asked again");
                break Err(damage);
            }
        }
        frames += 1;
    };
    let offset = reader.offset();
    Found {
        frames,
        entries,
        offset,
        end,
    }
}
