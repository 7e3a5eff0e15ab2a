//! `chanfolio check`: findings, waivers and baseline against the policy of the inventory; the exit code says
//! whether it passed.
//!
//! What keeps it from running is told on standard error as every command does, and in the format asked for
//! too: a reader of SARIF or JUnit must not take an empty list for a pass.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::load::{self, wants_color};
use super::output::{refuse_overwriting, write_whole};
use crate::assess::{self, Assessment};
use crate::check::baseline::Baseline;
use crate::check::{Check, check};
use crate::cli::{COULD_NOT_RUN, CheckArgs, DONE, FOUND, Session};
use crate::criteria::{Criteria, Language};
use crate::inventory::Inventory;
use crate::measure::Facts;
use crate::report::check::{Document, Format, Outcome, list, render};
use crate::report::{self, Look};
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::{clean, clean_lines};

/// Checks an inventory, or lists the rules.
///
/// # Errors
/// A file cannot be read or written, a log is no contact log, the baseline is no assessment.
pub fn run(args: &CheckArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    let Some(path) = &args.inventory else {
        let Some(criteria) = load::criteria(args.input.criteria.as_deref(), session)? else {
            return Ok(COULD_NOT_RUN);
        };
        session.stdout.write_all(list(&criteria, Language::English).as_bytes())?;
        return Ok(DONE);
    };
    let mut files: Vec<(&Path, Format)> = Vec::new();
    for path in &args.output {
        files.push((path, Format::of_file(path)?));
    }
    let answers = Answers { args, files };
    answers.refuse_overwriting(std::slice::from_ref(path))?;

    let mut read = Read::default();
    let ran = attempt(path, args, &answers, &mut read, session);
    match ran {
        Ok(Some(code)) => Ok(code),
        Ok(None) => {
            answers.could_not_run("the files have mistakes", path, &read, session)?;
            Ok(COULD_NOT_RUN)
        }
        Err(error) => {
            let because = error.chain().map(|cause| clean_lines(&cause.to_string())).collect::<Vec<_>>();
            answers.could_not_run(&because.join(": "), path, &read, session)?;
            Err(error)
        }
    }
}

/// What was read before it went on or stopped.
#[derive(Default)]
struct Read {
    criteria: Option<Criteria>,
    diagnostics: Vec<Diagnostic>,
}

/// Reads, assesses and checks; `None` where the criteria or the inventory have mistakes.
fn attempt(
    path: &Path,
    args: &CheckArgs,
    answers: &Answers<'_>,
    read: &mut Read,
    session: &mut Session<'_>,
) -> anyhow::Result<Option<u8>> {
    load::refuse_period_of_census(&args.input)?;
    match load::read_criteria(args.input.criteria.as_deref())? {
        Ok(criteria) => read.criteria = Some(criteria),
        Err(diagnostics) => {
            load::show(&diagnostics, args.color, session)?;
            read.diagnostics = diagnostics;
        }
    }
    let Some(criteria) = &read.criteria else { return Ok(None) };
    let (inventory, mut diagnostics) = load::read_inventory(path, criteria)?;
    if args.quiet && inventory.is_some() {
        diagnostics.retain(|d| d.severity == Severity::Error);
    }
    load::show(&diagnostics, args.color, session)?;
    read.diagnostics = diagnostics;
    let Some(inventory) = inventory else { return Ok(None) };
    answers.refuse_overwriting(&load::files_read(path, &inventory, &args.input))?;
    let (at, at_from) = super::assess::date(args.at, &inventory);
    let baseline = match &args.baseline {
        Some(file) if args.update_baseline && !file.exists() => None,
        Some(file) => Some(baseline(file, &inventory)?),
        None => None,
    };
    let census = if args.no_logs {
        None
    } else {
        let said = load::Said { quiet: args.quiet, verbose: args.verbose > 0 };
        load::census(&inventory, criteria, &args.input, said, at, session)?
    };
    let facts = Facts::gather(&inventory, criteria, census.as_ref(), at);
    let counted = facts.counted();
    let assessment = assess::assess(&facts, counted.as_ref(), at_from);
    let checked = check(&facts, counted.as_ref(), &assessment, baseline.as_ref());
    answers.write(&checked, &inventory, path, read, session)?;
    if !args.quiet {
        tell(&checked, session)?;
    }
    if let Some(file) = args.baseline.as_ref().filter(|_| args.update_baseline) {
        renew(file, &facts, counted.as_ref(), &assessment)?;
        if !args.quiet {
            let (name, n) = (clean(&file.display().to_string()), assessment.findings.len());
            let found = if n == 1 { "1 finding".to_owned() } else { format!("{n} findings") };
            writeln!(session.stderr, "note: {name} now holds this assessment, with {found}")?;
        }
        return Ok(Some(DONE));
    }
    Ok(Some(if checked.passed() { DONE } else { FOUND }))
}

/// The largest baseline that is read at all.
const MAX_BASELINE: u64 = 64 << 20;

fn baseline(path: &Path, inventory: &Inventory) -> anyhow::Result<Baseline> {
    use std::io::Read as _;
    let name = clean(&path.display().to_string());
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(MAX_BASELINE + 1).read_to_end(&mut bytes));
    read.with_context(|| format!("the baseline {name} could not be read (--update-baseline makes one)"))?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n > MAX_BASELINE) {
        bail!("{name} is larger than 64 MiB and no assessment");
    }
    Baseline::parse(&name, &bytes, inventory)
}

/// Writes this assessment as the next baseline: the same JSON that `assess` writes.
fn renew(
    path: &Path,
    facts: &Facts<'_>,
    counted: Option<&crate::measure::counted::Counted>,
    assessment: &Assessment,
) -> anyhow::Result<()> {
    let document = report::Document { facts, counted, assessment, named: &[], language: Language::English };
    let look = Look { width: 100, color: false, full: false };
    write_whole(path, report::render(&document, report::Format::Json, look)?.as_bytes())
}

/// Says on standard error which rules could not be asked.
fn tell(checked: &Check, session: &mut Session<'_>) -> anyhow::Result<()> {
    let mut reasons: Vec<(&str, bool)> = Vec::new();
    for rule in &checked.unasked {
        if !reasons.contains(&(rule.because, rule.partly)) {
            reasons.push((rule.because, rule.partly));
        }
    }
    for (because, partly) in reasons {
        let rules = checked.unasked.iter().filter(|r| (r.because, r.partly) == (because, partly));
        let codes: Vec<&str> = rules.map(|rule| rule.code.as_str()).collect();
        let what = if partly { "asked of the inventory alone" } else { "not asked" };
        writeln!(session.stderr, "note: {what}, since {because}: {}", codes.join(", "))?;
    }
    Ok(())
}

/// Where the answers of a check go.
struct Answers<'a> {
    args: &'a CheckArgs,
    files: Vec<(&'a Path, Format)>,
}

impl Answers<'_> {
    /// No file to write may be one that is read, or another one.
    fn refuse_overwriting(&self, read: &[PathBuf]) -> anyhow::Result<()> {
        let args = self.args;
        let written: Vec<&Path> =
            args.output.iter().chain(&args.input.rejects).map(PathBuf::as_path).collect();
        let read: Vec<PathBuf> =
            read.iter().chain(&args.baseline).chain(&args.input.census).cloned().collect();
        refuse_overwriting(&written, &read)
    }

    fn write(
        &self,
        checked: &Check,
        inventory: &Inventory,
        path: &Path,
        read: &Read,
        session: &mut Session<'_>,
    ) -> anyhow::Result<()> {
        self.put(Outcome::Ran(checked, inventory), path, read, session)
    }

    fn could_not_run(
        &self,
        because: &str,
        path: &Path,
        read: &Read,
        session: &mut Session<'_>,
    ) -> anyhow::Result<()> {
        self.put(Outcome::CouldNotRun(because), path, read, session)
    }

    fn put(
        &self,
        outcome: Outcome<'_>,
        path: &Path,
        read: &Read,
        session: &mut Session<'_>,
    ) -> anyhow::Result<()> {
        let file = path.display().to_string();
        let document = Document {
            outcome,
            diagnostics: &read.diagnostics,
            criteria: read.criteria.as_ref(),
            file: &file,
            path_of: &in_repository,
        };
        let full = self.args.verbose > 0;
        for (path, format) in &self.files {
            let look = Look { width: 100, color: false, full };
            write_whole(path, render(&document, *format, look)?.as_bytes())?;
        }
        let format = match self.args.format {
            Some(format) => Some(format),
            None if self.files.is_empty() => Some(Format::Human),
            None => None,
        };
        if let Some(format) = format {
            let terminal = session.terminal;
            let color = wants_color(self.args.color, terminal.stdout, terminal.no_color);
            let look = Look { width: terminal.width.unwrap_or(100), color, full };
            session.stdout.write_all(render(&document, format, look)?.as_bytes())?;
        }
        Ok(())
    }
}

/// A file's path from the top of its repository (the folder that holds `.git`), else from the working
/// folder, else as it was given; with `/` between its parts.
fn in_repository(name: &str) -> String {
    let slashes = |path: &Path| {
        path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let Ok(place) = fs::canonicalize(name) else { return name.to_owned() };
    let top = place.ancestors().skip(1).find(|folder| folder.join(".git").exists());
    let here = std::env::current_dir().and_then(fs::canonicalize).ok();
    match top.or(here.as_deref()).and_then(|top| place.strip_prefix(top).ok()) {
        Some(relative) => slashes(relative),
        None => name.to_owned(),
    }
}
