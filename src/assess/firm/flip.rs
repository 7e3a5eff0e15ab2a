//! What would turn a verdict: the least change of one weight, the least change of all weights together, each
//! reading at which it turns in its own unit, and the floors and gates that would have to be met. One change at a
//! time; under another reading, what becomes of other channels is left as it is.

use crate::criteria::{AxisId, Indicator};
use crate::measure::{Facts, Reading};
use crate::quantity::Interval;

use super::{Axes, call_of};
use crate::assess::axis::{Supposed, axis_if, is_under};
use crate::assess::gate::{self, Hangs};
use crate::assess::judge::{Judged, Supposition, least_need, situations_if};
use crate::assess::rate::reading_at;
use crate::assess::verdict::{Candidate, Fault, Gates, Protection, Situation, decide};
use crate::assess::{Call, GateResult, IndicatorScore, Outcome};

/// A change that turns a verdict into another.
#[derive(Debug, Clone, PartialEq)]
pub enum Flip {
    /// One criterion weighs more or less; the others of its axis keep their proportions.
    Weight {
        /// Which criterion.
        criterion: String,
        /// Its weight within its axis in use, 0..=1.
        from: f64,
        /// Its weight where the verdict turns.
        to: f64,
        /// The call then.
        call: Call,
    },
    /// Weights change together by as little as possible.
    Weights {
        /// The weights that change, as they would be within their axis, 0..=1.
        to: Vec<(String, f64)>,
        /// The sum of all differences: twice the weight that moves.
        moved: f64,
        /// The call then.
        call: Call,
    },
    /// One reading becomes known exactly and lies in this range, the same at every moment.
    Reading {
        /// Which indicator.
        indicator: String,
        /// Lower end in the unit of the indicator; `None`: however low.
        low: Option<f64>,
        /// Upper end; `None`: however high.
        high: Option<f64>,
        /// The call then.
        call: Call,
        /// How far the nearest end is from today's rating, points.
        away: f64,
    },
    /// A gate that nobody answered is answered.
    Gate {
        /// Which gate.
        gate: String,
        /// The answer; of *protected*: whether it may not be closed.
        passes: bool,
        /// The call then.
        call: Call,
    },
    /// Everything that fails, and for a candidate everything unknown that holds it back, is mended.
    Release {
        /// Floors: indicators, with the reading that meets each.
        floors: Vec<(String, f64)>,
        /// Gates.
        gates: Vec<String>,
        /// The call then.
        call: Call,
    },
}

/// Ranges of ratings smaller than this are the machine's.
const NARROW: f64 = 1e-6;

/// Everything that alone would turn a verdict: weights first, then readings, the nearest first, then what must be mended.
/// `weights`: the changes of weights.
pub(super) fn flips(facts: &Facts<'_>, judged: &Judged, axes: &Axes, weights: Vec<Flip>) -> Vec<Flip> {
    let mut all = weights;
    let mut readings = readings(facts, judged);
    readings.sort_by(|a, b| away(a).total_cmp(&away(b)));
    all.extend(readings);
    all.extend(gates(facts, judged));
    all.extend(release(facts, judged, axes));
    all
}

fn away(flip: &Flip) -> f64 {
    if let Flip::Reading { away, .. } = flip { *away } else { 0.0 }
}

/// Each reading that alone would turn the verdict if it were known exactly.
fn readings(facts: &Facts<'_>, judged: &Judged) -> Vec<Flip> {
    if matches!(judged.situation, Situation::Retiring) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (c, (criterion, score)) in facts.criteria.criteria.iter().zip(&judged.scored.scores).enumerate() {
        if criterion.axis == AxisId::Worth && !judged.scored.has_worth {
            continue;
        }
        for (i, (indicator, it)) in criterion.indicators.iter().zip(&score.indicators).enumerate() {
            let Some(rating) = it.rating else { continue };
            for (call, low, high) in turns(facts, judged, (c, i), indicator, it) {
                if call == judged.decision.call {
                    continue;
                }
                let near = it.reading.known().map(|known| known.value);
                let end = |points: f64| {
                    (points > 0.0 && points < 100.0).then(|| reading_at(indicator, points, near))
                };
                // Where fewer points are better readings, the ends change places.
                let (low_end, high_end) =
                    if is_falling(indicator) { (end(high), end(low)) } else { (end(low), end(high)) };
                all.push(Flip::Reading {
                    indicator: indicator.id.clone(),
                    low: low_end,
                    high: high_end,
                    call,
                    away: (low - rating.high).max(rating.low - high).max(0.0),
                });
            }
        }
    }
    all
}

fn is_falling(indicator: &Indicator) -> bool {
    matches!((indicator.knots.first(), indicator.knots.last()), (Some((_, first)), Some((_, last))) if first > last)
}

/// Whether points only rise, or only fall, with the reading: only then a line of points is a line of readings.
fn is_monotone(indicator: &Indicator) -> bool {
    let mut steps = indicator.knots.windows(2).map(|pair| pair[1].1 - pair[0].1);
    let falling = is_falling(indicator);
    steps.all(|step| if falling { step <= 0.0 } else { step >= 0.0 })
}

/// The calls over all points that one indicator may have if it were known exactly: ranges of points, ascending.
fn turns(
    facts: &Facts<'_>,
    judged: &Judged,
    place: (usize, usize),
    indicator: &Indicator,
    score: &IndicatorScore,
) -> Vec<(Call, f64, f64)> {
    if !is_monotone(indicator) {
        return Vec::new();
    }
    let hangs = gate::hangs_on(facts, judged.scored.channel, &judged.scored.gates, indicator);
    let mut out: Vec<(Call, f64, f64)> = Vec::new();
    for (low, high) in ranges(facts, judged, place, score, hangs) {
        let supposed = supposition(place, f64::midpoint(low, high), hangs);
        let Some(first) = situations_if(facts, judged, supposed).first().copied() else { continue };
        let call = decide(first).call;
        match out.last_mut() {
            Some((last, _, end)) if *last == call => *end = high,
            _ => out.push((call, low, high)),
        }
    }
    out
}

/// An indicator with so many points, and what the gate that hangs on it would then say.
pub(super) fn supposition(
    (criterion, indicator): (usize, usize),
    points: f64,
    hangs: Option<Hangs>,
) -> Supposition<'static> {
    Supposition {
        indicator: Some(Supposed { criterion, indicator, points }),
        gate: hangs.map(|hangs| (hangs.gate, hangs.outcome(points))),
        protection: None,
    }
}

/// The points from 0 to 100, cut wherever something may turn: an axis or a moment crosses the line, the
/// indicator its floor, a gate its own.
pub(super) fn ranges(
    facts: &Facts<'_>,
    judged: &Judged,
    (c, i): (usize, usize),
    score: &IndicatorScore,
    hangs: Option<Hangs>,
) -> Vec<(f64, f64)> {
    let (criteria, scored) = (facts.criteria, &judged.scored);
    let axis = criteria.criteria[c].axis;
    let line = criteria.verdicts.number("threshold");
    let mut cuts: Vec<f64> = score.floor.into_iter().chain(hangs.map(|h| h.line)).collect();
    let mut cross = |scores, at| {
        let with = |points| {
            axis_if(criteria, scores, axis, at, Some(Supposed { criterion: c, indicator: i, points }))
        };
        if let (Some(none), Some(all)) = (with(0.0), with(100.0)) {
            // An axis is a straight line in the points of one indicator.
            for (from, to) in [(none.low, all.low), (none.high, all.high)] {
                if to > from {
                    cuts.push((line - from) / (to - from) * 100.0);
                }
            }
        }
    };
    cross(&scored.scores, None);
    if axis == AxisId::Worth && judged.exit.as_ref().is_some_and(|exit| exit.home.is_some()) {
        cross(&scored.surely, None);
        for (touchpoint, _) in facts.weights(scored.channel) {
            cross(&scored.surely, Some(touchpoint));
            cross(&scored.scores, Some(touchpoint));
        }
    }
    if axis == AxisId::Delivery
        && let Some(exit) = &judged.exit
    {
        // Where it delivers as well as a twin.
        let with = |points| {
            let supposed = Some(Supposed { criterion: c, indicator: i, points });
            axis_if(criteria, &scored.scores, axis, None, supposed).map_or(0.0, Interval::middle)
        };
        let (from, to) = (with(0.0), with(100.0));
        cuts.extend(
            exit.twins.iter().filter(|_| to > from).map(|t| (t.delivery - from) / (to - from) * 100.0),
        );
    }
    let indicator = &criteria.criteria[c].indicators[i];
    if indicator.measure == "need" {
        cuts.push(least_need(indicator));
    }
    cuts.retain(|points| *points > NARROW && *points < 100.0 - NARROW);
    cuts.extend([0.0, 100.0]);
    cuts.sort_by(f64::total_cmp);
    cuts.dedup_by(|a, b| *a - *b < NARROW);
    cuts.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The gates that nobody answered; one that an indicator asks for in the same words is left to it.
pub(super) fn open_gates<'j>(facts: &Facts<'_>, judged: &'j Judged) -> Vec<&'j GateResult> {
    let is_asked = |id: &str| {
        let pairs = facts.criteria.criteria.iter().zip(&judged.scored.scores);
        let mut all = pairs.flat_map(|(criterion, score)| criterion.indicators.iter().zip(&score.indicators));
        id == "human-exit"
            && all.any(|(i, score)| {
                i.measure == "human-exit" && matches!(score.reading, Reading::Unknown { .. })
            })
    };
    let open = judged.scored.gates.iter().filter(|g| g.outcome == Outcome::Unknown);
    open.filter(|g| !is_asked(&g.id)).collect()
}

/// The answers to a gate that nobody answered: what is supposed of it, and whether that is a yes. The present is
/// known or not: nobody answers that it is not.
pub(super) fn answers(gate: &GateResult) -> Vec<(Supposition<'_>, bool)> {
    let suppose = |outcome, protection| Supposition {
        indicator: None,
        gate: Some((gate.id.as_str(), outcome)),
        protection,
    };
    if gate.id == "protected" {
        [(Protection::Protected, true), (Protection::Free, false)]
            .map(|(is, yes)| (suppose(Outcome::Pass, Some(is)), yes))
            .to_vec()
    } else {
        let all = [(Outcome::Pass, true), (Outcome::Fail, false)];
        let can_be = |yes: &bool| *yes || gate.id != "census";
        all.into_iter().filter(|(_, yes)| can_be(yes)).map(|(is, yes)| (suppose(is, None), yes)).collect()
    }
}

/// The answers that alone would turn the verdict, of gates that nobody answered.
fn gates(facts: &Facts<'_>, judged: &Judged) -> Vec<Flip> {
    let open = open_gates(facts, judged).into_iter();
    open.flat_map(|gate| answers(gate).into_iter().map(move |answer| (gate, answer)))
        .filter_map(|(gate, (supposed, passes))| {
            let call = decide(*situations_if(facts, judged, supposed).first()?).call;
            (call != judged.decision.call).then(|| Flip::Gate { gate: gate.id.clone(), passes, call })
        })
        .collect()
}

/// What the verdict would be if everything that fails were mended, and what holds a candidate back.
fn release(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Option<Flip> {
    let [worth, delivery] = axes.own();
    let scored = &judged.scored;
    let call = match judged.situation {
        Situation::Active(_) | Situation::Pilot(_) => call_of(judged, worth, delivery, Some(Fault::None)),
        Situation::Candidate(it) => {
            // Readiness that nobody knows does not hold it back: it stays unknown.
            let open = scored
                .gates
                .iter()
                .any(|g| gate::READINESS.contains(&g.id.as_str()) && g.outcome == Outcome::Unknown);
            let readiness = match it.readiness {
                Gates::Fail if open => Gates::Unknown,
                Gates::Fail => Gates::Pass,
                other => other,
            };
            decide(Situation::Candidate(Candidate { safety: Gates::Pass, readiness, ..it })).call
        }
        Situation::Retiring => return None,
    };
    if call == judged.decision.call {
        return None;
    }
    let is_candidate = matches!(judged.situation, Situation::Candidate(_));
    let failing = scored.gates.iter().filter(|g| {
        let id = g.id.as_str();
        if is_candidate {
            let is_safety = gate::SAFETY.contains(&id);
            (g.outcome == Outcome::Fail && (is_safety || gate::READINESS.contains(&id)))
                || (g.outcome == Outcome::Unknown && is_safety)
        } else {
            matches!(id, "active" | "staffed") && g.outcome == Outcome::Fail
        }
    });
    let mut floors = Vec::new();
    if !is_candidate {
        for (criterion, score) in facts.criteria.criteria.iter().zip(&scored.scores) {
            for (indicator, it) in criterion.indicators.iter().zip(&score.indicators) {
                let counts = criterion.axis == AxisId::Delivery || scored.has_worth;
                if let (true, Some(floor), Some(rating)) = (counts, it.floor, it.rating)
                    && is_under(rating, floor)
                {
                    let near = it.reading.known().map(|known| known.value);
                    floors.push((indicator.id.clone(), reading_at(indicator, floor, near)));
                }
            }
        }
    }
    Some(Flip::Release { floors, gates: failing.map(|g| g.id.clone()).collect(), call })
}
