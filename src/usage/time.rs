//! Times of a log: the forms they are written in and the instants they mean in the organisation's
//! zone. Decides day-first against month-first from a sample; never reads a file.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::strtime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::Moment;

const DAY_MS: i64 = 86_400_000;
/// Years that a contact can be of.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Order of day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 2026-03-12
    Iso,
    /// 12/03/2026
    DayMonth,
    /// 03/12/2026
    MonthDay,
}

/// A form of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Date parts apart, in this order; a time of day may follow.
    Ordered(Order),
    /// `YYYYMMDD`, a time of day may follow.
    Compact,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// A strftime pattern.
    Pattern(String),
}

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    date: Date,
    /// Milliseconds since midnight; `None` for a date alone.
    ms: Option<i64>,
    /// Seconds east of Greenwich, if written.
    offset_s: Option<i64>,
}

impl Written {
    /// Whether it is exactly midnight, as dates look when they were exported as times.
    pub(super) fn is_midnight(&self) -> bool {
        self.ms == Some(0)
    }

    /// The date alone.
    pub(super) fn date_only(self) -> Self {
        Self { ms: None, offset_s: None, ..self }
    }
}

impl Form {
    /// Reads a time in this form; `None` if it is not written so, or lies outside 1900 to 2200.
    pub(super) fn read(&self, text: &str) -> Option<Written> {
        let written = match self {
            Self::Ordered(order) => ordered(text, *order),
            Self::Compact => compact(text),
            Self::EpochSeconds => epoch(text, 1000),
            Self::EpochMillis => epoch(text, 1),
            Self::Pattern(pattern) => patterned(pattern, text),
        }?;
        YEARS.contains(&written.date.year()).then_some(written)
    }
}

/// How a text of a form looks whose digits stand at fixed places: `2026-03-12T15:04:05`, or without
/// seconds, or the date alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fixed {
    order: Order,
    /// What parts the date; `None`: each of the usual.
    between: Option<u8>,
    /// What stands before the time of day; `None`: each of the usual.
    before: Option<u8>,
    /// Its length; `None`: each.
    length: Option<usize>,
}

/// Lengths of a date, with hour and minute, with seconds.
const LENGTHS: [usize; 3] = [10, 16, 19];

impl Form {
    /// How its texts look where their digits stand at fixed places. What [`Clock::fixed`] reads of
    /// them, [`Form::read`] reads too and as the same.
    pub(super) fn fixed(&self) -> Option<Fixed> {
        match self {
            Self::Ordered(order) => Some(Fixed { order: *order, between: None, before: None, length: None }),
            Self::Pattern(pattern) => fixed_pattern(pattern),
            _ => None,
        }
    }
}

fn fixed_pattern(pattern: &str) -> Option<Fixed> {
    let dates = [(Order::Iso, "Ymd"), (Order::DayMonth, "dmY"), (Order::MonthDay, "mdY")];
    let (order, between, rest) = dates.into_iter().find_map(|(order, parts)| {
        ['-', '/', '.'].into_iter().find_map(|between| {
            let parts: Vec<String> = parts.chars().map(|part| format!("%{part}")).collect();
            let rest = pattern.strip_prefix(&parts.join(&between.to_string()))?;
            Some((order, u8::try_from(between).ok()?, rest))
        })
    })?;
    let [date, minutes, seconds] = LENGTHS;
    let (before, length) = match (rest.as_bytes().first(), rest.get(1..).unwrap_or("")) {
        (None, _) => (None, date),
        (Some(before @ (b' ' | b'T')), "%H:%M") => (Some(*before), minutes),
        (Some(before @ (b' ' | b'T')), "%H:%M:%S") => (Some(*before), seconds),
        _ => return None,
    };
    Some(Fixed { order, between: Some(between), before, length: Some(length) })
}

/// The number that two digits are.
#[inline]
fn pair(text: &[u8], at: usize) -> Option<u8> {
    let (tens, units) = (text.get(at)?.wrapping_sub(b'0'), text.get(at + 1)?.wrapping_sub(b'0'));
    (tens <= 9 && units <= 9).then(|| tens * 10 + units)
}

impl Fixed {
    fn date(self, text: [u8; 10]) -> Option<Date> {
        let (year, month, day, separators) = match self.order {
            Order::Iso => (0, 5, 8, [4, 7]),
            Order::DayMonth => (6, 3, 0, [2, 5]),
            Order::MonthDay => (6, 0, 3, [2, 5]),
        };
        let parted = separators.iter().all(|at| match self.between {
            Some(between) => text[*at] == between,
            None => matches!(text[*at], b'-' | b'/' | b'.'),
        });
        if !parted {
            return None;
        }
        let year = i16::from(pair(&text, year)?) * 100 + i16::from(pair(&text, year + 2)?);
        let (month, day) = (i8::try_from(pair(&text, month)?).ok()?, i8::try_from(pair(&text, day)?).ok()?);
        Date::new(year, month, day).ok().filter(|date| YEARS.contains(&date.year()))
    }

    /// Hour and milliseconds since midnight; `Some(None)` for a date alone.
    #[inline(always)]
    fn time_of_day(self, text: &[u8]) -> Option<Option<(u8, i64)>> {
        let [date, minutes, seconds] = LENGTHS;
        if self.length.is_some_and(|length| length != text.len()) {
            return None;
        }
        if text.len() == date {
            return Some(None);
        }
        let before = text.get(date)?;
        let parted = match self.before {
            Some(wanted) => *before == wanted,
            None => matches!(before, b'T' | b' '),
        };
        if !parted {
            return None;
        }
        let mut digits = *b"00:00:00";
        if text.len() == seconds {
            digits = *text.get(date + 1..)?.first_chunk()?;
        } else if text.len() == minutes {
            digits[..5].copy_from_slice(text.get(date + 1..)?);
        } else {
            return None;
        }
        clock_of(digits).map(Some)
    }
}

/// The hour and the milliseconds since midnight that `15:04:05` says. Midnight as 24:00 and leap seconds are left to the
/// general way.
#[inline(always)]
fn clock_of(text: [u8; 8]) -> Option<(u8, i64)> {
    // Each byte becomes its digit, and a colon 0; then all are looked at together.
    let values = u64::from_le_bytes(text) ^ u64::from_le_bytes(*b"00:00:00");
    let above_nine = values.wrapping_add(0x76 * EACH);
    if (above_nine | values) & (0x80 * EACH) != 0 || values & 0x0000_ff00_00ff_0000 != 0 {
        return None;
    }
    // In the places of the tens: 10 times them and the units.
    let [hour, _, _, minute, _, _, second, _] = (values * 10 + (values >> 8)).to_le_bytes();
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((hour, ((i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second)) * 1000))
}

/// One in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// A day as it was read last: most rows of a log are of the same day as the one before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    text: [u8; 10],
    date: Date,
    /// Its local midnight.
    unix_ms: i64,
}

fn patterned(pattern: &str, text: &str) -> Option<Written> {
    let parts = strtime::parse(pattern, text).ok()?;
    if parts.iana_time_zone().is_some()
        && let Ok(zoned) = parts.to_zoned()
    {
        return instant(zoned.timestamp().as_millisecond());
    }
    let Ok(date) = parts.to_date() else {
        return parts.to_timestamp().ok().and_then(|t| instant(t.as_millisecond()));
    };
    let ms = match parts.hour() {
        Some(_) => Some(of_day(parts.to_time().ok()?)),
        None => None,
    };
    Some(Written { date, ms, offset_s: parts.offset().map(|o| i64::from(o.seconds())) })
}

fn of_day(time: Time) -> i64 {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    seconds * 1000 + i64::from(time.subsec_nanosecond() / 1_000_000)
}

fn instant(unix_ms: i64) -> Option<Written> {
    let date = date_of(unix_ms.div_euclid(DAY_MS))?;
    Some(Written { date, ms: Some(unix_ms.rem_euclid(DAY_MS)), offset_s: Some(0) })
}

fn epoch(text: &str, unit_ms: i64) -> Option<Written> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    // Of seconds, the first three digits of the fraction are milliseconds.
    let part = if unit_ms == 1000 {
        format!("{fraction:0<3}").get(..3).and_then(|d| d.parse::<i64>().ok()).unwrap_or(0)
    } else {
        0
    };
    instant(whole.checked_mul(unit_ms)?.checked_add(part)?)
}

/// Reads digits at the front: their value and how many.
fn digits(text: &mut &[u8], most: usize) -> Option<(i64, usize)> {
    let count = text.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    if count == 0 {
        return None;
    }
    let value = text[..count].iter().fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
    *text = &text[count..];
    Some((value, count))
}

fn compact(text: &str) -> Option<Written> {
    let mut rest = text.as_bytes();
    let (packed, 8) = digits(&mut rest, 8)? else { return None };
    let date = date(packed / 10_000, packed / 100 % 100, packed % 100)?;
    clock(rest, date)
}

/// Month names and their abbreviations, English and Italian, by their first three letters.
const MONTHS: [&[&[u8; 3]]; 12] = [
    &[b"jan", b"gen"],
    &[b"feb"],
    &[b"mar"],
    &[b"apr"],
    &[b"may", b"mag"],
    &[b"jun", b"giu"],
    &[b"jul", b"lug"],
    &[b"aug", b"ago"],
    &[b"sep", b"set"],
    &[b"oct", b"ott"],
    &[b"nov"],
    &[b"dec", b"dic"],
];

fn named_month(text: &mut &[u8]) -> Option<i64> {
    let count = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let word: [u8; 3] = text.get(..count)?.get(..3)?.try_into().ok()?;
    let word = word.map(|b| b.to_ascii_lowercase());
    let month = MONTHS.iter().position(|names| names.contains(&&word))?;
    *text = &text[count..];
    i64::try_from(month + 1).ok()
}

fn ordered(text: &str, order: Order) -> Option<Written> {
    let mut rest = text.as_bytes();
    let mut parts = [0; 3];
    let year_at = if order == Order::Iso { 0 } else { 2 };
    let month_at = if order == Order::MonthDay { 0 } else { 1 };
    for (at, part) in parts.iter_mut().enumerate() {
        if at == month_at && rest.first().is_some_and(u8::is_ascii_alphabetic) {
            *part = named_month(&mut rest)?;
        } else {
            let (value, count) = digits(&mut rest, 4)?;
            let wanted = if at == year_at { count == 4 || (count == 2 && at == 2) } else { count <= 2 };
            if !wanted {
                return None;
            }
            // Two digits are read as POSIX does: 69 to 99 are of the twentieth century.
            let century = if at == year_at && count == 2 { if value < 69 { 2000 } else { 1900 } } else { 0 };
            *part = century + value;
        }
        if at < 2 {
            let before = rest.len();
            while let [b'-' | b'/' | b'.' | b' ' | b',', tail @ ..] = rest {
                rest = tail;
            }
            if !(1..=2).contains(&(before - rest.len())) {
                return None;
            }
        }
    }
    let day_at = 3 - year_at - month_at;
    clock(rest, date(parts[year_at], parts[month_at], parts[day_at])?)
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The time of day that follows a date: nothing, or `T` or spaces, `H:MM[:SS[.fff]]` or `HHMM[SS]`,
/// `am`/`pm`, and an offset.
fn clock(rest: &[u8], date: Date) -> Option<Written> {
    let mut rest = rest;
    let separated = matches!(rest.first(), Some(b'T' | b't' | b' ' | b','));
    while let [b'T' | b't' | b' ' | b',', tail @ ..] = rest {
        rest = tail;
    }
    if rest.is_empty() {
        return Some(Written { date, ms: None, offset_s: None });
    }
    let (first, count) = digits(&mut rest, 6)?;
    let (mut hour, minute, second) = match (count, rest.first()) {
        (1..=2, Some(b':' | b'.')) if separated => {
            rest = &rest[1..];
            let (minute, 2) = digits(&mut rest, 2)? else { return None };
            let second = if let Some(b':' | b'.') = rest.first() {
                rest = &rest[1..];
                let (second, 2) = digits(&mut rest, 2)? else { return None };
                second
            } else {
                0
            };
            (first, minute, second)
        }
        (1..=2, Some(b' ' | b'a' | b'A' | b'p' | b'P')) if separated => (first, 0, 0),
        (4, _) => (first / 100, first % 100, 0),
        (6, _) => (first / 10_000, first / 100 % 100, first % 100),
        _ => return None,
    };
    let mut ms = 0;
    if let [b'.' | b',', tail @ ..] = rest {
        rest = tail;
        let mut scale = 100;
        let mut any = false;
        while let [b @ b'0'..=b'9', tail @ ..] = rest {
            ms += i64::from(b - b'0') * scale;
            scale /= 10;
            rest = tail;
            any = true;
        }
        if !any {
            return None;
        }
    }
    rest = rest.trim_ascii_start();
    if let Some(afternoon) = half_day(&mut rest) {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let offset_s = offset(rest.trim_ascii())?;
    if minute > 59 || second > 60 || hour > 24 || (hour == 24 && (minute, second, ms) != (0, 0, 0)) {
        return None;
    }
    let date = if hour == 24 { date.tomorrow().ok()? } else { date };
    // A leap second is read as the last second of its minute.
    let seconds = (hour % 24 * 60 + minute) * 60 + second.min(59);
    Some(Written { date, ms: Some(seconds * 1000 + ms), offset_s })
}

fn half_day(rest: &mut &[u8]) -> Option<bool> {
    for (word, afternoon) in [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)] {
        if rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word.as_bytes()) {
            *rest = rest[word.len()..].trim_ascii_start();
            return Some(afternoon);
        }
    }
    None
}

/// The offset at the end of a time; `Some(None)` if there is none, `None` if it is no offset.
fn offset(text: &[u8]) -> Option<Option<i64>> {
    let (sign, mut rest) = match text {
        [] => return Some(None),
        [b'Z' | b'z'] => return Some(Some(0)),
        _ if text.eq_ignore_ascii_case(b"utc") || text.eq_ignore_ascii_case(b"gmt") => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, 2) = digits(&mut rest, 2)? else { return None };
    if let [b':', tail @ ..] = rest {
        rest = tail;
    }
    let minutes = if rest.is_empty() { 0 } else { digits(&mut rest, 2)?.0 };
    (rest.is_empty() && hours <= 18 && minutes <= 59).then_some(Some(sign * (hours * 60 + minutes) * 60))
}

/// The form of a sample of times, and what was taken for granted.
///
/// Day-first against month-first is settled by the first value over 12; where there is none, by the
/// country: month first in the US, day first elsewhere. `None` if no form reads half of the sample.
pub(super) fn sniff<'t>(
    sample: impl Iterator<Item = &'t str> + Clone,
    country: Option<&str>,
) -> Option<(Form, bool)> {
    let total = sample.clone().count();
    let reads = |form: &Form| sample.clone().filter(|t| form.read(t).is_some()).count();
    // Values of this many digits, a fraction aside.
    let length = |n: usize| {
        sample
            .clone()
            .filter(|t| {
                t.split(['.', ','])
                    .next()
                    .is_some_and(|w| w.len() == n && w.bytes().all(|b| b.is_ascii_digit()))
            })
            .count()
    };
    if total == 0 {
        return None;
    }
    if length(10) * 2 > total {
        return Some((Form::EpochSeconds, false));
    }
    if length(13) * 2 > total {
        return Some((Form::EpochMillis, false));
    }
    let day = reads(&Form::Ordered(Order::DayMonth));
    let month = reads(&Form::Ordered(Order::MonthDay));
    let american = country == Some("US");
    let order = if month > day || (month == day && american) { Order::MonthDay } else { Order::DayMonth };
    let forms = [
        (reads(&Form::Ordered(Order::Iso)), Form::Ordered(Order::Iso)),
        (day.max(month), Form::Ordered(order)),
        (reads(&Form::Compact), Form::Compact),
    ];
    let (best, form) = forms.into_iter().max_by_key(|(n, form)| (*n, *form == Form::Ordered(Order::Iso)))?;
    let guessed = form == Form::Ordered(order)
        && day == month
        && sample.clone().any(|t| {
            let (a, b) = (Form::Ordered(Order::DayMonth).read(t), Form::Ordered(Order::MonthDay).read(t));
            a.is_some() && b.is_some() && a != b
        });
    (best > 0 && best * 2 >= total).then_some((form, guessed))
}

/// Days since 1970-01-01 of a date.
pub(crate) fn day_of(date: Date) -> i64 {
    // Hinnant, "chrono-compatible low-level date algorithms".
    let (y, m, d) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// The date of a day since 1970-01-01.
pub(crate) fn date_of(day: i64) -> Option<Date> {
    let z = day.checked_add(719_468)?;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    date(year, month, doy - (153 * mp + 2) / 5 + 1)
}

/// Days in mind: more than a year of them, so that a log in no order is not slower than one in order.
const SLOTS: usize = 1024;

/// Places written times on the time line, in one zone; remembers days without a clock change.
pub(super) struct Clock {
    zone: TimeZone,
    /// By day number: the offset in seconds that holds all through it and a day around it.
    steady: Vec<(i64, Option<i64>)>,
    /// Local times in a gap, moved forward.
    pub(super) gaps: u64,
    /// Local times in a fold, the earlier taken.
    pub(super) folds: u64,
}

impl Clock {
    /// A clock of a zone.
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, steady: vec![(i64::MIN, None); SLOTS], gaps: 0, folds: 0 }
    }

    /// The instant of a text whose digits stand at fixed places, on a day without a clock change nearby;
    /// `None` leaves it to the general way.
    #[inline(always)]
    pub(super) fn fixed(
        &mut self,
        form: Fixed,
        text: &[u8],
        midnight_is_date: bool,
        last: &mut Option<Day>,
    ) -> Option<Moment> {
        let time = form.time_of_day(text)?.filter(|(_, ms)| !(midnight_is_date && *ms == 0));
        let written: [u8; 10] = *text.first_chunk()?;
        let day = match last {
            Some(day) if day.text == written => *day,
            _ => {
                let date = form.date(written)?;
                let number = day_of(date);
                let unix_ms = number * DAY_MS - self.steady(number)? * 1000;
                *last.insert(Day { text: written, date, unix_ms })
            }
        };
        Some(Moment {
            unix_ms: day.unix_ms + time.map_or(0, |(_, ms)| ms),
            date: day.date,
            hour: time.map(|(hour, _)| hour),
        })
    }

    /// The instant of a written time.
    pub(super) fn place(&mut self, written: Written) -> Option<Moment> {
        let day = day_of(written.date);
        let steady = self.steady(day);
        let ms = written.ms.unwrap_or(0);
        if let (Some(_), Some(offset)) = (written.ms, written.offset_s) {
            let unix_ms = day * DAY_MS + ms - offset * 1000;
            return self.moment(unix_ms, true);
        }
        if let Some(offset) = steady {
            return Some(Moment {
                unix_ms: day * DAY_MS + ms - offset * 1000,
                date: written.date,
                hour: written.ms.and_then(|ms| u8::try_from(ms / 3_600_000).ok()),
            });
        }
        self.changing(written)
    }

    /// A local time on a day near a clock change.
    fn changing(&mut self, written: Written) -> Option<Moment> {
        let ms = written.ms.unwrap_or(0);
        let time = Time::new(
            i8::try_from(ms / 3_600_000).ok()?,
            i8::try_from(ms / 60_000 % 60).ok()?,
            i8::try_from(ms / 1000 % 60).ok()?,
            i32::try_from(ms % 1000 * 1_000_000).ok()?,
        )
        .ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(written.date.to_datetime(time));
        if written.ms.is_some() {
            match ambiguous.offset() {
                AmbiguousOffset::Unambiguous { .. } => {}
                AmbiguousOffset::Gap { .. } => self.gaps += 1,
                AmbiguousOffset::Fold { .. } => self.folds += 1,
            }
        }
        let unix_ms = ambiguous.compatible().ok()?.as_millisecond();
        if written.ms.is_none() {
            return Some(Moment { unix_ms, date: written.date, hour: None });
        }
        self.moment(unix_ms, true)
    }

    fn moment(&mut self, unix_ms: i64, with_hour: bool) -> Option<Moment> {
        let offset = match self.steady(unix_ms.div_euclid(DAY_MS)) {
            Some(offset) => offset,
            None => i64::from(self.zone.to_offset(Timestamp::from_millisecond(unix_ms).ok()?).seconds()),
        };
        let local = unix_ms + offset * 1000;
        let hour = u8::try_from(local.rem_euclid(DAY_MS) / 3_600_000).ok().filter(|_| with_hour);
        Some(Moment { unix_ms, date: date_of(local.div_euclid(DAY_MS))?, hour })
    }

    fn steady(&mut self, day: i64) -> Option<i64> {
        let slot = usize::try_from(day.rem_euclid(i64::try_from(SLOTS).unwrap_or(1))).unwrap_or(0);
        let known = self.steady.get(slot).copied().unwrap_or((i64::MIN, None));
        if known.0 == day {
            return known.1;
        }
        let offset = steady_offset(&self.zone, day);
        if let Some(place) = self.steady.get_mut(slot) {
            *place = (day, offset);
        }
        offset
    }
}

/// The offset that holds from a day before to two days after the start of a day, if it does not change.
fn steady_offset(zone: &TimeZone, day: i64) -> Option<i64> {
    let from = Timestamp::from_second((day - 1) * 86_400).ok()?;
    let to = Timestamp::from_second((day + 2) * 86_400).ok()?;
    if zone.following(from).next().is_some_and(|change| change.timestamp() <= to) {
        return None;
    }
    let offset = zone.to_offset(from);
    (offset == zone.to_offset(to)).then(|| i64::from(offset.seconds()))
}
