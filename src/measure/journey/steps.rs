//! Journeys and steps of each channel as counted. Repeats in place are no steps.

use std::collections::BTreeMap;

use super::chain::{RESOLVED, START, UNRESOLVED};

/// How often each step was counted.
pub(super) type Steps<'a> = BTreeMap<(&'a str, &'a str), i64>;

/// Journeys and steps of a channel.
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

/// The counts of every channel, from one look at each step. Steps do not tell how many journeys touch it.
pub(super) fn counts<'a>(steps: &Steps<'a>) -> BTreeMap<&'a str, Counts> {
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for ((from, to), n) in steps.iter().filter(|((from, to), _)| from != to) {
        if *from == START {
            let entered = &mut all.entry(to).or_default().entered;
            *entered = entered.saturating_add(*n);
            continue;
        }
        let counts = all.entry(from).or_default();
        counts.visits = counts.visits.saturating_add(*n);
        let part = match *to {
            RESOLVED => &mut counts.resolved,
            UNRESOLVED => &mut counts.unresolved,
            _ => &mut counts.passed_on,
        };
        *part = part.saturating_add(*n);
    }
    all
}

/// Journeys that begin, wherever.
pub(super) fn begun(steps: &Steps<'_>) -> i64 {
    sum(steps, |from, _| from == START)
}

/// Journeys that end resolved.
pub(super) fn resolved(steps: &Steps<'_>) -> i64 {
    sum(steps, |_, to| to == RESOLVED)
}

fn sum(steps: &Steps<'_>, which: impl Fn(&str, &str) -> bool) -> i64 {
    steps.iter().filter(|((from, to), _)| which(from, to)).map(|(_, n)| *n).fold(0, i64::saturating_add)
}
