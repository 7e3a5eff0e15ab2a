//! One axis of one channel as weighted sums of the points of its criteria: which criteria count, what they weigh
//! in use, and in which state other weights would leave the axis.

use crate::criteria::AxisId;
use crate::measure::Facts;

use super::weightings::{Reach, share_under};
use crate::assess::axis::{AxisState, ROUNDING};
use crate::assess::judge::Judged;
use crate::assess::rate::score_at;

/// The state of an axis, and whether worth is so low that it may close: surely, over all and at each moment.
pub(super) type Turn = (AxisState, bool);

/// An axis as weighted sums. All rows have as many values as there are weights.
pub(super) struct Sums {
    /// Places of the criteria among the six.
    pub(super) of: Vec<usize>,
    /// Their weights in use; they sum to 1.
    pub(super) own: Vec<f64>,
    /// Least points of each.
    pub(super) low: Vec<f64>,
    /// Most points of each.
    pub(super) high: Vec<f64>,
    /// Most points once what was only assumed counts as unknown, over all and at each moment; of worth only.
    pub(super) surely: Vec<Vec<f64>>,
    /// What the sums are held against.
    pub(super) line: f64,
}

/// The shares of weightings that leave an axis in each state. They sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct States([(Turn, f64); 4]);

impl States {
    /// Of an axis of which nothing can be said.
    const UNTOLD: Self = Self([
        ((AxisState::Above, false), 0.0),
        ((AxisState::Across, false), 1.0),
        ((AxisState::Below, true), 0.0),
        ((AxisState::Below, false), 0.0),
    ]);

    /// Each state with its share.
    pub(super) fn parts(self) -> [(Turn, f64); 4] {
        self.0
    }
}

impl Sums {
    /// Of one axis of a channel; `None` where no criterion that weighs anything applies.
    pub(super) fn of(facts: &Facts<'_>, judged: &Judged, axis: AxisId) -> Option<Self> {
        let (criteria, scored) = (facts.criteria, &judged.scored);
        if axis == AxisId::Worth && !scored.has_worth {
            return None;
        }
        let applies = |i: &usize| criteria.criteria[*i].axis == axis && scored.scores[*i].score.is_some();
        let of: Vec<usize> = (0..scored.scores.len()).filter(applies).collect();
        let total: f64 = of.iter().map(|i| scored.scores[*i].weight).sum();
        if total <= 0.0 {
            return None;
        }
        let line = criteria.verdicts.number("threshold") - ROUNDING;
        let points = |i: &usize| scored.scores[*i].score;
        let mut surely = Vec::new();
        if axis == AxisId::Worth {
            // A criterion that does not apply at a moment lies on the line there: it turns nothing.
            let at =
                |i: &usize, t| scored.surely.get(*i).and_then(|s| score_at(s, t)).map_or(line, |r| r.high);
            let whole = |i: &usize| scored.surely.get(*i).and_then(|s| s.score).map_or(line, |r| r.high);
            surely.push(of.iter().map(whole).collect());
            let moments = facts.weights(scored.channel);
            surely.extend(moments.iter().map(|(t, _)| of.iter().map(|i| at(i, *t)).collect()));
        }
        Some(Self {
            own: of.iter().map(|i| scored.scores[*i].weight / total).collect(),
            low: of.iter().map(|i| points(i).map_or(line, |p| p.low)).collect(),
            high: of.iter().map(|i| points(i).map_or(line, |p| p.high)).collect(),
            of,
            surely,
            line,
        })
    }

    /// The shares of the weightings that leave an axis in each state.
    pub(super) fn states(sums: Option<&Self>, reach: Reach) -> States {
        let Some(it) = sums else { return States::UNTOLD };
        let under = |rows: &[&[f64]]| share_under(&it.own, rows, it.line, reach);
        let (low_under, below) = (under(&[&it.low]), under(&[&it.high]));
        let closable = if it.surely.is_empty() || below == 0.0 {
            0.0
        } else {
            let rows: Vec<&[f64]> = it.surely.iter().map(Vec::as_slice).collect();
            under(&rows).min(below)
        };
        States([
            ((AxisState::Above, false), 1.0 - low_under),
            ((AxisState::Across, false), (low_under - below).max(0.0)),
            ((AxisState::Below, true), closable),
            ((AxisState::Below, false), (below - closable).max(0.0)),
        ])
    }

    /// The state in which a weighting leaves the axis.
    pub(super) fn turn(&self, weights: &[f64]) -> Turn {
        let is_under = |row: &[f64]| sum(weights, row) < self.line;
        let state = match (is_under(&self.low), is_under(&self.high)) {
            (_, true) => AxisState::Below,
            (true, false) => AxisState::Across,
            (false, false) => AxisState::Above,
        };
        let closable = !self.surely.is_empty() && self.surely.iter().all(|row| is_under(row));
        (state, state == AxisState::Below && closable)
    }
}

/// A weighted sum.
pub(super) fn sum(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(w, v)| w * v).sum()
}
