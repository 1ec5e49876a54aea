//! Tables of all flows, everything of a row in the same run.

use std::hint::black_box;

use pricetime::journal::{Sealer, Start, digest, restore, snapshot, verify};

use crate::flows::{self, Scale};
use crate::run::{self, GROUP, SEGMENT, Warm, time};

const ROUNDS: usize = 9;

/// Measures and prints the flows of these names, or all when there are none.
pub fn print(names: &[String], scale: Scale) {
    println!(
        "Nanoseconds per command, medians of {ROUNDS} rounds; x: times as long as apply takes."
    );
    println!(
        "grouped: {GROUP} commands announced and applied, then appended. apply speed, live: how"
    );
    println!("fast replay is beside apply, and beside append, which is what ran live.\n");
    println!(
        "{:<12}{:>7}{:>8}{:>9}{:>8}{:>8}{:>10}{:>11}{:>10}{:>12}{:>9}{:>8}{:>13}{:>11}",
        "flow",
        "apply",
        "append",
        "grouped",
        "sealed",
        "replay",
        "append x",
        "grouped x",
        "sealed x",
        "apply speed",
        "live",
        "bytes",
        "verify GB/s",
        "seal GB/s"
    );
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let mut warms = Vec::new();
    for (_, generate) in flows::ALL.iter().filter(|(name, _)| wanted(name)) {
        let warm = Warm::new(generate(scale));
        print_flow(&warm);
        warms.push(warm);
    }
    println!(
        "\nMilliseconds. copy: of the engine over another, the pause when a copy is snapshotted.\n"
    );
    println!(
        "{:<12}{:>9}{:>12}{:>10}{:>12}{:>10}{:>12}{:>14}{:>14}",
        "flow",
        "orders",
        "bytes",
        "copy",
        "snapshot",
        "digest",
        "restore",
        "snapshot GB/s",
        "restore GB/s"
    );
    warms.iter().for_each(print_snapshot);
}

/// How long a snapshot of the book at the end of a flow's warm-up takes, and the way back.
fn print_snapshot(warm: &Warm) {
    let engine = &warm.engine;
    let mut times = [const { Vec::new() }; 4];
    let mut bytes = Vec::new();
    let mut copy = engine.clone();
    for _ in 0..ROUNDS {
        bytes.clear();
        let round = [
            nanoseconds(|| copy.clone_from(engine)),
            nanoseconds(|| snapshot(engine, warm.mark, &mut bytes)),
            nanoseconds(|| {
                black_box(digest(engine));
            }),
            nanoseconds(|| {
                let restored = restore(&bytes, engine.instrument());
                black_box(restored.expect("a whole snapshot"));
            }),
        ];
        for (times, time) in times.iter_mut().zip(round) {
            times.push(time / 1e6);
        }
    }
    let [copied, taken, digested, restored] = times.map(median);
    println!(
        "{:<12}{:>9}{:>12}{copied:>10.2}{taken:>12.2}{digested:>10.2}{restored:>12.2}{:>14.2}{:>14.2}",
        warm.flow.name,
        engine.book().len(),
        bytes.len(),
        bytes.len() as f64 / taken / 1e6,
        bytes.len() as f64 / restored / 1e6,
    );
}

fn print_flow(warm: &Warm) {
    let commands = warm.flow.timed.len() as f64;
    let mut times = run::ALL.map(|_| Vec::new());
    let (mut verifying, mut sealing) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (times, (_, run)) in times.iter_mut().zip(run::ALL) {
            times.push(run(warm).as_nanos() as f64 / commands);
        }
        verifying.push(warm.sealed.len() as f64 / nanoseconds(|| verified(warm)));
        sealing.push(warm.journal.len() as f64 / nanoseconds(|| seal(warm)));
    }
    let [apply, append, grouped, sealed, replay] = times.map(median);
    print!(
        "{:<12}{apply:>7.1}{append:>8.1}{grouped:>9.1}",
        warm.flow.name
    );
    print!("{sealed:>8.1}{replay:>8.1}");
    print!("{:>10.2}{:>11.2}", append / apply, grouped / apply);
    print!("{:>10.2}{:>12.2}", sealed / apply, apply / replay);
    let bytes = warm.journal.len() as f64 / commands;
    println!(
        "{:>9.2}{bytes:>8.1}{:>13.1}{:>11.1}",
        append / replay,
        median(verifying),
        median(sealing)
    );
}

fn verified(warm: &Warm) {
    let start = Start::After(warm.mark);
    let verified = verify(&warm.sealed, start, Some(Sealer::new())).expect("an undamaged journal");
    assert_eq!(verified.entries, warm.flow.timed.len() as u64);
    assert_eq!(verified.sealed, verified.mark.sequence);
}

/// Seals the journal in pieces of whole frames of nearly a segment each.
fn seal(warm: &Warm) {
    let mut sealer = Sealer::new();
    let mut seal = [0; Sealer::SEAL_BYTES];
    let mut rest = warm.journal.as_slice();
    while !rest.is_empty() {
        let (block, after) = rest.split_at(block_bytes(rest));
        black_box(sealer.close(block, &mut seal).expect("a block to seal"));
        rest = after;
    }
}

/// Bytes of the whole frames that fit a segment.
fn block_bytes(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(first) = bytes[end..].first_chunk::<4>() {
        let next = end + u32::from_le_bytes(*first) as usize * 8;
        if next > SEGMENT {
            break;
        }
        end = next;
    }
    end
}

fn nanoseconds(work: impl FnOnce()) -> f64 {
    time(work).as_nanos() as f64
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
