//! People for each channel: from the inventory and the census to what a team is asked for, hour by
//! hour. Owns where loads, shapes and handling times come from and says what was assumed; the
//! mathematics stand in [`crate::capability`].

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::volume::{self, Amount};
use super::{Facts, Grade, Staffing, real};
use crate::capability::Week;
use crate::capability::erlang::{Load, Target};
use crate::capability::model::Model;
use crate::capability::roster::{Presence, open_week, presence};
use crate::capability::team::{Demand, Limits, Served, covered, meet, serve};
use crate::capability::{concurrency, deadline};
use crate::census::Column;
use crate::criteria::kind::{Staffing as Way, Timing};
use crate::inventory::{Channel, ChannelIx, Inventory, Promise, Status, Team, TeamIx};
use crate::quantity::Interval;
use crate::text::clean;

/// What is asked of the teams: each answer is found once and remembered, since closings ask for it again
/// and again.
#[derive(Default)]
pub(super) struct Remembered {
    /// By channel: what it asks of its team, or why that is not known.
    asked: Vec<OnceLock<Result<Asked, String>>>,
    /// By team: how it serves everything that is open today.
    today: Vec<OnceLock<Option<Today>>>,
    /// By team and the channels it serves: its people and how much of each demand they cover.
    covers: Mutex<BTreeMap<Serving, Option<Covers>>>,
}

impl Remembered {
    /// Nothing yet.
    pub(super) fn of(inventory: &Inventory) -> Self {
        Self {
            asked: inventory.channels.iter().map(|_| OnceLock::new()).collect(),
            today: inventory.teams.iter().map(|_| OnceLock::new()).collect(),
            covers: Mutex::default(),
        }
    }

    /// Whoever stopped while holding it has left only whole answers.
    fn covers(&self) -> MutexGuard<'_, BTreeMap<Serving, Option<Covers>>> {
        self.covers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A team and the channels it serves.
type Serving = (TeamIx, Vec<ChannelIx>);
/// A team's people and the share of each demand that they cover.
type Covers = Arc<(Presence, Vec<Interval>)>;

/// A team with everything that is open today.
struct Today {
    presence: Presence,
    served: Vec<Served>,
}

/// One channel's demand on its team, with what was assumed to state it.
struct Asked {
    demand: Demand,
    assumed: Vec<String>,
    /// The load or its shape is no count: declared, borrowed or forecast.
    estimated: bool,
}

/// People for one channel.
pub(super) fn staffing(facts: &Facts<'_>, ix: ChannelIx) -> Result<Staffing, String> {
    let channel = facts.channel(ix);
    if !channel.kind.is_answered() || channel.kind.staffing == Way::None {
        return Err("nobody has to answer it".into());
    }
    let team_ix = channel.team.ok_or("no team is named")?;
    let team = team_of(facts, team_ix).ok_or("no team is named")?;
    if team.partner && team.people.is_none() {
        return Err("a partner answers: its capacity and its service report stand in for a roster".into());
    }
    let own = asked(facts, ix)?;
    let (asked_all, left_out) = team_demand(facts, team_ix, &|_| true);
    let (presence, served) = if asked_all.iter().any(|a| a.demand.channel == ix) {
        let today = facts.remembered.today.get(team_ix.0).and_then(|today| {
            today.get_or_init(|| serve_today(facts, team, demands_of(&asked_all))).as_ref()
        });
        let today = today.ok_or(NO_PEOPLE)?;
        (today.presence.clone(), today.served.iter().find(|s| s.channel == ix).cloned())
    } else {
        let mut demands = demands_of(&asked_all);
        if facts.is_candidate(ix) {
            divert(facts, ix, &mut demands);
        }
        demands.push(own.demand.clone());
        let mut today = serve_today(facts, team, demands).ok_or(NO_PEOPLE)?;
        (today.presence, today.served.pop())
    };
    let mut served = served.ok_or("it cannot be computed from these numbers")?;
    let mut assumed = own.assumed.clone();
    // Work nobody counted, and that comes first or at the same time, may take everybody.
    let before: Vec<String> = left_out
        .iter()
        .filter(|d| order(facts.channel(**d)) <= order(channel))
        .map(|d| clean(&facts.channel(*d).id))
        .collect();
    if !before.is_empty() {
        served.covered.low = 0.0;
        assumed.push(format!("the work of {} is not known and may take anybody", before.join(", ")));
    }
    if team.shrinkage.is_none() && !presence.rostered {
        let share = super::percent(facts.criteria.defaults.shrinkage);
        assumed.push(format!("{share} of paid time is away from the desk"));
    }
    let grade = if own.estimated || !before.is_empty() { Grade::Estimated } else { Grade::Declared };
    Ok(Staffing {
        by_concurrency: by_concurrency(facts, &own.demand, &served),
        patience_s: match own.demand.model {
            Model::ErlangA { patience_s } => Some(patience_s),
            _ => None,
        },
        waits: matches!(own.demand.model, Model::Deferred { .. }),
        served,
        present: presence.mean,
        available_fte: presence.fte,
        grade,
        assumed,
    })
}

/// What a channel asks of its team; `None` where that is not known.
pub(super) fn demand<'f>(facts: &'f Facts<'_>, ix: ChannelIx) -> Option<&'f Demand> {
    asked(facts, ix).ok().map(|asked| &asked.demand)
}

/// People needed for so many contacts in an hour; `None` for work that may wait, or where no number of
/// people would do.
pub(super) fn required_in(facts: &Facts<'_>, demand: &Demand, hour: usize, contacts: f64) -> Option<f64> {
    if contacts <= 0.0 {
        return Some(0.0);
    }
    let per_s = contacts / (demand.open[hour] * 3600.0);
    demand
        .model
        .required(Load { per_s, handle_s: demand.handle_s.high }, target(facts, demand))
        .ok()
        .map(f64::from)
}

/// What a channel promises, within the method's limits.
fn target(facts: &Facts<'_>, demand: &Demand) -> Target {
    let d = &facts.criteria.defaults;
    Target {
        share: demand.share,
        within_s: demand.within_s,
        max_occupancy: d.max_occupancy,
        max_lost: d.lost_callers,
    }
}

/// Why nothing can be told of a team.
const NO_PEOPLE: &str = "nobody said how many people the team has, or when it works";

fn demands_of(asked: &[&Asked]) -> Vec<Demand> {
    asked.iter().map(|a| a.demand.clone()).collect()
}

/// A team at some demands; `None` where its people are not known.
fn serve_today(facts: &Facts<'_>, team: &Team, demands: Vec<Demand>) -> Option<Today> {
    let presence = team_presence(facts, team, &demands)?;
    let served = serve(&demands, &presence, &limits(facts, team));
    Some(Today { presence, served })
}

/// Whether the demand on a channel's team and its people are known.
pub(super) fn computable(facts: &Facts<'_>, ix: ChannelIx) -> bool {
    facts.staffing(ix).is_ok()
}

/// Live first, then text, then what may wait.
fn order(channel: &Channel) -> u8 {
    match channel.kind.staffing {
        Way::ErlangA | Way::ErlangC => 0,
        Way::Concurrent => 1,
        Way::Deferred => 2,
        Way::None => 3,
    }
}

fn team_of<'a>(facts: &Facts<'a>, ix: TeamIx) -> Option<&'a Team> {
    facts.inventory.teams.get(ix.0)
}

/// The method's limits, with the team's own contract hours and shrinkage where it gives them.
pub(super) fn limits(facts: &Facts<'_>, team: &Team) -> Limits {
    let d = &facts.criteria.defaults;
    Limits {
        max_occupancy: d.max_occupancy,
        max_lost: d.lost_callers,
        spare_use: d.spare_use,
        contract_hours: team.contract_hours.unwrap_or(d.contract_hours),
        shrinkage: team.shrinkage.unwrap_or(d.shrinkage),
    }
}

/// Everything that open channels ask of a team today, and the channels whose work is not known.
fn team_demand<'f>(
    facts: &'f Facts<'_>,
    team: TeamIx,
    keep: &dyn Fn(ChannelIx) -> bool,
) -> (Vec<&'f Asked>, Vec<ChannelIx>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (ix, channel) in facts.open_channels() {
        if channel.team != Some(team)
            || !channel.kind.is_answered()
            || channel.kind.staffing == Way::None
            || !keep(ix)
        {
            continue;
        }
        match asked(facts, ix) {
            Ok(asked) => known.push(asked),
            Err(_) => unknown.push(ix),
        }
    }
    (known, unknown)
}

fn team_presence<'d>(
    facts: &Facts<'_>,
    team: &Team,
    demands: impl IntoIterator<Item = &'d Demand>,
) -> Option<Presence> {
    let mut shape: Week = [0.0; 168];
    for demand in demands {
        let handle_s = demand.handle_s.middle();
        for (sum, n) in shape.iter_mut().zip(demand.per_hour.iter()) {
            *sum += n * handle_s;
        }
    }
    let d = &facts.criteria.defaults;
    let shape = shape.iter().any(|n| *n > 0.0).then_some(&shape);
    presence(team, shape, d.contract_hours, d.shrinkage)
}

/// What one channel asks of its team.
fn asked<'f>(facts: &'f Facts<'_>, ix: ChannelIx) -> Result<&'f Asked, &'f str> {
    let remembered = facts.remembered.asked.get(ix.0).ok_or("not in the inventory")?;
    remembered.get_or_init(|| find_asked(facts, ix)).as_ref().map_err(String::as_str)
}

fn find_asked(facts: &Facts<'_>, ix: ChannelIx) -> Result<Asked, String> {
    let channel = facts.channel(ix);
    let hours = facts.inventory.hours_of(channel).ok_or("nobody said when it is open")?;
    let open = Box::new(open_week(&hours.value));
    let open_hours: f64 = open.iter().sum();
    if open_hours <= 0.0 {
        return Err("it is never open".into());
    }
    let promise = promise(facts, channel).ok_or("no promise is declared, and its kind has no usual one")?;
    let mut assumed = Vec::new();
    if channel.promise.is_none() {
        assumed.push("the usual promise of its kind".to_owned());
    }
    let handle_s = handle(facts, ix).ok_or("nobody said how long one contact takes")?;
    let (per_hour, volume, measured) = load(facts, ix, &open, &mut assumed)?;
    let model = model(facts, ix, promise, open_hours, &mut assumed)?;
    let demand = Demand {
        channel: ix,
        model,
        per_hour,
        volume,
        handle_s,
        share: promise.share,
        within_s: promise.within_s,
        open,
    };
    Ok(Asked { demand, assumed, estimated: !measured })
}

/// The promise a channel is held to: its own, else the usual one of its kind.
pub(super) fn promise(facts: &Facts<'_>, channel: &Channel) -> Option<Promise> {
    let own = channel.promise.as_ref().map(|p| p.value);
    own.or(channel.kind.default_promise).or(facts.criteria.defaults.promise)
}

/// Handling time in seconds: measured, else declared, else forecast.
pub(super) fn handle(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    let measured = facts
        .total(ix)
        .filter(|s| s[Column::HandleKnown] > 0)
        .map(|s| real(s[Column::HandleMs]) / real(s[Column::HandleKnown]) / 1000.0);
    let channel = facts.channel(ix);
    let seconds = measured
        .or_else(|| channel.handle_s.as_ref().map(|h| h.value))
        .or_else(|| channel.forecast.as_ref()?.handle_s.as_ref().map(|h| h.value))?;
    (seconds > 0.0 && seconds.is_finite()).then(|| Interval::point(seconds))
}

/// Mean contacts by hour of the week, the range of the volume around them, and whether both are counts.
fn load(
    facts: &Facts<'_>,
    ix: ChannelIx,
    open: &Week,
    assumed: &mut Vec<String>,
) -> Result<(Box<Week>, Interval, bool), String> {
    let amount = volume::yearly(facts, ix).ok_or("nobody said how many contacts it has")?;
    let weekly = amount.value / facts.default("weeks_per_year");
    let ratio =
        if amount.value > 0.0 { amount.range.scale(1.0 / amount.value) } else { Interval::point(1.0) };
    if let Some(week) = counted_week(facts, ix) {
        return Ok((week, ratio, true));
    }
    let channel = facts.channel(ix);
    // Nobody counted its hours: those of the channels it draws from, else of its team, in its open hours.
    let mut lenders: Vec<(ChannelIx, f64)> =
        channel.forecast.iter().flat_map(|f| f.from.iter().map(|(d, s)| (*d, s.value))).collect();
    if lenders.is_empty() {
        lenders = facts
            .open_channels()
            .filter(|(d, c)| *d != ix && c.team == channel.team && super::is_contact(c))
            .map(|(d, _)| (d, 0.0))
            .collect();
    }
    let mut shape: Week = [0.0; 168];
    for (d, weight) in &lenders {
        let Some(week) = counted_week(facts, *d) else { continue };
        let total: f64 = week.iter().sum();
        let weight = if *weight > 0.0 { weight / total } else { 1.0 };
        for ((sum, n), open) in shape.iter_mut().zip(week.iter()).zip(open) {
            *sum += n * open * weight;
        }
    }
    if shape.iter().sum::<f64>() > 0.0 {
        assumed.push("its hours are like those of the channels it draws from or shares people with".into());
    } else {
        shape = *open;
        assumed.push("its contacts come evenly over its open hours".into());
    }
    Ok((scaled(&shape, weekly), ratio, false))
}

/// Mean contacts by hour of the week as counted, over as many such hours as the period holds; `None` where no
/// row has a time of day.
fn counted_week(facts: &Facts<'_>, ix: ChannelIx) -> Option<Box<Week>> {
    let view = facts.census?;
    let (week, often) = (facts.week(ix)?, view.weekdays());
    // Contacts of which only the day is known come at the hours of the others.
    let timed: f64 = week.iter().map(|sums| real(sums[Column::Contacts])).sum();
    let all = facts.total(ix).map_or(timed, |sums| real(sums[Column::Contacts]));
    let untimed = if timed > 0.0 { (all / timed).max(1.0) } else { 1.0 };
    let mut out = Box::new([0.0; 168]);
    for (hour, (slot, sums)) in out.iter_mut().zip(week).enumerate() {
        *slot = real(sums[Column::Contacts].max(0)) * untimed / real(often[hour / 24].max(1));
    }
    (out.iter().sum::<f64>() > 0.0).then_some(out)
}

/// A shape scaled so that it sums to a weekly number.
fn scaled(shape: &Week, weekly: f64) -> Box<Week> {
    let total: f64 = shape.iter().sum();
    let by = if total > 0.0 { weekly / total } else { 0.0 };
    Box::new(shape.map(|n| n * by))
}

fn model(
    facts: &Facts<'_>,
    ix: ChannelIx,
    promise: Promise,
    open_hours: f64,
    assumed: &mut Vec<String>,
) -> Result<Model, String> {
    let channel = facts.channel(ix);
    Ok(match channel.kind.staffing {
        Way::ErlangA => Model::ErlangA { patience_s: patience(facts, ix, assumed) },
        Way::ErlangC => Model::ErlangC,
        Way::Concurrent => Model::Concurrent { speed: speed(facts, channel) },
        Way::Deferred => {
            let hours = promise.within_s / 3600.0;
            if promise.open_clock {
                Model::Deferred { open_hours: hours }
            } else {
                // Elapsed hours hold only so many open ones.
                Model::Deferred { open_hours: hours * open_hours / 168.0 }
            }
        }
        Way::None => return Err("nobody has to answer it".into()),
    })
}

/// Patience in seconds: all waiting over those who gave up, with and without those who hung up at once; the
/// method's range where too few gave up to tell.
fn patience(facts: &Facts<'_>, ix: ChannelIx, assumed: &mut Vec<String>) -> Interval {
    let least = i64::from(facts.criteria.defaults.least_episodes);
    if let Some(sums) = facts.total(ix)
        && sums[Column::WaitKnown] > 0
    {
        let waits = real(sums[Column::WaitMs]) / 1000.0 / real(sums[Column::WaitKnown])
            * real(sums[Column::Contacts]);
        let all = sums[Column::Abandoned];
        let at_once = facts.census.map_or(0, |view| view.hung_up_at_once(&facts.channel(ix).id));
        let longer = all.saturating_sub(at_once);
        if longer >= least && waits > 0.0 {
            return Interval::new(waits / real(all), waits / real(longer));
        }
    }
    let default = facts.criteria.defaults.patience_s;
    assumed
        .push(format!("callers wait {:.0} to {:.0} seconds before they give up", default.low, default.high));
    default
}

/// Speed with 1, 2, … talks: the channel's own curve, else the method's, up to the most it holds.
fn speed(facts: &Facts<'_>, channel: &Channel) -> Vec<f64> {
    let d = &facts.criteria.defaults;
    let (max, curve) = match &channel.concurrency {
        Some(c) => (c.max, c.speed.as_ref().unwrap_or(&d.chat_speed)),
        None => (d.chat_concurrency, &d.chat_speed),
    };
    let max = usize::try_from(max.clamp(1, 50)).unwrap_or(1);
    let last = curve.last().copied().unwrap_or(1.0);
    (0..max).map(|j| curve.get(j).copied().unwrap_or(last)).collect()
}

/// People needed in the busiest hour with 1, 2, … talks at once.
fn by_concurrency(facts: &Facts<'_>, demand: &Demand, served: &Served) -> Vec<(u32, f64)> {
    let Model::Concurrent { speed } = &demand.model else { return Vec::new() };
    let met = served.contacts_high.iter().zip(demand.open.iter()).filter(|(_, open)| **open > 0.0);
    let busiest = met.map(|(contacts, open)| contacts / open).fold(0.0, f64::max);
    let load = Load { per_s: busiest / 3600.0, handle_s: demand.handle_s.high };
    concurrency::required_by_concurrency(load, speed, target(facts, demand))
        .into_iter()
        .filter_map(|(talks, agents)| Some((talks, f64::from(agents.ok()?))))
        .collect()
}

/// Takes what a candidate moves away off the channels it moves from.
fn divert(facts: &Facts<'_>, candidate: ChannelIx, demands: &mut [Demand]) {
    let (Some(amount), Some(forecast)) =
        (volume::forecast(facts, candidate), &facts.channel(candidate).forecast)
    else {
        return;
    };
    for demand in demands {
        let share: f64 =
            forecast.from.iter().filter(|(d, _)| *d == demand.channel).map(|(_, s)| s.value).sum();
        let Some(source) = volume::yearly(facts, demand.channel).filter(|v| v.value > 0.0) else {
            continue;
        };
        let left = (1.0 - amount.value * share / source.value).max(0.0);
        demand.per_hour.iter_mut().for_each(|n| *n *= left);
    }
}

/// What opening a candidate does to the teams that it touches.
#[derive(Default)]
pub(super) struct Opening {
    /// Open channels: how much of their demand is covered today, and once it is open.
    pub(super) covered: Vec<(ChannelIx, Interval, Interval)>,
    /// What cannot be told, in words.
    pub(super) unknown: Vec<String>,
}

/// Its own team and those that it draws from.
pub(super) fn opening(facts: &Facts<'_>, candidate: ChannelIx) -> Opening {
    let channel = facts.channel(candidate);
    let sources = channel.forecast.iter().flat_map(|f| f.from.iter().map(|(d, _)| facts.channel(*d).team));
    let mut teams: Vec<TeamIx> = sources.flatten().chain(channel.team).collect();
    teams.sort();
    teams.dedup();
    let mut found = Opening::default();
    for team_ix in teams {
        let Some(team) = team_of(facts, team_ix) else { continue };
        let (asked_all, left_out) = team_demand(facts, team_ix, &|d| d != candidate);
        if asked_all.is_empty() && left_out.is_empty() {
            continue;
        }
        let mut after = demands_of(&asked_all);
        divert(facts, candidate, &mut after);
        let own = if channel.team == Some(team_ix) { Some(asked(facts, candidate)) } else { None };
        let known = match own {
            Some(Ok(asked)) => {
                after.push(asked.demand.clone());
                true
            }
            Some(Err(_)) => !channel.kind.is_answered(),
            None => true,
        };
        let before = covers(facts, team_ix, team, &asked_all).filter(|_| known);
        let (Some(before), Some(presence)) = (before, team_presence(facts, team, &after)) else {
            found.unknown.push(format!("what it does to the other channels of {}", clean(&team.id)));
            continue;
        };
        let after = covered(&after.iter().collect::<Vec<_>>(), &presence, &limits(facts, team));
        for ((asked, before), after) in asked_all.iter().zip(&before.1).zip(after) {
            let ix = asked.demand.channel;
            // Work that nobody counted, and that comes first or at the same time, may take everybody.
            let taken = left_out.iter().any(|d| order(facts.channel(*d)) <= order(facts.channel(ix)));
            let least = |x: Interval| if taken { Interval::new(0.0, x.high) } else { x };
            found.covered.push((ix, least(*before), least(after)));
        }
    }
    found
}

/// How much of a partner's demand it takes by the capacity that it has agreed to: live and text, the share that
/// comes in hours in which all of it is taken; work that may wait, the share that is done in time with what is
/// left. `None` for own teams, or where capacity, hours, promise or volume is not known. What comes while a live
/// channel is closed is not covered.
pub(super) fn covered_by_partner(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    let team_ix = facts.channel(ix).team?;
    let capacity = team_of(facts, team_ix).filter(|team| team.partner)?.capacity_per_hour?;
    let mut serves: Vec<ChannelIx> = facts
        .open_channels()
        .filter(|(d, c)| *d == ix || (c.team == Some(team_ix) && c.kind.is_answered()))
        .map(|(d, _)| d)
        .chain(facts.is_candidate(ix).then_some(ix))
        .collect();
    serves.sort_by_key(|d| (order(facts.channel(*d)), *d));
    let loads: Vec<(ChannelIx, Option<PartnerLoad>)> =
        serves.into_iter().map(|d| (d, partner_load(facts, d))).collect();
    // Work that nobody counted, and that comes first or at the same time, may take all of the capacity.
    let own_order = order(facts.channel(ix));
    let counted = loads.iter().all(|(d, load)| load.is_some() || order(facts.channel(*d)) > own_order);
    let end = |volume: fn(&Interval) -> f64| {
        let mut left = [capacity; 168];
        for (d, load) in &loads {
            let Some(load) = load else { continue };
            let covered = load.take(volume(&load.volume), &mut left)?;
            if *d == ix {
                return Some(covered);
            }
        }
        None
    };
    let (low, high) = (end(|v| v.high)?, end(|v| v.low)?);
    Some(Interval::new(if counted { low } else { 0.0 }, high))
}

/// What a channel asks of a partner, in contacts.
struct PartnerLoad {
    per_hour: Box<Week>,
    volume: Interval,
    open: Week,
    model: Model,
}

fn partner_load(facts: &Facts<'_>, ix: ChannelIx) -> Option<PartnerLoad> {
    let channel = facts.channel(ix);
    let open = open_week(&facts.inventory.hours_of(channel)?.value);
    let (per_hour, volume, _) = load(facts, ix, &open, &mut Vec::new()).ok()?;
    let promise = promise(facts, channel)?;
    let model = model(facts, ix, promise, open.iter().sum(), &mut Vec::new()).ok()?;
    Some(PartnerLoad { per_hour, volume, open, model })
}

impl PartnerLoad {
    /// Takes what it needs of the contacts that can be taken in each hour, and tells how much of it is covered;
    /// `None` where its deadline cannot be kept at all.
    fn take(&self, volume: f64, left: &mut Week) -> Option<f64> {
        let mut contacts = self.per_hour.map(|n| n * volume);
        let room: Week = std::array::from_fn(|hour| left[hour] * self.open[hour]);
        if let Model::Deferred { open_hours } = self.model {
            let work = deadline::Work { arrives: &contacts, clock: &self.open, open_hours };
            let flow = deadline::flow(work, &room).ok()?;
            left.iter_mut().zip(flow.done.iter()).for_each(|(left, done)| *left = (*left - done).max(0.0));
            return Some(flow.share.unwrap_or(1.0));
        }
        let all: f64 = contacts.iter().sum();
        meet(&self.model, &self.open, &mut contacts);
        let mut met = 0.0;
        for hour in 0..168 {
            if contacts[hour] <= room[hour] * (1.0 + 1e-9) {
                met += contacts[hour];
            }
            left[hour] = (left[hour] - contacts[hour]).max(0.0);
        }
        Some(if all > 0.0 { met / all } else { 1.0 })
    }
}

/// The busiest hour of the week over some channels, with its contacts.
pub(super) fn busiest(facts: &Facts<'_>, channels: &[ChannelIx]) -> Option<(usize, Interval)> {
    let mut week = [(0.0, 0.0); 168];
    for demand in channels.iter().filter_map(|c| per_hour(facts, *c)) {
        let (per_hour, volume) = demand;
        for ((low, high), n) in week.iter_mut().zip(per_hour.iter()) {
            *low += n * volume.low;
            *high += n * volume.high;
        }
    }
    let (hour, (low, high)) =
        week.into_iter().enumerate().max_by(|(i, (_, a)), (j, (_, b))| a.total_cmp(b).then(j.cmp(i)))?;
    (high > 0.0).then(|| (hour, Interval::new(low, high)))
}

/// Contacts by hour of an ordinary week and the range around them, where hours and volume are known.
fn per_hour(facts: &Facts<'_>, ix: ChannelIx) -> Option<(Box<Week>, Interval)> {
    let hours = facts.inventory.hours_of(facts.channel(ix))?;
    let (per_hour, volume, _) = load(facts, ix, &open_week(&hours.value), &mut Vec::new()).ok()?;
    Some((per_hour, volume))
}

/// A team's people and how much they cover of what some of its channels ask.
fn covers(facts: &Facts<'_>, team_ix: TeamIx, team: &Team, asked: &[&Asked]) -> Option<Covers> {
    let key = (team_ix, asked.iter().map(|a| a.demand.channel).collect());
    if let Some(known) = facts.remembered.covers().get(&key) {
        return known.clone();
    }
    let demands = || asked.iter().map(|a| &a.demand);
    let found = team_presence(facts, team, demands()).map(|presence| {
        let covered = covered(&demands().collect::<Vec<_>>(), &presence, &limits(facts, team));
        Arc::new((presence, covered))
    });
    facts.remembered.covers().insert(key, found.clone());
    found
}

/// How much a team covers of each channel that stays, before and after another one closes: its load goes
/// to those that take it, its own demand leaves, and people who served nothing else join those who do.
/// `None` where the people are not known.
pub(super) fn before_and_after(
    facts: &Facts<'_>,
    team_ix: TeamIx,
    closing: ChannelIx,
    present: &[bool],
    redirect: &[(ChannelIx, f64)],
    moved: Amount,
) -> Option<Vec<(ChannelIx, Interval, Interval)>> {
    let team = team_of(facts, team_ix)?;
    let here = |d: ChannelIx| d == closing || present.get(d.0).copied().unwrap_or(false);
    let (asked, _) = team_demand(facts, team_ix, &here);
    let before = covers(facts, team_ix, team, &asked)?;
    let (presence, before) = (&before.0, &before.1);
    let mut after: Vec<Demand> =
        asked.iter().filter(|a| a.demand.channel != closing).map(|a| a.demand.clone()).collect();
    let weekly = moved.value / facts.default("weeks_per_year");
    let closed_shape = counted_week(facts, closing);
    for demand in &mut after {
        let share: f64 = redirect.iter().filter(|(d, _)| *d == demand.channel).map(|(_, s)| s).sum();
        if share <= 0.0 {
            continue;
        }
        // They come when they came before, as far as the new channel is open; else like its own.
        let mut shape: Week = closed_shape.as_deref().copied().unwrap_or(*demand.per_hour);
        shape.iter_mut().zip(demand.open.iter()).for_each(|(n, open)| *n *= open);
        let shape = if shape.iter().sum::<f64>() > 0.0 { shape } else { *demand.per_hour };
        for (n, more) in demand.per_hour.iter_mut().zip(scaled(&shape, weekly * share).iter()) {
            *n += more;
        }
    }
    let mut grown = presence.clone();
    if let Some(freed) = freed(facts, team_ix, closing, present) {
        let share: f64 =
            redirect.iter().filter(|(d, _)| facts.channel(*d).team == Some(team_ix)).map(|(_, s)| s).sum();
        grown.low.iter_mut().zip(freed.low.iter()).for_each(|(n, more)| *n += more * share);
        grown.high.iter_mut().zip(freed.high.iter()).for_each(|(n, more)| *n += more * share);
    }
    let after = covered(&after.iter().collect::<Vec<_>>(), &grown, &limits(facts, team));
    let stay = asked.iter().map(|a| a.demand.channel).zip(before).filter(|(d, _)| *d != closing);
    Some(stay.zip(after).map(|((d, before), after)| (d, *before, after)).collect())
}

/// The people of a closing channel's team, where it is another team that serves nothing else.
fn freed(facts: &Facts<'_>, receiver: TeamIx, closing: ChannelIx, present: &[bool]) -> Option<Presence> {
    let team_ix = facts.channel(closing).team.filter(|t| *t != receiver)?;
    let busy = facts.inventory.channels().any(|(d, c)| {
        d != closing
            && c.team == Some(team_ix)
            && c.status != Status::Candidate
            && present.get(d.0).copied().unwrap_or(false)
    });
    let team = team_of(facts, team_ix).filter(|t| !busy && !t.partner)?;
    let (asked, _) = team_demand(facts, team_ix, &|d| d == closing);
    team_presence(facts, team, asked.iter().map(|a| &a.demand))
}

/// Whether a kind is served at once, so that hang-ups and service windows say something.
pub(super) fn is_live(channel: &Channel) -> bool {
    matches!(channel.kind.timing, Timing::Live | Timing::NearLive)
}
