//! The shell with real threads, more of them than processors, and its rules step by step on one.

#[path = "shell/crowd.rs"]
mod crowd;
#[path = "shell/expected.rs"]
mod expected;
#[path = "shell/lanes.rs"]
mod lanes;
#[allow(dead_code, reason = "only the scripts are needed here")]
mod model;
#[path = "shell/orders.rs"]
mod orders;
#[path = "shell/parking.rs"]
mod parking;
#[path = "shell/passing.rs"]
mod passing;
#[path = "shell/paused.rs"]
mod paused;
#[path = "shell/readers.rs"]
mod readers;
#[path = "shell/rig.rs"]
mod rig;
#[path = "shell/schedule.rs"]
mod schedule;
#[path = "shell/schedules.rs"]
mod schedules;
#[path = "shell/sharing.rs"]
mod sharing;
#[path = "shell/tearing.rs"]
mod tearing;
#[path = "shell/turns.rs"]
mod turns;
mod venue;
