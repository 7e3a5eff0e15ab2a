//! Typed questions about a census: sums by month, by hour of the week, by touchpoint; classes, steps,
//! quantiles. Owns the reading of keys; never judges, and returns `None` where nothing was counted.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::table::{Census, Column, Facet, Key, Sums};
use super::times::Times;
use crate::inventory::EpisodeKey;
use crate::quantity::Interval;

/// What became of the contacts of one channel within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes {
    /// The next contact of the episode came in the same channel.
    pub same: i64,
    /// … in another channel.
    pub other: i64,
    /// Flagged as not resolved.
    pub unresolved: i64,
    /// Handed to somebody else.
    pub handed_over: i64,
    /// None of these.
    pub clear: i64,
    /// Too close to the end of the log.
    pub censored: i64,
    /// Without a customer.
    pub anonymous: i64,
    /// Of ids with too many contacts to be one person.
    pub heavy: i64,
    /// Automated kinds: stayed in the machine and not followed by a contact.
    pub contained_clear: i64,
    /// … and followed by one.
    pub contained_followed: i64,
    /// Automated kinds: handed on.
    pub not_contained: i64,
}

impl Classes {
    /// Answered, identified, uncensored contacts begun by the customer.
    #[must_use]
    pub fn base(&self) -> i64 {
        [self.same, self.other, self.unresolved, self.handed_over, self.clear]
            .into_iter()
            .fold(0, i64::saturating_add)
    }

    fn count(&mut self, class: &str, n: i64) {
        let slot = match class {
            "same" => &mut self.same,
            "other" => &mut self.other,
            "unresolved" => &mut self.unresolved,
            "handed-over" => &mut self.handed_over,
            "clear" => &mut self.clear,
            "censored" => &mut self.censored,
            "anonymous" => &mut self.anonymous,
            "heavy" => &mut self.heavy,
            "contained-clear" => &mut self.contained_clear,
            "contained-followed" => &mut self.contained_followed,
            "not-contained" => &mut self.not_contained,
            _ => return,
        };
        *slot = slot.saturating_add(n);
    }

    fn add(&mut self, other: &Self) {
        let Self {
            same,
            other: elsewhere,
            unresolved,
            handed_over,
            clear,
            censored,
            anonymous,
            heavy,
            contained_clear,
            contained_followed,
            not_contained,
        } = self;
        for (sum, n) in [
            (same, other.same),
            (elsewhere, other.other),
            (unresolved, other.unresolved),
            (handed_over, other.handed_over),
            (clear, other.clear),
            (censored, other.censored),
            (anonymous, other.anonymous),
            (heavy, other.heavy),
            (contained_clear, other.contained_clear),
            (contained_followed, other.contained_followed),
            (not_contained, other.not_contained),
        ] {
            *sum = sum.saturating_add(n);
        }
    }
}

/// What became of the contacts of one channel, in every window and at every touchpoint.
#[derive(Debug, Clone, Default)]
pub struct Followups<'c>(BTreeMap<(u32, &'c str), Classes>);

impl Followups<'_> {
    /// Classes in a window in days, at one touchpoint or all.
    #[must_use]
    pub fn classes(&self, window: u32, touchpoint: Option<&str>) -> Classes {
        if let Some(touchpoint) = touchpoint {
            return self.0.get(&(window, touchpoint)).copied().unwrap_or_default();
        }
        let mut all = Classes::default();
        self.0.range((window, "")..).take_while(|((w, _), _)| *w == window).for_each(|(_, it)| all.add(it));
        all
    }
}

/// One cell of a channel's use.
#[derive(Debug, Clone, Copy)]
pub struct Use<'c> {
    /// Touchpoint id as logged, blank if not noted.
    pub touchpoint: &'c str,
    /// Reason, blank if not noted.
    pub reason: &'c str,
    /// Segment, blank if not noted.
    pub segment: &'c str,
    /// Who began it.
    pub direction: &'c str,
    /// Sums.
    pub sums: &'c Sums,
}

/// A census that can be asked.
#[derive(Debug, Clone, Copy)]
pub struct View<'c> {
    census: &'c Census,
    /// The window to look at: the configured one, or another.
    window: Option<u32>,
    period: Option<(Date, Date)>,
    days: i64,
}

impl<'c> View<'c> {
    /// A view of a census.
    #[must_use]
    pub fn new(census: &'c Census) -> Self {
        let mut view = Self { census, window: None, period: None, days: 0 };
        view.window = view.meta_text("window").and_then(|days| days.parse().ok());
        for (key, _) in view.meta("period") {
            let (Ok(from), Ok(to)) = (key.keys[1].parse::<Date>(), key.keys[2].parse::<Date>()) else {
                continue;
            };
            view.period = Some(view.period.map_or((from, to), |(a, b)| (a.min(from), b.max(to))));
            view.days = view.days.saturating_add((i64::from((to - from).get_days()) + 1).max(0));
        }
        view
    }

    /// The same with who came back looked at in another window. Entries, reach and customers are counted in
    /// the configured window alone and stay what they are.
    #[must_use]
    pub fn in_window(self, days: u32) -> Self {
        Self { window: Some(days), ..self }
    }

    /// All windows that it holds in days, ascending.
    #[must_use]
    pub fn windows(self) -> Vec<u32> {
        let sensitivity = self.meta("sensitivity");
        let others = sensitivity.filter_map(|(k, _)| k.keys[1].parse().ok());
        let mut windows: Vec<u32> = others.chain(Self::new(self.census).window_days()).collect();
        windows.sort_unstable();
        windows.dedup();
        windows
    }

    /// Rows of a facet and channel (blank for rows of no channel), in their order.
    pub fn rows(self, facet: Facet, channel: &str) -> impl Iterator<Item = (&'c Key, &'c Sums)> {
        let first = Key { facet, channel: channel.to_owned(), keys: Default::default() };
        // The least name after this one: no row has to be asked for its channel.
        let next = Key { facet, channel: format!("{channel}\0"), keys: Default::default() };
        self.census.rows.range(first..next)
    }

    /// The meta rows of one name, in their order.
    fn meta(self, name: &str) -> impl Iterator<Item = (&'c Key, &'c Sums)> {
        self.census.rows_of(Facet::Meta, "", name)
    }

    /// Rows of a facet over all channels.
    pub fn facet(self, facet: Facet) -> impl Iterator<Item = (&'c Key, &'c Sums)> {
        let first = Key { facet, channel: String::new(), keys: Default::default() };
        self.census.rows.range(first..).take_while(move |(key, _)| key.facet == facet)
    }

    /// The number of a meta row.
    #[must_use]
    pub fn meta_count(self, name: &str) -> i64 {
        self.meta(name).map(|(_, s)| s[Column::Contacts]).fold(0, i64::saturating_add)
    }

    /// Values of touchpoints that are not known, with their rows over the channels that count, in the order
    /// of their bytes.
    #[must_use]
    pub fn strange_touchpoints(
        self,
        counts: impl Fn(&str) -> bool,
        is_known: impl Fn(&str) -> bool,
    ) -> Vec<(&'c str, i64)> {
        let mut strange = BTreeMap::<&str, i64>::new();
        for (key, sums) in self.facet(Facet::Use) {
            let value = key.keys[0].as_str();
            if !value.is_empty() && counts(&key.channel) && !is_known(value) {
                let n = strange.entry(value).or_default();
                *n = n.saturating_add(sums[Column::Contacts]);
            }
        }
        strange.into_iter().collect()
    }

    /// Pairs of channels that share few of their reasons: both channels, reasons in common, reasons of the
    /// one that has fewer.
    pub fn unshared_reasons(self) -> impl Iterator<Item = (&'c str, &'c str, i64, &'c str)> {
        self.meta("reasons-shared").filter_map(|(key, sums)| match key.keys.each_ref().map(String::as_str) {
            ["reasons-shared", a, b, of] => Some((a, b, sums[Column::Contacts], of)),
            _ => None,
        })
    }

    /// The text of a meta row.
    #[must_use]
    pub fn meta_text(self, name: &str) -> Option<&'c str> {
        self.meta(name).next().map(|(k, _)| k.keys[1].as_str())
    }

    /// First and last local day, over all parts of a merged census.
    #[must_use]
    pub fn period(self) -> Option<(Date, Date)> {
        self.period
    }

    /// Days of the period, both ends included; gaps between parts of a merged census are left out.
    #[must_use]
    pub fn days(self) -> i64 {
        self.days
    }

    /// The episode window in days: the configured one, unless another is looked at.
    #[must_use]
    pub fn window_days(self) -> Option<u32> {
        self.window
    }

    /// How episodes were cut.
    #[must_use]
    pub fn episode_key(self) -> EpisodeKey {
        match self.meta_text("episode-key") {
            Some("customer") => EpisodeKey::Customer,
            _ => EpisodeKey::CustomerAndReason,
        }
    }

    /// A channel over time; `None` if it has no row.
    #[must_use]
    pub fn times(self, channel: &str) -> Option<Times> {
        Times::of(self.rows(Facet::Slot, channel))
    }

    /// How often each day of the week occurs in the period, Monday first.
    #[must_use]
    pub fn weekdays(self) -> [i64; 7] {
        let mut often = [0; 7];
        if let Some((from, to)) = self.period() {
            let days = i64::from((to - from).get_days()) + 1;
            let first = from.weekday().to_monday_zero_offset();
            for (day, n) in (0_i64..).zip(&mut often) {
                let ahead = (day - i64::from(first)).rem_euclid(7);
                *n = ((days - ahead + 6) / 7).max(0);
            }
        }
        often
    }

    /// Cells of use of a channel.
    pub fn uses(self, channel: &str) -> impl Iterator<Item = Use<'c>> {
        self.rows(Facet::Use, channel).map(|(key, sums)| Use {
            touchpoint: &key.keys[0],
            reason: &key.keys[1],
            segment: &key.keys[2],
            direction: &key.keys[3],
            sums,
        })
    }

    /// Sums of a channel at each touchpoint (blank: not noted).
    #[must_use]
    pub fn touchpoints(self, channel: &str) -> BTreeMap<&'c str, Sums> {
        let mut touchpoints: BTreeMap<&str, Sums> = BTreeMap::new();
        self.uses(channel).for_each(|cell| touchpoints.entry(cell.touchpoint).or_default().add(cell.sums));
        touchpoints
    }

    /// Contacts by one key of the use facet, most first; blank means not noted.
    #[must_use]
    pub fn by(self, channel: &str, key: impl Fn(&Use<'c>) -> &'c str) -> Vec<(String, i64)> {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for cell in self.uses(channel) {
            let n: &mut i64 = sums.entry(key(&cell)).or_default();
            *n = n.saturating_add(cell.sums[Column::Contacts]);
        }
        let mut list: Vec<(String, i64)> = sums.into_iter().map(|(k, n)| (k.to_owned(), n)).collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        list
    }

    /// A quantile of a histogram facet in seconds: the middle of the bucket in which it lies. Waits
    /// are of all contacts, handling of those that were not given up.
    #[must_use]
    pub fn quantile(self, facet: Facet, channel: &str, q: f64) -> Option<f64> {
        let mut buckets: BTreeMap<u32, i64> = BTreeMap::new();
        for (key, sums) in self.rows(facet, channel) {
            let given_up = facet == Facet::Handle && key.keys[1] == "abandoned";
            if let Ok(bucket) = key.keys[0].parse::<u32>()
                && !given_up
            {
                let n = buckets.entry(bucket).or_default();
                *n = n.saturating_add(sums[Column::Contacts]);
            }
        }
        let total = buckets.values().fold(0_i64, |a, b| a.saturating_add(*b));
        #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        let rank = q * total as f64;
        let mut seen = 0_i64;
        for (bucket, n) in buckets {
            seen = seen.saturating_add(n);
            #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
            if n > 0 && seen as f64 >= rank {
                let (low, high) = super::histogram::bounds(bucket);
                return Some(f64::midpoint(low, high));
            }
        }
        None
    }

    /// Hang-ups within the first second: they waited for nobody.
    #[must_use]
    pub fn hung_up_at_once(self, channel: &str) -> i64 {
        self.rows(Facet::Wait, channel)
            .filter(|(key, _)| key.keys[0] == "0" && key.keys[1] == "abandoned")
            .fold(0, |sum, (_, sums)| sum.saturating_add(sums[Column::Contacts]))
    }

    /// What became of the contacts of a channel, in every window and at every touchpoint.
    #[must_use]
    pub fn followups(self, channel: &str) -> Followups<'c> {
        let mut classes: BTreeMap<(u32, &str), Classes> = BTreeMap::new();
        for (key, sums) in self.rows(Facet::Followup, channel) {
            if let Ok(window) = key.keys[0].parse() {
                let cell = classes.entry((window, key.keys[1].as_str())).or_default();
                cell.count(&key.keys[3], sums[Column::Contacts]);
            }
        }
        Followups(classes)
    }

    /// Classes of a channel in a window (`None`: the one looked at), at one touchpoint or all.
    #[must_use]
    pub fn classes(self, channel: &str, window: Option<u32>, touchpoint: Option<&str>) -> Classes {
        let window = window.or_else(|| self.window_days()).unwrap_or_default();
        self.followups(channel).classes(window, touchpoint)
    }

    /// Steps of the configured window: from, to, how often; in the table's order. Repeats in the same
    /// channel are left out (METHOD D collapses equal neighbours): [`View::repeats_in_place`].
    #[must_use]
    pub fn steps(self) -> BTreeMap<(&'c str, &'c str), i64> {
        let mut steps = self.all_steps();
        steps.retain(|(from, to), _| from != to);
        steps
    }

    /// How often the next contact of an episode came in the same channel, by channel.
    #[must_use]
    pub fn repeats_in_place(self) -> BTreeMap<&'c str, i64> {
        self.all_steps()
            .into_iter()
            .filter(|((from, to), _)| from == to)
            .map(|((from, _), n)| (from, n))
            .collect()
    }

    /// The same steps by the reason of the contact that they leave (START: of the first contact).
    #[must_use]
    pub fn steps_by_reason(self) -> BTreeMap<&'c str, BTreeMap<(&'c str, &'c str), i64>> {
        let window = self.window_days().unwrap_or_default().to_string();
        let mut reasons: BTreeMap<&str, BTreeMap<(&str, &str), i64>> = BTreeMap::new();
        let moves = |key: &Key| key.keys[1] == window && key.channel != key.keys[0];
        for (key, sums) in self.facet(Facet::Step).filter(|(key, _)| moves(key)) {
            let steps = reasons.entry(key.keys[2].as_str()).or_default();
            let n = steps.entry((key.channel.as_str(), key.keys[0].as_str())).or_default();
            *n = n.saturating_add(sums[Column::Contacts]);
        }
        reasons
    }

    /// Episodes that touch a channel (blank: all); `None` where no row tells.
    #[must_use]
    pub fn reach(self, channel: &str) -> Option<i64> {
        let mut rows = self.rows(Facet::Reach, channel).map(|(_, sums)| sums[Column::Contacts]).peekable();
        rows.peek()?;
        Some(rows.fold(0, i64::saturating_add))
    }

    /// Rows of paths: the path, the channel of the contacts (blank: the row counts journeys), the sums. `None`
    /// where the census does not count paths.
    #[must_use]
    pub fn paths(self) -> Option<impl Iterator<Item = (&'c str, &'c str, &'c Sums)>> {
        let rows =
            self.facet(Facet::Path).map(|(key, sums)| (key.channel.as_str(), key.keys[0].as_str(), sums));
        self.census.facets().hold(Facet::Path).then_some(rows)
    }

    fn all_steps(self) -> BTreeMap<(&'c str, &'c str), i64> {
        let window = self.window_days().unwrap_or_default().to_string();
        let mut steps: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for (key, sums) in self.facet(Facet::Step).filter(|(key, _)| key.keys[1] == window) {
            let n = steps.entry((key.channel.as_str(), key.keys[0].as_str())).or_default();
            *n = n.saturating_add(sums[Column::Contacts]);
        }
        steps
    }

    /// Episodes entered through a channel, and those of them that ended resolved.
    #[must_use]
    pub fn episodes_entered(self, channel: &str) -> (i64, i64) {
        self.rows(Facet::Entry, channel)
            .filter(|(k, _)| k.keys[0].is_empty())
            .fold((0_i64, 0_i64), |(n, r), (_, s)| {
                (n.saturating_add(s[Column::Contacts]), r.saturating_add(s[Column::Resolved]))
            })
    }

    /// Sums of the contacts of episodes entered through a channel, by the contact's own channel.
    #[must_use]
    pub fn contacts_of_entered(self, channel: &str) -> BTreeMap<&'c str, Sums> {
        let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
        for (key, row) in self.rows(Facet::Entry, channel).filter(|(k, _)| !k.keys[0].is_empty()) {
            sums.entry(&key.keys[0]).or_default().add(row);
        }
        sums
    }

    /// How many censuses it was merged from; 1 where it was not.
    #[must_use]
    pub fn parts(self) -> usize {
        self.meta("period").count().max(1)
    }

    /// Number of customers of a channel (blank: of all); `which` is `all`, `sole`, `two-or-more`,
    /// `three-or-more` or `failed-twice`. `None` where no row tells.
    ///
    /// Of merged censuses it is known within bounds only, for nobody knows who was in several of them: at
    /// least as many as in the greatest part, at most the sum. Whoever belongs to a group in no part may belong
    /// to it overall (one contact in each of three months makes three) if he was there in two at least, and
    /// whoever does may not: who was seen here alone may have come elsewhere in another part, and who failed
    /// twice may have come again. Of groups that rest on journeys (which may have been under way when a part
    /// ended) and on contacts elsewhere, all customers are the only bound. Contacts that cross from one part to
    /// the next, which a merge counts twice, are passed over.
    #[must_use]
    pub fn customers(self, channel: &str, which: &str) -> Option<Interval> {
        let (groups, seen) = (self.customers_by_part(channel, which), self.customers_by_part(channel, "all"));
        let sum = |counts: &BTreeMap<&str, i64>| counts.values().fold(0_i64, |a, b| a.saturating_add(*b));
        let (members, all) = (sum(&groups), sum(&seen).max(sum(&groups)));
        let several = self.parts() > 1;
        // Nobody in any part is not nobody in all of them together.
        if groups.is_empty() && (seen.is_empty() || !several) {
            return None;
        }
        let greatest = groups.values().max().copied().unwrap_or(0);
        let least = match which {
            "sole" | "failed-twice" if several => 0,
            _ => greatest,
        };
        let most = match which {
            "all" => members,
            _ if !several => members,
            "sole" => members.saturating_add((all - members) / 2),
            "three-or-more" if channel.is_empty() => members.saturating_add((all - members) / 2),
            _ => all,
        };
        #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        Some(Interval::new(least as f64, most as f64))
    }

    /// The same numbers for each part of a merged census; one part without a name where it was not merged.
    #[must_use]
    pub fn customers_by_part(self, channel: &str, which: &str) -> BTreeMap<&'c str, i64> {
        let mut parts: BTreeMap<&str, i64> = BTreeMap::new();
        for (key, sums) in self.rows(Facet::Customers, channel).filter(|(key, _)| key.keys[1] == which) {
            let n = parts.entry(key.keys[2].as_str()).or_default();
            *n = n.saturating_add(sums[Column::Contacts]);
        }
        parts
    }
}
