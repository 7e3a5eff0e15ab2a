//! What part a channel plays in journeys: where they begin, go on, end well and leak, with intervals, in words
//! and reason by reason. Credit is correlation: hard cases go to the channel that can solve them, so channels
//! are also held against each other on the same reasons.

use std::collections::BTreeMap;

use super::chain::{Chain, RESOLVED, START, Solved, UNRESOLVED};
use super::intervals::{self, Ends, Estimate};
use crate::census::view::View;
use crate::inventory::{ChannelIx, EpisodeKey};
use crate::measure::{Facts, Grade, Reading, is_contact, percent, real, thousands};
use crate::quantity::{Interval, Z_95, wilson};
use crate::text::clean;

/// How often each step was counted.
type Steps<'a> = BTreeMap<(&'a str, &'a str), i64>;

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

/// Journeys and steps of a channel. Repeats in place are no steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Journeys that touch it.
    pub episodes: i64,
    /// Journeys that begin in it.
    pub entered: i64,
    /// Visits: times that a journey leaves it.
    pub visits: i64,
    /// Visits that end the journey resolved.
    pub resolved: i64,
    /// Visits that end it unresolved.
    pub unresolved: i64,
    /// Visits that go on in another channel.
    pub passed_on: i64,
}

impl Counts {
    fn of(steps: &Steps<'_>, id: &str, episodes: Option<i64>) -> Self {
        let mut counts = Self { entered: at(steps, START, id), ..Self::default() };
        for ((_, to), n) in steps.iter().filter(|((from, to), _)| *from == id && *to != id) {
            counts.visits = counts.visits.saturating_add(*n);
            let part = match *to {
                RESOLVED => &mut counts.resolved,
                UNRESOLVED => &mut counts.unresolved,
                _ => &mut counts.passed_on,
            };
            *part = part.saturating_add(*n);
        }
        counts.episodes = episodes.unwrap_or(counts.visits);
        counts
    }
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

/// A role reason by reason.
#[derive(Debug, Clone, PartialEq)]
pub struct ByReason {
    /// Each reason with enough journeys in all, those first in which the channel has most; the rest together.
    pub reasons: Vec<(String, Counts)>,
    /// The ends where each reason is a chain of its own: rerouted and lost.
    pub ends: Option<(f64, f64)>,
    /// Held against the other channels on the same reasons; `None` where no other has them.
    pub alike: Option<Alike>,
}

/// Visits that end resolved here, and in other channels of people, with the same mix of reasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// Here.
    pub own: Estimate,
    /// In the other channels.
    pub others: Estimate,
    /// The part of its visits whose reasons others have too.
    pub covered: f64,
}

fn at(steps: &Steps<'_>, from: &str, to: &str) -> i64 {
    steps.get(&(from, to)).copied().unwrap_or(0)
}

/// All journeys, solved once for all channels.
pub(in crate::measure) struct Journeys<'a> {
    view: View<'a>,
    steps: &'a Steps<'a>,
    chain: Chain,
    ends: Option<Vec<Ends>>,
    /// Why there are none.
    undefined: &'static str,
    episodes: i64,
    resolved: i64,
    /// Steps by reason, with the chain of each and its solution; blank for reasons with few journeys
    /// together. Empty where episodes are not cut by reason.
    reasons: Vec<(String, Steps<'a>, Chain, Option<Solved>)>,
}

impl<'a> Journeys<'a> {
    pub(in crate::measure) fn of(facts: &'a Facts<'_>, view: View<'a>) -> Self {
        let steps = &facts.steps;
        let chain = Chain::new(steps);
        let sum = |end: &dyn Fn(&str, &str) -> bool| {
            steps.iter().filter(|((f, t), _)| end(f, t)).map(|(_, n)| *n).fold(0, i64::saturating_add)
        };
        let (episodes, resolved) = (sum(&|f, _| f == START), sum(&|_, t| t == RESOLVED));
        let draws = facts.default("bootstrap_draws");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let ends = intervals::ends(&chain, draws as usize);
        let undefined = match resolved {
            0 => "no journey ends resolved, so nothing can be lost",
            _ => "the steps have no end: some channels only pass on to each other",
        };
        let reasons = by_reason(facts, view);
        Self { view, steps, chain, ends, undefined, episodes, resolved, reasons }
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
        let counts = Counts::of(self.steps, id, self.view.reach(id));
        let least = i64::from(facts.criteria.defaults.least_episodes);
        if counts.episodes < least || counts.visits < least {
            let because = format!("fewer than {least} journeys touch it");
            return Some(Role { counts, shares: Err(because), sentence: few(&counts) });
        }
        let coverage = facts.identified(ix).unwrap_or(0.0);
        let measured = coverage >= facts.criteria.defaults.id_coverage && self.view.parts() == 1;
        let grade = if measured { Grade::Measured } else { Grade::Estimated };
        let from = match coverage {
            all if all >= 1.0 => "logs".to_owned(),
            some => format!("logs, ids on {} of contacts", percent(some)),
        };
        let share = |hits: i64, n: i64| {
            Reading::share(real(hits), real(n), grade, from.clone(), "no journey ends resolved")
        };
        let ends = self.ends.as_ref().and_then(|ends| ends.get(i)).copied();
        let all: f64 = self.ends.iter().flatten().map(|ends| ends.lost.value).sum();
        let mut passed_to: Vec<(String, f64)> = self
            .steps
            .iter()
            .filter(|((f, t), _)| *f == id && *t != id && ![RESOLVED, UNRESOLVED].contains(t))
            .map(|((_, to), n)| ((*to).to_owned(), real(*n) / real(counts.visits)))
            .collect();
        passed_to.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let by_reason = self.by_reason(facts, id);
        Some(Role {
            sentence: sentence(id, &counts, self.resolved, ends.as_ref(), by_reason.as_ref()),
            shares: Ok(Shares {
                words: words(facts, &counts, self.episodes, self.resolved, one_contact),
                entry: share(counts.entered, self.episodes),
                last: share(counts.resolved, self.resolved),
                resolves_here: share(counts.resolved, counts.visits),
                leak: share(counts.unresolved, counts.visits),
                passed_on: share(counts.passed_on, counts.visits),
                passed_to,
                ends: ends.ok_or_else(|| self.undefined.to_owned()),
                credit: ends.filter(|_| all > 0.0).map(|ends| ends.lost.value / all * real(self.resolved)),
                by_reason,
            }),
            counts,
        })
    }

    fn by_reason(&self, facts: &Facts<'_>, id: &str) -> Option<ByReason> {
        if self.reasons.len() < 2 {
            return None;
        }
        let mut reasons: Vec<(String, Counts)> = self
            .reasons
            .iter()
            .map(|(reason, steps, ..)| (reason.clone(), Counts::of(steps, id, None)))
            .filter(|(_, counts)| counts.visits > 0)
            .collect();
        reasons.sort_by(|a, b| b.1.visits.cmp(&a.1.visits).then_with(|| a.0.cmp(&b.0)));
        Some(ByReason { reasons, ends: self.ends_by_reason(id), alike: self.alike(facts, id) })
    }

    /// The ends where a journey never leaves its reason: of all that is resolved, what would not be.
    fn ends_by_reason(&self, id: &str) -> Option<(f64, f64)> {
        let (mut whole, mut rerouted, mut lost) = (0.0, 0.0, 0.0);
        for (_, _, chain, solved) in &self.reasons {
            let (solved, episodes) = (solved.as_ref()?, chain.episodes());
            let resolved = solved.resolved();
            let without = chain.position(id).map_or((resolved, resolved), |i| solved.without(i));
            whole += episodes * resolved;
            rerouted += episodes * without.0;
            lost += episodes * without.1;
        }
        (whole > 0.0).then(|| (1.0 - rerouted / whole, 1.0 - lost / whole))
    }

    fn alike(&self, facts: &Facts<'_>, id: &str) -> Option<Alike> {
        let least = real(i64::from(facts.criteria.defaults.least_episodes));
        let (mut all, mut common, mut hits, mut theirs, mut variance) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (_, steps, ..) in &self.reasons {
            let own = Counts::of(steps, id, None);
            let visits = real(own.visits);
            all += visits;
            let others = facts.inventory.channels().filter(|(_, c)| c.id != id && is_contact(c));
            let (n, resolved) = others
                .map(|(_, c)| Counts::of(steps, &c.id, None))
                .fold((0.0, 0.0), |sum, c| (sum.0 + real(c.visits), sum.1 + real(c.resolved)));
            if n < least {
                continue;
            }
            let p = resolved / n;
            common += visits;
            hits += real(own.resolved);
            theirs += visits * p;
            variance += visits * visits * p * (1.0 - p) / n;
        }
        if common < least {
            return None;
        }
        let others = theirs / common;
        let half = Z_95 * variance.sqrt() / common;
        Some(Alike {
            own: Estimate { value: hits / common, range: wilson(hits, common)? },
            others: Estimate {
                value: others,
                range: Interval::new((others - half).max(0.0), (others + half).min(1.0)),
            },
            covered: common / all,
        })
    }
}

/// Steps by reason, the reasons with few journeys together under a blank.
fn by_reason<'a>(facts: &Facts<'_>, view: View<'a>) -> Vec<(String, Steps<'a>, Chain, Option<Solved>)> {
    if view.episode_key() != EpisodeKey::CustomerAndReason {
        return Vec::new();
    }
    let least = i64::from(facts.criteria.defaults.least_episodes);
    let mut reasons: BTreeMap<&str, Steps<'a>> = BTreeMap::new();
    for (reason, steps) in view.steps_by_reason() {
        let episodes =
            steps.iter().filter(|((f, _), _)| *f == START).map(|(_, n)| *n).fold(0, i64::saturating_add);
        let reason = if episodes < least { "" } else { reason };
        let all = reasons.entry(reason).or_default();
        for (step, n) in steps {
            let sum = all.entry(step).or_default();
            *sum = sum.saturating_add(n);
        }
    }
    let solve = |(reason, steps): (&str, Steps<'a>)| {
        let chain = Chain::new(&steps);
        let solved = chain.solve();
        (reason.to_owned(), steps, chain, solved)
    };
    reasons.into_iter().map(solve).collect()
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

/// `only 12 journeys touch it: 5 begin here, …`: too few for shares.
fn few(counts: &Counts) -> String {
    format!(
        "too few journeys for a role: {} touch it, {} begin here, {} end here resolved and {} unresolved, {} go on elsewhere",
        counts.episodes, counts.entered, counts.resolved, counts.unresolved, counts.passed_on
    )
}

/// `11 of 16 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions …`.
fn sentence(
    id: &str,
    counts: &Counts,
    all: i64,
    ends: Option<&Ends>,
    by_reason: Option<&ByReason>,
) -> String {
    let Some(ends) = ends else { return "no journey ends resolved, so no role can be told".into() };
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
        some => format!("between {} and {} of resolutions would be at risk", percent(some), percent(high)),
    };
    let (last, all) = (thousands(real(counts.resolved)), thousands(real(all)));
    let mut text = format!("{last} of {all} resolved journeys end on {}; if it vanished, {risk}", clean(id));
    if let Some(alike) = by_reason.and_then(|by| by.alike) {
        let (own, others) = (percent(alike.own.value), percent(alike.others.value));
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
    use super::*;

    fn ends(rerouted: f64, lost: f64) -> Ends {
        let at = |value| Estimate { value, range: Interval::point(value) };
        Ends { rerouted: at(rerouted), lost: at(lost) }
    }

    fn of(resolved: i64, ends: Option<&Ends>) -> String {
        let counts = Counts { resolved, ..Counts::default() };
        sentence("phone", &counts, 16, ends, None)
    }

    #[test]
    fn both_ends_are_named() {
        assert_eq!(
            of(11, Some(&ends(11.0 / 36.0, 11.0 / 16.0))),
            "11 of 16 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions would be at risk"
        );
        assert_eq!(
            of(3, Some(&ends(-31.0 / 224.0, 29.0 / 80.0))),
            "3 of 16 resolved journeys end on phone; if it vanished, between 14% more would be resolved, if its customers turned to the other entrances, and 36% fewer, if they were lost"
        );
        assert_eq!(
            of(3, Some(&ends(-0.004, 0.36))),
            "3 of 16 resolved journeys end on phone; if it vanished, between none and 36% of resolutions would be at risk"
        );
        assert_eq!(of(0, None), "no journey ends resolved, so no role can be told");
    }
}
