//! The values that inventories are made of: ids, dates, durations, ranges, opening hours. Owns their
//! checks; knows no section.

use jiff::civil::Date;

use crate::inventory::{Hours, Promise};
use crate::quantity::Interval;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Node, NodeKind};

/// Pairs a value with the place of its node.
pub(super) fn located<T>(node: &Node, value: Option<T>) -> Option<Located<T>> {
    value.map(|value| Located { value, at: node.at.clone() })
}

/// An error at a node.
pub(super) fn error(
    d: &Diagnostics,
    node: &Node,
    code: &'static str,
    message: impl Into<String>,
    help: impl Into<String>,
) {
    d.push(Diagnostic::error(code, message, node.at.clone()).help(help));
}

/// An id: letters of any script in lower case, digits, `-`, `_` and `.`; at most 60 characters.
pub(super) fn id(node: &Node, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?;
    let plain = |c: char| c.is_alphanumeric() && !c.is_uppercase() || matches!(c, '-' | '_' | '.');
    if !text.is_empty() && text.chars().count() <= 60 && text.chars().all(plain) {
        return Some(text);
    }
    let help = match text.to_lowercase().replace(' ', "-") {
        near if !near.is_empty() && near.chars().count() <= 60 && near.chars().all(plain) => {
            format!("for example `{near}`")
        }
        _ => "an id is made of lower-case letters, digits, `-` and `_`".to_owned(),
    };
    error(d, node, "bad-id", format!("`{}` cannot be an id", clean(&text)), help);
    None
}

/// Text that is not empty.
pub(super) fn sentence(node: &Node, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?.trim().to_owned();
    if text.is_empty() {
        error(d, node, "empty-text", "this text is empty", "write something, or leave the key out");
        return None;
    }
    Some(text)
}

/// A list of texts; a single text counts as a list of one.
pub(super) fn texts(node: &Node, d: &Diagnostics) -> Vec<String> {
    match &node.kind {
        NodeKind::Scalar { .. } => node.text(d).into_iter().collect(),
        _ => node.items(d, "a list of texts").iter().filter_map(|n| n.text(d)).collect(),
    }
}

/// A day, `2026-11-23`.
pub(super) fn date(node: &Node, d: &Diagnostics) -> Option<Date> {
    let text = node.text(d)?;
    match text.parse::<Date>() {
        Ok(date) if text.len() == 10 => Some(date),
        _ => {
            error(d, node, "bad-date", format!("`{}` is no date", clean(&text)), "write 2026-11-23");
            None
        }
    }
}

/// A duration in seconds: `20s`, `6m`, `1h 30m`, `2d`, `H:MM:SS`.
pub(super) fn seconds(node: &Node, d: &Diagnostics) -> Option<f64> {
    let text = node.text(d)?;
    let parsed = parse_seconds(&text).filter(|s| s.is_finite() && (0.0..=3.2e9).contains(s));
    if parsed.is_none() {
        let help = if text.trim().parse::<f64>().is_ok() {
            format!("a duration has a unit: `{0}s`, `{0}m` or `{0}h`", text.trim())
        } else {
            "write 20s, 6m, 8h, 2d, or H:MM:SS".to_owned()
        };
        error(d, node, "bad-duration", format!("`{}` is no duration", clean(&text)), help);
    }
    parsed
}

fn parse_seconds(text: &str) -> Option<f64> {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.trim().split(':').collect();
    if let [h, m, s] = parts.as_slice() {
        if !digits(h) || !digits(m) || !digits(s) {
            return None;
        }
        let (h, m, s): (f64, f64, f64) = (h.parse().ok()?, m.parse().ok()?, s.parse().ok()?);
        return (m < 60.0 && s < 60.0).then_some(h * 3600.0 + m * 60.0 + s);
    }
    let mut total = 0.0;
    let mut any = false;
    for part in text.split_whitespace() {
        let at = part.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = part.split_at(at);
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let size = match unit {
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * size;
        any = true;
    }
    any.then_some(total)
}

/// Whole days, `7d`.
pub(super) fn days(node: &Node, d: &Diagnostics) -> Option<u32> {
    let text = node.text(d)?;
    let days =
        text.trim().strip_suffix('d').and_then(|n| n.parse::<u32>().ok()).filter(|n| (1..=366).contains(n));
    if days.is_none() {
        error(
            d,
            node,
            "bad-window",
            format!("`{}` is no number of whole days", clean(&text)),
            "write 7d (1d to 366d)",
        );
    }
    days
}

/// A whole number in a range.
pub(super) fn whole(node: &Node, d: &Diagnostics, low: u32, high: u32) -> Option<u32> {
    let wanted = format!("a whole number from {low} to {high}");
    let value = node.number_in(d, f64::from(low), f64::from(high), &wanted)?;
    if value.fract() != 0.0 {
        d.push(
            Diagnostic::error("wrong-type", format!("expected {wanted}, found {value}"), node.at.clone())
                .label(format!("expected {wanted}")),
        );
        return None;
    }
    // In range and whole: the conversion is exact.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= value <= u32::MAX")]
    Some(value as u32)
}

/// One number or `{ low, high }`; the flag says whether a range was given.
pub(super) fn range(
    node: &Node,
    d: &Diagnostics,
    least: f64,
    most: f64,
    wanted: &str,
) -> Option<(Interval, bool)> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return node.number_in(d, least, most, wanted).map(|v| (Interval::point(v), false));
    }
    let fields = node.fields(d, "a range", &["low", "high"])?;
    let low = fields.require("low").and_then(|n| n.number_in(d, least, most, wanted));
    let high = fields.require("high").and_then(|n| n.number_in(d, least, most, wanted));
    let (low, high) = (low?, high?);
    if low > high {
        error(d, node, "range-reversed", format!("{low} is above {high}"), "`low` comes first");
        return None;
    }
    Some((Interval::new(low, high), true))
}

/// A share or a range of shares.
pub(super) fn share_range(node: &Node, d: &Diagnostics) -> Option<(Interval, bool)> {
    range(node, d, 0.0, 1.0, "a share from 0 to 1")
}

/// An amount or a range of amounts.
pub(super) fn amount_range(node: &Node, d: &Diagnostics) -> Option<(Interval, bool)> {
    range(node, d, 0.0, 1e12, "a number of 0 or more")
}

/// Opening hours in OpenStreetMap's syntax; public holidays of the country are part of them.
pub(super) fn hours(node: &Node, d: &Diagnostics, country: Option<&str>) -> Option<Hours> {
    let text = sentence(node, d)?;
    match text.parse::<opening_hours::OpeningHours>() {
        Ok(parsed) => {
            let holidays = country
                .and_then(|c| c.parse::<opening_hours::localization::Country>().ok())
                .map(|c| c.holidays());
            let parsed = match holidays {
                Some(holidays) => {
                    parsed.with_context(opening_hours::Context::default().with_holidays(holidays))
                }
                None => parsed,
            };
            Some(Hours { text, parsed })
        }
        Err(reason) => {
            let reason = reason.to_string();
            let first = reason.lines().last().unwrap_or_default().trim().to_owned();
            error(
                d,
                node,
                "bad-hours",
                format!("`{}` are no opening hours: {}", clean(&text), clean(&first)),
                "write, for example, \"Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off\"",
            );
            None
        }
    }
}

/// `{ share, within, clock }`.
pub(super) fn promise(node: &Node, d: &Diagnostics) -> Option<Promise> {
    let fields = node.fields(d, "a promise", &["share", "within", "clock"])?;
    let share = fields.require("share").and_then(|n| n.number_in(d, 0.01, 1.0, "a share above 0, up to 1"));
    let within_s = fields.require("within").and_then(|n| seconds(n, d));
    let open_clock =
        fields.with("clock", |n, d| n.choice(d, &[("open", true), ("always", false)])).unwrap_or(false);
    Some(Promise { share: share?, within_s: within_s?, open_clock })
}

/// Ids seen so far, to report the second of two and those that differ by case only.
#[derive(Default)]
pub(super) struct Seen(Vec<(String, Place)>);

impl Seen {
    /// Notes an id; reports it where it was seen before.
    pub(super) fn add(&mut self, what: &str, id: &str, at: &Place, d: &Diagnostics) {
        let lower = id.to_lowercase();
        if let Some((known, first)) = self.0.iter().find(|(known, _)| known.to_lowercase() == lower) {
            let message = if known == id {
                format!("the {what} `{}` is given twice", clean(id))
            } else {
                format!("the {what} `{}` differs from `{}` by case only", clean(id), clean(known))
            };
            d.push(
                Diagnostic::error("duplicate-id", message, at.clone())
                    .related(first.clone(), "first given here")
                    .help("give one of them another name"),
            );
        } else {
            self.0.push((id.to_owned(), at.clone()));
        }
    }
}
