//! The criteria: what is judged, by which yardstick and in which words, all of it data.
//!
//! `criteria/*.yaml` is embedded in the binary and can be replaced by a folder. The same spanned
//! tree and diagnostics as for the inventory; past [`load`] a catalogue is valid. No number of the
//! method's judgement stands in Rust.

pub mod explain;
pub mod kind;
pub mod load;

use crate::inventory::{Evidence, Promise};
use crate::quantity::Interval;
use crate::text::diagnostic::Severity;
use crate::text::source::Place;
use kind::Kind;
use std::sync::Arc;

/// Output language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Italian.
    Italian,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// Italian.
    pub it: String,
}

impl Words {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Italian => &self.it,
        }
    }
}

/// What an indicator may read: a coded measure, as the criterion files know it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasureSpec {
    /// Its id, as indicators name it.
    pub id: &'static str,
    /// Unit of its readings: `share`, `ratio`, `points`, `count` or `scale`.
    pub unit: &'static str,
    /// Per touchpoint or per channel.
    pub reads: Reads,
    /// Least and greatest possible reading.
    pub range: (f64, f64),
}

const fn per_channel(id: &'static str, unit: &'static str, low: f64, high: f64) -> MeasureSpec {
    MeasureSpec { id, unit, reads: Reads::Channel, range: (low, high) }
}

const fn per_touchpoint(id: &'static str, unit: &'static str, low: f64, high: f64) -> MeasureSpec {
    MeasureSpec { id, unit, reads: Reads::Touchpoint, range: (low, high) }
}

/// The coded measures, in the order of the criteria.
pub const MEASURES: [MeasureSpec; 29] = [
    per_channel("covered", "share", 0.0, 1.0),
    per_channel("opening", "share", 0.0, 1.0),
    per_channel("practices", "share", 0.0, 1.0),
    per_channel("languages", "share", 0.0, 1.0),
    per_channel("extra-systems", "count", 0.0, f64::INFINITY),
    per_channel("exposure", "points", 0.0, 100.0),
    per_touchpoint("context", "share", 0.0, 1.0),
    per_touchpoint("audience", "share", 0.0, 1.0),
    per_channel("human-exit", "share", 0.0, 1.0),
    per_channel("culture", "points", 0.0, 100.0),
    per_touchpoint("functions", "share", 0.0, 1.0),
    per_channel("need", "scale", 0.0, 2.0),
    per_touchpoint("asked-for", "share", 0.0, 1.0),
    per_channel("usefulness", "share", -1.0, 1.0),
    per_touchpoint("carries", "share", 0.0, 1.0),
    per_channel("importance", "scale", 1.0, 5.0),
    per_channel("objectives", "share", 0.0, 1.0),
    per_channel("returns", "ratio", 0.0, f64::INFINITY),
    per_channel("parity", "share", 0.0, 1.0),
    per_touchpoint("ends-well", "share", 0.0, 1.0),
    per_channel("promise-kept", "ratio", 0.0, f64::INFINITY),
    per_channel("answered", "share", 0.0, 1.0),
    per_channel("satisfaction", "share", 0.0, 1.0),
    per_channel("false-containment", "share", 0.0, 1.0),
    per_channel("ease", "points", 0.0, 100.0),
    per_channel("context-carried", "share", 0.0, 1.0),
    per_channel("shared-history", "share", 0.0, 1.0),
    per_channel("same-answers", "share", 0.0, 1.0),
    per_channel("personal", "share", 0.0, 1.0),
];

/// The coded measures of the completeness of the census: id and unit.
pub const CENSUS_MEASURES: [(&str, &str); 6] = [
    ("listed", "share"),
    ("active-seen", "share"),
    ("why-known", "share"),
    ("identified", "share"),
    ("days-covered", "count"),
    ("kinds-answered", "share"),
];

/// Everything in `criteria/`.
#[derive(Debug)]
pub struct Criteria {
    /// The six criteria in the method's order: capability, appropriate, relevant, significant, functional, connected.
    pub criteria: Vec<Criterion>,
    /// Completeness of the census.
    pub census: Vec<CensusIndicator>,
    /// Title, question and why of that completeness.
    pub census_about: About,
    /// Gates.
    pub gates: Vec<Gate>,
    /// Thresholds and words of verdicts.
    pub verdicts: Verdicts,
    /// Findings.
    pub findings: Vec<FindingKind>,
    /// Kinds.
    pub kinds: Vec<Arc<Kind>>,
    /// Defaults of the method (`defaults.yaml`).
    pub defaults: Defaults,
}

impl Criteria {
    /// A kind by id.
    #[must_use]
    pub fn kind(&self, id: &str) -> Option<&Arc<Kind>> {
        self.kinds.iter().find(|k| k.id == id)
    }

    /// Whether some kind is of this group.
    #[must_use]
    pub fn is_group(&self, id: &str) -> bool {
        self.kinds.iter().any(|k| k.group.as_deref() == Some(id))
    }

    /// A criterion by id.
    #[must_use]
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| c.id == id)
    }

    /// A gate by id.
    #[must_use]
    pub fn gate(&self, id: &str) -> Option<&Gate> {
        self.gates.iter().find(|g| g.id == id)
    }

    /// A kind of finding by code.
    #[must_use]
    pub fn finding(&self, code: &str) -> Option<&FindingKind> {
        self.findings.iter().find(|f| f.code == code)
    }

    /// An indicator with its criterion, by indicator id.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<(&Criterion, &Indicator)> {
        self.criteria.iter().find_map(|c| c.indicators.iter().find(|i| i.id == id).map(|i| (c, i)))
    }
}

/// What something is called, asks and is for.
#[derive(Debug, Clone)]
pub struct About {
    /// Title.
    pub title: Words,
    /// Question it answers.
    pub question: Words,
    /// Why it is asked.
    pub why: Words,
}

/// Which question a criterion belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AxisId {
    /// Should we have it?
    Worth,
    /// Does it (would it) work?
    Delivery,
}

/// One criterion.
#[derive(Debug)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// Which axis it belongs to.
    pub axis: AxisId,
    /// Title.
    pub title: Words,
    /// Question it answers.
    pub question: Words,
    /// Why it is asked.
    pub why: Words,
    /// Default weight within its axis.
    pub weight: f64,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Where it stands.
    pub at: Place,
}

/// Whether an indicator is read per touchpoint (then weighted by volume) or per channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reads {
    /// Per touchpoint.
    Touchpoint,
    /// Per channel.
    Channel,
}

/// To which channels an indicator applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppliesTo {
    /// All.
    All,
    /// Automated kinds.
    Automated,
    /// Proposed channels.
    Candidates,
    /// Broadcast and outbound kinds.
    Outgoing,
    /// Kinds that people answer.
    Answered,
    /// Kinds that people answer at once (live and near-live).
    Live,
    /// Kinds whose unit is `contact`.
    Contacts,
}

/// What a remedy takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effort {
    /// Days.
    Small,
    /// Weeks.
    Medium,
    /// Months.
    Large,
}

/// What to do about a low rating.
#[derive(Debug, Clone)]
pub struct Remedy {
    /// What it takes.
    pub effort: Effort,
    /// What to do.
    pub text: Words,
}

/// A floor: below it on evidence, the channel does not work whatever else it has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    /// Points.
    pub points: f64,
    /// Holds only for candidates and unmeasured channels.
    pub unmeasured_only: bool,
}

/// One indicator.
#[derive(Debug)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Name.
    pub title: Words,
    /// Question it answers; also what to ask when it is unknown.
    pub question: Words,
    /// What it reads: the id of a coded measure.
    pub measure: String,
    /// Per touchpoint or per channel.
    pub reads: Reads,
    /// Unit of the reading, as the measure states it.
    pub unit: String,
    /// Knots (reading, points), readings strictly increasing.
    pub knots: Vec<(f64, f64)>,
    /// Words for readings that are answers rather than numbers (`partly` for 0.5).
    pub answers: Vec<(f64, Words)>,
    /// Weight among its siblings.
    pub weight: f64,
    /// Most weight it may have within its criterion (parity: 0.1).
    pub weight_cap: Option<f64>,
    /// Floor.
    pub floor: Option<Floor>,
    /// To which channels it applies.
    pub applies_to: AppliesTo,
    /// Counts among the facts to know before opening.
    pub before_opening: bool,
    /// Only a person or a survey can tell.
    pub judged: bool,
    /// What to do about a low rating.
    pub remedy: Remedy,
    /// How to find it out where it is not known.
    pub find_out: Option<Remedy>,
    /// Where it comes from.
    pub source: String,
    /// Readings with the points they must give.
    pub examples: Vec<(f64, f64)>,
    /// Where it stands.
    pub at: Place,
}

impl Indicator {
    /// The value function: piecewise linear through the knots, clamped at both ends.
    #[must_use]
    pub fn points(&self, reading: f64) -> f64 {
        interpolate(&self.knots, reading)
    }
}

/// Piecewise linear through the knots (readings strictly increasing), clamped at both ends; NaN
/// without knots or for a reading that is not a number.
#[must_use]
pub fn interpolate(knots: &[(f64, f64)], reading: f64) -> f64 {
    let Some(((first, first_points), (last, last_points))) = knots.first().zip(knots.last()) else {
        return f64::NAN;
    };
    if reading <= *first {
        return *first_points;
    }
    if reading >= *last {
        return *last_points;
    }
    knots
        .windows(2)
        .find_map(|pair| match pair {
            [(x0, y0), (x1, y1)] if (*x0..=*x1).contains(&reading) => {
                Some(y0 + (y1 - y0) * (reading - x0) / (x1 - x0))
            }
            _ => None,
        })
        .unwrap_or(f64::NAN)
}

/// One indicator of the completeness of the census.
#[derive(Debug)]
pub struct CensusIndicator {
    /// Its id, which names a coded measure of the census.
    pub id: String,
    /// Name.
    pub title: Words,
    /// Question it answers; also what to ask when it is unknown.
    pub question: Words,
    /// What to do about it.
    pub remedy: Words,
    /// Unit of the reading, as the measure states it.
    pub unit: String,
    /// Knots (reading, points), readings strictly increasing.
    pub knots: Vec<(f64, f64)>,
    /// Weight.
    pub weight: f64,
    /// Readings with the points they must give.
    pub examples: Vec<(f64, f64)>,
    /// Where it stands.
    pub at: Place,
}

impl CensusIndicator {
    /// The value function: piecewise linear through the knots, clamped at both ends.
    #[must_use]
    pub fn points(&self, reading: f64) -> f64 {
        interpolate(&self.knots, reading)
    }
}

/// A gate's group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GateGroup {
    /// Nobody may be harmed.
    Safety,
    /// Ready to open.
    Readiness,
    /// For channels that are open.
    Running,
    /// A fact that the rules of closing read; it never fails.
    Fact,
}

/// One gate: words and remedy; the rule is coded under its id.
#[derive(Debug)]
pub struct Gate {
    /// Its id.
    pub id: String,
    /// Its group.
    pub group: GateGroup,
    /// Name.
    pub title: Words,
    /// Question.
    pub question: Words,
    /// What must become true.
    pub remedy: Remedy,
    /// Who usually does it (`legal`, `IT`, `team`, `owner`).
    pub who: Words,
    /// Numbers the gate uses, by name (e.g. `coverage: 0.9`).
    pub numbers: Vec<(String, f64)>,
    /// Where it comes from.
    pub source: String,
}

impl Gate {
    /// A number by name; the loader has checked that every name the program uses is there.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        number(&self.numbers, name)
    }
}

/// A number by name; NaN where there is none, so that no comparison with it ever holds.
fn number(numbers: &[(String, f64)], name: &str) -> f64 {
    numbers.iter().find(|(n, _)| n == name).map_or(f64::NAN, |(_, v)| *v)
}

/// Thresholds and words of the verdicts.
#[derive(Debug)]
pub struct Verdicts {
    /// Numbers by name: `threshold`, `known_share`, `before_opening`, `nothing_unique`, `covers`, `overlap`, `absorption_points`, …
    pub numbers: Vec<(String, f64)>,
    /// Call id to its words: short (table), and sentence.
    pub calls: Vec<CallWords>,
    /// Words of everything else that a verdict is made of: axes, bands, moments, roles, grades, …
    pub words: Vec<(String, Words)>,
}

impl Verdicts {
    /// A number by name; the loader has checked that every name the program uses is there.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        number(&self.numbers, name)
    }

    /// The words of a call by id.
    #[must_use]
    pub fn call(&self, id: &str) -> Option<&CallWords> {
        self.calls.iter().find(|c| c.id == id)
    }

    /// Other words by id: `band-solid`, `moment-critical`, `grade-measured`, …; the id itself where
    /// there are none.
    #[must_use]
    pub fn word<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        self.words.iter().find(|(known, _)| known == id).map_or(id, |(_, words)| words.get(language))
    }
}

/// The words of one call.
#[derive(Debug)]
pub struct CallWords {
    /// `keep`, `keep-duty`, `keep-unproven`, `fix`, `merge`, `drop`, `add`, `pilot`, `defer`, `ask`, `reject`, …
    pub id: String,
    /// The word of the table, e.g. `NOT YET`.
    pub short: Words,
    /// One sentence.
    pub sentence: Words,
    /// When it is given, in words. `{name}` stands for a number of [`Verdicts::numbers`], `{name%}`
    /// for it as a percentage; the loader has checked that each one is there.
    pub rule: Words,
}

/// A kind of finding.
#[derive(Debug)]
pub struct FindingKind {
    /// Its code.
    pub code: String,
    /// How grave, unless a policy says otherwise.
    pub severity: Severity,
    /// What its rule reads.
    pub needs: Needs,
    /// Question.
    pub question: Words,
    /// Why it matters.
    pub why: Words,
    /// What to do.
    pub remedy: Words,
    /// Where it comes from.
    pub source: String,
    /// Numbers its rule uses, by name (e.g. `years: 2`).
    pub numbers: Vec<(String, f64)>,
}

impl FindingKind {
    /// A number by name; the loader has checked that every name the program uses is there.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        number(&self.numbers, name)
    }
}

/// What the rule of a finding reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    /// The inventory alone.
    Inventory,
    /// A census of the logs.
    Logs,
    /// A census of the logs; where there is none, what the inventory declares in its place.
    Either,
    /// An earlier assessment.
    Baseline,
}

/// Defaults of the method (METHOD G).
#[derive(Debug, Clone)]
pub struct Defaults {
    /// Episode window, days.
    pub window_days: u32,
    /// Windows of sensitivity, days.
    pub sensitivity_days: Vec<u32>,
    /// A hang-up within this many seconds is short.
    pub short_abandon_s: f64,
    /// Patience where nobody measured it, seconds.
    pub patience_s: Interval,
    /// Most callers that may be lost.
    pub lost_callers: f64,
    /// Most occupancy.
    pub max_occupancy: f64,
    /// Shrinkage.
    pub shrinkage: f64,
    /// Contract hours a week.
    pub contract_hours: f64,
    /// Chats at once.
    pub chat_concurrency: u32,
    /// Speed with 1, 2, … chats.
    pub chat_speed: Vec<f64>,
    /// Share of spare time that deferred work can use.
    pub spare_use: f64,
    /// Customers lost when a channel closes.
    pub lost_share: Interval,
    /// Minutes a link saves at each switch.
    pub link_saves_minutes: Interval,
    /// Ids with more contacts in the window are heavy.
    pub heavy_contacts: u32,
    /// Text rows of one customer within this many hours are one contact.
    pub conversation_hours: u32,
    /// Below this coverage of ids a figure is estimated.
    pub id_coverage: f64,
    /// Fewer episodes: counts only.
    pub least_episodes: u32,
    /// Improvement capacity.
    pub improvement_capacity: u32,
    /// Weeks of measurement after which results outrank inputs.
    pub measured_weeks: u32,
    /// Promises by kind stand in kinds.yaml; this one is for kinds without.
    pub promise: Option<Promise>,
    /// Whatever else the loader read, by name.
    pub other: Vec<(String, f64)>,
    /// Reading of each answer to "is it needed?" is coded in [`Evidence`] order: none, wanted, needed.
    pub need_scale: [(Evidence, f64); 3],
}

impl Defaults {
    /// Another number by name.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        number(&self.other, name)
    }
}
