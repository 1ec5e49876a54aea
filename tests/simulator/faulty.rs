//! A disk that forgets: whatever was not synced may be lost at a crash, in part and in any order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use crate::disk::Disk;
use crate::random::Random;
use crate::tally::Tally;

/// What a disk writes at once.
const SECTOR: usize = 512;

/// How a process ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crash {
    /// The process alone: the system still has what was written.
    Killed,
    /// The whole machine.
    PowerLost,
}

#[derive(Clone, Debug, Default)]
struct File {
    /// As programs see it.
    live: Vec<u8>,
    /// As it was synced.
    durable: Vec<u8>,
}

type Names = BTreeMap<String, usize>;

#[derive(Debug)]
pub struct Faulty {
    files: Vec<File>,
    live: Names,
    durable: Names,
    /// How many operations are left until the crash.
    fuse: usize,
    crashed: bool,
    random: Random,
    pub tally: Tally,
}

/// Several hold the same disk.
#[derive(Clone, Debug)]
pub struct Shared(Rc<RefCell<Faulty>>);

impl Shared {
    pub fn new(random: Random) -> Self {
        Self(Rc::new(RefCell::new(Faulty {
            files: Vec::new(),
            live: Names::new(),
            durable: Names::new(),
            fuse: usize::MAX,
            crashed: false,
            random,
            tally: Tally::default(),
        })))
    }

    /// The crash comes with the operation after so many.
    pub fn crash_after(&self, operations: usize) {
        self.0.borrow_mut().fuse = operations;
    }

    pub fn has_crashed(&self) -> bool {
        self.0.borrow().crashed
    }

    /// What is there when the machine, or the process, starts again.
    pub fn restart(&self, crash: Crash) {
        let mut disk = self.0.borrow_mut();
        if crash == Crash::PowerLost {
            disk.lose();
        }
        disk.crashed = false;
        disk.fuse = usize::MAX;
    }

    /// Turns one bit of a file over.
    pub fn flip(&self, name: &str, offset: usize, mask: u8) {
        let mut disk = self.0.borrow_mut();
        let id = disk.live[name];
        disk.files[id].live[offset] ^= mask;
        if let Some(byte) = disk.files[id].durable.get_mut(offset) {
            *byte ^= mask;
        }
    }

    pub fn count(&self, place: &'static str) {
        self.0.borrow_mut().tally.count(place);
    }

    pub fn tally(&self) -> Tally {
        self.0.borrow().tally.clone()
    }
}

impl Faulty {
    /// Counts an operation; whether it is the one that the crash comes with.
    fn burn(&mut self, place: &'static str) -> io::Result<bool> {
        if self.crashed {
            return Err(crash());
        }
        self.crashed = self.fuse == 0;
        if self.crashed {
            self.tally.count(place);
        }
        self.fuse = self.fuse.saturating_sub(1);
        Ok(self.crashed)
    }

    /// As [`Faulty::burn`], for an operation that is done as a whole or not at all.
    fn burn_whole(&mut self, place: &'static str) -> io::Result<()> {
        let is_last = self.burn(place)?;
        if is_last && self.random.once_in(2) {
            return Err(crash());
        }
        Ok(())
    }

    fn result(&self) -> io::Result<()> {
        if self.crashed { Err(crash()) } else { Ok(()) }
    }

    fn id(&self, name: &str) -> io::Result<usize> {
        let id = self.live.get(name).copied();
        id.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn lose(&mut self) {
        let mut names: Vec<String> = self
            .live
            .keys()
            .chain(self.durable.keys())
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        for name in names {
            let (live, durable) = (self.live.get(&name), self.durable.get(&name));
            if live == durable || self.random.once_in(2) {
                continue;
            }
            self.tally.count("disk: a name lost");
            match durable.copied() {
                Some(id) => self.live.insert(name, id),
                None => self.live.remove(&name),
            };
        }
        self.durable = self.live.clone();
        for id in 0..self.files.len() {
            self.lose_bytes(id);
        }
    }

    fn lose_bytes(&mut self, id: usize) {
        let File { live, durable } = &self.files[id];
        if live == durable {
            return;
        }
        let (live, durable) = (live.clone(), durable.clone());
        let is_cut = live.len() < durable.len();
        let (place, left) = match self.random.below(if is_cut { 2 } else { 6 }) {
            0 if is_cut => ("disk: a cut undone", durable),
            0 => ("disk: unsynced bytes lost", durable),
            1 => ("disk: unsynced bytes survived", live),
            2 => ("disk: zeros in place of bytes", self.zeros(&live, &durable)),
            3 => (
                "disk: bytes cut anywhere",
                self.cut_anywhere(&live, &durable),
            ),
            _ => ("disk: a hole of sectors", self.sectors(&live, &durable)),
        };
        self.tally.count(place);
        self.files[id] = File {
            live: left.clone(),
            durable: left,
        };
    }

    /// The length was written and not all of the bytes.
    fn zeros(&mut self, live: &[u8], durable: &[u8]) -> Vec<u8> {
        let mut left = live.to_vec();
        let from = self.random.between(durable.len(), live.len());
        left[from..].fill(0);
        left
    }

    fn cut_anywhere(&mut self, live: &[u8], durable: &[u8]) -> Vec<u8> {
        let first = live.iter().zip(durable).take_while(|(a, b)| a == b).count();
        let at = self.random.between(first, live.len());
        let mut left = live[..at].to_vec();
        left.extend(durable.iter().skip(at));
        left
    }

    /// Each sector by itself was written or was not.
    fn sectors(&mut self, live: &[u8], durable: &[u8]) -> Vec<u8> {
        let mut left = durable.to_vec();
        for start in (0..live.len()).step_by(SECTOR) {
            let end = live.len().min(start + SECTOR);
            if self.random.once_in(2) {
                left.resize(left.len().max(end), 0);
                left[start..end].copy_from_slice(&live[start..end]);
            }
        }
        left
    }
}

fn crash() -> io::Error {
    io::Error::other("crash")
}

impl Disk for Shared {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.0.borrow().live.keys().cloned().collect())
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let disk = self.0.borrow();
        Ok(disk.files[disk.id(name)?].live.clone())
    }

    fn size(&self, name: &str) -> io::Result<u64> {
        let disk = self.0.borrow();
        Ok(disk.files[disk.id(name)?].live.len() as u64)
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.burn_whole("crash: while names change")?;
        match disk.id(name) {
            Ok(id) => disk.files[id].live.clear(),
            Err(_) => {
                let id = disk.files.len();
                disk.files.push(File::default());
                disk.live.insert(name.to_string(), id);
            }
        }
        disk.result()
    }

    fn write(&mut self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        let is_last = disk.burn("crash: while writing")?;
        let count = if is_last {
            disk.random.between(0, bytes.len())
        } else {
            bytes.len()
        };
        let id = disk.id(name)?;
        let live = &mut disk.files[id].live;
        let start = offset as usize;
        if count > 0 {
            live.resize(live.len().max(start + count), 0);
            live[start..start + count].copy_from_slice(&bytes[..count]);
        }
        disk.result()
    }

    fn cut(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.burn_whole("crash: while writing")?;
        let id = disk.id(name)?;
        disk.files[id].live.truncate(bytes as usize);
        disk.result()
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.burn_whole("crash: while syncing")?;
        let id = disk.id(name)?;
        disk.files[id].durable = disk.files[id].live.clone();
        disk.result()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.burn_whole("crash: while names change")?;
        let id = disk.id(from)?;
        disk.live.remove(from);
        disk.live.insert(to.to_string(), id);
        disk.result()
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.burn_whole("crash: while names change")?;
        disk.live.remove(name);
        disk.result()
    }

    fn sync_names(&mut self) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.burn_whole("crash: while syncing")?;
        disk.durable = disk.live.clone();
        disk.result()
    }
}
