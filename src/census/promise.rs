//! What a contact was promised and whether it got it: the clock of open hours, deadlines, and what
//! counts as answered. Knows one contact at a time; never counts.

use std::sync::Arc;

use hashbrown::hash_map::Entry;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::criteria::kind::Timing;
use crate::inventory::{Channel, Hours, Inventory};
use crate::usage::{Moment, date_of, day_of};

use super::cells::Map;
use super::contact::{Contact, DAY_MS, Said, within};

/// Days after which a promise in open hours is no longer followed: longer than any promise, short
/// enough that hours which never open end the search.
const FOLLOWED_DAYS: i64 = 400;

/// A service target, with where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Target {
    pub(super) share: f64,
    pub(super) within_ms: i64,
    pub(super) clock: ClockKind,
    pub(super) declared: bool,
}

/// Which time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockKind {
    /// All of it.
    Always,
    /// Open hours.
    Open,
}

/// How contacts of a channel are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answering {
    /// At once or in minutes: somebody waits, is answered or hangs up.
    Live,
    /// Later: deferred kinds, and near-live ones whose promise counts open hours.
    Later,
    /// Nobody has to.
    Unattended,
}

/// By what a log measures whether a channel kept its word: the best that any of its rows has. One
/// measure for all, so that a share never mixes two: where others are flagged a blank flag is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Yardstick {
    /// The promise of the channel or its kind.
    #[default]
    Promise,
    /// A due date.
    Due,
    /// A flag: in time or not.
    Flag,
}

/// What a usage entry logs of a channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logged {
    /// Replies or closes, so that a blank one means "not yet".
    pub(super) times: bool,
    /// Waits.
    pub(super) waits: bool,
    /// By what its word is measured.
    pub(super) yardstick: Yardstick,
}

/// What became of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fate {
    /// Answered.
    pub(super) answered: Said,
    /// The customer gave up.
    pub(super) abandoned: Said,
    /// Wait; arrival to reply or close where the answer comes later.
    pub(super) wait_ms: Option<i64>,
    /// The promise was kept.
    pub(super) kept: Said,
    /// Gave up within the promised time.
    pub(super) abandoned_in_promise: bool,
    /// Gave up within the time that counts as a short hang-up.
    pub(super) abandoned_short: bool,
}

/// How many classes of waits there are, see [`Desk::class`].
pub(super) const CLASSES: usize = 7;

/// What does not change from contact to contact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// The latest instant of the log; `None` while it is still being read.
    pub(super) end: Option<Moment>,
    /// Hang-ups within this time are short.
    pub(super) short_ms: i64,
    /// Deferred work without any promise counts as unanswered once this time has passed.
    pub(super) patience_ms: i64,
}

/// The promise of one channel, and the memory of its open hours.
pub(super) struct Desk<'i> {
    answering: Answering,
    target: Option<Target>,
    clock: Clock<'i>,
    /// The fate asked for last depends on when the log ends, which was not known.
    undecided: bool,
    /// Whether a wait was in time, where no hours have to be asked: it was at most so long, and it was longer.
    quick: (i64, Said, Said),
    /// Whether hours have to be asked.
    by_hours: bool,
}

impl<'i> Desk<'i> {
    /// The desk of a channel.
    pub(super) fn new(inventory: &'i Inventory, channel: &'i Channel) -> Self {
        let target = target(channel);
        // Without known hours the clock runs always: an open clock that never stops.
        let hours = target
            .filter(|t| t.clock == ClockKind::Open)
            .and_then(|_| inventory.hours_of(channel))
            .map(|hours| &hours.value);
        let answering = match channel.kind.timing {
            Timing::Deferred => Answering::Later,
            Timing::NearLive if target.is_some_and(|t| t.clock == ClockKind::Open) => Answering::Later,
            Timing::Live | Timing::NearLive => Answering::Live,
            Timing::SelfService | Timing::Broadcast => Answering::Unattended,
        };
        let clock = Clock::new(&inventory.organisation.timezone, hours);
        let quick = target.map_or((0, Said::Unknown, Said::Unknown), |t| (t.within_ms, Said::Yes, Said::No));
        let by_hours = target.is_some_and(|t| t.clock == ClockKind::Open) && hours.is_some();
        Self { answering, target, clock, undecided: false, quick, by_hours }
    }

    /// What became of a contact.
    pub(super) fn fate(&mut self, contact: &Contact, logged: Logged, about: &Circumstances) -> Fate {
        match self.answering {
            Answering::Live => self.live(contact, logged, about),
            Answering::Later => self.later(contact, logged, about),
            Answering::Unattended => Fate {
                answered: contact.answered,
                abandoned: contact.abandoned,
                wait_ms: contact.wait_ms,
                kept: contact.on_time,
                abandoned_in_promise: false,
                abandoned_short: false,
            },
        }
    }

    /// What became of a contact, as far as that is certain before the log has ended: `None` where it depends
    /// on when it does. The channel's word is measured by its promise.
    pub(super) fn fate_so_far(&mut self, contact: &Contact, about: &Circumstances) -> Option<Fate> {
        // With all of these logged, every question that the end of the log decides is asked.
        let logged = Logged { times: true, waits: true, yardstick: Yardstick::Promise };
        self.undecided = false;
        let fate = self.fate(contact, logged, &Circumstances { end: None, ..*about });
        (!self.undecided).then_some(fate)
    }

    /// The class of a wait: contacts that say the same, without replies, closes and due dates, come to the same
    /// end where their waits are of one class, how long they waited aside. Measured by the promise.
    #[inline(always)]
    pub(super) fn class(&mut self, at: &Moment, wait_ms: Option<i64>, about: &Circumstances) -> usize {
        // Where no hours are asked all of it is reckoned without a wait, too: which rows have one no core can foresee.
        let wait = wait_ms.unwrap_or_default();
        let (within_ms, soon, late) = self.quick;
        let in_time = match &self.target {
            Some(_) if self.by_hours && wait_ms.is_none() => return 0,
            Some(target) if self.by_hours => self.clock.wait_within(at, wait, target),
            _ => {
                if wait <= within_ms {
                    soon
                } else {
                    late
                }
            }
        };
        let class = 1 + 2 * in_time as usize + usize::from(wait <= about.short_ms);
        if wait_ms.is_some() { class } else { 0 }
    }

    /// Somebody waits: offered = answered + abandoned, so each is the other's opposite where the log
    /// tells only one. Kept = answered within the promised time; giving up is never keeping.
    fn live(&mut self, contact: &Contact, logged: Logged, about: &Circumstances) -> Fate {
        let opposite = |said: Said| match said {
            Said::Yes => Said::No,
            Said::No => Said::Yes,
            Said::Unknown => Said::Unknown,
        };
        let mut answered = contact.answered;
        if answered == Said::Unknown {
            answered = if contact.replied.is_some() { Said::Yes } else { opposite(contact.abandoned) };
        }
        let abandoned =
            if contact.abandoned == Said::Unknown { opposite(answered) } else { contact.abandoned };
        let wait_ms = contact.wait_ms.or_else(|| elapsed(&contact.at, contact.replied.as_ref()?));
        let in_time = match (self.target, wait_ms) {
            (Some(target), Some(wait)) => self.clock.wait_within(&contact.at, wait, &target),
            _ => Said::Unknown,
        };
        let flagged = logged.yardstick == Yardstick::Flag;
        let lost = answered == Said::No || abandoned == Said::Yes;
        let kept = match in_time {
            _ if flagged && lost => Said::No,
            _ if flagged => contact.on_time,
            Said::Unknown => Said::Unknown,
            _ if lost => Said::No,
            _ if answered == Said::Yes => in_time,
            _ => Said::Unknown,
        };
        let gave_up = abandoned == Said::Yes;
        Fate {
            answered,
            abandoned,
            wait_ms,
            kept,
            abandoned_in_promise: gave_up && in_time == Said::Yes,
            abandoned_short: gave_up && wait_ms.is_some_and(|wait| wait <= about.short_ms),
        }
    }

    /// The answer comes later: a reply or a close is an answer. What is not answered counts against
    /// the channel once its time has run out before the end of the log, and is unknown until then.
    fn later(&mut self, contact: &Contact, logged: Logged, about: &Circumstances) -> Fate {
        let wait_ms = match contact.replied.or(contact.closed).and_then(|done| elapsed(&contact.at, &done)) {
            Some(spent) if contact.several => Some(spent),
            spent => contact.wait_ms.or(spent),
        };
        let done_known = contact.replied.is_some() || contact.closed.is_some();
        let mut answered = contact.answered;
        if answered == Said::Unknown {
            answered = if done_known || wait_ms.is_some() {
                Said::Yes
            } else if contact.abandoned == Said::Yes || (logged.times && self.overdue(contact, about)) {
                Said::No
            } else {
                Said::Unknown
            };
        }
        let kept = match logged.yardstick {
            Yardstick::Flag => contact.on_time,
            Yardstick::Due => self.kept_due(contact, answered, logged, about),
            Yardstick::Promise => self.kept_promise(contact, answered, wait_ms, logged, about),
        };
        Fate {
            answered,
            abandoned: contact.abandoned,
            wait_ms,
            kept,
            abandoned_in_promise: false,
            abandoned_short: false,
        }
    }

    fn kept_promise(
        &mut self,
        contact: &Contact,
        answered: Said,
        wait_ms: Option<i64>,
        logged: Logged,
        about: &Circumstances,
    ) -> Said {
        let Some(target) = self.target else { return Said::Unknown };
        if let Some(done) = contact.replied.or(contact.closed) {
            return self.clock.lies_within(&contact.at, &done, &target);
        }
        match (answered, wait_ms) {
            (Said::Yes | Said::Unknown, Some(wait)) => self.clock.wait_within(&contact.at, wait, &target),
            (Said::Yes, None) => Said::Unknown,
            // Where nobody wrote down when answers came, those that did come cannot be called in time;
            // counting the missing ones alone would make every promise look broken.
            (Said::No, _) if logged.times || logged.waits => self.past(contact, &target, about),
            (Said::No, _) => Said::Unknown,
            (Said::Unknown, None) if logged.times => self.past(contact, &target, about),
            (Said::Unknown, None) => Said::Unknown,
        }
    }

    /// `No` once the promised time has run out, else `Unknown`.
    fn past(&mut self, contact: &Contact, target: &Target, about: &Circumstances) -> Said {
        let Some(end) = self.end(about) else { return Said::Unknown };
        match self.clock.lies_within(&contact.at, &end, target) {
            Said::No => Said::No,
            _ => Said::Unknown,
        }
    }

    /// Whether the time to answer has run out before the end of the log.
    fn overdue(&mut self, contact: &Contact, about: &Circumstances) -> bool {
        let Some(end) = self.end(about) else { return false };
        match (contact.due, self.target) {
            (Some(due), _) => !within(&due, &end, 0),
            (None, Some(target)) => self.clock.lies_within(&contact.at, &end, &target) == Said::No,
            (None, None) => !within(&contact.at, &end, about.patience_ms),
        }
    }

    /// Whether it was done when it was due.
    fn kept_due(&mut self, contact: &Contact, answered: Said, logged: Logged, about: &Circumstances) -> Said {
        let Some(due) = contact.due else { return Said::Unknown };
        if let Some(done) = contact.closed.or(contact.replied) {
            return Said::from(within(&due, &done, 0));
        }
        let Some(end) = self.end(about) else { return Said::Unknown };
        if answered == Said::Yes || within(&due, &end, 0) {
            return Said::Unknown;
        }
        if logged.times || answered == Said::No { Said::No } else { Said::Unknown }
    }

    /// The end of the log, for a question that it decides.
    fn end(&mut self, about: &Circumstances) -> Option<Moment> {
        self.undecided |= about.end.is_none();
        about.end
    }
}

/// The promise of a channel: its own, else its kind's usual one.
pub(super) fn target(channel: &Channel) -> Option<Target> {
    let own = channel.promise.as_ref().map(|p| p.value);
    let promise = own.or(channel.kind.default_promise)?;
    // Whole milliseconds; a float beyond them saturates, and NaN becomes 0.
    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
    let within_ms = (promise.within_s * 1000.0).round() as i64;
    Some(Target {
        share: promise.share,
        within_ms,
        clock: if promise.open_clock { ClockKind::Open } else { ClockKind::Always },
        declared: own.is_some(),
    })
}

/// Milliseconds from one moment to a later one; `None` where the later one comes first. Between
/// dates without a time of day, whole days.
fn elapsed(from: &Moment, to: &Moment) -> Option<i64> {
    let ms = if from.hour.is_none() || to.hour.is_none() {
        i64::from((to.date - from.date).get_days()).saturating_mul(DAY_MS)
    } else {
        to.unix_ms.saturating_sub(from.unix_ms)
    };
    (ms >= 0).then_some(ms)
}

/// Open hours of a channel by local day, remembered.
struct Clock<'i> {
    zone: &'i TimeZone,
    hours: Option<&'i Hours>,
    days: Map<i64, Arc<[(i64, i64)]>>,
    /// Spells of instants with one offset from UTC: from, up to, offset, all in milliseconds.
    offsets: Vec<(i64, i64, i64)>,
}

/// A local time: the day, and milliseconds since its midnight.
type Local = (i64, i64);

/// Spells with one offset that are remembered at most.
const OFFSETS: usize = 64;

impl<'i> Clock<'i> {
    fn new(zone: &'i TimeZone, hours: Option<&'i Hours>) -> Self {
        Self { zone, hours, days: Map::default(), offsets: Vec::new() }
    }

    /// Whether a contact that waited so long was answered in the promised time.
    #[inline(never)]
    fn wait_within(&mut self, at: &Moment, wait_ms: i64, target: &Target) -> Said {
        if target.clock == ClockKind::Always || self.hours.is_none() || at.hour.is_none() {
            return Said::from(wait_ms <= target.within_ms);
        }
        let done = at.unix_ms.saturating_add(wait_ms);
        // Nowhere is it open for longer than time goes on, but for a change of the clock.
        let soon = wait_ms <= target.within_ms && wait_ms < DAY_MS;
        if soon && self.offsets.iter().any(|(from, to, _)| *from <= at.unix_ms && done < *to) {
            return Said::Yes;
        }
        match (self.local(at.unix_ms), self.local(done)) {
            (Some(from), Some(to)) => self.open_within(from, to, target.within_ms),
            _ => Said::Unknown,
        }
    }

    /// Whether one moment follows another within the promised time. A moment without a time of day
    /// is some time of that day: where it matters which, whole days decide a promise in days on the
    /// clock that always runs, and every other promise is unknown.
    fn lies_within(&mut self, from: &Moment, to: &Moment, target: &Target) -> Said {
        if to.date < from.date || (from.hour.is_some() && to.hour.is_some() && to.unix_ms < from.unix_ms) {
            return Said::Unknown;
        }
        let always = target.clock == ClockKind::Always || self.hours.is_none();
        let dated = from.hour.is_none() || to.hour.is_none();
        if always && !dated {
            return Said::from(to.unix_ms - from.unix_ms <= target.within_ms);
        }
        if always && target.within_ms >= DAY_MS {
            return Said::from(within(from, to, target.within_ms));
        }
        let (Some(early), Some(late)) = (self.ends(from), self.ends(to)) else { return Said::Unknown };
        let longest = self.spent_within(early.0, late.1, target, always);
        if !dated || longest == Said::Yes {
            return longest;
        }
        match self.spent_within(early.1, late.0.max(early.1), target, always) {
            Said::No => Said::No,
            _ => Said::Unknown,
        }
    }

    fn spent_within(&mut self, from: Local, to: Local, target: &Target, always: bool) -> Said {
        if always {
            let days = to.0 - from.0;
            return Said::from(days.saturating_mul(DAY_MS) + to.1 - from.1 <= target.within_ms);
        }
        self.open_within(from, to, target.within_ms)
    }

    /// Earliest and latest local time that a moment can mean.
    fn ends(&mut self, moment: &Moment) -> Option<(Local, Local)> {
        if moment.hour.is_none() {
            let day = day_of(moment.date);
            return Some(((day, 0), (day, DAY_MS)));
        }
        self.local(moment.unix_ms).map(|at| (at, at))
    }

    fn local(&mut self, unix_ms: i64) -> Option<Local> {
        let known = self.offsets.iter().find(|(from, to, _)| (*from..*to).contains(&unix_ms));
        let offset = match known {
            Some((.., offset)) => *offset,
            None => self.offset(unix_ms)?,
        };
        let local = unix_ms.checked_add(offset)?;
        Some((local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS)))
    }

    /// The offset at an instant, remembered for the time until the next clock change and, where there is none,
    /// for the UTC day before the instant.
    fn offset(&mut self, unix_ms: i64) -> Option<i64> {
        let spell = |from: i64| {
            let start = jiff::Timestamp::from_millisecond(from).ok()?;
            let next = self.zone.following(start).next().map_or(i64::MAX, |t| t.timestamp().as_millisecond());
            Some((from, next, i64::from(self.zone.to_offset(start).seconds()) * 1000))
        };
        let midnight = unix_ms.div_euclid(DAY_MS) * DAY_MS;
        let spell = match spell(midnight) {
            Some(spell) if unix_ms < spell.1 => spell,
            _ => spell(unix_ms)?,
        };
        if self.offsets.len() >= OFFSETS {
            self.offsets.clear();
        }
        self.offsets.push(spell);
        Some(spell.2)
    }

    /// Whether the open time between two local times is at most the limit. Local clock time: an hour
    /// lost or won when the clocks change inside open hours is neither.
    fn open_within(&mut self, from: Local, to: Local, limit_ms: i64) -> Said {
        let mut spent = 0_i64;
        for day in from.0..=from.0.saturating_add(FOLLOWED_DAYS) {
            let start = if day == from.0 { from.1 } else { 0 };
            let end = if day == to.0 { to.1 } else { DAY_MS };
            let Some(open) = self.open(day) else { break };
            for (opens, closes) in open {
                spent += ((*closes).min(end) - (*opens).max(start)).max(0);
            }
            if spent > limit_ms {
                return Said::No;
            }
            if day >= to.0 {
                return Said::Yes;
            }
        }
        Said::Unknown
    }

    /// Open spells of a local day, milliseconds since midnight; `None` beyond the calendar.
    fn open(&mut self, day: i64) -> Option<&[(i64, i64)]> {
        let hours = self.hours;
        match self.days.entry(day) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(new) => {
                let date = date_of(day)?;
                Some(new.insert(hours.map_or_else(|| Arc::from([(0, DAY_MS)]), |h| spells(h, date))))
            }
        }
    }
}

/// Open spells of a local day, holidays of the organisation's country heeded.
pub(super) fn spells(hours: &Hours, day: Date) -> Arc<[(i64, i64)]> {
    let Ok(date) = day.to_string().parse() else { return Arc::from([]) };
    hours
        .parsed
        .schedule_at(date)
        .into_iter()
        .filter(|spell| spell.kind == opening_hours::RuleKind::Open)
        .map(|spell| {
            let ms = |t: u16| i64::from(t) * 60_000;
            (ms(spell.range.start.mins_from_midnight()), ms(spell.range.end.mins_from_midnight()).min(DAY_MS))
        })
        .filter(|(opens, closes)| opens < closes)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use opening_hours::localization::Country;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_soon_enough_by_any_clock_is_so_by_open_hours(
            unix_s in 1_735_000_000_i64..1_800_000_000,
            wait_s in prop_oneof![0_i64..3600, 0_i64..400_000],
            within_s in prop::sample::select(vec![60_i64, 3600, 28_800, 288_000]),
            // An hour before the clock goes forward, and before it goes back.
            near in prop::sample::select(vec![None, Some(1_774_746_000_i64), Some(1_792_886_400)]),
        ) {
            let context = opening_hours::Context::default().with_holidays(Country::IT.holidays());
            let text = "Mo-Fr 08:00-20:00; Sa-Su 00:00-13:00; PH off";
            let parsed: opening_hours::OpeningHours = text.parse().expect("hours");
            let hours = Hours::new(text.to_owned(), parsed.with_context(context));
            let zone = TimeZone::get("Europe/Rome").expect("a zone");
            let mut clock = Clock::new(&zone, Some(&hours));
            let unix_ms = near.map_or(unix_s, |near| near + unix_s % 7200) * 1000;
            let wait_ms = wait_s * 1000;
            let target =
                Target { share: 0.9, within_ms: within_s * 1000, clock: ClockKind::Open, declared: true };
            let from = clock.local(unix_ms).expect("a local time");
            let to = clock.local(unix_ms + wait_ms).expect("a local time");
            let followed = clock.open_within(from, to, target.within_ms);
            let date = date_of(from.0).expect("a date");
            let at = Moment { unix_ms, date, hour: Some(0) };
            prop_assert_eq!(clock.wait_within(&at, wait_ms, &target), followed);
        }
    }
}
