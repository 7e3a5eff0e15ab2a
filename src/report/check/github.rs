//! Annotations of a GitHub workflow: one command a line, the gravest first, since only the first ten of
//! each severity are shown. Values are escaped so that no text can end a command or begin another.

use std::fmt::Write as _;

use super::{Document, Part};
use crate::text::clean_lines;
use crate::text::diagnostic::Severity;
use crate::text::source::Place;

pub(super) fn render(document: &Document<'_>) -> String {
    let mut told: Vec<(Severity, &str, String, &Place)> = Vec::new();
    for d in document.parts.iter().flat_map(|part| &part.diagnostics) {
        told.push((d.severity, &d.code, with(&d.message, d.help.as_deref()), &d.at));
    }
    let entries = document.parts.iter().flat_map(Part::entries);
    for entry in entries.filter(|entry| entry.standing.is_open()) {
        let finding = &entry.finding;
        let message = with(&finding.message, document.remedy(&finding.code));
        told.push((finding.severity, &finding.code, message, &finding.at));
    }
    // Stable: within a severity the order of the file.
    told.sort_by_key(|(severity, ..)| std::cmp::Reverse(*severity));
    let mut out = String::new();
    // Mistakes have annotations of their own.
    for part in document.parts.iter().filter(|part| part.check.is_none() && part.diagnostics.is_empty()) {
        let _ = writeln!(out, "::error title=could-not-run::{}", data(part.because()));
    }
    for (severity, code, message, at) in told {
        let command = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let file = property(&(document.path_of)(&at.source.name));
        let (line, column, end) = at.span();
        let _ = writeln!(
            out,
            "::{command} file={file},line={line},endLine={line},col={column},endColumn={end},title={}::{}",
            property(code),
            data(&message)
        );
    }
    out
}

fn with(message: &str, remedy: Option<&str>) -> String {
    remedy.map_or_else(|| message.to_owned(), |remedy| format!("{message}\n{remedy}"))
}

/// The text of a command: line ends and the sign that begins an escape are escaped.
fn data(text: &str) -> String {
    clean_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: the signs that end it too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
