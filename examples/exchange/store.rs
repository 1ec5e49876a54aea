//! The file of the journal: what is appended is durable when the call returns.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the file is to be.
#[derive(Clone, Debug)]
pub enum Place {
    /// Gone when the session is.
    Temporary,
    /// Kept; it must not be there yet.
    Kept(PathBuf),
}

/// A file that is only appended to.
pub struct Store {
    file: File,
    path: PathBuf,
    syncs: u64,
    is_temporary: bool,
}

impl Store {
    /// A new, empty file, whose name is durable.
    pub fn create(place: &Place) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let (path, is_temporary) = match place {
            Place::Kept(path) => (path.clone(), false),
            Place::Temporary => {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let name = format!("pricetime-exchange-{}-{number}.ptj", std::process::id());
                (std::env::temp_dir().join(name), true)
            }
        };
        let at =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let file = File::create_new(&path).map_err(at)?;
        // Only on Unix can a folder be synced; elsewhere its file system has to see to it.
        if cfg!(unix) {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        }
        let mut store = Self::on(file, path);
        store.is_temporary = is_temporary;
        Ok(store)
    }

    /// An open file, which is kept.
    pub fn on(file: File, path: PathBuf) -> Self {
        Self {
            file,
            path,
            syncs: 0,
            is_temporary: false,
        }
    }

    /// Appends, and syncs.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        self.syncs += 1;
        Ok(())
    }

    /// All that is in the file.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.path)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How often it was synced.
    pub fn syncs(&self) -> u64 {
        self.syncs
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.is_temporary {
            // If it cannot be removed the system clears it away some day.
            let _ = fs::remove_file(&self.path);
        }
    }
}
