//! The view from a moment of the journey (METHOD E6b): a word for it, and what is missing there.

use crate::criteria::Language;
use crate::criteria::kind::{Kind, Timing};
use crate::inventory::{ChannelIx, Status, TouchpointIx};
use crate::measure::{Facts, Moment, Reading};
use crate::text::clean;

use super::TouchpointAssessment;
use super::axis::AxisState;
use super::judge::Judged;
use super::reason::list;
use super::words::percent;

/// Assesses one moment.
pub(super) fn assess(facts: &Facts<'_>, judged: &[Judged], touchpoint: TouchpointIx) -> TouchpointAssessment {
    let moment = facts.moment(touchpoint);
    let or_unknown = |reading: Option<Reading>| reading.unwrap_or_else(|| Reading::unknown("no logs"));
    let ends_well = or_unknown(moment.ends_well.clone());
    let satisfaction = or_unknown(moment.satisfaction.clone());
    let (word, because) = word(facts, judged, touchpoint, &ends_well, &satisfaction);
    TouchpointAssessment {
        touchpoint,
        contacts: moment.contacts,
        channels: moment.channels.clone(),
        cost_per_resolution: or_unknown(moment.cost_per_resolution.clone()),
        missing: missing(facts, touchpoint, &moment),
        ends_well,
        satisfaction,
        word,
        because,
    }
}

/// The value of a known reading.
fn value(reading: &Reading) -> Option<f64> {
    reading.known().map(|k| k.value)
}

fn word(
    facts: &Facts<'_>,
    judged: &[Judged],
    touchpoint: TouchpointIx,
    ends_well: &Reading,
    satisfaction: &Reading,
) -> (&'static str, String) {
    let numbers = &facts.criteria.verdicts;
    let (ends, happy) = (value(ends_well), value(satisfaction));
    let words = || {
        let ends = ends.map(|v| format!("{} end well", percent(v)));
        let happy = happy.map(|v| format!("{} satisfied", percent(v)));
        ends.into_iter().chain(happy).collect::<Vec<_>>().join(", ")
    };
    let important = facts
        .inventory
        .touchpoint(touchpoint)
        .importance
        .is_some_and(|i| i >= numbers.number("critical_importance"));
    let no_channel = !delivers(facts, judged, touchpoint);
    let bad = ends.is_some_and(|v| v < numbers.number("critical_ends_well"))
        || happy.is_some_and(|v| v < numbers.number("critical_satisfaction"));
    if important && no_channel {
        return ("critical", "no channel delivers here".to_owned());
    }
    if important && bad {
        return ("critical", words());
    }
    if ends.is_none() {
        return ("unknown", "nobody knows how contacts end here".to_owned());
    }
    let well = ends.is_some_and(|v| v >= numbers.number("adds_value_ends_well"));
    let glad = happy.is_some_and(|v| v >= numbers.number("adds_value_satisfaction"));
    (if well && glad { "adds value" } else { "sound" }, words())
}

/// Whether some open channel here is not known to fail.
fn delivers(facts: &Facts<'_>, judged: &[Judged], touchpoint: TouchpointIx) -> bool {
    let tau = facts.criteria.verdicts.number("threshold");
    judged.iter().any(|j| {
        let channel = facts.inventory.channel(j.scored.channel);
        matches!(channel.status, Status::Active | Status::Pilot)
            && channel.touchpoints.iter().any(|(t, _)| *t == touchpoint)
            && j.touchpoints
                .iter()
                .find(|(t, ..)| *t == touchpoint)
                .is_none_or(|(_, _, _, delivery)| AxisState::of(*delivery, tau) != AxisState::Below)
    })
}

/// Whether a kind is meant by a kind or group id.
pub(super) fn is_meant(kind: &Kind, id: &str) -> bool {
    kind.id == id || kind.group.as_deref() == Some(id)
}

/// Channels in use, or on trial, of a kind or group.
fn offered(facts: &Facts<'_>, id: &str, at: Option<TouchpointIx>) -> bool {
    facts.inventory.channels().any(|(_, c)| {
        matches!(c.status, Status::Active | Status::Pilot)
            && (is_meant(&c.kind, id) || c.id == id)
            && at.is_none_or(|t| c.touchpoints.iter().any(|(own, _)| *own == t))
    })
}

/// Channels at a touchpoint that each take little of its demand.
pub(super) fn crowd(facts: &Facts<'_>, moment: &Moment) -> Vec<ChannelIx> {
    let Some(total) = moment.contacts.filter(|n| *n > 0) else { return Vec::new() };
    let least = facts.criteria.verdicts.number("crowding_share");
    moment
        .channels
        .iter()
        .filter(|(ix, n)| {
            // One that is being closed is on its way out of the crowd.
            facts.inventory.channel(*ix).status != Status::Retiring
                && facts.inventory.channel(*ix).kind.unit == crate::criteria::kind::Unit::Contact
                && n.is_some_and(|n| (n as f64) < least * total as f64)
        })
        .map(|(ix, _)| *ix)
        .collect()
}

/// What customers ask for here and no channel gives: kind or group id, share of those asked.
pub(super) fn asked_and_missing(
    facts: &Facts<'_>,
    touchpoint: TouchpointIx,
    moment: &Moment,
) -> Vec<(String, f64)> {
    let least = facts.criteria.verdicts.number("white_space_asked");
    moment
        .asked
        .iter()
        .filter(|(id, share, _)| *share >= least && !offered(facts, id, Some(touchpoint)))
        .map(|(id, share, _)| (id.clone(), *share))
        .collect()
}

/// A kind's name, or the id of a group.
pub(super) fn name(facts: &Facts<'_>, id: &str) -> String {
    facts
        .criteria
        .kind(id)
        .map_or_else(|| clean(id), |k| clean(&k.name.get(Language::English).to_lowercase()))
}

fn missing(facts: &Facts<'_>, touchpoint: TouchpointIx, moment: &Moment) -> Vec<String> {
    let numbers = &facts.criteria.verdicts;
    let it = facts.inventory.touchpoint(touchpoint);
    let mut lines = Vec::new();
    let everyone = facts.inventory.channels().any(|(_, c)| {
        c.status == Status::Active
            && c.kind.timing == Timing::Broadcast
            && c.touchpoints.iter().any(|(t, _)| *t == touchpoint)
    });
    if it.bursts && !everyone {
        lines.push("no way to tell everyone at once".to_owned());
    }
    for (id, share) in asked_and_missing(facts, touchpoint, moment) {
        lines.push(format!("{} asked for {}", percent(share), name(facts, &id)));
    }
    let rivals: Vec<String> = moment
        .rivals
        .iter()
        .filter(|(id, share)| *share >= numbers.number("white_space_rivals") && !offered(facts, id, None))
        .map(|(id, _)| name(facts, id))
        .collect();
    if !rivals.is_empty() {
        lines.push(format!("half the rivals have {}", list(&rivals)));
    }
    let crowd = crowd(facts, moment);
    if crowd.len() as f64 >= numbers.number("crowding_channels") {
        let names: Vec<String> = crowd.iter().map(|ix| clean(&facts.inventory.channel(*ix).id)).collect();
        lines.push(format!("crowded: {}", list(&names)));
    }
    lines
}
