//! The ends of a shell take single steps in the order that the fuzzer's bytes choose, compared with a plain
//! engine that executes what was journalled.
//!
//! Six bytes choose the setting and the sizes, the first third of the rest the steps, and the others the commands.

#![no_main]

#[path = "../../tests/shell/expected.rs"]
mod expected;
#[path = "../../tests/model/mod.rs"]
#[allow(dead_code, reason = "only the scripts are needed")]
mod model;
#[path = "../../tests/shell/rig.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod rig;
#[path = "../../tests/shell/schedule.rs"]
mod schedule;
#[path = "../../tests/venue/mod.rs"]
mod venue;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    schedule::play(bytes);
});
