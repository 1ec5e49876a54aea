//! From the arguments to the exit code: load, replay, compare, show.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::compare::{Comparison, compare};
use crate::csv::BadInput;
use crate::drive::{self, Replay};
use crate::picture::{depth, grouped};
use crate::progress::Progress;
use crate::session::Session;
use crate::{latency, session};

/// Everything came out as recorded, or there was nothing to compare with.
pub const SAME: u8 = 0;
/// Something came out differently.
pub const DIFFERENT: u8 = 1;
/// The arguments or a file cannot be used.
pub const UNUSABLE: u8 = 2;

const HELP: &str = "\
Replays a recorded session and compares what happens with what the venue recorded.

usage: replay [PATH]

PATH is a folder, or the commands file of one. Without it, nine minutes of
Coinbase's BTC-USD of 2018-07-13 are replayed. Of a folder, these files are read,
each as NAME.csv or NAME.csv.gz:

  commands          seq,op,order_id,side,type,price_cents,qty_1e8,funds_usd,tif
  begin_book        side,price_cents,qty_1e8,order_id,queue_pos
  expected_matches  seq,taker_id,maker_id,price_cents,qty_1e8,maker_side
  expected_opens    seq,order_id,side,price_cents,remaining_1e8
  end_book          as begin_book

All but the commands may be missing. op is new, rest (an order that came to rest,
though its entry was not recorded) or cancel; type is limit or market; tif is GTC,
or IOC_OR_FILLED for a limit order of which nothing came to rest. A market order
has a quantity, funds, or both, and stops at whichever it reaches first.

exit code: 0 all as recorded (or nothing to compare with), 1 differences, 2 a file
or an argument that cannot be used; a bad line is told as FILE:LINE: REASON.
";

/// Runs the whole program. A reader that goes away early is no error.
pub fn run(arguments: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let path = match arguments {
        [] => recorded(),
        [one] if one == "--help" || one == "-h" => {
            let _ = out.write_all(HELP.as_bytes());
            return SAME;
        }
        [one] if !one.to_string_lossy().starts_with('-') => PathBuf::from(one),
        _ => {
            let _ = write!(err, "replay: one PATH at most\n\n{HELP}");
            return UNUSABLE;
        }
    };
    match replay(&path, err) {
        Ok((report, code)) => {
            let _ = out.write_all(report.as_bytes());
            code
        }
        Err(bad) => {
            let _ = writeln!(err, "{bad}");
            UNUSABLE
        }
    }
}

/// The session that comes with the repository.
fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/coinbase_btcusd_2018-07-13")
}

fn replay(path: &Path, err: &mut dyn Write) -> Result<(String, u8), BadInput> {
    let mut progress = Progress::new(err);
    let session = session::load(path, &mut progress)?;
    let engine = drive::open(&session, &mut progress)?;
    let mut replay = drive::replay(engine, &session.commands, &mut progress);
    let comparisons = compare(&session, &replay);
    let mut report = format!(
        "{}: {} orders at the start, {} commands\n\n",
        path.display(),
        grouped(session.begin.len() as u64),
        grouped(session.commands.len() as u64),
    );
    for comparison in &comparisons {
        report += &told(comparison);
    }
    report += &refusals(&replay);
    report += &speed(&session, &mut replay);
    report += &depth(&replay.engine, 12);
    let as_recorded = comparisons.iter().all(Comparison::is_equal) && replay.refusals.is_empty();
    let code = if comparisons.is_empty() || as_recorded {
        SAME
    } else {
        DIFFERENT
    };
    Ok((report, code))
}

fn told(comparison: &Comparison) -> String {
    let mut text = format!(
        "{:<12} {} of {} {}",
        comparison.name,
        grouped(comparison.equal as u64),
        grouped(comparison.expected as u64),
        comparison.measure,
    );
    if comparison.found != comparison.expected {
        let _ = write!(text, "; {} found", grouped(comparison.found as u64));
    }
    text.push('\n');
    for difference in &comparison.first {
        let _ = writeln!(text, "    {difference}");
    }
    text
}

fn refusals(replay: &Replay) -> String {
    let refused: u64 = replay.refusals.values().sum();
    let commands = replay.nanoseconds.len() as u64;
    let mut text = format!(
        "{:<12} {} of {} commands\n",
        "refused",
        grouped(refused),
        grouped(commands)
    );
    for (why, count) in &replay.refusals {
        let _ = writeln!(text, "    {:>9} {why}", grouped(*count));
    }
    text
}

fn speed(session: &Session, replay: &mut Replay) -> String {
    let Some(summary) = latency::summary(&mut replay.nanoseconds) else {
        return String::new();
    };
    let rate = session.commands.len() as f64 * 1e3 / summary.total as f64;
    format!(
        "\nspeed        {rate:.2} million commands/s, the clock's own cost included\n\
         latency      p50 {} ns, p99 {} ns, p99.9 {} ns, max {} ns\n\n",
        grouped(summary.p50.into()),
        grouped(summary.p99.into()),
        grouped(summary.p99_9.into()),
        grouped(summary.max.into()),
    )
}
