//! The replay example as a test: nine minutes of Coinbase's BTC-USD, trade by
//! trade, and small sessions of other makes.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../examples/replay/app.rs"]
mod app;
#[path = "replay/bad_input.rs"]
mod bad_input;
#[path = "../examples/replay/compare.rs"]
mod compare;
#[path = "../examples/replay/csv.rs"]
mod csv;
#[path = "../examples/replay/drive.rs"]
mod drive;
#[path = "../examples/replay/latency.rs"]
mod latency;
#[path = "../examples/replay/picture.rs"]
mod picture;
#[path = "../examples/replay/progress.rs"]
mod progress;
#[path = "../examples/replay/session.rs"]
mod session;

const COMMANDS: &str = "seq,op,order_id,side,type,price_cents,qty_1e8,funds_usd,tif";
const BOOK: &str = "side,price_cents,qty_1e8,order_id,queue_pos";
const MATCHES: &str = "seq,taker_id,maker_id,price_cents,qty_1e8,maker_side";
const OPENS: &str = "seq,order_id,side,price_cents,remaining_1e8";

/// A folder of its own for each test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("replay-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.0.join(name), content).expect("a file for the test");
        self
    }

    fn table(&self, name: &str, header: &str, rows: &[&str]) -> &Self {
        self.write(name, format!("{header}\n{}\n", rows.join("\n")))
    }

    /// The exit code, what was printed, and what was complained of, without the folder's path.
    fn replay(&self, file: &str) -> (u8, String, String) {
        let (code, out, err) = run(&[self.0.join(file).into()]);
        let folder = format!("{}/", self.0.display());
        (code, out, err.replace(&folder, ""))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(arguments: &[OsString]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = app::run(arguments, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    // On a busy machine even a short session may take long enough to tell how far it is.
    let is_progress = |line: &&str| line.ends_with(" million/s\n");
    let err = text(err);
    let complaints = err.split_inclusive('\n').filter(|line| !is_progress(line));
    (code, text(out), complaints.collect())
}

#[test]
fn the_recorded_session_is_reproduced_trade_by_trade_and_order_by_order() {
    let (code, out, err) = run(&[]);
    assert_eq!((code, err.as_str()), (app::SAME, ""));
    assert!(
        out.contains("66,811 orders at the start, 23,820 commands"),
        "{out}"
    );
    assert!(out.contains("matches      501 of 501 reproduced"), "{out}");
    assert!(
        out.contains("opens        11,825 of 11,825 reproduced"),
        "{out}"
    );
    assert!(
        out.contains("ending book  66,833 of 66,833 orders"),
        "{out}"
    );
    assert!(out.contains("refused      0 of 23,820 commands"), "{out}");
    assert!(
        out.contains("ask  6185.51   3.17215105       5   3.17215105"),
        "{out}"
    );
    assert!(out.contains("spread 0.01\n"), "{out}");
    assert!(
        out.contains("bid  6185.50  12.51966780      15  12.51966780"),
        "{out}"
    );
}

/// Two sells at one price and one above; a buy that takes the first and half the
/// second; a sell for funds that buy half of what the buy left.
fn small_session(test: &str) -> Folder {
    let folder = Folder::new(test);
    let book = ["sell,10000,5,1,1", "sell,10000,4,2,2", "sell,10100,7,3,1"];
    let commands = [
        "10,new,4,buy,limit,10000,7,,GTC",
        "11,cancel,2,sell,,,,,",
        "12,rest,5,buy,limit,9900,8,,GTC",
        "13,new,6,sell,market,,,0.0000039600,IOC",
        "14,new,7,buy,limit,9000,1,,IOC_OR_FILLED",
    ];
    let matches = [
        "10,4,1,10000,5,sell",
        "10,4,2,10000,2,sell",
        "13,6,5,9900,4,buy",
    ];
    folder.table("begin_book.csv", BOOK, &book);
    folder.table("commands.csv", COMMANDS, &commands);
    folder.table("expected_matches.csv", MATCHES, &matches);
    folder.table("expected_opens.csv", OPENS, &["12,5,buy,9900,8"]);
    folder.table(
        "end_book.csv",
        BOOK,
        &["buy,9900,4,5,1", "sell,10100,7,3,1"],
    );
    folder
}

#[test]
fn a_session_of_ones_own_replays_from_its_folder_or_its_commands() {
    let folder = small_session("own");
    for path in ["", "commands.csv"] {
        let (code, out, err) = folder.replay(path);
        assert_eq!((code, err.as_str()), (app::SAME, ""), "{out}");
        assert!(out.contains("matches      3 of 3 reproduced"), "{out}");
        assert!(out.contains("opens        1 of 1 reproduced"), "{out}");
        assert!(out.contains("ending book  2 of 2 orders"), "{out}");
    }
}

#[test]
fn without_a_record_there_is_nothing_to_compare() {
    let folder = Folder::new("alone");
    folder.table(
        "mine.csv",
        COMMANDS,
        &["1,new,1,buy,limit,-50,7,,GTC", "2,cancel,9,buy,,,,,"],
    );
    let (code, out, err) = folder.replay("mine.csv");
    assert_eq!((code, err.as_str()), (app::SAME, ""));
    assert!(
        out.contains("refused      1 of 2 commands\n            1 Cancel: OrderUnknown"),
        "{out}"
    );
    assert!(out.contains("bid  -0.50"), "{out}");
    assert!(out.contains("no spread"), "{out}");
    assert!(!out.contains("matches"), "{out}");
    folder.table("mine.csv", COMMANDS, &[]);
    folder.write("mine.csv", COMMANDS);
    assert_eq!(folder.replay("mine.csv").0, app::SAME);
}

#[test]
fn each_difference_is_told_and_the_exit_code_is_one() {
    let folder = small_session("different");
    let matches = ["10,4,1,10000,5,sell", "10,4,2,10000,3,sell"];
    folder.table("expected_matches.csv", MATCHES, &matches);
    folder.table(
        "end_book.csv",
        BOOK,
        &["buy,9900,4,5,1", "buy,9800,4,8,1", "sell,10100,7,3,1"],
    );
    let (code, out, _) = folder.replay("");
    assert_eq!(code, app::DIFFERENT);
    assert!(out.contains("matches      1 of 2 reproduced"), "{out}");
    assert!(out.contains("; 3 found\n"), "{out}");
    let second = "number 2: expected 4,2,10000,3,sell, found 4,2,10000,2,sell\n";
    assert!(out.contains(second), "{out}");
    assert!(
        out.contains("number 3: expected nothing, found 6,5,9900,4,buy\n"),
        "{out}"
    );
    assert!(out.contains("ending book  1 of 3 orders"), "{out}");
}

#[test]
fn a_refused_command_differs_from_any_record() {
    let folder = small_session("refused");
    let commands = fs::read_to_string(folder.0.join("commands.csv")).expect("written above");
    folder.write("commands.csv", commands + "15,new,3,buy,limit,1,1,,GTC\n");
    let (code, out, _) = folder.replay("");
    assert_eq!(code, app::DIFFERENT);
    assert!(out.contains("1 Limit: OrderIdAlreadyLive\n"), "{out}");
}

#[test]
fn columns_may_stand_in_another_order() {
    let folder = Folder::new("columns");
    let header = "op,seq,order_id,tif,side,type,price_cents,qty_1e8,funds_usd";
    folder.write(
        "commands.csv",
        format!("\u{feff}{header}\r\nnew,1,7,GTC,sell,limit,250,3,\r\n"),
    );
    let (code, out, err) = folder.replay("");
    assert_eq!((code, err.as_str()), (app::SAME, ""));
    assert!(out.contains("ask   2.50  0.00000003       1"), "{out}");
}

#[test]
fn arguments_are_checked() {
    let (code, out, _) = run(&["--help".into()]);
    assert_eq!(code, app::SAME);
    assert!(out.contains("usage: replay [PATH]"));
    for wrong in [vec!["--fast".into()], vec!["a".into(), "b".into()]] {
        let (code, out, err) = run(&wrong);
        assert_eq!((code, out.as_str()), (app::UNUSABLE, ""));
        assert!(err.contains("usage: replay [PATH]"));
    }
}

#[test]
fn percentiles_are_the_least_times_not_below_their_share() {
    let mut times: Vec<u32> = (1..=1000).rev().collect();
    let summary = latency::summary(&mut times).expect("some times");
    let latency::Summary {
        p50,
        p99,
        p99_9,
        max,
        total,
    } = summary;
    assert_eq!(
        (p50, p99, p99_9, max, total),
        (500, 990, 999, 1000, 500_500)
    );
    let one = latency::summary(&mut [7]).expect("one time");
    assert_eq!((one.p50, one.p99_9, one.max), (7, 7, 7));
    assert_eq!(latency::summary(&mut []), None);
}
