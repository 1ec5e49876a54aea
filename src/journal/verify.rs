//! Checking a whole journal without executing it.

use crate::journal::chain::Link;
use crate::journal::frame::Raw;
use crate::journal::reader::{Reader, entry_of};
use crate::journal::record::quick;
use crate::journal::seal::{Seal, SealFrame, Sealer};
use crate::journal::{Damage, DamageKind, Mark, Start, Torn};

/// What a journal was found to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// How many entries are whole.
    pub entries: u64,
    /// Where the last of them ends.
    pub mark: Mark,
    /// Up to this entry seals vouch for everything; zero without a seal that was checked.
    pub sealed: u64,
    /// What the chain of seals came to.
    pub seal: Seal,
    /// What is torn at the end.
    pub torn: Option<Torn>,
}

/// Checks every frame of a journal: its checksum, its place in the chain, that its content is well
/// formed, and, with a `sealer`, every seal.
///
/// `sealer` is what sealed the journal, as it stood at the start of `bytes`: [`Sealer::new`], or
/// [`Sealer::keyed`] with the key, from the beginning; [`resumed`](Sealer::resume) with the last seal before, where
/// the bytes begin right behind a seal.
///
/// What it cannot see: that whole entries are missing from the end, or that entries behind the last seal
/// that is checked were changed along with every checksum. Compare the mark or the seal with one that was
/// kept elsewhere.
///
/// # Errors
/// The first [`Damage`]. An entry that was changed along with its checksum shows at the next entry, as
/// [`ChainBroken`](DamageKind::ChainBroken); if every later checksum was changed along with it, as
/// [`SealBroken`](DamageKind::SealBroken) for its block.
pub fn verify(bytes: &[u8], start: Start, sealer: Option<Sealer>) -> Result<Verified, Damage> {
    verify_from(Reader::new(bytes, start), sealer)
}

/// As [`verify`], of what a reader has left: one that was [told](Reader::acknowledged) what was acknowledged
/// does not have to guess what is a torn tail.
///
/// # Errors
/// As [`verify`].
pub fn verify_from(mut reader: Reader<'_>, sealer: Option<Sealer>) -> Result<Verified, Damage> {
    let bytes = reader.bytes();
    let mut block = Block {
        sealer,
        start: reader.offset(),
        first: None,
    };
    let mut verified = Verified {
        entries: 0,
        mark: reader.mark(),
        sealed: 0,
        seal: Seal::default(),
        torn: None,
    };
    loop {
        let before = reader.offset();
        let Some((frame, link)) = reader.next()? else {
            break;
        };
        match link {
            Link::Opening => {}
            Link::Entry => {
                if !quick::is_well_formed(frame.words()) && entry_of(&frame, |_| ()).is_none() {
                    return Err(Damage {
                        offset: before as u64,
                        sequence: frame.sequence(),
                        kind: DamageKind::Malformed,
                    });
                }
                verified.entries += 1;
                block.first.get_or_insert(frame.sequence());
            }
            Link::Seal => {
                if block.close(&bytes[block.start..before], &frame, &reader)? {
                    verified.sealed = reader.mark().sequence;
                }
                block.start = reader.offset();
            }
        }
    }
    verified.mark = reader.mark();
    verified.torn = reader.torn();
    verified.seal = block.sealer.map_or(verified.seal, |sealer| sealer.seal());
    Ok(verified)
}

/// The frames since the last seal.
struct Block {
    sealer: Option<Sealer>,
    /// Bytes before it.
    start: usize,
    /// Its first entry.
    first: Option<u64>,
}

impl Block {
    /// Checks the seal over the block, and says whether it vouches for it.
    fn close(
        &mut self,
        bytes: &[u8],
        frame: &Raw<'_>,
        reader: &Reader<'_>,
    ) -> Result<bool, Damage> {
        let last = reader.mark().sequence;
        let first = self.first.take().unwrap_or(last);
        let Some(sealer) = &mut self.sealer else {
            return Ok(false);
        };
        sealer.add(bytes);
        let expected = SealFrame {
            seal: sealer.seal(),
            bytes: bytes.len() as u64,
        };
        if SealFrame::of(frame) == Some(expected) {
            return Ok(true);
        }
        Err(Damage {
            offset: self.start as u64,
            sequence: first,
            kind: DamageKind::SealBroken { last },
        })
    }
}
