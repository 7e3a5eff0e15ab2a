//! People in the JSON: the capability of a channel hour by hour, teams, and what opening a candidate
//! takes.

use schemars::JsonSchema;
use serde::Serialize;

use super::{CAPABILITY, FigureV1, IndicatorV1, Number, RangeV1, indicators};
use crate::assess::ChannelAssessment;
use crate::inventory::ChannelIx;
use crate::measure::hours::{Hour, Hours};
use crate::measure::teams::TeamFacts;
use crate::measure::{Effect, ServiceWindow, Staffing};
use crate::quantity::Interval;
use crate::report::Document;
use crate::report::figures;
use crate::report::people::worst;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Capability")]
pub(super) struct CapabilityV1 {
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<RangeV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Number>,
    /// People of the team present on average over its open hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<RangeV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required_fte: Option<RangeV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_fte: Option<FigureV1>,
    /// The hours that miss most contacts, as measured or else by the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    worst_hours: Option<Vec<HourV1>>,
    /// Contacts of a week that come while the channel is closed and that no open hour takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_per_week: Option<FigureV1>,
    /// Every open hour with contacts; only of channels named on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Vec<HourV1>>,
    /// How long callers wait on average before they give up: measured, unless `assumed` says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    patience_s: Option<FigureV1>,
    /// What was assumed, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assumed: Vec<String>,
    indicators: Vec<IndicatorV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hour")]
struct HourV1 {
    /// `Mo 9-10`.
    hours: String,
    /// Mean contacts, at the end of the range that needs more people.
    contacts: Number,
    /// People needed for them.
    required: Number,
    /// People present for this channel.
    present: RangeV1,
    /// Served in time of all offered, by the model with the fewest people; absent where nobody is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<Number>,
    /// The same from the fewest people to the most.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<ServiceV1>,
    /// The hour at the 90th percentile of its weeks; absent under ten whole weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    bad_week: Option<BadWeekV1>,
    /// What the log measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<ServiceV1>,
}

/// Service in an hour.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Service")]
struct ServiceV1 {
    /// Served in time of all offered.
    strict: RangeV1,
    /// The share itself, where it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    /// Given up (short hang-ups excepted) of all offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<RangeV1>,
    /// Mean wait of all, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_wait_s: Option<FigureV1>,
    /// Cases it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<i64>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BadWeek")]
struct BadWeekV1 {
    contacts: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<Number>,
    /// Served in time of all offered, by the model with the fewest people.
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<Number>,
}

/// The capability of a channel.
pub(super) fn capability(document: &Document<'_>, c: &ChannelAssessment) -> CapabilityV1 {
    let score = c.criteria.iter().find(|s| s.id == CAPABILITY);
    let staffing = document.facts.staffing(c.channel).ok();
    let hours = staffing.and_then(|_| document.facts.hours(c.channel));
    let named = document.named.contains(&c.channel);
    CapabilityV1 {
        score: score.and_then(|s| s.score).map(Into::into),
        weight: score.map(|s| Number(s.weight)),
        present: staffing.map(|s| s.present.into()),
        required_fte: staffing.map(|s| s.served.required_fte.into()),
        available_fte: staffing.map(|s| s.available_fte.into()),
        worst_hours: staffing.map(|staffing| worst_hours(document, staffing, hours.as_ref())),
        closed_per_week: hours.as_ref().map(|hours| hours.closed.into()),
        hours: hours.as_ref().filter(|_| named).map(|hours| hours.list.iter().map(hour).collect()),
        patience_s: staffing.and_then(|s| s.patience_s).map(Into::into),
        assumed: staffing.map(|s| s.assumed.clone()).unwrap_or_default(),
        indicators: score.map(|s| indicators(document, s)).unwrap_or_default(),
    }
}

/// As measured, or else by the model; of work that may wait, the hours whose work is late.
fn worst_hours(document: &Document<'_>, staffing: &Staffing, hours: Option<&Hours>) -> Vec<HourV1> {
    let Some(hours) = hours else { return Vec::new() };
    if !staffing.waits {
        return worst(document, hours).into_iter().map(hour).collect();
    }
    let late = staffing.served.short.iter().map(|h| HourV1 {
        hours: figures::hours(&[h.hour]),
        contacts: Number(h.contacts),
        required: Number(h.required),
        present: h.present.into(),
        strict: h.strict.map(Number),
        ..HourV1::default()
    });
    let most = document.criteria().defaults.number("worst_hours");
    late.zip(1_u32..).take_while(|(_, n)| f64::from(*n) <= most).map(|(late, _)| late).collect()
}

impl Default for HourV1 {
    fn default() -> Self {
        Self {
            hours: String::new(),
            contacts: Number(0.0),
            required: Number(0.0),
            present: Interval::point(0.0).into(),
            strict: None,
            expected: None,
            bad_week: None,
            measured: None,
        }
    }
}

fn hour(h: &Hour) -> HourV1 {
    HourV1 {
        hours: figures::hours(&[h.hour]),
        contacts: Number(h.contacts.high),
        required: Number(h.required.high),
        present: h.present.into(),
        strict: h.expected.filter(|_| h.present.low > 0.0).map(|e| Number(e.strict.low)),
        ..hour_detail(h)
    }
}

/// What an hour expects and what was measured in it.
fn hour_detail(h: &Hour) -> HourV1 {
    HourV1 {
        expected: h.expected.map(|expected| ServiceV1 {
            strict: expected.strict.into(),
            value: None,
            lost: expected.lost.map(Into::into),
            mean_wait_s: expected.mean_wait_s.map(Into::into),
            n: None,
        }),
        bad_week: h.bad_week.map(|week| BadWeekV1 {
            contacts: Number(week.contacts),
            required: week.required.map(Number),
            strict: week.strict.map(Number),
        }),
        measured: h.measured.as_ref().map(|window| measured(window, h.measured_wait_s)),
        ..HourV1::default()
    }
}

fn measured(window: &ServiceWindow, wait_s: Option<f64>) -> ServiceV1 {
    ServiceV1 {
        strict: window.strict.1.into(),
        value: Some(Number(window.strict.0)),
        lost: window.lost.map(|(_, range)| range.into()),
        mean_wait_s: wait_s.map(|wait| Interval::point(wait).into()),
        n: Some(window.offered),
    }
}

/// A team.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Team")]
pub(super) struct TeamV1 {
    id: String,
    /// Heads under contract, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<FigureV1>,
    /// Of them at the desk, on average over the open hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    present: Option<RangeV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open_hours_per_week: Option<Number>,
    /// Open channels that it serves, with the full-time people that each takes.
    channels: Vec<ServesV1>,
    /// The hour and channel with the least people to spare.
    #[serde(skip_serializing_if = "Option::is_none")]
    breaks_first: Option<BreakV1>,
    /// Hours in which somebody is alone, at least at times.
    #[serde(skip_serializing_if = "Option::is_none")]
    alone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<PartnerV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Serves")]
struct ServesV1 {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    required_fte: Option<FigureV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Break")]
struct BreakV1 {
    channel: String,
    /// `Mo 9-10`.
    hours: String,
    required: Number,
    present: RangeV1,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Partner")]
struct PartnerV1 {
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity_per_hour: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_per_contact: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Contacts in its busiest hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    busiest: Option<BusiestV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Busiest")]
struct BusiestV1 {
    /// `Mo 9-10`.
    hours: String,
    contacts: FigureV1,
}

/// A team.
pub(super) fn team(document: &Document<'_>, it: &TeamFacts) -> TeamV1 {
    let team = &document.inventory().teams[it.team.0];
    let id = |ix: ChannelIx| document.inventory().channel(ix).id.clone();
    TeamV1 {
        id: team.id.clone(),
        people: team.people.as_ref().map(|people| people.value.into()),
        present: it.present.map(Into::into),
        open_hours_per_week: it.open_hours.map(Number),
        channels: it
            .channels
            .iter()
            .map(|(ix, fte)| ServesV1 { id: id(*ix), required_fte: fte.map(Into::into) })
            .collect(),
        breaks_first: it.breaks.map(|first| BreakV1 {
            channel: id(first.channel),
            hours: figures::hours(&[first.hour]),
            required: Number(first.required),
            present: first.present.into(),
        }),
        alone: Some(figures::hours(&it.alone)).filter(|hours| !hours.is_empty()),
        partner: it.partner.map(|partner| PartnerV1 {
            capacity_per_hour: partner.capacity_per_hour.map(Number),
            price_per_contact: partner.price_per_contact.map(Number),
            until: partner.until.map(|until| until.to_string()),
            busiest: partner.busiest.map(|(hour, contacts)| BusiestV1 {
                hours: figures::hours(&[hour]),
                contacts: contacts.into(),
            }),
        }),
    }
}

/// What opening a candidate takes and does, a year.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Candidate")]
pub(super) struct CandidateV1 {
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<FigureV1>,
    /// Of those, moved from other channels (never saved).
    moved: Vec<MovedV1>,
    /// Of those, new.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required_fte: Option<FigureV1>,
    /// Full-time people that moved contacts no longer take elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    freed_fte: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<FigureV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    net_value: Option<FigureV1>,
    /// People needed in the busiest hour if one holds so many talks at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_talks: Vec<TalksV1>,
    /// Open channels of the teams that it touches: the share of their demand for which there are people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    covered: Vec<CoveredV1>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Moved")]
struct MovedV1 {
    from: String,
    contacts: FigureV1,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Talks")]
struct TalksV1 {
    talks: u32,
    people: Number,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Covered")]
struct CoveredV1 {
    channel: String,
    before: RangeV1,
    after: RangeV1,
}

/// A candidate.
pub(super) fn candidate(document: &Document<'_>, effect: &Effect) -> CandidateV1 {
    let id = |ix: ChannelIx| document.inventory().channel(ix).id.clone();
    CandidateV1 {
        contacts: effect.contacts.map(Into::into),
        moved: effect
            .moved
            .iter()
            .map(|(from, n)| MovedV1 { from: id(*from), contacts: (*n).into() })
            .collect(),
        new: effect.new.map(Into::into),
        required_fte: effect.fte.map(Into::into),
        freed_fte: effect.fte_freed.map(Into::into),
        cost: effect.cost_per_year.map(Into::into),
        net_value: effect.net_value.map(Into::into),
        by_talks: effect
            .by_concurrency
            .iter()
            .map(|(talks, people)| TalksV1 { talks: *talks, people: Number(*people) })
            .collect(),
        covered: effect
            .covered
            .iter()
            .map(|(ix, before, after)| CoveredV1 {
                channel: id(*ix),
                before: (*before).into(),
                after: (*after).into(),
            })
            .collect(),
        unknown: effect.unknown.clone(),
    }
}
