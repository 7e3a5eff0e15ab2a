//! What every command opens first: criteria, inventory, logs or census files.
//!
//! Mistakes that a user can mend are shown here, all of them at once, and yield `None`: the command
//! then ends with the exit code for "could not run".

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::civil::Date;

use super::progress::Bar;
use crate::census::fold::Options;
use crate::census::scan::{Request, Scan, Watch};
use crate::census::{self, Census, Facets};
use crate::cli::{Color, Input, Output, Session};
use crate::criteria::{self, Criteria};
use crate::inventory::{self, Inventory};
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::render::render;
use crate::text::source::Source;
use crate::text::{clean, clean_lines};

/// The built-in criteria, or those of a folder.
///
/// # Errors
/// The folder cannot be read.
pub fn criteria(folder: Option<&Path>, session: &mut Session<'_>) -> anyhow::Result<Option<Criteria>> {
    match read_criteria(folder)? {
        Ok(criteria) => Ok(Some(criteria)),
        Err(diagnostics) => {
            show(&diagnostics, Color::Auto, session)?;
            Ok(None)
        }
    }
}

/// The built-in criteria, or those of a folder, or what is wrong with them.
///
/// # Errors
/// The folder cannot be read.
pub fn read_criteria(folder: Option<&Path>) -> anyhow::Result<Result<Criteria, Vec<Diagnostic>>> {
    match folder {
        None => Ok(criteria::load::embedded()),
        Some(folder) => criteria::load::from_dir(folder),
    }
}

/// The inventory of a file; what is wrong with it is shown.
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
    let (inventory, mut diagnostics) = read_inventory(path, criteria)?;
    if quiet && inventory.is_some() {
        diagnostics.retain(|d| d.severity == Severity::Error);
    }
    show(&diagnostics, color, session)?;
    Ok(inventory)
}

/// The inventory of a file and everything that is wrong with it; no inventory where an error is.
///
/// # Errors
/// The file cannot be read, or is not UTF-8.
pub fn read_inventory(
    path: &Path,
    criteria: &Criteria,
) -> anyhow::Result<(Option<Inventory>, Vec<Diagnostic>)> {
    let text = read_text(path, INVENTORY)?;
    let source = Source::new(path.display().to_string(), text);
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
    let indicators: Vec<&str> =
        criteria.criteria.iter().flat_map(|c| c.indicators.iter().map(|i| i.id.as_str())).collect();
    let findings: Vec<&str> = criteria.findings.iter().map(|f| f.code.as_str()).collect();
    Ok(inventory::lower::lower(&source, folder, &criteria.kinds, &indicators, &findings))
}

/// A whole file; `None` where it holds more than so many bytes.
///
/// # Errors
/// It cannot be opened or read.
pub fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    within(File::open(path)?, most)
}

/// All bytes, where there are no more than `most`.
fn within(from: impl io::Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(u64::try_from(bytes.len()).is_ok_and(|n| n <= most).then_some(bytes))
}

/// What an inventory is called in errors.
const INVENTORY: &str = "inventory";

/// The largest text that is read whole; the tree of an inventory has a budget of its own below this.
const MAX_TEXT: u64 = 64 << 20;

/// The whole text of a file; `what` names it in errors.
pub(super) fn read_text(path: &Path, what: &str) -> anyhow::Result<String> {
    let name = clean(&path.display().to_string());
    if path.is_dir() && what == INVENTORY {
        anyhow::bail!(
            "{name} is a folder; name the inventory file in it, e.g. {}",
            clean(&path.join("inventory.yaml").display().to_string())
        );
    }
    text_of(read(path, MAX_TEXT), what, &name)
}

/// The whole text of standard input; `what` names it in errors.
pub(super) fn read_text_from_standard_input(what: &str) -> anyhow::Result<String> {
    text_of(within(io::stdin().lock(), MAX_TEXT), what, "on standard input")
}

fn text_of(bytes: io::Result<Option<Vec<u8>>>, what: &str, name: &str) -> anyhow::Result<String> {
    let bytes = bytes.with_context(|| format!("the {what} {name} could not be read"))?;
    let Some(bytes) = bytes else { anyhow::bail!("{name} is larger than 64 MiB and no {what}") };
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        anyhow::anyhow!("the {what} {name} is not UTF-8 text (line {line}); save it as UTF-8")
    })
}

/// `--from` and `--to` choose rows of logs; a census has none left to choose from.
///
/// # Errors
/// Both were given.
pub fn refuse_period_of_census(input: &Input) -> anyhow::Result<()> {
    if !input.census.is_empty() && (input.from.is_some() || input.to.is_some()) {
        anyhow::bail!(
            "--from and --to choose rows of logs, and a census holds only their sums; make the census of that \
             period first: chanfolio census INVENTORY --from … --to … -o census.csv"
        );
    }
    Ok(())
}

/// No file to write may be one that is read, nor be named twice.
///
/// # Errors
/// The file that would be lost.
pub fn refuse_overwriting(
    path: &Path,
    inventory: &Inventory,
    input: &Input,
    out: &Output,
) -> anyhow::Result<()> {
    let written: Vec<&Path> = out.output.iter().chain(&input.rejects).map(PathBuf::as_path).collect();
    if written.is_empty() {
        return Ok(());
    }
    super::output::refuse_overwriting(&written, &files_read(path, inventory, input))
}

/// Every file that is read for an inventory.
#[must_use]
pub fn files_read(path: &Path, inventory: &Inventory, input: &Input) -> Vec<PathBuf> {
    let mut read = vec![path.to_path_buf()];
    read.extend(input.census.iter().cloned());
    if input.census.is_empty() {
        // A log that is not there is told when the logs are read.
        let logs = crate::usage::source::resolve(inventory, &input.usage).unwrap_or_default();
        read.extend(logs.into_iter().map(|log| log.path));
    }
    read
}

/// How much is said on standard error while logs are read.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// Nothing but errors.
    pub quiet: bool,
    /// What was taken from each file.
    pub verbose: bool,
}

impl From<&Output> for Said {
    fn from(out: &Output) -> Self {
        Self { quiet: out.quiet, verbose: out.verbose > 0 }
    }
}

/// These facets of the census: of the files given, else of the logs. `None` where there is neither.
///
/// # Errors
/// A file cannot be read; a census was not made for this inventory or does not hold these facets; a log is no
/// contact log.
pub fn census(
    facets: Facets,
    inventory: &Inventory,
    criteria: &Criteria,
    input: &Input,
    said: Said,
    at: Date,
    session: &mut Session<'_>,
) -> anyhow::Result<Option<Census>> {
    if !input.census.is_empty() {
        return census_files(facets, inventory, criteria, &input.census).map(Some);
    }
    if inventory.usage.is_empty() && input.usage.is_empty() {
        return Ok(None);
    }
    let request = Request {
        usage: input.usage.clone(),
        options: Options { from: input.from, to: input.to, memory: input.memory, facets },
        rejects: input.rejects.clone(),
        max_rejects: input.max_rejects.unwrap_or_else(|| criteria.defaults.number("max_rejects")),
        at: Some(at),
        threads: input.threads.map(usize::from),
        block_bytes: None,
    };
    let bar = Bar::on(session.terminal.stderr && !said.quiet);
    let watch: &dyn Watch = bar.as_ref().map_or(&(), |bar| bar);
    let scan = census::scan::scan(inventory, criteria, &request, watch);
    drop(bar);
    let scan = scan?;
    // What cannot be told does not keep the census from being made.
    let _ = tell(&scan, said, session);
    Ok(scan.census)
}

fn census_files(
    facets: Facets,
    inventory: &Inventory,
    criteria: &Criteria,
    paths: &[PathBuf],
) -> anyhow::Result<Census> {
    let mut parts = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.display().to_string();
        let bytes = read_census(path)?;
        let part = Census::from_csv(&name, &bytes)?;
        part.require(&name, facets)?;
        part.check_against(&name, inventory, criteria)?;
        parts.push((name, part.only(facets)));
    }
    match parts.len() {
        1 => Ok(parts.swap_remove(0).1),
        _ => Census::merge(parts),
    }
}

/// The largest census file that is read at all: a million cells and more.
const MAX_CENSUS: u64 = 1 << 30;

fn read_census(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = clean(&path.display().to_string());
    let bytes = read(path, MAX_CENSUS).with_context(|| format!("the census {name} could not be read"))?;
    let Some(bytes) = bytes else {
        anyhow::bail!("{name} is larger than 1 GiB and no census; logs are read with --usage")
    };
    // A census is text that begins with its header: told before the rest is looked at.
    if bytes.contains(&0) {
        anyhow::bail!("{name} is no census: it holds NUL bytes; make it again with `chanfolio census`");
    }
    Ok(bytes)
}

/// How much of a rejected row is shown.
const SHOWN: usize = 120;

/// What the scan has to say, on standard error: warnings always, rejected rows unless quiet, notes on
/// what was taken from each file with `-v`.
fn tell(scan: &Scan, said: Said, session: &mut Session<'_>) -> anyhow::Result<()> {
    if said.quiet {
        return Ok(());
    }
    for warning in &scan.warnings {
        writeln!(session.stderr, "warning: {}", clean_lines(warning))?;
    }
    if said.verbose {
        for note in &scan.notes {
            writeln!(session.stderr, "note: {}", clean_lines(note))?;
        }
    }
    let rejects = &scan.rejects;
    if rejects.count > 0 {
        let (rows, were) = if rejects.count == 1 { ("row", "was") } else { ("rows", "were") };
        writeln!(session.stderr, "warning: {} {rows} could not be read and {were} left out", rejects.count)?;
        for rejected in &rejects.shown {
            let text: String = rejected.text.chars().take(SHOWN).collect();
            let (file, line) = (clean(&rejected.file), rejected.line);
            writeln!(session.stderr, "  {file}:{line}: {}: {}", rejected.cause, clean(&text))?;
        }
    }
    Ok(())
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
