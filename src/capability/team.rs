//! One team that serves several channels: live first, then text, then deferred work in what is left;
//! nobody is counted twice (METHOD C5).
//!
//! Owns the meeting of demand and presence, hour by hour of a typical week, at two ends that are
//! computed apart and never mixed: the *worst* (most contacts, longest handling, fewest people) and the
//! *best* (the reverse). Both use the end of the patience that needs more people. It must never know
//! where a demand or a presence comes from, nor which coverage is good enough.
//!
//! **People in one hour.** Live queues take theirs first; among them the one that needs most people
//! over the week goes first (at the worst end, in both ends; else the order given), then text channels
//! in the same way. Each takes what it requires, or what is left. An hour that is partly open has its
//! contacts in the open part, so its rate is higher there.
//!
//! **What is left for deferred work.** In an hour in which some live or text channel of the team is open
//! and has contacts: `spare_use` x (people present - people busy with them), busy being the work of the
//! contacts in erlangs, at most the people taken. In any other hour: all people present. Only hours in
//! which the deferred channel is open count. Several deferred channels: the shortest deadline first
//! (else the order given), the next in the capacity that the one before leaves unused.

use std::collections::BTreeMap;

use super::erlang::{Load, Performance, Target};
use super::model::Model;
use super::roster::{Presence, rostered_fte};
use super::{Refusal, Week, deadline};
use crate::inventory::ChannelIx;
use crate::quantity::Interval;

/// Shares of people and hours differ in their last digits only.
const ROUNDING: f64 = 1e-9;

/// What one channel asks of the team.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// The channel.
    pub channel: ChannelIx,
    /// How people for it are computed.
    pub model: Model,
    /// Mean contacts in each hour of the week, least and most (declared volumes are ranges).
    pub per_hour: Box<Week>,
    /// Most contacts over least: the range of the whole volume around `per_hour` (1..1: exact).
    pub volume: Interval,
    /// Handling time, seconds.
    pub handle_s: Interval,
    /// Promised share.
    pub share: f64,
    /// Promised time, seconds (deferred: open seconds).
    pub within_s: f64,
    /// Hours in which the channel is open, as a share of each hour.
    pub open: Box<Week>,
}

/// Limits that hold for all channels of a team.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Most occupancy.
    pub max_occupancy: f64,
    /// Most callers lost.
    pub max_lost: f64,
    /// Share of spare time that deferred work can use.
    pub spare_use: f64,
    /// Contract hours a week.
    pub contract_hours: f64,
    /// Shrinkage.
    pub shrinkage: f64,
}

/// One hour of the week in which a channel is short of people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShortHour {
    /// 0..168, Monday 0:00 first.
    pub hour: usize,
    /// Contacts expected, at the end of the range that needs more.
    pub contacts: f64,
    /// People needed for this channel in that hour, at the end of the range that needs more.
    pub required: f64,
    /// People left for this channel in that hour, least and most.
    pub present: Interval,
    /// Served in time of all offered with the fewest present; `None` where nobody is there. Between two
    /// whole numbers of people the two are mixed. Deferred: of what arrives in that hour, the share that
    /// is done in time.
    pub strict: Option<f64>,
}

impl ShortHour {
    fn missed(&self) -> f64 {
        self.contacts * (1.0 - self.strict.unwrap_or(0.0))
    }
}

/// How a team serves one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// The channel.
    pub channel: ChannelIx,
    /// Share of the demand that arrives in hours where required <= present; demand while closed counts
    /// as not covered for live kinds, and waits for the next open hour otherwise. Deferred: the share of
    /// the work that is done in time. No demand at all tells nothing: 0 to 1.
    pub covered: Interval,
    /// People required in each hour of the week, least and most (0 where closed or without demand).
    /// Where no number of people keeps the promise, the fewest below which work would pile up.
    pub required_low: Box<Week>,
    /// See above.
    pub required_high: Box<Week>,
    /// People present for this channel in each hour (after what comes first has taken its part).
    /// Deferred: the people whose time it can use.
    pub present_low: Box<Week>,
    /// See above.
    pub present_high: Box<Week>,
    /// Contacts in each hour, least and most, as people meet them: what came while the channel was closed
    /// stands in the next open hour (text) or in none (live).
    pub contacts_low: Box<Week>,
    /// See above.
    pub contacts_high: Box<Week>,
    /// Contacts of a week that come while the channel is closed and that no open hour takes.
    pub closed: Interval,
    /// Rostered full-time people that it takes.
    pub required_fte: Interval,
    /// Short hours, most missed contacts first (all of them). Hours that are closed are not short of
    /// people. Deferred: hours whose work is not all done in time.
    pub short: Vec<ShortHour>,
    /// Hours of the week, open and with demand, in which somebody of the team is alone at least at times
    /// (fewer than two people present even at the most). Empty for deferred work, which has no second
    /// caller.
    pub alone: Vec<usize>,
}

/// An end of the ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Most work, fewest people.
    Worst,
    /// Least work, most people.
    Best,
}

/// Who is served before whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Live,
    Text,
    Deferred,
}

impl Model {
    fn turn(&self) -> Turn {
        match self {
            Self::ErlangA { .. } | Self::ErlangC => Turn::Live,
            Self::Concurrent { .. } => Turn::Text,
            Self::Deferred { .. } => Turn::Deferred,
        }
    }
}

/// What one channel asks at one end of the ranges.
struct Need {
    /// Contacts by hour, those that wait for the next open hour among them.
    contacts: Week,
    /// Contacts that no open hour will take.
    closed: f64,
    /// Seconds.
    handle_s: f64,
    /// People by hour.
    required: Week,
    /// Hours in which no number of people keeps the promise.
    out_of_reach: Vec<bool>,
}

/// What one channel gets at one end of the ranges.
struct Got {
    present: Week,
    covered: Option<f64>,
    /// Deferred: share of each hour's work that is done in time.
    in_time: Option<Box<Week>>,
}

/// Serves all channels of one team. Channels come back in the order given.
///
/// Contacts must be finite and not negative; anything else counts as none.
#[must_use]
pub fn serve(demands: &[Demand], presence: &Presence, limits: &Limits) -> Vec<Served> {
    let demands: Vec<&Demand> = demands.iter().collect();
    let mut needs = needs(&demands, limits);
    // People for deferred work are told, but never decide who gets whom: it takes what is left.
    for (demand, both) in demands.iter().zip(&mut needs) {
        if let Model::Deferred { open_hours } = demand.model {
            both.iter_mut().for_each(|need| need.defer(demand, open_hours, presence));
        }
    }
    let (worst, best) = both_ends(&demands, &needs, presence, limits);
    demands
        .iter()
        .zip(&needs)
        .zip(worst.iter().zip(&best))
        .map(|((demand, [most, least]), (worst, best))| Served {
            channel: demand.channel,
            covered: together(worst, best),
            required_low: Box::new(least.required),
            required_high: Box::new(most.required),
            // A queue that is hardly open may keep people from another in the worst case and leave them idle
            // for work that waits: then the worst end has more of them.
            present_low: Box::new(std::array::from_fn(|h| worst.present[h].min(best.present[h]))),
            present_high: Box::new(std::array::from_fn(|h| worst.present[h].max(best.present[h]))),
            contacts_low: Box::new(least.contacts),
            contacts_high: Box::new(most.contacts),
            closed: Interval::new(least.closed, most.closed),
            required_fte: Interval::new(fte(demand, least, limits), fte(demand, most, limits)),
            short: short(demand, most, worst, best),
            alone: alone(demand, most, presence),
        })
        .collect()
}

/// How much of each demand a team covers: [`Served::covered`] alone, in the order given, without the people
/// that it would take.
#[must_use]
pub fn covered(demands: &[&Demand], presence: &Presence, limits: &Limits) -> Vec<Interval> {
    let (worst, best) = both_ends(demands, &needs(demands, limits), presence, limits);
    worst.iter().zip(&best).map(|(worst, best)| together(worst, best)).collect()
}

/// What is covered at both ends as one interval.
fn together(worst: &Got, best: &Got) -> Interval {
    match (worst.covered, best.covered) {
        (Some(worst), Some(best)) => Interval::new(worst, best),
        // No contacts at one end: nothing to miss.
        (Some(worst), None) => Interval::new(worst, 1.0),
        _ => Interval::new(0.0, 1.0),
    }
}

/// Needs at both ends; people for deferred work are left out ([`Need::defer`]).
fn needs(demands: &[&Demand], limits: &Limits) -> Vec<[Need; 2]> {
    demands
        .iter()
        .map(|demand| {
            let mut seen = BTreeMap::new();
            [End::Worst, End::Best].map(|end| need(demand, end, limits, &mut seen))
        })
        .collect()
}

/// Who gets whom at the worst end and at the best.
fn both_ends(
    demands: &[&Demand],
    needs: &[[Need; 2]],
    presence: &Presence,
    limits: &Limits,
) -> (Vec<Got>, Vec<Got>) {
    let order = order(demands, needs);
    let end = |end: usize, present: &Week| {
        let needs: Vec<&Need> = needs.iter().map(|both| &both[end]).collect();
        share_out(demands, &needs, &order, present, limits)
    };
    (end(0, &presence.low), end(1, &presence.high))
}

/// Live before text before deferred; then by people needed over the week (deferred: by deadline).
fn order(demands: &[&Demand], needs: &[[Need; 2]]) -> Vec<usize> {
    let key = |ix: usize| {
        let demand = &demands[ix];
        let rank = match &demand.model {
            Model::Deferred { open_hours } => *open_hours,
            _ => -people_hours(demand, &needs[ix][0]),
        };
        (demand.model.turn(), rank)
    };
    let mut order: Vec<usize> = (0..demands.len()).collect();
    order.sort_by(|a, b| {
        let ((turn_a, rank_a), (turn_b, rank_b)) = (key(*a), key(*b));
        turn_a.cmp(&turn_b).then(rank_a.total_cmp(&rank_b))
    });
    order
}

fn people_hours(demand: &Demand, need: &Need) -> f64 {
    need.required.iter().zip(demand.open.iter()).map(|(people, open)| people * open_share(*open)).sum()
}

fn fte(demand: &Demand, need: &Need, limits: &Limits) -> f64 {
    let fte = rostered_fte(1.0, people_hours(demand, need), limits.contract_hours, limits.shrinkage);
    // A contract without hours at the desk takes people without end.
    if fte.is_nan() { 0.0 } else { fte.clamp(0.0, f64::MAX) }
}

fn open_share(open: f64) -> f64 {
    if open.is_finite() { open.clamp(0.0, 1.0) } else { 0.0 }
}

/// Requirements already computed for one channel, by the bits of rate and handling time.
type Seen = BTreeMap<(u64, u64), Result<u32, Refusal>>;

fn need(demand: &Demand, end: End, limits: &Limits, seen: &mut Seen) -> Need {
    let (volume, handle_s) = match end {
        End::Worst => (demand.volume.high, demand.handle_s.high),
        End::Best => (demand.volume.low, demand.handle_s.low),
    };
    let mut need = Need {
        contacts: demand.per_hour.map(|contacts| {
            let contacts = contacts * volume;
            if contacts.is_finite() { contacts.max(0.0) } else { 0.0 }
        }),
        closed: 0.0,
        // No time at all to handle a contact is a time too short to measure.
        handle_s: handle_s.max(f64::MIN_POSITIVE),
        required: [0.0; 168],
        out_of_reach: vec![false; 168],
    };
    need.closed = meet(&demand.model, &demand.open, &mut need.contacts);
    if demand.model.turn() != Turn::Deferred {
        need.queue(demand, limits, seen);
    }
    need
}

/// Moves contacts to the hours in which people meet them, and gives back those that no open hour takes.
/// Deferred work stays where it comes.
pub fn meet(model: &Model, open: &Week, contacts: &mut Week) -> f64 {
    match model {
        Model::Deferred { .. } => 0.0,
        Model::Concurrent { .. } => wait_for_opening(open, contacts),
        Model::ErlangA { .. } | Model::ErlangC => drop_closed(open, contacts),
    }
}

fn drop_closed(open: &Week, contacts: &mut Week) -> f64 {
    let mut closed = 0.0;
    for (contacts, open) in contacts.iter_mut().zip(open) {
        if open_share(*open) <= 0.0 {
            closed += std::mem::take(contacts);
        }
    }
    closed
}

fn wait_for_opening(open: &Week, contacts: &mut Week) -> f64 {
    if open.iter().all(|open| open_share(*open) <= 0.0) {
        return drop_closed(open, contacts);
    }
    // Twice around: what waits at the end of Sunday is there on Monday.
    let mut waiting = 0.0;
    for hour in (0..168).chain(0..168) {
        if open_share(open[hour]) > 0.0 {
            contacts[hour] += std::mem::take(&mut waiting);
        } else {
            waiting += std::mem::take(&mut contacts[hour]);
        }
    }
    0.0
}

/// The work of an hour in its open part.
fn load_of(contacts: f64, open: f64, handle_s: f64) -> Load {
    let open = open_share(open);
    let per_s = if open > 0.0 { contacts / (open * 3600.0) } else { 0.0 };
    // No time at all to handle a contact is a time too short to measure.
    Load { per_s, handle_s: handle_s.max(f64::MIN_POSITIVE) }
}

impl Need {
    /// Work of an hour in its open part.
    fn load(&self, hour: usize, open: &Week) -> Load {
        load_of(self.contacts[hour], open[hour], self.handle_s)
    }

    fn queue(&mut self, demand: &Demand, limits: &Limits, seen: &mut Seen) {
        let target = Target {
            share: demand.share,
            within_s: demand.within_s,
            max_occupancy: limits.max_occupancy,
            max_lost: limits.max_lost,
        };
        for hour in 0..168 {
            if self.contacts[hour] <= 0.0 {
                continue;
            }
            let load = self.load(hour, &demand.open);
            let found = *seen
                .entry((load.per_s.to_bits(), load.handle_s.to_bits()))
                .or_insert_with(|| demand.model.required(load, target));
            match found {
                Ok(people) => self.required[hour] = f64::from(people),
                Err(_) => {
                    self.out_of_reach[hour] = true;
                    self.required[hour] = (load.per_s * load.handle_s).ceil().clamp(1.0, f64::MAX);
                }
            }
        }
    }

    /// People with whom deferred work is done in time, if they do nothing else.
    fn defer(&mut self, demand: &Demand, open_hours: f64, presence: &Presence) {
        let hours = self.contacts.map(|contacts| contacts * self.handle_s / 3600.0);
        let clock = demand.open.map(open_share);
        // People work on it while the channel is open and the team is there.
        let mut at_work: Week = std::array::from_fn(|h| if presence.high[h] > 0.0 { clock[h] } else { 0.0 });
        if at_work.iter().all(|share| *share <= 0.0) {
            at_work = clock;
        }
        let work = deadline::Work { arrives: &hours, clock: &clock, open_hours };
        let people = deadline::required(work, &at_work, demand.share).unwrap_or_else(|_| {
            self.out_of_reach.fill(true);
            let open: f64 = at_work.iter().sum();
            if open > 0.0 { (hours.iter().sum::<f64>() / open).clamp(0.0, f64::MAX) } else { 0.0 }
        });
        self.required = at_work.map(|share| if share > 0.0 { people } else { 0.0 });
    }

    /// Share of the contacts that come in hours with enough people; `None` without contacts.
    fn covered(&self, present: &Week) -> Option<f64> {
        let all: f64 = self.closed + self.contacts.iter().sum::<f64>();
        let met: f64 = (0..168).filter(|hour| !self.is_short(*hour, present)).map(|h| self.contacts[h]).sum();
        (all > 0.0).then(|| (met / all).clamp(0.0, 1.0))
    }

    fn is_short(&self, hour: usize, present: &Week) -> bool {
        self.out_of_reach[hour] || self.required[hour] > present[hour] + ROUNDING
    }
}

/// One end of the ranges: who gets whom, hour by hour.
fn share_out(
    demands: &[&Demand],
    needs: &[&Need],
    order: &[usize],
    present: &Week,
    limits: &Limits,
) -> Vec<Got> {
    let mut got: Vec<Option<Got>> = demands.iter().map(|_| None).collect();
    let mut left = present.map(|people| people.max(0.0));
    let mut busy = [0.0; 168];
    let mut answering = [false; 168];
    let mut used = [0.0; 168];
    for ix in order {
        let (demand, need) = (demands[*ix], needs[*ix]);
        got[*ix] = Some(match &demand.model {
            Model::Deferred { open_hours } => {
                // People whose time is free, in each hour, less what earlier deferred work uses.
                let free: Week = std::array::from_fn(|hour| {
                    let people = present[hour].max(0.0);
                    let free =
                        if answering[hour] { limits.spare_use * (people - busy[hour]) } else { people };
                    (free - used[hour]).max(0.0)
                });
                work_off(demand, need, *open_hours, free, &mut used)
            }
            _ => {
                let here = left;
                for hour in 0..168 {
                    if need.contacts[hour] > 0.0 {
                        let taken = need.required[hour].min(left[hour]);
                        let load = need.load(hour, &demand.open);
                        left[hour] -= taken;
                        busy[hour] += taken.min(load.per_s * load.handle_s) * open_share(demand.open[hour]);
                        answering[hour] = true;
                    }
                }
                Got { present: here, covered: need.covered(&here), in_time: None }
            }
        });
    }
    got.into_iter().flatten().collect()
}

/// Deferred work first in, first out, in the people whose time it can use.
fn work_off(demand: &Demand, need: &Need, open_hours: f64, free: Week, used: &mut Week) -> Got {
    let hours = need.contacts.map(|contacts| contacts * need.handle_s / 3600.0);
    let clock = demand.open.map(open_share);
    let capacity: Week = std::array::from_fn(|hour| free[hour] * clock[hour]);
    let work = deadline::Work { arrives: &hours, clock: &clock, open_hours };
    match deadline::flow(work, &capacity) {
        Ok(flow) => {
            for hour in 0..168 {
                if clock[hour] > 0.0 {
                    used[hour] += flow.done[hour] / clock[hour];
                }
            }
            Got { present: free, covered: flow.share, in_time: Some(flow.in_time) }
        }
        // A channel that never opens, or a deadline that cannot be: nothing is done in time.
        Err(_) => {
            let any = need.contacts.iter().any(|contacts| *contacts > 0.0);
            let in_time = Box::new(need.contacts.map(|contacts| if contacts > 0.0 { 0.0 } else { 1.0 }));
            Got { present: free, covered: any.then_some(0.0), in_time: Some(in_time) }
        }
    }
}

fn short(demand: &Demand, most: &Need, worst: &Got, best: &Got) -> Vec<ShortHour> {
    let mut short: Vec<ShortHour> = (0..168)
        .filter(|hour| most.contacts[*hour] > 0.0)
        .filter_map(|hour| {
            let strict = match &worst.in_time {
                Some(in_time) => Some(in_time[hour]).filter(|share| *share < 1.0 - ROUNDING)?.into(),
                None if most.is_short(hour, &worst.present) => with_people(demand, most, hour, worst),
                None => return None,
            };
            Some(ShortHour {
                hour,
                contacts: most.contacts[hour],
                required: most.required[hour],
                present: Interval::new(worst.present[hour], best.present[hour]),
                strict,
            })
        })
        .collect();
    short.sort_by(|a, b| b.missed().total_cmp(&a.missed()).then(a.hour.cmp(&b.hour)));
    short
}

/// What an hour of a queue gives its customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Served in time of all offered.
    pub strict: Interval,
    /// Lost callers (short hang-ups excepted) of all offered; `None` where nobody gives up.
    pub lost: Option<Interval>,
    /// Mean wait of all, seconds; `None` where the queue grows all through the hour.
    pub mean_wait_s: Option<Interval>,
}

/// What people give in one hour, from most contacts and fewest people to the reverse. Between two whole
/// numbers of people the two are mixed. `None` for deferred work.
#[must_use]
pub fn expected(
    demand: &Demand,
    hour: usize,
    contacts: Interval,
    present: Interval,
    short_s: f64,
) -> Option<Expected> {
    if demand.model.turn() == Turn::Deferred {
        return None;
    }
    let end = |contacts, handle_s, present| {
        let load = load_of(contacts, demand.open[hour], handle_s);
        given(demand, load, present, short_s)
    };
    let worst = end(contacts.high, demand.handle_s.high, present.low);
    let best = end(contacts.low, demand.handle_s.low, present.high);
    let hull = |a: Option<Interval>, b: Option<Interval>| Some(a?.hull(b?));
    Some(Expected {
        strict: worst.strict.hull(best.strict),
        lost: hull(worst.lost, best.lost),
        mean_wait_s: hull(worst.mean_wait_s, best.mean_wait_s),
    })
}

/// What so many people give.
fn given(demand: &Demand, load: Load, present: f64, short_s: f64) -> Expected {
    between_whole(
        present,
        |agents| with_agents(demand, load, agents, short_s),
        |fewer, more, part| {
            let mix = |a: Interval, b: Interval| a.scale(1.0 - part) + b.scale(part);
            let mixed = |a: Option<Interval>, b: Option<Interval>| Some(mix(a?, b?));
            Expected {
                strict: mix(fewer.strict, more.strict),
                lost: mixed(fewer.lost, more.lost),
                mean_wait_s: mixed(fewer.mean_wait_s, more.mean_wait_s),
            }
        },
    )
}

/// A figure with people who are no whole number: 9.3 people are nine, and ten for 30% of the time.
fn between_whole<T>(people: f64, with: impl Fn(u32) -> T, mix: impl Fn(T, T, f64) -> T) -> T {
    // Beyond what is required the answer is at least the promise: no need to look so far.
    let people = people.clamp(0.0, f64::from(u32::MAX - 1));
    let (whole, part) = ((people + ROUNDING).floor(), (people - people.floor()).clamp(0.0, 1.0));
    let fewer = with(whole as u32);
    if part < 2.0 * ROUNDING || whole > people {
        return fewer;
    }
    mix(fewer, with(whole as u32 + 1), part)
}

fn with_agents(demand: &Demand, load: Load, agents: u32, short_s: f64) -> Expected {
    let gives_up = matches!(demand.model, Model::ErlangA { .. });
    let within = |within_s| demand.model.performances(load, agents, within_s);
    let short = if gives_up { within(short_s) } else { Ok(Vec::new()) };
    let (Ok(all), Ok(short)) = (within(demand.within_s), short) else {
        return Expected { strict: Interval::point(0.0), lost: None, mean_wait_s: None };
    };
    let over = |all: &[Performance], figure: fn(&Performance) -> f64| {
        all.iter().map(|p| Interval::point(figure(p))).reduce(Interval::hull)
    };
    Expected {
        strict: over(&all, |p| p.strict).unwrap_or(Interval::point(0.0)),
        // Given up in time is plus - strict.
        lost: over(&short, |p| (p.p_abandon - (p.plus - p.strict)).max(0.0)),
        mean_wait_s: over(&all, |p| p.mean_wait_s),
    }
}

/// Service level with the people present in an hour; `None` where nobody is.
fn with_people(demand: &Demand, need: &Need, hour: usize, got: &Got) -> Option<f64> {
    let present = got.present[hour];
    if present <= ROUNDING {
        return None;
    }
    let load = need.load(hour, &demand.open);
    let strict = |agents: u32| strict_with(&demand.model, load, agents, demand.within_s);
    Some(between_whole(present, strict, |fewer, more, part| (1.0 - part) * fewer + part * more))
}

/// Served in time with so many people; nobody, where the work outgrows them.
fn strict_with(model: &Model, load: Load, agents: u32, within_s: f64) -> f64 {
    model.performance(load, agents, within_s).map_or(0.0, |[long, short]| long.strict.min(short.strict))
}

/// Hours in which somebody is alone, at least at times: fewer than two people on average, at most.
fn alone(demand: &Demand, most: &Need, presence: &Presence) -> Vec<usize> {
    if demand.model.turn() == Turn::Deferred {
        return Vec::new();
    }
    (0..168).filter(|hour| most.contacts[*hour] > 0.0 && presence.high[*hour] < 2.0 - ROUNDING).collect()
}

#[cfg(test)]
mod tests;
