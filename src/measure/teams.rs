//! Teams: who is under contract, who is at the desk, which of its channels breaks first and when; of a
//! partner, what it can take, at which price and until when. Facts only.

use jiff::civil::Date;

use super::{Facts, staffing};
use crate::capability::roster::open_week;
use crate::inventory::{ChannelIx, TeamIx};
use crate::quantity::Interval;

/// One team.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamFacts {
    /// The team.
    pub team: TeamIx,
    /// People present on average over the open hours of its week; `None` where not known.
    pub present: Option<Interval>,
    /// Open hours of an ordinary week; `None` without hours.
    pub open_hours: Option<f64>,
    /// Open channels that it serves, with the full-time people that each takes, where known.
    pub channels: Vec<(ChannelIx, Option<Interval>)>,
    /// The hour and the channel that break first as work grows, or are broken already.
    pub breaks: Option<Break>,
    /// Hours of the week in which somebody is alone, at least at times.
    pub alone: Vec<usize>,
    /// Of a partner.
    pub partner: Option<Partner>,
}

/// The hour and channel in which people suffice least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// The channel.
    pub channel: ChannelIx,
    /// 0..168, Monday 0:00 first.
    pub hour: usize,
    /// People needed for it then, at the end of the range that needs more.
    pub required: f64,
    /// People left for it then.
    pub present: Interval,
}

/// What a partner has agreed to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Partner {
    /// Contacts that it takes in an hour.
    pub capacity_per_hour: Option<f64>,
    /// Its price for a contact, major currency units.
    pub price_per_contact: Option<f64>,
    /// End of its contract.
    pub until: Option<Date>,
    /// The busiest hour of its week and the contacts in it; `None` where no hour is known.
    pub busiest: Option<(usize, Interval)>,
}

/// All teams, in the order of the inventory.
pub(super) fn teams(facts: &Facts<'_>) -> Vec<TeamFacts> {
    (0..facts.inventory.teams.len()).map(|ix| team(facts, TeamIx(ix))).collect()
}

fn team(facts: &Facts<'_>, ix: TeamIx) -> TeamFacts {
    let it = &facts.inventory.teams[ix.0];
    let serves: Vec<ChannelIx> = facts
        .open_channels()
        .filter(|(_, channel)| channel.team == Some(ix) && channel.kind.is_answered())
        .map(|(channel, _)| channel)
        .collect();
    let staffed: Vec<_> = serves.iter().filter_map(|c| Some((*c, facts.staffing(*c).ok()?))).collect();
    let mut alone: Vec<usize> = staffed.iter().flat_map(|(_, s)| s.served.alone.iter().copied()).collect();
    alone.sort_unstable();
    alone.dedup();
    let of = |c: &ChannelIx| facts.staffing(*c).ok().map(|s| s.served.required_fte);
    TeamFacts {
        team: ix,
        present: staffed.first().map(|(_, s)| s.present),
        open_hours: it.hours.as_ref().map(|hours| open_week(&hours.value).iter().sum()),
        channels: serves.iter().map(|c| (*c, of(c))).collect(),
        breaks: breaks(&staffed),
        alone,
        partner: it.partner.then(|| Partner {
            capacity_per_hour: it.capacity_per_hour,
            price_per_contact: it.price_per_contact,
            until: it.until.as_ref().map(|until| until.value),
            busiest: staffing::busiest(facts, &serves),
        }),
    }
}

/// Where the people left for a channel are the smallest part of those needed: as work grows alike in all hours,
/// that hour is the first in which they no longer suffice. Work that may wait has no hour of its own.
fn breaks(staffed: &[(ChannelIx, &super::Staffing)]) -> Option<Break> {
    staffed
        .iter()
        .filter(|(_, s)| !s.waits)
        .flat_map(|(channel, s)| (0..168).map(move |hour| (*channel, hour, &s.served)))
        .filter(|(_, hour, served)| served.contacts_high[*hour] > 0.0 && served.required_high[*hour] > 0.0)
        .map(|(channel, hour, served)| Break {
            channel,
            hour,
            required: served.required_high[hour],
            present: Interval::new(served.present_low[hour], served.present_high[hour]),
        })
        .min_by(|a, b| {
            let part = |x: &Break| x.present.low / x.required;
            part(a).total_cmp(&part(b)).then(b.required.total_cmp(&a.required)).then(a.hour.cmp(&b.hour))
        })
}
