//! What is odd about one channel: its owner, its promise, its people, its identity, its links, its need.

use crate::criteria::kind::{Timing, Unit};
use crate::inventory::{
    ChannelIx, Context, Evidence, HumanExit, Identity, Lawful, Owner, Part, Status, TouchpointIx,
};
use crate::measure::Facts;
use crate::measure::hours::Hour;
use crate::quantity::{Interval, wilson};
use crate::text::clean;
use crate::text::source::{Located, Place};

use super::List;
use crate::assess::axis::is_under;
use crate::assess::judge::Judged;
use crate::assess::reason::list as join;
use crate::assess::verdict::Protection;
use crate::assess::words::{count, hours_of_week, percent};
use crate::assess::{Call, GateResult, IndicatorScore, Outcome, gate};

pub(super) fn ask(list: &mut List<'_>, it: &Judged) {
    match list.facts.inventory.channel(it.scored.channel).status {
        Status::Active => {
            running(list, it);
            active(list, it);
        }
        Status::Pilot => {
            running(list, it);
            pilot(list, it);
        }
        Status::Candidate => candidate(list, it),
        Status::Retiring => retiring(list, it),
    }
}

/// The score of an indicator of a channel.
fn rating<'j>(it: &'j Judged, id: &str) -> Option<&'j IndicatorScore> {
    it.scored.scores.iter().flat_map(|c| &c.indicators).find(|i| i.id == id)
}

/// The value of an indicator whose floor failed on evidence.
fn failed(it: &Judged, id: &str) -> Option<f64> {
    let score = rating(it, id)?;
    let (rating, floor, known) = (score.rating?, score.floor?, score.reading.known()?);
    is_under(rating, floor).then_some(known.value)
}

fn failed_gate<'j>(it: &'j Judged, id: &str) -> Option<&'j GateResult> {
    it.scored.gates.iter().find(|g| g.id == id && g.outcome == Outcome::Fail)
}

/// Rules for what customers can use today, on trial or not.
fn running(list: &mut List<'_>, it: &Judged) {
    let facts = list.facts;
    let ix = it.scored.channel;
    let channel = facts.inventory.channel(ix);
    match &channel.owner {
        None => list.channel("missing-owner", ix, None, "nobody said who owns it"),
        Some(owner) if owner.value == Owner::None => {
            list.channel("missing-owner", ix, Some(&owner.at), "nobody owns it");
        }
        Some(_) => {}
    }
    match &channel.monitored {
        Some(monitored) if !monitored.value => {
            list.declared("unanswered-channel", ix, Some(&monitored.at), "nobody looks at it");
        }
        _ => {
            if let Some(share) = failed(it, "answered") {
                list.channel("unanswered-channel", ix, None, format!("{} answered", percent(share)));
            }
        }
    }
    human_exit(list, ix);
    identity(list, ix);
    lawful(list, ix);
}

/// In use without a review that allows it.
fn lawful(list: &mut List<'_>, ix: ChannelIx) {
    let Some(lawful) = &list.facts.inventory.channel(ix).lawful else { return };
    let message = match lawful.value {
        Lawful::Refused => "the review of privacy and law refused it",
        Lawful::Open => "it is in use and the review of privacy and law is not finished",
        Lawful::Reviewed(_) | Lawful::Yes => return,
    };
    list.channel("not-lawful", ix, Some(&lawful.at), message);
}

fn active(list: &mut List<'_>, it: &Judged) {
    let facts = list.facts;
    let ix = it.scored.channel;
    let channel = facts.inventory.channel(ix);
    if facts.census.is_some() && facts.total(ix).is_none() && channel.volume_per_year.is_none() {
        list.channel("silent-channel", ix, None, "no row in the logs, and no declared volume");
    }
    if channel.kind.is_answered() && channel.kind.worth && channel.promise.is_none() {
        list.channel("no-promise", ix, None, "no promise is declared");
    }
    service(list, ix);
    staffing(list, it);
    roster_on_paper(list, ix);
    closed_while_demanded(list, ix);
    if let Some(share) = failed(it, "false-containment") {
        list.channel(
            "false-containment",
            ix,
            None,
            format!("{} of those it keeps come back", percent(share)),
        );
    }
    if it.scored.protection.0 == Protection::Unanswered {
        list.channel("duty-unanswered", ix, None, &it.scored.protection.1);
    }
    broken_links(list, ix);
    if let Some((survivor, share)) = it.exit.as_ref().and_then(|exit| exit.survivor)
        && it.decision.call == Call::Merge
    {
        let that = clean(&facts.inventory.channel(survivor).id);
        let message = format!("{that} serves {} of what it does", percent(share));
        list.pair("duplicated-channel", ix, survivor, None, &message);
    }
}

/// A machine out of which no way leads, or one to where nobody answers. Pages and mailings hold nobody.
fn human_exit(list: &mut List<'_>, ix: ChannelIx) {
    let channel = list.facts.inventory.channel(ix);
    if !channel.kind.is_automated() || channel.kind.unit != Unit::Session {
        return;
    }
    let at = channel.human_exit.as_ref().map(|exit| &exit.at);
    match channel.human_exit.as_ref().map(|exit| exit.value) {
        Some(HumanExit::Yes) => {}
        Some(HumanExit::No) => list.channel("no-human-exit", ix, at, "customers cannot leave the machine"),
        None => list.channel("no-human-exit", ix, at, "nobody said how customers leave the machine"),
        Some(HumanExit::To(_)) => {
            if let (Outcome::Unknown | Outcome::Fail, because) = gate::human_exit(list.facts, channel) {
                list.channel("no-human-exit", ix, at, format!("its way out leads {because}"));
            }
        }
    }
}

/// Measured service: promises missed in the mean, and lost callers.
fn service(list: &mut List<'_>, ix: ChannelIx) {
    let Some(service) = list.facts.service(ix) else { return };
    let at = list.facts.inventory.channel(ix).promise.as_ref().map(|p| &p.at);
    let (share, _) = service.promise;
    if service.promised && service.overall.strict.1.high < share {
        let message = format!("{} in time, {} promised", percent(service.overall.strict.0), percent(share));
        list.channel("promise-missed", ix, at, message);
    }
    if let Some((lost, interval)) = service.overall.lost
        && interval.low > list.facts.criteria.defaults.lost_callers
    {
        list.channel("lost-callers", ix, None, format!("{} of callers give up", percent(lost)));
    }
}

/// Hours short of people: measured where the gate says so, else by the model. Hours with one person.
fn staffing(list: &mut List<'_>, it: &Judged) {
    let ix = it.scored.channel;
    let channel = list.facts.inventory.channel(ix);
    if let Some(gate) = failed_gate(it, "staffed") {
        let message = format!("{}{}", gate.because, worst_hours(list, ix));
        list.understaffed(ix, &message);
    }
    // Where somebody steps in, nobody is alone; waiting work does not need two at once.
    let back_up = channel.practices.back_up.as_ref();
    if channel.kind.timing != Timing::Live || back_up.is_some_and(|b| b.value) {
        return;
    }
    let few = list.number("alone-hours", "people");
    let alone = match list.facts.staffing(ix) {
        Ok(staffing) if staffing.present.high < few => &staffing.served.alone,
        _ => return,
    };
    if let Some(first) = alone.first() {
        let (hours, from) = (alone.len(), hours_of_week(*first, 1));
        let message = format!("one person is alone in {hours} hours of the week, from {from}");
        list.channel("alone-hours", ix, back_up.map(|b| &b.at), message);
    }
}

/// Hours in which the people said to be there would give another service than was measured, even in a bad
/// week: the roster on paper is not the roster at work.
fn roster_on_paper(list: &mut List<'_>, ix: ChannelIx) {
    const CODE: &str = "roster-on-paper";
    let facts = list.facts;
    if facts.service(ix).is_none_or(|service| !service.promised) {
        return;
    }
    let Some(hours) = facts.hours(ix) else { return };
    let (points, least) = (list.number(CODE, "points") / 100.0, list.number(CODE, "share"));
    if (hours.weeks as f64) < list.number(CODE, "weeks") {
        return;
    }
    let (mut worse, mut better) = (Vec::new(), Vec::new());
    for (ix, hour) in hours.list.iter().enumerate() {
        let (Some(measured), Some(expected)) = (&hour.measured, hours.around(ix)) else { continue };
        if hour.piled_up {
            continue; // the log counts what came in this hour, the model what people met in it
        }
        let bad_week = hour.bad_week.and_then(|week| week.strict).unwrap_or(1.0);
        // Callers of one hour wait in the same queue: each of its weeks is one case, not each caller.
        let weeks = (hours.weeks as f64).min(measured.offered as f64);
        let Some(in_time) = wilson(measured.strict.0 * weeks, weeks) else { continue };
        if in_time.high < expected.low.min(bad_week) - points {
            worse.push(hour);
        } else if in_time.low > expected.high + points {
            better.push(hour);
        }
    }
    // Who is left for a channel after others is a rule of the model: people who step over at work do not
    // show that more of them are there.
    if shares_its_people(facts, ix) {
        better.clear();
    }
    let all: f64 = hours.list.iter().map(|hour| hour.contacts.high).sum();
    let team = facts.inventory.team_of(facts.inventory.channel(ix)).map(|team| &team.at);
    for found in [worse, better] {
        let contacts: f64 = found.iter().map(|hour| hour.contacts.high).sum();
        let most = |a: &&Hour, b: &&Hour| a.contacts.high.total_cmp(&b.contacts.high);
        let Some(first) = found.iter().copied().max_by(most) else { continue };
        let (Some(expected), Some(measured)) = (&first.expected, &first.measured) else { continue };
        if contacts < least * all {
            continue;
        }
        let more = match found.len() - 1 {
            0 => String::new(),
            1 => " and one more hour".to_owned(),
            n => format!(" and {n} more hours"),
        };
        let message = format!(
            "{}{more}: {} in time, where the people said to be there would serve {}",
            hours_of_week(first.hour, 1),
            percent(measured.strict.0),
            either(expected.strict),
        );
        list.channel(CODE, ix, team, message);
    }
}

/// Whether its team answers other queues too.
fn shares_its_people(facts: &Facts<'_>, ix: ChannelIx) -> bool {
    let team = facts.inventory.channel(ix).team;
    facts.inventory.channels().any(|(other, channel)| {
        other != ix && channel.team == team && facts.staffing(other).is_ok_and(|staffing| !staffing.waits)
    })
}

/// A range of shares in words.
fn either(x: Interval) -> String {
    let (low, high) = (percent(x.low), percent(x.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// The worst hours by the model, where measured service does not name any.
fn worst_hours(list: &List<'_>, ix: ChannelIx) -> String {
    /// How many are named.
    const NAMED: usize = 3;
    let measured = list.facts.service(ix).is_some_and(|service| service.promised);
    let Some(staffing) = list.facts.staffing(ix).ok().filter(|_| !measured) else { return String::new() };
    let hours: Vec<String> =
        staffing.served.short.iter().take(NAMED).map(|short| hours_of_week(short.hour, 1)).collect();
    if hours.is_empty() { String::new() } else { format!("; worst {}", hours.join(", ")) }
}

/// Demand while a live channel is closed.
fn closed_while_demanded(list: &mut List<'_>, ix: ChannelIx) {
    let channel = list.facts.inventory.channel(ix);
    let most = list.number("closed-while-demanded", "share");
    if channel.kind.timing != Timing::Live {
        return;
    }
    if let Some(closed) = list.facts.closed_share(ix).filter(|closed| *closed > most) {
        let at = list.facts.inventory.hours_of(channel).map(|hours| &hours.at);
        let message = format!("{} of its contacts come while it is closed", percent(closed));
        list.channel("closed-while-demanded", ix, at, message);
    }
}

/// Moments at which it cannot tell who the customer is. What others own and anyone reads asks nobody for
/// a name.
fn identity(list: &mut List<'_>, ix: ChannelIx) {
    let channel = list.facts.inventory.channel(ix);
    if !channel.kind.worth {
        return;
    }
    let offered = gate::offered_identity(channel);
    let is_weak = |at: &TouchpointIx, offered: Identity| {
        list.facts.inventory.touchpoint(*at).identity.is_some_and(|needed| offered < needed)
    };
    let weak: Vec<&(TouchpointIx, Located<Part>)> =
        channel.touchpoints.iter().filter(|(t, _)| is_weak(t, offered)).collect();
    let names: Vec<String> =
        weak.iter().map(|(t, _)| clean(&list.facts.inventory.touchpoint(*t).id)).collect();
    if let Some((_, part)) = weak.first() {
        let at = channel.identity.as_ref().map_or(&part.at, |identity| &identity.at);
        let message = format!("it cannot identify customers for {}", join(&names));
        list.channel("identity-too-weak", ix, Some(at), message);
    }
}

/// Heavy flows over which nothing of the story travels, or nobody said whether it does.
fn broken_links(list: &mut List<'_>, ix: ChannelIx) {
    let facts = list.facts;
    let channel = facts.inventory.channel(ix);
    let least = list.number("no-context-link", "share");
    let visits = facts.steps_from(&channel.id).map(|(_, n)| n).fold(0, i64::saturating_add);
    let floor = i64::from(facts.criteria.defaults.least_episodes);
    let mut heavy: Vec<(ChannelIx, i64)> = Vec::new();
    for (to, n) in facts.steps_from(&channel.id) {
        let Some(target) = facts.inventory.find_channel(to) else { continue };
        if target != ix && n >= floor && (n as f64) >= least * visits as f64 {
            heavy.push((target, n));
        }
    }
    for (target, n) in heavy {
        let to = clean(&facts.inventory.channel(target).id);
        let link = channel.links.iter().flatten().find(|link| link.to == target);
        let at: Option<&Place> = link.map(|link| &link.context.at);
        let n = count(n as f64);
        let message = match (&channel.links, link) {
            (_, Some(link)) if link.context.value > Context::None => continue,
            (None, _) => format!("{n} contacts go on to {to}, and nobody said whether their story travels"),
            _ => format!("{n} contacts go on to {to} without their story"),
        };
        list.pair("no-context-link", ix, target, at, &message);
    }
}

fn candidate(list: &mut List<'_>, it: &Judged) {
    let facts = list.facts;
    let ix = it.scored.channel;
    let channel = facts.inventory.channel(ix);
    match &channel.need {
        None => list.channel("candidate-without-need", ix, None, "no need is stated"),
        Some(need) if need.value.evidence == Evidence::None => {
            list.channel("candidate-without-need", ix, Some(&need.at), "nothing shows that it is needed");
        }
        Some(_) => {}
    }
    if channel.replaces.is_empty() && channel.new_demand_budget.is_none() {
        let drawn: f64 = channel.forecast.iter().flat_map(|f| &f.from).map(|(_, s)| s.value).sum();
        if drawn < 1.0 - 1e-9 {
            let message = "it replaces nothing, and no new demand is accepted";
            list.channel("candidate-without-replacement-or-budget", ix, None, message);
        }
    }
    if let Some(gate) = failed_gate(it, "rethought") {
        let at = channel.changes.iter().flatten().find(|change| !change.done).map(|change| &change.at);
        list.channel("candidate-not-rethought", ix, at, &gate.because);
    }
    if let Some(gate) = failed_gate(it, "budget") {
        let cost = &channel.cost;
        let at = cost.per_year.as_ref().or(cost.one_off.as_ref()).or(cost.per_contact.as_ref());
        list.channel("candidate-over-budget", ix, at.map(|cost| &cost.at), &gate.because);
    }
    if failed_gate(it, "identity").is_some() {
        identity(list, ix);
    }
    if let Some(lawful) = channel.lawful.as_ref().filter(|_| gate::is_refused(channel)) {
        let message = "the review of privacy and law refused it";
        list.channel("not-lawful", ix, Some(&lawful.at), message);
    }
}

fn pilot(list: &mut List<'_>, it: &Judged) {
    let ix = it.scored.channel;
    let trial = list.facts.inventory.channel(ix).trial.as_ref();
    let missing: Vec<&str> = [
        ("metric", trial.is_some_and(|t| t.metric.is_some())),
        ("goal", trial.is_some_and(|t| t.goal.is_some())),
        ("stop", trial.is_some_and(|t| t.stop.is_some())),
    ]
    .iter()
    .filter(|(_, there)| !there)
    .map(|(key, _)| *key)
    .collect();
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
        let message = format!("its trial has no {}", missing.join(", "));
        list.channel("pilot-without-stop-rule", ix, trial.map(|t| &t.at), message);
    }
}

fn retiring(list: &mut List<'_>, it: &Judged) {
    let ix = it.scored.channel;
    // In use until it is closed.
    lawful(list, ix);
    if it.scored.protection.0 != Protection::Free {
        let protected = list.facts.inventory.channel(ix).protected.as_ref().map(|p| &p.at);
        let because = &it.scored.protection.1;
        match protected {
            Some(_) => list.declared("retiring-but-needed", ix, protected, because),
            None => list.channel("retiring-but-needed", ix, None, because),
        }
    }
    let least = list.facts.criteria.verdicts.number("nothing_unique");
    if let Some(overlap) = it.exit.as_ref().map(|exit| &exit.overlap)
        && let Some(unique) = overlap.unique.filter(|unique| *unique >= least)
    {
        let what = overlap.unique_words.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
        let message = format!("{} of it nobody else does{what}", percent(unique));
        list.channel("retiring-but-needed", ix, None, message);
    }
}
