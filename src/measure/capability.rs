//! Capability: people, hours, practices, languages, systems. Facts only.

use super::{Facts, Grade, Reading, Subject, count, customers, is_contact};
use crate::capability::roster::open_week;
use crate::census::{Column, Sums};
use crate::criteria::kind::Timing;
use crate::inventory::{ChannelIx, Owner, Status};
use crate::quantity::Interval;

/// Share of the demand that arrives in hours in which enough people are there.
pub(super) fn covered(facts: &Facts<'_>, subject: Subject) -> Reading {
    let kind = &facts.channel(subject.channel).kind;
    if !kind.is_answered() {
        return Reading::not_applicable("nobody has to answer it");
    }
    match facts.staffing(subject.channel) {
        Ok(s) => {
            let covered = s.served.covered.clamp(0.0, 1.0);
            // The kind's usual promise is shown and never failed: a laxer one might be covered in full.
            if facts.channel(subject.channel).promise.is_none() {
                let open = Interval::new(covered.low, 1.0);
                return Reading::ranged(
                    covered.low,
                    open,
                    Grade::Estimated,
                    None,
                    "staffing model, usual promise",
                );
            }
            Reading::ranged(covered.middle(), covered, s.grade, None, "staffing model")
        }
        Err(because) => match facts.covered_by_partner(subject.channel) {
            Some(covered) => {
                let team = facts.inventory.team_of(facts.channel(subject.channel));
                let from = team.map_or_else(String::new, |team| format!("partner's capacity, {}", team.at));
                Reading::ranged(covered.middle(), covered, Grade::Declared, None, from)
            }
            None => Reading::unknown(because),
        },
    }
}

/// Share of a channel's own contacts that come while it is closed; `None` without hours or times of day.
pub(super) fn closed_share(facts: &Facts<'_>, ix: ChannelIx) -> Option<f64> {
    let channel = facts.channel(ix);
    let open = open_week(&facts.inventory.hours_of(channel)?.value);
    let week = facts.week(ix)?;
    let contacts = |sums: &Sums| super::real(sums[Column::Contacts]);
    let all: f64 = week.iter().map(contacts).sum();
    let closed: f64 = week.iter().zip(open).map(|(sums, open)| contacts(sums) * (1.0 - open)).sum();
    (all > 0.0).then(|| closed / all)
}

/// Share of the demand of its touchpoints that arrives while it is open, by hour of the week.
pub(super) fn opening(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if !matches!(channel.kind.timing, Timing::Live | Timing::NearLive) {
        return Reading::not_applicable("its contacts may wait, or nobody has to answer");
    }
    let Some(hours) = facts.inventory.hours_of(channel) else {
        return Reading::unknown("nobody said when it is open");
    };
    let open = open_week(&hours.value);
    let weights = facts.weights(subject.channel);
    let (mut inside, mut all, mut cases) = (0.0, 0.0, 0.0);
    for (ix, _) in facts.open_channels().filter(|(_, c)| is_contact(c)) {
        let Some(week) = facts.week(ix) else { continue };
        // The hours of one channel, as far as its contacts belong to the moments that this one serves.
        let demand = &facts.demand[ix.0];
        let total: f64 = demand.values().map(|a| a.value).sum();
        let here: f64 = weights.iter().filter_map(|(t, _)| demand.get(t)).map(|a| a.value).sum();
        if total <= 0.0 {
            continue;
        }
        let share = here / total;
        for (sums, open) in week.iter().zip(open) {
            let n = super::real(sums[Column::Contacts]) * share;
            all += n;
            inside += n * open;
        }
        cases += share * week.iter().map(|s| super::real(s[Column::Contacts])).sum::<f64>();
    }
    if all <= 0.0 {
        return Reading::unknown("nobody noted at which hours customers come");
    }
    let value = Interval::point((inside / all).clamp(0.0, 1.0));
    Reading::ranged(
        value.low,
        value,
        Grade::Measured,
        Some(count(cases)),
        format!("logs against the hours at {}", hours.at),
    )
}

/// Share of good practices in place; what nobody answered widens the interval.
pub(super) fn practices(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    let p = &channel.practices;
    let owner = channel.owner.as_ref().map(|o| matches!(o.value, Owner::Named(_)));
    let mut answers = vec![
        owner,
        p.knowledge_base.as_ref().map(|b| b.value),
        p.training.as_ref().map(|b| b.value),
        p.quality_checks.as_ref().map(|b| b.value),
        p.back_up.as_ref().map(|b| b.value),
    ];
    if channel.kind.timing == Timing::Deferred {
        answers.push(p.workflow.as_ref().map(|b| b.value));
    }
    let share = |n: usize| super::real(i64::try_from(n).unwrap_or(0)) / super::real(answers.len() as i64);
    let yes = answers.iter().filter(|a| **a == Some(true)).count();
    let open = answers.iter().filter(|a| a.is_none()).count();
    if open == answers.len() {
        return Reading::unknown("nobody answered who owns it and how it is worked");
    }
    let from = channel.at.to_string();
    if open == 0 {
        return Reading::point(share(yes), Grade::Declared, from);
    }
    let range = Interval::new(share(yes), share(yes + open));
    Reading::ranged(range.middle(), range, Grade::Declared, None, format!("{from} ({open} not answered)"))
}

/// Share of the customers it is for whose language its team speaks. A group that speaks several
/// languages of which the team has some lies anywhere between none and all.
pub(super) fn languages(facts: &Facts<'_>, subject: Subject) -> Reading {
    let (inventory, channel) = (facts.inventory, facts.channel(subject.channel));
    let Some(team) = inventory.team_of(channel) else {
        return Reading::unknown("no team is named, so nobody knows which languages it has");
    };
    let Some(spoken) = &team.languages else {
        return Reading::unknown("nobody said which languages its team speaks");
    };
    let part = |wanted: &[String]| -> Option<Interval> {
        let met = wanted.iter().filter(|l| spoken.value.contains(l)).count();
        match met {
            _ if wanted.is_empty() => None,
            0 => Some(Interval::point(0.0)),
            n if n == wanted.len() => Some(Interval::point(1.0)),
            _ => Some(Interval::new(0.0, 1.0)),
        }
    };
    let sum = match customers::meant_for(inventory, channel) {
        Some(list) if !list.is_empty() => {
            let parts: Vec<_> =
                list.iter().map(|(s, share)| (part(customers::languages(inventory, s)), *share)).collect();
            if parts.iter().all(|(p, _)| p.is_none()) {
                None
            } else {
                let whole = Interval::new(0.0, 1.0);
                Some(
                    parts.iter().fold(Interval::point(0.0), |sum, (p, w)| sum + p.unwrap_or(whole).scale(*w)),
                )
            }
        }
        _ => part(&inventory.organisation.languages),
    };
    match sum.map(|s| s.clamp(0.0, 1.0)) {
        None => Reading::unknown("nobody said which languages customers speak"),
        Some(s) if s.width() >= 1.0 => {
            Reading::unknown("customers speak several languages, and nobody said how many speak which")
        }
        Some(s) if s.width() > 0.0 => {
            Reading::ranged(s.middle(), s, Grade::Declared, None, spoken.at.to_string())
        }
        Some(s) => Reading::point(s.low, Grade::Declared, spoken.at.to_string()),
    }
}

/// Systems of this channel that no other active channel uses.
pub(super) fn extra_systems(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    let Some(system) = channel.system else {
        return Reading::unknown("nobody said which system records it");
    };
    let shared = facts.inventory.channels().any(|(ix, c)| {
        ix != subject.channel
            && matches!(c.status, Status::Active | Status::Pilot)
            && c.system == Some(system)
    });
    Reading::point(if shared { 0.0 } else { 1.0 }, Grade::Declared, channel.at.to_string())
}

/// A person's judgement of the dependence on a platform, fraud and outages, in points.
pub(super) fn exposure(facts: &Facts<'_>, subject: Subject) -> Reading {
    facts.judged(subject.channel, "exposure")
}
