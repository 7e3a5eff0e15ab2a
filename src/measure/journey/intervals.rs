//! How far chance alone moves the two ends of a role: a parametric bootstrap of the rows of steps. Each row
//! is drawn again from its own shares, as often as it was counted; the ends are computed anew; the middle
//! 95% of them are the interval. The same counts give the same interval: the seed is fixed.
//!
//! Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6 and 13 (percentile interval).

use rand_distr::{Binomial, Distribution as _};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng as _;

use super::MOST_EFFORT;
use super::chain::{Chain, Rows, Solved};
use crate::hands::on_all_cores;
use crate::quantity::Interval;

/// Where chance starts, the same for every census.
const SEED: u64 = 0x0063_6861_6e66_6f6c;

/// A figure and the interval that chance leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// As counted.
    pub value: f64,
    /// 95%; holds the value. `None` where the channels are too many to be drawn again and again.
    pub range: Option<Interval>,
}

/// The two ends of a channel's role: what of all that is resolved would not be without it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ends {
    /// If its customers turned to the other entrances. Less than nothing: more would be resolved.
    pub rerouted: Estimate,
    /// If its customers were lost.
    pub lost: Estimate,
}

/// Fewer draws make no interval.
const LEAST_DRAWS: usize = 100;

/// Draws from one seed.
const PART: usize = 50;

/// The ends of every channel of a chain, from so many draws, or as many as can be solved; `None` where nothing is resolved, or where the
/// chain has no end.
#[must_use]
pub fn ends(chain: &Chain, draws: usize) -> Option<Vec<Ends>> {
    let solved = chain.solve()?;
    let channels = chain.names.len();
    let values: Vec<(f64, f64)> = (0..channels).map(|i| solved.removal(i)).collect::<Option<_>>()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
    let draws = draws.min((MOST_EFFORT / chain.effort().max(1.0)) as usize);
    let draws = if draws < LEAST_DRAWS { 0 } else { draws };
    let mut drawn: Vec<[Vec<f64>; 2]> =
        vec![[Vec::with_capacity(draws), Vec::with_capacity(draws)]; channels];
    for solved in solved_again(chain, draws) {
        for (i, [rerouted, lost]) in drawn.iter_mut().enumerate() {
            // A draw in which nothing at all is resolved tells nothing of a share of it.
            if let Some((a, b)) = solved.removal(i) {
                rerouted.push(a);
                lost.push(b);
            }
        }
    }
    let estimate = |value: f64, drawn: &mut Vec<f64>| Estimate { value, range: middle(value, drawn) };
    let both = values.into_iter().zip(&mut drawn);
    Some(
        both.map(|((a, b), [rerouted, lost])| Ends {
            rerouted: estimate(a, rerouted),
            lost: estimate(b, lost),
        })
        .collect(),
    )
}

/// The chain drawn again so many times, and solved; draws without an end are left out. Each part of the draws
/// starts from its own seed, so that it does not matter who draws it.
fn solved_again(chain: &Chain, draws: usize) -> Vec<Solved> {
    let parts: Vec<(u64, usize)> =
        (SEED..).zip((0..draws).step_by(PART).map(|first| PART.min(draws - first))).collect();
    let solved = on_all_cores(&parts, |(seed, draws)| {
        let mut random = Pcg64::seed_from_u64(*seed);
        (0..*draws).filter_map(|_| draw(chain.counts(), &mut random).solve()).collect::<Vec<_>>()
    });
    solved.into_iter().flatten().collect()
}

/// The middle 95% of what was drawn, stretched to the value itself; `None` where almost nothing could be.
fn middle(value: f64, drawn: &mut [f64]) -> Option<Interval> {
    if drawn.len() < LEAST_DRAWS / 2 {
        return None;
    }
    drawn.sort_unstable_by(f64::total_cmp);
    let last = drawn.len().saturating_sub(1);
    let at = |tail: usize| drawn.get((last * tail + 500) / 1000).copied().unwrap_or(value);
    Some(Interval::new(at(25), at(975)).hull(Interval::point(value)))
}

/// Every row drawn again: one binomial after the other, each among what is left.
fn draw(counts: &Rows, random: &mut Pcg64) -> Rows {
    let mut drawn = counts.clone();
    for row in drawn.iter_mut() {
        let mut left_in_row: f64 = row.iter().sum();
        let mut left = left_in_row;
        for cell in row.iter_mut().filter(|cell| **cell > 0.0) {
            let share = (*cell / left_in_row).clamp(0.0, 1.0);
            left_in_row -= *cell;
            // Counts are whole, at least 0 and far below 2^53.
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and not negative"
            )]
            let n = left as u64;
            #[allow(clippy::cast_precision_loss, reason = "at most as many as were counted")]
            let hits = Binomial::new(n, share).map_or(0.0, |binomial| binomial.sample(random) as f64);
            *cell = hits;
            left -= hits;
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::chain::{RESOLVED, START, UNRESOLVED};
    use super::*;

    #[test]
    fn one_channel_alone_has_the_interval_of_nothing() {
        // Without the only channel nothing is resolved, whatever chance does.
        let steps = BTreeMap::from([(("a", RESOLVED), 30), (("a", UNRESOLVED), 10), ((START, "a"), 40)]);
        let ends = ends(&Chain::new(&steps), 200).unwrap();
        let nothing = Estimate { value: 1.0, range: Some(Interval::point(1.0)) };
        assert_eq!(ends, [Ends { rerouted: nothing, lost: nothing }]);
    }

    #[test]
    fn a_draw_keeps_the_sum_of_every_row() {
        let steps = BTreeMap::from([
            ((START, "a"), 400),
            ((START, "b"), 600),
            (("a", "b"), 77),
            (("a", RESOLVED), 323),
            (("b", RESOLVED), 500),
            (("b", UNRESOLVED), 177),
        ]);
        let chain = Chain::new(&steps);
        let mut random = Pcg64::seed_from_u64(1);
        let sums = |rows: &Rows| rows.iter().map(|row| row.iter().sum::<f64>()).collect::<Vec<_>>();
        for _ in 0..100 {
            assert_eq!(sums(&draw(chain.counts(), &mut random)), sums(chain.counts()));
        }
    }

    /// 250 channels take 16 million multiplications a draw: 64 draws are no interval, the ends are told still.
    /// More than a thousand are not solved.
    #[test]
    fn too_many_channels_have_ends_and_no_interval() {
        let names: Vec<String> = (0..1001).map(|i| format!("c{i:04}")).collect();
        let chain = |n: usize| {
            let steps =
                names[..n].iter().flat_map(|c| [((START, c.as_str()), 10), ((c.as_str(), RESOLVED), 10)]);
            Chain::new(&steps.collect())
        };
        let ends = ends(&chain(250), 1000).unwrap();
        assert_eq!((ends.len(), ends[0].lost.range), (250, None));
        assert!((ends[0].lost.value - 1.0 / 250.0).abs() < 1e-12);
        assert!(chain(1001).solve().is_none());
    }

    /// Two entrances that pass nobody on: what is lost without one is its share of all that is resolved, a
    /// ratio of two binomials whose error is known in closed form.
    #[test]
    fn the_interval_has_the_width_that_theory_gives() {
        let steps = BTreeMap::from([
            ((START, "a"), 5000),
            ((START, "b"), 5000),
            (("a", RESOLVED), 4000),
            (("a", UNRESOLVED), 1000),
            (("b", RESOLVED), 2000),
            (("b", UNRESOLVED), 3000),
        ]);
        let a = ends(&Chain::new(&steps), 4000).unwrap()[0].lost;
        assert!((a.value - 2.0 / 3.0).abs() < 1e-12);
        // p = x/(x+y), x = pi r_a, y = (1-pi) r_b, var by the delta method: with pi .5, r_a .8, r_b .4 and
        // x + y = .6: d/dpi = r_a r_b/.36 = .8889, d/dr_a = pi y/.36 = .2778, d/dr_b = -.5 x/.36 = -.5556.
        let (pi, a_row, b_row) = (0.25 / 10_000.0, 0.16 / 5000.0, 0.24 / 5000.0);
        let variance = 0.8889_f64.powi(2) * pi + 0.2778_f64.powi(2) * a_row + 0.5556_f64.powi(2) * b_row;
        let width = 2.0 * 1.96 * variance.sqrt();
        let range = a.range.unwrap();
        assert!((range.width() / width - 1.0).abs() < 0.08, "{range:?}, theory {width}");
    }
}
