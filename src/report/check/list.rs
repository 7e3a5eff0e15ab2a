//! The list of all rules, for `check --list`.

use std::fmt::Write as _;

use crate::criteria::{Criteria, Language, Needs};

/// One line for each rule: code, severity, what it reads; under it its question.
#[must_use]
pub fn list(criteria: &Criteria, language: Language) -> String {
    let widest = criteria.findings.iter().map(|kind| kind.code.len()).max().unwrap_or_default();
    let mut out = String::new();
    for kind in &criteria.findings {
        let reads = match kind.needs {
            Needs::Inventory => "inventory",
            Needs::Logs => "logs",
            Needs::Either => "either",
            Needs::Baseline => "baseline",
        };
        let (code, severity, question) = (&kind.code, kind.severity.word(), kind.question.get(language));
        let _ = writeln!(out, "{code:widest$}  {severity:7}  {reads:9}  {question}");
    }
    out
}
