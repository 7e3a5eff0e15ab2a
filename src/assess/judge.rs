//! One channel after the other: scores, gates, situation; and the closings, which are decided for the
//! set, because each closing takes a home away from the next.

use crate::criteria::{AxisId, Criteria};
use crate::inventory::{Channel, ChannelIx, Evidence, Inventory, Status, TouchpointIx};
use crate::measure::{Absorption, Facts, Grade, Overlap, Reading};
use crate::quantity::Interval;

use super::axis::{self, AxisState};
use super::gate;
use super::rate::{self, UNKNOWN};
use super::verdict::{
    Active, Bar, Candidate, Closing, Decision, Fault, Gates, Pilot, Protection, Situation, decide,
};
use super::{Call, CriterionScore, GateResult, Outcome};

/// A channel, scored on its own: nothing here depends on what becomes of the others.
#[derive(Debug)]
pub(super) struct Scored {
    pub(super) channel: ChannelIx,
    pub(super) scores: Vec<CriterionScore>,
    pub(super) gates: Vec<GateResult>,
    pub(super) protection: (Protection, String),
    pub(super) worth: Option<Interval>,
    pub(super) delivery: Option<Interval>,
    /// Whether the channel has a worth axis at all.
    pub(super) has_worth: bool,
    pub(super) failed_floors: Vec<(String, Option<TouchpointIx>)>,
    pub(super) known: f64,
    pub(super) known_before_opening: f64,
}

/// What closing a channel would do, looked at when it was decided.
#[derive(Debug, Default)]
pub(super) struct Exit {
    pub(super) overlap: Overlap,
    pub(super) absorption: Absorption,
    /// The channel that covers it or is its twin.
    pub(super) survivor: Option<(ChannelIx, f64)>,
}

/// A channel's situation and what follows from it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) scored: Scored,
    pub(super) decision: Decision,
    pub(super) exit: Option<Exit>,
    pub(super) possible: Vec<Call>,
    /// The decision at each touchpoint, with worth and delivery there.
    pub(super) touchpoints: Vec<(TouchpointIx, Decision, Option<Interval>, Option<Interval>)>,
}

/// Where an interval of points is held against.
fn threshold(criteria: &Criteria) -> f64 {
    criteria.verdicts.number("threshold")
}

/// Scores one channel.
pub(super) fn score(facts: &Facts<'_>, weights: &[f64], channel: ChannelIx) -> Scored {
    let criteria = facts.criteria;
    let it = facts.inventory.channel(channel);
    let mut scores: Vec<CriterionScore> =
        criteria.criteria.iter().map(|c| rate::criterion_score(facts, c, channel)).collect();
    for (score, weight) in scores.iter_mut().zip(weights) {
        score.weight = *weight;
    }
    let answered = scores.iter().flat_map(|c| &c.indicators).find(|i| i.id == "answered");
    let gates = gate::ask(facts, channel, answered);
    let has_worth = it.kind.worth;
    let worth = has_worth.then(|| axis::axis(criteria, &scores, AxisId::Worth, None)).flatten();
    let delivery = axis::axis(criteria, &scores, AxisId::Delivery, None);
    let failed_floors = failed_floors(criteria, &scores, has_worth);
    Scored {
        channel,
        protection: gate::protection(facts, channel),
        worth,
        delivery,
        has_worth,
        failed_floors,
        known: axis::known_share(criteria, &scores, has_worth),
        known_before_opening: axis::known_before_opening(criteria, &scores),
        scores,
        gates,
    }
}

/// Floors that failed on evidence: their upper end lies below. Over all touchpoints first, then at
/// single ones.
fn failed_floors(
    criteria: &Criteria,
    scores: &[CriterionScore],
    has_worth: bool,
) -> Vec<(String, Option<TouchpointIx>)> {
    let mut failed = Vec::new();
    for (criterion, score) in criteria.criteria.iter().zip(scores) {
        if criterion.axis == AxisId::Worth && !has_worth {
            continue;
        }
        for indicator in &score.indicators {
            let Some(floor) = indicator.floor else { continue };
            if indicator.rating.is_some_and(|r| r.high < floor) {
                failed.push((indicator.id.clone(), None));
            }
            for (touchpoint, _, rating) in &indicator.touchpoints {
                if rating.is_some_and(|r| r.high < floor) {
                    failed.push((indicator.id.clone(), Some(*touchpoint)));
                }
            }
        }
    }
    failed
}

/// Which faults the evidence allows, at one touchpoint or over all: the one that stands first.
fn faults(
    criteria: &Criteria,
    scored: &Scored,
    worth_counts: bool,
    at: Option<TouchpointIx>,
) -> (Fault, Vec<Fault>) {
    let (mut worth, mut delivery) = ((false, false), (false, false)); // (certain, possible)
    for (criterion, score) in criteria.criteria.iter().zip(&scored.scores) {
        let on_worth = criterion.axis == AxisId::Worth;
        if on_worth && !worth_counts {
            continue;
        }
        for indicator in &score.indicators {
            let Some(floor) = indicator.floor else { continue };
            let rating = match at {
                Some(touchpoint) => rate::rating_at(indicator, touchpoint),
                None => indicator.rating,
            };
            let Some(rating) = rating else { continue };
            let slot = if on_worth { &mut worth } else { &mut delivery };
            slot.0 |= rating.high < floor;
            slot.1 |= rating.low < floor;
        }
    }
    for gate in scored.gates.iter().filter(|g| g.id == "active" || g.id == "staffed") {
        delivery.0 |= gate.outcome == Outcome::Fail;
        delivery.1 |= matches!(gate.outcome, Outcome::Fail | Outcome::Unknown);
    }
    let stands = match (delivery.0, worth.0) {
        (true, _) => Fault::Delivery,
        (_, true) => Fault::WorthFloor,
        _ => Fault::None,
    };
    let mut possible = vec![stands];
    if !delivery.0 {
        if worth.1 && !possible.contains(&Fault::WorthFloor) {
            possible.push(Fault::WorthFloor);
        }
        if delivery.1 {
            possible.push(Fault::Delivery);
        }
    }
    (stands, possible)
}

/// The gates that a better knowledge could turn these into.
fn possible_gates(gates: Gates) -> Vec<Gates> {
    match gates {
        Gates::Unknown => vec![Gates::Unknown, Gates::Pass, Gates::Fail],
        settled => vec![settled],
    }
}

/// Whether a need is stated: "none" is not one.
fn has_need(it: &Channel) -> bool {
    it.need.as_ref().is_some_and(|n| n.value.evidence != Evidence::None)
}

/// What holds a candidate back before any score.
fn bar(facts: &Facts<'_>, scored: &Scored) -> Bar {
    let it = facts.inventory.channel(scored.channel);
    if gate::is_refused(it) || gate::is_identity_unrepairable(facts, it) {
        Bar::Ruled
    } else if !has_need(it) || scored.known_before_opening < facts.criteria.verdicts.number("before_opening")
    {
        Bar::TooLittleKnown
    } else {
        Bar::None
    }
}

/// Readiness as a candidate needs it: a census that is only declared is enough to try, not to start.
fn readiness(facts: &Facts<'_>, scored: &Scored) -> Gates {
    let gates = gate::together(&scored.gates, &gate::READINESS);
    let it = facts.inventory.channel(scored.channel);
    if gates == Gates::Pass && !gate::is_census_enough_to_add(facts, it) { Gates::Unknown } else { gates }
}

/// The situation of a channel and every one that its intervals and unknown gates leave possible (the
/// first is the one that stands).
fn situations(
    facts: &Facts<'_>,
    scored: &Scored,
    closing: Closing,
    at: Option<TouchpointIx>,
) -> Vec<Situation> {
    let criteria = facts.criteria;
    let tau = threshold(criteria);
    let (worth, delivery) = match at {
        None => (scored.worth, scored.delivery),
        Some(_) => (
            axis::axis(criteria, &scored.scores, AxisId::Worth, at),
            axis::axis(criteria, &scored.scores, AxisId::Delivery, at),
        ),
    };
    let worth = scored.has_worth.then(|| AxisState::of(worth, tau));
    let worths: Vec<Option<AxisState>> = match worth {
        None => vec![None],
        Some(state) => {
            let mut all = vec![Some(state)];
            all.extend(state.possible().into_iter().filter(|s| *s != state).map(Some));
            all
        }
    };
    let delivery = AxisState::of(delivery, tau);
    let mut deliveries = vec![delivery];
    deliveries.extend(delivery.possible().into_iter().filter(|s| *s != delivery));
    let (_, faults) = faults(criteria, scored, scored.has_worth, at);
    let safety = possible_gates(gate::together(&scored.gates, &gate::SAFETY));
    let mut all = Vec::new();
    for worth in &worths {
        for delivery in &deliveries {
            let (worth, delivery) = (*worth, *delivery);
            match facts.inventory.channel(scored.channel).status {
                Status::Active => all.extend(faults.iter().map(|fault| {
                    Situation::Active(Active {
                        worth,
                        delivery,
                        fault: *fault,
                        protection: scored.protection.0,
                        closing,
                    })
                })),
                Status::Candidate => {
                    let bar = bar(facts, scored);
                    for safety in &safety {
                        for readiness in possible_gates(readiness(facts, scored)) {
                            all.push(Situation::Candidate(Candidate {
                                worth,
                                delivery,
                                bar,
                                safety: *safety,
                                readiness,
                            }));
                        }
                    }
                }
                Status::Pilot => {
                    for fault in &faults {
                        all.extend(safety.iter().map(|safety| {
                            Situation::Pilot(Pilot { worth, delivery, fault: *fault, safety: *safety })
                        }));
                    }
                }
                Status::Retiring => all.push(Situation::Retiring),
            }
        }
    }
    all
}

/// The order in which calls are listed.
pub(super) const CALLS: [Call; 9] = [
    Call::Keep,
    Call::Fix,
    Call::Merge,
    Call::Drop,
    Call::Add,
    Call::Pilot,
    Call::Defer,
    Call::Ask,
    Call::Reject,
];

/// Judges one channel with its closing settled.
fn judge(facts: &Facts<'_>, scored: Scored, closing: Closing, exit: Option<Exit>) -> Judged {
    let all = situations(facts, &scored, closing, None);
    let decision = all.first().map_or_else(|| decide(Situation::Retiring), |s| decide(*s));
    let reached: Vec<Call> = all.iter().map(|s| decide(*s).call).collect();
    let possible = CALLS.into_iter().filter(|c| reached.contains(c)).collect();
    let touchpoints = facts
        .weights(scored.channel)
        .into_iter()
        .filter_map(|(touchpoint, _)| {
            let at = Some(touchpoint);
            let situation = *situations(facts, &scored, closing, at).first()?;
            let worth = scored
                .has_worth
                .then(|| axis::axis(facts.criteria, &scored.scores, AxisId::Worth, at))
                .flatten();
            let delivery = axis::axis(facts.criteria, &scored.scores, AxisId::Delivery, at);
            Some((touchpoint, decide(situation), worth, delivery))
        })
        .collect();
    Judged { scored, decision, exit, possible, touchpoints }
}

/// Whether worth is low at every touchpoint even when everything that was only assumed counts as
/// unknown: a closing never rests on assumptions, nor on an average.
fn is_worthless_everywhere(facts: &Facts<'_>, scored: &Scored) -> bool {
    let tau = threshold(facts.criteria);
    let assumed = |r: &Reading| r.known().is_some_and(|k| k.grade == Grade::Assumed);
    let mut scores: Vec<CriterionScore> = scored.scores.clone();
    for score in &mut scores {
        for indicator in &mut score.indicators {
            if assumed(&indicator.reading) {
                indicator.rating = Some(UNKNOWN);
            }
            for (_, reading, rating) in &mut indicator.touchpoints {
                if assumed(reading) {
                    *rating = Some(UNKNOWN);
                }
            }
        }
    }
    let below =
        |at| AxisState::of(axis::axis(facts.criteria, &scores, AxisId::Worth, at), tau) == AxisState::Below;
    let everywhere = facts.weights(scored.channel).iter().all(|(t, _)| below(Some(*t)));
    AxisState::of(scored.worth, tau) == AxisState::Below && everywhere
}

/// The stronger twin of a channel among those present: same timing and medium, covers it, and is
/// better by delivery, then by cost, then by id.
fn stronger_twin(
    facts: &Facts<'_>,
    all: &[Scored],
    channel: ChannelIx,
    overlap: &Overlap,
) -> Option<(ChannelIx, f64)> {
    let covers = facts.criteria.verdicts.number("covers");
    let it = facts.inventory.channel(channel);
    overlap
        .by
        .iter()
        .copied()
        .filter(|(other, share)| {
            let that = facts.inventory.channel(*other);
            *share >= covers
                && that.status == Status::Active
                && it.kind.unit == crate::criteria::kind::Unit::Contact
                && that.kind.unit == it.kind.unit
                && that.kind.timing == it.kind.timing
                && that.kind.medium == it.kind.medium
                && it.kind.worth
                && that.kind.worth
                && is_weaker(facts, all, channel, *other)
        })
        .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
}

fn is_weaker(facts: &Facts<'_>, all: &[Scored], this: ChannelIx, that: ChannelIx) -> bool {
    let delivery = |ix: ChannelIx| all.get(ix.0).and_then(|s| s.delivery).map_or(0.0, Interval::middle);
    let cost = |ix: ChannelIx| facts.cost_per_year(ix).map_or(f64::INFINITY, Interval::middle);
    let id = |ix: ChannelIx| facts.inventory.channel(ix).id.as_str();
    delivery(that)
        .total_cmp(&delivery(this))
        .then_with(|| cost(this).total_cmp(&cost(that)))
        .then_with(|| id(this).cmp(id(that)))
        .is_gt()
}

/// What closing a channel would do while the present ones go on; `None` where no rule of closing could
/// apply, so that the costly test of absorption is not run for nothing.
fn exit(facts: &Facts<'_>, all: &[Scored], channel: ChannelIx, present: &[bool]) -> Option<(Closing, Exit)> {
    let scored = all.get(channel.0)?;
    let it = facts.inventory.channel(channel);
    if it.status != Status::Active || !scored.has_worth || scored.protection.0 == Protection::Protected {
        return None;
    }
    let numbers = &facts.criteria.verdicts;
    let tau = numbers.number("threshold");
    let low_worth = AxisState::of(scored.worth, tau) == AxisState::Below;
    let overlap = facts.overlap(channel, present);
    let twin = stronger_twin(facts, all, channel, &overlap);
    if !low_worth && twin.is_none() {
        return None;
    }
    let absorption = facts.absorb(channel, present);
    let absorbed = absorption.holds == Some(true);
    let nothing_unique = overlap.unique.is_some_and(|u| u < numbers.number("nothing_unique"));
    let cover = overlap.by.first().copied().filter(|(_, share)| *share >= numbers.number("covers"));
    let worthless = low_worth && is_worthless_everywhere(facts, scored);
    let (closing, survivor) = match (absorbed, twin) {
        (false, _) => (Closing::Held, None),
        _ if worthless && nothing_unique => match cover {
            Some(cover) => (Closing::Covered, Some(cover)),
            None => (Closing::Shared, None),
        },
        (true, Some(twin)) => (Closing::Twin, Some(twin)),
        (true, None) => (Closing::Held, None),
    };
    Some((closing, Exit { overlap, absorption, survivor }))
}

/// Judges all channels. Closings are decided one at a time, the least worth having first, then twins
/// by overlap; after each of them the others are looked at again, since one home is gone.
pub(super) fn all(facts: &Facts<'_>, scored: Vec<Scored>) -> Vec<Judged> {
    let mut present = open(facts.inventory);
    let mut exits: Vec<Option<(Closing, Exit)>> = scored.iter().map(|_| None).collect();
    loop {
        let mut next: Option<(ChannelIx, f64)> = None;
        for it in &scored {
            let ix = it.channel;
            if present.get(ix.0) != Some(&true) {
                continue;
            }
            let found = exit(facts, &scored, ix, &present);
            let closes = found.as_ref().is_some_and(|(closing, _)| {
                let situation = situations(facts, it, *closing, None);
                situation.first().is_some_and(|s| matches!(decide(*s).call, Call::Merge | Call::Drop))
            });
            if closes {
                // Not worth having comes before twins; among twins the closest pair.
                let rank = match &found {
                    Some((Closing::Twin, e)) => 1000.0 - e.survivor.map_or(0.0, |(_, share)| share),
                    _ => it.worth.map_or(100.0, Interval::middle),
                };
                if next.is_none_or(|(_, best)| rank < best) {
                    next = Some((ix, rank));
                }
            }
            if let Some(slot) = exits.get_mut(ix.0) {
                *slot = found;
            }
        }
        match next {
            Some((ix, _)) => {
                if let Some(flag) = present.get_mut(ix.0) {
                    *flag = false;
                }
            }
            None => break,
        }
    }
    scored
        .into_iter()
        .zip(exits)
        .map(|(it, exit)| {
            let (closing, exit) = match exit {
                Some((closing, exit)) => (closing, Some(exit)),
                None => (Closing::Held, None),
            };
            judge(facts, it, closing, exit)
        })
        .collect()
}

/// Channels that customers can use and that stay: active ones and trials.
fn open(inventory: &Inventory) -> Vec<bool> {
    inventory.channels.iter().map(|c| matches!(c.status, Status::Active | Status::Pilot)).collect()
}
