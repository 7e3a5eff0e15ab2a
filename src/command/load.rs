//! What every command opens first: criteria, inventory, logs or census files.
//!
//! Mistakes that a user can mend are shown here, all of them at once, and yield `None`: the command
//! then ends with the exit code for "could not run".

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use crate::census::{self, Census};
use crate::cli::{Color, Input, Session};
use crate::criteria::{self, Criteria};
use crate::inventory::{self, Inventory};
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::render::render;
use crate::text::source::Source;
use crate::usage;

/// The built-in criteria, or those of a folder.
///
/// # Errors
/// The folder cannot be read.
pub fn criteria(folder: Option<&Path>, session: &mut Session<'_>) -> anyhow::Result<Option<Criteria>> {
    let loaded = match folder {
        None => criteria::load::embedded(),
        Some(folder) => criteria::load::from_dir(folder)?,
    };
    match loaded {
        Ok(criteria) => Ok(Some(criteria)),
        Err(diagnostics) => {
            show(&diagnostics, Color::Auto, session)?;
            Ok(None)
        }
    }
}

/// The inventory of a file.
///
/// # Errors
/// The file cannot be read, or is not UTF-8.
pub fn inventory(
    path: &Path,
    criteria: &Criteria,
    color: Color,
    quiet: bool,
    session: &mut Session<'_>,
) -> anyhow::Result<Option<Inventory>> {
    let text = read_text(path)?;
    let source = Source::new(path.display().to_string(), text);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
    let indicators: Vec<&str> =
        criteria.criteria.iter().flat_map(|c| c.indicators.iter().map(|i| i.id.as_str())).collect();
    let findings: Vec<&str> = criteria.findings.iter().map(|f| f.code.as_str()).collect();
    let (inventory, mut diagnostics) =
        inventory::lower::lower(&source, folder, &criteria.kinds, &indicators, &findings);
    if quiet && inventory.is_some() {
        diagnostics.retain(|d| d.severity == Severity::Error);
    }
    show(&diagnostics, color, session)?;
    Ok(inventory)
}

/// The largest inventory that is read at all; the tree has a budget of its own below this.
const MAX_INVENTORY: u64 = 64 << 20;

fn read_text(path: &Path) -> anyhow::Result<String> {
    use std::io::Read as _;
    let name = path.display();
    if path.is_dir() {
        anyhow::bail!("{name} is a folder; name the inventory file in it, e.g. {}", path.join("inventory.yaml").display());
    }
    let file = std::fs::File::open(path).with_context(|| format!("the inventory {name} could not be opened"))?;
    let mut bytes = Vec::new();
    file.take(MAX_INVENTORY).read_to_end(&mut bytes).with_context(|| format!("the inventory {name} could not be read"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        anyhow::anyhow!("the inventory {name} is not UTF-8 text (line {line}); save it as UTF-8")
    })
}

/// Shows diagnostics on standard error.
///
/// # Errors
/// Standard error cannot be written.
pub fn show(diagnostics: &[Diagnostic], color: Color, session: &mut Session<'_>) -> anyhow::Result<()> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let color = wants_color(color, session.terminal.stderr, session.terminal.no_color);
    session.stderr.write_all(render(diagnostics, color).as_bytes())?;
    Ok(())
}

/// Whether a stream gets colour.
#[must_use]
pub fn wants_color(color: Color, is_terminal: bool, no_color: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !no_color,
    }
}
