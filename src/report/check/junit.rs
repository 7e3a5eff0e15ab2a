//! JUnit XML, as GitLab and others read it: one case for each open finding, for each excused one a skipped
//! case, and for each rule that found nothing a case that passed.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Document, Part};
use crate::check::{Entry, Standing};
use crate::text::clean_line;
use crate::text::source::Place;

pub(super) fn render(document: &Document<'_>) -> anyhow::Result<String> {
    let mut report = Report::new("chanfolio check");
    for part in document.parts {
        report.add_test_suite(suite(document, part));
    }
    Ok(report.to_string()?)
}

/// The cases of one inventory.
fn suite(document: &Document<'_>, part: &Part) -> TestSuite {
    let mut suite = TestSuite::new(clean_line(&(document.path_of)(&part.file)));
    for d in &part.diagnostics {
        let (message, place) = (clean_line(&d.message), place(document, &d.at));
        let case = if part.check.is_some() {
            // A warning about the file: worth reading, and no failure.
            let mut case = TestCase::new(d.code.to_string(), TestCaseStatus::success());
            case.set_system_out(format!("{place}: {message}"));
            case
        } else {
            let help = d.help.as_deref().map(|help| format!("\n{}", clean_line(help))).unwrap_or_default();
            let text = format!("{message}{help}");
            let status = not_passed(NonSuccessKind::Error, d.severity.word(), &message, &place, &text);
            TestCase::new(d.code.to_string(), status)
        };
        suite.add_test_case(named(case, "inventory"));
    }
    match &part.check {
        None if part.diagnostics.is_empty() => {
            let (file, because) = (clean_line(&part.file), clean_line(part.because()));
            let status = not_passed(NonSuccessKind::Error, "could-not-run", &because, &file, &because);
            suite.add_test_case(named(TestCase::new("could-not-run", status), "inventory"));
        }
        None => {}
        Some(check) => {
            for entry in &check.entries {
                suite.add_test_case(case(document, entry));
            }
            for kind in document.criteria.iter().flat_map(|criteria| &criteria.findings) {
                if check.entries.iter().any(|entry| entry.finding.code == kind.code) {
                    continue;
                }
                let status = match check.unasked.iter().find(|rule| rule.code == kind.code && !rule.partly) {
                    Some(rule) => skipped(rule.because),
                    None => TestCaseStatus::success(),
                };
                suite.add_test_case(named(TestCase::new(kind.code.clone(), status), "rules"));
            }
        }
    }
    suite
}

fn case(document: &Document<'_>, entry: &Entry) -> TestCase {
    let finding = &entry.finding;
    let subject = clean_line(&finding.subject);
    let name = if subject.is_empty() { finding.code.clone() } else { format!("{}: {subject}", finding.code) };
    let place = place(document, &finding.at);
    let message = clean_line(&finding.message);
    let remedy = document.remedy(&finding.code).unwrap_or_default();
    let status = match &entry.standing {
        Standing::Stands | Standing::New if entry.fails => {
            let text = format!("{message}\n{remedy}");
            not_passed(NonSuccessKind::Failure, finding.severity.word(), &message, &place, &text)
        }
        Standing::Stands | Standing::New => TestCaseStatus::success(),
        Standing::Known => skipped("known: the baseline has it too"),
        Standing::Unsettled => skipped("not settled: the baseline rests on other evidence"),
        Standing::Allowed => skipped("let pass by the policy"),
        Standing::Waived { reason, .. } => skipped(&format!("waived: {}", clean_line(reason))),
    };
    let mut case = TestCase::new(name, status);
    if !entry.fails {
        case.set_system_out(format!("{}: {place}: {message}\n{remedy}", finding.severity.word()));
    }
    named(case, "rules")
}

fn named(mut case: TestCase, class: &str) -> TestCase {
    case.set_classname(format!("chanfolio.{class}"));
    case
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}

fn not_passed(kind: NonSuccessKind, of: &str, message: &str, place: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(of);
    status.set_message(message);
    status.set_description(format!("{place}\n{text}"));
    status
}

fn place(document: &Document<'_>, at: &Place) -> String {
    let (line, column) = at.line_column();
    clean_line(&format!("{}:{line}:{column}", (document.path_of)(&at.source.name)))
}
