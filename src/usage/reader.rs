//! From a record to a typed row: channels, touchpoints and reasons found, times placed, values read.
//! Pure but for its counters, so that blocks can be read on many cores. What a row means for the census
//! is not decided here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use memchr::memchr;

use super::block::Block;
use super::by_role::ByRole;
use super::layout::{LONGEST_BLANK, Layout, Plan, is_blank};
use super::memory::{Memory, Said, Unreadable};
use super::record::{Raw, Record, Records};
use super::repeat::{Repeat, Shape};
use super::synonyms::{SYNONYMS, word as role_word};
use super::time::{Clock, Fixed, Form};
use super::value;
use super::words;
use super::{Counts, Direction, Moment, Outcome, Rejected, Row, Sink};
use crate::criteria::kind::Timing;
use crate::inventory::{Inventory, Role, RowIs, UsageEntry};

/// How much of a rejected record is kept.
const SHOWN: usize = 300;
/// Characters of a value that are shown.
const SHOWN_OF_VALUE: usize = 40;

/// Where the values of a role come from, settled once.
#[derive(Debug, Clone, Copy)]
enum From {
    /// There are none.
    Nowhere,
    /// One column; whether it has values that mean "not recorded".
    Column(usize, bool),
    /// The same value for every row.
    Fixed,
    /// Several columns.
    Joined,
}

/// Reads the records of one log.
pub(super) struct Reader<'i> {
    inventory: &'i Inventory,
    entry: Option<&'i UsageEntry>,
    entry_index: usize,
    name: String,
    pub(super) layout: Layout,
    from: ByRole<From>,
    /// How times look where their digits stand at fixed places.
    fixed_times: ByRole<Option<Fixed>>,
    /// How rows can repeat one another.
    shape: Option<Shape>,
    channels: HashMap<String, usize>,
    /// Ids that labels of touchpoints stand for, by place in `names`.
    touchpoints: HashMap<String, usize>,
    reasons: HashMap<String, usize>,
    /// What labels of touchpoints and reasons stand for.
    names: Vec<String>,
    unreadable: Mutex<ByRole<Unreadable>>,
    gaps: AtomicU64,
    folds: AtomicU64,
}

impl<'i> Reader<'i> {
    /// A reader for a log of this layout.
    pub(super) fn new(inventory: &'i Inventory, entry: Option<usize>, file: &str, layout: Layout) -> Self {
        let mut channels = HashMap::new();
        for (index, channel) in inventory.channels.iter().enumerate() {
            channels.insert(key(&channel.id), index);
        }
        for (index, channel) in inventory.channels.iter().enumerate() {
            for alias in &channel.aliases {
                channels.entry(key(alias)).or_insert(index);
            }
        }
        let (mut touchpoints, mut reasons, mut names) = (HashMap::new(), HashMap::new(), Vec::new());
        let mut name = |id: &str| {
            names.push(id.to_owned());
            names.len() - 1
        };
        for touchpoint in &inventory.touchpoints {
            touchpoints.insert(key(&touchpoint.id), name(&touchpoint.id));
        }
        let usage = entry.and_then(|e| inventory.usage.get(e));
        if let Some(usage) = usage {
            for (value, ix) in &usage.touchpoint_values {
                if let Some(touchpoint) = inventory.touchpoints.get(ix.0) {
                    touchpoints.insert(key(value), name(&touchpoint.id));
                }
            }
            for (value, reason) in &usage.reason_values {
                reasons.insert(key(value), name(reason));
            }
        }
        let from = ByRole::new(|role| match layout.plan(role) {
            None => From::Nowhere,
            Some(Plan { fixed: Some(_), .. }) => From::Fixed,
            Some(plan) => match *plan.columns.as_slice() {
                [at] => From::Column(at, layout.unknown.get(at).is_some_and(|list| !list.is_empty())),
                _ => From::Joined,
            },
        });
        let fixed_times =
            ByRole::new(|role| layout.plan(role).and_then(|plan| plan.forms.first()).and_then(Form::fixed));
        let shape = Shape::new(&layout, fixed_times[Role::Time]);
        Self {
            inventory,
            entry: usage,
            entry_index: entry.unwrap_or(inventory.usage.len()),
            name: file.to_owned(),
            layout,
            from,
            fixed_times,
            shape,
            channels,
            touchpoints,
            reasons,
            names,
            unreadable: Mutex::new(ByRole::new(|_| Unreadable::default())),
            gaps: AtomicU64::new(0),
            folds: AtomicU64::new(0),
        }
    }

    /// A memory of nothing yet.
    pub(super) fn memory(&self) -> Memory {
        Memory::new(Clock::new(self.inventory.organisation.timezone.clone()))
    }

    /// Local times in a clock gap and in a fold so far.
    pub(super) fn clock_changes(&self) -> (u64, u64) {
        (self.gaps.load(Ordering::Relaxed), self.folds.load(Ordering::Relaxed))
    }

    /// Values that could not be read so far, in words.
    pub(super) fn unreadable(&self) -> Vec<String> {
        let unreadable = self.all_unreadable();
        SYNONYMS
            .iter()
            .filter_map(|(role, ..)| {
                let Unreadable { count, first } = &unreadable[*role];
                first.as_ref().map(|(line, text)| {
                    let hint = match role {
                        Role::Satisfaction => " (is `satisfaction_scale` right?)",
                        Role::Wait | Role::Handle => " (negative, or no duration)",
                        Role::Answered | Role::Abandoned | Role::OnTime | Role::Resolved => {
                            " (name them with `{ column, yes: […], no: […] }`)"
                        }
                        _ => "",
                    };
                    let (values, count_as, first) = match count {
                        1 => ("value", "counts as", "it stands"),
                        _ => ("values", "count as", "the first stands"),
                    };
                    format!(
                        "{count} {values} of {} could not be read and {count_as} unknown{hint}; {first} in line {line}: `{text}`",
                        role_word(*role)
                    )
                })
            })
            .collect()
    }

    fn all_unreadable(&self) -> MutexGuard<'_, ByRole<Unreadable>> {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every record of a block.
    pub(super) fn read(&self, block: &Block, memory: &mut Memory, sink: &mut impl Sink) {
        if block.too_long {
            sink.take(self.rejected("line-too-long", block.line, &block.text));
            return;
        }
        let holds_nul = memchr(0, block.text.as_bytes()).is_some();
        let mut records = Records::new(&block.text, self.layout.delimiter, block.line);
        let shape = self.shape.as_ref().filter(|_| memory.shortcuts && !holds_nul);
        while let Some(record) = records.next() {
            if let Some(shape) = shape
                && record.fault.is_none()
                && let Some(repeat) = self.repeat(shape, &records, memory)
            {
                sink.repeat(repeat);
                continue;
            }
            let read = match self.fault(&records, record, holds_nul.then_some(&block.text)) {
                Some(cause) => Err(cause),
                None => {
                    let fields = Fields { reader: self, records: &records };
                    let mut line = Line { fields, at: record.line, memory: &mut *memory };
                    if let Some(shape) = shape.filter(|_| line.memory.patterns.wants()) {
                        line.read_and_keep(shape, sink)
                    } else {
                        line.read(sink)
                    }
                }
            };
            if let Err(cause) = read {
                let text = block.text.get(record.start..record.end).unwrap_or("");
                sink.take(self.rejected(cause, record.line, text));
            }
        }
        self.gaps.fetch_add(std::mem::take(&mut memory.clock.gaps), Ordering::Relaxed);
        self.folds.fetch_add(std::mem::take(&mut memory.clock.folds), Ordering::Relaxed);
        if memory.unreadable.iter().any(|found| found.count > 0) {
            for (total, found) in self.all_unreadable().iter_mut().zip(memory.unreadable.iter_mut()) {
                total.add(std::mem::take(found));
            }
        }
    }

    /// The row of a record that is like one read before; `None` leaves it to the careful way.
    #[inline(always)]
    fn repeat<'r>(
        &'r self,
        shape: &Shape,
        records: &Records<'r>,
        memory: &'r mut Memory,
    ) -> Option<Repeat<'r>> {
        let place = memory.patterns.find(shape, records)?;
        let text = records.plain_raw(shape.time)?.bytes();
        let day = &mut memory.days[Role::Time];
        let at = memory.clock.fixed(shape.form, text, shape.midnight_is_date, day)?;
        let wait_ms = plain_duration(records, shape.wait)?;
        let handle_ms = plain_duration(records, shape.handle)?;
        let fields = Fields { reader: self, records };
        let mut customer = "";
        if let Some((at, unknown)) = shape.customer {
            customer = records.plain(at)?;
            // Blank or not no core can foresee; that it is one of the words for blank is rare.
            let may_say_none = unknown || (1..=LONGEST_BLANK).contains(&customer.len());
            if may_say_none && !fields.says(at, unknown, customer) {
                customer = "";
            }
        }
        let customer = (!customer.is_empty()).then_some(customer);
        Some(memory.patterns.repeat(place, at, customer, wait_ms, handle_ms))
    }

    fn fault(&self, records: &Records<'_>, record: Record, nul_in: Option<&String>) -> Option<&'static str> {
        if record.fault.is_some() {
            return record.fault;
        }
        if nul_in.and_then(|text| text.get(record.start..record.end)).is_some_and(|text| text.contains('\0'))
        {
            return Some("nul-byte");
        }
        let extra = self.layout.header.len()..records.width();
        extra.into_iter().any(|at| !records.value(at).is_empty()).then_some("too-many-fields")
    }

    fn rejected(&self, cause: &'static str, line: u64, text: &str) -> Outcome<'static> {
        Outcome::Rejected(Rejected {
            cause,
            file: self.name.clone(),
            line,
            text: text.chars().take(SHOWN).collect(),
        })
    }

    fn channel(&self, label: &str) -> Option<usize> {
        self.channels.get(label).or_else(|| self.channels.get(key(label).as_str())).copied()
    }
}

/// A duration of a plain record, where it is written as most are.
#[inline(always)]
fn plain_duration(records: &Records<'_>, column: Option<(usize, i64)>) -> Option<Option<i64>> {
    let Some((at, unit_ms)) = column else { return Some(None) };
    value::plain(records.plain_raw(at)?, unit_ms)
}

/// The fields of a record, by role.
#[derive(Clone, Copy)]
struct Fields<'a, 't> {
    reader: &'t Reader<'t>,
    records: &'a Records<'t>,
}

impl<'t> Fields<'_, 't> {
    fn plan(self, role: Role) -> Option<&'t Plan> {
        self.reader.layout.plan(role)
    }

    fn from(self, role: Role) -> From {
        self.reader.from[role]
    }

    fn fixed(self, role: Role) -> Option<&'t str> {
        self.plan(role)?.fixed.as_deref()
    }

    /// The value of a role; `None` if there is none.
    #[inline]
    fn value(self, role: Role) -> Option<Cow<'t, str>> {
        match self.from(role) {
            From::Nowhere => None,
            From::Column(at, unknown) => self.column(at, unknown),
            _ => self.other_value(role),
        }
    }

    fn other_value(self, role: Role) -> Option<Cow<'t, str>> {
        match self.from(role) {
            From::Nowhere => None,
            From::Column(at, unknown) => self.column(at, unknown),
            From::Fixed => self.fixed(role).map(str::trim).filter(|v| !v.is_empty()).map(Cow::Borrowed),
            From::Joined => {
                let mut joined = String::new();
                self.join(role, &mut joined);
                (!joined.is_empty()).then_some(Cow::Owned(joined))
            }
        }
    }

    /// The same of a role that is known to have one.
    fn written(self, role: Role) -> Option<Cow<'t, str>> {
        match self.from(role) {
            From::Column(at, _) => Some(self.records.value(at)),
            _ => self.value(role),
        }
    }

    fn join(self, role: Role, joined: &mut String) {
        let columns = self.plan(role).map_or(&[][..], |plan| plan.columns.as_slice());
        for part in columns.iter().filter_map(|at| self.column(*at, true)) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&part);
        }
    }

    /// The value of a column; `unknown` says that it may have values that mean "not recorded".
    #[inline]
    fn column(self, column: usize, unknown: bool) -> Option<Cow<'t, str>> {
        let value = self.records.value(column);
        self.says(column, unknown, &value).then_some(value)
    }

    /// Whether a text of a column is a value.
    #[inline(always)]
    fn says(self, column: usize, unknown: bool, text: &str) -> bool {
        if !unknown && text.len() > LONGEST_BLANK {
            return true;
        }
        let stands_for_none = || {
            let list = self.reader.layout.unknown.get(column);
            list.is_some_and(|list| value::among(text, list))
        };
        !(is_blank(text) || (unknown && stands_for_none()))
    }
}

/// A record under the eyes of the reader, with what is remembered of those before it.
struct Line<'a, 't> {
    fields: Fields<'a, 't>,
    /// Its first line.
    at: u64,
    memory: &'a mut Memory,
}

impl<'t> Line<'_, 't> {
    /// What the value of a role says, as `decode` finds it. It is asked once for each text of a column,
    /// and must say the same each time.
    fn said(&mut self, role: Role, decode: impl FnOnce(&'t Reader<'t>, &str) -> Said) -> Said {
        let fields = self.fields;
        let raw = match fields.from(role) {
            From::Nowhere => return Said::Blank,
            From::Column(at, _) => fields.records.raw(at),
            From::Fixed => fields.fixed(role).map(Raw::of),
            From::Joined => None,
        };
        let decode = || fields.value(role).map_or(Said::Blank, |text| decode(fields.reader, &text));
        match raw {
            Some(raw) if raw.length() == 0 => Said::Blank,
            Some(raw) => self.memory.said(role, raw, decode),
            None => decode(),
        }
    }

    /// The number that a value says; one that is there but cannot be read is counted.
    fn number(
        &mut self,
        role: Role,
        decode: impl FnOnce(&'t Reader<'t>, &str) -> Option<i64>,
    ) -> Option<i64> {
        match self.said(role, |reader, text| decode(reader, text).map_or(Said::Unreadable, Said::Number)) {
            Said::Number(number) => Some(number),
            Said::Unreadable => self.known(role, None),
            Said::Blank | Said::AsWritten => None,
        }
    }

    /// Counts a value that is there but cannot be read.
    fn known<T>(&mut self, role: Role, value: Option<T>) -> Option<T> {
        if value.is_none() {
            let (fields, at) = (self.fields, self.at);
            let found = &mut self.memory.unreadable[role];
            found.count += 1;
            found.first.get_or_insert_with(|| {
                let text = fields.value(role).unwrap_or_default();
                let more = text.chars().nth(SHOWN_OF_VALUE).map(|_| '…');
                let shown = text.chars().take(SHOWN_OF_VALUE).map(|c| if c.is_control() { ' ' } else { c });
                (at, shown.chain(more).collect())
            });
        }
        value
    }

    /// Hands over what it is, and keeps its row for those that repeat it if all of it could be read: what could not be is
    /// counted in every row.
    #[cold]
    fn read_and_keep(&mut self, shape: &Shape, sink: &mut impl Sink) -> Result<(), &'static str> {
        let unreadable = |memory: &Memory| memory.unreadable.iter().map(|found| found.count).sum::<u64>();
        let before = unreadable(self.memory);
        let mut row = None;
        self.read(&mut |outcome: Outcome<'_>| {
            if let Outcome::Row(read) = &outcome {
                row = Some(read.to_static());
            }
            sink.take(outcome);
        })?;
        if let Some(row) = row
            && unreadable(self.memory) == before
        {
            self.memory.patterns.keep(shape, row);
        }
        Ok(())
    }

    /// Hands over what it is, or says why it cannot be read.
    fn read(&mut self, sink: &mut impl Sink) -> Result<(), &'static str> {
        if let Some((column, value)) = self.ignored() {
            let at = self.time().ok();
            sink.take(Outcome::Ignored { column, value, at });
            return Ok(());
        }
        self.row(sink)
    }

    fn ignored(&self) -> Option<(&'t str, &'t str)> {
        self.fields.reader.layout.ignore.iter().find_map(|(at, column, values)| {
            let value = self.fields.records.value(*at);
            values.iter().find(|v| value::same(&value, v.trim())).map(|v| (column.as_str(), v.as_str()))
        })
    }

    fn time(&mut self) -> Result<Moment, &'static str> {
        self.moment(Role::Time).ok_or("no-time")?.ok_or("bad-time")
    }

    /// A time beside the main one; clock changes are counted for the main one alone.
    fn other_time(&mut self, role: Role) -> Option<Moment> {
        let before = (self.memory.clock.gaps, self.memory.clock.folds);
        let moment = self.moment(role)?;
        (self.memory.clock.gaps, self.memory.clock.folds) = before;
        self.known(role, moment)
    }

    /// The instant of a role: `None` if there is no value, `Some(None)` if it cannot be read.
    fn moment(&mut self, role: Role) -> Option<Option<Moment>> {
        let plan = self.fields.plan(role)?;
        if matches!(self.fields.from(role), From::Joined) {
            let mut joined = std::mem::take(&mut self.memory.joined);
            joined.clear();
            self.fields.join(role, &mut joined);
            let moment = (!joined.is_empty()).then(|| self.place(role, plan, &joined));
            self.memory.joined = joined;
            moment
        } else {
            let text = self.fields.value(role)?;
            Some(self.place(role, plan, &text))
        }
    }

    fn place(&mut self, role: Role, plan: &Plan, text: &str) -> Option<Moment> {
        let Memory { clock, days, shortcuts, .. } = &mut *self.memory;
        if *shortcuts
            && let Some(fixed) = self.fields.reader.fixed_times[role]
            && let Some(moment) = clock.fixed(fixed, text.as_bytes(), plan.midnight_is_date, &mut days[role])
        {
            return Some(moment);
        }
        let written = plan.forms.iter().find_map(|form| form.read(text))?;
        let written =
            if plan.midnight_is_date && written.is_midnight() { written.date_only() } else { written };
        clock.place(written)
    }

    /// The row is made where it is handed over: it is too large to be moved about.
    fn row(&mut self, sink: &mut impl Sink) -> Result<(), &'static str> {
        let reader = self.fields.reader;
        let at = self.time()?;
        let channel = self.channel().ok_or("no-channel")?;
        let timing =
            channel.as_ref().ok().and_then(|ix| reader.inventory.channels.get(*ix)).map(|c| c.kind.timing);
        let direction = self.direction();
        let counts = self.counts()?;
        let replied = self.other_time(Role::Replied);
        let closed = self.other_time(Role::Closed);
        let (answered, abandoned) = match counts {
            Some(_) => (None, None),
            None => self.answered(timing, direction, replied.or(closed).is_some()),
        };
        let written_wait = self.duration(Role::Wait);
        sink.take(Outcome::Row(Row {
            entry: reader.entry_index,
            at,
            channel,
            customer: self.fields.value(Role::Customer),
            reason: self.named(Role::Reason, &reader.reasons),
            touchpoint: self.named(Role::Touchpoint, &reader.touchpoints),
            segment: self.segment(),
            direction,
            conversation: self.fields.value(Role::Conversation),
            continues: self.fields.value(Role::Continues),
            contact_id: self.fields.value(Role::ContactId),
            case: self.fields.value(Role::Case),
            wait_ms: if timing == Some(Timing::Deferred) && counts.is_none() {
                self.elapsed(at, replied)
                    .or(written_wait)
                    .or_else(|| if replied.is_some() { None } else { self.elapsed(at, closed) })
            } else {
                written_wait
            },
            handle_ms: self.duration(Role::Handle),
            answered,
            abandoned,
            replied,
            closed,
            due: self.other_time(Role::Due),
            on_time: self.flag(Role::OnTime),
            resolved: if counts.is_some() { None } else { self.flag(Role::Resolved) },
            transferred_to: self.transferred_to(),
            repeated: self.flag(Role::Repeated),
            opened: self.flag(Role::Opened),
            opted_out: self.flag(Role::OptedOut),
            satisfied: self.satisfied(),
            nps: self.nps(),
            cost_minor: self.amount(Role::Cost, |n| n >= 0),
            revenue_minor: self.amount(Role::Revenue, |_| true),
            counts,
        }));
        Ok(())
    }

    fn channel(&mut self) -> Option<Result<usize, Cow<'t, str>>> {
        match self.said(Role::Channel, |reader, text| index(reader.channel(text))) {
            Said::Number(ix) => Some(Ok(usize::try_from(ix).ok()?)),
            Said::Blank | Said::Unreadable => None,
            Said::AsWritten => self.fields.written(Role::Channel).map(Err),
        }
    }

    /// A value under the name the inventory gives it, else as written. Written as in the inventory it is
    /// found without a copy.
    fn named(&mut self, role: Role, names: &HashMap<String, usize>) -> Option<Cow<'t, str>> {
        if names.is_empty() {
            return self.fields.value(role);
        }
        let said = self
            .said(role, |_, text| index(names.get(text).or_else(|| names.get(key(text).as_str())).copied()));
        self.text(role, said, |reader, ix| reader.names.get(ix))
    }

    fn segment(&mut self) -> Option<Cow<'t, str>> {
        let said = self.said(Role::Segment, |reader, text| {
            index(reader.inventory.segments.iter().position(|s| value::same(&s.id, text)))
        });
        self.text(Role::Segment, said, |reader, ix| reader.inventory.segments.get(ix).map(|s| &s.id))
    }

    fn transferred_to(&mut self) -> Option<Cow<'t, str>> {
        let said = self.said(Role::TransferredTo, |reader, text| {
            if value::is_nothing(text) { Said::Blank } else { index(reader.channel(text)) }
        });
        self.text(Role::TransferredTo, said, |reader, ix| reader.inventory.channels.get(ix).map(|c| &c.id))
    }

    /// The text that a value stands for.
    fn text(
        &self,
        role: Role,
        said: Said,
        name: impl FnOnce(&'t Reader<'t>, usize) -> Option<&'t String>,
    ) -> Option<Cow<'t, str>> {
        match said {
            Said::Number(ix) => {
                let ix = usize::try_from(ix).ok()?;
                name(self.fields.reader, ix).map(|name| Cow::Borrowed(name.as_str()))
            }
            Said::AsWritten => self.fields.written(role),
            Said::Blank | Said::Unreadable => None,
        }
    }

    fn direction(&mut self) -> Option<Direction> {
        let from_customer = self.number(Role::Direction, |_, text| {
            value::direction(text).map(|direction| i64::from(direction == Direction::FromCustomer))
        })?;
        Some(if from_customer == 1 { Direction::FromCustomer } else { Direction::FromOrganisation })
    }

    fn counts(&mut self) -> Result<Option<Counts>, &'static str> {
        if self.fields.plan(Role::Count).is_none() {
            return Ok(None);
        }
        let text = self.fields.value(Role::Count).ok_or("bad-number")?;
        let contacts = value::count(&text).ok_or("bad-number")?;
        let mut part = |role: Role| {
            // More answered than there were contacts is no count of them.
            let text = self.fields.value(role)?;
            self.known(role, value::count(&text).filter(|n| *n <= contacts))
        };
        Ok(Some(Counts {
            contacts,
            answered: part(Role::Answered),
            abandoned: part(Role::Abandoned),
            resolved: part(Role::Resolved),
        }))
    }

    /// Whether it was answered and whether the customer gave up.
    ///
    /// Where customers wait, a contact of theirs that was not answered was given up, unless the log has
    /// a word of its own on that. Deferred kinds are answered by a reply or by being closed.
    fn answered(
        &mut self,
        timing: Option<Timing>,
        direction: Option<Direction>,
        dealt_with: bool,
    ) -> (Option<bool>, Option<bool>) {
        let mut answered = self.flag(Role::Answered);
        let mut abandoned = self.flag(Role::Abandoned);
        let waits = matches!(timing, Some(Timing::Live | Timing::NearLive));
        if self.fields.plan(Role::Abandoned).is_none()
            && waits
            && direction != Some(Direction::FromOrganisation)
        {
            abandoned = answered.map(|a| !a);
        }
        if answered.is_none() && abandoned == Some(true) {
            answered = Some(false);
        }
        if answered.is_none() && timing == Some(Timing::Deferred) {
            let told = [Role::Replied, Role::Closed].iter().any(|r| self.fields.plan(*r).is_some());
            // A step of a case that is not yet dealt with says nothing about the whole case.
            let is_step = self.fields.reader.entry.is_some_and(|e| e.row_is == RowIs::Step);
            answered = (dealt_with || (told && !is_step)).then_some(dealt_with);
        }
        (answered, abandoned)
    }

    #[inline]
    fn flag(&mut self, role: Role) -> Option<bool> {
        // Most logs have few of these columns.
        if matches!(self.fields.from(role), From::Nowhere) { None } else { self.flag_there(role) }
    }

    fn flag_there(&mut self, role: Role) -> Option<bool> {
        let plan = self.fields.plan(role)?;
        let yes = self.number(role, |_, text| yes_or_no(plan, role, text).map(i64::from))?;
        Some(yes == 1)
    }

    fn duration(&mut self, role: Role) -> Option<i64> {
        let plan = self.fields.plan(role)?;
        let unit_ms = plan.unit_ms.max(1);
        // Nearly every text of such a column is another one, and nearly every one is a plain number.
        if self.memory.shortcuts
            && let From::Column(at, false) = self.fields.from(role)
            && let Some(Some(ms)) = self.fields.records.raw(at).and_then(|raw| value::plain(raw, unit_ms))
        {
            return Some(ms);
        }
        self.number(role, |_, text| value::duration(text, unit_ms, plan.decimal).filter(|ms| *ms >= 0))
    }

    /// Time from the arrival to a later moment. Between a time of day and a bare date nothing is known.
    fn elapsed(&mut self, from: Moment, to: Option<Moment>) -> Option<i64> {
        let to = to?;
        let comparable = from.hour.is_some() == to.hour.is_some();
        let ms = to.unix_ms.checked_sub(from.unix_ms).filter(|ms| comparable && *ms >= 0);
        self.known(Role::Wait, ms)
    }

    fn satisfied(&mut self) -> Option<bool> {
        let plan = self.fields.plan(Role::Satisfaction)?;
        let top = self.number(Role::Satisfaction, |reader, text| {
            let scale = reader.entry.and_then(|e| e.satisfaction_scale);
            satisfied(plan, scale, text).map(i64::from)
        })?;
        Some(top == 1)
    }

    fn nps(&mut self) -> Option<u8> {
        let score = self.number(Role::Nps, |_, text| value::count(text).filter(|n| *n <= 10))?;
        u8::try_from(score).ok()
    }

    fn amount(&mut self, role: Role, allowed: impl FnOnce(i64) -> bool) -> Option<i64> {
        let plan = self.fields.plan(role)?;
        self.number(role, |_, text| value::minor(text, plan.decimal).filter(|n| allowed(*n)))
    }
}

/// The number of what a text names, else itself.
fn index(found: Option<usize>) -> Said {
    found.and_then(|ix| i64::try_from(ix).ok()).map_or(Said::AsWritten, Said::Number)
}

fn yes_or_no(plan: &Plan, role: Role, text: &str) -> Option<bool> {
    if plan.yes.is_empty() && plan.no.is_empty() {
        return value::yes_or_no(text, role == Role::Abandoned);
    }
    if value::among(text, &plan.yes) {
        return Some(true);
    }
    value::among(text, &plan.no).then_some(false)
}

fn satisfied(plan: &Plan, scale: Option<(f64, f64)>, text: &str) -> Option<bool> {
    if !plan.yes.is_empty() || !plan.no.is_empty() {
        return yes_or_no(plan, Role::Satisfaction, text);
    }
    if scale.is_none() {
        let word = |words: &[&str]| words.iter().any(|w| value::same(text, w));
        if word(words::GOOD) {
            return Some(true);
        }
        if word(words::BAD) {
            return Some(false);
        }
    }
    top_two(text, plan, scale.unwrap_or((1.0, 5.0)))
}

/// Whether a value is among the two highest points of its scale.
fn top_two(text: &str, plan: &Plan, (low, high): (f64, f64)) -> Option<bool> {
    #[allow(clippy::cast_precision_loss, reason = "scales are small numbers")]
    let number = value::millionths(text, plan.decimal, value::Grouped::PointIsDecimal)? as f64 / 1e6;
    if !(low..=high).contains(&number) {
        return None;
    }
    Some(number >= value::top_two_from(low, high))
}

/// A label as it is looked up: trimmed, without regard to case.
fn key(text: &str) -> String {
    text.trim().to_lowercase()
}
