//! Rows that repeat an earlier one but for when it began, whose it was, and how long it waited and was
//! handled. They are known again by the bytes of all their other columns, of which nothing is read twice: what
//! is said of them once for the earlier row holds for each. Owns which rows these can be; reads no value.
//!
//! A row is known again only where these bytes are the same, all of them, and stand in plain fields (no
//! quotes, the right number of them, no NUL byte). Every other row goes the careful way, and so does one whose
//! own four values are not written in the plainest form.

use std::array;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashTable;

use super::layout::Layout;
use super::record::Records;
use super::time::Fixed;
use super::{Moment, Row};
use crate::inventory::Role;

/// Columns side by side that are looked at as one text.
const TOGETHER: usize = 3;
/// Such texts at most; logs of more columns are read the careful way.
const MOST_SPANS: usize = 8;
/// Patterns in mind at most.
const MOST: usize = 1 << 14;
/// Rows after which it is asked whether looking for patterns is of use.
const TRIAL: u64 = 1 << 12;

/// A row that says what an earlier one did, but for these values.
#[derive(Debug, Clone, Copy)]
pub struct Repeat<'r> {
    /// When it began.
    pub at: Moment,
    /// The customer's id as written (trimmed); `None` if unknown.
    pub customer: Option<&'r str>,
    /// Wait, milliseconds.
    pub wait_ms: Option<i64>,
    /// Handling, milliseconds.
    pub handle_ms: Option<i64>,
    /// Rows read in full.
    patterns: &'r Patterns,
    place: usize,
}

impl<'r> Repeat<'r> {
    /// The row that was read in full.
    #[must_use]
    pub fn like(&self) -> &'r Row<'static> {
        &self.patterns.rows[self.place]
    }

    /// The number of that row among those of one memory: small, for who keeps something by it.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// The number of that memory, which no other one has.
    #[must_use]
    pub fn stamp(&self) -> u64 {
        self.patterns.stamp
    }

    /// The same in full.
    #[must_use]
    pub fn row(&self) -> Row<'r> {
        Row {
            at: self.at,
            customer: self.customer.map(Cow::Borrowed),
            wait_ms: self.wait_ms,
            handle_ms: self.handle_ms,
            ..self.like().clone()
        }
    }
}

/// How the rows of a log can repeat one another.
#[derive(Debug)]
pub(super) struct Shape {
    /// How many fields they have.
    width: usize,
    pub(super) time: usize,
    pub(super) form: Fixed,
    pub(super) midnight_is_date: bool,
    /// The column, and whether it has values that mean "not recorded".
    pub(super) customer: Option<(usize, bool)>,
    /// The column and its unit in milliseconds.
    pub(super) wait: Option<(usize, i64)>,
    pub(super) handle: Option<(usize, i64)>,
    /// First and last columns of the texts by which a row is known again.
    spans: Vec<(usize, usize)>,
}

impl Shape {
    /// Of a log; `None` where its rows cannot be read so: a time in several columns, say.
    pub(super) fn new(layout: &Layout, form: Option<Fixed>) -> Option<Self> {
        let unknown = |at: usize| layout.unknown.get(at).is_some_and(|list| !list.is_empty());
        // The one column of a role; `Some(None)` where it has no values at all.
        let own = |role: Role| -> Option<Option<usize>> {
            let Some(plan) = layout.plan(role) else { return Some(None) };
            match *plan.columns.as_slice() {
                [at] if plan.fixed.is_none() => Some(Some(at)),
                _ => None,
            }
        };
        let duration = |role: Role| -> Option<Option<(usize, i64)>> {
            let Some(at) = own(role)? else { return Some(None) };
            let unit_ms = layout.plan(role)?.unit_ms.max(1);
            (!unknown(at)).then_some(Some((at, unit_ms)))
        };
        let time = own(Role::Time)?.filter(|at| !unknown(*at))?;
        let customer = own(Role::Customer)?.map(|at| (at, unknown(at)));
        let (wait, handle) = (duration(Role::Wait)?, duration(Role::Handle)?);
        let single: Vec<usize> = [Some(time), customer.map(|c| c.0), wait.map(|w| w.0), handle.map(|h| h.0)]
            .into_iter()
            .flatten()
            .collect();
        let columns = layout.columns_but_of(&[Role::Time, Role::Customer, Role::Wait, Role::Handle]);
        let twice = single.iter().enumerate().any(|(n, at)| single[..n].contains(at));
        if twice || single.iter().any(|at| columns.contains(at)) {
            return None;
        }
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for at in columns {
            match spans.last_mut() {
                Some((first, last)) if at == *last + 1 && at < *first + TOGETHER => *last = at,
                _ => spans.push((at, at)),
            }
        }
        let midnight_is_date = layout.plan(Role::Time)?.midnight_is_date;
        (spans.len() <= MOST_SPANS).then_some(Self {
            width: layout.header.len(),
            time,
            form: form?,
            midnight_is_date,
            customer,
            wait,
            handle,
            spans,
        })
    }
}

/// A text of up to 32 bytes, zeros behind it: blocks with a NUL byte are read the careful way.
type Word = [u64; 4];

/// A block with a NUL byte is read the careful way: no row has this one.
const NO_WORD: Word = [0x0100; 4];

/// A pattern by the numbers of its words.
#[derive(Debug, Clone, Copy)]
struct Key {
    hash: u64,
    words: [u16; MOST_SPANS],
    place: u32,
}

/// The patterns that one worker has in mind. Rows find theirs by small keys and a short list of words, which
/// stay near the core; a row read in full is only looked at once.
#[derive(Debug)]
pub(super) struct Patterns {
    stamp: u64,
    /// By the hash of their words.
    keys: HashTable<Key>,
    rows: Vec<Row<'static>>,
    /// By span: the words that stand in it.
    words: [Vec<Word>; MOST_SPANS],
    /// The words of the row looked at, and their hash.
    own: [Word; MOST_SPANS],
    hash: u64,
    /// The row looked at has words and no pattern.
    new: bool,
    looks: u64,
    found: u64,
}

impl Default for Patterns {
    fn default() -> Self {
        static STAMPS: AtomicU64 = AtomicU64::new(0);
        Self {
            stamp: STAMPS.fetch_add(1, Ordering::Relaxed),
            keys: HashTable::new(),
            rows: Vec::new(),
            words: Default::default(),
            own: [Word::default(); MOST_SPANS],
            hash: 0,
            new: false,
            looks: 0,
            found: 0,
        }
    }
}

impl Patterns {
    /// The place of the pattern that the record shows; `None` leaves it to the careful way.
    #[inline]
    pub(super) fn find(&mut self, shape: &Shape, records: &Records<'_>) -> Option<usize> {
        self.new = false;
        let rare = self.looks >= TRIAL && self.found < self.looks / 4;
        if rare || records.width() != shape.width || !records.is_plain() {
            return None;
        }
        self.looks += 1;
        // Each number of spans has code of its own, without a loop that asks how many there are.
        let spans = shape.spans.as_slice();
        match spans.len() {
            0 => self.find_of::<0>(spans, records),
            1 => self.find_of::<1>(spans, records),
            2 => self.find_of::<2>(spans, records),
            3 => self.find_of::<3>(spans, records),
            4 => self.find_of::<4>(spans, records),
            5 => self.find_of::<5>(spans, records),
            6 => self.find_of::<6>(spans, records),
            7 => self.find_of::<7>(spans, records),
            _ => self.find_of::<MOST_SPANS>(spans, records),
        }
    }

    #[inline]
    fn find_of<const N: usize>(&mut self, spans: &[(usize, usize)], records: &Records<'_>) -> Option<usize> {
        let spans = spans.first_chunk::<N>()?;
        let mut own = [Word::default(); N];
        let mut hash = 0;
        for (own, (first, last)) in own.iter_mut().zip(spans) {
            *own = records.word(*first, *last)?;
            hash = mixed(hash, own);
        }
        let hash = spread(hash);
        let words: &[Vec<Word>; N] = self.words.first_chunk()?;
        let is_own = |key: &Key| {
            let mut differences = Word::default();
            for ((own, words), at) in own.iter().zip(words).zip(&key.words) {
                let word = words.get(usize::from(*at)).unwrap_or(&NO_WORD);
                differences = array::from_fn(|part| differences[part] | own[part] ^ word[part]);
            }
            differences == Word::default()
        };
        let place = self.keys.find(hash, is_own).map(|key| key.place as usize);
        if place.is_some() {
            self.found += 1;
        } else {
            self.own.first_chunk_mut::<N>()?.copy_from_slice(&own);
            self.hash = hash;
            self.new = true;
        }
        place
    }

    /// Whether [`Patterns::find`] has just failed for want of a pattern that can still be kept.
    pub(super) fn wants(&self) -> bool {
        self.new && self.rows.len() < MOST
    }

    /// Keeps the row that was looked at last, if others can be like it.
    pub(super) fn keep(&mut self, shape: &Shape, row: Row<'static>) {
        let (true, Ok(place)) = (can_repeat(&row), u32::try_from(self.rows.len())) else { return };
        let mut key = Key { hash: self.hash, words: [0; MOST_SPANS], place };
        let spans = self.own.iter().zip(&mut self.words).zip(&mut key.words);
        for ((own, words), number) in spans.take(shape.spans.len()) {
            let at = words.iter().position(|word| word == own).unwrap_or(words.len());
            let Ok(small) = u16::try_from(at) else { return };
            if at == words.len() {
                words.push(*own);
            }
            *number = small;
        }
        self.rows.push(row);
        self.keys.insert_unique(self.hash, key, |key| key.hash);
    }

    /// The row that says what the one at this place says, but for these values.
    #[inline(always)]
    pub(super) fn repeat<'r>(
        &'r self,
        place: usize,
        at: Moment,
        customer: Option<&'r str>,
        wait_ms: Option<i64>,
        handle_ms: Option<i64>,
    ) -> Repeat<'r> {
        Repeat { at, customer, wait_ms, handle_ms, patterns: self, place }
    }
}

/// Whether rows with the same labels and answers can say the same: ids of their own, later moments, counts
/// and money make each another one.
fn can_repeat(row: &Row<'_>) -> bool {
    let ids = [&row.conversation, &row.continues, &row.contact_id, &row.case];
    let moments = [row.replied, row.closed, row.due];
    ids.iter().all(|id| id.is_none())
        && moments.iter().all(Option::is_none)
        && row.counts.is_none()
        && row.cost_minor.is_none()
        && row.revenue_minor.is_none()
}

/// The sum of the words of a row, each part by a number of its own. Whoever writes texts that meet in one hash makes
/// reading slower, not wrong.
#[inline(always)]
fn mixed(sum: u64, word: &Word) -> u64 {
    // Odd numbers without a pattern: the fractions of pi, e and the square roots of 2 and 3.
    const BY: Word =
        [0x243f_6a88_85a3_08d3, 0xb7e1_5162_8aed_2a6b, 0x6a09_e667_f3bc_c909, 0xbb67_ae85_84ca_a73b];
    let parts = word.iter().zip(BY);
    parts.fold(sum.rotate_left(29), |sum, (part, by)| sum.wrapping_add(part.wrapping_mul(by)))
}

/// A sum spread over all bits.
#[inline(always)]
fn spread(sum: u64) -> u64 {
    #[allow(clippy::cast_possible_truncation, reason = "the halves of a product")]
    let halves = |product: u128| product as u64 ^ (product >> 64) as u64;
    halves(u128::from(sum ^ 0x243f_6a88_85a3_08d3) * 0x9e37_79b9_7f4a_7c15)
}
