//! A small language for running the program in-process: arguments in, bytes and exit code out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chanfolio::cli::Terminal;

/// One run being put together.
#[must_use]
pub(crate) struct Run {
    args: Vec<String>,
    width: usize,
}

/// What a run gave back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Starts a run with whitespace-separated arguments.
pub(crate) fn chanfolio(args: &str) -> Run {
    Run { args: args.split_whitespace().map(str::to_owned).collect(), width: 100 }
}

impl Run {
    /// One more argument, taken as it is.
    pub(crate) fn arg(mut self, arg: impl AsRef<Path>) -> Self {
        self.args.push(arg.as_ref().display().to_string());
        self
    }

    /// More arguments, separated by white space.
    pub(crate) fn args(mut self, args: &str) -> Self {
        self.args.extend(args.split_whitespace().map(str::to_owned));
        self
    }

    /// At this width.
    pub(crate) fn width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// Runs it.
    pub(crate) fn run(self) -> Answer {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let args = std::iter::once("chanfolio".to_owned()).chain(self.args).map(Into::into);
        let code = chanfolio::cli::run(args, &Terminal::none(self.width), &mut stdout, &mut stderr);
        Answer {
            code,
            stdout: String::from_utf8(stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(stderr).expect("messages are UTF-8"),
        }
    }

    /// Runs it and expects it to be done.
    #[track_caller]
    pub(crate) fn done(self) -> Answer {
        let args = self.args.join(" ");
        let answer = self.run();
        assert_eq!(answer.code, 0, "chanfolio {args}\n{}\n{}", answer.stderr, answer.stdout);
        answer
    }

    /// Runs it and expects that it could not run.
    #[track_caller]
    pub(crate) fn refused(self) -> Answer {
        let args = self.args.join(" ");
        let answer = self.run();
        assert_eq!(answer.code, 2, "chanfolio {args}\n{}\n{}", answer.stderr, answer.stdout);
        answer
    }
}

/// A folder with these files, gone when it is dropped.
pub(crate) fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("the file is written");
    }
    folder
}

/// A file of this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A census file read without the program's own reader: one map of column to text for each row.
pub(crate) fn read_census(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the census file opens");
    reader.deserialize().map(|row| row.expect("a census row is a record")).collect()
}

/// Sum of one column over the rows of a facet and channel.
pub(crate) fn sum(rows: &[BTreeMap<String, String>], facet: &str, channel: &str, column: &str) -> i64 {
    rows.iter()
        .filter(|row| row["facet"] == facet && row["channel"] == channel)
        .map(|row| row[column].parse::<i64>().expect("a sum is an integer"))
        .sum()
}
