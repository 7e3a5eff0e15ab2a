//! `chanfolio assess`: the three steps from the files to the answer.
//!
//! Standard output and files hold the answer and depend on the census alone; whatever the scan of the
//! logs has to say goes to standard error.

use std::path::Path;

use anyhow::bail;
use jiff::Zoned;
use jiff::civil::Date;

use super::load::{self, wants_color};
use super::output::write_whole;
use crate::assess;
use crate::cli::{AssessArgs, COULD_NOT_RUN, DONE, Output, Session};
use crate::criteria::Language;
use crate::inventory::{ChannelIx, Inventory};
use crate::measure::Facts;
use crate::report::{self, Document, Format, Look};
use crate::text::clean;
use crate::text::tree::suggest;

/// Assesses an inventory.
///
/// # Errors
/// A file cannot be read or written, a log is no contact log, a named channel is not in the inventory.
pub fn run(args: &AssessArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    // Formats of files are settled before anything is read: a typo must not cost a long scan.
    let files: Vec<(&Path, Format)> = args
        .out
        .output
        .iter()
        .map(|path| Ok((path.as_path(), Format::of_file(path)?)))
        .collect::<anyhow::Result<_>>()?;
    load::refuse_period_of_census(&args.input)?;
    let Some(criteria) = load::criteria(args.input.criteria.as_deref(), session)? else {
        return Ok(COULD_NOT_RUN);
    };
    let Some(inventory) =
        load::inventory(&args.inventory, &criteria, args.out.color, args.out.quiet, session)?
    else {
        return Ok(COULD_NOT_RUN);
    };
    let named = named_channels(&inventory, &args.channels)?;
    let (at, at_from) = date(args.at, &inventory);
    let census = load::census(&inventory, &criteria, &args.input, &args.out, at, session)?;

    let facts = Facts::gather(&inventory, &criteria, census.as_ref(), at);
    let assessment = assess::assess(&facts, at_from);
    let counted = facts.counted();
    let document = Document {
        facts: &facts,
        counted: counted.as_ref(),
        assessment: &assessment,
        named: &named,
        language: Language::English,
    };
    for (path, format) in &files {
        write_whole(path, report::render(&document, *format, file_look(&args.out))?.as_bytes())?;
    }
    if let Some(format) = stdout_format(&args.out) {
        let text = report::render(&document, format, screen_look(&args.out, session))?;
        session.stdout.write_all(text.as_bytes())?;
    }
    Ok(DONE)
}

/// The format of standard output: what was asked for, else screens; nothing where the answer went to
/// files and no format was asked for.
pub(super) fn stdout_format(out: &Output) -> Option<Format> {
    match out.format {
        Some(format) => Some(format),
        None if out.output.is_empty() => Some(Format::Table),
        None => None,
    }
}

/// Width where no terminal says how wide it is, and of every file.
const WIDTH: usize = 100;

/// How standard output looks.
pub(super) fn screen_look(out: &Output, session: &Session<'_>) -> Look {
    Look {
        width: session.terminal.width.unwrap_or(WIDTH),
        color: wants_color(out.color, session.terminal.stdout, session.terminal.no_color),
        full: out.verbose > 0,
    }
}

/// How a screen looks in a file: no colour, and the same width everywhere.
pub(super) fn file_look(out: &Output) -> Look {
    Look { width: WIDTH, color: false, full: out.verbose > 0 }
}

/// The date of the assessment and who said so.
pub(super) fn date(at: Option<Date>, inventory: &Inventory) -> (Date, &'static str) {
    if let Some(at) = at {
        return (at, "--at");
    }
    match &inventory.organisation.as_of {
        Some(as_of) => (as_of.value, "as_of"),
        None => (Zoned::now().with_time_zone(inventory.organisation.timezone.clone()).date(), "today"),
    }
}

/// The channels named on the command line, each once, in that order.
fn named_channels(inventory: &Inventory, names: &[String]) -> anyhow::Result<Vec<ChannelIx>> {
    let mut named = Vec::new();
    let mut unknown = Vec::new();
    for id in names {
        match inventory.find_channel(id) {
            Some(channel) if named.contains(&channel) => {}
            Some(channel) => named.push(channel),
            None => {
                let near = suggest(id, inventory.channels.iter().map(|c| c.id.as_str()));
                let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                unknown.push(format!("no channel is called `{}`{hint}", clean(id)));
            }
        }
    }
    if unknown.is_empty() {
        return Ok(named);
    }
    let ids: Vec<String> = inventory.channels.iter().map(|c| clean(&c.id)).collect();
    bail!("{}\nthe inventory has: {}", unknown.join("\n"), ids.join(", "))
}
