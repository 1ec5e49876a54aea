//! Everything counted at both of its ends.

use crate::screen::grouped;

/// What the parts of a session came to, each told by itself.
#[derive(Clone, Debug)]
pub struct Balance {
    /// Commands that the traders handed over.
    pub submitted: u64,
    /// Outcomes that they took.
    pub answered: u64,
    /// Entries that the matcher wrote.
    pub journalled: u64,
    /// Entries that were synced.
    pub synced: u64,
    /// Entries in the file.
    pub in_file: u64,
    /// Whether the file ends where the matcher ended.
    pub is_same_end: bool,
    /// Whether nothing in it is torn.
    pub is_whole: bool,
    /// Events in the file: all of them were published.
    pub events_in_file: u64,
    /// Events that the lossless reader saw.
    pub followed: u64,
    /// Events that the lossy reader saw, and that it was told it missed.
    pub tape_seen: u64,
    pub tape_missed: u64,
    /// Whether the book that was followed is the engine's, order by order.
    pub is_same_book: bool,
    /// The engine's state, and that of one that executed the file.
    pub digest: [u8; 32],
    pub digest_again: [u8; 32],
}

/// One thing that has to hold.
pub struct Line {
    pub text: String,
    pub holds: bool,
}

impl Balance {
    /// All that has to hold.
    pub fn lines(&self) -> Vec<Line> {
        let commands = [self.answered, self.journalled, self.synced, self.in_file];
        let tape = self.tape_seen + self.tape_missed;
        let line = |text, holds| Line { text, holds };
        let count = grouped;
        vec![
            line(
                format!(
                    "commands: {} submitted = {} answered = {} journalled = {} synced = {} in the file",
                    count(self.submitted),
                    count(self.answered),
                    count(self.journalled),
                    count(self.synced),
                    count(self.in_file),
                ),
                commands.iter().all(|&ends| ends == self.submitted),
            ),
            line(
                format!(
                    "events: {} in the file = {} seen by the lossless reader",
                    count(self.events_in_file),
                    count(self.followed),
                ),
                self.followed == self.events_in_file,
            ),
            line(
                format!(
                    "events: {} in the file = {} seen + {} missed by the lossy reader",
                    count(self.events_in_file),
                    count(self.tape_seen),
                    count(self.tape_missed),
                ),
                tape == self.events_in_file,
            ),
            line(
                "book: what the reader followed is the engine's, order by order".to_string(),
                self.is_same_book,
            ),
            line(
                "file: every frame verified, none torn, and its end is the matcher's".to_string(),
                self.is_same_end && self.is_whole,
            ),
            line(
                format!(
                    "replay: {} from the file, {} live",
                    short(&self.digest_again),
                    short(&self.digest)
                ),
                self.digest_again == self.digest,
            ),
        ]
    }
}

/// The start of a digest.
fn short(digest: &[u8; 32]) -> String {
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
