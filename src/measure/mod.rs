//! Facts: what is known about each channel at each touchpoint, as readings.
//!
//! One file per criterion. A reading has a value, a unit, an interval, a number of cases and a
//! grade, or a reason why it is unknown or not applicable. Nothing here knows a threshold, a knot
//! or a weight; the numbers that *define* a measure come from the criteria.

pub mod containment;
pub mod counted;
pub mod handovers;
pub mod hours;
pub mod journey;
pub mod overlap;
pub mod paths;
pub mod returns;

mod appropriate;
mod capability;
mod census;
mod connected;
mod customers;
mod effect;
mod functional;
mod logged;
mod moment;
pub mod money;
mod relevant;
mod service;
mod significant;
mod staffing;
pub mod teams;
#[cfg(test)]
mod tests;
mod volume;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::capability::team::Served;
use crate::census::Census;
use crate::census::view::View;
use crate::criteria::Criteria;
use crate::criteria::kind::Unit;
use crate::hands::on_all_cores;
use crate::inventory::{Channel, ChannelIx, Inventory, Judgement, Status, Touchpoint, TouchpointIx};
use crate::quantity::{Interval, wilson};
use counted::Counted;
use logged::Logged;
use overlap::Cells;
use volume::Demand;

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

    /// A reading with an interval of its own.
    pub(crate) fn ranged(
        value: f64,
        range: Interval,
        grade: Grade,
        n: Option<u64>,
        from: impl Into<String>,
    ) -> Self {
        Self::Known(Known {
            value: value.clamp(range.low, range.high),
            low: range.low,
            high: range.high,
            grade,
            n,
            from: from.into(),
            has_interval: true,
        })
    }

    /// A share of cases with its Wilson interval; unknown, because `none`, where there are no cases.
    pub(crate) fn share(hits: f64, n: f64, grade: Grade, from: impl Into<String>, none: &str) -> Self {
        match wilson(hits, n) {
            Some(range) => Self::ranged(hits / n, range, grade, Some(count(n)), from),
            None => Self::unknown(none),
        }
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
#[derive(Clone)]
pub struct Facts<'a> {
    /// What the organisation says.
    pub inventory: &'a Inventory,
    /// Kinds, defaults and the numbers that define measures (never knots or thresholds).
    pub criteria: &'a Criteria,
    /// What the logs say.
    pub census: Option<View<'a>>,
    /// Date of the assessment.
    pub at: Date,
    /// What the logs hold of each channel.
    logged: Arc<[Logged<'a>]>,
    /// Steps between channels in the window looked at.
    steps: BTreeMap<(&'a str, &'a str), i64>,
    /// Contacts a year of each channel at each touchpoint.
    demand: Arc<[Demand]>,
    /// Contacts of all channels by touchpoint, reason and segment.
    cells: Arc<Cells<'a>>,
    /// People for each channel, or why that cannot be told.
    staffing: Arc<[Result<Staffing, String>]>,
    /// What the teams are asked for.
    remembered: Arc<staffing::Remembered>,
}

/// A coded measure.
type Reader = fn(&Facts<'_>, Subject) -> Reading;

/// The coded measures, in the order of [`crate::criteria::MEASURES`].
const READERS: [(&str, Reader); 29] = [
    ("covered", capability::covered),
    ("opening", capability::opening),
    ("practices", capability::practices),
    ("languages", capability::languages),
    ("extra-systems", capability::extra_systems),
    ("exposure", capability::exposure),
    ("context", appropriate::context),
    ("audience", appropriate::audience),
    ("human-exit", appropriate::human_exit),
    ("culture", appropriate::culture),
    ("functions", relevant::functions),
    ("need", relevant::need),
    ("asked-for", relevant::asked_for),
    ("usefulness", relevant::usefulness),
    ("carries", significant::carries),
    ("importance", significant::importance),
    ("objectives", significant::objectives),
    ("returns", significant::returns),
    ("parity", significant::parity),
    ("ends-well", functional::ends_well),
    ("promise-kept", functional::promise_kept),
    ("answered", functional::answered),
    ("satisfaction", functional::satisfaction),
    ("false-containment", functional::false_containment),
    ("ease", functional::ease),
    ("context-carried", connected::context_carried),
    ("shared-history", connected::shared_history),
    ("same-answers", connected::same_answers),
    ("personal", connected::personal),
];

/// Customers who came three times or more, always to the same channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoleCustomers {
    /// How many; within bounds after censuses were merged.
    pub customers: Interval,
    /// Their share of all customers who came three times or more; after censuses were merged, the least and the
    /// greatest of any part.
    pub share: Interval,
    /// Customers who came three times or more, at least.
    pub of: f64,
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
        let census = census.map(View::new);
        let mut facts = Self {
            inventory,
            criteria,
            census,
            at,
            logged: on_all_cores(&inventory.channels, |channel| {
                census.map(|view| Logged::of(view, &channel.id)).unwrap_or_default()
            })
            .into(),
            steps: census.map(View::steps).unwrap_or_default(),
            demand: Arc::default(),
            cells: Arc::new(Cells::of(census, inventory)),
            staffing: Arc::default(),
            remembered: Arc::new(staffing::Remembered::of(inventory)),
        };
        facts.demand = inventory.channels().map(|(ix, _)| volume::demand(&facts, ix)).collect();
        facts.staffing = on_all_cores(inventory.channels(), |(ix, _)| staffing::staffing(&facts, ix)).into();
        facts
    }

    /// The windows in days, other than the configured one, in which the logs say who came back; ascending. A
    /// window is left out where too few contacts of a channel could be followed in it: then the log is too
    /// short for it.
    #[must_use]
    pub fn other_windows(&self) -> Vec<u32> {
        let Some(view) = self.census else { return Vec::new() };
        let least = i64::from(self.criteria.defaults.least_episodes);
        let followed: Vec<ChannelIx> = (self.inventory.channels())
            .map(|(ix, _)| ix)
            .filter(|ix| self.classes(*ix, None).base() >= least)
            .collect();
        let own = view.window_days();
        let asked = &self.criteria.defaults.sensitivity_days;
        let tells = |days: &u32| {
            Some(*days) != own
                && asked.contains(days)
                && followed.iter().all(|ix| self.classes_within(*ix, *days, None).base() >= least)
        };
        if followed.is_empty() { Vec::new() } else { view.windows().into_iter().filter(tells).collect() }
    }

    /// The same facts with who came back looked at in another window. Volumes, people and everything else
    /// that no window touches is shared, not gathered again; journeys (cost per resolution) and customers are
    /// counted in the configured window alone.
    #[must_use]
    pub fn in_window(&self, days: u32) -> Self {
        let census = self.census.map(|view| view.in_window(days));
        Self { census, steps: census.map(View::steps).unwrap_or_default(), ..self.clone() }
    }

    /// Reads a coded measure by id (`criteria::MEASURES` lists them). For the judged measures
    /// (`culture`, `exposure`, `ease`) a person's judgement is the reading itself; for all others
    /// [`Facts::judgement`] gives points where the reading is unknown.
    #[must_use]
    pub fn read(&self, measure: &str, subject: Subject) -> Reading {
        READERS.iter().find(|(id, _)| *id == measure).map_or_else(
            || Reading::unknown(format!("no measure is called `{measure}`")),
            |(_, reader)| reader(self, subject),
        )
    }

    /// A person's judgement of an indicator of a channel: points, where no data can tell. The last one
    /// given stands.
    #[must_use]
    pub fn judgement(&self, channel: ChannelIx, indicator: &str) -> Option<&'a Judgement> {
        self.inventory.judgements.iter().rev().find(|j| j.channel == channel && j.indicator == indicator)
    }

    /// Share of the channel's contacts at each of its touchpoints (sums to 1; empty without any
    /// touchpoint): by the logs, else by the part it plays (primary 1, secondary as the defaults say).
    #[must_use]
    pub fn weights(&self, channel: ChannelIx) -> Vec<(TouchpointIx, f64)> {
        volume::weights(self, channel)
    }

    /// Contacts a year: logs annualised by days covered, else the declared volume (a point is widened
    /// by the factors for volumes), else a candidate's forecast.
    #[must_use]
    pub fn volume(&self, channel: ChannelIx) -> Option<Interval> {
        volume::yearly(self, channel).map(|amount| amount.range)
    }

    /// How much of a channel others also do, among those present.
    #[must_use]
    pub fn overlap(&self, channel: ChannelIx, present: &[bool]) -> Overlap {
        overlap::overlap(self, channel, present)
    }

    /// What each other present channel would do of a channel if it were the only other one.
    #[must_use]
    pub fn overlap_alone(&self, channel: ChannelIx, present: &[bool]) -> Vec<(ChannelIx, f64)> {
        overlap::alone(self, channel, present)
    }

    /// How much of a channel the active ones also do, today.
    #[must_use]
    pub fn overlap_today(&self, channel: ChannelIx) -> Overlap {
        let active: Vec<bool> = self.inventory.channels.iter().map(|c| c.status == Status::Active).collect();
        self.overlap(channel, &active)
    }

    /// Absorption test R: may this channel close while those present (itself excepted) go on?
    #[must_use]
    pub fn absorb(&self, channel: ChannelIx, present: &[bool]) -> Absorption {
        overlap::absorb(self, channel, present)
    }

    /// People for a channel; `Err` says why it cannot be computed.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn staffing(&self, channel: ChannelIx) -> Result<&Staffing, &str> {
        match self.staffing.get(channel.0) {
            Some(Ok(staffing)) => Ok(staffing),
            Some(Err(because)) => Err(because),
            None => Err("not computed"),
        }
    }

    /// How much of a partner's demand arrives in hours in which it takes all of it; `None` for own teams,
    /// or where its capacity is not known.
    #[must_use]
    pub fn covered_by_partner(&self, channel: ChannelIx) -> Option<Interval> {
        staffing::covered_by_partner(self, channel)
    }

    /// Where customers move on from one channel to another, what that costs and what a link could save;
    /// those first whose link would save most.
    #[must_use]
    pub fn handovers(&self) -> Vec<handovers::Handover> {
        handovers::handovers(self)
    }

    /// What links that carry the whole story could save a year at the ways out of a channel.
    #[must_use]
    pub fn links_save(&self, channel: ChannelIx) -> Option<Interval> {
        handovers::links_save(self, channel)
    }

    /// All teams, in the order of the inventory.
    #[must_use]
    pub fn teams(&self) -> Vec<teams::TeamFacts> {
        teams::teams(self)
    }

    /// The hours of a channel's week; `None` where its people are not known.
    #[must_use]
    pub fn hours(&self, channel: ChannelIx) -> Option<hours::Hours> {
        hours::hours(self, channel)
    }

    /// Share of a channel's own contacts that come while it is closed; `None` without hours or times of
    /// day.
    #[must_use]
    pub fn closed_share(&self, channel: ChannelIx) -> Option<f64> {
        capability::closed_share(self, channel)
    }

    /// What opening a candidate (or pilot) takes and does.
    #[must_use]
    pub fn effect(&self, channel: ChannelIx) -> Option<Effect> {
        effect::effect(self, channel)
    }

    /// Customers with three or more contacts, all of them in this channel.
    #[must_use]
    pub fn sole_customers(&self, channel: ChannelIx) -> Option<SoleCustomers> {
        let view = self.census?;
        let id = self.channel(channel).id.as_str();
        let (all, sole) = (view.customers_by_part("", "three-or-more"), view.customers_by_part(id, "sole"));
        let shares: Vec<f64> = all
            .iter()
            .filter(|(_, all)| **all > 0)
            .map(|(part, all)| real(sole.get(part).copied().unwrap_or(0)) / real(*all))
            .collect();
        let (least, most) =
            (shares.iter().copied().reduce(f64::min)?, shares.iter().copied().reduce(f64::max)?);
        Some(SoleCustomers {
            customers: view.customers(id, "sole").unwrap_or(Interval::point(0.0)),
            share: Interval::new(least, most),
            of: all.values().max().copied().map_or(0.0, real),
        })
    }

    /// Whether when, why, how much and role of a channel are known, each with its grade.
    #[must_use]
    pub fn census_known(&self, channel: ChannelIx) -> CensusKnown {
        census::known(self, channel)
    }

    /// Running cost a year of an open channel, major currency units.
    #[must_use]
    pub fn cost_per_year(&self, channel: ChannelIx) -> Option<Interval> {
        if self.is_candidate(channel) { None } else { money::running(self, channel) }
    }

    /// Contacts a year that follow a contact here, and what they cost: what is avoided at best if nobody has to
    /// come back. `None` where nobody does, or it is not known.
    #[must_use]
    pub fn coming_back(&self, channel: ChannelIx) -> Option<(Interval, Option<Interval>)> {
        returns::coming_back(self, channel)
    }

    /// Cost of one more or one less contact, major currency units.
    #[must_use]
    pub fn avoidable_per_contact(&self, channel: ChannelIx) -> Option<f64> {
        money::avoidable_per_contact(self, channel)
    }

    /// Contacts that stayed in the machine, by reason, and those of them that were followed by a
    /// contact; the reason with most followed first (blank: not noted).
    #[must_use]
    pub fn containment_by_reason(&self, channel: ChannelIx) -> Vec<(String, i64, i64)> {
        containment::by_reason(self, channel)
    }

    /// The census in figures; `None` without logs.
    #[must_use]
    pub fn counted(&self) -> Option<Counted> {
        self.census.map(|view| counted::counted(self, view))
    }

    /// The coded measures of the completeness of the census (`criteria::CENSUS_MEASURES`); empty
    /// without logs.
    #[must_use]
    pub fn completeness(&self) -> Vec<(&'static str, Reading)> {
        self.census.map(|view| census::completeness(self, view)).unwrap_or_default()
    }

    /// A moment of the journey in facts.
    #[must_use]
    pub fn moment(&self, touchpoint: TouchpointIx) -> Moment {
        moment::moment(self, touchpoint)
    }

    /// Where visits to a channel go, and how often: another channel or an end. Repeats in place are no visits.
    pub fn steps_from(&self, channel: &'a str) -> impl Iterator<Item = (&'a str, i64)> {
        let own = self.steps.range((channel, "")..).take_while(move |((from, _), _)| *from == channel);
        own.map(|((_, to), n)| (*to, *n))
    }

    fn channel(&self, ix: ChannelIx) -> &'a Channel {
        self.inventory.channel(ix)
    }

    fn touchpoint(&self, subject: Subject) -> Option<&'a Touchpoint> {
        subject.touchpoint.map(|t| self.inventory.touchpoint(t))
    }

    /// Not open yet.
    fn is_candidate(&self, channel: ChannelIx) -> bool {
        self.channel(channel).status == Status::Candidate
    }

    /// Channels that customers can use today, with their indices.
    fn open_channels(&self) -> impl Iterator<Item = (ChannelIx, &'a Channel)> {
        self.inventory.channels().filter(|(_, c)| c.status != Status::Candidate)
    }

    /// A number of the method by name.
    fn default(&self, name: &str) -> f64 {
        self.criteria.defaults.number(name)
    }

    /// Share of a channel's contacts with a customer id; `None` without contacts.
    fn identified(&self, channel: ChannelIx) -> Option<f64> {
        use crate::census::Column::{Contacts, Identified};
        self.total(channel).filter(|s| s[Contacts] > 0).map(|s| real(s[Identified]) / real(s[Contacts]))
    }

    /// How a share that rests on customer ids is known, and from what; `what` names a channel's rows.
    fn of_identified(&self, channel: ChannelIx, what: &str) -> (Grade, String) {
        let coverage = self.identified(channel).unwrap_or(0.0);
        let measured = coverage >= self.criteria.defaults.id_coverage;
        let from = match coverage {
            all if all >= 1.0 => "logs".to_owned(),
            some => format!("logs, ids on {} of {what}", percent(some)),
        };
        (if measured { Grade::Measured } else { Grade::Estimated }, from)
    }

    /// A reading from a judgement in points; unknown where there is none.
    fn judged(&self, channel: ChannelIx, indicator: &str) -> Reading {
        let Some(judgement) = self.judgement(channel, indicator) else {
            return Reading::unknown("only a person or a survey can tell, and nobody has");
        };
        Reading::Known(Known {
            value: judgement.points.middle(),
            low: judgement.points.low,
            high: judgement.points.high,
            grade: Grade::Estimated,
            n: None,
            from: judgement.at.to_string(),
            has_interval: judgement.given_as_interval,
        })
    }
}

/// A count as a number.
#[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn real(n: i64) -> f64 {
    n as f64
}

/// A count as people read it: `43,368`.
fn thousands(n: f64) -> String {
    let digits = format!("{:.0}", n.max(0.0));
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of cases, rounded.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn count(n: f64) -> u64 {
    n.round().clamp(0.0, 9e15) as u64
}

/// Whether rows of a unit are contacts handled by people.
fn is_contact(channel: &Channel) -> bool {
    channel.kind.unit == Unit::Contact
}

/// A share as a whole percentage for sentences.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
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
    /// How long callers wait on average before they give up, seconds: measured, or the method's where
    /// `assumed` says so; `None` where nobody gives up.
    pub patience_s: Option<Interval>,
    /// Its work may wait.
    pub waits: bool,
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
    /// The open channels of every team that it touches: the share of their demand for which there are
    /// people, today and then.
    pub covered: Vec<(ChannelIx, Interval, Interval)>,
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
