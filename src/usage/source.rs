//! Log files: which ones, and their bytes. Opens files, globs, folders, `.gz`, `.zst` and standard
//! input; owns no format.

use std::path::{Path, PathBuf};

use crate::inventory::Inventory;

/// One log to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// The usage entry whose mapping it is read with; `None`: no entry, everything is recognised.
    pub entry: Option<usize>,
    /// Where it stands; `-` is standard input.
    pub path: PathBuf,
    /// The name shown to people: as given, or relative to the inventory.
    pub name: String,
}

/// Every log of the inventory in a stable order (entries in the order of the file, paths sorted
/// within one), or those named instead of them.
///
/// With `instead`, the mapping of the inventory's entry is kept where there is exactly one entry;
/// where there are several, the entry whose `path` names the same file, else none.
///
/// # Errors
/// A file, folder or glob that names nothing: all of them in one message, with what was looked for.
pub fn resolve(inventory: &Inventory, instead: &[PathBuf]) -> anyhow::Result<Vec<LogFile>> {
    let _ = (inventory, instead, Path::new(""));
    anyhow::bail!("to come")
}
