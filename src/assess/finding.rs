//! What is odd: each finding with its code, severity (from the criteria), numbers and the inventory
//! line to edit. Rules that need a baseline, waivers or a policy are not asked here.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::criteria::kind::{Timing, Unit};
use crate::inventory::{ChannelIx, Evidence, Owner, Rivals, Status, TouchpointIx};
use crate::measure::Facts;
use crate::measure::counted::Counted;
use crate::text::clean;
use crate::text::source::Place;

use super::axis::is_under;
use super::judge::Judged;
use super::reason::list as join;
use super::verdict::Protection;
use super::words::{count, hours_of_week, percent};
use super::{Call, Finding, FindingSeverity, Outcome, gate, touchpoint};

/// Collects findings; severity and existence are the criteria's.
struct List<'a> {
    facts: &'a Facts<'a>,
    all: Vec<Finding>,
}

impl List<'_> {
    fn add(&mut self, code: &str, at: Option<Place>, channel: Option<ChannelIx>, message: String) {
        let Some(kind) = self.facts.criteria.finding(code) else { return };
        let severity = match kind.severity.as_str() {
            "error" => FindingSeverity::Error,
            "warning" => FindingSeverity::Warning,
            _ => FindingSeverity::Note,
        };
        self.all.push(Finding { code: code.to_owned(), severity, message, at, channel });
    }

    /// A finding about a channel, at its id.
    fn channel(&mut self, code: &str, ix: ChannelIx, message: impl AsRef<str>) {
        let it = self.facts.inventory.channel(ix);
        let message = format!("{}: {}", clean(&it.id), message.as_ref());
        self.add(code, Some(it.at.clone()), Some(ix), message);
    }

    /// A finding about the whole, at the inventory's first line.
    fn whole(&mut self, code: &str, message: String) {
        let source = self.facts.inventory.source.clone();
        self.add(code, Some(Place { source, range: 0..0 }), None, message);
    }

    fn number(&self, code: &str, name: &str) -> f64 {
        self.facts.criteria.finding(code).map_or(f64::NAN, |f| f.number(name))
    }
}

/// All findings, in the order of the inventory, then by code.
pub(super) fn findings(facts: &Facts<'_>, judged: &[Judged], counted: Option<&Counted>) -> Vec<Finding> {
    let mut list = List { facts, all: Vec::new() };
    for it in judged {
        match facts.inventory.channel(it.scored.channel).status {
            Status::Active => active(&mut list, it),
            Status::Candidate => candidate(&mut list, it),
            Status::Pilot => pilot(&mut list, it),
            Status::Retiring => retiring(&mut list, it),
        }
    }
    for index in 0..facts.inventory.touchpoints.len() {
        moment(&mut list, TouchpointIx(index));
    }
    segments(&mut list);
    teams(&mut list);
    evidence(&mut list);
    if let Some(counted) = counted {
        logs(&mut list, counted);
    }
    let place = |f: &Finding| f.at.as_ref().map_or(0, |p| p.range.start);
    list.all.sort_by(|a, b| (place(a), &a.code, &a.message).cmp(&(place(b), &b.code, &b.message)));
    list.all
}

/// The score of an indicator of a channel.
fn rating<'j>(it: &'j Judged, id: &str) -> Option<&'j super::IndicatorScore> {
    it.scored.scores.iter().flat_map(|c| &c.indicators).find(|i| i.id == id)
}

/// The value of an indicator whose floor failed on evidence.
fn failed(it: &Judged, id: &str) -> Option<f64> {
    let score = rating(it, id)?;
    let (rating, floor, known) = (score.rating?, score.floor?, score.reading.known()?);
    is_under(rating, floor).then_some(known.value)
}

fn active(list: &mut List<'_>, it: &Judged) {
    let facts = list.facts;
    let ix = it.scored.channel;
    let channel = facts.inventory.channel(ix);
    if channel.owner.as_ref().is_some_and(|o| o.value == Owner::None) {
        list.channel("missing-owner", ix, "nobody owns it");
    }
    if channel.monitored.as_ref().is_some_and(|m| !m.value) {
        list.channel("unanswered-channel", ix, "nobody looks at it");
    } else if let Some(share) = failed(it, "answered") {
        list.channel("unanswered-channel", ix, format!("{} answered", percent(share)));
    }
    let contacts = facts.census.and_then(|view| view.total(&channel.id));
    if facts.census.is_some() && contacts.is_none() && channel.volume_per_year.is_none() {
        list.channel("silent-channel", ix, "no row in the logs, and no declared volume");
    }
    if channel.kind.is_answered() && channel.kind.worth && channel.promise.is_none() {
        list.channel("no-promise", ix, "no promise is declared");
    }
    service(list, ix);
    staffing(list, it);
    if channel.kind.is_automated() && gate_like_exit_missing(facts, ix) {
        list.channel("no-human-exit", ix, "customers cannot leave the machine");
    }
    if let Some(share) = failed(it, "false-containment") {
        list.channel("false-containment", ix, format!("{} of those it keeps come back", percent(share)));
    }
    identity(list, ix);
    if gate::is_refused(channel) {
        list.channel("not-lawful", ix, "the review of privacy and law refused it");
    }
    if it.scored.protection.0 == Protection::Unanswered {
        list.channel("duty-unanswered", ix, &it.scored.protection.1);
    }
    broken_links(list, ix);
    if let Some(exit) = &it.exit
        && let Some((survivor, share)) = exit.survivor
        && matches!(it.decision.call, Call::Merge)
    {
        let survivor = clean(&facts.inventory.channel(survivor).id);
        list.channel(
            "duplicated-channel",
            ix,
            format!("{survivor} serves {} of what it does", percent(share)),
        );
    }
}

fn gate_like_exit_missing(facts: &Facts<'_>, ix: ChannelIx) -> bool {
    use crate::inventory::HumanExit;
    matches!(facts.inventory.channel(ix).human_exit.as_ref().map(|h| h.value), Some(HumanExit::No))
}

/// Measured service: promises missed in the mean, and lost callers.
fn service(list: &mut List<'_>, ix: ChannelIx) {
    let Some(service) = list.facts.service(ix) else { return };
    let (share, _) = service.promise;
    if service.promised && service.overall.strict.1.high < share {
        list.channel(
            "promise-missed",
            ix,
            format!("{} in time, {} promised", percent(service.overall.strict.0), percent(share)),
        );
    }
    if let Some((lost, interval)) = service.overall.lost
        && interval.low > list.facts.criteria.defaults.lost_callers
    {
        list.channel("lost-callers", ix, format!("{} of callers give up", percent(lost)));
    }
}

/// Hours short of people: measured where the gate says so, else by the model.
fn staffing(list: &mut List<'_>, it: &Judged) {
    let ix = it.scored.channel;
    let failed = it.scored.gates.iter().find(|g| g.id == "staffed" && g.outcome == Outcome::Fail);
    if let Some(gate) = failed {
        list.channel("understaffed-hours", ix, &gate.because);
    }
    let timing = list.facts.inventory.channel(ix).kind.timing;
    if timing != Timing::Live {
        return;
    }
    let few = list.facts.criteria.defaults.number("few_people");
    let alone = match list.facts.staffing(ix) {
        Ok(staffing) if staffing.present.high < few => staffing.served.alone.clone(),
        _ => return,
    };
    if let Some(first) = alone.first() {
        let hours = alone.len();
        list.channel(
            "alone-hours",
            ix,
            format!("one person is alone in {hours} hours of the week, from {}", hours_of_week(*first, 1)),
        );
    }
}

fn identity(list: &mut List<'_>, ix: ChannelIx) {
    let channel = list.facts.inventory.channel(ix);
    let offered = gate::offered_identity(channel);
    let weak: Vec<String> = channel
        .touchpoints
        .iter()
        .map(|(t, _)| list.facts.inventory.touchpoint(*t))
        .filter(|t| t.identity.is_some_and(|needed| offered < needed))
        .map(|t| clean(&t.id))
        .collect();
    if !weak.is_empty() {
        list.channel("identity-too-weak", ix, format!("it cannot identify customers for {}", join(&weak)));
    }
}

/// Heavy flows over which nothing of the story travels.
fn broken_links(list: &mut List<'_>, ix: ChannelIx) {
    let facts = list.facts;
    let Some(view) = facts.census else { return };
    let id = facts.inventory.channel(ix).id.as_str();
    let least = list.number("no-context-link", "share");
    let steps = view.steps();
    let visits: i64 = steps.iter().filter(|((from, _), _)| *from == id).map(|(_, n)| n).sum();
    let floor = i64::from(facts.criteria.defaults.least_episodes);
    let mut heavy = Vec::new();
    for ((from, to), n) in &steps {
        let Some(target) = facts.inventory.find_channel(to) else { continue };
        if *from != id || target == ix || *n < floor || (*n as f64) < least * visits as f64 {
            continue;
        }
        let links = &facts.inventory.channel(ix).links;
        let carries = links
            .iter()
            .flatten()
            .any(|l| l.to == target && l.context.value > crate::inventory::Context::None);
        if links.is_some() && !carries {
            heavy.push(format!("{} contacts go on to {} without their story", count(*n as f64), clean(to)));
        }
    }
    for message in heavy {
        list.channel("no-context-link", ix, message);
    }
}

fn candidate(list: &mut List<'_>, it: &Judged) {
    let facts = list.facts;
    let ix = it.scored.channel;
    let channel = facts.inventory.channel(ix);
    let need = channel.need.as_ref().map(|n| n.value.evidence);
    if matches!(need, None | Some(Evidence::None)) {
        list.channel("candidate-without-need", ix, "no need is stated");
    }
    if channel.replaces.is_empty() && channel.new_demand_budget.is_none() {
        let drawn: f64 = channel.forecast.iter().flat_map(|f| &f.from).map(|(_, s)| s.value).sum();
        if drawn < 1.0 - 1e-9 {
            list.channel(
                "candidate-without-replacement-or-budget",
                ix,
                "it replaces nothing, and no new demand is accepted",
            );
        }
    }
    let outcome = |id: &str| it.scored.gates.iter().find(|g| g.id == id);
    if let Some(gate) = outcome("rethought").filter(|g| g.outcome == Outcome::Fail) {
        list.channel("candidate-not-rethought", ix, &gate.because);
    }
    if let Some(gate) = outcome("budget").filter(|g| g.outcome == Outcome::Fail) {
        list.channel("candidate-over-budget", ix, &gate.because);
    }
    if it.scored.gates.iter().any(|g| g.id == "identity" && g.outcome == Outcome::Fail) {
        identity(list, ix);
    }
    if gate::is_refused(channel) {
        list.channel("not-lawful", ix, "the review of privacy and law refused it");
    }
}

fn pilot(list: &mut List<'_>, it: &Judged) {
    let ix = it.scored.channel;
    let trial = list.facts.inventory.channel(ix).trial.as_ref();
    if trial.is_none_or(|t| t.stop.is_none() || t.goal.is_none() || t.metric.is_none()) {
        list.channel("pilot-without-stop-rule", ix, "the trial has no metric, goal and stop");
    }
}

fn retiring(list: &mut List<'_>, it: &Judged) {
    let ix = it.scored.channel;
    if it.scored.protection.0 != Protection::Free {
        list.channel("retiring-but-needed", ix, &it.scored.protection.1);
    }
    let least = list.facts.criteria.verdicts.number("nothing_unique");
    if let Some(overlap) = it.exit.as_ref().map(|exit| &exit.overlap)
        && let Some(unique) = overlap.unique.filter(|unique| *unique >= least)
    {
        let what = overlap.unique_words.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
        let message = format!("{} of it nobody else does{what}", percent(unique));
        list.channel("retiring-but-needed", ix, message);
    }
}

fn moment(list: &mut List<'_>, ix: TouchpointIx) {
    let facts = list.facts;
    let it = facts.inventory.touchpoint(ix);
    let at = || Some(it.at.clone());
    let moment = facts.moment(ix);
    let id = clean(&it.id);
    let open = facts.inventory.channels().any(|(_, c)| {
        matches!(c.status, Status::Active | Status::Pilot) && c.touchpoints.iter().any(|(t, _)| *t == ix)
    });
    if !open {
        list.add("touchpoint-without-channel", at(), None, format!("{id}: no open channel serves it"));
    }
    let crowd = touchpoint::crowd(facts, &moment);
    if crowd.len() as f64 >= facts.criteria.verdicts.number("crowding_channels") {
        let names: Vec<String> = crowd.iter().map(|c| clean(&facts.inventory.channel(*c).id)).collect();
        list.add("crowded-touchpoint", at(), None, format!("{id}: little demand each on {}", join(&names)));
    }
    for (asked, share) in touchpoint::asked_and_missing(facts, ix, &moment) {
        let message = format!(
            "{id}: {} asked for {}, and no channel gives it",
            percent(share),
            touchpoint::name(facts, &asked)
        );
        list.add("asked-for-and-missing", at(), None, message);
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
                    let id = match of {
                        crate::inventory::UseOf::Kind(id) | crate::inventory::UseOf::Group(id) => id,
                    };
                    touchpoint::is_meant(&c.kind, id) && share.value.high >= least
                })
        });
        if !served {
            let message = format!("{}: no open channel that half of them use", clean(&segment.id));
            list.add("segment-without-channel", Some(segment.at.clone()), None, message);
        }
    }
}

/// Whole years between two days, as a number.
fn years(from: Date, to: Date) -> f64 {
    f64::from((to - from).get_days()) / 365.2425
}

fn teams(list: &mut List<'_>) {
    let days = list.number("partner-contract-ending", "days");
    for team in &list.facts.inventory.teams {
        let Some(until) = &team.until else { continue };
        let left = f64::from((until.value - list.facts.at).get_days());
        if team.partner && left <= days {
            let message = format!("{}: the contract ends on {}", clean(&team.id), until.value);
            list.add("partner-contract-ending", Some(until.at.clone()), None, message);
        }
    }
    let most = list.number("system-sprawl", "systems");
    let used: BTreeSet<usize> = list
        .facts
        .inventory
        .channels
        .iter()
        .filter(|c| c.status == Status::Active)
        .filter_map(|c| c.system.map(|s| s.0))
        .collect();
    if used.len() as f64 >= most
        && let Some(system) = list.facts.inventory.systems.first()
    {
        let message = format!("the active channels use {} systems", used.len());
        list.add("system-sprawl", Some(system.at.clone()), None, message);
    }
}

/// Surveys, rivals and kinds: what nobody asked, or too long ago.
fn evidence(list: &mut List<'_>) {
    let facts = list.facts;
    let inventory = facts.inventory;
    let old = list.number("survey-missing-or-old", "years");
    if inventory.surveys.is_empty() {
        list.whole("survey-missing-or-old", "customers were not asked which channels they want".to_owned());
    }
    for survey in &inventory.surveys {
        if let Some(date) = survey.date.filter(|d| years(*d, facts.at) > old) {
            let message = format!("the survey of {date} is old");
            list.add("survey-missing-or-old", Some(survey.at.clone()), None, message);
        }
    }
    let old = list.number("rivals-old", "years");
    if let Rivals::Listed(rivals) = &inventory.rivals {
        for rival in rivals {
            if let Some(date) = rival.checked.filter(|d| years(*d, facts.at) > old) {
                let message = format!("{} was last looked at on {date}", clean(&rival.name));
                list.add("rivals-old", Some(rival.at.clone()), None, message);
            }
        }
    }
    let old = list.number("evidence-older-than", "years");
    for mystery in &inventory.mystery {
        if let Some(date) = mystery.date.filter(|d| years(*d, facts.at) > old) {
            let message = format!(
                "the test contacts on {} are of {date}",
                clean(&inventory.channel(mystery.channel).id)
            );
            list.add("evidence-older-than", Some(mystery.at.clone()), None, message);
        }
    }
    let known = |id: &str| {
        inventory.absent.iter().any(|k| k.value.id == id)
            || inventory.channels.iter().any(|c| c.kind.id == id)
    };
    let silent: Vec<String> =
        facts.criteria.kinds.iter().map(|k| k.id.clone()).filter(|id| !known(id)).collect();
    if !silent.is_empty() {
        let some: Vec<String> = silent.iter().take(4).map(|id| touchpoint::name(facts, id)).collect();
        let more = if silent.len() > 4 { ", …" } else { "" };
        list.whole(
            "unknown-kinds",
            format!("of {} kinds nobody said whether they exist: {}{more}", silent.len(), some.join(", ")),
        );
    }
}

fn logs(list: &mut List<'_>, counted: &Counted) {
    let facts = list.facts;
    let usage = |list: &List<'_>| list.facts.inventory.usage.first().map(|u| u.at.clone());
    for (label, n) in &counted.unlisted {
        let at = usage(list);
        let message =
            format!("{} contacts are labelled \"{}\", which is no channel", count(*n as f64), clean(label));
        list.add("unlisted-channel", at, None, message);
    }
    let days = list.number("log-older-than", "days");
    let age = f64::from((facts.at - counted.to).get_days());
    if age > days {
        let at = usage(list);
        list.add("log-older-than", at, None, format!("the logs end on {}, {age:.0} days before", counted.to));
    }
    let rejected = counted.rejected as f64;
    if counted.read > 0 && rejected > facts.criteria.defaults.number("max_rejects") * counted.read as f64 {
        let at = usage(list);
        let message = format!("{} of {} rows cannot be read", count(rejected), count(counted.read as f64));
        list.add("rejected-rows-high", at, None, message);
    }
    let (mut known, mut all) = (0.0, 0.0);
    for channel in counted.channels.iter().filter(|c| c.unit == Unit::Contact) {
        known += channel.identified.unwrap_or(0.0) * channel.contacts as f64;
        all += channel.contacts as f64;
    }
    if all > 0.0 && known < facts.criteria.defaults.id_coverage * all {
        let at = usage(list);
        let message = format!("{} of the contacts have an id", percent(known / all));
        list.add("low-id-coverage", at, None, message);
    }
    let blank: i64 = counted.reasons.iter().filter(|(r, _)| r.is_empty()).map(|(_, n)| n).sum();
    let total: i64 = counted.reasons.iter().map(|(_, n)| n).sum();
    let most = facts.criteria.defaults.number("heavy_reason_blank");
    if total > 0
        && counted.key == crate::inventory::EpisodeKey::CustomerAndReason
        && blank as f64 > most * total as f64
    {
        let at = usage(list);
        let message = format!("{} of the contacts have no reason", percent(blank as f64 / total as f64));
        list.add("reasons-mostly-missing", at, None, message);
    }
    closed_while_demanded(list);
}

/// Demand while a live channel is closed.
fn closed_while_demanded(list: &mut List<'_>) {
    let most = list.number("closed-while-demanded", "share");
    for (ix, channel) in list.facts.inventory.channels() {
        if channel.status != Status::Active || channel.kind.timing != Timing::Live {
            continue;
        }
        if let Some(closed) = list.facts.closed_share(ix).filter(|closed| *closed > most) {
            let message = format!("{} of its contacts come while it is closed", percent(closed));
            list.channel("closed-while-demanded", ix, message);
        }
    }
}
