//! The JSON of a check, version 1: a frozen shape. Within it keys are only added.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Document, Part, fingerprints};
use crate::check::{Entry, Standing, baseline::Old};
use crate::report::v1::{OrganisationV1, ToolV1};
use crate::text::clean_json;
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::source::Place;

/// The name of this shape, in every document.
const SCHEMA: &str = "chanfolio.check/1";

/// The JSON Schema of the document.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<CheckV1>().to_value()
}

/// A check.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Check")]
struct CheckV1 {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: ToolV1,
    /// `passed`, `failed` or `could-not-run`: exit codes 0, 1 and 2. The worst of all inventories.
    outcome: &'static str,
    /// Those of all inventories; each says where it stands.
    findings: Vec<FindingV1>,
    /// One for each inventory, in the order given.
    inventories: Vec<InventoryV1>,
}

/// What came of one inventory.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Inventory")]
struct InventoryV1 {
    /// From the top of the repository.
    file: String,
    /// `passed`, `failed` or `could-not-run`.
    outcome: &'static str,
    /// Why it could not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    /// Date of the assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<OrganisationV1>,
    /// The least severity that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    fail_on: Option<Severity>,
    /// What the baseline had and is no more; absent without a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    mended: Option<Vec<MendedV1>>,
    /// Rules that could not be asked.
    not_asked: Vec<NotAskedV1>,
    /// Mistakes in the inventory or the criteria.
    diagnostics: Vec<DiagnosticV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct FindingV1 {
    code: String,
    severity: Severity,
    /// It makes the check fail.
    fails: bool,
    /// What becomes of it.
    standing: StandingV1,
    /// The exception that excuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverV1>,
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    /// What it is about; with the code it tells one finding from another.
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    location: LocationV1,
    /// The same from one check to the next, wherever the line moves.
    fingerprint: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Standing")]
enum StandingV1 {
    /// It stands; there is no baseline.
    Stands,
    /// The baseline does not have it.
    New,
    /// The baseline has it too.
    Known,
    /// The baseline rests on other evidence: whether it is new cannot be told.
    Unsettled,
    /// Excused by a waiver.
    Waived,
    /// Let pass by the policy.
    Allowed,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Waiver")]
struct WaiverV1 {
    reason: String,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Mended")]
struct MendedV1 {
    code: String,
    subject: String,
    message: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NotAsked")]
struct NotAskedV1 {
    code: String,
    because: &'static str,
    /// It was asked, but only of what the inventory declares.
    partly: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Diagnostic")]
struct DiagnosticV1 {
    code: String,
    severity: Severity,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    location: LocationV1,
}

/// 1-based; columns count characters, the last one is the column after the marked text.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Location")]
struct LocationV1 {
    /// From the top of the repository.
    file: String,
    line: usize,
    column: usize,
    end_column: usize,
}

pub(super) fn render(document: &Document<'_>) -> anyhow::Result<String> {
    let mut text = serde_json::to_string_pretty(&v1(document))?;
    text.push('\n');
    Ok(clean_json(text))
}

fn v1(document: &Document<'_>) -> CheckV1 {
    CheckV1 {
        schema: SCHEMA,
        tool: ToolV1::this(),
        outcome: document.outcome().word(),
        findings: document.parts.iter().flat_map(|part| findings(document, part)).collect(),
        inventories: document.parts.iter().map(|part| inventory(document, part)).collect(),
    }
}

fn inventory(document: &Document<'_>, part: &Part) -> InventoryV1 {
    let check = part.check.as_ref();
    let mended = |old: &Old| MendedV1 {
        code: old.code.clone(),
        subject: old.subject.clone(),
        message: old.message.clone(),
    };
    InventoryV1 {
        file: (document.path_of)(&part.file),
        outcome: part.outcome().word(),
        because: check.is_none().then(|| part.because().to_owned()),
        at: check.map(|check| check.at.to_string()),
        organisation: part.inventory.as_ref().map(OrganisationV1::of),
        fail_on: check.map(|check| check.fail_on),
        mended: check.and_then(|check| check.mended.as_ref()).map(|old| old.iter().map(mended).collect()),
        not_asked: check
            .iter()
            .flat_map(|check| &check.unasked)
            .map(|rule| NotAskedV1 { code: rule.code.clone(), because: rule.because, partly: rule.partly })
            .collect(),
        diagnostics: part.diagnostics.iter().map(|d| diagnostic(document, d)).collect(),
    }
}

fn findings(document: &Document<'_>, part: &Part) -> Vec<FindingV1> {
    let Some((check, inventory)) = part.ran() else { return Vec::new() };
    let prints = fingerprints(&(document.path_of)(&part.file), &check.entries);
    let one = |(entry, fingerprint): (&Entry, String)| {
        let finding = &entry.finding;
        let (standing, waiver) = match &entry.standing {
            Standing::Stands => (StandingV1::Stands, None),
            Standing::New => (StandingV1::New, None),
            Standing::Known => (StandingV1::Known, None),
            Standing::Unsettled => (StandingV1::Unsettled, None),
            Standing::Allowed => (StandingV1::Allowed, None),
            Standing::Waived { reason, until } => {
                let until = until.map(|day| day.to_string());
                (StandingV1::Waived, Some(WaiverV1 { reason: reason.clone(), until }))
            }
        };
        FindingV1 {
            code: finding.code.clone(),
            severity: finding.severity,
            fails: entry.fails,
            standing,
            waiver,
            message: finding.message.clone(),
            remedy: document.remedy(&finding.code).map(str::to_owned),
            subject: finding.subject.clone(),
            channel: finding.channel.map(|ix| inventory.channel(ix).id.clone()),
            location: location(document, &finding.at),
            fingerprint,
        }
    };
    check.entries.iter().zip(prints).map(one).collect()
}

fn diagnostic(document: &Document<'_>, diagnostic: &Diagnostic) -> DiagnosticV1 {
    DiagnosticV1 {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        location: location(document, &diagnostic.at),
    }
}

fn location(document: &Document<'_>, at: &Place) -> LocationV1 {
    let (line, column, end_column) = at.span();
    LocationV1 { file: (document.path_of)(&at.source.name), line, column, end_column }
}
