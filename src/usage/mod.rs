//! Usage logs: from bytes to contacts.
//!
//! [`source`] opens files, archives, globs and standard input; `decode` makes text of their bytes;
//! [`layout`] finds delimiter, header, columns (`synonyms`) and time forms; [`block`] cuts the text at
//! record boundaries; [`record`] slices records into fields; `reader` makes a [`Row`] of each, with
//! `time`, `value` and `words` for single fields, `memory` for what was read before and `repeat` for rows that are as one
//! read before. A bad row never stops a run and never disappears.
//! What a row means for the census is decided in [`crate::census::fold`].

pub mod block;
mod by_role;
mod decode;
pub mod layout;
mod memory;
mod reader;
pub mod record;
mod repeat;
pub mod source;
mod synonyms;
mod time;
mod value;
pub(crate) mod words;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use memchr::{memchr, memrchr};

use crate::inventory::{Inventory, Role};
use crate::text::clean;
use block::{Block, Cutter};
use decode::Text;
pub(crate) use layout::unit_of;
pub use memory::Memory;
use reader::Reader;
pub use repeat::Repeat;
use source::{Bytes, LogFile};
pub(crate) use time::{date_of, day_of};
pub(crate) use value::top_two_from;

/// How much text is looked at to find the layout.
const SAMPLE: usize = 1 << 20;
/// How much text a block holds.
const BLOCK: usize = 1 << 18;
/// How much text is looked at to find how times and values are written.
const SETTLED: usize = 1 << 20;
/// How many lines that are too long may stand before the first row.
const LONG_LINES: usize = 1000;

/// Who began a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The customer.
    FromCustomer,
    /// The organisation.
    FromOrganisation,
}

/// The instant of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00Z (for a date without a time: local midnight).
    pub unix_ms: i64,
    /// Local date in the organisation's zone.
    pub date: Date,
    /// Local hour 0..=23; `None` for a date without a time of day.
    pub hour: Option<u8>,
}

/// One row of a log, typed and resolved against the inventory: what the fold consumes.
///
/// With `count` present the row is an aggregate: `answered`, `abandoned` and `resolved` are in
/// `counts`, wait and handle are means per contact. Texts stand in the block or in the log; only what
/// stands nowhere as it is (joined columns, doubled quotes) is owned.
#[derive(Debug, Clone)]
pub struct Row<'t> {
    /// Which usage entry it came from; the number of entries where it came from none.
    pub entry: usize,
    /// When it began.
    pub at: Moment,
    /// Index of the channel in the inventory, or the unlisted label.
    pub channel: Result<usize, Cow<'t, str>>,
    /// The customer's id as written (trimmed); `None` if unknown.
    pub customer: Option<Cow<'t, str>>,
    /// Reason, after `reason_values`; `None` if blank.
    pub reason: Option<Cow<'t, str>>,
    /// Touchpoint id after `touchpoint_values`, else the value as written; `None` if blank.
    pub touchpoint: Option<Cow<'t, str>>,
    /// Segment.
    pub segment: Option<Cow<'t, str>>,
    /// Who began it; `None` if the log does not say (then the customer).
    pub direction: Option<Direction>,
    /// Thread or ticket.
    pub conversation: Option<Cow<'t, str>>,
    /// The contact id of the contact that this row continues.
    pub continues: Option<Cow<'t, str>>,
    /// Its own id.
    pub contact_id: Option<Cow<'t, str>>,
    /// Case of a step log.
    pub case: Option<Cow<'t, str>>,
    /// Aggregate counts.
    pub counts: Option<Counts>,
    /// Wait, milliseconds (deferred kinds: arrival to `replied`, else to `closed`).
    pub wait_ms: Option<i64>,
    /// Handling, milliseconds.
    pub handle_ms: Option<i64>,
    /// Whether it was answered.
    pub answered: Option<bool>,
    /// Whether the customer gave up.
    pub abandoned: Option<bool>,
    /// When it was replied to.
    pub replied: Option<Moment>,
    /// When it was closed.
    pub closed: Option<Moment>,
    /// When it was due.
    pub due: Option<Moment>,
    /// Whether it was done in time, as the log says.
    pub on_time: Option<bool>,
    /// Whether it was resolved, as the log says.
    pub resolved: Option<bool>,
    /// Where it was handed to (channel id if the label is known, else the label).
    pub transferred_to: Option<Cow<'t, str>>,
    /// Whether the customer had to repeat.
    pub repeated: Option<bool>,
    /// Whether a message was opened or answered.
    pub opened: Option<bool>,
    /// Whether the customer opted out.
    pub opted_out: Option<bool>,
    /// Satisfaction: top-2 of the scale, or not.
    pub satisfied: Option<bool>,
    /// 0..=10.
    pub nps: Option<u8>,
    /// Minor currency units.
    pub cost_minor: Option<i64>,
    /// Minor currency units.
    pub revenue_minor: Option<i64>,
}

impl Row<'_> {
    /// The same, with texts of its own.
    #[must_use]
    pub fn to_static(&self) -> Row<'static> {
        let own = |text: &Option<Cow<'_, str>>| text.as_deref().map(|text| Cow::Owned(text.to_owned()));
        Row {
            entry: self.entry,
            at: self.at,
            channel: self.channel.as_ref().copied().map_err(|label| Cow::Owned(label.to_string())),
            customer: own(&self.customer),
            reason: own(&self.reason),
            touchpoint: own(&self.touchpoint),
            segment: own(&self.segment),
            direction: self.direction,
            conversation: own(&self.conversation),
            continues: own(&self.continues),
            contact_id: own(&self.contact_id),
            case: own(&self.case),
            counts: self.counts,
            wait_ms: self.wait_ms,
            handle_ms: self.handle_ms,
            answered: self.answered,
            abandoned: self.abandoned,
            replied: self.replied,
            closed: self.closed,
            due: self.due,
            on_time: self.on_time,
            resolved: self.resolved,
            transferred_to: own(&self.transferred_to),
            repeated: self.repeated,
            opened: self.opened,
            opted_out: self.opted_out,
            satisfied: self.satisfied,
            nps: self.nps,
            cost_minor: self.cost_minor,
            revenue_minor: self.revenue_minor,
        }
    }
}

/// Counts of an aggregated row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Contacts.
    pub contacts: i64,
    /// Answered, if the row says.
    pub answered: Option<i64>,
    /// Abandoned, if the row says.
    pub abandoned: Option<i64>,
    /// Resolved, if the row says.
    pub resolved: Option<i64>,
}

/// What became of one record.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time is handed over; a box for each row would cost more"
)]
pub enum Outcome<'t> {
    /// A contact, or a step of one.
    Row(Row<'t>),
    /// The same, as one that was read before but for a few values.
    Repeat(Repeat<'t>),
    /// A row that `ignore` names: counted apart. Its time still bounds the period.
    Ignored {
        /// Column name.
        column: &'t str,
        /// Value.
        value: &'t str,
        /// When, if readable.
        at: Option<Moment>,
    },
    /// A row that could not be read.
    Rejected(Rejected),
}

/// Takes what becomes of the records of a block, one after the other.
pub trait Sink {
    /// What became of a record.
    fn take(&mut self, outcome: Outcome<'_>);

    /// Takes a row that repeats an earlier one, as most rows of a large log do. Where there is a shorter way for these,
    /// it is written here.
    #[inline]
    fn repeat(&mut self, repeat: Repeat<'_>) {
        self.take(Outcome::Repeat(repeat));
    }
}

impl<F: FnMut(Outcome<'_>)> Sink for F {
    #[inline]
    fn take(&mut self, outcome: Outcome<'_>) {
        self(outcome);
    }
}

/// A rejected row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Stable kebab-case cause: `bad-time`, `no-time`, `no-channel`, `bad-number`, `unclosed-quote`, …
    pub cause: &'static str,
    /// File as shown.
    pub file: String,
    /// 1-based line on which the record starts, in the decoded text.
    pub line: u64,
    /// The record as read (bounded).
    pub text: String,
}

/// One log, opened: its layout is known, its blocks follow one another.
///
/// All methods take `&self`, so that many workers can share it: blocks are cut one after the other
/// behind a lock ([`Log::next_block`]), where the state of the record boundary is known; [`Log::parse`]
/// is pure but for counters and what a worker keeps in its own [`Memory`].
pub struct Log<'i> {
    feed: Mutex<Feed>,
    reader: Reader<'i>,
}

/// The lines of a text within [`SETTLED`], one at least: as many as these, however long its blocks are.
fn start_of(rows: &str) -> &str {
    let bytes = rows.as_bytes();
    let within = bytes.get(..SETTLED).and_then(|bytes| memrchr(b'\n', bytes));
    let first = || memchr(b'\n', bytes);
    let end = if bytes.len() <= SETTLED { None } else { within.or_else(first) };
    end.and_then(|end| rows.get(..=end)).unwrap_or(rows)
}

/// Where blocks come from.
struct Feed {
    waiting: VecDeque<Block>,
    cutter: Cutter,
}

impl<'i> Log<'i> {
    /// Opens a log and finds out how it is written: encoding, delimiter, header, columns, time form.
    ///
    /// # Errors
    /// It cannot be opened; it is empty; it is no contact log (what was looked for, which columns were
    /// seen); a column that the inventory names is not there; its times are in no known form.
    pub fn open(inventory: &'i Inventory, file: &LogFile) -> anyhow::Result<Self> {
        Self::open_in_blocks(inventory, file, BLOCK)
    }

    /// The same, in blocks of at most so many bytes (one record at least): what is read does not depend on it.
    ///
    /// # Errors
    /// Those of [`Log::open`].
    pub fn open_in_blocks(inventory: &'i Inventory, file: &LogFile, most: usize) -> anyhow::Result<Self> {
        let name = clean(&file.name);
        let mut text = Text::new(Bytes::open(file)?)?;
        let mut sample = String::new();
        while sample.len() < SAMPLE && text.read(&mut sample)? {}
        let entry = file.entry.and_then(|index| inventory.usage.get(index));
        let mut layout = layout::find(&sample, entry, &name)?;
        let (start, line) = layout.rows_at;
        let rest = sample.split_off(start.min(sample.len()));
        let mut cutter = Cutter::new(text, layout.delimiter, rest, line, most);
        // Forms are found on whole rows: a first line that is too long must not hide the next ones.
        let mut waiting = VecDeque::new();
        let (mut rows, mut long) = (String::new(), 0);
        while rows.len() < SETTLED
            && long <= LONG_LINES
            && let Some(block) = cutter.next()?
        {
            if block.too_long {
                long += 1;
            } else {
                rows.push_str(&block.text);
            }
            waiting.push_back(block);
        }
        layout.settle(start_of(&rows), entry, inventory, &name)?;
        let feed = Mutex::new(Feed { waiting, cutter });
        Ok(Self { feed, reader: Reader::new(inventory, file.entry, &file.name, layout) })
    }

    /// Nothing that a panic elsewhere left behind can make a block wrong: at worst it is lost with the
    /// worker that was cutting it, and that panic goes on.
    fn feed(&self) -> MutexGuard<'_, Feed> {
        self.feed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was taken from the file, in words (which column plays which role, lines skipped before the
    /// header, which of two columns was taken and how to choose the other), [`Log::warnings`] first.
    ///
    /// Values that could not be read are counted as far as the file was parsed: ask at the end.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.warnings();
        notes.extend(self.reader.layout.notes.iter().cloned());
        notes
    }

    /// Of the notes, those that deserve attention: guesses, skipped lines, values that could not be read.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.reader.layout.warnings.clone();
        warnings.extend(self.feed().cutter.note());
        warnings.extend(self.reader.unreadable());
        warnings
    }

    /// Whether the log has a value for a role, from a column or fixed.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.reader.layout.plan(role).is_some()
    }

    /// The next block, `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read further (disk, truncated archive).
    pub fn next_block(&self) -> anyhow::Result<Option<Block>> {
        let mut feed = self.feed();
        match feed.waiting.pop_front() {
            Some(block) => Ok(Some(block)),
            None => feed.cutter.next(),
        }
    }

    /// What one worker keeps in mind between the blocks of this log.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.reader.memory()
    }

    /// Hands over what became of every record of a block, in its order.
    ///
    /// A [`Memory`] only makes it faster; it must be one of this log ([`Log::memory`]).
    pub fn parse(&self, block: &Block, memory: &mut Memory, sink: &mut impl Sink) {
        self.reader.read(block, memory, sink);
    }

    /// Local times of rows that fell into a clock gap (moved forward) and a fold (earlier taken), so far.
    #[must_use]
    pub fn clock_changes(&self) -> (u64, u64) {
        self.reader.clock_changes()
    }
}

#[cfg(test)]
mod tests;
