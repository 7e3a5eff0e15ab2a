//! One channel after the other: scores, gates, situation; and the closings, which are decided for the
//! set, because each closing takes a home away from the next.

use std::cmp::Ordering;

use crate::criteria::kind::Unit;
use crate::criteria::{AxisId, Criteria, Indicator};
use crate::inventory::{Channel, ChannelIx, Evidence, Identity, Status, TouchpointIx};
use crate::measure::{Absorption, Facts, Overlap};
use crate::quantity::Interval;

use super::axis::{self, AxisState, ROUNDING, Supposed, is_under};
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

/// What closing a channel would do, looked at when it was decided.
#[derive(Debug, Default)]
pub(super) struct Exit {
    pub(super) overlap: Overlap,
    pub(super) absorption: Absorption,
    /// The channel that covers it or is its twin.
    pub(super) survivor: Option<(ChannelIx, f64)>,
    /// Touchpoints at which it would close although it goes on elsewhere.
    stops: Vec<TouchpointIx>,
    /// What closing would do if its worth, which the intervals leave open, were low everywhere.
    if_worthless: Option<Closing>,
    /// What closing would do if its worth were low everywhere, whatever the intervals say of it now.
    pub(super) home: Option<Closing>,
    /// Its twins, if the others can carry it: it closes where one of them delivers better.
    pub(super) twins: Vec<Twin>,
}

impl Exit {
    /// What closing does where worth is surely low everywhere, or not, and delivery has this middle.
    pub(super) fn closing(&self, is_low: bool, is_weaker: bool) -> Closing {
        let twin = if is_weaker && !self.twins.is_empty() { Closing::Twin } else { Closing::Held };
        self.home.filter(|_| is_low).unwrap_or(twin)
    }

    /// Whether one of its twins is stronger than a delivery with this middle.
    fn is_weaker(&self, delivery: Option<Interval>) -> bool {
        self.twins.iter().any(|twin| twin.is_stronger_than(delivery))
    }
}

impl Twin {
    /// Whether it survives a channel of this delivery.
    pub(super) fn is_stronger_than(&self, delivery: Option<Interval>) -> bool {
        match delivers(self.delivery, delivery.map_or(0.0, Interval::middle)) {
            Ordering::Equal => self.comes_first,
            order => order.is_gt(),
        }
    }
}

/// A channel of the same timing and medium that does most of what another does.
#[derive(Debug)]
pub(super) struct Twin {
    /// The middle of its delivery.
    pub(super) delivery: f64,
    /// The middle of the points of each criterion; `None` where nothing in it applies.
    pub(super) middles: Vec<Option<f64>>,
    /// Where both deliver alike, this one survives.
    pub(super) comes_first: bool,
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
fn score(facts: &Facts<'_>, weights: &[f64], channel: ChannelIx) -> Scored {
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
    let if_worthless = match supposed.and_then(|s| s.indicator) {
        None => exit.and_then(|exit| exit.if_worthless),
        indicator => exit.and_then(|exit| exit.home).filter(|_| could_be_low(facts, scored, indicator)),
    };
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
        .filter_map(|(touchpoint, _)| {
            let at = Some(touchpoint);
            let stops = exit.as_ref().is_some_and(|exit| exit.stops.contains(&touchpoint));
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

/// The strongest twin of a channel among those present: same timing and medium, covers it, and is
/// better by delivery, then by cost, then by id.
fn stronger_twin(
    facts: &Facts<'_>,
    all: &[Scored],
    channel: ChannelIx,
    overlap: &Overlap,
) -> Option<(ChannelIx, f64)> {
    twins(facts, channel, overlap)
        .filter(|(other, _)| by_strength(facts, all, *other, channel).is_gt())
        .max_by(|a, b| by_strength(facts, all, a.0, b.0))
}

/// Channels of the same timing and medium that cover a channel.
fn twins<'o>(
    facts: &'o Facts<'_>,
    channel: ChannelIx,
    overlap: &'o Overlap,
) -> impl Iterator<Item = (ChannelIx, f64)> + 'o {
    let covers = facts.criteria.verdicts.number("covers");
    let is_twin = move |(other, share): &(ChannelIx, f64)| *share >= covers && alike(facts, channel, *other);
    overlap.by.iter().copied().filter(is_twin)
}

/// Whether two channels are of the same timing and medium, so that one of them may do.
fn alike(facts: &Facts<'_>, this: ChannelIx, that: ChannelIx) -> bool {
    let (this, that) = (facts.inventory.channel(this), facts.inventory.channel(that));
    that.status == Status::Active
        && this.kind.unit == Unit::Contact
        && that.kind.unit == this.kind.unit
        && that.kind.timing == this.kind.timing
        && that.kind.medium == this.kind.medium
        && this.kind.worth
        && that.kind.worth
}

/// Which of two deliveries is better; what differs by the machine's rounding is alike.
fn delivers(this: f64, that: f64) -> Ordering {
    if (this - that).abs() <= ROUNDING { Ordering::Equal } else { this.total_cmp(&that) }
}

/// Which of two channels survives the other: the one that delivers better, costs less, comes first.
fn by_strength(facts: &Facts<'_>, all: &[Scored], this: ChannelIx, that: ChannelIx) -> Ordering {
    let delivery = |ix: ChannelIx| all.get(ix.0).and_then(|s| s.delivery).map_or(0.0, Interval::middle);
    delivers(delivery(this), delivery(that)).then_with(|| by_cost(facts, this, that))
}

/// … where both deliver alike.
fn by_cost(facts: &Facts<'_>, this: ChannelIx, that: ChannelIx) -> Ordering {
    let cost = |ix: ChannelIx| facts.cost_per_year(ix).map_or(f64::INFINITY, Interval::middle);
    let id = |ix: ChannelIx| facts.inventory.channel(ix).id.as_str();
    cost(that).total_cmp(&cost(this)).then_with(|| id(that).cmp(id(this)))
}

/// The twins of a channel under any weights, those among them that close as the weaker of a pair; none if all others
/// together could not carry it. A twin that closes for its low worth is none: under other weights of worth it might
/// stay, which is left as it is.
fn twins_if(
    facts: &Facts<'_>,
    all: &[Scored],
    ways: &Ways,
    absorbed: bool,
    (channel, homes, closed): (ChannelIx, &Homes, &[ChannelIx]),
) -> Vec<Twin> {
    let is_weaker = ways.twin.is_some();
    let returns = |ix: &ChannelIx| {
        *ix != channel
            && alike(facts, channel, *ix)
            && !all.get(ix.0).is_none_or(Scored::is_worthless)
            // A stronger one counts only for who is the weaker today already: else it would contradict today.
            && (is_weaker || by_strength(facts, all, *ix, channel).is_lt())
    };
    let back: Vec<ChannelIx> = closed.iter().copied().filter(returns).collect();
    let twin = |(other, _): (ChannelIx, f64)| {
        let that = all.get(other.0)?;
        Some(Twin {
            delivery: that.delivery.map_or(0.0, Interval::middle),
            middles: that.scores.iter().map(|s| s.score.map(Interval::middle)).collect(),
            comes_first: by_cost(facts, other, channel).is_gt(),
        })
    };
    if back.is_empty() {
        return twins(facts, channel, &ways.overlap).filter(|_| absorbed).filter_map(twin).collect();
    }
    let mut homes = homes.clone();
    back.iter().for_each(|ix| homes.set(*ix, true));
    let overlap = facts.overlap(channel, &homes.lasting);
    let list: Vec<Twin> = twins(facts, channel, &overlap).filter_map(twin).collect();
    // Today's answer stands for who is weaker today; the other is asked with its twins back.
    let carried = || {
        if is_weaker { absorbed } else { facts.absorb(channel, &homes.open).holds == Some(true) }
    };
    if list.is_empty() || !carried() { Vec::new() } else { list }
}

/// Who is there when a channel closes.
#[derive(Clone)]
struct Homes {
    /// Channels that can stand in for another: active ones only, a trial may end.
    lasting: Vec<bool>,
    /// Channels that take part of the load: active ones, and trials that go on.
    open: Vec<bool>,
}

impl Homes {
    fn today(facts: &Facts<'_>, all: &[Scored]) -> Self {
        let goes_on = |it: &Scored| match facts.inventory.channel(it.channel).status {
            Status::Active => true,
            Status::Pilot => decision(facts, it, Closing::Held).call != Call::Drop,
            Status::Candidate | Status::Retiring => false,
        };
        let active = |it: &Scored| facts.inventory.channel(it.channel).status == Status::Active;
        Self { lasting: all.iter().map(active).collect(), open: all.iter().map(goes_on).collect() }
    }

    fn set(&mut self, channel: ChannelIx, present: bool) {
        for list in [&mut self.lasting, &mut self.open] {
            if let Some(flag) = list.get_mut(channel.0) {
                *flag = present;
            }
        }
    }

    fn has(&self, channel: ChannelIx) -> bool {
        self.lasting.get(channel.0) == Some(&true)
    }
}

/// The decision that stands, with a closing settled.
fn decision(facts: &Facts<'_>, it: &Scored, closing: Closing) -> Decision {
    situations(facts, it, closing, None, None, None)
        .first()
        .map_or_else(|| decide(Situation::Retiring), |s| decide(*s))
}

/// Whether a rule of closing may apply to a channel at all.
fn may_close(facts: &Facts<'_>, it: &Scored) -> bool {
    facts.inventory.channel(it.channel).status == Status::Active
        && it.has_worth
        && it.protection.0 != Protection::Protected
}

/// Who could stand in for a channel.
struct Ways {
    overlap: Overlap,
    twin: Option<(ChannelIx, f64)>,
    nothing_unique: bool,
    /// One channel that covers it.
    cover: Option<(ChannelIx, f64)>,
}

impl Ways {
    fn of(facts: &Facts<'_>, all: &[Scored], channel: ChannelIx, homes: &Homes) -> Self {
        let numbers = &facts.criteria.verdicts;
        let overlap = facts.overlap(channel, &homes.lasting);
        Self {
            twin: stronger_twin(facts, all, channel, &overlap),
            nothing_unique: overlap.unique.is_some_and(|u| u < numbers.number("nothing_unique")),
            cover: overlap.by.first().copied().filter(|(_, share)| *share >= numbers.number("covers")),
            overlap,
        }
    }

    fn home(&self) -> Closing {
        if self.cover.is_some() { Closing::Covered } else { Closing::Shared }
    }

    /// The rule that closes it, if the others can carry it, and the survivor.
    fn closing(&self, it: &Scored) -> (Closing, Option<(ChannelIx, f64)>) {
        match self.twin {
            _ if it.is_worthless() && self.nothing_unique => (self.home(), self.cover),
            Some(twin) => (Closing::Twin, Some(twin)),
            None => (Closing::Held, None),
        }
    }
}

/// What closing a channel would do while those present go on; `None` where no rule of closing could
/// apply, so that the costly test of absorption is not run for nothing. What might close under other weights or
/// readings is looked at only where it is known which channels close under these.
fn exit(
    facts: &Facts<'_>,
    all: &[Scored],
    channel: ChannelIx,
    homes: &Homes,
    closed: Option<&[ChannelIx]>,
) -> Option<(Closing, Exit)> {
    let scored = all.get(channel.0).filter(|it| may_close(facts, it))?;
    let numbers = &facts.criteria.verdicts;
    let worth = AxisState::of(scored.worth, numbers.number("threshold"));
    let could_be_low = could_be_low(facts, scored, None);
    let ways = Ways::of(facts, all, channel, homes);
    let is_low = worth == AxisState::Below || scored.worthless.1.iter().any(|(.., low)| *low);
    let low_somehow = could_be_low || is_low_under_some_weights(facts.criteria, scored);
    let has_twins = |closed: &[ChannelIx]| {
        twins(facts, channel, &ways.overlap).next().is_some()
            || closed.iter().any(|ix| *ix != channel && alike(facts, channel, *ix))
    };
    let has_twin = ways.twin.is_some() || closed.is_some_and(has_twins);
    let is_asked = closed.is_some() && low_somehow && ways.nothing_unique;
    if !(is_low || has_twin || is_asked) {
        return None;
    }
    let absorption = facts.absorb(channel, &homes.open);
    let absorbed = absorption.holds == Some(true);
    let twins = closed
        .map_or_else(Vec::new, |closed| twins_if(facts, all, &ways, absorbed, (channel, homes, closed)));
    let (closing, survivor) = if absorbed { ways.closing(scored) } else { (Closing::Held, None) };
    // Nothing unique over all is nothing unique at one moment if even all of it there would be too little.
    let least = numbers.number("nothing_unique");
    let stops = |(t, share, low): &(TouchpointIx, f64, bool)| {
        let little = ways.overlap.unique.is_some_and(|u| u < least * share);
        (closing == Closing::Held && absorbed && *low && little).then_some(*t)
    };
    let stops = scored.worthless.1.iter().filter_map(stops).collect();
    let home = (absorbed && ways.nothing_unique).then(|| ways.home());
    let if_worthless = home.filter(|_| could_be_low);
    Some((closing, Exit { overlap: ways.overlap, absorption, survivor, stops, if_worthless, home, twins }))
}

/// Whether some weights, whichever they are, would make a channel surely not worth having.
fn is_low_under_some_weights(criteria: &Criteria, scored: &Scored) -> bool {
    let surely = criteria.criteria.iter().zip(&scored.surely).filter(|(c, _)| c.axis == AxisId::Worth);
    surely.into_iter().any(|(_, s)| s.score.is_some_and(|points| is_under(points, threshold(criteria))))
}

/// Whether the rules close a channel, given what closing it would do.
fn closes(facts: &Facts<'_>, it: &Scored, closing: Closing) -> bool {
    closing != Closing::Held && matches!(decision(facts, it, closing).call, Call::Merge | Call::Drop)
}

/// Channels that a rule of closing may apply to, the least worth having first, then twins, the closest
/// pair first. Whether the others can carry them is not asked here.
fn willing(facts: &Facts<'_>, all: &[Scored], homes: &Homes) -> Vec<ChannelIx> {
    let mut list: Vec<(f64, ChannelIx)> = all
        .iter()
        .filter(|it| homes.has(it.channel) && may_close(facts, it))
        .filter_map(|it| {
            let ways = Ways::of(facts, all, it.channel, homes);
            let rank = match ways.closing(it) {
                (Closing::Held, _) => return None,
                (Closing::Twin, survivor) => 1000.0 - survivor.map_or(0.0, |(_, share)| share),
                (Closing::Covered | Closing::Shared, _) => it.worth.map_or(100.0, Interval::middle),
            };
            Some((rank, it.channel))
        })
        .collect();
    list.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    list.into_iter().map(|(_, ix)| ix).collect()
}

/// Which channels close, one at a time; after each of them the others are looked at again, since one
/// home is gone. What the others could not carry is asked once on the way and once more at the end. A channel whose
/// homes have closed after it, or in which those that closed before have their home, stays open.
fn closings(facts: &Facts<'_>, all: &[Scored], mut homes: Homes) -> (Homes, Vec<ChannelIx>) {
    let (mut closed, mut held): (Vec<ChannelIx>, Vec<ChannelIx>) = (Vec::new(), Vec::new());
    let leaves = |ix: ChannelIx, homes: &Homes| {
        all.get(ix.0).is_some_and(|it| {
            exit(facts, all, ix, homes, None).is_some_and(|(closing, _)| closes(facts, it, closing))
        })
    };
    loop {
        let mut list = willing(facts, all, &homes);
        list.retain(|ix| !held.contains(ix));
        let next = list.into_iter().find(|ix| {
            let leaves = leaves(*ix, &homes);
            if !leaves {
                held.push(*ix);
            }
            leaves
        });
        let Some(ix) = next else { break };
        closed.push(ix);
        homes.set(ix, false);
    }
    while let Some(at) = closed.iter().position(|ix| !leaves(*ix, &homes)) {
        homes.set(closed.remove(at), true);
    }
    // With a channel gone, what kept anybody from knowing whether the others can carry one more may be gone too.
    loop {
        let next = willing(facts, all, &homes).into_iter().find(|ix| {
            let mut without = homes.clone();
            without.set(*ix, false);
            leaves(*ix, &homes) && closed.iter().all(|gone| leaves(*gone, &without))
        });
        let Some(ix) = next else { break };
        closed.push(ix);
        homes.set(ix, false);
    }
    (homes, closed)
}

/// Judges all channels under these weights, with closings decided for the set.
pub(super) fn all(facts: &Facts<'_>, weights: &[f64]) -> Vec<Judged> {
    let scored: Vec<Scored> = facts.inventory.channels().map(|(ix, _)| score(facts, weights, ix)).collect();
    let today = Homes::today(facts, &scored);
    let (homes, closed) = closings(facts, &scored, today);
    let exits: Vec<(Closing, Option<Exit>)> = scored
        .iter()
        .map(|it| {
            let ix = it.channel;
            if is_leaving(facts, it) {
                let (overlap, absorption) =
                    (facts.overlap(ix, &homes.lasting), facts.absorb(ix, &homes.open));
                return (Closing::Held, Some(Exit { overlap, absorption, ..Exit::default() }));
            }
            let Some((closing, mut exit)) = exit(facts, &scored, ix, &homes, Some(&closed)) else {
                return (Closing::Held, None);
            };
            if closing != Closing::Held && !closed.contains(&ix) {
                // It would close if it were not the home of one that does.
                exit.survivor = None;
                exit.home = None;
                exit.if_worthless = None;
                exit.twins = Vec::new();
                if exit.absorption.holds == Some(true) {
                    exit.absorption.holds = Some(false);
                    "channels that close send their customers here".clone_into(&mut exit.absorption.because);
                }
                return (Closing::Held, Some(exit));
            }
            (closing, Some(exit))
        })
        .collect();
    scored.into_iter().zip(exits).map(|(it, (closing, exit))| judge(facts, it, closing, exit)).collect()
}

/// Whether a channel is being closed, or its trial ends: then only the way of its customers is asked.
fn is_leaving(facts: &Facts<'_>, it: &Scored) -> bool {
    match facts.inventory.channel(it.channel).status {
        Status::Retiring => true,
        Status::Pilot => decision(facts, it, Closing::Held).call == Call::Drop,
        Status::Active | Status::Candidate => false,
    }
}
