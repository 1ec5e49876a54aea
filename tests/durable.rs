//! The durable example, killed again and again in the middle of its work.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use pricetime::journal::{Frame, Reader, Start, digest, replay};
use pricetime::{Engine, Events};

/// How often the process is killed.
const KILLS: usize = 40;

/// The example, built by the cargo that runs the tests.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.args([
            "build",
            "--quiet",
            "--example",
            "durable",
            "--message-format=json",
        ]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let built = cargo.output().expect("cargo starts");
        let complaints = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "{complaints}");
        let messages = String::from_utf8(built.stdout).expect("text");
        let executable = |line: &str| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            message["executable"].as_str().map(PathBuf::from)
        };
        let found = messages.lines().find_map(executable);
        found.expect("cargo says where the example is")
    })
}

/// A folder of its own for each test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!("pricetime-durable-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    /// Runs the program to its end.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(program());
        program.arg(&self.0).args(arguments);
        program.output().expect("the example starts")
    }

    /// Runs it to its end, which has to be a good one; what it printed.
    fn run_well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{complaints}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The files with this ending, by name.
    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.0).expect("the folder");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
        paths.retain(|path| path.to_string_lossy().ends_with(ending));
        paths.sort();
        paths
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process at work, and the lines that it prints.
struct Running {
    child: Child,
    lines: Receiver<String>,
    reading: JoinHandle<()>,
}

impl Running {
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut program = Command::new(program());
        program.arg(&folder.0).args(arguments);
        program.stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = program.spawn().expect("the example starts");
        let out = child.stdout.take().expect("its output");
        let (sender, lines) = channel();
        let reading = thread::spawn(move || {
            for line in whole_lines(out) {
                let _ = sender.send(line);
            }
        });
        Self {
            child,
            lines,
            reading,
        }
    }

    /// Waits for so many lines and a while, kills it, and gives every line that it printed.
    fn kill_after(mut self, count: usize, pause: Duration) -> Vec<String> {
        let mut lines: Vec<String> = self.lines.iter().take(count).collect();
        thread::sleep(pause);
        // On Unix this is SIGKILL: the process is not asked.
        self.child.kill().expect("it runs");
        let status = self.child.wait().expect("it ends");
        if cfg!(unix) {
            assert_eq!(status.code(), None, "it ended by itself");
        }
        self.reading.join().expect("its output ends");
        lines.extend(self.lines.iter());
        lines
    }
}

/// Lines that end: one that a kill cuts short says nothing.
fn whole_lines(out: ChildStdout) -> impl Iterator<Item = String> {
    let mut out = BufReader::new(out);
    std::iter::from_fn(move || {
        let mut line = String::new();
        out.read_line(&mut line).expect("text");
        line.ends_with('\n').then(|| line.trim_end().to_string())
    })
}

/// What a client has heard.
#[derive(Default)]
struct Client {
    /// The last entry that was acknowledged, or recovered.
    last: u64,
    acknowledged: u64,
    /// The trades that it was told of.
    trades: u64,
    /// How often a process came far enough to say what it recovered.
    recoveries: usize,
    /// How often that was from a snapshot.
    from_snapshots: usize,
    /// How often a torn tail was cut.
    cuts: usize,
    /// How often there was more in the journal than had been acknowledged.
    surpluses: usize,
    /// The digests of the states that processes had, and behind which entries.
    states: Vec<(u64, String)>,
}

impl Client {
    fn hear(&mut self, lines: &[String]) {
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let number = |word: usize| words[word].parse().expect("a number");
            match words[0] {
                "recovered" => {
                    let recovered: u64 = number(1);
                    let last = self.last;
                    assert!(recovered >= last, "{last} was acknowledged; {line}");
                    self.surpluses += usize::from(recovered > last);
                    self.recoveries += 1;
                    self.from_snapshots += usize::from(number(5) > 0);
                    self.cuts += usize::from(number(9) > 0);
                    self.last = recovered;
                    self.states.push((recovered, words[3].to_string()));
                }
                "ack" => {
                    assert_eq!(number(1), self.last + 1, "each once, in order");
                    self.last += 1;
                    self.acknowledged += 1;
                    self.trades += number(3);
                }
                "done" => {
                    assert_eq!(number(1), self.last);
                    self.states.push((self.last, words[3].to_string()));
                }
                _ => panic!("{line}"),
            }
        }
    }
}

/// Executes a whole journal once, without any snapshot, and compares the states on the way.
fn assert_states(folder: &Folder, states: &[(u64, String)]) {
    let read = |path: &PathBuf| fs::read(path).expect("a part");
    let parts: Vec<Vec<u8>> = folder.files(".ptj").iter().map(read).collect();
    let journal = parts.concat();
    let mut reader = Reader::new(&journal, Start::Beginning);
    let opening = reader.read(&mut Events::default());
    let Ok(Some(Frame::Opening(instrument))) = opening else {
        panic!("no opening: {opening:?}");
    };
    let mut engine = Engine::new(instrument);
    let (mut at, mut start) = (0, Start::Beginning);
    for (sequence, state) in states {
        let replayed = replay(&mut engine, &journal[at..], start, *sequence);
        let replayed = replayed.expect("a journal that is whole");
        assert_eq!(replayed.mark.sequence, *sequence);
        let digest: String = digest(&engine)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(digest, *state, "the state behind entry {sequence}");
        at += replayed.bytes as usize;
        start = Start::After(replayed.mark);
    }
}

/// The word of a line behind another one.
fn word<'a>(text: &'a str, line: &str, before: &str) -> &'a str {
    let found = text.lines().rfind(|one| one.starts_with(line));
    let mut words = found.expect("the line").split(' ');
    words.find(|word| *word == before).expect("the word");
    words.next().expect("a word behind it")
}

/// Bits that look random (splitmix64).
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 31)
}

#[test]
fn whatever_was_acknowledged_survives_any_number_of_kills() {
    let folder = Folder::new("kills");
    let load = ["--commands", "100000000", "--part-bytes", "400000"];
    let mut client = Client::default();
    for kill in 0..KILLS as u64 {
        let bits = mixed(kill);
        let group = ["7", "100", "1000"][bits as usize % 3];
        let snapshots = ["500", "5000"][bits as usize / 4 % 2];
        let pieces = ["--group", group, "--snapshot-every", snapshots];
        let running = Running::start(&folder, &[load.as_slice(), &pieces].concat());
        // Some die while they recover, the others in the middle of their work.
        let lines = [0, 1, 300, 3_000][bits as usize / 8 % 4];
        let pause = Duration::from_micros((bits >> 8) % 60_000);
        client.hear(&running.kill_after(lines, pause));
    }
    let end = (client.last + 1_000).to_string();
    let finished = folder.run_well(&["--commands", &end]);
    let lines: Vec<String> = finished.lines().map(str::to_string).collect();
    client.hear(&lines);
    assert_eq!(client.last.to_string(), end);
    // Everything was acknowledged by now: there is no surplus that could stand in for a loss.
    let again = folder.run_well(&["--commands", "0"]);
    assert_eq!(word(&again, "recovered", "recovered"), end);
    let lines: Vec<String> = again.lines().map(str::to_string).collect();
    client.hear(&lines);

    let verified = folder.run_well(&["--verify"]);
    let commands = format!("commands 1 to {end} once each\n");
    assert!(verified.contains(&commands), "{verified}");
    assert_eq!(word(&verified, "verified", "verified"), end);
    assert_eq!(word(&verified, "verified", "sealed"), end);
    assert!(!verified.contains("torn"), "{verified}");
    let digest = word(&finished, "done", "digest");
    assert_eq!(word(&verified, "verified", "digest"), digest);
    assert_states(&folder, &client.states);
    let trades: u64 = word(&verified, "verified", "trades").parse().expect("it");
    assert!((1..=trades).contains(&client.trades));
    println!(
        "{KILLS} kills: {} acknowledged, {} recoveries, {} from a snapshot, {} cut, {} with a surplus",
        client.acknowledged,
        client.recoveries,
        client.from_snapshots,
        client.cuts,
        client.surpluses,
    );
    assert!(client.recoveries > KILLS / 2);
    assert!(client.from_snapshots > 0 && client.surpluses > 0);
    assert!(folder.files(".ptj").len() > 1);
}

#[test]
fn a_bit_that_turned_over_is_refused_and_told_where() {
    let folder = Folder::new("rot");
    folder.run_well(&["--commands", "3000", "--part-bytes", "60000"]);
    let parts = folder.files(".ptj");
    assert!(parts.len() > 2, "{parts:?}");
    for snapshot in folder.files(".pts") {
        fs::remove_file(snapshot).expect("a snapshot");
    }
    let part = &parts[1];
    let whole = fs::read(part).expect("a part");
    let mut rotten = whole.clone();
    rotten[whole.len() / 2] ^= 1;
    fs::write(part, &rotten).expect("a part");
    for arguments in [&["--commands", "4000"][..], &["--verify"]] {
        let output = folder.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        let name = part.file_name().expect("its name").to_string_lossy();
        let (before, rest) = complaint.split_once(": byte ").expect("the offset");
        assert_eq!(before, format!("durable: {name}"));
        let (offset, rest) = rest.split_once(", entry ").expect("the entry");
        let offset: usize = offset.parse().expect("a number");
        let near = whole.len() / 2 - 400..=whole.len() / 2;
        assert!(near.contains(&offset), "{complaint}");
        let (entry, _) = rest.split_once(": ").expect("the reason");
        assert!((1..3_000).contains(&entry.parse().expect("a number")));
    }
    fs::write(part, &whole).expect("a part");
    assert!(folder.run_well(&["--verify"]).contains("verified 3000 "));
}

#[test]
fn recovery_begins_with_the_newest_snapshot_that_is_whole() {
    let folder = Folder::new("snapshots");
    folder.run_well(&[
        "--commands",
        "3000",
        "--snapshot-every",
        "900",
        "--group",
        "100",
    ]);
    let snapshots = folder.files(".pts");
    assert_eq!(snapshots.len(), 2);
    let base = || {
        let output = folder.run(&["--commands", "0"]);
        let text = String::from_utf8(output.stdout).expect("text");
        assert_eq!(word(&text, "recovered", "recovered"), "3000");
        let digest = word(&text, "recovered", "digest").to_string();
        (word(&text, "recovered", "snapshot").to_string(), digest)
    };
    let (newest, digest) = base();
    assert_eq!(newest, "2700");
    for (snapshot, next) in snapshots.iter().rev().zip(["1800", "0"]) {
        let mut bytes = fs::read(snapshot).expect("a snapshot");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 16;
        fs::write(snapshot, bytes).expect("a snapshot");
        assert_eq!(base(), (next.to_string(), digest.clone()));
    }
}

#[test]
fn a_snapshot_of_another_journal_is_passed_over() {
    let (folder, other) = (Folder::new("own"), Folder::new("other"));
    let load = ["--commands", "1500", "--snapshot-every", "1000"];
    let finished = folder.run_well(&load);
    other.run_well(&[load.as_slice(), &["--seed", "2"]].concat());
    let [own, others] = [&folder, &other].map(|folder| folder.files(".pts"));
    assert_eq!((own.len(), others.len()), (1, 1));
    fs::copy(&others[0], &own[0]).expect("a snapshot");
    let output = folder.run(&["--commands", "0"]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    let passed_over = "durable: snapshot 1000 is passed over: it is of another journal\n";
    assert_eq!(complaint, passed_over);
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(word(&text, "recovered", "snapshot"), "0");
    let digest = word(&finished, "done", "digest");
    assert_eq!(word(&text, "recovered", "digest"), digest);
}

#[test]
fn one_process_at_a_time_uses_a_folder() {
    let folder = Folder::new("lock");
    let mut first = Running::start(&folder, &["--commands", "100000000"]);
    first.lines.recv().expect("it has begun");
    let second = folder.run(&["--commands", "1"]);
    let complaint = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("another process uses this folder"));
    first.child.kill().expect("it runs");
    first.child.wait().expect("it ends");
}

#[test]
fn a_torn_tail_is_cut_and_a_long_recovery_tells_how_far_it_is() {
    let folder = Folder::new("tail");
    let load = ["--commands", "40000", "--snapshot-every", "1000000"];
    folder.run_well(&load);
    let part = folder.files(".ptj").pop().expect("a part");
    let mut bytes = fs::read(&part).expect("a part");
    let length = bytes.len();
    // As a group that was being written.
    bytes.extend_from_within(length - 500..length - 3);
    fs::write(&part, bytes).expect("a part");
    let output = folder.run(&[load.as_slice(), &["--progress-ms", "0"]].concat());
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(word(&text, "recovered", "recovered"), "40000");
    assert_eq!(word(&text, "recovered", "cut"), "497");
    let told = String::from_utf8_lossy(&output.stderr);
    let first = told.lines().next().expect("a line on the way");
    assert!(first.starts_with("recovering: "), "{told}");
    assert!(
        first.contains(&format!(" of {} bytes (", length + 497)),
        "{told}"
    );
    assert!(told.lines().count() > 1, "{told}");
    let size = fs::metadata(&part).expect("a part").len();
    assert_eq!(size, length as u64);
}

#[test]
fn arguments_are_checked() {
    let folder = Folder::new("arguments");
    for wrong in [
        &["--fast", "1"][..],
        &["--group"],
        &["--group", "x"],
        &["b"],
    ] {
        let output = folder.run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage: durable DIR"));
    }
    let help = folder.run_well(&["--help"]);
    assert!(help.contains("usage: durable DIR"));
    assert!(!folder.0.exists());
}
