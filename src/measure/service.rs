//! Service as measured: over all hours, and in every run of hours of the week that holds enough
//! contacts. Strict: in time, of all offered; hang-ups within the short time are not lost callers.

use super::{Facts, Service, ServiceWindow, real, staffing};
use crate::census::{Column, Sums};
use crate::inventory::ChannelIx;
use crate::quantity::wilson;

/// Measured service; `None` without a promise (its own or its kind's) or without waits in the logs.
pub(super) fn service(facts: &Facts<'_>, ix: ChannelIx) -> Option<Service> {
    let channel = facts.channel(ix);
    let times = facts.times(ix).filter(|_| channel.kind.is_answered())?;
    let promise = staffing::promise(facts, channel)?;
    let overall = window(times.total(), None, 168)?;
    Some(Service {
        weeks: times.weeks_with(Column::PromiseKnown),
        promise: (promise.share, promise.within_s),
        promised: channel.promise.is_some(),
        overall,
        windows: windows(facts, ix),
    })
}

/// Runs of consecutive hours, over the end of the week into the next.
fn windows(facts: &Facts<'_>, ix: ChannelIx) -> Vec<ServiceWindow> {
    let week = facts.week(ix);
    let (Some(week), Some(gate)) = (week, facts.criteria.gate("staffed")) else { return Vec::new() };
    let hours = (1..=168).find(|h| f64::from(*h) >= gate.number("hours")).unwrap_or(1);
    let hours = usize::try_from(hours).unwrap_or(1);
    let all: f64 = week.iter().map(|s| real(s[Column::Contacts])).sum();
    let enough = gate.number("two_hours_share") * all;
    (0..week.len())
        .filter_map(|first| {
            let mut sums = Sums::default();
            week.iter().cycle().skip(first).take(hours).for_each(|s| sums.add(s));
            if real(sums[Column::Contacts]) < enough { None } else { window(&sums, Some(first), hours) }
        })
        .collect()
}

/// Service in some hours; `None` where the promise was not measured in them.
pub(super) fn window(sums: &Sums, first: Option<usize>, hours: usize) -> Option<ServiceWindow> {
    let offered = sums[Column::PromiseKnown];
    let (kept, n) = (real(sums[Column::PromiseKept]), real(offered));
    Some(ServiceWindow { first, hours, offered, strict: (kept / n, wilson(kept, n)?), lost: lost(sums) })
}

/// Lost callers (short hang-ups excepted) of all offered; `None` where nobody recorded them.
pub(super) fn lost(sums: &Sums) -> Option<(f64, crate::quantity::Interval)> {
    // Nobody hangs up on a letter: without a single one who gave up, losses were not recorded.
    if sums[Column::Abandoned] <= 0 {
        return None;
    }
    let offered = real(sums[Column::Answered].saturating_add(sums[Column::Abandoned]));
    let lost = real(sums[Column::Abandoned].saturating_sub(sums[Column::AbandonedShort]).max(0));
    Some((lost / offered, wilson(lost, offered)?))
}
