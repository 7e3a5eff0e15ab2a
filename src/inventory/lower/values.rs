//! The values an inventory is made of: dates, durations, ranges, codes, opening hours, lists of words.
//! Owns their forms and the words of their diagnostics; knows no section.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::inventory::Hours;
use crate::quantity::{Interval, parse_duration};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Node, NodeKind};

/// Largest amount that anything can be.
pub(super) const MOST: f64 = 1e12;
/// Longest expression of opening hours, in bytes.
const MAX_HOURS: usize = 1000;

/// A value with the place of its node.
pub(super) fn at<T>(node: &Node, value: T) -> Located<T> {
    Located { value, at: node.at.clone() }
}

/// Text that is not blank.
pub(super) fn words(node: &Node, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?.trim().to_owned();
    if text.is_empty() {
        d.push(
            Diagnostic::error("empty-text", "this text is empty", node.at.clone())
                .help("write the text, or leave the key out"),
        );
        return None;
    }
    Some(text)
}

/// A number of 0 or more, with its place.
pub(super) fn amount(node: &Node, d: &Diagnostics) -> Option<Located<f64>> {
    node.number_in(d, 0.0, MOST, "a number of 0 or more").map(|value| at(node, value))
}

/// A number greater than 0.
pub(super) fn positive(node: &Node, d: &Diagnostics, code: &'static str, what: &str) -> Option<f64> {
    let value = node.number(d)?;
    if value > 0.0 && value <= MOST {
        return Some(value);
    }
    d.push(
        Diagnostic::error(code, format!("{what} is greater than 0, found {value}"), node.at.clone())
            .label("greater than 0"),
    );
    None
}

/// A yes or no, with its place.
pub(super) fn flag(node: &Node, d: &Diagnostics) -> Option<Located<bool>> {
    node.flag(d).map(|value| at(node, value))
}

/// Yes or no where a word may stand as well, so that quotes make no difference; no diagnostic.
pub(super) fn yes_or_no(node: &Node) -> Option<bool> {
    node.as_flag().or_else(|| match node.raw() {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ => None,
    })
}

/// A whole number in `low..=high`.
pub(super) fn whole(node: &Node, d: &Diagnostics, low: u32, high: u32) -> Option<u32> {
    let wanted = format!("a whole number from {low} to {high}");
    let value = node.number_in(d, f64::from(low), f64::from(high), &wanted)?;
    if value.fract() == 0.0 {
        // In range and whole: the conversion is exact.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 <= value <= u32::MAX"
        )]
        return Some(value as u32);
    }
    d.push(
        Diagnostic::error("wrong-type", format!("expected {wanted}, found {value}"), node.at.clone())
            .label(format!("expected {wanted}")),
    );
    None
}

/// A number or `{ low, high }`, within `least..=most`; whether a range was given stands beside it.
pub(super) fn interval(
    node: &Node,
    d: &Diagnostics,
    least: f64,
    most: f64,
    wanted: &str,
) -> Option<(Located<Interval>, bool)> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        let value = if most == 1.0 { node.share(d) } else { node.number_in(d, least, most, wanted) }?;
        return Some((at(node, Interval::point(value)), false));
    }
    let fields = node.fields(d, "a range", &["low", "high"])?;
    let low = fields.require("low").and_then(|n| n.number_in(d, least, most, wanted));
    let high = fields.require("high").and_then(|n| n.number_in(d, least, most, wanted));
    let (low, high) = (low?, high?);
    if low > high {
        d.push(
            Diagnostic::error("range-reversed", format!("{low} is above {high}"), fields.head())
                .help("`low` comes first"),
        );
        return None;
    }
    Some((at(node, Interval::new(low, high)), true))
}

/// A share or a range of shares.
pub(super) fn share_interval(node: &Node, d: &Diagnostics) -> Option<Located<Interval>> {
    interval(node, d, 0.0, 1.0, "a share from 0 to 1").map(|(value, _)| value)
}

/// A date of the calendar, written `2026-03-12`.
pub(super) fn date(node: &Node, d: &Diagnostics) -> Option<Located<Date>> {
    let text = node.text(d)?;
    if let Some(date) = parse_date(&text) {
        return Some(at(node, date));
    }
    let shaped = is_date_shaped(&text);
    let message = if shaped {
        format!("`{}` is no day of the calendar", clean(&text))
    } else {
        format!("expected a date, found `{}`", clean(&text))
    };
    d.push(
        Diagnostic::error("bad-date", message, node.at.clone())
            .label(if shaped { "no such day" } else { "expected a date" })
            .help("write year, month and day: 2026-03-12"),
    );
    None
}

fn is_date_shaped(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
}

/// A date of the calendar in its one form, in a year in which an organisation can have been.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    if !is_date_shaped(text) {
        return None;
    }
    text.parse::<Date>().ok().filter(|date| (1900..=2200).contains(&date.year()))
}

/// Warns of a date after the day of the assessment.
pub(super) fn not_after(date: &Located<Date>, as_of: Option<Date>, what: &str, d: &Diagnostics) {
    if let Some(as_of) = as_of
        && date.value > as_of
    {
        d.push(
            Diagnostic::warning(
                "date-in-future",
                format!("{what} is dated {}, after the assessment of {as_of}", date.value),
                date.at.clone(),
            )
            .help("mend the date, or `organisation.as_of`"),
        );
    }
}

/// A duration greater than 0, in seconds: `20s`, `6m`, `8h`, `2d` or `H:MM:SS`.
pub(super) fn duration(node: &Node, d: &Diagnostics) -> Option<Located<f64>> {
    let text = node.text(d)?;
    if let Some(seconds) = parse_duration(text.trim()) {
        return Some(at(node, seconds));
    }
    let number = text.trim().parse::<f64>().is_ok_and(f64::is_finite);
    let help = if number {
        format!("say which unit: {0}s, {0}m, {0}h or {0}d", clean(text.trim()))
    } else {
        "write 20s, 6m, 8h, 2d or 0:06:00".to_owned()
    };
    let message = if number {
        format!("`{}` has no unit", clean(&text))
    } else {
        format!("expected a duration, found `{}`", clean(&text))
    };
    d.push(
        Diagnostic::error("bad-duration", message, node.at.clone()).label("expected a duration").help(help),
    );
    None
}

/// A list of texts.
pub(super) fn texts(node: &Node, d: &Diagnostics, wanted: &str) -> Vec<Located<String>> {
    node.items(d, wanted).iter().filter_map(|item| item.located_text(d)).collect()
}

/// A text, or a list of texts.
pub(super) fn one_or_more(node: &Node, d: &Diagnostics, wanted: &str) -> Vec<Located<String>> {
    if node.raw().is_some() {
        return node.located_text(d).into_iter().collect();
    }
    texts(node, d, wanted)
}

/// A code made of letters only, such as a country or a currency.
fn letters(node: &Node, d: &Diagnostics, lengths: &[usize], what: &str, help: &str) -> Option<String> {
    let text = node.text(d)?;
    if lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(text);
    }
    d.push(
        Diagnostic::error("bad-code", format!("`{}` is no {what}", clean(&text)), node.at.clone())
            .label(format!("expected a {what}"))
            .help(help),
    );
    None
}

/// ISO 3166 alpha-2, upper case.
pub(super) fn country(node: &Node, d: &Diagnostics) -> Option<String> {
    letters(node, d, &[2], "country code", "write the two letters of ISO 3166, such as IT or NO")
        .map(|code| code.to_uppercase())
}

/// ISO 4217, upper case.
pub(super) fn currency(node: &Node, d: &Diagnostics) -> Option<String> {
    letters(node, d, &[3], "currency code", "write the three letters of ISO 4217, such as EUR")
        .map(|code| code.to_uppercase())
}

/// BCP 47 primary tags, lower case, each once.
pub(super) fn languages(node: &Node, d: &Diagnostics) -> Vec<String> {
    let mut languages = Vec::new();
    for item in node.items(d, "a list of languages, such as [it, de]") {
        let help = "write the two or three letters of a language, such as it, de or no; no region";
        if let Some(code) = letters(item, d, &[2, 3], "language code", help) {
            let code = code.to_lowercase();
            if !languages.contains(&code) {
                languages.push(code);
            }
        }
    }
    languages
}

/// What opening hours need: the holidays of the country, read from their records at the first opening
/// hours, and the opening hours read so far, since channels and teams often share theirs.
pub(super) struct Calendar {
    country: Option<String>,
    holidays: OnceCell<opening_hours::ContextHolidays>,
    read: RefCell<BTreeMap<String, Hours>>,
}

impl Calendar {
    pub(super) fn of(country: Option<String>) -> Self {
        Self { country, holidays: OnceCell::new(), read: RefCell::default() }
    }

    /// The public holidays of the country; none where it is not known or keeps none on record.
    fn holidays(&self) -> opening_hours::ContextHolidays {
        let found = self.holidays.get_or_init(|| {
            let country = self.country.as_ref().and_then(|code| code.parse().ok());
            country.map(opening_hours::localization::Country::holidays).unwrap_or_default()
        });
        found.clone()
    }
}

/// Opening hours, with the holidays they refer to.
pub(super) fn hours(node: &Node, calendar: &Calendar, d: &Diagnostics) -> Option<Located<Hours>> {
    let text = words(node, d)?;
    if let Some(known) = calendar.read.borrow().get(&text) {
        return Some(at(node, known.clone()));
    }
    if text.len() > MAX_HOURS {
        d.push(Diagnostic::error(
            "bad-hours",
            format!("opening hours of more than {MAX_HOURS} characters"),
            node.at.clone(),
        ));
        return None;
    }
    match text.parse::<opening_hours::OpeningHours>() {
        Ok(parsed) => {
            let context = opening_hours::Context::default().with_holidays(calendar.holidays());
            let hours = Hours::new(text.clone(), parsed.with_context(context));
            calendar.read.borrow_mut().insert(text, hours.clone());
            Some(at(node, hours))
        }
        Err(error) => {
            d.push(bad_hours(node, &text, &error.to_string()));
            None
        }
    }
}

/// What the parser of opening hours says, at the character where it stopped.
fn bad_hours(node: &Node, text: &str, said: &str) -> Diagnostic {
    let stopped = said
        .lines()
        .next()
        .and_then(|line| line.trim().strip_prefix("--> 1:"))
        .and_then(|column| column.trim().parse::<usize>().ok());
    let reason = said.lines().rev().find_map(|line| line.trim().strip_prefix("= ")).map_or_else(
        || said.lines().next().unwrap_or("").to_owned(),
        |why| why.replace('_', " ").replace("EOI", "the end"),
    );
    let place = stopped.and_then(|column| inside(node, text, column)).unwrap_or_else(|| node.at.clone());
    let help = if text.starts_with(['“', '”', '„', '«', '‘', '’']) {
        "the quotes are those of a text processor and part of the text; write straight ones (\"…\") or none"
    } else {
        "write them as on OpenStreetMap, for example \"Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off\""
    };
    Diagnostic::error("bad-hours", format!("these opening hours cannot be read: {}", clean(&reason)), place)
        .label("cannot be read from here")
        .help(help)
}

/// The place of the `column`-th character (1-based) of a scalar, where the file holds it verbatim.
fn inside(node: &Node, text: &str, column: usize) -> Option<Place> {
    let written = node.at.source.text.get(node.at.range.clone())?;
    let start = node.at.range.start + written.find(text)?;
    let offset = text.char_indices().nth(column.checked_sub(1)?).map_or(text.len(), |(i, _)| i);
    // A mistake at the very end is shown at the last character: the quote after it is not at fault.
    let offset = if offset == text.len() { text.char_indices().last()?.0 } else { offset };
    Some(Place { source: node.at.source.clone(), range: start + offset..start + text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(parse_date("2028-02-29"), Some(jiff::civil::date(2028, 2, 29)));
        for text in
            ["2026-02-29", "2026-13-01", "yes", "20260101", "2026-1-1", "0026-01-01", "2026-01-01T10:00"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
