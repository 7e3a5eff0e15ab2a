//! The census in figures: what the first step tells a reader, before anything is judged.
//!
//! Every figure keeps its unit: sessions, views and messages never share a denominator with contacts.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::containment::{self, Containment};
use super::journey::role::{Journeys, Role};
use super::journey::{RESOLVED, START};
use super::money::Turn;
use super::paths::{self, JourneyPath};
use super::returns::{self, Returns};
use super::{
    Facts, Grade, Reading, functional, is_contact, money, percent, real, service, staffing, thousands,
};
use crate::census::view::{Classes, View};
use crate::census::{Column, Facet, Sums};
use crate::criteria::kind::Unit;
use crate::inventory::{ChannelIx, EpisodeKey, Status};
use crate::quantity::{Interval, Z_95};

/// Contacts by hour of the week, Monday 0:00 first.
pub type Week = [i64; 168];

/// The whole census in figures.
#[derive(Debug, Clone)]
pub struct Counted {
    /// First local day.
    pub from: Date,
    /// Last local day.
    pub to: Date,
    /// Days from first to last, both included.
    pub days: i64,
    /// Zone of local times.
    pub zone: String,
    /// Episode window, days.
    pub window_days: u32,
    /// How episodes were cut.
    pub key: EpisodeKey,
    /// Contacts (unit contact, listed channels).
    pub contacts: i64,
    /// Rows read.
    pub read: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// Rows that are no customer's contact.
    pub ignored: i64,
    /// Rows of a contact that was there already.
    pub duplicate: i64,
    /// Rejected rows by cause.
    pub rejected_causes: Vec<(String, i64)>,
    /// Ignored rows by column and value.
    pub ignored_values: Vec<(String, String, i64)>,
    /// Labels that match no channel, most contacts first.
    pub unlisted: Vec<(String, i64)>,
    /// One for each channel that has a row in the census, in inventory order.
    pub channels: Vec<CountedChannel>,
    /// Active channels without any row.
    pub silent: Vec<ChannelIx>,
    /// Steps between channels, START, RESOLVED and UNRESOLVED, most frequent first.
    pub steps: Vec<Step>,
    /// Episodes and, of those, ended resolved.
    pub episodes: (i64, i64),
    /// The paths of journeys, most frequent first; `None` where the census does not count them.
    pub paths: Option<Vec<JourneyPath>>,
    /// Pairs of channels that cost per contact and cost per resolution rank differently, widest gap first.
    pub cost_turns: Vec<Turn>,
    /// Reasons over all channels of unit contact, most contacts first (blank: not noted).
    pub reasons: Vec<(String, i64)>,
    /// Contacts of unit contact by hour of the week; `None` where no row has a time of day.
    pub hours: Option<Box<Week>>,
    /// What a reader must know to read these figures (coverage of ids, merged rows, clock changes).
    pub notes: Vec<String>,
}

/// One step of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Channel id or `START`.
    pub from: String,
    /// Channel id, `RESOLVED` or `UNRESOLVED`.
    pub to: String,
    /// How often.
    pub count: i64,
}

/// One channel in figures.
#[derive(Debug, Clone)]
pub struct CountedChannel {
    /// Which.
    pub channel: ChannelIx,
    /// What one row counts.
    pub unit: Unit,
    /// Rows of that unit.
    pub contacts: i64,
    /// Share of all contacts; `None` for sessions, views and messages.
    pub share: Option<f64>,
    /// Share with a customer id.
    pub identified: Option<f64>,
    /// Customers seen (an interval after censuses were merged).
    pub customers: Option<Interval>,
    /// Customers with three or more contacts, all of them here.
    pub sole_customers: Option<Interval>,
    /// Answered, where the log says.
    pub answered: Option<i64>,
    /// Abandoned.
    pub abandoned: Option<i64>,
    /// Mean wait of all, seconds.
    pub mean_wait_s: Option<f64>,
    /// Mean wait of the answered, seconds.
    pub mean_wait_answered_s: Option<f64>,
    /// Median wait (deferred kinds: to the reply, else the close), seconds; within 6.25%.
    pub median_wait_s: Option<f64>,
    /// Mean handling, seconds.
    pub mean_handle_s: Option<f64>,
    /// OCR.
    pub one_contact_resolution: Reading,
    /// FCR.
    pub first_contact_resolution: Reading,
    /// Ends well.
    pub ends_well: Reading,
    /// Other over base.
    pub switch_rate: Reading,
    /// Top-2 share.
    pub satisfaction: Reading,
    /// Net promoter score, -1..=1; never stands in for satisfaction.
    pub nps: Reading,
    /// Strict service level (deferred kinds: promise kept); the seconds it is held against.
    pub service_level: Option<(f64, Reading)>,
    /// The five variants by name: `strict`, `plus`, `answered-only`, `excluding-short`,
    /// `short-as-served` (live kinds only).
    pub service_levels: Vec<(&'static str, f64)>,
    /// Lost callers (short hang-ups excepted) over offered.
    pub lost: Option<f64>,
    /// Running cost over answered, major currency units.
    pub cost_per_contact: Option<Interval>,
    /// Cost of the episodes entered here over those that ended resolved.
    pub cost_per_resolution: Option<Interval>,
    /// Who comes back; `None` without logs.
    pub returns: Option<Returns>,
    /// Talks that a machine keeps; `None` where people answer.
    pub containment: Option<Containment>,
    /// Role in the journey; `None` where there are no episodes.
    pub role: Option<Role>,
    /// By hour of the week; `None` where no row has a time of day.
    pub hours: Option<Box<Week>>,
    /// By reason, most contacts first (blank: not noted).
    pub reasons: Vec<(String, i64)>,
    /// By touchpoint, most contacts first (blank: not noted).
    pub touchpoints: Vec<(String, i64)>,
    /// By month: first day, contacts.
    pub months: Vec<(Date, i64)>,
    /// Change of weekly contacts over a year as a share of the mean, or why there is none.
    pub trend: Result<f64, String>,
}

/// The whole census in figures.
pub(super) fn counted(facts: &Facts<'_>, view: View<'_>) -> Counted {
    let (from, to) = view.period().unwrap_or((facts.at, facts.at));
    let all: i64 = facts
        .inventory
        .channels()
        .filter(|(_, c)| is_contact(c))
        .filter_map(|(ix, _)| facts.total(ix))
        .map(|s| s[Column::Contacts])
        .fold(0, i64::saturating_add);
    let journeys = Journeys::of(facts, view);
    let channels: Vec<CountedChannel> =
        facts.inventory.channels().filter_map(|(ix, _)| channel(facts, view, ix, all, &journeys)).collect();
    let costs: Vec<(ChannelIx, Interval, Interval)> = channels
        .iter()
        .filter_map(|c| Some((c.channel, c.cost_per_contact?, c.cost_per_resolution?)))
        .collect();
    let step_sum = |end: &dyn Fn(&str, &str) -> bool| {
        facts.steps.iter().filter(|((f, t), _)| end(f, t)).map(|(_, n)| *n).fold(0, i64::saturating_add)
    };
    let mut hours: Option<Box<Week>> = None;
    let mut reasons: BTreeMap<String, i64> = BTreeMap::new();
    for c in channels.iter().filter(|c| c.unit == Unit::Contact) {
        if let Some(own) = &c.hours {
            let sum = hours.get_or_insert_with(|| Box::new([0; 168]));
            sum.iter_mut().zip(own.iter()).for_each(|(a, b)| *a = a.saturating_add(*b));
        }
        for (reason, n) in &c.reasons {
            let sum = reasons.entry(reason.clone()).or_default();
            *sum = sum.saturating_add(*n);
        }
    }
    let rejected_causes = facet_counts(view, Facet::Rejected, 0);
    let unlisted = facet_counts(view, Facet::Unlisted, 0);
    let mut ignored_values: Vec<(String, String, i64)> = view
        .facet(Facet::Ignored)
        .map(|(k, s)| (k.keys[0].clone(), k.keys[1].clone(), s[Column::Contacts]))
        .collect();
    ignored_values.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (&a.0, &a.1).cmp(&(&b.0, &b.1))));
    Counted {
        from,
        to,
        days: view.days(),
        zone: view.meta_text("zone").unwrap_or(&facts.inventory.organisation.timezone_name).to_owned(),
        window_days: view.window_days().unwrap_or(facts.criteria.defaults.window_days),
        key: view.episode_key(),
        contacts: all,
        read: meta_number(view, "rows-read"),
        rejected: total(rejected_causes.iter().map(|(_, n)| *n)),
        ignored: total(ignored_values.iter().map(|(_, _, n)| *n)),
        duplicate: total(facet_counts(view, Facet::Duplicate, 0).iter().map(|(_, n)| *n)),
        rejected_causes,
        ignored_values,
        unlisted,
        notes: notes(facts, view, all),
        channels,
        silent: facts
            .inventory
            .channels()
            .filter(|(ix, c)| c.status == Status::Active && facts.total(*ix).is_none())
            .map(|(ix, _)| ix)
            .collect(),
        steps: steps(facts),
        episodes: (step_sum(&|f, _| f == START), step_sum(&|_, t| t == RESOLVED)),
        cost_turns: money::turns(&costs, facts.default("cost_gap")),
        paths: paths::paths(facts, view),
        reasons: most_first(reasons),
        hours,
    }
}

/// A number of the meta facet: the count of its row, else its text.
fn meta_number(view: View<'_>, name: &str) -> i64 {
    match view.meta_count(name) {
        0 => view.meta_text(name).and_then(|t| t.parse().ok()).unwrap_or(0),
        n => n,
    }
}

fn facet_counts(view: View<'_>, facet: Facet, key: usize) -> Vec<(String, i64)> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (k, s) in view.facet(facet) {
        let name = k.keys.get(key).cloned().unwrap_or_default();
        let sum = sums.entry(name).or_default();
        *sum = sum.saturating_add(s[Column::Contacts]);
    }
    most_first(sums)
}

fn most_first(sums: BTreeMap<String, i64>) -> Vec<(String, i64)> {
    let mut list: Vec<_> = sums.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

fn steps(facts: &Facts<'_>) -> Vec<Step> {
    let mut list: Vec<Step> = facts
        .steps
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|((from, to), n)| Step { from: (*from).to_owned(), to: (*to).to_owned(), count: *n })
        .collect();
    list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    list
}

/// A sum that stops at the largest number instead of turning over.
fn total(counts: impl Iterator<Item = i64>) -> i64 {
    counts.fold(0, i64::saturating_add)
}

/// What a reader must know to read the figures.
fn notes(facts: &Facts<'_>, view: View<'_>, contacts: i64) -> Vec<String> {
    let mut notes = Vec::new();
    let of_contacts = facts.inventory.channels().filter(|(_, c)| is_contact(c));
    let identified = total(of_contacts.filter_map(|(ix, _)| facts.total(ix)).map(|s| s[Column::Identified]));
    if contacts > 0 && identified < contacts {
        notes.push(format!(
            "{} of contacts carry a customer id; endings, switches and roles rest on those",
            percent(real(identified) / real(contacts))
        ));
    }
    for (name, words) in [
        ("merged-rows", "rows of one customer in one text channel within a day count as one contact"),
        ("clock-gaps", "local times fell into a clock gap and were moved forward"),
        ("clock-folds", "local times occurred twice when the clock was set back; the earlier was taken"),
    ] {
        let n = meta_number(view, name);
        if n > 0 {
            notes.push(format!("{} {words}", thousands(real(n))));
        }
    }
    if view.parts() > 1 {
        notes.push(format!(
            "the census is merged of {} parts: journeys too close to the end of a part are left out, and customers are \
             known within bounds only",
            view.parts()
        ));
    }
    let heavy: i64 =
        facts.inventory.channels().map(|(ix, _)| facts.classes(ix, None).heavy).fold(0, i64::saturating_add);
    if heavy > 0 {
        notes.push(format!(
            "{} contacts are of ids with too many contacts to be one person, and are shown apart",
            thousands(real(heavy))
        ));
    }
    notes
}

fn ratio(a: i64, b: i64, by: f64) -> Option<f64> {
    (b > 0).then(|| real(a) / real(b) * by)
}

fn channel(
    facts: &Facts<'_>,
    view: View<'_>,
    ix: ChannelIx,
    all: i64,
    journeys: &Journeys<'_>,
) -> Option<CountedChannel> {
    let sums = facts.total(ix)?;
    let c = facts.channel(ix);
    let contacts = sums[Column::Contacts];
    let (classes, times) = (facts.classes(ix, None), facts.times(ix)?);
    let of_base = |hits: i64| followed(facts, ix, &classes, hits);
    let one_contact = of_base(classes.clear);
    let answers = sums[Column::AnsweredKnown] > 0;
    Some(CountedChannel {
        channel: ix,
        unit: c.kind.unit,
        contacts,
        share: (c.kind.unit == Unit::Contact).then(|| ratio(contacts, all, 1.0)).flatten(),
        identified: facts.identified(ix),
        customers: view.customers(&c.id, "all"),
        sole_customers: facts.sole_customers(ix).map(|sole| sole.customers),
        answered: answers.then_some(sums[Column::Answered]),
        abandoned: (answers || sums[Column::Abandoned] > 0).then_some(sums[Column::Abandoned]),
        mean_wait_s: ratio(sums[Column::WaitMs], sums[Column::WaitKnown], 1e-3),
        mean_wait_answered_s: ratio(sums[Column::WaitAnsweredMs], sums[Column::WaitAnsweredKnown], 1e-3),
        median_wait_s: view.quantile(Facet::Wait, &c.id, 0.5),
        mean_handle_s: ratio(sums[Column::HandleMs], sums[Column::HandleKnown], 1e-3),
        first_contact_resolution: of_base(classes.clear.saturating_add(classes.other)),
        ends_well: functional::ends_well_of(facts, ix, None),
        switch_rate: of_base(classes.other),
        satisfaction: Reading::share(
            real(sums[Column::Satisfied]),
            real(sums[Column::SatisfactionKnown]),
            Grade::Measured,
            "logs",
            "the logs hold no satisfaction",
        ),
        nps: nps(sums),
        service_level: service_level(facts, ix, sums),
        service_levels: service_levels(facts, ix, sums),
        lost: service::lost(sums).filter(|_| staffing::is_live(c)).map(|(share, _)| share),
        cost_per_contact: facts.cost_per_contact(ix),
        cost_per_resolution: money::per_resolution(facts, ix),
        returns: returns::returns(facts, view, ix),
        containment: containment::containment(facts, ix),
        role: journeys.role(facts, ix, one_contact.known().map(|k| k.value)),
        one_contact_resolution: one_contact,
        hours: facts.week(ix).map(hours),
        reasons: view.by(&c.id, |u| u.reason),
        touchpoints: view.by(&c.id, |u| u.touchpoint),
        months: facts.months(ix)?.iter().map(|(month, s)| (*month, s[Column::Contacts])).collect(),
        trend: trend(facts, &view.period().map(|period| times.weekly_contacts(period)).unwrap_or_default()),
    })
}

/// A share of the contacts that could be followed.
pub(super) fn followed(facts: &Facts<'_>, ix: ChannelIx, classes: &Classes, hits: i64) -> Reading {
    let (grade, from) = facts.of_identified(ix, "contacts");
    let none = "no contact could be followed: the logs hold no customer ids";
    Reading::share(real(hits), real(classes.base()), grade, from, none)
}

/// Net promoter score with the interval of its standard error.
fn nps(sums: &Sums) -> Reading {
    let n = real(sums[Column::NpsKnown]);
    if n <= 0.0 {
        return Reading::unknown("the logs hold no recommendation score");
    }
    let (pro, det) = (real(sums[Column::Promoters]) / n, real(sums[Column::Detractors]) / n);
    let score = pro - det;
    let error = Z_95 * ((pro + det - score * score).max(0.0) / n).sqrt();
    let range = Interval::new((score - error).max(-1.0), (score + error).min(1.0));
    Reading::ranged(score, range, Grade::Measured, Some(super::count(n)), "logs")
}

/// Strict service level (deferred kinds: promise kept) with the seconds it is held against.
fn service_level(facts: &Facts<'_>, ix: ChannelIx, sums: &Sums) -> Option<(f64, Reading)> {
    let promise = staffing::promise(facts, facts.channel(ix))?;
    let n = sums[Column::PromiseKnown];
    let none = "the logs do not say when contacts were answered";
    (n > 0).then(|| {
        let kept = real(sums[Column::PromiseKept]);
        (promise.within_s, Reading::share(kept, real(n), Grade::Measured, "logs", none))
    })
}

/// The five variants over all offered whose wait is known (METHOD B).
fn service_levels(facts: &Facts<'_>, ix: ChannelIx, sums: &Sums) -> Vec<(&'static str, f64)> {
    let offered = sums[Column::PromiseKnown];
    if !staffing::is_live(facts.channel(ix)) || offered <= 0 {
        return Vec::new();
    }
    let (kept, given_up) = (real(sums[Column::PromiseKept]), real(sums[Column::Abandoned]));
    let (early, short) = (real(sums[Column::AbandonedInPromise]), real(sums[Column::AbandonedShort]));
    let offered = real(offered);
    [
        ("strict", kept, offered),
        ("plus", kept + early, offered),
        ("answered-only", kept, offered - given_up),
        ("excluding-short", kept, offered - early),
        ("short-as-served", kept + short, offered),
    ]
    .into_iter()
    .filter(|(_, _, n)| *n > 0.0)
    .map(|(name, hits, n)| (name, hits / n))
    .collect()
}

fn hours(week: &[Sums]) -> Box<Week> {
    let mut out: Box<Week> = Box::new([0; 168]);
    out.iter_mut().zip(week).for_each(|(slot, sums)| *slot = sums[Column::Contacts]);
    out
}

/// Slope of the weekly contacts by least squares, over a year, as a share of their mean.
fn trend(facts: &Facts<'_>, weeks: &[i64]) -> Result<f64, String> {
    let n = real(i64::try_from(weeks.len()).unwrap_or(i64::MAX));
    let needed = facts.default("trend_weeks");
    if n < needed {
        return Err(format!("period too short: {n:.0} whole weeks, a trend needs {needed:.0}"));
    }
    let mean = weeks.iter().map(|w| real(*w)).sum::<f64>() / n;
    if mean <= 0.0 {
        return Err("no contacts in whole weeks".into());
    }
    let centre = (n - 1.0) / 2.0;
    let (mut above, mut below, mut x) = (0.0, 0.0, -centre);
    for week in weeks {
        above += x * (real(*week) - mean);
        below += x * x;
        x += 1.0;
    }
    Ok(above / below * facts.default("weeks_per_year") / mean)
}
