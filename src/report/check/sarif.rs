//! SARIF 2.1.0 for code scanning: rules from the criteria, results at repository paths, what is excused as
//! suppressed, what could not be asked as notifications.
//! Standard: OASIS SARIF 2.1.0 (the numbers in comments are its sections).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Document, Outcome, Part, fingerprints};
use crate::check::{Entry, Standing};
use crate::criteria::{FindingKind, Language};
use crate::text::source::Place;
use crate::text::{clean_json, clean_line, clean_lines};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn render(document: &Document<'_>) -> anyhow::Result<String> {
    let mut rules: Vec<Value> = document.criteria.iter().flat_map(|c| &c.findings).map(rule).collect();
    let mut ids: Vec<&str> =
        document.criteria.iter().flat_map(|c| &c.findings).map(|kind| kind.code.as_str()).collect();
    // Mistakes in files have codes of their own.
    let diagnostics = || document.parts.iter().flat_map(|part| &part.diagnostics);
    let mistakes: BTreeSet<&str> = diagnostics().map(|d| &*d.code).collect();
    for code in mistakes {
        rules.push(json!({ "id": code, "shortDescription": { "text": "A mistake in an input file" } }));
        ids.push(code);
    }
    let index = |code: &str| ids.iter().position(|id| *id == code);
    let mut results: Vec<Value> = Vec::new();
    for d in diagnostics() {
        let text =
            d.help.as_ref().map_or_else(|| d.message.clone(), |help| format!("{} ({help})", d.message));
        let mut result = result(document, &d.code, index(&d.code), d.severity.word(), &text, &d.at);
        add_related(document, &mut result, &d.related);
        results.push(Value::Object(result));
    }
    for part in document.parts {
        let prints = fingerprints(&(document.path_of)(&part.file), part.entries());
        for (entry, print) in part.entries().iter().zip(prints) {
            results.push(finding(document, entry, &print, index(&entry.finding.code)));
        }
    }
    let sarif = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": document.parts.iter().map(invocation).collect::<Vec<_>>(),
            // 3.14.27: columns count characters, not units of UTF-16.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&sarif)?;
    text.push('\n');
    Ok(clean_json(text))
}

fn rule(kind: &FindingKind) -> Value {
    let english = Language::English;
    let (question, why, remedy) =
        (kind.question.get(english), kind.why.get(english), kind.remedy.get(english));
    json!({
        "id": kind.code,
        "shortDescription": { "text": question },
        "fullDescription": { "text": why },
        "help": {
            "text": format!("{why} {remedy}"),
            "markdown": format!("**{question}**\n\n{why}\n\n{remedy}\n\n*Source: {}*", kind.source),
        },
        "defaultConfiguration": { "level": kind.severity.word() },
    })
}

fn result(
    document: &Document<'_>,
    code: &str,
    index: Option<usize>,
    level: &str,
    message: &str,
    at: &Place,
) -> Map<String, Value> {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(code));
    if let Some(index) = index {
        result.insert("ruleIndex".to_owned(), json!(index));
    }
    result.insert("level".to_owned(), json!(level));
    result.insert("message".to_owned(), json!({ "text": plain(message) }));
    result.insert("locations".to_owned(), json!([{ "physicalLocation": physical(document, at) }]));
    result
}

fn finding(document: &Document<'_>, entry: &Entry, print: &str, index: Option<usize>) -> Value {
    let finding = &entry.finding;
    let remedy = document.remedy(&finding.code).map(|remedy| format!(". {remedy}")).unwrap_or_default();
    let text = format!("{}{remedy}", finding.message);
    let mut result = result(document, &finding.code, index, finding.severity.word(), &text, &finding.at);
    add_related(document, &mut result, &finding.related);
    // The second name is the one that GitHub reads.
    let prints = json!({ "chanfolio/v1": print, "primaryLocationLineHash": print });
    result.insert("partialFingerprints".to_owned(), prints);
    let suppressed = |why: &str| json!([{ "kind": "external", "status": "accepted", "justification": why }]);
    match &entry.standing {
        Standing::Stands | Standing::Unsettled => {}
        Standing::New => {
            result.insert("baselineState".to_owned(), json!("new"));
        }
        Standing::Known => {
            result.insert("baselineState".to_owned(), json!("unchanged"));
        }
        Standing::Allowed => {
            result.insert("suppressions".to_owned(), suppressed("let pass by the policy"));
        }
        Standing::Waived { reason, until } => {
            let until = until.map(|day| format!(" (until {day})")).unwrap_or_default();
            result.insert("suppressions".to_owned(), suppressed(&format!("{}{until}", clean_line(reason))));
        }
    }
    Value::Object(result)
}

fn add_related(document: &Document<'_>, result: &mut Map<String, Value>, related: &[(Place, String)]) {
    if related.is_empty() {
        return;
    }
    let one = |(at, why): &(Place, String)| json!({ "physicalLocation": physical(document, at), "message": { "text": plain(why) } });
    result.insert("relatedLocations".to_owned(), related.iter().map(one).collect());
}

fn physical(document: &Document<'_>, at: &Place) -> Value {
    let (line, column, end) = at.span();
    let path = (document.path_of)(&at.source.name);
    let artifact = match std::path::Path::new(&path).is_absolute() {
        false => json!({ "uri": uri(&path), "uriBaseId": "%SRCROOT%" }),
        // Outside of any repository and of the working folder.
        true => json!({ "uri": format!("file://{}", uri(&path)) }),
    };
    json!({
        "artifactLocation": artifact,
        "region": { "startLine": line, "startColumn": column, "endLine": line, "endColumn": end },
    })
}

/// What ran, and what it could not do.
fn invocation(part: &Part) -> Value {
    let code = match part.outcome() {
        Outcome::Passed => crate::cli::DONE,
        Outcome::Failed => crate::cli::FOUND,
        Outcome::CouldNotRun => crate::cli::COULD_NOT_RUN,
    };
    let notes: Vec<Value> = match &part.check {
        None => vec![json!({ "level": "error", "message": { "text": plain(part.because()) } })],
        Some(check) => check
            .unasked
            .iter()
            .map(|rule| {
                let what = if rule.partly { "asked of the inventory alone" } else { "not asked" };
                json!({
                    "level": "note",
                    "associatedRule": { "id": rule.code },
                    "message": { "text": format!("{}: {what}: {}", rule.code, rule.because) },
                })
            })
            .collect(),
    };
    json!({
        "executionSuccessful": part.check.is_some(),
        "exitCode": code,
        "toolExecutionNotifications": notes,
    })
}

/// Text in which brackets make no link (3.11.6).
fn plain(text: &str) -> String {
    clean_lines(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A path as the relative reference of a URI (RFC 3986): everything but unreserved signs and `/` is
/// percent-encoded.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
