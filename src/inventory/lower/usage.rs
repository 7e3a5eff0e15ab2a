//! Usage entries: where the logs are and which column means what. Opens no log.

use std::collections::HashMap;

use jiff::fmt::strtime::BrokenDownTime;

use super::Lower;
use super::cross::label;
use super::refs::unknown;
use super::values::{one_or_more, words};
use crate::inventory::{Channel, ColumnOf, Role, RowIs, TouchpointIx, UsageEntry};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Located;
use crate::text::tree::{Diagnostics, Entry, Fields, Node, NodeKind};

/// Words for roles.
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

/// Every key of a usage entry.
pub(in crate::inventory) const KEYS: [&str; 10] = [
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

impl Lower<'_> {
    pub(super) fn usage(&self, node: &Node, channels: &[Option<Channel>]) -> Vec<UsageEntry> {
        node.items(self.d, "a list of usage entries, such as [{ path: log.csv }]")
            .iter()
            .filter_map(|item| self.usage_entry(item, channels))
            .collect()
    }

    fn usage_entry(&self, node: &Node, channels: &[Option<Channel>]) -> Option<UsageEntry> {
        let d = self.d;
        let f = node.fields(d, "a usage entry", &KEYS)?;
        let path =
            f.require("path").and_then(|n| words(n, d).map(|text| Located { value: text, at: n.at.clone() }));
        let columns = f.get("columns").map(|n| columns(n, d)).unwrap_or_default();
        let fixed = f.get("fixed").map(|n| self.fixed(n, &f, channels)).unwrap_or_default();
        let time_format = f.with("time_format", time_format);
        let unknown = f.get("unknown").map(|n| values_by_column(n, d)).unwrap_or_default();
        let touchpoint_values =
            f.get("touchpoint_values").map(|n| self.touchpoint_values(n)).unwrap_or_default();
        let reason_values = f.get("reason_values").map(|n| reason_values(n, d)).unwrap_or_default();
        let ignore = f.get("ignore").map(|n| values_by_column(n, d)).unwrap_or_default();
        let row_is = f
            .get("one_row_is")
            .and_then(|n| {
                let row_is = n.choice(d, &[("contact", RowIs::Contact), ("step", RowIs::Step)])?;
                let case = |(role, _): &(Role, ColumnOf)| *role == Role::Case;
                if row_is == RowIs::Step && !columns.iter().any(case) {
                    d.push(
                        Diagnostic::error(
                            "step-without-case",
                            "rows that are steps need their case",
                            n.at.clone(),
                        )
                        .help("add the column that names the case: columns: { case: … }"),
                    );
                }
                Some(row_is)
            })
            .unwrap_or(RowIs::Contact);
        let satisfaction_scale = f.with("satisfaction_scale", scale);
        Some(UsageEntry {
            path: path?,
            columns,
            fixed,
            time_format,
            unknown,
            touchpoint_values,
            reason_values,
            ignore,
            row_is,
            satisfaction_scale,
            at: f.head(),
        })
    }

    fn fixed(&self, node: &Node, f: &Fields<'_>, channels: &[Option<Channel>]) -> Vec<(Role, String)> {
        let d = self.d;
        let in_columns: &[Entry] = match f.get("columns").map(|n| &n.kind) {
            Some(NodeKind::Map(entries)) => entries,
            _ => &[],
        };
        let mut fixed = Vec::new();
        for entry in node.entries(d, "values by role, such as { channel: phone }") {
            let Some(role) = role(entry, d) else { continue };
            if let Some(column) = in_columns.iter().find(|c| c.key == entry.key) {
                d.push(
                    Diagnostic::error(
                        "role-given-twice",
                        format!("`{}` has both a column and a fixed value", clean(&entry.key)),
                        entry.key_at.clone(),
                    )
                    .related(column.key_at.clone(), "the column")
                    .help("keep one of them"),
                );
            }
            let Some(value) = words(&entry.value, d) else { continue };
            let named = match role {
                Role::Channel => {
                    channels.iter().flatten().any(|c| {
                        label(&c.id) == label(&value) || c.aliases.iter().any(|a| label(a) == label(&value))
                    }) || channels.iter().any(Option::is_none)
                }
                Role::Touchpoint => self.touchpoints.position(&value).is_some(),
                _ => true,
            };
            if !named {
                let mut diagnostic = unknown(
                    if role == Role::Channel { "channel" } else { "touchpoint" },
                    &value,
                    &entry.value.at,
                    if role == Role::Channel {
                        self.channels.words().collect()
                    } else {
                        self.touchpoints.words().collect::<Vec<_>>()
                    },
                );
                diagnostic.severity = crate::text::diagnostic::Severity::Warning;
                d.push(diagnostic);
            }
            fixed.push((role, value));
        }
        fixed
    }

    fn touchpoint_values(&self, node: &Node) -> Vec<(String, TouchpointIx)> {
        node.entries(self.d, "touchpoints by value, such as { bolletta: billing }")
            .iter()
            .filter_map(|entry| Some((entry.key.clone(), self.touchpoint(&entry.value)?)))
            .collect()
    }
}

fn role(entry: &Entry, d: &Diagnostics) -> Option<Role> {
    let found = ROLES.iter().find(|(word, _)| *word == entry.key).map(|(_, role)| *role);
    if found.is_none() {
        d.push(unknown("role", &entry.key, &entry.key_at, ROLES.iter().map(|(word, _)| *word)));
    }
    found
}

fn columns(node: &Node, d: &Diagnostics) -> Vec<(Role, ColumnOf)> {
    node.entries(d, "columns by role, such as { time: date, channel: source }")
        .iter()
        .filter_map(|entry| {
            let role = role(entry, d);
            let column = column(&entry.value, role, d);
            Some((role?, column?))
        })
        .collect()
}

/// A column, several joined by a space, or `{ column, yes, no }`.
fn column(node: &Node, role: Option<Role>, d: &Diagnostics) -> Option<ColumnOf> {
    let names = |node: &Node| -> Option<Vec<Located<String>>> {
        let names = one_or_more(node, d, "a column, a list of columns, or { column, yes, no }");
        if names.is_empty() && matches!(node.kind, NodeKind::List(_)) {
            d.push(Diagnostic::error("empty-text", "this list names no column", node.at.clone()));
        }
        for name in names.iter().filter(|name| name.value.trim().is_empty()) {
            d.push(Diagnostic::error("empty-text", "this column has no name", name.at.clone()));
        }
        (!names.is_empty()).then_some(names)
    };
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some(ColumnOf { columns: names(node)?, yes: Vec::new(), no: Vec::new() });
    }
    let f = node.fields(d, "a column", &["column", "yes", "no"])?;
    let columns = f.require("column").and_then(names);
    let said = |key: &str| f.get(key).map(|n| one_or_more(n, d, "a list of values")).unwrap_or_default();
    let (yes, no) = (said("yes"), said("no"));
    let means_yes: HashMap<String, &Located<String>> = yes.iter().map(|y| (label(&y.value), y)).collect();
    for value in &no {
        if let Some(other) = means_yes.get(&label(&value.value)) {
            d.push(
                Diagnostic::error(
                    "yes-and-no",
                    format!("`{}` means both yes and no", clean(&value.value)),
                    value.at.clone(),
                )
                .related(other.at.clone(), "means yes here")
                .help("keep one of them; case makes no difference"),
            );
        }
    }
    if let Some(value) = yes.first().or(no.first())
        && role.is_some_and(|role| !reads_yes_and_no(role))
    {
        d.push(
            Diagnostic::warning(
                "yes-and-no-unread",
                "this role is no question of yes or no",
                value.at.clone(),
            )
            .help("name the column alone"),
        );
    }
    let plain = |values: Vec<Located<String>>| values.into_iter().map(|v| v.value).collect();
    Some(ColumnOf { columns: columns?, yes: plain(yes), no: plain(no) })
}

/// Whether a role's values are yes or no (a direction: from the customer or not).
fn reads_yes_and_no(role: Role) -> bool {
    matches!(
        role,
        Role::Direction
            | Role::Answered
            | Role::Abandoned
            | Role::OnTime
            | Role::Repeated
            | Role::Opened
            | Role::OptedOut
            | Role::Resolved
            | Role::Satisfaction
    )
}

fn values_by_column(node: &Node, d: &Diagnostics) -> Vec<(String, Vec<String>)> {
    node.entries(d, "values by column, such as { client: [\"0\", \"?\"] }")
        .iter()
        .map(|entry| {
            let values = one_or_more(&entry.value, d, "a list of values");
            (entry.key.clone(), values.into_iter().map(|v| v.value).collect())
        })
        .collect()
}

fn reason_values(node: &Node, d: &Diagnostics) -> Vec<(String, String)> {
    node.entries(d, "reasons by value, such as { Fattura: invoice }")
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), words(&entry.value, d)?)))
        .collect()
}

/// A form of times, tried on a time: what is written with it must be readable with it and hold a day.
fn time_format(node: &Node, d: &Diagnostics) -> Option<Located<String>> {
    let form = words(node, d)?;
    let why = match try_format(&form) {
        Ok(()) => return Some(Located { value: form, at: node.at.clone() }),
        Err(why) => why,
    };
    d.push(
        Diagnostic::error(
            "bad-time-format",
            format!("times cannot be read with `{}`: {}", clean(&form), clean(&why)),
            node.at.clone(),
        )
        .help("for example \"%d/%m/%Y %H:%M\"; %Y year, %m month, %d day, %H hour, %M minute, %S second"),
    );
    None
}

fn try_format(form: &str) -> Result<(), String> {
    if !form.contains('%') {
        return Err("it names no part of a date".to_owned());
    }
    let moment = jiff::civil::date(2026, 11, 23).at(14, 5, 9, 0);
    let sample = moment.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string())?;
    let written = jiff::fmt::strtime::format(form, &sample).map_err(|error| error.to_string())?;
    let read = BrokenDownTime::parse(form, &written).map_err(|error| error.to_string())?;
    let dated = read.to_date().is_ok() || read.to_timestamp().is_ok();
    if dated { Ok(()) } else { Err("year, month and day are not all there".to_owned()) }
}

/// `1..5`.
fn scale(node: &Node, d: &Diagnostics) -> Option<(f64, f64)> {
    let text = node.text(d)?;
    let ends = text.split_once("..").and_then(|(low, high)| {
        let end = |text: &str| text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
        Some((end(low)?, end(high)?))
    });
    match ends {
        Some((low, high)) if low < high => Some((low, high)),
        _ => {
            d.push(
                Diagnostic::error("bad-scale", format!("`{}` is no scale", clean(&text)), node.at.clone())
                    .help("write the lowest and the highest value: 1..5"),
            );
            None
        }
    }
}
