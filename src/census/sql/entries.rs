//! From text columns to typed ones, one usage entry at a time: blanks, times, flags, durations, amounts.
//! The SQL twin of the reader of logs; knows one row at a time and nothing of channels' rules.

use anyhow::bail;

use super::dialect::{name, text};
use super::{Cte, Plan, select};
use crate::inventory::{ColumnOf, Role, UsageEntry};
use crate::text::clean;
use crate::usage::{top_two_from, unit_of, words};

/// Roles that are times, with their names in the query.
pub(super) const TIMES: [(Role, &str); 4] =
    [(Role::Time, "time"), (Role::Replied, "replied"), (Role::Closed, "closed"), (Role::Due, "due")];

/// Roles that are text.
pub(super) const TEXTS: [(Role, &str); 10] = [
    (Role::Channel, "channel"),
    (Role::Customer, "customer"),
    (Role::Reason, "reason"),
    (Role::Touchpoint, "touchpoint"),
    (Role::Segment, "segment"),
    (Role::Conversation, "conversation"),
    (Role::ContactId, "contact_id"),
    (Role::Case, "case_id"),
    (Role::TransferredTo, "transferred_to"),
    (Role::Direction, "direction"),
];

/// Roles that are yes or no.
pub(super) const FLAGS: [(Role, &str); 7] = [
    (Role::Answered, "answered"),
    (Role::Abandoned, "abandoned"),
    (Role::Resolved, "resolved"),
    (Role::OnTime, "on_time"),
    (Role::Repeated, "repeated"),
    (Role::Opened, "opened"),
    (Role::OptedOut, "opted_out"),
];

/// Roles that are numbers.
pub(super) const NUMBERS: [(Role, &str); 7] = [
    (Role::Wait, "wait_ms"),
    (Role::Handle, "handle_ms"),
    (Role::Satisfaction, "satisfied"),
    (Role::Nps, "nps"),
    (Role::Cost, "cost_minor"),
    (Role::Revenue, "revenue_minor"),
    (Role::Count, "row_count"),
];

/// How the times of an entry are written: a regular expression, and which of its groups is what.
struct Form {
    regex: String,
    /// Groups of year, month, day, hour, minute, second, fraction, offset; 0: none. No engine gives more than
    /// nine groups; with a fraction, second and fraction begin with their separator.
    groups: [usize; 8],
    short_year: bool,
}

/// Names of the parts of a time, in the order of [`Form::groups`].
const PARTS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

impl Form {
    /// ISO 8601 and its everyday variants.
    fn iso() -> Self {
        Self {
            regex: "^([0-9]{4})[-/. ,]{1,2}([0-9]{1,2})[-/. ,]{1,2}([0-9]{1,2})([Tt ,]+([0-9]{1,2})[:.]([0-9]{2})([:.][0-9]{2}([.,][0-9]+)?)?[ ]*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?$"
                .to_owned(),
            groups: [1, 2, 3, 5, 6, 7, 8, 9],
            short_year: false,
        }
    }

    /// A strftime pattern.
    fn pattern(entry: &UsageEntry, pattern: &str) -> anyhow::Result<Self> {
        let whole = pattern.replace("%T", "%H:%M:%S").replace("%R", "%H:%M").replace("%F", "%Y-%m-%d");
        let mut form = Self { regex: "^".to_owned(), groups: [0; 8], short_year: false };
        let mut group = 0;
        let mut chars = whole.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                if c.is_whitespace() {
                    form.regex.push_str("[ ]*");
                } else if c.is_ascii_alphanumeric() {
                    form.regex.push(c);
                } else {
                    // A class of one character needs no escape but for these two.
                    form.regex.push_str(&if matches!(c, '^' | '\\') {
                        format!("\\{c}")
                    } else {
                        format!("[{c}]")
                    });
                }
                continue;
            }
            let directive = chars.next();
            let (part, digits) = match directive {
                Some('Y') => (0, "([0-9]{4})"),
                Some('y') => (0, "([0-9]{2})"),
                Some('m') => (1, "([0-9]{1,2})"),
                Some('d' | 'e') => (2, "([0-9]{1,2})"),
                Some('H' | 'k') => (3, "([0-9]{1,2})"),
                Some('M') => (4, "([0-9]{1,2})"),
                Some('S') => (5, "([0-9]{1,2})"),
                Some('%') => {
                    form.regex.push('%');
                    continue;
                }
                _ => bail!(
                    "{}: `time_format` \"{}\" holds %{}, which a query cannot read; the query knows %Y %y %m %d %H %M %S %F %T %R: \
                     write the times so in the export, or leave `time_format` out and write ISO 8601",
                    entry.at,
                    clean(pattern),
                    directive.map_or_else(String::new, |c| clean(&c.to_string()))
                ),
            };
            group += 1;
            form.groups[part] = group;
            form.short_year |= directive == Some('y');
            form.regex.push_str(digits);
        }
        form.regex.push('$');
        if form.groups[..3].contains(&0) {
            bail!("{}: `time_format` \"{}\" has no whole date", entry.at, clean(pattern));
        }
        Ok(form)
    }
}

/// The tables of one entry: `text_n`, `numbers_n`, `entry_n`.
pub(super) fn tables(plan: &Plan<'_>, index: usize, table: &str) -> anyhow::Result<Vec<Cte>> {
    let Some(entry) = plan.inventory.usage.get(index) else { return Ok(Vec::new()) };
    let n = index + 1;
    let form = match &entry.time_format {
        Some(pattern) => Form::pattern(entry, &pattern.value)?,
        None => Form::iso(),
    };
    let regex = text(&form.regex);

    let mut columns: Vec<(String, String)> = Vec::new();
    let mut numbers: Vec<(String, String)> = Vec::new();
    let mut typed: Vec<(String, String)> = vec![(index.to_string(), "entry".to_owned())];
    let (column, value) = ignored(entry);
    columns.push((column, "ignored_column".to_owned()));
    columns.push((value, "ignored_value".to_owned()));
    typed.push(("n.ignored_column".to_owned(), "ignored_column".to_owned()));
    typed.push(("n.ignored_value".to_owned(), "ignored_value".to_owned()));

    for (role, word) in TIMES.iter().filter(|(role, _)| plan.has(*role)) {
        let Some(source) = source(entry, *role) else {
            typed.extend(missing_time(word));
            continue;
        };
        columns.push((format!("@split({source}, {regex})"), format!("{word}_parts")));
        if *role == Role::Time {
            columns.push((source, "time_text".to_owned()));
            typed.push(("n.time_text".to_owned(), "time_text".to_owned()));
        }
        numbers.extend(time_parts(&form, word, &regex));
        typed.extend(typed_time(&form, word));
    }
    for (role, word) in TEXTS.iter().filter(|(role, _)| plan.has(*role)) {
        let Some(source) = source(entry, *role) else {
            let nothing = if *role == Role::Direction { "0" } else { "''" };
            typed.push((nothing.to_owned(), (*word).to_owned()));
            continue;
        };
        columns.push((source, (*word).to_owned()));
        typed.push((text_value(plan, entry, *role, &format!("n.{word}")), (*word).to_owned()));
    }
    let counted = source(entry, Role::Count).is_some();
    for (role, word) in FLAGS.iter().filter(|(role, _)| plan.has(*role)) {
        let source = source(entry, *role);
        let is_count = counted && matches!(role, Role::Answered | Role::Abandoned | Role::Resolved);
        match &source {
            Some(source) => {
                columns.push((source.clone(), format!("{word}_text")));
                let value = if is_count {
                    "@none()".to_owned()
                } else {
                    flag(entry, *role, &format!("n.{word}_text"))
                };
                typed.push((value, (*word).to_owned()));
            }
            None => typed.push(("@none()".to_owned(), (*word).to_owned())),
        }
        if plan.has(Role::Count) && matches!(role, Role::Answered | Role::Abandoned | Role::Resolved) {
            let value = if is_count && source.is_some() {
                count(&format!("n.{word}_text"))
            } else {
                "@none()".to_owned()
            };
            typed.push((value, format!("{word}_count")));
        }
    }
    for (role, word) in NUMBERS.iter().filter(|(role, _)| plan.has(*role)) {
        match source(entry, *role) {
            Some(source) => {
                columns.push((source, format!("{word}_text")));
                typed.push((number(entry, *role, &format!("n.{word}_text")), (*word).to_owned()));
            }
            None => typed.push(("@none()".to_owned(), (*word).to_owned())),
        }
    }
    if plan.has(Role::Count) {
        typed.push((i64::from(counted).to_string(), "has_count".to_owned()));
    }
    numbers.insert(0, ("t.*".to_owned(), String::new()));
    Ok(vec![
        Cte::new(
            &format!("text_{n}"),
            &format!(
                "Entry {n} ({}): trimmed texts, '' where nothing was recorded.",
                clean(&entry.path.value)
            ),
            select(&columns, table),
        ),
        Cte::new(
            &format!("numbers_{n}"),
            "The parts of its times.",
            select(&numbers, &format!("text_{n} AS t")),
        ),
        Cte::new(&format!("entry_{n}"), "Its typed values.", select(&typed, &format!("numbers_{n} AS n"))),
    ])
}

/// The column names of an entry, in the order in which [`tables`] gives them.
pub(super) fn column_of(entry: &UsageEntry, role: Role) -> Option<&ColumnOf> {
    entry.columns.iter().find(|(r, _)| *r == role).map(|(_, of)| of)
}

/// The cleaned text of a role: trimmed, blank where the log says that there is nothing.
fn source(entry: &UsageEntry, role: Role) -> Option<String> {
    if let Some(of) = column_of(entry, role) {
        let parts: Vec<String> = of.columns.iter().map(|c| cleaned(entry, &c.value)).collect();
        return Some(match parts.as_slice() {
            [one] => one.clone(),
            several => format!("@trim({})", several.join(" || ' ' || ")),
        });
    }
    entry.fixed.iter().find(|(r, _)| *r == role).map(|(_, value)| text(value.trim()))
}

fn cleaned(entry: &UsageEntry, column: &str) -> String {
    let mut nothing: Vec<String> = words::BLANK.iter().map(|w| (*w).to_owned()).collect();
    for (_, values) in entry.unknown.iter().filter(|(named, _)| same_column(named, column)) {
        nothing.extend(values.iter().map(|v| v.trim().to_lowercase()));
    }
    let column = name(column);
    format!("CASE WHEN @lower(@trim({column})) IN ({}) THEN '' ELSE @trim({column}) END", list(&nothing))
}

fn same_column(a: &str, b: &str) -> bool {
    let loose = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    a.trim() == b || loose(a) == loose(b)
}

fn list<T: AsRef<str>>(words: &[T]) -> String {
    words.iter().map(|w| text(w.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Lower-case values, as they are compared.
fn lowered(values: &[String]) -> Vec<String> {
    values.iter().map(|v| v.trim().to_lowercase()).collect()
}

fn ignored(entry: &UsageEntry) -> (String, String) {
    let (mut column, mut value) = ("CASE".to_owned(), "CASE".to_owned());
    let mut any = false;
    for (named, values) in &entry.ignore {
        for ignored in values {
            any = true;
            let test =
                format!(" WHEN @lower(@trim({})) = {}", name(named), text(&ignored.trim().to_lowercase()));
            column.push_str(&format!("{test} THEN {}", text(named)));
            value.push_str(&format!("{test} THEN {}", text(ignored)));
        }
    }
    if !any {
        return ("''".to_owned(), "''".to_owned());
    }
    column.push_str(" ELSE '' END");
    value.push_str(" ELSE '' END");
    (column, value)
}

fn missing_time(word: &str) -> Vec<(String, String)> {
    ["local", "timed", "offset"].iter().map(|p| ("@none()".to_owned(), format!("{word}_{p}"))).collect()
}

fn time_parts(form: &Form, word: &str, regex: &str) -> Vec<(String, String)> {
    let part = |group: usize| format!("@part(t.{word}_parts, {regex}, {group})");
    let mut parts: Vec<(String, String)> = PARTS
        .iter()
        .zip(form.groups)
        .filter(|(_, group)| *group > 0)
        .map(|(name, group)| {
            let value = part(group);
            let digits = if *name == "second" && form.groups[6] > 0 {
                format!("SUBSTR({value}, 2, 2)")
            } else {
                value
            };
            (format!("@int({digits})"), format!("{word}_{name}"))
        })
        .collect();
    if form.groups[6] > 0 {
        let value = part(form.groups[6]);
        parts.push((format!("@int(SUBSTR(SUBSTR({value}, 2) || '000', 1, 3))"), format!("{word}_fraction")));
    }
    if form.groups[7] > 0 {
        let offset = part(form.groups[7]);
        let minutes = format!(
            "CASE WHEN LENGTH({offset}) >= 5 THEN @int(SUBSTR({offset}, LENGTH({offset}) - 1, 2)) END"
        );
        parts.push((offset.clone(), format!("{word}_zone")));
        parts.push((format!("@int(SUBSTR({offset}, 2, 2))"), format!("{word}_zone_hour")));
        parts.push((minutes, format!("{word}_zone_minute")));
    }
    parts
}

fn typed_time(form: &Form, word: &str) -> Vec<(String, String)> {
    let part = |name: &str| format!("n.{word}_{name}");
    let (month, day) = (part("month"), part("day"));
    let year = if form.short_year {
        // Two digits are read as POSIX does: 69 to 99 are of the twentieth century.
        format!("({y} + CASE WHEN {y} < 69 THEN 2000 ELSE 1900 END)", y = part("year"))
    } else {
        part("year")
    };
    let clocked = form.groups[3] > 0;
    let or_zero = |group: usize, name: &str| {
        if form.groups[group] > 0 { format!("COALESCE({}, 0)", part(name)) } else { "0".to_owned() }
    };
    let (hour, minute, second) = (or_zero(3, "hour"), or_zero(4, "minute"), or_zero(5, "second"));
    let mut valid = format!(
        "{year} BETWEEN 1971 AND 2200 AND {month} BETWEEN 1 AND 12\n            AND {day} BETWEEN 1 AND CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} <> 2 THEN 31\n                WHEN MOD({year}, 4) = 0 AND (MOD({year}, 100) <> 0 OR MOD({year}, 400) = 0) THEN 29 ELSE 28 END"
    );
    if clocked {
        valid.push_str(&format!("\n            AND {hour} <= 23 AND {minute} <= 59 AND {second} <= 60"));
    }
    if form.groups[7] > 0 {
        valid.push_str(&format!(
            "\n            AND {} <= 18 AND {} <= 59",
            format_args!("COALESCE({}, 0)", part("zone_hour")),
            format_args!("COALESCE({}, 0)", part("zone_minute"))
        ));
    }
    // Days since 1970-01-01 by Hinnant, "chrono-compatible low-level date algorithms"; years begin in March.
    let march = format!("({year} - CASE WHEN {month} <= 2 THEN 1 ELSE 0 END)");
    let days = format!(
        "(365 * {march} + @div({march}, 4) - @div({march}, 100) + @div({march}, 400)\n            + @div(153 * MOD({month} + 9, 12) + 2, 5) + {day} - 719469)"
    );
    let seconds =
        format!("(({hour} * 60 + {minute}) * 60 + CASE WHEN {second} = 60 THEN 59 ELSE {second} END)");
    let mut local = format!("@big({days}) * 86400000");
    if clocked {
        local.push_str(&format!("\n            + {seconds} * 1000"));
    }
    if form.groups[6] > 0 {
        local.push_str(&format!(" + COALESCE({}, 0)", part("fraction")));
    }
    let timed = if clocked && form.groups[6] > 0 {
        format!("CASE WHEN {} IS NULL THEN 0 ELSE 1 END", part("hour"))
    } else {
        i64::from(clocked).to_string()
    };
    let offset = if form.groups[7] > 0 {
        let zone = part("zone");
        format!(
            "CASE WHEN {zone} IN ('Z', 'z') THEN 0 WHEN {hour} IS NOT NULL AND {zone} <> ''\n            THEN CASE WHEN SUBSTR({zone}, 1, 1) = '-' THEN -60000 ELSE 60000 END * ({hour} * 60 + COALESCE({minute}, 0)) END",
            hour = part("zone_hour"),
            minute = part("zone_minute")
        )
    } else {
        "@none()".to_owned()
    };
    vec![
        (format!("CASE WHEN {valid}\n        THEN {local} END"), format!("{word}_local")),
        (format!("@big({timed})"), format!("{word}_timed")),
        (format!("@big({offset})"), format!("{word}_offset")),
    ]
}

fn text_value(plan: &Plan<'_>, entry: &UsageEntry, role: Role, value: &str) -> String {
    let inventory = plan.inventory;
    let renamed = |names: Vec<(String, String)>| {
        let names: Vec<_> = names.into_iter().filter(|(from, _)| !from.is_empty()).collect();
        if names.is_empty() {
            return value.to_owned();
        }
        let mut out = format!("CASE @lower({value})");
        for (from, to) in names {
            out.push_str(&format!(" WHEN {} THEN {}", text(&from), text(&to)));
        }
        format!("{out} ELSE {value} END")
    };
    match role {
        Role::Touchpoint => {
            let given: Vec<(String, String)> = entry
                .touchpoint_values
                .iter()
                .filter_map(|(from, ix)| {
                    inventory.touchpoints.get(ix.0).map(|t| (from.trim().to_lowercase(), t.id.clone()))
                })
                .collect();
            let own = inventory
                .touchpoints
                .iter()
                .map(|t| (t.id.to_lowercase(), t.id.clone()))
                .filter(|(from, _)| !given.iter().any(|(g, _)| g == from));
            renamed(given.iter().cloned().chain(own).collect())
        }
        Role::Reason => {
            // The last of several says what a value means.
            let given = entry.reason_values.iter().rev().map(|(f, t)| (f.trim().to_lowercase(), t.clone()));
            renamed(given.collect())
        }
        Role::Segment => {
            renamed(inventory.segments.iter().map(|s| (s.id.to_lowercase(), s.id.clone())).collect())
        }
        Role::TransferredTo => {
            let mut names = plan.labels();
            names.retain(|(from, _)| !words::NOTHING.contains(&from.as_str()));
            let inner = renamed(names);
            format!("CASE WHEN @lower({value}) IN ({}) THEN '' ELSE {inner} END", list(words::NOTHING))
        }
        Role::Direction => format!(
            "CASE WHEN @lower({value}) IN ({}) THEN 1\n            WHEN @lower({value}) IN ({}) THEN 2 ELSE 0 END",
            list(words::IN),
            list(words::OUT)
        ),
        _ => value.to_owned(),
    }
}

fn flag(entry: &UsageEntry, role: Role, value: &str) -> String {
    if let Some(of) = column_of(entry, role)
        && !(of.yes.is_empty() && of.no.is_empty())
    {
        let branch = |values: &[String], result: u8| {
            if values.is_empty() {
                return String::new();
            }
            format!(" WHEN @lower({value}) IN ({}) THEN {result}", list(&lowered(values)))
        };
        return format!("@big(CASE{}{} END)", branch(&of.yes, 1), branch(&of.no, 0));
    }
    let mut out = "@big(CASE".to_owned();
    let mut branch = |words: &[&str], result: u8| {
        out.push_str(&format!(" WHEN @lower({value}) IN ({}) THEN {result}\n           ", list(words)));
    };
    if role == Role::Abandoned {
        branch(words::GAVE_UP, 1);
        branch(words::STAYED, 0);
    }
    branch(words::YES, 1);
    branch(words::NO, 0);
    format!("{} END)", out.trim_end())
}

fn count(value: &str) -> String {
    format!("CASE WHEN @matches({value}, '^[0-9]+$') THEN @int({value}) END")
}

/// A number with up to six decimals, in millionths.
fn millionths(value: &str) -> String {
    let regex = "'^([0-9]{1,9})([.]([0-9]{1,6}))?$'";
    let part = |n: u8| format!("@part(@split({value}, {regex}), {regex}, {n})");
    format!(
        "CASE WHEN @matches({value}, {regex})\n            THEN @int({}) * 1000000 + @int(SUBSTR(COALESCE({}, '') || '000000', 1, 6)) END",
        part(1),
        part(3)
    )
}

fn number(entry: &UsageEntry, role: Role, value: &str) -> String {
    match role {
        Role::Wait | Role::Handle => duration(entry, role, value),
        Role::Satisfaction => satisfied(entry, value),
        Role::Nps => score(value),
        Role::Cost => amount(value, ""),
        Role::Revenue => amount(value, "-?"),
        _ => count(value),
    }
}

fn duration(entry: &UsageEntry, role: Role, value: &str) -> String {
    let unit = column_of(entry, role)
        .and_then(|of| of.columns.first())
        .and_then(|c| unit_of(&c.value))
        .unwrap_or(1000);
    let decimal = "'^([0-9]{1,9})[.]([0-9]{1,6})$'";
    let clock = "'^(([0-9]{1,7}):)?([0-9]{1,7}):([0-5]?[0-9])([.,]([0-9]{1,7}))?$'";
    let units = "'^(([0-9]{1,6}) ?h)? ?(([0-9]{1,6}) ?m(in)?)? ?(([0-9]{1,9}) ?s(ec)?)?$'";
    let part = |regex: &str, n: u8| format!("@part(@split({value}, {regex}), {regex}, {n})");
    let of_unit = |n: u8| format!("COALESCE(@int(@part(@split(@lower({value}), {units}), {units}, {n})), 0)");
    format!(
        "CASE WHEN {value} = '' THEN NULL\n            WHEN @matches({value}, '^[0-9]{{1,12}}$') THEN @int({value}) * {unit}\n            WHEN @matches({value}, {decimal}) THEN @int({}) * {unit} + @div(@int(SUBSTR({} || '000000', 1, 6)) * {unit} + 500000, 1000000)\n            WHEN @matches({value}, {clock}) AND (@matches({value}, '^[0-9]+:[0-9]+([.,][0-9]+)?$') OR @int({}) <= 59)\n            THEN ((COALESCE(@int({}), 0) * 60 + @int({})) * 60 + @int({})) * 1000 + @int(SUBSTR(COALESCE({}, '') || '000', 1, 3))\n            WHEN @matches(@lower({value}), {units}) THEN (({} * 60 + {}) * 60 + {}) * 1000 END",
        part(decimal, 1),
        part(decimal, 2),
        part(clock, 3),
        part(clock, 2),
        part(clock, 3),
        part(clock, 4),
        part(clock, 6),
        of_unit(2),
        of_unit(4),
        of_unit(7),
    )
}

/// Hundredths; signs and codes of currencies around an amount are passed over.
fn amount(value: &str, sign: &str) -> String {
    let regex =
        format!("'^[A-Za-z€$£¥ ]*({sign})[€$£¥ ]*([0-9]{{1,12}})([.,]([0-9]{{1,2}}))?[A-Za-z€$£¥ ]*$'");
    let part = |n: u8| format!("@part(@split({value}, {regex}), {regex}, {n})");
    let minor = format!("(@int({}) * 100 + @int(SUBSTR(COALESCE({}, '') || '00', 1, 2)))", part(2), part(4));
    let signed = if sign.is_empty() {
        minor
    } else {
        format!("CASE WHEN {} = '-' THEN -1 ELSE 1 END * {minor}", part(1))
    };
    format!("CASE WHEN @matches({value}, {regex})\n            THEN {signed} END")
}

/// A score from 0 to 10.
fn score(value: &str) -> String {
    let regex = "'^0*([0-9]|10)([.,]0{1,2})?$'";
    format!("CASE WHEN @matches({value}, {regex}) THEN @int(@part(@split({value}, {regex}), {regex}, 1)) END")
}

fn satisfied(entry: &UsageEntry, value: &str) -> String {
    if column_of(entry, Role::Satisfaction).is_some_and(|of| !(of.yes.is_empty() && of.no.is_empty())) {
        return flag(entry, Role::Satisfaction, value);
    }
    let (low, high) = entry.satisfaction_scale.unwrap_or((1.0, 5.0));
    let from = top_two_from(low, high);
    #[allow(clippy::cast_possible_truncation, reason = "scales are small numbers")]
    let millionths_of = |x: f64| (x * 1e6).round() as i64;
    let number = millionths(value);
    let mut out = "@big(CASE".to_owned();
    if entry.satisfaction_scale.is_none() {
        out.push_str(&format!(
            " WHEN @lower({value}) IN ({}) THEN 1 WHEN @lower({value}) IN ({}) THEN 0\n           ",
            list(words::GOOD),
            list(words::BAD)
        ));
    }
    out.push_str(&format!(
        " WHEN {number} NOT BETWEEN {} AND {} THEN NULL\n            WHEN {number} >= {} THEN 1\n            WHEN {number} < {} THEN 0 END)",
        millionths_of(low),
        millionths_of(high),
        millionths_of(from),
        millionths_of(from)
    ));
    out
}
