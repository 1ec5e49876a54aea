//! Why a journal is not gone on with.

use std::fmt;
use std::io;

use pricetime::journal::{Damage, ReplayError, Torn};

/// Why a journal is not gone on with. Nothing was changed but what a crash had left unfinished.
#[derive(Debug)]
pub enum Refused {
    /// A part is damaged, or says something else than the engine does.
    Journal {
        /// The part.
        file: String,
        /// Where in it, and what.
        error: ReplayError,
    },
    /// It cannot be told any more what was acknowledged.
    Acknowledged {
        /// The file that should say so.
        file: String,
    },
    /// An entry is not the command that it should be.
    OtherCommand {
        /// The entry.
        sequence: u64,
    },
    /// Reading or writing fails.
    Disk(io::Error),
}

impl Refused {
    /// A part is damaged.
    pub fn damaged(file: String, damage: Damage) -> Self {
        let error = ReplayError::Damaged(damage);
        Self::Journal { file, error }
    }

    /// A part that is torn though another one follows, or though nothing can have torn it.
    pub fn torn(file: String, torn: Torn) -> Self {
        let Torn {
            offset,
            sequence,
            kind,
        } = torn;
        Self::damaged(
            file,
            Damage {
                offset,
                sequence,
                kind,
            },
        )
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal { file, error } => write!(f, "{file}: {error}"),
            Self::Acknowledged { file } => {
                write!(f, "{file}: byte 0: neither of the two slots is whole")
            }
            Self::OtherCommand { sequence } => {
                write!(f, "entry {sequence} is not command {sequence} of the flow")
            }
            Self::Disk(error) => write!(f, "reading or writing fails: {error}"),
        }
    }
}
