//! One channel after the other: scores, gates, situation, and what follows from it once the closings are decided.

use crate::criteria::{AxisId, Criteria, Indicator};
use crate::inventory::{Channel, ChannelIx, Evidence, Identity, Status, TouchpointIx};
use crate::measure::Facts;
use crate::quantity::Interval;

use super::axis::{self, AxisState, Supposed, is_under};
use super::closing::{Exit, Low, Room, Weighed};
use super::gate;
use super::rate;
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
    /// Whether worth is low, over all and at each touchpoint (with its share of the contacts), even when
    /// everything that was only assumed counts as unknown.
    worthless: (bool, Vec<(TouchpointIx, f64, bool)>),
    /// The criteria once what was only assumed counts as unknown.
    pub(super) surely: Vec<CriterionScore>,
    pub(super) known: f64,
    pub(super) known_before_opening: f64,
}

impl Scored {
    /// The moments that it serves.
    fn moments(&self) -> impl Iterator<Item = TouchpointIx> + '_ {
        self.worthless.1.iter().map(|(at, ..)| *at)
    }

    /// Whether worth is surely low, over all and at each moment.
    fn is_worthless(&self) -> bool {
        self.worthless.0 && self.worthless.1.iter().all(|(.., low)| *low)
    }
}

/// A channel's situation and what follows from it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) scored: Scored,
    pub(super) situation: Situation,
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
    let volumes = facts.weights(channel);
    let state = |scores: &[CriterionScore], at: Option<TouchpointIx>| {
        AxisState::of(axis::axis(criteria, scores, AxisId::Worth, at), threshold(criteria))
    };
    let surely = rate::without_assumptions(&scores, &volumes);
    let is_low = |at| has_worth && state(&surely, at) == AxisState::Below;
    let worthless = (is_low(None), volumes.iter().map(|(t, share)| (*t, *share, is_low(Some(*t)))).collect());
    Scored {
        channel,
        protection: gate::protection(facts, channel),
        worth,
        delivery,
        has_worth,
        failed_floors,
        worthless,
        surely,
        known: axis::known_share(criteria, &scores, has_worth, &volumes),
        known_before_opening: axis::known_before_opening(criteria, &scores, None),
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
            if indicator.rating.is_some_and(|r| is_under(r, floor)) {
                failed.push((indicator.id.clone(), None));
            }
            for (touchpoint, _, rating) in &indicator.touchpoints {
                if rating.is_some_and(|r| is_under(r, floor)) {
                    failed.push((indicator.id.clone(), Some(*touchpoint)));
                }
            }
        }
    }
    failed
}

/// What is taken for known: an indicator with the gate that hangs on it, a gate alone, what forbids closing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Supposition<'a> {
    pub(super) indicator: Option<Supposed>,
    pub(super) gate: Option<(&'a str, Outcome)>,
    pub(super) protection: Option<Protection>,
}

/// Which faults the evidence allows, at one touchpoint or over all: the one that stands first.
fn faults(
    criteria: &Criteria,
    scored: &Scored,
    at: Option<TouchpointIx>,
    supposed: Option<Supposition<'_>>,
) -> Vec<Fault> {
    let (mut worth, mut delivery) = ((false, false), (false, false)); // (certain, possible)
    for (c, (criterion, score)) in criteria.criteria.iter().zip(&scored.scores).enumerate() {
        let on_worth = criterion.axis == AxisId::Worth;
        if on_worth && !scored.has_worth {
            continue;
        }
        for (i, indicator) in score.indicators.iter().enumerate() {
            let Some(floor) = indicator.floor else { continue };
            let rating = match at {
                Some(touchpoint) => rate::rating_at(indicator, touchpoint),
                None => indicator.rating,
            };
            let Some(rating) = rating else { continue };
            let rating = Supposed::of(supposed.and_then(|s| s.indicator), c, i).unwrap_or(rating);
            let slot = if on_worth { &mut worth } else { &mut delivery };
            slot.0 |= is_under(rating, floor);
            slot.1 |= is_under(Interval::point(rating.low), floor);
        }
    }
    for gate in scored.gates.iter().filter(|g| g.id == "active" || g.id == "staffed") {
        let outcome = gate::outcome_if(gate, supposed.and_then(|s| s.gate));
        delivery.0 |= outcome == Outcome::Fail;
        delivery.1 |= matches!(outcome, Outcome::Fail | Outcome::Unknown);
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
    possible
}

/// The gates that a better knowledge could turn these into. The gate *census* never fails: it is known
/// or not.
fn possible_gates(
    gates: Gates,
    results: &[GateResult],
    ids: &[&str],
    supposed: Option<Supposition<'_>>,
) -> Vec<Gates> {
    if gates != Gates::Unknown {
        return vec![gates];
    }
    let gate = supposed.and_then(|s| s.gate);
    let is_open = |g: &&GateResult| gate::outcome_if(g, gate) == Outcome::Unknown;
    let may_fail = results.iter().filter(is_open).any(|g| ids.contains(&g.id.as_str()) && g.id != "census");
    let mut all = vec![Gates::Unknown, Gates::Pass];
    all.extend(may_fail.then_some(Gates::Fail));
    all
}

/// Whether a need is stated: "none" is not one.
fn has_need(it: &Channel) -> bool {
    it.need.as_ref().is_some_and(|n| n.value.evidence != Evidence::None)
}

/// Whether an indicator taken for known states a need; `None` if it is another one.
fn is_needed(criteria: &Criteria, supposed: Supposed) -> Option<bool> {
    let indicator = criteria.criteria.get(supposed.criterion)?.indicators.get(supposed.indicator)?;
    (indicator.measure == "need").then(|| supposed.points >= least_need(indicator))
}

/// Points from which on a need is stated: those of the first answer that is one.
pub(super) fn least_need(indicator: &Indicator) -> f64 {
    indicator.knots.get(1).map_or(0.0, |(_, points)| *points)
}

/// What holds a candidate back before any score.
fn bar(facts: &Facts<'_>, scored: &Scored, supposed: Option<Supposition<'_>>) -> Bar {
    let it = facts.inventory.channel(scored.channel);
    let gate = supposed.and_then(|s| s.gate);
    // What a channel offers at its best cannot be mended.
    let refused = gate == Some(("lawful", Outcome::Fail))
        || (gate == Some(("identity", Outcome::Fail)) && gate::offered_identity(it) >= it.kind.best_identity);
    let need = supposed.and_then(|s| s.indicator).and_then(|i| is_needed(facts.criteria, i));
    if gate::is_refused(it) || refused || gate::is_identity_unrepairable(facts, it) {
        Bar::Ruled
    } else if !need.unwrap_or_else(|| has_need(it))
        || known_before_opening(facts, scored, supposed) < facts.criteria.verdicts.number("before_opening")
    {
        Bar::TooLittleKnown
    } else {
        Bar::None
    }
}

/// Share of the before-opening indicators that is known, one of them perhaps supposed.
fn known_before_opening(facts: &Facts<'_>, scored: &Scored, supposed: Option<Supposition<'_>>) -> f64 {
    match supposed.and_then(|s| s.indicator) {
        None => scored.known_before_opening,
        indicator => axis::known_before_opening(facts.criteria, &scored.scores, indicator),
    }
}

/// What holds a candidate back, and what better knowledge could make of it: a review that is not done
/// may refuse, a moment may need more than the kind can give, and missing facts may be found.
fn possible_bars(facts: &Facts<'_>, scored: &Scored, supposed: Option<Supposition<'_>>) -> Vec<Bar> {
    let it = facts.inventory.channel(scored.channel);
    let stands = bar(facts, scored, supposed);
    let mut all = vec![stands];
    if stands == Bar::Ruled {
        return all;
    }
    let outcome = |id: &str| {
        let gate = scored.gates.iter().find(|g| g.id == id)?;
        Some(gate::outcome_if(gate, supposed.and_then(|s| s.gate)))
    };
    let open_identity = scored.gates.iter().any(|g| g.id == "identity" && g.outcome == Outcome::Unknown)
        && matches!(outcome("identity"), Some(Outcome::Unknown | Outcome::Fail));
    if outcome("lawful") == Some(Outcome::Unknown)
        || (open_identity && it.kind.best_identity < Identity::Strong)
    {
        all.push(Bar::Ruled);
    }
    let need = supposed.and_then(|s| s.indicator).and_then(|i| is_needed(facts.criteria, i));
    let no_need = need.map_or_else(
        || it.need.as_ref().is_some_and(|n| n.value.evidence == Evidence::None),
        |needed| !needed,
    );
    if stands == Bar::TooLittleKnown && !no_need {
        all.push(Bar::None);
    }
    all
}

/// Readiness as a candidate needs it: a census that is only declared is enough to try, not to start.
fn readiness(facts: &Facts<'_>, scored: &Scored, supposed: Option<Supposition<'_>>) -> Gates {
    let gates = gate::together(&scored.gates, &gate::READINESS, supposed.and_then(|s| s.gate));
    let it = facts.inventory.channel(scored.channel);
    let is_measured = supposed.and_then(|s| s.gate) == Some(("census", Outcome::Pass));
    if gates == Gates::Pass && !is_measured && !gate::is_census_enough_to_add(facts, it) {
        Gates::Unknown
    } else {
        gates
    }
}

/// The situation of a channel and every one that its intervals and unknown gates leave possible (the
/// first is the one that stands).
fn situations(
    facts: &Facts<'_>,
    scored: &Scored,
    closing: Closing,
    exit: Option<&Exit>,
    at: Option<TouchpointIx>,
    supposed: Option<Supposition<'_>>,
) -> Vec<Situation> {
    let criteria = facts.criteria;
    let tau = threshold(criteria);
    let (worth, delivery) = match (at, supposed) {
        (None, None) => (scored.worth, scored.delivery),
        _ => {
            let indicator = supposed.and_then(|s| s.indicator);
            let axis = |id| axis::axis_if(criteria, &scored.scores, id, at, indicator);
            (axis(AxisId::Worth), axis(AxisId::Delivery))
        }
    };
    let is_weaker = exit.is_some_and(|exit| exit.is_weaker(delivery));
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
    let faults = faults(criteria, scored, at, supposed);
    let safety = gate::together(&scored.gates, &gate::SAFETY, supposed.and_then(|s| s.gate));
    let safety = possible_gates(safety, &scored.gates, &gate::SAFETY, supposed);
    let readiness = readiness(facts, scored, supposed);
    let readiness = possible_gates(readiness, &scored.gates, &gate::READINESS, supposed);
    let bars = possible_bars(facts, scored, supposed);
    let protection = supposed.and_then(|s| s.protection).unwrap_or(scored.protection.0);
    let protections = match protection {
        Protection::Unanswered => vec![Protection::Unanswered, Protection::Free, Protection::Protected],
        settled => vec![settled],
    };
    let indicator = supposed.and_then(|s| s.indicator);
    let if_worthless = exit.and_then(|exit| exit.home).filter(|_| could_be_low(facts, scored, indicator));
    let mut all = Vec::new();
    for worth in &worths {
        for delivery in &deliveries {
            let (worth, delivery) = (*worth, *delivery);
            match facts.inventory.channel(scored.channel).status {
                Status::Active => {
                    let is_low = worth == Some(AxisState::Below);
                    // Whatever closes it for its low worth, it may still be the weaker of a pair.
                    let stands = match exit {
                        Some(exit) if !is_low && closing != Closing::Held => exit.closing(false, is_weaker),
                        _ => closing,
                    };
                    let closings = std::iter::once(stands).chain(if_worthless.filter(|_| is_low));
                    for (closing, protection) in
                        closings.flat_map(|c| protections.iter().map(move |p| (c, *p)))
                    {
                        all.extend(faults.iter().map(|fault| {
                            Situation::Active(Active { worth, delivery, fault: *fault, protection, closing })
                        }));
                    }
                }
                Status::Candidate => {
                    for bar in &bars {
                        for safety in &safety {
                            all.extend(readiness.iter().map(|readiness| {
                                Situation::Candidate(Candidate {
                                    worth,
                                    delivery,
                                    bar: *bar,
                                    safety: *safety,
                                    readiness: *readiness,
                                })
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

/// The situations of a judged channel if one indicator were exactly known: the one that would stand first.
/// What becomes of other channels is left as it is.
pub(super) fn situations_if(facts: &Facts<'_>, judged: &Judged, supposed: Supposition<'_>) -> Vec<Situation> {
    let (scored, exit) = (&judged.scored, judged.exit.as_ref());
    let Situation::Active(it) = judged.situation else {
        return situations(facts, scored, Closing::Held, exit, None, Some(supposed));
    };
    if supposed.indicator.is_none() {
        return situations(facts, scored, it.closing, exit, None, Some(supposed));
    }
    let if_low = |scores: &[CriterionScore], at| {
        let worth = axis::axis_if(facts.criteria, scores, AxisId::Worth, at, supposed.indicator);
        scored.has_worth && AxisState::of(worth, threshold(facts.criteria)) == AxisState::Below
    };
    // Worth surely low, over all and at each moment: then what only its low worth kept open may close.
    let surely_low =
        || if_low(&scored.surely, None) && scored.moments().all(|at| if_low(&scored.surely, Some(at)));
    let delivery = axis::axis_if(facts.criteria, &scored.scores, AxisId::Delivery, None, supposed.indicator);
    let closing = exit.map_or(Closing::Held, |exit| exit.closing(surely_low(), exit.is_weaker(delivery)));
    situations(facts, scored, closing, exit, None, Some(supposed))
}

/// Whether the intervals let worth be low over all and at each moment, one indicator perhaps supposed.
fn could_be_low(facts: &Facts<'_>, scored: &Scored, supposed: Option<Supposed>) -> bool {
    let could = |at| {
        let worth = axis::axis_if(facts.criteria, &scored.scores, AxisId::Worth, at, supposed);
        AxisState::of(worth, threshold(facts.criteria)) != AxisState::Above
    };
    could(None) && scored.moments().all(|at| could(Some(at)))
}

/// Judges one channel with its closing settled.
fn judge(facts: &Facts<'_>, scored: Scored, closing: Closing, exit: Option<Exit>) -> Judged {
    let all = situations(facts, &scored, closing, exit.as_ref(), None, None);
    let situation = all.first().copied().unwrap_or(Situation::Retiring);
    let reached: Vec<Call> = all.iter().map(|s| decide(*s).call).collect();
    let possible = CALLS.into_iter().filter(|c| reached.contains(c)).collect();
    let touchpoints = facts
        .weights(scored.channel)
        .into_iter()
        .filter_map(|(touchpoint, share)| {
            let at = Some(touchpoint);
            let is_low = scored.worthless.1.iter().any(|(t, _, low)| *t == touchpoint && *low);
            let from = exit.as_ref().and_then(|exit| exit.stops_from);
            let stops = is_low && from.is_some_and(|from| share > from);
            let closing = if stops { Closing::Shared } else { closing };
            let situation = *situations(facts, &scored, closing, None, at, None).first()?;
            let worth = scored
                .has_worth
                .then(|| axis::axis(facts.criteria, &scored.scores, AxisId::Worth, at))
                .flatten();
            let delivery = axis::axis(facts.criteria, &scored.scores, AxisId::Delivery, at);
            Some((touchpoint, decide(situation), worth, delivery))
        })
        .collect();
    Judged { scored, situation, decision: decide(situation), exit, possible, touchpoints }
}

/// Whether some weights, whichever they are, would make a channel surely not worth having.
fn is_low_under_some_weights(criteria: &Criteria, scored: &Scored) -> bool {
    let surely = criteria.criteria.iter().zip(&scored.surely).filter(|(c, _)| c.axis == AxisId::Worth);
    surely.into_iter().any(|(_, s)| s.score.is_some_and(|points| is_under(points, threshold(criteria))))
}

/// What the rules of closing ask of a channel under the weights that it was scored with.
pub(super) fn weighed(facts: &Facts<'_>, scored: &Scored) -> Weighed {
    let standing = situations(facts, scored, Closing::Held, None, None, None);
    Weighed {
        worth: scored.worth,
        delivery: scored.delivery,
        is_worthless: scored.is_worthless(),
        situation: standing.first().copied().unwrap_or(Situation::Retiring),
    }
}

/// Whether the worth of a channel is low anywhere, or could be.
pub(super) fn low(facts: &Facts<'_>, scored: &Scored) -> Low {
    let whole = AxisState::of(scored.worth, threshold(facts.criteria)) == AxisState::Below;
    Low {
        somewhere: whole || scored.worthless.1.iter().any(|(.., low)| *low),
        somehow: could_be_low(facts, scored, None) || is_low_under_some_weights(facts.criteria, scored),
    }
}

/// Judges all channels under these weights, with closings decided for the set.
pub(super) fn all(facts: &Facts<'_>, weights: &[f64]) -> Vec<Judged> {
    together(facts, facts.inventory.channels().map(|(ix, _)| score(facts, weights, ix)).collect())
}

/// Judges channels that were scored, all of them.
pub(super) fn together(facts: &Facts<'_>, scored: Vec<Scored>) -> Vec<Judged> {
    let set: Vec<Weighed> = scored.iter().map(|it| weighed(facts, it)).collect();
    let room = Room::new(facts);
    let closed = room.closings(&set);
    let judge_one = |it: Scored| match room.exit(&set, it.channel, &closed, low(facts, &it)) {
        Some((closing, exit)) => judge(facts, it, closing, Some(exit)),
        None => judge(facts, it, Closing::Held, None),
    };
    scored.into_iter().map(judge_one).collect()
}
