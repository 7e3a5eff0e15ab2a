//! Numbers and readings in plain words: shares, ranges, counts, hours, and one phrase for each coded
//! measure. Owns the wording of evidence; decides nothing.

use crate::criteria::{Indicator, Language};
use crate::inventory::{Channel, ChannelIx, TouchpointIx};
use crate::measure::{Facts, Grade, Known};
use crate::quantity::Interval;
use crate::text::clean;

/// A share as whole percent; a share that is neither 0 nor 1 is never rounded to them.
#[must_use]
pub fn percent(share: f64) -> String {
    let points = share * 100.0;
    let rounded = points.round();
    if share > 0.0 && rounded == 0.0 {
        "under 1%".to_owned()
    } else if share < 1.0 && rounded == 100.0 {
        "over 99%".to_owned()
    } else {
        format!("{rounded:.0}%")
    }
}

/// `61% (58 to 64)`; the range is left out where it rounds to the value.
#[must_use]
pub fn percent_range(known: &Known) -> String {
    let (low, high) = ((known.low * 100.0).round(), (known.high * 100.0).round());
    let value = percent(known.value);
    if low == high { value } else { format!("{value} ({low:.0} to {high:.0})") }
}

/// A count with thousands separators.
#[must_use]
pub fn count(n: f64) -> String {
    let rounded = n.round();
    let digits = format!("{:.0}", rounded.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if rounded < 0.0 { format!("-{out}") } else { out }
}

/// `4,500 to 6,000`, or one number where both ends round to it.
#[must_use]
pub fn count_range(range: Interval) -> String {
    let (low, high) = (count(range.low), count(range.high));
    if low == high { low } else { format!("{low} to {high}") }
}

const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// `Mo 9 to 11` for a run of hours of the week.
#[must_use]
pub fn hours_of_week(first: usize, hours: usize) -> String {
    let day = DAYS[(first / 24) % 7];
    let from = first % 24;
    format!("{day} {from} to {}", (from + hours - 1) % 24 + 1)
}

/// The number of a reading in its unit, without the range.
fn value(known: &Known, unit: &str) -> String {
    match unit {
        "share" => percent_range(known),
        "points" => format!("{:.0} of 100", known.value),
        "ratio" => format!("{:.2}", known.value),
        _ => trimmed(known.value),
    }
}

/// At most two decimals, no trailing zeros.
#[must_use]
pub fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a reading says, as a phrase that can stand for or against a channel.
#[must_use]
pub fn phrase(
    facts: &Facts<'_>,
    channel: ChannelIx,
    touchpoint: Option<TouchpointIx>,
    indicator: &Indicator,
    known: &Known,
) -> String {
    let inventory = facts.inventory;
    let it: &Channel = inventory.channel(channel);
    let v = value(known, &indicator.unit);
    let text = match indicator.measure.as_str() {
        "covered" if it.promise.is_none() => {
            format!("people for {} of the demand, by the usual promise of its kind", percent(known.low))
        }
        "covered" => format!("people suffice for {v} of the demand"),
        "opening" => format!("it is open for {v} of the demand"),
        "practices" => format!("{v} of the good working practices are in place"),
        "languages" => format!("{v} of its customers are answered in their language"),
        "extra-systems" if known.high < 0.5 => "it needs no system of its own".to_owned(),
        "extra-systems" => "it needs a system that no other channel uses".to_owned(),
        "exposure" => format!("safe from outside trouble: {v}"),
        "context" => format!("it suits {v} of what the moment asks (haste, privacy, language)"),
        "audience" => format!("{v} of customers can and will use it"),
        "human-exit" if known.value > 0.5 => "there is a way out to a person".to_owned(),
        "human-exit" => "there is no way out to a person".to_owned(),
        "culture" => format!("culture and manner: {v}"),
        "functions" => format!("it does {v} of what must be done here"),
        "need" => match &it.need {
            Some(need) if known.value >= 2.0 => format!("needed: {}", clean(&need.value.why)),
            Some(need) if known.value >= 1.0 => format!("wanted, not needed: {}", clean(&need.value.why)),
            _ => "no need is stated".to_owned(),
        },
        "asked-for" => match known.n {
            Some(n) => format!("{v} of {} customers chose it", count(n as f64)),
            None => format!("{v} of customers chose it"),
        },
        "usefulness" => format!("{v} of its messages are welcome"),
        "carries" => format!("it carries {v} of the demand at its moments"),
        "importance" => {
            format!("importance of its moments: {} of 5", trimmed((known.value * 10.0).round() / 10.0))
        }
        "objectives" => format!("it serves {v} of the objectives"),
        "returns" => format!("a solved case is worth {} times its cost", trimmed(known.value)),
        "parity" => format!("{v} of rivals offer it"),
        "ends-well" => format!("{v} of contacts end well"),
        "promise-kept" => match &it.promise {
            Some(promise) => format!(
                "{} in time{}, {} promised",
                percent((known.value * promise.value.share).min(1.0)),
                worst_month(known),
                percent(promise.value.share),
            ),
            None => format!("keeps {} of its promise", trimmed(known.value)),
        },
        "answered" => format!("{v} answered{}", worst_month(known)),
        "satisfaction" => format!("{v} satisfied{}", worst_month(known)),
        "false-containment" => format!("{v} of those it keeps come back within days"),
        "ease" => format!("ease of use: {v}"),
        "context-carried" => format!("{v} of the story travels when customers move on"),
        "shared-history" => format!("a shared history follows {v} of those who move on"),
        "same-answers" => format!("{v} same answers and tone in test contacts"),
        "personal" if known.value >= 1.0 => "agents see history, preference and consent".to_owned(),
        "personal" if known.value > 0.0 => "agents see part of history and preference".to_owned(),
        "personal" => "agents see neither history nor preference".to_owned(),
        _ => format!("{}: {v}", indicator.title.get(Language::English)),
    };
    match touchpoint {
        Some(t) => format!("{text} ({})", clean(&inventory.touchpoint(t).id)),
        None => text,
    }
}

/// ` in the worst month (2026-08)` where the reading says so.
pub(super) fn worst_month(known: &Known) -> String {
    known
        .from
        .split_once("worst month ")
        .and_then(|(_, rest)| rest.split(' ').next())
        .map(|month| format!(" in the worst month ({month})"))
        .unwrap_or_default()
}

/// Where a reading is from, in a word or two.
#[must_use]
pub fn evidence(facts: &Facts<'_>, known: &Known) -> String {
    let id = match known.grade {
        Grade::Measured => "grade-measured",
        Grade::Sampled => "grade-sampled",
        Grade::Declared => "grade-declared",
        Grade::Estimated => "grade-estimated",
        Grade::Assumed => "grade-assumed",
    };
    facts.criteria.verdicts.word(id, Language::English).to_owned()
}

/// The channel a channel's customers most often go to next, how often, and of how many of its steps.
#[must_use]
pub fn largest_switch(facts: &Facts<'_>, channel: ChannelIx) -> Option<(ChannelIx, i64, i64)> {
    let id = facts.inventory.channel(channel).id.as_str();
    let out: Vec<(&str, i64)> = facts.steps_from(id).collect();
    let total = out.iter().map(|(_, n)| *n).fold(0, i64::saturating_add);
    let (to, n) = out
        .iter()
        .filter(|(to, _)| facts.inventory.find_channel(to).is_some())
        .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)))?;
    Some((facts.inventory.find_channel(to)?, *n, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(percent(0.614), "61%");
        assert_eq!(percent(0.001), "under 1%");
        assert_eq!(percent(0.999), "over 99%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(count(1_234_567.4), "1,234,567");
        assert_eq!(count(-4500.0), "-4,500");
        assert_eq!(count(999.0), "999");
        assert_eq!(hours_of_week(9, 2), "Mo 9 to 11");
        assert_eq!(hours_of_week(23, 1), "Mo 23 to 24");
    }
}
