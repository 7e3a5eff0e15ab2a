//! One team that serves several channels: live first, then text, then deferred work in what is left;
//! nobody is counted twice (METHOD C5).

use super::erlang::{Load, Target};
use super::roster::{Presence, rostered_fte};
use super::{Refusal, Week, concurrency, deadline, erlang};
use crate::inventory::ChannelIx;
use crate::quantity::Interval;

/// How people for a channel are computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    /// Callers who hang up; both ends of the patience are computed and the one that needs more is used.
    ErlangA {
        /// Mean patience, seconds.
        patience_s: Interval,
    },
    /// A counter.
    ErlangC,
    /// Several talks at once; `speed[j-1]` with j talks.
    Concurrent {
        /// Speeds relative to one talk.
        speed: Vec<f64>,
    },
    /// Work with a deadline of so many open hours.
    Deferred {
        /// Open hours from arrival to the promised answer.
        open_hours: f64,
    },
}

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
    /// Contacts expected.
    pub contacts: f64,
    /// People needed for this channel in that hour, at the end of the range that needs more.
    pub required: f64,
    /// People left for this channel in that hour, least and most.
    pub present: Interval,
    /// Served in time of all offered with the fewest present; `None` where nobody is there.
    pub strict: Option<f64>,
}

/// How a team serves one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// The channel.
    pub channel: ChannelIx,
    /// Share of the demand that arrives in hours where required <= present; demand while closed counts
    /// as not covered for live kinds, and waits for the next open hour otherwise.
    pub covered: Interval,
    /// People required in each hour of the week, least and most.
    pub required_low: Box<Week>,
    /// See above.
    pub required_high: Box<Week>,
    /// People present for this channel in each hour (after what comes first has taken its part).
    pub present_low: Box<Week>,
    /// See above.
    pub present_high: Box<Week>,
    /// Rostered full-time people that it takes.
    pub required_fte: Interval,
    /// Short hours, most missed contacts first (all of them).
    pub short: Vec<ShortHour>,
    /// Hours of the week, open and with demand, with at most one person present.
    pub alone: Vec<usize>,
}

/// A side of the range: everything that makes staffing harder, or everything that makes it easier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Worst,
    Best,
}

impl Side {
    fn of(self, range: Interval) -> f64 {
        match self {
            Self::Worst => range.high,
            Self::Best => range.low,
        }
    }
}

/// What one side of the range gives for one channel.
struct SideResult {
    covered: f64,
    required: Box<Week>,
    present: Box<Week>,
}

/// Agents needed for one hour's load; remembered, since most hours of a week repeat.
#[derive(Default)]
struct Remembered(std::collections::HashMap<(usize, u64), Option<f64>>);

impl Remembered {
    /// `None` where no number of people meets the target.
    fn required(&mut self, demand: usize, of: &Demand, load: Load, limits: &Limits) -> Option<f64> {
        *self.0.entry((demand, load.per_s.to_bits())).or_insert_with(|| required(of, load, limits))
    }
}

/// Agents needed for a load, by the channel's model; of two ends of a patience the one that needs more.
fn required(of: &Demand, load: Load, limits: &Limits) -> Option<f64> {
    let target = Target {
        share: of.share,
        within_s: of.within_s,
        max_occupancy: limits.max_occupancy,
        max_lost: limits.max_lost,
    };
    let agents = match &of.model {
        Model::ErlangA { patience_s } => {
            let low = erlang::required(load, Some(patience_s.low), target).ok()?;
            let high = erlang::required(load, Some(patience_s.high), target).ok()?;
            low.max(high)
        }
        Model::ErlangC => erlang::required(load, None, Target { max_lost: 1.0, ..target }).ok()?,
        Model::Concurrent { speed } => {
            concurrency::required(load, speed, Target { max_lost: 1.0, ..target }).ok()?
        }
        Model::Deferred { .. } => return None,
    };
    Some(f64::from(agents))
}

/// Served in time of all offered with so many whole people; `None` without people, or without a model
/// of its own.
fn strict(of: &Demand, load: Load, people: f64) -> Option<f64> {
    // In range: people are at most a million.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= people <= 1e6")]
    let agents = people.clamp(0.0, 1e6).floor() as u32;
    if agents == 0 {
        return None;
    }
    let performance = match &of.model {
        Model::ErlangA { patience_s } => {
            let low = erlang::erlang_a(load, agents, patience_s.low, of.within_s).ok()?;
            let high = erlang::erlang_a(load, agents, patience_s.high, of.within_s).ok()?;
            return Some(low.strict.min(high.strict));
        }
        Model::ErlangC => erlang::erlang_c(load, agents, of.within_s),
        Model::Concurrent { speed } => concurrency::chat(load, agents, speed, of.within_s),
        Model::Deferred { .. } => return None,
    };
    match performance {
        Ok(performance) => Some(performance.strict),
        // A queue that grows without end serves nobody in time in the long run.
        Err(Refusal::Overload) => Some(0.0),
        Err(_) => None,
    }
}

/// Serves all channels of one team. Channels come back in the order given.
///
/// Hour by hour, live channels claim the people they need first (those given first before the others),
/// then text. Work that may wait fills the time in which those people are not talked to: a share of it
/// (`spare_use`), or, in hours in which no queue asks for anybody, all but the slack of `max_occupancy`.
/// A talk is taken to occupy one person for its whole handling time, also where several are held at once. Both sides of the
/// range are served: the worst (most contacts, longest handling, fewest people) and the best.
#[must_use]
pub fn serve(demands: &[Demand], presence: &Presence, limits: &Limits) -> Vec<Served> {
    let worst = serve_side(demands, presence, limits, Side::Worst);
    let best = serve_side(demands, presence, limits, Side::Best);
    demands
        .iter()
        .zip(worst.into_iter().zip(best))
        .map(|(d, (w, b))| served(d, presence, limits, w, b))
        .collect()
}

fn served(of: &Demand, presence: &Presence, limits: &Limits, worst: SideResult, best: SideResult) -> Served {
    let hours =
        |week: &Week| week.iter().zip(of.open.iter()).map(|(people, open)| people * open).sum::<f64>();
    let fte = |week: &Week| rostered_fte(hours(week), 1.0, limits.contract_hours, limits.shrinkage);
    let mut short: Vec<ShortHour> = (0..168)
        .filter(|h| worst.required[*h] > worst.present[*h] + 1e-9 && of.per_hour[*h] > 0.0)
        .map(|hour| {
            let contacts = of.per_hour[hour];
            let load = Load { per_s: contacts * of.volume.high / 3600.0, handle_s: of.handle_s.high };
            ShortHour {
                hour,
                contacts,
                required: worst.required[hour],
                present: Interval::new(worst.present[hour], best.present[hour].max(worst.present[hour])),
                strict: strict(of, load, worst.present[hour]),
            }
        })
        .collect();
    let missed = |s: &ShortHour| s.contacts * (1.0 - s.strict.unwrap_or(0.0));
    short.sort_by(|a, b| missed(b).total_cmp(&missed(a)).then_with(|| a.hour.cmp(&b.hour)));
    let alone =
        (0..168).filter(|h| of.per_hour[*h] > 0.0 && of.open[*h] > 0.0 && presence.high[*h] < 2.0).collect();
    Served {
        channel: of.channel,
        covered: Interval::new(worst.covered, best.covered.max(worst.covered)),
        required_fte: Interval::new(fte(&best.required), fte(&worst.required)),
        required_low: best.required,
        required_high: worst.required,
        present_low: worst.present,
        present_high: best.present,
        short,
        alone,
    }
}

fn rank(model: &Model) -> u8 {
    match model {
        Model::ErlangA { .. } | Model::ErlangC => 0,
        Model::Concurrent { .. } => 1,
        Model::Deferred { .. } => 2,
    }
}

/// What is left of the people of each hour.
struct Left {
    /// People whom no queue before has claimed.
    for_queues: Week,
    /// People-hours in which nobody is talked to: work that may wait fills them.
    idle: Week,
    /// Hours in which a queue asks for people.
    busy: [bool; 168],
}

fn serve_side(demands: &[Demand], presence: &Presence, limits: &Limits, side: Side) -> Vec<SideResult> {
    let people = match side {
        Side::Worst => &presence.low,
        Side::Best => &presence.high,
    };
    let mut left = Left { for_queues: **people, idle: **people, busy: [false; 168] };
    let mut remembered = Remembered::default();
    let mut order: Vec<usize> = (0..demands.len()).collect();
    order.sort_by_key(|i| (rank(&demands[*i].model), *i));
    let mut results: Vec<Option<SideResult>> = demands.iter().map(|_| None).collect();
    for i in order {
        let of = &demands[i];
        results[i] = Some(match of.model {
            Model::Deferred { open_hours } => deferred(of, open_hours, &mut left, limits, side),
            _ => queued(i, of, &mut left, limits, side, &mut remembered),
        });
    }
    let nothing =
        || SideResult { covered: 0.0, required: Box::new([0.0; 168]), present: Box::new([0.0; 168]) };
    results.into_iter().map(|r| r.unwrap_or_else(nothing)).collect()
}

/// A queue that people wait in: live, or text within its hours.
fn queued(
    index: usize,
    of: &Demand,
    left: &mut Left,
    limits: &Limits,
    side: Side,
    remembered: &mut Remembered,
) -> SideResult {
    let per_hour = moved_into_hours(of);
    let (mut required, mut present) = (Box::new([0.0; 168]), Box::new([0.0; 168]));
    let (mut met, mut all) = (0.0, 0.0);
    for hour in 0..168 {
        let contacts = per_hour[hour] * side.of(of.volume);
        present[hour] = if of.open[hour] > 0.0 { left.for_queues[hour] } else { 0.0 };
        if contacts <= 0.0 {
            continue;
        }
        all += contacts;
        if of.open[hour] <= 0.0 {
            continue;
        }
        // What comes in a part of an hour comes at a higher rate.
        let load = Load { per_s: contacts / (3600.0 * of.open[hour]), handle_s: side.of(of.handle_s) };
        left.busy[hour] = true;
        let work = load.per_s * load.handle_s;
        match remembered.required(index, of, load, limits) {
            Some(n) => {
                required[hour] = n;
                if n <= left.for_queues[hour] + 1e-9 {
                    met += contacts;
                }
                left.for_queues[hour] = (left.for_queues[hour] - n).max(0.0);
                left.idle[hour] = (left.idle[hour] - work.min(n)).max(0.0);
            }
            // Out of reach: nobody is left for the others, and it is not met.
            None => {
                required[hour] = left.for_queues[hour] + 1.0;
                left.for_queues[hour] = 0.0;
                left.idle[hour] = 0.0;
            }
        }
    }
    SideResult { covered: if all > 0.0 { met / all } else { 1.0 }, required, present }
}

/// Text that arrives while it is closed waits for the next open hour; a live contact then is lost.
fn moved_into_hours(of: &Demand) -> Week {
    let mut per_hour = *of.per_hour;
    if !matches!(of.model, Model::Concurrent { .. }) || of.open.iter().all(|o| *o <= 0.0) {
        return per_hour;
    }
    for hour in 0..168 {
        if of.open[hour] <= 0.0 && per_hour[hour] > 0.0 {
            let next = (1..=168).map(|ahead| (hour + ahead) % 168).find(|h| of.open[*h] > 0.0);
            if let Some(next) = next {
                per_hour[next] += per_hour[hour];
                per_hour[hour] = 0.0;
            }
        }
    }
    per_hour
}

/// Work that may wait, in what the others leave.
fn deferred(of: &Demand, open_hours: f64, left: &mut Left, limits: &Limits, side: Side) -> SideResult {
    let handle_hours = side.of(of.handle_s) / 3600.0;
    let work: Vec<f64> = of.per_hour.iter().map(|n| n * side.of(of.volume) * handle_hours).collect();
    let busy = left.busy;
    let usable = |hour: usize| if busy[hour] { limits.spare_use } else { limits.max_occupancy };
    let mut can = vec![0.0; 168];
    let mut present = Box::new([0.0; 168]);
    for hour in 0..168 {
        if of.open[hour] > 0.0 {
            present[hour] = left.idle[hour];
            can[hour] = left.idle[hour] * usable(hour) * of.open[hour];
        }
    }
    let open = of.open.as_slice();
    let done = deadline::done_in_time(&work, open, &can, open_hours).ok();
    let mut required = Box::new([0.0; 168]);
    match deadline::capacity_for(&work, open, open_hours, of.share) {
        Ok(capacity) => {
            for hour in 0..168 {
                if of.open[hour] > 0.0 {
                    required[hour] = capacity / usable(hour);
                }
            }
        }
        Err(_) => return SideResult { covered: 0.0, required, present },
    }
    let share = done.as_ref().map_or(0.0, |d| d.share);
    if let Some(done) = done {
        for (hour, people) in left.idle.iter_mut().enumerate() {
            if of.open[hour] > 0.0 {
                *people = (*people - done.used[hour] / (usable(hour) * of.open[hour])).max(0.0);
            }
        }
    }
    // A promise of 90% is covered in full when 90% is done in time.
    let covered = if of.share > 0.0 { (share / of.share).min(1.0) } else { 1.0 };
    SideResult { covered, required, present }
}
