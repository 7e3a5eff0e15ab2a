//! The customers a channel is for: which segments, how many of them can use it, which languages they
//! speak. Owns the rule that a kind outranks its group; never guesses where nobody said.

use crate::criteria::kind::Kind;
use crate::inventory::{Channel, Inventory, Segment, UseOf};
use crate::quantity::Interval;
use crate::text::source::Place;

/// Segments a channel is meant for, each with its share among them. `None` where there are no
/// segments, or where shares are missing and there is more than one.
pub(super) fn meant_for<'a>(inventory: &'a Inventory, channel: &Channel) -> Option<Vec<(&'a Segment, f64)>> {
    let chosen: Vec<&Segment> = match &channel.meant_for {
        Some(list) if !list.is_empty() => list.iter().filter_map(|s| inventory.segments.get(s.0)).collect(),
        _ => inventory.segments.iter().collect(),
    };
    if let [one] = chosen.as_slice() {
        return Some(vec![(one, 1.0)]);
    }
    let shares: Option<Vec<f64>> = chosen.iter().map(|s| s.share).collect();
    let shares = shares?;
    let total: f64 = shares.iter().sum();
    (total > 0.0).then(|| chosen.into_iter().zip(shares).map(|(s, share)| (s, share / total)).collect())
}

/// Share of a segment that is able and willing to use a kind, with the place where it stands; `None`
/// where nobody said.
pub(super) fn uses<'a>(segment: &'a Segment, kind: &Kind) -> Option<(Interval, &'a Place)> {
    let of = |wanted: &UseOf| segment.uses.iter().find(|(u, _)| u == wanted).map(|(_, l)| (l.value, &l.at));
    of(&UseOf::Kind(kind.id.clone())).or_else(|| of(&UseOf::Group(kind.group.clone()?)))
}

/// Languages that members of a segment speak; the organisation's where the segment names none.
pub(super) fn languages<'a>(inventory: &'a Inventory, segment: &'a Segment) -> &'a [String] {
    if segment.languages.is_empty() { &inventory.organisation.languages } else { &segment.languages }
}
