//! `chanfolio staff`: how many people a queue needs and what they give, without inventory or logs.

use std::path::Path;

use anyhow::bail;

use super::assess::{file_look, screen_look, stdout_format};
use super::load;
use super::output::{refuse_overwriting, with_formats, write_whole};
use crate::cli::{COULD_NOT_RUN, DONE, Session, StaffArgs};
use crate::criteria::Criteria;
use crate::report::Format;
use crate::report::staff::{Answered, answer_all, many, one};
use crate::staff::asked::Asked;
use crate::staff::intervals;
use crate::text::source::Source;

/// Answers one question, or a file of them.
///
/// # Errors
/// Options that contradict each other, a file that cannot be read or written.
pub fn run(args: &StaffArgs, session: &mut Session<'_>) -> anyhow::Result<u8> {
    let files = with_formats(&args.out.output, Format::of_file)?;
    let on_screen = stdout_format(&args.out);
    if on_screen.into_iter().chain(files.iter().map(|(_, f)| *f)).any(|f| f == Format::Markdown) {
        bail!("staffing is written as table, csv or json, not as markdown");
    }
    let asked = Asked::from(args);
    let contradictions = asked.contradictions();
    if !contradictions.is_empty() {
        bail!("{}", contradictions.join("; "));
    }
    let Some(criteria) = load::criteria(args.criteria.as_deref(), session)? else { return Ok(COULD_NOT_RUN) };
    match &args.csv {
        Some(path) => file(args, path, &asked, &criteria, &files, on_screen, session),
        None => {
            let question = asked.question(&criteria).map_err(|missing| {
                anyhow::anyhow!("say --{} too, or name a file of intervals with --csv", missing.join(", --"))
            })?;
            refuse_overwriting(&written(&files), &[])?;
            let answered = Answered::alone(&question, args.curve);
            for (path, format) in &files {
                write_whole(path, one(&answered, *format, file_look(&args.out))?.as_bytes())?;
            }
            if let Some(format) = on_screen {
                let text = one(&answered, format, screen_look(&args.out, session))?;
                session.stdout.write_all(text.as_bytes())?;
            }
            Ok(DONE)
        }
    }
}

/// What a file of intervals is called in errors.
const FILE: &str = "file of intervals";

fn written<'a>(files: &[(&'a Path, Format)]) -> Vec<&'a Path> {
    files.iter().map(|(path, _)| *path).collect()
}

fn file(
    args: &StaffArgs,
    path: &Path,
    asked: &Asked,
    criteria: &Criteria,
    files: &[(&Path, Format)],
    on_screen: Option<Format>,
    session: &mut Session<'_>,
) -> anyhow::Result<u8> {
    refuse_overwriting(&written(files), &[path.to_path_buf()])?;
    if args.curve && on_screen.into_iter().chain(files.iter().map(|(_, f)| *f)).any(|f| f == Format::Table) {
        bail!("the curves of a file of intervals are written as csv or json, not as a table");
    }
    let text = if path == Path::new("-") {
        load::read_text_from_standard_input(FILE)?
    } else {
        load::read_text(path, FILE)?
    };
    let source = Source::new(path.display().to_string(), text);
    let lines = match intervals::read(&source, asked, criteria) {
        Ok(lines) => lines,
        Err(mistakes) => {
            load::show(&mistakes, args.out.color, session)?;
            return Ok(COULD_NOT_RUN);
        }
    };
    let answered = answer_all(&lines, args.curve)?;
    for (path, format) in files {
        write_whole(path, many(&lines, &answered, *format, file_look(&args.out))?.as_bytes())?;
    }
    if let Some(format) = on_screen {
        let text = many(&lines, &answered, format, screen_look(&args.out, session))?;
        session.stdout.write_all(text.as_bytes())?;
    }
    Ok(DONE)
}
