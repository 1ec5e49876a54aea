//! Conformance scenarios as data: `tests/vectors/*.jsonl`, one scenario a line.
//!
//! `PRICETIME_VECTORS=DIR cargo test --test vectors` runs the files of another
//! folder as well.

use std::io::Write;
use std::path::{Path, PathBuf};

#[path = "vectors_runner/amend_words.rs"]
mod amend_words;
#[path = "vectors_runner/canary.rs"]
mod canary;
#[path = "vectors_runner/canary_lists.rs"]
mod canary_lists;
#[path = "vectors_runner/cancel_replace.rs"]
mod cancel_replace;
#[path = "vectors_runner/changes.rs"]
mod changes;
#[path = "vectors_runner/conventions.rs"]
mod conventions;
#[path = "vectors_runner/entry.rs"]
mod entry;
#[path = "vectors_runner/expect.rs"]
mod expect;
#[path = "vectors_runner/expect_book.rs"]
mod expect_book;
#[path = "vectors_runner/expect_lists.rs"]
mod expect_lists;
#[path = "vectors_runner/expect_orders.rs"]
mod expect_orders;
#[path = "vectors_runner/expect_prevented.rs"]
mod expect_prevented;
#[path = "vectors_runner/expect_status.rs"]
mod expect_status;
#[path = "vectors_runner/expect_trades.rs"]
mod expect_trades;
#[path = "vectors_runner/expect_waiting.rs"]
mod expect_waiting;
#[path = "vectors_runner/features.rs"]
mod features;
#[path = "vectors_runner/filters.rs"]
mod filters;
#[path = "vectors_runner/instrument.rs"]
mod instrument;
#[path = "vectors_runner/kinds.rs"]
mod kinds;
#[path = "vectors_runner/ledger.rs"]
mod ledger;
#[path = "vectors_runner/list_words.rs"]
mod list_words;
#[path = "vectors_runner/lists.rs"]
mod lists;
#[path = "vectors_runner/pegs.rs"]
mod pegs;
#[path = "vectors_runner/readings.rs"]
mod readings;
#[path = "vectors_runner/reasons.rs"]
mod reasons;
#[path = "vectors_runner/report.rs"]
mod report;
#[path = "vectors_runner/run.rs"]
mod run;
#[path = "vectors_runner/scenario.rs"]
mod scenario;
#[path = "vectors_runner/skips.rs"]
mod skips;
#[path = "vectors_runner/stops.rs"]
mod stops;
#[path = "vectors_runner/terms.rs"]
mod terms;
#[path = "vectors_runner/trigger_words.rs"]
mod trigger_words;
#[path = "vectors_runner/triggers.rs"]
mod triggers;

/// What our own folder comes to: file, scenarios run, scenarios skipped. A line
/// that is added or silently dropped shows here.
const FILES: &[(&str, usize, usize)] = &[
    ("binance_docs.jsonl", 20, 4),
    ("bnb_auction_tables.jsonl", 0, 10),
    ("bugs.jsonl", 83, 0),
    ("cme_docs.jsonl", 0, 3),
    ("cme_globex_replica.jsonl", 3, 5),
    ("cpptrader.jsonl", 4, 2),
    ("exchange_core.jsonl", 18, 0),
    ("flash1_conformance.jsonl", 17, 0),
    ("geseq.jsonl", 6, 0),
    ("intrepidkarthi_unit.jsonl", 12, 2),
    ("liquibook.jsonl", 41, 2),
    ("orderbook_rs_stp.jsonl", 6, 0),
    ("parity.jsonl", 15, 0),
    ("quantcup.jsonl", 12, 0),
    ("systematicmethods_features.jsonl", 17, 0),
    ("tsx_guide.jsonl", 4, 3),
    ("venue_rules.jsonl", 135, 0),
    ("xetra_model_examples.jsonl", 4, 11),
];

/// What the skipped scenarios of our own folder wait for.
const WAITING: &[(&str, usize)] = &[
    ("auction", 17),
    ("hidden order that must improve on the quote", 1),
    ("implied liquidity", 1),
    ("matching switched off", 1),
    ("pro-rata", 9),
    ("resting market orders", 8),
    ("smart order routing", 4),
    ("stop that fires while there is no price", 1),
];

/// Which scenarios of our own folder pass in another than the usual reading of what they leave open.
const READ_AS: &[(&str, usize)] = &[
    ("resting_market waits", 3),
    ("trigger best opposite", 1),
    ("unfilled rejected", 2),
];

#[test]
fn every_scenario_that_the_engine_can_express_comes_out_as_its_source_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let report = report::folder(&folder, false);
    show(&folder, &report);
    assert!(
        report.failures.is_empty(),
        "\n{}",
        report.failures.join("\n")
    );
    let files = report
        .files
        .iter()
        .map(|(file, (run, skipped))| (file.as_str(), *run, *skipped));
    assert_eq!(files.collect::<Vec<_>>(), FILES);
    let waiting = report
        .skipped
        .iter()
        .map(|(feature, count)| (feature.as_str(), *count));
    assert_eq!(waiting.collect::<Vec<_>>(), WAITING);
    let read_as = report.read_as.iter();
    let read_as = read_as.map(|(reading, count)| (reading.as_str(), *count));
    assert_eq!(read_as.collect::<Vec<_>>(), READ_AS);
}

#[test]
fn plain_orders_do_the_same_by_the_door_of_orders_with_terms() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let [plain, spelled_out] = [false, true].map(|spells| report::folder(&folder, spells));
    assert_eq!(spelled_out.failures, plain.failures);
    assert_eq!(spelled_out.files, plain.files);
    assert_eq!(spelled_out.read_as, plain.read_as);
}

#[test]
fn every_scenario_of_another_folder_comes_out_as_its_source_says() {
    let Some(folder) = std::env::var_os("PRICETIME_VECTORS").map(PathBuf::from) else {
        return;
    };
    let report = report::folder(&folder, false);
    show(&folder, &report);
    assert!(
        report.failures.is_empty(),
        "\n{}",
        report.failures.join("\n")
    );
}

/// Past the capture of passing tests: what is skipped must be seen.
fn show(folder: &Path, report: &report::Report) {
    let text = format!("\n{}: {}", folder.display(), report.table());
    let written = std::io::stdout().write_all(text.as_bytes());
    written.expect("standard output takes the table");
}
