//! What part a channel plays in journeys: where they begin, go on, end well and leak, with intervals and in
//! words. Credit is correlation: hard cases go to the channel that can solve them.

use std::collections::BTreeMap;

use super::MOST_EFFORT;
use super::chain::{Chain, RESOLVED, UNRESOLVED};
use super::intervals::{self, Ends};
use super::steps::{Counts, begun, counts, resolved};
use super::strata::{ByReason, Strata};
use crate::census::view::View;
use crate::inventory::ChannelIx;
use crate::measure::{Facts, Grade, Reading, percent, real, thousands};
use crate::text::clean;

/// A channel's part in journeys.
#[derive(Debug, Clone)]
pub struct Role {
    /// What was counted, however little.
    pub counts: Counts,
    /// Shares and ends; why not, where too few journeys touch the channel.
    pub shares: Result<Shares, String>,
    /// One sentence for the reader, never the bare number.
    pub sentence: String,
}

/// Shares of a channel's journeys.
#[derive(Debug, Clone)]
pub struct Shares {
    /// `door`, `resolver`, `bridge`, `leak`, `self-contained`.
    pub words: Vec<String>,
    /// Of all journeys, those that begin here.
    pub entry: Reading,
    /// Of all resolved journeys, those that end here.
    pub last: Reading,
    /// Of visits here, those that end the journey resolved.
    pub resolves_here: Reading,
    /// Of visits here, those that end it unresolved.
    pub leak: Reading,
    /// Of visits here, those that go on elsewhere.
    pub passed_on: Reading,
    /// Where they go on, most often first: channel id and share of visits.
    pub passed_to: Vec<(String, f64)>,
    /// What would not be resolved without it; why that cannot be told, where it cannot.
    pub ends: Result<Ends, String>,
    /// Its part of all resolved journeys: its lost end over the sum of all channels' lost ends.
    pub credit: Option<f64>,
    /// Reason by reason; `None` where episodes are not cut by reason, or only one reason was noted.
    pub by_reason: Option<ByReason>,
}

/// All journeys, solved once for all channels.
pub(in crate::measure) struct Journeys<'a> {
    view: View<'a>,
    counts: BTreeMap<&'a str, Counts>,
    chain: Chain,
    ends: Option<Vec<Ends>>,
    /// Why there are none.
    undefined: String,
    episodes: i64,
    resolved: i64,
    strata: Strata<'a>,
}

impl<'a> Journeys<'a> {
    pub(in crate::measure) fn of(facts: &'a Facts<'_>, view: View<'a>) -> Self {
        let steps = &facts.steps;
        let chain = Chain::new(steps);
        let (episodes, resolved) = (begun(steps), resolved(steps));
        let draws = facts.default("bootstrap_draws");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let ends = intervals::ends(&chain, draws as usize);
        let undefined = match resolved {
            _ if chain.effort() > MOST_EFFORT => {
                format!("{} channels are too many to solve their chain", chain.names.len())
            }
            0 => "no journey ends resolved, so nothing can be lost".to_owned(),
            _ => "the steps have no end: some channels only pass on to each other".to_owned(),
        };
        let strata = Strata::of(facts, view, &chain);
        Self { view, counts: counts(steps), chain, ends, undefined, episodes, resolved, strata }
    }

    /// The role of a channel; `None` where no journey touches it.
    pub(in crate::measure) fn role(
        &self,
        facts: &Facts<'_>,
        ix: ChannelIx,
        one_contact: Option<f64>,
    ) -> Option<Role> {
        let id = facts.channel(ix).id.as_str();
        let i = self.chain.position(id)?;
        let counts = self.counts.get(id).copied().unwrap_or_default();
        let counts = Counts { episodes: self.view.reach(id).unwrap_or(counts.visits), ..counts };
        let least = i64::from(facts.criteria.defaults.least_episodes);
        if counts.episodes < least || counts.visits < least {
            let because = format!("fewer than {least} journeys touch it");
            return Some(Role { counts, shares: Err(because), sentence: few(&counts) });
        }
        let (grade, from) = self.known(facts, ix);
        let share = |hits: i64, n: i64| {
            Reading::share(real(hits), real(n), grade, from.clone(), "no journey ends resolved")
        };
        let ends = self.ends.as_ref().and_then(|ends| ends.get(i)).copied();
        let all: f64 = self.ends.iter().flatten().map(|ends| ends.lost.value).sum();
        let mut passed_to: Vec<(String, f64)> = facts
            .steps_from(id)
            .filter(|(to, _)| ![RESOLVED, UNRESOLVED].contains(to))
            .map(|(to, n)| (to.to_owned(), real(n) / real(counts.visits)))
            .collect();
        passed_to.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let by_reason = self.strata.tell(facts, facts.channel(ix), (grade, from.clone()));
        Some(Role {
            sentence: match &ends {
                Some(ends) => sentence(id, &counts, self.resolved, ends, by_reason.as_ref()),
                None => format!("no role can be told: {}", self.undefined),
            },
            shares: Ok(Shares {
                words: words(facts, &counts, self.episodes, self.resolved, one_contact),
                entry: share(counts.entered, self.episodes),
                last: share(counts.resolved, self.resolved),
                resolves_here: share(counts.resolved, counts.visits),
                leak: share(counts.unresolved, counts.visits),
                passed_on: share(counts.passed_on, counts.visits),
                passed_to,
                ends: ends.ok_or_else(|| self.undefined.clone()),
                credit: ends.filter(|_| all > 0.0).map(|ends| ends.lost.value / all * real(self.resolved)),
                by_reason,
            }),
            counts,
        })
    }

    /// How a share of the journeys of a channel is known.
    fn known(&self, facts: &Facts<'_>, ix: ChannelIx) -> (Grade, String) {
        let (grade, from) = facts.of_identified(ix, "contacts");
        (if self.view.parts() == 1 { grade } else { Grade::Estimated }, from)
    }
}

/// The words of a role, by the thresholds of the method.
fn words(
    facts: &Facts<'_>,
    counts: &Counts,
    episodes: i64,
    resolved: i64,
    one_contact: Option<f64>,
) -> Vec<String> {
    let share = |a: i64, b: i64| if b > 0 { real(a) / real(b) } else { 0.0 };
    let (entry, last) = (share(counts.entered, episodes), share(counts.resolved, resolved));
    let least = |name: &str| facts.criteria.verdicts.number(name);
    let words = [
        ("door", entry > 0.0 && entry >= least("door") * last),
        ("resolver", last > 0.0 && last >= least("resolver") * entry),
        ("bridge", share(counts.passed_on, counts.visits) >= least("bridge")),
        ("leak", share(counts.unresolved, counts.visits) >= least("leak")),
        ("self-contained", one_contact.is_some_and(|ocr| ocr >= least("self_contained"))),
    ];
    words.iter().filter(|(_, holds)| *holds).map(|(word, _)| (*word).to_owned()).collect()
}

/// `too few journeys for a role: 12 touch it, 5 begin here, …`.
fn few(counts: &Counts) -> String {
    format!(
        "too few journeys for a role: {} touch it, {} begin here, {} end here resolved and {} unresolved, {} go on elsewhere",
        counts.episodes, counts.entered, counts.resolved, counts.unresolved, counts.passed_on
    )
}

/// `11 of 16 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions …`.
fn sentence(id: &str, counts: &Counts, all: i64, ends: &Ends, by_reason: Option<&ByReason>) -> String {
    let (rerouted, lost) = (ends.rerouted.value, ends.lost.value);
    let (low, high) = (rerouted.min(lost), rerouted.max(lost).max(0.0));
    let risk = match low {
        more if more <= -NOTHING => format!(
            "between {} more would be resolved, if its customers turned to the other entrances, and {} fewer, if they were lost",
            percent(-more),
            percent(high)
        ),
        none if none < NOTHING => {
            format!("between none and {} of resolutions would be at risk", percent(high))
        }
        some if percent(some) == percent(high) => {
            format!("{} of resolutions would be at risk", percent(high))
        }
        some => format!("between {} and {} of resolutions would be at risk", percent(some), percent(high)),
    };
    let (last, all) = (thousands(real(counts.resolved)), thousands(real(all)));
    let mut text = format!("{last} of {all} resolved journeys end on {}; if it vanished, {risk}", clean(id));
    if let Some(alike) = by_reason.and_then(|by| by.alike.as_ref()) {
        let value = |share: &Reading| share.known().map_or_else(String::new, |known| percent(known.value));
        let (own, others) = (value(&alike.own), value(&alike.others));
        text.push_str(&format!(
            "; of the same reasons it ends {own} of visits resolved, other channels {others}"
        ));
    }
    text
}

/// Under half a percent nothing is printed.
const NOTHING: f64 = 0.005;

#[cfg(test)]
mod sentences {
    use super::super::intervals::Estimate;
    use super::*;

    fn of(resolved: i64, rerouted: f64, lost: f64) -> String {
        let at = |value| Estimate { value, range: None };
        let counts = Counts { resolved, ..Counts::default() };
        sentence("phone", &counts, 16, &Ends { rerouted: at(rerouted), lost: at(lost) }, None)
    }

    #[test]
    fn both_ends_are_named() {
        assert_eq!(
            of(11, 11.0 / 36.0, 11.0 / 16.0),
            "11 of 16 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions would be at risk"
        );
        assert_eq!(
            of(3, -31.0 / 224.0, 29.0 / 80.0),
            "3 of 16 resolved journeys end on phone; if it vanished, between 14% more would be resolved, if its customers turned to the other entrances, and 36% fewer, if they were lost"
        );
        assert_eq!(
            of(3, -0.004, 0.36),
            "3 of 16 resolved journeys end on phone; if it vanished, between none and 36% of resolutions would be at risk"
        );
    }
}
