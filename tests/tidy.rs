//! Reads the source and holds it to the shape that `src/architecture.md` describes.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order data meets them: each may use those before it, and none after.
const ORDER: [&str; 10] = [
    "units",
    "order",
    "instrument",
    "command",
    "event",
    "view",
    "book",
    "engine",
    "journal",
    "shell",
];

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 60;

/// Words that stand for a concept that has another name here, as whole parts of an identifier.
const BANNED_WORDS: [(&str, &str); 7] = [
    ("utils", "what it is for"),
    ("common", "what it is for"),
    ("helper", "what it does"),
    ("manager", "what it does"),
    ("volume", "quantity"),
    ("amount_of", "quantity"),
    ("fn get_", "a plain noun"),
];

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<(PathBuf, String)> {
    let files = files(&root().join("src"), ".rs");
    assert!(files.len() > 15, "the source was not found");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file");
        (path, text)
    };
    files.into_iter().map(read).collect()
}

/// The part of a file that is not its tests and not a comment.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let tested = text.split("#[cfg(test)]").next().unwrap_or("");
    tested
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or("")))
}

fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).expect("a source");
    let first = inside.components().next().expect("a name").as_os_str();
    first.to_string_lossy().trim_end_matches(".rs").to_string()
}

/// The modules that a line uses by `crate::`.
fn used(line: &str) -> Vec<String> {
    let ends = |c: char| !(c.is_alphanumeric() || c == '_');
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.split(ends).next().unwrap_or("").to_string())
        .collect()
}

fn upward_imports(sources: &[(PathBuf, String)]) -> Vec<String> {
    let position = |name: &str| ORDER.iter().position(|module| *module == name);
    let mut wrong = Vec::new();
    for (path, text) in sources {
        let Some(own) = position(&module(path)) else {
            continue;
        };
        let mut in_docs_only = false;
        for (line, code) in code(text) {
            let imports = used(code);
            let upward = imports
                .iter()
                .any(|name| position(name).is_none_or(|other| other > own));
            if upward && !in_docs_only {
                wrong.push(format!("{}:{line}: {code}", path.display()));
            }
            in_docs_only = code.contains("#[cfg(doc)]");
        }
    }
    wrong
}

#[test]
fn imports_point_one_way() {
    assert_eq!(upward_imports(&sources()), Vec::<String>::new());
}

#[test]
fn an_import_against_the_order_is_noticed() {
    let path = root().join("src/book.rs");
    let text = "use crate::units::Price;\nuse crate::engine::Engine;\n".to_string();
    assert_eq!(upward_imports(&[(path, text)]).len(), 1);
}

#[test]
fn every_module_has_its_place_in_the_order() {
    for (path, _) in sources() {
        let module = module(&path);
        assert!(
            module == "lib" || ORDER.contains(&module.as_str()),
            "{module}"
        );
    }
    let front = fs::read_to_string(root().join("src/lib.rs")).expect("the front page");
    let listed: Vec<_> = front
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(
        listed, ORDER,
        "lib.rs lists the modules in the order data meets them"
    );
}

#[test]
fn files_are_short() {
    for folder in ["src", "tests", "benches", "examples"] {
        for path in files(&root().join(folder), ".rs") {
            let lines = fs::read_to_string(&path).expect("a file").lines().count();
            assert!(
                lines <= FILE_LINES_MAX,
                "{} has {lines} lines",
                path.display()
            );
        }
    }
}

/// The functions of a formatted file with their lengths in lines, signature and braces included.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        let is_function = [
            "fn ",
            "pub fn ",
            "pub(crate) fn ",
            "pub(super) fn ",
            "const fn ",
            "pub const fn ",
        ]
        .iter()
        .any(|head| start.starts_with(head));
        if !is_function || line.trim_end().ends_with([';', '}']) {
            continue;
        }
        let indent = &line[..line.len() - start.len()];
        let end = format!("{indent}}}");
        let length = lines[index..].iter().position(|line| *line == end);
        found.push((index + 1, length.map_or(0, |length| length + 1)));
    }
    found
}

#[test]
fn functions_fit_a_screen() {
    let mut counted = 0;
    for folder in ["src", "tests", "benches", "examples"] {
        for path in files(&root().join(folder), ".rs") {
            let text = fs::read_to_string(&path).expect("a file");
            for (line, length) in functions(&text) {
                counted += 1;
                let at = format!("{}:{line}", path.display());
                assert!(length > 0, "{at}: the end was not found");
                assert!(length <= FUNCTION_LINES_MAX, "{at}: {length} lines");
            }
        }
    }
    assert!(counted > 300, "only {counted} functions were found");
}

#[test]
fn a_long_function_is_noticed() {
    let body = "    let _ = 1;\n".repeat(70);
    assert_eq!(functions(&format!("fn long() {{\n{body}}}\n")), [(1, 72)]);
}

#[test]
fn one_word_stands_for_one_concept() {
    for (path, text) in sources() {
        for (line, code) in code(&text) {
            // Others name their crates as they like.
            let code = code.replace("crossbeam_utils", "");
            for (word, instead) in BANNED_WORDS {
                let at = format!("{}:{line}", path.display());
                assert!(!code.contains(word), "{at}: `{word}`: name {instead}");
            }
        }
    }
}

#[test]
fn nothing_inside_the_core_depends_on_the_machine() {
    let outside = [
        "f32",
        "f64",
        "std::time",
        "std::thread",
        "std::sync",
        "crossbeam",
        "std::fs",
        "std::io",
        "std::net",
        "unsafe ",
    ];
    // Threads, and what they share, are the shell's and nobody else's.
    let of_shell = ["std::time", "std::thread", "std::sync", "crossbeam"];
    for (path, text) in sources() {
        let is_shell = module(&path) == "shell";
        for (line, code) in code(&text) {
            for word in outside {
                let is_allowed = is_shell && of_shell.contains(&word);
                let is_there = code.contains(word) && !is_allowed;
                assert!(!is_there, "{}:{line}: `{word}`", path.display());
            }
            let decimals = code.contains("rust_decimal") && module(&path) != "units";
            assert!(
                !decimals,
                "{}:{line}: decimals belong in units",
                path.display()
            );
        }
    }
}

#[test]
fn no_page_is_half_filled() {
    for folder in ["src", "tests"] {
        for path in files(&root().join(folder), ".md") {
            let text = fs::read_to_string(&path).expect("a page");
            assert!(!text.contains("@@"), "{} has a gap", path.display());
        }
    }
    let front = fs::read_to_string(root().join("README.md")).expect("the front page");
    assert!(!front.contains("@@"), "the front page has a gap");
}

#[test]
fn unsafe_code_is_forbidden_for_the_whole_crate() {
    let front = fs::read_to_string(root().join("src/lib.rs")).expect("the front page");
    assert!(front.contains("#![forbid(unsafe_code)]"));
}

#[test]
fn every_guarantee_of_the_shell_names_a_test_that_is_there() {
    let text = fs::read_to_string(root().join("src/shell.rs")).expect("the shell");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("//! | [`") || line.starts_with("//! | the same"));
    let tests = files(&root().join("tests"), ".rs");
    let tests: String = tests
        .iter()
        .map(|path| fs::read_to_string(path).expect("a test"))
        .collect();
    let mut guarantees = 0;
    for row in rows {
        let named = row.trim_end_matches(" |").rsplit('|').next();
        let named = named.expect("a column").trim().trim_matches('`');
        assert!(
            tests.contains(&format!("fn {named}()")),
            "no test is called {named}"
        );
        guarantees += 1;
    }
    assert_eq!(guarantees, 15);
}
