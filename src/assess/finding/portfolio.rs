//! What is odd about the whole: moments, groups of customers, teams, systems, evidence, logs.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::criteria::kind::Unit;
use crate::inventory::{EpisodeKey, Lawful, Rivals, Status, TouchpointIx, UseOf};
use crate::measure::counted::Counted;
use crate::text::clean;
use crate::text::source::Place;

use super::List;
use crate::assess::reason::list as join;
use crate::assess::touchpoint;
use crate::assess::words::{count, percent};

pub(super) fn ask(list: &mut List<'_>, counted: Option<&Counted>) {
    for index in 0..list.facts.inventory.touchpoints.len() {
        moment(list, TouchpointIx(index));
    }
    segments(list);
    partners(list);
    systems(list);
    surveys(list);
    rivals(list);
    evidence(list);
    kinds(list);
    if let Some(counted) = counted {
        logs(list, counted);
    }
}

fn moment(list: &mut List<'_>, ix: TouchpointIx) {
    let facts = list.facts;
    let it = facts.inventory.touchpoint(ix);
    let moment = facts.moment(ix);
    let id = clean(&it.id);
    let open = facts.inventory.channels().any(|(_, c)| {
        matches!(c.status, Status::Active | Status::Pilot) && c.touchpoints.iter().any(|(t, _)| *t == ix)
    });
    if !open {
        let message = format!("{id}: no open channel serves it");
        list.other("touchpoint-without-channel", it.at.clone(), &it.id, message);
    }
    let crowd = touchpoint::crowd(facts, &moment);
    if crowd.len() as f64 >= facts.criteria.verdicts.number("crowding_channels") {
        let names: Vec<String> = crowd.iter().map(|c| clean(&facts.inventory.channel(*c).id)).collect();
        let message = format!("{id}: little demand each on {}", join(&names));
        list.other("crowded-touchpoint", it.at.clone(), &it.id, message);
    }
    for (asked, share) in touchpoint::asked_and_missing(facts, ix, &moment) {
        let message = format!(
            "{id}: {} asked for {}, and no channel gives it there",
            percent(share),
            touchpoint::name(facts, &asked)
        );
        list.other("asked-for-and-missing", it.at.clone(), &format!("{}: {asked}", it.id), message);
    }
}

/// Segments for whom no open channel is usable by half of them or more.
fn segments(list: &mut List<'_>) {
    let facts = list.facts;
    let least = facts.criteria.verdicts.number("uses_overlap");
    for segment in &facts.inventory.segments {
        if segment.uses.is_empty() {
            continue;
        }
        let served = facts.inventory.channels().any(|(_, c)| {
            c.status == Status::Active
                && segment.uses.iter().any(|(of, share)| {
                    let (UseOf::Kind(id) | UseOf::Group(id)) = of;
                    touchpoint::is_meant(&c.kind, id) && share.value.high >= least
                })
        });
        if !served {
            let message = format!("{}: no open channel that half of them use", clean(&segment.id));
            list.other("segment-without-channel", segment.at.clone(), &segment.id, message);
        }
    }
}

/// Whole years between two days, as a number.
fn years(from: Date, to: Date) -> f64 {
    f64::from((to - from).get_days()) / 365.2425
}

fn partners(list: &mut List<'_>) {
    let days = list.number("partner-contract-ending", "days");
    for team in &list.facts.inventory.teams {
        let Some(until) = &team.until else { continue };
        let left = f64::from((until.value - list.facts.at).get_days());
        if team.partner && left <= days {
            let (end, id) = (if left < 0.0 { "ended" } else { "ends" }, clean(&team.id));
            let message = format!("{id}: the contract {end} on {}", until.value);
            list.other("partner-contract-ending", until.at.clone(), &team.id, message);
        }
    }
}

fn systems(list: &mut List<'_>) {
    let most = list.number("system-sprawl", "systems");
    let inventory = list.facts.inventory;
    let open = inventory.channels.iter().filter(|c| matches!(c.status, Status::Active | Status::Pilot));
    // Channels in systems that share their history see one story, however many systems keep it.
    let used: BTreeSet<usize> = open
        .filter_map(|c| c.system.map(|s| s.0))
        .filter(|s| inventory.systems.get(*s).is_some_and(|s| s.shares_history != Some(true)))
        .collect();
    if used.len() as f64 >= most {
        let message = format!("open channels use {} systems that do not share their history", used.len());
        list.other("system-sprawl", inventory.section(&["systems"]), "", message);
    }
}

fn surveys(list: &mut List<'_>) {
    let facts = list.facts;
    let old = list.number("survey-missing-or-old", "years");
    if facts.inventory.surveys.is_empty() {
        let at = facts.inventory.section(&["surveys", "touchpoints", "channels"]);
        let message = "customers were not asked which channels they want".to_owned();
        list.other("survey-missing-or-old", at, "", message);
    }
    for survey in &facts.inventory.surveys {
        if let Some(date) = survey.date.as_ref().filter(|d| years(d.value, facts.at) > old) {
            let about = survey.touchpoint.map_or("all", |t| &facts.inventory.touchpoint(t).id);
            let (day, at) = (date.value, date.at.clone());
            let message = format!("the survey of {day} is old");
            list.other("survey-missing-or-old", at, &format!("{about} {day}"), message);
        }
    }
}

fn rivals(list: &mut List<'_>) {
    let facts = list.facts;
    let old = list.number("rivals-old", "years");
    let Rivals::Listed(rivals) = &facts.inventory.rivals else { return };
    for rival in rivals {
        if let Some(date) = rival.checked.as_ref().filter(|d| years(d.value, facts.at) > old) {
            let message = format!("{} was last looked at on {}", clean(&rival.name), date.value);
            list.other("rivals-old", date.at.clone(), &rival.name, message);
        }
    }
}

/// Test contacts and reviews of law that may no longer hold.
fn evidence(list: &mut List<'_>) {
    let facts = list.facts;
    let old = list.number("evidence-older-than", "years");
    for mystery in &facts.inventory.mystery {
        if let Some(date) = mystery.date.as_ref().filter(|d| years(d.value, facts.at) > old) {
            let (id, day) = (&facts.inventory.channel(mystery.channel).id, date.value);
            let message = format!("the test contacts on {} are of {day}", clean(id));
            list.other("evidence-older-than", date.at.clone(), &format!("{id} {day}"), message);
        }
    }
    for (ix, channel) in facts.inventory.channels() {
        let Some(lawful) = &channel.lawful else { continue };
        if let Lawful::Reviewed(day) = lawful.value
            && years(day, facts.at) > old
        {
            let message = format!("privacy and law were last reviewed on {day}");
            list.channel("evidence-older-than", ix, Some(&lawful.at), message);
        }
    }
}

/// Kinds of which nobody said whether they exist.
fn kinds(list: &mut List<'_>) {
    /// How many are named.
    const NAMED: usize = 4;
    let facts = list.facts;
    let inventory = facts.inventory;
    let known = |id: &str| {
        inventory.absent.iter().any(|k| k.value.id == id)
            || inventory.channels.iter().any(|c| c.kind.id == id)
    };
    let silent: Vec<&str> =
        facts.criteria.kinds.iter().map(|k| k.id.as_str()).filter(|id| !known(id)).collect();
    if silent.is_empty() {
        return;
    }
    let some: Vec<String> = silent.iter().take(NAMED).map(|id| touchpoint::name(facts, id)).collect();
    let more = if silent.len() > NAMED { ", …" } else { "" };
    let (n, some) = (silent.len(), some.join(", "));
    let of = if n == 1 { "of 1 kind nobody said whether it exists" } else { "" };
    let message = match of {
        "" => format!("of {n} kinds nobody said whether they exist: {some}{more}"),
        one => format!("{one}: {some}"),
    };
    list.other("unknown-kinds", inventory.section(&["absent", "channels"]), "", message);
}

fn logs(list: &mut List<'_>, counted: &Counted) {
    let facts = list.facts;
    let at = entry(list);
    for (label, n) in &counted.unlisted {
        let (n, label_shown) = (count(*n as f64), clean(label));
        let message = format!("{n} contacts are labelled \"{label_shown}\", which is no channel");
        list.other("unlisted-channel", at.clone(), label, message);
    }
    let least = list.number("unlisted-touchpoint", "share") * counted.contacts as f64;
    // Where no moment is named at all, none can be missing.
    let is_known =
        |id: &str| facts.inventory.touchpoints.is_empty() || facts.inventory.find_touchpoint(id).is_some();
    let is_contact = |id: &str| {
        let channel = facts.inventory.find_channel(id).map(|ix| facts.inventory.channel(ix));
        channel.is_some_and(|channel| channel.kind.unit == Unit::Contact)
    };
    for (value, n) in facts.census.iter().flat_map(|view| view.strange_touchpoints(is_contact, is_known)) {
        if n > 0 && n as f64 >= least {
            let (n, value_shown) = (count(n as f64), clean(value));
            let message = format!("{n} contacts are about \"{value_shown}\", which is no touchpoint");
            list.other("unlisted-touchpoint", at.clone(), value, message);
        }
    }
    let days = list.number("log-older-than", "days");
    let age = f64::from((facts.at - counted.to).get_days());
    if age > days {
        let message = format!("the logs end on {}, {age:.0} days before the assessment", counted.to);
        list.other("log-older-than", at.clone(), "", message);
    }
    let (rejected, most) = (counted.rejected as f64, list.number("rejected-rows-high", "share"));
    if counted.read > 0 && rejected > most * counted.read as f64 {
        let message = format!("{} of {} rows cannot be read", count(rejected), count(counted.read as f64));
        list.other("rejected-rows-high", at.clone(), "", message);
    }
    let (mut known, mut all) = (0.0, 0.0);
    for channel in counted.channels.iter().filter(|c| c.unit == Unit::Contact) {
        known += channel.identified.unwrap_or(0.0) * channel.contacts as f64;
        all += channel.contacts as f64;
    }
    if all > 0.0 && known < facts.criteria.defaults.id_coverage * all {
        let message = format!("{} of the contacts have an id", percent(known / all));
        list.other("low-id-coverage", at.clone(), "", message);
    }
    if counted.key == EpisodeKey::CustomerAndReason {
        reasons(list, counted, &at);
    }
}

/// Episodes are cut by reason, and the reasons are missing or not the same in two channels.
fn reasons(list: &mut List<'_>, counted: &Counted, log: &Place) {
    let facts = list.facts;
    // Where the key was chosen by hand, that is the line to edit.
    let chosen = facts.inventory.sections.iter().find(|(key, _)| key == "episodes").map(|(_, at)| at);
    let at = chosen.unwrap_or(log).clone();
    let blank: i64 = counted.reasons.iter().filter(|(r, _)| r.is_empty()).map(|(_, n)| n).sum();
    let total: i64 = counted.reasons.iter().map(|(_, n)| n).sum();
    let most = facts.criteria.defaults.number("heavy_reason_blank");
    if total > 0 && blank as f64 > most * total as f64 {
        let message = format!("{} of the contacts have no reason", percent(blank as f64 / total as f64));
        list.other("reasons-mostly-missing", at.clone(), "", message);
    }
    // Channels for different needs have different reasons: whoever chose the key has thought of that.
    if facts.inventory.episodes.key.is_some() {
        return;
    }
    let unshared: Vec<_> = facts.census.iter().flat_map(|view| view.unshared_reasons()).collect();
    if let Some((a, b, shared, of)) = unshared.first() {
        let (a, b) = (clean(a), clean(b));
        let others = match unshared.len() - 1 {
            0 => String::new(),
            1 => "; so has another pair".to_owned(),
            n => format!("; so have {n} other pairs"),
        };
        let message = format!("{a} and {b} have {shared} of {of} reasons in common{others}");
        list.other("reasons-mostly-missing", at, "unshared", message);
    }
}

/// The line that says where the logs are: the one entry's path, or the list where there are several.
fn entry(list: &List<'_>) -> Place {
    match list.facts.inventory.usage.as_slice() {
        [one] => one.path.at.clone(),
        _ => list.facts.inventory.section(&["usage", "channels"]),
    }
}
