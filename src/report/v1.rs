//! The JSON of an assessment, version 1: a frozen shape. Within it keys are only added. It is no dump
//! of the program's own types, so that those may change without anyone downstream noticing.
//!
//! Unknown is `{"grade":"unknown","because":…}` without a value; what is not applicable has no rating; a
//! public channel has no `worth`. Numbers keep six significant digits: the same bytes on every machine.

mod firm;
mod handovers;
mod overlap;
mod paths;
mod people;
mod plan;
mod returns;
mod role;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::Document;
use crate::assess::{
    Call, ChannelAssessment, CriterionScore, Finding, IndicatorScore, Outcome, SCHEMA, Standing,
    TouchpointAssessment,
};
use crate::criteria::AxisId;
use crate::criteria::kind::Unit;
use crate::inventory::{Inventory, Status};
use crate::measure::counted::{Counted, CountedChannel};
use crate::measure::{Grade, Reading};
use crate::quantity::Interval;
use crate::text::diagnostic::Severity;

/// The JSON Schema of the document.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    // What the program writes, not what it would read: keys that may be left out are not required.
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<AssessmentV1>().to_value()
}

/// A number kept to six significant digits; whole numbers are written without a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.0.is_finite() {
            return serializer.serialize_none();
        }
        let rounded = format!("{:.5e}", self.0).parse::<f64>().unwrap_or(self.0);
        if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
            #[allow(clippy::cast_possible_truncation, reason = "whole and far below 2^63")]
            serializer.serialize_i64(rounded as i64)
        } else {
            serializer.serialize_f64(rounded)
        }
    }
}

impl JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

/// Two ends of an interval.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "Range")]
pub struct RangeV1 {
    low: Number,
    high: Number,
}

impl From<Interval> for RangeV1 {
    fn from(x: Interval) -> Self {
        Self { low: Number(x.low), high: Number(x.high) }
    }
}

/// A figure: one number where it is exact, else both ends.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Figure")]
pub enum FigureV1 {
    /// Exact.
    Exact(Number),
    /// Between two ends.
    Range(RangeV1),
}

impl From<Interval> for FigureV1 {
    fn from(x: Interval) -> Self {
        if x.low == x.high { Self::Exact(Number(x.low)) } else { Self::Range(x.into()) }
    }
}

/// A reading: known, or not and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Reading")]
pub enum ReadingV1 {
    /// Known.
    Known {
        /// The value.
        value: Number,
        /// Lower end.
        low: Number,
        /// Upper end.
        high: Number,
        /// Unit.
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        /// How it is known.
        grade: Grade,
        /// Cases it rests on.
        #[serde(skip_serializing_if = "Option::is_none")]
        n: Option<u64>,
        /// Where from.
        from: String,
    },
    /// Not known, or not applicable.
    Absent {
        /// Which of the two.
        grade: AbsentGrade,
        /// Why.
        because: String,
    },
}

/// The grade of what has no value.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AbsentGrade {
    /// Nobody knows.
    Unknown,
    /// The question does not arise.
    NotApplicable,
}

fn reading(reading: &Reading, unit: Option<&str>) -> ReadingV1 {
    match reading {
        Reading::Known(k) => ReadingV1::Known {
            value: Number(k.value),
            low: Number(k.low),
            high: Number(k.high),
            unit: unit.map(str::to_owned),
            grade: k.grade,
            n: k.n,
            from: k.from.clone(),
        },
        Reading::Unknown { because } => {
            ReadingV1::Absent { grade: AbsentGrade::Unknown, because: because.clone() }
        }
        Reading::NotApplicable { because } => {
            ReadingV1::Absent { grade: AbsentGrade::NotApplicable, because: because.clone() }
        }
    }
}

/// An assessment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Assessment")]
pub struct AssessmentV1 {
    /// Name and version of this shape.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    tool: ToolV1,
    /// Date of the assessment.
    at: String,
    organisation: OrganisationV1,
    window_days: u32,
    /// The other windows in which every verdict was looked at.
    other_windows: Vec<u32>,
    /// Weight of each criterion within its axis.
    #[schemars(with = "BTreeMap<String, f64>")]
    weights: serde_json::Map<String, serde_json::Value>,
    /// Absent without logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    census: Option<CensusV1>,
    channels: Vec<ChannelV1>,
    /// The weights of each stakeholder, and where they give another verdict.
    stakeholders: Vec<firm::StakeholderV1>,
    touchpoints: Vec<TouchpointV1>,
    /// Those first whose link would save most; empty without logs that name customers.
    connections: Vec<handovers::ConnectionV1>,
    teams: Vec<people::TeamV1>,
    /// What to do, in order.
    actions: Vec<plan::ActionV1>,
    /// What to find out next over all channels: the ten that settle most.
    ask_next: Vec<firm::AskV1>,
    findings: Vec<FindingV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Tool")]
pub(super) struct ToolV1 {
    name: &'static str,
    version: &'static str,
}

impl ToolV1 {
    /// This program.
    pub(super) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Organisation")]
pub(super) struct OrganisationV1 {
    name: String,
}

impl OrganisationV1 {
    /// That of an inventory.
    pub(super) fn of(inventory: &Inventory) -> Self {
        Self { name: inventory.organisation.name.clone() }
    }
}

/// The census in figures.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Census")]
pub struct CensusV1 {
    period: PeriodV1,
    /// Contacts of unit contact in listed channels.
    contacts: i64,
    rows: RowsV1,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<RangeV1>,
    channels: Vec<CensusChannelV1>,
    steps: Vec<StepV1>,
    /// Each channel dearer by the resolution with the one that shows it most; absent where both costs rank all channels alike.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cost_turns: Vec<paths::CostTurnV1>,
    /// Paths of journeys, most frequent first; absent where they were not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<Vec<paths::PathV1>>,
    unlisted: Vec<UnlistedV1>,
    /// Active channels without a row.
    silent: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Period")]
struct PeriodV1 {
    from: String,
    to: String,
    days: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rows")]
struct RowsV1 {
    read: i64,
    rejected: i64,
    ignored: i64,
    duplicate: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Step")]
struct StepV1 {
    from: String,
    to: String,
    count: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Unlisted")]
struct UnlistedV1 {
    label: String,
    contacts: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CensusChannel")]
struct CensusChannelV1 {
    id: String,
    unit: &'static str,
    contacts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identified: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customers: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sole_customers: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    abandoned: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_wait_s: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    median_wait_s: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_wait_answered_s: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_handle_s: Option<Number>,
    one_contact_resolution: ReadingV1,
    first_contact_resolution: ReadingV1,
    ends_well: ReadingV1,
    switch_rate: ReadingV1,
    satisfaction: ReadingV1,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_level: Option<ServiceLevelV1>,
    /// The five variants by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    service_levels: BTreeMap<&'static str, Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_per_contact: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_per_resolution: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    returns: Option<returns::ReturnsV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    containment: Option<returns::ContainmentV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<role::RoleV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ServiceLevel")]
struct ServiceLevelV1 {
    variant: &'static str,
    within_s: Number,
    #[serde(flatten)]
    reading: ReadingV1,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Channel")]
struct ChannelV1 {
    id: String,
    kind: String,
    status: &'static str,
    capability: people::CapabilityV1,
    fit: FitV1,
    axes: AxesV1,
    /// Share of the weight of applicable indicators that is known.
    known: Number,
    gates: Vec<GateV1>,
    verdict: VerdictV1,
    /// What opening it takes and does; of candidates and trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    candidate: Option<people::CandidateV1>,
    /// What to find out, what settles most first.
    ask_next: Vec<firm::AskV1>,
    remedies: Vec<RemedyV1>,
    /// What the other active channels also do; of contacts only, absent where neither logs nor segments tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    overlap: Option<overlap::OverlapV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Fit")]
struct FitV1 {
    criteria: Vec<CriterionV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weakest: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Criterion")]
struct CriterionV1 {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<RangeV1>,
    weight: Number,
    indicators: Vec<IndicatorV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Indicator")]
struct IndicatorV1 {
    id: String,
    reading: ReadingV1,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RangeV1>,
    weight: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<Number>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Axes")]
struct AxesV1 {
    /// Should we have it? Absent for public channels that others own.
    #[serde(skip_serializing_if = "Option::is_none")]
    worth: Option<RangeV1>,
    /// Does it (would it) work?
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<RangeV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Gate")]
struct GateV1 {
    id: String,
    outcome: Outcome,
    because: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Verdict")]
struct VerdictV1 {
    call: Call,
    /// The rule that gives it, by the id that `chanfolio explain` knows.
    rule: String,
    proven: bool,
    duty: bool,
    provisional: bool,
    /// Every call possible within the intervals.
    possible: Vec<Call>,
    agreement: firm::AgreementV1,
    standing: Standing,
    /// The other call that most of the near weightings give; absent where all agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    rival: Option<Call>,
    /// What alone would turn it: weights, then readings, the nearest first, then what must be mended.
    flips: Vec<firm::FlipV1>,
    /// Whether all weights were tried: where not, a change of weights may turn it that is not among `flips`, or a lesser one.
    all_weights_tried: bool,
    because: Vec<String>,
    /// What must be true first.
    first: Vec<ConditionV1>,
    /// Where its contacts go (merge and drop).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    into: Vec<IntoV1>,
    touchpoints: Vec<TouchpointVerdictV1>,
    /// The other windows of an episode in which another verdict would stand; empty where none would.
    windows: Vec<OtherWindowV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OtherWindow")]
struct OtherWindowV1 {
    days: u32,
    call: Call,
    /// The reading that moves most.
    because: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Condition")]
struct ConditionV1 {
    what: String,
    who: String,
    effort: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Into")]
struct IntoV1 {
    channel: String,
    share: Number,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TouchpointVerdict")]
struct TouchpointVerdictV1 {
    id: String,
    call: Call,
    because: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Remedy")]
struct RemedyV1 {
    id: String,
    text: String,
    effort: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Touchpoint")]
struct TouchpointV1 {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    importance: Option<Number>,
    channels: Vec<String>,
    ends_well: ReadingV1,
    satisfaction: ReadingV1,
    cost_per_resolution: ReadingV1,
    word: &'static str,
    because: String,
    missing: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct FindingV1 {
    code: String,
    severity: Severity,
    message: String,
    /// What it is about; with the code it tells one finding from another.
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    location: LocationV1,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Location")]
struct LocationV1 {
    file: String,
    line: usize,
    column: usize,
}

/// The document as version 1.
pub(super) fn assessment(document: &Document<'_>) -> AssessmentV1 {
    let a = document.assessment;
    let weights = a
        .weights
        .iter()
        .filter_map(|(id, w)| Some((id.clone(), serde_json::to_value(Number(*w)).ok()?)))
        .collect();
    let window_days = document
        .counted
        .map(|c| c.window_days)
        .or(document.inventory().episodes.window_days)
        .unwrap_or(document.criteria().defaults.window_days);
    AssessmentV1 {
        schema: SCHEMA,
        tool: ToolV1::this(),
        at: a.at.to_string(),
        organisation: OrganisationV1::of(document.inventory()),
        window_days,
        other_windows: a.other_windows.clone(),
        weights,
        census: document.counted.map(|counted| census(document, counted)),
        channels: a
            .channels
            .iter()
            .filter(|c| document.shows(c.channel))
            .map(|c| channel(document, c))
            .collect(),
        stakeholders: a.stakeholders.iter().map(|it| firm::stakeholder(document, it)).collect(),
        touchpoints: a.touchpoints.iter().map(|t| touchpoint(document, t)).collect(),
        connections: document.facts.handovers().iter().map(|h| handovers::connection(document, h)).collect(),
        teams: document.facts.teams().iter().map(|t| people::team(document, t)).collect(),
        actions: plan::actions(document),
        ask_next: super::phrase::asks(document, super::table::ASKED)
            .iter()
            .map(|(ask, channels)| firm::ask(document, ask, channels))
            .collect(),
        findings: a.findings.iter().map(|f| finding(document.inventory(), f)).collect(),
    }
}

/// The census part of version 1.
pub(super) fn census(document: &Document<'_>, counted: &Counted) -> CensusV1 {
    CensusV1 {
        period: PeriodV1 { from: counted.from.to_string(), to: counted.to.to_string(), days: counted.days },
        contacts: counted.contacts,
        rows: RowsV1 {
            read: counted.read,
            rejected: counted.rejected,
            ignored: counted.ignored,
            duplicate: counted.duplicate,
        },
        completeness: document.assessment.completeness.as_ref().map(|c| c.score.into()),
        channels: counted.channels.iter().map(|c| census_channel(document, c)).collect(),
        cost_turns: counted
            .cost_turns
            .iter()
            .map(|turn| paths::CostTurnV1 {
                cheaper_contact: document.inventory().channel(turn.by_contact).id.clone(),
                cheaper_resolution: document.inventory().channel(turn.by_resolution).id.clone(),
            })
            .collect(),
        paths: counted.paths.as_ref().map(|all| all.iter().map(Into::into).collect()),
        steps: counted
            .steps
            .iter()
            .map(|s| StepV1 { from: s.from.clone(), to: s.to.clone(), count: s.count })
            .collect(),
        unlisted: counted
            .unlisted
            .iter()
            .map(|(label, contacts)| UnlistedV1 { label: label.clone(), contacts: *contacts })
            .collect(),
        silent: counted.silent.iter().map(|c| document.inventory().channel(*c).id.clone()).collect(),
    }
}

fn census_channel(document: &Document<'_>, c: &CountedChannel) -> CensusChannelV1 {
    CensusChannelV1 {
        id: document.inventory().channel(c.channel).id.clone(),
        unit: unit(c.unit),
        contacts: c.contacts,
        share: c.share.map(Number),
        identified: c.identified.map(Number),
        customers: c.customers.map(Into::into),
        sole_customers: c.sole_customers.map(Into::into),
        answered: c.answered,
        abandoned: c.abandoned,
        mean_wait_s: c.mean_wait_s.map(Number),
        median_wait_s: c.median_wait_s.map(Number),
        mean_wait_answered_s: c.mean_wait_answered_s.map(Number),
        mean_handle_s: c.mean_handle_s.map(Number),
        one_contact_resolution: reading(&c.one_contact_resolution, None),
        first_contact_resolution: reading(&c.first_contact_resolution, None),
        ends_well: reading(&c.ends_well, None),
        switch_rate: reading(&c.switch_rate, None),
        satisfaction: reading(&c.satisfaction, None),
        service_level: c.service_level.as_ref().map(|(within_s, level)| ServiceLevelV1 {
            variant: "strict",
            within_s: Number(*within_s),
            reading: reading(level, None),
        }),
        service_levels: c.service_levels.iter().map(|(name, level)| (*name, Number(*level))).collect(),
        lost: c.lost.map(Number),
        cost_per_contact: c.cost_per_contact.map(Into::into),
        cost_per_resolution: c.cost_per_resolution.map(Into::into),
        returns: c.returns.as_ref().map(Into::into),
        containment: c.containment.as_ref().map(Into::into),
        role: c.role.as_ref().map(role::role),
    }
}

fn channel(document: &Document<'_>, c: &ChannelAssessment) -> ChannelV1 {
    let inventory = document.inventory();
    let channel = inventory.channel(c.channel);
    ChannelV1 {
        id: channel.id.clone(),
        kind: channel.kind.id.clone(),
        status: status(channel.status),
        capability: people::capability(document, c),
        fit: FitV1 {
            criteria: fit_of(c)
                .map(|s| CriterionV1 {
                    id: s.id.clone(),
                    score: s.score.map(Into::into),
                    weight: Number(s.weight),
                    indicators: indicators(document, s),
                })
                .collect(),
            weakest: weakest(c).map(|s| s.id.clone()),
        },
        axes: AxesV1 { worth: c.worth.map(Into::into), delivery: c.delivery.map(Into::into) },
        known: Number(c.known),
        gates: c
            .gates
            .iter()
            .map(|g| GateV1 {
                id: g.id.clone(),
                outcome: g.outcome,
                because: g.because.clone(),
                remedy: g.remedy.clone(),
            })
            .collect(),
        verdict: verdict(document, c),
        candidate: c.candidate.as_ref().map(|effect| people::candidate(document, effect)),
        ask_next: c.asks.iter().map(|ask| firm::ask(document, ask, &[])).collect(),
        remedies: c
            .remedies
            .iter()
            .map(|r| RemedyV1 { id: r.id.clone(), text: r.text.clone(), effort: r.effort.clone() })
            .collect(),
        overlap: overlap::overlap(document, c.channel),
    }
}

fn verdict(document: &Document<'_>, c: &ChannelAssessment) -> VerdictV1 {
    let (inventory, v) = (document.inventory(), &c.verdict);
    VerdictV1 {
        call: v.call,
        rule: v.words.clone(),
        proven: v.proven,
        duty: v.duty,
        provisional: v.provisional,
        possible: v.possible.clone(),
        agreement: v.agreement.into(),
        flips: v.flips.iter().map(Into::into).collect(),
        all_weights_tried: v.all_weights_tried,
        standing: v.agreement.standing,
        rival: v.agreement.rival,
        because: v.because.clone(),
        first: v
            .first
            .iter()
            .map(|f| ConditionV1 { what: f.what.clone(), who: f.who.clone(), effort: f.effort.clone() })
            .collect(),
        into: v
            .into
            .iter()
            .map(|(to, share)| IntoV1 { channel: inventory.channel(*to).id.clone(), share: Number(*share) })
            .collect(),
        touchpoints: c
            .touchpoints
            .iter()
            .map(|t| TouchpointVerdictV1 {
                id: inventory.touchpoint(t.touchpoint).id.clone(),
                call: t.call,
                because: t.because.clone(),
            })
            .collect(),
        windows: v
            .windows
            .iter()
            .map(|w| OtherWindowV1 { days: w.days, call: w.call, because: w.because.clone() })
            .collect(),
    }
}

/// The criteria of the third step, fit: all but capability.
pub(super) fn fit_of(c: &ChannelAssessment) -> impl Iterator<Item = &CriterionScore> {
    c.criteria.iter().filter(|s| s.id != CAPABILITY)
}

/// The criterion that is the second step.
pub(super) const CAPABILITY: &str = "capability";

/// The weakest of the five fit ratings: the lowest upper end, then the lowest lower one.
pub(super) fn weakest(c: &ChannelAssessment) -> Option<&CriterionScore> {
    fit_of(c)
        .filter_map(|s| Some((s.score?, s)))
        .min_by(|(a, _), (b, _)| a.high.total_cmp(&b.high).then(a.low.total_cmp(&b.low)))
        .map(|(_, s)| s)
}

fn indicators(document: &Document<'_>, score: &CriterionScore) -> Vec<IndicatorV1> {
    score.indicators.iter().map(|i| indicator(document, i)).collect()
}

fn indicator(document: &Document<'_>, score: &IndicatorScore) -> IndicatorV1 {
    let unit = document.criteria().indicator(&score.id).map(|(_, i)| i.unit.as_str());
    IndicatorV1 {
        id: score.id.clone(),
        reading: reading(&score.reading, unit),
        rating: score.rating.map(Into::into),
        weight: Number(score.weight),
        floor: score.floor.map(Number),
    }
}

fn touchpoint(document: &Document<'_>, t: &TouchpointAssessment) -> TouchpointV1 {
    let touchpoint = document.inventory().touchpoint(t.touchpoint);
    TouchpointV1 {
        id: touchpoint.id.clone(),
        contacts: t.contacts,
        importance: touchpoint.importance.map(Number),
        channels: t.channels.iter().map(|(c, _)| document.inventory().channel(*c).id.clone()).collect(),
        ends_well: reading(&t.ends_well, None),
        satisfaction: reading(&t.satisfaction, None),
        cost_per_resolution: reading(&t.cost_per_resolution, None),
        word: t.word,
        because: t.because.clone(),
        missing: t.missing.clone(),
    }
}

fn finding(inventory: &Inventory, finding: &Finding) -> FindingV1 {
    let (line, column) = finding.at.line_column();
    FindingV1 {
        code: finding.code.clone(),
        severity: finding.severity,
        message: finding.message.clone(),
        subject: finding.subject.clone(),
        channel: finding.channel.map(|ix| inventory.channel(ix).id.clone()),
        location: LocationV1 { file: finding.at.source.name.clone(), line, column },
    }
}

/// The word of a status.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Candidate => "candidate",
        Status::Pilot => "pilot",
        Status::Retiring => "retiring",
    }
}

/// The word of a unit.
pub(super) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Contact => "contact",
        Unit::Session => "session",
        Unit::View => "view",
        Unit::Message => "message",
    }
}

/// The criteria of an axis, as the criteria say.
pub(super) fn criteria_of(document: &Document<'_>, axis: AxisId) -> Vec<String> {
    document.criteria().criteria.iter().filter(|c| c.axis == axis).map(|c| c.id.clone()).collect()
}
