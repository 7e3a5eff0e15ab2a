//! Whether a verdict hangs on the window of an episode: every channel judged again with who came back
//! counted in each other window that the logs hold. Changes no verdict.

use crate::criteria::Language;
use crate::hands::on_all_cores;
use crate::inventory::ChannelIx;
use crate::measure::{Facts, Reading};

use super::judge::{self, Judged, Scored};
use super::words::percent;
use super::{Call, axis};

/// What would be said of a channel if episodes were cut otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherWindow {
    /// The window, days.
    pub days: u32,
    /// The call then.
    pub call: Call,
    /// The id of its words.
    pub words: String,
    /// The reading that moves most, in words: `ends well for the customer: 83% instead of 71%`.
    pub because: String,
}

/// All channels judged in one other window.
pub(super) struct Elsewhere {
    pub(super) days: u32,
    judged: Vec<Judged>,
}

/// All channels judged as the logs are configured, and in every other window.
pub(super) fn judged(facts: &Facts<'_>, weights: &[f64]) -> (Vec<Judged>, Vec<Elsewhere>) {
    let others = facts.other_windows();
    let windows: Vec<Facts<'_>> = others.iter().map(|days| facts.in_window(*days)).collect();
    let all: Vec<&Facts<'_>> = std::iter::once(facts).chain(&windows).collect();
    let asked: Vec<(&Facts<'_>, ChannelIx)> =
        all.iter().flat_map(|facts| facts.inventory.channels().map(|(ix, _)| (*facts, ix))).collect();
    let mut scored = on_all_cores(&asked, |(facts, ix)| judge::score(facts, weights, *ix)).into_iter();
    let sets: Vec<(&Facts<'_>, Vec<Scored>)> = all
        .into_iter()
        .map(|facts| (facts, scored.by_ref().take(facts.inventory.channels.len()).collect()))
        .collect();
    let mut judged = on_all_cores(sets, |(facts, scored)| judge::together(facts, scored)).into_iter();
    let here = judged.next().unwrap_or_default();
    (here, others.into_iter().zip(judged).map(|(days, judged)| Elsewhere { days, judged }).collect())
}

/// The windows in which another verdict would stand than this one, ascending.
pub(super) fn that_differ(facts: &Facts<'_>, here: &Judged, elsewhere: &[Elsewhere]) -> Vec<OtherWindow> {
    let ix: ChannelIx = here.scored.channel;
    elsewhere
        .iter()
        .filter_map(|window| {
            let there = window.judged.get(ix.0)?;
            (there.decision.call != here.decision.call).then(|| OtherWindow {
                days: window.days,
                call: there.decision.call,
                words: there.decision.words.to_owned(),
                because: moved_most(facts, &here.scored, &there.scored),
            })
        })
        .collect()
}

/// The reading whose rating moves most between two windows, by its weight.
fn moved_most(facts: &Facts<'_>, here: &Scored, there: &Scored) -> String {
    let criteria = facts.criteria;
    let weights = axis::global_weights(criteria, &here.scores, here.has_worth);
    let moved = weights.into_iter().filter_map(|(c, i, score, weight)| {
        let other = there.scores.get(c)?.indicators.get(i)?;
        let (was, is) = (score.rating?, other.rating?);
        let by = weight * ((is.low - was.low).abs() + (is.high - was.high).abs());
        let title = criteria.criteria[c].indicators[i].title.get(Language::English);
        let say = |reading: &Reading| reading.known().map_or("not known".to_owned(), |k| percent(k.value));
        (by > 0.0)
            .then(|| (by, format!("{title}: {} instead of {}", say(&other.reading), say(&score.reading))))
    });
    let gate = here.gates.iter().zip(&there.gates).find(|(was, is)| was.outcome != is.outcome);
    moved
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, words)| words)
        .or_else(|| gate.map(|(_, is)| is.because.clone()))
        .unwrap_or_else(|| "the facts of other channels are others".to_owned())
}
