//! The two questions, never added together: worth ("Should we have it?") and delivery ("Does it
//! work?"), each the weighted mean of three criteria; and how much of it is known.

use crate::criteria::{AxisId, Criteria};
use crate::inventory::{TouchpointIx, Weights};
use crate::measure::Reading;
use crate::quantity::Interval;

use super::CriterionScore;
use super::rate::{rating_at, score_at, weighted};

/// Weight of each criterion within its axis as given (else as the criteria say), in the order of the criteria;
/// each axis sums to 1.
#[must_use]
pub fn weights(given: Option<&Weights>, criteria: &Criteria) -> Vec<f64> {
    let mut weights: Vec<f64> = match given {
        None => criteria.criteria.iter().map(|c| c.weight).collect(),
        Some(Weights::Swing(given)) => criteria
            .criteria
            .iter()
            .map(|c| given.iter().find(|(id, _)| *id == c.id).map_or(c.weight, |(_, w)| *w))
            .collect(),
        Some(Weights::Order(order)) => rank_order_centroid(criteria, order),
    };
    for axis in [AxisId::Worth, AxisId::Delivery] {
        let members = || criteria.criteria.iter().enumerate().filter(move |(_, c)| c.axis == axis);
        let total: f64 = members().map(|(i, _)| weights[i]).sum();
        let n = members().count();
        for (i, _) in members() {
            weights[i] = if total > 0.0 { weights[i] / total } else { 1.0 / n as f64 };
        }
    }
    weights
}

/// Rank-order centroid weights within each axis: w_k = (1/K) sum_{i>=k} 1/i (Barron and Barrett 1996).
/// Criteria that the order leaves out come last, in the method's order.
fn rank_order_centroid(criteria: &Criteria, order: &[String]) -> Vec<f64> {
    let rank = |id: &str| order.iter().position(|o| o == id).unwrap_or(order.len());
    criteria
        .criteria
        .iter()
        .enumerate()
        .map(|(i, criterion)| {
            let siblings: Vec<usize> = criteria
                .criteria
                .iter()
                .enumerate()
                .filter(|(_, c)| c.axis == criterion.axis)
                .map(|(j, _)| j)
                .collect();
            let mine = (rank(&criterion.id), i);
            let place =
                siblings.iter().filter(|j| (rank(&criteria.criteria[**j].id), **j) < mine).count() + 1;
            let k = siblings.len();
            (place..=k).map(|i| 1.0 / i as f64).sum::<f64>() / k as f64
        })
        .collect()
}

/// An indicator taken for exactly known, with so many points at every moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Supposed {
    /// Place of its criterion among the six.
    pub(super) criterion: usize,
    /// Its place in the criterion.
    pub(super) indicator: usize,
    /// Its points, 0..=100.
    pub(super) points: f64,
}

impl Supposed {
    /// The points supposed of an indicator, if it is this one.
    pub(super) fn of(supposed: Option<Self>, criterion: usize, indicator: usize) -> Option<Interval> {
        supposed
            .filter(|s| s.criterion == criterion && s.indicator == indicator)
            .map(|s| Interval::point(s.points))
    }
}

/// One axis from the scores of its criteria, at one touchpoint or over all; `None` where nothing in it
/// applies.
#[must_use]
pub fn axis(
    criteria: &Criteria,
    scores: &[CriterionScore],
    axis: AxisId,
    at: Option<TouchpointIx>,
) -> Option<Interval> {
    axis_if(criteria, scores, axis, at, None)
}

/// The same, with one indicator taken for known.
pub(super) fn axis_if(
    criteria: &Criteria,
    scores: &[CriterionScore],
    axis: AxisId,
    at: Option<TouchpointIx>,
    supposed: Option<Supposed>,
) -> Option<Interval> {
    let (mut low, mut high, mut total) = (0.0, 0.0, 0.0);
    for (c, (criterion, score)) in criteria.criteria.iter().zip(scores).enumerate() {
        if criterion.axis != axis {
            continue;
        }
        let points = match (at, supposed.filter(|s| s.criterion == c)) {
            (None, None) => score.score,
            (Some(touchpoint), None) => score_at(score, touchpoint),
            (at, Some(_)) => weighted(score.indicators.iter().enumerate().map(|(i, it)| {
                let own = at.map_or(it.rating, |touchpoint| rating_at(it, touchpoint));
                (own.map(|own| Supposed::of(supposed, c, i).unwrap_or(own)), it.weight)
            })),
        };
        if let Some(points) = points {
            low += score.weight * points.low;
            high += score.weight * points.high;
            total += score.weight;
        }
    }
    (total > 0.0).then(|| Interval::new(low / total, high / total))
}

/// Weighted sums are exact to about 1e-13: a shortfall smaller than this is the machine's, not the
/// channel's.
pub const ROUNDING: f64 = 1e-9;

/// Whether a rating lies wholly below a line.
#[must_use]
pub fn is_under(rating: Interval, line: f64) -> bool {
    rating.high < line - ROUNDING
}

/// Where an axis stands against the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AxisState {
    /// Its lower end is at or above the threshold.
    Above,
    /// Its upper end is below it.
    Below,
    /// The threshold lies inside.
    Across,
}

impl AxisState {
    /// The state of an axis; one in which nothing applies tells nothing.
    #[must_use]
    pub fn of(axis: Option<Interval>, threshold: f64) -> Self {
        match axis {
            Some(a) if is_under(a, threshold) => Self::Below,
            Some(a) if a.low >= threshold - ROUNDING => Self::Above,
            _ => Self::Across,
        }
    }

    /// The states that a better knowledge could turn this one into.
    #[must_use]
    pub fn possible(self) -> Vec<Self> {
        match self {
            Self::Across => vec![Self::Above, Self::Below, Self::Across],
            settled => vec![settled],
        }
    }
}

/// An indicator's weight within its axis: criterion weight x its share of its criterion. Weights of
/// criteria in which nothing applies go to their siblings.
pub(super) fn global_weights<'s>(
    criteria: &Criteria,
    scores: &'s [CriterionScore],
    worth_counts: bool,
) -> Vec<(usize, usize, &'s super::IndicatorScore, f64)> {
    let mut out = Vec::new();
    for axis in [AxisId::Worth, AxisId::Delivery] {
        if axis == AxisId::Worth && !worth_counts {
            continue;
        }
        let members: Vec<usize> = (0..scores.len())
            .filter(|i| criteria.criteria[*i].axis == axis && scores[*i].score.is_some())
            .collect();
        let total: f64 = members.iter().map(|i| scores[*i].weight).sum();
        for c in members {
            let inside: f64 = scores[c].indicators.iter().map(|s| s.weight).sum();
            for (i, indicator) in scores[c].indicators.iter().enumerate() {
                if indicator.weight > 0.0 && inside > 0.0 && total > 0.0 {
                    out.push((c, i, indicator, scores[c].weight / total * indicator.weight / inside));
                }
            }
        }
    }
    out
}

/// Share of the weight of applicable indicators that is known; 0 where nothing applies. An indicator
/// read at several touchpoints is known as far as the volume of those where it is.
/// `volumes` are the shares of the channel's contacts at its touchpoints.
#[must_use]
pub fn known_share(
    criteria: &Criteria,
    scores: &[CriterionScore],
    worth_counts: bool,
    volumes: &[(TouchpointIx, f64)],
) -> f64 {
    let all = global_weights(criteria, scores, worth_counts);
    let total: f64 = all.iter().map(|(.., w)| w).sum();
    let known: f64 = all.iter().map(|(_, _, i, w)| w * known_part(i, volumes)).sum();
    if total > 0.0 { known / total } else { 0.0 }
}

/// How much of an indicator is known: all or nothing, or by the volume of the touchpoints that it is
/// read at.
fn known_part(score: &super::IndicatorScore, volumes: &[(TouchpointIx, f64)]) -> f64 {
    let volume = |t: TouchpointIx| volumes.iter().find(|(own, _)| *own == t).map_or(0.0, |(_, v)| *v);
    let applicable = || score.touchpoints.iter().filter(|(.., rating)| rating.is_some());
    let all: f64 = applicable().map(|(t, ..)| volume(*t)).sum();
    if all > 0.0 {
        let known = applicable().filter(|(_, reading, _)| reading.known().is_some());
        known.map(|(t, ..)| volume(*t)).sum::<f64>() / all
    } else {
        f64::from(u8::from(!matches!(score.reading, Reading::Unknown { .. })))
    }
}

/// Share of the applicable before-opening indicators that is known, one of them perhaps supposed.
#[must_use]
pub(super) fn known_before_opening(
    criteria: &Criteria,
    scores: &[CriterionScore],
    supposed: Option<Supposed>,
) -> f64 {
    let (mut known, mut all) = (0_u32, 0_u32);
    for (c, (criterion, score)) in criteria.criteria.iter().zip(scores).enumerate() {
        for (i, (indicator, reading)) in criterion.indicators.iter().zip(&score.indicators).enumerate() {
            if indicator.before_opening && reading.rating.is_some() {
                all += 1;
                let is_known = !matches!(reading.reading, Reading::Unknown { .. });
                known += u32::from(is_known || Supposed::of(supposed, c, i).is_some());
            }
        }
    }
    if all == 0 { 0.0 } else { f64::from(known) / f64::from(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_exactly_on_the_line_is_above_it() {
        // Three criteria of 50 points, a third each: the machine's sum is 49.99999999999999.
        let third = 1.0 / 3.0;
        let sum = third * 50.0 + third * 50.0 + third * 50.0;
        assert!(sum < 50.0);
        assert_eq!(AxisState::of(Some(Interval::point(sum)), 50.0), AxisState::Above);
        assert_eq!(AxisState::of(Some(Interval::new(49.0, 50.0)), 50.0), AxisState::Across);
        assert_eq!(AxisState::of(Some(Interval::new(0.0, 49.99)), 50.0), AxisState::Below);
        assert_eq!(AxisState::of(None, 50.0), AxisState::Across);
    }
}
