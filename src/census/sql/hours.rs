//! Opening hours that promises count, as literals: a usual week, and the days that differ from it.

use std::collections::BTreeMap;

use super::{Cte, select};
use crate::census::promise::{self, ClockKind, target};
use crate::inventory::{Hours, Inventory};
use crate::usage::date_of;

/// Open spells of a day, milliseconds since midnight.
type Spells = Vec<(i64, i64)>;

/// One set of opening hours.
struct Opening {
    written: String,
    week: Vec<Spells>,
    closed: Vec<i64>,
    others: Vec<(i64, Spells)>,
}

/// Every set of opening hours that a promise counts, by number from 1.
pub(super) struct OpeningHours {
    sets: Vec<Opening>,
    of: BTreeMap<String, usize>,
    first: i64,
    days: i64,
    spells: usize,
}

impl OpeningHours {
    /// The hours of an inventory between two days since 1970.
    pub(super) fn new(inventory: &Inventory, first: i64, last: i64) -> Self {
        let mut out = Self { sets: Vec::new(), of: BTreeMap::new(), first, days: last - first, spells: 1 };
        for channel in &inventory.channels {
            if target(channel).is_none_or(|t| t.clock != ClockKind::Open) {
                continue;
            }
            let Some(hours) = inventory.hours_of(channel) else { continue };
            let known = out.sets.iter().position(|s| s.written == hours.value.text);
            let at = known.unwrap_or_else(|| {
                out.sets.push(opening(&hours.value, first, last));
                out.sets.len() - 1
            });
            out.of.insert(channel.id.clone(), at + 1);
        }
        let most = |spells: &Spells| spells.len();
        out.spells = out
            .sets
            .iter()
            .flat_map(|s| s.week.iter().map(most).chain(s.others.iter().map(|(_, spells)| spells.len())))
            .max()
            .unwrap_or(1)
            .max(1);
        out
    }

    /// No promise counts open hours.
    pub(super) fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// The number of a channel's hours; 0 where its promise counts every hour.
    pub(super) fn number(&self, channel: &str) -> usize {
        self.of.get(channel).copied().unwrap_or(0)
    }

    /// Open time passed at a time of day, beside the row `o_{word}` of `open_time`.
    pub(super) fn position(&self, word: &str, ms: &str) -> String {
        let mut out = format!("o_{word}.open_before");
        for n in 1..=self.spells {
            let (opens, length) = (format!("o_{word}.opens_{n}"), format!("o_{word}.length_{n}"));
            out.push_str(&format!(
                "\n            + CASE WHEN {ms} <= {opens} THEN 0 WHEN {ms} - {opens} >= {length} THEN {length} ELSE {ms} - {opens} END"
            ));
        }
        out
    }

    /// The tables `open_week`, `open_exceptions` (where there are any), `open_days`, `open_time`.
    pub(super) fn tables(&self, numbers: String) -> Vec<Cte> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut week = Vec::new();
        let mut others = Vec::new();
        let mut closed = Vec::new();
        for (at, set) in self.sets.iter().enumerate() {
            let n = at + 1;
            for (weekday, spells) in set.week.iter().enumerate() {
                let names = at == 0 && weekday == 0;
                week.push(self.row(names, &format!("{n}"), &weekday.to_string(), "weekday", spells));
            }
            for (day, spells) in &set.others {
                let names = others.is_empty();
                others.push(self.row(names, &format!("{n}"), &day.to_string(), "day", spells));
            }
            if !set.closed.is_empty() {
                let days: Vec<String> = set.closed.iter().map(i64::to_string).collect();
                let lines: Vec<String> = days.chunks(14).map(|c| c.join(", ")).collect();
                closed.push(format!(
                    "(w.hours = {n} AND d.n + {} IN ({}))",
                    self.first,
                    lines.join(",\n            ")
                ));
            }
        }
        let written: Vec<String> = self
            .sets
            .iter()
            .enumerate()
            .map(|(i, s)| format!("{}: {}", i + 1, crate::text::clean(&s.written)))
            .collect();
        let mut out = vec![
            Cte::new("days", "Every day that a promise may count.", numbers),
            Cte::new(
                "open_week",
                &format!("The usual week, Monday is 0; milliseconds since midnight.\n{}", written.join("\n")),
                week.join("\nUNION ALL "),
            ),
        ];
        let mut columns: Vec<(String, String)> =
            vec![("w.hours".into(), "hours".into()), (format!("d.n + {}", self.first), "day".into())];
        let is_closed = (!closed.is_empty()).then(|| closed.join("\n            OR "));
        let mut from =
            format!("days AS d\nJOIN open_week AS w ON w.weekday = MOD(d.n + {}, 7)", self.first + 3);
        if !others.is_empty() {
            out.push(Cte::new(
                "open_exceptions",
                "Days with hours of their own.",
                others.join("\nUNION ALL "),
            ));
            from.push_str(&format!(
                "\nLEFT JOIN open_exceptions AS x ON x.hours = w.hours AND x.day = d.n + {}",
                self.first
            ));
        }
        columns.push((
            is_closed.map_or_else(|| "0".into(), |c| format!("CASE WHEN {c} THEN 1 ELSE 0 END")),
            "is_closed".into(),
        ));
        for n in 1..=self.spells {
            for column in ["opens", "length"] {
                let value = if others.is_empty() {
                    format!("w.{column}_{n}")
                } else {
                    format!("COALESCE(x.{column}_{n}, w.{column}_{n})")
                };
                columns.push((value, format!("{column}_{n}")));
            }
        }
        out.push(Cte::new(
            "open_days",
            "The hours of each day; days since 1970. Closed days (public holidays) are listed.",
            select(&columns, &from),
        ));
        let lengths: Vec<String> = (1..=self.spells)
            .map(|n| format!("CASE WHEN o.is_closed = 1 THEN 0 ELSE o.length_{n} END"))
            .collect();
        let total = lengths.join(" + ");
        let mut columns: Vec<(String, String)> =
            vec![("o.hours".into(), "open_hours".into()), ("o.day".into(), "open_day".into())];
        for (n, length) in (1..=self.spells).zip(&lengths) {
            columns.push((format!("o.opens_{n}"), format!("opens_{n}")));
            columns.push((length.clone(), format!("length_{n}")));
        }
        columns.push((
            format!("@big(SUM({total}) OVER (PARTITION BY o.hours ORDER BY o.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) - ({total})"),
            "open_before".into(),
        ));
        out.push(Cte::new(
            "open_time",
            "Open time passed before each day, milliseconds: open time between two moments is a difference.",
            select(&columns, "open_days AS o"),
        ));
        out
    }

    fn row(&self, names: bool, hours: &str, day: &str, word: &str, spells: &Spells) -> String {
        let name = |n: &str| if names { format!(" AS {n}") } else { String::new() };
        let mut row = format!("SELECT {hours}{}, {day}{}", name("hours"), name(word));
        for n in 1..=self.spells {
            let (opens, closes) = spells.get(n - 1).copied().unwrap_or((0, 0));
            row.push_str(&format!(
                ", {opens}{}, {}{}",
                name(&format!("opens_{n}")),
                closes - opens,
                name(&format!("length_{n}"))
            ));
        }
        row
    }

    /// How many days there are after the first.
    pub(super) fn last_number(&self) -> i64 {
        self.days
    }
}

fn opening(hours: &Hours, first: i64, last: i64) -> Opening {
    let mut common: Vec<BTreeMap<Spells, usize>> = vec![BTreeMap::new(); 7];
    let mut days = Vec::new();
    for day in first..=last {
        let spells = spells(hours, day);
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        if let Some(seen) = common.get_mut(weekday) {
            *seen.entry(spells.clone()).or_default() += 1;
        }
        days.push((day, weekday, spells));
    }
    let week: Vec<Spells> = common
        .into_iter()
        .map(|seen| seen.into_iter().max_by_key(|(_, n)| *n).map(|(spells, _)| spells).unwrap_or_default())
        .collect();
    let mut out = Opening { written: hours.text.clone(), week, closed: Vec::new(), others: Vec::new() };
    for (day, weekday, spells) in days {
        if out.week.get(weekday) == Some(&spells) {
            continue;
        }
        if spells.is_empty() {
            out.closed.push(day);
        } else {
            out.others.push((day, spells));
        }
    }
    out
}

/// Open spells of a day, as the census has them.
fn spells(hours: &Hours, day: i64) -> Spells {
    date_of(day).map_or_else(Vec::new, |date| promise::spells(hours, date).to_vec())
}
