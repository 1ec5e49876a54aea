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
//! | call | guarantee | bound | shown by |
//! | --- | --- | --- | --- |
//! | [`Producer::submit`], `write`, `publish`, `outcome` | wait-free | one or two messages of eight words | `a_producer_between_write_and_publish_holds_up_nobody` |
//! | the same in a shell for [parking](ShellBuilder::parking) | wait-free but for a wake-up | a lock inside the standard library | `nothing_is_lost_however_often_it_parks` |
//! | [`Intake::producer`] | wait-free; `None` may be news of a moment ago | places for producers | `a_producer_that_was_forgotten_holds_up_nobody` |
//! | [`Matcher::turn`], `publish` | wait-free | the batch, and places for producers | `a_lossless_reader_between_read_and_give_back_makes_no_call_wait` |
//! | [`Matcher::run`] | blocking, as its name says | until it is stopped | `a_parked_matcher_answers` |
//! | [`LosslessReader::read`], [`LossyReader::read`], `give_back` | wait-free | a message of nine words | `a_lossless_reader_sees_everything` |
//! | [`Ring::lossless`] | wait-free, but see there | places for lossless readers | `a_reader_that_joins_late_misses_nothing` |
//! | [`Ring::lossless_after`] | wait-free, but that it allocates | the same | `what_is_read_after_another_is_durable` |
//! | [`Follow::update`] | wait-free | the events that the ring holds | `a_reader_on_another_thread_ends_with_the_same_book` |
//! | [`DepthReader::try_read`] | wait-free | the levels | `lossy_and_depth_readers_that_never_move_hold_up_nobody` |
//! | [`SharedHandle::ask`], dropping one | wait-free | a command of sixteen words | `a_holder_that_is_paused_delays_neither_asking_nor_reading` |
//! | [`SharedHandle::execute`], `answer` | blocking | the holder of the baton goes on | `each_command_of_eight_threads_is_answered_once` |
//! | [`SharedBook::handle`] | wait-free | places for handles, and what those that are gone have asked | `a_thread_that_dies_between_calls_leaves_its_place` |
//! | [`SharedBook::look`] | blocking | the same | `each_command_of_eight_threads_is_answered_once` |
//! | [`DepthReader::read`] | lock-free | tried again when the matcher has published eight times meanwhile | `a_reader_that_is_lapped_notices` |
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
