//! A check as bytes: one file for each format that people and continuous integration read.
//!
//! The formats differ in shape alone: the same findings, the same places, the same outcome. What could not
//! run is told in each of them, so that no reader takes an empty list for a pass. Text from input files is
//! escaped as each format needs. Nothing here decides what fails.

mod github;
mod human;
mod json;
mod junit;
mod list;
mod sarif;

use std::path::Path;

use crate::check::{Check, Entry};
use crate::criteria::{Criteria, FindingKind, Language};
use crate::inventory::Inventory;
use crate::text::diagnostic::Diagnostic;

pub use json::json_schema;
pub use list::list;

/// How a check is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: each finding with its source line and what to do.
    #[value(alias = "table")]
    Human,
    /// JSON for other programs (`chanfolio schema check` describes it).
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
    /// JUnit XML, as GitLab and others read it.
    Junit,
}

impl Format {
    /// The format that the ending of a file name stands for.
    ///
    /// # Errors
    /// The ending is not known; says which are.
    pub fn of_file(path: &Path) -> anyhow::Result<Self> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("sarif") => Ok(Self::Sarif),
            Some("json") => Ok(Self::Json),
            Some("xml") => Ok(Self::Junit),
            Some("txt") => Ok(Self::Human),
            _ => anyhow::bail!(
                "the format of {} cannot be told from its ending; known are .sarif, .json, .xml (JUnit) and .txt",
                crate::text::clean(&path.display().to_string())
            ),
        }
    }
}

/// Everything that a report of a check may show.
pub struct Document<'a> {
    /// One for each inventory, in the order given.
    pub parts: &'a [Part],
    /// The words of the rules; `None` where the criteria could not be read.
    pub criteria: Option<&'a Criteria>,
    /// A file's path from the top of its repository, `/` between its parts.
    pub path_of: &'a dyn Fn(&str) -> String,
}

/// What came of one inventory.
#[derive(Debug)]
pub struct Part {
    /// The inventory file as it was named.
    pub file: String,
    /// Its inventory, where it could be read.
    pub inventory: Option<Inventory>,
    /// Mistakes in it (or in the criteria): warnings where it was checked, errors among them where not.
    pub diagnostics: Vec<Diagnostic>,
    /// The check, where it ran.
    pub check: Option<Check>,
    /// Why it could not run.
    pub because: Option<String>,
}

impl Part {
    /// Of a file of which nothing is known yet.
    #[must_use]
    pub fn new(file: String) -> Self {
        Self { file, inventory: None, diagnostics: Vec::new(), check: None, because: None }
    }

    fn entries(&self) -> &[Entry] {
        self.check.as_ref().map_or(&[], |check| &check.entries)
    }

    /// The check with its inventory, where it ran.
    fn ran(&self) -> Option<(&Check, &Inventory)> {
        self.check.as_ref().zip(self.inventory.as_ref())
    }

    fn outcome(&self) -> Outcome {
        match &self.check {
            Some(check) if check.passed() => Outcome::Passed,
            Some(_) => Outcome::Failed,
            None => Outcome::CouldNotRun,
        }
    }

    /// Why it could not run, in words.
    fn because(&self) -> &str {
        self.because.as_deref().unwrap_or("it was not checked")
    }
}

/// What came out of a check, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing fails.
    Passed,
    /// Something fails.
    Failed,
    /// It could not run.
    CouldNotRun,
}

impl Outcome {
    /// Its word in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::CouldNotRun => "could-not-run",
        }
    }
}

impl Document<'_> {
    /// The worst of all parts.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.parts.iter().map(Part::outcome).max().unwrap_or(Outcome::CouldNotRun)
    }

    fn kind(&self, code: &str) -> Option<&FindingKind> {
        self.criteria.and_then(|criteria| criteria.finding(code))
    }

    /// What to do about a finding.
    fn remedy(&self, code: &str) -> Option<&str> {
        self.kind(code).map(|kind| kind.remedy.get(Language::English))
    }
}

/// What stays the same for a finding from one check to the next, wherever its line moves: file, code,
/// subject, and a number where there are several.
fn fingerprints(file: &str, entries: &[Entry]) -> Vec<String> {
    let mut seen = std::collections::BTreeMap::<(&str, &str), usize>::new();
    entries
        .iter()
        .map(|entry| {
            let (code, subject) = (entry.finding.code.as_str(), entry.finding.subject.as_str());
            let nth = seen.entry((code, subject)).or_default();
            *nth += 1;
            format!("{file}#{code}/{subject}:{nth}")
        })
        .collect()
}

/// Writes a check in one format.
///
/// # Errors
/// It cannot be serialised.
pub fn render(document: &Document<'_>, format: Format, look: super::Look) -> anyhow::Result<String> {
    match format {
        Format::Human => Ok(human::render(document, look)),
        Format::Json => json::render(document),
        Format::Github => Ok(github::render(document)),
        Format::Sarif => sarif::render(document),
        Format::Junit => junit::render(document),
    }
}
