//! How the files of a journal are called.

/// Up to which entry everything was acknowledged.
pub const ACKNOWLEDGED: &str = "acknowledged";

/// The end of the name of a file that is not finished.
const UNFINISHED: &str = ".unfinished";

/// The part of a journal that begins with this entry.
pub fn part(first: u64) -> String {
    format!("journal-{first:020}.ptj")
}

/// The snapshot behind this entry.
pub fn snapshot(sequence: u64) -> String {
    format!("snapshot-{sequence:020}.pts")
}

/// A file until it may have its name.
pub fn unfinished(name: &str) -> String {
    format!("{name}{UNFINISHED}")
}

/// What a folder holds, the numbers rising.
#[derive(Default, Debug)]
pub struct Content {
    /// The first entry of each part.
    pub parts: Vec<u64>,
    /// The last entry of each snapshot.
    pub snapshots: Vec<u64>,
    /// Files that a crash left unfinished.
    pub unfinished: Vec<String>,
    /// Whether it has [`ACKNOWLEDGED`].
    pub acknowledged: bool,
}

/// Finds out what is what; other files are left alone.
pub fn content(names: &[String]) -> Content {
    let mut content = Content::default();
    for name in names {
        if let Some(first) = number(name, "journal-", ".ptj") {
            content.parts.push(first);
        } else if let Some(last) = number(name, "snapshot-", ".pts") {
            content.snapshots.push(last);
        } else if name.ends_with(UNFINISHED) {
            content.unfinished.push(name.clone());
        }
        content.acknowledged |= name == ACKNOWLEDGED;
    }
    content.parts.sort_unstable();
    content.snapshots.sort_unstable();
    content
}

fn number(name: &str, start: &str, end: &str) -> Option<u64> {
    let digits = name.strip_prefix(start)?.strip_suffix(end)?;
    (digits.len() == 20).then(|| digits.parse().ok()).flatten()
}
