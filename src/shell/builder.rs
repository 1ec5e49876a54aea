//! How large everything is, fixed before it runs.

use std::fmt;

use crate::engine::Engine;
use crate::journal::{Record, Segment, Writer};
use crate::shell::bell::Bell;
use crate::shell::cell::SLOTS;
use crate::shell::depth::{DepthReader, depth};
use crate::shell::intake::{Intake, intake};
use crate::shell::matcher::{Matcher, Parts};
use crate::shell::ring::{Ring, ring};

/// The ends of a shell, to be given to the threads that use them.
pub struct Shell {
    /// Runs the engine.
    pub matcher: Matcher,
    /// Makes producers.
    pub intake: Intake,
    /// Makes readers of events.
    pub ring: Ring,
    /// Reads the best levels.
    pub depth: DepthReader,
}

/// How large everything is. All memory is taken when it is built.
///
/// ```
/// use pricetime::journal::Writer;
/// use pricetime::shell::ShellBuilder;
/// use pricetime::*;
/// let capacities = Capacities { events: 256, ..Capacities::default() };
/// let instrument = Instrument::builder().capacities(capacities).build()?;
/// let shell = ShellBuilder::default().build(Engine::new(instrument), Writer::new())?;
/// let (mut matcher, intake) = (shell.matcher, shell.intake);
///
/// let mut producer = intake.producer().expect("a free place");
/// producer.submit(7, Action::AdvanceTime).expect("room in the lane");
/// matcher.turn(Timestamp::new(1));
/// // Persist `matcher.journal()` here.
/// matcher.publish();
/// let outcome = producer.outcome().expect("it was published");
/// assert_eq!((outcome.token, outcome.sequence), (7, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShellBuilder {
    producers: usize,
    lane: usize,
    ring: usize,
    lossless_readers: usize,
    levels: usize,
    batch: usize,
    parks: bool,
}

impl Default for ShellBuilder {
    /// 16 producers with lanes of 1,024 commands, a ring of 65,536 events with 8 lossless readers, a depth of
    /// 20 levels, batches of 256.
    fn default() -> Self {
        Self {
            producers: 16,
            lane: 1 << 10,
            ring: 1 << 16,
            lossless_readers: 8,
            levels: 20,
            batch: 256,
            parks: false,
        }
    }
}

/// Why a shell cannot be built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShellError {
    /// A size is zero, or more than 2^24.
    SizeOutOfRange,
    /// Each size is within its range, and all together would take more than 2^34 bytes.
    TooLarge {
        /// How many they would take, about.
        bytes: u64,
    },
}

impl fmt::Display for ShellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SizeOutOfRange => f.write_str("a size of the shell is out of range"),
            Self::TooLarge { bytes } => write!(f, "the shell would take {bytes} bytes"),
        }
    }
}

impl std::error::Error for ShellError {}

impl ShellBuilder {
    /// How many producers there may be at a time.
    pub fn producers(mut self, producers: usize) -> Self {
        self.producers = producers;
        self
    }

    /// How many commands a producer may have under way, and how many outcomes may wait for it; rounded up to a power of two.
    /// An [`Order`](crate::Order) counts as two commands, and there is always room for one.
    pub fn lane(mut self, commands: usize) -> Self {
        self.lane = commands;
        self
    }

    /// How many events the ring holds; rounded up to a power of two. A turn writes over the oldest of them before it is published,
    /// so a lossy reader finds as many fewer.
    pub fn ring(mut self, events: usize) -> Self {
        self.ring = events;
        self
    }

    /// How many lossless readers there may be at a time.
    pub fn lossless_readers(mut self, readers: usize) -> Self {
        self.lossless_readers = readers;
        self
    }

    /// How many levels of each side the depth has.
    pub fn levels(mut self, levels: usize) -> Self {
        self.levels = levels;
        self
    }

    /// How many commands a turn takes at most.
    pub fn batch(mut self, commands: usize) -> Self {
        self.batch = commands;
        self
    }

    /// Lets the matcher park while nothing comes, with [`Wait::Park`](crate::shell::Wait::Park), and producers wake it. They pay for it, a
    /// fence each time they publish, and their calls are no longer wait-free in the strict sense: to wake takes a lock inside the standard library.
    pub fn parking(mut self) -> Self {
        self.parks = true;
        self
    }

    /// Builds the shell around an engine and the writer of its journal.
    ///
    /// # Errors
    /// [`ShellError::SizeOutOfRange`]; every size is between 1 and 2^24. [`ShellError::TooLarge`] if there cannot be memory for all.
    pub fn build(self, engine: Engine, writer: Writer) -> Result<Shell, ShellError> {
        let sizes = [
            self.producers,
            self.lane,
            self.ring,
            self.lossless_readers,
            self.levels,
            self.batch,
        ];
        if sizes.iter().any(|size| !(1..=1 << 24).contains(size)) {
            return Err(ShellError::SizeOutOfRange);
        }
        let bytes = self.bytes(&engine);
        if bytes > BYTES_MAX {
            return Err(ShellError::TooLarge { bytes });
        }
        let lane = self.lane.next_power_of_two();
        let (bell, parker) = match self.parks {
            true => Some(Bell::new()).unzip(),
            false => (None, None),
        };
        let (intake, drain) = intake(self.producers, lane.max(2), lane, bell);
        let (publisher, ring) = ring(self.ring.next_power_of_two(), self.lossless_readers);
        let (depth_writer, depth) = depth(self.levels);
        // Room for the longest entry behind a batch of common ones.
        let events_most = engine.instrument().capacities().events_most();
        let longest = Writer::entry_bytes_max(events_most);
        let batch = self.batch * Writer::entry_bytes_max(2);
        let segment = Segment::new(Writer::OPENING_BYTES + longest + batch);
        let matcher = Matcher::new(Parts {
            engine,
            writer,
            segment,
            drain,
            publisher,
            depth: depth_writer,
            batch: self.batch,
            parker,
        });
        Ok(Shell {
            matcher,
            intake,
            ring,
            depth,
        })
    }

    /// About how many bytes it takes: at most 2^24 of each thing, so no sum of these overflows.
    fn bytes(&self, engine: &Engine) -> u64 {
        let record = size_of::<Record>() as u64;
        let lanes = 2 * self.producers as u64 * self.lane.next_power_of_two() as u64 * record;
        let ring = self.ring.next_power_of_two() as u64 * 2 * record;
        let depth = (SLOTS + 2) as u64 * 2 * self.levels as u64 * record / 2;
        let gates = (self.producers + self.lossless_readers) as u64 * 4 * record;
        // Commands as they come and as they are applied, their entries and events.
        let batch = self.batch as u64 * 12 * record;
        let longest = engine.instrument().capacities().events_most() as u64 * 3 * record;
        lanes + ring + depth + gates + batch + longest
    }
}

/// More than that is a mistake.
const BYTES_MAX: u64 = 1 << 34;
