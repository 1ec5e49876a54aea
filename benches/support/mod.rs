//! What all benchmarks share and no flow is about.

pub mod arguments;
pub mod baseline;
pub mod histogram;
pub mod random;
pub mod textbook;
pub mod tuned;
