//! Lines of comma-separated fields, plain or gzip, each complaint with its file and line.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use flate2::read::MultiGzDecoder;

use crate::progress::Progress;

/// No line of these files comes near; a longer one is no line but another kind of file.
const LINE_MAX: u64 = 4096;

/// A file that cannot be used, and where in it the reason lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadInput {
    pub file: PathBuf,
    /// From 1; zero for the file as a whole.
    pub line: u64,
    pub reason: String,
}

impl fmt::Display for BadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        write!(f, " {}", self.reason)
    }
}

/// The fields of one line, in the order in which the reader asked for the columns.
pub struct Fields<'a> {
    columns: &'a [&'a str],
    values: Vec<&'a str>,
    /// The number of the line, from 1.
    pub line: u64,
}

impl<'a> Fields<'a> {
    /// The field of a column, which may be empty.
    pub fn text(&self, column: &str) -> &'a str {
        let index = self.columns.iter().position(|name| *name == column);
        self.values[index.expect("readers ask for the columns that they named")]
    }

    /// The field of a column that holds a whole number.
    pub fn number<T: FromStr>(&self, column: &str) -> Result<T, String> {
        let text = self.text(column);
        let number = text.parse();
        number.map_err(|_| format!("{column} is not a number in range: {text:?}"))
    }

    /// Refuses a field that the line has no use for.
    pub fn none(&self, column: &str, what: &str) -> Result<(), String> {
        if self.text(column).is_empty() {
            return Ok(());
        }
        Err(format!("{what} has no {column}"))
    }
}

/// Reads every line below the header with `take`.
pub fn read<T>(
    path: &Path,
    columns: &[&str],
    progress: &mut Progress,
    mut take: impl FnMut(&Fields) -> Result<T, String>,
) -> Result<Vec<T>, BadInput> {
    let mut lines = Lines::open(path)?;
    let Some(header) = lines.next()? else {
        return Err(lines.bad("the header is missing"));
    };
    let header = header.strip_prefix('\u{feff}').unwrap_or(header).to_owned();
    let order = order(&header, columns).map_err(|reason| lines.bad(&reason))?;
    let start = Instant::now();
    let mut rows = Vec::new();
    while let Some(line) = lines.next()? {
        let split: Vec<&str> = line.split(',').collect();
        let taken = if split.len() == order.len() {
            let values = order.iter().map(|index| split[*index]).collect();
            let line = rows.len() as u64 + 2;
            take(&Fields {
                columns,
                values,
                line,
            })
        } else {
            Err(format!(
                "expected {} fields, found {}",
                order.len(),
                split.len()
            ))
        };
        match taken {
            Ok(row) => rows.push(row),
            Err(reason) => return Err(lines.bad(&reason)),
        }
        progress.at(&path.display().to_string(), start, rows.len() as u64, None);
    }
    Ok(rows)
}

/// Of each column, where the header has it.
fn order(header: &str, columns: &[&str]) -> Result<Vec<usize>, String> {
    let names: Vec<&str> = header.split(',').collect();
    for (index, name) in names.iter().enumerate() {
        if !columns.contains(name) {
            return Err(format!("unknown column {name:?}"));
        }
        if names[..index].contains(name) {
            return Err(format!("column {name} twice"));
        }
    }
    let find = |column: &&str| {
        let index = names.iter().position(|name| name == column);
        index.ok_or_else(|| format!("column {column} is missing"))
    };
    columns.iter().map(find).collect()
}

/// The lines of a file, without their ends.
struct Lines {
    path: PathBuf,
    reader: Box<dyn BufRead>,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, BadInput> {
        let mut lines = Self {
            path: path.into(),
            reader: Box::new(std::io::empty()),
            line: Vec::new(),
            number: 0,
        };
        let cannot = |error| format!("cannot open: {error}");
        let file = File::open(path).map_err(|error| lines.bad(&cannot(error)))?;
        let mut plain = BufReader::with_capacity(1 << 16, file);
        let start = plain
            .fill_buf()
            .map_err(|error| lines.bad(&cannot(error)))?;
        lines.reader = if start.starts_with(&[0x1F, 0x8B]) {
            Box::new(BufReader::with_capacity(
                1 << 16,
                MultiGzDecoder::new(plain),
            ))
        } else {
            Box::new(plain)
        };
        Ok(lines)
    }

    fn next(&mut self) -> Result<Option<&str>, BadInput> {
        self.number += 1;
        self.line.clear();
        let mut bounded = self.reader.by_ref().take(LINE_MAX);
        let read = bounded.read_until(b'\n', &mut self.line);
        if let Err(error) = read {
            return Err(self.bad(&format!("cannot read: {error}")));
        }
        if self.line.is_empty() {
            return Ok(None);
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
        } else if self.line.len() as u64 == LINE_MAX {
            return Err(self.bad(&format!("longer than {LINE_MAX} bytes")));
        }
        if std::str::from_utf8(&self.line).is_err() {
            return Err(self.bad("not UTF-8"));
        }
        Ok(std::str::from_utf8(&self.line).ok())
    }

    fn bad(&self, reason: &str) -> BadInput {
        BadInput {
            file: self.path.clone(),
            line: self.number,
            reason: reason.into(),
        }
    }
}
