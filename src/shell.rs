//! Between a user's threads and the single-writer engine: many producers in, one matcher, many readers out.
//!
//! ```text
//!   producers ==lanes==> Matcher::turn -> journal bytes -> the caller persists -> Matcher::publish
//!       ^                                                                            | | |
//!       |===outcomes=================================================================' | |
//!                                    lossless and lossy readers  <====ring============' |
//!                                    DepthReader                 <====cell==============='
//! ```
//!
//! Where no thread can be spared for the matcher, threads take turns at being it: [`SharedBook`].
//!
//! The merge of the lanes is the order in the journal, so that a replay is exact whatever the threads did.
//!
//! # Progress
//!
//! In the formal sense: *wait-free* is a call that ends after a bounded number of its own steps, whatever other threads do or
//! wherever they are stopped; *lock-free*, one that is tried again only when another thread got ahead.
//!
//! | call | guarantee | bound |
//! | --- | --- | --- |
//! | [`Producer::submit`], `write`, `publish`, `outcome` | wait-free | one or two messages of eight words |
//! | the same in a shell for [parking](ShellBuilder::parking) | wait-free but for a wake-up | a lock inside the standard library |
//! | [`Intake::producer`] | wait-free; `None` may be news of a moment ago | places for producers |
//! | [`Matcher::turn`], `publish` | wait-free | the batch, and places for producers |
//! | [`Matcher::run`] | blocking, as its name says | until it is stopped |
//! | [`LosslessReader::read`], [`LossyReader::read`], `give_back` | wait-free | a message of nine words |
//! | [`Ring::lossless`] | wait-free, but see there | places for lossless readers |
//! | [`Ring::lossless_after`] | wait-free, but that it allocates | the same |
//! | [`Follow::update`] | wait-free | the events that the ring holds |
//! | [`DepthReader::try_read`] | wait-free | the levels |
//! | [`SharedHandle::ask`], dropping one | wait-free | a command of eight words |
//! | [`SharedHandle::execute`], `answer` | blocking | the holder of the baton goes on |
//! | [`SharedBook::handle`] | wait-free | places for handles, and what those that are gone have asked |
//! | [`SharedBook::look`] | blocking | the same |
//! | [`DepthReader::read`] | lock-free | tried again when the matcher has published eight times meanwhile |
//!
//! A reader that stops holds up [`Matcher::turn`] only if it is lossless, which is what such a reader is for: the call says
//! [`Turn::Behind`] and returns, and until the reader goes on nobody sees later events or a later depth. A producer that stops, anywhere, holds up nobody.
//!
//! If the engine panics, which only a broken invariant of its makes it do, [`Matcher::run`] persists and publishes what was executed before, and the
//! panic goes on. Everybody can tell: [`Turn::Poisoned`], [`Producer::state`], [`Ring::is_poisoned`].
//!
//! Each protocol of atomic words is written down in its file, and loom runs models of it (`tests/loom`): every ordering that has
//! a name in `sync` has a control model that fails without it. Flags that only say that something has ended have none. For parking and for the
//! baton's mutex, which are of other libraries, loom has stand-ins: `bell.rs` and `baton.rs` say which.

pub mod sync;

pub mod cell;
pub mod lane;

mod after;
mod baton;
mod bell;
mod builder;
mod depth;
mod feed;
mod follow;
mod holder;
mod intake;
mod line;
mod matcher;
mod outcome;
mod run;
mod shared;
mod slot;

pub mod ring;

pub use builder::{Shell, ShellBuilder, ShellError};
pub use depth::{Depth, DepthReader};
pub use follow::{Checkpoint, Follow, Lapped};
pub use intake::{Intake, MatcherState, NotTaken, Producer};
pub use matcher::{Matcher, Turn};
pub use outcome::{Done, Outcome};
pub use ring::{LosslessReader, LossyReader, Message, Ring, Seen};
pub use run::Wait;
pub use shared::{NoPlace, NotAsked, Poisoned, SharedBook, SharedBuilder, SharedHandle};
pub use slot::Executed;
