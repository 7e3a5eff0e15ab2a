//! The paths that journeys take: how often, how they end, what they cost.

use std::collections::BTreeMap;

use super::{Facts, money, real};
use crate::census::view::View;
use crate::census::{Column, Sums};
use crate::quantity::Interval;

/// Journeys that touch the same channels in the same order; contacts that follow one another in a channel are
/// one stop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JourneyPath {
    /// Channel ids parted by ` > `, six at most; a longer path ends in `...`.
    pub text: String,
    /// Journeys.
    pub episodes: i64,
    /// Of all journeys.
    pub share: f64,
    /// Of them, those that ended resolved.
    pub resolved: i64,
    /// Contacts of one journey on average, repeats in place included.
    pub contacts_each: f64,
    /// What its contacts cost on average, major currency units; `None` where the cost of a contact is not
    /// known in a channel that it touches.
    pub cost_each: Option<Interval>,
}

/// Contacts by their own channel.
type Contacts<'c> = Vec<(&'c str, &'c Sums)>;

/// All paths, most frequent first; `None` where the census does not count them.
pub(super) fn paths(facts: &Facts<'_>, view: View<'_>) -> Option<Vec<JourneyPath>> {
    let rows = view.paths()?;
    let mut all = 0_i64;
    let mut found: BTreeMap<&str, (JourneyPath, Contacts<'_>)> = BTreeMap::new();
    for (text, own, sums) in rows {
        let (path, contacts) = found.entry(text).or_default();
        if !own.is_empty() {
            contacts.push((own, sums));
            continue;
        }
        path.episodes = path.episodes.saturating_add(sums[Column::Contacts]);
        path.resolved = path.resolved.saturating_add(sums[Column::Resolved]);
        all = all.saturating_add(sums[Column::Contacts]);
    }
    // Many paths touch a channel, its cost is one.
    let mut costs: BTreeMap<&str, Option<Interval>> = BTreeMap::new();
    let mut each = |channel| {
        let cost = || money::per_contact(facts, facts.inventory.find_channel(channel)?);
        *costs.entry(channel).or_insert_with(cost)
    };
    let mut paths = Vec::with_capacity(found.len());
    for (text, (path, contacts)) in found.into_iter().filter(|(_, (path, _))| path.episodes > 0) {
        let one = 1.0 / real(path.episodes);
        let number = contacts.iter().map(|(_, sums)| sums[Column::Contacts]).fold(0, i64::saturating_add);
        paths.push(JourneyPath {
            text: text.to_owned(),
            share: real(path.episodes) / real(all),
            contacts_each: real(number) * one,
            cost_each: money::of_contacts(contacts, &mut each).map(|cost| cost.scale(one)),
            ..path
        });
    }
    paths.sort_by(|a, b| b.episodes.cmp(&a.episodes).then_with(|| a.text.cmp(&b.text)));
    Some(paths)
}
