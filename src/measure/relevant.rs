//! Relevant: does the channel do what customers need to get done, and do they ask for it? Facts only.

use super::{Facts, Grade, Reading, Subject, appropriate, count, real};
use crate::census::Column;
use crate::criteria::kind::{Timing, Unit};
use crate::inventory::{Channel, ChannelIx, Identity, Need, Survey, SurveyTarget, TouchpointIx, UseOf};
use crate::quantity::{Interval, wilson};

/// Share of the touchpoint's functional needs (identity, documents, dialogue, payment) that are met.
pub(super) fn functions(facts: &Facts<'_>, subject: Subject) -> Reading {
    let channel = facts.channel(subject.channel);
    let Some(touchpoint) = facts.touchpoint(subject) else {
        return Reading::unknown("no moment of the journey is named");
    };
    let Some(needs) = &touchpoint.needs else {
        return Reading::unknown("nobody said what this moment needs");
    };
    let mut met: Vec<Interval> = needs
        .iter()
        .filter(|n| matches!(n, Need::Documents | Need::Dialogue | Need::Payment))
        .map(|n| Interval::point(channel.kind.meets(*n)))
        .collect();
    let level = touchpoint.identity.filter(|level| *level > Identity::None);
    if needs.contains(&Need::Identity) || level.is_some() {
        met.push(Interval::point(identity(facts, channel, level)));
    }
    appropriate::mean(&met, "this moment needs no function of its own", touchpoint.at.to_string())
}

/// How far a channel meets a needed level of identity; without a level: by what it offers at all.
fn identity(facts: &Facts<'_>, channel: &Channel, needed: Option<Identity>) -> f64 {
    let partly = facts.default("partly");
    let own = channel.identity.as_ref().map(|i| i.value);
    match (needed, own) {
        (Some(needed), _) => match own.unwrap_or(channel.kind.usual_identity) {
            offered if offered >= needed => 1.0,
            Identity::None => 0.0,
            _ => partly,
        },
        (None, Some(Identity::None)) => 0.0,
        (None, Some(Identity::Weak)) => partly,
        (None, Some(_)) => 1.0,
        (None, None) => channel.kind.meets(Need::Identity),
    }
}

/// The stated need of a proposed channel, on the scale of the defaults.
pub(super) fn need(facts: &Facts<'_>, subject: Subject) -> Reading {
    if !facts.is_candidate(subject.channel) {
        return Reading::not_applicable("it is open already; its use shows whether it is needed");
    }
    let Some(need) = &facts.channel(subject.channel).need else {
        return Reading::unknown("nobody stated what it is needed for");
    };
    let scale = &facts.criteria.defaults.need_scale;
    match scale.iter().find(|(evidence, _)| *evidence == need.value.evidence) {
        Some((_, value)) => Reading::point(*value, Grade::Declared, need.at.to_string()),
        None => Reading::unknown("the scale of needs has no such answer"),
    }
}

/// Share of surveyed customers who choose it at this touchpoint. Surveys about this moment outrank
/// those about all moments; several are pooled by sample. A choice of a kind or group that several
/// channels here share is an upper end for each: the reading lies between 0 and that share.
pub(super) fn asked_for(facts: &Facts<'_>, subject: Subject) -> Reading {
    let Some(touchpoint) = subject.touchpoint else {
        return Reading::unknown("no moment of the journey is named");
    };
    let asked = |about: Option<TouchpointIx>| -> Vec<&Survey> {
        let all = facts.inventory.surveys.iter();
        all.filter(|s| s.touchpoint == about && !s.choose.is_empty() && s.sample > 0).collect()
    };
    let own = asked(Some(touchpoint));
    let surveys = if own.is_empty() { asked(None) } else { own };
    if surveys.is_empty() {
        return Reading::unknown("customers were not asked which channel they want here");
    }
    let (mut low, mut high, mut n, mut from) = (0.0, 0.0, 0.0, None);
    for survey in surveys {
        let Some((least, most)) = chosen(facts, survey, subject.channel, touchpoint) else { continue };
        let sample = f64::from(survey.sample);
        (low, high, n) = (low + least * sample, high + most * sample, n + sample);
        from.get_or_insert_with(|| format!("survey {}", survey.at));
    }
    match (wilson(low, n), wilson(high, n), from) {
        (Some(a), Some(b), Some(from)) => {
            let value = f64::midpoint(low, high) / n;
            Reading::ranged(value, Interval::new(a.low, b.high), Grade::Sampled, Some(count(n)), from)
        }
        _ => Reading::unknown("it was not among the answers of the survey"),
    }
}

/// The share of a survey that chose a channel, least and most; `None` where it was no answer.
fn chosen(facts: &Facts<'_>, survey: &Survey, ix: ChannelIx, at: TouchpointIx) -> Option<(f64, f64)> {
    let kind = &facts.channel(ix).kind;
    let share = |target: &SurveyTarget| survey.choose.iter().find(|(t, _)| t == target).map(|(_, s)| *s);
    let named = |target: SurveyTarget| share(&target).is_some();
    if let Some(own) = share(&SurveyTarget::Channel(ix)) {
        return Some((own, own));
    }
    // Others here that the same answer may have meant: those without a more exact answer of their own.
    let others = |same: &dyn Fn(&Channel) -> bool, exact: &dyn Fn(ChannelIx, &Channel) -> bool| {
        facts.inventory.channels().any(|(other, c)| {
            other != ix && c.touchpoints.iter().any(|(t, _)| *t == at) && same(c) && !exact(other, c)
        })
    };
    let range = |share: f64, shared: bool| Some(if shared { (0.0, share) } else { (share, share) });
    if let Some(of_kind) = share(&SurveyTarget::Use(UseOf::Kind(kind.id.clone()))) {
        let shared = others(&|c| c.kind.id == kind.id, &|o, _| named(SurveyTarget::Channel(o)));
        return range(of_kind, shared);
    }
    let group = kind.group.clone()?;
    let of_group = share(&SurveyTarget::Use(UseOf::Group(group.clone())))?;
    let shared = others(&|c| c.kind.group.as_ref() == Some(&group), &|o, c| {
        named(SurveyTarget::Channel(o)) || named(SurveyTarget::Use(UseOf::Kind(c.kind.id.clone())))
    });
    range(of_group, shared)
}

/// Messages opened or answered, less those after which people opted out, of all that are known.
pub(super) fn usefulness(facts: &Facts<'_>, subject: Subject) -> Reading {
    let kind = &facts.channel(subject.channel).kind;
    if kind.timing != Timing::Broadcast && kind.unit != Unit::Message {
        return Reading::not_applicable("customers begin its contacts");
    }
    if facts.is_candidate(subject.channel) {
        return Reading::unknown("it is not open yet");
    }
    let Some(sums) = facts.total(subject.channel) else {
        return Reading::unknown("no log covers it");
    };
    let n = real(sums[Column::OpenedKnown]);
    let (opened, out) = (real(sums[Column::Opened]), real(sums[Column::OptedOut]));
    match (wilson(opened, n), wilson(out.min(n), n)) {
        (Some(a), Some(b)) => Reading::ranged(
            (opened - out) / n,
            (a - b).clamp(-1.0, 1.0),
            Grade::Measured,
            Some(count(n)),
            "logs",
        ),
        _ => Reading::unknown("the logs do not say which messages were opened"),
    }
}
