//! From the arguments to the exit code: trade for a while, add up, tell.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use crate::audit::{Found, audit};
use crate::balance::{Balance, Line};
use crate::flow::{TRADERS, instrument};
use crate::screen::{Screen, grouped};
use crate::session::{Session, trade};
use crate::store::{Place, Store};
use crate::trader::Plan;

/// Everything adds up.
pub const WELL: u8 = 0;
/// Something does not.
pub const WRONG: u8 = 1;
/// The arguments cannot be used, or reading or writing fails.
pub const UNUSABLE: u8 = 2;

const HELP: &str = "\
Two market makers and a taker trade with each other for a while. Every turn of the
matcher is synced to a file before anybody is told of it. At the end everything is
counted at both of its ends, and the file is read back, verified and executed again.

usage: exchange [SECONDS] [--rate N] [--commands N] [--seed N] [--journal FILE]

  SECONDS     how long they trade; 3 if not said
  --rate      commands a second of all traders together; 0 as many as go; 300000
  --commands  commands of each trader at most; 0 as many as the time allows; 0
  --seed      which flow; 1
  --journal   a new file for the journal, which is kept; if not said, a temporary one

exit code: 0 everything adds up, 1 something does not, 2 an argument cannot be used, or
reading or writing fails.
";

/// What was asked for.
struct Asked {
    plan: Plan,
    place: Place,
}

/// Runs the whole program. If `is_live` the book is drawn in place, else told in a line now and then.
pub fn run(arguments: &[OsString], is_live: bool, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    if arguments.iter().any(|one| one == "--help" || one == "-h") {
        let _ = out.write_all(HELP.as_bytes());
        return WELL;
    }
    let asked = match asked(arguments) {
        Ok(asked) => asked,
        Err(wrong) => {
            let _ = write!(err, "exchange: {wrong}\n\n{HELP}");
            return UNUSABLE;
        }
    };
    match trade_and_add_up(&asked, &mut Screen::new(is_live, out)) {
        Ok(true) => WELL,
        Ok(false) => WRONG,
        Err(error) => {
            let _ = writeln!(err, "exchange: {error}");
            UNUSABLE
        }
    }
}

fn asked(arguments: &[OsString]) -> Result<Asked, String> {
    let mut seconds = None;
    let (mut rate, mut commands, mut seed) = (300_000, 0, 1);
    let mut place = Place::Temporary;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let name = argument.to_string_lossy();
        if name == "--journal" {
            let file = rest.next().ok_or("--journal needs a file")?;
            place = Place::Kept(PathBuf::from(file));
            continue;
        }
        if !name.starts_with('-') {
            let time = name.parse().ok().and_then(|time| {
                let time = Duration::try_from_secs_f64(time).ok()?;
                (time <= SECONDS_MAX).then_some(time)
            });
            let time = time.ok_or_else(|| format!("{name} is no number of seconds"))?;
            if seconds.replace(time).is_some() {
                return Err("SECONDS once only".to_string());
            }
            continue;
        }
        let value = rest.next().and_then(|value| value.to_str()?.parse().ok());
        let value: u64 = value.ok_or_else(|| format!("{name} needs a number"))?;
        match &*name {
            "--rate" => rate = value,
            "--commands" => commands = value,
            "--seed" => seed = value,
            _ => return Err(format!("{name} is unknown")),
        }
    }
    let all = |count: u64| if count == 0 { u64::MAX } else { count };
    let plan = Plan {
        time: seconds.unwrap_or(Duration::from_secs(3)),
        rate: all(rate.div_ceil(TRADERS as u64)),
        commands: all(commands),
        seed,
    };
    Ok(Asked { plan, place })
}

/// Whether everything adds up.
fn trade_and_add_up(asked: &Asked, screen: &mut Screen<'_>) -> io::Result<bool> {
    let instrument = instrument().map_err(io::Error::other)?;
    let store = Store::create(&asked.place)?;
    let file = store.path().to_path_buf();
    let session = trade(&asked.plan, &instrument, store, screen)?;
    let found = audit(&session.store.read()?, &instrument).map_err(io::Error::other)?;
    let lines = balance(&session, &found).lines();
    screen.say(&told(&session, &found, &lines))?;
    if matches!(asked.place, Place::Kept(_)) {
        screen.say(&format!("the journal is in {}\n", file.display()))?;
    }
    Ok(lines.iter().all(|line| line.holds))
}

fn balance(session: &Session, found: &Found) -> Balance {
    Balance {
        submitted: session.traders.iter().map(|trader| trader.submitted).sum(),
        answered: session.traders.iter().map(|trader| trader.answered).sum(),
        journalled: session.mark.sequence,
        synced: session.synced.sequence,
        in_file: found.entries,
        is_same_end: found.mark == session.mark,
        is_whole: found.is_whole,
        events_in_file: found.events,
        followed: session.followed.seen,
        tape_seen: session.tape.0,
        tape_missed: session.tape.1,
        is_same_book: session.is_same_book,
        digest: session.digest,
        digest_again: found.digest,
    }
}

fn told(session: &Session, found: &Found, lines: &[Line]) -> String {
    let refused: u64 = session.traders.iter().map(|trader| trader.refused).sum();
    let seconds = session.elapsed.as_secs_f64();
    let mut text = format!(
        "\n{} commands in {seconds:.2} s ({} refused, {} trades), {} bytes of journal in {} syncs\n",
        grouped(found.entries),
        grouped(refused),
        grouped(found.trades),
        grouped(found.bytes),
        grouped(session.store.syncs()),
    );
    for line in lines {
        let mark = if line.holds { "ok   " } else { "WRONG" };
        text += &format!("{mark} {}\n", line.text);
    }
    text
}

/// The file grows by some 25 MB a second.
const SECONDS_MAX: Duration = Duration::from_secs(3_600);
