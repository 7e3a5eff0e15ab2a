//! The shape of the census table: facets, keys, columns; its total order and its CSV form.
//! Never decides what is counted: [`super::fold`] does, and [`super::merge`] puts tables together.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use jiff::civil::Date;

use crate::text::clean;

/// Version of the table; a file of another one is refused.
pub const VERSION: &str = "1";

/// The largest number a census file may hold: every whole number up to it is exact as a float, and
/// sums of a few thousand of them stay within 64 bits.
const LARGEST: i64 = 1 << 53;

/// A facet: which question a row answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "DESIGN names them; the table in `census` documents the keys")]
pub enum Facet {
    Meta,
    Slot,
    Use,
    Wait,
    Handle,
    Followup,
    Step,
    Entry,
    Reach,
    Customers,
    Transfer,
    Path,
    Rejected,
    Unlisted,
    Ignored,
    Duplicate,
}

impl Facet {
    /// All facets in the table's order, with their words.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Meta, "meta"),
        (Self::Slot, "slot"),
        (Self::Use, "use"),
        (Self::Wait, "wait"),
        (Self::Handle, "handle"),
        (Self::Followup, "followup"),
        (Self::Step, "step"),
        (Self::Entry, "entry"),
        (Self::Reach, "reach"),
        (Self::Customers, "customers"),
        (Self::Transfer, "transfer"),
        (Self::Path, "path"),
        (Self::Rejected, "rejected"),
        (Self::Unlisted, "unlisted"),
        (Self::Ignored, "ignored"),
        (Self::Duplicate, "duplicate"),
    ];

    /// The word of the CSV form.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(facet, _)| *facet == self).map_or("", |(_, word)| word)
    }

    /// The facet of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(facet, _)| *facet)
    }
}

/// Which facets a census holds. Facts about the logs and what was odd in them are held by every census.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facets(u32);

impl Facets {
    /// All of them but paths, which are counted on request.
    pub const ALL: Self = Self(!(1 << Facet::Path as u32));
    /// Those that may be left out.
    pub const CHOICE: [Facet; 10] = [
        Facet::Slot,
        Facet::Use,
        Facet::Wait,
        Facet::Handle,
        Facet::Followup,
        Facet::Step,
        Facet::Entry,
        Facet::Reach,
        Facet::Customers,
        Facet::Transfer,
    ];

    /// The same and paths.
    #[must_use]
    pub fn with_paths(self) -> Self {
        Self(self.0 | 1 << Facet::Path as u32)
    }

    /// These, and those that every census holds.
    #[must_use]
    pub fn of(chosen: &[Facet]) -> Self {
        let bits = |facets: &[Facet]| facets.iter().fold(0_u32, |all, facet| all | 1 << (*facet as u32));
        Self(Self::ALL.0 & !bits(&Self::CHOICE) | bits(chosen))
    }

    /// Whether it holds one.
    #[must_use]
    pub fn hold(self, facet: Facet) -> bool {
        self.0 & 1 << (facet as u32) != 0
    }

    /// Whether it holds one that tells who came back.
    #[must_use]
    pub fn hold_episodes(self) -> bool {
        [Facet::Followup, Facet::Step, Facet::Entry, Facet::Reach, Facet::Customers, Facet::Path]
            .into_iter()
            .any(|facet| self.hold(facet))
    }

    /// Whether it holds all that another one does.
    #[must_use]
    pub fn cover(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The words of those that may be left out and are not.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        Self::CHOICE.into_iter().filter(|facet| self.hold(*facet)).map(Facet::word).collect()
    }
}

impl Default for Facets {
    fn default() -> Self {
        Self::ALL
    }
}

/// What stands between the channels of a path.
pub const TO: &str = " > ";
/// The end of a path that goes on.
pub const GOES_ON: &str = "...";

/// The fact that paths were counted.
pub(super) const JOURNEYS: &str = "journeys";

/// Facts that only episodes tell: a census without any of them does not hold these either.
const OF_EPISODES: [&str; 4] = ["heavy-ids", "reason-blank", "reasons-shared", "conversation-only"];

/// The key of one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The facet.
    pub facet: Facet,
    /// Channel id, or blank.
    pub channel: String,
    /// The four keys, blank where the facet has none.
    pub keys: [String; 4],
}

impl Key {
    /// The key of a row; keys that are left out are blank.
    #[must_use]
    pub fn new(facet: Facet, channel: &str, keys: &[&str]) -> Self {
        let mut all: [String; 4] = Default::default();
        for (place, key) in all.iter_mut().zip(keys) {
            (*key).clone_into(place);
        }
        Self { facet, channel: channel.to_owned(), keys: all }
    }
}

/// A column of sums. In words:
///
/// * `contacts` contacts (rows of the kind's unit); in `customers` and `reach` customers and episodes;
/// * `identified` with a customer id, not aggregated (only these can stand in episodes);
/// * `answered` of `answered_known`: live kinds as logged, or the opposite of abandoned; kinds that
///   answer later: replied or closed, or not so although its time ran out before the end of the log;
///   what is still within its time is unknown;
/// * `abandoned`, of these within the promised time `abandoned_in_promise`, short hang-ups
///   `abandoned_short`;
/// * `wait_ms` over `wait_known`, and of the answered `wait_answered_ms` over `wait_answered_known`
///   (kinds that answer later: arrival to reply, else to close); `handle_ms` over `handle_known`
///   (not of the abandoned);
/// * `resolved` of `resolved_known`; `satisfied` (top two of the scale) of `satisfaction_known`;
///   `promoters` (9, 10) and `detractors` (0 to 6) of `nps_known`;
/// * `promise_kept` of `promise_known`: the log's own flag, else its due date, else the promise of the
///   channel or its kind; one measure for all contacts of a channel in a usage entry. Live kinds: answered in time, of answered or abandoned with a known wait
///   (so strict = kept / known). Kinds that answer later: done in time, of those done and those whose
///   time ran out before the end of the log; still within time is unknown;
/// * `transferred` handed to somebody else; `opened` of `opened_known`, `opted_out`;
///   `repeated` (had to repeat) of `repeated_known`;
/// * `cost_minor` over `cost_known`, `revenue_minor` over `revenue_known`: minor currency units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are those of the CSV header")]
#[repr(usize)]
pub enum Column {
    Contacts,
    Identified,
    Answered,
    AnsweredKnown,
    Abandoned,
    AbandonedInPromise,
    AbandonedShort,
    WaitMs,
    WaitKnown,
    WaitAnsweredMs,
    WaitAnsweredKnown,
    HandleMs,
    HandleKnown,
    Resolved,
    ResolvedKnown,
    Satisfied,
    SatisfactionKnown,
    Promoters,
    Detractors,
    NpsKnown,
    PromiseKept,
    PromiseKnown,
    Transferred,
    Opened,
    OpenedKnown,
    OptedOut,
    Repeated,
    RepeatedKnown,
    CostMinor,
    CostKnown,
    RevenueMinor,
    RevenueKnown,
}

/// How many columns there are.
pub const COLUMNS: usize = Column::RevenueKnown as usize + 1;

/// The names of the columns in the order of the CSV form.
pub const COLUMN_NAMES: [&str; COLUMNS] = [
    "contacts",
    "identified",
    "answered",
    "answered_known",
    "abandoned",
    "abandoned_in_promise",
    "abandoned_short",
    "wait_ms",
    "wait_known",
    "wait_answered_ms",
    "wait_answered_known",
    "handle_ms",
    "handle_known",
    "resolved",
    "resolved_known",
    "satisfied",
    "satisfaction_known",
    "promoters",
    "detractors",
    "nps_known",
    "promise_kept",
    "promise_known",
    "transferred",
    "opened",
    "opened_known",
    "opted_out",
    "repeated",
    "repeated_known",
    "cost_minor",
    "cost_known",
    "revenue_minor",
    "revenue_known",
];

/// The names of the key columns, which stand first.
const KEY_NAMES: [&str; 6] = ["facet", "channel", "key1", "key2", "key3", "key4"];

/// The sums of one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Sums(pub [i64; COLUMNS]);

impl std::ops::Index<Column> for Sums {
    type Output = i64;
    fn index(&self, column: Column) -> &i64 {
        &self.0[column as usize]
    }
}

impl std::ops::IndexMut<Column> for Sums {
    fn index_mut(&mut self, column: Column) -> &mut i64 {
        &mut self.0[column as usize]
    }
}

/// Columns that are no counts of contacts: a single one may be as large as numbers get.
const AMOUNTS: [Column; 5] =
    [Column::WaitMs, Column::WaitAnsweredMs, Column::HandleMs, Column::CostMinor, Column::RevenueMinor];

impl Sums {
    /// Adds the sums of one contact, whose counts are 0 or 1.
    pub(super) fn count_one(&mut self, one: &Self) {
        let amounts = AMOUNTS.map(|column| self[column].saturating_add(one[column]));
        for (a, b) in self.0.iter_mut().zip(one.0) {
            *a = a.wrapping_add(b);
        }
        for (column, amount) in AMOUNTS.into_iter().zip(amounts) {
            self[column] = amount;
        }
    }

    /// Adds another row's sums (saturating: a hostile file cannot overflow them).
    pub fn add(&mut self, other: &Self) {
        // Hardly ever does one overflow: all are added at once, and one by one where one did.
        let (mut sums, mut overflow) = (self.0, 0);
        for (a, b) in sums.iter_mut().zip(other.0) {
            let sum = a.wrapping_add(b);
            overflow |= (*a ^ sum) & (b ^ sum);
            *a = sum;
        }
        if overflow >= 0 {
            self.0 = sums;
            return;
        }
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = a.saturating_add(b);
        }
    }
}

/// A whole census.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Census {
    /// Rows in their total order.
    pub rows: BTreeMap<Key, Sums>,
}

impl Census {
    /// Adds sums to a row, which is made if it is not there.
    pub fn add(&mut self, key: Key, sums: &Sums) {
        self.rows.entry(key).or_default().add(sums);
    }

    /// Adds so many contacts to a row.
    pub fn count(&mut self, key: Key, contacts: i64) {
        let cell = &mut self.rows.entry(key).or_default()[Column::Contacts];
        *cell = cell.saturating_add(contacts);
    }

    /// Which facets it holds.
    #[must_use]
    pub fn facets(&self) -> Facets {
        let chosen: Vec<Facet> =
            self.meta("facets").filter_map(|key| Facet::from_word(&key.keys[1])).collect();
        let facets = if self.meta("facets").next().is_none() { Facets::ALL } else { Facets::of(&chosen) };
        if self.meta(JOURNEYS).next().is_some() { facets.with_paths() } else { facets }
    }

    /// The same with no more than these facets.
    #[must_use]
    pub fn only(mut self, facets: Facets) -> Self {
        if facets.cover(Facets::ALL) {
            return self;
        }
        self.rows.retain(|key, _| {
            let fact = (key.facet == Facet::Meta).then_some(key.keys[0].as_str());
            let rests_on_episodes = fact.is_some_and(|fact| OF_EPISODES.contains(&fact));
            facets.hold(key.facet) && fact != Some("facets") && (facets.hold_episodes() || !rests_on_episodes)
        });
        for word in facets.words() {
            self.count(Key::new(Facet::Meta, "", &["facets", word]), 0);
        }
        self
    }

    /// Refuses a census that does not hold all of these facets.
    ///
    /// # Errors
    /// It does not; `name` is shown.
    pub fn require(&self, name: &str, facets: Facets) -> anyhow::Result<()> {
        let own = self.facets();
        if own.cover(facets) {
            return Ok(());
        }
        if own.with_paths().cover(facets) {
            bail!(
                "{} was made without --journeys and holds no paths: make it again with `chanfolio census INVENTORY --journeys -o census.csv`",
                clean(name)
            );
        }
        let missing = facets.words().into_iter().filter(|word| !own.words().contains(word));
        bail!(
            "{} was made with --facets and holds {} alone; what is wanted needs {} too: make it again with them, or without --facets",
            clean(name),
            own.words().join(", "),
            missing.collect::<Vec<_>>().join(", ")
        )
    }

    /// The census as CSV, rows in their total order.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        // Writing to memory cannot fail, and every record has the same number of fields.
        let _ = writer.write_record(KEY_NAMES.iter().chain(&COLUMN_NAMES));
        for (key, sums) in &self.rows {
            let keys =
                [key.facet.word(), &key.channel].into_iter().chain(key.keys.iter().map(String::as_str));
            let fields = keys.map(str::to_owned).chain(sums.0.iter().map(i64::to_string));
            let _ = writer.write_record(fields);
        }
        writer.into_inner().unwrap_or_default()
    }

    /// A census from its CSV.
    ///
    /// # Errors
    /// It is no census file, or one of another version; `name` is shown.
    pub fn from_csv(name: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let name = clean(name);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut records = reader.records();
        let header = match records.next() {
            None => bail!("{name} is empty: a census starts with the header facet,channel,key1,…"),
            Some(header) => header.with_context(|| format!("{name} is no census"))?,
        };
        check_header(&name, &header)?;
        let mut census = Self::default();
        for record in records {
            let record = record.with_context(|| format!("{name} cannot be read as a census"))?;
            let line = record.position().map_or(0, csv::Position::line);
            let (key, sums) = row(&record).with_context(|| format!("{name}:{line}"))?;
            if census.rows.contains_key(&key) {
                bail!(
                    "{name}:{line}: this row stands there twice (facet {}, channel {})",
                    key.facet.word(),
                    clean(&key.channel)
                );
            }
            census.rows.insert(key, sums);
        }
        let version = census.meta("version").next().map(|key| key.keys[1].clone());
        match version.as_deref() {
            Some(VERSION) => Ok(census),
            Some(other) => bail!(
                "{name} is a census of version {}; this program reads version {VERSION}: make it again with `chanfolio census`",
                clean(other)
            ),
            None => bail!("{name} has no row `meta,,version`: it is no whole census"),
        }
    }

    /// Keys of the meta rows of this name.
    pub(super) fn meta<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Key> {
        self.rows_of(Facet::Meta, "", name).map(|(key, _)| key)
    }

    /// Rows of a facet, channel and first key, in their order: they stand together.
    pub(super) fn rows_of(
        &self,
        facet: Facet,
        channel: &str,
        key1: &str,
    ) -> impl Iterator<Item = (&Key, &Sums)> + use<'_> {
        let first = Key::new(facet, channel, &[key1]);
        let (channel, key1) = (channel.to_owned(), key1.to_owned());
        let own = move |key: &Key| key.keys[0] == key1 && key.channel == channel && key.facet == facet;
        self.rows.range(first..).take_while(move |(key, _)| own(key))
    }
}

fn check_header(name: &str, header: &csv::StringRecord) -> anyhow::Result<()> {
    let expected: Vec<&str> = KEY_NAMES.iter().chain(&COLUMN_NAMES).copied().collect();
    let found: Vec<&str> = header.iter().collect();
    if found == expected {
        return Ok(());
    }
    if found.first() != Some(&"facet") {
        bail!(
            "{name} is no census: its first column is `{}`, a census starts with facet,channel,key1,…; logs are read with --usage",
            clean(found.first().unwrap_or(&""))
        );
    }
    let missing: Vec<&str> = expected.iter().filter(|c| !found.contains(c)).copied().collect();
    let unknown: Vec<String> = found.iter().filter(|c| !expected.contains(c)).map(|c| clean(c)).collect();
    let mut what = Vec::new();
    if !missing.is_empty() {
        what.push(format!("missing: {}", missing.join(", ")));
    }
    if !unknown.is_empty() {
        what.push(format!("unknown: {}", unknown.join(", ")));
    }
    if what.is_empty() {
        what.push("they stand in another order or twice".to_owned());
    }
    bail!("{name} is no census of version {VERSION}; its columns differ: {}", what.join("; "))
}

fn row(record: &csv::StringRecord) -> anyhow::Result<(Key, Sums)> {
    let expected = KEY_NAMES.len() + COLUMNS;
    if record.len() != expected {
        bail!("{} columns instead of {expected}", record.len());
    }
    let text = |i: usize| record.get(i).unwrap_or("");
    let facet =
        Facet::from_word(text(0)).with_context(|| format!("there is no facet `{}`", clean(text(0))))?;
    let keys = [text(2), text(3), text(4), text(5)].map(str::to_owned);
    let mut sums = Sums::default();
    for (i, (sum, column)) in sums.0.iter_mut().zip(COLUMN_NAMES).enumerate() {
        let written = text(KEY_NAMES.len() + i);
        *sum =
            written.parse::<i64>().ok().filter(|n| n.unsigned_abs() <= LARGEST.unsigned_abs()).with_context(
                || format!("column {column}: `{}` is no whole number that a census can hold", clean(written)),
            )?;
    }
    check_sums(&sums)?;
    if facet == Facet::Path && keys[0].is_empty() && sums[Column::Resolved] > sums[Column::Contacts] {
        bail!("more journeys resolved than there are; make the census again with `chanfolio census`");
    }
    if facet == Facet::Slot {
        check_slot(&keys)?;
    }
    Ok((Key { facet, channel: text(1).to_owned(), keys }, sums))
}

/// Only revenue can be less than nothing (refunds).
fn check_sums(sums: &Sums) -> anyhow::Result<()> {
    for (i, (sum, column)) in sums.0.iter().zip(COLUMN_NAMES).enumerate() {
        if *sum < 0 && i != Column::RevenueMinor as usize {
            bail!(
                "column {column}: `{sum}` is less than nothing; make the census again with `chanfolio census`"
            );
        }
    }
    Ok(())
}

/// A slot without a day or with an hour beyond the day would be in the totals and in no figure by time.
fn check_slot(keys: &[String; 4]) -> anyhow::Result<()> {
    let [day, hour, ..] = keys;
    if day.parse::<Date>().is_err() {
        bail!("key1: `{}` is no day, as in 2026-11-23", clean(day));
    }
    if !hour.is_empty() && !hour.parse::<u8>().is_ok_and(|h| h < 24) {
        bail!("key2: `{}` is no hour from 0 to 23", clean(hour));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(facet: &str, key1: &str, key2: &str, contacts: &str) -> Result<(Key, Sums), String> {
        let mut fields = vec![facet, "phone", key1, key2, "", "", contacts];
        fields.resize(KEY_NAMES.len() + COLUMNS, "0");
        row(&csv::StringRecord::from(fields)).map_err(|error| error.to_string())
    }

    #[test]
    fn each_sum_stops_at_the_largest_number_and_leaves_the_others_alone() {
        let ends = [i64::MIN, i64::MIN + 1, -7, 0, 7, i64::MAX - 1, i64::MAX];
        for a in ends {
            for b in ends {
                let (mut sums, mut more) = (Sums::default(), Sums::default());
                (sums.0[0], more.0[0]) = (3, 4);
                (sums.0[COLUMNS - 1], more.0[COLUMNS - 1]) = (a, b);
                sums.add(&more);
                assert_eq!((sums.0[0], sums.0[COLUMNS - 1]), (7, a.saturating_add(b)), "{a} + {b}");
            }
        }
    }

    #[test]
    fn a_tampered_census_with_negative_sums_is_refused() {
        assert!(read("use", "", "", "5").is_ok());
        let error = read("use", "", "", "-5").unwrap_err();
        assert!(error.starts_with("column contacts: `-5` is less than nothing"), "{error}");
    }

    #[test]
    fn a_tampered_census_with_a_slot_at_no_time_is_refused() {
        assert!(read("slot", "2026-11-23", "", "5").is_ok());
        assert!(read("slot", "2026-11-23", "23", "5").is_ok());
        assert_eq!(
            read("slot", "9999-99-99", "8", "5").unwrap_err(),
            "key1: `9999-99-99` is no day, as in 2026-11-23"
        );
        assert_eq!(read("slot", "2026-11-23", "24", "5").unwrap_err(), "key2: `24` is no hour from 0 to 23");
    }
}
