//! From contacts to the census table: an accumulator that takes outcomes, merges with another one
//! and is finished once. Owns what a row means; never reads a file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::criteria::Criteria;
use crate::criteria::kind::Unit;
use crate::inventory::{Channel, EpisodeKey, Inventory, Role, UsageEntry};
use crate::usage::{Counts, Moment, Outcome, Rejected, Row};

use super::contact::{Assembled, Contact, DAY_MS, Said, Talk, UNLISTED, assemble};
use super::episode::{self, Found, Node, Rules};
use super::histogram::bucket;
use super::merge::KEYS;
use super::promise::{Circumstances, ClockKind, Desk, Fate, Logged, Yardstick, target};
use super::table::{Census, Column, Facet, Key, Sums, VERSION};
use super::text::{TextId, Texts};

/// Which contacts are counted, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Only from this local day on.
    pub from: Option<Date>,
    /// Only up to and including this local day.
    pub to: Option<Date>,
}

impl Options {
    /// Whether a local day counts.
    #[must_use]
    pub fn hold(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// What has been seen of a usage entry.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// A row with a reason.
    reason: bool,
    /// A row that can stand in an episode.
    joinable: bool,
    /// A reply or a close.
    times: bool,
    /// A wait.
    waits: bool,
    /// A hand-over.
    transfer: bool,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.reason |= other.reason;
        self.joinable |= other.joinable;
        self.times |= other.times;
        self.waits |= other.waits;
        self.transfer |= other.transfer;
    }
}

/// A census being made.
pub struct Fold<'i> {
    inventory: &'i Inventory,
    criteria: &'i Criteria,
    options: Options,
    /// Inventory channels in the order of their ids' bytes.
    channels: Vec<&'i Channel>,
    /// Number in that order by inventory position.
    numbers: Vec<u32>,
    texts: Texts,
    rows: Vec<Contact>,
    aggregates: Vec<(Contact, Counts)>,
    rejected: BTreeMap<&'static str, i64>,
    ignored: BTreeMap<(String, String), i64>,
    entries: BTreeMap<u32, Seen>,
    /// By entry and channel.
    yardsticks: BTreeMap<(u32, u32), Yardstick>,
    end: Option<Moment>,
    first: Option<Date>,
    last: Option<Date>,
    read: i64,
    outside: i64,
    gaps: i64,
    folds: i64,
}

impl<'i> Fold<'i> {
    /// An empty census.
    #[must_use]
    pub fn new(inventory: &'i Inventory, criteria: &'i Criteria, options: Options) -> Self {
        let mut order: Vec<usize> = (0..inventory.channels.len()).collect();
        order.sort_by(|a, b| inventory.channels[*a].id.cmp(&inventory.channels[*b].id));
        let mut numbers = vec![UNLISTED; order.len()];
        for (number, at) in order.iter().enumerate() {
            numbers[*at] = u32::try_from(number).unwrap_or(UNLISTED);
        }
        Self {
            inventory,
            criteria,
            options,
            channels: order.into_iter().map(|at| &inventory.channels[at]).collect(),
            numbers,
            texts: Texts::default(),
            rows: Vec::new(),
            aggregates: Vec::new(),
            rejected: BTreeMap::new(),
            ignored: BTreeMap::new(),
            entries: BTreeMap::new(),
            yardsticks: BTreeMap::new(),
            end: None,
            first: None,
            last: None,
            read: 0,
            outside: 0,
            gaps: 0,
            folds: 0,
        }
    }

    /// Takes what became of one record.
    pub fn take(&mut self, outcome: Outcome<'_>) {
        match outcome {
            Outcome::Rejected(rejected) => {
                self.read += 1;
                *self.rejected.entry(rejected.cause).or_default() += 1;
            }
            Outcome::Ignored { column, value, at } => {
                let counts = match at {
                    Some(at) => self.reaches(&at),
                    None => {
                        self.read += 1;
                        true
                    }
                };
                if counts {
                    *self.ignored.entry((column.to_owned(), value.to_owned())).or_default() += 1;
                }
            }
            Outcome::Row(row) => {
                if self.reaches(&row.at) {
                    self.row(&row);
                }
            }
        }
    }

    /// Notes that a log of a usage entry (`None`: of none) has a column for a role, even if it is blank
    /// in every row: then a blank means "not yet" or "to nobody", not "nobody wrote it down".
    pub fn has_column(&mut self, entry: Option<usize>, role: Role) {
        let entry = u32::try_from(entry.unwrap_or(self.inventory.usage.len())).unwrap_or(u32::MAX);
        self.entries.entry(entry).or_default().add(Seen {
            reason: role == Role::Reason,
            joinable: false,
            times: matches!(role, Role::Replied | Role::Closed),
            waits: role == Role::Wait,
            transfer: role == Role::TransferredTo,
        });
    }

    /// Counts local times that fell into a clock gap and a fold.
    pub fn clock_changes(&mut self, gaps: u64, folds: u64) {
        self.gaps = self.gaps.saturating_add(i64::try_from(gaps).unwrap_or(i64::MAX));
        self.folds = self.folds.saturating_add(i64::try_from(folds).unwrap_or(i64::MAX));
    }

    /// Rows that count: contacts, unlisted labels among them, and steps of contacts.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.rows.len() + self.aggregates.len()
    }

    /// Rows read inside the period, rejected and ignored ones among them.
    #[must_use]
    pub fn read(&self) -> i64 {
        self.read
    }

    /// How many different values each label of the table has, with the column's word.
    #[must_use]
    pub fn variety(&self) -> [(&'static str, usize); 5] {
        type Label = (&'static str, fn(&Contact) -> TextId);
        let labels: [Label; 5] = [
            ("channel", |c| c.label),
            ("reason", |c| c.reason),
            ("touchpoint", |c| c.touchpoint),
            ("segment", |c| c.segment),
            ("transferred_to", |c| c.transferred_to),
        ];
        labels.map(|(word, label)| {
            let mut seen = vec![false; self.texts.len()];
            for contact in self.rows.iter().chain(self.aggregates.iter().map(|(contact, _)| contact)) {
                if let Some(seen) = seen.get_mut(label(contact) as usize) {
                    *seen = true;
                }
            }
            (word, seen.iter().filter(|s| **s).count())
        })
    }

    /// Rows outside `from` and `to`.
    #[must_use]
    pub fn outside(&self) -> i64 {
        self.outside
    }

    /// Whether a moment counts; the period and the end of the log stretch to it.
    fn reaches(&mut self, at: &Moment) -> bool {
        if !self.options.hold(at.date) {
            self.outside += 1;
            return false;
        }
        self.read += 1;
        self.stretch(Some(*at), Some(at.date), Some(at.date));
        true
    }

    fn stretch(&mut self, end: Option<Moment>, first: Option<Date>, last: Option<Date>) {
        self.end = self.end.max(end);
        self.first = self.first.into_iter().chain(first).min();
        self.last = self.last.max(last);
    }

    fn row(&mut self, row: &Row<'_>) {
        let number =
            row.channel.as_ref().ok().and_then(|at| self.numbers.get(*at)).copied().unwrap_or(UNLISTED);
        let contact = Contact::new(row, number, &mut self.texts);
        self.entries.entry(contact.entry).or_default().add(Seen {
            reason: contact.reason != 0,
            joinable: row.counts.is_none() && contact.customer != 0,
            times: row.replied.is_some() || row.closed.is_some(),
            waits: row.wait_ms.is_some(),
            transfer: contact.transferred_to != 0,
        });
        let yardstick = match (row.on_time, row.due) {
            (Some(_), _) => Yardstick::Flag,
            (None, Some(_)) => Yardstick::Due,
            (None, None) => Yardstick::Promise,
        };
        self.measured(contact.entry, contact.channel, yardstick);
        match row.counts {
            Some(counts) => self.aggregates.push((contact, counts)),
            None => self.rows.push(contact),
        }
    }

    fn measured(&mut self, entry: u32, channel: u32, yardstick: Yardstick) {
        let best = self.yardsticks.entry((entry, channel)).or_default();
        *best = yardstick.max(*best);
    }

    /// Takes everything another fold has taken.
    pub fn merge(&mut self, other: Self) {
        let moved = self.texts.absorb(&other.texts);
        self.rows.extend(other.rows.into_iter().map(|mut row| {
            row.renumber(&moved);
            row
        }));
        self.aggregates.extend(other.aggregates.into_iter().map(|(mut row, counts)| {
            row.renumber(&moved);
            (row, counts)
        }));
        for (cause, n) in other.rejected {
            *self.rejected.entry(cause).or_default() += n;
        }
        for (key, n) in other.ignored {
            *self.ignored.entry(key).or_default() += n;
        }
        for (entry, seen) in other.entries {
            self.entries.entry(entry).or_default().add(seen);
        }
        for ((entry, channel), yardstick) in other.yardsticks {
            self.measured(entry, channel, yardstick);
        }
        self.stretch(other.end, other.first, other.last);
        self.read += other.read;
        self.outside += other.outside;
        self.gaps = self.gaps.saturating_add(other.gaps);
        self.folds = self.folds.saturating_add(other.folds);
    }

    /// The table. Finds episodes, classes and steps: the same whatever the order of the rows.
    #[must_use]
    pub fn finish(mut self) -> Census {
        let (texts, moved) = std::mem::take(&mut self.texts).sorted();
        let mut rows = std::mem::take(&mut self.rows);
        let mut aggregates = std::mem::take(&mut self.aggregates);
        rows.iter_mut().for_each(|row| row.renumber(&moved));
        aggregates.iter_mut().for_each(|(row, _)| row.renumber(&moved));

        let talk = Talk {
            within_ms: i64::from(self.criteria.defaults.conversation_hours) * 3_600_000,
            conversational: &|c| self.channels.get(c as usize).is_some_and(|c| c.kind.conversational),
        };
        let assembled = assemble(rows, &talk);
        let fates = self.fates(&assembled.contacts);
        let by_reason = self.episode_key() == EpisodeKey::CustomerAndReason;

        let mut table = Table { channels: &self.channels, texts: &texts, census: Census::default() };
        table.volumes(&assembled.contacts, &fates);
        table.aggregates(&aggregates);
        if let Some(end) = self.end {
            let found = self.episodes(&assembled.contacts, &fates, &texts, end, by_reason);
            table.episodes(&found);
            table.meta("heavy-ids", "", found.heavy);
        }
        self.findings(&mut table, &assembled);
        self.meta(&mut table, &assembled);
        table.census
    }

    fn window_days(&self) -> u32 {
        self.inventory.episodes.window_days.unwrap_or(self.criteria.defaults.window_days)
    }

    fn circumstances(&self, end: Moment) -> Circumstances {
        // Whole milliseconds of a setting; `as` saturates.
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
        let short_ms = (self.criteria.defaults.short_abandon_s * 1000.0).round() as i64;
        Circumstances { end, short_ms, patience_ms: i64::from(self.window_days()).saturating_mul(DAY_MS) }
    }

    fn fates(&self, contacts: &[Contact]) -> Vec<Fate> {
        let Some(end) = self.end else { return Vec::new() };
        let about = self.circumstances(end);
        let mut desks: Vec<Desk<'_>> = self.channels.iter().map(|c| Desk::new(self.inventory, c)).collect();
        let nobody = Fate {
            answered: Said::Unknown,
            abandoned: Said::Unknown,
            wait_ms: None,
            kept: Said::Unknown,
            abandoned_in_promise: false,
            abandoned_short: false,
        };
        contacts
            .iter()
            .map(|contact| {
                let yardstick = self.yardsticks.get(&(contact.entry, contact.channel)).copied();
                let logged = Logged {
                    times: self.entry_has(contact.entry, |s| s.times, &[Role::Replied, Role::Closed]),
                    waits: self.entry_has(contact.entry, |s| s.waits, &[Role::Wait]),
                    yardstick: yardstick.unwrap_or_default(),
                };
                desks
                    .get_mut(contact.channel as usize)
                    .map_or(nobody, |desk| desk.fate(contact, logged, &about))
            })
            .collect()
    }

    /// Whether a usage entry has a column for one of these roles: the inventory names it, or some row
    /// had a value.
    fn entry_has(&self, entry: u32, seen: impl Fn(&Seen) -> bool, roles: &[Role]) -> bool {
        self.entries.get(&entry).is_some_and(seen)
            || self.inventory.usage.get(entry as usize).is_some_and(|e| {
                e.columns.iter().any(|(r, _)| roles.contains(r))
                    || e.fixed.iter().any(|(r, _)| roles.contains(r))
            })
    }

    /// As configured; else by customer and reason where every usage entry whose rows can stand in an
    /// episode has reasons, else by customer.
    fn episode_key(&self) -> EpisodeKey {
        if let Some(key) = self.inventory.episodes.key {
            return key;
        }
        let mut joinable = self.entries.iter().filter(|(_, seen)| seen.joinable).peekable();
        let any = joinable.peek().is_some();
        if any && joinable.all(|(entry, _)| self.entry_has(*entry, |s| s.reason, &[Role::Reason])) {
            EpisodeKey::CustomerAndReason
        } else {
            EpisodeKey::Customer
        }
    }

    fn windows(&self) -> Vec<u32> {
        let configured = self.window_days();
        let mut windows = vec![configured];
        for days in &self.criteria.defaults.sensitivity_days {
            if !windows.contains(days) {
                windows.push(*days);
            }
        }
        windows
    }

    fn episodes(
        &self,
        contacts: &[Contact],
        fates: &[Fate],
        texts: &Texts,
        end: Moment,
        by_reason: bool,
    ) -> Found {
        let expected: BTreeMap<&str, u32> = self
            .inventory
            .touchpoints
            .iter()
            .filter(|t| t.expected_contacts > 1)
            .map(|t| (t.id.as_str(), t.expected_contacts))
            .collect();
        let touchpoints: BTreeSet<TextId> = contacts.iter().map(|c| c.touchpoint).collect();
        let rules = Rules {
            windows: self.windows(),
            by_reason,
            heavy_contacts: self.criteria.defaults.heavy_contacts,
            end,
            expected: touchpoints
                .into_iter()
                .filter_map(|id| expected.get(texts.get(id)).map(|k| (id, *k)))
                .collect(),
            is_contact: &|c| self.channels.get(c as usize).is_some_and(|c| c.kind.unit == Unit::Contact),
            tells_containment: &|c, entry| {
                self.channels.get(c as usize).is_some_and(|c| c.kind.is_automated())
                    && self.entry_has(entry, |s| s.transfer, &[Role::TransferredTo])
            },
            sums: &|i| contact_sums(&contacts[i], &fates[i]),
        };
        episode::find(contacts, fates, &rules)
    }

    fn findings(&self, table: &mut Table<'_>, assembled: &Assembled) {
        for (cause, n) in &self.rejected {
            table.census.count(Key::new(Facet::Rejected, "", &[cause]), *n);
        }
        for ((column, value), n) in &self.ignored {
            table.census.count(Key::new(Facet::Ignored, "", &[column, value]), *n);
        }
        for ((channel, label), n) in &assembled.duplicates {
            let (channel, label) = (table.channel(*channel), table.texts.get(*label));
            table.census.count(Key::new(Facet::Duplicate, channel, &["contact_id", label]), *n);
        }
    }

    fn meta(&self, table: &mut Table<'_>, assembled: &Assembled) {
        table.meta("version", VERSION, 0);
        table.meta("zone", &self.inventory.organisation.timezone_name, 0);
        if let (Some(first), Some(last)) = (self.first, self.last) {
            let key = Key::new(Facet::Meta, "", &["period", &first.to_string(), &last.to_string()]);
            table.census.count(key, 0);
        }
        table.meta("window", &self.window_days().to_string(), 0);
        for days in self.windows().iter().skip(1) {
            table.meta("sensitivity", &days.to_string(), 0);
        }
        let given = if self.inventory.episodes.key.is_some() { "configured" } else { "default" };
        let key = Key::new(Facet::Meta, "", &["episode-key", key_word(self.episode_key()), given]);
        table.census.count(key, 0);
        for channel in &self.channels {
            if let Some((promise, source)) = promise_words(channel) {
                let key = Key::new(Facet::Meta, "", &["promise", &channel.id, &promise, source]);
                table.census.count(key, 0);
            }
        }
        for (at, entry) in self.inventory.usage.iter().enumerate() {
            if let Some((low, high)) = entry.satisfaction_scale {
                let key = Key::new(Facet::Meta, "", &["scale", &at.to_string(), &format!("{low}..{high}")]);
                table.census.count(key, 0);
            }
        }
        table.meta("usage-digest", &digest(self.inventory), 0);
        table.meta("rows-read", &self.read.to_string(), self.read);
        table.meta("rows-outside", "", self.outside);
        table.meta("clock-gaps", "", self.gaps);
        table.meta("clock-folds", "", self.folds);
        for (why, n) in &assembled.merged {
            table.meta("merged-rows", why, *n);
        }
        table.meta("orphan-continuations", "", assembled.orphans);
        self.reasons(table, &assembled.contacts);
        for (channel, n) in count_by(&assembled.contacts, |c| c.customer == 0 && c.conversation != 0) {
            let id = table.channel(channel).to_owned();
            table.meta("conversation-only", &id, n);
        }
    }

    /// The facts behind the advice to cut episodes by customer: identified contacts without a reason,
    /// and pairs of channels that share few of their reason values (of the shorter list of the two).
    fn reasons(&self, table: &mut Table<'_>, contacts: &[Contact]) {
        let mut blank = Sums::default();
        let mut values: BTreeMap<u32, BTreeSet<TextId>> = BTreeMap::new();
        for contact in
            contacts.iter().filter(|c| c.customer != 0 && c.channel != UNLISTED && c.begun_by_customer())
        {
            blank[Column::Identified] += 1;
            if contact.reason == 0 {
                blank[Column::Contacts] += 1;
            } else {
                values.entry(contact.channel).or_default().insert(contact.reason);
            }
        }
        table.census.add(Key::new(Facet::Meta, "", &["reason-blank"]), &blank);
        let least = self.criteria.defaults.number("shared_reasons");
        let channels: Vec<(&u32, &BTreeSet<TextId>)> = values.iter().collect();
        for (at, (a, of_a)) in channels.iter().enumerate() {
            for (b, of_b) in channels.iter().skip(at + 1) {
                let shared = of_a.intersection(of_b).count();
                let shorter = of_a.len().min(of_b.len());
                #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
                if (shared as f64) < least * shorter as f64 {
                    let (a, b) = (table.channel(**a).to_owned(), table.channel(**b).to_owned());
                    let key = Key::new(Facet::Meta, "", &["reasons-shared", &a, &b, &shorter.to_string()]);
                    table.census.count(key, i64::try_from(shared).unwrap_or(i64::MAX));
                }
            }
        }
    }
}

fn count_by(contacts: &[Contact], holds: impl Fn(&Contact) -> bool) -> BTreeMap<u32, i64> {
    let mut counts = BTreeMap::new();
    for contact in contacts.iter().filter(|c| c.channel != UNLISTED && holds(c)) {
        *counts.entry(contact.channel).or_default() += 1;
    }
    counts
}

/// The sums of one contact.
fn contact_sums(contact: &Contact, fate: &Fate) -> Sums {
    let mut sums = flags(contact, 1);
    sums[Column::Identified] = i64::from(contact.customer != 0);
    if let Some(answered) = fate.answered.known() {
        sums[Column::AnsweredKnown] = 1;
        sums[Column::Answered] = i64::from(answered);
    }
    sums[Column::Abandoned] = i64::from(fate.abandoned == Said::Yes);
    sums[Column::AbandonedInPromise] = i64::from(fate.abandoned_in_promise);
    sums[Column::AbandonedShort] = i64::from(fate.abandoned_short);
    if let Some(wait) = fate.wait_ms {
        sums[Column::WaitMs] = wait;
        sums[Column::WaitKnown] = 1;
        if fate.answered == Said::Yes {
            sums[Column::WaitAnsweredMs] = wait;
            sums[Column::WaitAnsweredKnown] = 1;
        }
    }
    if let Some(handle) = handled(contact, fate) {
        sums[Column::HandleMs] = handle;
        sums[Column::HandleKnown] = 1;
    }
    if let Some(resolved) = contact.resolved.known() {
        sums[Column::ResolvedKnown] = 1;
        sums[Column::Resolved] = i64::from(resolved);
    }
    if let Some(kept) = fate.kept.known() {
        sums[Column::PromiseKnown] = 1;
        sums[Column::PromiseKept] = i64::from(kept);
    }
    sums
}

/// Handling: who gave up was not handled, whatever a telephone system writes beside the hang-up.
fn handled(contact: &Contact, fate: &Fate) -> Option<i64> {
    contact.handle_ms.filter(|_| fate.abandoned != Said::Yes)
}

/// What a row says of each of its n contacts alike.
fn flags(contact: &Contact, n: i64) -> Sums {
    let mut sums = Sums::default();
    let yes = |said: Said| if said == Said::Yes { n } else { 0 };
    let known = |said: Said| if said == Said::Unknown { 0 } else { n };
    sums[Column::Contacts] = n;
    sums[Column::Satisfied] = yes(contact.satisfied);
    sums[Column::SatisfactionKnown] = known(contact.satisfied);
    if let Some(nps) = contact.nps {
        sums[Column::NpsKnown] = n;
        sums[Column::Promoters] = if nps >= 9 { n } else { 0 };
        sums[Column::Detractors] = if nps <= 6 { n } else { 0 };
    }
    sums[Column::Transferred] = if contact.transferred_to == 0 { 0 } else { n };
    sums[Column::Opened] = yes(contact.opened);
    sums[Column::OpenedKnown] = known(contact.opened);
    sums[Column::OptedOut] = yes(contact.opted_out);
    sums[Column::Repeated] = yes(contact.repeated);
    sums[Column::RepeatedKnown] = known(contact.repeated);
    // Money of an aggregated row is the money of the whole row.
    if let Some(cost) = contact.cost_minor {
        sums[Column::CostMinor] = cost;
        sums[Column::CostKnown] = n;
    }
    if let Some(revenue) = contact.revenue_minor {
        sums[Column::RevenueMinor] = revenue;
        sums[Column::RevenueKnown] = n;
    }
    sums
}

/// The sums of an aggregated row: answered, abandoned and resolved are counts, wait and handle means
/// per contact. Its contacts have no id of their own, so none is identified.
fn aggregate_sums(contact: &Contact, counts: &Counts) -> Sums {
    let n = counts.contacts.max(0);
    let mut sums = flags(contact, n);
    let within = |count: i64| count.clamp(0, n);
    if let Some(answered) = counts.answered {
        sums[Column::AnsweredKnown] = n;
        sums[Column::Answered] = within(answered);
    }
    sums[Column::Abandoned] = within(counts.abandoned.unwrap_or(0));
    if let Some(resolved) = counts.resolved {
        sums[Column::ResolvedKnown] = n;
        sums[Column::Resolved] = within(resolved);
    }
    if let Some(wait) = contact.wait_ms {
        sums[Column::WaitMs] = wait.saturating_mul(n);
        sums[Column::WaitKnown] = n;
        // The mean of the answered is known only where all were answered.
        if counts.answered.is_some_and(|answered| answered >= n) {
            sums[Column::WaitAnsweredMs] = sums[Column::WaitMs];
            sums[Column::WaitAnsweredKnown] = n;
        }
    }
    if let Some(handle) = contact.handle_ms {
        sums[Column::HandleMs] = handle.saturating_mul(n);
        sums[Column::HandleKnown] = n;
    }
    if let Some(kept) = contact.on_time.known() {
        sums[Column::PromiseKnown] = n;
        sums[Column::PromiseKept] = if kept { n } else { 0 };
    }
    sums
}

/// The table while it is written: numbers become words here.
struct Table<'a> {
    channels: &'a [&'a Channel],
    texts: &'a Texts,
    census: Census,
}

impl<'a> Table<'a> {
    fn channel(&self, number: u32) -> &'a str {
        self.channels.get(number as usize).map_or("", |c| c.id.as_str())
    }

    fn meta(&mut self, name: &str, value: &str, number: i64) {
        self.census.count(Key::new(Facet::Meta, "", &[name, value]), number);
    }

    /// Facets slot, use, wait, handle, transfer and unlisted.
    fn volumes(&mut self, contacts: &[Contact], fates: &[Fate]) {
        let mut cells = Cells::default();
        for (contact, fate) in contacts.iter().zip(fates) {
            if contact.channel == UNLISTED {
                let label = self.texts.get(contact.label);
                self.census.count(Key::new(Facet::Unlisted, "", &[label]), 1);
                continue;
            }
            let sums = contact_sums(contact, fate);
            cells.add(contact, &sums);
            let end = if fate.abandoned == Said::Yes {
                "abandoned"
            } else if fate.answered == Said::Yes {
                "answered"
            } else {
                ""
            };
            for (facet, ms) in [(Facet::Wait, fate.wait_ms), (Facet::Handle, handled(contact, fate))] {
                if let Some(ms) = ms {
                    let key = (facet, contact.channel, bucket(ms), end, contact.touchpoint);
                    *cells.histogram.entry(key).or_default() += 1;
                }
            }
            if contact.transferred_to != 0 {
                *cells.transfer.entry((contact.channel, contact.transferred_to)).or_default() += 1;
            }
        }
        self.write(cells);
    }

    /// Aggregated rows: slot and use alone.
    fn aggregates(&mut self, aggregates: &[(Contact, Counts)]) {
        let mut cells = Cells::default();
        for (contact, counts) in aggregates {
            if contact.channel == UNLISTED {
                let label = self.texts.get(contact.label);
                self.census.count(Key::new(Facet::Unlisted, "", &[label]), counts.contacts.max(0));
                continue;
            }
            cells.add(contact, &aggregate_sums(contact, counts));
        }
        self.write(cells);
    }

    fn write(&mut self, cells: Cells) {
        for ((channel, date, hour), sums) in &cells.slot {
            let hour = hour.map(|h| h.to_string()).unwrap_or_default();
            let key = Key::new(Facet::Slot, self.channel(*channel), &[&date.to_string(), &hour]);
            self.census.add(key, sums);
        }
        for ((channel, [touchpoint, reason, segment], direction), sums) in &cells.uses {
            let text = |id: &TextId| self.texts.get(*id);
            let keys = [text(touchpoint), text(reason), text(segment), direction];
            self.census.add(Key::new(Facet::Use, self.channel(*channel), &keys), sums);
        }
        for ((facet, channel, bucket, end, touchpoint), n) in cells.histogram {
            let keys = [&bucket.to_string(), end, self.texts.get(touchpoint)];
            self.census.count(Key::new(facet, self.channel(channel), &keys), n);
        }
        for ((channel, to), n) in cells.transfer {
            let key = Key::new(Facet::Transfer, self.channel(channel), &[self.texts.get(to)]);
            self.census.count(key, n);
        }
    }

    /// Facets followup, step, entry, reach and customers.
    fn episodes(&mut self, found: &Found) {
        for ((channel, window, touchpoint, reason, class), n) in &found.followup {
            let keys =
                [&window.to_string(), self.texts.get(*touchpoint), self.texts.get(*reason), class.word()];
            self.census.count(Key::new(Facet::Followup, self.channel(*channel), &keys), *n);
        }
        for ((from, to, window, reason), n) in &found.steps {
            let keys = [self.node(*to), &window.to_string(), self.texts.get(*reason)];
            self.census.count(Key::new(Facet::Step, self.node(*from), &keys), *n);
        }
        for ((channel, own, touchpoint), sums) in &found.entry {
            let keys = [self.channel(*own), self.texts.get(*touchpoint)];
            self.census.add(Key::new(Facet::Entry, self.channel(*channel), &keys), sums);
        }
        for ((channel, touchpoint), (episodes, resolved)) in &found.entered {
            let mut sums = Sums::default();
            sums[Column::Contacts] = *episodes;
            sums[Column::Resolved] = *resolved;
            sums[Column::ResolvedKnown] = *episodes;
            let keys = ["", self.texts.get(*touchpoint)];
            self.census.add(Key::new(Facet::Entry, self.channel(*channel), &keys), &sums);
        }
        for ((channel, segment), n) in &found.reach {
            let channel = channel.map_or("", |c| self.channel(c));
            self.census.count(Key::new(Facet::Reach, channel, &[self.texts.get(*segment)]), *n);
        }
        for ((channel, segment, who), n) in &found.customers {
            let channel = channel.map_or("", |c| self.channel(c));
            let keys = [self.texts.get(*segment), who.word()];
            self.census.count(Key::new(Facet::Customers, channel, &keys), *n);
        }
    }

    fn node(&self, node: Node) -> &'a str {
        match node {
            Node::Start => "START",
            Node::Channel(number) => self.channel(number),
            Node::Resolved => "RESOLVED",
            Node::Unresolved => "UNRESOLVED",
        }
    }
}

/// Volumes by numbers, before they become words.
#[derive(Default)]
struct Cells {
    slot: BTreeMap<(u32, Date, Option<u8>), Sums>,
    uses: BTreeMap<(u32, [TextId; 3], &'static str), Sums>,
    histogram: BTreeMap<(Facet, u32, u32, &'static str, TextId), i64>,
    transfer: BTreeMap<(u32, TextId), i64>,
}

impl Cells {
    fn add(&mut self, contact: &Contact, sums: &Sums) {
        self.slot.entry((contact.channel, contact.at.date, contact.at.hour)).or_default().add(sums);
        let why = [contact.touchpoint, contact.reason, contact.segment];
        self.uses.entry((contact.channel, why, contact.direction.word())).or_default().add(sums);
    }
}

/// The word of an episode key.
pub(super) fn key_word(key: EpisodeKey) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, word)| word)
}

/// A channel's promise in words, and whether it is its own or its kind's usual one.
pub(super) fn promise_words(channel: &Channel) -> Option<(String, &'static str)> {
    let target = target(channel)?;
    let clock = match target.clock {
        ClockKind::Open => "open",
        ClockKind::Always => "always",
    };
    let source = if target.declared { "declared" } else { "default" };
    Some((format!("{} within {} ms {clock}", target.share, target.within_ms), source))
}

/// A digest of everything that decides how logs are read: the usage part, channel labels and kinds,
/// touchpoints. 64-bit FNV-1a: it tells an old census from a new inventory, and guards no secret.
pub(super) fn digest(inventory: &Inventory) -> String {
    let mut text = String::new();
    for entry in &inventory.usage {
        text.push_str(&entry_text(entry));
    }
    for channel in &inventory.channels {
        text.push_str(&format!("{:?}", (&channel.id, &channel.kind.id, &channel.aliases)));
    }
    for touchpoint in &inventory.touchpoints {
        text.push_str(&format!("{:?}", (&touchpoint.id, touchpoint.expected_contacts)));
    }
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A usage entry without its places in the file: moving a line changes nothing.
fn entry_text(entry: &UsageEntry) -> String {
    let columns: Vec<_> = entry
        .columns
        .iter()
        .map(|(role, of)| {
            let names: Vec<&str> = of.columns.iter().map(|c| c.value.as_str()).collect();
            (role, names, &of.yes, &of.no)
        })
        .collect();
    let format = entry.time_format.as_ref().map(|f| f.value.as_str());
    format!(
        "{:?}{:?}{:?}{:?}",
        (&entry.path.value, columns, &entry.fixed, format),
        (&entry.unknown, &entry.touchpoint_values, &entry.reason_values),
        (&entry.ignore, entry.row_is),
        entry.satisfaction_scale,
    )
}

/// Keeps rejected rows for people: the first few, and all of them where a file was asked for.
#[derive(Debug, Default)]
pub struct Rejects {
    /// How many.
    pub count: u64,
    /// The first few of each cause.
    pub shown: Vec<Rejected>,
}

/// Rejected rows of each cause that are shown.
const SHOWN: usize = 3;

impl Rejects {
    /// Counts a rejected row; the first few of each cause are kept.
    pub fn add(&mut self, rejected: &Rejected) {
        self.count += 1;
        if self.shown.iter().filter(|r| r.cause == rejected.cause).count() < SHOWN {
            self.shown.push(rejected.clone());
        }
    }
}
