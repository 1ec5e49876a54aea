//! A ladder against a sorted map.

use super::*;
use std::collections::BTreeMap;

/// Keys that cluster, lie on digit boundaries, or lie anywhere below `key_max`.
fn key(random: u64, key_max: u64) -> u64 {
    let wide = random >> 16;
    match random % 4 {
        0 => wide % (key_max.saturating_add(1).max(1)),
        1 => key_max / 2 + wide % 70,
        2 => 1u64.checked_shl((wide % 64) as u32).unwrap_or(0),
        _ => wide % 200,
    }
    .min(key_max)
}

fn agrees_with_a_sorted_map(key_max: u64, levels: u32, seed: u64) {
    let mut ladder = Ladder::new(key_max, levels);
    let mut sorted = [BTreeMap::new(), BTreeMap::new()];
    let mut random = seed;
    for step in 0..4_000u32 {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let side = (random >> 40 & 1) as usize;
        let key = key(random.rotate_left(23), key_max);
        let found = ladder.find(side, key);
        assert_eq!(found, sorted[side].get(&key).copied().unwrap_or(NONE));
        assert_eq!(found, ladder.find_soon_again(side, key));
        if found != NONE {
            ladder.remove(side, key);
            sorted[side].remove(&key);
        } else if sorted[0].len() + sorted[1].len() < levels as usize {
            ladder.insert(side, key, step);
            sorted[side].insert(key, step);
        }
        let best = sorted[side].last_key_value();
        assert_eq!(ladder.best(side), best.map_or(NONE, |(_, &level)| level));
        for near in [
            key,
            key.saturating_sub(1),
            key.saturating_add(1).min(key_max),
            key / 2,
        ] {
            let below = sorted[side].range(..=near).next_back();
            let level = below.map_or(NONE, |(_, &level)| level);
            assert_eq!(ladder.at_or_below(side, near), level);
        }
    }
    assert_eq!(ladder.pages_used(), ladder.pages_reachable());
}

#[test]
fn a_ladder_of_any_width_agrees_with_a_sorted_map() {
    for key_max in [
        0,
        1,
        63,
        64,
        4_095,
        4_096,
        1 << 24,
        1 << 36,
        1 << 63,
        u64::MAX,
    ] {
        for seed in 1..4 {
            agrees_with_a_sorted_map(key_max, 300, seed);
        }
        agrees_with_a_sorted_map(key_max, 3, 9);
    }
}

#[test]
fn the_worst_spread_of_levels_fits_the_reserved_pages() {
    let levels = 200;
    for key_max in [(1 << 30) - 1, u64::MAX] {
        let step = key_max / u64::from(levels);
        let mut ladder = Ladder::new(key_max, levels);
        for level in 0..levels {
            ladder.insert(level as usize % 2, u64::from(level) * step, level);
        }
        assert_eq!(ladder.pages_used(), ladder.pages_reachable());
    }
}
