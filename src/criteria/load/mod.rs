//! From `criteria/*.yaml` to valid [`Criteria`]: the embedded folder, or one that replaces it.
//!
//! Owns which files, numbers and words the program cannot do without. Every mistake in every file is
//! collected and told at once; a catalogue that comes out of here is right, its examples included.
//! Never fills a gap with a number of its own.

mod catalogue;
mod criterion;
mod kinds;
mod values;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use include_dir::{Dir, include_dir};

use super::{About, Criteria, Criterion};
use crate::text::clean;
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::source::{Place, Source};
use crate::text::tree::{self, Diagnostics, MAX_BYTES, Node};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/criteria");

/// The criterion files, in the order of the method.
const CRITERIA: [&str; 6] =
    ["capability", "appropriate", "relevant", "significant", "functional", "connected"];

/// Every file that a folder of criteria holds, without its ending.
const FILES: [&str; 12] = [
    "capability",
    "appropriate",
    "relevant",
    "significant",
    "functional",
    "connected",
    "census",
    "gates",
    "verdicts",
    "findings",
    "kinds",
    "defaults",
];

/// The criteria that are part of the program.
///
/// # Errors
/// Every mistake in them; a test keeps this from ever happening in a release.
pub fn embedded() -> Result<Criteria, Vec<Diagnostic>> {
    let diagnostics = Diagnostics::default();
    let mut sources = BTreeMap::new();
    for file in EMBEDDED.files() {
        let (Some(stem), Some(text)) = (file.path().file_stem(), file.contents_utf8()) else { continue };
        let stem = stem.to_string_lossy().into_owned();
        sources.insert(stem.clone(), Source::new(format!("criteria/{stem}.yaml"), text));
    }
    lower(&sources, "criteria", diagnostics)
}

/// The criteria of a folder, in place of the embedded ones.
///
/// The outer error is the disk's (no such folder, no permission); the inner one is what the user can
/// mend in the files.
///
/// # Errors
/// See above.
pub fn from_dir(dir: &Path) -> anyhow::Result<Result<Criteria, Vec<Diagnostic>>> {
    let diagnostics = Diagnostics::default();
    let shown = dir.display().to_string();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("cannot read the criteria folder {shown}"))? {
        let path = entry.with_context(|| format!("cannot read the criteria folder {shown}"))?.path();
        if path.extension().is_some_and(|e| e == "yaml" || e == "yml") && path.is_file() {
            names.push(path);
        }
    }
    names.sort();
    let mut sources: BTreeMap<String, Arc<Source>> = BTreeMap::new();
    for path in names {
        let name = path.display().to_string();
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let mut bytes = Vec::new();
        std::fs::File::open(&path)
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {name}"))?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // A file cut in the middle of a character is too large, not badly encoded.
            Err(error) if error.as_bytes().len() > MAX_BYTES => {
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            }
            Err(_) => {
                let at = Place { source: Source::new(name, ""), range: 0..0 };
                diagnostics.push(
                    Diagnostic::error("not-utf8", "this file is not UTF-8 text", at).help("save it as UTF-8"),
                );
                // Reported; not missing as well.
                sources.insert(stem, Source::new("", ""));
                continue;
            }
        };
        let source = Source::new(name, text);
        if !FILES.contains(&stem.as_str()) {
            let at = Place { source: Arc::clone(&source), range: 0..0 };
            let mut diagnostic = Diagnostic::error(
                "unknown-file",
                format!("`{}` is no file of the criteria", clean(&stem)),
                at,
            );
            diagnostic = diagnostic.help(match tree::suggest(&stem, FILES) {
                Some(near) => format!("did you mean `{near}.yaml`?"),
                None => format!("the files are {}", FILES.map(|f| format!("{f}.yaml")).join(", ")),
            });
            diagnostics.push(diagnostic);
            continue;
        }
        // `gates.yaml` beside `gates.yml`: the first in order stands.
        match sources.entry(stem) {
            Entry::Vacant(place) => {
                place.insert(source);
            }
            Entry::Occupied(first) => {
                let at = Place { source, range: 0..0 };
                let message = format!("`{}` is given twice", first.key());
                diagnostics.push(Diagnostic::error("duplicate-file", message, at));
            }
        }
    }
    Ok(lower(&sources, &shown, diagnostics))
}

/// Lowers all files; every mistake of all of them comes back at once.
fn lower(
    sources: &BTreeMap<String, Arc<Source>>,
    folder: &str,
    diagnostics: Diagnostics,
) -> Result<Criteria, Vec<Diagnostic>> {
    let d = &diagnostics;
    let parse = |stem: &str| -> Option<Node> {
        let Some(source) = sources.get(stem) else {
            let at = Place { source: Source::new(format!("{folder}/{stem}.yaml"), ""), range: 0..0 };
            d.push(
                Diagnostic::error("missing-file", format!("`{stem}.yaml` is not there"), at).help(
                    "a folder of criteria holds all its files; copy the missing one from the project's own `criteria/`",
                ),
            );
            return None;
        };
        if source.name.is_empty() {
            return None;
        }
        match tree::parse(source, d) {
            Ok(node) => Some(node),
            Err(diagnostic) => {
                d.push(*diagnostic);
                None
            }
        }
    };
    let criteria: Vec<Criterion> = CRITERIA
        .iter()
        .filter_map(|stem| parse(stem).and_then(|node| criterion::criterion(&node, stem, d)))
        .collect();
    unique_indicators(&criteria, d);
    let census = parse("census").and_then(|node| criterion::census(&node, d));
    let gates = parse("gates").map(|node| catalogue::gates(&node, d));
    let verdicts = parse("verdicts").and_then(|node| catalogue::verdicts(&node, d));
    let findings = parse("findings").map(|node| catalogue::findings(&node, d));
    let defaults = parse("defaults").and_then(|node| catalogue::defaults(&node, d));
    // Without defaults nothing is returned, so that a part that is no number reaches nobody.
    let partly = defaults.as_ref().map_or(f64::NAN, |defaults| defaults.number("partly"));
    let kinds = parse("kinds").map(|node| kinds::kinds(&node, partly, d));
    if !d.has_errors()
        && let (
            Some((about, census)),
            Some(gates),
            Some(verdicts),
            Some(findings),
            Some(kinds),
            Some(defaults),
        ) = (census, gates, verdicts, findings, kinds, defaults)
    {
        let census_about: About = about;
        return Ok(Criteria { criteria, census, census_about, gates, verdicts, findings, kinds, defaults });
    }
    let mut all = diagnostics.into_sorted();
    all.retain(|diagnostic| diagnostic.severity == Severity::Error);
    Err(all)
}

/// Two indicators of one id, in one file or in two, could not be told apart in reports.
fn unique_indicators(criteria: &[Criterion], d: &Diagnostics) {
    let mut seen = values::Seen::default();
    for indicator in criteria.iter().flat_map(|c| &c.indicators) {
        seen.check("indicator", &indicator.id, &indicator.at, d);
    }
}

#[cfg(test)]
mod tests;
