//! Seals: a cryptographic chain over blocks of frames.
//!
//! ```text
//!   word  0  kind 65
//!         1  number of the block, from 1
//!         2  bytes of the block: all frames since the seal before
//!    3 .. 6  BLAKE3 of: the block, the digest of the seal before (zeros for the first), words 1 and 2
//! ```
//!
//! With a key it is BLAKE3's keyed hash of the same.

use std::fmt;

use crate::journal::frame::{FrameWriter, HEAD, HEAD_WORDS, Head, MAGIC, Raw, WORD, word};
use crate::journal::{FORMAT, Mark};

/// The kind of a seal's payload.
pub const SEAL: u8 = 65;
/// Words of a seal's payload.
pub const SEAL_WORDS: usize = 7;

/// The digest that a chain of seals has come to. Kept elsewhere, or published, it vouches for
/// all that was sealed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Seal {
    /// How many blocks were sealed.
    pub blocks: u64,
    /// BLAKE3 over the last block and the digest before it; zeros without a block.
    pub digest: [u8; 32],
}

/// What the payload of a seal says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SealFrame {
    /// The chain's digest from here on.
    pub seal: Seal,
    /// Bytes of the block that it seals.
    pub bytes: u64,
}

impl SealFrame {
    /// What a frame says, if it is a seal.
    pub(super) fn of(frame: &Raw<'_>) -> Option<Self> {
        let payload = frame.payload();
        let whole = payload.len() == SEAL_WORDS * WORD && frame.time() == 0;
        if !whole || word(payload, 0) != u64::from(SEAL) {
            return None;
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(&payload[3 * WORD..]);
        Some(Self {
            seal: Seal {
                blocks: word(payload, 1),
                digest,
            },
            bytes: word(payload, 2),
        })
    }
}

/// Seals blocks of a journal, on the side that persists it.
///
/// Who persists takes the bytes of many entries at once, seals them, and puts the seal behind
/// them. A person who changes anything in a sealed block has to forge every later seal
/// too: without the key of a keyed chain that is impossible, and without one it shows against any digest
/// that was kept elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealer {
    key: Option<[u8; 32]>,
    seal: Seal,
}

impl fmt::Debug for Sealer {
    /// Leaves out the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyed = self.key.is_some();
        f.debug_struct("Sealer")
            .field("keyed", &keyed)
            .field("seal", &self.seal)
            .finish()
    }
}

/// Why a block cannot be sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SealError {
    /// The space is less than [`Sealer::SEAL_BYTES`].
    NoRoom,
    /// There is no frame in the block.
    BlockEmpty,
    /// The block does not consist of whole frames, or it ends with a seal; this is where it was noticed.
    NotFrames {
        /// Bytes from the start of the block.
        offset: usize,
    },
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoom => write!(f, "a seal needs {} bytes", Sealer::SEAL_BYTES),
            Self::BlockEmpty => f.write_str("there is nothing to seal"),
            Self::NotFrames { offset } => write!(f, "no whole frame to seal at byte {offset}"),
        }
    }
}

impl std::error::Error for SealError {}

impl Sealer {
    /// Bytes of a seal.
    pub const SEAL_BYTES: usize = HEAD + SEAL_WORDS * WORD;

    /// A chain without a key: whoever has the bytes can check it.
    pub fn new() -> Self {
        Self {
            key: None,
            seal: Seal::default(),
        }
    }

    /// A chain with a secret key: nobody without it can make a seal, or check one.
    pub fn keyed(key: [u8; 32]) -> Self {
        Self {
            key: Some(key),
            seal: Seal::default(),
        }
    }

    /// Goes on behind this seal.
    pub fn resume(mut self, seal: Seal) -> Self {
        self.seal = seal;
        self
    }

    /// What the chain has come to.
    pub fn seal(&self) -> Seal {
        self.seal
    }

    /// Seals a block: all frames since the seal before. Writes the seal at the start of `space`
    /// and returns its bytes, which belong right behind the block. O(bytes of the block);
    /// blocks of 16 KiB and more are the fastest a byte.
    ///
    /// # Errors
    /// As [`SealError`] says; nothing was written then.
    pub fn close(&mut self, block: &[u8], space: &mut [u8]) -> Result<usize, SealError> {
        let last = last_frame(block)?;
        let words = space.as_chunks_mut::<WORD>().0;
        if words.len() < HEAD_WORDS + SEAL_WORDS {
            return Err(SealError::NoRoom);
        }
        self.add(block);
        let head = Head {
            format: FORMAT,
            rules: last.rules,
            chain: last.mark.chain,
            sequence: last.mark.sequence,
            time: 0,
        };
        let mut frame = FrameWriter::new(words, &head);
        frame.word(u64::from(SEAL));
        frame.word(self.seal.blocks);
        frame.word(block.len() as u64);
        for bytes in self.seal.digest.chunks(WORD) {
            frame.word(word(bytes, 0));
        }
        Ok(frame.end().0)
    }

    /// Takes a block into the chain.
    pub(super) fn add(&mut self, block: &[u8]) {
        let blocks = self.seal.blocks + 1;
        let mut hasher = match &self.key {
            Some(key) => blake3::Hasher::new_keyed(key),
            None => blake3::Hasher::new(),
        };
        // The block comes first, since hashing is fastest from an aligned start.
        hasher.update(block);
        hasher.update(&self.seal.digest);
        hasher.update(&blocks.to_le_bytes());
        hasher.update(&(block.len() as u64).to_le_bytes());
        self.seal = Seal {
            blocks,
            digest: *hasher.finalize().as_bytes(),
        };
    }
}

impl Default for Sealer {
    fn default() -> Self {
        Self::new()
    }
}

struct Last {
    mark: Mark,
    rules: u16,
}

/// Walks the frames of a block by their lengths, reading no more of each, for that is most of the time
/// that sealing takes besides hashing.
fn last_frame(block: &[u8]) -> Result<Last, SealError> {
    let words = block.as_chunks::<WORD>().0;
    let mut at = 0;
    let mut last = 0;
    while let Some(first) = words.get(at) {
        let length = u64::from_le_bytes(*first) as u32 as usize;
        if length <= HEAD_WORDS {
            return Err(SealError::NotFrames { offset: at * WORD });
        }
        last = at;
        at += length;
    }
    let Some(frame) = words.get(last..).filter(|frame| frame.len() > HEAD_WORDS) else {
        return Err(SealError::BlockEmpty);
    };
    let is_frame = frame[1][0] == MAGIC && frame[HEAD_WORDS][0] != SEAL;
    if at * WORD != block.len() || !is_frame {
        let offset = last * WORD;
        return Err(SealError::NotFrames { offset });
    }
    let [first, second, sequence] = [0, 1, 2].map(|word: usize| u64::from_le_bytes(frame[word]));
    Ok(Last {
        mark: Mark {
            sequence,
            chain: (first >> 32) as u32,
        },
        rules: (second >> 16) as u16,
    })
}
