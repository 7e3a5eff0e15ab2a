//! The census as one SQL query, for logs that live in an engine.
//!
//! Builds text and nothing else: [`query`] plans from the inventory (roles, values, windows, zone), refuses by
//! name what a query cannot express, and puts the parts together: `entries` (typed values), `contacts` (which
//! rows are one contact, and what became of it), `episodes` (who came back), `facets` (the table), with `zone`
//! and `hours` as literals and `dialect` for what engines spell differently. The built-in census
//! ([`super::fold`]) decides every detail; the query follows it.

mod contacts;
mod dialect;
mod entries;
mod episodes;
mod facets;
mod hours;
mod zone;

use std::collections::BTreeSet;

use anyhow::bail;
use jiff::civil::Date;

use crate::criteria::Criteria;
use crate::inventory::{Channel, EpisodeKey, Inventory, Role, RowIs, UsageEntry};
use crate::text::clean;
use crate::usage::source::resolve;
use crate::usage::{Log, date_of, day_of};
pub use dialect::Dialect;
use hours::OpeningHours;
use zone::Zone;

/// Milliseconds of a day.
const DAY: i64 = super::contact::DAY_MS;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// For which engine.
    pub dialect: Dialect,
    /// Tables by usage entry; empty: named after the files.
    pub tables: Vec<String>,
    /// Only from this local day on.
    pub from: Option<Date>,
    /// Only up to and including this local day.
    pub to: Option<Date>,
    /// Date of the assessment.
    pub at: Date,
}

/// A named part of the query.
struct Cte {
    name: String,
    comment: String,
    body: String,
}

impl Cte {
    fn new(name: &str, comment: &str, body: String) -> Self {
        Self { name: name.to_owned(), comment: comment.to_owned(), body }
    }
}

/// `SELECT` with one column a line; a column without a name is taken as it is.
fn select(columns: &[(String, String)], from: &str) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|(value, name)| if name.is_empty() { value.clone() } else { format!("{value} AS {name}") })
        .collect();
    format!("SELECT\n    {}\nFROM {from}", columns.join(",\n    "))
}

/// A condition: a column is one of these numbers.
fn list_of(column: &str, numbers: &[usize]) -> String {
    if numbers.is_empty() {
        return "1 = 0".to_owned();
    }
    format!("{column} IN ({})", numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
}

/// Everything that the parts need to know.
struct Plan<'a> {
    dialect: Dialect,
    inventory: &'a Inventory,
    criteria: &'a Criteria,
    /// Channels in the order of their ids.
    channels: Vec<&'a Channel>,
    /// Roles that any entry has.
    roles: BTreeSet<Role>,
    /// Windows in days, the configured one first.
    windows: Vec<u32>,
    by_reason: bool,
    key_given: bool,
    /// The end of the log is found by a window over all rows: ClickHouse 26.9 loses the name of a table
    /// expression that two others of one join rest on.
    end_by_window: bool,
    from: Option<i64>,
    to: Option<i64>,
    /// First and last day that the literals cover.
    table: (i64, i64),
    zone: Zone,
    hours: OpeningHours,
}

impl<'a> Plan<'a> {
    fn new(inventory: &'a Inventory, criteria: &'a Criteria, request: &Request) -> anyhow::Result<Self> {
        let mut channels: Vec<&Channel> = inventory.channels.iter().collect();
        channels.sort_by(|a, b| a.id.cmp(&b.id));
        let roles = inventory
            .usage
            .iter()
            .flat_map(|e| e.columns.iter().map(|(r, _)| *r).chain(e.fixed.iter().map(|(r, _)| *r)))
            .collect();
        let configured = inventory.episodes.window_days.unwrap_or(criteria.defaults.window_days);
        let mut windows = vec![configured];
        for days in &criteria.defaults.sensitivity_days {
            if !windows.contains(days) {
                windows.push(*days);
            }
        }
        let first = request.from.unwrap_or(Date::constant(request.at.year().saturating_sub(5), 1, 1));
        let last = request.to.unwrap_or(Date::constant(request.at.year().saturating_add(1), 12, 31));
        if first > last {
            bail!("the period from {first} to {last} is empty; give both --from and --to");
        }
        let (first, last) = (day_of(first), day_of(last));
        // Replies and due dates lie beyond the last contact, times in another zone's day before the first.
        let around = |day: i64| date_of(day).unwrap_or(Date::constant(1970, 1, 1));
        Ok(Self {
            dialect: request.dialect,
            inventory,
            criteria,
            channels,
            roles,
            windows,
            by_reason: by_reason(inventory)?,
            key_given: inventory.episodes.key.is_some(),
            end_by_window: request.dialect == Dialect::Clickhouse,
            from: request.from.map(day_of),
            to: request.to.map(day_of),
            table: (first, last),
            zone: Zone::new(&inventory.organisation.timezone, around(first - 366), around(last + 366)),
            hours: OpeningHours::new(inventory, first, last + 402),
        })
    }

    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn has_text(&self, name: &str) -> bool {
        entries::TEXTS.iter().any(|(role, word)| *word == name && self.has(*role))
    }

    /// Whether an entry has a role.
    fn maps(&self, entry: usize, role: Role) -> bool {
        self.inventory.usage.get(entry).is_some_and(|e| maps(e, role))
    }

    fn entries_with(&self, roles: &[Role]) -> Vec<usize> {
        (0..self.inventory.usage.len()).filter(|i| roles.iter().any(|r| self.maps(*i, *r))).collect()
    }

    fn window_days(&self) -> u32 {
        self.windows.first().copied().unwrap_or_default()
    }

    /// Labels of channels in lower case, as they are looked up, with the channel's id.
    fn labels(&self) -> Vec<(String, String)> {
        let key = |text: &str| text.trim().to_lowercase();
        let mut labels: Vec<(String, String)> =
            self.inventory.channels.iter().map(|c| (key(&c.id), c.id.clone())).collect();
        for channel in &self.inventory.channels {
            for alias in &channel.aliases {
                if !labels.iter().any(|(label, _)| *label == key(alias)) {
                    labels.push((key(alias), channel.id.clone()));
                }
            }
        }
        labels
    }

    fn ignores(&self) -> bool {
        self.inventory.usage.iter().any(|e| !e.ignore.is_empty())
    }

    /// What can make one contact of several rows.
    fn merge_words(&self) -> Vec<&'static str> {
        let mut words = Vec::new();
        if self.has(Role::Case) {
            words.push("case");
        }
        if self.has(Role::Conversation) {
            words.push("conversation");
        }
        if self.has(Role::Customer) && self.channels.iter().any(|c| c.kind.conversational) {
            words.push("talk");
        }
        words
    }

    fn merges(&self) -> bool {
        !self.merge_words().is_empty()
    }

    fn tells_containment(&self) -> bool {
        self.has(Role::TransferredTo) && self.channels.iter().any(|c| c.kind.is_automated())
    }
}

fn maps(entry: &UsageEntry, role: Role) -> bool {
    entry.columns.iter().any(|(r, _)| *r == role) || entry.fixed.iter().any(|(r, _)| *r == role)
}

/// Whether episodes are cut by customer and reason.
fn by_reason(inventory: &Inventory) -> anyhow::Result<bool> {
    if let Some(key) = inventory.episodes.key {
        return Ok(key == EpisodeKey::CustomerAndReason);
    }
    let joinable: Vec<&UsageEntry> =
        inventory.usage.iter().filter(|e| maps(e, Role::Customer) && !maps(e, Role::Count)).collect();
    let with_reason = joinable.iter().filter(|e| maps(e, Role::Reason)).count();
    if with_reason > 0 && with_reason < joinable.len() {
        bail!(
            "some usage entries have a reason and some have none, and the inventory does not say how episodes are cut; \
             a query cannot look: add `episodes: {{ key: customer }}` or `episodes: {{ key: customer-and-reason }}`"
        );
    }
    Ok(with_reason > 0)
}

/// What a query cannot do is told by name.
fn refuse(inventory: &Inventory) -> anyhow::Result<()> {
    if inventory.usage.is_empty() {
        bail!("the inventory names no logs; add `usage`, with `columns` that say which column is what");
    }
    for (at, entry) in inventory.usage.iter().enumerate() {
        for role in [Role::Time, Role::Channel] {
            if !maps(entry, role) {
                let word = if role == Role::Time { "time" } else { "channel" };
                bail!(
                    "{}: a query cannot recognise columns by their usual names; name them under `columns`, the {word} first of all{}",
                    entry.at,
                    as_read(inventory, at)
                );
            }
        }
        if maps(entry, Role::Continues) {
            bail!(
                "{}: `continues` chains of rows are not followed by a query; sum the rows of a chain in the export, \
                 or use the built-in census (without --sql)",
                entry.at
            );
        }
        if maps(entry, Role::Case) && maps(entry, Role::Conversation) {
            bail!(
                "{}: a query joins the rows of a case or of a conversation, not both; take one of the two out of `columns`",
                entry.at
            );
        }
        if entry.row_is == RowIs::Step && maps(entry, Role::Count) {
            bail!("{}: a row is a step of a case or counts contacts, not both", entry.at);
        }
        unnamed(inventory, at, entry)?;
    }
    Ok(())
}

/// The first log of an entry, if it is at hand.
fn at_hand(inventory: &Inventory, at: usize) -> Option<Log<'_>> {
    let file = resolve(inventory, &[]).ok()?.into_iter().find(|f| f.entry == Some(at) && f.path.is_file())?;
    Log::open(inventory, &file).ok()
}

fn as_read(inventory: &Inventory, at: usize) -> String {
    at_hand(inventory, at)
        .and_then(|log| log.notes().into_iter().find(|note| note.starts_with("columns: ")))
        .map_or_else(String::new, |note| format!(" (the log at hand is read so: {})", clean(&note)))
}

/// Roles that the built-in census would recognise in a log at hand, but the inventory does not name.
fn unnamed(inventory: &Inventory, at: usize, entry: &UsageEntry) -> anyhow::Result<()> {
    const ROLES: [(Role, &str); 29] = [
        (Role::Time, "time"),
        (Role::Channel, "channel"),
        (Role::Customer, "customer"),
        (Role::Reason, "reason"),
        (Role::Touchpoint, "touchpoint"),
        (Role::Segment, "segment"),
        (Role::Direction, "direction"),
        (Role::Conversation, "conversation"),
        (Role::Continues, "continues"),
        (Role::ContactId, "contact_id"),
        (Role::Count, "count"),
        (Role::Wait, "wait"),
        (Role::Handle, "handle"),
        (Role::Answered, "answered"),
        (Role::Abandoned, "abandoned"),
        (Role::Closed, "closed"),
        (Role::Due, "due"),
        (Role::OnTime, "on_time"),
        (Role::Replied, "replied"),
        (Role::TransferredTo, "transferred_to"),
        (Role::Repeated, "repeated"),
        (Role::Opened, "opened"),
        (Role::OptedOut, "opted_out"),
        (Role::Resolved, "resolved"),
        (Role::Satisfaction, "satisfaction"),
        (Role::Nps, "nps"),
        (Role::Cost, "cost"),
        (Role::Revenue, "revenue"),
        (Role::Case, "case"),
    ];
    let Some(log) = at_hand(inventory, at) else { return Ok(()) };
    let missing: Vec<&str> = ROLES
        .iter()
        .filter(|(role, _)| log.has(*role) && !maps(entry, *role))
        .map(|(_, word)| *word)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "{}: the built-in census recognises columns for {} by their usual names, and a query cannot; name them under `columns`{}",
        entry.at,
        missing.join(", "),
        as_read(inventory, at)
    );
}

/// The tables, one for each entry: as given, else named after the files.
fn tables(inventory: &Inventory, given: &[String]) -> anyhow::Result<Vec<String>> {
    let wanted = inventory.usage.len();
    if !given.is_empty() {
        if given.len() != wanted {
            bail!(
                "--table names {} tables and the inventory has {wanted} usage entries; name one for each, in their order",
                given.len()
            );
        }
        return Ok(given.iter().map(|t| table_name(t)).collect());
    }
    let names: Vec<String> = inventory.usage.iter().map(|e| stem(&e.path.value)).collect();
    let different: BTreeSet<&String> = names.iter().collect();
    if different.len() != wanted || names.iter().any(String::is_empty) {
        bail!(
            "the usage entries give no table names of their own ({}); name one for each with --table",
            names.join(", ")
        );
    }
    Ok(names)
}

/// A table name after a file: its stem in letters, digits and underscores.
fn stem(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let bare = file.split('.').next().unwrap_or(file);
    let words: Vec<&str> =
        bare.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let name = words.join("_").to_ascii_lowercase();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("log_{name}") } else { name }
}

/// A plain name, with its schema, as it is; any other one quoted.
fn table_name(given: &str) -> String {
    let plain = given.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    if plain { given.to_owned() } else { dialect::name(given) }
}

/// The query.
///
/// # Errors
/// What a query cannot express, by name; tables that do not fit the usage entries.
pub fn query(inventory: &Inventory, criteria: &Criteria, request: &Request) -> anyhow::Result<String> {
    refuse(inventory)?;
    let tables = tables(inventory, &request.tables)?;
    let plan = Plan::new(inventory, criteria, request)?;
    let mut ctes = vec![contacts::channels(&plan)];
    ctes.extend(plan.hours.tables(request.dialect.numbers(plan.hours.last_number())));
    for (at, table) in tables.iter().enumerate() {
        ctes.extend(entries::tables(&plan, at, table)?);
    }
    ctes.extend(contacts::rows(&plan));
    ctes.extend(contacts::log_end(&plan));
    ctes.extend(contacts::contacts(&plan));
    ctes.extend(contacts::fates(&plan));
    ctes.extend(episodes::episodes(&plan));
    let (more, last) = facets::table(&plan);
    ctes.extend(more);

    let mut out = head(request, &tables, &plan);
    out.push_str("WITH\n");
    for (i, cte) in ctes.iter().enumerate() {
        for line in cte.comment.lines() {
            out.push_str(&format!("-- {line}\n"));
        }
        let body = request.dialect.spell(&cte.body) + request.dialect.fence();
        let body = body.replace('\n', "\n    ");
        let comma = if i + 1 < ctes.len() { "," } else { "" };
        out.push_str(&format!("{} AS (\n    {body}\n){comma}\n", cte.name));
    }
    out.push_str(&request.dialect.spell(&last));
    out.push_str(request.dialect.tail());
    out.push('\n');
    Ok(out)
}

/// What the query is, how to run it, how to save its answer.
fn head(request: &Request, tables: &[String], plan: &Plan<'_>) -> String {
    let how = match request.dialect {
        Dialect::Duckdb => "duckdb logs.db -csv < census.sql > census.csv",
        Dialect::Clickhouse => "clickhouse client --format CSVWithNames < census.sql > census.csv",
        // Without the settings Spark plans, and writes and compiles Java, for longer than the query takes.
        Dialect::Spark => concat!(
            "import csv\n",
            "--     settings = {\"constraintPropagation.enabled\": \"false\", \"adaptive.enabled\": \"false\",\n",
            "--                 \"codegen.wholeStage\": \"false\", \"codegen.factoryMode\": \"NO_CODEGEN\"}\n",
            "--     for name, value in settings.items(): spark.conf.set(\"spark.sql.\" + name, value)\n",
            "--     census = spark.sql(open(\"census.sql\", encoding=\"utf-8\").read())\n",
            "--     csv.writer(open(\"census.csv\", \"w\", encoding=\"utf-8\", newline=\"\")).writerows([census.columns, *census.collect()])"
        ),
        Dialect::Postgres => "psql --csv -f census.sql -o census.csv",
        Dialect::Bigquery => {
            "bq query --use_legacy_sql=false --format=csv --max_rows=1000000 < census.sql > census.csv"
        }
        Dialect::Snowflake => {
            "snowsql -f census.sql -o output_format=csv -o header=true -o timing=false -o friendly=false > census.csv"
        }
    };
    let day = |day: i64| date_of(day).map_or_else(String::new, |d| d.to_string());
    let mut title =
        format!("The census of {} for {}", clean(&plan.inventory.organisation.name), request.dialect.name());
    if !request.dialect.is_tested() {
        title.push_str(" (untested against the service: look at its answer before you trust it)");
    }
    let mut lines = vec![
        format!("{title}."),
        String::new(),
        "Reads the tables below, one for each usage entry: every column as text, named as in the CSV header."
            .to_owned(),
    ];
    for (table, entry) in tables.iter().zip(&plan.inventory.usage) {
        lines.push(format!("    {}    {}", request.dialect.spell(table), clean(&entry.path.value)));
    }
    lines.push("Run and save:".to_owned());
    lines.push(format!("    {how}"));
    lines.push("    chanfolio assess INVENTORY --census census.csv".to_owned());
    lines.push(format!(
        "Clock changes and opening hours are written down from {} to {}; rows beyond are rejected as `beyond-clock-table`{}.",
        day(plan.table.0),
        day(plan.table.1),
        if plan.from.is_some() && plan.to.is_some() { "" } else { " (--from and --to choose)" }
    ));
    if plan.inventory.usage.iter().any(|e| e.time_format.is_none()) {
        lines.push(
            "Times without a `time_format` are read as ISO 8601; others are rejected as `bad-time`."
                .to_owned(),
        );
    }
    let mut out = String::new();
    for line in lines {
        out.push_str(format!("-- {line}").trim_end());
        out.push('\n');
    }
    out
}
