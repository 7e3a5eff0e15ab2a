//! How many of the possible weightings leave a weighted sum under a line: a share of a region of the
//! simplex, never a probability that anything is true.
//!
//! Over the whole simplex one sum has a closed form (a recursion over the distances to the line). Within a
//! region, and for several sums at once, up to three weights are cut exactly, as a segment or a polygon; more
//! are drawn from a fixed seed.

use rand_distr::{Distribution as _, Exp1};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng as _, SeedableRng as _};

/// Which weightings are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reach {
    /// Every weighting there is.
    Any,
    /// Every weight between its own over this factor and its own times it; 1 or more.
    Near(f64),
}

/// Weightings drawn where no exact way is known.
const DRAWS: usize = 20_000;
/// Tries for one weighting that lies in the region, before the region is taken for a point.
const TRIES: usize = 200;
/// Where chance starts, the same every time.
pub(super) const SEED: u64 = 0x7765_6967_6874_6564;
/// A region smaller than this part of all weightings is taken for its middle.
const POINT: f64 = 1e-9;

/// The share of the weightings under which every row's weighted sum lies under the line, 0..=1. `own` are the
/// weights in use, not negative, which sum to 1; each row has as many values.
#[must_use]
pub(super) fn share_under(own: &[f64], rows: &[&[f64]], line: f64, reach: Reach) -> f64 {
    // What weighs nothing weighs nothing near it either.
    let counts: Vec<usize> = match reach {
        Reach::Any => (0..own.len()).collect(),
        Reach::Near(_) => (0..own.len()).filter(|k| own[*k] > 0.0).collect(),
    };
    let weights: Vec<f64> = counts.iter().map(|k| own[*k]).collect();
    // A sum is under the line where the weighted distances to it are above 0.
    let gaps: Vec<Vec<f64>> =
        rows.iter().map(|row| counts.iter().map(|k| line - row[*k]).collect()).collect();
    if gaps.iter().flatten().all(|gap| *gap > 0.0) {
        return 1.0;
    }
    if gaps.iter().any(|gaps| gaps.iter().all(|gap| *gap <= 0.0)) {
        return 0.0;
    }
    let share = match (reach, gaps.as_slice(), weights.len()) {
        (Reach::Any, [one], _) => Some(1.0 - not_under(one)),
        (_, _, 2) => segment(&weights, &gaps, reach),
        (_, _, 3) => polygon(&weights, &gaps, reach),
        _ => drawn(&weights, &gaps, reach),
    };
    share.unwrap_or_else(|| at_own(&weights, &gaps)).clamp(0.0, 1.0)
}

/// The weightings in use alone: 1 or 0.
fn at_own(weights: &[f64], gaps: &[Vec<f64>]) -> f64 {
    let is_under = |gaps: &Vec<f64>| weights.iter().zip(gaps).map(|(w, gap)| w * gap).sum::<f64>() > 0.0;
    f64::from(u8::from(gaps.iter().all(is_under)))
}

/// The share of all weightings at which a weighted sum of distances is not above 0. Distances above 0 are the
/// values under the line. For each value at or over it, the shares of a growing set of values under it are
/// mixed anew; every step is a mean of two shares, so nothing can cancel.
fn not_under(gaps: &[f64]) -> f64 {
    let lows: Vec<f64> = gaps.iter().copied().filter(|gap| *gap > 0.0).collect();
    let mut shares = vec![0.0; lows.len() + 1];
    shares[0] = 1.0;
    for high in gaps.iter().filter(|gap| **gap <= 0.0).map(|gap| -gap) {
        for (l, low) in lows.iter().enumerate() {
            shares[l + 1] = (low * shares[l + 1] + high * shares[l]) / (low + high);
        }
    }
    shares[lows.len()]
}

/// Least and most of a weight.
fn bounds(own: f64, reach: Reach) -> (f64, f64) {
    match reach {
        Reach::Any => (0.0, 1.0),
        Reach::Near(factor) => (own / factor, (own * factor).min(1.0)),
    }
}

/// Two weights: the first of them runs over a segment. `None` where the region is a point.
fn segment(own: &[f64], gaps: &[Vec<f64>], reach: Reach) -> Option<f64> {
    let ((least, most), (other_least, other_most)) = (bounds(own[0], reach), bounds(own[1], reach));
    let (from, to) = (least.max(1.0 - other_most), most.min(1.0 - other_least));
    let whole = to - from;
    if whole < POINT {
        return None;
    }
    let (mut low, mut high) = (from, to);
    for gaps in gaps {
        // gaps[0] w + gaps[1] (1 - w) > 0
        let slope = gaps[0] - gaps[1];
        let zero = -gaps[1] / slope;
        if slope > 0.0 {
            low = low.max(zero);
        } else if slope < 0.0 {
            high = high.min(zero);
        } else if gaps[1] <= 0.0 {
            return Some(0.0);
        }
    }
    Some((high - low).max(0.0) / whole)
}

/// A weighting of three.
type Corner = [f64; 3];

/// Three weights: the region is a polygon, and so is what is left of it. `None` where the region is a point.
fn polygon(own: &[f64], gaps: &[Vec<f64>], reach: Reach) -> Option<f64> {
    let mut region: Vec<Corner> = vec![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let triangle = area(&region);
    if matches!(reach, Reach::Near(_)) {
        for (k, own) in own.iter().enumerate() {
            let (least, most) = bounds(*own, reach);
            // The weights sum to 1, so w_k - least is a weighted sum too.
            let over_least: Corner = std::array::from_fn(|j| f64::from(u8::from(j == k)) - least);
            let under_most: Corner = std::array::from_fn(|j| most - f64::from(u8::from(j == k)));
            region = cut(&cut(&region, over_least), under_most);
        }
    }
    let whole = area(&region);
    if whole < POINT * triangle {
        return None;
    }
    let left = gaps.iter().fold(region, |left, gaps| cut(&left, [gaps[0], gaps[1], gaps[2]]));
    Some(area(&left) / whole)
}

/// What of a polygon lies where a weighted sum is not under 0 (Sutherland and Hodgman 1974).
fn cut(polygon: &[Corner], values: Corner) -> Vec<Corner> {
    let at = |corner: &Corner| corner.iter().zip(values).map(|(w, v)| w * v).sum::<f64>();
    let mut left = Vec::with_capacity(polygon.len() + 1);
    for (i, here) in polygon.iter().enumerate() {
        let next = &polygon[(i + 1) % polygon.len()];
        let (a, b) = (at(here), at(next));
        if a >= 0.0 {
            left.push(*here);
        }
        if (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0) {
            let part = a / (a - b);
            left.push(std::array::from_fn(|k| here[k] + part * (next[k] - here[k])));
        }
    }
    left
}

/// Twice the area over the first two weights.
fn area(polygon: &[Corner]) -> f64 {
    let cross = |(a, b): (&Corner, &Corner)| a[0] * b[1] - b[0] * a[1];
    polygon.iter().zip(polygon.iter().cycle().skip(1)).map(cross).sum::<f64>().abs()
}

/// More than three weights, or several sums: weightings drawn evenly from the region. `None` where it is too
/// small to be hit.
fn drawn(own: &[f64], gaps: &[Vec<f64>], reach: Reach) -> Option<f64> {
    let mut random = Pcg64::seed_from_u64(SEED);
    let (mut under, mut weights) = (0_u32, vec![0.0; own.len()]);
    for _ in 0..DRAWS {
        draw_one(own, reach, &mut random, &mut weights).then_some(())?;
        let is_under = |gaps: &Vec<f64>| weights.iter().zip(gaps).map(|(w, gap)| w * gap).sum::<f64>() > 0.0;
        under += u32::from(gaps.iter().all(is_under));
    }
    #[allow(clippy::cast_precision_loss, reason = "twenty thousand")]
    Some(f64::from(under) / DRAWS as f64)
}

/// Draws one weighting from within reach; `false` where the region is too small to be hit.
pub(super) fn draw_one(own: &[f64], reach: Reach, random: &mut Pcg64, weights: &mut [f64]) -> bool {
    (0..TRIES).any(|_| draw(own, reach, random, weights))
}

/// Draws one weighting; `false` where it fell outside of the region.
fn draw(own: &[f64], reach: Reach, random: &mut Pcg64, weights: &mut [f64]) -> bool {
    match reach {
        Reach::Any => {
            for weight in weights.iter_mut() {
                *weight = Exp1.sample(random);
            }
            let sum: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|w| *w /= sum);
            sum > 0.0
        }
        Reach::Near(_) => {
            // All but the heaviest within their bounds; what is left must lie within its own.
            let heaviest = (0..own.len()).max_by(|a, b| own[*a].total_cmp(&own[*b])).unwrap_or(0);
            let mut left = 1.0;
            for (k, own) in own.iter().enumerate().filter(|(k, _)| *k != heaviest) {
                let (least, most) = bounds(*own, reach);
                weights[k] = least + even(random) * (most - least);
                left -= weights[k];
            }
            let (least, most) = bounds(own[heaviest], reach);
            weights[heaviest] = left;
            (least..=most).contains(&left)
        }
    }
}

/// Evenly from 0 to 1.
fn even(random: &mut Pcg64) -> f64 {
    f64::from(random.next_u32()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EQUAL: [f64; 3] = [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0];

    /// The share of weightings whose sum reaches a line.
    fn reaching(values: &[f64], line: f64) -> f64 {
        let own = vec![1.0 / values.len() as f64; values.len()];
        1.0 - share_under(&own, &[values], line, Reach::Any)
    }

    /// The check numbers of the method.
    #[test]
    fn any_gives_the_published_check_numbers() {
        for (values, line, want) in [
            (&[80.0, 40.0, 65.0, 20.0, 90.0][..], 60.0, 0.482_751),
            (&[55.0, 70.0, 62.0], 60.0, 0.761_905),
            (&[60.0, 60.0, 30.0, 90.0], 55.0, 0.710_648),
        ] {
            let got = reaching(values, line);
            assert!((got - want).abs() < 5e-7, "{values:?}: {got}, want {want}");
        }
    }

    #[test]
    fn ties_and_equal_ratings_are_safe() {
        assert_eq!(reaching(&[50.0, 50.0, 50.0], 50.0), 1.0);
        assert_eq!(reaching(&[49.0, 49.0, 49.0], 50.0), 0.0);
        // Two on the line and one under it: only the corner edge reaches it, which has no area.
        assert_eq!(reaching(&[50.0, 50.0, 40.0], 50.0), 0.0);
        assert_eq!(reaching(&[50.0, 50.0, 60.0], 50.0), 1.0);
        // One value as far under as the other is over: half of the weightings.
        assert!((reaching(&[40.0, 60.0], 50.0) - 0.5).abs() < 1e-15);
        assert_eq!(reaching(&[70.0], 50.0), 1.0);
        for reach in [Reach::Any, Reach::Near(2.0), Reach::Near(1.0)] {
            assert_eq!(share_under(&EQUAL, &[&[50.0, 50.0, 50.0]], 50.0, reach), 0.0);
            assert_eq!(share_under(&EQUAL, &[&[0.0, 0.0, 0.0]], 50.0, reach), 1.0);
        }
    }

    #[test]
    fn near_by_hand() {
        // A third each, between a sixth and two thirds: a triangle in which the first weight runs from 1/6 at one
        // side to 2/3 at the corner. The sum is under the line where it is under 1/3; what is over it is a
        // triangle of the same shape and 2/3 of the height: 4/9.
        let got = share_under(&EQUAL, &[&[100.0, 0.0, 0.0]], 100.0 / 3.0, Reach::Near(2.0));
        assert!((got - (1.0 - 4.0 / 9.0)).abs() < 1e-12, "{got}");
        // Two weights of a half, between a quarter and three: under where w_1 < 0.6, 0.35 of 0.5.
        let got = share_under(&[0.5, 0.5], &[&[100.0, 0.0]], 60.0, Reach::Near(2.0));
        assert!((got - 0.7).abs() < 1e-12, "{got}");
        // What weighs nothing stays so: the second value never counts.
        assert_eq!(share_under(&[1.0, 0.0], &[&[60.0, 0.0]], 50.0, Reach::Near(2.0)), 0.0);
        // A factor of 1 leaves the weights in use alone: 0.5 x 40 + 0.3 x 60 + 0.2 x 50 = 48.
        let own = [0.5, 0.3, 0.2];
        assert_eq!(share_under(&own, &[&[40.0, 60.0, 50.0]], 48.1, Reach::Near(1.0)), 1.0);
        assert_eq!(share_under(&own, &[&[40.0, 60.0, 50.0]], 47.9, Reach::Near(1.0)), 0.0);
    }

    /// Weightings drawn one by one by a way of their own (uniform on the simplex from the gaps of sorted
    /// numbers): the share of all under the line in the first row, of the near ones, and of the near ones in both
    /// rows, each with its standard error.
    fn simulated(
        own: &[f64],
        [first, second]: [&[f64]; 2],
        line: f64,
        draws: u32,
        seed: u64,
    ) -> [(f64, f64); 3] {
        let mut random = Pcg64::seed_from_u64(seed);
        let n = own.len();
        let (mut kept, mut under) = ([0_u32; 3], [0_u32; 3]);
        let mut cuts = vec![0.0; n + 1];
        for _ in 0..draws {
            cuts[1..n].fill_with(|| even(&mut random));
            cuts[n] = 1.0;
            cuts[1..n].sort_unstable_by(f64::total_cmp);
            let weight = |k: usize| cuts[k + 1] - cuts[k];
            let is_under = |row: &[f64]| (0..n).map(|k| weight(k) * row[k]).sum::<f64>() < line;
            let (one, two) = (is_under(first), is_under(second));
            let is_near = (0..n).all(|k| (own[k] / 2.0..=own[k] * 2.0).contains(&weight(k)));
            for (i, (counts, holds)) in
                [(true, one), (is_near, one), (is_near, one && two)].into_iter().enumerate()
            {
                kept[i] += u32::from(counts);
                under[i] += u32::from(counts && holds);
            }
        }
        std::array::from_fn(|i| {
            let (share, kept) = (f64::from(under[i]) / f64::from(kept[i]), f64::from(kept[i]));
            (share, (share * (1.0 - share) / kept).sqrt().max(1.0 / kept))
        })
    }

    /// Exact shares against two million draws of every weighting, on fifty random cases.
    #[test]
    fn exact_shares_agree_with_simulation() {
        let mut random = Pcg64::seed_from_u64(7);
        let mut below = |most: u32| f64::from(random.next_u32() % most);
        for case in 0..50_u64 {
            let n = 2 + usize::try_from(case % 4).unwrap();
            let values: Vec<f64> = (0..n).map(|_| below(101)).collect();
            let second: Vec<f64> = values.iter().map(|_| below(101)).collect();
            let raw: Vec<f64> = (0..n).map(|_| 1.0 + below(4)).collect();
            let own: Vec<f64> = raw.iter().map(|w| w / raw.iter().sum::<f64>()).collect();
            let line = 30.0 + below(40);
            let both = [values.as_slice(), second.as_slice()];
            let drawn = simulated(&own, both, line, 2_000_000, case);
            let exact =
                [(&both[..1], Reach::Any), (&both[..1], Reach::Near(2.0)), (&both[..], Reach::Near(2.0))];
            for ((rows, reach), (want, error)) in exact.into_iter().zip(drawn) {
                // Where more than three weights are looked at near, the share itself is drawn and has an error.
                let own_error = if n > 3 && reach != Reach::Any { 0.5 / 20_000_f64.sqrt() } else { 0.0 };
                let got = share_under(&own, rows, line, reach);
                let within = 4.0 * error.hypot(own_error);
                assert!(
                    (got - want).abs() <= within,
                    "case {case} {reach:?}: {got}, drawn {want} within {within}"
                );
            }
        }
    }

    proptest! {
        /// The recursion and the polygon are two ways to one number.
        #[test]
        fn recursion_and_polygon_agree(
            values in prop::array::uniform3(0.0..100.0_f64),
            line in 0.0..100.0_f64,
        ) {
            let gaps: Vec<f64> = values.iter().map(|v| line - v).collect();
            let cut = polygon(&EQUAL, &[gaps], Reach::Any).unwrap();
            prop_assert!((1.0 - cut - reaching(&values, line)).abs() < 1e-9);
        }

        /// More points never lower the share that reaches the line, and the order of criteria counts nothing.
        #[test]
        fn more_points_reach_further(
            values in prop::array::uniform3(0.0..100.0_f64),
            more in prop::array::uniform3(0.0..20.0_f64),
            line in 0.0..100.0_f64,
            near in any::<bool>(),
        ) {
            let reach = if near { Reach::Near(2.0) } else { Reach::Any };
            let own = [0.5, 0.3, 0.2];
            let higher: Vec<f64> = values.iter().zip(more).map(|(v, m)| v + m).collect();
            let (was, is) = (share_under(&own, &[&values], line, reach), share_under(&own, &[&higher], line, reach));
            prop_assert!(is <= was + 1e-12, "{was} {is}");
            let turned = [values[2], values[0], values[1]];
            let again = share_under(&[0.2, 0.5, 0.3], &[&turned], line, reach);
            prop_assert!((again - was).abs() < 1e-9);
        }
    }
}
