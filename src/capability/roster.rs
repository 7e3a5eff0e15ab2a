//! Who is there: people present by hour of the week, as an interval (METHOD C5), and open hours.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::Week;
use crate::inventory::{Hours, Team};
use crate::quantity::Interval;

/// People present, hour by hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Presence {
    /// At least.
    pub low: Box<Week>,
    /// At most.
    pub high: Box<Week>,
    /// Whether the team gave a roster (then both are the same).
    pub rostered: bool,
    /// People present on average over the open hours, as an interval.
    pub mean: Interval,
    /// Full-time people under contract.
    pub fte: Interval,
}

/// The first Monday of the weeks that are looked at; a year of them, so that single holidays and
/// seasons do not decide what an ordinary week is.
const FIRST_MONDAY: Date = date(2026, 1, 5);
/// How many weeks are looked at.
const WEEKS: i32 = 52;

/// Share of each hour of the week that is open, in an ordinary week without holidays: each weekday as
/// it is most often over a year (of two equally common ones, the one with more open time).
#[must_use]
pub fn open_week(hours: &Hours) -> Week {
    let mut week = [0.0; 168];
    for day in 0..7_i32 {
        let mut seen: BTreeMap<Vec<(u16, u16)>, u32> = BTreeMap::new();
        for number in 0..WEEKS {
            if let Ok(date) = FIRST_MONDAY.checked_add((number * 7 + day).days()) {
                *seen.entry(spells(hours, date)).or_default() += 1;
            }
        }
        let minutes = |spells: &[(u16, u16)]| spells.iter().map(|(a, b)| u32::from(b - a)).sum::<u32>();
        let usual = seen.into_iter().max_by_key(|(spells, n)| (*n, minutes(spells)));
        let from = usize::try_from(day).unwrap_or(0) * 24;
        for (opens, closes) in usual.map(|(spells, _)| spells).unwrap_or_default() {
            for minute in opens..closes {
                if let Some(hour) = week.get_mut(from + usize::from(minute / 60)) {
                    *hour += 1.0 / 60.0;
                }
            }
        }
    }
    // Sixty sixtieths are one, whatever rounding says.
    week.map(|share: f64| if share > 1.0 - 1e-9 { 1.0 } else { share })
}

/// Open spells of a day in minutes since midnight, the day's end at most.
fn spells(hours: &Hours, day: Date) -> Vec<(u16, u16)> {
    let Ok(date) = day.to_string().parse() else { return Vec::new() };
    hours
        .parsed
        .schedule_at(date)
        .into_iter()
        .filter(|spell| spell.kind == opening_hours::RuleKind::Open)
        .map(|spell| {
            let end = spell.range.end.mins_from_midnight().min(24 * 60);
            (spell.range.start.mins_from_midnight(), end)
        })
        .filter(|(opens, closes)| opens < closes)
        .collect()
}

/// People present in a team, `None` where heads or hours are not known.
///
/// A roster says who is at the desk, so shrinkage is not taken off it again; where its lines overlap,
/// the larger counts, and outside them nobody is there. Without a roster the paid hours that are left
/// after shrinkage are spread over the open hours: flat, or like `demand`; in each hour the truth lies
/// between the two. Without `demand` only the flat spread is known. `contract_hours` and `shrinkage`
/// stand in where the team gives none.
#[must_use]
pub fn presence(team: &Team, demand: Option<&Week>, contract_hours: f64, shrinkage: f64) -> Option<Presence> {
    let contract_hours = team.contract_hours.unwrap_or(contract_hours);
    let shrinkage = team.shrinkage.unwrap_or(shrinkage);
    let people = team.people.as_ref().map(|p| p.value);
    let fte = people.unwrap_or(Interval::point(0.0));
    if !team.roster.is_empty() {
        return Some(rostered(team, fte));
    }
    let (people, open) = (people?, open_week(&team.hours.as_ref()?.value));
    let open_hours: f64 = open.iter().sum();
    if open_hours <= 0.0 {
        return None;
    }
    let hours = people.scale(contract_hours * (1.0 - shrinkage));
    let inside: f64 =
        demand.map_or(0.0, |d| d.iter().zip(&open).filter(|(_, o)| **o > 0.0).map(|(d, _)| d).sum());
    let (mut low, mut high) = (Box::new([0.0; 168]), Box::new([0.0; 168]));
    for hour in 0..168 {
        let share = open[hour];
        if share <= 0.0 {
            continue;
        }
        // People while it is open: half an open hour has as many people, for half as long.
        let flat = 1.0 / open_hours;
        let like = match demand {
            Some(demand) if inside > 0.0 => demand[hour] / inside / share,
            _ => flat,
        };
        low[hour] = hours.low * flat.min(like);
        high[hour] = hours.high * flat.max(like);
    }
    Some(Presence { low, high, rostered: false, mean: hours.scale(1.0 / open_hours), fte })
}

fn rostered(team: &Team, fte: Interval) -> Presence {
    let mut present = Box::new([0.0_f64; 168]);
    let mut covered = [0.0_f64; 168];
    for line in &team.roster {
        for (hour, share) in open_week(&line.hours).into_iter().enumerate() {
            if share > 0.0 {
                present[hour] = present[hour].max(line.people);
                covered[hour] = covered[hour].max(share);
            }
        }
    }
    let hours: f64 = covered.iter().sum();
    let worked: f64 = present.iter().zip(&covered).map(|(people, share)| people * share).sum();
    let mean = if hours > 0.0 { worked / hours } else { 0.0 };
    Presence { low: present.clone(), high: present, rostered: true, mean: Interval::point(mean), fte }
}

/// Rostered full-time people for a number present in some open hours of the week.
#[must_use]
pub fn rostered_fte(present: f64, open_hours: f64, contract_hours: f64, shrinkage: f64) -> f64 {
    present * open_hours / (contract_hours * (1.0 - shrinkage))
}
