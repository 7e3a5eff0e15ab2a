//! Who is there: people present by hour of the week, as an interval (METHOD C5), and open hours.
//!
//! Owns the way from opening hours and heads under contract to people at the desk. It must never know
//! what they do there.

use std::collections::BTreeMap;

use super::Week;
use crate::inventory::{Hours, RosterLine, Team};
use crate::quantity::Interval;

/// Minutes in a week.
const MINUTES: usize = 7 * 24 * 60;

/// People present, hour by hour.
///
/// A number of people is the mean over the part of the hour in which the team works: ten people who
/// start at half past nine are ten people in the hour from nine, not five.
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
    /// Full-time people under contract: heads, or with a roster alone the heads that it takes. A full
    /// contract is the team's own where it has one.
    pub fte: Interval,
}

/// Share of each hour of the week that is open, in an ordinary week without holidays.
///
/// Ordinary is the week that occurs most often in a year among those that open at all and hold no
/// public holiday: seasons and holidays do not count, and neither does the date of the assessment.
/// Only hours that are surely open count ("by appointment" is not).
#[must_use]
pub fn open_week(hours: &Hours) -> Week {
    by_hour(open_minutes(hours))
}

/// The open minutes of an ordinary week, as ranges of minutes from Monday 0:00.
type OpenMinutes = Vec<(usize, usize)>;

fn by_hour(open: &[(usize, usize)]) -> Week {
    let mut week = [0.0; 168];
    for (start, end) in open {
        for (hour, share) in week.iter_mut().enumerate() {
            let from = (*start).max(hour * 60);
            let to = (*end).min((hour + 1) * 60);
            *share += to.saturating_sub(from) as f64 / 60.0;
        }
    }
    week.map(|share| share.min(1.0))
}

fn open_minutes(hours: &Hours) -> &[(usize, usize)] {
    hours.ordinary_week(find_open_minutes)
}

fn find_open_minutes(hours: &Hours) -> OpenMinutes {
    /// The year that is looked at, then those after and before it where it never opens (hours may name
    /// years). A fixed year, so that the same inventory gives the same answer on any day.
    const YEARS: [i16; 12] = [2026, 2027, 2025, 2028, 2024, 2029, 2023, 2030, 2031, 2032, 2033, 2034];
    YEARS.into_iter().find_map(|year| most_common_week(hours, year)).unwrap_or_default()
}

/// The open minutes of the week that occurs most often in a year, the earliest of several; `None` if
/// it is never open.
fn most_common_week(hours: &Hours, year: i16) -> Option<OpenMinutes> {
    const WEEKS: usize = 52;
    let context = hours.parsed.get_context();
    let holidays = [context.holidays.get_public(), context.holidays_unknown.get_public()];
    // Dates of the library of opening hours, reached through their text: its calendar is not ours.
    let first = jiff::civil::date(year, 1, 1).nth_weekday_of_month(1, jiff::civil::Weekday::Monday).ok()?;
    let mut day = opening_hours::DATE_END.date();
    day = first.to_string().parse().unwrap_or(day);
    let mut weeks: BTreeMap<OpenMinutes, (usize, std::cmp::Reverse<usize>)> = BTreeMap::new();
    for week in 0..WEEKS {
        let mut open = OpenMinutes::new();
        let mut ordinary = true;
        for weekday in 0..7 {
            ordinary &= !holidays.iter().any(|days| days.contains(day));
            for part in hours.parsed.schedule_at(day) {
                if part.kind == opening_hours::RuleKind::Open {
                    let minute = |time: u16| weekday * 24 * 60 + usize::from(time).min(24 * 60);
                    open.push((
                        minute(part.range.start.mins_from_midnight()),
                        minute(part.range.end.mins_from_midnight()),
                    ));
                }
            }
            day = day.succ_opt()?;
        }
        if ordinary && !open.is_empty() {
            let (often, _) = weeks.entry(open).or_insert((0, std::cmp::Reverse(week)));
            *often += 1;
            if *often > WEEKS / 2 {
                break; // no other week can be as common
            }
        }
    }
    weeks.into_iter().max_by_key(|(_, often)| *often).map(|(open, _)| open)
}

/// People present in a team, `None` where heads or hours are not known, and for a partner that is known
/// by its capacity: its people are its own affair.
///
/// `demand` shapes the end "spread like demand"; where it is `None` only the flat spread is known.
/// `contract_hours` and `shrinkage` stand in where the team gives none. A roster outranks heads; its
/// people are people at the desk, so nothing is taken off; hours outside all of its lines have nobody,
/// and where lines overlap the larger holds. Without a roster no hour has more people than there are
/// heads: what a contract pays beyond the hours of the desk is spent elsewhere.
#[must_use]
pub fn presence(team: &Team, demand: Option<&Week>, contract_hours: f64, shrinkage: f64) -> Option<Presence> {
    if team.partner && team.capacity_per_hour.is_some() {
        return None;
    }
    let at_desk = at_desk(team.contract_hours.unwrap_or(contract_hours), team.shrinkage.unwrap_or(shrinkage));
    let heads = team.people.as_ref().map(|people| people.value.clamp(0.0, f64::MAX));
    let hours = team.hours.as_ref().map(|hours| open_minutes(&hours.value));
    if !team.roster.is_empty() {
        return rostered(&team.roster, hours, heads, at_desk);
    }
    let (heads, open) = (heads?, by_hour(hours?));
    let open_hours: f64 = open.iter().sum();
    if open_hours <= 0.0 {
        return None;
    }
    let present = |heads: f64| (heads * at_desk / open_hours).min(heads);
    let mean = Interval::new(present(heads.low), present(heads.high));
    let spreads = |heads: f64| {
        let flat = open.map(|share| if share > 0.0 { present(heads) } else { 0.0 });
        let shaped = demand.and_then(|demand| like_demand(demand, &open, present(heads), heads));
        (flat, shaped.unwrap_or(flat))
    };
    let (flat, shaped) = spreads(heads.low);
    let low = std::array::from_fn(|hour| flat[hour].min(shaped[hour]));
    let (flat, shaped) = spreads(heads.high);
    let high = std::array::from_fn(|hour| flat[hour].max(shaped[hour]));
    Some(Presence { low: Box::new(low), high: Box::new(high), rostered: false, mean, fte: heads })
}

/// Hours at the desk that one person under contract gives in a week.
fn at_desk(contract_hours: f64, shrinkage: f64) -> f64 {
    let hours = contract_hours * (1.0 - shrinkage);
    if hours.is_finite() { hours.max(0.0) } else { 0.0 }
}

/// As many people-hours as `mean` people over all open hours, spread like the demand of the open hours,
/// with nobody there twice: what does not fit under the heads goes to the other hours. `None` without
/// demand.
fn like_demand(demand: &Week, open: &Week, mean: f64, heads: f64) -> Option<Week> {
    // An hour that is open for half of it needs people for half an hour.
    let wanted: Week = std::array::from_fn(|hour| {
        if open[hour] > 0.0 && demand[hour].is_finite() { demand[hour].max(0.0) } else { 0.0 }
    });
    if wanted.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let mut present = [0.0; 168];
    let mut hours_left = mean * open.iter().sum::<f64>();
    let mut full = [false; 168];
    // Each round fills at least one hour, or is the last.
    for _ in 0..=168 {
        let rest: f64 = (0..168).filter(|hour| !full[*hour]).map(|hour| wanted[hour]).sum();
        if rest <= 0.0 {
            break;
        }
        let each = hours_left / rest;
        let over: Vec<usize> = (0..168)
            .filter(|hour| !full[*hour] && wanted[*hour] > 0.0 && each * wanted[*hour] / open[*hour] >= heads)
            .collect();
        if over.is_empty() {
            for hour in (0..168).filter(|hour| !full[*hour] && wanted[*hour] > 0.0) {
                present[hour] = each * wanted[hour] / open[hour];
            }
            return Some(present);
        }
        for hour in over {
            full[hour] = true;
            present[hour] = heads;
            hours_left = (hours_left - heads * open[hour]).max(0.0);
        }
    }
    // All hours with demand are full: the rest stands in the hours without.
    let idle: f64 = (0..168).filter(|hour| !full[*hour]).map(|hour| open[hour]).sum();
    if idle > 0.0 {
        for hour in (0..168).filter(|hour| !full[*hour] && open[*hour] > 0.0) {
            present[hour] = (hours_left / idle).min(heads);
        }
    }
    Some(present)
}

/// People by roster, minute by minute. Where the team's hours are known, they are the part of an hour
/// over which the mean is taken; else the minutes of any line.
fn rostered(
    roster: &[RosterLine],
    hours: Option<&[(usize, usize)]>,
    heads: Option<Interval>,
    at_desk: f64,
) -> Option<Presence> {
    let mut people = vec![0.0f64; MINUTES];
    let mut works = vec![false; MINUTES];
    let mark = |works: &mut Vec<bool>, (start, end): (usize, usize)| {
        works.iter_mut().take(end).skip(start).for_each(|minute| *minute = true);
    };
    for line in roster {
        for &(start, end) in open_minutes(&line.hours) {
            mark(&mut works, (start, end));
            for minute in people.iter_mut().take(end).skip(start) {
                *minute = minute.max(line.people);
            }
        }
    }
    let rostered = works.clone();
    if let Some(hours) = hours {
        works.fill(false);
        hours.iter().for_each(|open| mark(&mut works, *open));
    }
    let mut week = [0.0; 168];
    let (mut person_minutes, mut minutes) = (0.0, 0.0);
    for (hour, present) in week.iter_mut().enumerate() {
        let span = hour * 60..(hour + 1) * 60;
        // People who are there while the team is closed count in hours that are closed altogether.
        let counted = if works[span.clone()].contains(&true) { &works } else { &rostered };
        let (mut sum, mut n) = (0.0, 0.0);
        for minute in span {
            if counted[minute] {
                sum += people[minute];
                n += 1.0;
            }
        }
        if n > 0.0 {
            *present = sum / n;
            person_minutes += sum;
            minutes += n;
        }
    }
    if minutes <= 0.0 {
        return None;
    }
    let takes = people.iter().sum::<f64>() / 60.0;
    let fte = heads.unwrap_or_else(|| Interval::point(if at_desk > 0.0 { takes / at_desk } else { 0.0 }));
    Some(Presence {
        low: Box::new(week),
        high: Box::new(week),
        rostered: true,
        mean: Interval::point(person_minutes / minutes),
        fte,
    })
}

/// Rostered full-time people for a number present in some open hours of the week.
#[must_use]
pub fn rostered_fte(present: f64, open_hours: f64, contract_hours: f64, shrinkage: f64) -> f64 {
    present * open_hours / (contract_hours * (1.0 - shrinkage))
}

#[cfg(test)]
mod tests;
