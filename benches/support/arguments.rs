//! What a benchmark is asked for on its command line.

/// The arguments, without the program's name.
pub struct Arguments(Vec<String>);

impl Arguments {
    /// Those of this process.
    pub fn read() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Whether this one was given.
    pub fn has(&self, wanted: &str) -> bool {
        self.0.iter().any(|argument| argument == wanted)
    }

    /// Whether to run once, small. As criterion decides: cargo gives `--bench` when it benchmarks, but not when it tests.
    pub fn is_test(&self) -> bool {
        self.has("--test") || !self.has("--bench")
    }

    /// Those that are no options: the names of what to run.
    pub fn names(&self) -> Vec<String> {
        let names = self.0.iter().filter(|argument| !argument.starts_with('-'));
        names.cloned().collect()
    }
}
