//! Significant: how much depends on the channel. Facts only.

use super::{Facts, Grade, Reading, Subject, customers, is_contact, money, volume};
use crate::inventory::{Rivals, TouchpointIx, UseOf};
use crate::quantity::Interval;

/// The larger of its share of the touchpoint's demand and the share of customers whom nobody else
/// serves: customers seen only here, and segments who can use no other channel at this moment. (Reasons
/// and segments of the logs that only it serves are part of its share of the demand.)
pub(super) fn carries(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if !is_contact(channel) {
        return Reading::not_applicable("sessions, views and messages are not measured against contacts");
    }
    let Some(touchpoint) = subject.touchpoint else {
        return Reading::unknown("no moment of the journey is named");
    };
    let share = if facts.is_candidate(subject.channel) {
        forecast_share(facts, subject, touchpoint)
    } else {
        demand_share(facts, subject, touchpoint)
    };
    let alone = alone_for(facts, subject, touchpoint);
    match (&share, alone) {
        (Reading::Known(known), Some((alone, why))) if alone.high > known.value => {
            let range = Interval::new(known.low.max(alone.low), known.high.max(alone.high));
            let grade = if alone.width() > 0.0 { Grade::Estimated } else { known.grade.max(Grade::Declared) };
            Reading::ranged(known.value.max(alone.low), range, grade, known.n, why)
        }
        // Its share of the demand is unknown, but at least this much rests on it alone.
        (Reading::Unknown { .. }, Some((alone, why))) if alone.low > 0.0 => {
            Reading::ranged(alone.low, Interval::new(alone.low, 1.0), Grade::Estimated, None, why)
        }
        _ => share,
    }
}

/// The greatest share of customers that only this channel serves, as far as anybody knows.
fn alone_for(facts: &Facts<'_>, subject: Subject, touchpoint: TouchpointIx) -> Option<(Interval, String)> {
    // A handful of customers who came three times says nothing about all of them.
    let least = f64::from(facts.criteria.defaults.least_episodes);
    let sole = facts
        .sole_customers(subject.channel)
        .filter(|sole| sole.of >= least)
        .map(|sole| (sole.share, "customers seen only here".to_owned()));
    let enough = facts.criteria.verdicts.number("uses_overlap");
    let channel = facts.channel(subject.channel);
    let rivals: Vec<_> = facts
        .open_channels()
        .filter(|(ix, c)| *ix != subject.channel && c.touchpoints.iter().any(|(t, _)| *t == touchpoint))
        .collect();
    let segments = customers::meant_for(facts.inventory, channel).map(|list| {
        let all: f64 = facts.inventory.segments.iter().filter_map(|s| s.share).sum();
        let share: f64 = list
            .iter()
            .filter(|(s, _)| customers::uses(s, &channel.kind).is_some_and(|(u, _)| u.low >= enough))
            .filter(|(s, _)| {
                rivals.iter().all(|(_, c)| customers::uses(s, &c.kind).is_some_and(|(u, _)| u.high < enough))
            })
            .filter_map(|(s, _)| s.share)
            .sum();
        let share = if all > 0.0 { share / all } else { 0.0 };
        (Interval::point(share), "customers who can use nothing else here".to_owned())
    });
    sole.into_iter().chain(segments).max_by(|(a, _), (b, _)| a.middle().total_cmp(&b.middle()))
}

fn demand_share(facts: &Facts<'_>, subject: Subject, touchpoint: TouchpointIx) -> Reading {
    let Some(demand) = facts.demand.get(subject.channel.0).filter(|d| !d.is_empty()) else {
        return Reading::unknown("neither a log nor a declared volume says how much it is used");
    };
    let (list, complete) = volume::at_touchpoint(facts, touchpoint);
    let own = demand.get(&touchpoint).copied().unwrap_or(volume::Amount::exact(0.0));
    let others: Vec<_> = list.iter().filter(|(ix, _)| *ix != subject.channel).map(|(_, a)| *a).collect();
    let (least, value, most): (f64, f64, f64) =
        others.iter().fold((0.0, 0.0, 0.0), |s, a| (s.0 + a.range.low, s.1 + a.value, s.2 + a.range.high));
    let of = |own: f64, rest: f64| if own + rest > 0.0 { own / (own + rest) } else { 0.0 };
    if own.range.high + most <= 0.0 {
        return Reading::unknown("no contact at this moment was counted");
    }
    let low = if complete { of(own.range.low, most) } else { 0.0 };
    let range = Interval::new(low, of(own.range.high, least));
    let from_logs = volume::logged(facts, subject.channel).is_some();
    match (from_logs, range.width() > 0.0) {
        (true, false) => {
            let sums = facts.sums_at(subject.channel, &facts.inventory.touchpoint(touchpoint).id);
            let n = u64::try_from(sums[crate::census::Column::Contacts]).ok();
            Reading::ranged(range.low, range, Grade::Measured, n, "logs")
        }
        (true, true) if complete => {
            Reading::ranged(of(own.value, value), range, Grade::Declared, None, "logs and declared volumes")
        }
        _ if complete => {
            Reading::ranged(of(own.value, value), range, Grade::Declared, None, "declared volumes")
        }
        _ => {
            let why = "volumes, as far as they are known";
            Reading::ranged(range.middle(), range, Grade::Estimated, None, why)
        }
    }
}

/// A candidate's forecast, spread over its touchpoints, of the demand there and what is new.
fn forecast_share(facts: &Facts<'_>, subject: Subject, touchpoint: TouchpointIx) -> Reading {
    let channel = facts.channel(subject.channel);
    let (Some(amount), Some(forecast)) = (volume::forecast(facts, subject.channel), &channel.forecast) else {
        return Reading::unknown("nobody forecast how much it would be used");
    };
    let weights = facts.weights(subject.channel);
    let weight = weights.iter().find(|(t, _)| *t == touchpoint).map_or(0.0, |(_, w)| *w);
    let (list, complete) = volume::at_touchpoint(facts, touchpoint);
    if !complete || list.is_empty() {
        return Reading::unknown("nobody knows how many contacts this moment has today");
    }
    let new = (1.0 - forecast.from.iter().map(|(_, s)| s.value).sum::<f64>()).max(0.0);
    let today = list.iter().fold(Interval::point(0.0), |s, (_, a)| s + a.range);
    let value: f64 = list.iter().map(|(_, a)| a.value).sum();
    let share = |f: f64, d: f64| {
        let all = d + f * weight * new;
        if all > 0.0 { (f * weight / all).min(1.0) } else { 0.0 }
    };
    let range = Interval::new(share(amount.range.low, today.high), share(amount.range.high, today.low));
    let from = format!("forecast {}", forecast.at);
    Reading::ranged(share(amount.value, value), range, Grade::Estimated, None, from)
}

/// Importance of its touchpoints, weighted by its contacts there.
pub(super) fn importance(facts: &Facts<'_>, subject: Subject) -> Reading {
    let weights = facts.weights(subject.channel);
    if weights.is_empty() {
        return Reading::unknown("nobody said at which moments it is used");
    }
    let rated = |t: &TouchpointIx| facts.inventory.touchpoint(*t).importance;
    if weights.iter().all(|(t, _)| rated(t).is_none()) {
        return Reading::unknown("nobody said how important its moments are");
    }
    // The scale's own ends stand in for a moment that nobody rated.
    let ends =
        crate::criteria::MEASURES.iter().find(|m| m.id == "importance").map_or((1.0, 5.0), |m| m.range);
    let range = weights.iter().fold(Interval::point(0.0), |sum, (t, w)| {
        sum + rated(t).map_or(Interval::new(ends.0, ends.1), Interval::point).scale(*w)
    });
    let from = facts.channel(subject.channel).at.to_string();
    if range.width() > 1e-9 {
        Reading::ranged(range.middle(), range, Grade::Declared, None, from)
    } else {
        Reading::point(range.low, Grade::Declared, from)
    }
}

/// Declared contribution to the objectives, weighted.
pub(super) fn objectives(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if facts.inventory.objectives.is_empty() {
        return Reading::unknown("no objectives are declared");
    }
    let total: f64 = facts.inventory.objectives.iter().map(|o| o.weight).sum();
    let Some((_, first)) = channel.contributes.first() else {
        return Reading::unknown("nobody said what it contributes to the objectives");
    };
    let mut missing = 0_usize;
    let sum = facts.inventory.objectives.iter().fold(Interval::point(0.0), |sum, o| {
        let given = channel.contributes.iter().find(|(id, _)| *id == o.id).map(|(_, v)| v.value);
        missing += usize::from(given.is_none());
        sum + given.map_or(Interval::new(0.0, 1.0), Interval::point).scale(o.weight)
    });
    if total <= 0.0 {
        return Reading::unknown("the objectives have no weight");
    }
    let range = sum.scale(1.0 / total).clamp(0.0, 1.0);
    if missing == 0 {
        return Reading::point(range.low, Grade::Declared, first.at.to_string());
    }
    let from = format!("{} ({missing} not answered)", first.at);
    Reading::ranged(range.middle(), range, Grade::Declared, None, from)
}

/// Declared value of a resolution over what a resolution costs.
pub(super) fn returns(facts: &Facts<'_>, subject: Subject) -> Reading {
    if facts.inventory.organisation.sells == Some(false) {
        return Reading::not_applicable("the organisation sells nothing");
    }
    let channel = facts.channel(subject.channel);
    let Some(value) = &channel.value_per_resolution else {
        return Reading::not_applicable("no value of a resolution is declared");
    };
    let candidate = facts.is_candidate(subject.channel);
    let cost = if candidate {
        money::forecast_per_resolution(facts, subject.channel)
    } else {
        money::per_resolution(facts, subject.channel)
    };
    match cost {
        Some(cost) if cost.low > 0.0 => {
            let range = Interval::new(value.value / cost.high, value.value / cost.low);
            // Journeys that cross from one part of a merged census to the next are cut in two.
            let cut = facts.census.is_some_and(|view| view.parts() > 1);
            let grade = if candidate || cut { Grade::Estimated } else { Grade::Declared };
            Reading::ranged(value.value / cost.middle(), range, grade, None, value.at.to_string())
        }
        _ => Reading::unknown("what a resolution costs here is not known"),
    }
}

/// Share of rivals that offer this kind or its group.
pub(super) fn parity(facts: &Facts<'_>, subject: Subject) -> Reading {
    let kind = &facts.channel(subject.channel).kind;
    let rivals = match &facts.inventory.rivals {
        Rivals::None => return Reading::not_applicable("there are no rivals"),
        Rivals::Listed(list) if !list.is_empty() => list,
        _ => return Reading::unknown("nobody looked at what rivals offer"),
    };
    let offers = |u: &UseOf| match u {
        UseOf::Kind(id) => *id == kind.id,
        UseOf::Group(id) => kind.group.as_ref() == Some(id),
    };
    let n = rivals.iter().filter(|r| r.channels.iter().any(offers)).count();
    let share = super::real(i64::try_from(n).unwrap_or(0)) / super::real(rivals.len() as i64);
    Reading::point(share, Grade::Declared, rivals[0].at.to_string())
}
