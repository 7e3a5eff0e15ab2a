//! One team that serves several channels: live first, then text, then deferred work in what is left;
//! nobody is counted twice (METHOD C5).

use super::Week;
use super::roster::Presence;
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

/// Limits of the method that hold for all channels.
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

/// Serves all channels of one team. Channels come back in the order given.
#[must_use]
pub fn serve(demands: &[Demand], presence: &Presence, limits: &Limits) -> Vec<Served> {
    let _ = (demands, presence, limits);
    Vec::new()
}
