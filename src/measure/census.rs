//! How complete the census is, over all and for one channel. Facts only.

use super::{CensusKnown, Facts, Grade, Reading, count, is_contact, real};
use crate::census::view::View;
use crate::census::{Column, Facet};
use crate::inventory::{ChannelIx, Status};

/// The coded measures of the completeness, in the order of [`crate::criteria::CENSUS_MEASURES`].
pub(super) fn completeness(facts: &Facts<'_>, view: View<'_>) -> Vec<(&'static str, Reading)> {
    // Contacts only: sessions and views would drown them. A log of nothing else is read as it is.
    let any_contact = facts.open_channels().any(|(ix, c)| is_contact(c) && facts.total(ix).is_some());
    let (mut listed, mut noted, mut identified) = (0_i64, 0_i64, 0_i64);
    for (ix, channel) in facts.inventory.channels().filter(|(_, c)| is_contact(c) || !any_contact) {
        let Some(sums) = facts.total(ix) else { continue };
        listed = listed.saturating_add(sums[Column::Contacts]);
        identified = identified.saturating_add(sums[Column::Identified]);
        noted = noted.saturating_add(noted_contacts(view, &channel.id));
    }
    let unlisted: i64 = view.facet(Facet::Unlisted).map(|(_, s)| s[Column::Contacts]).sum();
    let share = |hits: i64, n: i64, none: &str| {
        if n > 0 { exact(real(hits) / real(n), Some(count(real(n)))) } else { Reading::unknown(none) }
    };
    let none = "the logs hold no contacts";
    let active: Vec<ChannelIx> =
        facts.inventory.channels().filter(|(_, c)| c.status == Status::Active).map(|(ix, _)| ix).collect();
    let seen = active
        .iter()
        .filter(|ix| {
            facts.total(**ix).is_some_and(|s| s[Column::Contacts] > 0)
                || facts.channel(**ix).volume_per_year.is_some()
        })
        .count();
    let kinds = &facts.criteria.kinds;
    let answered = kinds
        .iter()
        .filter(|k| {
            // A kind that is only proposed does not exist yet: that is an answer too.
            facts.inventory.channels.iter().any(|c| c.kind.id == k.id)
                || facts.inventory.absent.iter().any(|a| a.value.id == k.id)
        })
        .count();
    let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    vec![
        ("listed", share(listed, listed.saturating_add(unlisted), none)),
        ("active-seen", share(size(seen), size(active.len()), "no channel is active")),
        ("why-known", share(noted, listed, none)),
        ("identified", share(identified, listed, none)),
        ("days-covered", exact(real(view.days()), None)),
        ("kinds-answered", share(size(answered), size(kinds.len()), "there are no kinds")),
    ]
}

/// A full count: no interval, nothing to widen.
fn exact(value: f64, n: Option<u64>) -> Reading {
    Reading::ranged(value, crate::quantity::Interval::point(value), Grade::Measured, n, "logs")
}

/// Contacts of which a moment or a reason was noted.
fn noted_contacts(view: View<'_>, channel: &str) -> i64 {
    view.uses(channel)
        .filter(|u| !u.touchpoint.is_empty() || !u.reason.is_empty())
        .map(|u| u.sums[Column::Contacts])
        .fold(0, i64::saturating_add)
}

/// What is known of when, why, how much and role of one channel.
pub(super) fn known(facts: &Facts<'_>, ix: ChannelIx) -> CensusKnown {
    let channel = facts.channel(ix);
    let contacts = facts.total(ix).map_or(0, |s| s[Column::Contacts]);
    let view = facts.census.filter(|_| contacts > 0);
    let volume = channel.volume_per_year.as_ref();
    let declared = |holds: bool| holds.then_some(Grade::Declared);
    let tally = facts.criteria.gate("census").map_or(f64::NAN, |g| g.number("tally_days"));
    let long = view.is_some_and(|v| real(v.days()) >= tally);
    let noted = view.is_some_and(|v| {
        real(noted_contacts(v, &channel.id)) >= facts.criteria.verdicts.number("known_share") * real(contacts)
    });
    let least = i64::from(facts.criteria.defaults.least_episodes);
    let followed = view.is_some() && facts.classes(ix, None).base() >= least;
    let measured = |holds: bool| holds.then_some(Grade::Measured);
    CensusKnown {
        when: measured(long)
            .or_else(|| declared(facts.inventory.hours_of(channel).is_some() && volume.is_some())),
        why: measured(noted).or_else(|| declared(!channel.touchpoints.is_empty())),
        how_much: measured(view.is_some()).or_else(|| declared(volume.is_some())),
        role: measured(followed).or_else(|| declared(!channel.touchpoints.is_empty())),
    }
}
