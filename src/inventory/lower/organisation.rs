//! The organisation itself, what it wants and how much each criterion weighs for whom.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::refs::unknown;
use super::values::{
    amount, country, currency, date, duration, languages, positive, share_interval, texts, whole, words,
};
use super::{AXES, CRITERIA, Lower};
use crate::inventory::{EpisodeKey, Episodes, Objective, Organisation, Weights};
use crate::quantity::Interval;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Located;
use crate::text::tree::{Diagnostics, Node, suggest};

const DAY_S: f64 = 86_400.0;
/// Longest window of an episode, in days.
const MAX_WINDOW: f64 = 366.0;

pub(super) fn organisation(node: &Node, d: &Diagnostics) -> Option<Organisation> {
    let f = node.fields(
        d,
        "an organisation",
        &[
            "name",
            "country",
            "region",
            "timezone",
            "currency",
            "languages",
            "as_of",
            "budget",
            "improvement_capacity",
            "sells",
        ],
    )?;
    let name = f.require("name").and_then(|n| words(n, d));
    let country = f.with("country", country);
    let region = f.with("region", words);
    let zone = f.require("timezone").and_then(|n| timezone(n, d));
    let currency = f.with("currency", currency);
    let languages = f.get("languages").map(|n| languages(n, d)).unwrap_or_default();
    let as_of = f.with("as_of", date);
    let budget_per_year = f.get("budget").and_then(|n| {
        let budget = n.fields(d, "a budget", &["per_year"])?;
        budget.require("per_year").and_then(|n| amount(n, d))
    });
    let improvement_capacity = f.get("improvement_capacity").and_then(|n| whole(n, d, 1, 1000));
    let sells = f.get("sells").and_then(|n| n.flag(d));
    let (timezone, timezone_name) = zone?;
    Some(Organisation {
        name: name?,
        country,
        region,
        timezone,
        timezone_name,
        currency,
        languages,
        as_of,
        budget_per_year,
        improvement_capacity,
        sells,
    })
}

fn timezone(node: &Node, d: &Diagnostics) -> Option<(TimeZone, String)> {
    let text = words(node, d)?;
    // The zones that come along, not the machine's: the same local times everywhere, and no walk through
    // the machine's folder of zones.
    let zones = TimeZoneDatabase::bundled();
    if let Ok(zone) = zones.get(&text)
        && !zone.is_unknown()
    {
        let name = zone.iana_name().map_or_else(|| text.clone(), str::to_owned);
        return Some((zone, name));
    }
    let known: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    // `Rome` and `rome` stand for `Europe/Rome`.
    let city = text.rsplit('/').next().unwrap_or(&text).replace(' ', "_");
    let near = known
        .iter()
        .find(|name| name.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&city)))
        .map(String::as_str)
        .or_else(|| suggest(&text, known.iter().map(String::as_str)));
    let help = near.map_or_else(
        || "write a name of the IANA database, such as Europe/Rome".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    d.push(
        Diagnostic::error(
            "unknown-timezone",
            format!("there is no timezone `{}`", clean(&text)),
            node.at.clone(),
        )
        .help(help),
    );
    None
}

pub(super) fn lost_share(node: &Node, d: &Diagnostics) -> Option<Located<Interval>> {
    let f = node.fields(d, "what closing a channel costs", &["lost_share"])?;
    f.with("lost_share", share_interval)
}

pub(super) fn episodes(node: &Node, d: &Diagnostics) -> Episodes {
    let Some(f) = node.fields(d, "an episode", &["key", "window"]) else { return Episodes::default() };
    let key = f.get("key").and_then(|n| {
        n.choice(
            d,
            &[("customer", EpisodeKey::Customer), ("customer-and-reason", EpisodeKey::CustomerAndReason)],
        )
    });
    Episodes { key, window_days: f.get("window").and_then(|n| window(n, d)) }
}

fn window(node: &Node, d: &Diagnostics) -> Option<u32> {
    let seconds = duration(node, d)?.value;
    let days = seconds / DAY_S;
    if days.fract() == 0.0 && (1.0..=MAX_WINDOW).contains(&days) {
        // Whole and in range: the conversion is exact.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 <= days <= 366")]
        return Some(days as u32);
    }
    d.push(
        Diagnostic::error(
            "bad-window",
            format!("a window is a whole number of days from 1 to {MAX_WINDOW}"),
            node.at.clone(),
        )
        .help("write 7d"),
    );
    None
}

impl Lower<'_> {
    /// Objectives, their weights made to sum to 1.
    pub(super) fn objectives(&self, node: &Node) -> Vec<Objective> {
        let d = self.d;
        let mut objectives: Vec<Objective> = node
            .entries(d, "objectives with their weights, such as { retention: 0.6, inclusion: 0.4 }")
            .iter()
            .filter_map(|entry| {
                let weight = positive(&entry.value, d, "weight-not-positive", "the weight of an objective")?;
                Some(Objective { id: entry.key.clone(), weight })
            })
            .collect();
        let sum: f64 = objectives.iter().map(|o| o.weight).sum();
        for objective in &mut objectives {
            objective.weight /= sum;
        }
        objectives
    }

    /// Weights of criteria, or their order.
    pub(super) fn weights(&self, node: &Node) -> Option<Weights> {
        let d = self.d;
        let entries = node.entries(d, "weights of criteria, such as { relevant: 2 }, or { order: [...] }");
        if let Some(order) = entries.iter().find(|e| e.key == "order") {
            if let Some(other) = entries.iter().find(|e| e.key != "order") {
                d.push(
                    Diagnostic::error(
                        "weights-and-order",
                        "either weights or an order of criteria, not both",
                        other.key_at.clone(),
                    )
                    .related(order.key_at.clone(), "the order")
                    .help("keep one of them"),
                );
            }
            return self.order(&order.value);
        }
        let mut weights = Vec::new();
        for entry in entries {
            if !CRITERIA.contains(&entry.key.as_str()) {
                d.push(unknown("criterion", &entry.key, &entry.key_at, CRITERIA));
            }
            if let Some(weight) = entry.value.amount(d) {
                weights.push((entry.key.clone(), weight));
            }
        }
        // What is not named weighs 1: only three zeros leave a question without an answer.
        let is_zero = |criterion: &&str| weights.iter().any(|(id, w)| id == criterion && *w == 0.0);
        for (axis, question) in AXES.iter().zip(["worth", "delivery"]) {
            if axis.iter().all(&is_zero) {
                let list = axis.join(", ");
                d.push(
                    Diagnostic::error(
                        "weight-not-positive",
                        format!("the weights of {list} are all 0: {question} would rest on nothing"),
                        node.at.clone(),
                    )
                    .help("leave one of them above 0"),
                );
            }
        }
        (!weights.is_empty()).then_some(Weights::Swing(weights))
    }

    fn order(&self, node: &Node) -> Option<Weights> {
        let d = self.d;
        let mut order: Vec<Located<String>> = Vec::new();
        for item in texts(node, d, "the criteria, most important first") {
            if !CRITERIA.contains(&item.value.as_str()) {
                d.push(unknown("criterion", &item.value, &item.at, CRITERIA));
            } else if let Some(first) = order.iter().find(|o| o.value == item.value) {
                d.push(
                    Diagnostic::error(
                        "duplicate-id",
                        format!("the criterion `{}` is given twice", item.value),
                        item.at.clone(),
                    )
                    .related(first.at.clone(), "first given here"),
                );
            } else {
                order.push(item);
            }
        }
        let missing: Vec<&str> =
            CRITERIA.into_iter().filter(|c| !order.iter().any(|o| o.value == *c)).collect();
        if !missing.is_empty() {
            d.push(
                Diagnostic::error("incomplete-order", "an order names all six criteria", node.at.clone())
                    .help(format!("missing: {}", missing.join(", "))),
            );
        }
        Some(Weights::Order(order.into_iter().map(|o| o.value).collect()))
    }

    /// Weights by stakeholder.
    pub(super) fn stakeholders(&self, node: &Node) -> Vec<(String, Weights)> {
        node.entries(self.d, "stakeholders with their weights, such as { care: { connected: 2 } }")
            .iter()
            .filter_map(|entry| Some((entry.key.clone(), self.weights(&entry.value)?)))
            .collect()
    }
}
