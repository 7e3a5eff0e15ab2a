//! The values that criterion files are made of: texts in two languages, knots, examples, named
//! numbers, ids. Owns their checks; knows no file.

use std::collections::BTreeMap;

use crate::criteria::{Effort, Remedy, Words, interpolate};
use crate::quantity::Interval;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Place;
use crate::text::tree::{Diagnostics, Fields, Node, suggest};

/// Ids seen so far, to report the second of two.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<String, Place>);

impl Seen {
    /// Reports an id that was seen before.
    pub(super) fn check(&mut self, what: &str, id: &str, at: &Place, d: &Diagnostics) {
        if let Some(first) = self.0.get(id) {
            d.push(
                Diagnostic::error(
                    "duplicate-id",
                    format!("the {what} `{}` is given twice", clean(id)),
                    at.clone(),
                )
                .related(first.clone(), "first given here")
                .help("give one of them another id"),
            );
        } else {
            self.0.insert(id.to_owned(), at.clone());
        }
    }

    /// Whether an id was seen.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }
}

/// An id: lower-case letters, digits, `-` and `_`.
pub(super) fn id(node: &Node, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !text.is_empty() && text.len() <= 60 && text.chars().all(plain) {
        return Some(text);
    }
    d.push(
        Diagnostic::error("bad-id", format!("`{}` cannot be an id", clean(&text)), node.at.clone())
            .help("an id is made of lower-case letters, digits, `-` and `_`"),
    );
    None
}

/// Text that is not empty.
pub(super) fn sentence(node: &Node, d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?.trim().to_owned();
    if text.is_empty() {
        d.push(Diagnostic::error("empty-text", "this text is empty", node.at.clone()));
        return None;
    }
    Some(text)
}

/// A text in both languages.
pub(super) fn words(node: &Node, d: &Diagnostics) -> Option<Words> {
    let fields = node.fields(d, "a text in two languages", &["en", "it"])?;
    two_languages(&fields, d)
}

/// The two languages among the keys of a mapping.
pub(super) fn two_languages(fields: &Fields<'_>, d: &Diagnostics) -> Option<Words> {
    let language = |key: &'static str, name: &str| {
        let Some(node) = fields.get(key) else {
            d.push(
                Diagnostic::error("missing-language", format!("this text has no {name}"), fields.head())
                    .help(format!("add `{key}: …`; every text stands in English and Italian")),
            );
            return None;
        };
        sentence(node, d)
    };
    let (en, it) = (language("en", "English"), language("it", "Italian"));
    Some(Words { en: en?, it: it? })
}

/// `effort` and `text`.
pub(super) fn remedy(node: &Node, d: &Diagnostics) -> Option<Remedy> {
    let fields = node.fields(d, "a remedy", &["effort", "text"])?;
    let effort = fields.require("effort").and_then(|n| {
        n.choice(d, &[("small", Effort::Small), ("medium", Effort::Medium), ("large", Effort::Large)])
    });
    let text = fields.require("text").and_then(|n| words(n, d));
    Some(Remedy { effort: effort?, text: text? })
}

/// A number above 0.
pub(super) fn weight(node: &Node, d: &Diagnostics) -> Option<f64> {
    let value = node.number_in(d, -1e9, 1e9, "a weight")?;
    if value > 0.0 {
        return Some(value);
    }
    d.push(
        Diagnostic::error(
            "weight-not-positive",
            format!("a weight is greater than 0, found {value}"),
            node.at.clone(),
        )
        .help("to leave an indicator out, delete it"),
    );
    None
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

/// `{ low, high }`, each in a range.
pub(super) fn interval(
    node: &Node,
    d: &Diagnostics,
    least: f64,
    most: f64,
    wanted: &str,
) -> Option<Interval> {
    let fields = node.fields(d, "a range", &["low", "high"])?;
    let low = fields.require("low").and_then(|n| n.number_in(d, least, most, wanted));
    let high = fields.require("high").and_then(|n| n.number_in(d, least, most, wanted));
    let (low, high) = (low?, high?);
    if low > high {
        d.push(
            Diagnostic::error("range-reversed", format!("{low} is above {high}"), node.at.clone())
                .help("`low` comes first"),
        );
        return None;
    }
    Some(Interval::new(low, high))
}

/// `[[reading, points], …]`: at least two, readings strictly increasing and within the measure's
/// range, points 0 to 100.
pub(super) fn knots(node: &Node, range: Option<(f64, f64)>, d: &Diagnostics) -> Option<Vec<(f64, f64)>> {
    let items = node.items(d, "knots, such as [[0, 0], [0.5, 60], [1, 100]]");
    let mut knots: Vec<(f64, f64)> = Vec::with_capacity(items.len());
    let mut sound = true;
    for item in items {
        let pair = item.items(d, "a knot, such as [0.5, 60]");
        let [reading, points] = pair else {
            if !pair.is_empty() || matches!(item.kind, crate::text::tree::NodeKind::List(_)) {
                d.push(
                    Diagnostic::error("bad-knot", "a knot is a reading and its points", item.at.clone())
                        .help("for example [0.5, 60]"),
                );
            }
            sound = false;
            continue;
        };
        let at = reading.number(d);
        let points = points.number_in(d, 0.0, 100.0, "points from 0 to 100");
        let (Some(at), Some(points)) = (at, points) else {
            sound = false;
            continue;
        };
        if let Some((low, high)) = range
            && !(low..=high).contains(&at)
        {
            let end =
                if high.is_finite() { format!("from {low} to {high}") } else { format!("from {low} up") };
            d.push(
                Diagnostic::error(
                    "knot-out-of-reach",
                    format!("this measure gives readings {end}, never {at}"),
                    reading.at.clone(),
                )
                .help("is it a share (0.8) rather than a percentage (80)?"),
            );
            sound = false;
        }
        if let Some((before, _)) = knots.last()
            && at <= *before
        {
            d.push(
                Diagnostic::error(
                    "knots-not-increasing",
                    format!("the reading {at} does not come after {before}"),
                    reading.at.clone(),
                )
                .help("write knots from the lowest reading to the highest, each reading once"),
            );
            sound = false;
        }
        knots.push((at, points));
    }
    if sound && knots.len() < 2 && matches!(node.kind, crate::text::tree::NodeKind::List(_)) {
        d.push(Diagnostic::error(
            "too-few-knots",
            "a value function needs two knots or more",
            node.at.clone(),
        ));
        return None;
    }
    (sound && knots.len() >= 2).then_some(knots)
}

/// Widest difference between an example and what the knots give, in points.
const EXAMPLE_TOLERANCE: f64 = 0.05;

/// `[{ reading, points }, …]`, each held against the knots.
pub(super) fn examples(
    node: &Node,
    knots: Option<&Vec<(f64, f64)>>,
    d: &Diagnostics,
) -> Option<Vec<(f64, f64)>> {
    let items = node.items(d, "examples, such as [{ reading: 0.5, points: 60 }]");
    let mut examples = Vec::with_capacity(items.len());
    for item in items {
        let Some(fields) = item.fields(d, "an example", &["reading", "points"]) else { continue };
        let reading = fields.require("reading").and_then(|n| n.number(d));
        let points =
            fields.require("points").and_then(|n| n.number_in(d, 0.0, 100.0, "points from 0 to 100"));
        let (Some(reading), Some(points)) = (reading, points) else { continue };
        if let Some(knots) = knots {
            let computed = interpolate(knots, reading);
            if (computed - points).abs() > EXAMPLE_TOLERANCE {
                let shown = round(computed);
                d.push(
                    Diagnostic::error(
                        "example-wrong",
                        format!("the knots give {shown} for {reading}, not {points}"),
                        item.at.clone(),
                    )
                    .label(format!("gives {shown}"))
                    .help("mend the knots or the example, whichever is wrong"),
                );
            }
        }
        examples.push((reading, points));
    }
    if items.is_empty() {
        d.push(Diagnostic::error(
            "no-example",
            "an example shows what the knots mean; there is none",
            node.at.clone(),
        ));
    }
    Some(examples)
}

/// At most two decimals, without trailing zeros.
pub(super) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A number the program needs: its name and its least and greatest value.
pub(super) type Needed = (&'static str, f64, f64);

/// Named numbers; those needed must be there and in range, others are reported.
pub(super) fn numbers(node: &Node, what: &str, needed: &[Needed], d: &Diagnostics) -> Vec<(String, f64)> {
    let entries = node.entries(d, "numbers by name");
    let mut numbers = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some((_, low, high)) = needed.iter().find(|(name, ..)| *name == entry.key) else {
            let diagnostic = Diagnostic::error(
                "unknown-number",
                format!("nothing in {what} reads a number `{}`", clean(&entry.key)),
                entry.key_at.clone(),
            );
            d.push(match suggest(&entry.key, needed.iter().map(|(name, ..)| *name)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("delete it"),
            });
            continue;
        };
        let wanted = format!("a number from {low} to {high}");
        if let Some(value) = entry.value.number_in(d, *low, *high, &wanted) {
            numbers.push((entry.key.clone(), value));
        }
    }
    for (name, ..) in needed {
        if !entries.iter().any(|e| e.key == *name) {
            let at = entries.first().map_or_else(|| node.at.clone(), |e| e.key_at.clone());
            missing_number(what, name, at, d);
        }
    }
    numbers
}

/// Reports a number that the program needs and does not find.
pub(super) fn missing_number(what: &str, name: &str, at: Place, d: &Diagnostics) {
    d.push(
        Diagnostic::error("missing-number", format!("{what} needs the number `{name}`"), at)
            .help(format!("add `{name}: …`; the project's own `criteria/` shows a value")),
    );
}

/// A duration such as `20s`, `15m`, `8h` or `2d`, in seconds.
pub(super) fn seconds(node: &Node, d: &Diagnostics) -> Option<f64> {
    let text = node.text(d)?;
    let parsed = ["s", "m", "h", "d"].iter().zip([1.0, 60.0, 3600.0, 86_400.0]).find_map(|(unit, size)| {
        let number = text.strip_suffix(unit)?;
        let value = number.parse::<f64>().ok()?;
        (number.starts_with(|c: char| c.is_ascii_digit()) && (0.0..=1e6).contains(&value))
            .then_some(value * size)
    });
    if parsed.is_none() {
        d.push(
            Diagnostic::error("bad-duration", format!("`{}` is no duration", clean(&text)), node.at.clone())
                .help("write 20s, 15m, 8h or 2d"),
        );
    }
    parsed
}
