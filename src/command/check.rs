//! `chanfolio check`: findings, waivers and baseline against the policy of the inventory; the exit code says
//! whether it passed.
//!
//! What keeps it from running is told on standard error as every command does, and in the format asked for
//! too: a reader of SARIF or JUnit must not take an empty list for a pass.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::load::{self, wants_color};
use super::output::{refuse_overwriting, with_formats, write_whole};
use crate::assess::{self, Assessment};
use crate::census::Facets;
use crate::check::baseline::Baseline;
use crate::check::{Check, check};
use crate::cli::{COULD_NOT_RUN, CheckArgs, DONE, FOUND, Session, is_broken_pipe, tell_error};
use crate::criteria::{Criteria, Language};
use crate::inventory::Inventory;
use crate::measure::Facts;
use crate::report::check::{Document, Format, Outcome, Part, list, render};
use crate::report::{self, Look};
use crate::text::diagnostic::Severity;
use crate::text::{clean, clean_lines};

/// Checks inventories, or lists the rules.
///
/// # Errors
/// An answer cannot be written, or would be written over something that is read.
pub fn run(args: &CheckArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    if args.list {
        let Some(criteria) = load::criteria(args.input.criteria.as_deref(), session)? else {
            return Ok(COULD_NOT_RUN);
        };
        session.stdout.write_all(list(&criteria, Language::English).as_bytes())?;
        return Ok(DONE);
    }
    let files = with_formats(&args.output, Format::of_file)?;
    refuse_what_is_of_one(args)?;
    let own: Vec<PathBuf> =
        args.inventories.iter().chain(&args.baseline).chain(&args.input.census).cloned().collect();
    refuse_overwriting(&written(args), &own)?;

    let criteria = load::read_criteria(args.input.criteria.as_deref());
    let mut parts: Vec<Part> =
        args.inventories.iter().map(|path| Part::new(path.display().to_string())).collect();
    let criteria = match criteria {
        Ok(Ok(criteria)) => Some(criteria),
        Ok(Err(diagnostics)) => {
            let _ = load::show(&diagnostics, args.color, session);
            parts.iter_mut().for_each(|part| part.because = Some(MISTAKES.to_owned()));
            if let Some(first) = parts.first_mut() {
                first.diagnostics = diagnostics;
            }
            None
        }
        Err(error) => {
            tell_error(&error, session.stderr);
            parts.iter_mut().for_each(|part| part.because = Some(chain(&error)));
            None
        }
    };
    let mut renewed: Option<Renewed> = None;
    if let Some(criteria) = &criteria {
        for (path, part) in args.inventories.iter().zip(&mut parts) {
            read(path, criteria, part, args, session);
        }
        // Nothing has been written yet: what the inventories name as logs is safe too.
        for (path, part) in args.inventories.iter().zip(&parts) {
            let Some(inventory) = &part.inventory else { continue };
            refuse_overwriting(&written(args), &load::files_read(path, inventory, &args.input))?;
        }
        for part in &mut parts {
            match assess_and_check(criteria, part, args, session) {
                Ok(next) => renewed = next.or(renewed),
                Err(error) => {
                    tell_error(&error, session.stderr);
                    part.because = Some(chain(&error));
                }
            }
        }
    }
    let document = Document { parts: &parts, criteria: criteria.as_ref(), path_of: &in_repository };
    match put(&document, &files, args, session) {
        // Who stops reading has not changed what was found.
        Err(error) if is_broken_pipe(&error) => {}
        put => put?,
    }
    // Last: what could not be told is not accepted.
    if let Some(renewed) = renewed {
        renewed.write(args, session)?;
    }
    Ok(match document.outcome() {
        Outcome::Passed => DONE,
        // Whoever renews the baseline accepts what there is.
        Outcome::Failed if args.update_baseline => DONE,
        Outcome::Failed => FOUND,
        Outcome::CouldNotRun => COULD_NOT_RUN,
    })
}

/// Why a file with mistakes was not checked: they themselves are told one by one.
const MISTAKES: &str = "the file has mistakes";

/// A baseline, a census and logs named on the command line belong to one inventory.
fn refuse_what_is_of_one(args: &CheckArgs) -> anyhow::Result<()> {
    load::refuse_period_of_census(&args.input)?;
    if args.inventories.len() < 2 {
        return Ok(());
    }
    let of_one = [
        ("--baseline", args.baseline.is_some()),
        ("--census", !args.input.census.is_empty()),
        ("--usage", !args.input.usage.is_empty()),
        ("--rejects", args.input.rejects.is_some()),
    ];
    match of_one.iter().find(|(_, given)| *given) {
        Some((option, _)) => bail!("{option} belongs to one inventory; check them one at a time"),
        None => Ok(()),
    }
}

/// Every file that will be written, but for the baseline, which is meant to be replaced.
fn written(args: &CheckArgs) -> Vec<&Path> {
    args.output.iter().chain(&args.input.rejects).map(PathBuf::as_path).collect()
}

/// The causes of an error on one line.
fn chain(error: &anyhow::Error) -> String {
    error.chain().map(|cause| clean_lines(&cause.to_string())).collect::<Vec<_>>().join(": ")
}

/// Reads one inventory and shows what is wrong with it.
fn read(path: &Path, criteria: &Criteria, part: &mut Part, args: &CheckArgs, session: &mut Session<'_>) {
    match load::read_inventory(path, criteria) {
        Ok((inventory, mut diagnostics)) => {
            if args.quiet && inventory.is_some() {
                diagnostics.retain(|d| d.severity == Severity::Error);
            }
            // What standard error cannot take stands in the answer.
            let _ = load::show(&diagnostics, args.color, session);
            if inventory.is_none() {
                part.because = Some(MISTAKES.to_owned());
            }
            part.inventory = inventory;
            part.diagnostics = diagnostics;
        }
        Err(error) => {
            tell_error(&error, session.stderr);
            part.because = Some(chain(&error));
        }
    }
}

/// A baseline to be written.
struct Renewed {
    path: PathBuf,
    text: String,
    findings: usize,
}

impl Renewed {
    fn write(self, args: &CheckArgs, session: &mut Session<'_>) -> anyhow::Result<()> {
        write_whole(&self.path, self.text.as_bytes())?;
        if !args.quiet {
            let (name, n) = (clean(&self.path.display().to_string()), self.findings);
            let found = if n == 1 { "1 finding".to_owned() } else { format!("{n} findings") };
            let _ = writeln!(session.stderr, "note: {name} now holds this assessment, with {found}");
        }
        Ok(())
    }
}

/// Assesses one inventory and checks what comes out.
fn assess_and_check(
    criteria: &Criteria,
    part: &mut Part,
    args: &CheckArgs,
    session: &mut Session<'_>,
) -> anyhow::Result<Option<Renewed>> {
    let Some(inventory) = &part.inventory else { return Ok(None) };
    let (at, at_from) = super::assess::date(args.at, inventory);
    let baseline = match &args.baseline {
        Some(file) if args.update_baseline && !file.exists() => None,
        Some(file) => Some(baseline(file, inventory)?),
        None => None,
    };
    let census = if args.no_logs {
        None
    } else {
        let said = load::Said { quiet: args.quiet, verbose: args.verbose > 0 };
        load::census(Facets::ALL, inventory, criteria, &args.input, said, at, session)?
    };
    let facts = Facts::gather(inventory, criteria, census.as_ref(), at);
    let counted = facts.counted();
    let assessment = assess::assess(&facts, counted.as_ref(), at_from);
    let checked = check(&facts, counted.as_ref(), &assessment, baseline.as_ref());
    if !args.quiet {
        let _ = tell(&checked, session);
    }
    let mut renewed = None;
    if let Some(path) = args.baseline.as_ref().filter(|_| args.update_baseline) {
        if census.is_none() && baseline.as_ref().is_some_and(Baseline::has_census) {
            bail!(
                "{} was made with logs and none was read: a baseline without them would forget what only they \
                 show; give the logs or a census, or delete the file first",
                clean(&path.display().to_string())
            );
        }
        let text = next_baseline(&facts, counted.as_ref(), &assessment)?;
        renewed = Some(Renewed { path: path.clone(), text, findings: assessment.findings.len() });
    }
    part.check = Some(checked);
    Ok(renewed)
}

/// The largest baseline that is read at all.
const MAX_BASELINE: u64 = 64 << 20;

fn baseline(path: &Path, inventory: &Inventory) -> anyhow::Result<Baseline> {
    let name = clean(&path.display().to_string());
    let bytes = load::read(path, MAX_BASELINE)
        .with_context(|| format!("the baseline {name} could not be read (--update-baseline makes one)"))?;
    let Some(bytes) = bytes else { bail!("{name} is larger than 64 MiB and no assessment") };
    Baseline::parse(&name, &bytes, inventory)
}

/// This assessment as the next baseline: the same JSON that `assess` writes.
fn next_baseline(
    facts: &Facts<'_>,
    counted: Option<&crate::measure::counted::Counted>,
    assessment: &Assessment,
) -> anyhow::Result<String> {
    let document = report::Document { facts, counted, assessment, named: &[], language: Language::English };
    let look = Look { width: 100, color: false, full: false, ascii: false };
    report::render(&document, report::Format::Json, look)
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

/// Writes the answers: files first, then standard output.
fn put(
    document: &Document<'_>,
    files: &[(&Path, Format)],
    args: &CheckArgs,
    session: &mut Session<'_>,
) -> anyhow::Result<()> {
    let full = args.verbose > 0;
    for (path, format) in files {
        let look = Look { width: 100, color: false, full, ascii: false };
        write_whole(path, render(document, *format, look)?.as_bytes())?;
    }
    let format = match args.format {
        Some(format) => Some(format),
        None if files.is_empty() => Some(Format::Human),
        None => None,
    };
    if let Some(format) = format {
        let terminal = session.terminal;
        let color = wants_color(args.color, terminal.stdout, terminal.no_color);
        let look = Look { width: terminal.width.unwrap_or(100), color, full, ascii: false };
        session.stdout.write_all(render(document, format, look)?.as_bytes())?;
    }
    Ok(())
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
