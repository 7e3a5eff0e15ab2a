//! Appropriate: does the channel suit the situation, the customers and the house? Facts only.

use super::{Facts, Grade, Reading, Subject, capability, customers};
use crate::inventory::{HumanExit, Need};
use crate::quantity::Interval;

/// Share of the touchpoint's context needs (urgency, private place, language) that are met. Language
/// is a need of the context where customers speak more than one, or the team lacks the only one.
pub(super) fn context(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    let Some(touchpoint) = facts.touchpoint(subject) else {
        return Reading::unknown("no moment of the journey is named");
    };
    let Some(needs) = &touchpoint.needs else {
        return Reading::unknown("nobody said what this moment needs");
    };
    let mut met: Vec<Interval> = needs
        .iter()
        .filter(|n| matches!(n, Need::Urgency | Need::PrivatePlace))
        .map(|n| Interval::point(channel.kind.meets(*n)))
        .collect();
    if let Some(language) = language_need(facts, subject) {
        met.push(language);
    }
    mean(&met, "this moment needs neither haste nor a private place", touchpoint.at.to_string())
}

/// How far the customers' languages are met; `None` where language is no issue.
fn language_need(facts: &Facts<'_>, subject: Subject) -> Option<Interval> {
    let channel = facts.channel(subject.channel);
    let mut spoken: Vec<&String> = match customers::meant_for(facts.inventory, channel) {
        Some(list) => list.into_iter().flat_map(|(s, _)| customers::languages(facts.inventory, s)).collect(),
        None => facts.inventory.organisation.languages.iter().collect(),
    };
    spoken.sort();
    spoken.dedup();
    let met = capability::languages(facts, subject);
    match (spoken.len(), met.known()) {
        (0, _) | (1, None) => None,
        (1, Some(k)) if k.low >= 1.0 => None,
        (_, Some(k)) => Some(Interval::new(k.low, k.high)),
        (_, None) => Some(Interval::new(0.0, 1.0)),
    }
}

/// Mean of what each need gets, not applicable where there is none.
pub(super) fn mean(met: &[Interval], none: &str, from: String) -> Reading {
    let Ok(n) = u32::try_from(met.len()) else { return Reading::unknown("too many needs") };
    if n == 0 {
        return Reading::not_applicable(none);
    }
    let sum = met.iter().fold(Interval::point(0.0), |a, b| a + *b).scale(1.0 / f64::from(n));
    if sum.width() > 0.0 {
        Reading::ranged(sum.middle(), sum, Grade::Declared, None, from)
    } else {
        Reading::point(sum.low, Grade::Declared, from)
    }
}

/// Share of the customers it is for who are able and willing to use it.
pub(super) fn audience(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    let kind = &channel.kind;
    if facts.inventory.segments.is_empty() {
        return Reading::unknown("nobody said who the customers are");
    }
    let Some(list) = customers::meant_for(facts.inventory, channel) else {
        return Reading::unknown("nobody said how large each group of customers is");
    };
    let (mut sum, mut from, mut exact) = (Interval::point(0.0), None, true);
    let mut silent = Vec::new();
    for (segment, share) in list {
        if let Some((uses, at)) = customers::uses(segment, kind) {
            sum = sum + uses.scale(share);
            exact &= uses.width() == 0.0;
            from.get_or_insert_with(|| at.to_string());
        } else {
            sum = sum + Interval::new(0.0, share);
            silent.push(crate::text::clean(&segment.id));
        }
    }
    let Some(mut from) = from else {
        return Reading::unknown("nobody said which customers can and would use it");
    };
    if !silent.is_empty() {
        from.push_str(&format!(" (unknown for {})", silent.join(", ")));
    }
    let sum = sum.clamp(0.0, 1.0);
    if exact && silent.is_empty() {
        Reading::point(sum.low, Grade::Declared, from)
    } else {
        Reading::ranged(sum.middle(), sum, Grade::Declared, None, from)
    }
}

/// Whether a machine lets people through to a person.
pub(super) fn human_exit(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    if !channel.kind.is_automated() {
        return Reading::not_applicable("no machine stands between customers and people here");
    }
    match &channel.human_exit {
        None => Reading::unknown("nobody said whether customers can reach a person from it"),
        Some(exit) => {
            let value = if exit.value == HumanExit::No { 0.0 } else { 1.0 };
            Reading::point(value, Grade::Declared, exit.at.to_string())
        }
    }
}

/// A person's judgement of culture and manner, in points.
pub(super) fn culture(facts: &Facts<'_>, subject: Subject) -> Reading {
    facts.judged(subject.channel, "culture")
}
