//! The least changes of weights that bring a weighted sum beyond a line: of one weight, of all together, and onto the
//! corners where several lines meet.

use super::sums::sum;
use crate::assess::axis::ROUNDING;

/// Beyond a line by so many points is beyond it.
const BEYOND: f64 = 1e-6;
/// Differences of weights smaller than this are the machine's.
const NARROW: f64 = 1e-6;

/// Points of each criterion of an axis, whose weighted sum is held against a line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Points; not a number where a criterion does not apply, and so counts nothing.
    row: Vec<f64>,
    at: f64,
}

impl Line {
    pub(super) fn new(row: Vec<f64>, at: f64) -> Self {
        Self { row, at }
    }

    /// Whether some weightings lie on either side.
    pub(super) fn divides(&self) -> bool {
        let points = || self.row.iter().filter(|points| !points.is_nan());
        points().any(|points| *points < self.at) && points().any(|points| *points >= self.at)
    }

    /// The points of each criterion, those that do not apply on the line itself.
    fn row(&self, line: f64) -> Vec<f64> {
        self.row.iter().map(|points| if points.is_nan() { line } else { *points }).collect()
    }

    /// What is just over the line, and just under it.
    fn sides(&self) -> [f64; 2] {
        [self.at + ROUNDING, self.at - BEYOND]
    }

    /// What is just beyond the line, seen from these weights.
    fn beyond(&self, own: &[f64]) -> f64 {
        let [over, under] = self.sides();
        if sum(own, &self.row(self.at)) < self.at { over } else { under }
    }

    /// One weight alone brings the sum beyond the line if it becomes this.
    pub(super) fn alone(&self, own: &[f64], k: usize) -> Option<f64> {
        let target = self.beyond(own);
        alone(own, &self.row(target), k, target)
    }

    /// The nearest weights that bring the sum beyond the line.
    fn together(&self, own: &[f64]) -> Option<Vec<f64>> {
        let target = self.beyond(own);
        together(own, &self.row(target), target)
    }
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
pub(super) fn with_weight(own: &[f64], k: usize, to: f64) -> Vec<f64> {
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
        weights[donor] = if moved < weights[donor] { weights[donor] - moved } else { 0.0 };
        weights[best] += moved;
        left -= moved * gain;
    }
    (left <= ROUNDING / 10.0).then_some(weights)
}

/// The sum of all differences between two weightings.
pub(super) fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
}

/// Weightings among which the nearest lies that is beyond any of the lines, or beyond several at once: the weights in
/// use, the nearest beyond each line, and of three weights the corners at which lines meet, each taken from both sides,
/// or a line and a weight that stays or is none. The distance is linear between these lines, so it is least in a corner.
/// Of more weights, what one weight alone does stands for the corners.
pub(super) fn nearest(own: &[f64], lines: &[Line]) -> Vec<Vec<f64>> {
    let mut all = beyond_one(own, lines);
    if let [a, b, c] = *own {
        all.extend(corners([a, b, c], lines));
    }
    all
}

/// The weights in use, and beyond each of the lines the nearest and those with one weight changed.
pub(super) fn beyond_one(own: &[f64], lines: &[Line]) -> Vec<Vec<f64>> {
    let mut all = vec![own.to_vec()];
    for line in lines {
        all.extend(line.together(own));
        all.extend((0..own.len()).filter_map(|k| Some(with_weight(own, k, line.alone(own, k)?))));
    }
    all
}

/// Where two of all lines meet within the weightings of three criteria.
fn corners(own: [f64; 3], lines: &[Line]) -> Vec<Vec<f64>> {
    // As the weights sum to 1, a sum of points is on a line where that of their distances to it is 0.
    let gaps = |row: &[f64], line: f64| -> [f64; 3] { std::array::from_fn(|k| row[k] - line) };
    let mut planes: Vec<[f64; 3]> =
        lines.iter().flat_map(|line| line.sides().map(|side| gaps(&line.row(side), side))).collect();
    for (k, own) in own.iter().enumerate() {
        let weight: [f64; 3] = std::array::from_fn(|j| f64::from(u8::from(j == k)));
        planes.extend([gaps(&weight, *own), weight]);
    }
    let mut all = Vec::new();
    for (i, a) in planes.iter().enumerate() {
        for b in &planes[i + 1..] {
            let cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
            let total: f64 = cross.iter().sum();
            let size: f64 = cross.iter().map(|w| w.abs()).sum();
            if size > 0.0 && total.abs() > size * ROUNDING {
                let corner = cross.map(|w| w / total);
                if corner.iter().all(|w| *w >= -ROUNDING) {
                    let corner = corner.map(|w| w.max(0.0));
                    let total: f64 = corner.iter().sum();
                    all.push(corner.map(|w| w / total).to_vec());
                }
            }
        }
    }
    all
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
