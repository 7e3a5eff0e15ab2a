//! How a log is laid out: delimiter, header, the column of each role, time forms, units. Decided once
//! per file from a sample; every choice that was a guess is told in words. Reads no rows for the census.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::by_role::ByRole;
use super::record::Records;
use super::synonyms::{SYNONYMS, normal, word};
use super::time::{Form, Order, sniff};
use super::value::{Decimal, sniff_decimal, unit};
use super::words;
use crate::inventory::{Inventory, Role, UsageEntry};
use crate::text::clean;
use crate::text::tree::suggest;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many records may stand before the header.
const HEADER_WITHIN: usize = 60;
/// How many values of a column are looked at.
const SAMPLE_ROWS: usize = 20_000;
/// From how many times on "all at midnight" means that they are dates.
const MIDNIGHTS: usize = 10;
/// How many column names a message lists.
const LISTED: usize = 40;

/// Where the value of a role comes from and how it is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Columns, joined by a space.
    pub(super) columns: Vec<usize>,
    /// Value for the whole file.
    pub(super) fixed: Option<String>,
    /// Values that mean yes.
    pub(super) yes: Vec<String>,
    /// Values that mean no.
    pub(super) no: Vec<String>,
    /// Forms of a time, tried in order.
    pub(super) forms: Vec<Form>,
    /// Times are dates that were exported as midnights.
    pub(super) midnight_is_date: bool,
    /// Unit of a plain number in a duration, milliseconds.
    pub(super) unit_ms: i64,
    /// Decimal separator of a number.
    pub(super) decimal: Decimal,
}

/// The layout of one file.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    /// Column names, trimmed.
    pub(super) header: Vec<String>,
    /// Plans by role.
    plans: ByRole<Option<Plan>>,
    /// Values that mean "not recorded", by column.
    pub(super) unknown: Vec<Vec<String>>,
    /// Columns whose values set a row apart, with their names in the inventory.
    pub(super) ignore: Vec<(usize, String, Vec<String>)>,
    /// What was taken from the file.
    pub(super) notes: Vec<String>,
    /// Of these, what was a guess or deserves attention.
    pub(super) warnings: Vec<String>,
    /// Where the first record after the header begins: byte of the sample, and line.
    pub(super) rows_at: (usize, u64),
}

impl Layout {
    /// The plan of a role.
    #[inline]
    pub(super) fn plan(&self, role: Role) -> Option<&Plan> {
        self.plans[role].as_ref()
    }

    /// The columns that rows are read from, in their order, those of some roles left out.
    pub(super) fn columns_but_of(&self, roles: &[Role]) -> BTreeSet<usize> {
        let of_roles = SYNONYMS
            .iter()
            .filter(|(role, ..)| !roles.contains(role))
            .filter_map(|(role, ..)| self.plan(*role))
            .flat_map(|plan| plan.columns.iter().copied());
        of_roles.chain(self.ignore.iter().map(|(at, ..)| *at)).collect()
    }
}

/// A line that may be the header.
struct Candidate {
    delimiter: u8,
    before: usize,
    line: u64,
    start: usize,
    rows_at: (usize, u64),
    header: Vec<String>,
    complete: bool,
    matches: usize,
}

/// Finds the layout of a log from its beginning.
///
/// # Errors
/// Nothing in it; no header with a time and a channel; a column of the inventory that is not there.
pub(super) fn find(sample: &str, entry: Option<&UsageEntry>, name: &str) -> anyhow::Result<Layout> {
    if sample.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        anyhow::bail!("the log {name} is empty; export it again, or take it out of `usage`");
    }
    let named = named_columns(entry);
    let mut best: Option<Candidate> = None;
    for delimiter in DELIMITERS {
        for candidate in candidates(sample, delimiter, entry, &named) {
            let key = |c: &Candidate| (c.complete, c.matches, std::cmp::Reverse(c.before), c.header.len());
            if best.as_ref().is_none_or(|b| key(&candidate) > key(b)) {
                best = Some(candidate);
            }
        }
    }
    let Some(best) = best else {
        anyhow::bail!("the log {name} has no line that could be a header; {}", looked_for());
    };
    let best = if best.matches > 0 { best } else { widest(sample, entry, &named).unwrap_or(best) };
    let missing = missing_columns(&best.header, &named, name, entry);
    if (missing.is_err() || !best.complete) && best.header.iter().any(|column| column.contains('\0')) {
        anyhow::bail!(
            "the log {name} is no text: there are NUL bytes where its header should be; export it as CSV"
        );
    }
    missing?;
    if !best.complete {
        return Err(no_contact_log(&best.header, entry, name));
    }
    Ok(build(sample, best, entry))
}

fn looked_for() -> String {
    "a contact log needs a column for the time and one for the channel, under a header line".to_owned()
}

/// Every column that the inventory names.
fn named_columns(entry: Option<&UsageEntry>) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    if let Some(entry) = entry {
        named.extend(entry.columns.iter().flat_map(|(_, of)| of.columns.iter().map(|c| c.value.clone())));
        named.extend(entry.unknown.iter().map(|(column, _)| column.clone()));
        named.extend(entry.ignore.iter().map(|(column, _)| column.clone()));
    }
    let mut seen = BTreeSet::new();
    named.retain(|n| seen.insert(n.clone()));
    named
}

fn candidates<'s>(
    sample: &'s str,
    delimiter: u8,
    entry: Option<&'s UsageEntry>,
    named: &'s [String],
) -> impl Iterator<Item = Candidate> + 's {
    let mut records = Records::new(sample, delimiter, 1);
    let mut before = 0;
    std::iter::from_fn(move || {
        if before >= HEADER_WITHIN {
            return None;
        }
        let record = records.next()?;
        let header: Vec<String> = if record.fault.is_some() {
            Vec::new()
        } else {
            (0..records.width())
                .map(|i| records.value(i).trim_matches('\u{feff}').trim().to_owned())
                .collect()
        };
        let (complete, matches) = score(&header, entry, named);
        let candidate = Candidate {
            delimiter,
            before,
            line: record.line,
            start: record.start,
            rows_at: records.position(),
            header,
            complete,
            matches,
        };
        before += 1;
        Some(candidate)
    })
}

/// The widest of the first lines: what a person would take for the header of an unknown file.
fn widest(sample: &str, entry: Option<&UsageEntry>, named: &[String]) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    for delimiter in DELIMITERS {
        for candidate in candidates(sample, delimiter, entry, named).take(10) {
            if best.as_ref().is_none_or(|b| candidate.header.len() > b.header.len()) {
                best = Some(candidate);
            }
        }
    }
    best
}

/// Whether a line holds a time and a channel, and how many known columns.
fn score(header: &[String], entry: Option<&UsageEntry>, named: &[String]) -> (bool, usize) {
    let explicit = named.iter().filter(|n| position(header, n).is_some()).count();
    let names: Vec<String> = header.iter().map(|h| bare(h)).collect();
    let recognised = |role: Role| {
        SYNONYMS.iter().any(|(r, _, words)| *r == role && names.iter().any(|n| words.contains(&n.as_str())))
    };
    let given = |role: Role| entry.and_then(|e| e.columns.iter().find(|(r, _)| *r == role));
    let fixed = |role: Role| entry.is_some_and(|e| e.fixed.iter().any(|(r, _)| *r == role));
    let has = |role: Role| match given(role) {
        Some((_, of)) => of.columns.iter().all(|c| position(header, &c.value).is_some()),
        None => fixed(role) || recognised(role),
    };
    let roles = SYNONYMS.iter().filter(|(role, ..)| given(*role).is_none() && recognised(*role)).count();
    // A fixed value alone makes no line a header.
    let any = explicit + roles > 0;
    (any && has(Role::Time) && has(Role::Channel), explicit + roles)
}

/// The column of a name: exactly, else without regard to case, spaces, underscores and hyphens.
fn position(header: &[String], name: &str) -> Option<usize> {
    let loose = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
            .flat_map(char::to_lowercase)
            .collect()
    };
    header.iter().position(|h| h == name.trim()).or_else(|| {
        let wanted = loose(name);
        (!wanted.is_empty()).then(|| header.iter().position(|h| loose(h) == wanted)).flatten()
    })
}

/// A column name as synonyms are compared: without a unit at its end (`wait (s)`, `handle_ms`).
fn bare(header: &str) -> String {
    let words: Vec<&str> = header.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    match words.as_slice() {
        [rest @ .., last] if !rest.is_empty() && unit(last).is_some() => normal(&rest.concat()),
        _ => normal(header),
    }
}

/// Milliseconds of the unit at the end of a column's name (`wait_min`).
pub(crate) fn unit_of(header: &str) -> Option<i64> {
    let words: Vec<&str> = header.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    match words.as_slice() {
        [_, .., last] => unit(last),
        _ => None,
    }
}

fn seen(header: &[String]) -> String {
    let names: Vec<String> =
        header.iter().filter(|h| !h.is_empty()).take(LISTED).map(|h| format!("`{}`", clean(h))).collect();
    let more = header.len().saturating_sub(LISTED);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    if names.is_empty() { "none".to_owned() } else { format!("{}{tail}", names.join(", ")) }
}

fn missing_columns(
    header: &[String],
    named: &[String],
    name: &str,
    entry: Option<&UsageEntry>,
) -> anyhow::Result<()> {
    let missing: Vec<String> = named
        .iter()
        .filter(|n| position(header, n).is_none())
        .map(|n| {
            let near =
                suggest(n, header.iter().map(String::as_str).filter(|h| !h.is_empty() && h.len() < 100));
            let help = near.map_or_else(String::new, |h| format!(" (did you mean `{}`?)", clean(h)));
            format!("`{}`{help}", clean(n))
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let at = entry.map_or_else(String::new, |e| format!(", named in {}", e.at));
    let noun = if missing.len() == 1 { "column" } else { "columns" };
    anyhow::bail!("the log {name} has no {noun} {}{at}; its columns are {}", missing.join(", "), seen(header))
}

fn no_contact_log(header: &[String], entry: Option<&UsageEntry>, name: &str) -> anyhow::Error {
    let names: Vec<String> = header.iter().map(|h| bare(h)).collect();
    let lacks = |role: Role| {
        let given = entry.is_some_and(|e| {
            e.columns.iter().any(|(r, _)| *r == role) || e.fixed.iter().any(|(r, _)| *r == role)
        });
        !given
            && !SYNONYMS
                .iter()
                .any(|(r, _, words)| *r == role && names.iter().any(|n| words.contains(&n.as_str())))
    };
    let (time, channel) = (lacks(Role::Time), lacks(Role::Channel));
    let what = match (time, channel) {
        (true, false) => "a column for the time of each contact",
        (false, true) => "a column for the channel of each contact",
        _ => "columns for the time and the channel of each contact",
    };
    let how = match (time, channel) {
        (true, false) => "`columns: { time: … }`",
        (false, true) => {
            "`columns: { channel: … }`, or `fixed: { channel: … }` if the whole file is of one channel"
        }
        _ => "`columns: { time: …, channel: … }`",
    };
    anyhow::anyhow!(
        "{name} is no contact log: looked for {what} by the usual names and found none; its columns are {}; \
         if one of them is meant, name it with {how} under `usage`",
        seen(header)
    )
}

fn build(sample: &str, found: Candidate, entry: Option<&UsageEntry>) -> Layout {
    let mut layout = Layout {
        delimiter: found.delimiter,
        plans: ByRole::new(|_| None),
        unknown: vec![Vec::new(); found.header.len()],
        ignore: Vec::new(),
        notes: Vec::new(),
        warnings: Vec::new(),
        rows_at: found.rows_at,
        header: found.header,
    };
    if found.before > 0 {
        let skipped = found.line - 1;
        let first =
            sample.get(..found.start).and_then(|s| s.lines().find(|l| !l.trim().is_empty())).unwrap_or("");
        layout.warnings.push(format!(
            "{skipped} {} before the header skipped (`{}`{})",
            if skipped == 1 { "line" } else { "lines" },
            clean(first.trim()),
            if found.before > 1 { " …" } else { "" }
        ));
    }
    assign(&mut layout, entry);
    if let Some(entry) = entry {
        for (column, values) in &entry.unknown {
            if let Some(list) = position(&layout.header, column).and_then(|at| layout.unknown.get_mut(at)) {
                list.extend(values.iter().cloned());
            }
        }
        for (column, values) in &entry.ignore {
            if let Some(at) = position(&layout.header, column) {
                layout.ignore.push((at, column.clone(), values.clone()));
            }
        }
    }
    tell_roles(&mut layout);
    layout
}

impl Layout {
    /// Settles how times and numbers are written, from the first whole rows.
    ///
    /// # Errors
    /// The times of contacts are in no known form.
    pub(super) fn settle(
        &mut self,
        rows: &str,
        entry: Option<&UsageEntry>,
        inventory: &Inventory,
        name: &str,
    ) -> anyhow::Result<()> {
        if rows.trim().is_empty() {
            self.warnings.push("there is a header and no row under it".to_owned());
        }
        settle_times(self, rows, entry, inventory, name)?;
        settle_numbers(self, rows);
        Ok(())
    }
}

/// Gives each role its column: the inventory's, else the best-known name.
fn assign(layout: &mut Layout, entry: Option<&UsageEntry>) {
    let header = layout.header.clone();
    let mut taken = BTreeSet::new();
    if let Some(entry) = entry {
        for (role, of) in &entry.columns {
            let columns: Vec<usize> = of.columns.iter().filter_map(|c| position(&header, &c.value)).collect();
            for at in &columns {
                taken.insert(*at);
                let name = header.get(*at).map_or("", String::as_str);
                let twice = header.iter().filter(|h| normal(h) == normal(name)).count();
                if twice > 1 && header.iter().filter(|h| *h == name).count() != 1 {
                    layout.warnings.push(format!(
                        "{twice} columns are called `{}`: the first is taken as the {}",
                        clean(name),
                        words(*role)
                    ));
                }
            }
            let plan = Plan { columns, yes: of.yes.clone(), no: of.no.clone(), ..Plan::default() };
            set(layout, *role, plan);
        }
        for (role, value) in &entry.fixed {
            if layout.plan(*role).is_none() {
                set(layout, *role, Plan { fixed: Some(value.clone()), ..Plan::default() });
            }
        }
    }
    let names: Vec<String> = header.iter().map(|h| bare(h)).collect();
    for (role, _, synonyms) in SYNONYMS {
        if layout.plan(*role).is_some() {
            continue;
        }
        let mut fits: Vec<(usize, usize)> = names
            .iter()
            .enumerate()
            .filter(|(at, _)| !taken.contains(at))
            .filter_map(|(at, n)| synonyms.iter().position(|s| s == n).map(|rank| (rank, at)))
            .collect();
        fits.sort_unstable();
        let Some((_, best)) = fits.first().copied() else { continue };
        taken.insert(best);
        set(layout, *role, Plan { columns: vec![best], ..Plan::default() });
        let label = |at: usize| format!("`{}`", clean(header.get(at).map_or("", String::as_str)));
        let others: Vec<String> = fits.iter().skip(1).map(|(_, at)| label(*at)).collect();
        if let Some((_, second)) = fits.get(1) {
            let one = others.len() == 1;
            layout.warnings.push(format!(
                "{} was taken as the {}; {} {} like it too: choose with `columns: {{ {}: {} }}`",
                label(best),
                words(*role),
                others.join(", "),
                if one { "looks" } else { "look" },
                word(*role),
                clean(header.get(*second).map_or("", String::as_str))
            ));
        }
    }
}

fn words(role: Role) -> String {
    word(role).replace('_', " ")
}

fn set(layout: &mut Layout, role: Role, plan: Plan) {
    layout.plans[role] = Some(plan);
}

fn tell_roles(layout: &mut Layout) {
    let told: Vec<String> = SYNONYMS
        .iter()
        .filter_map(|(role, word, _)| {
            let plan = layout.plan(*role)?;
            let from: Vec<String> = match &plan.fixed {
                Some(value) => vec![format!("always `{}`", clean(value))],
                None => plan
                    .columns
                    .iter()
                    .map(|at| format!("`{}`", clean(layout.header.get(*at).map_or("", String::as_str))))
                    .collect(),
            };
            Some(format!("{word} = {}", from.join(" + ")))
        })
        .collect();
    layout.notes.push(format!("columns: {}", told.join(", ")));
}

/// Values of the columns of these roles in the sample, blanks and unknowns left out.
fn values<'s>(layout: &Layout, roles: &[Role], rest: &'s str) -> ByRole<Vec<Cow<'s, str>>> {
    let columns = |role: Role| layout.plan(role).map_or(&[][..], |plan| plan.columns.as_slice());
    let wanted: Vec<(Role, &[usize])> =
        roles.iter().map(|role| (*role, columns(*role))).filter(|(_, columns)| !columns.is_empty()).collect();
    let channel = columns(Role::Channel);
    let mut values = ByRole::new(|_| Vec::new());
    let mut records = Records::new(rest, layout.delimiter, 1);
    while wanted.iter().any(|(role, _)| values[*role].len() < SAMPLE_ROWS)
        && let Some(record) = records.next()
    {
        // Rows without a channel are no contacts: what a faulty quote left over must not outvote them.
        if record.fault.is_some() || channel.iter().any(|at| records.value(*at).is_empty()) {
            continue;
        }
        let known = |at: &usize| {
            let unknown =
                |value: &str| layout.unknown.get(*at).is_some_and(|u| super::value::among(value, u));
            Some(records.value(*at)).filter(|value| !is_blank(value) && !unknown(value))
        };
        for (role, columns) in &wanted {
            let own = &mut values[*role];
            if own.len() >= SAMPLE_ROWS {
                continue;
            }
            match columns {
                [at] => own.extend(known(at)),
                // Of joined columns only whole values tell the form.
                columns => {
                    let parts: Option<Vec<Cow<'s, str>>> = columns.iter().map(known).collect();
                    own.extend(parts.map(|parts| Cow::Owned(parts.join(" "))));
                }
            }
        }
    }
    values
}

/// The longest value that says that there is none.
pub(super) const LONGEST_BLANK: usize = 4;

/// Whether a value says that there is none.
#[inline]
pub(super) fn is_blank(value: &str) -> bool {
    value.is_empty()
        || (value.len() <= LONGEST_BLANK
            && matches!(value.as_bytes()[0], b'n' | b'N' | b'#' | b'\\')
            && words::BLANK.iter().any(|w| value.eq_ignore_ascii_case(w)))
}

fn settle_times(
    layout: &mut Layout,
    rest: &str,
    entry: Option<&UsageEntry>,
    inventory: &Inventory,
    name: &str,
) -> anyhow::Result<()> {
    let country = inventory.organisation.country.as_deref();
    let pattern = entry.and_then(|e| e.time_format.as_ref()).map(|f| Form::Pattern(f.value.clone()));
    let roles = [Role::Time, Role::Replied, Role::Closed, Role::Due];
    let mut values = values(layout, &roles, rest);
    for role in roles {
        let Some(mut plan) = layout.plan(role).cloned() else { continue };
        let sample = match &plan.fixed {
            Some(value) => vec![Cow::Owned(value.clone())],
            None => std::mem::take(&mut values[role]),
        };
        if let Some(pattern) = &pattern {
            plan.forms.push(pattern.clone());
        }
        let read_as_given = |form: &Form| sample.iter().filter(|t| form.read(t).is_some()).count();
        let given_fits = plan.forms.first().is_some_and(|f| read_as_given(f) > 0);
        if role != Role::Time && !given_fits {
            plan.forms.clear();
        }
        if plan.forms.is_empty() {
            match sniff(sample.iter().map(AsRef::as_ref), country) {
                Some((form, guessed)) => {
                    if guessed {
                        layout.warnings.push(guess(&form, role, country));
                    }
                    plan.forms.push(form);
                }
                None if role == Role::Time && !sample.is_empty() => {
                    anyhow::bail!(
                        "the times of {name} are written in a form that is not known (`{}`); \
                         give it as `time_format`, e.g. \"%d/%m/%Y %H:%M\"",
                        clean(sample.first().map_or("", AsRef::as_ref))
                    );
                }
                None => plan.forms.push(Form::Ordered(Order::Iso)),
            }
        }
        let read: Vec<_> = sample.iter().filter_map(|t| plan.forms.iter().find_map(|f| f.read(t))).collect();
        if role == Role::Time
            && pattern.is_some()
            && read.is_empty()
            && let (Some(first), Some(Form::Pattern(form))) = (sample.first(), &pattern)
        {
            anyhow::bail!(
                "no time of {name} is written as `{}` says: the first is `{}`; mend `time_format`, \
                 or leave it out to have the form recognised",
                clean(form),
                clean(first)
            );
        }
        if read.len() >= MIDNIGHTS && read.iter().all(super::time::Written::is_midnight) {
            plan.midnight_is_date = true;
            layout.warnings.push(format!(
                "every {} of the first rows is at midnight: read as dates without a time of day",
                words(role)
            ));
        }
        set(layout, role, plan);
    }
    Ok(())
}

fn guess(form: &Form, role: Role, country: Option<&str>) -> String {
    let (order, example) = match form {
        Form::Ordered(Order::MonthDay) => ("month first", "%m/%d/%Y"),
        _ => ("day first", "%d/%m/%Y"),
    };
    let why = country.map_or_else(String::new, |c| format!(", as usual in {}", clean(c)));
    format!(
        "no {} of the first rows has a day over 12: read {order}{why}; if that is wrong, set \
         `time_format` (this is \"{example}\")",
        words(role)
    )
}

fn settle_numbers(layout: &mut Layout, rest: &str) {
    let roles = [Role::Wait, Role::Handle, Role::Satisfaction, Role::Nps, Role::Cost, Role::Revenue];
    let values = values(layout, &roles, rest);
    for role in roles {
        let Some(mut plan) = layout.plan(role).cloned() else { continue };
        plan.decimal = sniff_decimal(values[role].iter().map(AsRef::as_ref));
        plan.unit_ms = 1000;
        if matches!(role, Role::Wait | Role::Handle) {
            let unit = plan.columns.first().and_then(|at| layout.header.get(*at)).and_then(|h| unit_of(h));
            if let Some(unit) = unit
                && unit != 1000
            {
                plan.unit_ms = unit;
                let unit = match unit {
                    1 => "milliseconds",
                    60_000 => "minutes",
                    3_600_000 => "hours",
                    _ => "days",
                };
                layout.warnings.push(format!(
                    "plain numbers of the {} column are read as {unit}, as its name says",
                    words(role)
                ));
            }
        }
        set(layout, role, plan);
    }
}
