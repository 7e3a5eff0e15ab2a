//! Journeys reason by reason: hard cases go to the channel that can solve them, so channels are held against
//! each other on the same reasons.

use std::collections::{BTreeMap, BTreeSet};

use super::MOST_EFFORT;
use super::chain::{Chain, Solved};
use super::steps::{Counts, Steps, begun, counts};
use crate::census::view::View;
use crate::inventory::{Channel, EpisodeKey};
use crate::measure::{Facts, Grade, Reading, is_contact, real};
use crate::quantity::{Interval, Z_95};

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
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Here.
    pub own: Reading,
    /// In the other channels.
    pub others: Reading,
    /// The part of its visits whose reasons others have too.
    pub covered: f64,
}

/// Journeys about one reason.
struct Stratum<'a> {
    /// Blank: reasons with few journeys, together with those not noted.
    reason: &'a str,
    counts: BTreeMap<&'a str, Counts>,
    /// Visits of all channels of people, and those of them that end resolved.
    people: (i64, i64),
    chain: Chain,
    solved: Option<Solved>,
}

/// Journeys by reason; empty where episodes are not cut by reason.
pub(super) struct Strata<'a>(Vec<Stratum<'a>>);

impl<'a> Strata<'a> {
    /// Reasons with few journeys stand together. As many others stand alone as can be solved with the effort
    /// that there is, the most frequent ones.
    pub(super) fn of(facts: &Facts<'_>, view: View<'a>, whole: &Chain) -> Self {
        if view.episode_key() != EpisodeKey::CustomerAndReason || whole.effort() > MOST_EFFORT {
            return Self(Vec::new());
        }
        let least = i64::from(facts.criteria.defaults.least_episodes);
        let mut reasons: Vec<(i64, &str, Steps<'a>)> = view
            .steps_by_reason()
            .into_iter()
            .map(|(reason, steps)| (begun(&steps), reason, steps))
            .collect();
        reasons.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let most = (MOST_EFFORT / whole.effort().max(1.0)) as usize;
        let mut strata: BTreeMap<&str, Steps<'a>> = BTreeMap::new();
        for (place, (episodes, reason, steps)) in reasons.into_iter().enumerate() {
            let reason = if episodes < least || place >= most { "" } else { reason };
            let all = strata.entry(reason).or_default();
            for (step, n) in steps {
                let sum = all.entry(step).or_default();
                *sum = sum.saturating_add(n);
            }
        }
        let channels = facts.inventory.channels().filter(|(_, c)| is_contact(c));
        let people: BTreeSet<&str> = channels.map(|(_, c)| c.id.as_str()).collect();
        Self(strata.into_iter().map(|(reason, steps)| Stratum::of(reason, &steps, &people)).collect())
    }

    /// What they tell of a channel; `None` where there is but one. `(grade, from)`: how its journeys are known.
    pub(super) fn tell(
        &self,
        facts: &Facts<'_>,
        channel: &Channel,
        known: (Grade, String),
    ) -> Option<ByReason> {
        if self.0.len() < 2 {
            return None;
        }
        let counted = |s: &Stratum<'_>| Some((s.reason.to_owned(), *s.counts.get(channel.id.as_str())?));
        let mut reasons: Vec<(String, Counts)> =
            self.0.iter().filter_map(counted).filter(|(_, counts)| counts.visits > 0).collect();
        reasons.sort_by(|a, b| b.1.visits.cmp(&a.1.visits).then_with(|| a.0.cmp(&b.0)));
        let least = real(i64::from(facts.criteria.defaults.least_episodes));
        Some(ByReason { reasons, ends: self.ends(&channel.id), alike: self.alike(channel, least, known) })
    }

    /// The ends where a journey never leaves its reason: of all that is resolved, what would not be.
    fn ends(&self, id: &str) -> Option<(f64, f64)> {
        let (mut whole, mut rerouted, mut lost) = (0.0, 0.0, 0.0);
        for Stratum { chain, solved, .. } in &self.0 {
            let (solved, episodes) = (solved.as_ref()?, chain.episodes());
            let resolved = solved.resolved();
            let without = chain.position(id).map_or((resolved, resolved), |i| solved.without(i));
            whole += episodes * resolved;
            rerouted += episodes * without.0;
            lost += episodes * without.1;
        }
        (whole > 0.0).then(|| (1.0 - rerouted / whole, 1.0 - lost / whole))
    }

    /// Reasons that stand together are not the same reason: they are left out.
    fn alike(&self, channel: &Channel, least: f64, known: (Grade, String)) -> Option<Alike> {
        let (mut all, mut common, mut hits, mut theirs, mut variance) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for Stratum { reason, counts, people, .. } in &self.0 {
            let own = counts.get(channel.id.as_str()).copied().unwrap_or_default();
            let visits = real(own.visits);
            all += visits;
            let among = if is_contact(channel) { own } else { Counts::default() };
            let n = real(people.0.saturating_sub(among.visits));
            if reason.is_empty() || n < least {
                continue;
            }
            let p = real(people.1.saturating_sub(among.resolved)) / n;
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
        let range = Interval::new((others - half).max(0.0), (others + half).min(1.0));
        let (grade, from) = known;
        Some(Alike {
            own: Reading::share(hits, common, grade, from.clone(), "no visit has a reason that others have"),
            others: Reading::ranged(others, range, grade, None, from),
            covered: common / all,
        })
    }
}

impl<'a> Stratum<'a> {
    fn of(reason: &'a str, steps: &Steps<'a>, people: &BTreeSet<&str>) -> Self {
        let (chain, counts) = (Chain::new(steps), counts(steps));
        let people =
            counts.iter().filter(|(id, _)| people.contains(*id)).fold((0_i64, 0_i64), |sum, (_, c)| {
                (sum.0.saturating_add(c.visits), sum.1.saturating_add(c.resolved))
            });
        Self { reason, counts, people, solved: chain.solve(), chain }
    }
}
