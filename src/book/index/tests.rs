use super::*;
use std::collections::HashMap;

#[test]
fn an_index_agrees_with_a_map_at_every_load() {
    for capacity in [1, 7, 50, 1_000, 30_000] {
        let mut index = Index::new(capacity, 7);
        let mut ids = vec![0u64; capacity as usize];
        let mut map = HashMap::new();
        let mut free: Vec<u32> = (0..capacity).collect();
        let mut random = 1u64;
        for _ in 0..40_000.max(5 * capacity) {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let id = (random >> 33) % (2 * u64::from(capacity));
            let home = index.home(id);
            let found = index.find(home, |slot| ids[slot as usize] == id);
            assert_eq!(found.map(|(_, slot)| slot), map.get(&id).copied());
            if let Some((place, _)) = found {
                index.take(home, place);
                free.push(map.remove(&id).unwrap());
            } else if let Some(slot) = free.pop() {
                ids[slot as usize] = id;
                index.put(home, index.vacancy(home).unwrap(), slot);
                map.insert(id, slot);
            }
            assert_eq!(index.entries as usize, map.len());
        }
    }
}

#[test]
fn ids_that_crowd_one_bucket_are_kept_apart_and_bounded() {
    let mut index = Index::new(100_000, 0);
    let bits = |index: &Index, id| index.tag(id).0 & 0xFFFF;
    let crowd: Vec<u64> = (0..)
        .filter(|&id| bits(&index, id) == bits(&index, 1))
        .take(300)
        .collect();
    let fit = (WIDTH - 1) * CROWD_PROBES_MAX;
    for (slot, &id) in crowd.iter().enumerate() {
        let vacancy = index.vacancy(index.home(id));
        assert_eq!(vacancy.is_some(), slot < fit);
        if let Some(place) = vacancy {
            index.put(index.home(id), place, slot as u32);
        }
    }
    let find = |index: &Index, id| index.find(index.home(id), |slot| crowd[slot as usize] == id);
    assert_eq!(find(&index, crowd[fit]), None);
    for (slot, &id) in crowd.iter().enumerate().take(fit) {
        let (place, found) = find(&index, id).unwrap();
        assert_eq!(found, slot as u32);
        index.take(index.home(id), place);
    }
    assert_eq!(index.count(), 0);
    assert!(
        index
            .buckets
            .iter()
            .all(|bucket| bucket.tags[WIDTH - 1] == 0)
    );
}

#[test]
fn another_key_puts_ids_elsewhere() {
    let (one, other) = (Index::new(10, 1), Index::new(10, 2));
    let moved = (0..1_000).filter(|&id| one.tag(id).0 & 0xFF != other.tag(id).0 & 0xFF);
    assert!(moved.count() > 900);
}
