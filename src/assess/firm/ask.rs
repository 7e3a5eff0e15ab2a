//! What to find out next: for every unknown or wide reading, and every gate nobody answered, how much of the
//! verdict's uncertainty the answer would remove. Answers are taken evenly over the points that they may have:
//! a way to rank questions, no probability.

use serde::Serialize;

use crate::criteria::{AxisId, Effort, Language};
use crate::measure::{Facts, Reading};

use super::flip::{answers, open_gates, ranges, supposition};
use crate::assess::Call;
use crate::assess::axis::global_weights;
use crate::assess::gate;
use crate::assess::judge::{Judged, situations_if};
use crate::assess::reason::effort;
use crate::assess::verdict::{Situation, decide};

/// One thing to find out.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Whether it asks of an indicator or of a gate: some share their id.
    pub of: AskOf,
    /// The indicator or gate.
    pub id: String,
    /// What is asked, in the words of the criterion file.
    pub question: String,
    /// How to find it out; empty where the criterion file does not say.
    pub find_out: String,
    /// What that takes: `small`, `medium`, `large`.
    pub effort: String,
    /// Of the other verdicts that are possible now, the share that the answer rules out on average, 0..=1; 0
    /// where only one is possible.
    pub removes: f64,
    /// Of the range of its axis, the share that it takes away, 0..=1.
    pub narrows: f64,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AskOf {
    /// An indicator: a reading is not known, or not well enough.
    Indicator,
    /// A gate that nobody answered.
    Gate,
}

/// Known ratings narrower than this, in points, are known well enough.
const WIDE: f64 = 10.0;

/// Everything to find out about a channel, what settles most first.
pub(super) fn asks(facts: &Facts<'_>, judged: &Judged) -> Vec<Ask> {
    if matches!(judged.situation, Situation::Retiring) {
        return Vec::new();
    }
    let mut all = of_indicators(facts, judged);
    all.extend(of_gates(facts, judged));
    all.sort_by(|a, b| {
        let (more, wider) = (b.removes.total_cmp(&a.removes), b.narrows.total_cmp(&a.narrows));
        more.then(wider).then_with(|| (&a.id, a.of).cmp(&(&b.id, b.of)))
    });
    all
}

/// How many other calls are possible now.
fn others_now(judged: &Judged) -> f64 {
    f64::from(u32::try_from(judged.possible.len().saturating_sub(1)).unwrap_or(u32::MAX))
}

/// How many other calls than one the situations leave possible.
fn others(situations: &[Situation]) -> f64 {
    let mut calls: Vec<Call> = situations.iter().map(|s| decide(*s).call).collect();
    calls.sort_unstable();
    calls.dedup();
    f64::from(u32::try_from(calls.len().saturating_sub(1)).unwrap_or(u32::MAX))
}

/// The share of the other calls possible now that answers rule out: each with the others that it leaves, and how
/// much of all answers it is.
fn removed(now: f64, answers: &[(f64, f64)]) -> f64 {
    let all: f64 = answers.iter().map(|(_, part)| part).sum();
    if now <= 0.0 || all <= 0.0 {
        return 0.0;
    }
    let left: f64 = answers.iter().map(|(others, part)| others.min(now) * part).sum::<f64>() / all;
    1.0 - left / now
}

fn of_indicators(facts: &Facts<'_>, judged: &Judged) -> Vec<Ask> {
    let (criteria, scored) = (facts.criteria, &judged.scored);
    let now = others_now(judged);
    let mut all = Vec::new();
    for (c, i, score, weight) in global_weights(criteria, &scored.scores, scored.has_worth) {
        let Some(rating) = score.rating else { continue };
        let is_unknown = matches!(score.reading, Reading::Unknown { .. });
        if !is_unknown && rating.width() < WIDE {
            continue;
        }
        let indicator = &criteria.criteria[c].indicators[i];
        let hangs = gate::hangs_on(facts, scored.channel, &scored.gates, indicator);
        let answers: Vec<(f64, f64)> = ranges(facts, judged, (c, i), score, hangs)
            .into_iter()
            .map(|(low, high)| (low.max(rating.low), high.min(rating.high)))
            .filter(|(low, high)| high > low)
            .map(|(low, high)| {
                let supposed = supposition((c, i), f64::midpoint(low, high), hangs);
                (others(&situations_if(facts, judged, supposed)), high - low)
            })
            .collect();
        let axis = if criteria.criteria[c].axis == AxisId::Worth { scored.worth } else { scored.delivery };
        let width = axis.map_or(0.0, |axis| axis.width());
        let narrows = if width > 0.0 { (weight * rating.width() / width).min(1.0) } else { 0.0 };
        let removes = removed(now, &answers);
        if is_unknown || removes > 0.0 {
            let how = indicator.find_out.as_ref();
            all.push(Ask {
                of: AskOf::Indicator,
                id: indicator.id.clone(),
                question: indicator.question.get(Language::English).to_owned(),
                find_out: how.map_or_else(String::new, |how| how.text.get(Language::English).to_owned()),
                effort: how.map_or_else(String::new, |how| effort(how.effort).to_owned()),
                removes,
                narrows,
            });
        }
    }
    all
}

fn of_gates(facts: &Facts<'_>, judged: &Judged) -> Vec<Ask> {
    let now = others_now(judged);
    let open = open_gates(facts, judged).into_iter();
    open.filter_map(|result| {
        let gate = facts.criteria.gate(&result.id)?;
        let left = |supposed| (others(&situations_if(facts, judged, supposed)), 1.0);
        let answers: Vec<_> = answers(result).into_iter().map(|(supposed, _)| left(supposed)).collect();
        Some(Ask {
            of: AskOf::Gate,
            id: result.id.clone(),
            question: gate.question.get(Language::English).to_owned(),
            find_out: format!("Now: {}.", result.because),
            effort: effort(Effort::Small).to_owned(),
            removes: removed(now, &answers),
            narrows: 0.0,
        })
    })
    .filter(|ask| ask.removes > 0.0)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_removes_by_hand() {
        // Two other calls are possible. A quarter of the answers settles it, the rest leaves both: 2 - 1.5 of 2.
        assert_eq!(removed(2.0, &[(0.0, 25.0), (2.0, 75.0)]), 0.25);
        assert_eq!(removed(2.0, &[(0.0, 10.0)]), 1.0);
        assert_eq!(removed(1.0, &[(1.0, 10.0), (1.0, 5.0)]), 0.0);
        // Where only one call is possible, there is nothing to remove.
        assert_eq!(removed(0.0, &[(0.0, 10.0)]), 0.0);
        assert_eq!(removed(2.0, &[]), 0.0);
    }
}
