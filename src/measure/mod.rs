//! Facts: what is known about each channel at each touchpoint, as readings.
//!
//! One file per criterion. A reading has a value, a unit, an interval, a number of cases and a
//! grade, or a reason why it is unknown or not applicable. Nothing here knows a threshold, a knot
//! or a weight.

pub mod counted;
pub mod journey;
pub mod overlap;

use jiff::civil::Date;
use serde::Serialize;

use crate::capability::team::Served;
use crate::census::Census;
use crate::census::view::View;
use crate::criteria::Criteria;
use crate::inventory::{ChannelIx, Inventory, TouchpointIx};
use crate::quantity::Interval;
use counted::Counted;

/// How a reading is known, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// From logs.
    Measured,
    /// From a survey or test contacts.
    Sampled,
    /// A fact in the inventory.
    Declared,
    /// A judgement or a forecast.
    Estimated,
    /// A dated benchmark; never decides a closing.
    Assumed,
}

/// A reading of one measure.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// It is known.
    Known(Known),
    /// Nobody knows, and why.
    Unknown {
        /// Why.
        because: String,
    },
    /// The question does not arise, and why.
    NotApplicable {
        /// Why.
        because: String,
    },
}

/// A known reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The value, in the measure's unit.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How it is known.
    pub grade: Grade,
    /// Cases it rests on, where it rests on cases.
    pub n: Option<u64>,
    /// Where from: `inventory.yaml:24`, `logs`, `survey inventory.yaml:31`.
    pub from: String,
    /// Whether `low..high` was given or follows from cases. If not, and the grade is
    /// [`Grade::Estimated`], judgement widens it by the span between the outermost knots.
    pub has_interval: bool,
}

impl Reading {
    /// Unknown, because.
    #[must_use]
    pub fn unknown(because: impl Into<String>) -> Self {
        Self::Unknown { because: because.into() }
    }

    /// Not applicable, because.
    #[must_use]
    pub fn not_applicable(because: impl Into<String>) -> Self {
        Self::NotApplicable { because: because.into() }
    }

    /// A fact without an interval of its own.
    #[must_use]
    pub fn point(value: f64, grade: Grade, from: impl Into<String>) -> Self {
        Self::Known(Known {
            value,
            low: value,
            high: value,
            grade,
            n: None,
            from: from.into(),
            has_interval: false,
        })
    }

    /// The known reading, if it is one.
    #[must_use]
    pub fn known(&self) -> Option<&Known> {
        match self {
            Self::Known(known) => Some(known),
            _ => None,
        }
    }
}

/// What a measure is read of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The channel.
    pub channel: ChannelIx,
    /// The touchpoint, for measures read there.
    pub touchpoint: Option<TouchpointIx>,
}

/// Everything that measures read, gathered once. What is expensive (staffing, overlap cells) is
/// computed in [`Facts::gather`] and only looked up afterwards.
pub struct Facts<'a> {
    /// What the organisation says.
    pub inventory: &'a Inventory,
    /// Kinds, defaults and the numbers that define measures (never knots or thresholds).
    pub criteria: &'a Criteria,
    /// What the logs say.
    pub census: Option<View<'a>>,
    /// Date of the assessment.
    pub at: Date,
}

impl<'a> Facts<'a> {
    /// Gathers.
    #[must_use]
    pub fn gather(
        inventory: &'a Inventory,
        criteria: &'a Criteria,
        census: Option<&'a Census>,
        at: Date,
    ) -> Self {
        Self { inventory, criteria, census: census.map(View::new), at }
    }

    /// Reads a coded measure by id (`criteria::MEASURES` lists them). A person's judgement under
    /// `judgements` stands where the measure itself is unknown, graded estimated; for the judged
    /// measures (`culture`, `exposure`, `ease`) it is the reading itself.
    #[must_use]
    pub fn read(&self, measure: &str, subject: Subject) -> Reading {
        let _ = (measure, subject);
        Reading::unknown("to come")
    }

    /// Share of the channel's contacts at each of its touchpoints (sums to 1; empty without any
    /// touchpoint): by the logs, else by the part it plays (primary 1, secondary as the defaults say).
    #[must_use]
    pub fn weights(&self, channel: ChannelIx) -> Vec<(TouchpointIx, f64)> {
        let _ = channel;
        Vec::new()
    }

    /// Contacts a year: logs annualised by days covered, else the declared volume (a point is widened
    /// by the factors for volumes), else a candidate's forecast.
    #[must_use]
    pub fn volume(&self, channel: ChannelIx) -> Option<Interval> {
        let _ = channel;
        None
    }

    /// How much of a channel others also do, among those present.
    #[must_use]
    pub fn overlap(&self, channel: ChannelIx, present: &[bool]) -> Overlap {
        let _ = (channel, present);
        Overlap::default()
    }

    /// Absorption test R: may this channel close while those present (itself excepted) go on?
    #[must_use]
    pub fn absorb(&self, channel: ChannelIx, present: &[bool]) -> Absorption {
        let _ = (channel, present);
        Absorption::default()
    }

    /// People for a channel; `Err` says why it cannot be computed.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn staffing(&self, channel: ChannelIx) -> Result<&Staffing, &str> {
        let _ = channel;
        Err("to come")
    }

    /// Service as measured in the logs, for a channel with a promise and waits.
    #[must_use]
    pub fn service(&self, channel: ChannelIx) -> Option<Service> {
        let _ = channel;
        None
    }

    /// What opening a candidate (or pilot) takes and does.
    #[must_use]
    pub fn effect(&self, channel: ChannelIx) -> Option<Effect> {
        let _ = channel;
        None
    }

    /// Customers with three or more contacts, all of them in this channel, and all customers with
    /// three or more contacts.
    #[must_use]
    pub fn sole_customers(&self, channel: ChannelIx) -> Option<(Interval, f64)> {
        let _ = channel;
        None
    }

    /// Whether when, why, how much and role of a channel are known, each with its grade.
    #[must_use]
    pub fn census_known(&self, channel: ChannelIx) -> CensusKnown {
        let _ = channel;
        CensusKnown::default()
    }

    /// Running cost a year of an open channel, major currency units.
    #[must_use]
    pub fn cost_per_year(&self, channel: ChannelIx) -> Option<Interval> {
        let _ = channel;
        None
    }

    /// The census in figures; `None` without logs.
    #[must_use]
    pub fn counted(&self) -> Option<Counted> {
        None
    }

    /// The coded measures of the completeness of the census (`criteria::CENSUS_MEASURES`); empty
    /// without logs.
    #[must_use]
    pub fn completeness(&self) -> Vec<(&'static str, Reading)> {
        Vec::new()
    }

    /// A moment of the journey in facts.
    #[must_use]
    pub fn moment(&self, touchpoint: TouchpointIx) -> Moment {
        let _ = touchpoint;
        Moment::default()
    }
}

/// How much of a channel others also do (METHOD B, overlap).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overlap {
    /// Each other present channel with the share of this channel's contacts in cells (touchpoint x
    /// reason x segment) where it takes enough of them; highest first. Without logs: touchpoints both
    /// offer x segments that can use it.
    pub by: Vec<(ChannelIx, f64)>,
    /// Share of this channel's contacts in cells that no other present channel serves; `None` where
    /// nothing is known (no logs and no segments).
    pub unique: Option<f64>,
    /// Contacts in the period; `None` without logs.
    pub contacts: Option<i64>,
    /// What stands in the largest of the cells that nobody else serves, in words.
    pub unique_words: Option<String>,
}

/// Absorption test R.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Absorption {
    /// `None`: cannot be told, which is not a yes.
    pub holds: Option<bool>,
    /// Why, with numbers.
    pub because: String,
    /// Where its contacts go: shares of the contacts that stay with us, highest first.
    pub redirect: Vec<(ChannelIx, f64)>,
    /// Contacts a year that move.
    pub moved: Option<Interval>,
    /// Customers that may be lost a year (of those seen), where customers are known.
    pub lost_customers: Option<Interval>,
}

/// People for a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Staffing {
    /// How the channel is served by its team, hour by hour.
    pub served: Served,
    /// People of the whole team present on average over its open hours.
    pub present: Interval,
    /// Full-time people of the team under contract.
    pub available_fte: Interval,
    /// Grade of `served.covered` as a reading: declared or estimated.
    pub grade: Grade,
    /// Assumptions made (default patience, default shrinkage, borrowed shape), in words.
    pub assumed: Vec<String>,
    /// Candidates: people needed in the busiest hour when an agent holds 1, 2, … talks.
    pub by_concurrency: Vec<(u32, f64)>,
}

/// Service as measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Weeks between the first and the last measured day.
    pub weeks: f64,
    /// Promised share and seconds.
    pub promise: (f64, f64),
    /// Whether the promise is the user's own (else the kind's default, never failed).
    pub promised: bool,
    /// All hours together.
    pub overall: ServiceWindow,
    /// Every run of so many consecutive hours of the week as the gate `staffed` names (`hours`), that
    /// holds at least the share of contacts that it names (`two_hours_share`); empty without times of day.
    pub windows: Vec<ServiceWindow>,
}

/// Service in some hours of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceWindow {
    /// First hour of the week, 0..168; `None`: all hours.
    pub first: Option<usize>,
    /// How many hours.
    pub hours: usize,
    /// Contacts offered.
    pub offered: i64,
    /// Answered in time of all offered, with its Wilson interval.
    pub strict: (f64, Interval),
    /// Given up (short ones excepted) of all offered, with its Wilson interval; `None` where nobody
    /// recorded it.
    pub lost: Option<(f64, Interval)>,
}

/// What opening a candidate takes and does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effect {
    /// Contacts a year.
    pub contacts: Option<Interval>,
    /// Of those, moved from other channels: (channel, contacts a year).
    pub moved: Vec<(ChannelIx, Interval)>,
    /// Of those, new.
    pub new: Option<Interval>,
    /// Full-time people it needs of its own.
    pub fte: Option<Interval>,
    /// Full-time people it frees elsewhere.
    pub fte_freed: Option<Interval>,
    /// Running cost a year and its part of the one-off cost, major currency units.
    pub cost_per_year: Option<Interval>,
    /// Net yearly value, major currency units (negative: a cost).
    pub net_value: Option<Interval>,
    /// People needed in the busiest hour when an agent holds 1, 2, … talks at once.
    pub by_concurrency: Vec<(u32, f64)>,
    /// What is not known of all this.
    pub unknown: Vec<String>,
}

/// Whether the census of a channel is known (METHOD E5, gate census).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CensusKnown {
    /// When: contacts by date over two weeks or more, or opening hours with a declared volume.
    pub when: Option<Grade>,
    /// Why: reasons or touchpoints noted on most contacts, or touchpoints declared.
    pub why: Option<Grade>,
    /// How much.
    pub how_much: Option<Grade>,
    /// Role: episodes, or the part declared at its touchpoints.
    pub role: Option<Grade>,
}

/// A moment of the journey in facts.
#[derive(Debug, Clone, Default)]
pub struct Moment {
    /// Contacts in the period (unit contact only); `None` without a log.
    pub contacts: Option<i64>,
    /// Open channels with a part in it, with contacts where known, most first.
    pub channels: Vec<(ChannelIx, Option<i64>)>,
    /// Ends well over all its contacts.
    pub ends_well: Option<Reading>,
    /// Top-2 share over all its contacts (one scale only, else unknown).
    pub satisfaction: Option<Reading>,
    /// Cost per resolution of the episodes entered here, major currency units.
    pub cost_per_resolution: Option<Reading>,
    /// What surveyed customers would choose here: (kind or group id, share, sample), most first.
    pub asked: Vec<(String, f64, u32)>,
    /// Kinds and groups that rivals offer: (id, share of rivals).
    pub rivals: Vec<(String, f64)>,
}
