//! `chanfolio census`: the logs counted, and nothing judged.

use std::path::Path;

use anyhow::bail;

use super::assess::{date, file_look, screen_look, stdout_format};
use super::load;
use super::output::{with_formats, write_whole};
use crate::assess;
use crate::census::sql::{Dialect, Request, query};
use crate::census::{Census, Facets};
use crate::cli::{COULD_NOT_RUN, CensusArgs, DONE, Session};
use crate::criteria::{Criteria, Language};
use crate::inventory::Inventory;
use crate::measure::Facts;
use crate::report::{Document, Format, Look, census as screens, journeys};
use crate::text::clean;

/// Counts.
///
/// # Errors
/// A file cannot be read or written, a log is no contact log, there are no logs at all.
pub fn run(args: &CensusArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    let files = with_formats(&args.out.output, format_of)?;
    let on_screen = stdout_format(&args.out);
    if on_screen == Some(Format::Markdown) {
        bail!("a census is written as table, csv or json, not as markdown");
    }
    refuse_part_as_whole(args, on_screen, &files)?;
    load::refuse_period_of_census(&args.input)?;
    let Some(criteria) = load::criteria(args.input.criteria.as_deref(), session)? else {
        return Ok(COULD_NOT_RUN);
    };
    let Some(inventory) =
        load::inventory(&args.inventory, &criteria, args.out.color, args.out.quiet, session)?
    else {
        return Ok(COULD_NOT_RUN);
    };
    if let Some(dialect) = args.sql {
        return print_query(args, dialect, &inventory, &criteria, session);
    }
    load::refuse_overwriting(&args.inventory, &inventory, &args.input, &args.out)?;
    let (at, at_from) = date(None, &inventory);
    let facets = if args.facets.is_empty() { Facets::ALL } else { Facets::of(&args.facets) };
    let facets = if args.journeys { facets.with_paths() } else { facets };
    let said = (&args.out).into();
    let Some(census) = load::census(facets, &inventory, &criteria, &args.input, said, at, session)? else {
        bail!(
            "{} names no logs; add `usage`, or name files with --usage",
            clean(&args.inventory.display().to_string())
        );
    };
    // The table needs no judgement, which takes its time with many channels.
    if on_screen.is_none_or(|format| format == Format::Csv) && files.iter().all(|(_, f)| *f == Format::Csv) {
        let table = census.to_csv();
        for (path, _) in &files {
            write_whole(path, &table)?;
        }
        if on_screen.is_some() {
            session.stdout.write_all(&table)?;
        }
        return Ok(DONE);
    }
    let facts = Facts::gather(&inventory, &criteria, Some(&census), at);
    let counted = facts.counted();
    let assessment = assess::assess(&facts, counted.as_ref(), at_from);
    let document = Document {
        facts: &facts,
        counted: counted.as_ref(),
        assessment: &assessment,
        named: &[],
        language: Language::English,
    };
    for (path, format) in &files {
        write_whole(path, &bytes(&document, args, &census, *format, file_look(&args.out))?)?;
    }
    if let Some(format) = on_screen {
        session.stdout.write_all(&bytes(
            &document,
            args,
            &census,
            format,
            screen_look(&args.out, session),
        )?)?;
    }
    Ok(DONE)
}

/// Screens and JSON tell of all facets together: some of them are written as a table alone.
fn refuse_part_as_whole(
    args: &CensusArgs,
    on_screen: Option<Format>,
    files: &[(&Path, Format)],
) -> anyhow::Result<()> {
    let formats = on_screen.into_iter().chain(files.iter().map(|(_, format)| *format));
    if !args.facets.is_empty() && formats.into_iter().any(|format| format != Format::Csv) {
        bail!(
            "--facets makes a part of the census table; write it with --format csv or to a file that ends in .csv"
        );
    }
    Ok(())
}

/// The census as a query for an engine.
fn print_query(
    args: &CensusArgs,
    dialect: Dialect,
    inventory: &Inventory,
    criteria: &Criteria,
    session: &mut Session<'_>,
) -> anyhow::Result<u8> {
    let request = Request {
        dialect,
        tables: args.table.clone(),
        from: args.input.from,
        to: args.input.to,
        at: date(None, inventory).0,
    };
    session.stdout.write_all(query(inventory, criteria, &request)?.as_bytes())?;
    Ok(DONE)
}

fn format_of(path: &Path) -> anyhow::Result<Format> {
    match Format::of_file(path)? {
        Format::Markdown => bail!(
            "a census is not written as Markdown; name {} with .csv (the census table), .json or .txt",
            clean(&path.display().to_string())
        ),
        format => Ok(format),
    }
}

/// The census in one format; CSV is the census table itself, which `--census` reads again.
fn bytes(
    document: &Document<'_>,
    args: &CensusArgs,
    census: &Census,
    format: Format,
    look: Look,
) -> anyhow::Result<Vec<u8>> {
    if format == Format::Csv {
        return Ok(census.to_csv());
    }
    let Some(counted) = document.counted else { bail!("no contact could be counted") };
    match format {
        Format::Json => Ok(screens::json(document, counted)?.into_bytes()),
        _ if args.journeys => Ok(look.signs(journeys::screen(document, counted, look)).into_bytes()),
        _ => Ok(look.signs(screens::screen(document, counted, look)).into_bytes()),
    }
}
