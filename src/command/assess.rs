//! `chanfolio assess`: the three steps from the files to the answer.
//!
//! Standard output and files hold the answer and depend on the census alone; whatever the scan of the
//! logs has to say goes to standard error.

use anyhow::bail;
use jiff::Zoned;
use jiff::civil::Date;

use super::load::{self, wants_color};
use super::output::{with_formats, write_whole};
use crate::assess;
use crate::census::Facets;
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
    let files = with_formats(&args.out.output, Format::of_file)?;
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
    load::refuse_overwriting(&args.inventory, &inventory, &args.input, &args.out)?;
    let (at, at_from) = date(args.at, &inventory);
    let census =
        load::census(Facets::ALL, &inventory, &criteria, &args.input, (&args.out).into(), at, session)?;

    let facts = Facts::gather(&inventory, &criteria, census.as_ref(), at);
    let counted = facts.counted();
    let assessment = assess::assess(&facts, counted.as_ref(), at_from);
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
        ascii: out.ascii,
    }
}

/// How a screen looks in a file: no colour, and the same width everywhere.
pub(super) fn file_look(out: &Output) -> Look {
    Look { width: WIDTH, color: false, full: out.verbose > 0, ascii: out.ascii }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Terminal, run as program};

    fn chanfolio(args: &[&str]) -> (u8, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = std::iter::once("chanfolio").chain(args.iter().copied()).map(Into::into);
        let code = program(args, &Terminal::none(100), &mut out, &mut err);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn a_file_without_a_known_ending_is_refused_before_anything_is_read() {
        let (code, out, err) = chanfolio(&["assess", "no-such.yaml", "-o", "report.pdf"]);
        assert_eq!((code, out.as_str()), (COULD_NOT_RUN, ""));
        assert!(err.contains("report.pdf") && !err.contains("no-such"), "{err}");
    }

    #[test]
    fn a_missing_inventory_is_named() {
        let (code, _, err) = chanfolio(&["assess", "no-such.yaml"]);
        assert_eq!(code, COULD_NOT_RUN);
        assert!(err.starts_with("error: the inventory no-such.yaml could not be read: "), "{err}");
    }

    #[test]
    fn a_census_has_no_period_to_choose() {
        let (code, _, err) =
            chanfolio(&["assess", "no-such.yaml", "--census", "c.csv", "--from", "2026-01-01"]);
        assert_eq!(code, COULD_NOT_RUN);
        assert!(err.contains("--from and --to choose rows of logs"), "{err}");
        let (code, _, err) = chanfolio(&["assess", "x.yaml", "--census", "c.csv", "--usage", "l.csv"]);
        assert_eq!(code, COULD_NOT_RUN);
        assert!(err.contains("cannot be used with"), "{err}");
    }

    #[test]
    fn rejected_rows_and_answers_never_overwrite_what_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (inventory, log) = (path("i.yaml"), path("log.csv"));
        let yaml = "schema: 1\norganisation: { name: A, timezone: UTC, as_of: 2026-11-23 }\n\
            channels: [{ id: phone, kind: phone, status: active }]\nusage: [{ path: log.csv }]\n";
        let rows = "time,channel\n2026-05-01 10:00,phone\n2026-13-01 10:00,phone\n";
        std::fs::write(&inventory, yaml).unwrap();
        std::fs::write(&log, rows).unwrap();
        for (command, option, lost) in [
            ("assess", "--rejects", &log),
            ("census", "--rejects", &inventory),
            ("assess", "-o", &log),
            ("census", "-o", &log),
        ] {
            let (code, _, err) = chanfolio(&[command, &inventory, "--max-rejects", "1", option, lost]);
            assert_eq!(code, COULD_NOT_RUN, "{command} {option}");
            assert!(err.contains("is read by this command and would be lost"), "{err}");
        }
        assert_eq!(std::fs::read_to_string(&inventory).unwrap(), yaml);
        assert_eq!(std::fs::read_to_string(&log).unwrap(), rows);
    }

    #[test]
    fn a_census_is_no_markdown() {
        let (code, _, err) = chanfolio(&["census", "x.yaml", "-o", "census.md"]);
        assert_eq!(code, COULD_NOT_RUN);
        assert!(err.contains(".csv (the census table)"), "{err}");
    }

    #[test]
    fn standard_output_stays_empty_when_the_answer_goes_to_files() {
        let to_file = Output { output: vec!["a.md".into()], ..Output::default() };
        assert_eq!(stdout_format(&to_file), None);
        assert_eq!(stdout_format(&Output::default()), Some(Format::Table));
        let both = Output { format: Some(Format::Json), ..to_file };
        assert_eq!(stdout_format(&both), Some(Format::Json));
    }

    #[test]
    fn help_names_only_what_works() {
        let (code, out, _) = chanfolio(&["--help"]);
        assert_eq!(code, DONE);
        for command in ["assess", "census", "check", "staff", "explain", "schema", "completions", "man"] {
            assert!(out.contains(command), "{out}");
        }
        for later in ["whatif", "compare", "plan "] {
            assert!(!out.contains(later), "{out}");
        }
    }
}
