//! The organisation and what stands beside its channels: objectives, weights, rivals, judgements,
//! policy.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::context::Context;
use super::values::{date, days, error, located, range, sentence, share_range, whole};
use crate::criteria::kind::Kind;
use crate::inventory::{
    EpisodeKey, Episodes, Judgement, Objective, Organisation, Policy, Rival, Rivals, Waiver, Weights,
};
use crate::quantity::Interval;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Located;
use crate::text::tree::{Diagnostics, Node, NodeKind, suggest};

pub(super) fn organisation(node: &Node, d: &Diagnostics) -> Option<Organisation> {
    let keys = [
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
    ];
    let fields = node.fields(d, "the organisation", &keys)?;
    let name = fields.require("name").and_then(|n| sentence(n, d));
    let zone = fields.require("timezone").and_then(|n| timezone(n, d));
    let country = fields.with("country", |n, d| code(n, d, 2, "a country", "IT"));
    let currency = fields.with("currency", |n, d| code(n, d, 3, "a currency", "EUR"));
    let languages = fields.get("languages").map(|n| super::people::languages(n, d)).unwrap_or_default();
    let budget = fields.with("budget", |n, d| {
        let fields = n.fields(d, "a budget", &["per_year"])?;
        let node = fields.require("per_year")?;
        located(node, node.amount(d))
    });
    let (timezone, timezone_name) = zone?;
    Some(Organisation {
        name: name?,
        country,
        region: fields.with("region", sentence),
        timezone,
        timezone_name,
        currency,
        languages,
        as_of: fields.with("as_of", |n, d| located(n, date(n, d))),
        budget_per_year: budget,
        improvement_capacity: fields.with("improvement_capacity", |n, d| whole(n, d, 1, 1000)),
        sells: fields.with("sells", Node::flag),
    })
}

/// A time zone by its IANA name.
fn timezone(node: &Node, d: &Diagnostics) -> Option<(TimeZone, String)> {
    let name = node.text(d)?;
    if let Ok(zone) = TimeZone::get(&name)
        && !name.is_empty()
    {
        return Some((zone, name));
    }
    let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
    let near =
        known.iter().find(|k| k.split('/').next_back().is_some_and(|city| city.eq_ignore_ascii_case(&name)));
    let near = near.map(String::as_str).or_else(|| suggest(&name, known.iter().map(String::as_str)));
    let help = near.map_or_else(
        || "write an IANA name, such as Europe/Rome".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    error(d, node, "unknown-timezone", format!("`{}` is no time zone", clean(&name)), help);
    None
}

/// A code of so many letters, in upper case.
fn code(node: &Node, d: &Diagnostics, letters: usize, what: &str, example: &str) -> Option<String> {
    let text = node.text(d)?;
    if text.len() == letters && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(text.to_ascii_uppercase());
    }
    let message = format!("`{}` is no code of {what}", clean(&text));
    error(d, node, "bad-code", message, format!("write {letters} letters, such as {example}"));
    None
}

pub(super) fn objectives(node: &Node, d: &Diagnostics) -> Vec<Objective> {
    let mut all: Vec<Objective> = Vec::new();
    for entry in node.entries(d, "objectives with their weights") {
        if let Some(weight) = entry.value.number_in(d, 0.0, 1e6, "a weight of 0 or more") {
            all.push(Objective { id: entry.key.clone(), weight });
        }
    }
    let total: f64 = all.iter().map(|o| o.weight).sum();
    if total > 0.0 {
        all.iter_mut().for_each(|o| o.weight /= total);
    } else if !all.is_empty() {
        error(d, node, "no-weight", "all objectives weigh nothing", "give one of them a weight above 0");
    }
    all
}

/// The six criteria.
const CRITERIA: [&str; 6] =
    ["capability", "appropriate", "relevant", "significant", "functional", "connected"];

pub(super) fn weights(node: &Node, d: &Diagnostics) -> Option<Weights> {
    let entries = node.entries(d, "criteria with their weights, or `order`");
    if let Some(entry) = entries.iter().find(|e| e.key == "order") {
        if let Some(other) = entries.iter().find(|e| e.key != "order") {
            d.push(
                Diagnostic::error(
                    "weights-and-order",
                    "an order leaves no room for weights",
                    other.key_at.clone(),
                )
                .related(entry.key_at.clone(), "the order")
                .help("give weights or an order, not both"),
            );
        }
        let mut order: Vec<String> = Vec::new();
        for item in entry.value.items(d, "criteria, the most important first") {
            let Some(name) = criterion(item, d) else { continue };
            if order.contains(&name) {
                error(d, item, "duplicate-id", format!("`{name}` stands twice"), "keep one of them");
            } else {
                order.push(name);
            }
        }
        return Some(Weights::Order(order));
    }
    let mut swing = Vec::new();
    for entry in entries {
        if !CRITERIA.contains(&entry.key.as_str()) {
            let diagnostic = Diagnostic::error(
                "unknown-criterion",
                format!("`{}` is no criterion", clean(&entry.key)),
                entry.key_at.clone(),
            );
            d.push(match suggest(&entry.key, CRITERIA) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("criteria: {}", CRITERIA.join(", "))),
            });
            continue;
        }
        if let Some(weight) = entry.value.number_in(d, 0.0, 1e6, "a weight of 0 or more") {
            swing.push((entry.key.clone(), weight));
        }
    }
    Some(Weights::Swing(swing))
}

fn criterion(node: &Node, d: &Diagnostics) -> Option<String> {
    node.choice(d, &CRITERIA.map(|c| (c, c))).map(str::to_owned)
}

pub(super) fn stakeholders(node: &Node, d: &Diagnostics) -> Vec<(String, Weights)> {
    node.entries(d, "stakeholders with their weights")
        .iter()
        .filter_map(|e| Some((e.key.clone(), weights(&e.value, d)?)))
        .collect()
}

pub(super) fn absent(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Located<Arc<Kind>>> {
    let mut all: Vec<Located<Arc<Kind>>> = Vec::new();
    for item in node.items(d, "a list of kinds") {
        let Some(kind) = c.kind(item, d) else { continue };
        if let Some(first) = all.iter().find(|k| k.value.id == kind.id) {
            d.push(
                Diagnostic::warning("duplicate-id", format!("`{}` stands twice", kind.id), item.at.clone())
                    .related(first.at.clone(), "first given here"),
            );
            continue;
        }
        all.push(Located { value: kind, at: item.at.clone() });
    }
    all
}

pub(super) fn rivals(node: Option<&Node>, c: &Context<'_>, d: &Diagnostics) -> Rivals {
    let Some(node) = node else { return Rivals::Unknown };
    if matches!(node.raw(), Some("none" | "no")) {
        return Rivals::None;
    }
    let items = node.items(d, "a list of rivals, or `none`");
    let rivals = items.iter().filter_map(|item| {
        let fields = item.fields(d, "a rival", &["name", "checked", "channels"])?;
        let name = fields.require("name").and_then(|n| sentence(n, d));
        let channels = fields.require("channels").map(|n| {
            n.items(d, "kinds and groups").iter().filter_map(|n| c.use_of(&n.text(d)?, &n.at, d)).collect()
        });
        Some(Rival {
            name: name?,
            checked: fields.with("checked", |n, d| past(n, c, d)),
            channels: channels?,
            at: fields.head(),
        })
    });
    Rivals::Listed(rivals.collect())
}

/// A day that should not lie after the date of the assessment.
pub(super) fn past(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<jiff::civil::Date> {
    let date = date(node, d)?;
    if let Some(as_of) = c.as_of.filter(|as_of| *as_of < date) {
        d.push(
            Diagnostic::warning("date-in-future", format!("{date} lies after {as_of}"), node.at.clone())
                .help("correct the date, or `as_of`"),
        );
    }
    Some(date)
}

pub(super) fn lost_share(node: &Node, d: &Diagnostics) -> Option<Located<Interval>> {
    let fields = node.fields(d, "what closing a channel loses", &["lost_share"])?;
    let node = fields.require("lost_share")?;
    located(node, share_range(node, d).map(|(share, _)| share))
}

pub(super) fn episodes(node: &Node, d: &Diagnostics) -> Episodes {
    let Some(fields) = node.fields(d, "the episodes", &["key", "window"]) else {
        return Episodes::default();
    };
    let keys = [("customer", EpisodeKey::Customer), ("customer-and-reason", EpisodeKey::CustomerAndReason)];
    Episodes { key: fields.with("key", |n, d| n.choice(d, &keys)), window_days: fields.with("window", days) }
}

pub(super) fn judgements(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Judgement> {
    let mut all: Vec<Judgement> = Vec::new();
    for item in node.items(d, "a list of judgements") {
        let keys = ["channel", "indicator", "points", "by", "because"];
        let Some(fields) = item.fields(d, "a judgement", &keys) else { continue };
        let channel = fields.require("channel").and_then(|n| c.channel(n, d));
        let indicator = fields.require("indicator").and_then(|n| {
            let known: Vec<(&str, &str)> = c.indicators.iter().map(|i| (*i, *i)).collect();
            word(n, "indicator", &known, d)
        });
        let points = fields.require("points").and_then(|n| range(n, d, 0.0, 100.0, "points from 0 to 100"));
        let (by, because) = (fields.with("by", sentence), fields.with("because", sentence));
        let (Some(channel), Some(indicator), Some((points, given_as_interval))) =
            (channel, indicator, points)
        else {
            continue;
        };
        if let Some(first) = all.iter().find(|j| j.channel == channel && j.indicator == indicator) {
            d.push(
                Diagnostic::error("duplicate-judgement", "this was judged before", fields.head())
                    .related(first.at.clone(), "first judged here")
                    .help("keep one of them, or write a range: points: { low: 40, high: 60 }"),
            );
            continue;
        }
        all.push(Judgement { channel, indicator, points, given_as_interval, by, because, at: fields.head() });
    }
    all
}

/// One word of the criteria (an indicator, a finding).
fn word(node: &Node, what: &str, known: &[(&str, &str)], d: &Diagnostics) -> Option<String> {
    let text = node.text(d)?;
    if known.iter().any(|(k, _)| *k == text) {
        return Some(text);
    }
    let help = suggest(&text, known.iter().map(|(k, _)| *k)).map_or_else(
        || format!("`chanfolio explain` lists every {what}"),
        |near| format!("did you mean `{near}`?"),
    );
    error(d, node, "unknown-reference", format!("no {what} is called `{}`", clean(&text)), help);
    None
}

fn finding(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Located<String>> {
    let known: Vec<(&str, &str)> = c.findings.iter().map(|f| (*f, *f)).collect();
    located(node, word(node, "finding", &known, d))
}

const SEVERITIES: [(&str, &str); 3] = [("error", "error"), ("warning", "warning"), ("note", "note")];

pub(super) fn policy(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Policy {
    let Some(fields) = node.fields(d, "the policy", &["fail_on", "require", "allow"]) else {
        return Policy::default();
    };
    let mut require = Vec::new();
    if let Some(node) = fields.get("require") {
        for entry in node.entries(d, "finding codes with error, warning or off") {
            let code = Node {
                at: entry.key_at.clone(),
                kind: NodeKind::Scalar { text: entry.key.clone(), quoted: true },
            };
            let severity = entry
                .value
                .choice(d, &[("error", "error"), ("warning", "warning"), ("note", "note"), ("off", "off")]);
            if let (Some(code), Some(severity)) = (finding(&code, c, d), severity) {
                require.push((code, severity.to_owned()));
            }
        }
    }
    Policy {
        fail_on: fields.with("fail_on", |n, d| n.choice(d, &SEVERITIES)).map(str::to_owned),
        require,
        allow: fields
            .get("allow")
            .map(|n| n.items(d, "finding codes").iter().filter_map(|n| finding(n, c, d)).collect())
            .unwrap_or_default(),
    }
}

pub(super) fn waivers(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Waiver> {
    node.items(d, "a list of waivers")
        .iter()
        .filter_map(|item| {
            let fields = item.fields(d, "a waiver", &["code", "channel", "reason", "until"])?;
            let code = fields.require("code").and_then(|n| finding(n, c, d));
            let reason = fields.require("reason").and_then(|n| sentence(n, d));
            let channel = fields.with("channel", |n, d| c.channel(n, d));
            Some(Waiver {
                code: code?,
                channel,
                reason: reason?,
                until: fields.with("until", |n, d| located(n, date(n, d))),
            })
        })
        .collect()
}
