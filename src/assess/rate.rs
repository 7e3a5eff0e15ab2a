//! Ratings: the image of a reading under the value function of its indicator, and a criterion's score
//! from those of its indicators.
//!
//! Unknown rates 0 to 100 and keeps its weight; what is not applicable leaves, and its weight goes to
//! its siblings. Value functions are absolute: nothing here sees another channel.

use crate::criteria::kind::{Timing, Unit};
use crate::criteria::{AppliesTo, Criterion, Indicator, Reads};
use crate::inventory::{Channel, ChannelIx, Judgement, Status, TouchpointIx};
use crate::measure::{Facts, Grade, Known, Reading, Subject};
use crate::quantity::Interval;

use super::{CriterionScore, IndicatorScore};

/// Everything from 0 to 100: what unknown rates.
pub const UNKNOWN: Interval = Interval { low: 0.0, high: 100.0 };

/// The image of an interval of readings: least and most points anywhere in it.
#[must_use]
pub fn image(indicator: &Indicator, readings: Interval) -> Interval {
    let ends = [indicator.points(readings.low), indicator.points(readings.high)];
    let inside = indicator
        .knots
        .iter()
        .filter(|(at, _)| (readings.low..=readings.high).contains(at))
        .map(|(_, points)| *points);
    ends.into_iter().chain(inside).map(Interval::point).reduce(Interval::hull).unwrap_or(UNKNOWN)
}

/// The reading that a number of points stands for: the first place where the knots reach it.
fn reading_of(indicator: &Indicator, points: f64) -> f64 {
    let knots = &indicator.knots;
    knots
        .windows(2)
        .find_map(|pair| match pair {
            [(x0, y0), (x1, y1)] if (points - y0) * (points - y1) <= 0.0 && y0 != y1 => {
                Some(x0 + (x1 - x0) * (points - y0) / (y1 - y0))
            }
            _ => None,
        })
        .or_else(|| knots.first().map(|(x, _)| *x))
        .unwrap_or(0.0)
}

/// The reading nearest to another that has so many points.
pub(super) fn reading_at(indicator: &Indicator, points: f64, near: Option<f64>) -> f64 {
    let ends = |pair: &[(f64, f64)]| match pair {
        [(x0, y0), (x1, y1)] if (points - y0) * (points - y1) <= 0.0 => {
            if y0 == y1 {
                [Some(*x0), Some(*x1)]
            } else {
                [Some(x0 + (x1 - x0) * (points - y0) / (y1 - y0)), None]
            }
        }
        _ => [None, None],
    };
    let all = indicator.knots.windows(2).flat_map(ends).flatten();
    let first = reading_of(indicator, points);
    let near = near.unwrap_or(first);
    all.min_by(|a, b| (a - near).abs().total_cmp(&(b - near).abs())).unwrap_or(first)
}

/// The rating of a reading; `None` where it is not applicable.
#[must_use]
pub fn rate(facts: &Facts<'_>, indicator: &Indicator, reading: &Reading) -> Option<Interval> {
    match reading {
        Reading::NotApplicable { .. } => None,
        Reading::Unknown { .. } => Some(UNKNOWN),
        Reading::Known(known) => Some(image(indicator, interval_of(facts, indicator, known))),
    }
}

/// The interval of a known reading: its own; an estimate without one is widened by a share of the span
/// between the outermost knots.
fn interval_of(facts: &Facts<'_>, indicator: &Indicator, known: &Known) -> Interval {
    let own = Interval::new(known.low, known.high);
    if known.grade != Grade::Estimated || known.has_interval {
        return own;
    }
    let span = match (indicator.knots.first(), indicator.knots.last()) {
        (Some((first, _)), Some((last, _))) => last - first,
        _ => 0.0,
    };
    let by = span * facts.criteria.defaults.number("estimate_span");
    Interval::new(own.low - by, own.high + by)
}

/// Whether an indicator is asked of a channel at all; if not, why.
fn applies(indicator: &Indicator, channel: &Channel) -> Result<(), &'static str> {
    let kind = &channel.kind;
    let (holds, because) = match indicator.applies_to {
        AppliesTo::All => (true, ""),
        AppliesTo::Automated => (kind.is_automated(), "asked of automated channels only"),
        AppliesTo::Candidates => (channel.status == Status::Candidate, "asked of candidates only"),
        AppliesTo::Outgoing => (
            kind.unit == Unit::Message || kind.timing == Timing::Broadcast,
            "asked of channels on which we write first",
        ),
        AppliesTo::Answered => (kind.is_answered(), "nobody answers on this kind of channel"),
        AppliesTo::Live => (
            matches!(kind.timing, Timing::Live | Timing::NearLive),
            "customers need not be there at the same time",
        ),
        AppliesTo::Contacts => (kind.unit == Unit::Contact, "sessions, views and messages carry no contacts"),
    };
    if holds { Ok(()) } else { Err(because) }
}

/// A person's rating of an indicator, as a reading and a rating.
fn judged(facts: &Facts<'_>, indicator: &Indicator, judgement: &Judgement) -> (Reading, Interval) {
    let points = if judgement.given_as_interval {
        judgement.points
    } else {
        let by = 100.0 * facts.criteria.defaults.number("estimate_span");
        Interval::new(judgement.points.low - by, judgement.points.high + by).clamp(0.0, 100.0)
    };
    let ends = Interval::new(reading_of(indicator, points.low), reading_of(indicator, points.high));
    let reading = Reading::Known(Known {
        value: reading_of(indicator, judgement.points.middle()),
        low: ends.low,
        high: ends.high,
        grade: Grade::Estimated,
        n: None,
        from: format!("{} (a judgement)", judgement.at),
        has_interval: true,
    });
    (reading, points)
}

/// Reads and rates one indicator of a subject. A judgement stands where the measure is unknown.
fn read_and_rate(
    facts: &Facts<'_>,
    indicator: &Indicator,
    channel: ChannelIx,
    touchpoint: Option<TouchpointIx>,
) -> (Reading, Option<Interval>) {
    if let Err(because) = applies(indicator, facts.inventory.channel(channel)) {
        return (Reading::not_applicable(because), None);
    }
    let reading = facts.read(&indicator.measure, Subject { channel, touchpoint });
    if matches!(reading, Reading::Unknown { .. })
        && let Some(judgement) = facts.judgement(channel, &indicator.id)
    {
        let (reading, rating) = judged(facts, indicator, judgement);
        return (reading, Some(rating));
    }
    let rating = rate(facts, indicator, &reading);
    (reading, rating)
}

/// Points of the floor that holds here. Some floors hold only where service is not measured.
fn floor(facts: &Facts<'_>, indicator: &Indicator, channel: ChannelIx) -> Option<f64> {
    let floor = indicator.floor?;
    let candidate = facts.inventory.channel(channel).status == Status::Candidate;
    let measured = !candidate && is_measured(facts, channel);
    (!floor.unmeasured_only || !measured).then_some(floor.points)
}

/// Whether a channel's own promise was measured for long enough to outrank the staffing model.
#[must_use]
pub fn is_measured(facts: &Facts<'_>, channel: ChannelIx) -> bool {
    facts
        .service(channel)
        .is_some_and(|s| s.promised && s.weeks >= f64::from(facts.criteria.defaults.measured_weeks))
}

/// Rates one indicator of a channel: at each touchpoint where it is read there, then weighted by
/// volume.
fn indicator_score(facts: &Facts<'_>, indicator: &Indicator, channel: ChannelIx) -> IndicatorScore {
    let mut score = IndicatorScore {
        id: indicator.id.clone(),
        reading: Reading::not_applicable("no touchpoint"),
        rating: None,
        weight: 0.0,
        floor: floor(facts, indicator, channel),
        touchpoints: Vec::new(),
    };
    if indicator.reads == Reads::Channel {
        (score.reading, score.rating) = read_and_rate(facts, indicator, channel, None);
        return score;
    }
    let weights = facts.weights(channel);
    if weights.is_empty() {
        (score.reading, score.rating) = match applies(indicator, facts.inventory.channel(channel)) {
            Err(because) => (Reading::not_applicable(because), None),
            Ok(()) => (Reading::unknown("no touchpoint is named for it"), Some(UNKNOWN)),
        };
        return score;
    }
    for (touchpoint, _) in &weights {
        let (reading, rating) = read_and_rate(facts, indicator, channel, Some(*touchpoint));
        score.touchpoints.push((*touchpoint, reading, rating));
    }
    let shares: Vec<f64> = weights.iter().map(|(_, w)| *w).collect();
    score.rating = weighted(score.touchpoints.iter().map(|(_, _, r)| *r).zip(shares.iter().copied()));
    score.reading = weighted_reading(&score.touchpoints, &shares);
    score
}

/// The weighted mean of the ratings that are there; `None` where none is.
pub(super) fn weighted(ratings: impl Iterator<Item = (Option<Interval>, f64)>) -> Option<Interval> {
    let (mut low, mut high, mut total) = (0.0, 0.0, 0.0);
    for (rating, weight) in ratings {
        if let Some(rating) = rating {
            low += weight * rating.low;
            high += weight * rating.high;
            total += weight;
        }
    }
    (total > 0.0).then(|| Interval::new(low / total, high / total))
}

/// One reading for all touchpoints, weighted by volume: the worst grade, the sum of cases. Unknown as
/// soon as nothing is known; what is unknown at some touchpoints only is named in `from`.
fn weighted_reading(readings: &[(TouchpointIx, Reading, Option<Interval>)], shares: &[f64]) -> Reading {
    let known: Vec<(&Known, f64)> =
        readings.iter().zip(shares).filter_map(|((_, r, _), w)| r.known().map(|k| (k, *w))).collect();
    let total: f64 = known.iter().map(|(_, w)| w).sum();
    let Some((first, _)) = known.first() else {
        let because = |wanted: fn(&Reading) -> Option<&str>| {
            readings.iter().find_map(|(_, r, _)| wanted(r).map(str::to_owned))
        };
        return because(|r| match r {
            Reading::Unknown { because } => Some(because.as_str()),
            _ => None,
        })
        .map(Reading::unknown)
        .or_else(|| {
            because(|r| match r {
                Reading::NotApplicable { because } => Some(because.as_str()),
                _ => None,
            })
            .map(Reading::not_applicable)
        })
        .unwrap_or_else(|| Reading::unknown("nothing is known"));
    };
    let mean = |of: fn(&Known) -> f64| {
        if total > 0.0 {
            known.iter().map(|(k, w)| of(k) * w).sum::<f64>() / total
        } else {
            known.iter().map(|(k, _)| of(k)).sum::<f64>() / known.len() as f64
        }
    };
    let unknown = readings.iter().filter(|(_, r, _)| matches!(r, Reading::Unknown { .. })).count();
    let from = if unknown == 0 {
        first.from.clone()
    } else {
        format!("{} (unknown at {unknown} of {} touchpoints)", first.from, readings.len())
    };
    let n = known.iter().map(|(k, _)| k.n).sum::<Option<u64>>();
    // The same survey read at several touchpoints is not counted twice.
    let n = if known.iter().all(|(k, _)| k.n == first.n && k.from == first.from) { first.n } else { n };
    Reading::Known(Known {
        value: mean(|k| k.value),
        low: mean(|k| k.low),
        high: mean(|k| k.high),
        grade: known.iter().map(|(k, _)| k.grade).max().unwrap_or(first.grade),
        n,
        from,
        has_interval: known.iter().all(|(k, _)| k.has_interval),
    })
}

/// Weights of the applicable indicators: zero for what has left, capped where the file says so.
fn set_weights(criterion: &Criterion, scores: &mut [IndicatorScore]) {
    let applicable = |score: &IndicatorScore| score.rating.is_some();
    let pairs: Vec<(f64, Option<f64>)> =
        criterion.indicators.iter().map(|i| (i.weight, i.weight_cap)).collect();
    for (score, (weight, _)) in scores.iter_mut().zip(&pairs) {
        score.weight = if applicable(score) { *weight } else { 0.0 };
    }
    for i in 0..scores.len() {
        let Some((_, Some(cap))) = pairs.get(i) else { continue };
        let others: f64 = scores.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, s)| s.weight).sum();
        // w <= cap * (w + others); alone in its criterion it has all the weight there is.
        if others > 0.0 && *cap < 1.0 {
            scores[i].weight = scores[i].weight.min(cap / (1.0 - cap) * others);
        }
    }
}

/// Scores one criterion of a channel. `weight` is set by the axis.
#[must_use]
pub fn criterion_score(facts: &Facts<'_>, criterion: &Criterion, channel: ChannelIx) -> CriterionScore {
    let mut indicators: Vec<IndicatorScore> =
        criterion.indicators.iter().map(|i| indicator_score(facts, i, channel)).collect();
    set_weights(criterion, &mut indicators);
    let score = weighted(indicators.iter().map(|s| (s.rating, s.weight)));
    CriterionScore { id: criterion.id.clone(), score, weight: 0.0, indicators }
}

/// The same criteria once what was only assumed counts as unknown.
#[must_use]
pub fn without_assumptions(
    scores: &[CriterionScore],
    volumes: &[(TouchpointIx, f64)],
) -> Vec<CriterionScore> {
    let is_assumed = |r: &Reading| r.known().is_some_and(|k| k.grade == Grade::Assumed);
    let mut scores = scores.to_vec();
    for score in &mut scores {
        for indicator in &mut score.indicators {
            if indicator.touchpoints.is_empty() {
                if is_assumed(&indicator.reading) {
                    indicator.rating = Some(UNKNOWN);
                }
                continue;
            }
            for (_, reading, rating) in &mut indicator.touchpoints {
                if is_assumed(reading) {
                    *rating = Some(UNKNOWN);
                }
            }
            let volume = |t: TouchpointIx| volumes.iter().find(|(own, _)| *own == t).map_or(0.0, |(_, v)| *v);
            indicator.rating = weighted(indicator.touchpoints.iter().map(|(t, _, r)| (*r, volume(*t))));
        }
        score.score = weighted(score.indicators.iter().map(|s| (s.rating, s.weight)));
    }
    scores
}

/// The same criterion at one touchpoint: indicators read there are taken there.
#[must_use]
pub fn score_at(score: &CriterionScore, touchpoint: TouchpointIx) -> Option<Interval> {
    weighted(score.indicators.iter().map(|i| (rating_at(i, touchpoint), i.weight)))
}

/// The rating of an indicator at a touchpoint.
#[must_use]
pub fn rating_at(score: &IndicatorScore, touchpoint: TouchpointIx) -> Option<Interval> {
    if score.touchpoints.is_empty() {
        return score.rating;
    }
    score.touchpoints.iter().find(|(t, ..)| *t == touchpoint).and_then(|(_, _, r)| *r)
}
