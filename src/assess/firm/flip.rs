//! What would turn a verdict: the least change of one weight, the least change of all weights together, each
//! reading at which it turns in its own unit, and the floors and gates that would have to be met. One change at a
//! time; what becomes of other channels is left as it is.

use crate::criteria::{AxisId, Indicator};
use crate::measure::{Facts, Reading};
use crate::quantity::Interval;

use super::sums::{Sums, Turn, sum};
use super::{Axes, call_of};
use crate::assess::axis::{AxisState, ROUNDING, Supposed, axis_if, is_under};
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

/// Beyond a line by so many points is beyond it.
const BEYOND: f64 = 1e-6;
/// Ranges of ratings and differences of weights smaller than this are the machine's.
const NARROW: f64 = 1e-6;

/// Everything that alone would turn a verdict: weights first, then readings, the nearest first, then what must be mended.
pub(super) fn flips(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Vec<Flip> {
    let mut all = Vec::new();
    all.extend(one_weight(facts, judged, axes));
    all.extend(all_weights(facts, judged, axes));
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

impl Axes {
    /// The states under the weights in use.
    fn own(&self) -> [Turn; 2] {
        [&self.worth, &self.delivery]
            .map(|sums| sums.as_ref().map_or((AxisState::Across, false), |sums| sums.turn(&sums.own)))
    }

    fn each(&self) -> impl Iterator<Item = (usize, &Sums)> {
        [&self.worth, &self.delivery]
            .into_iter()
            .enumerate()
            .filter_map(|(i, sums)| Some((i, sums.as_ref()?)))
    }
}

impl Sums {
    /// Every row that is held against the line, with the sum just on the other side of it.
    fn crossings(&self) -> impl Iterator<Item = (&[f64], f64)> {
        let rows = [&self.low, &self.high].into_iter().chain(&self.surely).chain(&self.twins);
        rows.map(|row| {
            let is_under = sum(&self.own, row) < self.line;
            (row.as_slice(), if is_under { self.line + ROUNDING } else { self.line - BEYOND })
        })
    }
}

/// The call that other weights of one axis give.
fn call_with(judged: &Judged, own: [Turn; 2], axis: usize, turn: Turn) -> Call {
    let mut turns = own;
    turns[axis] = turn;
    call_of(judged, turns[0], turns[1], None)
}

/// The least change of one weight that turns the verdict.
fn one_weight(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Option<Flip> {
    let own = axes.own();
    let mut best: Option<(f64, Flip)> = None;
    for (axis, sums) in axes.each() {
        for (row, target) in sums.crossings() {
            for k in 0..sums.own.len() {
                let Some(to) = alone(&sums.own, row, k, target) else { continue };
                let call = call_with(judged, own, axis, sums.turn(&with_weight(&sums.own, k, to)));
                let by = (to - sums.own[k]).abs();
                if call != judged.decision.call && best.as_ref().is_none_or(|(least, _)| by < *least) {
                    let criterion = facts.criteria.criteria[sums.of[k]].id.clone();
                    best = Some((by, Flip::Weight { criterion, from: sums.own[k], to, call }));
                }
            }
        }
    }
    best.map(|(_, flip)| flip)
}

/// The weight at which a sum reaches a target if one weight alone changes and the others keep their
/// proportions; `None` where none does.
fn alone(own: &[f64], row: &[f64], k: usize, target: f64) -> Option<f64> {
    let others = 1.0 - own[k];
    if others <= 0.0 {
        return None;
    }
    let without = (sum(own, row) - own[k] * row[k]) / others;
    let to = (target - without) / (row[k] - without);
    (-NARROW..=1.0 + NARROW).contains(&to).then(|| to.clamp(0.0, 1.0))
}

/// The weights if one becomes this and the others keep their proportions.
fn with_weight(own: &[f64], k: usize, to: f64) -> Vec<f64> {
    let scale = (1.0 - to) / (1.0 - own[k]);
    own.iter().enumerate().map(|(j, w)| if j == k { to } else { w * scale }).collect()
}

/// The weights nearest to those in use (by the sum of all differences) whose sum reaches a target; `None` where
/// none does. To raise a sum, weight moves from the criterion with fewest points to the one with most, then from
/// the next: nothing else raises it as fast.
fn together(own: &[f64], row: &[f64], target: f64) -> Option<Vec<f64>> {
    let gap = target - sum(own, row);
    // Lowering a sum is raising that of the opposite values.
    let value = |k: usize| if gap < 0.0 { -row[k] } else { row[k] };
    let best = (0..own.len()).max_by(|a, b| value(*a).total_cmp(&value(*b)))?;
    let mut donors: Vec<usize> = (0..own.len()).filter(|k| value(*k) < value(best)).collect();
    donors.sort_by(|a, b| value(*a).total_cmp(&value(*b)));
    let (mut left, mut weights) = (gap.abs(), own.to_vec());
    for donor in donors {
        if left <= 0.0 {
            break;
        }
        let gain = value(best) - value(donor);
        let moved = (left / gain).min(weights[donor]);
        weights[donor] -= moved;
        weights[best] += moved;
        left -= moved * gain;
    }
    (left <= ROUNDING / 10.0).then_some(weights)
}

/// The sum of all differences between two weightings.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
}

/// The least change of all weights together that turns the verdict.
fn all_weights(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Option<Flip> {
    let own = axes.own();
    // Of each axis: the weights in use, and the nearest beyond each line.
    let options = |axis: usize, sums: &Option<Sums>| -> Vec<(f64, Turn, Vec<f64>)> {
        let Some(sums) = sums else { return vec![(0.0, own[axis], Vec::new())] };
        let beyond = sums.crossings().filter_map(|(row, target)| together(&sums.own, row, target));
        // What one weight does, all of them do: it may cross two lines at once.
        let places =
            || sums.crossings().flat_map(|(row, target)| (0..sums.own.len()).map(move |k| (row, target, k)));
        let single = places().filter_map(|(row, target, k)| {
            Some(with_weight(&sums.own, k, alone(&sums.own, row, k, target)?))
        });
        std::iter::once(sums.own.clone())
            .chain(beyond)
            .chain(single)
            .map(|weights| (distance(&weights, &sums.own), sums.turn(&weights), weights))
            .collect()
    };
    let (worth, delivery) = (options(0, &axes.worth), options(1, &axes.delivery));
    let mut best: Option<(f64, Call, [&Vec<f64>; 2])> = None;
    for (moved_worth, w, worth) in &worth {
        for (moved_delivery, d, delivery) in &delivery {
            let (moved, call) = (moved_worth + moved_delivery, call_of(judged, *w, *d, None));
            if call != judged.decision.call && best.as_ref().is_none_or(|(least, ..)| moved < *least) {
                best = Some((moved, call, [worth, delivery]));
            }
        }
    }
    let (moved, call, weights) = best?;
    let mut to = Vec::new();
    for ((_, sums), weights) in axes.each().map(|(axis, sums)| ((axis, sums), weights[axis])) {
        for (k, weight) in weights.iter().enumerate().filter(|(k, w)| (*w - sums.own[*k]).abs() > 1e-9) {
            to.push((facts.criteria.criteria[sums.of[k]].id.clone(), *weight));
        }
    }
    Some(Flip::Weights { to, moved, call })
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

#[cfg(test)]
mod tests {
    use microlp::{ComparisonOp, OptimizationDirection, Problem};
    use proptest::prelude::*;

    use super::*;

    /// The least sum of all differences that brings a sum to a target, by a linear programme: each weight is its own
    /// plus what is added less what is taken.
    fn programmed(own: &[f64], row: &[f64], target: f64) -> Option<f64> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let changes: Vec<_> =
            own.iter().map(|w| (problem.add_var(1.0, (0.0, 1.0)), problem.add_var(1.0, (0.0, *w)))).collect();
        let even: Vec<_> = changes.iter().flat_map(|(more, less)| [(*more, 1.0), (*less, -1.0)]).collect();
        problem.add_constraint(&even, ComparisonOp::Eq, 0.0);
        let weighted: Vec<_> =
            changes.iter().zip(row).flat_map(|((more, less), v)| [(*more, *v), (*less, -v)]).collect();
        problem.add_constraint(&weighted, ComparisonOp::Eq, target - sum(own, row));
        Some(problem.solve().ok()?.into_solution().ok()?.objective())
    }

    /// Two hundred cases from a fixed seed: two to six criteria, ties among them.
    #[test]
    fn least_change_is_that_of_a_linear_programme() {
        let mut state = 11_u64;
        let mut below = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from((state >> 33) % most).unwrap())
        };
        let (mut solved, mut none) = (0, 0);
        for case in 0..200 {
            let n = 2 + case % 5;
            let raw: Vec<f64> = (0..n).map(|_| 1.0 + below(4)).collect();
            let own: Vec<f64> = raw.iter().map(|w| w / raw.iter().sum::<f64>()).collect();
            let row: Vec<f64> = (0..n).map(|_| below(21) * 5.0).collect();
            let target = 20.0 + below(61);
            let (found, wanted) = (together(&own, &row, target), programmed(&own, &row, target));
            assert_eq!(found.is_some(), wanted.is_some(), "{own:?} {row:?} {target}");
            let (Some(found), Some(wanted)) = (found, wanted) else {
                none += 1;
                continue;
            };
            solved += 1;
            let moved = distance(&found, &own);
            assert!((moved - wanted).abs() < 1e-6, "{own:?} {row:?} {target}: {moved}, want {wanted}");
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9 && found.iter().all(|w| *w >= -1e-12));
            assert!((sum(&found, &row) - target).abs() < 1e-6);
        }
        assert!(solved > 100 && none > 10, "{solved} {none}");
    }

    /// (80, 40, 20) with a third each make 46.67. Alone, the first must weigh x where 80 x + 30 (1 - x) = 50: 0.4;
    /// together, 1/18 moves from the last to the first: 60 points of gain for 3.33 points.
    #[test]
    fn least_changes_by_hand() {
        let (own, row) = ([1.0 / 3.0; 3], [80.0, 40.0, 20.0]);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(alone(&own, &row, 0, 50.0).unwrap(), 0.4);
        // The second is under the line itself: less of it helps, down to 0 where (80 + 20) / 2 just reaches it.
        close(alone(&own, &row, 1, 50.0).unwrap(), 0.0);
        close(alone(&own, &row, 2, 50.0).unwrap(), (60.0 - 50.0) / (60.0 - 20.0));
        assert_eq!(alone(&[1.0], &[40.0], 0, 50.0), None);
        let found = together(&own, &row, 50.0).unwrap();
        close(distance(&found, &own), 2.0 / 18.0);
        close(found[1], 1.0 / 3.0);
        assert_eq!(together(&own, &[40.0, 40.0, 20.0], 50.0), None);
    }

    proptest! {
        /// No single weight reaches the target with less change than all of them together.
        #[test]
        fn together_is_never_further_than_alone(
            row in prop::array::uniform3(0.0..100.0_f64),
            target in 0.0..100.0_f64,
        ) {
            let own = [0.5, 0.3, 0.2];
            for k in 0..3 {
                if let Some(to) = alone(&own, &row, k, target) {
                    let weights = with_weight(&own, k, to);
                    prop_assert!((sum(&weights, &row) - target).abs() < 1e-6);
                    let least = together(&own, &row, target).unwrap();
                    prop_assert!(distance(&least, &own) <= distance(&weights, &own) + 1e-9);
                }
            }
        }
    }
}
