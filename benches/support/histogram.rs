//! A histogram of times: 32 buckets for every doubling, so within about 3 % of the truth.

/// Counts nanoseconds.
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    max: u64,
}

const STEP_BITS: u32 = 5;
const STEPS: usize = 1 << STEP_BITS;

impl Histogram {
    /// Nothing counted.
    pub fn new() -> Self {
        Self {
            counts: vec![0; (64 - STEP_BITS as usize + 1) * STEPS],
            total: 0,
            max: 0,
        }
    }

    /// Counts one time.
    pub fn record(&mut self, nanoseconds: u64) {
        self.counts[bucket(nanoseconds)] += 1;
        self.total += 1;
        self.max = self.max.max(nanoseconds);
    }

    /// Counts all that another has counted.
    pub fn add(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
        self.max = self.max.max(other.max);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The greatest time counted.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The time that this share of all counted times does not exceed.
    pub fn quantile(&self, share: f64) -> u64 {
        let rank = (self.total as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank.max(1) {
                return bucket_max(index).min(self.max);
            }
        }
        self.max
    }
}

/// Times below 32 have a bucket each; above, the five bits after the leading one choose.
fn bucket(nanoseconds: u64) -> usize {
    if nanoseconds < STEPS as u64 {
        return nanoseconds as usize;
    }
    let shift = nanoseconds.ilog2() - STEP_BITS;
    (shift as usize + 1) * STEPS + (nanoseconds >> shift) as usize - STEPS
}

fn bucket_max(index: usize) -> u64 {
    if index < STEPS {
        return index as u64;
    }
    let shift = index / STEPS - 1;
    let low = ((STEPS + index % STEPS) as u64) << shift;
    low + ((1 << shift) - 1)
}
