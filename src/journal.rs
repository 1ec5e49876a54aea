//! What happened, as bytes: a journal to persist or to send, and the way back from it.
//!
//! Nothing here does I/O. The caller gives memory and gets bytes to persist or to send; the caller gives bytes and gets entries,
//! a verdict, or an engine back.
//!
//! ```text
//!   live:      command -> Engine::apply -> Writer::append -> bytes -> Sealer::close -> the caller's disk
//!   recovery:  snapshot -> restore -> an engine -> replay(tail) -> the same engine as never stopped
//!   replica:   bytes, in any pieces -> Follower
//!   audit:     bytes -> verify, or Reader for each entry
//! ```
//!
//! # The layout
//!
//! All numbers are little-endian. A journal is a row of frames, each a whole number of eight-byte words:
//!
//! ```text
//!   byte   0  length     4   words of this frame, head included
//!          4  checksum   4   CRC32C of all bytes from 8 on, exclusive-or the length
//!          8  magic      1   'P'
//!          9  format     1   version of this layout: 1
//!         10  rules      2   version of the rules of matching
//!         12  chain      4   checksum of the frame before; 0 for the first; seals are passed over
//!         16  sequence   8   entry: its number, without a gap; opening, seal: that of the entry before
//!         24  time       8   entry: the caller's timestamp; opening, seal: 0
//!         32  payload
//! ```
//!
//! | payload | begins with | what | drawn in |
//! | --- | --- | --- | --- |
//! | opening | 64 | the instrument; the first frame, and the first of each part | `journal/opening.rs` |
//! | entry | 1 to 9, 11, 17 | a command, then all events that it brought about | `journal/record.rs` |
//! | seal | 65 | the cryptographic digest of all frames since the seal before | `journal/seal.rs` |
//!
//! An entry is a row of records, the command first, which is one record or two. A record is eight words, of which word 0 is always there and of the
//! others only those that the second byte of word 0 has a bit for. A word that is left out is zero if it has
//! no meaning in a record of this kind, and otherwise what the last record before had that
//! gave this word a meaning: at the start of an entry zero, and for word 6 the frame's time. A plain order
//! that rests is so 32 bytes of head, 32 of command and 8 for each of its two events.
//!
//! The first 16 bytes keep their place in every later format, and the checksum its rule.
//!
//! # What guards against what
//!
//! | guard | against |
//! | --- | --- |
//! | checksum | bits that flip, writes that tear |
//! | sequence, chain | entries that are lost, doubled, moved or put in |
//! | seals | a person who changes the journal and every checksum with it |
//! | replay | an engine, or a change of the rules, that does something else |

mod chain;
mod follower;
mod frame;
mod held;
mod opening;
mod reader;
mod record;
mod replay;
mod seal;
mod snapshot;
mod verify;
mod writer;

use std::fmt;

pub use follower::Follower;
pub use held::{Held, HeldFull};
pub use reader::{Entry, Frame, Reader};
pub use record::{CommandRecords, Record};
pub(crate) use record::{
    ID, Sink, event_of, has_terms, put_event, reaches_beyond, read_command, read_terms,
};
pub use replay::{Divergence, ReplayError, Replayed, replay, replay_from};
pub use seal::{Seal, SealError, Sealer};
pub use snapshot::{SnapshotError, digest, restore, snapshot};
pub use verify::{Verified, verify, verify_from};
pub use writer::{NoRoom, Segment, Writer};

/// The version of the layout of journals.
pub const FORMAT: u8 = 1;

/// The greatest number that an opening or a snapshot may name: far beyond any that is reached by counting.
pub const SEQUENCE_MAX: u64 = 1 << 62;

/// A place in a journal: behind an entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Mark {
    /// The number of the entry; zero before the first.
    pub sequence: u64,
    /// The checksum of the last frame, seals passed over; zero before the first.
    pub chain: u32,
}

/// Where in a journal some bytes begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// At its first byte.
    Beginning,
    /// With an opening, somewhere: where a part of it begins. Nothing is known of what was before.
    Anywhere,
    /// Right behind this place.
    After(Mark),
}

/// The first thing in a journal that is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damage {
    /// Where it is, in bytes from the start of what was read.
    pub offset: u64,
    /// The number of the entry that should be there.
    pub sequence: u64,
    /// What is wrong.
    pub kind: DamageKind,
}

/// The end of a journal that was being written when it stopped. Everything before is whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Torn {
    /// Where it begins, in bytes from the start of what was read: cut here, and write on.
    pub offset: u64,
    /// The number of the entry that would have been there.
    pub sequence: u64,
    /// How it shows.
    pub kind: DamageKind,
}

/// What is wrong with a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DamageKind {
    /// The bytes end before the frame does.
    Incomplete,
    /// The length is none that a frame can have.
    Length,
    /// The checksum is another.
    Checksum,
    /// The frame is of a version of the layout that this one does not read.
    FormatUnknown {
        /// That version.
        format: u8,
    },
    /// There is no opening where one has to be: this is no journal, or not its start.
    NoOpening,
    /// The opening is of another instrument than the one before.
    InstrumentChanged,
    /// The number does not follow on that of the entry before.
    SequenceBroken {
        /// The number that is there.
        found: u64,
    },
    /// This entry follows on another one than that which is there: it, or the one before, was exchanged.
    ChainBroken,
    /// The checksum is right, and what the frame holds is not.
    Malformed,
    /// A seal does not fit its block, which begins at this offset with this entry.
    SealBroken {
        /// The last entry of the block.
        last: u64,
    },
    /// The journal ends before an entry that was acknowledged.
    AcknowledgedMissing,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}, entry {}: ", self.offset, self.sequence)?;
        match self.kind {
            DamageKind::Incomplete => f.write_str("the frame is not whole"),
            DamageKind::Length => f.write_str("the length of the frame is impossible"),
            DamageKind::Checksum => f.write_str("the checksum is wrong"),
            DamageKind::FormatUnknown { format } => write!(f, "format {format} is unknown"),
            DamageKind::NoOpening => f.write_str("a journal does not begin here"),
            DamageKind::InstrumentChanged => f.write_str("the instrument is another"),
            DamageKind::SequenceBroken { found } => write!(f, "entry {found} is there instead"),
            DamageKind::ChainBroken => f.write_str("it does not follow on the entry before"),
            DamageKind::Malformed => f.write_str("the content is not well formed"),
            DamageKind::SealBroken { last } => write!(f, "the seal up to entry {last} is broken"),
            DamageKind::AcknowledgedMissing => f.write_str("it was acknowledged and is missing"),
        }
    }
}

impl std::error::Error for Damage {}
