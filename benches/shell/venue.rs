//! An engine that keeps its journal, at the start of the flow `typical`, and what it takes to do one command.

use std::hint::black_box;

use pricetime::journal::{Segment, Writer};
use pricetime::{Command, Engine, Events};

use crate::flows::steady::typical;
use crate::flows::{Flow, Scale};

/// A flow, and an engine whose book its warm-up has filled.
pub struct Warm {
    pub flow: Flow,
    pub engine: Engine,
}

impl Warm {
    pub fn new(scale: Scale) -> Self {
        let flow = typical(scale);
        let mut engine = Engine::new(flow.venue.instrument(0));
        let mut events = Events::for_instrument(engine.instrument());
        for command in &flow.warmup {
            events.clear();
            engine.apply(command, &mut events);
        }
        Self { flow, engine }
    }

    /// An engine with that book, and a new journal.
    pub fn venue(&self) -> Venue {
        Venue {
            events: Events::for_instrument(self.engine.instrument()),
            engine: self.engine.clone(),
            segment: Segment::new(1 << 18),
            writer: Writer::new(),
        }
    }
}

/// An engine and its journal.
pub struct Venue {
    engine: Engine,
    events: Events,
    segment: Segment,
    writer: Writer,
}

impl Venue {
    /// Applies a command and journals it; its entry's number and its events.
    pub fn apply(&mut self, command: &Command) -> (u64, &Events) {
        self.events.clear();
        self.engine.apply(command, &mut self.events);
        if !self.append(command) {
            black_box(self.segment.bytes());
            self.segment.clear();
            assert!(self.append(command), "an entry fits an empty segment");
        }
        (self.writer.mark().sequence, &self.events)
    }

    fn append(&mut self, command: &Command) -> bool {
        let events = self.events.as_slice();
        let appended = self.segment.append(&mut self.writer, command, events);
        appended.is_ok()
    }
}
