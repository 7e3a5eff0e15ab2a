//! For people: each open finding with its source line, caret and remedy, then one line that sums up. A
//! check that found nothing says nothing.

use std::fmt::Write as _;

use super::{Document, Part};
use crate::check::{Check, Entry, Standing};
use crate::report::Look;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::render::{render_each, tally};

pub(super) fn render(document: &Document<'_>, look: Look) -> String {
    let mut out = String::new();
    for part in document.parts {
        // What could not run is told on standard error, with the mistakes of the file.
        let Some(check) = &part.check else { continue };
        if check.entries.is_empty() && check.mended.as_ref().is_none_or(Vec::is_empty) {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        one(document, part, check, look, &mut out);
    }
    out
}

fn one(document: &Document<'_>, part: &Part, check: &Check, look: Look, out: &mut String) {
    let open: Vec<Diagnostic> = check
        .entries
        .iter()
        .filter(|entry| entry.standing.is_open())
        .map(|entry| diagnostic(document, entry))
        .collect();
    out.push_str(&render_each(&open, look.color));
    if look.full {
        others(check, out);
    }
    sum(part, check, out);
}

fn diagnostic(document: &Document<'_>, entry: &Entry) -> Diagnostic {
    let finding = &entry.finding;
    Diagnostic {
        code: finding.code.clone().into(),
        severity: finding.severity,
        message: finding.message.clone(),
        at: finding.at.clone(),
        label: String::new(),
        related: finding.related.clone(),
        help: document.remedy(&finding.code).map(str::to_owned),
    }
}

/// One line for each finding that is not open, and why it is not; then what the baseline had and is gone.
fn others(check: &Check, out: &mut String) {
    let mut lines = Vec::new();
    for entry in &check.entries {
        let word = match &entry.standing {
            Standing::Stands | Standing::New => continue,
            Standing::Known => "known".to_owned(),
            Standing::Unsettled => "not settled (the baseline rests on other evidence)".to_owned(),
            Standing::Allowed => "let pass by the policy".to_owned(),
            Standing::Waived { reason, until } => {
                let until = until.map(|day| format!(", until {day}")).unwrap_or_default();
                format!("waived ({}{until})", clean(reason))
            }
        };
        let (finding, place) = (&entry.finding, clean(&entry.finding.at.to_string()));
        lines.push(format!("{place}: {}: {}: {word}", finding.code, finding.message));
    }
    for old in check.mended.iter().flatten() {
        lines.push(format!("mended: {}: {}", clean(&old.code), clean(&old.message)));
    }
    for line in &lines {
        let _ = writeln!(out, "{line}");
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

/// `failed: 1 error, 2 warnings (errors fail); 12 known, 1 waived in inventory.yaml`.
fn sum(part: &Part, check: &Check, out: &mut String) {
    let open = check.entries.iter().filter(|entry| entry.standing.is_open());
    let found = tally(open.map(|entry| entry.finding.severity));
    let count = |of: &dyn Fn(&Standing) -> bool| check.entries.iter().filter(|e| of(&e.standing)).count();
    let others: Vec<String> = [
        (count(&|s| *s == Standing::Known), "known"),
        (count(&|s| matches!(s, Standing::Waived { .. })), "waived"),
        (count(&|s| *s == Standing::Allowed), "let pass"),
        (count(&|s| *s == Standing::Unsettled), "not settled"),
        (check.mended.as_ref().map_or(0, Vec::len), "mended"),
    ]
    .iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{n} {word}"))
    .collect();
    let found = match (found.is_empty(), check.mended.is_some()) {
        (false, true) => format!("{found}, new"),
        (false, false) => found,
        (true, true) => "nothing new".to_owned(),
        (true, false) => "nothing open".to_owned(),
    };
    let others = if others.is_empty() { String::new() } else { format!("; {}", others.join(", ")) };
    let fails = check.fail_on.word();
    let file = clean(&part.file);
    let _ = writeln!(out, "{}: {found}{others} in {file} (fails on: {fails})", part.outcome().word());
}
