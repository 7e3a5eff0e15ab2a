//! What the logs hold of one channel, decoded once, for it is asked again and again: in other windows, under
//! other suppositions, from other channels. What no reading needs at once is found when it is first asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::{Facts, Service, money, service};
use crate::census::Sums;
use crate::census::times::Times;
use crate::census::view::{Classes, Followups, View};
use crate::inventory::ChannelIx;
use crate::quantity::Interval;

/// The logs of one channel.
#[derive(Default)]
pub(super) struct Logged<'a> {
    times: Option<Times>,
    months: BTreeMap<Date, Sums>,
    touchpoints: BTreeMap<&'a str, Sums>,
    followups: Followups<'a>,
    service: OnceLock<Option<Service>>,
    per_contact: OnceLock<Option<Interval>>,
}

impl<'a> Logged<'a> {
    pub(super) fn of(view: View<'a>, channel: &str) -> Self {
        let times = view.times(channel);
        Self {
            months: times.as_ref().map(Times::months).unwrap_or_default(),
            times,
            touchpoints: view.touchpoints(channel),
            followups: view.followups(channel),
            ..Self::default()
        }
    }
}

impl<'a> Facts<'a> {
    fn logged(&self, ix: ChannelIx) -> Option<&Logged<'a>> {
        self.logged.get(ix.0)
    }

    /// A channel over time; `None` where no log covers it.
    pub(super) fn times(&self, ix: ChannelIx) -> Option<&Times> {
        self.logged(ix)?.times.as_ref()
    }

    /// The sums of a channel; `None` where no log covers it.
    pub(crate) fn total(&self, ix: ChannelIx) -> Option<&Sums> {
        self.times(ix).map(Times::total)
    }

    /// Sums of a channel by hour of the week; `None` if no row has a time of day.
    pub(super) fn week(&self, ix: ChannelIx) -> Option<&[Sums]> {
        self.times(ix)?.week()
    }

    /// Sums of a channel by month; empty without rows.
    pub(super) fn months(&self, ix: ChannelIx) -> Option<&BTreeMap<Date, Sums>> {
        self.logged(ix).map(|logged| &logged.months)
    }

    /// Sums of a channel at a touchpoint; nothing without rows.
    pub(super) fn sums_at(&self, ix: ChannelIx, touchpoint: &str) -> Sums {
        self.logged(ix).and_then(|logged| logged.touchpoints.get(touchpoint)).cloned().unwrap_or_default()
    }

    /// What became of the contacts of a channel in the window looked at, at one touchpoint or all.
    pub(super) fn classes(&self, ix: ChannelIx, touchpoint: Option<&str>) -> Classes {
        let window = self.census.and_then(View::window_days);
        window.map(|days| self.classes_within(ix, days, touchpoint)).unwrap_or_default()
    }

    /// … in another window, in days.
    pub(super) fn classes_within(&self, ix: ChannelIx, days: u32, touchpoint: Option<&str>) -> Classes {
        self.logged(ix).map(|logged| logged.followups.classes(days, touchpoint)).unwrap_or_default()
    }

    /// Service as measured in the logs, for a channel with a promise and waits.
    #[must_use]
    pub fn service(&self, ix: ChannelIx) -> Option<&Service> {
        self.logged(ix)?.service.get_or_init(|| service::service(self, ix)).as_ref()
    }

    /// Cost of one answered contact. No window touches it.
    pub(super) fn cost_per_contact(&self, ix: ChannelIx) -> Option<Interval> {
        *self.logged(ix)?.per_contact.get_or_init(|| money::per_contact(self, ix))
    }
}
