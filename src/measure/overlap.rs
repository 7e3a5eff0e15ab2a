//! What others also do, and whether they could take a channel's contacts (METHOD B overlap, C5 and the
//! absorption test R). Owns the cells touchpoint x reason x segment; never says what follows from them.

use std::collections::BTreeMap;

use super::volume::{self, from_organisation};
use super::{
    Absorption, Facts, Overlap, connected, customers, is_contact, percent, real, staffing, thousands,
};
use crate::census::Column;
use crate::census::view::View;
use crate::criteria::kind::Unit;
use crate::inventory::{Channel, ChannelIx, Inventory, Status};
use crate::quantity::Interval;
use crate::text::clean;

/// A moment, a reason and a segment as logged, blank where not noted.
type Key<'a> = (&'a str, &'a str, &'a str);

/// Contacts by touchpoint, reason and segment: of each cell who serves it, of each channel which it serves.
#[derive(Default)]
pub(super) struct Cells<'a> {
    /// In the order of their keys, with the contacts of each channel (more than none).
    all: Vec<(Key<'a>, Vec<(ChannelIx, i64)>)>,
    /// By channel: the cells it serves, as places in `all`, with its contacts.
    of: Vec<Vec<(usize, i64)>>,
}

impl<'a> Cells<'a> {
    /// The cells of all channels: contacts begun by the customer (all, where the organisation begins them).
    pub(super) fn of(view: Option<View<'a>>, inventory: &Inventory) -> Self {
        let mut cells = BTreeMap::<Key<'a>, BTreeMap<ChannelIx, i64>>::new();
        for (ix, channel) in inventory.channels() {
            for cell in view.iter().flat_map(|view| view.uses(&channel.id)) {
                if channel.kind.outbound_only || !from_organisation(cell.direction) {
                    let key = (cell.touchpoint, cell.reason, cell.segment);
                    let sum = cells.entry(key).or_default().entry(ix).or_default();
                    *sum = sum.saturating_add(cell.sums[Column::Contacts]);
                }
            }
        }
        let mut of = vec![Vec::new(); inventory.channels.len()];
        let mut all = Vec::with_capacity(cells.len());
        for (key, by) in cells {
            let by: Vec<(ChannelIx, i64)> = by.into_iter().filter(|(_, n)| *n > 0).collect();
            for (ix, n) in &by {
                of[ix.0].push((all.len(), *n));
            }
            all.push((key, by));
        }
        Self { all, of }
    }
}

/// Other channels of the same unit that are present.
fn others<'f>(
    facts: &'f Facts<'_>,
    ix: ChannelIx,
    present: &'f [bool],
) -> impl Iterator<Item = (ChannelIx, &'f Channel)> {
    let unit = facts.channel(ix).kind.unit;
    facts.inventory.channels().filter(move |(other, c)| {
        *other != ix
            && present.get(other.0).copied().unwrap_or(false)
            && c.status != Status::Candidate
            && c.kind.unit == unit
    })
}

/// Overlap with each other present channel, by the logs where they cover this channel.
pub(super) fn overlap(facts: &Facts<'_>, ix: ChannelIx, present: &[bool]) -> Overlap {
    let contacts: i64 = facts.cells.of[ix.0].iter().map(|(_, n)| *n).fold(0, i64::saturating_add);
    if contacts > 0 { logged(facts, ix, present, contacts) } else { declared(facts, ix, present) }
}

fn logged(facts: &Facts<'_>, ix: ChannelIx, present: &[bool], contacts: i64) -> Overlap {
    let enough = facts.criteria.verdicts.number("overlap_share");
    let mut is_other = vec![false; facts.inventory.channels.len()];
    for (d, _) in others(facts, ix, present) {
        is_other[d.0] = true;
    }
    let (mut by, mut unique, mut noted) = (BTreeMap::<ChannelIx, i64>::new(), 0_i64, 0_i64);
    let mut largest: Option<(i64, Key<'_>)> = None;
    for (cell, n) in &facts.cells.of[ix.0] {
        let (key, counts) = &facts.cells.all[*cell];
        // A contact of which neither moment nor reason was noted says nothing about what others do.
        if key.0.is_empty() && key.1.is_empty() {
            continue;
        }
        noted = noted.saturating_add(*n);
        let others = || counts.iter().filter(|(d, _)| is_other[d.0]);
        let all = real(*n) + others().map(|(_, m)| real(*m)).sum::<f64>();
        let mut is_served = false;
        for (d, _) in others().filter(|(_, m)| real(*m) >= enough * all) {
            let also = by.entry(*d).or_default();
            *also = also.saturating_add(*n);
            is_served = true;
        }
        if !is_served {
            unique = unique.saturating_add(*n);
            if largest.is_none_or(|(most, _)| *n > most) {
                largest = Some((*n, *key));
            }
        }
    }
    if real(noted) < facts.criteria.verdicts.number("known_share") * real(contacts) {
        return Overlap { contacts: Some(contacts), ..Overlap::default() };
    }
    let by = by.into_iter().map(|(d, n)| (d, real(n) / real(noted))).collect();
    let unit = facts.channel(ix).kind.unit;
    Overlap {
        by: highest_first(by),
        unique: Some(real(unique) / real(noted)),
        contacts: Some(contacts),
        unique_words: largest.map(|(n, key)| cell_words(key, n, unit)),
    }
}

/// What each other present channel would do of a channel if it were the only other one: never less than what it does
/// among others.
pub(super) fn alone(facts: &Facts<'_>, ix: ChannelIx, present: &[bool]) -> Vec<(ChannelIx, f64)> {
    let cells = &facts.cells.of[ix.0];
    if cells.iter().all(|(_, n)| *n <= 0) {
        return declared(facts, ix, present).by;
    }
    let enough = facts.criteria.verdicts.number("overlap_share");
    let mut sums = vec![0_i64; facts.inventory.channels.len()];
    let mut noted = 0_i64;
    for (cell, n) in cells {
        let (key, counts) = &facts.cells.all[*cell];
        if key.0.is_empty() && key.1.is_empty() {
            continue;
        }
        noted = noted.saturating_add(*n);
        for (d, _) in counts.iter().filter(|(_, m)| real(*m) >= enough * (real(*n) + real(*m))) {
            sums[d.0] = sums[d.0].saturating_add(*n);
        }
    }
    let by = others(facts, ix, present).map(|(d, _)| (d, real(sums[d.0]) / real(noted)));
    highest_first(by.filter(|(_, share)| *share > 0.0).collect())
}

fn cell_words((touchpoint, reason, segment): Key<'_>, n: i64, unit: Unit) -> String {
    let parts: Vec<String> =
        [reason, touchpoint, segment].iter().filter(|p| !p.is_empty()).map(|p| clean(p)).collect();
    let unit = match unit {
        Unit::Contact => "contacts",
        Unit::Session => "sessions",
        Unit::View => "views",
        Unit::Message => "messages",
    };
    format!("{} ({} {unit})", parts.join(", "), thousands(real(n)))
}

/// Without logs: touchpoints both offer x segments of whom enough can use the other.
fn declared(facts: &Facts<'_>, ix: ChannelIx, present: &[bool]) -> Overlap {
    let channel = facts.channel(ix);
    let weights = facts.weights(ix);
    let segments = customers::meant_for(facts.inventory, channel).unwrap_or_default();
    if weights.is_empty() || segments.is_empty() {
        return Overlap::default();
    }
    let enough = facts.criteria.verdicts.number("uses_overlap");
    let serves = |d: &Channel, touchpoint, segment: &crate::inventory::Segment| {
        let meant = d.meant_for.as_ref().is_none_or(|list| {
            list.is_empty() || list.iter().any(|s| facts.inventory.segments[s.0].id == segment.id)
        });
        meant
            && d.touchpoints.iter().any(|(t, _)| *t == touchpoint)
            && customers::uses(segment, &d.kind).is_some_and(|(u, _)| u.low >= enough)
    };
    let others: Vec<(ChannelIx, &Channel)> = others(facts, ix, present).collect();
    let (mut by, mut unique, mut largest) = (BTreeMap::<ChannelIx, f64>::new(), 0.0, (0.0, None));
    for (touchpoint, weight) in &weights {
        for (segment, share) in &segments {
            let part = weight * share;
            let serving: Vec<_> = others.iter().filter(|(_, d)| serves(d, *touchpoint, segment)).collect();
            if serving.is_empty() {
                unique += part;
                if part > largest.0 {
                    let at = &facts.inventory.touchpoint(*touchpoint).id;
                    largest = (part, Some(format!("{}, {}", clean(at), clean(&segment.id))));
                }
            }
            for (d, _) in serving {
                *by.entry(*d).or_default() += part;
            }
        }
    }
    Overlap {
        by: highest_first(by.into_iter().collect()),
        unique: Some(unique),
        contacts: None,
        unique_words: largest.1,
    }
}

fn highest_first(mut list: Vec<(ChannelIx, f64)>) -> Vec<(ChannelIx, f64)> {
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    list
}

/// Where the contacts of a closed channel go, in shares, and how that is known. Only open channels of
/// unit contact that are present can take them.
fn redirect(facts: &Facts<'_>, ix: ChannelIx, present: &[bool]) -> (Vec<(ChannelIx, f64)>, &'static str) {
    let takes = |d: ChannelIx| {
        let c = facts.channel(d);
        d != ix
            && present.get(d.0).copied().unwrap_or(false)
            && matches!(c.status, Status::Active | Status::Pilot)
            && (is_contact(c) || !is_contact(facts.channel(ix)))
    };
    let shares = |list: Vec<(ChannelIx, f64)>| {
        let list: Vec<_> = list.into_iter().filter(|(d, n)| takes(*d) && *n > 0.0).collect();
        let total: f64 = list.iter().map(|(_, n)| n).sum();
        list.into_iter().map(|(d, n)| (d, n / total)).collect::<Vec<_>>()
    };
    let declared = shares(facts.channel(ix).second_choice.clone().unwrap_or_default());
    if !declared.is_empty() {
        return (highest_first(declared), "declared second choices");
    }
    let seen = shares(connected::switches(facts, ix));
    if !seen.is_empty() {
        return (highest_first(seen), "observed switches");
    }
    let mut sums = BTreeMap::<ChannelIx, f64>::new();
    for (touchpoint, weight) in facts.weights(ix) {
        let (list, _) = volume::at_touchpoint(facts, touchpoint);
        let list: Vec<_> = list.into_iter().filter(|(d, _)| takes(*d)).collect();
        let total: f64 = list.iter().map(|(_, a)| a.value).sum();
        for (d, amount) in list.iter().filter(|_| total > 0.0) {
            *sums.entry(*d).or_default() += weight * amount.value / total;
        }
    }
    (highest_first(shares(sums.into_iter().collect())), "in proportion at the same moments")
}

/// Absorption test R.
pub(super) fn absorb(facts: &Facts<'_>, ix: ChannelIx, present: &[bool]) -> Absorption {
    let (redirect, how) = redirect(facts, ix, present);
    let lost = facts.inventory.lost_share.as_ref().map_or(facts.criteria.defaults.lost_share, |l| l.value);
    let lost_customers = facts
        .census
        .and_then(|v| v.customers(&facts.channel(ix).id, "all"))
        .map(|all| Interval::new(all.low * lost.low, all.high * lost.high));
    let volume = volume::yearly(facts, ix);
    let moved =
        volume.map(|v| Interval::new(v.range.low * (1.0 - lost.high), v.range.high * (1.0 - lost.low)));
    let mut answer = Absorption { holds: None, because: String::new(), redirect, moved, lost_customers };
    let Some(volume) = volume else {
        "nobody knows how many contacts would move".clone_into(&mut answer.because);
        return answer;
    };
    if answer.redirect.is_empty() {
        answer.holds = (volume.range.high > 0.0).then_some(false);
        "no other open channel takes its contacts".clone_into(&mut answer.because);
        return answer;
    }
    (answer.holds, answer.because) =
        staffing_after(facts, ix, present, &answer.redirect, volume.part(1.0 - lost.low));
    answer.because = format!("{} ({how})", answer.because);
    answer
}

/// Whether every team that takes contacts over keeps what it keeps today. Each end of the range of
/// people present is held against itself: both must hold for a yes, both fail for a no.
fn staffing_after(
    facts: &Facts<'_>,
    closing: ChannelIx,
    present: &[bool],
    redirect: &[(ChannelIx, f64)],
    moved: volume::Amount,
) -> (Option<bool>, String) {
    let points = facts.criteria.verdicts.number("absorption_points") / 100.0;
    let coverage = facts.criteria.gate("staffed").map_or(f64::NAN, |g| g.number("coverage"));
    let mut teams: Vec<_> = redirect.iter().filter_map(|(d, _)| facts.channel(*d).team).collect();
    teams.sort();
    teams.dedup();
    let mut unknown = Vec::new();
    for (d, share) in redirect {
        let channel = facts.channel(*d);
        if !channel.kind.is_answered() || (channel.team.is_some() && staffing::computable(facts, *d)) {
            continue;
        }
        // A load under the least difference that counts is taken as absorbed.
        let more = volume::yearly(facts, *d).map(|v| moved.value * share / v.value.max(f64::MIN_POSITIVE));
        if more.is_none_or(|more| more > points) {
            unknown.push(clean(&channel.id));
        }
    }
    let (mut worst, mut words, mut may_fail) = (0.0_f64, Vec::new(), false);
    for team in teams {
        let Some(covered) = staffing::before_and_after(facts, team, closing, present, redirect, moved) else {
            continue;
        };
        for (channel, before, after) in covered {
            let low = breaks(coverage, before.low, after.low, points);
            let high = breaks(coverage, before.high, after.high, points);
            worst = worst.max(before.middle() - after.middle());
            let sentence = || {
                format!(
                    "{} would have enough people for {} of its contacts instead of {}",
                    clean(&facts.channel(channel).id),
                    percent(after.middle()),
                    percent(before.middle())
                )
            };
            match (low, high) {
                (true, true) => return (Some(false), sentence()),
                (false, false) => {}
                _ => {
                    may_fail = true;
                    words.push(sentence());
                }
            }
        }
    }
    if !unknown.is_empty() {
        return (None, format!("nobody knows whether {} has the people for more", unknown.join(", ")));
    }
    if may_fail {
        return (None, format!("it depends on who is present: {}", words.join("; ")));
    }
    let names: Vec<String> = redirect
        .iter()
        .filter(|(_, s)| *s >= facts.criteria.verdicts.number("redirect_least"))
        .map(|(d, s)| format!("{} {}", clean(&facts.channel(*d).id), percent(*s)))
        .collect();
    let most = worst.max(0.0) * 100.0;
    let less =
        if most < 0.5 { String::new() } else { format!(" (at most {most:.0}% less of the demand covered)") };
    (
        Some(true),
        format!(
            "{} take {} contacts a year; no promise breaks{less}",
            names.join(", "),
            thousands(moved.value)
        ),
    )
}

/// Whether a channel keeps its promise no longer, or misses it by more than the points allowed. Where
/// measured service keeps a promise that the model thinks missed, any worsening counts like a missed one.
fn breaks(coverage: f64, before: f64, after: f64, points: f64) -> bool {
    (before >= coverage && after < coverage) || (before < coverage && before - after > points + 1e-9)
}
