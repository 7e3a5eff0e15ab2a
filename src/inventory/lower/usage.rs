//! Usage entries: where the logs are and how to read them.

use super::context::Context;
use super::values::{error, sentence, texts};
use crate::inventory::{ColumnOf, Role, RowIs, TouchpointIx, UsageEntry};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Entry, Fields, Node, NodeKind, suggest};

/// The words of the roles.
pub(in crate::inventory) const ROLES: [(&str, Role); 29] = [
    ("time", Role::Time),
    ("channel", Role::Channel),
    ("customer", Role::Customer),
    ("reason", Role::Reason),
    ("touchpoint", Role::Touchpoint),
    ("segment", Role::Segment),
    ("direction", Role::Direction),
    ("conversation", Role::Conversation),
    ("continues", Role::Continues),
    ("contact_id", Role::ContactId),
    ("count", Role::Count),
    ("wait", Role::Wait),
    ("handle", Role::Handle),
    ("answered", Role::Answered),
    ("abandoned", Role::Abandoned),
    ("closed", Role::Closed),
    ("due", Role::Due),
    ("on_time", Role::OnTime),
    ("replied", Role::Replied),
    ("transferred_to", Role::TransferredTo),
    ("repeated", Role::Repeated),
    ("opened", Role::Opened),
    ("opted_out", Role::OptedOut),
    ("resolved", Role::Resolved),
    ("satisfaction", Role::Satisfaction),
    ("nps", Role::Nps),
    ("cost", Role::Cost),
    ("revenue", Role::Revenue),
    ("case", Role::Case),
];

const KEYS: [&str; 10] = [
    "path",
    "columns",
    "fixed",
    "time_format",
    "unknown",
    "touchpoint_values",
    "reason_values",
    "ignore",
    "one_row_is",
    "satisfaction_scale",
];

pub(super) fn usage(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<UsageEntry> {
    node.items(d, "a list of logs").iter().filter_map(|item| entry(item, c, d)).collect()
}

fn entry(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<UsageEntry> {
    let fields = item.fields(d, "a log", &KEYS)?;
    let path = fields.require("path").and_then(|n| {
        let value = sentence(n, d)?;
        Some(Located { value, at: n.at.clone() })
    });
    let mut columns: Vec<(Role, ColumnOf)> = Vec::new();
    let mut places: Vec<(Role, Place)> = Vec::new();
    for e in fields.get("columns").map_or(&[][..], |n| n.entries(d, "roles with their columns")) {
        if let (Some(role), Some(column)) = (role(e, d), column(&e.value, d)) {
            places.push((role, e.key_at.clone()));
            columns.push((role, column));
        }
    }
    let mut fixed: Vec<(Role, String)> = Vec::new();
    for e in fields.get("fixed").map_or(&[][..], |n| n.entries(d, "roles with one value for the whole file"))
    {
        let (Some(role), Some(value)) = (role(e, d), sentence(&e.value, d)) else { continue };
        if let Some((_, first)) = places.iter().find(|(r, _)| *r == role) {
            d.push(
                Diagnostic::error(
                    "role-twice",
                    format!("`{}` has a column and a fixed value", e.key),
                    e.key_at.clone(),
                )
                .related(first.clone(), "its column")
                .help("keep one of them"),
            );
        }
        fixed.push((role, value));
    }
    let row_is = fields
        .with("one_row_is", |n, d| n.choice(d, &[("contact", RowIs::Contact), ("step", RowIs::Step)]))
        .unwrap_or(RowIs::Contact);
    if row_is == RowIs::Step && !columns.iter().any(|(r, _)| *r == Role::Case) {
        let at = fields.entry("one_row_is").map_or_else(|| fields.head(), |e| e.key_at.clone());
        d.push(
            Diagnostic::error("case-missing", "a log of steps needs the column of the case", at)
                .help("add `case: …` under `columns`"),
        );
    }
    Some(UsageEntry {
        path: path?,
        columns,
        fixed,
        time_format: fields.with("time_format", time_format),
        unknown: values_by_column(&fields, "unknown", d),
        touchpoint_values: touchpoint_values(&fields, c, d),
        reason_values: reason_values(&fields, d),
        ignore: values_by_column(&fields, "ignore", d),
        row_is,
        satisfaction_scale: fields.with("satisfaction_scale", scale),
        at: fields.head(),
    })
}

fn role(entry: &Entry, d: &Diagnostics) -> Option<Role> {
    if let Some((_, role)) = ROLES.iter().find(|(word, _)| *word == entry.key) {
        return Some(*role);
    }
    let diagnostic = Diagnostic::error(
        "unknown-role",
        format!("`{}` is no role of a column", clean(&entry.key)),
        entry.key_at.clone(),
    );
    d.push(match suggest(&entry.key, ROLES.iter().map(|(word, _)| *word)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => {
            let words: Vec<&str> = ROLES.iter().map(|(word, _)| *word).collect();
            diagnostic.help(format!("roles: {}", words.join(", ")))
        }
    });
    None
}

/// A column, several columns joined by a space, or a column with the values that mean yes and no.
fn column(node: &Node, d: &Diagnostics) -> Option<ColumnOf> {
    let name = |n: &Node| Some(Located { value: sentence(n, d)?, at: n.at.clone() });
    match &node.kind {
        NodeKind::Map(_) => {
            let fields = node.fields(d, "a column", &["column", "yes", "no"])?;
            let column = fields.require("column").and_then(name);
            let words = |key: &str| fields.get(key).map(|n| texts(n, d)).unwrap_or_default();
            Some(ColumnOf { columns: vec![column?], yes: words("yes"), no: words("no") })
        }
        NodeKind::List(items) => {
            let columns: Vec<_> = items.iter().filter_map(name).collect();
            if columns.is_empty() {
                error(d, node, "empty-list", "no column is named", "name one, or leave the role out");
                return None;
            }
            Some(ColumnOf { columns, yes: Vec::new(), no: Vec::new() })
        }
        _ => Some(ColumnOf { columns: vec![name(node)?], yes: Vec::new(), no: Vec::new() }),
    }
}

/// A strftime form, tried on a moment of which every field is known.
fn time_format(node: &Node, d: &Diagnostics) -> Option<Located<String>> {
    let text = sentence(node, d)?;
    let moment = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let written = jiff::fmt::strtime::format(&text, &moment);
    let read = written.as_ref().ok().and_then(|w| jiff::fmt::strtime::parse(&text, w).ok());
    if read.is_none() || !text.contains('%') {
        let why = match written {
            Err(error) => format!(": {}", clean(&error.to_string())),
            Ok(_) => String::new(),
        };
        error(
            d,
            node,
            "bad-time-format",
            format!("`{}` is no form of a time{why}", clean(&text)),
            "write, for example, \"%d/%m/%Y %H:%M\"",
        );
        return None;
    }
    Some(Located { value: text, at: node.at.clone() })
}

/// Values by column name.
fn values_by_column(fields: &Fields<'_>, key: &str, d: &Diagnostics) -> Vec<(String, Vec<String>)> {
    let Some(node) = fields.get(key) else { return Vec::new() };
    node.entries(d, "columns with a list of values")
        .iter()
        .map(|e| (e.key.clone(), texts(&e.value, d)))
        .collect()
}

fn touchpoint_values(fields: &Fields<'_>, c: &Context<'_>, d: &Diagnostics) -> Vec<(String, TouchpointIx)> {
    let Some(node) = fields.get("touchpoint_values") else { return Vec::new() };
    node.entries(d, "values with the touchpoint they mean")
        .iter()
        .filter_map(|e| Some((e.key.clone(), c.touchpoint(&e.value, d)?)))
        .collect()
}

fn reason_values(fields: &Fields<'_>, d: &Diagnostics) -> Vec<(String, String)> {
    let Some(node) = fields.get("reason_values") else { return Vec::new() };
    node.entries(d, "values with the reason they mean")
        .iter()
        .filter_map(|e| Some((e.key.clone(), sentence(&e.value, d)?)))
        .collect()
}

/// `1..5`
fn scale(node: &Node, d: &Diagnostics) -> Option<(f64, f64)> {
    let text = node.text(d)?;
    let ends = text.split_once("..").and_then(|(low, high)| {
        let (low, high) = (low.trim().parse::<f64>().ok()?, high.trim().parse::<f64>().ok()?);
        (low.is_finite() && high.is_finite() && low < high).then_some((low, high))
    });
    if ends.is_none() {
        error(d, node, "bad-scale", format!("`{}` is no scale", clean(&text)), "write 1..5");
    }
    ends
}
