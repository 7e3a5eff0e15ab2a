//! What a channel costs: running cost a year, cost per contact, cost per resolution (METHOD B). Amounts
//! are major units of the organisation's currency and are never converted. A part nobody knows makes
//! the whole unknown, where it must exist.

use super::volume::{self, Amount};
use super::{Facts, real, staffing};
use crate::census::{Column, Sums};
use crate::inventory::ChannelIx;
use crate::quantity::Interval;

/// Minor units in a major one.
const MINOR: f64 = 100.0;

/// Running cost a year; `None` where what must be paid for is not known.
pub(super) fn running(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    let channel = facts.channel(ix);
    let amount = volume::yearly(facts, ix);
    let fixed = channel.cost.per_year.as_ref().map(|c| c.value);
    let system = system_share(facts, ix);
    let logged = logged_per_contact(facts, ix);
    let each = logged.or_else(|| channel.cost.per_contact.as_ref().map(|c| c.value));
    let people = if channel.kind.is_answered() { Some(people_per_contact(facts, ix)) } else { None };
    let per_contact = match people {
        // A logged cost of each contact can stand for its handling where nothing else is known.
        Some(None) => logged?,
        Some(Some(people)) => people + each.unwrap_or(0.0),
        None => each.unwrap_or(0.0),
    };
    if fixed.is_none() && system.is_none() && per_contact <= 0.0 {
        return None;
    }
    let contacts = if per_contact > 0.0 { handled(facts, ix, amount?).range } else { Interval::point(0.0) };
    Some(contacts.scale(per_contact) + Interval::point(fixed.unwrap_or(0.0) + system.unwrap_or(0.0)))
}

/// Contacts a year that somebody handled: all but those the logs say nobody answered.
fn handled(facts: &Facts<'_>, ix: ChannelIx, amount: Amount) -> Amount {
    let share = facts
        .total(ix)
        .filter(|s| s[Column::Contacts] > 0 && volume::logged(facts, ix).is_some())
        .map(|s| real(not_unanswered(s)) / real(s[Column::Contacts]));
    amount.part(share.unwrap_or(1.0).clamp(0.0, 1.0))
}

/// Contacts but those known to be unanswered.
fn not_unanswered(sums: &Sums) -> i64 {
    let unanswered = sums[Column::AnsweredKnown].saturating_sub(sums[Column::Answered]);
    sums[Column::Contacts].saturating_sub(unanswered).max(0)
}

fn logged_per_contact(facts: &Facts<'_>, ix: ChannelIx) -> Option<f64> {
    let sums = facts.total(ix).filter(|s| s[Column::CostKnown] > 0)?;
    Some(real(sums[Column::CostMinor]) / MINOR / real(sums[Column::CostKnown]))
}

/// What people cost for one contact: a partner's price, else handling time by the cost of a minute at
/// the desk.
fn people_per_contact(facts: &Facts<'_>, ix: ChannelIx) -> Option<f64> {
    let team = facts.inventory.team_of(facts.channel(ix))?;
    if team.partner {
        return team.price_per_contact;
    }
    Some(staffing::handle(facts, ix)?.middle() / 60.0 * per_minute(facts, ix)?)
}

/// What a minute of handling costs in a channel, the time away from the desk and the idle time that go with
/// it included; `None` for a partner, who is paid by the contact.
pub(super) fn per_minute(facts: &Facts<'_>, ix: ChannelIx) -> Option<f64> {
    let team = facts.inventory.team_of(facts.channel(ix)).filter(|team| !team.partner)?;
    let hour = team.cost_per_hour.as_ref()?.value;
    let d = &facts.criteria.defaults;
    let productive = (1.0 - team.shrinkage.unwrap_or(d.shrinkage)) * d.max_occupancy;
    (productive > 0.0).then(|| hour / 60.0 / productive)
}

/// Part of its system's yearly cost, by handling time among the open channels that use it (by contacts
/// where some handling time is not known). Sessions and views take nobody's time: they pay for a system
/// only where no channel that people answer uses it, by number where they count alike, else evenly.
fn system_share(facts: &Facts<'_>, ix: ChannelIx) -> Option<f64> {
    let system_ix = facts.channel(ix).system?;
    let cost = facts.inventory.systems.get(system_ix.0)?.cost_per_year?;
    let mut users: Vec<ChannelIx> = facts
        .inventory
        .channels()
        .filter(|(d, c)| c.system == Some(system_ix) && (*d == ix || !facts.is_candidate(*d)))
        .map(|(d, _)| d)
        .collect();
    if users.iter().any(|d| facts.channel(*d).kind.is_answered()) {
        users.retain(|d| facts.channel(*d).kind.is_answered());
        if !users.contains(&ix) {
            return None;
        }
    }
    let unit = facts.channel(ix).kind.unit;
    let alike = users.iter().all(|d| facts.channel(*d).kind.unit == unit);
    let by_time = users.iter().all(|d| staffing::handle(facts, *d).is_some());
    let weight = |d: ChannelIx| {
        let number = volume::yearly(facts, d).map_or(0.0, |a| a.value);
        let time = if by_time { staffing::handle(facts, d).map_or(0.0, Interval::middle) } else { 1.0 };
        number * time
    };
    let all: f64 = users.iter().map(|d| weight(*d)).sum();
    if alike && all > 0.0 { Some(cost * weight(ix) / all) } else { Some(cost / real(users.len() as i64)) }
}

/// Cost of one answered contact.
pub(super) fn per_contact(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    let cost = running(facts, ix)?;
    let contacts = handled(facts, ix, volume::yearly(facts, ix)?);
    if contacts.range.low <= 0.0 {
        return None;
    }
    // The part that grows with the contacts keeps its cost each; only what is fixed spreads.
    let (a, b) = (cost.low / contacts.range.low, cost.high / contacts.range.high);
    Some(Interval::new(a, b))
}

/// Cost of one more or one less contact: handling and what each contact costs.
pub(super) fn avoidable_per_contact(facts: &Facts<'_>, ix: ChannelIx) -> Option<f64> {
    let each = logged_per_contact(facts, ix)
        .or_else(|| facts.channel(ix).cost.per_contact.as_ref().map(|c| c.value));
    if !facts.channel(ix).kind.is_answered() {
        return each;
    }
    people_per_contact(facts, ix).map(|people| people + each.unwrap_or(0.0)).or(each)
}

/// What contacts cost together, by channel: all but those known to be unanswered, at the cost of `each`.
pub(super) fn of_contacts<'s>(
    contacts: impl IntoIterator<Item = (&'s str, &'s Sums)>,
    mut each: impl FnMut(&'s str) -> Option<Interval>,
) -> Option<Interval> {
    let mut cost = Interval::point(0.0);
    for (channel, sums) in contacts {
        let n = not_unanswered(sums);
        if n > 0 {
            cost = cost + each(channel)?.scale(real(n));
        }
    }
    Some(cost)
}

/// Cost of all contacts of the episodes entered here over those that ended resolved; `None` where too
/// few could be followed or the cost of a channel they touched is not known.
pub(super) fn per_resolution(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    let view = facts.census?;
    let id = &facts.channel(ix).id;
    let (episodes, resolved) = view.episodes_entered(id);
    if episodes < i64::from(facts.criteria.defaults.least_episodes) || resolved <= 0 {
        return None;
    }
    let contacts = view.contacts_of_entered(id);
    let each = |channel: &str| facts.cost_per_contact(facts.inventory.find_channel(channel)?);
    let cost = of_contacts(contacts.iter().map(|(channel, sums)| (*channel, sums)), each)?;
    Some(cost.scale(1.0 / real(resolved)))
}

/// Two channels whose order turns: one is cheaper by the contact and dearer by the resolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Cheaper by the contact.
    pub by_contact: ChannelIx,
    /// Cheaper by the resolution.
    pub by_resolution: ChannelIx,
}

/// Channels whose order turns beyond doubt, of channels with their cost per contact and per resolution: the
/// ranges do not touch, and the resolution costs more by a share of `gap` at least. Each that is dearer by the
/// resolution is told with the one that shows it most; the widest gap first.
pub(super) fn turns(costs: &[(ChannelIx, Interval, Interval)], gap: f64) -> Vec<Turn> {
    let against = |(by_contact, contact, resolution): &(ChannelIx, Interval, Interval)| {
        let others = costs.iter().filter(|(_, other, _)| contact.high < other.low);
        let gaps = others.map(|(ix, _, other)| (resolution.low / other.high, *ix));
        let (widest, by_resolution) =
            gaps.filter(|(by, _)| *by > 1.0 + gap).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        Some((widest, Turn { by_contact: *by_contact, by_resolution }))
    };
    let mut turns: Vec<(f64, Turn)> = costs.iter().filter_map(against).collect();
    turns.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.by_contact.cmp(&b.1.by_contact)));
    turns.into_iter().map(|(_, turn)| turn).collect()
}

/// … of a candidate: its own cost over the contacts that are expected to end well.
pub(super) fn forecast_per_resolution(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    let resolution = facts.channel(ix).forecast.as_ref()?.resolution.as_ref()?.value;
    let each = facts.cost_per_contact(ix)?;
    (resolution.low > 0.0).then(|| Interval::new(each.low / resolution.high, each.high / resolution.low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_turns_only_beyond_doubt() {
        let at = Interval::point;
        let (chat, form, pec) = (ChannelIx(0), ChannelIx(1), ChannelIx(2));
        // Chat 10.46 and 16.01, form 10.56 and 14.17, pec 13.80 and 14.55: chat turns with both, the form with
        // nobody (14.17 is less than 14.55), and 16.01 / 14.17 is wider than 16.01 / 14.55.
        let costs = [(chat, at(10.46), at(16.01)), (pec, at(13.80), at(14.55)), (form, at(10.56), at(14.17))];
        let turn = Turn { by_contact: chat, by_resolution: form };
        assert_eq!(turns(&costs, 0.05), [turn]);
        assert_eq!(turns(&costs[..2], 0.05), [Turn { by_contact: chat, by_resolution: pec }]);
        // A gap of 13.0% (16.01 / 14.17) is none where 14% are asked for; ranges that touch decide nothing.
        assert_eq!(turns(&costs, 0.14), []);
        let unsure = [(chat, Interval::new(10.0, 10.6), at(16.01)), (form, at(10.56), at(14.17))];
        assert_eq!(turns(&unsure, 0.05), []);
    }
}
