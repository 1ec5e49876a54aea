//! Schedules of random bytes; the fuzzer looks for worse ones.

use crate::model::script::even_records;
use crate::schedule::{Reached, play};

#[test]
fn random_schedules_agree_with_a_plain_engine() {
    let mut all = Reached::default();
    for seed in 0..300 {
        let records = 40 + seed as usize * 2;
        let bytes = even_records(seed, records).concat();
        let reached = play(&bytes);
        all.entries += reached.entries;
        all.told += reached.told;
        all.full += reached.full;
        all.behind += reached.behind;
        all.left += reached.left;
        all.lossless += reached.lossless;
        all.missed += reached.missed;
    }
    let rarest = [all.full, all.behind, all.left, all.missed];
    assert!(rarest.into_iter().all(|times| times > 300), "{all:?}");
    assert!(all.told > 4_000 && all.entries > all.told, "{all:?}");
    assert!(all.lossless > 4_000, "{all:?}");
}
