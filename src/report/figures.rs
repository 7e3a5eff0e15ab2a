//! Numbers as people read them: whole, with thousands, ranges as `41-49`. Owns no judgement; an
//! interval that tells nothing is named so by the caller.

use jiff::civil::Date;

use crate::quantity::Interval;

/// A count with thousands: `142,000`.
pub(super) fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number as a whole one.
pub(super) fn whole(x: f64) -> String {
    if !x.is_finite() {
        return "not known".to_owned();
    }
    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, and such numbers are no counts")]
    count(x.round() as i64)
}

/// A range of whole numbers, or the one number where both ends are the same.
pub(super) fn range(x: Interval) -> String {
    let (low, high) = (whole(x.low), whole(x.high));
    if low == high { low } else { join(&low, &high) }
}

/// A range of numbers below about ten, with one decimal.
pub(super) fn small_range(x: Interval) -> String {
    let one = |v: f64| {
        if v.abs() < 9.95 { format!("{v:.1}").trim_end_matches(".0").to_owned() } else { whole(v) }
    };
    let (low, high) = (one(x.low), one(x.high));
    if low == high { low } else { join(&low, &high) }
}

fn join(low: &str, high: &str) -> String {
    // A hyphen between signs would be read as one of them.
    if low.starts_with('-') || high.starts_with('-') {
        format!("{low} to {high}")
    } else {
        format!("{low}-{high}")
    }
}

/// Points of a rating or an axis, cut rather than rounded: what is shown as 50 stands at or above
/// the line at 50, and what is shown as 49 below it.
pub(super) fn points(x: Interval) -> String {
    let cut = |v: f64| ((v * 1e6).round() / 1e6).floor();
    range(Interval { low: cut(x.low), high: cut(x.high) })
}

/// A share in percent; never `0%` for something and never `100%` for not quite all.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.005 {
        "<1%".to_owned()
    } else if (0.995..1.0).contains(&share) {
        ">99%".to_owned()
    } else {
        format!("{}%", whole(share * 100.0))
    }
}

/// The same, cut: what is just short of a line must not be shown on it.
pub(super) fn percent_down(share: f64) -> String {
    percent((share * 100.0 + 1e-9).floor() / 100.0)
}

/// A range of shares in percent: `54-58%`.
pub(super) fn percent_range(x: Interval) -> String {
    let (low, high) = (percent(x.low), percent(x.high));
    match (low.strip_prefix('<'), high.strip_prefix('>')) {
        _ if low == high => low,
        // `0-1%` for 0 to less than 1, `0-2%`, `97-100%`: a range ends beyond what it holds.
        (low_less, high_more) => join(
            if low_less.is_some() { "0" } else { low.trim_start_matches('>').trim_end_matches('%') },
            if high_more.is_some() { "100%" } else { high.trim_start_matches('<') },
        ),
    }
}

/// A duration in the largest unit in which it is a handy number.
pub(super) fn seconds(s: f64) -> String {
    if !s.is_finite() {
        "not known".to_owned()
    } else if s < 100.0 {
        format!("{} s", whole(s))
    } else if s < 100.0 * 60.0 {
        format!("{} min", whole(s / 60.0))
    } else if s < 72.0 * 3600.0 {
        format!("{} h", whole(s / 3600.0))
    } else {
        format!("{} days", whole(s / 86_400.0))
    }
}

/// `23 Nov 2026`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// `Nov 2026`.
pub(super) fn month(date: Date) -> String {
    date.strftime("%b %Y").to_string()
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [init @ .., last] => {
            let init: Vec<&str> = init.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", init.join(", "), last.as_ref())
        }
    }
}

/// Two-letter names of the days, as opening hours write them.
pub(super) const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// Hours of the week (0 is Monday 0:00) in few words: `Mo-Fr 13-14, Sa 9-10`.
pub(super) fn hours(of_week: &[usize]) -> String {
    // Runs of hours for each day, then equal days side by side together.
    let mut days: Vec<Vec<(usize, usize)>> = vec![Vec::new(); 7];
    let mut sorted: Vec<usize> = of_week.iter().copied().filter(|h| *h < 168).collect();
    sorted.sort_unstable();
    sorted.dedup();
    for hour in sorted {
        let (day, of_day) = (hour / 24, hour % 24);
        match days[day].last_mut() {
            Some((_, end)) if *end == of_day => *end += 1,
            _ => days[day].push((of_day, of_day + 1)),
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut day = 0;
    while day < 7 {
        let mut last = day;
        while last + 1 < 7 && days[last + 1] == days[day] {
            last += 1;
        }
        if !days[day].is_empty() {
            let name =
                if last == day { DAYS[day].to_owned() } else { format!("{}-{}", DAYS[day], DAYS[last]) };
            let runs: Vec<String> = days[day].iter().map(|(a, b)| format!("{a}-{b}")).collect();
            out.push(format!("{name} {}", runs.join(" and ")));
        }
        day = last + 1;
    }
    out.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_thousands() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(-1_234_567), "-1,234,567");
        assert_eq!(count(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn points_never_cross_the_line_by_rounding() {
        assert_eq!(points(Interval::new(49.9, 50.0)), "49-50");
        assert_eq!(points(Interval::point(49.999_999_999)), "50", "noise of floats is no shortfall");
        assert_eq!(points(Interval::new(0.0, 100.0)), "0-100");
    }

    #[test]
    fn shares_are_never_nothing_or_all_by_rounding() {
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.001), "<1%");
        assert_eq!(percent(0.999), ">99%");
        assert_eq!(percent(1.0), "100%");
        // A range ends beyond what it holds, in whole percent.
        assert_eq!(percent_range(Interval::new(0.0, 0.001)), "0-1%");
        assert_eq!(percent_range(Interval::new(0.001, 0.02)), "0-2%");
        assert_eq!(percent_range(Interval::new(0.97, 0.999)), "97-100%");
        assert_eq!(percent_range(Interval::new(0.999, 1.0)), "99-100%");
        assert_eq!(percent_range(Interval::new(0.15, 0.20)), "15-20%");
    }

    #[test]
    fn a_range_below_zero_is_said_in_words() {
        assert_eq!(range(Interval::new(-4500.0, 79_500.0)), "-4,500 to 79,500");
        assert_eq!(small_range(Interval::new(0.64, 12.2)), "0.6-12");
    }

    #[test]
    fn hours_of_the_week_are_said_in_few_words() {
        assert_eq!(hours(&[9, 10]), "Mo 9-11");
        let noon: Vec<usize> = (0..5).map(|d| d * 24 + 13).collect();
        assert_eq!(hours(&noon), "Mo-Fr 13-14");
        assert_eq!(hours(&[9, 12, 33, 36, 129]), "Mo-Tu 9-10 and 12-13, Sa 9-10");
        assert_eq!(hours(&[500]), "");
    }

    #[test]
    fn durations_take_a_handy_unit() {
        assert_eq!(seconds(20.0), "20 s");
        assert_eq!(seconds(240.0), "4 min");
        assert_eq!(seconds(8.0 * 3600.0), "8 h");
        assert_eq!(seconds(10.0 * 86_400.0), "10 days");
    }
}
