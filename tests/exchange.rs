//! The exchange example as a test: every thread of it, for a short time.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::PathBuf;
use std::time::Duration;

use pricetime::journal::{Start, Writer, replay};
use pricetime::shell::{ShellBuilder, Turn};
use pricetime::{Action, Engine, Side, Timestamp};

#[path = "../examples/exchange/app.rs"]
mod app;
#[path = "../examples/exchange/audit.rs"]
mod audit;
#[path = "../examples/exchange/balance.rs"]
mod balance;
#[path = "../examples/exchange/flow.rs"]
mod flow;
#[path = "../examples/exchange/market_data.rs"]
mod market_data;
#[path = "../examples/exchange/matching.rs"]
mod matching;
#[path = "../examples/exchange/screen.rs"]
mod screen;
#[path = "../examples/exchange/session.rs"]
mod session;
#[path = "../examples/exchange/store.rs"]
mod store;
#[path = "../examples/exchange/trader.rs"]
mod trader;

/// So many commands of each of three traders, however long they take.
const FEW: [&str; 5] = ["3600", "--rate", "150000", "--commands", "5000"];

/// A path of its own for each test, at which nothing is; gone when the test ends.
struct Path(PathBuf);

impl Path {
    fn new(test: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("exchange-{test}.ptj"));
        let _ = fs::remove_file(&path);
        Self(path)
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The exit code, what was printed, and what was complained of.
fn run(arguments: &[&str], is_live: bool) -> (u8, String, String) {
    let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = app::run(&arguments, is_live, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (code, text(out), text(err))
}

#[test]
fn an_exchange_of_a_few_commands_adds_up() {
    let (code, out, err) = run(&FEW, false);
    assert_eq!((code, err.as_str()), (app::WELL, ""), "{out}");
    let commands = "ok    commands: 15,000 submitted = 15,000 answered = 15,000 journalled \
                    = 15,000 synced = 15,000 in the file\n";
    assert!(out.contains(commands), "{out}");
    assert_eq!(out.matches("ok    ").count(), 6, "{out}");
    assert!(!out.contains("WRONG"), "{out}");
}

#[test]
fn an_exchange_ends_when_its_time_is_up() {
    let (code, out, err) = run(&["0.2", "--rate", "20000"], false);
    assert_eq!((code, err.as_str()), (app::WELL, ""), "{out}");
    // A fifth of a second is due for 4,000 commands, and none is submitted ahead of time.
    let submitted = out.split("commands: ").nth(1).expect("a sum");
    let submitted = submitted.split(' ').next().expect("a count");
    let submitted: u64 = submitted.replace(',', "").parse().expect("a count");
    assert!(submitted <= 4_002, "{out}");
}

#[test]
fn on_a_terminal_the_book_is_drawn_in_place() {
    let (code, out, _) = run(&FEW, true);
    assert_eq!(code, app::WELL, "{out}");
    assert!(out.starts_with("\x1b[2J\x1b[H"), "{out}");
    let last = out.rsplit("\x1b[H").next().expect("a picture");
    assert!(last.contains("last trade at "), "{out}");
    assert!(last.contains("bid ") && last.contains("ask "), "{out}");
    let (_, out, _) = run(&FEW, false);
    assert!(!out.contains('\x1b'), "{out}");
}

#[test]
fn a_journal_that_was_asked_for_is_kept_and_can_be_executed() {
    let path = Path::new("kept");
    let name = path.0.to_str().expect("a path of text");
    let (code, out, _) = run(&[&FEW[..], &["--journal", name]].concat(), false);
    assert_eq!(code, app::WELL, "{out}");
    let bytes = fs::read(&path.0).expect("the journal");
    let mut engine = Engine::new(flow::instrument().expect("a right instrument"));
    let replayed = replay(&mut engine, &bytes, Start::Beginning, u64::MAX);
    assert_eq!(replayed.expect("no damage").entries, 15_000);
    // Books that are compared when they are empty would show nothing.
    assert!(engine.book().len() > 20, "{}", engine.book().len());
    let icebergs = Side::BOTH.map(|side| {
        let levels = engine.book().depth(side);
        let orders = levels.flat_map(|level| engine.book().orders_at(side, level.price));
        orders
            .filter(|order| order.displayed < order.quantity)
            .count()
    });
    assert!(icebergs.iter().sum::<usize>() > 2, "{icebergs:?}");
}

#[test]
fn a_journal_that_is_there_is_left_alone() {
    let path = Path::new("there");
    fs::write(&path.0, "somebody's").expect("a file");
    let name = path.0.to_str().expect("a path of text");
    let (code, _, err) = run(&["--journal", name], false);
    assert_eq!(code, app::UNUSABLE);
    assert!(err.contains(name), "{err}");
    assert_eq!(fs::read(&path.0).expect("the file"), b"somebody's");
}

#[test]
fn a_disk_that_fails_ends_the_session_and_nothing_was_answered() {
    let path = Path::new("failing");
    fs::write(&path.0, "").expect("a file");
    let read_only = File::open(&path.0).expect("the file");
    let store = store::Store::on(read_only, path.0.clone());
    let plan = trader::Plan {
        time: Duration::from_secs(3_600),
        rate: u64::MAX,
        commands: 5_000,
        seed: 1,
    };
    let instrument = flow::instrument().expect("a right instrument");
    let mut out = Vec::new();
    let mut screen = screen::Screen::new(true, &mut out);
    let traded = session::trade(&plan, &instrument, store, &mut screen);
    let error = traded.err().expect("nothing can be written");
    assert!(error.raw_os_error().is_some(), "{error}");
    let out = String::from_utf8(out).expect("text");
    let last = out.rsplit("\x1b[H").next().expect("a picture");
    assert!(last.contains("  0 commands"), "{out}");
}

#[test]
fn a_temporary_journal_is_gone_when_its_session_is() {
    let store = store::Store::create(&store::Place::Temporary).expect("a file");
    let path = store.path().to_path_buf();
    assert!(path.exists());
    drop(store);
    assert!(!path.exists());
}

#[test]
fn a_tape_that_is_lapped_counts_what_it_missed() {
    let engine = Engine::new(flow::instrument().expect("a right instrument"));
    let shell = ShellBuilder::default().ring(8).build(engine, Writer::new());
    let mut shell = shell.expect("right sizes");
    let reader = shell.ring.lossy();
    let mut producer = shell.intake.producer().expect("a free place");
    for token in 0..20 {
        let submitted = producer.submit(token, Action::AdvanceTime);
        submitted.expect("room in the lane");
    }
    assert_eq!(shell.matcher.turn(Timestamp::new(1)), Turn::Applied(20));
    assert!(shell.matcher.publish());
    drop(shell.matcher);
    let tape = market_data::Tape::default();
    tape.run(&shell.ring, reader);
    assert_eq!(tape.counts(), (8, 12));
}

#[test]
fn arguments_that_cannot_be_used_are_told() {
    for wrong in [
        &["three"][..],
        &["-1"],
        &["1", "2"],
        &["--rate"],
        &["--rate", "fast"],
        &["--journal"],
        &["--colour", "3"],
        &["1e9"],
    ] {
        let (code, out, err) = run(wrong, false);
        assert_eq!((code, out.as_str()), (app::UNUSABLE, ""), "{wrong:?}");
        assert!(err.contains("usage: exchange"), "{err}");
    }
}

/// Makes one figure wrong.
type Change = fn(&mut balance::Balance);

/// What adds up.
fn balanced() -> balance::Balance {
    balance::Balance {
        submitted: 10,
        answered: 10,
        journalled: 10,
        synced: 10,
        in_file: 10,
        is_same_end: true,
        is_whole: true,
        events_in_file: 25,
        followed: 25,
        tape_seen: 20,
        tape_missed: 5,
        is_same_book: true,
        digest: [1; 32],
        digest_again: [1; 32],
    }
}

#[test]
fn whatever_does_not_add_up_is_told() {
    let wrong = |change: Change| {
        let mut balance = balanced();
        change(&mut balance);
        let lines = balance.lines();
        lines.iter().filter(|line| !line.holds).count()
    };
    assert_eq!(wrong(|_| ()), 0);
    let changes: [(Change, usize); 13] = [
        (|balance| balance.submitted += 1, 1),
        (|balance| balance.answered -= 1, 1),
        (|balance| balance.journalled += 1, 1),
        (|balance| balance.synced -= 1, 1),
        (|balance| balance.in_file -= 1, 1),
        (|balance| balance.is_same_end = false, 1),
        (|balance| balance.is_whole = false, 1),
        (|balance| balance.events_in_file += 1, 2),
        (|balance| balance.followed -= 1, 1),
        (|balance| balance.tape_seen -= 1, 1),
        (|balance| balance.tape_missed += 1, 1),
        (|balance| balance.is_same_book = false, 1),
        (|balance| balance.digest_again[31] = 2, 1),
    ];
    for (number, (change, expected)) in changes.into_iter().enumerate() {
        assert_eq!(wrong(change), expected, "change {number}");
    }
}
