//! Connected: what travels with a customer who moves on. Facts only.
//!
//! Switches *out of* a channel are weighed by how often they happen: measured steps, a candidate's
//! `forecast.from`, or without logs the declared second choices.

use super::{Facts, Grade, Reading, Subject, count, real};
use crate::census::{Column, Facet};
use crate::inventory::{ChannelIx, Context, Degree};
use crate::quantity::{Interval, wilson};

/// What a switch out of a channel carries along, 0..=1, and how that is known.
pub(super) struct Carried {
    pub(super) value: f64,
    pub(super) range: Interval,
    pub(super) grade: Grade,
}

/// Where customers of a channel go next, in shares of all who move on; `Err`: nobody knows, and why,
/// or nobody moves on (`None`).
fn flow(facts: &Facts<'_>, ix: ChannelIx) -> Result<Vec<(ChannelIx, f64)>, Option<&'static str>> {
    let channel = facts.channel(ix);
    let list: Vec<(ChannelIx, f64)> = if facts.is_candidate(ix) {
        let from = channel
            .forecast
            .as_ref()
            .map(|f| &f.from)
            .ok_or(Some("nobody forecast where its customers come from"))?;
        from.iter().map(|(d, share)| (*d, share.value)).collect()
    } else {
        let followed = facts.classes(ix, None).base() > 0;
        match (&channel.second_choice, followed) {
            (_, true) => switches(facts, ix),
            (Some(choices), false) => choices.iter().filter(|(d, _)| *d != ix).copied().collect(),
            (None, false) => {
                return Err(Some("no contact could be followed"));
            }
        }
    };
    let total: f64 = list.iter().map(|(_, n)| n).sum();
    if total <= 0.0 {
        return Err(None);
    }
    Ok(list.into_iter().map(|(d, n)| (d, n / total)).collect())
}

/// Counted steps from a channel to others.
pub(super) fn switches(facts: &Facts<'_>, ix: ChannelIx) -> Vec<(ChannelIx, f64)> {
    let id = facts.channel(ix).id.as_str();
    facts
        .steps_from(id)
        .filter(|(to, _)| *to != id)
        .filter_map(|(to, n)| facts.inventory.find_channel(to).map(|d| (d, real(n))))
        .collect()
}

/// Whether two channels' systems show agents the same history; `None` where nobody said.
pub(super) fn shared(facts: &Facts<'_>, a: ChannelIx, b: ChannelIx) -> Option<bool> {
    let history = |ix: ChannelIx| {
        facts.channel(ix).system.and_then(|s| facts.inventory.systems.get(s.0)).and_then(|s| s.shares_history)
    };
    match (history(a), history(b)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// What the link from one channel to another carries; `None` where nobody said anything of links.
pub(super) fn link(facts: &Facts<'_>, from: ChannelIx, to: ChannelIx) -> Option<Interval> {
    let links = facts.channel(from).links.as_ref()?;
    let full = match links.iter().find(|l| l.to == to).map_or(Context::None, |l| l.context.value) {
        Context::Full => facts.default("context_full"),
        Context::Partial => facts.default("context_partial"),
        Context::None => facts.default("context_none"),
    };
    let lowered = full.min(facts.default("context_unshared"));
    Some(match shared(facts, from, to) {
        Some(true) => Interval::point(full),
        Some(false) => Interval::point(lowered),
        None => Interval::new(lowered, full),
    })
}

/// Of customers who came over from this channel to another: those who had to repeat on arriving, and those of
/// whom the logs say whether they had to.
fn repeated_in_logs(facts: &Facts<'_>, ix: ChannelIx) -> Option<(i64, i64)> {
    let id = &facts.channel(ix).id;
    let view = facts.census?;
    let window = view.window_days().unwrap_or_default().to_string();
    let after = view
        .rows(Facet::Step, id)
        .filter(|(k, _)| k.keys[1] == window && k.keys[0] != *id)
        .map(|(_, s)| (s[Column::Repeated], s[Column::RepeatedKnown]))
        .fold((0_i64, 0_i64), |a, b| (a.0.saturating_add(b.0), a.1.saturating_add(b.1)));
    Some(after).filter(|(_, n)| *n > 0)
}

/// Test contacts that were sent on, and those of them that had to repeat.
fn mystery_switches(facts: &Facts<'_>, ix: ChannelIx) -> (f64, f64) {
    facts.inventory.mystery.iter().filter(|m| m.channel == ix).fold((0.0, 0.0), |sum, m| {
        match (m.switched, m.repeated) {
            (Some(switched), Some(repeated)) => (sum.0 + f64::from(switched), sum.1 + f64::from(repeated)),
            _ => sum,
        }
    })
}

/// Share of switches out of a channel that carry the story along.
pub(super) fn context_carried(facts: &Facts<'_>, subject: Subject) -> Reading {
    let ix = subject.channel;
    if let Some((repeated, known)) = repeated_in_logs(facts, ix) {
        let (r, n) = (real(repeated), real(known));
        return Reading::share(n - r, n, Grade::Measured, "logs, customers who had to repeat", "no switch");
    }
    let (switched, repeated) = mystery_switches(facts, ix);
    if switched > 0.0 {
        let kept = (switched - repeated).max(0.0);
        return Reading::share(kept, switched, Grade::Sampled, "test contacts", "no switch");
    }
    by_flow(facts, ix, |d| link(facts, ix, d), "nobody said what travels along its links")
}

/// Share of switches out of a channel between systems that share their history.
pub(super) fn shared_history(facts: &Facts<'_>, subject: Subject) -> Reading {
    let ix = subject.channel;
    let value = |d| shared(facts, ix, d).map(|yes| Interval::point(if yes { 1.0 } else { 0.0 }));
    by_flow(facts, ix, value, "nobody said whether the systems share their history")
}

/// Something about each pair, weighed by flow; what nobody said lies between 0 and 1.
fn by_flow(
    facts: &Facts<'_>,
    ix: ChannelIx,
    value: impl Fn(ChannelIx) -> Option<Interval>,
    unknown: &str,
) -> Reading {
    let flow = match flow(facts, ix) {
        Ok(flow) => flow,
        Err(Some(because)) => return Reading::unknown(because),
        Err(None) => return Reading::not_applicable("nobody moves on from it"),
    };
    let mut known = 0.0;
    let range = flow.iter().fold(Interval::point(0.0), |sum, (d, share)| {
        let value = value(*d);
        known += if value.is_some() { *share } else { 0.0 };
        sum + value.unwrap_or(Interval::new(0.0, 1.0)).scale(*share)
    });
    if known <= 0.0 {
        return Reading::unknown(unknown);
    }
    let from = if facts.is_candidate(ix) { "declared, by forecast flow" } else { "declared, by switches" };
    let range = range.clamp(0.0, 1.0);
    let n: f64 = switches(facts, ix).iter().map(|(_, n)| n).sum();
    Reading::ranged(range.middle(), range, Grade::Declared, (n > 0.0).then(|| count(n)), from)
}

/// What a switch carries, for the share of contacts that end well: measured, tested, else by links and
/// systems (estimated); between nothing and everything where nobody said.
pub(super) fn carried(facts: &Facts<'_>, ix: ChannelIx) -> Carried {
    match context_carried(facts, Subject { channel: ix, touchpoint: None }) {
        Reading::Known(k) => {
            let grade = if k.grade <= Grade::Sampled { k.grade } else { Grade::Estimated };
            Carried { value: k.value, range: Interval::new(k.low, k.high), grade }
        }
        Reading::NotApplicable { .. } | Reading::Unknown { .. } => {
            let range = Interval::new(facts.default("context_none"), facts.default("context_full"));
            Carried { value: range.middle(), range, grade: Grade::Estimated }
        }
    }
}

/// Right answers and the same tone in test contacts: the lower of the two.
pub(super) fn same_answers(facts: &Facts<'_>, subject: Subject) -> Reading {
    if facts.is_candidate(subject.channel) {
        return Reading::not_applicable("it is not open yet");
    }
    let rounds: Vec<_> = facts.inventory.mystery.iter().filter(|m| m.channel == subject.channel).collect();
    let pooled = |of: &dyn Fn(&crate::inventory::Mystery) -> Option<u32>| {
        rounds.iter().fold((0.0, 0.0), |sum: (f64, f64), m| match of(m) {
            Some(hits) => (sum.0 + f64::from(hits), sum.1 + f64::from(m.contacts)),
            None => sum,
        })
    };
    let (right, tone) = (pooled(&|m| m.right), pooled(&|m| m.same_tone));
    let from = rounds.first().map_or_else(String::new, |m| format!("test contacts {}", m.at));
    let wilson_of = |(hits, n): (f64, f64)| wilson(hits, n).map(|range| (hits / n, n, range));
    match (wilson_of(right), wilson_of(tone)) {
        (Some(a), Some(b)) => {
            let (value, n, range) = if a.0 <= b.0 { a } else { b };
            Reading::ranged(value, range, Grade::Sampled, Some(count(n)), from)
        }
        // Half of the question was tested: the answer can only be lower.
        (Some((value, n, range)), None) | (None, Some((value, n, range))) => {
            Reading::ranged(value, Interval::new(0.0, range.high), Grade::Sampled, Some(count(n)), from)
        }
        (None, None) => Reading::unknown("no test contacts were made"),
    }
}

/// Whether agents see history, preference and consent.
pub(super) fn personal(facts: &Facts<'_>, subject: Subject) -> Reading {
    match &facts.channel(subject.channel).personal {
        None => Reading::unknown("nobody said whether agents see the customer's history and consent"),
        Some(degree) => {
            let value = match degree.value {
                Degree::No => 0.0,
                Degree::Partly => facts.default("partly"),
                Degree::Yes => 1.0,
            };
            Reading::point(value, Grade::Declared, degree.at.to_string())
        }
    }
}
