//! Running whole folders, and the table of what came of it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::conventions::readings;
use crate::run::{Outcome, run_as};
use crate::scenario::Scenario;

/// What came of a folder.
#[derive(Default)]
pub struct Report {
    /// Whether plain orders are entered as orders with terms, too.
    pub spells_out_terms: bool,
    /// Of each file: how many scenarios ran, and how many were skipped.
    pub files: BTreeMap<String, (usize, usize)>,
    /// How many scenarios wait for each feature.
    pub skipped: BTreeMap<String, usize>,
    /// How many passed only in another than the usual reading of what they leave open.
    pub read_as: BTreeMap<String, usize>,
    /// Every difference of every scenario that failed, with its place.
    pub failures: Vec<String>,
}

/// Runs every line of every `.jsonl` file of a folder, in the order of their names.
pub fn folder(path: &Path, spells_out_terms: bool) -> Report {
    let entries = std::fs::read_dir(path);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let mut paths: Vec<_> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    paths.sort();
    let mut report = Report {
        spells_out_terms,
        ..Report::default()
    };
    for path in paths {
        let file = path.file_name().expect("a listed file").to_string_lossy();
        let text = std::fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        report.file(&file, &text);
    }
    report
}

impl Report {
    pub fn file(&mut self, file: &str, text: &str) {
        let counts = self.files.entry(file.into()).or_default();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let place = format!("{file}:{}", number + 1);
            let (name, outcome) = match Scenario::parse(line) {
                Ok(scenario) => {
                    let (outcome, reading) = run_as(&scenario, self.spells_out_terms);
                    let usual = readings(&scenario).swap_remove(0);
                    for (key, word) in reading.into_iter().filter(|word| !usual.contains(word)) {
                        *self.read_as.entry(format!("{key} {word}")).or_default() += 1;
                    }
                    (scenario.name, outcome)
                }
                Err(reason) => (String::from("?"), Outcome::Failed(vec![reason])),
            };
            match outcome {
                Outcome::Passed => counts.0 += 1,
                Outcome::Skipped(feature) => {
                    counts.1 += 1;
                    *self.skipped.entry(feature).or_default() += 1;
                }
                Outcome::Failed(differences) => {
                    counts.0 += 1;
                    let told = differences
                        .iter()
                        .map(|difference| format!("\n    {difference}"));
                    self.failures
                        .push(format!("{place} {name}{}", told.collect::<String>()));
                }
            }
        }
    }

    pub fn table(&self) -> String {
        let counts = self.files.values();
        let (run, skipped) = counts.fold((0, 0), |sum, file| (sum.0 + file.0, sum.1 + file.1));
        let mut table = format!(
            "run {run}, skipped {skipped}, failed {}\n",
            self.failures.len()
        );
        for (file, (run, skipped)) in &self.files {
            table += &format!("{run:>7} run {skipped:>4} skipped  {file}\n");
        }
        for (reading, count) in &self.read_as {
            table += &format!("{count:>7} read as: {reading}\n");
        }
        for (feature, count) in &self.skipped {
            table += &format!("{count:>7} waiting for: {feature}\n");
        }
        table
    }
}
