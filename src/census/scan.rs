//! The log scan: files in, census out. The one place where reading and folding meet.

use std::path::PathBuf;

use crate::criteria::Criteria;
use crate::inventory::Inventory;

use super::Census;
use super::fold::{Options, Rejects};

/// What a scan of the logs gave.
pub struct Scan {
    /// The table; `None` where the inventory names no log and none was given.
    pub census: Option<Census>,
    /// Rejected rows.
    pub rejects: Rejects,
    /// What was taken from each file, in words.
    pub notes: Vec<String>,
    /// What deserves attention even without `-v`: skipped preamble lines, a column that was a guess,
    /// a log wholly after the date of the assessment.
    pub warnings: Vec<String>,
}

/// What to scan.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Logs to read instead of the inventory's.
    pub usage: Vec<PathBuf>,
    /// Which contacts count.
    pub options: Options,
    /// Where every rejected row goes (written whole at the end).
    pub rejects: Option<PathBuf>,
    /// Largest share of rejected rows.
    pub max_rejects: f64,
    /// Date of the assessment: a log wholly after it is refused.
    pub at: Option<jiff::civil::Date>,
}

/// Reads all logs.
///
/// # Errors
/// A log cannot be read, is no contact log, or more than `max_rejects` of its rows were rejected.
pub fn scan(inventory: &Inventory, criteria: &Criteria, request: &Request) -> anyhow::Result<Scan> {
    let _ = (inventory, criteria, request);
    anyhow::bail!("to come")
}
