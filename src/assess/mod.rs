//! Judgement: from readings to ratings, axes, gates and one verdict for each channel.
//!
//! [`rate`] turns readings into ratings through the value functions of the criteria, [`axis`] adds
//! them up, [`gate`] asks the yes-or-no questions, [`verdict`] is one total function from all of that
//! to a call; `closing` decides for the set which channels close, `judge` applies all of it to every channel,
//! `firm` asks how sure that is, `reason` says why, `touchpoint` looks from the moment of the journey, `finding` lists what is odd.
//! Nothing here opens a file or knows CSV. Every sentence that starts with *because* carries its
//! numbers.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use crate::hands::on_all_cores;
use crate::inventory::{ChannelIx, Status, TouchpointIx};
use crate::measure::counted::Counted;
use crate::measure::{Effect, Facts, Reading};
use crate::quantity::Interval;
use crate::text::diagnostic::Severity;
use crate::text::source::Place;

/// Name and version of the JSON of an assessment: what a report writes and a later check reads.
pub const SCHEMA: &str = "chanfolio.assessment/1";

/// A whole assessment, in the order of the inventory.
#[derive(Debug)]
pub struct Assessment {
    /// Date of the assessment.
    pub at: Date,
    /// Where that date came from: `--at`, the inventory, or today.
    pub at_from: &'static str,
    /// Weight of each criterion within its axis, by criterion id, as used.
    pub weights: Vec<(String, f64)>,
    /// How complete the census is, 0..=100; `None` without any log.
    pub completeness: Option<Completeness>,
    /// One for each channel, in inventory order.
    pub channels: Vec<ChannelAssessment>,
    /// One for each touchpoint, in inventory order.
    pub touchpoints: Vec<TouchpointAssessment>,
    /// Gaps and doubles between touchpoints and channels, in words.
    pub findings: Vec<Finding>,
    /// What to do, in order.
    pub actions: Vec<Action>,
    /// The weights of each stakeholder and where they give another verdict.
    pub stakeholders: Vec<Stakeholder>,
    /// The windows in days, other than the configured one, in which everything was judged again; ascending.
    pub other_windows: Vec<u32>,
}

/// Completeness of the census.
#[derive(Debug)]
pub struct Completeness {
    /// 0..=100.
    pub score: Interval,
    /// Each part: id, reading, points, weight.
    pub parts: Vec<(String, Reading, Interval, f64)>,
}

/// What is thought of one channel.
#[derive(Debug)]
pub struct ChannelAssessment {
    /// Which.
    pub channel: ChannelIx,
    /// The six criteria in the method's order.
    pub criteria: Vec<CriterionScore>,
    /// Should we have it? `None` for public channels that others own.
    pub worth: Option<Interval>,
    /// Does it (would it) work?
    pub delivery: Option<Interval>,
    /// Share of the weight of applicable indicators that is known, 0..=1.
    pub known: f64,
    /// Candidates: share of the before-opening indicators that is known, 0..=1.
    pub known_before_opening: f64,
    /// Gates that were asked.
    pub gates: Vec<GateResult>,
    /// Floors that failed on evidence: indicator ids, with the touchpoint where there is one.
    pub failed_floors: Vec<(String, Option<TouchpointIx>)>,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict at each of its touchpoints.
    pub touchpoints: Vec<TouchpointVerdict>,
    /// What speaks for it, strongest first.
    pub speaks_for: Vec<Argument>,
    /// What speaks against it, strongest first.
    pub speaks_against: Vec<Argument>,
    /// What to find out, what settles most first.
    pub asks: Vec<Ask>,
    /// Remedies for its weakest ratings, first things first.
    pub remedies: Vec<RemedyLine>,
    /// What a candidate takes: people, money, moved and new contacts.
    pub candidate: Option<Effect>,
}

/// One criterion's score.
#[derive(Debug, Clone)]
pub struct CriterionScore {
    /// Criterion id.
    pub id: String,
    /// 0..=100; `None` where nothing in it applies.
    pub score: Option<Interval>,
    /// Weight within its axis.
    pub weight: f64,
    /// Its indicators, in the order of the criterion file.
    pub indicators: Vec<IndicatorScore>,
}

/// One indicator's rating.
#[derive(Debug, Clone)]
pub struct IndicatorScore {
    /// Indicator id.
    pub id: String,
    /// The reading (for indicators read per touchpoint: weighted by volume).
    pub reading: Reading,
    /// 0..=100; `None` where it is not applicable. Unknown rates 0 to 100.
    pub rating: Option<Interval>,
    /// Weight within the criterion, after caps and after what is not applicable has left; 0 where not applicable.
    pub weight: f64,
    /// Points of its floor, where it has one here.
    pub floor: Option<f64>,
    /// Ratings at each touchpoint, for indicators read there.
    pub touchpoints: Vec<(TouchpointIx, Reading, Option<Interval>)>,
}

/// The outcome of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Yes.
    Pass,
    /// No.
    Fail,
    /// Nobody knows: not a pass.
    Unknown,
    /// The question does not arise: a pass.
    NotApplicable,
}

/// One gate, asked of one channel.
#[derive(Debug, Clone)]
pub struct GateResult {
    /// Gate id.
    pub id: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Why, with the numbers.
    pub because: String,
    /// What must become true, in this case.
    pub remedy: Option<String>,
}

/// What to do with a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// Leave it as it is.
    Keep,
    /// Mend it.
    Fix,
    /// Fold it into another.
    Merge,
    /// Close it.
    Drop,
    /// Open it.
    Add,
    /// Try it.
    Pilot,
    /// Not yet.
    Defer,
    /// Find out first.
    Ask,
    /// No.
    Reject,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "keep",
            Self::Fix => "fix",
            Self::Merge => "merge",
            Self::Drop => "drop",
            Self::Add => "add",
            Self::Pilot => "pilot",
            Self::Defer => "defer",
            Self::Ask => "ask",
            Self::Reject => "reject",
        })
    }
}

/// A verdict with its reasons.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The call.
    pub call: Call,
    /// The id of its words in `verdicts.yaml`: `keep-duty`, `keep-unproven`, `answer-it`, …
    pub words: String,
    /// Both axes stand above the threshold at their lower ends.
    pub proven: bool,
    /// Kept by a legal duty or for customers who have nothing else.
    pub duty: bool,
    /// Too little is known.
    pub provisional: bool,
    /// Every call possible within the intervals, this one included, in a fixed order.
    pub possible: Vec<Call>,
    /// How many weightings of the criteria agree with it.
    pub agreement: Agreement,
    /// What alone would turn it.
    pub flips: Vec<Flip>,
    /// Whether all weights were tried; where not, a lesser change of weights may turn it.
    pub all_weights_tried: bool,
    /// Reasons in plain words with numbers, strongest first; never empty.
    pub because: Vec<String>,
    /// What must be true first (fix, defer, keep-unproven, drop: the redirect plan), in order.
    pub first: Vec<Condition>,
    /// Merge: into which channel. Drop: where its contacts go.
    pub into: Vec<(ChannelIx, f64)>,
    /// The other windows of an episode in which another verdict would stand, ascending.
    pub windows: Vec<OtherWindow>,
}

/// Something that must become true.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What, in plain words.
    pub what: String,
    /// Who.
    pub who: String,
    /// What it takes: `small`, `medium`, `large`.
    pub effort: String,
}

/// The verdict at one touchpoint.
#[derive(Debug, Clone)]
pub struct TouchpointVerdict {
    /// Which.
    pub touchpoint: TouchpointIx,
    /// The call there.
    pub call: Call,
    /// Worth there.
    pub worth: Option<Interval>,
    /// Delivery there.
    pub delivery: Option<Interval>,
    /// Why.
    pub because: String,
}

/// One argument for or against.
#[derive(Debug, Clone)]
pub struct Argument {
    /// In plain words with numbers.
    pub text: String,
    /// Where it is from: grade and date, e.g. `asked, May 2026`, `measured`, `inventory:71`.
    pub evidence: String,
    /// The indicator or gate behind it.
    pub id: String,
}

/// A remedy for a weak rating.
#[derive(Debug, Clone)]
pub struct RemedyLine {
    /// The indicator or gate it mends.
    pub id: String,
    /// What to do.
    pub text: String,
    /// `small`, `medium`, `large`.
    pub effort: String,
}

/// The view from a moment of the journey.
#[derive(Debug)]
pub struct TouchpointAssessment {
    /// Which.
    pub touchpoint: TouchpointIx,
    /// Contacts in the period (unit contact only); `None` without a log.
    pub contacts: Option<i64>,
    /// Channels with a part in it, with contacts where known.
    pub channels: Vec<(ChannelIx, Option<i64>)>,
    /// Ends well.
    pub ends_well: Reading,
    /// Satisfaction.
    pub satisfaction: Reading,
    /// Cost per resolution by entry here, major currency units.
    pub cost_per_resolution: Reading,
    /// `critical`, `sound`, `adds value`, `unknown`.
    pub word: &'static str,
    /// Why.
    pub because: String,
    /// What is missing here, in words: white space, crowding.
    pub missing: Vec<String>,
}

/// Something odd, at the inventory line to edit.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Its code in `findings.yaml`.
    pub code: String,
    /// How grave.
    pub severity: Severity,
    /// In plain words with numbers.
    pub message: String,
    /// What it is about, the same from one assessment to the next: a channel (`chat`), two (`chat > phone`),
    /// a touchpoint, a label, …; empty for the whole. With the code it tells one finding from another.
    pub subject: String,
    /// The line to edit.
    pub at: Place,
    /// The channel it is about.
    pub channel: Option<ChannelIx>,
    /// It follows from what the inventory declares, whatever the logs say.
    pub declared: bool,
    /// Other places that matter, each with a word on why.
    pub related: Vec<(Place, String)>,
}

mod action;
pub mod axis;
mod closing;
pub mod finding;
mod firm;
pub mod gate;
mod judge;
pub mod rate;
mod reason;
mod stakeholder;
mod touchpoint;
pub mod verdict;
mod window;
pub mod words;

pub use action::{Action, Deed};
pub use firm::{Agreement, Ask, AskOf, Flip, Standing};
pub use stakeholder::Stakeholder;
pub use window::OtherWindow;

/// Judges every channel and every moment.
#[must_use]
pub fn assess(facts: &Facts<'_>, counted: Option<&Counted>, at_from: &'static str) -> Assessment {
    let (inventory, criteria) = (facts.inventory, facts.criteria);
    let weights = axis::weights(inventory.weights.as_ref(), criteria);
    let (judged, elsewhere) = window::judged(facts, &weights);
    let stakeholders = stakeholder::stakeholders(facts, &judged);
    let firm = firm::all(facts, &judged);
    let touchpoints: Vec<TouchpointAssessment> =
        on_all_cores(0..inventory.touchpoints.len(), |i| touchpoint::assess(facts, &judged, TouchpointIx(i)));
    let actions = action::roadmap(facts, &judged, &touchpoints);
    let findings = finding::findings(facts, &judged, counted);
    Assessment {
        at: facts.at,
        at_from,
        weights: criteria.criteria.iter().map(|c| c.id.clone()).zip(weights).collect(),
        completeness: completeness(facts),
        channels: on_all_cores(judged.into_iter().zip(firm), |(it, firm)| {
            channel(facts, it, firm, &elsewhere)
        }),
        touchpoints,
        findings,
        actions,
        stakeholders,
        other_windows: elsewhere.iter().map(|window| window.days).collect(),
    }
}

/// One channel, with its reasons.
fn channel(
    facts: &Facts<'_>,
    judged: judge::Judged,
    firm::Firm { agreement, flips, all_weights_tried, asks }: firm::Firm,
    elsewhere: &[window::Elsewhere],
) -> ChannelAssessment {
    let case = reason::Case { facts, judged: &judged };
    let verdict = Verdict {
        call: judged.decision.call,
        words: judged.decision.words.to_owned(),
        proven: case.is_proven(),
        duty: matches!(judged.decision.words, "keep-duty" | "fix-duty"),
        provisional: judged.scored.known < facts.criteria.verdicts.number("known_share"),
        possible: judged.possible.clone(),
        agreement,
        flips,
        all_weights_tried,
        because: case.because(),
        first: case.first(),
        into: case.destinations(),
        windows: window::that_differ(facts, &judged, elsewhere),
    };
    let touchpoints = judged
        .touchpoints
        .iter()
        .map(|(touchpoint, decision, worth, delivery)| TouchpointVerdict {
            touchpoint: *touchpoint,
            call: decision.call,
            worth: *worth,
            delivery: *delivery,
            because: case.because_at(*touchpoint),
        })
        .collect();
    let (speaks_for, speaks_against) = (case.arguments(true), case.arguments(false));
    let remedies = case.remedies();
    let scored = judged.scored;
    let is_open = facts.inventory.channel(scored.channel).status == Status::Active;
    ChannelAssessment {
        candidate: if is_open { None } else { facts.effect(scored.channel) },
        channel: scored.channel,
        criteria: scored.scores,
        worth: scored.worth,
        delivery: scored.delivery,
        known: scored.known,
        known_before_opening: scored.known_before_opening,
        gates: scored.gates,
        failed_floors: scored.failed_floors,
        verdict,
        touchpoints,
        speaks_for,
        speaks_against,
        asks,
        remedies,
    }
}

/// How complete the census is; `None` without logs.
fn completeness(facts: &Facts<'_>) -> Option<Completeness> {
    let readings = facts.completeness();
    let mut parts = Vec::new();
    let (mut low, mut high, mut total) = (0.0, 0.0, 0.0);
    for indicator in &facts.criteria.census {
        let Some((_, reading)) = readings.iter().find(|(id, _)| *id == indicator.id) else { continue };
        let points = match reading {
            Reading::NotApplicable { .. } => continue,
            Reading::Unknown { .. } => rate::UNKNOWN,
            Reading::Known(known) => Interval::new(indicator.points(known.low), indicator.points(known.high)),
        };
        low += indicator.weight * points.low;
        high += indicator.weight * points.high;
        total += indicator.weight;
        parts.push((indicator.id.clone(), reading.clone(), points, indicator.weight));
    }
    (total > 0.0).then(|| Completeness { score: Interval::new(low / total, high / total), parts })
}
