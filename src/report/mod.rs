//! Reports: an assessment as bytes, one file for each format and each screen.
//!
//! [`v1`] is the frozen shape of the JSON; `table`, `small`, `card`, `map` and [`census`] are the
//! screens; `csv` and `markdown` are for spreadsheets and for people who were not there. Nothing
//! here judges, opens a file or knows what a log looks like, and nothing that a reader chooses (width,
//! colour, named channels) changes a number. Text that came from an input file passes through
//! [`crate::text::clean`] or the escaping of its format.

mod card;
pub mod census;
pub mod check;
mod csv;
mod figures;
mod firm;
mod grid;
mod handovers;
mod heat;
pub mod journeys;
mod json;
mod map;
mod markdown;
mod people;
mod phrase;
mod plan;
mod plot;
mod small;
pub mod staff;
mod style;
mod table;
pub mod v1;

#[cfg(test)]
mod tests;

use std::path::Path;

use crate::assess::Assessment;
use crate::criteria::{Criteria, Language};
use crate::inventory::{ChannelIx, Inventory};
use crate::measure::Facts;
use crate::measure::counted::Counted;

pub use style::Look;

/// How an assessment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Screens for a terminal.
    Table,
    /// JSON for other programs (`chanfolio schema` describes it).
    Json,
    /// A table for spreadsheets.
    Csv,
    /// A report with a slide for each candidate.
    Markdown,
}

impl Format {
    /// The format that the ending of a file name stands for.
    ///
    /// # Errors
    /// The ending is not known; says which are.
    pub fn of_file(path: &Path) -> anyhow::Result<Self> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some("md") => Ok(Self::Markdown),
            Some("txt") => Ok(Self::Table),
            _ => anyhow::bail!(
                "the format of {} cannot be told from its ending; known are .json, .csv, .md and .txt",
                crate::text::clean(&path.display().to_string())
            ),
        }
    }
}

/// Everything that a report may show.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// The facts behind the assessment, with inventory and criteria.
    pub facts: &'a Facts<'a>,
    /// The census in figures; `None` without logs.
    pub counted: Option<&'a Counted>,
    /// What is thought.
    pub assessment: &'a Assessment,
    /// Channels that were asked for by name; empty: all. A filter of what is shown, nothing else.
    pub named: &'a [ChannelIx],
    /// Language of the words that stand in the criteria.
    pub language: Language,
}

impl<'a> Document<'a> {
    fn inventory(&self) -> &'a Inventory {
        self.facts.inventory
    }

    fn criteria(&self) -> &'a Criteria {
        self.facts.criteria
    }

    fn shows(&self, channel: ChannelIx) -> bool {
        self.named.is_empty() || self.named.contains(&channel)
    }
}

/// Writes a document in one format.
///
/// # Errors
/// It cannot be serialised.
pub fn render(document: &Document<'_>, format: Format, look: Look) -> anyhow::Result<String> {
    match format {
        Format::Json => json::render(document),
        Format::Csv => csv::render(document),
        Format::Markdown => Ok(markdown::render(document)),
        Format::Table if !document.named.is_empty() => Ok(look.signs(card::screen(document, look))),
        Format::Table if document.counted.is_none() => Ok(look.signs(small::screen(document, look))),
        Format::Table => Ok(look.signs(table::screen(document, look))),
    }
}
