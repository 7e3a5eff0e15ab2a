//! The paths that journeys take: how often, how they end, what they cost.

use std::collections::BTreeMap;

use super::{Facts, money, real};
use crate::census::Column;
use crate::census::view::View;
use crate::quantity::Interval;

/// Journeys that touch the same channels in the same order; contacts that follow one another in a channel are
/// one stop.
#[derive(Debug, Clone, PartialEq)]
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

/// All paths, most frequent first; `None` where the census does not count them.
pub(super) fn paths(facts: &Facts<'_>, view: View<'_>) -> Option<Vec<JourneyPath>> {
    let rows = view.paths()?;
    // The paths that touch a channel are many, its cost is one.
    let mut costs: BTreeMap<&str, Option<Interval>> = BTreeMap::new();
    let mut paths: BTreeMap<&str, JourneyPath> = BTreeMap::new();
    let mut all = 0_i64;
    for (text, own, sums) in rows {
        let path = paths.entry(text).or_insert_with(|| JourneyPath {
            text: text.to_owned(),
            episodes: 0,
            share: 0.0,
            resolved: 0,
            contacts_each: 0.0,
            cost_each: Some(Interval::point(0.0)),
        });
        if own.is_empty() {
            path.episodes = path.episodes.saturating_add(sums[Column::Contacts]);
            path.resolved = path.resolved.saturating_add(sums[Column::Resolved]);
            all = all.saturating_add(sums[Column::Contacts]);
            continue;
        }
        path.contacts_each += real(sums[Column::Contacts]);
        let cost =
            costs.entry(own).or_insert_with(|| money::per_contact(facts, facts.inventory.find_channel(own)?));
        path.cost_each = path.cost_each.and_then(|sum| Some(sum + (*cost)?.scale(money::paid(sums))));
    }
    let mut paths: Vec<JourneyPath> = paths
        .into_values()
        .filter(|path| path.episodes > 0)
        .map(|path| {
            let each = 1.0 / real(path.episodes);
            JourneyPath {
                share: real(path.episodes) / real(all),
                contacts_each: path.contacts_each * each,
                cost_each: path.cost_each.map(|cost| cost.scale(each)),
                ..path
            }
        })
        .collect();
    paths.sort_by(|a, b| b.episodes.cmp(&a.episodes).then_with(|| a.text.cmp(&b.text)));
    Some(paths)
}
