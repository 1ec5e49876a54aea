//! What a journal needs of a disk.

use std::io;

/// A flat folder of files.
///
/// What is written, cut, renamed or removed may be undone by a crash, in part and in any order, until it is
/// synced: the bytes of a file by [`sync`](Disk::sync), which files there are by [`sync_names`](Disk::sync_names).
pub trait Disk {
    /// The names of all files.
    fn names(&self) -> io::Result<Vec<String>>;
    /// All bytes of a file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// How many bytes a file has.
    fn size(&self, name: &str) -> io::Result<u64>;
    /// Makes an empty file, or empties one.
    fn create(&mut self, name: &str) -> io::Result<()>;
    /// Writes into a file; at its end, it grows.
    fn write(&mut self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file so many bytes long.
    fn cut(&mut self, name: &str, bytes: u64) -> io::Result<()>;
    /// Makes the bytes of a file durable.
    fn sync(&mut self, name: &str) -> io::Result<()>;
    /// Gives a file another name, in place of what had that name.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&mut self, name: &str) -> io::Result<()>;
    /// Makes durable which files there are.
    fn sync_names(&mut self) -> io::Result<()>;
}
