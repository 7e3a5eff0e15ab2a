//! The hours of a channel's week: what comes, in the mean and in a bad week, what that takes, who is
//! there, what they would give by the model, and what the log measured. Facts only; which hours are bad
//! enough to name is judged elsewhere.

use super::service::window;
use super::{Facts, ServiceWindow, staffing};
use crate::capability::Week;
use crate::capability::team::{Demand, Expected, expected, meet};
use crate::census::view::View;
use crate::census::{Column, Sums};
use crate::inventory::ChannelIx;
use crate::quantity::{Interval, wilson};

/// The week of one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// Open hours with contacts, in order.
    pub list: Vec<Hour>,
    /// Contacts of a week that come while it is closed and that no open hour takes.
    pub closed: Interval,
    /// Mean contacts of a week.
    pub contacts: f64,
    /// Whole weeks in the log.
    pub weeks: usize,
}

impl Hours {
    /// What the people there would give in an hour, the hours beside it taken together with it: a queue does
    /// not begin anew when the clock strikes.
    #[must_use]
    pub fn around(&self, ix: usize) -> Option<Interval> {
        let own = self.list.get(ix)?;
        // The week begins anew after its last hour.
        let apart = |h: &&Hour| h.hour.abs_diff(own.hour).min(168 - h.hour.abs_diff(own.hour));
        let beside = self.list.iter().filter(|h| apart(h) <= 1);
        beside.filter_map(|h| Some(h.expected?.strict)).reduce(Interval::hull)
    }

    /// The hours that miss most contacts, as measured or else by the model; none that misses next to nothing.
    #[must_use]
    pub fn worst(&self, most: usize) -> Vec<&Hour> {
        /// Contacts a week.
        const LEAST_MISSED: f64 = 0.05;
        let mut worst: Vec<&Hour> = self.list.iter().filter(|h| h.missed() >= LEAST_MISSED).collect();
        worst.sort_by(|a, b| b.missed().total_cmp(&a.missed()).then(a.hour.cmp(&b.hour)));
        worst.truncate(most);
        worst
    }
}

/// One hour of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct Hour {
    /// 0..168, Monday 0:00 first.
    pub hour: usize,
    /// Mean contacts.
    pub contacts: Interval,
    /// People needed for them.
    pub required: Interval,
    /// People present for this channel.
    pub present: Interval,
    /// What they would give, by the model; `None` for work that may wait.
    pub expected: Option<Expected>,
    /// The hour in a bad week; `None` where the log holds too few weeks.
    pub bad_week: Option<BadWeek>,
    /// What the log measured, where it recorded waits.
    pub measured: Option<ServiceWindow>,
    /// Contacts that came while the channel was closed are among those of this hour.
    pub piled_up: bool,
    /// Mean wait of all in the log, seconds, where it recorded waits.
    pub measured_wait_s: Option<f64>,
}

/// An hour in a bad week: at the percentile of its weeks that the method names (`bad_week`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BadWeek {
    /// Contacts.
    pub contacts: f64,
    /// People needed for them; `None` for work that may wait, or where no number of people would do.
    pub required: Option<f64>,
    /// Served in time with the fewest people present; `None` for work that may wait.
    pub strict: Option<f64>,
}

impl Hour {
    /// Contacts that are not served in time: as measured, else as the model expects at the worse end.
    #[must_use]
    pub fn missed(&self) -> f64 {
        let strict = match (&self.measured, &self.expected) {
            (Some(measured), _) => measured.strict.0,
            (None, Some(expected)) => expected.strict.low,
            (None, None) => 1.0,
        };
        self.contacts.high * (1.0 - strict)
    }
}

/// The week of a channel whose people are known.
pub(super) fn hours(facts: &Facts<'_>, ix: ChannelIx) -> Option<Hours> {
    let staffed = facts.staffing(ix).ok()?;
    let demand = staffing::demand(facts, ix)?;
    let served = &staffed.served;
    let period = facts.census.and_then(View::period);
    let weeks = period.and_then(|period| Some(facts.times(ix)?.weeks(period))).unwrap_or_default();
    let bad = bad_weeks(&weeks, demand, facts.default("bad_week"));
    let logged = facts.week(ix);
    let logged = |hour: usize| logged.as_ref().map(|week| &week[hour]);
    let losses = facts.total(ix).is_some_and(|sums| sums[Column::Abandoned] > 0);
    let short_s = facts.criteria.defaults.short_abandon_s;
    let list = (0..168)
        .filter(|hour| served.contacts_high[*hour] > 0.0 && demand.open[*hour] > 0.0)
        .map(|hour| {
            let contacts = Interval::new(served.contacts_low[hour], served.contacts_high[hour]);
            let present = Interval::new(served.present_low[hour], served.present_high[hour]);
            Hour {
                hour,
                contacts,
                required: Interval::new(served.required_low[hour], served.required_high[hour]),
                present,
                expected: expected(demand, hour, contacts, present, short_s),
                bad_week: bad.as_ref().map(|bad| bad_week(facts, demand, hour, bad[hour], present, short_s)),
                piled_up: served.contacts_high[hour] > demand.per_hour[hour] * demand.volume.high + 1e-9,
                measured: logged(hour).and_then(|sums| measured(sums, hour, losses)),
                measured_wait_s: logged(hour).and_then(mean_wait),
            }
        })
        .collect();
    Some(Hours { list, closed: served.closed, contacts: demand.per_hour.iter().sum(), weeks: weeks.len() })
}

/// An hour as measured. Where losses are recorded at all, an hour without any has none.
fn measured(sums: &Sums, hour: usize, losses: bool) -> Option<ServiceWindow> {
    let mut window = window(sums, Some(hour), 1)?;
    if losses && window.lost.is_none() {
        window.lost = wilson(0.0, super::real(window.offered)).map(|interval| (0.0, interval));
    }
    Some(window)
}

fn mean_wait(sums: &Sums) -> Option<f64> {
    let n = sums[Column::WaitKnown];
    (n > 0).then(|| super::real(sums[Column::WaitMs]) / super::real(n) / 1000.0)
}

/// Contacts by hour as people meet them, each at a percentile of its whole weeks (the least number that so many
/// of them do not exceed); `None` where there are too few for a week beyond it. What waits at the end of a week
/// is met at the beginning of the same one: of many weeks that is all the same.
fn bad_weeks(weeks: &[[i64; 168]], demand: &Demand, percentile: f64) -> Option<Box<Week>> {
    /// Shares of weeks differ in their last digits only.
    const ROUNDING: f64 = 1e-9;
    let met: Vec<Week> = weeks
        .iter()
        .map(|week| {
            let mut contacts = week.map(super::real);
            meet(&demand.model, &demand.open, &mut contacts);
            contacts
        })
        .collect();
    let n = super::real(i64::try_from(met.len()).ok()?);
    if n * (1.0 - percentile) < 1.0 - ROUNDING {
        return None;
    }
    let rank =
        (1..=met.len()).zip(1_u32..).find(|(_, rank)| f64::from(*rank) >= percentile * n - ROUNDING)?.0;
    Some(Box::new(std::array::from_fn(|hour| {
        let mut counts: Vec<f64> = met.iter().map(|week| week[hour]).collect();
        counts.sort_by(f64::total_cmp);
        counts[rank - 1]
    })))
}

fn bad_week(
    facts: &Facts<'_>,
    demand: &Demand,
    hour: usize,
    contacts: f64,
    present: Interval,
    short_s: f64,
) -> BadWeek {
    let all = Interval::point(contacts);
    let strict = expected(demand, hour, all, present, short_s).map(|expected| expected.strict.low);
    BadWeek { contacts, required: staffing::required_in(facts, demand, hour, contacts), strict }
}
