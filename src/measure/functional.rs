//! Functional: does the channel work in use? Facts of the logs; the worst month where a mean would
//! hide it, the whole period where endings are counted.

use jiff::civil::Date;

use super::connected::{Carried, carried};
use super::containment::{self, Containment};
use super::{Facts, Grade, Reading, Subject, count, real};
use crate::census::view::Classes;
use crate::census::{Column, Sums};
use crate::criteria::kind::Timing;
use crate::inventory::{ChannelIx, SurveyTarget, UseOf};
use crate::quantity::{Interval, wilson};

const NOT_OPEN: &str = "it is not open yet";

/// Share of contacts that end well at a touchpoint (`None`: over all of them).
pub(super) fn ends_well(facts: &Facts<'_>, subject: Subject) -> Reading {
    if facts.is_candidate(subject.channel) {
        return forecast(facts, subject.channel);
    }
    let whole = ends_well_of(facts, subject.channel, None);
    let (Reading::Known(known), Some(touchpoint)) = (&whole, facts.touchpoint(subject)) else { return whole };
    let classes = facts.classes(subject.channel, Some(&touchpoint.id));
    let base = real(classes.base());
    if base >= least(facts) {
        return ends_well_of(facts, subject.channel, Some(&touchpoint.id));
    }
    // Where the log notes no touchpoint at all, the channel's own reading is all there is.
    if facts.classes(subject.channel, Some("")).base() == facts.classes(subject.channel, None).base() {
        return whole;
    }
    let carried = carried(facts, subject.channel);
    let (low, high) = well(&classes, &carried);
    let own = match (wilson(low, base), wilson(high, base)) {
        (Some(a), Some(b)) => a.hull(b),
        _ => Interval::new(0.0, 1.0),
    };
    let range = own.hull(Interval::new(known.low, known.high));
    let from =
        format!("{}, all moments: only {} contacts could be followed here", known.from, classes.base());
    Reading::ranged(known.value, range, known.grade, Some(count(base)), from)
}

fn forecast(facts: &Facts<'_>, ix: ChannelIx) -> Reading {
    let resolution = facts.channel(ix).forecast.as_ref().and_then(|f| f.resolution.as_ref());
    let Some(resolution) = resolution else { return Reading::not_applicable(NOT_OPEN) };
    let from = format!("forecast {}", resolution.at);
    if resolution.value.width() > 0.0 {
        Reading::ranged(resolution.value.middle(), resolution.value, Grade::Estimated, None, from)
    } else {
        Reading::point(resolution.value.low, Grade::Estimated, from)
    }
}

fn least(facts: &Facts<'_>) -> f64 {
    f64::from(facts.criteria.defaults.least_episodes)
}

/// Contacts that end well, least and most, by what a switch carries along.
fn well(classes: &Classes, carried: &Carried) -> (f64, f64) {
    let (clear, moved) = (real(classes.clear), real(classes.other.saturating_add(classes.handed_over)));
    (clear + carried.range.low * moved, clear + carried.range.high * moved)
}

/// Ends well over a channel or one of its touchpoints, without the rule for small cells.
pub(super) fn ends_well_of(facts: &Facts<'_>, ix: ChannelIx, touchpoint: Option<&str>) -> Reading {
    if facts.total(ix).is_none() {
        return Reading::unknown("no log covers it");
    }
    let classes = facts.classes(ix, touchpoint);
    let base = real(classes.base());
    if base < 1.0 {
        return Reading::unknown("no contact could be followed: the logs hold no customer ids");
    }
    if base < least(facts) {
        return Reading::unknown(format!("only {} contacts could be followed", classes.base()));
    }
    let carried = carried(facts, ix);
    let (low, high) = well(&classes, &carried);
    let moved = classes.other.saturating_add(classes.handed_over) > 0;
    let (known, from) = facts.of_identified(ix, "contacts");
    let grade = if moved { carried.grade.max(known) } else { known };
    match (wilson(low, base), wilson(high, base)) {
        (Some(a), Some(b)) => {
            let value = (real(classes.clear)
                + carried.value * (real(classes.other) + real(classes.handed_over)))
                / base;
            Reading::ranged(value, a.hull(b), grade, Some(count(base)), from)
        }
        _ => Reading::unknown("no contact could be followed"),
    }
}

/// A share of some column of sums: hits and cases.
type Share = fn(&Sums) -> (i64, i64);

/// The worst month of a share: the month holding at least the method's part of all contacts, and enough
/// cases to tell, with the lowest share. The whole period where no month holds enough.
pub(super) struct Worst {
    /// First day of the month; `None`: the whole period.
    pub(super) month: Option<Date>,
    pub(super) hits: f64,
    pub(super) cases: f64,
    /// Share over the whole period.
    pub(super) mean: f64,
}

/// Finds the worst month; `None` without cases.
pub(super) fn worst_month(facts: &Facts<'_>, ix: ChannelIx, share: Share) -> Option<Worst> {
    let (hits, cases) = share(facts.total(ix)?);
    if cases <= 0 {
        return None;
    }
    let months = facts.months(ix)?;
    let all: f64 = months.values().map(|s| real(s[Column::Contacts])).sum();
    let part = facts.default("worst_month_share") * all;
    let worst = months
        .iter()
        .filter(|(_, s)| real(s[Column::Contacts]) >= part)
        .map(|(month, s)| (*month, share(s)))
        .filter(|(_, (_, n))| real(*n) >= least(facts))
        .min_by(|(_, (a, n)), (_, (b, m))| (real(*a) / real(*n)).total_cmp(&(real(*b) / real(*m))));
    let mean = real(hits) / real(cases);
    Some(match worst {
        Some((month, (hits, cases))) if months.len() > 1 => {
            Worst { month: Some(month), hits: real(hits), cases: real(cases), mean }
        }
        _ => Worst { month: None, hits: real(hits), cases: real(cases), mean },
    })
}

/// The reading of the worst month, divided by a target where there is one.
fn worst_reading(facts: &Facts<'_>, ix: ChannelIx, share: Share, target: Option<f64>, none: &str) -> Reading {
    if facts.total(ix).is_none() {
        return Reading::unknown("no log covers it");
    }
    let Some(worst) = worst_month(facts, ix, share) else { return Reading::unknown(none) };
    let by = target.map_or(1.0, |t| 1.0 / t);
    let words = if target.is_some() { " of target" } else { "" };
    let from = match worst.month {
        Some(m) => {
            format!("logs, worst month {:04}-{:02} (mean {:.2}{words})", m.year(), m.month(), worst.mean * by)
        }
        None => "logs".to_owned(),
    };
    match wilson(worst.hits, worst.cases) {
        Some(range) => Reading::ranged(
            worst.hits / worst.cases * by,
            range.scale(by),
            Grade::Measured,
            Some(count(worst.cases)),
            from,
        ),
        None => Reading::unknown(none),
    }
}

/// What was promised and kept, over the target (strict: in time, of all offered), worst month.
pub(super) fn promise_kept(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if !channel.kind.is_answered() {
        return Reading::not_applicable("nobody has to answer it");
    }
    if facts.is_candidate(subject.channel) {
        return Reading::not_applicable(NOT_OPEN);
    }
    let Some(promise) = channel.promise.as_ref().filter(|p| p.value.share > 0.0) else {
        return Reading::unknown("no promise is declared");
    };
    let none = "the logs do not say when contacts were answered";
    worst_reading(facts, subject.channel, kept, Some(promise.value.share), none)
}

fn kept(sums: &Sums) -> (i64, i64) {
    (sums[Column::PromiseKept], sums[Column::PromiseKnown])
}

/// Share of contacts that get an answer at all, worst month. Live kinds: of all offered. Others: of all
/// whose answer is known, those whose time ran out without one among them. Whether it came in time is
/// the promise's question: asked here too, one late month would be judged twice, and a channel that
/// answers late would be said not to answer.
pub(super) fn answered(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if !channel.kind.is_answered() {
        return Reading::not_applicable("nobody has to answer it");
    }
    if facts.is_candidate(subject.channel) {
        return Reading::not_applicable(NOT_OPEN);
    }
    let none = "the logs do not say what was answered";
    let Some(total) = facts.total(subject.channel) else { return Reading::unknown("no log covers it") };
    if total[Column::AnsweredKnown] <= 0 {
        return Reading::unknown(none);
    }
    let share: Share = if channel.kind.timing == Timing::Live {
        |s| {
            let offered = s[Column::Answered].saturating_add(s[Column::Abandoned]);
            // Without a column for those who gave up, whoever is known not to be answered counts.
            (s[Column::Answered], offered.max(s[Column::AnsweredKnown]))
        }
    } else {
        |s| (s[Column::Answered], s[Column::AnsweredKnown])
    };
    worst_reading(facts, subject.channel, share, None, none)
}

/// Top-2 share, worst month.
pub(super) fn satisfaction(facts: &Facts<'_>, subject: Subject) -> Reading {
    if facts.is_candidate(subject.channel) {
        return Reading::not_applicable(NOT_OPEN);
    }
    let share: Share = |s| (s[Column::Satisfied], s[Column::SatisfactionKnown]);
    worst_reading(facts, subject.channel, share, None, "the logs hold no satisfaction")
}

/// Talks that ended in the machine and were followed by a contact, of all that ended there.
pub(super) fn false_containment(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if !channel.kind.is_automated() {
        return Reading::not_applicable("people answer it, or nobody has to");
    }
    if facts.is_candidate(subject.channel) {
        return Reading::not_applicable(NOT_OPEN);
    }
    let talks = containment::containment(facts, subject.channel);
    let Some(Containment { in_vain, .. }) = talks else { return Reading::unknown("no log covers it") };
    match in_vain.known().and_then(|known| known.n) {
        Some(kept) if kept < count(least(facts)) => {
            Reading::unknown(format!("only {kept} talks that stayed in it could be followed"))
        }
        _ => in_vain,
    }
}

/// How easy customers find it, in points: surveys pooled by sample, else a person's judgement.
pub(super) fn ease(facts: &Facts<'_>, subject: Subject) -> Reading {
    let kind = &facts.channel(subject.channel).kind;
    let (mut sum, mut n, mut from) = (0.0, 0.0, None);
    for survey in facts.inventory.surveys.iter().filter(|s| s.sample > 0) {
        let of = |t: &SurveyTarget| survey.ease.iter().find(|(target, _)| target == t).map(|(_, e)| *e);
        let value = of(&SurveyTarget::Channel(subject.channel))
            .or_else(|| of(&SurveyTarget::Use(UseOf::Kind(kind.id.clone()))))
            .or_else(|| of(&SurveyTarget::Use(UseOf::Group(kind.group.clone()?))));
        if let Some(value) = value {
            (sum, n) = (sum + value * f64::from(survey.sample), n + f64::from(survey.sample));
            from.get_or_insert_with(|| format!("survey {}", survey.at));
        }
    }
    match (wilson(sum, n), from) {
        (Some(range), Some(from)) => {
            Reading::ranged(sum / n * 100.0, range.scale(100.0), Grade::Sampled, Some(count(n)), from)
        }
        _ => facts.judged(subject.channel, "ease"),
    }
}
