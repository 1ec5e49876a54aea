//! How often each rare place was reached, so that a simulator that no longer reaches one is noticed.

use std::collections::BTreeMap;

/// What has to happen in a run of many seeds.
pub const PLACES: [&str; 39] = [
    "seed",
    "crash: killed",
    "crash: power lost",
    "crash: while writing",
    "crash: while syncing",
    "crash: while names change",
    "crash: in recovery",
    "crash: before anything was written",
    "disk: unsynced bytes lost",
    "disk: unsynced bytes survived",
    "disk: bytes cut anywhere",
    "disk: a hole of sectors",
    "disk: zeros in place of bytes",
    "disk: a cut undone",
    "disk: a name lost",
    "journal: part begun",
    "journal: group ended for want of room",
    "recovery: torn tail cut",
    "recovery: part removed",
    "recovery: more than was acknowledged",
    "recovery: from a snapshot",
    "recovery: from the beginning",
    "snapshot: kept",
    "snapshot: unfinished",
    "snapshot: passed over for an older one",
    "snapshot: passed over for the beginning",
    "rot: in an entry",
    "rot: in a seal",
    "rot: in an opening",
    "rot: in a torn tail",
    "rot: in a snapshot",
    "rot: in what was acknowledged",
    "rot: refused",
    "rot: refused, since a crash had torn the other slot",
    "rot: cut off with the tail",
    "rot: found by the audit alone",
    "follower: behind",
    "follower: begun again",
    "follower: begun again from a snapshot",
];

#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    pub fn count(&mut self, place: &'static str) {
        assert!(PLACES.contains(&place), "{place} is not in the list");
        *self.0.entry(place).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (place, count) in &other.0 {
            *self.0.entry(place).or_default() += count;
        }
    }

    pub fn of(&self, place: &str) -> u64 {
        self.0.get(place).copied().unwrap_or(0)
    }

    /// The places that were not reached.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut places = PLACES.to_vec();
        places.retain(|place| self.of(place) == 0);
        places
    }
}
