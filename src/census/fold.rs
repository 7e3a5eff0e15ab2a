//! From rows to a census: an accumulator that takes the outcomes of a log scan, merges with another one and
//! is finished once. Owns what is known while logs are still being read: rows that wait, labels, what each
//! log says at all, the period. What rows mean together is decided in `finish`.

use std::collections::BTreeMap;
use std::io;

use hashbrown::HashSet;
use jiff::civil::Date;

use crate::criteria::Criteria;
use crate::inventory::{Channel, EpisodeKey, Inventory, Role};
use crate::usage::{Moment, Outcome, Rejected, Repeat, Row};

use super::at_once::AtOnce;
use super::cells::Cells;
use super::contact::{Contact, DAY_MS, Names, UNLISTED};
use super::known::Known;
use super::like::{Like, Short};
use super::packed::pack;
use super::promise::Yardstick;
use super::shapes::Shapes;
use super::shuffle::{CHUNK, Shuffle, Spare};
use super::sums::aggregate_sums;
use super::table::{Census, Facets};
use super::text::{TextId, Texts};

/// Which contacts are counted, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Only from this local day on.
    pub from: Option<Date>,
    /// Only up to and including this local day.
    pub to: Option<Date>,
    /// Bytes of rows held in memory before they wait in a temporary file; `None`: [`MEMORY`].
    pub memory: Option<usize>,
    /// Which facets the table shall hold.
    pub facets: Facets,
}

/// Bytes of rows held in memory where nobody said how many.
pub const MEMORY: usize = 80 << 20;

impl Options {
    /// Whether a local day counts.
    #[must_use]
    pub fn hold(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// What has been seen of a usage entry.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// A row with a reason.
    pub(super) reason: bool,
    /// A row that can stand in an episode.
    pub(super) joinable: bool,
    /// A reply or a close.
    pub(super) times: bool,
    /// A wait.
    pub(super) waits: bool,
    /// A hand-over.
    pub(super) transfer: bool,
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

/// Where rows wait for those that share their key: each stage sees all rows of a key together, joins them,
/// and hands what stands to a later stage.
#[derive(Debug, Default)]
pub(super) struct Stages {
    /// Rows with an id of their own, by that id: repetitions fall out.
    pub(super) by_id: Shuffle,
    /// Steps, by case.
    pub(super) by_case: Shuffle,
    /// Rows of a conversation.
    pub(super) by_conversation: Shuffle,
    /// Contacts, by customer; those without one lie anywhere.
    pub(super) by_customer: Shuffle,
    /// What those of them are like that repeat one another.
    pub(super) shapes: Shapes,
    /// Memory of rows that are on disk, for those that come.
    spare: Spare,
}

impl Stages {
    /// Puts a row where it has to go first.
    pub(super) fn deal(&mut self, contact: &Contact, names: &Names<'_>) {
        let (stage, part) = if !names.id.is_empty() && names.case.is_empty() {
            (&mut self.by_id, Shuffle::part_of(&[names.id.as_bytes()]))
        } else if !names.case.is_empty() {
            let key = [&contact.entry.to_le_bytes(), names.case.as_bytes()];
            (&mut self.by_case, Shuffle::part_of(&key))
        } else {
            return self.deal_joined(contact, names);
        };
        stage.deal(part, &mut self.spare, |out| pack(contact, names, out));
    }

    /// Puts a row that is no repetition and no step where it has to go next.
    pub(super) fn deal_joined(&mut self, contact: &Contact, names: &Names<'_>) {
        if names.conversation.is_empty() {
            return self.deal_contact(contact, names);
        }
        let part = Shuffle::part_of(&[&contact.entry.to_le_bytes(), names.conversation.as_bytes()]);
        self.by_conversation.deal(part, &mut self.spare, |out| pack(contact, names, out));
    }

    /// Puts a contact where its customer's are.
    pub(super) fn deal_contact(&mut self, contact: &Contact, names: &Names<'_>) {
        let part = Self::part_of(names.customer, &contact.at);
        self.by_customer.deal(part, &mut self.spare, |out| pack(contact, names, out));
    }

    /// The same of one that is like others, if it can be said in few bytes.
    fn deal_like(&mut self, like: &Like<'_>) -> bool {
        let Some(short) = Short::of(like) else { return false };
        let part = Self::part_of(like.customer, &like.at);
        self.by_customer.deal(part, &mut self.spare, |out| short.pack(out));
        true
    }

    /// Where the contacts of a customer are; those of nobody may be anywhere.
    fn part_of(customer: &str, at: &Moment) -> usize {
        if customer.is_empty() {
            Shuffle::part_of(&[&at.unix_ms.to_le_bytes()])
        } else {
            Shuffle::part_of(&[customer.as_bytes()])
        }
    }

    /// Gives back what is kept for rows that come: there are no more.
    pub(super) fn close(&mut self) {
        self.spare = Spare::new();
    }

    /// Writes rows to disk where they take more memory than allowed; and, however little is allowed, more than the list
    /// of what is there already, which would outgrow them otherwise.
    pub(super) fn keep_within(&mut self, memory: usize) -> io::Result<()> {
        let all = [&mut self.by_id, &mut self.by_case, &mut self.by_conversation, &mut self.by_customer];
        let (held, listed) =
            all.iter().fold((0, 0), |(held, listed), stage| (held + stage.held(), listed + stage.listed()));
        if held <= memory.max(listed) {
            return Ok(());
        }
        all.into_iter()
            .filter(|stage| stage.held() > 0)
            .try_for_each(|stage| stage.spill(&mut self.spare))?;
        self.spare.truncate(memory / CHUNK);
        Ok(())
    }
}

/// A row that continues another one, with ids of its own.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) contact: Contact,
    pub(super) names: [String; 5],
}

impl Link {
    pub(super) fn new(contact: Contact, names: &Names<'_>) -> Self {
        let names = [names.customer, names.conversation, names.continues, names.id, names.case];
        Self { contact, names: names.map(str::to_owned) }
    }

    pub(super) fn names(&self) -> Names<'_> {
        let [customer, conversation, continues, id, case] = &self.names;
        Names { customer, conversation, continues, id, case }
    }
}

/// The labels of the table, of which there may not be too many different ones.
pub(super) const LABELS: [&str; 5] = ["channel", "reason", "touchpoint", "segment", "transferred_to"];

/// A census being made.
pub struct Fold<'i> {
    pub(super) inventory: &'i Inventory,
    pub(super) criteria: &'i Criteria,
    pub(super) options: Options,
    /// Inventory channels in the order of their ids' bytes.
    pub(super) channels: Vec<&'i Channel>,
    /// Number in that order by inventory position.
    numbers: Vec<u32>,
    pub(super) texts: Texts,
    pub(super) stages: Stages,
    /// Rows of merged folds, with the number that each of their labels has here.
    pub(super) others: Vec<(Vec<TextId>, Stages)>,
    /// Rows that continue another one and have no id or case by which they must be looked at first.
    pub(super) links: Vec<Link>,
    /// Ids that some row continues.
    pub(super) wanted: HashSet<String>,
    pub(super) aggregates: Cells,
    /// Counts what can be counted before all is read.
    pub(super) at_once: Option<AtOnce<'i>>,
    /// Whether rows of the log being read may be counted so.
    stands_alone: bool,
    /// Patterns of rows.
    known: Known,
    pub(super) rejected: BTreeMap<&'static str, i64>,
    pub(super) ignored: BTreeMap<(String, String), i64>,
    /// By usage entry; the last of all for logs of none.
    entries: Vec<Seen>,
    /// By entry and channel, unlisted ones last.
    yardsticks: Vec<Yardstick>,
    /// By label role: which texts it had.
    variety: [Vec<bool>; 5],
    pub(super) end: Option<Moment>,
    pub(super) first: Option<Date>,
    pub(super) last: Option<Date>,
    /// Of the row that counted last.
    day: Option<Date>,
    accepted: usize,
    /// Of these, how many there were when patterns were last left because so many rows had been counted by them.
    settled: usize,
    pub(super) read: i64,
    pub(super) outside: i64,
    pub(super) gaps: i64,
    pub(super) folds: i64,
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
        let mut fold = Self {
            inventory,
            criteria,
            options,
            channels: order.into_iter().map(|at| &inventory.channels[at]).collect(),
            numbers,
            texts: Texts::default(),
            stages: Stages::default(),
            others: Vec::new(),
            links: Vec::new(),
            wanted: HashSet::new(),
            aggregates: Cells::new(options.facets),
            at_once: None,
            stands_alone: false,
            known: Known::default(),
            rejected: BTreeMap::new(),
            ignored: BTreeMap::new(),
            entries: vec![Seen::default(); inventory.usage.len() + 1],
            yardsticks: vec![
                Yardstick::default();
                (inventory.usage.len() + 1) * (inventory.channels.len() + 1)
            ],
            variety: Default::default(),
            end: None,
            first: None,
            last: None,
            day: None,
            accepted: 0,
            settled: 0,
            read: 0,
            outside: 0,
            gaps: 0,
            folds: 0,
        };
        fold.at_once = AtOnce::new(&fold);
        fold
    }

    /// Says of the log that is read next whether all logs of its usage entry measure channels by their
    /// promises: without a flag "in time" and without due dates, what a row counts can be known at once.
    pub fn stands_alone(&mut self, yes: bool) {
        self.stands_alone = yes;
    }

    /// Takes one outcome.
    pub fn take(&mut self, outcome: &Outcome<'_>) {
        match outcome {
            Outcome::Rejected(rejected) => {
                self.read += 1;
                *self.rejected.entry(rejected.cause).or_default() += 1;
            }
            Outcome::Ignored { column, value, at } => {
                let counts = match at {
                    Some(at) => self.reaches(at),
                    None => {
                        self.read += 1;
                        true
                    }
                };
                if counts {
                    *self.ignored.entry(((*column).to_owned(), (*value).to_owned())).or_default() += 1;
                }
            }
            Outcome::Row(row) => {
                if self.reaches(&row.at) {
                    self.row(row);
                }
            }
            Outcome::Repeat(repeat) => self.repeat(repeat),
        }
    }

    /// Puts rows aside on disk where they take more memory than one of so many folds is allowed.
    ///
    /// # Errors
    /// There is no room on disk.
    pub fn keep_within_memory(&mut self, folds: usize) -> io::Result<()> {
        // Rows that count alike are counted in 32 bits, and no block holds half as many.
        if self.accepted - self.settled > 1 << 30 {
            self.settled = self.accepted;
            self.known.leave();
        }
        let memory = self.options.memory.unwrap_or(MEMORY) / folds.max(1);
        self.stages.keep_within(memory)
    }

    /// Notes that a log of a usage entry (`None`: of none) has a column for a role, even if it is blank
    /// in every row: then a blank means "not yet" or "to nobody", not "nobody wrote it down".
    pub fn has_column(&mut self, entry: Option<usize>, role: Role) {
        let Some(seen) = self.entries.get_mut(entry.unwrap_or(self.inventory.usage.len())) else { return };
        seen.add(Seen {
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
        self.accepted
    }

    /// Rows read inside the period, rejected and ignored ones among them.
    #[must_use]
    pub fn read(&self) -> i64 {
        self.read
    }

    /// How many different labels there are in all.
    #[must_use]
    pub fn labels(&self) -> usize {
        self.texts.len()
    }

    /// How many different values each label of the table has, with the column's word.
    #[must_use]
    pub fn variety(&self) -> [(&'static str, usize); 5] {
        let mut all = LABELS.map(|word| (word, 0));
        for ((_, n), seen) in all.iter_mut().zip(&self.variety) {
            *n = seen.iter().filter(|s| **s).count();
        }
        all
    }

    /// Rows outside `from` and `to`.
    #[must_use]
    pub fn outside(&self) -> i64 {
        self.outside
    }

    /// Whether a moment counts; the period and the end of the log stretch to it.
    #[inline(always)]
    fn reaches(&mut self, at: &Moment) -> bool {
        // Most rows are of the same day as the one before, and where rows come in order each is the end so far.
        if let (Some(end), true) = (&mut self.end, self.day == Some(at.date)) {
            self.read += 1;
            if *at > *end {
                // Part by part: a core waits for what it has just written when it reads it in other parts.
                (end.unix_ms, end.date, end.hour) = (at.unix_ms, at.date, at.hour);
            }
            return true;
        }
        if !self.options.hold(at.date) {
            self.outside += 1;
            return false;
        }
        self.read += 1;
        self.day = Some(at.date);
        self.stretch(Some(*at), Some(at.date), Some(at.date));
        true
    }

    fn stretch(&mut self, end: Option<Moment>, first: Option<Date>, last: Option<Date>) {
        self.end = self.end.max(end);
        self.first = self.first.into_iter().chain(first).min();
        self.last = self.last.max(last);
    }

    #[inline(never)]
    fn row(&mut self, row: &Row<'_>) {
        let names = Names::of(row);
        let mut contact = self.contact(row, &names);
        self.accepted += 1;
        if let Some(counts) = row.counts {
            self.aggregates.add(&contact, &aggregate_sums(&contact, &counts));
            return;
        }
        if self.stands_alone && self.at_once.as_mut().is_some_and(|now| now.take(&mut contact, &names)) {
            return;
        }
        if !names.continues.is_empty() {
            if !self.wanted.contains(names.continues) {
                self.wanted.insert(names.continues.to_owned());
            }
            if names.id.is_empty() && names.case.is_empty() {
                self.links.push(Link::new(contact, &names));
                return;
            }
        }
        self.stages.deal(&contact, &names);
    }

    /// Takes a row that repeats another one. What its pattern says is noted for the first of them.
    #[inline(always)]
    pub fn repeat(&mut self, repeat: &Repeat<'_>) {
        if !self.reaches(&repeat.at) {
            return;
        }
        if !self.known.holds(repeat) {
            self.learn(repeat);
        }
        self.accepted += 1;
        let customer = repeat.customer.unwrap_or_default();
        if let Some(seen) = self.entries.get_mut(self.known.entry()) {
            seen.joinable |= !customer.is_empty();
            seen.waits |= repeat.wait_ms.is_some();
        }
        if self.stands_alone
            && self.at_once.as_mut().is_some_and(|now| now.take_known(&mut self.known, repeat))
        {
            return;
        }
        self.wait(repeat);
    }

    /// Lets a row of a known pattern wait.
    fn wait(&mut self, repeat: &Repeat<'_>) {
        let customer = repeat.customer.unwrap_or_default();
        let Repeat { at, wait_ms, handle_ms, .. } = *repeat;
        let shape = self.known.shape(repeat, &mut self.stages.shapes, self.stands_alone);
        let dealt = shape
            .is_some_and(|shape| self.stages.deal_like(&Like { at, customer, shape, wait_ms, handle_ms }));
        if !dealt {
            self.stages.deal(self.known.contact(repeat), &Names { customer, ..Names::default() });
        }
    }

    /// Makes the pattern of a row known.
    #[cold]
    fn learn(&mut self, repeat: &Repeat<'_>) {
        if self.known.is_of_another(repeat) {
            // What was counted by its patterns is written where it belongs before they are forgotten.
            if let Some(now) = &mut self.at_once {
                now.settle();
            }
            self.known.forget(repeat);
        }
        let like = Row { customer: None, wait_ms: None, handle_ms: None, ..repeat.like().clone() };
        let contact = self.contact(&like, &Names::default());
        self.known.add(repeat, contact);
    }

    /// A row in numbers; its labels, and what its log says at all, are noted.
    fn contact(&mut self, row: &Row<'_>, names: &Names<'_>) -> Contact {
        let number =
            row.channel.as_ref().ok().and_then(|at| self.numbers.get(*at)).copied().unwrap_or(UNLISTED);
        let contact = Contact::new(row, number, &mut self.texts);
        let labels =
            [contact.label, contact.reason, contact.touchpoint, contact.segment, contact.transferred_to];
        for (seen, label) in self.variety.iter_mut().zip(labels) {
            let at = label as usize;
            if seen.len() <= at {
                seen.resize(at + 1, false);
            }
            seen[at] = true;
        }
        if let Some(seen) = self.entries.get_mut(row.entry) {
            seen.add(Seen {
                reason: contact.reason != 0,
                joinable: row.counts.is_none() && !names.customer.is_empty(),
                times: row.replied.is_some() || row.closed.is_some(),
                waits: row.wait_ms.is_some(),
                transfer: contact.transferred_to != 0,
            });
        }
        let yardstick = match (row.on_time, row.due) {
            (Some(_), _) => Yardstick::Flag,
            (None, Some(_)) => Yardstick::Due,
            (None, None) => Yardstick::Promise,
        };
        if yardstick > Yardstick::default()
            && let Some(best) = self.measured(contact.entry, contact.channel)
        {
            *best = yardstick.max(*best);
        }
        contact
    }

    fn measured(&mut self, entry: u32, channel: u32) -> Option<&mut Yardstick> {
        let at = self.yardstick_at(entry, channel);
        self.yardsticks.get_mut(at)
    }

    fn yardstick_at(&self, entry: u32, channel: u32) -> usize {
        let channels = self.channels.len();
        entry as usize * (channels + 1) + (channel as usize).min(channels)
    }

    /// By what an entry measures a channel.
    pub(super) fn yardstick(&self, entry: u32, channel: u32) -> Yardstick {
        self.yardsticks.get(self.yardstick_at(entry, channel)).copied().unwrap_or_default()
    }

    /// Takes everything another fold has taken.
    pub fn merge(&mut self, other: Self) {
        let moved = self.texts.absorb(&other.texts);
        let number = |id: TextId| moved.get(id as usize).copied().unwrap_or(0);
        for (theirs, stages) in other.others {
            self.others.push((theirs.into_iter().map(number).collect(), stages));
        }
        self.links.extend(other.links.into_iter().map(|mut link| {
            link.contact.renumber(&moved);
            link
        }));
        self.aggregates.merge(other.aggregates, &moved);
        if let Some(theirs) = other.at_once {
            self.aggregates.merge(theirs.into_cells(), &moved);
        }
        for (own, theirs) in self.variety.iter_mut().zip(&other.variety) {
            for at in theirs.iter().enumerate().filter(|(_, seen)| **seen).map(|(at, _)| at) {
                let at = moved.get(at).copied().unwrap_or(0) as usize;
                if own.len() <= at {
                    own.resize(at + 1, false);
                }
                own[at] = true;
            }
        }
        self.others.push((moved, other.stages));
        self.wanted.extend(other.wanted);
        for (cause, n) in other.rejected {
            *self.rejected.entry(cause).or_default() += n;
        }
        for (key, n) in other.ignored {
            *self.ignored.entry(key).or_default() += n;
        }
        for (own, theirs) in self.entries.iter_mut().zip(other.entries) {
            own.add(theirs);
        }
        for (own, theirs) in self.yardsticks.iter_mut().zip(other.yardsticks) {
            *own = theirs.max(*own);
        }
        self.stretch(other.end, other.first, other.last);
        self.accepted += other.accepted;
        self.read += other.read;
        self.outside += other.outside;
        self.gaps = self.gaps.saturating_add(other.gaps);
        self.folds = self.folds.saturating_add(other.folds);
    }

    /// The table, made by so many threads. Finds episodes, classes and steps: the same whatever the order of
    /// the rows and the number of threads.
    ///
    /// # Errors
    /// Rows that were put aside cannot be read again.
    pub fn finish(self, threads: usize) -> io::Result<Census> {
        super::finish::finish(self, threads)
    }

    /// Whether a usage entry has a column for one of these roles: the inventory names it, or some row
    /// had a value.
    pub(super) fn entry_has(&self, entry: u32, seen: impl Fn(&Seen) -> bool, roles: &[Role]) -> bool {
        self.entries.get(entry as usize).is_some_and(seen)
            || self.inventory.usage.get(entry as usize).is_some_and(|e| {
                e.columns.iter().any(|(r, _)| roles.contains(r))
                    || e.fixed.iter().any(|(r, _)| roles.contains(r))
            })
    }

    pub(super) fn window_days(&self) -> u32 {
        self.inventory.episodes.window_days.unwrap_or(self.criteria.defaults.window_days)
    }

    /// The window, during which work without any promise is waited for.
    pub(super) fn patience_ms(&self) -> i64 {
        i64::from(self.window_days()).saturating_mul(DAY_MS)
    }

    /// Hang-ups within this time are short.
    pub(super) fn short_ms(&self) -> i64 {
        // Whole milliseconds of a setting; `as` saturates.
        #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
        let ms = (self.criteria.defaults.short_abandon_s * 1000.0).round() as i64;
        ms
    }

    pub(super) fn windows(&self) -> Vec<u32> {
        let configured = self.window_days();
        let mut windows = vec![configured];
        for days in &self.criteria.defaults.sensitivity_days {
            if !windows.contains(days) {
                windows.push(*days);
            }
        }
        windows
    }

    /// As configured; else by customer and reason where every usage entry whose rows can stand in an
    /// episode has reasons, else by customer.
    pub(super) fn episode_key(&self) -> EpisodeKey {
        if let Some(key) = self.inventory.episodes.key {
            return key;
        }
        let mut joinable = (0..).zip(&self.entries).filter(|(_, seen)| seen.joinable).peekable();
        let any = joinable.peek().is_some();
        if any && joinable.all(|(entry, _)| self.entry_has(entry, |s| s.reason, &[Role::Reason])) {
            EpisodeKey::CustomerAndReason
        } else {
            EpisodeKey::Customer
        }
    }
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
