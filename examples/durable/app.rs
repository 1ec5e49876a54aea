//! From the arguments to the exit code: recover, tell, serve; or audit.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use pricetime::journal::digest;
use pricetime::{Engine, Event};

use crate::audit::audit;
use crate::flow::{Flow, instrument};
use crate::folder::Folder;
use crate::progress::Progress;
use crate::recover::{PassedOver, Recovered, recover};
use crate::refused::Refused;
use crate::serve::{Plan, serve};

/// All went well.
pub const WELL: u8 = 0;
/// The journal is damaged.
pub const DAMAGED: u8 = 1;
/// The arguments cannot be used, or reading or writing fails.
pub const UNUSABLE: u8 = 2;

const HELP: &str = "\
Executes a random flow of commands and keeps a journal of it in a folder. Every command is
acknowledged on a line of its own once it is durable; killed at any moment and started
again, it goes on with the next one.

usage: durable DIR [--commands N] [--group N] [--part-bytes N] [--snapshot-every N] [--seed N]
                   [--progress-ms N]
       durable DIR --verify [--seed N]

  --commands        the number of the last command; 1000000 if not said
  --group           commands that become durable together, at most; 1000
  --part-bytes      how large a file of the journal grows; 67108864
  --snapshot-every  commands from one snapshot to the next, at least; 100000
  --seed            which flow; 1
  --progress-ms     how often recovery tells how far it is; 1000
  --verify          checks every frame and seal of the journal, executes all of it again,
                    and compares each command with the flow; changes nothing

It prints

  recovered LAST digest STATE snapshot AT replayed ENTRIES cut BYTES
  ack NUMBER trades COUNT      for each command, once it is durable
  done LAST digest STATE

exit code: 0 all went well, 1 the journal is damaged (told as FILE: byte OFFSET, entry
NUMBER: REASON), 2 an argument cannot be used, or reading or writing fails.
";

/// What was asked for.
struct Asked {
    folder: PathBuf,
    plan: Plan,
    progress_ms: u64,
    verify: bool,
}

/// Runs the whole program.
pub fn run(arguments: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    if arguments.iter().any(|one| one == "--help" || one == "-h") {
        let told = out.write_all(HELP.as_bytes()).and_then(|()| out.flush());
        return if told.is_ok() { WELL } else { UNUSABLE };
    }
    let asked = match asked(arguments) {
        Ok(asked) => asked,
        Err(wrong) => {
            let _ = write!(err, "durable: {wrong}\n\n{HELP}");
            return UNUSABLE;
        }
    };
    let done = if asked.verify {
        verify(&asked, out)
    } else {
        recover_and_serve(&asked, out, err)
    };
    let code = match done {
        Ok(()) => return WELL,
        Err(Refused::Disk(_)) => UNUSABLE,
        Err(
            Refused::Journal { .. } | Refused::Acknowledged { .. } | Refused::OtherCommand { .. },
        ) => DAMAGED,
    };
    if let Err(refused) = done {
        let _ = writeln!(err, "durable: {refused}");
    }
    code
}

fn asked(arguments: &[OsString]) -> Result<Asked, String> {
    let mut folder = None;
    let mut verify = false;
    let mut progress_ms = 1_000;
    let mut plan = Plan {
        flow: Flow { seed: 1 },
        commands: 1_000_000,
        group: 1_000,
        part_bytes: 1 << 26,
        snapshot_every: 100_000,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let name = argument.to_string_lossy();
        if !name.starts_with('-') {
            if folder.replace(PathBuf::from(argument)).is_some() {
                return Err("one DIR only".to_string());
            }
            continue;
        }
        if name == "--verify" {
            verify = true;
            continue;
        }
        let value = rest.next().and_then(|value| value.to_str()?.parse().ok());
        let value: u64 = value.ok_or_else(|| format!("{name} needs a number"))?;
        match &*name {
            "--commands" => plan.commands = value,
            "--group" => plan.group = value.clamp(1, 1 << 20) as usize,
            "--part-bytes" => plan.part_bytes = value,
            "--snapshot-every" => plan.snapshot_every = value.max(1),
            "--seed" => plan.flow.seed = value,
            "--progress-ms" => progress_ms = value,
            _ => return Err(format!("{name} is unknown")),
        }
    }
    let folder = folder.ok_or_else(|| "a DIR is missing".to_string())?;
    Ok(Asked {
        folder,
        plan,
        progress_ms,
        verify,
    })
}

fn recover_and_serve(
    asked: &Asked,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Refused> {
    let instrument = instrument().map_err(io::Error::other)?;
    let disk = Folder::open(asked.folder.clone())?;
    let mut progress = Progress::new(err, Duration::from_millis(asked.progress_ms));
    let recovered = recover(disk, &instrument, &mut |step| progress.at(step))?;
    tell(&recovered, out, err)?;
    let (engine, last) = serve(recovered, &asked.plan, out)?;
    writeln!(out, "done {last} digest {}", hex(&engine))?;
    Ok(out.flush()?)
}

fn tell<D>(recovered: &Recovered<D>, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
    for (sequence, why) in &recovered.passed_over {
        match why {
            PassedOver::Snapshot(error) => {
                writeln!(err, "durable: snapshot {sequence} is passed over: {error}")?;
            }
            PassedOver::NotOfThisJournal => {
                writeln!(
                    err,
                    "durable: snapshot {sequence} is passed over: it is of another journal"
                )?;
            }
        }
    }
    writeln!(
        out,
        "recovered {} digest {} snapshot {} replayed {} cut {}",
        recovered.mark.sequence,
        hex(&recovered.engine),
        recovered.snapshot,
        recovered.replayed,
        recovered.cut,
    )?;
    out.flush()
}

fn verify(asked: &Asked, out: &mut dyn Write) -> Result<(), Refused> {
    let instrument = instrument().map_err(io::Error::other)?;
    let disk = Folder::open(asked.folder.clone())?;
    let mut trades = 0;
    let mut other = None;
    let audit = audit(&disk, &instrument, &mut |entry, events| {
        let is_trade = |event: &&Event| matches!(event, Event::Traded { .. });
        trades += events.iter().filter(is_trade).count();
        if entry.command != asked.plan.flow.command(entry.sequence) {
            other.get_or_insert(entry.sequence);
        }
    })?;
    if let Some((file, torn)) = &audit.torn {
        writeln!(out, "torn {file} at byte {}", torn.offset)?;
    }
    if let Some(sequence) = other {
        return Err(Refused::OtherCommand { sequence });
    }
    writeln!(out, "commands 1 to {} once each", audit.mark.sequence)?;
    writeln!(
        out,
        "verified {} digest {} sealed {} blocks {} parts {} trades {trades}",
        audit.mark.sequence,
        hex(&audit.engine),
        audit.sealed,
        audit.seal.blocks,
        audit.parts,
    )?;
    Ok(out.flush()?)
}

/// The digest of an engine's state.
fn hex(engine: &Engine) -> String {
    let mut text = String::new();
    for byte in digest(engine) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
