//! Models of the shell for loom, which runs each in every order in which its threads can meet.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --release --manifest-path tests/loom/Cargo.toml`
//!
//! Each protection has a control: with that one ordering weakened, one of the models has to fail.
#![cfg(loom)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use pricetime::shell::sync::Guard;

/// A model: panics where it finds what must not be.
pub type Model = fn();

/// One at a time, since what is weakened is weakened for all.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs a model as it is.
pub fn holds(model: Model) {
    let _alone = ALONE.lock().unwrap_or_else(|error| error.into_inner());
    Guard::weaken(None);
    explore(model);
}

/// Runs a model with one protection weakened, which it has to notice.
pub fn fails_without(guard: Guard, model: Model) {
    let _alone = ALONE.lock().unwrap_or_else(|error| error.into_inner());
    Guard::weaken(Some(guard));
    let found = catch_unwind(AssertUnwindSafe(|| explore(model)));
    Guard::weaken(None);
    assert!(found.is_err(), "the model holds without {guard:?}");
}

fn explore(model: Model) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}
