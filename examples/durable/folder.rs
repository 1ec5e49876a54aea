//! A folder of the file system as a disk.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::disk::Disk;

/// A folder of the file system.
pub struct Folder {
    path: PathBuf,
    /// Files that were written, kept open.
    open: BTreeMap<String, File>,
}

impl Folder {
    /// The folder, made if it is not there, and held for this process alone.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        let lock = File::create(path.join(LOCK))?;
        lock.try_lock()
            .map_err(|_| io::Error::other("another process uses this folder"))?;
        let open = BTreeMap::from([(LOCK.to_string(), lock)]);
        Ok(Self { path, open })
    }

    fn file(&mut self, name: &str) -> io::Result<&mut File> {
        if !self.open.contains_key(name) {
            let file = OpenOptions::new().write(true).open(self.path.join(name))?;
            self.open.insert(name.to_string(), file);
        }
        let file = self.open.get_mut(name);
        file.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

impl Disk for Folder {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.path.join(name))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        Ok(fs::metadata(self.path.join(name))?.len())
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        let file = File::create(self.path.join(name))?;
        self.open.insert(name.to_string(), file);
        Ok(())
    }

    fn write(&mut self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let file = self.file(name)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn cut(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        self.file(name)?.set_len(bytes)
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        self.file(name)?.sync_data()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.open.remove(from);
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.open.remove(name);
        fs::remove_file(self.path.join(name))
    }

    fn sync_names(&mut self) -> io::Result<()> {
        // Only on Unix can a folder be synced; elsewhere its file system has to see to it.
        if cfg!(unix) {
            File::open(&self.path)?.sync_all()?;
        }
        Ok(())
    }
}

const LOCK: &str = "lock";
