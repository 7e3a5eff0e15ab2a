//! A moment of the journey in facts: demand, endings, satisfaction, cost, wishes, rivals. Contacts only.

use std::collections::BTreeMap;

use super::{Facts, Grade, Moment, Reading, connected, count, is_contact, real};
use crate::census::{Column, Facet, Sums};
use crate::inventory::{ChannelIx, Rivals, SurveyTarget, TouchpointIx, UseOf};
use crate::quantity::{Interval, wilson};

/// The facts of one touchpoint.
pub(super) fn moment(facts: &Facts<'_>, touchpoint: TouchpointIx) -> Moment {
    let id = &facts.inventory.touchpoint(touchpoint).id;
    let mut channels: Vec<(ChannelIx, Option<i64>)> = Vec::new();
    let (mut total, mut contacts) = (Sums::default(), 0_i64);
    for (ix, channel) in facts.open_channels() {
        let sums = facts.total(ix).map(|_| facts.sums_at(ix, id));
        let n = sums.as_ref().map(|s| s[Column::Contacts]);
        if channel.touchpoints.iter().any(|(t, _)| *t == touchpoint) || n.unwrap_or(0) > 0 {
            channels.push((ix, n));
        }
        if let Some(sums) = sums.filter(|_| is_contact(channel)) {
            contacts = contacts.saturating_add(sums[Column::Contacts]);
            total.add(&sums);
        }
    }
    channels.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let logged = facts.census.is_some();
    Moment {
        contacts: logged.then_some(contacts),
        channels,
        ends_well: logged.then(|| ends_well(facts, id)),
        satisfaction: logged.then(|| satisfaction(facts, &total)),
        cost_per_resolution: logged.then(|| cost(facts, id)),
        asked: asked(facts, touchpoint),
        rivals: rivals(facts),
    }
}

fn ends_well(facts: &Facts<'_>, touchpoint: &str) -> Reading {
    let (mut low, mut value, mut high, mut base, mut grade) = (0.0, 0.0, 0.0, 0.0, Grade::Measured);
    let (mut identified, mut all) = (0.0, 0.0);
    for (ix, _) in facts.open_channels().filter(|(_, c)| is_contact(c)) {
        let classes = facts.classes(ix, Some(touchpoint));
        let sums = facts.sums_at(ix, touchpoint);
        identified += real(sums[Column::Identified]);
        all += real(sums[Column::Contacts]);
        if classes.base() <= 0 {
            continue;
        }
        let (clear, moved) = (real(classes.clear), real(classes.other.saturating_add(classes.handed_over)));
        let carried = connected::carried(facts, ix);
        if moved > 0.0 {
            grade = grade.max(carried.grade);
        }
        low += clear + carried.range.low * moved;
        value += clear + carried.value * moved;
        high += clear + carried.range.high * moved;
        base += real(classes.base());
    }
    if base < f64::from(facts.criteria.defaults.least_episodes) {
        return Reading::unknown(format!("only {base:.0} contacts could be followed"));
    }
    if all > 0.0 && identified / all < facts.criteria.defaults.id_coverage {
        grade = grade.max(Grade::Estimated);
    }
    match (wilson(low, base), wilson(high, base)) {
        (Some(a), Some(b)) => Reading::ranged(value / base, a.hull(b), grade, Some(count(base)), "logs"),
        _ => Reading::unknown("no contact could be followed"),
    }
}

fn satisfaction(facts: &Facts<'_>, total: &Sums) -> Reading {
    let mut scales: Vec<_> = facts.inventory.usage.iter().filter_map(|u| u.satisfaction_scale).collect();
    scales.dedup();
    if scales.len() > 1 {
        return Reading::unknown("satisfaction was asked on several scales, which are never added together");
    }
    let (hits, n) = (real(total[Column::Satisfied]), real(total[Column::SatisfactionKnown]));
    Reading::share(hits, n, Grade::Measured, "logs", "the logs hold no satisfaction for it")
}

/// Cost of all contacts of the episodes that were entered at this touchpoint over those resolved.
fn cost(facts: &Facts<'_>, touchpoint: &str) -> Reading {
    let Some(view) = facts.census else { return Reading::unknown("there are no logs") };
    let (mut resolved, mut sum) = (0_i64, Interval::point(0.0));
    for (key, sums) in view.facet(Facet::Entry).filter(|(k, _)| k.keys[1] == touchpoint) {
        if key.keys[0].is_empty() {
            resolved = resolved.saturating_add(sums[Column::Resolved]);
            continue;
        }
        let n = if sums[Column::AnsweredKnown] > 0 { sums[Column::Answered] } else { sums[Column::Contacts] };
        let each = facts.inventory.find_channel(&key.keys[0]).and_then(|d| facts.cost_per_contact(d));
        match each {
            Some(each) => sum = sum + each.scale(real(n)),
            None if n > 0 => {
                let id = crate::text::clean(&key.keys[0]);
                return Reading::unknown(format!("what a contact costs at {id} is not known"));
            }
            None => {}
        }
    }
    if resolved < i64::from(facts.criteria.defaults.least_episodes) {
        return Reading::unknown("too few journeys that began here ended resolved");
    }
    let range = sum.scale(1.0 / real(resolved));
    let n = Some(count(real(resolved)));
    Reading::ranged(range.middle(), range, Grade::Estimated, n, "logs and declared cost")
}

/// What customers would choose, pooled by sample.
fn asked(facts: &Facts<'_>, touchpoint: TouchpointIx) -> Vec<(String, f64, u32)> {
    let own =
        facts.inventory.surveys.iter().any(|s| s.touchpoint == Some(touchpoint) && !s.choose.is_empty());
    let about = own.then_some(touchpoint);
    let mut sums: BTreeMap<String, (f64, u32)> = BTreeMap::new();
    for survey in facts.inventory.surveys.iter().filter(|s| s.touchpoint == about) {
        for (target, share) in &survey.choose {
            let name = match target {
                SurveyTarget::Channel(ix) => facts.channel(*ix).kind.id.clone(),
                SurveyTarget::Use(UseOf::Kind(id) | UseOf::Group(id)) => id.clone(),
            };
            let sum = sums.entry(name).or_default();
            sum.0 += share * f64::from(survey.sample);
            sum.1 = sum.1.saturating_add(survey.sample);
        }
    }
    let mut list: Vec<_> = sums
        .into_iter()
        .filter(|(_, (_, n))| *n > 0)
        .map(|(id, (hits, n))| (id, hits / f64::from(n), n))
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

/// Share of rivals that offer each kind or group.
fn rivals(facts: &Facts<'_>) -> Vec<(String, f64)> {
    let Rivals::Listed(list) = &facts.inventory.rivals else { return Vec::new() };
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for rival in list {
        let mut names: Vec<&str> = rival
            .channels
            .iter()
            .map(|u| match u {
                UseOf::Kind(id) | UseOf::Group(id) => id.as_str(),
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
    }
    let all = real(i64::try_from(list.len()).unwrap_or(i64::MAX));
    let mut shares: Vec<_> = counts.into_iter().map(|(id, n)| (id.to_owned(), real(n) / all)).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    shares
}
