//! Where a command's time lies among all.

/// Nanoseconds a command; `total` of all together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    pub p50: u32,
    pub p99: u32,
    pub p99_9: u32,
    pub max: u32,
    pub total: u64,
}

/// Sorts the times in place; `None` without any.
pub fn summary(nanoseconds: &mut [u32]) -> Option<Summary> {
    nanoseconds.sort_unstable();
    let max = *nanoseconds.last()?;
    // The least time that is not below this many in ten thousand.
    let rank = |ten_thousandths: usize| {
        let at_most = (nanoseconds.len() * ten_thousandths).div_ceil(10_000);
        nanoseconds[at_most.max(1) - 1]
    };
    let total: u64 = nanoseconds.iter().copied().map(u64::from).sum();
    Some(Summary {
        p50: rank(5_000),
        p99: rank(9_900),
        p99_9: rank(9_990),
        max,
        total: total.max(1),
    })
}
