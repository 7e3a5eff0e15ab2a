//! One axis of one channel as weighted sums of the points of its criteria: which criteria count, what they weigh
//! in use, and in which state other weights would leave the axis.

use crate::criteria::AxisId;
use crate::measure::Facts;

use super::weightings::{Reach, share_under};
use crate::assess::axis::{AxisState, ROUNDING};
use crate::assess::judge::Judged;
use crate::assess::rate::score_at;

/// The state of an axis, and whether it lets the channel close: worth, so low that it may, surely, over all and at
/// each moment; delivery, weaker than that of a twin.
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
    /// Under the line where the channel is no weaker than a twin, one row for each; of delivery only.
    pub(super) twins: Vec<Vec<f64>>,
    /// Weaker than a twin, whatever the weights.
    always_weaker: bool,
    /// What the sums are held against.
    pub(super) line: f64,
}

/// Each state in which weightings leave an axis, with their share. The shares sum to 1.
pub(super) type States = Vec<(Turn, f64)>;

impl Sums {
    /// Of one axis of a channel; `None` where no criterion that weighs anything applies.
    pub(super) fn of(facts: &Facts<'_>, all: &[Judged], judged: &Judged, axis: AxisId) -> Option<Self> {
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
        let (mut twins, mut always_weaker) = (Vec::new(), false);
        let all_twins = judged.exit.iter().flat_map(|exit| &exit.twins);
        for twin in all_twins.filter(|_| axis == AxisId::Delivery) {
            // Where both deliver alike, the one that comes first survives.
            let alike = if twin.comes_first { ROUNDING } else { -ROUNDING };
            let scores = all.get(twin.channel.0).map(|that| &that.scored.scores);
            let more = |i: &usize| Some(scores?.get(*i)?.score?.middle() - points(i)?.middle());
            match of.iter().map(more).collect::<Option<Vec<f64>>>() {
                Some(more) if more.iter().any(|d| d.abs() > ROUNDING) => {
                    twins.push(more.iter().map(|d| line + d + alike).collect());
                }
                // The same points everywhere, or judged by other criteria: then the order stays what it is.
                _ => always_weaker |= twin.is_stronger_than(scored.delivery),
            }
        }
        Some(Self {
            own: of.iter().map(|i| scored.scores[*i].weight / total).collect(),
            low: of.iter().map(|i| points(i).map_or(line, |p| p.low)).collect(),
            high: of.iter().map(|i| points(i).map_or(line, |p| p.high)).collect(),
            of,
            surely,
            twins,
            always_weaker,
            line,
        })
    }

    /// The shares of the weightings that leave an axis in each state. Of an axis of which nothing can be said,
    /// all leave it across.
    pub(super) fn states(sums: Option<&Self>, reach: Reach) -> States {
        let Some(it) = sums else { return vec![((AxisState::Across, false), 1.0)] };
        let rows = |own: Option<&Vec<f64>>, others: &[Vec<f64>]| {
            let rows: Vec<&[f64]> = own.into_iter().chain(others).map(Vec::as_slice).collect();
            if rows.is_empty() { 1.0 } else { share_under(&it.own, &rows, it.line, reach) }
        };
        // Weightings under which it may close: of worth, within those that leave it below; of delivery, all but
        // those under which it is no weaker than any twin.
        let (low_under, below) = (rows(Some(&it.low), &[]), rows(Some(&it.high), &[]));
        let [above, across, below] = [1.0 - low_under, (low_under - below).max(0.0), below];
        let open = if !it.surely.is_empty() {
            let closable = if below == 0.0 { 0.0 } else { rows(None, &it.surely).min(below) };
            [above, across, below - closable]
        } else if it.always_weaker {
            [0.0; 3]
        } else if it.twins.is_empty() {
            [above, across, below]
        } else {
            let all = rows(None, &it.twins);
            let (low, high) = (rows(Some(&it.low), &it.twins), rows(Some(&it.high), &it.twins));
            [(all - low).max(0.0), (low - high).max(0.0), high]
        };
        let states = [AxisState::Above, AxisState::Across, AxisState::Below];
        let parts = states.into_iter().zip([above, across, below].into_iter().zip(open));
        parts
            .flat_map(|(state, (all, open))| {
                let open = open.min(all);
                [((state, false), open), ((state, true), all - open)]
            })
            .filter(|(_, share)| *share > 0.0)
            .collect()
    }

    /// The state in which a weighting leaves the axis.
    pub(super) fn turn(&self, weights: &[f64]) -> Turn {
        let is_under = |row: &[f64]| sum(weights, row) < self.line;
        let state = match (is_under(&self.low), is_under(&self.high)) {
            (_, true) => AxisState::Below,
            (true, false) => AxisState::Across,
            (false, false) => AxisState::Above,
        };
        let closable = if self.surely.is_empty() {
            self.always_weaker || !self.twins.iter().all(|row| is_under(row))
        } else {
            state == AxisState::Below && self.surely.iter().all(|row| is_under(row))
        };
        (state, closable)
    }
}

/// A weighted sum.
pub(super) fn sum(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(w, v)| w * v).sum()
}
