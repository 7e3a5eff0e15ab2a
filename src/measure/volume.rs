//! How much: contacts a year of a channel, and at which moments. Owns the order logs, declared volume,
//! forecast; sessions, views and messages keep their own unit and are never added to contacts.

use std::collections::BTreeMap;

use super::{Facts, is_contact, real};
use crate::census::Column;
use crate::inventory::{ChannelIx, Part, Status, TouchpointIx};
use crate::quantity::Interval;

/// A yearly number: the best single value and its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) range: Interval,
}

impl Amount {
    /// A number that is known exactly.
    pub(super) fn exact(value: f64) -> Self {
        Self { value, range: Interval::point(value) }
    }

    /// A share of it.
    pub(super) fn part(self, share: f64) -> Self {
        Self { value: self.value * share, range: self.range.scale(share) }
    }
}

/// Contacts a year of one channel by touchpoint. Empty where nothing is known.
pub(super) type Demand = BTreeMap<TouchpointIx, Amount>;

/// Whether a census row was begun by the organisation.
pub(super) fn from_organisation(direction: &str) -> bool {
    direction.contains("organisation")
}

/// Factor from the period of the logs to a year.
pub(super) fn to_year(facts: &Facts<'_>) -> Option<f64> {
    let days = facts.census?.days();
    (days > 0).then(|| facts.default("season_days") / real(days))
}

/// Contacts a year: logs, else declared, else forecast.
pub(super) fn yearly(facts: &Facts<'_>, ix: ChannelIx) -> Option<Amount> {
    logged(facts, ix).or_else(|| declared(facts, ix)).or_else(|| forecast(facts, ix))
}

/// … of the logs.
pub(super) fn logged(facts: &Facts<'_>, ix: ChannelIx) -> Option<Amount> {
    let contacts = facts.total(ix)?[Column::Contacts];
    Some(Amount::exact(real(contacts) * to_year(facts)?)).filter(|_| contacts > 0)
}

fn declared(facts: &Facts<'_>, ix: ChannelIx) -> Option<Amount> {
    let volume = facts.channel(ix).volume_per_year.as_ref()?.value;
    Some(widened(facts, volume, volume.width() > 0.0))
}

/// What a channel that is not open (or a trial without logs) expects.
pub(super) fn forecast(facts: &Facts<'_>, ix: ChannelIx) -> Option<Amount> {
    let channel = facts.channel(ix);
    if !matches!(channel.status, Status::Candidate | Status::Pilot) {
        return None;
    }
    let forecast = channel.forecast.as_ref()?;
    let contacts = forecast.contacts_per_year.as_ref()?.value;
    Some(widened(facts, contacts, forecast.contacts_given_as_interval))
}

/// A point is widened by the method's factors for volumes; a given range stands.
fn widened(facts: &Facts<'_>, given: Interval, as_interval: bool) -> Amount {
    let value = given.middle();
    if as_interval {
        return Amount { value, range: given };
    }
    let (low, high) = (facts.default("estimate_factor_low"), facts.default("estimate_factor_high"));
    Amount { value, range: Interval::new(value * low, value * high) }
}

/// Contacts a year at each touchpoint. Logged contacts without a touchpoint are spread like those that
/// have one; where none has one, and for declared volumes, by the part the channel plays.
pub(super) fn demand(facts: &Facts<'_>, ix: ChannelIx) -> Demand {
    let channel = facts.channel(ix);
    let Some(amount) = yearly(facts, ix) else { return Demand::new() };
    let by_part = || parts(facts, ix).into_iter().map(|(t, share)| (t, amount.part(share))).collect();
    let (Some(view), Some(factor), true) = (facts.census, to_year(facts), logged(facts, ix).is_some()) else {
        return by_part();
    };
    let (mut known, mut noted, mut blank) = (BTreeMap::<TouchpointIx, i64>::new(), 0_i64, 0_i64);
    for cell in view.uses(&channel.id) {
        if is_contact(channel) && !channel.kind.outbound_only && from_organisation(cell.direction) {
            continue;
        }
        let n = cell.sums[Column::Contacts];
        if cell.touchpoint.is_empty() {
            blank = blank.saturating_add(n);
            continue;
        }
        noted = noted.saturating_add(n);
        if let Some(t) = facts.inventory.find_touchpoint(cell.touchpoint) {
            *known.entry(t).or_default() += n;
        }
    }
    if noted <= 0 {
        return by_part();
    }
    let spread = 1.0 + real(blank) / real(noted);
    known.into_iter().map(|(t, n)| (t, Amount::exact(real(n) * spread * factor))).collect()
}

/// Shares by the part a channel plays at its touchpoints.
fn parts(facts: &Facts<'_>, ix: ChannelIx) -> Vec<(TouchpointIx, f64)> {
    let secondary = facts.default("secondary_part");
    let weigh = |part: Part| if part == Part::Primary { 1.0 } else { secondary };
    let parts: Vec<_> = facts.channel(ix).touchpoints.iter().map(|(t, p)| (*t, weigh(p.value))).collect();
    normalised(parts)
}

fn normalised(mut weights: Vec<(TouchpointIx, f64)>) -> Vec<(TouchpointIx, f64)> {
    let total: f64 = weights.iter().map(|(_, w)| w).sum();
    if total <= 0.0 {
        return Vec::new();
    }
    weights.iter_mut().for_each(|(_, w)| *w /= total);
    weights
}

/// Share of a channel's contacts at each of its touchpoints.
pub(super) fn weights(facts: &Facts<'_>, ix: ChannelIx) -> Vec<(TouchpointIx, f64)> {
    let demand = facts.demand.get(ix.0);
    let at = |t: &TouchpointIx| demand.and_then(|d| d.get(t)).map_or(0.0, |a| a.value);
    let declared = &facts.channel(ix).touchpoints;
    let counted: Vec<_> = if declared.is_empty() {
        demand.into_iter().flatten().map(|(t, a)| (*t, a.value)).collect()
    } else {
        declared.iter().map(|(t, _)| (*t, at(t))).collect()
    };
    let counted = normalised(counted);
    if counted.is_empty() { parts(facts, ix) } else { counted }
}

/// Contacts a year at a touchpoint over all open channels of unit contact, and whether every channel
/// that serves it has a volume.
pub(super) fn at_touchpoint(facts: &Facts<'_>, touchpoint: TouchpointIx) -> (Vec<(ChannelIx, Amount)>, bool) {
    let (mut list, mut complete) = (Vec::new(), true);
    for (ix, channel) in facts.open_channels().filter(|(_, c)| is_contact(c)) {
        match facts.demand.get(ix.0) {
            Some(demand) if !demand.is_empty() => {
                list.extend(demand.get(&touchpoint).map(|amount| (ix, *amount)));
            }
            _ => complete &= !channel.touchpoints.iter().any(|(t, _)| *t == touchpoint),
        }
    }
    (list, complete)
}
