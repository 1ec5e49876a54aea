//! What both benchmarks share and no flow is about.

pub mod baseline;
pub mod histogram;
pub mod random;
pub mod textbook;
pub mod tuned;
